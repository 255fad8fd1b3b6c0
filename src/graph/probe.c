/*-------------------------------------------------------------------------
 *
 * probe.c
 *	  The edges that leave a set of accounts.
 *
 * By index-only scans where they may be used, else one statement for the whole
 * set.  A product's strengths and the edges as known then are read by statement.
 *
 * src/graph/probe.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "graph/graph.h"

#define PROBE_BATCH 10000		/* accounts probed by one statement */
#define PROBE_FETCH 10000		/* edges fetched from it at a time */

/*
 * The statements differ in the direction, in whether a product's own strengths
 * count, and in whether the edges are those of today's knowledge.  All take
 * the same parameters: $1 frontier, $2 day, $3 kinds, $4 product, $5 known at,
 * $6 places in the frontier, where merged accounts have that of their survivor:
 * merging has re-pointed today's rows, but those known then still name them.
 * Edges that are only walked backwards when bidirectional are asked for by the
 * condition of their partial indexes.  Today's rows and those of the history
 * are joined one by one: a union of them would be read from end to end.
 */
#define PROBE_ONE_WAY "IN ('unidirectional', 'bidirectional')"
#define PROBE_BOTH_WAYS "= 'bidirectional'"
#define PROBE_EVERY "IN ('unidirectional', 'bidirectional', 'neutral')"

#define PROBE_FRONTIER "unnest($1) WITH ORDINALITY AS f(id, ord)"
#define PROBE_FRONTIER_KNOWN "unnest($1, $6) AS f(id, ord)"
#define PROBE_FAR_KNOWN(far) "coalesce((SELECT m.survivor_id FROM @m.account m WHERE m.account_id = a." far "), a." far ")"
#define PROBE_SELECT(far, strength, frontier, table, near) \
	"SELECT f.ord, " far ", a.affiliation_id, " strength \
	" FROM " frontier " JOIN @m." table " a ON a." near " = f.id"
#define PROBE_WHERE(directions) \
	" WHERE a.valid_from <= $2 AND a.valid_to > $2 AND a.direction " directions \
	" AND ($3 IS NULL OR a.kind = ANY ($3))"
#define PROBE_PLAIN(table, near, far, directions) \
	PROBE_SELECT("a." far, "a.strength", PROBE_FRONTIER, table, near) PROBE_WHERE(directions)
#define PROBE_PLAIN_KNOWN(table, near, far, directions) \
	PROBE_SELECT(PROBE_FAR_KNOWN(far), "a.strength", PROBE_FRONTIER_KNOWN, table, near) PROBE_WHERE(directions)
#define PROBE_PRODUCT(table, near, far, directions) \
	PROBE_SELECT("a." far, "coalesce(p.strength, a.strength)", PROBE_FRONTIER, table, near) \
	" LEFT JOIN @m.affiliation_product p ON p.affiliation_id = a.affiliation_id AND p.product_id = $4" \
	PROBE_WHERE(directions)
#define PROBE_PRODUCT_KNOWN(table, near, far, directions) \
	PROBE_SELECT(PROBE_FAR_KNOWN(far), "coalesce(" GRAPH_STRENGTH_KNOWN("$4", "$5") ", a.strength)", \
				 PROBE_FRONTIER_KNOWN, table, near) PROBE_WHERE(directions)

#define PROBE_LIVE(shape, near, far, directions) \
	shape("affiliation", near, far, directions)
#define PROBE_KNOWN(shape, near, far, directions) \
	shape("affiliation", near, far, directions) " AND a.sys_from <= $5 UNION ALL " \
	shape("affiliation_h", near, far, directions) " AND a.sys_from <= $5 AND a.sys_to > $5"

#define PROBE_OUT(shape, edges) \
	edges(shape, "from_account_id", "to_account_id", PROBE_ONE_WAY) " UNION ALL " \
	edges(shape, "to_account_id", "from_account_id", PROBE_BOTH_WAYS)
#define PROBE_IN(shape, edges) \
	edges(shape, "to_account_id", "from_account_id", PROBE_ONE_WAY) " UNION ALL " \
	edges(shape, "from_account_id", "to_account_id", PROBE_BOTH_WAYS)
#define PROBE_ANY(shape, edges) \
	edges(shape, "from_account_id", "to_account_id", PROBE_EVERY) " UNION ALL " \
	edges(shape, "to_account_id", "from_account_id", PROBE_EVERY)

#define UUID_ARRAY_OID 2951		/* uuid[]; catalog headers give it no name */
#define PROBE_ARGS 6, {UUID_ARRAY_OID, DATEOID, TEXTARRAYOID, UUIDOID, TIMESTAMPTZOID, INT8ARRAYOID}
#define PROBE_SET(walk) { \
	{{walk(PROBE_PLAIN, PROBE_LIVE), PROBE_ARGS}, {walk(PROBE_PLAIN_KNOWN, PROBE_KNOWN), PROBE_ARGS}}, \
	{{walk(PROBE_PRODUCT, PROBE_LIVE), PROBE_ARGS}, {walk(PROBE_PRODUCT_KNOWN, PROBE_KNOWN), PROBE_ARGS}}}

/* [direction][product][known at] */
static const AccessStatement probe_statements[3][2][2] = {
	[GRAPH_OUT] = PROBE_SET(PROBE_OUT),
	[GRAPH_IN] = PROBE_SET(PROBE_IN),
	[GRAPH_ANY] = PROBE_SET(PROBE_ANY)
};

/* $1: accounts of a frontier */
static const AccessStatement merged_statement = {
	"SELECT f.ord, m.account_id FROM " PROBE_FRONTIER " JOIN @m.account m ON m.survivor_id = f.id",
	1, {UUID_ARRAY_OID}
};

/* The columns of the indexes; the order is that of ProbeColumn. */
#define PROBE_COLUMNS(near, far) { \
	{near, UUIDOID}, {far, UUIDOID}, {"affiliation_id", UUIDOID}, {"strength", FLOAT4OID}, \
	{"valid_from", DATEOID}, {"valid_to", DATEOID}, {"direction", TEXTOID}, {"kind", TEXTOID}}

typedef enum ProbeColumn
{
	PROBE_NEAR,
	PROBE_FAR,
	PROBE_ID,
	PROBE_STRENGTH,
	PROBE_VALID_FROM,
	PROBE_VALID_TO,
	PROBE_DIRECTION,
	PROBE_KIND,
	PROBE_NCOLUMNS
} ProbeColumn;

static const DirectColumn by_from_columns[] = PROBE_COLUMNS("from_account_id", "to_account_id");
static const DirectColumn by_to_columns[] = PROBE_COLUMNS("to_account_id", "from_account_id");

static const DirectIndex by_from_index = {
	"affiliation", "affiliation_from_idx", NULL, NULL, PROBE_NCOLUMNS, by_from_columns
};
static const DirectIndex by_to_index = {
	"affiliation", "affiliation_to_idx", NULL, NULL, PROBE_NCOLUMNS, by_to_columns
};
static const DirectIndex by_from_both_index = {
	"affiliation", "affiliation_from_both_idx", "direction", "bidirectional", PROBE_NCOLUMNS, by_from_columns
};
static const DirectIndex by_to_both_index = {
	"affiliation", "affiliation_to_both_idx", "direction", "bidirectional", PROBE_NCOLUMNS, by_to_columns
};

/* Directions of edges, as texts. */
static GraphTexts
probe_directions(bool one_way, bool neutral)
{
	GraphTexts	texts = {0, palloc(sizeof(text *) * 3)};

	/* what most edges are is compared first */
	if (one_way)
		texts.texts[texts.n++] = cstring_to_text("unidirectional");
	texts.texts[texts.n++] = cstring_to_text("bidirectional");
	if (neutral)
		texts.texts[texts.n++] = cstring_to_text("neutral");
	return texts;
}

/* Open the partial index when only its rows are wanted, else the whole one. */
static DirectScan *
probe_open(const AccessScope *scope, bool one_way,
		   const DirectIndex *whole, const DirectIndex *both)
{
	DirectScan *scan = one_way ? NULL : direct_open_index(scope, both);

	return scan ? scan : direct_open_index(scope, whole);
}

/* Prepare to read edges; the reader belongs to the current memory context. */
void
graph_reader_open(GraphReader *reader, const AccessScope *scope, const GraphFilter *filter)
{
	bool		forward = filter->direction != GRAPH_IN;
	bool		backward = filter->direction != GRAPH_OUT;
	bool		any = filter->direction == GRAPH_ANY;

	memset(reader, 0, sizeof(*reader));
	reader->scope = scope;
	reader->filter = *filter;
	if (filter->has_known_at || filter->has_product)
		return;
	reader->kinds = graph_texts(filter->kinds);
	reader->from_directions = probe_directions(forward, any);
	reader->to_directions = probe_directions(backward, any);
	reader->by_from = probe_open(scope, forward, &by_from_index, &by_from_both_index);
	if (reader->by_from == NULL)
		return;
	reader->by_to = probe_open(scope, backward, &by_to_index, &by_to_both_index);
	if (reader->by_to == NULL)
	{
		direct_close(reader->by_from);
		reader->by_from = NULL;
	}
}

/* Close the scans of a reader. */
void
graph_reader_close(GraphReader *reader)
{
	if (reader->by_from)
		direct_close(reader->by_from);
	if (reader->by_to)
		direct_close(reader->by_to);
	reader->by_from = NULL;
	reader->by_to = NULL;
}

/* Give on the edges of one account that an index lists. */
static void
probe_scan(GraphReader *reader, DirectScan *scan, const GraphTexts *directions,
		   const pg_uuid_t *account, int from, GraphTake take, void *state)
{
	DirectEntry entry;

	direct_seek(scan, UUIDPGetDatum(account));
	while (direct_next_entry(scan, &entry))
	{
		GraphEdge	edge;

		CHECK_FOR_INTERRUPTS();
		if (DatumGetDateADT(direct_entry_column(&entry, PROBE_VALID_FROM)) > reader->filter.at ||
			DatumGetDateADT(direct_entry_column(&entry, PROBE_VALID_TO)) <= reader->filter.at ||
			!graph_text_in(directions, direct_entry_column(&entry, PROBE_DIRECTION)) ||
			(reader->kinds.n >= 0 && !graph_text_in(&reader->kinds, direct_entry_column(&entry, PROBE_KIND))))
			continue;
		edge.from = from;
		edge.to = *DatumGetUUIDP(direct_entry_column(&entry, PROBE_FAR));
		edge.affiliation = *DatumGetUUIDP(direct_entry_column(&entry, PROBE_ID));
		edge.strength = DatumGetFloat4(direct_entry_column(&entry, PROBE_STRENGTH));
		take(state, &edge);
	}
}

/* An account of a frontier, with its id as numbers that compare like it. */
typedef struct ProbeAccount
{
	uint64		high;
	uint64		low;
	int			from;			/* place in the frontier */
} ProbeAccount;

static inline int
probe_compare(const ProbeAccount *a, const ProbeAccount *b)
{
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return a->low < b->low ? -1 : a->low > b->low;
}

#define ST_SORT probe_sort
#define ST_ELEMENT_TYPE ProbeAccount
#define ST_COMPARE(a, b) probe_compare(a, b)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * The edges of a frontier by index scans, in the order of the accounts:
 * neighbouring entries of an index are read after one another.
 */
static void
probe_direct(GraphReader *reader, const pg_uuid_t *frontier, int n, GraphTake take, void *state)
{
	ProbeAccount *accounts = palloc(sizeof(ProbeAccount) * n);

	for (int i = 0; i < n; i++)
	{
		uint64		halves[2];

		memcpy(halves, frontier[i].data, UUID_LEN);
		accounts[i].high = pg_ntoh64(halves[0]);
		accounts[i].low = pg_ntoh64(halves[1]);
		accounts[i].from = i;
	}
	probe_sort(accounts, n);
	for (int i = 0; i < n; i++)
	{
		int			from = accounts[i].from;

		CHECK_FOR_INTERRUPTS();
		probe_scan(reader, reader->by_from, &reader->from_directions, &frontier[from], from, take, state);
		probe_scan(reader, reader->by_to, &reader->to_directions, &frontier[from], from, take, state);
	}
	pfree(accounts);
}

/*
 * Accounts of a frontier and their places in it, from 1, as arrays; with
 * "merged", those merged into one of them have its place.
 */
static void
probe_frontier(GraphReader *reader, const pg_uuid_t *frontier, int n, bool merged,
			   Datum *accounts, Datum *places)
{
	Datum	   *ids = palloc(sizeof(Datum) * n);
	Datum	   *ords = palloc(sizeof(Datum) * n);
	SPITupleTable *found;
	uint64		rows;

	for (int i = 0; i < n; i++)
	{
		ids[i] = UUIDPGetDatum(&frontier[i]);
		ords[i] = Int64GetDatum(i + 1);
	}
	*accounts = access_array(ids, NULL, n, UUIDOID);
	*places = access_array(ords, NULL, n, INT8OID);
	if (!merged || (rows = access_read(reader->scope, &merged_statement, accounts, NULL, 0)) == 0)
		return;

	found = SPI_tuptable;
	ids = repalloc_huge(ids, sizeof(Datum) * (n + rows));
	ords = repalloc_huge(ords, sizeof(Datum) * (n + rows));
	for (uint64 row = 0; row < rows; row++)
	{
		bool		isnull;

		ords[n + row] = access_value(row, 1, INT8OID, &isnull);
		ids[n + row] = access_value(row, 2, UUIDOID, &isnull);
	}
	*accounts = access_array(ids, NULL, n + (int) rows, UUIDOID);
	*places = access_array(ords, NULL, n + (int) rows, INT8OID);
	SPI_freetuptable(found);
}

/*
 * The edges of a part of a frontier, which begins at "first", through SPI; a
 * few at a time, whatever the number of an account's affiliations.
 */
static void
probe_statement(GraphReader *reader, const pg_uuid_t *frontier, int first, int n,
				GraphTake take, void *state)
{
	const GraphFilter *filter = &reader->filter;
	Datum		args[6];
	char		nulls[6] = {' ', ' ', ' ', ' ', ' ', ' '};
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(caller, "lsce frontier", ALLOCSET_DEFAULT_SIZES);
	Portal		portal;
	uint64		rows;

	MemoryContextSwitchTo(context);
	probe_frontier(reader, frontier + first, n, filter->has_known_at, &args[0], &args[5]);
	MemoryContextSwitchTo(caller);

	args[1] = DateADTGetDatum(filter->at);
	args[2] = PointerGetDatum(filter->kinds);
	if (filter->kinds == NULL)
		nulls[2] = 'n';
	args[3] = UUIDPGetDatum(&filter->product_id);
	args[4] = TimestampTzGetDatum(filter->known_at);
	portal = access_open(reader->scope,
						 &probe_statements[filter->direction][filter->has_product][filter->has_known_at],
						 args, nulls);
	do
	{
		rows = access_fetch(portal, PROBE_FETCH);
		for (uint64 row = 0; row < rows; row++)
		{
			GraphEdge	edge;
			bool		isnull;

			CHECK_FOR_INTERRUPTS();
			edge.from = first + (int) access_int64(row, 1) - 1;
			(void) access_uuid(row, 2, &edge.to);
			(void) access_uuid(row, 3, &edge.affiliation);
			edge.strength = DatumGetFloat4(access_datum(row, 4, &isnull));
			take(state, &edge);
		}
		SPI_freetuptable(SPI_tuptable);
	} while (rows > 0);
	access_close(portal);
	MemoryContextDelete(context);
	MemoryContextSwitchTo(caller);
}

/*
 * Give every edge that leaves one of the n accounts to "take".  Their order
 * depends on how they are read: what is made of them must not.
 */
void
graph_edges(GraphReader *reader, const pg_uuid_t *frontier, int n, GraphTake take, void *state)
{
	if (reader->by_from)
		probe_direct(reader, frontier, n, take, state);
	else
	{
		for (int first = 0; first < n; first += PROBE_BATCH)
			probe_statement(reader, frontier, first, Min(n - first, PROBE_BATCH), take, state);
	}
}
