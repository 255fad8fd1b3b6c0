-- The affiliation graph and the hierarchy of organisations.  Every function sees
-- what its caller may see.  at: the day on which an affiliation must be valid
-- (default: today in the session's zone); known_at: what the database knew then.

CREATE INDEX affiliation_h_from_idx ON affiliation_h (from_account_id);
CREATE INDEX affiliation_h_to_idx ON affiliation_h (to_account_id);

CREATE TRIGGER hierarchy_insert AFTER INSERT ON hco
	FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION lsce.hco_hierarchy();
CREATE TRIGGER hierarchy_update AFTER UPDATE ON hco
	FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL AND
		(NEW.parent_id IS DISTINCT FROM OLD.parent_id OR NEW.account_id IS DISTINCT FROM OLD.account_id))
	EXECUTE FUNCTION lsce.hco_hierarchy();
COMMENT ON TRIGGER hierarchy_insert ON hco IS 'no organisation stands above itself';
COMMENT ON TRIGGER hierarchy_update ON hco IS 'no organisation comes to stand above itself';

-- These read the history only when they are asked about another day of knowledge:
-- most personas may not.
CREATE FUNCTION affiliations_of(accounts uuid[], day date, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (affiliation_id uuid, from_account_id uuid, to_account_id uuid, kind text, strength real, direction text)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 100
SET search_path = @model@, pg_catalog, pg_temp
-- the index to use depends on whether accounts are given
SET plan_cache_mode = force_custom_plan
AS $function$
#variable_conflict use_column
<<known>>
DECLARE
	wanted constant uuid[] := CASE WHEN num_nonnulls(affiliations_of.accounts, affiliations_of.known_at) = 2 THEN affiliations_of.accounts
		|| ARRAY(SELECT m.account_id FROM account AS m WHERE m.survivor_id = ANY (affiliations_of.accounts)) END;
BEGIN
	IF known_at IS NULL THEN
		-- merging has re-pointed these
		RETURN QUERY SELECT a.affiliation_id, a.from_account_id, a.to_account_id, a.kind, a.strength, a.direction
			FROM affiliation AS a
			WHERE (affiliations_of.accounts IS NULL OR a.from_account_id = ANY (affiliations_of.accounts))
				AND a.valid_from <= affiliations_of.day AND a.valid_to > affiliations_of.day;
		RETURN QUERY SELECT a.affiliation_id, a.from_account_id, a.to_account_id, a.kind, a.strength, a.direction
			FROM affiliation AS a
			WHERE a.to_account_id = ANY (affiliations_of.accounts) AND a.from_account_id <> ALL (affiliations_of.accounts)
				AND a.valid_from <= affiliations_of.day AND a.valid_to > affiliations_of.day;
	ELSE
		RETURN QUERY SELECT a.affiliation_id, coalesce(f.survivor_id, a.from_account_id), coalesce(t.survivor_id, a.to_account_id), a.kind, a.strength, a.direction
			FROM (
				SELECT c.affiliation_id, c.from_account_id, c.to_account_id, c.kind, c.strength, c.direction FROM affiliation AS c
				WHERE (known.wanted IS NULL OR c.from_account_id = ANY (known.wanted))
					AND c.sys_from <= affiliations_of.known_at AND c.valid_from <= affiliations_of.day AND c.valid_to > affiliations_of.day
				UNION ALL
				SELECT c.affiliation_id, c.from_account_id, c.to_account_id, c.kind, c.strength, c.direction FROM affiliation AS c
				WHERE c.to_account_id = ANY (known.wanted) AND c.from_account_id <> ALL (known.wanted)
					AND c.sys_from <= affiliations_of.known_at AND c.valid_from <= affiliations_of.day AND c.valid_to > affiliations_of.day
				UNION ALL
				SELECT c.affiliation_id, c.from_account_id, c.to_account_id, c.kind, c.strength, c.direction FROM affiliation_h AS c
				WHERE (known.wanted IS NULL OR c.from_account_id = ANY (known.wanted))
					AND c.sys_from <= affiliations_of.known_at AND c.sys_to > affiliations_of.known_at AND c.valid_from <= affiliations_of.day AND c.valid_to > affiliations_of.day
				UNION ALL
				SELECT c.affiliation_id, c.from_account_id, c.to_account_id, c.kind, c.strength, c.direction FROM affiliation_h AS c
				WHERE c.to_account_id = ANY (known.wanted) AND c.from_account_id <> ALL (known.wanted)
					AND c.sys_from <= affiliations_of.known_at AND c.sys_to > affiliations_of.known_at AND c.valid_from <= affiliations_of.day AND c.valid_to > affiliations_of.day
			) AS a
			LEFT JOIN account AS f ON f.account_id = a.from_account_id
			LEFT JOIN account AS t ON t.account_id = a.to_account_id;
	END IF;
END
$function$;
COMMENT ON FUNCTION affiliations_of(uuid[], date, timestamptz) IS
'affiliations valid on a day with an end among these accounts (NULL: all), as they are or as they were known at a time; merged accounts are their survivors';

CREATE FUNCTION hco_parents(known_at timestamptz DEFAULT NULL)
RETURNS TABLE (account_id uuid, parent_id uuid)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 10000
SET search_path = @model@, pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	IF known_at IS NULL THEN
		-- merging has re-pointed the parents
		RETURN QUERY SELECT h.account_id, h.parent_id FROM hco AS h
			WHERE NOT EXISTS (SELECT FROM account AS a WHERE a.account_id = h.account_id AND a.survivor_id IS NOT NULL);
	ELSE
		RETURN QUERY SELECT DISTINCT ON (r.id) r.id, nullif(r.above, r.id)
			FROM (
				SELECT coalesce(a.survivor_id, h.account_id) AS id, coalesce(p.survivor_id, h.parent_id) AS above, a.survivor_id IS NOT NULL AS merged
				FROM (
					SELECT c.account_id, c.parent_id FROM hco AS c WHERE c.sys_from <= hco_parents.known_at
					UNION ALL
					SELECT c.account_id, c.parent_id FROM hco_h AS c WHERE c.sys_from <= hco_parents.known_at AND c.sys_to > hco_parents.known_at
				) AS h
				LEFT JOIN account AS a ON a.account_id = h.account_id
				LEFT JOIN account AS p ON p.account_id = h.parent_id
			) AS r
			ORDER BY r.id, r.merged, r.above;
	END IF;
END
$function$;
COMMENT ON FUNCTION hco_parents(timestamptz) IS 'organisations and what they belong to, as it is or as it was known at a time; merged ones are their survivors';

CREATE FUNCTION specialties_of(accounts uuid[], specialty_code lsce.specialty, day date, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (account_id uuid, code lsce.specialty)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 1000
SET search_path = @model@, pg_catalog, pg_temp
-- the index to use depends on which arguments are NULL
SET plan_cache_mode = force_custom_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT s.account_id, s.code FROM account_specialty AS s
		WHERE (specialties_of.accounts IS NULL OR s.account_id = ANY (specialties_of.accounts))
			AND (specialties_of.specialty_code IS NULL OR s.code OPERATOR(lsce.<@) specialties_of.specialty_code)
			AND (specialties_of.known_at IS NULL OR s.sys_from <= specialties_of.known_at)
			AND s.valid_from <= specialties_of.day AND s.valid_to > specialties_of.day;
	IF known_at IS NOT NULL THEN
		-- versions of a merged account are its survivor's
		RETURN QUERY SELECT coalesce(a.survivor_id, s.account_id), s.code
			FROM account_specialty_h AS s
			LEFT JOIN account AS a ON a.account_id = s.account_id
			WHERE (specialties_of.accounts IS NULL OR s.account_id = ANY (specialties_of.accounts || ARRAY(
					SELECT m.account_id FROM account AS m WHERE m.survivor_id = ANY (specialties_of.accounts))))
				AND (specialties_of.specialty_code IS NULL OR s.code OPERATOR(lsce.<@) specialties_of.specialty_code)
				AND s.sys_from <= specialties_of.known_at AND s.sys_to > specialties_of.known_at
				AND s.valid_from <= specialties_of.day AND s.valid_to > specialties_of.day;
	END IF;
END
$function$;
COMMENT ON FUNCTION specialties_of(uuid[], lsce.specialty, date, timestamptz) IS
'specialties of these accounts (NULL: of all) valid on a day, those under specialty_code (NULL: all), as they are or as they were known at a time; merged accounts are their survivors';

CREATE FUNCTION accounts_of_territory(territory_id uuid, day date, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (account_id uuid)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 1000
SET search_path = @model@, pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT t.account_id FROM account_territory AS t
		WHERE t.territory_id = accounts_of_territory.territory_id
			AND (accounts_of_territory.known_at IS NULL OR t.sys_from <= accounts_of_territory.known_at)
			AND t.valid_from <= accounts_of_territory.day AND t.valid_to > accounts_of_territory.day;
	IF known_at IS NOT NULL THEN
		RETURN QUERY SELECT coalesce(a.survivor_id, t.account_id)
			FROM account_territory_h AS t
			LEFT JOIN account AS a ON a.account_id = t.account_id
			WHERE t.territory_id = accounts_of_territory.territory_id
				AND t.sys_from <= accounts_of_territory.known_at AND t.sys_to > accounts_of_territory.known_at
				AND t.valid_from <= accounts_of_territory.day AND t.valid_to > accounts_of_territory.day;
	END IF;
END
$function$;
COMMENT ON FUNCTION accounts_of_territory(uuid, date, timestamptz) IS
'accounts that a territory works on a day, as it is or as it was known at a time; merged ones are their survivors';

CREATE FUNCTION ratings_of(scheme text, day date, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (account_id uuid, rating_id uuid, value numeric)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 10000
SET search_path = @model@, pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	IF known_at IS NULL THEN
		RETURN QUERY SELECT r.account_id, r.rating_id, r.value FROM account_rating AS r
			WHERE r.scheme = ratings_of.scheme AND r.value IS NOT NULL AND r.product_id IS NULL AND r.territory_id IS NULL
				AND r.valid_from <= ratings_of.day AND r.valid_to > ratings_of.day;
	ELSE
		-- merging keeps the ratings of the survivor where the merged record has the same
		RETURN QUERY SELECT o.owner_id, o.rating_id, o.value
			FROM (
				SELECT r.*, coalesce(a.survivor_id, r.account_id) AS owner_id,
					rank() OVER (PARTITION BY coalesce(a.survivor_id, r.account_id) ORDER BY a.survivor_id IS NOT NULL, r.account_id) AS place
				FROM (
					SELECT c.account_id, c.rating_id, c.scheme, c.product_id, c.territory_id, c.value, c.valid_from, c.valid_to
					FROM account_rating AS c WHERE c.sys_from <= ratings_of.known_at
					UNION ALL
					SELECT c.account_id, c.rating_id, c.scheme, c.product_id, c.territory_id, c.value, c.valid_from, c.valid_to
					FROM account_rating_h AS c WHERE c.sys_from <= ratings_of.known_at AND c.sys_to > ratings_of.known_at
				) AS r
				LEFT JOIN account AS a ON a.account_id = r.account_id
				WHERE r.scheme = ratings_of.scheme AND r.product_id IS NULL AND r.territory_id IS NULL
					AND r.valid_from <= ratings_of.day AND r.valid_to > ratings_of.day
			) AS o
			WHERE o.place = 1 AND o.value IS NOT NULL;
	END IF;
END
$function$;
COMMENT ON FUNCTION ratings_of(text, date, timestamptz) IS
'values of the ratings by a scheme, without product and territory, valid on a day, as they are or as they were known at a time; those of a merged account are its survivor''s when that has none';

CREATE FUNCTION reach(start uuid, max_hops integer DEFAULT 3, kinds text[] DEFAULT NULL, product_id uuid DEFAULT NULL,
	at date DEFAULT NULL, min_strength real DEFAULT 0, known_at timestamptz DEFAULT NULL, direction text DEFAULT 'out')
RETURNS TABLE (account_id uuid, hops integer, best_strength double precision, via uuid[])
LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 1000
BEGIN ATOMIC
	SELECT r.account_id, r.hops, r.best_strength, r.via
	FROM lsce.reach(@model_literal@::regnamespace, start, max_hops, kinds, product_id, at, min_strength, known_at, direction) AS r;
END;
COMMENT ON FUNCTION reach(uuid, integer, text[], uuid, date, real, timestamptz, text) IS
'accounts within max_hops of start over affiliations valid on a day (default: today in the session''s zone): fewest hops, best product of strengths over any such walk, and that walk. kinds NULL: every kind; product_id: use affiliation_product where it has a row; direction: out, in or any. Sees what the caller may see. Errors: 22023, UNKNOWN_ACCOUNT';

CREATE FUNCTION shortest_path(a uuid, b uuid, max_hops integer DEFAULT 6, at date DEFAULT NULL, kinds text[] DEFAULT NULL,
	product_id uuid DEFAULT NULL, known_at timestamptz DEFAULT NULL, direction text DEFAULT 'out', by text DEFAULT 'hops')
RETURNS TABLE (step integer, account_id uuid, affiliation_id uuid, strength real)
LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 6
BEGIN ATOMIC
	SELECT p.step, p.account_id, p.affiliation_id, p.strength
	FROM lsce.shortest_path(@model_literal@::regnamespace, a, b, max_hops, at, kinds, product_id, known_at, direction, by) AS p;
END;
COMMENT ON FUNCTION shortest_path(uuid, uuid, integer, date, text[], uuid, timestamptz, text, text) IS
'steps of the path from a (step 0) to b with the fewest affiliations, the strongest of several; by strength: of the path with the largest product of strengths. No row when there is none of at most max_hops (NULL: no bound). Other arguments as for reach(). Errors: 22023, UNKNOWN_ACCOUNT';

CREATE FUNCTION influence_rank(product_id uuid DEFAULT NULL, specialty_code lsce.specialty DEFAULT NULL, territory_id uuid DEFAULT NULL,
	at date DEFAULT NULL, damping double precision DEFAULT 0.85, kinds text[] DEFAULT NULL, known_at timestamptz DEFAULT NULL,
	direction text DEFAULT 'out', max_rounds integer DEFAULT 100)
RETURNS TABLE (account_id uuid, score double precision, rank bigint)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 100000
BEGIN ATOMIC
	SELECT i.account_id, i.score, row_number() OVER (ORDER BY i.score DESC, i.account_id)
	FROM lsce.influence(@model_literal@::regnamespace, influence_rank.product_id, influence_rank.at, damping, kinds, known_at, direction, max_rounds) AS i
	WHERE (specialty_code IS NULL OR i.account_id IN (
			SELECT s.account_id FROM specialties_of(NULL, specialty_code, coalesce(influence_rank.at, current_date), influence_rank.known_at) AS s))
		AND (influence_rank.territory_id IS NULL OR i.account_id IN (
			SELECT t.account_id FROM accounts_of_territory(influence_rank.territory_id, coalesce(influence_rank.at, current_date), influence_rank.known_at) AS t))
	ORDER BY 3;
END;
COMMENT ON FUNCTION influence_rank(uuid, lsce.specialty, uuid, date, double precision, text[], timestamptz, text, integer) IS
'who matters: weighted PageRank over the affiliations valid on a day, strengths as weights. The score is taken over the whole network and sums to 1; specialty_code (with what stands under it) and territory_id choose who is listed, and ranks count in the list. Ends when the scores change by less than 1e-10 in sum or after max_rounds. Errors: 22023';

CREATE FUNCTION affiliation_components(kinds text[] DEFAULT NULL, at date DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (account_id uuid, component bigint)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 100000
BEGIN ATOMIC
	SELECT c.account_id, c.component FROM lsce.components(@model_literal@::regnamespace, kinds, at, known_at) AS c;
END;
COMMENT ON FUNCTION affiliation_components(text[], date, timestamptz) IS
'connected component of every account over affiliations valid on a day, whatever their direction; 1 is the largest, of equally large ones that of the smallest account id comes first';

CREATE FUNCTION communities(kinds text[] DEFAULT NULL, at date DEFAULT NULL, known_at timestamptz DEFAULT NULL,
	product_id uuid DEFAULT NULL, method text DEFAULT 'modularity', max_rounds integer DEFAULT 10)
RETURNS TABLE (account_id uuid, community bigint)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 100000
BEGIN ATOMIC
	SELECT c.account_id, c.community
	FROM lsce.communities(@model_literal@::regnamespace, kinds, at, known_at, product_id, method, max_rounds) AS c;
END;
COMMENT ON FUNCTION communities(text[], date, timestamptz, uuid, text, integer) IS
'community of every account over affiliations valid on a day, whatever their direction; 1 is the largest. method modularity (Louvain, strengths as weights) or label_propagation (as LDBC Graphalytics defines it, max_rounds rounds); both always give the same answer for the same affiliations. Errors: 22023';

CREATE FUNCTION common_affiliations(a uuid, b uuid, at date DEFAULT NULL, kinds text[] DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (account_id uuid, a_affiliations uuid[], b_affiliations uuid[], strength double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 10
SET search_path = @model@, pg_catalog, pg_temp
SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	-- the way to oneself: the survivor, or the error that every function of the graph raises
	one constant uuid := (SELECT p.account_id FROM shortest_path(common_affiliations.a, common_affiliations.a, 0) AS p);
	other constant uuid := (SELECT p.account_id FROM shortest_path(common_affiliations.b, common_affiliations.b, 0) AS p);
BEGIN
	RETURN QUERY
	WITH edge AS MATERIALIZED (
		SELECT e.affiliation_id, e.from_account_id, e.to_account_id, e.strength
		FROM affiliations_of(ARRAY[one, other], coalesce(common_affiliations.at, current_date), common_affiliations.known_at) AS e
		WHERE e.from_account_id <> e.to_account_id AND (common_affiliations.kinds IS NULL OR e.kind = ANY (common_affiliations.kinds))
	), near AS (
		SELECT w.id, w.common, array_agg(w.affiliation_id ORDER BY w.affiliation_id) AS affiliations, max(w.strength)::double precision AS strength
		FROM (
			SELECT e.from_account_id AS id, e.to_account_id AS common, e.affiliation_id, e.strength FROM edge AS e
			UNION ALL
			SELECT e.to_account_id, e.from_account_id, e.affiliation_id, e.strength FROM edge AS e
		) AS w
		WHERE w.id IN (one, other)
		GROUP BY w.id, w.common
	)
	SELECT x.common, x.affiliations, y.affiliations, x.strength * y.strength
	FROM near AS x JOIN near AS y ON y.common = x.common AND x.id = one AND y.id = other
	ORDER BY x.strength * y.strength DESC, x.common;
END
$function$;
COMMENT ON FUNCTION common_affiliations(uuid, uuid, date, text[], timestamptz) IS
'accounts with which both a and b have an affiliation valid on a day, in either direction: their affiliations, and the product of the strongest of each, the largest first. A merged account stands for its survivor. Errors: 22004, UNKNOWN_ACCOUNT';

CREATE FUNCTION peers(start uuid, specialty_code lsce.specialty DEFAULT NULL, max_hops integer DEFAULT 2, at date DEFAULT NULL,
	kinds text[] DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (account_id uuid, hops integer, common_hcos uuid[])
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 20000 ROWS 100
SET search_path = @model@, pg_catalog, pg_temp
SET jit = off
AS $function$
#variable_conflict use_column
<<walk>>
DECLARE
	day constant date := coalesce(peers.at, current_date);
	own uuid;
	near uuid[];
	distances integer[];
BEGIN
	SELECT array_agg(r.account_id), array_agg(r.hops) INTO near, distances
	FROM reach(peers.start, peers.max_hops, peers.kinds, NULL, walk.day, 0, peers.known_at, 'any') AS r
	JOIN account AS a ON a.account_id = r.account_id AND a.kind = 'hcp';
	SELECT coalesce(m.survivor_id, m.account_id) INTO own FROM account AS m WHERE m.account_id = peers.start;
	RETURN QUERY
	WITH held AS MATERIALIZED (
		SELECT s.account_id, s.code FROM specialties_of(array_append(walk.near, walk.own), NULL, walk.day, peers.known_at) AS s
	), peer AS MATERIALIZED (
		SELECT n.account_id, n.hops
		FROM unnest(walk.near, walk.distances) AS n (account_id, hops)
		WHERE n.account_id IN (
			SELECT s.account_id FROM held AS s
			WHERE s.code OPERATOR(lsce.<@) peers.specialty_code
				OR (peers.specialty_code IS NULL AND EXISTS (SELECT FROM held AS f WHERE f.account_id = walk.own AND s.code OPERATOR(lsce.<@) f.code)))
	), edge AS MATERIALIZED (
		SELECT e.from_account_id, e.to_account_id
		FROM affiliations_of(array_append(ARRAY(SELECT p.account_id FROM peer AS p), walk.own), walk.day, peers.known_at) AS e
		WHERE peers.kinds IS NULL OR e.kind = ANY (peers.kinds)
	), beside AS MATERIALIZED (
		SELECT e.from_account_id AS id, e.to_account_id AS other FROM edge AS e
		UNION
		SELECT e.to_account_id, e.from_account_id FROM edge AS e
	), shared AS (
		SELECT b.id, array_agg(b.other ORDER BY b.other) AS hcos
		FROM beside AS b
		JOIN beside AS o ON o.other = b.other AND o.id = walk.own
		JOIN account AS a ON a.account_id = b.other AND a.kind = 'hco'
		GROUP BY b.id
	)
	SELECT p.account_id, p.hops, coalesce(s.hcos, '{}')
	FROM peer AS p
	LEFT JOIN shared AS s ON s.id = p.account_id
	ORDER BY p.hops, p.account_id;
END
$function$;
COMMENT ON FUNCTION peers(uuid, lsce.specialty, integer, date, text[], timestamptz) IS
'professionals of the same field near start: those within max_hops, whatever the direction, with a specialty under specialty_code (NULL: under one of start''s own), and the organisations that both are affiliated with. Errors: 22023, UNKNOWN_ACCOUNT';

CREATE FUNCTION hco_rollup(metric text DEFAULT 'professionals', root uuid DEFAULT NULL, at date DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (account_id uuid, parent_account_id uuid, depth integer, own numeric, total numeric)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000 ROWS 1000
SET search_path = @model@, pg_catalog, pg_temp
SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	day constant date := coalesce(hco_rollup.at, current_date);
	top constant uuid := (SELECT coalesce(a.survivor_id, a.account_id) FROM account AS a WHERE a.account_id = hco_rollup.root);
BEGIN
	IF metric IS NULL OR (metric NOT IN ('organisations', 'professionals', 'affiliations') AND metric !~ '^rating:.') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown metric "%s"', metric),
			HINT = 'Use "organisations", "professionals", "affiliations" or "rating:" with the scheme of a rating.';
	END IF;
	IF root IS NOT NULL AND top IS NULL THEN
		PERFORM lsce.raise_reason('UNKNOWN_ACCOUNT', format('account %s does not exist', root));
	END IF;
	RETURN QUERY
	WITH RECURSIVE placed AS MATERIALIZED (
		SELECT h.account_id, h.parent_id FROM hco_parents(hco_rollup.known_at) AS h
	), node AS (
		-- the organisations wanted, and parents that are no organisations themselves
		SELECT p.account_id AS id FROM placed AS p WHERE top IS NULL
		UNION
		SELECT p.parent_id FROM placed AS p WHERE top IS NULL AND p.parent_id IS NOT NULL
		UNION
		SELECT top WHERE top IS NOT NULL
	), below AS (
		SELECT n.id AS ancestor, n.id FROM node AS n
		UNION
		SELECT b.ancestor, p.account_id FROM below AS b JOIN placed AS p ON p.parent_id = b.id
	), subtree AS (
		SELECT DISTINCT b.id FROM below AS b
	), closure AS (
		-- with a root, below has the pairs of the root only
		SELECT b.ancestor, b.id FROM below AS b WHERE top IS NULL
		UNION
		SELECT s.id, s.id FROM subtree AS s WHERE top IS NOT NULL
		UNION
		SELECT c.ancestor, p.account_id FROM closure AS c JOIN placed AS p ON p.parent_id = c.id WHERE top IS NOT NULL
	), edge AS (
		SELECT e.affiliation_id, e.from_account_id, e.to_account_id
		FROM affiliations_of(NULL, day, hco_rollup.known_at) AS e
		WHERE metric IN ('professionals', 'affiliations')
	), counted AS (
		-- what is counted: a thing that counts once however often it occurs below, with its amount
		SELECT s.id, s.id AS thing, 1::numeric AS amount FROM subtree AS s WHERE metric = 'organisations'
		UNION ALL
		SELECT n.id, CASE metric WHEN 'professionals' THEN n.other ELSE n.affiliation_id END, 1
		FROM (
			SELECT e.from_account_id AS id, e.to_account_id AS other, e.affiliation_id FROM edge AS e
			UNION ALL
			SELECT e.to_account_id, e.from_account_id, e.affiliation_id FROM edge AS e
		) AS n
		JOIN subtree AS s ON s.id = n.id
		WHERE metric = 'affiliations' OR (metric = 'professionals'
			AND EXISTS (SELECT FROM account AS a WHERE a.account_id = n.other AND a.kind = 'hcp'))
		UNION ALL
		SELECT r.account_id, r.rating_id, r.value FROM ratings_of(substr(metric, 8), day, hco_rollup.known_at) AS r
		JOIN subtree AS s ON s.id = r.account_id
		WHERE metric LIKE 'rating:%'
	), own AS (
		SELECT c.id, sum(c.amount) AS amount FROM (SELECT DISTINCT c.id, c.thing, c.amount FROM counted AS c) AS c GROUP BY c.id
	), total AS (
		SELECT t.ancestor, sum(t.amount) AS amount
		FROM (SELECT DISTINCT c.ancestor, k.thing, k.amount FROM closure AS c JOIN counted AS k ON k.id = c.id) AS t
		GROUP BY t.ancestor
	), depth AS (
		SELECT c.id, count(*)::integer - 1 AS depth FROM closure AS c GROUP BY c.id
	)
	SELECT d.id, p.parent_id, d.depth, coalesce(o.amount, 0), coalesce(t.amount, 0)
	FROM depth AS d
	LEFT JOIN placed AS p ON p.account_id = d.id
	LEFT JOIN own AS o ON o.id = d.id
	LEFT JOIN total AS t ON t.ancestor = d.id
	ORDER BY d.depth, d.id;
END
$function$;
COMMENT ON FUNCTION hco_rollup(text, uuid, date, timestamptz) IS
'organisations with a metric of their own and in total with all that stands below them, each thing counted once: organisations, professionals (with an affiliation valid on a day), affiliations, or rating:<scheme> (sum of the organisations'' ratings without product and territory). root: only this organisation and what stands below it, depth counted from there. A merged organisation stands for its survivor. Errors: 22023, UNKNOWN_ACCOUNT';

CREATE FUNCTION affiliation_dot(start uuid, hops integer DEFAULT 1, at date DEFAULT NULL, kinds text[] DEFAULT NULL,
	known_at timestamptz DEFAULT NULL, lim integer DEFAULT 100)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 20000
BEGIN ATOMIC
	WITH near AS (
		SELECT n.id, n.hops, coalesce(a.kind, '') AS kind,
			replace(replace(replace(coalesce(a.name, n.id::text), '\', '\\'), '"', '\"'), chr(10), '\n') AS label
		FROM (
			SELECT coalesce(s.survivor_id, s.account_id) AS id, 0 AS hops FROM account AS s WHERE s.account_id = start
			UNION ALL
			(SELECT r.account_id, r.hops
			FROM reach(start, affiliation_dot.hops, affiliation_dot.kinds, NULL, affiliation_dot.at, 0, affiliation_dot.known_at, 'any') AS r
			ORDER BY r.hops, r.best_strength DESC, r.account_id
			LIMIT lim)
		) AS n
		LEFT JOIN account AS a ON a.account_id = n.id
	)
	SELECT concat(
		E'digraph affiliations {\n\tnode [fontname="Helvetica", fontsize=10];\n\tedge [fontname="Helvetica", fontsize=8];\n',
		(SELECT string_agg(format(E'\t"%s" [label="%s", shape=%s%s];\n', n.id, n.label,
				CASE n.kind WHEN 'hcp' THEN 'ellipse' WHEN 'hco' THEN 'box' ELSE 'hexagon' END,
				CASE WHEN n.hops = 0 THEN ', style=filled, fillcolor=lightyellow' END), '' ORDER BY n.hops, n.id)
			FROM near AS n),
		(SELECT string_agg(format(E'\t"%s" -> "%s" [label="%s", penwidth=%s%s];\n', e.from_account_id, e.to_account_id, e.kind,
				round((0.5 + 2 * e.strength)::numeric, 2),
				CASE e.direction WHEN 'bidirectional' THEN ', dir=both' WHEN 'neutral' THEN ', dir=none' END),
				'' ORDER BY e.from_account_id, e.to_account_id, e.affiliation_id)
			FROM affiliations_of(ARRAY(SELECT n.id FROM near AS n), coalesce(affiliation_dot.at, current_date), affiliation_dot.known_at) AS e
			JOIN near AS f ON f.id = e.from_account_id
			JOIN near AS t ON t.id = e.to_account_id
			WHERE affiliation_dot.kinds IS NULL OR e.kind = ANY (affiliation_dot.kinds)),
		E'}\n');
END;
COMMENT ON FUNCTION affiliation_dot(uuid, integer, date, text[], timestamptz, integer) IS
'the neighbourhood of an account as a graph in the DOT language of Graphviz: the lim nearest accounts within so many hops, whatever the direction, and the affiliations among them. Errors: 22023, UNKNOWN_ACCOUNT';
