/*-------------------------------------------------------------------------
 *
 * load_what.c
 *	  Facts about the product: tree, market, templates, alignment,
 *	  restrictions, policies.
 *
 * src/rules/load_what.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "rules/evaluate.h"
#include "rules/direct.h"
#include "rules/load.h"
#include "rules/step.h"

/* the tree of products is bounded by its types, the recursion by a number */
#define PRODUCT_SQL(T) \
	"WITH RECURSIVE up AS (" \
	"SELECT product_id, parent_id, 0 AS level FROM " T("product", "product_id, parent_id, sys_from") " AS p WHERE product_id = $2 " \
	"UNION ALL SELECT p.product_id, p.parent_id, up.level + 1 FROM up " \
	"JOIN " T##_BY("product", "product_id, parent_id, sys_from", "p", "product_id", "up.parent_id") " WHERE up.level < 16) " \
	"SELECT p.product_id, p.sys_from, p.type, p.spec_type, p.distribution_method, p.signature_level, p.class_code, " \
	"p.dosage_form, p.brand_id, p.company_id, (p.strength_mg * 1000000)::bigint, p.pack_size, p.competitor, " \
	"p.valid_from, p.valid_to " \
	"FROM up JOIN " T##_BY("product", "product_id, sys_from, type, spec_type, distribution_method, signature_level, class_code, dosage_form, " \
	"brand_id, company_id, strength_mg, pack_size, competitor, valid_from, valid_to", "p", "product_id", "up.product_id") " ORDER BY up.level"
static const AccessStatement product_statement[] = KNOWN_PAIR_DIRECT(PRODUCT_SQL, direct_product, 2, TIMESTAMPTZOID, UUIDOID);

#define MARKET_SQL(T) \
	"SELECT product_market_id, sys_from, company_id, authorised_on, first_marketed_on, first_supplied_on, extended_on, " \
	"reclassified_on, withdrawn_on, rx_class, smallest_pack, sampleable, controlled_schedule, sample_class, " \
	"(reimbursed_pct * 1000000)::bigint " \
	"FROM " T("product_market", "product_market_id, sys_from, company_id, authorised_on, first_marketed_on, first_supplied_on, extended_on, " \
	"reclassified_on, withdrawn_on, rx_class, smallest_pack, sampleable, controlled_schedule, sample_class, reimbursed_pct, " \
	"product_id, country_code") " AS m " \
	"WHERE product_id = $2 AND country_code = $3 ORDER BY company_id = $4 DESC, product_market_id LIMIT 1"
static const AccessStatement market_statement[] = KNOWN_PAIR_DIRECT(MARKET_SQL, direct_market, 4, TIMESTAMPTZOID, UUIDOID, TEXTOID, UUIDOID);

/* The product in the country of delivery; our own company's row first. */
static void
load_market(const Load *load)
{
	MarketFact *market = &load->facts->market;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->product_id),
		(Datum) 0, PointerGetDatum(&load->request->company_id)};

	if (load->request->country == NULL)
		return;
	args[2] = CStringGetTextDatum(load->request->country);
	if (load_read(load, market_statement, args, NULL) == 0)
		return;
	market->found = true;
	market->row = load_row(0, 1, 2);
	market->company_id = load_uuid(0, 3);
	market->authorised_on = load_date(0, 4);
	market->first_marketed_on = load_date(0, 5);
	market->first_supplied_on = load_date(0, 6);
	market->extended_on = load_date(0, 7);
	market->reclassified_on = load_date(0, 8);
	market->withdrawn_on = load_date(0, 9);
	market->rx_class = load_text(load, 0, 10);
	if (!access_null(0, 11))
		market->smallest_pack = access_bool(0, 11) ? TRI_TRUE : TRI_FALSE;
	market->sampleable = access_bool(0, 12);
	market->controlled_schedule = load_text(load, 0, 13);
	market->sample_class = load_text(load, 0, 14);
	if (!access_null(0, 15))
		market->reimbursed_pct = access_int64(0, 15);
}

/* The product, what it stands under, and its market. */
void
load_product(const Load *load)
{
	ProductFact *product = &load->facts->product;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->product_id)};
	uint64		count;

	if (!uuid_given(&load->request->product_id))
		return;
	count = load_read(load, product_statement, args, NULL);
	if (count == 0)
		return;
	product->found = true;
	product->row = load_row(0, 1, 2);
	product->type = load_text(load, 0, 3);
	product->spec_type = load_text(load, 0, 4);
	product->distribution_method = load_text(load, 0, 5);
	product->signature_level = load_text(load, 0, 6);
	product->class_code = load_text(load, 0, 7);
	product->dosage_form = load_text(load, 0, 8);
	product->brand_id = load_uuid(0, 9);
	product->company_id = load_uuid(0, 10);
	product->strength_mg = access_int64(0, 11);
	product->pack_size = access_int32(0, 12);
	product->competitor = access_bool(0, 13);
	product->valid_from = load_date(0, 14);
	product->valid_to = load_date(0, 15);
	product->path = load_array(load, count, sizeof(Uuid16));
	product->n_path = count;
	for (uint64 i = 0; i < count; i++)
		product->path[i] = load_uuid(i, 1);
	load_market(load);
}

/*
 * Templates that cover the request: those of the country, unless they are a
 * company's, and those assigned to the product or what it stands under.  The
 * code of an association binds its members: it is left out only when the
 * company that acts and the one whose product it is are known not to be any.
 */
#define TEMPLATE_SQL(T) \
	"SELECT t.template_id, t.sys_from, t.code, t.label, t.legal_ref, t.authority, t.law_based, t.enforcement = 'warning', " \
	"t.recipients, t.preconditions, t.exclusions, t.obligations, t.pack_rule, a.assignment_id, a.sys_from, " \
	"coalesce((a.quota_override * 1000000)::bigint, -1), coalesce((a.per_visit_override * 1000000)::bigint, -1) " \
	"FROM " T("limit_template", "template_id, sys_from, code, label, legal_ref, authority, law_based, enforcement, recipients, " \
	"preconditions, exclusions, obligations, pack_rule, country_code, company_id, association, status, priority, valid_from, valid_to") " AS t " \
	"LEFT JOIN LATERAL (SELECT l.assignment_id, l.sys_from, l.quota_override, l.per_visit_override " \
	"FROM " T("limit_assignment", "assignment_id, sys_from, template_id, product_id, account_kind, quota_override, per_visit_override, " \
	"valid_from, valid_to") " AS l " \
	"WHERE l.template_id = t.template_id AND l.product_id = ANY ($4) AND (l.account_kind IS NULL OR l.account_kind = $5) " \
	"AND l.valid_from <= $3 AND $3 < l.valid_to " \
	"ORDER BY array_position($4, l.product_id), l.account_kind NULLS LAST LIMIT 1) AS a ON true " \
	"WHERE t.status = 'approved' AND t.valid_from <= $3 AND $3 < t.valid_to " \
	"AND (t.country_code IS NULL OR t.country_code = $2) AND (t.company_id IS NULL OR t.company_id = $6) " \
	"AND (a.assignment_id IS NOT NULL OR (t.country_code IS NOT NULL AND t.authority <> 'company')) " \
	"AND (t.association IS NULL OR EXISTS (SELECT FROM unnest($7) AS c (company_id) WHERE NOT EXISTS (" \
	"SELECT FROM " T("association_membership", "company_id, association, member, valid_from, valid_to, sys_from") " AS b " \
	"WHERE b.company_id = c.company_id AND b.association = t.association AND NOT b.member " \
	"AND b.valid_from <= $3 AND $3 < b.valid_to))) " \
	"ORDER BY t.law_based DESC, t.priority, t.code"
static const AccessStatement template_statement[] =
KNOWN_PAIR_DIRECT(TEMPLATE_SQL, direct_template, 7, TIMESTAMPTZOID, TEXTOID, DATEOID, UUIDARRAYOID, TEXTOID, UUIDOID, UUIDARRAYOID);

void
load_templates(const Load *load)
{
	Facts	   *facts = load->facts;
	Uuid16		companies[] = {load->request->company_id,
	uuid_given(&facts->market.company_id) ? facts->market.company_id : facts->product.company_id};
	Datum		args[] = {load_known_at(load->request),
		CStringGetTextDatum(load->request->country ? load->request->country : ""),
		DateADTGetDatum(load->request->local_day),
		load_uuids(facts->product.path, facts->product.n_path),
		CStringGetTextDatum(facts->account.kind ? facts->account.kind : ""),
		PointerGetDatum(&load->request->company_id),
	load_uuids(companies, lengthof(companies))};
	uint64		count = load_read(load, template_statement, args, NULL);

	facts->templates = load_array(load, count, sizeof(TemplateFact));
	facts->n_templates = count;
	for (uint64 i = 0; i < count; i++)
	{
		TemplateFact *t = &facts->templates[i];

		t->row = load_row(i, 1, 2);
		t->code = load_text(load, i, 3);
		t->label = load_text(load, i, 4);
		t->legal_ref = load_text(load, i, 5);
		t->authority = load_text(load, i, 6);
		t->law_based = access_bool(i, 7);
		t->warning = access_bool(i, 8);
		t->recipients = load_texts(load, i, 9);
		t->preconditions = load_texts(load, i, 10);
		t->exclusions = load_texts(load, i, 11);
		t->obligations = load_texts(load, i, 12);
		t->pack_rule = load_text(load, i, 13);
		t->assignment = load_row(i, 14, 15);
		t->quota_override = access_int64(i, 16);
		t->per_visit_override = access_int64(i, 17);
	}
}

#define ALIGNMENT_SQL(T) \
	"SELECT a.pta_id, a.sys_from, lsce.nlevel(p.path) - lsce.nlevel(q.path), a.alignment_type, a.purposes " \
	"FROM " T("territory_place", "model_id, territory_id, path, valid_from, valid_to, sys_from") " AS p " \
	"JOIN " T("territory_place", "model_id, territory_id, path, valid_from, valid_to, sys_from") " AS q ON q.model_id = p.model_id " \
	"AND q.path OPERATOR(lsce.=) ANY (lsce.ancestors(p.path)) AND q.valid_from <= $3 AND $3 < q.valid_to " \
	"JOIN " T("product_territory_alignment", "pta_id, product_id, territory_id, alignment_type, purposes, valid_from, valid_to, sys_from") " AS a " \
	"ON a.territory_id = q.territory_id AND a.product_id = ANY ($4) AND a.valid_from <= $3 AND $3 < a.valid_to " \
	"WHERE p.model_id = $5 AND p.territory_id = $2 AND p.valid_from <= $3 AND $3 < p.valid_to ORDER BY 3, a.pta_id"
static const AccessStatement alignment_statement[] =
KNOWN_PAIR_DIRECT(ALIGNMENT_SQL, direct_alignment, 5, TIMESTAMPTZOID, UUIDOID, DATEOID, UUIDARRAYOID, UUIDOID);

/* Product alignment of the territory and everything above it in the active model. */
void
load_alignments(const Load *load)
{
	Facts	   *facts = load->facts;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->territory_id),
		DateADTGetDatum(load->request->local_day),
		load_uuids(facts->product.path, facts->product.n_path),
	PointerGetDatum(&facts->territory.model_id)};
	uint64		count;

	if (!facts->territory.placed)
		return;
	count = load_read(load, alignment_statement, args, NULL);
	facts->alignments = load_array(load, count, sizeof(ProductAlignmentFact));
	facts->n_alignments = count;
	for (uint64 i = 0; i < count; i++)
	{
		facts->alignments[i].row = load_row(i, 1, 2);
		facts->alignments[i].distance = access_int32(i, 3);
		facts->alignments[i].type = load_text(load, i, 4);
		facts->alignments[i].purposes = load_texts(load, i, 5);
	}
}

#define RESTRICTION_SQL(T) \
	"SELECT restriction_id, sys_from, product_id, territory_id, actions, valid_to " \
	"FROM " T("product_account_restriction", "restriction_id, sys_from, account_id, product_id, territory_id, actions, valid_from, valid_to") " AS r " \
	"WHERE account_id = ANY ($2) AND product_id = ANY ($4) AND valid_from <= $3 AND $3 < valid_to ORDER BY restriction_id"
static const AccessStatement restriction_statement[] =
KNOWN_PAIR_DIRECT(RESTRICTION_SQL, direct_restriction, 4, TIMESTAMPTZOID, UUIDARRAYOID, DATEOID, UUIDARRAYOID);

/* Restrictions of the recipient and of the practitioner who asks. */
void
load_restrictions(const Load *load)
{
	Facts	   *facts = load->facts;
	Uuid16		accounts[] = {load->request->recipient_id, load->request->prescriber_id, load->request->account_id};
	Datum		args[] = {load_known_at(load->request), load_uuids(accounts, lengthof(accounts)),
		DateADTGetDatum(load->request->local_day),
	load_uuids(facts->product.path, facts->product.n_path)};
	uint64		count = load_read(load, restriction_statement, args, NULL);

	facts->restrictions = load_array(load, count, sizeof(RestrictionFact));
	facts->n_restrictions = count;
	for (uint64 i = 0; i < count; i++)
	{
		facts->restrictions[i].row = load_row(i, 1, 2);
		facts->restrictions[i].product_id = load_uuid(i, 3);
		facts->restrictions[i].territory_id = load_uuid(i, 4);
		facts->restrictions[i].actions = load_texts(load, i, 5);
		facts->restrictions[i].valid_to = load_date(i, 6);
	}
}

#define POLICY_SQL(T) \
	"SELECT p.policy_id, p.sys_from, array_position($4, p.product_id) - 1, p.allowed, p.law_based, p.legal_ref, p.region_code, " \
	"p.persona, p.specialty_set_id, s.code, p.required_specialty::text, p.required_profession, p.required_board, " \
	"p.required_license_kind, p.user_qualification_kind, p.user_qualification_level " \
	"FROM " T("sampling_policy", "policy_id, sys_from, product_id, country_code, region_code, action, persona, specialty_set_id, " \
	"required_specialty, required_profession, required_board, required_license_kind, user_qualification_kind, " \
	"user_qualification_level, allowed, law_based, legal_ref, status, valid_from, valid_to") " AS p " \
	"LEFT JOIN @m.specialty_set AS s ON s.set_id = p.specialty_set_id " \
	"WHERE p.product_id = ANY ($4) AND p.action = $5 AND p.country_code = $2 AND p.status = 'approved' " \
	"AND (p.region_code IS NULL OR p.region_code = $6) " \
	"AND p.valid_from <= $3 AND $3 < p.valid_to ORDER BY 3, p.policy_id"
static const AccessStatement policy_statement[] =
KNOWN_PAIR_DIRECT(POLICY_SQL, direct_policy, 6, TIMESTAMPTZOID, TEXTOID, DATEOID, UUIDARRAYOID, TEXTOID, TEXTOID);

#define MEMBER_SQL(T) \
	"SELECT path::text, exclude FROM " T("specialty_set_member", "set_id, path, exclude, sys_from") " AS m " \
	"WHERE set_id = $2 ORDER BY path::text COLLATE \"C\""
static const AccessStatement member_statement[] = KNOWN_PAIR_DIRECT(MEMBER_SQL, direct_member, 2, TIMESTAMPTZOID, UUIDOID);

/* The members of the set that a policy names. */
static void
load_members(const Load *load, PolicyFact *policy)
{
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&policy->set_id)};
	uint64		count;

	if (!uuid_given(&policy->set_id))
		return;
	count = load_read(load, member_statement, args, NULL);
	policy->members = load_array(load, count, sizeof(SetMemberFact));
	policy->n_members = count;
	for (uint64 i = 0; i < count; i++)
	{
		policy->members[i].path = load_text(load, i, 1);
		policy->members[i].exclude = access_bool(i, 2);
	}
}

/* Approved policies for the product and what it stands under, in this place. */
void
load_policies(const Load *load)
{
	Facts	   *facts = load->facts;
	Datum		args[] = {load_known_at(load->request), (Datum) 0,
		DateADTGetDatum(load->request->local_day),
		load_uuids(facts->product.path, facts->product.n_path),
	CStringGetTextDatum(rules_kind_name(load->request->kind)), (Datum) 0};
	uint64		count;

	if (load->request->country == NULL)
		return;
	args[1] = CStringGetTextDatum(load->request->country);
	args[5] = CStringGetTextDatum(load->request->region ? load->request->region : "");
	count = load_read(load, policy_statement, args, NULL);
	facts->policies = load_array(load, count, sizeof(PolicyFact));
	facts->n_policies = count;
	for (uint64 i = 0; i < count; i++)
	{
		PolicyFact *p = &facts->policies[i];

		p->row = load_row(i, 1, 2);
		p->level = access_int32(i, 3);
		p->allowed = access_bool(i, 4);
		p->law_based = access_bool(i, 5);
		p->legal_ref = load_text(load, i, 6);
		p->region = load_text(load, i, 7);
		p->persona = load_text(load, i, 8);
		p->set_id = load_uuid(i, 9);
		p->set_code = load_text(load, i, 10);
		p->specialty = load_text(load, i, 11);
		p->profession = load_text(load, i, 12);
		p->board = load_text(load, i, 13);
		p->license_kind = load_text(load, i, 14);
		p->qualification_kind = load_text(load, i, 15);
		p->qualification_level = access_int32(i, 16);
	}
	for (uint64 i = 0; i < count; i++)
		load_members(load, &facts->policies[i]);
}
