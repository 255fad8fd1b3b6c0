/*-------------------------------------------------------------------------
 *
 * uuid.c
 *	  UUID version 7: time-ordered keys, the same on every server version.
 *
 * src/uuid.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "compat.h"
#include "uuid_core.h"

PG_FUNCTION_INFO_V1(lsce_uuid_v7);
PG_FUNCTION_INFO_V1(lsce_uuid_v7_time);

#define UNIX_TO_POSTGRES_US \
	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY * USECS_PER_SEC)

/* random bytes fetched at once: a fetch costs more than the bytes */
#define RANDOM_POOL_BYTES	(64 * LSCE_UUID_RANDOM_BYTES)

StaticAssertDecl(LSCE_UUID_BYTES == UUID_LEN, "size of uuid");

/*
 * The next bytes of this backend's pool of random bytes, each handed out
 * once.  The result is valid until the next call.
 */
static const uint8 *
next_random_bytes(void)
{
	static uint8 pool[RANDOM_POOL_BYTES];
	static int	used = RANDOM_POOL_BYTES;
	const uint8 *result;

	if (used >= RANDOM_POOL_BYTES)
	{
		if (!pg_strong_random(pool, sizeof(pool)))
			ereport(ERROR,
					(errcode(ERRCODE_INTERNAL_ERROR),
					 errmsg("could not generate random values")));
		used = 0;
	}
	result = pool + used;
	used += LSCE_UUID_RANDOM_BYTES;
	return result;
}

/*
 * lsce.uuid_v7(): a new value, greater than every earlier one of this
 * backend, also when the clock was set back.  22008 when the clock is outside
 * what version 7 can hold (1970 to 10889).
 */
Datum
lsce_uuid_v7(PG_FUNCTION_ARGS)
{
	static uint64_t last_tick = 0;
	pg_uuid_t  *uuid;
	const uint8 *random_bytes = next_random_bytes();

	if (!lsce_uuid_v7_next_tick(&last_tick, GetCurrentTimestamp() + UNIX_TO_POSTGRES_US))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("clock is outside the range of UUID version 7"),
				 errhint("Set the clock of the server.")));

	uuid = (pg_uuid_t *) palloc(sizeof(pg_uuid_t));
	lsce_uuid_v7_build(uuid->data, last_tick, random_bytes);
	PG_RETURN_UUID_P(uuid);
}

/*
 * lsce.uuid_v7_time(uuid): the time in a value, to the millisecond; NULL when
 * it is not of version 7.
 */
Datum
lsce_uuid_v7_time(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *uuid = PG_GETARG_UUID_P(0);
	int64_t		unix_ms;

	if (!lsce_uuid_v7_unix_ms(uuid->data, &unix_ms))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ((TimestampTz) unix_ms * 1000 - UNIX_TO_POSTGRES_US);
}
