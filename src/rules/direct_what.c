/*-------------------------------------------------------------------------
 *
 * direct_what.c
 *	  The statements of load_what.c by index probes.
 *
 * src/rules/direct_what.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "path/path.h"

#include "rules/direct.h"

#define PRODUCT_LEVELS 16		/* of the recursion, as in the statement */

static const Probe product_probe = {
	"product", 1, {{"product_id", UUIDOID}},
	16, {{"product_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"type", TEXTOID}, {"spec_type", TEXTOID},
		{"distribution_method", TEXTOID}, {"signature_level", TEXTOID}, {"class_code", TEXTOID}, {"dosage_form", TEXTOID},
		{"brand_id", UUIDOID}, {"company_id", UUIDOID}, {"strength_mg", NUMERICOID}, {"pack_size", INT4OID},
		{"competitor", BOOLOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}, {"parent_id", UUIDOID}}
};

/* $2: the product */
void
direct_product(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[1]);
	ProbeRow	product;

	for (int level = 0; level <= PRODUCT_LEVELS; level++)
	{
		if (!probe_one(answer, &product_probe, &key, &product))
			break;
		answer_columns(answer, &product, 0, 10);
		answer_millionths(answer, &product, 10);
		answer_columns(answer, &product, 11, 4);
		answer_end_row(answer);
		key = probe_key_of(&product, 15);
	}
}

static const Probe market_probe = {
	"product_market", 2, {{"product_id", UUIDOID}, {"country_code", TEXTOID}},
	15, {{"product_market_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"company_id", UUIDOID}, {"authorised_on", DATEOID},
		{"first_marketed_on", DATEOID}, {"first_supplied_on", DATEOID}, {"extended_on", DATEOID}, {"reclassified_on", DATEOID},
		{"withdrawn_on", DATEOID}, {"rx_class", TEXTOID}, {"smallest_pack", BOOLOID}, {"sampleable", BOOLOID},
		{"controlled_schedule", TEXTOID}, {"sample_class", TEXTOID}, {"reimbursed_pct", NUMERICOID}}
};

/* $2: the product, $3: the country, $4: our company */
void
direct_market(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{0, UUIDOID}};
	ProbeKey	keys[] = {probe_key(args[1]), probe_key(args[2])};
	ProbeRows	rows = {0};

	probe_add(answer, &market_probe, keys, &rows);
	for (int i = 0; i < rows.count; i++)
		rows.rows[i].rank = probe_same_id(&rows.rows[i], 2, args[3]) ? 0 : 1;
	answer_sort(&rows, orders, lengthof(orders));
	if (rows.count == 0)
		return;
	answer_columns(answer, &rows.rows[0], 0, 14);
	answer_millionths(answer, &rows.rows[0], 14);
	answer_end_row(answer);
}

enum
{
	TEMPLATE_ID, TEMPLATE_VERSION, TEMPLATE_CODE, TEMPLATE_LABEL, TEMPLATE_LEGAL_REF, TEMPLATE_AUTHORITY,
	TEMPLATE_LAW_BASED, TEMPLATE_ENFORCEMENT, TEMPLATE_RECIPIENTS, TEMPLATE_PRECONDITIONS, TEMPLATE_EXCLUSIONS,
	TEMPLATE_OBLIGATIONS, TEMPLATE_PACK_RULE, TEMPLATE_COUNTRY, TEMPLATE_COMPANY, TEMPLATE_STATUS,
	TEMPLATE_PRIORITY, TEMPLATE_FROM, TEMPLATE_TO, TEMPLATE_ASSOCIATION
};

#define TEMPLATE_COLUMNS \
	20, {{"template_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"code", TEXTOID}, {"label", TEXTOID}, {"legal_ref", TEXTOID}, \
		{"authority", TEXTOID}, {"law_based", BOOLOID}, {"enforcement", TEXTOID}, {"recipients", TEXTARRAYOID}, \
		{"preconditions", TEXTARRAYOID}, {"exclusions", TEXTARRAYOID}, {"obligations", TEXTARRAYOID}, {"pack_rule", TEXTOID}, \
		{"country_code", TEXTOID}, {"company_id", UUIDOID}, {"status", TEXTOID}, {"priority", INT4OID}, \
		{"valid_from", DATEOID}, {"valid_to", DATEOID}, {"association", TEXTOID}}

static const Probe template_of_country_probe = {
	"limit_template", 1, {{"country_code", TEXTOID}}, TEMPLATE_COLUMNS
};

static const Probe template_probe = {
	"limit_template", 1, {{"template_id", UUIDOID}}, TEMPLATE_COLUMNS
};

enum
{
	ASSIGNMENT_ID, ASSIGNMENT_VERSION, ASSIGNMENT_QUOTA, ASSIGNMENT_PER_VISIT, ASSIGNMENT_TEMPLATE,
	ASSIGNMENT_KIND, ASSIGNMENT_FROM, ASSIGNMENT_TO
};

static const Probe assignment_probe = {
	"limit_assignment", 1, {{"product_id", UUIDOID}},
	8, {{"assignment_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"quota_override", NUMERICOID}, {"per_visit_override", NUMERICOID},
		{"template_id", UUIDOID}, {"account_kind", TEXTOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* The assignments of the products that hold, the nearest product first. */
static void
assignments_of(Answer *answer, const Datum *args, ProbeRows *rows)
{
	int			count;
	Datum	   *products = answer_ids(answer, args[3], &count);
	int			kept = 0;

	for (int i = 0; i < count; i++)
	{
		int			before = rows->count;
		ProbeKey	key = probe_key(products[i]);

		probe_add(answer, &assignment_probe, &key, rows);
		for (int k = before; k < rows->count; k++)
			rows->rows[k].rank = i;
	}
	for (int i = 0; i < rows->count; i++)
	{
		const ProbeRow *row = &rows->rows[i];

		if (probe_valid_on(row, ASSIGNMENT_FROM, ASSIGNMENT_TO, args[2]) &&
			(row->nulls[ASSIGNMENT_KIND] || probe_same_text(row, ASSIGNMENT_KIND, args[4])))
			rows->rows[kept++] = *row;
	}
	rows->count = kept;
}

/* The assignment that counts for a template; one for the kind of account first. */
static const ProbeRow *
assignment_of(const ProbeRows *assignments, Datum template_id)
{
	const ProbeRow *best = NULL;

	for (int i = 0; i < assignments->count; i++)
	{
		const ProbeRow *row = &assignments->rows[i];

		if (probe_same_id(row, ASSIGNMENT_TEMPLATE, template_id) &&
			(best == NULL || row->rank < best->rank ||
			 (row->rank == best->rank && best->nulls[ASSIGNMENT_KIND] && !row->nulls[ASSIGNMENT_KIND])))
			best = row;
	}
	return best;
}

/* Those of the country, and those of no country that are assigned. */
static void
templates_of(Answer *answer, Datum country, const ProbeRows *assignments, ProbeRows *rows)
{
	ProbeKey	key = probe_key(country);
	int			of_country;

	probe_add(answer, &template_of_country_probe, &key, rows);
	of_country = rows->count;
	for (int i = 0; i < assignments->count; i++)
	{
		ProbeRow	row;
		bool		again = false;

		key = probe_key_of(&assignments->rows[i], ASSIGNMENT_TEMPLATE);
		for (int k = of_country; k < rows->count && !again; k++)
			again = probe_same_id(&rows->rows[k], TEMPLATE_ID, key.value);
		if (again || !probe_one(answer, &template_probe, &key, &row) || !row.nulls[TEMPLATE_COUNTRY])
			continue;
		probe_append(rows, &row);
	}
}

/* Does the template bear on the request, with this assignment or none? */
static bool
template_covers(const ProbeRow *row, const ProbeRow *assignment, const Datum *args)
{
	return probe_text_is(row, TEMPLATE_STATUS, "approved") &&
		probe_valid_on(row, TEMPLATE_FROM, TEMPLATE_TO, args[2]) &&
		(row->nulls[TEMPLATE_COMPANY] || probe_same_id(row, TEMPLATE_COMPANY, args[5])) &&
		(assignment != NULL ||
		 (!row->nulls[TEMPLATE_COUNTRY] && !row->nulls[TEMPLATE_AUTHORITY] &&
		  !probe_text_is(row, TEMPLATE_AUTHORITY, "company")));
}

static const Probe membership_probe = {
	"association_membership", 2, {{"company_id", UUIDOID}, {"association", TEXTOID}},
	3, {{"member", BOOLOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* Is the company known not to be a member that day? */
static bool
is_no_member(Answer *answer, ProbeKey company, ProbeKey association, Datum day)
{
	ProbeKey	keys[] = {company, association};
	ProbeRows	rows = {0};

	probe_add(answer, &membership_probe, keys, &rows);
	for (int i = 0; i < rows.count; i++)
		if (!rows.rows[i].nulls[0] && !DatumGetBool(rows.rows[i].values[0]) &&
			probe_valid_on(&rows.rows[i], 1, 2, day))
			return true;
	return false;
}

/* Does the code bind one of the companies? */
static bool
code_binds(Answer *answer, const ProbeRow *template, const Datum *args)
{
	int			count;
	Datum	   *companies = answer_ids(answer, args[6], &count);

	if (template->nulls[TEMPLATE_ASSOCIATION])
		return true;
	for (int i = 0; i < count; i++)
		if (!is_no_member(answer, probe_key(companies[i]), probe_key_of(template, TEMPLATE_ASSOCIATION), args[2]))
			return true;
	return false;
}

/* A figure of the assignment in millionths, -1 for none. */
static void
answer_override(Answer *answer, const ProbeRow *assignment, int column)
{
	if (assignment == NULL || assignment->nulls[column])
		answer_value(answer, Int64GetDatum(-1), false);
	else
		answer_millionths(answer, assignment, column);
}

/* $2: the country, $3: the day, $4: products, $5: kind of account, $6: company, $7: bound companies */
void
direct_template(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{TEMPLATE_LAW_BASED, BOOLOID, true}, {TEMPLATE_PRIORITY, INT4OID},
	{TEMPLATE_CODE, TEXTOID, false, DEFAULT_COLLATION_OID}};
	ProbeRows	assignments = {0};
	ProbeRows	rows = {0};

	assignments_of(answer, args, &assignments);
	templates_of(answer, args[1], &assignments, &rows);
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
	{
		const ProbeRow *row = &rows.rows[i];
		const ProbeRow *assignment = assignment_of(&assignments, row->values[TEMPLATE_ID]);

		if (!template_covers(row, assignment, args) || !code_binds(answer, row, args))
			continue;
		answer_columns(answer, row, 0, TEMPLATE_ENFORCEMENT);
		answer_value(answer, BoolGetDatum(probe_text_is(row, TEMPLATE_ENFORCEMENT, "warning")), row->nulls[TEMPLATE_ENFORCEMENT]);
		answer_columns(answer, row, TEMPLATE_RECIPIENTS, TEMPLATE_COUNTRY - TEMPLATE_RECIPIENTS);
		for (int column = ASSIGNMENT_ID; column <= ASSIGNMENT_VERSION; column++)
			answer_value(answer, assignment ? assignment->values[column] : (Datum) 0,
						 assignment == NULL || assignment->nulls[column]);
		answer_override(answer, assignment, ASSIGNMENT_QUOTA);
		answer_override(answer, assignment, ASSIGNMENT_PER_VISIT);
		answer_end_row(answer);
	}
}

static const Probe place_probe = {
	"territory_place", 2, {{"model_id", UUIDOID}, {"territory_id", UUIDOID}},
	3, {{"path", DIRECT_PATH_TYPE}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

static const Probe place_by_path_probe = {
	"territory_place", 1, {{"path", DIRECT_PATH_TYPE}},
	4, {{"territory_id", UUIDOID}, {"model_id", UUIDOID}, {"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

static const Probe alignment_probe = {
	"product_territory_alignment", 2, {{"territory_id", UUIDOID}, {"product_id", UUIDOID}},
	6, {{"pta_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"alignment_type", TEXTOID}, {"purposes", TEXTARRAYOID},
	{"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

/* Alignments of the territories at the places, with this distance. */
static void
alignments_at(Answer *answer, const ProbeRows *places, int distance, const Datum *args, ProbeRows *rows)
{
	int			count;
	Datum	   *products = answer_ids(answer, args[3], &count);
	int			before = rows->count;

	for (int i = 0; i < places->count; i++)
	{
		const ProbeRow *place = &places->rows[i];

		if (!probe_same_id(place, 1, args[4]) || !probe_valid_on(place, 2, 3, args[2]))
			continue;
		for (int k = 0; k < count; k++)
		{
			ProbeKey	keys[] = {probe_key_of(place, 0), probe_key(products[k])};

			probe_add(answer, &alignment_probe, keys, rows);
		}
	}
	for (int i = before; i < rows->count; i++)
		rows->rows[i].rank = distance;
}

/* $2: the territory, $3: the day, $4: products, $5: the territory model */
void
direct_alignment(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{0, UUIDOID}};
	ProbeKey	keys[] = {probe_key(args[4]), probe_key(args[1])};
	ProbeRows	starts = {0};
	ProbeRows	rows = {0};

	probe_add(answer, &place_probe, keys, &starts);
	for (int i = 0; i < starts.count; i++)
	{
		LscePath   *path;
		int			levels;

		if (starts.rows[i].nulls[0] || !probe_valid_on(&starts.rows[i], 1, 2, args[2]))
			continue;
		path = DatumGetPathPP(starts.rows[i].values[0]);
		levels = lsce_path_levels(PATH_DATA(path), PATH_LEN(path));
		for (int level = levels; level > 0; level--)
		{
			size_t		length = lsce_path_prefix(PATH_DATA(path), PATH_LEN(path), level);
			ProbeKey	key = probe_key(PointerGetDatum(lsce_path_make(PATH_DATA(path), length)));
			ProbeRows	places = {0};

			probe_add(answer, &place_by_path_probe, &key, &places);
			alignments_at(answer, &places, levels - level, args, &rows);
		}
	}
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
	{
		if (!probe_valid_on(&rows.rows[i], 4, 5, args[2]))
			continue;
		answer_columns(answer, &rows.rows[i], 0, 2);
		answer_value(answer, Int32GetDatum(rows.rows[i].rank), false);
		answer_columns(answer, &rows.rows[i], 2, 2);
		answer_end_row(answer);
	}
}

static const Probe restriction_probe = {
	"product_account_restriction", 2, {{"account_id", UUIDOID}, {"product_id", UUIDOID}},
	7, {{"restriction_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"product_id", UUIDOID}, {"territory_id", UUIDOID},
		{"actions", TEXTARRAYOID}, {"valid_to", DATEOID}, {"valid_from", DATEOID}}
};

/* $2: accounts, $3: the day, $4: products */
void
direct_restriction(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{0, UUIDOID}};
	int			n_accounts;
	int			n_products;
	Datum	   *accounts = answer_ids(answer, args[1], &n_accounts);
	Datum	   *products = answer_ids(answer, args[3], &n_products);
	ProbeRows	rows = {0};

	for (int i = 0; i < n_accounts; i++)
		for (int k = 0; k < n_products; k++)
		{
			ProbeKey	keys[] = {probe_key(accounts[i]), probe_key(products[k])};

			probe_add(answer, &restriction_probe, keys, &rows);
		}
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
	{
		if (!probe_valid_on(&rows.rows[i], 6, 5, args[2]))
			continue;
		answer_columns(answer, &rows.rows[i], 0, 6);
		answer_end_row(answer);
	}
}

enum
{
	POLICY_ID, POLICY_VERSION, POLICY_ALLOWED, POLICY_LAW_BASED, POLICY_LEGAL_REF, POLICY_REGION, POLICY_PERSONA,
	POLICY_SET, POLICY_SPECIALTY, POLICY_PROFESSION, POLICY_BOARD, POLICY_LICENSE_KIND, POLICY_QUALIFICATION,
	POLICY_QUALIFICATION_LEVEL, POLICY_STATUS, POLICY_FROM, POLICY_TO
};

static const Probe policy_probe = {
	"sampling_policy", 3, {{"product_id", UUIDOID}, {"action", TEXTOID}, {"country_code", TEXTOID}},
	17, {{"policy_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"allowed", BOOLOID}, {"law_based", BOOLOID}, {"legal_ref", TEXTOID},
		{"region_code", TEXTOID}, {"persona", TEXTOID}, {"specialty_set_id", UUIDOID}, {"required_specialty", DIRECT_PATH_TYPE},
		{"required_profession", TEXTOID}, {"required_board", TEXTOID}, {"required_license_kind", TEXTOID},
		{"user_qualification_kind", TEXTOID}, {"user_qualification_level", INT4OID}, {"status", TEXTOID},
		{"valid_from", DATEOID}, {"valid_to", DATEOID}}
};

static const Probe set_probe = {
	"specialty_set", 1, {{"set_id", UUIDOID}}, 1, {{"code", TEXTOID}}
};

static void
answer_policy(Answer *answer, const ProbeRow *row)
{
	ProbeKey	key = probe_key_of(row, POLICY_SET);
	ProbeRow	set;

	probe_one(answer, &set_probe, &key, &set);
	answer_columns(answer, row, POLICY_ID, 2);
	answer_value(answer, Int32GetDatum(row->rank), false);
	answer_columns(answer, row, POLICY_ALLOWED, POLICY_SPECIALTY - POLICY_ALLOWED);
	answer_columns(answer, &set, 0, 1);
	answer_path(answer, row, POLICY_SPECIALTY);
	answer_columns(answer, row, POLICY_PROFESSION, POLICY_STATUS - POLICY_PROFESSION);
	answer_end_row(answer);
}

/* $2: the country, $3: the day, $4: products, $5: the action, $6: the region */
void
direct_policy(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{POLICY_ID, UUIDOID}};
	int			count;
	Datum	   *products = answer_ids(answer, args[3], &count);
	ProbeRows	rows = {0};

	for (int i = 0; i < count; i++)
	{
		ProbeKey	keys[] = {probe_key(products[i]), probe_key(args[4]), probe_key(args[1])};
		int			before = rows.count;

		probe_add(answer, &policy_probe, keys, &rows);
		for (int k = before; k < rows.count; k++)
			rows.rows[k].rank = i;
	}
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
	{
		const ProbeRow *row = &rows.rows[i];

		if (probe_text_is(row, POLICY_STATUS, "approved") &&
			probe_valid_on(row, POLICY_FROM, POLICY_TO, args[2]) &&
			(row->nulls[POLICY_REGION] || probe_same_text(row, POLICY_REGION, args[5])))
			answer_policy(answer, row);
	}
}

static const Probe member_probe = {
	"specialty_set_member", 1, {{"set_id", UUIDOID}}, 2, {{"path", DIRECT_PATH_TYPE}, {"exclude", BOOLOID}}
};

/* $2: the set */
void
direct_member(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{0, TEXTOID, false, C_COLLATION_OID}};
	ProbeKey	key = probe_key(args[1]);
	ProbeRows	rows = {0};

	probe_add(answer, &member_probe, &key, &rows);
	for (int i = 0; i < rows.count; i++)
		probe_path_as_text(&rows.rows[i], 0);
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
	{
		answer_columns(answer, &rows.rows[i], 0, 2);
		answer_end_row(answer);
	}
}
