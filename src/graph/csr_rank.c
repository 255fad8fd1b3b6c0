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

/* One round: the next scores.  Returns by how much they differ in sum. */
static double
rank_round(const Csr *csr, double damping, const double *inverse,
		   const double *score, double *next, uint64_t *steps)
{
	double		dangling = 0;
	double		base;
	double		change = 0;

	for (uint32_t node = 0; node < csr->nnodes; node++)
		if (inverse[node] == 0)
			dangling += score[node];
	base = (1 - damping + damping * dangling) / csr->nnodes;
	for (uint32_t node = 0; node < csr->nnodes; node++)
		next[node] = base;
	for (uint32_t node = 0; node < csr->nnodes; node++)
	{
		double		share = damping * score[node] * inverse[node];

		csr_step(csr, steps);
		if (share == 0)
			continue;
		for (uint64_t i = csr->first[node]; i < csr->first[node + 1]; i++)
			next[csr->arcs[i].target] += share * csr->arcs[i].weight;
	}
	for (uint32_t node = 0; node < csr->nnodes; node++)
		change += fabs(next[node] - score[node]);
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
	double	   *inverse = csr_alloc(csr, csr->nnodes * sizeof(double));
	double	   *next = csr_alloc(csr, csr->nnodes * sizeof(double));
	uint64_t	steps = 0;
	int			round = 0;

	rank_inverse_weights(csr, inverse);
	for (uint32_t node = 0; node < csr->nnodes; node++)
		score[node] = 1.0 / csr->nnodes;
	while (csr->nnodes > 0 && round < max_rounds)
	{
		double		change = rank_round(csr, damping, inverse, score, next, &steps);

		memcpy(score, next, csr->nnodes * sizeof(double));
		round++;
		if (change < tolerance)
			break;
	}
	csr_release(csr, next);
	csr_release(csr, inverse);
	return round;
}
