/*-------------------------------------------------------------------------
 *
 * licence.c
 *	  EL10 the practitioner is licensed where the delivery is; EL11 registered
 *	  for the schedule of a controlled product; pure.
 *
 * src/rules/licence.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/evaluate.h"
#include "rules/step.h"

/* How far a licence is from serving: the later, the closer. */
typedef enum LicenseMatch
{
	LICENSE_ELSEWHERE_INVALID,
	LICENSE_ELSEWHERE,
	LICENSE_NOT_YET,
	LICENSE_PAST,
	LICENSE_INACTIVE,
	LICENSE_SCOPE,
	LICENSE_STALE,
	LICENSE_SERVES
} LicenseMatch;

/*
 * Whether the licence is for the place of delivery: a state licence for its
 * region, a national one for its country.
 */
static bool
for_this_place(const LicenseFact *license, const Facts *facts)
{
	if (rules_text_is(license->kind, "state"))
		return rules_text_is(license->jurisdiction, facts->request.region);
	return rules_text_is(license->jurisdiction, facts->request.country) ||
		rules_text_is(license->jurisdiction, facts->request.region);
}

/* Whether the last verification is missing or older than the company allows. */
static bool
is_stale(const LicenseFact *license, const Facts *facts)
{
	if (rules_text_is(license->status, "draft"))
		return true;
	if (!facts->license_max_age_days.set)
		return false;
	return license->verified_on == DATE_NONE ||
		(int64_t) facts->request.local_day - license->verified_on > facts->license_max_age_days.value;
}

static bool
is_valid(const LicenseFact *license, const Facts *facts)
{
	return rules_valid_on(license->valid_from, license->valid_to, facts->request.local_day);
}

/* Whether the authority took the licence away for good or for a while. */
static bool
is_inactive(const LicenseFact *license)
{
	return !rules_text_is(license->status, "verified") && !rules_text_is(license->status, "draft");
}

static LicenseMatch
license_match(const LicenseFact *license, const Facts *facts)
{
	if (!for_this_place(license, facts))
		return is_valid(license, facts) && rules_text_is(license->status, "verified") ?
			LICENSE_ELSEWHERE : LICENSE_ELSEWHERE_INVALID;
	if (facts->request.local_day >= license->valid_to)
		return LICENSE_PAST;
	if (is_inactive(license))
		return LICENSE_INACTIVE;
	if (!is_valid(license, facts))
		return LICENSE_NOT_YET;
	if (!license->sample_eligible || !license->covers_product)
		return LICENSE_SCOPE;
	return is_stale(license, facts) ? LICENSE_STALE : LICENSE_SERVES;
}

static LsceReason
license_reason(LicenseMatch match)
{
	switch (match)
	{
		case LICENSE_ELSEWHERE:
			return LSCE_REASON_LICENSE_WRONG_JURISDICTION;
		case LICENSE_PAST:
			return LSCE_REASON_LICENSE_EXPIRED;
		case LICENSE_NOT_YET:
		case LICENSE_INACTIVE:
			return LSCE_REASON_LICENSE_NOT_ACTIVE;
		case LICENSE_SCOPE:
			return LSCE_REASON_PRESCRIBING_SCOPE;
		case LICENSE_STALE:
			return LSCE_REASON_LICENSE_UNVERIFIED;
		default:
			return LSCE_REASON_LICENSE_MISSING;
	}
}

/* Say of the licence what its reason's text asks for. */
static void
observe_license(const LicenseFact *license, LicenseMatch match, RuleStep *step)
{
	step_observe_text(step, "status", match == LICENSE_NOT_YET ? "not yet valid" : license->status);
	step_observe_text(step, match == LICENSE_ELSEWHERE ? "license_region" : "license_jurisdiction",
					  license->jurisdiction);
	step_observe_date(step, "valid_to", rules_last_day(license->valid_to));
	if (license->verified_on != DATE_NONE)
		step_observe_date(step, "verified_at", license->verified_on);
	step_observe_text(step, "number_hash", license->number_hash);
	step_evidence(step, EVIDENCE_LICENSE, &license->row);
}

/*
 * EL10: a professional licence for the place of delivery, in force on the
 * business day (its last day included), verified recently enough, that covers
 * the product.
 */
void
rule_license(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const LicenseFact *best = NULL;
	LicenseMatch best_match = LICENSE_ELSEWHERE_INVALID;
	RuleStep   *step = step_new(verdict, rule);

	for (int i = 0; i < facts->n_licenses; i++)
	{
		const LicenseFact *license = &facts->licenses[i];
		LicenseMatch match;

		if (!rules_text_is(license->kind, "state") && !rules_text_is(license->kind, "national"))
			continue;
		match = license_match(license, facts);
		if (best == NULL || match > best_match)
		{
			best = license;
			best_match = match;
		}
	}

	step_expect_text(step, "jurisdiction", rules_place_of(facts));
	step_expect_text(step, "address_region", rules_place_of(facts));
	if (facts->license_max_age_days.set)
	{
		step_expect_number(step, "max_age", facts->license_max_age_days.value);
		step_evidence(step, EVIDENCE_SETTING, &facts->license_max_age_days.row);
	}
	step_observe_date(step, "date", facts->request.local_day);
	step_observe_text(step, "profession", facts->practitioner.profession);
	if (best == NULL || best_match == LICENSE_ELSEWHERE_INVALID)
		step_fail(step, LSCE_REASON_LICENSE_MISSING);
	else
	{
		observe_license(best, best_match, step);
		if (best_match != LICENSE_SERVES)
			step_fail(step, license_reason(best_match));
	}
}

/*
 * EL11: for a controlled product the practitioner holds a DEA registration in
 * force that names its schedule.  The registration is an instrument of the
 * United States; elsewhere EL06 refuses controlled products.
 */
void
rule_controlled(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const char *schedule = facts->market.controlled_schedule;
	const LicenseFact *registration = NULL;
	bool		covers = false;
	RuleStep   *step = step_new(verdict, rule);

	if (schedule == NULL || !rules_text_is(facts->request.country, "US"))
	{
		step_skip(step);
		return;
	}
	for (int i = 0; i < facts->n_licenses && !covers; i++)
	{
		const LicenseFact *license = &facts->licenses[i];

		if (!rules_text_is(license->kind, "dea") || !rules_text_is(license->status, "verified") ||
			!is_valid(license, facts))
			continue;
		registration = license;
		covers = rules_texts_have(&license->schedules, schedule);
	}

	step->legal_ref = "21 CFR 203.31(b)(1)";
	step_expect_text(step, "schedule", schedule);
	if (registration != NULL)
	{
		step_observe_texts(step, "schedules", registration->schedules);
		step_evidence(step, EVIDENCE_LICENSE, &registration->row);
		if (!covers)
			step_fail(step, LSCE_REASON_DEA_SCHEDULE);
	}
	else
		step_fail(step, LSCE_REASON_DEA_MISSING);
}
