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

#include "audit/outbox.h"

static const AccessStatement add_event = {
	"INSERT INTO @m.outbox (topic, entity_id, payload) VALUES ($1, $2, $3::jsonb)",
	3, {TEXTOID, UUIDOID, TEXTOID}
};

/*
 * Store an event about "entity_id" in a write scope.  "payload" is the text of
 * a JSON object with ids and codes only; NULL is the empty object.
 */
void
outbox_add(const AccessScope *scope, const char *topic,
		   const pg_uuid_t *entity_id, const char *payload)
{
	Datum		args[3];

	args[0] = CStringGetTextDatum(topic);
	args[1] = UUIDPGetDatum(entity_id);
	args[2] = CStringGetTextDatum(payload ? payload : "{}");
	access_write(scope, &add_event, args, NULL);
}
