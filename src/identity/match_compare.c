/*-------------------------------------------------------------------------
 *
 * match_compare.c
 *	  Levels of agreement between two records, field by field.
 *
 * src/identity/match_compare.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/match.h"

#include <string.h>

#include <unicode/utf8.h>

/* longest text compared character by character */
#define TEXT_MAX	64

/* similarities from which a name or street is close, and similar */
#define NAME_CLOSE		0.90
#define NAME_SIMILAR	0.75
#define TEXT_CLOSE		0.85
#define TEXT_SIMILAR	0.55

static const char *const field_names[LSCE_MATCH_FIELDS] = {
	"name", "given_name", "family_name", "birth_date", "street", "house_number",
	"postal_code", "city", "phone", "email", "identifier"
};

static const char *const level_names[LSCE_MATCH_LEVELS] = {
	"missing", "different", "similar", "close", "equal"
};

/* Name of a field in tables and answers. */
const char *
lsce_match_field_name(LsceMatchField field)
{
	return field_names[field];
}

/* Name of a level in tables and answers. */
const char *
lsce_match_level_name(LsceMatchLevel level)
{
	return level_names[level];
}

static bool
equal_text(const LsceMatchText *a, const LsceMatchText *b)
{
	return a->len == b->len && memcmp(a->data, b->data, (size_t) a->len) == 0;
}

/* Decode the beginning of a text.  Returns the number of characters. */
static int
decode(const LsceMatchText *text, uint32_t *chars)
{
	int			n = 0;

	for (int32_t i = 0; i < text->len && n < TEXT_MAX;)
	{
		UChar32		c;

		U8_NEXT(text->data, i, text->len, c);
		if (c >= 0 && c != ' ')
			chars[n++] = (uint32_t) c;
	}
	return n;
}

/* Level of two personal names, each given or family, as one word each. */
static LsceMatchLevel
compare_word(const LsceMatchText *a, const LsceMatchText *b, LsceNicknameTest nickname, void *arg)
{
	uint32_t	a_chars[TEXT_MAX];
	uint32_t	b_chars[TEXT_MAX];
	int			a_len;
	int			b_len;
	double		similarity;

	if (a->len == 0 || b->len == 0)
		return LSCE_MATCH_MISSING;
	if (equal_text(a, b))
		return LSCE_MATCH_EQUAL;
	a_len = decode(a, a_chars);
	b_len = decode(b, b_chars);
	similarity = lsce_name_token_similarity(a_chars, a_len, b_chars, b_len, nickname, arg);
	if (similarity < NAME_CLOSE && a_len > 3 && b_len > 3 &&
		lsce_edit_distance(a_chars, a_len, b_chars, b_len, 1) <= 1)
		return LSCE_MATCH_CLOSE;
	return similarity >= NAME_CLOSE ? LSCE_MATCH_CLOSE :
		similarity >= NAME_SIMILAR ? LSCE_MATCH_SIMILAR : LSCE_MATCH_DIFFERENT;
}

/* Level of two texts of several words. */
static LsceMatchLevel
compare_words(const LsceMatchText *a, const LsceMatchText *b, double close, double similar,
			  LsceNicknameTest nickname, void *arg)
{
	LsceName	a_name;
	LsceName	b_name;
	double		similarity;

	if (a->len == 0 || b->len == 0)
		return LSCE_MATCH_MISSING;
	if (equal_text(a, b))
		return LSCE_MATCH_EQUAL;
	lsce_name_of_key(a->data, (size_t) a->len, &a_name);
	lsce_name_of_key(b->data, (size_t) b->len, &b_name);
	similarity = lsce_name_similarity(&a_name, &b_name, nickname, arg);
	return similarity >= close ? LSCE_MATCH_CLOSE :
		similarity >= similar ? LSCE_MATCH_SIMILAR : LSCE_MATCH_DIFFERENT;
}

/* Level of two codes: equal, one slip of the fingers apart, or different. */
static LsceMatchLevel
compare_code(const LsceMatchText *a, const LsceMatchText *b)
{
	uint32_t	a_chars[TEXT_MAX];
	uint32_t	b_chars[TEXT_MAX];
	int			a_len;
	int			b_len;

	if (a->len == 0 || b->len == 0)
		return LSCE_MATCH_MISSING;
	if (equal_text(a, b))
		return LSCE_MATCH_EQUAL;
	a_len = decode(a, a_chars);
	b_len = decode(b, b_chars);
	return lsce_edit_distance(a_chars, a_len, b_chars, b_len, 1) <= 1 ? LSCE_MATCH_CLOSE : LSCE_MATCH_DIFFERENT;
}

/*
 * Level of two house numbers: equal, the same digits in another order or one
 * slip apart, or different.
 */
static LsceMatchLevel
compare_house(const LsceMatchText *a, const LsceMatchText *b)
{
	LsceMatchLevel level = compare_code(a, b);
	int			counts[256] = {0};

	if (level != LSCE_MATCH_DIFFERENT || a->len != b->len)
		return level;
	for (int i = 0; i < a->len; i++)
	{
		counts[(unsigned char) a->data[i]]++;
		counts[(unsigned char) b->data[i]]--;
	}
	for (int i = 0; i < 256; i++)
	{
		if (counts[i] != 0)
			return LSCE_MATCH_DIFFERENT;
	}
	return LSCE_MATCH_SIMILAR;
}

/* Are two numbers one digit apart, or the same two digits exchanged? */
static bool
one_digit_apart(int a, int b)
{
	int			differing = 0;

	for (int i = 0; i < 4; i++)
	{
		differing += a % 10 != b % 10;
		a /= 10;
		b /= 10;
	}
	return differing <= 1;
}

/* Level of two dates: equal, one part of three a slip apart, one part different. */
static LsceMatchLevel
compare_birth(const LsceMatchRecord *a, const LsceMatchRecord *b)
{
	int			same;

	if (a->birth_year == 0 || b->birth_year == 0)
		return LSCE_MATCH_MISSING;
	same = (a->birth_year == b->birth_year) + (a->birth_month == b->birth_month) + (a->birth_day == b->birth_day);
	if (same == 3)
		return LSCE_MATCH_EQUAL;
	if (a->birth_year == b->birth_year && a->birth_month == b->birth_day && a->birth_day == b->birth_month)
		return LSCE_MATCH_CLOSE;
	if (same < 2)
		return LSCE_MATCH_DIFFERENT;
	return one_digit_apart(a->birth_year, b->birth_year) && one_digit_apart(a->birth_month, b->birth_month) &&
		one_digit_apart(a->birth_day, b->birth_day) ? LSCE_MATCH_CLOSE : LSCE_MATCH_SIMILAR;
}

/* Keep the better of two levels. */
static void
better(LsceMatchEvidence *evidence, LsceMatchField field, LsceMatchLevel level, float frequency)
{
	if (level <= evidence->levels[field])
		return;
	evidence->levels[field] = level;
	evidence->frequency[field] = level == LSCE_MATCH_EQUAL ? frequency : 0;
}

/* The better level of two numbers or addresses, and how many are reached there. */
static void
compare_contact(const LsceMatchContact *a, const LsceMatchContact *b, LsceMatchField field, LsceMatchEvidence *evidence)
{
	LsceMatchLevel level = compare_code(&a->text, &b->text);

	if (level > evidence->levels[field])
		evidence->share[field] = a->share > b->share ? a->share : b->share;
	better(evidence, field, level, a->text.frequency);
}

/* Given and family name, in the order written or exchanged, whatever fits better. */
static void
compare_person(const LsceMatchText *a_given, const LsceMatchText *a_family,
			   const LsceMatchText *b_given, const LsceMatchText *b_family,
			   LsceNicknameTest nickname, void *arg, LsceMatchEvidence *evidence)
{
	LsceMatchLevel given = compare_word(a_given, b_given, nickname, arg);
	LsceMatchLevel family = compare_word(a_family, b_family, NULL, NULL);

	if (given < LSCE_MATCH_CLOSE && family < LSCE_MATCH_CLOSE)
	{
		LsceMatchLevel cross_given = compare_word(a_given, b_family, nickname, arg);
		LsceMatchLevel cross_family = compare_word(a_family, b_given, nickname, arg);

		/* both must fit, or the one that is there on both sides */
		if (cross_given >= LSCE_MATCH_CLOSE && cross_family >= LSCE_MATCH_CLOSE &&
			cross_given + cross_family > evidence->levels[LSCE_MATCH_GIVEN] + evidence->levels[LSCE_MATCH_FAMILY])
		{
			evidence->swapped = true;
			evidence->levels[LSCE_MATCH_GIVEN] = cross_given;
			evidence->levels[LSCE_MATCH_FAMILY] = cross_family;
			evidence->frequency[LSCE_MATCH_GIVEN] = cross_given == LSCE_MATCH_EQUAL ? a_given->frequency : 0;
			evidence->frequency[LSCE_MATCH_FAMILY] = cross_family == LSCE_MATCH_EQUAL ? a_family->frequency : 0;
			return;
		}
		/* one that stands in the other's place, and a second one that is another name altogether */
		if ((cross_given == LSCE_MATCH_EQUAL || cross_family == LSCE_MATCH_EQUAL) && family != LSCE_MATCH_MISSING && given != LSCE_MATCH_MISSING)
			family = LSCE_MATCH_CLOSE;
	}
	better(evidence, LSCE_MATCH_GIVEN, given, a_given->frequency);
	better(evidence, LSCE_MATCH_FAMILY, family, a_family->frequency);
}

/* All fields of two places, if these fit better than the places before. */
static void
compare_place(const LsceMatchPlace *a, const LsceMatchPlace *b, int *best, LsceMatchEvidence *evidence)
{
	LsceMatchLevel street = compare_words(&a->street, &b->street, TEXT_CLOSE, TEXT_SIMILAR, NULL, NULL);
	LsceMatchLevel house = compare_house(&a->house, &b->house);
	LsceMatchLevel postal = compare_code(&a->postal, &b->postal);
	LsceMatchLevel city = compare_words(&a->city, &b->city, TEXT_CLOSE, TEXT_SIMILAR, NULL, NULL);
	int			sum = (int) (street + house + postal + city);

	if (sum <= *best)
		return;
	*best = sum;
	evidence->levels[LSCE_MATCH_STREET] = street;
	evidence->levels[LSCE_MATCH_HOUSE] = house;
	evidence->levels[LSCE_MATCH_POSTAL] = postal;
	evidence->levels[LSCE_MATCH_CITY] = city;
	evidence->frequency[LSCE_MATCH_STREET] = street == LSCE_MATCH_EQUAL ? a->street.frequency : 0;
	evidence->frequency[LSCE_MATCH_HOUSE] = house == LSCE_MATCH_EQUAL ? a->house.frequency : 0;
	evidence->frequency[LSCE_MATCH_POSTAL] = postal == LSCE_MATCH_EQUAL ? a->postal.frequency : 0;
	evidence->frequency[LSCE_MATCH_CITY] = city == LSCE_MATCH_EQUAL ? a->city.frequency : 0;
	evidence->share[LSCE_MATCH_STREET] = a->share > b->share ? a->share : b->share;
}

/* Identifiers of the same system: equal, one slip apart, or different. */
static void
compare_identifiers(const LsceMatchRecord *a, const LsceMatchRecord *b, LsceMatchEvidence *evidence)
{
	for (int i = 0; i < a->nidentifiers; i++)
	{
		for (int j = 0; j < b->nidentifiers; j++)
		{
			if (equal_text(&a->identifiers[i].system, &b->identifiers[j].system))
				better(evidence, LSCE_MATCH_IDENTIFIER,
					   compare_code(&a->identifiers[i].value, &b->identifiers[j].value), 0);
		}
	}
}

/* Compare two records.  "nickname" may be NULL. */
void
lsce_match_compare(const LsceMatchRecord *a, const LsceMatchRecord *b,
				   LsceNicknameTest nickname, void *arg, LsceMatchEvidence *evidence)
{
	int			best = 0;

	memset(evidence, 0, sizeof(*evidence));
	if ((a->given.len > 0 || a->family.len > 0) && (b->given.len > 0 || b->family.len > 0))
	{
		compare_person(&a->given, &a->family, &b->given, &b->family, nickname, arg, evidence);
		compare_person(&a->given_reading, &a->family_reading, &b->given_reading, &b->family_reading,
					   NULL, NULL, evidence);
	}
	else
		better(evidence, LSCE_MATCH_NAME,
			   compare_words(&a->name, &b->name, NAME_CLOSE, NAME_SIMILAR, nickname, arg), a->name.frequency);

	better(evidence, LSCE_MATCH_BIRTH_DATE, compare_birth(a, b), 0);
	for (int i = 0; i < a->nplaces; i++)
	{
		for (int j = 0; j < b->nplaces; j++)
			compare_place(&a->places[i], &b->places[j], &best, evidence);
	}
	for (int i = 0; i < a->nphones; i++)
	{
		for (int j = 0; j < b->nphones; j++)
			compare_contact(&a->phones[i], &b->phones[j], LSCE_MATCH_PHONE, evidence);
	}
	for (int i = 0; i < a->nemails; i++)
	{
		for (int j = 0; j < b->nemails; j++)
			compare_contact(&a->emails[i], &b->emails[j], LSCE_MATCH_EMAIL, evidence);
	}
	compare_identifiers(a, b, evidence);
}
