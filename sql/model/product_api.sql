-- Products: what may stand under which, and what is still missing before one can
-- be presented and sampled.

CREATE FUNCTION check_product_tree() RETURNS trigger
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $check_product_tree$
DECLARE
	offence record;
BEGIN
	SELECT c.code AS child, c.type AS child_type, p.code AS parent, p.type AS parent_type INTO offence
	FROM product AS c JOIN product AS p ON p.product_id = c.parent_id
	WHERE (c.product_id IN (SELECT n.product_id FROM new_rows AS n) OR c.parent_id IN (SELECT n.product_id FROM new_rows AS n))
		AND NOT EXISTS (SELECT FROM product_edge_rule AS e WHERE e.parent_type = p.type AND e.child_type = c.type)
	ORDER BY c.code COLLATE "C" LIMIT 1;
	IF FOUND THEN
		PERFORM lsce.raise_reason('HIERARCHY_TYPE', format('product %s (%s) may not stand under %s (%s)', offence.child, offence.child_type,
			offence.parent, offence.parent_type), relation => TG_RELID::regclass);
	END IF;
	WITH RECURSIVE up AS (
		SELECT n.product_id, p.parent_id, 1 AS level FROM new_rows AS n JOIN product AS p USING (product_id) WHERE p.parent_id IS NOT NULL
		UNION ALL
		SELECT up.product_id, p.parent_id, up.level + 1 FROM up JOIN product AS p ON p.product_id = up.parent_id
		WHERE p.parent_id IS NOT NULL AND up.parent_id <> up.product_id AND up.level < 100
	)
	SELECT c.code AS child INTO offence FROM up JOIN product AS c USING (product_id)
	WHERE up.parent_id = up.product_id ORDER BY c.code COLLATE "C" LIMIT 1;
	IF FOUND THEN
		PERFORM lsce.raise_reason('HIERARCHY_CYCLE', format('product %s would be above itself', offence.child), relation => TG_RELID::regclass);
	END IF;
	RETURN NULL;
END
$check_product_tree$;
COMMENT ON FUNCTION check_product_tree() IS 'trigger: refuses a product under one of a type that product_edge_rule does not allow (LS521), or under itself (LS520)';
CREATE TRIGGER tree_insert AFTER INSERT ON product
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_product_tree();
CREATE TRIGGER tree_update AFTER UPDATE ON product
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_product_tree();
COMMENT ON TRIGGER tree_insert ON product IS 'the tree of products follows product_edge_rule';
COMMENT ON TRIGGER tree_update ON product IS 'a product that moves or changes its type, and what stands under it, follow product_edge_rule';

CREATE FUNCTION launch_readiness(product_id uuid, territory_id uuid DEFAULT NULL, at date DEFAULT NULL)
RETURNS TABLE (check_code text, ok boolean, detail jsonb)
LANGUAGE plpgsql STABLE COST 10000 ROWS 20
SET search_path = @model@, pg_catalog, pg_temp
AS $launch_readiness$
#variable_conflict use_column
DECLARE
	item product;
	market product_market;
	country text;
	day date;
	lineage uuid[];
	territories uuid[];
	actions text[];
	action_name text;
	is_sample boolean;
BEGIN
	SELECT p.* INTO item FROM product AS p WHERE p.product_id = launch_readiness.product_id;
	IF NOT FOUND THEN
		PERFORM lsce.raise_reason('UNKNOWN_PRODUCT', format('product %s is unknown', coalesce(launch_readiness.product_id::text, 'NULL')),
			relation => 'product'::regclass);
	END IF;
	IF launch_readiness.territory_id IS NOT NULL THEN
		SELECT t.country_code INTO country FROM territory_node AS n JOIN sales_team AS t USING (team_id)
		WHERE n.territory_id = launch_readiness.territory_id;
		IF NOT FOUND THEN
			RAISE no_data_found USING MESSAGE = format('territory %s does not exist', launch_readiness.territory_id);
		END IF;
	ELSE
		SELECT c.country_code INTO country FROM company AS c WHERE c.company_id = item.company_id;
		IF NOT FOUND THEN
			RAISE null_value_not_allowed USING MESSAGE = format('product "%s" belongs to no company: name a territory', item.code);
		END IF;
	END IF;
	day := coalesce(launch_readiness.at, (SELECT (now() AT TIME ZONE c.tz)::date FROM country AS c WHERE c.country_code = country));
	is_sample := item.type = 'product' AND item.spec_type = 'sample';
	WITH RECURSIVE up AS (
		SELECT p.product_id, p.parent_id, 0 AS level FROM product AS p WHERE p.product_id = item.product_id
		UNION ALL
		SELECT p.product_id, p.parent_id, up.level + 1 FROM up JOIN product AS p ON p.product_id = up.parent_id WHERE up.level < 16
	)
	SELECT array_agg(up.product_id ORDER BY up.level) INTO lineage FROM up;
	SELECT m.* INTO market FROM product_market AS m
	WHERE m.product_id = item.product_id AND m.country_code = country
	ORDER BY m.company_id = item.company_id DESC, m.product_market_id LIMIT 1;
	-- the territory with what stands under it, or every one of the country
	SELECT coalesce(array_agg(q.territory_id), '{}') INTO territories
	FROM territory_model AS m
	JOIN sales_team AS t USING (team_id)
	JOIN territory_place AS q ON q.model_id = m.model_id AND q.valid_from <= day AND day < q.valid_to
	LEFT JOIN territory_place AS p ON p.model_id = m.model_id AND p.valid_from <= day AND day < p.valid_to
		AND p.territory_id = launch_readiness.territory_id
	WHERE m.state = 'published' AND m.valid_from <= day AND day < m.valid_to AND t.country_code = country
		AND (launch_readiness.territory_id IS NULL OR q.path OPERATOR(lsce.<@) p.path);

	RETURN QUERY SELECT 'product', item.type = 'product' AND item.valid_from <= day AND day < item.valid_to AND NOT item.competitor,
		jsonb_build_object('code', item.code, 'type', item.type, 'spec_type', item.spec_type, 'country', country, 'day', day);
	RETURN QUERY SELECT 'market', market.product_market_id IS NOT NULL,
		jsonb_build_object('country', country, 'local_name', market.local_name);
	RETURN QUERY SELECT 'authorised', coalesce(market.authorised_on <= day, false),
		jsonb_build_object('authorised_on', market.authorised_on, 'ma_number', market.ma_number);
	RETURN QUERY SELECT 'launched', coalesce(market.first_marketed_on <= day, false) AND coalesce(day < market.withdrawn_on, true),
		jsonb_build_object('first_marketed_on', market.first_marketed_on, 'withdrawn_on', market.withdrawn_on);
	RETURN QUERY SELECT 'indication', count(*) FILTER (WHERE i.status = 'approved') > 0,
		jsonb_build_object('approved', coalesce(jsonb_agg(i.indication ORDER BY i.indication) FILTER (WHERE i.status = 'approved'), '[]'),
			'others', count(*) FILTER (WHERE i.status <> 'approved'))
	FROM product_indication AS i
	WHERE i.product_id = ANY (lineage) AND i.country_code = country AND i.valid_from <= day AND day < i.valid_to;
	RETURN QUERY SELECT 'guidance', count(*) > 0,
		jsonb_build_object('messages', count(DISTINCT g.guidance_id), 'languages', coalesce(jsonb_agg(DISTINCT x.lang), '[]'))
	FROM product_guidance AS g
	JOIN guidance_text AS x ON x.guidance_id = g.guidance_id AND x.country_code = country AND x.valid_from <= day AND day < x.valid_to
	WHERE g.product_id = ANY (lineage) AND g.valid_from <= day AND day < g.valid_to;

	IF is_sample THEN
		RETURN QUERY SELECT 'distribution', item.distribution_method IS NOT NULL,
			jsonb_build_object('distribution_method', item.distribution_method);
		RETURN QUERY SELECT 'sampleable', coalesce(market.sampleable, false),
			jsonb_build_object('sampleable', market.sampleable, 'controlled_schedule', market.controlled_schedule);
		RETURN QUERY SELECT 'smallest_pack', count(*) = 0 OR coalesce(market.smallest_pack, false),
			jsonb_build_object('smallest_pack', market.smallest_pack, 'wanted_by', coalesce(jsonb_agg(t.code ORDER BY t.code), '[]'))
		FROM limit_template AS t
		WHERE t.country_code = country AND t.status = 'approved' AND t.valid_from <= day AND day < t.valid_to
			AND t.pack_rule IN ('smallest_pack', 'no_larger_than_smallest_pack')
			AND (t.association IS NULL OR NOT EXISTS (SELECT FROM association_membership AS b
				WHERE b.company_id = coalesce(market.company_id, item.company_id) AND b.association = t.association AND NOT b.member
					AND b.valid_from <= day AND day < b.valid_to));
		RETURN QUERY SELECT 'limit', count(*) FILTER (WHERE l.has_number) > 0,
			jsonb_build_object('with_number', coalesce(jsonb_agg(DISTINCT l.code) FILTER (WHERE l.has_number), '[]'),
				'without_number', coalesce(jsonb_agg(DISTINCT l.code) FILTER (WHERE NOT l.has_number), '[]'))
		FROM (
			SELECT t.code, bool_or(r.quota IS NOT NULL OR r.per_visit IS NOT NULL) AS has_number
			FROM limit_template AS t
			JOIN limit_rule AS r USING (template_id)
			LEFT JOIN limit_assignment AS a ON a.template_id = t.template_id AND a.product_id = ANY (lineage)
				AND a.valid_from <= day AND day < a.valid_to
			WHERE t.status = 'approved' AND t.valid_from <= day AND day < t.valid_to
				AND (t.country_code IS NULL OR t.country_code = country)
				AND (t.company_id IS NULL OR t.company_id = coalesce(market.company_id, item.company_id))
				AND (a.assignment_id IS NOT NULL OR (t.country_code IS NOT NULL AND t.authority <> 'company'))
				AND (t.association IS NULL OR NOT EXISTS (SELECT FROM association_membership AS b
					WHERE b.company_id = coalesce(market.company_id, item.company_id) AND b.association = t.association AND NOT b.member
						AND b.valid_from <= day AND day < b.valid_to))
				AND coalesce(r.applies_when -> 'country' ? country, true)
				AND coalesce(r.applies_when -> 'kind' ?| CASE item.distribution_method
					WHEN 'drop' THEN '{sample_drop}' WHEN 'ship' THEN '{sample_ship}' ELSE '{sample_drop,sample_ship}' END::text[], true)
				AND coalesce((r.applies_when ->> 'controlled')::boolean = (market.controlled_schedule IS NOT NULL), true)
				AND NOT r.applies_when ?| '{region,profession,hco_type}'
			GROUP BY t.code
		) AS l;
		RETURN QUERY SELECT 'lot', count(*) FILTER (WHERE b.status = 'released' AND day <= b.expires_on) > 0,
			jsonb_build_object('usable', coalesce(jsonb_agg(b.lot_no ORDER BY b.lot_no) FILTER (WHERE b.status = 'released' AND day <= b.expires_on), '[]'),
				'others', count(*) FILTER (WHERE NOT (b.status = 'released' AND day <= b.expires_on)))
		FROM product_batch AS b WHERE b.product_id = item.product_id;
		IF has_table_privilege('inventory_stock', 'SELECT') THEN
			RETURN QUERY SELECT 'stock', coalesce(sum(s.on_hand) > 0, false),
				jsonb_build_object('on_hand', coalesce(sum(s.on_hand), 0), 'bags', count(DISTINCT s.location_id) FILTER (WHERE s.on_hand > 0))
			FROM inventory_stock AS s
			JOIN product_batch AS b USING (batch_id)
			JOIN inventory_location AS l USING (location_id)
			WHERE b.product_id = item.product_id AND b.status = 'released' AND day <= b.expires_on AND l.kind = 'rep'
				AND l.user_id IN (SELECT u.user_id FROM territory_user AS u
					WHERE u.territory_id = ANY (territories) AND u.valid_from <= day AND day < u.valid_to);
		ELSE
			RETURN QUERY SELECT 'stock', false, '{"redacted": true}'::jsonb;
		END IF;
	END IF;

	-- what is not said of the product is said of what it stands under
	actions := ARRAY['detail', 'message_send'] || CASE
		WHEN item.spec_type = 'order_item' THEN '{order}'
		WHEN NOT is_sample OR item.distribution_method IS NULL THEN '{}'
		WHEN item.distribution_method = 'drop_and_ship' THEN '{sample_drop,sample_ship}'
		ELSE ARRAY['sample_' || item.distribution_method] END::text[];
	FOREACH action_name IN ARRAY actions LOOP
		RETURN QUERY SELECT 'policy_' || action_name, count(*) FILTER (WHERE y.status = 'approved' AND y.allowed) > 0,
			jsonb_build_object('approved', count(*) FILTER (WHERE y.status = 'approved' AND y.allowed),
				'drafts', count(*) FILTER (WHERE y.status = 'draft'),
				'regions', coalesce(jsonb_agg(DISTINCT y.region_code) FILTER (WHERE y.status = 'approved' AND y.allowed AND y.region_code IS NOT NULL), '[]'))
		FROM sampling_policy AS y
		WHERE y.product_id = ANY (lineage) AND y.country_code = country AND y.action = action_name
			AND y.valid_from <= day AND day < y.valid_to;
	END LOOP;
	RETURN QUERY SELECT 'consent_regime', count(*) FILTER (WHERE r.status = 'approved') > 0,
		jsonb_build_object('approved', count(*) FILTER (WHERE r.status = 'approved'), 'drafts', count(*) FILTER (WHERE r.status = 'draft'))
	FROM consent_regime AS r WHERE r.country_code = country AND r.valid_from <= day AND day < r.valid_to;

	-- the nearest alignment that speaks of a territory decides, and exclude beats include
	RETURN QUERY SELECT 'product_alignment', count(*) FILTER (WHERE n.carried) > 0 AND (launch_readiness.territory_id IS NULL OR bool_and(n.carried)),
		jsonb_build_object('territories', count(*), 'carrying', count(*) FILTER (WHERE n.carried))
	FROM (
		SELECT s.territory_id, bool_and(s.carried) AS carried
		FROM (
			SELECT DISTINCT ON (p.territory_id, u.purpose) p.territory_id, coalesce(a.alignment_type LIKE 'include%', false) AS carried
			FROM territory_model AS m
			JOIN territory_place AS p ON p.model_id = m.model_id AND p.valid_from <= day AND day < p.valid_to
			JOIN territory_node AS t ON t.territory_id = p.territory_id AND t.type = 'territory'
			CROSS JOIN unnest(CASE WHEN is_sample THEN '{detail,sample}' ELSE '{detail}' END::text[]) AS u (purpose)
			LEFT JOIN (territory_place AS q JOIN product_territory_alignment AS a USING (territory_id))
				ON q.model_id = m.model_id AND p.path OPERATOR(lsce.<@) q.path AND q.valid_from <= day AND day < q.valid_to
				AND a.product_id = ANY (lineage) AND u.purpose = ANY (a.purposes) AND a.valid_from <= day AND day < a.valid_to
				AND (q.territory_id = p.territory_id OR a.alignment_type LIKE '%\_subtree')
			WHERE m.state = 'published' AND m.valid_from <= day AND day < m.valid_to AND p.territory_id = ANY (territories)
			ORDER BY p.territory_id, u.purpose, lsce.nlevel(q.path) DESC NULLS LAST, a.alignment_type LIKE 'exclude%' DESC
		) AS s
		GROUP BY s.territory_id
	) AS n;
	RETURN QUERY SELECT 'representative', count(*) > 0,
		jsonb_build_object('representatives', count(DISTINCT u.user_id), 'may_sample', count(DISTINCT u.user_id) FILTER (WHERE u.may_sample))
	FROM territory_user AS u
	WHERE u.territory_id = ANY (territories) AND u.role = 'rep' AND u.valid_from <= day AND day < u.valid_to
		AND (u.may_sample OR NOT is_sample);
	RETURN QUERY SELECT 'qualification', coalesce(bool_and(w.held), true),
		jsonb_build_object('missing', coalesce(jsonb_agg(DISTINCT w.login) FILTER (WHERE NOT w.held), '[]'),
			'wanted', coalesce(jsonb_agg(DISTINCT w.kind), '[]'))
	FROM (
		SELECT a.login, y.user_qualification_kind AS kind, EXISTS (
			SELECT FROM user_qualification AS q
			WHERE q.user_id = u.user_id AND q.kind = y.user_qualification_kind AND q.level >= y.user_qualification_level
				AND (q.product_id IS NULL OR q.product_id = ANY (lineage))
				AND (q.jurisdiction IS NULL OR q.jurisdiction = country OR q.jurisdiction = y.region_code)
				AND q.valid_from <= day AND day < q.valid_to) AS held
		FROM territory_user AS u
		JOIN app_user AS a USING (user_id)
		JOIN sampling_policy AS y ON y.product_id = ANY (lineage) AND y.country_code = country AND y.status = 'approved'
			AND y.user_qualification_kind IS NOT NULL AND y.action = ANY (actions) AND y.valid_from <= day AND day < y.valid_to
		WHERE u.territory_id = ANY (territories) AND u.role = 'rep' AND u.valid_from <= day AND day < u.valid_to
	) AS w;
	RETURN QUERY SELECT 'account_alignment', count(*) > 0, jsonb_build_object('accounts', count(DISTINCT x.account_id))
	FROM account_territory AS x
	WHERE x.territory_id = ANY (territories) AND x.valid_from <= day AND day < x.valid_to;
END
$launch_readiness$;
COMMENT ON FUNCTION launch_readiness(uuid, uuid, date) IS 'what must stand before a product is presented and sampled in a territory and what stands under it (NULL: the country of the product''s company), one row for each check with what was found; ok false is a gap. Stock that the caller may not see counts as missing. The rules decide by themselves: this only says what to prepare';
