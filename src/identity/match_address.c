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

/* Append a word to a key of n bytes.  Returns the new length. */
static size_t
append_word(const LsceName *name, const LsceNameToken *token, char *out, size_t n)
{
	if (n > 0)
		out[n++] = ' ';
	for (int i = 0; i < token->len; i++)
		U8_APPEND_UNSAFE(out, n, name->chars[token->start + i]);
	return n;
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
	LsceName	name;
	bool		any_word = false;
	int			run = 0;		/* 0 before the number, 1 in it, 2 behind */

	*house_len = 0;
	*street_len = 0;
	if (lsce_name_parse(line, len, NULL, LSCE_NAME_KEEP_ALL, &name) != LSCE_NAME_OK)
		return;
	for (int t = 0; t < name.ntokens; t++)
	{
		const LsceNameToken *token = &name.tokens[t];
		uint32_t	first = name.chars[token->start];

		any_word = any_word || (!(first >= '0' && first <= '9') && !is_street_word(name.chars + token->start, token->len));
	}
	for (int t = 0; t < name.ntokens; t++)
	{
		const LsceNameToken *token = &name.tokens[t];
		uint32_t	first = name.chars[token->start];

		if (first >= '0' && first <= '9' && run < 2)
		{
			run = 1;
			*house_len = append_word(&name, token, house, *house_len);
			continue;
		}
		if (run == 1)
			run = 2;
		if (!any_word || !is_street_word(name.chars + token->start, token->len))
			*street_len = append_word(&name, token, street, *street_len);
	}
}
