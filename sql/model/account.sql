-- Accounts: professionals (HCP) and organisations (HCO), their names, places,
-- specialties, certifications, licences, identifiers, affiliations and ratings.

CREATE TABLE account (
	account_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL CONSTRAINT account_kind CHECK (kind IN ('hcp', 'hco', 'payer', 'pharmacy', 'authority', 'patient_group', 'other')),
	name text NOT NULL CONSTRAINT account_name_given CHECK (name <> ''),
	lang text NOT NULL DEFAULT 'en',
	country_code text NOT NULL,
	status text NOT NULL DEFAULT 'active' CONSTRAINT account_status CHECK (status IN ('active', 'inactive', 'deceased', 'merged', 'pending')),
	survivor_id uuid,
	prescriber boolean NOT NULL DEFAULT false,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT account_pkey PRIMARY KEY (account_id),
	CONSTRAINT account_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT account_survivor_fkey FOREIGN KEY (survivor_id) REFERENCES account,
	CONSTRAINT account_survivor CHECK ((status = 'merged') = (survivor_id IS NOT NULL) AND survivor_id <> account_id)
);
CREATE INDEX account_survivor_idx ON account (survivor_id) WHERE survivor_id IS NOT NULL;
COMMENT ON TABLE account IS 'everybody we engage with. survivor_id: a merged record''s surviving record, path-compressed; facts keep the id they were stored with';

CREATE TABLE hcp (
	account_id uuid NOT NULL,
	given_name text,
	family_name text,
	given_name_reading text,
	family_name_reading text,
	title text,
	credential text,
	profession text NOT NULL DEFAULT 'physician',
	no_contact boolean NOT NULL DEFAULT false,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT hcp_pkey PRIMARY KEY (account_id),
	CONSTRAINT hcp_account_fkey FOREIGN KEY (account_id) REFERENCES account
);
COMMENT ON TABLE hcp IS 'healthcare professionals; profession is a code (physician, dentist, nurse_practitioner, physician_assistant, pharmacist, …). Readings hold kana, never a romanisation of kanji';

CREATE TABLE hco (
	account_id uuid NOT NULL,
	hco_type text NOT NULL,
	parent_id uuid,
	accepts_samples boolean NOT NULL DEFAULT false,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT hco_pkey PRIMARY KEY (account_id),
	CONSTRAINT hco_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT hco_parent_fkey FOREIGN KEY (parent_id) REFERENCES account,
	CONSTRAINT hco_not_own_parent CHECK (parent_id <> account_id)
);
CREATE INDEX hco_parent_idx ON hco (parent_id);
COMMENT ON TABLE hco IS 'healthcare organisations; hco_type is a code (hospital, clinic, hospital_pharmacy, retail_pharmacy, practice, …)';

CREATE TABLE account_identifier (
	account_id uuid NOT NULL,
	system text NOT NULL,
	value text NOT NULL CONSTRAINT account_identifier_value CHECK (value <> ''),
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	CONSTRAINT account_identifier_pkey PRIMARY KEY (system, value, valid_from),
	CONSTRAINT account_identifier_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT account_identifier_valid CHECK (valid_from < valid_to),
	CONSTRAINT account_identifier_no_overlap EXCLUDE USING gist
		(value WITH =, system WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX account_identifier_account_idx ON account_identifier (account_id);
COMMENT ON TABLE account_identifier IS 'identifiers issued by registries: npi, dea, lanr, rpps, gmc, …; one holder at a time';

CREATE TABLE contact_point (
	contact_point_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	kind text NOT NULL CONSTRAINT contact_point_kind CHECK (kind IN ('address', 'email', 'phone', 'social')),
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
	in_alignment boolean NOT NULL DEFAULT true,
	is_primary boolean NOT NULL DEFAULT false,
	inherits_from uuid,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT contact_point_pkey PRIMARY KEY (contact_point_id),
	CONSTRAINT contact_point_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT contact_point_region_fkey FOREIGN KEY (region_code) REFERENCES region,
	CONSTRAINT contact_point_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT contact_point_inherits_fkey FOREIGN KEY (inherits_from) REFERENCES contact_point,
	CONSTRAINT contact_point_region CHECK (region_code IS NULL OR (country_code IS NOT NULL AND starts_with(region_code, country_code || '-'))),
	CONSTRAINT contact_point_place CHECK (kind <> 'address' OR inherits_from IS NOT NULL OR country_code IS NOT NULL),
	CONSTRAINT contact_point_value CHECK (kind = 'address' OR value IS NOT NULL),
	CONSTRAINT contact_point_not_own CHECK (inherits_from <> contact_point_id),
	CONSTRAINT contact_point_valid CHECK (valid_from < valid_to)
);
CREATE INDEX contact_point_account_idx ON contact_point (account_id);
CREATE INDEX contact_point_inherits_idx ON contact_point (inherits_from) WHERE inherits_from IS NOT NULL;
COMMENT ON TABLE contact_point IS 'addresses, e-mail addresses, telephone numbers. One that inherits_from another takes its place from it: when the clinic moves, its doctors move. A changed e-mail address is a new row and inherits no consent';

CREATE TABLE account_specialty (
	account_id uuid NOT NULL,
	code lsce.specialty NOT NULL,
	rank int NOT NULL DEFAULT 1 CONSTRAINT account_specialty_rank CHECK (rank >= 1),
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT account_specialty_pkey PRIMARY KEY (account_id, code, valid_from),
	CONSTRAINT account_specialty_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT account_specialty_valid CHECK (valid_from < valid_to),
	CONSTRAINT account_specialty_no_overlap EXCLUDE USING gist
		(account_id WITH =, (code::text) WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX account_specialty_code_idx ON account_specialty (code);
COMMENT ON TABLE account_specialty IS 'specialties of an account; rank 1 is the primary one';

CREATE TABLE account_certification (
	certification_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	board text NOT NULL,
	specialty lsce.specialty NOT NULL,
	status text NOT NULL DEFAULT 'certified' CONSTRAINT account_certification_status CHECK (status IN ('certified', 'pending', 'lapsed', 'revoked')),
	verified_on date,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	expires_on date GENERATED ALWAYS AS (CASE WHEN valid_to < DATE '9999-12-31' THEN valid_to - 1 END) STORED,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT account_certification_pkey PRIMARY KEY (certification_id),
	CONSTRAINT account_certification_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT account_certification_valid CHECK (valid_from < valid_to)
);
CREATE INDEX account_certification_idx ON account_certification (account_id);
COMMENT ON TABLE account_certification IS 'board certifications; a policy that wants board and specialty wants both in one row';

CREATE TABLE license (
	license_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	kind text NOT NULL DEFAULT 'state' CONSTRAINT license_kind CHECK (kind IN ('state', 'national', 'dea', 'cds', 'distributor')),
	number text NOT NULL CONSTRAINT license_number CHECK (number <> ''),
	jurisdiction text NOT NULL,
	contact_point_id uuid,
	license_class text,
	schedules text[] NOT NULL DEFAULT '{}',
	sample_eligible boolean NOT NULL DEFAULT true,
	status text NOT NULL DEFAULT 'verified' CONSTRAINT license_status CHECK (status IN ('draft', 'verified', 'inactive', 'revoked', 'suspended')),
	verified_on date,
	verified_source text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	expires_on date GENERATED ALWAYS AS (CASE WHEN valid_to < DATE '9999-12-31' THEN valid_to - 1 END) STORED,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT license_pkey PRIMARY KEY (license_id),
	CONSTRAINT license_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT license_contact_point_fkey FOREIGN KEY (contact_point_id) REFERENCES contact_point,
	CONSTRAINT license_jurisdiction CHECK (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'),
	CONSTRAINT license_valid CHECK (valid_from < valid_to),
	CONSTRAINT license_no_overlap EXCLUDE USING gist
		(account_id WITH =, kind WITH =, jurisdiction WITH =, number WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX license_account_idx ON license (account_id);
CREATE INDEX license_number_idx ON license (number);
COMMENT ON TABLE license IS 'licences to practise (state, national), to prescribe controlled substances (dea, cds) or to hold stock (distributor); jurisdiction is a region or country code, expires_on the last valid day';

CREATE TABLE license_product (
	license_id uuid NOT NULL,
	product_id uuid NOT NULL,
	CONSTRAINT license_product_pkey PRIMARY KEY (license_id, product_id),
	CONSTRAINT license_product_license_fkey FOREIGN KEY (license_id) REFERENCES license,
	CONSTRAINT license_product_product_fkey FOREIGN KEY (product_id) REFERENCES product
);
COMMENT ON TABLE license_product IS 'when a licence has rows here, it covers these products (and what stands under them) only';

CREATE TABLE affiliation (
	affiliation_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	from_account_id uuid NOT NULL,
	to_account_id uuid NOT NULL,
	role text NOT NULL DEFAULT 'member',
	kind text NOT NULL CONSTRAINT affiliation_kind CHECK (kind IN ('employment', 'consulting', 'admitting', 'referral', 'membership', 'governance', 'influence')),
	strength real NOT NULL DEFAULT 1 CONSTRAINT affiliation_strength CHECK (strength BETWEEN 0 AND 1),
	direction text NOT NULL DEFAULT 'unidirectional' CONSTRAINT affiliation_direction CHECK (direction IN ('unidirectional', 'bidirectional', 'neutral')),
	is_primary boolean NOT NULL DEFAULT false,
	specialty_code lsce.specialty,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT affiliation_pkey PRIMARY KEY (affiliation_id),
	CONSTRAINT affiliation_from_fkey FOREIGN KEY (from_account_id) REFERENCES account,
	CONSTRAINT affiliation_to_fkey FOREIGN KEY (to_account_id) REFERENCES account,
	CONSTRAINT affiliation_not_self CHECK (from_account_id <> to_account_id),
	CONSTRAINT affiliation_valid CHECK (valid_from < valid_to),
	CONSTRAINT affiliation_no_overlap EXCLUDE USING gist
		(from_account_id WITH =, to_account_id WITH =, role WITH =, kind WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX affiliation_from_idx ON affiliation (from_account_id) INCLUDE (to_account_id, affiliation_id, strength, kind, direction, valid_from, valid_to);
CREATE INDEX affiliation_to_idx ON affiliation (to_account_id) INCLUDE (from_account_id, affiliation_id, strength, kind, direction, valid_from, valid_to);
CREATE INDEX affiliation_from_both_idx ON affiliation (from_account_id) INCLUDE (to_account_id, affiliation_id, strength, kind, direction, valid_from, valid_to) WHERE direction = 'bidirectional';
CREATE INDEX affiliation_to_both_idx ON affiliation (to_account_id) INCLUDE (from_account_id, affiliation_id, strength, kind, direction, valid_from, valid_to) WHERE direction = 'bidirectional';
COMMENT ON TABLE affiliation IS 'who works where, refers to whom, sits on which body: the edges of the affiliation graph. strength in [0, 1] multiplies along a path';
COMMENT ON COLUMN affiliation.direction IS 'unidirectional edges are walked from from_account_id to to_account_id, bidirectional ones both ways, neutral ones only by an undirected walk';

CREATE TABLE affiliation_product (
	affiliation_id uuid NOT NULL,
	product_id uuid NOT NULL,
	strength real NOT NULL CONSTRAINT affiliation_product_strength CHECK (strength BETWEEN 0 AND 1),
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT affiliation_product_pkey PRIMARY KEY (affiliation_id, product_id),
	CONSTRAINT affiliation_product_affiliation_fkey FOREIGN KEY (affiliation_id) REFERENCES affiliation,
	CONSTRAINT affiliation_product_product_fkey FOREIGN KEY (product_id) REFERENCES product
);
COMMENT ON TABLE affiliation_product IS 'strength of an affiliation for one product, where it differs';

CREATE TABLE account_rating (
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
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT account_rating_pkey PRIMARY KEY (rating_id),
	CONSTRAINT account_rating_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT account_rating_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT account_rating_territory_fkey FOREIGN KEY (territory_id) REFERENCES territory_node,
	CONSTRAINT account_rating_said CHECK (num_nonnulls(value, grade) >= 1),
	CONSTRAINT account_rating_valid CHECK (valid_from < valid_to)
);
CREATE INDEX account_rating_account_idx ON account_rating (account_id);
COMMENT ON TABLE account_rating IS 'ratings by scheme (potential, adoption, KOL grade), optionally for one product or territory';

ALTER TABLE account_territory ADD CONSTRAINT account_territory_account_fkey FOREIGN KEY (account_id) REFERENCES account;
ALTER TABLE product_account_restriction ADD CONSTRAINT restriction_account_fkey FOREIGN KEY (account_id) REFERENCES account;
ALTER TABLE product_account_restriction ADD CONSTRAINT restriction_territory_fkey FOREIGN KEY (territory_id) REFERENCES territory_node;
