/*-------------------------------------------------------------------------
 *
 * consent.h
 *	  Facts and verdict of a consent question; needs no server.
 *
 * Consent is a log of events.  Whether an account may be contacted (or may
 * receive samples) is resolved when it is asked, from every event that the
 * account, its merged records included, has left behind, and from the regime
 * of the recipient's country.  The verdict is a function of the facts given
 * here: nothing else is read, no clock, no catalog.
 *
 * Instants are microseconds and days are days since 2000-01-01, as in the
 * server.  A day is a local day of the recipient; whoever fills in the facts
 * knows the recipient's time zone, the resolver only compares.
 *
 * src/consent/consent.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_CONSENT_H
#define LSCE_CONSENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "errors_table.h"

/* an instant or day that never comes */
#define CONSENT_NO_INSTANT INT64_MAX
#define CONSENT_NO_DAY INT32_MAX

#define CONSENT_MAX_LEVELS 32	/* purposes above a purpose, products above a product */
#define CONSENT_MAX_REASONS 5
#define CONSENT_MAX_OBLIGATIONS 8
#define CONSENT_MAX_MISSING 8

typedef struct ConsentId
{
	unsigned char bytes[16];	/* as pg_uuid_t; all zeroes: none */
} ConsentId;

typedef enum ConsentAction
{
	CONSENT_OPT_IN,
	CONSENT_PENDING,			/* asked, waits for the confirmation */
	CONSENT_CONFIRM,			/* the confirmation of a pending event */
	CONSENT_WITHDRAW,
	CONSENT_OBJECT
} ConsentAction;

/* One row of consent_event. */
typedef struct ConsentEvent
{
	ConsentId	id;
	ConsentId	controller;
	const char *purpose;
	const char *channel;		/* NULL: any */
	ConsentId	product;		/* zero: any */
	ConsentId	contact_point;	/* zero: any */
	ConsentAction action;
	const char *basis;
	ConsentId	related;		/* of a confirmation: the pending event */
	int64_t		captured_at;
	int64_t		effective_from;
	int64_t		effective_to;	/* CONSENT_NO_INSTANT: open */
	int32_t		effective_day;	/* local day of effective_from */
	int64_t		token_expires_at;	/* of a pending event */
	const char *basis_event;	/* evidence "event": purchase, inquiry, … or NULL */
	int32_t		basis_day;		/* evidence "event_date"; CONSENT_NO_DAY: none */
	const char *method;			/* evidence "method", or NULL */
	const char *const *evidence;	/* names of the evidence that is there */
	int			n_evidence;
} ConsentEvent;

typedef enum ConsentDefault
{
	CONSENT_DEFAULT_OPT_IN,		/* nothing without consent */
	CONSENT_DEFAULT_OPT_OUT,	/* allowed until told to stop */
	CONSENT_DEFAULT_NEVER		/* no basis suffices */
} ConsentDefault;

/* How long a basis lasts after the event it rests on. */
typedef struct ConsentAge
{
	const char *event;			/* evidence "event" */
	int32_t		months;
	int32_t		days;
} ConsentAge;

/* What the law of the recipient's country wants: one row of consent_regime. */
typedef struct ConsentRegime
{
	ConsentId	id;				/* zero: no row, the strictest rule stands in */
	const char *country;
	ConsentDefault default_state;
	const char *const *bases;	/* admissible ones */
	int			n_bases;
	bool		double_opt_in;
	const char *const *direct_methods;	/* evidence methods that need no confirmation */
	int			n_direct_methods;
	const char *const *evidence_required;	/* of a consent, sorted */
	int			n_evidence_required;
	int32_t		age_months;		/* an opt-in lapses after this; both 0: never */
	int32_t		age_days;
	bool		age_from_last_contact;	/* else from the event */
	const ConsentAge *basis_ages;
	int			n_basis_ages;
	int64_t		hours_from;		/* microseconds of the local day; both 0: any hour */
	int64_t		hours_to;
	int64_t		opens_today;	/* instant of hours_from on the local day */
	int64_t		opens_tomorrow; /* and on the day after */
	int			stop_within_business_days;	/* 0: none */
	int32_t		retain_months;	/* after the contact; both 0: none */
	int32_t		retain_days;
	const char *const *obligations;
	int			n_obligations;
} ConsentRegime;

typedef struct ConsentQuestion
{
	ConsentId	controller;
	const char *purposes[CONSENT_MAX_LEVELS];	/* the purpose, then its ancestors */
	int			n_purposes;
	const char *channel;		/* NULL: the purpose has none */
	ConsentId	products[CONSENT_MAX_LEVELS];	/* the product, then its ancestors */
	int			n_products;		/* 0: no product */
	ConsentId	contact_point;	/* zero: none named */
	int64_t		at;
	int32_t		local_day;		/* of the recipient, at "at" */
	int64_t		local_time;		/* microseconds since local midnight */
	int32_t		last_contact_day;	/* CONSENT_NO_DAY: never */
	int32_t		company_age_months; /* the company's own limit of age; 0: none */
	bool		suppressed;		/* the account is marked as not to be contacted */
} ConsentQuestion;

/* All facts; what a verdict is a function of. */
typedef struct ConsentFacts
{
	ConsentQuestion question;
	ConsentRegime regime;
	const ConsentEvent *events;
	int			n_events;
} ConsentFacts;

typedef enum ConsentState
{
	CONSENT_STATE_NONE,			/* nothing on record; the regime's default decides */
	CONSENT_STATE_OPT_IN,
	CONSENT_STATE_PENDING,
	CONSENT_STATE_EXPIRED,
	CONSENT_STATE_WITHDRAWN,
	CONSENT_STATE_OBJECTION,
	CONSENT_STATE_INVALID		/* an opt-in that proves nothing: evidence, basis */
} ConsentState;

typedef struct ConsentObligation
{
	const char *code;			/* OPT_OUT_LINK, STOP_WITHIN_10BD, … */
	int32_t		due_day;		/* CONSENT_NO_DAY: no date */
} ConsentObligation;

typedef struct ConsentVerdict
{
	bool		allow;
	ConsentState state;
	int			n_reasons;		/* 0 when allowed; the first is the primary one */
	LsceReason	reasons[CONSENT_MAX_REASONS];
	int			decided_by;		/* index of the deciding event, -1: the regime's default */
	int			beaten_opt_in;	/* index of the best opt-in that a denial beat, -1: none */
	int			beaten_denial;	/* index of the latest denial that an opt-in revived, -1: none */
	const char *basis;			/* of an allowed contact; opt_out_regime: the default */
	int64_t		valid_until;	/* first instant after the stated validity */
	int32_t		valid_last_day; /* last day by age, CONSENT_NO_DAY: none */
	char		expiry_rule[64];	/* which limit expired, or is the nearest */
	int64_t		earliest;		/* with CONTACT_WINDOW: when it opens again */
	int			n_missing;		/* with CONSENT_EVIDENCE, sorted */
	const char *missing[CONSENT_MAX_MISSING];
	int			n_obligations;
	ConsentObligation obligations[CONSENT_MAX_OBLIGATIONS];
} ConsentVerdict;

extern void consent_regime_strictest(ConsentRegime *regime, bool has_channel);
extern void consent_resolve(const ConsentFacts *facts, ConsentVerdict *verdict);
extern const char *consent_state_name(ConsentState state);

/* Calendar arithmetic on days; months are clamped to the end of the month. */
extern int32_t consent_day_plus(int32_t day, int32_t months, int32_t days);
extern int32_t consent_business_day_plus(int32_t day, int count);

#endif							/* LSCE_CONSENT_H */
