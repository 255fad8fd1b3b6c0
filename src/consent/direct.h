/*-------------------------------------------------------------------------
 *
 * direct.h
 *	  The statements of consent answered by index probes; see access/probe.h.
 *
 * Each function answers the statement of nearly the same name, with its
 * arguments.
 *
 * src/consent/direct.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_CONSENT_DIRECT_H
#define LSCE_CONSENT_DIRECT_H

#include "access/probe.h"

/* direct.c */
extern const Probe consent_account_probe;	/* survivor_id, account_id, country_code */
extern void direct_consent_recipient(Answer *answer, const Datum *args, const char *nulls);
extern void direct_consent_scope(Answer *answer, const Datum *args, const char *nulls);
extern void direct_consent_points(Answer *answer, const Datum *args, const char *nulls);

/* direct_event.c */
extern void direct_consent_events(Answer *answer, const Datum *args, const char *nulls);
extern void direct_consent_regime(Answer *answer, const Datum *args, const char *nulls);
extern void direct_consent_last_contact(Answer *answer, const Datum *args, const char *nulls);

#endif							/* LSCE_CONSENT_DIRECT_H */
