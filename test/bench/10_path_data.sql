-- A million rows over 86,400 paths of six labels, in random order, as territory,
-- as ltree and as text; each with the index one would use.
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
CREATE INDEX ours_path ON ours (path);
CREATE INDEX tree_path ON tree USING gist (path);
CREATE INDEX tree_path_btree ON tree (path);
CREATE INDEX plain_path ON plain (path);

CREATE TABLE ours_area AS SELECT DISTINCT subpath(path, 0, 3) AS path FROM ours;
CREATE TABLE tree_area AS SELECT path::text::ltree AS path FROM ours_area;
CREATE TABLE plain_area AS SELECT path::text COLLATE "C" AS path FROM ours_area;
VACUUM ANALYZE ours;
VACUUM ANALYZE tree;
VACUUM ANALYZE plain;
ANALYZE ours_area;
ANALYZE tree_area;
ANALYZE plain_area;
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
