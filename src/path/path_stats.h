/*-------------------------------------------------------------------------
 *
 * path_stats.h
 *	  The statistics slot that ANALYZE writes and the planner reads.
 *
 * src/path/path_stats.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_PATH_STATS_H
#define LSCE_PATH_STATS_H

#include "path/path_estimate.h"

/*
 * Kind of the slot; 10000 to 30000 are for private use.  Slots of other kinds
 * are ignored, so a clash with another extension on one column cannot arise:
 * the type's own ANALYZE decides what a column has.
 */
#define LSCE_STATISTIC_KIND_PATH_LEVELS 19539

#endif							/* LSCE_PATH_STATS_H */
