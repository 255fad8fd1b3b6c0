/*-------------------------------------------------------------------------
 *
 * api.c
 *	  Questions about consent, from SQL.
 *
 * src/consent/api.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "consent/direct.h"
#include "consent/load.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_consent_status);
PG_FUNCTION_INFO_V1(lsce_can_contact);
PG_FUNCTION_INFO_V1(lsce_consent_needs_confirmation);

/*
 * Scopes to report: those of the account's events that fit the filters and, when
 * a purpose is asked for, that scope itself for the given company.  What was said
 * of any channel is reported for the one that is asked for.
 */
static const AccessStatement scopes = {
	"SELECT DISTINCT s.purpose, s.channel, s.product_id, s.contact_point_id, s.controller_id FROM ("
	" SELECT e.purpose, CASE WHEN e.contact_point_id IS NULL THEN coalesce(e.channel, $3) ELSE e.channel END AS channel,"
	"  e.product_id, e.contact_point_id, e.controller_id"
	" FROM @m.consent_event e JOIN @m.data_use_purpose d ON d.purpose = e.purpose"
	" WHERE e.account_id IN (SELECT g.account_id FROM @m.account a"
	"  JOIN @m.account g ON coalesce(a.survivor_id, a.account_id) IN (g.account_id, g.survivor_id)"
	"  WHERE a.account_id = $1)"
	" AND e.recorded_at <= $5 AND e.effective_from <= $4"
	" AND ($2 IS NULL OR e.purpose = $2) AND ($3 IS NULL OR e.channel = $3 OR (e.channel IS NULL AND d.has_channel))"
	" UNION ALL"
	" SELECT d.purpose, $3, NULL, NULL, $6 FROM @m.data_use_purpose d"
	" WHERE d.purpose = $2 AND $6 IS NOT NULL AND (d.has_channel OR $3 IS NULL)) s"
	" ORDER BY s.purpose, s.channel NULLS FIRST, s.product_id NULLS FIRST,"
	" s.contact_point_id NULLS FIRST, s.controller_id",
	6, {UUIDOID, TEXTOID, TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID, UUIDOID}
};

/*
 * Contact points of the account that the channel can use on that day, the
 * primary one first.
 */
static const AccessStatement contact_points = {
	"SELECT c.contact_point_id FROM @m.contact_point c"
	" JOIN @m.channel_type t ON t.channel = $2 AND t.contact_kind = c.kind"
	" WHERE c.account_id IN (SELECT coalesce(a.survivor_id, a.account_id) FROM @m.account a WHERE a.account_id = $1)"
	" AND c.valid_from <= ($3 AT TIME ZONE coalesce(c.tz, 'UTC'))::date"
	" AND ($3 AT TIME ZONE coalesce(c.tz, 'UTC'))::date < c.valid_to"
	" ORDER BY c.is_primary DESC, c.contact_point_id",
	3, {UUIDOID, TEXTOID, TIMESTAMPTZOID}, direct_consent_points
};

/* The uuid argument; all zeroes when it is NULL. */
static pg_uuid_t
uuid_argument(FunctionCallInfo fcinfo, int n)
{
	pg_uuid_t	uuid = {{0}};

	if (!PG_ARGISNULL(n))
		memcpy(&uuid, PG_GETARG_UUID_P(n), sizeof(uuid));
	return uuid;
}

/* The text argument; NULL when it is NULL. */
static char *
text_argument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* An argument without which there is no question. */
static void
require_argument(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be NULL", name)));
}

/* The time argument, or the start of the statement. */
static TimestampTz
time_argument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? GetCurrentStatementStartTimestamp() : PG_GETARG_TIMESTAMPTZ(n);
}

/*
 * Open a read scope on the model of the first argument, for a question about the
 * account of the second, which the caller has to see.  The question is the body
 * of "function" of the model, which he has to be allowed to execute.
 */
static void
begin_read(FunctionCallInfo fcinfo, LsceModel *model, AccessScope *scope, const char *function)
{
	require_argument(fcinfo, 0, "model");
	require_argument(fcinfo, 1, "account_id");
	access_model(PG_GETARG_OID(0), model);
	access_check_caller(model);
	access_check_execute(model, function);
	consent_require_account(model, PG_GETARG_UUID_P(1));
	access_begin(scope, model, ACCESS_READ);
	access_share(scope);
}

/* The primary reason's code, NULL when there is none. */
static const char *
primary_reason(const ConsentVerdict *verdict)
{
	return verdict->n_reasons > 0 ? lsce_reason_row(verdict->reasons[0])->code : NULL;
}

/* A field that may be missing. */
static void
set_text(Datum *values, bool *nulls, int i, const char *text)
{
	nulls[i] = text == NULL;
	if (text)
		values[i] = CStringGetTextDatum(text);
}

static void
set_id(Datum *values, bool *nulls, int i, const pg_uuid_t *uuid)
{
	static const pg_uuid_t zero;

	nulls[i] = memcmp(uuid, &zero, sizeof(zero)) == 0;
	values[i] = UUIDPGetDatum(uuid);
}

/* One row of consent_status. */
static void
put_status(ReturnSetInfo *rsinfo, const ConsentRequest *request, const ConsentAnswer *answer)
{
	Datum		values[9];
	bool		nulls[9] = {0};

	values[0] = CStringGetTextDatum(request->purpose);
	set_text(values, nulls, 1, request->channel);
	set_id(values, nulls, 2, &request->product_id);
	set_id(values, nulls, 3, &request->contact_point_id);
	set_id(values, nulls, 4, &request->controller_id);
	values[5] = CStringGetTextDatum(consent_state_name(answer->verdict.state));
	set_text(values, nulls, 6, primary_reason(&answer->verdict));
	nulls[7] = answer->until == DT_NOEND;
	values[7] = TimestampTzGetDatum(answer->until);
	values[8] = JsonbPGetDatum(consent_because(answer));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* $1 a purpose or NULL, $2 a channel or NULL: are they known? */
static const AccessStatement known_words = {
	"SELECT $1 IS NULL OR EXISTS (SELECT FROM @m.data_use_purpose p WHERE p.purpose = $1),"
	" $2 IS NULL OR EXISTS (SELECT FROM @m.channel_type t WHERE t.channel = $2)",
	2, {TEXTOID, TEXTOID}
};

/* Refuse a purpose or channel that does not exist: no row would read as no consent. */
static void
require_known_words(AccessScope *scope, Datum *words, const char *nulls)
{
	static const char *const names[] = {"purpose", "channel"};

	access_read(scope, &known_words, words, nulls, 1);
	for (int i = 0; i < (int) lengthof(names); i++)
		if (!access_bool(0, i + 1))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s \"%s\" does not exist", names[i], TextDatumGetCString(words[i]))));
}

/*
 * consent_status(model, account_id, for_purpose, on_channel, at, known_at,
 * company_id): one row for each scope on record, resolved over all events
 * that cover it.  company_id is the caller's own company; rows of others are
 * shown to those who may read their events.
 */
Datum
lsce_consent_status(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LsceModel	model;
	AccessScope scope;
	ConsentRequest *requests;
	ConsentAnswer **answers;
	Datum		args[6];
	char		nulls[6] = {' ', ' ', ' ', ' ', ' ', ' '};
	TimestampTz at = time_argument(fcinfo, 4);
	TimestampTz known_at = PG_ARGISNULL(5) ? DT_NOEND : PG_GETARG_TIMESTAMPTZ(5);
	MemoryContext context = CurrentMemoryContext;
	uint64		count;

	InitMaterializedSRF(fcinfo, 0);
	begin_read(fcinfo, &model, &scope, "consent_status");
	args[0] = PG_GETARG_DATUM(1);
	args[1] = PG_GETARG_DATUM(2);
	args[2] = PG_GETARG_DATUM(3);
	args[3] = TimestampTzGetDatum(at);
	args[4] = TimestampTzGetDatum(known_at);
	args[5] = PG_GETARG_DATUM(6);
	nulls[1] = PG_ARGISNULL(2) ? 'n' : ' ';
	nulls[2] = PG_ARGISNULL(3) ? 'n' : ' ';
	nulls[5] = PG_ARGISNULL(6) ? 'n' : ' ';
	require_known_words(&scope, &args[1], &nulls[1]);
	count = access_read(&scope, &scopes, args, nulls, 0);

	requests = MemoryContextAllocZero(context, (count + 1) * sizeof(ConsentRequest));
	answers = MemoryContextAllocZero(context, (count + 1) * sizeof(ConsentAnswer *));
	for (uint64 i = 0; i < count; i++)
	{
		requests[i].account_id = *PG_GETARG_UUID_P(1);
		requests[i].purpose = access_text(i, 1, context);
		requests[i].channel = access_text(i, 2, context);
		access_uuid(i, 3, &requests[i].product_id);
		access_uuid(i, 4, &requests[i].contact_point_id);
		access_uuid(i, 5, &requests[i].controller_id);
		requests[i].at = at;
		requests[i].known_at = known_at;
	}
	for (uint64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		answers[i] = consent_load(&scope, &requests[i], false, context);
	}
	access_end(&scope);

	for (uint64 i = 0; i < count; i++)
	{
		bool		own = !PG_ARGISNULL(6) &&
			memcmp(&requests[i].controller_id, PG_GETARG_UUID_P(6), UUID_LEN) == 0;

		if (!own && !consent_company_visible(&model, &requests[i].account_id,
											 &requests[i].controller_id))
			continue;
		consent_redact(&model, answers[i]);
		put_status(rsinfo, &requests[i], answers[i]);
	}
	return (Datum) 0;
}

/*
 * Is this answer better than the best so far?  One that allows, then one that
 * has only to wait for the hours.
 */
static bool
better_answer(const ConsentAnswer *answer, const ConsentAnswer *best)
{
	int			rank = answer->verdict.allow ? 2 : answer->verdict.earliest != CONSENT_NO_INSTANT &&
		answer->verdict.n_reasons == 1;
	int			best_rank = best->verdict.allow ? 2 : best->verdict.earliest != CONSENT_NO_INSTANT &&
		best->verdict.n_reasons == 1;

	return rank > best_rank;
}

/*
 * The answer for the contact point that was named or, when none was, for the
 * best one the channel can use.
 */
static ConsentAnswer *
best_answer(AccessScope *scope, ConsentRequest *request, bool named, MemoryContext context)
{
	ConsentAnswer *best = NULL;
	Datum		args[3];
	pg_uuid_t  *points;
	uint64		count = 0;

	if (!named && request->channel)
	{
		args[0] = UUIDPGetDatum(&request->account_id);
		args[1] = CStringGetTextDatum(request->channel);
		args[2] = TimestampTzGetDatum(request->at);
		count = access_read(scope, &contact_points, args, NULL, 64);
	}
	points = MemoryContextAllocZero(context, (count + 1) * sizeof(pg_uuid_t));
	for (uint64 i = 0; i < count; i++)
		access_uuid(i, 1, &points[i]);
	if (count == 0)
		return consent_load(scope, request, false, context);
	for (uint64 i = 0; i < count; i++)
	{
		ConsentAnswer *answer;

		request->contact_point_id = points[i];
		answer = consent_load(scope, request, false, context);
		if (best == NULL || better_answer(answer, best))
			best = answer;
	}
	return best;
}

/*
 * can_contact(model, account_id, channel, purpose, at, contact_point_id,
 * product_id, controller_id): allow or deny, why, when at the earliest, and
 * what goes with it.
 */
Datum
lsce_can_contact(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	ConsentRequest request = {0};
	ConsentAnswer *answer;
	TupleDesc	tupdesc;
	Datum		values[5];
	bool		nulls[5] = {0};
	MemoryContext context = CurrentMemoryContext;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	require_argument(fcinfo, 3, "purpose");
	if (PG_ARGISNULL(7))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("no company is named in whose name contact is made"),
				 errhint("Act as a user of the application, or name controller_id.")));
	begin_read(fcinfo, &model, &scope, "can_contact");
	request.account_id = uuid_argument(fcinfo, 1);
	request.channel = text_argument(fcinfo, 2);
	request.purpose = text_argument(fcinfo, 3);
	request.at = time_argument(fcinfo, 4);
	request.known_at = DT_NOEND;
	request.contact_point_id = uuid_argument(fcinfo, 5);
	request.product_id = uuid_argument(fcinfo, 6);
	request.controller_id = uuid_argument(fcinfo, 7);
	/* all zeroes: expressly without one */
	answer = best_answer(&scope, &request, !PG_ARGISNULL(5), context);
	access_end(&scope);
	consent_redact(&model, answer);

	values[0] = CStringGetTextDatum(answer->verdict.allow ? "allow" : "deny");
	set_text(values, nulls, 1, primary_reason(&answer->verdict));
	if (answer->verdict.allow)
		values[2] = TimestampTzGetDatum(request.at);
	else
	{
		nulls[2] = answer->verdict.earliest == CONSENT_NO_INSTANT || answer->verdict.n_reasons > 1;
		values[2] = TimestampTzGetDatum(answer->verdict.earliest);
	}
	values[3] = JsonbPGetDatum(consent_obligations(answer));
	values[4] = JsonbPGetDatum(consent_because(answer));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}

/*
 * consent_needs_confirmation(model, account_id, purpose, channel,
 * contact_point_id, controller_id, method, at): does the regime of the
 * recipient want an opt-in by this method to be confirmed?
 */
Datum
lsce_consent_needs_confirmation(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	ConsentRequest request = {0};
	ConsentAnswer *answer;
	char	   *method = text_argument(fcinfo, 6);
	bool		needed;

	require_argument(fcinfo, 2, "purpose");
	require_argument(fcinfo, 5, "controller_id");
	begin_read(fcinfo, &model, &scope, "record_consent");
	request.account_id = uuid_argument(fcinfo, 1);
	request.purpose = text_argument(fcinfo, 2);
	request.channel = text_argument(fcinfo, 3);
	request.contact_point_id = uuid_argument(fcinfo, 4);
	request.controller_id = uuid_argument(fcinfo, 5);
	request.at = time_argument(fcinfo, 7);
	request.known_at = DT_NOEND;
	answer = consent_load(&scope, &request, false, CurrentMemoryContext);
	needed = answer->facts.regime.double_opt_in;
	for (int i = 0; method && i < answer->facts.regime.n_direct_methods; i++)
		if (strcmp(method, answer->facts.regime.direct_methods[i]) == 0)
			needed = false;
	access_end(&scope);
	PG_RETURN_BOOL(needed);
}
