/*-------------------------------------------------------------------------
 *
 * match_address.c
 *	  House number and street of an address line.
 *
 * src/identity/match_address.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/match.h"

#include <string.h>

#include <unicode/utf8.h>

/* words for a street that are written in full or short, or left out */
static const char street_words[] =
	" street st avenue ave av road rd drive dr boulevard blvd place pl court ct crescent cres cr lane ln "
	"circuit cct cir circle close cl terrace ter tce parade pde way highway hwy square sq grove gr strasse "
	"str platz pl weg rue no nr suite ste unit apt floor fl ";

/* Is a word one that tells streets apart only by chance? */
static bool
is_street_word(const uint32_t *chars, int len)
{
	char		word[16];
	int			n = 0;

	if (len > 12)
		return false;
	word[n++] = ' ';
	for (int i = 0; i < len; i++)
	{
		if (chars[i] >= 0x80)
			return false;
		word[n++] = (char) chars[i];
	}
	word[n++] = ' ';
	word[n] = '\0';
	return strstr(street_words, word) != NULL;
}

typedef struct Parts
{
	char	   *house;
	size_t		house_len;
	char	   *street;
	size_t		street_len;
} Parts;

static bool
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* Append characters as one word to a key of n bytes.  Returns the new length. */
static size_t
append_word(const uint32_t *chars, int len, char *out, size_t n)
{
	if (n > 0)
		out[n++] = ' ';
	for (int i = 0; i < len; i++)
		U8_APPEND_UNSAFE(out, n, chars[i]);
	return n;
}

/* 丁, 目, 番, 地 and 号, which count blocks and houses. */
static bool
is_counter(uint32_t c)
{
	return c == 0x4e01 || c == 0x76ee || c == 0x756a || c == 0x5730 || c == 0x53f7;
}

/*
 * Take a word written without blanks apart: runs of digits are numbers, with
 * what counts them, the rest is street.
 */
static void
split_cjk(const uint32_t *chars, int len, Parts *parts)
{
	int			i = 0;

	while (i < len)
	{
		int			start = i;
		bool		number = is_digit(chars[i]);

		while (i < len && is_digit(chars[i]) == number)
			i++;
		if (number)
		{
			parts->house_len = append_word(chars + start, i - start, parts->house, parts->house_len);
			while (i < len && is_counter(chars[i]))
				i++;
		}
		else
			parts->street_len = append_word(chars + start, i - start, parts->street, parts->street_len);
	}
}

/* Is there a kana or kanji in a word? */
static bool
has_cjk(const uint32_t *chars, int len)
{
	for (int i = 0; i < len; i++)
	{
		if (chars[i] >= 0x2e80)
			return true;
	}
	return false;
}

/*
 * Split an address line, as typed: the first run of words that begin with a
 * digit is the house number, the others without words such as "street" are the
 * street.  "house" and "street" have room for LSCE_NAME_KEY_BYTES each; both are
 * empty when the line cannot be folded.
 */
void
lsce_match_address(const char *line, size_t len, char *house, size_t *house_len,
				   char *street, size_t *street_len)
{
	Parts		parts = {house, 0, street, 0};
	LsceName	name;
	bool		any_word = false;
	int			run = 0;		/* 0 before the number, 1 in it, 2 behind */

	*house_len = 0;
	*street_len = 0;
	if (lsce_name_parse(line, len, NULL, LSCE_NAME_KEEP_ALL, &name) != LSCE_NAME_OK)
		return;
	for (int t = 0; t < name.ntokens; t++)
	{
		const uint32_t *word = name.chars + name.tokens[t].start;

		any_word = any_word || (!is_digit(word[0]) && !is_street_word(word, name.tokens[t].len));
	}
	for (int t = 0; t < name.ntokens; t++)
	{
		const uint32_t *word = name.chars + name.tokens[t].start;
		int			word_len = name.tokens[t].len;

		if (has_cjk(word, word_len))
		{
			split_cjk(word, word_len, &parts);
			run = parts.house_len > 0 && is_digit(word[word_len - 1]) ? 1 : run;
		}
		else if (is_digit(word[0]) && run < 2)
		{
			run = 1;
			parts.house_len = append_word(word, word_len, house, parts.house_len);
		}
		else
		{
			run = run == 1 ? 2 : run;
			if (!any_word || !is_street_word(word, word_len))
				parts.street_len = append_word(word, word_len, street, parts.street_len);
		}
	}
	*house_len = parts.house_len;
	*street_len = parts.street_len;
}
