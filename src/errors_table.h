/*-------------------------------------------------------------------------
 *
 * errors_table.h
 *	  Reason codes, their texts and their lookup; needs no server.
 *
 * src/errors_table.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_ERRORS_TABLE_H
#define LSCE_ERRORS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Reason codes in the order of their SQLSTATE.  The numbers may change from
 * version to version: store and send the code's name.
 */
typedef enum LsceReason
{
	LSCE_REASON_NONE = 0,
#define LSCE_REASON(name, a, b, c, text_en, text_ja, text_de, hint_en, hint_ja, hint_de) \
	LSCE_REASON_##name,
#include "errors_list.h"
#undef LSCE_REASON
	LSCE_REASON_COUNT			/* one more than the last reason */
} LsceReason;

/* languages of the texts; the first stands in for any other */
typedef enum LsceLanguage
{
	LSCE_LANGUAGE_EN,
	LSCE_LANGUAGE_JA,
	LSCE_LANGUAGE_DE,
	LSCE_LANGUAGE_COUNT
} LsceLanguage;

typedef struct LsceReasonRow
{
	const char *code;			/* QTY_LIMIT_EXCEEDED */
	char		sqlstate[6];	/* LS160 */
	const char *text[LSCE_LANGUAGE_COUNT];	/* UTF-8, with {slots} */
	const char *hint[LSCE_LANGUAGE_COUNT];	/* UTF-8, without slots */
} LsceReasonRow;

/* a value for a {slot} of a text; NULL means unknown */
typedef struct LsceSlot
{
	const char *name;
	const char *value;
} LsceSlot;

typedef struct LsceSlotArray
{
	const LsceSlot *slots;
	size_t		count;
} LsceSlotArray;

/*
 * Callback that gives the value of the slot called name (name_len bytes, not
 * terminated), or NULL when there is none.  It may be called more than once
 * for a slot and gives the same value each time.
 */
typedef const char *(*LsceSlotGetter) (const char *name, size_t name_len, void *arg);

extern const LsceReasonRow *lsce_reason_row(LsceReason reason);
extern LsceReason lsce_reason_by_name(const char *name, size_t name_len);
extern const char *lsce_reason_group(LsceReason reason);
extern LsceLanguage lsce_language(const char *tag);
extern const char *lsce_slot_from_array(const char *name, size_t name_len, void *arg);
extern size_t lsce_reason_format(char *buffer, size_t size, LsceReason reason,
								 const char *lang, LsceSlotGetter getter, void *arg);

#endif							/* LSCE_ERRORS_TABLE_H */
