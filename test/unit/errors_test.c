/* sources: src/errors_table.c */
/*-------------------------------------------------------------------------
 *
 * errors_test.c
 *	  Tests of the reason codes outside the server.
 *
 * test/unit/errors_test.c
 *
 *-------------------------------------------------------------------------
 */
#include "errors_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int	failures = 0;

#define CHECK(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
			failures++; \
		} \
	} while (0)

/* Is this well-formed UTF-8 (lead and continuation bytes agree)? */
static bool
is_utf8(const char *text)
{
	const unsigned char *p = (const unsigned char *) text;

	while (*p)
	{
		int			more = *p < 0x80 ? 0 : *p >= 0xF0 ? 3 : *p >= 0xE0 ? 2 : *p >= 0xC0 ? 1 : -1;

		if (more < 0)
			return false;
		p++;
		while (more-- > 0)
			if ((*p++ & 0xC0) != 0x80)
				return false;
	}
	return true;
}

/* Does the slot from..to occur in text? */
static bool
has_slot(const char *text, const char *from, const char *to)
{
	size_t		length = (size_t) (to - from) + 1;

	for (const char *p = strchr(text, '{'); p; p = strchr(p + 1, '{'))
		if (strncmp(p, from, length) == 0)
			return true;
	return false;
}

/* Every slot of a is in b; braces are balanced and slots not empty. */
static void
check_slots(const char *a, const char *b)
{
	for (const char *open = strpbrk(a, "{}"); open; open = strpbrk(open, "{}"))
	{
		const char *close = strpbrk(open + 1, "{}");

		CHECK(*open == '{' && close && *close == '}' && close > open + 1);
		if (*open != '{' || close == NULL)
			return;
		CHECK(has_slot(b, open, close));
		open = close + 1;
	}
}

static void
test_table(void)
{
	const LsceReasonRow *previous = NULL;

	for (int i = LSCE_REASON_NONE + 1; i < LSCE_REASON_COUNT; i++)
	{
		const LsceReasonRow *row = lsce_reason_row((LsceReason) i);

		CHECK(row != NULL);
		CHECK(strlen(row->sqlstate) == 5 && strncmp(row->sqlstate, "LS", 2) == 0);
		CHECK(previous == NULL || strcmp(previous->sqlstate, row->sqlstate) < 0);
		CHECK(lsce_reason_by_name(row->code, strlen(row->code)) == (LsceReason) i);
		CHECK(lsce_reason_group((LsceReason) i) != NULL);
		for (int language = 0; language < LSCE_LANGUAGE_COUNT; language++)
		{
			CHECK(is_utf8(row->text[language]) && row->text[language][0] != '\0');
			CHECK(is_utf8(row->hint[language]) && row->hint[language][0] != '\0');
			CHECK(strpbrk(row->hint[language], "{}") == NULL);
			check_slots(row->text[LSCE_LANGUAGE_EN], row->text[language]);
			check_slots(row->text[language], row->text[LSCE_LANGUAGE_EN]);
		}
		for (const char *p = row->text[LSCE_LANGUAGE_EN]; *p; p++)
			CHECK((unsigned char) *p < 0x80);
		for (const char *p = row->hint[LSCE_LANGUAGE_EN]; *p; p++)
			CHECK((unsigned char) *p < 0x80);
		previous = row;
	}
}

static void
test_lookup(void)
{
	CHECK(lsce_reason_row(LSCE_REASON_NONE) == NULL);
	CHECK(lsce_reason_row(LSCE_REASON_COUNT) == NULL);
	CHECK(lsce_reason_row((LsceReason) 1000000) == NULL);
	CHECK(lsce_reason_group(LSCE_REASON_NONE) == NULL);
	CHECK(strcmp(lsce_reason_row(LSCE_REASON_QTY_LIMIT_EXCEEDED)->sqlstate, "LS160") == 0);
	CHECK(strcmp(lsce_reason_row(LSCE_REASON_PAYLOAD_DIFFERS)->code, "PAYLOAD_DIFFERS") == 0);
	CHECK(strcmp(lsce_reason_group(LSCE_REASON_DEA_SCHEDULE), "license") == 0);
	CHECK(strcmp(lsce_reason_group(LSCE_REASON_GIFT_PROHIBITED), "gift") == 0);
	CHECK(strcmp(lsce_reason_group(LSCE_REASON_OWNER_REQUIRED), "model") == 0);
	CHECK(lsce_reason_by_name("", 0) == LSCE_REASON_NONE);
	CHECK(lsce_reason_by_name("LOT_MISSINGX", 12) == LSCE_REASON_NONE);
	CHECK(lsce_reason_by_name("LOT_MISSINGX", 11) == LSCE_REASON_LOT_MISSING);

	CHECK(lsce_language(NULL) == LSCE_LANGUAGE_EN);
	CHECK(lsce_language("") == LSCE_LANGUAGE_EN);
	CHECK(lsce_language("j") == LSCE_LANGUAGE_EN);
	CHECK(lsce_language("ja") == LSCE_LANGUAGE_JA);
	CHECK(lsce_language("JA-jp") == LSCE_LANGUAGE_JA);
	CHECK(lsce_language("De_CH") == LSCE_LANGUAGE_DE);
	CHECK(lsce_language("deu") == LSCE_LANGUAGE_EN);
	CHECK(lsce_language("\xE6\x97\xA5") == LSCE_LANGUAGE_EN);
}

static void
test_format(void)
{
	static const LsceSlot slots[] = {
		{"lot", "\xE3\x83\xAD{state}"}, {"state", NULL}, {"lot", "second"}
	};
	LsceSlotArray array = {slots, 3};
	char		whole[200];
	size_t		length;

	length = lsce_reason_format(whole, sizeof(whole), LSCE_REASON_LOT_UNUSABLE, "en",
								lsce_slot_from_array, &array);
	CHECK(strcmp(whole, "Lot \xE3\x83\xAD{state} is ?.") == 0);
	CHECK(length == strlen(whole));
	CHECK(lsce_reason_format(NULL, 0, LSCE_REASON_LOT_UNUSABLE, "en",
							 lsce_slot_from_array, &array) == length);

	length = lsce_reason_format(whole, sizeof(whole), LSCE_REASON_LOT_UNUSABLE, "de", NULL, NULL);
	CHECK(strcmp(whole, "Die Charge ? hat den Status ?.") == 0);
	CHECK(lsce_reason_format(whole, sizeof(whole), LSCE_REASON_NONE, "de", NULL, NULL) == 1);
	CHECK(strcmp(whole, "?") == 0);

	/* every length of buffer: a whole prefix, never half a character */
	length = lsce_reason_format(whole, sizeof(whole), LSCE_REASON_LOT_UNUSABLE, "ja",
								lsce_slot_from_array, &array);
	for (size_t size = 1; size <= length + 2; size++)
	{
		char	   *exact = malloc(size);

		CHECK(lsce_reason_format(exact, size, LSCE_REASON_LOT_UNUSABLE, "ja",
								 lsce_slot_from_array, &array) == length);
		CHECK(strlen(exact) < size && strlen(exact) + 4 >= (size <= length ? size : length));
		CHECK(is_utf8(exact) && strncmp(exact, whole, strlen(exact)) == 0);
		CHECK(size <= length || strcmp(exact, whole) == 0);
		free(exact);
	}
}

int
main(void)
{
	test_table();
	test_lookup();
	test_format();
	if (failures == 0)
		printf("errors: ok\n");
	return failures == 0 ? 0 : 1;
}
