/*-------------------------------------------------------------------------
 *
 * direct_event.c
 *	  What was said and what the law wants, by index probes.
 *
 * src/consent/direct_event.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "consent/direct.h"

/* the key of evidence that the event itself answers */
#define CAPTURED_AT "captured_at"

static const Probe merged_probe = {
	"account", 1, {{"survivor_id", UUIDOID}}, 1, {{"account_id", UUIDOID}}
};

/* Add the rows of an account and of the records merged into it. */
static void
add_of_person(Answer *answer, const Probe *probe, Datum account, ProbeRows *rows)
{
	ProbeKey	key = probe_key(account);
	ProbeRow	self;
	ProbeRows	merged = {0};

	if (probe_one(answer, &consent_account_probe, &key, &self))
		probe_add(answer, probe, &key, rows);
	probe_add(answer, &merged_probe, &key, &merged);
	for (int i = 0; i < merged.count; i++)
	{
		if (probe_same_id(&merged.rows[i], 0, account))
			continue;
		key = probe_key_of(&merged.rows[i], 0);
		probe_add(answer, probe, &key, rows);
	}
}

static int
compare_texts(const void *a, const void *b)
{
	return DatumGetInt32(DirectFunctionCall2Coll(bttextcmp, DEFAULT_COLLATION_OID,
												 *(const Datum *) a, *(const Datum *) b));
}

/* Does a value of evidence prove anything? */
static bool
proves(const JsonbValue *value)
{
	return value->type != jbvNull &&
		(value->type != jbvBool || value->val.boolean) &&
		(value->type != jbvString || value->val.string.len > 0);
}

/*
 * The keys of a JSON object as sorted texts.  With "evidence", those that prove
 * something and CAPTURED_AT.  For what is no object the statement raises the
 * error.
 */
static Datum *
sorted_keys(Answer *answer, ProbeKey json, bool evidence, int *count)
{
	Jsonb	   *jsonb = json.isnull ? NULL : DatumGetJsonbP(json.value);
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;
	Datum	   *keys;
	Datum		key = (Datum) 0;

	*count = 0;
	if (jsonb && !JB_ROOT_IS_OBJECT(jsonb))
	{
		answer->failed = true;
		jsonb = NULL;
	}
	keys = palloc(((jsonb ? JB_ROOT_COUNT(jsonb) : 0) + 1) * sizeof(Datum));
	if (evidence)
		keys[(*count)++] = CStringGetTextDatum(CAPTURED_AT);
	iterator = jsonb ? JsonbIteratorInit(&jsonb->root) : NULL;
	while (iterator && (token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			key = PointerGetDatum(cstring_to_text_with_len(value.val.string.val, value.val.string.len));
		if (token != WJB_VALUE ||
			(evidence && (!proves(&value) || strcmp(TextDatumGetCString(key), CAPTURED_AT) == 0)))
			continue;
		keys[(*count)++] = key;
	}
	if (*count > 1)
		qsort(keys, *count, sizeof(Datum), compare_texts);
	return keys;
}

/* Append an array of texts. */
static void
answer_texts(Answer *answer, Datum *texts, int count)
{
	answer_value(answer, PointerGetDatum(construct_array(texts, count, TEXTOID, -1, false, TYPALIGN_INT)), false);
}

static const Probe event_probe = {
	"consent_event", 1, {{"account_id", UUIDOID}},
	15, {{"event_id", UUIDOID}, {"controller_id", UUIDOID}, {"purpose", TEXTOID}, {"channel", TEXTOID},
	{"product_id", UUIDOID}, {"contact_point_id", UUIDOID}, {"action", TEXTOID}, {"basis", TEXTOID},
	{"related_event_id", UUIDOID}, {"captured_at", TIMESTAMPTZOID}, {"effective_from", TIMESTAMPTZOID},
	{"effective_to", TIMESTAMPTZOID}, {"token_expires_at", TIMESTAMPTZOID}, {"evidence", JSONBOID},
	{"recorded_at", TIMESTAMPTZOID}}
};

/* The text of a field of an object. */
static ProbeKey
field_text(ProbeKey json, const char *name)
{
	return answer_json(jsonb_object_field_text, json, CStringGetTextDatum(name));
}

/* Append what the evidence says: event, its date, method, and the keys. */
static void
answer_evidence(Answer *answer, ProbeKey evidence)
{
	ProbeKey	event = field_text(evidence, "event");
	ProbeKey	date = field_text(evidence, "event_date");
	ProbeKey	method = field_text(evidence, "method");
	Datum	   *keys;
	int			count;

	if (!date.isnull &&
		!DatumGetBool(DirectFunctionCall2Coll(textregexeq, DEFAULT_COLLATION_OID, date.value,
											  CStringGetTextDatum("^\\d{4}-\\d{2}-\\d{2}$"))))
		date.isnull = true;
	if (!date.isnull)
		date.value = DirectFunctionCall1(date_in, CStringGetDatum(TextDatumGetCString(date.value)));
	answer_value(answer, event.value, event.isnull);
	answer_value(answer, date.value, date.isnull);
	answer_value(answer, method.value, method.isnull);
	keys = sorted_keys(answer, evidence, true, &count);
	answer_texts(answer, keys, count);
}

/* $1: the account, $2: its time zone, $3: what was known then */
void
direct_consent_events(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder order[] = {{10, TIMESTAMPTZOID}, {0, UUIDOID}};
	ProbeRows	rows = {0};

	add_of_person(answer, &event_probe, args[0], &rows);
	answer_sort(&rows, order, lengthof(order));
	for (int i = 0; i < rows.count; i++)
	{
		const ProbeRow *row = &rows.rows[i];

		if (row->nulls[14] || DatumGetTimestampTz(row->values[14]) > DatumGetTimestampTz(args[2]))
			continue;
		answer_columns(answer, row, 0, 12);
		answer_value(answer, row->nulls[10] ? (Datum) 0 : answer_day_in(args[1], row->values[10]), row->nulls[10]);
		answer_columns(answer, row, 12, 1);
		answer_evidence(answer, probe_key_of(row, 13));
		answer_end_row(answer);
	}
}

static const Probe regime_probe = {
	"consent_regime", 2, {{"country_code", TEXTOID}, {"purpose", TEXTOID}},
	19, {{"regime_id", UUIDOID}, {"default_state", TEXTOID}, {"admissible_basis", TEXTARRAYOID},
	{"double_opt_in", BOOLOID}, {"confirm_unless_method", TEXTARRAYOID}, {"evidence_required", TEXTARRAYOID},
	{"expires_after", INTERVALOID}, {"hours_from", TIMEOID}, {"hours_to", TIMEOID},
	{"stop_within_business_days", INT4OID}, {"retain_for", INTERVALOID}, {"obligations", TEXTARRAYOID},
	{"legal_ref", TEXTOID}, {"expires_from", TEXTOID}, {"basis_ages", JSONBOID},
	{"channel", TEXTOID}, {"status", TEXTOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* Append the keys and the ages of basis_ages. */
static void
answer_basis_ages(Answer *answer, ProbeKey ages)
{
	int			count;
	int			lower = 1;
	Datum	   *keys = sorted_keys(answer, ages, false, &count);
	Datum	   *values = palloc((count + 1) * sizeof(Datum));
	bool	   *isnull = palloc((count + 1) * sizeof(bool));

	for (int i = 0; i < count; i++)
	{
		ProbeKey	age = answer_json(jsonb_object_field_text, ages, keys[i]);

		isnull[i] = age.isnull;
		values[i] = age.isnull ? (Datum) 0 :
			DirectFunctionCall3(interval_in, CStringGetDatum(TextDatumGetCString(age.value)),
								ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	}
	answer_texts(answer, keys, count);
	answer_value(answer, PointerGetDatum(construct_md_array(values, isnull, 1, &count, &lower, INTERVALOID,
															sizeof(Interval), false, TYPALIGN_DOUBLE)), false);
}

/* Append the moment at which the hours of contact begin on a day. */
static void
answer_opening(Answer *answer, const ProbeRow *regime, DateADT day, Datum zone)
{
	Datum		local;

	if (regime->nulls[7])
	{
		answer_value(answer, (Datum) 0, true);
		return;
	}
	local = DirectFunctionCall2(datetime_timestamp, DateADTGetDatum(day), regime->values[7]);
	answer_value(answer, DirectFunctionCall2(timestamp_zone, zone, local), false);
}

/* Append the row that is the answer. */
static void
answer_regime(Answer *answer, const ProbeRow *regime, Datum day, Datum zone)
{
	Datum		tomorrow = DirectFunctionCall2(date_pli, day, Int32GetDatum(1));

	answer_columns(answer, regime, 0, 7);
	answer_value(answer, BoolGetDatum(probe_text_is(regime, 13, "last_contact")), regime->nulls[13]);
	answer_basis_ages(answer, probe_key_of(regime, 14));
	answer_columns(answer, regime, 7, 2);
	answer_opening(answer, regime, DatumGetDateADT(day), zone);
	answer_opening(answer, regime, DatumGetDateADT(tomorrow), zone);
	answer_columns(answer, regime, 9, 4);
	answer_end_row(answer);
}

/*
 * The row of the channel, else the one of any channel; NULL when the purpose
 * has none.
 */
static const ProbeRow *
regime_of_channel(const ProbeRows *rows, ProbeKey channel, Datum day)
{
	const ProbeRow *found = NULL;

	for (int i = 0; i < rows->count; i++)
	{
		const ProbeRow *row = &rows->rows[i];
		bool		narrow = !channel.isnull && probe_same_text(row, 15, channel.value);

		if ((narrow || (row->nulls[15] && found == NULL)) &&
			probe_text_is(row, 16, "approved") && probe_valid_on(row, 17, 18, day))
			found = row;
	}
	return found;
}

/* $1: the country, $2: the purposes, $3: the channel, $4: the day, $5: the time zone */
void
direct_consent_regime(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	channel = {args[2], nulls != NULL && nulls[2] == 'n'};
	Datum	   *purposes;
	bool	   *isnull;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(args[1]), TEXTOID, -1, false, TYPALIGN_INT,
					  &purposes, &isnull, &count);
	for (int i = 0; i < count; i++)
	{
		ProbeKey	keys[] = {probe_key(args[0]), {purposes[i], isnull[i]}};
		ProbeRows	rows = {0};
		const ProbeRow *found;

		probe_add(answer, &regime_probe, keys, &rows);
		found = regime_of_channel(&rows, channel, args[3]);
		if (found == NULL)
			continue;
		answer_regime(answer, found, args[3], args[4]);
		return;
	}
}

static const Probe visit_probe = {
	"visit", 1, {{"account_id", UUIDOID}},
	3, {{"owner_id", UUIDOID}, {"status", TEXTOID}, {"actual_from", TIMESTAMPTZOID}}
};

static const Probe owner_probe = {
	"app_user", 1, {{"user_id", UUIDOID}}, 1, {{"company_id", UUIDOID}}
};

static const Probe message_probe = {
	"outbound_message", 1, {{"account_id", UUIDOID}},
	3, {{"controller_id", UUIDOID}, {"state", TEXTOID}, {"sent_at", TIMESTAMPTZOID}}
};

/* Take the day of the moment in column 2, when it has come, if it is the latest. */
static void
take_day(const ProbeRow *row, Datum zone, Datum at, ProbeKey *last)
{
	Datum		day;

	if (row->nulls[2] || DatumGetTimestampTz(row->values[2]) > DatumGetTimestampTz(at))
		return;
	day = answer_day_in(zone, row->values[2]);
	if (last->isnull || DatumGetDateADT(day) > DatumGetDateADT(last->value))
		*last = probe_key(day);
}

/* $1: the account, $2: its time zone, $3: the company, $4: the moment */
void
direct_consent_last_contact(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	last = {(Datum) 0, true};
	ProbeRows	visits = {0};
	ProbeRows	messages = {0};

	add_of_person(answer, &visit_probe, args[0], &visits);
	for (int i = 0; i < visits.count; i++)
	{
		const ProbeRow *visit = &visits.rows[i];
		ProbeKey	key = probe_key_of(visit, 0);
		ProbeRow	owner;

		if ((probe_text_is(visit, 1, "completed") || probe_text_is(visit, 1, "signed") ||
			 probe_text_is(visit, 1, "submitted")) &&
			probe_one(answer, &owner_probe, &key, &owner) && probe_same_id(&owner, 0, args[2]))
			take_day(visit, args[1], args[3], &last);
	}
	add_of_person(answer, &message_probe, args[0], &messages);
	for (int i = 0; i < messages.count; i++)
		if (probe_same_id(&messages.rows[i], 0, args[2]) && probe_text_is(&messages.rows[i], 1, "clicked"))
			take_day(&messages.rows[i], args[1], args[3], &last);
	answer_value(answer, last.value, last.isnull);
	answer_end_row(answer);
}
