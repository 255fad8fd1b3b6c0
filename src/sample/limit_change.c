/*-------------------------------------------------------------------------
 *
 * limit_change.c
 *	  What a change of a limit rule means for what is already counted.
 *
 * A counter keeps a copy of its rule's quota, so that its CHECK holds in every
 * row.  When the quota changes, the counters of windows that are not over yet
 * get the new one under their lock; what is then above it becomes excess, with
 * a discrepancy.  Windows that are over keep the quota they were counted
 * under, for a lowered quota never invalidates the past, unless it is raised:
 * what comes late is judged by today's rule.
 *
 * What is counted cannot change once something was: retire the template and
 * write another.
 *
 * src/sample/limit_change.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "access/access.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(lsce_limit_rule_changed);

/* Periods whose use is a sum over days: their counter has no quota. */
#define BY_SUM "('sliding', 'rolling_start', 'since_launch', 'since_first_request')"

static const AccessStatement redefined = {
	"SELECT n.rule_id::text, n.name FROM new_rows n JOIN old_rows o USING (rule_id)"
	" WHERE (n.template_id, n.subject, n.counting, n.pool, n.period, n.starts, n.every, n.offset_by, n.year_starts_month)"
	"  IS DISTINCT FROM"
	"  (o.template_id, o.subject, o.counting, o.pool, o.period, o.starts, o.every, o.offset_by, o.year_starts_month)"
	" AND EXISTS (SELECT FROM @m.limit_use u WHERE u.rule_id = n.rule_id)"
	" ORDER BY n.name COLLATE \"C\"",
	0, {0}
};

#define CHANGED \
	" FROM new_rows n JOIN old_rows o USING (rule_id)" \
	" JOIN @m.limit_counter c USING (rule_id)" \
	" WHERE n.quota IS DISTINCT FROM o.quota AND n.period NOT IN " BY_SUM \
	" AND (c.window_to >= current_date OR n.quota IS NULL OR n.quota > c.quota)"

static const AccessStatement lock_counters = {
	"SELECT 1" CHANGED
	" ORDER BY c.rule_id, c.subject_key COLLATE \"C\", c.pool_key COLLATE \"C\", c.window_from FOR UPDATE OF c",
	0, {0}
};

static const AccessStatement requote = {
	"WITH change AS MATERIALIZED (SELECT c.rule_id, c.subject_key, c.pool_key, c.window_from, n.quota,"
	"  coalesce(greatest(c.used - n.quota, 0), 0) AS excess, c.excess AS excess_before" CHANGED "),"
	" noted AS (INSERT INTO @m.discrepancy (rule_id, subject_key, pool_key, window_from, severity, reason_code, over_by)"
	"  SELECT ch.rule_id, ch.subject_key, ch.pool_key, ch.window_from,"
	"   CASE t.enforcement WHEN 'warning' THEN 'warning' ELSE 'error' END, 'QTY_LIMIT_EXCEEDED', ch.excess - ch.excess_before"
	"  FROM change ch JOIN @m.limit_rule r USING (rule_id) JOIN @m.limit_template t USING (template_id)"
	"  WHERE ch.excess > ch.excess_before)"
	" UPDATE @m.limit_counter c SET quota = ch.quota, excess = ch.excess FROM change ch"
	" WHERE c.rule_id = ch.rule_id AND c.subject_key = ch.subject_key AND c.pool_key = ch.pool_key"
	" AND c.window_from = ch.window_from",
	0, {0}
};

/* AFTER UPDATE FOR EACH STATEMENT on limit_rule, with old_rows and new_rows. */
Datum
lsce_limit_rule_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	LsceModel	model;
	AccessScope scope;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ||
		trigdata->tg_newtable == NULL || trigdata->tg_oldtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.limit_rule_changed() must be fired after update for each statement with old and new tables")));
	access_model_of_relation(RelationGetRelid(trigdata->tg_relation), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not register the changed rows");
	if (access_read(&scope, &redefined, NULL, NULL, 1) > 0)
	{
		LsceErrorReport report = {0};

		report.reason = LSCE_REASON_RECORD_IMMUTABLE;
		report.message = psprintf("limit rule \"%s\" (%s) has been counted by and cannot count something else",
								  access_text(0, 2, CurrentMemoryContext), access_text(0, 1, CurrentMemoryContext));
		report.hint = "Retire its template and write a new one.";
		report.schema_name = get_namespace_name(RelationGetNamespace(trigdata->tg_relation));
		report.table_name = RelationGetRelationName(trigdata->tg_relation);
		lsce_ereport_reason(&report);
	}
	if (access_write(&scope, &lock_counters, NULL, NULL) > 0)
	{
		access_refresh(&scope);
		access_write(&scope, &requote, NULL, NULL);
	}
	access_end(&scope);
	return PointerGetDatum(NULL);
}
