-- Samples: hand-overs, their corrections, limits and the stock ledger.

CREATE FUNCTION lsce.handover_derive() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_handover_derive';
COMMENT ON FUNCTION lsce.handover_derive() IS 'before insert on disbursement, for each row: its own decision id, and the columns that follow from the others (place, business day, practitioner, user, bag, company, territory)';

CREATE FUNCTION lsce.handover_charge() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_handover_charge';
COMMENT ON FUNCTION lsce.handover_charge() IS 'after insert on disbursement, for each statement: judge every row, charge limits, requests and stock, store the decisions; or raise and store nothing';

CREATE FUNCTION lsce.reversal_derive() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_reversal_derive';
COMMENT ON FUNCTION lsce.reversal_derive() IS 'before insert on disbursement_reversal, for each row: where the units go, which follows from the kind, and who reverses';

CREATE FUNCTION lsce.reversal_apply() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_reversal_apply';
COMMENT ON FUNCTION lsce.reversal_apply() IS 'after insert on disbursement_reversal, for each statement: give back limits, request quantity and stock, never more than was given';

CREATE FUNCTION lsce.post_entries() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_post_entries';
COMMENT ON FUNCTION lsce.post_entries() IS 'after insert on inventory_entry, for each statement: operations balance, stock follows';

CREATE FUNCTION lsce.limit_rule_changed() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'lsce_limit_rule_changed';
COMMENT ON FUNCTION lsce.limit_rule_changed() IS 'after update on limit_rule, for each statement: counters of open windows get the new quota, what is above it becomes excess with a discrepancy';

CREATE FUNCTION lsce.store_refusal(model regnamespace, fact_id uuid,
	OUT decision_id uuid, OUT outcome text, OUT reason_codes text[])
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'lsce_store_refusal';
COMMENT ON FUNCTION lsce.store_refusal(regnamespace, uuid) IS 'store the refusal of that fact made last in this transaction as a decision that permits nothing; NULLs when there was none';

CREATE FUNCTION lsce.sample_headroom(model regnamespace, account_id uuid, product_id uuid, at date, user_id uuid,
	OUT rule_id uuid, OUT template text, OUT window_from date, OUT window_to date, OUT quota numeric, OUT used numeric,
	OUT remaining numeric, OUT per_visit numeric, OUT frees_on date)
RETURNS SETOF record
	LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000 ROWS 3 AS 'MODULE_PATHNAME', 'lsce_sample_headroom';
COMMENT ON FUNCTION lsce.sample_headroom(regnamespace, uuid, uuid, date, uuid) IS 'what each limit that applies leaves of a product for an account on a day; body of sample_headroom() of a model';
