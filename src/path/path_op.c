/*-------------------------------------------------------------------------
 *
 * path_op.c
 *	  Comparison, hashing and containment of territory and specialty.
 *
 * src/path/path_op.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/sortsupport.h"
#include "utils/varlena.h"

#include "path/path.h"

PG_FUNCTION_INFO_V1(lsce_path_eq);
PG_FUNCTION_INFO_V1(lsce_path_ne);
PG_FUNCTION_INFO_V1(lsce_path_lt);
PG_FUNCTION_INFO_V1(lsce_path_le);
PG_FUNCTION_INFO_V1(lsce_path_gt);
PG_FUNCTION_INFO_V1(lsce_path_ge);
PG_FUNCTION_INFO_V1(lsce_path_cmp);
PG_FUNCTION_INFO_V1(lsce_path_sortsupport);
PG_FUNCTION_INFO_V1(lsce_path_hash);
PG_FUNCTION_INFO_V1(lsce_path_hash_extended);
PG_FUNCTION_INFO_V1(lsce_path_smaller);
PG_FUNCTION_INFO_V1(lsce_path_larger);
PG_FUNCTION_INFO_V1(lsce_path_is_within);
PG_FUNCTION_INFO_V1(lsce_path_contains);

/*
 * Order arguments 0 and 1, of which one or both are not plain.  Frees what
 * detoasting makes, because indexes call comparisons in contexts that live long.
 */
static pg_noinline int
compare_detoasted(FunctionCallInfo fcinfo)
{
	LscePath   *a = PG_GETARG_PATH_PP(0);
	LscePath   *b = PG_GETARG_PATH_PP(1);
	int			order = lsce_path_compare(PATH_DATA(a), PATH_LEN(a),
										  PATH_DATA(b), PATH_LEN(b));

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

/*
 * Order arguments 0 and 1.  Index scans do this for each row, so what plain
 * values need is kept short and without a call but to memcmp().
 */
static pg_attribute_always_inline int
compare_arguments(FunctionCallInfo fcinfo)
{
	LscePath   *a = (LscePath *) PG_GETARG_POINTER(0);
	LscePath   *b = (LscePath *) PG_GETARG_POINTER(1);

	if (unlikely(!lsce_path_is_plain(a) || !lsce_path_is_plain(b)))
		return compare_detoasted(fcinfo);
	return lsce_path_compare(PATH_DATA(a), PATH_LEN(a), PATH_DATA(b), PATH_LEN(b));
}

/* Is argument "inner" within argument "outer"?  Frees as comparing does. */
static bool
within_arguments(FunctionCallInfo fcinfo, int inner, int outer)
{
	LscePath   *a = PG_GETARG_PATH_PP(inner);
	LscePath   *b = PG_GETARG_PATH_PP(outer);
	bool		within = lsce_path_within(PATH_DATA(a), PATH_LEN(a),
										  PATH_DATA(b), PATH_LEN(b));

	PG_FREE_IF_COPY(a, inner);
	PG_FREE_IF_COPY(b, outer);
	return within;
}

/* = */
Datum
lsce_path_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) == 0);
}

/* <> */
Datum
lsce_path_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) != 0);
}

/* < */
Datum
lsce_path_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) < 0);
}

/* <= */
Datum
lsce_path_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0);
}

/* > */
Datum
lsce_path_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) > 0);
}

/* >= */
Datum
lsce_path_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0);
}

/* btree support function 1 */
Datum
lsce_path_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_arguments(fcinfo));
}

/*
 * btree support function 2.  The payload has the order of bytea and no zero
 * bytes, so bytea's comparator and abbreviated keys are right for it.
 */
Datum
lsce_path_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);
	MemoryContext old = MemoryContextSwitchTo(ssup->ssup_cxt);

	varstr_sortsupport(ssup, BYTEAOID, C_COLLATION_OID);
	MemoryContextSwitchTo(old);
	PG_RETURN_VOID();
}

/* hash support function 1 */
Datum
lsce_path_hash(PG_FUNCTION_ARGS)
{
	LscePath   *path = PG_GETARG_PATH_PP(0);
	Datum		hash = hash_any((unsigned char *) PATH_DATA(path),
								(int) PATH_LEN(path));

	PG_FREE_IF_COPY(path, 0);
	return hash;
}

/* hash support function 2 */
Datum
lsce_path_hash_extended(PG_FUNCTION_ARGS)
{
	LscePath   *path = PG_GETARG_PATH_PP(0);
	Datum		hash = hash_any_extended((unsigned char *) PATH_DATA(path),
										 (int) PATH_LEN(path),
										 PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(path, 0);
	return hash;
}

/* transition of min() */
Datum
lsce_path_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(compare_arguments(fcinfo) <= 0 ? 0 : 1));
}

/* transition of max() */
Datum
lsce_path_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(compare_arguments(fcinfo) >= 0 ? 0 : 1));
}

/* <@ : is the first path equal to the second or below it? */
Datum
lsce_path_is_within(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(within_arguments(fcinfo, 0, 1));
}

/* @> : is the first path equal to the second or above it? */
Datum
lsce_path_contains(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(within_arguments(fcinfo, 1, 0));
}
