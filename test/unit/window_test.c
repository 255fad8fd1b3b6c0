/*-------------------------------------------------------------------------
 *
 * window_test.c
 *	  Tests of the windows of sample limits.
 *
 * Cases C02 to C33 are those of the compliance table, with its numbers.
 *
 * sources: src/sample/window.c
 *
 * test/unit/window_test.c
 *
 *-------------------------------------------------------------------------
 */
#include "check.h"

#include "sample/window.h"

#define UNITS(n) ((n) * QUANTITY_UNIT)

static const WindowSpan one_month = {1, 0};
static const WindowSpan twelve_months = {12, 0};

/* A date written as 20260131. */
static int32_t
ymd(int32_t date)
{
	return window_day(date / 10000, date / 100 % 100, date % 100);
}

static WindowRule
period(LimitPeriod kind)
{
	WindowRule	rule = {0};

	rule.period = kind;
	rule.starts = DATE_NONE;
	rule.ends = DATE_NONE;
	rule.year_starts_month = 1;
	return rule;
}

static WindowRule
period_every(LimitPeriod kind, int32_t months, int32_t days)
{
	WindowRule	rule = period(kind);

	rule.has_every = true;
	rule.every.months = months;
	rule.every.days = days;
	return rule;
}

/* Is [from, to) the window of the day? */
static bool
window_is(WindowRule rule, int32_t day, int32_t anchor, int32_t from, int32_t to)
{
	WindowRange range;

	window_of_day(&rule, ymd(day), anchor == 0 ? DATE_NONE : ymd(anchor), &range);
	return range.state == LIMIT_WINDOW_OPEN && range.from == ymd(from) && range.to == ymd(to);
}

static LimitWindow
state_of(WindowRule rule, int32_t day, int32_t anchor)
{
	WindowRange range;

	window_of_day(&rule, ymd(day), anchor == 0 ? DATE_NONE : ymd(anchor), &range);
	return range.state;
}

static void
test_dates(void)
{
	CHECK(ymd(20000101) == 0);
	CHECK(ymd(19700101) == -10957);
	CHECK(ymd(20240229) == 8825);
	CHECK(ymd(10101) == DATE_OPEN_FROM);
	CHECK(window_day(9999, 12, 31) == DATE_OPEN_TO);
	CHECK(window_day(12000, 1, 1) == DATE_OPEN_TO);

	CHECK(window_add(ymd(20260131), one_month) == ymd(20260228));
	CHECK(window_add(ymd(20240131), one_month) == ymd(20240229));
	CHECK(window_add(ymd(20240229), twelve_months) == ymd(20250228));
	CHECK(window_subtract(ymd(20260331), one_month) == ymd(20260228));
	CHECK(window_subtract(ymd(20260110), twelve_months) == ymd(20250110));
	CHECK(window_add(ymd(20260131), (WindowSpan) {1, 1}) == ymd(20260301));
	CHECK(window_add(DATE_OPEN_TO, one_month) == DATE_OPEN_TO);
	CHECK(window_subtract(DATE_OPEN_FROM, one_month) == DATE_OPEN_FROM);
	CHECK(window_add(0, (WindowSpan) {INT32_MAX, INT32_MAX}) == DATE_OPEN_TO);
	CHECK(window_subtract(0, (WindowSpan) {INT32_MAX, INT32_MAX}) == DATE_OPEN_FROM);
}

static void
test_names(void)
{
	CHECK(window_period_by_name("none") == PERIOD_NONE);
	CHECK(window_period_by_name("sliding") == PERIOD_SLIDING);
	CHECK(window_period_by_name("lifetime") == PERIOD_LIFETIME);
	CHECK(window_period_by_name("fortnight") == PERIOD_UNKNOWN);
	CHECK(window_period_by_name(NULL) == PERIOD_UNKNOWN);
}

static void
test_usable(void)
{
	WindowRule	rule = period(PERIOD_SLIDING);

	CHECK(!window_rule_usable(&rule));
	rule = period_every(PERIOD_SLIDING, 0, 0);
	CHECK(!window_rule_usable(&rule));
	rule = period_every(PERIOD_ROLLING_START, 1, -1);
	CHECK(!window_rule_usable(&rule));
	rule = period_every(PERIOD_FIXED_START, 1, 0);
	CHECK(!window_rule_usable(&rule));
	rule.starts = 0;
	CHECK(window_rule_usable(&rule));
	rule = period(PERIOD_DATE_RANGE);
	CHECK(!window_rule_usable(&rule));
	rule = period(PERIOD_CALENDAR_YEAR);
	CHECK(window_rule_usable(&rule));
	rule.year_starts_month = 13;
	CHECK(!window_rule_usable(&rule));
	rule = period(PERIOD_UNKNOWN);
	CHECK(!window_rule_usable(&rule));
	rule = period(PERIOD_LIFETIME);
	CHECK(window_rule_usable(&rule));
}

static void
test_calendar(void)
{
	WindowRule	rule = period(PERIOD_CALENDAR_YEAR);

	CHECK(window_is(rule, 20261231, 0, 20260101, 20270101));
	CHECK(window_is(rule, 20260101, 0, 20260101, 20270101));
	rule = period(PERIOD_FISCAL_YEAR);
	rule.year_starts_month = 4;
	CHECK(window_is(rule, 20260331, 0, 20250401, 20260401));
	CHECK(window_is(rule, 20260401, 0, 20260401, 20270401));
	rule = period(PERIOD_CALENDAR_MONTH);
	CHECK(window_is(rule, 20240229, 0, 20240201, 20240301));
	CHECK(window_is(rule, 20251231, 0, 20251201, 20260101));
}

static void
test_fixed(void)
{
	WindowRule	rule = period(PERIOD_DATE_RANGE);

	rule.starts = ymd(20260301);
	rule.ends = ymd(20260901);
	CHECK(state_of(rule, 20260228, 0) == LIMIT_WINDOW_NOT_YET);
	CHECK(window_is(rule, 20260301, 0, 20260301, 20260901));
	CHECK(window_is(rule, 20260831, 0, 20260301, 20260901));
	CHECK(state_of(rule, 20260901, 0) == LIMIT_WINDOW_CLOSED);

	/* slices come back to the 31st */
	rule = period_every(PERIOD_FIXED_START, 1, 0);
	rule.starts = ymd(20260131);
	CHECK(window_is(rule, 20260131, 0, 20260131, 20260228));
	CHECK(window_is(rule, 20260227, 0, 20260131, 20260228));
	CHECK(window_is(rule, 20260228, 0, 20260228, 20260331));
	CHECK(window_is(rule, 20260331, 0, 20260331, 20260430));
	CHECK(state_of(rule, 20260130, 0) == LIMIT_WINDOW_NOT_YET);
	rule.offset.days = 10;
	CHECK(window_is(rule, 20260215, 0, 20260210, 20260310));
	rule.ends = ymd(20260601);
	CHECK(state_of(rule, 20260601, 0) == LIMIT_WINDOW_CLOSED);
	rule = period_every(PERIOD_FIXED_START, 0, 90);
	rule.starts = ymd(20260101);
	CHECK(window_is(rule, 20260401, 0, 20260401, 20260630));
}

static void
test_rolling_start(void)
{
	WindowRule	rule = period_every(PERIOD_ROLLING_START, 6, 0);

	/* the first use opens the slice; one entered late moves the start */
	CHECK(window_is(rule, 20260315, 0, 20260315, 20260915));
	CHECK(window_is(rule, 20260914, 20260315, 20260315, 20260915));
	CHECK(window_is(rule, 20260915, 20260315, 20260915, 20270315));
	CHECK(window_is(rule, 20260201, 20260315, 20260201, 20260801));
	rule.offset.months = 1;
	CHECK(window_is(rule, 20260320, 20260315, 20251015, 20260415));
}

static void
test_sliding(void)
{
	WindowRule	rule = period_every(PERIOD_SLIDING, 12, 0);
	WindowUse	uses[] = {{0, UNITS(1)}, {0, UNITS(1)}};
	WindowRange range;

	/* C04: rolling twelve months, 2025-01-11 to 2026-01-10; free on 2026-12-20 */
	CHECK(window_is(rule, 20260110, 0, 20250111, 20260111));
	window_of_day(&rule, ymd(20260110), DATE_NONE, &range);
	uses[0].day = ymd(20251220);
	uses[0].quantity = UNITS(2);
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(2), UNITS(1), uses, 1) == ymd(20261220));
	CHECK(window_is(rule, 20261220, 0, 20251221, 20261221));

	/* one leaves earlier than the other; how many are wanted decides */
	uses[0].quantity = UNITS(1);
	uses[1].day = ymd(20260105);
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(2), UNITS(1), uses, 2) == ymd(20261220));
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(2), UNITS(2), uses, 2) == ymd(20270105));
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(2), UNITS(3), uses, 2) == DATE_NONE);
	CHECK(window_next_free(&rule, &range, UNITS(2), 0, UNITS(1), uses, 0) == DATE_NONE);

	/* a use entered late counts against the windows of later uses */
	uses[0].day = ymd(20260301);
	uses[1].day = ymd(20260901);
	uses[0].quantity = UNITS(1);
	uses[1].quantity = UNITS(2);
	CHECK(window_sliding_used(&rule, ymd(20260110), uses, 2) == UNITS(3));
	CHECK(window_sliding_used(&rule, ymd(20251001), uses, 2) == UNITS(3));
	CHECK(window_sliding_used(&rule, ymd(20250815), uses, 2) == UNITS(1));
	CHECK(window_sliding_used(&rule, ymd(20250301), uses, 2) == 0);
	CHECK(window_sliding_used(&rule, ymd(20270310), uses, 2) == UNITS(2));

	/* the ends of short months */
	rule = period_every(PERIOD_SLIDING, 1, 0);
	CHECK(window_leaves_on(&rule, ymd(20260131)) == ymd(20260301));
	CHECK(window_leaves_on(&rule, ymd(20260228)) == ymd(20260328));
	CHECK(window_is(rule, 20260331, 0, 20260301, 20260401));
	rule = period_every(PERIOD_SLIDING, 0, 30);
	CHECK(window_leaves_on(&rule, ymd(20260131)) == ymd(20260302));
}

static void
test_since(void)
{
	WindowRule	rule = period_every(PERIOD_SINCE_LAUNCH, 24, 0);

	CHECK(state_of(rule, 20260302, 0) == LIMIT_WINDOW_UNKNOWN);
	CHECK(window_is(rule, 20260302, 20250301, 20250301, 20270301));
	CHECK(state_of(rule, 20250228, 20250301) == LIMIT_WINDOW_NOT_YET);
	CHECK(state_of(rule, 20270301, 20250301) == LIMIT_WINDOW_CLOSED);
	rule = period(PERIOD_SINCE_FIRST_REQUEST);
	CHECK(window_is(rule, 20400101, 20250301, 20250301, 99991231));

	/* an order spread over at most six months */
	rule = period_every(PERIOD_ARRANGEMENT, 6, 0);
	CHECK(window_is(rule, 20260902, 20260302, 20260302, 20260903));
	CHECK(state_of(rule, 20260903, 20260302) == LIMIT_WINDOW_CLOSED);

	CHECK(window_is(period(PERIOD_LIFETIME), 20260902, 0, 10101, 99991231));
	CHECK(window_is(period(PERIOD_PER_REQUEST), 20260902, 0, 10101, 99991231));
	CHECK(window_is(period(PERIOD_NONE), 20260902, 0, 10101, 99991231));
}

static LimitWindow
lifecycle_state(LifecycleRule rule, int32_t day, int32_t anchor)
{
	WindowRange range;

	window_lifecycle(&rule, ymd(day), anchor == 0 ? DATE_NONE : ymd(anchor), &range);
	return range.state;
}

static void
test_lifecycle(void)
{
	LifecycleRule two_years = {.has_length = true, .length = {24, 0}};
	LifecycleRule launch_phase = {.has_length = true, .length = {18, 0}};
	LifecycleRule mature = {.has_after = true, .after = {18, 0}};
	LifecycleRule hungary = {.until_end_of_following_year = true};
	WindowRange range;

	/* C13, C14: France, first marketing and restart */
	window_lifecycle(&two_years, ymd(20260302), ymd(20240301), &range);
	CHECK(range.state == LIMIT_WINDOW_CLOSED && range.closes_on == ymd(20260301));
	CHECK(lifecycle_state(two_years, 20260301, 20240301) == LIMIT_WINDOW_OPEN);
	window_lifecycle(&two_years, ymd(20260302), ymd(20250601), &range);
	CHECK(range.state == LIMIT_WINDOW_OPEN && range.closes_on == ymd(20270601));
	CHECK(lifecycle_state(two_years, 20250531, 20250601) == LIMIT_WINDOW_NOT_YET);
	CHECK(lifecycle_state(two_years, 20250531, 0) == LIMIT_WINDOW_UNKNOWN);

	/* C33: Norway, introduced 26 months ago */
	window_lifecycle(&two_years, ymd(20260302), ymd(20240102), &range);
	CHECK(range.state == LIMIT_WINDOW_CLOSED && range.closes_on == ymd(20260102));

	/* C16 to C18: Italy, never both rules and never none */
	for (int32_t day = ymd(20250115); day < ymd(20280101); day++)
	{
		WindowRange launch;
		WindowRange later;

		window_lifecycle(&launch_phase, day, ymd(20250115), &launch);
		window_lifecycle(&mature, day, ymd(20250115), &later);
		if ((launch.state == LIMIT_WINDOW_OPEN) == (later.state == LIMIT_WINDOW_OPEN))
			CHECK(false);
	}
	CHECK(lifecycle_state(launch_phase, 20260715, 20250115) == LIMIT_WINDOW_OPEN);
	CHECK(lifecycle_state(mature, 20260715, 20250115) == LIMIT_WINDOW_NOT_YET);
	CHECK(lifecycle_state(mature, 20260716, 20250115) == LIMIT_WINDOW_OPEN);
	CHECK(lifecycle_state(launch_phase, 20260620, 20250115) == LIMIT_WINDOW_OPEN);
	CHECK(lifecycle_state(mature, 20260901, 20220115) == LIMIT_WINDOW_OPEN);

	/* C10, C11: Austria after the first year of supply */
	mature.after.months = 12;
	CHECK(lifecycle_state(mature, 20261001, 20250901) == LIMIT_WINDOW_OPEN);
	CHECK(lifecycle_state(mature, 20260901, 20250901) == LIMIT_WINDOW_NOT_YET);

	/* C27: Hungary, end of the year after launch */
	window_lifecycle(&hungary, ymd(20260102), ymd(20240501), &range);
	CHECK(range.state == LIMIT_WINDOW_CLOSED && range.closes_on == ymd(20251231));
	CHECK(lifecycle_state(hungary, 20251231, 20240501) == LIMIT_WINDOW_OPEN);
}

/* Sum of the uses that a rule counts on a day. */
static int64_t
used_on(WindowRule rule, int32_t day, const WindowUse *uses, int n)
{
	WindowRange range;
	int64_t		used = 0;

	window_of_day(&rule, ymd(day), n > 0 ? uses[0].day : DATE_NONE, &range);
	for (int i = 0; i < n; i++)
		if (uses[i].day >= range.from && uses[i].day < range.to)
			used += uses[i].quantity;
	return used;
}

/* History of the quantity cases: what counts on the day of the request. */
static void
test_histories(void)
{
	WindowRule	year = period(PERIOD_CALENDAR_YEAR);
	WindowRule	rolling = period_every(PERIOD_SLIDING, 12, 0);
	WindowUse	germany[] = {{ymd(20260201), UNITS(1)}, {ymd(20260630), UNITS(1)}};
	WindowUse	december[] = {{ymd(20251220), UNITS(2)}};
	WindowUse	austria[] = {{ymd(20260910), UNITS(2)}, {ymd(20261010), UNITS(2)}};
	WindowUse	france[] = {{ymd(20260110), UNITS(2)}, {ymd(20260505), UNITS(2)}};
	WindowUse	italy[] = {{ymd(20260110), UNITS(2)}, {ymd(20260210), UNITS(2)}, {ymd(20260310), UNITS(2)}, {ymd(20260410), UNITS(2)}};
	WindowUse	pooled[] = {{ymd(20260201), UNITS(4)}, {ymd(20260401), UNITS(3)}, {ymd(20260601), UNITS(2)}};
	WindowUse	spain[] = {{ymd(20260201), UNITS(5)}, {ymd(20260601), UNITS(4)}};
	WindowUse	poland[] = {{ymd(20260115), UNITS(3)}, {ymd(20260315), UNITS(2)}};

	CHECK(used_on(year, 20260910, germany, 2) == UNITS(2));	/* C02 */
	CHECK(used_on(year, 20260110, december, 1) == 0);	/* C03 */
	CHECK(used_on(rolling, 20260110, december, 1) == UNITS(2)); /* C04 */
	CHECK(used_on(rolling, 20261219, december, 1) == UNITS(2));
	CHECK(used_on(rolling, 20261220, december, 1) == 0);
	CHECK(used_on(year, 20261201, austria, 2) == UNITS(4)); /* C11 */
	CHECK(used_on(year, 20261101, france, 2) == UNITS(4));	/* C12 */
	CHECK(used_on(year, 20260620, italy, 4) == UNITS(8));	/* C17 */
	CHECK(used_on(year, 20260901, pooled, 3) == UNITS(9));	/* C18 */
	CHECK(used_on(year, 20261101, spain, 2) == UNITS(9));	/* C20 */
	CHECK(used_on(year, 20261001, poland, 2) == UNITS(5));	/* C24 */
}

static void
test_next_free(void)
{
	WindowRule	rule = period(PERIOD_CALENDAR_YEAR);
	WindowRange range;

	window_of_day(&rule, ymd(20260910), DATE_NONE, &range);
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(2), UNITS(1), NULL, 0) == ymd(20270101));
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(1), UNITS(1), NULL, 0) == ymd(20270101));
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(2), UNITS(3), NULL, 0) == DATE_NONE);
	CHECK(window_next_free(&rule, &range, UNITS(2), 0, UNITS(1), NULL, 0) == DATE_NONE);
	rule = period(PERIOD_LIFETIME);
	window_of_day(&rule, ymd(20260910), DATE_NONE, &range);
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(2), UNITS(1), NULL, 0) == DATE_NONE);
	rule = period_every(PERIOD_FIXED_START, 6, 0);
	rule.starts = ymd(20260101);
	rule.ends = ymd(20270101);
	window_of_day(&rule, ymd(20260201), DATE_NONE, &range);
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(2), UNITS(1), NULL, 0) == ymd(20260701));
	window_of_day(&rule, ymd(20260801), DATE_NONE, &range);
	CHECK(window_next_free(&rule, &range, UNITS(2), UNITS(2), UNITS(1), NULL, 0) == DATE_NONE);
}

int
main(void)
{
	test_dates();
	test_names();
	test_usable();
	test_calendar();
	test_fixed();
	test_rolling_start();
	test_sliding();
	test_since();
	test_lifecycle();
	test_histories();
	test_next_free();
	return check_summary("window_test");
}
