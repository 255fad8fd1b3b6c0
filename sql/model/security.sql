-- Who sees which row, and the lookups that spare people typing uuids.

CREATE TABLE persona_grant (
	persona text NOT NULL,
	db_role name NOT NULL,
	granted_by name NOT NULL DEFAULT session_user,
	granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT persona_grant_pkey PRIMARY KEY (persona, db_role)
);
COMMENT ON TABLE persona_grant IS 'personas given to database roles; written by lsce.grant_persona(), checked by lsce.check_model()';
COMMENT ON COLUMN persona_grant.persona IS 'persona whose rights the role has';
COMMENT ON COLUMN persona_grant.db_role IS 'role that was granted them';
COMMENT ON COLUMN persona_grant.granted_by IS 'database role of the session that granted them';
COMMENT ON COLUMN persona_grant.granted_at IS 'when they were first granted';
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON persona_grant FOR EACH STATEMENT EXECUTE FUNCTION lsce.no_truncate();
COMMENT ON TRIGGER no_truncate ON persona_grant IS 'TRUNCATE fires no row trigger, so it is refused';

CREATE FUNCTION acting_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN lsce.acting_user(@model_literal@::regnamespace);
COMMENT ON FUNCTION acting_user() IS 'id of the acting user; NULL when the role acts as nobody';

CREATE FUNCTION my_company() RETURNS uuid LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN lsce.my_company(@model_literal@::regnamespace);
COMMENT ON FUNCTION my_company() IS 'company of the acting user';

CREATE FUNCTION my_domains() RETURNS text[] LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN lsce.my_domains(@model_literal@::regnamespace);
COMMENT ON FUNCTION my_domains() IS 'domains the acting user works in today';

CREATE FUNCTION my_territory_ids() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN lsce.my_territory_ids(@model_literal@::regnamespace);
COMMENT ON FUNCTION my_territory_ids() IS 'territories of the acting user today, with what stands under them';

CREATE FUNCTION my_company_territory_ids() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN lsce.my_company_territory_ids(@model_literal@::regnamespace);
COMMENT ON FUNCTION my_company_territory_ids() IS 'territories of the acting user''s company in his domains';

CREATE FUNCTION my_account_ids() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN lsce.my_account_ids(@model_literal@::regnamespace);
COMMENT ON FUNCTION my_account_ids() IS 'accounts aligned to the acting user''s territories today';

CREATE FUNCTION my_location_ids() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN lsce.my_location_ids(@model_literal@::regnamespace);
COMMENT ON FUNCTION my_location_ids() IS 'sample bags the acting user may look into';

CREATE FUNCTION sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN lsce.sees_all(@model_literal@::regnamespace);
COMMENT ON FUNCTION sees_all() IS 'whether the acting user has a whole-view persona today';

-- lookups

CREATE FUNCTION account(system text, value text) RETURNS uuid LANGUAGE sql STABLE
RETURN coalesce(
	(SELECT i.account_id FROM account_identifier AS i
		WHERE i.system = $1 AND i.value = $2 ORDER BY i.valid_to DESC LIMIT 1),
	(SELECT coalesce(k.survivor_id, k.account_id) FROM account AS k
		WHERE k.account_id = (SELECT e.id FROM external_key AS e
			WHERE e.entity = 'account' AND e.system = $1 AND e.value = $2 ORDER BY e.valid_to DESC LIMIT 1)),
	lsce.unknown_key('UNKNOWN_ACCOUNT', format('account with %s %s is unknown', coalesce($1, 'NULL'), coalesce($2, 'NULL'))));
COMMENT ON FUNCTION account(text, text) IS 'id of the account with this identifier or key of another system, the newest holder, or the survivor of its merge; an account the caller may not see is unknown to him';

CREATE FUNCTION product(code text) RETURNS uuid LANGUAGE sql STABLE
RETURN coalesce(
	(SELECT p.product_id FROM product AS p WHERE p.code = $1),
	lsce.unknown_key('UNKNOWN_PRODUCT', format('product %s is unknown', coalesce($1, 'NULL'))));
COMMENT ON FUNCTION product(text) IS 'id of the product with this code';

CREATE FUNCTION lot(product_code text, lot_no text) RETURNS uuid LANGUAGE sql STABLE
RETURN coalesce(
	(SELECT b.batch_id FROM product_batch AS b JOIN product AS p ON p.product_id = b.product_id
		WHERE p.code = $1 AND b.lot_no = $2),
	lsce.unknown_key('LOT_MISSING', format('lot %s of product %s is unknown', coalesce($2, 'NULL'), coalesce($1, 'NULL'))));
COMMENT ON FUNCTION lot(text, text) IS 'id of the lot with this number of the product with this code';

CREATE FUNCTION app_user(login text) RETURNS uuid LANGUAGE sql STABLE
RETURN coalesce(
	(SELECT u.user_id FROM app_user AS u WHERE u.login = $1),
	lsce.unknown_key('UNKNOWN_USER', format('user %s is unknown', coalesce($1, 'NULL'))));
COMMENT ON FUNCTION app_user(text) IS 'id of the user with this login';

-- Row security.  Every helper stands in a scalar sub-select: it runs once per
-- statement and its array is looked up in an index.  The policy of the whole view
-- and that of own rows are TO the roles with such personas only, which
-- lsce.grant_persona() keeps: one condition ORed with the other would cost the
-- first ones a test per row and the others the index.

DO $policies$
DECLARE
	policy record;
BEGIN
	FOR policy IN
		SELECT * FROM (VALUES
			('account', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('hcp', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('hco', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('account_identifier', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('contact_point', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('account_specialty', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('account_certification', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('license', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('license_product', 'EXISTS (SELECT FROM license AS l WHERE l.license_id = license_product.license_id)'),
			('affiliation', 'from_account_id = ANY ((SELECT my_account_ids())::uuid[]) OR to_account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('affiliation_product', 'EXISTS (SELECT FROM affiliation AS a WHERE a.affiliation_id = affiliation_product.affiliation_id)'),
			('account_rating', 'account_id = ANY ((SELECT my_account_ids())::uuid[]) AND (territory_id IS NULL OR territory_id = ANY ((SELECT my_company_territory_ids())::uuid[]))'),
			('account_territory', 'territory_id = ANY ((SELECT my_territory_ids())::uuid[])'),
			('product_account_restriction', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('visit', 'owner_id = (SELECT acting_user())'
				' OR territory_id = ANY ((SELECT my_territory_ids())::uuid[])'
				' OR (account_id = ANY ((SELECT my_account_ids())::uuid[]) AND domain = ANY ((SELECT my_domains())::text[])'
				' AND territory_id = ANY ((SELECT my_company_territory_ids())::uuid[]))'),
			('decision', 'user_id = (SELECT acting_user())'
				' OR territory_id = ANY ((SELECT my_territory_ids())::uuid[])'
				' OR (account_id = ANY ((SELECT my_account_ids())::uuid[]) AND domain = ANY ((SELECT my_domains())::text[])'
				' AND territory_id = ANY ((SELECT my_company_territory_ids())::uuid[]))'),
			('disbursement', 'user_id = (SELECT acting_user())'
				' OR territory_id = ANY ((SELECT my_territory_ids())::uuid[])'
				' OR (account_id = ANY ((SELECT my_account_ids())::uuid[]) AND company_id = (SELECT my_company())'
				' AND ''commercial'' = ANY ((SELECT my_domains())::text[]))'),
			('disbursement_reversal', 'EXISTS (SELECT FROM disbursement AS d WHERE d.disbursement_id = disbursement_reversal.disbursement_id)'),
			('sample_receipt', 'EXISTS (SELECT FROM disbursement AS d WHERE d.disbursement_id = sample_receipt.disbursement_id)'),
			('sample_request', '(account_id = ANY ((SELECT my_account_ids())::uuid[]) OR practitioner_id = ANY ((SELECT my_account_ids())::uuid[]))'
				' AND ''commercial'' = ANY ((SELECT my_domains())::text[])'),
			('sample_request_line', 'EXISTS (SELECT FROM sample_request AS r WHERE r.request_id = sample_request_line.request_id)'),
			('signature', 'signer_user_id = (SELECT acting_user()) OR signer_account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('consent_event', 'account_id = ANY ((SELECT my_account_ids())::uuid[]) AND controller_id = (SELECT my_company())'),
			('outbound_message', 'user_id = (SELECT acting_user())'
				' OR (account_id = ANY ((SELECT my_account_ids())::uuid[]) AND controller_id = (SELECT my_company()))'),
			('discrepancy', 'EXISTS (SELECT FROM decision AS d WHERE d.decision_id = discrepancy.decision_id)'),
			('external_key', 'entity = ''account'' AND id = ANY ((SELECT my_account_ids())::uuid[])'),
			('attachment', 'entity = ''account'' AND id = ANY ((SELECT my_account_ids())::uuid[])'),
			('inventory_stock', 'location_id = ANY ((SELECT my_location_ids())::uuid[])'),
			('account_merge', 'winner_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('account_source_value', 'account_id = ANY ((SELECT my_account_ids())::uuid[])'),
			('data_change_request', 'requested_by_id = (SELECT acting_user())')
		) AS p (table_name, condition)
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', policy.table_name);
		EXECUTE format('CREATE POLICY whole_view ON %I TO current_user USING ((SELECT sees_all()))', policy.table_name);
		EXECUTE format('CREATE POLICY own_view ON %I FOR SELECT TO current_user USING (%s)', policy.table_name, policy.condition);
		EXECUTE format('COMMENT ON POLICY whole_view ON %I IS %L', policy.table_name, 'every row for the personas with the whole view');
		EXECUTE format('COMMENT ON POLICY own_view ON %I IS %L', policy.table_name, 'rows of own accounts and territories, and own rows');
	END LOOP;
END
$policies$;

-- tables that only the whole view reads
DO $policies$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{inventory_operation,inventory_entry,limit_counter,limit_use,account_merge_row,import_record}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('CREATE POLICY whole_view ON %I TO current_user USING ((SELECT sees_all()))', table_name);
		EXECUTE format('COMMENT ON POLICY whole_view ON %I IS %L', table_name, 'every row for the personas with the whole view');
	END LOOP;
END
$policies$;

-- what people of the field write, in their own name and for their own accounts

CREATE POLICY own_insert ON visit FOR INSERT
	WITH CHECK (owner_id = (SELECT acting_user()) AND territory_id = ANY ((SELECT my_territory_ids())::uuid[])
		AND account_id = ANY ((SELECT my_account_ids())::uuid[]) AND domain = ANY ((SELECT my_domains())::text[]));
CREATE POLICY own_update ON visit FOR UPDATE
	USING (owner_id = (SELECT acting_user()))
	WITH CHECK (owner_id = (SELECT acting_user()) AND territory_id = ANY ((SELECT my_territory_ids())::uuid[])
		AND account_id = ANY ((SELECT my_account_ids())::uuid[]) AND domain = ANY ((SELECT my_domains())::text[]));
CREATE POLICY own_insert ON signature FOR INSERT
	WITH CHECK (signer_user_id = (SELECT acting_user()) OR signer_account_id = ANY ((SELECT my_account_ids())::uuid[]));
CREATE POLICY own_insert ON sample_request FOR INSERT
	WITH CHECK (account_id = ANY ((SELECT my_account_ids())::uuid[]) AND 'commercial' = ANY ((SELECT my_domains())::text[]));
CREATE POLICY own_update ON sample_request FOR UPDATE
	USING (account_id = ANY ((SELECT my_account_ids())::uuid[]) AND 'commercial' = ANY ((SELECT my_domains())::text[]))
	WITH CHECK (account_id = ANY ((SELECT my_account_ids())::uuid[]));
CREATE POLICY own_insert ON sample_request_line FOR INSERT
	WITH CHECK (EXISTS (SELECT FROM sample_request AS r WHERE r.request_id = sample_request_line.request_id
		AND r.account_id = ANY ((SELECT my_account_ids())::uuid[])));
CREATE POLICY own_insert ON disbursement FOR INSERT
	WITH CHECK (user_id = (SELECT acting_user()) AND account_id = ANY ((SELECT my_account_ids())::uuid[]));
CREATE POLICY own_insert ON disbursement_reversal FOR INSERT
	WITH CHECK (EXISTS (SELECT FROM disbursement AS d WHERE d.disbursement_id = disbursement_reversal.disbursement_id
		AND d.user_id = (SELECT acting_user())));
CREATE POLICY own_insert ON sample_receipt FOR INSERT
	WITH CHECK (EXISTS (SELECT FROM disbursement AS d WHERE d.disbursement_id = sample_receipt.disbursement_id));
CREATE POLICY own_insert ON consent_event FOR INSERT
	WITH CHECK (account_id = ANY ((SELECT my_account_ids())::uuid[]) AND controller_id = (SELECT my_company()));
CREATE POLICY own_insert ON data_change_request FOR INSERT
	WITH CHECK (requested_by_id = (SELECT acting_user()) AND status = 'pending');
CREATE POLICY own_insert ON outbound_message FOR INSERT
	WITH CHECK (account_id = ANY ((SELECT my_account_ids())::uuid[]) AND controller_id = (SELECT my_company())
		AND user_id = (SELECT acting_user()));

DO $comments$
DECLARE
	policy record;
BEGIN
	FOR policy IN
		SELECT c.relname, p.polname FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
		WHERE c.relnamespace = @model_literal@::regnamespace AND p.polname IN ('own_insert', 'own_update')
	LOOP
		EXECUTE format('COMMENT ON POLICY %I ON %I IS %L', policy.polname, policy.relname, 'in the acting user''s name, for his own accounts');
	END LOOP;
END
$comments$;
