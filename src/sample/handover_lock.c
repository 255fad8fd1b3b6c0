/*-------------------------------------------------------------------------
 *
 * handover_lock.c
 *	  Take every lock that the hand-overs of a statement need, in one order.
 *
 * The order, for every writer: visits whose figure several counters share, by
 * id, then counters by (rule, subject, pool, window), then request lines by
 * (request, product), then stock by (location, lot).
 * Two statements that want the same rows wait for each other, never in a
 * circle.
 *
 * src/sample/handover_lock.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "access/write.h"
#include "rules/step.h"
#include "sample/direct.h"
#include "sample/handover.h"

/*
 * Nothing in a visit changes, so that foreign keys of others need not wait, and
 * who waited reads what the visit used as it is committed: see limit_usage.c.
 */
static const AccessLock lock_visits = {
	{"visit", "visit_pkey", 1, {{"visit_id", UUIDOID}}, 0},
	{"SELECT k.n::int FROM unnest($1) WITH ORDINALITY AS k(visit_id, n)"
		" CROSS JOIN LATERAL (SELECT FROM @m.visit v WHERE v.visit_id = k.visit_id FOR NO KEY UPDATE) x",
	1, {UUIDARRAYOID}},
	LockTupleNoKeyExclusive
};

/*
 * In every statement the keys drive and each finds its row by an index, whatever
 * the planner believes of the tables: an OFFSET or a lock keeps a subquery as
 * it is, so that no other order of joining exists.
 */
#define COUNTER_OF_KEY(c) \
	c ".rule_id = k.rule_id AND " c ".subject_key = k.subject_key" \
	" AND " c ".pool_key = k.pool_key AND " c ".window_from = k.window_from"

/* Counters come into being on first use: which of the keys have none? */
static const AccessStatement missing_counters = {
	"SELECT k.n::int FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS k(rule_id, subject_key, pool_key, window_from, n)"
	" WHERE NOT EXISTS (SELECT FROM @m.limit_counter c WHERE " COUNTER_OF_KEY("c") " OFFSET 0) ORDER BY k.n",
	4, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID}, direct_missing_counters
};

/*
 * The rules of counters that are to be made are locked against change until
 * this transaction ends, so that whoever changes a quota meets every counter.
 */
static const AccessLock lock_rules = {
	{"limit_rule", "limit_rule_pkey", 1, {{"rule_id", UUIDOID}}, 2, {{"template_id", UUIDOID}, {"quota", NUMERICOID}}},
	{"SELECT k.n::int, r.template_id, r.quota FROM unnest($1) WITH ORDINALITY AS k(rule_id, n)"
		" CROSS JOIN LATERAL (SELECT l.template_id, l.quota FROM @m.limit_rule l WHERE l.rule_id = k.rule_id FOR SHARE) r",
	1, {UUIDARRAYOID}},
	LockTupleShare
};

/*
 * Is there one with a past: a rule that was approved after hand-overs of its
 * window counts those too.  What was recorded before the approval was given
 * at most a day later (disbursement_clock) and, by the clock of a place, at
 * most a week after that.
 */
static const AccessStatement rules_with_past = {
	"SELECT 1 FROM unnest($1, $2) AS k(template_id, window_from) CROSS JOIN LATERAL"
	" (SELECT t.approved_at FROM @m.limit_template t WHERE t.template_id = k.template_id OFFSET 0) t"
	" WHERE (k.window_from <= (t.approved_at AT TIME ZONE 'UTC')::date + 10) IS NOT FALSE LIMIT 1",
	2, {UUIDARRAYOID, DATEARRAYOID}, direct_rules_with_past
};

/* Another session may be first. */
static const AccessInsert make_counters = {
	"limit_counter", 6, {{"rule_id", UUIDOID}, {"subject_key", TEXTOID}, {"pool_key", TEXTOID}, {"window_from", DATEOID},
	{"window_to", DATEOID}, {"quota", NUMERICOID}},
	{"INSERT INTO @m.limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota)"
		" SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
	6, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, DATEARRAYOID, NUMERICARRAYOID}},
	true
};

/*
 * For rules with a past: history holds what a subject had of a pool,
 * and corrections of that.  Of the conditions in applies_when only the kind is
 * asked of the past.
 */
#define PAST(subjects, match) \
	" SELECT f.* FROM @m.disbursement f WHERE m.subject IN (" subjects ") AND " match \
	"  AND f.recorded_at < m.approved_at AND f.local_day >= m.window_from AND f.local_day < m.window_to"
#define SUBJECT_ID "split_part(split_part(m.subject_key, '@', 1), '/', 1)::uuid"
#define SAME_ACCOUNT(column) \
	column " = ANY (ARRAY(SELECT a.account_id FROM @m.account a" \
	"  WHERE a.account_id = " SUBJECT_ID " OR a.survivor_id = " SUBJECT_ID "))"

static const AccessStatement make_counters_with_past = {
	"WITH missing AS MATERIALIZED ("
	" SELECT k.*, r.quota, r.subject, r.pool, r.counting, r.approved_at, r.kind"
	" FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY"
	"  AS k(rule_id, subject_key, pool_key, window_from, window_to, by_sum, n)"
	" CROSS JOIN LATERAL (SELECT l.quota, l.subject, l.pool, l.counting, t.approved_at, l.applies_when -> 'kind' AS kind"
	"  FROM @m.limit_rule l JOIN @m.limit_template t USING (template_id) WHERE l.rule_id = k.rule_id OFFSET 0) r),"
	" counted AS MATERIALIZED ("
	" SELECT m.n, d.disbursement_id, d.visit_id, d.local_day, d.quantity AS units, d.captured_at,"
	"  CASE m.counting WHEN 'visits' THEN 1 WHEN 'value' THEN d.quantity * v.unit_value"
	"   WHEN 'strength_mg' THEN d.quantity * p.strength_mg * p.pack_size ELSE d.quantity END AS quantity,"
	"  m.counting = 'visits' AS by_visit"
	" FROM missing m CROSS JOIN LATERAL ("
	PAST("'account', 'account_user'", SAME_ACCOUNT("f.practitioner_id")) " UNION ALL"
	PAST("'hco'", SAME_ACCOUNT("f.hco_id")) " UNION ALL"
	PAST("'user'", "f.user_id = " SUBJECT_ID) " UNION ALL"
	PAST("'territory'", "f.territory_id = " SUBJECT_ID) " UNION ALL"
	PAST("'company'", "f.company_id = " SUBJECT_ID) " OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT o.* FROM @m.product o WHERE o.product_id = d.product_id OFFSET 0) p"
	" LEFT JOIN LATERAL (SELECT o.unit_value, o.company_id FROM @m.product_market o WHERE o.product_id = d.product_id"
	"  AND o.country_code = d.country_code AND o.company_id = d.company_id OFFSET 0) v ON true"
	" WHERE (m.subject <> 'account_user' OR d.user_id = split_part(split_part(m.subject_key, '@', 1), '/', 2)::uuid)"
	" AND (position('@' IN m.subject_key) = 0 OR d.request_id::text = split_part(m.subject_key, '@', 2))"
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
	"  FROM counted c CROSS JOIN LATERAL (SELECT o.reversal_id, o.quantity FROM @m.disbursement_reversal o"
	"   WHERE o.disbursement_id = c.disbursement_id OFFSET 0) b WHERE NOT c.by_visit AND c.quantity > 0"
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

/* In the order of the keys, which compare_uses() says. */
static const AccessLock lock_counters = {
	{"limit_counter", "limit_counter_pkey", 4,
		{{"rule_id", UUIDOID}, {"subject_key", TEXTOID}, {"pool_key", TEXTOID}, {"window_from", DATEOID}}, 0},
	{"SELECT k.n::int FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS k(rule_id, subject_key, pool_key, window_from, n)"
		" CROSS JOIN LATERAL (SELECT FROM @m.limit_counter l WHERE " COUNTER_OF_KEY("l") " FOR UPDATE) c",
	4, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID}},
	LockTupleExclusive
};

/* What a request has had, and what a bag holds: as they are under the lock. */
static const AccessLock lock_lines = {
	{"sample_request_line", "sample_request_line_pkey", 2, {{"request_id", UUIDOID}, {"product_id", UUIDOID}},
	1, {{"fulfilled", NUMERICOID}}},
	{"SELECT k.n::int, l.fulfilled FROM unnest($1, $2) WITH ORDINALITY AS k(request_id, product_id, n)"
		" CROSS JOIN LATERAL (SELECT x.fulfilled FROM @m.sample_request_line x"
		"  WHERE x.request_id = k.request_id AND x.product_id = k.product_id FOR UPDATE) l",
	2, {UUIDARRAYOID, UUIDARRAYOID}},
	LockTupleExclusive
};

static const AccessLock lock_stock = {
	{"inventory_stock", "inventory_stock_pkey", 2, {{"location_id", UUIDOID}, {"batch_id", UUIDOID}},
	1, {{"on_hand", NUMERICOID}}},
	{"SELECT k.n::int, s.on_hand FROM unnest($1, $2) WITH ORDINALITY AS k(location_id, batch_id, n)"
		" CROSS JOIN LATERAL (SELECT x.on_hand FROM @m.inventory_stock x"
		"  WHERE x.location_id = k.location_id AND x.batch_id = k.batch_id FOR UPDATE) s",
	2, {UUIDARRAYOID, UUIDARRAYOID}},
	LockTupleExclusive
};

/* The order of counters. */
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

/* The keys of counters and the end of their windows, as columns. */
static void
counter_columns(const LimitUse *keys, int n, Datum **columns)
{
	for (int c = 0; c < 5; c++)
		columns[c] = palloc(n * sizeof(Datum));
	for (int i = 0; i < n; i++)
	{
		columns[0][i] = UUIDPGetDatum((pg_uuid_t *) &keys[i].rule_id);
		columns[1][i] = CStringGetTextDatum(keys[i].subject_key);
		columns[2][i] = CStringGetTextDatum(keys[i].pool_key);
		columns[3][i] = DateADTGetDatum(keys[i].counter_from);
		columns[4][i] = DateADTGetDatum(keys[i].counter_to);
	}
}

/* Make counters of rules that may have had uses before there were any. */
static void
make_with_past(HandoverBatch *batch, const LimitUse *missing, int n, Datum **columns)
{
	static const Oid types[] = {UUIDOID, TEXTOID, TEXTOID, DATEOID, DATEOID, BOOLOID};
	Datum		args[6];

	columns[5] = palloc(n * sizeof(Datum));
	for (int i = 0; i < n; i++)
		columns[5][i] = BoolGetDatum(missing[i].by_sum);
	for (int c = 0; c < 6; c++)
		args[c] = access_array(columns[c], NULL, n, types[c]);
	access_write(batch->scope, &make_counters_with_past, args, NULL);
}

/* Make counters in the order of the keys, with what their rules had before. */
static void
make_missing(HandoverBatch *batch, const LimitUse *missing, int n)
{
	Datum	   *columns[6];
	Datum	   *rules[2] = {palloc(n * sizeof(Datum)), palloc(n * sizeof(Datum))};
	bool	   *no_rule[2] = {palloc(n * sizeof(bool)), palloc(n * sizeof(bool))};
	bool	   *nulls[6] = {NULL, NULL, NULL, NULL, NULL, no_rule[1]};
	Datum		args[2];

	counter_columns(missing, n, columns);
	if (!access_lock(batch->scope, &lock_rules, columns, n, palloc(n * sizeof(bool)), rules, no_rule))
		return;					/* a rule is gone: the counter cannot be locked */
	args[0] = access_array(rules[0], no_rule[0], n, UUIDOID);
	args[1] = access_array(columns[3], NULL, n, DATEOID);
	access_refresh(batch->scope);
	if (access_read(batch->scope, &rules_with_past, args, NULL, 1) > 0)
	{
		make_with_past(batch, missing, n, columns);
		return;
	}
	columns[5] = rules[1];
	for (int i = 0; i < n; i++)
		no_rule[1][i] = no_rule[1][i] || missing[i].by_sum;
	access_insert(batch->scope, &make_counters, columns, nulls, n);
}

/* Make what counters are missing, and lock all of them. */
static void
take_counters(HandoverBatch *batch)
{
	LimitUseList *keys = &batch->keys;
	LimitUse   *missing;
	Datum	   *columns[5];
	Datum		args[4];
	int			n;

	if (keys->count == 0)
		return;
	counter_columns(keys->items, keys->count, columns);
	for (int c = 0; c < 4; c++)
		args[c] = access_array(columns[c], NULL, keys->count, get_element_type(missing_counters.argtypes[c]));
	n = (int) access_read(batch->scope, &missing_counters, args, NULL, 0);
	if (n > 0)
	{
		missing = palloc(n * sizeof(LimitUse));
		for (int i = 0; i < n; i++)
			missing[i] = keys->items[access_int32(i, 1) - 1];
		make_missing(batch, missing, n);
	}
	if (!access_lock(batch->scope, &lock_counters, columns, keys->count, palloc(keys->count * sizeof(bool)), NULL, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not lock the limit counters of this hand-over"),
				 errhint("Retry the transaction.")));
}

/* Two ids that name a row to be locked, and the hand-over that wants it. */
typedef struct PairKey
{
	Uuid16		first;
	Uuid16		second;
	int			item;
} PairKey;

static int
compare_pairs(const void *a, const void *b)
{
	return memcmp(a, b, offsetof(PairKey, item));
}

/* A quantity in millionths, rounded by the function. */
static int64_t
millionths(Datum quantity, PGFunction round)
{
	quantity = DirectFunctionCall2(numeric_mul, quantity, NumericGetDatum(int64_to_numeric(QUANTITY_UNIT)));
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, DirectFunctionCall1(round, quantity)));
}

/*
 * Lock rows named by pairs of ids of the hand-overs, in the order of the ids,
 * and note, for each hand-over, the quantity that stands there.
 */
static void
take_pairs(HandoverBatch *batch, const AccessLock *lock, size_t first_id, size_t second_id,
		   size_t result, PGFunction round)
{
	int			n = batch->count;
	PairKey    *pairs = palloc(n * sizeof(PairKey));
	Datum	   *keys[2] = {palloc(n * sizeof(Datum)), palloc(n * sizeof(Datum))};
	Datum	   *quantities[1] = {palloc(n * sizeof(Datum))};
	bool	   *found = palloc(n * sizeof(bool));

	for (int i = 0; i < n; i++)
	{
		char	   *request = (char *) &batch->items[i].request;

		memcpy(&pairs[i].first, request + first_id, sizeof(Uuid16));
		memcpy(&pairs[i].second, request + second_id, sizeof(Uuid16));
		pairs[i].item = i;
	}
	qsort(pairs, n, sizeof(PairKey), compare_pairs);
	for (int i = 0; i < n; i++)
	{
		keys[0][i] = UUIDPGetDatum((pg_uuid_t *) &pairs[i].first);
		keys[1][i] = UUIDPGetDatum((pg_uuid_t *) &pairs[i].second);
	}
	(void) access_lock(batch->scope, lock, keys, n, found, quantities, NULL);
	for (int i = 0; i < n; i++)
		if (found[i])
			*(int64_t *) ((char *) &batch->items[pairs[i].item] + result) = millionths(quantities[0][i], round);
}

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(*(const Uuid16 *const *) a, *(const Uuid16 *const *) b, sizeof(Uuid16));
}

/* Lock the visits of which counters share a figure. */
static void
take_visits(HandoverBatch *batch)
{
	const Uuid16 **visits = palloc(batch->count * sizeof(Uuid16 *));
	Datum	   *keys[1] = {palloc(batch->count * sizeof(Datum))};
	int			n = 0;
	int			kept = 0;

	for (int i = 0; i < batch->count; i++)
		if (uuid_given(&batch->items[i].request.visit_id) && limits_share_visit(batch->items[i].facts))
			visits[n++] = &batch->items[i].request.visit_id;
	if (n == 0)
		return;
	qsort(visits, n, sizeof(Uuid16 *), compare_ids);
	for (int i = 0; i < n; i++)
		if (i == 0 || !uuid_same(visits[i - 1], visits[i]))
			keys[0][kept++] = UUIDPGetDatum((pg_uuid_t *) visits[i]);
	(void) access_lock(batch->scope, &lock_visits, keys, kept, palloc(kept * sizeof(bool)), NULL, NULL);
}

/* Lock all that the rows of the batch may charge. */
void
handover_lock(HandoverBatch *batch)
{
	take_visits(batch);
	sort_keys(&batch->keys);
	take_counters(batch);
	take_pairs(batch, &lock_lines, offsetof(RuleRequest, request_id),
			   offsetof(RuleRequest, product_id), offsetof(Handover, fulfilled), numeric_ceil);
	take_pairs(batch, &lock_stock, offsetof(RuleRequest, location_id),
			   offsetof(RuleRequest, batch_id), offsetof(Handover, on_hand), numeric_floor);
}

/* Place of a counter among those locked; -1 when it is not. */
int
handover_key_place(const HandoverBatch *batch, const LimitUse *use)
{
	const LimitUse *found;

	found = bsearch(use, batch->keys.items, batch->keys.count, sizeof(LimitUse), compare_uses);
	return found ? (int) (found - batch->keys.items) : -1;
}
