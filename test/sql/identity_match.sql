-- Any spelling finds the record
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CALL lsce.create_model('crm');
SET search_path = crm, lsce, public;
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql RETURN ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid;
INSERT INTO account (account_id, kind, name, lang, country_code) VALUES
	(pg_temp.id(1), 'hcp', '田中 太郎', 'ja', 'JP'), (pg_temp.id(2), 'hcp', '田中 花子', 'ja', 'JP'), (pg_temp.id(3), 'hcp', '中田 太郎', 'ja', 'JP'),
	(pg_temp.id(4), 'hcp', 'Dr. med. Jürgen Müller', 'de', 'DE'), (pg_temp.id(5), 'hcp', 'Hans Mueller', 'de', 'DE'), (pg_temp.id(6), 'hcp', 'Karl Miller', 'en', 'US'),
	(pg_temp.id(7), 'hcp', 'Robert Sullivan, MD', 'en', 'US'), (pg_temp.id(8), 'hcp', 'Rupert Sullivan', 'en', 'US'), (pg_temp.id(9), 'hcp', 'Elizabeth Warren-Smith', 'en', 'US'),
	(pg_temp.id(10), 'hco', '医療法人社団 青空会 青空病院', 'ja', 'JP'), (pg_temp.id(11), 'hco', 'St. Mary''s Hospital, Inc.', 'en', 'US'), (pg_temp.id(12), 'hco', 'Klinikum Süd', 'de', 'DE');
INSERT INTO hcp (account_id, given_name, family_name, given_name_reading, family_name_reading, birth_date) VALUES
	(pg_temp.id(1), '太郎', '田中', 'タロウ', 'タナカ', NULL), (pg_temp.id(2), '花子', '田中', 'ハナコ', 'タナカ', NULL), (pg_temp.id(3), '太郎', '中田', 'タロウ', 'ナカタ', NULL),
	(pg_temp.id(4), 'Jürgen', 'Müller', NULL, NULL, '1960-02-01'), (pg_temp.id(5), 'Hans', 'Mueller', NULL, NULL, NULL), (pg_temp.id(6), 'Karl', 'Miller', NULL, NULL, NULL),
	(pg_temp.id(7), 'Robert', 'Sullivan', NULL, NULL, NULL), (pg_temp.id(8), 'Rupert', 'Sullivan', NULL, NULL, NULL), (pg_temp.id(9), 'Elizabeth', 'Warren-Smith', NULL, NULL, NULL);
INSERT INTO contact_point (account_id, kind, line, city, postal_code, country_code) VALUES
	(pg_temp.id(7), 'address', '12 Main Street', 'Springfield', '94107-1234', 'US'), (pg_temp.id(8), 'address', '7 Oak Ave', 'Reno', '89501', 'US'),
	(pg_temp.id(1), 'address', '丸の内1-2-3', '千代田区', '100-0005', 'JP');
INSERT INTO contact_point (account_id, kind, value) VALUES (pg_temp.id(8), 'phone', '+1 (775) 555-0100'), (pg_temp.id(8), 'email', 'R.Sullivan@example.org');
INSERT INTO account_identifier (account_id, system, value) VALUES (pg_temp.id(7), 'npi', '1234567893'), (pg_temp.id(4), 'lanr', '838382202'), (pg_temp.id(1), 'jp_iseki', '123456');
CREATE FUNCTION pg_temp.found(query text, lim int DEFAULT 10) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(right(account_id::text, 2)::int || ' ' || (reasons->'name'->>'form') || ' ' || round(score::numeric, 2), ', ' ORDER BY o)
	FROM match_account(query, lim => lim) WITH ORDINALITY AS m (account_id, score, reasons, o));

-- each line is one account, typed in many ways
SELECT q, pg_temp.found(q, 1) AS best FROM unnest('{"田中太郎","田中　太郎","田中太郎先生","太郎 田中","タナカ タロウ","ﾀﾅｶ ﾀﾛｳ","たなか たろう","タロウ タナカ","タナカタロー"}'::text[]) q;
SELECT q, pg_temp.found(q, 1) AS best FROM unnest('{"Jürgen Müller","Juergen Mueller","JÜRGEN MÜLLER","Jurgen Muller","Müller, Jürgen","Prof. Dr. Jürgen Müller","J. Müller","Jürgn Müller","Ｊüｒｇｅｎ　Ｍüｌｌｅｒ"}'::text[]) q;
SELECT q, pg_temp.found(q, 1) AS best FROM unnest('{"Robert Sullivan","Bob Sullivan","Sullivan, Rob","Bobby Sullivan MD","Robert Sulivan","Rob. Sullivan"}'::text[]) q;
SELECT q, pg_temp.found(q, 1) AS best FROM unnest('{"Liz Warren Smith","Beth Warren-Smith","Warren-Smith","elizabeth warrensmith"}'::text[]) q;
SELECT q, pg_temp.found(q, 1) AS best FROM unnest('{"青空病院","青空会","St Marys Hospital","Saint Mary Hospital","Klinikum Sued","Klinikum Süd GmbH"}'::text[]) q;
-- all that a name alone may mean, best first
SELECT q, pg_temp.found(q) AS found FROM unnest('{"タナカ","田中","Müller","Sullivan","R. Sullivan"}'::text[]) q;
-- a surname alone with letters that changed places or an umlaut that lost its dots shares few trigrams with what was meant
SELECT q, pg_temp.found(q) AS found FROM unnest('{"Sullvian","Muller","Jurgen","Klinkium"}'::text[]) q;
-- no name like it
SELECT q, pg_temp.found(q) AS found FROM unnest('{"Zzyzx","鈴木","ハ","Dr."}'::text[]) q;

-- reasons; postal code, date of birth and telephone tell namesakes apart
SELECT right(account_id::text, 2)::int AS account, round(score::numeric, 2) AS score, reasons FROM match_account('R. Sullivan', '94107');
SELECT right(account_id::text, 2)::int AS account, round(score::numeric, 2) AS score, reasons FROM match_account('R. Sullivan', identifiers => '{"phone": "775-555-0100", "email": "r.sullivan@EXAMPLE.org"}');
SELECT right(account_id::text, 2)::int AS account, round(score::numeric, 2) AS score, reasons->'birth_date' AS birth_date FROM match_account('Müller', identifiers => '{"birth_date": "1960-02-01"}');
SELECT right(account_id::text, 2)::int AS account, reasons->'postal_code'->>'level' AS postal FROM match_account('タナカ', '１００－０００５');

-- identifiers find by themselves, in any spelling of theirs; a typo is refused
SELECT right(account_id::text, 2)::int AS account, round(score::numeric, 2) AS score, reasons FROM match_account(NULL, identifiers => '{"US-NPI": "１２３４－５６７－８９３"}');
SELECT right(account_id::text, 2)::int AS account FROM match_account(NULL, identifiers => '{"lanr": ["838382202", "123456601"], "npi": 1234567893}') ORDER BY 1;
SELECT right(account_id::text, 2)::int AS account, reasons->'identifier'->>'level' AS identifier FROM match_account('Rupert Sullivan', identifiers => '{"npi": "1234567893"}');
SELECT * FROM match_account('Sullivan', identifiers => '{"npi": "1234567890"}');
SELECT * FROM match_account('Sullivan', identifiers => '{"npi": "1234"}');
SELECT * FROM match_account('Sullivan', identifiers => '{"dea": "AB1234567"}');
SELECT count(*) FROM match_account(NULL, identifiers => '{"veeva": "none such"}');

-- what is no question is refused
SELECT * FROM match_account(NULL);
SELECT * FROM match_account('');
SELECT * FROM match_account(NULL, '94107');
SELECT * FROM match_account('x', lim => 0);
SELECT * FROM match_account('x', lim => 1001);
SELECT * FROM match_account('x', identifiers => '[]');
SELECT * FROM match_account('x', identifiers => '{"npi": {"a": 1}}');
SELECT * FROM match_account('x', identifiers => '{"npi": true}');
SELECT * FROM match_account('x', identifiers => '{"birth_date": "soon"}');
SELECT * FROM match_account('x', identifiers => jsonb_build_object('veeva', (SELECT jsonb_agg(i::text) FROM generate_series(1, 17) i)));
SELECT count(*) FROM match_account('x', identifiers => NULL);
SELECT count(*) FROM match_account('x', identifiers => '{"npi": null}');
SELECT * FROM lsce.match_account('public', 'x', NULL, NULL, 1);

-- the settings of a session change nothing
SET pg_trgm.similarity_threshold = 1;
SET pg_trgm.word_similarity_threshold = 1;
SELECT pg_temp.found('Jurgen Muler', 1) AS best;
SHOW pg_trgm.similarity_threshold;
RESET pg_trgm.similarity_threshold;
RESET pg_trgm.word_similarity_threshold;

-- a merged account answers as its survivor, under its own names too
INSERT INTO account (account_id, kind, name, country_code, status, survivor_id) VALUES (pg_temp.id(13), 'hcp', 'Bartholomew Oldname', 'US', 'merged', pg_temp.id(7));
SELECT pg_temp.found('Oldname') AS found;
-- one finds only whom he may see
CREATE ROLE regress_rep;
CALL lsce.grant_persona('crm', 'field_rep', 'regress_rep');
SET ROLE regress_rep;
SELECT count(*) AS seen FROM match_account('Sullivan');
RESET ROLE;
CREATE POLICY one ON account FOR SELECT TO regress_rep USING (account_id = pg_temp.id(8));
SET ROLE regress_rep;
SELECT right(account_id::text, 2)::int AS account FROM match_account('Sullivan');
SELECT count(*) AS seen FROM match_account('Müller');
SELECT count(*) AS seen FROM find_duplicates();
SELECT * FROM fit_match_weights();
SELECT lsce.fit_match_weights('crm');
SELECT count(*) FROM account_name_key;
RESET ROLE;
DROP POLICY one ON account;
CALL lsce.revoke_persona('crm', 'field_rep', 'regress_rep');
DROP ROLE regress_rep;

-- duplicates
SELECT count(*) AS none FROM find_duplicates();
INSERT INTO account (account_id, kind, name, country_code) VALUES (pg_temp.id(21), 'hcp', 'Bob Sullivan', 'US'), (pg_temp.id(22), 'hcp', 'Sullivan Robert', 'US'), (pg_temp.id(23), 'hco', 'St Marys Hosptal', 'US');
INSERT INTO hcp (account_id, given_name, family_name) VALUES (pg_temp.id(21), 'Bob', 'Sullivan'), (pg_temp.id(22), 'Sullivan', 'Robert');
INSERT INTO contact_point (account_id, kind, line, city, postal_code, country_code) VALUES
	(pg_temp.id(21), 'address', '12 Main St.', 'Springfield', '94107', 'US'), (pg_temp.id(22), 'address', 'Main Street 21', 'Springfeild', '94170', 'US'),
	(pg_temp.id(11), 'address', '1 Hill Rd', 'Reno', '89501', 'US'), (pg_temp.id(23), 'address', '1 Hill Road', 'Reno', '89501', 'US');
SELECT right(cluster_id::text, 2)::int AS cluster, right(account_a::text, 2)::int AS a, right(account_b::text, 2)::int AS b, round(score::numeric, 3) AS score, evidence
FROM find_duplicates();
SELECT count(*) FROM find_duplicates('hco');
SELECT count(*) FROM find_duplicates('no such kind');
SELECT count(*) <= 1 AS few FROM find_duplicates(min_score => 0.9999999);
SELECT * FROM find_duplicates(min_score => 0);
SELECT * FROM find_duplicates(min_score => 1.5);
SELECT * FROM find_duplicates(min_score => 'NaN');

-- colleagues at one address, with one telephone and one mailbox, are not the same, nor is anybody the house he works in
BEGIN;
DELETE FROM contact_point;
CREATE TEMP TABLE staff (n int, name text, place int);
INSERT INTO staff SELECT row_number() OVER (), name, place FROM (VALUES
	('Alison Brandt', 1), ('Carlos Duarte', 1), ('Emma Fitzgerald', 1), ('Hiro Ishikawa', 1), ('Jane Kowalski', 1), ('Liam Moreno', 1), ('Nina Oduya', 1),
	('Anna Weber', 2), ('Peter Weber', 2), ('Quentin Rossi', 3), ('Sara Thorne', 3), ('Umar Valdez', 4), ('Wendy Xu', 4), ('Yusuf Zahra', 5), ('Abigail Stone', 5),
	('Boris Tamm', 6), ('Clara Underhill', 6), ('Dmitri Voss', 7), ('Elena Whitlock', 7), ('Frank Yates', 8), ('Greta Zimmer', 8)) v (name, place);
-- the hospital, and somebody of it once more
INSERT INTO staff VALUES (30, 'Reno General Hospital', 1), (31, 'Allison Brandt', 1);
INSERT INTO account (account_id, kind, name, country_code) SELECT pg_temp.id(500 + n), CASE n WHEN 30 THEN 'hco' ELSE 'hcp' END, name, 'US' FROM staff;
INSERT INTO hcp (account_id, given_name, family_name) SELECT pg_temp.id(500 + n), split_part(name, ' ', 1), split_part(name, ' ', 2) FROM staff WHERE n <> 30;
INSERT INTO contact_point (account_id, kind, line, city, postal_code, country_code, value)
SELECT pg_temp.id(500 + n), kind, CASE kind WHEN 'address' THEN format('%s Park Ave', 10 * place) END, CASE kind WHEN 'address' THEN 'Reno' END,
	CASE kind WHEN 'address' THEN (89500 + place)::text END, 'US',
	CASE kind WHEN 'phone' THEN '+1 775 555 010' || place WHEN 'email' THEN format('info@house%s.example', place) END
FROM staff, unnest('{address,phone,email}'::text[]) AS kind;
SELECT a.name, b.name, d.score > 0.9 AS sure, d.evidence -> 'contact' ->> 'level' AS contact,
	round((d.evidence ->> 'bits')::numeric - (SELECT sum((f.value ->> 'bits')::numeric) FROM jsonb_each(d.evidence) AS f WHERE jsonb_typeof(f.value) = 'object'), 1) AS unexplained
FROM find_duplicates() AS d JOIN account AS a ON a.account_id = d.account_a JOIN account AS b ON b.account_id = d.account_b;
-- with another number of his own, he is found all the same
UPDATE contact_point SET value = '+1 775 555 9999' WHERE account_id = pg_temp.id(531) AND kind = 'phone';
DELETE FROM contact_point WHERE account_id = pg_temp.id(531) AND kind = 'email';
SELECT a.name, b.name FROM find_duplicates('hcp') AS d JOIN account AS a ON a.account_id = d.account_a JOIN account AS b ON b.account_id = d.account_b;
ROLLBACK;

-- of many namesakes the postal code finds the one
INSERT INTO account (account_id, kind, name, country_code) SELECT pg_temp.id(1000 + i), 'hcp', 'Maria Schmidt', 'DE' FROM generate_series(1, 700) i;
INSERT INTO contact_point (account_id, kind, postal_code, country_code) SELECT pg_temp.id(1000 + i), 'address', 20000 + i, 'DE' FROM generate_series(1, 700) i;
SELECT right(account_id::text, 4)::int AS account, round(score::numeric, 2) AS score FROM match_account('Schmidt', '20699', lim => 1);
SELECT count(*) FROM match_account('Schmidt', lim => 1000);
-- and a name that everybody has proves nothing
SELECT count(*) FROM find_duplicates() AS d JOIN account AS a ON a.account_id = d.account_b WHERE a.name = 'Maria Schmidt';

-- weights are data
SELECT count(*), bool_and(fitted_at IS NULL) AS as_delivered FROM match_weight;
SELECT field, sum(m) BETWEEN 0.99 AND 1.01 AS m, sum(u) BETWEEN 0.99 AND 1.01 AS u FROM match_weight GROUP BY 1 ORDER BY 1;
SELECT fit_match_weights();
UPDATE match_weight SET m = 0 WHERE field = 'phone';
UPDATE match_weight SET m = 0.0001, u = 0.9 WHERE field IN ('given_name', 'family_name') AND level <> 'different';
SELECT count(*) AS without_names FROM find_duplicates('hcp');
SELECT check_code, ok, detail FROM lsce.check_model('crm') WHERE check_code LIKE 'name_keys%' OR (NOT ok AND check_code <> 'owner');
DROP SCHEMA crm CASCADE;
