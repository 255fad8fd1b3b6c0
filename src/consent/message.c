/*-------------------------------------------------------------------------
 *
 * message.c
 *	  Messages: a permit when they are queued, another when they are sent.
 *
 * A row trigger assigns the id of the decision, a later trigger judges the
 * stored message and stores the decision under this id; the deferred foreign
 * key of the message wants both.  What the client says about decisions, states
 * and times is overwritten or refused.
 *
 * Nothing is locked: of a message and a withdrawal that commit at the same
 * time, either may be the first.
 *
 * src/consent/message.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "access/access.h"
#include "compat.h"
#include "consent/load.h"
#include "errors.h"
#include "lsce.h"
#include "rules/rules.h"
#include "security/acting_user.h"

PG_FUNCTION_INFO_V1(lsce_message_assign);
PG_FUNCTION_INFO_V1(lsce_message_permit);
PG_FUNCTION_INFO_V1(lsce_message_change);
PG_FUNCTION_INFO_V1(lsce_message_send_permit);

/* what may follow a state */
static const struct
{
	const char *from;
	const char *to;
}			transitions[] =
{
	{"queued", "held"},
	{"held", "queued"},
	{"queued", "suppressed"},
	{"held", "suppressed"},
	{"queued", "sent"},
	{"sent", "delivered"},
	{"sent", "bounced"},
	{"sent", "opened"},
	{"sent", "clicked"},
	{"delivered", "opened"},
	{"delivered", "clicked"},
	{"opened", "clicked"},
};

/* the rest is what a message is, and stays */
static const char *const mutable_columns[] = {"state", "send_decision_id", "sent_at"};

/* columns of a message, in the order of message_columns */
typedef enum MessageColumn
{
	MESSAGE_ID,
	MESSAGE_ACCOUNT,
	MESSAGE_PRODUCT,
	MESSAGE_CONTROLLER,
	MESSAGE_PURPOSE,
	MESSAGE_CHANNEL,
	MESSAGE_CONTACT_POINT,
	MESSAGE_USER,
	MESSAGE_DECISION,
	MESSAGE_SEND_DECISION,
	MESSAGE_QUEUED_AT,
	MESSAGE_SENT_AT,
	MESSAGE_COLUMNS
} MessageColumn;

static const char *const message_columns[MESSAGE_COLUMNS] = {
	"message_id", "account_id", "product_id", "controller_id", "purpose", "channel",
	"contact_point_id", "user_id", "decision_id", "send_decision_id", "queued_at", "sent_at"
};

/* Column number of a name; what is no text and no time is an id. */
static int
column_of(TupleDesc tupdesc, const char *name)
{
	static const char *const texts[] = {"state", "admission", "purpose", "channel"};

	for (int i = 0; i < (int) lengthof(texts); i++)
		if (strcmp(texts[i], name) == 0)
			return access_column(tupdesc, name, TEXTOID);
	if (strcmp(name, "queued_at") == 0 || strcmp(name, "sent_at") == 0)
		return access_column(tupdesc, name, TIMESTAMPTZOID);
	return access_column(tupdesc, name, UUIDOID);
}

/* The trigger's data, when it fires as it should. */
static TriggerData *
trigger_data(FunctionCallInfo fcinfo, TriggerEvent event, bool before, bool row)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		(trigdata->tg_event & TRIGGER_EVENT_OPMASK) != event ||
		(TRIGGER_FIRED_BEFORE(trigdata->tg_event) != 0) != before ||
		(TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) != 0) != row)
		elog(ERROR, "trigger function of outbound_message called in the wrong place");
	return trigdata;
}

/* The id of the acting user in the model; false when there is none. */
static bool
acting_user_id(Relation rel, pg_uuid_t *id)
{
	LsceModel	model;
	AccessScope scope;
	ActingUser	user;
	bool		found;

	access_model_of_relation(RelationGetRelid(rel), &model);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	found = security_acting_user(&scope, &user);
	access_end(&scope);
	if (found)
		*id = user.user_id;
	return found;
}

/*
 * BEFORE INSERT FOR EACH ROW: a message begins queued, now, with a decision of
 * its own, in the name of the acting user where none is named.
 */
Datum
lsce_message_assign(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = trigger_data(fcinfo, TRIGGER_EVENT_INSERT, true, true);
	Relation	rel = trigdata->tg_relation;
	TupleDesc	tupdesc = RelationGetDescr(rel);
	HeapTuple	row = trigdata->tg_trigtuple;
	int			columns[7];
	Datum		values[7] = {0};
	bool		nulls[7] = {0};
	pg_uuid_t	user_id;
	bool		no_user;
	int			n = 0;

	columns[n] = column_of(tupdesc, "decision_id");
	values[n++] = DirectFunctionCall1(lsce_uuid_v7, (Datum) 0);
	columns[n] = column_of(tupdesc, "send_decision_id");
	nulls[n++] = true;
	columns[n] = column_of(tupdesc, "sent_at");
	nulls[n++] = true;
	columns[n] = column_of(tupdesc, "state");
	values[n++] = CStringGetTextDatum("queued");
	columns[n] = column_of(tupdesc, "admission");
	values[n++] = CStringGetTextDatum("permit");
	columns[n] = column_of(tupdesc, "queued_at");
	values[n++] = TimestampTzGetDatum(GetCurrentTimestamp());
	(void) heap_getattr(row, column_of(tupdesc, "user_id"), tupdesc, &no_user);
	if (no_user && acting_user_id(rel, &user_id))
	{
		columns[n] = column_of(tupdesc, "user_id");
		values[n++] = UUIDPGetDatum(&user_id);
	}
	return PointerGetDatum(heap_modify_tuple_by_cols(row, tupdesc, n, columns, values, nulls));
}

/* The uuid of a field; all zeroes when it is NULL. */
static Uuid16
uuid_of(const Datum *values, const bool *nulls, MessageColumn column)
{
	static const Uuid16 zero;

	return nulls[column] ? zero : rules_uuid(DatumGetUUIDP(values[column]));
}

/*
 * When the message may go, if only the hours of the recipient stand against
 * sending it now; else now.  Queueing at night is no contact at night.
 */
static TimestampTz
earliest_sending(AccessScope *scope, const Datum *values, const bool *nulls, TimestampTz now,
				 MemoryContext context)
{
	ConsentRequest request = {0};
	ConsentAnswer *answer;

	request.account_id = *DatumGetUUIDP(values[MESSAGE_ACCOUNT]);
	request.controller_id = *DatumGetUUIDP(values[MESSAGE_CONTROLLER]);
	request.product_id = *DatumGetUUIDP(values[MESSAGE_PRODUCT]);
	request.contact_point_id = *DatumGetUUIDP(values[MESSAGE_CONTACT_POINT]);
	request.purpose = TextDatumGetCString(values[MESSAGE_PURPOSE]);
	request.channel = TextDatumGetCString(values[MESSAGE_CHANNEL]);
	request.at = now;
	request.known_at = DT_NOEND;
	answer = consent_load(scope, &request, true, context);
	if (answer != NULL && answer->verdict.n_reasons == 1 &&
		answer->verdict.reasons[0] == LSCE_REASON_CONTACT_WINDOW)
		return answer->verdict.earliest;
	return now;
}

/*
 * Judge a message as of "at" and store the permit under the id that the message
 * names in "decision".  Raises what the verdict refuses.
 */
static void
store_permit(AccessScope *scope, const Datum *values, const bool *nulls,
			 MessageColumn decision, TimestampTz at, MemoryContext context)
{
	RuleRequest request;
	Facts	   *facts;
	Verdict    *verdict;
	pg_uuid_t	decision_id = *DatumGetUUIDP(values[decision]);

	rules_request_init(&request, KIND_MESSAGE_SEND);
	request.fact_id = uuid_of(values, nulls, MESSAGE_ID);
	request.account_id = uuid_of(values, nulls, MESSAGE_ACCOUNT);
	request.product_id = uuid_of(values, nulls, MESSAGE_PRODUCT);
	request.controller_id = uuid_of(values, nulls, MESSAGE_CONTROLLER);
	request.contact_point_id = uuid_of(values, nulls, MESSAGE_CONTACT_POINT);
	request.user_id = uuid_of(values, nulls, MESSAGE_USER);
	request.purpose = TextDatumGetCString(values[MESSAGE_PURPOSE]);
	request.channel = TextDatumGetCString(values[MESSAGE_CHANNEL]);
	request.at = at;
	rules_resolve(scope, &request, context);
	facts = rules_load(scope, &request, context);
	verdict = rules_judge(facts, context);
	if (verdict->outcome == VERDICT_DENY)
		rules_raise(scope, facts, verdict, NULL);
	rules_store_as(scope, facts, verdict, "permit", &decision_id);
}

/* The columns of a message out of a slot. */
static void
message_from_slot(TupleTableSlot *slot, Datum *values, bool *nulls)
{
	for (int i = 0; i < MESSAGE_COLUMNS; i++)
		values[i] = slot_getattr(slot, column_of(slot->tts_tupleDescriptor, message_columns[i]),
								 &nulls[i]);
}

/*
 * AFTER INSERT FOR EACH STATEMENT, with the new rows: a permit for each.
 */
Datum
lsce_message_permit(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = trigger_data(fcinfo, TRIGGER_EVENT_INSERT, false, false);
	Relation	rel = trigdata->tg_relation;
	LsceModel	model;
	AccessScope scope;
	TupleTableSlot *slot;
	MemoryContext context;

	if (trigdata->tg_newtable == NULL)
		elog(ERROR, "message_permit() needs the new rows as a transition table");
	context = AllocSetContextCreate(CurrentMemoryContext, "message permit", ALLOCSET_DEFAULT_SIZES);
	slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
	access_model_of_relation(RelationGetRelid(rel), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	access_share(&scope);
	tuplestore_rescan(trigdata->tg_newtable);
	while (tuplestore_gettupleslot(trigdata->tg_newtable, true, false, slot))
	{
		Datum		values[MESSAGE_COLUMNS];
		bool		nulls[MESSAGE_COLUMNS];
		TimestampTz at;

		CHECK_FOR_INTERRUPTS();
		message_from_slot(slot, values, nulls);
		at = earliest_sending(&scope, values, nulls,
							  DatumGetTimestampTz(values[MESSAGE_QUEUED_AT]), context);
		store_permit(&scope, values, nulls, MESSAGE_DECISION, at, context);
		MemoryContextReset(context);
	}
	access_end(&scope);
	ExecDropSingleTupleTableSlot(slot);
	MemoryContextDelete(context);
	return PointerGetDatum(NULL);
}

/* Refuse an update that would change what a message is. */
static void
check_unchanged(Relation rel, HeapTuple old, HeapTuple new)
{
	TupleDesc	tupdesc = RelationGetDescr(rel);

	for (int i = 0; i < MESSAGE_COLUMNS; i++)
	{
		Form_pg_attribute attribute;
		Datum		before;
		Datum		after;
		bool		before_null;
		bool		after_null;
		int			column = column_of(tupdesc, message_columns[i]);
		bool		may_change = false;

		for (int j = 0; j < (int) lengthof(mutable_columns); j++)
			may_change |= strcmp(message_columns[i], mutable_columns[j]) == 0;
		if (may_change)
			continue;
		attribute = TupleDescAttr(tupdesc, column - 1);
		before = heap_getattr(old, column, tupdesc, &before_null);
		after = heap_getattr(new, column, tupdesc, &after_null);
		if (before_null != after_null ||
			(!before_null && !datum_image_eq(before, after, attribute->attbyval, attribute->attlen)))
			ereport(ERROR,
					(errcode(ERRCODE_LSCE_RECORD_IMMUTABLE),
					 errmsg("column \"%s\" of a message cannot be changed", message_columns[i]),
					 errdetail("Only the state of a message changes."),
					 errhint("Suppress the message and queue another."),
					 errtablecol(rel, column)));
	}
}

/* Refuse a state that may not follow the old one. */
static void
check_transition(Relation rel, const char *from, const char *to)
{
	if (strcmp(from, to) == 0)
		return;
	for (int i = 0; i < (int) lengthof(transitions); i++)
		if (strcmp(transitions[i].from, from) == 0 && strcmp(transitions[i].to, to) == 0)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_LSCE_RECORD_IMMUTABLE),
			 errmsg("a message that is %s cannot become %s", from, to),
			 errhint("Queue another message."),
			 errtable(rel)));
}

/*
 * BEFORE UPDATE FOR EACH ROW: only the state changes, and only along the way of
 * a message; the one that is sent gets a second decision.
 */
Datum
lsce_message_change(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = trigger_data(fcinfo, TRIGGER_EVENT_UPDATE, true, true);
	Relation	rel = trigdata->tg_relation;
	TupleDesc	tupdesc = RelationGetDescr(rel);
	HeapTuple	old = trigdata->tg_trigtuple;
	HeapTuple	new = trigdata->tg_newtuple;
	int			state = column_of(tupdesc, "state");
	int			columns[2];
	Datum		values[2];
	bool		nulls[2];
	bool		isnull;
	char	   *from;
	char	   *to;

	check_unchanged(rel, old, new);
	from = TextDatumGetCString(heap_getattr(old, state, tupdesc, &isnull));
	values[0] = heap_getattr(new, state, tupdesc, &isnull);
	if (isnull)
		return PointerGetDatum(new);	/* NOT NULL says so */
	to = TextDatumGetCString(values[0]);
	check_transition(rel, from, to);

	columns[0] = column_of(tupdesc, "send_decision_id");
	columns[1] = column_of(tupdesc, "sent_at");
	if (strcmp(from, "queued") == 0 && strcmp(to, "sent") == 0)
	{
		values[0] = DirectFunctionCall1(lsce_uuid_v7, (Datum) 0);
		values[1] = TimestampTzGetDatum(GetCurrentTimestamp());
		nulls[0] = nulls[1] = false;
	}
	else
	{
		values[0] = heap_getattr(old, columns[0], tupdesc, &nulls[0]);
		values[1] = heap_getattr(old, columns[1], tupdesc, &nulls[1]);
	}
	return PointerGetDatum(heap_modify_tuple_by_cols(new, tupdesc, 2, columns, values, nulls));
}

/*
 * AFTER UPDATE FOR EACH ROW WHEN (OLD.state = 'queued' AND NEW.state = 'sent'):
 * the permit to send.
 */
Datum
lsce_message_send_permit(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = trigger_data(fcinfo, TRIGGER_EVENT_UPDATE, false, true);
	Relation	rel = trigdata->tg_relation;
	TupleDesc	tupdesc = RelationGetDescr(rel);
	Datum		values[MESSAGE_COLUMNS];
	bool		nulls[MESSAGE_COLUMNS];
	LsceModel	model;
	AccessScope scope;
	MemoryContext context = CurrentMemoryContext;

	for (int i = 0; i < MESSAGE_COLUMNS; i++)
		values[i] = heap_getattr(trigdata->tg_newtuple, column_of(tupdesc, message_columns[i]),
								 tupdesc, &nulls[i]);
	access_model_of_relation(RelationGetRelid(rel), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	access_share(&scope);
	store_permit(&scope, values, nulls, MESSAGE_SEND_DECISION,
				 DatumGetTimestampTz(values[MESSAGE_SENT_AT]), context);
	access_end(&scope);
	return PointerGetDatum(NULL);
}
