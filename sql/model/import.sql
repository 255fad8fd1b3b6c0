-- Imports: every record that came in from elsewhere, as it came, what became of
-- it, and which other records it waits for.

CREATE TABLE import_record (
	system text NOT NULL CONSTRAINT import_record_system CHECK (system ~ '^\S+$'),
	reference text NOT NULL CONSTRAINT import_record_reference CHECK (reference <> ''),
	key text NOT NULL GENERATED ALWAYS AS (system || ' ' || reference) STORED,
	alias text,
	format text NOT NULL CONSTRAINT import_record_format CHECK (format IN ('lsc', 'fhir')),
	object text NOT NULL,
	row_no int NOT NULL,
	raw jsonb NOT NULL,
	country_code text,
	team text,
	needs text[] NOT NULL DEFAULT '{}',
	status text NOT NULL CONSTRAINT import_record_status CHECK (status IN ('waiting', 'accepted', 'rejected')),
	reason text,
	entity text,
	id uuid,
	code text,
	received_by name NOT NULL DEFAULT current_user,
	received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	settled_at timestamptz,
	CONSTRAINT import_record_pkey PRIMARY KEY (system, reference),
	CONSTRAINT import_record_key UNIQUE (key),
	CONSTRAINT import_record_said CHECK (status <> 'rejected' OR reason IS NOT NULL),
	CONSTRAINT import_record_settled CHECK ((status = 'waiting') = (settled_at IS NULL))
);
CREATE INDEX import_record_alias_idx ON import_record (alias) WHERE alias IS NOT NULL;
CREATE INDEX import_record_id_idx ON import_record (id) WHERE id IS NOT NULL;
CREATE INDEX import_record_waiting_idx ON import_record (system, row_no) WHERE status = 'waiting';
CREATE INDEX import_record_needs_idx ON import_record USING gin (needs) WITH (fastupdate = off) WHERE status = 'waiting';
COMMENT ON TABLE import_record IS 'records of imported documents as they came (raw holds every field, those without a column too), and what became of them';
COMMENT ON INDEX import_record_alias_idx IS 'the record that another refers to by its fullUrl';
COMMENT ON INDEX import_record_id_idx IS 'the records that became a row';
COMMENT ON INDEX import_record_waiting_idx IS 'what waits, in the order of import_unresolved()';
COMMENT ON INDEX import_record_needs_idx IS 'what waits for a record';
COMMENT ON COLUMN import_record.system IS 'where the record comes from: salesforce, salesforce/Surveys, a FHIR server; references hold within it';
COMMENT ON COLUMN import_record.format IS 'lsc: data tree of Salesforce; fhir: FHIR R4';
COMMENT ON COLUMN import_record.object IS 'object of Salesforce or type of FHIR resource';
COMMENT ON COLUMN import_record.row_no IS 'place in its document, counted from 1; records are written in this order';
COMMENT ON COLUMN import_record.raw IS 'the record with every field, as it came';
COMMENT ON COLUMN import_record.status IS 'accepted: written or read by others from here; waiting: for its references or for somebody who may write it; rejected: see reason';
COMMENT ON COLUMN import_record.reason IS 'why it was rejected or goes on waiting; of an accepted record, what had no place';
COMMENT ON COLUMN import_record.id IS 'id of the row of the table that entity names';
COMMENT ON COLUMN import_record.received_by IS 'role that sent the record first';
COMMENT ON COLUMN import_record.received_at IS 'when it was sent first';
COMMENT ON COLUMN import_record.settled_at IS 'when it was accepted or rejected';
COMMENT ON COLUMN import_record.reference IS 'by what other records of the system call it: the referenceId of Salesforce, type/id of FHIR';
COMMENT ON COLUMN import_record.key IS 'system and reference in one: what needs and alias of other records hold';
COMMENT ON COLUMN import_record.alias IS 'second key of the same form: the fullUrl of an entry of a FHIR bundle';
COMMENT ON COLUMN import_record.country_code IS 'country that the caller gave for records that name none';
COMMENT ON COLUMN import_record.team IS 'code of the sales team that the caller gave for territories';
COMMENT ON COLUMN import_record.needs IS 'keys of the records this one refers to; it waits until all of them are accepted';
COMMENT ON COLUMN import_record.entity IS 'table that holds what it became; NULL: other records read it from here';
COMMENT ON COLUMN import_record.code IS 'what it became where that has a code and no id: a specialty, a country, a role';
