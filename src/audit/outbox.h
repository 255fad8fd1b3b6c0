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

extern void outbox_add(const AccessScope *scope, const char *topic,
					   const pg_uuid_t *entity_id, const char *payload);

#endif							/* LSCE_OUTBOX_H */
