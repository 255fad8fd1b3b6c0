-- Paths: the types territory and specialty.  They differ in name only; both
-- run on the C functions of src/path, and the two parts of this file are the
-- same but for the name.

--
-- Planner support of both types
--

CREATE FUNCTION lsce.path_within_support(internal) RETURNS internal
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_within_support';
CREATE FUNCTION lsce.path_contains_support(internal) RETURNS internal
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_contains_support';
CREATE FUNCTION lsce.path_within_selectivity(internal, oid, internal, integer) RETURNS double precision
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_within_selectivity';
CREATE FUNCTION lsce.path_contains_selectivity(internal, oid, internal, integer) RETURNS double precision
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_contains_selectivity';
CREATE FUNCTION lsce.path_within_join_selectivity(internal, oid, internal, smallint, internal) RETURNS double precision
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_within_join_selectivity';
CREATE FUNCTION lsce.path_contains_join_selectivity(internal, oid, internal, smallint, internal) RETURNS double precision
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_contains_join_selectivity';

COMMENT ON FUNCTION lsce.path_within_support(internal) IS 'planner support of <@: a range of a btree index, or probes of ancestors';
COMMENT ON FUNCTION lsce.path_contains_support(internal) IS 'planner support of @>: probes of ancestors in a btree index, or a range';
COMMENT ON FUNCTION lsce.path_within_selectivity(internal, oid, internal, integer) IS 'restriction selectivity of <@';
COMMENT ON FUNCTION lsce.path_contains_selectivity(internal, oid, internal, integer) IS 'restriction selectivity of @>';
COMMENT ON FUNCTION lsce.path_within_join_selectivity(internal, oid, internal, smallint, internal) IS 'join selectivity of <@';
COMMENT ON FUNCTION lsce.path_contains_join_selectivity(internal, oid, internal, smallint, internal) IS 'join selectivity of @>';

--
-- Territory
--

CREATE TYPE lsce.territory;

CREATE FUNCTION lsce.territory_in(cstring, oid, integer) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_in';
CREATE FUNCTION lsce.territory_out(lsce.territory) RETURNS cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_out';
CREATE FUNCTION lsce.territory_recv(internal, oid, integer) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_recv';
CREATE FUNCTION lsce.territory_send(lsce.territory) RETURNS bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_send';
CREATE FUNCTION lsce.territory_analyze(internal) RETURNS boolean
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_analyze';

COMMENT ON FUNCTION lsce.territory_in(cstring, oid, integer) IS 'input of territory';
COMMENT ON FUNCTION lsce.territory_out(lsce.territory) IS 'output of territory';
COMMENT ON FUNCTION lsce.territory_recv(internal, oid, integer) IS 'binary input of territory';
COMMENT ON FUNCTION lsce.territory_send(lsce.territory) IS 'binary output of territory';
COMMENT ON FUNCTION lsce.territory_analyze(internal) IS 'ANALYZE of territory: usual statistics and counts per level';

CREATE TYPE lsce.territory (
	INPUT = lsce.territory_in,
	OUTPUT = lsce.territory_out,
	RECEIVE = lsce.territory_recv,
	SEND = lsce.territory_send,
	ANALYZE = lsce.territory_analyze,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = main
);
COMMENT ON TYPE lsce.territory IS 'place in a tree of territories, root first: us.west.r03.t0412';

CREATE CAST (text AS lsce.territory) WITH INOUT AS ASSIGNMENT;
CREATE CAST (varchar AS lsce.territory) WITH INOUT AS ASSIGNMENT;
CREATE CAST (lsce.territory AS text) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (text AS lsce.territory) IS 'normalises and checks, as input does';
COMMENT ON CAST (varchar AS lsce.territory) IS 'normalises and checks, as input does';
COMMENT ON CAST (lsce.territory AS text) IS 'normalised text, labels separated by dots';

-- comparison

CREATE FUNCTION lsce.territory_eq(lsce.territory, lsce.territory) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_eq';
CREATE FUNCTION lsce.territory_ne(lsce.territory, lsce.territory) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_ne';
CREATE FUNCTION lsce.territory_lt(lsce.territory, lsce.territory) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_lt';
CREATE FUNCTION lsce.territory_le(lsce.territory, lsce.territory) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_le';
CREATE FUNCTION lsce.territory_gt(lsce.territory, lsce.territory) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_gt';
CREATE FUNCTION lsce.territory_ge(lsce.territory, lsce.territory) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_ge';
CREATE FUNCTION lsce.territory_cmp(lsce.territory, lsce.territory) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_cmp';
CREATE FUNCTION lsce.territory_sortsupport(internal) RETURNS void
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_sortsupport';
CREATE FUNCTION lsce.territory_hash(lsce.territory) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_hash';
CREATE FUNCTION lsce.territory_hash_extended(lsce.territory, bigint) RETURNS bigint
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_hash_extended';

COMMENT ON FUNCTION lsce.territory_eq(lsce.territory, lsce.territory) IS 'implementation of = operator';
COMMENT ON FUNCTION lsce.territory_ne(lsce.territory, lsce.territory) IS 'implementation of <> operator';
COMMENT ON FUNCTION lsce.territory_lt(lsce.territory, lsce.territory) IS 'implementation of < operator';
COMMENT ON FUNCTION lsce.territory_le(lsce.territory, lsce.territory) IS 'implementation of <= operator';
COMMENT ON FUNCTION lsce.territory_gt(lsce.territory, lsce.territory) IS 'implementation of > operator';
COMMENT ON FUNCTION lsce.territory_ge(lsce.territory, lsce.territory) IS 'implementation of >= operator';
COMMENT ON FUNCTION lsce.territory_cmp(lsce.territory, lsce.territory) IS 'less than, equal to or greater than 0: pre-order of the tree';
COMMENT ON FUNCTION lsce.territory_sortsupport(internal) IS 'sort support: pre-order of the tree';
COMMENT ON FUNCTION lsce.territory_hash(lsce.territory) IS 'hash';
COMMENT ON FUNCTION lsce.territory_hash_extended(lsce.territory, bigint) IS 'hash with a seed';

CREATE OPERATOR lsce.= (
	FUNCTION = lsce.territory_eq, LEFTARG = lsce.territory, RIGHTARG = lsce.territory,
	COMMUTATOR = OPERATOR(lsce.=), NEGATOR = OPERATOR(lsce.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR lsce.<> (
	FUNCTION = lsce.territory_ne, LEFTARG = lsce.territory, RIGHTARG = lsce.territory,
	COMMUTATOR = OPERATOR(lsce.<>), NEGATOR = OPERATOR(lsce.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR lsce.< (
	FUNCTION = lsce.territory_lt, LEFTARG = lsce.territory, RIGHTARG = lsce.territory,
	COMMUTATOR = OPERATOR(lsce.>), NEGATOR = OPERATOR(lsce.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR lsce.<= (
	FUNCTION = lsce.territory_le, LEFTARG = lsce.territory, RIGHTARG = lsce.territory,
	COMMUTATOR = OPERATOR(lsce.>=), NEGATOR = OPERATOR(lsce.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR lsce.> (
	FUNCTION = lsce.territory_gt, LEFTARG = lsce.territory, RIGHTARG = lsce.territory,
	COMMUTATOR = OPERATOR(lsce.<), NEGATOR = OPERATOR(lsce.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR lsce.>= (
	FUNCTION = lsce.territory_ge, LEFTARG = lsce.territory, RIGHTARG = lsce.territory,
	COMMUTATOR = OPERATOR(lsce.<=), NEGATOR = OPERATOR(lsce.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

COMMENT ON OPERATOR lsce.= (lsce.territory, lsce.territory) IS 'equal';
COMMENT ON OPERATOR lsce.<> (lsce.territory, lsce.territory) IS 'not equal';
COMMENT ON OPERATOR lsce.< (lsce.territory, lsce.territory) IS 'before, in pre-order';
COMMENT ON OPERATOR lsce.<= (lsce.territory, lsce.territory) IS 'before or equal, in pre-order';
COMMENT ON OPERATOR lsce.> (lsce.territory, lsce.territory) IS 'after, in pre-order';
COMMENT ON OPERATOR lsce.>= (lsce.territory, lsce.territory) IS 'after or equal, in pre-order';

CREATE OPERATOR FAMILY lsce.territory_ops USING btree;
COMMENT ON OPERATOR FAMILY lsce.territory_ops USING btree IS 'pre-order of the tree';
CREATE OPERATOR CLASS lsce.territory_ops DEFAULT FOR TYPE lsce.territory USING btree FAMILY lsce.territory_ops AS
	OPERATOR 1 lsce.<, OPERATOR 2 lsce.<=, OPERATOR 3 lsce.=, OPERATOR 4 lsce.>=, OPERATOR 5 lsce.>,
	FUNCTION 1 lsce.territory_cmp(lsce.territory, lsce.territory),
	FUNCTION 2 lsce.territory_sortsupport(internal),
	FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR CLASS lsce.territory_ops USING btree IS 'pre-order of the tree; also serves <@ and @>';

CREATE OPERATOR FAMILY lsce.territory_ops USING hash;
COMMENT ON OPERATOR FAMILY lsce.territory_ops USING hash IS 'equality';
CREATE OPERATOR CLASS lsce.territory_ops DEFAULT FOR TYPE lsce.territory USING hash FAMILY lsce.territory_ops AS
	OPERATOR 1 lsce.=,
	FUNCTION 1 lsce.territory_hash(lsce.territory),
	FUNCTION 2 lsce.territory_hash_extended(lsce.territory, bigint);
COMMENT ON OPERATOR CLASS lsce.territory_ops USING hash IS 'equality';

CREATE FUNCTION lsce.territory_smaller(lsce.territory, lsce.territory) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_smaller';
CREATE FUNCTION lsce.territory_larger(lsce.territory, lsce.territory) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_larger';
COMMENT ON FUNCTION lsce.territory_smaller(lsce.territory, lsce.territory) IS 'the first of two, in pre-order';
COMMENT ON FUNCTION lsce.territory_larger(lsce.territory, lsce.territory) IS 'the last of two, in pre-order';

CREATE AGGREGATE lsce.min(lsce.territory) (
	SFUNC = lsce.territory_smaller, STYPE = lsce.territory, COMBINEFUNC = lsce.territory_smaller,
	SORTOP = OPERATOR(lsce.<), PARALLEL = SAFE
);
CREATE AGGREGATE lsce.max(lsce.territory) (
	SFUNC = lsce.territory_larger, STYPE = lsce.territory, COMBINEFUNC = lsce.territory_larger,
	SORTOP = OPERATOR(lsce.>), PARALLEL = SAFE
);
COMMENT ON AGGREGATE lsce.min(lsce.territory) IS 'the first of all, in pre-order';
COMMENT ON AGGREGATE lsce.max(lsce.territory) IS 'the last of all, in pre-order';

-- parts of a path

CREATE FUNCTION lsce.nlevel(path lsce.territory) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_nlevel';
CREATE FUNCTION lsce.parent(path lsce.territory) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_parent';
CREATE FUNCTION lsce.subpath(path lsce.territory, start integer, len integer DEFAULT NULL) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_subpath';
CREATE FUNCTION lsce.label(path lsce.territory, n integer) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_label';
CREATE FUNCTION lsce.ancestors(path lsce.territory) RETURNS lsce.territory[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_ancestors';
CREATE FUNCTION lsce.lca(a lsce.territory, b lsce.territory) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_lca';
CREATE FUNCTION lsce.lca(paths lsce.territory[]) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_lca_array';
CREATE FUNCTION lsce.subtree_end(path lsce.territory) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_subtree_end';

COMMENT ON FUNCTION lsce.nlevel(lsce.territory) IS 'number of labels';
COMMENT ON FUNCTION lsce.parent(lsce.territory) IS 'the path without its last label; NULL for a root';
COMMENT ON FUNCTION lsce.subpath(lsce.territory, integer, integer) IS 'len labels from number start, which counts from 0 or back from the end if negative; a negative len leaves off labels at the end, NULL means all; NULL if no label remains';
COMMENT ON FUNCTION lsce.label(lsce.territory, integer) IS 'label number n, from 1; NULL beyond the last';
COMMENT ON FUNCTION lsce.ancestors(lsce.territory) IS 'every path that contains this one, root first, itself last';
COMMENT ON FUNCTION lsce.lca(lsce.territory, lsce.territory) IS 'longest path that contains both; NULL if their roots differ';
COMMENT ON FUNCTION lsce.lca(lsce.territory[]) IS 'longest path that contains all; NULL if there is none';
COMMENT ON FUNCTION lsce.subtree_end(lsce.territory) IS 'least value after the path and all below it: a bound for ranges, not a path to store';

-- containment, concatenation, distance

CREATE FUNCTION lsce.territory_within(lsce.territory, lsce.territory) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF SUPPORT lsce.path_within_support
	AS 'MODULE_PATHNAME', 'lsce_path_is_within';
CREATE FUNCTION lsce.territory_contains(lsce.territory, lsce.territory) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF SUPPORT lsce.path_contains_support
	AS 'MODULE_PATHNAME', 'lsce_path_contains';
CREATE FUNCTION lsce.territory_concat(lsce.territory, lsce.territory) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_concat';
CREATE FUNCTION lsce.territory_concat(lsce.territory, text) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_concat_text';
CREATE FUNCTION lsce.territory_concat(text, lsce.territory) RETURNS lsce.territory
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_text_concat_path';
CREATE FUNCTION lsce.territory_distance(lsce.territory, lsce.territory) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_distance';

COMMENT ON FUNCTION lsce.territory_within(lsce.territory, lsce.territory) IS 'implementation of <@ operator';
COMMENT ON FUNCTION lsce.territory_contains(lsce.territory, lsce.territory) IS 'implementation of @> operator';
COMMENT ON FUNCTION lsce.territory_concat(lsce.territory, lsce.territory) IS 'implementation of || operator';
COMMENT ON FUNCTION lsce.territory_concat(lsce.territory, text) IS 'implementation of || operator';
COMMENT ON FUNCTION lsce.territory_concat(text, lsce.territory) IS 'implementation of || operator';
COMMENT ON FUNCTION lsce.territory_distance(lsce.territory, lsce.territory) IS 'implementation of <-> operator';

CREATE OPERATOR lsce.<@ (
	FUNCTION = lsce.territory_within, LEFTARG = lsce.territory, RIGHTARG = lsce.territory,
	COMMUTATOR = OPERATOR(lsce.@>),
	RESTRICT = lsce.path_within_selectivity, JOIN = lsce.path_within_join_selectivity
);
CREATE OPERATOR lsce.@> (
	FUNCTION = lsce.territory_contains, LEFTARG = lsce.territory, RIGHTARG = lsce.territory,
	COMMUTATOR = OPERATOR(lsce.<@),
	RESTRICT = lsce.path_contains_selectivity, JOIN = lsce.path_contains_join_selectivity
);
CREATE OPERATOR lsce.|| (
	FUNCTION = lsce.territory_concat, LEFTARG = lsce.territory, RIGHTARG = lsce.territory
);
CREATE OPERATOR lsce.|| (
	FUNCTION = lsce.territory_concat, LEFTARG = lsce.territory, RIGHTARG = text
);
CREATE OPERATOR lsce.|| (
	FUNCTION = lsce.territory_concat, LEFTARG = text, RIGHTARG = lsce.territory
);
CREATE OPERATOR lsce.<-> (
	FUNCTION = lsce.territory_distance, LEFTARG = lsce.territory, RIGHTARG = lsce.territory,
	COMMUTATOR = OPERATOR(lsce.<->)
);

COMMENT ON OPERATOR lsce.<@ (lsce.territory, lsce.territory) IS 'is within: equal to or below';
COMMENT ON OPERATOR lsce.@> (lsce.territory, lsce.territory) IS 'contains: equal to or above';
COMMENT ON OPERATOR lsce.|| (lsce.territory, lsce.territory) IS 'put the second below the first';
COMMENT ON OPERATOR lsce.|| (lsce.territory, text) IS 'put the second below the first';
COMMENT ON OPERATOR lsce.|| (text, lsce.territory) IS 'put the second below the first';
COMMENT ON OPERATOR lsce.<-> (lsce.territory, lsce.territory) IS 'steps through the tree from one to the other';

CREATE FUNCTION lsce.starts_with(path lsce.territory, prefix lsce.territory) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN path OPERATOR(lsce.<@) prefix;
COMMENT ON FUNCTION lsce.starts_with(lsce.territory, lsce.territory) IS 'the <@ operator as a function';

--
-- Specialty
--

CREATE TYPE lsce.specialty;

CREATE FUNCTION lsce.specialty_in(cstring, oid, integer) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_in';
CREATE FUNCTION lsce.specialty_out(lsce.specialty) RETURNS cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_out';
CREATE FUNCTION lsce.specialty_recv(internal, oid, integer) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_recv';
CREATE FUNCTION lsce.specialty_send(lsce.specialty) RETURNS bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_send';
CREATE FUNCTION lsce.specialty_analyze(internal) RETURNS boolean
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_analyze';

COMMENT ON FUNCTION lsce.specialty_in(cstring, oid, integer) IS 'input of specialty';
COMMENT ON FUNCTION lsce.specialty_out(lsce.specialty) IS 'output of specialty';
COMMENT ON FUNCTION lsce.specialty_recv(internal, oid, integer) IS 'binary input of specialty';
COMMENT ON FUNCTION lsce.specialty_send(lsce.specialty) IS 'binary output of specialty';
COMMENT ON FUNCTION lsce.specialty_analyze(internal) IS 'ANALYZE of specialty: usual statistics and counts per level';

CREATE TYPE lsce.specialty (
	INPUT = lsce.specialty_in,
	OUTPUT = lsce.specialty_out,
	RECEIVE = lsce.specialty_recv,
	SEND = lsce.specialty_send,
	ANALYZE = lsce.specialty_analyze,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = main
);
COMMENT ON TYPE lsce.specialty IS 'place in a tree of medical specialties, root first: medicine.internal.pulmonology';

CREATE CAST (text AS lsce.specialty) WITH INOUT AS ASSIGNMENT;
CREATE CAST (varchar AS lsce.specialty) WITH INOUT AS ASSIGNMENT;
CREATE CAST (lsce.specialty AS text) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (text AS lsce.specialty) IS 'normalises and checks, as input does';
COMMENT ON CAST (varchar AS lsce.specialty) IS 'normalises and checks, as input does';
COMMENT ON CAST (lsce.specialty AS text) IS 'normalised text, labels separated by dots';

-- comparison

CREATE FUNCTION lsce.specialty_eq(lsce.specialty, lsce.specialty) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_eq';
CREATE FUNCTION lsce.specialty_ne(lsce.specialty, lsce.specialty) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_ne';
CREATE FUNCTION lsce.specialty_lt(lsce.specialty, lsce.specialty) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_lt';
CREATE FUNCTION lsce.specialty_le(lsce.specialty, lsce.specialty) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_le';
CREATE FUNCTION lsce.specialty_gt(lsce.specialty, lsce.specialty) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_gt';
CREATE FUNCTION lsce.specialty_ge(lsce.specialty, lsce.specialty) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_ge';
CREATE FUNCTION lsce.specialty_cmp(lsce.specialty, lsce.specialty) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_cmp';
CREATE FUNCTION lsce.specialty_sortsupport(internal) RETURNS void
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_sortsupport';
CREATE FUNCTION lsce.specialty_hash(lsce.specialty) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_hash';
CREATE FUNCTION lsce.specialty_hash_extended(lsce.specialty, bigint) RETURNS bigint
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_hash_extended';

COMMENT ON FUNCTION lsce.specialty_eq(lsce.specialty, lsce.specialty) IS 'implementation of = operator';
COMMENT ON FUNCTION lsce.specialty_ne(lsce.specialty, lsce.specialty) IS 'implementation of <> operator';
COMMENT ON FUNCTION lsce.specialty_lt(lsce.specialty, lsce.specialty) IS 'implementation of < operator';
COMMENT ON FUNCTION lsce.specialty_le(lsce.specialty, lsce.specialty) IS 'implementation of <= operator';
COMMENT ON FUNCTION lsce.specialty_gt(lsce.specialty, lsce.specialty) IS 'implementation of > operator';
COMMENT ON FUNCTION lsce.specialty_ge(lsce.specialty, lsce.specialty) IS 'implementation of >= operator';
COMMENT ON FUNCTION lsce.specialty_cmp(lsce.specialty, lsce.specialty) IS 'less than, equal to or greater than 0: pre-order of the tree';
COMMENT ON FUNCTION lsce.specialty_sortsupport(internal) IS 'sort support: pre-order of the tree';
COMMENT ON FUNCTION lsce.specialty_hash(lsce.specialty) IS 'hash';
COMMENT ON FUNCTION lsce.specialty_hash_extended(lsce.specialty, bigint) IS 'hash with a seed';

CREATE OPERATOR lsce.= (
	FUNCTION = lsce.specialty_eq, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty,
	COMMUTATOR = OPERATOR(lsce.=), NEGATOR = OPERATOR(lsce.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR lsce.<> (
	FUNCTION = lsce.specialty_ne, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty,
	COMMUTATOR = OPERATOR(lsce.<>), NEGATOR = OPERATOR(lsce.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR lsce.< (
	FUNCTION = lsce.specialty_lt, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty,
	COMMUTATOR = OPERATOR(lsce.>), NEGATOR = OPERATOR(lsce.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR lsce.<= (
	FUNCTION = lsce.specialty_le, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty,
	COMMUTATOR = OPERATOR(lsce.>=), NEGATOR = OPERATOR(lsce.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR lsce.> (
	FUNCTION = lsce.specialty_gt, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty,
	COMMUTATOR = OPERATOR(lsce.<), NEGATOR = OPERATOR(lsce.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR lsce.>= (
	FUNCTION = lsce.specialty_ge, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty,
	COMMUTATOR = OPERATOR(lsce.<=), NEGATOR = OPERATOR(lsce.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

COMMENT ON OPERATOR lsce.= (lsce.specialty, lsce.specialty) IS 'equal';
COMMENT ON OPERATOR lsce.<> (lsce.specialty, lsce.specialty) IS 'not equal';
COMMENT ON OPERATOR lsce.< (lsce.specialty, lsce.specialty) IS 'before, in pre-order';
COMMENT ON OPERATOR lsce.<= (lsce.specialty, lsce.specialty) IS 'before or equal, in pre-order';
COMMENT ON OPERATOR lsce.> (lsce.specialty, lsce.specialty) IS 'after, in pre-order';
COMMENT ON OPERATOR lsce.>= (lsce.specialty, lsce.specialty) IS 'after or equal, in pre-order';

CREATE OPERATOR FAMILY lsce.specialty_ops USING btree;
COMMENT ON OPERATOR FAMILY lsce.specialty_ops USING btree IS 'pre-order of the tree';
CREATE OPERATOR CLASS lsce.specialty_ops DEFAULT FOR TYPE lsce.specialty USING btree FAMILY lsce.specialty_ops AS
	OPERATOR 1 lsce.<, OPERATOR 2 lsce.<=, OPERATOR 3 lsce.=, OPERATOR 4 lsce.>=, OPERATOR 5 lsce.>,
	FUNCTION 1 lsce.specialty_cmp(lsce.specialty, lsce.specialty),
	FUNCTION 2 lsce.specialty_sortsupport(internal),
	FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR CLASS lsce.specialty_ops USING btree IS 'pre-order of the tree; also serves <@ and @>';

CREATE OPERATOR FAMILY lsce.specialty_ops USING hash;
COMMENT ON OPERATOR FAMILY lsce.specialty_ops USING hash IS 'equality';
CREATE OPERATOR CLASS lsce.specialty_ops DEFAULT FOR TYPE lsce.specialty USING hash FAMILY lsce.specialty_ops AS
	OPERATOR 1 lsce.=,
	FUNCTION 1 lsce.specialty_hash(lsce.specialty),
	FUNCTION 2 lsce.specialty_hash_extended(lsce.specialty, bigint);
COMMENT ON OPERATOR CLASS lsce.specialty_ops USING hash IS 'equality';

CREATE FUNCTION lsce.specialty_smaller(lsce.specialty, lsce.specialty) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_smaller';
CREATE FUNCTION lsce.specialty_larger(lsce.specialty, lsce.specialty) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_larger';
COMMENT ON FUNCTION lsce.specialty_smaller(lsce.specialty, lsce.specialty) IS 'the first of two, in pre-order';
COMMENT ON FUNCTION lsce.specialty_larger(lsce.specialty, lsce.specialty) IS 'the last of two, in pre-order';

CREATE AGGREGATE lsce.min(lsce.specialty) (
	SFUNC = lsce.specialty_smaller, STYPE = lsce.specialty, COMBINEFUNC = lsce.specialty_smaller,
	SORTOP = OPERATOR(lsce.<), PARALLEL = SAFE
);
CREATE AGGREGATE lsce.max(lsce.specialty) (
	SFUNC = lsce.specialty_larger, STYPE = lsce.specialty, COMBINEFUNC = lsce.specialty_larger,
	SORTOP = OPERATOR(lsce.>), PARALLEL = SAFE
);
COMMENT ON AGGREGATE lsce.min(lsce.specialty) IS 'the first of all, in pre-order';
COMMENT ON AGGREGATE lsce.max(lsce.specialty) IS 'the last of all, in pre-order';

-- parts of a path

CREATE FUNCTION lsce.nlevel(path lsce.specialty) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_nlevel';
CREATE FUNCTION lsce.parent(path lsce.specialty) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_parent';
CREATE FUNCTION lsce.subpath(path lsce.specialty, start integer, len integer DEFAULT NULL) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_subpath';
CREATE FUNCTION lsce.label(path lsce.specialty, n integer) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_label';
CREATE FUNCTION lsce.ancestors(path lsce.specialty) RETURNS lsce.specialty[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_ancestors';
CREATE FUNCTION lsce.lca(a lsce.specialty, b lsce.specialty) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_lca';
CREATE FUNCTION lsce.lca(paths lsce.specialty[]) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_lca_array';
CREATE FUNCTION lsce.subtree_end(path lsce.specialty) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF AS 'MODULE_PATHNAME', 'lsce_path_subtree_end';

COMMENT ON FUNCTION lsce.nlevel(lsce.specialty) IS 'number of labels';
COMMENT ON FUNCTION lsce.parent(lsce.specialty) IS 'the path without its last label; NULL for a root';
COMMENT ON FUNCTION lsce.subpath(lsce.specialty, integer, integer) IS 'len labels from number start, which counts from 0 or back from the end if negative; a negative len leaves off labels at the end, NULL means all; NULL if no label remains';
COMMENT ON FUNCTION lsce.label(lsce.specialty, integer) IS 'label number n, from 1; NULL beyond the last';
COMMENT ON FUNCTION lsce.ancestors(lsce.specialty) IS 'every path that contains this one, root first, itself last';
COMMENT ON FUNCTION lsce.lca(lsce.specialty, lsce.specialty) IS 'longest path that contains both; NULL if their roots differ';
COMMENT ON FUNCTION lsce.lca(lsce.specialty[]) IS 'longest path that contains all; NULL if there is none';
COMMENT ON FUNCTION lsce.subtree_end(lsce.specialty) IS 'least value after the path and all below it: a bound for ranges, not a path to store';

-- containment, concatenation, distance

CREATE FUNCTION lsce.specialty_within(lsce.specialty, lsce.specialty) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF SUPPORT lsce.path_within_support
	AS 'MODULE_PATHNAME', 'lsce_path_is_within';
CREATE FUNCTION lsce.specialty_contains(lsce.specialty, lsce.specialty) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF SUPPORT lsce.path_contains_support
	AS 'MODULE_PATHNAME', 'lsce_path_contains';
CREATE FUNCTION lsce.specialty_concat(lsce.specialty, lsce.specialty) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_concat';
CREATE FUNCTION lsce.specialty_concat(lsce.specialty, text) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_concat_text';
CREATE FUNCTION lsce.specialty_concat(text, lsce.specialty) RETURNS lsce.specialty
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_text_concat_path';
CREATE FUNCTION lsce.specialty_distance(lsce.specialty, lsce.specialty) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'lsce_path_distance';

COMMENT ON FUNCTION lsce.specialty_within(lsce.specialty, lsce.specialty) IS 'implementation of <@ operator';
COMMENT ON FUNCTION lsce.specialty_contains(lsce.specialty, lsce.specialty) IS 'implementation of @> operator';
COMMENT ON FUNCTION lsce.specialty_concat(lsce.specialty, lsce.specialty) IS 'implementation of || operator';
COMMENT ON FUNCTION lsce.specialty_concat(lsce.specialty, text) IS 'implementation of || operator';
COMMENT ON FUNCTION lsce.specialty_concat(text, lsce.specialty) IS 'implementation of || operator';
COMMENT ON FUNCTION lsce.specialty_distance(lsce.specialty, lsce.specialty) IS 'implementation of <-> operator';

CREATE OPERATOR lsce.<@ (
	FUNCTION = lsce.specialty_within, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty,
	COMMUTATOR = OPERATOR(lsce.@>),
	RESTRICT = lsce.path_within_selectivity, JOIN = lsce.path_within_join_selectivity
);
CREATE OPERATOR lsce.@> (
	FUNCTION = lsce.specialty_contains, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty,
	COMMUTATOR = OPERATOR(lsce.<@),
	RESTRICT = lsce.path_contains_selectivity, JOIN = lsce.path_contains_join_selectivity
);
CREATE OPERATOR lsce.|| (
	FUNCTION = lsce.specialty_concat, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty
);
CREATE OPERATOR lsce.|| (
	FUNCTION = lsce.specialty_concat, LEFTARG = lsce.specialty, RIGHTARG = text
);
CREATE OPERATOR lsce.|| (
	FUNCTION = lsce.specialty_concat, LEFTARG = text, RIGHTARG = lsce.specialty
);
CREATE OPERATOR lsce.<-> (
	FUNCTION = lsce.specialty_distance, LEFTARG = lsce.specialty, RIGHTARG = lsce.specialty,
	COMMUTATOR = OPERATOR(lsce.<->)
);

COMMENT ON OPERATOR lsce.<@ (lsce.specialty, lsce.specialty) IS 'is within: equal to or below';
COMMENT ON OPERATOR lsce.@> (lsce.specialty, lsce.specialty) IS 'contains: equal to or above';
COMMENT ON OPERATOR lsce.|| (lsce.specialty, lsce.specialty) IS 'put the second below the first';
COMMENT ON OPERATOR lsce.|| (lsce.specialty, text) IS 'put the second below the first';
COMMENT ON OPERATOR lsce.|| (text, lsce.specialty) IS 'put the second below the first';
COMMENT ON OPERATOR lsce.<-> (lsce.specialty, lsce.specialty) IS 'steps through the tree from one to the other';

CREATE FUNCTION lsce.starts_with(path lsce.specialty, prefix lsce.specialty) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN path OPERATOR(lsce.<@) prefix;
COMMENT ON FUNCTION lsce.starts_with(lsce.specialty, lsce.specialty) IS 'the <@ operator as a function';
