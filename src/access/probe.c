/*-------------------------------------------------------------------------
 *
 * probe.c
 *	  Index probes: opening scans, fetching rows.
 *
 * Scans are opened when a scope first needs them and are placed anew for every
 * probe; they are closed before the scope writes, takes another snapshot or
 * ends.
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
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "access/found.h"
#include "access/probe.h"
#include "access/probe_index.h"
#include "compat.h"

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
	FoundByIndex *found;
	struct OpenProbe *next;		/* in the same bucket */
} OpenProbe;

#define PROBE_BUCKETS	64

struct ProbeScans
{
	MemoryContext context;		/* of what is open; NULL when there is nothing */
	MemoryContext room;			/* of the scans as they are begun */
	MemoryContext answers;		/* the last answer; NULL before the first */
	MemoryContext rows;			/* found, which answers may show */
	Snapshot	snapshot;		/* of the scans */
	TransactionId xmin;			/* what it saw then */
	TransactionId xmax;
	uint32		xcnt;
	CommandId	curcid;
	bool		enabled;		/* as it was when the first was opened */
	int			count;
	int			size;
	OpenProbe **items;
	OpenProbe  *buckets[PROBE_BUCKETS];	/* the items by their probe */
};

/*
 * Every scan of a btree begins with 27 kB, most of which is not touched.  Given
 * back to the server's allocator and to the system they cost more than a probe,
 * so the session keeps room for the scans of one scope: a hand-over opens 48.
 */
#define SCAN_ROOM		(1536 * 1024)

static MemoryContext spare_room = NULL;

/*
 * Open table and index of a probe; leaves table NULL when the probe is not
 * possible.  Taking the lock may tell of changes, so look again after it.
 */
static void
probe_open_relations(const AccessScope *scope, ProbeCacheEntry *entry, OpenProbe *open)
{
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
probe_share(const AccessScope *scope, const ProbeCacheEntry *entry, OpenProbe *open)
{
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
		open->found = other->found;
		return true;
	}
	return false;
}

/* Where a probe stands; probes of a file lie side by side. */
static OpenProbe **
probe_bucket(struct ProbeScans *scans, const Probe *probe)
{
	return &scans->buckets[(uintptr_t) probe / sizeof(Probe) % PROBE_BUCKETS];
}

/* Begin to use a probe in this scope. */
static OpenProbe *
probe_open(const AccessScope *scope, const Probe *probe)
{
	struct ProbeScans *scans = scope->probes;
	MemoryContext old = MemoryContextSwitchTo(scans->context);
	OpenProbe **bucket = probe_bucket(scans, probe);
	ProbeCacheEntry *entry = probe_entry(scope, probe);
	OpenProbe  *open = palloc(sizeof(OpenProbe));

	open->probe = probe;
	open->shares = false;
	open->table = open->index = NULL;
	open->found = NULL;
	if (!probe_share(scope, entry, open))
		probe_open_relations(scope, entry, open);
	if (open->table && !open->shares)
	{
		open->slot = table_slot_create(open->table, NULL);
		open->found = palloc(sizeof(FoundByIndex));
		open->found->count = open->found->last = 0;
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
	open->next = *bucket;
	*bucket = open;
	MemoryContextSwitchTo(old);
	return open;
}

/* Is the snapshot the one that the scans were opened under, and as it was? */
static bool
same_snapshot(const struct ProbeScans *scans, Snapshot snapshot)
{
	return scans->snapshot == snapshot && scans->xmin == snapshot->xmin && scans->xmax == snapshot->xmax &&
		scans->xcnt == snapshot->xcnt && scans->curcid == snapshot->curcid;
}

/* Get ready to open scans under the active snapshot. */
static void
begin_scans(struct ProbeScans *scans)
{
	MemoryContext parent = GetMemoryChunkContext(scans);
	Snapshot	snapshot = GetActiveSnapshot();

	scans->context = AllocSetContextCreate(parent, "lsce probes", ALLOCSET_DEFAULT_SIZES);
	scans->room = spare_room;
	spare_room = NULL;
	if (scans->room)
		MemoryContextSetParent(scans->room, parent);
	else
		scans->room = GenerationContextCreate(parent, "lsce scans", SCAN_ROOM, SCAN_ROOM / 3, SCAN_ROOM);
	scans->snapshot = snapshot;
	scans->xmin = snapshot->xmin;
	scans->xmax = snapshot->xmax;
	scans->xcnt = snapshot->xcnt;
	scans->curcid = snapshot->curcid;
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
	OpenProbe  *open;

	if (scans->context && !same_snapshot(scans, GetActiveSnapshot()))
		probe_close_all(scope);
	if (scans->context == NULL)
		begin_scans(scans);
	open = *probe_bucket(scans, probe);
	while (open && open->probe != probe)
		open = open->next;
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
		int			column = open->entry.columns[i] - 1;
		Form_pg_attribute attr = TupleDescAttr(open->slot->tts_tupleDescriptor, column);

		row->nulls[i] = open->slot->tts_isnull[column];
		row->values[i] = row->nulls[i] ? (Datum) 0 :
			datumCopy(open->slot->tts_values[column], attr->attbyval, attr->attlen);
	}
}

/* Take the columns from a row that is kept. */
static void
probe_take_row(const OpenProbe *open, const FoundRow *found, ProbeRow *row)
{
	for (int i = 0; i < open->probe->ncolumns; i++)
	{
		row->values[i] = found->values[open->entry.columns[i] - 1];
		row->nulls[i] = found->nulls[open->entry.columns[i] - 1];
	}
}

static void
probe_new_row(const Probe *probe, ProbeRow *row)
{
	char	   *room = palloc(probe->ncolumns * (sizeof(Datum) + sizeof(bool)));

	row->values = (Datum *) room;
	row->nulls = (bool *) (room + probe->ncolumns * sizeof(Datum));
	row->rank = 0;
}

/* The keys of the scan; false when one is NULL, which equals nothing. */
static bool
probe_keys(const OpenProbe *open, const ProbeKey *keys, ScanKeyData *scankeys)
{
	for (int i = 0; i < open->probe->nkeys; i++)
	{
		const ProbeKey *key = &keys[open->entry.key_of[i]];

		if (key->isnull)
			return false;
		scankeys[i] = open->entry.keys[i];
		scankeys[i].sk_argument = key->value;
	}
	return true;
}

static void
probe_place(OpenProbe *open, ScanKeyData *scankeys, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);

	index_rescan(open->scan, scankeys, open->probe->nkeys, NULL, 0);
	MemoryContextSwitchTo(old);
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
 * May more rows be kept?  One answer can ask for any number of them, and none is
 * forgotten before it is complete.
 */
static bool
may_keep(const struct ProbeScans *scans)
{
	return MemoryContextMemAllocated(scans->rows, false) <= FOUND_BYTES;
}

/* Find the one row with these keys, now or before; false when there is none. */
static bool
find_one(OpenProbe *open, ScanKeyData *scankeys, const struct ProbeScans *scans, ProbeRow *row)
{
	const Found *found = found_before(open->found, open->index, scankeys, open->probe->nkeys);
	FoundRow	one = {0};
	bool		any;

	if (found)
	{
		if (found->count > 0)
			probe_take_row(open, &found->rows[0], row);
		return found->count > 0;
	}
	probe_place(open, scankeys, scans->context);
	any = probe_next(open, scans->context);
	if (may_keep(scans))
	{
		if (any)
		{
			one = found_row(open->slot, scans->rows);
			probe_take_row(open, &one, row);
		}
		found_keep(open->found, open->index, scankeys, open->probe->nkeys, &one, any ? 1 : 0, !any, scans->rows);
	}
	else if (any)
		probe_copy_row(open, row);
	ExecClearTuple(open->slot);
	return any;
}

/*
 * The row with these keys, of which there is at most one; false, and a row of
 * NULLs, when there is none.
 */
bool
probe_one(Answer *answer, const Probe *probe, const ProbeKey *keys, ProbeRow *row)
{
	OpenProbe  *open = probe_get(answer, probe);
	ScanKeyData scankeys[PROBE_MAX_KEYS];

	probe_new_row(probe, row);
	if (open && probe_keys(open, keys, scankeys) && find_one(open, scankeys, answer->scope->probes, row))
		return true;
	memset(row->values, 0, probe->ncolumns * sizeof(Datum));
	memset(row->nulls, true, probe->ncolumns);
	return false;
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

/* Add rows that were found before. */
static void
add_found(const OpenProbe *open, const Found *found, ProbeRows *rows)
{
	ProbeRow	row;

	for (int i = 0; i < found->count; i++)
	{
		probe_new_row(open->probe, &row);
		probe_take_row(open, &found->rows[i], &row);
		probe_append(rows, &row);
	}
}

/* Add all rows with these keys to "rows". */
void
probe_add(Answer *answer, const Probe *probe, const ProbeKey *keys, ProbeRows *rows)
{
	OpenProbe  *open = probe_get(answer, probe);
	const struct ProbeScans *scans = answer->scope->probes;
	ScanKeyData scankeys[PROBE_MAX_KEYS];
	FoundRow	first[FOUND_ROWS];
	const Found *found;
	ProbeRow	row;
	uint64		count = 0;
	bool		keep = may_keep(scans);

	if (open == NULL || !probe_keys(open, keys, scankeys))
		return;
	found = found_before(open->found, open->index, scankeys, probe->nkeys);
	if (found && found->all)
	{
		add_found(open, found, rows);
		return;
	}
	probe_place(open, scankeys, scans->context);
	for (; probe_next(open, scans->context); count++)
	{
		CHECK_FOR_INTERRUPTS();
		probe_new_row(probe, &row);
		if (keep && count < FOUND_ROWS)
		{
			first[count] = found_row(open->slot, scans->rows);
			probe_take_row(open, &first[count], &row);
		}
		else
			probe_copy_row(open, &row);
		probe_append(rows, &row);
	}
	ExecClearTuple(open->slot);
	if (keep && count <= FOUND_ROWS)
		found_keep(open->found, open->index, scankeys, probe->nkeys, first, count, true, scans->rows);
}

/* Let a scope use probes; SPI is connected. */
void
probe_begin(AccessScope *scope)
{
	scope->probes = palloc0(sizeof(struct ProbeScans));
	scope->probes->rows = AllocSetContextCreate(CurrentMemoryContext, "lsce rows found", ALLOCSET_DEFAULT_SIZES);
}

/* The scope ends. */
void
probe_end(AccessScope *scope)
{
	probe_close_all(scope);
	if (scope->probes && scope->probes->answers)
		MemoryContextDelete(scope->probes->answers);
	if (scope->probes)
		MemoryContextDelete(scope->probes->rows);
	scope->probes = NULL;
}

/* Forget the rows found when they are of no use or have become too many. */
static void
forget_rows(struct ProbeScans *scans)
{
	if (scans->context && may_keep(scans))
		return;
	for (int i = 0; i < scans->count; i++)
	{
		if (scans->items[i]->found)
			scans->items[i]->found->count = 0;
	}
	MemoryContextReset(scans->rows);
}

/* An empty context for the next answer; the last one is gone. */
MemoryContext
probe_answer_context(const AccessScope *scope)
{
	struct ProbeScans *scans = scope->probes;

	forget_rows(scans);
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
	ScanKeyData scankeys[PROBE_MAX_KEYS];
	ProbeRow	row;
	bool		found = false;

	if (open == NULL || !probe_keys(open, keys, scankeys))
		return false;
	probe_place(open, scankeys, context);
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
	memset(scans->buckets, 0, sizeof(scans->buckets));
}
