/*-------------------------------------------------------------------------
 *
 * append_only.c
 *	  Triggers that keep what was stored: no UPDATE, DELETE or TRUNCATE.
 *
 * They stop everybody, the owner too; whoever disables them is found by
 * lsce.check_model().
 *
 * src/audit/append_only.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/datum.h"
#include "utils/rel.h"

#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_append_only);
PG_FUNCTION_INFO_V1(lsce_no_truncate);
PG_FUNCTION_INFO_V1(lsce_fixed_columns);

/* The statement that fired a trigger, for messages. */
static const char *
trigger_statement(TriggerEvent event)
{
	if (TRIGGER_FIRED_BY_UPDATE(event))
		return "UPDATE";
	if (TRIGGER_FIRED_BY_DELETE(event))
		return "DELETE";
	if (TRIGGER_FIRED_BY_TRUNCATE(event))
		return "TRUNCATE";
	return "INSERT";
}

/* Refuse a function that was not called as a BEFORE trigger. */
static TriggerData *
before_trigger(FunctionCallInfo fcinfo, const char *name)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function lsce.%s() must be called as a BEFORE trigger", name)));
	return trigger;
}

/*
 * "column value" of the first column of the row being changed, which is the
 * key in every append-only table; an empty string for a statement trigger.
 */
static char *
changed_row(TriggerData *trigger)
{
	TupleDesc	desc = RelationGetDescr(trigger->tg_relation);

	if (!TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		return "";
	for (int column = 1; column <= desc->natts; column++)
	{
		char	   *value;

		if (TupleDescAttr(desc, column - 1)->attisdropped)
			continue;
		value = SPI_getvalue(trigger->tg_trigtuple, desc, column);
		return psprintf("%s %s", NameStr(TupleDescAttr(desc, column - 1)->attname),
						value ? value : "NULL");
	}
	return "";
}

/*
 * lsce.append_only(): raises RECORD_IMMUTABLE (LS500) whatever the statement
 * wants to change.
 */
Datum
lsce_append_only(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = before_trigger(fcinfo, "append_only");
	Relation	rel = trigger->tg_relation;
	char	   *row = changed_row(trigger);

	ereport(ERROR,
			(errcode(ERRCODE_LSCE_RECORD_IMMUTABLE),
			 errmsg("%s on \"%s\" refused: its rows are never changed or removed",
					trigger_statement(trigger->tg_event), RelationGetRelationName(rel)),
			 row[0] ? errdetail("The row is %s.", row) : 0,
			 errhint("Record a correction as a row of its own: a reversal, a withdrawal or a new version."),
			 errtable(rel)));
	PG_RETURN_NULL();
}

/*
 * lsce.no_truncate(): raises RECORD_IMMUTABLE (LS500).  TRUNCATE would go past
 * the row triggers of the table, and past those of every table that refers to
 * it.
 */
Datum
lsce_no_truncate(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = before_trigger(fcinfo, "no_truncate");
	Relation	rel = trigger->tg_relation;

	ereport(ERROR,
			(errcode(ERRCODE_LSCE_RECORD_IMMUTABLE),
			 errmsg("%s on \"%s\" refused: it would go past history and rules",
					trigger_statement(trigger->tg_event), RelationGetRelationName(rel)),
			 errhint("End rows with end_date(), or drop the model with lsce.drop_model()."),
			 errtable(rel)));
	PG_RETURN_NULL();
}

/*
 * lsce.fixed_columns(column, …): BEFORE UPDATE FOR EACH ROW; raises
 * RECORD_IMMUTABLE (LS500) when one of the columns changes, except for the
 * owner, as whom the engine writes.
 */
Datum
lsce_fixed_columns(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = before_trigger(fcinfo, "fixed_columns");
	Relation	rel = trigger->tg_relation;
	TupleDesc	desc = RelationGetDescr(rel);

	if (!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || !TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function lsce.fixed_columns() must be fired before update for each row")));
	if (has_privs_of_role(GetUserId(), rel->rd_rel->relowner))
		return PointerGetDatum(trigger->tg_newtuple);
	for (int i = 0; i < trigger->tg_trigger->tgnargs; i++)
	{
		const char *name = trigger->tg_trigger->tgargs[i];
		int			column = SPI_fnumber(desc, name);
		Form_pg_attribute attribute;
		Datum		before;
		Datum		after;
		bool		before_null;
		bool		after_null;

		if (column <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("table \"%s\" has no column \"%s\"", RelationGetRelationName(rel), name)));
		attribute = TupleDescAttr(desc, column - 1);
		before = SPI_getbinval(trigger->tg_trigtuple, desc, column, &before_null);
		after = SPI_getbinval(trigger->tg_newtuple, desc, column, &after_null);
		if (before_null != after_null ||
			(!before_null && !datum_image_eq(before, after, attribute->attbyval, attribute->attlen)))
			ereport(ERROR,
					(errcode(ERRCODE_LSCE_RECORD_IMMUTABLE),
					 errmsg("column \"%s\" of \"%s\" is not changed by UPDATE", name, RelationGetRelationName(rel)),
					 errdetail("What was counted and stored relies on it."),
					 errhint("Add another row, or ask the owner of the model."),
					 errtablecol(rel, column)));
	}
	return PointerGetDatum(trigger->tg_newtuple);
}
