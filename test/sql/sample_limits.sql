-- Limits: every period, subject, pool and way of counting, passing and failing.
\set model sample_limits
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture

-- the rule under test replaces the fixture's; each test starts with nothing counted
\set ECHO none
CREATE PROCEDURE public.limit_is(settings text) LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL client_min_messages = error;
	UPDATE limit_template SET status = 'retired' WHERE code LIKE 'CO-%';
	INSERT INTO limit_template (template_id, code, label, country_code, authority, status, authored_by, approved_by, approved_at)
		VALUES (public.id(settings), 'CO-' || settings, settings, 'XA', 'company', 'approved', 'author', 'approver', '2021-01-01 00:00+00');
	INSERT INTO limit_assignment (template_id, product_id) SELECT public.id(settings), public.id(p) FROM unnest('{brand,other}'::text[]) AS p;
	INSERT INTO limit_rule SELECT (jsonb_populate_record(NULL::limit_rule,
		'{"name": "limit", "subject": "account", "counting": "units", "pool": "product", "offset_by": "0", "year_starts_month": 1,
		  "window_restarts": [], "outside_window": "deny", "applies_when": {}, "sys_from": "2021-01-01"}'::jsonb
		|| settings::jsonb || jsonb_build_object('rule_id', public.id(settings || 'rule'), 'template_id', public.id(settings)))).*;
END
$$;
-- what a hand-over would meet; rolled back, so that each line stands alone
CREATE FUNCTION public.try(VARIADIC drops text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	drop_ text[];
	n int := 0;
	result text;
BEGIN
	-- each drop: who, quantity, day, product, visit
	FOR drop_ IN SELECT string_to_array(d, ' ') FROM unnest(drops) AS d
	LOOP
		n := n + 1;
		CALL public.give('try' || n, drop_[1], drop_[2]::numeric, drop_[3]::date, coalesce(drop_[4], 'p10'), coalesce(drop_[5]::int, 1));
	END LOOP;
	RAISE EXCEPTION 'given';
EXCEPTION WHEN OTHERS THEN
	RETURN CASE WHEN SQLERRM = 'given' THEN 'given' ELSE SQLSTATE || ': ' || regexp_replace(SQLERRM, '^CO-\{.*\}: ', '') || ' (drop ' || n || ')' END;
END
$$;
\set ECHO all

CALL public.limit_is('{"period": "calendar_year", "quota": 2}');
SELECT public.try('anna 2 2023-12-31', 'anna 2 2024-01-01');
SELECT public.try('anna 1 2023-01-01', 'anna 1 2023-06-30', 'anna 1 2023-12-31');
CALL public.limit_is('{"period": "calendar_month", "quota": 1}');
SELECT public.try('anna 1 2023-01-31', 'anna 1 2023-02-01', 'anna 1 2023-02-28');
CALL public.limit_is('{"period": "fiscal_year", "quota": 1, "year_starts_month": 4}');
SELECT public.try('anna 1 2023-03-31', 'anna 1 2023-04-01', 'anna 1 2024-03-31');
CALL public.limit_is('{"period": "date_range", "quota": 1, "starts": "2023-03-01", "ends": "2023-09-01"}');
SELECT public.try('anna 1 2023-02-28');
SELECT public.try('anna 1 2023-03-01', 'anna 1 2023-08-31');
SELECT public.try('anna 1 2023-09-01');
CALL public.limit_is('{"period": "fixed_start", "quota": 1, "starts": "2023-01-15", "every": "1 month", "offset_by": "16 days"}');
SELECT public.try('anna 1 2023-01-30');
SELECT public.try('anna 1 2023-01-31', 'anna 1 2023-02-28', 'anna 1 2023-03-30');
CALL public.limit_is('{"period": "rolling_start", "quota": 2, "every": "6 months"}');
SELECT public.try('anna 1 2023-03-15', 'anna 1 2023-09-14', 'anna 2 2023-09-15', 'anna 1 2024-03-14');
SELECT public.try('anna 1 2023-03-15', 'anna 1 2023-02-01', 'anna 1 2023-07-31');
CALL public.limit_is('{"period": "sliding", "quota": 2, "every": "12 months"}');
SELECT public.try('anna 2 2023-12-20', 'anna 1 2024-01-10');
SELECT public.try('anna 2 2023-01-20', 'anna 2 2024-01-20');
SELECT public.try('anna 2 2023-01-20', 'anna 2 2024-01-19');
-- entered late: windows of later days count too
SELECT public.try('anna 1 2023-06-01', 'anna 1 2023-12-01', 'anna 1 2023-03-01');
SELECT public.try('anna 1 2023-06-01', 'anna 1 2024-03-02', 'anna 1 2023-03-01');
CALL public.limit_is('{"period": "since_launch", "quota": 1, "every": "24 months"}');
SELECT public.try('anna 1 2023-02-28');
SELECT public.try('anna 1 2023-03-01');
CALL public.limit_is('{"period": "since_first_request", "quota": 1, "every": "6 months"}');
SELECT public.try('anna 1 2023-06-30', 'anna 1 2023-06-30');
SELECT public.try('anna 1 2023-07-01');
CALL public.limit_is('{"period": "per_request", "quota": 2}');
SELECT public.try('anna 1 2023-02-01', 'anna 1 2023-03-01', 'anna 2 2023-04-01', 'anna 1 2023-03-02');
CALL public.limit_is('{"period": "arrangement", "quota": 3, "every": "2 months"}');
SELECT public.try('anna 2 2023-02-01', 'anna 1 2023-03-01', 'anna 3 2023-04-01', 'anna 1 2023-03-01');
SELECT public.try('anna 2 2023-03-02');
CALL public.limit_is('{"period": "lifetime", "quota": 2}');
SELECT public.try('anna 1 2023-02-01', 'anna 1 2024-06-01', 'anna 1 2024-11-01');
CALL public.limit_is('{"period": "none", "per_visit": 2}');
SELECT public.try('anna 2 2023-02-01 p10 1', 'anna 2 2023-02-01 p10 2', 'anna 1 2023-02-01 p10 2');
CALL public.limit_is('{"period": "calendar_year", "quota": 3, "per_visit": 2}');
SELECT public.try('anna 2 2023-02-01 p10 1', 'anna 2 2023-02-01 p10 2');
SELECT public.try('anna 3 2023-02-01 p10 1');
-- a visit may hold several requests
CALL public.limit_is('{"period": "per_request", "quota": 3, "per_visit": 2}');
SELECT public.try('anna 2 2023-03-01 p10 1', 'anna 1 2023-04-01 p10 1');
SELECT public.try('anna 2 2023-03-01 p10 1', 'anna 1 2023-03-02 p10 2', 'anna 2 2023-04-01 p10 2');
SELECT public.try('anna 2 2023-03-01 p10 1', 'anna 1 2023-03-02 p10 2', 'anna 1 2023-04-01 p10 2', 'anna 1 2023-03-02 p10 2');

-- whose use
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "subject": "hco"}');
SELECT public.try('anna 1 2023-02-01', 'ben 1 2023-02-01', 'ben 1 2023-02-01');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "subject": "user"}');
SELECT public.try('anna 1 2023-02-01', 'ben 1 2023-02-01', 'anna 1 2023-02-01');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "subject": "account_user"}');
SELECT public.try('anna 2 2023-02-01', 'ben 2 2023-02-01', 'anna 1 2023-02-01');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "subject": "territory"}');
SELECT public.try('anna 1 2023-02-01', 'ben 1 2023-02-01', 'anna 1 2023-02-01');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "subject": "company"}');
SELECT public.try('anna 1 2023-02-01', 'ben 1 2023-02-01', 'anna 1 2023-02-01');
-- of which products
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "pool": "sku"}');
SELECT public.try('anna 2 2023-02-01 p10', 'anna 2 2023-02-01 p20', 'anna 1 2023-02-01 p20');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "pool": "form_strength"}');
SELECT public.try('anna 2 2023-02-01 p10', 'anna 2 2023-02-01 p20', 'anna 1 2023-02-01 p20');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "pool": "brand"}');
SELECT public.try('anna 1 2023-02-01 p10', 'anna 2 2023-02-01 other', 'anna 1 2023-02-01 p20', 'anna 1 2023-02-01 p10');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "pool": "company"}');
SELECT public.try('anna 1 2023-02-01 p10', 'anna 1 2023-02-01 other', 'anna 1 2023-02-01 p20');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "pool": "all"}');
SELECT public.try('anna 1 2023-02-01 p10', 'anna 1 2023-02-01 other', 'anna 1 2023-02-01 p20');
-- counted how
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "counting": "visits", "pool": "all"}');
SELECT public.try('anna 5 2023-02-01 p10 1', 'anna 5 2023-02-01 p20 1', 'anna 1 2023-02-01 p10 2', 'anna 1 2023-02-01 p10 3');
CALL public.limit_is('{"period": "calendar_year", "quota": 30, "counting": "value"}');
SELECT public.try('anna 2 2023-02-01', 'anna 1 2023-02-01');
CALL public.limit_is('{"period": "calendar_year", "quota": 200, "counting": "strength_mg", "pool": "brand"}');
SELECT public.try('anna 2 2023-02-01 p10', 'anna 1 2023-02-01 p20');
UPDATE product_market SET unit_value = NULL WHERE product_id = public.id('p10');
CALL public.limit_is('{"period": "calendar_year", "quota": 31, "counting": "value"}');
SELECT public.try('anna 1 2023-02-01');
-- totals known only outside
CALL public.limit_is('{"period": "calendar_year", "quota": 600, "pool": "all", "external_attested": 599}');
SELECT public.try('anna 1 2023-02-01', 'anna 1 2023-02-01');

-- the part of a product's life
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "window_anchor": "first_marketed_on", "window_for": "2 years"}');
SELECT public.try('anna 1 2023-03-01');
SELECT public.try('anna 1 2023-03-02');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "window_anchor": "first_marketed_on", "window_until": "end_of_following_year"}');
SELECT public.try('anna 1 2023-01-01');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "window_anchor": "first_supplied_on", "window_after": "2 years"}');
SELECT public.try('anna 1 2023-04-01');
SELECT public.try('anna 1 2023-04-02');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "window_anchor": "first_request", "window_for": "1 month"}');
SELECT public.try('anna 1 2023-02-01');
SELECT public.try('anna 1 2023-02-02');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "window_anchor": "first_marketed_on", "window_for": "2 years", "window_restarts": ["extended_on"]}');
UPDATE product_market SET extended_on = '2023-02-01' WHERE product_id = public.id('p10');
SELECT public.try('anna 1 2023-03-02');
UPDATE product_market SET first_marketed_on = '2021-03-01', extended_on = NULL WHERE product_id = public.id('p10');
-- outside of a window that is not for refusing, no rule is left that has a number
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "window_anchor": "first_marketed_on", "window_for": "1 year", "outside_window": "not_applicable"}');
SELECT regexp_replace(public.try('anna 1 2023-03-02'), '.*LS161', 'LS161');

-- conditions: all must hold, and one that is not known refuses
CALL public.limit_is('{"period": "calendar_year", "quota": 0, "applies_when": {"kind": ["sample_ship"]}}');
SELECT public.try('anna 1 2023-02-01');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "applies_when": {"kind": "sample_drop", "region": ["XA-N"], "profession": ["physician"], "controlled": false, "country": ["XA"], "rx_class": ["rx"]}}');
SELECT public.try('anna 2 2023-02-01', 'anna 1 2023-02-01');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "applies_when": {"moon": ["full"]}}');
SELECT public.try('anna 1 2023-02-01');
CALL public.limit_is('{"period": "calendar_year", "quota": 2, "applies_when": {"controlled": "no"}}');
SELECT public.try('anna 1 2023-02-01');

-- no number: another rule's will do, none will not
CALL public.limit_is('{"period": "calendar_year"}');
SELECT public.try('anna 1 2023-02-01');
INSERT INTO limit_rule (template_id, name, period, quota) SELECT template_id, 'figure', 'calendar_year', 1 FROM limit_template WHERE status = 'approved' AND code LIKE 'CO-%';
SELECT public.try('anna 1 2023-02-01', 'anna 1 2023-02-01');
-- an assignment lowers a figure and never raises it
CALL public.limit_is('{"period": "calendar_year", "quota": 3}');
UPDATE limit_assignment SET quota_override = 1 WHERE template_id = (SELECT template_id FROM limit_template WHERE status = 'approved' AND code LIKE 'CO-%') AND product_id = public.id('brand');
SELECT public.try('anna 1 2023-02-01', 'anna 1 2023-02-01');
UPDATE limit_assignment SET quota_override = 9;
SELECT public.try('anna 3 2023-02-01', 'anna 1 2023-02-01');

-- headroom
CALL public.limit_is('{"period": "sliding", "quota": 4, "every": "12 months", "per_visit": 3}');
CALL public.give('h1', 'anna', 1, '2023-03-31');
CALL public.give('h2', 'anna', 2, '2023-08-31', visit => 2);
SELECT window_from, window_to, quota, used, remaining, per_visit, frees_on FROM sample_headroom(public.id('anna'), public.id('p10'), '2023-09-01');
SELECT window_from, window_to, quota, used, remaining, per_visit, frees_on FROM sample_headroom(public.id('anna'), public.id('p10'), '2024-04-30');
SELECT window_from, window_to, quota, used, remaining, per_visit, frees_on FROM sample_headroom(public.id('ben'), public.id('p10'), '2023-09-01');
SELECT count(*) FROM sample_headroom(public.id('nobody'), public.id('p10'));
SELECT count(*) FROM sample_headroom(NULL, public.id('p10'));
SELECT count(*) FROM sample_headroom(public.id('anna'), NULL);
SELECT count(*) FROM sample_headroom(public.id('anna'), '00000000-0000-0000-0000-00000000dead');
SELECT count(*) FROM sample_headroom(public.id('anna'), public.id('p10'), 'infinity');
-- what cannot be handed over is not advised either
SELECT check_eligibility(public.id('anna'), public.id('p10'), 1.5);
SELECT check_eligibility(public.id('anna'), public.id('p10'), 0);

-- a merged account's use counts for the survivor
UPDATE account SET status = 'merged', survivor_id = public.id('anna') WHERE account_id = public.id('ben');
SELECT used, remaining FROM sample_headroom(public.id('ben'), public.id('p10'), '2023-09-01');
UPDATE account SET status = 'active', survivor_id = NULL WHERE account_id = public.id('ben');

-- a lowered quota: what is above it is excess with a discrepancy, and nothing more is given
CALL public.limit_is('{"period": "lifetime", "quota": 5}');
CALL public.give('l1', 'ben', 3, '2024-02-01');
UPDATE limit_rule SET quota = 2 WHERE rule_id = public.id('{"period": "lifetime", "quota": 5}rule');
SELECT quota, used, excess FROM limit_counter WHERE subject_key = public.id('ben')::text;
SELECT severity, reason_code, over_by, status FROM discrepancy;
SELECT public.try('ben 1 2024-02-02');
UPDATE limit_rule SET quota = 4 WHERE rule_id = public.id('{"period": "lifetime", "quota": 5}rule');
SELECT quota, used, excess FROM limit_counter WHERE subject_key = public.id('ben')::text;
SELECT public.try('ben 1 2024-02-02', 'ben 1 2024-02-02');
-- windows that are over keep the quota they were counted under
CALL public.limit_is('{"period": "calendar_year", "quota": 5}');
CALL public.give('l2', 'ben', 3, '2023-02-01');
UPDATE limit_rule SET quota = 1 WHERE rule_id = public.id('{"period": "calendar_year", "quota": 5}rule');
SELECT c.window_from, c.quota, c.used, c.excess FROM limit_counter c JOIN limit_rule r USING (rule_id) WHERE c.subject_key = public.id('ben')::text AND r.period = 'calendar_year';
SELECT public.try('ben 1 2023-02-02');
-- but for a raised one: what comes late is judged by it and has to find room
UPDATE limit_rule SET quota = 6 WHERE rule_id = public.id('{"period": "calendar_year", "quota": 5}rule');
SELECT c.window_from, c.quota, c.used, c.excess FROM limit_counter c JOIN limit_rule r USING (rule_id) WHERE c.subject_key = public.id('ben')::text AND r.period = 'calendar_year';
SELECT public.try('ben 3 2023-02-02', 'ben 1 2023-02-02');
-- a rule approved later counts what was given before it in its window, and what came back of it
\set ECHO none
CREATE PROCEDURE public.approve_later(settings text) LANGUAGE plpgsql AS $$
BEGIN
	CALL public.limit_is(settings);
	SET LOCAL client_min_messages = error;
	UPDATE limit_template SET approved_at = clock_timestamp() WHERE template_id = public.id(settings);
END
$$;
\set ECHO all
CALL public.limit_is('{"period": "calendar_year", "quota": 100, "pool": "sku"}');
CALL public.give('n1', 'ben', 2, '2024-03-01', 'p20', 3);
CALL public.give('n2', 'ben', 1, '2024-04-01', 'p20', 3);
CALL public.give('n3', 'ben', 1, '2024-05-01', 'other', 2);
SELECT reverse_disbursement(public.id('n1'), 'returned', 1) IS NOT NULL AS reversed;
SELECT p.code, sum(d.net_quantity) FROM v_disbursement d JOIN product p USING (product_id) WHERE d.local_day >= '2024-01-01' GROUP BY 1 ORDER BY 1;
CALL public.approve_later('{"period": "calendar_year", "quota": 3, "name": "later"}');
SELECT public.try('ben 1 2024-06-01 p20', 'ben 1 2024-06-01 p20');
CALL public.approve_later('{"period": "sliding", "every": "12 months", "quota": 6, "pool": "brand", "name": "later sliding"}');
SELECT public.try('ben 1 2024-06-01', 'ben 1 2024-06-01');
SELECT public.try('ben 1 2024-06-01', 'ben 3 2024-12-31');
CALL public.approve_later('{"period": "calendar_year", "quota": 3, "counting": "visits", "pool": "all", "name": "later visits"}');
SELECT public.try('ben 1 2024-06-01 p10 3', 'anna 1 2024-06-01 p10 1');
CALL public.approve_later('{"period": "calendar_year", "quota": 2, "subject": "hco", "pool": "form_strength", "name": "later hco"}');
SELECT public.try('anna 1 2024-06-01 p20');
-- what is then above the quota is excess with a discrepancy
CALL public.approve_later('{"period": "calendar_year", "quota": 1, "subject": "territory", "pool": "all", "name": "later excess", "applies_when": {"kind": "sample_drop"}}');
UPDATE limit_template SET enforcement = 'warning' WHERE status = 'approved' AND code LIKE 'CO-%';
CALL public.give('n4', 'anna', 1, '2024-06-01', why => 'last before the limit');
SELECT quota, used, excess FROM limit_counter JOIN limit_rule r USING (rule_id, quota) WHERE r.name = 'later excess';
SELECT severity, over_by FROM discrepancy JOIN limit_rule r USING (rule_id) WHERE r.name = 'later excess' ORDER BY severity;
-- what was counted cannot come to mean something else
SELECT regexp_replace(public.attempt($$UPDATE limit_rule SET pool = 'all' WHERE rule_id = public.id('{"period": "lifetime", "quota": 5}rule')$$), '\(.*\)', '(...)');
SELECT check_code, subject, detail FROM lsce.verify('sample_limits') WHERE NOT ok;

-- limits whose window moves: a use that went past the quota is found, however the triggers were passed; what came back in time made room
CALL public.limit_is('{"period": "sliding", "quota": 2, "every": "12 months", "name": "verified"}');
CALL public.give('m1', 'anna', 2, '2024-03-01', 'other');
SELECT reverse_disbursement(public.id('m1'), 'refused', 1) IS NOT NULL AS reversed;
CALL public.give('m2', 'anna', 1, '2024-02-01', 'other');
SELECT count(*) FROM lsce.verify('sample_limits') WHERE NOT ok;
BEGIN; SET LOCAL session_replication_role = replica;
UPDATE limit_use SET quantity = 3 WHERE disbursement_id = public.id('m2') AND quantity > 0;
UPDATE limit_counter AS c SET used = c.used + 2 FROM limit_use AS u
	WHERE u.disbursement_id = public.id('m2') AND (c.rule_id, c.subject_key, c.pool_key, c.window_from) = (u.rule_id, u.subject_key, u.pool_key, u.window_from);
SELECT check_code, regexp_replace(detail, '[0-9a-f]{8}-[-0-9a-f]*', '<id>', 'g') FROM lsce.verify('sample_limits') WHERE NOT ok AND check_code LIKE 'limit%'; ROLLBACK;
-- the counter of such a limit, too, is the sum of its uses
BEGIN; SET LOCAL session_replication_role = replica;
UPDATE limit_counter AS c SET used = c.used + 2 FROM limit_use AS u
	WHERE u.disbursement_id = public.id('m2') AND (c.rule_id, c.subject_key, c.pool_key, c.window_from) = (u.rule_id, u.subject_key, u.pool_key, u.window_from);
SELECT check_code, detail FROM lsce.verify('sample_limits') WHERE NOT ok; ROLLBACK;
-- a lower quota is none of the past's business
UPDATE limit_rule SET quota = 1 WHERE name = 'verified';
SELECT count(*) FROM lsce.verify('sample_limits') WHERE NOT ok;
CALL public.limit_is('{"period": "rolling_start", "quota": 2, "every": "6 months", "name": "verified, rolling"}');
CALL public.give('m3', 'ben', 2, '2023-03-15', 'other');
CALL public.give('m4', 'ben', 2, '2023-09-15', 'other');
SELECT count(*) FROM lsce.verify('sample_limits') WHERE NOT ok;
BEGIN; SET LOCAL session_replication_role = replica;
UPDATE limit_use SET local_day = '2023-09-16' WHERE disbursement_id = public.id('m3');
SELECT check_code FROM lsce.verify('sample_limits') WHERE NOT ok; ROLLBACK;
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA sample_limits CASCADE;
DROP FUNCTION public.id, public.request_of, public.attempt, public.try;
DROP PROCEDURE public.give, public.limit_is, public.approve_later;
