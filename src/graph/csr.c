/*-------------------------------------------------------------------------
 *
 * csr.c
 *	  Building a graph: ids to node numbers, edges to sorted rows.
 *
 * Ids are looked up in an open hash table.  Edges are kept back in batches so
 * that the cache misses of a batch's look-ups overlap.  The arcs are sorted in
 * place: first into ranges of sources that fit a cache, then by source, then
 * each row by target.
 *
 * src/graph/csr.c
 *
 *-------------------------------------------------------------------------
 */
#include "graph/csr.h"

#include <string.h>

#define CSR_SMALL 16			/* rows up to this are sorted by insertion */
#define CSR_RANGES 1024			/* ranges of the first pass */

/* An id as two numbers in its order, with the key it came from. */
typedef struct SortId
{
	uint64_t	high;
	uint64_t	low;
	uint32_t	key;
} SortId;

static void *
csr_resize(const Csr *csr, void *block, size_t size)
{
	return csr->host.resize(csr->host.context, block, size);
}

/* Start an empty graph. */
void
csr_init(Csr *csr, const CsrHost *host)
{
	memset(csr, 0, sizeof(*csr));
	csr->host = *host;
	csr->slots_mask = 1023;
	csr->slots = csr_alloc(csr, ((size_t) csr->slots_mask + 1) * sizeof(uint32_t));
	memset(csr->slots, 0, ((size_t) csr->slots_mask + 1) * sizeof(uint32_t));
	csr->batch = csr_alloc(csr, CSR_BATCH * sizeof(CsrEdge));
}

/* Free what the graph holds. */
void
csr_free(Csr *csr)
{
	csr_release(csr, csr->ids);
	csr_release(csr, csr->first);
	csr_release(csr, csr->arcs);
	csr_release(csr, csr->node);
	csr_release(csr, csr->slots);
	csr_release(csr, csr->source);
	csr_release(csr, csr->batch);
	memset(csr, 0, sizeof(*csr));
}

static inline uint32_t
csr_hash(const CsrId *id)
{
	uint64_t	a;
	uint64_t	b;

	memcpy(&a, id->bytes, 8);
	memcpy(&b, id->bytes + 8, 8);
	a ^= b * UINT64_C(0x9E3779B97F4A7C15);
	a ^= a >> 32;
	a *= UINT64_C(0xD6E8FEB86659FD93);
	return (uint32_t) (a >> 32);
}

/* The slot where an id is or would be. */
static inline uint32_t
csr_slot(const Csr *csr, const CsrId *id)
{
	uint32_t	slot = csr_hash(id) & csr->slots_mask;

	while (csr->slots[slot] != 0 &&
		   memcmp(&csr->ids[csr->slots[slot] - 1], id, sizeof(CsrId)) != 0)
		slot = (slot + 1) & csr->slots_mask;
	return slot;
}

/* Double the hash table. */
static void
csr_grow_slots(Csr *csr)
{
	size_t		size = ((size_t) csr->slots_mask + 1) * 2;

	csr_release(csr, csr->slots);
	csr->slots = csr_alloc(csr, size * sizeof(uint32_t));
	memset(csr->slots, 0, size * sizeof(uint32_t));
	csr->slots_mask = (uint32_t) (size - 1);
	for (uint32_t key = 0; key < csr->nkeys; key++)
		csr->slots[csr_slot(csr, &csr->ids[key])] = key + 1;
}

/* The key of an id, made when it is new. */
static uint32_t
csr_add_key(Csr *csr, const CsrId *id, bool *found)
{
	uint32_t	slot = csr_slot(csr, id);

	*found = csr->slots[slot] != 0;
	if (*found)
		return csr->slots[slot] - 1;
	if (csr->nkeys == csr->keys_size)
	{
		csr->keys_size = csr->keys_size ? csr->keys_size + csr->keys_size / 2 : 256;
		csr->ids = csr_resize(csr, csr->ids, csr->keys_size * sizeof(CsrId));
		csr->node = csr_resize(csr, csr->node, csr->keys_size * sizeof(uint32_t));
	}
	csr->ids[csr->nkeys] = *id;
	csr->node[csr->nkeys] = csr->nkeys;
	csr->slots[slot] = ++csr->nkeys;
	if (csr->nkeys > csr->slots_mask / 2)
		csr_grow_slots(csr);
	return csr->nkeys - 1;
}

/* Name a node.  Returns a number that holds until the graph is finished. */
uint32_t
csr_add_node(Csr *csr, const CsrId *id)
{
	bool		found;

	return csr_add_key(csr, id, &found);
}

/*
 * Let an id stand for another one, as a merged record does for its survivor.
 * False, and nothing done, when the alias is a node already or the other is none.
 */
bool
csr_add_alias(Csr *csr, const CsrId *alias, const CsrId *id)
{
	uint32_t	slot = csr_slot(csr, id);
	uint32_t	node;
	uint32_t	key;
	bool		found;

	if (csr->slots[slot] == 0)
		return false;
	node = csr->node[csr->slots[slot] - 1];
	key = csr_add_key(csr, alias, &found);
	if (found)
		return false;
	csr->node[key] = node;
	csr->has_aliases = true;
	return true;
}

static void
csr_add_arc(Csr *csr, uint32_t source, uint32_t target, float weight)
{
	if (csr->narcs == csr->arcs_size)
	{
		csr->arcs_size = csr->arcs_size ? csr->arcs_size + csr->arcs_size / 2 : 1024;
		csr->arcs = csr_resize(csr, csr->arcs, csr->arcs_size * sizeof(CsrArc));
		csr->source = csr_resize(csr, csr->source, csr->arcs_size * sizeof(uint32_t));
	}
	csr->source[csr->narcs] = source;
	csr->arcs[csr->narcs].target = target;
	csr->arcs[csr->narcs].weight = weight;
	csr->narcs++;
}

/* The key that a key stands for; read only where it may be another one. */
static inline uint32_t
csr_stands_for(const Csr *csr, uint32_t key)
{
	return csr->has_aliases ? csr->node[key] : key;
}

/* Turn the edges kept back into arcs. */
static void
csr_flush(Csr *csr)
{
	uint32_t	slot[CSR_BATCH][2];

	for (int i = 0; i < csr->nbatch; i++)
	{
		slot[i][0] = csr_hash(&csr->batch[i].from) & csr->slots_mask;
		slot[i][1] = csr_hash(&csr->batch[i].to) & csr->slots_mask;
		__builtin_prefetch(&csr->slots[slot[i][0]]);
		__builtin_prefetch(&csr->slots[slot[i][1]]);
	}
	for (int i = 0; i < csr->nbatch; i++)
		for (int end = 0; end < 2; end++)
		{
			uint32_t	key = csr->slots[slot[i][end]];

			if (key != 0)
			{
				__builtin_prefetch(&csr->ids[key - 1]);
				if (csr->has_aliases)
					__builtin_prefetch(&csr->node[key - 1]);
			}
		}
	for (int i = 0; i < csr->nbatch; i++)
	{
		const CsrEdge *edge = &csr->batch[i];
		uint32_t	from = csr->slots[csr_slot(csr, &edge->from)];
		uint32_t	to = csr->slots[csr_slot(csr, &edge->to)];

		if (from == 0 || to == 0)
			continue;
		from = csr_stands_for(csr, from - 1);
		to = csr_stands_for(csr, to - 1);
		if (from == to)
			continue;
		csr_add_arc(csr, from, to, edge->weight);
		if (edge->both)
			csr_add_arc(csr, to, from, edge->weight);
	}
	csr->nbatch = 0;
}

/* Add an edge; "both" adds the arc back, too. */
void
csr_add_edge(Csr *csr, const CsrId *from, const CsrId *to, float weight, bool both)
{
	CsrEdge    *edge = &csr->batch[csr->nbatch++];

	edge->from = *from;
	edge->to = *to;
	edge->weight = weight;
	edge->both = both;
	if (csr->nbatch == CSR_BATCH)
		csr_flush(csr);
}

static inline int
sort_id_compare(const SortId *a, const SortId *b)
{
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return a->low < b->low ? -1 : a->low > b->low;
}

/*
 * Sort by exchange: those with a 0 in "bit" (127 is the first) before those
 * with a 1, then each half by the next bit.  At most 128 calls deep.
 */
static void
sort_ids(SortId *ids, uint32_t n, int bit)
{
	while (n > CSR_SMALL && bit >= 0)
	{
		uint32_t	low = 0;
		uint32_t	high = n;

		while (low < high)
		{
			uint64_t	word = bit >= 64 ? ids[low].high : ids[low].low;

			if ((word >> (bit & 63) & 1) == 0)
				low++;
			else
			{
				SortId		swap = ids[low];

				ids[low] = ids[--high];
				ids[high] = swap;
			}
		}
		bit--;
		sort_ids(ids, low, bit);
		ids += low;
		n -= low;
	}
	for (uint32_t i = 1; i < n; i++)
	{
		SortId		id = ids[i];
		uint32_t	place = i;

		for (; place > 0 && sort_id_compare(&id, &ids[place - 1]) < 0; place--)
			ids[place] = ids[place - 1];
		ids[place] = id;
	}
}

/* A uuid's bytes as two numbers that compare like it. */
static void
sort_id_read(SortId *sort, const CsrId *id, uint32_t key)
{
	sort->high = 0;
	sort->low = 0;
	for (int i = 0; i < 8; i++)
	{
		sort->high = sort->high << 8 | id->bytes[i];
		sort->low = sort->low << 8 | id->bytes[i + 8];
	}
	sort->key = key;
}

/* Do the ids of the nodes stand in their order already? */
static bool
csr_ids_in_order(const Csr *csr)
{
	const CsrId *previous = NULL;

	for (uint32_t key = 0; key < csr->nkeys; key++)
	{
		if (csr->node[key] != key)
			continue;
		if (previous && memcmp(previous, &csr->ids[key], sizeof(CsrId)) > 0)
			return false;
		previous = &csr->ids[key];
	}
	return true;
}

/* The keys that are nodes, in the order of their ids; nnodes is set. */
static SortId *
csr_sorted_nodes(Csr *csr)
{
	SortId	   *sorted = csr_alloc(csr, csr->nkeys * sizeof(SortId));

	for (uint32_t key = 0; key < csr->nkeys; key++)
		if (csr->node[key] == key)
			sort_id_read(&sorted[csr->nnodes++], &csr->ids[key], key);
	sort_ids(sorted, csr->nnodes, 127);
	return sorted;
}

/*
 * Number the nodes in the order of their ids; drop the aliases.  Returns, for
 * every key that is a node, its number; *same is set when those are the keys
 * themselves.  Ids of version 7 mostly come in their order, which saves the sort
 * and its memory.
 */
static uint32_t *
csr_number_nodes(Csr *csr, bool *same)
{
	uint32_t   *number = csr->node;

	*same = false;
	if (csr_ids_in_order(csr))
	{
		*same = !csr->has_aliases;
		for (uint32_t key = 0; key < csr->nkeys; key++)
			if (csr->node[key] == key)
			{
				csr->ids[csr->nnodes] = csr->ids[key];
				number[key] = csr->nnodes++;
			}
	}
	else
	{
		SortId	   *sorted = csr_sorted_nodes(csr);

		for (uint32_t i = 0; i < csr->nnodes; i++)
		{
			number[sorted[i].key] = i;
			for (int byte = 0; byte < 8; byte++)
			{
				csr->ids[i].bytes[byte] = (uint8_t) (sorted[i].high >> (56 - 8 * byte));
				csr->ids[i].bytes[byte + 8] = (uint8_t) (sorted[i].low >> (56 - 8 * byte));
			}
		}
		csr_release(csr, sorted);
	}
	csr->node = NULL;
	return number;
}

/* Swap two arcs and their sources. */
static inline void
csr_swap(Csr *csr, uint64_t a, uint64_t b)
{
	CsrArc		arc = csr->arcs[a];
	uint32_t	source = csr->source[a];

	csr->arcs[a] = csr->arcs[b];
	csr->source[a] = csr->source[b];
	csr->arcs[b] = arc;
	csr->source[b] = source;
}

/*
 * Move every arc of the buckets [low, high) to its bucket, source >> shift.
 * next[i] is where bucket i begins, end[i] where it ends; next is used up.
 */
static void
csr_distribute(Csr *csr, uint32_t low, uint32_t high, int shift,
			   uint64_t *next, const uint64_t *end)
{
	uint64_t	steps = 0;

	for (uint32_t bucket = low; bucket < high; bucket++)
	{
		while (next[bucket] < end[bucket])
		{
			uint32_t	wanted = csr->source[next[bucket]] >> shift;

			csr_step(csr, &steps);
			if (wanted == bucket)
				next[bucket]++;
			else
				csr_swap(csr, next[bucket], next[wanted]++);
		}
	}
}

/* Sort the arcs by source; first[] is set. */
static void
csr_sort_sources(Csr *csr)
{
	uint64_t   *next = csr_alloc(csr, ((size_t) csr->nnodes + 1) * sizeof(uint64_t));
	uint64_t	range_next[CSR_RANGES];
	uint64_t	range_end[CSR_RANGES];
	int			shift = 0;
	uint32_t	ranges;

	while (csr->nnodes >> shift >= CSR_RANGES)
		shift++;
	ranges = csr->nnodes ? ((csr->nnodes - 1) >> shift) + 1 : 0;
	for (uint32_t range = 0; range < ranges; range++)
	{
		uint64_t	last = ((uint64_t) range + 1) << shift;

		range_next[range] = csr->first[(uint64_t) range << shift];
		range_end[range] = csr->first[last < csr->nnodes ? last : csr->nnodes];
	}
	if (shift > 0)
		csr_distribute(csr, 0, ranges, shift, range_next, range_end);

	memcpy(next, csr->first, ((size_t) csr->nnodes + 1) * sizeof(uint64_t));
	csr_distribute(csr, 0, csr->nnodes, 0, next, csr->first + 1);
	csr_release(csr, next);
}

/* Target and weight as one number in their order; weights are not negative. */
static inline uint64_t
arc_order(const CsrArc *arc)
{
	uint32_t	weight;

	memcpy(&weight, &arc->weight, sizeof(weight));
	return (uint64_t) arc->target << 32 | weight;
}

/* As sort_ids(), for the arcs of one row.  At most 64 calls deep. */
static void
sort_row(CsrArc *row, uint64_t n, int bit)
{
	while (n > CSR_SMALL && bit >= 0)
	{
		uint64_t	low = 0;
		uint64_t	high = n;

		while (low < high)
		{
			if ((arc_order(&row[low]) >> bit & 1) == 0)
				low++;
			else
			{
				CsrArc		swap = row[low];

				row[low] = row[--high];
				row[high] = swap;
			}
		}
		bit--;
		sort_row(row, low, bit);
		row += low;
		n -= low;
	}
	for (uint64_t i = 1; i < n; i++)
	{
		CsrArc		arc = row[i];
		uint64_t	place = i;

		for (; place > 0 && arc_order(&arc) < arc_order(&row[place - 1]); place--)
			row[place] = row[place - 1];
		row[place] = arc;
	}
}

/* No node and no edge is added after this. */
void
csr_finish(Csr *csr)
{
	uint32_t   *number;
	bool		same;
	uint64_t	steps = 0;

	csr_flush(csr);
	csr_release(csr, csr->batch);
	csr_release(csr, csr->slots);
	csr->batch = NULL;
	csr->slots = NULL;
	number = csr_number_nodes(csr, &same);

	csr->first = csr_alloc(csr, ((size_t) csr->nnodes + 1) * sizeof(uint64_t));
	memset(csr->first, 0, ((size_t) csr->nnodes + 1) * sizeof(uint64_t));
	for (uint64_t i = 0; i < csr->narcs; i++)
	{
		csr_step(csr, &steps);
		if (!same)
		{
			csr->source[i] = number[csr->source[i]];
			csr->arcs[i].target = number[csr->arcs[i].target];
		}
		csr->first[csr->source[i] + 1]++;
	}
	csr_release(csr, number);
	for (uint32_t node = 0; node < csr->nnodes; node++)
		csr->first[node + 1] += csr->first[node];

	csr_sort_sources(csr);
	csr_release(csr, csr->source);
	csr->source = NULL;
	csr->arcs = csr_resize(csr, csr->arcs, (csr->narcs ? csr->narcs : 1) * sizeof(CsrArc));
	csr->arcs_size = csr->narcs;
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		csr_step(csr, &steps);
		sort_row(csr->arcs + csr->first[node], csr->first[node + 1] - csr->first[node], 63);
	}
}

/* The node of an id in a finished graph, or CSR_NONE. */
uint32_t
csr_find(const Csr *csr, const CsrId *id)
{
	uint32_t	low = 0;
	uint32_t	high = csr->nnodes;

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (memcmp(&csr->ids[middle], id, sizeof(CsrId)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < csr->nnodes && memcmp(&csr->ids[low], id, sizeof(CsrId)) == 0 ? low : CSR_NONE;
}
