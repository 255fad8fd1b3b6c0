/*-------------------------------------------------------------------------
 *
 * plan.c
 *	  Plans of statements, one for each model and session.
 *
 * src/access/plan.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "utils/syscache.h"

#include "access/plan.h"

typedef struct PlanKey
{
	Oid			nspid;
	uint32		generation;
	const AccessStatement *stmt;
} PlanKey;

typedef struct PlanEntry
{
	PlanKey		key;
	SPIPlanPtr	plan;
	uint32		uses;			/* of a plan by access_plan_now() */
} PlanEntry;

static HTAB *plans = NULL;
static uint32 plan_generation = 0;
static bool stale_plans = false;

/*
 * Any change to a namespace may mean that a model was renamed or dropped: plans
 * made so far are not used again, and freed when no scope is open.
 */
static void
access_namespace_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	plan_generation++;
	stale_plans = true;
}

/* Called once by access_init(). */
void
access_plan_init(void)
{
	CacheRegisterSyscacheCallback(NAMESPACEOID, access_namespace_changed, (Datum) 0);
}

/* Free the plans of older generations; no scope may be open. */
void
access_plan_drop_stale(void)
{
	HASH_SEQ_STATUS seq;
	PlanEntry  *entry;

	if (!stale_plans)
		return;
	stale_plans = false;
	if (plans == NULL)
		return;
	hash_seq_init(&seq, plans);
	while ((entry = hash_seq_search(&seq)) != NULL)
	{
		if (entry->key.generation != plan_generation)
		{
			SPI_freeplan(entry->plan);
			hash_search(plans, &entry->key, HASH_REMOVE, NULL);
		}
	}
}

/* The statement's text with the model's schema filled in. */
static char *
access_statement_text(const LsceModel *model, const char *sql)
{
	StringInfoData text;

	initStringInfo(&text);
	while (*sql)
	{
		if (sql[0] == '@' && sql[1] == 'm' && sql[2] == '.')
		{
			appendStringInfo(&text, "%s.", model->name);
			sql += 3;
		}
		else
			appendStringInfoChar(&text, *sql++);
	}
	return text.data;
}

/*
 * Refuse a plan over relations of the model's schema that its owner does not
 * own: somebody who may create in the schema could have put a view there that
 * runs functions of his with the owner's rights.
 */
static void
check_plan_owner(const LsceModel *model, SPIPlanPtr plan)
{
	ListCell   *source;
	ListCell   *relation;

	foreach(source, SPI_plan_get_plan_sources(plan))
	{
		foreach(relation, ((CachedPlanSource *) lfirst(source))->relationOids)
		{
			if (get_rel_namespace(lfirst_oid(relation)) == model->nspid)
				access_require_owner(model, lfirst_oid(relation));
		}
	}
}

/*
 * Whether a statement is to be planned before it is used after so many uses:
 * at first, when the uses have doubled, and at every 1024th.
 */
static bool
access_plan_is_due(uint32 uses)
{
	return (uses & (uses - 1)) == 0 || uses % 1024 == 0;
}

/*
 * Plan a statement now, for all arguments, and not as the session that happens
 * to ask first would have it.  What goes through this layer finds rows by key:
 * joins follow indexes, whatever the size of a table today.  The plan made
 * while a table was empty may still read all of it, and one statement can fill
 * it; so with "anew" a plan that is there is made again.
 */
static void
access_plan_now(SPIPlanPtr plan, bool anew)
{
	static const char *const settings[][2] = {
		{"enable_hashjoin", "off"}, {"enable_mergejoin", "off"}, {"enable_seqscan", "off"},
		{"enable_indexscan", "on"}, {"enable_material", "on"}, {"enable_nestloop", "on"}, {"enable_tidscan", "on"},
		{"enable_sort", "on"}, {"random_page_cost", "0.01"}, {"seq_page_cost", "0.01"}, {"jit", "off"},
	};
	int			level = NewGUCNestLevel();
	CachedPlan *cached;
	ListCell   *cell;

	foreach(cell, SPI_plan_get_plan_sources(plan))
	{
		CachedPlanSource *source = lfirst(cell);

		if (anew && source->gplan)
			source->gplan->is_valid = false;
	}
	for (size_t i = 0; i < lengthof(settings); i++)
		(void) set_config_option(settings[i][0], settings[i][1], PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	cached = SPI_plan_get_cached_plan(plan);
	if (cached)
		ReleaseCachedPlan(cached, CurrentResourceOwner);
	AtEOXact_GUC(true, level);
}

/*
 * Prepare a statement for a model and keep its plan in the session.  SPI leaves
 * its own memory context behind; the caller gets his back.
 */
static PlanEntry *
access_prepare(const LsceModel *model, const AccessStatement *stmt, bool probe)
{
	MemoryContext caller = CurrentMemoryContext;
	char	   *text = access_statement_text(model, stmt->sql);
	SPIPlanPtr	plan;
	PlanKey		key;
	PlanEntry  *entry;

	plan = SPI_prepare_cursor(text, stmt->nargs, (Oid *) stmt->argtypes, probe ? CURSOR_OPT_GENERIC_PLAN : 0);
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", text, SPI_result_code_string(SPI_result));
	check_plan_owner(model, plan);
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "could not keep a plan");
	pfree(text);
	MemoryContextSwitchTo(caller);

	/* preparing may have processed invalidations: file it under today's key */
	memset(&key, 0, sizeof(key));
	key.nspid = model->nspid;
	key.generation = plan_generation;
	key.stmt = stmt;
	entry = hash_search(plans, &key, HASH_ENTER, NULL);
	entry->plan = plan;
	entry->uses = 0;
	return entry;
}

/* The statement as prepared for a model, now or before. */
static PlanEntry *
access_plan_entry(const AccessScope *scope, const AccessStatement *stmt, bool probe)
{
	PlanKey		key;
	PlanEntry  *entry;

	if (plans == NULL)
	{
		HASHCTL		ctl;

		ctl.keysize = sizeof(PlanKey);
		ctl.entrysize = sizeof(PlanEntry);
		plans = hash_create("lsce plans", 128, &ctl, HASH_ELEM | HASH_BLOBS);
	}
	memset(&key, 0, sizeof(key));
	key.nspid = scope->model->nspid;
	key.generation = plan_generation;
	key.stmt = stmt;
	entry = hash_search(plans, &key, HASH_FIND, NULL);
	if (entry == NULL)
		entry = access_prepare(scope->model, stmt, probe);
	return entry;
}

/*
 * The saved plan of a statement for a model.  What is no probe by key is
 * planned by the server, under the caller's settings: statements of cursors,
 * and those that run with his rights and row security.
 */
SPIPlanPtr
access_plan(const AccessScope *scope, const AccessStatement *stmt, bool probe)
{
	PlanEntry  *entry = access_plan_entry(scope, stmt, probe);
	SPIPlanPtr	plan;
	bool		due;

	if (!probe)
		return entry->plan;
	plan = entry->plan;
	due = access_plan_is_due(entry->uses++);
	if (due || !SPI_plan_is_valid(plan))
		access_plan_now(plan, due);
	return plan;
}

/* What a statement's rows look like, of tables as they are now. */
TupleDesc
access_plan_result(const AccessScope *scope, const AccessStatement *stmt)
{
	SPIPlanPtr	plan = access_plan_entry(scope, stmt, true)->plan;
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan));

	if (!SPI_plan_is_valid(plan))
		access_plan_now(plan, false);
	return source->resultDesc;
}
