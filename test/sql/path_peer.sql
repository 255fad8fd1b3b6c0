-- Operators shared with contrib/ltree give the same answers.  path_peer_1.out
-- is the output where ltree is not available.
SELECT count(*) = 0 AS absent FROM pg_available_extensions WHERE name = 'ltree' \gset
\if :absent
\echo skipped: no ltree
\quit
\endif
CREATE SCHEMA peer;
CREATE EXTENSION ltree SCHEMA peer;
SET search_path = public, lsce;

-- all paths of up to four labels out of four that sort close to each other
CREATE TABLE path_peer AS
SELECT p::territory AS t, p::peer.ltree AS l
FROM (SELECT array_to_string(ARRAY[a, b, c, d], '.') AS p
	FROM unnest(ARRAY['1', '12', '1_', 'x']) a, unnest(ARRAY[NULL, '1', '12', '1_']) b,
		unnest(ARRAY[NULL, '1', '2']) c, unnest(ARRAY[NULL, '1', '12']) d) x
GROUP BY p;
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE (a.t < b.t) <> (a.l OPERATOR(peer.<) b.l)) AS lt,
	count(*) FILTER (WHERE (a.t <= b.t) <> (a.l OPERATOR(peer.<=) b.l)) AS le,
	count(*) FILTER (WHERE (a.t = b.t) <> (a.l OPERATOR(peer.=) b.l)) AS eq,
	count(*) FILTER (WHERE (a.t <> b.t) <> (a.l OPERATOR(peer.<>) b.l)) AS ne,
	count(*) FILTER (WHERE (a.t >= b.t) <> (a.l OPERATOR(peer.>=) b.l)) AS ge,
	count(*) FILTER (WHERE (a.t > b.t) <> (a.l OPERATOR(peer.>) b.l)) AS gt,
	count(*) FILTER (WHERE (a.t <@ b.t) <> (a.l OPERATOR(peer.<@) b.l)) AS within,
	count(*) FILTER (WHERE (a.t @> b.t) <> (a.l OPERATOR(peer.@>) b.l)) AS contains,
	count(*) FILTER (WHERE (a.t || b.t)::text <> (a.l OPERATOR(peer.||) b.l)::text) AS concat
FROM path_peer a, path_peer b;

-- lca: that of ltree is a proper ancestor of both, '' for none
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE coalesce(CASE WHEN a.t <@ b.t OR b.t <@ a.t THEN parent(lca(a.t, b.t)) ELSE lca(a.t, b.t) END::text, '')
		<> coalesce(peer.lca(a.l, b.l)::text, '')) AS differ
FROM path_peer a, path_peer b;

-- parts; where ltree raises an error or has no label, ours is NULL
SELECT count(*) AS calls, count(*) FILTER (WHERE nlevel(t) <> peer.nlevel(l)) AS nlevel,
	count(*) FILTER (WHERE subpath(t, o)::text <> peer.subpath(l, o)::text) AS subpath,
	count(*) FILTER (WHERE coalesce(subpath(t, o, n)::text, '') <> peer.subpath(l, o, n)::text) AS subpath_len
FROM path_peer, generate_series(-4, 3) o, generate_series(0, 5) n
WHERE o BETWEEN -nlevel(t) AND nlevel(t) - 1;
SELECT count(*) AS calls, count(*) FILTER (WHERE coalesce(subpath(t, 0, n)::text, '') <> peer.subpath(l, 0, n)::text) AS negative_len
FROM path_peer, generate_series(-4, -1) n
WHERE -n <= nlevel(t);

-- the data of ltree's own tests, where they are at hand
\getenv shared LSCE_SHARED
\if :{?shared}
\else
\getenv inputdir PG_ABS_SRCDIR
\set shared :inputdir '/../../shared'
\endif
\setenv LSCE_LTREE :shared/data/pg_contrib/ltree/data/ltree.data
\set content `test -r "$LSCE_LTREE" && cat "$LSCE_LTREE"`
CREATE TABLE path_ltree AS
SELECT p::territory AS t, p::peer.ltree AS l FROM regexp_split_to_table(:'content', E'\n') p WHERE p <> '';
CREATE INDEX ON path_ltree (t);
ANALYZE path_ltree;
SET enable_seqscan = off;
SELECT name, (SELECT count(*) FROM path_ltree) = 0 OR ours > 0 AS any, ours = theirs AS same
FROM (VALUES
	('<', (SELECT count(*) FROM path_ltree WHERE t < '12.3'), (SELECT count(*) FROM path_ltree WHERE l OPERATOR(peer.<) '12.3')),
	('<=', (SELECT count(*) FROM path_ltree WHERE t <= '12.3'), (SELECT count(*) FROM path_ltree WHERE l OPERATOR(peer.<=) '12.3')),
	('=', (SELECT count(*) FROM path_ltree WHERE t = '12.3'), (SELECT count(*) FROM path_ltree WHERE l OPERATOR(peer.=) '12.3')),
	('>=', (SELECT count(*) FROM path_ltree WHERE t >= '12.3'), (SELECT count(*) FROM path_ltree WHERE l OPERATOR(peer.>=) '12.3')),
	('>', (SELECT count(*) FROM path_ltree WHERE t > '12.3'), (SELECT count(*) FROM path_ltree WHERE l OPERATOR(peer.>) '12.3')),
	('@>', (SELECT count(*) FROM path_ltree WHERE t @> '1.1.1'), (SELECT count(*) FROM path_ltree WHERE l OPERATOR(peer.@>) '1.1.1')),
	('<@', (SELECT count(*) FROM path_ltree WHERE t <@ '1.1.1'), (SELECT count(*) FROM path_ltree WHERE l OPERATOR(peer.<@) '1.1.1'))
) v (name, ours, theirs);
SELECT count(*) AS differ FROM (SELECT t::text, row_number() OVER (ORDER BY t) FROM path_ltree EXCEPT SELECT l::text, row_number() OVER (ORDER BY l USING OPERATOR(peer.<)) FROM path_ltree) d;

DROP TABLE path_peer, path_ltree;
SET client_min_messages = warning;
DROP SCHEMA peer CASCADE;
