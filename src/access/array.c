/*-------------------------------------------------------------------------
 *
 * array.c
 *	  Columns of rows as arguments of statements.
 *
 * src/access/array.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

#include "access/access.h"

/*
 * An array of "count" values of a type, palloc'd; "nulls" may be NULL when no
 * value is.
 */
Datum
access_array(Datum *values, bool *nulls, int count, Oid type)
{
	int16		typlen;
	bool		typbyval;
	char		typalign;
	int			lower = 1;

	if (count == 0)
		return PointerGetDatum(construct_empty_array(type));
	get_typlenbyvalalign(type, &typlen, &typbyval, &typalign);
	return PointerGetDatum(construct_md_array(values, nulls, 1, &count, &lower, type, typlen, typbyval, typalign));
}
