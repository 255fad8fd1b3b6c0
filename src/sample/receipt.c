/*-------------------------------------------------------------------------
 *
 * receipt.c
 *	  Acknowledgements of delivery: nobody signs for more than was given.
 *
 * src/sample/receipt.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access/access.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_receipt_check);

static const AccessStatement lock_facts = {
	"SELECT 1 FROM @m.disbursement d WHERE d.disbursement_id IN (SELECT n.disbursement_id FROM new_rows n)"
	" ORDER BY d.disbursement_id FOR NO KEY UPDATE",
	0, {0}
};

/*
 * Hand-overs of which more is acknowledged than arrived: what was entered in
 * error, refused or never received did not.  What was returned had arrived.
 */
static const AccessStatement exceeding = {
	"SELECT d.disbursement_id::text, (d.quantity - coalesce(b.quantity, 0))::text,"
	" (r.quantity - n.quantity)::text, n.quantity::text"
	" FROM (SELECT disbursement_id, sum(quantity) AS quantity FROM new_rows GROUP BY 1) n"
	" JOIN @m.disbursement d USING (disbursement_id)"
	" CROSS JOIN LATERAL (SELECT sum(s.quantity) AS quantity FROM @m.sample_receipt s"
	"  WHERE s.disbursement_id = d.disbursement_id) r"
	" CROSS JOIN LATERAL (SELECT sum(v.quantity) AS quantity FROM @m.disbursement_reversal v"
	"  WHERE v.disbursement_id = d.disbursement_id AND v.kind <> 'returned') b"
	" WHERE r.quantity > d.quantity - coalesce(b.quantity, 0) ORDER BY 1",
	0, {0}
};

/*
 * AFTER INSERT FOR EACH STATEMENT on sample_receipt, with the new rows as
 * new_rows.  Two receipts of one hand-over wait for each other.
 */
Datum
lsce_receipt_check(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	LsceErrorReport report = {.reason = LSCE_REASON_RECEIPT_EXCEEDS};
	LsceModel	model;
	AccessScope scope;
	uint64		n;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) || trigdata->tg_newtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.receipt_check() must be fired after insert for each statement with a new table")));
	access_model_of_relation(RelationGetRelid(trigdata->tg_relation), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not register the new rows");
	access_write(&scope, &lock_facts, NULL, NULL);

	/* what others committed while we waited counts at every isolation level */
	PushActiveSnapshot(GetLatestSnapshot());
	n = access_read(&scope, &exceeding, NULL, NULL, 1);
	PopActiveSnapshot();
	if (n > 0)
	{
		report.message = psprintf("hand-over %s: %s given, %s already acknowledged; %s more signed for",
								  access_text(0, 1, CurrentMemoryContext), access_text(0, 2, CurrentMemoryContext),
								  access_text(0, 3, CurrentMemoryContext), access_text(0, 4, CurrentMemoryContext));
		report.schema_name = get_namespace_name(RelationGetNamespace(trigdata->tg_relation));
		report.table_name = RelationGetRelationName(trigdata->tg_relation);
		lsce_ereport_reason(&report);
	}
	access_end(&scope);
	return PointerGetDatum(NULL);
}
