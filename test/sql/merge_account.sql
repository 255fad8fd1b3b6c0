-- Merging accounts: limits, consent, visibility and master data of two records
-- that are one; undoing it; every refusal.
\set model merge_account
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture
\set ECHO none
SET client_min_messages = error;
DROP ROLE IF EXISTS merge_steward, merge_rep;
CREATE ROLE merge_steward;
CREATE ROLE merge_rep;
UPDATE app_user SET db_role = 'merge_rep' WHERE login = 'rep';
INSERT INTO app_user (user_id, login, db_role, display_name, company_id) VALUES (public.id('steward'), 'steward', 'merge_steward', 'Steward', public.id('acme'));
INSERT INTO user_assignment (user_id, persona) VALUES (public.id('steward'), 'data_steward');
CALL lsce.grant_persona('merge_account', 'data_steward', 'merge_steward');
CALL lsce.grant_persona('merge_account', 'field_rep', 'merge_rep');
-- a third record, of another kind, and a fourth; rules that count in other ways
INSERT INTO account (account_id, kind, name, country_code) VALUES (public.id('cleo'), 'hcp', 'Cleo', 'XA'), (public.id('shop'), 'pharmacy', 'Shop', 'XA');
INSERT INTO hcp (account_id, given_name) VALUES (public.id('cleo'), 'Cleo');
INSERT INTO limit_rule (rule_id, template_id, name, subject, quota, period, every) VALUES
	(public.id('rolling'), public.id('template'), 'rolling', 'account', 3, 'sliding', '1 year'),
	(public.id('by user'), public.id('template'), 'by user', 'account_user', 9, 'calendar_year', NULL),
	(public.id('by request'), public.id('template'), 'by request', 'account', 9, 'per_request', NULL),
	(public.id('since'), public.id('template'), 'since', 'account', 3, 'since_first_request', NULL);
CREATE VIEW public.counters AS
	SELECT r.name, CASE left(c.subject_key, 36) WHEN public.id('anna')::text THEN 'anna' WHEN public.id('ben')::text THEN 'ben' WHEN public.id('cleo')::text THEN 'cleo' END AS counts,
		substr(c.subject_key, 37, 1) AS by, c.window_from, c.quota, c.used, c.excess
	FROM merge_account.limit_counter AS c JOIN merge_account.limit_rule AS r USING (rule_id)
	WHERE c.used <> 0 OR c.excess <> 0;
CREATE FUNCTION public.headroom(who text, day date) RETURNS text LANGUAGE sql STABLE
	SET search_path = merge_account, public, pg_catalog
	AS $$ SELECT string_agg(format('%s: %s of %s', r.name, h.remaining, h.quota), ', ' ORDER BY r.name)
		FROM sample_headroom(public.id(who), public.id('p10'), day, public.id('rep')) AS h JOIN limit_rule AS r USING (rule_id) $$;
CREATE FUNCTION public.clean() RETURNS TABLE (check_code text, detail text) LANGUAGE sql
	AS $$ SELECT check_code, subject || ': ' || detail FROM lsce.verify('merge_account') WHERE NOT ok $$;
RESET client_min_messages;
RESET lsce.login;
SET TIME ZONE 'UTC';
\set ECHO all

-- one pack to each record: with two records, twice the limit could be had
SET lsce.login = 'rep';
CALL public.give('a1', 'anna', 1, '2023-02-01');
CALL public.give('b1', 'ben', 1, '2023-02-02');
RESET lsce.login;
SELECT public.headroom('anna', '2023-03-01'), public.headroom('ben', '2023-03-01');
SELECT decision_id AS b1_decision FROM disbursement WHERE disbursement_id = public.id('b1') \gset
CREATE TEMP TABLE steps_before AS SELECT * FROM decision_steps(:'b1_decision');
SELECT name, counts, by, window_from, quota, used, excess FROM public.counters ORDER BY name, counts;

-- who may
SET ROLE merge_rep;
SELECT public.attempt($$SELECT merge_account(public.id('anna'), public.id('ben'), 'the same person')$$);
RESET ROLE;
SET ROLE merge_steward;
SELECT public.attempt($$UPDATE account SET status = 'merged', survivor_id = public.id('anna') WHERE account_id = public.id('ben')$$);
SELECT public.attempt($$INSERT INTO account (account_id, kind, name, country_code, status, survivor_id) VALUES (public.id('x'), 'hcp', 'X', 'XA', 'merged', public.id('anna'))$$);

-- what cannot be merged
SELECT public.attempt($$SELECT merge_account(public.id('anna'), public.id('anna'), 'x')$$);
SELECT public.attempt($$SELECT merge_account(public.id('anna'), public.id('nobody'), 'x')$$);
SELECT public.attempt($$SELECT merge_account(public.id('nobody'), public.id('anna'), 'x')$$);
SELECT public.attempt($$SELECT merge_account(public.id('anna'), NULL, 'x')$$);
SELECT public.attempt($$SELECT merge_account(public.id('anna'), public.id('clinic'), 'x')$$);
SELECT public.attempt($$SELECT merge_account(public.id('anna'), public.id('shop'), 'x')$$);
SELECT public.attempt($$SELECT merge_account(public.id('anna'), public.id('ben'), NULL)$$);
SELECT public.attempt($$SELECT merge_account(public.id('anna'), public.id('ben'), '  ')$$);

-- the merge: both count, nobody has moved a fact
SELECT merge_account(public.id('anna'), public.id('ben'), 'the same person') AS merge \gset
RESET ROLE;
SELECT public.headroom('anna', '2023-03-01'), public.headroom('ben', '2023-03-01');
SELECT name, counts, by, window_from, quota, used, excess FROM public.counters ORDER BY name, counts;
SELECT account_id = public.id('ben') AS still_ben, quantity FROM disbursement WHERE disbursement_id = public.id('b1');
SELECT status, survivor_id = public.id('anna') AS into_anna FROM account WHERE account_id = public.id('ben');
SELECT count(*) > 20 AS all_steps, count(*) FILTER (WHERE n <> 2) AS differ
	FROM (SELECT count(*) AS n FROM (SELECT s::text AS step FROM decision_steps(:'b1_decision') AS s UNION ALL SELECT b::text FROM steps_before AS b) AS x GROUP BY x.step) AS y;
SELECT * FROM public.clean();
-- the third pack is refused, whichever record is named
SET lsce.login = 'rep';
SELECT public.attempt($$CALL public.give('a2', 'anna', 1, '2023-03-01')$$);
SELECT public.attempt($$CALL public.give('b2', 'ben', 1, '2023-03-01')$$);
-- another year has room: given to the merged record, counted for the survivor
CALL public.give('b3', 'ben', 1, '2024-03-01');
RESET lsce.login;
SELECT name, counts, by, window_from, used FROM public.counters WHERE window_from = '2024-01-01' ORDER BY name;

-- master data follows, what is said twice is said once
SELECT kind, value, is_primary, account_id = public.id('anna') AS of_anna FROM contact_point WHERE contact_point_id IN (public.id('anna:address'), public.id('ben:address')) ORDER BY is_primary DESC;
SELECT number, account_id = public.id('anna') AS of_anna FROM license ORDER BY number;
SELECT table_name, column_name, op, count(*) FROM account_merge_row WHERE merge_id = :'merge' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT count(*) AS earlier_versions FROM contact_point_h WHERE contact_point_id = public.id('ben:address');
SELECT topic, entity_id = public.id('anna') AS of_anna, payload - '{merge_id,loser_id,members}'::text[] AS payload FROM outbox WHERE topic LIKE 'account.%';
SELECT array_agg(i ORDER BY n) = ARRAY[public.id('anna'), public.id('ben')] AS identity FROM account_identity(public.id('ben')) WITH ORDINALITY AS t (i, n);

-- merged again, into itself through another, twice
SET ROLE merge_steward;
SELECT replace(public.attempt($$SELECT merge_account(public.id('anna'), public.id('ben'), 'x')$$), public.id('anna')::text, 'ANNA') AS attempt;
SELECT public.attempt($$SELECT merge_account(public.id('ben'), public.id('anna'), 'x')$$) ~ 'LS420: .*itself merged' AS turned_round;
SELECT public.attempt($$SELECT merge_account(public.id('ben'), public.id('cleo'), 'x')$$) ~ 'LS420: .*merge into that one' AS into_merged;
SELECT public.attempt($$SELECT unmerge_account(public.id('nothing'))$$) ~ '^P0002' AS unknown_merge;
-- a survivor that is merged takes along what was merged into it
SELECT merge_account(public.id('cleo'), public.id('anna'), 'and she is Cleo') AS second \gset
SELECT count(*) FROM account WHERE survivor_id = public.id('cleo');
SELECT public.attempt(format('SELECT unmerge_account(%L)', :'merge')) ~ 'LS420: .*undo it first' AS in_order;
RESET ROLE;
SELECT name, counts, by, window_from, used FROM public.counters ORDER BY name, window_from;
SELECT * FROM public.clean();
SET ROLE merge_steward;
SELECT unmerge_account(:'second') > 0 AS restored;
SELECT unmerge_account(:'merge') > 0 AS restored;
SELECT public.attempt(format('SELECT unmerge_account(%L)', :'merge')) ~ 'LS420: .*was undone' AS once;
RESET ROLE;
-- everybody has his own again; what was given to the merged record meanwhile is its own
SELECT name, counts, by, window_from, quota, used, excess FROM public.counters ORDER BY name, counts, window_from;
SELECT status, survivor_id FROM account WHERE account_id IN (public.id('anna'), public.id('ben'), public.id('cleo'));
SELECT is_primary, account_id = public.id('ben') AS of_ben FROM contact_point WHERE contact_point_id = public.id('ben:address');
SELECT number, account_id = public.id('ben') AS of_ben FROM license ORDER BY number;
SELECT count(*) > 20 AS all_steps, count(*) FILTER (WHERE n <> 2) AS differ
	FROM (SELECT count(*) AS n FROM (SELECT s::text AS step FROM decision_steps(:'b1_decision') AS s UNION ALL SELECT b::text FROM steps_before AS b) AS x GROUP BY x.step) AS y;
SELECT topic, payload -> 'left' AS left FROM outbox WHERE topic LIKE 'account.%' ORDER BY id;
SELECT * FROM public.clean();

-- two records with a full limit each: excess, with a discrepancy
SET lsce.login = 'rep';
CALL public.give('a4', 'anna', 1, '2023-05-01');
CALL public.give('b4', 'ben', 1, '2023-05-01');
RESET lsce.login;
SELECT merge_account(public.id('anna'), public.id('ben'), 'the same person') AS merge \gset
SELECT name, counts, by, window_from, quota, used, excess FROM public.counters ORDER BY name, counts, window_from;
SELECT r.name, d.severity, d.reason_code, d.over_by, d.status FROM discrepancy AS d JOIN limit_rule AS r USING (rule_id) ORDER BY r.name;
SELECT public.headroom('anna', '2023-06-01');
SELECT * FROM public.clean();
-- a reversal of the merged record's fact makes room for the survivor
SELECT reverse_disbursement(public.id('b4'), 'entry_error') IS NOT NULL AS reversed;
SELECT name, counts, by, window_from, quota, used, excess FROM public.counters ORDER BY name, counts, window_from;
SELECT * FROM public.clean();
SELECT unmerge_account(:'merge') > 0 AS restored;
SELECT name, counts, by, window_from, quota, used, excess FROM public.counters ORDER BY name, counts, window_from;
SELECT r.name, d.status FROM discrepancy AS d JOIN limit_rule AS r USING (rule_id) ORDER BY r.name;
SELECT * FROM public.clean();

-- consent: an objection to one record binds the other, for as long as they are one
SELECT outcome, reason_code FROM can_contact(public.id('anna'), NULL, 'sample_receipt', controller_id => public.id('acme'));
SELECT record_consent(public.id('ben'), 'sample_receipt', NULL, 'object', '2024-06-01 12:00+00', controller_id => public.id('acme')) IS NOT NULL AS objected;
SELECT merge_account(public.id('anna'), public.id('ben'), 'the same person') AS merge \gset
SELECT outcome, reason_code FROM can_contact(public.id('anna'), NULL, 'sample_receipt', controller_id => public.id('acme'));
SELECT * FROM public.clean();
SELECT unmerge_account(:'merge') > 0 AS restored;
SELECT outcome, reason_code FROM can_contact(public.id('anna'), NULL, 'sample_receipt', controller_id => public.id('acme'));

-- visibility: history follows the account
DELETE FROM account_territory WHERE account_id = public.id('cleo');
SET ROLE merge_rep;
SELECT count(*) AS seen FROM account WHERE account_id = public.id('cleo');
RESET ROLE;
SELECT merge_account(public.id('anna'), public.id('cleo'), 'the same person') AS merge \gset
SET ROLE merge_rep;
SELECT count(*) AS seen FROM account WHERE account_id = public.id('cleo');
SELECT reason FROM account_merge WHERE unmerged_at IS NULL;
SELECT count(*) FROM account_merge_row;
RESET ROLE;
SELECT unmerge_account(:'merge') > 0 AS restored;
SELECT * FROM public.clean();

-- what went past the functions is found
UPDATE account SET status = 'merged', survivor_id = public.id('ben') WHERE account_id = public.id('cleo');
UPDATE account SET status = 'merged', survivor_id = public.id('anna') WHERE account_id = public.id('ben');
SELECT check_code, count(*), bool_and(detail ~ 'was itself merged into|counts disbursement') AS said FROM public.clean() GROUP BY check_code;

\set ECHO none
SET client_min_messages = error;
DROP VIEW public.counters;
DROP FUNCTION public.headroom, public.clean;
DROP SCHEMA merge_account CASCADE;
DROP OWNED BY merge_steward, merge_rep;
DROP ROLE merge_steward, merge_rep;
DROP FUNCTION public.id, public.request_of, public.attempt;
DROP PROCEDURE public.give;
