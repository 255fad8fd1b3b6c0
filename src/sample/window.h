/*-------------------------------------------------------------------------
 *
 * window.h
 *	  Windows of sample limits: date arithmetic only; needs no server.
 *
 * Days are counted from 2000-01-01, as everywhere in facts.h, and saturate at
 * DATE_OPEN_FROM and DATE_OPEN_TO.  Counting windows are half-open.
 *
 * src/sample/window.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_SAMPLE_WINDOW_H
#define LSCE_SAMPLE_WINDOW_H

#include "rules/facts.h"

typedef enum LimitPeriod
{
	PERIOD_NONE = 0,
	PERIOD_CALENDAR_YEAR,
	PERIOD_CALENDAR_MONTH,
	PERIOD_FISCAL_YEAR,
	PERIOD_DATE_RANGE,
	PERIOD_FIXED_START,
	PERIOD_ROLLING_START,
	PERIOD_SLIDING,
	PERIOD_SINCE_LAUNCH,
	PERIOD_SINCE_FIRST_REQUEST,
	PERIOD_PER_REQUEST,
	PERIOD_ARRANGEMENT,
	PERIOD_LIFETIME,
	PERIOD_UNKNOWN
} LimitPeriod;

/* An interval in whole days; a month is a calendar month. */
typedef struct WindowSpan
{
	int32_t		months;
	int32_t		days;
} WindowSpan;

/* How a rule counts; from columns of the same names in limit_rule. */
typedef struct WindowRule
{
	LimitPeriod period;
	int32_t		starts;			/* DATE_NONE: not given */
	int32_t		ends;			/* first day after, DATE_NONE: not given */
	bool		has_every;
	WindowSpan	every;
	WindowSpan	offset;
	int32_t		year_starts_month;	/* 1 to 12 */
} WindowRule;

/* The counting window that holds a day; from and to are set when it is open. */
typedef struct WindowRange
{
	LimitWindow state;
	int32_t		from;
	int32_t		to;
	int32_t		opens_on;		/* of a period with an end; else DATE_NONE */
	int32_t		closes_on;		/* its last day; DATE_NONE: open end */
} WindowRange;

/* In which part of a product's life a rule holds. */
typedef struct LifecycleRule
{
	bool		has_after;
	WindowSpan	after;
	bool		has_length;
	WindowSpan	length;
	bool		until_end_of_following_year;
} LifecycleRule;

/* Units used on a day. */
typedef struct WindowUse
{
	int32_t		day;
	int64_t		quantity;
} WindowUse;

extern LimitPeriod window_period_by_name(const char *name);
extern bool window_is_counted_by_sum(LimitPeriod period);
extern int32_t window_day(int32_t year, int32_t month, int32_t day);
extern int32_t window_add(int32_t day, WindowSpan span);
extern int32_t window_subtract(int32_t day, WindowSpan span);
extern bool window_rule_usable(const WindowRule *rule);
extern void window_of_day(const WindowRule *rule, int32_t day, int32_t anchor,
						  WindowRange *range);
extern void window_lifecycle(const LifecycleRule *rule, int32_t day, int32_t anchor,
							 WindowRange *range);
extern int32_t window_leaves_on(const WindowRule *rule, int32_t day);
extern int64_t window_sliding_used(const WindowRule *rule, int32_t day,
								   const WindowUse *uses, int n_uses);
extern int32_t window_next_free(const WindowRule *rule, const WindowRange *range,
								int64_t quota, int64_t used, int64_t charge,
								const WindowUse *uses, int n_uses);

#endif							/* LSCE_SAMPLE_WINDOW_H */
