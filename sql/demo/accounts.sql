-- Organisations and professionals, one to eight.  A professional works for an
-- organisation of his country, for large ones more often, and mostly at its
-- address.  Accounts are numbered: organisations first.

CREATE TEMPORARY TABLE demo_hco ON COMMIT DROP AS
SELECT h.no, lsce._demo_uuid(p.seed, 'account', h.no) AS account_id, h.country_code, h.rank, h.share,
	CASE WHEN h.share < 0.10 THEN 'hospital' WHEN h.share < 0.40 THEN 'clinic' WHEN h.share < 0.85 THEN 'practice'
		WHEN h.share < 0.90 THEN 'hospital_pharmacy' WHEN h.share < 0.98 THEN 'retail_pharmacy' ELSE 'laboratory' END AS hco_type,
	l.region_code, l.city, l.area,
	CASE h.country_code WHEN 'JP' THEN l.postal_prefix || '-' || lpad(floor(h.r_postal * h.r_postal * 60)::text, 4, '0')
		ELSE l.postal_prefix || lpad(floor(h.r_postal * h.r_postal * 50)::text, 2, '0') END AS postal_code,
	l.region_code || ':' || l.postal_prefix AS brick,
	NULL::uuid AS territory_id
FROM demo_parameter AS p
CROSS JOIN LATERAL (
	SELECT g.*, (g.rank + 0.5) / g.n AS share,
		lsce._demo_random(p.seed, 'hco place', g.no) AS r_place, lsce._demo_random(p.seed, 'hco postal', g.no) AS r_postal
	FROM (
		SELECT c.no, c.country_code,
			row_number() OVER (PARTITION BY c.country_code ORDER BY c.no) - 1 AS rank, count(*) OVER (PARTITION BY c.country_code) AS n
		FROM (
			SELECT s.no::bigint AS no, CASE WHEN s.no * 37 % 100 < 60 THEN 'US' WHEN s.no * 37 % 100 < 82 THEN 'JP' ELSE 'DE' END AS country_code
			FROM generate_series(0, p.accounts / 9 - 1) AS s (no)
		) AS c
	) AS g
) AS h
JOIN demo_place AS l ON l.country_code = h.country_code AND h.r_place >= l.low AND h.r_place < l.high;
CREATE UNIQUE INDEX ON demo_hco (country_code, rank);
CREATE UNIQUE INDEX ON demo_hco (no);
ANALYZE demo_hco;

CREATE TEMPORARY TABLE demo_hcp ON COMMIT DROP AS
SELECT x.no, x.i, lsce._demo_uuid(p.seed, 'account', x.no) AS account_id, x.country_code, x.profession,
	h.no AS hco_no, f.name AS family_name, f.reading AS family_reading, g.name AS given_name, g.reading AS given_reading,
	s.path AS specialty, s.asthma AND x.profession = 'physician' AS asthma, s.board_us, s.board_jp
FROM demo_parameter AS p
JOIN LATERAL (
	SELECT c.*,
		CASE WHEN c.r_profession < 0.83 THEN 'physician'
			WHEN c.r_profession < 0.90 THEN CASE c.country_code WHEN 'US' THEN 'nurse_practitioner' ELSE 'physician' END
			WHEN c.r_profession < 0.94 THEN CASE c.country_code WHEN 'US' THEN 'physician_assistant' ELSE 'physician' END
			WHEN c.r_profession < 0.97 THEN 'nurse' ELSE 'pharmacist' END AS profession,
		lsce._demo_random(p.seed, 'hcp employer', c.no) AS r_employer,
		lsce._demo_random(p.seed, 'hcp family', c.no) AS r_family,
		lsce._demo_random(p.seed, 'hcp given', c.no) AS r_given,
		lsce._demo_random(p.seed, 'hcp specialty', c.no) AS r_specialty
	FROM (
		SELECT s.i, (p.accounts / 9 + s.i)::bigint AS no,
			CASE WHEN s.i::bigint * 37 % 100 < 60 THEN 'US' WHEN s.i::bigint * 37 % 100 < 82 THEN 'JP' ELSE 'DE' END AS country_code,
			lsce._demo_random(p.seed, 'hcp profession', s.i) AS r_profession
		FROM generate_series(0, p.accounts - p.accounts / 9 - 1) AS s (i)
	) AS c
) AS x ON true
JOIN (SELECT country_code, count(*) AS n FROM demo_hco GROUP BY country_code) AS hn ON hn.country_code = x.country_code
JOIN (SELECT country_code, count(*) AS n FROM demo_family_name GROUP BY country_code) AS fn ON fn.country_code = x.country_code
JOIN (SELECT country_code, count(*) AS n FROM demo_given_name GROUP BY country_code) AS gn ON gn.country_code = x.country_code
JOIN demo_hco AS h ON h.country_code = x.country_code AND h.rank = CASE x.profession
	WHEN 'pharmacist' THEN floor(hn.n * (0.85 + 0.13 * x.r_employer))::bigint
	ELSE floor(hn.n * 0.85 * x.r_employer * x.r_employer)::bigint END
JOIN demo_family_name AS f ON f.country_code = x.country_code AND f.rank = floor(fn.n * x.r_family * x.r_family)::int
JOIN demo_given_name AS g ON g.country_code = x.country_code AND g.rank = floor(gn.n * x.r_given * x.r_given)::int
JOIN demo_specialty AS s ON x.r_specialty >= s.low AND x.r_specialty < s.high;
CREATE UNIQUE INDEX ON demo_hcp (no);
ANALYZE demo_hcp;

-- Territories of an area are cut along postal codes so that each has about the
-- same number of accounts; an organisation and who works there go together.
UPDATE demo_hco AS h SET territory_id = t.territory_id
FROM (
	SELECT c.no, c.country_code, c.area,
		(sum(c.n) OVER (PARTITION BY c.country_code, c.area ORDER BY c.postal_code COLLATE "C", c.no) - c.n)
			* a.territories / sum(c.n) OVER (PARTITION BY c.country_code, c.area) AS cut
	FROM (
		SELECT d.no, d.country_code, d.area, d.postal_code, 1 + count(w.no) AS n
		FROM demo_hco AS d LEFT JOIN demo_hcp AS w ON w.hco_no = d.no
		GROUP BY d.no, d.country_code, d.area, d.postal_code
	) AS c
	JOIN demo_area AS a USING (country_code, area)
) AS c
JOIN demo_territory AS t ON t.level = 3 AND t.country_code = c.country_code AND t.area = c.area AND t.no = 1 + trunc(c.cut)::int
WHERE h.no = c.no;

INSERT INTO account (account_id, kind, name, lang, country_code, status)
SELECT h.account_id, CASE WHEN h.hco_type = 'retail_pharmacy' THEN 'pharmacy' ELSE 'hco' END,
	CASE h.country_code
		WHEN 'US' THEN CASE h.hco_type
			WHEN 'hospital' THEN h.city || CASE h.no % 3 WHEN 0 THEN ' General Hospital' WHEN 1 THEN ' University Medical Center' ELSE ' Regional Hospital' END
			WHEN 'clinic' THEN f.name || CASE h.no % 3 WHEN 0 THEN ' Allergy & Asthma Clinic' WHEN 1 THEN ' Medical Group' ELSE ' Lung Center' END
			WHEN 'practice' THEN f.name || ' Family Practice'
			WHEN 'hospital_pharmacy' THEN h.city || ' Hospital Pharmacy'
			WHEN 'retail_pharmacy' THEN f.name || ' Pharmacy'
			ELSE h.city || ' Laboratory' END
		WHEN 'JP' THEN CASE h.hco_type
			WHEN 'hospital' THEN h.city || CASE h.no % 3 WHEN 0 THEN '総合病院' WHEN 1 THEN '大学病院' ELSE '中央病院' END
			WHEN 'clinic' THEN f.name || CASE h.no % 2 WHEN 0 THEN '内科クリニック' ELSE '呼吸器クリニック' END
			WHEN 'practice' THEN f.name || '医院'
			WHEN 'hospital_pharmacy' THEN h.city || '病院薬剤部'
			WHEN 'retail_pharmacy' THEN f.name || '薬局'
			ELSE h.city || '検査センター' END
		ELSE CASE h.hco_type
			WHEN 'hospital' THEN CASE h.no % 3 WHEN 0 THEN 'Klinikum ' WHEN 1 THEN 'Universitätsklinikum ' ELSE 'Krankenhaus ' END || h.city
			WHEN 'clinic' THEN 'MVZ ' || f.name || ' ' || h.city
			WHEN 'practice' THEN 'Praxis Dr. ' || f.name
			WHEN 'hospital_pharmacy' THEN 'Krankenhausapotheke ' || h.city
			WHEN 'retail_pharmacy' THEN f.name || '-Apotheke'
			ELSE 'Labor ' || h.city END
	END,
	CASE h.country_code WHEN 'JP' THEN 'ja' WHEN 'DE' THEN 'de' ELSE 'en' END, h.country_code, 'active'
FROM demo_parameter AS p, demo_hco AS h
JOIN (SELECT country_code, count(*) AS n FROM demo_family_name GROUP BY country_code) AS fn USING (country_code)
JOIN demo_family_name AS f ON f.country_code = h.country_code
	AND f.rank = floor(fn.n * lsce._demo_random((SELECT seed FROM demo_parameter), 'hco name', h.no))::int
ORDER BY h.no;
INSERT INTO account (account_id, kind, name, lang, country_code, status, prescriber)
SELECT d.account_id, 'hcp',
	CASE d.country_code WHEN 'JP' THEN d.family_name || ' ' || d.given_name ELSE d.given_name || ' ' || d.family_name END,
	CASE d.country_code WHEN 'JP' THEN 'ja' WHEN 'DE' THEN 'de' ELSE 'en' END, d.country_code,
	CASE WHEN r.status < 0.97 THEN 'active' WHEN r.status < 0.985 THEN 'inactive' WHEN r.status < 0.988 THEN 'deceased' ELSE 'pending' END,
	d.profession IN ('physician', 'nurse_practitioner', 'physician_assistant')
FROM demo_parameter AS p, demo_hcp AS d
CROSS JOIN LATERAL (SELECT lsce._demo_random((SELECT seed FROM demo_parameter), 'hcp status', d.no) AS status) AS r
ORDER BY d.no;
SELECT lsce._demo_progress('account', (SELECT count(*) FROM account));

INSERT INTO hco (account_id, hco_type, parent_id, accepts_samples)
SELECT h.account_id, h.hco_type, u.account_id, h.hco_type = 'hospital_pharmacy'
FROM demo_parameter AS p
CROSS JOIN demo_hco AS h
JOIN (SELECT country_code, count(*) FILTER (WHERE hco_type = 'hospital') AS n FROM demo_hco GROUP BY country_code) AS hospitals USING (country_code)
LEFT JOIN demo_hco AS u ON u.country_code = h.country_code
	AND (h.hco_type = 'hospital_pharmacy' OR h.hco_type = 'clinic' AND h.no % 5 = 0)
	AND u.hco_type = 'hospital'
	AND u.rank = floor(lsce._demo_random((SELECT seed FROM demo_parameter), 'hco parent', h.no) * hospitals.n)::bigint
ORDER BY h.no;

INSERT INTO hcp (account_id, given_name, family_name, given_name_reading, family_name_reading, title, credential, profession, no_contact)
SELECT d.account_id, d.given_name, d.family_name, d.given_reading, d.family_reading,
	CASE WHEN d.country_code = 'DE' AND d.profession = 'physician' THEN 'Dr. med.' END,
	CASE WHEN d.country_code = 'US' THEN CASE d.profession
		WHEN 'physician' THEN CASE WHEN d.no % 9 = 0 THEN 'DO' ELSE 'MD' END
		WHEN 'nurse_practitioner' THEN 'NP' WHEN 'physician_assistant' THEN 'PA-C' WHEN 'nurse' THEN 'RN' ELSE 'PharmD' END END,
	d.profession, lsce._demo_random(p.seed, 'hcp no contact', d.no) < 0.005
FROM demo_parameter AS p, demo_hcp AS d
ORDER BY d.no;
SELECT lsce._demo_progress('hcp', (SELECT count(*) FROM hcp));

-- Places: an organisation's address; the address of who works there inherits
-- from it, but for one in nine, who has rooms of his own in the same city.
INSERT INTO contact_point (contact_point_id, account_id, kind, line, city, postal_code, brick, region_code, country_code, tz, can_ship, is_primary)
SELECT lsce._demo_uuid(p.seed, 'address', h.no), h.account_id, 'address', h.line, h.city, h.postal_code, h.brick, h.region_code, h.country_code, r.tz,
	h.hco_type IN ('hospital', 'clinic', 'hospital_pharmacy'), true
FROM demo_parameter AS p, (
	SELECT d.*, CASE d.country_code
		WHEN 'US' THEN format('%s %s', 100 + d.no * 7 % 8900, (ARRAY['Main St', 'Oak Ave', 'Medical Plaza', 'Hospital Dr', 'Park Blvd'])[1 + d.no % 5])
		WHEN 'JP' THEN format('%s-%s-%s', 1 + d.no % 6, 1 + d.no % 23, 1 + d.no % 17)
		ELSE format('%s %s', (ARRAY['Hauptstraße', 'Bahnhofstraße', 'Gartenweg', 'Am Krankenhaus', 'Lindenallee'])[1 + d.no % 5], 1 + d.no % 140) END AS line
	FROM demo_hco AS d
) AS h
JOIN region AS r ON r.region_code = h.region_code
ORDER BY h.no;
INSERT INTO contact_point (contact_point_id, account_id, kind, line, city, postal_code, brick, region_code, country_code, tz, is_primary, inherits_from)
SELECT lsce._demo_uuid(p.seed, 'address', d.no), d.account_id, 'address',
	CASE WHEN d.own THEN format('%s', 1 + d.no % 499) END,
	CASE WHEN d.own THEN d.city END, CASE WHEN d.own THEN d.postal_code END, CASE WHEN d.own THEN d.brick END,
	CASE WHEN d.own THEN d.region_code END, CASE WHEN d.own THEN d.country_code END, CASE WHEN d.own THEN r.tz END, true,
	CASE WHEN NOT d.own THEN lsce._demo_uuid(p.seed, 'address', d.hco_no) END
FROM demo_parameter AS p, (
	SELECT c.no, c.account_id, c.hco_no, h.city, h.postal_code, h.brick, h.region_code, h.country_code, c.i % 9 = 4 AS own
	FROM demo_hcp AS c JOIN demo_hco AS h ON h.no = c.hco_no
) AS d
JOIN region AS r ON r.region_code = d.region_code
ORDER BY d.no;
INSERT INTO contact_point (contact_point_id, account_id, kind, value, country_code, is_primary)
SELECT lsce._demo_uuid(p.seed, 'email', d.no), d.account_id, 'email', format('hcp%s@example.com', d.no), d.country_code, true
FROM demo_parameter AS p, demo_hcp AS d WHERE lsce._demo_random(p.seed, 'hcp email', d.no) < 0.7
ORDER BY d.no;
INSERT INTO contact_point (contact_point_id, account_id, kind, value, country_code, is_primary)
SELECT lsce._demo_uuid(p.seed, 'phone', d.no), d.account_id, 'phone',
	CASE d.country_code WHEN 'US' THEN '+1 555 ' || lpad((d.no % 10000000)::text, 7, '0')
		WHEN 'JP' THEN '+81 50 ' || lpad((d.no % 100000000)::text, 8, '0') ELSE '+49 30 ' || lpad((d.no % 10000000)::text, 7, '0') END,
	d.country_code, true
FROM demo_parameter AS p, demo_hcp AS d WHERE d.i % 2 = 0
ORDER BY d.no;
SELECT lsce._demo_progress('contact_point', (SELECT count(*) FROM contact_point));

INSERT INTO account_territory (account_id, territory_id, valid_from)
SELECT a.account_id, a.territory_id, DATE '2025-01-01'
FROM (
	SELECT h.no, h.account_id, h.territory_id FROM demo_hco AS h
	UNION ALL
	SELECT d.no, d.account_id, h.territory_id FROM demo_hcp AS d JOIN demo_hco AS h ON h.no = d.hco_no
) AS a
ORDER BY a.no;
SELECT lsce._demo_progress('account_territory', (SELECT count(*) FROM account_territory));

-- Registry numbers with their check digits: NPI (Luhn over 80840 and the
-- number), German LANR (4 and 9 in turn), Japanese medical register.  The
-- multipliers have no factor in common with the moduli, so that no two are equal.
INSERT INTO account_identifier (account_id, system, value)
SELECT b.account_id, 'npi', concat(b.base, (10 - c.checksum % 10) % 10)
FROM (
	SELECT a.no, a.account_id,
		100000000 + (a.no * 76543217 + floor(lsce._demo_random(p.seed, 'npi', 0) * 100000000)::bigint) % 100000000 AS base
	FROM demo_parameter AS p, (
		SELECT no, account_id, country_code FROM demo_hco UNION ALL SELECT no, account_id, country_code FROM demo_hcp) AS a
	WHERE a.country_code = 'US'
) AS b
CROSS JOIN LATERAL (
	SELECT 24 + sum(CASE WHEN k % 2 = 1 THEN digit ELSE 2 * digit - CASE WHEN digit > 4 THEN 9 ELSE 0 END END) AS checksum
	FROM (SELECT k, substr(b.base::text, 9 - k, 1)::int AS digit FROM generate_series(0, 8) AS k) AS digits
) AS c
ORDER BY b.no;
INSERT INTO account_identifier (account_id, system, value)
SELECT b.account_id, 'lanr', concat(b.base, (10 - c.checksum % 10) % 10, '25')
FROM (
	SELECT d.no, d.account_id,
		100000 + (d.i::bigint * 760313 + floor(lsce._demo_random(p.seed, 'lanr', 0) * 900000)::bigint) % 900000 AS base
	FROM demo_parameter AS p, demo_hcp AS d WHERE d.country_code = 'DE' AND d.profession = 'physician'
) AS b
CROSS JOIN LATERAL (
	SELECT sum(CASE WHEN k % 2 = 1 THEN 4 ELSE 9 END * substr(b.base::text, k, 1)::int) AS checksum FROM generate_series(1, 6) AS k
) AS c
ORDER BY b.no;
INSERT INTO account_identifier (account_id, system, value)
SELECT d.account_id, 'jp_medical_register',
	(100000 + (d.i::bigint * 760313 + floor(lsce._demo_random(p.seed, 'register', 0) * 900000)::bigint) % 900000)::text
FROM demo_parameter AS p, demo_hcp AS d WHERE d.country_code = 'JP' AND d.profession = 'physician'
ORDER BY d.no;
SELECT lsce._demo_progress('account_identifier', (SELECT count(*) FROM account_identifier));

-- Specialties: a primary one for everybody, a second for one in four, a third
-- for one in twenty.
INSERT INTO account_specialty (account_id, code, rank)
SELECT c.account_id, c.path::lsce.specialty, row_number() OVER (PARTITION BY c.no ORDER BY c.rank)
FROM (
	SELECT DISTINCT ON (x.no, x.path) x.no, x.account_id, x.path, x.rank
	FROM (
		SELECT d.no, d.account_id, 1 AS rank, CASE d.profession
			WHEN 'physician' THEN d.specialty
			WHEN 'nurse_practitioner' THEN CASE d.no % 3 WHEN 0 THEN 'advanced_practice.nurse_practitioner.family' WHEN 1 THEN 'advanced_practice.nurse_practitioner.adult_health' ELSE 'advanced_practice.nurse_practitioner' END
			WHEN 'physician_assistant' THEN 'advanced_practice.physician_assistant.medical'
			WHEN 'nurse' THEN 'nursing.registered_nurse' ELSE 'pharmacy.pharmacist' END COLLATE "C" AS path
		FROM demo_hcp AS d
		UNION ALL
		SELECT d.no, d.account_id, g.rank, s.path COLLATE "C"
		FROM demo_parameter AS p, demo_hcp AS d, (VALUES (2, 0.25), (3, 0.05)) AS g (rank, share), demo_specialty AS s
		WHERE d.profession = 'physician'
			AND lsce._demo_random(p.seed, 'hcp more', d.no) < g.share
			AND lsce._demo_random(p.seed, 'hcp specialty' || g.rank, d.no) >= s.low
			AND lsce._demo_random(p.seed, 'hcp specialty' || g.rank, d.no) < s.high
	) AS x
	ORDER BY x.no, x.path, x.rank
) AS c
ORDER BY c.no, c.rank;
SELECT lsce._demo_progress('account_specialty', (SELECT count(*) FROM account_specialty));

INSERT INTO account_certification (certification_id, account_id, board, specialty, status, verified_on, valid_from, valid_to)
SELECT lsce._demo_uuid(p.seed, 'certification', d.no), d.account_id, d.board, d.specialty::lsce.specialty,
	CASE WHEN d.r < 0.62 THEN 'certified' WHEN d.r < 0.66 THEN 'pending' ELSE 'lapsed' END,
	p.today - 30 - floor(d.r_day * 300)::int,
	make_date(2008 + (d.no % 16)::int, 7, 1),
	CASE WHEN d.r < 0.66 THEN make_date(2027 + (d.no % 8)::int, 7, 1) ELSE make_date(2025, 1 + (d.no % 12)::int, 1) END
FROM demo_parameter AS p, (
	SELECT c.*, CASE c.country_code WHEN 'US' THEN c.board_us WHEN 'JP' THEN c.board_jp ELSE 'LAEK' END AS board,
		lsce._demo_random((SELECT seed FROM demo_parameter), 'certification', c.no) AS r,
		lsce._demo_random((SELECT seed FROM demo_parameter), 'certification day', c.no) AS r_day
	FROM demo_hcp AS c WHERE c.profession = 'physician'
) AS d
WHERE d.board IS NOT NULL AND d.r < 0.70
ORDER BY d.no;
SELECT lsce._demo_progress('account_certification', (SELECT count(*) FROM account_certification));

-- Licences: of the state in the United States (with one in fourteen licensed in
-- a second state), of the country elsewhere.  Some have lapsed, some are
-- suspended or revoked, some were verified too long ago or never.
INSERT INTO license (license_id, account_id, kind, number, jurisdiction, license_class, schedules, sample_eligible, status, verified_on, verified_source, valid_from, valid_to)
SELECT lsce._demo_uuid(p.seed, 'license', l.no * 4 + l.k), l.account_id, l.kind, l.number, l.jurisdiction, l.license_class, l.schedules,
	l.r_eligible >= 0.02,
	CASE WHEN l.r_status < 0.955 THEN 'verified' WHEN l.r_status < 0.975 THEN 'suspended' WHEN l.r_status < 0.98 THEN 'revoked' ELSE 'draft' END,
	CASE WHEN l.r_status < 0.98 THEN p.today - CASE WHEN l.r_verified < 0.96 THEN 5 + floor(l.r_verified * 350)::int ELSE 366 + floor((l.r_verified - 0.96) * 10000)::int END END,
	CASE WHEN l.r_status < 0.98 THEN CASE l.kind WHEN 'state' THEN 'state board' WHEN 'dea' THEN 'DEA registration validation' ELSE 'register' END END,
	make_date(1990 + floor(l.r_from * 33)::int, 1 + (l.no % 12)::int, 1),
	CASE WHEN l.kind = 'national' THEN DATE '9999-12-31'
		WHEN l.r_to < 0.95 THEN p.today + 1 + floor(l.r_to * 760)::int ELSE p.today - floor((l.r_to - 0.95) * 8000)::int END
FROM demo_parameter AS p, (
	SELECT s.*,
		lsce._demo_random(s.seed, 'license eligible', s.no * 4 + s.k) AS r_eligible, lsce._demo_random(s.seed, 'license status', s.no * 4 + s.k) AS r_status,
		lsce._demo_random(s.seed, 'license verified', s.no * 4 + s.k) AS r_verified, lsce._demo_random(s.seed, 'license from', s.no * 4 + s.k) AS r_from,
		lsce._demo_random(s.seed, 'license to', s.no * 4 + s.k) AS r_to
	FROM (
		SELECT q.seed, d.no, 0 AS k, d.account_id, 'state' AS kind,
			substr(h.region_code, 4) || lpad((100000 + floor(lsce._demo_random(q.seed, 'license number', d.no) * 900000)::int)::text, 6, '0') AS number,
			h.region_code AS jurisdiction,
			CASE d.profession WHEN 'physician' THEN CASE WHEN d.no % 9 = 0 THEN 'DO' ELSE 'MD' END WHEN 'nurse_practitioner' THEN 'APRN' WHEN 'physician_assistant' THEN 'PA' END AS license_class,
			'{}'::text[] AS schedules
		FROM demo_parameter AS q, demo_hcp AS d JOIN demo_hco AS h ON h.no = d.hco_no
		WHERE d.country_code = 'US'
		UNION ALL
		SELECT q.seed, d.no, 1, d.account_id, 'state', substr(o.region_code, 4) || lpad((d.no % 1000000)::text, 6, '0'), o.region_code, 'MD', '{}'
		FROM demo_parameter AS q, demo_hcp AS d
		JOIN demo_hco AS h ON h.no = d.hco_no
		JOIN demo_place AS o ON o.country_code = 'US' AND o.place_no = 1 + floor(lsce._demo_random((SELECT seed FROM demo_parameter), 'second state', d.no) * 36)::int
			AND o.region_code <> h.region_code
		WHERE d.country_code = 'US' AND d.profession = 'physician' AND d.no % 14 = 3
		UNION ALL
		SELECT q.seed, d.no, 2, d.account_id, 'dea', 'B' || upper(translate(substr(d.family_name, 1, 1), '''', 'O')) || b.digits
				|| (substr(b.digits, 1, 1)::int + substr(b.digits, 3, 1)::int + substr(b.digits, 5, 1)::int
					+ 2 * (substr(b.digits, 2, 1)::int + substr(b.digits, 4, 1)::int + substr(b.digits, 6, 1)::int)) % 10,
			h.region_code, NULL, '{II,III,IV,V}'
		FROM demo_parameter AS q, demo_hcp AS d
		JOIN demo_hco AS h ON h.no = d.hco_no
		CROSS JOIN LATERAL (SELECT lpad((d.no * 7919 % 1000000)::text, 6, '0') AS digits) AS b
		WHERE d.country_code = 'US' AND d.profession IN ('physician', 'nurse_practitioner') AND d.no % 9 < 4
		UNION ALL
		SELECT q.seed, d.no, 0, d.account_id, 'national', i.value, d.country_code, CASE d.country_code WHEN 'JP' THEN 'ishi' ELSE 'approbation' END, '{}'
		FROM demo_parameter AS q, demo_hcp AS d
		JOIN account_identifier AS i ON i.account_id = d.account_id AND i.system IN ('lanr', 'jp_medical_register')
		WHERE d.country_code <> 'US'
	) AS s
) AS l
ORDER BY l.no, l.k;
SELECT lsce._demo_progress('license', (SELECT count(*) FROM license));

INSERT INTO account_rating (rating_id, account_id, scheme, product_id, value, grade, method, valid_from)
SELECT lsce._demo_uuid(p.seed, 'rating', d.no), d.account_id, 'potential', b.product_id, floor(d.r * d.r * 100)::int,
	CASE WHEN d.r * d.r > 0.6 THEN 'A' WHEN d.r * d.r > 0.25 THEN 'B' ELSE 'C' END, 'claims volume', DATE '2026-01-01'
FROM demo_parameter AS p, product AS b, (
	SELECT c.*, lsce._demo_random((SELECT seed FROM demo_parameter), 'rating', c.no) AS r FROM demo_hcp AS c WHERE c.asthma
) AS d
WHERE b.code = 'CUMULUS'
ORDER BY d.no;
SELECT lsce._demo_progress('account_rating', (SELECT count(*) FROM account_rating));
