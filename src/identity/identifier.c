/*-------------------------------------------------------------------------
 *
 * identifier.c
 *	  Identifiers issued by registries: their forms and check digits.
 *
 * A passing check digit says that a number was typed as it was issued, not that
 * its holder may do anything.  Systems without a published check digit are
 * judged by their form.
 *
 * Pure: no server, no allocation.
 *
 * src/identity/identifier.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/identifier.h"

#include <string.h>

/*
 * Judges a value, of which the form is not known yet.  Writes the expected
 * check digits when they differ.
 */
typedef LsceIdentifierStatus (*Judge) (const char *value, size_t len, char *expected);

typedef struct Rule
{
	LsceIdentifierSystem system;
	Judge		judge;
	const char *aliases;		/* other names, each between blanks */
} Rule;

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

/* Are bytes from .. from+count-1 digits? */
static bool
digits_at(const char *value, size_t from, size_t count)
{
	for (size_t i = from; i < from + count; i++)
	{
		if (!is_digit(value[i]))
			return false;
	}
	return true;
}

/* Is the value this many digits, and nothing else? */
static bool
all_digits(const char *value, size_t len, size_t count)
{
	return len == count && digits_at(value, 0, count);
}

/* Compare a check digit with what it should be.  Returns a status. */
static LsceIdentifierStatus
compare_digit(char found, int expected_digit, char *expected)
{
	if (found == '0' + expected_digit)
		return LSCE_IDENTIFIER_VALID;
	expected[0] = (char) ('0' + expected_digit);
	expected[1] = '\0';
	return LSCE_IDENTIFIER_CHECK;
}

/*
 * The Luhn digit that belongs behind "count" digits; "sum" is the contribution
 * of digits in front of them that are not written.
 */
static int
luhn_digit(const char *value, size_t count, int sum)
{
	bool		twice = true;

	for (size_t i = count; i-- > 0;)
	{
		int			digit = value[i] - '0';

		if (twice)
			digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
		sum += digit;
		twice = !twice;
	}
	return (10 - sum % 10) % 10;
}

/* Digits of which the last is a Luhn digit, in front of it a constant prefix. */
static LsceIdentifierStatus
judge_luhn_digits(const char *value, size_t len, const char *prefix, int sum, char *expected)
{
	if (strncmp(value, prefix, strlen(prefix)) != 0)
		return LSCE_IDENTIFIER_FORM;
	return compare_digit(value[len - 1], luhn_digit(value, len - 1, sum), expected);
}

static LsceIdentifierStatus
judge_luhn(const char *value, size_t len, char *expected)
{
	if (len < 2 || !digits_at(value, 0, len))
		return LSCE_IDENTIFIER_FORM;
	return judge_luhn_digits(value, len, "", 0, expected);
}

/* US NPI: the card prefix 80840 in front of it contributes 24. */
static LsceIdentifierStatus
judge_npi(const char *value, size_t len, char *expected)
{
	if (!all_digits(value, len, 10) || (value[0] != '1' && value[0] != '2'))
		return LSCE_IDENTIFIER_FORM;
	return judge_luhn_digits(value, len, "", 24, expected);
}

/*
 * US DEA: type of registrant, initial of the surname (9 for a business), six
 * digits, and the last digit of (d1 + d3 + d5) + 2 (d2 + d4 + d6).
 */
static LsceIdentifierStatus
judge_dea(const char *value, size_t len, char *expected)
{
	int			sum = 0;

	if (len != 9 || !is_upper(value[0]) || strchr("INOQVWYZ", value[0]) != NULL ||
		!(is_upper(value[1]) || value[1] == '9') || !digits_at(value, 2, 7))
		return LSCE_IDENTIFIER_FORM;
	for (int i = 0; i < 6; i++)
		sum += (value[2 + i] - '0') * (i % 2 == 0 ? 1 : 2);
	return compare_digit(value[8], sum % 10, expected);
}

/* The check digit behind six digits weighted 4, 9, 4, 9, 4, 9. */
static int
digit_4_9(const char *digits)
{
	int			sum = 0;

	for (int i = 0; i < 6; i++)
		sum += (digits[i] - '0') * (i % 2 == 0 ? 4 : 9);
	return (10 - sum % 10) % 10;
}

/* DE LANR: six digits, check digit, two digits for the specialty group. */
static LsceIdentifierStatus
judge_lanr(const char *value, size_t len, char *expected)
{
	if (!all_digits(value, len, 9))
		return LSCE_IDENTIFIER_FORM;
	return compare_digit(value[6], digit_4_9(value), expected);
}

/* DE ASV team number: 00, six digits, check digit. */
static LsceIdentifierStatus
judge_asv(const char *value, size_t len, char *expected)
{
	if (!all_digits(value, len, 9) || strncmp(value, "00", 2) != 0)
		return LSCE_IDENTIFIER_FORM;
	return compare_digit(value[8], digit_4_9(value + 2), expected);
}

static LsceIdentifierStatus
judge_efn(const char *value, size_t len, char *expected)
{
	return all_digits(value, len, 15) ? judge_luhn_digits(value, len, "80276", 0, expected) : LSCE_IDENTIFIER_FORM;
}

static LsceIdentifierStatus
judge_rpps(const char *value, size_t len, char *expected)
{
	return all_digits(value, len, 11) ? judge_luhn_digits(value, len, "", 0, expected) : LSCE_IDENTIFIER_FORM;
}

static LsceIdentifierStatus
judge_hpii(const char *value, size_t len, char *expected)
{
	return all_digits(value, len, 16) ? judge_luhn_digits(value, len, "800361", 0, expected) : LSCE_IDENTIFIER_FORM;
}

/* PL PWZ: the first digit is the weighted sum of the others, and never 0. */
static LsceIdentifierStatus
judge_pwz(const char *value, size_t len, char *expected)
{
	int			sum = 0;

	if (!all_digits(value, len, 7) || value[0] == '0')
		return LSCE_IDENTIFIER_FORM;
	for (int i = 1; i < 7; i++)
		sum += (value[i] - '0') * i;
	/* no digit can stand in front of these six */
	if (sum % 11 == 0 || sum % 11 == 10)
		return LSCE_IDENTIFIER_FORM;
	return compare_digit(value[0], sum % 11, expected);
}

/* BE RIZIV/INAMI: six digits, 97 - (them mod 97), three of the qualification. */
static LsceIdentifierStatus
judge_riziv(const char *value, size_t len, char *expected)
{
	int			number = 0;
	int			check;

	if (!all_digits(value, len, 11))
		return LSCE_IDENTIFIER_FORM;
	for (int i = 0; i < 6; i++)
		number = number * 10 + (value[i] - '0');
	check = 97 - number % 97;
	if (value[6] == '0' + check / 10 && value[7] == '0' + check % 10)
		return LSCE_IDENTIFIER_VALID;
	expected[0] = (char) ('0' + check / 10);
	expected[1] = (char) ('0' + check % 10);
	expected[2] = '\0';
	return LSCE_IDENTIFIER_CHECK;
}

/* GLN: weights 1 and 3 in turn. */
static LsceIdentifierStatus
judge_gln(const char *value, size_t len, char *expected)
{
	int			sum = 0;

	if (!all_digits(value, len, 13))
		return LSCE_IDENTIFIER_FORM;
	for (int i = 0; i < 12; i++)
		sum += (value[i] - '0') * (i % 2 == 0 ? 1 : 3);
	return compare_digit(value[12], (10 - sum % 10) % 10, expected);
}

/* BR CPF: two check digits modulo 11; equal digits throughout are not issued. */
static LsceIdentifierStatus
judge_cpf(const char *value, size_t len, char *expected)
{
	int			first = 0;
	int			second = 0;
	bool		all_equal = true;

	if (!all_digits(value, len, 11))
		return LSCE_IDENTIFIER_FORM;
	for (int i = 0; i < 9; i++)
	{
		first += (value[i] - '0') * (10 - i);
		second += (value[i] - '0') * (11 - i);
		all_equal = all_equal && value[i] == value[10];
	}
	if (all_equal && value[9] == value[10])
		return LSCE_IDENTIFIER_FORM;
	first = first * 10 % 11 % 10;
	second = (second + 2 * first) * 10 % 11 % 10;
	if (value[9] == '0' + first && value[10] == '0' + second)
		return LSCE_IDENTIFIER_VALID;
	expected[0] = (char) ('0' + first);
	expected[1] = (char) ('0' + second);
	expected[2] = '\0';
	return LSCE_IDENTIFIER_CHECK;
}

/* BR CRM: state, hyphen, number. */
static LsceIdentifierStatus
judge_crm(const char *value, size_t len, char *expected)
{
	(void) expected;
	if (len < 4 || len > 13 || !is_upper(value[0]) || !is_upper(value[1]) ||
		value[2] != '-' || !digits_at(value, 3, len - 3))
		return LSCE_IDENTIFIER_FORM;
	return LSCE_IDENTIFIER_VALID;
}

/* Three letters for the profession and ten digits. */
static LsceIdentifierStatus
judge_ahpra(const char *value, size_t len, char *expected)
{
	(void) expected;
	if (len != 13 || !is_upper(value[0]) || !is_upper(value[1]) || !is_upper(value[2]) ||
		!digits_at(value, 3, 10))
		return LSCE_IDENTIFIER_FORM;
	return LSCE_IDENTIFIER_VALID;
}

/* Two digits, a letter, four digits, a letter. */
static LsceIdentifierStatus
judge_nmc(const char *value, size_t len, char *expected)
{
	(void) expected;
	if (len != 8 || !digits_at(value, 0, 2) || !is_upper(value[2]) ||
		!digits_at(value, 3, 4) || !is_upper(value[7]))
		return LSCE_IDENTIFIER_FORM;
	return LSCE_IDENTIFIER_VALID;
}

static LsceIdentifierStatus
judge_seven_digits(const char *value, size_t len, char *expected)
{
	(void) expected;
	return all_digits(value, len, 7) ? LSCE_IDENTIFIER_VALID : LSCE_IDENTIFIER_FORM;
}

static LsceIdentifierStatus
judge_nine_digits(const char *value, size_t len, char *expected)
{
	(void) expected;
	return all_digits(value, len, 9) ? LSCE_IDENTIFIER_VALID : LSCE_IDENTIFIER_FORM;
}

static LsceIdentifierStatus
judge_ten_digits(const char *value, size_t len, char *expected)
{
	(void) expected;
	return all_digits(value, len, 10) ? LSCE_IDENTIFIER_VALID : LSCE_IDENTIFIER_FORM;
}

static LsceIdentifierStatus
judge_eleven_digits(const char *value, size_t len, char *expected)
{
	(void) expected;
	return all_digits(value, len, 11) ? LSCE_IDENTIFIER_VALID : LSCE_IDENTIFIER_FORM;
}

/* JP registers of physicians and pharmacists: up to six digits, not all zero. */
static LsceIdentifierStatus
judge_register(const char *value, size_t len, char *expected)
{
	(void) expected;
	if (len < 1 || len > 6 || !digits_at(value, 0, len) || strspn(value, "0") >= len)
		return LSCE_IDENTIFIER_FORM;
	return LSCE_IDENTIFIER_VALID;
}

/* Province, slash, number. */
static LsceIdentifierStatus
judge_ordine(const char *value, size_t len, char *expected)
{
	(void) expected;
	if (len < 4 || len > 10 || !is_upper(value[0]) || !is_upper(value[1]) ||
		value[2] != '/' || !digits_at(value, 3, len - 3))
		return LSCE_IDENTIFIER_FORM;
	return LSCE_IDENTIFIER_VALID;
}

/* Two digits of the province and the number there. */
static LsceIdentifierStatus
judge_colegiado(const char *value, size_t len, char *expected)
{
	(void) expected;
	if (len < 5 || len > 9 || !digits_at(value, 0, len))
		return LSCE_IDENTIFIER_FORM;
	return LSCE_IDENTIFIER_VALID;
}

/* State, hyphen, and what the state's board writes: letters, digits, hyphens. */
static LsceIdentifierStatus
judge_state_license(const char *value, size_t len, char *expected)
{
	static const char states[] =
		"AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT "
		"NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY "
		"AS GU MP PR VI ";
	char		state[4];
	bool		has_digit = false;

	(void) expected;
	if (len < 4 || len > 24 || value[2] != '-')
		return LSCE_IDENTIFIER_FORM;
	state[0] = value[0];
	state[1] = value[1];
	state[2] = ' ';
	state[3] = '\0';
	if (!is_upper(state[0]) || !is_upper(state[1]) || strstr(states, state) == NULL)
		return LSCE_IDENTIFIER_FORM;
	for (size_t i = 3; i < len; i++)
	{
		if (!is_digit(value[i]) && !is_upper(value[i]) && value[i] != '-')
			return LSCE_IDENTIFIER_FORM;
		has_digit = has_digit || is_digit(value[i]);
	}
	return has_digit ? LSCE_IDENTIFIER_VALID : LSCE_IDENTIFIER_FORM;
}

static const Rule rules[] = {
	{{"npi", "US: CMS", "10 digits, the first 1 or 2, the last a Luhn digit over 80840 and the others", true},
	judge_npi, " us_npi "},
	{{"dea", "US: DEA", "2 letters (the second may be 9) and 7 digits, the last a check digit", true},
	judge_dea, " us_dea "},
	{{"us_state_license", "US: state boards", "state, hyphen, and up to 21 letters, digits and hyphens", false},
	judge_state_license, " us_license "},
	{{"lanr", "DE: KBV", "9 digits, the seventh a check digit, the last two a specialty group", true},
	judge_lanr, " de_lanr "},
	{{"de_asv", "DE: ASV-Servicestelle", "00 and 7 digits, the last a check digit", true},
	judge_asv, " asv "},
	{{"de_efn", "DE: Bundesärztekammer", "80276 and 10 digits, the last a Luhn digit", true},
	judge_efn, " efn "},
	{{"de_bsnr", "DE: KBV", "9 digits", false},
	judge_nine_digits, " bsnr "},
	{{"rpps", "FR: Agence du Numérique en Santé", "11 digits, the last a Luhn digit", true},
	judge_rpps, " fr_rpps "},
	{{"gmc", "GB: General Medical Council", "7 digits", false},
	judge_seven_digits, " gb_gmc uk_gmc "},
	{{"gb_nmc", "GB: Nursing and Midwifery Council", "2 digits, letter, 4 digits, letter", false},
	judge_nmc, " uk_nmc nmc "},
	{{"pl_pwz", "PL: Naczelna Izba Lekarska", "7 digits, the first a check digit", true},
	judge_pwz, " pwz "},
	{{"be_riziv", "BE: RIZIV/INAMI", "11 digits, the seventh and eighth 97 - (the first six mod 97)", true},
	judge_riziv, " be_inami riziv inami "},
	{{"ch_gln", "CH: GS1", "13 digits, the last a check digit", true},
	judge_gln, " gln "},
	{{"au_hpii", "AU: HI Service", "800361 and 10 digits, the last a Luhn digit", true},
	judge_hpii, " au_hpi_i hpii hpi_i "},
	{{"au_ahpra", "AU: Ahpra", "3 letters and 10 digits", false},
	judge_ahpra, " ahpra "},
	{{"nl_big", "NL: CIBG", "11 digits", false},
	judge_eleven_digits, " big "},
	{{"es_colegiado", "ES: colegios de médicos", "2 digits of the province and 3 to 7 digits", false},
	judge_colegiado, " "},
	{{"it_ordine", "IT: ordini provinciali", "2 letters of the province, slash, up to 7 digits", false},
	judge_ordine, " "},
	{{"br_crm", "BR: Conselhos Regionais de Medicina", "2 letters of the state, hyphen, up to 10 digits", false},
	judge_crm, " "},
	{{"br_cpf", "BR: Receita Federal", "11 digits, the last two check digits", true},
	judge_cpf, " cpf "},
	{{"jp_iseki", "JP: 厚生労働省 医籍", "up to 6 digits", false},
	judge_register, " iseki jp_ishi "},
	{{"jp_yakuzaishi", "JP: 厚生労働省 薬剤師名簿", "up to 6 digits", false},
	judge_register, " yakuzaishi "},
	{{"jp_hoken_kikan", "JP: 地方厚生局 保険医療機関コード", "10 digits", false},
	judge_ten_digits, " jp_iryokikan "},
	{{"luhn", "any", "2 or more digits, the last a Luhn digit", true},
	judge_luhn, " "},
};

#define RULE_COUNT (sizeof(rules) / sizeof(rules[0]))
#define SYSTEM_NAME_MAX 32

/* How many systems there are. */
size_t
lsce_identifier_system_count(void)
{
	return RULE_COUNT;
}

/* One of them, index from 0. */
const LsceIdentifierSystem *
lsce_identifier_system_at(size_t index)
{
	return index < RULE_COUNT ? &rules[index].system : NULL;
}

/*
 * The rule of a system by its name or an alias; case does not matter, and
 * hyphens are underscores (US-NPI is npi).  NULL when there is none.
 */
static const Rule *
find_rule(const char *name, size_t len)
{
	char		folded[SYSTEM_NAME_MAX + 3];
	size_t		n = 0;

	if (len == 0 || len > SYSTEM_NAME_MAX)
		return NULL;
	folded[n++] = ' ';
	for (size_t i = 0; i < len; i++)
	{
		char		c = name[i];

		if (is_upper(c))
			c += 'a' - 'A';
		else if (c == '-')
			c = '_';
		else if (c == ' ' || c == '\0')
			return NULL;
		folded[n++] = c;
	}
	folded[n++] = ' ';
	folded[n] = '\0';

	for (size_t i = 0; i < RULE_COUNT; i++)
	{
		const char *canonical = rules[i].system.name;

		if ((strlen(canonical) == len && memcmp(folded + 1, canonical, len) == 0) ||
			strstr(rules[i].aliases, folded) != NULL)
			return &rules[i];
	}
	return NULL;
}

/* A system by its name or an alias; NULL when there is no rule for it. */
const LsceIdentifierSystem *
lsce_identifier_system(const char *name, size_t len)
{
	const Rule *rule = find_rule(name, len);

	return rule ? &rule->system : NULL;
}

/*
 * Judge a value as it is stored: separators, lower case and full-width digits
 * are no part of any form.  "value" need not be terminated.
 */
LsceIdentifierVerdict
lsce_identifier_verdict(const char *name, size_t name_len, const char *value, size_t len)
{
	LsceIdentifierVerdict verdict = {LSCE_IDENTIFIER_NO_RULE, NULL, ""};
	const Rule *rule = find_rule(name, name_len);
	char		copy[LSCE_IDENTIFIER_MAX + 1];

	if (rule == NULL)
		return verdict;
	verdict.system = &rule->system;
	verdict.status = LSCE_IDENTIFIER_FORM;
	if (len > LSCE_IDENTIFIER_MAX || memchr(value, '\0', len) != NULL)
		return verdict;
	memcpy(copy, value, len);
	copy[len] = '\0';
	verdict.status = rule->judge(copy, len, verdict.expected);
	return verdict;
}
