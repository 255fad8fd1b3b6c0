/*-------------------------------------------------------------------------
 *
 * consent.c
 *	  EL14 consent covers what is sent; a message goes to a contact point of
 *	  its recipient; pure.
 *
 * src/rules/consent.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/step.h"

/* Fail unless the contact point is the recipient's, valid, and of the channel's kind. */
static void
check_contact(const Facts *facts, RuleStep *step)
{
	const ContactFact *contact = &facts->contact;
	const char *rule = NULL;

	step_expect_text(step, "contact_kind", contact->channel_kind);
	step_evidence(step, EVIDENCE_CONTACT_POINT, &contact->row);
	if (contact->channel_kind == NULL)
		rule = "channel_unknown";
	else if (!contact->found && uuid_given(&facts->request.contact_point_id))
	{
		step_unknown(step, LSCE_REASON_UNKNOWN_RECORD, "contact_point", facts->request.contact_point_id);
		return;
	}
	else if (!contact->found)
		rule = "contact_point_missing";
	else if (!uuid_same(&contact->account_id, &facts->request.recipient_id))
		rule = "contact_point_of_another";
	else if (!rules_text_is(contact->kind, contact->channel_kind))
		rule = "contact_kind";
	else if (!rules_valid_on(contact->valid_from, contact->valid_to, facts->request.local_day))
		rule = "contact_point_ended";
	if (rule == NULL)
		return;
	step_observe_text(step, "contact_kind", contact->kind);
	step_observe_text(step, "rule", rule);
	step_observe_text(step, "jurisdiction", rules_place_of(facts));
	step_fail(step, LSCE_REASON_CHANNEL_NOT_ALLOWED);
}

/* Say of the consent what its reasons' texts ask for. */
static void
observe_consent(const ConsentFact *consent, RuleStep *step)
{
	FactRow		row = {.version = TIME_NONE};

	step_observe_text(step, "state", consent->state);
	if (consent->basis != NULL)
		step_observe_text(step, "basis", consent->basis);
	if (consent->effective_from != TIME_NONE)
		step_observe_time(step, "at", consent->effective_from);
	if (consent->until != TIME_NONE)
		step_observe_time(step, "valid_to", consent->until);
	if (consent->rule != NULL)
		step_observe_text(step, "rule", consent->rule);
	if (uuid_given(&consent->given_to))
		step_observe_id(step, "given_to", consent->given_to);
	if (consent->given != NULL)
		step_observe_text(step, "given", consent->given);
	if (consent->missing.count > 0)
		step_observe_texts(step, "fields", consent->missing);
	if (consent->local_minute >= 0)
		step_observe_number(step, "local_minute", consent->local_minute);
	for (int i = 0; i < consent->n_events; i++)
	{
		row.id = consent->events[i];
		step_evidence(step, EVIDENCE_CONSENT_EVENT, &row);
	}
	row.id = consent->regime_id;
	step_evidence(step, EVIDENCE_CONSENT_REGIME, &row);
}

/*
 * EL14: what src/consent resolved for the purpose (receiving samples, or that
 * of the message) and channel.  Not resolved means no consent.
 */
void
rule_consent(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const ConsentFact *consent = &facts->consent;
	RuleStep   *step = step_new(verdict, rule);

	if (facts->request.kind == KIND_MESSAGE_SEND || facts->request.kind == KIND_CONTENT_SHARE)
		check_contact(facts, step);
	step->legal_ref = consent->legal_ref;
	step_expect_text(step, "purpose", consent->purpose);
	step_expect_text(step, "channel", consent->channel ? consent->channel : "*");
	step_expect_id(step, "controller_id", facts->request.controller_id);
	if (!consent->evaluated)
	{
		step_fail(step, LSCE_REASON_CONSENT_MISSING);
		return;
	}
	observe_consent(consent, step);
	if (!consent->allowed)
		step_fail(step, consent->reason != LSCE_REASON_NONE ? consent->reason : LSCE_REASON_CONSENT_MISSING);
}
