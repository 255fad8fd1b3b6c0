/*-------------------------------------------------------------------------
 *
 * limit_fact.c
 *	  Reading a LimitFact; needs no server.
 *
 * src/sample/limit_fact.c
 *
 *-------------------------------------------------------------------------
 */
#include "sample/limit_fact.h"

#include <string.h>

#include "sample/window.h"

/*
 * True when the limit is a ban: none at any time, by a rule of the country
 * and not of a company.
 */
bool
limits_prohibits(const Facts *facts, const LimitFact *limit)
{
	static const Uuid16 zero = {{0}};
	LimitPeriod period = window_period_by_name(limit->period);

	return limit->applies && limit->has_quota && limit->quota == 0 &&
		(period == PERIOD_LIFETIME || period == PERIOD_NONE) &&
		memcmp(&facts->templates[limit->template_index].assignment.id, &zero, sizeof(zero)) == 0;
}

/*
 * How much more passes now in the counting window, in millionths;
 * QUANTITY_MAX when the rule has no quota.
 */
int64_t
limits_remaining(const LimitFact *limit)
{
	if (!limit->has_quota)
		return QUANTITY_MAX;
	return limit->used < limit->quota ? limit->quota - limit->used : 0;
}
