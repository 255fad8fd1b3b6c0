/*-------------------------------------------------------------------------
 *
 * limits.c
 *	  Which limit rules bear on a hand-over, with which keys and windows.
 *
 * src/sample/limits.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "rules/evaluate.h"
#include "rules/step.h"
#include "sample/direct.h"
#include "sample/limit_place.h"

/* A number in millionths, at most a million million units; NULL stays NULL. */
#define MILLIONTHS(rounded, column) \
	rounded "(CASE WHEN " column " > 1000000000000 THEN 1000000000000 ELSE " column " END * 1000000)::bigint"

static const AccessStatement rules_of_templates = {
	"SELECT r.rule_id, r.sys_from, r.template_id, r.name, r.subject, r.counting, r.pool,"
	" " MILLIONTHS("trunc", "r.per_visit") ", " MILLIONTHS("trunc", "r.quota") ","
	" r.period, r.starts, r.ends, r.every, r.offset_by, r.year_starts_month,"
	" r.window_anchor, r.window_after, r.window_for, r.window_until IS NOT NULL,"
	" 'extended_on' = ANY (r.window_restarts), 'reclassified_on' = ANY (r.window_restarts),"
	" r.outside_window, r.applies_when,"
	" " MILLIONTHS("ceil", "r.external_attested") ","
	" (SELECT " MILLIONTHS("ceil", "m.unit_value")
	"  FROM @m.product_market m WHERE m.product_market_id = $2)"
	" FROM @m.limit_rule r WHERE r.template_id = ANY ($1)"
	" ORDER BY array_position($1, r.template_id), r.name COLLATE \"C\"",
	2, {UUIDARRAYOID, UUIDOID}, direct_rules_of_templates
};

/* The first signed request of a practitioner for the product or its brand. */
static const AccessStatement first_request = {
	"SELECT min((r.requested_at AT TIME ZONE $4)::date)"
	" FROM @m.sample_request r"
	" WHERE r.practitioner_id IN (SELECT a.account_id FROM @m.account a"
	"  WHERE a.account_id = $1 OR a.survivor_id = $1)"
	" AND r.status IN ('signed', 'approved')"
	" AND EXISTS (SELECT FROM @m.sample_request_line l JOIN @m.product p USING (product_id)"
	"  WHERE l.request_id = r.request_id AND (l.product_id = $2 OR p.brand_id = $3))",
	4, {UUIDOID, UUIDOID, UUIDOID, TEXTOID}
};

/* The places of the columns of rules_of_templates. */
enum
{
	COL_RULE = 1, COL_VERSION, COL_TEMPLATE, COL_NAME, COL_SUBJECT, COL_COUNTING, COL_POOL,
	COL_PER_VISIT, COL_QUOTA, COL_PERIOD, COL_STARTS, COL_ENDS, COL_EVERY, COL_OFFSET,
	COL_YEAR_STARTS, COL_ANCHOR, COL_AFTER, COL_FOR, COL_UNTIL, COL_EXTENDED,
	COL_RECLASSIFIED, COL_OUTSIDE, COL_APPLIES_WHEN, COL_ATTESTED, COL_UNIT_VALUE
};

typedef enum Condition
{
	CONDITION_HOLDS,
	CONDITION_FAILS,
	CONDITION_NOT_KNOWN			/* a key or value that we cannot read */
} Condition;

char *
limits_uuid_text(const Uuid16 *uuid)
{
	return DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum((pg_uuid_t *) uuid)));
}

LimitPlace *
limits_places(const Facts *facts)
{
	return (LimitPlace *) (facts->limits + facts->n_limits);
}

/* The interval in months and days; hours round up to a day. */
static WindowSpan
span_of(uint64 row, int column, bool *present)
{
	bool		isnull;
	Datum		value = access_value(row, column, INTERVALOID, &isnull);
	WindowSpan	span = {0, 0};

	*present = !isnull;
	if (!isnull)
	{
		Interval   *interval = DatumGetIntervalP(value);
		int64		days = interval->day + interval->time / USECS_PER_DAY;

		if (interval->time % USECS_PER_DAY > 0)
			days++;
		span.months = interval->month;
		span.days = (int32_t) Min(Max(days, -PG_INT32_MAX), PG_INT32_MAX);
	}
	return span;
}

/* The date field; DATE_NONE when it is NULL. */
static int32_t
date_of(uint64 row, int column)
{
	return access_null(row, column) ? DATE_NONE : access_int32(row, column);
}

/* Does a string or an array of strings hold the value?  NULL: not known. */
static Condition
text_condition(const JsonbValue *wanted, const char *value, bool known)
{
	JsonbContainer *array;

	if (wanted->type == jbvString)
	{
		if (!known)
			return CONDITION_HOLDS;
		return value != NULL && strlen(value) == (size_t) wanted->val.string.len &&
			memcmp(value, wanted->val.string.val, wanted->val.string.len) == 0 ?
			CONDITION_HOLDS : CONDITION_FAILS;
	}
	if (wanted->type != jbvBinary || !JsonContainerIsArray(wanted->val.binary.data))
		return CONDITION_NOT_KNOWN;
	array = wanted->val.binary.data;
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbValue *item = getIthJsonbValueFromContainer(array, i);
		Condition	result;

		if (item->type != jbvString)
			return CONDITION_NOT_KNOWN;
		result = text_condition(item, value, known);
		if (result == CONDITION_HOLDS)
			return result;
	}
	return CONDITION_FAILS;
}

static Condition
bool_condition(const JsonbValue *wanted, Tristate value)
{
	if (wanted->type != jbvBool)
		return CONDITION_NOT_KNOWN;
	if (value == TRI_UNKNOWN)
		return CONDITION_HOLDS;
	return wanted->val.boolean == (value == TRI_TRUE) ? CONDITION_HOLDS : CONDITION_FAILS;
}

/*
 * One condition of applies_when.  What is not known about the hand-over makes
 * the condition hold: a limit applies unless it is known not to.
 */
static Condition
key_condition(const char *key, int len, const JsonbValue *wanted, const Facts *facts)
{
	const RuleRequest *request = &facts->request;
	Tristate	reimbursed = TRI_UNKNOWN;

#define IS_KEY(name) (len == (int) strlen(name) && strncmp(key, name, len) == 0)
	if (IS_KEY("kind"))
		return text_condition(wanted, rules_kind_name(request->kind), true);
	if (IS_KEY("country"))
		return text_condition(wanted, request->country, request->country != NULL);
	if (IS_KEY("region"))
		return text_condition(wanted, request->region, request->region != NULL);
	if (IS_KEY("profession"))
		return text_condition(wanted, facts->practitioner.profession,
							  facts->practitioner.profession != NULL);
	if (IS_KEY("hco_type"))
		return text_condition(wanted, facts->account.hco_type,
							  facts->account.found &&
							  (!facts->account.has_hco || facts->account.hco_type != NULL));
	if (IS_KEY("rx_class"))
		return text_condition(wanted, facts->market.rx_class, facts->market.found);
	if (IS_KEY("controlled"))
		return bool_condition(wanted, !facts->market.found ? TRI_UNKNOWN :
							  facts->market.controlled_schedule ? TRI_TRUE : TRI_FALSE);
	if (IS_KEY("reimbursed"))
	{
		if (facts->market.found && facts->market.reimbursed_pct >= 0)
			reimbursed = facts->market.reimbursed_pct > 0 ? TRI_TRUE : TRI_FALSE;
		return bool_condition(wanted, reimbursed);
	}
#undef IS_KEY
	return CONDITION_NOT_KNOWN;
}

/* All conditions of a rule: one that fails decides, then one not known. */
static Condition
rule_condition(Jsonb *conditions, const Facts *facts)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	key;
	JsonbValue	value;
	Condition	result = CONDITION_HOLDS;

	if (!JB_ROOT_IS_OBJECT(conditions))
		return CONDITION_NOT_KNOWN;
	it = JsonbIteratorInit(&conditions->root);
	token = JsonbIteratorNext(&it, &key, true); /* WJB_BEGIN_OBJECT */
	while ((token = JsonbIteratorNext(&it, &key, true)) == WJB_KEY)
	{
		Condition	one;

		(void) JsonbIteratorNext(&it, &value, true);
		one = key_condition(key.val.string.val, key.val.string.len, &value, facts);
		if (one == CONDITION_FAILS)
			return one;
		if (one == CONDITION_NOT_KNOWN)
			result = one;
	}
	return result;
}

/*
 * Whose use is counted, as the text of limit_counter; NULL when there is no
 * such thing here.  What counts for a request has the request in its key.
 */
static const char *
subject_key(const char *subject, LimitPeriod period, const Facts *facts)
{
	const RuleRequest *request = &facts->request;
	const Uuid16 *id = NULL;
	const char *key;

	if (strcmp(subject, "account") == 0 || strcmp(subject, "account_user") == 0)
		id = uuid_given(&request->prescriber_id) ? &request->prescriber_id : &request->recipient_id;
	else if (strcmp(subject, "hco") == 0)
		id = &request->hco_id;
	else if (strcmp(subject, "user") == 0)
		id = &request->user_id;
	else if (strcmp(subject, "territory") == 0)
		id = &request->territory_id;
	else if (strcmp(subject, "company") == 0)
		id = &request->company_id;
	if (id == NULL || !uuid_given(id))
		return NULL;

	key = limits_uuid_text(id);
	if (strcmp(subject, "account_user") == 0)
		key = psprintf("%s/%s", key, limits_uuid_text(&request->user_id));
	if (period == PERIOD_PER_REQUEST || period == PERIOD_ARRANGEMENT)
		key = psprintf("%s@%s", key, limits_uuid_text(&request->request_id));
	return key;
}

/* Which products share the limit, as the text of limit_counter. */
static const char *
pool_key(const char *pool, const Facts *facts)
{
	const ProductFact *product = &facts->product;
	const Uuid16 *brand = uuid_given(&product->brand_id) ? &product->brand_id : &product->row.id;

	if (strcmp(pool, "all") == 0)
		return "all";
	if (strcmp(pool, "company") == 0)
	{
		if (uuid_given(&facts->market.company_id))
			return limits_uuid_text(&facts->market.company_id);
		return limits_uuid_text(uuid_given(&product->company_id) ?
								&product->company_id : &facts->request.company_id);
	}
	if (strcmp(pool, "brand") == 0)
		return limits_uuid_text(brand);
	if (strcmp(pool, "form_strength") == 0)
		return psprintf("%s/%s/" INT64_FORMAT, limits_uuid_text(brand),
						product->dosage_form ? product->dosage_form : "-",
						(int64) product->strength_mg);
	return limits_uuid_text(&product->row.id);
}

/*
 * What the hand-over counts, in millionths; false when what is counted has no
 * number.  A product too large for a number counts as more than any quota.
 */
static bool
charge_of(const char *counting, const Facts *facts, int64_t unit_value, int64_t *charge)
{
	int64		units = facts->request.quantity / QUANTITY_UNIT;
	int64		each = QUANTITY_UNIT;
	int64		result;

	if (strcmp(counting, "visits") == 0)
		units = 1;
	else if (strcmp(counting, "value") == 0)
		each = unit_value;
	else if (strcmp(counting, "strength_mg") == 0)
	{
		if (pg_mul_s64_overflow(facts->product.strength_mg, facts->product.pack_size, &each))
			each = QUANTITY_MAX;
	}
	if (each <= 0)
		return false;
	if (pg_mul_s64_overflow(units, each, &result) || result > QUANTITY_MAX)
		result = QUANTITY_MAX;
	*charge = result;
	return true;
}

/*
 * Day of the practitioner's first request, read once per load; when he has
 * none, this hand-over answers the first.
 */
static int32_t
first_request_day(AccessScope *scope, const Facts *facts, int32_t *cached)
{
	const RuleRequest *request = &facts->request;
	Datum		args[4];

	if (*cached != DATE_NONE)
		return *cached;
	args[0] = UUIDPGetDatum((pg_uuid_t *) &request->prescriber_id);
	args[1] = UUIDPGetDatum((pg_uuid_t *) &facts->product.row.id);
	args[2] = UUIDPGetDatum((pg_uuid_t *) (uuid_given(&facts->product.brand_id) ?
										   &facts->product.brand_id : &facts->product.row.id));
	args[3] = CStringGetTextDatum(request->tz ? request->tz : "UTC");
	access_read(scope, &first_request, args, NULL, 1);
	*cached = access_null(0, 1) ? request->local_day : access_int32(0, 1);
	return *cached;
}

/* What has to be read of a rule before the next query overwrites the result. */
typedef struct RuleRow
{
	LimitFact	fact;
	LimitPlace	place;
	LifecycleRule lifecycle;
	char	   *anchor;
	bool		restarts_extended;
	bool		restarts_reclassified;
	bool		not_applicable_outside;
	bool		has_unit_value;
	int64_t		unit_value;
	Condition	condition;
} RuleRow;

/* The anchor of a rule's window by its name, DATE_NONE when it has no date. */
static int32_t
anchor_day(AccessScope *scope, const RuleRow *row, const char *name, const Facts *facts,
		   int32_t *cached_request)
{
	const MarketFact *market = &facts->market;
	int32_t		day = facts->request.local_day;
	int32_t		anchor = DATE_NONE;

	if (strcmp(name, "first_request") == 0)
		anchor = first_request_day(scope, facts, cached_request);
	else if (!market->found)
		return DATE_NONE;
	else if (strcmp(name, "authorised_on") == 0)
		anchor = market->authorised_on;
	else if (strcmp(name, "first_marketed_on") == 0)
		anchor = market->first_marketed_on;
	else if (strcmp(name, "first_supplied_on") == 0)
		anchor = market->first_supplied_on;
	if (anchor == DATE_NONE)
		return anchor;

	/* an event that starts the window anew does so from its day on */
	if (row->restarts_extended && market->extended_on != DATE_NONE &&
		market->extended_on > anchor && market->extended_on <= day)
		anchor = market->extended_on;
	if (row->restarts_reclassified && market->reclassified_on != DATE_NONE &&
		market->reclassified_on > anchor && market->reclassified_on <= day)
		anchor = market->reclassified_on;
	return anchor;
}

/* Lower a figure by the override of the template's assignment; -1 is none. */
static void
apply_override(bool *has, int64_t *figure, int64_t override)
{
	if (override < 0)
		return;
	if (!*has || override < *figure)
		*figure = override;
	*has = true;
}

/* Read one rule of the result. */
static void
read_rule(uint64 row, const Facts *facts, RuleRow *out, MemoryContext context)
{
	LimitFact  *fact = &out->fact;
	WindowRule *rule = &out->place.rule;
	const TemplateFact *template;
	pg_uuid_t	id;
	bool		present;

	memset(out, 0, sizeof(*out));
	access_uuid(row, COL_RULE, (pg_uuid_t *) &fact->row.id);
	fact->row.version = access_int64(row, COL_VERSION);
	access_uuid(row, COL_TEMPLATE, &id);
	while (fact->template_index < facts->n_templates - 1 &&
		   memcmp(&facts->templates[fact->template_index].row.id, &id, sizeof(id)) != 0)
		fact->template_index++;
	template = &facts->templates[fact->template_index];
	fact->name = access_text(row, COL_NAME, context);
	fact->subject = access_required_text(row, COL_SUBJECT, context);
	fact->counting = access_required_text(row, COL_COUNTING, context);
	fact->pool = access_required_text(row, COL_POOL, context);
	fact->period = access_text(row, COL_PERIOD, context);
	fact->opens_on = fact->closes_on = fact->next_free_on = DATE_NONE;
	fact->has_per_visit = !access_null(row, COL_PER_VISIT);
	fact->per_visit = access_int64(row, COL_PER_VISIT);
	apply_override(&fact->has_per_visit, &fact->per_visit, template->per_visit_override);
	fact->has_quota = !access_null(row, COL_QUOTA);
	fact->quota = access_int64(row, COL_QUOTA);
	apply_override(&fact->has_quota, &fact->quota, template->quota_override);

	rule->period = window_period_by_name(fact->period);
	rule->starts = date_of(row, COL_STARTS);
	rule->ends = date_of(row, COL_ENDS);
	rule->every = span_of(row, COL_EVERY, &rule->has_every);
	rule->offset = span_of(row, COL_OFFSET, &present);
	rule->year_starts_month = access_int32(row, COL_YEAR_STARTS);
	out->anchor = access_text(row, COL_ANCHOR, context);
	out->lifecycle.after = span_of(row, COL_AFTER, &out->lifecycle.has_after);
	out->lifecycle.length = span_of(row, COL_FOR, &out->lifecycle.has_length);
	out->lifecycle.until_end_of_following_year = access_bool(row, COL_UNTIL);
	out->restarts_extended = access_bool(row, COL_EXTENDED);
	out->restarts_reclassified = access_bool(row, COL_RECLASSIFIED);
	out->not_applicable_outside =
		strcmp(access_required_text(row, COL_OUTSIDE, CurrentMemoryContext), "not_applicable") == 0;
	out->condition = rule_condition(DatumGetJsonbP(access_required(row, COL_APPLIES_WHEN, JSONBOID)), facts);
	out->place.attested = access_int64(row, COL_ATTESTED);
	out->unit_value = access_int64(row, COL_UNIT_VALUE);
}

/*
 * The rule's place in the product's life, and its counting window.  Outside
 * of either the rule refuses or, when it says so, does not apply.
 */
static void
place_window(AccessScope *scope, RuleRow *row, const Facts *facts, int32_t *cached_request)
{
	LimitFact  *fact = &row->fact;
	LimitPlace *place = &row->place;
	int32_t		day = facts->request.local_day;
	int32_t		anchor = DATE_NONE;
	WindowRange life;

	if (place->rule.period == PERIOD_SINCE_LAUNCH)
		anchor = anchor_day(scope, row, row->anchor ? row->anchor : "first_marketed_on", facts, cached_request);
	else if (place->rule.period == PERIOD_SINCE_FIRST_REQUEST)
		anchor = anchor_day(scope, row, "first_request", facts, cached_request);
	else if (place->rule.period == PERIOD_ARRANGEMENT)
		/* without a request, one that is written on the day */
		anchor = facts->sample_request.found ? facts->sample_request.requested_day : day;
	window_of_day(&place->rule, day, anchor, &place->range);
	fact->window = place->range.state;
	fact->window_from = place->range.from;
	fact->window_to = place->range.to;
	fact->opens_on = place->range.opens_on;
	fact->closes_on = place->range.closes_on;

	if (row->anchor != NULL && place->rule.period != PERIOD_SINCE_LAUNCH)
	{
		window_lifecycle(&row->lifecycle, day,
						 anchor_day(scope, row, row->anchor, facts, cached_request), &life);
		if (fact->window == LIMIT_WINDOW_OPEN || life.state != LIMIT_WINDOW_OPEN)
		{
			fact->window = life.state;
			fact->opens_on = life.opens_on;
			fact->closes_on = life.closes_on;
		}
	}
	if (row->not_applicable_outside &&
		(fact->window == LIMIT_WINDOW_NOT_YET || fact->window == LIMIT_WINDOW_CLOSED))
		fact->applies = false;
}

/* Decide whether the rule applies, what it counts, and under which keys. */
static void
place_rule(AccessScope *scope, RuleRow *row, const Facts *facts, int32_t *cached_request)
{
	LimitFact  *fact = &row->fact;
	LimitPlace *place = &row->place;
	LimitPeriod period = place->rule.period;
	bool		per_request = period == PERIOD_PER_REQUEST || period == PERIOD_ARRANGEMENT;
	bool		has_number = fact->has_quota || fact->has_per_visit;

	fact->applies = row->condition != CONDITION_FAILS &&
		rules_template_applies(facts, &facts->templates[fact->template_index]);
	if (!fact->applies)
		return;
	fact->unknown_condition = row->condition == CONDITION_NOT_KNOWN ||
		!window_rule_usable(&place->rule);
	fact->pool_key = pool_key(fact->pool, facts);
	fact->subject_key = subject_key(fact->subject, period, facts);
	if (fact->subject_key == NULL)
	{
		fact->applies = false;
		return;
	}
	if (!window_rule_usable(&place->rule))
		return;
	place_window(scope, row, facts, cached_request);
	if (!fact->applies)
		return;

	place->by_visit = strcmp(fact->counting, "visits") == 0;
	if (!charge_of(fact->counting, facts, row->unit_value, &fact->charge) && has_number)
		fact->unknown_condition = true;
	/* advice without a request is about one yet to come */
	if (per_request && has_number && !uuid_given(&facts->request.request_id) &&
		uuid_given(&facts->request.fact_id))
		fact->unknown_condition = true;

	/* a window that can move keeps one counter; what is used is then a sum */
	place->counter_from = DATE_OPEN_FROM;
	place->counter_to = DATE_OPEN_TO;
	if (!window_is_counted_by_sum(period) && !per_request)
	{
		place->counter_from = fact->window_from;
		place->counter_to = fact->window_to;
	}
	place->counted = has_number && !fact->unknown_condition && fact->window == LIMIT_WINDOW_OPEN;
}

/* Is it a kind of which limits speak? */
static bool
hands_over_samples(FactKind kind)
{
	return kind == KIND_SAMPLE_DROP || kind == KIND_SAMPLE_SHIP;
}

/* See limits.h. */
void
limits_load(AccessScope *scope, Facts *facts, MemoryContext context)
{
	limits_load_adding(scope, facts, NULL, context);
}

/* See limit_place.h. */
void
limits_load_adding(AccessScope *scope, Facts *facts, const LimitUseList *pending,
				   MemoryContext context)
{
	MemoryContext old;
	Datum	   *ids;
	Datum		args[2];
	RuleRow    *rows;
	LimitPlace *places;
	int32_t		cached_request = DATE_NONE;
	int			n;

	facts->n_limits = 0;
	facts->limits = NULL;
	if (!hands_over_samples(facts->request.kind) || facts->n_templates == 0)
		return;

	old = MemoryContextSwitchTo(context);
	ids = palloc(facts->n_templates * sizeof(Datum));
	for (int i = 0; i < facts->n_templates; i++)
		ids[i] = UUIDPGetDatum((pg_uuid_t *) &facts->templates[i].row.id);
	args[0] = PointerGetDatum(construct_array(ids, facts->n_templates, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
	args[1] = UUIDPGetDatum((pg_uuid_t *) &facts->market.row.id);
	n = (int) access_read(scope, &rules_of_templates, args, NULL, 0);
	if (n > 0)
	{
		rows = palloc(n * sizeof(RuleRow));
		for (int i = 0; i < n; i++)
			read_rule(i, facts, &rows[i], context);
		facts->limits = palloc(n * (sizeof(LimitFact) + sizeof(LimitPlace)));
		facts->n_limits = n;
		places = limits_places(facts);
		for (int i = 0; i < n; i++)
		{
			place_rule(scope, &rows[i], facts, &cached_request);
			facts->limits[i] = rows[i].fact;
			places[i] = rows[i].place;
		}
		pfree(rows);
		limits_read_usage(scope, facts, pending);
	}
	MemoryContextSwitchTo(old);
}
