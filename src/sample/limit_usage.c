/*-------------------------------------------------------------------------
 *
 * limit_usage.c
 *	  How much of each limit is used.
 *
 * src/sample/limit_usage.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/snapmgr.h"

#include "rules/step.h"
#include "sample/direct.h"
#include "sample/limit_place.h"

/* Counters by key; n is the place of the key in the arrays, from 1. */
/* OFFSET 0: the keys drive, also by a plan made while there were few counters. */
static const AccessStatement counters_of_keys = {
	"SELECT k.n::int, ceil(c.used * 1000000)::bigint, ceil(c.excess * 1000000)::bigint"
	" FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS k(rule_id, subject_key, pool_key, window_from, n)"
	" CROSS JOIN LATERAL (SELECT l.used, l.excess FROM @m.limit_counter l WHERE l.rule_id = k.rule_id"
	"  AND l.subject_key = k.subject_key AND l.pool_key = k.pool_key AND l.window_from = k.window_from OFFSET 0) c",
	4, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID}, direct_counters_of_keys
};

/*
 * Uses by day; started says whether what was given that day, corrected for
 * entry errors and for what never arrived, started the rule's first window.
 */
static const AccessStatement uses_of_keys = {
	"SELECT k.n::int, u.local_day, ceil(sum(u.quantity) * 1000000)::bigint,"
	" coalesce(sum(u.quantity) FILTER (WHERE r.kind IS NULL OR r.kind IN ('entry_error', 'not_received')), 0) > 0"
	" FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS k(rule_id, subject_key, pool_key, day_from, day_to, n)"
	" CROSS JOIN LATERAL (SELECT l.local_day, l.quantity, l.reversal_id FROM @m.limit_use l WHERE l.rule_id = k.rule_id"
	"  AND l.subject_key = k.subject_key AND l.pool_key = k.pool_key"
	"  AND l.local_day >= k.day_from AND l.local_day < k.day_to OFFSET 0) u"
	" LEFT JOIN @m.disbursement_reversal r ON r.reversal_id = u.reversal_id"
	" GROUP BY k.n, u.local_day ORDER BY k.n, u.local_day",
	5, {UUIDARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, DATEARRAYOID}
};

/* What a visit has charged to each rule. */
#define USES_OF_VISIT \
	"SELECT u.rule_id, u.subject_key, u.pool_key, ceil(sum(u.quantity) * 1000000)::bigint" \
	" FROM @m.disbursement d JOIN @m.limit_use u USING (disbursement_id)" \
	" WHERE d.visit_id = $1 GROUP BY 1, 2, 3"

static const AccessStatement uses_of_visit = {
	USES_OF_VISIT,
	1, {UUIDOID}, direct_uses_of_visit
};

/* The same, under a snapshot of its own. */
static const AccessStatement uses_of_locked_visit = {
	USES_OF_VISIT,
	1, {UUIDOID}
};

/* Keys of some of the limits, as array arguments. */
typedef struct KeyArrays
{
	int			count;
	int		   *limits;			/* place in Facts.limits */
	Datum	   *rule_ids;
	Datum	   *subjects;
	Datum	   *pools;
	Datum	   *from;
	Datum	   *to;
} KeyArrays;

static void
keys_init(KeyArrays *keys, int size)
{
	keys->count = 0;
	keys->limits = palloc(size * sizeof(int));
	keys->rule_ids = palloc(size * sizeof(Datum));
	keys->subjects = palloc(size * sizeof(Datum));
	keys->pools = palloc(size * sizeof(Datum));
	keys->from = palloc(size * sizeof(Datum));
	keys->to = palloc(size * sizeof(Datum));
}

static void
keys_add(KeyArrays *keys, const Facts *facts, int limit, int32_t from, int32_t to)
{
	const LimitFact *fact = &facts->limits[limit];
	int			n = keys->count++;

	keys->limits[n] = limit;
	keys->rule_ids[n] = UUIDPGetDatum((pg_uuid_t *) &fact->row.id);
	keys->subjects[n] = CStringGetTextDatum(fact->subject_key);
	keys->pools[n] = CStringGetTextDatum(fact->pool_key);
	keys->from[n] = DateADTGetDatum(from);
	keys->to[n] = DateADTGetDatum(to);
}

/* The arrays as arguments of a statement; to is left out by four of them. */
static void
keys_arguments(const KeyArrays *keys, Datum *args)
{
	args[0] = PointerGetDatum(construct_array(keys->rule_ids, keys->count, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
	args[1] = PointerGetDatum(construct_array(keys->subjects, keys->count, TEXTOID, -1, false, TYPALIGN_INT));
	args[2] = PointerGetDatum(construct_array(keys->pools, keys->count, TEXTOID, -1, false, TYPALIGN_INT));
	args[3] = PointerGetDatum(construct_array(keys->from, keys->count, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
	args[4] = PointerGetDatum(construct_array(keys->to, keys->count, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
}

/* Does the pending use count against this limit, in whatever window? */
static bool
same_key(const LimitFact *fact, const LimitUse *use)
{
	return memcmp(&fact->row.id, &use->rule_id, sizeof(Uuid16)) == 0 &&
		strcmp(fact->subject_key, use->subject_key) == 0 &&
		strcmp(fact->pool_key, use->pool_key) == 0;
}

/* Rules whose window has a counter of its own, or is all time. */
static void
read_counters(AccessScope *scope, Facts *facts, const LimitUseList *pending)
{
	LimitPlace *places = limits_places(facts);
	KeyArrays	keys;
	Datum		args[5];
	uint64		n;

	keys_init(&keys, facts->n_limits);
	for (int i = 0; i < facts->n_limits; i++)
	{
		LimitFact  *fact = &facts->limits[i];

		if (!places[i].counted || window_is_counted_by_sum(places[i].rule.period))
			continue;
		fact->used = 0;
		fact->excess = 0;
		keys_add(&keys, facts, i, places[i].counter_from, places[i].counter_to);
		for (int p = 0; pending != NULL && p < pending->count; p++)
			if (pending->items[p].counter_from == places[i].counter_from &&
				same_key(fact, &pending->items[p]))
				fact->used += pending->items[p].quantity;
	}
	if (keys.count == 0)
		return;
	keys_arguments(&keys, args);
	n = access_read(scope, &counters_of_keys, args, NULL, 0);
	for (uint64 row = 0; row < n; row++)
	{
		LimitFact  *fact = &facts->limits[keys.limits[access_int32(row, 1) - 1]];

		fact->used += access_int64(row, 2);
		fact->excess = access_int64(row, 3);
	}
}

/* Uses of one limit while they are gathered. */
typedef struct DayUses
{
	int			count;
	int			size;
	WindowUse  *items;
	int32_t		first_day;		/* of the use that started it; DATE_NONE */
} DayUses;

/* Add a use at its place by day. */
static void
day_uses_add(DayUses *uses, int32_t day, int64_t quantity, bool started)
{
	int			at = uses->count;

	if (started && (uses->first_day == DATE_NONE || day < uses->first_day))
		uses->first_day = day;
	while (at > 0 && uses->items[at - 1].day > day)
		at--;
	if (at > 0 && uses->items[at - 1].day == day)
	{
		uses->items[at - 1].quantity += quantity;
		return;
	}
	if (uses->count == uses->size)
	{
		uses->size = Max(8, uses->size * 2);
		uses->items = uses->items ?
			repalloc(uses->items, uses->size * sizeof(WindowUse)) :
			palloc(uses->size * sizeof(WindowUse));
	}
	memmove(uses->items + at + 1, uses->items + at, (uses->count - at) * sizeof(WindowUse));
	uses->items[at].day = day;
	uses->items[at].quantity = quantity;
	uses->count++;
}

/* What the uses come to in the window that holds the day. */
static void
sum_uses(LimitFact *fact, LimitPlace *place, const DayUses *uses, int32_t day)
{
	const WindowRule *rule = &place->rule;

	if (rule->period == PERIOD_ROLLING_START)
	{
		window_of_day(rule, day, uses->first_day, &place->range);
		fact->window_from = place->range.from;
		fact->window_to = place->range.to;
	}
	if (rule->period == PERIOD_SLIDING)
		fact->used = window_sliding_used(rule, day, uses->items, uses->count);
	else
	{
		fact->used = 0;
		for (int i = 0; i < uses->count; i++)
			if (uses->items[i].day >= fact->window_from && uses->items[i].day < fact->window_to)
				fact->used += uses->items[i].quantity;
	}
	fact->excess = fact->has_quota && fact->used > fact->quota ? fact->used - fact->quota : 0;
	fact->next_free_on = window_next_free(rule, &place->range, fact->quota, fact->used,
										  fact->charge, uses->items, uses->count);
}

/* Rules whose window moves: what is used is a sum over days. */
static void
read_sums(AccessScope *scope, Facts *facts, const LimitUseList *pending)
{
	LimitPlace *places = limits_places(facts);
	int32_t		day = facts->request.local_day;
	KeyArrays	keys;
	DayUses    *uses;
	Datum		args[5];
	uint64		n;

	keys_init(&keys, facts->n_limits);
	for (int i = 0; i < facts->n_limits; i++)
	{
		const WindowRule *rule = &places[i].rule;

		if (!places[i].counted || !window_is_counted_by_sum(rule->period))
			continue;
		if (rule->period == PERIOD_SLIDING)
			keys_add(&keys, facts, i, places[i].range.from, window_leaves_on(rule, day));
		else
			keys_add(&keys, facts, i, DATE_OPEN_FROM, DATE_OPEN_TO);
	}
	if (keys.count == 0)
		return;

	uses = palloc0(keys.count * sizeof(DayUses));
	for (int k = 0; k < keys.count; k++)
		uses[k].first_day = DATE_NONE;
	keys_arguments(&keys, args);
	n = access_read(scope, &uses_of_keys, args, NULL, 0);
	for (uint64 row = 0; row < n; row++)
		day_uses_add(&uses[access_int32(row, 1) - 1], access_int32(row, 2),
					 access_int64(row, 3), access_bool(row, 4));
	for (int k = 0; k < keys.count; k++)
	{
		LimitFact  *fact = &facts->limits[keys.limits[k]];

		for (int p = 0; pending != NULL && p < pending->count; p++)
			if (same_key(fact, &pending->items[p]))
				day_uses_add(&uses[k], pending->items[p].day, pending->items[p].quantity, true);
		sum_uses(fact, &places[keys.limits[k]], &uses[k], day);
	}
}

/*
 * Does what the visit used count against this limit?  A figure per visit counts
 * all of the visit, whatever request it was for; a count of visits asks whether
 * the visit is in this counter, and the counter of a request is its own.
 */
static bool
same_in_visit(const LimitFact *fact, const LimitPlace *place, const LimitUse *use)
{
	size_t		subject;

	if (place->by_visit)
		return same_key(fact, use);
	subject = strcspn(fact->subject_key, "@");
	return memcmp(&fact->row.id, &use->rule_id, sizeof(Uuid16)) == 0 &&
		subject == strcspn(use->subject_key, "@") &&
		strncmp(fact->subject_key, use->subject_key, subject) == 0 &&
		strcmp(fact->pool_key, use->pool_key) == 0;
}

/* See limit_place.h; each request has a counter of its own, and the visit is one. */
bool
limits_share_visit(const Facts *facts)
{
	const LimitPlace *places = limits_places(facts);

	for (int i = 0; i < facts->n_limits; i++)
		if (places[i].counted && !places[i].by_visit && facts->limits[i].has_per_visit &&
			strchr(facts->limits[i].subject_key, '@') != NULL)
			return true;
	return false;
}

/*
 * Read the uses of a visit.  A lock on it alone does not fail where the
 * transaction keeps one snapshot, as that on a counter which others changed
 * does: what they committed is read all the same.
 */
static uint64
read_uses_of_visit(AccessScope *scope, const Facts *facts)
{
	Datum		args[1] = {UUIDPGetDatum((pg_uuid_t *) &facts->request.visit_id)};
	uint64		n;

	if (scope->mode != ACCESS_WRITE || !IsolationUsesXactSnapshot() || !limits_share_visit(facts))
		return access_read(scope, &uses_of_visit, args, NULL, 0);
	PushActiveSnapshot(GetLatestSnapshot());
	n = access_read(scope, &uses_of_locked_visit, args, NULL, 0);
	PopActiveSnapshot();
	return n;
}

/* What this visit has used already; the second use of a visit is no visit. */
static void
read_visit(AccessScope *scope, Facts *facts, const LimitUseList *pending)
{
	const RuleRequest *request = &facts->request;
	LimitPlace *places = limits_places(facts);
	bool		wanted = false;
	uint64		n;

	for (int i = 0; i < facts->n_limits; i++)
	{
		LimitFact  *fact = &facts->limits[i];

		fact->used_in_visit = 0;
		if (places[i].counted && (fact->has_per_visit || places[i].by_visit))
			wanted = true;
		for (int p = 0; pending != NULL && places[i].counted && p < pending->count; p++)
			if (uuid_given(&request->visit_id) &&
				memcmp(&pending->items[p].visit_id, &request->visit_id, sizeof(Uuid16)) == 0 &&
				same_in_visit(fact, &places[i], &pending->items[p]))
				fact->used_in_visit += pending->items[p].quantity;
	}
	if (!wanted || !uuid_given(&request->visit_id))
		return;
	n = read_uses_of_visit(scope, facts);
	for (uint64 row = 0; row < n; row++)
	{
		LimitUse	use;

		access_uuid(row, 1, (pg_uuid_t *) &use.rule_id);
		use.subject_key = access_text(row, 2, CurrentMemoryContext);
		use.pool_key = access_text(row, 3, CurrentMemoryContext);
		for (int i = 0; i < facts->n_limits; i++)
			if (places[i].counted && same_in_visit(&facts->limits[i], &places[i], &use))
				facts->limits[i].used_in_visit += access_int64(row, 4);
	}
}

void
limits_read_usage(AccessScope *scope, Facts *facts, const LimitUseList *pending)
{
	LimitPlace *places;

	if (facts->n_limits == 0)
		return;
	places = limits_places(facts);
	read_visit(scope, facts, pending);
	for (int i = 0; i < facts->n_limits; i++)
		if (places[i].by_visit && places[i].counted)
			facts->limits[i].charge = facts->limits[i].used_in_visit > 0 ? 0 : QUANTITY_UNIT;
	read_counters(scope, facts, pending);
	read_sums(scope, facts, pending);
	for (int i = 0; i < facts->n_limits; i++)
	{
		LimitFact  *fact = &facts->limits[i];

		if (!places[i].counted || !fact->has_quota)
			continue;
		if (!window_is_counted_by_sum(places[i].rule.period))
			fact->next_free_on = window_next_free(&places[i].rule, &places[i].range, fact->quota,
												  fact->used, fact->charge, NULL, 0);
		fact->used += places[i].attested;
		if (fact->closes_on != DATE_NONE && fact->next_free_on != DATE_NONE &&
			fact->next_free_on > fact->closes_on)
			fact->next_free_on = DATE_NONE;
	}
}

void
limits_uses_of(const Facts *facts, LimitUseList *uses)
{
	LimitPlace *places;

	if (facts->n_limits == 0)
		return;
	places = limits_places(facts);
	for (int i = 0; i < facts->n_limits; i++)
	{
		const LimitFact *fact = &facts->limits[i];
		LimitUse   *use;

		if (!places[i].counted)
			continue;
		if (uses->count == uses->size)
		{
			uses->size = Max(16, uses->size * 2);
			uses->items = uses->items ?
				repalloc_huge(uses->items, uses->size * sizeof(LimitUse)) :
				palloc(uses->size * sizeof(LimitUse));
		}
		use = &uses->items[uses->count++];
		memset(use, 0, sizeof(*use));
		use->rule_id = fact->row.id;
		use->subject_key = fact->subject_key;
		use->pool_key = fact->pool_key;
		use->counter_from = places[i].counter_from;
		use->counter_to = places[i].counter_to;
		use->by_sum = window_is_counted_by_sum(places[i].rule.period);
		use->quantity = fact->charge;
		if (fact->has_quota && fact->used + fact->charge > fact->quota)
			use->over = Min(fact->charge, fact->used + fact->charge - fact->quota);
		use->fact_id = facts->request.fact_id;
		use->visit_id = facts->request.visit_id;
		use->day = facts->request.local_day;
	}
}
