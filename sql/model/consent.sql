-- Consent and messages.  Consent is a log of events; the state is resolved from
-- it when it is asked for, over every scope that covers the question.

CREATE TABLE data_use_purpose (
	purpose text NOT NULL CONSTRAINT data_use_purpose_form CHECK (purpose ~ '^[a-z][a-z0-9_]*$'),
	parent text,
	description text NOT NULL,
	has_channel boolean NOT NULL DEFAULT true,
	CONSTRAINT data_use_purpose_pkey PRIMARY KEY (purpose),
	CONSTRAINT data_use_purpose_parent_fkey FOREIGN KEY (parent) REFERENCES data_use_purpose,
	CONSTRAINT data_use_purpose_not_own CHECK (parent <> purpose)
);
COMMENT ON TABLE data_use_purpose IS 'purposes of use; consent to a purpose covers the purposes under it. has_channel = false: a purpose without a channel, such as receiving samples';

CREATE TABLE channel_type (
	channel text NOT NULL,
	contact_kind text NOT NULL CONSTRAINT channel_type_kind CHECK (contact_kind IN ('address', 'email', 'phone', 'social')),
	CONSTRAINT channel_type_pkey PRIMARY KEY (channel)
);
COMMENT ON TABLE channel_type IS 'channels of outreach and the kind of contact point each one needs';

CREATE TABLE consent_regime (
	regime_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	country_code text NOT NULL,
	purpose text NOT NULL,
	channel text,
	default_state text NOT NULL CONSTRAINT consent_regime_default CHECK (default_state IN ('opt_in', 'opt_out', 'never')),
	admissible_basis text[] NOT NULL DEFAULT '{consent}',
	double_opt_in boolean NOT NULL DEFAULT false,
	confirm_unless_method text[] NOT NULL DEFAULT '{}',
	evidence_required text[] NOT NULL DEFAULT '{text_version,method,captured_at}',
	expires_after interval CONSTRAINT consent_regime_expires CHECK (date_trunc('day', expires_after) = expires_after AND expires_after > '0'),
	expires_from text NOT NULL DEFAULT 'opt_in' CONSTRAINT consent_regime_expires_from CHECK (expires_from IN ('opt_in', 'last_contact')),
	basis_ages jsonb NOT NULL DEFAULT '{}' CONSTRAINT consent_regime_basis_ages CHECK (jsonb_typeof(basis_ages) = 'object'),
	hours_from time,
	hours_to time,
	stop_within_business_days int CONSTRAINT consent_regime_stop_within CHECK (stop_within_business_days BETWEEN 1 AND 365),
	retain_for interval CONSTRAINT consent_regime_retain CHECK (date_trunc('day', retain_for) = retain_for AND retain_for > '0'),
	obligations text[] NOT NULL DEFAULT '{}',
	legal_ref text NOT NULL,
	certainty text NOT NULL CONSTRAINT consent_regime_certainty CHECK (certainty IN ('A', 'B', 'C')),
	status text NOT NULL DEFAULT 'draft' CONSTRAINT consent_regime_status CHECK (status IN ('draft', 'approved', 'retired')),
	authored_by text NOT NULL DEFAULT session_user,
	approved_by text,
	approved_at timestamptz,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT consent_regime_pkey PRIMARY KEY (regime_id),
	CONSTRAINT consent_regime_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT consent_regime_purpose_fkey FOREIGN KEY (purpose) REFERENCES data_use_purpose,
	CONSTRAINT consent_regime_channel_fkey FOREIGN KEY (channel) REFERENCES channel_type,
	CONSTRAINT consent_regime_hours CHECK ((hours_from IS NULL) = (hours_to IS NULL) AND hours_from < hours_to),
	CONSTRAINT consent_regime_approval CHECK (status <> 'approved' OR (approved_by IS NOT NULL AND approved_at IS NOT NULL AND approved_by <> authored_by)),
	CONSTRAINT consent_regime_valid CHECK (valid_from < valid_to),
	CONSTRAINT consent_regime_no_overlap EXCLUDE USING gist
		(country_code WITH =, purpose WITH =, (coalesce(channel, '')) WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (status = 'approved')
);
COMMENT ON COLUMN consent_regime.double_opt_in IS 'an opt-in is pending until the person confirms it, except when it was given by a method of confirm_unless_method, which proves the person by itself';
COMMENT ON COLUMN consent_regime.basis_ages IS 'how long the basis implied_existing_business lasts after the event it rests on: {"purchase": "2 years", "inquiry": "6 months"}; when not empty, other events are no basis';
COMMENT ON COLUMN consent_regime.expires_after IS 'age at which every opt-in lapses, counted in days of the recipient from the opt-in or from the last contact (expires_from)';
COMMENT ON COLUMN consent_regime.hours_from IS 'contact is allowed from hours_from to before hours_to, local time of the recipient';
COMMENT ON COLUMN consent_regime.retain_for IS 'how long after a contact the evidence is to be kept (obligation RETAIN)';
COMMENT ON TABLE consent_regime IS 'what the law of the recipient''s country wants for a purpose and channel (NULL: any). No approved row: consent is needed and only consent is a basis';

CREATE TABLE consent_event (
	event_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	controller_id uuid NOT NULL,
	purpose text NOT NULL,
	channel text,
	product_id uuid,
	contact_point_id uuid,
	action text NOT NULL CONSTRAINT consent_event_action CHECK (action IN ('opt_in', 'pending', 'confirm', 'withdraw', 'object')),
	basis text NOT NULL DEFAULT 'consent' CONSTRAINT consent_event_basis CHECK (basis IN
		('consent', 'prior_express_written', 'legitimate_interest', 'implied_existing_business', 'address_notified_in_writing', 'contract', 'legal_obligation')),
	evidence jsonb NOT NULL DEFAULT '{}' CONSTRAINT consent_event_evidence CHECK (jsonb_typeof(evidence) = 'object'),
	source text NOT NULL DEFAULT 'app',
	signature_id uuid,
	visit_id uuid,
	related_event_id uuid,
	token_sha256 bytea CONSTRAINT consent_event_token CHECK (octet_length(token_sha256) = 32),
	token_expires_at timestamptz,
	captured_at timestamptz NOT NULL,
	effective_from timestamptz NOT NULL,
	effective_to timestamptz NOT NULL DEFAULT '9999-12-31 00:00+00',
	recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	recorded_by name NOT NULL DEFAULT session_user,
	CONSTRAINT consent_event_pkey PRIMARY KEY (event_id),
	CONSTRAINT consent_event_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT consent_event_controller_fkey FOREIGN KEY (controller_id) REFERENCES company,
	CONSTRAINT consent_event_purpose_fkey FOREIGN KEY (purpose) REFERENCES data_use_purpose,
	CONSTRAINT consent_event_channel_fkey FOREIGN KEY (channel) REFERENCES channel_type,
	CONSTRAINT consent_event_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT consent_event_contact_fkey FOREIGN KEY (contact_point_id) REFERENCES contact_point,
	CONSTRAINT consent_event_signature_fkey FOREIGN KEY (signature_id) REFERENCES signature,
	CONSTRAINT consent_event_visit_fkey FOREIGN KEY (visit_id) REFERENCES visit,
	CONSTRAINT consent_event_related_fkey FOREIGN KEY (related_event_id) REFERENCES consent_event,
	CONSTRAINT consent_event_confirm CHECK (action <> 'confirm' OR related_event_id IS NOT NULL),
	CONSTRAINT consent_event_pending CHECK ((token_sha256 IS NULL) = (token_expires_at IS NULL) AND (token_sha256 IS NULL OR action = 'pending')),
	CONSTRAINT consent_event_effective CHECK (effective_from < effective_to)
);
CREATE INDEX consent_event_account_idx ON consent_event (account_id, purpose, effective_from);
CREATE UNIQUE INDEX consent_event_token_key ON consent_event (token_sha256) WHERE token_sha256 IS NOT NULL;
CREATE UNIQUE INDEX consent_event_confirm_once ON consent_event (related_event_id) WHERE action = 'confirm';
COMMENT ON TABLE consent_event IS 'append-only log of consent: what was given, withdrawn or objected to, to which controller, for which scope (NULL: any), on which basis, with which evidence';

CREATE TABLE outbound_message (
	message_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL DEFAULT 'message_send' CONSTRAINT outbound_message_kind CHECK (kind = 'message_send'),
	account_id uuid NOT NULL,
	product_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
	quantity numeric NOT NULL DEFAULT 0 CONSTRAINT outbound_message_quantity CHECK (quantity = 0),
	admission text NOT NULL DEFAULT 'permit' CONSTRAINT outbound_message_admission CHECK (admission IN ('permit', 'record')),
	decision_id uuid NOT NULL,
	send_decision_id uuid,
	controller_id uuid NOT NULL,
	purpose text NOT NULL DEFAULT 'marketing',
	channel text NOT NULL,
	contact_point_id uuid NOT NULL,
	user_id uuid,
	state text NOT NULL DEFAULT 'queued' CONSTRAINT outbound_message_state CHECK (state IN ('queued', 'held', 'sent', 'delivered', 'opened', 'clicked', 'bounced', 'suppressed')),
	queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	sent_at timestamptz,
	CONSTRAINT outbound_message_pkey PRIMARY KEY (message_id),
	CONSTRAINT outbound_message_decision_key UNIQUE (decision_id),
	CONSTRAINT outbound_message_send_key UNIQUE (send_decision_id),
	CONSTRAINT outbound_message_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT outbound_message_controller_fkey FOREIGN KEY (controller_id) REFERENCES company,
	CONSTRAINT outbound_message_purpose_fkey FOREIGN KEY (purpose) REFERENCES data_use_purpose,
	CONSTRAINT outbound_message_channel_fkey FOREIGN KEY (channel) REFERENCES channel_type,
	CONSTRAINT outbound_message_contact_fkey FOREIGN KEY (contact_point_id) REFERENCES contact_point,
	CONSTRAINT outbound_message_user_fkey FOREIGN KEY (user_id) REFERENCES app_user,
	CONSTRAINT outbound_message_permit FOREIGN KEY (decision_id, message_id, kind, account_id, product_id, quantity, admission)
		REFERENCES decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT outbound_message_send_permit FOREIGN KEY (send_decision_id, message_id, kind, account_id, product_id, quantity, admission)
		REFERENCES decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT outbound_message_two_permits CHECK (send_decision_id <> decision_id),
	CONSTRAINT outbound_message_sent CHECK ((state IN ('queued', 'held', 'suppressed')) OR (send_decision_id IS NOT NULL AND sent_at IS NOT NULL))
);
CREATE INDEX outbound_message_account_idx ON outbound_message (account_id, queued_at);
COMMENT ON TABLE outbound_message IS 'messages to accounts: one permit when queued, a second one when sent, because consent can change while a message waits';
