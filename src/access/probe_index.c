/*-------------------------------------------------------------------------
 *
 * probe_index.c
 *	  Finding the index that serves a probe.
 *
 * What was found is remembered in the session until the table changes.
 *
 * src/access/probe_index.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "catalog/pg_collation.h"
#include "nodes/primnodes.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "access/probe_index.h"

static HTAB *cache = NULL;

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
void
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

/* How the probe is done in the scope's model; not valid: resolve it first. */
ProbeCacheEntry *
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
