/*-------------------------------------------------------------------------
 *
 * load.h
 *	  From the tables of a model to the facts of a consent question.
 *
 * src/consent/load.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_CONSENT_LOAD_H
#define LSCE_CONSENT_LOAD_H

#include "access/access.h"
#include "consent/consent.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

/* A question as it is asked; ids of zeroes are not given. */
typedef struct ConsentRequest
{
	pg_uuid_t	account_id;		/* merged or not */
	pg_uuid_t	controller_id;
	pg_uuid_t	product_id;
	pg_uuid_t	contact_point_id;
	const char *purpose;
	const char *channel;		/* NULL: none */
	TimestampTz at;
	TimestampTz known_at;		/* DT_NOEND: all that is known */
} ConsentRequest;

/* the events an answer shows: decided_by, beaten_opt_in, beaten_denial */
#define CONSENT_SHOWN_EVENTS 3

/* The answer with everything it was made of, in the caller's context. */
typedef struct ConsentAnswer
{
	ConsentFacts facts;
	ConsentVerdict verdict;
	pg_uuid_t	account_id;		/* the survivor */
	const char *country;		/* of the recipient, for the regime */
	const char *tz;				/* of the recipient */
	const char *legal_ref;		/* of the regime; NULL: no row */
	bool		has_channel;	/* of the purpose */
	TimestampTz until;			/* first instant no longer covered; DT_NOEND: none */
	bool		redacted[CONSENT_SHOWN_EVENTS]; /* set by consent_redact() */
} ConsentAnswer;

extern ConsentAnswer *consent_load(AccessScope *scope, const ConsentRequest *request,
								   bool missing_ok, MemoryContext context);

/* visible.c */
extern void consent_require_account(const LsceModel *model, const pg_uuid_t *account_id);
extern bool consent_company_visible(const LsceModel *model, const pg_uuid_t *account_id,
									const pg_uuid_t *controller_id);
extern void consent_redact(const LsceModel *model, ConsentAnswer *answer);

/* because.c */
extern const char *consent_action_name(ConsentAction action);
extern ConsentAction consent_action_by_name(const char *name);
extern Jsonb *consent_because(const ConsentAnswer *answer);
extern Jsonb *consent_obligations(const ConsentAnswer *answer);

#endif							/* LSCE_CONSENT_LOAD_H */
