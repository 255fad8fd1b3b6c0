/*-------------------------------------------------------------------------
 *
 * identifier_form.c
 *	  The form in which identifiers are stored, and hints at unusual licence
 *	  numbers.
 *
 * Pure: no server, no allocation.
 *
 * src/identity/identifier_form.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/identifier.h"

#include <string.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/*
 * The ASCII character that a value's byte sequence at *i stands for: itself, or
 * a full-width form (U+FF01 to U+FF5E, U+3000), or a dash (U+2010 to U+2015).
 * Moves *i behind it.  Other bytes are returned as they are.
 */
static unsigned char
next_narrow(const unsigned char *value, size_t len, size_t *i)
{
	const unsigned char *at = value + *i;

	if (len - *i >= 3 && (at[1] & 0xc0) == 0x80 && (at[2] & 0xc0) == 0x80)
	{
		unsigned	c = (unsigned) (at[0] & 0x0f) << 12 | (unsigned) (at[1] & 0x3f) << 6 | (unsigned) (at[2] & 0x3f);
		bool		three = (at[0] & 0xf0) == 0xe0;

		if (three && c >= 0xff01 && c <= 0xff5e)
		{
			*i += 3;
			return (unsigned char) (c - 0xff01 + '!');
		}
		if (three && (c == 0x3000 || (c >= 0x2010 && c <= 0x2015)))
		{
			*i += 3;
			return c == 0x3000 ? ' ' : '-';
		}
	}
	*i += 1;
	return at[0];
}

/*
 * The form in which a value of a system is stored: full-width characters made
 * narrow, letters upper case, blanks and separators dropped; a separator that
 * belongs to the form stays.  Writes at most "len" bytes and a terminator to
 * "out"; returns their number.  Judging is the caller's next step.
 */
size_t
lsce_identifier_normalize(const LsceIdentifierSystem *system, const char *value, size_t len, char *out)
{
	bool		keep_hyphen = strcmp(system->name, "us_state_license") == 0 || strcmp(system->name, "br_crm") == 0;
	bool		keep_slash = strcmp(system->name, "it_ordine") == 0;
	size_t		n = 0;

	for (size_t i = 0; i < len;)
	{
		unsigned char c = next_narrow((const unsigned char *) value, len, &i);

		if (c == ' ' || c == '\t' || c == '.' || (c == '-' && !keep_hyphen) || (c == '/' && !keep_slash))
			continue;
		out[n++] = (char) (c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	/* the registers of Japan count leading zeros for nothing */
	if (strcmp(system->name, "jp_iseki") == 0 || strcmp(system->name, "jp_yakuzaishi") == 0)
	{
		size_t		zeros = 0;

		while (zeros + 1 < n && out[zeros] == '0')
			zeros++;
		n -= zeros;
		memmove(out, out + zeros, n);
	}
	out[n] = '\0';
	return n;
}

/* Match a pattern: A a letter, 9 a digit, anything else itself, a trailing + more digits. */
static bool
like_pattern(const char *pattern, const char *number, size_t len)
{
	size_t		i = 0;

	for (; *pattern; pattern++)
	{
		if (*pattern == '+')
		{
			while (i < len && is_digit(number[i]))
				i++;
			continue;
		}
		if (i == len || !(*pattern == 'A' ? is_upper(number[i]) :
						  *pattern == '9' ? is_digit(number[i]) : number[i] == *pattern + ('A' - 'a') * (*pattern >= 'a')))
			return false;
		i++;
	}
	return i == len;
}

/*
 * What is unusual about a licence number of a state, or NULL.  States have no
 * common syntax and boards change theirs, so this is a hint and never an error.
 * "number" is normalised: upper case, without blanks and dots.
 */
const char *
lsce_license_hint(const char *jurisdiction, size_t jurisdiction_len, const char *number, size_t len)
{
	/* lower case in a pattern stands for that very letter */
	static const struct
	{
		const char *jurisdiction;
		const char *patterns[4];
		const char *hint;
	}			hints[] = {
		{"US-CA", {"A9+"}, "numbers of California are a letter and digits"},
		{"US-FL", {"me9+", "os9+", "aprn9+"}, "numbers of Florida are ME, OS or APRN and digits"},
		{"US-PA", {"md999999", "md999999A", "os999999", "os999999A"}, "numbers of Pennsylvania are MD or OS, 6 digits and perhaps a letter"},
		{"US-OH", {"359+", "349+"}, "numbers of Ohio begin with 35. or 34."},
		{"US-IL", {"0369+"}, "numbers of Illinois begin with 036."},
		{"US-NY", {"999999"}, "numbers of New York are 6 digits"},
		{"US-TX", {"A9999"}, "numbers of Texas are a letter and 4 digits"},
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
	{
		if (strlen(hints[i].jurisdiction) != jurisdiction_len ||
			memcmp(hints[i].jurisdiction, jurisdiction, jurisdiction_len) != 0)
			continue;
		for (int p = 0; p < 4 && hints[i].patterns[p] != NULL; p++)
		{
			if (like_pattern(hints[i].patterns[p], number, len))
				return NULL;
		}
		return hints[i].hint;
	}
	return NULL;
}
