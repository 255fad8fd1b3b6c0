-- Attacks on those who look after other people's models: a superuser who checks,
-- repairs or asks about a model must not run its owner's code with his own rights.
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE ROLE regress_lsce_evil;
CREATE ROLE regress_lsce_poor;
CREATE TABLE public.attack_ran (how text, ran_as name);
GRANT INSERT ON public.attack_ran TO PUBLIC;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_lsce_evil', current_database()); END $$;
CREATE FUNCTION public.attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'ran';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END
$$;

SET ROLE regress_lsce_evil;
CALL lsce.create_model('attack_model', false);
CREATE SCHEMA attack_code;
GRANT USAGE ON SCHEMA attack_code TO PUBLIC;
-- notes whose rights it has, and tries to do more: now, at commit, and afterwards
CREATE TABLE attack_code.later (how text);
CREATE FUNCTION attack_code.at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.attack_ran VALUES (NEW.how || ' at commit', current_user);
	RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON attack_code.later DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION attack_code.at_commit();
CREATE FUNCTION attack_code.run(how text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.attack_ran VALUES (how, current_user);
	BEGIN
		PERFORM set_config('role', session_user, false);
		INSERT INTO public.attack_ran VALUES (how || ' with another role', current_user);
	EXCEPTION WHEN OTHERS THEN NULL;
	END;
	BEGIN
		INSERT INTO attack_code.later VALUES (how);
	EXCEPTION WHEN OTHERS THEN NULL;
	END;
	PERFORM set_config('search_path', 'attack_code, pg_catalog', false);
END
$$;
CREATE FUNCTION attack_code.id(how text) RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
	PERFORM attack_code.run(how);
	RETURN '00000000-0000-0000-0000-000000000001';
END
$$;
CREATE FUNCTION attack_code.on_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM attack_code.run('trigger of ' || TG_TABLE_NAME);
	RETURN NEW;
END
$$;
-- called where a plan is made
CREATE FUNCTION attack_code.constant(how text) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
	PERFORM attack_code.run(how);
	RETURN 1;
END
$$;
-- triggers, index expressions and columns of the tables that are read and written in passing
SET search_path = attack_model, pg_catalog;
CREATE INDEX model_version_attack ON model_version ((version + attack_code.constant('index of model_version')));
CREATE TRIGGER attack BEFORE INSERT OR UPDATE ON model_version FOR EACH ROW EXECUTE FUNCTION attack_code.on_write();
CREATE TRIGGER attack BEFORE INSERT OR DELETE ON persona_grant FOR EACH ROW EXECUTE FUNCTION attack_code.on_write();
CREATE TRIGGER attack BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION attack_code.on_write();
CREATE INDEX persona_grant_attack ON persona_grant ((attack_code.constant('index of persona_grant'))) WHERE persona = 'never';
CREATE INDEX account_attack ON account ((attack_code.constant('index of account'))) WHERE name = 'never';
RESET search_path;
RESET ROLE;
INSERT INTO attack_model.country VALUES ('XA', 'Xanadu', 'UTC');
INSERT INTO attack_model.account (account_id, kind, name, country_code) VALUES ('00000000-0000-0000-0000-00000000000a', 'hcp', 'A', 'XA');
-- what was noted so far was by the attacker's own doing
TRUNCATE public.attack_ran;

SET search_path = public;
CREATE FUNCTION public.look(call text) RETURNS TABLE (ran text, search_path text) LANGUAGE plpgsql AS $$
BEGIN
	ran := left(public.attempt(call), 5);
	search_path := current_setting('search_path');
	RETURN NEXT;
END
$$;
-- looking after it, by a superuser
SELECT c.call, l.* FROM (VALUES
	('SELECT * FROM lsce.models()'),
	('CALL lsce.grant_persona(''attack_model'', ''auditor'', ''regress_lsce_poor'')'),
	('CALL lsce.revoke_persona(''attack_model'', ''auditor'', ''regress_lsce_poor'')'),
	('CALL lsce.upgrade_model(''attack_model'')'),
	('CALL lsce.rename_model(''attack_model'', ''attack_renamed'')'),
	('CALL lsce.rename_model(''attack_renamed'', ''attack_model'')')
) AS c (call) CROSS JOIN LATERAL public.look(c.call) AS l;
-- now with views in place of tables and functions that are his
SET ROLE regress_lsce_evil;
SET search_path = attack_model, pg_catalog;
ALTER TABLE limit_counter RENAME TO limit_counter_real;
ALTER TABLE affiliation RENAME TO affiliation_real;
CREATE VIEW affiliation AS SELECT a.*, attack_code.run('view affiliation') IS NULL AS attack FROM affiliation_real AS a;
CREATE VIEW limit_counter AS SELECT c.*, attack_code.run('view limit_counter') IS NULL AS attack FROM (VALUES (1)) AS v (n) LEFT JOIN limit_counter_real AS c ON true;
ALTER TABLE app_user RENAME TO app_user_real;
CREATE VIEW app_user AS SELECT attack_code.id('view app_user') AS user_id, 'evil'::text AS login, 'postgres'::name AS db_role, 'Evil'::text AS display_name, 'en'::text AS lang, 'UTC'::text AS tz, NULL::uuid AS company_id;
CREATE OR REPLACE FUNCTION name_keys_stale(OUT check_code text, OUT ok boolean, OUT subject text, OUT detail text) RETURNS SETOF record STABLE LANGUAGE plpgsql AS $$
BEGIN
	PERFORM attack_code.run('function name_keys_stale');
END
$$;
CREATE OR REPLACE FUNCTION import_lsc_document(object text, document jsonb, system text DEFAULT 'salesforce', country_code text DEFAULT NULL, team text DEFAULT NULL)
RETURNS TABLE (accepted bigint, waiting bigint, rejected bigint, row_no integer, reference text, status text, reason text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM attack_code.run('function import_lsc_document');
END
$$;
CREATE OR REPLACE FUNCTION import_fhir_document(resource jsonb, system text DEFAULT 'fhir', country_code text DEFAULT NULL)
RETURNS TABLE (accepted bigint, waiting bigint, rejected bigint, row_no integer, reference text, status text, reason text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM attack_code.run('function import_fhir_document');
END
$$;
RESET ROLE;
SET search_path = public;
SELECT c.call, l.* FROM (VALUES
	('SELECT * FROM lsce.models()'),
	('SELECT * FROM lsce.verify(''attack_model'')'),
	('SELECT * FROM lsce.check_model(''attack_model'')'),
	('CALL lsce.load_demo(''attack_model'')'),
	('SELECT * FROM lsce.import_lsc(''attack_model'', ''Account'', ''{}'')'),
	('SELECT * FROM lsce.import_fhir(''attack_model'', ''{}'')'),
	('SELECT lsce.acting_user(''attack_model'')'),
	('SELECT lsce.acting_name(''attack_model'')'),
	('SELECT lsce.my_account_ids(''attack_model'')'),
	('SELECT lsce.rule_set(''attack_model'')'),
	('SELECT lsce.decide(''attack_model'', ''detail'', ''00000000-0000-0000-0000-00000000000a'', NULL, NULL, ''{}'')'),
	('SELECT lsce.check_eligibility(''attack_model'', ''00000000-0000-0000-0000-00000000000a'', NULL, NULL, ''detail'', NULL, NULL, NULL, NULL, NULL, NULL, NULL)'),
	('SELECT lsce.explain_eligibility(''attack_model'', ''00000000-0000-0000-0000-00000000000a'', NULL, NULL, ''detail'', NULL, NULL, NULL, NULL, NULL, NULL, NULL, ''en'')'),
	('SELECT lsce.sample_headroom(''attack_model'', ''00000000-0000-0000-0000-00000000000a'', ''00000000-0000-0000-0000-00000000000a'', NULL, NULL)'),
	('SELECT lsce.consent_status(''attack_model'', ''00000000-0000-0000-0000-00000000000a'', NULL, NULL, NULL, NULL, NULL)'),
	('SELECT lsce.reach(''attack_model'', ''00000000-0000-0000-0000-00000000000a'', 3, NULL, NULL, NULL, 0, NULL, ''out'')')
) AS c (call) CROSS JOIN LATERAL public.look(c.call) AS l;
-- it ran, but never with the superuser's rights
SELECT how, ran_as FROM public.attack_ran GROUP BY how, ran_as ORDER BY how COLLATE "C", ran_as;
SHOW search_path;
SELECT * FROM attack_code.later;

-- the helper that switches gives nothing that the caller does not have
SET ROLE regress_lsce_poor;
SELECT * FROM lsce._as_owner('attack_model', 'SELECT 1') AS r (n integer);
SELECT lsce._do_as_owner('attack_model', 'DROP TABLE attack_model.account CASCADE');
RESET ROLE;
-- rows are of the types that the caller expects, and reading writes nothing
SELECT * FROM lsce._as_owner('attack_model', 'SELECT 1') AS r (n text);
SELECT * FROM lsce._as_owner('attack_model', 'SELECT 1') AS r (n integer);
SELECT * FROM lsce._as_owner('attack_model', 'DELETE FROM attack_model.country RETURNING 1') AS r (n integer);
SELECT * FROM lsce._as_owner('attack_model', 'SELECT current_user::name, session_user <> current_user') AS r (who name, other boolean);
SELECT * FROM lsce._as_owner('public', 'SELECT 1') AS r (n integer);
SELECT lsce._do_as_owner('attack_model', 'CREATE TEMPORARY TABLE attack (n integer)');
SELECT lsce._do_as_owner('attack_model', 'SET ROLE regress_lsce_poor');

RESET search_path;
CALL lsce.drop_model('attack_model', 'attack_model');
DROP SCHEMA attack_code CASCADE;
DROP FUNCTION public.look(text);
DROP FUNCTION public.attempt(text);
DROP TABLE public.attack_ran;
DROP OWNED BY regress_lsce_evil;
DROP ROLE regress_lsce_evil, regress_lsce_poor;
