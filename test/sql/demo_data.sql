-- lsce.load_demo(): the same rows from the same seed, everywhere
SET client_min_messages = warning;
CALL lsce.create_model('demo_a');
CALL lsce.create_model('demo_b');
CALL lsce.create_model('demo_c');
RESET client_min_messages;

CALL lsce.load_demo('demo_a');

-- What it made, with a digest of every column but those that hold the time or
-- the user of loading, and the ids that the engine gave to its decisions.  Equal
-- on every machine and version.
CREATE FUNCTION pg_temp.digest(schema name, table_name name) RETURNS TABLE (number_of_rows bigint, digest text)
LANGUAGE plpgsql AS $$
DECLARE
	columns text;
BEGIN
	SELECT string_agg(format('%I::text', attname), ', ' ORDER BY attnum) INTO columns
	FROM pg_attribute
	WHERE attrelid = format('%I.%I', schema, table_name)::regclass AND attnum > 0 AND NOT attisdropped
		AND attname NOT IN ('sys_from', 'recorded_at', 'recorded_by', 'decision_id');
	RETURN QUERY EXECUTE format($q$
		SELECT count(*), substr(md5(coalesce(string_agg(md5(line), '' ORDER BY md5(line) COLLATE "C"), '')), 1, 12)
		FROM (SELECT concat_ws('|', %s) AS line FROM %I.%I) AS l $q$, columns, schema, table_name);
END
$$;
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'iso_8601';
SET TimeZone = 'UTC';
SET extra_float_digits = 1;
CREATE TEMPORARY VIEW made AS
SELECT m.schema, t.table_name, d.*
FROM unnest('{demo_a,demo_b,demo_c}'::name[]) AS m (schema)
CROSS JOIN unnest('{company,sales_team,territory_node,territory_model,territory_place,app_user,user_assignment,user_qualification,territory_user,
	product,product_market,co_promotion,product_indication,product_guidance,guidance_text,specialty_set,specialty_set_member,sampling_policy,
	limit_template,limit_rule,limit_assignment,product_territory_alignment,setting,
	account,hco,hcp,contact_point,account_territory,account_identifier,account_specialty,account_certification,license,account_rating,affiliation,
	inventory_location,product_batch,inventory_stock,
	consent_event,visit,signature,sample_request,sample_request_line,disbursement,sample_receipt,disbursement_reversal,limit_counter}'::name[]) WITH ORDINALITY AS t (table_name, ordinality)
CROSS JOIN LATERAL pg_temp.digest(m.schema, t.table_name) AS d;
SELECT table_name, number_of_rows, digest FROM made WHERE schema = 'demo_a';

-- twice the same is the same, in any session; another seed makes other people
SET client_min_messages = warning;
SET TimeZone = 'Asia/Kathmandu';
SET DateStyle = 'German';
SET IntervalStyle = 'sql_standard';
CALL lsce.load_demo('demo_b', 1000, 42);
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'iso_8601';
CALL lsce.load_demo('demo_c', 1000, 7);
RESET client_min_messages;
SELECT a.table_name AS differs FROM made AS a JOIN made AS b USING (table_name)
WHERE a.schema = 'demo_a' AND b.schema = 'demo_b' AND (a.digest, a.number_of_rows) IS DISTINCT FROM (b.digest, b.number_of_rows);
SELECT a.table_name AS same_for_another_seed FROM made AS a JOIN made AS c USING (table_name)
WHERE a.schema = 'demo_a' AND c.schema = 'demo_c' AND a.digest = c.digest;

SET search_path = demo_a, lsce, public;

-- the shape of the market
SELECT a.country_code, count(*) FILTER (WHERE a.kind = 'hcp') AS hcp, count(*) FILTER (WHERE a.kind <> 'hcp') AS hco FROM account AS a GROUP BY 1 ORDER BY 1;
SELECT profession, count(*) FROM hcp GROUP BY 1 ORDER BY 2 DESC, 1;
SELECT n AS specialties, count(*) AS accounts FROM (SELECT account_id, count(*) AS n FROM account_specialty GROUP BY 1) AS s GROUP BY 1 ORDER BY 1;
SELECT kind, status, CASE WHEN valid_to <= '2026-03-02' THEN 'lapsed' ELSE 'in force' END AS on_2026_03_02, count(*) FROM license GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT kind, role, count(*), min(strength), max(strength) FROM affiliation GROUP BY 1, 2 ORDER BY 1, 2;
-- few get many referrals, many get few
SELECT width_bucket(n, 0, 40, 4) AS referrals_in_tens, count(*) AS specialists, sum(n) AS referrals
FROM (SELECT count(*)::int AS n FROM affiliation WHERE kind = 'referral' GROUP BY to_account_id) AS r GROUP BY 1 ORDER BY 1;

-- names in their writing, kana readings and none but kana
SELECT count(*) FILTER (WHERE family_name = '田中' AND family_name_reading = 'タナカ') > 0 AS tanaka,
	count(*) FILTER (WHERE family_name = 'Müller') > 0 AS mueller,
	count(*) FILTER (WHERE family_name_reading !~ '^[ァ-ヶー]+$' OR given_name_reading !~ '^[ァ-ヶー]+$') AS odd_readings,
	count(*) FILTER (WHERE (family_name_reading IS NULL) <> (a.country_code <> 'JP')) AS missing_readings
FROM hcp JOIN account AS a USING (account_id);

-- check digits: Luhn over 80840 and the number, 4-9-4-9-4-9, the DEA's own
SELECT count(*) AS wrong_npi FROM account_identifier AS i
WHERE system = 'npi' AND (SELECT (24 + sum(CASE WHEN n % 2 = 0 THEN d ELSE 2 * d - CASE WHEN d > 4 THEN 9 ELSE 0 END END)) % 10
	FROM (SELECT n, substr(i.value, n, 1)::int AS d FROM generate_series(1, 10) AS n) AS digits) <> 0;
SELECT count(*) AS wrong_lanr FROM account_identifier AS i
WHERE system = 'lanr' AND (10 - (SELECT sum(substr(i.value, n, 1)::int * CASE WHEN n % 2 = 1 THEN 4 ELSE 9 END) FROM generate_series(1, 6) AS n) % 10) % 10 <> substr(i.value, 7, 1)::int;
SELECT count(*) AS wrong_dea FROM license AS l
WHERE kind = 'dea' AND (substr(number, 3, 1)::int + substr(number, 5, 1)::int + substr(number, 7, 1)::int
	+ 2 * (substr(number, 4, 1)::int + substr(number, 6, 1)::int + substr(number, 8, 1)::int)) % 10 <> substr(number, 9, 1)::int;

-- the field force: every territory has its place, a representative or a cover,
-- and accounts of its own area; nobody stands in two territories of a team
SELECT lsce.nlevel(path) AS level, count(*) FROM territory_place GROUP BY 1 ORDER BY 1;
SELECT role, count(*) FROM territory_user GROUP BY 1 ORDER BY 1;
SELECT n.code AS without_anybody FROM territory_node AS n WHERE NOT EXISTS (SELECT FROM territory_user AS u WHERE u.territory_id = n.territory_id);
SELECT n.code AS without_accounts FROM territory_node AS n WHERE n.type = 'territory' AND NOT EXISTS (SELECT FROM account_territory AS t WHERE t.territory_id = n.territory_id);
SELECT count(*) AS accounts_not_once FROM (
	SELECT account_id FROM account LEFT JOIN account_territory USING (account_id) GROUP BY account_id HAVING count(territory_id) <> 1) AS x;
SELECT count(*) AS place_and_child_disagree FROM territory_place AS c JOIN territory_place AS p ON p.model_id = c.model_id AND p.territory_id = c.parent_id
WHERE lsce.parent(c.path) <> p.path;

-- an account's territory lies in its country
SELECT count(*) AS abroad FROM account_territory AS t JOIN account AS a USING (account_id)
JOIN territory_node AS n USING (territory_id) JOIN sales_team AS s USING (team_id) WHERE s.country_code <> a.country_code;

-- policies, limits and templates of the demo were approved by somebody else
SELECT count(*) AS not_by_two FROM sampling_policy WHERE status <> 'approved' OR approved_by = authored_by;
SELECT t.code, r.subject, r.pool, r.per_visit, r.quota, r.period, r.every, d.code AS assigned_to
FROM limit_template AS t JOIN limit_rule AS r USING (template_id) JOIN limit_assignment AS a USING (template_id) JOIN product AS d USING (product_id) ORDER BY t.code;

-- what is launched where, and the one that is not
SELECT d.code, string_agg(m.country_code || ' ' || m.first_marketed_on, ', ' ORDER BY m.country_code) AS marketed
FROM product AS d LEFT JOIN product_market AS m USING (product_id) WHERE d.spec_type = 'sample' GROUP BY d.code ORDER BY d.code;
-- the tree follows its rule
SELECT c.code FROM product AS c JOIN product AS p ON p.product_id = c.parent_id
WHERE NOT EXISTS (SELECT FROM product_edge_rule AS e WHERE e.parent_type = p.type AND e.child_type = c.type);

-- the ledger: every operation sums to zero for every lot, no bag is below zero
SELECT count(*) AS unbalanced FROM (SELECT FROM inventory_entry GROUP BY operation_id, batch_id HAVING sum(quantity) <> 0) AS x;
SELECT l.kind, sum(e.quantity) FROM inventory_entry AS e JOIN inventory_location AS l USING (location_id) GROUP BY l.kind ORDER BY l.kind;
SELECT count(*) AS below_zero FROM (SELECT FROM inventory_entry AS e JOIN inventory_location AS l USING (location_id)
	WHERE l.kind IN ('rep', 'warehouse') GROUP BY e.location_id, e.batch_id HAVING sum(e.quantity) < 0) AS x;

-- hand-overs went through the engine: each has its permit, nothing is in excess,
-- and whatever lsce.verify() looks at holds
SELECT d.outcome, d.admission, d.kind, a.country_code, count(*) FROM decision AS d JOIN account AS a USING (account_id) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
SELECT count(*) AS without_permit FROM disbursement AS f LEFT JOIN decision AS d USING (decision_id) WHERE d.admission IS DISTINCT FROM 'permit';
SELECT sum(used) AS used, sum(excess) AS excess, (SELECT count(*) FROM discrepancy) AS discrepancies FROM limit_counter;
SELECT action, purpose, channel, count(*) FROM consent_event GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT count(*) AS checks, count(*) FILTER (WHERE NOT ok) AS failed FROM lsce.verify('demo_a');

-- the people of the story: a licence that expires on the day, and two packs to a
-- recipient, in California and not in Arizona
SELECT day, string_agg(e.rule_code || ' ' || e.reason_code, ', ' ORDER BY e.seq) AS fails
FROM unnest('{2026-03-02 18:00+00,2026-03-03 18:00+00}'::timestamptz[]) AS day,
	explain_eligibility(account('npi', '2000000416'), product('CUMULUS-150-PEN'), 1, 'sample_drop', user_id => app_user('us.rep.1.0001'), at => day) AS e
WHERE e.outcome = 'fail' GROUP BY day ORDER BY day;
BEGIN;
SELECT count(record_consent(account('npi', '2000000333'), 'sample_receipt', NULL, 'opt_in', '2026-03-02 17:00+00',
	proof => '{"text_version": "1", "method": "written"}', controller_id => (SELECT company_id FROM company WHERE code = 'CUMULUS-US'))) AS consent;
INSERT INTO visit (visit_id, account_id, territory_id, owner_id, status, actual_from)
SELECT 'b0000000-0000-4000-8000-000000000001', account('npi', '2000000333'), territory_id, app_user('us.rep.1.0001'), 'in_progress', '2026-03-02 17:00+00'
FROM territory_node WHERE code = 'US-1-0001';
INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at, captured_at)
VALUES ('b0000000-0000-4000-8000-000000000002', 'sample_request', account('npi', '2000000333'), 'Maya Chen', 'I request these samples', 'pad', sha256('x'), '2026-03-02 17:05+00', '2026-03-02 17:05+00');
INSERT INTO sample_request (request_id, kind, account_id, practitioner_id, visit_id, signature_id, fields, requested_at, status)
SELECT 'b0000000-0000-4000-8000-000000000003', 'drop', account('npi', '2000000333'), account('npi', '2000000333'), 'b0000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002',
	(SELECT jsonb_object_agg(f, true) FROM setting, jsonb_array_elements_text(value) AS f WHERE name = 'sample_request_fields'), '2026-03-02 17:05+00', 'signed';
INSERT INTO sample_request_line (request_id, product_id, requested) VALUES ('b0000000-0000-4000-8000-000000000003', product('CUMULUS-150-PEN'), 3);
PREPARE hand_over (numeric, text) AS
INSERT INTO disbursement (account_id, product_id, quantity, practitioner_id, delivery_point_id, visit_id, request_id, batch_id, user_id, captured_at)
SELECT account('npi', '2000000333'), product('CUMULUS-150-PEN'), $1, account('npi', '2000000333'),
	(SELECT c.contact_point_id FROM contact_point AS c JOIN contact_point AS o ON o.contact_point_id = c.inherits_from WHERE c.account_id = account('npi', '2000000333') AND o.region_code = $2),
	'b0000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000003', b.batch_id, app_user('us.rep.1.0001'), '2026-03-02 17:10+00'
FROM product_batch AS b WHERE b.product_id = product('CUMULUS-150-PEN') AND b.lot_no LIKE 'US-A%';
\set VERBOSITY sqlstate
SAVEPOINT s;
EXECUTE hand_over (1, 'US-AZ');
ROLLBACK TO s;
EXECUTE hand_over (2, 'US-CA');
SAVEPOINT s;
EXECUTE hand_over (1, 'US-CA');
ROLLBACK TO s;
\set VERBOSITY default
SELECT template, quota, used, remaining FROM sample_headroom(account('npi', '2000000333'), product('CUMULUS-150-PEN'), '2026-03-02', app_user('us.rep.1.0001')) ORDER BY template COLLATE "C";
ROLLBACK;
DEALLOCATE hand_over;
RESET search_path;

-- arguments
CALL lsce.load_demo('demo_a', 99);
CALL lsce.load_demo('demo_a', 1000001);
CALL lsce.load_demo('demo_a', NULL);
CALL lsce.load_demo('demo_a', 1000, NULL);
CALL lsce.load_demo('demo_a');
CALL lsce.load_demo('no_such_model');
CALL lsce.load_demo(NULL);
CALL lsce.load_demo('public');
SET client_min_messages = warning;
CALL lsce.create_model('demo_d', seed => false);
CALL lsce.load_demo('demo_d');
-- the smallest and an odd one
CALL lsce.create_model('demo_e');
CALL lsce.load_demo('demo_e', 100, -2147483648);
SELECT count(*) FROM demo_e.account;
CALL lsce.create_model('demo "f" _$');
CALL lsce.load_demo('demo "f" _$', 123, 0);
SELECT count(*) FROM "demo ""f"" _$".account;

CALL lsce.drop_model('demo_a', 'demo_a');
CALL lsce.drop_model('demo_b', 'demo_b');
CALL lsce.drop_model('demo_c', 'demo_c');
CALL lsce.drop_model('demo_d', 'demo_d');
CALL lsce.drop_model('demo_e', 'demo_e');
CALL lsce.drop_model('demo "f" _$', 'demo "f" _$');
DROP VIEW made;
RESET DateStyle;
RESET IntervalStyle;
RESET TimeZone;
RESET extra_float_digits;
RESET client_min_messages;
