/*-------------------------------------------------------------------------
 *
 * write.h
 *	  Rows stored without SPI, where that is provably the same.
 *
 * What is done for a row is what the executor does for it: triggers, defaults,
 * constraints, indexes, foreign keys.  What is saved is planning, starting and
 * ending a statement and, above all, reading the texts of CHECK constraints
 * and defaults again for each.
 *
 * A statement says the same in SQL.  It runs instead where the table is not a
 * plain heap with columns as expected, has children, rules or row security, or
 * generated columns, where the owner lacks a privilege, and when
 * lsce.direct_access is off.
 *
 * src/access/write.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_WRITE_H
#define LSCE_WRITE_H

#include "access/access.h"
#include "access/direct.h"
#include "nodes/execnodes.h"
#include "utils/acl.h"

/*
 * Columns to be given, others get their defaults.  The statement takes an array
 * for each column; a column of arrays, whose arrays would be no array, comes as
 * text.  "or_nothing" is its ON CONFLICT DO NOTHING.
 */
typedef struct AccessInsert
{
	const char *table;
	int			ncolumns;
	DirectColumn columns[ACCESS_MAX_ARGS];
	AccessStatement stmt;
	bool		or_nothing;
} AccessInsert;

/*
 * Rows found by a unique index whose columns are the keys.  "columns" are read
 * or changed.
 */
typedef struct AccessRows
{
	const char *table;
	const char *index;
	int			nkeys;
	DirectColumn keys[4];
	int			ncolumns;
	DirectColumn columns[4];
} AccessRows;

/*
 * Lock rows in a mode, which is the statement's.  The statement takes an array
 * for each key and returns, for what it finds, the place of the key from 1 and
 * the columns.
 */
typedef struct AccessLock
{
	AccessRows	rows;
	AccessStatement stmt;
	LockTupleMode mode;
} AccessLock;

/*
 * May a row become this?  "values" are all columns after the addition.  As in
 * SQL, an unknown one stays unknown, and who asks for it is refused.
 */
typedef bool (*AddAllowed) (const Datum *values, const bool *nulls, const Datum *added);

/*
 * Add to the first "nsums" columns, which are numeric, what is not refused by "allowed" (NULL: nothing is).  The statement takes an array for
 * each key and each sum.  It does not lock in order: "lock" does that before,
 * with an array for each key, unless the caller holds the locks (NULL).
 */
typedef struct AccessAdd
{
	AccessRows	rows;
	int			nsums;
	AddAllowed	allowed;
	const AccessStatement *lock;
	AccessStatement stmt;
} AccessAdd;

extern void write_init(void);

extern bool access_lock(const AccessScope *scope, const AccessLock *lock, Datum **keys, int count,
						bool *found, Datum **values, bool **nulls);
extern bool access_add(const AccessScope *scope, const AccessAdd *add, Datum **keys, Datum **sums,
					   int count, uint64 *changed);

extern void access_insert(const AccessScope *scope, const AccessInsert *insert,
						  Datum **columns, bool **nulls, int count);

/* What write*.c share: a table while rows are written. */
typedef struct WriteForeign WriteForeign;

typedef struct WriteTable
{
	Relation	rel;
	EState	   *estate;
	ResultRelInfo *info;
	struct TableExpressions *expressions;
	struct TransitionCaptureState *capture;
	bool		or_nothing;		/* rows in conflict with others are left out */
	WriteForeign *foreign;		/* foreign keys that the server need not check */
} WriteTable;

extern Relation write_open(const AccessScope *scope, const char *name, AclMode mode);
extern void write_begin(WriteTable *table);
extern void write_end(WriteTable *table);

/* write_foreign.c */
extern void write_foreign_begin(WriteTable *table, Oid function);
extern void write_foreign_row(WriteTable *table, TupleTableSlot *slot, TupleTableSlot *before);
extern void write_foreign_end(WriteTable *table);

#endif							/* LSCE_WRITE_H */
