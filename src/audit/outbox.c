/*-------------------------------------------------------------------------
 *
 * outbox.c
 *	  Business events for other systems.
 *
 * An event is a row of the outbox written by the transaction that made it
 * happen.  outbox_read() of the model hands them out in the order of
 * transaction ids, and never one while an older transaction is still running.
 *
 * src/audit/outbox.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "access/write.h"
#include "audit/outbox.h"

static const AccessStatement add_event = {
	"INSERT INTO @m.outbox (topic, entity_id, payload, secret) VALUES ($1, $2, $3::jsonb, $4::jsonb)",
	4, {TEXTOID, UUIDOID, TEXTOID, TEXTOID}
};

/*
 * Store an event about "entity_id" in a write scope.  "payload" is the text of
 * a JSON object with ids and codes only; NULL is the empty object.  "secret" is
 * one of what only the reader of the outbox may know, or NULL.
 */
void
outbox_add(AccessScope *scope, const char *topic,
		   const pg_uuid_t *entity_id, const char *payload, const char *secret)
{
	Datum		args[4];

	args[0] = CStringGetTextDatum(topic);
	args[1] = UUIDPGetDatum(entity_id);
	args[2] = CStringGetTextDatum(payload ? payload : "{}");
	args[3] = secret ? CStringGetTextDatum(secret) : (Datum) 0;
	access_write(scope, &add_event, args, secret ? NULL : "   n");
}

static const AccessInsert add_events = {
	"outbox", 3, {{"topic", TEXTOID}, {"entity_id", UUIDOID}, {"payload", JSONBOID}},
	{"INSERT INTO @m.outbox (topic, entity_id, payload) SELECT * FROM unnest($1, $2, $3)",
	3, {TEXTARRAYOID, UUIDARRAYOID, JSONBARRAYOID}}
};

/* The same for many events of a topic: an id and a text of a payload for each. */
void
outbox_add_all(AccessScope *scope, const char *topic, Datum *entity_ids, char **payloads, int count)
{
	Datum	   *columns[3] = {palloc(count * sizeof(Datum)), entity_ids, palloc(count * sizeof(Datum))};
	Datum		about = CStringGetTextDatum(topic);

	for (int i = 0; i < count; i++)
	{
		columns[0][i] = about;
		columns[2][i] = DirectFunctionCall1(jsonb_in, CStringGetDatum(payloads[i]));
	}
	access_insert(scope, &add_events, columns, NULL, count);
}
