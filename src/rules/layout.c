/*-------------------------------------------------------------------------
 *
 * layout.c
 *	  Where each fact stands in its structure and what it is called outside;
 *	  pure.
 *
 * The fields of a structure are listed as jsonb has the keys of an object:
 * shorter names first, those of the same length by their bytes.
 *
 * src/rules/layout.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "rules/layout.h"

#define PLAIN(name, type) {#name, sizeof(#name) - 1, type, offsetof(STRUCT, name), 0, NULL}
#define NESTED(name, layout) {#name, sizeof(#name) - 1, FIELD_STRUCT, offsetof(STRUCT, name), 0, &layout}
#define REPEATED(name, layout) {#name, sizeof(#name) - 1, FIELD_ARRAY, offsetof(STRUCT, name), offsetof(STRUCT, n_##name), &layout}
#define UUIDS(name) {#name, sizeof(#name) - 1, FIELD_UUIDS, offsetof(STRUCT, name), offsetof(STRUCT, n_##name), NULL}
#define LAYOUT(fields) {sizeof(STRUCT), fields, sizeof(fields) / sizeof(fields[0])}

#define STRUCT FactRow
static const Field fact_row_fields[] = {
	PLAIN(id, FIELD_UUID),
	PLAIN(version, FIELD_TIME),
};
static const Layout fact_row_layout = LAYOUT(fact_row_fields);
#undef STRUCT

#define STRUCT RuleRequest
static const Field rule_request_fields[] = {
	PLAIN(at, FIELD_TIME),
	PLAIN(tz, FIELD_TEXT),
	PLAIN(kind, FIELD_KIND),
	PLAIN(domain, FIELD_TEXT),
	PLAIN(hco_id, FIELD_UUID),
	PLAIN(region, FIELD_TEXT),
	PLAIN(channel, FIELD_TEXT),
	PLAIN(country, FIELD_TEXT),
	PLAIN(fact_id, FIELD_UUID),
	PLAIN(purpose, FIELD_TEXT),
	PLAIN(suggest, FIELD_BOOL),
	PLAIN(team_id, FIELD_UUID),
	PLAIN(user_id, FIELD_UUID),
	PLAIN(batch_id, FIELD_UUID),
	PLAIN(can_ship, FIELD_BOOL),
	PLAIN(known_at, FIELD_TIME),
	PLAIN(place_id, FIELD_UUID),
	PLAIN(quantity, FIELD_QUANTITY),
	PLAIN(visit_id, FIELD_UUID),
	PLAIN(local_day, FIELD_DATE),
	PLAIN(account_id, FIELD_UUID),
	PLAIN(company_id, FIELD_UUID),
	PLAIN(product_id, FIELD_UUID),
	PLAIN(request_id, FIELD_UUID),
	PLAIN(location_id, FIELD_UUID),
	PLAIN(received_at, FIELD_TIME),
	PLAIN(received_day, FIELD_DATE),
	PLAIN(recipient_id, FIELD_UUID),
	PLAIN(territory_id, FIELD_UUID),
	PLAIN(controller_id, FIELD_UUID),
	PLAIN(place_foreign, FIELD_BOOL),
	PLAIN(prescriber_id, FIELD_UUID),
	PLAIN(practitioner_id, FIELD_UUID),
	PLAIN(contact_point_id, FIELD_UUID),
	PLAIN(delivery_point_id, FIELD_UUID),
	PLAIN(territory_candidates, FIELD_INT),
};
static const Layout rule_request_layout = LAYOUT(rule_request_fields);
#undef STRUCT

#define STRUCT AccountFact
static const Field account_fact_fields[] = {
	NESTED(hco, fact_row_layout),
	NESTED(hcp, fact_row_layout),
	NESTED(row, fact_row_layout),
	PLAIN(kind, FIELD_TEXT),
	PLAIN(found, FIELD_BOOL),
	PLAIN(merged, FIELD_BOOL),
	PLAIN(status, FIELD_TEXT),
	PLAIN(country, FIELD_TEXT),
	PLAIN(has_hco, FIELD_BOOL),
	PLAIN(has_hcp, FIELD_BOOL),
	PLAIN(hco_type, FIELD_TEXT),
	PLAIN(no_contact, FIELD_BOOL),
	PLAIN(prescriber, FIELD_BOOL),
	PLAIN(profession, FIELD_TEXT),
	PLAIN(accepts_samples, FIELD_BOOL),
};
static const Layout account_fact_layout = LAYOUT(account_fact_fields);
#undef STRUCT

#define STRUCT PersonaFact
static const Field persona_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(country, FIELD_TEXT),
	PLAIN(persona, FIELD_TEXT),
	PLAIN(team_id, FIELD_UUID),
};
static const Layout persona_fact_layout = LAYOUT(persona_fact_fields);
#undef STRUCT

#define STRUCT RosterFact
static const Field roster_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(role, FIELD_TEXT),
	PLAIN(may_sample, FIELD_BOOL),
};
static const Layout roster_fact_layout = LAYOUT(roster_fact_fields);
#undef STRUCT

#define STRUCT QualificationFact
static const Field qualification_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(kind, FIELD_TEXT),
	PLAIN(level, FIELD_INT),
	PLAIN(jurisdiction, FIELD_TEXT),
	PLAIN(covers_product, FIELD_BOOL),
};
static const Layout qualification_fact_layout = LAYOUT(qualification_fact_fields);
#undef STRUCT

#define STRUCT UserFact
static const Field user_fact_fields[] = {
	PLAIN(found, FIELD_BOOL),
	REPEATED(rosters, roster_fact_layout),
	PLAIN(user_id, FIELD_UUID),
	REPEATED(personas, persona_fact_layout),
	PLAIN(company_id, FIELD_UUID),
	REPEATED(qualifications, qualification_fact_layout),
};
static const Layout user_fact_layout = LAYOUT(user_fact_fields);
#undef STRUCT

#define STRUCT TerritoryFact
static const Field territory_fact_fields[] = {
	PLAIN(found, FIELD_BOOL),
	PLAIN(domain, FIELD_TEXT),
	PLAIN(placed, FIELD_BOOL),
	PLAIN(team_id, FIELD_UUID),
	PLAIN(model_id, FIELD_UUID),
	NESTED(alignment, fact_row_layout),
	PLAIN(company_id, FIELD_UUID),
	PLAIN(territory_id, FIELD_UUID),
	PLAIN(alignment_from, FIELD_DATE),
	PLAIN(account_aligned, FIELD_BOOL),
};
static const Layout territory_fact_layout = LAYOUT(territory_fact_fields);
#undef STRUCT

#define STRUCT ProductFact
static const Field product_fact_fields[] = {
	NESTED(row, fact_row_layout),
	UUIDS(path),
	PLAIN(type, FIELD_TEXT),
	PLAIN(found, FIELD_BOOL),
	PLAIN(brand_id, FIELD_UUID),
	PLAIN(valid_to, FIELD_DATE),
	PLAIN(pack_size, FIELD_INT),
	PLAIN(spec_type, FIELD_TEXT),
	PLAIN(class_code, FIELD_TEXT),
	PLAIN(company_id, FIELD_UUID),
	PLAIN(competitor, FIELD_BOOL),
	PLAIN(valid_from, FIELD_DATE),
	PLAIN(dosage_form, FIELD_TEXT),
	PLAIN(strength_mg, FIELD_QUANTITY),
	PLAIN(signature_level, FIELD_TEXT),
	PLAIN(distribution_method, FIELD_TEXT),
};
static const Layout product_fact_layout = LAYOUT(product_fact_fields);
#undef STRUCT

#define STRUCT MarketFact
static const Field market_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(found, FIELD_BOOL),
	PLAIN(rx_class, FIELD_TEXT),
	PLAIN(company_id, FIELD_UUID),
	PLAIN(sampleable, FIELD_BOOL),
	PLAIN(extended_on, FIELD_DATE),
	PLAIN(sample_class, FIELD_TEXT),
	PLAIN(withdrawn_on, FIELD_DATE),
	PLAIN(authorised_on, FIELD_DATE),
	PLAIN(smallest_pack, FIELD_TRISTATE),
	PLAIN(reimbursed_pct, FIELD_QUANTITY),
	PLAIN(reclassified_on, FIELD_DATE),
	PLAIN(first_marketed_on, FIELD_DATE),
	PLAIN(first_supplied_on, FIELD_DATE),
	PLAIN(controlled_schedule, FIELD_TEXT),
};
static const Layout market_fact_layout = LAYOUT(market_fact_fields);
#undef STRUCT

#define STRUCT TemplateFact
static const Field template_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(code, FIELD_TEXT),
	PLAIN(label, FIELD_TEXT),
	PLAIN(warning, FIELD_BOOL),
	PLAIN(authority, FIELD_TEXT),
	PLAIN(law_based, FIELD_BOOL),
	PLAIN(legal_ref, FIELD_TEXT),
	PLAIN(pack_rule, FIELD_TEXT),
	NESTED(assignment, fact_row_layout),
	PLAIN(exclusions, FIELD_TEXTS),
	PLAIN(recipients, FIELD_TEXTS),
	PLAIN(obligations, FIELD_TEXTS),
	PLAIN(preconditions, FIELD_TEXTS),
	PLAIN(quota_override, FIELD_QUANTITY),
	PLAIN(per_visit_override, FIELD_QUANTITY),
};
static const Layout template_fact_layout = LAYOUT(template_fact_fields);
#undef STRUCT

#define STRUCT ProductAlignmentFact
static const Field product_alignment_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(type, FIELD_TEXT),
	PLAIN(distance, FIELD_INT),
	PLAIN(purposes, FIELD_TEXTS),
};
static const Layout product_alignment_fact_layout = LAYOUT(product_alignment_fact_fields);
#undef STRUCT

#define STRUCT RestrictionFact
static const Field restriction_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(actions, FIELD_TEXTS),
	PLAIN(valid_to, FIELD_DATE),
	PLAIN(product_id, FIELD_UUID),
	PLAIN(territory_id, FIELD_UUID),
};
static const Layout restriction_fact_layout = LAYOUT(restriction_fact_fields);
#undef STRUCT

#define STRUCT SpecialtyFact
static const Field specialty_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(path, FIELD_TEXT),
	PLAIN(rank, FIELD_INT),
};
static const Layout specialty_fact_layout = LAYOUT(specialty_fact_fields);
#undef STRUCT

#define STRUCT CertificationFact
static const Field certification_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(path, FIELD_TEXT),
	PLAIN(board, FIELD_TEXT),
	PLAIN(status, FIELD_TEXT),
};
static const Layout certification_fact_layout = LAYOUT(certification_fact_fields);
#undef STRUCT

#define STRUCT SetMemberFact
static const Field set_member_fact_fields[] = {
	PLAIN(path, FIELD_TEXT),
	PLAIN(exclude, FIELD_BOOL),
};
static const Layout set_member_fact_layout = LAYOUT(set_member_fact_fields);
#undef STRUCT

#define STRUCT PolicyFact
static const Field policy_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(board, FIELD_TEXT),
	PLAIN(level, FIELD_INT),
	PLAIN(region, FIELD_TEXT),
	PLAIN(set_id, FIELD_UUID),
	PLAIN(allowed, FIELD_BOOL),
	REPEATED(members, set_member_fact_layout),
	PLAIN(persona, FIELD_TEXT),
	PLAIN(set_code, FIELD_TEXT),
	PLAIN(law_based, FIELD_BOOL),
	PLAIN(legal_ref, FIELD_TEXT),
	PLAIN(specialty, FIELD_TEXT),
	PLAIN(profession, FIELD_TEXT),
	PLAIN(license_kind, FIELD_TEXT),
	PLAIN(qualification_kind, FIELD_TEXT),
	PLAIN(qualification_level, FIELD_INT),
};
static const Layout policy_fact_layout = LAYOUT(policy_fact_fields);
#undef STRUCT

#define STRUCT LicenseFact
static const Field license_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(kind, FIELD_TEXT),
	PLAIN(status, FIELD_TEXT),
	PLAIN(valid_to, FIELD_DATE),
	PLAIN(schedules, FIELD_TEXTS),
	PLAIN(valid_from, FIELD_DATE),
	PLAIN(number_hash, FIELD_TEXT),
	PLAIN(verified_on, FIELD_DATE),
	PLAIN(jurisdiction, FIELD_TEXT),
	PLAIN(license_class, FIELD_TEXT),
	PLAIN(covers_product, FIELD_BOOL),
	PLAIN(sample_eligible, FIELD_BOOL),
};
static const Layout license_fact_layout = LAYOUT(license_fact_fields);
#undef STRUCT

#define STRUCT SampleRequestFact
static const Field sample_request_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(kind, FIELD_TEXT),
	PLAIN(found, FIELD_BOOL),
	PLAIN(fields, FIELD_TEXTS),
	PLAIN(status, FIELD_TEXT),
	PLAIN(purpose, FIELD_TEXT),
	PLAIN(has_line, FIELD_BOOL),
	PLAIN(standing, FIELD_BOOL),
	PLAIN(fulfilled, FIELD_QUANTITY),
	PLAIN(requested, FIELD_QUANTITY),
	NESTED(signature, fact_row_layout),
	PLAIN(signed_at, FIELD_TIME),
	PLAIN(signer_id, FIELD_UUID),
	PLAIN(account_id, FIELD_UUID),
	PLAIN(ship_to_id, FIELD_UUID),
	PLAIN(longest_day, FIELD_DATE),
	NESTED(required_by, fact_row_layout),
	PLAIN(requested_at, FIELD_TIME),
	PLAIN(deliver_until, FIELD_DATE),
	PLAIN(has_signature, FIELD_BOOL),
	PLAIN(requested_day, FIELD_DATE),
	PLAIN(practitioner_id, FIELD_UUID),
	PLAIN(required_fields, FIELD_TEXTS),
	PLAIN(signature_expires_at, FIELD_TIME),
};
static const Layout sample_request_fact_layout = LAYOUT(sample_request_fact_fields);
#undef STRUCT

#define STRUCT ObligationFact
static const Field obligation_fact_fields[] = {
	PLAIN(code, FIELD_TEXT),
	PLAIN(due_day, FIELD_DATE),
};
static const Layout obligation_fact_layout = LAYOUT(obligation_fact_fields);
#undef STRUCT

#define STRUCT ConsentFact
static const Field consent_fact_fields[] = {
	PLAIN(rule, FIELD_TEXT),
	PLAIN(basis, FIELD_TEXT),
	PLAIN(given, FIELD_TEXT),
	PLAIN(state, FIELD_TEXT),
	PLAIN(until, FIELD_TIME),
	UUIDS(events),
	PLAIN(reason, FIELD_REASON),
	PLAIN(allowed, FIELD_BOOL),
	PLAIN(channel, FIELD_TEXT),
	PLAIN(missing, FIELD_TEXTS),
	PLAIN(purpose, FIELD_TEXT),
	PLAIN(given_to, FIELD_UUID),
	PLAIN(evaluated, FIELD_BOOL),
	PLAIN(legal_ref, FIELD_TEXT),
	PLAIN(regime_id, FIELD_UUID),
	REPEATED(obligations, obligation_fact_layout),
	PLAIN(local_minute, FIELD_INT),
	PLAIN(effective_from, FIELD_TIME),
};
static const Layout consent_fact_layout = LAYOUT(consent_fact_fields);
#undef STRUCT

#define STRUCT ContactFact
static const Field contact_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(kind, FIELD_TEXT),
	PLAIN(found, FIELD_BOOL),
	PLAIN(valid_to, FIELD_DATE),
	PLAIN(account_id, FIELD_UUID),
	PLAIN(valid_from, FIELD_DATE),
	PLAIN(channel_kind, FIELD_TEXT),
};
static const Layout contact_fact_layout = LAYOUT(contact_fact_fields);
#undef STRUCT

#define STRUCT LotFact
static const Field lot_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(found, FIELD_BOOL),
	PLAIN(lot_no, FIELD_TEXT),
	PLAIN(status, FIELD_TEXT),
	PLAIN(on_hand, FIELD_QUANTITY),
	PLAIN(expires_on, FIELD_DATE),
	PLAIN(product_id, FIELD_UUID),
	PLAIN(location_kind, FIELD_TEXT),
	PLAIN(location_user, FIELD_UUID),
	PLAIN(location_found, FIELD_BOOL),
	PLAIN(may_go_negative, FIELD_BOOL),
};
static const Layout lot_fact_layout = LAYOUT(lot_fact_fields);
#undef STRUCT

#define STRUCT LimitFact
static const Field limit_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(name, FIELD_TEXT),
	PLAIN(pool, FIELD_TEXT),
	PLAIN(used, FIELD_QUANTITY),
	PLAIN(quota, FIELD_QUANTITY),
	PLAIN(charge, FIELD_QUANTITY),
	PLAIN(excess, FIELD_QUANTITY),
	PLAIN(period, FIELD_TEXT),
	PLAIN(window, FIELD_WINDOW),
	PLAIN(applies, FIELD_BOOL),
	PLAIN(subject, FIELD_TEXT),
	PLAIN(counting, FIELD_TEXT),
	PLAIN(opens_on, FIELD_DATE),
	PLAIN(pool_key, FIELD_TEXT),
	PLAIN(closes_on, FIELD_DATE),
	PLAIN(has_quota, FIELD_BOOL),
	PLAIN(per_visit, FIELD_QUANTITY),
	PLAIN(window_to, FIELD_DATE),
	PLAIN(subject_key, FIELD_TEXT),
	PLAIN(window_from, FIELD_DATE),
	PLAIN(next_free_on, FIELD_DATE),
	PLAIN(has_per_visit, FIELD_BOOL),
	PLAIN(used_in_visit, FIELD_QUANTITY),
	PLAIN(template_index, FIELD_INT),
	PLAIN(unknown_condition, FIELD_BOOL),
};
static const Layout limit_fact_layout = LAYOUT(limit_fact_fields);
#undef STRUCT

#define STRUCT VisitFact
static const Field visit_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(found, FIELD_BOOL),
	PLAIN(domain, FIELD_TEXT),
	PLAIN(status, FIELD_TEXT),
	PLAIN(channel, FIELD_TEXT),
	PLAIN(ends_at, FIELD_TIME),
	PLAIN(owner_id, FIELD_UUID),
	PLAIN(place_id, FIELD_UUID),
	PLAIN(account_id, FIELD_UUID),
	PLAIN(actual_from, FIELD_TIME),
	PLAIN(delay_reason, FIELD_BOOL),
	PLAIN(territory_id, FIELD_UUID),
};
static const Layout visit_fact_layout = LAYOUT(visit_fact_fields);
#undef STRUCT

#define STRUCT SettingFact
static const Field setting_fact_fields[] = {
	NESTED(row, fact_row_layout),
	PLAIN(set, FIELD_BOOL),
	PLAIN(value, FIELD_INT64),
};
static const Layout setting_fact_layout = LAYOUT(setting_fact_fields);
#undef STRUCT

#define STRUCT Facts
static const Field facts_fields[] = {
	NESTED(lot, lot_fact_layout),
	NESTED(user, user_fact_layout),
	NESTED(visit, visit_fact_layout),
	REPEATED(limits, limit_fact_layout),
	NESTED(market, market_fact_layout),
	NESTED(account, account_fact_layout),
	NESTED(consent, consent_fact_layout),
	NESTED(contact, contact_fact_layout),
	NESTED(product, product_fact_layout),
	NESTED(request, rule_request_layout),
	REPEATED(licenses, license_fact_layout),
	REPEATED(policies, policy_fact_layout),
	REPEATED(templates, template_fact_layout),
	NESTED(territory, territory_fact_layout),
	REPEATED(alignments, product_alignment_fact_layout),
	REPEATED(specialties, specialty_fact_layout),
	NESTED(practitioner, account_fact_layout),
	REPEATED(restrictions, restriction_fact_layout),
	NESTED(back_date_days, setting_fact_layout),
	REPEATED(certifications, certification_fact_layout),
	NESTED(sample_request, sample_request_fact_layout),
	NESTED(license_max_age_days, setting_fact_layout),
	NESTED(clock_tolerance_minutes, setting_fact_layout),
	NESTED(visit_tolerance_minutes, setting_fact_layout),
};
const Layout facts_layout = LAYOUT(facts_fields);
#undef STRUCT

static const char *const window_names[] = {
	[LIMIT_WINDOW_OPEN] = "open",
	[LIMIT_WINDOW_NOT_YET] = "not_yet",
	[LIMIT_WINDOW_CLOSED] = "closed",
	[LIMIT_WINDOW_UNKNOWN] = "unknown",
};

const char *
limit_window_name(LimitWindow window)
{
	return window_names[window];
}

/* The window of a name; what is not known is refused. */
LimitWindow
limit_window_by_name(const char *name)
{
	for (int i = LIMIT_WINDOW_OPEN; i < LIMIT_WINDOW_UNKNOWN; i++)
	{
		if (strcmp(name, window_names[i]) == 0)
			return (LimitWindow) i;
	}
	return LIMIT_WINDOW_UNKNOWN;
}
