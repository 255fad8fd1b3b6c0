-- A model with two companies, a user, a product tree and accounts in several
-- countries; included by the consent tests.  psql variable model: its name.
\set ECHO none
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CALL lsce.create_model(:'model');
SET search_path = :model, lsce, pg_catalog;
SET TIME ZONE 'UTC';
SET datestyle = 'ISO';

INSERT INTO company (company_id, code, name, kind, country_code) VALUES
	('c0000000-0000-0000-0000-000000000001', 'ACME', 'Acme', 'own', 'DE'),
	('c0000000-0000-0000-0000-000000000002', 'PARTNER', 'Partner', 'partner', 'US');
INSERT INTO app_user (user_id, login, display_name, company_id) VALUES
	('b0000000-0000-0000-0000-000000000007', 'R7', 'Rep Seven', 'c0000000-0000-0000-0000-000000000001');
INSERT INTO product (product_id, code, name, type, spec_type, parent_id) VALUES
	('d0000000-0000-0000-0000-00000000000a', 'X', 'Brand X', 'brand', NULL, NULL),
	('d0000000-0000-0000-0000-0000000000a1', 'X10', 'X 10 mg', 'product', 'sample', 'd0000000-0000-0000-0000-00000000000a'),
	('d0000000-0000-0000-0000-00000000000b', 'Y', 'Brand Y', 'brand', NULL, NULL);

-- an account with a work address, two mailboxes and a telephone; ids follow from its code
CREATE FUNCTION pg_temp.id(code text) RETURNS uuid LANGUAGE sql IMMUTABLE
	RETURN md5(code)::uuid;
CREATE PROCEDURE pg_temp.add_account(code text, country text, zone text DEFAULT NULL) LANGUAGE sql AS $$
	INSERT INTO account (account_id, kind, name, country_code) VALUES (pg_temp.id(code), 'hcp', 'Dr ' || code, country);
	INSERT INTO hcp (account_id) VALUES (pg_temp.id(code));
	INSERT INTO contact_point (contact_point_id, account_id, kind, value, country_code, tz, is_primary) VALUES
		(pg_temp.id(code || ':address'), pg_temp.id(code), 'address', NULL, country, zone, true),
		(pg_temp.id(code || ':mail'), pg_temp.id(code), 'email', code || '@example.org', NULL, NULL, true),
		(pg_temp.id(code || ':mail2'), pg_temp.id(code), 'email', code || '@example.net', NULL, NULL, false),
		(pg_temp.id(code || ':phone'), pg_temp.id(code), 'phone', '+10000000', NULL, NULL, true);
$$;
-- a statement that must fail: how
CREATE FUNCTION pg_temp.refused(statement text, OUT code text, OUT message text, OUT hint text, OUT rule text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	message := 'not refused';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT, rule = CONSTRAINT_NAME;
END $$;
SET lsce.login = 'R7';
RESET client_min_messages;
\set ON_ERROR_STOP off
\set ECHO all
