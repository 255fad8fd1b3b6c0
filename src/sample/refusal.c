/*-------------------------------------------------------------------------
 *
 * refusal.c
 *	  Refusals that are to be kept.
 *
 * A refused write rolls back and stores nothing.  Where the caller wants the
 * refusal on record, the function that catches the error stores the decision
 * that was just made: the last refusal stays in memory until the transaction
 * ends, and only it can be stored, as a decision that permits nothing.
 *
 * src/sample/refusal.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "sample/handover.h"

PG_FUNCTION_INFO_V1(lsce_store_refusal);

/* The last refusal of this transaction; its memory is the batch's. */
static struct
{
	Oid			nspid;
	const Facts *facts;
	const Verdict *verdict;
	MemoryContext context;
}			last_refusal;

/* The memory goes with the transaction. */
static void
refusal_xact_ended(XactEvent event, void *arg)
{
	memset(&last_refusal, 0, sizeof(last_refusal));
}

/*
 * Keep what the batch knows about the refused hand-over beyond the error that
 * the caller is about to raise.
 */
void
refusal_keep(HandoverBatch *batch, const Handover *item)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(refusal_xact_ended, NULL);
		registered = true;
	}
	if (last_refusal.context != NULL)
		MemoryContextDelete(last_refusal.context);
	MemoryContextSetParent(batch->context, TopTransactionContext);
	last_refusal.context = batch->context;
	last_refusal.nspid = batch->scope->model->nspid;
	last_refusal.facts = item->facts;
	last_refusal.verdict = item->verdict;
}

/*
 * lsce.store_refusal(model, fact_id): store the refusal of that fact, made in
 * this transaction, as a decision with admission none.  Returns decision_id,
 * outcome and reason_codes; NULLs when there is none, because the error that
 * was caught was not a refusal.
 */
Datum
lsce_store_refusal(PG_FUNCTION_ARGS)
{
	Oid			nspid = PG_GETARG_OID(0);
	pg_uuid_t  *fact_id = PG_GETARG_UUID_P(1);
	TupleDesc	desc;
	Datum		values[3] = {0};
	bool		nulls[3] = {true, true, true};
	pg_uuid_t	decision_id = {{0}};
	const char *hidden;
	LsceModel	model;
	AccessScope scope;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (last_refusal.facts != NULL && last_refusal.nspid == nspid &&
		memcmp(&last_refusal.facts->request.fact_id, fact_id, sizeof(*fact_id)) == 0)
	{
		access_model(nspid, &model);
		access_check_caller(&model);
		access_check_execute(&model, "disburse");
		hidden = rules_hidden_row(&model, &last_refusal.facts->request);
		if (hidden != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("the refusal is not kept: its %s names a row that you may not see", hidden)));
		access_begin(&scope, &model, ACCESS_WRITE);
		rules_store(&scope, last_refusal.facts, last_refusal.verdict, "none", &decision_id);
		access_end(&scope);
		values[0] = UUIDPGetDatum(&decision_id);
		values[1] = CStringGetTextDatum(last_refusal.verdict->outcome == VERDICT_WARN ? "warn" : "deny");
		values[2] = rules_reason_codes(last_refusal.verdict);
		memset(nulls, 0, sizeof(nulls));
	}
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}
