/*-------------------------------------------------------------------------
 *
 * reach.c
 *	  Who can be reached from an account, in how many hops, how strongly, and
 *	  over whom.
 *
 * The walk goes level by level, one probe of the edge table for the whole
 * frontier of a level.  A label is one way to stand at an account after so many
 * hops; an account keeps its first (fewest) hop count and the label of its best
 * strength.  A label enters the next frontier only when it improves the
 * account's strength, so the walk ends by itself, cycles or not, because
 * strengths are at most 1.
 *
 * src/graph/reach.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "errors.h"
#include "graph/graph.h"

PG_FUNCTION_INFO_V1(lsce_reach);

/* accounts probed by one statement */
#define REACH_BATCH 10000

typedef struct ReachLabel
{
	pg_uuid_t	account;
	int			hops;
	double		strength;
	int64		parent;			/* label it came from, -1 at the start */
} ReachLabel;

typedef struct ReachEntry
{
	pg_uuid_t	account;		/* hash key */
	char		status;
	int			hops;			/* fewest */
	int64		best;			/* label of the best strength */
} ReachEntry;

#define SH_PREFIX reach
#define SH_ELEMENT_TYPE ReachEntry
#define SH_KEY_TYPE pg_uuid_t
#define SH_KEY account
#define SH_HASH_KEY(tb, key) hash_bytes((const unsigned char *) &(key), UUID_LEN)
#define SH_EQUAL(tb, a, b) (memcmp(&(a), &(b), UUID_LEN) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct ReachWalk
{
	ReachLabel *labels;
	int64		nlabels;
	int64		size;
	reach_hash *accounts;
	double		min_strength;
} ReachWalk;

/* Append a label and return its number. */
static int64
reach_add_label(ReachWalk *walk, const pg_uuid_t *account, double strength,
				int64 parent, int hops)
{
	ReachLabel *label;

	if (walk->nlabels == walk->size)
	{
		walk->size *= 2;
		walk->labels = repalloc_huge(walk->labels, walk->size * sizeof(ReachLabel));
	}
	label = &walk->labels[walk->nlabels];
	label->account = *account;
	label->strength = strength;
	label->parent = parent;
	label->hops = hops;
	return walk->nlabels++;
}

/*
 * Take one edge from label "from".  A better way to an account found on the
 * same level replaces the label in place, so that a frontier names it once.
 */
static void
reach_take_edge(ReachWalk *walk, int64 from, const GraphEdge *edge)
{
	double		strength = walk->labels[from].strength * edge->strength;
	int			hops = walk->labels[from].hops + 1;
	ReachEntry *entry;
	bool		found;

	if (strength < walk->min_strength)
		return;
	entry = reach_insert(walk->accounts, edge->to, &found);
	if (!found)
		entry->hops = hops;
	else if (strength <= walk->labels[entry->best].strength)
		return;
	else if (walk->labels[entry->best].hops == hops)
	{
		walk->labels[entry->best].strength = strength;
		walk->labels[entry->best].parent = from;
		return;
	}
	entry->best = reach_add_label(walk, &edge->to, strength, from, hops);
}

/* Take every edge that leaves the labels [first, last). */
static void
reach_level(ReachWalk *walk, AccessScope *scope, const GraphFilter *filter,
			int64 first, int64 last)
{
	pg_uuid_t  *frontier = palloc(sizeof(pg_uuid_t) * REACH_BATCH);

	for (int64 from = first; from < last; from += REACH_BATCH)
	{
		int			n = (int) Min(last - from, REACH_BATCH);
		uint64		rows;

		for (int i = 0; i < n; i++)
			frontier[i] = walk->labels[from + i].account;
		rows = graph_probe(scope, filter, frontier, n);
		for (uint64 row = 0; row < rows; row++)
		{
			GraphEdge	edge;

			CHECK_FOR_INTERRUPTS();
			graph_edge(row, &edge);
			reach_take_edge(walk, from + edge.from, &edge);
		}
		SPI_freetuptable(SPI_tuptable);
	}
	pfree(frontier);
}

/* Walk at most max_hops levels from "start". */
static void
reach_walk(ReachWalk *walk, AccessScope *scope, const GraphFilter *filter,
		   const pg_uuid_t *start, int max_hops)
{
	int64		first = 0;
	ReachEntry *entry;
	bool		found;

	entry = reach_insert(walk->accounts, *start, &found);
	entry->hops = 0;
	entry->best = reach_add_label(walk, start, 1.0, -1, 0);

	for (int level = 0; level < max_hops && first < walk->nlabels; level++)
	{
		int64		last = walk->nlabels;

		reach_level(walk, scope, filter, first, last);
		first = last;
	}
}

/* The accounts from the start to a label, as uuid[]. */
static ArrayType *
reach_path(const ReachWalk *walk, int64 label)
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
	const ReachEntry *x = *(ReachEntry *const *) a;
	const ReachEntry *y = *(ReachEntry *const *) b;

	if (x->hops != y->hops)
		return x->hops < y->hops ? -1 : 1;
	return memcmp(&x->account, &y->account, UUID_LEN);
}

/* Write the result in order; the start itself is left out. */
static void
reach_result(const ReachWalk *walk, ReturnSetInfo *rsinfo)
{
	ReachEntry **sorted;
	reach_iterator iterator;
	ReachEntry *entry;
	int64		n = 0;

	sorted = palloc_extended(sizeof(ReachEntry *) * walk->accounts->members, MCXT_ALLOC_HUGE);
	reach_start_iterate(walk->accounts, &iterator);
	while ((entry = reach_iterate(walk->accounts, &iterator)) != NULL)
	{
		if (entry->hops > 0)
			sorted[n++] = entry;
	}
	qsort(sorted, n, sizeof(ReachEntry *), reach_compare);

	for (int64 i = 0; i < n; i++)
	{
		Datum		values[4];
		bool		nulls[4] = {false, false, false, false};
		ArrayType  *path;

		CHECK_FOR_INTERRUPTS();
		path = reach_path(walk, sorted[i]->best);
		values[0] = UUIDPGetDatum(&sorted[i]->account);
		values[1] = Int32GetDatum(sorted[i]->hops);
		values[2] = Float8GetDatum(walk->labels[sorted[i]->best].strength);
		values[3] = PointerGetDatum(path);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		pfree(path);
	}
	pfree(sorted);
}

/* The filter that the arguments from the fourth on describe. */
static void
reach_filter(FunctionCallInfo fcinfo, GraphFilter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->kinds = PG_ARGISNULL(3) ? NULL : PG_GETARG_ARRAYTYPE_P(3);
	filter->has_product = !PG_ARGISNULL(4);
	if (filter->has_product)
		filter->product_id = *PG_GETARG_UUID_P(4);
	if (PG_ARGISNULL(5))
		filter->at = DatumGetDateADT(DirectFunctionCall1(timestamptz_date,
														 TimestampTzGetDatum(GetCurrentTransactionStartTimestamp())));
	else
		filter->at = PG_GETARG_DATEADT(5);
	filter->has_known_at = !PG_ARGISNULL(7);
	if (filter->has_known_at)
		filter->known_at = PG_GETARG_TIMESTAMPTZ(7);
	filter->direction = PG_ARGISNULL(8) ? GRAPH_OUT
		: graph_direction(text_to_cstring(PG_GETARG_TEXT_PP(8)));
}

/* Refuse arguments that mean nothing. */
static void
reach_check_arguments(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the start of a walk must not be null")));
	if (!PG_ARGISNULL(2) && PG_GETARG_INT32(2) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_hops must not be negative, got %d", PG_GETARG_INT32(2))));
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
 * walk of at most max_hops (mission.md 2.11); via that walk, both ends
 * included.  max_hops NULL has no bound.  Reads with the caller's rights.
 * Errors: 22004, 22023, UNKNOWN_ACCOUNT.
 */
Datum
lsce_reach(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	LsceModel	model;
	AccessScope scope;
	GraphFilter filter;
	ReachWalk	walk;
	pg_uuid_t	start;

	reach_check_arguments(fcinfo);
	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	reach_filter(fcinfo, &filter);
	InitMaterializedSRF(fcinfo, 0);

	context = AllocSetContextCreate(CurrentMemoryContext, "lsce reach", ALLOCSET_DEFAULT_SIZES);
	walk.size = 256;
	walk.nlabels = 0;
	walk.labels = MemoryContextAlloc(context, walk.size * sizeof(ReachLabel));
	walk.accounts = reach_create(context, 256, NULL);
	walk.min_strength = PG_ARGISNULL(6) ? 0 : PG_GETARG_FLOAT4(6);

	access_begin(&scope, &model, ACCESS_READ_AS_CALLER);
	if (!graph_survivor(&scope, PG_GETARG_UUID_P(1), &start))
		ereport(ERROR,
				(errcode(ERRCODE_LSCE_UNKNOWN_ACCOUNT),
				 errmsg("account %s does not exist",
						DatumGetCString(DirectFunctionCall1(uuid_out, PG_GETARG_DATUM(1)))),
				 errhint("Look it up, for instance with account(system, value).")));
	reach_walk(&walk, &scope, &filter, &start, PG_ARGISNULL(2) ? INT_MAX : PG_GETARG_INT32(2));
	access_end(&scope);

	reach_result(&walk, (ReturnSetInfo *) fcinfo->resultinfo);
	MemoryContextDelete(context);
	return (Datum) 0;
}
