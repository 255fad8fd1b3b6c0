/*-------------------------------------------------------------------------
 *
 * write_key.c
 *	  Locking rows by key, and adding to their columns, without SPI; see
 *	  write.h.
 *
 * A row is locked as by FOR UPDATE: at READ COMMITTED the last version is
 * waited for and taken, where the transaction keeps one snapshot a change by
 * another is error 40001.
 *
 * src/access/write_key.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access/probe.h"
#include "access/write.h"
#include "compat.h"

/* A table whose rows are found by key. */
typedef struct KeyTable
{
	Relation	rel;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	int			nkeys;
	ScanKeyData keys[4];
	AttrNumber	key_numbers[4];
	AttrNumber	columns[4];
} KeyTable;

/* Is the index unique and its columns the keys?  Prepares the scan keys. */
static bool
index_serves(KeyTable *table, const AccessRows *rows)
{
	Relation	index = table->index;

	if (!direct_index_usable(table->rel, index) || !index->rd_index->indisunique || !index->rd_index->indimmediate ||
		RelationGetIndexPredicate(index) != NIL ||
		IndexRelationGetNumberOfKeyAttributes(index) != rows->nkeys)
		return false;
	for (int i = 0; i < rows->nkeys; i++)
	{
		AttrNumber	number = direct_attribute(table->rel, rows->keys[i].name, rows->keys[i].type);
		Oid			equal = get_opfamily_member(index->rd_opfamily[i], index->rd_opcintype[i],
												index->rd_opcintype[i], BTEqualStrategyNumber);

		if (number == 0 || index->rd_index->indkey.values[i] != number ||
			index->rd_opcintype[i] != rows->keys[i].type || !OidIsValid(equal) ||
			(OidIsValid(index->rd_indcollation[i]) && !get_collation_isdeterministic(index->rd_indcollation[i])))
			return false;
		table->key_numbers[i] = number;
		ScanKeyEntryInitialize(&table->keys[i], 0, i + 1, BTEqualStrategyNumber, InvalidOid,
							   index->rd_indcollation[i], get_opcode(equal), (Datum) 0);
	}
	table->nkeys = rows->nkeys;
	return true;
}

static void
close_rows(KeyTable *table)
{
	if (table->index)
		index_close(table->index, NoLock);
	table_close(table->rel, NoLock);
}

/* Open table and index; false when a statement is to be used. */
static bool
open_rows(const AccessScope *scope, const AccessRows *rows, AclMode mode, KeyTable *table)
{
	Oid			indexid = get_relname_relid(rows->index, scope->model->nspid);
	bool		usable;

	memset(table, 0, sizeof(*table));
	table->rel = write_open(scope, rows->table, mode);
	if (table->rel == NULL)
		return false;
	if (OidIsValid(indexid) && get_rel_relkind(indexid) == RELKIND_INDEX)
		table->index = index_open(indexid, RowExclusiveLock);
	usable = table->index != NULL && index_serves(table, rows);
	for (int i = 0; i < rows->ncolumns && usable; i++)
	{
		table->columns[i] = direct_attribute(table->rel, rows->columns[i].name, rows->columns[i].type);
		usable = table->columns[i] != 0 &&
			TupleDescAttr(RelationGetDescr(table->rel), table->columns[i] - 1)->atttypmod == -1;
	}
	if (!usable)
		close_rows(table);
	return usable;
}

/* Everything before is seen, and what others committed by now. */
static void
begin_rows(const AccessScope *scope, KeyTable *table)
{
	probe_close_all(scope);
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	table->slot = table_slot_create(table->rel, NULL);
	table->scan = lsce_index_beginscan(table->rel, table->index, GetActiveSnapshot(), table->nkeys);
}

static void
end_rows(KeyTable *table)
{
	index_endscan(table->scan);
	ExecDropSingleTupleTableSlot(table->slot);
	index_close(table->index, NoLock);
}

/* Does the last version of the row still have the keys? */
static bool
keys_hold(KeyTable *table)
{
	for (int i = 0; i < table->nkeys; i++)
	{
		bool		isnull;
		Datum		value = slot_getattr(table->slot, table->key_numbers[i], &isnull);

		if (isnull || !DatumGetBool(FunctionCall2Coll(&table->keys[i].sk_func, table->keys[i].sk_collation,
													  value, table->keys[i].sk_argument)))
			return false;
	}
	return true;
}

/* Lock the row in the slot, as ExecLockRows() does; false when it is gone. */
static bool
lock_row(KeyTable *table)
{
	ItemPointerData tid = table->slot->tts_tid;
	uint8		flags = TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS;
	TM_FailureData failure;
	TM_Result	result;

	if (!IsolationUsesXactSnapshot())
		flags |= TUPLE_LOCK_FLAG_FIND_LAST_VERSION;
	result = table_tuple_lock(table->rel, &tid, GetActiveSnapshot(), table->slot, GetCurrentCommandId(true),
							  LockTupleExclusive, LockWaitBlock, flags, &failure);
	switch (result)
	{
		case TM_Ok:
			return !failure.traversed || keys_hold(table);
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
			elog(ERROR, "unexpected result %d of locking a row of \"%s\"", result, RelationGetRelationName(table->rel));
	}
	return false;
}

/* Find the row with these keys and lock it; false when there is none. */
static bool
find_row(KeyTable *table, Datum **keys, int row)
{
	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < table->nkeys; i++)
		table->keys[i].sk_argument = keys[i][row];
	index_rescan(table->scan, table->keys, table->nkeys, NULL, 0);
	return index_getnext_slot(table->scan, ForwardScanDirection, table->slot) && lock_row(table);
}

/* The arrays of keys, and of what is added, as arguments. */
static void
key_arguments(const AccessStatement *stmt, const AccessRows *rows, Datum **keys, Datum **sums, int count, Datum *args)
{
	for (int i = 0; i < stmt->nargs; i++)
		args[i] = access_array(i < rows->nkeys ? keys[i] : sums[i - rows->nkeys], NULL, count,
							   get_element_type(stmt->argtypes[i]));
}

static void
lock_by_statement(const AccessScope *scope, const AccessLock *lock, Datum **keys, int count,
				  bool *found, Datum **values)
{
	Datum		args[ACCESS_MAX_ARGS];
	uint64		n;

	key_arguments(&lock->stmt, &lock->rows, keys, NULL, count, args);
	n = access_write(scope, &lock->stmt, args, NULL);
	for (uint64 row = 0; row < n; row++)
	{
		int			place = access_int32(row, 1) - 1;

		found[place] = true;
		for (int c = 0; c < lock->rows.ncolumns; c++)
		{
			bool		isnull;
			Datum		value = access_value(row, c + 2, lock->rows.columns[c].type, &isnull);

			if (isnull)
				elog(ERROR, "column \"%s\" is null", lock->rows.columns[c].name);
			values[c][place] = datumCopy(value, get_typbyval(lock->rows.columns[c].type), get_typlen(lock->rows.columns[c].type));
		}
	}
}

/*
 * Lock the rows with these keys, in their order.  Sets "found" of each key, and
 * the columns, which must not be NULL, of what was found, as they are under the
 * lock.  Returns whether all were found.
 */
bool
access_lock(const AccessScope *scope, const AccessLock *lock, Datum **keys, int count,
			bool *found, Datum **values)
{
	KeyTable	table;
	bool		all = true;

	memset(found, 0, count * sizeof(bool));
	if (count > 0 && !open_rows(scope, &lock->rows, ACL_SELECT | ACL_UPDATE, &table))
		lock_by_statement(scope, lock, keys, count, found, values);
	else if (count > 0)
	{
		begin_rows(scope, &table);
		for (int row = 0; row < count; row++)
		{
			found[row] = find_row(&table, keys, row);
			for (int c = 0; c < lock->rows.ncolumns && found[row]; c++)
			{
				Form_pg_attribute attr = TupleDescAttr(RelationGetDescr(table.rel), table.columns[c] - 1);
				bool		isnull;
				Datum		value = slot_getattr(table.slot, table.columns[c], &isnull);

				if (isnull)
					elog(ERROR, "column \"%s\" is null", NameStr(attr->attname));
				values[c][row] = datumCopy(value, attr->attbyval, attr->attlen);
			}
		}
		end_rows(&table);
		table_close(table.rel, NoLock);
		PopActiveSnapshot();
		CommandCounterIncrement();
	}
	for (int row = 0; row < count; row++)
		all = all && found[row];
	return all;
}

/* Do triggers of users want to know of updates? */
static bool
has_update_triggers(Relation rel)
{
	for (int i = 0; rel->trigdesc && i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		if (!trigger->tgisinternal && TRIGGER_FOR_UPDATE(trigger->tgtype))
			return true;
	}
	return false;
}

/* Add to the row in the slot; false when it may not become that. */
static bool
add_to_row(WriteTable *write, KeyTable *table, const AccessAdd *add, TupleTableSlot *new, Datum **sums, int row)
{
	TupleDesc	desc = RelationGetDescr(table->rel);
	Datum		values[4];
	Datum		added[4];
	bool		nulls[4];

	slot_getallattrs(table->slot);
	for (int c = 0; c < add->rows.ncolumns; c++)
	{
		values[c] = table->slot->tts_values[table->columns[c] - 1];
		nulls[c] = table->slot->tts_isnull[table->columns[c] - 1];
		if (c >= add->nsums)
			continue;
		added[c] = sums[c][row];
		if (!nulls[c])
			values[c] = DirectFunctionCall2(numeric_add, values[c], added[c]);
	}
	if (add->allowed && !add->allowed(values, nulls, added))
		return false;
	ExecClearTuple(new);
	memcpy(new->tts_values, table->slot->tts_values, desc->natts * sizeof(Datum));
	memcpy(new->tts_isnull, table->slot->tts_isnull, desc->natts * sizeof(bool));
	for (int c = 0; c < add->nsums; c++)
		new->tts_values[table->columns[c] - 1] = values[c];
	ExecStoreVirtualTuple(new);
	new->tts_tableOid = RelationGetRelid(table->rel);
	ExecSimpleRelationUpdate(write->info, write->estate, NULL, table->slot, new);
	return true;
}

/* access_add() without a statement; false when that is not possible. */
static bool
add_directly(const AccessScope *scope, const AccessAdd *add, Datum **keys, Datum **sums, int count,
			 uint64 *found, uint64 *changed)
{
	KeyTable	table;
	WriteTable	write = {0};
	TupleTableSlot *new;

	if (!open_rows(scope, &add->rows, ACL_SELECT | ACL_UPDATE, &table))
		return false;
	if (has_update_triggers(table.rel))
	{
		close_rows(&table);
		return false;
	}
	begin_rows(scope, &table);
	write.rel = table.rel;
	write_begin(&write);
	new = ExecInitExtraTupleSlot(write.estate, RelationGetDescr(table.rel), &TTSOpsVirtual);
	for (int row = 0; row < count; row++)
	{
		MemoryContext old;

		if (!find_row(&table, keys, row))
			continue;
		(*found)++;
		ResetPerTupleExprContext(write.estate);
		old = MemoryContextSwitchTo(GetPerTupleMemoryContext(write.estate));
		if (add_to_row(&write, &table, add, new, sums, row))
			(*changed)++;
		MemoryContextSwitchTo(old);
	}
	end_rows(&table);
	write_end(&write);
	PopActiveSnapshot();
	CommandCounterIncrement();
	return true;
}

/*
 * Add to the rows with these keys, each given once, which are locked in their
 * order.  Sets how many were changed; returns whether none was refused that was
 * found and locked here.
 */
bool
access_add(const AccessScope *scope, const AccessAdd *add, Datum **keys, Datum **sums,
		   int count, uint64 *changed)
{
	Datum		args[ACCESS_MAX_ARGS];
	uint64		found = 0;

	*changed = 0;
	if (count == 0 || add_directly(scope, add, keys, sums, count, &found, changed))
		return *changed == found;
	key_arguments(&add->stmt, &add->rows, keys, sums, count, args);
	if (add->lock)
		found = access_write(scope, add->lock, args, NULL);
	*changed = access_write(scope, &add->stmt, args, NULL);
	return add->lock == NULL || *changed == found;
}
