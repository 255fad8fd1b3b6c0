/*-------------------------------------------------------------------------
 *
 * lot.c
 *	  EL16 the lot may be handed out; EL17 there is enough of it; pure.
 *
 * src/rules/lot.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/step.h"

/* Why the lot may not be handed out on the day, or NULL. */
static const char *
lot_unusable(const Facts *facts)
{
	const LotFact *lot = &facts->lot;

	if (!uuid_same(&lot->product_id, &facts->request.product_id))
		return "of another product";
	if (!rules_text_is(lot->status, "released"))
		return lot->status;
	if (lot->expires_on == DATE_NONE || facts->request.local_day > lot->expires_on)
		return "expired";
	return NULL;
}

/* EL16: a lot is named, of this product, released, and not past its last day. */
void
rule_lot(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const LotFact *lot = &facts->lot;
	const char *state;
	RuleStep   *step = step_new(verdict, rule);

	step_expect_text(step, "status", "released");
	if (!uuid_given(&facts->request.batch_id))
	{
		step_fail(step, LSCE_REASON_LOT_MISSING);
		return;
	}
	if (!lot->found)
	{
		step_unknown(step, LSCE_REASON_UNKNOWN_RECORD, "product_batch", facts->request.batch_id);
		return;
	}
	step_observe_text(step, "lot", lot->lot_no);
	step_observe_text(step, "status", lot->status);
	step_observe_date(step, "expires_on", lot->expires_on);
	step_evidence(step, EVIDENCE_BATCH, &lot->row);
	state = lot_unusable(facts);
	if (state == NULL)
		return;
	step_observe_text(step, "state", state);
	step_fail(step, LSCE_REASON_LOT_UNUSABLE);
}

/*
 * EL17: the place holds enough of the lot.  A hand-over takes from the bag of
 * the user who acts: what lies elsewhere is not his.
 */
void
rule_stock(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const LotFact *lot = &facts->lot;
	RuleStep   *step = step_new(verdict, rule);
	bool		own;
	int64_t		on_hand;

	if (!lot->found)
	{
		step_skip(step);
		return;
	}
	if (uuid_given(&facts->request.location_id) && !lot->location_found)
	{
		step_unknown(step, LSCE_REASON_UNKNOWN_RECORD, "inventory_location", facts->request.location_id);
		return;
	}
	own = lot->location_found &&
		(facts->request.kind != KIND_SAMPLE_DROP ||
		 (uuid_given(&lot->location_user) && uuid_same(&lot->location_user, &facts->request.user_id)));
	on_hand = own ? lot->on_hand : 0;
	step_expect_quantity(step, "requested", facts->request.quantity);
	step_observe_quantity(step, "on_hand", on_hand);
	step_observe_text(step, "lot", lot->lot_no);
	if (uuid_given(&facts->request.location_id))
		step_observe_id(step, "location_id", facts->request.location_id);
	if (lot->location_found)
		step_observe_text(step, "location", lot->location_kind);
	if (!own || (!lot->may_go_negative && on_hand < facts->request.quantity))
		step_fail(step, LSCE_REASON_INVENTORY_SHORT);
}
