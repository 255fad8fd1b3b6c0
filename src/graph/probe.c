/*-------------------------------------------------------------------------
 *
 * probe.c
 *	  One batch of edges for a whole frontier.
 *
 * src/graph/probe.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "graph/graph.h"

/*
 * The statements differ in the direction, in whether a product's own strengths
 * count, and in whether the edges are those of today's knowledge.  All take
 * the same parameters: $1 frontier, $2 day, $3 kinds, $4 product, $5 known at.
 */
#define PROBE_LIVE(near) \
	"@m.affiliation a ON a." near " = f.id"
#define PROBE_KNOWN(near) \
	"(SELECT affiliation_id, from_account_id, to_account_id, kind, strength, direction, valid_from, valid_to" \
	"   FROM @m.affiliation WHERE sys_from <= $5" \
	" UNION ALL" \
	" SELECT affiliation_id, from_account_id, to_account_id, kind, strength, direction, valid_from, valid_to" \
	"   FROM @m.affiliation_h WHERE sys_from <= $5 AND sys_to > $5) a ON a." near " = f.id"

#define PROBE_WHERE(directions) \
	" WHERE a.valid_from <= $2 AND a.valid_to > $2 AND a.direction = ANY ('" directions "')" \
	" AND ($3 IS NULL OR a.kind = ANY ($3))"
#define PROBE_PLAIN(edges, far, directions) \
	"SELECT f.ord, a." far ", a.strength" \
	" FROM unnest($1) WITH ORDINALITY AS f(id, ord) JOIN " edges PROBE_WHERE(directions)
#define PROBE_PRODUCT(edges, far, directions) \
	"SELECT f.ord, a." far ", coalesce(p.strength, a.strength)" \
	" FROM unnest($1) WITH ORDINALITY AS f(id, ord) JOIN " edges \
	" LEFT JOIN @m.affiliation_product p ON p.affiliation_id = a.affiliation_id AND p.product_id = $4" \
	PROBE_WHERE(directions)

#define PROBE_OUT(shape, edges) \
	shape(edges("from_account_id"), "to_account_id", "{unidirectional,bidirectional}") \
	" UNION ALL " shape(edges("to_account_id"), "from_account_id", "{bidirectional}")
#define PROBE_IN(shape, edges) \
	shape(edges("to_account_id"), "from_account_id", "{unidirectional,bidirectional}") \
	" UNION ALL " shape(edges("from_account_id"), "to_account_id", "{bidirectional}")
#define PROBE_ANY(shape, edges) \
	shape(edges("from_account_id"), "to_account_id", "{unidirectional,bidirectional,neutral}") \
	" UNION ALL " shape(edges("to_account_id"), "from_account_id", "{unidirectional,bidirectional,neutral}")

#define UUID_ARRAY_OID 2951		/* uuid[]; catalog headers give it no name */
#define PROBE_ARGS 5, {UUID_ARRAY_OID, DATEOID, TEXTARRAYOID, UUIDOID, TIMESTAMPTZOID}
#define PROBE_SET(walk) { \
	{{walk(PROBE_PLAIN, PROBE_LIVE), PROBE_ARGS}, {walk(PROBE_PLAIN, PROBE_KNOWN), PROBE_ARGS}}, \
	{{walk(PROBE_PRODUCT, PROBE_LIVE), PROBE_ARGS}, {walk(PROBE_PRODUCT, PROBE_KNOWN), PROBE_ARGS}}}

/* [direction][product][known at] */
static const AccessStatement probe_statements[3][2][2] = {
	[GRAPH_OUT] = PROBE_SET(PROBE_OUT),
	[GRAPH_IN] = PROBE_SET(PROBE_IN),
	[GRAPH_ANY] = PROBE_SET(PROBE_ANY)
};

static const AccessStatement survivor_statement = {
	"SELECT coalesce(survivor_id, account_id) FROM @m.account WHERE account_id = $1",
	1, {UUIDOID}
};

/* out, in or any; anything else is an error (22023). */
GraphDirection
graph_direction(const char *name)
{
	if (strcmp(name, "out") == 0)
		return GRAPH_OUT;
	if (strcmp(name, "in") == 0)
		return GRAPH_IN;
	if (strcmp(name, "any") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown direction \"%s\"", name),
				 errhint("Use \"out\", \"in\" or \"any\".")));
	return GRAPH_ANY;
}

/*
 * Read the edges that leave any of the n accounts.  Returns how many; read them
 * with graph_edge() before the next statement of the scope.
 */
uint64
graph_probe(AccessScope *scope, const GraphFilter *filter,
			const pg_uuid_t *frontier, int n)
{
	Datum	   *ids = palloc(sizeof(Datum) * n);
	Datum		args[5];
	char		nulls[5] = {' ', ' ', ' ', ' ', ' '};
	ArrayType  *array;
	uint64		rows;

	for (int i = 0; i < n; i++)
		ids[i] = UUIDPGetDatum(&frontier[i]);
	array = construct_array(ids, n, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR);
	pfree(ids);

	args[0] = PointerGetDatum(array);
	args[1] = DateADTGetDatum(filter->at);
	args[2] = PointerGetDatum(filter->kinds);
	if (filter->kinds == NULL)
		nulls[2] = 'n';
	args[3] = UUIDPGetDatum(&filter->product_id);
	args[4] = TimestampTzGetDatum(filter->known_at);
	rows = access_read(scope,
					   &probe_statements[filter->direction][filter->has_product][filter->has_known_at],
					   args, nulls, 0);
	pfree(array);
	return rows;
}

/* Row "row" of the last probe. */
void
graph_edge(uint64 row, GraphEdge *edge)
{
	bool		isnull;

	edge->from = access_int64(row, 1) - 1;
	(void) access_uuid(row, 2, &edge->to);
	edge->strength = DatumGetFloat4(access_datum(row, 3, &isnull));
}

/* The surviving record of an account; false when there is no such account. */
bool
graph_survivor(AccessScope *scope, const pg_uuid_t *account, pg_uuid_t *survivor)
{
	Datum		args[1];

	args[0] = UUIDPGetDatum(account);
	if (access_read(scope, &survivor_statement, args, NULL, 1) == 0)
		return false;
	return access_uuid(0, 1, survivor);
}
