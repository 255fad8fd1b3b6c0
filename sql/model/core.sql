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

CREATE TABLE model_secret (
	name text NOT NULL,
	value bytea NOT NULL CONSTRAINT model_secret_length CHECK (octet_length(value) >= 32),
	CONSTRAINT model_secret_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE model_secret IS 'keys that nobody but the owner reads: facts_key keys the digests of licence numbers in decision.facts. Dumped with the model, so that digests stay comparable';
INSERT INTO model_secret VALUES ('facts_key', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

CREATE TABLE country (
	country_code text NOT NULL CONSTRAINT country_code_form CHECK (country_code ~ '^[A-Z]{2}$'),
	name text NOT NULL,
	tz text NOT NULL,
	CONSTRAINT country_pkey PRIMARY KEY (country_code)
);
COMMENT ON TABLE country IS 'countries by ISO 3166-1 alpha-2 code; tz is the zone of the capital, used where a region has none';

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

CREATE TABLE user_assignment (
	assignment_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	user_id uuid NOT NULL,
	persona text NOT NULL CONSTRAINT user_assignment_persona CHECK (persona IN
		('field_rep', 'inside_rep', 'partner_rep', 'kam', 'msl', 'medinfo', 'safety', 'manager', 'admin', 'data_steward',
		 'sample_ops', 'mops', 'compliance', 'auditor', 'ingest', 'pool', 'system')),
	team_id uuid,
	country_code text,
	independent_of_sales boolean NOT NULL DEFAULT false,
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
COMMENT ON TABLE user_assignment IS 'what a user is, from when to when: persona, sales team, country (NULL: every country)';

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
COMMENT ON TABLE setting IS 'company parameters (license_verification_max_age_days, back_date_days, device_clock_tolerance_minutes, …); the narrowest scope wins: user, persona, country, org';

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

CREATE TABLE currency_rate (
	from_currency text NOT NULL CONSTRAINT currency_rate_from CHECK (from_currency ~ '^[A-Z]{3}$'),
	to_currency text NOT NULL CONSTRAINT currency_rate_to CHECK (to_currency ~ '^[A-Z]{3}$'),
	day date NOT NULL,
	rate numeric NOT NULL CONSTRAINT currency_rate_positive CHECK (rate > 0),
	source text NOT NULL,
	CONSTRAINT currency_rate_pkey PRIMARY KEY (from_currency, to_currency, day, source)
);
COMMENT ON TABLE currency_rate IS 'how many units of to_currency one unit of from_currency bought on that day, ISO 4217 codes';

CREATE TABLE outbox (
	id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	topic text NOT NULL,
	entity_id uuid NOT NULL,
	payload jsonb NOT NULL DEFAULT '{}',
	xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_xid_idx ON outbox (xid, id);
COMMENT ON TABLE outbox IS 'business events in commit order for other systems; read through outbox_read(), which never returns a gap';
