/*-------------------------------------------------------------------------
 *
 * headroom.c
 *	  How many samples an account may still have.
 *
 * src/sample/headroom.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "errors.h"
#include "rules/rules.h"
#include "rules/step.h"
#include "sample/limit_place.h"

PG_FUNCTION_INFO_V1(lsce_sample_headroom);

static const AccessStatement visible_account = {
	"SELECT 1 FROM @m.account WHERE account_id = $1",
	1, {UUIDOID}
};

/* Millionths as a number without trailing zeroes. */
static Datum
quantity_datum(int64_t quantity)
{
	Datum		value = NumericGetDatum(int64_div_fast_to_numeric(quantity, 6));

	return DirectFunctionCall1(numeric_trim_scale, value);
}

/* One limit as a row of the result. */
static void
put_limit(ReturnSetInfo *rsinfo, const Facts *facts, const LimitFact *limit)
{
	Datum		values[9] = {0};
	bool		nulls[9] = {0};
	int64_t		remaining = limit->has_quota ? Max(limit->quota - limit->used, 0) : QUANTITY_MAX;

	if (limit->unknown_condition || limit->window != LIMIT_WINDOW_OPEN)
		remaining = 0;
	values[0] = UUIDPGetDatum((pg_uuid_t *) &limit->row.id);
	values[1] = CStringGetTextDatum(facts->templates[limit->template_index].code);
	values[2] = DateADTGetDatum(limit->window_from);
	values[3] = DateADTGetDatum(limit->window_to);
	nulls[2] = limit->window != LIMIT_WINDOW_OPEN;
	nulls[3] = nulls[2];
	nulls[4] = !limit->has_quota;
	if (limit->has_quota)
		values[4] = quantity_datum(limit->quota);
	values[5] = quantity_datum(limit->used);
	nulls[6] = remaining == QUANTITY_MAX;
	if (!nulls[6])
		values[6] = quantity_datum(remaining);
	nulls[7] = !limit->has_per_visit;
	if (limit->has_per_visit)
		values[7] = quantity_datum(limit->per_visit);
	nulls[8] = limit->next_free_on == DATE_NONE;
	values[8] = DateADTGetDatum(limit->next_free_on);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * Refuse an account that the caller does not see, as one that does not exist:
 * no row at all would read as no limit at all.
 */
static void
require_account(const LsceModel *model, Datum account_id)
{
	LsceErrorReport report = {.reason = LSCE_REASON_UNKNOWN_ACCOUNT};
	AccessScope scope;
	bool		seen;

	access_begin(&scope, model, ACCESS_READ_AS_CALLER);
	seen = access_read(&scope, &visible_account, &account_id, NULL, 1) > 0;
	access_end(&scope);
	if (seen)
		return;
	report.message = psprintf("account %s does not exist or is not visible",
							  DatumGetCString(DirectFunctionCall1(uuid_out, account_id)));
	lsce_ereport_reason(&report);
}

/* Refuse what is missing: no row at all would read as no limit at all. */
static void
require_argument(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
}

/* Refuse a product that does not exist, for the same reason. */
static void
require_product(const Facts *facts)
{
	LsceErrorReport report = {.reason = LSCE_REASON_UNKNOWN_PRODUCT};

	if (facts->product.found)
		return;
	report.message = psprintf("product %s does not exist",
							  DatumGetCString(DirectFunctionCall1(uuid_out, PointerGetDatum(&facts->request.product_id))));
	lsce_ereport_reason(&report);
}

/*
 * Refuse a hand-over by nobody: limits of his company, of his territory and his
 * own would be missing from the answer, and it would show more than there is.
 */
static void
require_user(const RuleRequest *request)
{
	LsceErrorReport report = {.reason = LSCE_REASON_UNKNOWN_USER};

	if (uuid_given(&request->company_id))
		return;
	if (!uuid_given(&request->user_id))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("nobody is named who would hand over samples"),
				 errhint("Act as a user of the application, or name user_id.")));
	report.message = psprintf("user %s is unknown",
							  DatumGetCString(DirectFunctionCall1(uuid_out, PointerGetDatum(&request->user_id))));
	lsce_ereport_reason(&report);
}

/*
 * lsce.sample_headroom(model, account_id, product_id, at, user_id): a row for
 * each limit that applies to a hand-over of one unit on that day by that user.
 * Errors: UNKNOWN_ACCOUNT, UNKNOWN_PRODUCT, UNKNOWN_USER, 22004, 22023.
 */
Datum
lsce_sample_headroom(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext context = CurrentMemoryContext;
	RuleRequest request;
	Facts	   *facts;
	LsceModel	model;
	AccessScope scope;

	InitMaterializedSRF(fcinfo, 0);
	require_argument(fcinfo, 0, "model");
	require_argument(fcinfo, 1, "account_id");
	require_argument(fcinfo, 2, "product_id");
	if (!PG_ARGISNULL(3) && DATE_NOT_FINITE(PG_GETARG_DATEADT(3)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("at must be finite")));
	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	access_check_execute(&model, "sample_headroom");
	require_account(&model, PG_GETARG_DATUM(1));
	rules_request_init(&request, KIND_SAMPLE_DROP);
	request.account_id = rules_uuid(PG_GETARG_UUID_P(1));
	request.product_id = rules_uuid(PG_GETARG_UUID_P(2));
	request.quantity = QUANTITY_UNIT;
	if (!PG_ARGISNULL(4))
		request.user_id = rules_uuid(PG_GETARG_UUID_P(4));

	access_begin(&scope, &model, ACCESS_READ);
	rules_resolve(&scope, &request, context);
	require_user(&request);
	if (!PG_ARGISNULL(3))
		request.local_day = PG_GETARG_DATEADT(3);
	facts = rules_load(&scope, &request, context);
	access_end(&scope);
	require_product(facts);
	for (int i = 0; i < facts->n_limits; i++)
		if (facts->limits[i].applies)
			put_limit(rsinfo, facts, &facts->limits[i]);
	return (Datum) 0;
}
