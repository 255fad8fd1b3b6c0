-- People whom the demo's story tells about, in territory US-1-0001: found by
-- their NPI, whatever the seed.
--   2000000176  Bay Allergy Center, San Francisco, with an office in Phoenix (2000000259)
--   2000000333  Maya Chen, allergist, certified, licensed in California only,
--               at both offices; she has given no consent and asked for nothing
--   2000000416  Priya Raman, pulmonologist, whose licence expires on the demo's day
--   and a second record of Maya Chen, without an NPI

INSERT INTO account (account_id, kind, name, country_code, prescriber)
SELECT lsce._demo_uuid(p.seed, 'story', t.no), t.kind, t.name, 'US', t.kind = 'hcp'
FROM demo_parameter AS p, (VALUES
	(1, 'hco', 'Bay Allergy Center'),
	(2, 'hco', 'Bay Allergy Center, Phoenix office'),
	(3, 'hcp', 'Maya Chen'),
	(4, 'hcp', 'Priya Raman'),
	(5, 'hcp', 'M. Chen')
) AS t (no, kind, name);
INSERT INTO hco (account_id, hco_type, parent_id)
SELECT lsce._demo_uuid(p.seed, 'story', t.no), 'clinic', CASE t.no WHEN 2 THEN lsce._demo_uuid(p.seed, 'story', 1) END
FROM demo_parameter AS p, generate_series(1, 2) AS t (no);
INSERT INTO hcp (account_id, given_name, family_name, credential, profession)
SELECT lsce._demo_uuid(p.seed, 'story', t.no), t.given_name, t.family_name, 'MD', 'physician'
FROM demo_parameter AS p, (VALUES (3, 'Maya', 'Chen'), (4, 'Priya', 'Raman'), (5, 'M.', 'Chen')) AS t (no, given_name, family_name);

INSERT INTO account_identifier (account_id, system, value)
SELECT lsce._demo_uuid(p.seed, 'story', t.no), 'npi', t.npi
FROM demo_parameter AS p, (VALUES (1, '2000000176'), (2, '2000000259'), (3, '2000000333'), (4, '2000000416')) AS t (no, npi);

INSERT INTO contact_point (contact_point_id, account_id, kind, line, city, postal_code, brick, region_code, country_code, tz, can_ship, is_primary)
SELECT lsce._demo_uuid(p.seed, 'story place', t.no), lsce._demo_uuid(p.seed, 'story', t.no), 'address', t.line, t.city, t.postal_code,
	t.region_code || ':' || left(t.postal_code, 3), t.region_code, 'US', r.tz, true, true
FROM demo_parameter AS p, (VALUES
	(1, '500 Parnassus Ave', 'San Francisco', '94143', 'US-CA'),
	(2, '1300 N 12th St', 'Phoenix', '85006', 'US-AZ')
) AS t (no, line, city, postal_code, region_code)
JOIN region AS r ON r.region_code = t.region_code;
INSERT INTO contact_point (contact_point_id, account_id, kind, is_primary, inherits_from)
SELECT lsce._demo_uuid(p.seed, 'story place', t.place_no), lsce._demo_uuid(p.seed, 'story', t.no), 'address', t.is_primary,
	lsce._demo_uuid(p.seed, 'story place', t.office)
FROM demo_parameter AS p, (VALUES (3, 3, 1, true), (3, 4, 2, false), (4, 5, 1, true), (5, 6, 1, true)) AS t (no, place_no, office, is_primary);
INSERT INTO contact_point (contact_point_id, account_id, kind, value, country_code, is_primary)
SELECT lsce._demo_uuid(p.seed, 'story place', 7), lsce._demo_uuid(p.seed, 'story', 3), 'email', 'maya.chen@example.com', 'US', true
FROM demo_parameter AS p;

INSERT INTO account_specialty (account_id, code, rank)
SELECT lsce._demo_uuid(p.seed, 'story', t.no), t.path::lsce.specialty, 1
FROM demo_parameter AS p, (VALUES
	(3, 'physician.allergy_immunology'),
	(4, 'physician.internal_medicine.pulmonary_disease'),
	(5, 'physician.allergy_immunology')
) AS t (no, path);
INSERT INTO account_certification (certification_id, account_id, board, specialty, status, verified_on, valid_from, valid_to)
SELECT lsce._demo_uuid(p.seed, 'story certificate', t.no), lsce._demo_uuid(p.seed, 'story', t.no), t.board, t.path::lsce.specialty, 'certified',
	p.today - 40, DATE '2018-07-01', DATE '2028-07-01'
FROM demo_parameter AS p, (VALUES
	(3, 'ABAI', 'physician.allergy_immunology'),
	(4, 'ABIM', 'physician.internal_medicine.pulmonary_disease')
) AS t (no, board, path);
INSERT INTO license (license_id, account_id, kind, number, jurisdiction, license_class, status, verified_on, verified_source, valid_from, valid_to)
SELECT lsce._demo_uuid(p.seed, 'story license', t.no), lsce._demo_uuid(p.seed, 'story', t.no), 'state', t.number, 'US-CA', 'MD', 'verified',
	p.today - 40, 'state board', DATE '2016-03-01', t.valid_to::date
FROM demo_parameter AS p, (VALUES
	(3, 'A91735', '2027-06-01'),
	(4, 'A88410', '2026-03-03'),
	(5, 'A91735', '2027-06-01')
) AS t (no, number, valid_to);
INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, role, kind, strength, is_primary, valid_from)
SELECT lsce._demo_uuid(p.seed, 'story affiliation', t.no * 4 + t.office), lsce._demo_uuid(p.seed, 'story', t.no), lsce._demo_uuid(p.seed, 'story', t.office),
	'employee', 'employment', 1, t.office = 1, DATE '2019-01-01'
FROM demo_parameter AS p, (VALUES (3, 1), (3, 2), (4, 1)) AS t (no, office);
INSERT INTO account_territory (account_id, territory_id, valid_from)
SELECT lsce._demo_uuid(p.seed, 'story', t.no), d.territory_id, DATE '2025-01-01'
FROM demo_parameter AS p, demo_territory AS d, generate_series(1, 5) AS t (no)
WHERE d.code = 'US-1-0001';
