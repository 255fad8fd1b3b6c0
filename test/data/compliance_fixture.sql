-- Builds the situation that a decision case describes, from the fields of the
-- case alone; included by the test of the decision cases.  psql variable
-- model: the name of the model it makes.
--
-- What a case does not mention is made right: the licence, the written request,
-- consent, alignment, stock, a visit under way, a policy that allows everybody,
-- a product long on the market, a generous company limit.  So the reasons that
-- come out are those of the case.
\set ECHO none
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET TIME ZONE 'UTC';
SET datestyle = 'ISO';
CALL lsce.create_model(:'model');
SET search_path = :model, lsce, pg_catalog;

CREATE FUNCTION fx(name text) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5(name)::uuid;

-- what a case hands over is long past
UPDATE setting SET value = '1000000' WHERE name = 'back_date_days';

INSERT INTO company (company_id, code, name, kind, country_code) VALUES (fx('company ACME'), 'ACME', 'ACME', 'own', 'US');
INSERT INTO sales_team (team_id, code, name, company_id, country_code, domain) VALUES
	(fx('team commercial'), 'COM', 'Commercial', fx('company ACME'), 'US', 'commercial'),
	(fx('team medical'), 'MED', 'Medical', fx('company ACME'), 'US', 'medical');
INSERT INTO territory_model (model_id, team_id, name, state, valid_from)
	SELECT fx('model ' || t.code), t.team_id, '1900', 'published', '1900-01-01' FROM sales_team AS t;
INSERT INTO inventory_location (location_id, kind, company_id, name) VALUES
	(fx('vendor'), 'vendor', NULL, 'Vendor'), (fx('disbursed'), 'disbursed', NULL, 'Handed over'),
	(fx('quarantine'), 'quarantine', NULL, 'Quarantine');

-- the words of the cases in the words of the model
CREATE FUNCTION profession_of(type text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN CASE type WHEN 'aprn' THEN 'nurse_practitioner' WHEN 'heilpraktiker' THEN 'non_medical_practitioner'
		WHEN 'respiratory_therapist' THEN 'therapist' ELSE type END;
CREATE FUNCTION prescribes(profession text) RETURNS boolean LANGUAGE sql IMMUTABLE
	RETURN profession IN ('physician', 'dentist', 'veterinarian', 'nurse_practitioner', 'physician_assistant', 'podiatrist');
CREATE FUNCTION persona_of(role text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN CASE role WHEN 'rep' THEN 'field_rep' ELSE role END;
CREATE FUNCTION schedule_of(schedule text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN schedule IS NULL OR schedule IN ('II', 'III', 'IV', 'V', 'VI', 'psychotropic') THEN schedule ELSE 'narcotic' END;
CREATE FUNCTION license_status_of(status text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN CASE status WHEN 'active' THEN 'verified' WHEN 'expired' THEN 'verified' WHEN 'lapsed' THEN 'inactive' ELSE status END;
-- a specialty of any classification as a path: nucc.207k00000x, de.zusatz.allergologie
CREATE FUNCTION specialty_of(specialty jsonb) RETURNS lsce.specialty LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN jsonb_typeof(specialty) = 'object'
		THEN concat_ws('.', split_part(specialty ->> 'system', '-', 1), specialty ->> 'kind', regexp_replace(specialty ->> 'code', '\W+', '_', 'g'))
		WHEN specialty #>> '{}' LIKE '%:%'
		THEN regexp_replace(replace(specialty #>> '{}', ':', '.'), '[^\w.]+', '_', 'g')
		ELSE 'nucc.' || (specialty #>> '{}') END::text::lsce.specialty;
-- a moment of a case; without a zone it is local, without a time it is at the hour given
CREATE FUNCTION moment(said text, tz text, hour time DEFAULT '12:00') RETURNS timestamptz LANGUAGE sql STABLE
	RETURN CASE WHEN said ~ '^\d{4}-\d\d-\d\d$' THEN (said::date + hour) AT TIME ZONE tz
		WHEN said ~ '(Z|[-+]\d\d(:?\d\d)?)$' THEN said::timestamptz
		ELSE said::timestamp AT TIME ZONE tz END;

-- where a case happens: EU and * are played in Austria and the United States
CREATE FUNCTION country_of(test_case jsonb) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN CASE test_case ->> 'jurisdiction' WHEN 'EU' THEN 'AT' WHEN '*' THEN 'US' ELSE left(test_case ->> 'jurisdiction', 2) END;
CREATE FUNCTION region_of(test_case jsonb) RETURNS text LANGUAGE sql STABLE
	RETURN (SELECT r.region_code FROM region AS r
		WHERE r.region_code = country_of(test_case) || '-' || coalesce(test_case #>> '{when,address_region}', test_case #>> '{given,hcp,state}',
			nullif(split_part(test_case ->> 'jurisdiction', '-', 2), ''), test_case #>> '{given,hcp,licenses,0,region}',
			CASE country_of(test_case) WHEN 'US' THEN 'NY' WHEN 'CA' THEN 'ON' END));
CREATE FUNCTION tz_of(test_case jsonb) RETURNS text LANGUAGE sql STABLE
	RETURN coalesce((SELECT r.tz FROM region AS r WHERE r.region_code = region_of(test_case)),
		(SELECT c.tz FROM country AS c WHERE c.country_code = country_of(test_case)));

CREATE PROCEDURE add_territory(code text, team text) LANGUAGE sql AS $$
	INSERT INTO territory_node (territory_id, team_id, code, name)
		VALUES (fx('territory ' || code), (SELECT t.team_id FROM sales_team AS t WHERE t.code = team), code, code) ON CONFLICT DO NOTHING;
	INSERT INTO territory_place (model_id, territory_id, path)
		VALUES (fx('model ' || team), fx('territory ' || code), code::lsce.territory) ON CONFLICT DO NOTHING;
$$;

-- somebody of the company, on the roster of the territories, with a bag
CREATE PROCEDURE add_user(login text, role text, territories text[]) LANGUAGE sql AS $$
	INSERT INTO app_user (user_id, login, display_name, company_id) VALUES (fx('user ' || login), login, login, fx('company ACME'));
	INSERT INTO user_assignment (user_id, persona) VALUES (fx('user ' || login), persona_of(role));
	INSERT INTO territory_user (territory_id, user_id, role)
		SELECT fx('territory ' || t.code), fx('user ' || login), CASE role WHEN 'msl' THEN 'msl' ELSE 'rep' END FROM unnest(territories) AS t (code);
	INSERT INTO inventory_location (location_id, kind, user_id, name) VALUES (fx('bag ' || login), 'rep', fx('user ' || login), login);
$$;

CREATE PROCEDURE align(account text, territories text[]) LANGUAGE sql AS $$
	INSERT INTO account_territory (account_id, territory_id)
		SELECT fx(account), fx('territory ' || t.code) FROM unnest(territories) AS t (code);
$$;

CREATE PROCEDURE add_consent_to_samples(account text) LANGUAGE sql AS $$
	INSERT INTO consent_event (account_id, controller_id, purpose, action, evidence, captured_at, effective_from)
		VALUES (fx(account), fx('company ACME'), 'sample_receipt', 'opt_in', '{"text_version": "v1", "method": "tablet_signature"}',
			'1900-01-01 00:00+00', '1900-01-01 00:00+00');
$$;

CREATE PROCEDURE add_organisation(code text, type text, country text, region text, territories text[]) LANGUAGE sql AS $$
	INSERT INTO account (account_id, kind, name, country_code) VALUES (fx(code), 'hco', code, country);
	INSERT INTO hco (account_id, hco_type, accepts_samples) VALUES (fx(code), type, true);
	INSERT INTO contact_point (contact_point_id, account_id, kind, country_code, region_code, can_ship, is_primary)
		VALUES (fx(code || ' address'), fx(code), 'address', country, region, true, true);
	CALL add_consent_to_samples(code);
	CALL align(code, territories);
$$;

-- A practitioner who works in the organisation.  What the case says of him
-- replaces what is right.
CREATE PROCEDURE add_practitioner(code text, hcp jsonb, organisation text, schedule text, test_case jsonb, territories text[]) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
	country text := country_of(test_case);
	region text := region_of(test_case);
	profession text := profession_of(coalesce(hcp ->> 'type', 'physician'));
	today date := left(test_case ->> 'as_of', 10);
BEGIN
	INSERT INTO account (account_id, kind, name, country_code, prescriber) VALUES (fx(code), 'hcp', code, country, prescribes(profession));
	INSERT INTO hcp (account_id, profession, no_contact) VALUES (fx(code), profession, coalesce((hcp ->> 'no_contact')::boolean, false));
	INSERT INTO contact_point (contact_point_id, account_id, kind, is_primary, inherits_from)
		VALUES (fx(code || ' address'), fx(code), 'address', true, fx(organisation || ' address'));
	INSERT INTO license (license_id, account_id, kind, number, jurisdiction, status, verified_on, valid_from, valid_to)
		SELECT fx(code || ' license ' || l.n), fx(code), CASE country WHEN 'US' THEN 'state' ELSE 'national' END, code || l.n,
			CASE WHEN l.license ? 'region' THEN country || '-' || (l.license ->> 'region') WHEN country = 'US' THEN region ELSE country END,
			license_status_of(coalesce(l.license ->> 'status', 'active')), coalesce((l.license ->> 'verified_at')::date, today - 1),
			coalesce((l.license ->> 'valid_from')::date, '1900-01-01'), coalesce((l.license ->> 'valid_to')::date + 1, '9999-12-31')
		FROM jsonb_array_elements(coalesce(hcp -> 'licenses', '[{}]')) WITH ORDINALITY AS l (license, n);
	-- a registration, unless the case says that there is none
	IF schedule IS NOT NULL AND jsonb_typeof(coalesce(hcp -> 'dea', '{}')) = 'object' THEN
		INSERT INTO license (account_id, kind, number, jurisdiction, schedules, status, verified_on)
			SELECT fx(code), 'dea', coalesce(hcp #>> '{dea,number}', 'AB1234563'), 'US',
				ARRAY(SELECT s FROM jsonb_array_elements_text(coalesce(hcp #> '{dea,schedules}', jsonb_build_array(schedule))) AS s),
				license_status_of(coalesce(hcp #>> '{dea,status}', 'active')), today - 1;
	END IF;
	INSERT INTO account_specialty (account_id, code, rank)
		SELECT fx(code), specialty_of(s.specialty), s.n FROM jsonb_array_elements(hcp -> 'specialties') WITH ORDINALITY AS s (specialty, n);
	INSERT INTO account_certification (account_id, board, specialty, verified_on)
		SELECT fx(code), 'BOARD', specialty_of(s), today - 1 FROM jsonb_array_elements(hcp -> 'specialties') AS s
		WHERE (s ->> 'board_certified')::boolean;
	CALL add_consent_to_samples(code);
	CALL align(code, territories);
END
$$;

-- A product on the market of the country.  A date that the case does not give
-- is that of the first one it gives, else long enough ago.
CREATE PROCEDURE add_product(code text, product jsonb, policy jsonb, unit_value numeric, test_case jsonb, territories text[], users text[]) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
	marketed date := coalesce(product ->> 'first_marketing', product ->> 'launch', product ->> 'introduction');
	supplied date := product ->> 'first_supply';
	authorised date := product ->> 'ma_date';
	first date := coalesce(least(marketed, supplied, authorised), least(left(test_case ->> 'as_of', 10)::date - 365,
		(SELECT min((h ->> 'date')::date) FROM jsonb_array_elements(test_case #> '{given,history}') AS h)));
BEGIN
	INSERT INTO product (product_id, code, name, type, spec_type, company_id, distribution_method, strength_mg, pack_size)
		VALUES (fx(code), code, code, 'product', 'sample', fx('company ACME'), 'drop_and_ship',
			substring(product ->> 'strength' FROM '^\d+')::numeric, (product ->> 'pack')::int);
	INSERT INTO product_market (product_id, country_code, company_id, authorised_on, first_marketed_on, first_supplied_on, extended_on, reclassified_on,
			rx_class, smallest_pack, sampleable, controlled_schedule, sample_class, reimbursed_pct, unit_value)
		VALUES (fx(code), country_of(test_case), fx('company ACME'), coalesce(authorised, first), coalesce(marketed, first), coalesce(supplied, first),
			CASE WHEN (product ->> 'indication_extension')::boolean THEN (product ->> 'new_strength_marketed')::date END,
			(product ->> 'reclassified')::date, coalesce(product ->> 'class_', product ->> 'class', 'rx'),
			coalesce(product ->> 'pack' = product ->> 'smallest_pack', true), coalesce((product ->> 'sampleable')::boolean, true), schedule_of(product ->> 'schedule'), product ->> 'sample_kind',
			coalesce((product ->> 'reimbursed_pct')::numeric, 0), unit_value);
	INSERT INTO product_territory_alignment (product_id, territory_id)
		SELECT fx(code), fx('territory ' || t.code) FROM unnest(territories) AS t (code);
	INSERT INTO limit_assignment (template_id, product_id)
		SELECT t.template_id, fx(code) FROM limit_template AS t WHERE t.authority = 'company';
	INSERT INTO specialty_set (set_id, code, name) SELECT fx(code || ' set'), code, code WHERE policy ? 'allowed';
	INSERT INTO specialty_set_member (set_id, path)
		SELECT fx(code || ' set'), specialty_of(a) FROM jsonb_array_elements(policy -> 'allowed') AS a;
	INSERT INTO sampling_policy (product_id, country_code, action, specialty_set_id, status, authored_by, approved_by, approved_at)
		SELECT fx(code), country_of(test_case), a.action, CASE WHEN policy ? 'allowed' THEN fx(code || ' set') END, 'approved', 'author', 'approver', '1900-01-01 00:00+00'
		FROM unnest('{sample_drop,sample_ship,detail}'::text[]) AS a (action);
	INSERT INTO product_batch (batch_id, product_id, lot_no, expires_on) VALUES (fx(code || ' lot'), fx(code), 'L-' || code, '9999-12-30');
	INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id)
		SELECT fx(code || ' receipt ' || u.login), 'receipt', fx('vendor'), fx('bag ' || u.login) FROM unnest(users) AS u (login);
	INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
		SELECT fx(code || ' receipt ' || u.login), l.location_id, fx(code || ' lot'), l.quantity
		FROM unnest(users) AS u (login), LATERAL (VALUES (fx('vendor'), -100000), (fx('bag ' || u.login), 100000)) AS l (location_id, quantity);
END
$$;

-- The limits of the case.  A template that it names is in force, also one whose
-- figure somebody had still to verify; industry codes bind their members: when
-- a case names templates, the other codes of the country do not bind.
CREATE PROCEDURE set_limits(test_case jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	given jsonb := test_case -> 'given';
	named jsonb := coalesce(given -> 'templates', CASE WHEN given ? 'template' THEN jsonb_build_array(jsonb_build_object('code', given -> 'template')) ELSE '[]' END);
	wanted jsonb;
	period text;
BEGIN
	IF named <> '[]' THEN
		UPDATE limit_template SET status = 'retired'
			WHERE authority = 'industry_code' AND country_code = country_of(test_case) AND NOT named @> jsonb_build_array(jsonb_build_object('code', code));
	END IF;
	FOR wanted IN SELECT jsonb_array_elements(named) LOOP
		UPDATE limit_template SET status = 'approved', approved_by = 'approver', approved_at = '1900-01-01 00:00+00'
			WHERE code = wanted ->> 'code' AND status = 'draft';
		CONTINUE WHEN EXISTS (SELECT FROM limit_template AS t WHERE t.code = wanted ->> 'code');
		period := coalesce(wanted ->> 'period', CASE WHEN wanted ->> 'code' ~ 'PER-(CALL|VISIT)' THEN 'per_visit' ELSE 'calendar_year' END);
		INSERT INTO limit_template (template_id, code, label, authority, status, authored_by, approved_by, approved_at)
			VALUES (fx(wanted ->> 'code'), wanted ->> 'code', wanted ->> 'code', 'company', 'approved', 'author', 'approver', '1900-01-01 00:00+00');
		INSERT INTO limit_rule (template_id, subject, per_visit, quota, period, every)
			VALUES (fx(wanted ->> 'code'), CASE coalesce(wanted ->> 'subject', 'hcp') WHEN 'hcp' THEN 'account' ELSE wanted ->> 'subject' END,
				CASE period WHEN 'per_visit' THEN (wanted ->> 'limit')::numeric END, CASE WHEN period <> 'per_visit' THEN (wanted ->> 'limit')::numeric END,
				CASE period WHEN 'per_visit' THEN 'none' WHEN 'rolling_12m' THEN 'sliding' ELSE period END,
				CASE period WHEN 'rolling_12m' THEN interval '12 months' END);
	END LOOP;
	-- how the company reads "a year"; the case says so in its answer
	UPDATE limit_rule SET period = 'sliding', every = '12 months'
		WHERE test_case #>> '{then,details,period_impl}' = 'rolling_12m'
			AND template_id = (SELECT t.template_id FROM limit_template AS t WHERE t.code = given ->> 'template');
	-- a percentage of sales is a figure once sales are known
	UPDATE limit_rule SET quota = (given ->> 'domestic_sales_value')::numeric * substring(name FROM '^\d+(?= percent)')::numeric / 100
		WHERE given ? 'domestic_sales_value' AND template_id = (SELECT t.template_id FROM limit_template AS t WHERE t.code = given ->> 'template');
	-- the company's own figure, which no case about another limit reaches
	IF jsonb_typeof(coalesce(given -> 'company_limit', '1000000')) = 'number' THEN
		INSERT INTO limit_template (template_id, code, label, authority, status, authored_by, approved_by, approved_at)
			VALUES (fx('CO'), 'CO', 'CO', 'company', 'approved', 'author', 'approver', '1900-01-01 00:00+00');
		INSERT INTO limit_rule (rule_id, template_id, quota, period) VALUES (fx('CO rule'), fx('CO'), coalesce((given -> 'company_limit')::numeric, 1000000), 'calendar_year');
	END IF;
END
$$;

-- a visit, and a written request signed in it
CREATE PROCEDURE add_visit(code text, account text, territory text, login text, at timestamptz) LANGUAGE sql AS $$
	INSERT INTO visit (visit_id, account_id, territory_id, owner_id, place_id, status, actual_from)
		VALUES (fx(code), fx(account), fx('territory ' || territory), fx('user ' || login), fx(account || ' address'), 'in_progress', at - interval '30 minutes');
$$;
CREATE PROCEDURE add_request(code text, said jsonb, kind text, account text, practitioner text, product text, quantity numeric, at timestamptz, tz text) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
	signed_at timestamptz := coalesce(moment(said ->> 'signed_at', tz, '09:00'), at - interval '10 minutes');
	is_signed boolean := coalesce((said ->> 'signed')::boolean, true) AND coalesce((said ->> 'dated')::boolean, true);
	all_fields text[] := '{name,address,title,strength,manufacturer,licence_no}';
	has_fields text[] := coalesce((SELECT array_agg(f) FROM jsonb_array_elements_text(said -> 'fields') AS f), all_fields);
BEGIN
	IF is_signed THEN
		INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at)
			VALUES (fx(code || ' signature'), 'sample_request', fx(practitioner), practitioner, 'I request these samples', 'pad', sha256('request'), signed_at);
	END IF;
	INSERT INTO sample_request (request_id, kind, account_id, practitioner_id, ship_to_id, signature_id, license_id, standing, fields, requested_at, deliver_until, status)
		VALUES (fx(code), kind, fx(account), fx(practitioner), CASE kind WHEN 'ship' THEN fx(account || ' address') END, CASE WHEN is_signed THEN fx(code || ' signature') END,
			CASE WHEN 'licence_no' = ANY (has_fields) THEN (SELECT l.license_id FROM license AS l WHERE l.account_id = fx(practitioner) AND l.kind <> 'dea' LIMIT 1) END,
			coalesce(said ->> 'kind', '') = 'standing',
			(SELECT coalesce(jsonb_object_agg(f, CASE f WHEN 'purpose' THEN said ->> 'purpose' ELSE 'filled in' END), '{}')
				FROM unnest(has_fields || CASE WHEN said ? 'purpose' THEN ARRAY['purpose'] END) AS f WHERE f = ANY (all_fields || ARRAY['purpose'])),
			signed_at, (moment(said ->> 'signed_at', tz) AT TIME ZONE tz + make_interval(months => (said ->> 'repeat_months')::int))::date,
			CASE WHEN is_signed THEN 'signed' ELSE 'draft' END);
	INSERT INTO sample_request_line (request_id, product_id, requested) VALUES (fx(code), fx(product), coalesce((said ->> 'qty')::numeric, quantity));
END
$$;

RESET client_min_messages;
\set ON_ERROR_STOP off
\set ECHO all
