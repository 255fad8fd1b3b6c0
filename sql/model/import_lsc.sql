-- Import of records of Salesforce Life Sciences Cloud, in the form of its data
-- trees: {"records": [{"attributes": {"type", "referenceId"}, field: value}]}.

CREATE FUNCTION import_lsc_objects(OUT object text, OUT fields text[], OUT refs text[]) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, pg_temp
AS $import_lsc_objects$
VALUES
	('Account', '{Name,FirstName,LastName,Salutation,PersonEmail,Phone,RecordTypeId,IsActive,SourceSystemIdentifier,
		BillingCountryCode,BillingCountry,PersonMailingCountryCode,PersonMailingCountry}'::text[], '{}'::text[]),
	('HealthcareProvider', '{AccountId,ProviderType,RecordTypeId,Status}', '{AccountId}'),
	('CareSpecialty', '{Name,SpecialtyCode}', '{}'),
	('HealthcareProviderSpecialty', '{AccountId,PractitionerId,SpecialtyId,IsPrimarySpecialty,IsActive,EffectiveFrom,EffectiveTo}', '{AccountId,PractitionerId,SpecialtyId}'),
	('ContactPointAddress', '{Name,ParentId,AddressType,Street,City,PostalCode,State,StateCode,Country,CountryCode,IsPrimary,IsActive,ActiveFromDate,ActiveToDate}', '{ParentId}'),
	('ProviderAffiliation', '{AccountId,RelatedAccountId,Role,IsPrimary,IsActive,EffectiveStartDate,EffectiveEndDate}', '{AccountId,RelatedAccountId}'),
	('ProviderAffiliationProduct', '{ProviderAffiliationId,ProductId}', '{ProviderAffiliationId,ProductId}'),
	('PartyRoleRelation', '{RoleName}', '{}'),
	('LifeSciCountry', '{IsoCode}', '{}'),
	('Product2', '{Name,RecordTypeId,ProductCode}', '{}'),
	('LifeSciMarketableProduct', '{Name,Type,ProductCode,SourceSystemidentifier,ProductId,ParentProductId,ParentBrandProductId,DistributionMethod,
		IsCompetitorProduct,IsActive,StartDate,EndDate}', '{ProductId,ParentProductId,ParentBrandProductId}'),
	('ProductGuidance', '{Name,Type,ProductReferenceRecordId,IsActive,StartDate,EndDate}', '{ProductReferenceRecordId}'),
	('Territory2Type', '{}', '{}'),
	('Territory2Model', '{Name,ActivatedDate}', '{}'),
	('Territory2', '{Name,DeveloperName,Territory2TypeId,Territory2ModelId,ParentTerritory2Id}', '{Territory2TypeId,Territory2ModelId,ParentTerritory2Id}')
$import_lsc_objects$;
COMMENT ON FUNCTION import_lsc_objects() IS 'objects that import_lsc_document() takes: fields that have a place in the model, and those of them that refer to other records';

CREATE FUNCTION import_lsc_key(system text, value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
		WHEN value LIKE '@%' THEN system || ' ' || substr(value, 2)
		WHEN value LIKE '$%$' THEN split_part(system, '/', 1) || ' ' || btrim(value, '$')
		ELSE system || ' ' || value END;
END;
COMMENT ON FUNCTION import_lsc_key(text, text) IS 'key of the record that a reference names: @X a record of the same system, $X$ one of the system before the slash (salesforce for salesforce/Surveys)';

CREATE FUNCTION import_lsc_end(raw jsonb, field text) RETURNS date
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_end$
BEGIN
	IF raw ->> field IS NULL AND (raw ->> 'IsActive')::boolean IS FALSE THEN
		RAISE data_exception USING MESSAGE = format('the record is inactive and %s does not say since when', field);
	END IF;
	RETURN coalesce(import_day(raw ->> field, true), '9999-12-31');
END
$import_lsc_end$;
COMMENT ON FUNCTION import_lsc_end(jsonb, text) IS 'valid_to of a record whose field names its last day; an inactive record needs one';

CREATE FUNCTION import_lsc_account(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_account$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_lsc_account.key);
	r constant jsonb := item.raw;
	is_person constant boolean := r ->> 'RecordTypeId' LIKE '%MedicalProfessional%' OR r ->> 'LastName' IS NOT NULL;
	is_organisation constant boolean := r ->> 'RecordTypeId' LIKE '%Institution%';
	country constant text := coalesce(
		import_country(coalesce(r ->> 'BillingCountryCode', r ->> 'BillingCountry', r ->> 'PersonMailingCountryCode', r ->> 'PersonMailingCountry')), item.country_code);
	label constant text := r ->> 'SourceSystemIdentifier';
BEGIN
	IF is_person AND is_organisation THEN
		RAISE data_exception USING MESSAGE = 'the account is an institution and has the name of a person';
	ELSIF country IS NULL THEN
		RAISE data_exception USING MESSAGE = 'the account names no country: give country_code';
	END IF;
	entity := 'account';
	INSERT INTO account AS a (kind, name, country_code, status)
	VALUES (CASE WHEN is_person THEN 'hcp' WHEN is_organisation THEN 'hco' ELSE 'other' END,
		coalesce(r ->> 'Name', concat_ws(' ', r ->> 'FirstName', r ->> 'LastName')), country,
		CASE WHEN (r ->> 'IsActive')::boolean IS FALSE THEN 'inactive' ELSE 'active' END)
	RETURNING a.account_id INTO id;
	IF is_person THEN
		INSERT INTO hcp (account_id, given_name, family_name, title, profession)
		VALUES (id, r ->> 'FirstName', r ->> 'LastName', r ->> 'Salutation', 'other');
	ELSIF is_organisation THEN
		INSERT INTO hco (account_id, hco_type) VALUES (id, 'other');
	END IF;
	INSERT INTO contact_point (account_id, kind, value, country_code)
	SELECT id, p.kind, p.value, country
	FROM (VALUES ('phone', r ->> 'Phone'), ('email', r ->> 'PersonEmail')) AS p (kind, value) WHERE p.value IS NOT NULL;
	INSERT INTO external_key (entity, id, system, value) VALUES ('account', id, item.system, item.reference);
	IF label IS NOT NULL THEN
		INSERT INTO external_key (entity, id, system, value) VALUES ('account', id, item.system || '/SourceSystemIdentifier', label)
		ON CONFLICT DO NOTHING;
		IF NOT FOUND THEN
			note := format('SourceSystemIdentifier %s names another account already and is no key of this one', label);
		END IF;
	END IF;
END
$import_lsc_account$;
COMMENT ON FUNCTION import_lsc_account(text) IS 'stores an Account; kind other until its record type, name or HealthcareProvider says person or organisation';

CREATE FUNCTION import_lsc_provider(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_provider$
#variable_conflict use_column
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_lsc_provider.key);
	r constant jsonb := item.raw;
	found_kind text;
	now_kind text;
	what text;
	may_prescribe boolean;
BEGIN
	import_lsc_provider.id := import_id(import_lsc_key(item.system, r ->> 'AccountId'));
	SELECT t.kind, t.what, t.may_prescribe INTO now_kind, what, may_prescribe FROM (VALUES
		('medical doctor', 'hcp', 'physician', true), ('physician', 'hcp', 'physician', true), ('dentist', 'hcp', 'dentist', true),
		('nurse practitioner', 'hcp', 'nurse_practitioner', true), ('physician assistant', 'hcp', 'physician_assistant', true),
		('nurse', 'hcp', 'nurse', false), ('pharmacist', 'hcp', 'pharmacist', false), ('hospital', 'hco', 'hospital', false),
		('clinic', 'hco', 'clinic', false), ('laboratory', 'hco', 'laboratory', false), ('pharmacy', 'pharmacy', 'retail_pharmacy', false)
	) AS t (type, kind, what, may_prescribe) WHERE t.type = lower(r ->> 'ProviderType');
	IF NOT FOUND THEN
		now_kind := CASE WHEN r ->> 'RecordTypeId' LIKE '%MedicalProfessional%' THEN 'hcp' WHEN r ->> 'RecordTypeId' LIKE '%Institution%' THEN 'hco' END;
		what := 'other';
		may_prescribe := false;
		IF r ->> 'ProviderType' IS NOT NULL THEN
			note := format('ProviderType "%s" is unknown: stored as other', r ->> 'ProviderType');
		END IF;
	END IF;
	IF now_kind IS NULL OR import_lsc_provider.id IS NULL THEN
		RAISE data_exception USING MESSAGE = CASE WHEN import_lsc_provider.id IS NULL THEN 'the record names no AccountId'
			ELSE 'neither ProviderType nor RecordTypeId says what the provider is' END;
	ELSIF EXISTS (SELECT FROM import_record AS o WHERE o.object = 'HealthcareProvider' AND o.status = 'accepted' AND o.id = import_lsc_provider.id) THEN
		RAISE data_exception USING MESSAGE = format('%s is a provider by another record already', r ->> 'AccountId');
	END IF;
	SELECT a.kind INTO found_kind FROM account AS a WHERE a.account_id = import_lsc_provider.id;
	IF found_kind <> 'other' AND (found_kind = 'hcp') <> (now_kind = 'hcp') THEN
		RAISE data_exception USING MESSAGE = format('%s is an account of kind %s, not %s', r ->> 'AccountId', found_kind, now_kind);
	END IF;
	UPDATE account AS a SET kind = now_kind, prescriber = may_prescribe,
		status = CASE WHEN r ->> 'Status' = 'Inactive' THEN 'inactive' ELSE a.status END
	WHERE a.account_id = import_lsc_provider.id;
	IF now_kind = 'hcp' THEN
		entity := 'hcp';
		INSERT INTO hcp (account_id, profession) VALUES (import_lsc_provider.id, what)
		ON CONFLICT ON CONSTRAINT hcp_pkey DO UPDATE SET profession = excluded.profession;
	ELSE
		entity := 'hco';
		INSERT INTO hco (account_id, hco_type) VALUES (import_lsc_provider.id, what)
		ON CONFLICT ON CONSTRAINT hco_pkey DO UPDATE SET hco_type = excluded.hco_type;
	END IF;
	INSERT INTO external_key (entity, id, system, value) VALUES (import_lsc_provider.entity, import_lsc_provider.id, item.system, item.reference);
END
$import_lsc_provider$;
COMMENT ON FUNCTION import_lsc_provider(text) IS 'stores a HealthcareProvider: what the account is, its profession or type of organisation';

CREATE FUNCTION import_lsc_relation(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_relation$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_lsc_relation.key);
	r constant jsonb := item.raw;
	account constant uuid := import_id(import_lsc_key(item.system, coalesce(r ->> 'AccountId', r ->> 'PractitionerId', r ->> 'ParentId')));
	country text;
	region text;
	said text;
BEGIN
	IF item.object <> 'ProviderAffiliationProduct' AND account IS NULL THEN
		RAISE data_exception USING MESSAGE = 'the record names no account';
	END IF;
	CASE item.object
	WHEN 'ContactPointAddress' THEN
		country := coalesce(import_country(coalesce(r ->> 'CountryCode', r ->> 'Country')), item.country_code);
		region := import_region(country, coalesce(r ->> 'StateCode', r ->> 'State'));
		entity := 'contact_point';
		INSERT INTO contact_point (account_id, kind, line, city, postal_code, region_code, country_code, tz, can_ship, is_primary, valid_from, valid_to)
		VALUES (account, 'address', coalesce(r ->> 'Street', r ->> 'Name'), r ->> 'City', r ->> 'PostalCode', region, country,
			(SELECT g.tz FROM region AS g WHERE g.region_code = region), coalesce(r ->> 'AddressType' = 'Shipping', false),
			coalesce((r ->> 'IsPrimary')::boolean, false), coalesce(import_day(r ->> 'ActiveFromDate'), '0001-01-01'), import_lsc_end(r, 'ActiveToDate'))
		RETURNING contact_point_id INTO id;
	WHEN 'HealthcareProviderSpecialty' THEN
		entity := 'account_specialty';
		SELECT s.code INTO code FROM import_record AS s WHERE s.key = import_lsc_key(item.system, r ->> 'SpecialtyId');
		INSERT INTO account_specialty (account_id, code, rank, valid_from, valid_to)
		VALUES (account, import_lsc_relation.code::lsce.specialty, CASE WHEN (r ->> 'IsPrimarySpecialty')::boolean THEN 1 ELSE 2 END,
			coalesce(import_day(r ->> 'EffectiveFrom'), '0001-01-01'), import_lsc_end(r, 'EffectiveTo'));
		id := account;
	WHEN 'ProviderAffiliation' THEN
		entity := 'affiliation';
		said := coalesce(regexp_replace(lower(r ->> 'Role'), '\W+', '_', 'g'), 'default');
		INSERT INTO affiliation (from_account_id, to_account_id, role, kind, is_primary, valid_from, valid_to)
		VALUES (account, import_id(import_lsc_key(item.system, r ->> 'RelatedAccountId')),
			CASE said WHEN 'default' THEN 'member' WHEN 'staff' THEN 'employee' ELSE said END,
			CASE said WHEN 'staff' THEN 'employment' WHEN 'admitting' THEN 'admitting' WHEN 'consulting' THEN 'consulting' WHEN 'referral' THEN 'referral' ELSE 'membership' END,
			coalesce((r ->> 'IsPrimary')::boolean, false), coalesce(import_day(r ->> 'EffectiveStartDate'), '0001-01-01'), import_lsc_end(r, 'EffectiveEndDate'))
		RETURNING affiliation_id INTO id;
	WHEN 'ProviderAffiliationProduct' THEN
		entity := 'affiliation_product';
		id := import_id(import_lsc_key(item.system, r ->> 'ProviderAffiliationId'));
		INSERT INTO affiliation_product (affiliation_id, product_id, strength)
		SELECT a.affiliation_id, import_id(import_lsc_key(item.system, r ->> 'ProductId')), a.strength FROM affiliation AS a
		WHERE a.affiliation_id = import_lsc_relation.id;
		IF NOT FOUND THEN
			RAISE data_exception USING MESSAGE = 'the record names no ProviderAffiliationId';
		END IF;
	END CASE;
	IF entity IN ('contact_point', 'affiliation') THEN
		INSERT INTO external_key (entity, id, system, value) VALUES (import_lsc_relation.entity, import_lsc_relation.id, item.system, item.reference);
	END IF;
END
$import_lsc_relation$;
COMMENT ON FUNCTION import_lsc_relation(text) IS 'stores an address, a specialty, an affiliation or its product. A role that is not known is a membership, the weakest kind';

CREATE FUNCTION import_lsc_code(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_code$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_lsc_code.key);
	r constant jsonb := item.raw;
BEGIN
	CASE item.object
	WHEN 'CareSpecialty' THEN
		entity := 'specialty';
		code := import_specialty(split_part(item.system, '/', 1), r ->> 'SpecialtyCode', r ->> 'Name');
		IF code IS NULL THEN
			RAISE data_exception USING MESSAGE = format('no specialty is called "%s": add the code %s:%s to the code set specialty_alias', r ->> 'Name',
				split_part(item.system, '/', 1), coalesce(r ->> 'SpecialtyCode', r ->> 'Name'));
		END IF;
	WHEN 'LifeSciCountry' THEN
		entity := 'country';
		code := import_country(r ->> 'IsoCode');
		IF code IS NULL THEN
			RAISE data_exception USING MESSAGE = 'the record names no IsoCode';
		END IF;
	WHEN 'PartyRoleRelation' THEN
		entity := 'code_value';
		code := regexp_replace(lower(r ->> 'RoleName'), '\W+', '_', 'g');
		INSERT INTO code_value (code_set, code, lang, label) VALUES ('affiliation_role', import_lsc_code.code, 'en', r ->> 'RoleName')
		ON CONFLICT DO NOTHING;
	WHEN 'Product2' THEN
		IF r ->> 'Name' IS NULL THEN
			RAISE data_exception USING MESSAGE = 'the product has no name';
		END IF;
	ELSE
		NULL;
	END CASE;
END
$import_lsc_code$;
COMMENT ON FUNCTION import_lsc_code(text) IS 'settles a record that others read: a specialty, a country, a role, a product of the price list, a type of territory';

CREATE FUNCTION import_lsc_product(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_product$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_lsc_product.key);
	r constant jsonb := item.raw;
	listed jsonb;
	level constant text := CASE r ->> 'Type' WHEN 'TherapeuticArea' THEN 'therapeutic_area' WHEN 'BrandIndication' THEN 'brand_indication' ELSE lower(r ->> 'Type') END;
	spec text;
BEGIN
	entity := 'product';
	IF level = 'product' THEN
		SELECT p.raw INTO listed FROM import_record AS p WHERE p.key = import_lsc_key(item.system, r ->> 'ProductId');
		spec := CASE WHEN listed ->> 'RecordTypeId' LIKE '%Sample%' THEN 'sample' WHEN listed ->> 'RecordTypeId' LIKE '%Promotional%' THEN 'promo_item'
			WHEN r ->> 'DistributionMethod' IS NOT NULL THEN 'sample' END;
		IF spec IS NULL THEN
			RAISE data_exception USING MESSAGE = 'neither the record type of its Product2 nor DistributionMethod says whether the product is a sample or a promotional item';
		END IF;
	END IF;
	code := coalesce(r ->> 'ProductCode', listed ->> 'ProductCode', r ->> 'SourceSystemidentifier', item.reference);
	INSERT INTO product (code, name, type, spec_type, parent_id, brand_id, distribution_method, competitor, valid_from, valid_to)
	VALUES (import_lsc_product.code, r ->> 'Name', level, spec, import_id(import_lsc_key(item.system, r ->> 'ParentProductId')),
		import_id(import_lsc_key(item.system, r ->> 'ParentBrandProductId')),
		CASE WHEN level = 'product' THEN CASE r ->> 'DistributionMethod' WHEN 'DropAndShip' THEN 'drop_and_ship' ELSE lower(r ->> 'DistributionMethod') END END,
		coalesce((r ->> 'IsCompetitorProduct')::boolean, false),
		coalesce(import_day(r ->> 'StartDate'), '0001-01-01'), import_lsc_end(r, 'EndDate'))
	RETURNING product_id INTO id;
	INSERT INTO external_key (entity, id, system, value) VALUES ('product', id, item.system, item.reference);
END
$import_lsc_product$;
COMMENT ON FUNCTION import_lsc_product(text) IS 'stores a LifeSciMarketableProduct; what it is (sample, promotional item) stands in its Product2';

CREATE FUNCTION import_lsc_territory(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_territory$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_lsc_territory.key);
	r constant jsonb := item.raw;
	team constant uuid := (SELECT t.team_id FROM sales_team AS t WHERE t.code = item.team);
	tree constant uuid := import_id(import_lsc_key(item.system, r ->> 'Territory2ModelId'));
	above constant uuid := import_id(import_lsc_key(item.system, r ->> 'ParentTerritory2Id'));
BEGIN
	IF team IS NULL THEN
		RAISE data_exception USING MESSAGE = CASE WHEN item.team IS NULL THEN 'a territory belongs to a sales team: give team'
			ELSE format('sales team "%s" is unknown', item.team) END;
	END IF;
	IF item.object = 'Territory2Model' THEN
		entity := 'territory_model';
		INSERT INTO territory_model (team_id, name, valid_from)
		VALUES (team, r ->> 'Name', coalesce(import_day(r ->> 'ActivatedDate'), '0001-01-01')) RETURNING model_id INTO id;
	ELSE
		entity := 'territory_node';
		code := r ->> 'DeveloperName';
		INSERT INTO territory_node (team_id, code, name) VALUES (team, import_lsc_territory.code, r ->> 'Name') RETURNING territory_id INTO id;
		INSERT INTO territory_place (model_id, territory_id, parent_id, path)
		VALUES (tree, id, above, (concat((SELECT p.path::text || '.' FROM territory_place AS p WHERE p.model_id = tree AND p.territory_id = above),
			import_lsc_territory.code))::lsce.territory);
	END IF;
	INSERT INTO external_key (entity, id, system, value) VALUES (import_lsc_territory.entity, import_lsc_territory.id, item.system, item.reference);
END
$import_lsc_territory$;
COMMENT ON FUNCTION import_lsc_territory(text) IS 'stores a Territory2 with its place in the tree, or the Territory2Model, which stays in planning';

CREATE FUNCTION import_lsc_guidance(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_guidance$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_lsc_guidance.key);
	r constant jsonb := item.raw;
BEGIN
	entity := 'product_guidance';
	INSERT INTO product_guidance (product_id, type, name, valid_from, valid_to)
	VALUES (import_id(import_lsc_key(item.system, r ->> 'ProductReferenceRecordId')), lower(r ->> 'Type'), r ->> 'Name',
		coalesce(import_day(r ->> 'StartDate'), '0001-01-01'), import_lsc_end(r, 'EndDate'))
	RETURNING guidance_id INTO id;
	INSERT INTO external_key (entity, id, system, value) VALUES ('product_guidance', id, item.system, item.reference);
END
$import_lsc_guidance$;
COMMENT ON FUNCTION import_lsc_guidance(text) IS 'stores a ProductGuidance; its text needs an approval per country and language and is not taken';

CREATE FUNCTION import_lsc_record(key text, OUT entity text, OUT id uuid, OUT code text, OUT note text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_record$
DECLARE
	item constant import_record := (SELECT r FROM import_record AS r WHERE r.key = import_lsc_record.key);
	made record;
BEGIN
	CASE
	WHEN item.object = 'Account' THEN
		SELECT * INTO made FROM import_lsc_account(key);
	WHEN item.object = 'HealthcareProvider' THEN
		SELECT * INTO made FROM import_lsc_provider(key);
	WHEN item.object IN ('ContactPointAddress', 'HealthcareProviderSpecialty', 'ProviderAffiliation', 'ProviderAffiliationProduct') THEN
		SELECT * INTO made FROM import_lsc_relation(key);
	WHEN item.object = 'LifeSciMarketableProduct' THEN
		SELECT * INTO made FROM import_lsc_product(key);
	WHEN item.object = 'ProductGuidance' THEN
		SELECT * INTO made FROM import_lsc_guidance(key);
	WHEN item.object IN ('Territory2', 'Territory2Model') THEN
		SELECT * INTO made FROM import_lsc_territory(key);
	ELSE
		SELECT * INTO made FROM import_lsc_code(key);
	END CASE;
	entity := made.entity;
	id := made.id;
	code := made.code;
	note := made.note;
END
$import_lsc_record$;
COMMENT ON FUNCTION import_lsc_record(text) IS 'writes one staged Salesforce record to the tables of the model';

CREATE FUNCTION import_lsc_document(object text, document jsonb, system text DEFAULT 'salesforce', country_code text DEFAULT NULL, team text DEFAULT NULL)
RETURNS TABLE (accepted bigint, waiting bigint, rejected bigint, row_no integer, reference text, status text, reason text)
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $import_lsc_document$
#variable_conflict use_column
DECLARE
	records jsonb := CASE WHEN jsonb_typeof(document) = 'array' THEN document WHEN document ? 'records' THEN document -> 'records'
		WHEN document ? 'attributes' THEN jsonb_build_array(document) END;
	rows jsonb;
BEGIN
	IF jsonb_typeof(records) IS DISTINCT FROM 'array' THEN
		RAISE invalid_parameter_value USING MESSAGE = 'the document holds no records', HINT = 'A data tree of Salesforce: {"records": [{"attributes": {…}, …}]}.';
	END IF;
	SELECT coalesce(jsonb_agg(jsonb_build_object('row_no', e.ord, 'raw', e.raw, 'object', coalesce(e.raw #>> '{attributes,type}', import_lsc_document.object),
		'reference', nullif(coalesce(e.raw #>> '{attributes,referenceId}', e.raw ->> 'Id'), ''),
		'needs', ARRAY(SELECT DISTINCT import_lsc_key(import_lsc_document.system, e.raw ->> f.name) FROM unnest(o.refs) AS f (name) WHERE e.raw ->> f.name IS NOT NULL),
		'kept', ARRAY(SELECT k.field FROM jsonb_object_keys(CASE WHEN jsonb_typeof(e.raw) = 'object' THEN e.raw ELSE '{}' END) AS k (field)
			WHERE k.field <> 'attributes' AND k.field <> ALL (o.fields)),
		'refused', CASE
			WHEN jsonb_typeof(e.raw) <> 'object' THEN 'the record is no object'
			WHEN e.raw #>> '{attributes,type}' <> import_lsc_document.object THEN format('the record is of type %s, not %s', e.raw #>> '{attributes,type}', import_lsc_document.object)
			WHEN coalesce(e.raw #>> '{attributes,type}', import_lsc_document.object) = 'ProviderAcctTerritoryInfo'
				THEN 'which accounts a territory works is derived from its alignment and cannot be imported'
			WHEN o.object IS NULL THEN format('%s has no place among the accounts, products and territories of the model', coalesce(e.raw #>> '{attributes,type}', import_lsc_document.object, 'a record without type'))
			END)), '[]')
	INTO rows
	FROM jsonb_array_elements(records) WITH ORDINALITY AS e (raw, ord)
	LEFT JOIN import_lsc_objects() AS o ON o.object = coalesce(e.raw #>> '{attributes,type}', import_lsc_document.object);
	RETURN QUERY SELECT * FROM import_run('lsc', rows, import_lsc_document.system, import_lsc_document.country_code, import_lsc_document.team);
END
$import_lsc_document$;
COMMENT ON FUNCTION import_lsc_document(text, jsonb, text, text, text) IS
'imports a data tree of one object of Salesforce. First row: totals; then a row for each rejected record, for each record with a note, and one for each field that has no column. accepted + waiting + rejected = records. The same document again changes nothing. country_code and team: for records that name none';
