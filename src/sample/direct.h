/*-------------------------------------------------------------------------
 *
 * direct.h
 *	  Statements about hand-overs, limits and the ledger answered by index probes; see access/probe.h.
 *
 * Each function answers the statement of its name, with its arguments.
 *
 * src/sample/direct.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_SAMPLE_DIRECT_H
#define LSCE_SAMPLE_DIRECT_H

#include "access/probe.h"

extern void direct_account_of_paper(Answer *answer, const Datum *args, const char *nulls);
extern void direct_rules_of_templates(Answer *answer, const Datum *args, const char *nulls);
extern void direct_counters_of_keys(Answer *answer, const Datum *args, const char *nulls);
extern void direct_uses_of_visit(Answer *answer, const Datum *args, const char *nulls);
extern void direct_missing_counters(Answer *answer, const Datum *args, const char *nulls);
extern void direct_rules_with_past(Answer *answer, const Datum *args, const char *nulls);
extern void direct_posted_before(Answer *answer, const Datum *args, const char *nulls);
extern void direct_missing_stock(Answer *answer, const Datum *args, const char *nulls);

#endif							/* LSCE_SAMPLE_DIRECT_H */
