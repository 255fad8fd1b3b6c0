/*-------------------------------------------------------------------------
 *
 * write_foreign.c
 *	  Foreign keys of rows stored without SPI.
 *
 * The server checks a foreign key with a query for each row that locks the row
 * referred to, FOR KEY SHARE.  Here that row is looked up by the index of the
 * constraint and locked in the same way, once for rows in sequence that refer to
 * the same one.  Nothing is ever refused here: a row for which that does not
 * succeed is given to the server's own check; in a build with assertions all
 * are, and so are those whose other table or index is not an ordinary one.
 * Foreign keys that can be deferred, are disabled or fire always stay with the
 * server altogether, and all of a table with AFTER ROW triggers of users, which
 * run before some of its checks.
 *
 * The other table is opened when the rows are stored: triggers may change it.
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
#include "catalog/pg_namespace.h"
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
#include "compat.h"

/* A foreign key, and the rows to be checked. */
struct WriteForeign
{
	WriteForeign *next;
	Trigger    *trigger;
	int			ncolumns;
	AttrNumber	numbers[4];		/* of the columns that refer, */
	AttrNumber	referred[4];	/* to which, */
	Oid			operators[4];	/* by what equality */
	int			count;			/* rows so far, */
	int			size;
	Datum	   *columns[4];		/* their keys; a key like the last one is not copied */
	ItemPointerData *places;	/* and where they are */
};

/* May the table's owner lock rows of the other table, and does he see all? */
static bool
is_plain_reference(Relation rel)
{
	return pg_namespace_aclcheck(RelationGetNamespace(rel), GetUserId(), ACL_USAGE) == ACLCHECK_OK &&
		rel->rd_rel->relkind == RELKIND_RELATION && rel->rd_rel->relam == HEAP_TABLE_AM_OID &&
		rel->rd_rel->relowner == GetUserId() &&
		pg_class_aclmask(RelationGetRelid(rel), GetUserId(), ACL_SELECT | ACL_UPDATE, ACLMASK_ALL) == (ACL_SELECT | ACL_UPDATE) &&
		check_enable_rls(RelationGetRelid(rel), InvalidOid, true) != RLS_ENABLED;
}

/* Note the columns; false when there are too many, or MATCH could matter. */
static bool
take_columns(WriteForeign *foreign, Relation rel)
{
	ListCell   *cell;

	foreach(cell, RelationGetFKeyList(rel))
	{
		const ForeignKeyCacheInfo *info = lfirst_node(ForeignKeyCacheInfo, cell);

		if (info->conoid != foreign->trigger->tgconstraint)
			continue;
		if (info->nkeys > lengthof(foreign->numbers))
			return false;
		foreign->ncolumns = info->nkeys;
		for (int i = 0; i < info->nkeys; i++)
		{
			if (info->nkeys > 1 && !TupleDescAttr(RelationGetDescr(rel), info->conkey[i] - 1)->attnotnull)
				return false;
			foreign->numbers[i] = info->conkey[i];
			foreign->referred[i] = info->confkey[i];
			foreign->operators[i] = info->conpfeqop[i];
		}
		return true;
	}
	return false;
}

/*
 * The values noted for each column of the index, into "columns"; false when one
 * does not refer to it by its equality.
 */
static bool
columns_match(const WriteForeign *foreign, Relation rel, const RowKey *key, Datum **columns)
{
	if (foreign->ncolumns != key->nkeys)
		return false;
	for (int i = 0; i < key->nkeys; i++)
	{
		int			k = 0;
		Form_pg_attribute attr;

		while (k < foreign->ncolumns && foreign->referred[k] != key->numbers[i])
			k++;
		if (k == foreign->ncolumns || foreign->operators[k] != key->operators[i])
			return false;
		attr = TupleDescAttr(RelationGetDescr(rel), foreign->numbers[k] - 1);
		if (attr->atttypid != key->index->rd_opcintype[i] || attr->attcollation != key->index->rd_indcollation[i])
			return false;
		columns[i] = foreign->columns[k];
	}
	return true;
}

/*
 * Open what the foreign key refers to; false when the server is to check it.  The
 * index may be another one by now, which the trigger does not know.
 */
static bool
open_reference(const WriteForeign *foreign, Relation rel, RowKey *key, Datum **columns)
{
	Oid			indexid = foreign->trigger->tgconstrindid;

	memset(key, 0, sizeof(*key));
	key->rel = table_open(foreign->trigger->tgconstrrelid, RowShareLock);
	if (is_plain_reference(key->rel) && list_member_oid(RelationGetIndexList(key->rel), indexid))
	{
		key->index = index_open(indexid, AccessShareLock);
		if (row_key_prepare(key) && columns_match(foreign, rel, key, columns))
			return true;
		index_close(key->index, NoLock);
	}
	table_close(key->rel, NoLock);
	return false;
}

/* Have users AFTER ROW triggers for what the function given checks? */
static bool
has_row_triggers(const TriggerDesc *triggers, Oid function)
{
	for (int i = 0; i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];

		if (!trigger->tgisinternal && TRIGGER_FOR_ROW(trigger->tgtype) && TRIGGER_FOR_AFTER(trigger->tgtype) &&
			(function == F_RI_FKEY_CHECK_INS ? TRIGGER_FOR_INSERT(trigger->tgtype) : TRIGGER_FOR_UPDATE(trigger->tgtype)))
			return true;
	}
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

	if (triggers == NULL || SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA ||
		has_row_triggers(triggers, function))
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
		if (!take_columns(foreign, table->rel))
			continue;
		foreign->next = table->foreign;
		table->foreign = foreign;
		drop_trigger(triggers, i);
	}
	MemoryContextSwitchTo(old);
}

/* Is the key of the row the one noted last? */
static bool
same_as_last(const WriteForeign *foreign, TupleTableSlot *slot)
{
	if (foreign->count == 0)
		return false;
	for (int i = 0; i < foreign->ncolumns; i++)
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
same_as_before(const WriteForeign *foreign, TupleTableSlot *slot, TupleTableSlot *before)
{
	for (int i = 0; i < foreign->ncolumns; i++)
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
	for (int i = 0; i < foreign->ncolumns; i++)
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
		bool		again;

		slot_getallattrs(slot);
		if (slot->tts_isnull[foreign->numbers[0] - 1] || (before && same_as_before(foreign, slot, before)))
			continue;
		again = same_as_last(foreign, slot);
		make_room(foreign);
		for (int i = 0; i < foreign->ncolumns; i++)
		{
			AttrNumber	number = foreign->numbers[i];
			Form_pg_attribute attr = TupleDescAttr(slot->tts_tupleDescriptor, number - 1);

			foreign->columns[i][foreign->count] = again ? foreign->columns[i][foreign->count - 1] :
				datumCopy(slot->tts_values[number - 1], attr->attbyval, attr->attlen);
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

/* Was the key of the row noted again for the next one? */
static bool
same_as_previous(const WriteForeign *foreign, int row)
{
	for (int i = 0; i < foreign->ncolumns; i++)
		if (row == 0 || foreign->columns[i][row] != foreign->columns[i][row - 1])
			return false;
	return true;
}

/* Check the rows that were noted for a foreign key. */
static void
check_rows(WriteTable *table, WriteForeign *foreign)
{
	RowKey		key;
	Datum	   *columns[4];
	bool		usable = open_reference(foreign, table->rel, &key, columns);
	bool		found = false;

	if (usable)
		row_key_begin(&key, LockTupleKeyShare);
	for (int row = 0; row < foreign->count; row++)
	{
		if (!same_as_previous(foreign, row))
			found = usable && row_key_find(&key, columns, row);
#ifdef USE_ASSERT_CHECKING
		found = false;			/* the server is to agree */
#endif
		/* about each row: it passes over those that are gone by now */
		if (!found)
			ask_server(table, foreign, &foreign->places[row]);
	}
	if (usable)
	{
		row_key_end(&key);
		table_close(key.rel, NoLock);
	}
}

/* Check what was noted. */
void
write_foreign_end(WriteTable *table)
{
	if (table->foreign == NULL)
		return;
	/* rows may refer to each other */
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	for (WriteForeign *foreign = table->foreign; foreign; foreign = foreign->next)
		if (foreign->count > 0)
			check_rows(table, foreign);
	PopActiveSnapshot();
}
