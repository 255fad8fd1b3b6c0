/*-------------------------------------------------------------------------
 *
 * path_parse.c
 *	  Text to path and back: normalisation, splitting, limits.
 *
 * Pure: ICU only, no server, no allocation.
 *
 * Text is normalised to NFKC_Casefold and then split at '.', so full-width
 * dots separate as well.  NFKC_Casefold silently drops default-ignorable
 * characters; two codes that look alike would become one, so these are refused
 * before.  Normalisation works on segments: the input is cut where ICU says
 * that characters do not interact, and the normalised segments put together
 * are the normalised whole.  This is how an error, found in normalised text,
 * gets its position in the input.
 *
 * src/path/path_parse.c
 *
 *-------------------------------------------------------------------------
 */
#include "path/path_core.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

/*
 * Longest segment, in code points.  At most four code points become one when
 * composed and none vanishes, so a longer one cannot fit into a label.
 */
#define SEGMENT_MAX		(LSCE_PATH_MAX_LABEL * 4)

/* Longest normalised segment, in UTF-16 units; each takes a byte or more. */
#define NORMALISED_MAX	(LSCE_PATH_MAX_LABEL * 4)

/* The path so far. */
typedef struct Builder
{
	char	   *path;			/* room for LSCE_PATH_MAX_BYTES */
	size_t		len;
	size_t		label_start;
	int			levels;			/* labels begun */
	const UNormalizer2 *normaliser;
} Builder;

/* Input characters that are normalised together. */
typedef struct Segment
{
	UChar32		code_points[SEGMENT_MAX];
	int			count;
	size_t		position;		/* of the first, from 1 */
} Segment;

/*
 * Append one character of a label, already encoded.  Returns a status; nothing
 * is written beyond the limits.
 */
static LscePathStatus
append_bytes(Builder *builder, const char *bytes, size_t count)
{
	if (builder->len + count - builder->label_start > LSCE_PATH_MAX_LABEL)
		return LSCE_PATH_LABEL_TOO_LONG;
	if (builder->len + count > LSCE_PATH_MAX_BYTES)
		return LSCE_PATH_TOO_LONG;
	for (size_t i = 0; i < count; i++)
		builder->path[builder->len++] = bytes[i];
	return LSCE_PATH_OK;
}

/* End a label at a dot and begin the next one.  Returns a status. */
static LscePathStatus
append_separator(Builder *builder)
{
	if (builder->len == builder->label_start)
		return LSCE_PATH_EMPTY_LABEL;
	if (builder->levels == LSCE_PATH_MAX_LEVELS)
		return LSCE_PATH_TOO_MANY_LEVELS;
	if (builder->len == LSCE_PATH_MAX_BYTES)
		return LSCE_PATH_TOO_LONG;
	builder->path[builder->len++] = LSCE_PATH_SEPARATOR;
	builder->label_start = builder->len;
	builder->levels++;
	return LSCE_PATH_OK;
}

/*
 * Append one ASCII character of the input, folding its case; ASCII needs no
 * other normalisation.  Returns a status.
 */
static LscePathStatus
append_ascii(Builder *builder, char c)
{
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')
		return append_bytes(builder, &c, 1);
	if (c == '.')
		return append_separator(builder);
	if ((unsigned char) c < 0x20 || c == 0x7f)
		return LSCE_PATH_CONTROL;
	return LSCE_PATH_BAD_CHARACTER;
}

/* Append one normalised character.  Returns a status. */
static LscePathStatus
append_normalised(Builder *builder, UChar32 c)
{
	char		bytes[U8_MAX_LENGTH];
	size_t		count = 0;

	if (c < 0x80)
		return append_ascii(builder, (char) c);
	if (!(U_MASK(u_charType(c)) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)))
		return LSCE_PATH_BAD_CHARACTER;
	U8_APPEND_UNSAFE(bytes, count, c);
	return append_bytes(builder, bytes, count);
}

/* Can this character of the input be judged before normalisation? */
static LscePathStatus
check_input(UChar32 c)
{
	if (c < 0)
		return LSCE_PATH_BAD_ENCODING;
	switch (u_charType(c))
	{
		case U_UNASSIGNED:
			return LSCE_PATH_UNASSIGNED;
		case U_CONTROL_CHAR:
			return LSCE_PATH_CONTROL;
		default:
			if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
				return LSCE_PATH_IGNORABLE;
			return LSCE_PATH_OK;
	}
}

/*
 * Normalise count code points into units (room for NORMALISED_MAX).  Returns
 * the length in UTF-16 units, or -1 if there is not enough room.
 */
static int32_t
normalise(const UNormalizer2 *normaliser, const UChar32 *code_points, int count,
		  UChar *units)
{
	UChar		source[SEGMENT_MAX * 2];
	int32_t		source_len = 0;
	int32_t		units_len;
	UErrorCode	code = U_ZERO_ERROR;

	for (int i = 0; i < count; i++)
		U16_APPEND_UNSAFE(source, source_len, code_points[i]);
	units_len = unorm2_normalize(normaliser, source, source_len,
								 units, NORMALISED_MAX, &code);
	return U_FAILURE(code) ? -1 : units_len;
}

/*
 * Which character of a segment brings in what no label may hold?  Returns its
 * index; the first one if they do so only together.
 */
static int
find_culprit(const Builder *builder, const Segment *segment)
{
	for (int i = 0; i < segment->count; i++)
	{
		UChar		units[NORMALISED_MAX];
		char		scratch[LSCE_PATH_MAX_BYTES];
		Builder		trial = {.path = scratch, .levels = 1};
		int32_t		units_len = normalise(builder->normaliser,
										  &segment->code_points[i], 1, units);

		for (int32_t at = 0; at < units_len;)
		{
			UChar32		c;

			U16_NEXT_UNSAFE(units, at, c);
			if (append_normalised(&trial, c) == LSCE_PATH_BAD_CHARACTER)
				return i;
		}
	}
	return 0;
}

/*
 * Normalise a segment and append it.  Returns a status; on an error *culprit
 * is the index of the character to blame.
 */
static LscePathStatus
append_segment(Builder *builder, const Segment *segment, int *culprit)
{
	UChar		units[NORMALISED_MAX];
	int32_t		units_len;

	*culprit = 0;
	if (segment->count == 1)
	{
		UChar32		c = segment->code_points[0];

		if (c < 0x80 || unorm2_isInert(builder->normaliser, c))
			return append_normalised(builder, c);
	}

	units_len = normalise(builder->normaliser, segment->code_points,
						  segment->count, units);
	if (units_len < 0)
		return LSCE_PATH_LABEL_TOO_LONG;

	for (int32_t at = 0; at < units_len;)
	{
		UChar32		c;
		LscePathStatus status;

		U16_NEXT_UNSAFE(units, at, c);
		status = append_normalised(builder, c);
		if (status == LSCE_PATH_BAD_CHARACTER && segment->count > 1)
			*culprit = find_culprit(builder, segment);
		if (status != LSCE_PATH_OK)
			return status;
	}
	return LSCE_PATH_OK;
}

/* Fill in an error.  Returns its status. */
static LscePathStatus
fail(LscePathError *error, LscePathStatus status, size_t position,
	 UChar32 code_point)
{
	error->status = status;
	error->position = position;
	error->code_point = code_point < 0 ? 0 : (uint32_t) code_point;
	return status;
}

/* Parse text of ASCII characters only; see lsce_path_parse(). */
static LscePathStatus
parse_ascii(Builder *builder, const char *text, size_t text_len,
			LscePathError *error)
{
	for (size_t i = 0; i < text_len; i++)
	{
		LscePathStatus status = append_ascii(builder, text[i]);

		if (status != LSCE_PATH_OK)
			return fail(error, status, i + 1, text[i]);
	}
	return LSCE_PATH_OK;
}

/* Parse any text; see lsce_path_parse(). */
static LscePathStatus
parse_unicode(Builder *builder, const char *text, size_t text_len,
			  LscePathError *error)
{
	UErrorCode	code = U_ZERO_ERROR;
	Segment		segment;
	size_t		at = 0;
	size_t		position = 1;

	builder->normaliser = unorm2_getNFKCCasefoldInstance(&code);
	if (U_FAILURE(code))
		return fail(error, LSCE_PATH_NO_UNICODE_DATA, 1, 0);

	while (at < text_len)
	{
		LscePathStatus status;
		int			culprit;

		segment.count = 0;
		segment.position = position;
		while (at < text_len)
		{
			size_t		next = at;
			UChar32		c;

			U8_NEXT(text, next, text_len, c);
			if (segment.count > 0 && c >= 0 &&
				unorm2_hasBoundaryBefore(builder->normaliser, c))
				break;
			status = check_input(c);
			if (status == LSCE_PATH_OK && segment.count == SEGMENT_MAX)
				status = LSCE_PATH_LABEL_TOO_LONG;
			if (status != LSCE_PATH_OK)
				return fail(error, status, position, c);
			segment.code_points[segment.count++] = c;
			at = next;
			position++;
		}

		status = append_segment(builder, &segment, &culprit);
		if (status != LSCE_PATH_OK)
			return fail(error, status, segment.position + culprit,
						segment.code_points[culprit]);
	}
	error->position = position;
	return LSCE_PATH_OK;
}

/*
 * Turn text_len bytes of UTF-8 into a path.
 *
 * path has room for LSCE_PATH_MAX_BYTES; *path_len is set to what is used.
 * Returns LSCE_PATH_OK, or the status that error then holds as well, with the
 * first offending character of the input.
 */
LscePathStatus
lsce_path_parse(const char *text, size_t text_len, char *path, size_t *path_len,
				LscePathError *error)
{
	Builder		builder = {.path = path, .levels = 1};
	LscePathStatus status;
	bool		ascii = true;

	for (size_t i = 0; i < text_len && ascii; i++)
		ascii = (unsigned char) text[i] < 0x80;

	*path_len = 0;
	if (text_len == 0)
		return fail(error, LSCE_PATH_EMPTY, 1, 0);

	error->position = text_len + 1;
	status = ascii ? parse_ascii(&builder, text, text_len, error)
		: parse_unicode(&builder, text, text_len, error);
	if (status != LSCE_PATH_OK)
		return status;
	if (builder.len == builder.label_start)
		return fail(error, LSCE_PATH_EMPTY_LABEL, error->position, 0);

	*path_len = builder.len;
	return fail(error, LSCE_PATH_OK, 0, 0);
}

/* Write the text of a path, which has as many bytes, without a terminator. */
void
lsce_path_print(const char *path, size_t len, char *text)
{
	for (size_t i = 0; i < len; i++)
		text[i] = path[i] == LSCE_PATH_SEPARATOR ? '.' : path[i];
}
