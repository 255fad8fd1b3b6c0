-- Attacks on the owner's rights: the functions of schema lsce run as the owner
-- of a model, so nothing but a model may be taken for one.
SET client_min_messages = warning;
CREATE ROLE regress_lsce_evil;
CREATE ROLE regress_lsce_victim;
CREATE TABLE public.attack_ran (ran_as name);
GRANT INSERT ON public.attack_ran TO PUBLIC;
DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO regress_lsce_evil', current_database()); END $$;

CREATE FUNCTION public.attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'ran';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;

-- a temporary schema belongs to the bootstrap superuser and holds what anybody puts there
SET ROLE regress_lsce_evil;
CREATE TEMPORARY TABLE model_version (version int);
CREATE FUNCTION pg_temp.steal() RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.attack_ran VALUES (current_user);
	RETURN NULL;
END
$$;
CREATE TEMPORARY VIEW app_user AS
	SELECT pg_temp.steal() AS user_id, NULL::uuid AS company_id, 'UTC'::text AS tz, 'regress_lsce_evil'::name AS db_role, 'evil'::text AS login;
SELECT f AS function, public.attempt(format('SELECT lsce.%I(pg_my_temp_schema()::regnamespace)', f))
FROM unnest('{acting_user,my_company,sees_all,my_account_ids,rule_set}'::text[]) AS f;
RESET ROLE;

-- a schema whose owner lets others create in it, without and with a model_version of its own
CREATE SCHEMA attack_open AUTHORIZATION regress_lsce_victim;
GRANT USAGE, CREATE ON SCHEMA attack_open TO regress_lsce_evil;
SET ROLE regress_lsce_evil;
CREATE TABLE attack_open.model_version (version int);
CREATE FUNCTION attack_open.steal() RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.attack_ran VALUES (current_user);
	RETURN NULL;
END
$$;
CREATE VIEW attack_open.app_user AS
	SELECT attack_open.steal() AS user_id, NULL::uuid AS company_id, 'UTC'::text AS tz, 'regress_lsce_evil'::name AS db_role, 'evil'::text AS login;
GRANT SELECT ON attack_open.app_user TO regress_lsce_victim;
SELECT public.attempt($$SELECT lsce.acting_user('attack_open')$$);
DROP TABLE attack_open.model_version;
SET ROLE regress_lsce_victim;
CREATE TABLE attack_open.model_version (version int);
SET ROLE regress_lsce_evil;
SELECT public.attempt($$SELECT lsce.acting_user('attack_open')$$);
-- triggers of schema lsce on a table of his own in that schema
CREATE TABLE attack_open.account (account_id uuid, sys_from timestamptz);
CREATE TABLE attack_open.account_h (account_id uuid, sys_from timestamptz, sys_to timestamptz, changed_by name, extra jsonb);
CREATE TRIGGER history AFTER UPDATE ON attack_open.account FOR EACH ROW EXECUTE FUNCTION lsce.history();
INSERT INTO attack_open.account VALUES (NULL, now());
SELECT public.attempt('UPDATE attack_open.account SET account_id = NULL');
RESET ROLE;
SELECT ran_as FROM public.attack_ran;

DROP SCHEMA attack_open CASCADE;
DROP TABLE public.attack_ran;
DROP FUNCTION public.attempt(text);
DROP OWNED BY regress_lsce_evil;
DROP ROLE regress_lsce_evil, regress_lsce_victim;
