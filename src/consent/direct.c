/*-------------------------------------------------------------------------
 *
 * direct.c
 *	  Who the recipient is and what is asked, by index probes.
 *
 * src/consent/direct.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/uuid.h"

#include "consent/direct.h"

/* lengths of chains, as in the statements */
#define POINT_LEVELS 9
#define PURPOSE_LEVELS 32
#define PRODUCT_LEVELS 16
#define PRODUCTS_GIVEN 32

/* one for all questions: to open a probe costs more than to use it again */
const Probe consent_account_probe = {
	"account", 1, {{"account_id", UUIDOID}},
	3, {{"survivor_id", UUIDOID}, {"account_id", UUIDOID}, {"country_code", TEXTOID}}
};

static const Probe hcp_probe = {
	"hcp", 1, {{"account_id", UUIDOID}}, 1, {{"no_contact", BOOLOID}}
};

static const Probe point_probe = {
	"contact_point", 1, {{"contact_point_id", UUIDOID}},
	4, {{"inherits_from", UUIDOID}, {"country_code", TEXTOID}, {"region_code", TEXTOID}, {"tz", TEXTOID}}
};

static const Probe points_probe = {
	"contact_point", 1, {{"account_id", UUIDOID}},
	6, {{"contact_point_id", UUIDOID}, {"kind", TEXTOID}, {"is_primary", BOOLOID}, {"tz", TEXTOID},
	{"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

static const ProbeOrder points_order[] = {{2, BOOLOID, true}, {0, UUIDOID}};

static const Probe region_probe = {
	"region", 1, {{"region_code", TEXTOID}}, 1, {{"tz", TEXTOID}}
};

static const Probe country_probe = {
	"country", 1, {{"country_code", TEXTOID}}, 1, {{"tz", TEXTOID}}
};

static const Probe setting_probe = {
	"setting", 1, {{"name", TEXTOID}},
	5, {{"scope", TEXTOID}, {"scope_key", TEXTOID}, {"value", JSONBOID},
	{"valid_from", TIMESTAMPTZOID}, {"valid_to", TIMESTAMPTZOID}}
};

/* Is the argument NULL? */
static bool
arg_null(const char *nulls, int i)
{
	return nulls != NULL && nulls[i] == 'n';
}

/* The account, or the one it was merged into. */
static bool
find_survivor(Answer *answer, ProbeKey key, ProbeRow *account)
{
	if (!probe_one(answer, &consent_account_probe, &key, account))
		return false;
	if (account->nulls[0])
		return true;
	key = probe_key_of(account, 0);
	return probe_one(answer, &consent_account_probe, &key, account);
}

/*
 * The first row with a country of the chain that begins at "point"; without
 * one false, and NULLs.
 */
static bool
find_place(Answer *answer, ProbeKey point, ProbeRow *place)
{
	for (int depth = 0; depth < POINT_LEVELS; depth++)
	{
		if (!probe_one(answer, &point_probe, &point, place))
			return false;
		if (!place->nulls[1])
			return true;
		point = probe_key_of(place, 0);
	}
	memset(place->nulls, true, point_probe.ncolumns);
	return false;
}

/* The account's address of the day in UTC, its primary one if there is one. */
static ProbeKey
main_address(Answer *answer, ProbeKey account, Datum at)
{
	Datum		day = answer_day_in(CStringGetTextDatum("UTC"), at);
	ProbeRows	rows = {0};

	probe_add(answer, &points_probe, &account, &rows);
	answer_sort(&rows, points_order, lengthof(points_order));
	for (int i = 0; i < rows.count; i++)
		if (probe_text_is(&rows.rows[i], 1, "address") && probe_valid_on(&rows.rows[i], 4, 5, day))
			return probe_key_of(&rows.rows[i], 0);
	return (ProbeKey) {(Datum) 0, true};
}

/* The zone of the place, of its region, or of the country. */
static ProbeKey
zone_of(Answer *answer, const ProbeRow *place, ProbeKey country)
{
	ProbeKey	region = probe_key_of(place, 2);
	ProbeRow	row;

	if (!place->nulls[3])
		return probe_key_of(place, 3);
	if (!probe_one(answer, &region_probe, &region, &row) || row.nulls[0])
		probe_one(answer, &country_probe, &country, &row);
	return probe_key_of(&row, 0);
}

/* The longest age of a consent, in months: of the country, else of all. */
static ProbeKey
max_age_months(Answer *answer, ProbeKey country, Datum at)
{
	ProbeKey	name = probe_key(CStringGetTextDatum("consent_max_age_months"));
	ProbeKey	months = {(Datum) 0, true};
	ProbeRows	rows = {0};
	bool		of_country = false;

	probe_add(answer, &setting_probe, &name, &rows);
	for (int i = 0; i < rows.count; i++)
	{
		const ProbeRow *row = &rows.rows[i];
		bool		narrow = probe_text_is(row, 0, "country") && !country.isnull &&
			probe_same_text(row, 1, country.value);
		ProbeKey	value;

		if ((!narrow && !probe_text_is(row, 0, "org")) || !probe_valid_at(row, 3, 4, at))
			continue;
		value = answer_json(jsonb_extract_path_text, probe_key_of(row, 2),
							PointerGetDatum(construct_empty_array(TEXTOID)));
		if (!value.isnull)
			value.value = DirectFunctionCall1(int4in, CStringGetDatum(TextDatumGetCString(value.value)));
		if (narrow || !of_country)
			months = value;
		of_country |= narrow;
	}
	return months;
}

/* $1: the account, $2: the contact point, $3: the moment */
void
direct_consent_recipient(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[0]);
	ProbeKey	point = {args[1], arg_null(nulls, 1)};
	ProbeKey	country;
	ProbeKey	zone;
	ProbeKey	months;
	ProbeRow	account;
	ProbeRow	hcp;
	ProbeRow	place;
	Datum		local = (Datum) 0;

	if (!find_survivor(answer, key, &account))
		return;
	key = probe_key_of(&account, 1);
	probe_one(answer, &hcp_probe, &key, &hcp);
	if (!find_place(answer, point, &place))
		find_place(answer, main_address(answer, key, args[2]), &place);
	country = place.nulls[1] ? probe_key_of(&account, 2) : probe_key_of(&place, 1);
	zone = zone_of(answer, &place, country);
	months = max_age_months(answer, country, args[2]);
	if (answer->failed)
		return;
	if (!zone.isnull)
		local = DirectFunctionCall2(timestamptz_zone, zone.value, args[2]);

	answer_columns(answer, &account, 1, 1);
	answer_value(answer, country.value, country.isnull);
	answer_value(answer, zone.value, zone.isnull);
	answer_value(answer, BoolGetDatum(!hcp.nulls[0] && DatumGetBool(hcp.values[0])), false);
	answer_value(answer, zone.isnull ? (Datum) 0 : DirectFunctionCall1(timestamp_date, local), zone.isnull);
	answer_value(answer, zone.isnull ? (Datum) 0 : DirectFunctionCall1(timestamp_time, local), zone.isnull);
	answer_value(answer, months.value, months.isnull);
	answer_end_row(answer);
}

static const Probe purpose_probe = {
	"data_use_purpose", 1, {{"purpose", TEXTOID}},
	3, {{"purpose", TEXTOID}, {"parent", TEXTOID}, {"has_channel", BOOLOID}}
};

static const Probe product_probe = {
	"product", 1, {{"product_id", UUIDOID}},
	3, {{"product_id", UUIDOID}, {"parent_id", UUIDOID}, {"brand_id", UUIDOID}}
};

static const Probe channel_probe = {
	"channel_type", 1, {{"channel", TEXTOID}}, 1, {{"contact_kind", TEXTOID}}
};

static const Probe company_probe = {
	"company", 1, {{"company_id", UUIDOID}}, 1, {{"company_id", UUIDOID}}
};

/* The purpose and those above it; and whether the purpose has a channel. */
static Datum
purposes_above(Answer *answer, ProbeKey purpose, ProbeKey *has_channel)
{
	Datum		purposes[PURPOSE_LEVELS];
	ProbeRow	row;
	int			n;

	*has_channel = (ProbeKey) {(Datum) 0, true};
	for (n = 0; n < PURPOSE_LEVELS && probe_one(answer, &purpose_probe, &purpose, &row); n++)
	{
		if (n == 0)
			*has_channel = probe_key_of(&row, 2);
		purposes[n] = row.values[0];
		purpose = probe_key_of(&row, 1);
	}
	return PointerGetDatum(construct_array(purposes, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Add a product, unless it is there, with its depth as rank. */
static void
add_product(Answer *answer, ProbeRows *products, ProbeKey product, int depth)
{
	for (int i = 0; i < products->count; i++)
		if (!product.isnull && probe_same_id(&products->rows[i], 0, product.value))
			return;
	probe_add(answer, &product_probe, &product, products);
	if (products->count > 0 && products->rows[products->count - 1].rank == 0)
		products->rows[products->count - 1].rank = depth;
}

/*
 * The product and what it stands under, the nearest first.  Each is found at
 * its least depth, since all of a depth are added before the next.
 */
static Datum
products_above(Answer *answer, ProbeKey product)
{
	static const ProbeOrder order[] = {{0, UUIDOID}};
	ProbeRows	rows = {0};
	Datum		ids[PRODUCTS_GIVEN];
	int			n;

	add_product(answer, &rows, product, 1);
	for (int i = 0; i < rows.count && rows.rows[i].rank < PRODUCT_LEVELS; i++)
	{
		ProbeKey	parent = probe_key_of(&rows.rows[i], 1);
		ProbeKey	brand = probe_key_of(&rows.rows[i], 2);
		int			depth = rows.rows[i].rank + 1;

		CHECK_FOR_INTERRUPTS();
		add_product(answer, &rows, parent, depth);
		add_product(answer, &rows, brand, depth);
	}
	answer_sort(&rows, order, lengthof(order));
	n = Min(rows.count, PRODUCTS_GIVEN);
	for (int i = 0; i < n; i++)
		ids[i] = rows.rows[i].values[0];
	return PointerGetDatum(construct_array(ids, n, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
}

/* $1: the purpose, $2: the product, $3: the channel, $4: the company */
void
direct_consent_scope(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	product = {args[1], arg_null(nulls, 1)};
	ProbeKey	channel = {args[2], arg_null(nulls, 2)};
	ProbeKey	company = probe_key(args[3]);
	ProbeKey	has_channel;
	ProbeRow	row;

	answer_value(answer, purposes_above(answer, probe_key(args[0]), &has_channel), false);
	answer_value(answer, products_above(answer, product), false);
	answer_value(answer, has_channel.value, has_channel.isnull);
	answer_value(answer, BoolGetDatum(probe_one(answer, &channel_probe, &channel, &row)), false);
	answer_value(answer, BoolGetDatum(probe_one(answer, &company_probe, &company, &row)), false);
	answer_end_row(answer);
}

/* $1: the account, $2: the channel, $3: the moment */
void
direct_consent_points(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[0]);
	ProbeKey	channel = probe_key(args[1]);
	ProbeRow	account;
	ProbeRow	type;
	ProbeRows	rows = {0};

	if (!probe_one(answer, &channel_probe, &channel, &type) ||
		!probe_one(answer, &consent_account_probe, &key, &account))
		return;
	key = probe_key_either(&account, 0, 1);
	probe_add(answer, &points_probe, &key, &rows);
	answer_sort(&rows, points_order, lengthof(points_order));
	for (int i = 0; i < rows.count; i++)
	{
		const ProbeRow *row = &rows.rows[i];
		Datum		zone = row->nulls[3] ? CStringGetTextDatum("UTC") : row->values[3];

		if (type.nulls[0] || !probe_same_text(row, 1, type.values[0]) ||
			!probe_valid_on(row, 4, 5, answer_day_in(zone, args[2])))
			continue;
		answer_columns(answer, row, 0, 1);
		answer_end_row(answer);
	}
}
