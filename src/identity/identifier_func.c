/*-------------------------------------------------------------------------
 *
 * identifier_func.c
 *	  SQL functions and the trigger over the rules of identifier.c.
 *
 * src/identity/identifier_func.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "errors.h"
#include "identity/identifier.h"

PG_FUNCTION_INFO_V1(lsce_identifier_valid);
PG_FUNCTION_INFO_V1(lsce_identifier_check);
PG_FUNCTION_INFO_V1(lsce_identifier_normalize_sql);
PG_FUNCTION_INFO_V1(lsce_identifier_require);
PG_FUNCTION_INFO_V1(lsce_identifier_systems);
PG_FUNCTION_INFO_V1(lsce_license_hint_sql);
PG_FUNCTION_INFO_V1(lsce_account_identifier_guard);

/* The verdict on two text arguments. */
static LsceIdentifierVerdict
verdict_of(text *system, text *value)
{
	return lsce_identifier_verdict(VARDATA_ANY(system), VARSIZE_ANY_EXHDR(system),
								   VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

/*
 * What is wrong with a value, palloc'd; NULL when nothing is.  "given" is the
 * value for people.
 */
static char *
verdict_message(const LsceIdentifierVerdict *verdict, const char *given)
{
	switch (verdict->status)
	{
		case LSCE_IDENTIFIER_VALID:
			return NULL;
		case LSCE_IDENTIFIER_FORM:
			return psprintf("%s \"%s\" has the wrong format: expected %s",
							verdict->system->name, given, verdict->system->form);
		case LSCE_IDENTIFIER_CHECK:
			return psprintf("%s \"%s\" fails its check digit (expected %s)",
							verdict->system->name, given, verdict->expected);
		case LSCE_IDENTIFIER_NO_RULE:
			break;
	}
	return pstrdup("no rule is known for this identifier system");
}

/* The reason code of a verdict that is not valid. */
static LsceReason
verdict_reason(const LsceIdentifierVerdict *verdict)
{
	if (verdict->status != LSCE_IDENTIFIER_CHECK)
		return LSCE_REASON_ID_FORMAT;
	return strcmp(verdict->system->name, "dea") == 0 ? LSCE_REASON_DEA_INVALID : LSCE_REASON_ID_CHECK_DIGIT;
}

/* The value as it is stored, palloc'd text. */
static text *
normalized(const LsceIdentifierSystem *system, text *value)
{
	size_t		len = VARSIZE_ANY_EXHDR(value);
	char	   *buffer = palloc(len + 1);
	text	   *result;

	len = lsce_identifier_normalize(system, VARDATA_ANY(value), len, buffer);
	result = cstring_to_text_with_len(buffer, (int) len);
	pfree(buffer);
	return result;
}

/* Raise the error of a verdict that is not valid, with its arguments as detail. */
static void
raise_verdict(const LsceIdentifierVerdict *verdict, text *value, Relation relation)
{
	LsceErrorReport report = {0};
	StringInfoData detail;
	char	   *given = text_to_cstring(value);

	initStringInfo(&detail);
	appendStringInfoString(&detail, "{\"system\": ");
	escape_json(&detail, verdict->system->name);
	appendStringInfoString(&detail, ", \"value\": ");
	escape_json(&detail, given);
	appendStringInfoString(&detail, ", \"expected\": ");
	if (verdict->status == LSCE_IDENTIFIER_CHECK)
		escape_json(&detail, verdict->expected);
	else
		appendStringInfoString(&detail, "null");
	appendStringInfoChar(&detail, '}');

	report.reason = verdict_reason(verdict);
	report.message = verdict_message(verdict, given);
	report.detail = detail.data;
	if (relation)
	{
		report.schema_name = get_namespace_name(RelationGetNamespace(relation));
		report.table_name = RelationGetRelationName(relation);
		report.constraint_name = "account_identifier_value_valid";
	}
	lsce_ereport_reason(&report);
}

/*
 * lsce.identifier_valid(system, value): may this value be stored?  NULL for a
 * system without a rule: unknown.
 */
Datum
lsce_identifier_valid(PG_FUNCTION_ARGS)
{
	LsceIdentifierVerdict verdict = verdict_of(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1));

	if (verdict.status == LSCE_IDENTIFIER_NO_RULE)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(verdict.status == LSCE_IDENTIFIER_VALID);
}

/* lsce.identifier_check(system, value): NULL when valid, else why not. */
Datum
lsce_identifier_check(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(1);
	LsceIdentifierVerdict verdict = verdict_of(PG_GETARG_TEXT_PP(0), value);
	char	   *message = verdict_message(&verdict, text_to_cstring(value));

	if (message == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(message));
}

/*
 * lsce.identifier_normalize(system, value): the form in which a value is
 * stored; unchanged for a system without a rule.
 */
Datum
lsce_identifier_normalize_sql(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	text	   *value = PG_GETARG_TEXT_PP(1);
	const LsceIdentifierSystem *system;

	system = lsce_identifier_system(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	PG_RETURN_TEXT_P(system ? normalized(system, value) : value);
}

/*
 * lsce.identifier_require(system, value): the normalised value, or the error
 * ID_FORMAT, ID_CHECK_DIGIT or DEA_INVALID.  A system without a rule passes.
 */
Datum
lsce_identifier_require(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	text	   *value = PG_GETARG_TEXT_PP(1);
	const LsceIdentifierSystem *system;
	LsceIdentifierVerdict verdict;

	system = lsce_identifier_system(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	if (system == NULL)
		PG_RETURN_TEXT_P(value);
	value = normalized(system, value);
	verdict = verdict_of(name, value);
	if (verdict.status != LSCE_IDENTIFIER_VALID)
		raise_verdict(&verdict, value, NULL);
	PG_RETURN_TEXT_P(value);
}

/* lsce.identifier_systems(): the systems for which there is a rule. */
Datum
lsce_identifier_systems(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (size_t i = 0; i < lsce_identifier_system_count(); i++)
	{
		const LsceIdentifierSystem *system = lsce_identifier_system_at(i);
		Datum		values[4];
		bool		nulls[4] = {0};

		values[0] = CStringGetTextDatum(system->name);
		values[1] = CStringGetTextDatum(system->issuer);
		values[2] = CStringGetTextDatum(system->form);
		values[3] = BoolGetDatum(system->has_check);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * lsce.license_hint(jurisdiction, number): what is unusual about a licence
 * number, NULL when nothing is or nothing is known about the jurisdiction.
 */
Datum
lsce_license_hint_sql(PG_FUNCTION_ARGS)
{
	static const LsceIdentifierSystem plain = {"", "", "", false};
	text	   *jurisdiction = PG_GETARG_TEXT_PP(0);
	text	   *number = normalized(&plain, PG_GETARG_TEXT_PP(1));
	const char *hint;

	hint = lsce_license_hint(VARDATA_ANY(jurisdiction), VARSIZE_ANY_EXHDR(jurisdiction),
							 VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number));
	if (hint == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(hint));
}

/* The text of a column of a row by name; error when there is none or it is no text. */
static text *
text_column(Relation relation, HeapTuple row, const char *name, int *number)
{
	bool		isnull;
	Datum		value;

	*number = SPI_fnumber(RelationGetDescr(relation), name);
	if (*number <= 0 || SPI_gettypeid(RelationGetDescr(relation), *number) != TEXTOID)
		elog(ERROR, "table \"%s\" has no text column \"%s\"", RelationGetRelationName(relation), name);
	value = heap_getattr(row, *number, RelationGetDescr(relation), &isnull);
	return isnull ? NULL : DatumGetTextPP(value);
}

/*
 * Trigger BEFORE INSERT OR UPDATE on account_identifier: stores system and
 * value in their canonical form, so that no spelling evades the key, and
 * refuses values that break the rule of their system.
 */
Datum
lsce_account_identifier_guard(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Relation	relation;
	HeapTuple	row;
	const LsceIdentifierSystem *system;
	LsceIdentifierVerdict verdict;
	text	   *name;
	text	   *value;
	int			columns[2];
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.account_identifier_guard() is a trigger BEFORE INSERT OR UPDATE FOR EACH ROW")));
	relation = trigger->tg_relation;
	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;

	name = text_column(relation, row, "system", &columns[0]);
	value = text_column(relation, row, "value", &columns[1]);
	if (name == NULL || value == NULL)
		return PointerGetDatum(row);	/* NOT NULL refuses it */
	system = lsce_identifier_system(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	if (system == NULL)
		return PointerGetDatum(row);

	value = normalized(system, value);
	verdict = verdict_of(name, value);
	if (verdict.status != LSCE_IDENTIFIER_VALID)
		raise_verdict(&verdict, value, relation);
	values[0] = CStringGetTextDatum(system->name);
	values[1] = PointerGetDatum(value);
	row = heap_modify_tuple_by_cols(row, RelationGetDescr(relation), 2, columns, values, nulls);
	return PointerGetDatum(row);
}
