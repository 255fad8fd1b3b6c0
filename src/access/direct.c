/*-------------------------------------------------------------------------
 *
 * direct.c
 *	  Index-only and sequential scans without SPI.
 *
 * src/access/direct.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/sysattr.h"
#include "access/htup_details.h"
#include "access/itup.h"
#include "access/relscan.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "access/direct.h"
#include "compat.h"

struct DirectScan
{
	MemoryContext context;		/* the scan's own allocations */
	Relation	table;
	Relation	index;			/* NULL for a sequential scan */
	TableScanDesc table_scan;
	IndexScanDesc index_scan;
	ScanKeyData key;			/* the index's first column = what is sought */
	bool		empty;			/* the index has no page for entries */
	TupleTableSlot *slot;
	Buffer		visibility_map;
	int			ncolumns;
	AttrNumber	columns[FLEXIBLE_ARRAY_MEMBER];	/* in the index or table, from 1 */
};

static bool direct_access = true;

/* Called once by _PG_init. */
void
direct_init(void)
{
	DefineCustomBoolVariable("lsce.direct_access",
							 "Reads and writes tables directly where that does the same.",
							 "Off does everything through SPI.",
							 &direct_access, true, PGC_USERSET, 0, NULL, NULL, NULL);
}

/*
 * Off by setting, because tables may be spread by Citus, or because a module
 * that decides or records what is touched hears of it from the executor.
 */
bool
direct_enabled(void)
{
	return direct_access && !ExecutorCheckPerms_hook &&
		!OidIsValid(get_relname_relid("pg_dist_partition", PG_CATALOG_NAMESPACE));
}

/* Is it one of the two types of paths? */
static bool
is_path_type(Oid type)
{
	Oid			nspid = get_namespace_oid("lsce", true);

	return OidIsValid(nspid) &&
		(type == GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("territory"), ObjectIdGetDatum(nspid)) ||
		 type == GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("specialty"), ObjectIdGetDatum(nspid)));
}

/* The column's number in the table when it has that type and is stored, else 0. */
AttrNumber
direct_attribute(Relation table, const char *name, Oid type)
{
	TupleDesc	desc = RelationGetDescr(table);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(desc, i);

		if (!attr->attisdropped && strcmp(NameStr(attr->attname), name) == 0)
			return (attr->attgenerated == '\0' || attr->attgenerated == ATTRIBUTE_GENERATED_STORED) &&
				(attr->atttypid == type || (type == DIRECT_PATH_TYPE && is_path_type(attr->atttypid))) ? attr->attnum : 0;
	}
	return 0;
}

/*
 * Open a table for reading by the effective user; NULL when a scan might differ
 * from a query.  The lock is kept, as a query's would be.
 */
Relation
direct_open_plain(const AccessScope *scope, Oid relid)
{
	Relation	table = table_open(relid, AccessShareLock);

	if (table->rd_rel->relkind == RELKIND_RELATION &&
		table->rd_rel->relam == HEAP_TABLE_AM_OID &&
		!table->rd_rel->relhassubclass &&
		table->rd_rel->relowner == scope->model->owner &&
		pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(relid, InvalidOid, true) != RLS_ENABLED)
		return table;
	table_close(table, NoLock);
	return NULL;
}

/* The same for a table of the model, by its name. */
static Relation
direct_open_relation(const AccessScope *scope, const char *name)
{
	Oid			relid = get_relname_relid(name, scope->model->nspid);

	return direct_enabled() && OidIsValid(relid) ? direct_open_plain(scope, relid) : NULL;
}

/* Is the index partial by nothing but column = value? */
bool
direct_predicate_is(Relation table, Relation index, const char *where_column, const char *where_value)
{
	List	   *predicate = RelationGetIndexPredicate(index);
	OpExpr	   *op;
	Var		   *column;
	Const	   *value;

	if (list_length(predicate) != 1 || !IsA(linitial(predicate), OpExpr))
		return false;
	op = (OpExpr *) linitial(predicate);
	if (get_opcode(op->opno) != F_TEXTEQ ||
		!IsA(linitial(op->args), Var) || !IsA(lsecond(op->args), Const))
		return false;
	column = (Var *) linitial(op->args);
	value = (Const *) lsecond(op->args);
	return column->varattno == direct_attribute(table, where_column, TEXTOID) &&
		!value->constisnull &&
		strcmp(TextDatumGetCString(value->constvalue), where_value) == 0;
}

/* Is this a btree over columns of the table, usable under today's snapshot? */
bool
direct_index_usable(Relation table, Relation index)
{
	Form_pg_index form = index->rd_index;

	return form->indrelid == RelationGetRelid(table) &&
		form->indisvalid && form->indisready && form->indislive &&
		index->rd_rel->relam == BTREE_AM_OID &&
		RelationGetIndexExpressions(index) == NIL &&
		(!form->indcheckxmin ||
		 TransactionIdPrecedes(HeapTupleHeaderGetXmin(index->rd_indextuple->t_data), TransactionXmin));
}

/* The same, and as expected? */
static bool
direct_index_matches(Relation table, Relation index, const DirectIndex *wanted)
{
	return direct_index_usable(table, index) &&
		index->rd_opcintype[0] == wanted->columns[0].type &&
		(wanted->where_column ?
		 direct_predicate_is(table, index, wanted->where_column, wanted->where_value) :
		 RelationGetIndexPredicate(index) == NIL);
}

/* Where the wanted columns stand in the index; false if one is missing. */
static bool
direct_index_columns(DirectScan *scan, const DirectIndex *wanted)
{
	Form_pg_index form = scan->index->rd_index;

	for (int i = 0; i < wanted->ncolumns; i++)
	{
		AttrNumber	attnum = direct_attribute(scan->table, wanted->columns[i].name, wanted->columns[i].type);
		Oid			collation;

		if (attnum == 0)
			return false;
		/* equality of texts is equality of bytes but for such collations */
		collation = TupleDescAttr(RelationGetDescr(scan->table), attnum - 1)->attcollation;
		if (OidIsValid(collation) && !get_collation_isdeterministic(collation))
			return false;
		scan->columns[i] = 0;
		for (int k = 0; k < form->indnatts; k++)
			if (form->indkey.values[k] == attnum)
				scan->columns[i] = k + 1;
		if (scan->columns[i] == 0)
			return false;
	}
	return scan->columns[0] == 1;
}

static DirectScan *
direct_make(Relation table, int ncolumns)
{
	DirectScan *scan = palloc0(offsetof(DirectScan, columns) + ncolumns * sizeof(AttrNumber));

	scan->context = CurrentMemoryContext;
	scan->table = table;
	scan->ncolumns = ncolumns;
	scan->visibility_map = InvalidBuffer;
	return scan;
}

/* An index-only scan, to be placed by direct_seek(); NULL when it must not be. */
DirectScan *
direct_open_index(const AccessScope *scope, const DirectIndex *wanted)
{
	Relation	table = direct_open_relation(scope, wanted->table);
	Oid			indexid = get_relname_relid(wanted->index, scope->model->nspid);
	DirectScan *scan;

	if (table == NULL)
		return NULL;
	scan = direct_make(table, wanted->ncolumns);
	if (OidIsValid(indexid) && get_rel_relkind(indexid) == RELKIND_INDEX)
		scan->index = index_open(indexid, AccessShareLock);
	if (scan->index == NULL || !direct_index_matches(table, scan->index, wanted) ||
		!direct_index_columns(scan, wanted))
	{
		direct_close(scan);
		return NULL;
	}
	ScanKeyInit(&scan->key, 1, BTEqualStrategyNumber,
				get_opcode(get_opfamily_member(scan->index->rd_opfamily[0],
											   scan->index->rd_opcintype[0],
											   scan->index->rd_opcintype[0],
											   BTEqualStrategyNumber)),
				(Datum) 0);
	scan->slot = table_slot_create(table, NULL);
	scan->index_scan = lsce_index_beginscan(table, scan->index, GetActiveSnapshot(), 1);
	scan->index_scan->xs_want_itup = true;
	/* what is inserted from now on, the snapshot does not see */
	scan->empty = RelationGetNumberOfBlocks(scan->index) <= 1;
	if (scan->empty)
		PredicateLockRelation(scan->index, GetActiveSnapshot());
	return scan;
}

/* A scan of the whole table; NULL when it must not be. */
DirectScan *
direct_open_table(const AccessScope *scope, const char *name,
				  const DirectColumn *columns, int ncolumns)
{
	Relation	table = direct_open_relation(scope, name);
	DirectScan *scan;

	if (table == NULL)
		return NULL;
	scan = direct_make(table, ncolumns);
	for (int i = 0; i < ncolumns; i++)
	{
		scan->columns[i] = direct_attribute(table, columns[i].name, columns[i].type);
		if (scan->columns[i] == 0)
		{
			direct_close(scan);
			return NULL;
		}
	}
	scan->slot = table_slot_create(table, NULL);
	/* from the first page on: a scan in step with others begins anywhere */
	scan->table_scan = table_beginscan_strat(table, GetActiveSnapshot(), 0, NULL, true, false);
	return scan;
}

/* Go to the entries whose first column is "key". */
void
direct_seek(DirectScan *scan, Datum key)
{
	MemoryContext old;

	if (scan->empty)
		return;
	old = MemoryContextSwitchTo(scan->context);
	scan->key.sk_argument = key;
	index_rescan(scan->index_scan, &scan->key, 1, NULL, 0);
	MemoryContextSwitchTo(old);
}

/* Does the snapshot see the row that the index scan stands at? */
static bool
direct_visible(DirectScan *scan, ItemPointer tid)
{
	IndexScanDesc index_scan = scan->index_scan;
	bool		visible;

	if (VM_ALL_VISIBLE(scan->table, ItemPointerGetBlockNumber(tid), &scan->visibility_map))
	{
		PredicateLockPage(scan->table, ItemPointerGetBlockNumber(tid), index_scan->xs_snapshot);
		return true;
	}
	visible = index_fetch_heap(index_scan, scan->slot);
	ExecClearTuple(scan->slot);
	if (visible && index_scan->xs_heap_continue)
		elog(ERROR, "more than one visible version of a row in an index-only scan");
	return visible;
}

/* The next entry of an index scan that the snapshot sees; false at the end. */
bool
direct_next_entry(DirectScan *scan, DirectEntry *entry)
{
	MemoryContext old;
	ItemPointer tid;

	if (scan->empty)
		return false;
	old = MemoryContextSwitchTo(scan->context);
	do
	{
		CHECK_FOR_INTERRUPTS();
		tid = index_getnext_tid(scan->index_scan, ForwardScanDirection);
	} while (tid && !direct_visible(scan, tid));
	MemoryContextSwitchTo(old);
	entry->tuple = scan->index_scan->xs_itup;
	entry->desc = scan->index_scan->xs_itupdesc;
	entry->columns = scan->columns;
	return tid != NULL;
}

/*
 * The next row of a sequential scan; false at the end.  Values are in the order
 * in which columns were asked for.
 */
bool
direct_next_row(DirectScan *scan, Datum *values, bool *nulls)
{
	MemoryContext old = MemoryContextSwitchTo(scan->context);
	bool		found = table_scan_getnextslot(scan->table_scan, ForwardScanDirection, scan->slot);

	for (int i = 0; found && i < scan->ncolumns; i++)
		values[i] = slot_getattr(scan->slot, scan->columns[i], &nulls[i]);
	MemoryContextSwitchTo(old);
	return found;
}

/* Where the row of a scan of a table stands, and which transaction wrote it. */
void
direct_row_version(DirectScan *scan, ItemPointer place, TransactionId *inserted_by)
{
	bool		isnull;

	*place = scan->slot->tts_tid;
	*inserted_by = DatumGetTransactionId(slot_getsysattr(scan->slot, MinTransactionIdAttributeNumber, &isnull));
}

/* End a scan; the locks are kept until the transaction ends. */
void
direct_close(DirectScan *scan)
{
	if (scan->index_scan)
		index_endscan(scan->index_scan);
	if (scan->table_scan)
		table_endscan(scan->table_scan);
	if (scan->slot)
		ExecDropSingleTupleTableSlot(scan->slot);
	if (BufferIsValid(scan->visibility_map))
		ReleaseBuffer(scan->visibility_map);
	if (scan->index)
		index_close(scan->index, NoLock);
	table_close(scan->table, NoLock);
	pfree(scan);
}
