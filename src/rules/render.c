/*-------------------------------------------------------------------------
 *
 * render.c
 *	  Steps of a verdict as jsonb and as sentences.
 *
 * Names and licence numbers are not in the facts; they are looked up when a
 * sentence is made, and only from rows that the caller may see.  Evidence of
 * rows that he may not see, and what was observed in them, is
 * {"redacted": true}.
 *
 * src/rules/render.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/uuid.h"

#include "errors.h"
#include "rules/evaluate.h"
#include "rules/facts_json.h"
#include "rules/render.h"
#include "rules/step.h"

static const AccessStatement names_statement =
{"SELECT (SELECT name FROM @m.account WHERE account_id = $1), (SELECT name FROM @m.account WHERE account_id = $2), "
	"(SELECT name FROM @m.product WHERE product_id = $3), (SELECT display_name FROM @m.app_user WHERE user_id = $4), "
	"(SELECT name FROM @m.territory_node WHERE territory_id = $5), (SELECT name FROM @m.company WHERE company_id = $6), "
	"(SELECT name FROM @m.company WHERE company_id = $7)",
7, {UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID, UUIDOID}};

static const AccessStatement number_statement =
{"SELECT number FROM @m.license WHERE license_id = $1", 1, {UUIDOID}};

static const AccessStatement stock_statement =
{"SELECT FROM @m.inventory_stock WHERE location_id = $1 AND batch_id = $2 LIMIT 1", 2, {UUIDOID, UUIDOID}};

#define VISIBLE(table, key) {"SELECT FROM @m." table " WHERE " key " = $1 LIMIT 1", 1, {UUIDOID}}
static const AccessStatement visible_statements[EVIDENCE_TABLE_COUNT] = {
	[EVIDENCE_ACCOUNT] = VISIBLE("account", "account_id"),
	[EVIDENCE_HCP] = VISIBLE("hcp", "account_id"),
	[EVIDENCE_HCO] = VISIBLE("hco", "account_id"),
	[EVIDENCE_USER_ASSIGNMENT] = VISIBLE("user_assignment", "assignment_id"),
	[EVIDENCE_TERRITORY_USER] = VISIBLE("territory_user", "roster_id"),
	[EVIDENCE_USER_QUALIFICATION] = VISIBLE("user_qualification", "qualification_id"),
	[EVIDENCE_ACCOUNT_TERRITORY] = VISIBLE("account_territory", "account_id"),
	[EVIDENCE_PRODUCT] = VISIBLE("product", "product_id"),
	[EVIDENCE_PRODUCT_MARKET] = VISIBLE("product_market", "product_market_id"),
	[EVIDENCE_LIMIT_TEMPLATE] = VISIBLE("limit_template", "template_id"),
	[EVIDENCE_PRODUCT_ALIGNMENT] = VISIBLE("product_territory_alignment", "pta_id"),
	[EVIDENCE_RESTRICTION] = VISIBLE("product_account_restriction", "restriction_id"),
	[EVIDENCE_SAMPLING_POLICY] = VISIBLE("sampling_policy", "policy_id"),
	[EVIDENCE_ACCOUNT_SPECIALTY] = VISIBLE("account_specialty", "account_id"),
	[EVIDENCE_CERTIFICATION] = VISIBLE("account_certification", "certification_id"),
	[EVIDENCE_LICENSE] = VISIBLE("license", "license_id"),
	[EVIDENCE_SAMPLE_REQUEST] = VISIBLE("sample_request", "request_id"),
	[EVIDENCE_SIGNATURE] = VISIBLE("signature", "signature_id"),
	[EVIDENCE_CONSENT_EVENT] = VISIBLE("consent_event", "event_id"),
	[EVIDENCE_CONSENT_REGIME] = VISIBLE("consent_regime", "regime_id"),
	[EVIDENCE_CONTACT_POINT] = VISIBLE("contact_point", "contact_point_id"),
	[EVIDENCE_BATCH] = VISIBLE("product_batch", "batch_id"),
	[EVIDENCE_LIMIT_RULE] = VISIBLE("limit_rule", "rule_id"),
	[EVIDENCE_VISIT] = VISIBLE("visit", "visit_id"),
	[EVIDENCE_SETTING] = VISIBLE("setting", "setting_id"),
};

/* Whether the row is there at all. */
static bool
row_exists(Render *render, EvidenceTable table, const Uuid16 *id)
{
	Datum		arg = PointerGetDatum(id);

	return access_read(render->scope, &visible_statements[table], &arg, NULL, 1) > 0;
}

/* Whether the statement finds a row of the table with the caller's own rights and row security. */
static bool
caller_finds(Render *render, const char *table, const AccessStatement *stmt, Datum *args)
{
	AccessScope *outer = render->scope;
	AccessScope scope;
	Oid			relid = get_relname_relid(table, outer->model->nspid);
	Oid			save_userid;
	int			save_sec_context;
	bool		found;

	if (!OidIsValid(relid) ||
		pg_class_aclcheck(relid, outer->save_userid, ACL_SELECT) != ACLCHECK_OK)
		return false;

	/* the transaction machinery restores the user if the query fails */
	GetUserIdAndSecContext(&save_userid, &save_sec_context);
	SetUserIdAndSecContext(outer->save_userid, outer->save_sec_context);
	access_begin(&scope, outer->model, ACCESS_READ_AS_CALLER);
	found = access_read(&scope, stmt, args, NULL, 1) > 0;
	access_end(&scope);
	SetUserIdAndSecContext(save_userid, save_sec_context);
	return found;
}

/* Whether the caller may read the row. */
static bool
row_visible(Render *render, EvidenceTable table, const Uuid16 *id)
{
	Datum		arg = PointerGetDatum(id);

	return uuid_given(id) &&
		caller_finds(render, rules_evidence_table_name(table), &visible_statements[table], &arg);
}

/*
 * Whether the step tells of stock in a place that the caller may not look
 * into.
 */
static bool
stock_hidden(Render *render, const RuleStep *step)
{
	const RuleRequest *request = &render->facts->request;
	Datum		args[] = {PointerGetDatum(&request->location_id), PointerGetDatum(&request->batch_id)};

	return step->rule->judge == rule_stock &&
		access_read(render->scope, &stock_statement, args, NULL, 1) > 0 &&
		!caller_finds(render, "inventory_stock", &stock_statement, args);
}

/* The id as text; NULL for none. */
static const char *
id_text(const Uuid16 *id)
{
	if (!uuid_given(id))
		return NULL;
	return DatumGetCString(DirectFunctionCall1(uuid_out, PointerGetDatum(id)));
}

/* Look up the names; the scope stays open while the sentences are made. */
void
render_begin(Render *render, AccessScope *scope, const Facts *facts, const char *lang)
{
	const RuleRequest *request = &facts->request;
	Datum		args[] = {PointerGetDatum(&request->account_id), PointerGetDatum(&request->prescriber_id),
		PointerGetDatum(&request->product_id), PointerGetDatum(&request->user_id),
		PointerGetDatum(&request->territory_id), PointerGetDatum(&request->controller_id),
	PointerGetDatum(&facts->consent.given_to)};

	memset(render, 0, sizeof(*render));
	render->scope = scope;
	render->facts = facts;
	render->lang = lang;
	access_read(scope, &names_statement, args, NULL, 1);
	render->names.account = access_text(0, 1, CurrentMemoryContext);
	render->names.practitioner = access_text(0, 2, CurrentMemoryContext);
	render->names.product = access_text(0, 3, CurrentMemoryContext);
	render->names.user = access_text(0, 4, CurrentMemoryContext);
	render->names.territory = access_text(0, 5, CurrentMemoryContext);
	render->names.controller = access_text(0, 6, CurrentMemoryContext);
	render->names.given_to = access_text(0, 7, CurrentMemoryContext);
	if (!facts->account.found)
		render->names.account = id_text(&request->account_id);
	else if (!row_visible(render, EVIDENCE_ACCOUNT, &request->account_id))
		render->names.account = NULL;
	if (!row_visible(render, EVIDENCE_ACCOUNT, &request->prescriber_id))
		render->names.practitioner = NULL;
	render->account_visible = (render->names.account || !facts->account.found) &&
		(render->names.practitioner || !facts->practitioner.found);
}

/* Append a value as JSON. */
static void
append_value(StringInfo out, const RuleValue *value)
{
	switch (value->type)
	{
		case VALUE_TEXT:
			escape_json(out, value->v.text);
			break;
		case VALUE_TEXTS:
			appendStringInfoChar(out, '[');
			for (int i = 0; i < value->v.texts.count; i++)
			{
				if (i > 0)
					appendStringInfoChar(out, ',');
				escape_json(out, value->v.texts.items[i]);
			}
			appendStringInfoChar(out, ']');
			break;
		case VALUE_UUID:
			rules_append_json_uuid(out, &value->v.id);
			break;
		case VALUE_DATE:
			rules_append_json_date(out, value->v.date);
			break;
		case VALUE_TIME:
			rules_append_json_time(out, value->v.time);
			break;
		case VALUE_QUANTITY:
			rules_append_quantity(out, value->v.quantity);
			break;
		case VALUE_NUMBER:
			appendStringInfo(out, INT64_FORMAT, value->v.number);
			break;
		case VALUE_BOOL:
			appendStringInfoString(out, value->v.flag ? "true" : "false");
			break;
	}
}

/* Whether the value says nothing. */
static bool
value_is_empty(const RuleValue *value)
{
	return (value->type == VALUE_TEXT && value->v.text == NULL) ||
		(value->type == VALUE_UUID && !uuid_given(&value->v.id)) ||
		(value->type == VALUE_DATE && value->v.date == DATE_NONE) ||
		(value->type == VALUE_TIME && value->v.time == TIME_NONE);
}

/* Append the values as a JSON object; what says nothing is null. */
static void
append_values(StringInfo out, const RuleValue *values, int count)
{
	appendStringInfoChar(out, '{');
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		appendStringInfo(out, "\"%s\": ", values[i].key);
		if (value_is_empty(&values[i]))
			appendStringInfoString(out, "null");
		else
			append_value(out, &values[i]);
	}
	appendStringInfoChar(out, '}');
}

/*
 * The rows the step looked at as a JSON array.  Returns whether one of them is
 * there but not for the caller; a row that has been deleted since is shown.
 */
static bool
append_evidence(Render *render, StringInfo out, const RuleStep *step)
{
	bool		redacted = false;

	appendStringInfoChar(out, '[');
	for (int i = 0; i < step->n_evidence; i++)
	{
		const RuleEvidence *evidence = &step->evidence[i];
		const Uuid16 *id = &evidence->row.id;

		CHECK_FOR_INTERRUPTS();
		if (i > 0)
			appendStringInfoString(out, ", ");
		if (!row_visible(render, evidence->table, id) && row_exists(render, evidence->table, id))
		{
			appendStringInfoString(out, "{\"redacted\": true}");
			redacted = true;
			continue;
		}
		appendStringInfo(out, "{\"table\": \"%s\", \"id\": ", rules_evidence_table_name(evidence->table));
		rules_append_json_uuid(out, id);
		if (evidence->row.version != TIME_NONE)
		{
			appendStringInfoString(out, ", \"version\": ");
			rules_append_json_time(out, evidence->row.version);
		}
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
	return redacted;
}

/* The licence number of a step about a licence that the caller may see, or NULL. */
static const char *
license_number(Render *render, const RuleStep *step)
{
	for (int i = 0; i < step->n_evidence; i++)
	{
		const RuleEvidence *evidence = &step->evidence[i];
		Datum		arg = PointerGetDatum(&evidence->row.id);

		if (evidence->table == EVIDENCE_LICENSE &&
			row_visible(render, evidence->table, &evidence->row.id) &&
			access_read(render->scope, &number_statement, &arg, NULL, 1) > 0)
			return access_text(0, 1, CurrentMemoryContext);
	}
	return NULL;
}

typedef struct SlotSource
{
	Render	   *render;
	const RuleStep *step;
	bool		redacted;		/* nothing that was observed may show */
} SlotSource;

/* A value as it reads in a sentence; NULL when it says nothing. */
static const char *
value_text(const RuleValue *value)
{
	StringInfoData out;

	if (value_is_empty(value))
		return NULL;
	if (value->type == VALUE_TEXT)
		return value->v.text;
	initStringInfo(&out);
	if (value->type == VALUE_TEXTS)
	{
		for (int i = 0; i < value->v.texts.count; i++)
			appendStringInfo(&out, "%s%s", i > 0 ? ", " : "", value->v.texts.items[i]);
		return value->v.texts.count > 0 ? out.data : NULL;
	}
	append_value(&out, value);
	if (out.data[0] == '"')
	{
		out.data[out.len - 1] = '\0';
		return out.data + 1;
	}
	return out.data;
}

/* The value called "name" among the step's own, or NULL. */
static const char *
step_slot(const RuleValue *values, int count, const char *name, size_t name_len)
{
	for (int i = 0; i < count; i++)
	{
		if (strlen(values[i].key) == name_len && memcmp(values[i].key, name, name_len) == 0)
			return value_text(&values[i]);
	}
	return NULL;
}

/* What a slot means whatever the rule: names and parts of the request. */
static const char *
common_slot(SlotSource *source, const char *name)
{
	const RuleNames *names = &source->render->names;
	const RuleRequest *request = &source->render->facts->request;
	RuleValue	value = {.type = VALUE_DATE};

	if (strcmp(name, "hcp") == 0)
		return source->step->rule->about_practitioner && names->practitioner ? names->practitioner : names->account;
	if (strcmp(name, "account") == 0)
		return names->account;
	if (strcmp(name, "product") == 0)
		return names->product ? names->product : id_text(&request->product_id);
	if (strcmp(name, "user") == 0)
		return names->user ? names->user : id_text(&request->user_id);
	if (strcmp(name, "territory") == 0)
		return names->territory;
	if (strcmp(name, "controller") == 0)
		return names->controller;
	if (strcmp(name, "jurisdiction") == 0 || strcmp(name, "address_region") == 0)
		return rules_place_of(source->render->facts);
	if (strcmp(name, "action") == 0)
		return rules_kind_name(request->kind);
	if (strcmp(name, "channel") == 0)
		return request->channel;
	if (strcmp(name, "purpose") == 0)
		return request->purpose;
	if (strcmp(name, "request") == 0)
		return id_text(&request->request_id);
	if (strcmp(name, "visit") == 0)
		return id_text(&request->visit_id);
	if (strcmp(name, "number") == 0)
		return license_number(source->render, source->step);
	if (strcmp(name, "date") == 0)
	{
		value.v.date = request->local_day;
		return value_text(&value);
	}
	return NULL;
}

/*
 * The period that a limit counts in, as words: its days where they are known
 * and may show.  The code itself is in the values of the step.
 */
static const char *
period_words(const SlotSource *source, const char *code)
{
	static const char *const visit[LSCE_LANGUAGE_COUNT] = {"one visit", "1回の訪問", "einem Besuch"};
	static const char *const request[LSCE_LANGUAGE_COUNT] = {"one request", "1件の請求", "einer Anforderung"};
	static const char *const ever[LSCE_LANGUAGE_COUNT] = {"all time", "全期間", "der gesamten Zeit"};
	static const char *const some[LSCE_LANGUAGE_COUNT] = {"the period", "対象期間", "dem Zeitraum"};
	static const char *const between[LSCE_LANGUAGE_COUNT] = {"the period %s to %s", "%sから%sまで", "dem Zeitraum %s bis %s"};
	static const char *const since[LSCE_LANGUAGE_COUNT] = {"the time since %s", "%s以降", "der Zeit seit %s"};
	const RuleStep *step = source->step;
	LsceLanguage lang = GetDatabaseEncoding() == PG_UTF8 ? lsce_language(source->render->lang) : LSCE_LANGUAGE_EN;
	const char *from = NULL;
	const char *to = NULL;

	if (strcmp(code, "per_visit") == 0)
		return visit[lang];
	if (strcmp(code, "per_request") == 0)
		return request[lang];
	if (!source->redacted)
	{
		from = step_slot(step->observed, step->n_observed, "period_from", strlen("period_from"));
		to = step_slot(step->observed, step->n_observed, "period_to", strlen("period_to"));
	}
	if (from && to)
		return psprintf(between[lang], from, to);
	if (from && strcmp(from, "0001-01-01") != 0)
		return psprintf(since[lang], from);
	if (strcmp(code, "lifetime") == 0 || strcmp(code, "none") == 0)
		return ever[lang];
	return some[lang];
}

/* The value for a slot of a reason's text. */
static const char *
slot_from_step(const char *name, size_t name_len, void *arg)
{
	SlotSource *source = arg;
	const RuleStep *step = source->step;
	const char *result;

	if (name_len == strlen("given_to") && strncmp(name, "given_to", name_len) == 0)
		return source->render->names.given_to;
	result = source->redacted ? NULL : step_slot(step->observed, step->n_observed, name, name_len);
	if (result == NULL)
		result = step_slot(step->expected, step->n_expected, name, name_len);
	if (result && name_len == strlen("period") && strncmp(name, "period", name_len) == 0)
		return period_words(source, result);
	return result ? result : common_slot(source, pnstrdup(name, name_len));
}

/* The sentence of a step: its reason's text, or what passed or does not apply. */
static char *
step_message(Render *render, const RuleStep *step, bool redacted)
{
	static const char *const passed[LSCE_LANGUAGE_COUNT] = {"passed", "適合", "erfüllt"};
	static const char *const skipped[LSCE_LANGUAGE_COUNT] = {"does not apply", "対象外", "nicht anwendbar"};
	SlotSource	source = {render, step, redacted};
	LsceLanguage lang = GetDatabaseEncoding() == PG_UTF8 ? lsce_language(render->lang) : LSCE_LANGUAGE_EN;

	if (step->result == RULE_WARN || step->result == RULE_FAIL)
		return lsce_reason_text(step->reason, render->lang, slot_from_step, &source);
	return psprintf("%s: %s", step->rule->names[lang],
					step->result == RULE_PASS ? passed[lang] : skipped[lang]);
}

/*
 * Make what the caller may see of a step.  What was observed is redacted when
 * it comes from a row, or tells of an account, that he may not see.
 */
void
render_step(Render *render, const RuleStep *step, RenderedStep *result)
{
	StringInfoData expected;
	StringInfoData observed;
	StringInfoData evidence;
	bool		redacted;

	initStringInfo(&expected);
	initStringInfo(&observed);
	initStringInfo(&evidence);
	redacted = append_evidence(render, &evidence, step) || stock_hidden(render, step) ||
		(step->rule->tells_of_account && !render->account_visible);
	append_values(&expected, step->expected, step->n_expected);
	if (redacted)
		appendStringInfoString(&observed, "{\"redacted\": true}");
	else
		append_values(&observed, step->observed, step->n_observed);
	result->expected = expected.data;
	result->observed = observed.data;
	result->evidence = evidence.data;
	result->message = step_message(render, step, redacted);
}

/* The outcome of a step, as stored and shown. */
const char *
render_result(RuleResult result)
{
	switch (result)
	{
		case RULE_PASS:
			return "pass";
		case RULE_WARN:
			return "warn";
		case RULE_FAIL:
			return "fail";
		case RULE_SKIP:
			return "skip";
	}
	return NULL;
}
