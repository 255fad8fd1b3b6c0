--
-- Explaining, storing and recomputing decisions; who sees which evidence; what
-- was known when.
--
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/fixture.sql
\set model rules_explain
\i :fixture

-- three languages
UPDATE license SET valid_to = '2026-03-02';
SELECT lang, message FROM unnest('{en,ja,de,fr}'::text[]) AS lang,
	explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00', lang => lang)
WHERE rule_code IN ('EL01', 'EL10', 'EL11') ORDER BY lang COLLATE "C", seq;

-- what a rule expected and saw, and the rows behind it
\x on
SELECT outcome, reason_code, expected, observed - 'number_hash' AS observed, legal_ref, evidence #- '{0,version}' #- '{1,version}' AS evidence
FROM explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00')
WHERE rule_code = 'EL10';
\x off
SELECT e.value ->> 'table' AS "table", (e.value ->> 'version')::timestamptz = l.sys_from AS right_version
FROM explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00') AS x,
	jsonb_array_elements(x.evidence) AS e JOIN license AS l ON l.license_id = (e.value ->> 'id')::uuid
WHERE rule_code = 'EL10';

-- what stands in the way, and the cure
SET lsce.login = 'rita';
SELECT rule_code, reason_code, message, cure FROM why_cant_i(fx('airway 10'), fx('chen'), at => '2026-03-02 18:00+00');
SELECT rule_code, cure FROM why_cant_i(fx('airway 10'), fx('chen'), lang => 'de', at => '2026-03-02 18:00+00');
RESET lsce.login;
UPDATE license SET valid_to = '2027-01-01';
SELECT count(*) FROM why_cant_i(fx('airway 10'), fx('chen'), at => '2026-03-02 18:00+00') WHERE rule_code = 'EL10';

-- a decision stores a refusal and raises nothing; it is advice and permits nothing
SELECT decide('sample_drop', fx('chen'), fx('airway 10'), 3, jsonb_build_object('user_id', fx('rita'), 'at', '2026-03-02 18:00+00')) AS d \gset
SELECT kind, outcome, reason_codes, obligations, admission, fact_id, quantity, domain, user_id = fx('rita') AS by_rita, valid_at,
	rule_set = rule_set() AS rule_set, evaluator_version
FROM decision WHERE decision_id = :'d';
-- its facts hold ids, codes, dates and quantities, no names and no numbers of licences
SELECT facts::text ~* 'chen|sunset|rita|a12345|example|angeles' AS has_names, facts #> '{licenses,0,number_hash}' IS NOT NULL AS has_digest,
	facts #>> '{request,local_day}' AS local_day, facts #>> '{request,region}' AS region
FROM (SELECT facts #- '{request,tz}' AS facts FROM decision WHERE decision_id = :'d') AS f;
-- recomputed from the facts it says the same as when it was made
WITH a AS (SELECT * FROM decision_steps(:'d')),
b AS (SELECT * FROM explain_eligibility(fx('chen'), fx('airway 10'), 3, user_id => fx('rita'), at => '2026-03-02 18:00+00'))
SELECT (SELECT count(*) FROM a) AS steps, (SELECT count(*) FROM (TABLE a EXCEPT TABLE b) AS x) AS different;
-- and still does when the rules and the data have changed
UPDATE account SET status = 'inactive' WHERE account_id = fx('chen');
UPDATE limit_rule SET quota = 100 WHERE rule_id = fx('limit');
SELECT rule_code, reason_code FROM decision_steps(:'d') WHERE outcome = 'fail';
SELECT rule_set = rule_set() AS same_rule_set FROM decision WHERE decision_id = :'d';
UPDATE account SET status = 'active' WHERE account_id = fx('chen');
UPDATE limit_rule SET quota = 2 WHERE rule_id = fx('limit');
SELECT rule_set = rule_set() AS same_rule_set FROM decision WHERE decision_id = :'d';
SELECT count(*) FROM decision_steps(fx('no decision'));

-- the digest does not depend on the session, follows a change inside a
-- transaction, and forgets what was rolled back
SELECT rule_set() AS digest \gset
BEGIN; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'escape'; SET LOCAL datestyle = 'German'; SET LOCAL timezone = 'Asia/Tokyo';
SELECT rule_set() = :'digest' AS same; ROLLBACK;
BEGIN; SAVEPOINT a; UPDATE limit_rule SET every = '30 days' WHERE rule_id = fx('limit'); SELECT rule_set() = :'digest' AS same;
ROLLBACK TO a; SELECT rule_set() = :'digest' AS same; ROLLBACK;
-- drafts are no rules
BEGIN; INSERT INTO sampling_policy (product_id, country_code, action) VALUES (fx('airway'), 'US', 'order');
SELECT rule_set() = :'digest' AS same; ROLLBACK;

-- what is known now is what there is: by the statements over the history the same as without them
WITH asked (what, visit, request) AS (VALUES ('suggested', NULL::uuid, NULL::uuid), ('named', fx('visit'), fx('request'))),
present AS (SELECT a.what, e.* FROM asked AS a, explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00',
	visit_id => a.visit, request_id => a.request) AS e),
known AS (SELECT a.what, e.* FROM asked AS a, explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00',
	visit_id => a.visit, request_id => a.request, known_at => clock_timestamp()) AS e)
SELECT what, count(*) AS steps, count(*) FILTER (WHERE evidence <> '[]') AS with_evidence, (SELECT count(*) FROM ((TABLE present EXCEPT TABLE known) UNION ALL (TABLE known EXCEPT TABLE present)) AS d
	WHERE d.what = present.what) AS differ
FROM present GROUP BY what ORDER BY what;

-- as known when: the suspension recorded later was not known then
SELECT clock_timestamp() AS before \gset
UPDATE license SET status = 'suspended';
SELECT check_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00') AS now,
	check_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00', known_at => :'before') AS as_known_before;
SELECT rule_code, reason_code FROM explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00',
	known_at => clock_timestamp()) WHERE outcome = 'fail';
UPDATE license SET status = 'verified';
UPDATE account_specialty SET code = 'medicine.dermatology' WHERE account_id = fx('chen');
DELETE FROM product_territory_alignment WHERE pta_id = fx('alignment us');
UPDATE sampling_policy SET status = 'retired' WHERE policy_id = fx('policy drop');
SELECT check_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00') AS now,
	check_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00', known_at => :'before') AS as_known_before;
-- before anything was known, nobody was
SELECT rule_code, reason_code FROM explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00',
	known_at => '2020-01-01') WHERE outcome = 'fail' LIMIT 3;
UPDATE sampling_policy SET status = 'approved' WHERE policy_id = fx('policy drop');

-- the caller sees evidence of what he may see: Nora does not work Dr. Chen, who is unknown to her
CREATE ROLE rules_nora;
CALL lsce.grant_persona('rules_explain', 'field_rep', 'rules_nora');
UPDATE app_user SET db_role = 'rules_nora' WHERE user_id = fx('nora');
SET ROLE rules_nora;
SELECT rule_code, outcome, reason_code, jsonb_path_query_array(evidence, '$[*].table') AS tables,
	jsonb_array_length(jsonb_path_query_array(evidence, '$[*] ? (@.redacted == true)')) AS redacted, message
FROM explain_eligibility(fx('chen'), fx('airway 10'), 1, at => '2026-03-02 18:00+00') WHERE rule_code IN ('EL01', 'EL05', 'EL09', 'EL10');
SELECT count(*) FROM decision_steps(:'d');
INSERT INTO decision (kind, account_id, admission, outcome, facts, rule_set, evaluator_version, valid_at, known_at)
VALUES ('sample_drop', fx('chen'), 'none', 'allow', '{}', '', 1, now(), now());
RESET ROLE;

-- what is not asked properly
SELECT check_eligibility(NULL, fx('airway 10'), 1);
SELECT check_eligibility(fx('chen'), fx('airway 10'), 1, 'steal');
SELECT check_eligibility(fx('chen'), fx('airway 10'), -1);
SELECT check_eligibility(fx('chen'), fx('airway 10'), 'NaN');
SELECT check_eligibility(fx('chen'), fx('airway 10'), 0.0000001);
SELECT check_eligibility(fx('chen'), fx('airway 10'), 1e30);
SELECT check_eligibility(fx('chen'), fx('airway 10'), 1, at => 'infinity');
SELECT decide('sample_drop', fx('nobody'));
SELECT decide('sample_drop', fx('chen'), fx('airway 10'), 1, '{"teritory_id": "x"}');
SELECT decide('sample_drop', fx('chen'), fx('airway 10'), 1, '{"visit_id": 7}');
SELECT decide('sample_drop', fx('chen'), fx('airway 10'), 1, '{"visit_id": "x"}');
SELECT decide('sample_drop', fx('chen'), fx('airway 10'), 1, '[]');
SELECT lsce.check_eligibility('pg_catalog', fx('chen'), fx('airway 10'), 1, 'detail', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT lsce.check_eligibility(NULL, fx('chen'), fx('airway 10'), 1, 'detail', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
-- an unknown account, product, user: refused, not an error
SELECT check_eligibility(fx('nobody'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00'),
	check_eligibility(fx('chen'), fx('nothing'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00'),
	check_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('no user'), at => '2026-03-02 18:00+00');

\set ECHO none
SET client_min_messages = warning;
CALL lsce.drop_model('rules_explain', 'rules_explain');
DROP ROLE rules_nora;
