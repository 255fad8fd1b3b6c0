/*-------------------------------------------------------------------------
 *
 * graph_test.c
 *	  Tests of the graph core outside the server.
 *
 * sources: src/graph/csr.c
 * sources: src/graph/csr_rank.c
 * sources: src/graph/csr_group.c
 * sources: src/graph/csr_louvain.c
 *
 * test/unit/graph_test.c
 *
 *-------------------------------------------------------------------------
 */
#include "check.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/csr.h"

static size_t used_now;
static size_t used_most;
static int	checks_called;

/* Memory with a size in front of every block, so that use can be counted. */
static void *
test_resize(void *context __attribute__((unused)), void *block, size_t size)
{
	size_t	   *head = block ? (size_t *) block - 2 : NULL;

	if (head)
		used_now -= *head;
	if (size == 0)
	{
		free(head);
		return NULL;
	}
	head = realloc(head, size + 2 * sizeof(size_t));
	if (head == NULL)
		abort();
	*head = size;
	used_now += size;
	if (used_now > used_most)
		used_most = used_now;
	return head + 2;
}

static void
test_check(void *context __attribute__((unused)))
{
	checks_called++;
}

static const CsrHost test_host = {test_resize, test_check, NULL};

/* A node's id: its number, most significant byte first. */
static CsrId
test_id(uint32_t number)
{
	CsrId		id;

	memset(&id, 0, sizeof(id));
	for (int i = 0; i < 4; i++)
		id.bytes[15 - i] = (uint8_t) (number >> 8 * i);
	return id;
}

typedef struct TestEdge
{
	uint32_t	from;
	uint32_t	to;
	float		weight;
} TestEdge;

/* A finished graph of nodes 1 .. nnodes. */
static void
test_graph(Csr *csr, uint32_t nnodes, const TestEdge *edges, int nedges, bool both)
{
	csr_init(csr, &test_host);
	for (uint32_t node = nnodes; node > 0; node--)
	{
		CsrId		id = test_id(node);

		(void) csr_add_node(csr, &id);
	}
	for (int i = 0; i < nedges; i++)
	{
		CsrId		from = test_id(edges[i].from);
		CsrId		to = test_id(edges[i].to);

		csr_add_edge(csr, &from, &to, edges[i].weight, both);
	}
	csr_finish(csr);
}

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* The modularity of a partition, labels below nnodes: between -1/2 and 1. */
static double
modularity(const Csr *csr, const uint32_t *label)
{
	double	   *total = calloc(csr->nnodes, sizeof(double));
	double		all = 0;
	double		inside = 0;
	double		expected = 0;

	for (uint32_t node = 0; node < csr->nnodes; node++)
		for (uint64_t i = csr->first[node]; i < csr->first[node + 1]; i++)
		{
			double		weight = csr->arcs[i].weight;

			all += weight;
			total[label[node]] += weight;
			if (label[node] == label[csr->arcs[i].target])
				inside += weight;
		}
	for (uint32_t node = 0; node < csr->nnodes; node++)
		expected += total[node] * total[node];
	free(total);
	return all > 0 ? inside / all - expected / (all * all) : 0;
}

/* The two examples of LDBC Graphalytics (Apache-2.0), weights left out. */
static const TestEdge ldbc_directed[] = {
	{1, 3, 1}, {1, 5, 1}, {2, 4, 1}, {2, 5, 1}, {2, 10, 1}, {3, 1, 1}, {3, 5, 1}, {3, 8, 1}, {3, 10, 1},
	{5, 3, 1}, {5, 4, 1}, {5, 8, 1}, {6, 3, 1}, {6, 4, 1}, {7, 4, 1}, {8, 1, 1}, {9, 4, 1}
};
static const TestEdge ldbc_undirected[] = {
	{2, 3, 1}, {2, 4, 1}, {3, 4, 1}, {3, 5, 1}, {3, 8, 1}, {5, 6, 1}, {5, 8, 1}, {6, 7, 1}, {6, 8, 1},
	{6, 9, 1}, {6, 10, 1}, {7, 9, 1}
};

static void
test_ldbc(void)
{
	static const double directed_rank[] = {
		0.1477629166666667, 0.04753375, 0.1550469444444444, 0.1597573611111111, 0.14624, 0.04753375,
		0.04753375, 0.1135740277777778, 0.04753375, 0.08748375
	};
	static const uint32_t directed_label[] = {1, 2, 3, 4, 1, 1, 2, 3, 2, 1};
	static const uint32_t undirected_label[] = {2, 3, 2, 2, 6, 5, 2, 5, 5};
	double		score[10];
	uint32_t	label[10];
	Csr			csr;

	test_graph(&csr, 10, ldbc_directed, LENGTH(ldbc_directed), false);
	CHECK(csr_rank(&csr, 0.85, 0, 2, score) == 2);
	for (int i = 0; i < 10; i++)
		CHECK(fabs(score[i] - directed_rank[i]) < 1e-12);
	csr_components(&csr, label);
	for (int i = 0; i < 10; i++)
		CHECK(label[i] == 0);
	csr_free(&csr);

	test_graph(&csr, 10, ldbc_directed, LENGTH(ldbc_directed), true);
	CHECK(csr_propagate_labels(&csr, 2, label) == 2);
	for (int i = 0; i < 10; i++)
		CHECK(label[i] + 1 == directed_label[i]);
	csr_free(&csr);

	/* node 1 is no node of this one: a component of its own here */
	test_graph(&csr, 10, ldbc_undirected, LENGTH(ldbc_undirected), true);
	csr_components(&csr, label);
	CHECK(label[0] == 0);
	for (int i = 1; i < 10; i++)
		CHECK(label[i] == 1);
	CHECK(csr_propagate_labels(&csr, 2, label) == 2);
	for (int i = 1; i < 10; i++)
		CHECK(label[i] + 1 == undirected_label[i - 1]);
	CHECK(csr_number_groups(&csr, label) == 5);
	csr_free(&csr);
}

static void
test_building(void)
{
	static const TestEdge edges[] = {
		{3, 1, 0.5}, {1, 2, 0.25}, {1, 2, 0.125}, {2, 2, 1}, {1, 9, 1}, {9, 1, 1}, {2, 3, 0}
	};
	CsrId		id;
	CsrId		alias;
	Csr			csr;

	/* parallel edges stay, a self loop and an unknown end do not */
	test_graph(&csr, 3, edges, LENGTH(edges), false);
	CHECK(csr.nnodes == 3 && csr.narcs == 4);
	CHECK(csr.first[0] == 0 && csr.first[1] == 2 && csr.first[2] == 3 && csr.first[3] == 4);
	CHECK(csr.arcs[0].target == 1 && csr.arcs[0].weight == 0.125f);
	CHECK(csr.arcs[1].target == 1 && csr.arcs[1].weight == 0.25f);
	CHECK(csr.arcs[2].target == 2 && csr.arcs[2].weight == 0);
	id = test_id(2);
	CHECK(csr_find(&csr, &id) == 1);
	id = test_id(4);
	CHECK(csr_find(&csr, &id) == CSR_NONE);
	csr_free(&csr);

	/* an alias stands for its node and is none itself */
	csr_init(&csr, &test_host);
	for (uint32_t i = 1; i <= 3; i++)
	{
		id = test_id(i);
		CHECK(csr_add_node(&csr, &id) == i - 1);
		CHECK(csr_add_node(&csr, &id) == i - 1);
	}
	alias = test_id(100);
	CHECK(csr_add_alias(&csr, &alias, &id));
	CHECK(!csr_add_alias(&csr, &alias, &id));
	CHECK(!csr_add_alias(&csr, &id, &id));
	id = test_id(1);
	csr_add_edge(&csr, &id, &alias, 1, false);
	id = test_id(3);
	csr_add_edge(&csr, &id, &alias, 1, true);
	alias = test_id(101);
	id = test_id(102);
	CHECK(!csr_add_alias(&csr, &alias, &id));
	/* in order until here, with a gap where the alias is; 4 comes after it */
	id = test_id(4);
	(void) csr_add_node(&csr, &id);
	csr_finish(&csr);
	CHECK(csr_find(&csr, &id) == 3);
	CHECK(csr.nnodes == 4 && csr.narcs == 1 && csr.arcs[0].target == 2);
	csr_free(&csr);
	CHECK(used_now == 0);
}

static void
test_empty(void)
{
	double		score = 0;
	uint32_t	label = 0;
	Csr			csr;

	test_graph(&csr, 0, NULL, 0, false);
	CHECK(csr.nnodes == 0 && csr.narcs == 0);
	CHECK(csr_rank(&csr, 0.85, 1e-10, 100, &score) == 0);
	csr_components(&csr, &label);
	CHECK(csr_propagate_labels(&csr, 10, &label) == 1);
	CHECK(csr_louvain(&csr, &label) == 0);
	CHECK(csr_number_groups(&csr, &label) == 0);
	csr_free(&csr);

	test_graph(&csr, 1, NULL, 0, false);
	CHECK(csr_rank(&csr, 0.85, 1e-10, 100, &score) == 1 && score == 1);
	csr_components(&csr, &label);
	CHECK(label == 0);
	CHECK(csr_louvain(&csr, &label) == 1 && label == 0);
	CHECK(csr_number_groups(&csr, &label) == 1);
	csr_free(&csr);
	CHECK(used_now == 0);
}

/* A pseudo-random number below n. */
static uint32_t
test_random(uint64_t *state, uint32_t n)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) ((*state >> 33) % n);
}

/* Every walk over the whole graph lets the host interrupt it. */
static void
test_checks(const Csr *csr, double *score, uint32_t *label)
{
	checks_called = 0;
	(void) csr_propagate_labels(csr, 100, label);
	CHECK(checks_called > 0);
	checks_called = 0;
	(void) csr_rank(csr, 0.85, 1e-10, 100, score);
	CHECK(checks_called > 0);
	checks_called = 0;
	csr_components(csr, label);
	CHECK(checks_called > 0);
	checks_called = 0;
	(void) csr_louvain(csr, label);
	CHECK(checks_called > 0);
}

/* So does a walk that takes many rounds over a few nodes. */
static void
test_checks_of_rounds(void)
{
	static const TestEdge edges[] = {{1, 2, 1}, {2, 3, 1}, {3, 1, 1}, {3, 2, 1}};
	double		score[3];
	Csr			csr;

	test_graph(&csr, 3, edges, 4, false);
	checks_called = 0;
	CHECK(csr_rank(&csr, 0.85, 0, 2 * CSR_CHECK_EVERY, score) == 2 * CSR_CHECK_EVERY);
	CHECK(checks_called > 0);
	csr_free(&csr);
}

/* Label propagation round by round, as it is defined. */
static void
propagate_plainly(const Csr *csr, int rounds, uint32_t *label)
{
	uint32_t	next[32];

	for (uint32_t node = 0; node < csr->nnodes; node++)
		label[node] = node;
	while (rounds-- > 0)
	{
		for (uint32_t node = 0; node < csr->nnodes; node++)
		{
			uint32_t	count[32] = {0};
			uint32_t	best = label[node];

			for (uint64_t i = csr->first[node]; i < csr->first[node + 1]; i++)
				count[label[csr->arcs[i].target]]++;
			for (uint32_t l = csr->nnodes; l-- > 0;)
				if (count[l] > 0 && count[l] >= count[best])
					best = l;
			next[node] = best;
		}
		memcpy(label, next, csr->nnodes * sizeof(uint32_t));
	}
}

/* Labels that alternate for ever give the answer of the round that is asked for, soon. */
static void
test_propagation(void)
{
	uint64_t	state = 7;
	int			different = 0;
	int			long_runs = 0;
	int			alternating = 0;

	for (int run = 0; run < 300; run++)
	{
		TestEdge	edges[60];
		uint32_t	label[20];
		uint32_t	plain[20];
		Csr			csr;

		for (int i = 0; i < 60; i++)
			edges[i] = (TestEdge) {1 + test_random(&state, 20), 1 + test_random(&state, 20), 1};
		test_graph(&csr, 20, edges, 1 + run % 60, true);
		for (int rounds = 0; rounds < 12; rounds++)
		{
			long_runs += csr_propagate_labels(&csr, rounds, label) > rounds;
			propagate_plainly(&csr, rounds, plain);
			different += memcmp(label, plain, sizeof(label)) != 0;
		}
		/* by these rounds every graph of this size repeats itself */
		for (int odd = 0; odd < 2; odd++)
		{
			long_runs += csr_propagate_labels(&csr, INT_MAX - 1 + odd, label) >= 100;
			propagate_plainly(&csr, 100 + odd, plain);
			different += memcmp(label, plain, sizeof(label)) != 0;
			propagate_plainly(&csr, 101 - odd, plain);
			alternating += memcmp(label, plain, sizeof(label)) != 0;
		}
		csr_free(&csr);
	}
	CHECK(different == 0);
	CHECK(long_runs == 0);
	CHECK(alternating > 100);
}

#define MANY 3000
#define MANY_EDGES 20000

/* A large graph: the order of input changes nothing, and memory is as promised. */
static void
test_large(void)
{
	TestEdge   *edges = malloc(MANY_EDGES * sizeof(TestEdge));
	uint64_t	state = 42;
	Csr			a;
	Csr			b;
	double	   *score[2];
	uint32_t   *label[2];
	double		sum = 0;

	for (int i = 0; i < MANY_EDGES; i++)
	{
		/* node 7 is a hub, so that long rows are sorted too */
		edges[i].from = i % 4 == 0 ? 7 : 1 + test_random(&state, MANY);
		edges[i].to = 1 + test_random(&state, MANY);
		edges[i].weight = test_random(&state, 1000) / 1000.0f;
	}
	test_graph(&a, MANY, edges, MANY_EDGES, true);	/* nodes in reverse order */
	for (int i = MANY_EDGES - 1; i > 0; i--)
	{
		int			j = (int) test_random(&state, i + 1);
		TestEdge	swap = edges[i];

		edges[i] = edges[j];
		edges[j] = swap;
	}
	used_now = used_most = 0;	/* counts graph b only, until both are freed */
	test_graph(&b, MANY, edges, MANY_EDGES, true);
	CHECK(used_most <= 20 * b.narcs + 60 * (size_t) MANY + 20000);
	CHECK(used_now <= 8 * b.narcs + 32 * (size_t) MANY + 1000);
	CHECK(a.narcs == b.narcs);
	CHECK(memcmp(a.first, b.first, (MANY + 1) * sizeof(uint64_t)) == 0);
	CHECK(memcmp(a.arcs, b.arcs, a.narcs * sizeof(CsrArc)) == 0);
	CHECK(memcmp(a.ids, b.ids, MANY * sizeof(CsrId)) == 0);

	for (int i = 0; i < 2; i++)
	{
		score[i] = malloc(MANY * sizeof(double));
		label[i] = malloc(MANY * sizeof(uint32_t));
		CHECK(csr_rank(i ? &b : &a, 0.85, 1e-10, 100, score[i]) < 100);
		CHECK(csr_louvain(i ? &b : &a, label[i]) > 1);
	}
	CHECK(memcmp(score[0], score[1], MANY * sizeof(double)) == 0);
	CHECK(memcmp(label[0], label[1], MANY * sizeof(uint32_t)) == 0);
	CHECK(modularity(&a, label[0]) > 0.1);
	for (int i = 0; i < MANY; i++)
		sum += score[0][i];
	CHECK(fabs(sum - 1) < 1e-9);

	test_checks(&a, score[0], label[0]);
	for (int i = 0; i < 2; i++)
	{
		free(score[i]);
		free(label[i]);
	}
	csr_free(&a);
	csr_free(&b);
	free(edges);
}

static void
test_communities(void)
{
	TestEdge	edges[64];
	int			n = 0;
	uint32_t	label[13];
	Csr			csr;

	/* two cliques of six with one edge between them, and node 13 alone */
	for (uint32_t side = 0; side < 2; side++)
		for (uint32_t i = 1; i <= 6; i++)
			for (uint32_t j = i + 1; j <= 6; j++)
				edges[n++] = (TestEdge) {6 * side + i, 6 * side + j, 1};
	edges[n++] = (TestEdge) {6, 7, 1};
	test_graph(&csr, 13, edges, n, true);
	CHECK(csr_louvain(&csr, label) == 3);
	for (int i = 0; i < 12; i++)
		CHECK(label[i] == label[i / 6 * 6]);
	CHECK(label[0] != label[6] && label[12] != label[0] && label[12] != label[6]);
	CHECK(fabs(modularity(&csr, label) - (30.0 / 31 - 0.5)) < 1e-9);
	CHECK(csr_number_groups(&csr, label) == 3);
	CHECK(label[0] == 0 && label[6] == 1 && label[12] == 2);

	/* edges without weight hold nothing together */
	csr_free(&csr);
	for (int i = 0; i < n; i++)
		edges[i].weight = 0;
	test_graph(&csr, 13, edges, n, true);
	CHECK(csr_louvain(&csr, label) == 13);
	csr_free(&csr);
}

int
main(void)
{
	test_ldbc();
	test_building();
	test_empty();
	test_large();
	test_checks_of_rounds();
	test_propagation();
	test_communities();
	return check_summary("graph_test");
}
