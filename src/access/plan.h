/*-------------------------------------------------------------------------
 *
 * plan.h
 *	  Plans of statements, inside the access layer.
 *
 * src/access/plan.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_ACCESS_PLAN_H
#define LSCE_ACCESS_PLAN_H

#include "access/access.h"

extern void access_plan_init(void);
extern void access_plan_drop_stale(void);
extern SPIPlanPtr access_plan(const AccessScope *scope, const AccessStatement *stmt, bool probe);
extern TupleDesc access_plan_result(const AccessScope *scope, const AccessStatement *stmt);

/* access.c: refuse a relation of the model that somebody else owns */
extern void access_require_owner(const LsceModel *model, Oid relid);

#endif							/* LSCE_ACCESS_PLAN_H */
