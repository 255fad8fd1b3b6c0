/*-------------------------------------------------------------------------
 *
 * errors_table.c
 *	  Lookup of reason codes and filling of their texts.
 *
 * Pure: no allocation, no server.  All texts are UTF-8.
 *
 * src/errors_table.c
 *
 *-------------------------------------------------------------------------
 */
#include "errors_table.h"

#include <string.h>

static const LsceReasonRow reason_rows[LSCE_REASON_COUNT - 1] = {
#define LSCE_REASON(name, a, b, c, text_en, text_ja, text_de, hint_en, hint_ja, hint_de) \
	{ \
		#name, \
		{'L', 'S', a, b, c, '\0'}, \
		{text_en, text_ja, text_de}, \
		{hint_en, hint_ja, hint_de} \
	},
#include "errors_list.h"
#undef LSCE_REASON
};

/* Language tags in the order of LsceLanguage. */
static const char *const language_tags[LSCE_LANGUAGE_COUNT] = {"en", "ja", "de"};

/* A bounded output: length counts all bytes, also those that did not fit. */
typedef struct Output
{
	char	   *buffer;
	size_t		size;
	size_t		length;
} Output;

/*
 * The row of a reason, or NULL for LSCE_REASON_NONE and numbers outside the
 * list.
 */
const LsceReasonRow *
lsce_reason_row(LsceReason reason)
{
	if ((int) reason <= LSCE_REASON_NONE || (int) reason >= LSCE_REASON_COUNT)
		return NULL;
	return &reason_rows[reason - 1];
}

/*
 * The reason of a code such as QTY_LIMIT_EXCEEDED (name_len bytes, upper
 * case, not necessarily terminated), or LSCE_REASON_NONE.
 */
LsceReason
lsce_reason_by_name(const char *name, size_t name_len)
{
	for (int reason = LSCE_REASON_NONE + 1; reason < LSCE_REASON_COUNT; reason++)
	{
		const char *code = reason_rows[reason - 1].code;

		if (strlen(code) == name_len && memcmp(code, name, name_len) == 0)
			return (LsceReason) reason;
	}
	return LSCE_REASON_NONE;
}

/*
 * The group of a reason, which follows from its SQLSTATE, or NULL when there
 * is no such reason.
 */
const char *
lsce_reason_group(LsceReason reason)
{
	static const char *const groups_of_1[] = {
		"recipient", "license", "license", "targeting", "request",
		"product", "limit", "stock", "gift"
	};
	static const char *const groups[] = {
		"consent", "content", "identifier", "record", "model"
	};
	const LsceReasonRow *row = lsce_reason_row(reason);
	int			major;
	int			minor;

	if (row == NULL)
		return NULL;
	major = row->sqlstate[2] - '0';
	minor = row->sqlstate[3] - '0';
	if (major == 1 && minor >= 0 && minor < (int) (sizeof(groups_of_1) / sizeof(groups_of_1[0])))
		return groups_of_1[minor];
	if (major >= 2 && major < 2 + (int) (sizeof(groups) / sizeof(groups[0])))
		return groups[major - 2];
	return NULL;
}

/*
 * The language of a tag such as "ja", "de-AT" or "EN_us"; only the primary
 * part counts.  NULL and languages without texts give English.
 */
LsceLanguage
lsce_language(const char *tag)
{
	if (tag == NULL)
		return LSCE_LANGUAGE_EN;
	for (int language = 0; language < LSCE_LANGUAGE_COUNT; language++)
	{
		const char *known = language_tags[language];

		/* setting bit 5 lowers ASCII letters and makes no letter of others */
		if (tag[0] != '\0' && (tag[0] | 0x20) == known[0] &&
			(tag[1] | 0x20) == known[1] &&
			(tag[2] == '\0' || tag[2] == '-' || tag[2] == '_'))
			return (LsceLanguage) language;
	}
	return LSCE_LANGUAGE_EN;
}

/*
 * Slot getter over an LsceSlotArray given as arg: the value of the first slot
 * of that name, or NULL.
 */
const char *
lsce_slot_from_array(const char *name, size_t name_len, void *arg)
{
	const LsceSlotArray *array = (const LsceSlotArray *) arg;

	for (size_t i = 0; i < array->count; i++)
	{
		if (strlen(array->slots[i].name) == name_len &&
			memcmp(array->slots[i].name, name, name_len) == 0)
			return array->slots[i].value;
	}
	return NULL;
}

/*
 * Append n bytes as far as they fit.  The last byte of the buffer may be
 * written; finish() puts the terminator.
 */
static void
append(Output *out, const char *bytes, size_t n)
{
	if (out->length < out->size)
	{
		size_t		room = out->size - out->length;

		memcpy(out->buffer + out->length, bytes, n < room ? n : room);
	}
	out->length += n;
}

/*
 * Terminate the output, dropping a UTF-8 character that would be cut.
 */
static void
finish(Output *out)
{
	size_t		end = out->length;

	if (out->size == 0)
		return;
	if (end >= out->size)
	{
		end = out->size - 1;
		while (end > 0 && ((unsigned char) out->buffer[end] & 0xC0) == 0x80)
			end--;
	}
	out->buffer[end] = '\0';
}

/*
 * Write the text of a reason in a language into buffer (size bytes, may be 0)
 * with its slots filled by getter.  A slot without a value prints as "?", a
 * reason that does not exist gives "?".
 *
 * Returns the length in bytes of the whole text without the terminator, which
 * is >= size when the text was cut.
 */
size_t
lsce_reason_format(char *buffer, size_t size, LsceReason reason,
				   const char *lang, LsceSlotGetter getter, void *arg)
{
	const LsceReasonRow *row = lsce_reason_row(reason);
	const char *rest = row ? row->text[lsce_language(lang)] : "?";
	Output		out = {buffer, size, 0};
	const char *open;

	while ((open = strchr(rest, '{')) != NULL)
	{
		const char *close = strchr(open, '}');
		const char *value;

		if (close == NULL)
			break;
		value = getter ? getter(open + 1, (size_t) (close - open - 1), arg) : NULL;
		if (value == NULL)
			value = "?";
		append(&out, rest, (size_t) (open - rest));
		append(&out, value, strlen(value));
		rest = close + 1;
		if (*rest == '.' && value[0] != '\0' && value[strlen(value) - 1] == '.')
			rest++;				/* a name such as "Acme Inc." ends the sentence, too */
	}
	append(&out, rest, strlen(rest));
	finish(&out);
	return out.length;
}
