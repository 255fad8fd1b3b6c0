/*-------------------------------------------------------------------------
 *
 * recipient.c
 *	  EL02 the recipient is of a kind that may receive samples; pure.
 *
 * Templates name who may receive in words of their law.  A recipient is
 * eligible when one template that covers product and country speaks of him;
 * a template that does not is none of his business, its limits neither.
 *
 * src/rules/recipient.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "rules/step.h"

/* Whether the recipient is an organisation's own pharmacy. */
static bool
is_hospital_pharmacy(const AccountFact *account)
{
	return account->has_hco && rules_text_is(account->hco_type, "hospital_pharmacy");
}

/* Whether a prescriber stands behind a request for somebody else. */
static bool
asked_by_prescriber(const Facts *facts)
{
	return facts->practitioner.found && facts->practitioner.prescriber &&
		!uuid_same(&facts->practitioner.row.id, &facts->account.row.id);
}

/* Words (code set limit_recipient) for professions that receive and do not prescribe. */
static const struct
{
	const char *word;
	const char *profession;		/* NULL: any */
}			without_prescribing[] =
{
	{"pharmacist", "pharmacist"},
	{"hospital_in_house_pharmacist", "hospital_pharmacist"},
	{"other_health_practitioner_non_physician", "non_medical_practitioner"},
	{"medical_staff", NULL},
};

/* Whether the word means this recipient as one who need not prescribe. */
static bool
word_frees(const char *word, const AccountFact *account)
{
	for (size_t i = 0; i < sizeof(without_prescribing) / sizeof(without_prescribing[0]); i++)
	{
		if (strcmp(word, without_prescribing[i].word) == 0)
			return account->has_hcp && (without_prescribing[i].profession == NULL ||
										rules_text_is(account->profession, without_prescribing[i].profession));
	}
	return false;
}

/*
 * Whether the word of a template (code set limit_recipient) means this
 * recipient.  A word that is no group is a profession or a type of
 * organisation; one we do not know means nobody.
 */
static bool
word_means(const char *word, const Facts *facts)
{
	const AccountFact *account = &facts->account;

	if (strcmp(word, "prescriber") == 0)
		return account->has_hcp && account->prescriber;
	if (strcmp(word, "physician_entitled_to_prescribe") == 0)
		return account->has_hcp && account->prescriber && rules_text_is(account->profession, "physician");
	if (strcmp(word, "hospital_pharmacy") == 0 ||
		strcmp(word, "hospital_or_hce_pharmacy_on_prescriber_request") == 0)
		return is_hospital_pharmacy(account) && asked_by_prescriber(facts);
	if (strcmp(word, "hospital_in_house_pharmacist") == 0 && is_hospital_pharmacy(account))
		return true;
	return word_frees(word, account) ||
		(account->has_hcp && rules_text_is(account->profession, word)) ||
		(account->has_hco && rules_text_is(account->hco_type, word));
}

/* Whether the template keeps the recipient out by name. */
static bool
excluded_by(const TemplateFact *template_, const Facts *facts)
{
	const AccountFact *account = &facts->account;

	if (account->has_hcp && rules_texts_have(&template_->exclusions, account->profession))
		return true;
	if (account->has_hco && rules_texts_have(&template_->exclusions, account->hco_type))
		return true;
	return rules_texts_have(&template_->exclusions, "prescription_only") &&
		!rules_text_is(facts->market.rx_class, "otc");
}

/*
 * Whether a template speaks of this recipient and of samples of this class.
 * Japan separates appearance samples from evaluation samples; each has its
 * own template, told by the purpose in its preconditions.
 */
bool
rules_template_applies(const Facts *facts, const TemplateFact *template_)
{
	const char *sample_class = facts->market.sample_class;

	if (rules_texts_have(&template_->preconditions, "purpose_appearance_check") &&
		!rules_text_is(sample_class, "seizai_mihon"))
		return false;
	if (rules_texts_have(&template_->preconditions, "purpose_clinical_trial_use") &&
		!rules_text_is(sample_class, "rinsho_shiyo"))
		return false;
	if (template_->recipients.count == 0)
		return true;
	if (excluded_by(template_, facts))
		return false;
	for (int i = 0; i < template_->recipients.count; i++)
	{
		if (word_means(template_->recipients.items[i], facts))
			return true;
	}
	return false;
}

/*
 * Whether the template speaks of this very hand-over: it applies, and so does
 * a limit of it if it has any.  Texts about shipping do not speak of a drop.
 */
bool
rules_template_concerns(const Facts *facts, const TemplateFact *template_)
{
	bool		has_limits = false;

	if (!rules_template_applies(facts, template_))
		return false;
	for (int i = 0; i < facts->n_limits; i++)
	{
		const LimitFact *limit = &facts->limits[i];

		if (&facts->templates[limit->template_index] != template_)
			continue;
		if (limit->applies || limit->unknown_condition)
			return true;
		has_limits = true;
	}
	return !has_limits;
}

/* Without a template that says who: an HCP who prescribes, or his hospital's pharmacy. */
static bool
eligible_unless_said(const Facts *facts)
{
	if (facts->account.has_hcp)
		return facts->account.prescriber;
	return is_hospital_pharmacy(&facts->account) && asked_by_prescriber(facts);
}

/*
 * Whether who asks for samples must be one who prescribes: not for what is
 * sold without a prescription, nor where a text names the recipient as one who
 * does not prescribe.  A recipient whom the texts of the place do not name is
 * refused as such (EL02).
 */
bool
rules_wants_prescriber(const Facts *facts)
{
	bool		said = false;
	bool		named = false;

	if (rules_text_is(facts->market.rx_class, "otc"))
		return false;
	if (!facts->account.has_hcp)
		return true;
	for (int i = 0; i < facts->n_templates; i++)
	{
		const TemplateFact *t = &facts->templates[i];

		if (t->recipients.count == 0)
			continue;
		said = true;
		if (!rules_template_applies(facts, t))
			continue;
		named = true;
		for (int j = 0; j < t->recipients.count; j++)
		{
			if (word_frees(t->recipients.items[j], &facts->account))
				return false;
		}
	}
	return named || !said;
}

/*
 * EL02: an HCP, or an organisation that accepts samples, of a kind that the
 * law of the place lets receive them.
 */
void
rule_recipient_kind(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const AccountFact *account = &facts->account;
	RuleStep   *step = step_new(verdict, rule);
	bool		said = false;
	bool		eligible = false;

	step_observe_text(step, "kind", account->kind);
	if (account->has_hcp)
		step_observe_text(step, "profession", account->profession);
	else if (account->has_hco)
	{
		step_expect_bool(step, "accepts_samples", true);
		step_observe_text(step, "profession", account->hco_type);
		step_observe_bool(step, "accepts_samples", account->accepts_samples);
		step_evidence(step, EVIDENCE_HCO, &account->hco);
	}
	step_evidence(step, EVIDENCE_HCP, &account->hcp);

	for (int i = 0; i < facts->n_templates; i++)
	{
		const TemplateFact *t = &facts->templates[i];

		if (t->recipients.count == 0)
			continue;
		if (!said)
		{
			step_expect_texts(step, "recipients", t->recipients);
			step->legal_ref = t->legal_ref;
		}
		said = true;
		if (rules_template_applies(facts, t))
		{
			step_evidence(step, EVIDENCE_LIMIT_TEMPLATE, &t->row);
			eligible = true;
			break;
		}
	}
	if (!said)
		eligible = eligible_unless_said(facts);
	if (account->has_hco && !account->accepts_samples)
		eligible = false;
	if (!account->found || !(account->has_hcp || account->has_hco) || !eligible)
		step_fail(step, LSCE_REASON_RECIPIENT_NOT_ELIGIBLE);
}
