-- A small company, for tests of the rules; included with \i.  psql variable
-- model: the name of the model it makes.  Ids are md5 of a name: fx('chen').
--
-- Acme sells Airway, an inhaler, in the United States.  Rita, the rep of the
-- Los Angeles territory, visits Dr. Chen, an allergist, in her clinic.  On
-- Monday 2 March 2026 at 10:00 in Los Angeles (18:00 UTC) everything is in
-- place for one pack: licence, written request, consent, stock, and a company
-- limit of two in any twelve months.

\set ECHO none
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CALL lsce.create_model(:'model');
SET search_path = :model, lsce, pg_catalog;
SET TIME ZONE 'UTC';
SET datestyle = 'ISO';
CREATE FUNCTION fx(name text) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5(name)::uuid;

INSERT INTO company (company_id, code, name, kind, country_code) VALUES
	(fx('acme'), 'acme', 'Acme Pharma', 'own', 'US'),
	(fx('beta'), 'beta', 'Beta Pharma', 'partner', 'US');

INSERT INTO app_user (user_id, login, display_name, tz, company_id) VALUES
	(fx('rita'), 'rita', 'Rita Rep', 'America/Los_Angeles', fx('acme')),
	(fx('nora'), 'nora', 'Nora North', 'America/Los_Angeles', fx('acme')),
	(fx('mia'), 'mia', 'Mia Medical', 'America/Los_Angeles', fx('acme')),
	(fx('oscar'), 'oscar', 'Oscar Ops', 'America/New_York', fx('acme')),
	(fx('mona'), 'mona', 'Mona Messages', 'America/New_York', fx('acme'));

INSERT INTO sales_team (team_id, code, name, company_id, country_code, domain) VALUES
	(fx('team'), 'us-resp', 'US Respiratory', fx('acme'), 'US', 'commercial'),
	(fx('medical team'), 'us-med', 'US Medical', fx('acme'), 'US', 'medical');

INSERT INTO user_assignment (assignment_id, user_id, persona, team_id, country_code) VALUES
	(fx('assignment rita'), fx('rita'), 'field_rep', fx('team'), 'US'),
	(fx('assignment nora'), fx('nora'), 'field_rep', fx('team'), 'US'),
	(fx('assignment mia'), fx('mia'), 'msl', fx('medical team'), 'US'),
	(fx('assignment oscar'), fx('oscar'), 'sample_ops', NULL, NULL),
	(fx('assignment mona'), fx('mona'), 'mops', NULL, NULL);

INSERT INTO user_qualification (qualification_id, user_id, kind, level, valid_from) VALUES
	(fx('qualification rita'), fx('rita'), 'sampling', 2, '2025-01-01');

INSERT INTO territory_node (territory_id, team_id, code, name, type) VALUES
	(fx('us'), fx('team'), 'US', 'United States', 'country'),
	(fx('la'), fx('team'), 'LA', 'Los Angeles', 'territory'),
	(fx('sf'), fx('team'), 'SF', 'San Francisco', 'territory'),
	(fx('med'), fx('medical team'), 'MED', 'West medical', 'medical');

INSERT INTO territory_model (model_id, team_id, name, state, valid_from) VALUES
	(fx('model'), fx('team'), '2025', 'published', '2025-01-01'),
	(fx('medical model'), fx('medical team'), '2025', 'published', '2025-01-01');
INSERT INTO territory_place (model_id, territory_id, parent_id, path) VALUES
	(fx('model'), fx('us'), NULL, 'us'),
	(fx('model'), fx('la'), fx('us'), 'us.la'),
	(fx('model'), fx('sf'), fx('us'), 'us.sf'),
	(fx('medical model'), fx('med'), NULL, 'med');

INSERT INTO territory_user (roster_id, territory_id, user_id, role, valid_from) VALUES
	(fx('roster rita'), fx('la'), fx('rita'), 'rep', '2025-01-01'),
	(fx('roster nora'), fx('sf'), fx('nora'), 'rep', '2025-01-01'),
	(fx('roster mia'), fx('med'), fx('mia'), 'msl', '2025-01-01');

INSERT INTO product (product_id, code, name, type, spec_type, parent_id, brand_id, company_id, distribution_method, pack_size) VALUES
	(fx('respiratory'), 'RESP', 'Respiratory', 'therapeutic_area', NULL, NULL, NULL, fx('acme'), NULL, NULL),
	(fx('airway'), 'AIRWAY', 'Airway', 'brand', NULL, fx('respiratory'), NULL, fx('acme'), NULL, NULL),
	(fx('airway 10'), 'AIRWAY-10', 'Airway 10 mg', 'product', 'sample', fx('airway'), fx('airway'), fx('acme'), 'drop_and_ship', 10),
	(fx('airway leaflet'), 'AIRWAY-L', 'Airway leaflet', 'product', 'promo_item', fx('airway'), fx('airway'), fx('acme'), NULL, NULL);
INSERT INTO product_market (product_market_id, product_id, country_code, company_id, authorised_on, first_marketed_on, first_supplied_on,
		smallest_pack, sampleable) VALUES
	(fx('market us'), fx('airway 10'), 'US', fx('acme'), '2024-06-01', '2024-09-01', '2024-09-01', true, true),
	(fx('market de'), fx('airway 10'), 'DE', fx('acme'), '2025-06-01', '2025-09-01', '2025-09-01', true, true),
	(fx('market za'), fx('airway 10'), 'ZA', fx('acme'), '2024-06-01', '2024-09-01', '2024-09-01', true, true);
INSERT INTO product_territory_alignment (pta_id, product_id, territory_id, alignment_type) VALUES
	(fx('alignment us'), fx('airway'), fx('us'), 'include_subtree'),
	(fx('alignment med'), fx('airway'), fx('med'), 'include_subtree');

INSERT INTO account (account_id, kind, name, country_code, prescriber) VALUES
	(fx('chen'), 'hcp', 'Dr. Alice Chen', 'US', true),
	(fx('nurse'), 'hcp', 'Ned Nurse', 'US', false),
	(fx('clinic'), 'hco', 'Sunset Allergy Clinic', 'US', false),
	(fx('hospital pharmacy'), 'hco', 'Mercy Hospital Pharmacy', 'US', false),
	(fx('retail pharmacy'), 'hco', 'Corner Drugstore', 'US', false);
INSERT INTO account (account_id, kind, name, country_code, prescriber, status, survivor_id) VALUES
	(fx('chen twin'), 'hcp', 'Alice Chen MD', 'US', true, 'merged', fx('chen'));
INSERT INTO hcp (account_id, given_name, family_name, profession) VALUES
	(fx('chen'), 'Alice', 'Chen', 'physician'),
	(fx('nurse'), 'Ned', 'Nurse', 'nurse');
INSERT INTO hco (account_id, hco_type, accepts_samples) VALUES
	(fx('clinic'), 'clinic', true),
	(fx('hospital pharmacy'), 'hospital_pharmacy', true),
	(fx('retail pharmacy'), 'retail_pharmacy', true);
INSERT INTO contact_point (contact_point_id, account_id, kind, value, line, city, region_code, country_code, is_primary, inherits_from, can_ship) VALUES
	(fx('clinic address'), fx('clinic'), 'address', NULL, '1 Sunset Blvd', 'Los Angeles', 'US-CA', 'US', true, NULL, true),
	(fx('chen office'), fx('chen'), 'address', NULL, NULL, NULL, NULL, NULL, true, fx('clinic address'), false),
	(fx('chen arizona'), fx('chen'), 'address', NULL, '9 Desert Rd', 'Phoenix', 'US-AZ', 'US', false, NULL, false),
	(fx('chen email'), fx('chen'), 'email', 'chen@example.org', NULL, NULL, NULL, NULL, true, NULL, false),
	(fx('nurse email'), fx('nurse'), 'email', 'ned@example.org', NULL, NULL, NULL, NULL, true, NULL, false),
	(fx('nurse address'), fx('nurse'), 'address', NULL, '1 Sunset Blvd', 'Los Angeles', 'US-CA', 'US', true, NULL, false),
	(fx('hospital address'), fx('hospital pharmacy'), 'address', NULL, '5 Mercy Way', 'Los Angeles', 'US-CA', 'US', true, NULL, false),
	(fx('retail address'), fx('retail pharmacy'), 'address', NULL, '7 Corner St', 'Los Angeles', 'US-CA', 'US', true, NULL, false);
INSERT INTO account_specialty (account_id, code) VALUES
	(fx('chen'), 'medicine.allergy'),
	(fx('nurse'), 'nursing');
INSERT INTO account_certification (certification_id, account_id, board, specialty, verified_on, valid_from) VALUES
	(fx('certification chen'), fx('chen'), 'ABAI', 'medicine.allergy', '2026-01-10', '2015-01-01');
INSERT INTO license (license_id, account_id, kind, number, jurisdiction, verified_on, verified_source, valid_from, valid_to) VALUES
	(fx('license chen'), fx('chen'), 'state', 'A12345', 'US-CA', '2026-01-10', 'Medical Board of California', '2015-01-01', '2027-01-01');
INSERT INTO account_territory (account_id, territory_id, valid_from)
SELECT a.account_id, fx('la'), '2025-01-01' FROM account AS a WHERE a.status = 'active';

INSERT INTO specialty_set (set_id, code, name) VALUES (fx('allergists'), 'allergists', 'Allergists and pulmonologists');
INSERT INTO specialty_set_member (set_id, path, exclude) VALUES
	(fx('allergists'), 'medicine.allergy', false),
	(fx('allergists'), 'medicine.internal.pulmonology', false),
	(fx('allergists'), 'medicine.internal.pulmonology.sleep', true);
INSERT INTO sampling_policy (policy_id, product_id, country_code, region_code, action, specialty_set_id, status, authored_by, approved_by, approved_at) VALUES
	(fx('policy drop'), fx('airway'), 'US', 'US-CA', 'sample_drop', fx('allergists'), 'approved', 'anna', 'ben', '2026-01-15 00:00+00'),
	(fx('policy ship'), fx('airway'), 'US', 'US-CA', 'sample_ship', fx('allergists'), 'approved', 'anna', 'ben', '2026-01-15 00:00+00'),
	(fx('policy detail'), fx('respiratory'), 'US', NULL, 'detail', fx('allergists'), 'approved', 'anna', 'ben', '2026-01-15 00:00+00'),
	(fx('policy message'), fx('respiratory'), 'US', NULL, 'message_send', NULL, 'approved', 'anna', 'ben', '2026-01-15 00:00+00');

INSERT INTO limit_template (template_id, code, label, authority, status, authored_by, approved_by, approved_at) VALUES
	(fx('template'), 'ACME-2-12M', 'Acme: two in twelve months', 'company', 'approved', 'anna', 'ben', '2026-01-15 00:00+00');
INSERT INTO limit_rule (rule_id, template_id, quota, period, every) VALUES
	(fx('limit'), fx('template'), 2, 'sliding', '12 months');
INSERT INTO limit_assignment (assignment_id, template_id, product_id) VALUES
	(fx('assignment'), fx('template'), fx('airway'));

INSERT INTO product_batch (batch_id, product_id, lot_no, manufactured_on, expires_on) VALUES
	(fx('lot'), fx('airway 10'), 'AW1001', '2025-05-01', '2026-12-31'),
	(fx('leaflet lot'), fx('airway leaflet'), 'AL1', '2025-05-01', '2026-12-31');
INSERT INTO inventory_location (location_id, kind, user_id, name) VALUES
	(fx('bag rita'), 'rep', fx('rita'), 'Rita''s bag'),
	(fx('bag nora'), 'rep', fx('nora'), 'Nora''s bag');
INSERT INTO inventory_location (location_id, kind, company_id, name) VALUES
	(fx('warehouse'), 'warehouse', fx('acme'), 'Central warehouse'),
	(fx('vendor'), 'vendor', fx('acme'), 'Manufacturer'),
	(fx('disbursed'), 'disbursed', fx('acme'), 'Handed over'),
	(fx('quarantine'), 'quarantine', fx('acme'), 'Quarantine');

INSERT INTO visit (visit_id, account_id, territory_id, owner_id, place_id, status, actual_from) VALUES
	(fx('visit'), fx('chen'), fx('la'), fx('rita'), fx('chen office'), 'in_progress', '2026-03-02 17:45+00');
INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at) VALUES
	(fx('signature'), 'sample_request', fx('chen'), 'Alice Chen', 'I request these samples', 'pad', sha256('request'), '2026-03-02 17:50+00'),
	(fx('late signature'), 'sample_request', fx('chen'), 'Alice Chen', 'I request these samples', 'pad', sha256('request'), '2026-03-02 18:30+00'),
	(fx('nurse signature'), 'sample_request', fx('nurse'), 'Ned Nurse', 'I request these samples', 'pad', sha256('request'), '2026-03-02 17:50+00');
INSERT INTO sample_request (request_id, kind, account_id, practitioner_id, visit_id, signature_id, license_id, fields, requested_at, status) VALUES
	(fx('request'), 'drop', fx('chen'), fx('chen'), fx('visit'), fx('signature'), fx('license chen'),
		'{"name": "Alice Chen", "address": "1 Sunset Blvd", "title": "MD", "strength": "10 mg", "manufacturer": "Acme"}',
		'2026-03-02 17:50+00', 'signed');
INSERT INTO sample_request_line (request_id, product_id, requested) VALUES
	(fx('request'), fx('airway 10'), 4);

INSERT INTO consent_event (event_id, account_id, controller_id, purpose, action, evidence, captured_at, effective_from) VALUES
	(fx('consent samples'), fx('chen'), fx('acme'), 'sample_receipt', 'opt_in',
		'{"text_version": "v1", "method": "tablet_signature"}', '2026-02-01 18:00+00', '2026-02-01 18:00+00');

-- ten packs go from the manufacturer to Rita
INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id, at) VALUES
	(fx('receipt'), 'receipt', fx('vendor'), fx('bag rita'), '2026-02-01 18:00+00');
INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity, posted_at) VALUES
	(fx('receipt'), fx('vendor'), fx('lot'), -10, '2026-02-01 18:00+00'),
	(fx('receipt'), fx('bag rita'), fx('lot'), 10, '2026-02-01 18:00+00');

RESET client_min_messages;
\set ON_ERROR_STOP off
\set ECHO all
