/*-------------------------------------------------------------------------
 *
 * load.c
 *	  The whole graph of a model in memory, from one snapshot.
 *
 * Its nodes are the accounts that the caller sees; merged ones stand for their
 * survivors.  Edges to other accounts are left out.
 *
 * src/graph/load.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "graph/graph.h"

/* rows fetched at a time */
#define LOAD_BATCH 10000

static const AccessStatement account_statement = {
	"SELECT account_id, survivor_id FROM @m.account", 0, {0}
};

/*
 * All edges that a filter lets pass: $1 day, $2 kinds, $3 product, $4 known at,
 * $5 directions.
 */
#define LOAD_LIVE "@m.affiliation a"
#define LOAD_KNOWN \
	"(SELECT affiliation_id, from_account_id, to_account_id, kind, strength, direction, valid_from, valid_to" \
	"   FROM @m.affiliation WHERE sys_from <= $4" \
	" UNION ALL" \
	" SELECT affiliation_id, from_account_id, to_account_id, kind, strength, direction, valid_from, valid_to" \
	"   FROM @m.affiliation_h WHERE sys_from <= $4 AND sys_to > $4) a"
#define LOAD_WHERE \
	" WHERE a.valid_from <= $1 AND a.valid_to > $1 AND a.direction = ANY ($5)" \
	" AND ($2 IS NULL OR a.kind = ANY ($2))"
#define LOAD_PLAIN(edges) \
	"SELECT a.from_account_id, a.to_account_id, a.strength, a.direction = 'bidirectional'" \
	" FROM " edges LOAD_WHERE
#define LOAD_PRODUCT(edges) \
	"SELECT a.from_account_id, a.to_account_id, coalesce(p.strength, a.strength), a.direction = 'bidirectional'" \
	" FROM " edges \
	" LEFT JOIN @m.affiliation_product p ON p.affiliation_id = a.affiliation_id AND p.product_id = $3" \
	LOAD_WHERE
#define LOAD_PRODUCT_KNOWN(edges) \
	"SELECT a.from_account_id, a.to_account_id, coalesce(" GRAPH_STRENGTH_KNOWN("$3", "$4") ", a.strength)," \
	" a.direction = 'bidirectional'" \
	" FROM " edges LOAD_WHERE
#define LOAD_ARGS 5, {DATEOID, TEXTARRAYOID, UUIDOID, TIMESTAMPTZOID, TEXTARRAYOID}

/* [product][known at] */
static const AccessStatement edge_statements[2][2] = {
	{{LOAD_PLAIN(LOAD_LIVE), LOAD_ARGS}, {LOAD_PLAIN(LOAD_KNOWN), LOAD_ARGS}},
	{{LOAD_PRODUCT(LOAD_LIVE), LOAD_ARGS}, {LOAD_PRODUCT_KNOWN(LOAD_KNOWN), LOAD_ARGS}}
};

static const DirectColumn account_columns[] = {{"account_id", UUIDOID}, {"survivor_id", UUIDOID}};

typedef enum LoadColumn
{
	LOAD_FROM,
	LOAD_TO,
	LOAD_STRENGTH,
	LOAD_KIND,
	LOAD_DIRECTION,
	LOAD_VALID_FROM,
	LOAD_VALID_TO,
	LOAD_NCOLUMNS
} LoadColumn;

static const DirectColumn edge_columns[] = {
	{"from_account_id", UUIDOID}, {"to_account_id", UUIDOID}, {"strength", FLOAT4OID},
	{"kind", TEXTOID}, {"direction", TEXTOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}
};

/* Merged accounts, kept back until all survivors are known. */
typedef struct Load
{
	Csr		   *csr;
	CsrId	  (*merged)[2];
	int64		nmerged;
	int64		size;
	GraphDirection direction;
	bool		both_ways;
} Load;

static void *
load_resize(void *context, void *block, size_t size)
{
	if (size == 0)
	{
		pfree(block);
		return NULL;
	}
	if (block)
		return repalloc_huge(block, size);
	return MemoryContextAllocHuge((MemoryContext) context, size);
}

static void
load_check(void *context)
{
	CHECK_FOR_INTERRUPTS();
}

static inline const CsrId *
load_id(Datum uuid)
{
	return (const CsrId *) DatumGetUUIDP(uuid)->data;
}

/* Take one account. */
static void
load_account(Load *load, Datum account, Datum survivor, bool no_survivor)
{
	CHECK_FOR_INTERRUPTS();
	if (no_survivor)
	{
		(void) csr_add_node(load->csr, load_id(account));
		return;
	}
	if (load->nmerged == load->size)
	{
		load->size = load->size ? load->size * 2 : 64;
		load->merged = load_resize(load->csr->host.context, load->merged, load->size * sizeof(*load->merged));
	}
	load->merged[load->nmerged][0] = *load_id(account);
	load->merged[load->nmerged++][1] = *load_id(survivor);
}

/* Take one edge in the direction of the walk. */
static void
load_edge(Load *load, Datum from, Datum to, float strength, bool bidirectional)
{
	bool		both = load->both_ways && (bidirectional || load->direction == GRAPH_ANY);

	CHECK_FOR_INTERRUPTS();
	if (load->direction == GRAPH_IN)
		csr_add_edge(load->csr, load_id(to), load_id(from), strength, both);
	else
		csr_add_edge(load->csr, load_id(from), load_id(to), strength, both);
}

static void
load_accounts(Load *load, const AccessScope *scope)
{
	DirectScan *scan = direct_open_table(scope, "account", account_columns, lengthof(account_columns));

	if (scan)
	{
		Datum		values[lengthof(account_columns)];
		bool		nulls[lengthof(account_columns)];

		while (direct_next_row(scan, values, nulls))
			load_account(load, values[0], values[1], nulls[1]);
		direct_close(scan);
	}
	else
	{
		Portal		portal = access_open(scope, &account_statement, NULL, NULL);
		uint64		rows;

		do
		{
			rows = access_fetch(portal, LOAD_BATCH);
			for (uint64 row = 0; row < rows; row++)
			{
				bool		isnull;
				bool		no_survivor;
				Datum		survivor = access_value(row, 2, UUIDOID, &no_survivor);

				load_account(load, access_value(row, 1, UUIDOID, &isnull), survivor, no_survivor);
			}
			SPI_freetuptable(SPI_tuptable);
		} while (rows > 0);
		access_close(portal);
	}
	for (int64 i = 0; i < load->nmerged; i++)
		(void) csr_add_alias(load->csr, &load->merged[i][0], &load->merged[i][1]);
	if (load->merged)
		pfree(load->merged);
}

/* The edges from a scan of the table. */
static void
load_edges_direct(Load *load, DirectScan *scan, const GraphFilter *filter, ArrayType *directions)
{
	GraphTexts	kinds = graph_texts(filter->kinds);
	GraphTexts	wanted = graph_texts(directions);
	GraphTexts	bidirectional = wanted;
	Datum		values[LOAD_NCOLUMNS];
	bool		nulls[LOAD_NCOLUMNS];

	bidirectional.n = 1;		/* it is the first of the directions */
	while (direct_next_row(scan, values, nulls))
	{
		for (int i = 0; i < LOAD_NCOLUMNS; i++)
			if (nulls[i])
				elog(ERROR, "null in a column of affiliation that must not be null");
		if (DatumGetDateADT(values[LOAD_VALID_FROM]) <= filter->at &&
			DatumGetDateADT(values[LOAD_VALID_TO]) > filter->at &&
			graph_text_in(&wanted, values[LOAD_DIRECTION]) &&
			graph_text_in(&kinds, values[LOAD_KIND]))
			load_edge(load, values[LOAD_FROM], values[LOAD_TO], DatumGetFloat4(values[LOAD_STRENGTH]),
					  graph_text_in(&bidirectional, values[LOAD_DIRECTION]));
	}
}

/* The edges from a statement. */
static void
load_edges_statement(Load *load, const AccessScope *scope, const GraphFilter *filter,
					 ArrayType *directions)
{
	Datum		args[5];
	char		nulls[5] = {' ', ' ', ' ', ' ', ' '};
	Portal		portal;
	uint64		rows;

	args[0] = DateADTGetDatum(filter->at);
	args[1] = PointerGetDatum(filter->kinds);
	if (filter->kinds == NULL)
		nulls[1] = 'n';
	args[2] = UUIDPGetDatum(&filter->product_id);
	args[3] = TimestampTzGetDatum(filter->known_at);
	args[4] = PointerGetDatum(directions);
	portal = access_open(scope, &edge_statements[filter->has_product][filter->has_known_at], args, nulls);
	do
	{
		rows = access_fetch(portal, LOAD_BATCH);
		for (uint64 row = 0; row < rows; row++)
		{
			bool		isnull;

			load_edge(load, access_value(row, 1, UUIDOID, &isnull), access_value(row, 2, UUIDOID, &isnull),
					  DatumGetFloat4(access_datum(row, 3, &isnull)), access_bool(row, 4));
		}
		SPI_freetuptable(SPI_tuptable);
	} while (rows > 0);
	access_close(portal);
}

/* Directions of edges that a walk uses, the bidirectional one first. */
static ArrayType *
load_directions(GraphDirection direction)
{
	static const char *const names[] = {"bidirectional", "unidirectional", "neutral"};
	Datum		texts[lengthof(names)];
	int			n = direction == GRAPH_ANY ? 3 : 2;

	for (int i = 0; i < n; i++)
		texts[i] = PointerGetDatum(cstring_to_text(names[i]));
	return construct_array(texts, n, TEXTOID, -1, false, TYPALIGN_INT);
}

/*
 * Load the graph of the edges that the filter lets pass, in the current memory
 * context.  With both_ways, edges that can be walked both ways become two arcs;
 * without, each is one arc, which is enough for what disregards directions.
 */
void
graph_load(const AccessScope *scope, const GraphFilter *filter, bool both_ways, Csr *csr)
{
	CsrHost		host = {load_resize, load_check, CurrentMemoryContext};
	Load		load = {.csr = csr, .direction = filter->direction, .both_ways = both_ways};
	ArrayType  *directions = load_directions(filter->direction);
	DirectScan *scan = NULL;

	csr_init(csr, &host);
	load_accounts(&load, scope);
	if (!filter->has_product && !filter->has_known_at)
		scan = direct_open_table(scope, "affiliation", edge_columns, lengthof(edge_columns));
	if (scan)
	{
		load_edges_direct(&load, scan, filter, directions);
		direct_close(scan);
	}
	else
		load_edges_statement(&load, scope, filter, directions);
	pfree(directions);
	csr_finish(csr);
}
