/*-------------------------------------------------------------------------
 *
 * limit_place.h
 *	  What src/sample keeps beside each LimitFact, and uses not yet written.
 *
 * src/sample/limit_place.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_SAMPLE_LIMIT_PLACE_H
#define LSCE_SAMPLE_LIMIT_PLACE_H

#include "sample/limits.h"
#include "sample/window.h"

typedef struct LimitPlace
{
	WindowRule	rule;
	WindowRange range;
	bool		counted;		/* applies, has a figure and keys: it is charged */
	bool		by_visit;		/* counting visits: the first use of a visit counts */
	int64_t		attested;		/* used elsewhere, by attestation */
	int32_t		counter_from;	/* key and end of the counter row */
	int32_t		counter_to;
} LimitPlace;

/* A charge of a hand-over against a counter. */
typedef struct LimitUse
{
	Uuid16		rule_id;
	const char *subject_key;
	const char *pool_key;
	int32_t		counter_from;
	int32_t		counter_to;
	bool		by_sum;			/* the counter keeps no quota */
	int64_t		quantity;
	int64_t		over;			/* admitted above the quota, with a warning */
	Uuid16		fact_id;
	Uuid16		visit_id;
	int32_t		day;
} LimitUse;

typedef struct LimitUseList
{
	int			count;
	int			size;
	LimitUse   *items;
} LimitUseList;

/* The places of limits that limits_load() filled, one for each. */
extern LimitPlace *limits_places(const Facts *facts);

/* limits_load(), adding uses that are decided but not written. */
extern void limits_load_adding(AccessScope *scope, Facts *facts, const LimitUseList *pending,
							   MemoryContext context);

/* Read what is used of the limits that are loaded. */
extern void limits_read_usage(AccessScope *scope, Facts *facts, const LimitUseList *pending);

/* Do several counters share what the visit may have? */
extern bool limits_share_visit(const Facts *facts);

/* Append what the hand-over would charge; strings are shared with the facts. */
extern void limits_uses_of(const Facts *facts, LimitUseList *uses);

/* The uuid in its text form, palloc'd. */
extern char *limits_uuid_text(const Uuid16 *uuid);

#endif							/* LSCE_SAMPLE_LIMIT_PLACE_H */
