/*-------------------------------------------------------------------------
 *
 * graph.h
 *	  The affiliation graph: how its edges are read and walked.
 *
 * src/graph/graph.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_GRAPH_H
#define LSCE_GRAPH_H

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/uuid.h"

#include "access/access.h"
#include "access/direct.h"
#include "graph/csr.h"

/* Which way the edges of a walk are followed. */
typedef enum GraphDirection
{
	GRAPH_OUT,					/* from -> to, and bidirectional ones both ways */
	GRAPH_IN,					/* the reverse */
	GRAPH_ANY					/* every edge both ways, neutral ones too */
} GraphDirection;

/* Which edges a walk may use. */
typedef struct GraphFilter
{
	GraphDirection direction;
	DateADT		at;				/* day on which an edge must be valid */
	ArrayType  *kinds;			/* kinds of affiliation, or NULL for all */
	bool		has_product;	/* use affiliation_product where it has a row */
	pg_uuid_t	product_id;
	bool		has_known_at;	/* edges as they were known then */
	TimestampTz known_at;
} GraphFilter;

/*
 * SQL: the strength of affiliation a for a product as it was known then, NULL
 * when it had none of its own.  Versions of a row do not overlap.
 */
#define GRAPH_STRENGTH_KNOWN(product, known_at) \
	"(SELECT max(k.strength) FROM (" \
	"SELECT p.strength FROM @m.affiliation_product p" \
	" WHERE p.affiliation_id = a.affiliation_id AND p.product_id = " product " AND p.sys_from <= " known_at \
	" UNION ALL" \
	" SELECT p.strength FROM @m.affiliation_product_h p" \
	" WHERE p.affiliation_id = a.affiliation_id AND p.product_id = " product \
	" AND p.sys_from <= " known_at " AND p.sys_to > " known_at ") k)"

/* One edge out of a frontier. */
typedef struct GraphEdge
{
	int			from;			/* position in the frontier */
	pg_uuid_t	to;
	pg_uuid_t	affiliation;
	float		strength;
} GraphEdge;

/* What an edge is given to; it may not read further edges. */
typedef void (*GraphTake) (void *state, const GraphEdge *edge);

/* Texts to compare with, as they are stored. */
typedef struct GraphTexts
{
	int			n;				/* -1: any text will do */
	text	  **texts;
} GraphTexts;

/* How edges are read: by index scans, or through SPI when they are NULL. */
typedef struct GraphReader
{
	const AccessScope *scope;
	GraphFilter filter;
	DirectScan *by_from;
	DirectScan *by_to;
	GraphTexts	kinds;
	GraphTexts	from_directions;	/* of edges read by their start */
	GraphTexts	to_directions;	/* and by their end */
} GraphReader;

/* Function arguments that many functions have in common; -1: has none such. */
typedef struct GraphArguments
{
	int			kinds;
	int			product;
	int			at;
	int			known_at;
	int			direction;
} GraphArguments;

/* filter.c */
extern void graph_filter(FunctionCallInfo fcinfo, const GraphArguments *arguments,
						 GraphFilter *filter);
extern void graph_account(const AccessScope *scope, const pg_uuid_t *account,
						  pg_uuid_t *survivor);
extern int	graph_max_hops(FunctionCallInfo fcinfo, int argument);
extern GraphTexts graph_texts(ArrayType *array);
extern bool graph_text_in(const GraphTexts *texts, Datum value);

/* probe.c */
extern void graph_reader_open(GraphReader *reader, const AccessScope *scope,
							  const GraphFilter *filter);
extern void graph_reader_close(GraphReader *reader);
extern void graph_edges(GraphReader *reader, const pg_uuid_t *frontier, int n,
						GraphTake take, void *state);

/* load.c */
extern void graph_load(const AccessScope *scope, const GraphFilter *filter,
					   bool both_ways, Csr *csr);

#endif							/* LSCE_GRAPH_H */
