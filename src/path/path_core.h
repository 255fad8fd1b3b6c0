/*-------------------------------------------------------------------------
 *
 * path_core.h
 *	  The value behind lsce.territory and lsce.specialty, without a server.
 *
 * Stored format (on disk, in indexes and in hashes; it may not change):
 *
 *	  label [0x01 label]...		root first, no terminator
 *
 * A label is 1 to 255 bytes of UTF-8 in NFKC_Casefold form, its characters are
 * letters, marks, decimal digits, '_' and '-'.  A path has 1 to 32 labels and
 * at most 2048 bytes, separators included.  One path has exactly one encoding,
 * so equal paths are bytewise equal.  The separator is less than every byte of
 * a label, so memcmp() order (a prefix first) is the pre-order of the tree and
 * a path and all that is below it are one interval: from the path up to, not
 * including, the path with '-' appended, because '-' is the least byte a label
 * can hold.  No path starts with a byte below '-', which leaves those bytes to
 * mark another format.
 *
 * Characters not assigned in the ICU in use are refused, and Unicode promises
 * that the NFKC_Casefold form of an assigned character never changes, so a
 * newer ICU reads stored paths as they are.
 *
 * src/path/path_core.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_PATH_CORE_H
#define LSCE_PATH_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LSCE_PATH_SEPARATOR		'\x01'
#define LSCE_PATH_LEAST_BYTE	'-'
#define LSCE_PATH_MAX_LEVELS	32
#define LSCE_PATH_MAX_LABEL		255 /* bytes */
#define LSCE_PATH_MAX_BYTES		2048

typedef enum LscePathStatus
{
	LSCE_PATH_OK = 0,
	LSCE_PATH_EMPTY,			/* no characters at all */
	LSCE_PATH_EMPTY_LABEL,		/* nothing before, between or after dots */
	LSCE_PATH_BAD_ENCODING,		/* not UTF-8 */
	LSCE_PATH_UNASSIGNED,		/* code point without a character */
	LSCE_PATH_IGNORABLE,		/* invisible: zero-width, soft hyphen, ... */
	LSCE_PATH_CONTROL,			/* control character */
	LSCE_PATH_BAD_CHARACTER,	/* not a letter, mark, digit, '_', '-' */
	LSCE_PATH_LABEL_TOO_LONG,
	LSCE_PATH_TOO_MANY_LEVELS,
	LSCE_PATH_TOO_LONG,
	LSCE_PATH_NO_UNICODE_DATA,	/* ICU cannot load its normalisation data */
} LscePathStatus;

/* Where parsing stopped; position is in characters of the input, from 1. */
typedef struct LscePathError
{
	LscePathStatus status;
	size_t		position;
	uint32_t	code_point;		/* of the input, 0 at its end */
} LscePathError;

/* path_parse.c */
extern LscePathStatus lsce_path_parse(const char *text, size_t text_len,
									  char *path, size_t *path_len,
									  LscePathError *error);
extern void lsce_path_print(const char *path, size_t len, char *text);

/*
 * Order two paths.  Returns less than, equal to or greater than 0: pre-order,
 * siblings by the bytes of their labels.  Inline, as lsce_path_within() is,
 * because index scans call them for every row.
 */
static inline int
lsce_path_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int			order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	if (order != 0)
		return order;
	return (a_len > b_len) - (a_len < b_len);
}

/* Is a equal to b or below it? */
static inline bool
lsce_path_within(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len >= b_len &&
		(a_len == b_len || a[b_len] == LSCE_PATH_SEPARATOR) &&
		memcmp(a, b, b_len) == 0;
}

/* path_core.c */
extern int	lsce_path_levels(const char *path, size_t len);
extern size_t lsce_path_prefix(const char *path, size_t len, int levels);
extern size_t lsce_path_common(const char *a, size_t a_len,
							   const char *b, size_t b_len, int *levels);
extern bool lsce_path_slice(const char *path, size_t len,
							int64_t start, bool has_count, int64_t count,
							size_t *offset, size_t *slice_len);

#endif							/* LSCE_PATH_CORE_H */
