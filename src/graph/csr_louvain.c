/*-------------------------------------------------------------------------
 *
 * csr_louvain.c
 *	  Communities of high modularity by the method of Louvain.
 *
 * The graph must hold every edge both ways.  Nodes are visited in their order
 * and of equally good communities the first seen wins, so that the result
 * depends on the graph alone.
 *
 * src/graph/csr_louvain.c
 *
 *-------------------------------------------------------------------------
 */
#include "graph/csr.h"

#include <string.h>

#define LOUVAIN_MAX_LEVELS 32
#define LOUVAIN_MAX_PASSES 64
#define LOUVAIN_MIN_GAIN 1e-7	/* of modularity, in one pass */

/* The graph of one level: communities of the level below are its nodes. */
typedef struct Level
{
	uint32_t	nnodes;
	uint64_t   *first;
	CsrArc	   *arcs;
	double	   *weight;			/* of a node's arcs */
	uint32_t   *community;
	double	   *total;			/* weight of a community's nodes */
	double	   *near;			/* weight of arcs from one node to a community */
	uint32_t   *touched;		/* communities with near[] in use */
} Level;

/* Every node a community of its own. */
static void
level_start(const Csr *csr, Level *level)
{
	level->community = csr_alloc(csr, level->nnodes * sizeof(uint32_t));
	level->total = csr_alloc(csr, level->nnodes * sizeof(double));
	level->near = csr_alloc(csr, level->nnodes * sizeof(double));
	level->touched = csr_alloc(csr, level->nnodes * sizeof(uint32_t));
	for (uint32_t node = 0; node < level->nnodes; node++)
	{
		level->community[node] = node;
		level->total[node] = level->weight[node];
		level->near[node] = -1;
	}
}

static void
level_free(const Csr *csr, Level *level)
{
	csr_release(csr, level->community);
	csr_release(csr, level->total);
	csr_release(csr, level->near);
	csr_release(csr, level->touched);
	csr_release(csr, level->weight);
	if (level->first != csr->first)
	{
		csr_release(csr, level->first);
		csr_release(csr, level->arcs);
	}
}

/*
 * Move one node to the best community among its neighbours'.  Returns by how
 * much that raises the modularity, times the weight of all arcs, halved.
 */
static double
level_move(Level *level, uint32_t node, double all)
{
	uint32_t	own = level->community[node];
	uint32_t	best = own;
	uint32_t	ntouched = 0;
	double		own_gain;
	double		best_gain;

	level->near[own] = 0;
	level->touched[ntouched++] = own;
	for (uint64_t i = level->first[node]; i < level->first[node + 1]; i++)
	{
		uint32_t	other = level->community[level->arcs[i].target];

		if (level->arcs[i].target == node)
			continue;
		if (level->near[other] < 0)
		{
			level->near[other] = 0;
			level->touched[ntouched++] = other;
		}
		level->near[other] += level->arcs[i].weight;
	}
	level->total[own] -= level->weight[node];
	own_gain = level->near[own] - level->total[own] * level->weight[node] / all;
	best_gain = own_gain;
	for (uint32_t i = 0; i < ntouched; i++)
	{
		uint32_t	other = level->touched[i];
		double		gain = level->near[other] - level->total[other] * level->weight[node] / all;

		if (gain > best_gain)
		{
			best_gain = gain;
			best = other;
		}
		level->near[other] = -1;
	}
	level->total[best] += level->weight[node];
	level->community[node] = best;
	return best_gain - own_gain;
}

/* Move nodes until that gains next to nothing.  True if any was moved. */
static bool
level_improve(const Csr *csr, Level *level, double all)
{
	uint64_t	steps = 0;
	bool		moved = false;

	for (int pass = 0; pass < LOUVAIN_MAX_PASSES; pass++)
	{
		double		gain = 0;

		for (uint32_t node = 0; node < level->nnodes; node++)
		{
			csr_step(csr, &steps);
			gain += level_move(level, node, all);
		}
		moved |= gain > 0;
		if (2 * gain / all < LOUVAIN_MIN_GAIN)
			break;
	}
	return moved;
}

/* Number the communities in the order of their first nodes; returns how many. */
static uint32_t
level_number(Level *level)
{
	uint32_t   *number = level->touched;
	uint32_t	n = 0;

	memset(number, 0xff, level->nnodes * sizeof(uint32_t));
	for (uint32_t node = 0; node < level->nnodes; node++)
	{
		if (number[level->community[node]] == CSR_NONE)
			number[level->community[node]] = n++;
		level->community[node] = number[level->community[node]];
	}
	return n;
}

/* The nodes of each community, one after the other; begin[n] ends the last. */
static uint32_t *
level_members(const Csr *csr, const Level *level, uint32_t n, uint32_t *begin)
{
	uint32_t   *members = csr_alloc(csr, level->nnodes * sizeof(uint32_t));

	memset(begin, 0, ((size_t) n + 2) * sizeof(uint32_t));
	for (uint32_t node = 0; node < level->nnodes; node++)
		begin[level->community[node] + 2]++;
	for (uint32_t i = 1; i <= n; i++)
		begin[i + 1] += begin[i];
	for (uint32_t node = 0; node < level->nnodes; node++)
		members[begin[level->community[node] + 1]++] = node;
	return members;
}

/*
 * Sum the arcs of one community by the community they lead to, those inside
 * included; append them to "above".
 */
static void
level_sum_arcs(Level *level, uint32_t community, const uint32_t *members,
			   uint32_t from, uint32_t to, Level *above)
{
	uint64_t	narcs = above->first[community];
	uint32_t	ntouched = 0;
	double		weight = 0;

	for (uint32_t i = from; i < to; i++)
	{
		uint32_t	node = members[i];

		weight += level->weight[node];
		for (uint64_t arc = level->first[node]; arc < level->first[node + 1]; arc++)
		{
			uint32_t	other = level->community[level->arcs[arc].target];

			if (level->near[other] < 0)
			{
				level->near[other] = 0;
				level->touched[ntouched++] = other;
			}
			level->near[other] += level->arcs[arc].weight;
		}
	}
	for (uint32_t i = 0; i < ntouched; i++)
	{
		above->arcs[narcs].target = level->touched[i];
		above->arcs[narcs++].weight = (float) level->near[level->touched[i]];
		level->near[level->touched[i]] = -1;
	}
	above->first[community + 1] = narcs;
	above->weight[community] = weight;
}

/* Build the level above from the n communities of this one. */
static void
level_aggregate(const Csr *csr, Level *level, uint32_t n, Level *above)
{
	uint32_t   *begin = csr_alloc(csr, ((size_t) n + 2) * sizeof(uint32_t));
	uint32_t   *members = level_members(csr, level, n, begin);
	uint64_t	steps = 0;

	above->nnodes = n;
	above->first = csr_alloc(csr, ((size_t) n + 1) * sizeof(uint64_t));
	above->arcs = csr_alloc(csr, level->first[level->nnodes] * sizeof(CsrArc));
	above->weight = csr_alloc(csr, n * sizeof(double));
	above->first[0] = 0;
	for (uint32_t community = 0; community < n; community++)
	{
		csr_step(csr, &steps);
		level_sum_arcs(level, community, members, begin[community], begin[community + 1], above);
	}
	if (above->first[n] > 0)
		above->arcs = csr->host.resize(csr->host.context, above->arcs,
									   above->first[n] * sizeof(CsrArc));
	csr_release(csr, members);
	csr_release(csr, begin);
}

/* The lowest level: the graph itself.  Returns the weight of all arcs. */
static double
level_of_graph(const Csr *csr, Level *level)
{
	double		all = 0;

	level->nnodes = csr->nnodes;
	level->first = csr->first;
	level->arcs = csr->arcs;
	level->weight = csr_alloc(csr, csr->nnodes * sizeof(double));
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		level->weight[node] = 0;
		for (uint64_t i = csr->first[node]; i < csr->first[node + 1]; i++)
			level->weight[node] += csr->arcs[i].weight;
		all += level->weight[node];
	}
	return all;
}

/*
 * The community of every node.  Returns how many there are.  A node without
 * weighty arcs is a community of its own.
 */
int
csr_louvain(const Csr *csr, uint32_t *label)
{
	Level		level;
	double		all = level_of_graph(csr, &level);
	uint32_t	n = csr->nnodes;

	for (uint32_t node = 0; node < csr->nnodes; node++)
		label[node] = node;
	for (int depth = 0; depth < LOUVAIN_MAX_LEVELS && all > 0; depth++)
	{
		Level		above;

		level_start(csr, &level);
		if (!level_improve(csr, &level, all))
		{
			level_free(csr, &level);
			return (int) n;
		}
		n = level_number(&level);
		for (uint32_t node = 0; node < csr->nnodes; node++)
			label[node] = level.community[label[node]];
		level_aggregate(csr, &level, n, &above);
		level_free(csr, &level);
		level = above;
	}
	csr_release(csr, level.weight);
	if (level.first != csr->first)
	{
		csr_release(csr, level.first);
		csr_release(csr, level.arcs);
	}
	return (int) n;
}
