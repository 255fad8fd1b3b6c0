-- Real input: the starter records of Salesforce Life Sciences Cloud and the
-- examples of FHIR R4.  Without the shared data the test is skipped.
\getenv shared LSCE_SHARED
\if :{?shared}
\set have `test -r "$LSCE_SHARED/data/lsc_starter/Core/Account.json" && echo true || echo false`
\else
\set have false
\endif
\if :have
\else
\echo skipped: no shared data
\quit
\endif
\getenv dir PG_ABS_SRCDIR
\set take_state :dir /data/import_state.sql
\set QUIET 1
\pset null -
SET client_min_messages = warning;
SET datestyle = ISO;
CALL lsce.create_model('regress_d1');
CALL lsce.create_model('regress_d2');
INSERT INTO regress_d1.company (code, name, kind, country_code) VALUES ('OWN', 'Own company', 'own', 'US');
INSERT INTO regress_d1.sales_team (code, name, company_id, country_code) SELECT 'SALES', 'Sales', company_id, 'US' FROM regress_d1.company;
INSERT INTO regress_d2.company SELECT * FROM regress_d1.company;
INSERT INTO regress_d2.sales_team SELECT * FROM regress_d1.sales_team;

-- every document of five packages that the plans name, in the order of the plans
CREATE TEMPORARY TABLE document (no int GENERATED ALWAYS AS IDENTITY, package text, object text, tree jsonb);
\cd :shared/data/lsc_starter
\set tree `cat Core/Territory2Type.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'Territory2Type', :'tree');
\set tree `cat Core/Territory2Model.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'Territory2Model', :'tree');
\set tree `cat Core/Territory2.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'Territory2', :'tree');
\set tree `cat Core/Product2.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'Product2', :'tree');
\set tree `cat Core/LifeSciMarketableProduct.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'LifeSciMarketableProduct', :'tree');
\set tree `cat Core/ProductGuidance.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'ProductGuidance', :'tree');
\set tree `cat Core/Account.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'Account', :'tree');
\set tree `cat Core/PartyRoleRelation.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'PartyRoleRelation', :'tree');
\set tree `cat Core/HealthcareProvider.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'HealthcareProvider', :'tree');
\set tree `cat Core/ProviderAffiliation.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'ProviderAffiliation', :'tree');
\set tree `cat Core/ProviderAffiliationProduct.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'ProviderAffiliationProduct', :'tree');
\set tree `cat Core/ContactPointAddress.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'ContactPointAddress', :'tree');
\set tree `cat Core/TerritoryAcctRcmdAction.json`
INSERT INTO document (package, object, tree) VALUES ('Core', 'TerritoryAcctRcmdAction', :'tree');
\set tree `cat AccountManagement/Account.json`
INSERT INTO document (package, object, tree) VALUES ('AccountManagement', 'Account', :'tree');
\set tree `cat AccountManagement/CareSpecialty.json`
INSERT INTO document (package, object, tree) VALUES ('AccountManagement', 'CareSpecialty', :'tree');
\set tree `cat AccountManagement/ContactPointAddress.json`
INSERT INTO document (package, object, tree) VALUES ('AccountManagement', 'ContactPointAddress', :'tree');
\set tree `cat AccountManagement/HealthcareProviderSpecialty.json`
INSERT INTO document (package, object, tree) VALUES ('AccountManagement', 'HealthcareProviderSpecialty', :'tree');
\set tree `cat AccountManagement/HealthcareProvider.json`
INSERT INTO document (package, object, tree) VALUES ('AccountManagement', 'HealthcareProvider', :'tree');
\set tree `cat AccountManagement/LifeSciCountry.json`
INSERT INTO document (package, object, tree) VALUES ('AccountManagement', 'LifeSciCountry', :'tree');
\set tree `cat AccountManagement/ProviderAcctTerritoryInfo.json`
INSERT INTO document (package, object, tree) VALUES ('AccountManagement', 'ProviderAcctTerritoryInfo', :'tree');
\set tree `cat ActivityHistory/Account.json`
INSERT INTO document (package, object, tree) VALUES ('ActivityHistory', 'Account', :'tree');
\set tree `cat ActivityHistory/ContactPointAddress.json`
INSERT INTO document (package, object, tree) VALUES ('ActivityHistory', 'ContactPointAddress', :'tree');
\set tree `cat ActivityHistory/Product2.json`
INSERT INTO document (package, object, tree) VALUES ('ActivityHistory', 'Product2', :'tree');
\set tree `cat ActivityHistory/LifeSciMarketableProduct.json`
INSERT INTO document (package, object, tree) VALUES ('ActivityHistory', 'LifeSciMarketableProduct', :'tree');
\set tree `cat ActivityHistory/ProviderAffiliation.json`
INSERT INTO document (package, object, tree) VALUES ('ActivityHistory', 'ProviderAffiliation', :'tree');
\set tree `cat ActivityHistory/Visit.json`
INSERT INTO document (package, object, tree) VALUES ('ActivityHistory', 'Visit', :'tree');
\set tree `cat KeyAccountManagement/Product2.json`
INSERT INTO document (package, object, tree) VALUES ('KeyAccountManagement', 'Product2', :'tree');
\set tree `cat KeyAccountManagement/LifeSciMarketableProduct.json`
INSERT INTO document (package, object, tree) VALUES ('KeyAccountManagement', 'LifeSciMarketableProduct', :'tree');
\set tree `cat KeyAccountManagement/Account.json`
INSERT INTO document (package, object, tree) VALUES ('KeyAccountManagement', 'Account', :'tree');
\set tree `cat KeyAccountManagement/AccountPlan.json`
INSERT INTO document (package, object, tree) VALUES ('KeyAccountManagement', 'AccountPlan', :'tree');
\set tree `cat Surveys/Account.json`
INSERT INTO document (package, object, tree) VALUES ('Surveys', 'Account', :'tree');

CREATE TEMPORARY TABLE answer (no int, accepted bigint, waiting bigint, rejected bigint, row_no int, reference text, status text, reason text);
CREATE PROCEDURE pg_temp.import_all(model name, reverse boolean) LANGUAGE plpgsql AS $$
DECLARE
	d record;
BEGIN
	TRUNCATE answer;
	FOR d IN SELECT * FROM document ORDER BY CASE WHEN reverse THEN -no ELSE no END LOOP
		INSERT INTO answer SELECT d.no, i.* FROM lsce.import_lsc(model, d.object, d.tree,
			CASE d.package WHEN 'Core' THEN 'salesforce' ELSE 'salesforce/' || d.package END, CASE d.package WHEN 'AccountManagement' THEN 'DE' ELSE 'US' END, 'SALES') AS i;
	END LOOP;
END
$$;
CALL pg_temp.import_all('regress_d1', false);
SELECT d.package, d.object, jsonb_array_length(d.tree -> 'records') AS records, a.accepted, a.waiting, a.rejected FROM document AS d JOIN answer AS a USING (no) WHERE a.status = 'total' ORDER BY no;
SELECT d.package, d.object, a.row_no, a.reference, a.status, a.reason FROM document AS d JOIN answer AS a USING (no) WHERE a.status <> 'total' AND a.row_no IS NOT NULL ORDER BY no, a.row_no;
SELECT count(*) AS fields_without_column FROM answer WHERE status = 'note' AND row_no IS NULL;
SET search_path = regress_d1, lsce, public;
SELECT system, reference, waits_for, why FROM import_unresolved();
SELECT a.kind, coalesce(h.profession, o.hco_type) AS what, count(*) FROM account AS a LEFT JOIN hcp AS h USING (account_id) LEFT JOIN hco AS o USING (account_id) GROUP BY 1, 2 ORDER BY 1, 2;
SELECT region_code, country_code, count(*) FROM contact_point WHERE kind = 'address' GROUP BY 1, 2 ORDER BY 1, 2;
\set state state_d1
\i :take_state

-- the graph, the addresses and the tree of territories are those that igraph and SQLite found in the files
\set graph `cat expected/affiliation_graph.json`
\set places `cat expected/territory_product_counts.json`
CREATE TEMPORARY TABLE core_edge AS
SELECT f.value AS of, t.value AS at FROM affiliation AS a JOIN external_key AS k ON k.entity = 'affiliation' AND k.id = a.affiliation_id AND k.system = 'salesforce'
JOIN external_key AS f ON f.entity = 'account' AND f.id = a.from_account_id AND f.system = 'salesforce' JOIN external_key AS t ON t.entity = 'account' AND t.id = a.to_account_id AND t.system = 'salesforce';
SELECT (SELECT count(*) FROM core_edge) AS edges, :'graph'::jsonb -> 'simple_edges' AS expected_edges,
	(SELECT count(*) FROM (SELECT of FROM core_edge UNION SELECT at FROM core_edge) AS n) AS nodes, :'graph'::jsonb -> 'nodes' AS expected_nodes;
SELECT e ->> 0 AS account, e ->> 1 AS expected, d.degree FROM jsonb_array_elements(:'graph'::jsonb -> 'degree_top10') AS e
LEFT JOIN (SELECT n, count(*) AS degree FROM (SELECT of AS n FROM core_edge UNION ALL SELECT at FROM core_edge) AS m GROUP BY n) AS d ON d.n = e ->> 0
WHERE d.degree IS DISTINCT FROM (e ->> 1)::bigint;
SELECT lsce.nlevel(p.path) - 1 AS depth, count(*), :'places'::jsonb -> 'depth_histogram' -> (lsce.nlevel(p.path) - 1)::text AS expected FROM territory_place AS p GROUP BY 1 ORDER BY 1;
SELECT e ->> 1 AS territory, e ->> 2 AS expected, (SELECT count(*) FROM territory_place AS s WHERE s.path <@ p.path) - 1 AS found
FROM jsonb_array_elements(:'places'::jsonb -> 'subtree_sizes_top20') AS e LEFT JOIN (territory_place AS p JOIN territory_node AS n USING (territory_id)) ON n.name = e ->> 1
WHERE (SELECT count(*) FROM territory_place AS s WHERE s.path <@ p.path) - 1 IS DISTINCT FROM (e ->> 2)::bigint;
SELECT e.key AS zip3, e.value AS expected, (SELECT count(*) FROM contact_point AS p JOIN external_key AS k ON k.entity = 'contact_point' AND k.id = p.contact_point_id AND k.system = 'salesforce' WHERE left(p.postal_code, 3) = e.key) AS found
FROM jsonb_each(:'places'::jsonb -> 'by_zip3') AS e ORDER BY 1;

-- in the reverse order the same, and once more nothing
CALL pg_temp.import_all('regress_d2', true);
SET search_path = regress_d2, lsce, public;
\set state state_d2
\i :take_state
CALL pg_temp.import_all('regress_d2', false);
\set state state_d2_again
\i :take_state
SELECT a.what, a.count, a.digest = b.digest AS reverse_order, a.digest = c.digest AS once_more FROM state_d1 AS a JOIN state_d2 AS b USING (what) JOIN state_d2_again AS c USING (what) ORDER BY a.what;
SELECT sum(accepted) AS accepted, sum(waiting) AS waiting, sum(rejected) AS rejected FROM answer;
RESET search_path;
CALL lsce.drop_model('regress_d1', 'regress_d1');
CALL lsce.drop_model('regress_d2', 'regress_d2');

-- FHIR: the files as one bundle, and one by one in the reverse order
CALL lsce.create_model('regress_d3');
CALL lsce.create_model('regress_d4');
\cd :shared/data/fhir_r4
CREATE TEMPORARY TABLE resource (no int GENERATED ALWAYS AS IDENTITY, resource jsonb);
\set resource `cat Consent-consent-example-Emergency.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Consent-consent-example-grantor.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Consent-consent-example-notAuthor.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Consent-consent-example-notOrg.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Consent-consent-example-notThem.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Consent-consent-example-notThis.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Consent-consent-example-notTime.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Consent-consent-example-pkb.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Consent-consent-example-signature.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat HealthcareService-example.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Location-1.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Location-amb.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Organization-2.16.840.1.113883.19.5.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Organization-f001.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Organization-f201.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Organization-hl7pay.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Organization-mmanu.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat OrganizationAffiliation-example.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat OrganizationAffiliation-orgrole1.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat OrganizationAffiliation-orgrole2.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Practitioner-f001.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Practitioner-f002.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Practitioner-f004.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Practitioner-f007.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Practitioner-f201.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Practitioner-f202.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat Practitioner-xcda-author.json`
INSERT INTO resource (resource) VALUES (:'resource');
\set resource `cat PractitionerRole-example.json`
INSERT INTO resource (resource) VALUES (:'resource');
SELECT resource ->> 'resourceType' AS type, count(*) FROM resource GROUP BY 1 ORDER BY 1;
SELECT accepted, waiting, rejected, reference, status, reason FROM lsce.import_fhir('regress_d3',
	(SELECT jsonb_build_object('resourceType', 'Bundle', 'type', 'collection', 'entry', jsonb_agg(jsonb_build_object('resource', resource) ORDER BY no)) FROM resource), country_code => 'NL')
WHERE status <> 'note' OR row_no IS NOT NULL;
SET search_path = regress_d3, lsce, public;
SELECT reference, waits_for, why FROM import_unresolved();
\set state state_d3
\i :take_state
DO $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT * FROM resource ORDER BY no DESC LOOP
		PERFORM lsce.import_fhir('regress_d4', r.resource, country_code => 'NL');
	END LOOP;
END $$;
SET search_path = regress_d4, lsce, public;
\set state state_d4
\i :take_state
SELECT a.what, a.count, a.digest = b.digest AS same FROM state_d3 AS a JOIN state_d4 AS b USING (what) WHERE a.count > 0 ORDER BY a.what;
-- names, identifiers, addresses and telecoms are those that another program extracted
\set oracle `cat expected/extracted.json`
CREATE TEMPORARY TABLE oracle AS SELECT o, format('%s/%s', o ->> 'resourceType', o ->> 'id') AS reference FROM jsonb_array_elements(:'oracle'::jsonb -> 'resources') AS o;
CREATE TEMPORARY TABLE found AS
SELECT k.value AS reference, a.name, h.family_name, h.given_name, h.title, h.credential,
	(SELECT jsonb_agg(jsonb_build_array(i.system, i.value) ORDER BY i.system COLLATE "C", i.value COLLATE "C") FROM account_identifier AS i WHERE i.account_id = a.account_id) AS identifiers,
	(SELECT count(*) FROM contact_point AS p WHERE p.account_id = a.account_id AND p.kind = 'address') AS addresses,
	(SELECT count(*) FROM contact_point AS p WHERE p.account_id = a.account_id AND p.kind <> 'address') AS telecoms
FROM external_key AS k JOIN account AS a ON a.account_id = k.id LEFT JOIN hcp AS h USING (account_id) WHERE k.entity = 'account';
SELECT split_part(reference, '/', 1) AS type, count(*) FROM found JOIN oracle USING (reference) GROUP BY 1 ORDER BY 1;
SELECT reference, f.family_name, f.given_name, o #> '{names,0}' FROM oracle JOIN found AS f USING (reference)
WHERE o ->> 'resourceType' = 'Practitioner' AND (f.family_name, f.given_name, f.title, f.credential, f.addresses, f.telecoms)
	IS DISTINCT FROM (o #>> '{names,0,family}', o #>> '{names,0,given,0}', o #>> '{names,0,prefix,0}', o #>> '{names,0,suffix,0}', (o ->> 'addresses')::bigint, (o ->> 'telecoms')::bigint);
SELECT reference, f.name, o ->> 'name' FROM oracle JOIN found AS f USING (reference) WHERE o ->> 'resourceType' = 'Organization' AND f.name IS DISTINCT FROM o ->> 'name';
SELECT reference, f.identifiers, o -> 'identifiers' FROM oracle JOIN found AS f USING (reference)
WHERE coalesce(f.identifiers, '[]') <> (SELECT coalesce(jsonb_agg(jsonb_build_array(i -> 0, i -> 1) ORDER BY (i ->> 0) COLLATE "C", (i ->> 1) COLLATE "C"), '[]') FROM jsonb_array_elements(o -> 'identifiers') AS i WHERE i ->> 0 IS NOT NULL);
SELECT o.reference, x.valid_from, x.valid_to, x.role, o #>> '{period,start}' AS start, o #>> '{period,end}' AS end, o -> 'code' AS code
FROM oracle AS o JOIN external_key AS k ON k.value = o.reference AND k.entity = 'affiliation' JOIN affiliation AS x ON x.affiliation_id = k.id;
-- the practitioner whom the role names was not among the files
SELECT accepted, waiting, rejected, reference, status, reason FROM lsce.import_fhir('regress_d4', '{"resourceType": "Practitioner", "id": "example", "name": [{"family": "Careful", "given": ["Adam"], "prefix": ["Dr"]}]}', country_code => 'NL');
SELECT resource ->> 'period' AS period, resource #>> '{code,0,coding,0,code}' AS code FROM fhir_practitioner_role;
RESET search_path;
CALL lsce.drop_model('regress_d3', 'regress_d3');
CALL lsce.drop_model('regress_d4', 'regress_d4');
