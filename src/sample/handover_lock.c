/*-------------------------------------------------------------------------
 *
 * handover_lock.c
 *	  Take every lock that the hand-overs of a statement need, in one order.
 *
 * The order, for every writer: counters by (rule, subject, pool, window),
 * then request lines by (request, product), then stock by (location, lot).
 * Two statements that want the same rows wait for each other, never in a
 * circle.
 *
 * src/sample/handover_lock.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "sample/handover.h"

/*
 * Counters come into being on first use; another session may be first.  The
 * rule is locked against change until this transaction ends, so that whoever
 * changes its quota meets every counter.
 *
 * A rule that was approved after hand-overs of its window counts those too:
 * history holds what its subject had of its pool, and corrections of that.
 * Of the conditions in applies_when only the kind is asked of the past.
 */
#define PAST(subject, match) \
	" SELECT m.n, d.* FROM missing m JOIN @m.disbursement d ON " match \
	"  AND d.recorded_at < m.approved_at AND d.local_day >= m.window_from AND d.local_day < m.window_to" \
	" WHERE m.subject = '" subject "'"
#define SUBJECT_ID "split_part(split_part(m.subject_key, '@', 1), '/', 1)::uuid"
#define SAME_ACCOUNT(column) \
	column " = ANY (ARRAY(SELECT a.account_id FROM @m.account a" \
	"  WHERE a.account_id = " SUBJECT_ID " OR a.survivor_id = " SUBJECT_ID "))"

static const AccessStatement make_counters = {
	"WITH missing AS MATERIALIZED ("
	" SELECT k.*, r.quota, r.subject, r.pool, r.counting, t.approved_at, r.applies_when -> 'kind' AS kind"
	" FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY"
	"  AS k(rule_id, subject_key, pool_key, window_from, window_to, by_sum, n)"
	" JOIN @m.limit_rule r USING (rule_id) JOIN @m.limit_template t USING (template_id)"
	" WHERE NOT EXISTS (SELECT FROM @m.limit_counter c WHERE c.rule_id = k.rule_id"
	"  AND c.subject_key = k.subject_key AND c.pool_key = k.pool_key AND c.window_from = k.window_from)"
	" ORDER BY k.n FOR SHARE OF r),"
	" past AS MATERIALIZED ("
	PAST("account", SAME_ACCOUNT("d.practitioner_id")) " UNION ALL"
	PAST("account_user", SAME_ACCOUNT("d.practitioner_id") " AND d.user_id = split_part(m.subject_key, '/', 2)::uuid") " UNION ALL"
	PAST("hco", SAME_ACCOUNT("d.hco_id")) " UNION ALL"
	PAST("user", "d.user_id = " SUBJECT_ID) " UNION ALL"
	PAST("territory", "d.territory_id = " SUBJECT_ID) " UNION ALL"
	PAST("company", "d.company_id = " SUBJECT_ID) "),"
	" counted AS MATERIALIZED ("
	" SELECT m.n, d.disbursement_id, d.visit_id, d.local_day, d.quantity AS units, d.captured_at,"
	"  CASE m.counting WHEN 'visits' THEN 1 WHEN 'value' THEN d.quantity * v.unit_value"
	"   WHEN 'strength_mg' THEN d.quantity * p.strength_mg * p.pack_size ELSE d.quantity END AS quantity,"
	"  m.counting = 'visits' AS by_visit"
	" FROM missing m JOIN past d ON d.n = m.n JOIN @m.product p USING (product_id)"
	" LEFT JOIN @m.product_market v ON v.product_id = d.product_id AND v.country_code = d.country_code AND v.company_id = d.company_id"
	" WHERE (position('@' IN m.subject_key) = 0 OR d.request_id::text = split_part(m.subject_key, '@', 2))"
	" AND (m.kind IS NULL OR m.kind @> to_jsonb(d.kind))"
	" AND CASE m.pool WHEN 'all' THEN true WHEN 'brand' THEN coalesce(p.brand_id, p.product_id)::text = m.pool_key"
	"  WHEN 'company' THEN coalesce(v.company_id, p.company_id, d.company_id)::text = m.pool_key"
	"  WHEN 'form_strength' THEN m.pool_key = coalesce(p.brand_id, p.product_id) || '/' || coalesce(p.dosage_form, '-') || '/'"
	"   || coalesce(trunc(p.strength_mg * 1000000), 0)"
	"  ELSE p.product_id::text = m.pool_key END),"
	" history AS MATERIALIZED ("
	" SELECT c.n, c.disbursement_id, NULL::uuid AS reversal_id, c.local_day, c.quantity FROM counted c"
	"  WHERE NOT c.by_visit AND c.quantity > 0"
	" UNION ALL SELECT c.n, c.disbursement_id, b.reversal_id, c.local_day, -c.quantity * b.quantity / c.units"
	"  FROM counted c JOIN @m.disbursement_reversal b USING (disbursement_id) WHERE NOT c.by_visit AND c.quantity > 0"
	" UNION ALL (SELECT DISTINCT ON (c.n, coalesce(c.visit_id, c.disbursement_id))"
	"   c.n, c.disbursement_id, NULL::uuid, c.local_day, c.quantity"
	"  FROM counted c WHERE c.by_visit AND c.units >"
	"   (SELECT coalesce(sum(b.quantity), 0) FROM @m.disbursement_reversal b WHERE b.disbursement_id = c.disbursement_id)"
	"  ORDER BY c.n, coalesce(c.visit_id, c.disbursement_id), c.captured_at, c.disbursement_id)),"
	" made AS (INSERT INTO @m.limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota, used, excess)"
	"  SELECT m.rule_id, m.subject_key, m.pool_key, m.window_from, m.window_to, CASE WHEN NOT m.by_sum THEN m.quota END, h.used,"
	"   CASE WHEN m.by_sum THEN 0 ELSE coalesce(greatest(h.used - m.quota, 0), 0) END"
	"  FROM missing m CROSS JOIN LATERAL"
	"   (SELECT coalesce(trim_scale(sum(x.quantity)), 0) AS used FROM history x WHERE x.n = m.n) h ORDER BY m.n"
	"  ON CONFLICT DO NOTHING RETURNING rule_id, subject_key, pool_key, window_from, excess),"
	" noted AS (INSERT INTO @m.limit_use"
	"  (rule_id, subject_key, pool_key, window_from, disbursement_id, reversal_id, local_day, quantity)"
	"  SELECT m.rule_id, m.subject_key, m.pool_key, m.window_from, h.disbursement_id, h.reversal_id, h.local_day, trim_scale(h.quantity)"
	"  FROM history h CROSS JOIN LATERAL (SELECT k.* FROM missing k WHERE k.n = h.n OFFSET 0) m"
	"  WHERE EXISTS (SELECT FROM made a WHERE a.rule_id = m.rule_id AND a.subject_key = m.subject_key"
	"   AND a.pool_key = m.pool_key AND a.window_from = m.window_from))"
	" INSERT INTO @m.discrepancy (rule_id, subject_key, pool_key, window_from, severity, reason_code, over_by)"
	" SELECT rule_id, subject_key, pool_key, window_from, 'error', 'QTY_LIMIT_EXCEEDED', excess FROM made WHERE excess > 0",
	6, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, DATEARRAYOID, BOOLARRAYOID}
};

static const AccessStatement lock_counters = {
	"SELECT 1 FROM unnest($1, $2, $3, $4) AS k(rule_id, subject_key, pool_key, window_from)"
	" JOIN @m.limit_counter c USING (rule_id, subject_key, pool_key, window_from)"
	" ORDER BY c.rule_id, c.subject_key COLLATE \"C\", c.pool_key COLLATE \"C\", c.window_from"
	" FOR UPDATE OF c",
	4, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID}
};

/* What a request has had, and what a bag holds: as they are under the lock. */
static const AccessStatement lock_lines = {
	"SELECT k.n::int, ceil(l.fulfilled * 1000000)::bigint"
	" FROM unnest($1, $2) WITH ORDINALITY AS k(request_id, product_id, n)"
	" JOIN @m.sample_request_line l USING (request_id, product_id)"
	" ORDER BY l.request_id, l.product_id FOR UPDATE OF l",
	2, {UUIDARRAYOID, UUIDARRAYOID}
};

static const AccessStatement lock_stock = {
	"SELECT k.n::int, floor(s.on_hand * 1000000)::bigint"
	" FROM unnest($1, $2) WITH ORDINALITY AS k(location_id, batch_id, n)"
	" JOIN @m.inventory_stock s USING (location_id, batch_id)"
	" ORDER BY s.location_id, s.batch_id FOR UPDATE OF s",
	2, {UUIDARRAYOID, UUIDARRAYOID}
};

/* The order of counters; the same as that of lock_counters. */
static int
compare_uses(const void *a, const void *b)
{
	const LimitUse *x = a;
	const LimitUse *y = b;
	int			result = memcmp(&x->rule_id, &y->rule_id, sizeof(Uuid16));

	if (result == 0)
		result = strcmp(x->subject_key, y->subject_key);
	if (result == 0)
		result = strcmp(x->pool_key, y->pool_key);
	if (result == 0)
		result = (x->counter_from > y->counter_from) - (x->counter_from < y->counter_from);
	return result;
}

/* Sort the keys and keep each once. */
static void
sort_keys(LimitUseList *keys)
{
	int			kept = 0;

	qsort(keys->items, keys->count, sizeof(LimitUse), compare_uses);
	for (int i = 0; i < keys->count; i++)
		if (kept == 0 || compare_uses(&keys->items[kept - 1], &keys->items[i]) != 0)
			keys->items[kept++] = keys->items[i];
	keys->count = kept;
}

static Datum
uuid_array(Datum *values, int count)
{
	return PointerGetDatum(construct_array(values, count, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
}

/* Make what counters are missing, and lock all of them. */
static void
take_counters(HandoverBatch *batch)
{
	LimitUseList *keys = &batch->keys;
	int			n = keys->count;
	Datum	   *columns[6];
	Datum		args[6];

	if (n == 0)
		return;
	for (int c = 0; c < 6; c++)
		columns[c] = palloc(n * sizeof(Datum));
	for (int i = 0; i < n; i++)
	{
		const LimitUse *key = &keys->items[i];

		columns[0][i] = UUIDPGetDatum((pg_uuid_t *) &key->rule_id);
		columns[1][i] = CStringGetTextDatum(key->subject_key);
		columns[2][i] = CStringGetTextDatum(key->pool_key);
		columns[3][i] = DateADTGetDatum(key->counter_from);
		columns[4][i] = DateADTGetDatum(key->counter_to);
		columns[5][i] = BoolGetDatum(key->by_sum);
	}
	args[0] = uuid_array(columns[0], n);
	args[1] = PointerGetDatum(construct_array(columns[1], n, TEXTOID, -1, false, TYPALIGN_INT));
	args[2] = PointerGetDatum(construct_array(columns[2], n, TEXTOID, -1, false, TYPALIGN_INT));
	args[3] = PointerGetDatum(construct_array(columns[3], n, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
	args[4] = PointerGetDatum(construct_array(columns[4], n, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
	args[5] = PointerGetDatum(construct_array(columns[5], n, BOOLOID, sizeof(bool), true, TYPALIGN_CHAR));
	access_write(batch->scope, &make_counters, args, NULL);
	if (access_write(batch->scope, &lock_counters, args, NULL) != (uint64) n)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not lock the limit counters of this hand-over"),
				 errhint("Retry the transaction.")));
}

/*
 * Lock rows named by pairs of ids of the hand-overs and note, for each hand-over,
 * the number that the statement returns.
 */
static void
take_pairs(HandoverBatch *batch, const AccessStatement *stmt, size_t first_id, size_t second_id,
		   size_t result)
{
	Datum	   *first = palloc(batch->count * sizeof(Datum));
	Datum	   *second = palloc(batch->count * sizeof(Datum));
	Datum		args[2];
	uint64		n;

	for (int i = 0; i < batch->count; i++)
	{
		char	   *request = (char *) &batch->items[i].request;

		first[i] = PointerGetDatum(request + first_id);
		second[i] = PointerGetDatum(request + second_id);
	}
	args[0] = uuid_array(first, batch->count);
	args[1] = uuid_array(second, batch->count);
	n = access_write(batch->scope, stmt, args, NULL);
	for (uint64 row = 0; row < n; row++)
		*(int64_t *) ((char *) &batch->items[access_int32(row, 1) - 1] + result) = access_int64(row, 2);
}

/* Lock all that the rows of the batch may charge. */
void
handover_lock(HandoverBatch *batch)
{
	sort_keys(&batch->keys);
	take_counters(batch);
	take_pairs(batch, &lock_lines, offsetof(RuleRequest, request_id),
			   offsetof(RuleRequest, product_id), offsetof(Handover, fulfilled));
	take_pairs(batch, &lock_stock, offsetof(RuleRequest, location_id),
			   offsetof(RuleRequest, batch_id), offsetof(Handover, on_hand));
}

/* Place of a counter among those locked; -1 when it is not. */
int
handover_key_place(const HandoverBatch *batch, const LimitUse *use)
{
	const LimitUse *found;

	found = bsearch(use, batch->keys.items, batch->keys.count, sizeof(LimitUse), compare_uses);
	return found ? (int) (found - batch->keys.items) : -1;
}
