/*-------------------------------------------------------------------------
 *
 * row_key.c
 *	  Rows found by the key of a unique index, and locked; see row_key.h.
 *
 * src/access/row_key.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access/direct.h"
#include "access/row_key.h"
#include "compat.h"

/*
 * Prepare to find rows by the columns of the open index, in their order; false
 * when it is not one whose entries say which row has a key.
 */
bool
row_key_prepare(RowKey *key)
{
	Relation	index = key->index;
	int			nkeys = IndexRelationGetNumberOfKeyAttributes(index);

	if (!direct_index_usable(key->rel, index) || !index->rd_index->indisunique || !index->rd_index->indimmediate ||
		RelationGetIndexPredicate(index) != NIL || nkeys > lengthof(key->keys))
		return false;
	for (int i = 0; i < nkeys; i++)
	{
		Oid			equal = get_opfamily_member(index->rd_opfamily[i], index->rd_opcintype[i],
												index->rd_opcintype[i], BTEqualStrategyNumber);
		AttrNumber	number = index->rd_index->indkey.values[i];

		if (!OidIsValid(equal) || TupleDescAttr(RelationGetDescr(key->rel), number - 1)->atttypid != index->rd_opcintype[i] ||
			(OidIsValid(index->rd_indcollation[i]) && !get_collation_isdeterministic(index->rd_indcollation[i])))
			return false;
		key->numbers[i] = number;
		key->operators[i] = equal;
		ScanKeyEntryInitialize(&key->keys[i], 0, i + 1, BTEqualStrategyNumber, InvalidOid,
							   index->rd_indcollation[i], get_opcode(equal), (Datum) 0);
	}
	key->nkeys = nkeys;
	return true;
}

/* Begin to look for rows under the active snapshot. */
void
row_key_begin(RowKey *key, LockTupleMode mode)
{
	key->mode = mode;
	key->slot = table_slot_create(key->rel, NULL);
	key->scan = lsce_index_beginscan(key->rel, key->index, GetActiveSnapshot(), key->nkeys);
}

/* Let go of everything but the table. */
void
row_key_end(RowKey *key)
{
	if (key->scan)
	{
		index_endscan(key->scan);
		ExecDropSingleTupleTableSlot(key->slot);
	}
	if (key->index)
		index_close(key->index, NoLock);
}

/* Does the last version of the row still have the keys? */
static bool
keys_hold(RowKey *key)
{
	for (int i = 0; i < key->nkeys; i++)
	{
		bool		isnull;
		Datum		value = slot_getattr(key->slot, key->numbers[i], &isnull);

		if (isnull || !DatumGetBool(FunctionCall2Coll(&key->keys[i].sk_func, key->keys[i].sk_collation,
													  value, key->keys[i].sk_argument)))
			return false;
	}
	return true;
}

/* Lock the row in the slot, as ExecLockRows() does; false when it is gone. */
static bool
lock_row(RowKey *key)
{
	ItemPointerData tid = key->slot->tts_tid;
	uint8		flags = TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS;
	TM_FailureData failure;
	TM_Result	result;

	if (!IsolationUsesXactSnapshot())
		flags |= TUPLE_LOCK_FLAG_FIND_LAST_VERSION;
	result = table_tuple_lock(key->rel, &tid, GetActiveSnapshot(), key->slot, GetCurrentCommandId(true),
							  key->mode, LockWaitBlock, flags, &failure);
	switch (result)
	{
		case TM_Ok:
			return !failure.traversed || keys_hold(key);
		case TM_SelfModified:
			return false;
		case TM_Updated:
		case TM_Deleted:
			if (IsolationUsesXactSnapshot())
				ereport(ERROR,
						(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						 errmsg("could not serialize access due to concurrent update")));
			return false;
		default:
			elog(ERROR, "unexpected result %d of locking a row of \"%s\"", result, RelationGetRelationName(key->rel));
	}
	return false;
}

/*
 * Find the row with the values at "row" of the columns and lock it, into the
 * slot; false when there is none.
 */
bool
row_key_find(RowKey *key, Datum **columns, int row)
{
	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < key->nkeys; i++)
		key->keys[i].sk_argument = columns[i][row];
	index_rescan(key->scan, key->keys, key->nkeys, NULL, 0);
	return index_getnext_slot(key->scan, ForwardScanDirection, key->slot) && lock_row(key);
}
