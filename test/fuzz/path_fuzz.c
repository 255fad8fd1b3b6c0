/*-------------------------------------------------------------------------
 *
 * path_fuzz.c
 *	  Fuzzing of the path core.
 *
 * The input is split at its first line feed into two texts.  What parses must
 * have the form that path_core.h promises, be what ICU makes of the whole text
 * at once, and parse to itself again; the operations on both must agree with
 * each other.
 *
 * sources: src/path/path_core.c src/path/path_parse.c
 *
 * test/fuzz/path_fuzz.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "path/path_core.h"

/* Abort, naming what does not hold. */
#define HOLDS(condition) \
	((condition) ? (void) 0 : (fprintf(stderr, "line %d: %s\n", __LINE__, #condition), abort()))

#define MAX_UNITS	8192

typedef struct Parsed
{
	bool		ok;
	size_t		len;
	char		data[LSCE_PATH_MAX_BYTES];
} Parsed;

/* ICU's own normalisation of the whole text gives the same as segments do. */
static void
check_against_icu(const char *text, size_t text_len, const char *printed, size_t len)
{
	static UChar source[MAX_UNITS];
	static UChar normalised[MAX_UNITS];
	static char expected[MAX_UNITS];
	UErrorCode	code = U_ZERO_ERROR;
	int32_t		units;
	int32_t		expected_len;

	u_strFromUTF8(source, MAX_UNITS, &units, text, (int32_t) text_len, &code);
	units = unorm2_normalize(unorm2_getNFKCCasefoldInstance(&code), source, units,
							 normalised, MAX_UNITS, &code);
	u_strToUTF8(expected, MAX_UNITS, &expected_len, normalised, units, &code);
	HOLDS(U_SUCCESS(code));
	HOLDS((size_t) expected_len == len && memcmp(expected, printed, len) == 0);
}

/* Parse and check all that is promised of one path. */
static void
parse(const char *text, size_t text_len, Parsed *parsed)
{
	LscePathError error;
	char		printed[LSCE_PATH_MAX_BYTES];
	char		again[LSCE_PATH_MAX_BYTES];
	size_t		again_len;
	size_t		label = 0;
	int			levels = 1;

	parsed->ok = lsce_path_parse(text, text_len, parsed->data, &parsed->len,
								 &error) == LSCE_PATH_OK;
	if (!parsed->ok)
	{
		HOLDS(error.status != LSCE_PATH_OK);
		HOLDS(error.position >= 1 && error.position <= text_len + 1);
		return;
	}

	HOLDS(parsed->len >= 1 && parsed->len <= LSCE_PATH_MAX_BYTES);
	for (size_t i = 0; i < parsed->len; i++)
	{
		if (parsed->data[i] == LSCE_PATH_SEPARATOR)
		{
			HOLDS(label > 0);
			label = 0;
			levels++;
			continue;
		}
		HOLDS((unsigned char) parsed->data[i] >= LSCE_PATH_LEAST_BYTE && parsed->data[i] != '.');
		HOLDS(++label <= LSCE_PATH_MAX_LABEL);
	}
	HOLDS(label > 0);
	HOLDS(levels <= LSCE_PATH_MAX_LEVELS);
	HOLDS(levels == lsce_path_levels(parsed->data, parsed->len));

	lsce_path_print(parsed->data, parsed->len, printed);
	check_against_icu(text, text_len, printed, parsed->len);
	HOLDS(lsce_path_parse(printed, parsed->len, again, &again_len, &error) == LSCE_PATH_OK);
	HOLDS(again_len == parsed->len && memcmp(again, parsed->data, again_len) == 0);
}

/* Every part of a path is a path that contains it or that it ends with. */
static void
check_parts(const Parsed *path)
{
	int			levels = lsce_path_levels(path->data, path->len);

	for (int n = 1; n <= levels; n++)
	{
		size_t		len = lsce_path_prefix(path->data, path->len, n);
		size_t		offset;
		size_t		slice_len;

		HOLDS(lsce_path_levels(path->data, len) == n);
		HOLDS(lsce_path_within(path->data, path->len, path->data, len));
		HOLDS(lsce_path_slice(path->data, path->len, 0, true, n, &offset, &slice_len));
		HOLDS(offset == 0 && slice_len == len);
		HOLDS(lsce_path_slice(path->data, path->len, -n, false, 0, &offset, &slice_len));
		HOLDS(offset + slice_len == path->len);
		HOLDS(lsce_path_levels(path->data + offset, slice_len) == n);
	}
}

/* The relations between two paths agree. */
static void
check_pair(const Parsed *a, const Parsed *b)
{
	int			order = lsce_path_compare(a->data, a->len, b->data, b->len);
	int			reverse = lsce_path_compare(b->data, b->len, a->data, a->len);
	bool		within = lsce_path_within(a->data, a->len, b->data, b->len);
	char		end[LSCE_PATH_MAX_BYTES + 1];
	int			levels;
	size_t		common = lsce_path_common(a->data, a->len, b->data, b->len, &levels);

	HOLDS((order < 0) == (reverse > 0) && (order == 0) == (reverse == 0));
	HOLDS((order == 0) == (within && a->len == b->len));

	memcpy(end, b->data, b->len);
	end[b->len] = LSCE_PATH_LEAST_BYTE;
	HOLDS(within == (order >= 0 &&
					 lsce_path_compare(a->data, a->len, end, b->len + 1) < 0));

	HOLDS(within == (common == b->len));
	HOLDS((common == 0) == (levels == 0));
	if (common > 0)
	{
		HOLDS(lsce_path_levels(a->data, common) == levels);
		HOLDS(lsce_path_within(a->data, a->len, a->data, common));
		HOLDS(lsce_path_within(b->data, b->len, a->data, common));
	}
	if (levels < lsce_path_levels(a->data, a->len))
		HOLDS(!lsce_path_within(b->data, b->len, a->data,
								lsce_path_prefix(a->data, a->len, levels + 1)));
}

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Parsed a;
	static Parsed b;
	const char *text = (const char *) data;
	const char *line_feed = size > 0 ? memchr(text, '\n', size) : NULL;
	size_t		a_len = line_feed ? (size_t) (line_feed - text) : size;

	parse(text, a_len, &a);
	if (a.ok)
		check_parts(&a);
	if (line_feed == NULL)
		return 0;

	parse(line_feed + 1, size - a_len - 1, &b);
	if (a.ok && b.ok)
	{
		check_pair(&a, &b);
		check_pair(&b, &a);
	}
	return 0;
}
