/*-------------------------------------------------------------------------
 *
 * access.c
 *	  Models, scopes, and running statements through SPI.
 *
 * src/access/access.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "access/access.h"
#include "access/memo.h"
#include "access/plan.h"
#include "access/probe.h"
#include "access/write.h"
#include "compat.h"
#include "errors.h"

/* In which subtransaction each open scope was opened, the outermost first. */
static SubTransactionId *open_scopes_in = NULL;
static int	open_scopes = 0;
static int	open_scopes_size = 0;

/* An aborted transaction leaves no scope open. */
static void
access_xact_ended(XactEvent event, void *arg)
{
	open_scopes = 0;
}

/* A subtransaction that aborts takes the scopes opened in it along. */
static void
access_subxact_ended(SubXactEvent event, SubTransactionId mySubid,
					 SubTransactionId parentSubid, void *arg)
{
	while (event == SUBXACT_EVENT_ABORT_SUB && open_scopes > 0 &&
		   open_scopes_in[open_scopes - 1] >= mySubid)
		open_scopes--;
}

/* Note that a scope is open, until access_end() or the subtransaction aborts. */
static void
access_count_scope(void)
{
	if (open_scopes == open_scopes_size)
	{
		int			size = Max(8, open_scopes_size * 2);

		open_scopes_in = open_scopes_in ?
			repalloc(open_scopes_in, size * sizeof(SubTransactionId)) :
			MemoryContextAlloc(TopMemoryContext, size * sizeof(SubTransactionId));
		open_scopes_size = size;
	}
	open_scopes_in[open_scopes++] = GetCurrentSubTransactionId();
}

/* Called once by _PG_init. */
void
access_init(void)
{
	access_plan_init();
	RegisterXactCallback(access_xact_ended, NULL);
	RegisterSubXactCallback(access_subxact_ended, NULL);
	memo_init();
	probe_init();
	write_init();
}

/* Owner of a relation; InvalidOid when it does not exist. */
static Oid
relation_owner(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			owner = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
	}
	return owner;
}

/*
 * Look up the model in namespace "nspid".  Errors: LS object state when it is
 * no model.  The name is allocated in the current context.
 *
 * Scopes run as the owner of the namespace, so whoever may create something in
 * it must not be able to pass it off as a model: temporary namespaces belong
 * to the bootstrap superuser and are open to everybody.
 */
void
access_model(Oid nspid, LsceModel *model)
{
	HeapTuple	tuple;
	Form_pg_namespace nsp;
	Oid			relid;

	tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(nspid));
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("schema with OID %u does not exist", nspid)));
	nsp = (Form_pg_namespace) GETSTRUCT(tuple);
	model->nspid = nspid;
	model->owner = nsp->nspowner;
	model->name = pstrdup(quote_identifier(NameStr(nsp->nspname)));
	model->in_trigger = false;
	ReleaseSysCache(tuple);

	relid = get_relname_relid("model_version", nspid);
	if (!OidIsValid(relid) || isAnyTempNamespace(nspid) ||
		get_rel_relkind(relid) != RELKIND_RELATION || relation_owner(relid) != model->owner)
		ereport(ERROR,
				(errcode(ERRCODE_LSCE_MODEL_NAME),
				 errmsg("schema %s is not an lsce model", model->name),
				 errhint("Create one with CALL lsce.create_model('name').")));
}

/* Refuse a relation of the model that somebody else owns. */
void
access_require_owner(const LsceModel *model, Oid relid)
{
	if (relation_owner(relid) != model->owner)
		ereport(ERROR,
				(errcode(ERRCODE_LSCE_OWNER_REQUIRED),
				 errmsg("table \"%s\" is not owned by the owner of model %s",
						get_rel_name(relid), model->name),
				 errhint("Give the table to \"%s\".", GetUserNameFromId(model->owner, false))));
}

/*
 * The model that a relation belongs to, for triggers.  A relation owned by
 * somebody else than its model is refused: its owner could make the layer
 * write as the model's owner.
 */
void
access_model_of_relation(Oid relid, LsceModel *model)
{
	access_model(get_rel_namespace(relid), model);
	access_require_owner(model, relid);
	model->in_trigger = true;
}

/* Whether the caller has the rights of the model's owner. */
bool
access_is_owner(const LsceModel *model)
{
	return lsce_may_act_as(GetUserId(), model->owner);
}

/*
 * Refuse a caller who may not use the model's schema: the functions of schema
 * lsce can be called with any namespace.
 */
void
access_check_caller(const LsceModel *model)
{
	AclResult	result;

	result = pg_namespace_aclcheck(model->nspid, GetUserId(), ACL_USAGE);
	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_SCHEMA, get_namespace_name(model->nspid));
}

/*
 * Refuse a caller who may not execute the function of this name in the model.
 * Functions of schema lsce that do more than the caller's own rights allow are
 * the bodies of functions of the model, and only those are granted.
 */
void
access_check_execute(const LsceModel *model, const char *function)
{
	CatCList   *candidates = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(function));
	bool		may = false;

	for (int i = 0; i < candidates->n_members && !may; i++)
	{
		Form_pg_proc proc = (Form_pg_proc) GETSTRUCT(&candidates->members[i]->tuple);

		may = proc->pronamespace == model->nspid &&
			pg_proc_aclcheck(proc->oid, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK;
	}
	ReleaseCatCacheList(candidates);
	if (!may)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for function %s.%s", model->name, function)));
}

/*
 * Switch to the user that the scope runs as; see the head of access.h.  When it
 * is left by an error, the transaction machinery restores user and settings.
 */
static void
access_switch_user(AccessScope *scope)
{
	const LsceModel *model = scope->model;
	Oid			userid;
	int			sec_context;

	GetUserIdAndSecContext(&userid, &sec_context);
	scope->save_userid = userid;
	scope->save_sec_context = sec_context;
	scope->guc_level = 0;
	if (scope->mode != ACCESS_READ_AS_CALLER || access_is_owner(model))
	{
		userid = model->owner;
		sec_context |= SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS;
	}
	if (scope->mode != ACCESS_WRITE || !model->in_trigger)
	{
		sec_context |= SECURITY_RESTRICTED_OPERATION;
		scope->guc_level = NewGUCNestLevel();
	}
	SetUserIdAndSecContext(userid, sec_context);
}

/* Open a scope on a model; see the head of access.h. */
void
access_begin(AccessScope *scope, const LsceModel *model, AccessMode mode)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (open_scopes == 0)
		access_plan_drop_stale();

	scope->model = model;
	scope->mode = mode;
	scope->pushed_snapshot = false;
	scope->shared = NULL;
	scope->probes = NULL;
	access_switch_user(scope);
	scope->path_level = lsce_pin_search_path();
	access_count_scope();
	if (mode == ACCESS_WRITE)
	{
		CommandCounterIncrement();
		PushActiveSnapshot(GetTransactionSnapshot());
		scope->pushed_snapshot = true;
	}
}

/*
 * Let the reads of a scope be answered from memory when the same was asked
 * under the same snapshot.  A result then holds until the scope's next
 * statement only.  Not for statements on transition tables, whose rows depend
 * on more than the snapshot.
 */
void
access_share(AccessScope *scope)
{
	Assert(scope->mode != ACCESS_READ_AS_CALLER);
	scope->shared = palloc(sizeof(SPITupleTable *));
	*scope->shared = NULL;
	access_probe(scope);
}

/*
 * Let the reads of a scope be answered by probes where statements can be.  Such
 * a result, too, holds until the scope's next statement only.
 */
void
access_probe(AccessScope *scope)
{
	probe_begin(scope);
}

/*
 * Let a write scope see what was committed meanwhile (at READ COMMITTED) and
 * what it wrote itself.  Call it after taking locks, before reading again.
 */
void
access_refresh(AccessScope *scope)
{
	Assert(scope->mode == ACCESS_WRITE);
	probe_close_all(scope);
	CommandCounterIncrement();
	PopActiveSnapshot();
	PushActiveSnapshot(GetTransactionSnapshot());
}

/*
 * As access_refresh(), but seeing all that is committed even where the
 * transaction keeps one snapshot.  For checks that must hold whatever the
 * isolation level, as those of foreign keys do; take the lock that keeps the
 * answer true first.
 */
void
access_refresh_latest(AccessScope *scope)
{
	Assert(scope->mode == ACCESS_WRITE);
	probe_close_all(scope);
	CommandCounterIncrement();
	PopActiveSnapshot();
	PushActiveSnapshot(GetLatestSnapshot());
}

/* Close a scope; what was copied out of SPI stays. */
void
access_end(AccessScope *scope)
{
	probe_end(scope);
	if (scope->pushed_snapshot)
		PopActiveSnapshot();
	lsce_unpin_search_path(scope->path_level);
	if (scope->guc_level > 0)
		AtEOXact_GUC(false, scope->guc_level);
	SetUserIdAndSecContext(scope->save_userid, scope->save_sec_context);
	if (open_scopes > 0)
		open_scopes--;
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

/* Free the last result of a sharing scope, which nobody looks at any more. */
static void
access_drop_result(const AccessScope *scope)
{
	if (*scope->shared)
		SPI_freetuptable(*scope->shared);
	*scope->shared = NULL;
}

/*
 * Answer a statement by probes; false when that is not possible.  The statement
 * is prepared all the same: it says what the result looks like.
 */
static bool
access_answer(const AccessScope *scope, const AccessStatement *stmt,
			  Datum *args, const char *nulls, long limit)
{
	if (!answer_run(scope, stmt, access_plan_result(scope, stmt), args, nulls, limit))
		return false;
#ifdef USE_ASSERT_CHECKING
	{
		SPITupleTable *ours = SPI_tuptable;
		uint64		our_count = SPI_processed;
		MemoryContext caller = MemoryContextSwitchTo(GetMemoryChunkContext(ours));

		/* the statement's own goes when it is analysed again */
		ours->tupdesc = CreateTupleDescCopy(ours->tupdesc);
		SPI_execute_plan(access_plan(scope, stmt, scope->mode != ACCESS_READ_AS_CALLER), args, nulls, true, limit);
		MemoryContextSwitchTo(caller);
		answer_compare(stmt, ours, our_count, SPI_tuptable, SPI_processed);
		SPI_freetuptable(SPI_tuptable);
		SPI_tuptable = ours;
		SPI_processed = our_count;
	}
#endif
	return true;
}

/*
 * Run a query that writes nothing, on the scope's snapshot.  Returns the number
 * of rows; "limit" 0 is all of them.  SPI leaves its own memory context behind,
 * which ends with the scope: the caller gets his back.
 */
uint64
access_read(const AccessScope *scope, const AccessStatement *stmt,
			Datum *args, const char *nulls, long limit)
{
	MemoryContext caller = CurrentMemoryContext;
	int			rc;

	if (scope->shared)
	{
		access_drop_result(scope);
		if (memo_ask(scope, stmt, args, nulls, limit))
			return SPI_processed;
	}
	if (scope->probes && stmt->direct && access_answer(scope, stmt, args, nulls, limit))
	{
		if (scope->shared)
			memo_keep(SPI_tuptable, SPI_processed);
		return SPI_processed;
	}
	rc = SPI_execute_plan(access_plan(scope, stmt, scope->mode != ACCESS_READ_AS_CALLER), args, nulls, true, limit);
	MemoryContextSwitchTo(caller);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "unexpected result of \"%s\": %s", stmt->sql, SPI_result_code_string(rc));
	if (scope->shared)
	{
		*scope->shared = SPI_tuptable;
		memo_keep(SPI_tuptable, SPI_processed);
	}
	return SPI_processed;
}

/* Begin a query like that of access_read(); its rows come from access_fetch(). */
Portal
access_open(const AccessScope *scope, const AccessStatement *stmt,
			Datum *args, const char *nulls)
{
	return SPI_cursor_open(NULL, access_plan(scope, stmt, false), args, nulls, true);
}

/*
 * The next rows, at most "limit".  Returns how many; free them with
 * SPI_freetuptable(SPI_tuptable), those of the last, empty batch too.
 */
uint64
access_fetch(Portal portal, long limit)
{
	SPI_cursor_fetch(portal, true, limit);
	return SPI_processed;
}

/* End the query. */
void
access_close(Portal portal)
{
	SPI_cursor_close(portal);
}

/*
 * Run a statement that writes or locks rows, on a snapshot of its own.  Returns
 * the number of rows written or, with RETURNING or FOR UPDATE, fetched.
 */
uint64
access_write(const AccessScope *scope, const AccessStatement *stmt,
			 Datum *args, const char *nulls)
{
	MemoryContext caller = CurrentMemoryContext;
	int			rc;

	Assert(scope->mode == ACCESS_WRITE);
	if (scope->shared)
		access_drop_result(scope);
	probe_close_all(scope);
	rc = SPI_execute_plan(access_plan(scope, stmt, true), args, nulls, false, 0);
	MemoryContextSwitchTo(caller);
	if (rc < 0)
		elog(ERROR, "unexpected result of \"%s\": %s", stmt->sql, SPI_result_code_string(rc));
	if (scope->shared)
		*scope->shared = SPI_tuptable;
	return SPI_processed;
}
