/*-------------------------------------------------------------------------
 *
 * write_key.c
 *	  Locking rows by key, and adding to their columns, without SPI; see
 *	  write.h.
 *
 * src/access/write_key.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access/probe.h"
#include "access/row_key.h"
#include "access/write.h"

/* A table whose rows are found by key. */
typedef struct KeyTable
{
	RowKey		key;
	AttrNumber	columns[4];
} KeyTable;

static void
close_rows(KeyTable *table)
{
	row_key_end(&table->key);
	table_close(table->key.rel, NoLock);
}

/* Are the keys of the index those that are given? */
static bool
keys_as_given(const RowKey *key, const AccessRows *rows)
{
	if (key->nkeys != rows->nkeys)
		return false;
	for (int i = 0; i < rows->nkeys; i++)
		if (key->numbers[i] != direct_attribute(key->rel, rows->keys[i].name, rows->keys[i].type))
			return false;
	return true;
}

/* Open table and index; false when a statement is to be used. */
static bool
open_rows(const AccessScope *scope, const AccessRows *rows, AclMode mode, KeyTable *table)
{
	Oid			indexid;
	bool		usable;

	memset(table, 0, sizeof(*table));
	table->key.rel = write_open(scope, rows->table, mode);
	if (table->key.rel == NULL)
		return false;
	/* REINDEX CONCURRENTLY drops no index of a table that is locked by now */
	indexid = get_relname_relid(rows->index, scope->model->nspid);
	if (OidIsValid(indexid) && get_rel_relkind(indexid) == RELKIND_INDEX)
		table->key.index = index_open(indexid, RowExclusiveLock);
	usable = table->key.index != NULL && row_key_prepare(&table->key) && keys_as_given(&table->key, rows);
	for (int i = 0; i < rows->ncolumns && usable; i++)
	{
		table->columns[i] = direct_attribute(table->key.rel, rows->columns[i].name, rows->columns[i].type);
		usable = table->columns[i] != 0 &&
			TupleDescAttr(RelationGetDescr(table->key.rel), table->columns[i] - 1)->atttypmod == -1;
	}
	if (!usable)
		close_rows(table);
	return usable;
}

/* Everything before is seen, and what others committed by now. */
static void
begin_rows(const AccessScope *scope, KeyTable *table, LockTupleMode mode)
{
	probe_close_all(scope);
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	row_key_begin(&table->key, mode);
}

/* The arrays of keys, and of what is added, as arguments. */
static void
key_arguments(const AccessStatement *stmt, const AccessRows *rows, Datum **keys, Datum **sums, int count, Datum *args)
{
	for (int i = 0; i < stmt->nargs; i++)
		args[i] = access_array(i < rows->nkeys ? keys[i] : sums[i - rows->nkeys], NULL, count,
							   get_element_type(stmt->argtypes[i]));
}

/* A column of a locked row; "nulls" is NULL when it must have a value. */
static void
take_value(const AccessLock *lock, int column, int row, Datum value, bool isnull, Datum **values, bool **nulls)
{
	Oid			type = lock->rows.columns[column].type;

	if (isnull && nulls == NULL)
		elog(ERROR, "column \"%s\" is null", lock->rows.columns[column].name);
	if (nulls != NULL)
		nulls[column][row] = isnull;
	values[column][row] = isnull ? (Datum) 0 : datumCopy(value, get_typbyval(type), get_typlen(type));
}

static void
lock_by_statement(const AccessScope *scope, const AccessLock *lock, Datum **keys, int count,
				  bool *found, Datum **values, bool **nulls)
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

			take_value(lock, c, place, value, isnull, values, nulls);
		}
	}
}

/*
 * Lock the rows with these keys, in their order.  Sets "found" of each key, and
 * the columns of what was found, as they are under the lock; without "nulls"
 * they must not be NULL.  Returns whether all were found.
 */
bool
access_lock(const AccessScope *scope, const AccessLock *lock, Datum **keys, int count,
			bool *found, Datum **values, bool **nulls)
{
	KeyTable	table;
	bool		all = true;

	memset(found, 0, count * sizeof(bool));
	if (count > 0 && !open_rows(scope, &lock->rows, ACL_SELECT | ACL_UPDATE, &table))
		lock_by_statement(scope, lock, keys, count, found, values, nulls);
	else if (count > 0)
	{
		begin_rows(scope, &table, lock->mode);
		for (int row = 0; row < count; row++)
		{
			found[row] = row_key_find(&table.key, keys, row);
			for (int c = 0; c < lock->rows.ncolumns && found[row]; c++)
			{
				bool		isnull;
				Datum		value = slot_getattr(table.key.slot, table.columns[c], &isnull);

				take_value(lock, c, row, value, isnull, values, nulls);
			}
		}
		close_rows(&table);
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

/* Was the row in the slot stored by this transaction? */
static bool
is_mine(TupleTableSlot *slot)
{
	bool		isnull;

	return TransactionIdIsCurrentTransactionId(DatumGetTransactionId(
		slot_getsysattr(slot, MinTransactionIdAttributeNumber, &isnull)));
}

/* Add to the row in the slot; false when it may not become that. */
static bool
add_to_row(WriteTable *write, KeyTable *table, const AccessAdd *add, TupleTableSlot *new, Datum **sums, int row)
{
	TupleTableSlot *old = table->key.slot;
	TupleDesc	desc = RelationGetDescr(table->key.rel);
	Datum		values[4];
	Datum		added[4];
	bool		nulls[4];

	slot_getallattrs(old);
	for (int c = 0; c < add->rows.ncolumns; c++)
	{
		values[c] = old->tts_values[table->columns[c] - 1];
		nulls[c] = old->tts_isnull[table->columns[c] - 1];
		if (c >= add->nsums)
			continue;
		added[c] = sums[c][row];
		if (!nulls[c])
			values[c] = DirectFunctionCall2(numeric_add, values[c], added[c]);
	}
	if (add->allowed && !add->allowed(values, nulls, added))
		return false;
	ExecClearTuple(new);
	memcpy(new->tts_values, old->tts_values, desc->natts * sizeof(Datum));
	memcpy(new->tts_isnull, old->tts_isnull, desc->natts * sizeof(bool));
	for (int c = 0; c < add->nsums; c++)
		new->tts_values[table->columns[c] - 1] = values[c];
	ExecStoreVirtualTuple(new);
	new->tts_tableOid = RelationGetRelid(table->key.rel);
	ExecSimpleRelationUpdate(write->info, write->estate, NULL, old, new);
	/* as the server: the check of a row of this transaction may be still to come */
	write_foreign_row(write, new, is_mine(old) ? NULL : old);
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
	if (has_update_triggers(table.key.rel))
	{
		close_rows(&table);
		return false;
	}
	begin_rows(scope, &table, LockTupleExclusive);
	write.rel = table.key.rel;
	write_begin(&write);
	write_foreign_begin(&write, F_RI_FKEY_CHECK_UPD);
	new = ExecInitExtraTupleSlot(write.estate, RelationGetDescr(table.key.rel), &TTSOpsVirtual);
	for (int row = 0; row < count; row++)
	{
		MemoryContext old;

		if (!row_key_find(&table.key, keys, row))
			continue;
		(*found)++;
		ResetPerTupleExprContext(write.estate);
		old = MemoryContextSwitchTo(GetPerTupleMemoryContext(write.estate));
		if (add_to_row(&write, &table, add, new, sums, row))
			(*changed)++;
		MemoryContextSwitchTo(old);
	}
	row_key_end(&table.key);
	write_foreign_end(&write);
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
