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

/* Counters come into being on first use; another session may be first. */
static const AccessStatement make_counters = {
	"INSERT INTO @m.limit_counter (rule_id, subject_key, pool_key, window_from, window_to, quota)"
	" SELECT k.rule_id, k.subject_key, k.pool_key, k.window_from, k.window_to, trim_scale(k.quota / 1000000.0)"
	" FROM unnest($1, $2, $3, $4, $5, $6) AS k(rule_id, subject_key, pool_key, window_from, window_to, quota)"
	" ON CONFLICT DO NOTHING",
	6, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, DATEARRAYOID, INT8ARRAYOID}
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
	bool	   *quota_nulls;
	Datum		args[6];
	int			dims[1];
	int			bounds[1] = {1};

	if (n == 0)
		return;
	for (int c = 0; c < 6; c++)
		columns[c] = palloc(n * sizeof(Datum));
	quota_nulls = palloc(n * sizeof(bool));
	for (int i = 0; i < n; i++)
	{
		const LimitUse *key = &keys->items[i];

		columns[0][i] = UUIDPGetDatum((pg_uuid_t *) &key->rule_id);
		columns[1][i] = CStringGetTextDatum(key->subject_key);
		columns[2][i] = CStringGetTextDatum(key->pool_key);
		columns[3][i] = DateADTGetDatum(key->counter_from);
		columns[4][i] = DateADTGetDatum(key->counter_to);
		columns[5][i] = Int64GetDatum(key->quota);
		quota_nulls[i] = !key->has_quota;
	}
	dims[0] = n;
	args[0] = uuid_array(columns[0], n);
	args[1] = PointerGetDatum(construct_array(columns[1], n, TEXTOID, -1, false, TYPALIGN_INT));
	args[2] = PointerGetDatum(construct_array(columns[2], n, TEXTOID, -1, false, TYPALIGN_INT));
	args[3] = PointerGetDatum(construct_array(columns[3], n, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
	args[4] = PointerGetDatum(construct_array(columns[4], n, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
	args[5] = PointerGetDatum(construct_md_array(columns[5], quota_nulls, 1, dims, bounds, INT8OID,
												 sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
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
