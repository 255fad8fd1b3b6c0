-- The same answers by index scans and through SPI, and when scans are not used
SET client_min_messages = warning;
CALL lsce.create_model('crm', false);
SET search_path = crm, lsce, public;
INSERT INTO country VALUES ('US', 'United States', 'America/New_York');
CREATE FUNCTION pg_temp.id(i int) RETURNS uuid LANGUAGE sql RETURN md5('n' || i)::uuid;
INSERT INTO account (account_id, kind, name, country_code)
SELECT pg_temp.id(i), CASE WHEN i % 10 = 0 THEN 'hco' ELSE 'hcp' END, 'n' || i, 'US' FROM generate_series(0, 999) i;
INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, kind, strength, direction, valid_from, valid_to)
SELECT md5('e' || i)::uuid, pg_temp.id(f), pg_temp.id(t),
	(ARRAY['employment', 'referral', 'influence', 'membership'])[1 + i % 4], 0.1 * (1 + i % 10),
	(ARRAY['unidirectional', 'unidirectional', 'bidirectional', 'neutral'])[1 + i / 7 % 4],
	DATE '2020-01-01' + i % 1000, CASE WHEN i % 5 = 0 THEN DATE '2024-01-01' + i % 2000 ELSE DATE '9999-12-31' END
FROM (SELECT i, ('x' || left(md5('f' || i), 7))::bit(28)::int % 1000 AS f, ('x' || left(md5('t' || i), 7))::bit(28)::int % 1000 AS t
	FROM generate_series(1, 4000) i) v WHERE f <> t;
-- a hub, whose edges all have the same strength: ties are broken alike
INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, kind, strength)
SELECT md5('h' || i)::uuid, pg_temp.id(i), pg_temp.id(0), 'employment', 0.5 FROM generate_series(1, 900) i ON CONFLICT DO NOTHING;
INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, kind, strength)
SELECT md5('g' || i)::uuid, pg_temp.id(0), pg_temp.id(i), 'influence', 0.5 FROM generate_series(500, 999) i ON CONFLICT DO NOTHING;
UPDATE account SET status = 'merged', survivor_id = pg_temp.id(1) WHERE account_id = pg_temp.id(999);
INSERT INTO product (product_id, code, name, type) VALUES (pg_temp.id(-1), 'P', 'P', 'brand');
INSERT INTO affiliation_product (affiliation_id, product_id, strength)
SELECT affiliation_id, pg_temp.id(-1), 1 FROM affiliation WHERE kind = 'referral';

-- every function with every kind of filter, as one text per answer
CREATE FUNCTION pg_temp.answers() RETURNS TABLE (question text, answer text) LANGUAGE sql AS $$
	SELECT format('reach %s %s %s %s', i, d, k, h), (SELECT md5(string_agg(r::text, ',' ORDER BY r.account_id)) || ' ' || count(*)
		FROM crm.reach(pg_temp.id(i), h, k, NULL, '2026-03-02', 0, NULL, d) r)
	FROM unnest('{0,1,500,999}'::int[]) i, unnest('{out,in,any}'::text[]) d, (VALUES (NULL::text[]), ('{referral,influence}')) k(k), unnest('{1,3}'::int[]) h
	UNION ALL
	SELECT format('reach unbounded %s', at), (SELECT md5(string_agg(r::text, ',' ORDER BY r.account_id)) || ' ' || count(*)
		FROM crm.reach(pg_temp.id(1), NULL, NULL, NULL, at::date, 0.05) r)
	FROM unnest('{2019-12-31,2021-01-01,2025-06-30}'::text[]) at
	UNION ALL
	SELECT 'reach for a product', (SELECT md5(string_agg(r::text, ',' ORDER BY r.account_id)) FROM crm.reach(pg_temp.id(1), 3, NULL, pg_temp.id(-1), '2026-03-02') r)
	UNION ALL
	SELECT format('path %s %s %s', i, d, by), (SELECT string_agg(p::text, ',' ORDER BY step)
		FROM crm.shortest_path(pg_temp.id(i), pg_temp.id(700 + i), 8, '2026-03-02', NULL, NULL, NULL, d, by) p)
	FROM generate_series(1, 20) i, unnest('{out,in,any}'::text[]) d, unnest('{hops,strength}'::text[]) by
	UNION ALL
	SELECT format('rank %s', d), (SELECT md5(string_agg(r::text, ',' ORDER BY rank)) FROM crm.influence_rank(at => '2026-03-02', direction => d) r)
	FROM unnest('{out,in,any}'::text[]) d
	UNION ALL
	SELECT format('components %s', k), (SELECT md5(string_agg(c::text, ',' ORDER BY c.account_id)) || ' ' || max(component) FROM crm.affiliation_components(k, '2026-03-02') c)
	FROM (VALUES (NULL::text[]), ('{employment}'), ('{}')) k(k)
	UNION ALL
	SELECT format('communities %s', m), (SELECT md5(string_agg(c::text, ',' ORDER BY c.account_id)) FROM crm.communities(at => '2026-03-02', method => m) c)
	FROM unnest('{modularity,label_propagation}'::text[]) m
$$;
-- how often the two indexes were scanned in this transaction
CREATE FUNCTION pg_temp.scans() RETURNS bigint LANGUAGE sql AS $$
	SELECT coalesce(sum(pg_stat_get_xact_numscans(to_regclass('crm.' || name))), 0)
	FROM unnest('{affiliation_from_idx,affiliation_to_idx}'::text[]) name
$$;
CREATE FUNCTION pg_temp.direct(question text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	before bigint := pg_temp.scans();
BEGIN
	-- no plan of SPI scans an index
	PERFORM set_config('enable_indexscan', 'off', true), set_config('enable_indexonlyscan', 'off', true), set_config('enable_bitmapscan', 'off', true);
	DISCARD PLANS;
	EXECUTE question;
	PERFORM set_config('enable_indexscan', 'on', true), set_config('enable_indexonlyscan', 'on', true), set_config('enable_bitmapscan', 'on', true);
	DISCARD PLANS;
	RETURN pg_temp.scans() > before;
END $$;

SHOW lsce.direct_access;
CREATE TEMP TABLE direct AS SELECT * FROM pg_temp.answers();
VACUUM affiliation;
CREATE TEMP TABLE direct_vacuumed AS SELECT * FROM pg_temp.answers();
SET lsce.direct_access = off;
CREATE TEMP TABLE spi AS SELECT * FROM pg_temp.answers();
RESET lsce.direct_access;
SELECT count(*) AS questions, count(s.answer) AS answers,
	count(*) FILTER (WHERE d.answer IS DISTINCT FROM s.answer) AS differ,
	count(*) FILTER (WHERE v.answer IS DISTINCT FROM s.answer) AS differ_vacuumed
FROM direct d FULL JOIN spi s USING (question) FULL JOIN direct_vacuumed v USING (question);

-- the scans are used when they may be, and not else
SELECT pg_temp.direct('SELECT FROM crm.reach(pg_temp.id(1), 2, at => ''2026-03-02'')');
SELECT pg_temp.direct('SELECT FROM crm.shortest_path(pg_temp.id(1), pg_temp.id(2), at => ''2026-03-02'')');
SELECT pg_temp.direct('SELECT FROM crm.reach(pg_temp.id(1), 2, at => ''2026-03-02'', known_at => now())') AS known_at;
SELECT pg_temp.direct('SELECT FROM crm.reach(pg_temp.id(1), 2, at => ''2026-03-02'', product_id => pg_temp.id(-1))') AS product;
BEGIN;
SET LOCAL lsce.direct_access = off;
SELECT pg_temp.direct('SELECT FROM crm.reach(pg_temp.id(1), 2, at => ''2026-03-02'')') AS switched_off;
ROLLBACK;
-- so is the index of accounts, for the start of a walk and both ends of a path
CREATE FUNCTION pg_temp.looks_up(question text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint := pg_stat_get_xact_numscans('crm.account_pkey'::regclass);
BEGIN
	-- no plan of SPI scans an index
	PERFORM set_config('enable_indexscan', 'off', true), set_config('enable_indexonlyscan', 'off', true), set_config('enable_bitmapscan', 'off', true);
	DISCARD PLANS;
	EXECUTE question;
	PERFORM set_config('enable_indexscan', 'on', true), set_config('enable_indexonlyscan', 'on', true), set_config('enable_bitmapscan', 'on', true);
	DISCARD PLANS;
	RETURN pg_stat_get_xact_numscans('crm.account_pkey'::regclass) - before;
END $$;
SELECT pg_temp.looks_up('SELECT FROM crm.reach(pg_temp.id(1), 2, at => ''2026-03-02'')') AS reach,
	pg_temp.looks_up('SELECT FROM crm.reach(pg_temp.id(1), 2, at => ''2026-03-02'', known_at => now())') AS known_at,
	pg_temp.looks_up('SELECT FROM crm.shortest_path(pg_temp.id(1), pg_temp.id(2), at => ''2026-03-02'')') AS path;
BEGIN;
SET LOCAL lsce.direct_access = off;
SELECT pg_temp.looks_up('SELECT FROM crm.reach(pg_temp.id(1), 2, at => ''2026-03-02'')') AS switched_off;
ROLLBACK;
-- an answer, and whether it came from scans
CREATE FUNCTION pg_temp.same(OUT direct boolean, OUT same boolean) LANGUAGE plpgsql AS $$
BEGIN
	direct := pg_temp.direct('SELECT FROM crm.reach(pg_temp.id(1), 2, at => ''2026-03-02'', direction => ''any'')');
	same := (SELECT bool_and(s.answer = (SELECT md5(string_agg(r::text, ',' ORDER BY r.account_id)) || ' ' || count(*)
			FROM crm.reach(pg_temp.id(1), 3, NULL, NULL, '2026-03-02', 0, NULL, d) r))
		FROM unnest('{out,in,any}'::text[]) d JOIN spi s ON s.question = format('reach 1 %s  3', d));
END $$;
SELECT * FROM pg_temp.same();
-- no index of the name, or another one
BEGIN; DROP INDEX affiliation_from_idx; SELECT * FROM pg_temp.same(); ROLLBACK;
BEGIN; ALTER INDEX affiliation_to_idx RENAME TO another; CREATE INDEX affiliation_to_idx ON affiliation (to_account_id); SELECT * FROM pg_temp.same(); ROLLBACK;
BEGIN; DROP INDEX affiliation_to_idx;
CREATE INDEX affiliation_to_idx ON affiliation (to_account_id) INCLUDE (from_account_id, affiliation_id, strength, kind, direction, valid_from, valid_to) WHERE kind = 'referral';
SELECT * FROM pg_temp.same(); ROLLBACK;
BEGIN; DROP INDEX affiliation_to_idx;
CREATE INDEX affiliation_to_idx ON affiliation (from_account_id) INCLUDE (to_account_id, affiliation_id, strength, kind, direction, valid_from, valid_to);
SELECT * FROM pg_temp.same(); ROLLBACK;
-- the partial index is another one: the whole one is scanned instead
BEGIN; DROP INDEX affiliation_to_both_idx;
CREATE INDEX affiliation_to_both_idx ON affiliation (to_account_id) INCLUDE (from_account_id, affiliation_id, strength, kind, direction, valid_from, valid_to) WHERE direction = 'neutral';
SELECT * FROM pg_temp.same(); ROLLBACK;
BEGIN; DROP INDEX affiliation_to_both_idx; SELECT * FROM pg_temp.same(); ROLLBACK;
-- an index that is not valid
BEGIN; UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'affiliation_from_idx'::regclass; SELECT * FROM pg_temp.same(); ROLLBACK;
-- a table that inherits from it has rows of its own
BEGIN; CREATE TABLE child () INHERITS (affiliation); SELECT * FROM pg_temp.same(); ROLLBACK;
-- more columns, in the table and in the index
BEGIN; ALTER TABLE affiliation ADD COLUMN note text DEFAULT 'x'; DROP INDEX affiliation_from_idx;
CREATE INDEX affiliation_from_idx ON affiliation (from_account_id) INCLUDE (note, valid_to, valid_from, direction, kind, strength, affiliation_id, to_account_id);
SELECT * FROM pg_temp.same(); ROLLBACK;
-- what the transaction itself did counts, and is undone with it
BEGIN;
DELETE FROM affiliation_product;
DELETE FROM affiliation WHERE from_account_id = pg_temp.id(1) OR to_account_id = pg_temp.id(1);
SELECT count(*) FROM reach(pg_temp.id(1), 3, at => '2026-03-02');
INSERT INTO affiliation (from_account_id, to_account_id, kind) VALUES (pg_temp.id(1), pg_temp.id(0), 'referral');
SELECT count(*) FROM reach(pg_temp.id(1), 1, at => '2026-03-02');
ROLLBACK;
SELECT * FROM pg_temp.same();

-- other users: scans for who may read the whole table, never past row security
CREATE ROLE regress_graph_reader;
GRANT USAGE ON SCHEMA crm TO regress_graph_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA crm TO regress_graph_reader;
GRANT SELECT ON crm.account TO regress_graph_reader;
CREATE FUNCTION pg_temp.as_reader() RETURNS TABLE (reached bigint, direct boolean) LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL ROLE regress_graph_reader;
	direct := pg_temp.direct('SELECT FROM crm.reach(pg_temp.id(1), 1, at => ''2026-03-02'', direction => ''any'')');
	SELECT count(*) INTO reached FROM crm.reach(pg_temp.id(1), 1, at => '2026-03-02', direction => 'any');
	RETURN NEXT;
	RESET ROLE;
END $$;
SELECT count(*) FROM reach(pg_temp.id(1), 1, at => '2026-03-02', direction => 'any');
ALTER TABLE account DISABLE ROW LEVEL SECURITY;
ALTER TABLE affiliation DISABLE ROW LEVEL SECURITY;
-- no right at all
\set VERBOSITY sqlstate
BEGIN; SELECT * FROM pg_temp.as_reader(); ROLLBACK;
-- on some columns
BEGIN; GRANT SELECT (from_account_id, to_account_id) ON affiliation TO regress_graph_reader; SELECT * FROM pg_temp.as_reader(); ROLLBACK;
\set VERBOSITY default
BEGIN;
GRANT SELECT (from_account_id, to_account_id, affiliation_id, strength, kind, direction, valid_from, valid_to) ON affiliation TO regress_graph_reader;
SELECT * FROM pg_temp.as_reader(); ROLLBACK;
-- on all
GRANT SELECT ON affiliation TO regress_graph_reader;
SELECT * FROM pg_temp.as_reader();
-- row security
ALTER TABLE affiliation ENABLE ROW LEVEL SECURITY;
CREATE POLICY regress_some ON affiliation TO regress_graph_reader USING (kind = 'referral');
DROP POLICY IF EXISTS a_whole_view ON affiliation;
DROP POLICY IF EXISTS b_own_view ON affiliation;
SELECT * FROM pg_temp.as_reader();
SELECT count(*) FROM reach(pg_temp.id(1), 1, '{referral}', at => '2026-03-02', direction => 'any');
BEGIN; SET LOCAL row_security = off;
\set VERBOSITY sqlstate
SELECT * FROM pg_temp.as_reader();
\set VERBOSITY default
ROLLBACK;
-- whole-graph functions keep to it, too
CREATE FUNCTION pg_temp.groups() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	SET LOCAL ROLE regress_graph_reader;
	SELECT count(DISTINCT component) INTO n FROM crm.affiliation_components(at => '2026-03-02');
	RESET ROLE;
	RETURN n;
END $$;
SELECT pg_temp.groups() = count(DISTINCT component) AS same FROM affiliation_components('{referral}', '2026-03-02');
SELECT pg_temp.groups() > count(DISTINCT component) AS more FROM affiliation_components(at => '2026-03-02');

-- a star of 200,000 affiliations: bounded, and stopped when asked to.  Nothing
-- but the graph matters here: neither history nor foreign keys
SET session_replication_role = replica;
INSERT INTO account (account_id, kind, name, country_code) SELECT md5('s' || i)::uuid, 'hcp', 's', 'US' FROM generate_series(1, 200000) i;
ALTER TABLE affiliation DROP CONSTRAINT affiliation_no_overlap;
INSERT INTO affiliation (from_account_id, to_account_id, kind) SELECT pg_temp.id(998), md5('s' || i)::uuid, 'influence' FROM generate_series(1, 200000) i;
RESET session_replication_role;
SELECT count(*) >= 200000 AS whole FROM reach(pg_temp.id(998), 1, at => '2026-03-02');
SELECT string_agg(step::text, ',' ORDER BY step) FROM shortest_path(md5('s77')::uuid, md5('s78')::uuid, at => '2026-03-02', direction => 'any');
SET lsce.direct_access = off;
SELECT count(*) >= 200000 AS whole FROM reach(pg_temp.id(998), 1, at => '2026-03-02');
RESET lsce.direct_access;
SELECT count(*) >= 200000 AS whole FROM communities(at => '2026-03-02') GROUP BY community ORDER BY count(*) DESC LIMIT 1;
\set VERBOSITY sqlstate
SET statement_timeout = '20ms';
SELECT count(*) FROM reach(pg_temp.id(998), NULL, at => '2026-03-02', direction => 'any');
SELECT count(*) FROM influence_rank(at => '2026-03-02');
SELECT count(*) FROM communities(at => '2026-03-02');
SELECT count(*) FROM communities(at => '2026-03-02', method => 'label_propagation', max_rounds => 2147483647);
SELECT count(*) FROM affiliation_components(at => '2026-03-02');
SELECT count(*) FROM shortest_path(pg_temp.id(998), pg_temp.id(3), NULL, '2026-03-02', by => 'strength');
SELECT count(*) FROM shortest_path(md5('s77')::uuid, pg_temp.id(999), NULL, '2026-03-02', direction => 'any');
SELECT count(*) FROM peers(pg_temp.id(998), max_hops => 3, at => '2026-03-02');
SELECT length(affiliation_dot(pg_temp.id(998), 3, '2026-03-02', lim => NULL));
SET lsce.direct_access = off;
SELECT count(*) FROM reach(pg_temp.id(998), NULL, at => '2026-03-02', direction => 'any');
SELECT count(*) FROM influence_rank(at => '2026-03-02');
RESET lsce.direct_access;
RESET statement_timeout;
\set VERBOSITY default

-- who asks about a few accounts does not read everybody's affiliations
ANALYZE affiliation;
CREATE FUNCTION pg_temp.reads_all(question text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	before bigint := pg_stat_get_xact_numscans('crm.affiliation'::regclass);
BEGIN
	EXECUTE question;
	RETURN pg_stat_get_xact_numscans('crm.affiliation'::regclass) > before;
END $$;
SELECT pg_temp.reads_all($$SELECT FROM crm.reach(pg_temp.id(1), 1, at => '2026-03-02', known_at => now())$$) AS known_at,
	pg_temp.reads_all($$SELECT FROM crm.reach(pg_temp.id(1), 1, at => '2026-03-02', product_id => pg_temp.id(-1))$$) AS product,
	pg_temp.reads_all($$SELECT FROM crm.shortest_path(pg_temp.id(1), pg_temp.id(2), 2, '2026-03-02', known_at => now())$$) AS path,
	pg_temp.reads_all($$SELECT FROM crm.common_affiliations(pg_temp.id(1), pg_temp.id(2), '2026-03-02')$$) AS common,
	pg_temp.reads_all($$SELECT crm.affiliation_dot(pg_temp.id(1), 1, '2026-03-02', lim => 3)$$) AS picture,
	pg_temp.reads_all($$SELECT FROM crm.affiliation_components(at => '2026-03-02')$$) AS whole;

-- 10,000 calls leave no memory behind, be they answered, refused or empty
CREATE FUNCTION pg_temp.calls(n int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	found bigint := 0;
BEGIN
	FOR i IN 1..n LOOP
		found := found + (SELECT count(*) FROM crm.reach(pg_temp.id(i % 900), 1, at => '2026-03-02'));
		found := found + (SELECT count(*) FROM crm.shortest_path(pg_temp.id(i % 900), pg_temp.id(i % 899), 2, '2026-03-02'));
		IF i % 20 = 0 THEN
			BEGIN
				PERFORM FROM crm.reach(pg_temp.id(-5));
			EXCEPTION WHEN OTHERS THEN
				found := found + 1;
			END;
		END IF;
	END LOOP;
	RETURN found;
END $$;
CREATE FUNCTION pg_temp.memory() RETURNS bigint LANGUAGE sql AS 'SELECT sum(total_bytes) FROM pg_backend_memory_contexts';
CREATE FUNCTION pg_temp.grown(n int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint;
	after bigint;
BEGIN
	before := pg_temp.memory();
	PERFORM pg_temp.calls(n);
	after := pg_temp.memory();
	RETURN after - before;
END $$;
-- plans are made, and made generic, in the first calls; measuring takes some, too
SELECT pg_temp.grown(1000) IS NOT NULL AS warm;
SELECT pg_temp.grown(10) AS measuring \gset
SELECT pg_temp.grown(10000) - :measuring <= 65536 AS flat;
SET lsce.direct_access = off;
SELECT pg_temp.grown(1000) IS NOT NULL AS warm;
SELECT pg_temp.grown(10) AS measuring \gset
SELECT pg_temp.grown(3000) - :measuring <= 65536 AS flat;
RESET lsce.direct_access;
SELECT count(*) FROM pg_backend_memory_contexts WHERE name IN ('lsce reach', 'lsce shortest path', 'lsce graph');

DROP OWNED BY regress_graph_reader;
CALL lsce.drop_model('crm', 'crm');
DROP ROLE regress_graph_reader;
