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

-- a schema of one's own that looks like a model: numbers where the code expects pointers
CREATE SCHEMA attack_fake AUTHORIZATION regress_lsce_evil;
SET ROLE regress_lsce_evil;
CREATE TABLE attack_fake.model_version (version int);
CREATE TABLE attack_fake.app_user (user_id int8, company_id int8, tz text, db_role name, login int8);
INSERT INTO attack_fake.app_user VALUES (4711, 4711, 'UTC', 'regress_lsce_evil', 4711);
CREATE TABLE attack_fake.account (account_id uuid);
INSERT INTO attack_fake.account VALUES ('00000000-0000-0000-0000-000000000001');
CREATE TABLE attack_fake.decision (decision_id uuid, facts int8);
INSERT INTO attack_fake.decision VALUES ('00000000-0000-0000-0000-000000000001', 4711);
CREATE FUNCTION attack_fake.decision_steps() RETURNS int LANGUAGE sql RETURN 1;
SELECT public.attempt($$SELECT lsce.acting_user('attack_fake')$$);
SELECT public.attempt($$SELECT lsce.acting_name('attack_fake')$$);
SELECT public.attempt($$SELECT lsce.decision_steps('attack_fake', '00000000-0000-0000-0000-000000000001', 'en')$$);
CREATE TABLE attack_fake.disbursement (disbursement_id int8, account_id int8, captured_at int8, kind int8);
CREATE TRIGGER derive BEFORE INSERT ON attack_fake.disbursement FOR EACH ROW EXECUTE FUNCTION lsce.handover_derive();
SELECT public.attempt('INSERT INTO attack_fake.disbursement VALUES (4711, 4711, 4711, 4711)');
CREATE TABLE attack_fake.consent_event (event_id int8, account_id int8, action int8, captured_at int8, evidence int8);
CREATE TRIGGER checks BEFORE INSERT ON attack_fake.consent_event FOR EACH ROW EXECUTE FUNCTION lsce.consent_event_check();
CREATE TRIGGER changed AFTER INSERT ON attack_fake.consent_event FOR EACH ROW EXECUTE FUNCTION lsce.consent_event_changed();
SELECT public.attempt('INSERT INTO attack_fake.consent_event VALUES (4711, 4711, 4711, 4711, 4711)');
CREATE TABLE attack_fake.outbound_message (message_id int8, state int8);
CREATE TRIGGER changes BEFORE UPDATE ON attack_fake.outbound_message FOR EACH ROW EXECUTE FUNCTION lsce.message_change();
INSERT INTO attack_fake.outbound_message VALUES (4711, 4711);
SELECT public.attempt('UPDATE attack_fake.outbound_message SET state = 4712');
CREATE TABLE attack_fake.disbursement_reversal (disbursement_id int8, kind int8, to_location_id int8, user_id int8);
CREATE TRIGGER derive BEFORE INSERT ON attack_fake.disbursement_reversal FOR EACH ROW EXECUTE FUNCTION lsce.reversal_derive();
SELECT public.attempt('INSERT INTO attack_fake.disbursement_reversal VALUES (4711, 4711, 4711, 4711)');
CREATE TABLE attack_fake.hco (account_id int8, parent_id int8);
CREATE TRIGGER hierarchy AFTER INSERT ON attack_fake.hco FOR EACH ROW EXECUTE FUNCTION lsce.hco_hierarchy();
SELECT public.attempt('INSERT INTO attack_fake.hco VALUES (4711, 4711)');
RESET ROLE;

DROP SCHEMA attack_fake CASCADE;
DROP SCHEMA attack_open CASCADE;
DROP TABLE public.attack_ran;
DROP FUNCTION public.attempt(text);
DROP OWNED BY regress_lsce_evil;
DROP ROLE regress_lsce_evil, regress_lsce_victim;
