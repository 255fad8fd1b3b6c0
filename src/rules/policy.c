/*-------------------------------------------------------------------------
 *
 * policy.c
 *	  EL09 an approved policy lets this practitioner have, or hear of, the
 *	  product here; pure.
 *
 * src/rules/policy.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/evaluate.h"
#include "rules/step.h"

/* How far a policy row is from matching: the later, the closer. */
typedef enum PolicyMatch
{
	MISSES_PLACE,
	MISSES_PERSONA,
	MISSES_PROFESSION,
	MISSES_SPECIALTY,
	MISSES_LICENSE,
	MISSES_QUALIFICATION,
	MATCHES
} PolicyMatch;

/*
 * Whether the set holds the specialty: its deepest member above the specialty
 * decides, and an excluding member keeps it out.
 */
static bool
set_holds(const PolicyFact *policy, const char *specialty)
{
	int			deepest = 0;
	bool		holds = false;

	for (int i = 0; i < policy->n_members; i++)
	{
		const SetMemberFact *member = &policy->members[i];
		int			depth;

		if (!path_covers(member->path, specialty))
			continue;
		depth = path_depth(member->path);
		if (depth > deepest)
		{
			deepest = depth;
			holds = !member->exclude;
		}
	}
	return holds;
}

/* Whether one specialty meets what the row wants of specialties. */
static bool
specialty_meets(const PolicyFact *policy, const char *specialty)
{
	if (policy->specialty != NULL && !path_covers(policy->specialty, specialty))
		return false;
	return !uuid_given(&policy->set_id) || set_holds(policy, specialty);
}

/*
 * Whether the practitioner has the specialty, or the certification, wanted.
 * When a board is wanted, board and specialty must stand in the same
 * certification.
 */
static bool
practitioner_meets(const PolicyFact *policy, const Facts *facts, RuleStep *step)
{
	bool		wants_specialty = policy->specialty != NULL || uuid_given(&policy->set_id);

	if (policy->board != NULL)
	{
		for (int i = 0; i < facts->n_certifications; i++)
		{
			const CertificationFact *c = &facts->certifications[i];

			if (!rules_text_is(c->board, policy->board) || !rules_text_is(c->status, "certified") ||
				(wants_specialty && !specialty_meets(policy, c->path)))
				continue;
			if (step)
				step_evidence(step, EVIDENCE_CERTIFICATION, &c->row);
			return true;
		}
		return false;
	}
	if (!wants_specialty)
		return true;
	for (int i = 0; i < facts->n_specialties; i++)
	{
		if (!specialty_meets(policy, facts->specialties[i].path))
			continue;
		if (step)
			step_evidence(step, EVIDENCE_ACCOUNT_SPECIALTY, &facts->specialties[i].row);
		return true;
	}
	return false;
}

/* Whether the user is, that day, the persona the row names. */
static bool
persona_meets(const PolicyFact *policy, const Facts *facts)
{
	if (policy->persona == NULL)
		return true;
	for (int i = 0; i < facts->user.n_personas; i++)
	{
		if (rules_text_is(facts->user.personas[i].persona, policy->persona))
			return true;
	}
	return false;
}

/* Whether the practitioner holds, that day, a licence of the kind wanted. */
static bool
license_meets(const PolicyFact *policy, const Facts *facts)
{
	if (policy->license_kind == NULL)
		return true;
	for (int i = 0; i < facts->n_licenses; i++)
	{
		const LicenseFact *l = &facts->licenses[i];

		if (rules_text_is(l->kind, policy->license_kind) && rules_text_is(l->status, "verified") &&
			rules_valid_on(l->valid_from, l->valid_to, facts->request.local_day))
			return true;
	}
	return false;
}

/* Whether the user has, that day, the qualification wanted, for this product and place. */
static bool
qualification_meets(const PolicyFact *policy, const Facts *facts, RuleStep *step)
{
	if (policy->qualification_kind == NULL)
		return true;
	for (int i = 0; i < facts->user.n_qualifications; i++)
	{
		const QualificationFact *q = &facts->user.qualifications[i];

		if (!rules_text_is(q->kind, policy->qualification_kind) || q->level < policy->qualification_level ||
			!q->covers_product ||
			(q->jurisdiction != NULL && !rules_text_is(q->jurisdiction, facts->request.country) &&
			 !rules_text_is(q->jurisdiction, facts->request.region)))
			continue;
		if (step)
			step_evidence(step, EVIDENCE_USER_QUALIFICATION, &q->row);
		return true;
	}
	return false;
}

/* Compare the row with the facts; "step", when given, takes the evidence. */
static PolicyMatch
policy_match(const PolicyFact *policy, const Facts *facts, RuleStep *step)
{
	if (policy->region != NULL && !rules_text_is(policy->region, facts->request.region))
		return MISSES_PLACE;
	if (!persona_meets(policy, facts))
		return MISSES_PERSONA;
	if (policy->profession != NULL && !rules_text_is(policy->profession, facts->practitioner.profession))
		return MISSES_PROFESSION;
	if (!practitioner_meets(policy, facts, step))
		return MISSES_SPECIALTY;
	if (!license_meets(policy, facts))
		return MISSES_LICENSE;
	if (!qualification_meets(policy, facts, step))
		return MISSES_QUALIFICATION;
	return MATCHES;
}

/*
 * Say of the licence that the row wants why it does not count: it has ended,
 * the authority took it away, or there is none.
 */
static LsceReason
license_miss(const PolicyFact *policy, const Facts *facts, RuleStep *step)
{
	const LicenseFact *last = NULL;

	for (int i = 0; i < facts->n_licenses; i++)
	{
		const LicenseFact *l = &facts->licenses[i];

		if (rules_text_is(l->kind, policy->license_kind) && (last == NULL || l->valid_to > last->valid_to))
			last = l;
	}
	if (last == NULL || rules_text_is(last->status, "draft") || last->valid_from > facts->request.local_day)
		return LSCE_REASON_LICENSE_MISSING;
	step_observe_text(step, "status", last->status);
	step_observe_date(step, "valid_to", rules_last_day(last->valid_to));
	step_observe_text(step, "number_hash", last->number_hash);
	step_evidence(step, EVIDENCE_LICENSE, &last->row);
	return facts->request.local_day >= last->valid_to ? LSCE_REASON_LICENSE_EXPIRED : LSCE_REASON_LICENSE_NOT_ACTIVE;
}

/* The reason for the closest miss. */
static LsceReason
reason_of(PolicyMatch match)
{
	switch (match)
	{
		case MISSES_PERSONA:
			return LSCE_REASON_REP_NOT_AUTHORISED;
		case MISSES_PROFESSION:
			return LSCE_REASON_RECIPIENT_NOT_ELIGIBLE;
		case MISSES_SPECIALTY:
			return LSCE_REASON_SPECIALTY_NOT_ELIGIBLE;
		case MISSES_QUALIFICATION:
			return LSCE_REASON_USER_NOT_QUALIFIED;
		default:
			return LSCE_REASON_POLICY_MISSING;
	}
}

/* What the practitioner has: specialties, else certifications. */
static void
observe_practitioner(const Facts *facts, Verdict *verdict, RuleStep *step)
{
	TextList	actual = rules_list_start(verdict);

	for (int i = 0; i < facts->n_specialties; i++)
		rules_list_add(verdict, &actual, facts->specialties[i].path);
	for (int i = 0; i < facts->n_certifications; i++)
		rules_list_add(verdict, &actual, facts->certifications[i].board);
	step_observe_texts(step, "actual", actual);
	step_observe_text(step, "profession", facts->practitioner.profession);
}

/* A row that matches and denies, wherever it stands on the way up, denies. */
static bool
check_denials(const Facts *facts, RuleStep *step)
{
	for (int i = 0; i < facts->n_policies; i++)
	{
		const PolicyFact *policy = &facts->policies[i];

		if (policy->allowed || policy_match(policy, facts, NULL) != MATCHES)
			continue;
		step->legal_ref = policy->legal_ref;
		step_observe_number(step, "levels_up", policy->level);
		step_observe_bool(step, "denied", true);
		step_expect_text(step, "allowed", "others");
		step_evidence(step, EVIDENCE_SAMPLING_POLICY, &policy->row);
		step_fail(step, LSCE_REASON_SPECIALTY_NOT_ELIGIBLE);
		return true;
	}
	return false;
}

/* The most specific level of the product that has allowing rows here; -1: none. */
static int32_t
deciding_level(const Facts *facts)
{
	int32_t		level = -1;

	for (int i = 0; i < facts->n_policies; i++)
	{
		const PolicyFact *policy = &facts->policies[i];

		if (policy->allowed && (level < 0 || policy->level < level) &&
			(policy->region == NULL || rules_text_is(policy->region, facts->request.region)))
			level = policy->level;
	}
	return level;
}

/* What the rows of the deciding level want, in one list. */
static void
expect_allowed(const Facts *facts, int32_t level, Verdict *verdict, RuleStep *step)
{
	TextList	allowed = rules_list_start(verdict);

	for (int i = 0; i < facts->n_policies; i++)
	{
		const PolicyFact *policy = &facts->policies[i];

		if (!policy->allowed || policy->level != level)
			continue;
		rules_list_add(verdict, &allowed, policy->set_code);
		rules_list_add(verdict, &allowed, policy->specialty);
		rules_list_add(verdict, &allowed, policy->board);
		rules_list_add(verdict, &allowed, policy->profession);
	}
	step_expect_texts(step, "allowed", allowed);
}

/*
 * EL09: no matching row denies, and a row of the most specific level of the
 * product that has any matches.  What names no product has no policy to meet,
 * except a gift, which some policy must allow.
 */
void
rule_policy(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	int32_t		level = deciding_level(facts);
	PolicyMatch closest = MISSES_PLACE;
	const PolicyFact *closest_row = NULL;
	RuleStep   *step = step_new(verdict, rule);

	if (!uuid_given(&facts->request.product_id) && facts->request.kind != KIND_GIFT)
	{
		step_skip(step);
		return;
	}
	step_expect_text(step, "action", rules_kind_name(facts->request.kind));
	step_observe_text(step, "jurisdiction", rules_place_of(facts));
	observe_practitioner(facts, verdict, step);
	if (check_denials(facts, step))
		return;
	if (level < 0)
	{
		step_fail(step, LSCE_REASON_POLICY_MISSING);
		return;
	}

	expect_allowed(facts, level, verdict, step);
	for (int i = 0; i < facts->n_policies && closest != MATCHES; i++)
	{
		const PolicyFact *policy = &facts->policies[i];
		PolicyMatch match;

		if (!policy->allowed || policy->level != level)
			continue;
		match = policy_match(policy, facts, NULL);
		if (closest_row == NULL || match > closest)
		{
			closest = match;
			closest_row = policy;
		}
	}
	step->legal_ref = closest_row->legal_ref;
	step_observe_number(step, "levels_up", level);
	step_evidence(step, EVIDENCE_SAMPLING_POLICY, &closest_row->row);
	(void) policy_match(closest_row, facts, step);
	if (closest == MISSES_PERSONA && facts->user.n_personas > 0)
		step_observe_text(step, "role", facts->user.personas[0].persona);
	if (closest == MISSES_QUALIFICATION)
	{
		step_expect_text(step, "required", closest_row->qualification_kind);
		step_expect_number(step, "level", closest_row->qualification_level);
	}
	if (closest == MISSES_LICENSE)
		step_fail(step, license_miss(closest_row, facts, step));
	else if (closest != MATCHES)
		step_fail(step, reason_of(closest));
}
