-- Bad input to the management of models: a clear error, nothing left behind
\set VERBOSITY default
SET client_min_messages = warning;
CREATE ROLE regress_lsce_owner NOLOGIN;
CREATE ROLE regress_lsce_other NOLOGIN;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_lsce_owner', current_database()); END $$;
\set SHOW_CONTEXT never

-- names that cannot hold a model
CALL lsce.create_model('');
CALL lsce.create_model(NULL);
CALL lsce.create_model('lsce');
CALL lsce.create_model('public');
CALL lsce.create_model('information_schema');
CALL lsce.create_model('pg_model');
CALL lsce.create_model('lsce_reference_model');
CALL lsce.create_model(E'two\nlines');
CALL lsce.create_model('a$body$b');

-- schemas that are not free
CREATE SCHEMA regress_taken CREATE TABLE t (a int);
CALL lsce.create_model('regress_taken');
CREATE SCHEMA regress_types;
CREATE TYPE regress_types.mood AS ENUM ('good');
CALL lsce.create_model('regress_types');
CREATE SCHEMA regress_foreign AUTHORIZATION regress_lsce_other;
CALL lsce.create_model('regress_foreign');
DROP SCHEMA regress_taken, regress_types, regress_foreign CASCADE;

-- rights
SET ROLE regress_lsce_other;
\set VERBOSITY sqlstate
CALL lsce.create_model('regress_model');
\set VERBOSITY default
RESET ROLE;
SET ROLE regress_lsce_owner;
CALL lsce.create_model('regress_model', NULL);
CALL lsce.create_model('regress_model', false);
RESET ROLE;
SET ROLE regress_lsce_other;
SELECT * FROM lsce.check_model('regress_model');
SELECT * FROM lsce.verify('regress_model');
CALL lsce.upgrade_model('regress_model');
CALL lsce.rename_model('regress_model', 'regress_mine');
CALL lsce.drop_model('regress_model', 'regress_model');
CALL lsce.grant_persona('regress_model', 'auditor', 'regress_lsce_other');
CALL lsce.revoke_persona('regress_model', 'auditor', 'regress_lsce_other');
-- a model whose tables one may not read is listed without its version
SELECT * FROM lsce.models() WHERE model = 'regress_model';
-- the functions of schema lsce can be called with any schema, by those who may use it
SELECT lsce.acting_user('regress_model');
SELECT lsce.my_account_ids('regress_model');
SELECT lsce.sees_all('regress_model');
RESET ROLE;

-- what is no model
SELECT * FROM lsce.check_model('public');
SELECT * FROM lsce.verify('no such schema');
CALL lsce.upgrade_model('public');
CALL lsce.rename_model('public', 'x');
CALL lsce.drop_model('public', 'public');
CALL lsce.grant_persona('public', 'auditor', 'regress_lsce_other');
SELECT lsce.acting_user('public');
SELECT lsce.acting_user(0);
SELECT lsce.my_territory_ids(NULL);

-- renaming to what cannot be
CALL lsce.rename_model('regress_model', 'public');
CALL lsce.rename_model('regress_model', 'regress_model');

-- confirmations
CALL lsce.drop_model('regress_model', '');
CALL lsce.drop_model('regress_model', NULL);
CALL lsce.drop_model('regress_model', 'REGRESS_MODEL');

-- personas
CALL lsce.grant_persona('regress_model', 'king', 'regress_lsce_other');
CALL lsce.grant_persona('regress_model', NULL, 'regress_lsce_other');
CALL lsce.grant_persona('regress_model', 'auditor', 'regress_nobody');
CALL lsce.grant_persona('regress_model', 'auditor', 'regress_lsce_owner');
CALL lsce.revoke_persona('regress_model', 'auditor', 'regress_lsce_other');

-- trigger functions are no functions
SELECT lsce.history();
CREATE TABLE regress_plain (id int);
CREATE TRIGGER h AFTER UPDATE ON regress_plain FOR EACH ROW EXECUTE FUNCTION lsce.history();
INSERT INTO regress_plain VALUES (1);
UPDATE regress_plain SET id = 2;
CREATE TRIGGER s BEFORE INSERT ON regress_plain FOR EACH ROW EXECUTE FUNCTION lsce.history();
INSERT INTO regress_plain VALUES (1);
CREATE TRIGGER a AFTER DELETE ON regress_plain FOR EACH ROW EXECUTE FUNCTION lsce.append_only();
DELETE FROM regress_plain;
CREATE TRIGGER b AFTER TRUNCATE ON regress_plain EXECUTE FUNCTION lsce.history();
TRUNCATE regress_plain;
DROP TABLE regress_plain;

-- a model newer than the code
SET ROLE regress_lsce_owner;
INSERT INTO regress_model.model_version VALUES (99, '9.9');
CALL lsce.upgrade_model('regress_model');
SELECT ok, detail FROM lsce.check_model('regress_model') WHERE check_code = 'version';
DELETE FROM regress_model.model_version;
CALL lsce.upgrade_model('regress_model');

-- history and end dates
SELECT regress_model.as_of('company', '2026-01-01');
SELECT regress_model.as_of('no such table', '2026-01-01');
SELECT regress_model.as_of(NULL, '2026-01-01');
SELECT regress_model.as_of('account', NULL);
SELECT regress_model.end_date('decision', '00000000-0000-0000-0000-000000000001', '2026-01-01');
SELECT regress_model.end_date('license', '00000000-0000-0000-0000-000000000001', '2026-01-01');
SELECT regress_model.end_date('license', '00000000-0000-0000-0000-000000000001', NULL);
SELECT regress_model.end_date('license', NULL, '2026-01-01');

-- lookups say what is unknown
SELECT regress_model.account('npi', '1234567893');
SELECT regress_model.account(NULL, NULL);
SELECT regress_model.product('P');
SELECT regress_model.lot('P', 'L1');
SELECT regress_model.app_user('nobody');

CALL lsce.drop_model('regress_model', 'regress_model');
RESET ROLE;
SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'regress%' OR nspname LIKE 'lsce_reference%';
DROP OWNED BY regress_lsce_owner;
DROP ROLE regress_lsce_owner, regress_lsce_other;
