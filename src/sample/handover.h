/*-------------------------------------------------------------------------
 *
 * handover.h
 *	  Hand-overs of samples while a statement that stores them is judged.
 *
 * src/sample/handover.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_SAMPLE_HANDOVER_H
#define LSCE_SAMPLE_HANDOVER_H

#include "commands/trigger.h"
#include "utils/snapshot.h"

#include "rules/rules.h"
#include "sample/limit_place.h"

/* One new row of disbursement. */
typedef struct Handover
{
	RuleRequest request;
	pg_uuid_t	decision_id;
	pg_uuid_t	operation_id;	/* of its movement, */
	pg_uuid_t  *disbursed_place;	/* to there */
	int64_t		fulfilled;		/* of the request line and */
	int64_t		on_hand;		/* in the bag, under the lock; millionths */
	Facts	   *facts;
	Verdict    *verdict;
} Handover;

/* Work on some rows of one statement. */
typedef struct HandoverBatch
{
	AccessScope *scope;
	Relation	rel;
	MemoryContext context;
	int			count;
	int			size;
	Handover   *items;
	char	   *rule_set;		/* digest of the rules they are judged by */
	LimitUseList keys;			/* what may be charged, locked */
	LimitUseList pending;		/* what is decided */
	int			warnings;
} HandoverBatch;

/* handover_lock.c */
extern void handover_lock(HandoverBatch *batch);
extern int	handover_key_place(const HandoverBatch *batch, const LimitUse *use);

/* handover_rules.c */
extern void handover_refresh(HandoverBatch *batch, Snapshot before);

/* handover_store.c */
extern void handover_prepare(HandoverBatch *batch);
extern void handover_store(HandoverBatch *batch);

/* limit_charge.c */
extern void limit_charge(HandoverBatch *batch);

/* refusal.c: the refusal that record_refusal stores after the rollback */
extern void refusal_keep(HandoverBatch *batch, const Handover *item);

#endif							/* LSCE_SAMPLE_HANDOVER_H */
