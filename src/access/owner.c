/*-------------------------------------------------------------------------
 *
 * owner.c
 *	  Statements that look after a model, run as its owner.
 *
 * Checking and upgrading a model are done by superusers, too.  Whoever owns the
 * model has put its tables, views, indexes, triggers and functions there, so
 * that nothing of it may run with the caller's rights.  SET ROLE would not do:
 * code that it runs can set the role back.
 *
 * src/access/owner.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/tuplestore.h"

#include "access/access.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_as_owner);
PG_FUNCTION_INFO_V1(lsce_rows_as_owner);
PG_FUNCTION_INFO_V1(lsce_do_as_owner);

/* The model of the first argument, for a caller who has its owner's rights. */
static void
owned_model(FunctionCallInfo fcinfo, LsceModel *model)
{
	access_model(get_namespace_oid(NameStr(*PG_GETARG_NAME(0)), false), model);
	if (!access_is_owner(model))
		ereport(ERROR,
				(errcode(ERRCODE_LSCE_OWNER_REQUIRED),
				 errmsg("this takes the owner \"%s\" of model %s, not \"%s\"",
						GetUserNameFromId(model->owner, false), model->name,
						GetUserNameFromId(GetUserId(), false))));
}

/* What to go back to after a statement of the owner. */
typedef struct OwnerCall
{
	Oid			userid;
	int			sec_context;
	int			guc_level;
} OwnerCall;

/*
 * Become the owner in a security-restricted operation.  The search path is a
 * setting here, not pinned as in a scope, because the statement may call
 * functions with a path of their own.  An error puts everything back.
 */
static void
owner_begin(const LsceModel *model, OwnerCall *call)
{
	GetUserIdAndSecContext(&call->userid, &call->sec_context);
	SetUserIdAndSecContext(model->owner,
						   call->sec_context | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION | SECURITY_NOFORCE_RLS);
	call->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

/* Back to the caller, with his settings. */
static void
owner_end(const OwnerCall *call)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
	AtEOXact_GUC(false, call->guc_level);
	SetUserIdAndSecContext(call->userid, call->sec_context);
}

/* Refuse rows of other types than the caller has named: their code would run outside. */
static void
check_columns(TupleDesc found, TupleDesc expected)
{
	bool		same = found->natts == expected->natts;

	for (int i = 0; same && i < found->natts; i++)
		same = TupleDescAttr(found, i)->atttypid == TupleDescAttr(expected, i)->atttypid;
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the statement does not return the columns that are expected of it")));
}

/* Run a statement that returns rows and hand them to the caller. */
static Datum
rows_of_owner(FunctionCallInfo fcinfo, bool read_only)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *statement = text_to_cstring(PG_GETARG_TEXT_PP(1));
	LsceModel	model;
	OwnerCall	call;
	int			rc;

	owned_model(fcinfo, &model);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	owner_begin(&model, &call);
	rc = SPI_execute(statement, read_only, 0);
	if (rc < 0 || SPI_tuptable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the statement returns no rows: %s", SPI_result_code_string(rc))));
	check_columns(SPI_tuptable->tupdesc, rsinfo->setDesc);
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(rsinfo->setResult, SPI_tuptable->vals[i]);
	owner_end(&call);
	return (Datum) 0;
}

/*
 * lsce._as_owner(schema, query): the rows of a query that writes nothing, on
 * the active snapshot, with the rights of the model's owner.
 */
Datum
lsce_as_owner(PG_FUNCTION_ARGS)
{
	return rows_of_owner(fcinfo, true);
}

/* lsce._rows_as_owner(schema, command): the same of a statement that may write. */
Datum
lsce_rows_as_owner(PG_FUNCTION_ARGS)
{
	return rows_of_owner(fcinfo, false);
}

/* lsce._do_as_owner(schema, command): run it with the rights of the model's owner. */
Datum
lsce_do_as_owner(PG_FUNCTION_ARGS)
{
	char	   *command = text_to_cstring(PG_GETARG_TEXT_PP(1));
	LsceModel	model;
	OwnerCall	call;
	int			rc;

	owned_model(fcinfo, &model);
	owner_begin(&model, &call);
	rc = SPI_execute(command, false, 0);
	if (rc < 0)
		elog(ERROR, "unexpected result of \"%s\": %s", command, SPI_result_code_string(rc));
	owner_end(&call);
	PG_RETURN_VOID();
}
