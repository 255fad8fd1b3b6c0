/*-------------------------------------------------------------------------
 *
 * consent_fuzz.c
 *	  Fuzzing of the consent resolver.
 *
 * The input makes a question, a regime and up to 24 events.  Whatever they are,
 * the verdict must be consistent in itself, must not depend on the order of the
 * events, must be a refusal after an objection to everything, and a permission
 * must rest on an event that nothing later denies.
 *
 * sources: src/consent/resolve.c src/consent/scope.c src/consent/calendar.c
 *
 * test/fuzz/consent_fuzz.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "consent/consent.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Abort, naming what does not hold. */
#define HOLDS(condition) \
	((condition) ? (void) 0 : (fprintf(stderr, "line %d: %s\n", __LINE__, #condition), abort()))

#define MAX_EVENTS 24

static const char *const purposes[] = {"newsletter", "marketing", "sample_receipt"};
static const char *const channels[] = {NULL, "email", "sms"};
static const char *const bases[] = {
	"consent", "implied_existing_business", "legitimate_interest",
	"address_notified_in_writing", "contract", "prior_express_written"
};
static const char *const evidence[] = {
	"captured_at", "method", "text_version", "event", "event_date", "informed_at",
	"related_to_profession", "kind", "reference"
};
static const char *const business[] = {NULL, "purchase", "inquiry", "chat"};
static const char *const obligations[] = {"OPT_OUT_LINK", "RETAIN"};
static const ConsentAge ages[] = {{"purchase", 24, 0}, {"inquiry", 6, 0}};

typedef struct Input
{
	const uint8_t *data;
	size_t		size;
} Input;

/* The next byte, below n. */
static unsigned
take(Input *input, unsigned n)
{
	if (input->size == 0)
		return 0;
	input->size--;
	return *input->data++ % n;
}

static ConsentId
take_id(Input *input, unsigned n)
{
	ConsentId	id = {{0}};

	id.bytes[0] = (unsigned char) take(input, n);
	return id;
}

/* A day, now and then at an end of the range. */
static int32_t
take_day(Input *input)
{
	unsigned	kind = take(input, 32);

	if (kind == 31)
		return CONSENT_NO_DAY;
	if (kind == 30)
		return INT32_MIN;
	return (int32_t) take(input, 200) * 7;
}

static void
take_event(Input *input, ConsentEvent *event, int number)
{
	memset(event, 0, sizeof(*event));
	event->id.bytes[0] = (unsigned char) (number + 1);
	event->controller = take_id(input, 2);
	event->purpose = purposes[take(input, 3)];
	event->channel = channels[take(input, 3)];
	event->product = take_id(input, 4);
	event->contact_point = take_id(input, 3);
	event->action = (ConsentAction) take(input, 5);
	event->basis = bases[take(input, 6)];
	event->related = take_id(input, MAX_EVENTS);
	event->captured_at = take(input, 16);
	event->effective_from = take(input, 16);
	event->effective_to = take(input, 2) ? CONSENT_NO_INSTANT : event->effective_from + 1 + take(input, 16);
	event->effective_day = take_day(input);
	event->token_expires_at = take(input, 20);
	event->basis_event = business[take(input, 4)];
	event->basis_day = take_day(input);
	event->method = take(input, 2) ? "method" : NULL;
	event->evidence = evidence + take(input, 3);
	event->n_evidence = (int) take(input, 7);
}

static void
take_facts(Input *input, ConsentFacts *facts, ConsentEvent *events)
{
	ConsentQuestion *question = &facts->question;
	ConsentRegime *regime = &facts->regime;

	memset(facts, 0, sizeof(*facts));
	consent_regime_strictest(regime, take(input, 2) == 0);
	regime->default_state = (ConsentDefault) take(input, 3);
	regime->bases = bases;
	regime->n_bases = (int) take(input, 7);
	regime->double_opt_in = take(input, 2);
	regime->direct_methods = evidence + 1;
	regime->n_direct_methods = (int) take(input, 2);
	regime->age_months = (int32_t) take(input, 40);
	regime->age_days = (int32_t) take(input, 40);
	regime->age_from_last_contact = take(input, 2);
	regime->basis_ages = ages;
	regime->n_basis_ages = (int) take(input, 3);
	regime->hours_from = take(input, 24);
	regime->hours_to = take(input, 24);
	regime->stop_within_business_days = (int) take(input, 12);
	regime->retain_months = (int32_t) take(input, 3);
	regime->obligations = obligations;
	regime->n_obligations = (int) take(input, 3);

	for (int i = 0; i < 2; i++)
		question->purposes[i] = purposes[i];
	question->n_purposes = 1 + (int) take(input, 2);
	question->channel = channels[take(input, 3)];
	question->products[0] = take_id(input, 4);
	question->products[1] = take_id(input, 4);
	question->n_products = (int) take(input, 3);
	question->contact_point = take_id(input, 3);
	question->at = take(input, 20);
	question->local_day = take_day(input);
	question->local_time = take(input, 24);
	question->last_contact_day = take_day(input);
	question->company_age_months = (int32_t) take(input, 40);
	question->suppressed = take(input, 8) == 0;

	facts->events = events;
	while (facts->n_events < MAX_EVENTS && input->size > 0)
	{
		take_event(input, &events[facts->n_events], facts->n_events);
		facts->n_events++;
	}
}

/* What every verdict must fulfil. */
static void
check_consistent(const ConsentFacts *facts, const ConsentVerdict *verdict)
{
	HOLDS(verdict->allow == (verdict->n_reasons == 0));
	HOLDS(verdict->n_reasons >= 0 && verdict->n_reasons <= CONSENT_MAX_REASONS);
	HOLDS(verdict->n_missing <= CONSENT_MAX_MISSING);
	HOLDS(verdict->decided_by >= -1 && verdict->decided_by < facts->n_events);
	HOLDS(verdict->beaten_denial >= -1 && verdict->beaten_denial < facts->n_events);
	HOLDS(verdict->beaten_opt_in >= -1 && verdict->beaten_opt_in < facts->n_events);
	HOLDS(consent_state_name(verdict->state) != NULL);
	for (int i = 1; i < verdict->n_missing; i++)
		HOLDS(strcmp(verdict->missing[i - 1], verdict->missing[i]) < 0);
	if (!verdict->allow)
		return;
	HOLDS(verdict->basis != NULL);
	HOLDS(facts->regime.default_state != CONSENT_DEFAULT_NEVER && !facts->question.suppressed);
	if (facts->regime.default_state == CONSENT_DEFAULT_OPT_IN)
		HOLDS(verdict->decided_by >= 0);
	if (verdict->decided_by >= 0)
	{
		const ConsentEvent *event = &facts->events[verdict->decided_by];

		HOLDS(event->action == CONSENT_OPT_IN || event->action == CONSENT_CONFIRM);
		HOLDS(event->effective_from <= facts->question.at);
		HOLDS(facts->question.at < verdict->valid_until);
		HOLDS(facts->question.local_day <= verdict->valid_last_day);
		if (verdict->beaten_denial >= 0)
			HOLDS(facts->events[verdict->beaten_denial].effective_from < event->effective_from);
	}
}

/* The id of an event, or none. */
static ConsentId
id_of(const ConsentFacts *facts, int index)
{
	static const ConsentId none;

	return index < 0 ? none : facts->events[index].id;
}

static void
check_same(const ConsentFacts *a, const ConsentVerdict *va, const ConsentFacts *b, const ConsentVerdict *vb)
{
	ConsentId	ida = id_of(a, va->decided_by);
	ConsentId	idb = id_of(b, vb->decided_by);

	HOLDS(va->allow == vb->allow && va->state == vb->state && va->n_reasons == vb->n_reasons);
	HOLDS(memcmp(va->reasons, vb->reasons, sizeof(va->reasons)) == 0);
	HOLDS(memcmp(&ida, &idb, sizeof(ida)) == 0);
	HOLDS(va->valid_last_day == vb->valid_last_day && va->valid_until == vb->valid_until);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static ConsentEvent events[MAX_EVENTS + 1];
	static ConsentEvent reversed[MAX_EVENTS];
	Input		input = {data, size};
	ConsentFacts facts;
	ConsentFacts other;
	ConsentVerdict verdict;
	ConsentVerdict again;

	take_facts(&input, &facts, events);
	consent_resolve(&facts, &verdict);
	check_consistent(&facts, &verdict);

	/* the order of the events is of no account */
	other = facts;
	other.events = reversed;
	for (int i = 0; i < facts.n_events; i++)
		reversed[i] = events[facts.n_events - 1 - i];
	consent_resolve(&other, &again);
	check_same(&facts, &verdict, &other, &again);

	/* an objection to everything, at the instant of the question, refuses */
	memset(&events[facts.n_events], 0, sizeof(ConsentEvent));
	events[facts.n_events].id.bytes[15] = 1;
	events[facts.n_events].controller = facts.question.controller;
	events[facts.n_events].purpose = facts.question.purposes[facts.question.n_purposes - 1];
	events[facts.n_events].action = CONSENT_OBJECT;
	events[facts.n_events].basis = "consent";
	events[facts.n_events].captured_at = facts.question.at;
	events[facts.n_events].effective_from = facts.question.at;
	events[facts.n_events].effective_to = CONSENT_NO_INSTANT;
	facts.n_events++;
	consent_resolve(&facts, &again);
	check_consistent(&facts, &again);
	HOLDS(!again.allow);
	HOLDS(facts.regime.default_state == CONSENT_DEFAULT_NEVER ||
		  again.reasons[facts.question.suppressed ? 1 : 0] == LSCE_REASON_OBJECTION);
	return 0;
}
