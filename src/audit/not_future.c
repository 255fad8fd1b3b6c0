/*-------------------------------------------------------------------------
 *
 * not_future.c
 *	  Trigger that refuses what claims to have happened later than it is
 *	  stored.
 *
 * src/audit/not_future.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_not_future);

/*
 * By how many minutes the clock of a device may be ahead, the widest of all
 * scopes, because the row does not say whose device it was; 5 unless it is set.
 */
static const AccessStatement clock_tolerance = {
	"SELECT coalesce(max((s.value #>> '{}')::int), 5) FROM @m.setting s"
	" WHERE s.name = 'device_clock_tolerance_minutes' AND s.valid_from <= now() AND now() < s.valid_to",
	0, {0}
};

/* The tolerance of the model the table belongs to, in minutes. */
static int
tolerance_minutes(Relation rel)
{
	LsceModel	model;
	AccessScope scope;
	int			minutes;

	access_model_of_relation(RelationGetRelid(rel), &model);
	access_begin(&scope, &model, ACCESS_READ);
	access_read(&scope, &clock_tolerance, NULL, NULL, 1);
	minutes = access_int32(0, 1);
	access_end(&scope);
	return minutes;
}

/* Raise DEVICE_CLOCK when the time is infinite or later than now and the tolerance. */
static void
check_time(Relation rel, const char *column, TimestampTz at)
{
	LsceErrorReport report = {.reason = LSCE_REASON_DEVICE_CLOCK};
	TimestampTz now = GetCurrentTimestamp();
	int			minutes;

	if (at <= now && !TIMESTAMP_IS_NOBEGIN(at))
		return;
	minutes = tolerance_minutes(rel);
	if (!TIMESTAMP_NOT_FINITE(at) && at <= TimestampTzPlusMilliseconds(now, (int64) minutes * 60 * 1000))
		return;
	report.message = psprintf("%s of %s is %s: not a moment that has been, with a clock at most %d minutes ahead",
							  column, RelationGetRelationName(rel), timestamptz_to_str(at), minutes);
	report.table_name = RelationGetRelationName(rel);
	lsce_ereport_reason(&report);
}

/*
 * lsce.not_future(column, …): BEFORE INSERT OR UPDATE FOR EACH ROW; refuses a row
 * of which one of the columns named, of type timestamptz, has not been yet.
 */
Datum
lsce_not_future(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	TupleDesc	desc;
	HeapTuple	row;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function lsce.not_future() must be fired before insert or update for each row")));
	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	desc = RelationGetDescr(trigger->tg_relation);
	for (int i = 0; i < trigger->tg_trigger->tgnargs; i++)
	{
		const char *column = trigger->tg_trigger->tgargs[i];
		bool		isnull;
		Datum		value = SPI_getbinval(row, desc, access_column(desc, column, TIMESTAMPTZOID), &isnull);

		if (!isnull)
			check_time(trigger->tg_relation, column, DatumGetTimestampTz(value));
	}
	return PointerGetDatum(row);
}
