-- Who works where and who refers to whom.  Referrals stay in an area and go to
-- specialists, to few of them often.

INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, role, kind, strength, is_primary, valid_from)
SELECT lsce._demo_uuid(p.seed, 'employment', d.no), d.account_id, h.account_id,
	CASE WHEN d.no % 40 = 7 AND d.profession = 'physician' THEN 'head' ELSE 'employee' END, 'employment', 1, true,
	make_date(2005 + (d.no % 20)::int, 4, 1)
FROM demo_parameter AS p, demo_hcp AS d JOIN demo_hco AS h ON h.no = d.hco_no
ORDER BY d.no;

INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, role, kind, strength, is_primary, valid_from, valid_to)
SELECT lsce._demo_uuid(p.seed, 'consulting', d.no), d.account_id, h.account_id,
	CASE WHEN d.r < 0.10 THEN 'consultant' ELSE 'admitting' END, CASE WHEN d.r < 0.10 THEN 'consulting' ELSE 'admitting' END,
	(2 + floor(d.r * 50)::int)::real / 16, false, make_date(2015 + (d.no % 10)::int, 1, 1),
	CASE WHEN d.no % 7 = 0 THEN make_date(2025, 1 + (d.no % 12)::int, 1) ELSE DATE '9999-12-31' END
FROM demo_parameter AS p
CROSS JOIN LATERAL (
	SELECT c.no, c.country_code, c.account_id, c.hco_no, lsce._demo_random(p.seed, 'consulting', c.no) AS r, lsce._demo_random(p.seed, 'consulting hco', c.no) AS r_hco
	FROM demo_hcp AS c WHERE c.profession = 'physician'
) AS d
JOIN (SELECT country_code, count(*) AS n FROM demo_hco GROUP BY country_code) AS hn ON hn.country_code = d.country_code
JOIN demo_hco AS h ON h.country_code = d.country_code AND h.rank = floor(hn.n * 0.4 * d.r_hco * d.r_hco)::bigint AND h.no <> d.hco_no
WHERE d.r < 0.18
ORDER BY d.no;
SELECT lsce._demo_progress('affiliation', (SELECT count(*) FROM affiliation));

CREATE TEMPORARY TABLE demo_specialist ON COMMIT DROP AS
SELECT h.country_code, h.area, d.no, d.account_id, d.specialty,
	row_number() OVER w - 1 AS rank, count(*) OVER (PARTITION BY h.country_code, h.area) AS n
FROM demo_parameter AS p, demo_hcp AS d JOIN demo_hco AS h ON h.no = d.hco_no
WHERE d.profession = 'physician' AND (d.asthma OR lsce.nlevel(d.specialty::lsce.specialty) > 2)
WINDOW w AS (PARTITION BY h.country_code, h.area ORDER BY lsce._demo_random(p.seed, 'specialist', d.no));
CREATE UNIQUE INDEX ON demo_specialist (country_code, area, rank);
ANALYZE demo_specialist;

CREATE TEMPORARY TABLE demo_referral ON COMMIT DROP AS
SELECT r.no, r.k, r.account_id, r.country_code, r.area, floor(r.n * r.r_target * r.r_target * r.r_target)::bigint AS rank, r.r_strength
FROM demo_parameter AS p
CROSS JOIN LATERAL (
	SELECT d.no, k.k, d.account_id, h.country_code, h.area, m.n,
		lsce._demo_random(p.seed, 'referral', d.no * 4 + k.k) AS r_target,
		lsce._demo_random(p.seed, 'referral strength', d.no * 4 + k.k) AS r_strength
	FROM demo_hcp AS d
	JOIN demo_hco AS h ON h.no = d.hco_no
	JOIN demo_specialist AS m ON m.country_code = h.country_code AND m.area = h.area AND m.rank = 0
	CROSS JOIN generate_series(0, 2) AS k (k)
	WHERE d.profession <> 'pharmacist' AND lsce._demo_random(p.seed, 'referrals', d.no) * 3 > k.k
) AS r;
ANALYZE demo_referral;

INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, role, kind, strength, specialty_code, valid_from)
SELECT lsce._demo_uuid(p.seed, 'referral', x.no * 4 + x.k), x.from_id, x.to_id, 'refers_to', 'referral',
	(1 + floor(x.r_strength * x.r_strength * 64)::int)::real / 64, x.specialty::lsce.specialty, DATE '2024-01-01'
FROM demo_parameter AS p, (
	SELECT DISTINCT ON (r.no, t.no) r.no, r.k, r.account_id AS from_id, t.account_id AS to_id, t.specialty, r.r_strength
	FROM demo_referral AS r
	JOIN demo_specialist AS t ON t.country_code = r.country_code AND t.area = r.area AND t.rank = r.rank AND t.no <> r.no
	ORDER BY r.no, t.no, r.k
) AS x
ORDER BY x.no, x.k;
SELECT lsce._demo_progress('affiliation', (SELECT count(*) FROM affiliation));
