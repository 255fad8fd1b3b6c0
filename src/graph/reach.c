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
		memcpy(end, graph_walk_account(walk, label), UUID_LEN);
	}
	return PointerGetDatum(via->array);
}

/* Write the result by hops; the start itself is left out. */
static void
reach_result(const GraphWalk *walk, ReturnSetInfo *rsinfo)
{
	ReachArray	via = {palloc0(ARR_OVERHEAD_NONULLS(1) + 16 * UUID_LEN), 16};
	bool		nulls[4] = {false, false, false, false};

	for (uint32 i = 1; i < walk->nnodes; i++)
	{
		const WalkNode *node = &walk->nodes[i];
		Datum		values[4];

		CHECK_FOR_INTERRUPTS();
		values[0] = UUIDPGetDatum(&node->account);
		values[1] = Int32GetDatum(node->hops);
		values[2] = Float8GetDatum(walk->labels[node->best].strength);
		values[3] = reach_path(walk, node->best, &via);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	pfree(via.array);
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
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);

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
