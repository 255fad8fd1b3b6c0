/*-------------------------------------------------------------------------
 *
 * check.h
 *	  Counting checks of the unit tests.
 *
 * A test calls CHECK() for each fact and returns check_summary() from main().
 *
 * test/unit/check.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_CHECK_H
#define LSCE_CHECK_H

#include <stdio.h>

static int	checks_passed;
static int	checks_failed;

/* Count a condition; print it with its place if it does not hold. */
#define CHECK(condition) \
	((condition) ? (void) checks_passed++ \
	 : (void) (checks_failed++, \
			   printf("%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition)))

/* Print the line that the Makefile adds up.  Returns the exit status. */
static inline int
check_summary(const char *name)
{
	printf("%s: %d passed, %d failed\n", name, checks_passed, checks_failed);
	return checks_failed > 0;
}

#endif							/* LSCE_CHECK_H */
