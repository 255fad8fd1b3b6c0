/*-------------------------------------------------------------------------
 *
 * field.c
 *	  Reading the fields of a result.
 *
 * src/access/field.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "access/access.h"
#include "access/probe.h"
#include "errors.h"

/* The field as it is; valid until the scope ends or, if it shares, the next statement. */
Datum
access_datum(uint64 row, int column, bool *isnull)
{
	const AnswerTable *answer = answer_table(SPI_tuptable);

	Assert(row < SPI_processed);
	if (answer)
	{
		size_t		place = row * SPI_tuptable->tupdesc->natts + column - 1;

		*isnull = answer->nulls[place];
		return answer->values[place];
	}
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, isnull);
}

/*
 * The same, of a type.  Whoever owns a schema can call it a model and make its
 * columns what he likes: a number taken for a pointer would end the server.
 */
Datum
access_value(uint64 row, int column, Oid type, bool *isnull)
{
	Oid			found = SPI_gettypeid(SPI_tuptable->tupdesc, column);

	if (found != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("a column of the model has type %s, not %s", format_type_be(found), format_type_be(type)),
				 errhint("lsce.check_model() names what was changed.")));
	return access_datum(row, column, isnull);
}

/* Number of the column of that name and type in the row that a trigger gets. */
int
access_column(TupleDesc desc, const char *name, Oid type)
{
	int			column = SPI_fnumber(desc, name);

	if (column <= 0 || SPI_gettypeid(desc, column) != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the table has no column \"%s\" of type %s", name, format_type_be(type)),
				 errhint("lsce.check_model() names what was changed.")));
	return column;
}

/* True when the field is NULL. */
bool
access_null(uint64 row, int column)
{
	bool		isnull;

	(void) access_datum(row, column, &isnull);
	return isnull;
}

/* The field of a type of fixed length, of which there are several; 0 when it is NULL. */
static Datum
access_fixed(uint64 row, int column, int length, Oid type)
{
	bool		isnull;
	Datum		value = TupleDescAttr(SPI_tuptable->tupdesc, column - 1)->attlen == length ?
		access_datum(row, column, &isnull) : access_value(row, column, type, &isnull);

	return isnull ? (Datum) 0 : value;
}

/* The boolean field; NULL reads as false. */
bool
access_bool(uint64 row, int column)
{
	return DatumGetBool(access_fixed(row, column, sizeof(bool), BOOLOID));
}

/* The integer or date field; NULL reads as 0. */
int32
access_int32(uint64 row, int column)
{
	return DatumGetInt32(access_fixed(row, column, sizeof(int32), INT4OID));
}

/* The bigint or timestamp field; NULL reads as 0. */
int64
access_int64(uint64 row, int column)
{
	return DatumGetInt64(access_fixed(row, column, sizeof(int64), INT8OID));
}

/* The text field copied into "context", or NULL. */
char *
access_text(uint64 row, int column, MemoryContext context)
{
	bool		isnull;
	Datum		value = access_datum(row, column, &isnull);
	MemoryContext old;
	char	   *result;

	if (isnull)
		return NULL;
	if (TupleDescAttr(SPI_tuptable->tupdesc, column - 1)->attlen != -1)
		(void) access_value(row, column, TEXTOID, &isnull);
	old = MemoryContextSwitchTo(context);
	result = TextDatumGetCString(value);
	MemoryContextSwitchTo(old);
	return result;
}

/*
 * A field of that type of a column that a model never leaves NULL.  Its owner
 * can have made that possible; it is an error here.
 */
Datum
access_required(uint64 row, int column, Oid type)
{
	bool		isnull;
	Datum		value = access_value(row, column, type, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("column \"%s\" of a row of the model is null", SPI_fname(SPI_tuptable->tupdesc, column)),
				 errhint("lsce.check_model() names what was changed.")));
	return value;
}

/* The same, copied into "context" as a string. */
char *
access_required_text(uint64 row, int column, MemoryContext context)
{
	(void) access_required(row, column, TEXTOID);
	return access_text(row, column, context);
}

/* Copy the uuid field; false, and all zeroes, when it is NULL. */
bool
access_uuid(uint64 row, int column, pg_uuid_t *uuid)
{
	bool		isnull;
	Datum		value = access_value(row, column, UUIDOID, &isnull);

	if (isnull)
	{
		memset(uuid, 0, sizeof(*uuid));
		return false;
	}
	memcpy(uuid, DatumGetUUIDP(value), sizeof(*uuid));
	return true;
}
