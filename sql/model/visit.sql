-- Visits and signatures.

CREATE TABLE visit (
	visit_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	territory_id uuid NOT NULL,
	owner_id uuid NOT NULL,
	place_id uuid,
	domain text NOT NULL DEFAULT 'commercial' CONSTRAINT visit_domain CHECK (domain IN ('commercial', 'medical', 'access')),
	channel text NOT NULL DEFAULT 'in_person' CONSTRAINT visit_channel CHECK (channel IN ('in_person', 'phone', 'video', 'email', 'sms', 'chat', 'portal')),
	status text NOT NULL DEFAULT 'planned' CONSTRAINT visit_status CHECK (status IN
		('planned', 'confirmed', 'in_progress', 'on_hold', 'completed', 'signed', 'submitted', 'cancelled', 'no_show', 'reopened')),
	planned_from timestamptz,
	planned_to timestamptz,
	actual_from timestamptz,
	actual_to timestamptz,
	objective text,
	submitted_at timestamptz,
	delay_reason text,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT visit_pkey PRIMARY KEY (visit_id),
	CONSTRAINT visit_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT visit_territory_fkey FOREIGN KEY (territory_id) REFERENCES territory_node,
	CONSTRAINT visit_owner_fkey FOREIGN KEY (owner_id) REFERENCES app_user,
	CONSTRAINT visit_place_fkey FOREIGN KEY (place_id) REFERENCES contact_point,
	CONSTRAINT visit_planned CHECK (planned_from < planned_to),
	CONSTRAINT visit_actual CHECK (actual_from <= actual_to),
	CONSTRAINT visit_no_double_booking EXCLUDE USING gist
		(owner_id WITH =, tstzrange(planned_from, planned_to) WITH &&)
		WHERE (status IN ('planned', 'confirmed') AND planned_from IS NOT NULL)
);
CREATE INDEX visit_account_idx ON visit (account_id, actual_from);
CREATE INDEX visit_territory_idx ON visit (territory_id, actual_from);
COMMENT ON TABLE visit IS 'a call on an account by a user of a territory, in person or remote; domain separates medical from commercial work';
COMMENT ON COLUMN visit.visit_id IS 'generated, time-ordered';
COMMENT ON COLUMN visit.account_id IS 'who is visited';
COMMENT ON COLUMN visit.territory_id IS 'territory on whose behalf';
COMMENT ON COLUMN visit.owner_id IS 'user who visits, and who alone may hand over samples in it';
COMMENT ON COLUMN visit.place_id IS 'address where it takes place; deliveries of the visit go there; NULL: not named';
COMMENT ON COLUMN visit.domain IS 'side of the firewall between sales and medicine';
COMMENT ON COLUMN visit.channel IS 'how people meet';
COMMENT ON COLUMN visit.status IS 'course of the visit; a hand-over needs one that is under way';
COMMENT ON COLUMN visit.planned_from IS 'begin of the appointment; NULL: none';
COMMENT ON COLUMN visit.planned_to IS 'end of the appointment, after planned_from; NULL: none';
COMMENT ON COLUMN visit.actual_from IS 'when it began; NULL: not begun';
COMMENT ON COLUMN visit.actual_to IS 'when it ended, not before actual_from; NULL: not ended';
COMMENT ON COLUMN visit.objective IS 'what the visit is for, in words; NULL: not stated';
COMMENT ON COLUMN visit.submitted_at IS 'when the report was handed in; NULL: not yet';
COMMENT ON COLUMN visit.delay_reason IS 'why it was reported late; NULL: it was not, or nothing was said';
COMMENT ON COLUMN visit.created_at IS 'when the row was stored';
COMMENT ON CONSTRAINT visit_no_double_booking ON visit IS 'a user has one appointment at a time, as long as they are only planned';

CREATE TABLE signature (
	signature_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	purpose text NOT NULL CONSTRAINT signature_purpose CHECK (purpose IN ('sample_request', 'sample_receipt', 'consent', 'inquiry', 'visit_ack', 'count', 'transfer')),
	signer_account_id uuid,
	signer_user_id uuid,
	printed_name text NOT NULL,
	meaning text NOT NULL,
	method text NOT NULL CONSTRAINT signature_method CHECK (method IN ('pad', 'remote_link', 'sign_later', 'paper')),
	paper_form_no text,
	image_sha256 bytea CONSTRAINT signature_image CHECK (octet_length(image_sha256) = 32),
	payload_sha256 bytea NOT NULL CONSTRAINT signature_payload CHECK (octet_length(payload_sha256) = 32),
	signed_at timestamptz NOT NULL,
	captured_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	expires_at timestamptz,
	CONSTRAINT signature_pkey PRIMARY KEY (signature_id),
	CONSTRAINT signature_account_fkey FOREIGN KEY (signer_account_id) REFERENCES account,
	CONSTRAINT signature_user_fkey FOREIGN KEY (signer_user_id) REFERENCES app_user,
	CONSTRAINT signature_one_signer CHECK (num_nonnulls(signer_account_id, signer_user_id) = 1),
	CONSTRAINT signature_paper CHECK (method <> 'paper' OR paper_form_no IS NOT NULL)
);
COMMENT ON TABLE signature IS 'electronic and paper signatures: who, when, with which meaning, over which digest (21 CFR 11.50, 11.70)';
COMMENT ON COLUMN signature.signature_id IS 'generated, time-ordered';
COMMENT ON COLUMN signature.purpose IS 'what kind of paper is signed';
COMMENT ON COLUMN signature.signer_account_id IS 'account that signs; NULL: a user does';
COMMENT ON COLUMN signature.signer_user_id IS 'user who signs; NULL: an account does';
COMMENT ON COLUMN signature.printed_name IS 'name of the signer in print (21 CFR 11.50(a)(1))';
COMMENT ON COLUMN signature.meaning IS 'what the signature says, such as request or receipt (21 CFR 11.50(a)(3))';
COMMENT ON COLUMN signature.method IS 'how it was given; paper needs paper_form_no';
COMMENT ON COLUMN signature.paper_form_no IS 'number of the paper form; NULL: electronic';
COMMENT ON COLUMN signature.image_sha256 IS 'digest of the picture of the signature, 32 bytes; NULL: there is no picture';
COMMENT ON COLUMN signature.payload_sha256 IS 'digest of what was signed, 32 bytes; binds the signature to it (21 CFR 11.70)';
COMMENT ON COLUMN signature.signed_at IS 'when it was given, by the signer (21 CFR 11.50(a)(2))';
COMMENT ON COLUMN signature.captured_at IS 'when the database stored it';
COMMENT ON COLUMN signature.expires_at IS 'until when it may be used for a request; NULL: without end';
