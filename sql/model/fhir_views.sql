-- The accounts of a model as FHIR R4 resources, one row each.  What is written
-- here lsce.import_fhir() reads back.  Merged accounts are not shown: their survivor is.

CREATE FUNCTION fhir_period(valid_from date, valid_to date) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(jsonb_strip_nulls(jsonb_build_object('start', CASE WHEN valid_from > DATE '0001-01-01' THEN valid_from END,
	'end', CASE WHEN valid_to < DATE '9999-12-31' THEN valid_to - 1 END)), '{}');
COMMENT ON FUNCTION fhir_period(date, date) IS 'a FHIR period, whose end is the last valid day; NULL when it is open on both sides';

CREATE FUNCTION fhir_extensions(pairs jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $fhir_extensions$
BEGIN
	RETURN (SELECT jsonb_agg(jsonb_build_object('url', 'urn:lsce:' || e.key) || e.value ORDER BY e.key COLLATE "C")
		FROM jsonb_each(jsonb_strip_nulls(pairs)) AS e WHERE e.value <> '{}');
END
$fhir_extensions$;
COMMENT ON FUNCTION fhir_extensions(jsonb) IS 'extensions of ours from an object of name and value, those without a value left out';

CREATE FUNCTION fhir_concept(system text, code text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN jsonb_build_object('coding', jsonb_build_array(jsonb_build_object('system', system, 'code', code)));
COMMENT ON FUNCTION fhir_concept(text, text) IS 'a codeable concept of one coding';

CREATE FUNCTION fhir_identifiers(account_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $fhir_identifiers$
BEGIN
	RETURN (SELECT jsonb_agg(jsonb_build_object('system', coalesce(s.uri, CASE WHEN i.system ~ '^[a-z][a-z0-9+.-]*:' THEN i.system ELSE 'urn:lsce:identifier:' || i.system END),
		'value', i.value, 'period', fhir_period(i.valid_from, i.valid_to)) ORDER BY i.system COLLATE "C", i.value COLLATE "C", i.valid_from)
	FROM account_identifier AS i LEFT JOIN fhir_identifier_systems() AS s ON s.system = i.system AND s.preferred
	WHERE i.account_id = fhir_identifiers.account_id);
END
$fhir_identifiers$;
COMMENT ON FUNCTION fhir_identifiers(uuid) IS 'identifiers of an account';

CREATE FUNCTION fhir_telecoms(account_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $fhir_telecoms$
BEGIN
	RETURN (SELECT jsonb_agg(jsonb_build_object(
		'system', CASE WHEN p.usage IN ('fax', 'pager', 'sms', 'url') THEN p.usage WHEN p.kind = 'social' THEN 'other' ELSE p.kind END,
		'value', p.value, 'use', CASE WHEN p.usage IN ('home', 'work', 'temp', 'old', 'mobile') THEN p.usage END,
		'rank', CASE WHEN p.is_primary THEN 1 END, 'period', fhir_period(p.valid_from, p.valid_to)) ORDER BY p.kind COLLATE "C", p.value COLLATE "C", p.valid_from)
	FROM contact_point AS p WHERE p.account_id = fhir_telecoms.account_id AND p.kind <> 'address');
END
$fhir_telecoms$;
COMMENT ON FUNCTION fhir_telecoms(uuid) IS 'telephone numbers, e-mail addresses and the like of an account';

CREATE FUNCTION fhir_address(contact_point_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $fhir_address$
BEGIN
	RETURN (SELECT jsonb_build_object('id', p.contact_point_id, 'use', CASE WHEN p.usage IN ('home', 'work', 'temp', 'old', 'billing') THEN p.usage END,
		'line', CASE WHEN q.line IS NOT NULL THEN to_jsonb(string_to_array(q.line, E'\n')) END, 'city', q.city, 'postalCode', q.postal_code,
		'state', substr(q.region_code, 4), 'country', q.country_code, 'period', fhir_period(p.valid_from, p.valid_to),
		'extension', fhir_extensions(jsonb_build_object('primary', CASE WHEN p.is_primary THEN '{"valueBoolean": true}'::jsonb END)))
	FROM contact_point AS p JOIN contact_point AS q ON q.contact_point_id = coalesce(p.inherits_from, p.contact_point_id)
	WHERE p.contact_point_id = fhir_address.contact_point_id);
END
$fhir_address$;
COMMENT ON FUNCTION fhir_address(uuid) IS 'an address; one that inherits its place is written with that place';

CREATE FUNCTION fhir_addresses(account_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $fhir_addresses$
BEGIN
	RETURN (SELECT jsonb_agg(fhir_address(p.contact_point_id) ORDER BY p.is_primary DESC, p.contact_point_id)
	FROM contact_point AS p WHERE p.account_id = fhir_addresses.account_id AND p.kind = 'address');
END
$fhir_addresses$;
COMMENT ON FUNCTION fhir_addresses(uuid) IS 'addresses of an account, the primary one first';

CREATE FUNCTION fhir_account(account_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $fhir_account$
BEGIN
	RETURN (SELECT jsonb_build_object('id', a.account_id, 'language', a.lang, 'active', a.status = 'active',
		'identifier', fhir_identifiers(a.account_id), 'telecom', fhir_telecoms(a.account_id))
	FROM account AS a WHERE a.account_id = fhir_account.account_id);
END
$fhir_account$;
COMMENT ON FUNCTION fhir_account(uuid) IS 'what the resources of persons and of organisations have in common';

CREATE FUNCTION fhir_practitioner_resource(account_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $resource$
BEGIN
	RETURN (SELECT jsonb_strip_nulls(fhir_account(a.account_id) || jsonb_build_object('resourceType', 'Practitioner',
		'extension', fhir_extensions(jsonb_build_object(
			'country', jsonb_build_object('valueCode', a.country_code),
			'status', jsonb_build_object('valueCode', CASE WHEN a.status NOT IN ('active', 'inactive') THEN a.status END),
			'profession', jsonb_build_object('valueCode', h.profession),
			'prescriber', jsonb_build_object('valueBoolean', a.prescriber))),
		'name', jsonb_build_array(jsonb_build_object('use', 'official', 'text', a.name, 'family', h.family_name,
			'given', CASE WHEN h.given_name IS NOT NULL THEN jsonb_build_array(h.given_name) END,
			'prefix', CASE WHEN h.title IS NOT NULL THEN jsonb_build_array(h.title) END,
			'suffix', CASE WHEN h.credential IS NOT NULL THEN jsonb_build_array(h.credential) END))
			|| CASE WHEN num_nonnulls(h.family_name_reading, h.given_name_reading) = 0 THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
				'extension', '[{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation", "valueCode": "SYL"}]'::jsonb,
				'family', h.family_name_reading, 'given', CASE WHEN h.given_name_reading IS NOT NULL THEN jsonb_build_array(h.given_name_reading) END)) END,
		'birthDate', h.birth_date,
		'address', fhir_addresses(a.account_id),
		'qualification', (SELECT jsonb_agg(jsonb_build_object('code', fhir_concept('urn:lsce:specialty', s.code::text),
				'extension', fhir_extensions(jsonb_build_object('rank', jsonb_build_object('valuePositiveInt', s.rank))),
				'period', fhir_period(s.valid_from, s.valid_to)) ORDER BY s.rank, s.code, s.valid_from)
			FROM account_specialty AS s WHERE s.account_id = a.account_id)))
	FROM account AS a JOIN hcp AS h ON h.account_id = a.account_id
	WHERE a.account_id = fhir_practitioner_resource.account_id);
END
$resource$;
COMMENT ON FUNCTION fhir_practitioner_resource(uuid) IS 'a professional as FHIR R4 Practitioner';

CREATE VIEW fhir_practitioner WITH (security_invoker = true) AS
SELECT a.account_id AS id, fhir_practitioner_resource(a.account_id) AS resource
FROM account AS a JOIN hcp AS h ON h.account_id = a.account_id
WHERE a.kind = 'hcp' AND a.status <> 'merged';
COMMENT ON VIEW fhir_practitioner IS 'professionals as FHIR R4 Practitioner; specialties are qualifications';
COMMENT ON COLUMN fhir_practitioner.id IS 'id of the row of account, and of the resource';
COMMENT ON COLUMN fhir_practitioner.resource IS 'the resource in the JSON form of FHIR R4';

CREATE FUNCTION fhir_organization_resource(account_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $resource$
BEGIN
	RETURN (SELECT jsonb_strip_nulls(fhir_account(a.account_id) || jsonb_build_object('resourceType', 'Organization', 'name', a.name,
		'extension', fhir_extensions(jsonb_build_object(
			'country', jsonb_build_object('valueCode', a.country_code),
			'status', jsonb_build_object('valueCode', CASE WHEN a.status NOT IN ('active', 'inactive') THEN a.status END),
			'kind', jsonb_build_object('valueCode', a.kind),
			'accepts-samples', jsonb_build_object('valueBoolean', o.accepts_samples))),
		'type', CASE WHEN o.hco_type IS NOT NULL THEN jsonb_build_array(fhir_concept('urn:lsce:hco-type', o.hco_type)) END,
		'partOf', CASE WHEN o.parent_id IS NOT NULL THEN jsonb_build_object('reference', 'Organization/' || o.parent_id) END,
		'address', fhir_addresses(a.account_id)))
	FROM account AS a LEFT JOIN hco AS o ON o.account_id = a.account_id
	WHERE a.account_id = fhir_organization_resource.account_id);
END
$resource$;
COMMENT ON FUNCTION fhir_organization_resource(uuid) IS 'an organisation as FHIR R4 Organization';

CREATE VIEW fhir_organization WITH (security_invoker = true) AS
SELECT a.account_id AS id, fhir_organization_resource(a.account_id) AS resource
FROM account AS a LEFT JOIN hco AS o ON o.account_id = a.account_id
WHERE a.kind <> 'hcp' AND a.status <> 'merged' AND o.hco_type IS DISTINCT FROM 'healthcare_service';
COMMENT ON VIEW fhir_organization IS 'organisations of every kind as FHIR R4 Organization';
COMMENT ON COLUMN fhir_organization.id IS 'id of the row of account, and of the resource';
COMMENT ON COLUMN fhir_organization.resource IS 'the resource in the JSON form of FHIR R4';

CREATE FUNCTION fhir_healthcare_service_resource(account_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $resource$
BEGIN
	RETURN (SELECT jsonb_strip_nulls(fhir_account(a.account_id) || jsonb_build_object('resourceType', 'HealthcareService', 'name', a.name,
		'extension', fhir_extensions(jsonb_build_object(
			'country', jsonb_build_object('valueCode', a.country_code),
			'status', jsonb_build_object('valueCode', CASE WHEN a.status NOT IN ('active', 'inactive') THEN a.status END),
			'accepts-samples', jsonb_build_object('valueBoolean', o.accepts_samples))),
		'providedBy', CASE WHEN o.parent_id IS NOT NULL THEN jsonb_build_object('reference', 'Organization/' || o.parent_id) END,
		'specialty', (SELECT jsonb_agg(fhir_concept('urn:lsce:specialty', s.code::text) ORDER BY s.rank, s.code, s.valid_from)
			FROM account_specialty AS s WHERE s.account_id = a.account_id)))
	FROM account AS a JOIN hco AS o ON o.account_id = a.account_id
	WHERE a.account_id = fhir_healthcare_service_resource.account_id);
END
$resource$;
COMMENT ON FUNCTION fhir_healthcare_service_resource(uuid) IS 'an organisation as FHIR R4 HealthcareService';

CREATE VIEW fhir_healthcare_service WITH (security_invoker = true) AS
SELECT a.account_id AS id, fhir_healthcare_service_resource(a.account_id) AS resource
FROM account AS a JOIN hco AS o ON o.account_id = a.account_id
WHERE o.hco_type = 'healthcare_service' AND a.status <> 'merged';
COMMENT ON VIEW fhir_healthcare_service IS 'organisations of type healthcare_service as FHIR R4 HealthcareService';
COMMENT ON COLUMN fhir_healthcare_service.id IS 'id of the row of account, and of the resource';
COMMENT ON COLUMN fhir_healthcare_service.resource IS 'the resource in the JSON form of FHIR R4';

CREATE VIEW fhir_location WITH (security_invoker = true) AS
SELECT p.contact_point_id AS id, jsonb_strip_nulls(jsonb_build_object('resourceType', 'Location', 'id', p.contact_point_id,
	'status', CASE WHEN p.valid_from <= current_date AND current_date < p.valid_to THEN 'active' ELSE 'inactive' END,
	'address', fhir_address(p.contact_point_id),
	'managingOrganization', jsonb_build_object('reference', 'Organization/' || a.account_id))) AS resource
FROM contact_point AS p JOIN account AS a ON a.account_id = p.account_id
LEFT JOIN hco AS o ON o.account_id = a.account_id
WHERE p.kind = 'address' AND a.kind <> 'hcp' AND a.status <> 'merged' AND o.hco_type IS DISTINCT FROM 'healthcare_service';
COMMENT ON VIEW fhir_location IS 'addresses of organisations as FHIR R4 Location, with the id that they have in the Organization';
COMMENT ON COLUMN fhir_location.id IS 'id of the row of contact_point, and of the resource';
COMMENT ON COLUMN fhir_location.resource IS 'the resource in the JSON form of FHIR R4';

CREATE FUNCTION fhir_affiliation(affiliation_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $fhir_affiliation$
BEGIN
	RETURN (SELECT jsonb_build_object('id', f.affiliation_id, 'active', current_date < f.valid_to,
		'period', fhir_period(f.valid_from, f.valid_to),
		'code', jsonb_build_array(fhir_concept('urn:lsce:affiliation-role', f.role)),
		'specialty', CASE WHEN f.specialty_code IS NOT NULL THEN jsonb_build_array(fhir_concept('urn:lsce:specialty', f.specialty_code::text)) END,
		'extension', fhir_extensions(jsonb_build_object(
			'kind', jsonb_build_object('valueCode', f.kind),
			'strength', jsonb_build_object('valueDecimal', f.strength),
			'direction', jsonb_build_object('valueCode', f.direction),
			'primary', jsonb_build_object('valueBoolean', CASE WHEN f.is_primary THEN true END))))
	FROM affiliation AS f WHERE f.affiliation_id = fhir_affiliation.affiliation_id);
END
$fhir_affiliation$;
COMMENT ON FUNCTION fhir_affiliation(uuid) IS 'what the resources of affiliations have in common';

CREATE VIEW fhir_practitioner_role WITH (security_invoker = true) AS
SELECT f.affiliation_id AS id, jsonb_strip_nulls(fhir_affiliation(f.affiliation_id) || jsonb_build_object('resourceType', 'PractitionerRole',
	'practitioner', jsonb_build_object('reference', 'Practitioner/' || coalesce(a.survivor_id, a.account_id)),
	'organization', jsonb_build_object('reference', CASE WHEN o.hco_type = 'healthcare_service' THEN 'HealthcareService/' ELSE 'Organization/' END
		|| coalesce(b.survivor_id, b.account_id)))) AS resource
FROM affiliation AS f JOIN account AS a ON a.account_id = f.from_account_id JOIN account AS b ON b.account_id = f.to_account_id
LEFT JOIN hco AS o ON o.account_id = b.account_id
WHERE a.kind = 'hcp' AND b.kind <> 'hcp';
COMMENT ON VIEW fhir_practitioner_role IS 'affiliations of a professional with an organisation as FHIR R4 PractitionerRole';
COMMENT ON COLUMN fhir_practitioner_role.id IS 'id of the row of affiliation, and of the resource';
COMMENT ON COLUMN fhir_practitioner_role.resource IS 'the resource in the JSON form of FHIR R4';

CREATE VIEW fhir_organization_affiliation WITH (security_invoker = true) AS
SELECT f.affiliation_id AS id, jsonb_strip_nulls(fhir_affiliation(f.affiliation_id) || jsonb_build_object('resourceType', 'OrganizationAffiliation',
	'participatingOrganization', jsonb_build_object('reference', 'Organization/' || coalesce(a.survivor_id, a.account_id)),
	'organization', jsonb_build_object('reference', 'Organization/' || coalesce(b.survivor_id, b.account_id)))) AS resource
FROM affiliation AS f JOIN account AS a ON a.account_id = f.from_account_id JOIN account AS b ON b.account_id = f.to_account_id
WHERE a.kind <> 'hcp' AND b.kind <> 'hcp';
COMMENT ON VIEW fhir_organization_affiliation IS 'affiliations of organisations as FHIR R4 OrganizationAffiliation; those from person to person have no resource in FHIR';
COMMENT ON COLUMN fhir_organization_affiliation.id IS 'id of the row of affiliation, and of the resource';
COMMENT ON COLUMN fhir_organization_affiliation.resource IS 'the resource in the JSON form of FHIR R4';
