/*-------------------------------------------------------------------------
 *
 * rules_test.c
 *	  Tests of the pure evaluator: every reason of every rule, by one change to
 *	  facts for which all rules pass.
 *
 * sources: src/errors_table.c src/rules/account.c src/rules/consent.c
 * sources: src/rules/evaluate.c src/rules/layout.c src/rules/licence.c src/rules/lot.c
 * sources: src/rules/policy.c src/rules/product.c src/rules/quantity.c
 * sources: src/rules/recipient.c src/rules/request.c src/rules/step.c
 * sources: src/rules/table.c src/rules/territory.c src/rules/user.c
 * sources: src/rules/visit.c
 *
 * test/unit/rules_test.c
 *
 *-------------------------------------------------------------------------
 */
#include "check.h"
#include "rules_fixture.h"

#include "rules/layout.h"

static bool reached[64][LSCE_REASON_COUNT];

/* Judge all rules; the verdict is overwritten by the next call. */
static const Verdict *
judge(const Facts *facts)
{
	static Verdict verdict;

	verdict.steps = room.steps;
	verdict.max_steps = sizeof(room.steps) / sizeof(room.steps[0]);
	CHECK(rules_max_steps(facts) <= verdict.max_steps);
	rules_evaluate(facts, &verdict);
	return &verdict;
}

/* Whether a step of the rule fails for the reason; NONE: that none of it fails. */
static bool
says(const Verdict *verdict, const char *rule, LsceReason reason)
{
	bool		found = reason == LSCE_REASON_NONE;

	for (int i = 0; i < verdict->n_steps; i++)
	{
		const RuleStep *step = &verdict->steps[i];

		if (step->result != RULE_FAIL && step->result != RULE_WARN)
			continue;
		reached[step->rule - rule_table][step->reason] = true;
		if (strcmp(step->rule->code, rule) != 0)
			continue;
		if (reason == LSCE_REASON_NONE)
			return false;
		found = found || step->reason == reason;
	}
	return found;
}

#define CASE(rule, reason, ...) \
	do \
	{ \
		Facts	   *f = good_facts(); \
		(void) f; \
		__VA_ARGS__ \
		CHECK(says(judge(f), rule, LSCE_REASON_##reason)); \
	} while (0)

/* The recipient is a pharmacy of a hospital; the practitioner asks for it. */
static void
hospital_pharmacy(Facts *f)
{
	f->account.row = ROW(OTHER);
	f->account.kind = "hco";
	f->account.prescriber = f->account.has_hcp = false;
	f->account.has_hco = f->account.accepts_samples = true;
	f->account.hco_type = "hospital_pharmacy";
}

/* The template names this recipient only. */
static void
speak_of(const char *word)
{
	static const char *words[1];

	words[0] = word;
	room.templates[0].recipients = (TextList) {1, words};
}

static void
exclude(const char *word)
{
	static const char *words[1];

	words[0] = word;
	room.templates[0].exclusions = (TextList) {1, words};
}

/* A practitioner who may have what needs no prescription. */
static void
non_medical(Facts *f)
{
	speak_of("other_health_practitioner_non_physician");
	exclude("prescription_only");
	f->account.profession = "non_medical_practitioner";
	f->account.prescriber = false;
}

static void
precondition(const char *word)
{
	static const char *words[1];

	words[0] = word;
	room.templates[0].preconditions = (TextList) {1, words};
}

/* No limit of the template speaks of this place. */
static void
elsewhere(void)
{
	for (size_t i = 0; i < sizeof(room.limits) / sizeof(room.limits[0]); i++)
		room.limits[i].applies = false;
}

static void
align(Facts *f, int distance, const char *type)
{
	room.alignments[f->n_alignments++] = (ProductAlignmentFact) {ROW(ROWS), distance, type, {4, purposes}};
}

static void
restrict_to(Facts *f, const char *action, int territory)
{
	static const char *actions[1];

	actions[0] = action;
	room.restrictions[f->n_restrictions++] = (RestrictionFact) {ROW(ROWS), ID(BRAND), ID(territory), {1, actions}, DAY + 1};
}

/* A denying policy above the allowing one. */
static void
deny(Facts *f, const char *specialty)
{
	room.policies[f->n_policies++] = (PolicyFact) {.row = ROW(ROWS), .level = 2, .specialty = specialty};
}

/* A row of the product itself that does not match beats one of its brand that does. */
static void
more_specific(Facts *f)
{
	room.policies[f->n_policies++] = (PolicyFact) {.row = ROW(ROWS), .level = 0, .allowed = true, .specialty = "medicine.surgery"};
}

static void
second_license(Facts *f, const char *jurisdiction)
{
	room.licenses[f->n_licenses] = room.licenses[0];
	room.licenses[f->n_licenses++].jurisdiction = jurisdiction;
}

static void
dea(Facts *f, const char *schedule)
{
	static const char *schedules[1];

	schedules[0] = schedule;
	second_license(f, "US");
	room.licenses[1].kind = "dea";
	room.licenses[1].schedules = (TextList) {1, schedules};
}

static void
no_request_wanted(Facts *f)
{
	f->sample_request.found = false;
	f->request.request_id = ID(0);
	f->product.signature_level = "optional";
	room.templates[0].preconditions.count = 0;
}

static void
refuse(Facts *f, LsceReason reason)
{
	f->consent.allowed = false;
	f->consent.reason = reason;
}

/* identity, who may act, where */
static void
test_who(void)
{
	CASE("EL01", ACCOUNT_NOT_ACTIVE, { f->account.status = "inactive"; });
	CASE("EL01", UNKNOWN_ACCOUNT, { f->account.found = false; });
	CASE("EL01", UNKNOWN_ACCOUNT, { f->account.found = false; f->request.account_id = f->request.visit_id = f->request.request_id = ID(0); });
	CASE("EL01", UNKNOWN_RECORD, { f->account.found = f->visit.found = false; f->request.account_id = ID(0); });
	CASE("EL01", UNKNOWN_RECORD, { f->account.found = f->sample_request.found = false; f->request.account_id = f->request.visit_id = ID(0); });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { f->account.has_hcp = false; f->account.has_hco = true; f->account.hco_type = "retail_pharmacy"; f->account.accepts_samples = true; });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { hospital_pharmacy(f); f->account.accepts_samples = false; });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { hospital_pharmacy(f); f->practitioner.prescriber = false; });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { f->n_templates = 0; f->n_limits = 0; f->account.prescriber = false; });
	CASE("EL02", NONE, { hospital_pharmacy(f); });
	CASE("EL02", NONE, { speak_of("physician_entitled_to_prescribe"); });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { speak_of("physician_entitled_to_prescribe"); f->account.profession = "dentist"; });
	CASE("EL02", NONE, { speak_of("hospital_in_house_pharmacist"); hospital_pharmacy(f); });
	CASE("EL02", NONE, { speak_of("medical_staff"); f->account.prescriber = false; });
	CASE("EL02", NONE, { speak_of("dentist"); f->account.profession = "dentist"; });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { speak_of("somebody"); });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { speak_of("other_health_practitioner_non_physician"); });
	CASE("EL02", NONE, { non_medical(f); f->market.rx_class = "otc"; });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { non_medical(f); });
	CASE("EL02", NONE, { hospital_pharmacy(f); speak_of("hospital_or_hce_pharmacy_on_prescriber_request"); });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { hospital_pharmacy(f); speak_of("hospital_or_hce_pharmacy_on_prescriber_request"); f->practitioner.prescriber = false; });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { speak_of("physician_entitled_to_prescribe"); f->account.prescriber = false; });
	CASE("EL02", NONE, { speak_of("hospital_in_house_pharmacist"); f->account.profession = "hospital_pharmacist"; });
	CASE("EL02", NONE, { speak_of("other_health_practitioner_non_physician"); f->account.profession = "non_medical_practitioner"; });
	CASE("EL02", NONE, { speak_of("medical_staff"); f->account.profession = "nurse"; f->account.prescriber = false; });
	CASE("EL02", RECIPIENT_NOT_ELIGIBLE, { speak_of("a word nobody knows"); });
	CASE("EL03", ACCOUNT_RESTRICTED, { f->practitioner.no_contact = true; });
	CASE("EL03", ACCOUNT_RESTRICTED, { f->account.no_contact = true; f->request.kind = KIND_DETAIL; });
	CASE("EL03", PRESCRIBING_SCOPE, { f->practitioner.prescriber = false; });
	CASE("EL03", UNKNOWN_ACCOUNT, { memset(&f->practitioner, 0, sizeof(f->practitioner)); });
	CASE("EL03", PRESCRIBING_SCOPE, { memset(&f->practitioner, 0, sizeof(f->practitioner)); f->request.practitioner_id = ID(0); });
	CASE("EL03", ACCOUNT_NOT_ACTIVE, { hospital_pharmacy(f); f->practitioner.status = "deceased"; });
	CASE("EL03", NONE, { f->practitioner.prescriber = false; f->request.kind = KIND_DETAIL; });
	CASE("EL03", NONE, { f->practitioner.prescriber = false; f->market.rx_class = "otc"; });
	CASE("EL03", NONE, { f->practitioner.prescriber = false; speak_of("medical_staff"); });
	CASE("EL03", NONE, { f->practitioner.prescriber = f->account.prescriber = false; });
	CASE("EL03", PRESCRIBING_SCOPE, { f->practitioner.prescriber = false; speak_of("physician"); });
	CASE("EL03", PRESCRIBING_SCOPE, { f->practitioner.prescriber = f->account.prescriber = false; f->n_templates = 0; f->n_limits = 0; });
	CASE("EL04", MSL_FIREWALL, { room.personas[0].persona = "msl"; });
	CASE("EL04", MSL_FIREWALL, { f->request.domain = "medical"; });
	CASE("EL04", REP_NOT_AUTHORISED, { room.personas[0].persona = "auditor"; });
	CASE("EL04", REP_NOT_AUTHORISED, { room.personas[0].persona = "inside_rep"; });
	CASE("EL04", REP_NOT_AUTHORISED, { room.personas[0].country = "CA"; });
	CASE("EL04", REP_NOT_AUTHORISED, { room.personas[0].team_id = ID(OTHER); });
	CASE("EL04", REP_NOT_AUTHORISED, { f->user.n_personas = 0; });
	CASE("EL04", REP_NOT_AUTHORISED, { f->user.n_rosters = 0; });
	CASE("EL04", REP_NOT_AUTHORISED, { room.rosters[0].may_sample = false; });
	CASE("EL04", USER_MISSING, { f->request.user_id = ID(0); memset(&f->user, 0, sizeof(f->user)); });
	CASE("EL04", UNKNOWN_USER, { memset(&f->user, 0, sizeof(f->user)); });
	CASE("EL04", UNKNOWN_RECORD, { f->territory.found = false; });
	CASE("EL04", UNKNOWN_RECORD, { room.personas[0].persona = "sample_ops"; f->territory.found = false; f->request.kind = KIND_SAMPLE_SHIP; });
	CASE("EL04", TERRITORY_AMBIGUOUS, { f->request.territory_id = ID(0); f->request.territory_candidates = 2; });
	CASE("EL04", NONE, { room.rosters[0].may_sample = false; f->request.kind = KIND_DETAIL; });
	CASE("EL04", NONE, { room.personas[0].persona = "sample_ops"; f->user.n_rosters = 0; f->request.kind = KIND_SAMPLE_SHIP; });
	CASE("EL05", NONE, { room.personas[0].persona = "sample_ops"; f->territory.account_aligned = false; f->request.kind = KIND_SAMPLE_SHIP; });
	CASE("EL05", TERRITORY_NOT_ALIGNED, { f->territory.account_aligned = false; f->request.kind = KIND_SAMPLE_SHIP; });
	CASE("EL05", TERRITORY_NOT_ALIGNED, { f->territory.account_aligned = false; f->request.kind = KIND_ORDER; f->request.channel = "web"; });
	CASE("EL05", TERRITORY_NOT_ALIGNED, { f->territory.account_aligned = false; });
}

/* what */
static void
test_what(void)
{
	CASE("EL06", SAMPLING_PROHIBITED, { room.limits[1].quota = 0; room.limits[1].period = "lifetime"; });
	CASE("EL06", PRODUCT_CONTROLLED, { exclude("controlled"); f->market.controlled_schedule = "IV"; });
	CASE("EL06", PRODUCT_CONTROLLED, { f->market.controlled_schedule = "narcotic"; f->request.country = "XX"; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { exclude("special_prescription"); f->market.rx_class = "special_prescription"; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { exclude("oral_isotretinoin"); f->product.class_code = "oral_isotretinoin"; });
	CASE("EL06", UNKNOWN_PRODUCT, { f->product.found = false; });
	CASE("EL06", UNKNOWN_PRODUCT, { f->product.found = false; f->request.product_id = ID(0); });
	CASE("EL06", UNKNOWN_PRODUCT, { f->product.found = false; f->request.kind = KIND_DETAIL; });
	CASE("EL06", NONE, { f->product.found = false; f->request.kind = KIND_DETAIL; f->request.product_id = ID(0); });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->product.spec_type = "promo_item"; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->product.distribution_method = "ship"; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->product.distribution_method = NULL; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->product.competitor = true; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->product.valid_to = DAY; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->market.found = false; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->market.first_marketed_on = DAY + 1; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->market.first_marketed_on = DATE_NONE; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->market.withdrawn_on = DAY; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { f->market.sampleable = false; });
	CASE("EL06", PRODUCT_NOT_SAMPLEABLE, { precondition("purpose_appearance_check"); f->market.sample_class = "seizai_mihon"; f->sample_request.purpose = "clinical_trial_use"; });
	CASE("EL06", NONE, { precondition("purpose_appearance_check"); f->market.sample_class = "seizai_mihon"; f->sample_request.purpose = "appearance_check"; });
	CASE("EL06", NONE, { precondition("purpose_appearance_check"); f->market.sample_class = "seizai_mihon"; });
	CASE("EL06", NONE, { elsewhere(); exclude("controlled"); f->market.controlled_schedule = "IV"; });
	CASE("EL06", NONE, { elsewhere(); f->market.smallest_pack = TRI_FALSE; });
	CASE("EL06", PACK_SIZE, { f->market.smallest_pack = TRI_FALSE; });
	CASE("EL06", PACK_SIZE, { f->market.smallest_pack = TRI_UNKNOWN; });
	CASE("EL06", OFF_LABEL, { f->request.kind = KIND_DETAIL; f->market.authorised_on = DAY + 1; });
	CASE("EL06", NONE, { f->market.first_marketed_on = DAY; f->market.withdrawn_on = DAY + 1; });
	CASE("EL06", NONE, { f->request.kind = KIND_DETAIL; f->market.first_marketed_on = DATE_NONE; });
	CASE("EL07", PRODUCT_NOT_ALIGNED, { f->n_alignments = 0; });
	CASE("EL07", PRODUCT_NOT_ALIGNED, { room.alignments[0].type = "include"; });
	CASE("EL07", PRODUCT_NOT_ALIGNED, { room.alignments[0].purposes.count = 1; });
	CASE("EL07", PRODUCT_NOT_ALIGNED, { align(f, 1, "exclude_subtree"); });
	CASE("EL07", PRODUCT_NOT_ALIGNED, { align(f, 0, "exclude"); });
	CASE("EL07", NONE, { align(f, 2, "exclude_subtree"); });
	CASE("EL07", NONE, { align(f, 1, "exclude"); });
	CASE("EL08", ACCOUNT_RESTRICTED, { restrict_to(f, "sample_drop", 0); });
	CASE("EL08", ACCOUNT_RESTRICTED, { restrict_to(f, "sample_drop", TERRITORY); });
	CASE("EL08", NONE, { restrict_to(f, "sample_drop", OTHER); });
	CASE("EL08", NONE, { restrict_to(f, "order", 0); });
	CASE("EL09", POLICY_MISSING, { f->n_policies = 0; });
	CASE("EL09", POLICY_MISSING, { f->n_policies = 0; f->request.kind = KIND_GIFT; f->request.product_id = ID(0); });
	CASE("EL09", NONE, { f->n_policies = 0; f->request.kind = KIND_MESSAGE_SEND; f->request.product_id = ID(0); });
	CASE("EL09", POLICY_MISSING, { f->request.region = "US-NV"; });
	CASE("EL09", SPECIALTY_NOT_ELIGIBLE, { room.specialties[0].path = "medicine"; });
	CASE("EL09", SPECIALTY_NOT_ELIGIBLE, { room.specialties[0].path = "medicine.allergyx"; });
	CASE("EL09", SPECIALTY_NOT_ELIGIBLE, { room.specialties[0].path = "medicine.allergy.veterinary.feline"; });
	CASE("EL09", SPECIALTY_NOT_ELIGIBLE, { room.policies[0].board = "ABAI"; room.certifications[0].path = "medicine.surgery"; });
	CASE("EL09", SPECIALTY_NOT_ELIGIBLE, { room.policies[0].board = "ABAI"; room.certifications[0].status = "lapsed"; });
	CASE("EL09", SPECIALTY_NOT_ELIGIBLE, { room.policies[0].specialty = "medicine.allergy.food"; });
	CASE("EL09", SPECIALTY_NOT_ELIGIBLE, { deny(f, "medicine.allergy"); });
	CASE("EL09", RECIPIENT_NOT_ELIGIBLE, { room.policies[0].profession = "dentist"; });
	CASE("EL09", REP_NOT_AUTHORISED, { room.policies[0].persona = "kam"; });
	CASE("EL09", LICENSE_MISSING, { room.policies[0].license_kind = "cds"; });
	CASE("EL09", LICENSE_MISSING, { room.policies[0].license_kind = "state"; room.licenses[0].status = "draft"; });
	CASE("EL09", LICENSE_EXPIRED, { room.policies[0].license_kind = "state"; room.licenses[0].valid_to = DAY; });
	CASE("EL09", LICENSE_NOT_ACTIVE, { room.policies[0].license_kind = "state"; room.licenses[0].status = "suspended"; });
	CASE("EL09", NONE, { room.policies[0].license_kind = "state"; room.licenses[0].valid_to = DAY + 1; });
	CASE("EL09", USER_NOT_QUALIFIED, { room.policies[0].qualification_kind = "sampling"; room.policies[0].qualification_level = 3; });
	CASE("EL09", USER_NOT_QUALIFIED, { room.policies[0].qualification_kind = "sampling"; room.qualifications[0].covers_product = false; });
	CASE("EL09", USER_NOT_QUALIFIED, { room.policies[0].qualification_kind = "sampling"; room.qualifications[0].jurisdiction = "CA"; });
	CASE("EL09", NONE, { room.policies[0].qualification_kind = "sampling"; room.policies[0].qualification_level = 2; });
	CASE("EL09", NONE, { room.policies[0].board = "ABAI"; f->n_specialties = 0; });
	CASE("EL09", NONE, { deny(f, "medicine.surgery"); });
	CASE("EL09", SPECIALTY_NOT_ELIGIBLE, { more_specific(f); });
}

/* licence and paper */
static void
test_paper(void)
{
	CASE("EL10", LICENSE_MISSING, { f->n_licenses = 0; });
	CASE("EL10", LICENSE_MISSING, { room.licenses[0].kind = "dea"; });
	CASE("EL10", LICENSE_EXPIRED, { room.licenses[0].valid_to = DAY; });
	CASE("EL10", LICENSE_NOT_ACTIVE, { room.licenses[0].status = "suspended"; });
	CASE("EL10", LICENSE_NOT_ACTIVE, { room.licenses[0].valid_from = DAY + 1; room.licenses[0].valid_to = DAY + 9; });
	CASE("EL10", LICENSE_WRONG_JURISDICTION, { room.licenses[0].jurisdiction = "US-AZ"; });
	CASE("EL10", LICENSE_WRONG_JURISDICTION, { f->request.region = NULL; room.policies[0].region = NULL; });
	CASE("EL10", LICENSE_MISSING, { room.licenses[0].jurisdiction = "US-AZ"; room.licenses[0].status = "revoked"; });
	CASE("EL10", LICENSE_UNVERIFIED, { room.licenses[0].verified_on = DAY - 366; });
	CASE("EL10", LICENSE_UNVERIFIED, { room.licenses[0].verified_on = DATE_NONE; });
	CASE("EL10", LICENSE_UNVERIFIED, { room.licenses[0].status = "draft"; });
	CASE("EL10", PRESCRIBING_SCOPE, { room.licenses[0].sample_eligible = false; });
	CASE("EL10", PRESCRIBING_SCOPE, { room.licenses[0].covers_product = false; });
	CASE("EL10", NONE, { room.licenses[0].verified_on = DATE_NONE; f->license_max_age_days.set = false; });
	CASE("EL10", NONE, { second_license(f, "US-CA"); room.licenses[0].status = "revoked"; });
	CASE("EL10", NONE, { room.licenses[0].kind = "national"; room.licenses[0].jurisdiction = "US"; });
	CASE("EL11", DEA_MISSING, { f->market.controlled_schedule = "IV"; });
	CASE("EL11", DEA_SCHEDULE, { dea(f, "V"); f->market.controlled_schedule = "IV"; });
	CASE("EL11", NONE, { dea(f, "IV"); f->market.controlled_schedule = "IV"; });
	CASE("EL13", REQUEST_MISSING, { f->sample_request.found = false; f->request.request_id = ID(0); });
	CASE("EL13", UNKNOWN_RECORD, { f->sample_request.found = false; });
	CASE("EL13", UNKNOWN_RECORD, { no_request_wanted(f); f->request.request_id = ID(REQUEST); });
	CASE("EL13", REQUEST_MISSING, { f->sample_request.status = "rejected"; });
	CASE("EL13", REQUEST_MISSING, { f->sample_request.account_id = ID(OTHER); });
	CASE("EL13", REQUEST_MISSING, { f->sample_request.kind = "ship"; });
	CASE("EL13", REQUEST_MISSING, { f->request.prescriber_id = f->sample_request.practitioner_id = ID(OTHER); });
	CASE("EL13", REQUEST_UNSIGNED, { f->sample_request.status = "draft"; });
	CASE("EL13", REQUEST_UNSIGNED, { f->sample_request.signer_id = ID(OTHER); });
	CASE("EL13", REQUEST_UNSIGNED, { f->sample_request.signature_expires_at = AT; });
	CASE("EL13", REQUEST_FIELD_MISSING, { f->sample_request.required_fields = (TextList) {2, purposes}; });
	CASE("EL13", REQUEST_FIELD_MISSING, { f->sample_request.has_line = false; });
	CASE("EL13", REQUEST_AFTER_DELIVERY, { f->sample_request.signed_at = AT + 1; });
	CASE("EL13", REQUEST_AFTER_DELIVERY, { f->sample_request.requested_at = AT + 1; });
	CASE("EL13", REQUEST_STANDING, { f->sample_request.standing = true; });
	CASE("EL13", REQUEST_STANDING, { f->sample_request.deliver_until = DAY + 182; });
	CASE("EL13", REQUEST_STANDING, { f->sample_request.deliver_until = DAY - 1; });
	CASE("EL13", REQUEST_STANDING, { f->sample_request.longest_day = DAY - 1; });
	CASE("EL13", REQUEST_EXHAUSTED, { f->sample_request.fulfilled = 4 * ONE; });
	CASE("EL13", NONE, { f->sample_request.fulfilled = 3 * ONE; f->sample_request.deliver_until = DAY; });
	CASE("EL13", NONE, { no_request_wanted(f); });
	CASE("EL14", CONSENT_MISSING, { f->consent.evaluated = false; });
	CASE("EL14", CONSENT_MISSING, { refuse(f, LSCE_REASON_CONSENT_MISSING); });
	CASE("EL14", CONSENT_WITHDRAWN, { refuse(f, LSCE_REASON_CONSENT_WITHDRAWN); });
	CASE("EL14", CONSENT_EXPIRED, { refuse(f, LSCE_REASON_CONSENT_EXPIRED); });
	CASE("EL14", CONSENT_UNCONFIRMED, { refuse(f, LSCE_REASON_CONSENT_UNCONFIRMED); });
	CASE("EL14", CONSENT_CONTROLLER, { refuse(f, LSCE_REASON_CONSENT_CONTROLLER); });
	CASE("EL14", CONSENT_PURPOSE, { refuse(f, LSCE_REASON_CONSENT_PURPOSE); });
	CASE("EL14", CONSENT_EVIDENCE, { refuse(f, LSCE_REASON_CONSENT_EVIDENCE); });
	CASE("EL14", LEGAL_BASIS_NOT_ALLOWED, { refuse(f, LSCE_REASON_LEGAL_BASIS_NOT_ALLOWED); });
	CASE("EL14", CONTACT_WINDOW, { refuse(f, LSCE_REASON_CONTACT_WINDOW); });
	CASE("EL14", OBJECTION, { refuse(f, LSCE_REASON_OBJECTION); });
	CASE("EL14", CHANNEL_NOT_ALLOWED, { f->request.kind = KIND_MESSAGE_SEND; f->contact.channel_kind = "phone"; });
	CASE("EL14", CHANNEL_NOT_ALLOWED, { f->request.kind = KIND_MESSAGE_SEND; f->contact.channel_kind = NULL; });
	CASE("EL14", CHANNEL_NOT_ALLOWED, { f->request.kind = KIND_MESSAGE_SEND; f->contact.account_id = ID(OTHER); });
	CASE("EL14", CHANNEL_NOT_ALLOWED, { f->request.kind = KIND_MESSAGE_SEND; f->contact.valid_to = DAY; });
	CASE("EL14", CHANNEL_NOT_ALLOWED, { f->request.kind = KIND_MESSAGE_SEND; f->contact.found = false; });
	CASE("EL14", UNKNOWN_RECORD, { f->request.kind = KIND_MESSAGE_SEND; f->contact.found = false; f->request.contact_point_id = ID(OTHER); });
	CASE("EL14", NONE, { f->request.kind = KIND_MESSAGE_SEND; });
}

/* goods, quantity, visit */
static void
test_goods(void)
{
	CASE("EL15", VISIT_STATE, { f->visit.place_id = ID(OTHER); });
	CASE("EL15", UNKNOWN_RECORD, { f->request.place_id = ID(0); });
	CASE("EL15", UNKNOWN_RECORD, { f->request.place_id = ID(0); f->request.kind = KIND_SAMPLE_SHIP; });
	CASE("EL15", NONE, { f->visit.place_id = ID(OTHER); f->request.kind = KIND_SAMPLE_SHIP; });
	CASE("EL15", CHANNEL_NOT_ALLOWED, { f->request.can_ship = false; f->request.kind = KIND_SAMPLE_SHIP; });
	CASE("EL15", NONE, { f->request.can_ship = false; });
	CASE("EL15", NONE, { f->visit.place_id = ID(0); f->request.place_id = f->request.delivery_point_id = ID(0); });
	CASE("EL16", LOT_MISSING, { f->request.batch_id = ID(0); });
	CASE("EL16", UNKNOWN_RECORD, { f->lot.found = false; });
	CASE("EL16", LOT_UNUSABLE, { f->lot.product_id = ID(OTHER); });
	CASE("EL16", LOT_UNUSABLE, { f->lot.status = "blocked"; });
	CASE("EL16", LOT_UNUSABLE, { f->lot.expires_on = DAY - 1; });
	CASE("EL16", LOT_UNUSABLE, { f->lot.expires_on = DATE_NONE; });
	CASE("EL17", INVENTORY_SHORT, { f->lot.on_hand = ONE - 1; });
	CASE("EL17", INVENTORY_SHORT, { f->lot.location_user = ID(OTHER); });
	CASE("EL17", UNKNOWN_RECORD, { f->lot.location_found = false; });
	CASE("EL17", INVENTORY_SHORT, { f->lot.location_found = false; f->request.location_id = ID(0); });
	CASE("EL17", NONE, { f->lot.on_hand = -ONE; f->lot.may_go_negative = true; });
	CASE("EL19", QTY_LIMIT_EXCEEDED, { room.limits[1].used = 2 * ONE; });
	CASE("EL19", QTY_LIMIT_EXCEEDED, { room.limits[1].used = 2 * ONE; room.limits[1].excess = ONE; });
	CASE("EL19", QTY_LIMIT_EXCEEDED, { room.limits[1].charge = INT64_MAX; });
	CASE("EL19", QTY_LIMIT_EXCEEDED, { room.limits[1].used = INT64_MAX; });
	CASE("EL19", QTY_LIMIT_EXCEEDED, { room.limits[1].has_per_visit = true; room.limits[1].per_visit = ONE; room.limits[1].used_in_visit = ONE; });
	CASE("EL19", LIMIT_NOT_CONFIGURED, { room.limits[1].has_quota = false; });
	CASE("EL19", LIMIT_NOT_CONFIGURED, { room.limits[1].has_quota = false; room.limits[1].period = "arrangement"; });
	CASE("EL19", LIMIT_NOT_CONFIGURED, { f->n_limits = 1; room.limits[0].has_quota = false; room.limits[0].period = "arrangement"; });
	CASE("EL19", LIMIT_NOT_CONFIGURED, { room.limits[1].applies = false; });
	CASE("EL19", LIMIT_NOT_CONFIGURED, { f->n_limits = 0; });
	CASE("EL19", LIMIT_NOT_CONFIGURED, { room.limits[1].unknown_condition = true; });
	CASE("EL19", WINDOW_CLOSED, { room.limits[1].window = LIMIT_WINDOW_CLOSED; });
	CASE("EL19", WINDOW_NOT_OPEN, { room.limits[1].window = LIMIT_WINDOW_NOT_YET; });
	CASE("EL19", WINDOW_NOT_OPEN, { room.limits[1].window = LIMIT_WINDOW_UNKNOWN; });
	CASE("EL19", NONE, { room.limits[1].quota = 0; room.limits[1].period = "lifetime"; });
	CASE("EL19", NONE, { room.limits[1].has_quota = false; room.limits[1].has_per_visit = true; room.limits[1].per_visit = ONE; });
	CASE("EL20", VISIT_MISSING, { f->request.visit_id = ID(0); });
	CASE("EL20", UNKNOWN_RECORD, { f->visit.found = false; });
	CASE("EL20", VISIT_STATE, { f->visit.status = "submitted"; });
	CASE("EL20", VISIT_STATE, { f->visit.account_id = ID(OTHER); });
	CASE("EL20", VISIT_STATE, { f->visit.owner_id = ID(OTHER); });
	CASE("EL20", VISIT_STATE, { f->visit.territory_id = ID(OTHER); });
	CASE("EL20", VISIT_STATE, { f->visit.actual_from = AT + INT64_C(3600000001); f->visit.ends_at = AT + INT64_C(3600000002); });
	CASE("EL20", VISIT_STATE, { f->visit.ends_at = AT - INT64_C(3600000001); });
	CASE("EL20", VISIT_STATE, { f->visit.actual_from = f->visit.ends_at = TIME_NONE; });
	CASE("EL20", VISIT_STATE, { f->visit.actual_from = INT64_MAX; f->request.at = f->request.received_at = INT64_MIN + 1; });
	CASE("EL20", VISIT_STATE, { f->visit.ends_at = AT - 1; f->visit_tolerance_minutes.value = 0; });
	CASE("EL20", NONE, { f->visit.actual_from = AT + INT64_C(3600000000); f->visit.ends_at = AT + INT64_C(7200000000); });
	CASE("EL20", NONE, { f->visit.ends_at = AT - INT64_C(3600000000); });
	CASE("EL20", NONE, { f->visit.actual_from = f->visit.ends_at = AT - INT64_C(36000000000); f->visit_tolerance_minutes.set = false; });
	CASE("EL20", VISIT_STATE, { f->request.received_day = DAY + 15; });
	CASE("EL20", DEVICE_CLOCK, { f->request.received_at = AT - INT64_C(300000001); });
	CASE("EL20", NONE, { f->request.received_at = AT - INT64_C(300000000); f->request.received_day = DAY + 14; });
	CASE("EL20", NONE, { f->request.visit_id = ID(0); f->request.kind = KIND_DETAIL; });
	CASE("EL20", NONE, { f->visit.account_id = ID(CLINIC); });
}

/* The whole verdict. */
static void
test_verdict(void)
{
	Facts	   *f = good_facts();
	const Verdict *v = judge(f);

	CHECK(v->outcome == VERDICT_ALLOW);
	CHECK(v->primary == LSCE_REASON_NONE);
	CHECK(v->n_steps == rule_table_size + 1);	/* two limits */
	CHECK(v->n_obligations == 2 && strcmp(v->obligations[0].code, "OBTAIN_RECEIPT") == 0);

	/* those of a law and those of consent, each once, with the earlier day */
	room.obligations[0] = (ObligationFact) {"RECORD_LOT", DAY + 3};
	room.obligations[1] = (ObligationFact) {"RETAIN", DAY + 9};
	room.obligations[2] = (ObligationFact) {"RETAIN", DAY + 7};
	f->consent.n_obligations = 3;
	f->consent.obligations = room.obligations;
	v = judge(f);
	CHECK(v->n_obligations == 3);
	CHECK(strcmp(v->obligations[1].code, "RECORD_LOT") == 0 && v->obligations[1].due_day == DAY + 3);
	CHECK(strcmp(v->obligations[2].code, "RETAIN") == 0 && v->obligations[2].due_day == DAY + 7);

	/* the first failure in the order of the rules is primary */
	f->lot.status = "recalled";
	f->account.status = "inactive";
	v = judge(f);
	CHECK(v->outcome == VERDICT_DENY && v->primary == LSCE_REASON_ACCOUNT_NOT_ACTIVE);
	CHECK(says(v, "EL16", LSCE_REASON_LOT_UNUSABLE));

	/* but a ban comes before everything */
	room.limits[1].quota = 0;
	room.limits[1].period = "lifetime";
	CHECK(judge(f)->primary == LSCE_REASON_SAMPLING_PROHIBITED);

	/* a company limit may warn, a law may not */
	f = good_facts();
	room.limits[1].used = 2 * ONE;
	room.templates[0].warning = true;
	CHECK(judge(f)->outcome == VERDICT_DENY);
	room.templates[0].law_based = false;
	v = judge(f);
	CHECK(v->outcome == VERDICT_WARN && v->primary == LSCE_REASON_QTY_LIMIT_EXCEEDED);

	/* a pack that cannot be measured wants a justification */
	f = good_facts();
	room.templates[0].pack_rule = "patient_courses_at_most:3";
	v = judge(f);
	CHECK(v->outcome == VERDICT_WARN && v->primary == LSCE_REASON_PACK_SIZE);

	/* a template for others is none of his business */
	f = good_facts();
	room.templates[1] = room.templates[0];
	room.templates[1].recipients = (TextList) {1, recipients + 1};
	f->n_templates = 2;
	room.limits[0].template_index = 1;
	room.limits[0].has_quota = true;
	room.limits[0].quota = ONE;
	room.limits[0].used = ONE;
	CHECK(judge(f)->outcome == VERDICT_ALLOW);
	room.limits[0].template_index = 0;
	CHECK(judge(f)->outcome == VERDICT_DENY);
}

/* Stage by stage the answer is the same; a stage ends with its first failure. */
static void
test_stages(void)
{
	Facts	   *f = good_facts();
	Verdict		v = {.steps = room.steps, .max_steps = sizeof(room.steps) / sizeof(room.steps[0])};
	int			steps = 0;

	for (int stage = 0; stage < STAGE_COUNT; stage++)
	{
		CHECK(!rules_stage_fails(f, (FactStage) stage, &v));
		steps += v.n_steps;
	}
	CHECK(steps == rule_table_size + 1);
	f->n_licenses = 0;
	f->market.controlled_schedule = "IV";
	CHECK(!rules_stage_fails(f, STAGE_WHO, &v));
	CHECK(rules_stage_fails(f, STAGE_WHAT, &v));
	CHECK(strcmp(v.steps[v.n_steps - 1].rule->code, "EL10") == 0);
	CHECK(!rules_stage_fails(f, STAGE_PAPER, &v));
}

/* Each reason that a rule names was reached, and no other. */
static void
test_complete(void)
{
	for (int i = 0; i < rule_table_size; i++)
	{
		for (int reason = 1; reason < LSCE_REASON_COUNT; reason++)
		{
			bool		named = false;

			for (int j = 0; j < RULE_MAX_REASONS; j++)
				named = named || rule_table[i].reasons[j] == (LsceReason) reason;
			if (named != reached[i][reason])
				printf("%s %s: named %d, reached %d\n", rule_table[i].code, lsce_reason_row((LsceReason) reason)->code,
					   named, reached[i][reason]);
			CHECK(named == reached[i][reason]);
		}
	}
}

/* Fields stand in the order of jsonb's keys, which are written without sorting. */
static void
check_layout(const Layout *layout)
{
	for (int i = 0; i < layout->n_fields; i++)
	{
		const Field *field = &layout->fields[i];

		CHECK(field->name_length == (int) strlen(field->name));
		if (i > 0)
			CHECK(field[-1].name_length < field->name_length ||
				  (field[-1].name_length == field->name_length && strcmp(field[-1].name, field->name) < 0));
		if (field->layout)
			check_layout(field->layout);
	}
}

/* Comparisons, names and layout. */
static void
test_parts(void)
{
	CHECK(path_covers("a.b", "a.b"));
	CHECK(path_covers("a.b", "a.b.c"));
	CHECK(!path_covers("a.b", "a.bc"));
	CHECK(!path_covers("a.b.c", "a.b"));
	CHECK(!path_covers(NULL, "a"));
	CHECK(path_depth("a.b.c") == 3);
	CHECK(rules_valid_on(1, 3, 1) && rules_valid_on(1, 3, 2) && !rules_valid_on(1, 3, 3) && !rules_valid_on(1, 3, 0));
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		CHECK(rules_kind_by_name(rules_kind_name((FactKind) kind)) == (FactKind) kind);
	CHECK(rules_kind_by_name("none") == KIND_NONE);
	CHECK(rules_kind_by_name("steal") == KIND_NONE);
	for (int window = LIMIT_WINDOW_OPEN; window <= LIMIT_WINDOW_UNKNOWN; window++)
		CHECK(limit_window_by_name(limit_window_name((LimitWindow) window)) == (LimitWindow) window);
	CHECK(limit_window_by_name("ajar") == LIMIT_WINDOW_UNKNOWN);
	CHECK(facts_layout.size == sizeof(Facts));
	check_layout(&facts_layout);
	for (int table = 0; table < EVIDENCE_TABLE_COUNT; table++)
		CHECK(rules_evidence_table_name((EvidenceTable) table) != NULL);
}

int
main(void)
{
	test_who();
	test_what();
	test_paper();
	test_goods();
	test_verdict();
	test_stages();
	test_complete();
	test_parts();
	return check_summary("rules_test");
}
