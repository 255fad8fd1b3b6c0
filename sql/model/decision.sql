-- Decisions: the stored proof.  A fact (a hand-over, a message) points by
-- foreign key at the one decision that was made for it and permits it.

CREATE TABLE decision (
	decision_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	fact_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
	kind text NOT NULL CONSTRAINT decision_kind CHECK (kind IN
		('sample_drop', 'sample_ship', 'detail', 'message_send', 'content_share', 'remote_session', 'gift', 'order')),
	account_id uuid NOT NULL,
	product_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
	quantity numeric NOT NULL DEFAULT 0,
	admission text NOT NULL CONSTRAINT decision_admission CHECK (admission IN ('permit', 'record', 'none')),
	outcome text NOT NULL CONSTRAINT decision_outcome CHECK (outcome IN ('allow', 'warn', 'deny', 'record')),
	reason_codes text[] NOT NULL DEFAULT '{}',
	obligations jsonb NOT NULL DEFAULT '[]',
	facts jsonb COMPRESSION lz4 NOT NULL,
	rule_set text NOT NULL,
	evaluator_version int NOT NULL,
	domain text NOT NULL DEFAULT 'commercial' CONSTRAINT decision_domain CHECK (domain IN ('commercial', 'medical', 'access')),
	user_id uuid,
	territory_id uuid,
	valid_at timestamptz NOT NULL,
	known_at timestamptz NOT NULL,
	decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	decided_by name NOT NULL DEFAULT session_user,
	CONSTRAINT decision_pkey PRIMARY KEY (decision_id),
	CONSTRAINT decision_permit_key UNIQUE (decision_id, fact_id, kind, account_id, product_id, quantity, admission),
	CONSTRAINT decision_permits CHECK (CASE admission
		WHEN 'permit' THEN outcome IN ('allow', 'warn')
		WHEN 'record' THEN outcome = 'record'
		ELSE true END),
	CONSTRAINT decision_advice CHECK (admission = 'none' OR fact_id <> '00000000-0000-0000-0000-000000000000'),
	CONSTRAINT decision_account_fkey FOREIGN KEY (account_id) REFERENCES account
);
CREATE INDEX decision_account_idx ON decision (account_id, decided_at);
CREATE INDEX decision_fact_idx ON decision (fact_id) WHERE fact_id <> '00000000-0000-0000-0000-000000000000';
COMMENT ON TABLE decision IS 'every stored decision with the facts it saw. admission none is advice or a refusal and permits nothing; a permit names the one fact it is for';
COMMENT ON COLUMN decision.decision_id IS 'generated, time-ordered';
COMMENT ON COLUMN decision.fact_id IS 'the one row that the decision is for, by its own id; all zeros: advice, for no row';
COMMENT ON COLUMN decision.kind IS 'action that was judged';
COMMENT ON COLUMN decision.account_id IS 'recipient, as it was stored with the fact, not the survivor of a merge';
COMMENT ON COLUMN decision.product_id IS 'product that was judged; all zeros: none, as for a message without a product';
COMMENT ON COLUMN decision.quantity IS 'units that were judged; 0: nothing is counted';
COMMENT ON COLUMN decision.admission IS 'permit: admits fact_id by foreign key; record: admits it as recorded against the rules; none: admits nothing';
COMMENT ON COLUMN decision.outcome IS 'allow, warn (taken with a justification), deny, or record';
COMMENT ON COLUMN decision.reason_codes IS 'reasons of all rules that failed or warned, the primary one first; {}: none';
COMMENT ON COLUMN decision.obligations IS 'what has to be done along with the action: codes of code set obligation, with the last day where there is one, [{"code": …, "due": date}]; the shape of can_contact()';
COMMENT ON COLUMN decision.evaluator_version IS 'version of the code that judged';
COMMENT ON COLUMN decision.domain IS 'side of the firewall between sales and medicine that the acting user stood on';
COMMENT ON COLUMN decision.user_id IS 'acting user; NULL: none was known';
COMMENT ON COLUMN decision.territory_id IS 'territory that acted; NULL: none was needed or known';
COMMENT ON COLUMN decision.valid_at IS 'when the action took or takes place';
COMMENT ON COLUMN decision.known_at IS 'state of knowledge it was judged by';
COMMENT ON COLUMN decision.decided_at IS 'when it was stored';
COMMENT ON COLUMN decision.decided_by IS 'database role of the session';
COMMENT ON COLUMN decision.facts IS 'what the rules read: ids, codes, dates, quantities and row versions; no names, no addresses, licence numbers as keyed hashes. decision_steps() recomputes every rule from it. Read by compliance, auditor and system only';
COMMENT ON COLUMN decision.rule_set IS 'SHA-256 over the approved rule rows in force, hexadecimal';
COMMENT ON CONSTRAINT decision_permit_key ON decision IS 'what a fact points at by foreign key: with the id, everything that was judged has to be the same';
COMMENT ON CONSTRAINT decision_permits ON decision IS 'a refusal is no permit';
COMMENT ON CONSTRAINT decision_advice ON decision IS 'what admits a fact names the fact';
COMMENT ON INDEX decision_fact_idx IS 'decisions for a fact; advice is for none';
