/*-------------------------------------------------------------------------
 *
 * direct_request.c
 *	  The statements of load_paper.c about the written request and about
 *	  settings, by index probes.
 *
 * src/rules/direct_request.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "rules/direct.h"

enum
{
	REQUEST_ID, REQUEST_VERSION, REQUEST_KIND, REQUEST_STATUS, REQUEST_SHIP_TO, REQUEST_STANDING, REQUEST_AT,
	REQUEST_UNTIL, REQUEST_ACCOUNT, REQUEST_PRACTITIONER, REQUEST_SIGNATURE, REQUEST_LICENSE, REQUEST_FIELDS
};

static const Probe request_probe = {
	"sample_request", 1, {{"request_id", UUIDOID}},
	13, {{"request_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"kind", TEXTOID}, {"status", TEXTOID}, {"ship_to_id", UUIDOID},
		{"standing", BOOLOID}, {"requested_at", TIMESTAMPTZOID}, {"deliver_until", DATEOID}, {"account_id", UUIDOID},
		{"practitioner_id", UUIDOID}, {"signature_id", UUIDOID}, {"license_id", UUIDOID}, {"fields", JSONBOID}}
};

static const Probe identity_probe = {
	"account", 1, {{"account_id", UUIDOID}}, 2, {{"survivor_id", UUIDOID}, {"account_id", UUIDOID}}
};

static const Probe signature_probe = {
	"signature", 1, {{"signature_id", UUIDOID}},
	5, {{"signature_id", UUIDOID}, {"signed_at", TIMESTAMPTZOID}, {"expires_at", TIMESTAMPTZOID},
	{"signer_account_id", UUIDOID}, {"purpose", TEXTOID}}
};

static const Probe line_probe = {
	"sample_request_line", 2, {{"request_id", UUIDOID}, {"product_id", UUIDOID}},
	2, {{"requested", NUMERICOID}, {"fulfilled", NUMERICOID}}
};

/* Append who an account is today. */
static void
answer_survivor(Answer *answer, const ProbeRow *account)
{
	ProbeKey	key = probe_key_either(account, 0, 1);

	answer_value(answer, key.value, key.isnull);
}

/* Append the local day of the request and the last day of an arrangement. */
static void
answer_days(Answer *answer, const ProbeRow *request, Datum tz)
{
	Interval	months = {.month = 6};
	Datum		day;

	if (request->nulls[REQUEST_AT])
	{
		answer_value(answer, (Datum) 0, true);
		answer_value(answer, (Datum) 0, true);
		return;
	}
	day = DirectFunctionCall1(timestamp_date, DirectFunctionCall2(timestamptz_zone, tz, request->values[REQUEST_AT]));
	answer_value(answer, day, false);
	day = DirectFunctionCall2(date_pl_interval, day, IntervalPGetDatum(&months));
	answer_value(answer, DirectFunctionCall1(timestamp_date, day), false);
}

/* Names of fields while they are gathered. */
typedef struct FieldNames
{
	int			count;
	Datum	   *names;
} FieldNames;

/* In the order of collation "C". */
static int
compare_names(const void *a, const void *b)
{
	text	   *x = DatumGetTextPP(*(const Datum *) a);
	text	   *y = DatumGetTextPP(*(const Datum *) b);
	int			result = memcmp(VARDATA_ANY(x), VARDATA_ANY(y), Min(VARSIZE_ANY_EXHDR(x), VARSIZE_ANY_EXHDR(y)));

	return result != 0 ? result : (int) VARSIZE_ANY_EXHDR(x) - (int) VARSIZE_ANY_EXHDR(y);
}

/* The fields of a form that hold something; room is left for "more" names. */
static void
names_of_form(const ProbeRow *request, int more, FieldNames *fields)
{
	Jsonb	   *form = request->nulls[REQUEST_FIELDS] ? NULL : DatumGetJsonbP(request->values[REQUEST_FIELDS]);
	JsonbIterator *it;
	JsonbValue	value;
	bool		object = form != NULL && JB_ROOT_IS_OBJECT(form);

	fields->count = 0;
	fields->names = palloc(((object ? JB_ROOT_COUNT(form) : 0) + more) * sizeof(Datum));
	if (!object)
		return;
	it = JsonbIteratorInit(&form->root);
	(void) JsonbIteratorNext(&it, &value, true);	/* WJB_BEGIN_OBJECT */
	while (JsonbIteratorNext(&it, &value, true) == WJB_KEY)
	{
		Datum		name = PointerGetDatum(cstring_to_text_with_len(value.val.string.val, value.val.string.len));

		(void) JsonbIteratorNext(&it, &value, true);
		if (value.type != jbvNull && (value.type != jbvString || value.val.string.len > 0))
			fields->names[fields->count++] = name;
	}
}

/* Append the fields that hold something, sorted, each once. */
static void
answer_fields(Answer *answer, const ProbeRow *request, bool has_signature, bool has_line)
{
	const struct
	{
		const char *name;
		bool		there;
	}			rows[] = {
		{"date", true}, {"licence_no", !request->nulls[REQUEST_LICENSE]}, {"signature", has_signature},
		{"product_name", has_line}, {"qty", has_line}
	};
	FieldNames	fields;
	int			kept = 0;

	names_of_form(request, lengthof(rows), &fields);
	for (int i = 0; i < lengthof(rows); i++)
		if (rows[i].there)
			fields.names[fields.count++] = CStringGetTextDatum(rows[i].name);
	qsort(fields.names, fields.count, sizeof(Datum), compare_names);
	for (int i = 0; i < fields.count; i++)
		if (kept == 0 || compare_names(&fields.names[kept - 1], &fields.names[i]) != 0)
			fields.names[kept++] = fields.names[i];
	answer_value(answer, PointerGetDatum(construct_array(fields.names, kept, TEXTOID, -1, false, TYPALIGN_INT)), false);
}

/* Append the purpose of the form, NULL when it is missing or empty. */
static void
answer_purpose(Answer *answer, const ProbeRow *request)
{
	LOCAL_FCINFO(fcinfo, 2);
	Datum		purpose;

	if (request->nulls[REQUEST_FIELDS])
	{
		answer_value(answer, (Datum) 0, true);
		return;
	}
	InitFunctionCallInfoData(*fcinfo, NULL, 2, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = request->values[REQUEST_FIELDS];
	fcinfo->args[0].isnull = false;
	fcinfo->args[1].value = CStringGetTextDatum("purpose");
	fcinfo->args[1].isnull = false;
	purpose = jsonb_object_field_text(fcinfo);
	if (!fcinfo->isnull && VARSIZE_ANY_EXHDR(DatumGetTextPP(purpose)) == 0)
		fcinfo->isnull = true;
	answer_value(answer, purpose, fcinfo->isnull);
}

/* $2: the request, $3: the product, $4: the time zone */
void
direct_request(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	keys[] = {probe_key(args[1]), probe_key(args[2])};
	ProbeKey	key;
	ProbeRow	request;
	ProbeRow	account;
	ProbeRow	practitioner;
	ProbeRow	signature;
	ProbeRow	signer;
	ProbeRow	line;
	bool		has_line;

	if (!probe_one(answer, &request_probe, keys, &request))
		return;
	key = probe_key_of(&request, REQUEST_ACCOUNT);
	if (!probe_one(answer, &identity_probe, &key, &account))
		return;
	key = probe_key_of(&request, REQUEST_PRACTITIONER);
	if (!probe_one(answer, &identity_probe, &key, &practitioner))
		return;
	key = probe_key_of(&request, REQUEST_SIGNATURE);
	if (probe_one(answer, &signature_probe, &key, &signature) && !probe_text_is(&signature, 4, "sample_request"))
		memset(signature.nulls, true, signature_probe.ncolumns);
	key = probe_key_of(&signature, 3);
	probe_one(answer, &identity_probe, &key, &signer);
	has_line = probe_one(answer, &line_probe, keys, &line);

	answer_columns(answer, &request, REQUEST_ID, REQUEST_SHIP_TO);
	answer_survivor(answer, &account);
	answer_survivor(answer, &practitioner);
	answer_columns(answer, &request, REQUEST_SHIP_TO, 3);
	answer_days(answer, &request, args[3]);
	answer_columns(answer, &request, REQUEST_UNTIL, 1);
	answer_columns(answer, &signature, 0, 1);
	answer_survivor(answer, &signer);
	answer_columns(answer, &signature, 1, 2);
	answer_value(answer, BoolGetDatum(has_line), false);
	answer_millionths(answer, &line, 0);
	answer_millionths(answer, &line, 1);
	answer_fields(answer, &request, !signature.nulls[0], has_line);
	answer_purpose(answer, &request);
	answer_end_row(answer);
}

enum
{
	SETTING_NAME, SETTING_ID, SETTING_VERSION, SETTING_VALUE, SETTING_SCOPE, SETTING_KEY, SETTING_FROM, SETTING_TO
};

static const Probe setting_probe = {
	"setting", 1, {{"name", TEXTOID}},
	8, {{"name", TEXTOID}, {"setting_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"value", JSONBOID},
		{"scope", TEXTOID}, {"scope_key", TEXTOID}, {"valid_from", TIMESTAMPTZOID}, {"valid_to", TIMESTAMPTZOID}}
};

/* Is the text one of the array's? */
static bool
is_among(const ProbeRow *row, int column, Datum texts)
{
	Datum	   *items;
	bool	   *nulls;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(texts), TEXTOID, -1, false, TYPALIGN_INT, &items, &nulls, &count);
	for (int i = 0; i < count; i++)
		if (!nulls[i] && probe_same_text(row, column, items[i]))
			return true;
	return false;
}

/* How narrow the setting's scope is, 0 for the narrowest; -1: not for us. */
static int
setting_rank(const ProbeRow *row, const Datum *args)
{
	if (!probe_valid_at(row, SETTING_FROM, SETTING_TO, args[1]))
		return -1;
	if (probe_text_is(row, SETTING_SCOPE, "user"))
		return probe_same_text(row, SETTING_KEY, args[4]) ? 0 : -1;
	if (probe_text_is(row, SETTING_SCOPE, "persona"))
		return is_among(row, SETTING_KEY, args[3]) ? 1 : -1;
	if (probe_text_is(row, SETTING_SCOPE, "country"))
		return probe_same_text(row, SETTING_KEY, args[2]) ? 2 : -1;
	return probe_text_is(row, SETTING_SCOPE, "org") ? 3 : -1;
}

/* Append the value as a number from 0 to 1000000; 0 when it is none. */
static void
answer_number(Answer *answer, Jsonb *value)
{
	Datum		number;
	JsonbValue	scalar;

	if (!JB_ROOT_IS_SCALAR(value) || !JsonbExtractScalar(&value->root, &scalar) || scalar.type != jbvNumeric)
	{
		answer_value(answer, Int64GetDatum(0), false);
		return;
	}
	number = NumericGetDatum(scalar.val.numeric);
	number = DirectFunctionCall2(numeric_larger, number, NumericGetDatum(int64_to_numeric(0)));
	number = DirectFunctionCall2(numeric_smaller, number, NumericGetDatum(int64_to_numeric(1000000)));
	answer_value(answer, DirectFunctionCall1(numeric_int8, number), false);
}

/* Append the value as an array of texts; NULL when it is no array. */
static void
answer_texts(Answer *answer, Jsonb *value)
{
	int			count;
	Datum	   *items;
	bool	   *nulls;
	int			lower = 1;

	if (!JB_ROOT_IS_ARRAY(value) || JB_ROOT_IS_SCALAR(value))
	{
		answer_value(answer, (Datum) 0, true);
		return;
	}
	count = JB_ROOT_COUNT(value);
	items = palloc(Max(count, 1) * sizeof(Datum));
	nulls = palloc(Max(count, 1) * sizeof(bool));
	for (int i = 0; i < count; i++)
	{
		LOCAL_FCINFO(fcinfo, 2);

		InitFunctionCallInfoData(*fcinfo, NULL, 2, InvalidOid, NULL, NULL);
		fcinfo->args[0].value = JsonbPGetDatum(value);
		fcinfo->args[0].isnull = false;
		fcinfo->args[1].value = Int32GetDatum(i);
		fcinfo->args[1].isnull = false;
		items[i] = jsonb_array_element_text(fcinfo);
		nulls[i] = fcinfo->isnull;
	}
	answer_value(answer, PointerGetDatum(count == 0 ? construct_empty_array(TEXTOID) :
										 construct_md_array(items, nulls, 1, &count, &lower, TEXTOID, -1, false, TYPALIGN_INT)), false);
}

/* $2: the moment, $3: the country, $4: personas, $5: the user */
void
direct_setting(Answer *answer, const Datum *args, const char *nulls)
{
	/* in the order of their names */
	static const char *const names[] = {
		"back_date_days", "device_clock_tolerance_minutes", "license_verification_max_age_days", "sample_request_fields",
		"visit_tolerance_minutes"
	};
	static const ProbeOrder orders[] = {{SETTING_ID, UUIDOID}};

	for (int n = 0; n < lengthof(names); n++)
	{
		ProbeKey	key = probe_key(CStringGetTextDatum(names[n]));
		ProbeRows	rows = {0};
		const ProbeRow *best = NULL;

		probe_add(answer, &setting_probe, &key, &rows);
		for (int i = 0; i < rows.count; i++)
			rows.rows[i].rank = setting_rank(&rows.rows[i], args);
		answer_sort(&rows, orders, lengthof(orders));
		for (int i = 0; i < rows.count && best == NULL; i++)
			if (rows.rows[i].rank >= 0)
				best = &rows.rows[i];
		if (best == NULL)
			continue;
		answer_columns(answer, best, SETTING_NAME, 3);
		if (best->nulls[SETTING_VALUE])
		{
			answer_value(answer, Int64GetDatum(0), false);
			answer_value(answer, (Datum) 0, true);
		}
		else
		{
			answer_number(answer, DatumGetJsonbP(best->values[SETTING_VALUE]));
			answer_texts(answer, DatumGetJsonbP(best->values[SETTING_VALUE]));
		}
		answer_end_row(answer);
	}
}
