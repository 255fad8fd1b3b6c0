/*-------------------------------------------------------------------------
 *
 * ledger.c
 *	  The stock ledger: entries of an operation balance, stock follows.
 *
 * The legs of an operation come in one statement and sum to zero for each
 * lot.  inventory_stock keeps the running sum of the places that hold goods
 * (warehouse, rep, in_transit, quarantine).  The places that only make a
 * movement a double entry (vendor, disbursed, lost, destroyed, adjustment)
 * have no row there: every hand-over of a lot would queue for it.
 *
 * src/sample/ledger.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "access/write.h"
#include "errors.h"
#include "sample/direct.h"

PG_FUNCTION_INFO_V1(lsce_post_entries);

/* One leg, or the sum of legs that have some of the ids in common. */
typedef struct Leg
{
	pg_uuid_t	operation_id;
	pg_uuid_t	location_id;
	pg_uuid_t	batch_id;
	Datum		quantity;
	int			count;
} Leg;

typedef struct Legs
{
	int			count;
	int			size;
	Leg		   *items;
} Legs;

/*
 * The keys drive in every statement, see handover_lock.c.  Operations that had
 * entries before this statement:
 */
static const AccessStatement posted_before = {
	"SELECT k.operation_id, e.legs FROM unnest($1, $2) AS k(operation_id, legs)"
	" CROSS JOIN LATERAL (SELECT count(*) AS legs FROM @m.inventory_entry x WHERE x.operation_id = k.operation_id OFFSET 0) e"
	" WHERE e.legs > k.legs",
	2, {UUIDARRAYOID, INT4ARRAYOID}, direct_posted_before
};

/* Which places that hold goods have no stock row for the lot yet? */
static const AccessStatement missing_stock = {
	"SELECT k.n::int FROM unnest($1, $2) WITH ORDINALITY AS k(location_id, batch_id, n)"
	" CROSS JOIN LATERAL (SELECT x.kind FROM @m.inventory_location x WHERE x.location_id = k.location_id OFFSET 0) l"
	" WHERE l.kind IN ('warehouse', 'rep', 'in_transit', 'quarantine') AND NOT EXISTS"
	"  (SELECT FROM @m.inventory_stock s WHERE s.location_id = k.location_id AND s.batch_id = k.batch_id OFFSET 0)"
	" ORDER BY k.n",
	2, {UUIDARRAYOID, UUIDARRAYOID}, direct_missing_stock
};

/* In the order of locking. */
static const AccessStatement make_stock = {
	"INSERT INTO @m.inventory_stock (location_id, batch_id)"
	" SELECT k.location_id, k.batch_id FROM unnest($1, $2) WITH ORDINALITY AS k(location_id, batch_id, n)"
	" ORDER BY k.n ON CONFLICT DO NOTHING",
	2, {UUIDARRAYOID, UUIDARRAYOID}
};

static const AccessStatement lock_stock = {
	"SELECT 1 FROM unnest($1, $2) AS k(location_id, batch_id)"
	" CROSS JOIN LATERAL (SELECT FROM @m.inventory_stock x"
	"  WHERE x.location_id = k.location_id AND x.batch_id = k.batch_id FOR UPDATE) s",
	2, {UUIDARRAYOID, UUIDARRAYOID}
};

/* Leaves what would become negative and may not; moves the rest. */
static bool
stock_allows(const Datum *values, const bool *nulls, const Datum *added)
{
	Datum		zero = NumericGetDatum(int64_to_numeric(0));

	return (!nulls[1] && DatumGetBool(values[1])) || DatumGetBool(DirectFunctionCall2(numeric_ge, added[0], zero)) ||
		(!nulls[0] && DatumGetBool(DirectFunctionCall2(numeric_ge, values[0], zero)));
}

static const AccessAdd move_stock = {
	{"inventory_stock", "inventory_stock_pkey", 2, {{"location_id", UUIDOID}, {"batch_id", UUIDOID}},
	2, {{"on_hand", NUMERICOID}, {"may_go_negative", BOOLOID}}},
	1, stock_allows, &lock_stock,
	{"UPDATE @m.inventory_stock s SET on_hand = s.on_hand + k.quantity"
		" FROM (SELECT x.ctid AS place, u.quantity FROM unnest($1, $2, $3) AS u(location_id, batch_id, quantity)"
		"  CROSS JOIN LATERAL (SELECT y.ctid FROM @m.inventory_stock y"
		"   WHERE y.location_id = u.location_id AND y.batch_id = u.batch_id OFFSET 0) x) k"
		" WHERE s.ctid = k.place AND (s.may_go_negative OR k.quantity >= 0 OR s.on_hand + k.quantity >= 0)",
	3, {UUIDARRAYOID, UUIDARRAYOID, NUMERICARRAYOID}}
};

static const AccessStatement short_stock = {
	"SELECT l.name, b.lot_no, p.code, s.on_hand::text, (-n.quantity)::text"
	" FROM unnest($1, $2, $3) AS n(location_id, batch_id, quantity)"
	" JOIN @m.inventory_stock s USING (location_id, batch_id)"
	" JOIN @m.inventory_location l USING (location_id)"
	" JOIN @m.product_batch b USING (batch_id) JOIN @m.product p USING (product_id)"
	" WHERE NOT s.may_go_negative AND n.quantity < 0 AND s.on_hand + n.quantity < 0"
	" ORDER BY s.location_id, s.batch_id",
	3, {UUIDARRAYOID, UUIDARRAYOID, NUMERICARRAYOID}
};

static int
compare_operations(const void *a, const void *b)
{
	const Leg  *x = a;
	const Leg  *y = b;
	int			result = memcmp(&x->operation_id, &y->operation_id, UUID_LEN);

	return result != 0 ? result : memcmp(&x->batch_id, &y->batch_id, UUID_LEN);
}

static int
compare_operation_ids(const void *a, const void *b)
{
	return memcmp(&((const Leg *) a)->operation_id, &((const Leg *) b)->operation_id, UUID_LEN);
}

static int
compare_stock(const void *a, const void *b)
{
	const Leg  *x = a;
	const Leg  *y = b;
	int			result = memcmp(&x->location_id, &y->location_id, UUID_LEN);

	return result != 0 ? result : memcmp(&x->batch_id, &y->batch_id, UUID_LEN);
}

/* Sort legs and add up those that compare as equal. */
static void
add_up(Legs *legs, int (*compare) (const void *, const void *))
{
	int			kept = 0;

	qsort(legs->items, legs->count, sizeof(Leg), compare);
	for (int i = 0; i < legs->count; i++)
	{
		Leg		   *sum = &legs->items[kept - 1];

		if (kept == 0 || compare(sum, &legs->items[i]) != 0)
			legs->items[kept++] = legs->items[i];
		else
		{
			sum->quantity = DirectFunctionCall2(numeric_add, sum->quantity, legs->items[i].quantity);
			sum->count += legs->items[i].count;
		}
	}
	legs->count = kept;
}

/* Read the new rows. */
static void
read_legs(TriggerData *trigdata, Legs *legs)
{
	TupleDesc	desc = RelationGetDescr(trigdata->tg_relation);
	int			operation = access_column(desc, "operation_id", UUIDOID);
	int			location = access_column(desc, "location_id", UUIDOID);
	int			batch = access_column(desc, "batch_id", UUIDOID);
	int			quantity = access_column(desc, "quantity", NUMERICOID);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	Tuplestorestate *rows = trigdata->tg_newtable;

	tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		Leg		   *leg;

		if (legs->count == legs->size)
		{
			legs->size = Max(16, legs->size * 2);
			legs->items = legs->items ? repalloc_huge(legs->items, legs->size * sizeof(Leg)) :
				palloc(legs->size * sizeof(Leg));
		}
		leg = &legs->items[legs->count++];
		slot_getallattrs(slot);
		if (slot->tts_isnull[operation - 1] || slot->tts_isnull[location - 1] ||
			slot->tts_isnull[batch - 1] || slot->tts_isnull[quantity - 1])
			elog(ERROR, "an entry without operation, place, lot or quantity");
		leg->operation_id = *DatumGetUUIDP(slot->tts_values[operation - 1]);
		leg->location_id = *DatumGetUUIDP(slot->tts_values[location - 1]);
		leg->batch_id = *DatumGetUUIDP(slot->tts_values[batch - 1]);
		leg->quantity = PointerGetDatum(PG_DETOAST_DATUM_COPY(slot->tts_values[quantity - 1]));
		leg->count = 1;
	}
	ExecDropSingleTupleTableSlot(slot);
}

static char *
uuid_text(const pg_uuid_t *uuid)
{
	return DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(uuid)));
}

/* Raise for an operation that breaks the rule of the ledger. */
static void
refuse_unbalanced(Relation rel, char *message)
{
	LsceErrorReport report = {0};

	report.reason = LSCE_REASON_LEDGER_UNBALANCED;
	report.schema_name = get_namespace_name(RelationGetNamespace(rel));
	report.table_name = RelationGetRelationName(rel);
	report.message = message;
	lsce_ereport_reason(&report);
}

/* Legs of an operation sum to zero for each lot and come in one statement. */
static void
check_operations(AccessScope *scope, Relation rel, Legs *legs)
{
	Datum	   *ids = palloc(legs->count * sizeof(Datum));
	Datum	   *counts = palloc(legs->count * sizeof(Datum));
	Datum		args[2];

	add_up(legs, compare_operations);
	for (int i = 0; i < legs->count; i++)
	{
		const Leg  *leg = &legs->items[i];
		char	   *sum = DatumGetCString(DirectFunctionCall1(numeric_out, leg->quantity));

		if (strspn(sum, "0.") != strlen(sum))
			refuse_unbalanced(rel, psprintf("operation %s, lot %s: entries sum to %s, not 0",
											uuid_text(&leg->operation_id), uuid_text(&leg->batch_id), sum));
		pfree(sum);
	}
	add_up(legs, compare_operation_ids);
	for (int i = 0; i < legs->count; i++)
	{
		ids[i] = UUIDPGetDatum(&legs->items[i].operation_id);
		counts[i] = Int32GetDatum(legs->items[i].count);
	}
	args[0] = access_array(ids, NULL, legs->count, UUIDOID);
	args[1] = access_array(counts, NULL, legs->count, INT4OID);
	if (access_read(scope, &posted_before, args, NULL, 1) > 0)
	{
		pg_uuid_t	operation;

		access_uuid(0, 1, &operation);
		refuse_unbalanced(rel, psprintf("operation %s has " INT64_FORMAT " entries, more than this statement brings",
										uuid_text(&operation), access_int64(0, 2)));
	}
}

/* Raise for the first stock that would become negative. */
static void
refuse_short(AccessScope *scope, Relation rel, Datum *args)
{
	LsceErrorReport report = {0};

	report.reason = LSCE_REASON_INVENTORY_SHORT;
	report.schema_name = get_namespace_name(RelationGetNamespace(rel));
	report.table_name = "inventory_stock";
	report.constraint_name = "inventory_stock_not_negative";
	if (access_read(scope, &short_stock, args, NULL, 1) > 0)
		report.message = psprintf("%s holds %s of %s lot %s; %s requested",
								  access_text(0, 1, CurrentMemoryContext), access_text(0, 4, CurrentMemoryContext),
								  access_text(0, 3, CurrentMemoryContext), access_text(0, 2, CurrentMemoryContext),
								  access_text(0, 5, CurrentMemoryContext));
	else
		report.message = "stock changed while it was moved";
	lsce_ereport_reason(&report);
}

/* Make the stock rows that are missing. */
static void
make_missing(AccessScope *scope, Datum **columns, Datum *args)
{
	int			n = (int) access_read(scope, &missing_stock, args, NULL, 0);
	Datum	   *keys[2];
	Datum		made[2];

	if (n == 0)
		return;
	for (int c = 0; c < lengthof(keys); c++)
	{
		keys[c] = palloc_extended(n * sizeof(Datum), MCXT_ALLOC_HUGE);
		for (int i = 0; i < n; i++)
			keys[c][i] = columns[c][access_int32(i, 1) - 1];
		made[c] = access_array(keys[c], NULL, n, UUIDOID);
	}
	access_write(scope, &make_stock, made, NULL);
}

/* Stock follows the legs. */
static void
move(AccessScope *scope, Relation rel, Legs *legs)
{
	Datum	   *columns[3];
	Datum		args[3];
	uint64		changed;

	add_up(legs, compare_stock);
	for (int c = 0; c < lengthof(columns); c++)
		columns[c] = palloc_extended(legs->count * sizeof(Datum), MCXT_ALLOC_HUGE);
	for (int i = 0; i < legs->count; i++)
	{
		columns[0][i] = UUIDPGetDatum(&legs->items[i].location_id);
		columns[1][i] = UUIDPGetDatum(&legs->items[i].batch_id);
		columns[2][i] = legs->items[i].quantity;
	}
	args[0] = access_array(columns[0], NULL, legs->count, UUIDOID);
	args[1] = access_array(columns[1], NULL, legs->count, UUIDOID);
	args[2] = access_array(columns[2], NULL, legs->count, NUMERICOID);
	make_missing(scope, columns, args);
	if (!access_add(scope, &move_stock, columns, columns + 2, legs->count, &changed))
	{
		access_refresh(scope);
		refuse_short(scope, rel, args);
	}
}

/* A copy of the legs, to be summed in another way. */
static Legs
copy_legs(const Legs *legs)
{
	Legs		copy = {legs->count, legs->count, palloc_extended(legs->count * sizeof(Leg), MCXT_ALLOC_HUGE)};

	memcpy(copy.items, legs->items, legs->count * sizeof(Leg));
	return copy;
}

/*
 * AFTER INSERT FOR EACH STATEMENT on inventory_entry, with its new rows:
 * refuse operations that do not balance and keep inventory_stock.
 */
Datum
lsce_post_entries(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	LsceModel	model;
	AccessScope scope;
	Legs		legs = {0};
	Legs		operations;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) || trigdata->tg_newtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.post_entries() must be fired after insert for each statement with a new table")));

	read_legs(trigdata, &legs);
	if (legs.count == 0)
		return PointerGetDatum(NULL);
	operations = copy_legs(&legs);
	access_model_of_relation(RelationGetRelid(trigdata->tg_relation), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	access_share(&scope);
	check_operations(&scope, trigdata->tg_relation, &operations);
	move(&scope, trigdata->tg_relation, &legs);
	access_end(&scope);
	return PointerGetDatum(NULL);
}
