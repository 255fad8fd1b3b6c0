/*-------------------------------------------------------------------------
 *
 * path_selfuncs.c
 *	  Selectivity of <@ and @> for the planner.
 *
 * a @> b is b <@ a, so everything is written for <@: an "inner" argument that
 * is within an "outer" one.
 *
 * src/path/path_selfuncs.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#include "path/path.h"
#include "path/path_stats.h"

/* Fraction of rows that match when nothing is known. */
#define DEFAULT_WITHIN_SELECTIVITY	0.005

/* So many paths of the other side stand for all of them in a join. */
#define JOIN_SAMPLE		100

PG_FUNCTION_INFO_V1(lsce_path_within_selectivity);
PG_FUNCTION_INFO_V1(lsce_path_contains_selectivity);
PG_FUNCTION_INFO_V1(lsce_path_within_join_selectivity);
PG_FUNCTION_INFO_V1(lsce_path_contains_join_selectivity);

/* Statistics in use; release_stats() gives them back. */
typedef struct LoadedStats
{
	LscePathStats stats;
	AttStatsSlot common;
	AttStatsSlot bounds;
} LoadedStats;

/* The values of a slot as paths, palloc'd. */
static LscePathValue *
slot_values(const AttStatsSlot *slot)
{
	LscePathValue *values = (LscePathValue *) palloc(slot->nvalues * sizeof(LscePathValue));

	for (int i = 0; i < slot->nvalues; i++)
	{
		LscePath   *path = DatumGetPathPP(slot->values[i]);

		values[i].data = PATH_DATA(path);
		values[i].len = PATH_LEN(path);
	}
	return values;
}

/* Read the counts per level, if ANALYZE left any. */
static void
load_levels(LscePathStats *stats, HeapTuple tuple)
{
	AttStatsSlot slot;

	if (!get_attstatsslot(&slot, tuple, LSCE_STATISTIC_KIND_PATH_LEVELS,
						  InvalidOid, ATTSTATSSLOT_NUMBERS))
		return;
	for (int n = 0; n < Min(slot.nnumbers / 2, LSCE_PATH_MAX_LEVELS); n++)
	{
		double		nodes = slot.numbers[2 * n + 1];

		stats->level[n].reach = slot.numbers[2 * n];
		stats->level[n].nodes = Max(nodes < 0 ? -nodes * stats->rows : nodes, 1.0);
		stats->level_count = n + 1;
	}
	free_attstatsslot(&slot);
}

/*
 * Load the statistics of a column or expression.  Returns false, with nothing
 * to release, if there are none or the user may not see what they hold.
 */
static bool
load_stats(LoadedStats *loaded, VariableStatData *vardata, Oid function)
{
	Form_pg_statistic form;

	if (!HeapTupleIsValid(vardata->statsTuple) ||
		!statistic_proc_security_check(vardata, function))
		return false;

	memset(loaded, 0, sizeof(*loaded));
	form = (Form_pg_statistic) GETSTRUCT(vardata->statsTuple);
	loaded->stats.null_fraction = form->stanullfrac;
	loaded->stats.rows = vardata->rel ? Max(vardata->rel->tuples, 1.0) : 1.0;

	if (get_attstatsslot(&loaded->common, vardata->statsTuple, STATISTIC_KIND_MCV,
						 InvalidOid, ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
	{
		loaded->stats.common = slot_values(&loaded->common);
		loaded->stats.common_frequency = loaded->common.numbers;
		loaded->stats.common_count = Min(loaded->common.nvalues, loaded->common.nnumbers);
	}
	if (get_attstatsslot(&loaded->bounds, vardata->statsTuple, STATISTIC_KIND_HISTOGRAM,
						 InvalidOid, ATTSTATSSLOT_VALUES))
	{
		loaded->stats.bound = slot_values(&loaded->bounds);
		loaded->stats.bound_count = loaded->bounds.nvalues;
	}
	load_levels(&loaded->stats, vardata->statsTuple);
	return true;
}

static void
release_stats(LoadedStats *loaded)
{
	free_attstatsslot(&loaded->common);
	free_attstatsslot(&loaded->bounds);
}

/*
 * Selectivity of a comparison with something that is not a column.  The column
 * is on the left of <@ if inner_is_left says the same as varonleft.
 */
static double
restriction_selectivity(FunctionCallInfo fcinfo, bool inner_is_left)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid			operator = PG_GETARG_OID(1);
	List	   *args = (List *) PG_GETARG_POINTER(2);
	int			varRelid = PG_GETARG_INT32(3);
	VariableStatData vardata;
	Node	   *other;
	bool		varonleft;
	bool		column_is_inner;
	LoadedStats loaded;
	double		selectivity = DEFAULT_WITHIN_SELECTIVITY;

	if (!get_restriction_variable(root, args, varRelid, &vardata, &other, &varonleft))
		return selectivity;
	column_is_inner = varonleft == inner_is_left;

	if (IsA(other, Const) && ((Const *) other)->constisnull)
		selectivity = 0.0;		/* the operators are strict */
	else if (load_stats(&loaded, &vardata, get_opcode(operator)))
	{
		if (IsA(other, Const))
		{
			LscePath   *path = DatumGetPathPP(((Const *) other)->constvalue);
			LscePathValue value = {PATH_DATA(path), PATH_LEN(path)};

			selectivity = column_is_inner
				? lsce_path_estimate_within(&loaded.stats, value)
				: lsce_path_estimate_contains(&loaded.stats, value);
		}
		else if (!column_is_inner && loaded.stats.level_count > 0)
			selectivity = lsce_path_estimate_contains_any(&loaded.stats);
		release_stats(&loaded);
	}
	ReleaseVariableStats(vardata);
	CLAMP_PROBABILITY(selectivity);
	return selectivity;
}

/*
 * Mean of lsce_path_estimate_within() over the paths of "outer": the
 * selectivity of inner <@ outer between all pairs of rows.
 */
static double
pair_selectivity(const LscePathStats *inner, const LscePathStats *outer)
{
	double		selectivity = 0.0;
	double		rest = 1.0 - outer->null_fraction;
	int			step;
	int			sampled;
	double		sum;

	for (int i = 0; i < outer->common_count; i++)
		rest -= outer->common_frequency[i];

	/* a part of many common values stands for the others by frequency */
	step = outer->common_count / JOIN_SAMPLE + 1;
	sum = 0.0;
	for (int i = 0; i < outer->common_count; i += step)
	{
		sum += outer->common_frequency[i];
		selectivity += outer->common_frequency[i] *
			lsce_path_estimate_within(inner, outer->common[i]);
	}
	if (sum > 0.0)
		selectivity *= (1.0 - outer->null_fraction - Max(rest, 0.0)) / sum;

	step = outer->bound_count / JOIN_SAMPLE + 1;
	sum = 0.0;
	sampled = 0;
	for (int i = 0; i < outer->bound_count; i += step)
	{
		sum += lsce_path_estimate_within(inner, outer->bound[i]);
		sampled++;
	}
	if (sampled > 0 && rest > 0.0)
		selectivity += rest * sum / sampled;
	return selectivity;
}

/* Selectivity of a join, see join_selectivity() in the planner for jointype. */
static double
join_selectivity_of(FunctionCallInfo fcinfo, bool inner_is_left)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid			operator = PG_GETARG_OID(1);
	List	   *args = (List *) PG_GETARG_POINTER(2);
	SpecialJoinInfo *sjinfo = (SpecialJoinInfo *) PG_GETARG_POINTER(4);
	VariableStatData left;
	VariableStatData right;
	VariableStatData *rhs;
	bool		reversed;
	LoadedStats left_stats;
	LoadedStats right_stats;
	double		selectivity = DEFAULT_WITHIN_SELECTIVITY;

	get_join_variables(root, args, sjinfo, &left, &right, &reversed);
	rhs = reversed ? &left : &right;

	if (load_stats(&left_stats, &left, get_opcode(operator)))
	{
		if (load_stats(&right_stats, &right, get_opcode(operator)))
		{
			selectivity = inner_is_left
				? pair_selectivity(&left_stats.stats, &right_stats.stats)
				: pair_selectivity(&right_stats.stats, &left_stats.stats);
			release_stats(&right_stats);
		}
		release_stats(&left_stats);
	}

	/* of a semijoin or antijoin: fraction of rows with at least one match */
	if ((sjinfo->jointype == JOIN_SEMI || sjinfo->jointype == JOIN_ANTI) && rhs->rel)
		selectivity *= Max(rhs->rel->rows, 1.0);

	ReleaseVariableStats(left);
	ReleaseVariableStats(right);
	CLAMP_PROBABILITY(selectivity);
	return selectivity;
}

/* RESTRICT of <@ */
Datum
lsce_path_within_selectivity(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(restriction_selectivity(fcinfo, true));
}

/* RESTRICT of @> */
Datum
lsce_path_contains_selectivity(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(restriction_selectivity(fcinfo, false));
}

/* JOIN of <@ */
Datum
lsce_path_within_join_selectivity(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(join_selectivity_of(fcinfo, true));
}

/* JOIN of @> */
Datum
lsce_path_contains_join_selectivity(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(join_selectivity_of(fcinfo, false));
}
