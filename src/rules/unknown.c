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

#include "rules/rules.h"
#include "rules/step.h"

#define NAMED(n, table, key) "($" #n " IS NULL OR EXISTS (SELECT FROM @m." table " WHERE " key " = $" #n "))"
static const AccessStatement all_exist = {
	"SELECT " NAMED(1, "account", "account_id") " AND " NAMED(2, "product", "product_id")
	" AND " NAMED(3, "app_user", "user_id") " AND " NAMED(4, "account", "account_id")
	" AND " NAMED(5, "territory_node", "territory_id") " AND " NAMED(6, "visit", "visit_id")
	" AND " NAMED(7, "sample_request", "request_id") " AND " NAMED(8, "product_batch", "batch_id")
	" AND " NAMED(9, "inventory_location", "location_id") " AND " NAMED(10, "contact_point", "contact_point_id"),
	10, {UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID}
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
