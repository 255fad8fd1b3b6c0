-- Import of FHIR R4 resources: Practitioner, PractitionerRole, Organization,
-- OrganizationAffiliation, Location, HealthcareService, alone or in a Bundle.
--
-- What the model has and FHIR has not is carried in extensions and codes whose
-- url begins with urn:lsce:, as the views fhir_* write them.

CREATE FUNCTION fhir_identifier_systems(OUT uri text, OUT system text, OUT preferred boolean) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
AS $fhir_identifier_systems$
VALUES
	('http://hl7.org/fhir/sid/us-npi', 'npi', true),
	('urn:oid:2.16.840.1.113883.4.6', 'npi', false),
	('urn:oid:2.16.840.1.113883.4.814', 'dea', true),
	('urn:oid:2.16.840.1.113883.4.336', 'ccn', true),
	('https://fhir.kbv.de/NamingSystem/KBV_NS_Base_ANR', 'lanr', true),
	('https://fhir.kbv.de/NamingSystem/KBV_NS_Base_BSNR', 'bsnr', true),
	('https://rpps.esante.gouv.fr', 'rpps', true),
	('urn:oid:1.2.250.1.71.4.2.1', 'rpps', false),
	('https://fhir.hl7.org.uk/Id/gmc-number', 'gmc', true)
$fhir_identifier_systems$;
COMMENT ON FUNCTION fhir_identifier_systems() IS 'URIs of FHIR for the systems of account_identifier; a system without one is written urn:lsce:identifier:<system>, an URI without one is the system itself';

CREATE FUNCTION import_fhir_key(system text, reference text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT system || ' ' || CASE WHEN starts_with(plain, system || '/') THEN substr(plain, length(system) + 2) ELSE plain END
	FROM regexp_replace(reference, '/_history/[^/]*$', '') AS p (plain);
END;
COMMENT ON FUNCTION import_fhir_key(text, text) IS 'key of the resource that a reference names; a version is ignored, an absolute address below that of the system itself is a relative one';

CREATE FUNCTION import_fhir_types(OUT type text, OUT fields text[], OUT refs text[]) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6
SET search_path = pg_catalog, pg_temp
AS $import_fhir_types$
VALUES
	('Practitioner', '{language,identifier,active,name,birthDate,telecom,address,qualification,extension}'::text[], '{}'::text[]),
	('Organization', '{language,identifier,active,type,name,telecom,address,partOf,extension}', '{partOf}'),
	('HealthcareService', '{language,identifier,active,providedBy,specialty,name,telecom,extension}', '{providedBy}'),
	('Location', '{status,address,managingOrganization,extension}', '{managingOrganization}'),
	('PractitionerRole', '{active,period,practitioner,organization,code,specialty,extension}', '{practitioner,organization}'),
	('OrganizationAffiliation', '{active,period,organization,participatingOrganization,code,specialty,extension}', '{organization,participatingOrganization}')
$import_fhir_types$;
COMMENT ON FUNCTION import_fhir_types() IS 'types of resources that import_fhir_document() takes: elements that have a place in the model, and those of them that refer to other resources';

CREATE FUNCTION import_fhir_extension(element jsonb, name text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(e -> 'valueCode', e -> 'valueString', e -> 'valueBoolean', e -> 'valueDecimal', e -> 'valuePositiveInt')
	FROM jsonb_array_elements(CASE WHEN jsonb_typeof(element -> 'extension') = 'array' THEN element -> 'extension' ELSE '[]' END) AS e
	WHERE e ->> 'url' = 'urn:lsce:' || name LIMIT 1;
END;
COMMENT ON FUNCTION import_fhir_extension(jsonb, text) IS 'value of an extension of ours';

CREATE FUNCTION import_fhir_id(value text) RETURNS uuid
LANGUAGE sql VOLATILE
BEGIN ATOMIC
	SELECT CASE WHEN value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN value::uuid ELSE lsce.uuid_v7() END;
END;
COMMENT ON FUNCTION import_fhir_id(text) IS 'id for what a resource or element becomes: its own where that is a uuid, else a new one';

CREATE FUNCTION import_fhir_end(period jsonb, active boolean DEFAULT NULL) RETURNS date
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_end$
BEGIN
	IF active IS FALSE AND period ->> 'end' IS NULL THEN
		RAISE data_exception USING MESSAGE = 'the resource is not active and its period does not say since when';
	END IF;
	RETURN coalesce(import_day(period ->> 'end', true), '9999-12-31');
END
$import_fhir_end$;
COMMENT ON FUNCTION import_fhir_end(jsonb, boolean) IS 'valid_to of a period, whose end is its last day; what is not active needs one';

CREATE FUNCTION import_fhir_period(period jsonb) RETURNS daterange
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_period$
DECLARE
	valid_from constant date := coalesce(import_day(period ->> 'start'), '0001-01-01');
	valid_to constant date := import_fhir_end(period);
BEGIN
	IF valid_from >= valid_to THEN
		RAISE data_exception USING MESSAGE = format('a period ends (%s) before it begins (%s)', period ->> 'end', period ->> 'start');
	END IF;
	RETURN daterange(valid_from, valid_to);
END
$import_fhir_period$;
COMMENT ON FUNCTION import_fhir_period(jsonb) IS 'the days of a period, all of them when there is none; raises an error for one that ends before it begins';

CREATE FUNCTION import_fhir_specialties(concepts jsonb, OUT code lsce.specialty, OUT label text, OUT rank int, OUT valid_from date, OUT valid_to date) RETURNS SETOF record
LANGUAGE sql STABLE ROWS 2
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_specialties$
	SELECT DISTINCT ON (c.ord) s.path, coalesce(g ->> 'display', g ->> 'code', c.concept ->> 'text'),
		coalesce((import_fhir_extension(c.outer_element, 'rank'))::int, c.ord::int),
		lower(import_fhir_period(c.outer_element -> 'period')), upper(import_fhir_period(c.outer_element -> 'period'))
	FROM (
		-- a qualification holds its concept in code
		SELECT coalesce(e.element -> 'code', e.element) AS concept, e.element AS outer_element, e.ord
		FROM jsonb_array_elements(coalesce(concepts, '[]')) WITH ORDINALITY AS e (element, ord)
	) AS c
	LEFT JOIN LATERAL jsonb_array_elements(c.concept -> 'coding') WITH ORDINALITY AS l (g, no) ON true
	CROSS JOIN LATERAL (SELECT CASE
		WHEN g ->> 'system' = 'urn:lsce:specialty' THEN (g ->> 'code')::lsce.specialty
		ELSE import_specialty(CASE g ->> 'system' WHEN 'http://nucc.org/provider-taxonomy' THEN 'nucc' WHEN 'http://snomed.info/sct' THEN 'snomed' ELSE g ->> 'system' END,
			g ->> 'code', coalesce(g ->> 'display', c.concept ->> 'text')) END AS path) AS s
	ORDER BY c.ord, s.path IS NULL, no
$import_fhir_specialties$;
COMMENT ON FUNCTION import_fhir_specialties(jsonb) IS 'specialties of codeable concepts or qualifications, in order; code is NULL where the model does not know one';

CREATE FUNCTION import_fhir_details(key text, account_id uuid, country text) RETURNS text
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_details$
#variable_conflict use_column
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_fhir_details.key);
	r constant jsonb := item.raw;
	left_out text[] := '{}'::text[];
	e jsonb;
	point uuid;
BEGIN
	-- one identifier may be given several times, for several uses or periods
	INSERT INTO account_identifier (account_id, system, value, valid_from, valid_to)
	SELECT import_fhir_details.account_id, d.system, d.value, lower(d.valid), upper(d.valid)
	FROM (SELECT i.system, lsce.identifier_normalize(i.system, i.value) AS value, unnest(range_agg(import_fhir_period(i.period))) AS valid
		FROM (SELECT coalesce(s.system, regexp_replace(l ->> 'system', '^urn:lsce:identifier:', '')) AS system, l ->> 'value' AS value, l -> 'period' AS period
			FROM jsonb_array_elements(coalesce(r -> 'identifier', '[]')) AS l
			LEFT JOIN fhir_identifier_systems() AS s ON s.uri = l ->> 'system') AS i
		WHERE i.system IS NOT NULL AND i.value IS NOT NULL
		GROUP BY i.system, lsce.identifier_normalize(i.system, i.value)) AS d;
	left_out := left_out || ARRAY(SELECT format('identifier %s without system', i ->> 'value')
		FROM jsonb_array_elements(coalesce(r -> 'identifier', '[]')) AS i WHERE i ->> 'system' IS NULL OR i ->> 'value' IS NULL);

	INSERT INTO contact_point (account_id, kind, usage, value, country_code, is_primary, valid_from, valid_to)
	SELECT import_fhir_details.account_id, CASE t ->> 'system' WHEN 'email' THEN 'email' WHEN 'url' THEN 'social' WHEN 'other' THEN 'social' ELSE 'phone' END,
		CASE WHEN t ->> 'system' IN ('fax', 'pager', 'sms', 'url') THEN t ->> 'system' ELSE coalesce(t ->> 'use', 'work') END, t ->> 'value',
		country, coalesce(t ->> 'rank' = '1', false), lower(p.valid), upper(p.valid)
	FROM jsonb_array_elements(coalesce(r -> 'telecom', '[]')) AS t
	CROSS JOIN LATERAL import_fhir_period(t -> 'period') AS p (valid)
	WHERE t ->> 'system' IN ('phone', 'email', 'fax', 'pager', 'sms', 'url', 'other') AND t ->> 'value' IS NOT NULL;
	left_out := left_out || ARRAY(SELECT format('telecom %s of system %s', t ->> 'value', t ->> 'system')
		FROM jsonb_array_elements(coalesce(r -> 'telecom', '[]')) AS t
		WHERE t ->> 'system' IS NULL OR t ->> 'system' NOT IN ('phone', 'email', 'fax', 'pager', 'sms', 'url', 'other') OR t ->> 'value' IS NULL);

	FOR e IN SELECT a FROM jsonb_array_elements(coalesce(r -> 'address', '[]')) AS a LOOP
		point := import_fhir_address(import_fhir_details.account_id, e, country, import_fhir_id(e ->> 'id'));
		IF e ->> 'id' IS NOT NULL THEN
			INSERT INTO external_key (entity, id, system, value) VALUES ('contact_point', point, item.system, 'Location/' || (e ->> 'id'));
		END IF;
		left_out := left_out || import_fhir_left_out(point, e);
	END LOOP;

	INSERT INTO account_specialty (account_id, code, rank, valid_from, valid_to)
	SELECT import_fhir_details.account_id, d.code::lsce.specialty, d.rank, lower(d.valid), upper(d.valid)
	FROM (SELECT s.code::text AS code, min(s.rank) AS rank, unnest(range_agg(daterange(s.valid_from, s.valid_to))) AS valid
		FROM import_fhir_specialties(coalesce(r -> 'qualification', r -> 'specialty')) AS s WHERE s.code IS NOT NULL
		GROUP BY s.code::text) AS d;
	left_out := left_out || ARRAY(SELECT format('unknown specialty %s', s.label)
		FROM import_fhir_specialties(coalesce(r -> 'qualification', r -> 'specialty')) AS s WHERE s.code IS NULL);
	RETURN 'kept in import_record.raw only: ' || nullif(array_to_string(left_out, ', '), '');
END
$import_fhir_details$;
COMMENT ON FUNCTION import_fhir_details(text, uuid, text) IS 'stores identifiers, telecoms, addresses and specialties of a resource; returns what had no place';

CREATE FUNCTION import_fhir_address(account_id uuid, address jsonb, country text, id uuid) RETURNS uuid
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_address$
DECLARE
	place constant text := coalesce(import_country(address ->> 'country'), country);
	region text;
	point uuid;
BEGIN
	-- a state that nobody knows costs the address its region and nobody the record
	BEGIN
		region := import_region(place, address ->> 'state');
	EXCEPTION
		WHEN data_exception THEN
			NULL;
	END;
	INSERT INTO contact_point (contact_point_id, account_id, kind, usage, line, city, postal_code, region_code, country_code, tz, is_primary, valid_from, valid_to)
	VALUES (coalesce(id, lsce.uuid_v7()), import_fhir_address.account_id, 'address', coalesce(address ->> 'use', 'work'),
		coalesce((SELECT string_agg(l, E'\n' ORDER BY no) FROM jsonb_array_elements_text(address -> 'line') WITH ORDINALITY AS e (l, no)), address ->> 'text'),
		address ->> 'city', address ->> 'postalCode', region, place, (SELECT g.tz FROM region AS g WHERE g.region_code = region),
		coalesce((import_fhir_extension(address, 'primary'))::boolean, false),
		lower(import_fhir_period(address -> 'period')), upper(import_fhir_period(address -> 'period')))
	RETURNING contact_point_id INTO point;
	RETURN point;
END
$import_fhir_address$;
COMMENT ON FUNCTION import_fhir_address(uuid, jsonb, text, uuid) IS 'stores an address; its lines become one with line breaks. A state that its country does not have is left out';

CREATE FUNCTION import_fhir_left_out(point uuid, address jsonb) RETURNS text[]
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT ARRAY(SELECT format('unknown region %s of %s', address ->> 'state', p.country_code) FROM contact_point AS p
		WHERE p.contact_point_id = point AND p.region_code IS NULL AND address ->> 'state' IS NOT NULL
			AND EXISTS (SELECT FROM region AS g WHERE g.country_code = p.country_code));
END;
COMMENT ON FUNCTION import_fhir_left_out(uuid, jsonb) IS 'what import_fhir_address() left out of an address: a region that the model does not know among those of the country';

CREATE FUNCTION import_fhir_country(key text, above uuid) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_country$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_fhir_country.key);
	found_code text := coalesce(
		import_country(coalesce(import_fhir_extension(item.raw, 'country') #>> '{}',
			(SELECT e.a ->> 'country' FROM jsonb_array_elements(item.raw -> 'address') WITH ORDINALITY AS e (a, no) WHERE e.a ->> 'country' IS NOT NULL ORDER BY e.no LIMIT 1))),
		(SELECT p.country_code FROM account AS p WHERE p.account_id = above),
		item.country_code);
BEGIN
	IF found_code IS NULL THEN
		RAISE data_exception USING MESSAGE = 'the resource names no country: give country_code';
	END IF;
	RETURN found_code;
END
$import_fhir_country$;
COMMENT ON FUNCTION import_fhir_country(text, uuid) IS 'country of an account: its own, of its first address, of the organisation above it, or the one that the caller gave';

CREATE FUNCTION import_fhir_syllabic(name jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(name -> 'extension') = 'array' THEN name -> 'extension' ELSE '[]' END) AS e
		WHERE e ->> 'url' = 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation' AND e ->> 'valueCode' = 'SYL');
END;
COMMENT ON FUNCTION import_fhir_syllabic(jsonb) IS 'whether a HumanName is the reading of another, in kana';

CREATE FUNCTION import_fhir_words(words jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT string_agg(e.word, ' ' ORDER BY e.no) FROM jsonb_array_elements_text(words) WITH ORDINALITY AS e (word, no);
END;
COMMENT ON FUNCTION import_fhir_words(jsonb) IS 'an array of words as one text; NULL when there are none';

CREATE FUNCTION import_fhir_practitioner(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_practitioner$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_fhir_practitioner.key);
	r constant jsonb := item.raw;
	country constant text := import_fhir_country(key, NULL);
	said jsonb;
	reading jsonb;
	full_name text;
	born date;
BEGIN
	entity := 'account';
	id := import_fhir_id(item.raw ->> 'id');
	SELECT e.n INTO said FROM jsonb_array_elements(r -> 'name') WITH ORDINALITY AS e (n, no)
	ORDER BY import_fhir_syllabic(e.n), coalesce(array_position('{official,usual,none}', coalesce(e.n ->> 'use', 'none')), 9), e.no LIMIT 1;
	SELECT e.n INTO reading FROM jsonb_array_elements(r -> 'name') AS e (n) WHERE import_fhir_syllabic(e.n) AND e.n <> said LIMIT 1;
	full_name := coalesce(nullif(said ->> 'text', ''), nullif(concat_ws(' ', import_fhir_words(said -> 'given'), said ->> 'family'), ''));
	IF full_name IS NULL THEN
		RAISE data_exception USING MESSAGE = 'the resource has no name';
	END IF;
	-- a year or a month is no date of birth
	IF length(r ->> 'birthDate') = 10 THEN
		born := import_day(r ->> 'birthDate');
	END IF;
	INSERT INTO account (account_id, kind, name, lang, country_code, status, prescriber)
	VALUES (import_fhir_practitioner.id, 'hcp', full_name,
		lower(split_part(coalesce(r ->> 'language', 'en'), '-', 1)), country,
		coalesce(import_fhir_extension(r, 'status') #>> '{}', CASE WHEN (r ->> 'active')::boolean IS FALSE THEN 'inactive' ELSE 'active' END),
		coalesce((import_fhir_extension(r, 'prescriber'))::boolean, false));
	INSERT INTO hcp (account_id, given_name, family_name, given_name_reading, family_name_reading, title, credential, profession, birth_date)
	VALUES (import_fhir_practitioner.id, import_fhir_words(said -> 'given'), said ->> 'family', import_fhir_words(reading -> 'given'), reading ->> 'family',
		import_fhir_words(said -> 'prefix'), import_fhir_words(said -> 'suffix'), coalesce(import_fhir_extension(r, 'profession') #>> '{}', 'other'), born);
	note := import_fhir_details(key, import_fhir_practitioner.id, country);
	IF born IS NULL AND r ->> 'birthDate' IS NOT NULL THEN
		note := coalesce(note || ', ', 'kept in import_record.raw only: ') || 'birthDate ' || (r ->> 'birthDate');
	END IF;
END
$import_fhir_practitioner$;
COMMENT ON FUNCTION import_fhir_practitioner(text) IS 'stores a Practitioner. FHIR does not say who may prescribe: without our extension nobody does';

CREATE FUNCTION import_fhir_organization(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_organization$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_fhir_organization.key);
	r constant jsonb := item.raw;
	above constant uuid := import_id(import_fhir_key(item.system, coalesce(r #>> '{partOf,reference}', r #>> '{providedBy,reference}')));
	country constant text := import_fhir_country(key, above);
	types constant text[] := ARRAY(SELECT c.g ->> 'code' FROM jsonb_array_elements(r -> 'type') AS t (concept), jsonb_array_elements(t.concept -> 'coding') AS c (g)
		WHERE c.g ->> 'system' = 'http://terminology.hl7.org/CodeSystem/organization-type');
	what text := (SELECT c.g ->> 'code' FROM jsonb_array_elements(r -> 'type') AS t (concept), jsonb_array_elements(t.concept -> 'coding') AS c (g)
		WHERE c.g ->> 'system' = 'urn:lsce:hco-type' LIMIT 1);
	now_kind constant text := coalesce(import_fhir_extension(r, 'kind') #>> '{}', CASE WHEN types && '{pay,ins}' THEN 'payer' WHEN 'govt' = ANY (types) THEN 'authority' ELSE 'hco' END);
BEGIN
	entity := 'account';
	id := import_fhir_id(item.raw ->> 'id');
	what := CASE WHEN item.object = 'HealthcareService' THEN 'healthcare_service'
		ELSE coalesce(what, CASE WHEN 'dept' = ANY (types) THEN 'department' WHEN 'edu' = ANY (types) THEN 'training_institution' END) END;
	IF coalesce(r ->> 'name', '') = '' THEN
		RAISE data_exception USING MESSAGE = 'the resource has no name';
	END IF;
	INSERT INTO account (account_id, kind, name, lang, country_code, status)
	VALUES (import_fhir_organization.id, now_kind, r ->> 'name', lower(split_part(coalesce(r ->> 'language', 'en'), '-', 1)), country,
		coalesce(import_fhir_extension(r, 'status') #>> '{}', CASE WHEN (r ->> 'active')::boolean IS FALSE THEN 'inactive' ELSE 'active' END));
	IF now_kind = 'hco' OR what IS NOT NULL OR above IS NOT NULL THEN
		INSERT INTO hco (account_id, hco_type, parent_id, accepts_samples)
		VALUES (import_fhir_organization.id, coalesce(what, 'other'), above, coalesce((import_fhir_extension(r, 'accepts-samples'))::boolean, false));
	END IF;
	note := import_fhir_details(key, import_fhir_organization.id, country);
END
$import_fhir_organization$;
COMMENT ON FUNCTION import_fhir_organization(text) IS 'stores an Organization, or a HealthcareService as an organisation of type healthcare_service below the one that provides it';

CREATE FUNCTION import_fhir_location(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_location$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_fhir_location.key);
	owner constant uuid := import_id(import_fhir_key(item.system, item.raw #>> '{managingOrganization,reference}'));
BEGIN
	entity := 'contact_point';
	IF owner IS NULL THEN
		RAISE data_exception USING MESSAGE = 'the location names no managingOrganization';
	ELSIF item.raw -> 'address' IS NULL THEN
		RAISE data_exception USING MESSAGE = 'the location has no address';
	END IF;
	SELECT k.id INTO id FROM external_key AS k
	WHERE k.entity = 'contact_point' AND k.system = item.system AND k.value = item.reference;
	IF NOT FOUND THEN
		id := import_fhir_address(owner, item.raw -> 'address', (SELECT a.country_code FROM account AS a WHERE a.account_id = owner), import_fhir_id(item.raw ->> 'id'));
		note := 'kept in import_record.raw only: ' || nullif(array_to_string(import_fhir_left_out(id, item.raw -> 'address'), ', '), '');
	END IF;
END
$import_fhir_location$;
COMMENT ON FUNCTION import_fhir_location(text) IS 'stores a Location as an address of its managing organisation, unless that brought it as an address with the same id';

CREATE FUNCTION import_fhir_role(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_role$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_fhir_role.key);
	r constant jsonb := item.raw;
	member constant uuid := import_id(import_fhir_key(item.system, coalesce(r #>> '{practitioner,reference}', r #>> '{participatingOrganization,reference}')));
	body constant uuid := import_id(import_fhir_key(item.system, r #>> '{organization,reference}'));
	specialty record;
BEGIN
	IF member IS NULL OR body IS NULL THEN
		RAISE data_exception USING MESSAGE = format('the resource does not say %s', CASE WHEN body IS NULL THEN 'of which organization' ELSE 'who has the role' END);
	END IF;
	entity := 'affiliation';
	SELECT s.code, s.label INTO specialty FROM import_fhir_specialties(r -> 'specialty') AS s ORDER BY s.code IS NULL, s.rank LIMIT 1;
	note := 'kept in import_record.raw only: ' || (SELECT string_agg(format('specialty %s', coalesce(s.code::text, s.label)), ', ' ORDER BY s.rank)
		FROM import_fhir_specialties(r -> 'specialty') AS s WHERE s.code IS NULL OR s.code::text <> specialty.code::text);
	INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, role, kind, strength, direction, is_primary, specialty_code, valid_from, valid_to)
	VALUES (import_fhir_id(item.raw ->> 'id'), member, body,
		coalesce((SELECT c.g ->> 'code' FROM jsonb_array_elements(r -> 'code') AS t (concept), jsonb_array_elements(t.concept -> 'coding') AS c (g)
			ORDER BY (c.g ->> 'system' = 'urn:lsce:affiliation-role') IS NOT TRUE LIMIT 1), r #>> '{code,0,text}', 'member'),
		coalesce(import_fhir_extension(r, 'kind') #>> '{}', CASE item.object WHEN 'PractitionerRole' THEN 'employment' ELSE 'membership' END),
		coalesce((import_fhir_extension(r, 'strength'))::real, 1), coalesce(import_fhir_extension(r, 'direction') #>> '{}', 'unidirectional'),
		coalesce((import_fhir_extension(r, 'primary'))::boolean, false), specialty.code,
		coalesce(import_day(r #>> '{period,start}'), '0001-01-01'), import_fhir_end(r -> 'period', (r ->> 'active')::boolean))
	RETURNING affiliation_id INTO id;
END
$import_fhir_role$;
COMMENT ON FUNCTION import_fhir_role(text) IS 'stores a PractitionerRole or OrganizationAffiliation as an affiliation from the member to the organisation';

CREATE FUNCTION import_fhir_record(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_record$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_fhir_record.key);
	made record;
BEGIN
	CASE item.object
	WHEN 'Practitioner' THEN
		SELECT * INTO made FROM import_fhir_practitioner(key);
	WHEN 'Location' THEN
		SELECT * INTO made FROM import_fhir_location(key);
	WHEN 'PractitionerRole', 'OrganizationAffiliation' THEN
		SELECT * INTO made FROM import_fhir_role(key);
	ELSE
		SELECT * INTO made FROM import_fhir_organization(key);
	END CASE;
	entity := made.entity;
	id := made.id;
	code := made.code;
	note := made.note;
	-- a location may have its key from the address of its organisation
	INSERT INTO external_key (entity, id, system, value)
	SELECT made.entity, made.id, item.system, item.reference
	WHERE NOT EXISTS (SELECT FROM external_key AS k WHERE k.entity = made.entity AND k.id = made.id AND k.system = item.system AND k.value = item.reference);
END
$import_fhir_record$;
COMMENT ON FUNCTION import_fhir_record(text) IS 'writes one staged FHIR resource to the tables of the model';

CREATE FUNCTION import_fhir_document(resource jsonb, system text DEFAULT 'fhir', country_code text DEFAULT NULL)
RETURNS TABLE (accepted bigint, waiting bigint, rejected bigint, row_no integer, reference text, status text, reason text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_fhir_document$
#variable_conflict use_column
DECLARE
	entries constant jsonb := CASE WHEN resource ->> 'resourceType' = 'Bundle' THEN coalesce(resource -> 'entry', '[]')
		WHEN resource ->> 'resourceType' IS NOT NULL THEN jsonb_build_array(jsonb_build_object('resource', resource)) END;
	rows jsonb;
BEGIN
	IF jsonb_typeof(entries) IS DISTINCT FROM 'array' THEN
		RAISE invalid_parameter_value USING MESSAGE = 'the document is no FHIR resource', HINT = 'A resource has a resourceType; several travel in a Bundle.';
	END IF;
	SELECT coalesce(jsonb_agg(jsonb_build_object('row_no', e.ord, 'raw', coalesce(e.raw, 'null'), 'object', coalesce(t.name, 'none'),
		'reference', coalesce(t.name || '/' || (e.raw ->> 'id'), e.entry ->> 'fullUrl'),
		'alias', import_fhir_document.system || ' ' || nullif(e.entry ->> 'fullUrl', ''),
		'needs', ARRAY(SELECT DISTINCT import_fhir_key(import_fhir_document.system, e.raw #>> ARRAY[f.name, 'reference']) FROM unnest(o.refs) AS f (name)
			WHERE e.raw #>> ARRAY[f.name, 'reference'] IS NOT NULL),
		'kept', ARRAY(SELECT k.field FROM jsonb_object_keys(CASE WHEN jsonb_typeof(e.raw) = 'object' THEN e.raw ELSE '{}' END) AS k (field)
			WHERE k.field NOT IN ('resourceType', 'id', 'meta', 'text') AND k.field <> ALL (o.fields)),
		'refused', CASE
			WHEN t.name IS NULL THEN 'the entry holds no resource'
			WHEN e.entry #>> '{request,method}' NOT IN ('POST', 'PUT') THEN format('the bundle asks to %s the resource', e.entry #>> '{request,method}')
			WHEN o.type IS NULL THEN format('%s has no place in the model', t.name)
			WHEN EXISTS (SELECT FROM unnest(o.refs) AS f (name) WHERE e.raw #>> ARRAY[f.name, 'reference'] LIKE '#%') THEN 'the resource refers to one that it contains; such resources have no identity of their own'
			WHEN EXISTS (SELECT FROM unnest(o.refs) AS f (name) WHERE e.raw #>> ARRAY[f.name, 'reference'] LIKE '%?%') THEN 'the resource refers to another by a search'
			END)), '[]')
	INTO rows
	FROM (SELECT i.entry, i.entry -> 'resource' AS raw, i.ord FROM jsonb_array_elements(entries) WITH ORDINALITY AS i (entry, ord)) AS e
	LEFT JOIN LATERAL (SELECT e.raw ->> 'resourceType' AS name) AS t ON true
	LEFT JOIN import_fhir_types() AS o ON o.type = t.name;
	RETURN QUERY SELECT * FROM import_run('fhir', rows, import_fhir_document.system, import_fhir_document.country_code, NULL);
END
$import_fhir_document$;
COMMENT ON FUNCTION import_fhir_document(jsonb, text, text) IS
'imports a FHIR R4 resource or a Bundle of them; reports as import_lsc_document() does. country_code: for accounts that name none';
