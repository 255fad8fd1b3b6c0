/*-------------------------------------------------------------------------
 *
 * territory.c
 *	  EL05 the account is aligned to the territory; EL07 the product is; pure.
 *
 * src/rules/territory.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/step.h"

/* EL05: on the business day the territory works the account. */
void
rule_account_aligned(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const TerritoryFact *territory = &facts->territory;
	RuleStep   *step = step_new(verdict, rule);

	step_expect_bool(step, "aligned", true);
	step_observe_bool(step, "aligned", territory->account_aligned);
	step_observe_id(step, "territory_id", facts->request.territory_id);
	step_observe_date(step, "date", facts->request.local_day);
	if (territory->account_aligned)
		step_evidence(step, EVIDENCE_ACCOUNT_TERRITORY, &territory->alignment);
	else
		step_fail(step, LSCE_REASON_TERRITORY_NOT_ALIGNED);
}

/* The purpose of product alignment that a kind needs. */
static const char *
alignment_purpose(FactKind kind)
{
	switch (kind)
	{
		case KIND_SAMPLE_DROP:
		case KIND_SAMPLE_SHIP:
			return "sample";
		case KIND_MESSAGE_SEND:
			return "message";
		case KIND_ORDER:
			return "order";
		default:
			return "detail";
	}
}

/* Whether the row speaks of the territory for this purpose. */
static bool
alignment_speaks(const ProductAlignmentFact *row, const char *purpose)
{
	if (!rules_texts_have(&row->purposes, purpose))
		return false;
	return row->distance == 0 ||
		rules_text_is(row->type, "include_subtree") || rules_text_is(row->type, "exclude_subtree");
}

/*
 * EL07: the nearest row up the tree of the active model that speaks of the
 * product decides; at equal distance exclude beats include.  No row: not
 * aligned.
 */
void
rule_product_aligned(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const char *purpose = alignment_purpose(facts->request.kind);
	const ProductAlignmentFact *best = NULL;
	bool		best_excludes = false;
	RuleStep   *step = step_new(verdict, rule);

	for (int i = 0; i < facts->n_alignments; i++)
	{
		const ProductAlignmentFact *row = &facts->alignments[i];
		bool		excludes = rules_text_is(row->type, "exclude") || rules_text_is(row->type, "exclude_subtree");

		if (!alignment_speaks(row, purpose))
			continue;
		if (best == NULL || row->distance < best->distance ||
			(row->distance == best->distance && excludes && !best_excludes))
		{
			best = row;
			best_excludes = excludes;
		}
	}

	step_expect_text(step, "purpose", purpose);
	step_observe_id(step, "territory_id", facts->request.territory_id);
	step_observe_date(step, "date", facts->request.local_day);
	if (best != NULL)
	{
		step_observe_text(step, "alignment", best->type);
		step_observe_number(step, "levels_up", best->distance);
		step_evidence(step, EVIDENCE_PRODUCT_ALIGNMENT, &best->row);
	}
	else
		step_observe_text(step, "alignment", "none");
	if (best == NULL || best_excludes)
		step_fail(step, LSCE_REASON_PRODUCT_NOT_ALIGNED);
}
