/*-------------------------------------------------------------------------
 *
 * scope.c
 *	  Which events cover a consent question, and which of them comes first.
 *
 * An event covers a question when its controller is the same, its purpose is
 * the same or above, and each of channel, product and contact point is either
 * not named or the same (a product also: above).
 *
 * An opt-in is given when it was captured or became effective, whichever is
 * first: one that was written down to start next month does not survive an
 * objection of this month.  A confirmed one is given when it was asked for, so
 * that a link clicked after an objection opens nothing.
 *
 * Events are few (those of one account); the loops are quadratic at worst.
 *
 * src/consent/scope.c
 *
 *-------------------------------------------------------------------------
 */
#include "consent/scope.h"

#include <string.h>

static bool
same_id(const ConsentId *a, const ConsentId *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static bool
no_id(const ConsentId *id)
{
	static const ConsentId zero;

	return same_id(id, &zero);
}

static bool
is_denial(const ConsentEvent *event)
{
	return event->action == CONSENT_WITHDRAW || event->action == CONSENT_OBJECT;
}

/* Levels between the question's purpose and the event's; -1: not covered. */
static int
purpose_distance(const ConsentQuestion *question, const ConsentEvent *event)
{
	for (int i = 0; i < question->n_purposes; i++)
		if (strcmp(question->purposes[i], event->purpose) == 0)
			return i;
	return -1;
}

/*
 * Levels between the question's product and the event's, with "any product" one
 * above the root; -1: not covered.
 */
static int
product_distance(const ConsentQuestion *question, const ConsentEvent *event)
{
	if (no_id(&event->product))
		return question->n_products;
	for (int i = 0; i < question->n_products; i++)
		if (same_id(&question->products[i], &event->product))
			return i;
	return -1;
}

/* Does the event reach the question's place: channel, product, contact point? */
static bool
covers_place(const ConsentQuestion *question, const ConsentEvent *event)
{
	if (event->channel != NULL &&
		(question->channel == NULL || strcmp(event->channel, question->channel) != 0))
		return false;
	if (product_distance(question, event) < 0)
		return false;
	return no_id(&event->contact_point) ||
		same_id(&event->contact_point, &question->contact_point);
}

/* Does the event's scope cover the question, and has it begun? */
static bool
covers(const ConsentQuestion *question, const ConsentEvent *event)
{
	return event->effective_from <= question->at &&
		same_id(&event->controller, &question->controller) &&
		purpose_distance(question, event) >= 0 &&
		covers_place(question, event);
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When the person said so. */
static int64_t
given_at(const ConsentEvent *event)
{
	return earlier(event->captured_at, event->effective_from);
}

/* Was "a" given later than "b"?  The ids break a tie. */
static bool
given_later(const ConsentEvent *a, const ConsentEvent *b)
{
	if (given_at(a) != given_at(b))
		return given_at(a) > given_at(b);
	return memcmp(a->id.bytes, b->id.bytes, sizeof(a->id.bytes)) > 0;
}

/* Is denial "a" to be named before "b"?  The later one; an objection on a tie. */
static bool
denial_before(const ConsentEvent *a, const ConsentEvent *b)
{
	if (a->effective_from != b->effective_from)
		return a->effective_from > b->effective_from;
	if (a->action != b->action)
		return a->action == CONSENT_OBJECT;
	return memcmp(a->id.bytes, b->id.bytes, sizeof(a->id.bytes)) > 0;
}

void
consent_find_denials(const ConsentFacts *facts, ConsentDenials *denials)
{
	denials->latest = -1;
	denials->standing = -1;
	for (int i = 0; i < facts->n_events; i++)
	{
		const ConsentEvent *event = &facts->events[i];

		if (!is_denial(event) || !covers(&facts->question, event))
			continue;
		if (denials->latest < 0 || denial_before(event, &facts->events[denials->latest]))
			denials->latest = i;
		if (facts->question.at < event->effective_to &&
			(denials->standing < 0 || denial_before(event, &facts->events[denials->standing])))
			denials->standing = i;
	}
}

/* The pending event that a confirmation confirms in time, or NULL. */
static const ConsentEvent *
confirmed_event(const ConsentFacts *facts, const ConsentEvent *confirm)
{
	for (int i = 0; i < facts->n_events; i++)
	{
		const ConsentEvent *event = &facts->events[i];

		if (event->action == CONSENT_PENDING && same_id(&event->id, &confirm->related))
			return confirm->captured_at < event->token_expires_at ? event : NULL;
	}
	return NULL;
}

/* Is event "index" an opt-in that covers the question?  Fills in the candidate. */
static bool
make_candidate(const ConsentFacts *facts, int index, ConsentCandidate *candidate)
{
	const ConsentEvent *event = &facts->events[index];

	candidate->index = index;
	candidate->event = event;
	candidate->scope = event;
	if (event->action == CONSENT_CONFIRM)
	{
		if (event->effective_from > facts->question.at)
			return false;
		candidate->scope = confirmed_event(facts, event);
		if (candidate->scope == NULL)
			return false;
	}
	else if (event->action != CONSENT_OPT_IN)
		return false;
	/* a confirmation follows what it confirms; one that does not is as old as it says */
	candidate->given_at = earlier(given_at(candidate->scope), given_at(event));
	return covers(&facts->question, candidate->scope);
}

/*
 * Order of opt-ins, the deciding one first: named contact point, nearer product,
 * named channel, nearer purpose, then the later one.  Never 0 for two events
 * with different ids.
 */
static int
compare_candidates(const ConsentQuestion *question, const ConsentCandidate *a, const ConsentCandidate *b)
{
	int			difference;

	difference = (int) no_id(&a->scope->contact_point) - (int) no_id(&b->scope->contact_point);
	if (difference == 0)
		difference = product_distance(question, a->scope) - product_distance(question, b->scope);
	if (difference == 0)
		difference = (a->scope->channel == NULL) - (b->scope->channel == NULL);
	if (difference == 0)
		difference = purpose_distance(question, a->scope) - purpose_distance(question, b->scope);
	if (difference == 0)
		difference = (a->given_at < b->given_at) - (a->given_at > b->given_at);
	if (difference == 0)
		difference = memcmp(b->event->id.bytes, a->event->id.bytes, sizeof(a->event->id.bytes));
	return difference;
}

/*
 * The first opt-in after "previous" (NULL: the first of all) in the order above,
 * among those given after "since" or, with "beaten", not after it.
 */
bool
consent_next_candidate(const ConsentFacts *facts, const ConsentEvent *denial, bool beaten,
					   const ConsentCandidate *previous, ConsentCandidate *best)
{
	bool		found = false;

	for (int i = 0; i < facts->n_events; i++)
	{
		ConsentCandidate	candidate;

		if (!make_candidate(facts, i, &candidate))
			continue;
		if (beaten != (denial != NULL && candidate.given_at <= denial->effective_from))
			continue;
		if (previous && compare_candidates(&facts->question, previous, &candidate) >= 0)
			continue;
		if (!found || compare_candidates(&facts->question, &candidate, best) < 0)
			*best = candidate;
		found = true;
	}
	return found;
}

/* The latest pending event that covers the question and is not beaten, or -1. */
int
consent_find_pending(const ConsentFacts *facts, const ConsentEvent *denial)
{
	int			best = -1;

	for (int i = 0; i < facts->n_events; i++)
	{
		const ConsentEvent *event = &facts->events[i];

		if (event->action != CONSENT_PENDING || !covers(&facts->question, event) ||
			(denial && given_at(event) <= denial->effective_from))
			continue;
		if (best < 0 || given_later(event, &facts->events[best]))
			best = i;
	}
	return best;
}

/*
 * An opt-in of another controller ("same_purpose") or for another purpose that
 * would have covered the question: says why nothing was found.  -1: none.
 */
int
consent_find_near_miss(const ConsentFacts *facts, bool same_purpose)
{
	const ConsentQuestion *question = &facts->question;
	int			best = -1;

	for (int i = 0; i < facts->n_events; i++)
	{
		const ConsentEvent *event = &facts->events[i];
		ConsentQuestion as_given = *question;
		bool		denied = false;

		if (event->action != CONSENT_OPT_IN || event->effective_from > question->at ||
			question->at >= event->effective_to ||
			same_id(&event->controller, &question->controller) == same_purpose ||
			(purpose_distance(question, event) >= 0) != same_purpose)
			continue;
		if (question->channel == NULL)
			as_given.channel = event->channel;
		if (!covers_place(&as_given, event))
			continue;
		for (int j = 0; j < facts->n_events && !denied; j++)
		{
			const ConsentEvent *other = &facts->events[j];

			denied = is_denial(other) && other->effective_from <= question->at &&
				other->effective_from >= given_at(event) &&
				same_id(&other->controller, &event->controller) &&
				strcmp(other->purpose, event->purpose) == 0 && covers_place(&as_given, other);
		}
		if (!denied && (best < 0 || given_later(event, &facts->events[best])))
			best = i;
	}
	return best;
}
