/*-------------------------------------------------------------------------
 *
 * probe.h
 *	  Answers to statements of the access layer without a query: rows found
 *	  by index probes and put together in C.
 *
 * A statement that runs for every decision can have a function that gives the
 * same answer from probes.  The statement says what is right, the function is
 * quicker; a build with assertions runs both and compares.  The function is
 * used where direct.h says that reading without SPI is the same, and where an
 * index is found that has the keys of each probe as its first columns; else,
 * and when lsce.direct_access is off, the statement runs.
 *
 * Values of rows hold as long as the answer, but for those that probe_any()
 * shows, and are not to be changed: other probes may be given the same row, see
 * found.h.  Columns are counted from 0, in the order in which the probe names
 * them.
 *
 * src/access/probe.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_PROBE_H
#define LSCE_PROBE_H

#include "access/access.h"
#include "access/direct.h"

#define PROBE_MAX_KEYS		4
#define PROBE_MAX_COLUMNS	28

/* What to look for in a table; must be static, its address is a cache key. */
typedef struct Probe
{
	const char *table;
	int			nkeys;
	DirectColumn keys[PROBE_MAX_KEYS];	/* compared for equality */
	int			ncolumns;
	DirectColumn columns[PROBE_MAX_COLUMNS];
	const char *where_column;	/* an index may be partial by that text */
	const char *where_value;	/* column having that value */
} Probe;

typedef struct ProbeKey
{
	Datum		value;
	bool		isnull;
} ProbeKey;

/* A row; all NULL when none was found.  "rank" is for the caller's ordering. */
typedef struct ProbeRow
{
	Datum	   *values;
	bool	   *nulls;
	int			rank;
} ProbeRow;

/* Rows gathered by any number of probes; zeroed it is empty. */
typedef struct ProbeRows
{
	int			count;
	int			size;
	ProbeRow   *rows;
} ProbeRows;

/* A column to order by. */
typedef struct ProbeOrder
{
	int			column;
	Oid			type;
	bool		descending;
	Oid			collation;
} ProbeOrder;

extern void probe_init(void);
extern void probe_begin(AccessScope *scope);
extern void probe_end(AccessScope *scope);
extern void probe_close_all(const AccessScope *scope);

extern MemoryContext probe_answer_context(const AccessScope *scope);
extern bool probe_one(Answer *answer, const Probe *probe, const ProbeKey *keys, ProbeRow *row);
extern bool probe_any(Answer *answer, const Probe *probe, const ProbeKey *keys,
					  bool (*wanted) (const ProbeRow *row, const void *arg), const void *arg);
extern void probe_append(ProbeRows *rows, const ProbeRow *row);
extern void probe_add(Answer *answer, const Probe *probe, const ProbeKey *keys, ProbeRows *rows);

/* answer.c */
extern bool answer_run(const AccessScope *scope, const AccessStatement *stmt, TupleDesc desc,
					   const Datum *args, const char *nulls, long limit);
extern SPITupleTable *answer_copy(const SPITupleTable *table, uint64 count);
extern void answer_columns(Answer *answer, const ProbeRow *row, int first, int count);
extern void answer_value(Answer *answer, Datum value, bool isnull);
extern void answer_end_row(Answer *answer);
extern Datum *answer_ids(Answer *answer, Datum uuids, int *count);
extern void answer_sort(ProbeRows *rows, const ProbeOrder *orders, int n);
extern void answer_millionths(Answer *answer, const ProbeRow *row, int column);
extern void answer_path(Answer *answer, const ProbeRow *row, int column);
extern void probe_path_as_text(ProbeRow *row, int column);
extern Datum answer_day_in(Datum zone, Datum at);
extern ProbeKey answer_json(PGFunction function, ProbeKey json, Datum which);
#ifdef USE_ASSERT_CHECKING
extern void answer_compare(const AccessStatement *stmt, SPITupleTable *ours, uint64 our_count,
						   SPITupleTable *theirs, uint64 their_count);
#endif

/* What a statement's function is given; see access.h. */
struct Answer
{
	const AccessScope *scope;
	TupleDesc	desc;			/* of the statement's result */
	bool		failed;			/* a probe was not possible: ask SPI */
	int			column;			/* of the row being put together */
	int			count;			/* rows before it */
	int			size;
	Datum	   *values;			/* of all rows, one after the other */
	bool	   *nulls;
};

/*
 * A result that was not fetched by SPI but is read like one.  It has fields
 * instead of tuples; "tuptabcxt" tells it from SPI's own, which have one.
 */
typedef struct AnswerTable
{
	SPITupleTable table;
	Datum	   *values;
	bool	   *nulls;
} AnswerTable;

static inline const AnswerTable *
answer_table(const SPITupleTable *table)
{
	return table->tuptabcxt == NULL ? (const AnswerTable *) table : NULL;
}

static inline ProbeKey
probe_key(Datum value)
{
	return (ProbeKey) {value, false};
}

/* The value of a column as a key of the next probe. */
static inline ProbeKey
probe_key_of(const ProbeRow *row, int column)
{
	return (ProbeKey) {row->values[column], row->nulls[column]};
}

/* The first that is not NULL of two columns. */
static inline ProbeKey
probe_key_either(const ProbeRow *row, int first, int second)
{
	return probe_key_of(row, row->nulls[first] ? second : first);
}

/* Does the day lie in [from, to)? */
static inline bool
probe_valid_on(const ProbeRow *row, int from, int to, Datum day)
{
	return !row->nulls[from] && !row->nulls[to] &&
		DatumGetInt32(row->values[from]) <= DatumGetInt32(day) &&
		DatumGetInt32(day) < DatumGetInt32(row->values[to]);
}

/* The same for moments. */
static inline bool
probe_valid_at(const ProbeRow *row, int from, int to, Datum at)
{
	return !row->nulls[from] && !row->nulls[to] &&
		DatumGetInt64(row->values[from]) <= DatumGetInt64(at) &&
		DatumGetInt64(at) < DatumGetInt64(row->values[to]);
}

extern bool probe_text_is(const ProbeRow *row, int column, const char *text);
extern bool probe_same_text(const ProbeRow *row, int column, Datum text);
extern bool probe_same_id(const ProbeRow *row, int column, Datum uuid);
extern int	probe_position(const ProbeRow *row, int column, const Datum *ids, int count);

#endif							/* LSCE_PROBE_H */
