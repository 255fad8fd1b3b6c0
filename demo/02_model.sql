-- title: A model, and a made-up company in it
-- A model is a schema of ordinary tables. Its owner is a role that nobody logs in
-- as. load_demo() fills it with Cumulus Pharma: people, products, doctors, stock.
-- The story is set on Monday, 2 March 2026, in California; so that it can be told
-- on any later day, the company lets facts be entered long after they happened.
SELECT format('CREATE ROLE %I %s', r.name, r.login)
  FROM (VALUES ('demo_owner', 'NOLOGIN'), ('demo_mark', 'LOGIN'), ('demo_michelle', 'LOGIN'), ('demo_ana', 'LOGIN'),
               ('demo_olivia', 'LOGIN'), ('demo_ayse', 'LOGIN'), ('demo_steward', 'LOGIN')) AS r (name, login)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r.name) \gexec
SELECT format('GRANT CREATE ON DATABASE %I TO demo_owner', current_database()) \gexec

SET ROLE demo_owner;
CALL lsce.create_model('crm');
SET client_min_messages = warning;
CALL lsce.load_demo('crm', accounts => 1000, seed => 42);
SELECT check_code, ok, detail FROM lsce.check_model('crm');

-- six of its people get a database role, with the rights of their persona
UPDATE crm.app_user AS u SET db_role = r.role
  FROM (VALUES ('us.rep.1.0001', 'demo_mark'), ('us.sample_ops', 'demo_michelle'), ('us.admin', 'demo_ana'),
               ('us.compliance', 'demo_olivia'), ('de.compliance', 'demo_ayse'), ('us.data_steward', 'demo_steward')) AS r (login, role)
 WHERE u.login = r.login
RETURNING u.login, u.display_name, u.db_role;
CALL lsce.grant_persona('crm', 'field_rep', 'demo_mark');
CALL lsce.grant_persona('crm', 'sample_ops', 'demo_michelle');
CALL lsce.grant_persona('crm', 'admin', 'demo_ana');
CALL lsce.grant_persona('crm', 'compliance', 'demo_olivia');
CALL lsce.grant_persona('crm', 'compliance', 'demo_ayse');
CALL lsce.grant_persona('crm', 'data_steward', 'demo_steward');
UPDATE crm.setting SET value = '36500' WHERE name = 'back_date_days' AND scope = 'org' RETURNING name, value;

-- Mark sees the accounts of his territory, and no others
SELECT (SELECT count(*) FROM crm.account) AS accounts, (SELECT count(*) FROM crm.hcp) AS professionals;
SET ROLE demo_mark;
SELECT (SELECT count(*) FROM crm.account) AS accounts, (SELECT count(*) FROM crm.hcp) AS professionals;
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT bool_and(ok) FROM lsce.check_model('crm'));
END $$;
