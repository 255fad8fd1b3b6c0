/*-------------------------------------------------------------------------
 *
 * verdict.c
 *	  What becomes of a verdict: a stored decision, or an error.
 *
 * src/rules/verdict.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "access/write.h"
#include "errors.h"
#include "rules/facts_json.h"
#include "rules/render.h"
#include "rules/rules.h"
#include "rules/step.h"

/* See rules.h. */
Verdict *
rules_judge(const Facts *facts, MemoryContext context)
{
	Verdict    *verdict = MemoryContextAllocZero(context, sizeof(Verdict));

	verdict->max_steps = rules_max_steps(facts);
	verdict->steps = MemoryContextAllocHuge(context, mul_size(verdict->max_steps, sizeof(RuleStep)));
	rules_evaluate(facts, verdict);
	return verdict;
}

/* See rules.h. */
Datum
rules_reason_codes(const Verdict *verdict)
{
	Datum	   *codes = palloc(sizeof(Datum) * (verdict->n_steps + 1));
	bool		seen[LSCE_REASON_COUNT] = {false};
	int			count = 0;

	if (verdict->primary != LSCE_REASON_NONE)
	{
		codes[count++] = CStringGetTextDatum(lsce_reason_row(verdict->primary)->code);
		seen[verdict->primary] = true;
	}
	for (int i = 0; i < verdict->n_steps; i++)
	{
		const RuleStep *step = &verdict->steps[i];

		if ((step->result != RULE_FAIL && step->result != RULE_WARN) || seen[step->reason])
			continue;
		codes[count++] = CStringGetTextDatum(lsce_reason_row(step->reason)->code);
		seen[step->reason] = true;
	}
	return PointerGetDatum(construct_array(codes, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The obligations, as can_contact() has them: [{"code": …}, {"code": …, "due": date}]. */
static Datum
obligations_jsonb(const Verdict *verdict)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (int i = 0; i < verdict->n_obligations; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, ',');
		appendStringInfoString(&out, "{\"code\": ");
		escape_json(&out, verdict->obligations[i].code);
		if (verdict->obligations[i].due_day != DATE_NONE)
		{
			appendStringInfoString(&out, ", \"due\": ");
			rules_append_json_date(&out, verdict->obligations[i].due_day);
		}
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* What is stored as outcome. */
static const char *
outcome_name(const Verdict *verdict, const char *admission)
{
	if (strcmp(admission, "record") == 0)
		return "record";
	switch (verdict->outcome)
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

static const AccessStatement store_statement =
{"INSERT INTO @m.decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, reason_codes, "
	"obligations, facts, rule_set, evaluator_version, domain, user_id, territory_id, valid_at, known_at) "
	"VALUES (coalesce($18, lsce.uuid_v7()), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING decision_id",
	18, {UUIDOID, TEXTOID, UUIDOID, UUIDOID, NUMERICOID, TEXTOID, TEXTOID, TEXTARRAYOID, JSONBOID, JSONBOID, TEXTOID, INT4OID,
TEXTOID, UUIDOID, UUIDOID, TIMESTAMPTZOID, TIMESTAMPTZOID, UUIDOID}};

/* See rules.h. */
Datum
rules_quantity_numeric(int64_t quantity)
{
	StringInfoData out;

	if (quantity % QUANTITY_UNIT == 0)
		return NumericGetDatum(int64_to_numeric(quantity / QUANTITY_UNIT));
	initStringInfo(&out);
	rules_append_quantity(&out, quantity);
	return DirectFunctionCall3(numeric_in, CStringGetDatum(out.data),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/* Store the decision under a given id or, when that is NULL, a new one. */
static void
store_decision(AccessScope *scope, const Facts *facts, const Verdict *verdict,
			   const char *admission, const pg_uuid_t *decision_id)
{
	const RuleRequest *request = &facts->request;
	char		nulls[] = "                  ";
	Datum		args[18];

	args[0] = PointerGetDatum(&request->fact_id);
	args[1] = CStringGetTextDatum(rules_kind_name(request->kind));
	args[2] = PointerGetDatum(&request->account_id);
	args[3] = PointerGetDatum(&request->product_id);
	args[4] = rules_quantity_numeric(request->quantity);
	args[5] = CStringGetTextDatum(admission);
	args[6] = CStringGetTextDatum(outcome_name(verdict, admission));
	args[7] = rules_reason_codes(verdict);
	args[8] = obligations_jsonb(verdict);
	args[9] = facts_to_jsonb(facts);
	args[10] = CStringGetTextDatum(rules_rule_set(scope, CurrentMemoryContext));
	args[11] = Int32GetDatum(RULES_EVALUATOR_VERSION);
	args[12] = CStringGetTextDatum(request->domain);
	args[13] = PointerGetDatum(&request->user_id);
	args[14] = PointerGetDatum(&request->territory_id);
	args[15] = TimestampTzGetDatum(request->at);
	args[16] = TimestampTzGetDatum(request->known_at != TIME_NONE ? request->known_at :
								   GetCurrentStatementStartTimestamp());
	if (!facts->user.found)
		nulls[13] = 'n';
	if (!facts->territory.found)
		nulls[14] = 'n';
	args[17] = UUIDPGetDatum(decision_id);
	if (decision_id == NULL)
		nulls[17] = 'n';
	access_write(scope, &store_statement, args, nulls);
}

/* See rules.h. */
void
rules_store(AccessScope *scope, const Facts *facts, const Verdict *verdict,
			const char *admission, pg_uuid_t *decision_id)
{
	store_decision(scope, facts, verdict, admission, NULL);
	access_uuid(0, 1, decision_id);
}

/* See rules.h. */
void
rules_store_as(AccessScope *scope, const Facts *facts, const Verdict *verdict,
			   const char *admission, const pg_uuid_t *decision_id)
{
	store_decision(scope, facts, verdict, admission, decision_id);
}

/* The same rows for many. */
static const AccessInsert store_all = {
	"decision", 18, {{"decision_id", UUIDOID}, {"fact_id", UUIDOID}, {"kind", TEXTOID}, {"account_id", UUIDOID}, {"product_id", UUIDOID},
	{"quantity", NUMERICOID}, {"admission", TEXTOID}, {"outcome", TEXTOID}, {"reason_codes", TEXTARRAYOID}, {"obligations", JSONBOID},
	{"facts", JSONBOID}, {"rule_set", TEXTOID}, {"evaluator_version", INT4OID}, {"domain", TEXTOID}, {"user_id", UUIDOID},
	{"territory_id", UUIDOID}, {"valid_at", TIMESTAMPTZOID}, {"known_at", TIMESTAMPTZOID}},
	{"INSERT INTO @m.decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, reason_codes, "
		"obligations, facts, rule_set, evaluator_version, domain, user_id, territory_id, valid_at, known_at) "
		"SELECT d.decision_id, d.fact_id, d.kind, d.account_id, d.product_id, d.quantity, d.admission, d.outcome, d.reason_codes::text[], "
		"d.obligations, d.facts, d.rule_set, d.evaluator_version, d.domain, d.user_id, d.territory_id, d.valid_at, d.known_at "
		"FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) "
		"AS d (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, reason_codes, obligations, facts, "
		"rule_set, evaluator_version, domain, user_id, territory_id, valid_at, known_at)",
		18, {UUIDARRAYOID, UUIDARRAYOID, TEXTARRAYOID, UUIDARRAYOID, UUIDARRAYOID, NUMERICARRAYOID, TEXTARRAYOID, TEXTARRAYOID,
			TEXTARRAYOID, JSONBARRAYOID, JSONBARRAYOID, TEXTARRAYOID, INT4ARRAYOID, TEXTARRAYOID, UUIDARRAYOID, UUIDARRAYOID,
	TIMESTAMPTZARRAYOID, TIMESTAMPTZARRAYOID}}
};

/* See rules.h. */
void
rules_store_all(AccessScope *scope, const RuleDecision *decisions, int count, const char *admission, const char *rule_set)
{
	Datum	   *columns[lengthof(store_all.columns)];
	bool	   *nulls[lengthof(store_all.columns)];
	Datum		digest = CStringGetTextDatum(rule_set);
	Datum		admitted = CStringGetTextDatum(admission);

	for (int c = 0; c < store_all.ncolumns; c++)
	{
		columns[c] = palloc(count * sizeof(Datum));
		nulls[c] = palloc0(count * sizeof(bool));
	}
	for (int i = 0; i < count; i++)
	{
		const Facts *facts = decisions[i].facts;
		const RuleRequest *request = &facts->request;
		int			c = 0;

		columns[c++][i] = UUIDPGetDatum(decisions[i].decision_id);
		columns[c++][i] = PointerGetDatum(&request->fact_id);
		columns[c++][i] = CStringGetTextDatum(rules_kind_name(request->kind));
		columns[c++][i] = PointerGetDatum(&request->account_id);
		columns[c++][i] = PointerGetDatum(&request->product_id);
		columns[c++][i] = rules_quantity_numeric(request->quantity);
		columns[c++][i] = admitted;
		columns[c++][i] = CStringGetTextDatum(outcome_name(decisions[i].verdict, admission));
		columns[c++][i] = rules_reason_codes(decisions[i].verdict);
		columns[c++][i] = obligations_jsonb(decisions[i].verdict);
		columns[c++][i] = facts_to_jsonb(facts);
		columns[c++][i] = digest;
		columns[c++][i] = Int32GetDatum(RULES_EVALUATOR_VERSION);
		columns[c++][i] = CStringGetTextDatum(request->domain);
		nulls[c][i] = !facts->user.found;
		columns[c++][i] = PointerGetDatum(&request->user_id);
		nulls[c][i] = !facts->territory.found;
		columns[c++][i] = PointerGetDatum(&request->territory_id);
		columns[c++][i] = TimestampTzGetDatum(request->at);
		columns[c++][i] = TimestampTzGetDatum(request->known_at != TIME_NONE ? request->known_at :
											  GetCurrentStatementStartTimestamp());
	}
	access_insert(scope, &store_all, columns, nulls, count);
}

/* Append what one step says to the DETAIL of an error. */
static void
append_detail(StringInfo out, const RuleStep *step, const RenderedStep *rendered)
{
	appendStringInfo(out, "{\"rule_code\": \"%s\", \"outcome\": \"%s\", \"reason_code\": \"%s\", "
					 "\"expected\": %s, \"observed\": %s, \"legal_ref\": ",
					 step->rule->code, render_result(step->result), lsce_reason_row(step->reason)->code,
					 rendered->expected, rendered->observed);
	if (step->legal_ref)
		escape_json(out, step->legal_ref);
	else
		appendStringInfoString(out, "null");
	appendStringInfoString(out, ", \"message\": ");
	escape_json(out, rendered->message);
	appendStringInfoChar(out, '}');
}

/*
 * The sentence of a reason as the message of an error: no full stop, and no
 * capital of its own.  What begins with a slot or with an abbreviation ("DEA
 * number") stays as it is, and so does another language than English.
 */
static char *
error_message(LsceReason reason, const char *lang, char *sentence)
{
	const char *text = lsce_reason_row(reason)->text[LSCE_LANGUAGE_EN];
	size_t		length = strlen(sentence);

	if (length > 0 && sentence[length - 1] == '.')
		sentence[length - 1] = '\0';
	if (lsce_language(lang) == LSCE_LANGUAGE_EN && text[0] == sentence[0] && text[1] != '\0' &&
		!isupper((unsigned char) text[1]))
		sentence[0] = pg_tolower((unsigned char) sentence[0]);
	return sentence;
}

/* The table that a kind of fact is stored in. */
static const char *
fact_table(FactKind kind)
{
	switch (kind)
	{
		case KIND_SAMPLE_DROP:
		case KIND_SAMPLE_SHIP:
			return "disbursement";
		case KIND_MESSAGE_SEND:
			return "outbound_message";
		default:
			return "decision";
	}
}

/* See rules.h. */
void
rules_raise(AccessScope *scope, const Facts *facts, const Verdict *verdict, const char *lang)
{
	LsceErrorReport report = {.reason = verdict->primary, .lang = lang};
	Render		render;
	StringInfoData detail;
	StringInfoData rules;

	render_begin(&render, scope, facts, lang);
	initStringInfo(&detail);
	initStringInfo(&rules);
	appendStringInfoChar(&detail, '[');
	for (int i = 0; i < verdict->n_steps; i++)
	{
		const RuleStep *step = &verdict->steps[i];
		RenderedStep rendered;

		if (step->result != RULE_FAIL && step->result != RULE_WARN)
			continue;
		render_step(&render, step, &rendered);
		appendStringInfoString(&detail, detail.len > 1 ? ", " : "");
		append_detail(&detail, step, &rendered);
		if (step->result == RULE_WARN)
			appendStringInfo(&rules, "%s%s", rules.len > 0 ? ", " : "", step->rule->code);
		if (step->reason == verdict->primary && report.message == NULL)
		{
			report.message = error_message(step->reason, lang, rendered.message);
			report.constraint_name = step->rule->code;
		}
	}
	appendStringInfoChar(&detail, ']');
	if (verdict->outcome == VERDICT_WARN)
	{
		LsceSlot	slot = {"rules", rules.data};
		LsceSlotArray slots = {&slot, 1};

		report.reason = LSCE_REASON_JUSTIFICATION_REQUIRED;
		report.message = error_message(report.reason, lang,
									   lsce_reason_text(report.reason, lang, lsce_slot_from_array, &slots));
	}
	report.detail = detail.data;
	report.schema_name = get_namespace_name(scope->model->nspid);
	report.table_name = fact_table(facts->request.kind);
	lsce_ereport_reason(&report);
}
