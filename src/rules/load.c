/*-------------------------------------------------------------------------
 *
 * load.c
 *	  Gather the facts of one request: the order of the probes, and the
 *	  helpers that read a field of a row into a fact.
 *
 * src/rules/load.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "consent/facts.h"
#include "rules/load.h"
#include "rules/rules.h"
#include "rules/step.h"
#include "sample/limits.h"

/* Run the statement of the pair that fits the request; the number of rows. */
uint64
load_read(const Load *load, const AccessStatement *pair, Datum *args, const char *nulls)
{
	return access_read(load->scope, &pair[load->known], args, nulls, 0);
}

/* The first argument of paired statements; a read of the present ignores it. */
Datum
load_known_at(const RuleRequest *request)
{
	return TimestampTzGetDatum(request->known_at == TIME_NONE ? 0 : request->known_at);
}

/* A uuid[] of the ids, in the current memory context. */
Datum
load_uuids(const Uuid16 *ids, int count)
{
	Datum	   *values = palloc(sizeof(Datum) * Max(count, 1));

	for (int i = 0; i < count; i++)
		values[i] = PointerGetDatum(&ids[i]);
	return PointerGetDatum(construct_array(values, count, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
}

/* Zeroed room for the rows of the last result, NULL for none. */
void *
load_array(const Load *load, uint64 count, size_t size)
{
	if (count == 0)
		return NULL;
	if (count > INT_MAX / 2)
		elog(ERROR, "too many rows for one decision");
	return MemoryContextAllocZero(load->context, mul_size(count, size));
}

const char *
load_text(const Load *load, uint64 row, int column)
{
	return access_text(row, column, load->context);
}

/* A text[] field without its NULLs. */
TextList
load_texts(const Load *load, uint64 row, int column)
{
	TextList	list = {0, NULL};
	bool		isnull;
	Datum		value = access_value(row, column, TEXTARRAYOID, &isnull);
	Datum	   *items;
	bool	   *nulls;
	int			count;
	MemoryContext old;

	if (isnull)
		return list;
	deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false, TYPALIGN_INT,
					  &items, &nulls, &count);
	list.items = load_array(load, count, sizeof(char *));
	old = MemoryContextSwitchTo(load->context);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i])
			list.items[list.count++] = TextDatumGetCString(items[i]);
	}
	MemoryContextSwitchTo(old);
	return list;
}

/* A uuid field; zeroes for NULL. */
Uuid16
load_uuid(uint64 row, int column)
{
	pg_uuid_t	uuid;

	(void) access_uuid(row, column, &uuid);
	return rules_uuid(&uuid);
}

/* A date field; DATE_NONE for NULL and infinities. */
int32_t
load_date(uint64 row, int column)
{
	bool		isnull;
	DateADT		date = DatumGetDateADT(access_datum(row, column, &isnull));

	return isnull || DATE_NOT_FINITE(date) ? DATE_NONE : date;
}

/* A timestamptz field; TIME_NONE for NULL and infinities. */
int64_t
load_time(uint64 row, int column)
{
	bool		isnull;
	TimestampTz at = DatumGetTimestampTz(access_datum(row, column, &isnull));

	return isnull || TIMESTAMP_NOT_FINITE(at) ? TIME_NONE : at;
}

/* Which row a fact is from; version_column 0: the table has no sys_from. */
FactRow
load_row(uint64 row, int id_column, int version_column)
{
	FactRow		result;

	result.id = load_uuid(row, id_column);
	result.version = version_column > 0 ? load_time(row, version_column) : TIME_NONE;
	return result;
}

/* Set what "none" is where that is not zero. */
static Facts *
new_facts(const RuleRequest *request, MemoryContext context)
{
	Facts	   *facts = MemoryContextAllocZero(context, sizeof(Facts));

	facts->request = *request;
	facts->market.authorised_on = facts->market.first_marketed_on = DATE_NONE;
	facts->market.first_supplied_on = facts->market.extended_on = DATE_NONE;
	facts->market.reclassified_on = facts->market.withdrawn_on = DATE_NONE;
	facts->market.reimbursed_pct = -1;
	facts->territory.alignment_from = DATE_NONE;
	facts->sample_request.requested_at = facts->sample_request.signed_at = TIME_NONE;
	facts->sample_request.signature_expires_at = TIME_NONE;
	facts->sample_request.requested_day = facts->sample_request.longest_day = DATE_NONE;
	facts->sample_request.deliver_until = DATE_NONE;
	facts->consent.effective_from = facts->consent.until = TIME_NONE;
	facts->consent.local_minute = -1;
	facts->lot.expires_on = DATE_NONE;
	facts->visit.actual_from = facts->visit.ends_at = TIME_NONE;
	return facts;
}

/* Gather the facts of one stage; those before it are there. */
static void
load_stage(const Load *load, FactStage stage)
{
	const RuleRequest *request = load->request;
	Facts	   *facts = load->facts;
	bool		sample = rules_is_sample(request->kind);

	switch (stage)
	{
		case STAGE_WHO:
			load_account(load, &request->account_id, &request->recipient_id, &facts->account);
			load_account(load, &request->practitioner_id, &request->prescriber_id, &facts->practitioner);
			load_product(load);
			load_user(load);
			load_settings(load);
			load_territory(load);
			load_visit(load);
			break;
		case STAGE_WHAT:
			if (uuid_given(&request->product_id))
			{
				load_alignments(load);
				load_restrictions(load);
				load_policies(load);
			}
			load_practitioner(load);
			break;
		case STAGE_PAPER:
			if (sample)
			{
				load_templates(load);
				load_sample_request(load);
				load_lot(load);
			}
			else
				load_contact(load);
			consent_facts_load(load->scope, request, &facts->consent, load->context);
			break;
		case STAGE_LIMITS:
			if (sample)
				limits_load(load->scope, facts, load->context);
			break;
		case STAGE_COUNT:
			break;
	}
}

/*
 * Gather the facts of a resolved request.  Everything is allocated in
 * "context", so the facts outlive the scope.
 */
Facts *
rules_load(AccessScope *scope, const RuleRequest *request, MemoryContext context)
{
	Facts	   *facts = new_facts(request, context);
	Load		load = {scope, facts, request, context, request->known_at != TIME_NONE};

	for (int stage = 0; stage < STAGE_COUNT; stage++)
		load_stage(&load, (FactStage) stage);
	return facts;
}

/* See rules.h. */
VerdictOutcome
rules_check(AccessScope *scope, const RuleRequest *request, MemoryContext context)
{
	Facts	   *facts = new_facts(request, context);
	Load		load = {scope, facts, request, context, request->known_at != TIME_NONE};
	VerdictOutcome outcome = VERDICT_ALLOW;

	for (int stage = 0; stage < STAGE_COUNT; stage++)
	{
		Verdict		verdict;

		load_stage(&load, (FactStage) stage);
		verdict.max_steps = rules_max_steps(facts);
		verdict.steps = MemoryContextAllocHuge(context, mul_size(verdict.max_steps, sizeof(RuleStep)));
		if (rules_stage_fails(facts, (FactStage) stage, &verdict))
			return VERDICT_DENY;
		if (verdict.outcome == VERDICT_WARN)
			outcome = VERDICT_WARN;
	}
	return outcome;
}
