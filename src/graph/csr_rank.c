/*-------------------------------------------------------------------------
 *
 * csr_rank.c
 *	  Weighted PageRank.
 *
 * src/graph/csr_rank.c
 *
 *-------------------------------------------------------------------------
 */
#include "graph/csr.h"

#include <math.h>
#include <string.h>

/* What each node sends: 1 / the weight of its arcs, 0 when they have none. */
static void
rank_inverse_weights(const Csr *csr, double *inverse)
{
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		double		sum = 0;

		for (uint64_t i = csr->first[node]; i < csr->first[node + 1]; i++)
			sum += csr->arcs[i].weight;
		inverse[node] = sum > 0 ? 1 / sum : 0;
	}
}

/* arcs ahead of the one at work, whose targets are fetched into the cache */
#define RANK_AHEAD 64

/* A walk that has taken some rounds. */
typedef struct Rank
{
	double		damping;
	double	   *inverse;		/* see above */
	double	   *score;
	double	   *next;			/* all zeroes between rounds */
	double		stuck;			/* scores of the nodes without arcs, in sum */
	uint64_t	steps;
} Rank;

/*
 * Send every node's score along its arcs.  The targets are all over the memory,
 * but known in advance.
 */
static void
rank_send(const Csr *csr, Rank *rank)
{
	const CsrArc *arcs = csr->arcs;
	double	   *next = rank->next;
	uint64_t	known = csr->narcs > RANK_AHEAD ? csr->narcs - RANK_AHEAD : 0;

	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		double		share = rank->damping * rank->score[node] * rank->inverse[node];
		uint64_t	last = csr->first[node + 1];

		csr_step(csr, &rank->steps);
		for (uint64_t i = csr->first[node]; i < last; i++)
		{
			if (i < known)
				__builtin_prefetch(&next[arcs[i + RANK_AHEAD].target], 1);
			next[arcs[i].target] += share * arcs[i].weight;
		}
	}
}

/* One round.  Returns by how much the scores change in sum. */
static double
rank_round(const Csr *csr, Rank *rank)
{
	double		base = (1 - rank->damping + rank->damping * rank->stuck) / csr->nnodes;
	double		change = 0;
	double	   *old = rank->score;

	rank_send(csr, rank);
	rank->score = rank->next;
	rank->next = old;
	rank->stuck = 0;
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		double		score = rank->score[node] + base;

		change += fabs(score - old[node]);
		rank->score[node] = score;
		old[node] = 0;
		if (rank->inverse[node] == 0)
			rank->stuck += score;
	}
	return change;
}

/*
 * The scores of all nodes, which sum to 1: the chance to find a walker there who
 * follows arcs in proportion to their weights with probability "damping", else
 * (and where no arc leaves) goes on anywhere.  Ends when the scores change by
 * less than "tolerance" in sum, or after max_rounds.  Returns the rounds.
 */
int
csr_rank(const Csr *csr, double damping, double tolerance, int max_rounds, double *score)
{
	Rank		rank = {.damping = damping};
	double	   *spare = csr_alloc(csr, csr->nnodes * sizeof(double));
	int			round = 0;

	rank.inverse = csr_alloc(csr, csr->nnodes * sizeof(double));
	rank.score = score;
	rank.next = spare;
	rank_inverse_weights(csr, rank.inverse);
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		rank.score[node] = 1.0 / csr->nnodes;
		rank.next[node] = 0;
		if (rank.inverse[node] == 0)
			rank.stuck += rank.score[node];
	}
	while (csr->nnodes > 0 && round < max_rounds)
	{
		double		change = rank_round(csr, &rank);

		round++;
		if (change < tolerance)
			break;
	}
	if (rank.score != score)
		memcpy(score, rank.score, csr->nnodes * sizeof(double));
	csr_release(csr, spare);
	csr_release(csr, rank.inverse);
	return round;
}
