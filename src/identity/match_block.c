/*-------------------------------------------------------------------------
 *
 * match_block.c
 *	  Which pairs of records are worth comparing.
 *
 * Each record gets keys, each a combination of two or three of its fields, so
 * chosen that a pair of records of one account shares at least one key unless
 * nearly everything differs.  Only records that share a key are compared, and
 * records of different kinds share none: a doctor is not the house he works in.
 *
 * src/identity/match_block.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/match.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/utf8.h>

typedef struct Keys
{
	uint64_t   *keys;
	int			count;
	uint64_t	seed;			/* of the kind of account */
} Keys;

/* FNV-1a, continued from seed. */
uint64_t
lsce_match_hash(uint64_t seed, const char *data, int len)
{
	for (int i = 0; i < len; i++)
		seed = (seed ^ (unsigned char) data[i]) * UINT64_C(0x100000001b3);
	return (seed ^ 0xff) * UINT64_C(0x100000001b3);
}

/* Beginning of a text in whole characters. */
static LsceMatchText
beginning(const LsceMatchText *text, int chars)
{
	LsceMatchText result = *text;
	int32_t		i = 0;

	while (chars-- > 0 && i < text->len)
		U8_FWD_1(text->data, i, text->len);
	result.len = i;
	return result;
}

/* Add a key over two or three texts, unless one is empty. */
static void
add_key(Keys *keys, int kind, const LsceMatchText *a, const LsceMatchText *b, const LsceMatchText *c)
{
	uint64_t	hash = keys->seed + (uint64_t) kind * UINT64_C(0x9e3779b97f4a7c15);

	if (keys->count == LSCE_MATCH_BLOCK_KEYS || a->len == 0 || (b && b->len == 0) || (c && c->len == 0))
		return;
	hash = lsce_match_hash(hash, a->data, a->len);
	if (b)
		hash = lsce_match_hash(hash, b->data, b->len);
	if (c)
		hash = lsce_match_hash(hash, c->data, c->len);
	keys->keys[keys->count++] = hash;
}

/* Keys over a name alone; given and family names also the other way round. */
static void
add_name_keys(Keys *keys, int kind, const LsceMatchText *given, const LsceMatchText *family)
{
	LsceMatchText given_begins = beginning(given, 1);
	LsceMatchText family_begins = beginning(family, 1);
	LsceMatchText given_part = beginning(given, 3);
	LsceMatchText family_part = beginning(family, 3);
	bool		in_order = given->len < family->len ||
		(given->len == family->len && memcmp(given->data, family->data, (size_t) given->len) < 0);

	add_key(keys, kind, in_order ? given : family, in_order ? family : given, NULL);
	add_key(keys, kind + 1, family, &given_begins, NULL);
	add_key(keys, kind + 2, given, &family_begins, NULL);
	add_key(keys, kind + 3, &given_part, &family_part, NULL);
}

/* Keys over a place, alone and with a name. */
static void
add_place_keys(Keys *keys, const LsceMatchRecord *record, const LsceMatchPlace *place)
{
	const LsceMatchText *given = record->given.len > 0 ? &record->given : &record->name;
	const LsceMatchText *family = record->family.len > 0 ? &record->family : &record->name;
	LsceMatchText street_begins = beginning(&place->street, 4);
	LsceMatchText given_begins = beginning(given, 2);
	LsceMatchText family_begins = beginning(family, 2);

	add_key(keys, 10, &place->street, &place->house, NULL);
	add_key(keys, 11, &place->postal, &place->house, &street_begins);
	add_key(keys, 12, &place->street, &place->postal, NULL);
	add_key(keys, 13, &place->street, given, NULL);
	add_key(keys, 13, &place->street, family, NULL);
	add_key(keys, 14, &place->postal, given, NULL);
	add_key(keys, 14, &place->postal, family, NULL);
	add_key(keys, 15, &place->city, &place->house, &street_begins);
	add_key(keys, 16, &place->house, given, NULL);
	add_key(keys, 16, &place->house, family, NULL);
	add_key(keys, 17, &place->postal, &given_begins, &family_begins);
	add_key(keys, 18, &place->city, given, &street_begins);
	add_key(keys, 18, &place->city, family, &street_begins);
}

/* Keys over a date of birth, whole and, with a name, its parts. */
static void
add_birth_keys(Keys *keys, const LsceMatchRecord *record)
{
	char		year[2] = {(char) (record->birth_year & 0xff), (char) (record->birth_year >> 8)};
	char		day[2] = {(char) record->birth_month, (char) record->birth_day};
	LsceMatchText year_text = {year, 2, 0};
	LsceMatchText day_text = {day, 2, 0};
	LsceMatchText month_text = {day, 1, 0};

	if (record->birth_year == 0)
		return;
	add_key(keys, 20, &year_text, &day_text, NULL);
	add_key(keys, 21, &record->family, &day_text, NULL);
	add_key(keys, 21, &record->given, &day_text, NULL);
	add_key(keys, 22, &record->family, &year_text, NULL);
	add_key(keys, 22, &record->given, &year_text, &month_text);
}

/* The first two words of a name of several. */
static LsceMatchText
two_words(const LsceMatchText *name)
{
	LsceMatchText result = *name;
	const char *blank = memchr(name->data, ' ', (size_t) name->len);

	if (blank)
		blank = memchr(blank + 1, ' ', (size_t) (name->data + name->len - blank - 1));
	if (blank)
		result.len = (int) (blank - name->data);
	return result;
}

/* Write the keys of a record, at most LSCE_MATCH_BLOCK_KEYS; returns their number. */
int
lsce_match_block_keys(const LsceMatchRecord *record, uint64_t *out)
{
	Keys		keys = {out, 0, UINT64_C(0xcbf29ce484222325) ^ ((uint64_t) record->kind << 32)};
	LsceMatchText words;

	for (int i = 0; i < record->nidentifiers; i++)
		add_key(&keys, 1, &record->identifiers[i].system, &record->identifiers[i].value, NULL);
	for (int i = 0; i < record->nphones; i++)
		add_key(&keys, 2, &record->phones[i].text, NULL, NULL);
	for (int i = 0; i < record->nemails; i++)
		add_key(&keys, 3, &record->emails[i].text, NULL, NULL);
	if (record->given.len > 0 || record->family.len > 0)
		add_name_keys(&keys, 30, &record->given, &record->family);
	else if (record->name.len > 0)
	{
		words = two_words(&record->name);
		add_key(&keys, 40, &record->name, NULL, NULL);
		add_key(&keys, 41, &words, NULL, NULL);
	}
	add_name_keys(&keys, 50, &record->given_reading, &record->family_reading);
	add_birth_keys(&keys, record);
	for (int i = 0; i < record->nplaces; i++)
		add_place_keys(&keys, record, &record->places[i]);
	return keys.count;
}

static int
compare_entries(const void *a, const void *b)
{
	const LsceMatchBlockEntry *x = a;
	const LsceMatchBlockEntry *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

/*
 * Hand every pair of records that share a key to "sink", lower record first,
 * perhaps more than once.  A key shared by more than max_block records says
 * little and is passed over: what is the same shares others too.  Sorts the
 * entries; returns the number of pairs.
 */
size_t
lsce_match_block_pairs(LsceMatchBlockEntry *entries, size_t count, int max_block,
					   LsceMatchPairSink sink, void *arg)
{
	size_t		pairs = 0;
	size_t		start = 0;

	qsort(entries, count, sizeof(*entries), compare_entries);
	while (start < count)
	{
		size_t		end = start + 1;

		while (end < count && entries[end].hash == entries[start].hash)
			end++;
		for (size_t i = start; i < end && end - start <= (size_t) max_block; i++)
		{
			for (size_t j = i + 1; j < end; j++)
			{
				if (entries[i].record == entries[j].record)
					continue;
				sink(entries[i].record, entries[j].record, arg);
				pairs++;
			}
		}
		start = end;
	}
	return pairs;
}
