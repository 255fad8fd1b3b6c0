/*-------------------------------------------------------------------------
 *
 * trigger.c
 *	  What every new consent event has to fulfil, however it is inserted.
 *
 * The token of a double opt-in is made here, for whoever made it could confirm
 * in the person's stead: from the id of the event and a key that only the owner
 * of the model reads.  Of it the event keeps the SHA-256; the token itself goes
 * into the outbox, to the service that writes to the person and to nobody else.
 * A confirmation brings it back in evidence "token".  The owner, who loads
 * events of other systems, brings tokens that went out already.
 *
 * src/consent/trigger.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/json.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "audit/outbox.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_consent_event_check);
PG_FUNCTION_INFO_V1(lsce_consent_event_changed);

#define MIN_TOKEN_LENGTH 16
#define MAX_CHANGES 16

/* columns of the row that are set, with their values */
typedef struct Changes
{
	int			count;
	int			columns[MAX_CHANGES];
	Datum		values[MAX_CHANGES];
	bool		nulls[MAX_CHANGES];
} Changes;

/*
 * $1 account, $2 purpose, $3 channel, $4 contact point, $5 evidence.  The
 * tolerance is for clocks of devices; a token is good for a week unless a
 * setting says otherwise.
 */
static const AccessStatement row_facts = {
	"SELECT (SELECT d.has_channel FROM @m.data_use_purpose d WHERE d.purpose = $2),"
	" (SELECT t.contact_kind FROM @m.channel_type t WHERE t.channel = $3),"
	" (SELECT c.kind FROM @m.contact_point c WHERE c.contact_point_id = $4),"
	" EXISTS (SELECT FROM @m.contact_point c"
	"  JOIN @m.account o ON o.account_id = c.account_id"
	"  JOIN @m.account a ON a.account_id = $1"
	"  WHERE c.contact_point_id = $4"
	"  AND coalesce(o.survivor_id, o.account_id) = coalesce(a.survivor_id, a.account_id)),"
	" coalesce((SELECT (s.value #>> '{}')::int FROM @m.setting s WHERE s.name = 'device_clock_tolerance_minutes'"
	"  AND s.scope = 'org' AND s.valid_from <= now() AND now() < s.valid_to), 5),"
	" coalesce((SELECT (s.value #>> '{}')::int FROM @m.setting s WHERE s.name = 'consent_token_hours'"
	"  AND s.scope = 'org' AND s.valid_from <= now() AND now() < s.valid_to), 168),"
	" length($5 ->> 'token'), sha256(convert_to($5 ->> 'token', 'UTF8')), $5 - 'token',"
	" $5 ->> 'event_date', $5 ->> 'event_date' ~ '^\\d{4}-\\d{2}-\\d{2}$'",
	5, {UUIDOID, TEXTOID, TEXTOID, UUIDOID, JSONBOID}
};

/* the token of a pending event and its digest; $1 the event */
static const AccessStatement token_of_event = {
	"SELECT t.token, sha256(convert_to(t.token, 'UTF8')) FROM (SELECT"
	" encode(sha256(k.value || sha256(k.value || uuid_send($1))), 'hex') AS token"
	" FROM @m.model_secret k WHERE k.name = 'token_key') t",
	1, {UUIDOID}
};

/* $1 the event to confirm, $2 the account that confirms */
static const AccessStatement pending_event = {
	"SELECT e.action, e.token_sha256, e.token_expires_at, e.captured_at, e.controller_id, e.purpose, e.channel,"
	" e.product_id, e.contact_point_id, e.basis, e.effective_to,"
	" (SELECT coalesce(o.survivor_id, o.account_id) FROM @m.account o WHERE o.account_id = e.account_id)"
	"  IS NOT DISTINCT FROM"
	"  (SELECT coalesce(a.survivor_id, a.account_id) FROM @m.account a WHERE a.account_id = $2),"
	" EXISTS (SELECT FROM @m.consent_event c WHERE c.related_event_id = e.event_id AND c.action = 'confirm'),"
	" (e.token_expires_at AT TIME ZONE 'UTC')::text || ' UTC'"
	" FROM @m.consent_event e WHERE e.event_id = $1",
	2, {UUIDOID, UUIDOID}
};

/* Column number of a name; what is not listed is an id. */
static int
column_of(Relation rel, const char *name)
{
	static const struct
	{
		const char *name;
		Oid			type;
	}			types[] = {
		{"captured_at", TIMESTAMPTZOID}, {"recorded_at", TIMESTAMPTZOID}, {"token_expires_at", TIMESTAMPTZOID},
		{"effective_from", TIMESTAMPTZOID}, {"effective_to", TIMESTAMPTZOID},
		{"evidence", JSONBOID}, {"token_sha256", BYTEAOID}, {"recorded_by", NAMEOID},
		{"action", TEXTOID}, {"purpose", TEXTOID}, {"channel", TEXTOID}, {"basis", TEXTOID},
	};

	for (int i = 0; i < (int) lengthof(types); i++)
		if (strcmp(types[i].name, name) == 0)
			return access_column(RelationGetDescr(rel), name, types[i].type);
	return access_column(RelationGetDescr(rel), name, UUIDOID);
}

static Datum
column_value(Relation rel, HeapTuple row, const char *name, bool *isnull)
{
	return heap_getattr(row, column_of(rel, name), RelationGetDescr(rel), isnull);
}

/* The text column in the current context, or NULL. */
static char *
column_text(Relation rel, HeapTuple row, const char *name)
{
	bool		isnull;
	Datum		value = column_value(rel, row, name, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* Set a column to a copy of a value that lives in the current context. */
static void
change_column(Relation rel, Changes *changes, const char *name, Datum value, bool isnull)
{
	int			column = column_of(rel, name);
	Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(rel), column - 1);

	Assert(changes->count < MAX_CHANGES);
	changes->columns[changes->count] = column;
	changes->nulls[changes->count] = isnull;
	changes->values[changes->count] = isnull ? (Datum) 0 :
		datumCopy(value, attribute->attbyval, attribute->attlen);
	changes->count++;
}

/* Set a column to field "field" of the first row of the last result. */
static void
change_from_field(Relation rel, Changes *changes, const char *name, int field, MemoryContext context)
{
	bool		isnull;
	Datum		value = access_value(0, field, SPI_gettypeid(RelationGetDescr(rel), column_of(rel, name)), &isnull);
	MemoryContext old = MemoryContextSwitchTo(context);

	change_column(rel, changes, name, value, isnull);
	MemoryContextSwitchTo(old);
}

/* Refuse a row that contradicts another table. */
static void
refuse_row(Relation rel, const char *constraint, const char *message, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("%s", message),
			 errdetail("%s", detail),
			 errtableconstraint(rel, constraint)));
}

/* Purpose, channel and contact point have to fit each other and the account. */
static void
check_scope(Relation rel, const char *purpose, const char *channel, bool has_point)
{
	MemoryContext context = CurrentMemoryContext;

	if (!access_null(0, 1) && !access_bool(0, 1) && (channel != NULL || has_point))
		refuse_row(rel, "consent_event_no_channel",
				   psprintf("purpose \"%s\" has no channel", purpose),
				   "Consent to it is given without a channel and without a contact point.");
	if (!has_point || access_null(0, 3))
		return;
	if (!access_bool(0, 4))
		refuse_row(rel, "consent_event_contact_owner",
				   "the contact point belongs to another account",
				   "Consent covers contact points of the account that gives it, its merged records included.");
	if (channel != NULL && !access_null(0, 2) &&
		strcmp(access_text(0, 2, context), access_text(0, 3, context)) != 0)
		refuse_row(rel, "consent_event_contact_kind",
				   psprintf("channel \"%s\" does not reach a contact point of kind \"%s\"",
							channel, access_text(0, 3, context)),
				   psprintf("It needs one of kind \"%s\".", access_text(0, 2, context)));
}

/*
 * The row may not come from the future, and an opt-in may not begin before it
 * was given: earlier contacts would look permitted.
 */
static void
check_times(Relation rel, const char *action, TimestampTz captured_at, TimestampTz effective_from)
{
	TimestampTz latest = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
													 (int64) access_int32(0, 5) * 60 * 1000);
	bool		denial = strcmp(action, "withdraw") == 0 || strcmp(action, "object") == 0;

	if (TIMESTAMP_IS_NOBEGIN(captured_at) || TIMESTAMP_NOT_FINITE(effective_from))
		refuse_row(rel, "consent_event_finite", "consent is captured and takes effect at a finite time",
				   "What is open at its end ends at 9999-12-31.");
	if (captured_at > latest)
		ereport(ERROR,
				(errcode(ERRCODE_LSCE_DEVICE_CLOCK),
				 errmsg("consent captured at %s has not happened yet",
						pstrdup(timestamptz_to_str(captured_at))),
				 errdetail("A clock may be %d minutes ahead.", access_int32(0, 5)),
				 errhint("Set the clock of the device."),
				 errtable(rel)));
	if (!denial && effective_from < captured_at)
		refuse_row(rel, "consent_event_not_backdated",
				   psprintf("an event of action \"%s\" cannot take effect before it was captured", action),
				   "Only a withdrawal or an objection may reach back.");
}

/* The event that a legal basis rests on has a day, if it is given one. */
static void
check_event_date(Relation rel, MemoryContext context)
{
	char	   *text = access_text(0, 10, context);

	if (text == NULL)
		return;
	if (!access_bool(0, 11))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_DATETIME_FORMAT),
				 errmsg("evidence \"event_date\" is not a day: \"%s\"", text),
				 errhint("Write it as YYYY-MM-DD."),
				 errtable(rel)));
	(void) DirectFunctionCall1(date_in, CStringGetDatum(text));
}

/* Take the digest of the token that the owner has brought. */
static void
take_token(Relation rel, Changes *changes, MemoryContext context)
{
	if (access_int32(0, 7) < MIN_TOKEN_LENGTH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a confirmation token has at least %d characters, this one has %d",
						MIN_TOKEN_LENGTH, access_int32(0, 7)),
				 errhint("Leave it out: the server makes one.")));
	change_from_field(rel, changes, "token_sha256", 8, context);
}

/* Make the token; afterwards the result of row_facts is gone. */
static void
make_token(AccessScope *scope, Relation rel, Datum event_id, Changes *changes, MemoryContext context)
{
	if (access_read(scope, &token_of_event, &event_id, NULL, 1) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model %s has no key for confirmation tokens", scope->model->name),
				 errhint("Its row \"token_key\" of model_secret is missing.")));
	change_from_field(rel, changes, "token_sha256", 2, context);
}

/* Keep the digest of a pending event's token, and how long it is good. */
static void
set_token(AccessScope *scope, Relation rel, HeapTuple row, TimestampTz captured_at,
		  bool is_owner, Changes *changes, MemoryContext context)
{
	bool		no_digest;
	bool		no_expiry;
	bool		isnull;

	(void) column_value(rel, row, "token_sha256", &no_digest);
	(void) column_value(rel, row, "token_expires_at", &no_expiry);
	if (!access_null(0, 7) && !is_owner)
		ereport(ERROR,
				(errcode(ERRCODE_LSCE_CONSENT_UNCONFIRMED),
				 errmsg("the confirmation token is made by the server"),
				 errhint("Leave \"token\" out of the proof. It goes to the person through the outbox."),
				 errtable(rel)));
	if (no_expiry || !is_owner)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		TimestampTz expires = TimestampTzPlusMilliseconds(captured_at,
														  (int64) access_int32(0, 6) * 3600 * 1000);

		change_column(rel, changes, "token_expires_at", TimestampTzGetDatum(expires), false);
		MemoryContextSwitchTo(old);
	}
	if (!access_null(0, 7))
		take_token(rel, changes, context);
	else if (no_digest || !is_owner)
		make_token(scope, rel, column_value(rel, row, "event_id", &isnull), changes, context);
}

static void
refuse_confirmation(Relation rel, const char *message, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_LSCE_CONSENT_UNCONFIRMED),
			 errmsg("%s", message),
			 detail ? errdetail("%s", detail) : 0,
			 errhint("Ask the person again."),
			 errtable(rel)));
}

/* Does the digest of the pending event equal that of the token brought? */
static bool
same_digest(Datum brought)
{
	bool		isnull;
	Datum		stored = access_value(0, 2, BYTEAOID, &isnull);

	return !isnull && DatumGetBool(DirectFunctionCall2(byteaeq, brought, stored));
}

/*
 * A confirmation: of a pending event of the account, with its token, in time,
 * once.  Its scope is that of the pending event.
 */
static void
set_confirmation(AccessScope *scope, Relation rel, HeapTuple row, TimestampTz captured_at,
				 Changes *changes, MemoryContext context)
{
	Datum		args[2];
	bool		isnull;
	bool		no_token;
	Datum		digest = access_value(0, 8, BYTEAOID, &no_token);

	args[0] = column_value(rel, row, "related_event_id", &isnull);
	if (isnull)
		return;					/* the CHECK constraint says so */
	args[1] = column_value(rel, row, "account_id", &isnull);
	if (access_read(scope, &pending_event, args, NULL, 1) == 0)
		return;					/* and so does the foreign key */

	if (strcmp(access_required_text(0, 1, context), "pending") != 0 || !access_bool(0, 12))
		refuse_confirmation(rel, "only a pending consent of the same account can be confirmed", NULL);
	if (no_token || !same_digest(digest))
		refuse_confirmation(rel, "the confirmation token does not fit the pending consent", NULL);
	if (access_bool(0, 13))
		refuse_confirmation(rel, "the confirmation token was used already", NULL);
	if (captured_at >= access_int64(0, 3))
		refuse_confirmation(rel, "the confirmation token has expired",
							psprintf("It was good until %s.", access_text(0, 14, context)));
	if (captured_at < access_int64(0, 4))
		refuse_confirmation(rel, "a consent cannot be confirmed before it was asked for", NULL);

	change_from_field(rel, changes, "controller_id", 5, context);
	change_from_field(rel, changes, "purpose", 6, context);
	change_from_field(rel, changes, "channel", 7, context);
	change_from_field(rel, changes, "product_id", 8, context);
	change_from_field(rel, changes, "contact_point_id", 9, context);
	change_from_field(rel, changes, "basis", 10, context);
	change_from_field(rel, changes, "effective_to", 11, context);
}

/* Columns that the server sets, whatever the client says. */
static void
set_recorded(Relation rel, Changes *changes)
{
	NameData	name;

	namestrcpy(&name, GetUserNameFromId(GetOuterUserId(), false));
	change_column(rel, changes, "recorded_at", TimestampTzGetDatum(GetCurrentTimestamp()), false);
	change_column(rel, changes, "recorded_by", NameGetDatum(&name), false);
}

/* The row with its changes, in the current context. */
static HeapTuple
apply_changes(Relation rel, HeapTuple row, Changes *changes)
{
	return heap_modify_tuple_by_cols(row, RelationGetDescr(rel), changes->count,
									 changes->columns, changes->values, changes->nulls);
}

/*
 * BEFORE INSERT FOR EACH ROW on consent_event.
 */
Datum
lsce_consent_event_check(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	MemoryContext context = CurrentMemoryContext;
	Changes		changes = {0};
	Relation	rel;
	HeapTuple	row;
	LsceModel	model;
	AccessScope scope;
	Datum		args[5];
	bool		isnull[5];
	char		nulls[5];
	bool		no_time;
	bool		no_start;
	TimestampTz captured_at;
	TimestampTz effective_from;
	bool		is_owner;
	char	   *action;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
		elog(ERROR, "consent_event_check() is for BEFORE INSERT FOR EACH ROW");
	rel = trigdata->tg_relation;
	row = trigdata->tg_trigtuple;

	captured_at = DatumGetTimestampTz(column_value(rel, row, "captured_at", &no_time));
	action = column_text(rel, row, "action");
	args[0] = column_value(rel, row, "account_id", &isnull[0]);
	args[1] = column_value(rel, row, "purpose", &isnull[1]);
	args[2] = column_value(rel, row, "channel", &isnull[2]);
	args[3] = column_value(rel, row, "contact_point_id", &isnull[3]);
	args[4] = column_value(rel, row, "evidence", &isnull[4]);
	if (no_time || action == NULL || isnull[0] || isnull[1] || isnull[4])
		return PointerGetDatum(row);	/* NOT NULL constraints say so */
	for (int i = 0; i < 5; i++)
		nulls[i] = isnull[i] ? 'n' : ' ';

	effective_from = DatumGetTimestampTz(column_value(rel, row, "effective_from", &no_start));
	if (no_start)
	{
		effective_from = captured_at;
		change_column(rel, &changes, "effective_from", TimestampTzGetDatum(effective_from), false);
	}
	set_recorded(rel, &changes);

	access_model_of_relation(RelationGetRelid(rel), &model);
	is_owner = has_privs_of_role(GetUserId(), model.owner);
	access_begin(&scope, &model, ACCESS_READ);
	access_read(&scope, &row_facts, args, nulls, 1);
	check_scope(rel, TextDatumGetCString(args[1]),
				isnull[2] ? NULL : TextDatumGetCString(args[2]), !isnull[3]);
	check_times(rel, action, captured_at, effective_from);
	check_event_date(rel, context);
	if (!access_null(0, 7))
		change_from_field(rel, &changes, "evidence", 9, context);
	if (strcmp(action, "pending") == 0)
		set_token(&scope, rel, row, captured_at, is_owner, &changes, context);
	else if (strcmp(action, "confirm") == 0)
		set_confirmation(&scope, rel, row, captured_at, &changes, context);
	access_end(&scope);
	return PointerGetDatum(apply_changes(rel, row, &changes));
}

/*
 * What only the service that writes to the person may know of a new event: the
 * token it waits for, as JSON; NULL when there is none or it was not made here.
 */
static char *
secret_of_event(AccessScope *scope, Relation rel, HeapTuple row, Datum event_id)
{
	bool		isnull;
	bool		no_digest;
	Datum		stored = column_value(rel, row, "token_sha256", &no_digest);

	if (no_digest || access_read(scope, &token_of_event, &event_id, NULL, 1) == 0 ||
		!DatumGetBool(DirectFunctionCall2(byteaeq, stored, access_value(0, 2, BYTEAOID, &isnull))))
		return NULL;
	return psprintf("{\"token\": \"%s\"}", access_text(0, 1, CurrentMemoryContext));
}

/*
 * AFTER INSERT FOR EACH ROW on consent_event: tells other systems.
 */
Datum
lsce_consent_event_changed(PG_FUNCTION_ARGS)
{
	static const char *const ids[] = {"account_id", "controller_id", "product_id", "contact_point_id"};
	static const char *const texts[] = {"action", "purpose", "channel"};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	Relation	rel;
	HeapTuple	row;
	LsceModel	model;
	AccessScope scope;
	StringInfoData payload;
	bool		isnull;
	Datum		event_id;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
		elog(ERROR, "consent_event_changed() is for AFTER INSERT FOR EACH ROW");
	rel = trigdata->tg_relation;
	row = trigdata->tg_trigtuple;
	event_id = column_value(rel, row, "event_id", &isnull);

	initStringInfo(&payload);
	for (int i = 0; i < (int) (lengthof(texts) + lengthof(ids)); i++)
	{
		bool		is_id = i >= (int) lengthof(texts);
		const char *name = is_id ? ids[i - lengthof(texts)] : texts[i];
		Datum		value = column_value(rel, row, name, &isnull);

		if (isnull)
			continue;
		appendStringInfo(&payload, "%s\"%s\": ", payload.len == 0 ? "{" : ", ", name);
		escape_json(&payload, is_id ? DatumGetCString(DirectFunctionCall1(uuid_out, value)) :
					TextDatumGetCString(value));
	}
	appendStringInfoChar(&payload, '}');

	access_model_of_relation(RelationGetRelid(rel), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	outbox_add(&scope, "consent.changed", DatumGetUUIDP(event_id), payload.data,
			   secret_of_event(&scope, rel, row, event_id));
	access_end(&scope);
	return PointerGetDatum(NULL);
}
