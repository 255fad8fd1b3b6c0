/*-------------------------------------------------------------------------
 *
 * layout.h
 *	  Where each fact stands in its structure and what it is called outside;
 *	  pure.
 *
 * Facts are written to and read from jsonb by walking these tables.  A field
 * that is not in them is not stored: the justification of a request, which
 * may name people, is left out.
 *
 * src/rules/layout.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_LAYOUT_H
#define LSCE_RULES_LAYOUT_H

#include "rules/facts.h"

typedef enum FieldType
{
	FIELD_UUID,
	FIELD_DATE,
	FIELD_TIME,
	FIELD_QUANTITY,
	FIELD_INT,
	FIELD_INT64,
	FIELD_BOOL,
	FIELD_TRISTATE,
	FIELD_TEXT,
	FIELD_TEXTS,
	FIELD_KIND,
	FIELD_REASON,
	FIELD_WINDOW,
	FIELD_UUIDS,				/* array of Uuid16 */
	FIELD_STRUCT,
	FIELD_ARRAY					/* array of structures */
} FieldType;

typedef struct Field
{
	const char *name;
	int			name_length;
	FieldType	type;
	size_t		offset;
	size_t		count_offset;	/* of the int that counts an array */
	const struct Layout *layout;	/* of FIELD_STRUCT and FIELD_ARRAY */
} Field;

typedef struct Layout
{
	size_t		size;
	const Field *fields;
	int			n_fields;
} Layout;

extern const Layout facts_layout;

extern const char *limit_window_name(LimitWindow window);
extern LimitWindow limit_window_by_name(const char *name);

#endif							/* LSCE_RULES_LAYOUT_H */
