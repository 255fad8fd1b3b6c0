/*-------------------------------------------------------------------------
 *
 * found.c
 *	  Rows that probes of a scope found before; see found.h.
 *
 * src/access/found.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/skey.h"
#include "executor/tuptable.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "access/found.h"

/* Are the keys the same bytes?  Equal values of other bytes are read again. */
static bool
same_keys(const Found *answer, TupleDesc desc, const ScanKeyData *keys, int nkeys)
{
	for (int i = 0; i < nkeys; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(desc, i);

		if (!datumIsEqual(answer->keys[i], keys[i].sk_argument, attr->attbyval, attr->attlen))
			return false;
	}
	return true;
}

/* What was found with these keys; NULL when that is not known. */
const Found *
found_before(const FoundByIndex *found, Relation index, const ScanKeyData *keys, int nkeys)
{
	for (int i = 0; i < found->count; i++)
	{
		const Found *answer = &found->answers[(found->last + FOUND_ANSWERS - i) % FOUND_ANSWERS];

		if (same_keys(answer, RelationGetDescr(index), keys, nkeys))
			return answer;
	}
	return NULL;
}

/* A copy of the row in the slot. */
FoundRow
found_row(TupleTableSlot *slot, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	TupleDesc	desc = slot->tts_tupleDescriptor;
	char	   *room = palloc(desc->natts * (sizeof(Datum) + sizeof(bool)));
	FoundRow	row = {(Datum *) room, (bool *) (room + desc->natts * sizeof(Datum))};

	heap_deform_tuple(ExecCopySlotHeapTuple(slot), desc, row.values, row.nulls);
	MemoryContextSwitchTo(old);
	return row;
}

/* Keep an answer in place of the oldest one. */
const Found *
found_keep(FoundByIndex *found, Relation index, const ScanKeyData *keys, int nkeys,
		   const FoundRow *rows, int count, bool all, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	Found	   *answer;

	found->last = (found->last + 1) % FOUND_ANSWERS;
	found->count = Min(found->count + 1, FOUND_ANSWERS);
	answer = &found->answers[found->last];
	for (int i = 0; i < nkeys; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(RelationGetDescr(index), i);

		answer->keys[i] = datumCopy(keys[i].sk_argument, attr->attbyval, attr->attlen);
	}
	answer->all = all;
	answer->count = count;
	answer->rows = palloc(Max(count, 1) * sizeof(FoundRow));
	memcpy(answer->rows, rows, count * sizeof(FoundRow));
	MemoryContextSwitchTo(old);
	return answer;
}
