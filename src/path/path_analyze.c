/*-------------------------------------------------------------------------
 *
 * path_analyze.c
 *	  ANALYZE of territory and specialty.
 *
 * Besides the usual statistics the number of nodes of every level is kept, in
 * a slot of a private kind.  Its numbers are pairs, from level 1 on: the
 * fraction of non-null rows with that many labels or more, and the number of
 * distinct paths cut to that level, negative if it is a fraction of the
 * table's rows, as in stadistinct.
 *
 * src/path/path_analyze.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_statistic.h"
#include "commands/vacuum.h"
#include "miscadmin.h"

#include "path/path.h"
#include "path/path_stats.h"

/* Above this share of the rows, the number of nodes is taken to grow with them. */
#define SCALING_SHARE	0.1

PG_FUNCTION_INFO_V1(lsce_path_analyze);

/* What the standard routine left, while ours stands in for it. */
typedef struct AnalyzeState
{
	AnalyzeAttrComputeStatsFunc std_compute_stats;
	void	   *std_extra_data;
} AnalyzeState;

/* qsort() comparator of LscePathValue */
static int
compare_values(const void *a, const void *b)
{
	const LscePathValue *va = (const LscePathValue *) a;
	const LscePathValue *vb = (const LscePathValue *) b;

	return lsce_path_compare(va->data, va->len, vb->data, vb->len);
}

/* Put the counts into the first free slot; there always is one. */
static void
store_levels(VacAttrStats *stats, const LscePathLevel *level, int level_count,
			 double totalrows)
{
	for (int slot = 0; slot < STATISTIC_NUM_SLOTS; slot++)
	{
		float4	   *numbers;

		if (stats->stakind[slot] != 0)
			continue;

		numbers = (float4 *) MemoryContextAlloc(stats->anl_context,
												2 * level_count * sizeof(float4));
		for (int n = 0; n < level_count; n++)
		{
			double		nodes = level[n].nodes;

			numbers[2 * n] = (float4) level[n].reach;
			numbers[2 * n + 1] = (float4)
				(nodes > SCALING_SHARE * totalrows ? -nodes / totalrows : nodes);
		}
		stats->stakind[slot] = LSCE_STATISTIC_KIND_PATH_LEVELS;
		stats->stanumbers[slot] = numbers;
		stats->numnumbers[slot] = 2 * level_count;
		return;
	}
}

/* Compute the standard statistics, then the levels from the same sample. */
static void
compute_path_stats(VacAttrStats *stats, AnalyzeAttrFetchFunc fetchfunc,
				   int samplerows, double totalrows)
{
	AnalyzeState *state = (AnalyzeState *) stats->extra_data;
	LscePathValue *values;
	LscePathLevel level[LSCE_PATH_MAX_LEVELS];
	int			count = 0;
	int			level_count;

	stats->extra_data = state->std_extra_data;
	state->std_compute_stats(stats, fetchfunc, samplerows, totalrows);
	stats->extra_data = state;
	if (!stats->stats_valid || samplerows <= 0)
		return;

	values = (LscePathValue *) palloc(samplerows * sizeof(LscePathValue));
	for (int row = 0; row < samplerows; row++)
	{
		bool		isnull;
		Datum		value = fetchfunc(stats, row, &isnull);
		LscePath   *path;

		CHECK_FOR_INTERRUPTS();
		if (isnull)
			continue;
		path = DatumGetPathPP(value);
		values[count].data = PATH_DATA(path);
		values[count].len = PATH_LEN(path);
		count++;
	}
	qsort(values, count, sizeof(LscePathValue), compare_values);

	level_count = lsce_path_count_levels(values, count,
										 totalrows * count / samplerows, level);
	if (level_count > 0)
		store_levels(stats, level, level_count, totalrows);
	pfree(values);
}

/* territory_analyze(internal), specialty_analyze(internal) */
Datum
lsce_path_analyze(PG_FUNCTION_ARGS)
{
	VacAttrStats *stats = (VacAttrStats *) PG_GETARG_POINTER(0);
	AnalyzeState *state;

	if (!std_typanalyze(stats))
		PG_RETURN_BOOL(false);

	state = (AnalyzeState *) palloc(sizeof(AnalyzeState));
	state->std_compute_stats = stats->compute_stats;
	state->std_extra_data = stats->extra_data;
	stats->compute_stats = compute_path_stats;
	stats->extra_data = state;
	PG_RETURN_BOOL(true);
}
