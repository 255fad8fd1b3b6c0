/*-------------------------------------------------------------------------
 *
 * hierarchy.c
 *	  Parents of organisations form trees: the trigger that refuses a cycle.
 *
 * Two transactions could close a cycle that neither sees alone.  So whoever
 * stores a parent first takes a lock of the table's own, kept until the
 * transaction ends, and then looks at all that is committed, even where the
 * isolation level keeps one snapshot.
 *
 * src/graph/hierarchy.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/uuid.h"

#include "access/access.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_hco_hierarchy);

/* organisations of a cycle that a message names */
#define HIERARCHY_NAMED 20

static const AccessStatement parent_statement = {
	"SELECT h.parent_id, a.name FROM @m.hco h JOIN @m.account a USING (account_id) WHERE h.account_id = $1",
	1, {UUIDOID}
};

/* The parent of an organisation; false when it has none. */
static bool
hierarchy_parent(const AccessScope *scope, const pg_uuid_t *account, pg_uuid_t *parent,
				 StringInfo names)
{
	Datum		args[1];
	bool		found = false;

	args[0] = UUIDPGetDatum(account);
	if (access_read(scope, &parent_statement, args, NULL, 1) > 0)
	{
		if (names)
			appendStringInfo(names, "%s (%s) -> ", access_text(0, 2, CurrentMemoryContext),
							 DatumGetCString(DirectFunctionCall1(uuid_out, args[0])));
		found = access_uuid(0, 1, parent);	/* may be the same variable */
	}
	SPI_freetuptable(SPI_tuptable);
	return found;
}

/* Raise the error that names the cycle through an organisation. */
static void
hierarchy_report(const AccessScope *scope, Relation rel, const pg_uuid_t *account)
{
	StringInfoData names;
	pg_uuid_t	at = *account;
	int			named = 0;

	initStringInfo(&names);
	do
	{
		if (!hierarchy_parent(scope, &at, &at, &names))
			break;
		if (++named == HIERARCHY_NAMED)
		{
			appendStringInfoString(&names, "... -> ");
			break;
		}
	} while (memcmp(&at, account, UUID_LEN) != 0);
	ereport(ERROR,
			(errcode(ERRCODE_LSCE_HIERARCHY_CYCLE),
			 errmsg("organisation %s would be above itself",
					DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(account)))),
			 errdetail("The parents are %s%s.", names.data,
					   DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(account)))),
			 errhint("Take one of them out of its parent first."),
			 errtable(rel)));
}

/*
 * Go up from an organisation.  Raises the error when that leads back to it, or
 * into a cycle that is there already (Brent's method: "mark" is left behind at
 * every power of two).
 */
static void
hierarchy_check(const AccessScope *scope, Relation rel, const pg_uuid_t *account)
{
	pg_uuid_t	at = *account;
	pg_uuid_t	mark = *account;
	uint64		next_mark = 1;

	for (uint64 steps = 1; hierarchy_parent(scope, &at, &at, NULL); steps++)
	{
		CHECK_FOR_INTERRUPTS();
		if (memcmp(&at, account, UUID_LEN) == 0 || memcmp(&at, &mark, UUID_LEN) == 0)
			hierarchy_report(scope, rel, &at);
		if (steps == next_mark)
		{
			mark = at;
			next_mark *= 2;
		}
	}
}

/*
 * lsce.hco_hierarchy(): AFTER INSERT OR UPDATE trigger of hco, for each row.
 * Error HIERARCHY_CYCLE.
 */
Datum
lsce_hco_hierarchy(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	HeapTuple	tuple;
	LsceModel	model;
	AccessScope scope;
	Datum		account;
	bool		account_null;
	bool		parent_null;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("hco_hierarchy() must be called after insert or update, for each row")));

	tuple = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	account = SPI_getbinval(tuple, RelationGetDescr(trigger->tg_relation),
							access_column(RelationGetDescr(trigger->tg_relation), "account_id", UUIDOID), &account_null);
	(void) SPI_getbinval(tuple, RelationGetDescr(trigger->tg_relation),
						 access_column(RelationGetDescr(trigger->tg_relation), "parent_id", UUIDOID), &parent_null);
	if (account_null || parent_null)
		return PointerGetDatum(NULL);

	access_model_of_relation(RelationGetRelid(trigger->tg_relation), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	LockDatabaseObject(RelationRelationId, RelationGetRelid(trigger->tg_relation), 0, ExclusiveLock);
	access_refresh_latest(&scope);
	hierarchy_check(&scope, trigger->tg_relation, DatumGetUUIDP(account));
	access_end(&scope);
	return PointerGetDatum(NULL);
}
