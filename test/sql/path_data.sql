-- The 874 codes of the NUCC taxonomy as specialties, against answers computed
-- by other programs.  The data are not part of the project: they are looked for
-- in the directory LSCE_SHARED, by default "shared" beside the project.
-- path_data_1.out is the output where there are none.
\getenv shared LSCE_SHARED
\if :{?shared}
\else
\getenv inputdir PG_ABS_SRCDIR
\set shared :inputdir '/../../shared'
\endif
\setenv LSCE_NUCC :shared/data/nucc
\set present `test -r "$LSCE_NUCC/nucc_2024_ltree_paths.csv" && echo 1 || echo 0`
\if :present
\else
\echo skipped: no NUCC data
\quit
\endif
SET search_path = public, lsce;

\set content `tail -n +2 "$LSCE_NUCC/nucc_2024_ltree_paths.csv"`
CREATE TABLE nucc (code text PRIMARY KEY, original text NOT NULL, path specialty NOT NULL);
INSERT INTO nucc
SELECT split_part(line, ',', 1), split_part(line, ',', 2), split_part(line, ',', 2)
FROM regexp_split_to_table(:'content', E'\r?\n') line WHERE line <> '';
CREATE INDEX ON nucc (path);
ANALYZE nucc;
SELECT count(*), count(DISTINCT path), min(nlevel(path)), max(nlevel(path)) FROM nucc;
SELECT bool_and(path::text = lower(original)) AS only_case_changed FROM nucc;

-- queries answered by contrib/ltree, those with operators both have
\set content `cat "$LSCE_NUCC/expected/ltree_queries.json"`
CREATE TABLE nucc_query AS
SELECT row_number() OVER () AS n, replace(q ->> 'where', 'subltree(path,0,1)', 'subpath(path,0,1)') AS condition,
	(q ->> 'count')::integer AS expected, q -> 'codes' AS codes, (q ->> 'truncated')::boolean AS truncated
FROM json_array_elements(:'content'::json -> 'queries') q
WHERE q ->> 'where' ~ '(<@|@>|nlevel|subltree)';
CREATE FUNCTION nucc_codes(condition text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	codes text[];
BEGIN
	EXECUTE 'SELECT array_agg(code ORDER BY code COLLATE "C") FROM nucc WHERE ' || condition INTO codes;
	RETURN codes;
END
$$;
SELECT n, expected, cardinality(found) = expected AS same_count,
	(SELECT array_agg(c ORDER BY c COLLATE "C") FROM json_array_elements_text(codes) c WHERE c <> '…')
		= CASE WHEN truncated THEN found[1:40] ELSE found END AS same_codes
FROM (SELECT *, nucc_codes(condition) AS found FROM nucc_query) q ORDER BY n;
SET enable_seqscan = off;
SELECT n, cardinality(nucc_codes(condition)) = expected AS same_by_index FROM nucc_query ORDER BY n;
RESET enable_seqscan;

-- lca of ltree never is one of its arguments; ours may be, else they agree
SELECT a, b, lca(a::specialty, b::specialty) AS ours, l AS ltree,
	CASE WHEN a::specialty <@ b::specialty OR b::specialty <@ a::specialty THEN parent(lca(a::specialty, b::specialty)) ELSE lca(a::specialty, b::specialty) END
		IS NOT DISTINCT FROM nullif(l, '')::specialty AS agree
FROM (SELECT q ->> 0 AS a, q ->> 1 AS b, q ->> 2 AS l FROM json_array_elements(:'content'::json -> 'lca') q) q;

-- codes per grouping and in subtrees, counted from the published columns
\set content `cat "$LSCE_NUCC/expected/nucc_2024_counts.json"`
CREATE FUNCTION nucc_path(name text) RETURNS specialty LANGUAGE sql IMMUTABLE
	RETURN trim('_' FROM regexp_replace(name, '[^A-Za-z0-9]+', '_', 'g'))::specialty;
SELECT count(*) AS groupings, count(*) FILTER (WHERE value::integer = (SELECT count(*) FROM nucc WHERE path <@ nucc_path(key))) AS same
FROM json_each_text(:'content'::json -> 'codes_per_grouping');
SELECT count(*) AS subtrees, sum(json_array_length(value)) AS codes,
	bool_and((SELECT array_agg(c ORDER BY c) FROM json_array_elements_text(value) c)
		= (SELECT array_agg(code ORDER BY code) FROM nucc WHERE path <@ (nucc_path(split_part(key, '/', 1)) || nucc_path(split_part(key, '/', 2))))) AS same
FROM json_each(:'content'::json -> 'subtree_examples');
SELECT json_array_length(:'content'::json -> 'classifications_without_a_bare_code') AS expected, count(*) AS nodes_that_are_no_codes
FROM (SELECT DISTINCT subpath(path, 0, 2) AS path FROM nucc) c WHERE NOT EXISTS (SELECT FROM nucc WHERE nucc.path = c.path);

-- closure: pairs by <@ are the pairs by ancestors() and by text
SELECT (SELECT count(*) FROM nucc a JOIN nucc b ON a.path <@ b.path) AS by_operator,
	(SELECT count(*) FROM nucc a CROSS JOIN LATERAL unnest(ancestors(a.path)) x JOIN nucc b ON b.path = x) AS by_ancestors,
	(SELECT count(*) FROM nucc a JOIN nucc b ON a.original = b.original OR starts_with(a.original, b.original || '.')) AS by_text;

DROP FUNCTION nucc_codes(text), nucc_path(text);
DROP TABLE nucc, nucc_query;
