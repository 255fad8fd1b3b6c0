/*-------------------------------------------------------------------------
 *
 * rules.h
 *	  Judging a request inside the server.
 *
 * The order of work, in one access scope:
 *
 *		rules_request_init(&request, KIND_SAMPLE_DROP);
 *		... fill what is known ...
 *		rules_resolve(&scope, &request, context);
 *		facts = rules_load(&scope, &request, context);
 *		verdict = rules_judge(facts, context);
 *		if (verdict->outcome == VERDICT_DENY)
 *			rules_raise(&scope, facts, verdict, lang);
 *		rules_store(&scope, facts, verdict, "permit", &decision_id);
 *
 * Uuid16 and pg_uuid_t have the same bytes: rules_uuid() copies one.
 *
 * src/rules/rules.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_H
#define LSCE_RULES_H

#include "access/access.h"
#include "compat.h"
#include "rules/evaluate.h"
#include "rules/facts.h"

/* Raised whenever the same facts could give another verdict. */
#define RULES_EVALUATOR_VERSION 1

extern void rules_request_init(RuleRequest *request, FactKind kind);
extern Uuid16 rules_uuid(const pg_uuid_t *uuid);

/*
 * Fill what follows from the rest: the acting user, his territory (the
 * visit's, else his primary roster of the day), survivors of merges, place,
 * zone and business day, organisation, company.  Texts are allocated in
 * "context".  Nothing is raised for what cannot be found: the rules say so.
 */
extern void rules_resolve(AccessScope *scope, RuleRequest *request, MemoryContext context);

/* Gather the facts of a resolved request. */
extern Facts *rules_load(AccessScope *scope, const RuleRequest *request, MemoryContext context);

/*
 * Only whether a resolved request is allowed: loads no further than the first
 * failure.
 */
extern VerdictOutcome rules_check(AccessScope *scope, const RuleRequest *request, MemoryContext context);

/* All rules over the facts; the verdict is allocated in "context". */
extern Verdict *rules_judge(const Facts *facts, MemoryContext context);

/*
 * Store the decision; admission is "permit", "record" or "none".  The outcome
 * stored is that of the verdict, "record" for admission record.  decision_id
 * receives its new id.
 */
extern void rules_store(AccessScope *scope, const Facts *facts, const Verdict *verdict,
						const char *admission, pg_uuid_t *decision_id);

/* The same under an id that the fact already has. */
extern void rules_store_as(AccessScope *scope, const Facts *facts, const Verdict *verdict,
						   const char *admission, const pg_uuid_t *decision_id);

/* A decision to be stored with others. */
typedef struct RuleDecision
{
	const Facts *facts;
	const Verdict *verdict;
	const pg_uuid_t *decision_id;
} RuleDecision;

/* Store decisions of facts judged by one set of rules under the ids given, all at once. */
extern void rules_store_all(AccessScope *scope, const RuleDecision *decisions, int count,
							const char *admission, const char *rule_set);

/* A quantity in millionths as numeric, without trailing zeroes. */
extern Datum rules_quantity_numeric(int64_t quantity);


/*
 * Raise a verdict that denies, or one that warns without a justification:
 * SQLSTATE of the primary reason, DETAIL all failures as JSON, HINT the cure.
 */
pg_noreturn extern void rules_raise(AccessScope *scope, const Facts *facts,
									const Verdict *verdict, const char *lang);

/* The reason codes of the verdict as text[], primary first. */
extern Datum rules_reason_codes(const Verdict *verdict);

/*
 * Name of the first row that the request names and the caller may not see, NULL
 * when there is none; facts hold what such rows say.  Call it outside of any
 * scope: it reads as the caller.
 */
extern const char *rules_hidden_row(const LsceModel *model, const RuleRequest *request);

/*
 * Whether a row that the resolved request of a hand-over names does not exist.
 * The rules say which: their verdict then denies.
 */
extern bool rules_names_unknown(AccessScope *scope, const RuleRequest *request);

/* rules_hidden_row() as an error, 42501. */
extern void rules_require_named_rows(const LsceModel *model, const RuleRequest *request);

/*
 * The same, and UNKNOWN_ACCOUNT for an account that the caller does not see: for
 * what stores facts, which would tell him of it.
 */
extern void rules_require_visible(const LsceModel *model, const RuleRequest *request);

/*
 * Make an account that the caller does not see one that does not exist: the
 * verdict would tell what is known of it.  Returns the id that was asked for.
 */
extern Uuid16 rules_hide_account(const LsceModel *model, RuleRequest *request);

/* Whether the caller sees the decision. */
extern bool rules_decision_visible(const LsceModel *model, Datum decision_id);

/* SHA-256 over the approved rule rows, hexadecimal. */
extern char *rules_rule_set(AccessScope *scope, MemoryContext context);

#endif							/* LSCE_RULES_H */
