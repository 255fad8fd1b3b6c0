--
-- Every rule passes for the fixture; then each reason code is provoked by one
-- change, which is rolled back.
--
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/fixture.sql
\set model rules_reasons
\i :fixture

-- what does not pass, one line for each step
CREATE FUNCTION not_passed(account text DEFAULT 'chen', product text DEFAULT 'airway 10', qty numeric DEFAULT 1, action text DEFAULT 'sample_drop',
	who text DEFAULT 'rita', args jsonb DEFAULT '{}', at timestamptz DEFAULT '2026-03-02 18:00+00')
RETURNS SETOF text LANGUAGE plpgsql
SET search_path = rules_reasons, lsce, pg_catalog
AS $$
DECLARE
	decided uuid := decide(action, fx(account), fx(product), qty, jsonb_build_object('user_id', fx(who), 'at', at) || args);
BEGIN
	RETURN QUERY SELECT format('%s %s: %s', s.rule_code, s.reason_code, s.message)
	FROM decision_steps(decided) AS s WHERE s.outcome IN ('warn', 'fail') ORDER BY s.seq;
	IF NOT FOUND THEN
		RETURN NEXT 'passed';
	END IF;
	-- the function that stops at the first failure answers the same
	IF args = '{}' AND (SELECT outcome FROM decision WHERE decision_id = decided) <>
		check_eligibility(fx(account), fx(product), qty, action, user_id => fx(who), at => at) THEN
		RETURN NEXT 'check_eligibility() differs';
	END IF;
END
$$;

-- all rules, and the answer in one word
SELECT seq, rule_code, outcome, message
FROM explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00');
SELECT check_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 18:00+00');

\pset tuples_only on
\pset format unaligned

-- EL01
BEGIN; UPDATE account SET status = 'inactive' WHERE account_id = fx('chen'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE account SET status = 'deceased' WHERE account_id = fx('chen'); SELECT not_passed(); ROLLBACK;
-- a merged account is judged as its survivor
SELECT not_passed('chen twin');

-- EL02: recipients, of the template that speaks of them
SELECT not_passed('retail pharmacy', args => jsonb_build_object('practitioner_id', fx('chen')));
SELECT not_passed('hospital pharmacy');
SELECT not_passed('hospital pharmacy', args => jsonb_build_object('practitioner_id', fx('chen')));
BEGIN; UPDATE hco SET accepts_samples = false WHERE account_id = fx('hospital pharmacy');
SELECT not_passed('hospital pharmacy', args => jsonb_build_object('practitioner_id', fx('chen'))); ROLLBACK;

-- EL03
BEGIN; UPDATE hcp SET no_contact = true WHERE account_id = fx('chen'); SELECT not_passed(); ROLLBACK;
SELECT not_passed('nurse');

-- EL04
SELECT not_passed(who => 'mia');
SELECT not_passed(who => 'oscar', args => jsonb_build_object('territory_id', fx('la')));
BEGIN; UPDATE territory_user SET valid_to = '2026-03-02' WHERE roster_id = fx('roster rita'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE territory_user SET may_sample = false WHERE roster_id = fx('roster rita'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE user_assignment SET valid_to = '2026-03-02' WHERE assignment_id = fx('assignment rita'); SELECT not_passed(); ROLLBACK;
-- without a visit the primary roster decides; two of them do not
BEGIN; INSERT INTO territory_user (territory_id, user_id) VALUES (fx('sf'), fx('rita'));
SELECT not_passed(action => 'order'); ROLLBACK;

-- EL05
BEGIN; UPDATE account_territory SET valid_to = '2026-03-02' WHERE account_id = fx('chen'); SELECT not_passed(); ROLLBACK;

-- EL06
SELECT not_passed(product => 'airway leaflet', args => jsonb_build_object('batch_id', fx('leaflet lot')));
BEGIN; UPDATE product SET distribution_method = 'ship' WHERE product_id = fx('airway 10'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE product_market SET first_marketed_on = '2026-03-03' WHERE product_market_id = fx('market us'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE product_market SET withdrawn_on = '2026-03-02' WHERE product_market_id = fx('market us'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE product_market SET sampleable = false WHERE product_market_id = fx('market us'); SELECT not_passed(); ROLLBACK;
BEGIN; DELETE FROM product_market WHERE product_market_id = fx('market us'); SELECT not_passed(); ROLLBACK;
-- a country where all sampling is banned, and one that wants the smallest pack
BEGIN; UPDATE contact_point SET country_code = 'ZA', region_code = NULL WHERE contact_point_id = fx('clinic address');
SELECT split_part(x, ' ', 1) || ' ' || split_part(x, ' ', 2) FROM not_passed() AS x; SELECT outcome, reason_codes[1] FROM decision ORDER BY decision_id DESC LIMIT 1; ROLLBACK;
BEGIN; UPDATE contact_point SET country_code = 'DE', region_code = NULL WHERE contact_point_id = fx('clinic address');
UPDATE product_market SET smallest_pack = NULL WHERE product_market_id = fx('market de');
SELECT x FROM not_passed() AS x WHERE x LIKE 'EL06%';
UPDATE product_market SET smallest_pack = true, controlled_schedule = 'psychotropic' WHERE product_market_id = fx('market de');
SELECT x FROM not_passed() AS x WHERE x LIKE 'EL06%'; ROLLBACK;

-- EL07: the nearest row decides, exclude beats include
BEGIN; DELETE FROM product_territory_alignment WHERE pta_id = fx('alignment us'); SELECT not_passed(); ROLLBACK;
BEGIN; INSERT INTO product_territory_alignment (product_id, territory_id, alignment_type) VALUES (fx('airway'), fx('la'), 'exclude'); SELECT not_passed();
INSERT INTO product_territory_alignment (product_id, territory_id, alignment_type) VALUES (fx('airway 10'), fx('la'), 'include'); SELECT not_passed(); ROLLBACK;
BEGIN; INSERT INTO product_territory_alignment (product_id, territory_id, alignment_type) VALUES (fx('airway'), fx('us'), 'exclude_subtree'),
	(fx('airway'), fx('la'), 'include'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE product_territory_alignment SET purposes = '{detail}' WHERE pta_id = fx('alignment us'); SELECT not_passed(); ROLLBACK;

-- EL08: on the product, and on anything above it
BEGIN; INSERT INTO product_account_restriction (restriction_id, account_id, product_id, valid_to) VALUES (fx('restriction'), fx('chen'), fx('respiratory'), '2026-03-03');
SELECT not_passed(); SELECT x FROM not_passed(at => '2026-03-03 18:00+00') AS x WHERE x LIKE 'EL08%';
UPDATE product_account_restriction SET actions = '{order}'; SELECT not_passed();
UPDATE product_account_restriction SET actions = '{sample_drop}', territory_id = fx('sf'); SELECT not_passed(); ROLLBACK;

-- EL09
BEGIN; UPDATE sampling_policy SET status = 'retired' WHERE policy_id = fx('policy drop'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE account_specialty SET code = 'medicine.dermatology' WHERE account_id = fx('chen'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE account_specialty SET code = 'medicine.internal.pulmonology.critical_care' WHERE account_id = fx('chen'); SELECT not_passed();
UPDATE account_specialty SET code = 'medicine.internal.pulmonology.sleep.apnea' WHERE account_id = fx('chen'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sampling_policy SET required_board = 'ABAI' WHERE policy_id = fx('policy drop'); SELECT not_passed();
UPDATE account_certification SET specialty = 'medicine.dermatology'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sampling_policy SET required_profession = 'dentist' WHERE policy_id = fx('policy drop'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sampling_policy SET persona = 'kam' WHERE policy_id = fx('policy drop'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sampling_policy SET required_license_kind = 'dea' WHERE policy_id = fx('policy drop'); SELECT not_passed(); ROLLBACK;
-- a policy that wants the licence says, too, why it does not count
BEGIN; UPDATE sampling_policy SET required_license_kind = 'state' WHERE policy_id = fx('policy drop'); SELECT not_passed();
UPDATE license SET valid_to = '2026-03-02'; SELECT not_passed();
UPDATE license SET valid_to = '2027-01-01', status = 'suspended'; SELECT not_passed();
UPDATE license SET status = 'draft'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sampling_policy SET user_qualification_kind = 'sampling', user_qualification_level = 2 WHERE policy_id = fx('policy drop'); SELECT not_passed();
UPDATE sampling_policy SET user_qualification_level = 3 WHERE policy_id = fx('policy drop'); SELECT not_passed(); ROLLBACK;
-- a denying row above the product beats an allowing one of the product
BEGIN; INSERT INTO sampling_policy (product_id, country_code, action, required_specialty, allowed, status, authored_by, approved_by, approved_at)
VALUES (fx('respiratory'), 'US', 'sample_drop', 'medicine.allergy', false, 'approved', 'anna', 'ben', '2026-01-15 00:00+00'); SELECT not_passed(); ROLLBACK;

-- EL10: the last day counts, the next does not
BEGIN; UPDATE license SET valid_to = '2026-03-03'; SELECT not_passed(); UPDATE license SET valid_to = '2026-03-02'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE license SET status = 'suspended'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE license SET valid_from = '2026-03-03'; SELECT not_passed(); ROLLBACK;
BEGIN; DELETE FROM sample_request_line; DELETE FROM sample_request; DELETE FROM license; SELECT x FROM not_passed() AS x WHERE x LIKE 'EL10%'; ROLLBACK;
SELECT x FROM not_passed(args => jsonb_build_object('delivery_point_id', fx('chen arizona'))) AS x;
BEGIN; UPDATE license SET verified_on = '2025-03-02'; SELECT not_passed(); UPDATE license SET verified_on = '2025-03-01'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE license SET sample_eligible = false; SELECT not_passed(); ROLLBACK;
BEGIN; INSERT INTO license_product VALUES (fx('license chen'), fx('airway leaflet')); SELECT not_passed();
INSERT INTO license_product VALUES (fx('license chen'), fx('airway')); SELECT not_passed(); ROLLBACK;

-- EL11
BEGIN; UPDATE product_market SET controlled_schedule = 'IV' WHERE product_market_id = fx('market us'); SELECT not_passed();
INSERT INTO license (account_id, kind, number, jurisdiction, schedules, verified_on) VALUES (fx('chen'), 'dea', 'AB1234563', 'US', '{V}', '2026-01-10'); SELECT not_passed();
UPDATE license SET schedules = '{IV,V}' WHERE kind = 'dea'; SELECT not_passed(); ROLLBACK;

-- EL13
BEGIN; UPDATE sample_request SET status = 'cancelled';
SELECT action, legal_ref FROM (VALUES ('sample_drop'), ('sample_ship')) AS a (action), explain_eligibility(fx('chen'), fx('airway 10'), 1, action => a.action, user_id => fx('rita'), at => '2026-03-02 18:00+00') WHERE rule_code = 'EL13'; ROLLBACK;
BEGIN; UPDATE sample_request SET status = 'cancelled'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sample_request SET status = 'draft'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sample_request SET signature_id = fx('nurse signature'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sample_request SET signature_id = fx('late signature'); SELECT not_passed(); ROLLBACK;
-- an organisation receives what a practitioner asked for in its name
BEGIN; UPDATE sample_request SET account_id = fx('hospital pharmacy');
SELECT not_passed('hospital pharmacy', args => jsonb_build_object('request_id', fx('request'), 'delivery_point_id', fx('clinic address'), 'visit_id', fx('visit'))); ROLLBACK;
BEGIN; UPDATE sample_request SET standing = true; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sample_request SET deliver_until = '2026-09-02'; SELECT not_passed(); UPDATE sample_request SET deliver_until = '2026-09-03'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sample_request SET deliver_until = '2026-03-01'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE sample_request_line SET requested = 1; SELECT not_passed(qty => 2); ROLLBACK;
BEGIN; UPDATE sample_request SET license_id = NULL, fields = fields - 'name' || '{"strength": ""}'; SELECT not_passed(); ROLLBACK;
BEGIN; DELETE FROM sample_request_line; SELECT not_passed(args => jsonb_build_object('request_id', fx('request'))); ROLLBACK;

-- EL14
SELECT x FROM not_passed('hospital pharmacy', args => jsonb_build_object('practitioner_id', fx('chen'))) AS x WHERE x LIKE 'EL14%';
BEGIN; INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at, effective_from)
VALUES (fx('chen'), fx('acme'), 'sample_receipt', 'withdraw', '2026-03-02 17:00+00', '2026-03-02 17:00+00'); SELECT not_passed(); ROLLBACK;
SELECT not_passed(action => 'message_send', who => 'mona', args => jsonb_build_object('channel', 'email', 'contact_point_id', fx('chen email')));
SELECT not_passed(action => 'message_send', who => 'mona', args => jsonb_build_object('channel', 'sms', 'contact_point_id', fx('chen email')));
SELECT not_passed(action => 'message_send', who => 'mona', args => jsonb_build_object('channel', 'email', 'contact_point_id', fx('nurse email')));

-- EL15: two points that inherit from one clinic are one place
SELECT x FROM not_passed(args => jsonb_build_object('delivery_point_id', fx('chen arizona'))) AS x WHERE x LIKE 'EL15%';
SELECT not_passed(args => jsonb_build_object('delivery_point_id', fx('clinic address')));

-- a shipment goes to an address that takes them, its own word or that of the point it inherits from
CREATE FUNCTION shipped() RETURNS SETOF text LANGUAGE sql
SET search_path = rules_reasons, lsce, pg_catalog
AS $$ SELECT concat_ws(' ', outcome, reason_code, CASE outcome WHEN 'fail' THEN message END) FROM explain_eligibility(fx('chen'), fx('airway 10'), 1, 'sample_ship', user_id => fx('oscar'), at => '2026-03-02 18:00+00') WHERE rule_code = 'EL15' $$;
SELECT shipped();
BEGIN; UPDATE contact_point SET can_ship = false WHERE contact_point_id = fx('clinic address'); SELECT shipped();
UPDATE contact_point SET can_ship = true WHERE contact_point_id = fx('chen office'); SELECT shipped(); ROLLBACK;
DROP FUNCTION shipped;

-- EL16 and EL17
SELECT not_passed(args => jsonb_build_object('batch_id', fx('leaflet lot')));
BEGIN; UPDATE product_batch SET status = 'recalled' WHERE batch_id = fx('lot'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE product_batch SET expires_on = '2026-03-02' WHERE batch_id = fx('lot'); SELECT not_passed();
UPDATE product_batch SET expires_on = '2026-03-01' WHERE batch_id = fx('lot'); SELECT not_passed(); ROLLBACK;
SELECT not_passed(args => jsonb_build_object('location_id', fx('bag nora')));
SELECT not_passed(args => jsonb_build_object('batch_id', fx('lot'), 'location_id', fx('bag nora')));
BEGIN; UPDATE limit_rule SET quota = 20 WHERE rule_id = fx('limit'); UPDATE sample_request_line SET requested = 20;
SELECT not_passed(qty => 10); SELECT not_passed(qty => 11); ROLLBACK;

-- EL19
SELECT not_passed(qty => 2);
SELECT not_passed(qty => 3);
BEGIN; UPDATE limit_rule SET quota = NULL WHERE rule_id = fx('limit'); SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE limit_rule SET window_anchor = 'first_marketed_on', window_for = '18 months' WHERE rule_id = fx('limit'); SELECT not_passed(at => '2026-03-02 18:00+00');
UPDATE limit_rule SET window_for = '17 months' WHERE rule_id = fx('limit'); SELECT not_passed();
UPDATE limit_rule SET window_after = '24 months', window_for = NULL WHERE rule_id = fx('limit'); SELECT not_passed(); ROLLBACK;
-- a company limit that only warns
BEGIN; UPDATE limit_template SET enforcement = 'warning' WHERE template_id = fx('template'); SELECT not_passed(qty => 3);
SELECT outcome, reason_codes FROM decision ORDER BY decision_id DESC LIMIT 1; ROLLBACK;
-- the code of an association binds its members, and whoever is not known to be none: the company that acts and that of the product
CREATE FUNCTION codes(day date DEFAULT '2026-03-02') RETURNS SETOF text LANGUAGE sql
SET search_path = rules_reasons, lsce, pg_catalog
AS $$ SELECT DISTINCT expected ->> 'template' FROM explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => day + time '18:00')
	WHERE rule_code = 'EL19' AND expected ? 'template' ORDER BY 1 $$;
BEGIN; UPDATE contact_point SET country_code = 'PL', region_code = NULL WHERE contact_point_id = fx('clinic address');
INSERT INTO company (company_id, code, name, kind, country_code) VALUES (fx('acme polska'), 'ACME-PL', 'Acme Polska', 'affiliate', 'PL');
INSERT INTO product_market (product_id, country_code, company_id, authorised_on, first_marketed_on, sampleable) VALUES (fx('airway 10'), 'PL', fx('acme polska'), '2025-01-01', '2025-01-01', true);
SELECT codes();
INSERT INTO association_membership (company_id, association, member, valid_to) VALUES (fx('acme'), 'INFARMA', false, '2026-03-03'); SELECT 'the company of the product is not known', codes();
INSERT INTO association_membership (company_id, association, member) VALUES (fx('acme polska'), 'EFPIA', false); SELECT 'another association', codes();
INSERT INTO association_membership (company_id, association, member) VALUES (fx('acme polska'), 'INFARMA', true); SELECT 'a member', codes();
UPDATE association_membership SET member = false; SELECT 'no member', codes();
SELECT 'the day after', codes('2026-03-03'); ROLLBACK;
DROP FUNCTION codes;
SELECT code, association FROM limit_template WHERE association IS NOT NULL ORDER BY 1;
BEGIN; \set VERBOSITY sqlstate
UPDATE limit_template SET association = 'EFPIA' WHERE code = 'PL-PF54'; ROLLBACK;
\set VERBOSITY default

-- EL20
BEGIN; UPDATE visit SET status = 'planned'; SELECT not_passed(); ROLLBACK;
BEGIN; UPDATE visit SET status = 'planned'; SELECT not_passed(args => jsonb_build_object('visit_id', fx('visit'))); ROLLBACK;
BEGIN; UPDATE visit SET owner_id = fx('nora'); SELECT not_passed(args => jsonb_build_object('visit_id', fx('visit'))); ROLLBACK;
-- captured between the begin and the end of the visit, an hour more or less; a visit without an end ends with its day in Los Angeles
BEGIN; SELECT x FROM not_passed(at => '2026-03-02 16:45+00', args => jsonb_build_object('visit_id', fx('visit'))) AS x WHERE x LIKE 'EL20%';
SELECT x FROM not_passed(at => '2026-03-02 16:44+00', args => jsonb_build_object('visit_id', fx('visit'))) AS x WHERE x LIKE 'EL20%'; ROLLBACK;
BEGIN; SELECT not_passed(at => '2026-03-03 09:00+00', args => jsonb_build_object('visit_id', fx('visit')));
SELECT not_passed(at => '2026-03-03 09:01+00', args => jsonb_build_object('visit_id', fx('visit')));
UPDATE visit SET actual_to = '2026-03-02 18:00+00', status = 'completed'; SELECT not_passed(at => '2026-03-02 19:00+00'); SELECT not_passed(at => '2026-03-02 19:01+00');
SELECT expected, observed FROM explain_eligibility(fx('chen'), fx('airway 10'), 1, user_id => fx('rita'), at => '2026-03-02 19:01+00') WHERE rule_code = 'EL20';
UPDATE setting SET value = '90' WHERE name = 'visit_tolerance_minutes'; SELECT not_passed(at => '2026-03-02 19:01+00');
DELETE FROM setting WHERE name = 'visit_tolerance_minutes'; SELECT not_passed(at => '2026-03-02 23:59+00'); ROLLBACK;
BEGIN; UPDATE visit SET actual_from = NULL; SELECT not_passed(args => jsonb_build_object('visit_id', fx('visit'))); ROLLBACK;
SELECT not_passed(args => '{"received_at": "2026-03-16 18:00+00"}');
SELECT not_passed(args => '{"received_at": "2026-03-17 18:00+00"}');
SELECT not_passed(args => '{"received_at": "2026-03-02 17:55+00"}');
SELECT not_passed(args => '{"received_at": "2026-03-02 17:54+00"}');

-- other kinds
SELECT not_passed(action => 'gift');
SELECT not_passed(action => 'detail');
SELECT not_passed(action => 'sample_ship', who => 'oscar');
SELECT not_passed(action => 'detail', product => 'airway leaflet');

-- the words of the seeded templates that the rules branch on are words they know
SELECT DISTINCT 'recipient ' || r FROM limit_template, unnest(recipients) AS r
WHERE r NOT IN (SELECT code FROM code_value WHERE code_set IN ('profession', 'hco_type'))
	AND r NOT IN ('prescriber', 'physician_entitled_to_prescribe', 'hospital_or_hce_pharmacy_on_prescriber_request',
		'hospital_in_house_pharmacist', 'medical_staff', 'other_health_practitioner_non_physician');
SELECT DISTINCT 'precondition ' || p FROM limit_template, unnest(preconditions) AS p
WHERE p ~ 'request' AND p NOT IN ('written_request', 'written_or_electronic_request', 'dea_number_on_request', 'request_has_order_registration_number');
SELECT DISTINCT 'pack rule ' || pack_rule FROM limit_template
WHERE split_part(pack_rule, ':', 1) NOT IN ('smallest_pack', 'no_larger_than_smallest_pack', 'supply_hours_at_most', 'pack_percent_at_least', 'patient_courses_at_most');

\set ECHO none
SET client_min_messages = warning;
CALL lsce.drop_model('rules_reasons', 'rules_reasons');
