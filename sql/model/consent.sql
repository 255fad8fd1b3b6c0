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
COMMENT ON COLUMN data_use_purpose.purpose IS 'code, lower case';
COMMENT ON COLUMN data_use_purpose.parent IS 'purpose whose consent covers this one too; NULL: a root';
COMMENT ON COLUMN data_use_purpose.description IS 'what the purpose is, in words';
COMMENT ON COLUMN data_use_purpose.has_channel IS 'false: consent to it names no channel';

CREATE TABLE channel_type (
	channel text NOT NULL,
	contact_kind text NOT NULL CONSTRAINT channel_type_kind CHECK (contact_kind IN ('address', 'email', 'phone', 'social')),
	CONSTRAINT channel_type_pkey PRIMARY KEY (channel)
);
COMMENT ON TABLE channel_type IS 'channels of outreach and the kind of contact point each one needs';
COMMENT ON COLUMN channel_type.channel IS 'code, such as email, sms, post';
COMMENT ON COLUMN channel_type.contact_kind IS 'contact_point.kind that it needs';

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
	end_on date,
	end_asked_by text,
	end_approved_by text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT consent_regime_pkey PRIMARY KEY (regime_id),
	CONSTRAINT consent_regime_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT consent_regime_purpose_fkey FOREIGN KEY (purpose) REFERENCES data_use_purpose,
	CONSTRAINT consent_regime_channel_fkey FOREIGN KEY (channel) REFERENCES channel_type,
	CONSTRAINT consent_regime_hours CHECK ((hours_from IS NULL) = (hours_to IS NULL) AND hours_from < hours_to),
	CONSTRAINT consent_regime_ending CHECK ((end_on IS NULL) = (end_asked_by IS NULL)
		AND (end_approved_by IS NULL OR (end_asked_by IS NOT NULL AND end_approved_by <> end_asked_by))),
	CONSTRAINT consent_regime_approval CHECK (status <> 'approved' OR (approved_by IS NOT NULL AND approved_at IS NOT NULL AND approved_by <> authored_by)),
	CONSTRAINT consent_regime_valid CHECK (valid_from < valid_to),
	CONSTRAINT consent_regime_no_overlap EXCLUDE USING gist
		(country_code WITH =, purpose WITH =, (coalesce(channel, '')) WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (status = 'approved')
);
CREATE INDEX consent_regime_purpose_idx ON consent_regime (country_code, purpose);
COMMENT ON COLUMN consent_regime.double_opt_in IS 'an opt-in is pending until the person confirms it, except when it was given by a method of confirm_unless_method, which proves the person by itself';
COMMENT ON COLUMN consent_regime.basis_ages IS 'how long the basis implied_existing_business lasts after the event it rests on: {"purchase": "2 years", "inquiry": "6 months"}; when not empty, other events are no basis';
COMMENT ON COLUMN consent_regime.expires_after IS 'age at which every opt-in lapses, counted in days of the recipient from the opt-in or from the last contact (expires_from)';
COMMENT ON COLUMN consent_regime.hours_from IS 'contact is allowed from hours_from to before hours_to, local time of the recipient';
COMMENT ON COLUMN consent_regime.retain_for IS 'how long after a contact the evidence is to be kept (obligation RETAIN)';
COMMENT ON TABLE consent_regime IS 'what the law of the recipient''s country wants for a purpose and channel (NULL: any). No approved row: consent is needed and only consent is a basis';
COMMENT ON INDEX consent_regime_purpose_idx IS 'the regime of a country for a purpose';
COMMENT ON COLUMN consent_regime.regime_id IS 'generated; seeded rows have theirs from country, purpose and channel';
COMMENT ON COLUMN consent_regime.country_code IS 'country of the recipient';
COMMENT ON COLUMN consent_regime.purpose IS 'purpose the row speaks of, with those under it that have no row of their own';
COMMENT ON COLUMN consent_regime.channel IS 'channel the row speaks of; NULL: any';
COMMENT ON COLUMN consent_regime.default_state IS 'opt_in: no without an event; opt_out: yes without one; never: no, whatever was given';
COMMENT ON COLUMN consent_regime.admissible_basis IS 'values of consent_event.basis that the law accepts';
COMMENT ON COLUMN consent_regime.confirm_unless_method IS 'methods of evidence that need no confirmation, see double_opt_in';
COMMENT ON COLUMN consent_regime.evidence_required IS 'keys that consent_event.evidence must have for a basis to count; missing ones are CONSENT_EVIDENCE';
COMMENT ON COLUMN consent_regime.expires_from IS 'where expires_after begins: the opt-in, or the last contact after it';
COMMENT ON COLUMN consent_regime.hours_to IS 'end of the hours of contact, exclusive, local time of the recipient; NULL with hours_from: any hour';
COMMENT ON COLUMN consent_regime.stop_within_business_days IS 'how soon a withdrawal has to be honoured by all systems, business days; NULL: the law names none';
COMMENT ON COLUMN consent_regime.obligations IS 'codes of code set obligation that come with a permitted contact';
COMMENT ON COLUMN consent_regime.legal_ref IS 'where the rule is written';
COMMENT ON COLUMN consent_regime.certainty IS 'A: primary text read, B: secondary source, C: from memory';
COMMENT ON COLUMN consent_regime.status IS 'only approved rows are read; draft before, retired after';
COMMENT ON COLUMN consent_regime.authored_by IS 'login or role of the last author; set by the server';
COMMENT ON COLUMN consent_regime.approved_by IS 'login or role of the approver, never the last author; NULL: not approved';
COMMENT ON COLUMN consent_regime.approved_at IS 'when it was approved; NULL: not approved';
COMMENT ON COLUMN consent_regime.end_on IS 'first day on which it shall not hold any more, as one person has asked; another one then ends it: valid_to. NULL: nobody asks';
COMMENT ON COLUMN consent_regime.end_asked_by IS 'login or role of who asked to end it; set by the server, NULL: nobody';
COMMENT ON COLUMN consent_regime.end_approved_by IS 'login or role of who ended it, never who asked; NULL: it was not ended so';
COMMENT ON CONSTRAINT consent_regime_no_overlap ON consent_regime IS 'one approved row at a time for country, purpose and channel; any channel counts as one';

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
	CONSTRAINT consent_event_effective CHECK (effective_from < effective_to AND effective_to < 'infinity')
);
CREATE INDEX consent_event_account_idx ON consent_event (account_id, purpose, effective_from);
CREATE UNIQUE INDEX consent_event_token_key ON consent_event (token_sha256) WHERE token_sha256 IS NOT NULL;
CREATE UNIQUE INDEX consent_event_confirm_once ON consent_event (related_event_id) WHERE action = 'confirm';
COMMENT ON TABLE consent_event IS 'append-only log of consent: what was given, withdrawn or objected to, to which controller, for which scope (NULL: any), on which basis, with which evidence';
COMMENT ON COLUMN consent_event.event_id IS 'generated, time-ordered, or the device''s own';
COMMENT ON COLUMN consent_event.account_id IS 'person who spoke';
COMMENT ON COLUMN consent_event.controller_id IS 'company to which it was said';
COMMENT ON COLUMN consent_event.purpose IS 'purpose it covers, with those under it';
COMMENT ON COLUMN consent_event.channel IS 'channel it covers; NULL: any';
COMMENT ON COLUMN consent_event.product_id IS 'product it covers, with those under it; NULL: any';
COMMENT ON COLUMN consent_event.contact_point_id IS 'address it covers; NULL: any';
COMMENT ON COLUMN consent_event.action IS 'opt_in; pending: opt_in that still has to be confirmed; confirm: of related_event_id; withdraw; object';
COMMENT ON COLUMN consent_event.basis IS 'legal basis on which data are used';
COMMENT ON COLUMN consent_event.evidence IS 'proof: text_version, method, captured_by and what the regime asks for; never the token';
COMMENT ON COLUMN consent_event.source IS 'system that sent it in';
COMMENT ON COLUMN consent_event.signature_id IS 'signature that proves it; NULL: proved otherwise';
COMMENT ON COLUMN consent_event.visit_id IS 'visit in which it was given; NULL: none';
COMMENT ON COLUMN consent_event.related_event_id IS 'pending event that a confirm confirms; NULL: none';
COMMENT ON COLUMN consent_event.token_sha256 IS 'SHA-256 of the token that the person sends back, only on pending; NULL: nothing to confirm';
COMMENT ON COLUMN consent_event.token_expires_at IS 'until when the token works, comes with it';
COMMENT ON COLUMN consent_event.captured_at IS 'when the person said it';
COMMENT ON COLUMN consent_event.effective_from IS 'begin of what it covers, inclusive; a withdrawal in advance lies in the future';
COMMENT ON COLUMN consent_event.effective_to IS 'end of what it covers, exclusive; open: 9999-12-31';
COMMENT ON COLUMN consent_event.recorded_at IS 'when the database stored it: the axis of known_at';
COMMENT ON COLUMN consent_event.recorded_by IS 'database role of the session';
COMMENT ON INDEX consent_event_token_key IS 'a token means one pending event';
COMMENT ON INDEX consent_event_confirm_once IS 'a pending event is confirmed once, also by two sessions';

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
COMMENT ON COLUMN outbound_message.message_id IS 'generated, time-ordered, or the sender''s own; decision.fact_id of both permits';
COMMENT ON COLUMN outbound_message.kind IS 'always message_send; part of the permit key';
COMMENT ON COLUMN outbound_message.account_id IS 'addressee';
COMMENT ON COLUMN outbound_message.product_id IS 'product it is about; all zeros: none';
COMMENT ON COLUMN outbound_message.quantity IS 'always 0; part of the permit key';
COMMENT ON COLUMN outbound_message.admission IS 'permit, or record for a message that went out elsewhere; part of the permit key';
COMMENT ON COLUMN outbound_message.decision_id IS 'permit to queue it, made by the server';
COMMENT ON COLUMN outbound_message.send_decision_id IS 'permit to send it, made by the server, another one; NULL: not sent';
COMMENT ON COLUMN outbound_message.controller_id IS 'company in whose name it goes out';
COMMENT ON COLUMN outbound_message.purpose IS 'what the data are used for';
COMMENT ON COLUMN outbound_message.channel IS 'how it goes out';
COMMENT ON COLUMN outbound_message.contact_point_id IS 'address it goes to, of the kind the channel needs';
COMMENT ON COLUMN outbound_message.user_id IS 'who queued it; NULL: no user acted';
COMMENT ON COLUMN outbound_message.state IS 'queued, held and suppressed before it goes out, the rest after; see doc/consent.md for the order';
COMMENT ON COLUMN outbound_message.queued_at IS 'when it was queued, set by the server';
COMMENT ON COLUMN outbound_message.sent_at IS 'when it went out, set by the server; NULL: not sent';
COMMENT ON CONSTRAINT outbound_message_permit ON outbound_message IS 'the message exists only with the decision that permits queueing it';
COMMENT ON CONSTRAINT outbound_message_send_permit ON outbound_message IS 'what was sent has a second decision that permits sending it';
COMMENT ON CONSTRAINT outbound_message_decision_key ON outbound_message IS 'a permit is used once';
COMMENT ON CONSTRAINT outbound_message_send_key ON outbound_message IS 'a permit is used once';
