/*-------------------------------------------------------------------------
 *
 * graph_network.c
 *	  A synthetic referral network, and the plain C program that walks it: the
 *	  limit of what any engine could reach on the same arrays.
 *
 * usage: graph_network accounts N            writes "uuid<TAB>kind" lines
 *        graph_network affiliations N        writes the edges
 *        graph_network reach N HOPS EVERY    walks from every EVERY-th account
 *        graph_network path N EVERY STEP     paths from the first of these, and
 *                                            every STEP-th after it, to the next
 *        graph_network rank N ROUNDS         PageRank
 *
 * 5 % of the accounts are organisations.  Professionals work at one to three of
 * them and refer to four others, most of them near, the rest in proportion to
 * how often they are referred to; organisations stand under one another and
 * know some of their professionals.  Degrees follow a power law; three quarters
 * of the affiliations have no end, and some 78 % hold on 2025-06-30.  N and the
 * seed of the generator decide everything.
 *
 * test/bench/graph_network.c
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PER_ACCOUNT 5.25		/* edges */
#define FIRST_DAY 3650			/* days before the one of the question */

typedef struct Edge
{
	uint32_t	from;
	uint32_t	to;
	uint8_t		kind;
	uint8_t		strength;		/* twentieths */
	int16_t		begins;			/* days before the question */
	int16_t		ends;			/* days after it; INT16_MAX: never */
} Edge;

static uint64_t state = 42;

static uint32_t
below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t) ((state >> 11) % n);
}

/* Below n, small numbers much more often. */
static uint32_t
skewed(uint32_t n)
{
	double		u = (below(1 << 30) + 1) / (double) (1 << 30);

	return (uint32_t) (n * pow(u, 3)) % n;
}

static void
set_days(Edge *edge)
{
	uint32_t	what = below(100);

	edge->begins = (int16_t) below(FIRST_DAY);
	edge->ends = INT16_MAX;
	if (what < 12)				/* over */
		edge->ends = (int16_t) -(int) below((uint32_t) edge->begins + 1);
	else if (what < 25)			/* ends one day */
		edge->ends = (int16_t) (1 + below(2000));
	else if (what < 35)			/* not yet begun */
		edge->begins = (int16_t) -(int) (1 + below(300));
}

/* All edges, in random order. */
static Edge *
make_edges(uint32_t n, uint64_t *count)
{
	uint32_t	organisations = n / 20;
	uint64_t	size = (uint64_t) (n * PER_ACCOUNT);
	Edge	   *edges = malloc(size * sizeof(Edge));

	if (edges == NULL)
		abort();
	state = 42;
	*count = 0;
	while (*count < size)
	{
		Edge	   *edge = &edges[*count];
		uint32_t	what = below(1000);
		uint32_t	professional = organisations + below(n - organisations);

		edge->strength = (uint8_t) (1 + below(20));
		if (what < 300)			/* works at */
		{
			edge->from = professional;
			edge->to = skewed(organisations);
			edge->kind = 0;
		}
		else if (what < 320)	/* stands under */
		{
			edge->from = below(organisations);
			edge->to = skewed(organisations);
			edge->kind = 1;
		}
		else if (what < 380)	/* knows */
		{
			edge->from = skewed(organisations);
			edge->to = professional;
			edge->kind = 2;
		}
		else					/* refers to */
		{
			edge->from = professional;
			if (below(10) < 6)
				edge->to = organisations + (professional - organisations + 1 + below(200)) % (n - organisations);
			else
				edge->to = organisations + skewed(n - organisations);
			edge->kind = 3;
		}
		set_days(edge);
		if (edge->from != edge->to)
			(*count)++;
	}
	for (uint64_t i = *count - 1; i > 0; i--)
	{
		uint64_t	j = below((uint32_t) (i + 1));
		Edge		swap = edges[i];

		edges[i] = edges[j];
		edges[j] = swap;
	}
	return edges;
}

/* Ids begin with a number that grows, as version 7 does, and go on at random. */
static void
print_id(uint32_t account)
{
	uint64_t	mix = (account + 1) * UINT64_C(0x9E3779B97F4A7C15);

	mix ^= mix >> 29;
	mix *= UINT64_C(0xBF58476D1CE4E5B9);
	mix ^= mix >> 32;
	printf("%08x-%04x-7%03x-8%03x-%012llx", 0x01900000u + (account >> 10), account << 6 & 0xffff,
		   (unsigned) (mix >> 52), (unsigned) (mix >> 40 & 0xfff), (unsigned long long) (mix & 0xffffffffffffULL));
}

static void
print_day(int offset)
{
	time_t		day = (time_t) (20269 + offset) * 86400;	/* 2025-06-30 */
	struct tm	tm;
	char		text[16];

	gmtime_r(&day, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d", &tm);
	fputs(text, stdout);
}

static void
print_edges(const Edge *edges, uint64_t count)
{
	static const char *const kinds[] = {"employment", "governance", "membership", "referral"};

	for (uint64_t i = 0; i < count; i++)
	{
		print_id(edges[i].from);
		putchar('\t');
		print_id(edges[i].to);
		printf("\t%s\t%g\t", kinds[edges[i].kind], edges[i].strength / 20.0);
		print_day(-edges[i].begins);
		putchar('\t');
		/* an affiliation that is over has lasted a day at least */
		if (edges[i].ends == INT16_MAX)
			fputs("9999-12-31", stdout);
		else
			print_day(edges[i].ends > -edges[i].begins ? edges[i].ends : 1 - edges[i].begins);
		putchar('\n');
	}
}

/* Does the edge hold on the day of the question? */
static int
holds(const Edge *edge)
{
	return edge->begins >= 0 && (edge->ends > -edge->begins ? edge->ends : 1 - edge->begins) > 0;
}

/* The edges that hold, by one of their ends. */
typedef struct Arrays
{
	uint64_t   *first;			/* of an account, and of the next */
	uint32_t   *other;			/* accounts at the other end */
	float	   *weight;			/* strengths */
} Arrays;

static Arrays
make_arrays(uint32_t n, const Edge *edges, uint64_t count, int backward)
{
	Arrays		arrays = {
		calloc(n + 2, sizeof(uint64_t)), malloc(count * sizeof(uint32_t)), malloc(count * sizeof(float))
	};

	if (arrays.first == NULL || arrays.other == NULL || arrays.weight == NULL)
		abort();
	for (uint64_t i = 0; i < count; i++)
		if (holds(&edges[i]))
			arrays.first[(backward ? edges[i].to : edges[i].from) + 2]++;
	for (uint32_t i = 2; i < n + 2; i++)
		arrays.first[i] += arrays.first[i - 1];
	for (uint64_t i = 0; i < count; i++)
		if (holds(&edges[i]))
		{
			uint64_t	place = arrays.first[(backward ? edges[i].to : edges[i].from) + 1]++;

			arrays.other[place] = backward ? edges[i].from : edges[i].to;
			arrays.weight[place] = (float) edges[i].strength / 20;
		}
	return arrays;
}

static void
free_arrays(Arrays *arrays)
{
	free(arrays->first);
	free(arrays->other);
	free(arrays->weight);
}

static double
milliseconds_since(clock_t start)
{
	return 1000.0 * (double) (clock() - start) / CLOCKS_PER_SEC;
}

/* A breadth-first search. */
typedef struct Search
{
	const Arrays *arrays;
	uint32_t   *seen;			/* by account: the search that met it last */
	uint32_t   *queue;
	uint32_t	head;
	uint32_t	tail;
	uint64_t	scanned;		/* edges, over all searches */
} Search;

static void
search_start(Search *search, uint32_t account, uint32_t number)
{
	search->queue[0] = account;
	search->seen[account] = number;
	search->head = 0;
	search->tail = 1;
}

/* Go one hop further.  Returns whether an account was met that "sought" has seen. */
static int
search_level(Search *search, uint32_t number, const uint32_t *sought)
{
	const Arrays *arrays = search->arrays;
	int			met = 0;

	for (uint32_t last = search->tail; search->head < last; search->head++)
	{
		uint32_t	account = search->queue[search->head];

		for (uint64_t i = arrays->first[account]; i < arrays->first[account + 1]; i++)
		{
			uint32_t	other = arrays->other[i];

			search->scanned++;
			if (search->seen[other] == number)
				continue;
			search->seen[other] = number;
			search->queue[search->tail++] = other;
			met |= sought != NULL && sought[other] == number;
		}
	}
	return met;
}

static Search
make_search(const Arrays *arrays, uint32_t n)
{
	Search		search = {arrays, calloc(n, sizeof(uint32_t)), malloc(n * sizeof(uint32_t)), 0, 0, 0};

	if (search.seen == NULL || search.queue == NULL)
		abort();
	return search;
}

static void
free_search(Search *search)
{
	free(search->seen);
	free(search->queue);
}

/* Walks of so many hops; prints milliseconds, accounts, edges. */
static void
walk(uint32_t n, const Edge *edges, uint64_t count, int hops, uint32_t every)
{
	Arrays		out = make_arrays(n, edges, count, 0);
	Search		search = make_search(&out, n);
	uint32_t	number = 0;
	uint64_t	reached = 0;
	clock_t		start = clock();

	for (uint32_t source = every - 1; source < n; source += every)
	{
		search_start(&search, source, ++number);
		for (int hop = 0; hop < hops; hop++)
			(void) search_level(&search, number, NULL);
		reached += search.tail - 1;
	}
	printf("%.2f %llu %llu\n", milliseconds_since(start),
		   (unsigned long long) reached, (unsigned long long) search.scanned);
	free_search(&search);
	free_arrays(&out);
}

/* Hops of the shortest path, of at most 6, from both ends; -1: there is none. */
static int
path_hops(Search ends[2], const uint32_t accounts[2], uint32_t number)
{
	for (int i = 0; i < 2; i++)
		search_start(&ends[i], accounts[i], number);
	for (int hops = 1; hops <= 6; hops++)
	{
		int			near = ends[0].tail - ends[0].head <= ends[1].tail - ends[1].head ? 0 : 1;

		if (search_level(&ends[near], number, ends[1 - near].seen))
			return hops;
		if (ends[near].head == ends[near].tail)
			return -1;
	}
	return -1;
}

#define PATH_ROUNDS 20

/* Prints milliseconds of a round, paths found in it and their hops in sum. */
static void
paths(uint32_t n, const Edge *edges, uint64_t count, uint32_t every, uint32_t step)
{
	Arrays		arrays[2] = {make_arrays(n, edges, count, 0), make_arrays(n, edges, count, 1)};
	Search		ends[2] = {make_search(&arrays[0], n), make_search(&arrays[1], n)};
	uint32_t	number = 0;
	int			found = 0;
	int			sum = 0;
	clock_t		start = clock();

	for (int round = 0; round < PATH_ROUNDS; round++)
	{
		found = sum = 0;
		for (uint64_t k = 1; (k + 1) * every <= n; k += step)
		{
			uint32_t	accounts[2] = {(uint32_t) (k * every - 1), (uint32_t) ((k + 1) * every - 1)};
			int			hops = path_hops(ends, accounts, ++number);

			found += hops >= 0;
			sum += hops >= 0 ? hops : 0;
		}
	}
	printf("%.3f %d %d\n", milliseconds_since(start) / PATH_ROUNDS, found, sum);
	for (int i = 0; i < 2; i++)
	{
		free_search(&ends[i]);
		free_arrays(&arrays[i]);
	}
}

/* Weighted PageRank; prints milliseconds of a round and the largest score. */
static void
rank(uint32_t n, const Edge *edges, uint64_t count, int rounds)
{
	Arrays		out = make_arrays(n, edges, count, 0);
	double	   *score = malloc(n * sizeof(double));
	double	   *next = malloc(n * sizeof(double));
	double	   *inverse = calloc(n, sizeof(double));
	double		largest = 0;
	clock_t		start;

	if (score == NULL || next == NULL || inverse == NULL)
		abort();
	for (uint32_t from = 0; from < n; from++)
	{
		score[from] = 1.0 / n;
		for (uint64_t i = out.first[from]; i < out.first[from + 1]; i++)
			inverse[from] += out.weight[i];
		if (inverse[from] > 0)
			inverse[from] = 1 / inverse[from];
	}
	start = clock();
	for (int round = 0; round < rounds; round++)
	{
		double		stuck = 0;
		double	   *swap = score;

		for (uint32_t from = 0; from < n; from++)
			if (inverse[from] == 0)
				stuck += score[from];
		for (uint32_t to = 0; to < n; to++)
			next[to] = (0.15 + 0.85 * stuck) / n;
		for (uint32_t from = 0; from < n; from++)
			for (uint64_t i = out.first[from]; i < out.first[from + 1]; i++)
				next[out.other[i]] += 0.85 * score[from] * inverse[from] * out.weight[i];
		score = next;
		next = swap;
	}
	printf("%.2f ", milliseconds_since(start) / rounds);
	for (uint32_t account = 0; account < n; account++)
		largest = score[account] > largest ? score[account] : largest;
	printf("%.9f\n", largest);
	free(score);
	free(next);
	free(inverse);
	free_arrays(&out);
}

int
main(int argc, char **argv)
{
	uint32_t	n = argc > 2 ? (uint32_t) strtoul(argv[2], NULL, 10) : 0;
	uint64_t	count;
	Edge	   *edges;

	if (n < 1000)
	{
		fprintf(stderr, "usage: graph_network accounts|affiliations|reach|path|rank N ..\n");
		return 2;
	}
	if (strcmp(argv[1], "accounts") == 0)
	{
		for (uint32_t i = 0; i < n; i++)
		{
			print_id(i);
			printf("\t%s\n", i < n / 20 ? "hco" : "hcp");
		}
		return 0;
	}
	edges = make_edges(n, &count);
	if (strcmp(argv[1], "affiliations") == 0)
		print_edges(edges, count);
	else if (strcmp(argv[1], "reach") == 0 && argc == 5)
		walk(n, edges, count, atoi(argv[3]), (uint32_t) atoi(argv[4]));
	else if (strcmp(argv[1], "path") == 0 && argc == 5)
		paths(n, edges, count, (uint32_t) atoi(argv[3]), (uint32_t) atoi(argv[4]));
	else if (strcmp(argv[1], "rank") == 0 && argc == 4)
		rank(n, edges, count, atoi(argv[3]));
	free(edges);
	return 0;
}
