-- The golden record: which source is believed, lineage, merges.
\set ECHO none
SET client_min_messages = warning;
SET TIME ZONE 'UTC';
CREATE SCHEMA help_golden;
SET datestyle = 'ISO';
CREATE FUNCTION help_golden.id(code text) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5(code)::uuid;
CREATE FUNCTION help_golden.attempt(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END
$$;
DROP ROLE IF EXISTS golden_feed;
CREATE ROLE golden_feed;
CALL lsce.create_model('merge_golden');
CALL lsce.grant_persona('merge_golden', 'ingest', 'golden_feed');
SET search_path = merge_golden, help_golden, public, pg_catalog;
INSERT INTO company (company_id, code, name, kind, country_code) VALUES (id('acme'), 'ACME', 'Acme', 'own', 'US');
INSERT INTO app_user (user_id, login, db_role, display_name, company_id) VALUES (id('feed'), 'feed', 'golden_feed', 'Feed', id('acme'));
INSERT INTO user_assignment (user_id, persona) VALUES (id('feed'), 'ingest');
INSERT INTO account (account_id, kind, name, country_code) VALUES (id('a'), 'hcp', 'A', 'US'), (id('b'), 'hcp', 'B', 'US');
INSERT INTO hcp (account_id, given_name) VALUES (id('a'), 'typed in'), (id('b'), NULL);
RESET client_min_messages;
\set ECHO all
INSERT INTO survivorship_rule (field, source, priority, max_age) VALUES
	('*', 'registry', 1, NULL), ('*', 'vendor', 2, NULL), ('*', 'rep', 3, NULL),
	('hcp.title', 'rep', 1, NULL), ('hcp.title', 'registry', 2, NULL),
	('account.name', 'vendor', 1, '1 year'), ('account.name', 'registry', 2, '5 years');
SELECT help_golden.attempt($$INSERT INTO survivorship_rule (field, source, priority) VALUES ('hcp', 'rep', 1)$$);
SELECT help_golden.attempt($$INSERT INTO survivorship_rule (field, source, priority) VALUES ('*', 'other', 0)$$);
GRANT USAGE ON SCHEMA help_golden TO golden_feed;
SET ROLE golden_feed;
-- a source that nobody believes changes nothing
INSERT INTO account_source_value (account_id, source, field, value, observed_at) VALUES
	(id('a'), 'gossip', 'hcp.given_name', 'Max', '2026-01-05 00:00+00');
SELECT field, value, source, observed_at, rule, alternatives #- '{0,account_id}' AS alternatives FROM account_lineage(id('a'), '2026-02-01');
SELECT given_name FROM hcp WHERE account_id = id('a');
-- priority before recency, recency within a source
INSERT INTO account_source_value (account_id, source, field, value, observed_at) VALUES
	(id('a'), 'vendor', 'hcp.given_name', 'Anne', '2026-01-03 00:00+00'),
	(id('a'), 'registry', 'hcp.given_name', 'Anna', '2026-01-01 00:00+00'),
	(id('a'), 'registry', 'hcp.given_name', 'Hanna', '2025-01-01 00:00+00'),
	(id('a'), 'registry', 'hcp.title', 'Dr.', '2026-01-01 00:00+00'),
	(id('a'), 'rep', 'hcp.title', 'Prof.', '2025-01-01 00:00+00'),
	(id('a'), 'vendor', 'hcp.no_contact', 'yes', '2026-01-01 00:00+00'),
	(id('a'), 'vendor', 'account.name', 'Anna Vendor', '2024-01-01 00:00+00'),
	(id('a'), 'registry', 'account.name', 'Anna Registry', '2023-01-01 00:00+00');
SELECT field, value, source, observed_at, rule FROM account_lineage(id('a'), '2026-02-01');
SELECT a.value ->> 'source' AS source, a.value ->> 'value' AS value, a.value ->> 'rule' AS rule FROM account_lineage(id('a'), '2026-02-01') AS l, jsonb_array_elements(l.alternatives) AS a WHERE l.field = 'hcp.given_name';
SELECT h.given_name, h.title, h.no_contact, a.name FROM hcp AS h JOIN account AS a USING (account_id) WHERE account_id = id('a');
-- as it was known to the sources earlier
SELECT value, rule FROM account_lineage(id('a'), '2024-06-01') WHERE field = 'account.name';
SELECT value, rule FROM account_lineage(id('a'), '2025-06-01') WHERE field = 'hcp.given_name';
-- nothing new, nothing to do
SELECT * FROM apply_golden_record(id('a'), '2026-02-01');
SELECT count(*) FROM hcp WHERE account_id = id('a');
-- bad input
SELECT help_golden.attempt($$SELECT * FROM account_lineage(id('nobody'))$$);
SELECT help_golden.attempt($$SELECT * FROM account_lineage(NULL)$$);
SELECT help_golden.attempt($$INSERT INTO account_source_value VALUES (id('a'), 'rep', 'hcp.shoe_size', '9', '2026-01-01')$$);
SELECT help_golden.attempt($$INSERT INTO account_source_value VALUES (id('a'), 'rep', 'account.status', 'merged', '2026-01-01')$$);
SELECT help_golden.attempt($$INSERT INTO account_source_value VALUES (id('a'), 'rep', 'account.survivor_id', 'x', '2026-01-01')$$);
SELECT help_golden.attempt($$INSERT INTO account_source_value VALUES (id('a'), 'rep', 'license.number', '9', '2026-01-01')$$);
SELECT help_golden.attempt($$INSERT INTO account_source_value VALUES (id('a'), 'rep', 'hcp.no_contact', 'perhaps', '2026-01-01')$$);
SELECT help_golden.attempt($$INSERT INTO account_source_value VALUES (id('a'), 'rep', 'hcp.title', 'Dr.', '2999-01-01')$$);
SELECT help_golden.attempt($$INSERT INTO account_source_value VALUES (id('a'), 'registry', 'account.name', '', '2026-01-20')$$);
SELECT help_golden.attempt($$UPDATE account_source_value SET value = 'x'$$);
RESET ROLE;
SELECT help_golden.attempt($$UPDATE account_source_value SET value = 'x'$$);
-- a rule that changes is applied when asked
UPDATE survivorship_rule SET priority = 9 WHERE field = '*' AND source = 'registry';
SELECT field, old_value, new_value FROM apply_golden_record(id('a'), '2026-02-01');
SELECT given_name, changed_by = current_user AS by_me FROM hcp_h WHERE account_id = id('a') ORDER BY sys_from;
-- merged: the sources of both records speak of the survivor; unmerged: of their own
INSERT INTO account_source_value (account_id, source, field, value, observed_at) VALUES
	(id('b'), 'vendor', 'hcp.given_name', 'Annette', '2026-01-25 00:00+00'), (id('b'), 'vendor', 'hcp.family_name', 'Berg', '2026-01-25 00:00+00');
SELECT merge_account(id('a'), id('b'), 'the same person') AS merge \gset
SELECT given_name, family_name FROM hcp WHERE account_id = id('a');
SELECT field, value, source FROM account_lineage(id('b'), '2026-02-01') WHERE field LIKE 'hcp.%name';
SELECT a.value ->> 'source' AS source, a.value ->> 'value' AS value, (a.value ->> 'account_id')::uuid = id('a') AS of_a FROM account_lineage(id('a'), '2026-02-01') AS l, jsonb_array_elements(l.alternatives) AS a WHERE l.field = 'hcp.given_name';
SELECT unmerge_account(:'merge') > 0 AS restored;
SELECT account_id = id('a') AS a, given_name, family_name FROM hcp ORDER BY 1;
SELECT field, value, source FROM account_lineage(id('a'), '2026-02-01') WHERE field LIKE 'hcp.%name';
-- what a source said of the merged record meanwhile goes with it; what was typed in before comes back
UPDATE hcp SET family_name = 'typed' WHERE account_id = id('a');
SELECT merge_account(id('a'), id('b'), 'the same person') AS merge \gset
INSERT INTO account_source_value (account_id, source, field, value, observed_at) VALUES (id('b'), 'vendor', 'hcp.given_name', 'Berta', '2026-01-28 00:00+00');
SELECT account_id = id('a') AS a, given_name, family_name FROM hcp ORDER BY 1;
SELECT unmerge_account(:'merge') > 0 AS restored;
SELECT account_id = id('a') AS a, given_name, family_name FROM hcp ORDER BY 1;
SELECT * FROM lsce.verify('merge_golden') WHERE NOT ok;
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA merge_golden, help_golden CASCADE;
DROP OWNED BY golden_feed;
DROP ROLE golden_feed;
