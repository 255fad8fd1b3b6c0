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

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "graph/walk.h"

PG_FUNCTION_INFO_V1(lsce_reach);

/*
 * A row of the result as it stands in a tuple: columns of fixed width first, no
 * nulls, so that a structure describes it as those of the catalogs do.
 */
typedef struct ReachRow
{
	pg_uuid_t	account;
	int32		hops;
	float8		best_strength;
	char		via[FLEXIBLE_ARRAY_MEMBER]; /* uuid[], with a short header if it can have one */
} ReachRow;

/* A tuple that is filled anew for every row whose way is as long. */
typedef struct ReachTuple
{
	TupleTableSlot *slot;		/* shows the tuple to the tuplestore; NULL at first */
	MinimalTuple tuple;
	ReachRow   *row;			/* in it */
	char	   *via;			/* first account of its array */
	int			length;			/* accounts in its array */
} ReachTuple;

/* Tuples are kept for ways over fewer accounts; the last one is for all others. */
#define REACH_TUPLES 16

/* Make the tuple for ways over that many accounts. */
static void
reach_shape(ReachTuple *shape, TupleDesc desc, int length)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + (Size) length * UUID_LEN;
	ArrayType  *via = palloc0(size);
	pg_uuid_t	nobody = {{0}};
	bool		nulls[4] = {false, false, false, false};
	Datum		values[4];

	SET_VARSIZE(via, size);
	via->ndim = 1;
	via->elemtype = UUIDOID;
	ARR_DIMS(via)[0] = length;
	ARR_LBOUND(via)[0] = 1;
	values[0] = UUIDPGetDatum(&nobody);
	values[1] = Int32GetDatum(0);
	values[2] = Float8GetDatum(0);
	values[3] = PointerGetDatum(via);

	if (shape->slot == NULL)
		shape->slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	else
		heap_free_minimal_tuple(shape->tuple);
	shape->tuple = lsce_form_minimal_tuple(desc, values, nulls);
	shape->row = (ReachRow *) ((char *) shape->tuple - MINIMAL_TUPLE_OFFSET + shape->tuple->t_hoff);
	shape->via = VARDATA_ANY(shape->row->via) + ARR_OVERHEAD_NONULLS(1) - VARHDRSZ;
	shape->length = length;
	ExecStoreMinimalTuple(shape->tuple, shape->slot, false);
	pfree(via);
}

/*
 * Write the result by hops; the start itself is left out.  What is allocated
 * goes with the current memory context.
 */
static void
reach_result(const GraphWalk *walk, ReturnSetInfo *rsinfo)
{
	ReachTuple	shapes[REACH_TUPLES] = {{0}};

	for (uint32 i = 1; i < walk->nnodes; i++)
	{
		const WalkNode *node = &walk->nodes[i];
		const WalkLabel *label = &walk->labels[node->best];
		int			length = label->hops + 1;
		ReachTuple *shape = &shapes[Min(length, REACH_TUPLES) - 1];
		char	   *end;

		CHECK_FOR_INTERRUPTS();
		if (shape->length != length)
			reach_shape(shape, rsinfo->setDesc, length);
		shape->row->account = node->account;
		shape->row->hops = node->hops;
		shape->row->best_strength = label->strength;
		end = shape->via + (Size) length * UUID_LEN;
		for (int64 at = node->best; at >= 0; at = walk->labels[at].parent)
		{
			end -= UUID_LEN;
			memcpy(end, graph_walk_account(walk, at), UUID_LEN);
		}
		tuplestore_puttupleslot(rsinfo->setResult, shape->slot);
	}
	for (int i = 0; i < REACH_TUPLES; i++)
		if (shapes[i].slot)
			ExecDropSingleTupleTableSlot(shapes[i].slot);
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
	MemoryContext caller;
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
	access_probe(&scope);
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

	caller = MemoryContextSwitchTo(context);
	reach_result(&walk, (ReturnSetInfo *) fcinfo->resultinfo);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return (Datum) 0;
}
