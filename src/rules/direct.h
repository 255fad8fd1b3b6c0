/*-------------------------------------------------------------------------
 *
 * direct.h
 *	  The loader's statements answered by index probes; see access/probe.h.
 *
 * Each function answers the statement of nearly the same name, with its
 * arguments, as of the present.
 *
 * src/rules/direct.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_DIRECT_H
#define LSCE_RULES_DIRECT_H

#include "access/probe.h"

/* direct_resolve.c */
extern void direct_survivor(Answer *answer, const Datum *args, const char *nulls);
extern void direct_requested_by(Answer *answer, const Datum *args, const char *nulls);
extern void direct_user(Answer *answer, const Datum *args, const char *nulls);
extern void direct_product_company(Answer *answer, const Datum *args, const char *nulls);
extern void direct_visit_place(Answer *answer, const Datum *args, const char *nulls);
extern void direct_ship_to(Answer *answer, const Datum *args, const char *nulls);
extern void direct_place(Answer *answer, const Datum *args, const char *nulls);
extern void direct_foreign(Answer *answer, const Datum *args, const char *nulls);
extern void direct_address(Answer *answer, const Datum *args, const char *nulls);
extern void direct_primary(Answer *answer, const Datum *args, const char *nulls);
extern void direct_team(Answer *answer, const Datum *args, const char *nulls);
extern void direct_bag(Answer *answer, const Datum *args, const char *nulls);

/* direct_who.c */
extern void direct_account(Answer *answer, const Datum *args, const char *nulls);
extern void direct_persona(Answer *answer, const Datum *args, const char *nulls);
extern void direct_roster(Answer *answer, const Datum *args, const char *nulls);
extern void direct_qualification(Answer *answer, const Datum *args, const char *nulls);
extern void direct_territory(Answer *answer, const Datum *args, const char *nulls);
extern void direct_aligned(Answer *answer, const Datum *args, const char *nulls);
extern void direct_visit(Answer *answer, const Datum *args, const char *nulls);

/* direct_what.c */
extern void direct_product(Answer *answer, const Datum *args, const char *nulls);
extern void direct_market(Answer *answer, const Datum *args, const char *nulls);
extern void direct_template(Answer *answer, const Datum *args, const char *nulls);
extern void direct_alignment(Answer *answer, const Datum *args, const char *nulls);
extern void direct_restriction(Answer *answer, const Datum *args, const char *nulls);
extern void direct_policy(Answer *answer, const Datum *args, const char *nulls);
extern void direct_member(Answer *answer, const Datum *args, const char *nulls);

/* direct_paper.c */
extern void direct_specialty(Answer *answer, const Datum *args, const char *nulls);
extern void direct_certification(Answer *answer, const Datum *args, const char *nulls);
extern void direct_license(Answer *answer, const Datum *args, const char *nulls);
extern void direct_lot(Answer *answer, const Datum *args, const char *nulls);
extern void direct_contact(Answer *answer, const Datum *args, const char *nulls);
extern void direct_channel(Answer *answer, const Datum *args, const char *nulls);

/* direct_request.c */
extern void direct_request(Answer *answer, const Datum *args, const char *nulls);
extern void direct_setting(Answer *answer, const Datum *args, const char *nulls);

#endif							/* LSCE_RULES_DIRECT_H */
