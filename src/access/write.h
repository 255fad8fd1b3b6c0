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

/*
 * Columns to be given, others get their defaults.  The statement takes an array
 * for each column; a column of arrays, whose arrays would be no array, comes as
 * text.
 */
typedef struct AccessInsert
{
	const char *table;
	int			ncolumns;
	DirectColumn columns[ACCESS_MAX_ARGS];
	AccessStatement stmt;
} AccessInsert;

extern void write_init(void);

extern void access_insert(const AccessScope *scope, const AccessInsert *insert,
						  Datum **columns, bool **nulls, int count);

#endif							/* LSCE_WRITE_H */
