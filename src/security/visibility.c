/*-------------------------------------------------------------------------
 *
 * visibility.c
 *	  What the acting user may see, for the policies of row security.
 *
 * Policies call these functions through wrappers of the model, each inside a
 * scalar sub-select, so that they run once per statement and give the planner
 * an array to look up in an index.  They read the model as its owner: the
 * policies of the tables they read would otherwise call them again.
 *
 * Days are days of the user's own time zone; nothing here follows TimeZone,
 * which any client can set.
 *
 * src/security/visibility.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/datum.h"

#include "security/acting_user.h"

PG_FUNCTION_INFO_V1(lsce_my_company);
PG_FUNCTION_INFO_V1(lsce_my_domains);
PG_FUNCTION_INFO_V1(lsce_my_territory_ids);
PG_FUNCTION_INFO_V1(lsce_my_company_territory_ids);
PG_FUNCTION_INFO_V1(lsce_my_account_ids);
PG_FUNCTION_INFO_V1(lsce_my_location_ids);
PG_FUNCTION_INFO_V1(lsce_sees_all);

/* rosters of the user $1 on day $2, and what stands under them in the active model */
#define MY_TERRITORIES \
	"mine AS (" \
	" SELECT tu.territory_id FROM @m.territory_user AS tu" \
	" WHERE tu.user_id = $1 AND tu.valid_from <= $2 AND $2 < tu.valid_to)," \
	"seen AS (" \
	" SELECT territory_id FROM mine" \
	" UNION" \
	" SELECT below.territory_id FROM mine" \
	" JOIN @m.territory_place AS here ON here.territory_id = mine.territory_id" \
	"  AND here.valid_from <= $2 AND $2 < here.valid_to" \
	" JOIN @m.territory_model AS tm ON tm.model_id = here.model_id" \
	"  AND tm.state = 'published' AND tm.valid_from <= $2 AND $2 < tm.valid_to" \
	" JOIN @m.territory_place AS below ON below.model_id = here.model_id" \
	"  AND below.valid_from <= $2 AND $2 < below.valid_to" \
	"  AND below.path OPERATOR(lsce.<@) here.path)"

/* domains of the user's rosters and of his teams; without a team, of his personas */
#define MY_DOMAINS \
	"domains AS (" \
	" SELECT st.domain FROM @m.territory_user AS tu" \
	" JOIN @m.territory_node AS tn ON tn.territory_id = tu.territory_id" \
	" JOIN @m.sales_team AS st ON st.team_id = tn.team_id" \
	" WHERE tu.user_id = $1 AND tu.valid_from <= $2 AND $2 < tu.valid_to" \
	" UNION" \
	" SELECT CASE WHEN st.domain IS NOT NULL THEN st.domain" \
	"  WHEN ua.persona IN ('msl', 'medinfo', 'safety') THEN 'medical'" \
	"  WHEN ua.persona = 'kam' THEN 'access'" \
	"  ELSE 'commercial' END" \
	" FROM @m.user_assignment AS ua LEFT JOIN @m.sales_team AS st ON st.team_id = ua.team_id" \
	" WHERE ua.user_id = $1 AND ua.valid_from <= $2 AND $2 < ua.valid_to)"

static const AccessStatement my_domains = {
	"WITH " MY_DOMAINS
	" SELECT coalesce(array_agg(domain ORDER BY domain), '{}') FROM domains",
	3, {UUIDOID, DATEOID, UUIDOID}
};

static const AccessStatement my_territory_ids = {
	"WITH " MY_TERRITORIES
	" SELECT coalesce(array_agg(territory_id), '{}') FROM seen",
	3, {UUIDOID, DATEOID, UUIDOID}
};

static const AccessStatement my_company_territory_ids = {
	"WITH " MY_DOMAINS
	" SELECT coalesce(array_agg(tn.territory_id), '{}')"
	" FROM @m.territory_node AS tn JOIN @m.sales_team AS st ON st.team_id = tn.team_id"
	" WHERE st.company_id = $3 AND st.domain IN (SELECT domain FROM domains)",
	3, {UUIDOID, DATEOID, UUIDOID}
};

/*
 * With the records that were merged into the accounts.  An account of several
 * of the user's territories comes several times, which a lookup in an index
 * does not mind and sorting it out would cost more than the lookup.
 */
static const AccessStatement my_account_ids = {
	"WITH " MY_TERRITORIES ","
	"aligned AS ("
	" SELECT coalesce(array_agg(at.account_id), '{}') AS ids FROM @m.account_territory AS at"
	" WHERE at.territory_id = ANY (ARRAY(SELECT territory_id FROM seen))"
	"  AND at.valid_from <= $2 AND $2 < at.valid_to)"
	" SELECT ids || ARRAY(SELECT merged.account_id FROM @m.account AS merged"
	"  WHERE merged.survivor_id IS NOT NULL AND merged.survivor_id = ANY (ids))"
	" FROM aligned",
	3, {UUIDOID, DATEOID, UUIDOID}
};

/* the user's bag and the bags of those who work territories under his own */
static const AccessStatement my_location_ids = {
	"WITH " MY_TERRITORIES
	" SELECT coalesce(array_agg(l.location_id), '{}') FROM @m.inventory_location AS l"
	" WHERE l.kind = 'rep' AND (l.user_id = $1 OR l.user_id IN ("
	"  SELECT tu.user_id FROM seen JOIN @m.territory_user AS tu ON tu.territory_id = seen.territory_id"
	"   AND tu.valid_from <= $2 AND $2 < tu.valid_to"
	"  WHERE EXISTS (SELECT FROM @m.territory_user AS lead WHERE lead.user_id = $1 AND lead.role = 'manager'"
	"   AND lead.valid_from <= $2 AND $2 < lead.valid_to)))",
	3, {UUIDOID, DATEOID, UUIDOID}
};

static const AccessStatement sees_all = {
	"SELECT EXISTS (SELECT FROM @m.user_assignment AS ua"
	" WHERE ua.user_id = $1 AND ua.valid_from <= $2 AND $2 < ua.valid_to AND ua.persona = ANY (lsce.whole_view_personas()))",
	3, {UUIDOID, DATEOID, UUIDOID}
};

/*
 * Run a statement that yields one value of "type", of "typlen" and "typbyval",
 * for the acting user of the model in argument 0.  With no acting user the
 * statement runs for the zero uuid, which matches no row.
 */
static Datum
value_for_acting_user(FunctionCallInfo fcinfo, const AccessStatement *stmt,
					  Oid type, bool typbyval, int typlen)
{
	MemoryContext caller = CurrentMemoryContext;
	LsceModel	model;
	AccessScope scope;
	ActingUser	user;
	Datum		args[3];
	Datum		value;
	bool		isnull;

	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	if (!security_acting_user(&scope, &user))
		memset(&user, 0, sizeof(user));
	args[0] = UUIDPGetDatum(&user.user_id);
	args[1] = DateADTGetDatum(user.day);
	args[2] = UUIDPGetDatum(&user.company_id);
	if (access_read(&scope, stmt, args, NULL, 1) != 1)
		elog(ERROR, "\"%s\" returned no row", stmt->sql);
	value = access_value(0, 1, type, &isnull);
	if (!isnull)
	{
		MemoryContext old = MemoryContextSwitchTo(caller);

		value = datumCopy(value, typbyval, typlen);
		MemoryContextSwitchTo(old);
	}
	access_end(&scope);
	if (isnull)
		PG_RETURN_NULL();
	return value;
}

/* lsce.my_company(model): company of the acting user, NULL without one. */
Datum
lsce_my_company(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	ActingUser	user;
	bool		found;
	pg_uuid_t  *result;

	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	found = security_acting_user(&scope, &user);
	access_end(&scope);
	if (!found)
		PG_RETURN_NULL();
	result = palloc(sizeof(*result));
	*result = user.company_id;
	PG_RETURN_UUID_P(result);
}

/* lsce.my_domains(model): commercial, medical, access. */
Datum
lsce_my_domains(PG_FUNCTION_ARGS)
{
	return value_for_acting_user(fcinfo, &my_domains, TEXTARRAYOID, false, -1);
}

/* lsce.my_territory_ids(model): today's rosters and what stands under them. */
Datum
lsce_my_territory_ids(PG_FUNCTION_ARGS)
{
	return value_for_acting_user(fcinfo, &my_territory_ids, UUIDARRAYOID, false, -1);
}

/* lsce.my_company_territory_ids(model): territories of the user's company in his domains. */
Datum
lsce_my_company_territory_ids(PG_FUNCTION_ARGS)
{
	return value_for_acting_user(fcinfo, &my_company_territory_ids, UUIDARRAYOID, false, -1);
}

/* lsce.my_account_ids(model): accounts aligned today to the user's territories. */
Datum
lsce_my_account_ids(PG_FUNCTION_ARGS)
{
	return value_for_acting_user(fcinfo, &my_account_ids, UUIDARRAYOID, false, -1);
}

/* lsce.my_location_ids(model): bags the user may look into. */
Datum
lsce_my_location_ids(PG_FUNCTION_ARGS)
{
	return value_for_acting_user(fcinfo, &my_location_ids, UUIDARRAYOID, false, -1);
}

/* lsce.sees_all(model): whether a persona of the user sees every row. */
Datum
lsce_sees_all(PG_FUNCTION_ARGS)
{
	return value_for_acting_user(fcinfo, &sees_all, BOOLOID, true, 1);
}
