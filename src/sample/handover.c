/*-------------------------------------------------------------------------
 *
 * handover.c
 *	  Hand-overs of samples are judged in the statement that stores them.
 *
 * A BEFORE ROW trigger gives each row its own decision id and derives what
 * clients do not decide.  One AFTER STATEMENT trigger then judges the rows
 * that were really inserted, in their order, each seeing what those before it
 * have charged, and stores decisions, charges and ledger together.
 *
 * src/sample/handover.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "errors.h"
#include "lsce.h"
#include "rules/step.h"
#include "sample/direct.h"
#include "sample/handover.h"

PG_FUNCTION_INFO_V1(lsce_handover_derive);
PG_FUNCTION_INFO_V1(lsce_handover_charge);

/*
 * Rows judged at a time: their facts are in memory together.  A statement of
 * more rows takes its locks in as many steps.
 */
#define HANDOVER_BATCH 500

/* Whom a request is for and who signed it, or whom a visit is with. */
static const AccessStatement account_of_paper = {
	"SELECT coalesce(r.account_id, v.account_id), r.practitioner_id"
	" FROM (SELECT $1 AS request_id, $2 AS visit_id) k"
	" LEFT JOIN @m.sample_request r ON r.request_id = k.request_id"
	" LEFT JOIN @m.visit v ON v.visit_id = k.visit_id",
	2, {UUIDOID, UUIDOID}, direct_account_of_paper
};

/* One row of disbursement: fields by name, because users may add columns. */
typedef struct RowFields
{
	TupleDesc	desc;
	Datum	   *values;
	bool	   *nulls;
} RowFields;

static int
field(const RowFields *row, const char *name)
{
	for (int i = 0; i < row->desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(row->desc, i);

		if (!att->attisdropped && strcmp(NameStr(att->attname), name) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("table \"disbursement\" has no column \"%s\"", name),
			 errhint("lsce.check_model() names what was changed.")));
}

/* The same, of a type: see access_value(). */
static int
typed_field(const RowFields *row, const char *name, Oid type)
{
	int			i = field(row, name);

	if (TupleDescAttr(row->desc, i)->atttypid != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of table \"disbursement\" is not of type %s", name, format_type_be(type)),
				 errhint("lsce.check_model() names what was changed.")));
	return i;
}

/* The uuid field; zeroes for NULL. */
static Uuid16
uuid_field(const RowFields *row, const char *name)
{
	int			i = typed_field(row, name, UUIDOID);
	Uuid16		result = {{0}};

	if (!row->nulls[i])
		memcpy(&result, DatumGetUUIDP(row->values[i]), sizeof(result));
	return result;
}

/* The text field, palloc'd; NULL for NULL. */
static char *
text_field(const RowFields *row, const char *name)
{
	int			i = typed_field(row, name, TEXTOID);

	return row->nulls[i] ? NULL : TextDatumGetCString(row->values[i]);
}

/* The timestamptz field; TIME_NONE for NULL. */
static int64_t
time_field(const RowFields *row, const char *name)
{
	int			i = typed_field(row, name, TIMESTAMPTZOID);

	return row->nulls[i] ? TIME_NONE : DatumGetTimestampTz(row->values[i]);
}

/*
 * The quantity in millionths.  What is no number of units at all is left to
 * the constraint that says so; what is too many is more than any limit.
 */
static int64_t
quantity_field(const RowFields *row)
{
	int			i = typed_field(row, "quantity", NUMERICOID);
	Datum		most = DirectFunctionCall1(int8_numeric, Int64GetDatum(QUANTITY_MAX / QUANTITY_UNIT));

	if (row->nulls[i] || numeric_is_nan(DatumGetNumeric(row->values[i])))
		return 0;
	if (DatumGetBool(DirectFunctionCall2(numeric_gt, row->values[i], most)))
		return QUANTITY_MAX / QUANTITY_UNIT * QUANTITY_UNIT;
	if (DatumGetBool(DirectFunctionCall2(numeric_lt, row->values[i], DirectFunctionCall1(int8_numeric, Int64GetDatum(0)))))
		return 0;
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, DirectFunctionCall1(numeric_floor, row->values[i]))) * QUANTITY_UNIT;
}

static void
set_field(RowFields *row, const char *name, Datum value, Oid type)
{
	int			i = typed_field(row, name, type);

	row->values[i] = value;
	row->nulls[i] = false;
}

/* Set a uuid column; zeroes set NULL. */
static void
set_uuid_field(RowFields *row, const char *name, const Uuid16 *value)
{
	int			i = typed_field(row, name, UUIDOID);

	row->nulls[i] = !uuid_given(value);
	if (!row->nulls[i])
	{
		pg_uuid_t  *copy = palloc(sizeof(pg_uuid_t));

		memcpy(copy, value, sizeof(*copy));
		row->values[i] = UUIDPGetDatum(copy);
	}
}

/* Set a text column; a NULL pointer sets NULL. */
static void
set_text_field(RowFields *row, const char *name, const char *value)
{
	int			i = typed_field(row, name, TEXTOID);

	row->nulls[i] = value == NULL;
	if (value != NULL)
		row->values[i] = CStringGetTextDatum(value);
}

/* The row as a request to the rules. */
static void
request_of_row(const RowFields *row, RuleRequest *request)
{
	char	   *kind = text_field(row, "kind");
	FactKind	fact_kind = kind ? rules_kind_by_name(kind) : KIND_SAMPLE_DROP;

	rules_request_init(request, fact_kind);
	request->fact_id = uuid_field(row, "disbursement_id");
	request->account_id = uuid_field(row, "account_id");
	if (row->nulls[field(row, "account_id")])
		request->account_id = uuid_field(row, "recipient_id");
	request->product_id = uuid_field(row, "product_id");
	request->quantity = quantity_field(row);
	request->user_id = uuid_field(row, "user_id");
	request->territory_id = uuid_field(row, "territory_id");
	request->visit_id = uuid_field(row, "visit_id");
	request->request_id = uuid_field(row, "request_id");
	request->batch_id = uuid_field(row, "batch_id");
	request->location_id = uuid_field(row, "location_id");
	request->delivery_point_id = uuid_field(row, "delivery_point_id");
	request->practitioner_id = uuid_field(row, "practitioner_id");
	request->at = time_field(row, "captured_at");
	request->received_at = time_field(row, "recorded_at");
	request->justification = text_field(row, "justification");
}

/* What the engine says about the row, whatever the client said; request gets all of it. */
static void
derive_fields(AccessScope *scope, RowFields *row, RuleRequest *request)
{
	Datum		args[2];

	set_field(row, "decision_id", DirectFunctionCall1(lsce_uuid_v7, (Datum) 0), UUIDOID);
	set_field(row, "admission", CStringGetTextDatum("permit"), TEXTOID);
	set_field(row, "recorded_at", TimestampTzGetDatum(GetCurrentTimestamp()), TIMESTAMPTZOID);
	if (row->nulls[field(row, "captured_at")])
		set_field(row, "captured_at", row->values[field(row, "recorded_at")], TIMESTAMPTZOID);

	request_of_row(row, request);
	args[0] = UUIDPGetDatum((pg_uuid_t *) &request->request_id);
	args[1] = UUIDPGetDatum((pg_uuid_t *) &request->visit_id);
	if ((!uuid_given(&request->account_id) ||
		 !uuid_given(&request->practitioner_id)) &&
		access_read(scope, &account_of_paper, args, NULL, 1) > 0)
	{
		if (!uuid_given(&request->account_id))
			access_uuid(0, 1, (pg_uuid_t *) &request->account_id);
		if (!uuid_given(&request->practitioner_id))
			access_uuid(0, 2, (pg_uuid_t *) &request->practitioner_id);
	}
	rules_resolve(scope, request, CurrentMemoryContext);
	set_uuid_field(row, "account_id", &request->account_id);
	if (row->nulls[field(row, "recipient_id")])
		set_uuid_field(row, "recipient_id", &request->account_id);
	set_uuid_field(row, "practitioner_id", &request->practitioner_id);
	set_uuid_field(row, "delivery_point_id", &request->delivery_point_id);
	set_uuid_field(row, "location_id", &request->location_id);
	set_uuid_field(row, "hco_id", &request->hco_id);
	set_uuid_field(row, "user_id", &request->user_id);
	set_uuid_field(row, "territory_id", &request->territory_id);
	set_uuid_field(row, "company_id", &request->company_id);
	set_text_field(row, "country_code", request->country);
	set_text_field(row, "region_code", request->region);
	if (request->local_day != DATE_NONE)
		set_field(row, "local_day", DateADTGetDatum(request->local_day), DATEOID);
}

/*
 * A capture a day ahead of the server, or at no time at all, is refused before
 * anything is read: what has no time would be judged as of now.
 */
static void
check_clock(const RowFields *row)
{
	LsceErrorReport report = {0};
	int64_t		captured = time_field(row, "captured_at");
	TimestampTz now = GetCurrentTimestamp();

	if (captured > DT_NOBEGIN && captured <= now + USECS_PER_DAY)
		return;
	if (captured == TIME_NONE && row->nulls[field(row, "captured_at")])
		return;
	report.reason = LSCE_REASON_DEVICE_CLOCK;
	report.message = psprintf("captured at %s, received at %s",
							  pstrdup(timestamptz_to_str(captured)), pstrdup(timestamptz_to_str(now)));
	report.table_name = "disbursement";
	report.constraint_name = "disbursement_clock";
	lsce_ereport_reason(&report);
}

/* Does the row lack what every hand-over has, from its account to its lot? */
static bool
is_incomplete(const RowFields *row)
{
	for (int i = 0; i < row->desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(row->desc, i);

		if (att->attnotnull && !att->attisdropped && row->nulls[i] && att->atttypid == UUIDOID)
			return true;
	}
	return row->nulls[field(row, "country_code")] || row->nulls[field(row, "local_day")];
}

/*
 * Of a hand-over that cannot be stored because something is unknown, the rules
 * say what; a column's NOT NULL or a foreign key would say it to nobody.
 */
static void
refuse_incomplete(AccessScope *scope, Relation rel, MemoryContext context, RuleRequest *request)
{
	HandoverBatch batch = {.scope = scope, .rel = rel, .context = context, .count = 1};
	Handover	item = {.request = *request};

	item.facts = rules_load(scope, &item.request, context);
	item.verdict = rules_judge(item.facts, context);
	if (item.verdict->outcome != VERDICT_DENY)
		return;
	refusal_keep(&batch, &item);
	rules_raise(scope, item.facts, item.verdict, NULL);
}

/*
 * BEFORE INSERT FOR EACH ROW on disbursement: a new decision id, and the
 * columns that follow from the others.
 */
Datum
lsce_handover_derive(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	LsceModel	model;
	AccessScope scope;
	RowFields	row;
	RuleRequest request;
	HeapTuple	result;
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) || !TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.handover_derive() must be fired before insert for each row")));

	context = AllocSetContextCreate(caller, "lsce hand-over", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	row.desc = RelationGetDescr(trigdata->tg_relation);
	row.values = palloc(row.desc->natts * sizeof(Datum));
	row.nulls = palloc(row.desc->natts * sizeof(bool));
	heap_deform_tuple(trigdata->tg_trigtuple, row.desc, row.values, row.nulls);

	check_clock(&row);
	access_model_of_relation(RelationGetRelid(trigdata->tg_relation), &model);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	MemoryContextSwitchTo(context);
	derive_fields(&scope, &row, &request);
	if (is_incomplete(&row) || rules_names_unknown(&scope, &request))
		refuse_incomplete(&scope, trigdata->tg_relation, context, &request);
	access_end(&scope);

	MemoryContextSwitchTo(caller);
	result = heap_form_tuple(row.desc, row.values, row.nulls);
	MemoryContextDelete(context);
	return PointerGetDatum(result);
}

static const AccessStatement is_merged_into = {
	"SELECT 1 FROM @m.account WHERE account_id = $1 AND survivor_id = $2",
	2, {UUIDOID, UUIDOID}
};

/* Raise when the organisation was merged while this hand-over waited. */
static void
check_organisation(AccessScope *scope, Uuid16 *stored, const RuleRequest *request)
{
	Datum		args[] = {UUIDPGetDatum((pg_uuid_t *) stored), UUIDPGetDatum((pg_uuid_t *) &request->hco_id)};

	if (!uuid_same(stored, &request->hco_id) &&
		access_read(scope, &is_merged_into, args, NULL, 1) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("the organisation of hand-over %s was merged while it waited",
						limits_uuid_text(&request->fact_id)),
				 errhint("Retry the transaction.")));
}

/* Raise when a later trigger changed what was derived. */
static void
check_derived(AccessScope *scope, const RowFields *row, const RuleRequest *request)
{
	Uuid16		hco = uuid_field(row, "hco_id");
	Uuid16		company = uuid_field(row, "company_id");
	char	   *country = text_field(row, "country_code");
	char	   *region = text_field(row, "region_code");

	check_organisation(scope, &hco, request);
	if (!uuid_same(&hco, &request->hco_id) || !uuid_same(&company, &request->company_id) ||
		DatumGetDateADT(row->values[typed_field(row, "local_day", DATEOID)]) != request->local_day ||
		request->country == NULL || country == NULL || strcmp(country, request->country) != 0 ||
		(region == NULL) != (request->region == NULL) ||
		(region != NULL && strcmp(region, request->region) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
				 errmsg("derived columns of hand-over %s were changed after they were derived",
						limits_uuid_text(&request->fact_id)),
				 errhint("Remove the trigger that changes hco_id, company_id, country_code, region_code or local_day.")));
}

/* Gather the facts of all rows and what they may charge. */
static void
load_batch(HandoverBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Handover   *item = &batch->items[i];

		CHECK_FOR_INTERRUPTS();
		item->facts = rules_load(batch->scope, &item->request, batch->context);
		limits_uses_of(item->facts, &batch->keys);
	}
}

/* The facts that other sessions may have changed, as they are under the lock. */
static void
refresh_facts(HandoverBatch *batch, int i)
{
	Handover   *item = &batch->items[i];
	Facts	   *facts = item->facts;
	LimitUseList uses = {0};

	limits_load_adding(batch->scope, facts, &batch->pending, batch->context);
	facts->sample_request.fulfilled = item->fulfilled;
	facts->lot.on_hand = item->on_hand;
	for (int j = 0; j < i; j++)
	{
		RuleRequest *before = &batch->items[j].request;

		if (uuid_same(&before->request_id, &item->request.request_id) &&
			uuid_same(&before->product_id, &item->request.product_id))
			facts->sample_request.fulfilled += before->quantity;
		if (uuid_same(&before->location_id, &item->request.location_id) &&
			uuid_same(&before->batch_id, &item->request.batch_id))
			facts->lot.on_hand -= before->quantity;
	}

	/* rules that were changed meanwhile may want counters that are not locked */
	limits_uses_of(facts, &uses);
	for (int u = 0; u < uses.count; u++)
		if (handover_key_place(batch, &uses.items[u]) < 0)
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("limit rules changed while hand-over %s waited",
							limits_uuid_text(&item->request.fact_id)),
					 errhint("Retry the transaction.")));
}

/* Judge the rows in their order; a refusal or unjustified warning raises. */
static void
judge_batch(HandoverBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Handover   *item = &batch->items[i];
		int			before = batch->pending.count;

		CHECK_FOR_INTERRUPTS();
		refresh_facts(batch, i);
		item->verdict = rules_judge(item->facts, batch->context);
		if (item->verdict->outcome == VERDICT_DENY ||
			(item->verdict->outcome == VERDICT_WARN &&
			 (item->request.justification == NULL || item->request.justification[0] == '\0')))
		{
			refusal_keep(batch, item);
			rules_raise(batch->scope, item->facts, item->verdict, NULL);
		}
		if (item->verdict->outcome == VERDICT_WARN)
			batch->warnings++;

		limits_uses_of(item->facts, &batch->pending);
		for (int u = before; u < batch->pending.count; u++)
		{
			LimitUse   *use = &batch->pending.items[u];

			if (use->over > 0 && item->verdict->outcome == VERDICT_ALLOW)
				elog(ERROR, "a hand-over above its quota was allowed");
		}
	}
}

/*
 * Checks of foreign keys are planned when they run for the first times in a
 * session, and kept: not as a scan of a table that was small by then.
 */
static int
begin_probing(void)
{
	int			level = NewGUCNestLevel();

	(void) set_config_option("enable_seqscan", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

/* Judge, charge and store the rows gathered so far. */
static int
work_batch(HandoverBatch *batch)
{
	Snapshot	before;
	int			warnings;

	if (batch->count == 0)
		return 0;
	batch->keys.count = batch->keys.size = 0;
	batch->keys.items = NULL;
	batch->pending = batch->keys;
	batch->warnings = 0;
	before = RegisterSnapshot(GetActiveSnapshot());
	batch->rule_set = rules_rule_set(batch->scope, batch->context);
	load_batch(batch);
	handover_prepare(batch);
	handover_lock(batch);
	handover_refresh(batch, before);
	UnregisterSnapshot(before);
	judge_batch(batch);
	handover_store(batch);
	access_refresh(batch->scope);
	warnings = batch->warnings;
	batch->count = batch->size = 0;
	batch->items = NULL;
	MemoryContextReset(batch->context);
	return warnings;
}

/* Read a row of the transition table into the batch. */
static void
add_row(HandoverBatch *batch, TupleTableSlot *slot)
{
	Handover   *item;
	RowFields	row;
	Uuid16		decision_id;

	if (batch->count == batch->size)
	{
		/* most statements have one row */
		batch->size = Max(1, Min(batch->size * 8, HANDOVER_BATCH));
		batch->items = batch->items ? repalloc(batch->items, batch->size * sizeof(Handover)) :
			palloc(batch->size * sizeof(Handover));
	}
	slot_getallattrs(slot);
	row.desc = RelationGetDescr(batch->rel);
	row.values = slot->tts_values;
	row.nulls = slot->tts_isnull;

	item = &batch->items[batch->count++];
	memset(item, 0, sizeof(Handover));
	request_of_row(&row, &item->request);
	decision_id = uuid_field(&row, "decision_id");
	memcpy(&item->decision_id, &decision_id, sizeof(pg_uuid_t));
	rules_resolve(batch->scope, &item->request, batch->context);
	check_derived(batch->scope, &row, &item->request);
}

/*
 * AFTER INSERT FOR EACH STATEMENT on disbursement, with a new table: judge
 * and charge all rows, or raise and store none.
 */
Datum
lsce_handover_charge(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	Tuplestorestate *rows;
	TupleTableSlot *slot;
	LsceModel	model;
	AccessScope scope;
	HandoverBatch batch = {0};
	int			pointer;
	int			level;
	int			warnings = 0;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) || trigdata->tg_newtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.handover_charge() must be fired after insert for each statement with a new table")));

	rows = trigdata->tg_newtable;
	access_model_of_relation(RelationGetRelid(trigdata->tg_relation), &model);
	slot = MakeSingleTupleTableSlot(RelationGetDescr(trigdata->tg_relation), &TTSOpsMinimalTuple);
	pointer = tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND);
	tuplestore_select_read_pointer(rows, pointer);
	tuplestore_rescan(rows);

	level = begin_probing();
	access_begin(&scope, &model, ACCESS_WRITE);
	access_share(&scope);
	batch.scope = &scope;
	batch.rel = trigdata->tg_relation;
	batch.context = AllocSetContextCreate(CurrentMemoryContext, "lsce hand-overs", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(batch.context);
	for (;;)
	{
		tuplestore_select_read_pointer(rows, pointer);
		if (!tuplestore_gettupleslot(rows, true, false, slot))
			break;
		add_row(&batch, slot);
		/* a row that was read from a file is in the batch's memory */
		ExecClearTuple(slot);
		if (batch.count == HANDOVER_BATCH)
			warnings += work_batch(&batch);
	}
	warnings += work_batch(&batch);
	access_end(&scope);
	AtEOXact_GUC(true, level);
	ExecDropSingleTupleTableSlot(slot);

	if (warnings > 0)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg_plural("%d hand-over was taken with a warning",
							   "%d hand-overs were taken with warnings", warnings, warnings),
				 errhint("Each left an open row in discrepancy.")));
	return PointerGetDatum(NULL);
}
