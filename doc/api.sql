-- What lsce offers: every public signature and result column, and the columns
-- of the tables and views of a model, here called crm.
--
-- Made from the catalog by scripts/api.sh and compared with it by the tests; not
-- to be edited.  It reads like SQL but is not meant to be run.  What an object
-- means is told by its comment: \dd, \df+ and \d+ in psql.


-- types of schema lsce

CREATE TYPE lsce.specialty;
CREATE TYPE lsce.territory;


-- casts

CREATE CAST (character varying AS lsce.specialty) AS ASSIGNMENT;
CREATE CAST (character varying AS lsce.territory) AS ASSIGNMENT;
CREATE CAST (lsce.specialty AS text) AS ASSIGNMENT;
CREATE CAST (lsce.territory AS text) AS ASSIGNMENT;
CREATE CAST (text AS lsce.specialty) AS ASSIGNMENT;
CREATE CAST (text AS lsce.territory) AS ASSIGNMENT;


-- operators

CREATE OPERATOR lsce.< (lsce.specialty, lsce.specialty) RETURNS boolean;
CREATE OPERATOR lsce.< (lsce.territory, lsce.territory) RETURNS boolean;
CREATE OPERATOR lsce.<-> (lsce.specialty, lsce.specialty) RETURNS integer;
CREATE OPERATOR lsce.<-> (lsce.territory, lsce.territory) RETURNS integer;
CREATE OPERATOR lsce.<= (lsce.specialty, lsce.specialty) RETURNS boolean;
CREATE OPERATOR lsce.<= (lsce.territory, lsce.territory) RETURNS boolean;
CREATE OPERATOR lsce.<> (lsce.specialty, lsce.specialty) RETURNS boolean;
CREATE OPERATOR lsce.<> (lsce.territory, lsce.territory) RETURNS boolean;
CREATE OPERATOR lsce.<@ (lsce.specialty, lsce.specialty) RETURNS boolean;
CREATE OPERATOR lsce.<@ (lsce.territory, lsce.territory) RETURNS boolean;
CREATE OPERATOR lsce.= (lsce.specialty, lsce.specialty) RETURNS boolean;
CREATE OPERATOR lsce.= (lsce.territory, lsce.territory) RETURNS boolean;
CREATE OPERATOR lsce.> (lsce.specialty, lsce.specialty) RETURNS boolean;
CREATE OPERATOR lsce.> (lsce.territory, lsce.territory) RETURNS boolean;
CREATE OPERATOR lsce.>= (lsce.specialty, lsce.specialty) RETURNS boolean;
CREATE OPERATOR lsce.>= (lsce.territory, lsce.territory) RETURNS boolean;
CREATE OPERATOR lsce.@> (lsce.specialty, lsce.specialty) RETURNS boolean;
CREATE OPERATOR lsce.@> (lsce.territory, lsce.territory) RETURNS boolean;
CREATE OPERATOR lsce.|| (lsce.specialty, lsce.specialty) RETURNS lsce.specialty;
CREATE OPERATOR lsce.|| (lsce.specialty, text) RETURNS lsce.specialty;
CREATE OPERATOR lsce.|| (lsce.territory, lsce.territory) RETURNS lsce.territory;
CREATE OPERATOR lsce.|| (lsce.territory, text) RETURNS lsce.territory;
CREATE OPERATOR lsce.|| (text, lsce.specialty) RETURNS lsce.specialty;
CREATE OPERATOR lsce.|| (text, lsce.territory) RETURNS lsce.territory;


-- operator classes

CREATE OPERATOR CLASS lsce.specialty_ops DEFAULT FOR TYPE lsce.specialty USING btree;
CREATE OPERATOR CLASS lsce.specialty_ops DEFAULT FOR TYPE lsce.specialty USING hash;
CREATE OPERATOR CLASS lsce.territory_ops DEFAULT FOR TYPE lsce.territory USING btree;
CREATE OPERATOR CLASS lsce.territory_ops DEFAULT FOR TYPE lsce.territory USING hash;


-- aggregates

CREATE AGGREGATE lsce.max(lsce.specialty) RETURNS lsce.specialty;
CREATE AGGREGATE lsce.max(lsce.territory) RETURNS lsce.territory;
CREATE AGGREGATE lsce.min(lsce.specialty) RETURNS lsce.specialty;
CREATE AGGREGATE lsce.min(lsce.territory) RETURNS lsce.territory;


-- functions of schema lsce

CREATE FUNCTION lsce.acting_name(model regnamespace) RETURNS text STABLE STRICT PARALLEL RESTRICTED;
CREATE FUNCTION lsce.acting_user(model regnamespace) RETURNS uuid STABLE STRICT PARALLEL RESTRICTED;
CREATE FUNCTION lsce.ancestors(path lsce.specialty) RETURNS lsce.specialty[] IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.ancestors(path lsce.territory) RETURNS lsce.territory[] IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.can_contact(
	model regnamespace,
	account_id uuid,
	channel text,
	purpose text,
	at timestamp with time zone,
	contact_point_id uuid,
	product_id uuid,
	controller_id uuid,
	OUT outcome text,
	OUT reason_code text,
	OUT earliest timestamp with time zone,
	OUT obligations jsonb,
	OUT because jsonb
) RETURNS record STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.check_eligibility(
	model regnamespace,
	account_id uuid,
	product_id uuid,
	qty numeric,
	action text,
	territory_id uuid,
	user_id uuid,
	batch_id uuid,
	at timestamp with time zone,
	known_at timestamp with time zone,
	visit_id uuid,
	request_id uuid
) RETURNS text STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.check_model(
	schema name DEFAULT 'crm',
	OUT check_code text,
	OUT ok boolean,
	OUT subject text,
	OUT detail text
) RETURNS SETOF record VOLATILE;
CREATE FUNCTION lsce.communities(
	model regnamespace,
	kinds text[],
	at date,
	known_at timestamp with time zone,
	product_id uuid,
	method text,
	max_rounds integer,
	OUT account_id uuid,
	OUT community bigint
) RETURNS SETOF record STABLE PARALLEL SAFE;
CREATE FUNCTION lsce.components(
	model regnamespace,
	kinds text[],
	at date,
	known_at timestamp with time zone,
	OUT account_id uuid,
	OUT component bigint
) RETURNS SETOF record STABLE PARALLEL SAFE;
CREATE FUNCTION lsce.consent_needs_confirmation(
	model regnamespace,
	account_id uuid,
	purpose text,
	channel text,
	contact_point_id uuid,
	controller_id uuid,
	method text,
	at timestamp with time zone
) RETURNS boolean STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.consent_status(
	model regnamespace,
	account_id uuid,
	for_purpose text,
	on_channel text,
	at timestamp with time zone,
	known_at timestamp with time zone,
	company_id uuid
) RETURNS TABLE (
	purpose text,
	channel text,
	product_id uuid,
	contact_point_id uuid,
	controller_id uuid,
	state text,
	reason_code text,
	until timestamp with time zone,
	because jsonb
) STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.decide(model regnamespace, kind text, account_id uuid, product_id uuid, qty numeric, args jsonb) RETURNS uuid VOLATILE;
CREATE FUNCTION lsce.decision_steps(
	model regnamespace,
	decision_id uuid,
	lang text,
	OUT seq integer,
	OUT rule_code text,
	OUT outcome text,
	OUT reason_code text,
	OUT expected jsonb,
	OUT observed jsonb,
	OUT evidence jsonb,
	OUT legal_ref text,
	OUT message text
) RETURNS SETOF record STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.exists_now(query text, ids uuid[]) RETURNS boolean VOLATILE STRICT;
CREATE FUNCTION lsce.explain_eligibility(
	model regnamespace,
	account_id uuid,
	product_id uuid,
	qty numeric,
	action text,
	territory_id uuid,
	user_id uuid,
	batch_id uuid,
	at timestamp with time zone,
	known_at timestamp with time zone,
	visit_id uuid,
	request_id uuid,
	lang text,
	OUT seq integer,
	OUT rule_code text,
	OUT outcome text,
	OUT reason_code text,
	OUT expected jsonb,
	OUT observed jsonb,
	OUT evidence jsonb,
	OUT legal_ref text,
	OUT message text
) RETURNS SETOF record STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.find_duplicates(
	model regnamespace,
	kind text,
	min_score real,
	OUT cluster_id uuid,
	OUT account_a uuid,
	OUT account_b uuid,
	OUT score real,
	OUT evidence jsonb
) RETURNS SETOF record STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.fit_match_weights(model regnamespace) RETURNS double precision VOLATILE STRICT;
CREATE FUNCTION lsce.identifier_check(system text, value text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.identifier_normalize(system text, value text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.identifier_require(system text, value text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.identifier_systems(OUT system text, OUT issuer text, OUT form text, OUT has_check_digit boolean) RETURNS SETOF record IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.identifier_valid(system text, value text) RETURNS boolean IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.import_fhir(schema name, resource jsonb, system text DEFAULT 'fhir', country_code text DEFAULT NULL) RETURNS TABLE (
	accepted bigint,
	waiting bigint,
	rejected bigint,
	row_no integer,
	reference text,
	status text,
	reason text
) VOLATILE;
CREATE FUNCTION lsce.import_lsc(
	schema name,
	object text,
	document jsonb,
	system text DEFAULT 'salesforce',
	country_code text DEFAULT NULL,
	team text DEFAULT NULL
) RETURNS TABLE (
	accepted bigint,
	waiting bigint,
	rejected bigint,
	row_no integer,
	reference text,
	status text,
	reason text
) VOLATILE;
CREATE FUNCTION lsce.influence(
	model regnamespace,
	product_id uuid,
	at date,
	damping double precision,
	kinds text[],
	known_at timestamp with time zone,
	direction text,
	max_rounds integer,
	OUT account_id uuid,
	OUT score double precision
) RETURNS SETOF record STABLE PARALLEL SAFE;
CREATE FUNCTION lsce.label(path lsce.specialty, n integer) RETURNS text IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.label(path lsce.territory, n integer) RETURNS text IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.lca(a lsce.specialty, b lsce.specialty) RETURNS lsce.specialty IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.lca(a lsce.territory, b lsce.territory) RETURNS lsce.territory IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.lca(paths lsce.specialty[]) RETURNS lsce.specialty IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.lca(paths lsce.territory[]) RETURNS lsce.territory IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.license_hint(jurisdiction text, number text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.match_account(
	model regnamespace,
	name text,
	postal_code text,
	identifiers jsonb,
	lim integer,
	OUT account_id uuid,
	OUT score real,
	OUT reasons jsonb
) RETURNS SETOF record STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.match_default_weights(OUT field text, OUT level text, OUT m double precision, OUT u double precision) RETURNS SETOF record IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.models(
	OUT model name,
	OUT owner name,
	OUT version integer,
	OUT extension_version text,
	OUT installed_at timestamp with time zone
) RETURNS SETOF record STABLE;
CREATE FUNCTION lsce.my_account_ids(model regnamespace) RETURNS uuid[] STABLE STRICT PARALLEL RESTRICTED;
CREATE FUNCTION lsce.my_company(model regnamespace) RETURNS uuid STABLE STRICT PARALLEL RESTRICTED;
CREATE FUNCTION lsce.my_company_territory_ids(model regnamespace) RETURNS uuid[] STABLE STRICT PARALLEL RESTRICTED;
CREATE FUNCTION lsce.my_domains(model regnamespace) RETURNS text[] STABLE STRICT PARALLEL RESTRICTED;
CREATE FUNCTION lsce.my_location_ids(model regnamespace) RETURNS uuid[] STABLE STRICT PARALLEL RESTRICTED;
CREATE FUNCTION lsce.my_territory_ids(model regnamespace) RETURNS uuid[] STABLE STRICT PARALLEL RESTRICTED;
CREATE FUNCTION lsce.name_key(name text, lang text DEFAULT NULL) RETURNS text IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.name_key_version() RETURNS text STABLE PARALLEL SAFE;
CREATE FUNCTION lsce.name_search(name text, lang text DEFAULT NULL) RETURNS text IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.name_similarity(a text, b text, lang text DEFAULT NULL) RETURNS real IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.nlevel(path lsce.specialty) RETURNS integer IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.nlevel(path lsce.territory) RETURNS integer IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.parent(path lsce.specialty) RETURNS lsce.specialty IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.parent(path lsce.territory) RETURNS lsce.territory IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.personas(
	OUT persona text,
	OUT description text,
	OUT whole_view boolean,
	OUT may_read text[],
	OUT may_insert text[],
	OUT may_update text[],
	OUT may_delete text[],
	OUT may_execute text[]
) RETURNS SETOF record IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.raise_reason(
	code text,
	message text,
	detail jsonb DEFAULT NULL,
	relation regclass DEFAULT NULL,
	constraint_name text DEFAULT NULL,
	lang text DEFAULT NULL
) RETURNS void VOLATILE PARALLEL SAFE;
CREATE FUNCTION lsce.reach(
	model regnamespace,
	start uuid,
	max_hops integer,
	kinds text[],
	product_id uuid,
	at date,
	min_strength real,
	known_at timestamp with time zone,
	direction text,
	OUT account_id uuid,
	OUT hops integer,
	OUT best_strength double precision,
	OUT via uuid[]
) RETURNS SETOF record STABLE PARALLEL SAFE;
CREATE FUNCTION lsce.reason_text(code text, lang text DEFAULT 'en', slots jsonb DEFAULT '{}') RETURNS text IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.reasons(
	OUT code text,
	OUT sqlstate text,
	OUT reason_group text,
	OUT text_en text,
	OUT text_ja text,
	OUT text_de text,
	OUT hint_en text,
	OUT hint_ja text,
	OUT hint_de text
) RETURNS SETOF record IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.rule_set(model regnamespace) RETURNS text STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.sample_headroom(
	model regnamespace,
	account_id uuid,
	product_id uuid,
	at date,
	user_id uuid,
	OUT rule_id uuid,
	OUT template text,
	OUT window_from date,
	OUT window_to date,
	OUT quota numeric,
	OUT used numeric,
	OUT remaining numeric,
	OUT per_visit numeric,
	OUT frees_on date
) RETURNS SETOF record STABLE PARALLEL RESTRICTED;
CREATE FUNCTION lsce.sees_all(model regnamespace) RETURNS boolean STABLE STRICT PARALLEL RESTRICTED;
CREATE FUNCTION lsce.shortest_path(
	model regnamespace,
	a uuid,
	b uuid,
	max_hops integer,
	at date,
	kinds text[],
	product_id uuid,
	known_at timestamp with time zone,
	direction text,
	by text,
	OUT step integer,
	OUT account_id uuid,
	OUT affiliation_id uuid,
	OUT strength real
) RETURNS SETOF record STABLE PARALLEL SAFE;
CREATE FUNCTION lsce.starts_with(path lsce.specialty, prefix lsce.specialty) RETURNS boolean IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.starts_with(path lsce.territory, prefix lsce.territory) RETURNS boolean IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.store_refusal(
	model regnamespace,
	fact_id uuid,
	OUT decision_id uuid,
	OUT outcome text,
	OUT reason_codes text[]
) RETURNS record VOLATILE STRICT;
CREATE FUNCTION lsce.subpath(path lsce.specialty, start integer, len integer DEFAULT NULL) RETURNS lsce.specialty IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.subpath(path lsce.territory, start integer, len integer DEFAULT NULL) RETURNS lsce.territory IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.subtree_end(path lsce.specialty) RETURNS lsce.specialty IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.subtree_end(path lsce.territory) RETURNS lsce.territory IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.unknown_key(code text, message text) RETURNS uuid VOLATILE PARALLEL SAFE;
CREATE FUNCTION lsce.uuid_v7() RETURNS uuid VOLATILE PARALLEL SAFE;
CREATE FUNCTION lsce.uuid_v7_time(id uuid) RETURNS timestamp with time zone IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION lsce.verify(
	schema name DEFAULT 'crm',
	OUT check_code text,
	OUT ok boolean,
	OUT subject text,
	OUT detail text
) RETURNS SETOF record STABLE;
CREATE FUNCTION lsce.whole_view_personas() RETURNS text[] IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION lsce.why_cant_i(
	model regnamespace,
	product uuid,
	account uuid,
	action text,
	lang text,
	at timestamp with time zone,
	OUT rule_code text,
	OUT reason_code text,
	OUT message text,
	OUT cure text,
	OUT legal_ref text
) RETURNS SETOF record STABLE PARALLEL RESTRICTED;


-- procedures of schema lsce

CREATE PROCEDURE lsce.create_model(schema name DEFAULT 'crm', seed boolean DEFAULT true);
CREATE PROCEDURE lsce.drop_model(schema name, confirm name);
CREATE PROCEDURE lsce.grant_persona(schema name, persona text, role name);
CREATE PROCEDURE lsce.load_demo(schema name DEFAULT 'crm', accounts integer DEFAULT 1000, seed integer DEFAULT 42);
CREATE PROCEDURE lsce.rename_model(old name, new name);
CREATE PROCEDURE lsce.revoke_persona(schema name, persona text, role name);
CREATE PROCEDURE lsce.upgrade_model(schema name DEFAULT 'crm');


-- trigger functions of schema lsce

CREATE FUNCTION lsce.account_identifier_guard() RETURNS trigger;
CREATE FUNCTION lsce.account_name_keys() RETURNS trigger;
CREATE FUNCTION lsce.append_only() RETURNS trigger;
CREATE FUNCTION lsce.assignment_lifecycle() RETURNS trigger;
CREATE FUNCTION lsce.consent_event_changed() RETURNS trigger;
CREATE FUNCTION lsce.consent_event_check() RETURNS trigger;
CREATE FUNCTION lsce.discrepancy_guard() RETURNS trigger;
CREATE FUNCTION lsce.fixed_columns() RETURNS trigger;
CREATE FUNCTION lsce.handover_charge() RETURNS trigger;
CREATE FUNCTION lsce.handover_derive() RETURNS trigger;
CREATE FUNCTION lsce.hco_hierarchy() RETURNS trigger;
CREATE FUNCTION lsce.history() RETURNS trigger;
CREATE FUNCTION lsce.limit_lifecycle() RETURNS trigger;
CREATE FUNCTION lsce.limit_rule_changed() RETURNS trigger;
CREATE FUNCTION lsce.message_assign() RETURNS trigger;
CREATE FUNCTION lsce.message_change() RETURNS trigger;
CREATE FUNCTION lsce.message_permit() RETURNS trigger;
CREATE FUNCTION lsce.message_send_permit() RETURNS trigger;
CREATE FUNCTION lsce.no_truncate() RETURNS trigger;
CREATE FUNCTION lsce.not_future() RETURNS trigger;
CREATE FUNCTION lsce.post_entries() RETURNS trigger;
CREATE FUNCTION lsce.receipt_check() RETURNS trigger;
CREATE FUNCTION lsce.recorded() RETURNS trigger;
CREATE FUNCTION lsce.request_guard() RETURNS trigger;
CREATE FUNCTION lsce.request_line_guard() RETURNS trigger;
CREATE FUNCTION lsce.reversal_apply() RETURNS trigger;
CREATE FUNCTION lsce.reversal_derive() RETURNS trigger;
CREATE FUNCTION lsce.rule_lifecycle() RETURNS trigger;
CREATE FUNCTION lsce.signature_complete() RETURNS trigger;
CREATE FUNCTION lsce.signature_purpose() RETURNS trigger;


-- settings

SET lsce.direct_access = 'on';  -- bool, user
SET lsce.login = '';  -- string, superuser


-- tables of a model

CREATE TABLE crm.account (
	account_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL,
	name text NOT NULL,
	lang text NOT NULL DEFAULT 'en',
	country_code text NOT NULL,
	status text NOT NULL DEFAULT 'active',
	survivor_id uuid,
	prescriber boolean NOT NULL DEFAULT false,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (account_id)
);
CREATE TABLE crm.account_certification (
	certification_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	board text NOT NULL,
	specialty lsce.specialty NOT NULL,
	status text NOT NULL DEFAULT 'certified',
	verified_on date,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	expires_on date GENERATED ALWAYS AS (CASE WHEN (valid_to < '9999-12-31'::date) THEN (valid_to - 1) ELSE NULL::date END),
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (certification_id)
);
CREATE TABLE crm.account_certification_h (
	LIKE crm.account_certification,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.account_h (
	LIKE crm.account,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.account_identifier (
	account_id uuid NOT NULL,
	system text NOT NULL,
	value text NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	PRIMARY KEY (system, value, valid_from)
);
CREATE TABLE crm.account_merge (
	merge_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	winner_id uuid NOT NULL,
	loser_id uuid NOT NULL,
	reason text NOT NULL,
	merged_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	merged_by text NOT NULL,
	unmerged_at timestamp with time zone,
	unmerged_by text,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (merge_id)
);
CREATE TABLE crm.account_merge_h (
	LIKE crm.account_merge,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.account_merge_row (
	merge_id uuid NOT NULL,
	n integer NOT NULL,
	table_name text NOT NULL,
	column_name text NOT NULL,
	op text NOT NULL,
	old_row jsonb,
	new_row jsonb,
	PRIMARY KEY (merge_id, n)
);
CREATE TABLE crm.account_name_key (
	account_id uuid NOT NULL,
	form text NOT NULL,
	key text NOT NULL,
	search text NOT NULL,
	key_version text NOT NULL,
	PRIMARY KEY (account_id, form)
);
CREATE TABLE crm.account_rating (
	rating_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	scheme text NOT NULL,
	product_id uuid,
	territory_id uuid,
	value numeric,
	grade text,
	method text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (rating_id)
);
CREATE TABLE crm.account_rating_h (
	LIKE crm.account_rating,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.account_source_value (
	account_id uuid NOT NULL,
	source text NOT NULL,
	field text NOT NULL,
	value text NOT NULL,
	observed_at timestamp with time zone NOT NULL,
	recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (account_id, field, source, observed_at)
);
CREATE TABLE crm.account_specialty (
	account_id uuid NOT NULL,
	code lsce.specialty NOT NULL,
	rank integer NOT NULL DEFAULT 1,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (account_id, code, valid_from)
);
CREATE TABLE crm.account_specialty_h (
	LIKE crm.account_specialty,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.account_territory (
	account_id uuid NOT NULL,
	territory_id uuid NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (account_id, territory_id, valid_from)
);
CREATE TABLE crm.account_territory_h (
	LIKE crm.account_territory,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.affiliation (
	affiliation_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	from_account_id uuid NOT NULL,
	to_account_id uuid NOT NULL,
	role text NOT NULL DEFAULT 'member',
	kind text NOT NULL,
	strength real NOT NULL DEFAULT 1,
	direction text NOT NULL DEFAULT 'unidirectional',
	is_primary boolean NOT NULL DEFAULT false,
	specialty_code lsce.specialty,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (affiliation_id)
);
CREATE TABLE crm.affiliation_h (
	LIKE crm.affiliation,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.affiliation_product (
	affiliation_id uuid NOT NULL,
	product_id uuid NOT NULL,
	strength real NOT NULL,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (affiliation_id, product_id)
);
CREATE TABLE crm.affiliation_product_h (
	LIKE crm.affiliation_product,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.app_user (
	user_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	login text NOT NULL,
	db_role name,
	display_name text NOT NULL,
	lang text NOT NULL DEFAULT 'en',
	tz text NOT NULL DEFAULT 'UTC',
	company_id uuid NOT NULL,
	PRIMARY KEY (user_id)
);
CREATE TABLE crm.association_membership (
	membership_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	company_id uuid NOT NULL,
	association text NOT NULL,
	member boolean NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (membership_id)
);
CREATE TABLE crm.association_membership_h (
	LIKE crm.association_membership,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.attachment (
	attachment_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	entity text NOT NULL,
	id uuid NOT NULL,
	sha256 bytea NOT NULL,
	uri text NOT NULL,
	mime text NOT NULL,
	retain_until date NOT NULL DEFAULT '9999-12-31',
	PRIMARY KEY (attachment_id)
);
CREATE TABLE crm.channel_type (
	channel text NOT NULL,
	contact_kind text NOT NULL,
	PRIMARY KEY (channel)
);
CREATE TABLE crm.co_promotion (
	product_id uuid NOT NULL,
	company_id uuid NOT NULL,
	country_code text NOT NULL,
	rights text[] NOT NULL DEFAULT '{detail}',
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	PRIMARY KEY (product_id, company_id, country_code, valid_from)
);
CREATE TABLE crm.code_value (
	code_set text NOT NULL,
	code text NOT NULL,
	lang text NOT NULL DEFAULT 'en',
	label text NOT NULL,
	parent_code text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	PRIMARY KEY (code_set, code, lang)
);
CREATE TABLE crm.company (
	company_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	name text NOT NULL,
	kind text NOT NULL,
	country_code text NOT NULL,
	is_controller boolean NOT NULL DEFAULT true,
	PRIMARY KEY (company_id)
);
CREATE TABLE crm.consent_event (
	event_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	controller_id uuid NOT NULL,
	purpose text NOT NULL,
	channel text,
	product_id uuid,
	contact_point_id uuid,
	action text NOT NULL,
	basis text NOT NULL DEFAULT 'consent',
	evidence jsonb NOT NULL DEFAULT '{}',
	source text NOT NULL DEFAULT 'app',
	signature_id uuid,
	visit_id uuid,
	related_event_id uuid,
	token_sha256 bytea,
	token_expires_at timestamp with time zone,
	captured_at timestamp with time zone NOT NULL,
	effective_from timestamp with time zone NOT NULL,
	effective_to timestamp with time zone NOT NULL DEFAULT '9999-12-31 00:00:00+00',
	recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	recorded_by name NOT NULL DEFAULT SESSION_USER,
	PRIMARY KEY (event_id)
);
CREATE TABLE crm.consent_regime (
	regime_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	country_code text NOT NULL,
	purpose text NOT NULL,
	channel text,
	default_state text NOT NULL,
	admissible_basis text[] NOT NULL DEFAULT '{consent}',
	double_opt_in boolean NOT NULL DEFAULT false,
	confirm_unless_method text[] NOT NULL DEFAULT '{}',
	evidence_required text[] NOT NULL DEFAULT '{text_version,method,captured_at}',
	expires_after interval,
	expires_from text NOT NULL DEFAULT 'opt_in',
	basis_ages jsonb NOT NULL DEFAULT '{}',
	hours_from time without time zone,
	hours_to time without time zone,
	stop_within_business_days integer,
	retain_for interval,
	obligations text[] NOT NULL DEFAULT '{}',
	legal_ref text NOT NULL,
	certainty text NOT NULL,
	status text NOT NULL DEFAULT 'draft',
	authored_by text NOT NULL DEFAULT SESSION_USER,
	approved_by text,
	approved_at timestamp with time zone,
	end_on date,
	end_asked_by text,
	end_approved_by text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (regime_id)
);
CREATE TABLE crm.consent_regime_h (
	LIKE crm.consent_regime,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.contact_point (
	contact_point_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	kind text NOT NULL,
	usage text NOT NULL DEFAULT 'work',
	value text,
	line text,
	city text,
	postal_code text,
	brick text,
	region_code text,
	country_code text,
	tz text,
	can_ship boolean NOT NULL DEFAULT false,
	is_primary boolean NOT NULL DEFAULT false,
	inherits_from uuid,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (contact_point_id)
);
CREATE TABLE crm.contact_point_h (
	LIKE crm.contact_point,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.country (
	country_code text NOT NULL,
	name text NOT NULL,
	tz text NOT NULL,
	PRIMARY KEY (country_code)
);
CREATE TABLE crm.currency_rate (
	from_currency text NOT NULL,
	to_currency text NOT NULL,
	day date NOT NULL,
	rate numeric NOT NULL,
	source text NOT NULL,
	PRIMARY KEY (from_currency, to_currency, day, source)
);
CREATE TABLE crm.data_change_request (
	change_request_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	parent_id uuid,
	table_name text NOT NULL,
	row_key jsonb,
	op text NOT NULL,
	old_values jsonb NOT NULL DEFAULT '{}',
	new_values jsonb NOT NULL,
	validation text NOT NULL DEFAULT 'internal',
	apply_now boolean NOT NULL DEFAULT false,
	status text NOT NULL DEFAULT 'pending',
	reason text,
	requested_by_id uuid,
	requested_by text NOT NULL,
	requested_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	decided_by text,
	decided_at timestamp with time zone,
	decision_note text,
	applied_values jsonb,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (change_request_id)
);
CREATE TABLE crm.data_change_request_h (
	LIKE crm.data_change_request,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.data_use_purpose (
	purpose text NOT NULL,
	parent text,
	description text NOT NULL,
	has_channel boolean NOT NULL DEFAULT true,
	PRIMARY KEY (purpose)
);
CREATE TABLE crm.decision (
	decision_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	fact_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
	kind text NOT NULL,
	account_id uuid NOT NULL,
	product_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
	quantity numeric NOT NULL DEFAULT 0,
	admission text NOT NULL,
	outcome text NOT NULL,
	reason_codes text[] NOT NULL DEFAULT '{}',
	obligations jsonb NOT NULL DEFAULT '[]',
	facts jsonb NOT NULL,
	rule_set text NOT NULL,
	evaluator_version integer NOT NULL,
	domain text NOT NULL DEFAULT 'commercial',
	user_id uuid,
	territory_id uuid,
	valid_at timestamp with time zone NOT NULL,
	known_at timestamp with time zone NOT NULL,
	decided_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	decided_by name NOT NULL DEFAULT SESSION_USER,
	PRIMARY KEY (decision_id)
);
CREATE TABLE crm.disbursement (
	disbursement_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL DEFAULT 'sample_drop',
	account_id uuid NOT NULL,
	product_id uuid NOT NULL,
	quantity numeric NOT NULL,
	admission text NOT NULL DEFAULT 'permit',
	decision_id uuid NOT NULL,
	recipient_id uuid NOT NULL,
	practitioner_id uuid NOT NULL,
	delivery_point_id uuid NOT NULL,
	hco_id uuid,
	country_code text NOT NULL,
	region_code text,
	local_day date NOT NULL,
	visit_id uuid,
	request_id uuid,
	batch_id uuid NOT NULL,
	location_id uuid NOT NULL,
	user_id uuid NOT NULL,
	territory_id uuid,
	company_id uuid NOT NULL,
	captured_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	justification text,
	PRIMARY KEY (disbursement_id)
);
CREATE TABLE crm.disbursement_reversal (
	reversal_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	disbursement_id uuid NOT NULL,
	kind text NOT NULL,
	quantity numeric NOT NULL,
	to_location_id uuid NOT NULL,
	reason text,
	user_id uuid,
	reversed_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	recorded_by name NOT NULL DEFAULT SESSION_USER,
	PRIMARY KEY (reversal_id)
);
CREATE TABLE crm.discrepancy (
	discrepancy_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	decision_id uuid,
	fact_id uuid,
	rule_id uuid,
	subject_key text,
	pool_key text,
	window_from date,
	severity text NOT NULL,
	reason_code text NOT NULL,
	over_by numeric,
	justification text,
	status text NOT NULL DEFAULT 'open',
	opened_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	closed_at timestamp with time zone,
	closed_by text,
	PRIMARY KEY (discrepancy_id)
);
CREATE TABLE crm.external_key (
	entity text NOT NULL,
	id uuid NOT NULL,
	system text NOT NULL,
	value text NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	PRIMARY KEY (entity, system, value, valid_from)
);
CREATE TABLE crm.guidance_text (
	guidance_id uuid NOT NULL,
	country_code text NOT NULL,
	lang text NOT NULL,
	body text NOT NULL,
	approval_no text NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	PRIMARY KEY (guidance_id, country_code, lang, valid_from)
);
CREATE TABLE crm.hco (
	account_id uuid NOT NULL,
	hco_type text NOT NULL,
	parent_id uuid,
	accepts_samples boolean NOT NULL DEFAULT false,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (account_id)
);
CREATE TABLE crm.hco_h (
	LIKE crm.hco,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.hcp (
	account_id uuid NOT NULL,
	given_name text,
	family_name text,
	given_name_reading text,
	family_name_reading text,
	title text,
	credential text,
	profession text NOT NULL DEFAULT 'physician',
	no_contact boolean NOT NULL DEFAULT false,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	birth_date date,
	PRIMARY KEY (account_id)
);
CREATE TABLE crm.hcp_h (
	LIKE crm.hcp,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.import_record (
	system text NOT NULL,
	reference text NOT NULL,
	key text NOT NULL GENERATED ALWAYS AS (((system || ' '::text) || reference)),
	alias text,
	format text NOT NULL,
	object text NOT NULL,
	row_no integer NOT NULL,
	raw jsonb NOT NULL,
	country_code text,
	team text,
	needs text[] NOT NULL DEFAULT '{}',
	status text NOT NULL,
	reason text,
	entity text,
	id uuid,
	code text,
	received_by name NOT NULL DEFAULT CURRENT_USER,
	received_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	settled_at timestamp with time zone,
	PRIMARY KEY (system, reference)
);
CREATE TABLE crm.inventory_entry (
	entry_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	operation_id uuid NOT NULL,
	location_id uuid NOT NULL,
	batch_id uuid NOT NULL,
	quantity numeric NOT NULL,
	posted_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (entry_id)
);
CREATE TABLE crm.inventory_location (
	location_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL,
	user_id uuid,
	company_id uuid,
	name text NOT NULL,
	PRIMARY KEY (location_id)
);
CREATE TABLE crm.inventory_operation (
	operation_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	type text NOT NULL,
	from_location_id uuid,
	to_location_id uuid,
	disbursement_id uuid,
	reversal_id uuid,
	reason text,
	user_id uuid,
	at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	recorded_by name NOT NULL DEFAULT SESSION_USER,
	PRIMARY KEY (operation_id)
);
CREATE TABLE crm.inventory_stock (
	location_id uuid NOT NULL,
	batch_id uuid NOT NULL,
	on_hand numeric NOT NULL DEFAULT 0,
	may_go_negative boolean NOT NULL DEFAULT false,
	PRIMARY KEY (location_id, batch_id)
);
CREATE TABLE crm.license (
	license_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	kind text NOT NULL DEFAULT 'state',
	number text NOT NULL,
	jurisdiction text NOT NULL,
	contact_point_id uuid,
	license_class text,
	schedules text[] NOT NULL DEFAULT '{}',
	sample_eligible boolean NOT NULL DEFAULT true,
	status text NOT NULL DEFAULT 'verified',
	verified_on date,
	verified_source text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	expires_on date GENERATED ALWAYS AS (CASE WHEN (valid_to < '9999-12-31'::date) THEN (valid_to - 1) ELSE NULL::date END),
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (license_id)
);
CREATE TABLE crm.license_h (
	LIKE crm.license,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.license_product (
	license_id uuid NOT NULL,
	product_id uuid NOT NULL,
	PRIMARY KEY (license_id, product_id)
);
CREATE TABLE crm.limit_assignment (
	assignment_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	template_id uuid NOT NULL,
	product_id uuid NOT NULL,
	account_kind text,
	quota_override numeric,
	per_visit_override numeric,
	end_on date,
	end_asked_by text,
	end_approved_by text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (assignment_id)
);
CREATE TABLE crm.limit_assignment_h (
	LIKE crm.limit_assignment,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.limit_counter (
	rule_id uuid NOT NULL,
	subject_key text NOT NULL,
	pool_key text NOT NULL,
	window_from date NOT NULL,
	window_to date NOT NULL,
	quota numeric,
	used numeric NOT NULL DEFAULT 0,
	excess numeric NOT NULL DEFAULT 0,
	PRIMARY KEY (rule_id, subject_key, pool_key, window_from)
);
CREATE TABLE crm.limit_rule (
	rule_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	template_id uuid NOT NULL,
	name text NOT NULL DEFAULT 'limit',
	subject text NOT NULL DEFAULT 'account',
	counting text NOT NULL DEFAULT 'units',
	pool text NOT NULL DEFAULT 'product',
	per_visit numeric,
	quota numeric,
	period text NOT NULL,
	starts date,
	ends date,
	every interval,
	offset_by interval NOT NULL DEFAULT '00:00:00',
	year_starts_month integer NOT NULL DEFAULT 1,
	window_anchor text,
	window_after interval,
	window_for interval,
	window_until text,
	window_restarts text[] NOT NULL DEFAULT '{}',
	outside_window text NOT NULL DEFAULT 'deny',
	applies_when jsonb NOT NULL DEFAULT '{}',
	external_attested numeric,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (rule_id)
);
CREATE TABLE crm.limit_rule_h (
	LIKE crm.limit_rule,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.limit_template (
	template_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	label text NOT NULL,
	country_code text,
	company_id uuid,
	authority text NOT NULL,
	law_based boolean NOT NULL DEFAULT false,
	legal_ref text,
	certainty text,
	source text,
	association text,
	enforcement text NOT NULL DEFAULT 'error',
	priority integer NOT NULL DEFAULT 100,
	recipients text[] NOT NULL DEFAULT '{}',
	preconditions text[] NOT NULL DEFAULT '{}',
	exclusions text[] NOT NULL DEFAULT '{}',
	obligations text[] NOT NULL DEFAULT '{}',
	pack_rule text,
	retention text,
	note text,
	status text NOT NULL DEFAULT 'draft',
	authored_by text NOT NULL DEFAULT SESSION_USER,
	approved_by text,
	approved_at timestamp with time zone,
	end_on date,
	end_asked_by text,
	end_approved_by text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (template_id)
);
CREATE TABLE crm.limit_template_h (
	LIKE crm.limit_template,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.limit_use (
	use_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	rule_id uuid NOT NULL,
	subject_key text NOT NULL,
	pool_key text NOT NULL,
	window_from date NOT NULL,
	disbursement_id uuid NOT NULL,
	reversal_id uuid,
	local_day date NOT NULL,
	quantity numeric NOT NULL,
	merge_id uuid,
	PRIMARY KEY (use_id)
);
CREATE TABLE crm.match_weight (
	field text NOT NULL,
	level text NOT NULL,
	m double precision NOT NULL,
	u double precision NOT NULL,
	fitted_at timestamp with time zone,
	PRIMARY KEY (field, level)
);
CREATE TABLE crm.merge_policy (
	table_name text NOT NULL,
	column_name text NOT NULL,
	action text NOT NULL,
	same_key text[] NOT NULL DEFAULT '{}',
	note text,
	PRIMARY KEY (table_name, column_name)
);
CREATE TABLE crm.model_secret (
	name text NOT NULL,
	value bytea NOT NULL,
	PRIMARY KEY (name)
);
CREATE TABLE crm.model_version (
	version integer NOT NULL,
	extension_version text NOT NULL,
	installed_by name NOT NULL DEFAULT CURRENT_USER,
	installed_at timestamp with time zone NOT NULL DEFAULT now(),
	PRIMARY KEY (version)
);
CREATE TABLE crm.nickname (
	name text NOT NULL,
	variant text NOT NULL,
	PRIMARY KEY (name, variant)
);
CREATE TABLE crm.outbound_message (
	message_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL DEFAULT 'message_send',
	account_id uuid NOT NULL,
	product_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
	quantity numeric NOT NULL DEFAULT 0,
	admission text NOT NULL DEFAULT 'permit',
	decision_id uuid NOT NULL,
	send_decision_id uuid,
	controller_id uuid NOT NULL,
	purpose text NOT NULL DEFAULT 'marketing',
	channel text NOT NULL,
	contact_point_id uuid NOT NULL,
	user_id uuid,
	state text NOT NULL DEFAULT 'queued',
	queued_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	sent_at timestamp with time zone,
	PRIMARY KEY (message_id)
);
CREATE TABLE crm.outbox (
	id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	topic text NOT NULL,
	entity_id uuid NOT NULL,
	payload jsonb NOT NULL DEFAULT '{}',
	secret jsonb,
	xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
	at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (id)
);
CREATE TABLE crm.persona_grant (
	persona text NOT NULL,
	db_role name NOT NULL,
	granted_by name NOT NULL DEFAULT SESSION_USER,
	granted_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (persona, db_role)
);
CREATE TABLE crm.product (
	product_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	name text NOT NULL,
	type text NOT NULL,
	spec_type text,
	parent_id uuid,
	brand_id uuid,
	company_id uuid,
	distribution_method text,
	signature_level text NOT NULL DEFAULT 'mandatory',
	strength_mg numeric,
	dosage_form text,
	class_code text,
	pack_size integer,
	unit_of_measure text NOT NULL DEFAULT 'each',
	competitor boolean NOT NULL DEFAULT false,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (product_id)
);
CREATE TABLE crm.product_account_restriction (
	restriction_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	product_id uuid NOT NULL,
	territory_id uuid,
	actions text[] NOT NULL DEFAULT '{sample_drop,sample_ship,detail,order}',
	reason text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	expires_on date GENERATED ALWAYS AS (CASE WHEN (valid_to < '9999-12-31'::date) THEN (valid_to - 1) ELSE NULL::date END),
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (restriction_id)
);
CREATE TABLE crm.product_account_restriction_h (
	LIKE crm.product_account_restriction,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.product_batch (
	batch_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	lot_no text NOT NULL,
	manufactured_on date,
	expires_on date NOT NULL,
	status text NOT NULL DEFAULT 'released',
	company_id uuid,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (batch_id)
);
CREATE TABLE crm.product_batch_h (
	LIKE crm.product_batch,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.product_edge_rule (
	parent_type text NOT NULL,
	child_type text NOT NULL,
	PRIMARY KEY (parent_type, child_type)
);
CREATE TABLE crm.product_guidance (
	guidance_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	type text NOT NULL,
	name text NOT NULL,
	group_name text,
	group_seq integer,
	priority integer,
	reactions text[],
	label_status text NOT NULL DEFAULT 'on_label',
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	PRIMARY KEY (guidance_id)
);
CREATE TABLE crm.product_h (
	LIKE crm.product,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.product_indication (
	product_id uuid NOT NULL,
	indication text NOT NULL,
	country_code text NOT NULL,
	status text NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (product_id, country_code, indication, valid_from)
);
CREATE TABLE crm.product_indication_h (
	LIKE crm.product_indication,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.product_market (
	product_market_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	country_code text NOT NULL,
	company_id uuid NOT NULL,
	local_name text,
	ma_number text,
	authorised_on date,
	first_marketed_on date,
	first_supplied_on date,
	extended_on date,
	reclassified_on date,
	withdrawn_on date,
	rx_class text NOT NULL DEFAULT 'rx',
	smallest_pack boolean,
	sampleable boolean NOT NULL DEFAULT false,
	controlled_schedule text,
	sample_class text,
	reimbursed_pct numeric,
	unit_value numeric,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (product_market_id)
);
CREATE TABLE crm.product_market_h (
	LIKE crm.product_market,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.product_territory_alignment (
	pta_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	territory_id uuid NOT NULL,
	alignment_type text NOT NULL DEFAULT 'include_subtree',
	purposes text[] NOT NULL DEFAULT '{detail,sample,message}',
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (pta_id)
);
CREATE TABLE crm.product_territory_alignment_h (
	LIKE crm.product_territory_alignment,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.region (
	region_code text NOT NULL,
	country_code text NOT NULL,
	name text NOT NULL,
	tz text NOT NULL,
	PRIMARY KEY (region_code)
);
CREATE TABLE crm.sales_team (
	team_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	name text NOT NULL,
	company_id uuid NOT NULL,
	country_code text NOT NULL,
	domain text NOT NULL DEFAULT 'commercial',
	PRIMARY KEY (team_id)
);
CREATE TABLE crm.sample_receipt (
	receipt_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	disbursement_id uuid NOT NULL,
	signature_id uuid NOT NULL,
	quantity numeric NOT NULL,
	received_at timestamp with time zone NOT NULL,
	PRIMARY KEY (receipt_id)
);
CREATE TABLE crm.sample_request (
	request_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL DEFAULT 'drop',
	account_id uuid NOT NULL,
	practitioner_id uuid NOT NULL,
	visit_id uuid,
	signature_id uuid,
	license_id uuid,
	ship_to_id uuid,
	standing boolean NOT NULL DEFAULT false,
	fields jsonb NOT NULL DEFAULT '{}',
	requested_at timestamp with time zone NOT NULL,
	deliver_until date,
	status text NOT NULL DEFAULT 'draft',
	created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (request_id)
);
CREATE TABLE crm.sample_request_h (
	LIKE crm.sample_request,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.sample_request_line (
	request_id uuid NOT NULL,
	product_id uuid NOT NULL,
	requested numeric NOT NULL,
	fulfilled numeric NOT NULL DEFAULT 0,
	excess numeric NOT NULL DEFAULT 0,
	PRIMARY KEY (request_id, product_id)
);
CREATE TABLE crm.sampling_policy (
	policy_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	country_code text NOT NULL,
	region_code text,
	action text NOT NULL,
	persona text,
	specialty_set_id uuid,
	required_specialty lsce.specialty,
	required_profession text,
	required_board text,
	required_license_kind text,
	user_qualification_kind text,
	user_qualification_level integer,
	allowed boolean NOT NULL DEFAULT true,
	law_based boolean NOT NULL DEFAULT false,
	legal_ref text,
	status text NOT NULL DEFAULT 'draft',
	authored_by text NOT NULL DEFAULT SESSION_USER,
	approved_by text,
	approved_at timestamp with time zone,
	end_on date,
	end_asked_by text,
	end_approved_by text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (policy_id)
);
CREATE TABLE crm.sampling_policy_h (
	LIKE crm.sampling_policy,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.setting (
	setting_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	name text NOT NULL,
	scope text NOT NULL DEFAULT 'org',
	scope_key text NOT NULL DEFAULT '',
	value jsonb NOT NULL,
	valid_from timestamp with time zone NOT NULL DEFAULT '0001-01-01 00:00:00+00',
	valid_to timestamp with time zone NOT NULL DEFAULT '9999-12-31 00:00:00+00',
	set_by name NOT NULL DEFAULT CURRENT_USER,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (setting_id)
);
CREATE TABLE crm.setting_h (
	LIKE crm.setting,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.signature (
	signature_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	purpose text NOT NULL,
	signer_account_id uuid,
	signer_user_id uuid,
	printed_name text NOT NULL,
	meaning text NOT NULL,
	method text NOT NULL,
	paper_form_no text,
	image_sha256 bytea,
	payload_sha256 bytea NOT NULL,
	signed_at timestamp with time zone NOT NULL,
	captured_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	expires_at timestamp with time zone,
	PRIMARY KEY (signature_id)
);
CREATE TABLE crm.specialty_set (
	set_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	name text NOT NULL,
	PRIMARY KEY (set_id)
);
CREATE TABLE crm.specialty_set_member (
	set_id uuid NOT NULL,
	path lsce.specialty NOT NULL,
	exclude boolean NOT NULL DEFAULT false,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (set_id, path)
);
CREATE TABLE crm.specialty_set_member_h (
	LIKE crm.specialty_set_member,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.survivorship_rule (
	field text NOT NULL,
	source text NOT NULL,
	priority integer NOT NULL,
	max_age interval,
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (field, source)
);
CREATE TABLE crm.survivorship_rule_h (
	LIKE crm.survivorship_rule,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.territory_model (
	model_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	team_id uuid NOT NULL,
	name text NOT NULL,
	state text NOT NULL DEFAULT 'planning',
	based_on uuid,
	published_at timestamp with time zone,
	published_by text,
	valid_from date NOT NULL,
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (model_id)
);
CREATE TABLE crm.territory_model_h (
	LIKE crm.territory_model,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.territory_node (
	territory_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	team_id uuid NOT NULL,
	code text NOT NULL,
	name text NOT NULL,
	type text NOT NULL DEFAULT 'territory',
	PRIMARY KEY (territory_id)
);
CREATE TABLE crm.territory_place (
	model_id uuid NOT NULL,
	territory_id uuid NOT NULL,
	parent_id uuid,
	path lsce.territory NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (model_id, territory_id, valid_from)
);
CREATE TABLE crm.territory_place_h (
	LIKE crm.territory_place,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.territory_user (
	roster_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	territory_id uuid NOT NULL,
	user_id uuid NOT NULL,
	role text NOT NULL DEFAULT 'rep',
	is_primary boolean NOT NULL DEFAULT true,
	may_sample boolean NOT NULL DEFAULT true,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (roster_id)
);
CREATE TABLE crm.territory_user_h (
	LIKE crm.territory_user,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.user_assignment (
	assignment_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	user_id uuid NOT NULL,
	persona text NOT NULL,
	team_id uuid,
	country_code text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (assignment_id)
);
CREATE TABLE crm.user_assignment_h (
	LIKE crm.user_assignment,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.user_qualification (
	qualification_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	user_id uuid NOT NULL,
	kind text NOT NULL,
	level integer NOT NULL DEFAULT 1,
	product_id uuid,
	jurisdiction text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	expires_on date GENERATED ALWAYS AS (CASE WHEN (valid_to < '9999-12-31'::date) THEN (valid_to - 1) ELSE NULL::date END),
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (qualification_id)
);
CREATE TABLE crm.user_qualification_h (
	LIKE crm.user_qualification,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);
CREATE TABLE crm.visit (
	visit_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	territory_id uuid NOT NULL,
	owner_id uuid NOT NULL,
	place_id uuid,
	domain text NOT NULL DEFAULT 'commercial',
	channel text NOT NULL DEFAULT 'in_person',
	status text NOT NULL DEFAULT 'planned',
	planned_from timestamp with time zone,
	planned_to timestamp with time zone,
	actual_from timestamp with time zone,
	actual_to timestamp with time zone,
	objective text,
	submitted_at timestamp with time zone,
	delay_reason text,
	created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	sys_from timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (visit_id)
);
CREATE TABLE crm.visit_h (
	LIKE crm.visit,
	sys_to timestamp with time zone NOT NULL,
	changed_by name NOT NULL,
	extra jsonb
);


-- views of a model

CREATE VIEW crm.fhir_healthcare_service (
	id uuid,
	resource jsonb
);
CREATE VIEW crm.fhir_location (
	id uuid,
	resource jsonb
);
CREATE VIEW crm.fhir_organization (
	id uuid,
	resource jsonb
);
CREATE VIEW crm.fhir_organization_affiliation (
	id uuid,
	resource jsonb
);
CREATE VIEW crm.fhir_practitioner (
	id uuid,
	resource jsonb
);
CREATE VIEW crm.fhir_practitioner_role (
	id uuid,
	resource jsonb
);
CREATE VIEW crm.v_disbursement (
	disbursement_id uuid,
	kind text,
	account_id uuid,
	product_id uuid,
	quantity numeric,
	admission text,
	decision_id uuid,
	recipient_id uuid,
	practitioner_id uuid,
	delivery_point_id uuid,
	hco_id uuid,
	country_code text,
	region_code text,
	local_day date,
	visit_id uuid,
	request_id uuid,
	batch_id uuid,
	location_id uuid,
	user_id uuid,
	territory_id uuid,
	company_id uuid,
	captured_at timestamp with time zone,
	recorded_at timestamp with time zone,
	justification text,
	reversed numeric,
	net_quantity numeric,
	status text
);
CREATE VIEW crm.v_request_fulfilment (
	request_id uuid,
	kind text,
	account_id uuid,
	practitioner_id uuid,
	requested_at timestamp with time zone,
	request_status text,
	product_id uuid,
	requested numeric,
	fulfilled numeric,
	outstanding numeric,
	status text
);


-- functions of a model

CREATE FUNCTION crm.account(system text, value text) RETURNS uuid STABLE;
CREATE FUNCTION crm.account_counters(account_id uuid) RETURNS TABLE (
	rule_id uuid,
	subject_key text,
	pool_key text,
	window_from date,
	window_to date,
	quota numeric,
	subject text
) STABLE;
CREATE FUNCTION crm.account_identity(account_id uuid) RETURNS SETOF uuid STABLE;
CREATE FUNCTION crm.account_lineage(account_id uuid, at timestamp with time zone DEFAULT NULL) RETURNS TABLE (
	field text,
	value text,
	source text,
	observed_at timestamp with time zone,
	rule text,
	alternatives jsonb
) STABLE;
CREATE FUNCTION crm.accounts_of_territory(territory_id uuid, day date, known_at timestamp with time zone DEFAULT NULL) RETURNS TABLE (
	account_id uuid
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.acting_user() RETURNS uuid STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.affiliation_components(
	kinds text[] DEFAULT NULL,
	at date DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL
) RETURNS TABLE (
	account_id uuid,
	component bigint
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.affiliation_dot(
	start uuid,
	hops integer DEFAULT 1,
	at date DEFAULT NULL,
	kinds text[] DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL,
	lim integer DEFAULT 100
) RETURNS text STABLE PARALLEL SAFE;
CREATE FUNCTION crm.affiliations_of(accounts uuid[], day date, known_at timestamp with time zone DEFAULT NULL) RETURNS TABLE (
	affiliation_id uuid,
	from_account_id uuid,
	to_account_id uuid,
	kind text,
	strength real,
	direction text
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.app_user(login text) RETURNS uuid STABLE;
CREATE FUNCTION crm.apply_change(id uuid, fields text[], note text) RETURNS text VOLATILE;
CREATE FUNCTION crm.apply_golden_record(account_id uuid, at timestamp with time zone DEFAULT NULL) RETURNS TABLE (
	field text,
	old_value text,
	new_value text
) VOLATILE;
CREATE FUNCTION crm.approve_change(id uuid, fields text[] DEFAULT NULL, note text DEFAULT NULL) RETURNS text VOLATILE;
CREATE FUNCTION crm.as_of(table_name text, known_at timestamp with time zone) RETURNS SETOF jsonb STABLE;
CREATE FUNCTION crm.can_contact(
	account_id uuid,
	channel text,
	purpose text,
	at timestamp with time zone DEFAULT NULL,
	contact_point_id uuid DEFAULT NULL,
	product_id uuid DEFAULT NULL,
	controller_id uuid DEFAULT NULL
) RETURNS TABLE (
	outcome text,
	reason_code text,
	earliest timestamp with time zone,
	obligations jsonb,
	because jsonb
) STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.changeable_columns(table_name text) RETURNS TABLE (
	column_name text,
	type text
) STABLE;
CREATE FUNCTION crm.check_changes(table_name text, op text, new_values jsonb) RETURNS void STABLE;
CREATE FUNCTION crm.check_eligibility(
	account_id uuid,
	product_id uuid,
	qty numeric,
	action text DEFAULT 'sample_drop',
	territory_id uuid DEFAULT NULL,
	user_id uuid DEFAULT NULL,
	batch_id uuid DEFAULT NULL,
	at timestamp with time zone DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL,
	visit_id uuid DEFAULT NULL,
	request_id uuid DEFAULT NULL
) RETURNS text STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.common_affiliations(
	a uuid,
	b uuid,
	at date DEFAULT NULL,
	kinds text[] DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL
) RETURNS TABLE (
	account_id uuid,
	a_affiliations uuid[],
	b_affiliations uuid[],
	strength double precision
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.communities(
	kinds text[] DEFAULT NULL,
	at date DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL,
	product_id uuid DEFAULT NULL,
	method text DEFAULT 'modularity',
	max_rounds integer DEFAULT 10
) RETURNS TABLE (
	account_id uuid,
	community bigint
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.confirm_consent(token text, at timestamp with time zone DEFAULT NULL) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.consent_status(
	account_id uuid,
	for_purpose text DEFAULT NULL,
	on_channel text DEFAULT NULL,
	at timestamp with time zone DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL
) RETURNS TABLE (
	purpose text,
	channel text,
	product_id uuid,
	contact_point_id uuid,
	controller_id uuid,
	state text,
	reason_code text,
	until timestamp with time zone,
	because jsonb
) STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.decide(
	kind text,
	account_id uuid,
	product_id uuid DEFAULT NULL,
	qty numeric DEFAULT NULL,
	args jsonb DEFAULT '{}'
) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.decision_steps(decision_id uuid, lang text DEFAULT 'en') RETURNS TABLE (
	seq integer,
	rule_code text,
	outcome text,
	reason_code text,
	expected jsonb,
	observed jsonb,
	evidence jsonb,
	legal_ref text,
	message text
) STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.disburse(
	visit_id uuid,
	request_id uuid,
	product_id uuid,
	batch_id uuid,
	qty numeric,
	id uuid DEFAULT NULL,
	at timestamp with time zone DEFAULT NULL,
	justification text DEFAULT NULL,
	on_deny text DEFAULT 'raise',
	delivery_point_id uuid DEFAULT NULL,
	account_id uuid DEFAULT NULL,
	kind text DEFAULT 'sample_drop',
	location_id uuid DEFAULT NULL,
	OUT disbursement_id uuid,
	OUT decision_id uuid,
	OUT outcome text,
	OUT reason_codes text[]
) RETURNS record VOLATILE;
CREATE FUNCTION crm.drop_merged_row(merge uuid, rel regclass, of_table text, of_column text, this_row jsonb) RETURNS void VOLATILE;
CREATE FUNCTION crm.end_date(table_name text, id uuid, day date) RETURNS void VOLATILE;
CREATE FUNCTION crm.explain_eligibility(
	account_id uuid,
	product_id uuid,
	qty numeric,
	action text DEFAULT 'sample_drop',
	territory_id uuid DEFAULT NULL,
	user_id uuid DEFAULT NULL,
	batch_id uuid DEFAULT NULL,
	at timestamp with time zone DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL,
	lang text DEFAULT 'en',
	visit_id uuid DEFAULT NULL,
	request_id uuid DEFAULT NULL
) RETURNS TABLE (
	seq integer,
	rule_code text,
	outcome text,
	reason_code text,
	expected jsonb,
	observed jsonb,
	evidence jsonb,
	legal_ref text,
	message text
) STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.fhir_account(account_id uuid) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_address(contact_point_id uuid) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_addresses(account_id uuid) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_affiliation(affiliation_id uuid) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_concept(system text, code text) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_extensions(pairs jsonb) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_healthcare_service_resource(account_id uuid) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_identifier_systems(OUT uri text, OUT system text, OUT preferred boolean) RETURNS SETOF record IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_identifiers(account_id uuid) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_organization_resource(account_id uuid) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_period(valid_from date, valid_to date) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_practitioner_resource(account_id uuid) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.fhir_telecoms(account_id uuid) RETURNS jsonb STABLE PARALLEL SAFE;
CREATE FUNCTION crm.find_duplicates(kind text DEFAULT NULL, min_score real DEFAULT 0.5) RETURNS TABLE (
	cluster_id uuid,
	account_a uuid,
	account_b uuid,
	score real,
	evidence jsonb
) STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.fit_match_weights() RETURNS double precision VOLATILE;
CREATE FUNCTION crm.follow_merge(
	merge uuid,
	rel regclass,
	of_table text,
	of_column text,
	same_key text[],
	this_row jsonb,
	winner uuid
) RETURNS void VOLATILE;
CREATE FUNCTION crm.golden_value(field text, value text) RETURNS text STABLE;
CREATE FUNCTION crm.hco_parents(known_at timestamp with time zone DEFAULT NULL) RETURNS TABLE (
	account_id uuid,
	parent_id uuid
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.hco_rollup(
	metric text DEFAULT 'professionals',
	root uuid DEFAULT NULL,
	at date DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL
) RETURNS TABLE (
	account_id uuid,
	parent_account_id uuid,
	depth integer,
	own numeric,
	total numeric
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_country(value text) RETURNS text STABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_day(value text, closing boolean DEFAULT false) RETURNS date STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION crm.import_fhir_address(account_id uuid, address jsonb, country text, id uuid) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.import_fhir_country(key text, above uuid) RETURNS text STABLE;
CREATE FUNCTION crm.import_fhir_details(key text, account_id uuid, country text) RETURNS text VOLATILE;
CREATE FUNCTION crm.import_fhir_document(resource jsonb, system text DEFAULT 'fhir', country_code text DEFAULT NULL) RETURNS TABLE (
	accepted bigint,
	waiting bigint,
	rejected bigint,
	row_no integer,
	reference text,
	status text,
	reason text
) VOLATILE;
CREATE FUNCTION crm.import_fhir_end(period jsonb, active boolean DEFAULT NULL) RETURNS date STABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_fhir_extension(element jsonb, name text) RETURNS jsonb IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_fhir_id(value text) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.import_fhir_key(system text, reference text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION crm.import_fhir_left_out(point uuid, address jsonb) RETURNS text[] STABLE;
CREATE FUNCTION crm.import_fhir_location(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_fhir_organization(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_fhir_period(period jsonb) RETURNS daterange STABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_fhir_practitioner(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_fhir_record(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_fhir_role(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_fhir_specialties(
	concepts jsonb,
	OUT code lsce.specialty,
	OUT label text,
	OUT rank integer,
	OUT valid_from date,
	OUT valid_to date
) RETURNS SETOF record STABLE;
CREATE FUNCTION crm.import_fhir_syllabic(name jsonb) RETURNS boolean IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_fhir_types(OUT type text, OUT fields text[], OUT refs text[]) RETURNS SETOF record IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_fhir_words(words jsonb) RETURNS text IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_id(key text) RETURNS uuid STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION crm.import_lsc_account(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_lsc_code(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_lsc_document(
	object text,
	document jsonb,
	system text DEFAULT 'salesforce',
	country_code text DEFAULT NULL,
	team text DEFAULT NULL
) RETURNS TABLE (
	accepted bigint,
	waiting bigint,
	rejected bigint,
	row_no integer,
	reference text,
	status text,
	reason text
) VOLATILE;
CREATE FUNCTION crm.import_lsc_end(raw jsonb, field text) RETURNS date STABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_lsc_guidance(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_lsc_key(system text, value text) RETURNS text IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION crm.import_lsc_objects(OUT object text, OUT fields text[], OUT refs text[]) RETURNS SETOF record IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_lsc_product(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_lsc_provider(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_lsc_record(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_lsc_relation(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_lsc_territory(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_region(country text, value text) RETURNS text STABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_resolve(OUT accepted bigint, OUT rejected bigint, OUT waiting bigint) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_run(format text, rows jsonb, system text, country_code text, team text) RETURNS TABLE (
	accepted bigint,
	waiting bigint,
	rejected bigint,
	row_no integer,
	reference text,
	status text,
	reason text
) VOLATILE;
CREATE FUNCTION crm.import_settle(keys text[], OUT accepted text[], OUT rejected text[]) RETURNS record VOLATILE;
CREATE FUNCTION crm.import_source_values(key text) RETURNS void VOLATILE;
CREATE FUNCTION crm.import_specialty(source text, value text, label text DEFAULT NULL) RETURNS lsce.specialty STABLE PARALLEL SAFE;
CREATE FUNCTION crm.import_stage(format text, rows jsonb, system text, country_code text, team text) RETURNS jsonb VOLATILE;
CREATE FUNCTION crm.import_unresolved() RETURNS TABLE (
	system text,
	reference text,
	object text,
	waits_for text,
	why text
) STABLE;
CREATE FUNCTION crm.influence_rank(
	product_id uuid DEFAULT NULL,
	specialty_code lsce.specialty DEFAULT NULL,
	territory_id uuid DEFAULT NULL,
	at date DEFAULT NULL,
	damping double precision DEFAULT 0.85,
	kinds text[] DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL,
	direction text DEFAULT 'out',
	max_rounds integer DEFAULT 100
) RETURNS TABLE (
	account_id uuid,
	score double precision,
	rank bigint
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.launch_readiness(product_id uuid, territory_id uuid DEFAULT NULL, at date DEFAULT NULL) RETURNS TABLE (
	check_code text,
	ok boolean,
	detail jsonb
) STABLE;
CREATE FUNCTION crm.lock_identity(accounts uuid[]) RETURNS void VOLATILE;
CREATE FUNCTION crm.lot(product_code text, lot_no text) RETURNS uuid STABLE;
CREATE FUNCTION crm.match_account(
	name text,
	postal_code text DEFAULT NULL,
	identifiers jsonb DEFAULT '{}',
	lim integer DEFAULT 10
) RETURNS TABLE (
	account_id uuid,
	score real,
	reasons jsonb
) STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.merge_account(winner uuid, loser uuid, reason text) RETURNS uuid VOLATILE SECURITY DEFINER;
CREATE FUNCTION crm.move_limit_uses(merge uuid, from_account uuid, to_account uuid, facts_of uuid[] DEFAULT NULL) RETURNS void VOLATILE;
CREATE FUNCTION crm.my_account_ids() RETURNS uuid[] STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.my_company() RETURNS uuid STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.my_company_territory_ids() RETURNS uuid[] STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.my_domains() RETURNS text[] STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.my_location_ids() RETURNS uuid[] STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.my_territory_ids() RETURNS uuid[] STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.name_candidates(query text, lim integer) RETURNS TABLE (
	account_id uuid,
	similarity real
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.name_keys_stale() RETURNS TABLE (
	check_code text,
	ok boolean,
	subject text,
	detail text
) STABLE;
CREATE FUNCTION crm.note_merge_row(
	merge uuid,
	of_table text,
	of_column text,
	op text,
	old_row jsonb,
	new_row jsonb DEFAULT NULL
) RETURNS void VOLATILE;
CREATE FUNCTION crm.note_moving_excess(merge uuid) RETURNS void VOLATILE;
CREATE FUNCTION crm.open_change(id uuid) RETURNS void VOLATILE;
CREATE FUNCTION crm.outbox_read(
	after_xid xid8 DEFAULT '0',
	after_id uuid DEFAULT '00000000-0000-0000-0000-000000000000',
	lim integer DEFAULT 100
) RETURNS TABLE (
	xid xid8,
	id uuid,
	topic text,
	entity_id uuid,
	payload jsonb,
	at timestamp with time zone,
	secret jsonb
) STABLE;
CREATE FUNCTION crm.peers(
	start uuid,
	specialty_code lsce.specialty DEFAULT NULL,
	max_hops integer DEFAULT 2,
	at date DEFAULT NULL,
	kinds text[] DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL
) RETURNS TABLE (
	account_id uuid,
	hops integer,
	common_hcos uuid[]
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.post_operation(
	type text,
	lines jsonb,
	from_location_id uuid DEFAULT NULL,
	to_location_id uuid DEFAULT NULL,
	reason text DEFAULT NULL,
	id uuid DEFAULT NULL
) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.product(code text) RETURNS uuid STABLE;
CREATE FUNCTION crm.queue_message(
	account_id uuid,
	channel text,
	purpose text DEFAULT 'marketing',
	contact_point_id uuid DEFAULT NULL,
	product_id uuid DEFAULT NULL,
	id uuid DEFAULT NULL,
	controller_id uuid DEFAULT NULL
) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.ratings_of(scheme text, day date, known_at timestamp with time zone DEFAULT NULL) RETURNS TABLE (
	account_id uuid,
	rating_id uuid,
	value numeric
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.reach(
	start uuid,
	max_hops integer DEFAULT 3,
	kinds text[] DEFAULT NULL,
	product_id uuid DEFAULT NULL,
	at date DEFAULT NULL,
	min_strength real DEFAULT 0,
	known_at timestamp with time zone DEFAULT NULL,
	direction text DEFAULT 'out'
) RETURNS TABLE (
	account_id uuid,
	hops integer,
	best_strength double precision,
	via uuid[]
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.record_consent(
	account_id uuid,
	purpose text,
	channel text,
	action text,
	captured_at timestamp with time zone,
	contact_point_id uuid DEFAULT NULL,
	proof jsonb DEFAULT '{}',
	id uuid DEFAULT NULL,
	controller_id uuid DEFAULT NULL,
	product_id uuid DEFAULT NULL,
	basis text DEFAULT 'consent',
	valid_until timestamp with time zone DEFAULT NULL
) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.reject_change(id uuid, reason text) RETURNS void VOLATILE;
CREATE FUNCTION crm.request_change(
	table_name text,
	row_key jsonb,
	changes jsonb,
	op text DEFAULT 'update',
	validation text DEFAULT 'internal',
	apply_now boolean DEFAULT false,
	reason text DEFAULT NULL,
	parent_id uuid DEFAULT NULL
) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.require_settled(missed boolean, what text) RETURNS void VOLATILE;
CREATE FUNCTION crm.reverse_disbursement(
	id uuid,
	kind text,
	quantity numeric DEFAULT NULL,
	to_location_id uuid DEFAULT NULL,
	reason text DEFAULT NULL
) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.rule_set() RETURNS text STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.sample_headroom(account_id uuid, product_id uuid, at date DEFAULT NULL, user_id uuid DEFAULT NULL) RETURNS TABLE (
	rule_id uuid,
	template text,
	window_from date,
	window_to date,
	quota numeric,
	used numeric,
	remaining numeric,
	per_visit numeric,
	frees_on date
) STABLE;
CREATE FUNCTION crm.sees_all() RETURNS boolean STABLE PARALLEL RESTRICTED;
CREATE FUNCTION crm.send_message(message_id uuid) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.shortest_path(
	a uuid,
	b uuid,
	max_hops integer DEFAULT 6,
	at date DEFAULT NULL,
	kinds text[] DEFAULT NULL,
	product_id uuid DEFAULT NULL,
	known_at timestamp with time zone DEFAULT NULL,
	direction text DEFAULT 'out',
	by text DEFAULT 'hops'
) RETURNS TABLE (
	step integer,
	account_id uuid,
	affiliation_id uuid,
	strength real
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.sign_request(
	account_id uuid,
	visit_id uuid,
	kind text,
	lines jsonb,
	signature jsonb,
	ship_to_id uuid DEFAULT NULL
) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.specialties_of(
	accounts uuid[],
	specialty_code lsce.specialty,
	day date,
	known_at timestamp with time zone DEFAULT NULL
) RETURNS TABLE (
	account_id uuid,
	code lsce.specialty
) STABLE PARALLEL SAFE;
CREATE FUNCTION crm.unmerge_account(merge_id uuid) RETURNS integer VOLATILE SECURITY DEFINER;
CREATE FUNCTION crm.virtual_location(kind text) RETURNS uuid VOLATILE;
CREATE FUNCTION crm.why_cant_i(
	product uuid,
	account uuid,
	action text DEFAULT 'sample_drop',
	lang text DEFAULT 'en',
	at timestamp with time zone DEFAULT NULL
) RETURNS TABLE (
	rule_code text,
	reason_code text,
	message text,
	cure text,
	legal_ref text
) STABLE PARALLEL RESTRICTED;


-- procedures of a model

CREATE PROCEDURE crm.rebuild_name_keys();


-- trigger functions of a model

CREATE FUNCTION crm.apply_source_values() RETURNS trigger;
CREATE FUNCTION crm.check_merge_policy() RETURNS trigger;
CREATE FUNCTION crm.check_product_tree() RETURNS trigger;
CREATE FUNCTION crm.check_source_value() RETURNS trigger;
CREATE FUNCTION crm.guard_identity() RETURNS trigger;
CREATE FUNCTION crm.refuse_merged() RETURNS trigger;
CREATE FUNCTION crm.stamp_change_request() RETURNS trigger;
