/*-------------------------------------------------------------------------
 *
 * direct_who.c
 *	  The statements of load_who.c by index probes.
 *
 * src/rules/direct_who.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"

#include "rules/direct.h"

#define CHAIN_LENGTH 8			/* of points that inherit, as in the statements */

static const Probe account_probe = {
	"account", 1, {{"account_id", UUIDOID}},
	6, {{"account_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"kind", TEXTOID},
	{"status", TEXTOID}, {"country_code", TEXTOID}, {"prescriber", BOOLOID}}
};

static const Probe hcp_probe = {
	"hcp", 1, {{"account_id", UUIDOID}},
	4, {{"account_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"profession", TEXTOID}, {"no_contact", BOOLOID}}
};

static const Probe hco_probe = {
	"hco", 1, {{"account_id", UUIDOID}},
	4, {{"account_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"hco_type", TEXTOID}, {"accepts_samples", BOOLOID}}
};

/* $2: the account */
void
direct_account(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[1]);
	ProbeRow	account;
	ProbeRow	hcp;
	ProbeRow	hco;

	if (!probe_one(answer, &account_probe, &key, &account))
		return;
	probe_one(answer, &hcp_probe, &key, &hcp);
	probe_one(answer, &hco_probe, &key, &hco);
	answer_columns(answer, &account, 0, 6);
	answer_columns(answer, &hcp, 0, 4);
	answer_columns(answer, &hco, 0, 4);
	answer_end_row(answer);
}

static const Probe persona_probe = {
	"user_assignment", 1, {{"user_id", UUIDOID}},
	7, {{"assignment_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"persona", TEXTOID}, {"country_code", TEXTOID},
	{"team_id", UUIDOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* Emit the first columns of the rows whose two last ones hold the day. */
static void
answer_valid_rows(Answer *answer, const ProbeRows *rows, int ncolumns, Datum day)
{
	for (int i = 0; i < rows->count; i++)
	{
		if (!probe_valid_on(&rows->rows[i], ncolumns, ncolumns + 1, day))
			continue;
		answer_columns(answer, &rows->rows[i], 0, ncolumns);
		answer_end_row(answer);
	}
}

/* $2: the user, $3: the day */
void
direct_persona(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{2, TEXTOID, false, DEFAULT_COLLATION_OID}, {0, UUIDOID}};
	ProbeKey	key = probe_key(args[1]);
	ProbeRows	rows = {0};

	probe_add(answer, &persona_probe, &key, &rows);
	answer_sort(&rows, orders, lengthof(orders));
	answer_valid_rows(answer, &rows, 5, args[2]);
}

static const Probe roster_probe = {
	"territory_user", 2, {{"user_id", UUIDOID}, {"territory_id", UUIDOID}},
	6, {{"roster_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"role", TEXTOID}, {"may_sample", BOOLOID},
	{"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* $2: the user, $3: the day, $4: the territory */
void
direct_roster(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{2, TEXTOID, false, DEFAULT_COLLATION_OID}, {0, UUIDOID}};
	ProbeKey	keys[] = {probe_key(args[1]), probe_key(args[3])};
	ProbeRows	rows = {0};

	probe_add(answer, &roster_probe, keys, &rows);
	answer_sort(&rows, orders, lengthof(orders));
	answer_valid_rows(answer, &rows, 4, args[2]);
}

static const Probe qualification_probe = {
	"user_qualification", 1, {{"user_id", UUIDOID}},
	8, {{"qualification_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"kind", TEXTOID}, {"level", INT4OID},
		{"jurisdiction", TEXTOID}, {"product_id", UUIDOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* $2: the user, $3: the day, $4: the product and what it stands under */
void
direct_qualification(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{2, TEXTOID, false, DEFAULT_COLLATION_OID}, {0, UUIDOID}};
	ProbeKey	key = probe_key(args[1]);
	ProbeRows	rows = {0};
	int			count;
	Datum	   *products = answer_ids(answer, args[3], &count);

	probe_add(answer, &qualification_probe, &key, &rows);
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
	{
		const ProbeRow *row = &rows.rows[i];

		if (!probe_valid_on(row, 6, 7, args[2]))
			continue;
		answer_columns(answer, row, 0, 5);
		answer_value(answer, BoolGetDatum(row->nulls[5] || probe_position(row, 5, products, count) >= 0), false);
		answer_end_row(answer);
	}
}

static const Probe node_probe = {
	"territory_node", 1, {{"territory_id", UUIDOID}}, 1, {{"team_id", UUIDOID}}
};

static const Probe team_probe = {
	"sales_team", 1, {{"team_id", UUIDOID}},
	3, {{"team_id", UUIDOID}, {"company_id", UUIDOID}, {"domain", TEXTOID}}
};

static const Probe model_probe = {
	"territory_model", 1, {{"team_id", UUIDOID}},
	4, {{"model_id", UUIDOID}, {"state", TEXTOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

static const Probe place_probe = {
	"territory_place", 2, {{"model_id", UUIDOID}, {"territory_id", UUIDOID}},
	3, {{"model_id", UUIDOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* $2: the territory, $3: the day */
void
direct_territory(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[1]);
	ProbeRow	node;
	ProbeRow	team;
	ProbeRows	models = {0};
	ProbeRows	places = {0};
	bool		placed = false;

	if (!probe_one(answer, &node_probe, &key, &node))
		return;
	key = probe_key_of(&node, 0);
	if (!probe_one(answer, &team_probe, &key, &team))
		return;
	probe_add(answer, &model_probe, &key, &models);
	for (int i = 0; i < models.count; i++)
	{
		ProbeKey	keys[] = {probe_key_of(&models.rows[i], 0), probe_key(args[1])};

		if (probe_text_is(&models.rows[i], 1, "published") && probe_valid_on(&models.rows[i], 2, 3, args[2]))
			probe_add(answer, &place_probe, keys, &places);
	}
	for (int i = 0; i < places.count; i++)
	{
		if (!probe_valid_on(&places.rows[i], 1, 2, args[2]))
			continue;
		placed = true;
		answer_columns(answer, &team, 0, 3);
		answer_columns(answer, &places.rows[i], 0, 1);
		answer_end_row(answer);
	}
	if (placed)
		return;
	answer_columns(answer, &team, 0, 3);
	answer_value(answer, (Datum) 0, true);
	answer_end_row(answer);
}

static const Probe aligned_probe = {
	"account_territory", 2, {{"account_id", UUIDOID}, {"territory_id", UUIDOID}},
	4, {{"account_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* $2: the territory, $3: the day, $4: the account */
void
direct_aligned(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	keys[] = {probe_key(args[3]), probe_key(args[1])};
	ProbeRows	rows = {0};

	probe_add(answer, &aligned_probe, keys, &rows);
	for (int i = 0; i < rows.count; i++)
	{
		if (!probe_valid_on(&rows.rows[i], 2, 3, args[2]))
			continue;
		answer_columns(answer, &rows.rows[i], 0, 3);
		answer_end_row(answer);
	}
}

static const Probe visit_probe = {
	"visit", 1, {{"visit_id", UUIDOID}},
	11, {{"visit_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"territory_id", UUIDOID}, {"owner_id", UUIDOID},
		{"status", TEXTOID}, {"domain", TEXTOID}, {"channel", TEXTOID}, {"actual_from", TIMESTAMPTZOID},
		{"delay_reason", TEXTOID}, {"account_id", UUIDOID}, {"place_id", UUIDOID}}
};

static const Probe identity_probe = {
	"account", 1, {{"account_id", UUIDOID}}, 2, {{"survivor_id", UUIDOID}, {"account_id", UUIDOID}}
};

static const Probe inherits_probe = {
	"contact_point", 1, {{"contact_point_id", UUIDOID}}, 1, {{"inherits_from", UUIDOID}}
};

/* $2: the visit */
void
direct_visit(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[1]);
	ProbeKey	point;
	ProbeRow	visit;
	ProbeRow	account;

	if (!probe_one(answer, &visit_probe, &key, &visit))
		return;
	key = probe_key_of(&visit, 9);
	if (!probe_one(answer, &identity_probe, &key, &account))
		return;
	point = probe_key_of(&visit, 10);
	for (int depth = 0; depth < CHAIN_LENGTH; depth++)
	{
		ProbeRow	inherits;

		if (!probe_one(answer, &inherits_probe, &point, &inherits) || inherits.nulls[0])
			break;
		point = probe_key_of(&inherits, 0);
	}
	key = probe_key_either(&account, 0, 1);
	answer_columns(answer, &visit, 0, 2);
	answer_value(answer, key.value, key.isnull);
	answer_columns(answer, &visit, 2, 6);
	answer_value(answer, BoolGetDatum(!visit.nulls[8]), false);
	answer_value(answer, point.value, point.isnull);
	answer_end_row(answer);
}
