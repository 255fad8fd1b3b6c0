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
COMMENT ON COLUMN account.account_id IS 'generated, time-ordered; facts keep it for good';
COMMENT ON COLUMN account.kind IS 'professional (hcp), organisation (hco) or another party; hcp and hco hold the rest';
COMMENT ON COLUMN account.name IS 'full name as written in the account''s language';
COMMENT ON COLUMN account.lang IS 'language for letters and messages, as BCP 47 subtag';
COMMENT ON COLUMN account.country_code IS 'country whose law applies where no place is named';
COMMENT ON COLUMN account.status IS 'only active accounts are engaged with; merged points at survivor_id';
COMMENT ON COLUMN account.survivor_id IS 'record that took this one over when they were merged; NULL unless status is merged';
COMMENT ON COLUMN account.prescriber IS 'true: may prescribe; asked by rule EL03 before samples are requested';
COMMENT ON INDEX account_survivor_idx IS 'records merged into an account; most have none';

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
COMMENT ON COLUMN hcp.account_id IS 'account of kind hcp that this describes';
COMMENT ON COLUMN hcp.given_name IS 'first name, native script';
COMMENT ON COLUMN hcp.family_name IS 'last name, native script';
COMMENT ON COLUMN hcp.given_name_reading IS 'first name in kana; NULL: not Japanese, or unknown';
COMMENT ON COLUMN hcp.family_name_reading IS 'last name in kana; NULL: not Japanese, or unknown';
COMMENT ON COLUMN hcp.title IS 'form of address, such as Dr or Prof';
COMMENT ON COLUMN hcp.credential IS 'degrees behind the name, such as MD, PharmD';
COMMENT ON COLUMN hcp.profession IS 'code of code set profession; recipients of a law and policies name it';
COMMENT ON COLUMN hcp.no_contact IS 'true: asked not to be contacted at all; refuses every action (ACCOUNT_RESTRICTED)';

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
COMMENT ON COLUMN hco.account_id IS 'account of kind hco that this describes';
COMMENT ON COLUMN hco.hco_type IS 'code of code set hco_type; recipients of a law name it';
COMMENT ON COLUMN hco.parent_id IS 'organisation it belongs to; NULL: none';
COMMENT ON COLUMN hco.accepts_samples IS 'true: takes samples in; without it rule EL02 refuses';

CREATE TABLE account_identifier (
	account_id uuid NOT NULL,
	system text NOT NULL CONSTRAINT account_identifier_system CHECK (system ~ '\S'),
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
COMMENT ON COLUMN account_identifier.account_id IS 'holder';
COMMENT ON COLUMN account_identifier.system IS 'registry that issued it, lower case: npi, dea, lanr, rpps, gmc, …';
COMMENT ON COLUMN account_identifier.value IS 'the identifier as issued';
COMMENT ON CONSTRAINT account_identifier_no_overlap ON account_identifier IS 'an identifier has one holder at a time';

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
COMMENT ON COLUMN contact_point.contact_point_id IS 'generated, time-ordered';
COMMENT ON COLUMN contact_point.account_id IS 'account that is reached there';
COMMENT ON COLUMN contact_point.kind IS 'address, email, phone or social; channels need one kind';
COMMENT ON COLUMN contact_point.usage IS 'work, home, billing, … in the source''s words';
COMMENT ON COLUMN contact_point.value IS 'e-mail address, telephone number or handle; NULL for an address';
COMMENT ON COLUMN contact_point.line IS 'street and number; NULL: taken from inherits_from, or unknown';
COMMENT ON COLUMN contact_point.city IS 'place name; NULL: taken from inherits_from, or unknown';
COMMENT ON COLUMN contact_point.postal_code IS 'as written there; NULL: taken from inherits_from, or unknown';
COMMENT ON COLUMN contact_point.brick IS 'sales brick the place lies in; alignment works by it';
COMMENT ON COLUMN contact_point.region_code IS 'ISO 3166-2 region of the place, inside country_code; NULL: taken from inherits_from, or unknown';
COMMENT ON COLUMN contact_point.country_code IS 'country of the place; required for an address that inherits nothing';
COMMENT ON COLUMN contact_point.tz IS 'IANA time zone of the place; NULL: that of the region, else of the country';
COMMENT ON COLUMN contact_point.can_ship IS 'true: samples may be sent there';
COMMENT ON COLUMN contact_point.is_primary IS 'true: preferred where an action names no contact point of this kind';
COMMENT ON COLUMN contact_point.inherits_from IS 'address it takes its place from; NULL: it has its own';
COMMENT ON INDEX contact_point_inherits_idx IS 'addresses that move with another one';

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
COMMENT ON COLUMN account_specialty.account_id IS 'whose specialty it is';
COMMENT ON COLUMN account_specialty.code IS 'path in the classification of code set specialty';
COMMENT ON COLUMN account_specialty.rank IS '1: primary; more: in falling importance';
COMMENT ON CONSTRAINT account_specialty_no_overlap ON account_specialty IS 'an account has a specialty once at a time';

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
COMMENT ON COLUMN account_certification.certification_id IS 'generated, time-ordered';
COMMENT ON COLUMN account_certification.account_id IS 'who is certified';
COMMENT ON COLUMN account_certification.board IS 'certifying body, such as ABIM';
COMMENT ON COLUMN account_certification.specialty IS 'what the board certified, path in the classification';
COMMENT ON COLUMN account_certification.status IS 'only certified counts';
COMMENT ON COLUMN account_certification.verified_on IS 'day on which the board was last asked; NULL: never';
COMMENT ON COLUMN account_certification.expires_on IS 'last valid day, from valid_to; NULL: open';

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
COMMENT ON COLUMN license.license_id IS 'generated, time-ordered';
COMMENT ON COLUMN license.account_id IS 'holder';
COMMENT ON COLUMN license.kind IS 'state or national: to practise; dea, cds: controlled substances; distributor: to hold stock';
COMMENT ON COLUMN license.number IS 'as issued; stored decisions keep a keyed digest of it only';
COMMENT ON COLUMN license.jurisdiction IS 'region or country code the licence holds in';
COMMENT ON COLUMN license.contact_point_id IS 'place it was issued for; NULL: not bound to one';
COMMENT ON COLUMN license.license_class IS 'class or type as the issuer words it; NULL: not stated';
COMMENT ON COLUMN license.schedules IS 'schedules of controlled substances it covers; {}: none';
COMMENT ON COLUMN license.sample_eligible IS 'false: the issuer allows no samples under it';
COMMENT ON COLUMN license.status IS 'only verified counts';
COMMENT ON COLUMN license.verified_on IS 'day on which the issuer was last asked; NULL: never. license_verification_max_age_days bounds its age';
COMMENT ON COLUMN license.verified_source IS 'register or service that was asked; NULL: never asked';
COMMENT ON COLUMN license.expires_on IS 'last valid day, from valid_to; NULL: open';
COMMENT ON CONSTRAINT license_no_overlap ON license IS 'one row at a time for a licence; a renewal begins where the old row ends';

CREATE TABLE license_product (
	license_id uuid NOT NULL,
	product_id uuid NOT NULL,
	CONSTRAINT license_product_pkey PRIMARY KEY (license_id, product_id),
	CONSTRAINT license_product_license_fkey FOREIGN KEY (license_id) REFERENCES license,
	CONSTRAINT license_product_product_fkey FOREIGN KEY (product_id) REFERENCES product
);
COMMENT ON TABLE license_product IS 'when a licence has rows here, it covers these products (and what stands under them) only';
COMMENT ON COLUMN license_product.license_id IS 'licence that is narrowed';
COMMENT ON COLUMN license_product.product_id IS 'product, brand or class it covers';

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
CREATE INDEX affiliation_from_idx ON affiliation (from_account_id) INCLUDE (to_account_id, affiliation_id, strength, valid_from, valid_to, direction, kind);
CREATE INDEX affiliation_to_idx ON affiliation (to_account_id) INCLUDE (from_account_id, affiliation_id, strength, valid_from, valid_to, direction, kind);
CREATE INDEX affiliation_from_both_idx ON affiliation (from_account_id) INCLUDE (to_account_id, affiliation_id, strength, valid_from, valid_to, direction, kind) WHERE direction = 'bidirectional';
CREATE INDEX affiliation_to_both_idx ON affiliation (to_account_id) INCLUDE (from_account_id, affiliation_id, strength, valid_from, valid_to, direction, kind) WHERE direction = 'bidirectional';
COMMENT ON TABLE affiliation IS 'who works where, refers to whom, sits on which body: the edges of the affiliation graph. strength in [0, 1] multiplies along a path';
COMMENT ON COLUMN affiliation.affiliation_id IS 'generated, time-ordered';
COMMENT ON COLUMN affiliation.from_account_id IS 'where the edge starts: the member, the referring side';
COMMENT ON COLUMN affiliation.to_account_id IS 'where it ends: the organisation, the side referred to';
COMMENT ON COLUMN affiliation.role IS 'post or function, such as member, head, attending';
COMMENT ON COLUMN affiliation.kind IS 'nature of the relation; reach() filters by it';
COMMENT ON COLUMN affiliation.strength IS '0 to 1; 1: full';
COMMENT ON COLUMN affiliation.is_primary IS 'true: the main affiliation of from_account_id';
COMMENT ON COLUMN affiliation.specialty_code IS 'specialty practised there; NULL: not stated';
COMMENT ON COLUMN affiliation.direction IS 'unidirectional edges are walked from from_account_id to to_account_id, bidirectional ones both ways, neutral ones only by an undirected walk';
COMMENT ON CONSTRAINT affiliation_no_overlap ON affiliation IS 'one edge at a time for two accounts, a role and a kind';
COMMENT ON INDEX affiliation_from_idx IS 'reach() walks outward from the index alone';
COMMENT ON INDEX affiliation_to_idx IS 'reach() walks inward from the index alone';
COMMENT ON INDEX affiliation_from_both_idx IS 'edges that are walked both ways, by their start';
COMMENT ON INDEX affiliation_to_both_idx IS 'edges that are walked both ways, by their end';

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
COMMENT ON COLUMN affiliation_product.affiliation_id IS 'affiliation whose strength differs';
COMMENT ON COLUMN affiliation_product.product_id IS 'product it differs for';
COMMENT ON COLUMN affiliation_product.strength IS '0 to 1, in place of affiliation.strength';

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
COMMENT ON COLUMN account_rating.rating_id IS 'generated, time-ordered';
COMMENT ON COLUMN account_rating.account_id IS 'who is rated';
COMMENT ON COLUMN account_rating.scheme IS 'what is rated, such as potential, adoption, kol';
COMMENT ON COLUMN account_rating.product_id IS 'product it is about; NULL: in general';
COMMENT ON COLUMN account_rating.territory_id IS 'territory that rates; NULL: the company';
COMMENT ON COLUMN account_rating.value IS 'score; NULL: only a grade is given';
COMMENT ON COLUMN account_rating.grade IS 'class such as A, B, C; NULL: only a score is given';
COMMENT ON COLUMN account_rating.method IS 'how it came about, such as survey, sales data; NULL: not stated';

ALTER TABLE account_territory ADD CONSTRAINT account_territory_account_fkey FOREIGN KEY (account_id) REFERENCES account;
ALTER TABLE product_account_restriction ADD CONSTRAINT restriction_account_fkey FOREIGN KEY (account_id) REFERENCES account;
ALTER TABLE product_account_restriction ADD CONSTRAINT restriction_territory_fkey FOREIGN KEY (territory_id) REFERENCES territory_node;
