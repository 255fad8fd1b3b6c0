/*-------------------------------------------------------------------------
 *
 * handover_rules.c
 *	  Rules that change while a hand-over waits for its locks.
 *
 * Facts are gathered before the locks are taken, because they say which ones.
 * What was committed while the statement waited is seen afterwards: limits and
 * stock are read again in any case, and when the rules themselves are others,
 * so is everything else, so that a decision is made by one set of rules, which
 * is the one it stores.
 *
 * src/sample/handover_rules.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/snapmgr.h"

#include "sample/handover.h"

/* Whether two snapshots of this transaction may see different committed rows. */
static bool
snapshots_differ(Snapshot a, Snapshot b)
{
	return a->xmin != b->xmin || a->xmax != b->xmax || a->xcnt != b->xcnt ||
		a->suboverflowed || b->suboverflowed ||
		memcmp(a->xip, b->xip, a->xcnt * sizeof(TransactionId)) != 0;
}

/*
 * See what was committed since the facts were gathered under the snapshot
 * "before", now that the locks are taken.  Facts that were gathered by rules that
 * hold no more are gathered again; a counter that only the new rules want is not
 * locked, which judging finds.
 */
void
handover_refresh(HandoverBatch *batch, Snapshot before)
{
	char	   *rule_set;

	access_refresh(batch->scope);
	if (!snapshots_differ(before, GetActiveSnapshot()))
		return;
	rule_set = rules_rule_set(batch->scope, batch->context);
	if (strcmp(rule_set, batch->rule_set) == 0)
		return;
	batch->rule_set = rule_set;
	for (int i = 0; i < batch->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		batch->items[i].facts = rules_load(batch->scope, &batch->items[i].request, batch->context);
	}
}
