-- Data trees of Salesforce: mapping, order, repetition, refusals, who may import
\getenv dir PG_ABS_SRCDIR
\set take_state :dir /data/import_state.sql
\set SHOW_CONTEXT never
\pset null -
SET client_min_messages = warning;
SET datestyle = ISO;
CREATE ROLE regress_import_owner NOLOGIN;
CREATE ROLE regress_import_stu LOGIN;		-- data steward
CREATE ROLE regress_import_ada LOGIN;		-- admin
CREATE ROLE regress_import_rep LOGIN;		-- field rep
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_import_owner', current_database()); END $$;
SET ROLE regress_import_owner;
CALL lsce.create_model('regress_i1');
CALL lsce.create_model('regress_i2');
RESET ROLE;
INSERT INTO regress_i1.company (code, name, kind, country_code) VALUES ('OWN', 'Own company', 'own', 'US');
INSERT INTO regress_i1.sales_team (code, name, company_id, country_code) SELECT 'SALES', 'Sales', company_id, 'US' FROM regress_i1.company;
INSERT INTO regress_i2.company SELECT * FROM regress_i1.company;
INSERT INTO regress_i2.sales_team SELECT * FROM regress_i1.sales_team;
CREATE TEMPORARY TABLE document (no int PRIMARY KEY, object text, tree jsonb);
INSERT INTO document VALUES
	(1, 'Account', '{"records": [
		{"attributes": {"type": "Account", "referenceId": "A1"}, "Name": "North Clinic", "RecordTypeId": "$Account.Institution$", "Phone": "+1 303 555 0100", "SourceSystemIdentifier": "S-1", "Fax": "555", "BillingCountry": "United States"},
		{"attributes": {"type": "Account", "referenceId": "A2"}, "FirstName": "Patricia", "LastName": "Damper", "Salutation": "Dr.", "PersonEmail": "p.damper@example.org", "SourceSystemIdentifier": "S-2", "Fax": "556"},
		{"attributes": {"type": "Account", "referenceId": "A3"}, "Name": "South Pharmacy", "SourceSystemIdentifier": "S-1", "IsActive": false},
		{"attributes": {"type": "Account", "referenceId": "A4"}, "Name": "", "RecordTypeId": "$Account.Institution$"},
		{"attributes": {"type": "Account", "referenceId": "A5"}, "Name": "Nowhere", "BillingCountry": "Atlantis"},
		{"attributes": {"type": "Account"}, "Name": "No reference"},
		{"attributes": {"type": "Contact", "referenceId": "C1"}, "LastName": "Wrong document"},
		{"attributes": {"type": "Account", "referenceId": "A1"}, "Name": "Another with the same reference"},
		"no object"]}'),
	(2, 'HealthcareProvider', '[
		{"attributes": {"type": "HealthcareProvider", "referenceId": "P1"}, "AccountId": "@A1", "ProviderType": "Clinic"},
		{"attributes": {"type": "HealthcareProvider", "referenceId": "P2"}, "AccountId": "@A2", "ProviderType": "Medical Doctor"},
		{"attributes": {"type": "HealthcareProvider", "referenceId": "P3"}, "AccountId": "@A3", "ProviderType": "Pharmacy"},
		{"attributes": {"type": "HealthcareProvider", "referenceId": "P4"}, "AccountId": "@A1"},
		{"attributes": {"type": "HealthcareProvider", "referenceId": "P5"}, "AccountId": "@A4", "ProviderType": "Clinic"}]'),
	(3, 'ContactPointAddress', '[
		{"attributes": {"type": "ContactPointAddress", "referenceId": "D1"}, "ParentId": "@A1", "Street": "1 Main St", "City": "Denver", "State": "Colorado", "CountryCode": "US", "PostalCode": "80202", "AddressType": "Shipping", "IsPrimary": true},
		{"attributes": {"type": "ContactPointAddress", "referenceId": "D2"}, "ParentId": "@A2", "Name": "2 Main St", "State": "Colorad", "Country": "USA"},
		{"attributes": {"type": "ContactPointAddress", "referenceId": "D3"}, "ParentId": "@A2", "Name": "3 Main St", "Country": "USA", "IsActive": false},
		{"attributes": {"type": "ContactPointAddress", "referenceId": "D4"}, "ParentId": "@A2", "Name": "4 Main St", "Country": "USA", "IsActive": false, "ActiveToDate": "2025-12-31"}]'),
	(4, 'ProviderAffiliation', '[
		{"attributes": {"type": "ProviderAffiliation", "referenceId": "F1"}, "AccountId": "@A2", "RelatedAccountId": "@A1", "Role": "Staff"},
		{"attributes": {"type": "ProviderAffiliation", "referenceId": "F2"}, "AccountId": "@A2", "RelatedAccountId": "@A2", "Role": "Staff"},
		{"attributes": {"type": "ProviderAffiliation", "referenceId": "F3"}, "AccountId": "@A2", "RelatedAccountId": "@A9", "Role": "Staff"}]'),
	(5, 'ProviderAffiliationProduct', '[{"attributes": {"type": "ProviderAffiliationProduct", "referenceId": "G1"}, "ProviderAffiliationId": "@F1", "ProductId": "@M3"}]'),
	(6, 'Product2', '[{"attributes": {"type": "Product2", "referenceId": "Q1"}, "Name": "PEN 10 MG", "RecordTypeId": "$Product2.Sample_Product$"}, {"attributes": {"type": "Product2", "referenceId": "Q2"}, "Name": "What"}]'),
	(7, 'LifeSciMarketableProduct', '[
		{"attributes": {"type": "LifeSciMarketableProduct", "referenceId": "M3"}, "Name": "Pen 10 mg", "Type": "Product", "ProductId": "@Q1", "ParentProductId": "@M2", "ParentBrandProductId": "@M2", "ProductCode": "PEN10", "DistributionMethod": "DropAndShip", "StartDate": "2025-01-01", "EndDate": "2026-12-31"},
		{"attributes": {"type": "LifeSciMarketableProduct", "referenceId": "M2"}, "Name": "Pen", "Type": "Brand", "ParentProductId": "@M1"},
		{"attributes": {"type": "LifeSciMarketableProduct", "referenceId": "M1"}, "Name": "Respiratory", "Type": "TherapeuticArea"},
		{"attributes": {"type": "LifeSciMarketableProduct", "referenceId": "M4"}, "Name": "What", "Type": "Product", "ProductId": "@Q2"},
		{"attributes": {"type": "LifeSciMarketableProduct", "referenceId": "M5"}, "Name": "Odd", "Type": "Galaxy"}]'),
	(8, 'Territory2', '[
		{"attributes": {"type": "Territory2", "referenceId": "T2"}, "Name": "Denver", "DeveloperName": "Denver", "Territory2ModelId": "@TM", "ParentTerritory2Id": "@T1"},
		{"attributes": {"type": "Territory2", "referenceId": "T1"}, "Name": "West", "DeveloperName": "West_20", "Territory2ModelId": "@TM"}]'),
	(9, 'Territory2Model', '{"attributes": {"type": "Territory2Model", "referenceId": "TM"}, "Name": "Model of the feed"}'),
	(10, 'CareSpecialty', '[
		{"attributes": {"type": "CareSpecialty", "referenceId": "S1"}, "Name": "pulmonary disease"},
		{"attributes": {"type": "CareSpecialty", "referenceId": "S2"}, "Name": "Oncology"}]'),
	(11, 'HealthcareProviderSpecialty', '[
		{"attributes": {"type": "HealthcareProviderSpecialty", "referenceId": "H1"}, "AccountId": "@A2", "SpecialtyId": "@S1", "IsPrimarySpecialty": true},
		{"attributes": {"type": "HealthcareProviderSpecialty", "referenceId": "H2"}, "AccountId": "@A2", "SpecialtyId": "@S2"}]'),
	(12, 'Case', '[{"attributes": {"type": "Case", "referenceId": "K1"}, "AccountId": "@A1"}]');
CREATE TEMPORARY TABLE answer AS
SELECT d.no, i.* FROM document AS d CROSS JOIN LATERAL lsce.import_lsc('regress_i1', d.object, d.tree, country_code => 'US', team => 'SALES') AS i WHERE false;

-- in order
DO $$
DECLARE d record;
BEGIN
	FOR d IN SELECT * FROM document ORDER BY no LOOP
		INSERT INTO answer SELECT d.no, i.* FROM lsce.import_lsc('regress_i1', d.object, d.tree, country_code => 'US', team => 'SALES') AS i;
	END LOOP;
END $$;
SELECT a.no, d.object, a.accepted, a.waiting, a.rejected, a.row_no, a.reference, a.status, a.reason FROM answer AS a JOIN document AS d USING (no) ORDER BY a.no, a.status <> 'total', a.row_no, a.reason COLLATE "C";
-- every record of every document is accounted for
SELECT a.no FROM answer AS a JOIN document AS d USING (no) WHERE a.status = 'total' AND a.accepted + a.waiting + a.rejected <>
	jsonb_array_length(CASE WHEN d.tree ? 'attributes' THEN jsonb_build_array(d.tree) ELSE coalesce(d.tree -> 'records', d.tree) END);
SET search_path = regress_i1, lsce, public;
SELECT reference, object, waits_for, why FROM import_unresolved();
SELECT a.kind, a.name, a.status, a.prescriber, h.given_name, h.family_name, h.title, h.profession, o.hco_type FROM account AS a LEFT JOIN hcp AS h USING (account_id) LEFT JOIN hco AS o USING (account_id) ORDER BY a.name COLLATE "C";
SELECT a.name, p.kind, p.value, p.line, p.city, p.region_code, p.country_code, p.tz, p.can_ship, p.is_primary, p.valid_to FROM contact_point AS p JOIN account AS a USING (account_id) ORDER BY 1, 2, 3, 4;
SELECT f.name AS of, t.name AS at, x.role, x.kind, p.code, y.strength FROM affiliation AS x JOIN account AS f ON f.account_id = x.from_account_id JOIN account AS t ON t.account_id = x.to_account_id
LEFT JOIN affiliation_product AS y USING (affiliation_id) LEFT JOIN product AS p USING (product_id);
SELECT p.code, p.name, p.type, p.spec_type, u.code AS parent, b.code AS brand, p.distribution_method, p.valid_from, p.valid_to FROM product AS p LEFT JOIN product AS u ON u.product_id = p.parent_id LEFT JOIN product AS b ON b.product_id = p.brand_id ORDER BY 1;
SELECT n.code, p.path FROM territory_node AS n JOIN territory_place AS p USING (territory_id) ORDER BY p.path;
SELECT code, rank FROM account_specialty;
-- an account is found by the key of the other system; what has no column is there
SELECT name FROM account WHERE account_id = account('salesforce', 'A2') AND account_id = account('salesforce/SourceSystemIdentifier', 'S-2');
SELECT raw ->> 'Fax' AS fax FROM import_record WHERE reference = 'A2';
RESET search_path;

-- in the reverse order: the same
DO $$
DECLARE d record;
BEGIN
	FOR d IN SELECT * FROM document ORDER BY no DESC LOOP
		PERFORM lsce.import_lsc('regress_i2', d.object, d.tree, country_code => 'US', team => 'SALES');
	END LOOP;
END $$;
SET search_path = regress_i1, lsce, public;
\set state state_i1
\i :take_state
SET search_path = regress_i2, lsce, public;
\set state state_i2
\i :take_state
SELECT a.what, a.count, a.digest = b.digest AS same FROM state_i1 AS a JOIN state_i2 AS b USING (what) ORDER BY a.what;

-- once more: nothing changes, no version is written
DO $$
DECLARE d record;
BEGIN
	TRUNCATE answer;
	FOR d IN SELECT * FROM document ORDER BY no LOOP
		INSERT INTO answer SELECT d.no, i.* FROM lsce.import_lsc('regress_i2', d.object, d.tree, country_code => 'US', team => 'SALES') AS i;
	END LOOP;
END $$;
SELECT sum(accepted) AS accepted, sum(waiting) AS waiting, sum(rejected) AS rejected FROM answer;
\set state state_again
\i :take_state
SELECT a.what FROM state_i1 AS a JOIN state_again AS b USING (what) WHERE (a.count, a.digest) <> (b.count, b.digest);
SELECT (SELECT count(*) FROM account_h) AS accounts, (SELECT count(*) FROM contact_point_h) AS points, (SELECT count(*) FROM affiliation_h) AS affiliations;
-- other content under a known reference is refused
SELECT accepted, rejected, reference, status, reason FROM import_lsc_document('Account', '[{"attributes": {"type": "Account", "referenceId": "A1"}, "Name": "Renamed"}]', country_code => 'US');
-- a rejected record that was corrected is taken, and what waited for it follows
SELECT accepted, rejected, reference, status, reason FROM import_lsc_document('Account', '[{"attributes": {"type": "Account", "referenceId": "A4"}, "Name": "West Clinic", "RecordTypeId": "$Account.Institution$"}]', country_code => 'US');
INSERT INTO code_value (code_set, code, parent_code, lang, label) VALUES ('specialty_alias', 'salesforce:Oncology', 'physician.internal_medicine.medical_oncology', 'en', 'Oncology');
SELECT accepted, rejected, reference, status, reason FROM import_lsc_document('CareSpecialty', (SELECT tree FROM document WHERE object = 'CareSpecialty'));
SELECT code, rank FROM account_specialty ORDER BY rank;
SELECT reference, waits_for, why FROM import_unresolved();
-- another package with references of its own, which points to the main one with $X$
SELECT accepted, waiting, rejected, reference, reason FROM import_lsc_document('Account', '[{"attributes": {"type": "Account", "referenceId": "A1"}, "Name": "Pharma1"}]', 'salesforce/Surveys', 'US');
SELECT accepted, waiting, rejected, reference, reason FROM import_lsc_document('ProviderAffiliation', '[{"attributes": {"type": "ProviderAffiliation", "referenceId": "F1"}, "AccountId": "@A1", "RelatedAccountId": "$A1$", "Role": "Board Member"}]', 'salesforce/Surveys');
SELECT f.name AS of, t.name AS at, x.role, x.kind FROM affiliation AS x JOIN account AS f ON f.account_id = x.from_account_id JOIN account AS t ON t.account_id = x.to_account_id ORDER BY 1;

-- what comes for an account that was merged goes to its survivor
SELECT accepted FROM import_lsc_document('Account', '[{"attributes": {"type": "Account", "referenceId": "A7"}, "Name": "Twin of West Clinic", "RecordTypeId": "$Account.Institution$"}]', country_code => 'US') WHERE status = 'total';
UPDATE account SET status = 'merged', survivor_id = account('salesforce', 'A4') WHERE name = 'Twin of West Clinic';
SELECT accepted FROM import_lsc_document('ContactPointAddress', '[{"attributes": {"type": "ContactPointAddress", "referenceId": "D7"}, "ParentId": "@A7", "Street": "7 Main St", "CountryCode": "US"}]') WHERE status = 'total';
SELECT a.name, p.line FROM contact_point AS p JOIN account AS a USING (account_id) WHERE p.line = '7 Main St';

-- no document, no model, no system
SELECT * FROM lsce.import_lsc('regress_i1', 'Account', '{"a": 1}');
SELECT * FROM lsce.import_lsc('regress_i1', 'Account', '"text"');
SELECT * FROM lsce.import_lsc('regress_i1', 'Account', NULL);
SELECT * FROM lsce.import_lsc('public', 'Account', '[]');
SELECT * FROM lsce.import_lsc('regress_i1', 'Account', '[]', system => 'two words');
SELECT * FROM lsce.import_lsc('regress_i1', 'Account', '[]', country_code => 'Atlantis');
SELECT accepted, waiting, rejected FROM lsce.import_lsc('regress_i1', 'Account', '[]');

-- who may: the caller's rights decide, and what they do not cover waits for somebody else
RESET search_path;
SET ROLE regress_import_owner;
CALL lsce.create_model('regress_i3');
CALL lsce.grant_persona('regress_i3', 'data_steward', 'regress_import_stu');
CALL lsce.grant_persona('regress_i3', 'admin', 'regress_import_ada');
CALL lsce.grant_persona('regress_i3', 'field_rep', 'regress_import_rep');
RESET ROLE;
INSERT INTO regress_i3.company SELECT * FROM regress_i1.company;
INSERT INTO regress_i3.sales_team SELECT * FROM regress_i1.sales_team;
INSERT INTO regress_i3.app_user (login, db_role, display_name, company_id)
SELECT l, 'regress_import_' || l, l, company_id FROM regress_i3.company, unnest('{stu,ada,rep}'::text[]) AS l;
INSERT INTO regress_i3.user_assignment (user_id, persona)
SELECT user_id, CASE login WHEN 'stu' THEN 'data_steward' WHEN 'ada' THEN 'admin' ELSE 'field_rep' END FROM regress_i3.app_user;
GRANT SELECT ON document TO regress_import_stu, regress_import_ada, regress_import_rep;
SET ROLE regress_import_rep;
SELECT i.* FROM document AS d, LATERAL lsce.import_lsc('regress_i3', d.object, d.tree, country_code => 'US') AS i WHERE d.no = 1;
SET ROLE regress_import_stu;
SELECT d.object, i.accepted, i.waiting, i.rejected FROM document AS d, LATERAL lsce.import_lsc('regress_i3', d.object, d.tree, country_code => 'US', team => 'SALES') AS i
WHERE i.status = 'total' ORDER BY d.no;
SELECT reference, object, waits_for, why FROM regress_i3.import_unresolved() WHERE reference IN ('M1', 'M3', 'TM', 'G1') ORDER BY 1, 3;
SET ROLE regress_import_ada;
SELECT * FROM regress_i3.import_resolve();
SET ROLE regress_import_stu;
SELECT * FROM regress_i3.import_resolve();
SELECT reference, object, waits_for, why FROM regress_i3.import_unresolved();
RESET ROLE;
SET search_path = regress_i3, lsce, public;
-- the golden record knows what the feed said, and nothing that it did not say
SELECT a.name, v.source, v.field, v.value FROM account_source_value AS v JOIN account AS a USING (account_id) ORDER BY a.name COLLATE "C", a.account_id, v.field COLLATE "C" LIMIT 12;
INSERT INTO survivorship_rule (field, source, priority) VALUES ('*', 'salesforce', 1);
SELECT count(*) AS without_lineage FROM account AS a WHERE NOT EXISTS (SELECT FROM account_lineage(a.account_id) AS l WHERE l.field = 'account.name' AND l.value = a.name AND l.source = 'salesforce');
\set state state_i3
\i :take_state
SELECT a.what FROM state_i1 AS a JOIN state_i3 AS b USING (what) WHERE (a.count, a.digest) <> (b.count, b.digest);
-- of many that wait, a document looks at those that wait for it
SELECT accepted, waiting FROM lsce.import_lsc('regress_i3', 'ContactPointAddress', (SELECT jsonb_agg(jsonb_build_object('attributes', jsonb_build_object('type', 'ContactPointAddress', 'referenceId', 'D' || i),
	'ParentId', '@A' || i, 'Street', i || ' Main St', 'CountryCode', 'US')) FROM generate_series(1, 3000) AS i), 'many', 'US') AS i WHERE status = 'total';
SELECT pg_stat_force_next_flush();
BEGIN;
SELECT accepted, waiting, rejected, status, reason FROM lsce.import_lsc('regress_i3', 'Account', '[{"attributes": {"type": "Account", "referenceId": "A7"}, "Name": "Seven"}]', 'many', 'US') AS i;
SELECT pg_stat_get_xact_tuples_returned('import_record'::regclass) + sum(pg_stat_get_xact_tuples_fetched(r)) + sum(pg_stat_get_xact_tuples_returned(r)) < 100 AS few
FROM (SELECT 'import_record'::regclass UNION SELECT indexrelid FROM pg_index WHERE indrelid = 'import_record'::regclass) AS o (r);
ROLLBACK;
RESET search_path;
SELECT check_code, subject, detail FROM lsce.check_model('regress_i3') WHERE NOT ok;

CALL lsce.drop_model('regress_i1', 'regress_i1');
CALL lsce.drop_model('regress_i2', 'regress_i2');
CALL lsce.drop_model('regress_i3', 'regress_i3');
DROP OWNED BY regress_import_owner, regress_import_stu, regress_import_ada, regress_import_rep;
DROP ROLE regress_import_owner, regress_import_stu, regress_import_ada, regress_import_rep;
