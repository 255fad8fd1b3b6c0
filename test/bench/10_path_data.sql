-- A million rows over 86,400 paths of six labels, in random order, as territory,
-- as ltree, as text and as the number of the path in pre-order; each with the
-- index one would use.  ltree's signature length is the default: 8, 16, 28, 64
-- and 128 bytes differ by less than the noise.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS ltree;
CREATE SCHEMA bench_path;
SET search_path = bench_path, public, lsce;

CREATE TABLE source AS
SELECT i AS id, format('us.r%s.a%s.d%s.t%s.b%s', lpad((i % 8)::text, 2, '0'), lpad((i / 8 % 12)::text, 2, '0'),
	lpad((i / 96 % 12)::text, 2, '0'), lpad((i / 1152 % 15)::text, 3, '0'), lpad((i / 17280 % 5)::text, 2, '0')) AS path
FROM generate_series(1, 10000 * :scale) i
ORDER BY md5(i::text);

CREATE TABLE ours AS SELECT id, path::territory AS path, repeat('x', 20) AS pad FROM source;
CREATE TABLE tree AS SELECT id, path::ltree AS path, repeat('x', 20) AS pad FROM source;
CREATE TABLE plain AS SELECT id, path COLLATE "C" AS path, repeat('x', 20) AS pad FROM source;
CREATE TABLE number AS SELECT id, (dense_rank() OVER (ORDER BY path COLLATE "C"))::integer AS path, repeat('x', 20) AS pad
FROM source
ORDER BY md5(id::text);
CREATE INDEX ours_path ON ours (path);
CREATE INDEX tree_path ON tree USING gist (path);
CREATE INDEX tree_path_btree ON tree (path);
CREATE INDEX plain_path ON plain (path);
CREATE INDEX number_path ON number (path);

CREATE TABLE ours_area AS SELECT DISTINCT subpath(path, 0, 3) AS path FROM ours;
CREATE TABLE tree_area AS SELECT path::text::ltree AS path FROM ours_area;
CREATE TABLE number_area AS SELECT a.path AS area, min(n.path) AS first, max(n.path) AS last
FROM ours_area a JOIN ours o ON o.path <@ a.path JOIN number n USING (id)
GROUP BY a.path;
CREATE TABLE number_region AS SELECT subpath(area, 0, 2) AS region, min(first) AS first, max(last) AS last
FROM number_area
GROUP BY 1;

-- 2,000 nodes of level 5 and of level 6, in random order
CREATE TABLE ours_territory AS SELECT path FROM (SELECT DISTINCT subpath(path, 0, 5) AS path FROM ours) node ORDER BY md5(path::text) LIMIT 2000;
CREATE TABLE tree_territory AS SELECT path::text::ltree AS path FROM ours_territory;
CREATE TABLE ours_brick AS SELECT path FROM (SELECT DISTINCT path FROM ours) node ORDER BY md5(path::text) LIMIT 2000;
CREATE TABLE tree_brick AS SELECT path::text::ltree AS path FROM ours_brick;
VACUUM ANALYZE ours;
VACUUM ANALYZE tree;
VACUUM ANALYZE plain;
VACUUM ANALYZE number;
ANALYZE ours_area, tree_area, number_area, number_region, ours_territory, tree_territory, ours_brick, tree_brick;
DROP TABLE source;

-- how far an estimate is off, either way
CREATE FUNCTION error_factor(node territory) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	plan json;
	expected float8;
	found float8;
BEGIN
	EXECUTE format('EXPLAIN (FORMAT json) SELECT FROM ours WHERE path <@ %L', node) INTO plan;
	expected := greatest((plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8, 1);
	SELECT greatest(count(*), 1) INTO found FROM ours WHERE path <@ node;
	RETURN greatest(expected / found, found / expected);
END
$$;
