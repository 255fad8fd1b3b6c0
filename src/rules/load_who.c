/*-------------------------------------------------------------------------
 *
 * load_who.c
 *	  Facts about accounts, the acting user, the territory and the visit.
 *
 * src/rules/load_who.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "rules/direct.h"
#include "rules/load.h"
#include "rules/rules.h"
#include "rules/step.h"

#define ACCOUNT_SQL(T) \
	"SELECT a.account_id, a.sys_from, a.kind, a.status, a.country_code, a.prescriber, " \
	"p.account_id, p.sys_from, p.profession, p.no_contact, " \
	"o.account_id, o.sys_from, o.hco_type, o.accepts_samples " \
	"FROM " T("account", "account_id, sys_from, kind, status, country_code, prescriber") " AS a " \
	"LEFT JOIN " T("hcp", "account_id, sys_from, profession, no_contact") " AS p ON p.account_id = a.account_id " \
	"LEFT JOIN " T("hco", "account_id, sys_from, hco_type, accepts_samples") " AS o ON o.account_id = a.account_id " \
	"WHERE a.account_id = $2"
static const AccessStatement account_statement[] = KNOWN_PAIR_DIRECT(ACCOUNT_SQL, direct_account, 2, TIMESTAMPTZOID, UUIDOID);

/* Read the survivor of an account that was asked about. */
void
load_account(const Load *load, const Uuid16 *asked, const Uuid16 *survivor, AccountFact *fact)
{
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(survivor)};

	if (!uuid_given(survivor) || load_read(load, account_statement, args, NULL) == 0)
		return;
	fact->found = true;
	fact->row = load_row(0, 1, 2);
	fact->merged = !uuid_same(asked, survivor);
	fact->kind = load_text(load, 0, 3);
	fact->status = load_text(load, 0, 4);
	fact->country = load_text(load, 0, 5);
	fact->prescriber = access_bool(0, 6);
	fact->has_hcp = !access_null(0, 7);
	fact->hcp = load_row(0, 7, 8);
	fact->profession = load_text(load, 0, 9);
	fact->no_contact = access_bool(0, 10);
	fact->has_hco = !access_null(0, 11);
	fact->hco = load_row(0, 11, 12);
	fact->hco_type = load_text(load, 0, 13);
	fact->accepts_samples = access_bool(0, 14);
}

#define PERSONA_SQL(T) \
	"SELECT assignment_id, sys_from, persona, country_code, team_id " \
	"FROM " T("user_assignment", "assignment_id, user_id, sys_from, persona, country_code, team_id, valid_from, valid_to") " AS a " \
	"WHERE user_id = $2 AND valid_from <= $3 AND $3 < valid_to ORDER BY persona, assignment_id"
static const AccessStatement persona_statement[] = KNOWN_PAIR_DIRECT(PERSONA_SQL, direct_persona, 3, TIMESTAMPTZOID, UUIDOID, DATEOID);

#define ROSTER_SQL(T) \
	"SELECT roster_id, sys_from, role, may_sample " \
	"FROM " T("territory_user", "roster_id, user_id, territory_id, sys_from, role, may_sample, valid_from, valid_to") " AS u " \
	"WHERE user_id = $2 AND territory_id = $4 AND valid_from <= $3 AND $3 < valid_to ORDER BY role, roster_id"
static const AccessStatement roster_statement[] = KNOWN_PAIR_DIRECT(ROSTER_SQL, direct_roster, 4, TIMESTAMPTZOID, UUIDOID, DATEOID, UUIDOID);

#define QUALIFICATION_SQL(T) \
	"SELECT qualification_id, sys_from, kind, level, jurisdiction, product_id IS NULL OR product_id = ANY ($4) " \
	"FROM " T("user_qualification", "qualification_id, user_id, sys_from, kind, level, jurisdiction, product_id, valid_from, valid_to") " AS q " \
	"WHERE user_id = $2 AND valid_from <= $3 AND $3 < valid_to ORDER BY kind, qualification_id"
static const AccessStatement qualification_statement[] =
KNOWN_PAIR_DIRECT(QUALIFICATION_SQL, direct_qualification, 4, TIMESTAMPTZOID, UUIDOID, DATEOID, UUIDARRAYOID);

/* What the acting user is and may, on the business day; the product is loaded. */
void
load_user(const Load *load)
{
	UserFact   *user = &load->facts->user;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->user_id),
		DateADTGetDatum(load->request->local_day), (Datum) 0};
	uint64		count;

	user->user_id = load->request->user_id;
	user->company_id = load->request->company_id;
	user->found = uuid_given(&user->user_id) && uuid_given(&user->company_id);
	if (!user->found)
		return;

	count = load_read(load, persona_statement, args, NULL);
	user->personas = load_array(load, count, sizeof(PersonaFact));
	user->n_personas = count;
	for (uint64 i = 0; i < count; i++)
	{
		user->personas[i].row = load_row(i, 1, 2);
		user->personas[i].persona = access_required_text(i, 3, load->context);
		user->personas[i].country = load_text(load, i, 4);
		user->personas[i].team_id = load_uuid(i, 5);
	}

	args[3] = PointerGetDatum(&load->request->territory_id);
	count = load_read(load, roster_statement, args, NULL);
	user->rosters = load_array(load, count, sizeof(RosterFact));
	user->n_rosters = count;
	for (uint64 i = 0; i < count; i++)
	{
		user->rosters[i].row = load_row(i, 1, 2);
		user->rosters[i].role = load_text(load, i, 3);
		user->rosters[i].may_sample = access_bool(i, 4);
	}

	args[3] = load_uuids(load->facts->product.path, load->facts->product.n_path);
	count = load_read(load, qualification_statement, args, NULL);
	user->qualifications = load_array(load, count, sizeof(QualificationFact));
	user->n_qualifications = count;
	for (uint64 i = 0; i < count; i++)
	{
		user->qualifications[i].row = load_row(i, 1, 2);
		user->qualifications[i].kind = load_text(load, i, 3);
		user->qualifications[i].level = access_int32(i, 4);
		user->qualifications[i].jurisdiction = load_text(load, i, 5);
		user->qualifications[i].covers_product = access_bool(i, 6);
	}
}

#define TERRITORY_SQL(T) \
	"SELECT n.team_id, t.company_id, t.domain, p.model_id " \
	"FROM @m.territory_node AS n JOIN @m.sales_team AS t ON t.team_id = n.team_id " \
	"LEFT JOIN (" T("territory_model", "model_id, team_id, state, valid_from, valid_to, sys_from") " AS m " \
	"JOIN " T("territory_place", "model_id, territory_id, valid_from, valid_to, sys_from") " AS p ON p.model_id = m.model_id " \
	"AND p.territory_id = $2 AND p.valid_from <= $3 AND $3 < p.valid_to) " \
	"ON m.team_id = n.team_id AND m.state = 'published' AND m.valid_from <= $3 AND $3 < m.valid_to " \
	"WHERE n.territory_id = $2"
static const AccessStatement territory_statement[] = KNOWN_PAIR_DIRECT(TERRITORY_SQL, direct_territory, 3, TIMESTAMPTZOID, UUIDOID, DATEOID);

#define ALIGNED_SQL(T) \
	"SELECT account_id, sys_from, valid_from " \
	"FROM " T("account_territory", "account_id, territory_id, valid_from, valid_to, sys_from") " AS a " \
	"WHERE account_id = $4 AND territory_id = $2 AND valid_from <= $3 AND $3 < valid_to"
static const AccessStatement aligned_statement[] = KNOWN_PAIR_DIRECT(ALIGNED_SQL, direct_aligned, 4, TIMESTAMPTZOID, UUIDOID, DATEOID, UUIDOID);

/* The territory, its place in the active model, and whether it works the account. */
void
load_territory(const Load *load)
{
	TerritoryFact *territory = &load->facts->territory;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->territory_id),
		DateADTGetDatum(load->request->local_day), PointerGetDatum(&load->request->recipient_id)};

	if (!uuid_given(&load->request->territory_id) ||
		load_read(load, territory_statement, args, NULL) == 0)
		return;
	territory->found = true;
	territory->territory_id = load->request->territory_id;
	territory->team_id = load_uuid(0, 1);
	territory->company_id = load_uuid(0, 2);
	territory->domain = load_text(load, 0, 3);
	territory->placed = !access_null(0, 4);
	territory->model_id = load_uuid(0, 4);

	if (load_read(load, aligned_statement, args, NULL) == 0)
		return;
	territory->account_aligned = true;
	territory->alignment = load_row(0, 1, 2);
	territory->alignment_from = load_date(0, 3);
}

/* the place is the point that the visit's inherits from; chains are short */
#define VISIT_SQL(T) \
	"SELECT v.visit_id, v.sys_from, coalesce(a.survivor_id, a.account_id), v.territory_id, v.owner_id, v.status, " \
	"v.domain, v.channel, v.actual_from, v.delay_reason IS NOT NULL, " \
	"(WITH RECURSIVE chain AS (SELECT v.place_id AS point, 0 AS depth UNION ALL " \
	"SELECT c.inherits_from, chain.depth + 1 FROM chain " \
	"JOIN " T##_BY("contact_point", "contact_point_id, inherits_from", "c", "contact_point_id", "chain.point") " " \
	"WHERE c.inherits_from IS NOT NULL AND chain.depth < 8) " \
	"SELECT point FROM chain ORDER BY depth DESC LIMIT 1), " \
	"coalesce(v.actual_to, (date_trunc('day', v.actual_from AT TIME ZONE $3) + interval '1 day') AT TIME ZONE $3) " \
	"FROM " T("visit", "visit_id, sys_from, account_id, territory_id, owner_id, place_id, status, domain, channel, actual_from, actual_to, delay_reason") " AS v " \
	"JOIN " T##_BY("account", "account_id, survivor_id", "a", "account_id", "v.account_id") " WHERE v.visit_id = $2"
static const AccessStatement visit_statement[] = KNOWN_PAIR_DIRECT(VISIT_SQL, direct_visit, 3, TIMESTAMPTZOID, UUIDOID, TEXTOID);

void
load_visit(const Load *load)
{
	VisitFact  *visit = &load->facts->visit;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->visit_id),
	CStringGetTextDatum(load->request->tz ? load->request->tz : "UTC")};

	if (!uuid_given(&load->request->visit_id) || load_read(load, visit_statement, args, NULL) == 0)
		return;
	visit->found = true;
	visit->row = load_row(0, 1, 2);
	visit->account_id = load_uuid(0, 3);
	visit->territory_id = load_uuid(0, 4);
	visit->owner_id = load_uuid(0, 5);
	visit->status = load_text(load, 0, 6);
	visit->domain = load_text(load, 0, 7);
	visit->channel = load_text(load, 0, 8);
	visit->actual_from = load_time(0, 9);
	visit->delay_reason = access_bool(0, 10);
	visit->place_id = load_uuid(0, 11);
	visit->ends_at = load_time(0, 12);
}
