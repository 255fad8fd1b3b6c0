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
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "graph/walk.h"

PG_FUNCTION_INFO_V1(lsce_reach);

/* The accounts from the start to a label, as uuid[]. */
static ArrayType *
reach_path(const GraphWalk *walk, int64 label)
{
	int			n = walk->labels[label].hops + 1;
	Datum	   *path = palloc(sizeof(Datum) * n);
	ArrayType  *array;

	for (int i = n - 1; i >= 0; i--)
	{
		path[i] = UUIDPGetDatum(&walk->labels[label].account);
		label = walk->labels[label].parent;
	}
	array = construct_array(path, n, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR);
	pfree(path);
	return array;
}

/* By hops, then account. */
static int
reach_compare(const void *a, const void *b)
{
	const WalkEntry *x = *(const WalkEntry *const *) a;
	const WalkEntry *y = *(const WalkEntry *const *) b;

	if (x->hops != y->hops)
		return x->hops < y->hops ? -1 : 1;
	return memcmp(&x->account, &y->account, UUID_LEN);
}

/* Write the result in order; the start itself is left out. */
static void
reach_result(const GraphWalk *walk, ReturnSetInfo *rsinfo)
{
	int64		n;
	const WalkEntry **entries = graph_walk_entries(walk, &n);

	qsort(entries, n, sizeof(WalkEntry *), reach_compare);
	for (int64 i = 0; i < n; i++)
	{
		Datum		values[4];
		bool		nulls[4] = {false, false, false, false};
		ArrayType  *path;

		CHECK_FOR_INTERRUPTS();
		path = reach_path(walk, entries[i]->best);
		values[0] = UUIDPGetDatum(&entries[i]->account);
		values[1] = Int32GetDatum(entries[i]->hops);
		values[2] = Float8GetDatum(walk->labels[entries[i]->best].strength);
		values[3] = PointerGetDatum(path);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		pfree(path);
	}
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
