/*-------------------------------------------------------------------------
 *
 * step.c
 *	  Building the steps of a verdict, and the comparisons the rules share;
 *	  pure.
 *
 * src/rules/step.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "rules/step.h"

/*
 * Open a step of the rule, as passed.  Callers size the array by
 * rules_max_steps(), which counts the most that every rule can say.
 */
RuleStep *
step_new(Verdict *verdict, const Rule *rule)
{
	RuleStep   *step = &verdict->steps[verdict->n_steps];

	if (verdict->n_steps < verdict->max_steps - 1)
		verdict->n_steps++;
	step->rule = rule;
	step->result = RULE_PASS;
	step->reason = LSCE_REASON_NONE;
	step->legal_ref = NULL;
	step->n_expected = 0;
	step->n_observed = 0;
	step->n_evidence = 0;
	return step;
}

/* The step fails for this reason; an earlier reason of the step stays. */
void
step_fail(RuleStep *step, LsceReason reason)
{
	if (step->result == RULE_FAIL)
		return;
	step->result = RULE_FAIL;
	step->reason = reason;
}

/* The step warns, unless it failed already. */
void
step_warn(RuleStep *step, LsceReason reason)
{
	if (step->result == RULE_FAIL)
		return;
	step->result = RULE_WARN;
	step->reason = reason;
}

/* The rule has nothing to say here. */
void
step_skip(RuleStep *step)
{
	step->result = RULE_SKIP;
}

/* The next free value of an array of values, or a place that is thrown away. */
static RuleValue *
next_value(RuleValue *values, int *count, int max, const char *key, ValueType type,
		   RuleValue *spill)
{
	RuleValue  *value = *count < max ? &values[(*count)++] : spill;

	memset(value, 0, sizeof(*value));
	value->key = key;
	value->type = type;
	return value;
}

#define EXPECT(member, valuetype) \
	RuleValue	spill; \
	next_value(step->expected, &step->n_expected, STEP_MAX_EXPECTED, key, valuetype, &spill)->v.member = value
#define OBSERVE(member, valuetype) \
	RuleValue	spill; \
	next_value(step->observed, &step->n_observed, STEP_MAX_OBSERVED, key, valuetype, &spill)->v.member = value

void
step_expect_text(RuleStep *step, const char *key, const char *value)
{
	EXPECT(text, VALUE_TEXT);
}

void
step_expect_texts(RuleStep *step, const char *key, TextList value)
{
	EXPECT(texts, VALUE_TEXTS);
}

void
step_expect_date(RuleStep *step, const char *key, int32_t value)
{
	EXPECT(date, VALUE_DATE);
}

void
step_expect_quantity(RuleStep *step, const char *key, int64_t value)
{
	EXPECT(quantity, VALUE_QUANTITY);
}

void
step_expect_number(RuleStep *step, const char *key, int64_t value)
{
	EXPECT(number, VALUE_NUMBER);
}

void
step_expect_bool(RuleStep *step, const char *key, bool value)
{
	EXPECT(flag, VALUE_BOOL);
}

void
step_expect_id(RuleStep *step, const char *key, Uuid16 value)
{
	EXPECT(id, VALUE_UUID);
}

void
step_observe_text(RuleStep *step, const char *key, const char *value)
{
	OBSERVE(text, VALUE_TEXT);
}

void
step_observe_texts(RuleStep *step, const char *key, TextList value)
{
	OBSERVE(texts, VALUE_TEXTS);
}

void
step_observe_date(RuleStep *step, const char *key, int32_t value)
{
	OBSERVE(date, VALUE_DATE);
}

void
step_observe_time(RuleStep *step, const char *key, int64_t value)
{
	OBSERVE(time, VALUE_TIME);
}

void
step_observe_quantity(RuleStep *step, const char *key, int64_t value)
{
	OBSERVE(quantity, VALUE_QUANTITY);
}

void
step_observe_number(RuleStep *step, const char *key, int64_t value)
{
	OBSERVE(number, VALUE_NUMBER);
}

void
step_observe_bool(RuleStep *step, const char *key, bool value)
{
	OBSERVE(flag, VALUE_BOOL);
}

void
step_observe_id(RuleStep *step, const char *key, Uuid16 value)
{
	OBSERVE(id, VALUE_UUID);
}

/*
 * The step fails because a row that the request names, or has to name, is not
 * there: "record" is its table.
 */
void
step_unknown(RuleStep *step, LsceReason reason, const char *record, Uuid16 id)
{
	step_observe_text(step, "record", record);
	if (uuid_given(&id))
		step_observe_id(step, "value", id);
	else
		step_observe_text(step, "value", "(none)");
	step_fail(step, reason);
}

/*
 * Begin a list of texts in the memory of the verdict; only the list begun last
 * may be added to.
 */
TextList
rules_list_start(Verdict *verdict)
{
	TextList	list;

	list.count = 0;
	list.items = &verdict->listed[verdict->n_listed];
	return list;
}

/* Add a text to the list, once; NULL and what does not fit are left out. */
void
rules_list_add(Verdict *verdict, TextList *list, const char *item)
{
	if (item == NULL || verdict->n_listed >= VERDICT_MAX_LISTED || rules_texts_have(list, item))
		return;
	verdict->listed[verdict->n_listed++] = item;
	list->count++;
}

/* Name a row the step looked at; the first STEP_MAX_EVIDENCE are kept. */
void
step_evidence(RuleStep *step, EvidenceTable table, const FactRow *row)
{
	if (!uuid_given(&row->id) || step->n_evidence >= STEP_MAX_EVIDENCE)
		return;
	step->evidence[step->n_evidence].table = table;
	step->evidence[step->n_evidence].row = *row;
	step->n_evidence++;
}

/* True unless the uuid is all zeroes, which stands for "none". */
bool
uuid_given(const Uuid16 *id)
{
	static const Uuid16 none = {{0}};

	return memcmp(id, &none, sizeof(none)) != 0;
}

bool
uuid_same(const Uuid16 *a, const Uuid16 *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* True when the text is known and equal to the value. */
bool
rules_text_is(const char *text, const char *value)
{
	return text != NULL && value != NULL && strcmp(text, value) == 0;
}

bool
rules_texts_have(const TextList *list, const char *value)
{
	for (int i = 0; i < list->count; i++)
	{
		if (rules_text_is(list->items[i], value))
			return true;
	}
	return false;
}

/*
 * True when the path "lower" is "upper" or stands under it.  Paths are printed
 * specialties: normalised labels joined by '.', which no label contains.
 */
bool
path_covers(const char *upper, const char *lower)
{
	size_t		length;

	if (upper == NULL || lower == NULL)
		return false;
	length = strlen(upper);
	return strncmp(upper, lower, length) == 0 &&
		(lower[length] == '\0' || lower[length] == '.');
}

/* How many labels a path has. */
int
path_depth(const char *path)
{
	int			depth = 1;

	for (; *path; path++)
		depth += *path == '.';
	return depth;
}

/* True when the half-open range holds the day. */
bool
rules_valid_on(int32_t valid_from, int32_t valid_to, int32_t day)
{
	return valid_from <= day && day < valid_to;
}

/* The last day of a half-open range; DATE_NONE when it has no end. */
int32_t
rules_last_day(int32_t valid_to)
{
	return valid_to == DATE_NONE || valid_to >= DATE_OPEN_TO ? DATE_NONE : valid_to - 1;
}

/* True for the kinds that hand over samples. */
bool
rules_is_sample(FactKind kind)
{
	return kind == KIND_SAMPLE_DROP || kind == KIND_SAMPLE_SHIP;
}

/* The jurisdiction of the delivery: its region, else its country, or NULL. */
const char *
rules_place_of(const Facts *facts)
{
	return facts->request.region ? facts->request.region : facts->request.country;
}
