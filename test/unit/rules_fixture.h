/*-------------------------------------------------------------------------
 *
 * rules_fixture.h
 *	  Facts for which every rule passes: one pack of an inhaler for an
 *	  allergist in Los Angeles, on day 9000.
 *
 * Every array has room for what a test adds to it.
 *
 * test/unit/rules_fixture.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_FIXTURE_H
#define LSCE_RULES_FIXTURE_H

#include <string.h>

#include "rules/evaluate.h"
#include "rules/step.h"

#define DAY 9000
#define AT (DAY * INT64_C(86400000000) + INT64_C(64800000000))
#define ONE QUANTITY_UNIT
#define MANY 4

/* ids by number; 0 is none */
#define ID(n) ((Uuid16) {{(n)}})
#define ROW(n) ((FactRow) {ID(n), 1})

enum
{
	DR = 1, REP, TERRITORY, TEAM, MODEL, COMPANY, PRODUCT, BRAND, AREA, VISIT, REQUEST, LOT, BAG, POINT, CLINIC, SET,
	LICENSE, SIGNATURE, EVENT, OTHER, ROWS
};

static struct
{
	PersonaFact personas[MANY];
	RosterFact	rosters[MANY];
	QualificationFact qualifications[MANY];
	Uuid16		path[MANY];
	TemplateFact templates[MANY];
	ProductAlignmentFact alignments[MANY];
	RestrictionFact restrictions[MANY];
	PolicyFact	policies[MANY];
	SetMemberFact members[MANY];
	SpecialtyFact specialties[MANY];
	CertificationFact certifications[MANY];
	LicenseFact licenses[MANY];
	LimitFact	limits[MANY];
	Uuid16		events[MANY];
	ObligationFact obligations[MANY];
	RuleStep	steps[64];
}			room;

static const char *purposes[] = {"detail", "sample", "message", "order"};
static const char *recipients[] = {"prescriber", "hospital_or_hce_pharmacy_on_prescriber_request"};
static const char *preconditions[] = {"written_request", "signed"};
static const char *exclusions[] = {"retail_pharmacy"};
static const char *obligations[] = {"OBTAIN_RECEIPT", "RECORD_LOT"};

/* Who asks for what. */
static void
good_request(RuleRequest *request)
{
	request->kind = KIND_SAMPLE_DROP;
	request->account_id = request->practitioner_id = request->recipient_id = request->prescriber_id = ID(DR);
	request->product_id = ID(PRODUCT);
	request->quantity = ONE;
	request->user_id = ID(REP);
	request->territory_id = ID(TERRITORY);
	request->visit_id = ID(VISIT);
	request->request_id = ID(REQUEST);
	request->batch_id = ID(LOT);
	request->location_id = ID(BAG);
	request->delivery_point_id = request->place_id = ID(POINT);
	request->can_ship = true;
	request->controller_id = request->company_id = ID(COMPANY);
	request->hco_id = ID(CLINIC);
	request->team_id = ID(TEAM);
	request->channel = "in_person";
	request->purpose = "sample_receipt";
	request->at = AT;
	request->known_at = TIME_NONE;
	request->received_at = AT;
	request->country = "US";
	request->region = "US-CA";
	request->tz = "America/Los_Angeles";
	request->domain = "commercial";
	request->local_day = request->received_day = DAY;
	request->territory_candidates = 1;
}

static void
good_who(Facts *f)
{
	f->account = (AccountFact) {.found = true, .row = ROW(DR), .kind = "hcp", .status = "active", .country = "US",
	.prescriber = true, .has_hcp = true, .hcp = ROW(DR), .profession = "physician"};
	f->practitioner = f->account;
	f->user = (UserFact) {true, ID(REP), ID(COMPANY), 1, room.personas, 1, room.rosters, 1, room.qualifications};
	room.personas[0] = (PersonaFact) {ROW(ROWS), "field_rep", "US", ID(TEAM)};
	room.rosters[0] = (RosterFact) {ROW(ROWS), "rep", true};
	room.qualifications[0] = (QualificationFact) {ROW(ROWS), "sampling", 2, "US", true};
	f->territory = (TerritoryFact) {true, ID(TERRITORY), ID(TEAM), ID(COMPANY), "commercial", true, ID(MODEL), true, ROW(DR), DAY - 100};
	f->visit = (VisitFact) {true, ROW(VISIT), ID(POINT), ID(DR), ID(TERRITORY), ID(REP), "in_progress", "commercial", "in_person", AT - 1, AT + 1, false};
}

static void
good_what(Facts *f)
{
	f->product = (ProductFact) {.found = true, .row = ROW(PRODUCT), .type = "product", .spec_type = "sample",
		.distribution_method = "drop_and_ship", .signature_level = "mandatory", .brand_id = ID(BRAND), .company_id = ID(COMPANY),
	.pack_size = 10, .valid_from = DATE_OPEN_FROM, .valid_to = DATE_OPEN_TO, .n_path = 3, .path = room.path};
	room.path[0] = ID(PRODUCT);
	room.path[1] = ID(BRAND);
	room.path[2] = ID(AREA);
	f->market = (MarketFact) {.found = true, .row = ROW(ROWS), .company_id = ID(COMPANY), .authorised_on = DAY - 500,
		.first_marketed_on = DAY - 400, .first_supplied_on = DAY - 400, .extended_on = DATE_NONE, .reclassified_on = DATE_NONE,
	.withdrawn_on = DATE_NONE, .rx_class = "rx", .smallest_pack = TRI_TRUE, .sampleable = true, .reimbursed_pct = -1};
	f->n_templates = 1;
	f->templates = room.templates;
	room.templates[0] = (TemplateFact) {.row = ROW(ROWS), .code = "US-PDMA-REP", .label = "US", .legal_ref = "21 CFR 203.31",
		.authority = "regulation", .law_based = true, .recipients = {2, recipients}, .preconditions = {2, preconditions},
		.exclusions = {1, exclusions}, .obligations = {2, obligations}, .pack_rule = "smallest_pack",
	.quota_override = -1, .per_visit_override = -1};
	f->n_alignments = 1;
	f->alignments = room.alignments;
	room.alignments[0] = (ProductAlignmentFact) {ROW(ROWS), 1, "include_subtree", {4, purposes}};
	f->restrictions = room.restrictions;
	f->n_policies = 1;
	f->policies = room.policies;
	room.policies[0] = (PolicyFact) {.row = ROW(ROWS), .level = 1, .allowed = true, .region = "US-CA", .set_id = ID(SET),
	.set_code = "allergists", .n_members = 2, .members = room.members};
	room.members[0] = (SetMemberFact) {"medicine.allergy", false};
	room.members[1] = (SetMemberFact) {"medicine.allergy.veterinary", true};
	f->n_specialties = 1;
	f->specialties = room.specialties;
	room.specialties[0] = (SpecialtyFact) {ROW(DR), "medicine.allergy.asthma", 1};
	f->n_certifications = 1;
	f->certifications = room.certifications;
	room.certifications[0] = (CertificationFact) {ROW(ROWS), "ABAI", "medicine.allergy", "certified"};
	f->n_licenses = 1;
	f->licenses = room.licenses;
	room.licenses[0] = (LicenseFact) {.row = ROW(LICENSE), .kind = "state", .jurisdiction = "US-CA", .number_hash = "x",
		.sample_eligible = true, .status = "verified", .verified_on = DAY - 10, .valid_from = DAY - 1000, .valid_to = DAY + 1,
	.covers_product = true};
}

static void
good_paper(Facts *f)
{
	f->sample_request = (SampleRequestFact) {.found = true, .row = ROW(REQUEST), .kind = "drop", .status = "signed",
		.account_id = ID(DR), .practitioner_id = ID(DR), .requested_at = AT - 1, .requested_day = DAY, .longest_day = DAY + 181,
		.deliver_until = DATE_NONE, .has_signature = true, .signature = ROW(SIGNATURE), .signer_id = ID(DR), .signed_at = AT,
	.signature_expires_at = TIME_NONE, .has_line = true, .requested = 4 * ONE, .fulfilled = ONE};
	f->consent = (ConsentFact) {.evaluated = true, .allowed = true, .state = "opt_in", .purpose = "sample_receipt", .basis = "consent",
	.effective_from = AT - 1000, .until = TIME_NONE, .n_events = 1, .events = room.events, .local_minute = -1};
	room.events[0] = ID(EVENT);
	f->contact = (ContactFact) {true, ROW(ROWS), ID(DR), "email", "email", DATE_OPEN_FROM, DATE_OPEN_TO};
	f->lot = (LotFact) {true, ROW(LOT), ID(PRODUCT), "L1", "released", DAY, true, "rep", ID(REP), ONE, false};
	f->n_limits = 2;
	f->limits = room.limits;
	room.limits[0] = (LimitFact) {.row = ROW(ROWS), .name = "no figure", .subject = "account", .pool = "sku", .counting = "units",
		.period = "none", .applies = true, .opens_on = DATE_NONE, .closes_on = DATE_NONE, .window_from = DATE_NONE,
	.window_to = DATE_NONE, .charge = ONE, .next_free_on = DATE_NONE};
	room.limits[1] = room.limits[0];
	room.limits[1].period = "calendar_year";
	room.limits[1].has_quota = true;
	room.limits[1].quota = 2 * ONE;
	room.limits[1].used = ONE;
	room.limits[1].window_from = DAY - 60;
	room.limits[1].window_to = DAY + 305;
	f->license_max_age_days = (SettingFact) {ROW(ROWS), true, 365};
	f->back_date_days = (SettingFact) {ROW(ROWS), true, 14};
	f->clock_tolerance_minutes = (SettingFact) {ROW(ROWS), true, 5};
	f->visit_tolerance_minutes = (SettingFact) {ROW(ROWS), true, 60};
}

/* Make them anew. */
static Facts *
good_facts(void)
{
	static Facts facts;

	memset(&facts, 0, sizeof(facts));
	memset(&room, 0, sizeof(room));
	good_request(&facts.request);
	good_who(&facts);
	good_what(&facts);
	good_paper(&facts);
	return &facts;
}

#endif							/* LSCE_RULES_FIXTURE_H */
