/*-------------------------------------------------------------------------
 *
 * limits.h
 *	  Limits on sample quantities: which rules count a hand-over, under which
 *	  keys, and how much is used.
 *
 * limits_load() fills Facts.limits (LimitFact, src/rules/facts.h) from the
 * approved rules of Facts.templates.  It reads request, account, practitioner,
 * product, market, sample_request and templates, so the loader calls it after
 * those.  For kinds that hand over no samples it fills nothing.
 *
 * How a LimitFact is to be read:
 *
 * - applies is false when a condition of applies_when does not hold, when the
 *	 rule counts something that is not there (an organisation, a territory), or
 *	 when the day lies outside its lifecycle window and outside_window says
 *	 not_applicable.  Such a row decides nothing.
 * - unknown_condition refuses: applies_when has a key or value that this
 *	 version does not know, the period has no usable length, or what is to be
 *	 counted has no number (value without a price, milligrams without a
 *	 strength, per request without a request).
 * - window other than open refuses: LIMIT_WINDOW_NOT_YET and _UNKNOWN are
 *	 WINDOW_NOT_OPEN, LIMIT_WINDOW_CLOSED is WINDOW_CLOSED.  For the periods
 *	 date_range, since_launch, since_first_request and arrangement it is the
 *	 period itself that is not yet or no longer open.
 * - quota holds the rule's figure, lowered by the template's assignment.  The
 *	 hand-over passes when used + charge <= quota.  excess is what used holds
 *	 above the quota with a discrepancy; it never makes room.
 * - per_visit passes when used_in_visit + charge <= per_visit; without a visit
 *	 used_in_visit is 0.
 * - period per_request: used is the use of this request and window is all time.
 * - has_quota and has_per_visit both false: the rule has no number.  A request
 *	 fails with LIMIT_NOT_CONFIGURED when no rule that applies has one.
 *
 * src/sample/limits.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_SAMPLE_LIMITS_H
#define LSCE_SAMPLE_LIMITS_H

#include "access/access.h"
#include "rules/facts.h"

extern void limits_load(AccessScope *scope, Facts *facts, MemoryContext context);

#endif							/* LSCE_SAMPLE_LIMITS_H */
