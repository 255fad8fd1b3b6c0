/*-------------------------------------------------------------------------
 *
 * outbox.h
 *	  Business events for other systems.
 *
 * src/audit/outbox.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_OUTBOX_H
#define LSCE_OUTBOX_H

#include "access/access.h"

extern void outbox_add(AccessScope *scope, const char *topic, const pg_uuid_t *entity_id,
					   const char *payload, const char *secret);
extern void outbox_add_all(AccessScope *scope, const char *topic, Datum *entity_ids,
						   char **payloads, int count);

#endif							/* LSCE_OUTBOX_H */
