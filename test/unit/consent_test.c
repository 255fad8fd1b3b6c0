/*-------------------------------------------------------------------------
 *
 * consent_test.c
 *	  Tests of the consent resolver outside the server.
 *
 * Cases called D.. have the numbers of the compliance cases they come from.
 *
 * sources: src/consent/resolve.c src/consent/scope.c src/consent/calendar.c
 *
 * test/unit/consent_test.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "check.h"
#include "consent/consent.h"

#define HOUR INT64_C(3600000000)
#define MINUTE INT64_C(60000000)
#define DAY (24 * HOUR)
#define NONE CONSENT_NO_DAY

static const ConsentId acme = {{1}};
static const ConsentId partner = {{2}};
static const ConsentId brand_x = {{3}};
static const ConsentId brand_y = {{4}};
static const ConsentId sku_x = {{5}};
static const ConsentId mailbox = {{6}};
static const ConsentId old_mailbox = {{7}};

static const char *const full[] = {"captured_at", "captured_by", "method", "text_version"};
static const char *const only_who[] = {"captured_by"};
static const char *const business[] = {"event", "event_date"};
static const char *const informed[] = {"informed_at", "related_to_profession"};
static const char *const card[] = {"kind"};

static ConsentEvent events[16];
static int	n_events;
static ConsentFacts facts;
static ConsentVerdict verdict;

/* Day number of a date, from the arithmetic under test; checked below. */
static int32_t
day(int year, int month, int day_of_month)
{
	return consent_day_plus(0, (year - 2000) * 12 + month - 1, day_of_month - 1);
}

/* Noon UTC of a date, and an hour of it. */
static int64_t
at_hour(int32_t on, int hour)
{
	return (int64_t) on * DAY + hour * HOUR;
}

static void
forget(void)
{
	n_events = 0;
	memset(&facts, 0, sizeof(facts));
	facts.events = events;
	consent_regime_strictest(&facts.regime, true);
}

/* An event of ACME for marketing by e-mail with full evidence; to be changed. */
static ConsentEvent *
event(ConsentAction action, int64_t from)
{
	ConsentEvent *e = &events[n_events++];

	memset(e, 0, sizeof(*e));
	e->id.bytes[15] = (unsigned char) n_events;
	e->controller = acme;
	e->purpose = "marketing";
	e->channel = "email";
	e->action = action;
	e->basis = "consent";
	e->captured_at = from;
	e->effective_from = from;
	e->effective_to = CONSENT_NO_INSTANT;
	e->effective_day = (int32_t) (from / DAY);
	e->token_expires_at = CONSENT_NO_INSTANT;
	e->basis_day = NONE;
	e->method = "tablet_signature";
	e->evidence = full;
	e->n_evidence = 4;
	facts.n_events = n_events;
	return e;
}

static void
evidence(ConsentEvent *e, const char *const *names, int n)
{
	e->evidence = names;
	e->n_evidence = n;
}

static void
regime(ConsentDefault default_state, const char *const *bases, int n)
{
	facts.regime.default_state = default_state;
	facts.regime.bases = bases;
	facts.regime.n_bases = n;
}

/* Ask: ACME, marketing, by this channel, at this instant; UTC is local. */
static bool
ask(const char *channel, int64_t at)
{
	ConsentQuestion *q = &facts.question;

	q->controller = acme;
	if (q->n_purposes == 0)
	{
		q->purposes[0] = "marketing";
		q->n_purposes = 1;
	}
	q->channel = channel;
	q->at = at;
	q->local_day = (int32_t) (at / DAY);
	q->local_time = at % DAY;
	if (q->last_contact_day == 0)
		q->last_contact_day = NONE;
	consent_resolve(&facts, &verdict);
	return verdict.allow;
}

static bool
reason_is(LsceReason reason)
{
	return !verdict.allow && verdict.n_reasons == 1 && verdict.reasons[0] == reason;
}

static bool
obliged(int i, const char *code, int32_t due)
{
	return verdict.n_obligations > i && strcmp(verdict.obligations[i].code, code) == 0 &&
		verdict.obligations[i].due_day == due;
}

static void
test_calendar(void)
{
	CHECK(day(2000, 1, 1) == 0);
	CHECK(day(2000, 3, 1) == 60);
	CHECK(day(1999, 12, 31) == -1);
	CHECK(day(2026, 3, 2) == 9557);
	CHECK(day(1, 1, 1) == -730119);
	CHECK(day(9999, 12, 31) == 2921939);
	/* month ends are clamped */
	CHECK(consent_day_plus(day(2025, 8, 31), 6, 0) == day(2026, 2, 28));
	CHECK(consent_day_plus(day(2023, 8, 31), 6, 0) == day(2024, 2, 29));
	CHECK(consent_day_plus(day(2024, 2, 29), 24, 0) == day(2026, 2, 28));
	CHECK(consent_day_plus(day(2024, 2, 29), 48, 0) == day(2028, 2, 29));
	CHECK(consent_day_plus(day(2026, 3, 31), -1, 0) == day(2026, 2, 28));
	CHECK(consent_day_plus(day(2026, 1, 31), 1, 1) == day(2026, 3, 1));
	/* nothing overflows */
	CHECK(consent_day_plus(NONE, 6, 0) == NONE);
	CHECK(consent_day_plus(INT32_MAX - 1, INT32_MAX, INT32_MAX) == NONE);
	CHECK(consent_day_plus(INT32_MIN, INT32_MIN, INT32_MIN) == INT32_MIN);

	/* a day each way for six years agrees with itself */
	for (int32_t d = day(1999, 1, 1); d < day(2005, 1, 1); d++)
	{
		int32_t		next = consent_day_plus(d, 0, 1);

		if (next != d + 1 || consent_day_plus(d, 0, 0) != d)
		{
			CHECK(next == d + 1);
			break;
		}
	}

	/* 2 March 2026 is a Monday */
	CHECK(consent_business_day_plus(day(2026, 3, 2), 10) == day(2026, 3, 16));
	CHECK(consent_business_day_plus(day(2026, 3, 2), 1) == day(2026, 3, 3));
	CHECK(consent_business_day_plus(day(2026, 3, 6), 1) == day(2026, 3, 9));
	CHECK(consent_business_day_plus(day(2026, 3, 7), 1) == day(2026, 3, 9));
	CHECK(consent_business_day_plus(day(2026, 3, 8), 1) == day(2026, 3, 9));
	CHECK(consent_business_day_plus(day(2026, 3, 8), 5) == day(2026, 3, 13));
	CHECK(consent_business_day_plus(day(2026, 3, 6), 6) == day(2026, 3, 16));
	CHECK(consent_business_day_plus(day(2026, 3, 4), 0) == day(2026, 3, 4));
	CHECK(consent_business_day_plus(day(1999, 12, 31), 1) == day(2000, 1, 3));
	CHECK(consent_business_day_plus(NONE, 3) == NONE);
}

static void
test_plain_cases(void)
{
	const int64_t asked = at_hour(day(2026, 3, 2), 12);
	ConsentEvent *e;

	/* D01: opt-in on the spot, then e-mail */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 15), 10));
	CHECK(ask("email", asked));
	CHECK(verdict.n_obligations == 1 && obliged(0, "OPT_OUT_LINK", NONE));
	CHECK(verdict.state == CONSENT_STATE_OPT_IN && verdict.decided_by == 0);
	CHECK(strcmp(verdict.basis, "consent") == 0);
	/* from the instant it was given, not before, and by no other channel */
	CHECK(ask("email", at_hour(day(2026, 1, 15), 10)));
	CHECK(!ask("email", at_hour(day(2026, 1, 15), 9)) && reason_is(LSCE_REASON_CONSENT_MISSING));
	CHECK(!ask("sms", asked) && reason_is(LSCE_REASON_CONSENT_MISSING));

	/* D02: no record, in a country of opt-in */
	forget();
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_MISSING));
	CHECK(verdict.n_obligations == 0 && verdict.decided_by == -1);
	CHECK(verdict.state == CONSENT_STATE_NONE);

	/* D04: withdrawal a minute before the send */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 15), 10));
	event(CONSENT_WITHDRAW, at_hour(day(2026, 3, 2), 10));
	CHECK(!ask("email", at_hour(day(2026, 3, 2), 10) + MINUTE));
	CHECK(reason_is(LSCE_REASON_CONSENT_WITHDRAWN));
	CHECK(verdict.decided_by == 1 && verdict.beaten_opt_in == 0 && verdict.n_obligations == 0);
	CHECK(ask("email", at_hour(day(2026, 3, 2), 10) - 1));
	/* at the same instant the denial wins */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2026, 3, 2), 10));
	event(CONSENT_WITHDRAW, at_hour(day(2026, 3, 2), 10));
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_WITHDRAWN));

	/* D05: a general objection beats an older narrower opt-in */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2025, 5, 1), 0))->product = brand_x;
	event(CONSENT_OBJECT, at_hour(day(2026, 2, 1), 0))->channel = NULL;
	facts.question.products[0] = brand_x;
	facts.question.n_products = 1;
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_OBJECTION));
	CHECK(verdict.state == CONSENT_STATE_OBJECTION && verdict.beaten_opt_in == 0);

	/* D06: a later narrow opt-in re-opens only its own scope */
	forget();
	event(CONSENT_OBJECT, at_hour(day(2026, 2, 1), 0))->channel = NULL;
	event(CONSENT_OPT_IN, at_hour(day(2026, 3, 15), 0))->product = brand_x;
	facts.question.products[0] = brand_x;
	facts.question.n_products = 1;
	CHECK(ask("email", at_hour(day(2026, 4, 1), 0)));
	CHECK(verdict.decided_by == 1 && verdict.beaten_denial == 0);
	CHECK(obliged(0, "OPT_OUT_LINK", NONE));
	CHECK(!ask("sms", at_hour(day(2026, 4, 1), 0)) && reason_is(LSCE_REASON_OBJECTION));
	facts.question.products[0] = brand_y;
	CHECK(!ask("email", at_hour(day(2026, 4, 1), 0)) && reason_is(LSCE_REASON_OBJECTION));
	facts.question.n_products = 0;
	CHECK(!ask("email", at_hour(day(2026, 4, 1), 0)) && reason_is(LSCE_REASON_OBJECTION));
	/* what is under the brand is in its scope */
	facts.question.products[0] = sku_x;
	facts.question.products[1] = brand_x;
	facts.question.n_products = 2;
	CHECK(ask("email", at_hour(day(2026, 4, 1), 0)));

	/* D08: consent to samples used for marketing */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 15), 0))->purpose = "sample_fulfilment";
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_PURPOSE));
	CHECK(verdict.decided_by == 0);
	/* withdrawn, it is not even that */
	event(CONSENT_WITHDRAW, at_hour(day(2026, 2, 15), 0))->purpose = "sample_fulfilment";
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_MISSING));

	/* another company's consent */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 15), 0))->controller = partner;
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_CONTROLLER));
	CHECK(verdict.decided_by == 0);
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 16), 0));
	CHECK(ask("email", asked));
	/* and another company's objection is none of ours */
	event(CONSENT_OBJECT, at_hour(day(2026, 1, 17), 0))->controller = partner;
	CHECK(ask("email", asked));

	/* D09: no text version, no method */
	forget();
	e = event(CONSENT_OPT_IN, at_hour(day(2026, 1, 15), 0));
	evidence(e, only_who, 1);
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_EVIDENCE));
	CHECK(verdict.n_missing == 3);
	CHECK(strcmp(verdict.missing[0], "captured_at") == 0);
	CHECK(strcmp(verdict.missing[1], "method") == 0);
	CHECK(strcmp(verdict.missing[2], "text_version") == 0);
	CHECK(verdict.state == CONSENT_STATE_INVALID);
}

static void
test_countries(void)
{
	static const char *const implied[] = {"consent", "implied_existing_business"};
	static const char *const written[] = {"prior_express_written"};
	static const char *const french[] = {"consent", "legitimate_interest"};
	static const char *const japanese[] = {"consent", "address_notified_in_writing"};
	static const char *const link_and_retain[] = {"OPT_OUT_LINK", "RETAIN"};
	static const ConsentAge casl[] = {{"purchase", 24, 0}, {"contract", 24, 0}, {"inquiry", 6, 0}};
	ConsentEvent *e;

	/* D11: Canada, two years after a purchase, and one day later */
	forget();
	regime(CONSENT_DEFAULT_OPT_IN, implied, 2);
	facts.regime.basis_ages = casl;
	facts.regime.n_basis_ages = 3;
	e = event(CONSENT_OPT_IN, at_hour(day(2024, 3, 10), 0));
	e->basis = "implied_existing_business";
	e->basis_event = "purchase";
	e->basis_day = day(2024, 3, 10);
	evidence(e, business, 2);
	CHECK(ask("email", at_hour(day(2026, 3, 10), 23)));
	CHECK(verdict.valid_last_day == day(2026, 3, 10));
	CHECK(!ask("email", at_hour(day(2026, 3, 11), 0)) && reason_is(LSCE_REASON_CONSENT_EXPIRED));
	CHECK(verdict.valid_last_day == day(2026, 3, 10));
	CHECK(strcmp(verdict.expiry_rule, "2 years before day of sending") == 0);
	CHECK(verdict.state == CONSENT_STATE_EXPIRED);

	/* D12: an enquiry on the last of August lasts to the end of February */
	e->basis_event = "inquiry";
	e->basis_day = day(2025, 8, 31);
	CHECK(ask("email", at_hour(day(2026, 2, 28), 12)));
	CHECK(!ask("email", at_hour(day(2026, 3, 1), 0)) && reason_is(LSCE_REASON_CONSENT_EXPIRED));
	CHECK(verdict.valid_last_day == day(2026, 2, 28));
	CHECK(strcmp(verdict.expiry_rule, "6 months before day of sending") == 0);
	/* an event the law does not know, or without its date, proves nothing */
	e->basis_event = "chat";
	CHECK(!ask("email", at_hour(day(2026, 2, 1), 0)) && reason_is(LSCE_REASON_CONSENT_EVIDENCE));
	e->basis_event = "inquiry";
	e->basis_day = NONE;
	CHECK(!ask("email", at_hour(day(2026, 2, 1), 0)) && reason_is(LSCE_REASON_CONSENT_EVIDENCE));

	/* D13: opt-out in the United States, applied at once, deadline computed */
	forget();
	regime(CONSENT_DEFAULT_OPT_OUT, written, 1);
	facts.regime.stop_within_business_days = 10;
	event(CONSENT_WITHDRAW, at_hour(day(2026, 3, 2), 14));
	CHECK(!ask("email", at_hour(day(2026, 3, 2), 17)));
	CHECK(reason_is(LSCE_REASON_CONSENT_WITHDRAWN));
	CHECK(verdict.n_obligations == 1 && obliged(0, "STOP_WITHIN_10BD", day(2026, 3, 16)));

	/* D14: without any record */
	forget();
	regime(CONSENT_DEFAULT_OPT_OUT, written, 1);
	CHECK(ask("email", at_hour(day(2026, 3, 2), 12)));
	CHECK(strcmp(verdict.basis, "opt_out_regime") == 0 && obliged(0, "OPT_OUT_LINK", NONE));
	CHECK(verdict.state == CONSENT_STATE_NONE && verdict.decided_by == -1);
	/* an opt-in that proves nothing does no harm there, a denial does */
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 1), 0));
	CHECK(ask("email", at_hour(day(2026, 3, 2), 12)));
	CHECK(strcmp(verdict.basis, "opt_out_regime") == 0);
	event(CONSENT_WITHDRAW, at_hour(day(2025, 12, 1), 0));
	CHECK(!ask("email", at_hour(day(2026, 3, 2), 12)));
	CHECK(verdict.reasons[0] == LSCE_REASON_CONSENT_WITHDRAWN);
	CHECK(verdict.n_reasons == 2 && verdict.reasons[1] == LSCE_REASON_LEGAL_BASIS_NOT_ALLOWED);

	/* D15: a text at 21:30 local time */
	forget();
	regime(CONSENT_DEFAULT_OPT_IN, written, 1);
	facts.regime.hours_from = 8 * HOUR;
	facts.regime.hours_to = 21 * HOUR;
	facts.regime.opens_today = at_hour(day(2026, 3, 2), 8);
	facts.regime.opens_tomorrow = at_hour(day(2026, 3, 3), 8);
	e = event(CONSENT_OPT_IN, at_hour(day(2026, 1, 15), 0));
	e->channel = "sms";
	e->basis = "prior_express_written";
	CHECK(!ask("sms", at_hour(day(2026, 3, 2), 21) + 30 * MINUTE));
	CHECK(reason_is(LSCE_REASON_CONTACT_WINDOW));
	CHECK(verdict.earliest == at_hour(day(2026, 3, 3), 8));
	CHECK(!ask("sms", at_hour(day(2026, 3, 2), 8) - 1));
	CHECK(verdict.earliest == at_hour(day(2026, 3, 2), 8));
	CHECK(ask("sms", at_hour(day(2026, 3, 2), 8)) && ask("sms", at_hour(day(2026, 3, 2), 21) - 1));
	CHECK(!ask("sms", at_hour(day(2026, 3, 2), 21)));
	/* both reasons, the consent first */
	e->basis = "consent";
	CHECK(!ask("sms", at_hour(day(2026, 3, 2), 22)) && verdict.n_reasons == 2);
	CHECK(verdict.reasons[0] == LSCE_REASON_LEGAL_BASIS_NOT_ALLOWED);
	CHECK(verdict.reasons[1] == LSCE_REASON_CONTACT_WINDOW);

	/* D16: France, professional address, informed; the same facts in Germany */
	forget();
	regime(CONSENT_DEFAULT_OPT_IN, french, 2);
	e = event(CONSENT_OPT_IN, at_hour(day(2026, 1, 10), 0));
	e->basis = "legitimate_interest";
	evidence(e, informed, 2);
	CHECK(ask("email", at_hour(day(2026, 3, 2), 12)) && obliged(0, "OPT_OUT_LINK", NONE));
	consent_regime_strictest(&facts.regime, true);
	CHECK(!ask("email", at_hour(day(2026, 3, 2), 12)));
	CHECK(reason_is(LSCE_REASON_LEGAL_BASIS_NOT_ALLOWED));
	/* three years from the last contact */
	regime(CONSENT_DEFAULT_OPT_IN, french, 2);
	facts.regime.age_months = 36;
	facts.regime.age_from_last_contact = true;
	CHECK(ask("email", at_hour(day(2029, 1, 10), 12)));
	CHECK(!ask("email", at_hour(day(2029, 1, 11), 0)) && reason_is(LSCE_REASON_CONSENT_EXPIRED));
	CHECK(strcmp(verdict.expiry_rule, "3 years from last contact") == 0);
	facts.question.last_contact_day = day(2027, 6, 1);
	CHECK(ask("email", at_hour(day(2030, 6, 1), 12)));
	CHECK(!ask("email", at_hour(day(2030, 6, 2), 0)));

	/* D18: Japan, after a business card; a refusal overrides it */
	forget();
	regime(CONSENT_DEFAULT_OPT_IN, japanese, 2);
	facts.regime.obligations = link_and_retain;
	facts.regime.n_obligations = 2;
	facts.regime.retain_months = 1;
	e = event(CONSENT_OPT_IN, at_hour(day(2026, 2, 1), 0));
	e->basis = "address_notified_in_writing";
	evidence(e, card, 1);
	CHECK(ask("email", at_hour(day(2026, 3, 2), 12)));
	CHECK(verdict.n_obligations == 2 && obliged(0, "OPT_OUT_LINK", NONE));
	CHECK(obliged(1, "RETAIN", day(2026, 4, 2)));
	event(CONSENT_OBJECT, at_hour(day(2026, 3, 3), 0));
	CHECK(!ask("email", at_hour(day(2026, 3, 4), 12)) && reason_is(LSCE_REASON_OBJECTION));
}

static void
test_specificity(void)
{
	const int64_t asked = at_hour(day(2026, 3, 2), 12);
	ConsentEvent *narrow;
	ConsentEvent *broad;

	/* the narrow opt-in decides, though the broad one is later and complete */
	forget();
	narrow = event(CONSENT_OPT_IN, at_hour(day(2026, 1, 1), 0));
	narrow->product = brand_x;
	evidence(narrow, only_who, 1);
	broad = event(CONSENT_OPT_IN, at_hour(day(2026, 2, 1), 0));
	broad->channel = NULL;
	facts.question.products[0] = brand_x;
	facts.question.n_products = 1;
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_EVIDENCE));
	/* once it has expired, the broad one steps in */
	narrow->effective_to = at_hour(day(2026, 2, 15), 0);
	evidence(narrow, full, 4);
	CHECK(ask("email", asked) && verdict.decided_by == 1);
	/* unless a denial came after that one, or it has expired too */
	event(CONSENT_WITHDRAW, at_hour(day(2026, 2, 20), 0));
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_WITHDRAWN));
	n_events = facts.n_events = 2;
	broad->effective_to = at_hour(day(2026, 2, 20), 0);
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_EXPIRED));
	CHECK(verdict.decided_by == 0 && verdict.valid_until == at_hour(day(2026, 2, 15), 0));
	CHECK(strcmp(verdict.expiry_rule, "stated validity") == 0);
	/* the first instant after its end is outside */
	CHECK(ask("email", at_hour(day(2026, 2, 15), 0) - 1) && verdict.decided_by == 0);
	CHECK(ask("email", at_hour(day(2026, 2, 15), 0)) && verdict.decided_by == 1);

	/* the same scope twice: the later one decides */
	forget();
	evidence(event(CONSENT_OPT_IN, at_hour(day(2026, 1, 1), 0)), only_who, 1);
	event(CONSENT_OPT_IN, at_hour(day(2026, 2, 1), 0));
	CHECK(ask("email", asked) && verdict.decided_by == 1);

	/* a consent to a purpose covers those under it, not those above */
	forget();
	facts.question.purposes[0] = "newsletter";
	facts.question.purposes[1] = "marketing";
	facts.question.n_purposes = 2;
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 1), 0));
	CHECK(ask("email", asked));
	event(CONSENT_WITHDRAW, at_hour(day(2026, 2, 1), 0))->purpose = "newsletter";
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_WITHDRAWN));
	facts.question.purposes[0] = "marketing";
	facts.question.n_purposes = 1;
	CHECK(ask("email", asked));

	/* a changed address is a new contact point and inherits nothing */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 1), 0))->contact_point = old_mailbox;
	facts.question.contact_point = mailbox;
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_MISSING));
	facts.question.contact_point = old_mailbox;
	CHECK(ask("email", asked));
	/* no contact point named: what is bound to one says nothing */
	memset(&facts.question.contact_point, 0, sizeof(ConsentId));
	CHECK(!ask("email", asked));

	/* an opt-in written down to begin later does not outlive an objection */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2026, 2, 20), 0))->captured_at = at_hour(day(2026, 1, 1), 0);
	event(CONSENT_OBJECT, at_hour(day(2026, 2, 1), 0));
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_OBJECTION));

	/* a denial for a time stands for that time; what it beat stays beaten */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 1), 0));
	event(CONSENT_OBJECT, at_hour(day(2026, 2, 1), 0))->effective_to = at_hour(day(2026, 3, 1), 0);
	CHECK(!ask("email", at_hour(day(2026, 2, 10), 0)) && reason_is(LSCE_REASON_OBJECTION));
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_MISSING));
	regime(CONSENT_DEFAULT_OPT_OUT, facts.regime.bases, facts.regime.n_bases);
	CHECK(ask("email", asked));

	/* an objection and a withdrawal at one instant: the objection is named */
	forget();
	event(CONSENT_OBJECT, at_hour(day(2026, 2, 1), 0));
	event(CONSENT_WITHDRAW, at_hour(day(2026, 2, 1), 0));
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_OBJECTION));
}

static void
test_double_opt_in(void)
{
	static const char *const direct[] = {"tablet_signature"};
	const int64_t asked = at_hour(day(2026, 3, 2), 12);
	ConsentEvent *pending;
	ConsentEvent *confirm;

	forget();
	facts.regime.double_opt_in = true;
	facts.regime.direct_methods = direct;
	facts.regime.n_direct_methods = 1;
	pending = event(CONSENT_PENDING, at_hour(day(2026, 3, 1), 12));
	pending->method = "web_form";
	pending->token_expires_at = at_hour(day(2026, 3, 4), 12);
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_UNCONFIRMED));
	CHECK(verdict.state == CONSENT_STATE_PENDING && obliged(0, "CONFIRM_OPT_IN", NONE));
	/* once the token is void, asking for the confirmation is no use */
	CHECK(!ask("email", at_hour(day(2026, 3, 4), 12)) && verdict.n_obligations == 0);
	CHECK(reason_is(LSCE_REASON_CONSENT_UNCONFIRMED));

	confirm = event(CONSENT_CONFIRM, at_hour(day(2026, 3, 2), 11));
	confirm->related = pending->id;
	evidence(confirm, NULL, 0);
	CHECK(ask("email", asked) && verdict.decided_by == 1);
	CHECK(!ask("email", at_hour(day(2026, 3, 2), 10)) &&
		  reason_is(LSCE_REASON_CONSENT_UNCONFIRMED));
	/* too late is not confirmed */
	confirm->captured_at = confirm->effective_from = pending->token_expires_at;
	CHECK(!ask("email", at_hour(day(2026, 3, 5), 0)) &&
		  reason_is(LSCE_REASON_CONSENT_UNCONFIRMED));
	/* nor is a click after an objection */
	confirm->captured_at = confirm->effective_from = at_hour(day(2026, 3, 2), 11);
	event(CONSENT_OBJECT, at_hour(day(2026, 3, 2), 10));
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_OBJECTION));
	/* nor one that claims to be older than what it confirms, and than the objection */
	pending->captured_at = pending->effective_from = at_hour(day(2026, 3, 2), 11);
	confirm->captured_at = confirm->effective_from = at_hour(day(2026, 3, 1), 12);
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_OBJECTION));

	/* an opt-in nobody confirmed, where the regime wants it; a signature will do */
	n_events = facts.n_events = 0;
	pending = event(CONSENT_OPT_IN, at_hour(day(2026, 3, 1), 12));
	pending->method = "web_form";
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_UNCONFIRMED));
	CHECK(obliged(0, "CONFIRM_OPT_IN", NONE));
	pending->method = "tablet_signature";
	CHECK(ask("email", asked));
	pending->method = NULL;
	CHECK(!ask("email", asked));
}

static void
test_limits_of_regimes(void)
{
	const int64_t asked = at_hour(day(2026, 3, 2), 12);

	/* a purpose without a channel: samples */
	forget();
	consent_regime_strictest(&facts.regime, false);
	facts.question.purposes[0] = "sample_receipt";
	facts.question.n_purposes = 1;
	CHECK(!ask(NULL, asked) && reason_is(LSCE_REASON_CONSENT_MISSING));
	event(CONSENT_OPT_IN, at_hour(day(2026, 1, 1), 0));
	CHECK(!ask(NULL, asked) && reason_is(LSCE_REASON_CONSENT_PURPOSE));
	events[0].purpose = "sample_receipt";
	events[0].channel = NULL;
	CHECK(ask(NULL, asked) && verdict.n_obligations == 0);
	event(CONSENT_WITHDRAW, at_hour(day(2026, 2, 1), 0))->purpose = "sample_receipt";
	events[1].channel = NULL;
	CHECK(!ask(NULL, asked) && reason_is(LSCE_REASON_CONSENT_WITHDRAWN));

	/* the least of all ages counts */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2025, 1, 31), 0))->effective_to = at_hour(day(2027, 1, 1), 0);
	facts.regime.age_months = 24;
	facts.question.company_age_months = 13;
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_CONSENT_EXPIRED));
	CHECK(verdict.valid_last_day == day(2026, 2, 28));
	CHECK(strcmp(verdict.expiry_rule, "13 months from the opt-in (company)") == 0);
	facts.question.company_age_months = 0;
	CHECK(ask("email", asked) && verdict.valid_last_day == day(2027, 1, 31));
	CHECK(verdict.valid_until == at_hour(day(2027, 1, 1), 0));

	/* never is never */
	forget();
	event(CONSENT_OPT_IN, at_hour(day(2025, 1, 31), 0));
	facts.regime.default_state = CONSENT_DEFAULT_NEVER;
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_LEGAL_BASIS_NOT_ALLOWED));

	/* suppression comes first */
	forget();
	facts.question.suppressed = true;
	CHECK(!ask("email", asked) && verdict.n_reasons == 2);
	CHECK(verdict.reasons[0] == LSCE_REASON_ACCOUNT_RESTRICTED);
	CHECK(verdict.reasons[1] == LSCE_REASON_CONSENT_MISSING);
	event(CONSENT_OPT_IN, at_hour(day(2025, 1, 31), 0));
	CHECK(!ask("email", asked) && reason_is(LSCE_REASON_ACCOUNT_RESTRICTED));
}

int
main(void)
{
	test_calendar();
	test_plain_cases();
	test_countries();
	test_specificity();
	test_double_opt_in();
	test_limits_of_regimes();
	return check_summary("consent_test");
}
