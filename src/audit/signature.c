/*-------------------------------------------------------------------------
 *
 * signature.c
 *	  Trigger that refuses an electronic signature that does not say who
 *	  signed, when and what it means (21 CFR 11.50(a)).
 *
 * src/audit/signature.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/rel.h"

#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_signature_complete);

/* the parts of a signature, in the order in which they are named when missing */
static const char *const signature_parts[] = {"printed_name", "signed_at", "meaning"};

/* Whether the value says nothing: NULL, or only spaces. */
static bool
says_nothing(const char *value)
{
	return value == NULL || value[strspn(value, " \t\r\n")] == '\0';
}

/*
 * lsce.signature_complete(): raises SIGNATURE_INCOMPLETE (LS502) naming what is
 * missing; it runs before the table's NOT NULL constraints, which would name
 * only the first and give no reason.
 */
Datum
lsce_signature_complete(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	LsceErrorReport report = {.reason = LSCE_REASON_SIGNATURE_INCOMPLETE};
	TupleDesc	desc;
	StringInfoData missing;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || !TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function lsce.signature_complete() must be called as a BEFORE INSERT trigger for each row")));

	desc = RelationGetDescr(trigger->tg_relation);
	initStringInfo(&missing);
	for (size_t i = 0; i < lengthof(signature_parts); i++)
	{
		int			column = SPI_fnumber(desc, signature_parts[i]);

		if (column <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("table \"%s\" has no column \"%s\"",
							RelationGetRelationName(trigger->tg_relation), signature_parts[i])));
		if (says_nothing(SPI_getvalue(trigger->tg_trigtuple, desc, column)))
			appendStringInfo(&missing, "%s%s", missing.len > 0 ? ", " : "", signature_parts[i]);
	}
	if (missing.len > 0)
	{
		report.message = psprintf("electronic signature lacks: %s", missing.data);
		report.table_name = RelationGetRelationName(trigger->tg_relation);
		lsce_ereport_reason(&report);
	}
	return PointerGetDatum(trigger->tg_trigtuple);
}
