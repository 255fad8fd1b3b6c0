/*-------------------------------------------------------------------------
 *
 * identity_fuzz.c
 *	  Fuzzing of identifiers, names, addresses and the comparison of records.
 *
 * The input is split at its first line feed into two texts.  Both are judged as
 * identifiers of every system, folded as names, and compared as records.
 *
 * sources: src/identity/identifier.c
 * sources: src/identity/identifier_form.c
 * sources: src/identity/name_ascii.c
 * sources: src/identity/name_key.c
 * sources: src/identity/name_kana.c
 * sources: src/identity/name_title.c
 * sources: src/identity/name_similarity.c
 * sources: src/identity/match_address.c
 * sources: src/identity/match_block.c
 * sources: src/identity/match_compare.c
 * sources: src/identity/match_score.c
 *
 * test/fuzz/identity_fuzz.c
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity/identifier.h"
#include "identity/match.h"
#include "identity/name.h"

/* Abort, naming what does not hold. */
#define HOLDS(condition) \
	((condition) ? (void) 0 : (fprintf(stderr, "line %d: %s\n", __LINE__, #condition), abort()))

/* A text in memory of its own, so that reading past its end is noticed. */
static char *
exact_copy(const char *data, size_t len)
{
	char	   *copy = malloc(len + (len == 0));

	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

/* Normalising twice changes nothing more; a verdict on a check digit names it. */
static void
fuzz_identifier(const char *text, size_t len)
{
	char	   *once = malloc(len + 1);
	char	   *twice = malloc(len + 1);

	for (size_t i = 0; i < lsce_identifier_system_count(); i++)
	{
		const LsceIdentifierSystem *system = lsce_identifier_system_at(i);
		LsceIdentifierVerdict verdict;
		size_t		once_len = lsce_identifier_normalize(system, text, len, once);
		size_t		twice_len;

		HOLDS(once_len <= len);
		verdict = lsce_identifier_verdict(system->name, strlen(system->name), once, once_len);
		HOLDS(verdict.status != LSCE_IDENTIFIER_NO_RULE && verdict.system == system);
		HOLDS((verdict.status == LSCE_IDENTIFIER_CHECK) == (verdict.expected[0] != '\0'));
		if (verdict.status == LSCE_IDENTIFIER_VALID)
		{
			twice_len = lsce_identifier_normalize(system, once, once_len, twice);
			HOLDS(twice_len == once_len && memcmp(once, twice, once_len) == 0);
		}
	}
	(void) lsce_license_hint("US-PA", 5, text, len);
	free(once);
	free(twice);
}

/*
 * What folds has a key that fits, whose parts are the name's, and that folds to
 * itself when nothing is stripped.
 */
static bool
fuzz_name(const char *text, size_t len, LsceNameMode mode, LsceName *name, char *key, size_t *key_len)
{
	static LsceName again;
	static char ascii[LSCE_NAME_KEY_BYTES];
	LsceNameStatus status = lsce_name_parse(text, len, NULL, mode, name);

	if (status != LSCE_NAME_OK)
	{
		HOLDS(name->ntokens == 0);
		return false;
	}
	*key_len = lsce_name_key(name, key);
	HOLDS(*key_len <= LSCE_NAME_KEY_BYTES);
	lsce_name_of_key(key, *key_len, &again);
	HOLDS(again.ntokens <= name->ntokens);
	HOLDS(lsce_name_similarity(name, name, NULL, NULL) >= (name->ntokens > 0 ? 0.999 : 0));
	HOLDS(lsce_name_ascii(key, *key_len, ascii, sizeof(ascii)) <= sizeof(ascii));
	return true;
}

/* A record of which one text is everything. */
static LsceMatchRecord
make_record(const char *key, size_t key_len, LsceMatchPlace *place, LsceMatchContact *contact,
			char *house, char *street, const char *text, size_t len)
{
	LsceMatchRecord record = {0};
	LsceMatchText all = {key, (int) key_len, 0};
	size_t		house_len;
	size_t		street_len;

	lsce_match_address(text, len, house, &house_len, street, &street_len);
	HOLDS(house_len <= LSCE_NAME_KEY_BYTES && street_len <= LSCE_NAME_KEY_BYTES);
	place->house = (LsceMatchText) {house, (int) house_len, 0};
	place->street = (LsceMatchText) {street, (int) street_len, 0};
	place->postal = place->city = all;
	record.name = record.given = record.family = record.given_reading = record.family_reading = all;
	record.birth_year = (int) (key_len % 3);
	record.birth_month = 1 + (int) (key_len % 12);
	record.birth_day = 1;
	place->share = (float) (len % 5) / 4;
	record.places = place;
	record.nplaces = 1;
	contact->text = all;
	contact->share = (float) (len % 3);
	record.phones = record.emails = contact;
	record.nphones = record.nemails = 1;
	return record;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static LsceName names[2];
	static char keys[2][LSCE_NAME_KEY_BYTES];
	static char houses[2][LSCE_NAME_KEY_BYTES];
	static char streets[2][LSCE_NAME_KEY_BYTES];
	static LsceMatchPlace places[2];
	static LsceMatchContact contacts[2];
	const char *feed = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t		lens[2] = {feed ? (size_t) (feed - (const char *) data) : size, 0};
	char	   *texts[2];
	size_t		key_lens[2];
	LsceMatchRecord records[2];
	LsceMatchEvidence evidence;
	LsceMatchWeights weights;
	uint64_t	blocks[LSCE_MATCH_BLOCK_KEYS];
	bool		ok = true;

	lens[1] = feed ? size - lens[0] - 1 : 0;
	texts[0] = exact_copy((const char *) data, lens[0]);
	texts[1] = exact_copy(feed ? feed + 1 : "", lens[1]);
	for (int i = 0; i < 2; i++)
	{
		fuzz_identifier(texts[i], lens[i]);
		ok = fuzz_name(texts[i], lens[i], LSCE_NAME_KEEP_ALL, &names[i], keys[i], &key_lens[i]) && ok;
		ok = fuzz_name(texts[i], lens[i], LSCE_NAME_STRIP_TITLES, &names[i], keys[i], &key_lens[i]) && ok;
	}
	if (ok)
	{
		double		similarity = lsce_name_similarity(&names[0], &names[1], NULL, NULL);

		HOLDS(similarity >= 0 && similarity <= 1.0000001);
		HOLDS(similarity == lsce_name_similarity(&names[1], &names[0], NULL, NULL));
		HOLDS(lsce_name_same_words(&names[0], &names[1]) == lsce_name_same_words(&names[1], &names[0]));
		for (int i = 0; i < 2; i++)
			records[i] = make_record(keys[i], key_lens[i], &places[i], &contacts[i], houses[i], streets[i], texts[i], lens[i]);
		lsce_match_default_weights(&weights);
		lsce_match_compare(&records[0], &records[1], NULL, NULL, &evidence);
		HOLDS(isfinite(lsce_match_bits(&weights, &evidence)));
		HOLDS(lsce_match_contact_most(&weights, &evidence) >= 0 && lsce_match_contact_excess(&weights, &evidence) >= 0);
		HOLDS(lsce_match_block_keys(&records[0], blocks) <= LSCE_MATCH_BLOCK_KEYS);
	}
	free(texts[0]);
	free(texts[1]);
	return 0;
}
