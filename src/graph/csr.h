/*-------------------------------------------------------------------------
 *
 * csr.h
 *	  A whole graph in memory as compressed sparse rows, and what is computed
 *	  over it.  Pure C: nothing of the server.
 *
 * Nodes are known outside by 16-byte ids.  A graph is built by naming its nodes,
 * then its edges (edges between unknown nodes and from a node to itself are
 * left out), and finishing it.  From then on node i is the i-th in the order of
 * ids, and the arcs of a node stand in the order of their targets, then weights:
 * every result depends on the graph alone, not on the order it was read in.
 *
 * Memory: 12 bytes an arc while building, 8 when finished; 28 to 56 bytes a
 * node while building, 24 when finished.
 *
 * src/graph/csr.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_GRAPH_CSR_H
#define LSCE_GRAPH_CSR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSR_NONE UINT32_MAX
#define CSR_BATCH 64			/* edges whose nodes are looked up together */
#define CSR_CHECK_EVERY 4096	/* steps between two calls of check() */

typedef struct CsrId
{
	uint8_t		bytes[16];
} CsrId;

/* What the graph needs of the program around it. */
typedef struct CsrHost
{
	/* resize, allocate (block NULL) or free (size 0); never fails otherwise */
	void	   *(*resize) (void *context, void *block, size_t size);
	/* called now and then in long loops; need not return */
	void		(*check) (void *context);
	void	   *context;
} CsrHost;

typedef struct CsrArc
{
	uint32_t	target;
	float		weight;			/* finite, not negative */
} CsrArc;

typedef struct CsrEdge
{
	CsrId		from;
	CsrId		to;
	float		weight;
	bool		both;			/* an arc back, too */
} CsrEdge;

typedef struct Csr
{
	CsrHost		host;
	uint32_t	nnodes;
	CsrId	   *ids;			/* in order, once finished */
	uint64_t   *first;			/* nnodes + 1: arcs of node i are [first[i], first[i + 1]) */
	uint64_t	narcs;
	CsrArc	   *arcs;

	/* while building */
	uint32_t	nkeys;			/* ids, those of aliases included */
	uint32_t	keys_size;
	uint32_t   *node;			/* of a key: the key it stands for */
	bool		has_aliases;	/* else every key stands for itself */
	uint32_t   *slots;			/* hash table of keys + 1 */
	uint32_t	slots_mask;
	uint64_t	arcs_size;
	uint32_t   *source;
	CsrEdge    *batch;
	int			nbatch;
} Csr;

extern void csr_init(Csr *csr, const CsrHost *host);
extern uint32_t csr_add_node(Csr *csr, const CsrId *id);
extern bool csr_add_alias(Csr *csr, const CsrId *alias, const CsrId *id);
extern void csr_add_edge(Csr *csr, const CsrId *from, const CsrId *to,
						 float weight, bool both);
extern void csr_finish(Csr *csr);
extern uint32_t csr_find(const Csr *csr, const CsrId *id);
extern void csr_free(Csr *csr);

/* weighted PageRank; csr_rank.c */
extern int	csr_rank(const Csr *csr, double damping, double tolerance,
					 int max_rounds, double *score);

/* groups of nodes, as the label of every node; csr_group.c, csr_louvain.c */
extern void csr_components(const Csr *csr, uint32_t *label);
extern int	csr_propagate_labels(const Csr *csr, int max_rounds, uint32_t *label);
extern int	csr_louvain(const Csr *csr, uint32_t *label);
extern uint32_t csr_number_groups(const Csr *csr, uint32_t *label);

static inline void *
csr_alloc(const Csr *csr, size_t size)
{
	return csr->host.resize(csr->host.context, NULL, size ? size : 1);
}

static inline void
csr_release(const Csr *csr, void *block)
{
	if (block)
		(void) csr->host.resize(csr->host.context, block, 0);
}

/* Count one step of a loop; now and then let the host interrupt it. */
static inline void
csr_step(const Csr *csr, uint64_t *steps)
{
	if (++*steps % CSR_CHECK_EVERY == 0)
		csr->host.check(csr->host.context);
}

#endif							/* LSCE_GRAPH_CSR_H */
