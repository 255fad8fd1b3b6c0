/*-------------------------------------------------------------------------
 *
 * merge_now.c
 *	  Look at what is committed now, whatever the snapshot of the transaction.
 *
 * A merge of accounts waits for those who refer to them.  Under REPEATABLE
 * READ what they stored is then there and not seen; the merge must find that
 * out and fail, or it would leave facts behind.
 *
 * src/identity/merge_now.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(lsce_exists_now);

/*
 * lsce.exists_now(query text, ids uuid[]): whether the query, with ids as $1,
 * yields a row under the latest snapshot.  It runs with the caller's rights,
 * in his search path, and may only read.
 */
Datum
lsce_exists_now(PG_FUNCTION_ARGS)
{
	char	   *query = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Oid			types[] = {UUIDARRAYOID};
	Datum		args[] = {PG_GETARG_DATUM(1)};
	int			result;
	bool		found;

	CommandCounterIncrement();
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	PushActiveSnapshot(GetLatestSnapshot());
	result = SPI_execute_with_args(query, 1, types, args, NULL, true, 1);
	PopActiveSnapshot();
	if (result != SPI_OK_SELECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lsce.exists_now() takes a query that returns rows")));
	found = SPI_processed > 0;
	SPI_finish();
	PG_RETURN_BOOL(found);
}
