-- Who is acting and what he may see; functions that the policies of a model call
-- through wrappers of the model.

CREATE FUNCTION lsce.acting_user(model regnamespace) RETURNS uuid
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_acting_user';
COMMENT ON FUNCTION lsce.acting_user(regnamespace) IS 'id of the acting user: the one lsce.login names, else the one whose db_role is the current role; NULL when there is none';

CREATE FUNCTION lsce.my_company(model regnamespace) RETURNS uuid
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_my_company';
COMMENT ON FUNCTION lsce.my_company(regnamespace) IS 'company of the acting user';

CREATE FUNCTION lsce.my_domains(model regnamespace) RETURNS text[]
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_my_domains';
COMMENT ON FUNCTION lsce.my_domains(regnamespace) IS 'domains (commercial, medical, access) the acting user works in today';

CREATE FUNCTION lsce.my_territory_ids(model regnamespace) RETURNS uuid[]
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_my_territory_ids';
COMMENT ON FUNCTION lsce.my_territory_ids(regnamespace) IS 'territories on whose roster the acting user is today, and all that stand under them in the active territory model';

CREATE FUNCTION lsce.my_company_territory_ids(model regnamespace) RETURNS uuid[]
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_my_company_territory_ids';
COMMENT ON FUNCTION lsce.my_company_territory_ids(regnamespace) IS 'territories of the acting user''s company in his domains: whose history he may read when the account is his';

CREATE FUNCTION lsce.my_account_ids(model regnamespace) RETURNS uuid[]
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_my_account_ids';
COMMENT ON FUNCTION lsce.my_account_ids(regnamespace) IS 'accounts aligned today to the acting user''s territories, with the records merged into them; one of several territories comes several times';

CREATE FUNCTION lsce.my_location_ids(model regnamespace) RETURNS uuid[]
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_my_location_ids';
COMMENT ON FUNCTION lsce.my_location_ids(regnamespace) IS 'the acting user''s sample bag; for a manager also the bags of his people';

CREATE FUNCTION lsce.sees_all(model regnamespace) RETURNS boolean
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_sees_all';
COMMENT ON FUNCTION lsce.sees_all(regnamespace) IS 'whether the acting user has a whole-view persona today';

CREATE FUNCTION lsce.unknown_key(code text, message text)
RETURNS uuid
LANGUAGE plpgsql PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM lsce.raise_reason(code, message);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION lsce.unknown_key(text, text) IS 'raises a reason where an id is wanted: the last argument of coalesce() in the lookups of a model';

CREATE FUNCTION lsce.acting_name(model regnamespace) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_acting_name';
COMMENT ON FUNCTION lsce.acting_name(regnamespace) IS 'login of the acting user, else the current role: what approvals are signed with';

CREATE FUNCTION lsce._as_owner(schema name, query text)
RETURNS SETOF record
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'lsce_as_owner';
COMMENT ON FUNCTION lsce._as_owner(name, text) IS 'rows of a query run as the owner of a model by somebody who has his rights, so that code of the model never runs with those of the caller; leaves nothing behind in the session';

CREATE FUNCTION lsce._rows_as_owner(schema name, command text)
RETURNS SETOF record
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'lsce_rows_as_owner';
COMMENT ON FUNCTION lsce._rows_as_owner(name, text) IS 'the same of a statement that writes and returns rows';

CREATE FUNCTION lsce._do_as_owner(schema name, command text)
RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'lsce_do_as_owner';
COMMENT ON FUNCTION lsce._do_as_owner(name, text) IS 'runs a command as the owner of a model, as lsce._as_owner() does a query';
