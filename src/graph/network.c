/*-------------------------------------------------------------------------
 *
 * network.c
 *	  Answers about the whole graph: influence, components, communities.
 *
 * Each call loads the graph from the snapshot of its query and drops it.
 *
 * src/graph/network.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "graph/graph.h"

PG_FUNCTION_INFO_V1(lsce_influence);
PG_FUNCTION_INFO_V1(lsce_components);
PG_FUNCTION_INFO_V1(lsce_communities);

#define INFLUENCE_TOLERANCE 1e-10

/* A loaded graph and where it lives. */
typedef struct Network
{
	MemoryContext context;
	MemoryContext caller;
	Csr			csr;
} Network;

/* Load the graph that a call asks for; the context of the graph is current. */
static void
network_begin(FunctionCallInfo fcinfo, Network *network, const GraphFilter *filter, bool both_ways)
{
	LsceModel	model;
	AccessScope scope;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the model must not be null")));
	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	InitMaterializedSRF(fcinfo, 0);
	network->context = AllocSetContextCreate(CurrentMemoryContext, "lsce graph", ALLOCSET_DEFAULT_SIZES);
	access_begin(&scope, &model, ACCESS_READ_AS_CALLER);
	network->caller = MemoryContextSwitchTo(network->context);
	graph_load(&scope, filter, both_ways, &network->csr);
	MemoryContextSwitchTo(network->caller);
	access_end(&scope);
	network->caller = MemoryContextSwitchTo(network->context);
}

/* Drop the graph and all that was made beside it. */
static void
network_end(Network *network)
{
	MemoryContextSwitchTo(network->caller);
	MemoryContextDelete(network->context);
}

/* Write (account, value) of every node. */
static void
network_result(FunctionCallInfo fcinfo, const Network *network, const double *scores,
			   const uint32_t *groups)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	bool		nulls[2] = {false, false};

	for (uint32 node = 0; node < network->csr.nnodes; node++)
	{
		Datum		values[2];

		CHECK_FOR_INTERRUPTS();
		values[0] = UUIDPGetDatum((const pg_uuid_t *) network->csr.ids[node].bytes);
		values[1] = scores ? Float8GetDatum(scores[node]) : Int64GetDatum((int64) groups[node] + 1);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* A positive number of rounds; NULL is the default. */
static int
network_rounds(FunctionCallInfo fcinfo, int argument, int rounds)
{
	if (!PG_ARGISNULL(argument))
		rounds = PG_GETARG_INT32(argument);
	if (rounds < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_rounds must be at least 1, got %d", rounds)));
	return rounds;
}

/*
 * lsce.influence(model, product_id, at, damping, kinds, known_at, direction,
 * max_rounds): set of (account_id, score) of all accounts, in the order of
 * their ids.  Weighted PageRank.  Errors: 22023.
 */
Datum
lsce_influence(PG_FUNCTION_ARGS)
{
	static const GraphArguments arguments = {
		.product = 1, .at = 2, .kinds = 4, .known_at = 5, .direction = 6
	};
	Network		network;
	GraphFilter filter;
	double		damping = PG_ARGISNULL(3) ? 0.85 : PG_GETARG_FLOAT8(3);
	int			rounds = network_rounds(fcinfo, 7, 100);
	double	   *scores;

	if (!(damping >= 0 && damping < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("damping must be at least 0 and less than 1, got %g", damping)));
	graph_filter(fcinfo, &arguments, &filter);
	network_begin(fcinfo, &network, &filter, true);
	scores = csr_alloc(&network.csr, network.csr.nnodes * sizeof(double));
	(void) csr_rank(&network.csr, damping, INFLUENCE_TOLERANCE, rounds, scores);
	network_result(fcinfo, &network, scores, NULL);
	network_end(&network);
	return (Datum) 0;
}

/*
 * lsce.components(model, kinds, at, known_at): set of (account_id, component),
 * components numbered from 1, the largest first.
 */
Datum
lsce_components(PG_FUNCTION_ARGS)
{
	static const GraphArguments arguments = {
		.kinds = 1, .at = 2, .known_at = 3, .product = -1, .direction = -1
	};
	Network		network;
	GraphFilter filter;
	uint32_t   *label;

	graph_filter(fcinfo, &arguments, &filter);
	filter.direction = GRAPH_ANY;
	network_begin(fcinfo, &network, &filter, false);
	label = csr_alloc(&network.csr, network.csr.nnodes * sizeof(uint32_t));
	csr_components(&network.csr, label);
	(void) csr_number_groups(&network.csr, label);
	network_result(fcinfo, &network, NULL, label);
	network_end(&network);
	return (Datum) 0;
}

/*
 * lsce.communities(model, kinds, at, known_at, product_id, method, max_rounds):
 * set of (account_id, community), communities numbered from 1, the largest
 * first.  method is modularity or label_propagation.  Errors: 22023.
 */
Datum
lsce_communities(PG_FUNCTION_ARGS)
{
	static const GraphArguments arguments = {
		.kinds = 1, .at = 2, .known_at = 3, .product = 4, .direction = -1
	};
	char	   *method = PG_ARGISNULL(5) ? "modularity" : text_to_cstring(PG_GETARG_TEXT_PP(5));
	bool		propagate = strcmp(method, "label_propagation") == 0;
	int			rounds = network_rounds(fcinfo, 6, 10);
	Network		network;
	GraphFilter filter;
	uint32_t   *label;

	if (!propagate && strcmp(method, "modularity") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown method \"%s\"", method),
				 errhint("Use \"modularity\" or \"label_propagation\".")));
	graph_filter(fcinfo, &arguments, &filter);
	filter.direction = GRAPH_ANY;
	network_begin(fcinfo, &network, &filter, true);
	label = csr_alloc(&network.csr, network.csr.nnodes * sizeof(uint32_t));
	if (propagate)
		(void) csr_propagate_labels(&network.csr, rounds, label);
	else
		(void) csr_louvain(&network.csr, label);
	(void) csr_number_groups(&network.csr, label);
	network_result(fcinfo, &network, NULL, label);
	network_end(&network);
	return (Datum) 0;
}
