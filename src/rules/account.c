/*-------------------------------------------------------------------------
 *
 * account.c
 *	  EL01 the account is active; EL03 its practitioner may prescribe and be
 *	  contacted; pure.
 *
 * src/rules/account.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/step.h"

/*
 * Name what is not there: the account or, where it would have followed from
 * the visit or the request, that.
 */
static void
account_unknown(const Facts *facts, RuleStep *step)
{
	const RuleRequest *request = &facts->request;

	if (!uuid_given(&request->account_id) && uuid_given(&request->visit_id) && !facts->visit.found)
		step_unknown(step, LSCE_REASON_UNKNOWN_RECORD, "visit", request->visit_id);
	else if (!uuid_given(&request->account_id) && uuid_given(&request->request_id))
		step_unknown(step, LSCE_REASON_UNKNOWN_RECORD, "sample_request", request->request_id);
	else
		step_unknown(step, LSCE_REASON_UNKNOWN_ACCOUNT, "account", request->account_id);
}

/*
 * EL01: the recipient exists and is active.  A merged account was resolved to
 * its survivor by the loader and is judged as that.
 */
void
rule_account_active(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const AccountFact *account = &facts->account;
	RuleStep   *step = step_new(verdict, rule);

	step_expect_text(step, "status", "active");
	if (!account->found)
	{
		account_unknown(facts, step);
		return;
	}
	step_observe_text(step, "status", account->status);
	if (account->merged)
		step_observe_id(step, "survivor_id", account->row.id);
	step_evidence(step, EVIDENCE_ACCOUNT, &account->row);
	if (!rules_text_is(account->status, "active"))
		step_fail(step, LSCE_REASON_ACCOUNT_NOT_ACTIVE);
}

/*
 * EL03: nobody contacts an account that must not be contacted; samples are
 * asked for by an active HCP who, where the product wants it, may prescribe.
 */
void
rule_prescriber(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const AccountFact *practitioner = &facts->practitioner;
	bool		sample = rules_is_sample(facts->request.kind);
	RuleStep   *step = step_new(verdict, rule);

	step_expect_bool(step, "no_contact", false);
	step_observe_bool(step, "no_contact", practitioner->no_contact || facts->account.no_contact);
	step_evidence(step, EVIDENCE_HCP, &practitioner->hcp);
	if (practitioner->no_contact || facts->account.no_contact)
	{
		step_observe_text(step, "rule", "no_contact");
		step_fail(step, LSCE_REASON_ACCOUNT_RESTRICTED);
	}
	if (!sample)
		return;
	if (uuid_given(&facts->request.practitioner_id) && !practitioner->found)
	{
		step_unknown(step, LSCE_REASON_UNKNOWN_ACCOUNT, "account", facts->request.practitioner_id);
		return;
	}

	if (rules_wants_prescriber(facts))
		step_expect_bool(step, "prescriber", true);
	step_observe_bool(step, "prescriber", practitioner->prescriber);
	step_observe_text(step, "profession", practitioner->profession);
	step_evidence(step, EVIDENCE_ACCOUNT, &practitioner->row);
	if (!practitioner->found || !practitioner->has_hcp ||
		(!practitioner->prescriber && rules_wants_prescriber(facts)))
		step_fail(step, LSCE_REASON_PRESCRIBING_SCOPE);
	else if (!uuid_same(&practitioner->row.id, &facts->account.row.id) &&
			 !rules_text_is(practitioner->status, "active"))
	{
		step_observe_text(step, "status", practitioner->status);
		step_fail(step, LSCE_REASON_ACCOUNT_NOT_ACTIVE);
	}
}
