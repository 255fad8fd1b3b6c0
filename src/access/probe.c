/*-------------------------------------------------------------------------
 *
 * probe.c
 *	  Index probes: finding the index, opening scans, fetching rows.
 *
 * Which index serves a probe is remembered in the session until the table
 * changes.  Scans are opened when a scope first needs them and are placed anew
 * for every probe; they are closed before the scope writes, takes another
 * snapshot or ends.
 *
 * src/access/probe.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "access/probe.h"
#include "compat.h"

typedef struct ProbeCacheKey
{
	const Probe *probe;
	Oid			nspid;
} ProbeCacheKey;

/* How a probe is done in a model. */
typedef struct ProbeCacheEntry
{
	ProbeCacheKey key;
	bool		valid;			/* nothing below changed */
	Oid			relid;
	Oid			indexid;		/* InvalidOid: not possible */
	AttrNumber	columns[PROBE_MAX_COLUMNS];
	int			key_of[PROBE_MAX_KEYS]; /* the probe's key of an index column */
	ScanKeyData keys[PROBE_MAX_KEYS];
	AttrNumber	last_column;	/* how far rows are taken apart */
} ProbeCacheEntry;

/* A probe in use by a scope. */
typedef struct OpenProbe
{
	const Probe *probe;
	ProbeCacheEntry entry;		/* a copy: that of the session may change meanwhile */
	bool		shares;			/* the following with an earlier probe */
	Relation	table;			/* NULL: not possible in this scope */
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	bool		byval[PROBE_MAX_COLUMNS];
	int16		length[PROBE_MAX_COLUMNS];
} OpenProbe;

struct ProbeScans
{
	MemoryContext context;		/* of what is open; NULL when there is nothing */
	MemoryContext room;			/* of the scans as they are begun */
	MemoryContext answers;		/* the last answer; NULL before the first */
	Snapshot	snapshot;		/* of the scans */
	bool		enabled;		/* as it was when the first was opened */
	int			count;
	int			size;
	OpenProbe **items;
};

static HTAB *cache = NULL;

/*
 * Every scan of a btree begins with 27 kB, most of which is not touched.  Given
 * back to the server's allocator and to the system they cost more than a probe,
 * so the session keeps room for the scans of one scope.
 */
#define SCAN_ROOM		(1536 * 1024)

static MemoryContext spare_room = NULL;

/* Something about a table or index changed, or about all (InvalidOid). */
static void
probe_relation_changed(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS seq;
	ProbeCacheEntry *entry;

	if (cache == NULL)
		return;
	hash_seq_init(&seq, cache);
	while ((entry = hash_seq_search(&seq)) != NULL)
	{
		if (!OidIsValid(relid) || entry->relid == relid || entry->indexid == relid)
			entry->valid = false;
	}
}

/* Called once by _PG_init. */
void
probe_init(void)
{
	CacheRegisterRelcacheCallback(probe_relation_changed, (Datum) 0);
}

/* Is the predicate of a partial index true of every row that the probe finds? */
static bool
predicate_allows(Relation table, Relation index, const Probe *probe)
{
	List	   *predicate = RelationGetIndexPredicate(index);
	NullTest   *test;

	if (predicate == NIL)
		return true;
	if (probe->where_column)
		return direct_predicate_is(table, index, probe->where_column, probe->where_value);
	if (list_length(predicate) != 1 || !IsA(linitial(predicate), NullTest))
		return false;
	test = (NullTest *) linitial(predicate);
	for (int i = 0; i < probe->nkeys; i++)
	{
		if (test->nulltesttype == IS_NOT_NULL && IsA(test->arg, Var) &&
			((Var *) test->arg)->varattno == direct_attribute(table, probe->keys[i].name, probe->keys[i].type))
			return true;
	}
	return false;
}

/* Which of the probe's keys is this column of the index; -1 if none. */
static int
key_of_column(Relation table, Relation index, int column, const Probe *probe)
{
	for (int i = 0; i < probe->nkeys; i++)
	{
		if (index->rd_index->indkey.values[column] == direct_attribute(table, probe->keys[i].name, probe->keys[i].type) &&
			index->rd_index->indkey.values[column] != 0)
			return i;
	}
	return -1;
}

/* Try an index: are the keys its first columns, in whatever order? */
static bool
index_serves(Relation table, Relation index, const Probe *probe, ProbeCacheEntry *entry)
{
	uint32		seen = 0;

	if (!direct_index_usable(table, index) ||
		IndexRelationGetNumberOfKeyAttributes(index) < probe->nkeys ||
		!predicate_allows(table, index, probe))
		return false;
	for (int i = 0; i < probe->nkeys; i++)
	{
		int			key = key_of_column(table, index, i, probe);
		Oid			equal;

		/* the operator class must be of the very type of the column */
		if (key < 0 || (seen & (1u << key)) != 0 ||
			index->rd_opcintype[i] != TupleDescAttr(RelationGetDescr(table), index->rd_index->indkey.values[i] - 1)->atttypid)
			return false;
		seen |= 1u << key;
		equal = get_opfamily_member(index->rd_opfamily[i], index->rd_opcintype[i],
									index->rd_opcintype[i], BTEqualStrategyNumber);
		if (!OidIsValid(equal) ||
			(OidIsValid(index->rd_indcollation[i]) && !get_collation_isdeterministic(index->rd_indcollation[i])))
			return false;
		entry->key_of[i] = key;
		ScanKeyEntryInitialize(&entry->keys[i], 0, i + 1, BTEqualStrategyNumber, InvalidOid,
							   index->rd_indcollation[i], get_opcode(equal), (Datum) 0);
	}
	return true;
}

/* The numbers of the columns; false when one is not as the probe has it. */
static bool
find_columns(Relation table, const Probe *probe, ProbeCacheEntry *entry)
{
	entry->last_column = 0;
	for (int i = 0; i < probe->ncolumns; i++)
	{
		const DirectColumn *column = &probe->columns[i];
		Oid			collation;

		entry->columns[i] = direct_attribute(table, column->name, column->type);
		if (entry->columns[i] == 0)
			return false;
		collation = TupleDescAttr(RelationGetDescr(table), entry->columns[i] - 1)->attcollation;
		if (OidIsValid(collation) && collation != DEFAULT_COLLATION_OID)
			return false;
		entry->last_column = Max(entry->last_column, entry->columns[i]);
	}
	return true;
}

/* Find out how the probe is done; the table is open. */
static void
probe_resolve(Relation table, const Probe *probe, ProbeCacheEntry *entry)
{
	List	   *indexes = RelationGetIndexList(table);
	ListCell   *cell;
	MemoryContext old;

	entry->relid = RelationGetRelid(table);
	entry->indexid = InvalidOid;
	entry->valid = true;
	if (!find_columns(table, probe, entry))
		return;
	old = MemoryContextSwitchTo(CacheMemoryContext);
	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);
		bool		serves = index_serves(table, index, probe, entry);

		index_close(index, NoLock);
		if (serves)
		{
			entry->indexid = lfirst_oid(cell);
			break;
		}
	}
	MemoryContextSwitchTo(old);
	list_free(indexes);
}

static ProbeCacheEntry *
probe_entry(const AccessScope *scope, const Probe *probe)
{
	ProbeCacheKey key;
	ProbeCacheEntry *entry;
	bool		found;

	if (cache == NULL)
	{
		HASHCTL		ctl;

		ctl.keysize = sizeof(ProbeCacheKey);
		ctl.entrysize = sizeof(ProbeCacheEntry);
		cache = hash_create("lsce probes", 128, &ctl, HASH_ELEM | HASH_BLOBS);
	}
	memset(&key, 0, sizeof(key));
	key.probe = probe;
	key.nspid = scope->model->nspid;
	entry = hash_search(cache, &key, HASH_ENTER, &found);
	if (!found)
	{
		entry->valid = false;
		entry->relid = entry->indexid = InvalidOid;
	}
	return entry;
}

/*
 * Open table and index of a probe; leaves table NULL when the probe is not
 * possible.  Taking the lock may tell of changes, so look again after it.
 */
static void
probe_open_relations(const AccessScope *scope, OpenProbe *open)
{
	ProbeCacheEntry *entry = probe_entry(scope, open->probe);
	bool		known = entry->valid;
	Oid			relid = known ? entry->relid : get_relname_relid(open->probe->table, scope->model->nspid);
	Relation	table;

	if (!scope->probes->enabled || !OidIsValid(relid) || (known && !OidIsValid(entry->indexid)))
		return;
	table = direct_open_plain(scope, relid);
	if (table == NULL)
		return;
	if (known && !entry->valid)
	{
		/* changed while we waited for the table: it may have another name */
		table_close(table, NoLock);
		return;
	}
	if (!known)
		probe_resolve(table, open->probe, entry);
	if (OidIsValid(entry->indexid))
		open->index = index_open(entry->indexid, AccessShareLock);
	if (open->index && !entry->valid)
	{
		/* changed while we waited for the index */
		index_close(open->index, NoLock);
		open->index = NULL;
	}
	if (open->index == NULL)
	{
		table_close(table, NoLock);
		return;
	}
	open->table = table;
	open->entry = *entry;
}

/*
 * Use the scan of an earlier probe by the same index, if there is one: no two
 * probes are under way at a time.
 */
static bool
probe_share(const AccessScope *scope, OpenProbe *open)
{
	const ProbeCacheEntry *entry = probe_entry(scope, open->probe);

	if (!entry->valid || !OidIsValid(entry->indexid))
		return false;
	for (int i = 0; i < scope->probes->count; i++)
	{
		const OpenProbe *other = scope->probes->items[i];

		if (other->table == NULL || other->probe->nkeys != open->probe->nkeys ||
			RelationGetRelid(other->index) != entry->indexid)
			continue;
		open->entry = *entry;
		open->shares = true;
		open->table = other->table;
		open->index = other->index;
		open->scan = other->scan;
		open->slot = other->slot;
		return true;
	}
	return false;
}

/* Begin to use a probe in this scope. */
static OpenProbe *
probe_open(const AccessScope *scope, const Probe *probe)
{
	struct ProbeScans *scans = scope->probes;
	MemoryContext old = MemoryContextSwitchTo(scans->context);
	OpenProbe  *open = palloc0(sizeof(OpenProbe));

	open->probe = probe;
	if (!probe_share(scope, open))
		probe_open_relations(scope, open);
	if (open->table)
	{
		for (int i = 0; i < probe->ncolumns; i++)
		{
			Form_pg_attribute attr = TupleDescAttr(RelationGetDescr(open->table), open->entry.columns[i] - 1);

			open->byval[i] = attr->attbyval;
			open->length[i] = attr->attlen;
		}
	}
	if (open->table && !open->shares)
	{
		open->slot = table_slot_create(open->table, NULL);
		MemoryContextSwitchTo(scans->room);
		open->scan = lsce_index_beginscan(open->table, open->index, scans->snapshot, probe->nkeys);
		MemoryContextSwitchTo(scans->context);
	}
	if (scans->count == scans->size)
	{
		scans->size = Max(32, scans->size * 2);
		scans->items = scans->items ? repalloc(scans->items, scans->size * sizeof(OpenProbe *)) :
			palloc(scans->size * sizeof(OpenProbe *));
	}
	if (open->table == NULL)
		elog(DEBUG2, "no index of table \"%s\" for a probe by \"%s\"", probe->table, probe->keys[0].name);
	scans->items[scans->count++] = open;
	MemoryContextSwitchTo(old);
	return open;
}

/* Get ready to open scans under the active snapshot. */
static void
begin_scans(struct ProbeScans *scans)
{
	MemoryContext parent = GetMemoryChunkContext(scans);

	scans->context = AllocSetContextCreate(parent, "lsce probes", ALLOCSET_DEFAULT_SIZES);
	scans->room = spare_room;
	spare_room = NULL;
	if (scans->room)
		MemoryContextSetParent(scans->room, parent);
	else
		scans->room = GenerationContextCreate(parent, "lsce scans", SCAN_ROOM, SCAN_ROOM, SCAN_ROOM);
	scans->snapshot = GetActiveSnapshot();
	scans->enabled = direct_enabled();
}

/* Keep the room of the scans, which are closed, for the next scope. */
static void
keep_room(MemoryContext room)
{
	if (spare_room)
		MemoryContextDelete(room);
	else
	{
		MemoryContextReset(room);
		MemoryContextSetParent(room, TopMemoryContext);
		spare_room = room;
	}
}

/* The probe as this scope has it open; NULL when it is not possible. */
static OpenProbe *
probe_get(Answer *answer, const Probe *probe)
{
	const AccessScope *scope = answer->scope;
	struct ProbeScans *scans = scope->probes;
	OpenProbe  *open = NULL;

	if (scans->context && scans->snapshot != GetActiveSnapshot())
		probe_close_all(scope);
	if (scans->context == NULL)
		begin_scans(scans);
	for (int i = 0; i < scans->count && open == NULL; i++)
		if (scans->items[i]->probe == probe)
			open = scans->items[i];
	if (open == NULL)
		open = probe_open(scope, probe);
	if (open->table == NULL)
		answer->failed = true;
	return answer->failed ? NULL : open;
}

/* Copy the columns out of the slot, which keeps them on a pinned page. */
static void
probe_copy_row(const OpenProbe *open, ProbeRow *row)
{
	slot_getsomeattrs(open->slot, open->entry.last_column);
	for (int i = 0; i < open->probe->ncolumns; i++)
	{
		AttrNumber	column = open->entry.columns[i];

		row->nulls[i] = open->slot->tts_isnull[column - 1];
		row->values[i] = row->nulls[i] ? (Datum) 0 :
			datumCopy(open->slot->tts_values[column - 1], open->byval[i], open->length[i]);
	}
}

static void
probe_new_row(const Probe *probe, ProbeRow *row)
{
	char	   *room = palloc0(probe->ncolumns * (sizeof(Datum) + sizeof(bool)));

	row->values = (Datum *) room;
	row->nulls = (bool *) (room + probe->ncolumns * sizeof(Datum));
	row->rank = 0;
}

/* Place the scan; false when a key is NULL, which equals nothing. */
static bool
probe_place(OpenProbe *open, const ProbeKey *keys, MemoryContext context)
{
	ScanKeyData scankeys[PROBE_MAX_KEYS];
	MemoryContext old;

	for (int i = 0; i < open->probe->nkeys; i++)
	{
		const ProbeKey *key = &keys[open->entry.key_of[i]];

		if (key->isnull)
			return false;
		scankeys[i] = open->entry.keys[i];
		scankeys[i].sk_argument = key->value;
	}
	old = MemoryContextSwitchTo(context);
	index_rescan(open->scan, scankeys, open->probe->nkeys, NULL, 0);
	MemoryContextSwitchTo(old);
	return true;
}

static bool
probe_next(OpenProbe *open, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	bool		found = index_getnext_slot(open->scan, ForwardScanDirection, open->slot);

	MemoryContextSwitchTo(old);
	return found;
}

/*
 * The row with these keys, of which there is at most one; false, and a row of
 * NULLs, when there is none.
 */
bool
probe_one(Answer *answer, const Probe *probe, const ProbeKey *keys, ProbeRow *row)
{
	OpenProbe  *open = probe_get(answer, probe);
	MemoryContext context = answer->scope->probes->context;
	bool		found;

	probe_new_row(probe, row);
	found = open != NULL && probe_place(open, keys, context) && probe_next(open, context);
	if (found)
		probe_copy_row(open, row);
	else
		memset(row->nulls, true, probe->ncolumns);
	if (open)
		ExecClearTuple(open->slot);
	return found;
}

/* Add a row to "rows". */
void
probe_append(ProbeRows *rows, const ProbeRow *row)
{
	if (rows->count == rows->size)
	{
		rows->size = Max(8, rows->size * 2);
		rows->rows = rows->rows ? repalloc_huge(rows->rows, rows->size * sizeof(ProbeRow)) :
			palloc(rows->size * sizeof(ProbeRow));
	}
	rows->rows[rows->count++] = *row;
}

/* Add all rows with these keys to "rows". */
void
probe_add(Answer *answer, const Probe *probe, const ProbeKey *keys, ProbeRows *rows)
{
	OpenProbe  *open = probe_get(answer, probe);
	MemoryContext context = answer->scope->probes->context;
	ProbeRow	row;

	if (open == NULL || !probe_place(open, keys, context))
		return;
	while (probe_next(open, context))
	{
		CHECK_FOR_INTERRUPTS();
		probe_new_row(probe, &row);
		probe_copy_row(open, &row);
		probe_append(rows, &row);
	}
	ExecClearTuple(open->slot);
}

/* Let a scope use probes; SPI is connected. */
void
probe_begin(AccessScope *scope)
{
	scope->probes = palloc0(sizeof(struct ProbeScans));
}

/* The scope ends. */
void
probe_end(AccessScope *scope)
{
	probe_close_all(scope);
	if (scope->probes && scope->probes->answers)
		MemoryContextDelete(scope->probes->answers);
	scope->probes = NULL;
}

/* An empty context for the next answer; the last one is gone. */
MemoryContext
probe_answer_context(const AccessScope *scope)
{
	struct ProbeScans *scans = scope->probes;

	if (scans->answers)
		MemoryContextReset(scans->answers);
	else
		scans->answers = AllocSetContextCreate(GetMemoryChunkContext(scans), "lsce answer", ALLOCSET_DEFAULT_SIZES);
	return scans->answers;
}

/*
 * Is one of the rows with these keys wanted?  However many there are, none is
 * kept: values hold during the call of "wanted" only.
 */
bool
probe_any(Answer *answer, const Probe *probe, const ProbeKey *keys,
		  bool (*wanted) (const ProbeRow *row, const void *arg), const void *arg)
{
	OpenProbe  *open = probe_get(answer, probe);
	MemoryContext context = answer->scope->probes->context;
	ProbeRow	row;
	bool		found = false;

	if (open == NULL || !probe_place(open, keys, context))
		return false;
	probe_new_row(probe, &row);
	while (!found && probe_next(open, context))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getsomeattrs(open->slot, open->entry.last_column);
		for (int i = 0; i < probe->ncolumns; i++)
		{
			row.values[i] = open->slot->tts_values[open->entry.columns[i] - 1];
			row.nulls[i] = open->slot->tts_isnull[open->entry.columns[i] - 1];
		}
		found = wanted(&row, arg);
	}
	ExecClearTuple(open->slot);
	return found;
}

/* End the scans of a scope, if it has any. */
void
probe_close_all(const AccessScope *scope)
{
	struct ProbeScans *scans = scope->probes;

	if (scans == NULL || scans->context == NULL)
		return;
	for (int i = 0; i < scans->count; i++)
	{
		OpenProbe  *open = scans->items[i];

		if (open->table == NULL || open->shares)
			continue;
		index_endscan(open->scan);
		ExecDropSingleTupleTableSlot(open->slot);
		index_close(open->index, NoLock);
		table_close(open->table, NoLock);
	}
	MemoryContextDelete(scans->context);
	keep_room(scans->room);
	scans->context = scans->room = NULL;
	scans->items = NULL;
	scans->count = scans->size = 0;
}
