/*-------------------------------------------------------------------------
 *
 * window.c
 *	  Windows of sample limits: which days count together, when a window of
 *	  a product's life is open, when something becomes free again.
 *
 * Everything here is a function of its arguments.
 *
 * src/sample/window.c
 *
 *-------------------------------------------------------------------------
 */
#include "sample/window.h"

#include <string.h>

#define UNIX_EPOCH_DAYS 10957	/* 1970-01-01 to 2000-01-01 */
#define ERA_DAYS 146097			/* 400 years */

/* Names of the periods, in the order of LimitPeriod. */
static const char *const period_names[] = {
	"none", "calendar_year", "calendar_month", "fiscal_year", "date_range",
	"fixed_start", "rolling_start", "sliding", "since_launch",
	"since_first_request", "per_request", "arrangement", "lifetime"
};

/* The period of that name, PERIOD_UNKNOWN when there is none. */
LimitPeriod
window_period_by_name(const char *name)
{
	for (int i = 0; name != NULL && i < (int) PERIOD_UNKNOWN; i++)
		if (strcmp(period_names[i], name) == 0)
			return (LimitPeriod) i;
	return PERIOD_UNKNOWN;
}

/*
 * True when the window moves with the day, the first use, or an event whose
 * date may be corrected, so that use is a sum over days and not a number kept
 * for the window.
 */
bool
window_is_counted_by_sum(LimitPeriod period)
{
	return period == PERIOD_SLIDING || period == PERIOD_ROLLING_START ||
		period == PERIOD_SINCE_LAUNCH || period == PERIOD_SINCE_FIRST_REQUEST;
}

/* The day within the years 1 to 9999. */
static int32_t
saturate(int64_t day)
{
	if (day < DATE_OPEN_FROM)
		return DATE_OPEN_FROM;
	if (day > DATE_OPEN_TO)
		return DATE_OPEN_TO;
	return (int32_t) day;
}

/*
 * Day number of a date of the proleptic Gregorian calendar; month 1 to 12.
 * Counts from 0000-03-01 so that the leap day is the last of its year.
 */
static int64_t
day_number(int64_t year, int32_t month, int32_t day)
{
	int64_t		y = month <= 2 ? year - 1 : year;
	int64_t		era = (y >= 0 ? y : y - 399) / 400;
	int64_t		year_of_era = y - era * 400;
	int64_t		day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int64_t		day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - 719468 - UNIX_EPOCH_DAYS;
}

/* The reverse of day_number(). */
static void
civil_date(int64_t number, int64_t *year, int32_t *month, int32_t *day)
{
	int64_t		z = number + UNIX_EPOCH_DAYS + 719468;
	int64_t		era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
	int64_t		doe = z - era * ERA_DAYS;
	int64_t		yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t		doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t		mp = (5 * doy + 2) / 153;

	*day = (int32_t) (doy - (153 * mp + 2) / 5 + 1);
	*month = (int32_t) (mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2 ? 1 : 0);
}

/* Days of a month. */
static int32_t
month_length(int64_t year, int32_t month)
{
	static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : lengths[month - 1];
}

/* Day number of a date, saturated. */
int32_t
window_day(int32_t year, int32_t month, int32_t day)
{
	return saturate(day_number(year, month, day));
}

/*
 * The day some months and days away: first the months, where the 31st becomes
 * the last day of a shorter month, then the days, as the server adds them.
 */
static int32_t
shift(int32_t from, int64_t months, int64_t days)
{
	int64_t		year;
	int64_t		month_index;
	int32_t		month;
	int32_t		day;

	/* far beyond the calendar, and before numbers overflow */
	if (months > 12 * 20000)
		return DATE_OPEN_TO;
	if (months < -12 * 20000)
		return DATE_OPEN_FROM;

	civil_date(saturate(from), &year, &month, &day);
	month_index = year * 12 + (month - 1) + months;
	year = (month_index >= 0 ? month_index : month_index - 11) / 12;
	month = (int32_t) (month_index - year * 12) + 1;
	/* the last day stands in for one that the month does not have */
	if (day > month_length(year, month))
		day = month_length(year, month);
	return saturate(day_number(year, month, day) + days);
}

/* The day a span later. */
int32_t
window_add(int32_t day, WindowSpan span)
{
	return shift(day, span.months, span.days);
}

/* The day a span earlier. */
int32_t
window_subtract(int32_t day, WindowSpan span)
{
	return shift(day, -(int64_t) span.months, -(int64_t) span.days);
}

/* A span that moves forward. */
static bool
span_is_positive(WindowSpan span)
{
	return span.months >= 0 && span.days >= 0 && (span.months > 0 || span.days > 0);
}

/* False when the rule lacks what its period needs. */
bool
window_rule_usable(const WindowRule *rule)
{
	switch (rule->period)
	{
		case PERIOD_CALENDAR_YEAR:
		case PERIOD_FISCAL_YEAR:
			return rule->year_starts_month >= 1 && rule->year_starts_month <= 12;
		case PERIOD_DATE_RANGE:
			return rule->starts != DATE_NONE && rule->ends != DATE_NONE;
		case PERIOD_FIXED_START:
			return rule->starts != DATE_NONE && rule->has_every && span_is_positive(rule->every);
		case PERIOD_ROLLING_START:
		case PERIOD_SLIDING:
			return rule->has_every && span_is_positive(rule->every);
		case PERIOD_SINCE_LAUNCH:
		case PERIOD_SINCE_FIRST_REQUEST:
		case PERIOD_ARRANGEMENT:
			return !rule->has_every || span_is_positive(rule->every);
		case PERIOD_UNKNOWN:
			return false;
		default:
			return true;
	}
}

/* The twelve months, beginning with a given month, that hold the day. */
static void
year_of_day(int32_t day, int32_t first_month, WindowRange *range)
{
	int64_t		year;
	int32_t		month;
	int32_t		day_of_month;

	civil_date(saturate(day), &year, &month, &day_of_month);
	if (month < first_month)
		year--;
	range->from = saturate(day_number(year, first_month, 1));
	range->to = saturate(day_number(year + 1, first_month, 1));
}

/* The calendar month that holds the day. */
static void
month_of_day(int32_t day, WindowRange *range)
{
	int64_t		year;
	int32_t		month;
	int32_t		day_of_month;

	civil_date(saturate(day), &year, &month, &day_of_month);
	range->from = saturate(day_number(year, month, 1));
	range->to = saturate(day_number(year, month, 1) + month_length(year, month));
}

/*
 * The slice of length "every", counted from the anchor, that holds the day.
 * Starts of slices are computed from the anchor, never from each other, so
 * that a series that begins on a 31st comes back to it.
 */
static void
slice_of_day(WindowSpan every, int32_t anchor, int32_t day, WindowRange *range)
{
	int64_t		low = -4000000; /* more days than ten thousand years have */
	int64_t		high = 4000000;

	if (day >= DATE_OPEN_TO)
		day = DATE_OPEN_TO - 1;
	while (high - low > 1)
	{
		int64_t		k = low + (high - low) / 2;

		if (shift(anchor, k * every.months, k * every.days) <= day)
			low = k;
		else
			high = k;
	}
	range->from = shift(anchor, low * every.months, low * every.days);
	range->to = shift(anchor, high * every.months, high * every.days);
}

/*
 * Is the day in a period [from, to)?  Sets the range to it; to may be
 * DATE_OPEN_TO.
 */
static void
bounded_period(int32_t from, int32_t to, int32_t day, WindowRange *range)
{
	from = saturate(from);
	to = saturate(to);
	range->from = from;
	range->to = to;
	range->opens_on = from;
	range->closes_on = to < DATE_OPEN_TO ? to - 1 : DATE_NONE;
	if (day < from)
		range->state = LIMIT_WINDOW_NOT_YET;
	else if (day >= to && to < DATE_OPEN_TO)
		range->state = LIMIT_WINDOW_CLOSED;
}

/* A period that runs from an event; DATE_NONE: the event is not known. */
static void
period_since(const WindowRule *rule, int32_t day, int32_t anchor, int32_t extra_days,
			 WindowRange *range)
{
	int32_t		from;
	int32_t		to = DATE_OPEN_TO;

	if (anchor == DATE_NONE)
	{
		range->state = LIMIT_WINDOW_UNKNOWN;
		return;
	}
	from = window_add(anchor, rule->offset);
	if (rule->has_every)
		to = saturate((int64_t) window_add(from, rule->every) + extra_days);
	bounded_period(from, to, day, range);
}

/*
 * The counting window of a usable rule that holds the day.
 *
 * "anchor" is, for rolling_start, the day of the first use (DATE_NONE: there
 * is none, or not before the day), for since_launch the launch, for
 * since_first_request and arrangement the day of the request.
 */
void
window_of_day(const WindowRule *rule, int32_t day, int32_t anchor, WindowRange *range)
{
	memset(range, 0, sizeof(*range));
	range->state = LIMIT_WINDOW_OPEN;
	range->from = DATE_OPEN_FROM;
	range->to = DATE_OPEN_TO;
	range->opens_on = DATE_NONE;
	range->closes_on = DATE_NONE;

	switch (rule->period)
	{
		case PERIOD_CALENDAR_YEAR:
		case PERIOD_FISCAL_YEAR:
			year_of_day(day, rule->year_starts_month, range);
			break;
		case PERIOD_CALENDAR_MONTH:
			month_of_day(day, range);
			break;
		case PERIOD_DATE_RANGE:
			bounded_period(rule->starts, rule->ends, day, range);
			break;
		case PERIOD_FIXED_START:
			anchor = window_add(rule->starts, rule->offset);
			bounded_period(anchor, rule->ends == DATE_NONE ? DATE_OPEN_TO : rule->ends, day, range);
			if (range->state == LIMIT_WINDOW_OPEN)
				slice_of_day(rule->every, anchor, day, range);
			break;
		case PERIOD_ROLLING_START:
			if (anchor == DATE_NONE || anchor > day)
				anchor = day;
			slice_of_day(rule->every, window_add(anchor, rule->offset), day, range);
			break;
		case PERIOD_SLIDING:
			range->from = saturate((int64_t) window_subtract(day, rule->every) + 1);
			range->to = saturate((int64_t) day + 1);
			break;
		case PERIOD_SINCE_LAUNCH:
		case PERIOD_SINCE_FIRST_REQUEST:
			period_since(rule, day, anchor, 0, range);
			break;
		case PERIOD_ARRANGEMENT:
			/* "within six months" includes the day six months later */
			period_since(rule, day, anchor, 1, range);
			break;
		default:
			break;
	}
}

/*
 * Is a rule that holds in a part of a product's life in force on that day?
 * "anchor" is the day of authorisation, marketing, supply or first request,
 * already moved by restarts; DATE_NONE: not known.
 *
 * The last day is anchor + after + length: "two years from 1 March 2024" end
 * with 1 March 2026.  A rule that begins after a span begins on the next day,
 * so that one rule for the first 18 months and one for the time after never
 * hold on the same day.
 */
void
window_lifecycle(const LifecycleRule *rule, int32_t day, int32_t anchor, WindowRange *range)
{
	int32_t		start;
	int32_t		to = DATE_OPEN_TO;
	int64_t		year;
	int32_t		month;
	int32_t		day_of_month;

	memset(range, 0, sizeof(*range));
	range->state = LIMIT_WINDOW_OPEN;
	range->opens_on = DATE_NONE;
	range->closes_on = DATE_NONE;
	if (anchor == DATE_NONE)
	{
		range->state = LIMIT_WINDOW_UNKNOWN;
		return;
	}

	start = rule->has_after ? window_add(anchor, rule->after) : anchor;
	if (rule->has_length)
		to = saturate((int64_t) window_add(start, rule->length) + 1);
	if (rule->until_end_of_following_year)
	{
		int32_t		year_end;

		civil_date(saturate(anchor), &year, &month, &day_of_month);
		year_end = saturate(day_number(year + 2, 1, 1));
		if (year_end < to)
			to = year_end;
	}
	if (rule->has_after && span_is_positive(rule->after))
		start = saturate((int64_t) start + 1);
	bounded_period(start, to, day, range);
}

/*
 * First day on which a use of "day" is no longer in the sliding window.  Not
 * always day + every: one month before 30 March is 28 February.
 */
int32_t
window_leaves_on(const WindowRule *rule, int32_t day)
{
	int32_t		candidate = window_add(day, rule->every);

	while (candidate < DATE_OPEN_TO && window_subtract(candidate, rule->every) < day)
		candidate++;
	while (candidate > DATE_OPEN_FROM && window_subtract(candidate - 1, rule->every) >= day)
		candidate--;
	return candidate;
}

/*
 * Use that a hand-over on "day" meets in a sliding period: the largest sum of
 * all windows that would hold it.  Uses of later days are there when one was
 * entered late; "uses" are ascending by day.
 */
int64_t
window_sliding_used(const WindowRule *rule, int32_t day, const WindowUse *uses, int n_uses)
{
	int64_t		largest = 0;

	for (int last = -1; last < n_uses; last++)
	{
		int32_t		end = last < 0 ? day : uses[last].day;
		int32_t		before = window_subtract(end, rule->every);
		int64_t		sum = 0;

		if (end < day || before >= day)
			continue;
		for (int i = 0; i < n_uses && uses[i].day <= end; i++)
			if (uses[i].day > before)
				sum += uses[i].quantity;
		if (sum > largest)
			largest = sum;
	}
	return largest;
}

/*
 * The first day on which "charge" would pass or, when it passes now, on which
 * more becomes free.  DATE_NONE: never, or nothing is used.  "uses" are those
 * of the window of a sliding period, by day, ascending.
 */
int32_t
window_next_free(const WindowRule *rule, const WindowRange *range, int64_t quota,
				 int64_t used, int64_t charge, const WindowUse *uses, int n_uses)
{
	int64_t		needed = used + charge - quota;
	int64_t		freed = 0;

	if (used <= 0 || charge > quota)
		return DATE_NONE;
	if (needed <= 0)
		needed = 1;

	switch (rule->period)
	{
		case PERIOD_CALENDAR_YEAR:
		case PERIOD_FISCAL_YEAR:
		case PERIOD_CALENDAR_MONTH:
		case PERIOD_ROLLING_START:
			return range->to < DATE_OPEN_TO ? range->to : DATE_NONE;
		case PERIOD_FIXED_START:
			if (range->to >= DATE_OPEN_TO || (rule->ends != DATE_NONE && range->to >= rule->ends))
				return DATE_NONE;
			return range->to;
		case PERIOD_SLIDING:
			for (int i = 0; i < n_uses; i++)
			{
				freed += uses[i].quantity;
				if (freed >= needed)
					return window_leaves_on(rule, uses[i].day);
			}
			return DATE_NONE;
		default:
			return DATE_NONE;
	}
}
