/*-------------------------------------------------------------------------
 *
 * history.c
 *	  System-time history of a table in its <table>_h.
 *
 * One function serves two triggers.  BEFORE INSERT OR UPDATE it stamps
 * sys_from, the time from which the database knows the row.  AFTER UPDATE OR
 * DELETE it copies the old row to <table>_h, with sys_to, the time until which
 * it was known, and changed_by.
 *
 * Columns are matched by name.  Those that <table>_h does not have, such as
 * columns that users added, go into its column extra.  The INSERT is built once
 * per table and backend, again after the table or its history changed.
 *
 * src/audit/history.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "audit/history.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_history);

/* the INSERT into the history of one table */
typedef struct HistoryEntry
{
	Oid			relid;
	Oid			history_relid;
	bool		valid;
	char	   *row_type;		/* columns and types that the plan was made for */
	AccessStatement *stmt;		/* never freed: its address keys the plan */
} HistoryEntry;

static HTAB *entries = NULL;

/* A table changed: what was built for it, or for its table, is built again. */
static void
history_relation_changed(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS seq;
	HistoryEntry *entry;

	if (entries == NULL)
		return;
	hash_seq_init(&seq, entries);
	while ((entry = hash_seq_search(&seq)) != NULL)
	{
		if (!OidIsValid(relid) || entry->relid == relid || entry->history_relid == relid)
			entry->valid = false;
	}
}

/* Called once by _PG_init. */
void
history_init(void)
{
	CacheRegisterRelcacheCallback(history_relation_changed, (Datum) 0);
}

/* The history table of a relation; an error that says how to get one if none. */
static Oid
history_table(Relation rel)
{
	char	   *name = psprintf("%s_h", RelationGetRelationName(rel));
	Oid			relid = get_relname_relid(name, RelationGetNamespace(rel));

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table \"%s\", the history of \"%s\", does not exist",
						name, RelationGetRelationName(rel)),
				 errhint("CALL lsce.upgrade_model('%s');",
						 get_namespace_name(RelationGetNamespace(rel)))));
	return relid;
}

/* Whether the history keeps a column of this name in a column of its own. */
static bool
history_has_column(Oid history_relid, const char *name)
{
	if (strcmp(name, "sys_to") == 0 || strcmp(name, "changed_by") == 0 || strcmp(name, "extra") == 0)
		return false;
	return get_attnum(history_relid, name) != InvalidAttrNumber;
}

/*
 * Text of the INSERT that takes the old row ($1), sys_to ($2) and changed_by
 * ($3).
 */
static char *
history_insert_text(Relation rel, Oid history_relid)
{
	TupleDesc	desc = RelationGetDescr(rel);
	StringInfoData columns;
	StringInfoData values;
	StringInfoData extra;
	StringInfoData text;

	initStringInfo(&columns);
	initStringInfo(&values);
	initStringInfo(&extra);
	initStringInfo(&text);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		const char *name = NameStr(attribute->attname);

		if (attribute->attisdropped)
			continue;
		if (history_has_column(history_relid, name))
		{
			appendStringInfo(&columns, "%s, ", quote_identifier(name));
			appendStringInfo(&values, "($1).%s, ", quote_identifier(name));
		}
		else
			appendStringInfo(&extra, "%s%s, ($1).%s", extra.len > 0 ? ", " : "",
							 quote_literal_cstr(name), quote_identifier(name));
	}
	appendStringInfo(&text, "INSERT INTO @m.%s (%ssys_to, changed_by, extra) SELECT %s$2, $3, ",
					 quote_identifier(get_rel_name(history_relid)), columns.data, values.data);
	if (extra.len > 0)
		appendStringInfo(&text, "pg_catalog.jsonb_build_object(%s)", extra.data);
	else
		appendStringInfoString(&text, "NULL");
	return text.data;
}

/*
 * The columns of a relation with their types.  A plan with the row as a
 * parameter does not notice that the type of a column changed.
 */
static char *
row_type_text(Relation rel)
{
	TupleDesc	desc = RelationGetDescr(rel);
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "%u", rel->rd_rel->reltype);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped)
			appendStringInfo(&text, " %d:%u:%d", attribute->attnum,
							 attribute->atttypid, attribute->atttypmod);
	}
	return text.data;
}

/* The INSERT of a table, built when there is none or it went stale. */
static const AccessStatement *
history_statement(Relation rel)
{
	Oid			relid = RelationGetRelid(rel);
	HistoryEntry *entry;
	Oid			history_relid;
	char	   *text;
	char	   *row_type;
	AccessStatement *stmt;

	if (entries == NULL)
	{
		HASHCTL		ctl;

		ctl.keysize = sizeof(Oid);
		ctl.entrysize = sizeof(HistoryEntry);
		entries = hash_create("lsce history", 64, &ctl, HASH_ELEM | HASH_BLOBS);
	}
	entry = hash_search(entries, &relid, HASH_FIND, NULL);
	if (entry && entry->valid)
		return entry->stmt;

	history_relid = history_table(rel);
	text = history_insert_text(rel, history_relid);
	row_type = row_type_text(rel);
	if (entry && strcmp(entry->row_type, row_type) == 0 && strcmp(entry->stmt->sql, text) == 0)
	{
		stmt = entry->stmt;
		row_type = entry->row_type;
	}
	else
	{
		row_type = MemoryContextStrdup(CacheMemoryContext, row_type);
		stmt = MemoryContextAllocZero(CacheMemoryContext, sizeof(AccessStatement));
		stmt->sql = MemoryContextStrdup(CacheMemoryContext, text);
		stmt->nargs = 3;
		stmt->argtypes[0] = rel->rd_rel->reltype;
		stmt->argtypes[1] = TIMESTAMPTZOID;
		stmt->argtypes[2] = TEXTOID;
	}
	entry = hash_search(entries, &relid, HASH_ENTER, NULL);
	entry->history_relid = history_relid;
	entry->row_type = row_type;
	entry->stmt = stmt;
	entry->valid = true;
	return stmt;
}

/* Number of column sys_from; an error when the table has none. */
static int
sys_from_column(Relation rel)
{
	int			column = SPI_fnumber(RelationGetDescr(rel), "sys_from");

	if (column <= 0 || SPI_gettypeid(RelationGetDescr(rel), column) != TIMESTAMPTZOID)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" has no column sys_from of type timestamp with time zone",
						RelationGetRelationName(rel)),
				 errtable(rel)));
	return column;
}

/* sys_from of a row. */
static TimestampTz
row_sys_from(Relation rel, HeapTuple tuple)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, sys_from_column(rel), RelationGetDescr(rel), &isnull);

	return isnull ? DT_NOBEGIN : DatumGetTimestampTz(value);
}

/*
 * When the successor of a version begins: now by the clock, and in any case
 * later than the version itself, so that no version has an empty range.
 */
static TimestampTz
next_sys_from(TimestampTz old_sys_from)
{
	TimestampTz now = GetCurrentTimestamp();

	if (TIMESTAMP_NOT_FINITE(old_sys_from))
		return now;
	return Max(now, old_sys_from + 1);
}

/*
 * BEFORE: stamp sys_from.  The owner of the model may load rows with the
 * sys_from they had elsewhere; for everybody else knowledge begins now.
 */
static HeapTuple
history_stamp(TriggerData *trigger)
{
	Relation	rel = trigger->tg_relation;
	HeapTuple	tuple;
	int			column = sys_from_column(rel);
	Datum		value;
	bool		isnull = false;

	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		tuple = trigger->tg_trigtuple;
		if (has_privs_of_role(GetOuterUserId(), rel->rd_rel->relowner))
			return tuple;
		value = TimestampTzGetDatum(GetCurrentTimestamp());
	}
	else
	{
		tuple = trigger->tg_newtuple;
		value = TimestampTzGetDatum(next_sys_from(row_sys_from(rel, trigger->tg_trigtuple)));
	}
	return heap_modify_tuple_by_cols(tuple, RelationGetDescr(rel), 1, &column, &value, &isnull);
}

/* AFTER: keep the old row. */
static void
history_keep(TriggerData *trigger)
{
	Relation	rel = trigger->tg_relation;
	const AccessStatement *stmt = history_statement(rel);
	LsceModel	model;
	AccessScope scope;
	Datum		args[3];
	TimestampTz until;

	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		until = row_sys_from(rel, trigger->tg_newtuple);
	else
		until = next_sys_from(row_sys_from(rel, trigger->tg_trigtuple));
	args[0] = heap_copy_tuple_as_datum(trigger->tg_trigtuple, RelationGetDescr(rel));
	args[1] = TimestampTzGetDatum(until);
	args[2] = CStringGetTextDatum(GetUserNameFromId(GetOuterUserId(), false));

	access_model_of_relation(RelationGetRelid(rel), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	access_write(&scope, stmt, args, NULL);
	access_end(&scope);
}

/* lsce.history(): the trigger function; see the head of the file. */
Datum
lsce_history(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		(TRIGGER_FIRED_BEFORE(trigger->tg_event) && TRIGGER_FIRED_BY_DELETE(trigger->tg_event)) ||
		(TRIGGER_FIRED_AFTER(trigger->tg_event) && TRIGGER_FIRED_BY_INSERT(trigger->tg_event)))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function lsce.history() must be called as a row trigger BEFORE INSERT OR UPDATE or AFTER UPDATE OR DELETE")));
	if (TRIGGER_FIRED_BEFORE(trigger->tg_event))
		return PointerGetDatum(history_stamp(trigger));
	history_keep(trigger);
	return PointerGetDatum(NULL);
}
