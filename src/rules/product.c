/*-------------------------------------------------------------------------
 *
 * product.c
 *	  EL06 the product may be sampled, or presented, in this market on this
 *	  day; EL08 it is not restricted for the account; pure.
 *
 * src/rules/product.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "rules/evaluate.h"
#include "rules/step.h"

/* Exclusions (code set limit_exclusion) that mean controlled substances. */
static const char *const controlled_words[] = {"controlled", "narcotic", "psychotropic", "cannabis"};

/*
 * Whether an exclusion means this product.  Laws cut controlled substances
 * differently; a controlled product is taken to be meant by each of them.
 */
static bool
exclusion_means(const char *word, const Facts *facts, bool *controlled)
{
	const MarketFact *market = &facts->market;

	*controlled = false;
	for (size_t i = 0; i < sizeof(controlled_words) / sizeof(controlled_words[0]); i++)
	{
		if (strcmp(word, controlled_words[i]) == 0)
		{
			*controlled = true;
			return market->controlled_schedule != NULL;
		}
	}
	if (strcmp(word, "special_prescription") == 0)
		return rules_text_is(market->rx_class, "special_prescription");
	if (strcmp(word, "unapproved") == 0)
		return market->authorised_on == DATE_NONE || market->authorised_on > facts->request.local_day;
	return rules_text_is(facts->product.class_code, word);
}

/* Whether the limit is the way a law bans all sampling: a lifetime quota of zero. */
bool
rules_is_ban(const Facts *facts, const LimitFact *limit)
{
	return facts->templates[limit->template_index].law_based && limit->has_quota && limit->quota == 0 &&
		(rules_text_is(limit->period, "lifetime") || rules_text_is(limit->period, "none"));
}

/* Fail when a law bans all sampling. */
static bool
check_ban(const Facts *facts, RuleStep *step)
{
	for (int i = 0; i < facts->n_limits; i++)
	{
		const LimitFact *limit = &facts->limits[i];
		const TemplateFact *t = &facts->templates[limit->template_index];

		if (!rules_is_ban(facts, limit))
			continue;
		step->legal_ref = t->legal_ref;
		step_observe_text(step, "rule", t->code);
		step_evidence(step, EVIDENCE_LIMIT_TEMPLATE, &t->row);
		step_fail(step, LSCE_REASON_SAMPLING_PROHIBITED);
		return true;
	}
	return false;
}

/*
 * Fail when a law that applies excludes the product.  A controlled product
 * outside the United States, whose law no template tells, is refused too.
 */
static void
check_exclusions(const Facts *facts, RuleStep *step)
{
	const char *schedule = facts->market.controlled_schedule;

	for (int i = 0; i < facts->n_templates; i++)
	{
		const TemplateFact *t = &facts->templates[i];

		if (!rules_template_concerns(facts, t))
			continue;
		for (int j = 0; j < t->exclusions.count; j++)
		{
			bool		controlled;

			if (!exclusion_means(t->exclusions.items[j], facts, &controlled))
				continue;
			step->legal_ref = t->legal_ref;
			step_observe_text(step, "rule", t->exclusions.items[j]);
			step_evidence(step, EVIDENCE_LIMIT_TEMPLATE, &t->row);
			step_fail(step, controlled ? LSCE_REASON_PRODUCT_CONTROLLED : LSCE_REASON_PRODUCT_NOT_SAMPLEABLE);
			return;
		}
	}
	if (schedule != NULL && !rules_text_is(facts->request.country, "US"))
	{
		step_observe_text(step, "rule", schedule);
		step_fail(step, LSCE_REASON_PRODUCT_CONTROLLED);
	}
}

/*
 * Fail when the request says that the samples are for another purpose than the
 * one that a text gives for samples of their kind.
 */
static void
check_purpose(const Facts *facts, RuleStep *step)
{
	static const char prefix[] = "purpose_";
	const SampleRequestFact *request = &facts->sample_request;

	if (request->purpose == NULL)
		return;
	for (int i = 0; i < facts->n_templates && step->result != RULE_FAIL; i++)
	{
		const TemplateFact *t = &facts->templates[i];

		if (!rules_template_concerns(facts, t))
			continue;
		for (int j = 0; j < t->preconditions.count; j++)
		{
			const char *word = t->preconditions.items[j];

			if (strncmp(word, prefix, sizeof(prefix) - 1) != 0 ||
				rules_text_is(request->purpose, word + sizeof(prefix) - 1))
				continue;
			step->legal_ref = t->legal_ref;
			step_observe_text(step, "rule", word);
			step_observe_text(step, "purpose", request->purpose);
			step_evidence(step, EVIDENCE_LIMIT_TEMPLATE, &t->row);
			step_evidence(step, EVIDENCE_SAMPLE_REQUEST, &request->row);
			step_fail(step, LSCE_REASON_PRODUCT_NOT_SAMPLEABLE);
			return;
		}
	}
}

/*
 * Fail when a law that applies wants the smallest pack and this is not known
 * to be it.  A rule that measures a pack by patients, hours or per cent cannot
 * be measured here: somebody must say why it is met.
 */
static void
check_pack(const Facts *facts, RuleStep *step)
{
	for (int i = 0; i < facts->n_templates && step->result != RULE_FAIL; i++)
	{
		const TemplateFact *t = &facts->templates[i];
		bool		smallest;

		if (t->pack_rule == NULL || !rules_template_concerns(facts, t))
			continue;
		smallest = strcmp(t->pack_rule, "smallest_pack") == 0 ||
			strcmp(t->pack_rule, "no_larger_than_smallest_pack") == 0;
		if (smallest && facts->market.smallest_pack == TRI_TRUE)
			continue;
		step->legal_ref = t->legal_ref;
		step_expect_text(step, "pack_rule", t->pack_rule);
		step_observe_number(step, "pack", facts->product.pack_size);
		step_observe_text(step, "rule", t->pack_rule);
		step_evidence(step, EVIDENCE_LIMIT_TEMPLATE, &t->row);
		if (!smallest)
			step_warn(step, LSCE_REASON_PACK_SIZE);
		else
		{
			if (facts->market.smallest_pack == TRI_FALSE)
				step_observe_bool(step, "smallest_pack", false);
			else
				step_observe_text(step, "smallest_pack", "unknown");
			step_fail(step, LSCE_REASON_PACK_SIZE);
		}
	}
}

/* Why the product itself is no sample for this kind, or NULL. */
static const char *
not_a_sample(const Facts *facts)
{
	const ProductFact *product = &facts->product;
	const char *way = facts->request.kind == KIND_SAMPLE_DROP ? "drop" : "ship";

	if (!rules_text_is(product->type, "product") || !rules_text_is(product->spec_type, "sample"))
		return "spec_type";
	if (!rules_text_is(product->distribution_method, way) &&
		!rules_text_is(product->distribution_method, "drop_and_ship"))
		return "distribution_method";
	return NULL;
}

/* Why the product is not in the market on the day, or NULL. */
static const char *
not_in_market(const Facts *facts, bool sample)
{
	const MarketFact *market = &facts->market;
	int32_t		day = facts->request.local_day;
	int32_t		from = sample ? market->first_marketed_on : market->authorised_on;

	if (facts->product.competitor)
		return "competitor";
	if (!rules_valid_on(facts->product.valid_from, facts->product.valid_to, day))
		return "not_valid";
	if (!market->found)
		return "no_market";
	if (from == DATE_NONE || day < from)
		return sample ? "not_launched" : "not_authorised";
	if (market->withdrawn_on != DATE_NONE && day >= market->withdrawn_on)
		return "withdrawn";
	if (sample && !market->sampleable)
		return "not_sampleable";
	return NULL;
}

/*
 * EL06: the product is known, and named where samples are handed over; samples
 * are of a presentation meant for it, launched and not
 * withdrawn, which no law of the place keeps from being sampled; what is only
 * presented must be authorised there.
 */
void
rule_product_sampleable(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	bool		sample = rules_is_sample(facts->request.kind);
	const char *why;
	RuleStep   *step = step_new(verdict, rule);

	if (!sample && !uuid_given(&facts->request.product_id))
	{
		step_skip(step);
		return;
	}
	if (!facts->product.found)
	{
		step_unknown(step, LSCE_REASON_UNKNOWN_PRODUCT, "product", facts->request.product_id);
		return;
	}
	step_observe_text(step, "spec_type", facts->product.spec_type);
	step_observe_text(step, "distribution_method", facts->product.distribution_method);
	step_observe_date(step, "marketed_from", sample ? facts->market.first_marketed_on : facts->market.authorised_on);
	if (facts->market.withdrawn_on != DATE_NONE)
		step_observe_date(step, "withdrawn_on", facts->market.withdrawn_on);
	if (facts->market.controlled_schedule != NULL)
		step_observe_text(step, "schedule", facts->market.controlled_schedule);
	step_evidence(step, EVIDENCE_PRODUCT, &facts->product.row);
	step_evidence(step, EVIDENCE_PRODUCT_MARKET, &facts->market.row);

	if (sample)
	{
		step_expect_text(step, "spec_type", "sample");
		if (check_ban(facts, step))
			return;
		check_exclusions(facts, step);
	}
	why = sample ? not_a_sample(facts) : NULL;
	if (why == NULL)
		why = not_in_market(facts, sample);
	if (why != NULL && step->result != RULE_FAIL)
	{
		step_observe_text(step, "rule", why);
		if (!sample)
			step_observe_text(step, "indication", "*");
		step_fail(step, sample ? LSCE_REASON_PRODUCT_NOT_SAMPLEABLE : LSCE_REASON_OFF_LABEL);
	}
	if (sample && step->result != RULE_FAIL)
		check_purpose(facts, step);
	if (sample && step->result != RULE_FAIL)
		check_pack(facts, step);
}

/*
 * EL08: no restriction holds for the account, the product or anything it
 * stands under, this kind and this territory.
 */
void
rule_no_restriction(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const char *kind = rules_kind_name(facts->request.kind);
	RuleStep   *step = step_new(verdict, rule);

	step_expect_bool(step, "restricted", false);
	for (int i = 0; i < facts->n_restrictions; i++)
	{
		const RestrictionFact *r = &facts->restrictions[i];

		if (!rules_texts_have(&r->actions, kind) ||
			(uuid_given(&r->territory_id) && !uuid_same(&r->territory_id, &facts->request.territory_id)))
			continue;
		if (step->result != RULE_FAIL)
		{
			step_observe_bool(step, "restricted", true);
			step_observe_text(step, "rule", kind);
			step_observe_id(step, "product_id", r->product_id);
			step_observe_date(step, "expires_on", rules_last_day(r->valid_to));
		}
		step_evidence(step, EVIDENCE_RESTRICTION, &r->row);
		step_fail(step, LSCE_REASON_ACCOUNT_RESTRICTED);
	}
	if (step->result != RULE_FAIL)
		step_observe_bool(step, "restricted", false);
}
