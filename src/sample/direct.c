/*-------------------------------------------------------------------------
 *
 * direct.c
 *	  Statements on hand-overs, limits and the ledger by index probes.
 *
 * Uses by day stay with SPI: their index is read by a range of days.
 *
 * src/sample/direct.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

#include "sample/direct.h"

#define MILLION_MILLIONS INT64CONST(1000000000000)

/* How a figure becomes a whole number of millionths. */
typedef enum Rounding
{
	ROUND_DOWN,
	ROUND_UP
} Rounding;

/* Append a numeric in millionths, rounded; "most" caps it first, 0 does not. */
static void
answer_rounded(Answer *answer, Datum value, bool isnull, Rounding rounding, int64 most)
{
	Datum		cap = NumericGetDatum(int64_to_numeric(most));

	if (isnull)
	{
		answer_value(answer, (Datum) 0, true);
		return;
	}
	if (most > 0 && DatumGetBool(DirectFunctionCall2(numeric_gt, value, cap)))
		value = cap;
	value = DirectFunctionCall2(numeric_mul, value, NumericGetDatum(int64_to_numeric(1000000)));
	if (rounding == ROUND_UP)
		value = DirectFunctionCall1(numeric_ceil, value);
	else
		value = DirectFunctionCall2(numeric_trunc, value, Int32GetDatum(0));
	answer_value(answer, DirectFunctionCall1(numeric_int8, value), false);
}

static const Probe paper_probe = {
	"sample_request", 1, {{"request_id", UUIDOID}}, 2, {{"account_id", UUIDOID}, {"practitioner_id", UUIDOID}}
};

static const Probe visited_probe = {
	"visit", 1, {{"visit_id", UUIDOID}}, 1, {{"account_id", UUIDOID}}
};

/* $1: request, $2: visit */
void
direct_account_of_paper(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	request_id = probe_key(args[0]);
	ProbeKey	visit_id = probe_key(args[1]);
	ProbeRow	request;
	ProbeRow	visit;

	probe_one(answer, &paper_probe, &request_id, &request);
	probe_one(answer, &visited_probe, &visit_id, &visit);
	answer_columns(answer, request.nulls[0] ? &visit : &request, 0, 1);
	answer_columns(answer, &request, 1, 1);
	answer_end_row(answer);
}

enum
{
	RULE_ID, RULE_VERSION, RULE_TEMPLATE, RULE_NAME, RULE_SUBJECT, RULE_COUNTING, RULE_POOL, RULE_PER_VISIT,
	RULE_QUOTA, RULE_PERIOD, RULE_STARTS, RULE_ENDS, RULE_EVERY, RULE_OFFSET, RULE_YEAR_STARTS, RULE_ANCHOR,
	RULE_AFTER, RULE_FOR, RULE_UNTIL, RULE_RESTARTS, RULE_OUTSIDE, RULE_APPLIES_WHEN, RULE_ATTESTED
};

static const Probe rule_probe = {
	"limit_rule", 1, {{"template_id", UUIDOID}},
	23, {{"rule_id", UUIDOID}, {"sys_from", TIMESTAMPTZOID}, {"template_id", UUIDOID}, {"name", TEXTOID}, {"subject", TEXTOID},
		{"counting", TEXTOID}, {"pool", TEXTOID}, {"per_visit", NUMERICOID}, {"quota", NUMERICOID}, {"period", TEXTOID},
		{"starts", DATEOID}, {"ends", DATEOID}, {"every", INTERVALOID}, {"offset_by", INTERVALOID}, {"year_starts_month", INT4OID},
		{"window_anchor", TEXTOID}, {"window_after", INTERVALOID}, {"window_for", INTERVALOID}, {"window_until", TEXTOID},
		{"window_restarts", TEXTARRAYOID}, {"outside_window", TEXTOID}, {"applies_when", JSONBOID}, {"external_attested", NUMERICOID}}
};

static const Probe market_probe = {
	"product_market", 1, {{"product_market_id", UUIDOID}}, 1, {{"unit_value", NUMERICOID}}
};

/* Append whether the text is one of the column's array, as SQL's = ANY. */
static void
answer_is_any(Answer *answer, const ProbeRow *row, int column, const char *text)
{
	Datum	   *items;
	bool	   *nulls;
	int			count;
	bool		found = false;
	bool		unknown = row->nulls[column];

	if (!unknown)
	{
		deconstruct_array(DatumGetArrayTypeP(row->values[column]), TEXTOID, -1, false, TYPALIGN_INT, &items, &nulls, &count);
		for (int i = 0; i < count && !found; i++)
		{
			ProbeRow	item = {&items[i], &nulls[i], 0};

			unknown = unknown || nulls[i];
			found = probe_text_is(&item, 0, text);
		}
	}
	answer_value(answer, BoolGetDatum(found), !found && unknown);
}

static void
answer_rule(Answer *answer, const ProbeRow *rule, const ProbeRow *market)
{
	answer_columns(answer, rule, RULE_ID, RULE_PER_VISIT);
	answer_rounded(answer, rule->values[RULE_PER_VISIT], rule->nulls[RULE_PER_VISIT], ROUND_DOWN, MILLION_MILLIONS);
	answer_rounded(answer, rule->values[RULE_QUOTA], rule->nulls[RULE_QUOTA], ROUND_DOWN, MILLION_MILLIONS);
	answer_columns(answer, rule, RULE_PERIOD, RULE_UNTIL - RULE_PERIOD);
	answer_value(answer, BoolGetDatum(!rule->nulls[RULE_UNTIL]), false);
	answer_is_any(answer, rule, RULE_RESTARTS, "extended_on");
	answer_is_any(answer, rule, RULE_RESTARTS, "reclassified_on");
	answer_columns(answer, rule, RULE_OUTSIDE, 2);
	answer_rounded(answer, rule->values[RULE_ATTESTED], rule->nulls[RULE_ATTESTED], ROUND_UP, MILLION_MILLIONS);
	answer_rounded(answer, market->values[0], market->nulls[0], ROUND_UP, MILLION_MILLIONS);
	answer_end_row(answer);
}

/* $1: templates, $2: the product's market */
void
direct_rules_of_templates(Answer *answer, const Datum *args, const char *nulls)
{
	static const ProbeOrder orders[] = {{RULE_NAME, TEXTOID, false, C_COLLATION_OID}};
	int			count;
	Datum	   *templates = answer_ids(answer, args[0], &count);
	ProbeKey	key = probe_key(args[1]);
	ProbeRow	market;
	ProbeRows	rows = {0};

	probe_one(answer, &market_probe, &key, &market);
	for (int i = 0; i < count; i++)
	{
		int			before = rows.count;

		key = probe_key(templates[i]);
		probe_add(answer, &rule_probe, &key, &rows);
		for (int k = before; k < rows.count; k++)
			rows.rows[k].rank = i;
	}
	answer_sort(&rows, orders, lengthof(orders));
	for (int i = 0; i < rows.count; i++)
		answer_rule(answer, &rows.rows[i], &market);
}

static const Probe counter_probe = {
	"limit_counter", 4, {{"rule_id", UUIDOID}, {"subject_key", TEXTOID}, {"pool_key", TEXTOID}, {"window_from", DATEOID}},
	2, {{"used", NUMERICOID}, {"excess", NUMERICOID}}
};

/* The four arrays that name counters; returns how many they name. */
static int
counter_keys(const Datum *args, Datum **parts)
{
	int			count;

	deconstruct_array(DatumGetArrayTypeP(args[0]), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR, &parts[0], NULL, &count);
	deconstruct_array(DatumGetArrayTypeP(args[1]), TEXTOID, -1, false, TYPALIGN_INT, &parts[1], NULL, &count);
	deconstruct_array(DatumGetArrayTypeP(args[2]), TEXTOID, -1, false, TYPALIGN_INT, &parts[2], NULL, &count);
	deconstruct_array(DatumGetArrayTypeP(args[3]), DATEOID, sizeof(int32), true, TYPALIGN_INT, &parts[3], NULL, &count);
	return count;
}

/* $1 to $4: rules, subjects, pools and beginnings of windows, by their place */
void
direct_missing_counters(Answer *answer, const Datum *args, const char *nulls)
{
	Datum	   *parts[4];
	int			count = counter_keys(args, parts);

	for (int i = 0; i < count; i++)
	{
		ProbeKey	keys[] = {probe_key(parts[0][i]), probe_key(parts[1][i]), probe_key(parts[2][i]), probe_key(parts[3][i])};
		ProbeRow	row;

		if (probe_one(answer, &counter_probe, keys, &row))
			continue;
		answer_value(answer, Int32GetDatum(i + 1), false);
		answer_end_row(answer);
	}
}

static const Probe approval_probe = {
	"limit_template", 1, {{"template_id", UUIDOID}}, 1, {{"approved_at", TIMESTAMPTZOID}}
};

/* $1 and $2: templates and beginnings of windows */
void
direct_rules_with_past(Answer *answer, const Datum *args, const char *nulls)
{
	Datum	   *templates;
	Datum	   *windows;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(args[0]), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR, &templates, NULL, &count);
	deconstruct_array(DatumGetArrayTypeP(args[1]), DATEOID, sizeof(int32), true, TYPALIGN_INT, &windows, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		ProbeKey	key = probe_key(templates[i]);
		ProbeRow	row;
		Datum		day;

		if (!probe_one(answer, &approval_probe, &key, &row))
			continue;
		if (!row.nulls[0])
		{
			day = answer_day_in(CStringGetTextDatum("UTC"), row.values[0]);
			/* ten days after a day that never comes is no number */
			if (DatumGetDateADT(windows[i]) > DatumGetDateADT(DirectFunctionCall2(date_pli, day, Int32GetDatum(10))))
				continue;
		}
		answer_value(answer, Int32GetDatum(1), false);
		answer_end_row(answer);
		return;
	}
}

/* $1 to $4: rules, subjects, pools and beginnings of windows, by their place */
void
direct_counters_of_keys(Answer *answer, const Datum *args, const char *nulls)
{
	Datum	   *parts[4];
	int			count = counter_keys(args, parts);

	for (int i = 0; i < count; i++)
	{
		ProbeKey	keys[] = {probe_key(parts[0][i]), probe_key(parts[1][i]), probe_key(parts[2][i]), probe_key(parts[3][i])};
		ProbeRow	row;

		if (!probe_one(answer, &counter_probe, keys, &row))
			continue;
		answer_value(answer, Int32GetDatum(i + 1), false);
		answer_rounded(answer, row.values[0], row.nulls[0], ROUND_UP, 0);
		answer_rounded(answer, row.values[1], row.nulls[1], ROUND_UP, 0);
		answer_end_row(answer);
	}
}

static const Probe given_probe = {
	"disbursement", 1, {{"visit_id", UUIDOID}}, 1, {{"disbursement_id", UUIDOID}}
};

static const Probe use_probe = {
	"limit_use", 1, {{"disbursement_id", UUIDOID}},
	4, {{"rule_id", UUIDOID}, {"subject_key", TEXTOID}, {"pool_key", TEXTOID}, {"quantity", NUMERICOID}}
};

static bool
same_use(const ProbeRow *a, const ProbeRow *b)
{
	return probe_same_id(a, 0, b->values[0]) && probe_same_text(a, 1, b->values[1]) && probe_same_text(a, 2, b->values[2]);
}

/* $1: the visit */
void
direct_uses_of_visit(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[0]);
	ProbeRows	given = {0};
	ProbeRows	uses = {0};
	int			kept = 0;

	probe_add(answer, &given_probe, &key, &given);
	for (int i = 0; i < given.count; i++)
	{
		key = probe_key_of(&given.rows[i], 0);
		probe_add(answer, &use_probe, &key, &uses);
	}
	for (int i = 0; i < uses.count; i++)
	{
		int			k = 0;

		while (k < kept && !same_use(&uses.rows[k], &uses.rows[i]))
			k++;
		if (k == kept)
			uses.rows[kept++] = uses.rows[i];
		else if (!uses.rows[k].nulls[3] && !uses.rows[i].nulls[3])
			uses.rows[k].values[3] = DirectFunctionCall2(numeric_add, uses.rows[k].values[3], uses.rows[i].values[3]);
	}
	for (int i = 0; i < kept; i++)
	{
		answer_columns(answer, &uses.rows[i], 0, 3);
		answer_rounded(answer, uses.rows[i].values[3], uses.rows[i].nulls[3], ROUND_UP, 0);
		answer_end_row(answer);
	}
}

static const Probe entry_probe = {
	"inventory_entry", 1, {{"operation_id", UUIDOID}}, 1, {{"entry_id", UUIDOID}}
};

/* $1: operations, $2: how many legs of each are new */
void
direct_posted_before(Answer *answer, const Datum *args, const char *nulls)
{
	Datum	   *operations;
	Datum	   *legs;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(args[0]), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR, &operations, NULL, &count);
	deconstruct_array(DatumGetArrayTypeP(args[1]), INT4OID, sizeof(int32), true, TYPALIGN_INT, &legs, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		ProbeKey	key = probe_key(operations[i]);
		ProbeRows	entries = {0};

		probe_add(answer, &entry_probe, &key, &entries);
		if (entries.count <= DatumGetInt32(legs[i]))
			continue;
		answer_value(answer, operations[i], false);
		answer_value(answer, Int64GetDatum(entries.count), false);
		answer_end_row(answer);
	}
}

static const Probe place_probe = {
	"inventory_location", 1, {{"location_id", UUIDOID}}, 1, {{"kind", TEXTOID}}
};

static const Probe stock_probe = {
	"inventory_stock", 2, {{"location_id", UUIDOID}, {"batch_id", UUIDOID}}, 1, {{"on_hand", NUMERICOID}}
};

/* $1 and $2: places and lots */
void
direct_missing_stock(Answer *answer, const Datum *args, const char *nulls)
{
	Datum	   *places;
	Datum	   *lots;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(args[0]), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR, &places, NULL, &count);
	deconstruct_array(DatumGetArrayTypeP(args[1]), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR, &lots, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		ProbeKey	keys[] = {probe_key(places[i]), probe_key(lots[i])};
		ProbeRow	place;
		ProbeRow	stock;

		probe_one(answer, &place_probe, &keys[0], &place);
		if (!probe_text_is(&place, 0, "warehouse") && !probe_text_is(&place, 0, "rep") &&
			!probe_text_is(&place, 0, "in_transit") && !probe_text_is(&place, 0, "quarantine"))
			continue;
		if (probe_one(answer, &stock_probe, keys, &stock))
			continue;
		answer_value(answer, Int32GetDatum(i + 1), false);
		answer_end_row(answer);
	}
}
