/*-------------------------------------------------------------------------
 *
 * scope.h
 *	  Which events cover a consent question, and which of them comes first.
 *
 * src/consent/scope.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_CONSENT_SCOPE_H
#define LSCE_CONSENT_SCOPE_H

#include "consent/consent.h"

/* An opt-in under consideration. */
typedef struct ConsentCandidate
{
	int			index;			/* of the opt-in or confirmation; -1: none */
	const ConsentEvent *event;	/* that event */
	const ConsentEvent *scope;	/* itself, or the pending event it confirms */
	int64_t		given_at;
} ConsentCandidate;

/* The denials that cover a question, indexes or -1. */
typedef struct ConsentDenials
{
	int			latest;			/* whatever its stated end */
	int			standing;		/* the latest one that has not ended */
} ConsentDenials;

extern void consent_find_denials(const ConsentFacts *facts, ConsentDenials *denials);
extern bool consent_next_candidate(const ConsentFacts *facts, const ConsentEvent *denial,
								   bool beaten, const ConsentCandidate *previous,
								   ConsentCandidate *best);
extern int	consent_find_pending(const ConsentFacts *facts, const ConsentEvent *denial);
extern int	consent_find_near_miss(const ConsentFacts *facts, bool same_purpose);

#endif							/* LSCE_CONSENT_SCOPE_H */
