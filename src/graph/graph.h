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
#include "utils/array.h"
#include "utils/date.h"
#include "utils/uuid.h"

#include "access/access.h"

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

/* One edge out of a frontier. */
typedef struct GraphEdge
{
	int64		from;			/* position in the frontier, from 0 */
	pg_uuid_t	to;
	double		strength;
} GraphEdge;

extern GraphDirection graph_direction(const char *name);
extern uint64 graph_probe(AccessScope *scope, const GraphFilter *filter,
						  const pg_uuid_t *frontier, int n);
extern void graph_edge(uint64 row, GraphEdge *edge);
extern bool graph_survivor(AccessScope *scope, const pg_uuid_t *account,
						   pg_uuid_t *survivor);

#endif							/* LSCE_GRAPH_H */
