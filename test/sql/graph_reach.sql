-- reach(): the walk over affiliations
SET client_min_messages = warning;
CALL lsce.create_model('crm', false);
SET search_path = crm, lsce, public;
INSERT INTO country VALUES ('US', 'United States', 'America/New_York');

-- accounts a .. h, whose ids end in their letter's code
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql
RETURN ('00000000-0000-7000-8000-0000000000' || to_hex(ascii(name)))::uuid;
CREATE FUNCTION pg_temp.name(id uuid) RETURNS text LANGUAGE sql
RETURN chr(('x' || right(id::text, 2))::bit(8)::int);
CREATE FUNCTION pg_temp.path(via uuid[]) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(pg_temp.name(v), '' ORDER BY o) FROM unnest(via) WITH ORDINALITY u(v, o));
INSERT INTO account (account_id, kind, name, country_code)
SELECT pg_temp.id(n), 'hcp', n, 'US' FROM unnest('{a,b,c,d,e,f,g,h}'::text[]) n;
INSERT INTO affiliation (from_account_id, to_account_id, kind, strength, direction, valid_from, valid_to)
SELECT pg_temp.id(f), pg_temp.id(t), k, s, d, vf, vt
FROM (VALUES
	('a', 'b', 'employment', 0.9, 'unidirectional', DATE '2020-01-01', DATE '9999-12-31'),
	('b', 'c', 'referral',   0.8, 'unidirectional', '2020-01-01', '9999-12-31'),
	('a', 'c', 'referral',   0.1, 'unidirectional', '2020-01-01', '9999-12-31'),
	('c', 'd', 'referral',   0.5, 'bidirectional',  '2020-01-01', '9999-12-31'),
	('d', 'a', 'referral',   1.0, 'unidirectional', '2020-01-01', '9999-12-31'),
	('e', 'd', 'influence',  0.5, 'neutral',        '2020-01-01', '9999-12-31'),
	('b', 'f', 'admitting',  0.5, 'unidirectional', '2020-01-01', '2025-01-01'),
	('f', 'g', 'admitting',  0.5, 'unidirectional', '2026-01-01', '9999-12-31')) v(f, t, k, s, d, vf, vt);

-- fewest hops, best strength and its path: c is one hop away, but stronger over b
SELECT pg_temp.name(account_id), hops, round(best_strength::numeric, 4) AS strength, pg_temp.path(via)
FROM reach(pg_temp.id('a'), 4, at => '2026-03-02') ORDER BY 2, 1;
-- one hop knows only the weak edge
SELECT pg_temp.name(account_id), hops, round(best_strength::numeric, 4) AS strength, pg_temp.path(via)
FROM reach(pg_temp.id('a'), 1, at => '2026-03-02') ORDER BY 2, 1;
-- no hop reaches nobody
SELECT count(*) FROM reach(pg_temp.id('a'), 0, at => '2026-03-02');
-- without a bound the walk ends by itself, in spite of the cycle a-c-d-a
SELECT count(*), max(hops) FROM reach(pg_temp.id('a'), NULL, at => '2026-03-02');
SELECT count(*), max(hops) FROM reach(pg_temp.id('a'), 2147483647, at => '2026-03-02');
-- the day decides which edges hold; the last valid day of b-f is 2024-12-31
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY pg_temp.name(account_id)) FROM reach(pg_temp.id('a'), 4, at => '2024-12-31');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY pg_temp.name(account_id)) FROM reach(pg_temp.id('a'), 4, at => '2025-01-01');
-- kinds
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY pg_temp.name(account_id)) FROM reach(pg_temp.id('a'), 4, '{referral}', at => '2026-03-02');
SELECT count(*) FROM reach(pg_temp.id('a'), 4, '{}', at => '2026-03-02');
-- directions: bidirectional edges both ways, neutral ones only when asked for
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY pg_temp.name(account_id)) FROM reach(pg_temp.id('d'), 1, at => '2026-03-02');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY pg_temp.name(account_id)) FROM reach(pg_temp.id('d'), 1, at => '2026-03-02', direction => 'in');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY pg_temp.name(account_id)) FROM reach(pg_temp.id('d'), 1, at => '2026-03-02', direction => 'any');
SELECT count(*) FROM reach(pg_temp.id('e'), 4, at => '2026-03-02');
-- weak walks are cut
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY pg_temp.name(account_id)) FROM reach(pg_temp.id('a'), 4, at => '2026-03-02', min_strength => 0.5);
-- a product's own strength replaces the general one
INSERT INTO product (product_id, code, name, type) VALUES (pg_temp.id('p'), 'CUMULUS', 'Cumulus', 'brand');
INSERT INTO affiliation_product (affiliation_id, product_id, strength)
SELECT affiliation_id, pg_temp.id('p'), 1 FROM affiliation WHERE from_account_id = pg_temp.id('a') AND to_account_id = pg_temp.id('c');
SELECT pg_temp.name(account_id), hops, round(best_strength::numeric, 4) AS strength, pg_temp.path(via)
FROM reach(pg_temp.id('a'), 4, product_id => pg_temp.id('p'), at => '2026-03-02') ORDER BY 2, 1;
-- a merged account stands for its survivor
UPDATE account SET status = 'merged', survivor_id = pg_temp.id('a') WHERE account_id = pg_temp.id('h');
SELECT count(*) FROM reach(pg_temp.id('h'), 1, at => '2026-03-02');

-- as it was known then
SELECT clock_timestamp() AS before \gset
UPDATE affiliation SET strength = 0.2 WHERE from_account_id = pg_temp.id('a') AND to_account_id = pg_temp.id('b');
SELECT round(best_strength::numeric, 4) FROM reach(pg_temp.id('a'), 1, at => '2026-03-02') WHERE account_id = pg_temp.id('b');
SELECT round(best_strength::numeric, 4) FROM reach(pg_temp.id('a'), 1, at => '2026-03-02', known_at => :'before') WHERE account_id = pg_temp.id('b');
-- a product's own strength, too: it was 1, became 0.3, and is gone; before it there was none
SELECT clock_timestamp() AS before_change \gset
UPDATE affiliation_product SET strength = 0.3;
SELECT clock_timestamp() AS before_deletion \gset
DELETE FROM affiliation_product;
SELECT min(sys_from) - interval '1 microsecond' AS before_product FROM affiliation_product_h \gset
SELECT w.at_that_time, round(r.best_strength::numeric, 4) AS reach, round(p.strength::numeric, 4) AS path, round(i.score::numeric, 6) AS rank
FROM (VALUES (1, :'before_product'::timestamptz), (2, :'before_change'), (3, :'before_deletion'), (4, NULL)) AS w (at_that_time, known_at),
	reach(pg_temp.id('a'), 1, product_id => pg_temp.id('p'), at => '2026-03-02', known_at => w.known_at) AS r,
	shortest_path(pg_temp.id('a'), pg_temp.id('c'), 1, product_id => pg_temp.id('p'), at => '2026-03-02', known_at => w.known_at) AS p,
	influence_rank(pg_temp.id('p'), at => '2026-03-02', known_at => w.known_at) AS i
WHERE r.account_id = pg_temp.id('c') AND p.step = 1 AND i.account_id = pg_temp.id('c') ORDER BY 1;

-- what means nothing is refused
\set VERBOSITY sqlstate
SELECT * FROM reach(NULL);
SELECT * FROM reach(pg_temp.id('a'), -1);
SELECT * FROM reach(pg_temp.id('z'));
SELECT * FROM reach(pg_temp.id('a'), min_strength => 1.5);
SELECT * FROM reach(pg_temp.id('a'), min_strength => 'NaN');
SELECT * FROM reach(pg_temp.id('a'), direction => 'sideways');
SELECT * FROM lsce.reach('public', pg_temp.id('a'), 1, NULL, NULL, NULL, NULL, NULL, NULL);
\set VERBOSITY default

-- 300 accounts, 1,500 edges: the same as a recursive query over all walks
INSERT INTO account (account_id, kind, name, country_code)
SELECT md5('n' || i)::uuid, 'hcp', 'n' || i, 'US' FROM generate_series(0, 299) i;
INSERT INTO affiliation (from_account_id, to_account_id, kind, strength)
SELECT DISTINCT md5('n' || (('x' || left(md5('f' || i), 7))::bit(28)::int % 300))::uuid,
	md5('n' || (('x' || left(md5('t' || i), 7))::bit(28)::int % 300))::uuid, 'referral',
	0.05 + 0.9 * (('x' || left(md5('w' || (i % 50)), 7))::bit(28)::int % 100) / 100
FROM generate_series(1, 1500) i
WHERE ('x' || left(md5('f' || i), 7))::bit(28)::int % 300 <> ('x' || left(md5('t' || i), 7))::bit(28)::int % 300
ON CONFLICT DO NOTHING;
WITH RECURSIVE walk AS (
	SELECT md5('n0')::uuid AS id, 0 AS hops, 1::float8 AS strength
	UNION ALL
	SELECT to_account_id, hops + 1, w.strength * a.strength::float8
	FROM walk w JOIN affiliation a ON a.from_account_id = w.id WHERE hops < 4
), best AS (
	SELECT id, min(hops) AS hops, max(strength) AS strength FROM walk WHERE id <> md5('n0')::uuid GROUP BY id
)
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE r.account_id IS NULL OR b.id IS NULL) AS missing,
	count(*) FILTER (WHERE r.hops <> b.hops) AS hops_differ,
	count(*) FILTER (WHERE abs(r.best_strength - b.strength) > 1e-12) AS strength_differs
FROM best b FULL JOIN reach(md5('n0')::uuid, 4) r ON r.account_id = b.id;
-- every path is made of edges, starts and ends where it should, and has its strength
SELECT count(*) AS broken
FROM reach(md5('n0')::uuid, 4) r
WHERE via[1] <> md5('n0')::uuid OR via[cardinality(via)] <> account_id OR cardinality(via) - 1 NOT BETWEEN hops AND 4
	OR abs(best_strength - (SELECT exp(sum(ln(max)))
		FROM generate_series(1, cardinality(via) - 1) s,
			LATERAL (SELECT max(strength::float8) FROM affiliation WHERE from_account_id = via[s] AND to_account_id = via[s + 1]) e)) > 1e-9;
-- the nearest first
SELECT bool_and(hops >= before) AS sorted FROM (SELECT hops, lag(hops, 1, 0) OVER () AS before FROM reach(md5('n0')::uuid, NULL, at => '2026-03-02')) r;
-- ways of very different lengths, next to one another: 0 to 19 in a row, with weak short cuts
INSERT INTO account (account_id, kind, name, country_code)
SELECT md5('row' || i)::uuid, 'hcp', 'row' || i, 'US' FROM generate_series(0, 19) i;
INSERT INTO affiliation (from_account_id, to_account_id, kind, strength)
SELECT md5('row' || i)::uuid, md5('row' || i + 1)::uuid, 'referral', 1 FROM generate_series(0, 18) i
UNION ALL
SELECT md5('row0')::uuid, md5('row' || i)::uuid, 'employment', 0.5 FROM generate_series(3, 19, 4) i;
SELECT hops, cardinality(via) AS length, array_dims(via), best_strength,
	via = ARRAY(SELECT md5('row' || i)::uuid FROM generate_series(0, cardinality(via) - 1) i) AS along_the_row,
	via[cardinality(via)] = account_id AS there
FROM reach(md5('row0')::uuid, NULL) ORDER BY 2;
-- a shorter bound leaves the short cuts
SELECT hops, cardinality(via) AS length, best_strength, count(*), bool_and(via[cardinality(via)] = account_id AND via[1] = md5('row0')::uuid) AS there
FROM reach(md5('row0')::uuid, 3) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
DROP SCHEMA crm CASCADE;
