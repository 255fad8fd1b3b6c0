-- A model in which a hand-over of samples passes every rule: a company, a rep
-- with a bag, two physicians of one clinic, a brand with two presentations, a
-- signed request and a visit for each physician.  Included by the tests of
-- samples; psql variable model: its name.
--
-- The country XA has no law of its own, so that every limit is the test's.
-- Ids follow from codes: id('anna') is the account anna.
\set ECHO none
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET TIME ZONE 'UTC';
SET datestyle = 'ISO';
CALL lsce.create_model(:'model');
SET search_path = :model, lsce, pg_catalog;

CREATE FUNCTION public.id(code text) RETURNS uuid LANGUAGE sql IMMUTABLE
	RETURN md5(code)::uuid;

INSERT INTO country VALUES ('XA', 'Testland', 'UTC');
INSERT INTO region VALUES ('XA-N', 'XA', 'North', 'UTC');
UPDATE setting SET value = '36500' WHERE name IN ('back_date_days', 'license_verification_max_age_days');
DELETE FROM setting WHERE name = 'visit_tolerance_minutes';
INSERT INTO company (company_id, code, name, kind, country_code) VALUES (public.id('acme'), 'ACME', 'Acme', 'own', 'XA');
INSERT INTO app_user (user_id, login, display_name, company_id) VALUES (public.id('rep'), 'rep', 'Rep', public.id('acme'));
INSERT INTO user_assignment (user_id, persona) VALUES (public.id('rep'), 'field_rep');

INSERT INTO product (product_id, code, name, type, spec_type, parent_id, brand_id, company_id, distribution_method, strength_mg, dosage_form, pack_size) VALUES
	(public.id('brand'), 'BRAND', 'Brand', 'brand', NULL, NULL, NULL, public.id('acme'), NULL, NULL, NULL, NULL),
	(public.id('p10'), 'P10', 'Brand 10 mg', 'product', 'sample', public.id('brand'), public.id('brand'), public.id('acme'), 'drop_and_ship', 10, 'tablet', 7),
	(public.id('p20'), 'P20', 'Brand 20 mg', 'product', 'sample', public.id('brand'), public.id('brand'), public.id('acme'), 'drop_and_ship', 20, 'tablet', 7),
	(public.id('other'), 'OTHER', 'Other', 'product', 'sample', NULL, NULL, public.id('acme'), 'drop_and_ship', 5, 'syrup', 1);
INSERT INTO product_market (product_id, country_code, company_id, authorised_on, first_marketed_on, first_supplied_on, smallest_pack, sampleable, unit_value)
	SELECT public.id(p.code), 'XA', public.id('acme'), '2021-01-15', '2021-03-01', '2021-04-01', true, true, 12.5
	FROM unnest('{p10,p20,other}'::text[]) AS p (code);
INSERT INTO sampling_policy (product_id, country_code, action, status, authored_by, approved_by, approved_at)
	SELECT public.id(p.code), 'XA', a.action, 'approved', 'author', 'approver', '2021-01-01 00:00+00'
	FROM unnest('{brand,other}'::text[]) AS p (code), unnest('{sample_drop,sample_ship}'::text[]) AS a (action);

INSERT INTO account (account_id, kind, name, country_code, prescriber) VALUES
	(public.id('clinic'), 'hco', 'Clinic', 'XA', false),
	(public.id('anna'), 'hcp', 'Anna', 'XA', true),
	(public.id('ben'), 'hcp', 'Ben', 'XA', true);
INSERT INTO hco (account_id, hco_type, accepts_samples) VALUES (public.id('clinic'), 'clinic', true);
INSERT INTO hcp (account_id, profession) VALUES (public.id('anna'), 'physician'), (public.id('ben'), 'physician');
INSERT INTO contact_point (contact_point_id, account_id, kind, line, region_code, country_code, is_primary, can_ship, inherits_from) VALUES
	(public.id('clinic:address'), public.id('clinic'), 'address', '1 Main Street', 'XA-N', 'XA', true, true, NULL),
	(public.id('anna:address'), public.id('anna'), 'address', NULL, NULL, NULL, true, true, public.id('clinic:address')),
	(public.id('ben:address'), public.id('ben'), 'address', NULL, NULL, NULL, true, true, public.id('clinic:address'));
INSERT INTO license (account_id, kind, number, jurisdiction, verified_on)
	SELECT public.id(a.code), 'national', upper(a.code), 'XA', '2021-01-01' FROM unnest('{anna,ben}'::text[]) AS a (code);
INSERT INTO consent_event (account_id, controller_id, purpose, action, evidence, captured_at, effective_from)
	SELECT public.id(a.code), public.id('acme'), 'sample_receipt', 'opt_in',
		'{"text_version": "v1", "method": "paper_signature", "captured_at": "2021-01-01"}', '2021-01-01 00:00+00', '2021-01-01 00:00+00'
	FROM unnest('{anna,ben}'::text[]) AS a (code);

INSERT INTO sales_team (team_id, code, name, company_id, country_code) VALUES (public.id('team'), 'TEAM', 'Team', public.id('acme'), 'XA');
INSERT INTO territory_node (territory_id, team_id, code, name) VALUES (public.id('north'), public.id('team'), 'NORTH', 'North');
INSERT INTO territory_model (model_id, team_id, name, state, valid_from) VALUES (public.id('model'), public.id('team'), 'M', 'published', '2021-01-01');
INSERT INTO territory_place (model_id, territory_id, path) VALUES (public.id('model'), public.id('north'), 'xa.north');
INSERT INTO territory_user (territory_id, user_id) VALUES (public.id('north'), public.id('rep'));
INSERT INTO account_territory (account_id, territory_id)
	SELECT public.id(a.code), public.id('north') FROM unnest('{anna,ben}'::text[]) AS a (code);
INSERT INTO product_territory_alignment (product_id, territory_id)
	SELECT public.id(p.code), public.id('north') FROM unnest('{brand,other}'::text[]) AS p (code);

INSERT INTO inventory_location (location_id, kind, user_id, company_id, name) VALUES (public.id('bag'), 'rep', public.id('rep'), NULL, 'bag of rep');
INSERT INTO inventory_location (location_id, kind, company_id, name) VALUES
	(public.id('warehouse'), 'warehouse', public.id('acme'), 'warehouse'),
	(public.id('vendor'), 'vendor', NULL, 'vendor'),
	(public.id('disbursed'), 'disbursed', NULL, 'disbursed'),
	(public.id('quarantine'), 'quarantine', NULL, 'quarantine');
INSERT INTO product_batch (batch_id, product_id, lot_no, expires_on)
	SELECT public.id('lot:' || p.code), public.id(p.code), 'L-' || p.code, '2999-12-31' FROM unnest('{p10,p20,other}'::text[]) AS p (code);
INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id) VALUES
	(public.id('receipt'), 'receipt', public.id('vendor'), public.id('bag'));
INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
	SELECT public.id('receipt'), l.location_id, public.id('lot:' || p.code), l.quantity
	FROM unnest('{p10,p20,other}'::text[]) AS p (code),
		(VALUES (public.id('vendor'), -100), (public.id('bag'), 100)) AS l (location_id, quantity);

-- Visits are under way from 2023 on.  Each quarter of 2023 and 2024 has a
-- request for a hundred of each product; the first is id('request:anna').
INSERT INTO visit (visit_id, account_id, territory_id, owner_id, place_id, status, actual_from)
	SELECT public.id('visit:' || a.code || v.n), public.id(a.code), public.id('north'), public.id('rep'), public.id(a.code || ':address'), 'in_progress', '2023-01-01 08:00+00'
	FROM unnest('{anna,ben}'::text[]) AS a (code), generate_series(1, 3) AS v (n);
CREATE FUNCTION public.request_of(who text, day date) RETURNS uuid LANGUAGE sql IMMUTABLE
	RETURN public.id('request:' || who || CASE WHEN day < '2023-04-01' THEN '' ELSE ':' || date_trunc('quarter', day::timestamp)::date END);
INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at)
	SELECT public.id('signature:' || a.code || q.day::date), 'sample_request', public.id(a.code), a.code, 'I request these samples', 'pad', sha256('request'), q.day
	FROM unnest('{anna,ben}'::text[]) AS a (code), generate_series('2023-01-01 08:00+00', '2024-12-31', interval '3 months') AS q (day);
INSERT INTO sample_request (request_id, kind, account_id, practitioner_id, signature_id, requested_at, status)
	SELECT public.request_of(a.code, q.day::date), 'drop', public.id(a.code), public.id(a.code), public.id('signature:' || a.code || q.day::date), q.day, 'signed'
	FROM unnest('{anna,ben}'::text[]) AS a (code), generate_series('2023-01-01 08:00+00', '2024-12-31', interval '3 months') AS q (day);
INSERT INTO sample_request_line (request_id, product_id, requested)
	SELECT r.request_id, public.id(p.code), 100
	FROM sample_request AS r, unnest('{p10,p20,other}'::text[]) AS p (code);

-- one company template for everything: 2 per calendar year of a product
INSERT INTO limit_template (template_id, code, label, country_code, authority, status, authored_by, approved_by, approved_at) VALUES
	(public.id('template'), 'CO-2Y', 'two a year', 'XA', 'company', 'approved', 'author', 'approver', '2021-01-01 00:00+00');
INSERT INTO limit_rule (rule_id, template_id, name, quota, period) VALUES (public.id('rule'), public.id('template'), 'limit', 2, 'calendar_year');
INSERT INTO limit_assignment (template_id, product_id)
	SELECT public.id('template'), public.id(p.code) FROM unnest('{brand,other}'::text[]) AS p (code);

-- a hand-over in short: what, whom, how many, when
CREATE PROCEDURE public.give(code text, who text, quantity numeric, day date, product text DEFAULT 'p10', visit int DEFAULT 1, why text DEFAULT NULL)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM disburse(public.id('visit:' || who || visit), public.request_of(who, day), public.id(product),
		public.id('lot:' || product), quantity, public.id(code), (day + time '12:00') AT TIME ZONE 'UTC', justification => why);
END
$$;

-- a command that is to fail: its code and message
CREATE FUNCTION public.attempt(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END
$$;

SET lsce.login = 'rep';
RESET client_min_messages;
\set ON_ERROR_STOP off
\set ECHO all
