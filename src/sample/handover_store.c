/*-------------------------------------------------------------------------
 *
 * handover_store.c
 *	  Write what a batch of hand-overs leaves: decisions, fulfilment, ledger,
 *	  discrepancies, events; limit_charge.c has the charges.
 *
 * Each table is written once, whatever the number of rows.  What does not depend
 * on the judgement is written before the locks that others may wait for are
 * taken; a refusal takes it back.
 *
 * src/sample/handover_store.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "access/write.h"
#include "audit/outbox.h"
#include "errors.h"
#include "lsce.h"
#include "rules/step.h"
#include "sample/handover.h"

/* The keys drive, see handover_lock.c, which holds the locks. */
static const AccessAdd fulfil_lines = {
	{"sample_request_line", "sample_request_line_pkey", 2, {{"request_id", UUIDOID}, {"product_id", UUIDOID}},
	1, {{"fulfilled", NUMERICOID}}},
	1, NULL, NULL,
	{"UPDATE @m.sample_request_line l SET fulfilled = l.fulfilled + k.quantity"
		" FROM (SELECT x.ctid AS place, u.quantity FROM unnest($1, $2, $3) AS u(request_id, product_id, quantity)"
		"  CROSS JOIN LATERAL (SELECT y.ctid FROM @m.sample_request_line y"
		"   WHERE y.request_id = u.request_id AND y.product_id = u.product_id OFFSET 0) x) k"
		" WHERE l.ctid = k.place",
	3, {UUIDARRAYOID, UUIDARRAYOID, NUMERICARRAYOID}}
};

/* Where handed-over units go: the company's own place, else everybody's. */
static const AccessStatement find_disbursed = {
	"SELECT location_id FROM @m.inventory_location WHERE kind = 'disbursed'"
	" AND (company_id = $1 OR company_id IS NULL) ORDER BY company_id IS NULL LIMIT 1",
	1, {UUIDOID}
};

static const AccessStatement make_disbursed = {
	"INSERT INTO @m.inventory_location (kind, name) VALUES ('disbursed', 'disbursed') ON CONFLICT DO NOTHING",
	0, {0}
};

static const AccessInsert store_operations = {
	"inventory_operation", 7, {{"operation_id", UUIDOID}, {"type", TEXTOID}, {"from_location_id", UUIDOID}, {"to_location_id", UUIDOID},
	{"disbursement_id", UUIDOID}, {"user_id", UUIDOID}, {"at", TIMESTAMPTZOID}},
	{"INSERT INTO @m.inventory_operation (operation_id, type, from_location_id, to_location_id, disbursement_id, user_id, at)"
		" SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)",
	7, {UUIDARRAYOID, TEXTARRAYOID, UUIDARRAYOID, UUIDARRAYOID, UUIDARRAYOID, UUIDARRAYOID, TIMESTAMPTZARRAYOID}}
};

/* Both legs of each. */
static const AccessInsert store_entries = {
	"inventory_entry", 4, {{"operation_id", UUIDOID}, {"location_id", UUIDOID}, {"batch_id", UUIDOID}, {"quantity", NUMERICOID}},
	{"INSERT INTO @m.inventory_entry (operation_id, location_id, batch_id, quantity) SELECT * FROM unnest($1, $2, $3, $4)",
	4, {UUIDARRAYOID, UUIDARRAYOID, UUIDARRAYOID, NUMERICARRAYOID}}
};

static const AccessStatement store_discrepancy = {
	"INSERT INTO @m.discrepancy (decision_id, fact_id, rule_id, subject_key, pool_key, window_from,"
	" severity, reason_code, over_by, justification)"
	" VALUES ($1, $2, $3, $4, $5, $6, 'warning', $7, trim_scale(nullif($8, 0) / 1000000.0), $9)",
	9, {UUIDOID, UUIDOID, UUIDOID, TEXTOID, TEXTOID, DATEOID, TEXTOID, INT8OID, TEXTOID}
};

/* What a line of a request has been given. */
typedef struct LineSum
{
	Uuid16		request_id;
	Uuid16		product_id;
	Datum		quantity;
} LineSum;

static int
compare_lines(const void *a, const void *b)
{
	return memcmp(a, b, offsetof(LineSum, quantity));
}

/* What the requests have been given: one sum for each line. */
static void
store_fulfilment(HandoverBatch *batch)
{
	LineSum    *sums = palloc0(batch->count * sizeof(LineSum));
	Datum	   *columns[3];
	uint64		changed;
	int			given = 0;
	int			n = 0;

	for (int c = 0; c < lengthof(columns); c++)
		columns[c] = palloc(batch->count * sizeof(Datum));
	for (int i = 0; i < batch->count; i++)
	{
		RuleRequest *request = &batch->items[i].request;

		if (!uuid_given(&request->request_id))
			continue;
		sums[given].request_id = request->request_id;
		sums[given].product_id = request->product_id;
		sums[given++].quantity = rules_quantity_numeric(request->quantity);
	}
	qsort(sums, given, sizeof(LineSum), compare_lines);
	for (int i = 0; i < given; i++)
	{
		if (i > 0 && compare_lines(&sums[i - 1], &sums[i]) == 0)
		{
			columns[2][n - 1] = DirectFunctionCall2(numeric_add, columns[2][n - 1], sums[i].quantity);
			continue;
		}
		columns[0][n] = UUIDPGetDatum((pg_uuid_t *) &sums[i].request_id);
		columns[1][n] = UUIDPGetDatum((pg_uuid_t *) &sums[i].product_id);
		columns[2][n++] = sums[i].quantity;
	}
	(void) access_add(batch->scope, &fulfil_lines, columns, columns + 2, n, &changed);
}

/* The place "disbursed" of a company. */
static pg_uuid_t *
disbursed_place(HandoverBatch *batch, const Uuid16 *company)
{
	pg_uuid_t  *place = palloc(sizeof(pg_uuid_t));
	Datum		arg = UUIDPGetDatum((pg_uuid_t *) company);

	if (access_read(batch->scope, &find_disbursed, &arg, NULL, 1) == 0)
	{
		access_write(batch->scope, &make_disbursed, NULL, NULL);
		access_refresh(batch->scope);
		if (access_read(batch->scope, &find_disbursed, &arg, NULL, 1) == 0)
			elog(ERROR, "no place for disbursed units");
	}
	access_uuid(0, 1, place);
	return place;
}

/* A movement for each hand-over; its entries, which change stock, come later. */
static void
store_operations_of(HandoverBatch *batch)
{
	int			n = batch->count;
	Datum		type = CStringGetTextDatum("disbursement");
	Datum	   *columns[7];

	for (int c = 0; c < lengthof(columns); c++)
		columns[c] = palloc(n * sizeof(Datum));
	for (int i = 0; i < n; i++)
	{
		Handover   *item = &batch->items[i];
		RuleRequest *request = &item->request;

		if (i > 0 && uuid_same(&batch->items[i - 1].request.company_id, &request->company_id))
			item->disbursed_place = batch->items[i - 1].disbursed_place;
		else
			item->disbursed_place = disbursed_place(batch, &request->company_id);
		item->operation_id = *DatumGetUUIDP(DirectFunctionCall1(lsce_uuid_v7, (Datum) 0));
		columns[0][i] = UUIDPGetDatum(&item->operation_id);
		columns[1][i] = type;
		columns[2][i] = UUIDPGetDatum((pg_uuid_t *) &request->location_id);
		columns[3][i] = UUIDPGetDatum(item->disbursed_place);
		columns[4][i] = UUIDPGetDatum((pg_uuid_t *) &request->fact_id);
		columns[5][i] = UUIDPGetDatum((pg_uuid_t *) &request->user_id);
		columns[6][i] = TimestampTzGetDatum(request->at);
	}
	access_insert(batch->scope, &store_operations, columns, NULL, n);
}

/* Out of the bag. */
static void
store_legs(HandoverBatch *batch)
{
	int			n = 2 * batch->count;
	Datum	   *columns[4];

	for (int c = 0; c < lengthof(columns); c++)
		columns[c] = palloc(n * sizeof(Datum));
	for (int i = 0; i < batch->count; i++)
	{
		Handover   *item = &batch->items[i];
		RuleRequest *request = &item->request;
		int			out = 2 * i;
		int			in = out + 1;

		columns[0][out] = columns[0][in] = UUIDPGetDatum(&item->operation_id);
		columns[1][out] = UUIDPGetDatum((pg_uuid_t *) &request->location_id);
		columns[1][in] = UUIDPGetDatum(item->disbursed_place);
		columns[2][out] = columns[2][in] = UUIDPGetDatum((pg_uuid_t *) &request->batch_id);
		columns[3][in] = rules_quantity_numeric(request->quantity / QUANTITY_UNIT * QUANTITY_UNIT);
		columns[3][out] = DirectFunctionCall1(numeric_uminus, columns[3][in]);
	}
	access_insert(batch->scope, &store_entries, columns, NULL, n);
}

/* A row for somebody to look at; "over" names the counter that is above its quota. */
static void
store_one_discrepancy(HandoverBatch *batch, const Handover *item, const LimitUse *over)
{
	char		nulls[9];
	Datum		args[9] = {0};

	memset(nulls, over ? ' ' : 'n', sizeof(nulls));
	nulls[0] = nulls[1] = nulls[6] = nulls[8] = ' ';
	args[0] = UUIDPGetDatum(&item->decision_id);
	args[1] = UUIDPGetDatum((pg_uuid_t *) &item->request.fact_id);
	if (over != NULL)
	{
		args[2] = UUIDPGetDatum((pg_uuid_t *) &over->rule_id);
		args[3] = CStringGetTextDatum(over->subject_key);
		args[4] = CStringGetTextDatum(over->pool_key);
		args[5] = DateADTGetDatum(over->counter_from);
		args[7] = Int64GetDatum(over->over);
	}
	args[6] = CStringGetTextDatum(lsce_reason_row(over ? LSCE_REASON_QTY_LIMIT_EXCEEDED : item->verdict->primary)->code);
	args[8] = CStringGetTextDatum(item->request.justification);
	access_write(batch->scope, &store_discrepancy, args, nulls);
}

/* A warning taken leaves a discrepancy for each counter in excess, or one. */
static void
store_warning(HandoverBatch *batch, const Handover *item)
{
	bool		any = false;

	for (int i = 0; i < batch->pending.count; i++)
	{
		const LimitUse *use = &batch->pending.items[i];

		if (use->over > 0 && uuid_same(&use->fact_id, &item->request.fact_id))
		{
			store_one_discrepancy(batch, item, use);
			any = true;
		}
	}
	if (!any)
		store_one_discrepancy(batch, item, NULL);
}

/* Decisions and discrepancies. */
static void
store_decisions(HandoverBatch *batch)
{
	RuleDecision *decisions = palloc(batch->count * sizeof(RuleDecision));

	for (int i = 0; i < batch->count; i++)
	{
		Handover   *item = &batch->items[i];

		decisions[i].facts = item->facts;
		decisions[i].verdict = item->verdict;
		decisions[i].decision_id = &item->decision_id;
	}
	rules_store_all(batch->scope, decisions, batch->count, "permit", batch->rule_set);
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->items[i].verdict->outcome == VERDICT_WARN)
			store_warning(batch, &batch->items[i]);
	}
}

/* Events. */
static void
store_events(HandoverBatch *batch)
{
	Datum	   *facts = palloc(batch->count * sizeof(Datum));
	char	  **payloads = palloc(batch->count * sizeof(char *));

	for (int i = 0; i < batch->count; i++)
	{
		RuleRequest *request = &batch->items[i].request;

		facts[i] = UUIDPGetDatum((pg_uuid_t *) &request->fact_id);
		payloads[i] = psprintf("{\"quantity\": " INT64_FORMAT "}", (int64) (request->quantity / QUANTITY_UNIT));
	}
	outbox_add_all(batch->scope, "sample.disbursed", facts, payloads, batch->count);
}

/* Write what is the same whatever is judged, before anybody has to wait. */
void
handover_prepare(HandoverBatch *batch)
{
	store_operations_of(batch);
	store_events(batch);
}

/* Write what is judged, under the locks; the stock, which the ledger moves, last. */
void
handover_store(HandoverBatch *batch)
{
	store_decisions(batch);
	limit_charge(batch);
	store_fulfilment(batch);
	store_legs(batch);
}
