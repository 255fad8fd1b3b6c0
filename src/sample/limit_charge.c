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
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/uuid.h"

#include "errors.h"
#include "sample/handover.h"

/* The judgement was made under the lock; the condition is the backstop. */
static const AccessStatement charge_counters = {
	"UPDATE @m.limit_counter c SET used = c.used + k.quantity, excess = c.excess + k.over"
	" FROM (SELECT rule_id, subject_key, pool_key, window_from,"
	"  trim_scale(sum(quantity) / 1000000.0) AS quantity, trim_scale(sum(over) / 1000000.0) AS over"
	"  FROM unnest($1, $2, $3, $4, $5, $6) AS u(rule_id, subject_key, pool_key, window_from, quantity, over)"
	"  GROUP BY 1, 2, 3, 4) k"
	" WHERE c.rule_id = k.rule_id AND c.subject_key = k.subject_key AND c.pool_key = k.pool_key"
	" AND c.window_from = k.window_from"
	" AND (c.quota IS NULL OR c.used + k.quantity <= c.quota + c.excess + k.over)"
	" RETURNING 1",
	6, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, INT8ARRAYOID, INT8ARRAYOID}
};

static const AccessStatement store_uses = {
	"INSERT INTO @m.limit_use (rule_id, subject_key, pool_key, window_from, quantity, disbursement_id, local_day)"
	" SELECT u.rule_id, u.subject_key, u.pool_key, u.window_from, trim_scale(u.quantity / 1000000.0),"
	"  u.disbursement_id, u.local_day"
	" FROM unnest($1, $2, $3, $4, $5, $6, $7)"
	"  AS u(rule_id, subject_key, pool_key, window_from, quantity, disbursement_id, local_day)"
	" WHERE u.quantity > 0",
	7, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, INT8ARRAYOID, UUIDARRAYOID, DATEARRAYOID}
};

static Datum
uuid_array(Datum *values, int count)
{
	return PointerGetDatum(construct_array(values, count, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
}

static Datum
text_array(Datum *values, int count)
{
	return PointerGetDatum(construct_array(values, count, TEXTOID, -1, false, TYPALIGN_INT));
}

static Datum
int8_array(Datum *values, int count)
{
	return PointerGetDatum(construct_array(values, count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

static Datum
date_array(Datum *values, int count)
{
	return PointerGetDatum(construct_array(values, count, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
}

/* How many different counters the uses name. */
static int
count_counters(const HandoverBatch *batch)
{
	int			count = 0;
	bool	   *seen = palloc0(Max(batch->keys.count, 1) * sizeof(bool));

	for (int i = 0; i < batch->pending.count; i++)
	{
		int			place = handover_key_place(batch, &batch->pending.items[i]);

		if (!seen[place])
			count++;
		seen[place] = true;
	}
	return count;
}

/* Charge the counters with what the batch has decided, and note each use. */
void
limit_charge(HandoverBatch *batch)
{
	int			n = batch->pending.count;
	Datum	   *columns[8];
	Datum		args[7];

	if (n == 0)
		return;
	for (int c = 0; c < 8; c++)
		columns[c] = palloc(n * sizeof(Datum));
	for (int i = 0; i < n; i++)
	{
		const LimitUse *use = &batch->pending.items[i];

		columns[0][i] = UUIDPGetDatum((pg_uuid_t *) &use->rule_id);
		columns[1][i] = CStringGetTextDatum(use->subject_key);
		columns[2][i] = CStringGetTextDatum(use->pool_key);
		columns[3][i] = DateADTGetDatum(use->counter_from);
		columns[4][i] = Int64GetDatum(use->quantity);
		columns[5][i] = Int64GetDatum(use->over);
		columns[6][i] = UUIDPGetDatum((pg_uuid_t *) &use->fact_id);
		columns[7][i] = DateADTGetDatum(use->day);
	}
	args[0] = uuid_array(columns[0], n);
	args[1] = text_array(columns[1], n);
	args[2] = text_array(columns[2], n);
	args[3] = date_array(columns[3], n);
	args[4] = int8_array(columns[4], n);
	args[5] = int8_array(columns[5], n);
	if (access_write(batch->scope, &charge_counters, args, NULL) != (uint64) count_counters(batch))
	{
		LsceErrorReport report = {0};

		report.reason = LSCE_REASON_QTY_LIMIT_EXCEEDED;
		report.message = "a limit was lowered while this hand-over waited for it";
		report.schema_name = get_namespace_name(RelationGetNamespace(batch->rel));
		report.table_name = "limit_counter";
		report.constraint_name = "limit_counter_within";
		lsce_ereport_reason(&report);
	}
	args[5] = uuid_array(columns[6], n);
	args[6] = date_array(columns[7], n);
	access_write(batch->scope, &store_uses, args, NULL);
}
