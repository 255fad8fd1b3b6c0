-- Real input: the 926 professionals of a share of NPPES (Connecticut), loaded as
-- doc/loading-nppes.md says.  Without the shared data the test is skipped.
\getenv shared LSCE_SHARED
\if :{?shared}
\set have `test -r "$LSCE_SHARED/data/nppes/hcp.csv" && echo true || echo false`
\else
\set have false
\endif
\if :have
\else
\echo skipped: no shared data
\quit
\endif
SET client_min_messages = warning;
CALL lsce.create_model('nppes');
CALL lsce.load_demo('nppes', 100, 1);
RESET client_min_messages;
SET search_path = nppes, lsce, public;

-- 1. the files, as they are
CREATE TEMPORARY TABLE stage_provider (
	npi text, entity_type text, org_name text, last_name text, first_name text, middle_name text, suffix text, credential text, gender text,
	practice_addr1 text, practice_addr2 text, practice_city text, practice_state text, practice_zip text, practice_phone text, mailing_zip text,
	enumeration_date text, last_update text, deactivation_date text, reactivation_date text, other_last_name text, other_first_name text);
CREATE TEMPORARY TABLE stage_taxonomy (npi text, slot int, taxonomy_code text, is_primary text);
CREATE TEMPORARY TABLE stage_license (npi text, slot int, taxonomy_code text, license_no text, state text);
CREATE TEMPORARY TABLE stage_other_id (npi text, slot int, identifier text, type_code text, state text, issuer text);
CREATE TEMPORARY TABLE stage_hospital (npi text, ccn text, hospital_name text);
CREATE TEMPORARY TABLE stage_nucc (code text, grouping_name text, classification text, specialization text, definition text, notes text, display_name text, section text);
\cd :shared/data/nppes
\copy stage_provider FROM 'hcp.csv' WITH (FORMAT csv, HEADER)
\copy stage_provider FROM 'hco.csv' WITH (FORMAT csv, HEADER)
\copy stage_taxonomy FROM 'hcp_taxonomy.csv' WITH (FORMAT csv, HEADER)
\copy stage_license FROM 'hcp_license.csv' WITH (FORMAT csv, HEADER)
\copy stage_other_id FROM 'hcp_other_id.csv' WITH (FORMAT csv, HEADER)
\copy stage_hospital FROM 'hcp_hospital_by_address.csv' WITH (FORMAT csv, HEADER)
\cd ../nucc
\copy stage_nucc FROM 'nucc_provider_taxonomy_2024.csv' WITH (FORMAT csv, HEADER)
SELECT (SELECT count(*) FROM stage_provider) AS providers, (SELECT count(*) FROM stage_taxonomy) AS taxonomies, (SELECT count(*) FROM stage_license) AS licenses,
	(SELECT count(*) FROM stage_other_id) AS other_ids, (SELECT count(*) FROM stage_hospital) AS hospital_links, (SELECT count(*) FROM stage_nucc) AS nucc_codes;

-- 2. what a code means here: a place in our classification, else one built from
-- the names of the code's grouping, classification and specialization
CREATE TEMPORARY TABLE stage_specialty AS
SELECT n.code, coalesce(a.parent_code::lsce.specialty,
	(coalesce(g.root, trim(regexp_replace(lower(n.grouping_name), '[^a-z0-9]+', '_', 'g'), '_'))
		|| coalesce('.' || nullif(trim(regexp_replace(lower(n.classification), '[^a-z0-9]+', '_', 'g'), '_'), ''), '')
		|| coalesce('.' || nullif(trim(regexp_replace(lower(n.specialization), '[^a-z0-9]+', '_', 'g'), '_'), ''), ''))::lsce.specialty) AS path,
	a.code IS NOT NULL AS known,
	CASE WHEN n.code LIKE '20%' THEN 'physician' WHEN n.code LIKE '122%' THEN 'dentist' WHEN n.code LIKE '363L%' THEN 'nurse_practitioner'
		WHEN n.code LIKE '363A%' THEN 'physician_assistant' WHEN n.code LIKE '3675%' THEN 'nurse_anesthetist' WHEN n.code LIKE '367A%' THEN 'midwife'
		WHEN n.code LIKE '16%' THEN 'nurse' WHEN n.code LIKE '1835%' THEN 'pharmacist' WHEN n.code LIKE '213E%' THEN 'podiatrist'
		WHEN n.code LIKE '152W%' THEN 'optometrist' WHEN n.code LIKE '111N%' THEN 'chiropractor' WHEN n.code LIKE '103%' THEN 'psychologist'
		WHEN n.code LIKE '104%' THEN 'social_worker' WHEN n.code LIKE '133%' THEN 'dietitian' WHEN n.code LIKE '22%' OR n.code LIKE '23%' THEN 'therapist'
		ELSE 'other' END AS profession
FROM stage_nucc AS n
LEFT JOIN code_value AS a ON a.code_set = 'specialty_alias' AND a.code = 'nucc:' || n.code
LEFT JOIN (VALUES ('Allopathic & Osteopathic Physicians', 'physician'), ('Dental Providers', 'dental'),
	('Physician Assistants & Advanced Practice Nursing Providers', 'advanced_practice'), ('Nursing Service Providers', 'nursing'),
	('Pharmacy Service Providers', 'pharmacy'), ('Podiatric Medicine & Surgery Service Providers', 'podiatry'),
	('Respiratory, Developmental, Rehabilitative and Restorative Service Providers', 'respiratory')) AS g (grouping_name, root) USING (grouping_name);
SELECT count(*) FILTER (WHERE known) AS known, count(*) FILTER (WHERE NOT known) AS built, count(DISTINCT path) AS paths FROM stage_specialty;

-- 3. who they are: one id for each
ALTER TABLE stage_provider ADD COLUMN account_id uuid DEFAULT lsce.uuid_v7();
CREATE TEMPORARY TABLE stage_person AS
SELECT p.*, s.profession, p.deactivation_date <> '' AND p.reactivation_date = '' AS deactivated
FROM stage_provider AS p
LEFT JOIN LATERAL (SELECT t.taxonomy_code FROM stage_taxonomy AS t WHERE t.npi = p.npi ORDER BY t.is_primary <> 'Y', t.slot LIMIT 1) AS t ON true
LEFT JOIN stage_specialty AS s ON s.code = t.taxonomy_code
WHERE p.entity_type = '1';

INSERT INTO account (account_id, kind, name, country_code, status, prescriber)
SELECT account_id, 'hcp', concat_ws(' ', first_name, nullif(middle_name, ''), last_name, nullif(suffix, '')), 'US',
	CASE WHEN deactivated THEN 'inactive' ELSE 'active' END,
	profession IN ('physician', 'dentist', 'podiatrist', 'nurse_practitioner', 'physician_assistant', 'nurse_anesthetist', 'midwife')
FROM stage_person;
INSERT INTO hcp (account_id, given_name, family_name, credential, profession)
SELECT account_id, first_name, last_name, nullif(credential, ''), coalesce(profession, 'other') FROM stage_person;
INSERT INTO account (account_id, kind, name, country_code) SELECT account_id, 'hco', org_name, 'US' FROM stage_provider WHERE entity_type = '2';
INSERT INTO hco (account_id, hco_type)
SELECT account_id, CASE WHEN org_name ~ 'HOSPITAL|MEDICAL CENTER' THEN 'hospital' ELSE 'clinic' END FROM stage_provider WHERE entity_type = '2';
INSERT INTO account_identifier (account_id, system, value)
SELECT account_id, 'npi', npi FROM stage_provider;
-- an identifier has one holder: numbers that several people gave (group numbers) stay out
INSERT INTO account_identifier (account_id, system, value)
SELECT (array_agg(p.account_id))[1], 'medicaid', o.state || ':' || o.identifier
FROM stage_other_id AS o JOIN stage_provider AS p USING (npi)
WHERE o.type_code = '05'
GROUP BY o.state, o.identifier HAVING count(DISTINCT o.npi) = 1;
-- hospitals at whose address people practise
CREATE TEMPORARY TABLE stage_ccn AS
SELECT ccn, max(hospital_name) AS hospital_name, lsce.uuid_v7() AS account_id FROM stage_hospital GROUP BY ccn;
INSERT INTO account (account_id, kind, name, country_code) SELECT account_id, 'hco', hospital_name, 'US' FROM stage_ccn;
INSERT INTO hco (account_id, hco_type) SELECT account_id, 'hospital' FROM stage_ccn;
INSERT INTO account_identifier (account_id, system, value) SELECT account_id, 'ccn', ccn FROM stage_ccn;
INSERT INTO affiliation (from_account_id, to_account_id, role, kind)
SELECT DISTINCT p.account_id, c.account_id, 'member', 'membership' FROM stage_hospital AS h JOIN stage_provider AS p USING (npi) JOIN stage_ccn AS c USING (ccn);

-- 4. where, what, by which licence
INSERT INTO contact_point (account_id, kind, line, city, postal_code, brick, region_code, country_code, tz, is_primary)
SELECT p.account_id, 'address', concat_ws(', ', p.practice_addr1, nullif(p.practice_addr2, '')), p.practice_city, p.practice_zip,
	'US-' || p.practice_state || ':' || left(p.practice_zip, 3), r.region_code, 'US', r.tz, true
FROM stage_provider AS p JOIN region AS r ON r.region_code = 'US-' || p.practice_state;
INSERT INTO contact_point (account_id, kind, value, country_code)
SELECT account_id, 'phone', '+1' || practice_phone, 'US' FROM stage_provider WHERE practice_phone <> '';
-- rank 1 is the taxonomy marked as primary; who marked none has none
INSERT INTO account_specialty (account_id, code, rank)
SELECT p.account_id, s.path, min(CASE WHEN t.is_primary = 'Y' THEN 1 ELSE 1 + t.slot END)
FROM stage_taxonomy AS t JOIN stage_provider AS p USING (npi) JOIN stage_specialty AS s ON s.code = t.taxonomy_code
GROUP BY p.account_id, s.path;
-- licences as their holders gave them: drafts until a state board confirms them;
-- what holds no letter or digit is no number
INSERT INTO license (account_id, kind, number, jurisdiction, status)
SELECT DISTINCT p.account_id, 'state', upper(regexp_replace(l.license_no, '[ .]', '', 'g')), 'US-' || l.state, 'draft'
FROM stage_license AS l JOIN stage_provider AS p USING (npi)
WHERE l.license_no ~ '[A-Za-z0-9]';
INSERT INTO account_territory (account_id, territory_id)
SELECT p.account_id, n.territory_id FROM stage_person AS p, territory_node AS n
WHERE n.territory_id = (SELECT territory_id FROM territory_node WHERE code = 'US-4-0001');

-- what is there now
SELECT profession, count(*) FROM hcp JOIN stage_person USING (account_id, profession) GROUP BY profession ORDER BY count(*) DESC, profession COLLATE "C";
SELECT system, count(*) FROM account_identifier JOIN (SELECT account_id FROM stage_provider UNION ALL SELECT account_id FROM stage_ccn) AS s USING (account_id)
GROUP BY system ORDER BY system COLLATE "C";
SELECT left(c.postal_code, 3) AS zip3, count(*) FROM contact_point AS c JOIN stage_person AS p USING (account_id) WHERE c.kind = 'address' GROUP BY 1 ORDER BY 1;
SELECT count(*) AS licenses, count(DISTINCT account_id) AS holders, count(*) FILTER (WHERE jurisdiction <> 'US-CT') AS other_states
FROM license JOIN stage_person AS p USING (account_id);
SELECT count(*) AS without_primary FROM stage_person AS p WHERE NOT EXISTS (SELECT FROM account_specialty AS s WHERE s.account_id = p.account_id AND s.rank = 1);
SELECT count(*) AS staff_of_hospitals, count(DISTINCT to_account_id) AS hospitals FROM affiliation JOIN stage_person AS p ON p.account_id = from_account_id;

-- every count of people by postal code and specialty is the one that SQLite
-- found in the same files
\set oracle `cat "$LSCE_SHARED/data/nppes/expected/territory_specialty.json"`
CREATE TEMPORARY TABLE oracle AS
SELECT ordinality AS no, ARRAY(SELECT jsonb_array_elements_text(q -> 'zip_like')) AS zip_like, (q ->> 'primary_only')::boolean AS primary_only, (q ->> 'hcps')::int AS hcps,
	(SELECT CASE WHEN q ->> 'grouping' IS NOT NULL THEN
		(CASE q ->> 'grouping' WHEN 'Dental Providers' THEN 'dental' ELSE 'physician' END
			|| coalesce('.' || replace(lower(q ->> 'classification'), ' ', '_'), '') || coalesce('.' || replace(lower(q ->> 'specialization'), ' ', '_'), ''))::lsce.specialty END) AS path
FROM jsonb_array_elements((:'oracle'::jsonb) -> 'territory_membership_counts') WITH ORDINALITY AS e (q, ordinality);
SELECT count(*) AS questions, sum(hcps) AS people FROM oracle;
SELECT o.no, o.zip_like, o.path, o.primary_only, o.hcps, f.found FROM oracle AS o
CROSS JOIN LATERAL (
	SELECT count(DISTINCT p.account_id) AS found
	FROM stage_person AS p
	JOIN contact_point AS c ON c.account_id = p.account_id AND c.kind = 'address'
	JOIN account_specialty AS s ON s.account_id = p.account_id
	WHERE c.postal_code LIKE ANY (o.zip_like) AND (o.path IS NULL OR s.code <@ o.path) AND (NOT o.primary_only OR s.rank = 1)) AS f
WHERE f.found <> o.hcps;

-- the specialty sets of the demo find their people in four classifications
SELECT e.code, count(DISTINCT p.account_id) AS people
FROM specialty_set AS e JOIN specialty_set_member AS m ON m.set_id = e.set_id AND NOT m.exclude
JOIN account_specialty AS s ON s.code <@ m.path JOIN stage_person AS p USING (account_id)
WHERE NOT EXISTS (SELECT FROM specialty_set_member AS x WHERE x.set_id = e.set_id AND x.exclude AND s.code <@ x.path AND x.path <@ m.path)
GROUP BY e.code ORDER BY e.code COLLATE "C";
-- the same from the codes of the files
SELECT x.code, count(DISTINCT t.npi) AS people FROM stage_taxonomy AS t JOIN (VALUES
	('ALLERGISTS', '{207K00000X,207KA0200X,207KI0005X,207RA0201X,2080P0201X,207YX0602X}'::text[]),
	('PULMONOLOGISTS', '{207RP1001X,2080P0214X}')) AS x (code, codes) ON t.taxonomy_code = ANY (x.codes)
GROUP BY x.code ORDER BY x.code COLLATE "C";

-- 5. The question: may the representative hand one pen to each of them?  A state
-- board has confirmed the licences of two in three, most in January, those whose
-- number ends with 7 two years before; every second person agreed to receive samples.
UPDATE license AS l SET status = 'verified', verified_source = 'state board',
	verified_on = CASE WHEN right(l.number, 1) = '7' THEN DATE '2024-01-15' ELSE DATE '2026-01-15' END
FROM stage_person AS p WHERE p.account_id = l.account_id AND right(p.npi, 2)::int % 3 > 0;
INSERT INTO consent_event (account_id, controller_id, purpose, action, evidence, captured_at, effective_from)
SELECT p.account_id, c.company_id, 'sample_receipt', 'opt_in', '{"text_version": "1", "method": "written"}', '2026-02-01 12:00+00', '2026-02-01 12:00+00'
FROM stage_person AS p, company AS c WHERE c.code = 'CUMULUS-US' AND right(p.npi, 1)::int % 2 = 0;
ANALYZE account, hcp, contact_point, account_specialty, license, account_territory, consent_event;

CREATE TEMPORARY TABLE answer AS
SELECT p.account_id, e.rule_code, e.outcome, e.reason_code
FROM stage_person AS p
CROSS JOIN (SELECT u.user_id, u.territory_id FROM territory_user AS u JOIN territory_node AS n USING (territory_id) WHERE n.code = 'US-4-0001' AND u.role = 'rep') AS r
CROSS JOIN LATERAL explain_eligibility(p.account_id, product('CUMULUS-150-PEN'), 1, 'sample_drop', r.territory_id, r.user_id,
	(SELECT batch_id FROM product_batch WHERE product_id = product('CUMULUS-150-PEN') AND lot_no LIKE 'US-A%'), '2026-03-02 15:00-05') AS e;
SELECT count(DISTINCT account_id) AS asked FROM answer;
SELECT rule_code, reason_code, count(*) AS people FROM answer WHERE outcome = 'fail' GROUP BY rule_code, reason_code ORDER BY rule_code, reason_code COLLATE "C";

-- The same from the files alone: codes, states and digits, no function of lsce
-- and none of its rows.  The policy (EL09) wants a confirmed licence, the rule on
-- licences (EL10) also one that was confirmed within a year.
CREATE TEMPORARY TABLE person_of_files AS
	SELECT p.npi, right(p.npi, 2)::int % 3 > 0 AS board_answered, right(p.npi, 1)::int % 2 = 0 AS agreed,
		(SELECT t.taxonomy_code FROM stage_taxonomy AS t WHERE t.npi = p.npi ORDER BY t.is_primary <> 'Y', t.slot LIMIT 1) ~ '^(20|122|213E|363L|363A|3675|367A)' AS prescriber,
		EXISTS (SELECT FROM stage_taxonomy AS t WHERE t.npi = p.npi AND t.taxonomy_code IN
			('207K00000X', '207KA0200X', '207KI0005X', '207RA0201X', '2080P0201X', '207YX0602X', '207RP1001X', '2080P0214X')) AS treats_asthma,
		EXISTS (SELECT FROM stage_license AS l WHERE l.npi = p.npi AND l.state = 'CT' AND l.license_no ~ '[A-Za-z0-9]') AS licensed_here,
		EXISTS (SELECT FROM stage_license AS l WHERE l.npi = p.npi AND l.state = 'CT' AND l.license_no ~ '[A-Za-z0-9]' AND l.license_no !~ '7[ .]*$') AS lately_here,
		EXISTS (SELECT FROM stage_license AS l WHERE l.npi = p.npi AND l.state <> 'CT' AND l.license_no ~ '[A-Za-z0-9]') AS licensed_elsewhere
	FROM stage_provider AS p WHERE p.entity_type = '1';
CREATE TEMPORARY TABLE independent AS
-- the law names prescribers: who is none is no recipient (EL02), and is not asked again what he prescribes (EL03)
SELECT 'EL02' AS rule_code, 'RECIPIENT_NOT_ELIGIBLE' AS reason_code, count(*) AS people FROM person_of_files WHERE NOT prescriber
UNION ALL SELECT 'EL09', 'SPECIALTY_NOT_ELIGIBLE', count(*) FROM person_of_files WHERE NOT treats_asthma
UNION ALL SELECT 'EL09', 'LICENSE_MISSING', count(*) FROM person_of_files WHERE treats_asthma AND NOT (licensed_here AND board_answered)
UNION ALL SELECT 'EL10', 'LICENSE_UNVERIFIED', count(*) FROM person_of_files WHERE licensed_here AND NOT (lately_here AND board_answered)
UNION ALL SELECT 'EL10', 'LICENSE_WRONG_JURISDICTION', count(*) FROM person_of_files WHERE NOT licensed_here AND licensed_elsewhere AND board_answered
UNION ALL SELECT 'EL10', 'LICENSE_MISSING', count(*) FROM person_of_files WHERE NOT licensed_here AND NOT (licensed_elsewhere AND board_answered)
UNION ALL SELECT 'EL13', 'REQUEST_MISSING', count(*) FROM person_of_files
UNION ALL SELECT 'EL14', 'CONSENT_MISSING', count(*) FROM person_of_files WHERE NOT agreed
UNION ALL SELECT 'EL20', 'VISIT_MISSING', count(*) FROM person_of_files;
SELECT coalesce(a.rule_code, i.rule_code) AS rule_code, coalesce(a.reason_code, i.reason_code) AS reason_code, a.people, i.people AS independent
FROM (SELECT rule_code, reason_code, count(*) AS people FROM answer WHERE outcome = 'fail' GROUP BY rule_code, reason_code) AS a
FULL JOIN independent AS i ON i.rule_code = a.rule_code AND i.reason_code = a.reason_code
WHERE a.people IS DISTINCT FROM i.people;
-- who lacks nothing but the request and the visit
SELECT count(*) AS ready FROM (SELECT account_id FROM answer GROUP BY account_id
	HAVING bool_and(outcome <> 'fail' OR rule_code IN ('EL13', 'EL20'))) AS r;
SELECT count(*) AS ready FROM person_of_files WHERE prescriber AND treats_asthma AND lately_here AND board_answered AND agreed;

SET client_min_messages = warning;
-- the registry has nobody twice, however many work at one address: all there is is what the demo put in
SELECT a.name, b.name FROM find_duplicates() AS d JOIN account AS a ON a.account_id = d.account_a JOIN account AS b ON b.account_id = d.account_b;
CALL lsce.drop_model('nppes', 'nppes');
RESET client_min_messages;
RESET search_path;
