/*-------------------------------------------------------------------------
 *
 * answer.c
 *	  Putting rows together from probes, in the shape of a query's result.
 *
 * src/access/answer.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#include "access/probe.h"
#include "path/path.h"

#define ANSWER_ROWS 4			/* room for so many at first */

/* Append a field of the result's next column; its type must be the column's. */
void
answer_value(Answer *answer, Datum value, bool isnull)
{
	int			natts = answer->desc->natts;
	size_t		place = (size_t) answer->count * natts + answer->column;

	if (answer->column >= natts)
		elog(ERROR, "an answer has more columns than its statement");
	if (answer->count == answer->size)
	{
		answer->size *= 2;
		answer->values = repalloc_huge(answer->values, mul_size(answer->size, natts * sizeof(Datum)));
		answer->nulls = repalloc_huge(answer->nulls, mul_size(answer->size, natts * sizeof(bool)));
	}
	answer->values[place] = value;
	answer->nulls[place] = isnull;
	answer->column++;
}

/* Append "count" columns of a row, from "first" on. */
void
answer_columns(Answer *answer, const ProbeRow *row, int first, int count)
{
	for (int i = first; i < first + count; i++)
		answer_value(answer, row->values[i], row->nulls[i]);
}

/* The row is complete. */
void
answer_end_row(Answer *answer)
{
	if (answer->column != answer->desc->natts)
		elog(ERROR, "an answer has fewer columns than its statement");
	answer->count++;
	answer->column = 0;
}

/*
 * Answer a statement by its function.  True: SPI_tuptable and SPI_processed
 * hold the answer until the scope's next statement.  False: ask SPI.
 */
bool
answer_run(const AccessScope *scope, const AccessStatement *stmt, TupleDesc desc,
		   const Datum *args, const char *nulls, long limit)
{
	MemoryContext old = MemoryContextSwitchTo(probe_answer_context(scope));
	Answer		answer = {.scope = scope,.desc = desc,.size = ANSWER_ROWS};
	AnswerTable *table;

	answer.values = palloc(ANSWER_ROWS * desc->natts * sizeof(Datum));
	answer.nulls = palloc(ANSWER_ROWS * desc->natts * sizeof(bool));
	stmt->direct(&answer, args, nulls);
	if (answer.failed)
	{
		MemoryContextSwitchTo(old);
		return false;
	}
	table = palloc0(sizeof(AnswerTable));
	table->table.tupdesc = desc;
	table->table.numvals = limit > 0 ? Min(answer.count, limit) : answer.count;
	table->values = answer.values;
	table->nulls = answer.nulls;
	MemoryContextSwitchTo(old);
	SPI_tuptable = &table->table;
	SPI_processed = table->table.numvals;
	return true;
}

/* A row of a result, whoever fetched it, in the current memory context. */
static HeapTuple
row_as_tuple(const SPITupleTable *table, uint64 row)
{
	const AnswerTable *answer = answer_table(table);
	int			natts = table->tupdesc->natts;

	return answer ? heap_form_tuple(table->tupdesc, answer->values + row * natts, answer->nulls + row * natts) :
		heap_copytuple(table->vals[row]);
}

/* A copy of a result, in the current memory context. */
SPITupleTable *
answer_copy(const SPITupleTable *table, uint64 count)
{
	AnswerTable *copy = palloc0(sizeof(AnswerTable));
	int			natts = table->tupdesc->natts;

	copy->table.tupdesc = CreateTupleDescCopy(table->tupdesc);
	copy->table.numvals = count;
	copy->values = palloc(Max(count, 1) * natts * sizeof(Datum));
	copy->nulls = palloc(Max(count, 1) * natts * sizeof(bool));
	for (uint64 row = 0; row < count; row++)
		heap_deform_tuple(row_as_tuple(table, row), copy->table.tupdesc, copy->values + row * natts, copy->nulls + row * natts);
	return &copy->table;
}

/* The ids of a uuid[], each once, without NULLs. */
Datum *
answer_ids(Answer *answer, Datum uuids, int *count)
{
	ArrayType  *array = DatumGetArrayTypeP(uuids);
	Datum	   *ids;
	bool	   *isnull;
	int			n;

	deconstruct_array(array, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR, &ids, &isnull, &n);
	*count = 0;
	for (int i = 0; i < n; i++)
	{
		bool		again = isnull[i];

		for (int k = 0; k < *count && !again; k++)
			again = memcmp(DatumGetUUIDP(ids[k]), DatumGetUUIDP(ids[i]), UUID_LEN) == 0;
		if (!again)
			ids[(*count)++] = ids[i];
	}
	return ids;
}

bool
probe_text_is(const ProbeRow *row, int column, const char *text)
{
	struct varlena *value;

	if (row->nulls[column])
		return false;
	value = PG_DETOAST_DATUM_PACKED(row->values[column]);
	return VARSIZE_ANY_EXHDR(value) == strlen(text) && memcmp(VARDATA_ANY(value), text, strlen(text)) == 0;
}

bool
probe_same_text(const ProbeRow *row, int column, Datum text)
{
	struct varlena *a;
	struct varlena *b;

	if (row->nulls[column] || DatumGetPointer(text) == NULL)
		return false;
	a = PG_DETOAST_DATUM_PACKED(row->values[column]);
	b = PG_DETOAST_DATUM_PACKED(text);
	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

bool
probe_same_id(const ProbeRow *row, int column, Datum uuid)
{
	return !row->nulls[column] && DatumGetPointer(uuid) != NULL &&
		memcmp(DatumGetUUIDP(row->values[column]), DatumGetUUIDP(uuid), UUID_LEN) == 0;
}

/* Place of the column's id among "ids", from 0; -1 when it is not there. */
int
probe_position(const ProbeRow *row, int column, const Datum *ids, int count)
{
	for (int i = 0; i < count; i++)
		if (probe_same_id(row, column, ids[i]))
			return i;
	return -1;
}

typedef struct AnswerOrder
{
	const ProbeOrder *orders;
	FmgrInfo   *compare[8];
	int			n;
} AnswerOrder;

/* As ORDER BY: NULLs are greater than everything, ranks come first. */
static int
compare_rows(const void *a, const void *b, void *arg)
{
	const ProbeRow *x = a;
	const ProbeRow *y = b;
	const AnswerOrder *state = arg;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	for (int i = 0; i < state->n; i++)
	{
		const ProbeOrder *order = &state->orders[i];
		int			column = order->column;
		int			result;

		if (x->nulls[column] || y->nulls[column])
			result = (int) x->nulls[column] - (int) y->nulls[column];
		else
			result = DatumGetInt32(FunctionCall2Coll(state->compare[i], order->collation,
													 x->values[column], y->values[column]));
		if (result != 0)
			return order->descending ? -result : result;
	}
	return 0;
}

/* Sort by rank, then by the columns. */
void
answer_sort(ProbeRows *rows, const ProbeOrder *orders, int n)
{
	AnswerOrder	state = {.orders = orders,.n = n};

	Assert(n <= lengthof(state.compare));
	if (rows->count < 2)
		return;
	for (int i = 0; i < n; i++)
		state.compare[i] = &lookup_type_cache(orders[i].type, TYPECACHE_CMP_PROC_FINFO)->cmp_proc_finfo;
	qsort_arg(rows->rows, rows->count, sizeof(ProbeRow), compare_rows, &state);
}

/* Cast a column that holds a path to text, in its place. */
void
probe_path_as_text(ProbeRow *row, int column)
{
	LscePath   *path;
	char	   *text;

	if (row->nulls[column])
		return;
	path = DatumGetPathPP(row->values[column]);
	text = palloc(PATH_LEN(path));
	lsce_path_print(PATH_DATA(path), PATH_LEN(path), text);
	row->values[column] = PointerGetDatum(cstring_to_text_with_len(text, PATH_LEN(path)));
}

/* Append a path as text. */
void
answer_path(Answer *answer, const ProbeRow *row, int column)
{
	Datum		path = row->values[column];
	bool		isnull = row->nulls[column];
	ProbeRow	one = {&path, &isnull, 0};

	probe_path_as_text(&one, 0);
	answer_value(answer, path, isnull);
}

/* Append a numeric as SQL's (column * 1000000)::bigint. */
void
answer_millionths(Answer *answer, const ProbeRow *row, int column)
{
	Datum		product;

	if (row->nulls[column])
	{
		answer_value(answer, (Datum) 0, true);
		return;
	}
	product = DirectFunctionCall2(numeric_mul, row->values[column],
								  NumericGetDatum(int64_to_numeric(1000000)));
	answer_value(answer, DirectFunctionCall1(numeric_int8, product), false);
}

/* (at AT TIME ZONE zone)::date */
Datum
answer_day_in(Datum zone, Datum at)
{
	return DirectFunctionCall1(timestamp_date, DirectFunctionCall2(timestamptz_zone, zone, at));
}

/* What a strict function of jsonb and another argument gives, which may be NULL. */
ProbeKey
answer_json(PGFunction function, ProbeKey json, Datum which)
{
	LOCAL_FCINFO(fcinfo, 2);
	Datum		value;

	if (json.isnull)
		return json;
	InitFunctionCallInfoData(*fcinfo, NULL, 2, InvalidOid, NULL, NULL);
	fcinfo->args[0] = (NullableDatum) {json.value, false};
	fcinfo->args[1] = (NullableDatum) {which, false};
	value = function(fcinfo);
	return (ProbeKey) {value, fcinfo->isnull};
}

#ifdef USE_ASSERT_CHECKING
static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* All rows as texts; sorted unless the statement says in which order they are. */
static char **
rows_as_texts(const AccessStatement *stmt, SPITupleTable *table, uint64 count)
{
	char	  **rows = palloc((count + 1) * sizeof(char *));

	for (uint64 i = 0; i < count; i++)
	{
		HeapTuple	tuple = row_as_tuple(table, i);
		StringInfoData text;

		initStringInfo(&text);
		for (int column = 1; column <= table->tupdesc->natts; column++)
		{
			char	   *value = SPI_getvalue(tuple, table->tupdesc, column);

			appendStringInfo(&text, "%s|", value ? value : "<null>");
		}
		rows[i] = text.data;
	}
	if (strstr(stmt->sql, "ORDER BY") == NULL)
		qsort(rows, count, sizeof(char *), compare_texts);
	return rows;
}

/* Refuse an answer that is not what the statement gives. */
void
answer_compare(const AccessStatement *stmt, SPITupleTable *ours, uint64 our_count,
			   SPITupleTable *theirs, uint64 their_count)
{
	char	  **a = rows_as_texts(stmt, ours, our_count);
	char	  **b = rows_as_texts(stmt, theirs, their_count);

	if (our_count != their_count)
		elog(ERROR, "probes found " UINT64_FORMAT " rows, the statement " UINT64_FORMAT ": %s",
			 our_count, their_count, stmt->sql);
	for (uint64 i = 0; i < our_count; i++)
		if (strcmp(a[i], b[i]) != 0)
			elog(ERROR, "probes found %s, the statement %s: %s", a[i], b[i], stmt->sql);
}
#endif
