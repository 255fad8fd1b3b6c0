/*-------------------------------------------------------------------------
 *
 * recorded.c
 *	  Columns in which the server says who stored a row, and when.
 *
 * src/audit/recorded.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(lsce_recorded);

/*
 * lsce.recorded(column, …): BEFORE INSERT FOR EACH ROW; sets the columns named,
 * of type name to the current role and of type timestamptz to the time.  The
 * owner of the table, who loads rows and writes for the engine, says it himself.
 */
Datum
lsce_recorded(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	TupleDesc	desc;
	HeapTuple	row;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) || !TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function lsce.recorded() must be fired before insert for each row")));
	row = trigdata->tg_trigtuple;
	desc = RelationGetDescr(trigdata->tg_relation);
	if (has_privs_of_role(GetUserId(), trigdata->tg_relation->rd_rel->relowner))
		return PointerGetDatum(row);
	for (int i = 0; i < trigdata->tg_trigger->tgnargs; i++)
	{
		int			column = SPI_fnumber(desc, trigdata->tg_trigger->tgargs[i]);
		bool		isnull = false;
		NameData	name;
		Datum		value;

		if (column <= 0 || (SPI_gettypeid(desc, column) != NAMEOID && SPI_gettypeid(desc, column) != TIMESTAMPTZOID))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("table \"%s\" has no column \"%s\" of type name or timestamptz",
							RelationGetRelationName(trigdata->tg_relation), trigdata->tg_trigger->tgargs[i])));
		if (SPI_gettypeid(desc, column) == NAMEOID)
		{
			namestrcpy(&name, GetUserNameFromId(GetOuterUserId(), false));
			value = NameGetDatum(&name);
		}
		else
			value = TimestampTzGetDatum(GetCurrentTimestamp());
		row = heap_modify_tuple_by_cols(row, desc, 1, &column, &value, &isnull);
	}
	return PointerGetDatum(row);
}
