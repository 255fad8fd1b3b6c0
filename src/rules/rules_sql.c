/*-------------------------------------------------------------------------
 *
 * rules_sql.c
 *	  The rule engine's SQL functions.  Those of a model are wrappers that
 *	  pass its namespace.
 *
 * src/rules/rules_sql.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "errors.h"
#include "rules/facts_json.h"
#include "rules/render.h"
#include "rules/rules.h"
#include "rules/step.h"

PG_FUNCTION_INFO_V1(lsce_check_eligibility);
PG_FUNCTION_INFO_V1(lsce_explain_eligibility);
PG_FUNCTION_INFO_V1(lsce_decide);
PG_FUNCTION_INFO_V1(lsce_decision_steps);
PG_FUNCTION_INFO_V1(lsce_why_cant_i);
PG_FUNCTION_INFO_V1(lsce_rule_set);

#define EXPLAIN_COLUMNS 9

/*
 * The model that a function was called for, whose function of that name the
 * caller may execute.
 */
static void
model_argument(FunctionCallInfo fcinfo, LsceModel *model, const char *function)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("model must not be null")));
	access_model(PG_GETARG_OID(0), model);
	access_check_caller(model);
	access_check_execute(model, function);
}

/* A uuid argument; zeroes for NULL. */
static Uuid16
uuid_argument(FunctionCallInfo fcinfo, int argument)
{
	Uuid16		none = {{0}};

	return PG_ARGISNULL(argument) ? none : rules_uuid(PG_GETARG_UUID_P(argument));
}

/* A uuid argument that must be given. */
static Uuid16
required_uuid(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
	return uuid_argument(fcinfo, argument);
}

/* A moment; TIME_NONE for NULL.  Infinities are no moments. */
static int64_t
time_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	TimestampTz at;

	if (PG_ARGISNULL(argument))
		return TIME_NONE;
	at = PG_GETARG_TIMESTAMPTZ(argument);
	if (TIMESTAMP_NOT_FINITE(at))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be finite", name)));
	return at;
}

static char *
text_argument(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

/* The kind of a name; 22023 when there is none. */
static FactKind
kind_of(const char *name)
{
	FactKind	kind = name ? rules_kind_by_name(name) : KIND_NONE;

	if (kind == KIND_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("action \"%s\" does not exist", name ? name : ""),
				 errhint("Actions are sample_drop, sample_ship, detail, message_send, content_share, remote_session, gift and order.")));
	return kind;
}

/*
 * A quantity in millionths; one unit, or none where a kind has no quantity,
 * for NULL.  22023 unless it is not negative and of at most six decimals, and
 * for samples a whole number above 0: nothing else can be handed over.
 */
static int64_t
quantity_of(FunctionCallInfo fcinfo, int argument, FactKind kind)
{
	Numeric		millionths;
	Numeric		whole;
	int64_t		quantity;

	if (PG_ARGISNULL(argument))
		return rules_is_sample(kind) || kind == KIND_ORDER ? QUANTITY_UNIT : 0;
	if (numeric_is_nan(PG_GETARG_NUMERIC(argument)) || numeric_is_inf(PG_GETARG_NUMERIC(argument)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("quantity must be finite")));
	millionths = DatumGetNumeric(DirectFunctionCall2(numeric_mul, PG_GETARG_DATUM(argument),
													 NumericGetDatum(int64_to_numeric(QUANTITY_UNIT))));
	whole = DatumGetNumeric(DirectFunctionCall2(numeric_trunc, NumericGetDatum(millionths), Int32GetDatum(0)));
	if (DatumGetBool(DirectFunctionCall2(numeric_ne, NumericGetDatum(millionths), NumericGetDatum(whole))) ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, NumericGetDatum(whole), NumericGetDatum(int64_to_numeric(0)))) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(whole), NumericGetDatum(int64_to_numeric(INT_MAX * QUANTITY_UNIT)))))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("quantity %s is out of range",
						DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(argument)))),
				 errdetail("A quantity is not negative, has at most six decimals and is at most %d.", INT_MAX)));
	quantity = DatumGetInt64(DirectFunctionCall1(numeric_int8, NumericGetDatum(whole)));
	if (rules_is_sample(kind) && (quantity == 0 || quantity % QUANTITY_UNIT != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("quantity %s is not a number of samples",
						DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(argument)))),
				 errhint("Samples are handed over in whole units, at least one.")));
	return quantity;
}

/* The arguments that check_eligibility() and explain_eligibility() share. */
static void
eligibility_request(FunctionCallInfo fcinfo, RuleRequest *request)
{
	FactKind	kind = kind_of(text_argument(fcinfo, 4));

	rules_request_init(request, kind);
	request->account_id = required_uuid(fcinfo, 1, "account_id");
	request->product_id = uuid_argument(fcinfo, 2);
	request->quantity = quantity_of(fcinfo, 3, kind);
	request->territory_id = uuid_argument(fcinfo, 5);
	request->user_id = uuid_argument(fcinfo, 6);
	request->batch_id = uuid_argument(fcinfo, 7);
	request->at = time_argument(fcinfo, 8, "at");
	request->known_at = time_argument(fcinfo, 9, "known_at");
	request->visit_id = uuid_argument(fcinfo, 10);
	request->request_id = uuid_argument(fcinfo, 11);
	request->suggest = true;
}

static const char *
outcome_name(VerdictOutcome outcome)
{
	switch (outcome)
	{
		case VERDICT_ALLOW:
			return "allow";
		case VERDICT_WARN:
			return "warn";
		case VERDICT_DENY:
			return "deny";
	}
	return NULL;
}

/*
 * lsce.check_eligibility(model, account_id, product_id, qty, action,
 * territory_id, user_id, batch_id, at, known_at, visit_id, request_id): allow,
 * warn or deny.  Writes nothing.
 */
Datum
lsce_check_eligibility(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	RuleRequest request;
	const char *outcome;

	model_argument(fcinfo, &model, "check_eligibility");
	eligibility_request(fcinfo, &request);
	rules_require_named_rows(&model, &request);
	(void) rules_hide_account(&model, &request);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	rules_resolve(&scope, &request, CurrentMemoryContext);
	outcome = outcome_name(rules_check(&scope, &request, CurrentMemoryContext));
	access_end(&scope);
	PG_RETURN_TEXT_P(cstring_to_text(outcome));
}

/* Put the steps of a verdict into the result of a function. */
static void
put_steps(ReturnSetInfo *rsinfo, AccessScope *scope, const Facts *facts,
		  const Verdict *verdict, const char *lang)
{
	Render		render;

	render_begin(&render, scope, facts, lang);
	for (int i = 0; i < verdict->n_steps; i++)
	{
		const RuleStep *step = &verdict->steps[i];
		Datum		values[EXPLAIN_COLUMNS];
		bool		nulls[EXPLAIN_COLUMNS] = {false};
		RenderedStep rendered;

		CHECK_FOR_INTERRUPTS();
		render_step(&render, step, &rendered);
		values[0] = Int32GetDatum(i + 1);
		values[1] = CStringGetTextDatum(step->rule->code);
		values[2] = CStringGetTextDatum(render_result(step->result));
		nulls[3] = step->result == RULE_PASS || step->result == RULE_SKIP;
		if (!nulls[3])
			values[3] = CStringGetTextDatum(lsce_reason_row(step->reason)->code);
		values[4] = DirectFunctionCall1(jsonb_in, CStringGetDatum(rendered.expected));
		values[5] = DirectFunctionCall1(jsonb_in, CStringGetDatum(rendered.observed));
		values[6] = DirectFunctionCall1(jsonb_in, CStringGetDatum(rendered.evidence));
		nulls[7] = step->legal_ref == NULL;
		if (!nulls[7])
			values[7] = CStringGetTextDatum(step->legal_ref);
		values[8] = CStringGetTextDatum(rendered.message);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/*
 * lsce.explain_eligibility(…, lang): every rule's step, in order, also after a
 * failure.
 */
Datum
lsce_explain_eligibility(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	RuleRequest request;
	Uuid16		asked;
	Facts	   *facts;
	Verdict    *verdict;
	char	   *lang = text_argument(fcinfo, 12);

	model_argument(fcinfo, &model, "explain_eligibility");
	eligibility_request(fcinfo, &request);
	rules_require_named_rows(&model, &request);
	asked = rules_hide_account(&model, &request);
	InitMaterializedSRF(fcinfo, 0);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	rules_resolve(&scope, &request, CurrentMemoryContext);
	facts = rules_load(&scope, &request, CurrentMemoryContext);
	facts->request.account_id = asked;
	verdict = rules_judge(facts, CurrentMemoryContext);
	put_steps((ReturnSetInfo *) fcinfo->resultinfo, &scope, facts, verdict, lang);
	access_end(&scope);
	return (Datum) 0;
}

/* The fields of a request that decide() takes from its args. */
static const struct
{
	const char *name;
	size_t		offset;
	enum
	{
		ARGUMENT_UUID,
		ARGUMENT_TEXT,
		ARGUMENT_TIME
	}			type;
}			decide_arguments[] =
{
	{"territory_id", offsetof(RuleRequest, territory_id), ARGUMENT_UUID},
	{"user_id", offsetof(RuleRequest, user_id), ARGUMENT_UUID},
	{"visit_id", offsetof(RuleRequest, visit_id), ARGUMENT_UUID},
	{"request_id", offsetof(RuleRequest, request_id), ARGUMENT_UUID},
	{"batch_id", offsetof(RuleRequest, batch_id), ARGUMENT_UUID},
	{"location_id", offsetof(RuleRequest, location_id), ARGUMENT_UUID},
	{"delivery_point_id", offsetof(RuleRequest, delivery_point_id), ARGUMENT_UUID},
	{"practitioner_id", offsetof(RuleRequest, practitioner_id), ARGUMENT_UUID},
	{"contact_point_id", offsetof(RuleRequest, contact_point_id), ARGUMENT_UUID},
	{"controller_id", offsetof(RuleRequest, controller_id), ARGUMENT_UUID},
	{"channel", offsetof(RuleRequest, channel), ARGUMENT_TEXT},
	{"purpose", offsetof(RuleRequest, purpose), ARGUMENT_TEXT},
	{"at", offsetof(RuleRequest, at), ARGUMENT_TIME},
	{"known_at", offsetof(RuleRequest, known_at), ARGUMENT_TIME},
	{"received_at", offsetof(RuleRequest, received_at), ARGUMENT_TIME},
};

/* Take one key of args; 22023 for a key nobody knows or a value that is no string. */
static void
take_argument(RuleRequest *request, const JsonbValue *key, const JsonbValue *value)
{
	char	   *name = pnstrdup(key->val.string.val, key->val.string.len);

	for (size_t i = 0; i < lengthof(decide_arguments); i++)
	{
		char	   *target = (char *) request + decide_arguments[i].offset;
		char	   *text;

		if (strcmp(name, decide_arguments[i].name) != 0)
			continue;
		if (value->type == jbvNull)
			return;
		if (value->type != jbvString)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"%s\" must be a JSON string", name)));
		text = pnstrdup(value->val.string.val, value->val.string.len);
		if (decide_arguments[i].type == ARGUMENT_TEXT)
			*(char **) target = text;
		else if (decide_arguments[i].type == ARGUMENT_UUID)
			memcpy(target, DatumGetUUIDP(DirectFunctionCall1(uuid_in, CStringGetDatum(text))), sizeof(Uuid16));
		else
		{
			TimestampTz at = DatumGetTimestampTz(DirectFunctionCall3(timestamptz_in, CStringGetDatum(text),
																	 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));

			if (TIMESTAMP_NOT_FINITE(at))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s must be finite", name)));
			*(int64_t *) target = at;
		}
		return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" does not exist", name),
			 errhint("See the comment on decide() for the keys of args.")));
}

/* Take all keys of args into the request. */
static void
take_arguments(RuleRequest *request, Jsonb *args)
{
	JsonbIterator *it;
	JsonbValue	key;
	JsonbValue	value;

	if (!JB_ROOT_IS_OBJECT(args))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("args must be a JSON object")));
	it = JsonbIteratorInit(&args->root);
	(void) JsonbIteratorNext(&it, &key, false);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		(void) JsonbIteratorNext(&it, &value, true);
		take_argument(request, &key, &value);
	}
}

/*
 * lsce.decide(model, kind, account_id, product_id, qty, args): judge, and store
 * the decision as advice.  Returns its id; a refusal is stored, not raised.
 */
Datum
lsce_decide(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	RuleRequest request;
	FactKind	kind;
	Facts	   *facts;
	pg_uuid_t  *decision_id = palloc(sizeof(pg_uuid_t));

	model_argument(fcinfo, &model, "decide");
	kind = kind_of(text_argument(fcinfo, 1));
	rules_request_init(&request, kind);
	request.account_id = required_uuid(fcinfo, 2, "account_id");
	request.product_id = uuid_argument(fcinfo, 3);
	request.quantity = quantity_of(fcinfo, 4, kind);
	request.suggest = true;
	if (!PG_ARGISNULL(5))
		take_arguments(&request, PG_GETARG_JSONB_P(5));
	rules_require_visible(&model, &request);

	access_begin(&scope, &model, ACCESS_WRITE);
	access_share(&scope);
	rules_resolve(&scope, &request, CurrentMemoryContext);
	facts = rules_load(&scope, &request, CurrentMemoryContext);
	rules_store(&scope, facts, rules_judge(facts, CurrentMemoryContext), "none", decision_id);
	access_end(&scope);
	PG_RETURN_UUID_P(decision_id);
}

static const AccessStatement facts_statement =
{"SELECT facts FROM @m.decision WHERE decision_id = $1", 1, {UUIDOID}};

/*
 * The stored facts of a decision that the caller may see, in the current
 * context; NULL when there is none.  He need not be allowed to read the facts
 * themselves: what he gets of them is rendered for him.
 */
static Facts *
stored_facts(const LsceModel *model, Datum decision_id)
{
	AccessScope scope;
	MemoryContext context = CurrentMemoryContext;
	Facts	   *facts = NULL;
	bool		isnull;

	if (!rules_decision_visible(model, decision_id))
		return NULL;
	access_begin(&scope, model, ACCESS_READ);
	if (access_read(&scope, &facts_statement, &decision_id, NULL, 1) > 0)
	{
		Datum		json = access_value(0, 1, JSONBOID, &isnull);

		if (!isnull)
			facts = facts_from_jsonb(DatumGetJsonbP(json), context);
	}
	access_end(&scope);
	return facts;
}

/*
 * lsce.decision_steps(model, decision_id, lang): every rule, recomputed from
 * the facts that the decision stored.  No row for a decision that does not
 * exist or is not visible.
 */
Datum
lsce_decision_steps(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	Facts	   *facts;
	char	   *lang = text_argument(fcinfo, 2);

	model_argument(fcinfo, &model, "decision_steps");
	InitMaterializedSRF(fcinfo, 0);
	facts = PG_ARGISNULL(1) ? NULL : stored_facts(&model, PG_GETARG_DATUM(1));
	if (facts == NULL)
		return (Datum) 0;
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	put_steps((ReturnSetInfo *) fcinfo->resultinfo, &scope, facts,
			  rules_judge(facts, CurrentMemoryContext), lang);
	access_end(&scope);
	return (Datum) 0;
}

/*
 * lsce.why_cant_i(model, product_id, account_id, action, lang): what fails or
 * warns for one unit now, by the acting user, and the cure of each.
 */
Datum
lsce_why_cant_i(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	RuleRequest request;
	Uuid16		asked;
	Render		render;
	Facts	   *facts;
	Verdict    *verdict;
	FactKind	kind = kind_of(text_argument(fcinfo, 3));
	char	   *lang = text_argument(fcinfo, 4);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	model_argument(fcinfo, &model, "why_cant_i");
	rules_request_init(&request, kind);
	request.product_id = required_uuid(fcinfo, 1, "product");
	request.account_id = required_uuid(fcinfo, 2, "account");
	request.quantity = rules_is_sample(kind) || kind == KIND_ORDER ? QUANTITY_UNIT : 0;
	request.at = time_argument(fcinfo, 5, "at");
	request.suggest = true;
	asked = rules_hide_account(&model, &request);
	InitMaterializedSRF(fcinfo, 0);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	rules_resolve(&scope, &request, CurrentMemoryContext);
	facts = rules_load(&scope, &request, CurrentMemoryContext);
	facts->request.account_id = asked;
	verdict = rules_judge(facts, CurrentMemoryContext);
	render_begin(&render, &scope, facts, lang);
	for (int i = 0; i < verdict->n_steps; i++)
	{
		const RuleStep *step = &verdict->steps[i];
		const LsceReasonRow *reason = lsce_reason_row(step->reason);
		Datum		values[5];
		bool		nulls[5] = {false};
		RenderedStep rendered;

		if (step->result != RULE_FAIL && step->result != RULE_WARN)
			continue;
		render_step(&render, step, &rendered);
		values[0] = CStringGetTextDatum(step->rule->code);
		values[1] = CStringGetTextDatum(reason->code);
		values[2] = CStringGetTextDatum(rendered.message);
		values[3] = CStringGetTextDatum(reason->hint[lsce_language(lang)]);
		nulls[4] = step->legal_ref == NULL;
		if (!nulls[4])
			values[4] = CStringGetTextDatum(step->legal_ref);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	access_end(&scope);
	return (Datum) 0;
}

/* lsce.rule_set(model): the digest of the approved rules, as decisions store it. */
Datum
lsce_rule_set(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	MemoryContext context = CurrentMemoryContext;
	char	   *digest;

	model_argument(fcinfo, &model, "rule_set");
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	digest = rules_rule_set(&scope, context);
	access_end(&scope);
	PG_RETURN_TEXT_P(cstring_to_text(digest));
}
