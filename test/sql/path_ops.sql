-- Operators and functions of territory and specialty.
SET search_path = public, lsce;

-- comparison
SELECT '1.2'::territory < '2.2', '1.2'::territory <= '2.2', '2.2'::territory = '2.2', '2.2'::territory <> '2.2', '3.2'::territory >= '2.2', '3.2'::territory > '2.2';
SELECT '1.2'::specialty < '2.2', '1.2'::specialty <= '2.2', '2.2'::specialty = '2.2', '2.2'::specialty <> '2.2', '3.2'::specialty >= '2.2', '3.2'::specialty > '2.2';
SELECT 'a'::territory < 'a.b' AS parent_first, 'a.z'::territory < 'a-b' AS subtree_before_sibling, 'a-b'::territory < 'a0' AS by_bytes;

-- the order is pre-order: by arrays of labels, too
CREATE TABLE path_order (t territory);
INSERT INTO path_order
SELECT (a || b || c)::territory
FROM unnest(ARRAY['a', 'a-', 'a0', 'a_', 'aa', 'b', 'ä', '東', '東京']) a,
	unnest(ARRAY['', '.a', '.a-', '.a0', '.é', '.京']) b,
	unnest(ARRAY['', '.-', '.1', '.z', '.都']) c;
SELECT count(*), count(DISTINCT t) FROM path_order;
SELECT array_agg(t::text ORDER BY t) = array_agg(t::text ORDER BY string_to_array(t::text, '.') COLLATE "C") AS pre_order
FROM (SELECT DISTINCT t FROM path_order) d;
SELECT bool_and(min_child >= t) AS no_descendant_before
FROM (SELECT p.t, min(c.t) AS min_child FROM path_order p JOIN path_order c ON c.t <@ p.t GROUP BY p.t) s;
SELECT string_agg(t::text, ' ' ORDER BY t) FROM (SELECT DISTINCT t FROM path_order WHERE t <@ 'a' OR t <@ 'a-') d;
SELECT min(t), max(t), min(t::text::specialty), max(t::text::specialty) FROM path_order;
SELECT min(t), max(t) FROM path_order WHERE false;

-- containment: within, self included
SELECT '1.2.3'::territory @> '1.2.3.4', '1.2.3.4'::territory @> '1.2.3.4', '1.2.3.4.5'::territory @> '1.2.3.4', '1.3.3'::territory @> '1.2.3.4';
SELECT '1.2.3.4'::territory <@ '1.2.3', '1.2.3.4'::territory <@ '1.2.3.4', '1.2.3.4'::territory <@ '1.2.3.4.5', '1.2.3.4'::territory <@ '1.3.3';
SELECT '1.2.33'::territory <@ '1.2.3' AS not_a_label, '東京都'::territory <@ '東京' AS not_a_label, '東京.都'::territory <@ '東京' AS a_label;
SELECT 'm.i.p'::specialty <@ 'm.i', 'm.i'::specialty @> 'm.i.p', starts_with('m.i.p'::specialty, 'm.i'), starts_with('m.i'::specialty, 'm.i.p');
SELECT starts_with('us.west.r03'::territory, 'US.West'), starts_with('us.western'::territory, 'us.west');
SELECT 'a'::territory <@ NULL::territory, NULL::territory @> 'a', starts_with('a'::territory, NULL);

-- concatenation
SELECT 'Top.Child1.Child2'::territory || 'Child3'::text, 'Top.Child1.Child2'::territory || 'Child3'::territory, 'Top_0'::territory || 'Top.Child1.Child2'::territory;
SELECT 'Top'::text || 'child'::territory, 'a.b'::specialty || 'c.d'::specialty, 'a.b'::specialty || 'C'::text, pg_typeof('a'::text || 'b'::specialty);
SELECT 'us'::territory || 'west' AS literal, pg_typeof('us'::territory || 'west');
SELECT 'us'::territory || ''::text;
SELECT 'us'::territory || 'a b'::text;
SELECT '.'::text || 'us'::territory;
SELECT 'us'::territory || NULL::text;
SELECT nlevel((repeat('a.', 30) || 'a')::territory || 'b'::territory);
SELECT (repeat('a.', 31) || 'a')::territory || 'b'::territory;
SELECT octet_length(((repeat(repeat('x', 255) || '.', 7) || repeat('x', 254))::territory || 'y'::territory)::text);
SELECT (repeat(repeat('x', 255) || '.', 7) || repeat('x', 254))::territory || 'yy'::territory;
SELECT (E'a'::territory || E'\u0308b'::territory)::text = E'a.\u0308b' AS mark_stays_in_its_label;

-- distance through the tree
SELECT 'a.b.c'::territory <-> 'a.b.c', 'a.b.c'::territory <-> 'a.b', 'a.b.c'::territory <-> 'a.b.d', 'a.b.c'::territory <-> 'x.y', 'a'::territory <-> 'aa';
SELECT 'm.i.p'::specialty <-> 'm.s', bool_and(a.t <-> b.t = b.t <-> a.t) AS symmetric FROM path_order a, path_order b;

-- nlevel, parent, label
SELECT nlevel('1.2.3.4'::territory), nlevel('東'::specialty);
SELECT parent('a.b.c'::territory), parent('a'::territory) IS NULL AS root_has_none, parent('日本.関東'::specialty);
SELECT label('us.west.r03'::territory, 1), label('us.west.r03'::territory, 3), label('us.west.r03'::territory, 4) IS NULL AS beyond, label('日本.関東'::specialty, 2), pg_typeof(label('a'::territory, 1));
SELECT label('us'::territory, 0);
SELECT label('us'::territory, -1);

-- subpath
SELECT subpath('Top.Child1.Child2'::territory, 1, 2);
SELECT subpath('Top.Child1.Child2'::territory, -1, 1);
SELECT subpath('Top.Child1.Child2'::territory, 0, -2);
SELECT subpath('Top.Child1.Child2'::territory, 0, -1);
SELECT subpath('Top.Child1.Child2'::territory, 0, 0) IS NULL AS none;
SELECT subpath('Top.Child1.Child2'::territory, 1, 0) IS NULL AS none;
SELECT subpath('Top.Child1.Child2'::territory, 0);
SELECT subpath('Top.Child1.Child2'::territory, 1);
SELECT subpath('Top.Child1.Child2'::territory, 3) IS NULL AS none;
SELECT subpath('Top.Child1.Child2'::territory, 0, 99);
SELECT subpath('Top.Child1.Child2'::territory, -99);
SELECT subpath('Top.Child1.Child2'::territory, -4, 2);
SELECT subpath('Top.Child1.Child2'::territory, -99, 2) IS NULL AS none;
SELECT subpath('Top.Child1.Child2'::territory, 2147483647, 2147483647) IS NULL AS none;
SELECT subpath('Top.Child1.Child2'::territory, -2147483648, -2147483648) IS NULL AS none;
SELECT subpath('a.b.c'::specialty, 1, NULL), subpath('a.b.c'::specialty, start => 1, len => 1), subpath('a.b.c'::specialty, NULL, 1) IS NULL, subpath(NULL::specialty, 1, 1) IS NULL;

-- ancestors
SELECT ancestors('a'::territory), ancestors('us.west.r03'::territory), ancestors('日本.関東.東京'::specialty), pg_typeof(ancestors('a'::specialty));
SELECT cardinality(ancestors((repeat('a.', 31) || 'a')::territory));
SELECT bool_and(a @> t) AND count(*) = sum(CASE WHEN a = t THEN 1 ELSE 0 END) + sum((a <> t)::integer) AS all_contain
FROM path_order, unnest(ancestors(t)) a;
SELECT bool_and((a.t = ANY (ancestors(b.t))) = (a.t @> b.t)) AS same_as_contains FROM path_order a, path_order b;

-- lca
SELECT lca('{la.2.3,1.2.3.4.5.6}'::territory[]) IS NULL, lca('{1.la.2.3,1.2.3.4.5.6}'::territory[]), lca('{1.2.3,1.2.3.4.5.6}'::territory[]), lca('{1.2.3}'::territory[]), lca('{1}'::territory[]), lca('{}'::territory[]) IS NULL;
SELECT lca('1.la.2.3'::territory, '1.2.3.4.5.6'), lca('1.2.3'::territory, '1.2.3.4.5.6'), lca('1.2.2.3'::territory, '1.2.3.4.5.6'), lca('a'::territory, 'b') IS NULL, lca('aa.b'::territory, 'a.b') IS NULL, lca('a.bb'::territory, 'a.b');
SELECT lca('{m.i.p,m.i.c,m.s}'::specialty[]), lca('m.i.p'::specialty, 'm.i.c'), lca('m'::specialty, NULL) IS NULL, lca(NULL::specialty[]) IS NULL;
SELECT lca(array_agg(t)) FROM path_order WHERE t <@ 'a.é';
SELECT lca('{a,NULL}'::territory[]);
SELECT lca('{{a},{a}}'::territory[]);
SELECT bool_and(lca(a.t, b.t) IS NOT DISTINCT FROM (SELECT max(x) FROM unnest(ancestors(a.t)) x WHERE x @> b.t)) AS longest_common
FROM path_order a, path_order b;

-- arrays of paths
SELECT '{US.West,us.east}'::territory[], '{a.b,c}'::specialty[] @> '{c}', '{a,b}'::territory[] && '{b,c}', '{a}'::territory[] = '{A}', '{a.b}'::territory[] < '{a.c}';
SELECT 'a.b'::territory = ANY ('{x,a.b}'), 'a.b.c'::territory <@ ANY ('{x,a.b}'), array_position('{a,b.c}'::territory[], 'b.c');
SELECT array_agg(x ORDER BY x) FROM unnest('{b,a.b,a}'::territory[]) x;
CREATE TABLE path_set (members specialty[]);
INSERT INTO path_set SELECT ARRAY[('m.i.s' || i)::specialty, 'm.all'] FROM generate_series(1, 50) i;
CREATE INDEX ON path_set USING gin (members);
SET enable_seqscan = off;
SELECT count(*) FROM path_set WHERE members @> '{m.i.s7}';
SELECT count(*) FROM path_set WHERE members && '{m.i.s7,m.i.s8,x}';
RESET enable_seqscan;

-- hashing agrees with equality, and its extended form with its seed 0
SELECT bool_and((territory_hash(a.t) = territory_hash(b.t)) = (a.t = b.t)) AS agrees FROM path_order a, path_order b;
SELECT bool_and((territory_hash_extended(t, 0) & 4294967295) = (territory_hash(t)::bigint & 4294967295)) AS low_half, count(DISTINCT territory_hash_extended(t, 1)) = count(DISTINCT t) AS spread FROM path_order;
CREATE TABLE path_part (t territory) PARTITION BY HASH (t);
CREATE TABLE path_part_0 PARTITION OF path_part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE path_part_1 PARTITION OF path_part FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO path_part SELECT * FROM path_order;
SELECT count(*) = (SELECT count(*) FROM path_order) AS all_rows, count(DISTINCT tableoid) FROM path_part;

-- everything works with an empty path
SET search_path = '';
SELECT 'a.b'::lsce.territory OPERATOR(lsce.<@) 'a', 'a'::lsce.territory OPERATOR(lsce.@>) 'a.b', 'a'::lsce.territory OPERATOR(lsce.=) 'A', 'a'::lsce.specialty OPERATOR(lsce.<->) 'b', 'a'::lsce.specialty OPERATOR(lsce.||) 'b';
SELECT lsce.starts_with('a.b'::lsce.territory, 'a'), lsce.ancestors('a.b'::lsce.specialty), lsce.lca('a.b'::lsce.specialty, 'a.c'), lsce.min('a'::lsce.territory), lsce.subpath('a.b'::lsce.territory, 1);
RESET search_path;

-- labels of the functions: what may run in an index condition is leakproof
SELECT p.proname, p.provolatile, p.proisstrict, p.proparallel, p.proleakproof
FROM pg_proc p
WHERE p.pronamespace = 'lsce'::regnamespace AND p.proname ~ '^territory_(eq|ne|lt|le|gt|ge|cmp|within|contains|hash)'
ORDER BY p.proname;

-- both types have the same functions, operators and classes
SELECT replace(pg_get_function_identity_arguments(oid), 'territory', 'path') AS arguments, replace(proname, 'territory', 'path') AS name, array_agg((prosrc, provolatile, proisstrict, proparallel, proleakproof)::text) AS differs
FROM pg_proc
WHERE pronamespace = 'lsce'::regnamespace
	AND ('lsce.territory'::regtype = ANY (proargtypes) OR 'lsce.territory[]'::regtype = ANY (proargtypes) OR proname ~ '^territory_')
GROUP BY 1, 2
EXCEPT
SELECT replace(pg_get_function_identity_arguments(oid), 'specialty', 'path'), replace(proname, 'specialty', 'path'), array_agg((prosrc, provolatile, proisstrict, proparallel, proleakproof)::text)
FROM pg_proc
WHERE pronamespace = 'lsce'::regnamespace
	AND ('lsce.specialty'::regtype = ANY (proargtypes) OR 'lsce.specialty[]'::regtype = ANY (proargtypes) OR proname ~ '^specialty_')
GROUP BY 1, 2;
SELECT oprname, oprleft = oprright AS same_type, count(*), count(DISTINCT (oprrest, oprjoin, oprcanmerge, oprcanhash)) AS kinds
FROM pg_operator
WHERE oprnamespace = 'lsce'::regnamespace AND (oprleft IN ('lsce.territory'::regtype, 'lsce.specialty'::regtype) OR oprright IN ('lsce.territory'::regtype, 'lsce.specialty'::regtype))
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT amname, opcname, amvalidate(opc.oid)
FROM pg_opclass opc JOIN pg_am am ON am.oid = opcmethod
WHERE opcnamespace = 'lsce'::regnamespace AND opcname IN ('territory_ops', 'specialty_ops')
ORDER BY 1, 2;

DROP TABLE path_order, path_set, path_part;
