-- Identifiers: forms, check digits, what is stored

-- the systems, and that each has a name by which it is found again
SELECT count(*) > 20 AS many, count(*) FILTER (WHERE lsce.identifier_valid(system, 'x') IS NULL) AS not_found FROM lsce.identifier_systems();
SELECT * FROM lsce.identifier_systems() WHERE system IN ('npi', 'dea', 'lanr', 'rpps', 'gmc', 'jp_iseki', 'us_state_license') ORDER BY 1;

-- valid ones of each system
SELECT system, value, lsce.identifier_valid(system, value) AS valid, lsce.identifier_check(system, value) AS problem
FROM (VALUES ('npi', '1234567893'), ('npi', '1987654328'), ('npi', '2453195994'), ('US-NPI', '1234567893'),
	('dea', 'AB1234563'), ('dea', 'MJ3630111'), ('dea', 'FS8524604'), ('dea', 'A91234563'),
	('lanr', '838382202'), ('lanr', '999999900'), ('DE-LANR', '123456601'), ('de_asv', '001234566'),
	('de_efn', '802761001234563'), ('de_bsnr', '123456789'), ('rpps', '10100123453'), ('gmc', '1234567'), ('GB-GMC', '1234567'),
	('gb_nmc', '98I1393E'), ('pl_pwz', '5425740'), ('pl_pwz', '3123456'), ('be_riziv', '10000106004'), ('ch_gln', '7601000123459'),
	('au_hpii', '8003610000001236'), ('au_ahpra', 'MED0001234567'), ('nl_big', '12345678901'), ('es_colegiado', '282812345'),
	('it_ordine', 'RM/12345'), ('br_crm', 'SP-123456'), ('br_cpf', '52998224725'), ('jp_iseki', '123456'), ('JP-ISEKI', '7'),
	('jp_hoken_kikan', '1310000013'), ('us_state_license', 'CA-A12345'), ('luhn', '79927398713')) v (system, value);

-- and what is wrong with others
SELECT lsce.identifier_check('npi', '1234567890');
SELECT lsce.identifier_check('npi', '3234567891');
SELECT lsce.identifier_check('npi', '123456789');
SELECT lsce.identifier_check('npi', '12345678933');
SELECT lsce.identifier_check('npi', '123456789A');
SELECT lsce.identifier_check('npi', '');
SELECT lsce.identifier_check('npi', '１２３４５６７８９３');
SELECT lsce.identifier_check('npi', ' 1234567893');
SELECT lsce.identifier_check('npi', repeat('1', 10000)) LIKE '%wrong format%' AS wrong;
SELECT lsce.identifier_check('dea', 'AB1234567');
SELECT lsce.identifier_check('dea', 'QB1234563');
SELECT lsce.identifier_check('dea', 'ab1234563');
SELECT lsce.identifier_check('dea', 'A81234563');
SELECT lsce.identifier_check('lanr', '838383202');
SELECT lsce.identifier_check('de_asv', '001234567');
SELECT lsce.identifier_check('de_asv', '101234566');
SELECT lsce.identifier_check('de_efn', '802761001234564');
SELECT lsce.identifier_check('de_efn', '802771001234563');
SELECT lsce.identifier_check('rpps', '10100123454');
SELECT lsce.identifier_check('gmc', '123456');
SELECT lsce.identifier_check('pl_pwz', '5425741');
SELECT lsce.identifier_check('pl_pwz', '4425740');
SELECT lsce.identifier_check('pl_pwz', '0425740');
SELECT lsce.identifier_check('be_riziv', '10000107004');
SELECT lsce.identifier_check('ch_gln', '7601000123450');
SELECT lsce.identifier_check('au_hpii', '8003610000001237');
SELECT lsce.identifier_check('br_cpf', '52998224726');
SELECT lsce.identifier_check('br_cpf', '11111111111');
SELECT lsce.identifier_check('jp_iseki', '000000');
SELECT lsce.identifier_check('us_state_license', 'ZZ-12345');
SELECT lsce.identifier_check('us_state_license', 'CA-ABC');
-- a system without a rule is not known to be valid, nor invalid
SELECT lsce.identifier_valid('veeva', 'V1') IS NULL AS unknown, lsce.identifier_check('veeva', 'V1');
SELECT lsce.identifier_valid('', '1') IS NULL AS unknown, lsce.identifier_valid(repeat('x', 1000), '1') IS NULL AS unknown;
SELECT lsce.identifier_valid(NULL, '1'), lsce.identifier_valid('npi', NULL);

-- the form in which they are stored
SELECT lsce.identifier_normalize('npi', '１２３４－５６７　８９３'), lsce.identifier_normalize('dea', 'ab 1234563'),
	lsce.identifier_normalize('us_state_license', 'ca-a.12 345'), lsce.identifier_normalize('jp_iseki', '００１２３'),
	lsce.identifier_normalize('it_ordine', 'rm/12345'), lsce.identifier_normalize('veeva', ' V-1 ');

-- licence numbers: hints only
SELECT lsce.license_hint('US-CA', 'a 12345') AS none, lsce.license_hint('US-CA', '12345') AS hint, lsce.license_hint('US-NV', 'x') AS unknown,
	lsce.license_hint('US-OH', '35.012345') AS none, lsce.license_hint('US-PA', 'MD123456L') AS none, lsce.license_hint('US-PA', 'MD12345') AS hint;

-- the cases E01 to E12 of the compliance catalogue
CREATE FUNCTION pg_temp.reason(system text, value text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM lsce.identifier_require(system, value);
	RETURN 'ALLOW';
EXCEPTION WHEN OTHERS THEN
	RETURN (SELECT r.code FROM lsce.reasons() AS r (code, state) WHERE r.state = SQLSTATE);
END $$;
SELECT id, system, value, pg_temp.reason(system, value) AS reason, pg_temp.reason(system, value) = wanted AS ok
FROM (VALUES ('E01', 'US-NPI', '1234567893', 'ALLOW'), ('E02', 'US-NPI', '1234567890', 'ID_CHECK_DIGIT'),
	('E03', 'US-NPI', '3234567891', 'ID_FORMAT'), ('E04', 'US-DEA', 'AB1234563', 'ALLOW'), ('E05', 'US-DEA', 'AB1234567', 'DEA_INVALID'),
	('E06', 'DE-LANR', '838382202', 'ALLOW'), ('E07', 'DE-LANR', '838383202', 'ID_CHECK_DIGIT'), ('E08', 'FR-RPPS', '10100123453', 'ALLOW'),
	('E09', 'FR-RPPS', '10100123454', 'ID_CHECK_DIGIT'), ('E10', 'PL-PWZ', '5425740', 'ALLOW'), ('E11', 'JP-ISEKI', '123456', 'ALLOW'),
	('E12', 'GB-GMC', '123456', 'ID_FORMAT')) v (id, system, value, wanted);

-- storing them
SET client_min_messages = warning;
CALL lsce.create_model('crm', false);
SET search_path = crm, lsce, public;
INSERT INTO country VALUES ('US', 'United States', 'America/New_York');
INSERT INTO account (account_id, kind, name, country_code) VALUES ('00000000-0000-7000-8000-00000000000a', 'hcp', 'Ann Example', 'US');
\set id '''00000000-0000-7000-8000-00000000000a'''
\set VERBOSITY verbose
\set SHOW_CONTEXT never
INSERT INTO account_identifier (account_id, system, value) VALUES (:id, 'npi', '1234567890');
\set VERBOSITY default
INSERT INTO account_identifier (account_id, system, value) VALUES (:id, 'npi', '12345');
INSERT INTO account_identifier (account_id, system, value) VALUES (:id, 'dea', 'AB1234567');
INSERT INTO account_identifier (account_id, system, value) VALUES (:id, 'US-NPI', '１２３４５６ ７８９３'), (:id, 'veeva', 'V-1') RETURNING system, value;
-- an identifier has a system
INSERT INTO account_identifier (account_id, system, value) VALUES (:id, ' ', '1');
-- no spelling evades the key
INSERT INTO account_identifier (account_id, system, value) VALUES (:id, 'NPI', '1234-567-893');
UPDATE account_identifier SET value = '1234567894' WHERE system = 'npi';
COPY account_identifier (account_id, system, value) FROM STDIN;
00000000-0000-7000-8000-00000000000a	gmc	12345
\.
-- without triggers the constraint still stands
SET session_replication_role = replica;
INSERT INTO account_identifier (account_id, system, value) VALUES (:id, 'npi', '1234567890');
RESET session_replication_role;
SELECT system, value FROM account_identifier ORDER BY 1;
DROP SCHEMA crm CASCADE;
RESET search_path;
