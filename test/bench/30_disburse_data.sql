-- Hand-overs of samples: the same world in three models.
--   bench_sample  lsce
--   bench_bare    the same tables and constraints, no rules: the rows are given
--   bench_hand    the same rules in PL/pgSQL as one would write them by hand:
--                 probes in order, out at the first failure, plans cached
\set model bench_sample
\ir ../data/sample_fixture.sql
\set ECHO none
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
RESET lsce.login;
SELECT 20000 * :scale / 100 AS people, 20000 * :scale / 100 + 2000 AS everybody \gset
SELECT set_config('bench.people', :'people', false) \g /dev/null

-- more doctors like anna, each with licence, consent, visit and request
CREATE PROCEDURE public.more_people(n int) LANGUAGE sql AS $$
	INSERT INTO account (account_id, kind, name, country_code, prescriber) SELECT public.id('hcp' || i), 'hcp', 'hcp' || i, 'XA', true FROM generate_series(1, n) i;
	INSERT INTO hcp (account_id, profession) SELECT public.id('hcp' || i), 'physician' FROM generate_series(1, n) i;
	INSERT INTO contact_point (contact_point_id, account_id, kind, is_primary, inherits_from)
		SELECT public.id('hcp' || i || ':address'), public.id('hcp' || i), 'address', true, public.id('clinic:address') FROM generate_series(1, n) i;
	INSERT INTO license (account_id, kind, number, jurisdiction, verified_on) SELECT public.id('hcp' || i), 'national', 'hcp' || i, 'XA', '2021-01-01' FROM generate_series(1, n) i;
	INSERT INTO consent_event (account_id, controller_id, purpose, action, evidence, captured_at, effective_from)
		SELECT public.id('hcp' || i), public.id('acme'), 'sample_receipt', 'opt_in', '{"text_version": "v1", "method": "paper_signature", "captured_at": "2021-01-01"}',
			'2021-01-01 00:00+00', '2021-01-01 00:00+00' FROM generate_series(1, n) i;
	INSERT INTO account_territory (account_id, territory_id) SELECT public.id('hcp' || i), public.id('north') FROM generate_series(1, n) i;
	INSERT INTO visit (visit_id, account_id, territory_id, owner_id, place_id, status, actual_from)
		SELECT public.id('visit:hcp' || i), public.id('hcp' || i), public.id('north'), public.id('rep'), public.id('hcp' || i || ':address'), 'in_progress', '2023-01-01 08:00+00' FROM generate_series(1, n) i;
	INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at)
		SELECT public.id('signature:hcp' || i), 'sample_request', public.id('hcp' || i), 'hcp' || i, 'I request these samples', 'pad', sha256('request'), '2023-01-01 08:00+00' FROM generate_series(1, n) i;
	INSERT INTO sample_request (request_id, kind, account_id, practitioner_id, signature_id, requested_at, status)
		SELECT public.id('request:hcp' || i), 'drop', public.id('hcp' || i), public.id('hcp' || i), public.id('signature:hcp' || i), '2023-01-01 08:00+00', 'signed' FROM generate_series(1, n) i;
	INSERT INTO sample_request_line (request_id, product_id, requested) SELECT public.id('request:hcp' || i), public.id('p10'), 100 FROM generate_series(1, n) i;
$$;
CALL public.more_people(:everybody);
-- a bag that lasts
INSERT INTO inventory_operation (operation_id, type) VALUES (public.id('plenty'), 'receipt');
INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES
	(public.id('plenty'), public.id('vendor'), public.id('lot:p10'), -10000000), (public.id('plenty'), public.id('bag'), public.id('lot:p10'), 10000000);
-- a company that is at work: nobody plans for tables that have always been empty
SET lsce.login = 'rep';
INSERT INTO disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	SELECT public.id('hcp' || i), public.id('p10'), 1, public.id('visit:hcp' || i), public.id('request:hcp' || i), public.id('lot:p10'),
		timestamptz '2023-01-20 12:00+00' + i * interval '1 second' FROM generate_series(:people + 1, :everybody) AS i;
RESET lsce.login;
DROP FUNCTION public.attempt;
DROP PROCEDURE public.give, public.more_people;

-- the other models get every row of the first, triggers off
CREATE PROCEDURE public.copy_model(target name) LANGUAGE plpgsql AS $$
DECLARE
	t record;
BEGIN
	EXECUTE format('CALL lsce.create_model(%L, false)', target);
	SET LOCAL session_replication_role = replica;
	FOR t IN SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		WHERE c.relnamespace = 'bench_sample'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('model_version', 'model_secret') GROUP BY c.relname
	LOOP
		EXECUTE format('INSERT INTO %1$I.%2$I (%3$s) SELECT %3$s FROM bench_sample.%2$I ON CONFLICT DO NOTHING', target, t.relname, t.columns);
	END LOOP;
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = target::text::regnamespace AND relkind = 'r'
	LOOP
		EXECUTE format('ALTER TABLE %I.%I DISABLE TRIGGER USER', target, t.relname);
	END LOOP;
END
$$;
CALL public.copy_model('bench_bare');
CALL public.copy_model('bench_hand');
DROP PROCEDURE public.copy_model;

-- what a hand-over leaves, written as plain rows
CREATE FUNCTION bench_bare.record(fact uuid, who text, facts jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = bench_bare, pg_catalog, pg_temp AS $$
DECLARE
	decided uuid := lsce.uuid_v7();
	operation uuid := lsce.uuid_v7();
	person uuid := public.id(who);
BEGIN
	INSERT INTO disbursement (disbursement_id, decision_id, account_id, recipient_id, practitioner_id, product_id, quantity, delivery_point_id, hco_id,
			country_code, region_code, local_day, visit_id, request_id, batch_id, location_id, user_id, territory_id, company_id, captured_at)
		VALUES (fact, decided, person, person, person, public.id('p10'), 1, public.id(who || ':address'), public.id('clinic'),
			'XA', 'XA-N', '2023-02-01', public.id('visit:' || who), public.id('request:' || who), public.id('lot:p10'), public.id('bag'), public.id('rep'), public.id('north'), public.id('acme'), '2023-02-01 12:00+00');
	INSERT INTO decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, facts, rule_set, evaluator_version, user_id, territory_id, valid_at, known_at)
		VALUES (decided, fact, 'sample_drop', person, public.id('p10'), 1, 'permit', 'allow', facts, repeat('0', 64), 1, public.id('rep'), public.id('north'), '2023-02-01 12:00+00', clock_timestamp());
	INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota, used)
		VALUES (public.id('rule'), person::text, public.id('p10')::text, '2023-01-01', '2024-01-01', 2, 1)
		ON CONFLICT (rule_id, subject_key, pool_key, window_from) DO UPDATE SET used = limit_counter.used + 1;
	INSERT INTO limit_use (rule_id, subject_key, pool_key, window_from, disbursement_id, local_day, quantity)
		VALUES (public.id('rule'), person::text, public.id('p10')::text, '2023-01-01', fact, '2023-02-01', 1);
	UPDATE sample_request_line SET fulfilled = fulfilled + 1 WHERE request_id = public.id('request:' || who) AND product_id = public.id('p10');
	INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id, disbursement_id, user_id)
		VALUES (operation, 'disbursement', public.id('bag'), public.id('disbursed'), fact, public.id('rep'));
	INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
		VALUES (operation, public.id('bag'), public.id('lot:p10'), -1), (operation, public.id('disbursed'), public.id('lot:p10'), 1);
	UPDATE inventory_stock SET on_hand = on_hand - 1 WHERE location_id = public.id('bag') AND batch_id = public.id('lot:p10');
	INSERT INTO outbox (topic, entity_id, payload) VALUES ('sample.disbursed', fact, '{"quantity": 1}');
END
$$;

-- the rules by hand: raises at the first that fails, then writes the same rows
CREATE FUNCTION bench_hand.disburse(fact uuid, who text, facts jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = bench_hand, lsce, pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	person uuid := public.id(who);
	pid uuid := public.id('p10');
	at timestamptz := '2023-02-01 12:00+00';
	a record; h record; v record; pt record; r record; l record; m record; p record; s record; req record; c record;
	day date; country text; region text; hco uuid; up uuid[]; applicable boolean := false;
	decided uuid := lsce.uuid_v7(); operation uuid := lsce.uuid_v7();
BEGIN
	SELECT * INTO a FROM account WHERE account_id = person;
	IF NOT FOUND OR a.status <> 'active' OR a.kind NOT IN ('hcp', 'hco') THEN RAISE EXCEPTION 'account'; END IF;
	SELECT * INTO h FROM hcp WHERE account_id = person;
	IF NOT a.prescriber OR h.no_contact THEN RAISE EXCEPTION 'recipient'; END IF;
	SELECT * INTO v FROM visit WHERE visit_id = public.id('visit:' || who);
	IF v.account_id <> person OR v.owner_id <> public.id('rep') OR v.status NOT IN ('in_progress', 'on_hold', 'completed', 'reopened') THEN RAISE EXCEPTION 'visit'; END IF;
	SELECT c1.account_id, coalesce(c2.country_code, c1.country_code) AS country, coalesce(c2.region_code, c1.region_code) AS region,
		coalesce(c2.account_id, c1.account_id) AS owner, coalesce(c2.tz, g.tz, n.tz) AS tz INTO pt
		FROM contact_point c1 LEFT JOIN contact_point c2 ON c2.contact_point_id = c1.inherits_from
		LEFT JOIN region g ON g.region_code = coalesce(c2.region_code, c1.region_code)
		LEFT JOIN country n ON n.country_code = coalesce(c2.country_code, c1.country_code) WHERE c1.contact_point_id = v.place_id;
	country := pt.country; region := pt.region; day := (at AT TIME ZONE pt.tz)::date;
	SELECT o.account_id INTO hco FROM hco o WHERE o.account_id = pt.owner;
	PERFORM FROM user_assignment WHERE user_id = v.owner_id AND persona IN ('field_rep', 'partner_rep') AND valid_from <= day AND day < valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'persona'; END IF;
	PERFORM FROM territory_user WHERE user_id = v.owner_id AND territory_id = v.territory_id AND may_sample AND valid_from <= day AND day < valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'roster'; END IF;
	PERFORM FROM account_territory WHERE account_id = person AND territory_id = v.territory_id AND valid_from <= day AND day < valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'alignment'; END IF;
	SELECT * INTO p FROM product WHERE product_id = pid;
	up := ARRAY[pid, p.parent_id];
	SELECT * INTO m FROM product_market WHERE product_id = pid AND country_code = country AND company_id = p.company_id;
	IF p.spec_type <> 'sample' OR p.distribution_method NOT IN ('drop', 'drop_and_ship') OR NOT m.sampleable OR m.first_marketed_on > day
		OR m.withdrawn_on <= day OR m.controlled_schedule IS NOT NULL OR NOT m.smallest_pack THEN RAISE EXCEPTION 'product'; END IF;
	PERFORM FROM product_territory_alignment WHERE product_id = ANY (up) AND territory_id = v.territory_id AND alignment_type LIKE 'include%' AND 'sample' = ANY (purposes) AND valid_from <= day AND day < valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'product alignment'; END IF;
	PERFORM FROM product_account_restriction WHERE account_id = person AND product_id = ANY (up) AND 'sample_drop' = ANY (actions) AND valid_from <= day AND day < valid_to;
	IF FOUND THEN RAISE EXCEPTION 'restriction'; END IF;
	PERFORM FROM sampling_policy WHERE product_id = ANY (up) AND action = 'sample_drop' AND country_code = country AND status = 'approved' AND NOT allowed AND valid_from <= day AND day < valid_to;
	IF FOUND THEN RAISE EXCEPTION 'policy'; END IF;
	PERFORM FROM sampling_policy WHERE product_id = ANY (up) AND action = 'sample_drop' AND country_code = country AND status = 'approved' AND allowed AND valid_from <= day AND day < valid_to
		AND (region_code IS NULL OR region_code = region) AND (required_profession IS NULL OR required_profession = h.profession)
		AND (required_specialty IS NULL OR EXISTS (SELECT FROM account_specialty x WHERE x.account_id = person AND x.code <@ required_specialty));
	IF NOT FOUND THEN RAISE EXCEPTION 'policy'; END IF;
	PERFORM FROM license WHERE account_id = person AND jurisdiction IN (country, region) AND status = 'verified' AND sample_eligible
		AND verified_on >= day - (SELECT (value #>> '{}')::int FROM setting WHERE name = 'license_verification_max_age_days' AND scope = 'org') AND valid_from <= day AND day < valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'licence'; END IF;
	SELECT q1.*, s1.signed_at, s1.signer_account_id INTO req FROM sample_request q1 JOIN signature s1 USING (signature_id) WHERE q1.request_id = public.id('request:' || who);
	IF req.status NOT IN ('signed', 'approved') OR req.signer_account_id <> person OR req.standing OR req.signed_at > at OR at > req.requested_at + interval '6 months' THEN RAISE EXCEPTION 'request'; END IF;
	SELECT action INTO s FROM consent_event WHERE account_id = person AND controller_id = public.id('acme') AND purpose = 'sample_receipt' AND effective_from <= at AND at < effective_to
		ORDER BY effective_from DESC LIMIT 1;
	IF s.action IS DISTINCT FROM 'opt_in' THEN RAISE EXCEPTION 'consent'; END IF;
	SELECT * INTO l FROM product_batch WHERE batch_id = public.id('lot:p10');
	IF l.product_id <> pid OR l.status <> 'released' OR l.expires_on < day THEN RAISE EXCEPTION 'lot'; END IF;
	-- all checks that only read are above
	INSERT INTO disbursement (disbursement_id, decision_id, account_id, recipient_id, practitioner_id, product_id, quantity, delivery_point_id, hco_id,
			country_code, region_code, local_day, visit_id, request_id, batch_id, location_id, user_id, territory_id, company_id, captured_at)
		VALUES (fact, decided, person, person, person, pid, 1, v.place_id, hco, country, region, day, v.visit_id, req.request_id, l.batch_id,
			public.id('bag'), v.owner_id, v.territory_id, public.id('acme'), at);
	-- the hand-over is stored
	FOR c IN SELECT t.template_id, x.rule_id, x.quota FROM limit_template t JOIN limit_rule x USING (template_id)
		JOIN limit_assignment y ON y.template_id = t.template_id AND y.product_id = ANY (up) AND y.valid_from <= day AND day < y.valid_to
		WHERE t.status = 'approved' AND t.country_code = country AND t.valid_from <= day AND day < t.valid_to
	LOOP
		INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota)
			VALUES (c.rule_id, person::text, pid::text, date_trunc('year', day::timestamp), date_trunc('year', day::timestamp) + interval '1 year', c.quota)
			ON CONFLICT DO NOTHING;
		UPDATE limit_counter SET used = used + 1 WHERE rule_id = c.rule_id AND subject_key = person::text AND pool_key = pid::text
			AND window_from = date_trunc('year', day::timestamp) AND used + 1 <= quota + excess;
		IF NOT FOUND THEN RAISE EXCEPTION 'limit'; END IF;
		INSERT INTO limit_use (rule_id, subject_key, pool_key, window_from, disbursement_id, local_day, quantity)
			VALUES (c.rule_id, person::text, pid::text, date_trunc('year', day::timestamp), fact, day, 1);
		applicable := true;
	END LOOP;
	IF NOT applicable THEN RAISE EXCEPTION 'no limit'; END IF;
	UPDATE sample_request_line SET fulfilled = fulfilled + 1 WHERE request_id = req.request_id AND product_id = pid AND fulfilled + 1 <= requested;
	IF NOT FOUND THEN RAISE EXCEPTION 'request used up'; END IF;
	INSERT INTO decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, facts, rule_set, evaluator_version, user_id, territory_id, valid_at, known_at)
		VALUES (decided, fact, 'sample_drop', person, pid, 1, 'permit', 'allow', facts, repeat('0', 64), 1, v.owner_id, v.territory_id, at, clock_timestamp());
	INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id, disbursement_id, user_id)
		VALUES (operation, 'disbursement', public.id('bag'), public.id('disbursed'), fact, v.owner_id);
	INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES (operation, public.id('bag'), l.batch_id, -1), (operation, public.id('disbursed'), l.batch_id, 1);
	UPDATE inventory_stock SET on_hand = on_hand - 1 WHERE location_id = public.id('bag') AND batch_id = l.batch_id AND on_hand >= 1;
	IF NOT FOUND THEN RAISE EXCEPTION 'stock'; END IF;
	INSERT INTO outbox (topic, entity_id, payload) VALUES ('sample.disbursed', fact, '{"quantity": 1}');
END
$$;

-- The same as a row trigger, on rows that bring all columns, and as a question
-- that writes nothing: made of the text of disburse(), so that the rules are
-- the same. The facts to store stand uncompressed in a table.
CREATE TABLE bench_hand.given_facts (facts jsonb);
ALTER TABLE bench_hand.given_facts ALTER facts SET STORAGE EXTERNAL;
DO $do$
DECLARE
	pinned text := 'SET search_path = bench_hand, lsce, pg_catalog, pg_temp';
	source text := (SELECT prosrc FROM pg_proc WHERE oid = 'bench_hand.disburse(uuid, text, jsonb)'::regprocedure);
	checks text := split_part(source, '-- all checks that only read are above', 1);
	charges text := split_part(source, '-- the hand-over is stored', 2);
BEGIN
	IF checks = source OR charges = '' THEN
		RAISE 'disburse() has lost its marks';
	END IF;
	EXECUTE format('CREATE FUNCTION bench_hand.may(who text) RETURNS boolean LANGUAGE plpgsql STABLE %s AS %L', pinned, checks || $may$
	FOR c IN SELECT t.template_id, x.rule_id, x.quota FROM limit_template t JOIN limit_rule x USING (template_id)
		JOIN limit_assignment y ON y.template_id = t.template_id AND y.product_id = ANY (up) AND y.valid_from <= day AND day < y.valid_to
		WHERE t.status = 'approved' AND t.country_code = country AND t.valid_from <= day AND day < t.valid_to
	LOOP
		PERFORM FROM limit_counter WHERE rule_id = c.rule_id AND subject_key = person::text AND pool_key = pid::text
			AND window_from = date_trunc('year', day::timestamp) AND used + 1 > quota + excess;
		IF FOUND THEN RETURN false; END IF;
		applicable := true;
	END LOOP;
	PERFORM FROM sample_request_line WHERE request_id = req.request_id AND product_id = pid AND fulfilled + 1 <= requested;
	IF NOT FOUND THEN RETURN false; END IF;
	PERFORM FROM inventory_stock WHERE location_id = public.id('bag') AND batch_id = l.batch_id AND on_hand >= 1;
	RETURN FOUND AND applicable;
END
$may$);
	source := checks || regexp_replace(charges, 'END\s*$', 'RETURN NULL; END');
	source := replace(source, 'DECLARE', 'DECLARE fact uuid := NEW.disbursement_id; facts jsonb := (SELECT g.facts FROM given_facts AS g);');
	source := replace(source, 'decided uuid := lsce.uuid_v7()', 'decided uuid := NEW.decision_id');
	source := replace(source, 'public.id(who)', 'NEW.account_id');
	source := replace(source, $$public.id('visit:' || who)$$, 'NEW.visit_id');
	source := replace(source, $$public.id('request:' || who)$$, 'NEW.request_id');
	source := replace(source, $$at timestamptz := '2023-02-01 12:00+00'$$, 'at timestamptz := NEW.captured_at');
	EXECUTE format('CREATE FUNCTION bench_hand.judge_row() RETURNS trigger LANGUAGE plpgsql %s AS %L', pinned, source);
END
$do$;
-- only for the session that asks for it
CREATE TRIGGER judge_row AFTER INSERT ON bench_hand.disbursement FOR EACH ROW
	WHEN (current_setting('bench.judge_rows', true) = 'on') EXECUTE FUNCTION bench_hand.judge_row();

-- questions
CREATE PROCEDURE bench_sample.ask_all(n int) LANGUAGE plpgsql SET search_path = bench_sample, pg_catalog, pg_temp AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		IF check_eligibility(public.id('hcp' || i), public.id('p10'), 1, 'sample_drop', user_id => public.id('rep'), batch_id => public.id('lot:p10'),
			at => '2023-02-01 12:00+00', visit_id => public.id('visit:hcp' || i), request_id => public.id('request:hcp' || i)) <> 'allow' THEN
			RAISE 'hcp% was refused', i;
		END IF;
	END LOOP;
END
$$;
CREATE PROCEDURE bench_hand.ask_all(n int) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		IF NOT bench_hand.may('hcp' || i) THEN
			RAISE 'hcp% was refused', i;
		END IF;
	END LOOP;
END
$$;

-- one-row statements, for each way
CREATE PROCEDURE bench_sample.ours(n int) LANGUAGE plpgsql SET search_path = bench_sample, pg_catalog, pg_temp AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		INSERT INTO disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
			VALUES (public.id('hcp' || i), public.id('p10'), 1, public.id('visit:hcp' || i), public.id('request:hcp' || i), public.id('lot:p10'), '2023-02-01 12:00+00');
	END LOOP;
END
$$;
CREATE PROCEDURE bench_bare.record_all(n int, facts jsonb) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		PERFORM bench_bare.record(lsce.uuid_v7(), 'hcp' || i, facts);
	END LOOP;
END
$$;
CREATE PROCEDURE bench_hand.disburse_all(n int, facts jsonb) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		PERFORM bench_hand.disburse(lsce.uuid_v7(), 'hcp' || i, facts);
	END LOOP;
END
$$;
ANALYZE;
