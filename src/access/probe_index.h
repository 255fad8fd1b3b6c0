/*-------------------------------------------------------------------------
 *
 * probe_index.h
 *	  Which index serves a probe, and where the columns are.
 *
 * src/access/probe_index.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_ACCESS_PROBE_INDEX_H
#define LSCE_ACCESS_PROBE_INDEX_H

#include "access/skey.h"
#include "utils/rel.h"

#include "access/probe.h"

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

extern ProbeCacheEntry *probe_entry(const AccessScope *scope, const Probe *probe);
extern void probe_resolve(Relation table, const Probe *probe, ProbeCacheEntry *entry);

#endif							/* LSCE_ACCESS_PROBE_INDEX_H */
