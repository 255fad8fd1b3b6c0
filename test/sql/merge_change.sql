-- Change requests of master data: asked by one, decided by another, applied with
-- the rights of whoever approves; never facts.
\set model merge_change
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture
\set ECHO none
RESET lsce.login;
SET client_min_messages = error;
DROP ROLE IF EXISTS change_steward, change_rep, change_msl;
CREATE ROLE change_steward;
CREATE ROLE change_rep;
UPDATE app_user SET db_role = 'change_rep' WHERE login = 'rep';
INSERT INTO app_user (user_id, login, db_role, display_name, company_id) VALUES (public.id('steward'), 'steward', 'change_steward', 'Steward', public.id('acme'));
INSERT INTO user_assignment (user_id, persona) VALUES (public.id('steward'), 'data_steward');
CALL lsce.grant_persona('merge_change', 'data_steward', 'change_steward');
CALL lsce.grant_persona('merge_change', 'field_rep', 'change_rep');
INSERT INTO account (account_id, kind, name, country_code) VALUES (public.id('far'), 'hcp', 'Far away', 'XA');
CREATE FUNCTION public.hide(message text) RETURNS text LANGUAGE sql IMMUTABLE RETURN regexp_replace(message, '[0-9a-f]{8}-[0-9a-f-]{27}', 'ID', 'g');
CREATE FUNCTION public.of(who text) RETURNS jsonb LANGUAGE sql IMMUTABLE RETURN jsonb_build_object('account_id', public.id(who));
RESET client_min_messages;
\set ECHO all
SET ROLE change_rep;
-- what cannot be asked
SELECT public.attempt($$SELECT request_change('disbursement', '{}', '{"quantity": 1}')$$);
SELECT public.attempt($$SELECT request_change('consent_event', '{}', '{"action": "opt_in"}')$$);
SELECT public.attempt($$SELECT request_change('limit_counter', '{}', '{"used": 0}')$$);
SELECT public.attempt($$SELECT request_change('pg_authid', '{}', '{"rolsuper": true}')$$);
SELECT public.attempt($$SELECT request_change('pg_catalog.pg_authid', '{}', '{"rolsuper": true}')$$);
SELECT public.attempt($$SELECT request_change(NULL, '{}', '{"name": "x"}')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{"shoe_size": 9}')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{"survivor_id": null}')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{"status": "merged"}')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{"sys_from": "2020-01-01"}')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{"prescriber": "perhaps"}')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{}')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '[1]')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), NULL)$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{"account_id": "00000000-0000-0000-0000-000000000001"}')$$);
SELECT public.attempt($$SELECT request_change('account', '{"name": "Anna"}', '{"name": "Hanna"}')$$);
SELECT public.attempt($$SELECT request_change('account', NULL, '{"name": "Hanna"}')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{"name": "Hanna"}', 'create')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{"name": "Hanna"}', 'destroy')$$);
SELECT public.attempt($$SELECT request_change('account', public.of('anna'), '{"name": "Hanna"}', validation => 'oracle')$$);
-- somebody else's account does not exist for him
SELECT public.hide(public.attempt($$SELECT request_change('account', public.of('far'), '{"name": "Near"}')$$));
-- what can
SELECT request_change('hcp', public.of('anna'), '{"given_name": "Hanna", "title": "Dr."}', reason => 'she told me') AS names \gset
SELECT request_change('license', NULL, jsonb_build_object('account_id', public.id('anna'), 'number', 'N1', 'jurisdiction', 'XA-N', 'kind', 'state'), 'create') AS licence \gset
SELECT request_change('account', public.of('ben'), '{}', 'deactivate') AS leaves \gset
SELECT request_change('account', public.of('ben'), '{"name": ""}') AS empty \gset
SELECT request_change('hcp', public.of('ben'), '{"title": "Prof."}') AS title \gset
SELECT table_name, op, status, old_values, new_values - 'account_id' AS new_values, requested_by FROM data_change_request ORDER BY requested_at;
-- he asks; he neither decides nor applies
SELECT public.attempt(format('SELECT approve_change(%L)', :'names'));
SELECT public.attempt($$SELECT request_change('hcp', public.of('anna'), '{"title": "Prof."}', apply_now => true)$$);
SELECT public.attempt($$UPDATE data_change_request SET status = 'processed'$$);
SELECT public.attempt($$INSERT INTO data_change_request (table_name, row_key, op, new_values, requested_by, requested_by_id) VALUES ('account', '{}', 'update', '{}', 'steward', public.id('steward'))$$);
SELECT requested_by, requested_by_id = public.id('rep') AS is_rep FROM data_change_request WHERE row_key = '{}';
RESET ROLE;
SET ROLE change_steward;
SELECT public.hide(public.attempt(format('SELECT approve_change(%L, %L)', :'names', '{family_name}')));
SELECT public.hide(public.attempt(format('SELECT approve_change(%L, %L)', :'licence', '{number}')));
SELECT approve_change(:'names', '{given_name}', 'title to be verified');
SELECT approve_change(:'licence');
SELECT approve_change(:'leaves');
-- what the table does not allow is refused, and the request stays open
SELECT public.attempt(format('SELECT approve_change(%L)', :'empty'));
SELECT public.attempt(format('SELECT reject_change(%L, NULL)', :'empty'));
SELECT reject_change(:'empty', 'a name is needed');
SELECT public.hide(public.attempt(format('SELECT reject_change(%L, %L)', :'empty', 'again')));
SELECT public.hide(public.attempt(format('SELECT approve_change(%L)', :'names')));
SELECT public.hide(public.attempt(format('SELECT approve_change(%L)', public.id('nothing'))));
-- the row has changed since: nobody overwrites what he has not seen
UPDATE hcp SET title = 'PD' WHERE account_id = public.id('ben');
SELECT public.hide(public.attempt(format('SELECT approve_change(%L)', :'title')));
-- nobody approves his own; at once with his own rights
SELECT request_change('hcp', public.of('ben'), '{"title": "Dr."}') AS own \gset
SELECT public.hide(public.attempt(format('SELECT approve_change(%L)', :'own')));
SELECT request_change('hcp', public.of('ben'), '{"title": "Dr."}', apply_now => true, parent_id => :'own') IS NOT NULL AS applied;
SELECT h.given_name, h.title, a.name, a.status FROM account AS a JOIN hcp AS h USING (account_id) WHERE account_id IN (public.id('anna'), public.id('ben')) ORDER BY a.name;
SELECT number, kind FROM license WHERE account_id = public.id('anna') ORDER BY number;
SELECT table_name, op, status, decided_by, decision_note, applied_values - 'account_id' AS applied, apply_now FROM data_change_request ORDER BY requested_at;
SELECT public.hide(public.attempt(format('UPDATE data_change_request SET requested_by = %L WHERE change_request_id = %L', 'rep', :'own')));
SELECT public.hide(public.attempt(format('UPDATE data_change_request SET status = %L, decided_at = NULL, decided_by = NULL WHERE change_request_id = %L', 'pending', :'names')));
RESET ROLE;
SELECT changed_by FROM hcp_h WHERE account_id = public.id('anna');
SELECT count(*) > 0 AS history FROM data_change_request_h;
SELECT check_code, detail FROM lsce.verify('merge_change') WHERE NOT ok;
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA merge_change CASCADE;
DROP OWNED BY change_steward, change_rep;
DROP ROLE change_steward, change_rep;
DROP FUNCTION public.id, public.request_of, public.attempt, public.hide, public.of;
DROP PROCEDURE public.give;
