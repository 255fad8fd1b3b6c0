/*-------------------------------------------------------------------------
 *
 * request.c
 *	  EL13 a written request, signed and dated before the delivery, covers it;
 *	  pure.
 *
 * src/rules/request.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/step.h"

/* Preconditions (code set limit_precondition) that want a request. */
static bool
wants_request(const TemplateFact *template_)
{
	return rules_texts_have(&template_->preconditions, "written_request") ||
		rules_texts_have(&template_->preconditions, "written_or_electronic_request") ||
		rules_texts_have(&template_->preconditions, "request");
}

/*
 * The template that wants a request, or NULL; rather one that speaks of this
 * very hand-over.  Without a template of the place nobody says that none is
 * needed.
 */
static const TemplateFact *
wanted_by(const Facts *facts)
{
	const TemplateFact *wanted = NULL;

	for (int i = 0; i < facts->n_templates; i++)
	{
		const TemplateFact *t = &facts->templates[i];

		if (!rules_template_applies(facts, t) || !wants_request(t))
			continue;
		if (rules_template_concerns(facts, t))
			return t;
		if (wanted == NULL)
			wanted = t;
	}
	return wanted;
}

/* Whether the signature is of the practitioner and still in force. */
static bool
is_signed(const Facts *facts)
{
	const SampleRequestFact *request = &facts->sample_request;

	if (rules_text_is(request->status, "draft") || !request->has_signature ||
		!uuid_same(&request->signer_id, &request->practitioner_id) || request->signed_at == TIME_NONE)
		return false;
	return request->signature_expires_at == TIME_NONE || request->signature_expires_at > facts->request.at;
}

/*
 * Whether the request is about this recipient, practitioner and way of
 * delivery.  Professionals ask for themselves.
 */
static bool
is_for_this(const Facts *facts)
{
	const SampleRequestFact *request = &facts->sample_request;
	const char *kind = facts->request.kind == KIND_SAMPLE_DROP ? "drop" : "ship";

	if (facts->account.has_hcp && !uuid_same(&facts->request.recipient_id, &facts->request.prescriber_id))
		return false;
	return uuid_same(&request->account_id, &facts->request.recipient_id) &&
		uuid_same(&request->practitioner_id, &facts->request.prescriber_id) &&
		rules_text_is(request->kind, kind) &&
		(facts->request.kind == KIND_SAMPLE_DROP ||
		 (uuid_same(&request->ship_to_id, &facts->request.delivery_point_id) &&
		  !facts->request.place_foreign));
}

/* Fail when the form lacks fields that the company wants on it for this country. */
static void
check_fields(const Facts *facts, Verdict *verdict, RuleStep *step)
{
	const SampleRequestFact *request = &facts->sample_request;
	TextList	missing = rules_list_start(verdict);

	for (int i = 0; i < request->required_fields.count; i++)
	{
		if (!rules_texts_have(&request->fields, request->required_fields.items[i]))
			rules_list_add(verdict, &missing, request->required_fields.items[i]);
	}
	if (!request->has_line)
		rules_list_add(verdict, &missing, "product_name");
	if (missing.count == 0)
		return;
	step_observe_texts(step, "fields", missing);
	step_evidence(step, EVIDENCE_SETTING, &request->required_by);
	step_fail(step, LSCE_REASON_REQUEST_FIELD_MISSING);
}

/* Fail when the request is open-ended, or the delivery past its end. */
static void
check_arrangement(const Facts *facts, RuleStep *step)
{
	const SampleRequestFact *request = &facts->sample_request;
	int32_t		rules_last_day = request->longest_day;

	step_expect_text(step, "max_length", "6 months");
	if (request->deliver_until != DATE_NONE && request->deliver_until < rules_last_day)
		rules_last_day = request->deliver_until;
	step_expect_date(step, "deliver_until", rules_last_day);
	if (request->standing || request->deliver_until > request->longest_day ||
		facts->request.local_day > rules_last_day)
	{
		step_observe_bool(step, "standing", request->standing);
		step_fail(step, LSCE_REASON_REQUEST_STANDING);
	}
}

/* Fail when less than the quantity is left of what was asked for. */
static void
check_quantity(const Facts *facts, RuleStep *step)
{
	const SampleRequestFact *request = &facts->sample_request;
	int64_t		left;

	if (!request->has_line)
		return;
	step_observe_quantity(step, "requested", request->requested);
	step_observe_quantity(step, "fulfilled", request->fulfilled);
	step_expect_quantity(step, "quantity", facts->request.quantity);
	if (__builtin_sub_overflow(request->requested, request->fulfilled, &left) || facts->request.quantity > left)
		step_fail(step, LSCE_REASON_REQUEST_EXHAUSTED);
}

/*
 * EL13: where a law or the product wants one, a written request of the
 * practitioner names recipient, product and quantity, is signed and dated
 * before the delivery, has every field, and is not open-ended.
 */
void
rule_request(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const SampleRequestFact *request = &facts->sample_request;
	const TemplateFact *template_ = wanted_by(facts);
	RuleStep   *step = step_new(verdict, rule);

	if (uuid_given(&facts->request.request_id) && !request->found)
	{
		step_unknown(step, LSCE_REASON_UNKNOWN_RECORD, "sample_request", facts->request.request_id);
		return;
	}
	if (template_ == NULL && facts->n_templates > 0 && !request->found &&
		facts->product.found && !rules_text_is(facts->product.signature_level, "mandatory"))
	{
		step_skip(step);
		return;
	}
	if (template_ != NULL)
	{
		step->legal_ref = template_->legal_ref;
		step_evidence(step, EVIDENCE_LIMIT_TEMPLATE, &template_->row);
	}
	step_expect_bool(step, "signed", true);
	step_observe_time(step, "delivered_at", facts->request.at);
	if (!request->found || rules_text_is(request->status, "rejected") ||
		rules_text_is(request->status, "cancelled") || !is_for_this(facts))
	{
		if (request->found)
		{
			step_observe_text(step, "status", request->status);
			step_observe_bool(step, "for_this", is_for_this(facts));
			step_evidence(step, EVIDENCE_SAMPLE_REQUEST, &request->row);
		}
		step_fail(step, LSCE_REASON_REQUEST_MISSING);
		return;
	}
	step_observe_text(step, "status", request->status);
	step_observe_bool(step, "signed", is_signed(facts));
	step_evidence(step, EVIDENCE_SAMPLE_REQUEST, &request->row);
	step_evidence(step, EVIDENCE_SIGNATURE, &request->signature);
	if (!is_signed(facts))
	{
		step_fail(step, LSCE_REASON_REQUEST_UNSIGNED);
		return;
	}
	step_observe_time(step, "signed_at", request->signed_at);
	check_fields(facts, verdict, step);
	if (request->signed_at > facts->request.at || request->requested_at > facts->request.at)
		step_fail(step, LSCE_REASON_REQUEST_AFTER_DELIVERY);
	check_arrangement(facts, step);
	check_quantity(facts, step);
}
