/*-------------------------------------------------------------------------
 *
 * path_func.c
 *	  Functions on territory and specialty: parts, ancestors, concatenation.
 *
 * A result that would have no label is NULL, because there is no empty path.
 *
 * src/path/path_func.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "path/path.h"

PG_FUNCTION_INFO_V1(lsce_path_nlevel);
PG_FUNCTION_INFO_V1(lsce_path_parent);
PG_FUNCTION_INFO_V1(lsce_path_subpath);
PG_FUNCTION_INFO_V1(lsce_path_label);
PG_FUNCTION_INFO_V1(lsce_path_ancestors);
PG_FUNCTION_INFO_V1(lsce_path_lca);
PG_FUNCTION_INFO_V1(lsce_path_lca_array);
PG_FUNCTION_INFO_V1(lsce_path_distance);
PG_FUNCTION_INFO_V1(lsce_path_concat);
PG_FUNCTION_INFO_V1(lsce_path_concat_text);
PG_FUNCTION_INFO_V1(lsce_text_concat_path);
PG_FUNCTION_INFO_V1(lsce_path_subtree_end);

/* nlevel(path): number of labels */
Datum
lsce_path_nlevel(PG_FUNCTION_ARGS)
{
	LscePath   *path = PG_GETARG_PATH_PP(0);

	PG_RETURN_INT32(lsce_path_levels(PATH_DATA(path), PATH_LEN(path)));
}

/* parent(path): without the last label; NULL for a root */
Datum
lsce_path_parent(PG_FUNCTION_ARGS)
{
	LscePath   *path = PG_GETARG_PATH_PP(0);
	size_t		offset;
	size_t		len;

	if (!lsce_path_slice(PATH_DATA(path), PATH_LEN(path), 0, true, -1, &offset, &len))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(lsce_path_make(PATH_DATA(path), len));
}

/* subpath(path, start, len): see lsce_path_slice(); a NULL len means the rest */
Datum
lsce_path_subpath(PG_FUNCTION_ARGS)
{
	LscePath   *path;
	size_t		offset;
	size_t		len;
	bool		has_count = !PG_ARGISNULL(2);

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	path = PG_GETARG_PATH_PP(0);
	if (!lsce_path_slice(PATH_DATA(path), PATH_LEN(path), PG_GETARG_INT32(1),
						 has_count, has_count ? PG_GETARG_INT32(2) : 0,
						 &offset, &len))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(lsce_path_make(PATH_DATA(path) + offset, len));
}

/* label(path, n): the nth label from 1 as text, NULL beyond the last */
Datum
lsce_path_label(PG_FUNCTION_ARGS)
{
	LscePath   *path = PG_GETARG_PATH_PP(0);
	int32		n = PG_GETARG_INT32(1);
	size_t		offset;
	size_t		len;

	if (n < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("label number must be at least 1, not %d", n)));
	if (!lsce_path_slice(PATH_DATA(path), PATH_LEN(path), n - 1, true, 1, &offset, &len))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(PATH_DATA(path) + offset, (int) len));
}

/*
 * Element type of the array that this function returns.  The catalog is asked
 * once per call site.
 */
static Oid
result_element_type(FunctionCallInfo fcinfo)
{
	Oid		   *type = (Oid *) fcinfo->flinfo->fn_extra;

	if (type == NULL)
	{
		type = (Oid *) MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(Oid));
		*type = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
		fcinfo->flinfo->fn_extra = type;
	}
	return *type;
}

/* ancestors(path): array of all that contain the path, root first, itself last */
Datum
lsce_path_ancestors(PG_FUNCTION_ARGS)
{
	LscePath   *path = PG_GETARG_PATH_PP(0);
	int			levels = lsce_path_levels(PATH_DATA(path), PATH_LEN(path));
	Datum		ancestors[LSCE_PATH_MAX_LEVELS];

	for (int level = 1; level <= levels; level++)
	{
		size_t		len = lsce_path_prefix(PATH_DATA(path), PATH_LEN(path), level);

		ancestors[level - 1] = PointerGetDatum(lsce_path_make(PATH_DATA(path), len));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(ancestors, levels,
										  result_element_type(fcinfo),
										  -1, false, TYPALIGN_INT));
}

/* lca(a, b): the longest path that contains both, NULL if their roots differ */
Datum
lsce_path_lca(PG_FUNCTION_ARGS)
{
	LscePath   *a = PG_GETARG_PATH_PP(0);
	LscePath   *b = PG_GETARG_PATH_PP(1);
	int			levels;
	size_t		len = lsce_path_common(PATH_DATA(a), PATH_LEN(a),
									   PATH_DATA(b), PATH_LEN(b), &levels);

	if (len == 0)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(lsce_path_make(PATH_DATA(a), len));
}

/* lca(array): the longest path that contains every element, NULL if none */
Datum
lsce_path_lca_array(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	ArrayIterator iterator;
	Datum		element;
	bool		isnull;
	LscePath   *first = NULL;
	size_t		len = 0;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array must be one-dimensional")));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("array must not contain nulls")));

	iterator = array_create_iterator(array, 0, NULL);
	while (array_iterate(iterator, &element, &isnull))
	{
		LscePath   *path = DatumGetPathPP(element);
		int			levels;

		if (first == NULL)
		{
			first = path;
			len = PATH_LEN(path);
		}
		else
			len = lsce_path_common(PATH_DATA(first), len,
								   PATH_DATA(path), PATH_LEN(path), &levels);
		if (len == 0)
			break;
	}
	array_free_iterator(iterator);

	if (len == 0)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(lsce_path_make(PATH_DATA(first), len));
}

/* <-> : steps from one path to the other through the tree */
Datum
lsce_path_distance(PG_FUNCTION_ARGS)
{
	LscePath   *a = PG_GETARG_PATH_PP(0);
	LscePath   *b = PG_GETARG_PATH_PP(1);
	int			common;

	lsce_path_common(PATH_DATA(a), PATH_LEN(a), PATH_DATA(b), PATH_LEN(b), &common);
	PG_RETURN_INT32(lsce_path_levels(PATH_DATA(a), PATH_LEN(a)) +
					lsce_path_levels(PATH_DATA(b), PATH_LEN(b)) - 2 * common);
}

/* Put path b under path a; raises 54000 beyond the limits of a path. */
static LscePath *
concatenate(LscePath *a, LscePath *b)
{
	size_t		len = PATH_LEN(a) + 1 + PATH_LEN(b);
	int			levels = lsce_path_levels(PATH_DATA(a), PATH_LEN(a)) +
		lsce_path_levels(PATH_DATA(b), PATH_LEN(b));
	LscePath   *path;

	if (levels > LSCE_PATH_MAX_LEVELS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("path would have %d levels, more than %d",
						levels, LSCE_PATH_MAX_LEVELS)));
	if (len > LSCE_PATH_MAX_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("path would have %zu bytes, more than %d",
						len, LSCE_PATH_MAX_BYTES)));

	path = (LscePath *) palloc(len + VARHDRSZ);
	SET_VARSIZE(path, len + VARHDRSZ);
	memcpy(VARDATA(path), PATH_DATA(a), PATH_LEN(a));
	VARDATA(path)[PATH_LEN(a)] = LSCE_PATH_SEPARATOR;
	memcpy(VARDATA(path) + PATH_LEN(a) + 1, PATH_DATA(b), PATH_LEN(b));
	return path;
}

/* || : path, path */
Datum
lsce_path_concat(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(concatenate(PG_GETARG_PATH_PP(0), PG_GETARG_PATH_PP(1)));
}

/* Read argument n, a text, as a path of the type that this function returns. */
static LscePath *
text_argument(FunctionCallInfo fcinfo, int n)
{
	text	   *argument = PG_GETARG_TEXT_PP(n);

	return lsce_path_from_text(VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument),
							   get_func_rettype(fcinfo->flinfo->fn_oid), NULL);
}

/* || : path, text */
Datum
lsce_path_concat_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(concatenate(PG_GETARG_PATH_PP(0), text_argument(fcinfo, 1)));
}

/* || : text, path */
Datum
lsce_text_concat_path(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(concatenate(text_argument(fcinfo, 0), PG_GETARG_PATH_PP(1)));
}

/*
 * subtree_end(path): the least value after the path and all that is below it
 *
 * Paths within p are those >= p and < subtree_end(p); the planner writes <@ so
 * for an index.  The result is a bound, not always a path: one byte longer
 * than p, it may pass the limit of a label or of a path by that byte.  It
 * raises nothing, so that <@ as an index condition cannot fail either.
 */
Datum
lsce_path_subtree_end(PG_FUNCTION_ARGS)
{
	LscePath   *path = PG_GETARG_PATH_PP(0);
	size_t		len = PATH_LEN(path);
	LscePath   *end = (LscePath *) palloc(len + 1 + VARHDRSZ);

	SET_VARSIZE(end, len + 1 + VARHDRSZ);
	memcpy(VARDATA(end), PATH_DATA(path), len);
	VARDATA(end)[len] = LSCE_PATH_LEAST_BYTE;
	PG_RETURN_POINTER(end);
}
