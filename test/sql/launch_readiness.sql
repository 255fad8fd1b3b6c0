--
-- What is missing before a launch: everything stands for the fixture's product
-- in its territory; then each prerequisite is taken away in turn.
--
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/fixture.sql
\set model launch_readiness
\i :fixture
\set SHOW_CONTEXT never

-- what the fixture needs beyond a sample drop
INSERT INTO product_indication (product_id, indication, country_code, status) VALUES
	(fx('airway'), 'asthma', 'US', 'approved'),
	(fx('airway'), 'chronic obstructive pulmonary disease', 'US', 'pending');
INSERT INTO product_guidance (guidance_id, product_id, type, name) VALUES (fx('guidance'), fx('airway'), 'message', 'Fast relief');
INSERT INTO guidance_text (guidance_id, country_code, lang, body, approval_no) VALUES (fx('guidance'), 'US', 'en', 'Relief within minutes.', 'A-1');
SELECT check_code, ok, detail FROM launch_readiness(fx('airway 10'), fx('la'), '2026-03-02');

-- the codes that are not met
CREATE FUNCTION gaps(product text DEFAULT 'airway 10', territory text DEFAULT 'la', day date DEFAULT '2026-03-02') RETURNS text
LANGUAGE sql SET search_path = launch_readiness, lsce, pg_catalog
RETURN (SELECT coalesce(string_agg(r.check_code, ', '), 'none') FROM launch_readiness(fx(product), fx(territory), day) AS r WHERE r.ok IS NOT TRUE);

\pset tuples_only on
\pset format unaligned
SELECT gaps();
-- no territory: the country of the product's company; a territory with what stands under it
SELECT coalesce(string_agg(check_code, ', '), 'none') FROM launch_readiness(fx('airway 10'), at => '2026-03-02') WHERE NOT ok;
SELECT gaps(territory => 'us');
-- a rep without a bag
SELECT gaps(territory => 'sf');

BEGIN; UPDATE product SET competitor = true WHERE product_id = fx('airway 10'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE product SET valid_to = '2026-03-02' WHERE product_id = fx('airway 10'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE product SET distribution_method = NULL WHERE product_id = fx('airway 10'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE product SET spec_type = 'order_item' WHERE product_id = fx('airway 10'); SELECT gaps(); ROLLBACK;
BEGIN; DELETE FROM product_market WHERE product_market_id = fx('market us'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE product_market SET authorised_on = '2026-03-03' WHERE product_market_id = fx('market us'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE product_market SET first_marketed_on = '2026-03-03' WHERE product_market_id = fx('market us'); SELECT gaps(), gaps(day => '2026-03-03'); ROLLBACK;
BEGIN; UPDATE product_market SET withdrawn_on = '2026-03-03' WHERE product_market_id = fx('market us'); SELECT gaps(), gaps(day => '2026-03-03'); ROLLBACK;
BEGIN; UPDATE product_market SET sampleable = false WHERE product_market_id = fx('market us'); SELECT gaps(); ROLLBACK;
-- smallest pack: asked only where a template wants it, and unknown means no
BEGIN; UPDATE product_market SET smallest_pack = NULL WHERE product_market_id = fx('market us'); SELECT gaps();
UPDATE limit_template SET pack_rule = 'smallest_pack' WHERE code = 'US-PDMA-REP'; SELECT gaps();
UPDATE product_market SET smallest_pack = true WHERE product_market_id = fx('market us'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE product_indication SET status = 'withdrawn'; SELECT gaps(); ROLLBACK;
BEGIN; UPDATE guidance_text SET country_code = 'DE'; SELECT gaps(); ROLLBACK;
BEGIN; UPDATE guidance_text SET valid_to = '2026-03-02'; SELECT gaps(); ROLLBACK;
-- a limit without a number, a draft, one of another company, of other places, not assigned
BEGIN; UPDATE limit_rule SET quota = NULL WHERE rule_id = fx('limit'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE limit_template SET status = 'draft', approved_by = NULL, approved_at = NULL WHERE template_id = fx('template'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE limit_template SET company_id = fx('beta') WHERE template_id = fx('template'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE limit_rule SET applies_when = '{"country": ["DE"]}' WHERE rule_id = fx('limit'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE limit_rule SET applies_when = '{"region": ["US-OH"]}' WHERE rule_id = fx('limit'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE limit_assignment SET valid_to = '2026-03-02' WHERE assignment_id = fx('assignment'); SELECT gaps(); ROLLBACK;
-- the last day of a lot counts, the next does not
BEGIN; UPDATE product_batch SET expires_on = '2026-03-02' WHERE batch_id = fx('lot'); SELECT gaps();
UPDATE product_batch SET expires_on = '2026-03-01' WHERE batch_id = fx('lot'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE product_batch SET status = 'recalled' WHERE batch_id = fx('lot'); SELECT gaps(); ROLLBACK;
BEGIN; INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id) VALUES (fx('back'), 'transfer', fx('bag rita'), fx('warehouse'));
INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES (fx('back'), fx('bag rita'), fx('lot'), -10), (fx('back'), fx('warehouse'), fx('lot'), 10);
SELECT gaps(); ROLLBACK;
BEGIN; UPDATE sampling_policy SET status = 'draft', approved_by = NULL, approved_at = NULL WHERE policy_id = fx('policy ship'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE sampling_policy SET allowed = false WHERE policy_id = fx('policy detail'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE consent_regime SET valid_to = '2026-03-02' WHERE country_code = 'US'; SELECT gaps(); ROLLBACK;
-- the nearest alignment decides, exclude beats include, and the purpose counts
BEGIN; DELETE FROM product_territory_alignment WHERE pta_id = fx('alignment us'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE product_territory_alignment SET purposes = '{detail}' WHERE pta_id = fx('alignment us'); SELECT gaps();
UPDATE product_territory_alignment SET purposes = '{sample}' WHERE pta_id = fx('alignment us'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE product_territory_alignment SET alignment_type = 'include' WHERE pta_id = fx('alignment us'); SELECT gaps(); ROLLBACK;
BEGIN; INSERT INTO product_territory_alignment (product_id, territory_id, alignment_type) VALUES (fx('airway'), fx('us'), 'exclude_subtree'); SELECT gaps();
INSERT INTO product_territory_alignment (product_id, territory_id, alignment_type) VALUES (fx('airway'), fx('la'), 'include'); SELECT gaps(), gaps(territory => 'us'); ROLLBACK;
BEGIN; UPDATE territory_user SET may_sample = false WHERE roster_id = fx('roster rita'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE territory_user SET valid_to = '2026-03-02' WHERE roster_id = fx('roster rita'); SELECT gaps(); ROLLBACK;
BEGIN; UPDATE sampling_policy SET user_qualification_kind = 'sampling', user_qualification_level = 2 WHERE policy_id = fx('policy drop'); SELECT gaps();
UPDATE user_qualification SET valid_to = '2026-03-02'; SELECT gaps(); ROLLBACK;
BEGIN; UPDATE account_territory SET valid_to = '2026-03-02'; SELECT gaps(); ROLLBACK;

-- stock that the caller may not see counts as missing
CREATE ROLE regress_lsce_launch;
SET client_min_messages = warning;
CALL lsce.grant_persona('launch_readiness', 'mops', 'regress_lsce_launch');
RESET client_min_messages;
UPDATE app_user SET db_role = 'regress_lsce_launch' WHERE login = 'mona';
GRANT EXECUTE ON FUNCTION fx(text) TO regress_lsce_launch;
SET ROLE regress_lsce_launch;
SELECT check_code, ok, detail FROM launch_readiness(fx('airway 10'), fx('la'), '2026-03-02') WHERE NOT ok;
RESET ROLE;

-- what stands under what
SET client_min_messages = warning;
DO $$
DECLARE
	command text;
	says text;
BEGIN
	FOREACH command IN ARRAY ARRAY[
		$q$INSERT INTO product (code, name, type, parent_id) VALUES ('AREA2', 'Area', 'therapeutic_area', fx('airway'))$q$,
		$q$INSERT INTO product (code, name, type, spec_type, parent_id) VALUES ('OK', 'Fits', 'product', 'sample', fx('airway')), ('AREA3', 'Area', 'therapeutic_area', NULL, fx('airway 10'))$q$,
		$q$UPDATE product SET parent_id = fx('airway leaflet') WHERE product_id = fx('airway 10')$q$,
		$q$UPDATE product SET type = 'indication' WHERE product_id = fx('airway')$q$,
		$q$WITH i AS (INSERT INTO product (product_id, code, name, type, parent_id) VALUES (fx('asthma'), 'ASTHMA', 'Asthma', 'indication', fx('airway')) RETURNING product_id)
			SELECT count(*) FROM i; UPDATE product SET parent_id = fx('asthma') WHERE product_id = fx('airway')$q$] LOOP
		BEGIN
			EXECUTE command;
			RAISE WARNING 'taken: %', command;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS says = PG_EXCEPTION_HINT;
			RAISE WARNING '%: % (%)', SQLSTATE, SQLERRM, says;
		END;
	END LOOP;
END
$$;
RESET client_min_messages;
BEGIN; INSERT INTO product (code, name, type, parent_id) VALUES ('BRAND2', 'Brand', 'brand', fx('respiratory')); UPDATE product SET parent_id = NULL WHERE product_id = fx('airway 10');
UPDATE product SET parent_id = (SELECT product_id FROM product WHERE code = 'BRAND2') WHERE product_id = fx('airway 10'); ROLLBACK;

-- what is not there
SELECT launch_readiness(fx('nothing'), fx('la'));
SELECT launch_readiness(NULL);
SELECT launch_readiness(fx('airway 10'), fx('nowhere'));
BEGIN; UPDATE product SET company_id = NULL WHERE product_id = fx('airway 10'); SELECT launch_readiness(fx('airway 10')); ROLLBACK;

\pset tuples_only off
\pset format aligned
RESET search_path;
SET client_min_messages = warning;
CALL lsce.drop_model('launch_readiness', 'launch_readiness');
DROP ROLE regress_lsce_launch;
