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
COMMENT ON COLUMN decision.facts IS 'what the rules read: ids, codes, dates, quantities and row versions; no names, no addresses, licence numbers as keyed hashes. decision_steps() recomputes every rule from it';
COMMENT ON COLUMN decision.rule_set IS 'SHA-256 over the approved rule rows in force, hexadecimal';
