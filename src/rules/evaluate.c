/*-------------------------------------------------------------------------
 *
 * evaluate.c
 *	  Run the table of rules over the facts; pure.
 *
 * src/rules/evaluate.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "rules/evaluate.h"
#include "rules/step.h"

static const char *const kind_names[KIND_COUNT] = {
	[KIND_NONE] = "none",
	[KIND_SAMPLE_DROP] = "sample_drop",
	[KIND_SAMPLE_SHIP] = "sample_ship",
	[KIND_DETAIL] = "detail",
	[KIND_MESSAGE_SEND] = "message_send",
	[KIND_CONTENT_SHARE] = "content_share",
	[KIND_REMOTE_SESSION] = "remote_session",
	[KIND_GIFT] = "gift",
	[KIND_ORDER] = "order",
};

/* The name of a kind, as tables and functions have it. */
const char *
rules_kind_name(FactKind kind)
{
	return kind_names[kind];
}

/* The kind of a name; KIND_NONE when there is none. */
FactKind
rules_kind_by_name(const char *name)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
	{
		if (strcmp(name, kind_names[kind]) == 0)
			return (FactKind) kind;
	}
	return KIND_NONE;
}

/*
 * The size of the array of steps that rules_evaluate() needs: one for every
 * rule, one more for every limit, and one spare for step_new().
 */
int
rules_max_steps(const Facts *facts)
{
	return rule_table_size + facts->n_limits + 1;
}

/* An outright ban, which is named before any other reason. */
static bool
is_ban(LsceReason reason)
{
	return reason == LSCE_REASON_SAMPLING_PROHIBITED || reason == LSCE_REASON_PRODUCT_CONTROLLED;
}

/* Take one more step into outcome and primary reason. */
static void
count_step(Verdict *verdict, const RuleStep *step)
{
	if (step->result == RULE_FAIL)
	{
		if (verdict->outcome != VERDICT_DENY ||
			(is_ban(step->reason) && !is_ban(verdict->primary)))
			verdict->primary = step->reason;
		verdict->outcome = VERDICT_DENY;
	}
	else if (step->result == RULE_WARN && verdict->outcome == VERDICT_ALLOW)
	{
		verdict->outcome = VERDICT_WARN;
		verdict->primary = step->reason;
	}
}

/* Add an obligation once, with the earliest of its days. */
static void
add_obligation(Verdict *verdict, const char *code, int32_t due_day)
{
	for (int i = 0; i < verdict->n_obligations; i++)
	{
		ObligationFact *known = &verdict->obligations[i];

		if (strcmp(known->code, code) != 0)
			continue;
		if (known->due_day == DATE_NONE || (due_day != DATE_NONE && due_day < known->due_day))
			known->due_day = due_day;
		return;
	}
	if (verdict->n_obligations < VERDICT_MAX_OBLIGATIONS)
		verdict->obligations[verdict->n_obligations++] = (ObligationFact) {code, due_day};
}

/* What has to be done by whoever goes ahead. */
static void
collect_obligations(const Facts *facts, Verdict *verdict)
{
	if (rules_is_sample(facts->request.kind))
	{
		for (int i = 0; i < facts->n_templates; i++)
		{
			const TemplateFact *t = &facts->templates[i];

			for (int j = 0; rules_template_concerns(facts, t) && j < t->obligations.count; j++)
				add_obligation(verdict, t->obligations.items[j], DATE_NONE);
		}
	}
	if (facts->consent.evaluated)
	{
		for (int j = 0; j < facts->consent.n_obligations; j++)
		{
			const ObligationFact *o = &facts->consent.obligations[j];

			if (o->code != NULL)
				add_obligation(verdict, o->code, o->due_day);
		}
	}
}

/* Whether the rule is asked at all for this kind, channel and product. */
static bool
rule_applies(const Rule *rule, const Facts *facts)
{
	if ((rule->kinds & KIND_BIT(facts->request.kind)) == 0)
		return false;
	if (rule->needs_product && !uuid_given(&facts->request.product_id))
		return false;
	return !rule->territory_bound || rules_acts_from_territory(facts);
}

/* Begin an empty verdict in the array that the caller gave. */
static void
begin_verdict(Verdict *verdict)
{
	verdict->outcome = VERDICT_ALLOW;
	verdict->primary = LSCE_REASON_NONE;
	verdict->n_steps = 0;
	verdict->n_obligations = 0;
	verdict->n_listed = 0;
}

/* Ask one rule. */
static void
ask_rule(const Rule *rule, const Facts *facts, Verdict *verdict)
{
	int			first = verdict->n_steps;

	if (rule_applies(rule, facts))
		rule->judge(facts, verdict, rule);
	else
		step_skip(step_new(verdict, rule));
	for (int i = first; i < verdict->n_steps; i++)
		count_step(verdict, &verdict->steps[i]);
}

/*
 * Judge the facts by every rule.  The caller gives verdict->steps and
 * max_steps, at least rules_max_steps(); everything else is set here.
 */
void
rules_evaluate(const Facts *facts, Verdict *verdict)
{
	begin_verdict(verdict);
	for (int i = 0; i < rule_table_size; i++)
		ask_rule(&rule_table[i], facts, verdict);
	collect_obligations(facts, verdict);
}

/*
 * Whether a rule of the stage fails, looking no further than that.  The
 * verdict holds the steps of this stage so far.
 */
bool
rules_stage_fails(const Facts *facts, FactStage stage, Verdict *verdict)
{
	begin_verdict(verdict);
	for (int i = 0; i < rule_table_size && verdict->outcome != VERDICT_DENY; i++)
	{
		if (rule_table[i].stage == stage)
			ask_rule(&rule_table[i], facts, verdict);
	}
	return verdict->outcome == VERDICT_DENY;
}
