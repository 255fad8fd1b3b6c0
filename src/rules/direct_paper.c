/*-------------------------------------------------------------------------
 *
 * direct_paper.c
 *	  The statements of load_paper.c by index probes, but for the request and
 *	  the settings, which are in direct_request.c.
 *
 * src/rules/direct_paper.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "rules/direct.h"

static const Probe specialty_probe = {
	"account_specialty", 1, {{"account_id", UUIDOID}},
	6, {{"account_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"code", DIRECT_PATH_TYPE}, {"rank", INT4OID},
	{"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* $2: the practitioner, $3: the day */
void
direct_specialty(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{3, INT4OID}, {2, TEXTOID, false, C_COLLATION_OID}};
	ProbeKey	key = probe_key(args[1]);
	ProbeRows	rows = {0};

	probe_add(answer, &specialty_probe, &key, &rows);
	for (int i = 0; i < rows.count; i++)
		probe_path_as_text(&rows.rows[i], 2);
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
	{
		if (!probe_valid_on(&rows.rows[i], 4, 5, args[2]))
			continue;
		answer_columns(answer, &rows.rows[i], 0, 4);
		answer_end_row(answer);
	}
}

static const Probe certification_probe = {
	"account_certification", 1, {{"account_id", UUIDOID}},
	7, {{"certification_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"board", TEXTOID}, {"specialty", DIRECT_PATH_TYPE},
		{"status", TEXTOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* $2: the practitioner, $3: the day */
void
direct_certification(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{2, TEXTOID, false, DEFAULT_COLLATION_OID}, {3, TEXTOID, false, C_COLLATION_OID}, {0, UUIDOID}};
	ProbeKey	key = probe_key(args[1]);
	ProbeRows	rows = {0};

	probe_add(answer, &certification_probe, &key, &rows);
	for (int i = 0; i < rows.count; i++)
		probe_path_as_text(&rows.rows[i], 3);
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
	{
		if (!probe_valid_on(&rows.rows[i], 5, 6, args[2]))
			continue;
		answer_columns(answer, &rows.rows[i], 0, 5);
		answer_end_row(answer);
	}
}

enum
{
	LICENSE_ID, LICENSE_VERSION, LICENSE_KIND, LICENSE_JURISDICTION, LICENSE_CLASS, LICENSE_SCHEDULES,
	LICENSE_ELIGIBLE, LICENSE_STATUS, LICENSE_VERIFIED, LICENSE_FROM, LICENSE_TO, LICENSE_NUMBER
};

static const Probe license_probe = {
	"license", 1, {{"account_id", UUIDOID}},
	12, {{"license_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"kind", TEXTOID}, {"jurisdiction", TEXTOID},
		{"license_class", TEXTOID}, {"schedules", TEXTARRAYOID}, {"sample_eligible", BOOLOID}, {"status", TEXTOID},
		{"verified_on", DATEOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}, {"number", TEXTOID}}
};

static const Probe secret_probe = {
	"model_secret", 1, {{"name", TEXTOID}}, 1, {{"value", BYTEAOID}}
};

static const Probe license_product_probe = {
	"license_product", 1, {{"license_id", UUIDOID}}, 1, {{"product_id", UUIDOID}}
};

static const Probe account_probe = {
	"account", 1, {{"account_id", UUIDOID}}, 1, {{"account_id", UUIDOID}}
};

static const Probe merged_probe = {
	"account", 1, {{"survivor_id", UUIDOID}}, 1, {{"account_id", UUIDOID}}
};

/* The SHA-256 of both, one after the other. */
static Datum
digest_of_both(Datum first, Datum second)
{
	return DirectFunctionCall1(sha256_bytea, DirectFunctionCall2(byteacat, first, second));
}

/* The keyed digest of a number as hexadecimal digits. */
static void
answer_digest(Answer *answer, const ProbeRow *secret, const ProbeRow *license)
{
	Datum		digest;

	if (secret->nulls[0] || license->nulls[LICENSE_NUMBER])
	{
		answer_value(answer, (Datum) 0, true);
		return;
	}
	/* a text of a UTF8 database has the bytes of its conversion to UTF8 */
	digest = digest_of_both(secret->values[0], license->values[LICENSE_NUMBER]);
	digest = digest_of_both(secret->values[0], digest);
	answer_value(answer, DirectFunctionCall2(binary_encode, digest, CStringGetTextDatum("hex")), false);
}

/* A licence without products is for all. */
static bool
license_covers(Answer *answer, const ProbeRow *license, const Datum *products, int count)
{
	ProbeKey	key = probe_key_of(license, LICENSE_ID);
	ProbeRows	rows = {0};

	probe_add(answer, &license_product_probe, &key, &rows);
	for (int i = 0; i < rows.count; i++)
		if (probe_position(&rows.rows[i], 0, products, count) >= 0)
			return true;
	return rows.count == 0;
}

/* $2: the practitioner, $3: products */
void
direct_license(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{LICENSE_KIND, TEXTOID, false, DEFAULT_COLLATION_OID},
	{LICENSE_JURISDICTION, TEXTOID, false, DEFAULT_COLLATION_OID}, {LICENSE_FROM, DATEOID}, {LICENSE_ID, UUIDOID}};
	int			count;
	Datum	   *products = answer_ids(answer, args[2], &count);
	ProbeKey	key = probe_key(args[1]);
	ProbeKey	name = probe_key(CStringGetTextDatum("facts_key"));
	ProbeRow	secret;
	ProbeRows	accounts = {0};
	ProbeRows	rows = {0};

	probe_one(answer, &secret_probe, &name, &secret);
	probe_add(answer, &account_probe, &key, &accounts);
	probe_add(answer, &merged_probe, &key, &accounts);
	for (int i = 0; i < accounts.count; i++)
	{
		key = probe_key_of(&accounts.rows[i], 0);
		probe_add(answer, &license_probe, &key, &rows);
	}
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
	{
		const ProbeRow *row = &rows.rows[i];

		answer_columns(answer, row, LICENSE_ID, LICENSE_CLASS);
		answer_digest(answer, &secret, row);
		answer_columns(answer, row, LICENSE_CLASS, LICENSE_NUMBER - LICENSE_CLASS);
		answer_value(answer, BoolGetDatum(license_covers(answer, row, products, count)), false);
		answer_end_row(answer);
	}
}

static const Probe batch_probe = {
	"product_batch", 1, {{"batch_id", UUIDOID}},
	6, {{"batch_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"product_id", UUIDOID}, {"lot_no", TEXTOID},
	{"status", TEXTOID}, {"expires_on", DATEOID}}
};

static const Probe location_probe = {
	"inventory_location", 1, {{"location_id", UUIDOID}}, 2, {{"kind", TEXTOID}, {"user_id", UUIDOID}}
};

static const Probe stock_probe = {
	"inventory_stock", 2, {{"location_id", UUIDOID}, {"batch_id", UUIDOID}},
	2, {{"on_hand", NUMERICOID}, {"may_go_negative", BOOLOID}}
};

/* $2: the lot, $3: the place it is taken from */
void
direct_lot(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	keys[] = {probe_key(args[2]), probe_key(args[1])};
	ProbeRow	batch;
	ProbeRow	location;
	ProbeRow	stock;

	if (!probe_one(answer, &batch_probe, &keys[1], &batch))
		return;
	probe_one(answer, &location_probe, &keys[0], &location);
	probe_one(answer, &stock_probe, keys, &stock);
	answer_columns(answer, &batch, 0, 6);
	answer_columns(answer, &location, 0, 2);
	answer_millionths(answer, &stock, 0);
	answer_columns(answer, &stock, 1, 1);
	answer_end_row(answer);
}

static const Probe point_probe = {
	"contact_point", 1, {{"contact_point_id", UUIDOID}},
	6, {{"contact_point_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"account_id", UUIDOID}, {"kind", TEXTOID},
	{"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

static const Probe identity_probe = {
	"account", 1, {{"account_id", UUIDOID}}, 2, {{"survivor_id", UUIDOID}, {"account_id", UUIDOID}}
};

/* $2: the point */
void
direct_contact(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[1]);
	ProbeRow	point;
	ProbeRow	account;

	if (!probe_one(answer, &point_probe, &key, &point))
		return;
	key = probe_key_of(&point, 2);
	if (!probe_one(answer, &identity_probe, &key, &account))
		return;
	key = probe_key_either(&account, 0, 1);
	answer_columns(answer, &point, 0, 2);
	answer_value(answer, key.value, key.isnull);
	answer_columns(answer, &point, 3, 3);
	answer_end_row(answer);
}

static const Probe channel_probe = {
	"channel_type", 1, {{"channel", TEXTOID}}, 1, {{"contact_kind", TEXTOID}}
};

/* $1: the channel */
void
direct_channel(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[0]);
	ProbeRow	row;

	if (!probe_one(answer, &channel_probe, &key, &row))
		return;
	answer_columns(answer, &row, 0, 1);
	answer_end_row(answer);
}
