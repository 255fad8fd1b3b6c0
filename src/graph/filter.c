/*-------------------------------------------------------------------------
 *
 * filter.c
 *	  Arguments that the functions over the graph have in common.
 *
 * src/graph/filter.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "access/probe.h"
#include "compat.h"
#include "errors.h"
#include "graph/graph.h"

static const Probe survivor_probe = {
	"account", 1, {{"account_id", UUIDOID}}, 2, {{"survivor_id", UUIDOID}, {"account_id", UUIDOID}}
};

/* $1: the account */
static void
direct_survivor_of(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[0]);
	ProbeRow	account;

	if (!probe_one(answer, &survivor_probe, &key, &account))
		return;
	key = probe_key_either(&account, 0, 1);
	answer_value(answer, key.value, key.isnull);
	answer_end_row(answer);
}

static const AccessStatement survivor_statement = {
	"SELECT coalesce(survivor_id, account_id) FROM @m.account WHERE account_id = $1",
	1, {UUIDOID}, direct_survivor_of
};

/* out, in or any; anything else is an error (22023). */
static GraphDirection
graph_direction(const char *name)
{
	if (strcmp(name, "out") == 0)
		return GRAPH_OUT;
	if (strcmp(name, "in") == 0)
		return GRAPH_IN;
	if (strcmp(name, "any") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown direction \"%s\"", name),
				 errhint("Use \"out\", \"in\" or \"any\".")));
	return GRAPH_ANY;
}

static bool
graph_given(FunctionCallInfo fcinfo, int argument)
{
	return argument >= 0 && !PG_ARGISNULL(argument);
}

/* The filter that a call describes; a day that is not given is today. */
void
graph_filter(FunctionCallInfo fcinfo, const GraphArguments *arguments, GraphFilter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->direction = GRAPH_OUT;
	if (graph_given(fcinfo, arguments->kinds))
		filter->kinds = PG_GETARG_ARRAYTYPE_P(arguments->kinds);
	filter->has_product = graph_given(fcinfo, arguments->product);
	if (filter->has_product)
		filter->product_id = *PG_GETARG_UUID_P(arguments->product);
	if (graph_given(fcinfo, arguments->at))
		filter->at = PG_GETARG_DATEADT(arguments->at);
	else
		filter->at = DatumGetDateADT(DirectFunctionCall1(timestamptz_date,
														 TimestampTzGetDatum(GetCurrentTransactionStartTimestamp())));
	filter->has_known_at = graph_given(fcinfo, arguments->known_at);
	if (filter->has_known_at)
		filter->known_at = PG_GETARG_TIMESTAMPTZ(arguments->known_at);
	if (graph_given(fcinfo, arguments->direction))
		filter->direction = graph_direction(text_to_cstring(PG_GETARG_TEXT_PP(arguments->direction)));
}

/*
 * The surviving record of an account.  Error UNKNOWN_ACCOUNT when there is none,
 * or none that the caller may see.
 */
void
graph_account(const AccessScope *scope, const pg_uuid_t *account, pg_uuid_t *survivor)
{
	Datum		args[1];

	args[0] = UUIDPGetDatum(account);
	if (access_read(scope, &survivor_statement, args, NULL, 1) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_LSCE_UNKNOWN_ACCOUNT),
				 errmsg("account %s does not exist",
						DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(account)))),
				 errhint("Look it up, for instance with account(system, value).")));
	(void) access_uuid(0, 1, survivor);
}

/* The bound of a walk; NULL is none.  Error 22023 for a negative one. */
int
graph_max_hops(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		return INT_MAX;
	if (PG_GETARG_INT32(argument) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_hops must not be negative, got %d", PG_GETARG_INT32(argument))));
	return PG_GETARG_INT32(argument);
}

/* The texts of an array, without NULLs; of no array, any text. */
GraphTexts
graph_texts(ArrayType *array)
{
	GraphTexts	result = {-1, NULL};
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	if (array == NULL)
		return result;
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	result.n = 0;
	result.texts = palloc(sizeof(text *) * Max(n, 1));
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			result.texts[result.n++] = DatumGetTextPP(elements[i]);
	return result;
}

/* Is the value one of the texts? */
bool
graph_text_in(const GraphTexts *texts, Datum value)
{
	text	   *wanted;

	if (texts->n < 0)
		return true;
	wanted = DatumGetTextPP(value);
	for (int i = 0; i < texts->n; i++)
	{
		text	   *candidate = texts->texts[i];

		if (VARSIZE_ANY_EXHDR(candidate) == VARSIZE_ANY_EXHDR(wanted) &&
			memcmp(VARDATA_ANY(candidate), VARDATA_ANY(wanted), VARSIZE_ANY_EXHDR(wanted)) == 0)
			return true;
	}
	return false;
}
