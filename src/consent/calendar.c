/*-------------------------------------------------------------------------
 *
 * calendar.c
 *	  Calendar arithmetic on days since 2000-01-01.
 *
 * Proleptic Gregorian calendar, as the server has it.  Results outside the
 * years that int32 days can name are clamped, so no input overflows.
 *
 * src/consent/calendar.c
 *
 *-------------------------------------------------------------------------
 */
#include "consent/consent.h"

/* days from 0000-03-01 to 2000-01-01 */
#define EPOCH_OFFSET 730425

/* days of 400 years */
#define DAYS_PER_ERA 146097

/* Day number of a date; month 1-12. */
static int64_t
day_from_civil(int64_t year, int month, int day)
{
	int64_t		era;
	int64_t		year_of_era;
	int64_t		day_of_year;

	/* count years from March, so that the leap day is the last one */
	if (month <= 2)
		year--;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 -
		year_of_era / 100 + day_of_year - EPOCH_OFFSET;
}

/* The date of a day number. */
static void
civil_from_day(int32_t day_number, int64_t *year, int *month, int *day)
{
	int64_t		z = (int64_t) day_number + EPOCH_OFFSET;
	int64_t		era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	int64_t		day_of_era = z - era * DAYS_PER_ERA;
	int64_t		year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
							   day_of_era / 146096) / 365;
	int64_t		day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
											year_of_era / 100);
	int			shifted = (int) ((5 * day_of_year + 2) / 153);

	*day = (int) (day_of_year - (153 * shifted + 2) / 5) + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = year_of_era + era * 400 + (*month <= 2);
}

/* Length of a month. */
static int
month_length(int64_t year, int month)
{
	int64_t		next_year = month == 12 ? year + 1 : year;
	int			next_month = month == 12 ? 1 : month + 1;

	return (int) (day_from_civil(next_year, next_month, 1) - day_from_civil(year, month, 1));
}

/* A day number as int32, the ends standing in for what lies beyond. */
static int32_t
day_clamped(int64_t day)
{
	if (day >= CONSENT_NO_DAY)
		return CONSENT_NO_DAY;
	if (day <= INT32_MIN)
		return INT32_MIN;
	return (int32_t) day;
}

/*
 * The day so many months, then so many days later.  A month that is too short
 * gives its last day: 31 August plus six months is the end of February.
 * CONSENT_NO_DAY stays what it is.
 */
int32_t
consent_day_plus(int32_t day, int32_t months, int32_t days)
{
	int64_t		year;
	int			month;
	int			month_day;
	int64_t		month_number;
	int			length;

	if (day == CONSENT_NO_DAY)
		return day;
	civil_from_day(day, &year, &month, &month_day);
	month_number = year * 12 + (month - 1) + months;
	year = month_number >= 0 ? month_number / 12 : (month_number - 11) / 12;
	month = (int) (month_number - year * 12) + 1;
	length = month_length(year, month);
	if (month_day > length)
		month_day = length;
	return day_clamped(day_from_civil(year, month, month_day) + days);
}

/*
 * The count-th business day after a day.  Business days are Monday to Friday:
 * public holidays are not left out, so a deadline is never later than the law's.
 */
int32_t
consent_business_day_plus(int32_t day, int count)
{
	int64_t		weekday = ((int64_t) day % 7 + 7 + 5) % 7;	/* Monday is 0 */
	int64_t		result = day;

	if (count <= 0 || day == CONSENT_NO_DAY)
		return day;
	if (weekday > 4)
	{
		/* from a weekend, count from the Friday before */
		result -= weekday - 4;
		weekday = 4;
	}
	result += (int64_t) (count / 5) * 7 + count % 5;
	if (weekday + count % 5 > 4)
		result += 2;
	return day_clamped(result);
}
