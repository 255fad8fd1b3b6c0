/*-------------------------------------------------------------------------
 *
 * graph_network.c
 *	  A synthetic referral network, and the plain C program that walks it: the
 *	  limit of what any engine could reach on the same arrays.
 *
 * usage: graph_network accounts N            writes "uuid<TAB>kind" lines
 *        graph_network affiliations N        writes the edges
 *        graph_network reach N HOPS SEEDS    walks from every SEEDS-th account
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

/* Breadth-first search from some accounts; prints milliseconds, accounts, edges. */
static void
walk(uint32_t n, const Edge *edges, uint64_t count, int hops, uint32_t every)
{
	uint64_t   *first = calloc(n + 2, sizeof(uint64_t));
	uint32_t   *target = malloc(count * sizeof(uint32_t));
	uint32_t   *seen = calloc(n, sizeof(uint32_t));
	uint32_t   *queue = malloc(n * sizeof(uint32_t));
	uint32_t	round = 0;
	uint64_t	reached = 0;
	uint64_t	scanned = 0;
	clock_t		start;

	for (uint64_t i = 0; i < count; i++)
		if (holds(&edges[i]))
			first[edges[i].from + 2]++;
	for (uint32_t i = 2; i < n + 2; i++)
		first[i] += first[i - 1];
	for (uint64_t i = 0; i < count; i++)
		if (holds(&edges[i]))
			target[first[edges[i].from + 1]++] = edges[i].to;

	start = clock();
	for (uint32_t source = every - 1; source < n; source += every)
	{
		uint32_t	head = 0;
		uint32_t	tail = 1;

		queue[0] = source;
		seen[source] = ++round;
		for (int hop = 0; hop < hops; hop++)
		{
			for (uint32_t last = tail; head < last; head++)
				for (uint64_t i = first[queue[head]]; i < first[queue[head] + 1]; i++)
				{
					scanned++;
					if (seen[target[i]] != round)
					{
						seen[target[i]] = round;
						queue[tail++] = target[i];
					}
				}
		}
		reached += tail - 1;
	}
	printf("%.2f %llu %llu\n", 1000.0 * (clock() - start) / CLOCKS_PER_SEC,
		   (unsigned long long) reached, (unsigned long long) scanned);
	free(first);
	free(target);
	free(seen);
	free(queue);
}

int
main(int argc, char **argv)
{
	uint32_t	n = argc > 2 ? (uint32_t) strtoul(argv[2], NULL, 10) : 0;
	uint64_t	count;
	Edge	   *edges;

	if (n < 1000)
	{
		fprintf(stderr, "usage: graph_network accounts|affiliations|reach N [HOPS SEEDS]\n");
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
	else if (argc == 5)
		walk(n, edges, count, atoi(argv[3]), (uint32_t) atoi(argv[4]));
	free(edges);
	return 0;
}
