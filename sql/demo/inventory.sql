-- Lots, warehouses and bags.  Stock gets into the bags through the ledger: a
-- receipt from the plant, then a transfer to every representative.

INSERT INTO inventory_location (location_id, kind, company_id, name)
SELECT lsce._demo_uuid(p.seed, 'location', c.no * 16 + k.no), k.kind, c.company_id, format('%s %s', c.code, replace(k.kind, '_', ' '))
FROM demo_parameter AS p,
	(SELECT row_number() OVER (ORDER BY code COLLATE "C") AS no, company_id, code FROM company WHERE kind IN ('own', 'affiliate')) AS c,
	(VALUES (1, 'warehouse'), (2, 'vendor'), (3, 'in_transit'), (4, 'quarantine'), (5, 'disbursed'), (6, 'lost'), (7, 'destroyed'), (8, 'adjustment')) AS k (no, kind)
ORDER BY c.no, k.no;
INSERT INTO inventory_location (location_id, kind, user_id, company_id, name)
SELECT lsce._demo_uuid(p.seed, 'bag', u.seq), 'rep', a.user_id, a.company_id, 'Bag of ' || a.login
FROM demo_parameter AS p, demo_user AS u JOIN app_user AS a ON a.login = u.login
WHERE u.kind = 1
ORDER BY u.seq;
SELECT lsce._demo_progress('inventory_location', (SELECT count(*) FROM inventory_location));

CREATE TEMPORARY TABLE demo_lot ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY m.country_code COLLATE "C", d.code COLLATE "C", l.no)::int AS seq, m.country_code, d.product_id, d.code, m.company_id, l.*
FROM demo_parameter AS p, product_market AS m
JOIN product AS d USING (product_id)
CROSS JOIN (VALUES
	(1, 'A', DATE '2025-08-01', DATE '2027-07-31', 'released', 20),
	(2, 'B', DATE '2024-10-01', DATE '2026-04-30', 'released', 6),
	(3, 'C', DATE '2024-02-01', DATE '2026-01-31', 'expired', 2),
	(4, 'D', DATE '2025-05-01', DATE '2027-04-30', 'recalled', 0)
) AS l (no, letter, manufactured_on, expires_on, status, in_bag)
WHERE m.sampleable;

INSERT INTO product_batch (batch_id, product_id, lot_no, manufactured_on, expires_on, status, company_id)
SELECT lsce._demo_uuid(p.seed, 'lot', l.seq), l.product_id, format('%s-%s%s', l.country_code, l.letter, 1000 + l.seq), l.manufactured_on, l.expires_on, l.status, l.company_id
FROM demo_parameter AS p, demo_lot AS l ORDER BY l.seq;
SELECT lsce._demo_progress('product_batch', (SELECT count(*) FROM product_batch));

INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id, reason, at, recorded_by)
SELECT lsce._demo_uuid(p.seed, 'receipt', l.seq), 'receipt', v.location_id, w.location_id, 'Delivery from the plant', TIMESTAMPTZ '2025-09-01 08:00+00', 'demo'
FROM demo_parameter AS p, demo_lot AS l
JOIN inventory_location AS v ON v.kind = 'vendor' AND v.company_id = l.company_id
JOIN inventory_location AS w ON w.kind = 'warehouse' AND w.company_id = l.company_id
ORDER BY l.seq;
INSERT INTO inventory_entry (entry_id, operation_id, location_id, batch_id, quantity, posted_at)
SELECT lsce._demo_uuid(p.seed, 'receipt entry', l.seq * 2 + s.side), o.operation_id,
	CASE s.side WHEN 0 THEN o.from_location_id ELSE o.to_location_id END, lsce._demo_uuid(p.seed, 'lot', l.seq),
	CASE s.side WHEN 0 THEN -1 ELSE 1 END * (200 + l.in_bag * u.reps), o.at
FROM demo_parameter AS p, demo_lot AS l
JOIN LATERAL (SELECT count(*) AS reps FROM demo_user AS d WHERE d.kind = 1 AND d.country_code = l.country_code) AS u ON true
JOIN inventory_operation AS o ON o.operation_id = lsce._demo_uuid((SELECT seed FROM demo_parameter), 'receipt', l.seq)
CROSS JOIN (VALUES (0), (1)) AS s (side)
ORDER BY l.seq, s.side;

INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id, reason, user_id, at, recorded_by)
SELECT lsce._demo_uuid(p.seed, 'transfer', u.seq), 'transfer', w.location_id, b.location_id, 'First stock', b.user_id, TIMESTAMPTZ '2025-12-01 08:00+00', 'demo'
FROM demo_parameter AS p, demo_user AS u
JOIN inventory_location AS b ON b.location_id = lsce._demo_uuid((SELECT seed FROM demo_parameter), 'bag', u.seq)
JOIN inventory_location AS w ON w.kind = 'warehouse' AND w.company_id = b.company_id
WHERE u.kind = 1
ORDER BY u.seq;
INSERT INTO inventory_entry (entry_id, operation_id, location_id, batch_id, quantity, posted_at)
SELECT lsce._demo_uuid(p.seed, 'transfer entry', (u.seq::bigint * 64 + l.seq) * 2 + s.side), o.operation_id,
	CASE s.side WHEN 0 THEN o.from_location_id ELSE o.to_location_id END, lsce._demo_uuid(p.seed, 'lot', l.seq),
	CASE s.side WHEN 0 THEN -l.in_bag ELSE l.in_bag END, o.at
FROM demo_parameter AS p, demo_user AS u
JOIN inventory_operation AS o ON o.operation_id = lsce._demo_uuid((SELECT seed FROM demo_parameter), 'transfer', u.seq)
JOIN demo_lot AS l ON l.country_code = u.country_code AND l.in_bag > 0
CROSS JOIN (VALUES (0), (1)) AS s (side)
WHERE u.kind = 1
ORDER BY u.seq, l.seq, s.side;
SELECT lsce._demo_progress('inventory_entry', (SELECT count(*) FROM inventory_entry));
