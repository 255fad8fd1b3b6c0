/*-------------------------------------------------------------------------
 *
 * path_estimate.c
 *	  How many rows a path matches, from a column's statistics.
 *
 * Most common values are counted exactly.  For the others the histogram is
 * right for subtrees that hold several of its bounds.  A smaller subtree is
 * taken to be an average one of its level below the smallest such ancestor:
 * ANALYZE counts the nodes of each level for that.  Interpolation between
 * bounds, as for numbers, is useless here because the bytes of labels that all
 * paths of a level share ("t0412") say nothing about how many there are.
 *
 * Pure: no server, no allocation.
 *
 * src/path/path_estimate.c
 *
 *-------------------------------------------------------------------------
 */
#include "path/path_estimate.h"

/* So many bounds within a subtree make its histogram fraction trustworthy. */
#define ENOUGH_BOUNDS	4

static double
clamp(double value, double least, double most)
{
	if (!(value >= least))
		return least;
	return value > most ? most : value;
}

/*
 * Distinct values in "rows" rows, of which a sample of "sampled" had
 * "distinct" different ones, "once" of them only once (Haas and Stokes, as
 * ANALYZE itself uses).
 */
static double
estimate_distinct(double sampled, double distinct, double once, double rows)
{
	if (sampled >= rows)
		return distinct;
	return clamp(sampled * distinct / (sampled - once + once * sampled / rows),
				 distinct, rows);
}

/*
 * Count the nodes of each level in a sorted sample of a table that has "rows"
 * rows that are not null.  Fills level[] and returns the number of levels, 0
 * for an empty sample.
 */
int
lsce_path_count_levels(const LscePathValue *sorted, int count, double rows,
					   LscePathLevel level[LSCE_PATH_MAX_LEVELS])
{
	int			reached[LSCE_PATH_MAX_LEVELS] = {0};
	int			distinct[LSCE_PATH_MAX_LEVELS] = {0};
	int			once[LSCE_PATH_MAX_LEVELS] = {0};
	int			run[LSCE_PATH_MAX_LEVELS] = {0};	/* rows of the node at hand */
	int			level_count = 0;

	for (int i = 0; i <= count; i++)
	{
		int			common = 0;
		int			levels = 0;

		if (i < count)
			levels = lsce_path_levels(sorted[i].data, sorted[i].len);
		if (i > 0 && i < count)
			lsce_path_common(sorted[i - 1].data, sorted[i - 1].len,
							 sorted[i].data, sorted[i].len, &common);

		/* nodes deeper than what both share end here */
		for (int n = common; n < level_count; n++)
		{
			once[n] += run[n] == 1;
			run[n] = 0;
		}
		if (levels > level_count)
			level_count = levels;
		for (int n = 0; n < levels; n++)
		{
			reached[n]++;
			distinct[n] += run[n] == 0;
			run[n]++;
		}
	}

	for (int n = 0; n < level_count; n++)
	{
		level[n].reach = (double) reached[n] / count;
		level[n].nodes = estimate_distinct(reached[n], distinct[n], once[n],
										   rows * level[n].reach);
	}
	return level_count;
}

/* First bound that is not before the path. */
static int
first_bound(const LscePathStats *stats, LscePathValue path)
{
	int			low = 0;
	int			high = stats->bound_count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (lsce_path_compare(stats->bound[middle].data, stats->bound[middle].len,
							  path.data, path.len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Number of bounds within the path, which are those from "first" on. */
static int
bounds_within(const LscePathStats *stats, LscePathValue path, int first)
{
	int			low = first;
	int			high = stats->bound_count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (lsce_path_within(stats->bound[middle].data, stats->bound[middle].len,
							 path.data, path.len))
			low = middle + 1;
		else
			high = middle;
	}
	return low - first;
}

/*
 * Mean fraction of the rows that a node of a level holds with all below it; 0
 * for a level that ANALYZE has not met.
 */
static double
mean_share(const LscePathStats *stats, int levels)
{
	if (levels == 0)
		return 1.0;
	if (levels > stats->level_count)
		return 0.0;
	return stats->level[levels - 1].reach / stats->level[levels - 1].nodes;
}

/* Fraction of the rows with values that are not common. */
static double
uncommon_fraction(const LscePathStats *stats)
{
	double		rest = 1.0 - stats->null_fraction;

	for (int i = 0; i < stats->common_count; i++)
		rest -= stats->common_frequency[i];
	return clamp(rest, 0.0, 1.0);
}

/*
 * Fraction of the uncommon rows that lie within the path: from the smallest
 * ancestor the histogram resolves, scaled down by mean shares.
 */
static double
uncommon_within(const LscePathStats *stats, LscePathValue path)
{
	int			levels = lsce_path_levels(path.data, path.len);
	double		bins = stats->bound_count - 1;
	int			first;
	int			own;

	if (stats->bound_count < 2)
		return mean_share(stats, levels);

	first = first_bound(stats, path);
	own = bounds_within(stats, path, first);
	if (own == 0 && (first == 0 || first == stats->bound_count))
		return 0.0;				/* outside of the histogram */

	for (int known = levels; known >= 0; known--)
	{
		LscePathValue ancestor = {path.data, lsce_path_prefix(path.data, path.len, known)};
		int			bounds = stats->bound_count;
		double		fraction;

		if (known > 0)
			bounds = bounds_within(stats, ancestor, first_bound(stats, ancestor));
		if (known > 0 && bounds < ENOUGH_BOUNDS)
			continue;
		fraction = clamp(bounds / bins, 0.0, 1.0);
		if (known < levels && stats->level_count > 0 && stats->level_count >= known)
			fraction *= mean_share(stats, levels) / mean_share(stats, known);
		else if (known < levels)
			fraction = (own + 0.5) / bins;
		return clamp(fraction, (own - 1) / bins, clamp((own + 1) / bins, 0.0, 1.0));
	}
	return 0.0;					/* not reached: level 0 returns */
}

/* Fraction of all rows whose value is within the path. */
double
lsce_path_estimate_within(const LscePathStats *stats, LscePathValue path)
{
	double		fraction = 0.0;
	double		rest = uncommon_fraction(stats);

	for (int i = 0; i < stats->common_count; i++)
	{
		if (lsce_path_within(stats->common[i].data, stats->common[i].len,
							 path.data, path.len))
			fraction += stats->common_frequency[i];
	}
	if (rest > 0.0)
		fraction += rest * uncommon_within(stats, path);
	return clamp(fraction, 0.0, 1.0);
}

/*
 * Fraction of all rows that one node of a level holds itself, if it is none of
 * the common values.
 */
static double
uncommon_node(const LscePathStats *stats, int levels)
{
	double		fraction;
	double		nodes;

	if (levels > stats->level_count)
		return 0.0;
	fraction = stats->level[levels - 1].reach;
	if (levels < stats->level_count)
		fraction -= stats->level[levels].reach;
	fraction *= 1.0 - stats->null_fraction;
	nodes = stats->level[levels - 1].nodes;
	for (int i = 0; i < stats->common_count; i++)
	{
		if (lsce_path_levels(stats->common[i].data, stats->common[i].len) == levels)
		{
			fraction -= stats->common_frequency[i];
			nodes--;
		}
	}
	return clamp(fraction / clamp(nodes, 1.0, stats->rows), 0.0, 1.0);
}

/* Fraction of all rows whose value contains the path: it or an ancestor. */
double
lsce_path_estimate_contains(const LscePathStats *stats, LscePathValue path)
{
	int			levels = lsce_path_levels(path.data, path.len);
	bool		is_common[LSCE_PATH_MAX_LEVELS] = {false};
	double		fraction = 0.0;

	for (int i = 0; i < stats->common_count; i++)
	{
		LscePathValue common = stats->common[i];

		if (lsce_path_within(path.data, path.len, common.data, common.len))
		{
			fraction += stats->common_frequency[i];
			is_common[lsce_path_levels(common.data, common.len) - 1] = true;
		}
	}
	for (int n = 1; n <= levels; n++)
	{
		if (!is_common[n - 1])
			fraction += uncommon_node(stats, n);
	}
	return clamp(fraction, 0.0, 1.0);
}

/* The same for a path that is not known yet, one as deep as the deepest. */
double
lsce_path_estimate_contains_any(const LscePathStats *stats)
{
	double		fraction = 0.0;

	for (int n = 1; n <= stats->level_count; n++)
	{
		double		deeper = n < stats->level_count ? stats->level[n].reach : 0.0;

		fraction += (stats->level[n - 1].reach - deeper) / stats->level[n - 1].nodes;
	}
	return clamp(fraction * (1.0 - stats->null_fraction), 0.0, 1.0);
}
