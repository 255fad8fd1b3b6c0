/*-------------------------------------------------------------------------
 *
 * step.h
 *	  What the files of the single rules share; pure.
 *
 * A rule is a function that looks at the facts and says one or more steps:
 * step_new() opens one (as passed), step_expect_*, step_observe_* and
 * step_evidence() say what was looked at, step_fail() turns it into a failure.
 * The keys of expected and observed are also the slots of the reason's text.
 *
 * src/rules/step.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_STEP_H
#define LSCE_RULES_STEP_H

#include "rules/evaluate.h"
#include "rules/facts.h"

#define RULE_MAX_REASONS 16
#define KIND_BIT(kind) (1u << (kind))

typedef struct Rule
{
	const char *code;			/* EL01 */
	const char *names[LSCE_LANGUAGE_COUNT]; /* what passes */
	FactStage	stage;			/* whose facts it needs last */
	unsigned	kinds;			/* KIND_BIT()s of the kinds it applies to */
	bool		territory_bound;	/* not asked where no territory acts */
	bool		needs_product;	/* not asked when no product is named */
	bool		tells_of_account;	/* what it observes is not for everybody */
	bool		about_practitioner; /* he is "{hcp}" in its sentences, not the recipient */
	void		(*judge) (const Facts *facts, Verdict *verdict, const struct Rule *rule);
	LsceReason	reasons[RULE_MAX_REASONS];	/* what it can answer, for the manual */
} Rule;

/* table.c */
extern const Rule rule_table[];
extern const int rule_table_size;
extern const char *rules_evidence_table_name(EvidenceTable table);

/* step.c */
extern RuleStep *step_new(Verdict *verdict, const Rule *rule);
extern void step_fail(RuleStep *step, LsceReason reason);
extern void step_warn(RuleStep *step, LsceReason reason);
extern void step_skip(RuleStep *step);
extern void step_unknown(RuleStep *step, LsceReason reason, const char *record, Uuid16 id);
extern void step_expect_text(RuleStep *step, const char *key, const char *value);
extern void step_expect_texts(RuleStep *step, const char *key, TextList value);
extern void step_expect_date(RuleStep *step, const char *key, int32_t value);
extern void step_expect_quantity(RuleStep *step, const char *key, int64_t value);
extern void step_expect_number(RuleStep *step, const char *key, int64_t value);
extern void step_expect_bool(RuleStep *step, const char *key, bool value);
extern void step_expect_id(RuleStep *step, const char *key, Uuid16 value);
extern void step_observe_text(RuleStep *step, const char *key, const char *value);
extern void step_observe_texts(RuleStep *step, const char *key, TextList value);
extern void step_observe_date(RuleStep *step, const char *key, int32_t value);
extern void step_observe_time(RuleStep *step, const char *key, int64_t value);
extern void step_observe_quantity(RuleStep *step, const char *key, int64_t value);
extern void step_observe_number(RuleStep *step, const char *key, int64_t value);
extern void step_observe_bool(RuleStep *step, const char *key, bool value);
extern void step_observe_id(RuleStep *step, const char *key, Uuid16 value);
extern TextList rules_list_start(Verdict *verdict);
extern void rules_list_add(Verdict *verdict, TextList *list, const char *item);
extern void step_evidence(RuleStep *step, EvidenceTable table, const FactRow *row);

extern bool uuid_given(const Uuid16 *id);
extern bool uuid_same(const Uuid16 *a, const Uuid16 *b);
extern bool rules_text_is(const char *text, const char *value);
extern bool rules_texts_have(const TextList *list, const char *value);
extern bool path_covers(const char *upper, const char *lower);
extern int	path_depth(const char *path);
extern bool rules_valid_on(int32_t valid_from, int32_t valid_to, int32_t day);
extern int32_t rules_last_day(int32_t valid_to);
extern bool rules_is_sample(FactKind kind);
extern const char *rules_place_of(const Facts *facts);

/* one rule, or one group of them, to a file */
extern void rule_account_active(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_recipient_kind(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_prescriber(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_user_may_act(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_account_aligned(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_product_sampleable(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_product_aligned(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_no_restriction(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_policy(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_license(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_controlled(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_request(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_consent(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_place(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_lot(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_stock(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_quantity(const Facts *facts, Verdict *verdict, const Rule *rule);
extern void rule_visit(const Facts *facts, Verdict *verdict, const Rule *rule);

/* recipient.c: whether a template speaks of this recipient */
extern bool rules_template_applies(const Facts *facts, const TemplateFact *template_);
extern bool rules_template_concerns(const Facts *facts, const TemplateFact *template_);
extern bool rules_wants_prescriber(const Facts *facts);
extern bool rules_is_ban(const Facts *facts, const LimitFact *limit);
/* user.c: whether the request is made from a territory */
extern bool rules_acts_from_territory(const Facts *facts);
extern bool user_is_central(const Facts *facts);

#endif							/* LSCE_RULES_STEP_H */
