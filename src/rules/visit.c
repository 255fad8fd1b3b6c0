/*-------------------------------------------------------------------------
 *
 * visit.c
 *	  EL15 the samples are handed over where the visit is; EL20 the visit is
 *	  under way and the time of capture is credible; pure.
 *
 * src/rules/visit.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/step.h"

/*
 * EL15: samples are delivered to an address that is known.  What is handed over
 * in a visit is delivered where the visit takes place, and somebody who
 * receives it or asked for it is at home there.  Two points that inherit from
 * the same clinic are one place; a visit that names no place goes where its
 * account is.  A shipment goes to an address that takes them, that of its
 * request (EL13).
 */
void
rule_place(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const VisitFact *visit = &facts->visit;
	RuleStep   *step = step_new(verdict, rule);

	if (uuid_given(&facts->request.delivery_point_id) && !uuid_given(&facts->request.place_id))
	{
		step_unknown(step, LSCE_REASON_UNKNOWN_RECORD, "contact_point", facts->request.delivery_point_id);
		return;
	}
	if (facts->request.kind == KIND_SAMPLE_SHIP)
	{
		step_expect_bool(step, "can_ship", true);
		step_observe_bool(step, "can_ship", facts->request.can_ship);
		if (facts->request.can_ship)
			return;
		step_observe_text(step, "channel", "shipment to this address");
		step_fail(step, LSCE_REASON_CHANNEL_NOT_ALLOWED);
		return;
	}
	if (facts->request.place_foreign)
	{
		step_observe_id(step, "place_id", facts->request.place_id);
		step_observe_text(step, "state", visit->found ? visit->status : "unknown");
		step_observe_text(step, "rule", "place of another account");
		step_fail(step, LSCE_REASON_VISIT_STATE);
		return;
	}
	if (!visit->found || !uuid_given(&visit->place_id))
	{
		step_skip(step);
		return;
	}
	step_expect_id(step, "place_id", visit->place_id);
	step_observe_id(step, "place_id", facts->request.place_id);
	step_observe_text(step, "state", visit->status);
	step_evidence(step, EVIDENCE_VISIT, &visit->row);
	if (uuid_same(&visit->place_id, &facts->request.place_id))
		return;
	step_observe_text(step, "rule", "at another place");
	step_fail(step, LSCE_REASON_VISIT_STATE);
}

/* Why the visit does not carry the fact, or NULL. */
static const char *
visit_unfit(const Facts *facts)
{
	const VisitFact *visit = &facts->visit;

	if (!uuid_same(&visit->account_id, &facts->request.recipient_id) &&
		!uuid_same(&visit->account_id, &facts->request.prescriber_id) &&
		!(uuid_given(&facts->request.hco_id) && uuid_same(&visit->account_id, &facts->request.hco_id)))
		return "of another account";
	if (!uuid_same(&visit->owner_id, &facts->request.user_id))
		return "of another user";
	if (uuid_given(&facts->request.territory_id) &&
		!uuid_same(&visit->territory_id, &facts->request.territory_id))
		return "of another territory";
	if (!rules_text_is(visit->status, "in_progress") && !rules_text_is(visit->status, "on_hold") &&
		!rules_text_is(visit->status, "completed") && !rules_text_is(visit->status, "reopened"))
		return "not under way";
	return NULL;
}

/*
 * Fail when the moment of capture is later than its receipt by more than the
 * tolerance, or its day earlier than the back-dating window.  Advice about
 * another day is not measured: it has no moment of receipt.
 */
static void
check_capture(const Facts *facts, RuleStep *step)
{
	const RuleRequest *request = &facts->request;
	int64_t		tolerance = facts->clock_tolerance_minutes.set ? facts->clock_tolerance_minutes.value : 0;
	int64_t		allowed;
	int64_t		ahead;

	if (request->received_at == TIME_NONE)
		return;
	step_evidence(step, EVIDENCE_SETTING, &facts->clock_tolerance_minutes.row);
	step_evidence(step, EVIDENCE_SETTING, &facts->back_date_days.row);
	if (__builtin_mul_overflow(tolerance, INT64_C(60000000), &allowed) ||
		__builtin_sub_overflow(request->at, request->received_at, &ahead) || ahead > allowed)
	{
		step_expect_number(step, "tolerance", tolerance);
		step_observe_time(step, "captured_at", request->at);
		step_observe_time(step, "received_at", request->received_at);
		step_fail(step, LSCE_REASON_DEVICE_CLOCK);
	}
	if (facts->back_date_days.set)
	{
		int64_t		age = (int64_t) request->received_day - request->local_day;

		step_expect_number(step, "back_date_days", facts->back_date_days.value);
		step_observe_number(step, "days_back", age);
		if (age > facts->back_date_days.value)
		{
			step_observe_text(step, "rule", "back_date_days");
			step_fail(step, LSCE_REASON_VISIT_STATE);
		}
	}
}

/*
 * Fail when what is captured in the visit lies before its begin or after its
 * end by more than the tolerance, or the visit has not begun at all.  A visit
 * without an end ends with the local day on which it began.  Without a
 * tolerance the company does not compare them.
 */
static void
check_within_visit(const Facts *facts, RuleStep *step)
{
	const VisitFact *visit = &facts->visit;
	const char *rule = NULL;
	int64_t		allowed;
	int64_t		ahead;
	int64_t		behind;

	if (!facts->visit_tolerance_minutes.set)
		return;
	step_evidence(step, EVIDENCE_SETTING, &facts->visit_tolerance_minutes.row);
	if (visit->actual_from == TIME_NONE || visit->ends_at == TIME_NONE)
		rule = "not begun";
	else if (__builtin_mul_overflow(facts->visit_tolerance_minutes.value, INT64_C(60000000), &allowed) ||
			 __builtin_sub_overflow(visit->actual_from, facts->request.at, &ahead) || ahead > allowed)
		rule = "captured before it began";
	else if (__builtin_sub_overflow(facts->request.at, visit->ends_at, &behind) || behind > allowed)
		rule = "captured after it ended";
	if (rule == NULL || step->result == RULE_FAIL)
		return;
	step_expect_number(step, "visit_tolerance", facts->visit_tolerance_minutes.value);
	step_observe_time(step, "begin", visit->actual_from);
	step_observe_time(step, "end", visit->ends_at);
	step_observe_time(step, "captured_at", facts->request.at);
	step_observe_text(step, "rule", rule);
	step_fail(step, LSCE_REASON_VISIT_STATE);
}

/*
 * EL20: a hand-over happens in a visit of this user to this account that is
 * under way and not signed off, between its begin and its end; other kinds
 * name a visit or none.
 */
void
rule_visit(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const VisitFact *visit = &facts->visit;
	const char *why;
	RuleStep   *step = step_new(verdict, rule);

	step_observe_date(step, "date", facts->request.local_day);
	if (!uuid_given(&facts->request.visit_id))
	{
		if (facts->request.kind == KIND_SAMPLE_DROP)
			step_fail(step, LSCE_REASON_VISIT_MISSING);
		check_capture(facts, step);
		return;
	}
	if (!visit->found)
	{
		step_unknown(step, LSCE_REASON_UNKNOWN_RECORD, "visit", facts->request.visit_id);
		check_capture(facts, step);
		return;
	}
	why = visit_unfit(facts);
	step_observe_text(step, "state", visit->status);
	step_evidence(step, EVIDENCE_VISIT, &visit->row);
	if (why != NULL)
	{
		step_observe_text(step, "rule", why);
		step_fail(step, LSCE_REASON_VISIT_STATE);
	}
	check_within_visit(facts, step);
	check_capture(facts, step);
}
