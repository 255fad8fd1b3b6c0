/*-------------------------------------------------------------------------
 *
 * path_estimate.h
 *	  How many rows a path matches, from a column's statistics.
 *
 * src/path/path_estimate.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_PATH_ESTIMATE_H
#define LSCE_PATH_ESTIMATE_H

#include "path/path_core.h"

/* One stored path. */
typedef struct LscePathValue
{
	const char *data;
	size_t		len;
} LscePathValue;

/*
 * What ANALYZE knows of one level; level 1 are the roots.  Fractions are of
 * the rows that are not null.
 */
typedef struct LscePathLevel
{
	double		reach;			/* fraction of rows with that many labels or more */
	double		nodes;			/* distinct paths that are cut to that level */
} LscePathLevel;

/* Statistics of a column of paths.  Frequencies are fractions of all rows. */
typedef struct LscePathStats
{
	double		rows;			/* of the table, at least 1 */
	double		null_fraction;
	int			common_count;	/* most common values, not sorted */
	const LscePathValue *common;
	const float *common_frequency;
	int			bound_count;	/* histogram of the other values, sorted */
	const LscePathValue *bound;
	int			level_count;	/* 0 if the levels are not known */
	LscePathLevel level[LSCE_PATH_MAX_LEVELS];	/* level n at n - 1 */
} LscePathStats;

extern int	lsce_path_count_levels(const LscePathValue *sorted, int count,
								   double rows,
								   LscePathLevel level[LSCE_PATH_MAX_LEVELS]);
extern double lsce_path_estimate_within(const LscePathStats *stats,
										LscePathValue path);
extern double lsce_path_estimate_contains(const LscePathStats *stats,
										  LscePathValue path);
extern double lsce_path_estimate_contains_any(const LscePathStats *stats);

#endif							/* LSCE_PATH_ESTIMATE_H */
