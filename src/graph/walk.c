/*-------------------------------------------------------------------------
 *
 * walk.c
 *	  A walk over the graph from one account, level by level.
 *
 * src/graph/walk.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "graph/walk.h"

/* accounts whose edges are asked for at once */
#define WALK_BATCH 100000

#define WALK_FIRST_SLOTS 512	/* a power of two, as their number always is */

/* The slot where an account is or would be. */
static inline uint32
walk_slot(const GraphWalk *walk, const pg_uuid_t *account)
{
	uint64		halves[2];
	uint32		slot;

	memcpy(halves, account->data, UUID_LEN);
	halves[0] ^= halves[1] * UINT64CONST(0x9E3779B97F4A7C15);
	halves[0] ^= halves[0] >> 32;
	slot = (uint32) ((halves[0] * UINT64CONST(0xD6E8FEB86659FD93)) >> 32) & walk->slots_mask;
	while (walk->slots[slot] != 0 &&
		   memcmp(&walk->nodes[walk->slots[slot] - 1].account, account, UUID_LEN) != 0)
		slot = (slot + 1) & walk->slots_mask;
	return slot;
}

/* Double the hash table. */
static void
walk_grow_slots(GraphWalk *walk)
{
	uint64		size = ((uint64) walk->slots_mask + 1) * 2;

	pfree(walk->slots);
	walk->slots = MemoryContextAllocExtended(walk->context, size * sizeof(uint32),
											 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	walk->slots_mask = (uint32) (size - 1);
	for (uint32 i = 0; i < walk->nnodes; i++)
		walk->slots[walk_slot(walk, &walk->nodes[i].account)] = i + 1;
}

/* The node of an account, made when it is new. */
static uint32
walk_node(GraphWalk *walk, const pg_uuid_t *account, bool *found)
{
	uint32		slot = walk_slot(walk, account);
	WalkNode   *node;

	*found = walk->slots[slot] != 0;
	if (*found)
		return walk->slots[slot] - 1;
	if (walk->nnodes >= (PG_UINT32_MAX >> 1))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a walk cannot reach more than %u accounts", PG_UINT32_MAX >> 1)));
	if (walk->nnodes == walk->nodes_size)
	{
		walk->nodes_size *= 2;
		walk->nodes = repalloc_huge(walk->nodes, walk->nodes_size * sizeof(WalkNode));
	}
	node = &walk->nodes[walk->nnodes];
	node->account = *account;
	node->best = -1;
	walk->slots[slot] = ++walk->nnodes;
	if (walk->nnodes > walk->slots_mask / 2)
		walk_grow_slots(walk);
	return walk->nnodes - 1;
}

/* Append a label and return its number. */
static int64
walk_add_label(GraphWalk *walk)
{
	if (walk->nlabels == walk->labels_size)
	{
		walk->labels_size *= 2;
		walk->labels = repalloc_huge(walk->labels, walk->labels_size * sizeof(WalkLabel));
	}
	return walk->nlabels++;
}

/* Start at an account. */
void
graph_walk_begin(GraphWalk *walk, MemoryContext context, GraphReader *reader,
				 const pg_uuid_t *start, bool fewest, double min_strength)
{
	WalkLabel  *label;
	bool		found;

	memset(walk, 0, sizeof(*walk));
	walk->context = context;
	walk->reader = reader;
	walk->fewest = fewest;
	walk->min_strength = min_strength;
	walk->labels_size = walk->nodes_size = WALK_FIRST_SLOTS / 2;
	walk->labels = MemoryContextAlloc(context, walk->labels_size * sizeof(WalkLabel));
	walk->nodes = MemoryContextAlloc(context, walk->nodes_size * sizeof(WalkNode));
	walk->slots = MemoryContextAllocZero(context, WALK_FIRST_SLOTS * sizeof(uint32));
	walk->slots_mask = WALK_FIRST_SLOTS - 1;

	label = &walk->labels[walk_add_label(walk)];
	memset(label, 0, sizeof(*label));
	label->node = walk_node(walk, start, &found);
	label->strength = 1;
	label->parent = -1;
	walk->nodes[label->node].hops = 0;
	walk->nodes[label->node].best = 0;
}

/* Is this way better than one of the same length that the account has? */
static bool
walk_better(const GraphWalk *walk, double strength, int64 parent,
			const pg_uuid_t *affiliation, const WalkLabel *label)
{
	int			order;

	if (strength != label->strength)
		return strength > label->strength;
	order = memcmp(graph_walk_account(walk, parent), graph_walk_account(walk, label->parent), UUID_LEN);
	if (order == 0)
		order = memcmp(affiliation, &label->affiliation, UUID_LEN);
	return order < 0;
}

/*
 * Take one edge.  A better way to an account found on the same level replaces
 * the label in place, so that a frontier names it once.
 */
static void
walk_take(void *state, const GraphEdge *edge)
{
	GraphWalk  *walk = state;
	int64		from = walk->batch_first + edge->from;
	double		strength = walk->labels[from].strength * edge->strength;
	int			hops = walk->labels[from].hops + 1;
	uint32		number;
	WalkNode   *node;
	WalkLabel  *label;
	bool		found;
	bool		same_level;

	if (strength < walk->min_strength)
		return;
	number = walk_node(walk, &edge->to, &found);
	node = &walk->nodes[number];
	same_level = found && walk->labels[node->best].hops == hops;
	if (!found)
		node->hops = hops;
	else if (same_level)
	{
		if (!walk_better(walk, strength, from, &edge->affiliation, &walk->labels[node->best]))
			return;
	}
	else if (walk->fewest || strength <= walk->labels[node->best].strength)
		return;

	if (!same_level)
		node->best = walk_add_label(walk);
	label = &walk->labels[node->best];
	label->node = number;
	label->affiliation = edge->affiliation;
	label->parent = from;
	label->strength = strength;
	label->edge_strength = edge->strength;
	label->hops = hops;
}

/* Walk one hop further.  False when that led nowhere new. */
bool
graph_walk_level(GraphWalk *walk)
{
	int64		last = walk->nlabels;
	pg_uuid_t  *frontier = palloc(sizeof(pg_uuid_t) * Min(last - walk->level_first, WALK_BATCH));

	for (int64 first = walk->level_first; first < last; first += WALK_BATCH)
	{
		int			n = (int) Min(last - first, WALK_BATCH);

		for (int i = 0; i < n; i++)
			frontier[i] = *graph_walk_account(walk, first + i);
		walk->batch_first = first;
		graph_edges(walk->reader, frontier, n, walk_take, walk);
	}
	pfree(frontier);
	walk->level_first = last;
	return walk->nlabels > last;
}

/* What is known of an account, or NULL. */
const WalkNode *
graph_walk_find(const GraphWalk *walk, const pg_uuid_t *account)
{
	uint32		slot = walk_slot(walk, account);

	return walk->slots[slot] != 0 ? &walk->nodes[walk->slots[slot] - 1] : NULL;
}
