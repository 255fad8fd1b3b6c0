/*-------------------------------------------------------------------------
 *
 * facts.c
 *	  Consent as a fact of the rule engine (EL14).
 *
 * src/consent/facts.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "consent/facts.h"
#include "consent/load.h"

/* receiving samples: a purpose without a channel */
#define SAMPLE_PURPOSE "sample_receipt"
#define MESSAGE_PURPOSE "marketing"

static pg_uuid_t
uuid_from_16(const Uuid16 *id)
{
	pg_uuid_t	uuid;

	memcpy(uuid.data, id->data, UUID_LEN);
	return uuid;
}

static Uuid16
uuid_16_from(const ConsentId *id)
{
	Uuid16		uuid;

	memcpy(uuid.data, id->bytes, sizeof(uuid.data));
	return uuid;
}

static bool
is_given(const Uuid16 *id)
{
	static const Uuid16 zero;

	return memcmp(id, &zero, sizeof(zero)) != 0;
}

/* Copies of texts that may be NULL. */
static const char *
copy_text(const char *text, MemoryContext context)
{
	return text ? MemoryContextStrdup(context, text) : NULL;
}

static void
copy_texts(TextList *list, const char *const *texts, int count, MemoryContext context)
{
	list->count = count;
	list->items = MemoryContextAlloc(context, (count + 1) * sizeof(char *));
	for (int i = 0; i < count; i++)
		list->items[i] = MemoryContextStrdup(context, texts[i]);
}

/* The question that a request asks of consent. */
static ConsentRequest
consent_request(const RuleRequest *request)
{
	ConsentRequest asked = {0};
	bool		sample = request->kind == KIND_SAMPLE_DROP || request->kind == KIND_SAMPLE_SHIP;

	asked.account_id = uuid_from_16(&request->recipient_id);
	if (!is_given(&request->recipient_id))
		asked.account_id = uuid_from_16(&request->account_id);
	asked.controller_id = uuid_from_16(is_given(&request->controller_id) ?
									   &request->controller_id : &request->company_id);
	asked.product_id = uuid_from_16(&request->product_id);
	if (sample)
		asked.purpose = SAMPLE_PURPOSE;
	else
	{
		asked.purpose = request->purpose ? request->purpose : MESSAGE_PURPOSE;
		asked.channel = request->channel;
		asked.contact_point_id = uuid_from_16(&request->contact_point_id);
	}
	asked.at = request->at == TIME_NONE ? GetCurrentTimestamp() : request->at;
	asked.known_at = request->known_at == TIME_NONE ? DT_NOEND : request->known_at;
	return asked;
}

/* The events behind the verdict: the deciding one, then what it beat. */
static void
set_events(ConsentFact *fact, const ConsentAnswer *answer, MemoryContext context)
{
	const ConsentVerdict *verdict = &answer->verdict;
	const int	indexes[] = {verdict->decided_by, verdict->beaten_opt_in, verdict->beaten_denial};

	fact->events = MemoryContextAllocZero(context, lengthof(indexes) * sizeof(Uuid16));
	for (int i = 0; i < (int) lengthof(indexes); i++)
		if (indexes[i] >= 0)
			fact->events[fact->n_events++] = uuid_16_from(&answer->facts.events[indexes[i]].id);
}

/* What the text of a reason wants to know. */
static void
set_reason(ConsentFact *fact, const ConsentAnswer *answer, MemoryContext context)
{
	const ConsentVerdict *verdict = &answer->verdict;
	const ConsentRegime *regime = &answer->facts.regime;
	const ConsentEvent *event = verdict->decided_by >= 0 ?
		&answer->facts.events[verdict->decided_by] : NULL;

	/* suppression of the account is a rule of its own, EL03 */
	for (int i = 0; i < verdict->n_reasons && fact->reason == LSCE_REASON_NONE; i++)
		if (verdict->reasons[i] != LSCE_REASON_ACCOUNT_RESTRICTED)
			fact->reason = verdict->reasons[i];
	fact->allowed = fact->reason == LSCE_REASON_NONE;
	if (fact->reason == LSCE_REASON_CONSENT_CONTROLLER && event)
		fact->given_to = uuid_16_from(&event->controller);
	if (fact->reason == LSCE_REASON_CONSENT_PURPOSE && event)
		fact->given = copy_text(event->purpose, context);
	if (fact->reason == LSCE_REASON_CONTACT_WINDOW)
	{
		int			from = (int) (regime->hours_from / USECS_PER_MINUTE);
		int			to = (int) (regime->hours_to / USECS_PER_MINUTE);
		MemoryContext old = MemoryContextSwitchTo(context);

		fact->rule = psprintf("%02d:%02d-%02d:%02d", from / 60, from % 60, to / 60, to % 60);
		MemoryContextSwitchTo(old);
	}
	else if (verdict->expiry_rule[0] != '\0')
		fact->rule = copy_text(verdict->expiry_rule, context);
	copy_texts(&fact->missing, verdict->missing, verdict->n_missing, context);
}

/* What has to be done by whoever goes ahead. */
static void
set_obligations(ConsentFact *fact, const ConsentAnswer *answer, MemoryContext context)
{
	const ConsentVerdict *verdict = &answer->verdict;

	fact->n_obligations = verdict->n_obligations;
	fact->obligations = MemoryContextAllocZero(context, (verdict->n_obligations + 1) * sizeof(ObligationFact));
	for (int i = 0; i < verdict->n_obligations; i++)
	{
		int32_t		due_day = verdict->obligations[i].due_day;

		fact->obligations[i].code = MemoryContextStrdup(context, verdict->obligations[i].code);
		fact->obligations[i].due_day = due_day == CONSENT_NO_DAY ? DATE_NONE : due_day;
	}
}

/*
 * Resolve the consent that a request needs: to receive samples, or the purpose
 * of the message by its channel.  What cannot be found leaves the fact not
 * evaluated, which the rule takes for no consent.  Everything is allocated in
 * "context".
 */
void
consent_facts_load(AccessScope *scope, const RuleRequest *request,
				   ConsentFact *fact, MemoryContext context)
{
	ConsentRequest asked = consent_request(request);
	MemoryContext work = AllocSetContextCreate(context, "consent facts", ALLOCSET_SMALL_SIZES);
	ConsentAnswer *answer;

	memset(fact, 0, sizeof(*fact));
	fact->effective_from = fact->until = TIME_NONE;
	fact->local_minute = -1;
	fact->purpose = copy_text(asked.purpose, context);
	fact->channel = copy_text(asked.channel, context);
	answer = consent_load(scope, &asked, true, work);
	if (answer == NULL)
	{
		MemoryContextDelete(work);
		return;
	}

	fact->evaluated = true;
	fact->state = consent_state_name(answer->verdict.state);
	fact->basis = copy_text(answer->verdict.basis, context);
	fact->legal_ref = copy_text(answer->legal_ref, context);
	fact->regime_id = uuid_16_from(&answer->facts.regime.id);
	if (answer->verdict.decided_by >= 0)
		fact->effective_from = answer->facts.events[answer->verdict.decided_by].effective_from;
	if (answer->until != DT_NOEND)
		fact->until = answer->until;
	if (answer->facts.regime.hours_to > 0)
		fact->local_minute = (int32_t) (answer->facts.question.local_time / USECS_PER_MINUTE);
	set_events(fact, answer, context);
	set_reason(fact, answer, context);
	set_obligations(fact, answer, context);
	MemoryContextDelete(work);
}
