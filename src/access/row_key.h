/*-------------------------------------------------------------------------
 *
 * row_key.h
 *	  Rows found by the key of a unique index, and locked.
 *
 * A row is locked as by FOR UPDATE, FOR SHARE or FOR KEY SHARE: at READ
 * COMMITTED the last version is waited for and taken, where the transaction
 * keeps one snapshot a change by another is error 40001.
 *
 * src/access/row_key.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_ROW_KEY_H
#define LSCE_ROW_KEY_H

#include "access/relscan.h"
#include "access/skey.h"
#include "executor/tuptable.h"
#include "nodes/lockoptions.h"
#include "utils/relcache.h"

/* A table and an index of it, both opened by the caller; the rest by row_key.c. */
typedef struct RowKey
{
	Relation	rel;
	Relation	index;
	int			nkeys;
	AttrNumber	numbers[4];		/* of the table's columns, and */
	Oid			operators[4];	/* their equality */
	ScanKeyData keys[4];
	LockTupleMode mode;
	IndexScanDesc scan;
	TupleTableSlot *slot;
} RowKey;

extern bool row_key_prepare(RowKey *key);
extern void row_key_begin(RowKey *key, LockTupleMode mode);
extern bool row_key_find(RowKey *key, Datum **columns, int row);
extern void row_key_end(RowKey *key);

#endif							/* LSCE_ROW_KEY_H */
