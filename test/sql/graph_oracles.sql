-- Graphs whose answers others computed: karate club, kite, e-mail of a research
-- institute and the physicians of Coleman (igraph, networkx), the validation
-- graphs of LDBC Graphalytics, the dated memberships of English practices
-- (sqlite), and professionals who share a site (igraph).  Without the shared
-- data the test is skipped.
\getenv shared LSCE_SHARED
\if :{?shared}
\set have `test -r "$LSCE_SHARED/data/graph/karate_edges.csv" && echo true || echo false`
\else
\set have false
\endif
\if :have
\else
\echo skipped: no shared data
\quit
\endif
SET client_min_messages = warning;
CALL lsce.create_model('crm', false);
SET search_path = crm, lsce, public;
INSERT INTO country VALUES ('US', 'United States', 'America/New_York');
CREATE TEMP TABLE edge (f text, t text, w real DEFAULT 1, vf date DEFAULT '0001-01-01', vt date DEFAULT '9999-12-31');
CREATE TEMP TABLE node (n text);
-- a node's id: numbers keep their order, names get any; the numbers stand in front,
-- because the index of the exclusion constraint tells uuids by their first half
CREATE FUNCTION pg_temp.id(n text) RETURNS uuid LANGUAGE sql RETURN
	CASE WHEN n ~ '^\d{1,12}$' THEN (lpad(n, 12, '0') || '70008000000000000000')::uuid ELSE md5(n)::uuid END;
-- load the nodes and edges, without self loops and repetitions
CREATE FUNCTION pg_temp.load(directed boolean, OUT nodes bigint, OUT edges bigint) LANGUAGE plpgsql AS $$
BEGIN
	ALTER TABLE crm.affiliation DISABLE TRIGGER USER;
	INSERT INTO crm.account (account_id, kind, name, country_code)
	SELECT pg_temp.id(n), 'hcp', n, 'US' FROM (SELECT n FROM node UNION SELECT f FROM edge UNION SELECT t FROM edge) n(n);
	GET DIAGNOSTICS nodes = ROW_COUNT;
	INSERT INTO crm.affiliation (from_account_id, to_account_id, kind, strength, direction, valid_from, valid_to)
	SELECT DISTINCT ON (least(f, t) || '|' || greatest(f, t), CASE WHEN directed THEN f END, vf)
		pg_temp.id(f), pg_temp.id(t), 'referral', w, CASE WHEN directed THEN 'unidirectional' ELSE 'bidirectional' END, vf, vt
	FROM edge WHERE f <> t;
	GET DIAGNOSTICS edges = ROW_COUNT;
END $$;
-- compare with the answers in a file of expected/
CREATE FUNCTION pg_temp.differences(expected jsonb) RETURNS TABLE (what text, checked bigint, differ bigint) LANGUAGE sql AS $$
	SELECT 'nodes and edges', 2, ((expected ->> 'nodes')::int <> (SELECT count(*) FROM crm.account))::int
		+ ((expected ->> 'simple_edges')::int <> (SELECT count(*) FROM crm.affiliation))::int
	UNION ALL
	SELECT 'component sizes', jsonb_array_length(expected -> 'weak_component_sizes_top10') + 1,
		((expected ->> 'weak_components')::int <> (SELECT count(DISTINCT component) FROM crm.affiliation_components()))::int
		+ (SELECT count(*) FILTER (WHERE e.size::int IS DISTINCT FROM c.size)
			FROM jsonb_array_elements_text(expected -> 'weak_component_sizes_top10') WITH ORDINALITY e(size, component)
			LEFT JOIN (SELECT component, count(*) AS size FROM crm.affiliation_components() GROUP BY 1) c USING (component))
	UNION ALL
	SELECT 'PageRank', count(*), count(*) FILTER (WHERE abs(r.score - (e.pair ->> 1)::float8) > 5e-9 OR r.score IS NULL)
	FROM jsonb_array_elements(expected -> 'pagerank_d085_top20') e(pair)
	LEFT JOIN crm.influence_rank() r ON r.account_id = pg_temp.id(e.pair ->> 0)
	UNION ALL
	SELECT 'order of PageRank', count(*), count(*) FILTER (WHERE r.score < (e.pair ->> 1)::float8 - 5e-9)
	FROM jsonb_array_elements(expected -> 'pagerank_d085_top20') WITH ORDINALITY e(pair, rank) LEFT JOIN crm.influence_rank() r USING (rank)
	UNION ALL
	SELECT 'accounts by hops', count(*), count(*) FILTER (WHERE h.n::bigint IS DISTINCT FROM r.n)
	FROM jsonb_each(expected -> 'bfs_from') s(start, answer), jsonb_each_text(s.answer -> 'nodes_at_hop') h(hop, n)
	LEFT JOIN LATERAL (SELECT CASE WHEN h.hop = '0' THEN 1 ELSE count(*) END AS n FROM crm.reach(pg_temp.id(s.start), NULL) r WHERE h.hop = '0' OR r.hops = h.hop::int) r ON true
	UNION ALL
	SELECT 'reachable accounts', count(*), count(*) FILTER (WHERE (s.answer ->> 'reachable')::bigint <> (SELECT count(*) FROM crm.reach(pg_temp.id(s.start), NULL))
		OR (s.answer ->> 'within_2')::bigint <> (SELECT count(*) FROM crm.reach(pg_temp.id(s.start), 2)))
	FROM jsonb_each(expected -> 'bfs_from') s(start, answer)
	UNION ALL
	SELECT 'path lengths', count(*), count(*) FILTER (WHERE (p.pair ->> 2)::bigint IS DISTINCT FROM
		(SELECT nullif(count(*), 0) - 1 FROM crm.shortest_path(pg_temp.id(p.pair ->> 0), pg_temp.id(p.pair ->> 1), NULL)))
	FROM jsonb_array_elements(expected -> 'shortest_path_len_pairs') p(pair)
$$;
-- modularity of the communities that were found
CREATE FUNCTION pg_temp.modularity(method text) RETURNS numeric LANGUAGE sql AS $$
	WITH c AS (SELECT * FROM crm.communities(method => modularity.method)),
		arc AS (SELECT x.community AS a, y.community AS b FROM crm.affiliation e
			JOIN c x ON x.account_id = e.from_account_id JOIN c y ON y.account_id = e.to_account_id)
	SELECT round(((SELECT count(*) FROM arc WHERE a = b)::numeric / (SELECT count(*) FROM arc))
		- (SELECT sum((n / (2.0 * (SELECT count(*) FROM arc))) ^ 2)
			FROM (SELECT count(*) AS n FROM (SELECT a FROM arc UNION ALL SELECT b FROM arc) e GROUP BY a) d), 4)
$$;
\cd :shared/data/graph

-- karate club
BEGIN;
\copy edge (f, t, w) FROM 'karate_edges.csv' CSV HEADER
UPDATE edge SET w = 1;
SELECT * FROM pg_temp.load(false);
\set expected `cat expected/karate_edges.json`
SELECT * FROM pg_temp.differences(:'expected');
-- the best partition known has modularity 0.4198
SELECT pg_temp.modularity('modularity') BETWEEN 0.41 AND 0.4198 AS good;
ROLLBACK;

-- kite
BEGIN;
\copy edge (f, t) FROM 'kite_edges.csv' CSV HEADER
SELECT * FROM pg_temp.load(false);
\set expected `cat expected/kite_edges.json`
SELECT * FROM pg_temp.differences(:'expected');
ROLLBACK;

-- e-mail: 25,571 directed edges, 642 of them to oneself
BEGIN;
\copy edge (f, t) FROM PROGRAM 'grep . email-Eu-core.txt' DELIMITER ' '
SELECT * FROM pg_temp.load(true);
\set expected `cat expected/email-Eu-core.json`
SELECT * FROM pg_temp.differences(:'expected');
SET LOCAL lsce.direct_access = off;
SELECT sum(differ) AS differ_through_spi FROM pg_temp.differences(:'expected');
ROLLBACK;

-- Coleman's physicians, one city at a time
CREATE TEMP TABLE nomination (city text, f text, t text, tie text, rank text);
\copy nomination FROM 'coleman_nominations.csv' CSV HEADER
CREATE TEMP TABLE result (city text, what text, checked bigint, differ bigint);
\set expected `cat expected/coleman.json`
CREATE TEMP TABLE coleman AS SELECT city, answer FROM jsonb_each(:'expected') c(city, answer);
DO $$
DECLARE
	c record;
BEGIN
	FOR c IN SELECT * FROM coleman ORDER BY city LOOP
		BEGIN
			INSERT INTO edge (f, t) SELECT f, t FROM nomination WHERE city = c.city;
			PERFORM pg_temp.load(true);
			RAISE EXCEPTION USING ERRCODE = 'P0099', MESSAGE = (SELECT jsonb_agg(d) FROM pg_temp.differences(c.answer) d)::text;
		EXCEPTION WHEN SQLSTATE 'P0099' THEN
			INSERT INTO result SELECT c.city, d.* FROM jsonb_to_recordset(SQLERRM::jsonb) d(what text, checked bigint, differ bigint);
		END;
	END LOOP;
END $$;
SELECT what, count(*) AS cities, sum(checked) > 0 AS checked, sum(differ) AS differ FROM result GROUP BY what ORDER BY what;

-- LDBC Graphalytics: every algorithm on the two examples
\cd ldbc_validation/example
CREATE TEMP TABLE answer (n text, value text);
-- weights are lengths: the strength of a path of length s is exp(-s)
BEGIN;
\copy edge (f, t, w) FROM 'example-directed.e' DELIMITER ' '
\copy node FROM 'example-directed.v'
UPDATE edge SET w = exp(-w);
SELECT * FROM pg_temp.load(true);
\copy answer FROM 'example-directed-BFS' DELIMITER ' '
SELECT count(*) AS bfs, count(*) FILTER (WHERE value <> coalesce(r.hops, CASE WHEN n <> '1' THEN 9223372036854775807 ELSE 0 END)::text) AS differ
FROM answer LEFT JOIN reach(pg_temp.id('1'), NULL) r ON r.account_id = pg_temp.id(n);
DELETE FROM answer;
\copy answer FROM 'example-directed-SSSP' DELIMITER ' '
SELECT count(*) AS sssp, count(*) FILTER (WHERE n <> '1' AND CASE WHEN value = 'Infinity' THEN r.account_id IS NOT NULL
	ELSE (abs(-ln(r.best_strength) - value::float8) > 1e-4 * value::float8) IS NOT FALSE END) AS differ
FROM answer LEFT JOIN reach(pg_temp.id('1'), NULL) r ON r.account_id = pg_temp.id(n);
DELETE FROM answer;
\copy answer FROM 'example-directed-WCC' DELIMITER ' '
SELECT count(DISTINCT value) AS wcc, count(DISTINCT (value, component)) = count(DISTINCT value) AND count(DISTINCT component) = count(DISTINCT value) AS same
FROM answer LEFT JOIN affiliation_components() c ON c.account_id = pg_temp.id(n);
DELETE FROM answer;
\copy answer FROM 'example-directed-CDLP' DELIMITER ' '
SELECT count(DISTINCT value) AS cdlp, count(DISTINCT (value, community)) = count(DISTINCT value) AND count(DISTINCT community) = count(DISTINCT value) AS same
FROM answer LEFT JOIN communities(method => 'label_propagation', max_rounds => 2) c ON c.account_id = pg_temp.id(n);
-- its PageRank has no weights
UPDATE affiliation SET strength = 1;
DELETE FROM answer;
\copy answer FROM 'example-directed-PR' DELIMITER ' '
SELECT count(*) AS pr, count(*) FILTER (WHERE (abs(r.score - value::float8) > 1e-12) IS NOT FALSE) AS differ
FROM answer LEFT JOIN influence_rank(max_rounds => 2) r ON r.account_id = pg_temp.id(n);
ROLLBACK;
BEGIN;
\copy edge (f, t, w) FROM 'example-undirected.e' DELIMITER ' '
\copy node FROM 'example-undirected.v'
UPDATE edge SET w = exp(-w);
SELECT * FROM pg_temp.load(false);
\copy answer FROM 'example-undirected-BFS' DELIMITER ' '
SELECT count(*) AS bfs, count(*) FILTER (WHERE value <> coalesce(r.hops, 0)::text) AS differ
FROM answer LEFT JOIN reach(pg_temp.id('2'), NULL) r ON r.account_id = pg_temp.id(n);
DELETE FROM answer;
\copy answer FROM 'example-undirected-SSSP' DELIMITER ' '
SELECT count(*) AS sssp, count(*) FILTER (WHERE n <> '2' AND (abs(-ln(r.best_strength) - value::float8) > 1e-4 * value::float8) IS NOT FALSE) AS differ
FROM answer LEFT JOIN reach(pg_temp.id('2'), NULL) r ON r.account_id = pg_temp.id(n);
-- the same lengths as paths
SELECT count(*) AS sssp, count(*) FILTER (WHERE (abs((SELECT -sum(ln(p.strength::float8)) FROM shortest_path(pg_temp.id('2'), pg_temp.id(n), NULL, by => 'strength') p)
	- value::float8) > 1e-4 * value::float8) IS NOT FALSE) AS differ
FROM answer WHERE n <> '2';
DELETE FROM answer;
\copy answer FROM 'example-undirected-WCC' DELIMITER ' '
SELECT count(DISTINCT value) AS wcc, count(DISTINCT (value, component)) = count(DISTINCT value) AND count(DISTINCT component) = count(DISTINCT value) AS same
FROM answer LEFT JOIN affiliation_components() c ON c.account_id = pg_temp.id(n);
DELETE FROM answer;
\copy answer FROM 'example-undirected-CDLP' DELIMITER ' '
SELECT count(DISTINCT value) AS cdlp, count(DISTINCT (value, community)) = count(DISTINCT value) AND count(DISTINCT community) = count(DISTINCT value) AS same
FROM answer LEFT JOIN communities(method => 'label_propagation', max_rounds => 2) c ON c.account_id = pg_temp.id(n);
UPDATE affiliation SET strength = 1;
DELETE FROM answer;
\copy answer FROM 'example-undirected-PR' DELIMITER ' '
SELECT count(*) AS pr, count(*) FILTER (WHERE (abs(r.score - value::float8) > 1e-12) IS NOT FALSE) AS differ
FROM answer LEFT JOIN influence_rank(max_rounds => 2) r ON r.account_id = pg_temp.id(n);
ROLLBACK;

-- English practices: 20,191 memberships with dates, the last day included
\cd :shared/data/nhs_ods
CREATE TEMP TABLE membership (org text, parent text, parent_type text, joined date, left_on date, amended text);
\copy membership FROM 'memberships.csv' CSV HEADER
\set expected `cat expected/as_of.json`
CREATE TEMP TABLE as_of AS SELECT day::date, answer FROM jsonb_each(:'expected'::jsonb -> 'as_of') e(day, answer);
BEGIN;
INSERT INTO edge (f, t, vf, vt) SELECT 'o' || org, 'p' || parent, joined, coalesce(left_on + 1, '9999-12-31') FROM membership;
SELECT * FROM pg_temp.load(true);
ANALYZE account, affiliation;
CREATE TEMP TABLE parent AS SELECT DISTINCT parent, pg_temp.id('p' || parent) AS id FROM membership;
CREATE TEMP TABLE member AS SELECT a.day, p.parent, r.account_id FROM as_of a, parent p, LATERAL reach(p.id, 1, at => a.day, direction => 'in') r;
SELECT count(*) AS days, count(*) FILTER (WHERE (a.answer ->> 'active_memberships')::bigint IS DISTINCT FROM m.memberships) AS memberships_differ,
	count(*) FILTER (WHERE (a.answer ->> 'distinct_members')::bigint IS DISTINCT FROM m.members) AS members_differ
FROM as_of a LEFT JOIN (SELECT day, count(*) AS memberships, count(DISTINCT account_id) AS members FROM member GROUP BY day) m USING (day);
SELECT count(*) AS parents, count(*) FILTER (WHERE (t.pair ->> 1)::bigint IS DISTINCT FROM (SELECT count(*) FROM member m WHERE m.day = a.day AND m.parent = t.pair ->> 0)) AS differ
FROM as_of a, jsonb_array_elements(a.answer -> 'top_parents') t(pair);
-- the parent of a practice through its history
SELECT count(*) AS memberships, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM shortest_path(pg_temp.id('o' || h.org), pg_temp.id('p' || (e.row ->> 0)), 1, (e.row ->> 2)::date))
	OR EXISTS (SELECT FROM shortest_path(pg_temp.id('o' || h.org), pg_temp.id('p' || (e.row ->> 0)), 1, (e.row ->> 2)::date - 1))
	OR e.row ->> 3 <> '' AND NOT EXISTS (SELECT FROM shortest_path(pg_temp.id('o' || h.org), pg_temp.id('p' || (e.row ->> 0)), 1, (e.row ->> 3)::date))
	OR e.row ->> 3 <> '' AND EXISTS (SELECT FROM shortest_path(pg_temp.id('o' || h.org), pg_temp.id('p' || (e.row ->> 0)), 1, (e.row ->> 3)::date + 1))) AS differ
FROM jsonb_each(:'expected'::jsonb -> 'history_examples') h(org, rows), jsonb_array_elements(h.rows) e(row);
ROLLBACK;

-- professionals of Connecticut and the sites where they work
\cd :shared/data/nppes
CREATE TEMP TABLE provider (
	npi text, entity_type text, org_name text, last_name text, first_name text, middle_name text, suffix text, credential text, gender text,
	practice_addr1 text, practice_addr2 text, practice_city text, practice_state text, practice_zip text, practice_phone text, mailing_zip text,
	enumeration_date text, last_update text, deactivation_date text, reactivation_date text, other_last_name text, other_first_name text);
\copy provider FROM 'hcp.csv' CSV HEADER
\set expected `cat expected/colocation.json`
BEGIN;
INSERT INTO edge (f, t) SELECT npi, practice_addr1 || '|' || left(practice_zip, 5) FROM provider;
SELECT * FROM pg_temp.load(false);
SELECT * FROM pg_temp.differences(:'expected');
SELECT sum(n) / 2 = (:'expected'::jsonb ->> 'hcp_pairs_sharing_a_site')::bigint AS pairs
FROM (SELECT (SELECT count(*) FROM reach(pg_temp.id(p.npi), 2) r WHERE r.hops = 2) AS n FROM provider p) s;
ROLLBACK;
CALL lsce.drop_model('crm', 'crm');
