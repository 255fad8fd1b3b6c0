/*-------------------------------------------------------------------------
 *
 * random.c
 *	  SQL functions of the demo's generator of numbers and ids.
 *
 * src/demo/random.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

#include "compat.h"
#include "demo/random_core.h"

PG_FUNCTION_INFO_V1(lsce_demo_random);
PG_FUNCTION_INFO_V1(lsce_demo_uuid);

StaticAssertDecl(DEMO_UUID_BYTES == UUID_LEN, "size of uuid");

/*
 * lsce._demo_random(seed, stream, n): a float8 of [0, 1).
 */
Datum
lsce_demo_random(PG_FUNCTION_ARGS)
{
	int32		seed = PG_GETARG_INT32(0);
	text	   *stream = PG_GETARG_TEXT_PP(1);
	int64		n = PG_GETARG_INT64(2);

	PG_RETURN_FLOAT8(demo_random_fraction(demo_random_bits(seed, VARDATA_ANY(stream),
														   VARSIZE_ANY_EXHDR(stream), n)));
}

/*
 * lsce._demo_uuid(seed, stream, n): an id, rising with n within its stream.
 */
Datum
lsce_demo_uuid(PG_FUNCTION_ARGS)
{
	int32		seed = PG_GETARG_INT32(0);
	text	   *stream = PG_GETARG_TEXT_PP(1);
	int64		n = PG_GETARG_INT64(2);
	pg_uuid_t  *result = (pg_uuid_t *) palloc(sizeof(pg_uuid_t));

	demo_random_uuid(result->data, seed, VARDATA_ANY(stream), VARSIZE_ANY_EXHDR(stream), n);
	PG_RETURN_UUID_P(result);
}
