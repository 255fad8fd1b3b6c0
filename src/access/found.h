/*-------------------------------------------------------------------------
 *
 * found.h
 *	  Rows that probes of a scope found before.
 *
 * What one request is judged by is asked for by several statements: the
 * account by eight of them.  The last answers of an index are kept, so that
 * its pages are read once.  They are of one snapshot, and end with the scans.
 *
 * src/access/found.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_ACCESS_FOUND_H
#define LSCE_ACCESS_FOUND_H

#include "utils/rel.h"

#include "access/probe.h"

#define FOUND_ANSWERS	8		/* of one index are kept */
#define FOUND_ROWS		16		/* of one answer are kept, or none */
#define FOUND_BYTES		(256 * 1024)	/* kept by a scope; then it begins anew */

/* A row with all its columns, from 0. */
typedef struct FoundRow
{
	Datum	   *values;
	bool	   *nulls;
} FoundRow;

/* The rows with some keys. */
typedef struct Found
{
	Datum		keys[PROBE_MAX_KEYS];
	bool		all;			/* none was left out */
	int			count;
	FoundRow   *rows;
} Found;

/* The last answers by one index. */
typedef struct FoundByIndex
{
	int			count;
	int			last;
	Found		answers[FOUND_ANSWERS];
} FoundByIndex;

extern const Found *found_before(const FoundByIndex *found, Relation index, const ScanKeyData *keys, int nkeys);
extern FoundRow found_row(TupleTableSlot *slot, MemoryContext context);
extern const Found *found_keep(FoundByIndex *found, Relation index, const ScanKeyData *keys, int nkeys,
							   const FoundRow *rows, int count, bool all, MemoryContext context);

#endif							/* LSCE_ACCESS_FOUND_H */
