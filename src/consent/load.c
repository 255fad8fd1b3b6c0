/*-------------------------------------------------------------------------
 *
 * load.c
 *	  From the tables of a model to the facts of a consent question.
 *
 * Four statements: who the recipient is and when it is there; what the question
 * is about; all events of the account and of the records merged into it; the
 * regime.  Everything that depends on a time zone is computed in them, but for
 * the end of a day, so that the resolver compares days and instants only.
 *
 * src/consent/load.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "consent/direct.h"
#include "consent/load.h"

/*
 * The place of a contact point is its own, that of the one it inherits from,
 * or that of the account's primary address; the country of the account is the
 * last resort.
 */
static const AccessStatement recipient = {
	"WITH RECURSIVE who AS ("
	" SELECT s.account_id, s.country_code, coalesce(h.no_contact, false) AS no_contact"
	" FROM @m.account a"
	" JOIN @m.account s ON s.account_id = coalesce(a.survivor_id, a.account_id)"
	" LEFT JOIN @m.hcp h ON h.account_id = s.account_id"
	" WHERE a.account_id = $1),"
	" start AS ("
	" SELECT c.contact_point_id FROM @m.contact_point c WHERE c.contact_point_id = $2"
	" UNION ALL"
	" (SELECT c.contact_point_id FROM @m.contact_point c, who"
	"  WHERE c.account_id = who.account_id AND c.kind = 'address'"
	"  AND c.valid_from <= ($3 AT TIME ZONE 'UTC')::date AND ($3 AT TIME ZONE 'UTC')::date < c.valid_to"
	"  ORDER BY c.is_primary DESC, c.contact_point_id LIMIT 1)),"
	" place (depth, rank, inherits_from, country_code, region_code, tz) AS ("
	" SELECT 0, (c.contact_point_id IS DISTINCT FROM $2)::int, c.inherits_from, c.country_code, c.region_code, c.tz"
	" FROM @m.contact_point c WHERE c.contact_point_id IN (SELECT s.contact_point_id FROM start s)"
	" UNION ALL"
	" SELECT p.depth + 1, p.rank, c.inherits_from, c.country_code, c.region_code, c.tz"
	" FROM place p JOIN @m.contact_point c ON c.contact_point_id = p.inherits_from"
	" WHERE p.depth < 8),"
	" located AS ("
	" SELECT w.account_id, w.no_contact, coalesce(p.country_code, w.country_code) AS country_code,"
	" coalesce(p.tz, (SELECT r.tz FROM @m.region r WHERE r.region_code = p.region_code),"
	"  (SELECT y.tz FROM @m.country y WHERE y.country_code = coalesce(p.country_code, w.country_code))) AS tz"
	" FROM who w LEFT JOIN LATERAL (SELECT o.country_code, o.region_code, o.tz FROM place o"
	"  WHERE o.country_code IS NOT NULL ORDER BY o.rank, o.depth LIMIT 1) p ON true)"
	" SELECT l.account_id, l.country_code, l.tz, l.no_contact,"
	" ($3 AT TIME ZONE l.tz)::date, ($3 AT TIME ZONE l.tz)::time,"
	" (SELECT (s.value #>> '{}')::int FROM @m.setting s WHERE s.name = 'consent_max_age_months'"
	"  AND (s.scope = 'org' OR (s.scope = 'country' AND s.scope_key = l.country_code))"
	"  AND s.valid_from <= $3 AND $3 < s.valid_to ORDER BY s.scope = 'org' LIMIT 1)"
	" FROM located l",
	3, {UUIDOID, UUIDOID, TIMESTAMPTZOID}, direct_consent_recipient
};

/* What does not depend on the recipient, and is the same for many of them. */
static const AccessStatement scope_of_question = {
	"WITH RECURSIVE purposes (depth, purpose, parent) AS ("
	" SELECT 1, d.purpose, d.parent FROM @m.data_use_purpose d WHERE d.purpose = $1"
	" UNION ALL"
	" SELECT u.depth + 1, d.purpose, d.parent FROM purposes u"
	" JOIN @m.data_use_purpose d ON d.purpose = u.parent WHERE u.depth < 32),"
	" products (depth, product_id, parent_id, brand_id) AS ("
	" SELECT 1, p.product_id, p.parent_id, p.brand_id FROM @m.product p WHERE p.product_id = $2"
	" UNION"
	" SELECT u.depth + 1, p.product_id, p.parent_id, p.brand_id FROM products u"
	" JOIN @m.product p ON p.product_id IN (u.parent_id, u.brand_id) WHERE u.depth < 16)"
	" SELECT ARRAY(SELECT u.purpose FROM purposes u ORDER BY u.depth),"
	" ARRAY(SELECT u.product_id FROM products u GROUP BY u.product_id ORDER BY min(u.depth), u.product_id LIMIT 32),"
	" (SELECT d.has_channel FROM @m.data_use_purpose d WHERE d.purpose = $1),"
	" EXISTS (SELECT FROM @m.channel_type t WHERE t.channel = $3),"
	" EXISTS (SELECT FROM @m.company c WHERE c.company_id = $4)",
	4, {TEXTOID, UUIDOID, TEXTOID, UUIDOID}, direct_consent_scope
};

static const AccessStatement account_events = {
	"SELECT e.event_id, e.controller_id, e.purpose, e.channel, e.product_id, e.contact_point_id,"
	" e.action, e.basis, e.related_event_id, e.captured_at, e.effective_from, e.effective_to,"
	" (e.effective_from AT TIME ZONE $2)::date, e.token_expires_at, e.evidence ->> 'event',"
	" CASE WHEN e.evidence ->> 'event_date' ~ '^\\d{4}-\\d{2}-\\d{2}$' THEN (e.evidence ->> 'event_date')::date END,"
	" e.evidence ->> 'method',"
	" ARRAY(SELECT j.key FROM jsonb_each(e.evidence) j"
	"  WHERE j.value NOT IN ('null', 'false', '\"\"') AND j.key <> 'captured_at'"
	"  UNION ALL SELECT 'captured_at' ORDER BY 1)"
	" FROM @m.consent_event e"
	" WHERE e.account_id IN (SELECT a.account_id FROM @m.account a WHERE a.account_id = $1 OR a.survivor_id = $1)"
	" AND e.recorded_at <= $3"
	" ORDER BY e.effective_from, e.event_id",
	3, {UUIDOID, TEXTOID, TIMESTAMPTZOID}, direct_consent_events
};

static const AccessStatement regime_row = {
	"SELECT r.regime_id, r.default_state, r.admissible_basis, r.double_opt_in, r.confirm_unless_method,"
	" r.evidence_required, r.expires_after, r.expires_from = 'last_contact',"
	" ARRAY(SELECT j.key FROM jsonb_each_text(r.basis_ages) j ORDER BY j.key),"
	" ARRAY(SELECT j.value::interval FROM jsonb_each_text(r.basis_ages) j ORDER BY j.key),"
	" r.hours_from, r.hours_to,"
	" ($4 + r.hours_from) AT TIME ZONE $5, ($4 + 1 + r.hours_from) AT TIME ZONE $5,"
	" r.stop_within_business_days, r.retain_for, r.obligations, r.legal_ref"
	" FROM @m.consent_regime r"
	" WHERE r.country_code = $1 AND r.purpose = ANY ($2) AND (r.channel IS NULL OR r.channel = $3)"
	" AND r.status = 'approved' AND r.valid_from <= $4 AND $4 < r.valid_to"
	" ORDER BY array_position($2, r.purpose), r.channel IS NULL LIMIT 1",
	5, {TEXTOID, TEXTARRAYOID, TEXTOID, DATEOID, TEXTOID}, direct_consent_regime
};

/*
 * When the account last had to do with the company of its own will: a visit
 * that took place, or a message whose link it followed.
 */
static const AccessStatement last_contact = {
	"SELECT max(c.day) FROM ("
	" SELECT (v.actual_from AT TIME ZONE $2)::date AS day FROM @m.visit v"
	" JOIN @m.app_user u ON u.user_id = v.owner_id AND u.company_id = $3"
	" WHERE v.account_id IN (SELECT a.account_id FROM @m.account a WHERE a.account_id = $1 OR a.survivor_id = $1)"
	" AND v.status IN ('completed', 'signed', 'submitted') AND v.actual_from <= $4"
	" UNION ALL"
	" SELECT (m.sent_at AT TIME ZONE $2)::date FROM @m.outbound_message m"
	" WHERE m.account_id IN (SELECT a.account_id FROM @m.account a WHERE a.account_id = $1 OR a.survivor_id = $1)"
	" AND m.controller_id = $3 AND m.state = 'clicked' AND m.sent_at <= $4) c",
	4, {UUIDOID, TEXTOID, UUIDOID, TIMESTAMPTZOID}, direct_consent_last_contact
};

/* 9999-12-31 00:00 UTC: the open end of stored ranges */
#define CONSENT_OPEN_END (INT64CONST(2921939) * USECS_PER_DAY)

static ConsentId
id_from_field(uint64 row, int column)
{
	pg_uuid_t	uuid;
	ConsentId	id;

	access_uuid(row, column, &uuid);
	memcpy(id.bytes, uuid.data, sizeof(id.bytes));
	return id;
}

static ConsentId
id_from_uuid(const pg_uuid_t *uuid)
{
	ConsentId	id;

	memcpy(id.bytes, uuid->data, sizeof(id.bytes));
	return id;
}

static bool
uuid_given(const pg_uuid_t *uuid)
{
	static const pg_uuid_t zero;

	return memcmp(uuid, &zero, sizeof(zero)) != 0;
}

/* An instant as the resolver counts; the end of time is CONSENT_NO_INSTANT. */
static int64_t
instant_from_field(uint64 row, int column)
{
	TimestampTz value;

	if (access_null(row, column))
		return CONSENT_NO_INSTANT;
	value = access_int64(row, column);
	/* the open end of domain rows */
	return value >= CONSENT_OPEN_END ? CONSENT_NO_INSTANT : value;
}

/* The text[] field as C strings in "context". */
static const char *const *
texts_from_field(uint64 row, int column, MemoryContext context, int *count)
{
	bool		isnull;
	Datum		value = access_value(row, column, TEXTARRAYOID, &isnull);
	Datum	   *elements;
	MemoryContext old;
	char	  **result;

	*count = 0;
	if (isnull)
		return NULL;
	deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, NULL, count);
	old = MemoryContextSwitchTo(context);
	result = palloc((*count + 1) * sizeof(char *));
	for (int i = 0; i < *count; i++)
		result[i] = TextDatumGetCString(elements[i]);
	MemoryContextSwitchTo(old);
	return (const char *const *) result;
}

/* Months and days of the interval field; both 0 when it is NULL. */
static void
age_from_field(uint64 row, int column, int32_t *months, int32_t *days)
{
	bool		isnull;
	Datum		value = access_value(row, column, INTERVALOID, &isnull);

	*months = isnull ? 0 : DatumGetIntervalP(value)->month;
	*days = isnull ? 0 : DatumGetIntervalP(value)->day;
}

/* What was asked about is not there: an error, or false when "missing_ok". */
static bool
refuse_unknown(const char *what, const char *value, bool missing_ok)
{
	if (!missing_ok)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s \"%s\" does not exist", what, value)));
	return false;
}

/* The same for a row known by its id. */
static bool
refuse_unknown_id(const char *what, const pg_uuid_t *id, bool missing_ok)
{
	return refuse_unknown(what, DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(id))),
						  missing_ok);
}

/* Product levels of the second statement, self first. */
static void
set_products(ConsentQuestion *question, uint64 row, int column)
{
	bool		isnull;
	Datum		value = access_value(row, column, UUIDARRAYOID, &isnull);
	Datum	   *elements;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(value), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR,
					  &elements, NULL, &count);
	question->n_products = Min(count, CONSENT_MAX_LEVELS);
	for (int i = 0; i < question->n_products; i++)
		question->products[i] = id_from_uuid(DatumGetUUIDP(elements[i]));
}

/*
 * The second statement: purposes, products, and whether there is what the
 * question names.  False when something is unknown.
 */
static bool
load_scope(AccessScope *scope, const ConsentRequest *request, bool missing_ok,
		   MemoryContext context, ConsentAnswer *answer)
{
	ConsentQuestion *question = &answer->facts.question;
	Datum		args[4];
	char		nulls[4] = {' ', ' ', ' ', ' '};
	const char *const *purposes;

	args[0] = CStringGetTextDatum(request->purpose);
	args[1] = UUIDPGetDatum(&request->product_id);
	args[2] = request->channel ? CStringGetTextDatum(request->channel) : (Datum) 0;
	args[3] = UUIDPGetDatum(&request->controller_id);
	nulls[1] = uuid_given(&request->product_id) ? ' ' : 'n';
	nulls[2] = request->channel ? ' ' : 'n';
	access_read(scope, &scope_of_question, args, nulls, 1);

	purposes = texts_from_field(0, 1, context, &question->n_purposes);
	question->n_purposes = Min(question->n_purposes, CONSENT_MAX_LEVELS);
	for (int i = 0; i < question->n_purposes; i++)
		question->purposes[i] = purposes[i];
	set_products(question, 0, 2);
	answer->has_channel = access_bool(0, 3);

	if (question->n_purposes == 0)
		return refuse_unknown("purpose", request->purpose, missing_ok);
	if (request->channel && !access_bool(0, 4))
		return refuse_unknown("channel", request->channel, missing_ok);
	if (!access_bool(0, 5))
		return refuse_unknown_id("company", &request->controller_id, missing_ok);
	if (uuid_given(&request->product_id) && question->n_products == 0)
		return refuse_unknown_id("product", &request->product_id, missing_ok);
	return true;
}

/*
 * The first two statements: fill in the question and where the recipient is.
 * False when something is unknown.
 */
static bool
load_recipient(AccessScope *scope, const ConsentRequest *request, bool missing_ok,
			   MemoryContext context, ConsentAnswer *answer)
{
	ConsentQuestion *question = &answer->facts.question;
	Datum		args[3];
	char		nulls[3] = {' ', ' ', ' '};
	bool		no_contact;

	args[0] = UUIDPGetDatum(&request->account_id);
	args[1] = UUIDPGetDatum(&request->contact_point_id);
	args[2] = TimestampTzGetDatum(request->at);
	nulls[1] = uuid_given(&request->contact_point_id) ? ' ' : 'n';
	if (access_read(scope, &recipient, args, nulls, 1) == 0)
		return refuse_unknown_id("account", &request->account_id, missing_ok);

	access_uuid(0, 1, &answer->account_id);
	answer->country = access_text(0, 2, context);
	answer->tz = access_text(0, 3, context);
	no_contact = access_bool(0, 4);
	question->controller = id_from_uuid(&request->controller_id);
	question->contact_point = id_from_uuid(&request->contact_point_id);
	question->channel = request->channel ? MemoryContextStrdup(context, request->channel) : NULL;
	question->at = request->at;
	question->local_day = access_int32(0, 5);
	question->local_time = access_int64(0, 6);
	question->company_age_months = access_int32(0, 7);
	question->last_contact_day = CONSENT_NO_DAY;
	if (!load_scope(scope, request, missing_ok, context, answer))
		return false;
	question->suppressed = no_contact && answer->has_channel;
	return true;
}

/* One row of the third statement. */
static void
set_event(ConsentEvent *event, uint64 row, MemoryContext context)
{
	event->id = id_from_field(row, 1);
	event->controller = id_from_field(row, 2);
	event->purpose = access_required_text(row, 3, context);
	event->channel = access_text(row, 4, context);
	event->product = id_from_field(row, 5);
	event->contact_point = id_from_field(row, 6);
	event->action = consent_action_by_name(access_required_text(row, 7, context));
	event->basis = access_required_text(row, 8, context);
	event->related = id_from_field(row, 9);
	event->captured_at = access_int64(row, 10);
	event->effective_from = access_int64(row, 11);
	event->effective_to = instant_from_field(row, 12);
	event->effective_day = access_int32(row, 13);
	event->token_expires_at = instant_from_field(row, 14);
	event->basis_event = access_text(row, 15, context);
	event->basis_day = access_null(row, 16) ? CONSENT_NO_DAY : access_int32(row, 16);
	event->method = access_text(row, 17, context);
	event->evidence = texts_from_field(row, 18, context, &event->n_evidence);
}

/* The third statement: all events of the account. */
static void
load_events(AccessScope *scope, const ConsentRequest *request,
			MemoryContext context, ConsentAnswer *answer)
{
	Datum		args[3];
	uint64		count;
	ConsentEvent *events;

	args[0] = UUIDPGetDatum(&answer->account_id);
	args[1] = CStringGetTextDatum(answer->tz);
	args[2] = TimestampTzGetDatum(request->known_at);
	count = access_read(scope, &account_events, args, NULL, 0);
	events = MemoryContextAllocZero(context, (count + 1) * sizeof(ConsentEvent));
	for (uint64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		set_event(&events[i], i, context);
	}
	answer->facts.events = events;
	answer->facts.n_events = (int) count;
}

/* Ages of bases: two arrays of the same length, by key. */
static void
set_basis_ages(ConsentRegime *regime, uint64 row, int column, MemoryContext context)
{
	const char *const *names;
	Datum	   *elements;
	int			count;
	bool		isnull;
	ConsentAge *ages;

	names = texts_from_field(row, column, context, &regime->n_basis_ages);
	deconstruct_array(DatumGetArrayTypeP(access_value(row, column + 1, INTERVALARRAYOID, &isnull)),
					  INTERVALOID, sizeof(Interval), false, TYPALIGN_DOUBLE,
					  &elements, NULL, &count);
	ages = MemoryContextAllocZero(context, (count + 1) * sizeof(ConsentAge));
	for (int i = 0; i < count; i++)
	{
		ages[i].event = names[i];
		ages[i].months = DatumGetIntervalP(elements[i])->month;
		ages[i].days = DatumGetIntervalP(elements[i])->day;
	}
	regime->basis_ages = ages;
}

/* The fourth statement: the regime, or the strictest when there is no row. */
static void
load_regime(AccessScope *scope, const ConsentRequest *request,
			MemoryContext context, ConsentAnswer *answer)
{
	ConsentRegime *regime = &answer->facts.regime;
	const ConsentQuestion *question = &answer->facts.question;
	Datum		args[5];
	char		nulls[5] = {' ', ' ', ' ', ' ', ' '};
	Datum		purposes[CONSENT_MAX_LEVELS];
	char	   *default_state;

	for (int i = 0; i < question->n_purposes; i++)
		purposes[i] = CStringGetTextDatum(question->purposes[i]);
	args[0] = CStringGetTextDatum(answer->country);
	args[1] = PointerGetDatum(construct_array(purposes, question->n_purposes,
											  TEXTOID, -1, false, TYPALIGN_INT));
	args[2] = request->channel ? CStringGetTextDatum(request->channel) : (Datum) 0;
	args[3] = DateADTGetDatum(question->local_day);
	args[4] = CStringGetTextDatum(answer->tz);
	nulls[2] = request->channel ? ' ' : 'n';
	if (access_read(scope, &regime_row, args, nulls, 1) == 0)
	{
		consent_regime_strictest(regime, answer->has_channel);
		regime->country = answer->country;
		return;
	}

	regime->id = id_from_field(0, 1);
	regime->country = answer->country;
	default_state = access_required_text(0, 2, context);
	regime->default_state = strcmp(default_state, "opt_out") == 0 ? CONSENT_DEFAULT_OPT_OUT :
		strcmp(default_state, "never") == 0 ? CONSENT_DEFAULT_NEVER : CONSENT_DEFAULT_OPT_IN;
	regime->bases = texts_from_field(0, 3, context, &regime->n_bases);
	regime->double_opt_in = access_bool(0, 4);
	regime->direct_methods = texts_from_field(0, 5, context, &regime->n_direct_methods);
	regime->evidence_required = texts_from_field(0, 6, context, &regime->n_evidence_required);
	age_from_field(0, 7, &regime->age_months, &regime->age_days);
	regime->age_from_last_contact = access_bool(0, 8);
	set_basis_ages(regime, 0, 9, context);
	regime->hours_from = access_int64(0, 11);
	regime->hours_to = access_int64(0, 12);
	regime->opens_today = instant_from_field(0, 13);
	regime->opens_tomorrow = instant_from_field(0, 14);
	regime->stop_within_business_days = access_int32(0, 15);
	age_from_field(0, 16, &regime->retain_months, &regime->retain_days);
	regime->obligations = texts_from_field(0, 17, context, &regime->n_obligations);
	answer->legal_ref = access_text(0, 18, context);
}

/* When the regime counts from it, the day of the last contact. */
static void
load_last_contact(AccessScope *scope, const ConsentRequest *request, ConsentAnswer *answer)
{
	Datum		args[4];

	args[0] = UUIDPGetDatum(&answer->account_id);
	args[1] = CStringGetTextDatum(answer->tz);
	args[2] = UUIDPGetDatum(&request->controller_id);
	args[3] = TimestampTzGetDatum(request->at);
	access_read(scope, &last_contact, args, NULL, 1);
	if (!access_null(0, 1))
		answer->facts.question.last_contact_day = access_int32(0, 1);
}

/* The first instant that the verdict's opt-in no longer covers. */
static void
set_until(ConsentAnswer *answer)
{
	const ConsentVerdict *verdict = &answer->verdict;
	TimestampTz by_age = DT_NOEND;

	answer->until = verdict->valid_until == CONSENT_NO_INSTANT ? DT_NOEND : verdict->valid_until;
	if (verdict->valid_last_day < DATE_END_JULIAN - POSTGRES_EPOCH_JDATE - 1)
	{
		Datum		midnight = DirectFunctionCall1(date_timestamp, DateADTGetDatum(verdict->valid_last_day + 1));

		by_age = DatumGetTimestampTz(DirectFunctionCall2(timestamp_zone, CStringGetTextDatum(answer->tz), midnight));
	}
	answer->until = Min(answer->until, by_age);
}

/*
 * Answer a question: load its facts and resolve them.  The answer lives in
 * "context".  When account, purpose, channel, company or product do not exist:
 * NULL with "missing_ok", else an error.  The instant has to be finite.
 */
ConsentAnswer *
consent_load(AccessScope *scope, const ConsentRequest *request, bool missing_ok,
			 MemoryContext context)
{
	ConsentAnswer *answer = MemoryContextAllocZero(context, sizeof(ConsentAnswer));

	if (TIMESTAMP_NOT_FINITE(request->at))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("consent cannot be asked for at an infinite time")));
	if (!load_recipient(scope, request, missing_ok, context, answer))
		return NULL;
	load_events(scope, request, context, answer);
	load_regime(scope, request, context, answer);
	if (answer->facts.regime.age_from_last_contact)
		load_last_contact(scope, request, answer);
	consent_resolve(&answer->facts, &answer->verdict);
	set_until(answer);
	return answer;
}
