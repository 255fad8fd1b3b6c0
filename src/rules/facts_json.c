/*-------------------------------------------------------------------------
 *
 * facts_json.c
 *	  Facts to and from jsonb.
 *
 * What is not known or not given is left out.  Dates and moments are ISO 8601
 * texts, moments in UTC, whatever the session has set; quantities are numbers
 * of units.
 *
 * src/rules/facts_json.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "rules/evaluate.h"
#include "rules/facts_json.h"
#include "rules/layout.h"
#include "rules/step.h"

static JsonbValue struct_value(const char *base, const Layout *layout);
static void read_struct(JsonbContainer *object, char *base, const Layout *layout, MemoryContext context);

#define UUID_TEXT_LEN 36

/* Write the uuid as uuid_out() does, without a terminating zero. */
static void
write_uuid(char *to, const Uuid16 *id)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = (const unsigned char *) id;

	for (int i = 0; i < UUID_LEN; i++)
	{
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = digits[bytes[i] >> 4];
		*to++ = digits[bytes[i] & 0x0f];
	}
}

/* Append the uuid as a JSON string. */
void
rules_append_json_uuid(StringInfo out, const Uuid16 *id)
{
	char		text[UUID_TEXT_LEN];

	write_uuid(text, id);
	appendStringInfoChar(out, '"');
	appendBinaryStringInfo(out, text, UUID_TEXT_LEN);
	appendStringInfoChar(out, '"');
}

/* Append the date as a JSON string; null for DATE_NONE. */
void
rules_append_json_date(StringInfo out, int32_t date)
{
	char		buffer[MAXDATELEN + 1];

	if (date == DATE_NONE)
		appendStringInfoString(out, "null");
	else
		appendStringInfo(out, "\"%s\"", JsonEncodeDateTime(buffer, DateADTGetDatum(date), DATEOID, NULL));
}

/* Append the moment as a JSON string in UTC; null for TIME_NONE. */
void
rules_append_json_time(StringInfo out, int64_t at)
{
	static const int utc = 0;
	char		buffer[MAXDATELEN + 1];

	if (at == TIME_NONE)
		appendStringInfoString(out, "null");
	else
		appendStringInfo(out, "\"%s\"", JsonEncodeDateTime(buffer, TimestampTzGetDatum(at), TIMESTAMPTZOID, &utc));
}

/* Append millionths as a decimal number of units, without trailing zeroes. */
void
rules_append_quantity(StringInfo out, int64_t quantity)
{
	uint64		magnitude = quantity < 0 ? -(uint64) quantity : (uint64) quantity;
	uint64		fraction = magnitude % QUANTITY_UNIT;

	appendStringInfo(out, "%s" UINT64_FORMAT, quantity < 0 ? "-" : "", magnitude / QUANTITY_UNIT);
	if (fraction == 0)
		return;
	appendStringInfo(out, ".%06d", (int) fraction);
	while (out->data[out->len - 1] == '0')
		out->data[--out->len] = '\0';
}

/* Whether the field, which is no structure, holds nothing worth storing. */
static bool
field_is_empty(const Field *field, const char *base)
{
	const void *value = base + field->offset;

	switch (field->type)
	{
		case FIELD_UUID:
			return !uuid_given(value);
		case FIELD_DATE:
			return *(const int32_t *) value == DATE_NONE;
		case FIELD_TIME:
			return *(const int64_t *) value == TIME_NONE;
		case FIELD_QUANTITY:
		case FIELD_INT64:
			return *(const int64_t *) value == 0;
		case FIELD_INT:
			return *(const int32_t *) value == 0;
		case FIELD_BOOL:
			return !*(const bool *) value;
		case FIELD_TRISTATE:
			return *(const Tristate *) value == TRI_UNKNOWN;
		case FIELD_TEXT:
			return *(const char *const *) value == NULL;
		case FIELD_TEXTS:
			return ((const TextList *) value)->count == 0;
		case FIELD_KIND:
			return *(const FactKind *) value == KIND_NONE;
		case FIELD_REASON:
			return *(const LsceReason *) value == LSCE_REASON_NONE;
		case FIELD_WINDOW:
		case FIELD_STRUCT:
			return false;
		case FIELD_UUIDS:
		case FIELD_ARRAY:
			return *(const int *) (base + field->count_offset) == 0;
	}
	return false;
}

/* A text as a jsonb value; it is not copied. */
static JsonbValue
string_value(const char *text, int length)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, text);
	value.val.string.len = length;
	return value;
}

static JsonbValue
text_value(const char *text)
{
	return string_value(text, strlen(text));
}

static JsonbValue
uuid_value(const Uuid16 *id)
{
	char	   *text = palloc(UUID_TEXT_LEN);

	write_uuid(text, id);
	return string_value(text, UUID_TEXT_LEN);
}

/* A date or moment as ISO 8601, moments in UTC. */
static JsonbValue
time_value(Datum time, Oid type)
{
	static const int utc = 0;

	return text_value(JsonEncodeDateTime(palloc(MAXDATELEN + 1), time, type,
										 type == TIMESTAMPTZOID ? &utc : NULL));
}

static JsonbValue
number_value(int64 number)
{
	JsonbValue	value;

	value.type = jbvNumeric;
	value.val.numeric = int64_to_numeric(number);
	return value;
}

/* Millionths as a number of units without trailing zeroes. */
static JsonbValue
quantity_value(int64_t quantity)
{
	JsonbValue	value;
	StringInfoData text;

	if (quantity % QUANTITY_UNIT == 0)
		return number_value(quantity / QUANTITY_UNIT);
	initStringInfo(&text);
	rules_append_quantity(&text, quantity);
	value.type = jbvNumeric;
	value.val.numeric = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text.data),
															ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	return value;
}

static JsonbValue
bool_value(bool boolean)
{
	JsonbValue	value;

	value.type = jbvBool;
	value.val.boolean = boolean;
	return value;
}

/* The elements of an array field. */
static JsonbValue
array_value(const Field *field, const char *base)
{
	const void *value = base + field->offset;
	const TextList *texts = field->type == FIELD_TEXTS ? value : NULL;
	const char *items = texts ? NULL : *(const char *const *) value;
	int			count = texts ? texts->count : *(const int *) (base + field->count_offset);
	JsonbValue	array;

	array.type = jbvArray;
	array.val.array.rawScalar = false;
	array.val.array.nElems = count;
	array.val.array.elems = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(count, sizeof(JsonbValue)));
	for (int i = 0; i < count; i++)
	{
		JsonbValue *element = &array.val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		if (field->type == FIELD_ARRAY)
			*element = struct_value(items + i * field->layout->size, field->layout);
		else
			*element = texts ? text_value(texts->items[i]) : uuid_value((const Uuid16 *) items + i);
	}
	return array;
}

/* The value of a field that is not empty and neither array nor structure. */
static JsonbValue
scalar_value(const Field *field, const void *value)
{
	switch (field->type)
	{
		case FIELD_UUID:
			return uuid_value(value);
		case FIELD_DATE:
			return time_value(DateADTGetDatum(*(const int32_t *) value), DATEOID);
		case FIELD_TIME:
			return time_value(TimestampTzGetDatum(*(const int64_t *) value), TIMESTAMPTZOID);
		case FIELD_QUANTITY:
			return quantity_value(*(const int64_t *) value);
		case FIELD_INT64:
			return number_value(*(const int64_t *) value);
		case FIELD_INT:
			return number_value(*(const int32_t *) value);
		case FIELD_BOOL:
			return bool_value(true);
		case FIELD_TRISTATE:
			return bool_value(*(const Tristate *) value == TRI_TRUE);
		case FIELD_TEXT:
			return text_value(*(const char *const *) value);
		case FIELD_KIND:
			return text_value(rules_kind_name(*(const FactKind *) value));
		case FIELD_REASON:
			return text_value(lsce_reason_row(*(const LsceReason *) value)->code);
		case FIELD_WINDOW:
			return text_value(limit_window_name(*(const LimitWindow *) value));
		case FIELD_TEXTS:
		case FIELD_UUIDS:
		case FIELD_STRUCT:
		case FIELD_ARRAY:
			break;
	}
	elog(ERROR, "field \"%s\" is no scalar", field->name);
}

/* The value of a field that is not empty; an object may turn out to be. */
static JsonbValue
field_value(const Field *field, const char *base)
{
	switch (field->type)
	{
		case FIELD_STRUCT:
			return struct_value(base + field->offset, field->layout);
		case FIELD_TEXTS:
		case FIELD_UUIDS:
		case FIELD_ARRAY:
			return array_value(field, base);
		default:
			return scalar_value(field, base + field->offset);
	}
}

/*
 * The structure as an object; what holds nothing is left out.  The fields of a
 * layout are in the order of jsonb's keys, so the object is complete as it is.
 */
static JsonbValue
struct_value(const char *base, const Layout *layout)
{
	JsonbValue	object;
	JsonbPair  *pairs = palloc(layout->n_fields * sizeof(JsonbPair));
	int			count = 0;

	for (int i = 0; i < layout->n_fields; i++)
	{
		const Field *field = &layout->fields[i];

		if (field_is_empty(field, base))
			continue;
		pairs[count].value = field_value(field, base);
		if (field->type == FIELD_STRUCT && pairs[count].value.val.object.nPairs == 0)
			continue;
		pairs[count].key = string_value(field->name, field->name_length);
		pairs[count].order = count;
		count++;
	}
	object.type = jbvObject;
	object.val.object.nPairs = count;
	object.val.object.pairs = pairs;
	return object;
}

/* The facts as jsonb. */
Datum
facts_to_jsonb(const Facts *facts)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lsce facts", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(scratch);
	JsonbValue	object = struct_value((const char *) facts, &facts_layout);
	Jsonb	   *json;

	MemoryContextSwitchTo(caller);
	json = JsonbValueToJsonb(&object);
	MemoryContextDelete(scratch);
	return JsonbPGetDatum(json);
}

/* The error for stored facts that this version cannot read. */
static void
bad_facts(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored facts have no usable value for \"%s\"", name)));
}

/* A string value, copied into "context". */
static char *
read_string(const JsonbValue *value, const char *name, MemoryContext context)
{
	char	   *result;

	if (value->type != jbvString)
		bad_facts(name);
	result = MemoryContextAlloc(context, value->val.string.len + 1);
	memcpy(result, value->val.string.val, value->val.string.len);
	result[value->val.string.len] = '\0';
	return result;
}

/* A number times "scale", as a whole number. */
static int64
read_number(const JsonbValue *value, const char *name, int64 scale)
{
	Numeric		number;

	if (value->type != jbvNumeric)
		bad_facts(name);
	number = value->val.numeric;
	if (scale != 1)
		number = DatumGetNumeric(DirectFunctionCall2(numeric_mul, NumericGetDatum(number),
													 NumericGetDatum(int64_to_numeric(scale))));
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, NumericGetDatum(number)));
}

static void
read_uuid(const JsonbValue *value, const char *name, Uuid16 *id)
{
	char	   *text = read_string(value, name, CurrentMemoryContext);

	memcpy(id, DatumGetUUIDP(DirectFunctionCall1(uuid_in, CStringGetDatum(text))), sizeof(*id));
}

/* The array in a value, or NULL when it is none. */
static JsonbContainer *
array_of(const JsonbValue *value)
{
	if (value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data))
		return value->val.binary.data;
	return NULL;
}

/* Read an array field into memory of "context". */
static void
read_array(const JsonbValue *value, const Field *field, char *base, MemoryContext context)
{
	JsonbContainer *array = array_of(value);
	size_t		size = field->type == FIELD_UUIDS ? sizeof(Uuid16) : field->layout->size;
	int			count;
	char	   *items;

	if (array == NULL)
	{
		bad_facts(field->name);
		return;
	}
	count = JsonContainerSize(array);
	items = MemoryContextAllocZero(context, mul_size(Max(count, 1), size));
	for (int i = 0; i < count; i++)
	{
		JsonbValue *element = getIthJsonbValueFromContainer(array, i);

		CHECK_FOR_INTERRUPTS();
		if (field->type == FIELD_UUIDS)
			read_uuid(element, field->name, (Uuid16 *) items + i);
		else if (element->type == jbvBinary && JsonContainerIsObject(element->val.binary.data))
			read_struct(element->val.binary.data, items + i * size, field->layout, context);
		else
			bad_facts(field->name);
	}
	*(char **) (base + field->offset) = items;
	*(int *) (base + field->count_offset) = count;
}

/* Read a list of texts. */
static void
read_texts(const JsonbValue *value, const Field *field, TextList *list, MemoryContext context)
{
	JsonbContainer *array = array_of(value);

	if (array == NULL)
	{
		bad_facts(field->name);
		return;
	}
	list->count = JsonContainerSize(array);
	list->items = MemoryContextAllocZero(context, sizeof(char *) * Max(list->count, 1));
	for (int i = 0; i < list->count; i++)
		list->items[i] = read_string(getIthJsonbValueFromContainer(array, i), field->name, context);
}

/* What a field holds when it was left out; everything else is zero. */
static void
set_default(const Field *field, char *base)
{
	if (field->type == FIELD_DATE)
		*(int32_t *) (base + field->offset) = DATE_NONE;
	else if (field->type == FIELD_TIME)
		*(int64_t *) (base + field->offset) = TIME_NONE;
	else if (field->type == FIELD_WINDOW)
		*(LimitWindow *) (base + field->offset) = LIMIT_WINDOW_UNKNOWN;
	else if (field->type == FIELD_STRUCT)
	{
		for (int i = 0; i < field->layout->n_fields; i++)
			set_default(&field->layout->fields[i], base + field->offset);
	}
}

/* Read one field that is there. */
static void
read_field(const JsonbValue *value, const Field *field, char *base, MemoryContext context)
{
	void	   *target = base + field->offset;
	char	   *text;

	switch (field->type)
	{
		case FIELD_UUID:
			read_uuid(value, field->name, target);
			break;
		case FIELD_DATE:
			text = read_string(value, field->name, CurrentMemoryContext);
			*(int32_t *) target = DatumGetDateADT(DirectFunctionCall1(date_in, CStringGetDatum(text)));
			break;
		case FIELD_TIME:
			text = read_string(value, field->name, CurrentMemoryContext);
			*(int64_t *) target = DatumGetTimestampTz(DirectFunctionCall3(timestamptz_in, CStringGetDatum(text),
																		  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
			break;
		case FIELD_QUANTITY:
			*(int64_t *) target = read_number(value, field->name, QUANTITY_UNIT);
			break;
		case FIELD_INT64:
			*(int64_t *) target = read_number(value, field->name, 1);
			break;
		case FIELD_INT:
			*(int32_t *) target = (int32_t) read_number(value, field->name, 1);
			break;
		case FIELD_BOOL:
			*(bool *) target = value->type == jbvBool && value->val.boolean;
			break;
		case FIELD_TRISTATE:
			*(Tristate *) target = value->type == jbvBool && value->val.boolean ? TRI_TRUE : TRI_FALSE;
			break;
		case FIELD_TEXT:
			*(char **) target = read_string(value, field->name, context);
			break;
		case FIELD_TEXTS:
			read_texts(value, field, target, context);
			break;
		case FIELD_KIND:
			*(FactKind *) target = rules_kind_by_name(read_string(value, field->name, CurrentMemoryContext));
			break;
		case FIELD_REASON:
			text = read_string(value, field->name, CurrentMemoryContext);
			*(LsceReason *) target = lsce_reason_by_name(text, strlen(text));
			break;
		case FIELD_WINDOW:
			*(LimitWindow *) target = limit_window_by_name(read_string(value, field->name, CurrentMemoryContext));
			break;
		case FIELD_STRUCT:
			if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
				bad_facts(field->name);
			read_struct(value->val.binary.data, target, field->layout, context);
			break;
		case FIELD_UUIDS:
		case FIELD_ARRAY:
			read_array(value, field, base, context);
			break;
	}
}

/* Read an object into a zeroed structure. */
static void
read_struct(JsonbContainer *object, char *base, const Layout *layout, MemoryContext context)
{
	check_stack_depth();
	for (int i = 0; i < layout->n_fields; i++)
	{
		const Field *field = &layout->fields[i];
		JsonbValue	value;

		set_default(field, base);
		if (getKeyJsonValueFromContainer(object, field->name, field->name_length, &value) != NULL)
			read_field(&value, field, base, context);
	}
}

/*
 * The facts of a stored decision, in "context".  Raises 22P.. or XX001 when
 * the jsonb was not written by facts_to_jsonb().
 */
Facts *
facts_from_jsonb(Jsonb *json, MemoryContext context)
{
	Facts	   *facts = MemoryContextAllocZero(context, sizeof(Facts));

	if (!JB_ROOT_IS_OBJECT(json))
		bad_facts("facts");
	read_struct(&json->root, (char *) facts, &facts_layout, context);
	if (facts->request.kind == KIND_NONE)
		bad_facts("kind");
	for (int i = 0; i < facts->n_limits; i++)
	{
		if (facts->limits[i].template_index < 0 || facts->limits[i].template_index >= facts->n_templates)
			bad_facts("template_index");
	}
	return facts;
}
