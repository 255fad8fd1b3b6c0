-- Index conditions of <@ and @>, and the planner's estimates.
SET search_path = public, lsce;
SET max_parallel_workers_per_gather = 0;

-- 4 x 5 x 6 x 7 leaves of level 5, shuffled; 10 rows each
CREATE TABLE path_leaf (id integer, team integer, t territory, s specialty);
INSERT INTO path_leaf
SELECT row_number() OVER (), i % 3, p::territory, p::specialty
FROM (SELECT i, format('us.r%s.a%s.d%s.t%s', r, a, d, t) AS p
	FROM generate_series(1, 4) r, generate_series(1, 5) a, generate_series(1, 6) d, generate_series(1, 7) t, generate_series(1, 10) i
	ORDER BY md5(format('%s %s %s %s %s', r, a, d, t, i))) x;
CREATE INDEX path_leaf_t ON path_leaf (t);
CREATE INDEX path_leaf_s ON path_leaf (s DESC NULLS LAST);
VACUUM ANALYZE path_leaf;
SET enable_seqscan = off;
SET enable_bitmapscan = off;

-- where the text of a plan differs between versions of the server
CREATE FUNCTION path_plan_has(query text, line text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	FOR found IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF found LIKE line THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END
$$;

-- constants, either side, either operator
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE t <@ 'us.r1.a2';
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE 'us.r1.a2' @> t;
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE t @> 'us.r1.a2.d3.t4';
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE 'us.r1.a2.d3.t4' <@ t;
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE s <@ 'us.r1.a2';
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE starts_with(t, 'us.r1.a2');
SELECT count(*) FROM path_leaf WHERE t <@ 'us.r1.a2';
SELECT count(*) FROM path_leaf WHERE 'us.r1.a2' @> t;
SELECT count(*) FROM path_leaf WHERE t @> 'us.r1.a2.d3.t4';
SELECT count(*) FROM path_leaf WHERE 'us.r1.a2.d3.t4' <@ t;
SELECT count(*) FROM path_leaf WHERE s <@ 'us.r1.a2';
SELECT count(*) FROM path_leaf WHERE starts_with(t, 'us.r1.a2');
SELECT count(*) FROM path_leaf WHERE t <@ NULL;
SELECT count(*) FROM path_leaf WHERE t <@ 'us.r1.a2' AND t <@ 'us.r1' AND NOT t <@ 'us.r1.a2.d3';

-- parameters, in a plan made for any value
SET plan_cache_mode = force_generic_plan;
PREPARE within(territory) AS SELECT count(*) FROM path_leaf WHERE t <@ $1;
PREPARE contains(territory) AS SELECT count(*) FROM path_leaf WHERE t @> $1;
EXPLAIN (COSTS OFF) EXECUTE within('us.r1.a2');
EXECUTE within('us.r1.a2');
EXECUTE within(NULL);
EXPLAIN (COSTS OFF) EXECUTE contains('us.r1.a2.d3.t4');
EXECUTE contains('us.r1.a2.d3.t4.more');
EXECUTE contains(NULL);
RESET plan_cache_mode;

-- join variables
CREATE TABLE path_area (t territory);
INSERT INTO path_area SELECT DISTINCT subpath(t, 0, 3) FROM path_leaf;
CREATE INDEX path_area_t ON path_area (t);
VACUUM ANALYZE path_area;
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_area a JOIN path_leaf l ON l.t <@ a.t;
SELECT count(*) FROM path_area a JOIN path_leaf l ON l.t <@ a.t;
SELECT count(*) FROM path_leaf l JOIN path_area a ON a.t @> l.t WHERE l.id <= 10;
EXPLAIN (COSTS OFF) SELECT count(*) FROM (VALUES ('us.r1.a2.d3.t4.x'::territory), ('us.r3'), (NULL)) v (t) JOIN path_leaf l ON l.t @> v.t;
SELECT count(*) FROM (VALUES ('us.r1.a2.d3.t4.x'::territory), ('us.r3'), (NULL)) v (t) JOIN path_leaf l ON l.t @> v.t;
SELECT path_plan_has('SELECT count(*) FROM path_leaf WHERE t <@ (SELECT max(t) FROM path_area)', '%Index Cond: ((t >= %) AND (t < subtree_end(%)))') AS range;
SELECT count(*) FROM path_leaf WHERE t <@ (SELECT max(t) FROM path_area);

-- not an index condition: both sides from the row itself, or a volatile bound;
-- also for the function behind the operator
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE t <@ parent(t);
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE territory_within(t, parent(t));
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE territory_within(t, 'us.r1.a2');
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE t <@ CASE WHEN random() < 2 THEN 'us.r1'::territory END;

-- a later column of an index: a range is used, an array only where rows then
-- still come in the index's order
CREATE INDEX path_leaf_team_t ON path_leaf (team, t);
EXPLAIN (COSTS OFF) SELECT id FROM path_leaf WHERE team = 1 AND t <@ 'us.r1.a2';
SELECT count(*) FROM path_leaf WHERE team = 1 AND t <@ 'us.r1.a2';
CREATE TABLE path_ordered (team integer, t territory);
INSERT INTO path_ordered VALUES (2, 'us'), (1, 'us.r1'), (3, 'us.r1'), (0, 'us.r1.a2'), (1, 'us.r2');
CREATE INDEX path_ordered_team_t ON path_ordered (team, t);
SET enable_sort = off;
SELECT team, t FROM path_ordered WHERE team >= 0 AND t @> 'us.r1.a2' ORDER BY team;
RESET enable_sort;
DROP INDEX path_leaf_team_t;

-- the order of the index is the order of the result
EXPLAIN (COSTS OFF) SELECT t FROM path_leaf WHERE t <@ 'us.r1.a2' ORDER BY t LIMIT 3;
SELECT t FROM path_leaf WHERE t <@ 'us.r1.a2' ORDER BY t LIMIT 3;
SELECT path_plan_has('SELECT min(t) FROM path_leaf', '%Index Only Scan using path_leaf_t %') AS first, path_plan_has('SELECT max(t) FROM path_leaf', '%Index Only Scan Backward using path_leaf_t %') AS last;

-- an operator family that sorts otherwise is left alone
CREATE FUNCTION path_backwards(territory, territory) RETURNS integer
	LANGUAGE sql IMMUTABLE STRICT RETURN territory_cmp($2, $1);
CREATE OPERATOR CLASS path_backwards_ops FOR TYPE territory USING btree AS
	OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <,
	FUNCTION 1 path_backwards(territory, territory);
DROP INDEX path_leaf_t;
CREATE INDEX path_leaf_backwards ON path_leaf (t path_backwards_ops);
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE t <@ 'us.r1.a2';
SELECT count(*) FROM path_leaf WHERE t <@ 'us.r1.a2';
DROP INDEX path_leaf_backwards;
DROP OPERATOR FAMILY path_backwards_ops USING btree;
DROP FUNCTION path_backwards(territory, territory);

-- hash indexes serve equality
CREATE INDEX path_leaf_hash ON path_leaf USING hash (t);
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE t = 'us.r1.a2.d3.t4';
SELECT count(*) FROM path_leaf WHERE t = 'US.R1.A2.D3.T4';
DROP INDEX path_leaf_hash;

-- equal paths share one entry
CREATE INDEX path_leaf_t ON path_leaf (t);
CREATE INDEX path_leaf_no_sharing ON path_leaf (t) WITH (deduplicate_items = off);
SELECT pg_relation_size('path_leaf_t') < 0.5 * pg_relation_size('path_leaf_no_sharing') AS smaller;
DROP INDEX path_leaf_no_sharing;

-- the extremes: a bound that is longer than a path may be
CREATE TABLE path_extreme (t territory);
INSERT INTO path_extreme VALUES (repeat('x', 255)::territory), ((repeat('x', 255) || '.a')::territory),
	((repeat('x', 254) || 'y')::territory), ('y'),
	((repeat(repeat('x', 255) || '.', 7) || repeat('x', 254) || '.y')::territory);
CREATE INDEX ON path_extreme (t);
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_extreme WHERE t <@ 'y';
SELECT count(*) FROM path_extreme WHERE t <@ repeat('x', 255)::territory;
SELECT count(*) FROM path_extreme WHERE t <@ (SELECT max(t) FROM path_extreme WHERE nlevel(t) = 9);
SELECT count(*) FROM path_extreme a JOIN path_extreme b ON a.t <@ b.t;

-- with an empty search_path
SET search_path = '';
EXPLAIN (COSTS OFF) SELECT count(*) FROM public.path_leaf WHERE t OPERATOR(lsce.<@) 'us.r1.a2';
SET search_path = public, lsce;

-- under row security a condition of the user's still goes to the index
CREATE ROLE regress_path_reader;
GRANT USAGE ON SCHEMA lsce TO regress_path_reader;
GRANT SELECT ON path_leaf TO regress_path_reader;
ALTER TABLE path_leaf ENABLE ROW LEVEL SECURITY;
CREATE POLICY path_leaf_read ON path_leaf USING (team = length(current_setting('application_name')) % 1);
SET ROLE regress_path_reader;
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_leaf WHERE t <@ 'us.r1.a2';
SELECT count(*) FROM path_leaf WHERE t <@ 'us.r1.a2';
RESET ROLE;
ALTER TABLE path_leaf DISABLE ROW LEVEL SECURITY;
DROP POLICY path_leaf_read ON path_leaf;
REVOKE ALL ON path_leaf FROM regress_path_reader;
REVOKE ALL ON SCHEMA lsce FROM regress_path_reader;
DROP ROLE regress_path_reader;

-- estimates: rows expected to rows there are, for every node of every level
CREATE FUNCTION path_expected_rows(query text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END
$$;
CREATE VIEW path_node AS SELECT DISTINCT nlevel(a) AS level, a AS t FROM path_leaf, unnest(ancestors(t)) a;
SELECT level, count(*) AS nodes, bool_and(expected BETWEEN rows / 3.0 AND rows * 3.0) AS within_3x
FROM (SELECT level, path_expected_rows(format('SELECT FROM path_leaf WHERE t <@ %L', t)) AS expected,
		(SELECT count(*) FROM path_leaf l WHERE l.t <@ n.t) AS rows
	FROM path_node n) e
GROUP BY level ORDER BY level;
SELECT level, count(*) AS nodes, bool_and(greatest(expected, 1) BETWEEN greatest(rows, 1) / 3.0 AND greatest(rows, 1) * 3.0) AS within_3x
FROM (SELECT level, path_expected_rows(format('SELECT FROM path_leaf WHERE t @> %L', t)) AS expected,
		(SELECT count(*) FROM path_leaf l WHERE l.t @> n.t) AS rows
	FROM path_node n) e
GROUP BY level ORDER BY level;
SELECT path_expected_rows('SELECT FROM path_leaf WHERE t <@ ''zz''') AS absent,
	path_expected_rows('SELECT FROM path_leaf WHERE t <@ ''us.r1.a1.d1.t1.deeper''') AS deeper,
	path_expected_rows('SELECT FROM path_leaf WHERE t <@ NULL') AS unknown;

-- joins: 8,400 pairs for a leaf within its area
SELECT path_expected_rows('SELECT FROM path_leaf l JOIN path_area a ON l.t <@ a.t') BETWEEN 2800 AND 25200 AS within,
	path_expected_rows('SELECT FROM path_leaf l JOIN path_area a ON a.t @> l.t') BETWEEN 2800 AND 25200 AS contains,
	path_expected_rows('SELECT FROM path_area a JOIN path_leaf l ON a.t <@ l.t') < 100 AS none,
	path_expected_rows('SELECT FROM path_leaf l WHERE EXISTS (SELECT FROM path_area a WHERE l.t <@ a.t)') BETWEEN 2800 AND 8400 AS semi,
	path_expected_rows('SELECT FROM path_leaf l WHERE NOT EXISTS (SELECT FROM path_area a WHERE l.t <@ a.t)') < 2800 AS anti;

-- skew: common values are counted, nulls do not match
INSERT INTO path_leaf SELECT 0, 0, CASE WHEN i % 2 = 0 THEN 'us.r1.hot'::territory END FROM generate_series(1, 8400) i;
ANALYZE path_leaf;
SELECT path, path_expected_rows(format('SELECT FROM path_leaf WHERE t <@ %L', path)) BETWEEN rows / 1.5 AND rows * 1.5 AS close
FROM (VALUES ('us', 12600), ('us.r1', 6300), ('us.r1.hot', 4200), ('us.r2', 2100), ('us.r2.a1', 420)) v (path, rows);

-- what ANALYZE keeps: pairs of rows reaching a level and nodes on it
SELECT stakind, stanumbers
FROM (SELECT unnest(ARRAY[stakind1, stakind2, stakind3, stakind4, stakind5]) AS stakind,
		unnest(ARRAY[stanumbers1::text, stanumbers2::text, stanumbers3::text, stanumbers4::text, stanumbers5::text]) AS stanumbers
	FROM pg_statistic
	WHERE starelid = 'path_leaf'::regclass
		AND staattnum = (SELECT attnum FROM pg_attribute WHERE attrelid = 'path_leaf'::regclass AND attname = 's')) k
WHERE stakind > 10000;

-- statistics of an expression
CREATE INDEX path_leaf_parent ON path_leaf (parent(t));
ANALYZE path_leaf;
SELECT path_expected_rows('SELECT FROM path_leaf WHERE parent(t) <@ ''us.r2.a1''') BETWEEN 210 AND 840 AS close;
DROP INDEX path_leaf_parent;

-- nothing to go by
CREATE TABLE path_void (t territory);
ANALYZE path_void;
INSERT INTO path_void VALUES (NULL);
ANALYZE path_void;
SELECT path_expected_rows('SELECT FROM path_void WHERE t <@ ''us''') AS all_null;

DROP VIEW path_node;
DROP FUNCTION path_expected_rows(text), path_plan_has(text, text);
DROP TABLE path_leaf, path_area, path_ordered, path_extreme, path_void;
