/*-------------------------------------------------------------------------
 *
 * write_foreign.c
 *	  Foreign keys of rows stored without SPI.
 *
 * The server checks a foreign key with a query for each row that locks the row
 * referred to, FOR KEY SHARE.  Here that row is looked up by the index of the
 * constraint and locked in the same way, once for rows in sequence that refer to
 * the same one.  Nothing is ever refused here: a row for which that does not
 * succeed is given to the server's own check; in a build with assertions all are.
 * So is every foreign key that can be deferred, is disabled or fires always, or
 * whose other table or index is not an ordinary one.
 *
 * src/access/write_foreign.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "access/row_key.h"
#include "access/write.h"

/* A foreign key, and the rows to be checked. */
struct WriteForeign
{
	WriteForeign *next;
	Trigger    *trigger;
	RowKey		key;
	AttrNumber	numbers[4];		/* of the columns that refer, in the order of the index */
	int			count;			/* different keys so far, */
	int			size;
	Datum	   *columns[4];		/* and their values */
	ItemPointerData *places;	/* of a row with each */
};

/* May the table's owner lock rows of the other table, and does he see all? */
static bool
is_plain_reference(Relation rel)
{
	return rel->rd_rel->relkind == RELKIND_RELATION && rel->rd_rel->relam == HEAP_TABLE_AM_OID &&
		rel->rd_rel->relowner == GetUserId() &&
		pg_class_aclmask(RelationGetRelid(rel), GetUserId(), ACL_SELECT | ACL_UPDATE, ACLMASK_ALL) == (ACL_SELECT | ACL_UPDATE) &&
		check_enable_rls(RelationGetRelid(rel), InvalidOid, true) != RLS_ENABLED;
}

/*
 * Which column refers to each column of the index; false when not by its
 * equality, or when MATCH could matter.
 */
static bool
columns_match(WriteForeign *foreign, Relation rel, const ForeignKeyCacheInfo *info)
{
	RowKey	   *key = &foreign->key;

	if (info->nkeys != key->nkeys)
		return false;
	for (int i = 0; i < key->nkeys; i++)
	{
		int			k = 0;
		Form_pg_attribute attr;

		while (k < info->nkeys && info->confkey[k] != key->numbers[i])
			k++;
		if (k == info->nkeys || info->conpfeqop[k] != key->operators[i])
			return false;
		attr = TupleDescAttr(RelationGetDescr(rel), info->conkey[k] - 1);
		if (attr->atttypid != key->index->rd_opcintype[i] || attr->attcollation != key->index->rd_indcollation[i] ||
			(key->nkeys > 1 && !attr->attnotnull))
			return false;
		foreign->numbers[i] = info->conkey[k];
	}
	return true;
}

/* Open what the foreign key refers to; false when the server is to check it. */
static bool
open_reference(WriteForeign *foreign, Relation rel)
{
	ForeignKeyCacheInfo *info = NULL;
	ListCell   *cell;

	foreach(cell, RelationGetFKeyList(rel))
	{
		if (lfirst_node(ForeignKeyCacheInfo, cell)->conoid == foreign->trigger->tgconstraint)
			info = lfirst(cell);
	}
	if (info == NULL)
		return false;
	foreign->key.rel = table_open(foreign->trigger->tgconstrrelid, RowShareLock);
	if (is_plain_reference(foreign->key.rel))
	{
		foreign->key.index = index_open(foreign->trigger->tgconstrindid, AccessShareLock);
		if (row_key_prepare(&foreign->key) && columns_match(foreign, rel, info))
			return true;
		index_close(foreign->key.index, NoLock);
	}
	table_close(foreign->key.rel, NoLock);
	return false;
}

/* Take a trigger out of those that fire for the rows. */
static void
drop_trigger(TriggerDesc *triggers, int which)
{
	triggers->numtriggers--;
	memmove(&triggers->triggers[which], &triggers->triggers[which + 1],
			(triggers->numtriggers - which) * sizeof(Trigger));
}

/*
 * Take over the foreign keys of a table whose rows are about to be stored or
 * changed, as far as possible: those that the function given checks.  The
 * triggers are the table's own copy.
 */
void
write_foreign_begin(WriteTable *table, Oid function)
{
	TriggerDesc *triggers = table->info->ri_TrigDesc;
	MemoryContext old;

	if (triggers == NULL || SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA)
		return;
	old = MemoryContextSwitchTo(table->estate->es_query_cxt);
	for (int i = triggers->numtriggers - 1; i >= 0; i--)
	{
		Trigger    *trigger = &triggers->triggers[i];
		WriteForeign *foreign;

		if (trigger->tgfoid != function || trigger->tgdeferrable ||
			trigger->tgenabled != TRIGGER_FIRES_ON_ORIGIN || !OidIsValid(trigger->tgconstrindid))
			continue;
		foreign = palloc0(sizeof(WriteForeign));
		foreign->trigger = palloc(sizeof(Trigger));
		*foreign->trigger = *trigger;
		if (!open_reference(foreign, table->rel))
			continue;
		foreign->next = table->foreign;
		table->foreign = foreign;
		drop_trigger(triggers, i);
	}
	MemoryContextSwitchTo(old);
}

/* Is the key of the row the one noted last? */
static bool
same_as_last(WriteForeign *foreign, TupleTableSlot *slot)
{
	if (foreign->count == 0)
		return false;
	for (int i = 0; i < foreign->key.nkeys; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(slot->tts_tupleDescriptor, foreign->numbers[i] - 1);

		if (!datumIsEqual(slot->tts_values[foreign->numbers[i] - 1], foreign->columns[i][foreign->count - 1],
						  attr->attbyval, attr->attlen))
			return false;
	}
	return true;
}

/* Is the key what it was in the version before? */
static bool
same_as_before(WriteForeign *foreign, TupleTableSlot *slot, TupleTableSlot *before)
{
	for (int i = 0; i < foreign->key.nkeys; i++)
	{
		int			c = foreign->numbers[i] - 1;
		Form_pg_attribute attr = TupleDescAttr(slot->tts_tupleDescriptor, c);

		if (before->tts_isnull[c] ||
			!datumIsEqual(slot->tts_values[c], before->tts_values[c], attr->attbyval, attr->attlen))
			return false;
	}
	return true;
}

static void
make_room(WriteForeign *foreign)
{
	if (foreign->count < foreign->size)
		return;
	foreign->size = Max(4, foreign->size * 2);
	for (int i = 0; i < foreign->key.nkeys; i++)
		foreign->columns[i] = foreign->columns[i] ? repalloc_huge(foreign->columns[i], foreign->size * sizeof(Datum)) :
			palloc(foreign->size * sizeof(Datum));
	foreign->places = foreign->places ? repalloc_huge(foreign->places, foreign->size * sizeof(ItemPointerData)) :
		palloc(foreign->size * sizeof(ItemPointerData));
}

/*
 * Note what a row that was stored refers to; a NULL refers to nothing.  A key
 * that is the same in the version "before", if that is given, needs no check.
 */
void
write_foreign_row(WriteTable *table, TupleTableSlot *slot, TupleTableSlot *before)
{
	MemoryContext old = MemoryContextSwitchTo(table->estate->es_query_cxt);

	for (WriteForeign *foreign = table->foreign; foreign; foreign = foreign->next)
	{
		slot_getallattrs(slot);
		if (slot->tts_isnull[foreign->numbers[0] - 1] || same_as_last(foreign, slot) ||
			(before && same_as_before(foreign, slot, before)))
			continue;
		make_room(foreign);
		for (int i = 0; i < foreign->key.nkeys; i++)
		{
			AttrNumber	number = foreign->numbers[i];
			Form_pg_attribute attr = TupleDescAttr(slot->tts_tupleDescriptor, number - 1);

			foreign->columns[i][foreign->count] = datumCopy(slot->tts_values[number - 1], attr->attbyval, attr->attlen);
		}
		foreign->places[foreign->count++] = slot->tts_tid;
	}
	MemoryContextSwitchTo(old);
}

/* Let the server check a row: it raises the error, or knows better. */
static void
ask_server(WriteTable *table, WriteForeign *foreign, ItemPointer place)
{
	LOCAL_FCINFO(fcinfo, 0);
	FmgrInfo	function;
	TriggerData data = {.type = T_TriggerData};
	TupleTableSlot *slot = table_slot_create(table->rel, NULL);
	bool		copied = false;

	if (table_tuple_fetch_row_version(table->rel, place, SnapshotSelf, slot))
	{
		data.tg_event = TRIGGER_EVENT_INSERT | TRIGGER_EVENT_ROW | TRIGGER_EVENT_AFTER;
		data.tg_relation = table->rel;
		data.tg_trigtuple = ExecFetchSlotHeapTuple(slot, false, &copied);
		data.tg_trigslot = slot;
		data.tg_trigger = foreign->trigger;
		fmgr_info(F_RI_FKEY_CHECK_INS, &function);
		InitFunctionCallInfoData(*fcinfo, &function, 0, InvalidOid, (Node *) &data, NULL);
		FunctionCallInvoke(fcinfo);
		if (copied)
			heap_freetuple(data.tg_trigtuple);
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* Check what was noted, and let go. */
void
write_foreign_end(WriteTable *table)
{
	if (table->foreign == NULL)
		return;
	/* rows may refer to each other */
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	for (WriteForeign *foreign = table->foreign; foreign; foreign = foreign->next)
	{
		if (foreign->count > 0)
			row_key_begin(&foreign->key, LockTupleKeyShare);
		for (int row = 0; row < foreign->count; row++)
		{
			bool		found = row_key_find(&foreign->key, foreign->columns, row);

#ifdef USE_ASSERT_CHECKING
			found = false;		/* the server is to agree */
#endif
			if (!found)
				ask_server(table, foreign, &foreign->places[row]);
		}
		row_key_end(&foreign->key);
		table_close(foreign->key.rel, NoLock);
	}
	PopActiveSnapshot();
}
