/*-------------------------------------------------------------------------
 *
 * reversal.c
 *	  Corrections of hand-overs: goods, limits and requests get back what a
 *	  hand-over had taken, never more.
 *
 * Locks are taken in the order of handover_lock.c, after the hand-overs
 * themselves by id.
 *
 * src/sample/reversal.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/uuid.h"

#include "access/access.h"
#include "errors.h"
#include "security/acting_user.h"

PG_FUNCTION_INFO_V1(lsce_reversal_derive);
PG_FUNCTION_INFO_V1(lsce_reversal_apply);

/* Where the units came from, and a quarantine for what is returned. */
static const AccessStatement origin = {
	"SELECT d.location_id, (SELECT l.location_id FROM @m.inventory_location l WHERE l.kind = 'quarantine'"
	"  AND (l.company_id = d.company_id OR l.company_id IS NULL) ORDER BY l.company_id IS NULL LIMIT 1),"
	" (SELECT l.kind FROM @m.inventory_location l WHERE l.location_id = $2)"
	" FROM @m.disbursement d WHERE d.disbursement_id = $1",
	2, {UUIDOID, UUIDOID}
};

static const AccessStatement make_quarantine = {
	"INSERT INTO @m.inventory_location (kind, name) VALUES ('quarantine', 'quarantine') ON CONFLICT DO NOTHING",
	0, {0}
};

static const AccessStatement lock_facts = {
	"SELECT 1 FROM @m.disbursement d WHERE d.disbursement_id IN (SELECT n.disbursement_id FROM new_rows n)"
	" ORDER BY d.disbursement_id FOR NO KEY UPDATE",
	0, {0}
};

static const AccessStatement exceeding = {
	"SELECT d.disbursement_id::text, d.quantity::text,"
	" (sum(r.quantity) - coalesce(n.quantity, 0))::text, n.quantity::text"
	" FROM (SELECT disbursement_id, sum(quantity) AS quantity FROM new_rows GROUP BY 1) n"
	" JOIN @m.disbursement d USING (disbursement_id)"
	" JOIN @m.disbursement_reversal r USING (disbursement_id)"
	" GROUP BY d.disbursement_id, d.quantity, n.quantity HAVING sum(r.quantity) > d.quantity"
	" ORDER BY 1",
	0, {0}
};

/* Hand-overs whose charges may change: those reversed and others of their visits. */
#define TOUCHED_FACTS \
	"(SELECT n.disbursement_id FROM new_rows n UNION" \
	" SELECT other.disbursement_id FROM new_rows n JOIN @m.disbursement d USING (disbursement_id)" \
	"  JOIN @m.disbursement other ON other.visit_id = d.visit_id)"

static const AccessStatement lock_counters = {
	"SELECT 1 FROM @m.limit_counter c WHERE (c.rule_id, c.subject_key, c.pool_key, c.window_from) IN"
	" (SELECT u.rule_id, u.subject_key, u.pool_key, u.window_from FROM @m.limit_use u"
	"  WHERE u.disbursement_id IN " TOUCHED_FACTS ")"
	" ORDER BY c.rule_id, c.subject_key COLLATE \"C\", c.pool_key COLLATE \"C\", c.window_from FOR UPDATE",
	0, {0}
};

static const AccessStatement lock_lines = {
	"SELECT 1 FROM @m.sample_request_line l WHERE (l.request_id, l.product_id) IN"
	" (SELECT d.request_id, d.product_id FROM new_rows n JOIN @m.disbursement d USING (disbursement_id))"
	" ORDER BY l.request_id, l.product_id FOR UPDATE",
	0, {0}
};

/*
 * Units, value and substance come back in proportion.  A visit comes back
 * when nothing that was given in it is left.  A merge of accounts moves the
 * charges of a hand-over to another counter by rows that cancel those of the
 * first: the sum tells where they stand.
 */
static const AccessStatement give_back = {
	"WITH share AS ("
	" SELECT u.rule_id, u.subject_key, u.pool_key, u.window_from, u.disbursement_id, n.reversal_id, u.local_day,"
	"  trim_scale(-sum(u.quantity) * n.quantity / d.quantity) AS quantity"
	" FROM new_rows n JOIN @m.disbursement d USING (disbursement_id)"
	" JOIN @m.limit_use u ON u.disbursement_id = d.disbursement_id AND u.reversal_id IS NULL"
	" JOIN @m.limit_rule r ON r.rule_id = u.rule_id WHERE r.counting <> 'visits'"
	" GROUP BY 1, 2, 3, 4, 5, 6, 7, n.quantity, d.quantity HAVING sum(u.quantity) > 0"
	" UNION ALL"
	" SELECT u.rule_id, u.subject_key, u.pool_key, u.window_from, u.disbursement_id, t.reversal_id, u.local_day,"
	"  -sum(u.quantity)"
	" FROM (SELECT facts.disbursement_id, max(n.reversal_id::text)::uuid AS reversal_id"
	"   FROM new_rows n JOIN @m.disbursement d USING (disbursement_id)"
	"   JOIN @m.disbursement facts ON facts.disbursement_id = d.disbursement_id OR facts.visit_id = d.visit_id"
	"   WHERE NOT EXISTS (SELECT FROM @m.disbursement left_over"
	"    WHERE (left_over.disbursement_id = d.disbursement_id OR left_over.visit_id = d.visit_id)"
	"    AND left_over.quantity > (SELECT coalesce(sum(b.quantity), 0) FROM @m.disbursement_reversal b"
	"     WHERE b.disbursement_id = left_over.disbursement_id))"
	"   GROUP BY facts.disbursement_id) t"
	" JOIN @m.limit_use u ON u.disbursement_id = t.disbursement_id"
	" JOIN @m.limit_rule r ON r.rule_id = u.rule_id WHERE r.counting = 'visits'"
	" GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(u.quantity) > 0),"
	" noted AS (INSERT INTO @m.limit_use"
	"  (rule_id, subject_key, pool_key, window_from, disbursement_id, reversal_id, local_day, quantity)"
	"  SELECT * FROM share)"
	" UPDATE @m.limit_counter c SET used = c.used + s.quantity,"
	"  excess = least(c.excess, greatest(c.used + s.quantity - c.quota, 0))"
	" FROM (SELECT rule_id, subject_key, pool_key, window_from, sum(quantity) AS quantity FROM share GROUP BY 1, 2, 3, 4) s"
	" WHERE c.rule_id = s.rule_id AND c.subject_key = s.subject_key AND c.pool_key = s.pool_key"
	" AND c.window_from = s.window_from",
	0, {0}
};

static const AccessStatement unfulfil = {
	"UPDATE @m.sample_request_line l SET fulfilled = l.fulfilled - s.quantity,"
	"  excess = least(l.excess, greatest(l.fulfilled - s.quantity - l.requested, 0))"
	" FROM (SELECT d.request_id, d.product_id, sum(n.quantity) AS quantity"
	"  FROM new_rows n JOIN @m.disbursement d USING (disbursement_id) GROUP BY 1, 2) s"
	" WHERE l.request_id = s.request_id AND l.product_id = s.product_id",
	0, {0}
};

static const AccessStatement move_back = {
	"WITH back AS MATERIALIZED (SELECT lsce.uuid_v7() AS operation_id, n.reversal_id, n.disbursement_id, n.quantity,"
	"  n.to_location_id, n.reason, n.user_id, n.reversed_at, d.batch_id, o.to_location_id AS from_location_id"
	"  FROM new_rows n JOIN @m.disbursement d USING (disbursement_id)"
	"  JOIN @m.inventory_operation o ON o.disbursement_id = d.disbursement_id AND o.type = 'disbursement'),"
	" operation AS (INSERT INTO @m.inventory_operation"
	"  (operation_id, type, from_location_id, to_location_id, disbursement_id, reversal_id, reason, user_id, at)"
	"  SELECT operation_id, 'reversal', from_location_id, to_location_id, disbursement_id, reversal_id, reason, user_id, reversed_at"
	"  FROM back)"
	" INSERT INTO @m.inventory_entry (operation_id, location_id, batch_id, quantity)"
	" SELECT back.operation_id, leg.location_id, back.batch_id, leg.quantity FROM back"
	" CROSS JOIN LATERAL (VALUES (back.from_location_id, -back.quantity), (back.to_location_id, back.quantity))"
	"  AS leg(location_id, quantity)",
	0, {0}
};

/* Raise when more is reversed than was given. */
static void
refuse_excess(AccessScope *scope, Relation rel)
{
	LsceErrorReport report = {0};
	uint64		n;

	/* what others committed while we waited counts at every isolation level */
	PushActiveSnapshot(GetLatestSnapshot());
	n = access_read(scope, &exceeding, NULL, NULL, 1);
	PopActiveSnapshot();
	if (n == 0)
		return;
	report.reason = LSCE_REASON_REVERSAL_EXCEEDS;
	report.message = psprintf("hand-over %s: %s given, %s already reversed; %s more requested",
							  access_text(0, 1, CurrentMemoryContext), access_text(0, 2, CurrentMemoryContext),
							  access_text(0, 3, CurrentMemoryContext), access_text(0, 4, CurrentMemoryContext));
	report.schema_name = get_namespace_name(RelationGetNamespace(rel));
	report.table_name = RelationGetRelationName(rel);
	lsce_ereport_reason(&report);
}

/* Raise for a place where units of this kind of reversal may not go. */
static void
refuse_place(const char *kind, const char *place, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("units of a reversal of kind %s go to %s, not to %s", kind, wanted, place),
			 errhint("Leave to_location_id out to let it follow from the kind.")));
}

/*
 * Where the units go: back to the bag, to quarantine or, for what never
 * arrived, where the caller says.  That is no bag, not even the one they came
 * from: who handed them over does not have them.
 */
static void
place_of_reversal(AccessScope *scope, const char *kind, pg_uuid_t *fact, pg_uuid_t *place, bool *place_given)
{
	Datum		args[2] = {UUIDPGetDatum(fact), UUIDPGetDatum(place)};
	char		nulls[2] = {' ', *place_given ? ' ' : 'n'};
	pg_uuid_t	bag;
	pg_uuid_t	quarantine;
	char	   *place_kind;
	bool		to_bag = strcmp(kind, "entry_error") == 0 || strcmp(kind, "refused") == 0;

	if (access_read(scope, &origin, args, nulls, 1) == 0)
		return;					/* the foreign key says so */
	if (strcmp(kind, "returned") == 0 && !*place_given && access_null(0, 2))
	{
		access_write(scope, &make_quarantine, NULL, NULL);
		access_refresh(scope);
		access_read(scope, &origin, args, nulls, 1);
	}
	access_uuid(0, 1, &bag);
	access_uuid(0, 2, &quarantine);
	place_kind = access_text(0, 3, CurrentMemoryContext);
	if (to_bag && *place_given && memcmp(place, &bag, sizeof(bag)) != 0)
		refuse_place(kind, place_kind ? place_kind : "an unknown place", "the bag they came from");
	if (strcmp(kind, "returned") == 0 && *place_given &&
		(place_kind == NULL || strcmp(place_kind, "quarantine") != 0))
		refuse_place(kind, place_kind ? place_kind : "an unknown place", "quarantine");
	if (strcmp(kind, "not_received") == 0 && *place_given &&
		(place_kind == NULL || strcmp(place_kind, "rep") == 0 || strcmp(place_kind, "disbursed") == 0 ||
		 strcmp(place_kind, "vendor") == 0))
		refuse_place(kind, place_kind && strcmp(place_kind, "rep") == 0 ? "a bag" : place_kind ? place_kind : "an unknown place",
					 "a place that holds or writes off goods and is no bag");
	if (strcmp(kind, "not_received") == 0 && !*place_given)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("a reversal of kind not_received needs the place where the units are"),
				 errhint("Name it in to_location_id.")));
	if (!*place_given)
	{
		/* what is no kind at all is left to the constraint that says so */
		*place = strcmp(kind, "returned") == 0 ? quarantine : bag;
		*place_given = true;
	}
}

/* BEFORE INSERT FOR EACH ROW on disbursement_reversal: who and where to. */
Datum
lsce_reversal_derive(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	HeapTuple	tuple;
	TupleDesc	desc;
	int			columns[2];
	Datum		values[2];
	bool		nulls[2];
	bool		isnull;
	char	   *kind;
	pg_uuid_t	fact;
	pg_uuid_t	place = {{0}};
	bool		place_given;
	ActingUser	user;
	LsceModel	model;
	AccessScope scope;
	Datum		value;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) || !TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.reversal_derive() must be fired before insert for each row")));
	tuple = trigdata->tg_trigtuple;
	desc = RelationGetDescr(trigdata->tg_relation);
	columns[0] = access_column(desc, "to_location_id", UUIDOID);
	columns[1] = access_column(desc, "user_id", UUIDOID);

	value = heap_getattr(tuple, access_column(desc, "disbursement_id", UUIDOID), desc, &isnull);
	if (isnull)
		return PointerGetDatum(tuple);	/* the constraint says so */
	memcpy(&fact, DatumGetUUIDP(value), sizeof(fact));
	value = heap_getattr(tuple, access_column(desc, "kind", TEXTOID), desc, &isnull);
	kind = isnull ? pstrdup("") : TextDatumGetCString(value);
	values[0] = heap_getattr(tuple, columns[0], desc, &nulls[0]);
	values[1] = heap_getattr(tuple, columns[1], desc, &nulls[1]);
	place_given = !nulls[0];
	if (place_given)
		memcpy(&place, DatumGetUUIDP(values[0]), sizeof(place));

	access_model_of_relation(RelationGetRelid(trigdata->tg_relation), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	place_of_reversal(&scope, kind, &fact, &place, &place_given);
	if (nulls[1] && security_acting_user(&scope, &user))
	{
		values[1] = UUIDPGetDatum(&user.user_id);
		nulls[1] = false;
	}
	access_end(&scope);
	if (place_given)
	{
		values[0] = UUIDPGetDatum(&place);
		nulls[0] = false;
	}
	return PointerGetDatum(heap_modify_tuple_by_cols(tuple, desc, 2, columns, values, nulls));
}

/*
 * AFTER INSERT FOR EACH STATEMENT on disbursement_reversal, with the new rows
 * as new_rows: give back what the hand-overs took.
 */
Datum
lsce_reversal_apply(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	LsceModel	model;
	AccessScope scope;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) || trigdata->tg_newtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.reversal_apply() must be fired after insert for each statement with a new table")));
	access_model_of_relation(RelationGetRelid(trigdata->tg_relation), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not register the new rows");
	access_write(&scope, &lock_facts, NULL, NULL);
	refuse_excess(&scope, trigdata->tg_relation);
	access_write(&scope, &lock_counters, NULL, NULL);
	/* a merge that held them may have moved the charges to other counters */
	access_refresh(&scope);
	access_write(&scope, &lock_counters, NULL, NULL);
	access_write(&scope, &lock_lines, NULL, NULL);
	access_refresh(&scope);
	access_write(&scope, &give_back, NULL, NULL);
	access_write(&scope, &unfulfil, NULL, NULL);
	access_write(&scope, &move_back, NULL, NULL);
	access_end(&scope);
	return PointerGetDatum(NULL);
}
