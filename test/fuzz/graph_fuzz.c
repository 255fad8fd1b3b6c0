/*-------------------------------------------------------------------------
 *
 * graph_fuzz.c
 *	  Any graph: built, ranked and grouped, against plain counterparts.
 *
 * The input is a list of (operation, node, node, weight) of one byte each.
 *
 * sources: src/graph/csr.c
 * sources: src/graph/csr_rank.c
 * sources: src/graph/csr_group.c
 * sources: src/graph/csr_louvain.c
 *
 * test/fuzz/graph_fuzz.c
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/csr.h"

#define NODES 256

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) do { if (!(condition)) abort(); } while (0)

static void *
fuzz_resize(void *context __attribute__((unused)), void *block, size_t size)
{
	if (size == 0)
	{
		free(block);
		return NULL;
	}
	block = realloc(block, size);
	MUST(block != NULL);
	return block;
}

static void
fuzz_check(void *context __attribute__((unused)))
{
}

static CsrId
fuzz_id(uint8_t node)
{
	CsrId		id;

	memset(id.bytes, node % 3 == 0 ? 0 : 0xff, sizeof(id.bytes));
	id.bytes[node % 15] = (uint8_t) (node * 37);
	id.bytes[15] = node;
	return id;
}

/* What the graph should be, in a form that can hardly be wrong. */
static uint8_t stands_for[NODES];	/* of a known id: its node */
static bool known[NODES];
static uint32_t arcs[NODES][NODES];

static void
fuzz_build(Csr *csr, const uint8_t *data, size_t size)
{
	memset(known, 0, sizeof(known));
	memset(arcs, 0, sizeof(arcs));
	for (; size >= 4; data += 4, size -= 4)
	{
		CsrId		a = fuzz_id(data[1]);
		CsrId		b = fuzz_id(data[2]);

		if (data[0] % 8 == 0)
		{
			(void) csr_add_node(csr, &a);
			if (!known[data[1]])
				stands_for[data[1]] = data[1];
			known[data[1]] = true;
		}
		else if (data[0] % 8 == 1)
		{
			bool		added = csr_add_alias(csr, &a, &b);

			MUST(added == (known[data[2]] && !known[data[1]]));
			if (added)
				stands_for[data[1]] = stands_for[data[2]];
			known[data[1]] |= added;
		}
	}
}

static void
fuzz_edges(Csr *csr, const uint8_t *data, size_t size)
{
	for (; size >= 4; data += 4, size -= 4)
	{
		CsrId		a = fuzz_id(data[1]);
		CsrId		b = fuzz_id(data[2]);
		bool		both = data[0] % 8 >= 5;

		if (data[0] % 8 < 2)
			continue;
		csr_add_edge(csr, &a, &b, data[3] / 255.0f, both);
		if (!known[data[1]] || !known[data[2]] || stands_for[data[1]] == stands_for[data[2]])
			continue;
		arcs[stands_for[data[1]]][stands_for[data[2]]]++;
		if (both)
			arcs[stands_for[data[2]]][stands_for[data[1]]]++;
	}
}

static void
fuzz_compare(const Csr *csr)
{
	uint32_t	node_of[NODES];
	uint64_t	total = 0;

	for (int i = 0; i < NODES; i++)
	{
		CsrId		id = fuzz_id((uint8_t) i);

		node_of[i] = csr_find(csr, &id);
		MUST((node_of[i] != CSR_NONE) == (known[i] && stands_for[i] == i));
	}
	for (int i = 0; i < NODES; i++)
		for (int j = 0; j < NODES; j++)
		{
			uint32_t	n = 0;

			if (arcs[i][j] == 0)
				continue;
			for (uint64_t arc = csr->first[node_of[i]]; arc < csr->first[node_of[i] + 1]; arc++)
				n += csr->arcs[arc].target == node_of[j];
			MUST(n == arcs[i][j]);
			total += n;
		}
	MUST(total == csr->narcs);
	for (uint32_t node = 0; node < csr->nnodes; node++)
		for (uint64_t arc = csr->first[node] + 1; arc < csr->first[node + 1]; arc++)
			MUST(csr->arcs[arc - 1].target < csr->arcs[arc].target ||
				 (csr->arcs[arc - 1].target == csr->arcs[arc].target &&
				  csr->arcs[arc - 1].weight <= csr->arcs[arc].weight));
}

static void
fuzz_compute(const Csr *csr)
{
	double		score[NODES];
	uint32_t	label[NODES];
	uint32_t	other[NODES];
	double		sum = 0;
	uint32_t	groups;

	(void) csr_rank(csr, 0.85, 1e-10, 100, score);
	for (uint32_t node = 0; node < csr->nnodes; node++)
		sum += score[node];
	MUST(csr->nnodes == 0 || fabs(sum - 1) < 1e-9);

	csr_components(csr, label);
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		MUST(label[node] <= node && label[label[node]] == label[node]);
		for (uint64_t arc = csr->first[node]; arc < csr->first[node + 1]; arc++)
			MUST(label[csr->arcs[arc].target] == label[node]);
	}
	memcpy(other, label, sizeof(label));
	groups = csr_number_groups(csr, label);
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		MUST(label[node] < groups);
		MUST(label[node] == label[other[node]]);
	}
	MUST(csr_propagate_labels(csr, 10, label) <= 10);
	for (uint32_t node = 0; node < csr->nnodes; node++)
		MUST(label[node] < csr->nnodes);
	groups = (uint32_t) csr_louvain(csr, label);
	for (uint32_t node = 0; node < csr->nnodes; node++)
		MUST(label[node] < groups);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const CsrHost host = {fuzz_resize, fuzz_check, NULL};
	Csr			csr;

	csr_init(&csr, &host);
	fuzz_build(&csr, data, size);
	fuzz_edges(&csr, data, size);
	csr_finish(&csr);
	fuzz_compare(&csr);
	fuzz_compute(&csr);
	csr_free(&csr);
	return 0;
}
