/*-------------------------------------------------------------------------
 *
 * unknown.c
 *	  Whether a request names rows that do not exist.
 *
 * The foreign keys of a fact are checked before the statement trigger that
 * judges it, and say no more than their own name.  Who asks here first can let
 * the rules refuse instead.
 *
 * src/rules/unknown.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "access/probe.h"
#include "rules/rules.h"
#include "rules/step.h"

#define ACCOUNT_PROBE {"account", 1, {{"account_id", UUIDOID}}, 1, {{"account_id", UUIDOID}}}

/* What the rows of one statement have each of their own. */
static const Probe own[] = {
	ACCOUNT_PROBE, ACCOUNT_PROBE,
	{"visit", 1, {{"visit_id", UUIDOID}}, 1, {{"visit_id", UUIDOID}}},
	{"sample_request", 1, {{"request_id", UUIDOID}}, 1, {{"request_id", UUIDOID}}},
	{"contact_point", 1, {{"contact_point_id", UUIDOID}}, 1, {{"contact_point_id", UUIDOID}}},
};

/* What they mostly share, so that it is asked for once. */
static const Probe shared[] = {
	{"product", 1, {{"product_id", UUIDOID}}, 1, {{"product_id", UUIDOID}}},
	{"app_user", 1, {{"user_id", UUIDOID}}, 1, {{"user_id", UUIDOID}}},
	{"territory_node", 1, {{"territory_id", UUIDOID}}, 1, {{"territory_id", UUIDOID}}},
	{"product_batch", 1, {{"batch_id", UUIDOID}}, 1, {{"batch_id", UUIDOID}}},
	{"inventory_location", 1, {{"location_id", UUIDOID}}, 1, {{"location_id", UUIDOID}}},
};

#define N_IDS lengthof(own)

/* One of the statements below by index probes, one for each id that is named. */
static void
answer_all_exist(Answer *answer, const Probe *probes, const Datum *args, const char *nulls)
{
	bool		all = true;

	for (size_t i = 0; i < N_IDS && all; i++)
	{
		ProbeKey	key = probe_key(args[i]);
		ProbeRow	row;

		all = nulls[i] == 'n' || probe_one(answer, &probes[i], &key, &row);
	}
	answer_value(answer, BoolGetDatum(all), false);
	answer_end_row(answer);
}

static void
direct_own(Answer *answer, const Datum *args, const char *nulls)
{
	answer_all_exist(answer, own, args, nulls);
}

static void
direct_shared(Answer *answer, const Datum *args, const char *nulls)
{
	answer_all_exist(answer, shared, args, nulls);
}

#define NAMED(n, table, key) "($" #n " IS NULL OR EXISTS (SELECT FROM @m." table " WHERE " key " = $" #n "))"
static const AccessStatement own_exist = {
	"SELECT " NAMED(1, "account", "account_id") " AND " NAMED(2, "account", "account_id")
	" AND " NAMED(3, "visit", "visit_id") " AND " NAMED(4, "sample_request", "request_id")
	" AND " NAMED(5, "contact_point", "contact_point_id"),
	N_IDS, {UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID}, direct_own
};
static const AccessStatement shared_exist = {
	"SELECT " NAMED(1, "product", "product_id") " AND " NAMED(2, "app_user", "user_id")
	" AND " NAMED(3, "territory_node", "territory_id") " AND " NAMED(4, "product_batch", "batch_id")
	" AND " NAMED(5, "inventory_location", "location_id"),
	N_IDS, {UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID}, direct_shared
};

/* Whether there is a row for each id that is given. */
static bool
all_exist(AccessScope *scope, const AccessStatement *stmt, const Uuid16 *const *ids)
{
	Datum		args[N_IDS];
	char		nulls[N_IDS + 1];

	for (size_t i = 0; i < N_IDS; i++)
	{
		args[i] = PointerGetDatum(ids[i]);
		nulls[i] = uuid_given(ids[i]) ? ' ' : 'n';
	}
	nulls[N_IDS] = '\0';
	access_read(scope, stmt, args, nulls, 1);
	return access_bool(0, 1);
}

/* See rules.h. */
bool
rules_names_unknown(AccessScope *scope, const RuleRequest *request)
{
	const Uuid16 *const own_ids[N_IDS] = {&request->account_id, &request->practitioner_id,
	&request->visit_id, &request->request_id, &request->delivery_point_id};
	const Uuid16 *const shared_ids[N_IDS] = {&request->product_id, &request->user_id,
	&request->territory_id, &request->batch_id, &request->location_id};

	StaticAssertStmt(lengthof(own) == lengthof(shared), "both statements have as many ids");
	return !all_exist(scope, &own_exist, own_ids) || !all_exist(scope, &shared_exist, shared_ids);
}
