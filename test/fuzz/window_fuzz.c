/*-------------------------------------------------------------------------
 *
 * window_fuzz.c
 *	  Fuzzing of the windows of sample limits.
 *
 * The input is read as a rule, a day, an anchor and uses.  An open window
 * must hold its day, be the window of all its days, and what the sliding
 * window says about leaving must be the first day of which it is true.
 *
 * sources: src/sample/window.c
 *
 * test/fuzz/window_fuzz.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample/window.h"

/* Abort, naming what does not hold. */
#define HOLDS(condition) \
	((condition) ? (void) 0 : (fprintf(stderr, "line %d: %s\n", __LINE__, #condition), abort()))

typedef struct Input
{
	unsigned char period;
	unsigned char flags;
	int32_t		day;
	int32_t		anchor;
	int32_t		starts;
	int32_t		ends;
	WindowSpan	every;
	WindowSpan	offset;
	int32_t		month;
	int64_t		quota;
	int64_t		charge;
	int32_t		use_days[4];
} Input;

/* Windows of the calendar and of slices cut time into pieces. */
static void
check_partition(const WindowRule *rule, const WindowRange *range, int32_t anchor)
{
	int32_t		probes[3];

	probes[0] = range->from;
	probes[1] = range->to - 1;
	probes[2] = range->from + (range->to - range->from) / 2;
	for (int i = 0; i < 3; i++)
	{
		WindowRange again;

		if (rule->period == PERIOD_ROLLING_START && probes[i] < anchor)
			continue;			/* an earlier first use moves the slices */
		window_of_day(rule, probes[i], anchor, &again);
		if (again.state == LIMIT_WINDOW_OPEN)
			HOLDS(again.from == range->from && again.to == range->to);
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	Input		input;
	WindowRule	rule;
	WindowRange range;
	WindowUse	uses[4];
	LifecycleRule lifecycle;

	memset(&input, 0, sizeof(input));
	memcpy(&input, data, size < sizeof(input) ? size : sizeof(input));
	memset(&rule, 0, sizeof(rule));
	rule.period = (LimitPeriod) (input.period % ((int) PERIOD_UNKNOWN + 1));
	rule.starts = input.starts;
	rule.ends = input.ends;
	rule.has_every = (input.flags & 1) != 0;
	rule.every = input.every;
	rule.offset = input.offset;
	rule.year_starts_month = input.month;
	if (input.flags & 2)
	{
		/* days and spans as people write them */
		input.day = input.day % 20000;
		input.anchor = input.anchor % 20000;
		rule.starts = rule.starts % 20000;
		rule.every.months = abs(rule.every.months % 40);
		rule.every.days = abs(rule.every.days % 40);
		rule.offset.months %= 40;
		rule.offset.days %= 40;
		rule.year_starts_month = abs(rule.year_starts_month % 12) + 1;
	}

	lifecycle.has_after = (input.flags & 4) != 0;
	lifecycle.after = input.offset;
	lifecycle.has_length = (input.flags & 8) != 0;
	lifecycle.length = input.every;
	lifecycle.until_end_of_following_year = (input.flags & 16) != 0;
	window_lifecycle(&lifecycle, input.day, input.anchor, &range);
	if (input.anchor == DATE_NONE)
		HOLDS(range.state == LIMIT_WINDOW_UNKNOWN);

	if (!window_rule_usable(&rule))
		return 0;
	window_of_day(&rule, input.day, input.anchor, &range);
	HOLDS(range.from >= DATE_OPEN_FROM && range.to <= DATE_OPEN_TO);
	if (range.state != LIMIT_WINDOW_OPEN)
		return 0;
	if (input.day > DATE_OPEN_FROM && input.day < DATE_OPEN_TO)
		HOLDS(range.from <= input.day && input.day < range.to);
	if (rule.period != PERIOD_SLIDING && range.from > DATE_OPEN_FROM && range.to < DATE_OPEN_TO)
	{
		bool		opens = rule.period == PERIOD_ROLLING_START &&
			(input.anchor == DATE_NONE || input.anchor > input.day);

		check_partition(&rule, &range, opens ? input.day : input.anchor);
	}

	if (rule.period == PERIOD_SLIDING && input.day > DATE_OPEN_FROM && input.day < DATE_OPEN_TO)
	{
		int32_t		leaves = window_leaves_on(&rule, input.day);

		HOLDS(leaves > input.day);
		if (leaves < DATE_OPEN_TO)
			HOLDS(window_subtract(leaves, rule.every) >= input.day);
		HOLDS(window_subtract(leaves - 1, rule.every) < input.day);
	}
	for (int i = 0; i < 4; i++)
	{
		uses[i].day = input.use_days[i] % 20000;
		uses[i].quantity = QUANTITY_UNIT;
	}
	(void) window_next_free(&rule, &range, input.quota / 8, 4 * QUANTITY_UNIT, input.charge / 8, uses, 4);
	return 0;
}
