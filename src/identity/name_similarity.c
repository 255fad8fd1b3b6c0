/*-------------------------------------------------------------------------
 *
 * name_similarity.c
 *	  How alike two folded names are, from 0 to 1.
 *
 * Words are compared by Jaro-Winkler on code points; an initial, a nickname and
 * an umlaut written without its e count for nearly the whole.  Names are
 * compared word by word in the best assignment found, whatever the order, and
 * once more without blanks.
 *
 * Pure: no server, no allocation.
 *
 * src/identity/name_similarity.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/name.h"

#include <string.h>

/* longer words are compared by their beginning */
#define WORD_MAX		64
/* names of more words are compared by their first */
#define WORDS_MAX		16

#define INITIAL_SIMILARITY	0.90
#define NICKNAME_SIMILARITY	0.95
#define UMLAUT_FACTOR		0.98	/* muller for mueller */
#define ORDER_FACTOR		0.98	/* words in another order */
#define JOINED_FACTOR		0.97	/* blanks in other places */
#define INSIDE_FACTOR		0.90	/* neither at the beginning nor at the end */

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* Are two words of code points the same? */
static bool
equal(const uint32_t *a, int a_len, const uint32_t *b, int b_len)
{
	return a_len == b_len && memcmp(a, b, sizeof(uint32_t) * (size_t) a_len) == 0;
}

/*
 * Jaro-Winkler similarity: the common characters within half the length, those
 * out of order, and a bonus for up to four equal characters in front.
 */
double
lsce_jaro_winkler(const uint32_t *a, int a_len, const uint32_t *b, int b_len)
{
	bool		b_used[WORD_MAX] = {false};
	uint32_t	a_common[WORD_MAX];
	int			common = 0;
	int			misplaced = 0;
	int			prefix = 0;
	int			window;
	double		jaro;

	if (equal(a, a_len, b, b_len))
		return 1.0;
	a_len = least(a_len, WORD_MAX);
	b_len = least(b_len, WORD_MAX);
	if (a_len == 0 || b_len == 0)
		return 0.0;
	window = (a_len > b_len ? a_len : b_len) / 2 - 1;
	if (window < 0)
		window = 0;

	for (int i = 0; i < a_len; i++)
	{
		int			to = least(i + window + 1, b_len);

		for (int j = i > window ? i - window : 0; j < to; j++)
		{
			if (!b_used[j] && a[i] == b[j])
			{
				b_used[j] = true;
				a_common[common++] = a[i];
				break;
			}
		}
	}
	if (common == 0)
		return 0.0;
	for (int j = 0, k = 0; j < b_len; j++)
	{
		if (b_used[j] && b[j] != a_common[k++])
			misplaced++;
	}
	jaro = ((double) common / a_len + (double) common / b_len +
			(common - misplaced / 2.0) / common) / 3.0;
	while (prefix < 4 && prefix < a_len && prefix < b_len && a[prefix] == b[prefix])
		prefix++;
	return jaro + prefix * 0.1 * (1.0 - jaro);
}

/*
 * Edits (insert, delete, replace, transpose neighbours) from a to b, at most
 * limit + 1.
 */
int
lsce_edit_distance(const uint32_t *a, int a_len, const uint32_t *b, int b_len, int limit)
{
	int			rows[3][WORD_MAX + 1];
	int		   *before = rows[0];
	int		   *previous = rows[1];
	int		   *current = rows[2];

	a_len = least(a_len, WORD_MAX);
	b_len = least(b_len, WORD_MAX);
	if (a_len - b_len > limit || b_len - a_len > limit)
		return limit + 1;
	for (int j = 0; j <= b_len; j++)
		previous[j] = j;
	for (int i = 1; i <= a_len; i++)
	{
		int		   *next = before;

		current[0] = i;
		for (int j = 1; j <= b_len; j++)
		{
			int			cost = previous[j - 1] + (a[i - 1] != b[j - 1]);

			cost = least(cost, least(previous[j], current[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				cost = least(cost, before[j - 2] + 1);
			current[j] = cost;
		}
		before = previous;
		previous = current;
		current = next;
	}
	return least(previous[b_len], limit + 1);
}

/* Write ae, oe and ue as a, o and u.  Returns the length. */
static int
without_umlaut(const uint32_t *word, int len, uint32_t *out)
{
	int			n = 0;

	for (int i = 0; i < len && n < WORD_MAX; i++)
	{
		if (word[i] == 'e' && n > 0 && (word[i - 1] == 'a' || word[i - 1] == 'o' || word[i - 1] == 'u'))
			continue;
		out[n++] = word[i];
	}
	return n;
}

/* Similarity of two words; "nickname" may be NULL. */
double
lsce_name_token_similarity(const uint32_t *a, int a_len, const uint32_t *b, int b_len,
						   LsceNicknameTest nickname, void *arg)
{
	uint32_t	a_plain[WORD_MAX];
	uint32_t	b_plain[WORD_MAX];
	int			a_plain_len;
	int			b_plain_len;
	double		result;

	if (equal(a, a_len, b, b_len))
		return 1.0;
	if (a_len == 0 || b_len == 0)
		return 0.0;
	if (a_len == 1 || b_len == 1)
		return a[0] == b[0] && a[0] < 0x2e80 ? INITIAL_SIMILARITY : 0.0;
	result = lsce_jaro_winkler(a, a_len, b, b_len);
	a_plain_len = without_umlaut(a, a_len, a_plain);
	b_plain_len = without_umlaut(b, b_len, b_plain);
	if (a_plain_len < a_len || b_plain_len < b_len)
	{
		double		plain = UMLAUT_FACTOR * lsce_jaro_winkler(a_plain, a_plain_len, b_plain, b_plain_len);

		if (plain > result)
			result = plain;
	}
	if (result < NICKNAME_SIMILARITY && nickname && nickname(a, a_len, b, b_len, arg))
		result = NICKNAME_SIMILARITY;
	return result;
}

/* Assign words greedily, the most alike first; see lsce_name_similarity(). */
static double
by_words(const LsceName *a, int a_words, const LsceName *b, int b_words,
		 LsceNicknameTest nickname, void *arg)
{
	double		similarity[WORDS_MAX][WORDS_MAX];
	int			partner[WORDS_MAX];
	bool		b_used[WORDS_MAX] = {false};
	bool		ordered = true;
	double		sum = 0;
	int			last = -1;
	int			fewer = least(a_words, b_words);
	int			more = a_words + b_words - fewer;

	for (int i = 0; i < a_words; i++)
	{
		partner[i] = -1;
		for (int j = 0; j < b_words; j++)
			similarity[i][j] = lsce_name_token_similarity(a->chars + a->tokens[i].start, a->tokens[i].len,
														  b->chars + b->tokens[j].start, b->tokens[j].len,
														  nickname, arg);
	}
	for (int round = 0; round < fewer; round++)
	{
		int			best_i = -1;
		int			best_j = -1;

		for (int i = 0; i < a_words; i++)
		{
			for (int j = 0; j < b_words && partner[i] < 0; j++)
			{
				if (!b_used[j] && (best_i < 0 || similarity[i][j] > similarity[best_i][best_j]))
				{
					best_i = i;
					best_j = j;
				}
			}
		}
		partner[best_i] = best_j;
		b_used[best_j] = true;
		/* half alike is chance: scale so that 0.5 counts nothing */
		if (similarity[best_i][best_j] > 0.5)
			sum += 2.0 * similarity[best_i][best_j] - 1.0;
	}
	for (int i = 0; i < a_words; i++)
	{
		if (partner[i] < 0)
			continue;
		ordered = ordered && partner[i] > last;
		last = partner[i];
	}
	return (ordered ? 1.0 : ORDER_FACTOR) * (0.75 * sum / fewer + 0.25 * sum / more);
}

/* All characters of a name without blanks.  Returns their number. */
static int
joined(const LsceName *name, uint32_t *out)
{
	int			n = 0;

	for (int t = 0; t < name->ntokens && n < WORD_MAX; t++)
	{
		for (int i = 0; i < name->tokens[t].len && n < WORD_MAX; i++)
			out[n++] = name->chars[name->tokens[t].start + i];
	}
	return n;
}

/* Is one the other with its beginning moved to the end, as in taroyamada? */
static bool
is_rotation(const uint32_t *a, int a_len, const uint32_t *b, int b_len)
{
	if (a_len != b_len || a_len < 3 || a[0] < 0x2e80)
		return false;
	for (int shift = 1; shift < a_len; shift++)
	{
		if (equal(a, a_len - shift, b + shift, a_len - shift) && equal(a + a_len - shift, shift, b, shift))
			return true;
	}
	return false;
}

/*
 * Similarity of a name written without blanks to a part of it, as of one word
 * to two: 0 when a is not in b.
 */
static double
part_similarity(const uint32_t *a, int a_len, const uint32_t *b, int b_len)
{
	double		similarity = 0.75 + 0.25 * a_len / b_len;

	if (a_len < 2 || a_len > b_len)
		return 0.0;
	if (equal(a, a_len, b, a_len) || equal(a, a_len, b + b_len - a_len, a_len))
		return similarity;
	for (int start = 1; start < b_len - a_len; start++)
	{
		if (equal(a, a_len, b + start, a_len))
			return INSIDE_FACTOR * similarity;
	}
	return 0.0;
}

/* Does a stand behind b in the order of code points? */
static bool
follows(const uint32_t *a, const uint32_t *b, int len)
{
	for (int i = 0; i < len; i++)
	{
		if (a[i] != b[i])
			return a[i] > b[i];
	}
	return false;
}

/* lsce_name_similarity() for names in a fixed order, and their joined words. */
static double
similarity_ordered(const LsceName *a, const uint32_t *a_joined, int a_len,
				   const LsceName *b, const uint32_t *b_joined, int b_len,
				   LsceNicknameTest nickname, void *arg)
{
	int			a_words = least(a->ntokens, WORDS_MAX);
	int			b_words = least(b->ntokens, WORDS_MAX);
	double		words;
	double		whole;

	if (a_words == 0 || b_words == 0)
		return 0.0;
	words = by_words(a, a_words, b, b_words, nickname, arg);
	if (a_words == b_words && !a->tokens[0].cjk)
		whole = 0;				/* blanks are in the same places */
	else if (a->tokens[0].cjk && is_rotation(a_joined, a_len, b_joined, b_len))
		whole = ORDER_FACTOR;
	else if (equal(a_joined, a_len, b_joined, b_len))
		whole = a->tokens[0].cjk ? 1.0 : JOINED_FACTOR;
	else
	{
		double		part = a->tokens[0].cjk ? part_similarity(a_joined, a_len, b_joined, b_len) : 0.0;

		whole = JOINED_FACTOR * lsce_jaro_winkler(a_joined, a_len, b_joined, b_len);
		whole = whole > 0.5 ? 2.0 * whole - 1.0 : 0.0;
		whole = part > whole ? part : whole;
	}
	return words > whole ? words : whole;
}

/*
 * Similarity of two names: 1 for the same words, 0 for nothing in common or an
 * empty name.  Symmetric.
 */
double
lsce_name_similarity(const LsceName *a, const LsceName *b, LsceNicknameTest nickname, void *arg)
{
	uint32_t	a_joined[WORD_MAX];
	uint32_t	b_joined[WORD_MAX];
	int			a_len = joined(a, a_joined);
	int			b_len = joined(b, b_joined);
	bool		swap = a_len > b_len;

	/* assignments break ties by position: fix which name is the first */
	if (a_len == b_len)
		swap = a->ntokens > b->ntokens ||
			(a->ntokens == b->ntokens && follows(a_joined, b_joined, a_len));
	if (swap)
		return similarity_ordered(b, b_joined, b_len, a, a_joined, a_len, nickname, arg);
	return similarity_ordered(a, a_joined, a_len, b, b_joined, b_len, nickname, arg);
}

/*
 * Are two names made of the same words, in whatever order and with blanks in
 * whatever places?
 */
bool
lsce_name_same_words(const LsceName *a, const LsceName *b)
{
	uint32_t	a_joined[WORD_MAX];
	uint32_t	b_joined[WORD_MAX];
	int			a_len = joined(a, a_joined);
	int			b_len = joined(b, b_joined);
	bool		b_used[WORDS_MAX] = {false};

	if (a_len != b_len || a_len == 0 || a_len == WORD_MAX)
		return false;
	if (equal(a_joined, a_len, b_joined, b_len) || is_rotation(a_joined, a_len, b_joined, b_len))
		return true;
	if (a->ntokens != b->ntokens || a->ntokens > WORDS_MAX)
		return false;
	for (int i = 0; i < a->ntokens; i++)
	{
		int			j = 0;

		while (j < b->ntokens &&
			   (b_used[j] || !equal(a->chars + a->tokens[i].start, a->tokens[i].len,
									b->chars + b->tokens[j].start, b->tokens[j].len)))
			j++;
		if (j == b->ntokens)
			return false;
		b_used[j] = true;
	}
	return true;
}
