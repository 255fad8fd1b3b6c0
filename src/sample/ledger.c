/*-------------------------------------------------------------------------
 *
 * ledger.c
 *	  The stock ledger: entries of an operation balance, stock follows.
 *
 * The legs of an operation come in one statement and sum to zero for each
 * lot.  inventory_stock keeps the running sum of the places that hold goods
 * (warehouse, rep, in_transit, quarantine).  The places that only make a
 * movement a double entry (vendor, disbursed, lost, destroyed, adjustment)
 * have no row there: every hand-over of a lot would queue for it.
 *
 * src/sample/ledger.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "access/access.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_post_entries);

/* An operation that does not balance, or had entries before this statement. */
static const AccessStatement unbalanced = {
	"SELECT n.operation_id::text, n.batch_id::text, sum(n.quantity)::text, false"
	" FROM new_rows n GROUP BY n.operation_id, n.batch_id HAVING sum(n.quantity) <> 0"
	" UNION ALL"
	" SELECT e.operation_id::text, NULL, count(*)::text, true FROM @m.inventory_entry e"
	" JOIN (SELECT operation_id, count(*) AS legs FROM new_rows GROUP BY operation_id) n USING (operation_id)"
	" GROUP BY e.operation_id, n.legs HAVING count(*) > n.legs",
	0, {0}
};

/* Stock rows that are not there yet, in the order of locking. */
static const AccessStatement make_stock = {
	"INSERT INTO @m.inventory_stock (location_id, batch_id)"
	" SELECT n.location_id, n.batch_id FROM new_rows n JOIN @m.inventory_location l USING (location_id)"
	" WHERE l.kind IN ('warehouse', 'rep', 'in_transit', 'quarantine') AND NOT EXISTS"
	"  (SELECT FROM @m.inventory_stock s WHERE s.location_id = n.location_id AND s.batch_id = n.batch_id)"
	" GROUP BY 1, 2 ORDER BY 1, 2 ON CONFLICT DO NOTHING",
	0, {0}
};

static const AccessStatement lock_stock = {
	"SELECT count(*) FROM (SELECT FROM @m.inventory_stock s WHERE (s.location_id, s.batch_id) IN"
	" (SELECT n.location_id, n.batch_id FROM new_rows n)"
	" ORDER BY s.location_id, s.batch_id FOR UPDATE) AS locked",
	0, {0}
};

/* Returns what would become negative and may not; moves the rest. */
static const AccessStatement move_stock = {
	"UPDATE @m.inventory_stock s SET on_hand = s.on_hand + n.quantity"
	" FROM (SELECT location_id, batch_id, sum(quantity) AS quantity FROM new_rows GROUP BY 1, 2) n"
	" WHERE s.location_id = n.location_id AND s.batch_id = n.batch_id"
	" AND (s.may_go_negative OR n.quantity >= 0 OR s.on_hand + n.quantity >= 0)",
	0, {0}
};

static const AccessStatement short_stock = {
	"SELECT l.name, b.lot_no, p.code, s.on_hand::text, (-n.quantity)::text"
	" FROM (SELECT location_id, batch_id, sum(quantity) AS quantity FROM new_rows GROUP BY 1, 2) n"
	" JOIN @m.inventory_stock s USING (location_id, batch_id)"
	" JOIN @m.inventory_location l USING (location_id)"
	" JOIN @m.product_batch b USING (batch_id) JOIN @m.product p USING (product_id)"
	" WHERE NOT s.may_go_negative AND n.quantity < 0 AND s.on_hand + n.quantity < 0"
	" ORDER BY s.location_id, s.batch_id",
	0, {0}
};

/* Raise for the first operation that breaks the rule of the ledger. */
static void
refuse_unbalanced(AccessScope *scope, Relation rel)
{
	LsceErrorReport report = {0};
	char	   *operation = access_text(0, 1, CurrentMemoryContext);
	char	   *number = access_text(0, 3, CurrentMemoryContext);

	report.reason = LSCE_REASON_LEDGER_UNBALANCED;
	report.schema_name = get_namespace_name(RelationGetNamespace(rel));
	report.table_name = RelationGetRelationName(rel);
	if (access_bool(0, 4))
		report.message = psprintf("operation %s has %s entries, more than this statement brings", operation, number);
	else
		report.message = psprintf("operation %s, lot %s: entries sum to %s, not 0",
								  operation, access_text(0, 2, CurrentMemoryContext), number);
	lsce_ereport_reason(&report);
}

/* Raise for the first stock that would become negative. */
static void
refuse_short(AccessScope *scope, Relation rel)
{
	LsceErrorReport report = {0};

	report.reason = LSCE_REASON_INVENTORY_SHORT;
	report.schema_name = get_namespace_name(RelationGetNamespace(rel));
	report.table_name = "inventory_stock";
	report.constraint_name = "inventory_stock_not_negative";
	if (access_read(scope, &short_stock, NULL, NULL, 1) > 0)
		report.message = psprintf("%s holds %s of %s lot %s; %s requested",
								  access_text(0, 1, CurrentMemoryContext), access_text(0, 4, CurrentMemoryContext),
								  access_text(0, 3, CurrentMemoryContext), access_text(0, 2, CurrentMemoryContext),
								  access_text(0, 5, CurrentMemoryContext));
	else
		report.message = "stock changed while it was moved";
	lsce_ereport_reason(&report);
}

/*
 * AFTER INSERT FOR EACH STATEMENT on inventory_entry, with the new rows as
 * new_rows: refuse operations that do not balance and keep inventory_stock.
 */
Datum
lsce_post_entries(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	LsceModel	model;
	AccessScope scope;
	uint64		locked;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) || trigdata->tg_newtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.post_entries() must be fired after insert for each statement with a new table")));

	access_model_of_relation(RelationGetRelid(trigdata->tg_relation), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not register the new rows");

	if (access_read(&scope, &unbalanced, NULL, NULL, 1) > 0)
		refuse_unbalanced(&scope, trigdata->tg_relation);
	access_write(&scope, &make_stock, NULL, NULL);
	access_write(&scope, &lock_stock, NULL, NULL);
	locked = (uint64) access_int64(0, 1);
	if (access_write(&scope, &move_stock, NULL, NULL) < locked)
	{
		access_refresh(&scope);
		refuse_short(&scope, trigdata->tg_relation);
	}
	access_end(&scope);
	return PointerGetDatum(NULL);
}
