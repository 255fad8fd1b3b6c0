-- FHIR R4: resources and bundles in any order, refusals, and back out again
\getenv dir PG_ABS_SRCDIR
\set take_state :dir /data/import_state.sql
\set SHOW_CONTEXT never
\pset null -
SET client_min_messages = warning;
SET datestyle = ISO;
CALL lsce.create_model('regress_f1');
CALL lsce.create_model('regress_f2');
CREATE TEMPORARY TABLE entry (no int PRIMARY KEY, entry jsonb);
INSERT INTO entry VALUES
	(1, '{"fullUrl": "urn:uuid:aaaaaaaa-0000-4000-8000-000000000001", "request": {"method": "POST", "url": "PractitionerRole"}, "resource": {"resourceType": "PractitionerRole",
		"period": {"start": "2020-04", "end": "2024"}, "practitioner": {"reference": "urn:uuid:aaaaaaaa-0000-4000-8000-000000000002"}, "organization": {"reference": "Organization/ward/_history/3"},
		"code": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/practitioner-role", "code": "doctor"}]}],
		"specialty": [{"coding": [{"system": "http://nucc.org/provider-taxonomy", "code": "207RP1001X"}]}, {"coding": [{"system": "http://snomed.info/sct", "code": "408443003", "display": "General medical practice"}]}]}}'),
	(2, '{"fullUrl": "urn:uuid:aaaaaaaa-0000-4000-8000-000000000002", "request": {"method": "POST", "url": "Practitioner"}, "resource": {"resourceType": "Practitioner", "id": "tanaka", "language": "ja-JP", "active": true,
		"identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893", "period": {"start": "2019-05-01"}}, {"value": "no system"}],
		"name": [{"use": "old", "family": "旧姓"}, {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation", "valueCode": "SYL"}], "use": "official", "family": "タナカ", "given": ["ハナコ"]},
			{"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation", "valueCode": "IDE"}], "use": "official", "text": "田中 花子", "family": "田中", "given": ["花子"]}],
		"birthDate": "1970-03", "_birthDate": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime": "1970-03-30T13:28:17+09:00"}]},
		"telecom": [{"system": "phone", "value": "+81 3 5555 0100", "use": "mobile", "rank": 1}, {"system": "fax", "value": "+81 3 5555 0101"}, {"system": "other", "value": "@hanako"}, {"system": "telex", "value": "42"}],
		"address": [{"use": "work", "line": ["1-1", "Chiyoda"], "city": "Tokyo", "state": "JP-13", "postalCode": "100-0001", "country": "JPN"}],
		"qualification": [{"code": {"coding": [{"system": "http://snomed.info/sct", "code": "41672002", "display": "Pulmonologist"}]}}]}}'),
	(3, '{"resource": {"resourceType": "Organization", "id": "ward", "name": "Lung ward", "type": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/organization-type", "code": "dept"}]}], "partOf": {"reference": "Organization/house"}}}'),
	(4, '{"resource": {"resourceType": "Organization", "id": "house", "name": "General Hospital", "alias": ["GH"], "address": [{"country": "Japan", "state": "13", "city": "Tokyo"}]}}'),
	(5, '{"resource": {"resourceType": "Organization", "id": "fund", "active": false, "name": "Sick fund", "type": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/organization-type", "code": "pay"}]}], "address": [{"country": "DE"}]}}'),
	(6, '{"resource": {"resourceType": "OrganizationAffiliation", "id": "oa", "active": true, "organization": {"reference": "Organization/fund"}, "participatingOrganization": {"reference": "Organization/house"}}}'),
	(7, '{"resource": {"resourceType": "Location", "id": "site", "status": "active", "name": "Annex", "address": {"line": ["2-2"], "city": "Tokyo"}, "managingOrganization": {"reference": "Organization/house"}}}'),
	(8, '{"resource": {"resourceType": "HealthcareService", "id": "clinic", "name": "Asthma clinic", "providedBy": {"reference": "Organization/ward"}, "specialty": [{"coding": [{"system": "http://nucc.org/provider-taxonomy", "code": "207RP1001X"}]}]}}'),
	(9, '{"resource": {"resourceType": "Patient", "id": "p1"}}'),
	(10, '{"request": {"method": "DELETE", "url": "Practitioner/tanaka"}, "resource": {"resourceType": "Practitioner", "id": "gone"}}'),
	(11, '{"request": {"method": "DELETE", "url": "Practitioner/tanaka"}}'),
	(12, '{"resource": {"resourceType": "Location", "id": "inner", "address": {}, "managingOrganization": {"reference": "#own"}}}'),
	(13, '{"resource": {"resourceType": "Location", "id": "search", "address": {}, "managingOrganization": {"reference": "Organization?identifier=1"}}}'),
	(14, '{"resource": {"resourceType": "Location", "id": "nobody", "address": {"city": "Tokyo"}}}'),
	(15, '{"resource": {"resourceType": "Practitioner", "id": "stateless", "name": [{"family": "Nemo"}]}}'),
	(16, '{"resource": {"resourceType": "Practitioner", "id": "nameless", "address": [{"country": "DE"}]}}'),
	(18, '{"resource": {"resourceType": "Practitioner", "id": "odd", "name": {"family": "Not a list"}, "address": [{"country": "DE"}]}}'),
	(19, '{"resource": {"resourceType": "PractitionerRole", "id": "ended", "active": false, "practitioner": {"reference": "Practitioner/tanaka"}, "organization": {"reference": "Organization/house"}}}'),
	(20, '{"resource": {"resourceType": "PractitionerRole", "id": "free", "practitioner": {"reference": "Practitioner/tanaka"}}}'),
	(21, '{"resource": {"resourceType": "PractitionerRole", "id": "lost", "practitioner": {"reference": "Practitioner/tanaka"}, "organization": {"reference": "http://elsewhere.example/fhir/Organization/1"}}}'),
	(22, '{"resource": {"resourceType": "Practitioner", "name": [{"family": "No id"}]}}'),
	(23, '{"resource": {"resourceType": "OrganizationAffiliation", "id": "badday", "period": {"start": "31.12.2020"}, "organization": {"reference": "Organization/fund"}, "participatingOrganization": {"reference": "Organization/house"}}}');
SELECT accepted, waiting, rejected, row_no, reference, status, reason
FROM lsce.import_fhir('regress_f1', (SELECT jsonb_build_object('resourceType', 'Bundle', 'type', 'transaction', 'entry', jsonb_agg(entry ORDER BY no)) FROM entry));
SET search_path = regress_f1, lsce, public;
SELECT a.kind, a.name, a.lang, a.country_code, a.status, h.given_name, h.family_name, h.given_name_reading, h.family_name_reading, h.profession, o.hco_type, u.name AS parent
FROM account AS a LEFT JOIN hcp AS h USING (account_id) LEFT JOIN hco AS o USING (account_id) LEFT JOIN account AS u ON u.account_id = o.parent_id ORDER BY a.kind, a.name COLLATE "C";
SELECT a.name, i.system, i.value, i.valid_from FROM account_identifier AS i JOIN account AS a USING (account_id);
SELECT a.name, p.kind, p.usage, p.value, replace(p.line, E'\n', '/') AS line, p.city, p.region_code, p.country_code, p.is_primary FROM contact_point AS p JOIN account AS a USING (account_id) ORDER BY a.name COLLATE "C", 2, 3, 4, 5;
SELECT f.name AS of, t.name AS at, x.role, x.kind, x.specialty_code, x.valid_from, x.valid_to FROM affiliation AS x JOIN account AS f ON f.account_id = x.from_account_id JOIN account AS t ON t.account_id = x.to_account_id ORDER BY 1;
SELECT a.name, s.code, s.rank FROM account_specialty AS s JOIN account AS a USING (account_id);
SELECT reference, waits_for, why FROM import_unresolved();
\set state state_f1
\i :take_state

-- one by one, in the reverse order: the same
DO $$
DECLARE e record;
BEGIN
	FOR e IN SELECT * FROM entry ORDER BY no DESC LOOP
		PERFORM lsce.import_fhir('regress_f2', jsonb_build_object('resourceType', 'Bundle', 'entry', jsonb_build_array(e.entry)));
	END LOOP;
END $$;
SET search_path = regress_f2, lsce, public;
\set state state_f2
\i :take_state
SELECT a.what, a.count, a.digest = b.digest AS same FROM state_f1 AS a JOIN state_f2 AS b USING (what) WHERE a.count > 0 ORDER BY a.what;
SELECT r.key, r.status, r.reason, f.status, f.reason FROM import_record AS r JOIN regress_f1.import_record AS f USING (key) WHERE (r.status, r.reason) IS DISTINCT FROM (f.status, f.reason);
-- a resource alone; the same again; other content under the same id
SELECT accepted, rejected, reference, status, reason FROM lsce.import_fhir('regress_f2', '{"resourceType": "Organization", "id": "1", "name": "Elsewhere", "address": [{"country": "DE"}]}', 'http://elsewhere.example/fhir');
SELECT accepted, rejected, reference, status, reason FROM lsce.import_fhir('regress_f2', '{"resourceType": "Organization", "id": "1", "name": "Elsewhere", "address": [{"country": "DE"}]}', 'http://elsewhere.example/fhir');
SELECT accepted, rejected, reference, status, reason FROM lsce.import_fhir('regress_f2', '{"resourceType": "Organization", "id": "1", "name": "Otherwise", "address": [{"country": "DE"}]}', 'http://elsewhere.example/fhir');
-- an identifier has one holder, by whatever URI its system goes
SELECT accepted, rejected, reference, status, reason FROM lsce.import_fhir('regress_f2', '{"resourceType": "Practitioner", "id": "twin", "name": [{"family": "Twin"}], "identifier": [{"system": "urn:oid:2.16.840.1.113883.4.6", "value": "1234567893"}], "address": [{"country": "DE"}]}');
-- identifiers and specialties given several times are stored once; what has no place is named, all of it; a state that is
-- unknown costs an address its region; roles that differ in their text alone are two
SELECT accepted, rejected, reference, status, reason FROM lsce.import_fhir('regress_f2', country_code => 'US', resource => '{"resourceType": "Bundle", "type": "batch", "entry": [
	{"resource": {"resourceType": "Practitioner", "id": "twice", "name": [{"family": "Twice"}], "birthDate": "1959-03-11",
		"identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1245319599"}, {"use": "old", "system": "urn:oid:2.16.840.1.113883.4.6", "value": "1245-319-599"},
			{"system": "urn:x", "value": "9", "period": {"end": "2001"}}, {"system": "urn:x", "value": "9", "period": {"start": "2010"}}, {"value": "77"}],
		"telecom": [{"value": "555"}],
		"address": [{"text": "534 Erewhon St, PleasantVille", "state": "Vic"}],
		"qualification": [{"code": {"coding": [{"system": "http://nucc.org/provider-taxonomy", "code": "207RP1001X"}]}, "period": {"end": "2001"}}, {"code": {"text": "Pulmonary Disease"}},
			{"code": {"coding": [{"system": "http://nucc.org/provider-taxonomy", "code": "207RP1001X"}]}}]}},
	{"resource": {"resourceType": "PractitionerRole", "id": "first", "practitioner": {"reference": "Practitioner/twice"}, "organization": {"reference": "Organization/house"}, "code": [{"text": "Doctor"}]}},
	{"resource": {"resourceType": "PractitionerRole", "id": "second", "practitioner": {"reference": "Practitioner/twice"}, "organization": {"reference": "Organization/house"}, "code": [{"text": "Teacher"}]}},
	{"resource": {"resourceType": "Location", "id": "where", "address": {"line": ["2-3"], "state": "Atlantis"}, "managingOrganization": {"reference": "Organization/house"}}},
	{"resource": {"resourceType": "Practitioner", "id": "backwards", "name": [{"family": "Backwards"}], "identifier": [{"system": "urn:y", "value": "9", "period": {"start": "2021-01-01", "end": "2020-12-31"}}]}},
	{"resource": {"resourceType": "Organization", "id": "nobody"}},
	{"resource": {"resourceType": "Practitioner", "id": "again", "name": [{"family": "Again"}], "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1245319599"}]}}]}');
-- an identifier longer than an index takes is refused alone, too
SELECT accepted, rejected, reference, status, reason FROM lsce.import_fhir('regress_f2', country_code => 'US',
	resource => jsonb_build_object('resourceType', 'Practitioner', 'id', 'long', 'name', '[{"family": "Long"}]'::jsonb, 'identifier',
		jsonb_build_array(jsonb_build_object('system', 'urn:z', 'value', (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 400) AS i)))));
SELECT i.system, i.value, i.valid_from, i.valid_to FROM account_identifier AS i JOIN account AS a USING (account_id) WHERE a.name = 'Twice' ORDER BY 1, 2, 3;
SELECT s.code, s.rank, s.valid_from, s.valid_to FROM account_specialty AS s JOIN account AS a USING (account_id) WHERE a.name = 'Twice' ORDER BY 1, 3;
SELECT a.name, p.line, p.region_code, p.country_code FROM contact_point AS p JOIN account AS a USING (account_id) WHERE p.line IN ('534 Erewhon St, PleasantVille', '2-3') ORDER BY 1;
SELECT x.role FROM affiliation AS x JOIN account AS a ON a.account_id = x.from_account_id WHERE a.name = 'Twice' ORDER BY 1;
SELECT h.birth_date, v.resource ->> 'birthDate' AS exported FROM fhir_practitioner AS v JOIN hcp AS h ON h.account_id = v.id WHERE h.family_name = 'Twice';
-- a reference by the address of another server is kept with its resource under the system of that address
SELECT reference, waits_for, why FROM import_unresolved();
-- no resource
SELECT * FROM lsce.import_fhir('regress_f2', '{"id": 1}');
SELECT * FROM lsce.import_fhir('regress_f2', '[]');
SELECT * FROM lsce.import_fhir('regress_f2', NULL);
SELECT * FROM lsce.import_fhir('regress_f2', '{"resourceType": "Bundle", "entry": {}}');
SELECT * FROM lsce.import_fhir(NULL, '{"resourceType": "Bundle"}');
SELECT accepted, waiting, rejected FROM lsce.import_fhir('regress_f2', '{"resourceType": "Bundle"}');
RESET search_path;
CALL lsce.drop_model('regress_f1', 'regress_f1');
CALL lsce.drop_model('regress_f2', 'regress_f2');

-- out and in again: a model filled from the export of another exports the same
CALL lsce.create_model('regress_f3');
CALL lsce.create_model('regress_f4');
CALL lsce.load_demo('regress_f3', 200);
CREATE TEMPORARY VIEW all_of_f3 AS
SELECT * FROM regress_f3.fhir_practitioner UNION ALL SELECT * FROM regress_f3.fhir_practitioner_role UNION ALL SELECT * FROM regress_f3.fhir_organization
UNION ALL SELECT * FROM regress_f3.fhir_organization_affiliation UNION ALL SELECT * FROM regress_f3.fhir_location UNION ALL SELECT * FROM regress_f3.fhir_healthcare_service;
CREATE TEMPORARY VIEW all_of_f4 AS
SELECT * FROM regress_f4.fhir_practitioner UNION ALL SELECT * FROM regress_f4.fhir_practitioner_role UNION ALL SELECT * FROM regress_f4.fhir_organization
UNION ALL SELECT * FROM regress_f4.fhir_organization_affiliation UNION ALL SELECT * FROM regress_f4.fhir_location UNION ALL SELECT * FROM regress_f4.fhir_healthcare_service;
SET search_path = regress_f3, lsce, public;
-- an organisation of each kind, a service, an affiliation of organisations, an account that was merged
INSERT INTO account (account_id, kind, name, country_code, status, survivor_id) VALUES
	('00000000-0000-7000-8000-000000000001', 'payer', 'Fund', 'DE', 'pending', NULL), ('00000000-0000-7000-8000-000000000002', 'hco', 'Ward', 'DE', 'active', NULL),
	('00000000-0000-7000-8000-000000000003', 'hco', 'Clinic hours', 'DE', 'active', NULL), ('00000000-0000-7000-8000-000000000004', 'hco', 'Twin of ward', 'DE', 'merged', '00000000-0000-7000-8000-000000000002');
INSERT INTO hco (account_id, hco_type, parent_id) VALUES ('00000000-0000-7000-8000-000000000002', 'department', NULL), ('00000000-0000-7000-8000-000000000003', 'healthcare_service', '00000000-0000-7000-8000-000000000002');
INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, role, kind, strength, direction, is_primary, specialty_code, valid_from) VALUES
	('00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'contract', 'governance', 0.3, 'bidirectional', true, 'physician.dermatology', '2031-01-01');
SELECT resource ->> 'resourceType' AS type, count(*) FROM all_of_f3 GROUP BY 1 ORDER BY 1;
SELECT accepted, waiting, rejected, row_no, reference, status, reason
FROM lsce.import_fhir('regress_f4', (SELECT jsonb_build_object('resourceType', 'Bundle', 'type', 'collection', 'entry', jsonb_agg(jsonb_build_object('resource', resource) ORDER BY md5(id::text))) FROM all_of_f3));
SELECT id, a.resource, b.resource FROM all_of_f3 AS a FULL JOIN all_of_f4 AS b USING (id) WHERE a.resource ->> 'resourceType' = b.resource ->> 'resourceType' AND a.resource <> b.resource OR a.id IS NULL OR b.id IS NULL;
-- and so do the tables below, in what FHIR has a word for
SELECT to_jsonb(a) - 'sys_from', to_jsonb(b) - 'sys_from' FROM (SELECT * FROM regress_f3.account WHERE status <> 'merged') AS a FULL JOIN regress_f4.account AS b USING (account_id)
WHERE to_jsonb(a) - 'sys_from' IS DISTINCT FROM to_jsonb(b) - 'sys_from';
SELECT to_jsonb(a), to_jsonb(b) FROM regress_f3.hcp AS a FULL JOIN regress_f4.hcp AS b USING (account_id) WHERE to_jsonb(a) - 'sys_from' IS DISTINCT FROM to_jsonb(b) - 'sys_from';
SELECT to_jsonb(a), to_jsonb(b) FROM regress_f3.hco AS a FULL JOIN regress_f4.hco AS b USING (account_id) WHERE to_jsonb(a) - 'sys_from' IS DISTINCT FROM to_jsonb(b) - 'sys_from';
SELECT to_jsonb(a), to_jsonb(b) FROM regress_f3.account_specialty AS a FULL JOIN regress_f4.account_specialty AS b ON (a.account_id, a.code::text, a.valid_from) = (b.account_id, b.code::text, b.valid_from)
WHERE to_jsonb(a) - 'sys_from' IS DISTINCT FROM to_jsonb(b) - 'sys_from';
SELECT count(*) FROM (TABLE regress_f3.account_identifier EXCEPT TABLE regress_f4.account_identifier) AS lost;
-- the golden record knows where the names came from, and when the server saw them last
SELECT v.field, count(*), count(DISTINCT v.account_id) AS accounts, bool_and(v.source = 'fhir') AS by_system, bool_and(v.observed_at <= r.received_at) AS not_later
FROM regress_f4.account_source_value AS v JOIN regress_f4.import_record AS r ON r.id = v.account_id AND r.entity = 'account' GROUP BY v.field ORDER BY v.field COLLATE "C";
-- a professional as a resource
SELECT jsonb_pretty(resource) FROM fhir_practitioner WHERE resource ->> 'language' = 'ja' ORDER BY id LIMIT 1;
RESET search_path;
SELECT check_code, subject, detail FROM lsce.check_model('regress_f4') WHERE NOT ok AND check_code <> 'owner';
DROP VIEW all_of_f3, all_of_f4;
CALL lsce.drop_model('regress_f3', 'regress_f3');
CALL lsce.drop_model('regress_f4', 'regress_f4');
