/*-------------------------------------------------------------------------
 *
 * name.h
 *	  Names as people type them: folding, keys, similarity.
 *
 * Pure: ICU only, no server, no allocation.
 *
 * src/identity/name.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_IDENTITY_NAME_H
#define LSCE_IDENTITY_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest name, in UTF-16 units after normalisation. */
#define LSCE_NAME_MAX_UNITS		1024
/* Folding makes at most two letters of one (ä: ae). */
#define LSCE_NAME_MAX_CHARS		(2 * LSCE_NAME_MAX_UNITS)
#define LSCE_NAME_MAX_TOKENS	128
/* Room for a key in UTF-8: characters, and blanks between tokens. */
#define LSCE_NAME_KEY_BYTES		(4 * LSCE_NAME_MAX_CHARS + LSCE_NAME_MAX_TOKENS)

typedef enum LsceNameStatus
{
	LSCE_NAME_OK,
	LSCE_NAME_BAD_ENCODING,
	LSCE_NAME_TOO_LONG
} LsceNameStatus;

/* A word of a name, folded. */
typedef struct LsceNameToken
{
	int			start;			/* in LsceName.chars */
	int			len;
	bool		cjk;			/* written without blanks around it */
} LsceNameToken;

/* A name taken apart. */
typedef struct LsceName
{
	int			ntokens;
	int			nchars;
	LsceNameToken tokens[LSCE_NAME_MAX_TOKENS];
	uint32_t	chars[LSCE_NAME_MAX_CHARS];
} LsceName;

/* Are two words, one a short form of the other, the same name? */
typedef bool (*LsceNicknameTest) (const uint32_t *a, int a_len, const uint32_t *b, int b_len, void *arg);

/* what to do about titles */
typedef enum LsceNameMode
{
	LSCE_NAME_STRIP_TITLES,
	LSCE_NAME_KEEP_ALL			/* for addresses and other text */
} LsceNameMode;

extern LsceNameStatus lsce_name_parse(const char *utf8, size_t len, const char *lang,
									  LsceNameMode mode, LsceName *name);
extern size_t lsce_name_key(const LsceName *name, char *out);
extern void lsce_name_of_key(const char *key, size_t len, LsceName *name);

extern double lsce_jaro_winkler(const uint32_t *a, int a_len, const uint32_t *b, int b_len);
extern int	lsce_edit_distance(const uint32_t *a, int a_len, const uint32_t *b, int b_len, int limit);
extern double lsce_name_token_similarity(const uint32_t *a, int a_len, const uint32_t *b, int b_len,
										 LsceNicknameTest nickname, void *arg);
extern bool lsce_name_same_words(const LsceName *a, const LsceName *b);
extern double lsce_name_similarity(const LsceName *a, const LsceName *b, LsceNicknameTest nickname, void *arg);

/* name_ascii.c */
extern size_t lsce_name_ascii(const char *key, size_t len, char *out, size_t out_size);

/* name_title.c */
extern bool lsce_name_is_prefix_title(const uint32_t *chars, int len);
extern bool lsce_name_is_degree(const uint32_t *chars, int len);
extern bool lsce_name_is_suffix(const uint32_t *chars, int len);
extern bool lsce_name_is_doubtful_suffix(const uint32_t *chars, int len);
extern int	lsce_name_cjk_suffix(const uint32_t *chars, int len);
extern int	lsce_name_cjk_prefix(const uint32_t *chars, int len);
extern uint32_t lsce_name_kanji(uint32_t c);

/* name_kana.c */
extern uint32_t lsce_name_kana(uint32_t last, uint32_t c, bool *replace);

#endif							/* LSCE_IDENTITY_NAME_H */
