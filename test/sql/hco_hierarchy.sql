-- Organisations stand in trees: cycles are refused, metrics roll up
SET client_min_messages = warning;
CALL lsce.create_model('crm', false);
SET search_path = crm, lsce, public;
INSERT INTO country VALUES ('US', 'United States', 'America/New_York');
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql
RETURN ('00000000-0000-7000-8000-0000000000' || to_hex(ascii(name)))::uuid;
CREATE FUNCTION pg_temp.name(id uuid) RETURNS text LANGUAGE sql
RETURN chr(('x' || right(id::text, 2))::bit(8)::int);
INSERT INTO account (account_id, kind, name, country_code)
SELECT pg_temp.id(n), CASE WHEN n < 'a' COLLATE "C" THEN 'hco' ELSE 'hcp' END, 'Name of ' || n, 'US'
FROM unnest('{a,b,c,d,I,N,H,K,C,D,X,Y}'::text[]) n;
-- a network (I) of hospitals (H, K) with clinics (C, D), and X alone; N stands above, but is no organisation itself
INSERT INTO hco (account_id, hco_type, parent_id) VALUES
	(pg_temp.id('I'), 'idn', pg_temp.id('N')), (pg_temp.id('H'), 'hospital', pg_temp.id('I')), (pg_temp.id('K'), 'hospital', pg_temp.id('I')),
	(pg_temp.id('C'), 'clinic', pg_temp.id('H')), (pg_temp.id('D'), 'clinic', pg_temp.id('H')), (pg_temp.id('X'), 'clinic', NULL);

-- a cycle is refused, however long, and named
UPDATE hco SET parent_id = pg_temp.id('C') WHERE account_id = pg_temp.id('I');
UPDATE hco SET parent_id = pg_temp.id('D') WHERE account_id = pg_temp.id('H');
\set VERBOSITY sqlstate
UPDATE hco SET parent_id = account_id WHERE account_id = pg_temp.id('H');
\set VERBOSITY default
-- an insert can close one, too: N is above I already
INSERT INTO hco (account_id, hco_type, parent_id) VALUES (pg_temp.id('N'), 'idn', pg_temp.id('D'));
-- several rows of one statement count together
UPDATE hco SET parent_id = CASE account_id WHEN pg_temp.id('C') THEN pg_temp.id('D') ELSE pg_temp.id('C') END
WHERE account_id IN (pg_temp.id('C'), pg_temp.id('D'));
-- turning a branch round in one statement is no cycle
UPDATE hco SET parent_id = CASE account_id WHEN pg_temp.id('H') THEN pg_temp.id('C') ELSE pg_temp.id('I') END
WHERE account_id IN (pg_temp.id('H'), pg_temp.id('C'));
UPDATE hco SET parent_id = CASE account_id WHEN pg_temp.id('H') THEN pg_temp.id('I') ELSE pg_temp.id('H') END
WHERE account_id IN (pg_temp.id('H'), pg_temp.id('C'));
SELECT pg_temp.name(account_id), pg_temp.name(parent_id) FROM hco ORDER BY account_id;
-- what the parent is not part of is not asked
UPDATE hco SET hco_type = 'clinic' WHERE account_id = pg_temp.id('X');
\set VERBOSITY sqlstate
UPDATE hco SET parent_id = pg_temp.id('C') WHERE account_id = pg_temp.id('I');
\set VERBOSITY default
-- a cycle that came in with triggers off does not hang the next one who joins it
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE hco SET parent_id = pg_temp.id('C') WHERE account_id = pg_temp.id('I');
SET LOCAL session_replication_role = origin;
SAVEPOINT s;
UPDATE hco SET parent_id = pg_temp.id('K') WHERE account_id = pg_temp.id('X');
ROLLBACK TO s;
-- nor does the roll-up
SELECT pg_temp.name(account_id), total FROM hco_rollup('organisations', at => '2026-03-02') ORDER BY 1;
ROLLBACK;
-- the trigger function is for triggers of this table
\set VERBOSITY sqlstate
SELECT lsce.hco_hierarchy();
CREATE TABLE public.regress_tree (account_id uuid, parent_id uuid);
CREATE TRIGGER t AFTER INSERT ON public.regress_tree FOR EACH ROW EXECUTE FUNCTION lsce.hco_hierarchy();
INSERT INTO public.regress_tree VALUES (pg_temp.id('a'), pg_temp.id('b'));
\set VERBOSITY default
DROP TABLE public.regress_tree;

-- roll-up: a professional in two hospitals of a network counts once there
INSERT INTO affiliation (from_account_id, to_account_id, kind, valid_from, valid_to)
SELECT pg_temp.id(f), pg_temp.id(t), k, vf, vt FROM (VALUES
	('a', 'H', 'employment', DATE '2020-01-01', DATE '9999-12-31'), ('a', 'K', 'admitting', '2020-01-01', '9999-12-31'),
	('a', 'H', 'consulting', '2020-01-01', '9999-12-31'), ('b', 'C', 'employment', '2020-01-01', '9999-12-31'),
	('c', 'D', 'employment', '2020-01-01', '2026-01-01'), ('d', 'X', 'employment', '2020-01-01', '9999-12-31'),
	('H', 'a', 'influence', '2020-01-01', '9999-12-31'), ('H', 'K', 'referral', '2020-01-01', '9999-12-31')) v(f, t, k, vf, vt);
SELECT pg_temp.name(account_id), pg_temp.name(parent_account_id) AS parent, depth, own, total FROM hco_rollup(at => '2026-03-02');
SELECT pg_temp.name(account_id), depth, own, total FROM hco_rollup('professionals', at => '2025-12-31') WHERE depth <= 1;
SELECT pg_temp.name(account_id), own, total FROM hco_rollup('organisations', at => '2026-03-02');
-- an affiliation between two organisations of a network counts once there
SELECT pg_temp.name(account_id), own, total FROM hco_rollup('affiliations', at => '2026-03-02');
-- from one organisation down
SELECT pg_temp.name(account_id), pg_temp.name(parent_account_id) AS parent, depth, own, total FROM hco_rollup('professionals', pg_temp.id('H'), '2026-03-02');
SELECT pg_temp.name(account_id), depth, own, total FROM hco_rollup('professionals', pg_temp.id('X'), '2026-03-02');
-- ratings: those of the organisation itself, on the day
INSERT INTO account_rating (account_id, scheme, value, valid_from, valid_to) VALUES
	(pg_temp.id('H'), 'potential', 10.5, '2020-01-01', '9999-12-31'), (pg_temp.id('C'), 'potential', 2, '2020-01-01', '9999-12-31'),
	(pg_temp.id('D'), 'potential', 4, '2020-01-01', '2026-01-01'), (pg_temp.id('K'), 'other', 100, '2020-01-01', '9999-12-31');
SELECT pg_temp.name(account_id), own, total FROM hco_rollup('rating:potential', pg_temp.id('I'), '2026-03-02');
-- as it was known then
SELECT clock_timestamp() AS before \gset
UPDATE hco SET parent_id = NULL WHERE account_id = pg_temp.id('K');
DELETE FROM affiliation WHERE to_account_id = pg_temp.id('C');
SELECT pg_temp.name(account_id), total FROM hco_rollup('professionals', pg_temp.id('I'), '2026-03-02');
SELECT pg_temp.name(account_id), total FROM hco_rollup('professionals', pg_temp.id('I'), '2026-03-02', :'before');
-- ratings changed, withdrawn and given since
UPDATE account_rating SET value = 20 WHERE account_id = pg_temp.id('H');
DELETE FROM account_rating WHERE account_id = pg_temp.id('C');
INSERT INTO account_rating (account_id, scheme, value) VALUES (pg_temp.id('D'), 'potential', 7), (pg_temp.id('X'), 'potential', 9);
SELECT pg_temp.name(account_id), own, total FROM hco_rollup('rating:potential', at => '2026-03-02');
SELECT count(*) AS now, count(*) FILTER (WHERE n.* IS DISTINCT FROM k.*) AS differ
FROM hco_rollup('rating:potential', at => '2026-03-02') AS n
FULL JOIN hco_rollup('rating:potential', at => '2026-03-02', known_at => clock_timestamp()) AS k USING (account_id);
SELECT pg_temp.name(account_id), own, total FROM hco_rollup('rating:potential', at => '2026-03-02', known_at => :'before');
-- what means nothing is refused
SELECT * FROM hco_rollup('profit');
SELECT * FROM hco_rollup(NULL);
SELECT * FROM hco_rollup('rating:');
\set VERBOSITY sqlstate
SELECT * FROM hco_rollup(root => pg_temp.id('z'));
\set VERBOSITY default

-- a chain of 300 is no problem; closing it is seen, and named in part
INSERT INTO account (account_id, kind, name, country_code)
SELECT ('00000000-0000-7000-a000-' || lpad(i::text, 12, '0'))::uuid, 'hco', 'chain ' || i, 'US' FROM generate_series(1, 300) i;
INSERT INTO hco (account_id, hco_type)
SELECT ('00000000-0000-7000-a000-' || lpad(i::text, 12, '0'))::uuid, 'clinic' FROM generate_series(1, 300) i;
ALTER TABLE hco DISABLE TRIGGER hierarchy_update;
UPDATE hco SET parent_id = ('00000000-0000-7000-a000-' || lpad((right(account_id::text, 12)::int + 1)::text, 12, '0'))::uuid
WHERE account_id BETWEEN '00000000-0000-7000-a000-000000000001' AND '00000000-0000-7000-a000-000000000299';
ALTER TABLE hco ENABLE TRIGGER hierarchy_update;
UPDATE hco SET parent_id = '00000000-0000-7000-a000-000000000001' WHERE account_id = '00000000-0000-7000-a000-000000000300';
UPDATE hco SET parent_id = pg_temp.id('X') WHERE account_id = '00000000-0000-7000-a000-000000000300';
SELECT depth, own, total FROM hco_rollup('organisations', pg_temp.id('X'), '2026-03-02') WHERE depth IN (0, 1, 300);
-- an organisation that was merged counts as its survivor, also as it was known before
INSERT INTO account (account_id, kind, name, country_code)
SELECT ('00000000-0000-7000-b000-' || lpad(i::text, 12, '0'))::uuid, 'hco', 'twin ' || i, 'US' FROM generate_series(1, 4) i;
INSERT INTO hco (account_id, hco_type, parent_id)
SELECT ('00000000-0000-7000-b000-' || lpad(i::text, 12, '0'))::uuid, 'clinic', ('00000000-0000-7000-b000-' || lpad(above::text, 12, '0'))::uuid
FROM (VALUES (1, NULL), (2, 1), (3, 1), (4, 3)) AS tree (i, above);
INSERT INTO account_rating (account_id, scheme, value) VALUES
	('00000000-0000-7000-b000-000000000002', 'potential', 1), ('00000000-0000-7000-b000-000000000003', 'potential', 10),
	('00000000-0000-7000-b000-000000000003', 'reach', 5), ('00000000-0000-7000-b000-000000000004', 'potential', 100);
SELECT clock_timestamp() AS before \gset
SELECT merge_account('00000000-0000-7000-b000-000000000002', '00000000-0000-7000-b000-000000000003', 'one clinic') IS NOT NULL AS merged;
SELECT right(account_id::text, 1) AS id, right(parent_account_id::text, 1) AS parent, own, total FROM hco_rollup('organisations', '00000000-0000-7000-b000-000000000001', '2026-03-02');
SELECT right(account_id::text, 1) AS id, depth, total FROM hco_rollup('organisations', '00000000-0000-7000-b000-000000000003', '2026-03-02');
SELECT right(account_id::text, 1) AS id, right(parent_account_id::text, 1) AS parent, own, total FROM hco_rollup('organisations', '00000000-0000-7000-b000-000000000001', '2026-03-02', :'before');
-- so do ratings; what both had been given counts once, as the survivor had it
SELECT metric, right(account_id::text, 1) AS id, n.own AS own_now, n.total AS total_now, b.own AS own_before, b.total AS total_before
FROM (VALUES ('rating:potential'), ('rating:reach')) AS m (metric),
	hco_rollup(metric, '00000000-0000-7000-b000-000000000001', '2026-03-02') AS n
	JOIN hco_rollup(metric, '00000000-0000-7000-b000-000000000001', '2026-03-02', :'before') AS b USING (account_id)
ORDER BY 1, 2;
CALL lsce.drop_model('crm', 'crm');
