/*-------------------------------------------------------------------------
 *
 * direct_resolve.c
 *	  The statements of resolve.c by index probes; those that only make
 *	  suggestions stay with SPI.
 *
 * src/rules/direct_resolve.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "rules/direct.h"

#define CHAIN_LENGTH 8			/* of points that inherit, as in the statements */

/* Emit columns of the one row that a probe finds. */
static void
answer_one(Answer *answer, const Probe *probe, Datum key, int ncolumns)
{
	ProbeKey	keys[] = {probe_key(key)};
	ProbeRow	row;

	if (!probe_one(answer, probe, keys, &row))
		return;
	answer_columns(answer, &row, 0, ncolumns);
	answer_end_row(answer);
}

static const Probe account_probe = {
	"account", 1, {{"account_id", UUIDOID}},
	4, {{"survivor_id", UUIDOID}, {"account_id", UUIDOID}, {"kind", TEXTOID}, {"country_code", TEXTOID}}
};

static const Probe country_probe = {
	"country", 1, {{"country_code", TEXTOID}}, 1, {{"tz", TEXTOID}}
};

/* $2: the account */
void
direct_survivor(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[1]);
	ProbeRow	account;
	ProbeRow	country;

	if (!probe_one(answer, &account_probe, &key, &account))
		return;
	key = probe_key_of(&account, 3);
	if (!probe_one(answer, &country_probe, &key, &country))
		return;
	key = probe_key_either(&account, 0, 1);
	answer_value(answer, key.value, key.isnull);
	answer_columns(answer, &account, 2, 2);
	answer_columns(answer, &country, 0, 1);
	answer_end_row(answer);
}

static const Probe request_probe = {
	"sample_request", 1, {{"request_id", UUIDOID}}, 1, {{"practitioner_id", UUIDOID}}
};

/* $2: the request */
void
direct_requested_by(Answer *answer, const Datum *args, const char *nulls)
{
	answer_one(answer, &request_probe, args[1], 1);
}

static const Probe user_probe = {
	"app_user", 1, {{"user_id", UUIDOID}}, 1, {{"company_id", UUIDOID}}
};

static const Probe company_probe = {
	"company", 1, {{"company_id", UUIDOID}}, 2, {{"company_id", UUIDOID}, {"is_controller", BOOLOID}}
};

/* $1: the user */
void
direct_user(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[0]);
	ProbeRow	user;
	ProbeRow	company;

	if (!probe_one(answer, &user_probe, &key, &user))
		return;
	key = probe_key_of(&user, 0);
	if (!probe_one(answer, &company_probe, &key, &company))
		return;
	answer_columns(answer, &user, 0, 1);
	answer_value(answer, company.values[0], company.nulls[1] || !DatumGetBool(company.values[1]));
	answer_end_row(answer);
}

static const Probe product_probe = {
	"product", 1, {{"product_id", UUIDOID}}, 1, {{"company_id", UUIDOID}}
};

/* $1: the product */
void
direct_product_company(Answer *answer, const Datum *args, const char *nulls)
{
	answer_one(answer, &product_probe, args[0], 1);
}

static const Probe visit_probe = {
	"visit", 1, {{"visit_id", UUIDOID}},
	4, {{"territory_id", UUIDOID}, {"place_id", UUIDOID}, {"channel", TEXTOID}, {"domain", TEXTOID}}
};

/* $2: the visit */
void
direct_visit_place(Answer *answer, const Datum *args, const char *nulls)
{
	answer_one(answer, &visit_probe, args[1], 4);
}

static const Probe ship_to_probe = {
	"sample_request", 1, {{"request_id", UUIDOID}}, 1, {{"ship_to_id", UUIDOID}}
};

/* $2: the request */
void
direct_ship_to(Answer *answer, const Datum *args, const char *nulls)
{
	answer_one(answer, &ship_to_probe, args[1], 1);
}

static const Probe point_probe = {
	"contact_point", 1, {{"contact_point_id", UUIDOID}},
	7, {{"contact_point_id", UUIDOID}, {"inherits_from", UUIDOID}, {"account_id", UUIDOID},
		{"region_code", TEXTOID}, {"country_code", TEXTOID}, {"tz", TEXTOID}, {"can_ship", BOOLOID}}
};

/* The point and what it inherits from, in this order. */
static void
points_of(Answer *answer, ProbeKey start, ProbeRows *chain)
{
	for (int depth = 0; depth <= CHAIN_LENGTH; depth++)
	{
		int			before = chain->count;

		probe_add(answer, &point_probe, &start, chain);
		if (chain->count == before)
			break;
		start = probe_key_of(&chain->rows[before], 1);
	}
}

static const Probe region_probe = {
	"region", 1, {{"region_code", TEXTOID}}, 1, {{"tz", TEXTOID}}
};

static const Probe hco_probe = {
	"hco", 1, {{"account_id", UUIDOID}}, 1, {{"account_id", UUIDOID}}
};

/* Append whether one of the points may be sent to, as SQL's OR. */
static void
answer_can_ship(Answer *answer, const ProbeRows *chain)
{
	bool		can = false;
	bool		unknown = false;

	for (int i = 0; i < chain->count; i++)
	{
		if (chain->rows[i].nulls[6])
			unknown = true;
		else
			can = can || DatumGetBool(chain->rows[i].values[6]);
	}
	answer_value(answer, BoolGetDatum(can), !can && unknown);
}

/* $2: the point */
void
direct_place(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeRows	chain = {0};
	ProbeRow   *point;
	ProbeRow	region;
	ProbeRow	country;
	ProbeRow	hco;
	ProbeRow	account;
	ProbeKey	key;

	points_of(answer, probe_key(args[1]), &chain);
	if (chain.count == 0)
		return;
	point = &chain.rows[chain.count - 1];
	key = probe_key_of(point, 3);
	probe_one(answer, &region_probe, &key, &region);
	key = probe_key_of(point, 4);
	probe_one(answer, &country_probe, &key, &country);
	key = probe_key_of(point, 2);
	probe_one(answer, &hco_probe, &key, &hco);
	key = probe_key_of(&hco, 0);
	probe_one(answer, &account_probe, &key, &account);

	answer_columns(answer, point, 4, 1);
	answer_columns(answer, point, 3, 1);
	if (!point->nulls[5])
		answer_columns(answer, point, 5, 1);
	else
		answer_columns(answer, region.nulls[0] ? &country : &region, 0, 1);
	if (!account.nulls[0])
		answer_columns(answer, &account, 0, 1);
	else
		answer_columns(answer, &hco, 0, 1);
	answer_columns(answer, point, 0, 1);
	answer_can_ship(answer, &chain);
	answer_end_row(answer);
}

static const Probe own_points_probe = {
	"contact_point", 1, {{"account_id", UUIDOID}},
	7, {{"contact_point_id", UUIDOID}, {"inherits_from", UUIDOID}, {"account_id", UUIDOID},
		{"kind", TEXTOID}, {"is_primary", BOOLOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

static const Probe affiliation_probe = {
	"affiliation", 1, {{"from_account_id", UUIDOID}},
	3, {{"to_account_id", UUIDOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* Is a point of the chain from here upwards one of the others? */
static bool
chains_meet(Answer *answer, ProbeKey start, const ProbeRows *others)
{
	ProbeRows	own = {0};

	points_of(answer, start, &own);
	for (int i = 0; i < own.count; i++)
		for (int k = 0; k < others->count; k++)
			if (probe_same_id(&own.rows[i], 0, others->rows[k].values[0]))
				return true;
	return false;
}

/* The points and the day that an affiliation is looked at for. */
typedef struct PointsOnDay
{
	const ProbeRows *chain;
	Datum		day;
} PointsOnDay;

/* Does the affiliation hold that day, with whose point one of them is? */
static bool
leads_to_point(const ProbeRow *edge, const void *arg)
{
	const PointsOnDay *points = arg;

	if (!probe_valid_on(edge, 1, 2, points->day))
		return false;
	for (int k = 0; k < points->chain->count; k++)
		if (probe_same_id(&points->chain->rows[k], 2, edge->values[0]))
			return true;
	return false;
}

static bool
place_is_theirs(Answer *answer, const Datum *ids, int count, Datum place, Datum day)
{
	ProbeRows	chain = {0};

	points_of(answer, probe_key(place), &chain);
	for (int i = 0; i < chain.count; i++)
		if (probe_position(&chain.rows[i], 2, ids, count) >= 0)
			return true;
	for (int i = 0; i < count; i++)
	{
		ProbeKey	key = probe_key(ids[i]);
		ProbeRows	own = {0};

		probe_add(answer, &own_points_probe, &key, &own);
		for (int k = 0; k < own.count; k++)
			if (probe_text_is(&own.rows[k], 3, "address") && probe_valid_on(&own.rows[k], 5, 6, day) &&
				chains_meet(answer, probe_key_of(&own.rows[k], 0), &chain))
				return true;
	}
	for (int i = 0; i < count; i++)
	{
		PointsOnDay points = {&chain, day};
		ProbeKey	key = probe_key(ids[i]);

		if (probe_any(answer, &affiliation_probe, &key, leads_to_point, &points))
			return true;
	}
	return false;
}

/* $2: accounts, $3: the place, $4: the day */
void
direct_foreign(Answer *answer, const Datum *args, const char *nulls)
{
	int			count;
	Datum	   *ids = answer_ids(answer, args[1], &count);

	answer_value(answer, BoolGetDatum(!place_is_theirs(answer, ids, count, args[2], args[3])), false);
	answer_end_row(answer);
}

/* $2: accounts, $3: the day */
void
direct_address(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{4, BOOLOID, true}, {0, UUIDOID}};
	int			count;
	Datum	   *ids = answer_ids(answer, args[1], &count);

	for (int i = 0; i < count; i++)
	{
		ProbeKey	key = probe_key(ids[i]);
		ProbeRows	points = {0};

		probe_add(answer, &own_points_probe, &key, &points);
		answer_sort(&points, orders, lengthof(orders));
		for (int k = 0; k < points.count; k++)
		{
			if (!probe_text_is(&points.rows[k], 3, "address") || !probe_valid_on(&points.rows[k], 5, 6, args[2]))
				continue;
			answer_columns(answer, &points.rows[k], 0, 1);
			answer_end_row(answer);
			return;
		}
	}
}

static const Probe roster_probe = {
	"territory_user", 1, {{"user_id", UUIDOID}},
	4, {{"territory_id", UUIDOID}, {"is_primary", BOOLOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* $2: the user, $3: the day */
void
direct_primary(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[1]);
	ProbeRows	rows = {0};

	probe_add(answer, &roster_probe, &key, &rows);
	for (int i = 0; i < rows.count; i++)
	{
		ProbeRow   *row = &rows.rows[i];
		bool		again = false;

		row->rank = !row->nulls[1] && DatumGetBool(row->values[1]) && probe_valid_on(row, 2, 3, args[2]);
		for (int k = 0; k < i && row->rank; k++)
			again = again || (rows.rows[k].rank && probe_same_id(&rows.rows[k], 0, row->values[0]));
		if (row->rank && !again)
		{
			answer_columns(answer, row, 0, 1);
			answer_end_row(answer);
		}
	}
}

static const Probe node_probe = {
	"territory_node", 1, {{"territory_id", UUIDOID}}, 1, {{"team_id", UUIDOID}}
};

static const Probe team_probe = {
	"sales_team", 1, {{"team_id", UUIDOID}}, 1, {{"domain", TEXTOID}}
};

/* $1: the territory */
void
direct_team(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[0]);
	ProbeRow	node;
	ProbeRow	team;

	if (!probe_one(answer, &node_probe, &key, &node))
		return;
	key = probe_key_of(&node, 0);
	if (!probe_one(answer, &team_probe, &key, &team))
		return;
	answer_columns(answer, &node, 0, 1);
	answer_columns(answer, &team, 0, 1);
	answer_end_row(answer);
}

static const Probe bag_probe = {
	"inventory_location", 1, {{"user_id", UUIDOID}}, 1, {{"location_id", UUIDOID}}, "kind", "rep"
};

/* $1: the user */
void
direct_bag(Answer *answer, const Datum *args, const char *nulls)
{
	answer_one(answer, &bag_probe, args[0], 1);
}
