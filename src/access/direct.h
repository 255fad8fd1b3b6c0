/*-------------------------------------------------------------------------
 *
 * direct.h
 *	  Scans of tables and indexes without SPI, where they are provably the same.
 *
 * Opening returns NULL where they might not be: the caller then reads through
 * SPI.  That is so for anything but a plain heap without children, for an index
 * that is not valid or not as expected, where row security applies to the
 * effective user or he lacks the privilege on the whole table, where a module
 * has a say in what may be read, for tables that Citus spreads, and when
 * lsce.direct_access is off.
 *
 * A scan reads by the active snapshot and takes the locks that SPI would take,
 * those of SERIALIZABLE included.  Values hold until the next call.
 *
 * src/access/direct.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_DIRECT_H
#define LSCE_DIRECT_H

#include "access/itup.h"

#include "access/access.h"

typedef struct DirectColumn
{
	const char *name;
	Oid			type;
} DirectColumn;

/* An index whose first column is columns[0] and which covers all of them. */
typedef struct DirectIndex
{
	const char *table;
	const char *index;
	const char *where_column;	/* of a partial one: a text column and the */
	const char *where_value;	/* value it has, else NULL */
	int			ncolumns;
	const DirectColumn *columns;
} DirectIndex;

typedef struct DirectScan DirectScan;

/* An entry of an index, whose columns are fetched as they are needed. */
typedef struct DirectEntry
{
	IndexTuple	tuple;
	TupleDesc	desc;
	const AttrNumber *columns;	/* of those asked for, in the index */
} DirectEntry;

#define DIRECT_PATH_TYPE ((Oid) 1)	/* in a DirectColumn: lsce.territory or lsce.specialty */

extern void direct_init(void);
extern bool direct_enabled(void);

extern DirectScan *direct_open_index(const AccessScope *scope, const DirectIndex *index);
extern DirectScan *direct_open_table(const AccessScope *scope, const char *table,
									 const DirectColumn *columns, int ncolumns);
extern void direct_seek(DirectScan *scan, Datum key);
extern bool direct_next_entry(DirectScan *scan, DirectEntry *entry);
extern bool direct_next_row(DirectScan *scan, Datum *values, bool *nulls);
extern void direct_row_version(DirectScan *scan, ItemPointer place, TransactionId *inserted_by);
extern void direct_close(DirectScan *scan);

/* What probe.c shares. */
extern Relation direct_open_plain(const AccessScope *scope, Oid relid);
extern AttrNumber direct_attribute(Relation table, const char *name, Oid type);
extern bool direct_index_usable(Relation table, Relation index);
extern bool direct_predicate_is(Relation table, Relation index, const char *column, const char *value);

/* The column of an entry that was asked for as number "i"; an error when NULL. */
static pg_attribute_always_inline Datum
direct_entry_column(const DirectEntry *entry, int i)
{
	bool		isnull;
	Datum		value = index_getattr(entry->tuple, entry->columns[i], entry->desc, &isnull);

	if (unlikely(isnull))
		elog(ERROR, "unexpected null in an index");
	return value;
}

#endif							/* LSCE_DIRECT_H */
