-- The affiliation graph: what the functions of a model are made of.

CREATE FUNCTION lsce.reach(model regnamespace, start uuid, max_hops integer, kinds text[], product_id uuid,
	at date, min_strength real, known_at timestamptz, direction text,
	OUT account_id uuid, OUT hops integer, OUT best_strength double precision, OUT via uuid[])
RETURNS SETOF record LANGUAGE C STABLE PARALLEL SAFE COST 10000 ROWS 1000
AS 'MODULE_PATHNAME', 'lsce_reach';
COMMENT ON FUNCTION lsce.reach(regnamespace, uuid, integer, text[], uuid, date, real, timestamptz, text) IS
'accounts that a walk over the affiliations of a model reaches; models have a function reach() of their own over it';

CREATE FUNCTION lsce.shortest_path(model regnamespace, a uuid, b uuid, max_hops integer, at date, kinds text[],
	product_id uuid, known_at timestamptz, direction text, by text,
	OUT step integer, OUT account_id uuid, OUT affiliation_id uuid, OUT strength real)
RETURNS SETOF record LANGUAGE C STABLE PARALLEL SAFE COST 10000 ROWS 6
AS 'MODULE_PATHNAME', 'lsce_shortest_path';
COMMENT ON FUNCTION lsce.shortest_path(regnamespace, uuid, uuid, integer, date, text[], uuid, timestamptz, text, text) IS
'steps of the shortest path between two accounts of a model; models have a function shortest_path() of their own over it';

CREATE FUNCTION lsce.influence(model regnamespace, product_id uuid, at date, damping double precision, kinds text[],
	known_at timestamptz, direction text, max_rounds integer,
	OUT account_id uuid, OUT score double precision)
RETURNS SETOF record LANGUAGE C STABLE PARALLEL SAFE COST 1000000 ROWS 100000
AS 'MODULE_PATHNAME', 'lsce_influence';
COMMENT ON FUNCTION lsce.influence(regnamespace, uuid, date, double precision, text[], timestamptz, text, integer) IS
'weighted PageRank of all accounts of a model; models have a function influence_rank() of their own over it';

CREATE FUNCTION lsce.components(model regnamespace, kinds text[], at date, known_at timestamptz,
	OUT account_id uuid, OUT component bigint)
RETURNS SETOF record LANGUAGE C STABLE PARALLEL SAFE COST 1000000 ROWS 100000
AS 'MODULE_PATHNAME', 'lsce_components';
COMMENT ON FUNCTION lsce.components(regnamespace, text[], date, timestamptz) IS
'connected component of every account of a model; models have a function affiliation_components() of their own over it';

CREATE FUNCTION lsce.communities(model regnamespace, kinds text[], at date, known_at timestamptz, product_id uuid,
	method text, max_rounds integer,
	OUT account_id uuid, OUT community bigint)
RETURNS SETOF record LANGUAGE C STABLE PARALLEL SAFE COST 1000000 ROWS 100000
AS 'MODULE_PATHNAME', 'lsce_communities';
COMMENT ON FUNCTION lsce.communities(regnamespace, text[], date, timestamptz, uuid, text, integer) IS
'community of every account of a model; models have a function communities() of their own over it';

CREATE FUNCTION lsce.hco_hierarchy() RETURNS trigger
LANGUAGE C AS 'MODULE_PATHNAME', 'lsce_hco_hierarchy';
COMMENT ON FUNCTION lsce.hco_hierarchy() IS 'trigger: refuses a parent that would make an organisation stand above itself (HIERARCHY_CYCLE)';
