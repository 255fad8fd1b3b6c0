/*-------------------------------------------------------------------------
 *
 * resolve.c
 *	  Fill what follows from a request: who acts, from which territory, where
 *	  it happens, and on which business day.
 *
 * src/rules/resolve.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "rules/direct.h"
#include "rules/load.h"
#include "rules/rules.h"
#include "rules/step.h"
#include "security/acting_user.h"

/* An empty request of the kind, for the caller to fill. */
void
rules_request_init(RuleRequest *request, FactKind kind)
{
	memset(request, 0, sizeof(*request));
	request->kind = kind;
	request->at = request->known_at = request->received_at = TIME_NONE;
	request->local_day = request->received_day = DATE_NONE;
}

/* The same bytes in the type of the pure code. */
Uuid16
rules_uuid(const pg_uuid_t *uuid)
{
	Uuid16		result;

	StaticAssertStmt(sizeof(result) == sizeof(*uuid), "Uuid16 must be laid out as pg_uuid_t");
	memcpy(&result, uuid, sizeof(result));
	return result;
}

/* Take the value for a field the caller left out. */
static void
take_uuid(Uuid16 *field, uint64 row, int column)
{
	if (!uuid_given(field))
		*field = load_uuid(row, column);
}

#define SURVIVOR_SQL(T) \
	"SELECT coalesce(a.survivor_id, a.account_id), a.kind, a.country_code, c.tz " \
	"FROM " T("account", "account_id, survivor_id, kind, country_code") " AS a " \
	"JOIN @m.country AS c ON c.country_code = a.country_code WHERE a.account_id = $2"
static const AccessStatement survivor_statement[] = KNOWN_PAIR_DIRECT(SURVIVOR_SQL, direct_survivor, 2, TIMESTAMPTZOID, UUIDOID);

#define REQUESTED_BY_SQL(T) \
	"SELECT practitioner_id FROM " T("sample_request", "request_id, practitioner_id, sys_from") " AS r WHERE request_id = $2"
static const AccessStatement requested_by_statement[] = KNOWN_PAIR_DIRECT(REQUESTED_BY_SQL, direct_requested_by, 2, TIMESTAMPTZOID, UUIDOID);

/*
 * Who receives and who asked; a professional who receives has asked himself,
 * for an organisation the one whose request is named.
 */
static void
resolve_accounts(const Load *load, RuleRequest *request)
{
	Datum		args[] = {load_known_at(request), PointerGetDatum(&request->account_id)};

	request->recipient_id = request->account_id;
	if (uuid_given(&request->account_id) && load_read(load, survivor_statement, args, NULL) > 0)
	{
		const char *kind = load_text(load, 0, 2);

		request->recipient_id = load_uuid(0, 1);
		request->country = load_text(load, 0, 3);
		request->tz = load_text(load, 0, 4);
		if (!uuid_given(&request->practitioner_id) && strcmp(kind, "hcp") == 0)
			request->practitioner_id = request->account_id;
	}
	args[1] = PointerGetDatum(&request->request_id);
	if (!uuid_given(&request->practitioner_id) && uuid_given(&request->request_id) &&
		load_read(load, requested_by_statement, args, NULL) > 0)
		request->practitioner_id = load_uuid(0, 1);
	request->prescriber_id = request->practitioner_id;
	args[1] = PointerGetDatum(&request->practitioner_id);
	if (uuid_given(&request->practitioner_id) && load_read(load, survivor_statement, args, NULL) > 0)
		request->prescriber_id = load_uuid(0, 1);
}

static const AccessStatement user_statement =
{"SELECT u.company_id, CASE WHEN c.is_controller THEN c.company_id END "
	"FROM @m.app_user AS u JOIN @m.company AS c ON c.company_id = u.company_id WHERE u.user_id = $1",
1, {UUIDOID}, direct_user};

static const AccessStatement product_company_statement =
{"SELECT company_id FROM @m.product WHERE product_id = $1", 1, {UUIDOID}, direct_product_company};

/*
 * Who acts, for which company, and in whose name data are used: his company,
 * or the product's when his holds no consent of its own.
 */
static void
resolve_user(const Load *load, RuleRequest *request)
{
	ActingUser	user;
	Datum		arg;

	if (!uuid_given(&request->user_id) && security_acting_user(load->scope, &user))
		request->user_id = rules_uuid(&user.user_id);
	if (!uuid_given(&request->user_id))
		return;
	arg = PointerGetDatum(&request->user_id);
	if (access_read(load->scope, &user_statement, &arg, NULL, 1) > 0)
	{
		request->company_id = load_uuid(0, 1);
		take_uuid(&request->controller_id, 0, 2);
	}
	arg = PointerGetDatum(&request->product_id);
	if (!uuid_given(&request->controller_id) && uuid_given(&request->product_id) &&
		access_read(load->scope, &product_company_statement, &arg, NULL, 1) > 0)
		take_uuid(&request->controller_id, 0, 1);
}

#define OPEN_VISIT_SQL(T) \
	"SELECT v.visit_id FROM " T("visit", "visit_id, account_id, owner_id, status, actual_from, sys_from") " AS v " \
	"JOIN " T##_BY("account", "account_id, survivor_id", "a", "account_id", "v.account_id") " " \
	"WHERE v.owner_id = $2 AND coalesce(a.survivor_id, a.account_id) = ANY ($3) " \
	"AND v.status IN ('in_progress', 'on_hold', 'completed', 'reopened') " \
	"AND v.actual_from BETWEEN $4 - interval '1 day' AND $4 ORDER BY v.actual_from DESC LIMIT 1"
static const AccessStatement open_visit_statement[] =
KNOWN_PAIR(OPEN_VISIT_SQL, 4, TIMESTAMPTZOID, UUIDOID, UUIDARRAYOID, TIMESTAMPTZOID);

#define VISIT_PLACE_SQL(T) \
	"SELECT territory_id, place_id, channel, domain " \
	"FROM " T("visit", "visit_id, territory_id, place_id, channel, domain, sys_from") " AS v WHERE visit_id = $2"
static const AccessStatement visit_place_statement[] = KNOWN_PAIR_DIRECT(VISIT_PLACE_SQL, direct_visit_place, 2, TIMESTAMPTZOID, UUIDOID);

/* The visit, and what it says about territory, place, channel and domain. */
static void
resolve_visit(const Load *load, RuleRequest *request)
{
	Datum		args[4] = {load_known_at(request)};

	if (request->suggest && !uuid_given(&request->visit_id) && uuid_given(&request->user_id) &&
		(request->kind == KIND_SAMPLE_DROP || request->kind == KIND_DETAIL))
	{
		Uuid16		accounts[] = {request->recipient_id, request->prescriber_id};

		args[1] = PointerGetDatum(&request->user_id);
		args[2] = load_uuids(accounts, lengthof(accounts));
		args[3] = TimestampTzGetDatum(request->at);
		if (load_read(load, open_visit_statement, args, NULL) > 0)
			request->visit_id = load_uuid(0, 1);
	}
	args[1] = PointerGetDatum(&request->visit_id);
	if (!uuid_given(&request->visit_id) || load_read(load, visit_place_statement, args, NULL) == 0)
		return;
	take_uuid(&request->territory_id, 0, 1);
	take_uuid(&request->delivery_point_id, 0, 2);
	if (request->channel == NULL)
		request->channel = load_text(load, 0, 3);
	request->domain = load_text(load, 0, 4);
}

#define SHIP_TO_SQL(T) \
	"SELECT ship_to_id FROM " T("sample_request", "request_id, ship_to_id, sys_from") " AS r WHERE request_id = $2"
static const AccessStatement ship_to_statement[] = KNOWN_PAIR_DIRECT(SHIP_TO_SQL, direct_ship_to, 2, TIMESTAMPTZOID, UUIDOID);

/*
 * A point that inherits takes its place from the one it inherits from, and
 * stands in the organisation of that, or in the survivor of its merge.  Samples
 * may be sent to it when one of them says so.
 */
#define PLACE_SQL(T) \
	"WITH RECURSIVE chain AS (" \
	"SELECT c.contact_point_id, c.inherits_from, c.account_id, c.region_code, c.country_code, c.tz, c.can_ship, 0 AS depth " \
	"FROM " T("contact_point", "contact_point_id, inherits_from, account_id, region_code, country_code, tz, can_ship") " AS c WHERE c.contact_point_id = $2 " \
	"UNION ALL SELECT c.contact_point_id, c.inherits_from, c.account_id, c.region_code, c.country_code, c.tz, c.can_ship OR chain.can_ship, chain.depth + 1 " \
	"FROM chain JOIN " T##_BY("contact_point", "contact_point_id, inherits_from, account_id, region_code, country_code, tz, can_ship", \
	"c", "contact_point_id", "chain.inherits_from") " WHERE chain.depth < 8) " \
	"SELECT chain.country_code, chain.region_code, coalesce(chain.tz, r.tz, n.tz), coalesce(a.survivor_id, o.account_id), chain.contact_point_id, chain.can_ship " \
	"FROM chain LEFT JOIN @m.region AS r ON r.region_code = chain.region_code " \
	"LEFT JOIN @m.country AS n ON n.country_code = chain.country_code " \
	"LEFT JOIN @m.hco AS o ON o.account_id = chain.account_id " \
	"LEFT JOIN " T##_BY("account", "account_id, survivor_id", "a", "account_id", "o.account_id") " ORDER BY chain.depth DESC LIMIT 1"
static const AccessStatement place_statement[] = KNOWN_PAIR_DIRECT(PLACE_SQL, direct_place, 2, TIMESTAMPTZOID, UUIDOID);

/*
 * Whether nobody of $2 is at home in the chain of points from $3 upwards: no
 * point of it is theirs, none of their points inherits from one, and none of
 * them is affiliated on the day $4 with an organisation whose point it is.
 */
#define FOREIGN_SQL(T) \
	"WITH RECURSIVE chain AS (" \
	"SELECT c.contact_point_id, c.inherits_from, c.account_id, 0 AS depth " \
	"FROM " T("contact_point", "contact_point_id, inherits_from, account_id") " AS c WHERE c.contact_point_id = $3 " \
	"UNION ALL SELECT c.contact_point_id, c.inherits_from, c.account_id, chain.depth + 1 " \
	"FROM chain JOIN " T##_BY("contact_point", "contact_point_id, inherits_from, account_id", "c", "contact_point_id", "chain.inherits_from") \
	" WHERE chain.depth < 8), " \
	"own AS (" \
	"SELECT c.contact_point_id, c.inherits_from, 0 AS depth " \
	"FROM " T("contact_point", "contact_point_id, account_id, inherits_from, kind, valid_from, valid_to") " AS c " \
	"WHERE c.account_id = ANY ($2) AND c.kind = 'address' AND c.valid_from <= $4 AND $4 < c.valid_to " \
	"UNION ALL SELECT c.contact_point_id, c.inherits_from, own.depth + 1 " \
	"FROM own JOIN " T##_BY("contact_point", "contact_point_id, inherits_from", "c", "contact_point_id", "own.inherits_from") \
	" WHERE own.depth < 8) " \
	"SELECT CASE WHEN EXISTS (SELECT FROM chain WHERE chain.account_id = ANY ($2)) THEN false " \
	"WHEN EXISTS (SELECT FROM own JOIN chain ON chain.contact_point_id = own.contact_point_id) THEN false " \
	"ELSE NOT EXISTS (SELECT FROM chain JOIN @m.affiliation AS f ON f.to_account_id = chain.account_id " \
	"WHERE f.from_account_id = ANY ($2) AND f.valid_from <= $4 AND $4 < f.valid_to) END"
static const AccessStatement foreign_statement[] =
KNOWN_PAIR_DIRECT(FOREIGN_SQL, direct_foreign, 4, TIMESTAMPTZOID, UUIDARRAYOID, UUIDOID, DATEOID);

/*
 * Whether samples would go to a place that has nothing to do with who receives
 * them or asked for them: whoever could name any place would choose the law.
 */
static bool
place_is_foreign(const Load *load, const RuleRequest *request)
{
	Uuid16		accounts[] = {request->account_id, request->recipient_id,
	request->practitioner_id, request->prescriber_id};
	Datum		args[] = {load_known_at(request), load_uuids(accounts, lengthof(accounts)),
		PointerGetDatum(&request->delivery_point_id),
	DateADTGetDatum(request->local_day)};

	if (!rules_is_sample(request->kind) || !uuid_given(&request->delivery_point_id))
		return false;
	load_read(load, foreign_statement, args, NULL);
	return access_bool(0, 1);
}

#define ADDRESS_SQL(T) \
	"SELECT contact_point_id FROM " \
	T("contact_point", "contact_point_id, account_id, kind, is_primary, valid_from, valid_to") " AS c " \
	"WHERE account_id = ANY ($2) AND kind = 'address' AND valid_from <= $3 AND $3 < valid_to " \
	"ORDER BY array_position($2, account_id), is_primary DESC, contact_point_id LIMIT 1"
static const AccessStatement address_statement[] =
KNOWN_PAIR_DIRECT(ADDRESS_SQL, direct_address, 3, TIMESTAMPTZOID, UUIDARRAYOID, DATEOID);

/* The local day of a moment. */
static int32_t
local_day(int64_t at, const char *tz)
{
	Datum		local = DirectFunctionCall2(timestamptz_zone, CStringGetTextDatum(tz), TimestampTzGetDatum(at));
	DateADT		day = DatumGetDateADT(DirectFunctionCall1(timestamp_date, local));

	return DATE_NOT_FINITE(day) ? DATE_NONE : day;
}

/*
 * The place of delivery and its business day: the point named, that of the
 * request for a shipment, of the visit, or the recipient's first address.
 * Where none is known the country of the account stands in.
 */
static void
resolve_place(const Load *load, RuleRequest *request)
{
	Uuid16		accounts[] = {request->account_id, request->recipient_id};
	Datum		args[3] = {load_known_at(request)};

	args[1] = PointerGetDatum(&request->request_id);
	if (request->kind == KIND_SAMPLE_SHIP && !uuid_given(&request->delivery_point_id) &&
		uuid_given(&request->request_id) && load_read(load, ship_to_statement, args, NULL) > 0)
		request->delivery_point_id = load_uuid(0, 1);
	if (request->tz == NULL)
		request->tz = "UTC";
	if (!uuid_given(&request->delivery_point_id))
	{
		args[1] = load_uuids(accounts, lengthof(accounts));
		args[2] = DateADTGetDatum(local_day(request->at, request->tz));
		if (load_read(load, address_statement, args, NULL) > 0)
			request->delivery_point_id = load_uuid(0, 1);
	}
	args[1] = PointerGetDatum(&request->delivery_point_id);
	if (uuid_given(&request->delivery_point_id) && load_read(load, place_statement, args, NULL) > 0)
	{
		if (!access_null(0, 1))
			request->country = load_text(load, 0, 1);
		request->region = load_text(load, 0, 2);
		if (!access_null(0, 3))
			request->tz = load_text(load, 0, 3);
		request->hco_id = load_uuid(0, 4);
		request->place_id = load_uuid(0, 5);
		request->can_ship = access_bool(0, 6);
	}
	request->local_day = local_day(request->at, request->tz);
	request->received_day = request->received_at == TIME_NONE ? DATE_NONE :
		local_day(request->received_at, request->tz);
	request->place_foreign = place_is_foreign(load, request);
}

#define PRIMARY_SQL(T) \
	"SELECT DISTINCT territory_id FROM " \
	T("territory_user", "territory_id, user_id, role, is_primary, valid_from, valid_to, sys_from") " AS u " \
	"WHERE user_id = $2 AND is_primary AND valid_from <= $3 AND $3 < valid_to"
static const AccessStatement primary_statement[] = KNOWN_PAIR_DIRECT(PRIMARY_SQL, direct_primary, 3, TIMESTAMPTZOID, UUIDOID, DATEOID);

static const AccessStatement team_statement =
{"SELECT n.team_id, t.domain FROM @m.territory_node AS n JOIN @m.sales_team AS t ON t.team_id = n.team_id WHERE n.territory_id = $1",
1, {UUIDOID}, direct_team};

/* The territory when the visit did not say: the one primary roster of the day. */
static void
resolve_territory(const Load *load, RuleRequest *request)
{
	Datum		args[] = {load_known_at(request), PointerGetDatum(&request->user_id),
	DateADTGetDatum(request->local_day)};
	Datum		arg = PointerGetDatum(&request->territory_id);

	if (!uuid_given(&request->territory_id) && uuid_given(&request->user_id))
	{
		request->territory_candidates = load_read(load, primary_statement, args, NULL);
		if (request->territory_candidates == 1)
			request->territory_id = load_uuid(0, 1);
	}
	if (!uuid_given(&request->territory_id) || access_read(load->scope, &team_statement, &arg, NULL, 1) == 0)
		return;
	request->team_id = load_uuid(0, 1);
	if (request->domain == NULL)
		request->domain = load_text(load, 0, 2);
}

#define SAME_IDENTITY(T, ids) \
	"ANY (ARRAY(SELECT a.account_id FROM " T("account", "account_id, survivor_id") " AS a " \
	"WHERE a.account_id = ANY (" ids ") OR a.survivor_id = ANY (" ids "))) "

#define OPEN_REQUEST_SQL(T) \
	"SELECT r.request_id FROM " T("sample_request", "request_id, account_id, practitioner_id, kind, status, requested_at, sys_from") " AS r " \
	"JOIN @m.sample_request_line AS l ON l.request_id = r.request_id AND l.product_id = $3 " \
	"WHERE r.account_id = " SAME_IDENTITY(T, "$2") \
	"AND r.practitioner_id = " SAME_IDENTITY(T, "$4") "AND r.kind = $5 AND r.status IN ('draft', 'signed', 'approved') " \
	"ORDER BY r.requested_at <= $7 DESC, l.requested - l.fulfilled >= $6 DESC, r.status = 'draft', r.requested_at DESC, r.request_id LIMIT 1"
static const AccessStatement open_request_statement[] =
KNOWN_PAIR(OPEN_REQUEST_SQL, 7, TIMESTAMPTZOID, UUIDARRAYOID, UUIDOID, UUIDARRAYOID, TEXTOID, INT8OID, TIMESTAMPTZOID);

static const AccessStatement bag_statement =
{"SELECT location_id FROM @m.inventory_location WHERE user_id = $1 AND kind = 'rep'", 1, {UUIDOID}, direct_bag};

static const AccessStatement bag_lot_statement =
{"SELECT b.batch_id FROM @m.inventory_stock AS s JOIN @m.product_batch AS b ON b.batch_id = s.batch_id "
	"WHERE s.location_id = $1 AND b.product_id = $2 AND s.on_hand > 0 "
	"ORDER BY b.status = 'released' AND b.expires_on >= $3 DESC, s.on_hand >= $4 DESC, b.expires_on, b.batch_id LIMIT 1",
4, {UUIDOID, UUIDOID, DATEOID, INT8OID}};

static const AccessStatement warehouse_lot_statement =
{"SELECT s.location_id, b.batch_id FROM @m.product_batch AS b JOIN @m.inventory_stock AS s ON s.batch_id = b.batch_id "
	"JOIN @m.inventory_location AS i ON i.location_id = s.location_id AND i.kind = 'warehouse' "
	"AND (i.company_id IS NULL OR i.company_id = $1) "
	"WHERE b.product_id = $2 AND s.on_hand > 0 "
	"ORDER BY b.status = 'released' AND b.expires_on >= $3 DESC, s.on_hand >= $4 DESC, b.expires_on, b.batch_id, s.location_id LIMIT 1",
4, {UUIDOID, UUIDOID, DATEOID, INT8OID}};

/* For advice: the written request that would serve, when none is named. */
static void
suggest_request(const Load *load, RuleRequest *request)
{
	Uuid16		accounts[] = {request->account_id, request->recipient_id};
	Uuid16		practitioners[] = {request->practitioner_id, request->prescriber_id};
	Datum		args[] = {load_known_at(request), load_uuids(accounts, lengthof(accounts)),
		PointerGetDatum(&request->product_id), load_uuids(practitioners, lengthof(practitioners)),
		CStringGetTextDatum(request->kind == KIND_SAMPLE_DROP ? "drop" : "ship"),
	Int64GetDatum(request->quantity / QUANTITY_UNIT), TimestampTzGetDatum(request->at)};

	if (request->suggest && !uuid_given(&request->request_id) && rules_is_sample(request->kind) &&
		load_read(load, open_request_statement, args, NULL) > 0)
		request->request_id = load_uuid(0, 1);
}

/* For advice: the lot that would serve, from the place named or a warehouse. */
static void
suggest_lot(const Load *load, RuleRequest *request)
{
	Datum		args[] = {PointerGetDatum(&request->location_id), PointerGetDatum(&request->product_id),
		DateADTGetDatum(request->local_day),
	Int64GetDatum(request->quantity / QUANTITY_UNIT)};

	if (!request->suggest || !rules_is_sample(request->kind) || uuid_given(&request->batch_id))
		return;
	if (uuid_given(&request->location_id))
	{
		if (access_read(load->scope, &bag_lot_statement, args, NULL, 1) > 0)
			request->batch_id = load_uuid(0, 1);
		return;
	}
	args[0] = PointerGetDatum(&request->company_id);
	if (request->kind == KIND_SAMPLE_SHIP &&
		access_read(load->scope, &warehouse_lot_statement, args, NULL, 1) > 0)
	{
		request->location_id = load_uuid(0, 1);
		request->batch_id = load_uuid(0, 2);
	}
}

/* A hand-over takes from the user's own bag. */
static void
resolve_goods(const Load *load, RuleRequest *request)
{
	Datum		arg = PointerGetDatum(&request->user_id);

	if (request->kind == KIND_SAMPLE_DROP && uuid_given(&request->user_id) &&
		!uuid_given(&request->location_id) && access_read(load->scope, &bag_statement, &arg, NULL, 1) > 0)
		request->location_id = load_uuid(0, 1);
	suggest_lot(load, request);
}

/* See rules.h. */
void
rules_resolve(AccessScope *scope, RuleRequest *request, MemoryContext context)
{
	Load		load = {scope, NULL, request, context, request->known_at != TIME_NONE};

	if (request->at == TIME_NONE)
		request->at = GetCurrentStatementStartTimestamp();
	if (request->received_at == TIME_NONE && uuid_given(&request->fact_id))
		request->received_at = GetCurrentTimestamp();
	if (request->purpose == NULL)
		request->purpose = rules_is_sample(request->kind) ? "sample_receipt" : "marketing";

	resolve_accounts(&load, request);
	resolve_user(&load, request);
	suggest_request(&load, request);
	resolve_visit(&load, request);
	resolve_place(&load, request);
	resolve_territory(&load, request);
	resolve_goods(&load, request);
	if (request->domain == NULL)
		request->domain = "commercial";
}
