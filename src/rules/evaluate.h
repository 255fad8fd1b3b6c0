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

typedef enum EvaluateMode
{
	EVALUATE_ALL,				/* every rule, for explanations */
	EVALUATE_FIRST				/* stop at the first failure */
} EvaluateMode;

extern int	rules_max_steps(const Facts *facts);
extern void rules_evaluate(const Facts *facts, EvaluateMode mode, Verdict *verdict);

extern const char *rules_kind_name(FactKind kind);
extern FactKind rules_kind_by_name(const char *name);

#endif							/* LSCE_RULES_EVALUATE_H */
