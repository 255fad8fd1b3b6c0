/*-------------------------------------------------------------------------
 *
 * errors.c
 *	  Raising reasons as errors, and their SQL functions.
 *
 * The texts are UTF-8.  In a database of another encoding only the English
 * ones, which are ASCII, are used.
 *
 * src/errors.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_reasons);
PG_FUNCTION_INFO_V1(lsce_reason_text_sql);
PG_FUNCTION_INFO_V1(lsce_raise_reason);

/*
 * The language to use for texts in this database; lang may be NULL.
 */
static const char *
usable_language(const char *lang)
{
	return GetDatabaseEncoding() == PG_UTF8 ? lang : "en";
}

/*
 * The code for errcode() of a reason; internal error when there is no such
 * reason.
 */
int
lsce_reason_errcode(LsceReason reason)
{
	const LsceReasonRow *row = lsce_reason_row(reason);

	if (row == NULL)
		return ERRCODE_INTERNAL_ERROR;
	return MAKE_SQLSTATE(row->sqlstate[0], row->sqlstate[1], row->sqlstate[2],
						 row->sqlstate[3], row->sqlstate[4]);
}

/*
 * The text of a reason in a language, slots filled by getter, palloc'd.
 * See lsce_reason_format() for what is missing or unknown.
 */
char *
lsce_reason_text(LsceReason reason, const char *lang, LsceSlotGetter getter,
				 void *arg)
{
	char	   *result;
	size_t		length;

	lang = usable_language(lang);
	length = lsce_reason_format(NULL, 0, reason, lang, getter, arg);
	result = palloc(length + 1);
	lsce_reason_format(result, length + 1, reason, lang, getter, arg);
	return result;
}

/*
 * Raise an ERROR with the SQLSTATE of the primary reason.  Its hint is the
 * cure from the list unless the report brings its own; object names go into
 * the fields made for them, so that a client need not read the message.
 */
void
lsce_ereport_reason(const LsceErrorReport *report)
{
	const LsceReasonRow *row = lsce_reason_row(report->reason);
	const char *hint = report->hint;

	Assert(row != NULL && report->message != NULL);

	if (hint == NULL && row != NULL)
		hint = row->hint[lsce_language(usable_language(report->lang))];

	ereport(ERROR,
			(errcode(lsce_reason_errcode(report->reason)),
			 errmsg_internal("%s", report->message),
			 report->detail ? errdetail_internal("%s", report->detail) : 0,
			 hint ? errhint("%s", hint) : 0,
			 report->schema_name ?
			 err_generic_string(PG_DIAG_SCHEMA_NAME, report->schema_name) : 0,
			 report->table_name ?
			 err_generic_string(PG_DIAG_TABLE_NAME, report->table_name) : 0,
			 report->constraint_name ?
			 err_generic_string(PG_DIAG_CONSTRAINT_NAME, report->constraint_name) : 0));
}

/*
 * The reason of a code given in SQL; error 22023 when there is none.
 */
static LsceReason
reason_of_argument(text *code)
{
	LsceReason	reason = lsce_reason_by_name(VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code));

	if (reason == LSCE_REASON_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("reason code \"%s\" does not exist", text_to_cstring(code)),
				 errhint("lsce.reasons() lists the reason codes.")));
	return reason;
}

/*
 * A text argument that may be NULL, as a palloc'd string or NULL.
 */
static char *
optional_text(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		return NULL;
	return text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

/*
 * lsce.reasons(): the list of reason codes with their texts, in the order of
 * SQLSTATE.
 */
Datum
lsce_reasons(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("texts of reason codes need database encoding UTF8, not %s",
						GetDatabaseEncodingName())));

	InitMaterializedSRF(fcinfo, 0);
	for (int reason = LSCE_REASON_NONE + 1; reason < LSCE_REASON_COUNT; reason++)
	{
		const LsceReasonRow *row = lsce_reason_row((LsceReason) reason);
		const char *columns[3 + 2 * LSCE_LANGUAGE_COUNT];
		Datum		values[lengthof(columns)];
		bool		nulls[lengthof(columns)] = {0};
		int			n = 0;

		columns[n++] = row->code;
		columns[n++] = row->sqlstate;
		columns[n++] = lsce_reason_group((LsceReason) reason);
		for (int language = 0; language < LSCE_LANGUAGE_COUNT; language++)
			columns[n++] = row->text[language];
		for (int language = 0; language < LSCE_LANGUAGE_COUNT; language++)
			columns[n++] = row->hint[language];
		for (int i = 0; i < n; i++)
			values[i] = CStringGetTextDatum(columns[i]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * A value of a JSON object as palloc'd or constant text: strings, numbers and
 * booleans plainly, arrays and objects as JSON, null as NULL.
 */
static const char *
json_value_text(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out,
													   NumericGetDatum(value->val.numeric)));
		case jbvBool:
			return value->val.boolean ? "true" : "false";
		case jbvBinary:
			return JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
		default:
			return NULL;
	}
}

/*
 * Slot getter over the jsonb object given as arg (NULL: no values).  The
 * elements of an array print as a list, "a, b"; an empty one is no value.
 */
static const char *
slot_from_jsonb(const char *name, size_t name_len, void *arg)
{
	Jsonb	   *object = (Jsonb *) arg;
	JsonbContainer *array;
	JsonbValue	value;
	StringInfoData list;

	if (object == NULL ||
		getKeyJsonValueFromContainer(&object->root, name, (int) name_len, &value) == NULL)
		return NULL;
	if (value.type != jbvBinary || !JsonContainerIsArray(value.val.binary.data))
		return json_value_text(&value);

	array = value.val.binary.data;
	if (JsonContainerSize(array) == 0)
		return NULL;
	initStringInfo(&list);
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		const char *element = json_value_text(getIthJsonbValueFromContainer(array, i));

		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", element ? element : "?");
	}
	return list.data;
}

/*
 * lsce.reason_text(code, lang, slots): the text of a reason with its slots
 * filled from a JSON object.  NULL for a NULL code; 22023 for an unknown code
 * or slots that are not an object.
 */
Datum
lsce_reason_text_sql(PG_FUNCTION_ARGS)
{
	LsceReason	reason;
	Jsonb	   *slots;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	reason = reason_of_argument(PG_GETARG_TEXT_PP(0));
	slots = PG_ARGISNULL(2) ? NULL : PG_GETARG_JSONB_P(2);
	if (slots != NULL && !JB_ROOT_IS_OBJECT(slots))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("values for the slots of a text must be a JSON object")));

	PG_RETURN_TEXT_P(cstring_to_text(lsce_reason_text(reason, optional_text(fcinfo, 1),
													  slot_from_jsonb, slots)));
}

/*
 * lsce.raise_reason(code, message, detail, relation, constraint_name, lang):
 * lsce_ereport_reason() for PL/pgSQL.  Never returns; 22004 when code or
 * message is NULL, 22023 when the code is unknown.
 */
Datum
lsce_raise_reason(PG_FUNCTION_ARGS)
{
	LsceErrorReport report = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("reason code and message must not be null")));
	report.reason = reason_of_argument(PG_GETARG_TEXT_PP(0));
	report.message = optional_text(fcinfo, 1);
	if (!PG_ARGISNULL(2))
	{
		Jsonb	   *detail = PG_GETARG_JSONB_P(2);

		report.detail = JsonbToCString(NULL, &detail->root, VARSIZE(detail));
	}
	if (!PG_ARGISNULL(3))
	{
		Oid			relation = PG_GETARG_OID(3);

		report.table_name = get_rel_name(relation);
		if (report.table_name != NULL)
			report.schema_name = get_namespace_name(get_rel_namespace(relation));
	}
	report.constraint_name = optional_text(fcinfo, 4);
	report.lang = optional_text(fcinfo, 5);
	lsce_ereport_reason(&report);
}
