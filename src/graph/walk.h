/*-------------------------------------------------------------------------
 *
 * walk.h
 *	  A walk over the graph from one account, level by level.
 *
 * A label is one way to stand at an account after so many hops; an account
 * keeps its first (fewest) hop count and the label of its best strength.  A
 * label enters the next frontier only when it improves the account's strength,
 * so the walk ends by itself, cycles or not, because strengths are at most 1.
 *
 * Of equally strong ways of equal length the one over the smaller last account
 * wins, then the one by the smaller affiliation: the result does not depend on
 * the order in which edges are read.
 *
 * src/graph/walk.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_GRAPH_WALK_H
#define LSCE_GRAPH_WALK_H

#include "graph/graph.h"

typedef struct WalkLabel
{
	pg_uuid_t	affiliation;	/* by which it came, not at the start */
	int64		parent;			/* label it came from, -1 at the start */
	double		strength;		/* product since the start */
	float		edge_strength;	/* of the affiliation */
	int			hops;
	uint32		node;			/* where it stands */
} WalkLabel;

typedef struct WalkNode
{
	pg_uuid_t	account;
	int64		best;			/* label of the best strength */
	int			hops;			/* fewest */
} WalkNode;

typedef struct GraphWalk
{
	MemoryContext context;
	GraphReader *reader;
	bool		fewest;			/* keep to the fewest hops, however weak */
	double		min_strength;	/* weaker labels are cut */
	WalkLabel  *labels;
	int64		nlabels;
	int64		labels_size;
	int64		level_first;	/* labels of the last level: from here on */
	int64		batch_first;	/* label of the frontier's first account */
	WalkNode   *nodes;			/* the start, then others by hops */
	uint32		nnodes;
	uint32		nodes_size;
	uint32	   *slots;			/* hash table of nodes + 1 */
	uint32		slots_mask;
} GraphWalk;

extern void graph_walk_begin(GraphWalk *walk, MemoryContext context, GraphReader *reader,
							 const pg_uuid_t *start, bool fewest, double min_strength);
extern bool graph_walk_level(GraphWalk *walk);
extern const WalkNode *graph_walk_find(const GraphWalk *walk, const pg_uuid_t *account);

static inline const pg_uuid_t *
graph_walk_account(const GraphWalk *walk, int64 label)
{
	return &walk->nodes[walk->labels[label].node].account;
}

#endif							/* LSCE_GRAPH_WALK_H */
