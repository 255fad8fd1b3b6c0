/*-------------------------------------------------------------------------
 *
 * match_query.h
 *	  What match_account() is asked for.
 *
 * src/identity/match_query.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_IDENTITY_MATCH_QUERY_H
#define LSCE_IDENTITY_MATCH_QUERY_H

#include "identity/identity.h"

#define QUERY_VALUES		16		/* identifiers, and spellings tried */

/* What is looked for. */
typedef struct MatchQuery
{
	LsceName	name;
	bool		has_name;
	LsceMatchRecord record;		/* all but the name */
	LsceMatchPlace place;
	LsceMatchContact phone;
	LsceMatchContact email;
	LsceMatchIdentifier identifiers[QUERY_VALUES];
	char	   *searches[QUERY_VALUES];
	int			nsearches;
	double		full_bits;		/* of equality in all that was asked for */
} MatchQuery;

/* match_input.c */
extern void identity_read_query(FunctionCallInfo fcinfo, MatchQuery *query);

#endif							/* LSCE_IDENTITY_MATCH_QUERY_H */
