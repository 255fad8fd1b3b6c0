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

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "graph/walk.h"

/* accounts whose edges are asked for at once */
#define WALK_BATCH 100000

static inline uint32
walk_hash_account(const pg_uuid_t *account)
{
	uint64		halves[2];

	memcpy(halves, account->data, UUID_LEN);
	return murmurhash32((uint32) (halves[0] ^ halves[0] >> 32) ^
						(uint32) ((halves[1] ^ halves[1] >> 32) * 0x9E3779B1u));
}

#define SH_PREFIX walk
#define SH_ELEMENT_TYPE WalkEntry
#define SH_KEY_TYPE pg_uuid_t
#define SH_KEY account
#define SH_HASH_KEY(tb, key) walk_hash_account(&(key))
#define SH_EQUAL(tb, a, b) (memcmp(&(a), &(b), UUID_LEN) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* Append a label and return its number. */
static int64
walk_add_label(GraphWalk *walk)
{
	if (walk->nlabels == walk->size)
	{
		walk->size *= 2;
		walk->labels = repalloc_huge(walk->labels, walk->size * sizeof(WalkLabel));
	}
	return walk->nlabels++;
}

/* Start at an account. */
void
graph_walk_begin(GraphWalk *walk, MemoryContext context, GraphReader *reader,
				 const pg_uuid_t *start, bool fewest, double min_strength)
{
	WalkEntry  *entry;
	WalkLabel  *label;
	bool		found;

	memset(walk, 0, sizeof(*walk));
	walk->reader = reader;
	walk->fewest = fewest;
	walk->min_strength = min_strength;
	walk->size = 256;
	walk->labels = MemoryContextAlloc(context, walk->size * sizeof(WalkLabel));
	walk->accounts = walk_create(context, 256, NULL);

	entry = walk_insert(walk->accounts, *start, &found);
	entry->hops = 0;
	entry->best = walk_add_label(walk);
	label = &walk->labels[entry->best];
	memset(label, 0, sizeof(*label));
	label->account = *start;
	label->strength = 1;
	label->parent = -1;
}

/* Is this way better than one of the same length that the account has? */
static bool
walk_better(const GraphWalk *walk, double strength, int64 parent,
			const pg_uuid_t *affiliation, const WalkLabel *label)
{
	int			order;

	if (strength != label->strength)
		return strength > label->strength;
	order = memcmp(&walk->labels[parent].account, &walk->labels[label->parent].account, UUID_LEN);
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
	WalkEntry  *entry;
	WalkLabel  *label;
	bool		found;

	if (strength < walk->min_strength)
		return;
	entry = walk_insert(walk->accounts, edge->to, &found);
	if (!found)
		entry->hops = hops;
	else if (walk->labels[entry->best].hops == hops)
	{
		if (!walk_better(walk, strength, from, &edge->affiliation, &walk->labels[entry->best]))
			return;
	}
	else if (walk->fewest || strength <= walk->labels[entry->best].strength)
		return;

	if (!found || walk->labels[entry->best].hops != hops)
		entry->best = walk_add_label(walk);
	label = &walk->labels[entry->best];
	label->account = edge->to;
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
			frontier[i] = walk->labels[first + i].account;
		walk->batch_first = first;
		graph_edges(walk->reader, frontier, n, walk_take, walk);
	}
	pfree(frontier);
	walk->level_first = last;
	return walk->nlabels > last;
}

/* What is known of an account, or NULL. */
const WalkEntry *
graph_walk_find(const GraphWalk *walk, const pg_uuid_t *account)
{
	return walk_lookup(walk->accounts, *account);
}

/* All accounts but the start, in no order. */
const WalkEntry **
graph_walk_entries(const GraphWalk *walk, int64 *n)
{
	const WalkEntry **entries;
	walk_iterator iterator;
	WalkEntry  *entry;

	entries = palloc_extended(sizeof(WalkEntry *) * walk->accounts->members, MCXT_ALLOC_HUGE);
	*n = 0;
	walk_start_iterate(walk->accounts, &iterator);
	while ((entry = walk_iterate(walk->accounts, &iterator)) != NULL)
	{
		if (entry->hops > 0)
			entries[(*n)++] = entry;
	}
	return entries;
}
