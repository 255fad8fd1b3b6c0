/*-------------------------------------------------------------------------
 *
 * path.c
 *	  The shortest path between two accounts.
 *
 * By hops: walks from both ends, level by level, the smaller frontier first,
 * until they meet.  An account then stands in the last level of both, so that
 * every shortest path is seen and the strongest of them can be taken.
 *
 * By strength: one walk, which cuts whatever is weaker than the best way to the
 * end found so far.
 *
 * src/graph/path.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "graph/walk.h"

PG_FUNCTION_INFO_V1(lsce_shortest_path);

/* What a search needs. */
typedef struct PathSearch
{
	MemoryContext context;
	const AccessScope *scope;
	GraphFilter filter;
	pg_uuid_t	ends[2];
	int			max_hops;
	ReturnSetInfo *rsinfo;
} PathSearch;

/* Write a step; the first has no affiliation. */
static void
path_step(const PathSearch *search, int step, const pg_uuid_t *account,
		  const pg_uuid_t *affiliation, float strength)
{
	Datum		values[4];
	bool		nulls[4] = {false, false, affiliation == NULL, affiliation == NULL};

	values[0] = Int32GetDatum(step);
	values[1] = UUIDPGetDatum(account);
	values[2] = UUIDPGetDatum(affiliation);
	values[3] = Float4GetDatum(strength);
	tuplestore_putvalues(search->rsinfo->setResult, search->rsinfo->setDesc, values, nulls);
}

/* Write the steps from the start of a walk to a label. */
static void
path_forward(const PathSearch *search, const GraphWalk *walk, int64 label)
{
	int			hops = walk->labels[label].hops;
	int64	   *way = palloc(sizeof(int64) * (hops + 1));

	for (int i = hops; i >= 0; i--)
	{
		way[i] = label;
		label = walk->labels[label].parent;
	}
	for (int i = 0; i <= hops; i++)
	{
		const WalkLabel *at = &walk->labels[way[i]];

		path_step(search, i, graph_walk_account(walk, way[i]), i > 0 ? &at->affiliation : NULL, at->edge_strength);
	}
	pfree(way);
}

/* Write the steps from a label of the walk from the other end to that end. */
static void
path_backward(const PathSearch *search, const GraphWalk *walk, int64 label, int step)
{
	while (walk->labels[label].parent >= 0)
	{
		const WalkLabel *at = &walk->labels[label];

		label = at->parent;
		path_step(search, ++step, graph_walk_account(walk, label), &at->affiliation, at->edge_strength);
	}
}

/*
 * The label of "walk", among those of its last level, over which the strongest
 * path to the other walk's start leads; of equally strong ones that of the
 * smaller account.  -1 when the walks have not met.
 */
static int64
path_meeting(const GraphWalk *walk, const GraphWalk *other, int64 *other_label)
{
	int64		meeting = -1;
	double		best = 0;

	for (int64 label = walk->level_first; label < walk->nlabels; label++)
	{
		const WalkNode *node = graph_walk_find(other, graph_walk_account(walk, label));
		double		strength;

		CHECK_FOR_INTERRUPTS();
		if (node == NULL)
			continue;
		strength = walk->labels[label].strength * other->labels[node->best].strength;
		if (meeting < 0 || strength > best ||
			(strength == best &&
			 memcmp(graph_walk_account(walk, label), graph_walk_account(walk, meeting), UUID_LEN) < 0))
		{
			meeting = label;
			best = strength;
			*other_label = node->best;
		}
	}
	return meeting;
}

/* The strongest among the paths with the fewest hops. */
static void
path_by_hops(const PathSearch *search)
{
	GraphReader reader[2];
	GraphWalk	walk[2];
	GraphFilter reverse = search->filter;
	int64		label[2] = {0, 0};
	int			hops = 0;
	bool		met = memcmp(&search->ends[0], &search->ends[1], UUID_LEN) == 0;

	if (search->filter.direction != GRAPH_ANY)
		reverse.direction = search->filter.direction == GRAPH_OUT ? GRAPH_IN : GRAPH_OUT;
	graph_reader_open(&reader[0], search->scope, &search->filter);
	graph_reader_open(&reader[1], search->scope, &reverse);
	for (int i = 0; i < 2; i++)
		graph_walk_begin(&walk[i], search->context, &reader[i], &search->ends[i], true, 0);

	while (!met && hops++ < search->max_hops)
	{
		int			near = walk[0].nlabels - walk[0].level_first <= walk[1].nlabels - walk[1].level_first ? 0 : 1;

		if (!graph_walk_level(&walk[near]))
			break;
		label[near] = path_meeting(&walk[near], &walk[1 - near], &label[1 - near]);
		met = label[near] >= 0;
	}
	if (met)
	{
		path_forward(search, &walk[0], label[0]);
		path_backward(search, &walk[1], label[1], walk[0].labels[label[0]].hops);
	}
	for (int i = 0; i < 2; i++)
		graph_reader_close(&reader[i]);
}

/* The path with the largest product of strengths, however long. */
static void
path_by_strength(const PathSearch *search)
{
	GraphReader reader;
	GraphWalk	walk;
	const WalkNode *node;

	graph_reader_open(&reader, search->scope, &search->filter);
	graph_walk_begin(&walk, search->context, &reader, &search->ends[0], false, 0);
	for (int hops = 0; hops < search->max_hops; hops++)
	{
		if (!graph_walk_level(&walk))
			break;
		node = graph_walk_find(&walk, &search->ends[1]);
		if (node)
			walk.min_strength = walk.labels[node->best].strength;
	}
	node = graph_walk_find(&walk, &search->ends[1]);
	if (node)
		path_forward(search, &walk, node->best);
	graph_reader_close(&reader);
}

/* True for "strength", false for "hops"; anything else is an error (22023). */
static bool
path_wants_strength(FunctionCallInfo fcinfo, int argument)
{
	char	   *by;

	if (PG_ARGISNULL(argument))
		return false;
	by = text_to_cstring(PG_GETARG_TEXT_PP(argument));
	if (strcmp(by, "strength") == 0)
		return true;
	if (strcmp(by, "hops") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a path cannot be shortest by \"%s\"", by),
				 errhint("Use \"hops\" or \"strength\".")));
	return false;
}

/*
 * lsce.shortest_path(model, a, b, max_hops, at, kinds, product_id, known_at,
 * direction, by): set of (step, account_id, affiliation_id, strength), from a
 * as step 0 to b; no row when there is no path of at most max_hops.  Reads with
 * the caller's rights.  Errors: 22004, 22023, UNKNOWN_ACCOUNT.
 */
Datum
lsce_shortest_path(PG_FUNCTION_ARGS)
{
	static const GraphArguments arguments = {
		.at = 4, .kinds = 5, .product = 6, .known_at = 7, .direction = 8
	};
	PathSearch	search;
	LsceModel	model;
	AccessScope scope;
	bool		by_strength = path_wants_strength(fcinfo, 9);

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the ends of a path must not be null")));
	search.max_hops = graph_max_hops(fcinfo, 3);
	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	graph_filter(fcinfo, &arguments, &search.filter);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	search.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	search.context = AllocSetContextCreate(CurrentMemoryContext, "lsce shortest path",
										   ALLOCSET_DEFAULT_SIZES);
	access_begin(&scope, &model, ACCESS_READ_AS_CALLER);
	access_probe(&scope);
	search.scope = &scope;
	graph_account(&scope, PG_GETARG_UUID_P(1), &search.ends[0]);
	graph_account(&scope, PG_GETARG_UUID_P(2), &search.ends[1]);
	if (by_strength)
		path_by_strength(&search);
	else
		path_by_hops(&search);
	access_end(&scope);
	MemoryContextDelete(search.context);
	return (Datum) 0;
}
