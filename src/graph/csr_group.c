/*-------------------------------------------------------------------------
 *
 * csr_group.c
 *	  Connected components, label propagation, and numbering groups.
 *
 * src/graph/csr_group.c
 *
 *-------------------------------------------------------------------------
 */
#include "graph/csr.h"

#include <string.h>

/* The root of a node's tree; halves the way for the next one who asks. */
static inline uint32_t
group_root(uint32_t *parent, uint32_t node)
{
	while (parent[node] != node)
	{
		parent[node] = parent[parent[node]];
		node = parent[node];
	}
	return node;
}

/*
 * Weakly connected components by union-find.  The label of a node is the first
 * node of its component.
 */
void
csr_components(const Csr *csr, uint32_t *label)
{
	uint64_t	steps = 0;

	for (uint32_t node = 0; node < csr->nnodes; node++)
		label[node] = node;
	for (uint32_t node = 0; node < csr->nnodes; node++)
		for (uint64_t i = csr->first[node]; i < csr->first[node + 1]; i++)
		{
			uint32_t	a = group_root(label, node);
			uint32_t	b = group_root(label, csr->arcs[i].target);

			csr_step(csr, &steps);
			if (a < b)
				label[b] = a;
			else
				label[a] = b;
		}
	for (uint32_t node = 0; node < csr->nnodes; node++)
		label[node] = group_root(label, node);
}

/* The most frequent label over the arcs of a node; of several, the smallest. */
static uint32_t
group_frequent_label(const Csr *csr, uint32_t node, const uint32_t *label, uint32_t *count)
{
	uint32_t	best = label[node];
	uint32_t	best_count = 0;

	for (uint64_t i = csr->first[node]; i < csr->first[node + 1]; i++)
	{
		uint32_t	candidate = label[csr->arcs[i].target];
		uint32_t	n = ++count[candidate];

		if (n > best_count || (n == best_count && candidate < best))
		{
			best = candidate;
			best_count = n;
		}
	}
	for (uint64_t i = csr->first[node]; i < csr->first[node + 1]; i++)
		count[label[csr->arcs[i].target]] = 0;
	return best;
}

/*
 * Community detection by label propagation as LDBC Graphalytics defines it: all
 * nodes take, at the same time, the most frequent label of the round before
 * among their arcs.  Returns the rounds it took to know the answer: fewer than
 * max_rounds when nothing changes any more, or when the labels are those of two
 * rounds ago, between which and the last ones they alternate from then on.  As
 * every arc has its opposite, one of the two always comes (Poljak and Sura, On
 * periodical behaviour in societies with symmetric influences, 1983).
 */
int
csr_propagate_labels(const Csr *csr, int max_rounds, uint32_t *label)
{
	uint32_t   *other = csr_alloc(csr, csr->nnodes * sizeof(uint32_t));
	uint32_t   *count = csr_alloc(csr, csr->nnodes * sizeof(uint32_t));
	uint32_t   *now = label;
	uint32_t   *before = other; /* the next round takes its place node by node */
	uint64_t	steps = 0;
	int			round = 0;
	bool		changed = true;
	bool		repeats = false;

	memset(count, 0, csr->nnodes * sizeof(uint32_t));
	for (uint32_t node = 0; node < csr->nnodes; node++)
		now[node] = before[node] = node;
	while (changed && !repeats && round < max_rounds)
	{
		uint32_t   *next = before;

		changed = false;
		repeats = round > 0;
		for (uint32_t node = 0; node < csr->nnodes; node++)
		{
			uint32_t	best = group_frequent_label(csr, node, now, count);

			csr_step(csr, &steps);
			changed |= best != now[node];
			repeats &= best == before[node];
			next[node] = best;
		}
		before = now;
		now = next;
		round++;
	}
	if (repeats && (max_rounds - round) % 2 == 1)
		now = before;
	if (now != label)
		memcpy(label, now, csr->nnodes * sizeof(uint32_t));
	csr_release(csr, count);
	csr_release(csr, other);
	return round;
}

/* Groups of a size, as a list: the place of a group, and its first node. */
typedef struct GroupOrder
{
	uint32_t	size;
	uint32_t	label;
} GroupOrder;

/* Larger ones first, then in the order of their first nodes (heap order). */
static inline bool
group_before(const GroupOrder *a, const GroupOrder *b)
{
	return a->size > b->size || (a->size == b->size && a->label < b->label);
}

/* Let the element at "place" sink to where it belongs in a heap of n. */
static void
group_sift(GroupOrder *heap, uint32_t place, uint32_t n)
{
	GroupOrder	element = heap[place];

	for (;;)
	{
		uint64_t	child = 2 * (uint64_t) place + 1;

		if (child >= n)
			break;
		if (child + 1 < n && group_before(&heap[child], &heap[child + 1]))
			child++;
		if (!group_before(&element, &heap[child]))
			break;
		heap[place] = heap[child];
		place = (uint32_t) child;
	}
	heap[place] = element;
}

/*
 * Replace labels, which are below nnodes, by numbers from 0: the largest group
 * first, of equal ones that whose first node comes first.  Returns how many
 * groups there are.
 */
uint32_t
csr_number_groups(const Csr *csr, uint32_t *label)
{
	uint32_t   *first = csr_alloc(csr, csr->nnodes * sizeof(uint32_t));
	GroupOrder *order = csr_alloc(csr, csr->nnodes * sizeof(GroupOrder));
	uint32_t	n = 0;

	/* name every group by its first node, and count it there */
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		first[node] = CSR_NONE;
		order[node].size = 0;
	}
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		if (first[label[node]] == CSR_NONE)
			first[label[node]] = node;
		label[node] = first[label[node]];
		order[label[node]].size++;
	}
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		if (order[node].size == 0)
			continue;
		order[n].size = order[node].size;
		order[n++].label = node;
	}

	/* heap sort, the one that comes last on top */
	for (uint32_t i = n / 2; i-- > 0;)
		group_sift(order, i, n);
	for (uint32_t i = n; i-- > 1;)
	{
		GroupOrder	last = order[0];

		order[0] = order[i];
		order[i] = last;
		group_sift(order, 0, i);
	}
	for (uint32_t i = 0; i < n; i++)
		first[order[i].label] = i;
	for (uint32_t node = 0; node < csr->nnodes; node++)
		label[node] = first[label[node]];
	csr_release(csr, order);
	csr_release(csr, first);
	return n;
}
