-- Core: who we are (companies, users), where we are (countries, regions), the
-- open code lists, and the tables every other module leans on.
--
-- Dates are stored half-open, [valid_from, valid_to); an open end is 0001-01-01
-- or 9999-12-31.  People speak of the last valid day: expires_on = valid_to - 1.

CREATE TABLE model_version (
	version int NOT NULL CONSTRAINT model_version_positive CHECK (version > 0),
	extension_version text NOT NULL,
	installed_by name NOT NULL DEFAULT current_user,
	installed_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT model_version_pkey PRIMARY KEY (version)
);
COMMENT ON TABLE model_version IS 'version of the model of this schema; the newest row counts. Written by lsce.create_model() and lsce.upgrade_model()';
COMMENT ON COLUMN model_version.version IS 'number of the model''s layout, counted up by 1; must be lsce._model_version() for the code that is loaded';
COMMENT ON COLUMN model_version.extension_version IS 'version of lsce that wrote the row';
COMMENT ON COLUMN model_version.installed_by IS 'database role that created or upgraded the model';
COMMENT ON COLUMN model_version.installed_at IS 'start of the transaction that did so';

CREATE TABLE model_secret (
	name text NOT NULL,
	value bytea NOT NULL CONSTRAINT model_secret_length CHECK (octet_length(value) >= 32),
	CONSTRAINT model_secret_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE model_secret IS 'keys that nobody but the owner reads: facts_key keys the digests of licence numbers in decision.facts, token_key the tokens that confirm consent. Dumped with the model, so that digests stay comparable';
COMMENT ON COLUMN model_secret.name IS 'what the key is for: facts_key or token_key';
COMMENT ON COLUMN model_secret.value IS 'the key, at least 32 bytes';
INSERT INTO model_secret SELECT k.name, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) FROM unnest('{facts_key,token_key}'::text[]) AS k (name);

CREATE TABLE country (
	country_code text NOT NULL CONSTRAINT country_code_form CHECK (country_code ~ '^[A-Z]{2}$'),
	name text NOT NULL,
	tz text NOT NULL,
	CONSTRAINT country_pkey PRIMARY KEY (country_code)
);
COMMENT ON TABLE country IS 'countries by ISO 3166-1 alpha-2 code; tz is the zone of the capital, used where a region has none';
COMMENT ON COLUMN country.country_code IS 'ISO 3166-1 alpha-2, upper case';
COMMENT ON COLUMN country.name IS 'English short name';
COMMENT ON COLUMN country.tz IS 'IANA time zone of the capital';

CREATE TABLE region (
	region_code text NOT NULL CONSTRAINT region_code_form CHECK (region_code ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'),
	country_code text NOT NULL,
	name text NOT NULL,
	tz text NOT NULL,
	CONSTRAINT region_pkey PRIMARY KEY (region_code),
	CONSTRAINT region_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT region_in_country CHECK (starts_with(region_code, country_code || '-'))
);
COMMENT ON TABLE region IS 'states, provinces, prefectures by ISO 3166-2 code; tz decides the business day of a delivery there';
COMMENT ON COLUMN region.region_code IS 'ISO 3166-2: code of the country, a hyphen, one to three letters or digits';
COMMENT ON COLUMN region.country_code IS 'country the region belongs to; the first two letters of region_code';
COMMENT ON COLUMN region.name IS 'name shown to people';
COMMENT ON COLUMN region.tz IS 'IANA time zone in which most people of the region live';

CREATE TABLE code_value (
	code_set text NOT NULL,
	code text NOT NULL,
	lang text NOT NULL DEFAULT 'en',
	label text NOT NULL,
	parent_code text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	CONSTRAINT code_value_pkey PRIMARY KEY (code_set, code, lang),
	CONSTRAINT code_value_valid CHECK (valid_from < valid_to)
);
COMMENT ON TABLE code_value IS 'labels of open code sets, one row per language; closed sets that the engine branches on are CHECKs';
COMMENT ON COLUMN code_value.code_set IS 'name of the set, such as specialty, limit_recipient, obligation';
COMMENT ON COLUMN code_value.code IS 'value that rows store';
COMMENT ON COLUMN code_value.lang IS 'language of the label, as BCP 47 subtag';
COMMENT ON COLUMN code_value.label IS 'text shown for the code in this language';
COMMENT ON COLUMN code_value.parent_code IS 'code above this one, or what it maps to; meaning depends on the set, NULL: none';

CREATE TABLE company (
	company_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	name text NOT NULL,
	kind text NOT NULL CONSTRAINT company_kind CHECK (kind IN ('own', 'affiliate', 'partner', 'contract_sales')),
	country_code text NOT NULL,
	is_controller boolean NOT NULL DEFAULT true,
	CONSTRAINT company_pkey PRIMARY KEY (company_id),
	CONSTRAINT company_code_key UNIQUE (code),
	CONSTRAINT company_country_fkey FOREIGN KEY (country_code) REFERENCES country
);
COMMENT ON TABLE company IS 'legal entities: our own, affiliates, co-promotion partners, contract sales organisations; is_controller: may hold consent in its own name';
COMMENT ON COLUMN company.company_id IS 'generated, time-ordered';
COMMENT ON COLUMN company.code IS 'short unique key for people and imports';
COMMENT ON COLUMN company.name IS 'legal name';
COMMENT ON COLUMN company.kind IS 'own: us; affiliate: same group; partner: co-promotion; contract_sales: leased field force';
COMMENT ON COLUMN company.country_code IS 'country of the seat';
COMMENT ON COLUMN company.is_controller IS 'may be the company to which consent is given; where it may not, consent to the company of the product counts';

CREATE TABLE app_user (
	user_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	login text NOT NULL,
	db_role name,
	display_name text NOT NULL,
	lang text NOT NULL DEFAULT 'en',
	tz text NOT NULL DEFAULT 'UTC',
	company_id uuid NOT NULL,
	CONSTRAINT app_user_pkey PRIMARY KEY (user_id),
	CONSTRAINT app_user_login_key UNIQUE (login),
	CONSTRAINT app_user_db_role_key UNIQUE (db_role),
	CONSTRAINT app_user_company_fkey FOREIGN KEY (company_id) REFERENCES company
);
COMMENT ON TABLE app_user IS 'users of the application; db_role is the database role that acts as this user, NULL when only a pool does. What a user is stands, dated, in user_assignment';
COMMENT ON COLUMN app_user.user_id IS 'generated, time-ordered';
COMMENT ON COLUMN app_user.login IS 'name in the application, unique; lsce.login holds it for sessions of a pool';
COMMENT ON COLUMN app_user.db_role IS 'database role that acts as this user, one user for a role; NULL: only a pool acts for him';
COMMENT ON COLUMN app_user.display_name IS 'name shown to people';
COMMENT ON COLUMN app_user.lang IS 'language in which the user reads texts, as BCP 47 subtag';
COMMENT ON COLUMN app_user.tz IS 'IANA time zone; "today" of the user is the day there';
COMMENT ON COLUMN app_user.company_id IS 'employer; decides whose consent and whose products he works with';

CREATE TABLE user_assignment (
	assignment_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	user_id uuid NOT NULL,
	persona text NOT NULL CONSTRAINT user_assignment_persona CHECK (persona IN
		('field_rep', 'inside_rep', 'partner_rep', 'kam', 'msl', 'medinfo', 'safety', 'manager', 'admin', 'data_steward',
		 'sample_ops', 'mops', 'compliance', 'auditor', 'ingest', 'pool', 'system')),
	team_id uuid,
	country_code text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT user_assignment_pkey PRIMARY KEY (assignment_id),
	CONSTRAINT user_assignment_user_fkey FOREIGN KEY (user_id) REFERENCES app_user,
	CONSTRAINT user_assignment_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT user_assignment_valid CHECK (valid_from < valid_to),
	CONSTRAINT user_assignment_no_overlap EXCLUDE USING gist
		(user_id WITH =, persona WITH =, (coalesce(team_id, '00000000-0000-0000-0000-000000000000')) WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX user_assignment_user_idx ON user_assignment (user_id);
COMMENT ON TABLE user_assignment IS 'what a user is, from when to when: persona, sales team, country (NULL: every country)';
COMMENT ON COLUMN user_assignment.assignment_id IS 'generated, time-ordered';
COMMENT ON COLUMN user_assignment.user_id IS 'whose persona this is';
COMMENT ON COLUMN user_assignment.persona IS 'role in the work; decides what he sees and, by rule EL04, what he may do';
COMMENT ON COLUMN user_assignment.team_id IS 'sales team he works for; NULL: none';
COMMENT ON COLUMN user_assignment.country_code IS 'country the persona is held for; NULL: every country';
COMMENT ON INDEX user_assignment_user_idx IS 'personas of who acts, asked by every decision';
COMMENT ON CONSTRAINT user_assignment_no_overlap ON user_assignment IS 'a user has a persona in a team once at a time; no team counts as one';

CREATE TABLE user_qualification (
	qualification_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	user_id uuid NOT NULL,
	kind text NOT NULL,
	level int NOT NULL DEFAULT 1 CONSTRAINT user_qualification_level CHECK (level >= 1),
	product_id uuid,
	jurisdiction text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	expires_on date GENERATED ALWAYS AS (CASE WHEN valid_to < DATE '9999-12-31' THEN valid_to - 1 END) STORED,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT user_qualification_pkey PRIMARY KEY (qualification_id),
	CONSTRAINT user_qualification_user_fkey FOREIGN KEY (user_id) REFERENCES app_user,
	CONSTRAINT user_qualification_valid CHECK (valid_from < valid_to)
);
CREATE INDEX user_qualification_user_idx ON user_qualification (user_id);
COMMENT ON TABLE user_qualification IS 'trainings, registrations and licence levels of a user, for one product and jurisdiction (country or region code) or, when NULL, for all';
COMMENT ON COLUMN user_qualification.qualification_id IS 'generated, time-ordered';
COMMENT ON COLUMN user_qualification.user_id IS 'who is qualified';
COMMENT ON COLUMN user_qualification.kind IS 'training, registration or licence, as sampling_policy.user_qualification_kind names it';
COMMENT ON COLUMN user_qualification.level IS '1 or more; a policy asks for at least a level';
COMMENT ON COLUMN user_qualification.product_id IS 'product, brand or class it was given for; NULL: all';
COMMENT ON COLUMN user_qualification.jurisdiction IS 'country or region code where it counts; NULL: everywhere';
COMMENT ON COLUMN user_qualification.expires_on IS 'last valid day, from valid_to; NULL: open';

CREATE TABLE setting (
	setting_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	name text NOT NULL,
	scope text NOT NULL DEFAULT 'org' CONSTRAINT setting_scope CHECK (scope IN ('org', 'country', 'persona', 'user')),
	scope_key text NOT NULL DEFAULT '',
	value jsonb NOT NULL,
	valid_from timestamptz NOT NULL DEFAULT '0001-01-01 00:00+00',
	valid_to timestamptz NOT NULL DEFAULT '9999-12-31 00:00+00',
	set_by name NOT NULL DEFAULT current_user,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT setting_pkey PRIMARY KEY (setting_id),
	CONSTRAINT setting_valid CHECK (valid_from < valid_to),
	CONSTRAINT setting_scope_key CHECK ((scope = 'org') = (scope_key = '')),
	CONSTRAINT setting_no_overlap EXCLUDE USING gist
		(name WITH =, scope WITH =, scope_key WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX setting_name_idx ON setting (name);
COMMENT ON INDEX setting_name_idx IS 'settings of a name, asked by every decision';
COMMENT ON TABLE setting IS 'company parameters (license_verification_max_age_days, back_date_days, device_clock_tolerance_minutes, visit_tolerance_minutes, …); the narrowest scope wins: user, persona, country, org';
COMMENT ON COLUMN setting.setting_id IS 'generated; seeded rows have theirs from the name';
COMMENT ON COLUMN setting.name IS 'parameter; the code reads those it knows and ignores others';
COMMENT ON COLUMN setting.scope IS 'how wide the row holds: org, country, persona or user';
COMMENT ON COLUMN setting.scope_key IS 'country code, persona or login that scope speaks of; empty for org';
COMMENT ON COLUMN setting.value IS 'number, text or array as the parameter wants it';
COMMENT ON COLUMN setting.set_by IS 'database role that wrote the row';
COMMENT ON CONSTRAINT setting_no_overlap ON setting IS 'one value at a time for a name and scope';

CREATE TABLE external_key (
	entity text NOT NULL,
	id uuid NOT NULL,
	system text NOT NULL,
	value text NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	CONSTRAINT external_key_pkey PRIMARY KEY (entity, system, value, valid_from),
	CONSTRAINT external_key_valid CHECK (valid_from < valid_to),
	CONSTRAINT external_key_no_overlap EXCLUDE USING gist
		(value WITH =, system WITH =, entity WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX external_key_id_idx ON external_key (id);
COMMENT ON TABLE external_key IS 'every key by which another system knows one of our rows; entity is the name of the table';
COMMENT ON COLUMN external_key.entity IS 'table of ours whose row is meant, such as account';
COMMENT ON COLUMN external_key.id IS 'primary key of that row';
COMMENT ON COLUMN external_key.system IS 'the other system, such as veeva, sap, nppes';
COMMENT ON COLUMN external_key.value IS 'key of the row in that system; one row of ours at a time';
COMMENT ON CONSTRAINT external_key_no_overlap ON external_key IS 'a key of another system means one row at a time';

CREATE TABLE attachment (
	attachment_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	entity text NOT NULL,
	id uuid NOT NULL,
	sha256 bytea NOT NULL CONSTRAINT attachment_sha256 CHECK (octet_length(sha256) = 32),
	uri text NOT NULL,
	mime text NOT NULL,
	retain_until date NOT NULL DEFAULT '9999-12-31',
	CONSTRAINT attachment_pkey PRIMARY KEY (attachment_id)
);
CREATE INDEX attachment_id_idx ON attachment (id);
COMMENT ON TABLE attachment IS 'documents kept elsewhere, bound by digest to a row of the table named by entity';
COMMENT ON COLUMN attachment.attachment_id IS 'generated, time-ordered';
COMMENT ON COLUMN attachment.entity IS 'table of ours whose row the document belongs to';
COMMENT ON COLUMN attachment.id IS 'primary key of that row';
COMMENT ON COLUMN attachment.sha256 IS 'digest of the document''s bytes, 32 bytes';
COMMENT ON COLUMN attachment.uri IS 'where the document is kept';
COMMENT ON COLUMN attachment.mime IS 'media type, such as application/pdf';
COMMENT ON COLUMN attachment.retain_until IS 'first day on which it may be deleted';

CREATE TABLE currency_rate (
	from_currency text NOT NULL CONSTRAINT currency_rate_from CHECK (from_currency ~ '^[A-Z]{3}$'),
	to_currency text NOT NULL CONSTRAINT currency_rate_to CHECK (to_currency ~ '^[A-Z]{3}$'),
	day date NOT NULL,
	rate numeric NOT NULL CONSTRAINT currency_rate_positive CHECK (rate > 0),
	source text NOT NULL,
	CONSTRAINT currency_rate_pkey PRIMARY KEY (from_currency, to_currency, day, source)
);
COMMENT ON TABLE currency_rate IS 'how many units of to_currency one unit of from_currency bought on that day, ISO 4217 codes';
COMMENT ON COLUMN currency_rate.from_currency IS 'ISO 4217 code of what is converted';
COMMENT ON COLUMN currency_rate.to_currency IS 'ISO 4217 code of what it is converted to';
COMMENT ON COLUMN currency_rate.day IS 'date the rate was published for';
COMMENT ON COLUMN currency_rate.rate IS 'units of to_currency for one unit of from_currency, more than 0';
COMMENT ON COLUMN currency_rate.source IS 'publisher, such as ECB; several may give a rate for one day';

CREATE TABLE outbox (
	id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	topic text NOT NULL,
	entity_id uuid NOT NULL,
	payload jsonb NOT NULL DEFAULT '{}',
	secret jsonb,
	xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_xid_idx ON outbox (xid, id);
COMMENT ON TABLE outbox IS 'business events in commit order for other systems; read through outbox_read(), which never returns a gap';
COMMENT ON COLUMN outbox.id IS 'time-ordered; identifies the event when it is delivered twice';
COMMENT ON COLUMN outbox.topic IS 'what happened, such as sample.disbursed or consent.changed';
COMMENT ON COLUMN outbox.entity_id IS 'primary key of the row it is about';
COMMENT ON COLUMN outbox.payload IS 'ids and codes that a reader needs; no names or addresses';
COMMENT ON COLUMN outbox.secret IS 'what only the persona system may know, such as the token that goes to a person to confirm consent; delete the row when it was delivered. NULL: nothing';
COMMENT ON COLUMN outbox.xid IS 'transaction that made it happen; order and completeness of outbox_read() rest on it';
COMMENT ON COLUMN outbox.at IS 'when it was written';
COMMENT ON INDEX outbox_xid_idx IS 'order in which outbox_read() goes on';
