CREATE FUNCTION lsce.reach(model regnamespace, start uuid, max_hops integer, kinds text[], product_id uuid,
	at date, min_strength real, known_at timestamptz, direction text,
	OUT account_id uuid, OUT hops integer, OUT best_strength double precision, OUT via uuid[])
RETURNS SETOF record LANGUAGE C STABLE PARALLEL SAFE COST 10000 ROWS 1000
AS 'MODULE_PATHNAME', 'lsce_reach';
COMMENT ON FUNCTION lsce.reach(regnamespace, uuid, integer, text[], uuid, date, real, timestamptz, text) IS
'accounts that a walk over the affiliations of a model reaches; models have a function reach() of their own over it';
