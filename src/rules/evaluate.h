/*-------------------------------------------------------------------------
 *
 * evaluate.h
 *	  The pure evaluator: facts in, verdict out.
 *
 * src/rules/evaluate.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_EVALUATE_H
#define LSCE_RULES_EVALUATE_H

#include "rules/facts.h"

/*
 * Facts are gathered in stages, so that who only wants to know whether
 * something is allowed can stop as soon as a rule fails.  A rule belongs to the
 * stage that completes its facts.
 */
typedef enum FactStage
{
	STAGE_WHO,					/* accounts, user, territory, visit, product */
	STAGE_WHAT,					/* alignment, restrictions, policies, licences */
	STAGE_PAPER,				/* templates, request, lot, consent */
	STAGE_LIMITS,
	STAGE_COUNT
} FactStage;

extern int	rules_max_steps(const Facts *facts);
extern void rules_evaluate(const Facts *facts, Verdict *verdict);
extern bool rules_stage_fails(const Facts *facts, FactStage stage, Verdict *verdict);

extern const char *rules_kind_name(FactKind kind);
extern FactKind rules_kind_by_name(const char *name);

#endif							/* LSCE_RULES_EVALUATE_H */
