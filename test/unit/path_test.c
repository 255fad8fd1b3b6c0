/*-------------------------------------------------------------------------
 *
 * path_test.c
 *	  Tests of the path core: parsing, order, parts, estimates.
 *
 * sources: src/path/path_core.c src/path/path_parse.c
 * sources: src/path/path_estimate.c
 *
 * test/unit/path_test.c
 *
 *-------------------------------------------------------------------------
 */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/utf8.h>

#include "path/path_core.h"
#include "path/path_estimate.h"

/* A parsed path in memory of its exact size, so that ASan sees overruns. */
typedef struct Parsed
{
	LscePathStatus status;
	LscePathError error;
	char	   *data;
	size_t		len;
} Parsed;

static Parsed
parse_bytes(const char *text, size_t len)
{
	Parsed		parsed;
	char	   *copy = malloc(len > 0 ? len : 1);
	char		path[LSCE_PATH_MAX_BYTES];

	memcpy(copy, text, len);
	parsed.status = lsce_path_parse(copy, len, path, &parsed.len, &parsed.error);
	parsed.data = malloc(parsed.len > 0 ? parsed.len : 1);
	memcpy(parsed.data, path, parsed.len);
	free(copy);
	return parsed;
}

static Parsed
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

/* Does text parse, and is its normalised form "expected"? */
static bool
becomes(const char *text, const char *expected)
{
	Parsed		parsed = parse(text);
	char		printed[LSCE_PATH_MAX_BYTES + 1];
	bool		same;

	lsce_path_print(parsed.data, parsed.len, printed);
	printed[parsed.len] = '\0';
	same = parsed.status == LSCE_PATH_OK && strcmp(printed, expected) == 0;
	if (!same)
		printf("\"%s\" became \"%s\", status %d at %zu\n", text, printed,
			   (int) parsed.status, parsed.error.position);
	free(parsed.data);
	return same;
}

/* Is text refused for that reason, at that character and code point? */
static bool
refused(const char *text, LscePathStatus status, size_t position, uint32_t code_point)
{
	Parsed		parsed = parse(text);
	bool		same = parsed.status == status && parsed.error.status == status &&
		parsed.error.position == position && parsed.error.code_point == code_point;

	if (!same)
		printf("\"%s\": status %d at %zu, U+%04X\n", text, (int) parsed.status,
			   parsed.error.position, (unsigned) parsed.error.code_point);
	free(parsed.data);
	return same;
}

/* "x" count times, then the tail; in a buffer that the next call overwrites. */
static const char *
repeated(const char *unit, int count, const char *tail)
{
	static char text[32768];
	char	   *end = text;

	for (int i = 0; i < count; i++)
		end = stpcpy(end, unit);
	strcpy(end, tail);
	return text;
}

static void
test_normalisation(void)
{
	CHECK(becomes("us", "us"));
	CHECK(becomes("US.West.R-03.t_0412", "us.west.r-03.t_0412"));
	CHECK(becomes("日本.関東.東京", "日本.関東.東京"));
	CHECK(becomes("ＵＳ．Ｗｅｓｔ．０３", "us.west.03"));
	CHECK(becomes("ﾎｯｶｲﾄﾞｳ.ｻｯﾎﾟﾛ", "ホッカイドウ.サッポロ"));
	CHECK(becomes("München.Straße", "münchen.strasse"));
	CHECK(becomes("Mu\xCC\x88nchen", "münchen"));
	CHECK(becomes("MU\xCC\x88NCHEN", "münchen"));
	CHECK(becomes("\xE2\x84\xAB", "å"));	/* ANGSTROM SIGN */
	CHECK(becomes("a\xE2\x84\xAB", "aå"));
	CHECK(becomes("ﬁnance", "finance"));
	CHECK(becomes("x²", "x2"));
	CHECK(becomes("Ⅳ", "iv"));
	CHECK(becomes("ΌΣΟΣ", "όσοσ"));
	CHECK(becomes("각.ᄀ\xE1\x85\xA1\xE1\x86\xA8", "각.각"));
	CHECK(becomes("a.\xCC\x88" "b", "a.\xCC\x88" "b"));	/* a mark does not join a dot */
	CHECK(becomes("\xE2\x92\x88" "a", "1.a"));	/* DIGIT ONE FULL STOP */
	CHECK(becomes("a\xE2\x80\xA4" "b", "a.b"));	/* ONE DOT LEADER */
	/* marks in another order */
	CHECK(becomes("a\xCC\xA3\xCC\x88", "\xE1\xBA\xA1\xCC\x88"));
	CHECK(becomes("a\xCC\x88\xCC\xA3", "\xE1\xBA\xA1\xCC\x88"));
}

static void
test_refusals(void)
{
	CHECK(refused("", LSCE_PATH_EMPTY, 1, 0));
	CHECK(refused(".", LSCE_PATH_EMPTY_LABEL, 1, '.'));
	CHECK(refused(".a", LSCE_PATH_EMPTY_LABEL, 1, '.'));
	CHECK(refused("a..b", LSCE_PATH_EMPTY_LABEL, 3, '.'));
	CHECK(refused("a.", LSCE_PATH_EMPTY_LABEL, 3, 0));
	CHECK(refused("ä.", LSCE_PATH_EMPTY_LABEL, 3, 0));
	CHECK(refused("a b", LSCE_PATH_BAD_CHARACTER, 2, ' '));
	CHECK(refused("ä b", LSCE_PATH_BAD_CHARACTER, 2, ' '));
	CHECK(refused("a/b", LSCE_PATH_BAD_CHARACTER, 2, '/'));
	CHECK(refused("a\tb", LSCE_PATH_CONTROL, 2, '\t'));
	CHECK(refused("a\x7f", LSCE_PATH_CONTROL, 2, 0x7f));
	CHECK(refused("ä\x01", LSCE_PATH_CONTROL, 2, 1));
	CHECK(refused("ä\xC2\x85", LSCE_PATH_CONTROL, 2, 0x85));
	CHECK(refused("a\xC2\xAD" "b", LSCE_PATH_IGNORABLE, 2, 0xAD));
	CHECK(refused("日\xE2\x80\x8B本", LSCE_PATH_IGNORABLE, 2, 0x200B));
	CHECK(refused("\xEF\xBB\xBF" "a", LSCE_PATH_IGNORABLE, 1, 0xFEFF));
	CHECK(refused("a\xEF\xB8\x8F", LSCE_PATH_IGNORABLE, 2, 0xFE0F));
	CHECK(refused("a.\xCD\xB8", LSCE_PATH_UNASSIGNED, 3, 0x378));
	CHECK(refused("a.\xEF\xBF\xBF", LSCE_PATH_UNASSIGNED, 3, 0xFFFF));
	CHECK(refused("a.\xEE\x80\x80", LSCE_PATH_BAD_CHARACTER, 3, 0xE000));
	CHECK(refused("東京。", LSCE_PATH_BAD_CHARACTER, 3, 0x3002));
	CHECK(refused("a.😀", LSCE_PATH_BAD_CHARACTER, 3, 0x1F600));
	CHECK(refused("a\xC3(", LSCE_PATH_BAD_ENCODING, 2, 0));
	CHECK(refused("\xED\xA0\x80", LSCE_PATH_BAD_ENCODING, 1, 0));
	/* positions count characters of the input, whatever they become */
	CHECK(refused("ﷺ", LSCE_PATH_BAD_CHARACTER, 1, 0xFDFA));
	CHECK(refused("ﬃx+", LSCE_PATH_BAD_CHARACTER, 3, '+'));
	CHECK(refused("u\xCC\x88u\xCC\x88+", LSCE_PATH_BAD_CHARACTER, 5, '+'));
	CHECK(refused("x.…", LSCE_PATH_EMPTY_LABEL, 3, 0x2026));
	/* a bad character followed by a mark is found within their segment */
	CHECK(refused("ab+\xCC\x88", LSCE_PATH_BAD_CHARACTER, 3, '+'));
}

static void
test_limits(void)
{
	Parsed		parsed;

	CHECK(becomes(repeated("x", 255, ""), repeated("x", 255, "")));
	CHECK(refused(repeated("x", 256, ""), LSCE_PATH_LABEL_TOO_LONG, 256, 'x'));
	CHECK(becomes(repeated("日", 85, ""), repeated("日", 85, "")));
	CHECK(refused(repeated("日", 86, ""), LSCE_PATH_LABEL_TOO_LONG, 86, 0x65E5));
	/* 300 bytes of input become 100 */
	parsed = parse(repeated("ａ", 100, ""));
	CHECK(parsed.status == LSCE_PATH_OK && parsed.len == 100);
	free(parsed.data);

	parsed = parse(repeated("a.", 31, "a"));
	CHECK(parsed.status == LSCE_PATH_OK && lsce_path_levels(parsed.data, parsed.len) == 32);
	free(parsed.data);
	CHECK(refused(repeated("a.", 32, "a"), LSCE_PATH_TOO_MANY_LEVELS, 64, '.'));

	/* 8 labels of 255 bytes with their dots are 2047 bytes */
	{
		char		long_path[4096];
		char	   *end = long_path;

		for (int i = 0; i < 8; i++)
		{
			memset(end, 'a' + i, 255);
			end[255] = '.';
			end += 256;
		}
		end[-1] = '\0';
		CHECK(becomes(long_path, long_path));
		strcpy(long_path + 2047, ".");
		CHECK(refused(long_path, LSCE_PATH_EMPTY_LABEL, 2049, 0));
		strcpy(long_path + 2047, ".b");
		CHECK(refused(long_path, LSCE_PATH_TOO_LONG, 2049, 'b'));
		/* 2048 bytes: the last label but one is cut by one, the last has one */
		memmove(long_path + 2046, long_path + 2047, 3);
		CHECK(becomes(long_path, long_path));
	}

	/* no end of marks on one letter */
	CHECK(refused(repeated("\xCC\x88", 5000, ""), LSCE_PATH_LABEL_TOO_LONG, 1021, 0x308));
	CHECK(refused(repeated("\xCC\x88", 200, ""), LSCE_PATH_LABEL_TOO_LONG, 1, 0x308));
}

/* Compare by labels, the slow way: the order that bytes have to reproduce. */
static int
compare_by_labels(const char *a, const char *b)
{
	for (;;)
	{
		size_t		a_len = strcspn(a, ".");
		size_t		b_len = strcspn(b, ".");
		int			order = memcmp(a, b, a_len < b_len ? a_len : b_len);

		if (order == 0)
			order = (a_len > b_len) - (a_len < b_len);
		if (order != 0)
			return order;
		if (a[a_len] == '\0' || b[b_len] == '\0')
			return (a[a_len] != '\0') - (b[b_len] != '\0');
		a += a_len + 1;
		b += b_len + 1;
	}
}

static int
sign(int value)
{
	return (value > 0) - (value < 0);
}

static void
test_order(void)
{
	static const char *const text[] = {
		"a", "a.-", "a.a", "a.a.z", "a.a-b", "a.a0", "a.b", "a-", "a-.a", "a-b",
		"a-b.c", "a0", "a_b", "aa", "aa.a", "b", "ä", "ä.b", "ää", "東", "東.京", "東京"
	};
	int			count = sizeof(text) / sizeof(text[0]);

	for (int i = 0; i < count; i++)
	{
		for (int j = 0; j < count; j++)
		{
			Parsed		a = parse(text[i]);
			Parsed		b = parse(text[j]);
			size_t		b_len = strlen(text[j]);
			bool		within = strncmp(text[i], text[j], b_len) == 0 &&
				(text[i][b_len] == '\0' || text[i][b_len] == '.');
			char	   *end = malloc(b.len + 1);

			memcpy(end, b.data, b.len);
			end[b.len] = LSCE_PATH_LEAST_BYTE;
			CHECK(sign(lsce_path_compare(a.data, a.len, b.data, b.len)) ==
				  sign(compare_by_labels(text[i], text[j])));
			CHECK(sign(compare_by_labels(text[i], text[j])) == sign(i - j));
			CHECK(lsce_path_within(a.data, a.len, b.data, b.len) == within);
			/* within is the interval that an index searches */
			CHECK((lsce_path_compare(a.data, a.len, b.data, b.len) >= 0 &&
				   lsce_path_compare(a.data, a.len, end, b.len + 1) < 0) == within);
			free(end);
			free(a.data);
			free(b.data);
		}
	}
}

/* Is the slice what "expected" says?  NULL: there is none. */
static bool
slices(const char *text, int64_t start, bool has_count, int64_t count,
	   const char *expected)
{
	Parsed		parsed = parse(text);
	size_t		offset;
	size_t		len;
	bool		found = lsce_path_slice(parsed.data, parsed.len, start, has_count,
										count, &offset, &len);
	char		printed[LSCE_PATH_MAX_BYTES];
	bool		same = found == (expected != NULL);

	if (found && same)
	{
		lsce_path_print(parsed.data + offset, len, printed);
		same = len == strlen(expected) && memcmp(printed, expected, len) == 0;
	}
	free(parsed.data);
	return same;
}

/* Is the common path of two what "expected" says?  "": there is none. */
static bool
common(const char *a_text, const char *b_text, const char *expected, int levels)
{
	Parsed		a = parse(a_text);
	Parsed		b = parse(b_text);
	int			common_levels;
	size_t		len = lsce_path_common(a.data, a.len, b.data, b.len, &common_levels);
	char		printed[LSCE_PATH_MAX_BYTES];
	bool		same;

	lsce_path_print(a.data, len, printed);
	same = len == strlen(expected) && memcmp(printed, expected, len) == 0 &&
		common_levels == levels;
	free(a.data);
	free(b.data);
	return same;
}

static void
test_parts(void)
{
	Parsed		path = parse("us.west.r03");

	CHECK(lsce_path_levels(path.data, path.len) == 3);
	CHECK(lsce_path_prefix(path.data, path.len, 0) == 0);
	CHECK(lsce_path_prefix(path.data, path.len, -1) == 0);
	CHECK(lsce_path_prefix(path.data, path.len, 1) == 2);
	CHECK(lsce_path_prefix(path.data, path.len, 2) == 7);
	CHECK(lsce_path_prefix(path.data, path.len, 3) == 11);
	CHECK(lsce_path_prefix(path.data, path.len, 9) == 11);
	free(path.data);

	CHECK(slices("a.b.c", 0, false, 0, "a.b.c"));
	CHECK(slices("a.b.c", 1, false, 0, "b.c"));
	CHECK(slices("a.b.c", 3, false, 0, NULL));
	CHECK(slices("a.b.c", 1, true, 1, "b"));
	CHECK(slices("a.b.c", 1, true, 9, "b.c"));
	CHECK(slices("a.b.c", 1, true, 0, NULL));
	CHECK(slices("a.b.c", 0, true, -1, "a.b"));
	CHECK(slices("a.b.c", 0, true, -3, NULL));
	CHECK(slices("a.b.c", -2, false, 0, "b.c"));
	CHECK(slices("a.b.c", -2, true, 1, "b"));
	CHECK(slices("a.b.c", -9, false, 0, "a.b.c"));
	CHECK(slices("a.b.c", -4, true, 2, "a"));
	CHECK(slices("a.b.c", -9, true, 2, NULL));
	CHECK(slices("a.b.c", INT32_MIN, true, INT32_MAX, "a.b"));
	CHECK(slices("a.b.c", INT32_MAX, true, INT32_MAX, NULL));
	CHECK(slices("a.b.c", INT32_MIN, true, INT32_MIN, NULL));
	CHECK(slices("a.b.c", 0, true, INT32_MAX, "a.b.c"));

	CHECK(common("a.b.c", "a.b.d", "a.b", 2));
	CHECK(common("a.b", "a.b.d", "a.b", 2));
	CHECK(common("a.b.d", "a.b", "a.b", 2));
	CHECK(common("a.b", "a.b", "a.b", 2));
	CHECK(common("a.bb", "a.b", "a", 1));
	CHECK(common("a.b", "a.bb", "a", 1));
	CHECK(common("a", "aa", "", 0));
	CHECK(common("a", "b", "", 0));
	CHECK(common("東.京", "東.都", "東", 1));
}

static int
compare_values(const void *a, const void *b)
{
	const LscePathValue *va = a;
	const LscePathValue *vb = b;

	return lsce_path_compare(va->data, va->len, vb->data, vb->len);
}

/*
 * A tree of 8 x 12 x 12 x 15 leaves, one of them common; statistics as ANALYZE
 * would take them from all rows.
 */
static void
test_estimates(void)
{
	enum
	{
		COUNT = 8 * 12 * 12 * 15, BOUNDS = 101
	};
	static LscePathValue value[COUNT];
	static LscePathValue bound[BOUNDS];
	LscePathStats stats = {.rows = COUNT, .bound = bound, .bound_count = BOUNDS};
	LscePathValue common = {NULL, 0};
	float		common_frequency = 0.2F;
	int			expected_nodes[] = {1, 8, 8 * 12, 8 * 12 * 12, COUNT};

	for (int i = 0; i < COUNT; i++)
	{
		char		text[64];
		Parsed		parsed;

		snprintf(text, sizeof(text), "us.r%02d.a%02d.d%02d.t%04d", i / 2160,
				 i / 180 % 12, i / 15 % 12, i % 15);
		parsed = parse(text);
		value[i].data = parsed.data;
		value[i].len = parsed.len;
	}
	qsort(value, COUNT, sizeof(LscePathValue), compare_values);
	for (int i = 0; i < BOUNDS; i++)
		bound[i] = value[i * (COUNT - 1) / (BOUNDS - 1)];

	stats.level_count = lsce_path_count_levels(value, COUNT, COUNT, stats.level);
	CHECK(stats.level_count == 5);
	for (int n = 0; n < 5; n++)
	{
		CHECK(fabs(stats.level[n].reach - 1.0) < 1e-9);
		CHECK(fabs(stats.level[n].nodes - expected_nodes[n]) < 1e-9);
	}

	/* every node of every level, within a factor of three */
	for (int i = 0; i < COUNT; i += 7)
	{
		for (int n = 1; n <= 5; n++)
		{
			LscePathValue path = {value[i].data, lsce_path_prefix(value[i].data, value[i].len, n)};
			double		ratio = lsce_path_estimate_within(&stats, path) * expected_nodes[n - 1];

			CHECK(ratio > 1.0 / 3 && ratio < 3.0);
		}
		CHECK(fabs(lsce_path_estimate_contains(&stats, value[i]) * COUNT - 1.0) < 1e-6);
	}
	CHECK(fabs(lsce_path_estimate_contains_any(&stats) * COUNT - 1.0) < 1e-6);

	/* outside of the tree, and above the leaves, there is nothing */
	CHECK(lsce_path_estimate_within(&stats, (LscePathValue) {"zz", 2}) == 0.0);
	CHECK(lsce_path_estimate_within(&stats, (LscePathValue) {"aa", 2}) == 0.0);
	CHECK(lsce_path_estimate_contains(&stats, (LscePathValue) {"us", 2}) == 0.0);

	/* a common value counts where it is and not where it is not */
	common = value[0];
	stats.common = &common;
	stats.common_frequency = &common_frequency;
	stats.common_count = 1;
	CHECK(lsce_path_estimate_within(&stats, common) >= 0.2);
	CHECK(fabs(lsce_path_estimate_contains(&stats, common) - 0.2) < 1e-6);
	CHECK(lsce_path_estimate_within(&stats, value[COUNT - 1]) < 0.001);
	CHECK(lsce_path_estimate_within(&stats, (LscePathValue) {"us", 2}) > 0.999);

	/* only common values: exact, and nothing else */
	common_frequency = 0.5F;
	stats.null_fraction = 0.5;
	stats.bound_count = 0;
	CHECK(lsce_path_estimate_within(&stats, common) == 0.5);
	CHECK(lsce_path_estimate_within(&stats, value[COUNT - 1]) == 0.0);

	CHECK(lsce_path_count_levels(value, 0, 0, stats.level) == 0);

	for (int i = 0; i < COUNT; i++)
		free((char *) value[i].data);
}

/* Levels from a sample of one tenth: the number of nodes is extrapolated. */
static void
test_sampled_levels(void)
{
	LscePathValue value[1000];
	char		text[1000][32];
	LscePathLevel level[LSCE_PATH_MAX_LEVELS];

	for (int i = 0; i < 1000; i++)
	{
		/* ten roots; below, one row for each leaf */
		snprintf(text[i], sizeof(text[i]), "r%d\x01t%03d", i / 100, i);
		value[i].data = text[i];
		value[i].len = strlen(text[i]);
	}
	CHECK(lsce_path_count_levels(value, 1000, 10000, level) == 2);
	CHECK(level[0].nodes == 10.0);
	CHECK(level[1].nodes == 10000.0);
}

/*
 * Every code point, between two letters: it is either refused at its place or
 * gives a path that parses to itself.
 */
static void
test_every_character(void)
{
	int			accepted = 0;
	int			refused_elsewhere = 0;
	int			unstable = 0;

	for (int32_t c = 1; c <= 0x10FFFF; c++)
	{
		char		text[8] = "a";
		int			len = 1;
		char		path[LSCE_PATH_MAX_BYTES];
		char		printed[LSCE_PATH_MAX_BYTES];
		char		again[LSCE_PATH_MAX_BYTES];
		size_t		path_len;
		size_t		again_len;
		LscePathError error;

		U8_APPEND_UNSAFE(text, len, c);
		text[len++] = 'b';
		if (lsce_path_parse(text, len, path, &path_len, &error) != LSCE_PATH_OK)
		{
			refused_elsewhere += error.position != 2;
			continue;
		}
		accepted++;
		lsce_path_print(path, path_len, printed);
		unstable += lsce_path_parse(printed, path_len, again, &again_len, &error) != LSCE_PATH_OK ||
			again_len != path_len || memcmp(again, path, path_len) != 0;
	}
	CHECK(accepted > 130000);
	CHECK(refused_elsewhere == 0);
	CHECK(unstable == 0);
}

int
main(void)
{
	test_normalisation();
	test_every_character();
	test_refusals();
	test_limits();
	test_order();
	test_parts();
	test_estimates();
	test_sampled_levels();
	return check_summary("path_test");
}
