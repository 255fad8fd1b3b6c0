/*-------------------------------------------------------------------------
 *
 * name_key.c
 *	  From a name as it was typed to its folded words and its key.
 *
 * What is folded: width and compatibility forms (NFKC), case, marks on Latin
 * letters, umlauts (ä and ae), hiragana and katakana, small and large kana, the
 * ways to write a long vowel, variants of kanji, punctuation and blanks.  What
 * is not: kanji stay kanji; how they are read is not to be guessed.
 *
 * src/identity/name_key.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/name.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

/* how a word was written, for the decision whether it is a title */
#define WORD_LINKED		1		/* to the one before, by a dot or hyphen */
#define WORD_COMMA		2		/* a comma stands before it */
#define WORD_CAPITALS	4		/* no small letter in it */

typedef struct Builder
{
	LsceName   *name;
	unsigned	flags[LSCE_NAME_MAX_TOKENS];
	bool		umlauts;		/* ä is ae */
	bool		latin;			/* the last character was a Latin letter */
} Builder;

/* Does ä mean a with a mark in this language, and not ae? */
static bool
is_mark_language(const char *lang)
{
	static const char languages[] = " ca cs es et fi fr gl hu it nl pt sk sv tr vi ";
	char		code[5] = " .. ";

	if (lang == NULL || lang[0] == '\0' || lang[1] == '\0')
		return false;
	if (lang[2] != '\0' && lang[2] != '-' && lang[2] != '_')
		return false;
	code[1] = (char) (lang[0] | 0x20);
	code[2] = (char) (lang[1] | 0x20);
	return strstr(languages, code) != NULL;
}

/* Is this character written without blanks between words? */
static bool
is_cjk(uint32_t c)
{
	return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) ||
		(c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

/* Append a folded character to the last word; false when there is no room. */
static bool
put(Builder *builder, uint32_t c)
{
	LsceName   *name = builder->name;

	if (name->nchars >= LSCE_NAME_MAX_CHARS)
		return false;
	name->chars[name->nchars++] = c;
	name->tokens[name->ntokens - 1].len++;
	return true;
}

/* Append ASCII letters. */
static bool
put_text(Builder *builder, const char *text)
{
	while (*text)
	{
		if (!put(builder, (uint32_t) *text++))
			return false;
	}
	return true;
}

/* Latin letters that ICU does not take apart; NULL for others. */
static const char *
latin_letter(UChar32 c, bool umlauts)
{
	switch (c)
	{
		case 0xe4:
			return umlauts ? "ae" : "a";
		case 0xf6:
			return umlauts ? "oe" : "o";
		case 0xfc:
			return umlauts ? "ue" : "u";
		case 0xf8:
			return umlauts ? "oe" : "o";
		case 0xe6:
			return "ae";
		case 0x153:
			return "oe";
		case 0xdf:
			return "ss";
		case 0x142:
			return "l";
		case 0x111:
		case 0xf0:
			return "d";
		case 0xfe:
			return "th";
		case 0x131:
			return "i";
		case 0x127:
			return "h";
		case 0x167:
			return "t";
		case 0x14b:
			return "n";
		default:
			return NULL;
	}
}

/* Append a Latin letter without its marks. */
static bool
put_latin(Builder *builder, UChar32 c)
{
	UErrorCode	code = U_ZERO_ERROR;
	const char *letters = latin_letter(c, builder->umlauts);
	UChar		parts[16];
	int32_t		len;

	if (letters)
		return put_text(builder, letters);
	if (c < 0x80)
		return put(builder, (uint32_t) c);
	len = unorm2_getDecomposition(unorm2_getNFDInstance(&code), c, parts, 16, &code);
	if (U_SUCCESS(code) && len > 0)
	{
		int32_t		i = 0;

		U16_NEXT(parts, i, len, c);
		letters = latin_letter(c, builder->umlauts);
		if (letters)
			return put_text(builder, letters);
	}
	return put(builder, (uint32_t) c);
}

/* Append a kana, or change the one before to go with it. */
static bool
put_kana(Builder *builder, uint32_t c)
{
	LsceName   *name = builder->name;
	const LsceNameToken *token = &name->tokens[name->ntokens - 1];
	uint32_t	last = token->len > 0 ? name->chars[name->nchars - 1] : 0;
	bool		replace = false;

	c = lsce_name_kana(last, c, &replace);
	if (!replace)
		return put(builder, c);
	name->chars[name->nchars - 1] = c;
	return true;
}

/* Append one normalised, case-folded character. */
static bool
put_folded(Builder *builder, UChar32 c)
{
	UErrorCode	code = U_ZERO_ERROR;
	LsceName   *name = builder->name;

	if (c < 0x80)
	{
		builder->latin = true;
		return put(builder, (uint32_t) c);
	}
	if (U_MASK(u_charType(c)) & U_GC_MN_MASK)
	{
		/* a mark of a Latin letter is dropped, those of other scripts stay */
		return builder->latin || put(builder, (uint32_t) c);
	}
	builder->latin = uscript_getScript(c, &code) == USCRIPT_LATIN;
	if (builder->latin)
		return put_latin(builder, c);
	if ((c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc)
		return put_kana(builder, (uint32_t) c);
	if (c == 0x3005 && name->tokens[name->ntokens - 1].len > 0)
		return put(builder, name->chars[name->nchars - 1]);	/* repeats the kanji before */
	return put(builder, lsce_name_kanji((uint32_t) c));
}

/* Fold the characters of one word into a new token. */
static LsceNameStatus
fold_word(Builder *builder, const UChar *word, int32_t len, unsigned flags)
{
	LsceName   *name = builder->name;
	UErrorCode	code = U_ZERO_ERROR;
	UChar		folded[LSCE_NAME_MAX_UNITS];
	int32_t		folded_len;
	LsceNameToken *token;

	if (name->ntokens == LSCE_NAME_MAX_TOKENS)
		return LSCE_NAME_TOO_LONG;
	folded_len = unorm2_normalize(unorm2_getNFKCCasefoldInstance(&code), word, len,
								  folded, LSCE_NAME_MAX_UNITS, &code);
	if (U_FAILURE(code))
		return LSCE_NAME_TOO_LONG;

	token = &name->tokens[name->ntokens];
	token->start = name->nchars;
	token->len = 0;
	builder->flags[name->ntokens++] = flags;
	builder->latin = false;
	for (int32_t i = 0; i < folded_len;)
	{
		UChar32		c;

		U16_NEXT(folded, i, folded_len, c);
		if (!put_folded(builder, c))
			return LSCE_NAME_TOO_LONG;
	}
	if (token->len == 0)
		name->ntokens--;		/* nothing but ignorable characters */
	else
		token->cjk = is_cjk(name->chars[token->start]) &&
			is_cjk(name->chars[token->start + token->len - 1]);
	return LSCE_NAME_OK;
}

/* Is a character inside a word? */
static bool
is_word(UChar32 c)
{
	return u_isalnum(c) || (U_MASK(u_charType(c)) & (U_GC_M_MASK | U_GC_NL_MASK | U_GC_NO_MASK)) ||
		u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/* An apostrophe joins: O'Brien is obrien. */
static bool
is_joiner(UChar32 c)
{
	return c == '\'' || c == '`' || c == 0x2019 || c == 0x2018 || c == 0x2bc || c == 0x2bb;
}

/* Cut the normalised text into words and fold each. */
static LsceNameStatus
split_words(Builder *builder, const UChar *text, int32_t text_len)
{
	UChar		word[LSCE_NAME_MAX_UNITS];
	int32_t		word_len = 0;
	unsigned	flags = 0;
	bool		has_small = false;
	LsceNameStatus status;

	for (int32_t i = 0; i <= text_len;)
	{
		UChar32		c = ' ';

		if (i < text_len)
			U16_NEXT(text, i, text_len, c);
		else
			i++;
		if (is_joiner(c))
			continue;
		if (is_word(c))
		{
			bool		overflow = false;

			U16_APPEND(word, word_len, LSCE_NAME_MAX_UNITS, c, overflow);
			if (overflow)
				return LSCE_NAME_TOO_LONG;
			has_small = has_small || u_islower(c);
			continue;
		}
		if (word_len > 0)
		{
			status = fold_word(builder, word, word_len, flags | (has_small ? 0 : WORD_CAPITALS));
			if (status != LSCE_NAME_OK)
				return status;
			word_len = 0;
			has_small = false;
			flags = 0;
		}
		/* what stands between this word and the next */
		if (c == '.' || c == '-' || c == 0x2010 || c == 0x2011 || c == '/')
			flags |= WORD_LINKED;
		else if (c == ',' || c == ';' || c == 0x3001 || c == '(')
			flags = WORD_COMMA;
		else
			flags &= ~(unsigned) WORD_LINKED;
	}
	return LSCE_NAME_OK;
}

/* Remove tokens from .. from+count-1. */
static void
drop_tokens(Builder *builder, int from, int count)
{
	LsceName   *name = builder->name;
	int			rest = name->ntokens - from - count;

	memmove(&name->tokens[from], &name->tokens[from + count], sizeof(LsceNameToken) * (size_t) rest);
	memmove(&builder->flags[from], &builder->flags[from + count], sizeof(unsigned) * (size_t) rest);
	name->ntokens -= count;
}

/*
 * How many tokens at "at" are one title or degree; sets *title for a title.  Of
 * h. c. neither letter is one alone: it is an initial.
 */
static int
title_at(const LsceName *name, int at, bool *title)
{
	const LsceNameToken *token = &name->tokens[at];
	const uint32_t *word = name->chars + token->start;

	if (lsce_name_is_prefix_title(word, token->len))
	{
		*title = true;
		return 1;
	}
	if (lsce_name_is_degree(word, token->len))
		return 1;
	if (at + 1 < name->ntokens && token->len == 1 && word[0] == 'h' && token[1].len == 1 &&
		name->chars[token[1].start] == 'c')
		return 2;
	return 0;
}

/* Drop titles and degrees in front, of which one at least is a title. */
static void
strip_prefixes(Builder *builder)
{
	LsceName   *name = builder->name;
	bool		title = false;
	int			count = 0;
	int			step;

	while (count < name->ntokens && (step = title_at(name, count, &title)) > 0)
		count += step;
	if (title && count < name->ntokens)
		drop_tokens(builder, 0, count);
}

/* Length of a suffix in tokens when the name ends in one, else 0. */
static int
suffix_length(const Builder *builder)
{
	const LsceName *name = builder->name;
	const LsceNameToken *last = &name->tokens[name->ntokens - 1];
	unsigned	flags = builder->flags[name->ntokens - 1];
	bool		others_small = false;
	int			linked = 1;
	int			len = last->len;

	if (lsce_name_is_suffix(name->chars + last->start, last->len))
		return 1;
	/* M.D. and PA-C: tokens linked to each other are one word */
	while (linked < name->ntokens - 1 && linked < 5 && (builder->flags[name->ntokens - linked] & WORD_LINKED))
	{
		const LsceNameToken *first = &name->tokens[name->ntokens - 1 - linked];

		linked++;
		len += first->len;
		/* words are next to each other in chars unless tokens were dropped between */
		if (first->start + len != last->start + last->len)
			break;
		if (lsce_name_is_suffix(name->chars + first->start, len) ||
			lsce_name_is_doubtful_suffix(name->chars + first->start, len))
			return linked;
	}
	if (!lsce_name_is_doubtful_suffix(name->chars + last->start, last->len))
		return 0;
	if (flags & WORD_COMMA)
		return 1;
	for (int i = 0; i < name->ntokens - 1; i++)
		others_small = others_small || !(builder->flags[i] & WORD_CAPITALS);
	return (flags & WORD_CAPITALS) && others_small && name->ntokens > 2 ? 1 : 0;
}

/*
 * Length of "Dr. med." behind a name: titles and degrees to the end, the first
 * of them a title behind a comma.  0 when there are none.
 */
static int
trailing_titles(const Builder *builder)
{
	const LsceName *name = builder->name;

	for (int from = 1; from < name->ntokens; from++)
	{
		bool		title = false;
		int			end = from;
		int			step = 1;

		if (!(builder->flags[from] & WORD_COMMA) || title_at(name, from, &title) == 0 || !title)
			continue;
		while (end < name->ntokens && (step = title_at(name, end, &title)) > 0)
			end += step;
		if (end == name->ntokens)
			return end - from;
	}
	return 0;
}

/* Drop suffixes, as long as a word of the name is left. */
static void
strip_suffixes(Builder *builder)
{
	LsceName   *name = builder->name;

	while (name->ntokens > 1)
	{
		int			count = suffix_length(builder);

		if (count == 0)
			count = trailing_titles(builder);
		if (count == 0 || count >= name->ntokens)
			return;
		name->ntokens -= count;
	}
}

/*
 * Drop forms of address behind a Japanese name and legal forms around a
 * Japanese organisation.  Runs before kana are folded: on words as written.
 */
static int32_t
strip_cjk(UChar *text, int32_t len)
{
	uint32_t	chars[LSCE_NAME_MAX_UNITS];
	int			n = 0;
	int			from = 0;
	int			dropped;
	int32_t		out = 0;

	for (int32_t i = 0; i < len;)
	{
		UChar32		c;

		U16_NEXT(text, i, len, c);
		chars[n++] = (uint32_t) c;
	}
	while (n > 0 && u_isUWhiteSpace((UChar32) chars[n - 1]))
		n--;
	while (from < n && u_isUWhiteSpace((UChar32) chars[from]))
		from++;
	while ((dropped = lsce_name_cjk_prefix(chars + from, n - from)) > 0 && from + dropped < n)
	{
		from += dropped;
		while (from < n - 1 && u_isUWhiteSpace((UChar32) chars[from]))
			from++;
	}
	/* a single kanji in front of a form of address is a name only with a blank between */
	while ((dropped = lsce_name_cjk_suffix(chars + from, n - from)) > 0 &&
		   n - from - dropped >= (dropped > 1 ? 1 : 2))
	{
		n -= dropped;
		while (n - from > 1 && u_isUWhiteSpace((UChar32) chars[n - 1]))
			n--;
	}
	for (int i = from; i < n; i++)
		U16_APPEND_UNSAFE(text, out, (UChar32) chars[i]);
	return out;
}

/*
 * Take a name apart.  "lang" is a language code or NULL; it decides what the
 * two dots on a letter mean (German and unknown: ä is ae; Spanish, French, …: a
 * mark).  Returns a status; on failure the name is empty.
 */
LsceNameStatus
lsce_name_parse(const char *utf8, size_t len, const char *lang, LsceNameMode mode, LsceName *name)
{
	Builder		builder;
	UErrorCode	code = U_ZERO_ERROR;
	UChar		source[LSCE_NAME_MAX_UNITS];
	UChar		text[LSCE_NAME_MAX_UNITS];
	int32_t		text_len;
	LsceNameStatus status;

	name->ntokens = 0;
	name->nchars = 0;
	if (len > LSCE_NAME_MAX_UNITS * 4)
		return LSCE_NAME_TOO_LONG;
	u_strFromUTF8(source, LSCE_NAME_MAX_UNITS, &text_len, utf8, (int32_t) len, &code);
	if (code == U_BUFFER_OVERFLOW_ERROR)
		return LSCE_NAME_TOO_LONG;
	if (U_FAILURE(code))
		return LSCE_NAME_BAD_ENCODING;
	text_len = unorm2_normalize(unorm2_getNFKCInstance(&code), source, text_len,
								text, LSCE_NAME_MAX_UNITS, &code);
	if (U_FAILURE(code))
		return LSCE_NAME_TOO_LONG;
	if (mode == LSCE_NAME_STRIP_TITLES)
		text_len = strip_cjk(text, text_len);

	builder.name = name;
	builder.umlauts = !is_mark_language(lang);
	builder.latin = false;
	status = split_words(&builder, text, text_len);
	if (status != LSCE_NAME_OK)
	{
		name->ntokens = 0;
		name->nchars = 0;
		return status;
	}
	if (mode == LSCE_NAME_STRIP_TITLES)
	{
		strip_prefixes(&builder);
		strip_suffixes(&builder);
	}
	return LSCE_NAME_OK;
}

/*
 * The key of a name: its words with a blank between, none between words that
 * are written without.  "out" has room for LSCE_NAME_KEY_BYTES; returns the
 * number of bytes.
 */
size_t
lsce_name_key(const LsceName *name, char *out)
{
	int32_t		n = 0;

	for (int t = 0; t < name->ntokens; t++)
	{
		const LsceNameToken *token = &name->tokens[t];

		if (t > 0 && !(token->cjk && name->tokens[t - 1].cjk))
			out[n++] = ' ';
		for (int i = 0; i < token->len; i++)
			U8_APPEND_UNSAFE(out, n, name->chars[token->start + i]);
	}
	return (size_t) n;
}

/* Take a key apart again: its characters are folded already. */
void
lsce_name_of_key(const char *key, size_t len, LsceName *name)
{
	LsceNameToken *token = NULL;

	name->ntokens = 0;
	name->nchars = 0;
	for (int32_t i = 0; i < (int32_t) len && name->nchars < LSCE_NAME_MAX_CHARS;)
	{
		UChar32		c;

		U8_NEXT(key, i, (int32_t) len, c);
		if (c == ' ' || c < 0)
		{
			token = NULL;
			continue;
		}
		if (token == NULL)
		{
			if (name->ntokens == LSCE_NAME_MAX_TOKENS)
				return;
			token = &name->tokens[name->ntokens++];
			token->start = name->nchars;
			token->len = 0;
			token->cjk = is_cjk((uint32_t) c);
		}
		name->chars[name->nchars++] = (uint32_t) c;
		token->len++;
		token->cjk = token->cjk && is_cjk((uint32_t) c);
	}
}
