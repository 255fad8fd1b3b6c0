-- What happened before the demo's day: consent given and taken back, visits,
-- requests, and samples handed over.  Hand-overs go through the engine like
-- any other, so that each has its decision.

-- The planner has to know what was just loaded.
ANALYZE country, region, company, app_user, user_assignment, user_qualification, territory_node, territory_place, territory_user, product, product_market,
	specialty_set_member, sampling_policy, limit_template, limit_rule, limit_assignment, account, hco, hcp, contact_point, account_territory,
	account_identifier, account_specialty, account_certification, license, affiliation, inventory_location, product_batch, inventory_entry, inventory_stock;

-- The demo's day lies in the past, and what is captured on it comes late.
UPDATE setting SET value = '36500', set_by = 'demo' WHERE name = 'back_date_days' AND scope = 'org';

-- Consent: to receive samples, mostly from those who treat asthma; to marketing
-- by e-mail, in Germany confirmed by a second message; some was withdrawn, and
-- one in a hundred objects to everything.
CREATE TEMPORARY TABLE demo_consent ON COMMIT DROP AS
SELECT d.no, d.account_id, d.country_code, d.asthma, e.contact_point_id AS email_id,
	lsce._demo_uuid(p.seed, 'company', CASE d.country_code WHEN 'US' THEN 1 WHEN 'JP' THEN 2 ELSE 3 END) AS controller_id,
	p.today::timestamp AT TIME ZONE 'UTC' - make_interval(days => 30 + floor(lsce._demo_random(p.seed, 'consent day', d.no) * 150)::int, hours => 6) AS at,
	lsce._demo_random(p.seed, 'consent sample', d.no) AS r_sample, lsce._demo_random(p.seed, 'consent email', d.no) AS r_email,
	lsce._demo_random(p.seed, 'consent end', d.no) AS r_end
FROM demo_parameter AS p, demo_hcp AS d
LEFT JOIN contact_point AS e ON e.account_id = d.account_id AND e.kind = 'email';
ANALYZE demo_consent;

INSERT INTO consent_event (event_id, account_id, controller_id, purpose, channel, contact_point_id, action, evidence, source, captured_at, effective_from)
SELECT lsce._demo_uuid(p.seed, 'consent', c.no * 8 + e.k), c.account_id, c.controller_id, e.purpose, e.channel,
	CASE WHEN e.channel IS NOT NULL THEN c.email_id END, e.action,
	CASE e.action WHEN 'opt_in' THEN jsonb_build_object('text_version', e.purpose || '-2025-1', 'method', e.method, 'captured_at', to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) ELSE '{}' END,
	'demo', c.at + e.later, c.at + e.later
FROM demo_parameter AS p, demo_consent AS c
CROSS JOIN LATERAL (
	SELECT 0 AS k, 'sample_receipt' AS purpose, NULL AS channel, 'opt_in' AS action, 'written' AS method, interval '0' AS later
	WHERE c.r_sample < CASE WHEN c.asthma THEN 0.75 ELSE 0.08 END
	UNION ALL
	SELECT 1, 'marketing', 'email', 'opt_in', 'web_form', '0'
	WHERE c.email_id IS NOT NULL AND c.country_code <> 'DE' AND c.r_email < 0.45
	UNION ALL
	SELECT 2, 'sample_receipt', NULL, 'withdraw', NULL, '25 days' WHERE c.r_sample < CASE WHEN c.asthma THEN 0.75 ELSE 0.08 END AND c.r_end < 0.05
	UNION ALL
	SELECT 3, 'marketing', 'email', 'withdraw', NULL, '20 days' WHERE c.email_id IS NOT NULL AND c.country_code <> 'DE' AND c.r_email < 0.45 AND c.r_end > 0.92
	UNION ALL
	SELECT 4, 'marketing', NULL, 'object', NULL, '22 days' WHERE c.r_end BETWEEN 0.5 AND 0.51
) AS e
ORDER BY c.no, e.k;
INSERT INTO consent_event (event_id, account_id, controller_id, purpose, channel, contact_point_id, action, evidence, source, captured_at, effective_from)
SELECT lsce._demo_uuid(p.seed, 'consent', c.no * 8 + 5), c.account_id, c.controller_id, 'marketing', 'email', c.email_id, 'pending',
	jsonb_build_object('text_version', 'marketing-2025-1', 'method', 'web_form', 'captured_at', to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'token', 'demo token of account number ' || c.no),
	'demo', c.at, c.at
FROM demo_parameter AS p, demo_consent AS c
WHERE c.email_id IS NOT NULL AND c.country_code = 'DE' AND c.r_email < 0.40
ORDER BY c.no;
INSERT INTO consent_event (event_id, account_id, controller_id, purpose, channel, contact_point_id, action, evidence, source, related_event_id, captured_at, effective_from)
SELECT lsce._demo_uuid(p.seed, 'consent', c.no * 8 + 6), c.account_id, c.controller_id, 'marketing', 'email', c.email_id, 'confirm',
	jsonb_build_object('token', 'demo token of account number ' || c.no), 'demo', lsce._demo_uuid(p.seed, 'consent', c.no * 8 + 5),
	c.at + interval '3 hours', c.at + interval '3 hours'
FROM demo_parameter AS p, demo_consent AS c
WHERE c.email_id IS NOT NULL AND c.country_code = 'DE' AND c.r_email < 0.30
ORDER BY c.no;
SELECT lsce._demo_progress('consent_event', (SELECT count(*) FROM consent_event));

-- Visits of the ten weeks before: representatives call on who treats asthma, at
-- most 600 calls, each on another account.
CREATE TEMPORARY TABLE demo_visit ON COMMIT DROP AS
SELECT v.*, row_number() OVER (ORDER BY v.no)::int AS seq,
	((p.today - 7 - floor(v.r_day * 70)::int)::timestamp + make_interval(hours => 9 + (v.no % 8)::int, mins => (v.no % 4)::int * 15)) AT TIME ZONE v.tz AS at
FROM demo_parameter AS p, (
	SELECT d.no, d.account_id, d.country_code, d.family_name, d.given_name, h.territory_id, h.tz, u.user_id,
		lsce._demo_uuid(q.seed, 'address', d.no) AS point_id, lsce._demo_random(q.seed, 'visit day', d.no) AS r_day
	FROM demo_parameter AS q, demo_hcp AS d
	JOIN (SELECT o.no, o.territory_id, r.tz FROM demo_hco AS o JOIN region AS r USING (region_code)) AS h ON h.no = d.hco_no
	JOIN territory_user AS u ON u.territory_id = h.territory_id AND u.role = 'rep'
	WHERE d.asthma
	ORDER BY lsce._demo_random(q.seed, 'visit choice', d.no)
	LIMIT 600
) AS v;

INSERT INTO visit (visit_id, account_id, territory_id, owner_id, place_id, status, planned_from, planned_to, actual_from, actual_to, objective, submitted_at, created_at)
SELECT lsce._demo_uuid(p.seed, 'visit', v.seq), v.account_id, v.territory_id, v.user_id, v.point_id, 'in_progress',
	v.at, v.at + interval '30 minutes', v.at + interval '2 minutes', NULL, 'Severe asthma: first patients', NULL, v.at - interval '10 days'
FROM demo_parameter AS p, demo_visit AS v
ORDER BY v.seq;
SELECT lsce._demo_progress('visit', (SELECT count(*) FROM visit));

-- On two visits of three somebody asks for samples, in writing.
INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at, captured_at)
SELECT lsce._demo_uuid(p.seed, 'signature', v.seq), 'sample_request', v.account_id,
	CASE v.country_code WHEN 'JP' THEN v.family_name || ' ' || v.given_name ELSE v.given_name || ' ' || v.family_name END,
	'I request these samples', 'pad', sha256(convert_to(lsce._demo_uuid(p.seed, 'request', v.seq)::text, 'UTF8')), v.at + interval '10 minutes', v.at + interval '10 minutes'
FROM demo_parameter AS p, demo_visit AS v WHERE v.seq % 3 > 0
ORDER BY v.seq;
INSERT INTO sample_request (request_id, kind, account_id, practitioner_id, visit_id, signature_id, license_id, fields, requested_at, status, created_at)
SELECT lsce._demo_uuid(p.seed, 'request', v.seq), 'drop', v.account_id, v.account_id, lsce._demo_uuid(p.seed, 'visit', v.seq), lsce._demo_uuid(p.seed, 'signature', v.seq),
	l.license_id,
	jsonb_build_object('name', true, 'address', true, 'title', true, 'licence_no', true, 'signature', true, 'product_name', true, 'strength', true, 'qty', true, 'manufacturer', true, 'date', true),
	v.at + interval '10 minutes', 'signed', v.at + interval '10 minutes'
FROM demo_parameter AS p, demo_visit AS v
JOIN license AS l ON l.account_id = v.account_id AND l.license_id = lsce._demo_uuid((SELECT seed FROM demo_parameter), 'license', v.no * 4)
WHERE v.seq % 3 > 0
ORDER BY v.seq;
INSERT INTO sample_request_line (request_id, product_id, requested)
SELECT lsce._demo_uuid(p.seed, 'request', v.seq), d.product_id, 1 + v.seq % 2
FROM demo_parameter AS p, demo_visit AS v, product AS d
WHERE v.seq % 3 > 0 AND d.code = 'CUMULUS-150-PEN'
ORDER BY v.seq;
SELECT lsce._demo_progress('sample_request', (SELECT count(*) FROM sample_request));

-- What the rules allow was handed over; the rest stays an open request.
INSERT INTO disbursement (disbursement_id, kind, account_id, product_id, quantity, practitioner_id, delivery_point_id, visit_id, request_id, batch_id, user_id, territory_id, captured_at)
SELECT c.disbursement_id, 'sample_drop', c.account_id, c.product_id, 1, c.account_id, c.point_id, c.visit_id, c.request_id, c.batch_id, c.user_id, c.territory_id, c.at
FROM (
	SELECT v.seq, lsce._demo_uuid(p.seed, 'disbursement', v.seq) AS disbursement_id, v.account_id, d.product_id, v.point_id,
		lsce._demo_uuid(p.seed, 'visit', v.seq) AS visit_id, lsce._demo_uuid(p.seed, 'request', v.seq) AS request_id,
		b.batch_id, v.user_id, v.territory_id, v.at + interval '15 minutes' AS at
	FROM demo_parameter AS p, demo_visit AS v
	JOIN product AS d ON d.code = 'CUMULUS-150-PEN'
	JOIN product_batch AS b ON b.product_id = d.product_id AND b.lot_no LIKE v.country_code || '-A%'
	WHERE v.seq % 3 > 0
) AS c
WHERE check_eligibility(c.account_id, c.product_id, 1, 'sample_drop', c.territory_id, c.user_id, c.batch_id, c.at, NULL, c.visit_id, c.request_id) = 'allow'
ORDER BY c.seq;
SELECT lsce._demo_progress('disbursement', (SELECT count(*) FROM disbursement));

-- Every second recipient has signed for them; a few packs came back.
INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at, captured_at)
SELECT lsce._demo_uuid(p.seed, 'receipt signature', v.seq), 'sample_receipt', v.account_id,
	CASE v.country_code WHEN 'JP' THEN v.family_name || ' ' || v.given_name ELSE v.given_name || ' ' || v.family_name END,
	'I have received these samples', 'pad', sha256(convert_to(d.disbursement_id::text, 'UTF8')), v.at + interval '20 minutes', v.at + interval '20 minutes'
FROM demo_parameter AS p, demo_visit AS v
JOIN disbursement AS d ON d.disbursement_id = lsce._demo_uuid((SELECT seed FROM demo_parameter), 'disbursement', v.seq)
WHERE v.seq % 2 = 0
ORDER BY v.seq;
INSERT INTO sample_receipt (receipt_id, disbursement_id, signature_id, quantity, received_at)
SELECT lsce._demo_uuid(p.seed, 'receipt', v.seq), d.disbursement_id, lsce._demo_uuid(p.seed, 'receipt signature', v.seq), d.quantity, v.at + interval '20 minutes'
FROM demo_parameter AS p, demo_visit AS v
JOIN disbursement AS d ON d.disbursement_id = lsce._demo_uuid((SELECT seed FROM demo_parameter), 'disbursement', v.seq)
WHERE v.seq % 2 = 0
ORDER BY v.seq;
SELECT lsce._demo_progress('sample_receipt', (SELECT count(*) FROM sample_receipt));
INSERT INTO disbursement_reversal (reversal_id, disbursement_id, kind, quantity, to_location_id, reason, user_id, reversed_at)
SELECT lsce._demo_uuid(p.seed, 'reversal', v.seq), d.disbursement_id, 'returned', 1, q.location_id, 'Package damaged', v.user_id, v.at + interval '2 days'
FROM demo_parameter AS p, demo_visit AS v
JOIN disbursement AS d ON d.disbursement_id = lsce._demo_uuid((SELECT seed FROM demo_parameter), 'disbursement', v.seq)
JOIN inventory_location AS q ON q.kind = 'quarantine' AND q.company_id = d.company_id
WHERE v.seq % 20 = 1
ORDER BY v.seq;
SELECT lsce._demo_progress('disbursement_reversal', (SELECT count(*) FROM disbursement_reversal));

UPDATE visit SET status = 'submitted', actual_to = actual_from + interval '22 minutes', submitted_at = actual_from + interval '1 day'
WHERE status = 'in_progress';
