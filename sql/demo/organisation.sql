-- Companies, sales teams, the territory tree of each, and the people who work
-- in it.  The number of territories grows with the number of accounts.

INSERT INTO setting (setting_id, name, value, set_by)
SELECT lsce._demo_uuid(p.seed, 'setting', 1), 'demo_today', to_jsonb(p.today), 'demo' FROM demo_parameter AS p;

INSERT INTO company (company_id, code, name, kind, country_code, is_controller)
SELECT lsce._demo_uuid(p.seed, 'company', t.no), t.code, t.name, t.kind, t.country_code, t.is_controller
FROM demo_parameter AS p, (VALUES
	(1, 'CUMULUS-US', 'Cumulus Pharma Inc.', 'own', 'US', true),
	(2, 'CUMULUS-JP', 'キュムラス製薬株式会社', 'affiliate', 'JP', true),
	(3, 'CUMULUS-DE', 'Cumulus Pharma GmbH', 'affiliate', 'DE', true),
	(4, 'NIMBUS', 'Nimbus Therapeutics Partners LLC', 'partner', 'US', true),
	(5, 'FIELDWORK', 'Fieldwork Contract Sales Inc.', 'contract_sales', 'US', false)
) AS t (no, code, name, kind, country_code, is_controller);
SELECT lsce._demo_progress('company', (SELECT count(*) FROM company));

INSERT INTO sales_team (team_id, code, name, company_id, country_code, domain)
SELECT lsce._demo_uuid(p.seed, 'team', t.no), t.code, t.name, c.company_id, t.country_code, 'commercial'
FROM demo_parameter AS p, (VALUES
	(1, 'US-RESPIRATORY', 'Respiratory US', 'CUMULUS-US', 'US'),
	(2, 'JP-RESPIRATORY', '呼吸器領域（日本）', 'CUMULUS-JP', 'JP'),
	(3, 'DE-RESPIRATORY', 'Atemwege Deutschland', 'CUMULUS-DE', 'DE')
) AS t (no, code, name, company_code, country_code)
JOIN company AS c ON c.code = t.company_code;

-- One territory for about 60 accounts.
CREATE TEMPORARY TABLE demo_area ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY t.team_no, t.area_no)::int AS area_seq, t.*,
	greatest(1, round(p.accounts * t.share / 60))::int AS territories
FROM demo_parameter AS p, (VALUES
	(1, 1, 'US', 'west', 'us.west', 'West', 0.18),
	(1, 2, 'US', 'central', 'us.central', 'Central', 0.12),
	(1, 3, 'US', 'south', 'us.south', 'South', 0.19),
	(1, 4, 'US', 'northeast', 'us.northeast', 'Northeast', 0.11),
	(2, 1, 'JP', '関東', '日本.関東', '関東', 0.11),
	(2, 2, 'JP', '関西', '日本.関西', '関西', 0.05),
	(2, 3, 'JP', '東日本', '日本.東日本', '東日本', 0.02),
	(2, 4, 'JP', '西日本', '日本.西日本', '西日本', 0.04),
	(3, 1, 'DE', 'nord', 'de.nord', 'Nord', 0.08),
	(3, 2, 'DE', 'west', 'de.west', 'West', 0.05),
	(3, 3, 'DE', 'süd', 'de.süd', 'Süd', 0.05)
) AS t (team_no, area_no, country_code, area, path, name, share);

CREATE TEMPORARY TABLE demo_territory ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY n.team_no, n.level, n.area_no, n.no)::int AS seq, n.*,
	n.level = 3 AND n.no > 1 AND (n.area_no * 7 + n.no) % 16 = 10 AS vacant, NULL::uuid AS territory_id, NULL::uuid AS parent_id
FROM (
	SELECT a.team_no, 1 AS level, 0 AS area_no, 0 AS no, a.country_code, NULL AS area,
		a.country_code AS code, c.name, 'country' AS type, split_part(a.path, '.', 1) AS path
	FROM demo_area AS a JOIN country AS c USING (country_code) WHERE a.area_no = 1
	UNION ALL
	SELECT a.team_no, 2, a.area_no, 0, a.country_code, a.area,
		format('%s-%s', a.country_code, a.area_no), a.name, 'region', a.path
	FROM demo_area AS a
	UNION ALL
	SELECT a.team_no, 3, a.area_no, g.no, a.country_code, a.area,
		format('%s-%s-%s', a.country_code, a.area_no, lpad(g.no::text, 4, '0')),
		format('%s %s', a.name, g.no), 'territory', format('%s.t%s', a.path, lpad(g.no::text, 4, '0'))
	FROM demo_area AS a CROSS JOIN generate_series(1, a.territories) AS g (no)
) AS n;
UPDATE demo_territory AS d SET territory_id = lsce._demo_uuid(p.seed, 'territory', d.seq) FROM demo_parameter AS p;
UPDATE demo_territory AS d SET parent_id = u.territory_id
FROM demo_territory AS u
WHERE u.team_no = d.team_no AND u.level = d.level - 1 AND (u.level = 1 OR u.area_no = d.area_no);

INSERT INTO territory_node (territory_id, team_id, code, name, type)
SELECT d.territory_id, lsce._demo_uuid(p.seed, 'team', d.team_no), d.code, d.name, d.type
FROM demo_parameter AS p, demo_territory AS d ORDER BY d.seq;
SELECT lsce._demo_progress('territory_node', (SELECT count(*) FROM territory_node));

INSERT INTO territory_model (model_id, team_id, name, state, published_at, published_by, valid_from)
SELECT lsce._demo_uuid(p.seed, 'model', t.no), lsce._demo_uuid(p.seed, 'team', t.no), '2025', 'published',
	TIMESTAMPTZ '2024-12-16 09:00+00', 'sales.operations', DATE '2025-01-01'
FROM demo_parameter AS p, generate_series(1, 3) AS t (no);

INSERT INTO territory_place (model_id, territory_id, parent_id, path, valid_from)
SELECT lsce._demo_uuid(p.seed, 'model', d.team_no), d.territory_id, d.parent_id, d.path::lsce.territory, DATE '2025-01-01'
FROM demo_parameter AS p, demo_territory AS d ORDER BY d.seq;
SELECT lsce._demo_progress('territory_place', (SELECT count(*) FROM territory_place));

-- Users: a representative in every territory (one in sixteen is vacant), a
-- manager and a medical science liaison in every area, a head of every country,
-- and the people behind them.
CREATE TEMPORARY TABLE demo_user ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY u.country_code, u.kind, u.area_no, u.no)::int AS seq, u.*
FROM (
	SELECT d.country_code, 1 AS kind, d.area_no, d.no, 'field_rep' AS persona, 'rep' AS roster_role, d.territory_id,
		lower(d.country_code) || format('.rep.%s.%s', d.area_no, lpad(d.no::text, 4, '0')) AS login
	FROM demo_territory AS d WHERE d.level = 3 AND NOT d.vacant
	UNION ALL
	SELECT d.country_code, 2, d.area_no, 0, 'manager', 'manager', d.territory_id, lower(d.country_code) || format('.manager.%s', d.area_no)
	FROM demo_territory AS d WHERE d.level = 2
	UNION ALL
	SELECT d.country_code, 3, d.area_no, 0, 'msl', 'msl', d.territory_id, lower(d.country_code) || format('.msl.%s', d.area_no)
	FROM demo_territory AS d WHERE d.level = 2
	UNION ALL
	SELECT d.country_code, 4, 0, 0, 'manager', 'manager', d.territory_id, lower(d.country_code) || '.head'
	FROM demo_territory AS d WHERE d.level = 1
	UNION ALL
	SELECT c.country_code, 5, 0, s.no, s.persona, NULL, NULL, lower(c.country_code) || '.' || s.persona
	FROM (VALUES ('US'), ('JP'), ('DE')) AS c (country_code), (VALUES
		(1, 'sample_ops'), (2, 'compliance'), (3, 'medinfo'), (4, 'mops'), (5, 'data_steward'), (6, 'inside_rep'),
		(7, 'admin'), (8, 'auditor'), (9, 'safety')) AS s (no, persona)
	UNION ALL
	SELECT 'US', 6, 0, 1, 'ingest', NULL, NULL, 'device.gateway'
	UNION ALL
	SELECT 'US', 6, 0, 2, 'partner_rep', NULL, NULL, 'us.partner_rep'
) AS u;

INSERT INTO app_user (user_id, login, display_name, lang, tz, company_id)
SELECT lsce._demo_uuid(p.seed, 'user', u.seq), u.login,
	CASE WHEN u.kind = 6 AND u.no = 1 THEN 'Device gateway'
		WHEN u.country_code = 'JP' THEN f.name || ' ' || g.name ELSE g.name || ' ' || f.name END,
	CASE u.country_code WHEN 'JP' THEN 'ja' WHEN 'DE' THEN 'de' ELSE 'en' END,
	CASE WHEN u.country_code = 'US' AND u.area_no = 1 THEN 'America/Los_Angeles'
		WHEN u.country_code = 'US' AND u.area_no IN (2, 3) THEN 'America/Chicago' ELSE c.tz END,
	CASE WHEN u.persona = 'partner_rep' THEN lsce._demo_uuid(p.seed, 'company', 4)
		ELSE lsce._demo_uuid(p.seed, 'company', CASE u.country_code WHEN 'US' THEN 1 WHEN 'JP' THEN 2 ELSE 3 END) END
FROM demo_parameter AS p, demo_user AS u
JOIN country AS c USING (country_code)
JOIN (SELECT country_code, count(*) AS n FROM demo_family_name GROUP BY country_code) AS fn USING (country_code)
JOIN (SELECT country_code, count(*) AS n FROM demo_given_name GROUP BY country_code) AS gn USING (country_code)
JOIN demo_family_name AS f ON f.country_code = u.country_code
	AND f.rank = floor(lsce._demo_random((SELECT seed FROM demo_parameter), 'user family', u.seq) * fn.n)::int
JOIN demo_given_name AS g ON g.country_code = u.country_code
	AND g.rank = floor(lsce._demo_random((SELECT seed FROM demo_parameter), 'user given', u.seq) * gn.n)::int
ORDER BY u.seq;
SELECT lsce._demo_progress('app_user', (SELECT count(*) FROM app_user));

INSERT INTO user_assignment (assignment_id, user_id, persona, team_id, country_code, valid_from)
SELECT lsce._demo_uuid(p.seed, 'assignment', u.seq), lsce._demo_uuid(p.seed, 'user', u.seq), u.persona,
	CASE WHEN u.territory_id IS NOT NULL THEN lsce._demo_uuid(p.seed, 'team', CASE u.country_code WHEN 'US' THEN 1 WHEN 'JP' THEN 2 ELSE 3 END) END,
	CASE WHEN u.persona <> 'ingest' THEN u.country_code END,
	DATE '2024-07-01'
FROM demo_parameter AS p, demo_user AS u ORDER BY u.seq;

INSERT INTO user_qualification (qualification_id, user_id, kind, level, jurisdiction, valid_from, valid_to)
SELECT lsce._demo_uuid(p.seed, 'qualification', u.seq * 4 + q.no), lsce._demo_uuid(p.seed, 'user', u.seq), q.kind, q.level, u.country_code, DATE '2025-06-02',
	CASE q.kind WHEN 'sample_training' THEN DATE '2026-06-02' ELSE DATE '9999-12-31' END
FROM demo_parameter AS p, demo_user AS u, (VALUES
	(1, 'product_training', 1), (2, 'sample_training', 1), (3, 'messaging_license', 2), (4, 'medical_rep', 1)) AS q (no, kind, level)
WHERE u.kind IN (1, 3) AND (q.kind <> 'medical_rep' OR u.country_code = 'JP')
ORDER BY u.seq, q.no;

INSERT INTO territory_user (roster_id, territory_id, user_id, role, is_primary, may_sample, valid_from)
SELECT lsce._demo_uuid(p.seed, 'roster', u.seq), u.territory_id, lsce._demo_uuid(p.seed, 'user', u.seq), u.roster_role, true,
	u.roster_role = 'rep', DATE '2025-01-01'
FROM demo_parameter AS p, demo_user AS u WHERE u.territory_id IS NOT NULL ORDER BY u.seq;

-- a vacant territory is covered by the representative before it, without samples
INSERT INTO territory_user (roster_id, territory_id, user_id, role, is_primary, may_sample, valid_from)
SELECT lsce._demo_uuid(p.seed, 'cover', d.seq), d.territory_id, lsce._demo_uuid(p.seed, 'user', u.seq), 'vacancy_cover', false, false, DATE '2025-11-03'
FROM demo_parameter AS p, demo_territory AS d
JOIN demo_user AS u ON u.kind = 1 AND u.country_code = d.country_code AND u.area_no = d.area_no AND u.no = d.no - 1
WHERE d.vacant
ORDER BY d.seq;
SELECT lsce._demo_progress('territory_user', (SELECT count(*) FROM territory_user));
