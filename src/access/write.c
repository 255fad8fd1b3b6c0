/*-------------------------------------------------------------------------
 *
 * write.c
 *	  Inserting rows without SPI; see write.h.
 *
 * src/access/write.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "access/probe.h"
#include "access/write.h"
#include "compat.h"

/* Expressions of a table, planned; the executor would parse them every time. */
typedef struct TableExpressions
{
	Oid			relid;
	bool		valid;
	bool		changed;		/* since they began to be planned */
	MemoryContext context;
	Expr	  **checks;			/* by constraint of the relation, NULL if not enforced */
	Expr	  **defaults;		/* by column, NULL where there is none */
} TableExpressions;

static HTAB *tables = NULL;

/* A table changed, or all did (InvalidOid). */
static void
write_relation_changed(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS seq;
	TableExpressions *entry;

	if (tables == NULL)
		return;
	hash_seq_init(&seq, tables);
	while ((entry = hash_seq_search(&seq)) != NULL)
	{
		if (!OidIsValid(relid) || entry->relid == relid)
		{
			entry->valid = false;
			entry->changed = true;
		}
	}
}

/* A function changed that may have been inlined, or a domain's constraints. */
static void
write_syscache_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	write_relation_changed((Datum) 0, InvalidOid);
}

/* Called once by _PG_init. */
void
write_init(void)
{
	CacheRegisterRelcacheCallback(write_relation_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(PROCOID, write_syscache_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(TYPEOID, write_syscache_changed, (Datum) 0);
}

/*
 * Plan the expressions of a table.  Functions are called where constants fold,
 * and may write to the table themselves: nothing is replaced before the end.
 */
static void
plan_expressions(Relation rel, TableExpressions *entry)
{
	TupleDesc	desc = RelationGetDescr(rel);
	int			nchecks = desc->constr ? desc->constr->num_check : 0;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "lsce table expressions", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Expr	  **checks = palloc0(Max(nchecks, 1) * sizeof(Expr *));
	Expr	  **defaults = palloc0(Max(desc->natts, 1) * sizeof(Expr *));

	entry->changed = false;
	for (int i = 0; i < nchecks; i++)
		if (lsce_check_enforced(&desc->constr->check[i]))
			checks[i] = expression_planner(stringToNode(desc->constr->check[i].ccbin));
	for (int i = 0; i < desc->natts; i++)
	{
		Node	   *value = NULL;

		if (!TupleDescAttr(desc, i)->attisdropped && TupleDescAttr(desc, i)->attgenerated == '\0')
			value = build_column_default(rel, i + 1);
		if (value)
			defaults[i] = expression_planner((Expr *) value);
	}
	MemoryContextSwitchTo(old);
	if (entry->context)
		MemoryContextDelete(entry->context);
	MemoryContextSetParent(context, CacheMemoryContext);
	entry->context = context;
	entry->checks = checks;
	entry->defaults = defaults;
	entry->valid = !entry->changed;
}

static TableExpressions *
table_expressions(Relation rel)
{
	Oid			relid = RelationGetRelid(rel);
	TableExpressions *entry;
	bool		found;

	if (tables == NULL)
	{
		HASHCTL		ctl;

		ctl.keysize = sizeof(Oid);
		ctl.entrysize = sizeof(TableExpressions);
		tables = hash_create("lsce tables written", 32, &ctl, HASH_ELEM | HASH_BLOBS);
	}
	entry = hash_search(tables, &relid, HASH_ENTER, &found);
	if (!found)
	{
		entry->valid = false;
		entry->context = NULL;
	}
	if (!entry->valid)
		plan_expressions(rel, entry);
	return entry;
}

/* Is the table one into which rows go as they are? */
static bool
is_plain_table(const AccessScope *scope, Relation rel, AclMode mode)
{
	TupleDesc	desc = RelationGetDescr(rel);

	if (rel->rd_rel->relkind != RELKIND_RELATION || rel->rd_rel->relam != HEAP_TABLE_AM_OID ||
		rel->rd_rel->relispartition || rel->rd_rel->relhassubclass || rel->rd_rel->relhasrules ||
		rel->rd_rel->relowner != scope->model->owner ||
		pg_class_aclmask(RelationGetRelid(rel), GetUserId(), mode, ACLMASK_ALL) != mode ||
		check_enable_rls(RelationGetRelid(rel), InvalidOid, true) == RLS_ENABLED)
		return false;
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(desc, i);

		if (!attr->attisdropped && (attr->attgenerated != '\0' || get_typtype(attr->atttypid) == TYPTYPE_DOMAIN))
			return false;
	}
	return true;
}

/* Where the columns stand; false when one is not as expected. */
static bool
find_columns(Relation rel, const AccessInsert *insert, AttrNumber *numbers)
{
	for (int i = 0; i < insert->ncolumns; i++)
	{
		Form_pg_attribute attr;

		numbers[i] = direct_attribute(rel, insert->columns[i].name, insert->columns[i].type);
		if (numbers[i] == 0)
			return false;
		attr = TupleDescAttr(RelationGetDescr(rel), numbers[i] - 1);
		if (attr->atttypmod != -1 || attr->attidentity == ATTRIBUTE_IDENTITY_ALWAYS)
			return false;
	}
	return true;
}

/* Open a table with the rights wanted; NULL when a statement is to write it. */
Relation
write_open(const AccessScope *scope, const char *name, AclMode mode)
{
	Oid			relid = get_relname_relid(name, scope->model->nspid);
	Relation	rel;

	if (!direct_enabled() || !OidIsValid(relid) || XactReadOnly)
		return NULL;
	rel = table_open(relid, RowExclusiveLock);
	if (is_plain_table(scope, rel, mode))
		return rel;
	table_close(rel, NoLock);
	return NULL;
}

/* Set up what the executor's functions need, as logical replication does. */
void
write_begin(WriteTable *table)
{
	Relation	rel = table->rel;
	TupleDesc	desc = RelationGetDescr(rel);
	int			nchecks = desc->constr ? desc->constr->num_check : 0;
	MemoryContext old;

	table->expressions = table_expressions(rel);
	table->estate = CreateExecutorState();
	old = MemoryContextSwitchTo(table->estate->es_query_cxt);
	lsce_init_range_table(table->estate, rel);
	table->info = makeNode(ResultRelInfo);
	InitResultRelInfo(table->info, rel, 1, NULL, 0);
	table->estate->es_opened_result_relations = lappend(NIL, table->info);
	table->estate->es_snapshot = GetActiveSnapshot();
	table->estate->es_output_cid = GetCurrentCommandId(true);
	if (nchecks > 0)
	{
		table->info->lsce_ri_checks = palloc(nchecks * sizeof(ExprState *));
		for (int i = 0; i < nchecks; i++)
			table->info->lsce_ri_checks[i] = ExecInitExpr(copyObject(table->expressions->checks[i]), NULL);
	}
	ExecOpenIndices(table->info, table->or_nothing);
	AfterTriggerBeginQuery();
	MemoryContextSwitchTo(old);
}

/* Fire what is due after the rows, and let go. */
void
write_end(WriteTable *table)
{
	AfterTriggerEndQuery(table->estate);
	ExecResetTupleTable(table->estate->es_tupleTable, false);
	ExecCloseResultRelations(table->estate);
	FreeExecutorState(table->estate);
	table_close(table->rel, NoLock);
}

/*
 * Who keeps one snapshot must not pass over a row that it does not see, as
 * ON CONFLICT DO NOTHING does not.
 */
static void
check_conflict_visible(WriteTable *table, ItemPointer place)
{
	TupleTableSlot *slot;
	bool		visible;

	if (!IsolationUsesXactSnapshot())
		return;
	slot = table_slot_create(table->rel, NULL);
	visible = !table_tuple_fetch_row_version(table->rel, place, SnapshotAny, slot) ||
		table_tuple_satisfies_snapshot(table->rel, slot, table->estate->es_snapshot);
	if (!visible)
	{
		bool		isnull;
		Datum		xmin = slot_getsysattr(slot, MinTransactionIdAttributeNumber, &isnull);

		/* a row of the same call */
		visible = TransactionIdIsCurrentTransactionId(DatumGetTransactionId(xmin));
	}
	ExecDropSingleTupleTableSlot(slot);
	if (!visible)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent update")));
}

/*
 * Store a row with its index entries unless a unique index has another one with
 * its key, which is waited for when its transaction is under way.
 */
static bool
store_or_nothing(WriteTable *table, TupleTableSlot *slot, List **recheck)
{
	TransactionId xid = GetCurrentTransactionId();

	for (;;)
	{
		ItemPointerData other;
		uint32		token;
		bool		conflict = false;

		CHECK_FOR_INTERRUPTS();
		ItemPointerSetInvalid(&other);
		if (!lsce_check_indexes(table->info, slot, table->estate, &other))
		{
			check_conflict_visible(table, &other);
			return false;
		}
		token = SpeculativeInsertionLockAcquire(xid);
		table_tuple_insert_speculative(table->rel, slot, table->estate->es_output_cid, 0, NULL, token);
		*recheck = lsce_insert_index_tuples(table->info, slot, table->estate, &conflict);
		table_tuple_complete_speculative(table->rel, slot, token, !conflict);
		SpeculativeInsertionLockRelease(xid);
		if (!conflict)
			return true;
		list_free(*recheck);
	}
}

/* Store one row. */
static void
write_row(WriteTable *table, TupleTableSlot *slot)
{
	EState	   *estate = table->estate;
	ResultRelInfo *info = table->info;
	List	   *recheck = NIL;

	if (info->ri_TrigDesc && info->ri_TrigDesc->trig_insert_before_row &&
		!ExecBRInsertTriggers(estate, info, slot))
		return;
	slot->tts_tableOid = RelationGetRelid(table->rel);
	if (RelationGetDescr(table->rel)->constr)
		ExecConstraints(info, slot, estate);
	if (table->or_nothing && info->ri_NumIndices > 0)
	{
		if (!store_or_nothing(table, slot, &recheck))
			return;
	}
	else
	{
		table_tuple_insert(table->rel, slot, estate->es_output_cid, 0, NULL);
		if (info->ri_NumIndices > 0)
			recheck = lsce_insert_index_tuples(info, slot, estate, NULL);
	}
	write_foreign_row(table, slot, NULL);
	ExecARInsertTriggers(estate, info, slot, recheck, table->capture);
	list_free(recheck);
}

/* Store the rows into an open table. */
static void
write_rows(WriteTable *table, const AccessInsert *insert, const AttrNumber *numbers,
		   Datum **columns, bool **nulls, int count)
{
	TupleDesc	desc = RelationGetDescr(table->rel);
	ExprState **defaults;
	ExprContext *econtext = GetPerTupleExprContext(table->estate);
	MemoryContext old = MemoryContextSwitchTo(table->estate->es_query_cxt);
	TupleTableSlot *slot = ExecInitExtraTupleSlot(table->estate, desc, table_slot_callbacks(table->rel));

	defaults = palloc0(desc->natts * sizeof(ExprState *));
	for (int i = 0; i < desc->natts; i++)
	{
		bool		given = false;

		for (int c = 0; c < insert->ncolumns && !given; c++)
			given = numbers[c] == i + 1;
		if (!given && table->expressions->defaults[i])
			defaults[i] = ExecInitExpr(copyObject(table->expressions->defaults[i]), NULL);
	}
	for (int row = 0; row < count; row++)
	{
		CHECK_FOR_INTERRUPTS();
		ResetPerTupleExprContext(table->estate);
		MemoryContextSwitchTo(GetPerTupleMemoryContext(table->estate));
		ExecClearTuple(slot);
		for (int i = 0; i < desc->natts; i++)
		{
			slot->tts_isnull[i] = true;
			if (defaults[i])
				slot->tts_values[i] = ExecEvalExpr(defaults[i], econtext, &slot->tts_isnull[i]);
		}
		for (int c = 0; c < insert->ncolumns; c++)
		{
			slot->tts_values[numbers[c] - 1] = columns[c][row];
			slot->tts_isnull[numbers[c] - 1] = nulls != NULL && nulls[c] != NULL && nulls[c][row];
		}
		ExecStoreVirtualTuple(slot);
		/* what the first call of a trigger's function leaves is for all rows */
		MemoryContextSwitchTo(table->estate->es_query_cxt);
		write_row(table, slot);
	}
	MemoryContextSwitchTo(old);
}

/* The same by the statement. */
static void
insert_by_statement(const AccessScope *scope, const AccessInsert *insert,
					Datum **columns, bool **nulls, int count)
{
	Datum		args[ACCESS_MAX_ARGS];

	for (int c = 0; c < insert->ncolumns; c++)
	{
		Oid			type = get_element_type(insert->stmt.argtypes[c]);
		Datum	   *values = columns[c];

		if (type != insert->columns[c].type)
		{
			values = palloc(count * sizeof(Datum));
			for (int i = 0; i < count; i++)
				values[i] = CStringGetTextDatum(OidOutputFunctionCall(F_ARRAY_OUT, columns[c][i]));
		}
		args[c] = access_array(values, nulls ? nulls[c] : NULL, count, type);
	}
	access_write(scope, &insert->stmt, args, NULL);
}

/*
 * Store rows given by columns; "nulls" may be NULL, altogether or for a column.
 * As after any statement, what was stored is seen by what comes next.
 */
void
access_insert(const AccessScope *scope, const AccessInsert *insert,
			  Datum **columns, bool **nulls, int count)
{
	WriteTable	table = {0};
	AttrNumber	numbers[ACCESS_MAX_ARGS];

	Assert(scope->mode == ACCESS_WRITE);
	if (count == 0)
		return;
	table.rel = write_open(scope, insert->table, ACL_INSERT);
	if (table.rel && !find_columns(table.rel, insert, numbers))
	{
		table_close(table.rel, NoLock);
		table.rel = NULL;
	}
	if (table.rel == NULL)
	{
		insert_by_statement(scope, insert, columns, nulls, count);
		return;
	}
	probe_close_all(scope);
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	table.or_nothing = insert->or_nothing;
	write_begin(&table);
	write_foreign_begin(&table, F_RI_FKEY_CHECK_INS);
	table.capture = MakeTransitionCaptureState(table.rel->trigdesc, RelationGetRelid(table.rel), CMD_INSERT);
	ExecBSInsertTriggers(table.estate, table.info);
	write_rows(&table, insert, numbers, columns, nulls, count);
	ExecASInsertTriggers(table.estate, table.info, table.capture);
	write_foreign_end(&table);
	write_end(&table);
	PopActiveSnapshot();
	CommandCounterIncrement();
}
