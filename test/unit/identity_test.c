/*-------------------------------------------------------------------------
 *
 * identity_test.c
 *	  Tests of identifiers, names and matching outside the server.
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
 * sources: src/identity/match_cluster.c
 * sources: src/identity/match_compare.c
 * sources: src/identity/match_score.c
 *
 * test/unit/identity_test.c
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "identity/identifier.h"
#include "identity/match.h"
#include "identity/name.h"

/* --- identifiers ------------------------------------------------------------ */

static LsceIdentifierVerdict
verdict(const char *system, const char *value)
{
	return lsce_identifier_verdict(system, strlen(system), value, strlen(value));
}

/* Is the value valid, and the same with its last digit changed expected to be it? */
static void
check_last_digit(const char *system, const char *value)
{
	char		changed[LSCE_IDENTIFIER_MAX + 1];
	size_t		last = strlen(value) - 1;

	CHECK(verdict(system, value).status == LSCE_IDENTIFIER_VALID);
	strcpy(changed, value);
	for (char digit = '0'; digit <= '9'; digit++)
	{
		LsceIdentifierVerdict found;

		changed[last] = digit;
		found = verdict(system, changed);
		if (digit == value[last])
			CHECK(found.status == LSCE_IDENTIFIER_VALID);
		else
			CHECK(found.status == LSCE_IDENTIFIER_CHECK && found.expected[0] == value[last] && found.expected[1] == '\0');
	}
}

static void
test_identifiers(void)
{
	check_last_digit("npi", "1234567893");
	check_last_digit("US-NPI", "2453195994");
	check_last_digit("dea", "AB1234563");
	check_last_digit("dea", "A91234563");
	check_last_digit("de_asv", "001234566");
	check_last_digit("de_efn", "802761001234563");
	check_last_digit("rpps", "10100123453");
	check_last_digit("ch_gln", "7601000123459");
	check_last_digit("au_hpii", "8003610000001236");
	check_last_digit("luhn", "79927398713");

	/* every six digits have one check digit in the middle of a LANR */
	for (int number = 0; number < 1000000; number += 7919)
	{
		int			valid = 0;

		for (int digit = 0; digit < 10; digit++)
		{
			char		value[32];

			snprintf(value, sizeof(value), "%06d%d01", number, digit);
			valid += verdict("lanr", value).status == LSCE_IDENTIFIER_VALID;
		}
		CHECK(valid == 1);
	}
	CHECK(verdict("be_riziv", "10000106004").status == LSCE_IDENTIFIER_VALID);
	CHECK(strcmp(verdict("be_riziv", "10000107004").expected, "06") == 0);
	CHECK(verdict("br_cpf", "52998224725").status == LSCE_IDENTIFIER_VALID);
	CHECK(strcmp(verdict("br_cpf", "52998224700").expected, "25") == 0);
	CHECK(verdict("pl_pwz", "5425740").status == LSCE_IDENTIFIER_VALID);

	CHECK(verdict("npi", "").status == LSCE_IDENTIFIER_FORM);
	CHECK(verdict("npi", "0000000000").status == LSCE_IDENTIFIER_FORM);
	CHECK(verdict("luhn", "1").status == LSCE_IDENTIFIER_FORM);
	CHECK(lsce_identifier_verdict("npi", 3, "12345\00067893", 11).status == LSCE_IDENTIFIER_FORM);
	CHECK(verdict("", "1").status == LSCE_IDENTIFIER_NO_RULE);
	CHECK(verdict(" npi", "1234567893").status == LSCE_IDENTIFIER_NO_RULE);
	CHECK(verdict("us npi", "1234567893").status == LSCE_IDENTIFIER_NO_RULE);
	for (size_t i = 0; i < lsce_identifier_system_count(); i++)
	{
		const LsceIdentifierSystem *system = lsce_identifier_system_at(i);

		CHECK(lsce_identifier_system(system->name, strlen(system->name)) == system);
	}
	CHECK(lsce_identifier_system_at(lsce_identifier_system_count()) == NULL);
}

static void
check_normalized(const char *system, const char *value, const char *expected)
{
	char		out[256];
	size_t		len = lsce_identifier_normalize(lsce_identifier_system(system, strlen(system)), value, strlen(value), out);

	CHECK(len == strlen(expected) && strcmp(out, expected) == 0);
}

static void
test_normalize(void)
{
	check_normalized("npi", "1234-567 893", "1234567893");
	check_normalized("npi", "１２３４５６７８９３", "1234567893");
	check_normalized("npi", "1234‐567‑893", "1234567893");
	check_normalized("npi", "", "");
	check_normalized("npi", "\xef\xbc", "\xef\xbc");
	check_normalized("npi", "\xef", "\xef");
	check_normalized("jp_iseki", "000000", "0");
	check_normalized("jp_iseki", "００１２", "12");
	check_normalized("it_ordine", "rm/12 3", "RM/123");
	CHECK(lsce_license_hint("US-NY", 5, "123456", 6) == NULL);
	CHECK(lsce_license_hint("US-NY", 5, "12345", 5) != NULL);
	CHECK(lsce_license_hint("US-FL", 5, "APRN123", 7) == NULL);
	CHECK(lsce_license_hint("US-FL", 5, "", 0) != NULL);
	CHECK(lsce_license_hint("US-ZZ", 5, "1", 1) == NULL);
}

/* --- names -------------------------------------------------------------------- */

static void
check_key(const char *text, const char *lang, const char *expected)
{
	LsceName	name;
	char		key[LSCE_NAME_KEY_BYTES];
	size_t		len;

	CHECK(lsce_name_parse(text, strlen(text), lang, LSCE_NAME_STRIP_TITLES, &name) == LSCE_NAME_OK);
	len = lsce_name_key(&name, key);
	if (len != strlen(expected) || memcmp(key, expected, len) != 0)
		printf("key of %s is %.*s\n", text, (int) len, key);
	CHECK(len == strlen(expected) && memcmp(key, expected, len) == 0);
}

static void
test_keys(void)
{
	LsceName	name;
	char		text[LSCE_NAME_MAX_UNITS * 4 + 2];

	check_key("Prof. Dr. med. Jörg Weiß", NULL, "joerg weiss");
	check_key("ｳﾞｨｵﾗ", NULL, "ビオラ");
	check_key("ヴァイオリン", NULL, "バイオリン");
	check_key("ブァ", NULL, "バ");
	check_key("ー", NULL, "ー");
	check_key("ンー", NULL, "ンー");
	check_key("ケイコ", NULL, "ケエコ");
	check_key("けーこ", NULL, "ケエコ");
	check_key("々", NULL, "々");
	check_key("佐々木", NULL, "佐佐木");
	check_key("佐 々木", NULL, "佐々木");
	check_key("Dr. Dr.", NULL, "dr dr");
	check_key("Smith, Dr. med.", NULL, "smith");
	check_key("Smith Dr", NULL, "smith dr");
	check_key("Kim, MD, MPH, FACP", NULL, "kim");
	check_key("M.D.", NULL, "m d");
	check_key("O'Neil", NULL, "oneil");
	check_key("İstanbul Çelik", "tr", "istanbul celik");
	check_key("\xcc\x88", NULL, "\xcc\x88");
	check_key("Zo\xc3\xab", "nl", "zoe");

	CHECK(lsce_name_parse("\xff", 1, NULL, LSCE_NAME_STRIP_TITLES, &name) == LSCE_NAME_BAD_ENCODING);
	CHECK(name.ntokens == 0);
	memset(text, 'x', sizeof(text));
	CHECK(lsce_name_parse(text, LSCE_NAME_MAX_UNITS, NULL, LSCE_NAME_STRIP_TITLES, &name) == LSCE_NAME_OK);
	CHECK(lsce_name_parse(text, LSCE_NAME_MAX_UNITS + 1, NULL, LSCE_NAME_STRIP_TITLES, &name) == LSCE_NAME_TOO_LONG);
	CHECK(lsce_name_parse(text, sizeof(text), NULL, LSCE_NAME_STRIP_TITLES, &name) == LSCE_NAME_TOO_LONG);
	/* umlauts double at most */
	for (int i = 0; i < LSCE_NAME_MAX_UNITS; i++)
		memcpy(text + 2 * i, "ä", 2);
	CHECK(lsce_name_parse(text, 2 * LSCE_NAME_MAX_UNITS, NULL, LSCE_NAME_STRIP_TITLES, &name) == LSCE_NAME_OK);
	CHECK(name.nchars == 2 * LSCE_NAME_MAX_UNITS);

	CHECK(lsce_name_ascii("田a", 4, text, sizeof(text)) == 5);
	CHECK(lsce_name_ascii("田a", 4, text, 3) == 0);
}

static double
similarity(const char *a, const char *b)
{
	LsceName	a_name;
	LsceName	b_name;

	lsce_name_parse(a, strlen(a), NULL, LSCE_NAME_STRIP_TITLES, &a_name);
	lsce_name_parse(b, strlen(b), NULL, LSCE_NAME_STRIP_TITLES, &b_name);
	CHECK(lsce_name_similarity(&a_name, &b_name, NULL, NULL) == lsce_name_similarity(&b_name, &a_name, NULL, NULL));
	return lsce_name_similarity(&a_name, &b_name, NULL, NULL);
}

/* Code points of ASCII. */
static int
points(const char *text, uint32_t *out)
{
	int			n = 0;

	while (text[n])
	{
		out[n] = (unsigned char) text[n];
		n++;
	}
	return n;
}

static double
jaro_winkler(const char *a, const char *b)
{
	uint32_t	a_points[64];
	uint32_t	b_points[64];
	int			a_len = points(a, a_points);
	int			b_len = points(b, b_points);

	return lsce_jaro_winkler(a_points, a_len, b_points, b_len);
}

static int
edits(const char *a, const char *b, int limit)
{
	uint32_t	a_points[64];
	uint32_t	b_points[64];
	int			a_len = points(a, a_points);
	int			b_len = points(b, b_points);

	return lsce_edit_distance(a_points, a_len, b_points, b_len, limit);
}

static void
test_similarity(void)
{
	/* Winkler's own examples, to three digits */
	CHECK(fabs(jaro_winkler("martha", "marhta") - 0.961) < 0.0006);
	CHECK(fabs(jaro_winkler("dwayne", "duane") - 0.840) < 0.0006);
	CHECK(fabs(jaro_winkler("dixon", "dicksonx") - 0.813) < 0.0006);
	CHECK(jaro_winkler("", "a") == 0 && jaro_winkler("", "") == 1 && jaro_winkler("a", "b") == 0);

	CHECK(edits("kitten", "sitting", 5) == 3);
	CHECK(edits("ab", "ba", 2) == 1);
	CHECK(edits("abc", "abcdef", 2) == 3);
	CHECK(edits("", "", 0) == 0 && edits("", "a", 1) == 1 && edits("a", "", 0) == 1);
	CHECK(edits("1234567893", "1234567983", 2) == 1);

	CHECK(similarity("Hans Müller", "Hans Mueller") == 1);
	CHECK(similarity("Hans Müller", "Müller Hans") > 0.97 && similarity("Hans Müller", "Müller Hans") < 1);
	CHECK(similarity("Müller", "Muller") > similarity("Müller", "Miller"));
	CHECK(similarity("田中", "田中太郎") > 0.85);
	CHECK(similarity("田", "田中太郎") < 0.85);
	CHECK(similarity("", "") == 0 && similarity("x", "") == 0);
}

/* --- matching ------------------------------------------------------------------- */

static LsceMatchText
text_of(const char *data)
{
	LsceMatchText result = {data, (int) strlen(data), 0};

	return result;
}

static LsceMatchRecord
person(const char *given, const char *family)
{
	LsceMatchRecord record = {0};

	record.name = text_of("");
	record.given = text_of(given);
	record.family = text_of(family);
	record.given_reading = text_of("");
	record.family_reading = text_of("");
	return record;
}

static void
test_compare(void)
{
	LsceMatchRecord a = person("hans", "mueller");
	LsceMatchRecord b = person("mueller", "hans");
	LsceMatchRecord c = person("", "schmidt");
	LsceMatchEvidence evidence;
	LsceMatchWeights weights;

	lsce_match_default_weights(&weights);
	lsce_match_compare(&a, &b, NULL, NULL, &evidence);
	CHECK(evidence.swapped && evidence.levels[LSCE_MATCH_GIVEN] == LSCE_MATCH_EQUAL);
	lsce_match_compare(&a, &a, NULL, NULL, &evidence);
	CHECK(!evidence.swapped && evidence.levels[LSCE_MATCH_FAMILY] == LSCE_MATCH_EQUAL);
	CHECK(lsce_match_bits(&weights, &evidence) > 10);
	lsce_match_compare(&a, &c, NULL, NULL, &evidence);
	CHECK(evidence.levels[LSCE_MATCH_GIVEN] == LSCE_MATCH_MISSING);
	CHECK(evidence.levels[LSCE_MATCH_FAMILY] == LSCE_MATCH_DIFFERENT);
	CHECK(lsce_match_bits(&weights, &evidence) < 0);

	a.birth_year = b.birth_year = 1960;
	a.birth_month = 2;
	a.birth_day = 1;
	b.birth_month = 1;
	b.birth_day = 2;
	lsce_match_compare(&a, &b, NULL, NULL, &evidence);
	CHECK(evidence.levels[LSCE_MATCH_BIRTH_DATE] == LSCE_MATCH_CLOSE);
	b.birth_month = 2;
	b.birth_day = 28;
	lsce_match_compare(&a, &b, NULL, NULL, &evidence);
	CHECK(evidence.levels[LSCE_MATCH_BIRTH_DATE] == LSCE_MATCH_SIMILAR);
	b.birth_year = 1999;
	lsce_match_compare(&a, &b, NULL, NULL, &evidence);
	CHECK(evidence.levels[LSCE_MATCH_BIRTH_DATE] == LSCE_MATCH_DIFFERENT);

	/* one stands in the other's place, the second is another name */
	b = person("lavis", "henry");
	c = person("jordan", "lavis");
	lsce_match_compare(&b, &c, NULL, NULL, &evidence);
	CHECK(!evidence.swapped && evidence.levels[LSCE_MATCH_GIVEN] == LSCE_MATCH_DIFFERENT);
	CHECK(evidence.levels[LSCE_MATCH_FAMILY] == LSCE_MATCH_CLOSE);
	b = person("", "lavis");
	lsce_match_compare(&b, &c, NULL, NULL, &evidence);
	CHECK(evidence.levels[LSCE_MATCH_GIVEN] == LSCE_MATCH_MISSING && evidence.levels[LSCE_MATCH_FAMILY] == LSCE_MATCH_EQUAL);

	/* rare values prove more, and no record proves everything */
	lsce_match_compare(&a, &a, NULL, NULL, &evidence);
	evidence.frequency[LSCE_MATCH_FAMILY] = 0.1f;
	CHECK(lsce_match_weight(&weights, &evidence, LSCE_MATCH_FAMILY) < 4);
	evidence.frequency[LSCE_MATCH_FAMILY] = 1e-9f;
	CHECK(lsce_match_weight(&weights, &evidence, LSCE_MATCH_FAMILY) < 12);
	CHECK(lsce_match_probability(10, 10) == 0.5);
	CHECK(lsce_match_probability(1e6, 10) == 1 && lsce_match_probability(-1e6, 10) == 0);
}

/* Evidence for even odds, by how many pairs there are of which evidence. */
static double
even_of(double records, double sure, double doubtful, double doubt)
{
	static LsceMatchTally tally;

	memset(&tally, 0, sizeof(tally));
	lsce_match_tally(&tally, -1e300);
	lsce_match_tally(&tally, -INFINITY);
	for (double i = 0; i < sure; i++)
		lsce_match_tally(&tally, i == 0 ? 1e300 : 60);
	for (double i = 0; i < doubtful; i++)
		lsce_match_tally(&tally, doubt);
	return lsce_match_even(&tally, records);
}

/* The fewer duplicates there are, the more evidence a pair needs. */
static void
test_even(void)
{
	/* each record has another, or more of them: one in the number of records */
	CHECK(fabs(even_of(4096, 2048, 0, 0) - 12) < 0.001);
	CHECK(fabs(even_of(4096, 20480, 0, 0) - 12) < 0.001);
	/* one in two has, and what is believed before counts as a tenth of all */
	CHECK(fabs(even_of(4096, 1024, 0, 0) - (12 - log2(0.6 / 1.1))) < 0.01);
	/* none has: one in eleven is the least that is expected */
	CHECK(fabs(even_of(4096, 0, 0, 0) - (12 + log2(11))) < 0.001);
	CHECK(fabs(even_of(4096, 0, 1000, -20) - (12 + log2(11))) < 0.001);
	/* pairs in doubt count for what they are worth: neither nothing nor all of it */
	CHECK(even_of(4096, 0, 1000, 14) < 12 + log2(11) - 0.5);
	CHECK(even_of(4096, 0, 1000, 14) > even_of(4096, 1000, 0, 0) + 0.5);
	/* few records are judged as LSCE_MATCH_LEAST_RECORDS, and hardly change what was believed */
	CHECK(fabs(even_of(20, 0, 0, 0) - (log2(LSCE_MATCH_LEAST_RECORDS) - log2(100 / 120.0))) < 0.001);
	CHECK(fabs(even_of(0, 0, 0, 0) - log2(LSCE_MATCH_LEAST_RECORDS)) < 0.001);
}

/* Address, telephone and e-mail prove no more together than the rarest of them. */
static void
test_contacts(void)
{
	LsceMatchRecord a = person("hans", "mueller");
	LsceMatchRecord b = person("anna", "schmidt");
	LsceMatchPlace place = {text_of("5"), text_of("park"), text_of("10115"), text_of("berlin"), 0};
	LsceMatchContact phone = {text_of("305550100"), 0};
	LsceMatchEvidence evidence;
	LsceMatchWeights weights;
	double		names;

	lsce_match_default_weights(&weights);
	lsce_match_compare(&a, &b, NULL, NULL, &evidence);
	names = lsce_match_bits(&weights, &evidence);
	CHECK(names < -5 && lsce_match_contact_most(&weights, &evidence) == 0);

	a.nplaces = b.nplaces = a.nphones = b.nphones = 1;
	a.places = b.places = &place;
	a.phones = b.phones = &phone;
	/* not counted: no bound */
	lsce_match_compare(&a, &b, NULL, NULL, &evidence);
	CHECK(isinf(lsce_match_contact_most(&weights, &evidence)) && lsce_match_contact_excess(&weights, &evidence) == 0);
	CHECK(lsce_match_bits(&weights, &evidence) > 20);
	/* one in 64 is there, one in 1024 has the number */
	place.share = 1.0f / 64;
	phone.share = 1.0f / 1024;
	lsce_match_compare(&a, &b, NULL, NULL, &evidence);
	CHECK(fabs(lsce_match_contact_most(&weights, &evidence) - 10) < 1e-6);
	CHECK(fabs(lsce_match_bits(&weights, &evidence) - names - 10) < 1e-6);
	/* everybody */
	place.share = phone.share = 3;
	lsce_match_compare(&a, &b, NULL, NULL, &evidence);
	CHECK(fabs(lsce_match_bits(&weights, &evidence) - names) < 1e-6);
	/* another number is no agreement: it counts against, and bounds nothing */
	{
		LsceMatchContact other = {text_of("987654321"), 1.0f / 4096};

		place.share = 1.0f / 64;
		b.phones = &other;
		lsce_match_compare(&a, &b, NULL, NULL, &evidence);
		CHECK(fabs(lsce_match_contact_most(&weights, &evidence) - 6) < 1e-6);
	}
}

/* A doctor shares no key with the house he works in. */
static void
test_kinds(void)
{
	LsceMatchRecord a = person("hans", "mueller");
	LsceMatchRecord b = a;
	uint64_t	keys[2][LSCE_MATCH_BLOCK_KEYS];
	int			n;

	b.kind = 7;
	n = lsce_match_block_keys(&a, keys[0]);
	CHECK(n == lsce_match_block_keys(&b, keys[1]));
	for (int i = 0; i < n; i++)
		CHECK(keys[0][i] != keys[1][i]);
}

static void
test_address(void)
{
	char		house[LSCE_NAME_KEY_BYTES];
	char		street[LSCE_NAME_KEY_BYTES];
	size_t		house_len;
	size_t		street_len;
	static const struct
	{
		const char *line;
		const char *house;
		const char *street;
	}			cases[] = {
		{"12 Main Street", "12", "main"},
		{"Hauptstr. 12a", "12a", "hauptstr"},
		{"丸の内1-2-3", "1 2 3", "丸ノ内"},
		{"丸の内１丁目２番３号 東京ビル", "1 2 3", "丸ノ内 東京ビル"},
		{"本町二丁目", "", "本町二丁目"},
		{"丸の内 1-2-3", "1 2 3", "丸ノ内"},
		{"Street", "", "street"},
		{"42", "42", ""},
		{"", "", ""},
		{"5 Oak Ave, Suite 7", "5", "oak 7"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		lsce_match_address(cases[i].line, strlen(cases[i].line), house, &house_len, street, &street_len);
		house[house_len] = street[street_len] = '\0';
		if (strcmp(house, cases[i].house) != 0 || strcmp(street, cases[i].street) != 0)
			printf("%s: %s / %s\n", cases[i].line, house, street);
		CHECK(strcmp(house, cases[i].house) == 0 && strcmp(street, cases[i].street) == 0);
	}
	lsce_match_address("\xff", 1, house, &house_len, street, &street_len);
	CHECK(house_len == 0 && street_len == 0);
}

static void
count_pair(uint32_t a, uint32_t b, void *arg)
{
	CHECK(a < b);
	++*(int *) arg;
}

static void
test_blocks(void)
{
	LsceMatchBlockEntry entries[200];
	uint32_t	parent[4];
	uint64_t	keys[LSCE_MATCH_BLOCK_KEYS];
	LsceMatchRecord a = person("hans", "mueller");
	LsceMatchRecord nobody = person("", "");
	LsceMatchPlace places[20];
	int			pairs = 0;

	for (int i = 0; i < 200; i++)
	{
		entries[i].hash = i < 3 ? 7 : 9;
		entries[i].record = (uint32_t) (200 - i);
	}
	/* three of one key are three pairs; 197 of another are too many */
	CHECK(lsce_match_block_pairs(entries, 200, 64, count_pair, &pairs) == 3 && pairs == 3);
	CHECK(lsce_match_block_pairs(entries, 0, 64, count_pair, &pairs) == 0);

	CHECK(lsce_match_block_keys(&nobody, keys) == 0);
	CHECK(lsce_match_block_keys(&a, keys) == 4);
	for (int i = 0; i < 20; i++)
	{
		places[i].house = text_of("1");
		places[i].street = text_of("main");
		places[i].postal = text_of("94107");
		places[i].city = text_of("reno");
	}
	a.places = places;
	a.nplaces = 20;
	CHECK(lsce_match_block_keys(&a, keys) == LSCE_MATCH_BLOCK_KEYS);

	lsce_match_cluster_init(parent, 4);
	CHECK(lsce_match_cluster_join(parent, 3, 2) && lsce_match_cluster_join(parent, 1, 3));
	CHECK(!lsce_match_cluster_join(parent, 1, 2));
	CHECK(lsce_match_cluster_of(parent, 3) == 1 && lsce_match_cluster_of(parent, 0) == 0);
}

/* Weights from pairs whose truth is known come out as they went in. */
static void
test_fit(void)
{
	static uint8_t patterns[4][LSCE_MATCH_FIELDS];
	double		counts[4] = {900, 100, 50, 20000};
	float		most[4] = {INFINITY, INFINITY, INFINITY, INFINITY};
	double		share = 1e-4;
	LsceMatchWeights weights;
	LsceMatchWeights before;

	/* matches: names equal and postal equal, or differing; others: one or none */
	patterns[0][LSCE_MATCH_GIVEN] = patterns[0][LSCE_MATCH_FAMILY] = patterns[0][LSCE_MATCH_POSTAL] = LSCE_MATCH_EQUAL;
	patterns[1][LSCE_MATCH_GIVEN] = patterns[1][LSCE_MATCH_FAMILY] = LSCE_MATCH_EQUAL;
	patterns[1][LSCE_MATCH_POSTAL] = LSCE_MATCH_CLOSE;
	patterns[2][LSCE_MATCH_GIVEN] = LSCE_MATCH_EQUAL;
	patterns[2][LSCE_MATCH_FAMILY] = patterns[2][LSCE_MATCH_POSTAL] = LSCE_MATCH_DIFFERENT;
	patterns[3][LSCE_MATCH_GIVEN] = patterns[3][LSCE_MATCH_FAMILY] = patterns[3][LSCE_MATCH_POSTAL] = LSCE_MATCH_DIFFERENT;
	lsce_match_default_weights(&weights);
	before = weights;
	CHECK(lsce_match_fit((const uint8_t (*)[LSCE_MATCH_FIELDS]) patterns, counts, most, 4, 1e6, &share, &weights, 100) < 100);
	CHECK(fabs(share * 1e6 - 1000) < 20);
	CHECK(fabs(weights.m[LSCE_MATCH_POSTAL][LSCE_MATCH_EQUAL] - 0.9) < 0.02);
	CHECK(fabs(weights.m[LSCE_MATCH_POSTAL][LSCE_MATCH_CLOSE] - 0.1) < 0.02);
	CHECK(memcmp(weights.u, before.u, sizeof(before.u)) == 0);
	CHECK(fabs(weights.m[LSCE_MATCH_EMAIL][LSCE_MATCH_EQUAL] - before.m[LSCE_MATCH_EMAIL][LSCE_MATCH_EQUAL]) < 1e-12);
	for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
	{
		double		sum = 0;

		for (int l = LSCE_MATCH_DIFFERENT; l < LSCE_MATCH_LEVELS; l++)
			sum += weights.m[f][l];
		CHECK(fabs(sum - 1) < 1e-9);
	}
	/* nothing to learn from */
	share = 1e-4;
	CHECK(lsce_match_fit((const uint8_t (*)[LSCE_MATCH_FIELDS]) patterns, counts, most, 0, 1e6, &share, &weights, 100) <= 2);
}

int
main(void)
{
	test_identifiers();
	test_normalize();
	test_keys();
	test_similarity();
	test_compare();
	test_even();
	test_contacts();
	test_kinds();
	test_address();
	test_blocks();
	test_fit();
	return check_summary("identity_test");
}
