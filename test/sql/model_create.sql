-- Creating, listing, renaming, upgrading and dropping models
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_lsce_owner NOLOGIN;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_lsce_owner', current_database()); END $$;

-- a role without login that may create schemas needs nothing else
SET ROLE regress_lsce_owner;
CALL lsce.create_model('regress_a');
CALL lsce.create_model('regress_b', seed => false);
CALL lsce.create_model('Regress "odd\ity" schema''s name');
CALL lsce.create_model(repeat('x', 63)::name, false);
CALL lsce.create_model('regress$a', false);
SELECT model, owner, version, extension_version = (SELECT extversion FROM pg_extension WHERE extname = 'lsce') AS extension_version
FROM lsce.models() WHERE owner = 'regress_lsce_owner';

-- seeds are rows of the first, not of the second
SELECT (SELECT count(*) FROM regress_b.country) AS without_seed;

-- everything belongs to the caller and nothing is granted to PUBLIC
SELECT DISTINCT pg_get_userbyid(c.relowner) FROM pg_class AS c WHERE c.relnamespace = 'regress_a'::regnamespace;
SELECT count(*) FROM pg_proc AS p WHERE p.pronamespace = 'regress_a'::regnamespace AND has_function_privilege('pg_monitor', p.oid, 'EXECUTE');
SELECT count(*) FROM pg_class AS c WHERE c.relnamespace = 'regress_a'::regnamespace AND c.relkind IN ('r', 'v') AND has_table_privilege('pg_monitor', c.oid, 'SELECT, INSERT, UPDATE, DELETE');
SELECT has_schema_privilege('pg_monitor', 'regress_a', 'USAGE');

-- constraint names are explicit, short, and lead back to their table
SELECT c.conrelid::regclass, c.conname FROM pg_constraint AS c
WHERE c.connamespace = 'regress_a'::regnamespace AND c.contype <> 'n' AND length(c.conname) > 40;

-- a fresh model is as the code creates it, whatever its name
SELECT check_code, ok, subject FROM lsce.check_model('regress_a') WHERE check_code <> 'collation version';
SELECT check_code, ok FROM lsce.check_model('Regress "odd\ity" schema''s name') WHERE check_code = 'objects';
SELECT check_code, ok FROM lsce.check_model(repeat('x', 63)::name) WHERE check_code = 'objects';
SELECT DISTINCT ok FROM lsce.verify('Regress "odd\ity" schema''s name');

-- renaming keeps it so
CALL lsce.rename_model('Regress "odd\ity" schema''s name', 'regress "c"');
SELECT check_code, ok FROM lsce.check_model('regress "c"') WHERE check_code = 'objects';
SELECT "regress ""c""".acting_user() IS NULL AS works;
SELECT count(*) FROM "regress ""c""".as_of('account', '2026-01-01');
SELECT p.proname, p.proconfig FROM pg_proc AS p WHERE p.pronamespace = '"regress ""c"""'::regnamespace AND p.proconfig::text LIKE '%odd%';
CALL lsce.rename_model('regress "c"', 'regress_a');
CALL lsce.rename_model('regress "c"', 'pg_toast_c');

-- a schema renamed by hand: told, and repaired by the upgrade
ALTER SCHEMA "regress ""c""" RENAME TO regress_d;
SELECT check_code, subject, detail FROM lsce.check_model('regress_d') WHERE NOT ok AND check_code <> 'objects';
SELECT count(*) > 50 AS drifted FROM lsce.check_model('regress_d') WHERE NOT ok AND check_code = 'objects';
CALL lsce.upgrade_model('regress_d');
SELECT check_code, ok FROM lsce.check_model('regress_d') WHERE check_code IN ('objects', 'name_keys');
CALL lsce.rename_model('regress_d', 'regress "c"');

-- two models in one session do not mix
INSERT INTO regress_a.company (code, name, kind, country_code) SELECT 'A', 'Company A', 'own', country_code FROM regress_a.country LIMIT 0;
INSERT INTO regress_b.country VALUES ('US', 'United States', 'America/New_York');
INSERT INTO regress_b.product (code, name, type) VALUES ('P', 'Product', 'brand');
SELECT regress_b.product('P') IS NOT NULL AS found;
SELECT regress_a.product('P');

-- drift: what changed is named, and the upgrade repairs what can be made again
ALTER TABLE regress_a.visit DISABLE TRIGGER no_truncate;
ALTER TABLE regress_a.disbursement DISABLE TRIGGER append_only;
DROP INDEX regress_a.visit_account_idx;
DROP POLICY own_view ON regress_a.visit;
ALTER TABLE regress_a.decision DISABLE ROW LEVEL SECURITY;
ALTER TABLE regress_a.account DROP CONSTRAINT account_kind;
CREATE OR REPLACE FUNCTION regress_a.my_company() RETURNS uuid LANGUAGE sql STABLE PARALLEL RESTRICTED RETURN NULL::uuid;
DROP FUNCTION regress_a.lot(text, text);
DROP TRIGGER append_only ON regress_a.decision;
CREATE POLICY everybody ON regress_a.account USING (true);
CREATE RULE quiet AS ON INSERT TO regress_a.discrepancy DO INSTEAD NOTHING;
GRANT SELECT ON regress_a.account TO PUBLIC;
ALTER TABLE regress_a.license ALTER COLUMN status DROP NOT NULL;
SELECT check_code, subject, left(detail, 7) AS detail FROM lsce.check_model('regress_a') WHERE NOT ok;
CALL lsce.upgrade_model('regress_a');
SELECT check_code, subject, detail FROM lsce.check_model('regress_a') WHERE NOT ok;
DROP POLICY everybody ON regress_a.account;
DROP RULE quiet ON regress_a.discrepancy;
REVOKE ALL ON regress_a.account FROM PUBLIC;
ALTER TABLE regress_a.license ALTER COLUMN status SET NOT NULL;
SELECT check_code, subject, detail FROM lsce.check_model('regress_a') WHERE NOT ok;

-- a disabled foreign key is drift, too (only a superuser can do it)
RESET ROLE;
ALTER TABLE regress_a.outbound_message DISABLE TRIGGER ALL;
SELECT check_code, subject, detail LIKE '%, its triggers disabled; should be: %' AS disabled FROM lsce.check_model('regress_a') WHERE NOT ok AND subject LIKE 'constraint %permit%';
ALTER TABLE regress_a.outbound_message ENABLE TRIGGER ALL;
ALTER TABLE regress_a.visit OWNER TO CURRENT_USER;
SELECT check_code, subject FROM lsce.check_model('regress_a') WHERE NOT ok;
ALTER TABLE regress_a.visit OWNER TO regress_lsce_owner;
SET ROLE regress_lsce_owner;

-- what is missing is made again, also by a superuser, for the owner
DROP TABLE regress_a.outbox CASCADE;
DROP TABLE regress_a.license_h;
DROP TABLE regress_a.product_market, regress_a.discrepancy CASCADE;
ALTER TABLE regress_a.decision DROP COLUMN facts;
ALTER TABLE regress_a.visit DROP COLUMN delay_reason, DROP COLUMN domain CASCADE;
ALTER TABLE regress_a.decision DROP CONSTRAINT decision_permit_key CASCADE;
SELECT check_code, subject FROM lsce.check_model('regress_a') WHERE NOT ok AND subject ~ '^(table|function|view|column (visit|decision)|constraint (visit|decision|disb))';
RESET ROLE;
CALL lsce.upgrade_model('regress_a');
SELECT current_user = session_user AS still_myself;
SET ROLE regress_lsce_owner;
SELECT check_code, subject, detail FROM lsce.check_model('regress_a') WHERE NOT ok;

-- columns, indexes and views of users are theirs and stay
ALTER TABLE regress_a.account ADD COLUMN loyalty text;
CREATE INDEX account_loyalty_idx ON regress_a.account (loyalty);
CREATE VIEW regress_a.my_accounts WITH (security_invoker = true) AS SELECT name, loyalty FROM regress_a.account;
CALL lsce.upgrade_model('regress_a');
SELECT check_code, subject, detail FROM lsce.check_model('regress_a') WHERE NOT ok;
SELECT count(*) FROM pg_indexes WHERE schemaname = 'regress_a' AND indexname = 'account_loyalty_idx';

-- dropping takes the name twice, and nobody else's objects along
CALL lsce.drop_model('regress_a', 'regress_b');
CREATE SCHEMA regress_reports;
CREATE VIEW regress_reports.visits AS SELECT * FROM regress_a.visit;
CREATE TABLE regress_reports.note (account_id uuid REFERENCES regress_a.account);
\set VERBOSITY default
CALL lsce.drop_model('regress_a', 'regress_a');
\set VERBOSITY terse
DROP SCHEMA regress_reports CASCADE;
CALL lsce.drop_model('regress_a', 'regress_a');
CALL lsce.drop_model('regress_b', 'regress_b');
CALL lsce.drop_model('regress "c"', 'regress "c"');
CALL lsce.drop_model('regress$a', 'regress$a');
CALL lsce.drop_model(repeat('x', 63)::name, repeat('x', 63)::name);
SELECT count(*) FROM lsce.models() WHERE owner = 'regress_lsce_owner';

-- an empty schema of one's own will do
CREATE SCHEMA regress_a;
CALL lsce.create_model('regress_a', false);
CALL lsce.drop_model('regress_a', 'regress_a');

RESET ROLE;
DROP OWNED BY regress_lsce_owner;
DROP ROLE regress_lsce_owner;
