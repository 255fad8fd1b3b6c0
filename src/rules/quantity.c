/*-------------------------------------------------------------------------
 *
 * quantity.c
 *	  EL19 every limit that applies has room; pure.
 *
 * src/rules/quantity.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/step.h"

/* Whether the limit is one of this request's at all. */
static bool
limit_applies(const Facts *facts, const LimitFact *limit)
{
	return (limit->applies || limit->unknown_condition) &&
		rules_template_applies(facts, &facts->templates[limit->template_index]);
}

/* Whether some limit of the request has a number and counts on the day. */
static bool
some_limit_counts(const Facts *facts)
{
	for (int i = 0; i < facts->n_limits; i++)
	{
		const LimitFact *limit = &facts->limits[i];

		if (limit_applies(facts, limit) && (limit->has_quota || limit->has_per_visit))
			return true;
	}
	return false;
}

/*
 * Whether the limit lacks a number that somebody has to supply.  An
 * arrangement is a span of time, and lacks one only where no other limit does.
 */
static bool
wants_number(const Facts *facts, const LimitFact *limit)
{
	if (some_limit_counts(facts))
		return false;
	if (!rules_text_is(limit->period, "arrangement"))
		return true;
	for (int i = 0; i < facts->n_limits; i++)
	{
		const LimitFact *other = &facts->limits[i];

		if (limit_applies(facts, other) && !rules_text_is(other->period, "arrangement"))
			return false;
	}
	return true;
}

/* Room left below "allowed" when "used" is taken; never negative. */
static int64_t
room(int64_t allowed, int64_t used)
{
	int64_t		left;

	if (__builtin_sub_overflow(allowed, used, &left))
		return used > 0 ? 0 : INT64_MAX;
	return left > 0 ? left : 0;
}

/* Fail, or warn where the template only warns; what law says never warns. */
static void
limit_fail(const TemplateFact *template_, RuleStep *step, LsceReason reason)
{
	if (template_->warning && !template_->law_based)
		step_warn(step, reason);
	else
		step_fail(step, reason);
}

/* Fail when the day is outside the limit's window in the product's life. */
static void
check_window(const TemplateFact *template_, const LimitFact *limit, RuleStep *step)
{
	switch (limit->window)
	{
		case LIMIT_WINDOW_OPEN:
			if (limit->closes_on != DATE_NONE)
				step_observe_date(step, "window_end", limit->closes_on);
			break;
		case LIMIT_WINDOW_NOT_YET:
			step_observe_date(step, "window_start", limit->opens_on);
			limit_fail(template_, step, LSCE_REASON_WINDOW_NOT_OPEN);
			break;
		case LIMIT_WINDOW_CLOSED:
			step_observe_date(step, "window_end", limit->closes_on);
			limit_fail(template_, step, LSCE_REASON_WINDOW_CLOSED);
			break;
		case LIMIT_WINDOW_UNKNOWN:
			step_observe_text(step, "window_start", "unknown");
			limit_fail(template_, step, LSCE_REASON_WINDOW_NOT_OPEN);
			break;
	}
}

/*
 * Fail when the hand-over takes more than the counting period or the visit has
 * left.  What was admitted in excess is in "used" and makes no room.
 */
static void
check_numbers(const TemplateFact *template_, const LimitFact *limit, RuleStep *step)
{
	int64_t		left = INT64_MAX;
	bool		per_visit_binds = false;

	if (limit->has_quota)
		left = room(limit->quota, limit->used);
	if (limit->has_per_visit && room(limit->per_visit, limit->used_in_visit) < left)
	{
		left = room(limit->per_visit, limit->used_in_visit);
		per_visit_binds = true;
	}

	step_expect_quantity(step, "limit", per_visit_binds ? limit->per_visit : limit->quota);
	step_expect_text(step, "period", per_visit_binds ? "per_visit" : limit->period);
	step_observe_quantity(step, "used", per_visit_binds ? limit->used_in_visit : limit->used);
	step_observe_quantity(step, "requested", limit->charge);
	step_observe_quantity(step, "remaining", left);
	if (!per_visit_binds && limit->window_from != DATE_NONE && limit->window_to != DATE_NONE)
	{
		step_observe_date(step, "period_from", limit->window_from);
		step_observe_date(step, "period_to", rules_last_day(limit->window_to));
	}
	if (limit->charge <= left)
		return;
	if (limit->next_free_on != DATE_NONE)
		step_observe_date(step, "next_free_on", limit->next_free_on);
	limit_fail(template_, step, LSCE_REASON_QTY_LIMIT_EXCEEDED);
}

/* One step for one limit. */
static void
judge_limit(const Facts *facts, const LimitFact *limit, Verdict *verdict, const Rule *rule)
{
	const TemplateFact *template_ = &facts->templates[limit->template_index];
	RuleStep   *step = step_new(verdict, rule);

	step->legal_ref = template_->legal_ref;
	step_expect_text(step, "template", template_->code);
	step_expect_text(step, "name", limit->name);
	step_evidence(step, EVIDENCE_LIMIT_RULE, &limit->row);
	step_evidence(step, EVIDENCE_LIMIT_TEMPLATE, &template_->row);
	step_observe_text(step, "subject", limit->subject);
	step_observe_text(step, "pool", limit->pool);
	if (limit->unknown_condition)
	{
		step_observe_text(step, "rule", "unknown_condition");
		step_fail(step, LSCE_REASON_LIMIT_NOT_CONFIGURED);
		return;
	}
	check_window(template_, limit, step);
	if (limit->has_quota || limit->has_per_visit)
		check_numbers(template_, limit, step);
	else if (wants_number(facts, limit))
		step_fail(step, LSCE_REASON_LIMIT_NOT_CONFIGURED);
}

/*
 * EL19: every limit that applies has room for the hand-over, and at least one
 * has a number.  No limit at all is no permission: nobody said how many.  Where
 * all sampling is banned there is nothing to count: EL06 refuses it.
 */
void
rule_quantity(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	bool		any = false;

	for (int i = 0; i < facts->n_limits; i++)
	{
		if (rules_is_ban(facts, &facts->limits[i]))
		{
			step_skip(step_new(verdict, rule));
			return;
		}
	}
	for (int i = 0; i < facts->n_limits; i++)
	{
		if (!limit_applies(facts, &facts->limits[i]))
			continue;
		judge_limit(facts, &facts->limits[i], verdict, rule);
		any = true;
	}
	if (!any)
	{
		RuleStep   *step = step_new(verdict, rule);

		step_observe_text(step, "template", rules_place_of(facts));
		step_fail(step, LSCE_REASON_LIMIT_NOT_CONFIGURED);
	}
}
