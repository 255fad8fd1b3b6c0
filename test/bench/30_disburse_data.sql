-- Hand-overs of samples: the same world in six models.
--   bench_sample  lsce
--   bench_bare    the same tables and constraints, no rules: the rows are given
-- and the same rules in PL/pgSQL as one would write them by hand, probes in
-- order, out at the first failure, plans cached:
--   bench_tuned   counters, request line and stock are charged by conditional
--                 updates, what others wait for is touched last; the facts of
--                 the decision are given
--   bench_proof   the same, and the facts are gathered from the rows read
--   bench_plain   counters, request line and stock are read FOR UPDATE among the
--                 checks, compared and then updated; the facts are gathered
--   bench_set     a statement trigger with joins, for COPY; the facts are gathered
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
-- eight more reps, who share these doctors: rep0 visits hcp1, hcp9, ..., rep1 hcp2, hcp10, ...
INSERT INTO app_user (user_id, login, display_name, company_id) SELECT public.id('rep' || n), 'rep' || n, 'Rep ' || n, public.id('acme') FROM generate_series(0, 7) n;
INSERT INTO user_assignment (user_id, persona) SELECT public.id('rep' || n), 'field_rep' FROM generate_series(0, 7) n;
INSERT INTO territory_user (territory_id, user_id) SELECT public.id('north'), public.id('rep' || n) FROM generate_series(0, 7) n;
INSERT INTO inventory_location (location_id, kind, user_id, name) SELECT public.id('bag' || n), 'rep', public.id('rep' || n), 'bag of rep' || n FROM generate_series(0, 7) n;
INSERT INTO visit (visit_id, account_id, territory_id, owner_id, place_id, status, actual_from)
	SELECT public.id('own:hcp' || i), public.id('hcp' || i), public.id('north'), public.id('rep' || (i - 1) % 8), public.id('hcp' || i || ':address'), 'in_progress', '2023-01-01 08:00+00'
	FROM generate_series(1, :people) i;
-- bags that last
INSERT INTO inventory_operation (operation_id, type) VALUES (public.id('plenty'), 'receipt');
INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
	SELECT public.id('plenty'), x.location_id, public.id('lot:p10'), x.quantity
	FROM generate_series(-1, 7) n, LATERAL (VALUES (public.id('vendor'), -10000000), (public.id('bag' || CASE WHEN n >= 0 THEN n::text ELSE '' END), 10000000)) AS x (location_id, quantity);
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
CALL public.copy_model('bench_tuned');
CALL public.copy_model('bench_proof');
CALL public.copy_model('bench_plain');
CALL public.copy_model('bench_set');
DROP PROCEDURE public.copy_model;

-- What a hand-over leaves, written as plain rows; whose row others wait for is
-- written last. pooled: it is charged to the limit 'pool' of the territory, too.
CREATE FUNCTION bench_bare.disburse(fact uuid, who text, given jsonb, rep text DEFAULT 'rep', bag_code text DEFAULT 'bag', visit_code text DEFAULT 'visit:',
	pooled boolean DEFAULT false) RETURNS void LANGUAGE plpgsql
SET search_path = bench_bare, pg_catalog, pg_temp AS $$
DECLARE
	decided uuid := lsce.uuid_v7();
	operation uuid := lsce.uuid_v7();
	person uuid := public.id(who);
	giver uuid := public.id(rep);
	bag uuid := public.id(bag_code);
BEGIN
	INSERT INTO disbursement (disbursement_id, decision_id, account_id, recipient_id, practitioner_id, product_id, quantity, delivery_point_id, hco_id,
			country_code, region_code, local_day, visit_id, request_id, batch_id, location_id, user_id, territory_id, company_id, captured_at)
		VALUES (fact, decided, person, person, person, public.id('p10'), 1, public.id(who || ':address'), public.id('clinic'),
			'XA', 'XA-N', '2023-02-01', public.id(visit_code || who), public.id('request:' || who), public.id('lot:p10'), bag, giver, public.id('north'), public.id('acme'), '2023-02-01 12:00+00');
	INSERT INTO decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, facts, rule_set, evaluator_version, user_id, territory_id, valid_at, known_at)
		VALUES (decided, fact, 'sample_drop', person, public.id('p10'), 1, 'permit', 'allow', given, repeat('0', 64), 1, giver, public.id('north'), '2023-02-01 12:00+00', clock_timestamp());
	INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota, used)
		VALUES (public.id('rule'), person::text, public.id('p10')::text, '2023-01-01', '2024-01-01', 2, 1)
		ON CONFLICT (rule_id, subject_key, pool_key, window_from) DO UPDATE SET used = limit_counter.used + 1;
	INSERT INTO limit_use (rule_id, subject_key, pool_key, window_from, disbursement_id, local_day, quantity)
		VALUES (public.id('rule'), person::text, public.id('p10')::text, '2023-01-01', fact, '2023-02-01', 1);
	UPDATE sample_request_line SET fulfilled = fulfilled + 1 WHERE request_id = public.id('request:' || who) AND product_id = public.id('p10');
	INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id, disbursement_id, user_id)
		VALUES (operation, 'disbursement', bag, public.id('disbursed'), fact, giver);
	INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
		VALUES (operation, bag, public.id('lot:p10'), -1), (operation, public.id('disbursed'), public.id('lot:p10'), 1);
	INSERT INTO outbox (topic, entity_id, payload) VALUES ('sample.disbursed', fact, '{"quantity": 1}');
	UPDATE inventory_stock SET on_hand = on_hand - 1 WHERE location_id = bag AND batch_id = public.id('lot:p10');
	IF pooled THEN
		INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota, used)
			VALUES (public.id('pool'), public.id('north')::text, public.id('p10')::text, '2023-01-01', '2024-01-01', 1000000, 1)
			ON CONFLICT (rule_id, subject_key, pool_key, window_from) DO UPDATE SET used = limit_counter.used + 1;
		INSERT INTO limit_use (rule_id, subject_key, pool_key, window_from, disbursement_id, local_day, quantity)
			VALUES (public.id('pool'), public.id('north')::text, public.id('p10')::text, '2023-01-01', fact, '2023-02-01', 1);
	END IF;
END
$$;

-- The rules by hand, in pieces of which the functions of a model are made, so
-- that all of them judge alike: each raises at the first rule that fails.
-- A probe reads the columns that are judged and, as lsce does, which version of
-- which row that was.
CREATE TYPE public.applicable AS (template_id uuid, template_version timestamptz, code text, rule_id uuid, rule_version timestamptz, subject text, quota numeric,
	assignment_id uuid, assignment_version timestamptz, subject_key text, pool_key text, window_from date, window_to date);
CREATE PROCEDURE public.write_by_hand(target name, plain boolean, proof boolean) LANGUAGE plpgsql AS $make$
DECLARE
	pinned text := format('SET search_path = %I, lsce, pg_catalog, pg_temp', target);
	-- one row at a time is given what a client sends
	names_asked text := $sql$
#variable_conflict use_column
DECLARE
	facts jsonb := given;
	decided uuid := lsce.uuid_v7();
	person uuid := public.id(who);
	visit_asked uuid := public.id(visit_code || who);
	request_asked uuid := public.id('request:' || who);
	giver uuid := public.id(rep);
	bag uuid := public.id(bag_code);
	at timestamptz := '2023-02-01 12:00+00';
$sql$;
	-- a row trigger is given the row, which brings all columns
	names_of_row text := $sql$
#variable_conflict use_column
DECLARE
	facts jsonb;
	fact uuid := NEW.disbursement_id;
	decided uuid := NEW.decision_id;
	person uuid := NEW.account_id;
	visit_asked uuid := NEW.visit_id;
	request_asked uuid := NEW.request_id;
	giver uuid := NEW.user_id;
	bag uuid := NEW.location_id;
	at timestamptz := NEW.captured_at;
$sql$;
	checks text := $sql$
	pid uuid := public.id('p10');
	a record; h record; v record; pt record; persona record; roster record; alignment record; p record; m record; pa record; policy record;
	licence record; req record; consent record; lot record; line record; stock record; counter record; c public.applicable;
	day date; country text; region text; hco uuid; up uuid[]; limits public.applicable[]; counters jsonb := '[]';
	operation uuid := lsce.uuid_v7();
BEGIN
	SELECT account_id, sys_from, kind, status, prescriber INTO a FROM account WHERE account_id = person;
	IF NOT FOUND OR a.status <> 'active' OR a.kind NOT IN ('hcp', 'hco') THEN RAISE EXCEPTION 'account'; END IF;
	SELECT account_id, sys_from, profession, no_contact INTO h FROM hcp WHERE account_id = person;
	IF NOT a.prescriber OR h.no_contact THEN RAISE EXCEPTION 'recipient'; END IF;
	SELECT visit_id, sys_from, account_id, owner_id, territory_id, place_id, status INTO v FROM visit WHERE visit_id = visit_asked;
	IF v.account_id <> person OR v.owner_id <> giver OR v.status NOT IN ('in_progress', 'on_hold', 'completed', 'reopened') THEN RAISE EXCEPTION 'visit'; END IF;
	SELECT c1.contact_point_id, c1.sys_from, c1.account_id, coalesce(c2.country_code, c1.country_code) AS country, coalesce(c2.region_code, c1.region_code) AS region,
		coalesce(c2.account_id, c1.account_id) AS owner, coalesce(c2.tz, g.tz, n.tz) AS tz INTO pt
		FROM contact_point c1 LEFT JOIN contact_point c2 ON c2.contact_point_id = c1.inherits_from
		LEFT JOIN region g ON g.region_code = coalesce(c2.region_code, c1.region_code)
		LEFT JOIN country n ON n.country_code = coalesce(c2.country_code, c1.country_code) WHERE c1.contact_point_id = v.place_id;
	country := pt.country; region := pt.region; day := (at AT TIME ZONE pt.tz)::date;
	SELECT o.account_id INTO hco FROM hco o WHERE o.account_id = pt.owner;
	SELECT assignment_id, sys_from, persona INTO persona FROM user_assignment WHERE user_id = giver AND persona IN ('field_rep', 'partner_rep') AND valid_from <= day AND day < valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'persona'; END IF;
	SELECT roster_id, sys_from, may_sample INTO roster FROM territory_user WHERE user_id = giver AND territory_id = v.territory_id AND may_sample AND valid_from <= day AND day < valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'roster'; END IF;
	SELECT account_id, territory_id, sys_from INTO alignment FROM account_territory WHERE account_id = person AND territory_id = v.territory_id AND valid_from <= day AND day < valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'alignment'; END IF;
	SELECT product_id, sys_from, parent_id, company_id, spec_type, distribution_method INTO p FROM product WHERE product_id = pid;
	up := ARRAY[pid, p.parent_id];
	SELECT product_market_id, sys_from, sampleable, first_marketed_on, withdrawn_on, controlled_schedule, smallest_pack INTO m
		FROM product_market WHERE product_id = pid AND country_code = country AND company_id = p.company_id;
	IF p.spec_type <> 'sample' OR p.distribution_method NOT IN ('drop', 'drop_and_ship') OR NOT m.sampleable OR m.first_marketed_on > day
		OR m.withdrawn_on <= day OR m.controlled_schedule IS NOT NULL OR NOT m.smallest_pack THEN RAISE EXCEPTION 'product'; END IF;
	SELECT pta_id, sys_from, product_id, alignment_type, purposes INTO pa FROM product_territory_alignment
		WHERE product_id = ANY (up) AND territory_id = v.territory_id AND alignment_type LIKE 'include%' AND 'sample' = ANY (purposes) AND valid_from <= day AND day < valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'product alignment'; END IF;
	PERFORM FROM product_account_restriction WHERE account_id = person AND product_id = ANY (up) AND 'sample_drop' = ANY (actions) AND valid_from <= day AND day < valid_to;
	IF FOUND THEN RAISE EXCEPTION 'restriction'; END IF;
	PERFORM FROM sampling_policy WHERE product_id = ANY (up) AND action = 'sample_drop' AND country_code = country AND status = 'approved' AND NOT allowed AND valid_from <= day AND day < valid_to;
	IF FOUND THEN RAISE EXCEPTION 'forbidden'; END IF;
	SELECT policy_id, sys_from, product_id, allowed INTO policy FROM sampling_policy
		WHERE product_id = ANY (up) AND action = 'sample_drop' AND country_code = country AND status = 'approved' AND allowed AND valid_from <= day AND day < valid_to
		AND (region_code IS NULL OR region_code = region) AND (required_profession IS NULL OR required_profession = h.profession)
		AND (required_specialty IS NULL OR EXISTS (SELECT FROM account_specialty x WHERE x.account_id = person AND x.code <@ required_specialty));
	IF NOT FOUND THEN RAISE EXCEPTION 'policy'; END IF;
	SELECT x.license_id, x.sys_from, x.kind, x.number, x.jurisdiction, x.status, x.sample_eligible, x.verified_on, x.valid_from, x.valid_to,
		s.setting_id AS max_age_id, s.sys_from AS max_age_version, s.value AS max_age INTO licence
		FROM license x JOIN setting s ON s.name = 'license_verification_max_age_days' AND s.scope = 'org'
		WHERE x.account_id = person AND x.jurisdiction IN (country, region) AND x.status = 'verified' AND x.sample_eligible
		AND x.verified_on >= day - (s.value #>> '{}')::int AND x.valid_from <= day AND day < x.valid_to;
	IF NOT FOUND THEN RAISE EXCEPTION 'licence'; END IF;
	SELECT q1.request_id, q1.sys_from, q1.status, q1.standing, q1.requested_at, s1.signature_id, s1.signed_at, s1.signer_account_id INTO req
		FROM sample_request q1 JOIN signature s1 USING (signature_id) WHERE q1.request_id = request_asked;
	IF req.status NOT IN ('signed', 'approved') OR req.signer_account_id <> person OR req.standing OR req.signed_at > at OR at > req.requested_at + interval '6 months' THEN RAISE EXCEPTION 'request'; END IF;
	SELECT event_id, purpose, action, effective_from INTO consent FROM consent_event
		WHERE account_id = person AND controller_id = public.id('acme') AND purpose = 'sample_receipt' AND effective_from <= at AND at < effective_to
		ORDER BY effective_from DESC LIMIT 1;
	IF consent.action IS DISTINCT FROM 'opt_in' THEN RAISE EXCEPTION 'consent'; END IF;
	SELECT batch_id, sys_from, product_id, lot_no, status, expires_on INTO lot FROM product_batch WHERE batch_id = public.id('lot:p10');
	IF lot.product_id <> pid OR lot.status <> 'released' OR lot.expires_on < day THEN RAISE EXCEPTION 'lot'; END IF;
	SELECT array_agg(ROW(t.template_id, t.sys_from, t.code, x.rule_id, x.sys_from, x.subject, x.quota, y.assignment_id, y.sys_from,
			CASE x.subject WHEN 'account' THEN person::text WHEN 'territory' THEN v.territory_id::text END, pid::text,
			date_trunc('year', day::timestamp), date_trunc('year', day::timestamp) + interval '1 year')::public.applicable ORDER BY x.subject <> 'account') INTO limits
		FROM limit_template t JOIN limit_rule x USING (template_id)
		JOIN limit_assignment y ON y.template_id = t.template_id AND y.product_id = ANY (up) AND y.valid_from <= day AND day < y.valid_to
		WHERE t.status = 'approved' AND t.country_code = country AND t.valid_from <= day AND day < t.valid_to;
	IF limits IS NULL THEN RAISE EXCEPTION 'no limit'; END IF;
$sql$;
	-- read and locked among the checks: a check without the lock would let two pass
	locks text := $sql$
	FOREACH c IN ARRAY limits LOOP
		INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota)
			VALUES (c.rule_id, c.subject_key, c.pool_key, c.window_from, c.window_to, c.quota) ON CONFLICT DO NOTHING;
		SELECT used, quota, excess INTO counter FROM limit_counter
			WHERE rule_id = c.rule_id AND subject_key = c.subject_key AND pool_key = c.pool_key AND window_from = c.window_from FOR UPDATE;
		IF counter.used + 1 > counter.quota + counter.excess THEN RAISE EXCEPTION 'limit'; END IF;
		counters := counters || to_jsonb(counter);
	END LOOP;
	SELECT requested, fulfilled INTO line FROM sample_request_line WHERE request_id = req.request_id AND product_id = pid FOR UPDATE;
	IF NOT FOUND OR line.fulfilled + 1 > line.requested THEN RAISE EXCEPTION 'request used up'; END IF;
	SELECT on_hand INTO stock FROM inventory_stock WHERE location_id = bag AND batch_id = lot.batch_id FOR UPDATE;
	IF NOT FOUND OR stock.on_hand < 1 THEN RAISE EXCEPTION 'stock'; END IF;
$sql$;
	gathered text := $sql$
	facts := jsonb_build_object('local_day', day, 'account', to_jsonb(a), 'hcp', to_jsonb(h), 'visit', to_jsonb(v), 'place', to_jsonb(pt), 'hco', hco,
		'persona', to_jsonb(persona), 'roster', to_jsonb(roster), 'alignment', to_jsonb(alignment), 'product', to_jsonb(p), 'market', to_jsonb(m),
		'product_alignment', to_jsonb(pa), 'policy', to_jsonb(policy), 'licence', to_jsonb(licence), 'request', to_jsonb(req),
		'consent', to_jsonb(consent), 'lot', to_jsonb(lot), 'limits', to_jsonb(limits));
$sql$;
	gathered_locked text := $sql$
	facts := facts || jsonb_build_object('counters', counters, 'line', to_jsonb(line), 'stock', to_jsonb(stock));
$sql$;
	fact_row text := $sql$
	INSERT INTO disbursement (disbursement_id, decision_id, account_id, recipient_id, practitioner_id, product_id, quantity, delivery_point_id, hco_id,
			country_code, region_code, local_day, visit_id, request_id, batch_id, location_id, user_id, territory_id, company_id, captured_at)
		VALUES (fact, decided, person, person, person, pid, 1, v.place_id, hco, country, region, day, v.visit_id, req.request_id, lot.batch_id,
			bag, giver, v.territory_id, public.id('acme'), at);
$sql$;
	other_rows text := $sql$
	INSERT INTO decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, facts, rule_set, evaluator_version, user_id, territory_id, valid_at, known_at)
		VALUES (decided, fact, 'sample_drop', person, pid, 1, 'permit', 'allow', facts, repeat('0', 64), 1, giver, v.territory_id, at, clock_timestamp());
	INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id, disbursement_id, user_id)
		VALUES (operation, 'disbursement', bag, public.id('disbursed'), fact, giver);
	INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES (operation, bag, lot.batch_id, -1), (operation, public.id('disbursed'), lot.batch_id, 1);
	INSERT INTO outbox (topic, entity_id, payload) VALUES ('sample.disbursed', fact, '{"quantity": 1}');
$sql$;
	-- nothing was locked: each update is the check; what is shared comes last
	charges_tuned text := $sql$
	UPDATE sample_request_line SET fulfilled = fulfilled + 1 WHERE request_id = req.request_id AND product_id = pid AND fulfilled + 1 <= requested;
	IF NOT FOUND THEN RAISE EXCEPTION 'request used up'; END IF;
	FOREACH c IN ARRAY limits LOOP
		INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota, used)
			VALUES (c.rule_id, c.subject_key, c.pool_key, c.window_from, c.window_to, c.quota, 1)
			ON CONFLICT (rule_id, subject_key, pool_key, window_from) DO UPDATE SET used = limit_counter.used + 1
				WHERE limit_counter.used + 1 <= limit_counter.quota + limit_counter.excess;
		IF NOT FOUND THEN RAISE EXCEPTION 'limit'; END IF;
		INSERT INTO limit_use (rule_id, subject_key, pool_key, window_from, disbursement_id, local_day, quantity)
			VALUES (c.rule_id, c.subject_key, c.pool_key, c.window_from, fact, day, 1);
	END LOOP;
	UPDATE inventory_stock SET on_hand = on_hand - 1 WHERE location_id = bag AND batch_id = lot.batch_id AND on_hand >= 1;
	IF NOT FOUND THEN RAISE EXCEPTION 'stock'; END IF;
$sql$;
	charges_plain text := $sql$
	FOREACH c IN ARRAY limits LOOP
		UPDATE limit_counter SET used = used + 1 WHERE rule_id = c.rule_id AND subject_key = c.subject_key AND pool_key = c.pool_key AND window_from = c.window_from;
		INSERT INTO limit_use (rule_id, subject_key, pool_key, window_from, disbursement_id, local_day, quantity)
			VALUES (c.rule_id, c.subject_key, c.pool_key, c.window_from, fact, day, 1);
	END LOOP;
	UPDATE sample_request_line SET fulfilled = fulfilled + 1 WHERE request_id = req.request_id AND product_id = pid;
	UPDATE inventory_stock SET on_hand = on_hand - 1 WHERE location_id = bag AND batch_id = lot.batch_id;
$sql$;
	-- a question asks without locks and writes nothing
	questions text := $sql$
	FOREACH c IN ARRAY limits LOOP
		PERFORM FROM limit_counter WHERE rule_id = c.rule_id AND subject_key = c.subject_key AND pool_key = c.pool_key
			AND window_from = c.window_from AND used + 1 > quota + excess;
		IF FOUND THEN RETURN false; END IF;
	END LOOP;
	PERFORM FROM sample_request_line WHERE request_id = req.request_id AND product_id = pid AND fulfilled + 1 <= requested;
	IF NOT FOUND THEN RETURN false; END IF;
	PERFORM FROM inventory_stock WHERE location_id = bag AND batch_id = lot.batch_id AND on_hand >= 1;
	RETURN FOUND;
$sql$;
BEGIN
	IF NOT proof THEN
		gathered := '';
		names_of_row := replace(names_of_row, 'facts jsonb;', 'facts jsonb := (SELECT g.facts FROM bench_tuned.given_facts AS g);');
	END IF;
	IF plain THEN
		checks := checks || locks || gathered || gathered_locked;
		other_rows := other_rows || charges_plain;
	ELSE
		checks := checks || gathered;
		other_rows := other_rows || charges_tuned;
	END IF;
	EXECUTE format($$CREATE FUNCTION %I.disburse(fact uuid, who text, given jsonb, rep text DEFAULT 'rep', bag_code text DEFAULT 'bag', visit_code text DEFAULT 'visit:')
		RETURNS void LANGUAGE plpgsql %s AS %L$$, target, pinned, names_asked || checks || fact_row || other_rows || 'END');
	EXECUTE format('CREATE FUNCTION %I.judge_row() RETURNS trigger LANGUAGE plpgsql %s AS %L', target, pinned, names_of_row || checks || other_rows || 'RETURN NULL; END');
	-- only for the session that asks for it
	EXECUTE format($$CREATE TRIGGER judge_row AFTER INSERT ON %1$I.disbursement FOR EACH ROW
		WHEN (current_setting('bench.judge', true) = 'on') EXECUTE FUNCTION %1$I.judge_row()$$, target);
	IF NOT plain AND NOT proof THEN
		EXECUTE format($$CREATE FUNCTION %I.may(who text, given jsonb DEFAULT NULL, rep text DEFAULT 'rep', bag_code text DEFAULT 'bag', visit_code text DEFAULT 'visit:')
			RETURNS boolean LANGUAGE plpgsql STABLE %s AS %L$$, target, pinned, names_asked || checks || questions || 'END');
	END IF;
END
$make$;
CALL public.write_by_hand('bench_tuned', plain => false, proof => false);
CALL public.write_by_hand('bench_proof', plain => false, proof => true);
CALL public.write_by_hand('bench_plain', plain => true, proof => true);
DROP PROCEDURE public.write_by_hand;
-- the facts to store where none are gathered; they stand uncompressed
CREATE TABLE bench_tuned.given_facts (facts jsonb);
ALTER TABLE bench_tuned.given_facts ALTER facts SET STORAGE EXTERNAL;

-- The same rules for all rows of a statement: as joins, with one statement for
-- each table. A row that fails any of them is not among the decisions.
CREATE FUNCTION bench_set.judge_statement() RETURNS trigger LANGUAGE plpgsql
SET search_path = bench_set, lsce, pg_catalog, pg_temp AS $$
DECLARE
	wanted bigint;
	done bigint;
BEGIN
	INSERT INTO decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, facts, rule_set, evaluator_version, user_id, territory_id, valid_at, known_at)
	SELECT d.decision_id, d.disbursement_id, 'sample_drop', d.account_id, d.product_id, d.quantity, 'permit', 'allow',
		jsonb_build_object('local_day', d.local_day, 'account', to_jsonb(a), 'hcp', to_jsonb(h), 'visit', to_jsonb(v), 'place', to_jsonb(pt), 'hco', d.hco_id,
			'persona', to_jsonb(persona), 'roster', to_jsonb(roster), 'alignment', to_jsonb(alignment), 'product', to_jsonb(p), 'market', to_jsonb(m),
			'product_alignment', to_jsonb(pa), 'policy', to_jsonb(policy), 'licence', to_jsonb(licence), 'request', to_jsonb(req),
			'consent', to_jsonb(consent), 'lot', to_jsonb(lot), 'limits', limits.found),
		repeat('0', 64), 1, d.user_id, v.territory_id, d.captured_at, clock_timestamp()
	FROM added AS d
	JOIN (SELECT account_id, sys_from, kind, status, prescriber FROM account) AS a ON a.account_id = d.account_id
		AND a.status = 'active' AND a.kind IN ('hcp', 'hco') AND a.prescriber
	JOIN (SELECT account_id, sys_from, profession, no_contact FROM hcp) AS h ON h.account_id = d.account_id AND NOT h.no_contact
	JOIN (SELECT visit_id, sys_from, account_id, owner_id, territory_id, place_id, status FROM visit) AS v ON v.visit_id = d.visit_id
		AND v.account_id = d.account_id AND v.owner_id = d.user_id AND v.status IN ('in_progress', 'on_hold', 'completed', 'reopened')
	JOIN (SELECT c1.contact_point_id, c1.sys_from, c1.account_id, coalesce(c2.country_code, c1.country_code) AS country, coalesce(c2.region_code, c1.region_code) AS region,
			coalesce(c2.account_id, c1.account_id) AS owner, coalesce(c2.tz, g.tz, n.tz) AS tz
		FROM contact_point c1 LEFT JOIN contact_point c2 ON c2.contact_point_id = c1.inherits_from
		LEFT JOIN region g ON g.region_code = coalesce(c2.region_code, c1.region_code)
		LEFT JOIN country n ON n.country_code = coalesce(c2.country_code, c1.country_code)) AS pt ON pt.contact_point_id = v.place_id
		AND pt.country = d.country_code AND d.local_day = (d.captured_at AT TIME ZONE pt.tz)::date
	JOIN LATERAL (SELECT x.assignment_id, x.sys_from, x.persona FROM user_assignment x WHERE x.user_id = d.user_id AND x.persona IN ('field_rep', 'partner_rep')
		AND x.valid_from <= d.local_day AND d.local_day < x.valid_to LIMIT 1) AS persona ON true
	JOIN LATERAL (SELECT x.roster_id, x.sys_from, x.may_sample FROM territory_user x WHERE x.user_id = d.user_id AND x.territory_id = v.territory_id AND x.may_sample
		AND x.valid_from <= d.local_day AND d.local_day < x.valid_to LIMIT 1) AS roster ON true
	JOIN LATERAL (SELECT x.account_id, x.territory_id, x.sys_from FROM account_territory x WHERE x.account_id = d.account_id AND x.territory_id = v.territory_id
		AND x.valid_from <= d.local_day AND d.local_day < x.valid_to LIMIT 1) AS alignment ON true
	JOIN (SELECT product_id, sys_from, parent_id, company_id, spec_type, distribution_method FROM product) AS p ON p.product_id = d.product_id
		AND p.spec_type = 'sample' AND p.distribution_method IN ('drop', 'drop_and_ship')
	JOIN LATERAL (SELECT x.product_market_id, x.sys_from, x.sampleable, x.first_marketed_on, x.withdrawn_on, x.controlled_schedule, x.smallest_pack FROM product_market x
		WHERE x.product_id = p.product_id AND x.country_code = pt.country AND x.company_id = p.company_id AND x.sampleable AND x.first_marketed_on <= d.local_day
		AND (x.withdrawn_on IS NULL OR x.withdrawn_on > d.local_day) AND x.controlled_schedule IS NULL AND x.smallest_pack) AS m ON true
	JOIN LATERAL (SELECT x.pta_id, x.sys_from, x.product_id, x.alignment_type, x.purposes FROM product_territory_alignment x
		WHERE x.product_id IN (p.product_id, p.parent_id) AND x.territory_id = v.territory_id AND x.alignment_type LIKE 'include%' AND 'sample' = ANY (x.purposes)
		AND x.valid_from <= d.local_day AND d.local_day < x.valid_to LIMIT 1) AS pa ON true
	JOIN LATERAL (SELECT x.policy_id, x.sys_from, x.product_id, x.allowed FROM sampling_policy x
		WHERE x.product_id IN (p.product_id, p.parent_id) AND x.action = 'sample_drop' AND x.country_code = pt.country AND x.status = 'approved' AND x.allowed
		AND x.valid_from <= d.local_day AND d.local_day < x.valid_to
		AND (x.region_code IS NULL OR x.region_code = pt.region) AND (x.required_profession IS NULL OR x.required_profession = h.profession)
		AND (x.required_specialty IS NULL OR EXISTS (SELECT FROM account_specialty y WHERE y.account_id = d.account_id AND y.code <@ x.required_specialty)) LIMIT 1) AS policy ON true
	JOIN LATERAL (SELECT x.license_id, x.sys_from, x.kind, x.number, x.jurisdiction, x.status, x.sample_eligible, x.verified_on, x.valid_from, x.valid_to,
			s.setting_id AS max_age_id, s.sys_from AS max_age_version, s.value AS max_age
		FROM license x JOIN setting s ON s.name = 'license_verification_max_age_days' AND s.scope = 'org'
		WHERE x.account_id = d.account_id AND x.jurisdiction IN (pt.country, pt.region) AND x.status = 'verified' AND x.sample_eligible
		AND x.verified_on >= d.local_day - (s.value #>> '{}')::int AND x.valid_from <= d.local_day AND d.local_day < x.valid_to LIMIT 1) AS licence ON true
	JOIN (SELECT q1.request_id, q1.sys_from, q1.status, q1.standing, q1.requested_at, s1.signature_id, s1.signed_at, s1.signer_account_id
		FROM sample_request q1 JOIN signature s1 USING (signature_id)) AS req ON req.request_id = d.request_id
		AND req.status IN ('signed', 'approved') AND req.signer_account_id = d.account_id AND NOT req.standing
		AND req.signed_at <= d.captured_at AND d.captured_at <= req.requested_at + interval '6 months'
	JOIN LATERAL (SELECT x.event_id, x.purpose, x.action, x.effective_from FROM consent_event x
		WHERE x.account_id = d.account_id AND x.controller_id = d.company_id AND x.purpose = 'sample_receipt' AND x.effective_from <= d.captured_at AND d.captured_at < x.effective_to
		ORDER BY x.effective_from DESC LIMIT 1) AS consent ON consent.action = 'opt_in'
	JOIN (SELECT batch_id, sys_from, product_id, lot_no, status, expires_on FROM product_batch) AS lot ON lot.batch_id = d.batch_id
		AND lot.product_id = d.product_id AND lot.status = 'released' AND lot.expires_on >= d.local_day
	JOIN LATERAL (SELECT to_jsonb(array_agg(ROW(t.template_id, t.sys_from, t.code, x.rule_id, x.sys_from, x.subject, x.quota, y.assignment_id, y.sys_from,
			CASE x.subject WHEN 'account' THEN d.account_id::text WHEN 'territory' THEN d.territory_id::text END, d.product_id::text,
			date_trunc('year', d.local_day::timestamp), date_trunc('year', d.local_day::timestamp) + interval '1 year')::public.applicable)) AS found
		FROM limit_template t JOIN limit_rule x USING (template_id)
		JOIN limit_assignment y ON y.template_id = t.template_id AND y.product_id IN (p.product_id, p.parent_id) AND y.valid_from <= d.local_day AND d.local_day < y.valid_to
		WHERE t.status = 'approved' AND t.country_code = pt.country AND t.valid_from <= d.local_day AND d.local_day < t.valid_to) AS limits ON limits.found IS NOT NULL
	WHERE NOT EXISTS (SELECT FROM product_account_restriction x WHERE x.account_id = d.account_id AND x.product_id IN (p.product_id, p.parent_id)
			AND 'sample_drop' = ANY (x.actions) AND x.valid_from <= d.local_day AND d.local_day < x.valid_to)
		AND NOT EXISTS (SELECT FROM sampling_policy x WHERE x.product_id IN (p.product_id, p.parent_id) AND x.action = 'sample_drop' AND x.country_code = pt.country
			AND x.status = 'approved' AND NOT x.allowed AND x.valid_from <= d.local_day AND d.local_day < x.valid_to);
	GET DIAGNOSTICS done = ROW_COUNT;
	wanted := (SELECT count(*) FROM added);
	IF done <> wanted THEN RAISE EXCEPTION '% of % rows were refused', wanted - done, wanted; END IF;

	-- limit_counter_within refuses what is too much
	WITH charged AS (
		SELECT x.rule_id, CASE x.subject WHEN 'account' THEN d.account_id::text WHEN 'territory' THEN d.territory_id::text END AS subject_key, d.product_id::text AS pool_key,
			date_trunc('year', d.local_day::timestamp)::date AS window_from, (date_trunc('year', d.local_day::timestamp) + interval '1 year')::date AS window_to,
			x.quota, d.disbursement_id, d.local_day, d.quantity
		FROM added AS d JOIN product p ON p.product_id = d.product_id
		JOIN limit_assignment y ON y.product_id IN (p.product_id, p.parent_id) AND y.valid_from <= d.local_day AND d.local_day < y.valid_to
		JOIN limit_template t ON t.template_id = y.template_id AND t.status = 'approved' AND t.country_code = d.country_code AND t.valid_from <= d.local_day AND d.local_day < t.valid_to
		JOIN limit_rule x ON x.template_id = t.template_id
	), counted AS (
		INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota, used)
		SELECT rule_id, subject_key, pool_key, window_from, window_to, quota, sum(quantity) FROM charged GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4
		ON CONFLICT (rule_id, subject_key, pool_key, window_from) DO UPDATE SET used = limit_counter.used + excluded.used
	)
	INSERT INTO limit_use (rule_id, subject_key, pool_key, window_from, disbursement_id, local_day, quantity)
		SELECT rule_id, subject_key, pool_key, window_from, disbursement_id, local_day, quantity FROM charged;

	UPDATE sample_request_line AS l SET fulfilled = l.fulfilled + n.quantity
		FROM (SELECT request_id, product_id, sum(quantity) AS quantity FROM added GROUP BY 1, 2) AS n
		WHERE l.request_id = n.request_id AND l.product_id = n.product_id AND l.fulfilled + n.quantity <= l.requested;
	GET DIAGNOSTICS done = ROW_COUNT;
	IF done <> (SELECT count(*) FROM (SELECT DISTINCT request_id, product_id FROM added) AS n) THEN RAISE EXCEPTION 'request used up'; END IF;

	WITH operation AS (
		INSERT INTO inventory_operation (type, from_location_id, to_location_id, disbursement_id, user_id)
		SELECT 'disbursement', d.location_id, public.id('disbursed'), d.disbursement_id, d.user_id FROM added AS d
		RETURNING operation_id, disbursement_id
	)
	INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
		SELECT o.operation_id, e.location_id, d.batch_id, e.quantity FROM operation AS o JOIN added AS d USING (disbursement_id),
			LATERAL (VALUES (d.location_id, -d.quantity), (public.id('disbursed'), d.quantity)) AS e (location_id, quantity);
	INSERT INTO outbox (topic, entity_id, payload) SELECT 'sample.disbursed', d.disbursement_id, jsonb_build_object('quantity', d.quantity) FROM added AS d;

	UPDATE inventory_stock AS s SET on_hand = s.on_hand - n.quantity
		FROM (SELECT location_id, batch_id, sum(quantity) AS quantity FROM added GROUP BY 1, 2) AS n
		WHERE s.location_id = n.location_id AND s.batch_id = n.batch_id AND s.on_hand >= n.quantity;
	GET DIAGNOSTICS done = ROW_COUNT;
	IF done <> (SELECT count(*) FROM (SELECT DISTINCT location_id, batch_id FROM added) AS n) THEN RAISE EXCEPTION 'stock'; END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER judge_statement AFTER INSERT ON bench_set.disbursement REFERENCING NEW TABLE AS added FOR EACH STATEMENT
	EXECUTE FUNCTION bench_set.judge_statement();

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
CREATE PROCEDURE bench_tuned.ask_all(n int) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		IF NOT bench_tuned.may('hcp' || i) THEN
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
CREATE PROCEDURE public.disburse_all(model name) LANGUAGE plpgsql AS $make$
BEGIN
	EXECUTE format($$CREATE PROCEDURE %1$I.disburse_all(n int, given jsonb) LANGUAGE plpgsql AS %2$L$$, model, format($$
BEGIN
	FOR i IN 1 .. n LOOP
		PERFORM %I.disburse(lsce.uuid_v7(), 'hcp' || i, given);
	END LOOP;
END
$$, model));
END
$make$;
CALL public.disburse_all('bench_bare');
CALL public.disburse_all('bench_tuned');
CALL public.disburse_all('bench_proof');
CALL public.disburse_all('bench_plain');
DROP PROCEDURE public.disburse_all;

-- Every way refuses for every rule: the world is broken in one place, and the
-- hand-over that was possible must fail.
CREATE FUNCTION public.attempt_broken(model name, judge text, breaking text, attempt text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	broken boolean := false;
BEGIN
	PERFORM set_config('search_path', model || ', lsce, pg_catalog, pg_temp', true), set_config('bench.judge', judge, true), set_config('lsce.login', 'rep', true),
		set_config('session_replication_role', 'replica', true);
	EXECUTE breaking;
	broken := true;
	PERFORM set_config('session_replication_role', 'origin', true);
	EXECUTE attempt;
	RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = 'allowed';
EXCEPTION WHEN OTHERS THEN
	IF NOT broken THEN
		RAISE;
	END IF;
	RETURN SQLERRM;
END
$$;
DO $do$
DECLARE
	given text := $$INSERT INTO disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
		VALUES (public.id('hcp1'), public.id('p10'), 1, public.id('visit:hcp1'), public.id('request:hcp1'), public.id('lot:p10'), '2023-02-01 12:00+00')$$;
	whole text := $$INSERT INTO disbursement (decision_id, account_id, recipient_id, practitioner_id, product_id, quantity, delivery_point_id, hco_id,
			country_code, region_code, local_day, visit_id, request_id, batch_id, location_id, user_id, territory_id, company_id, captured_at)
		VALUES (lsce.uuid_v7(), public.id('hcp1'), public.id('hcp1'), public.id('hcp1'), public.id('p10'), 1, public.id('hcp1:address'), public.id('clinic'), 'XA', 'XA-N', '2023-02-01',
			public.id('visit:hcp1'), public.id('request:hcp1'), public.id('lot:p10'), public.id('bag'), public.id('rep'), public.id('north'), public.id('acme'), '2023-02-01 12:00+00')$$;
	breaking text;
	way record;
	said text;
BEGIN
	INSERT INTO bench_tuned.given_facts VALUES ('{}');
	FOREACH breaking IN ARRAY ARRAY[
		'SELECT',
		$$UPDATE account SET status = 'inactive' WHERE account_id = public.id('hcp1')$$,
		$$UPDATE hcp SET no_contact = true WHERE account_id = public.id('hcp1')$$,
		$$UPDATE visit SET status = 'planned' WHERE visit_id = public.id('visit:hcp1')$$,
		$$UPDATE visit SET owner_id = public.id('rep0') WHERE visit_id = public.id('visit:hcp1')$$,
		$$DELETE FROM user_assignment WHERE user_id = public.id('rep')$$,
		$$UPDATE territory_user SET may_sample = false WHERE user_id = public.id('rep')$$,
		$$DELETE FROM account_territory WHERE account_id = public.id('hcp1')$$,
		$$UPDATE product_market SET sampleable = false$$,
		$$DELETE FROM product_territory_alignment$$,
		$$INSERT INTO product_account_restriction (account_id, product_id, actions, reason) VALUES (public.id('hcp1'), public.id('brand'), '{sample_drop}', 'none')$$,
		$$UPDATE sampling_policy SET allowed = false$$,
		$$UPDATE sampling_policy SET required_profession = 'nurse'$$,
		$$UPDATE license SET status = 'suspended' WHERE account_id = public.id('hcp1')$$,
		$$UPDATE setting SET value = '10' WHERE name = 'license_verification_max_age_days'$$,
		$$UPDATE sample_request SET status = 'rejected' WHERE request_id = public.id('request:hcp1')$$,
		$$UPDATE consent_event SET action = 'withdraw' WHERE account_id = public.id('hcp1')$$,
		$$UPDATE product_batch SET status = 'blocked'$$,
		$$DELETE FROM limit_assignment$$,
		$$INSERT INTO limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota, used)
			VALUES (public.id('rule'), public.id('hcp1')::text, public.id('p10')::text, '2023-01-01', '2024-01-01', 2, 2)$$,
		$$UPDATE sample_request_line SET fulfilled = requested WHERE request_id = public.id('request:hcp1')$$,
		$$UPDATE inventory_stock SET on_hand = 0 WHERE location_id = public.id('bag')$$]
	LOOP
		FOR way IN SELECT * FROM (VALUES ('bench_sample', 'off', given),
			('bench_tuned', 'off', $$SELECT disburse(lsce.uuid_v7(), 'hcp1', '{}')$$), ('bench_tuned', 'on', whole),
			('bench_proof', 'off', $$SELECT disburse(lsce.uuid_v7(), 'hcp1', '{}')$$), ('bench_proof', 'on', whole),
			('bench_plain', 'off', $$SELECT disburse(lsce.uuid_v7(), 'hcp1', '{}')$$), ('bench_plain', 'on', whole),
			('bench_set', 'off', whole),
			-- an answer of false divides by zero
			('bench_tuned', 'off', $$SELECT 1 / may('hcp1')::int$$)) AS w (model, judge, attempt)
		LOOP
			said := public.attempt_broken(way.model, way.judge, breaking, way.attempt);
			IF (said = 'allowed') <> (breaking = 'SELECT') THEN
				RAISE EXCEPTION 'the ways do not judge alike: % says "%" after % to %', way.model, said, breaking, way.attempt;
			END IF;
			RAISE DEBUG '%: %', way.model, said;
		END LOOP;
	END LOOP;
	TRUNCATE bench_tuned.given_facts;
END
$do$;
DROP FUNCTION public.attempt_broken;
ANALYZE;
