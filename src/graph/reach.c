/*-------------------------------------------------------------------------
 *
 * reach.c
 *	  Who can be reached from an account, in how many hops, how strongly, and
 *	  over whom.
 *
 * src/graph/reach.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "graph/walk.h"

PG_FUNCTION_INFO_V1(lsce_reach);

/* An account to write, with its id as numbers that compare like it. */
typedef struct ReachRow
{
	uint64		high;
	uint64		low;
	int			hops;
	const WalkEntry *entry;
} ReachRow;

/* By hops, then account. */
static inline int
reach_compare(const ReachRow *a, const ReachRow *b)
{
	if (a->hops != b->hops)
		return a->hops < b->hops ? -1 : 1;
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return a->low < b->low ? -1 : a->low > b->low;
}

#define ST_SORT reach_sort
#define ST_ELEMENT_TYPE ReachRow
#define ST_COMPARE(a, b) reach_compare(a, b)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/* A uuid[] that is filled again for every row. */
typedef struct ReachArray
{
	ArrayType  *array;
	int			room;			/* accounts it has room for */
} ReachArray;

/* The accounts from the start to a label. */
static Datum
reach_path(const GraphWalk *walk, int64 label, ReachArray *via)
{
	int			n = walk->labels[label].hops + 1;
	char	   *end;

	if (n > via->room)
	{
		via->room = n * 2;
		via->array = repalloc(via->array, ARR_OVERHEAD_NONULLS(1) + via->room * UUID_LEN);
	}
	SET_VARSIZE(via->array, ARR_OVERHEAD_NONULLS(1) + n * UUID_LEN);
	via->array->ndim = 1;
	via->array->dataoffset = 0;
	via->array->elemtype = UUIDOID;
	ARR_DIMS(via->array)[0] = n;
	ARR_LBOUND(via->array)[0] = 1;
	end = ARR_DATA_PTR(via->array) + n * UUID_LEN;
	for (; label >= 0; label = walk->labels[label].parent)
	{
		end -= UUID_LEN;
		memcpy(end, walk->labels[label].account.data, UUID_LEN);
	}
	return PointerGetDatum(via->array);
}

/* Write the result in order; the start itself is left out. */
static void
reach_result(const GraphWalk *walk, ReturnSetInfo *rsinfo)
{
	int64		n;
	const WalkEntry **entries = graph_walk_entries(walk, &n);
	ReachRow   *rows = palloc_extended(sizeof(ReachRow) * Max(n, 1), MCXT_ALLOC_HUGE);
	ReachArray	via = {palloc0(ARR_OVERHEAD_NONULLS(1) + 16 * UUID_LEN), 16};
	bool		nulls[4] = {false, false, false, false};

	for (int64 i = 0; i < n; i++)
	{
		uint64		halves[2];

		memcpy(halves, entries[i]->account.data, UUID_LEN);
		rows[i].high = pg_ntoh64(halves[0]);
		rows[i].low = pg_ntoh64(halves[1]);
		rows[i].hops = entries[i]->hops;
		rows[i].entry = entries[i];
	}
	reach_sort(rows, n);
	for (int64 i = 0; i < n; i++)
	{
		const WalkEntry *entry = rows[i].entry;
		Datum		values[4];

		CHECK_FOR_INTERRUPTS();
		values[0] = UUIDPGetDatum(&entry->account);
		values[1] = Int32GetDatum(entry->hops);
		values[2] = Float8GetDatum(walk->labels[entry->best].strength);
		values[3] = reach_path(walk, entry->best, &via);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	pfree(via.array);
	pfree(rows);
	pfree(entries);
}

/* Refuse arguments that mean nothing. */
static void
reach_check_arguments(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the start of a walk must not be null")));
	if (!PG_ARGISNULL(6) && !(PG_GETARG_FLOAT4(6) >= 0 && PG_GETARG_FLOAT4(6) <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("min_strength must be between 0 and 1, got %g", (double) PG_GETARG_FLOAT4(6))));
}

/*
 * lsce.reach(model, start, max_hops, kinds, product_id, at, min_strength,
 * known_at, direction): set of (account_id, hops, best_strength, via).
 *
 * hops is the fewest; best_strength the largest product of strengths over any
 * walk of at most max_hops; via that walk, both ends
 * included.  max_hops NULL has no bound.  Reads with the caller's rights.
 * Errors: 22004, 22023, UNKNOWN_ACCOUNT.
 */
Datum
lsce_reach(PG_FUNCTION_ARGS)
{
	static const GraphArguments arguments = {
		.kinds = 3, .product = 4, .at = 5, .known_at = 7, .direction = 8
	};
	MemoryContext context;
	LsceModel	model;
	AccessScope scope;
	GraphFilter filter;
	GraphReader reader;
	GraphWalk	walk;
	pg_uuid_t	start;
	int			max_hops = graph_max_hops(fcinfo, 2);

	reach_check_arguments(fcinfo);
	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	graph_filter(fcinfo, &arguments, &filter);
	InitMaterializedSRF(fcinfo, 0);

	context = AllocSetContextCreate(CurrentMemoryContext, "lsce reach", ALLOCSET_DEFAULT_SIZES);
	access_begin(&scope, &model, ACCESS_READ_AS_CALLER);
	graph_account(&scope, PG_GETARG_UUID_P(1), &start);
	graph_reader_open(&reader, &scope, &filter);
	graph_walk_begin(&walk, context, &reader, &start, false,
					 PG_ARGISNULL(6) ? 0 : PG_GETARG_FLOAT4(6));
	for (int hops = 0; hops < max_hops; hops++)
	{
		if (!graph_walk_level(&walk))
			break;
	}
	graph_reader_close(&reader);
	access_end(&scope);

	reach_result(&walk, (ReturnSetInfo *) fcinfo->resultinfo);
	MemoryContextDelete(context);
	return (Datum) 0;
}
