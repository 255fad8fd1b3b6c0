/*-------------------------------------------------------------------------
 *
 * path_io.c
 *	  Input, output and the binary protocol of territory and specialty.
 *
 * src/path/path_io.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "path/path.h"

/* First byte of the binary protocol; the text of the path follows. */
#define PATH_WIRE_VERSION	1

/* How much of a bad literal an error repeats, in bytes. */
#define QUOTED_BYTES		200

PG_FUNCTION_INFO_V1(lsce_path_in);
PG_FUNCTION_INFO_V1(lsce_path_out);
PG_FUNCTION_INFO_V1(lsce_path_recv);
PG_FUNCTION_INFO_V1(lsce_path_send);

/* Build a value from stored bytes. */
LscePath *
lsce_path_make(const char *bytes, size_t len)
{
	LscePath   *path = (LscePath *) palloc(len + VARHDRSZ);

	SET_VARSIZE(path, len + VARHDRSZ);
	memcpy(VARDATA(path), bytes, len);
	return path;
}

/* Raise an error unless text in this database is UTF-8. */
static void
require_utf8(Oid type)
{
	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("type %s needs a database with encoding UTF8", format_type_be(type)),
				 errdetail("The encoding of this database is %s.", GetDatabaseEncodingName())));
}

/*
 * Say in one sentence why text is no path.  Returns a palloc'd string: the
 * DETAIL of the error.
 */
static char *
describe_error(const LscePathError *error)
{
	int			position = (int) error->position;
	unsigned int code_point = error->code_point;

	switch (error->status)
	{
		case LSCE_PATH_EMPTY:
			return pstrdup("A path has at least one label.");
		case LSCE_PATH_EMPTY_LABEL:
			return psprintf("Empty label at character %d.", position);
		case LSCE_PATH_BAD_ENCODING:
			return psprintf("Invalid UTF-8 at character %d.", position);
		case LSCE_PATH_UNASSIGNED:
			return psprintf("Code point U+%04X at character %d is not assigned in the server's version of Unicode.", code_point, position);
		case LSCE_PATH_IGNORABLE:
			return psprintf("Character %d (U+%04X) is invisible.", position, code_point);
		case LSCE_PATH_CONTROL:
			return psprintf("Character %d (U+%04X) is a control character.", position, code_point);
		case LSCE_PATH_BAD_CHARACTER:
			return psprintf("Character %d (U+%04X) is not a letter, mark, digit, \"_\" or \"-\".", position, code_point);
		case LSCE_PATH_LABEL_TOO_LONG:
			return psprintf("The label at character %d is longer than %d bytes.", position, LSCE_PATH_MAX_LABEL);
		case LSCE_PATH_TOO_MANY_LEVELS:
			return psprintf("The path has more than %d levels at character %d.", LSCE_PATH_MAX_LEVELS, position);
		case LSCE_PATH_TOO_LONG:
			return psprintf("The path is longer than %d bytes at character %d.", LSCE_PATH_MAX_BYTES, position);
		case LSCE_PATH_NO_UNICODE_DATA:
		case LSCE_PATH_OK:
			break;
	}
	elog(ERROR, "unexpected result of path parser: %d", (int) error->status);
	return NULL;				/* keep compiler quiet */
}

/*
 * Turn text in the database's encoding into a value of the given type.
 *
 * Returns NULL after a soft error, which needs an ErrorSaveContext as
 * escontext; otherwise malformed text raises 22P02.
 */
LscePath *
lsce_path_from_text(const char *text, size_t len, Oid type, Node *escontext)
{
	char		bytes[LSCE_PATH_MAX_BYTES];
	size_t		path_len;
	LscePathError error;
	int			quoted;

	require_utf8(type);
	if (lsce_path_parse(text, len, bytes, &path_len, &error) == LSCE_PATH_OK)
		return lsce_path_make(bytes, path_len);

	if (error.status == LSCE_PATH_NO_UNICODE_DATA)
		ereport(ERROR,
				(errcode(ERRCODE_SYSTEM_ERROR),
				 errmsg("could not load the normalization data of ICU")));

	quoted = pg_mbcliplen(text, (int) len, QUOTED_BYTES);
	ereturn(escontext, NULL,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%.*s%s\"",
					format_type_be(type), quoted, text,
					(size_t) quoted < len ? "..." : ""),
			 errdetail_internal("%s", describe_error(&error))));
}

/* territory_in(cstring, oid, integer), specialty_in(cstring, oid, integer) */
Datum
lsce_path_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	LscePath   *path = lsce_path_from_text(text, strlen(text), PG_GETARG_OID(1),
										   fcinfo->context);

	if (path == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(path);
}

/* territory_out(territory), specialty_out(specialty): the normalised text */
Datum
lsce_path_out(PG_FUNCTION_ARGS)
{
	LscePath   *path = PG_GETARG_PATH_PP(0);
	size_t		len = PATH_LEN(path);
	char	   *text = palloc(len + 1);

	lsce_path_print(PATH_DATA(path), len, text);
	text[len] = '\0';
	PG_RETURN_CSTRING(text);
}

/*
 * territory_recv(internal, oid, integer), specialty_recv(...)
 *
 * Takes only what send produces: a version byte and text that is normalised
 * already.  A client that has other text sends it as text.
 */
Datum
lsce_path_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	Oid			type = PG_GETARG_OID(1);
	int			version = pq_getmsgbyte(buffer);
	char	   *text;
	int			len;
	LscePath   *path;
	char		canonical[LSCE_PATH_MAX_BYTES];

	if (version != PATH_WIRE_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported version of binary %s: %d", format_type_be(type), version),
				 errdetail("This server knows version %d.", PATH_WIRE_VERSION)));

	text = pq_getmsgtext(buffer, buffer->len - buffer->cursor, &len);
	path = lsce_path_from_text(text, len, type, NULL);
	lsce_path_print(PATH_DATA(path), PATH_LEN(path), canonical);
	if (PATH_LEN(path) != (size_t) len || memcmp(canonical, text, len) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("binary %s is not normalized: \"%s\"", format_type_be(type), text),
				 errdetail("The normalized form is \"%.*s\".",
						   (int) PATH_LEN(path), canonical)));
	PG_RETURN_POINTER(path);
}

/* territory_send(territory), specialty_send(specialty) */
Datum
lsce_path_send(PG_FUNCTION_ARGS)
{
	LscePath   *path = PG_GETARG_PATH_PP(0);
	size_t		len = PATH_LEN(path);
	char		text[LSCE_PATH_MAX_BYTES + 1];
	StringInfoData buffer;

	lsce_path_print(PATH_DATA(path), len, text);
	pq_begintypsend(&buffer);
	pq_sendbyte(&buffer, PATH_WIRE_VERSION);
	pq_sendtext(&buffer, text, (int) len);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}
