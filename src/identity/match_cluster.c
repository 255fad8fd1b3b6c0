/*-------------------------------------------------------------------------
 *
 * match_cluster.c
 *	  Which records belong together: disjoint sets.
 *
 * src/identity/match_cluster.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/match.h"

/* Put each record into a set of its own. */
void
lsce_match_cluster_init(uint32_t *parent, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		parent[i] = i;
}

/* The lowest record of the set of a record; shortens the way there. */
uint32_t
lsce_match_cluster_of(uint32_t *parent, uint32_t record)
{
	while (parent[record] != record)
	{
		parent[record] = parent[parent[record]];
		record = parent[record];
	}
	return record;
}

/* Unite the sets of two records; false when they were one. */
bool
lsce_match_cluster_join(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = lsce_match_cluster_of(parent, a);
	b = lsce_match_cluster_of(parent, b);
	if (a == b)
		return false;
	if (a < b)
		parent[b] = a;
	else
		parent[a] = b;
	return true;
}
