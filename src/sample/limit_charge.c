/*-------------------------------------------------------------------------
 *
 * limit_charge.c
 *	  Charge the counters of limits for judged hand-overs.
 *
 * handover_lock.c has made the counters and holds their locks.
 *
 * src/sample/limit_charge.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/uuid.h"

#include "access/write.h"
#include "errors.h"
#include "sample/handover.h"

/* The judgement was made under the lock; this is the backstop. */
static bool
counter_takes(const Datum *values, const bool *nulls, const Datum *added)
{
	return nulls[2] ||
		(!nulls[0] && !nulls[1] &&
		 DatumGetBool(DirectFunctionCall2(numeric_le, values[0], DirectFunctionCall2(numeric_add, values[2], values[1]))));
}

/*
 * The keys drive, see handover_lock.c; a place found by key is the only other
 * way to a row.
 */
static const AccessAdd charge_counters = {
	{"limit_counter", "limit_counter_pkey", 4,
		{{"rule_id", UUIDOID}, {"subject_key", TEXTOID}, {"pool_key", TEXTOID}, {"window_from", DATEOID}},
	3, {{"used", NUMERICOID}, {"excess", NUMERICOID}, {"quota", NUMERICOID}}},
	2, counter_takes, NULL,
	{"UPDATE @m.limit_counter c SET used = c.used + k.quantity, excess = c.excess + k.over"
		" FROM (SELECT u.quantity, u.over, l.ctid AS place"
		"  FROM unnest($1, $2, $3, $4, $5, $6) AS u(rule_id, subject_key, pool_key, window_from, quantity, over)"
		"  CROSS JOIN LATERAL (SELECT x.ctid FROM @m.limit_counter x WHERE x.rule_id = u.rule_id"
		"   AND x.subject_key = u.subject_key AND x.pool_key = u.pool_key AND x.window_from = u.window_from OFFSET 0) l) k"
		" WHERE c.ctid = k.place AND (c.quota IS NULL OR c.used + k.quantity <= c.quota + c.excess + k.over)",
	6, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID}}
};

static const AccessInsert store_uses = {
	"limit_use", 7, {{"rule_id", UUIDOID}, {"subject_key", TEXTOID}, {"pool_key", TEXTOID}, {"window_from", DATEOID},
	{"quantity", NUMERICOID}, {"disbursement_id", UUIDOID}, {"local_day", DATEOID}},
	{"INSERT INTO @m.limit_use (rule_id, subject_key, pool_key, window_from, quantity, disbursement_id, local_day)"
		" SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)",
	7, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, NUMERICARRAYOID, UUIDARRAYOID, DATEARRAYOID}}
};

/* The key of a counter, as the first four columns of what is written. */
static void
key_columns(Datum **columns, int row, const LimitUse *key)
{
	columns[0][row] = UUIDPGetDatum((pg_uuid_t *) &key->rule_id);
	columns[1][row] = CStringGetTextDatum(key->subject_key);
	columns[2][row] = CStringGetTextDatum(key->pool_key);
	columns[3][row] = DateADTGetDatum(key->counter_from);
}

/* Add up what the batch has decided; returns on how many counters. */
static int
sum_uses(const HandoverBatch *batch, Datum **columns)
{
	int			n = 0;
	int		   *row_of = palloc0(batch->keys.count * sizeof(int));	/* from 1 */

	for (int i = 0; i < batch->pending.count; i++)
	{
		const LimitUse *use = &batch->pending.items[i];
		int			place = handover_key_place(batch, use);
		Datum		quantity = rules_quantity_numeric(use->quantity);
		Datum		over = rules_quantity_numeric(use->over);
		int			row = row_of[place] - 1;

		if (row < 0)
		{
			row = n++;
			row_of[place] = n;
			key_columns(columns, row, use);
			columns[4][row] = quantity;
			columns[5][row] = over;
			continue;
		}
		columns[4][row] = DirectFunctionCall2(numeric_add, columns[4][row], quantity);
		columns[5][row] = DirectFunctionCall2(numeric_add, columns[5][row], over);
	}
	return n;
}

/* Raise because a counter does not take what was judged to fit. */
static void
refuse_charge(const HandoverBatch *batch)
{
	LsceErrorReport report = {0};

	report.reason = LSCE_REASON_QTY_LIMIT_EXCEEDED;
	report.message = "a limit was lowered while this hand-over waited for it";
	report.schema_name = get_namespace_name(RelationGetNamespace(batch->rel));
	report.table_name = "limit_counter";
	report.constraint_name = "limit_counter_within";
	lsce_ereport_reason(&report);
}

/* Note each use that counts something. */
static void
note_uses(HandoverBatch *batch, Datum **columns)
{
	int			n = 0;

	for (int i = 0; i < batch->pending.count; i++)
	{
		const LimitUse *use = &batch->pending.items[i];

		if (use->quantity <= 0)
			continue;
		key_columns(columns, n, use);
		columns[4][n] = rules_quantity_numeric(use->quantity);
		columns[5][n] = UUIDPGetDatum((pg_uuid_t *) &use->fact_id);
		columns[6][n] = DateADTGetDatum(use->day);
		n++;
	}
	access_insert(batch->scope, &store_uses, columns, NULL, n);
}

/* Charge the counters with what the batch has decided, and note each use. */
void
limit_charge(HandoverBatch *batch)
{
	Datum	   *columns[7];
	uint64		changed;
	int			n;

	if (batch->pending.count == 0)
		return;
	for (int c = 0; c < 7; c++)
		columns[c] = palloc(batch->pending.count * sizeof(Datum));
	n = sum_uses(batch, columns);
	(void) access_add(batch->scope, &charge_counters, columns, columns + 4, n, &changed);
	if (changed != (uint64) n)
		refuse_charge(batch);
	note_uses(batch, columns);
}
