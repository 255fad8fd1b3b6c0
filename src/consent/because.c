/*-------------------------------------------------------------------------
 *
 * because.c
 *	  Why a consent verdict is as it is, as JSON; and names of actions.
 *
 * src/consent/because.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/uuid.h"

#include "consent/load.h"

static const char *const action_names[] = {"opt_in", "pending", "confirm", "withdraw", "object"};

/* Name of an action as consent_event has it. */
const char *
consent_action_name(ConsentAction action)
{
	return action_names[action];
}

/* The action of a name; a CHECK of the table allows no other names. */
ConsentAction
consent_action_by_name(const char *name)
{
	for (int i = 0; i < (int) lengthof(action_names); i++)
		if (strcmp(action_names[i], name) == 0)
			return (ConsentAction) i;
	elog(ERROR, "unknown consent action \"%s\"", name);
}

/* Append a key; the comma before it unless it is the first of its object. */
static void
put_key(StringInfo json, const char *key)
{
	if (json->data[json->len - 1] != '{')
		appendStringInfoString(json, ", ");
	escape_json(json, key);
	appendStringInfoString(json, ": ");
}

static void
put_text(StringInfo json, const char *key, const char *value)
{
	if (value == NULL)
		return;
	put_key(json, key);
	escape_json(json, value);
}

static void
put_id(StringInfo json, const char *key, const ConsentId *id)
{
	static const ConsentId zero;
	pg_uuid_t	uuid;

	if (memcmp(id, &zero, sizeof(zero)) == 0)
		return;
	memcpy(uuid.data, id->bytes, UUID_LEN);
	put_text(json, key, DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&uuid))));
}

static void
put_date(StringInfo json, const char *key, int32_t day)
{
	char		buffer[MAXDATELEN + 1];

	if (day == CONSENT_NO_DAY)
		return;
	JsonEncodeDateTime(buffer, DateADTGetDatum(day), DATEOID, NULL);
	put_text(json, key, buffer);
}

static void
put_instant(StringInfo json, const char *key, int64_t at)
{
	char		buffer[MAXDATELEN + 1];

	if (at == CONSENT_NO_INSTANT)
		return;
	JsonEncodeDateTime(buffer, TimestampTzGetDatum(at), TIMESTAMPTZOID, NULL);
	put_text(json, key, buffer);
}

static void
put_texts(StringInfo json, const char *key, const char *const *texts, int count)
{
	if (count == 0)
		return;
	put_key(json, key);
	for (int i = 0; i < count; i++)
	{
		appendStringInfoString(json, i == 0 ? "[" : ", ");
		escape_json(json, texts[i]);
	}
	appendStringInfoChar(json, ']');
}

/*
 * An event: its id, what it said, for which scope, since when; nothing of it
 * when the caller may not see it.
 */
static void
put_event(StringInfo json, const char *key, const ConsentAnswer *answer, int index, bool redacted)
{
	const ConsentEvent *event;

	if (index < 0)
		return;
	event = &answer->facts.events[index];
	put_key(json, key);
	if (redacted)
	{
		appendStringInfoString(json, "{\"redacted\": true}");
		return;
	}
	appendStringInfoChar(json, '{');
	put_id(json, "event_id", &event->id);
	put_text(json, "action", consent_action_name(event->action));
	put_text(json, "basis", event->basis);
	put_id(json, "controller_id", &event->controller);
	put_text(json, "purpose", event->purpose);
	put_text(json, "channel", event->channel);
	put_id(json, "product_id", &event->product);
	put_id(json, "contact_point_id", &event->contact_point);
	put_instant(json, "captured_at", event->captured_at);
	put_instant(json, "effective_from", event->effective_from);
	appendStringInfoChar(json, '}');
}

/* A time of day without its seconds, "21:30". */
static char *
time_of_day(int64_t microseconds)
{
	int			minutes = (int) (microseconds / USECS_PER_MINUTE);

	return psprintf("%02d:%02d", minutes / 60, minutes % 60);
}

/* The regime that was asked: its row, default, reference and hours. */
static void
put_regime(StringInfo json, const ConsentAnswer *answer)
{
	static const char *const defaults[] = {"opt_in", "opt_out", "never"};
	const ConsentRegime *regime = &answer->facts.regime;

	put_key(json, "regime");
	appendStringInfoChar(json, '{');
	put_text(json, "country", answer->country);
	put_id(json, "regime_id", &regime->id);
	put_text(json, "default", defaults[regime->default_state]);
	put_text(json, "legal_ref", answer->legal_ref);
	if (regime->hours_to > 0)
		put_text(json, "allowed", psprintf("%s-%s", time_of_day(regime->hours_from),
										   time_of_day(regime->hours_to)));
	appendStringInfoChar(json, '}');
}

static void
put_reasons(StringInfo json, const ConsentVerdict *verdict)
{
	const char *codes[CONSENT_MAX_REASONS];

	for (int i = 0; i < verdict->n_reasons; i++)
		codes[i] = lsce_reason_row(verdict->reasons[i])->code;
	put_texts(json, "reasons", codes, verdict->n_reasons);
}

static Jsonb *
json_finish(StringInfo json)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(json->data)));
}

/*
 * Why: the state and its reasons, the regime, the event that decided, what it
 * beat, until when it holds.  Only ids, codes and dates.
 */
Jsonb *
consent_because(const ConsentAnswer *answer)
{
	const ConsentVerdict *verdict = &answer->verdict;
	const ConsentQuestion *question = &answer->facts.question;
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	put_text(&json, "state", consent_state_name(verdict->state));
	put_reasons(&json, verdict);
	put_text(&json, "basis", verdict->basis);
	put_id(&json, "contact_point_id", &question->contact_point);
	put_event(&json, "decided_by", answer, verdict->decided_by, answer->redacted[0]);
	put_event(&json, "beats_opt_in", answer, verdict->beaten_opt_in, answer->redacted[1]);
	put_event(&json, "revives_after", answer, verdict->beaten_denial, answer->redacted[2]);
	put_date(&json, "last_day", verdict->valid_last_day);
	if (verdict->expiry_rule[0] != '\0')
		put_text(&json, "expiry_rule", verdict->expiry_rule);
	put_texts(&json, "missing", verdict->missing, verdict->n_missing);
	if (answer->facts.regime.hours_to > 0)
		put_text(&json, "local_time", time_of_day(question->local_time));
	put_regime(&json, answer);
	appendStringInfoChar(&json, '}');
	return json_finish(&json);
}

/* The obligations: [{"code": "OPT_OUT_LINK"}, {"code": "RETAIN", "due": date}]. */
Jsonb *
consent_obligations(const ConsentAnswer *answer)
{
	const ConsentVerdict *verdict = &answer->verdict;
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '[');
	for (int i = 0; i < verdict->n_obligations; i++)
	{
		if (i > 0)
			appendStringInfoString(&json, ", ");
		appendStringInfoChar(&json, '{');
		put_text(&json, "code", verdict->obligations[i].code);
		put_date(&json, "due", verdict->obligations[i].due_day);
		appendStringInfoChar(&json, '}');
	}
	appendStringInfoChar(&json, ']');
	return json_finish(&json);
}
