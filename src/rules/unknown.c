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

static const Probe existing[] = {
	{"account", 1, {{"account_id", UUIDOID}}, 1, {{"account_id", UUIDOID}}},
	{"product", 1, {{"product_id", UUIDOID}}, 1, {{"product_id", UUIDOID}}},
	{"app_user", 1, {{"user_id", UUIDOID}}, 1, {{"user_id", UUIDOID}}},
	{"account", 1, {{"account_id", UUIDOID}}, 1, {{"account_id", UUIDOID}}},
	{"territory_node", 1, {{"territory_id", UUIDOID}}, 1, {{"territory_id", UUIDOID}}},
	{"visit", 1, {{"visit_id", UUIDOID}}, 1, {{"visit_id", UUIDOID}}},
	{"sample_request", 1, {{"request_id", UUIDOID}}, 1, {{"request_id", UUIDOID}}},
	{"product_batch", 1, {{"batch_id", UUIDOID}}, 1, {{"batch_id", UUIDOID}}},
	{"inventory_location", 1, {{"location_id", UUIDOID}}, 1, {{"location_id", UUIDOID}}},
	{"contact_point", 1, {{"contact_point_id", UUIDOID}}, 1, {{"contact_point_id", UUIDOID}}},
};

/* The statement below by index probes, one for each id that is named. */
static void
direct_all_exist(Answer *answer, const Datum *args, const char *nulls)
{
	bool		all = true;

	for (size_t i = 0; i < lengthof(existing) && all; i++)
	{
		ProbeKey	key = probe_key(args[i]);
		ProbeRow	row;

		all = nulls[i] == 'n' || probe_one(answer, &existing[i], &key, &row);
	}
	answer_value(answer, BoolGetDatum(all), false);
	answer_end_row(answer);
}

#define NAMED(n, table, key) "($" #n " IS NULL OR EXISTS (SELECT FROM @m." table " WHERE " key " = $" #n "))"
static const AccessStatement all_exist = {
	"SELECT " NAMED(1, "account", "account_id") " AND " NAMED(2, "product", "product_id")
	" AND " NAMED(3, "app_user", "user_id") " AND " NAMED(4, "account", "account_id")
	" AND " NAMED(5, "territory_node", "territory_id") " AND " NAMED(6, "visit", "visit_id")
	" AND " NAMED(7, "sample_request", "request_id") " AND " NAMED(8, "product_batch", "batch_id")
	" AND " NAMED(9, "inventory_location", "location_id") " AND " NAMED(10, "contact_point", "contact_point_id"),
	10, {UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID},
	direct_all_exist
};

/* See rules.h. */
bool
rules_names_unknown(AccessScope *scope, const RuleRequest *request)
{
	const Uuid16 *ids[] = {&request->account_id, &request->product_id, &request->user_id,
		&request->practitioner_id, &request->territory_id, &request->visit_id, &request->request_id,
	&request->batch_id, &request->location_id, &request->delivery_point_id};
	Datum		args[lengthof(ids)];
	char		nulls[lengthof(ids) + 1];

	for (size_t i = 0; i < lengthof(ids); i++)
	{
		args[i] = PointerGetDatum(ids[i]);
		nulls[i] = uuid_given(ids[i]) ? ' ' : 'n';
	}
	nulls[lengthof(ids)] = '\0';
	access_read(scope, &all_exist, args, nulls, 1);
	return !access_bool(0, 1);
}
