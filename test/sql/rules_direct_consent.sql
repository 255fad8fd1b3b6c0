--
-- Consent answered by index probes and through SPI: the same, whatever the rows.
--
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/consent_fixture.sql
\set model direct_consent
\i :fixture
SET client_min_messages = warning;
-- zones other than those of the companies; users by login and by role
UPDATE app_user SET tz = 'Pacific/Auckland';
INSERT INTO app_user (user_id, login, db_role, display_name, company_id, tz) VALUES
	(pg_temp.id('owner'), 'O', current_user, 'Owner', 'c0000000-0000-0000-0000-000000000002', 'America/Los_Angeles');

-- accounts: plain, without an address, with one in another zone, in another country, in a region
CALL pg_temp.add_account('plain', 'DE');
CALL pg_temp.add_account('zone', 'US', 'Pacific/Honolulu');
CALL pg_temp.add_account('suppressed', 'FR');
CALL pg_temp.add_account('region', 'US');
CALL pg_temp.add_account('canada', 'CA');
CALL pg_temp.add_account('zealand', 'NZ');
UPDATE hcp SET no_contact = true WHERE account_id = pg_temp.id('suppressed');
UPDATE contact_point SET region_code = (SELECT min(region_code) FROM region WHERE country_code = 'US' AND tz LIKE 'America/Ch%')
WHERE contact_point_id = pg_temp.id('region:address');
INSERT INTO account (account_id, kind, name, country_code) VALUES
	(pg_temp.id('homeless'), 'hco', 'Nowhere', 'JP'),
	(pg_temp.id('mover'), 'hcp', 'Dr Mover', 'FR'),
	(pg_temp.id('chain'), 'hcp', 'Dr Chain', 'BE');
INSERT INTO contact_point (contact_point_id, account_id, kind, country_code, tz, is_primary, valid_from, valid_to) VALUES
	(pg_temp.id('mover:1'), pg_temp.id('mover'), 'address', 'FR', NULL, true, '2020-01-01', '2024-01-01'),
	(pg_temp.id('mover:2'), pg_temp.id('mover'), 'address', 'DE', NULL, true, '2024-01-01', '2026-03-02'),
	(pg_temp.id('mover:3'), pg_temp.id('mover'), 'address', 'CA', 'America/Toronto', false, '2024-01-01', '9999-12-31'),
	(pg_temp.id('mover:4'), pg_temp.id('mover'), 'address', 'US', NULL, false, '2024-01-01', '9999-12-31');
-- chains: of 9 points the last is read, of 10 it is not; one that has no end; a zone without a country is none
INSERT INTO contact_point (contact_point_id, account_id, kind, value, country_code, tz, inherits_from)
SELECT pg_temp.id('chain:' || i), pg_temp.id('chain'), 'email', 'e' || i, CASE WHEN i = 1 THEN 'US' END, 'Asia/Tokyo',
	CASE WHEN i > 1 THEN pg_temp.id('chain:' || i - 1) END FROM generate_series(1, 10) AS i;
INSERT INTO contact_point (contact_point_id, account_id, kind, value) VALUES (pg_temp.id('loop:1'), pg_temp.id('chain'), 'email', 'l1'), (pg_temp.id('loop:2'), pg_temp.id('chain'), 'email', 'l2');
UPDATE contact_point SET inherits_from = pg_temp.id('loop:2') WHERE contact_point_id = pg_temp.id('loop:1');
UPDATE contact_point SET inherits_from = pg_temp.id('loop:1') WHERE contact_point_id = pg_temp.id('loop:2');
-- records merged into one, with events of their own
INSERT INTO account (account_id, kind, name, country_code, status, survivor_id)
SELECT pg_temp.id('merged:' || i), 'hcp', 'Merged ' || i, 'GB', 'merged', pg_temp.id('plain') FROM generate_series(1, 3) AS i;

-- products: a diamond; a ladder of 20 steps, of which 16 are climbed; more than 32 above one
INSERT INTO product (product_id, code, name, type, spec_type, parent_id, brand_id) VALUES
	(pg_temp.id('diamond:0'), 'D0', 'D0', 'brand', NULL, NULL, NULL),
	(pg_temp.id('diamond:1'), 'D1', 'D1', 'brand', NULL, pg_temp.id('diamond:0'), NULL),
	(pg_temp.id('diamond:2'), 'D2', 'D2', 'brand', NULL, pg_temp.id('diamond:0'), NULL),
	(pg_temp.id('diamond:3'), 'D3', 'D3', 'product', 'sample', pg_temp.id('diamond:1'), pg_temp.id('diamond:2'));
INSERT INTO product (product_id, code, name, type, parent_id, brand_id)
SELECT pg_temp.id('ladder:' || i), 'L' || i, 'L' || i, 'brand', CASE WHEN i > 1 THEN pg_temp.id('ladder:' || i - 1) END, CASE WHEN i > 3 THEN pg_temp.id('ladder:' || i - 3) END
FROM generate_series(1, 20) AS i;
INSERT INTO product (product_id, code, name, type, parent_id, brand_id)
SELECT pg_temp.id('tree:' || i), 'T' || i, 'T' || i, 'brand', CASE WHEN i > 1 THEN pg_temp.id('tree:' || i / 2) END, NULL FROM generate_series(1, 64) AS i;
UPDATE product SET parent_id = pg_temp.id('tree:' || 2 * substr(code, 2)::int), brand_id = pg_temp.id('tree:' || 2 * substr(code, 2)::int + 1)
WHERE code ~ '^T' AND substr(code, 2)::int < 32;
-- a purpose under a purpose under a purpose
INSERT INTO data_use_purpose (purpose, parent, description) VALUES ('gazette', 'newsletter', 'a newsletter of its own');
-- regimes: of a channel and of any, with hours, of a draft, of the past, of a purpose below
INSERT INTO consent_regime (country_code, purpose, channel, default_state, hours_from, hours_to, legal_ref, certainty, status, authored_by, approved_by, approved_at, valid_from, valid_to, basis_ages, expires_from, expires_after)
SELECT v.*, 'r', 'A', s.status, 'one', CASE s.status WHEN 'approved' THEN 'another' END, CASE s.status WHEN 'approved' THEN '2020-01-01'::timestamptz END,
	s.valid_from, s.valid_to, s.ages, s.age_from, s.age
FROM (VALUES ('NZ', 'marketing', NULL, 'opt_in', time '08:00', time '20:00'), ('NZ', 'marketing', 'email', 'opt_out', NULL, NULL), ('NZ', 'gazette', 'sms', 'never', NULL, NULL),
	('US', 'newsletter', NULL, 'opt_out', '09:30', '09:31')) AS v,
	(VALUES ('approved', date '2020-01-01', date '2024-03-01', '{}'::jsonb, 'opt_in', NULL::interval),
	('approved', '2024-03-01', '9999-12-31', '{"purchase": "2 years", "Zusage": "1 mon 15 days", "inquiry": "6 months", "äußerung": "1 year"}', 'last_contact', '400 days'),
	('draft', '2020-01-01', '9999-12-31', '{}', 'opt_in', '1 day')) AS s (status, valid_from, valid_to, ages, age_from, age);

-- events: of everybody, of every kind of evidence, several of the same moment
INSERT INTO consent_event (event_id, account_id, controller_id, purpose, channel, product_id, contact_point_id, action, basis, evidence, captured_at, effective_from, effective_to)
SELECT pg_temp.id('e' || n), a.account_id, CASE n % 5 WHEN 0 THEN 'c0000000-0000-0000-0000-000000000002'::uuid ELSE 'c0000000-0000-0000-0000-000000000001' END,
	p.purpose, CASE WHEN p.purpose <> 'sample_receipt' THEN (ARRAY['email', 'sms', NULL])[1 + n % 3] END,
	CASE n % 4 WHEN 1 THEN pg_temp.id('diamond:' || n % 4) END, NULL,
	CASE WHEN n % 29 = 0 THEN 'object' WHEN n % 13 = 0 THEN 'withdraw' ELSE 'opt_in' END,
	(ARRAY['consent', 'implied_existing_business', 'legitimate_interest'])[1 + n % 3],
	e.evidence, t.at, t.at + (n % 2) * interval '1 day', CASE n % 7 WHEN 0 THEN timestamptz '2026-03-15 00:00+00' ELSE '9999-12-31 00:00+00' END
FROM (SELECT row_number() OVER (ORDER BY account.name, purpose, evidence, at)::int AS n, account.account_id, purpose, evidence, at
	FROM account, unnest('{marketing,newsletter,sample_receipt}'::text[]) AS purpose,
		unnest(ARRAY['{}', '{"text_version": "v", "method": "paper", "captured_by": "x"}', '{"event": "purchase", "event_date": "2025-01-31", "method": null, "Zusage": [], "äußerung": {}, "a": "", "b": false, "c": 0}',
			'{"event": "inquiry", "event_date": "2025-12-24", "captured_at": "x"}', '{"event_date": null, "event": {"a": 1}, "method": 7}', '{"captured_at": false}']::jsonb[]) AS evidence,
		unnest('{2023-11-05 09:30Z,2026-02-28 23:30Z}'::timestamptz[]) AS at) AS s
	CROSS JOIN LATERAL (SELECT s.account_id) AS a CROSS JOIN LATERAL (SELECT s.purpose) AS p
	CROSS JOIN LATERAL (SELECT s.evidence) AS e CROSS JOIN LATERAL (SELECT s.at) AS t
WHERE n % 3 <> 1;
-- contacts that ages follow from: visits and messages, of the account and of a record merged into it
INSERT INTO sales_team (team_id, code, name, company_id, country_code, domain) VALUES (pg_temp.id('team'), 'T', 'Team', 'c0000000-0000-0000-0000-000000000001', 'FR', 'commercial');
INSERT INTO territory_node (territory_id, team_id, code, name) VALUES (pg_temp.id('territory'), pg_temp.id('team'), 'T1', 'One');
INSERT INTO visit (account_id, territory_id, owner_id, status, actual_from)
SELECT account_id, pg_temp.id('territory'), u.user_id, s, timestamptz '2025-06-01 11:00Z' + n * interval '13 hours'
FROM account, app_user AS u, unnest('{completed,signed,submitted,planned,cancelled}'::text[]) WITH ORDINALITY AS v (s, n);
INSERT INTO visit (account_id, territory_id, owner_id, status) SELECT account_id, pg_temp.id('territory'), pg_temp.id('owner'), 'completed' FROM account;
SET session_replication_role = replica;
INSERT INTO outbound_message (account_id, decision_id, send_decision_id, controller_id, channel, contact_point_id, state, sent_at)
SELECT account_id, lsce.uuid_v7(), lsce.uuid_v7(), c.company_id, 'email', pg_temp.id(account.name || ':mail'), s, timestamptz '2025-12-31 12:30Z' + n * interval '20 days'
FROM account, company AS c, unnest('{clicked,opened,clicked}'::text[]) WITH ORDINALITY AS v (s, n) WHERE c.code IN ('ACME', 'PARTNER');
RESET session_replication_role;

-- questions, each or some of them, and the answer or the error as text
CREATE FUNCTION pg_temp.answer(question text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	EXECUTE 'SELECT string_agg(r::text, chr(10)) FROM ' || question || ' AS r' INTO found;
	RETURN coalesce(found, 'nothing');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.answers(every int DEFAULT 1) RETURNS TABLE (question text, answer text) LANGUAGE sql AS $$
	SELECT q, pg_temp.answer(q) FROM (
		SELECT format('can_contact(%L, %L, %L, %L, %L, %L)', a.account_id, c[2], c[1], at, point, product) AS q
		FROM account AS a, (VALUES ('{marketing,email}'::text[]), ('{gazette,email}'), ('{gazette,sms}'), ('{newsletter,NULL}'), ('{sample_receipt,NULL}')) AS v (c),
			unnest('{2024-02-29 23:30Z,2025-10-26 00:30Z,2026-03-02 07:59Z}'::text[]) AS at,
			(VALUES (NULL::uuid, NULL::uuid), (NULL, pg_temp.id('diamond:3'))) AS w (point, product)
		UNION ALL
		SELECT format('can_contact(%L, ''email'', ''marketing'', ''2026-03-02'', %L)', a, p.contact_point_id)
		FROM contact_point AS p, unnest(ARRAY[pg_temp.id('plain'), pg_temp.id('homeless')]) AS a
		UNION ALL
		SELECT format('can_contact(%L, ''email'', ''marketing'', ''2026-03-02'', NULL, %L)', pg_temp.id('plain'), p.product_id) FROM product AS p
		UNION ALL
		SELECT format('can_contact(%L, %L, %L, ''2026-03-02'', %L, %L, %L)', a, c, p, point, product, company)
		FROM (VALUES (pg_temp.id('plain'), 'pigeon', 'marketing', NULL::uuid, NULL::uuid, NULL::uuid), (pg_temp.id('plain'), 'email', 'idle', NULL, NULL, NULL),
			(pg_temp.id('nobody'), 'email', 'marketing', NULL, NULL, NULL), (pg_temp.id('plain'), 'email', 'marketing', pg_temp.id('nobody'), NULL, NULL),
			(pg_temp.id('plain'), 'email', 'marketing', NULL, pg_temp.id('nothing'), NULL), (pg_temp.id('plain'), 'email', 'marketing', NULL, NULL, pg_temp.id('nobody')),
			(pg_temp.id('plain'), 'email', 'marketing', NULL, NULL, 'c0000000-0000-0000-0000-000000000002')) AS v (a, c, p, point, product, company)
		UNION ALL
		SELECT format('consent_status(%L, %L, %L, ''2026-03-02'', %L)', a.account_id, p, c, known)
		FROM account AS a, (VALUES (NULL, NULL), ('newsletter', 'email'), ('sample_receipt', NULL)) AS v (p, c), unnest('{NULL,2020-01-01}'::timestamptz[]) AS known
		UNION ALL
		SELECT 'my_company()' UNION ALL SELECT 'acting_user()' UNION ALL SELECT 'my_territory_ids()') AS v (q)
	WHERE hashtext(q) % every = 0
$$;
-- the answers by probes and by queries, as the acting user is found and under each value of a setting
CREATE TEMP TABLE consent_answers (round text, direct boolean, question text, answer text);
CREATE PROCEDURE pg_temp.ask(round text) LANGUAGE plpgsql AS $$
BEGIN
	-- what was answered before is forgotten with the transaction
	COMMIT;
	INSERT INTO consent_answers SELECT round, true, a.* FROM pg_temp.answers() AS a;
	COMMIT;
	SET lsce.direct_access = off;
	INSERT INTO consent_answers SELECT round, false, a.* FROM pg_temp.answers() AS a;
	COMMIT;
	SET lsce.direct_access = on;
END $$;
CALL pg_temp.ask('no setting');
RESET lsce.login;
INSERT INTO setting (name, scope, scope_key, value, valid_to) VALUES
	('consent_max_age_months', 'org', '', '"24"', '9999-12-31'), ('consent_max_age_months', 'country', 'DE', '1', '2026-03-01'), ('consent_max_age_months', 'country', 'CA', 'null', '9999-12-31'),
	('consent_max_age_months', 'country', 'US', '3', '9999-12-31'), ('consent_max_age_months', 'user', 'FR', '1', '9999-12-31');
CALL pg_temp.ask('settings');
INSERT INTO setting (name, scope, scope_key, value) VALUES ('consent_max_age_months', 'country', 'NZ', '[1]'), ('consent_max_age_months', 'country', 'JP', '"much"');
CALL pg_temp.ask('bad settings');
SELECT d.round, count(*) AS questions, count(DISTINCT d.answer) > 100 AS many_answers, count(*) FILTER (WHERE d.answer ~ '^\w{5} ') AS errors,
	count(*) FILTER (WHERE d.answer IS DISTINCT FROM q.answer) AS differ
FROM consent_answers AS d FULL JOIN consent_answers AS q ON q.round = d.round AND q.question = d.question AND NOT q.direct
WHERE d.direct GROUP BY d.round ORDER BY d.round;
-- what the answers are
SELECT round, split_part(answer, ',', 1) AS outcome, split_part(answer, ',', 2) AS reason, count(*) FROM consent_answers
WHERE direct AND question ~ '^can_contact' AND answer !~ '^\w{5} ' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT DISTINCT answer FROM consent_answers WHERE direct AND answer ~ '^\w{5} ' ORDER BY 1;

-- without an index that serves a probe the statement is asked, with the same answer
CREATE PROCEDURE pg_temp.ask_without(indexes text[]) LANGUAGE plpgsql AS $$
DECLARE
	i text;
	differ bigint;
BEGIN
	FOREACH i IN ARRAY indexes
	LOOP
		EXECUTE 'DROP INDEX ' || i;
	END LOOP;
	SELECT count(*) INTO differ FROM pg_temp.answers(7) AS a JOIN consent_answers AS q USING (question)
	WHERE q.round = 'bad settings' AND NOT q.direct AND q.answer <> a.answer;
	RAISE WARNING 'without %: % differ', indexes, differ;
	ROLLBACK;
END $$;
CALL pg_temp.ask_without('{consent_event_account_idx}');
CALL pg_temp.ask_without('{consent_regime_purpose_idx}');
CALL pg_temp.ask_without('{contact_point_account_idx}');
CALL pg_temp.ask_without('{setting_name_idx}');
CALL pg_temp.ask_without('{account_survivor_idx}');
CALL pg_temp.ask_without('{visit_account_idx,outbound_message_account_idx}');
DROP SCHEMA direct_consent CASCADE;
