/*-------------------------------------------------------------------------
 *
 * visible.c
 *	  What the caller of a question about the rules may see.
 *
 * Facts are loaded with the rights of the model's owner, because rows that the
 * caller may not see count as well.  So what he asks about has to be his to see.
 *
 * src/rules/visible.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/uuid.h"

#include "access/probe.h"
#include "errors.h"
#include "lsce.h"
#include "rules/rules.h"
#include "rules/step.h"

/* Answer whether there is a row. */
static void
answer_existing(Answer *answer, const Probe *probe, Datum id)
{
	ProbeKey	key = probe_key(id);
	ProbeRow	row;

	if (probe_one(answer, probe, &key, &row))
		answer_end_row(answer);
}

/* A table, and how to answer whether it has a row. */
#define NAMED_TABLE(table, key) \
static const Probe table##_probe = {#table, 1, {{#key, UUIDOID}}, 1, {{#key, UUIDOID}}}; \
static void \
direct_##table(Answer *answer, const Datum *args, const char *nulls) \
{ \
	answer_existing(answer, &table##_probe, args[0]); \
}
#define NAMED_STATEMENT(table, key) \
	{"SELECT FROM @m." #table " WHERE " #key " = $1 LIMIT 1", 1, {UUIDOID}, direct_##table}

NAMED_TABLE(account, account_id)
NAMED_TABLE(visit, visit_id)
NAMED_TABLE(sample_request, request_id)
NAMED_TABLE(contact_point, contact_point_id)
NAMED_TABLE(inventory_stock, location_id)

/* Rows that a request names; what they say stands in the facts of its decision. */
static const struct
{
	const char *name;
	size_t		offset;
	AccessStatement stmt;
}			named_rows[] =
{
#define NAMED(field, table, key) {#field, offsetof(RuleRequest, field), NAMED_STATEMENT(table, key)}
	NAMED(practitioner_id, account, account_id),
	NAMED(visit_id, visit, visit_id),
	NAMED(request_id, sample_request, request_id),
	NAMED(delivery_point_id, contact_point, contact_point_id),
	NAMED(contact_point_id, contact_point, contact_point_id),
	NAMED(location_id, inventory_stock, location_id),
#undef NAMED
};

static const AccessStatement account_statement = NAMED_STATEMENT(account, account_id);

/* Whether the statement finds the row, as the caller or as the owner. */
static bool
finds_row(const LsceModel *model, AccessMode mode, const AccessStatement *stmt, const Uuid16 *id)
{
	AccessScope scope;
	Datum		arg = PointerGetDatum(id);
	bool		found;

	access_begin(&scope, model, mode);
	access_probe(&scope);
	found = access_read(&scope, stmt, &arg, NULL, 1) > 0;
	access_end(&scope);
	return found;
}

/* The id that a request names, NULL when it names none. */
static const Uuid16 *
named_id(const RuleRequest *request, int i)
{
	const Uuid16 *id = (const Uuid16 *) ((const char *) request + named_rows[i].offset);

	return uuid_given(id) ? id : NULL;
}

/* See rules.h. */
const char *
rules_hidden_row(const LsceModel *model, const RuleRequest *request)
{
	bool		missing[lengthof(named_rows)] = {false};
	AccessScope scope;

	access_begin(&scope, model, ACCESS_READ_AS_CALLER);
	access_probe(&scope);
	for (int i = 0; i < lengthof(named_rows); i++)
	{
		Datum		arg = PointerGetDatum(named_id(request, i));

		missing[i] = DatumGetPointer(arg) != NULL &&
			access_read(&scope, &named_rows[i].stmt, &arg, NULL, 1) == 0;
	}
	access_end(&scope);
	for (int i = 0; i < lengthof(named_rows); i++)
		if (missing[i] && finds_row(model, ACCESS_READ, &named_rows[i].stmt, named_id(request, i)))
			return named_rows[i].name;
	return NULL;
}

/* See rules.h. */
void
rules_require_named_rows(const LsceModel *model, const RuleRequest *request)
{
	const char *hidden = rules_hidden_row(model, request);

	if (hidden != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("argument \"%s\" names a row that you may not see", hidden)));
}

/* See rules.h. */
Uuid16
rules_hide_account(const LsceModel *model, RuleRequest *request)
{
	Uuid16		asked = request->account_id;

	if (!finds_row(model, ACCESS_READ_AS_CALLER, &account_statement, &asked))
		request->account_id = rules_uuid(DatumGetUUIDP(DirectFunctionCall1(lsce_uuid_v7, (Datum) 0)));
	return asked;
}

/* See rules.h. */
void
rules_require_visible(const LsceModel *model, const RuleRequest *request)
{
	LsceErrorReport report = {0};

	if (!finds_row(model, ACCESS_READ_AS_CALLER, &account_statement, &request->account_id))
	{
		report.reason = LSCE_REASON_UNKNOWN_ACCOUNT;
		report.message = psprintf("account %s does not exist or is not visible",
								  DatumGetCString(DirectFunctionCall1(uuid_out, PointerGetDatum(&request->account_id))));
		lsce_ereport_reason(&report);
	}
	rules_require_named_rows(model, request);
}

static const AccessStatement decision_statement =
{"SELECT FROM @m.decision WHERE decision_id = $1", 1, {UUIDOID}};

/* See rules.h. */
bool
rules_decision_visible(const LsceModel *model, Datum decision_id)
{
	return finds_row(model, ACCESS_READ_AS_CALLER, &decision_statement,
					 (const Uuid16 *) DatumGetUUIDP(decision_id));
}
