/*-------------------------------------------------------------------------
 *
 * resolve.c
 *	  From the facts of a consent question to its verdict.
 *
 * Of the events that cover the question (see scope.c)
 *
 *	- the latest denial (withdrawal or objection) beats every opt-in given
 *	  at the same time or earlier, however narrow the opt-in;
 *	- an opt-in given later is live in its own scope;
 *	- the most specific live opt-in decides by its basis, age and evidence; one
 *	  that has expired gives way to the next.
 *
 * Without a live opt-in that holds, a standing denial refuses; without one, the
 * default of the regime decides.
 *
 * src/consent/resolve.c
 *
 *-------------------------------------------------------------------------
 */
#include "consent/scope.h"

#include <stdio.h>
#include <string.h>

static bool
in_list(const char *what, const char *const *list, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(what, list[i]) == 0)
			return true;
	return false;
}

static void
add_reason(ConsentVerdict *verdict, LsceReason reason)
{
	if (verdict->n_reasons < CONSENT_MAX_REASONS)
		verdict->reasons[verdict->n_reasons++] = reason;
}

/* Make a reason the primary one; the last gives way when there are too many. */
static void
add_first_reason(ConsentVerdict *verdict, LsceReason reason)
{
	if (verdict->n_reasons < CONSENT_MAX_REASONS)
		verdict->n_reasons++;
	memmove(&verdict->reasons[1], &verdict->reasons[0],
			(verdict->n_reasons - 1) * sizeof(verdict->reasons[0]));
	verdict->reasons[0] = reason;
}

static void
add_obligation(ConsentVerdict *verdict, const char *code, int32_t due_day)
{
	if (verdict->n_obligations < CONSENT_MAX_OBLIGATIONS)
	{
		verdict->obligations[verdict->n_obligations].code = code;
		verdict->obligations[verdict->n_obligations++].due_day = due_day;
	}
}

/* "2 years", "6 months", "90 days": the larger unit where it is exact. */
static void
format_age(char *buffer, size_t size, int32_t months, int32_t days)
{
	if (months == 0)
		snprintf(buffer, size, "%d day%s", days, days == 1 ? "" : "s");
	else if (days != 0)
		snprintf(buffer, size, "%d months %d days", months, days);
	else if (months % 12 == 0)
		snprintf(buffer, size, "%d year%s", months / 12, months == 12 ? "" : "s");
	else
		snprintf(buffer, size, "%d month%s", months, months == 1 ? "" : "s");
}

/* Lower the last valid day; the rule that set it is kept. */
static void
limit_age(ConsentVerdict *verdict, int32_t from, int32_t months, int32_t days,
		  const char *counted)
{
	int32_t		last_day = consent_day_plus(from, months, days);
	char		age[32];

	if (last_day >= verdict->valid_last_day)
		return;
	verdict->valid_last_day = last_day;
	format_age(age, sizeof(age), months, days);
	snprintf(verdict->expiry_rule, sizeof(verdict->expiry_rule), "%s %s", age, counted);
}

/* The age that the regime gives to the event a basis rests on, or NULL. */
static const ConsentAge *
basis_age(const ConsentRegime *regime, const ConsentEvent *scope)
{
	if (strcmp(scope->basis, "implied_existing_business") != 0 || scope->basis_event == NULL)
		return NULL;
	for (int i = 0; i < regime->n_basis_ages; i++)
		if (strcmp(regime->basis_ages[i].event, scope->basis_event) == 0)
			return &regime->basis_ages[i];
	return NULL;
}

/*
 * Work out until when a candidate holds: the least of what was stated, the age
 * of its basis, the age of the regime and that of the company.  Returns false
 * when that is over.
 */
static bool
check_age(const ConsentFacts *facts, const ConsentCandidate *candidate, ConsentVerdict *verdict)
{
	const ConsentQuestion *question = &facts->question;
	const ConsentRegime *regime = &facts->regime;
	const ConsentAge *age = basis_age(regime, candidate->scope);
	int32_t		from = candidate->event->effective_day;
	int64_t		stated = candidate->event->effective_to;

	if (candidate->scope->effective_to < stated)
		stated = candidate->scope->effective_to;
	verdict->valid_until = stated;
	verdict->valid_last_day = CONSENT_NO_DAY;
	verdict->expiry_rule[0] = '\0';
	if (age)
		limit_age(verdict, candidate->scope->basis_day, age->months, age->days,
				  "before day of sending");
	if (question->company_age_months > 0)
		limit_age(verdict, from, question->company_age_months, 0,
				  "from the opt-in (company)");
	if (regime->age_months > 0 || regime->age_days > 0)
	{
		bool		from_contact = regime->age_from_last_contact &&
			question->last_contact_day != CONSENT_NO_DAY && question->last_contact_day > from;

		limit_age(verdict, from_contact ? question->last_contact_day : from,
				  regime->age_months, regime->age_days,
				  regime->age_from_last_contact ? "from last contact" : "from the opt-in");
	}
	if (question->at >= stated)
		snprintf(verdict->expiry_rule, sizeof(verdict->expiry_rule), "stated validity");
	return question->at < stated && question->local_day <= verdict->valid_last_day;
}

/* Note what evidence is missing; sorted, each name once. */
static void
require_evidence(const ConsentCandidate *candidate, const char *name, ConsentVerdict *verdict)
{
	int			place = verdict->n_missing;

	if (in_list(name, candidate->scope->evidence, candidate->scope->n_evidence) ||
		in_list(name, candidate->event->evidence, candidate->event->n_evidence) ||
		in_list(name, verdict->missing, verdict->n_missing) ||
		verdict->n_missing == CONSENT_MAX_MISSING)
		return;
	while (place > 0 && strcmp(verdict->missing[place - 1], name) > 0)
	{
		verdict->missing[place] = verdict->missing[place - 1];
		place--;
	}
	verdict->missing[place] = name;
	verdict->n_missing++;
}

/*
 * What proves a basis.  For a consent the regime says it; the others rest on a
 * fact that has to be named.
 */
static bool
check_evidence(const ConsentRegime *regime, const ConsentCandidate *candidate, ConsentVerdict *verdict)
{
	const char *basis = candidate->scope->basis;

	verdict->n_missing = 0;
	if (strcmp(basis, "implied_existing_business") == 0)
	{
		require_evidence(candidate, "event", verdict);
		require_evidence(candidate, "event_date", verdict);
		/* an event that the law does not know is no proof */
		if (verdict->n_missing == 0 && regime->n_basis_ages > 0 &&
			(basis_age(regime, candidate->scope) == NULL ||
			 candidate->scope->basis_day == CONSENT_NO_DAY))
			verdict->missing[verdict->n_missing++] = "event";
	}
	else if (strcmp(basis, "legitimate_interest") == 0)
	{
		require_evidence(candidate, "informed_at", verdict);
		require_evidence(candidate, "related_to_profession", verdict);
	}
	else if (strcmp(basis, "address_notified_in_writing") == 0)
		require_evidence(candidate, "kind", verdict);
	else if (strcmp(basis, "contract") == 0 || strcmp(basis, "legal_obligation") == 0)
		require_evidence(candidate, "reference", verdict);
	else
		for (int i = 0; i < regime->n_evidence_required; i++)
			require_evidence(candidate, regime->evidence_required[i], verdict);
	return verdict->n_missing == 0;
}

/* Is an opt-in that nobody confirmed enough under the regime? */
static bool
check_confirmed(const ConsentRegime *regime, const ConsentCandidate *candidate)
{
	if (!regime->double_opt_in || candidate->event->action == CONSENT_CONFIRM)
		return true;
	if (strcmp(candidate->scope->basis, "consent") != 0 &&
		strcmp(candidate->scope->basis, "prior_express_written") != 0)
		return true;
	return candidate->scope->method != NULL &&
		in_list(candidate->scope->method, regime->direct_methods, regime->n_direct_methods);
}

/*
 * Judge one live opt-in.  Returns true when it permits; otherwise the reasons
 * are those why not, and "expired" tells whether a broader one may step in.
 */
static bool
judge_candidate(const ConsentFacts *facts, const ConsentCandidate *candidate,
				ConsentVerdict *verdict, bool *expired)
{
	const ConsentRegime *regime = &facts->regime;

	verdict->n_reasons = 0;
	verdict->decided_by = candidate->index;
	verdict->basis = candidate->scope->basis;
	verdict->state = CONSENT_STATE_INVALID;
	*expired = !check_age(facts, candidate, verdict);

	if (!in_list(verdict->basis, regime->bases, regime->n_bases))
		add_reason(verdict, LSCE_REASON_LEGAL_BASIS_NOT_ALLOWED);
	if (*expired)
	{
		add_reason(verdict, LSCE_REASON_CONSENT_EXPIRED);
		verdict->state = CONSENT_STATE_EXPIRED;
	}
	if (!check_evidence(regime, candidate, verdict))
		add_reason(verdict, LSCE_REASON_CONSENT_EVIDENCE);
	if (!check_confirmed(regime, candidate))
	{
		add_reason(verdict, LSCE_REASON_CONSENT_UNCONFIRMED);
		if (verdict->n_reasons == 1)
			verdict->state = CONSENT_STATE_PENDING;
	}
	if (verdict->n_reasons > 0)
		return false;
	verdict->state = CONSENT_STATE_OPT_IN;
	return true;
}

/* Forget the judgement of an opt-in. */
static void
reset_judgement(ConsentVerdict *verdict)
{
	verdict->n_reasons = 0;
	verdict->decided_by = -1;
	verdict->basis = NULL;
	verdict->state = CONSENT_STATE_NONE;
	verdict->valid_until = CONSENT_NO_INSTANT;
	verdict->valid_last_day = CONSENT_NO_DAY;
	verdict->expiry_rule[0] = '\0';
	verdict->n_missing = 0;
}

/*
 * Go through the live opt-ins, most specific first; only an expired one gives
 * way.  Returns true when one permits.  When none does, the judgement of the
 * first one stays in the verdict; decided_by is -1 when there was none.
 */
static bool
find_permission(const ConsentFacts *facts, const ConsentEvent *denial, ConsentVerdict *verdict)
{
	ConsentVerdict first = *verdict;
	ConsentCandidate	candidate;
	ConsentCandidate	previous;
	bool		expired = true;
	int			seen = 0;

	while (expired && consent_next_candidate(facts, denial, false, seen ? &previous : NULL, &candidate))
	{
		if (judge_candidate(facts, &candidate, verdict, &expired))
			return true;
		if (seen++ == 0)
			first = *verdict;
		previous = candidate;
	}

	/* a second one that fails for another reason than age decided instead */
	if (expired)
		*verdict = first;
	return false;
}

/*
 * The verdict when a denial stands and no later opt-in holds.  What is wrong
 * with such an opt-in is named after the denial.
 */
static void
deny_by(const ConsentFacts *facts, int denial, ConsentVerdict *verdict)
{
	const ConsentEvent *event = &facts->events[denial];
	ConsentVerdict failed = *verdict;
	ConsentCandidate beaten;
	bool		object = event->action == CONSENT_OBJECT;

	reset_judgement(verdict);
	add_reason(verdict, object ? LSCE_REASON_OBJECTION : LSCE_REASON_CONSENT_WITHDRAWN);
	verdict->state = object ? CONSENT_STATE_OBJECTION : CONSENT_STATE_WITHDRAWN;
	verdict->decided_by = denial;
	for (int i = 0; i < failed.n_reasons; i++)
		add_reason(verdict, failed.reasons[i]);
	verdict->n_missing = failed.n_missing;
	if (consent_next_candidate(facts, event, true, NULL, &beaten))
		verdict->beaten_opt_in = beaten.index;
	if (facts->regime.stop_within_business_days > 0)
		add_obligation(verdict, "STOP_WITHIN_10BD",
					   consent_business_day_plus(event->effective_day,
												 facts->regime.stop_within_business_days));
}

/* The verdict when no opt-in permits and no denial stands. */
static void
decide_by_default(const ConsentFacts *facts, int pending, ConsentVerdict *verdict)
{
	if (facts->regime.default_state == CONSENT_DEFAULT_OPT_OUT)
	{
		reset_judgement(verdict);
		verdict->basis = "opt_out_regime";
		verdict->allow = true;
		return;
	}
	if (verdict->decided_by >= 0 && verdict->state != CONSENT_STATE_EXPIRED)
		return;
	if (pending >= 0)
	{
		reset_judgement(verdict);
		verdict->state = CONSENT_STATE_PENDING;
		verdict->decided_by = pending;
		add_reason(verdict, LSCE_REASON_CONSENT_UNCONFIRMED);
		return;
	}
	if (verdict->decided_by >= 0)
		return;
	if ((verdict->decided_by = consent_find_near_miss(facts, true)) >= 0)
		add_reason(verdict, LSCE_REASON_CONSENT_CONTROLLER);
	else if ((verdict->decided_by = consent_find_near_miss(facts, false)) >= 0)
		add_reason(verdict, LSCE_REASON_CONSENT_PURPOSE);
	else
		add_reason(verdict, LSCE_REASON_CONSENT_MISSING);
}

/* Hours of the recipient's local day. */
static void
check_hours(const ConsentFacts *facts, ConsentVerdict *verdict)
{
	const ConsentRegime *regime = &facts->regime;
	int64_t		time = facts->question.local_time;

	if (regime->hours_to == 0 || (time >= regime->hours_from && time < regime->hours_to))
		return;
	add_reason(verdict, LSCE_REASON_CONTACT_WINDOW);
	verdict->earliest = time < regime->hours_from ? regime->opens_today : regime->opens_tomorrow;
}

/* What goes with an allowed contact, and with one that only waits. */
static void
set_obligations(const ConsentFacts *facts, ConsentVerdict *verdict)
{
	const ConsentRegime *regime = &facts->regime;

	if (verdict->allow)
	{
		for (int i = 0; i < regime->n_obligations; i++)
		{
			int32_t		due_day = CONSENT_NO_DAY;

			if (strcmp(regime->obligations[i], "RETAIN") == 0 &&
				(regime->retain_months > 0 || regime->retain_days > 0))
				due_day = consent_day_plus(facts->question.local_day,
										   regime->retain_months, regime->retain_days);
			add_obligation(verdict, regime->obligations[i], due_day);
		}
	}
	else if (verdict->state == CONSENT_STATE_PENDING && verdict->decided_by >= 0)
	{
		const ConsentEvent *event = &facts->events[verdict->decided_by];

		if (event->action != CONSENT_PENDING || facts->question.at < event->token_expires_at)
			add_obligation(verdict, "CONFIRM_OPT_IN", CONSENT_NO_DAY);
	}
}

/*
 * The rule where no approved row of consent_regime speaks: consent is needed,
 * only consent is a basis, and it has to be proved.
 */
void
consent_regime_strictest(ConsentRegime *regime, bool has_channel)
{
	static const char *const bases[] = {"consent", "prior_express_written"};
	static const char *const evidence[] = {"captured_at", "method", "text_version"};
	static const char *const obligations[] = {"OPT_OUT_LINK"};

	memset(regime, 0, sizeof(*regime));
	regime->default_state = CONSENT_DEFAULT_OPT_IN;
	regime->bases = bases;
	regime->n_bases = 2;
	regime->evidence_required = evidence;
	regime->n_evidence_required = 3;
	regime->obligations = obligations;
	regime->n_obligations = has_channel ? 1 : 0;
}

/* Name of a state as consent_status() shows it. */
const char *
consent_state_name(ConsentState state)
{
	static const char *const names[] = {
		"none", "opt_in", "pending", "expired", "withdrawn", "objection", "invalid"
	};

	return names[state];
}

/* Resolve a question.  Every field of the verdict is set. */
void
consent_resolve(const ConsentFacts *facts, ConsentVerdict *verdict)
{
	const ConsentEvent *denial;
	ConsentDenials denials;

	memset(verdict, 0, sizeof(*verdict));
	reset_judgement(verdict);
	verdict->beaten_opt_in = -1;
	verdict->beaten_denial = -1;
	verdict->earliest = CONSENT_NO_INSTANT;

	consent_find_denials(facts, &denials);
	denial = denials.latest >= 0 ? &facts->events[denials.latest] : NULL;
	verdict->allow = find_permission(facts, denial, verdict);
	if (verdict->allow)
		verdict->beaten_denial = denials.latest;

	if (!verdict->allow)
	{
		if (denials.standing >= 0)
			deny_by(facts, denials.standing, verdict);
		else
			decide_by_default(facts, consent_find_pending(facts, denial), verdict);
	}

	if (facts->regime.default_state == CONSENT_DEFAULT_NEVER)
	{
		verdict->allow = false;
		verdict->n_reasons = 0;
		verdict->reasons[verdict->n_reasons++] = LSCE_REASON_LEGAL_BASIS_NOT_ALLOWED;
	}
	if (facts->question.suppressed)
		add_first_reason(verdict, LSCE_REASON_ACCOUNT_RESTRICTED);
	check_hours(facts, verdict);
	verdict->allow = verdict->n_reasons == 0;
	set_obligations(facts, verdict);
}
