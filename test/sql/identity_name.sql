-- Names: what is folded and what is not

-- one name, many spellings: each line is one key
SELECT lsce.name_key(a) AS key, count(*) AS spellings, count(DISTINCT lsce.name_key(b)) AS keys, bool_and(lsce.name_key(a) = lsce.name_key(b)) AS same
FROM (VALUES
	('Müller', '{Mueller,MÜLLER,müller,"Dr. Müller","Prof. Dr. med. Müller","Müller, Dr. med.","Herr Müller","Univ.-Prof. Dr. Dr. h.c. Müller","Müller MD","Müller, M.D., Ph.D.",Ｍüｌｌｅｒ}'::text[]),
	('Jörg Weiß', '{"Joerg Weiss","JÖRG WEISS","Dipl.-Ing. Dr. Jörg Weiß","Priv.-Doz. Dr. Jörg Weiß"}'),
	('Seán O''Brien', '{"Sean OBrien","Sean O’Brien","SEAN O''BRIEN","Dr Sean O''Brien Jr.","Seán O''Brien, MD, FACP","Sean O''Brien PA-C"}'),
	('Łukasz Øster', '{"Lukasz Oester","ŁUKASZ ØSTER"}'),
	('田中太郎', '{"田中 太郎","田中　太郎","田中太郎先生","田中 太郎 様","田中太郎医師","田中太郎教授"}'),
	('タナカ タロウ', '{ﾀﾅｶﾀﾛｳ,たなかたろう,"ﾀﾅｶ ﾀﾛｳ","タナカ　タロー","タナカ・タロウ",タナカタロオ}'),
	('シュンジ', '{しゅんじ,ｼｭﾝｼﾞ,シユンジ,シュンヂ}'),
	('高橋', '{髙橋,高橋先生,"髙橋 様"}'),
	('渡辺', '{渡邊,渡邉}'),
	('佐々木', '{佐佐木}'),
	('医療法人社団青空会', '{青空会,"医療法人社団 青空会"}'),
	('Smith-Jones', '{"Smith Jones","SMITH‐JONES","Smith  Jones"}'),
	('St. Mary Hospital', '{"St Mary Hospital","St. Mary Hospital, Inc.","ST. MARY HOSPITAL LLC"}')) v (a, bs), unnest(bs) b
GROUP BY a ORDER BY a COLLATE "C";

-- these are others
SELECT a, b, lsce.name_key(a) <> lsce.name_key(b) AS differ
FROM (VALUES ('Müller', 'Miller'), ('大野', '小野'), ('オオノ', 'オノ'), ('田中', '中田'), ('タナカ', 'ダナカ'), ('ハラ', 'バラ'), ('ハラ', 'パラ'), ('й', 'и')) v (a, b);
-- kanji are not read: the reading is a column of its own
SELECT lsce.name_key('田中'), lsce.name_key('タナカ'), lsce.name_key('Tanaka');
-- legal forms before and behind the name of an organisation, in full and in short
SELECT lsce.name_key(n) AS key, count(*) FROM unnest('{キュムラス製薬,株式会社キュムラス製薬,キュムラス製薬株式会社,㈱キュムラス製薬,キュムラス製薬(株),（有）キュムラス製薬,合同会社 キュムラス製薬}'::text[]) n GROUP BY 1;
-- titles that are names, names that look like titles
SELECT n, lsce.name_key(n) FROM unnest('{"Anh Do","Anh Van Do, DO","John Smith DO","John Smith D.O.","Dr.","MD","Ma Li","C. Smith","Dr. C. Smith","Dr. h.c. Smith","様","先生","林 氏","Univ. Hospital Bonn","III"}'::text[]) n;
-- two dots are a mark in some languages and an e in others
SELECT lsce.name_key('Agüero', 'es'), lsce.name_key('Noël', 'fr'), lsce.name_key('Müller', 'de'), lsce.name_key('Müller', 'de-AT'), lsce.name_key('Müller', 'en'), lsce.name_key('Virtanen Hämäläinen', 'fi');
-- marks of other scripts, ligatures, invisible characters
SELECT lsce.name_key('Ἀριστοτέλης'), lsce.name_key('ﬁnn'), lsce.name_key(U&'zero\200Bwidth\00AD'), lsce.name_key('Nguyễn Thị'), lsce.name_key(U&'Mu\0308ller') = lsce.name_key('Müller') AS composed;
-- nothing of nothing
SELECT lsce.name_key(''), lsce.name_key('  . - '), lsce.name_key(NULL), lsce.name_key('x', NULL), lsce.name_key('x', ''), lsce.name_key('x', 'no such language');
-- too long to be a name
SELECT lsce.name_key(repeat('x', 1024)) = repeat('x', 1024) AS fits;
SELECT lsce.name_key(repeat('x', 1025));
SELECT lsce.name_key(repeat('x ', 129));
SELECT lsce.name_key(repeat(U&'\FDFA', 100));
-- a key of a key is the key
SELECT count(*) FROM unnest('{Müller,"Dr. Anh Do",田中太郎,ﾀﾅｶ,"O''Brien, Seán",St. Mary}'::text[]) n WHERE lsce.name_key(lsce.name_key(n)) <> lsce.name_key(n);

-- trigram text is ASCII, whatever the script
SELECT lsce.name_search('Dr. Müller'), lsce.name_search('田中 太郎'), lsce.name_search('Йосиф') ~ '^[a-z0-9 ]+$' AS ascii;

-- similarity
SELECT a, b, round(lsce.name_similarity(a, b)::numeric, 3) AS similarity, lsce.name_similarity(a, b) = lsce.name_similarity(b, a) AS symmetric
FROM (VALUES ('Hans Müller', 'Mueller Hans'), ('Müller', 'Muller'), ('Robert Tanaka', 'R. Tanaka'), ('Robert Tanaka', 'Rupert Tanaka'),
	('John Adam Smith', 'John Smith'), ('van den Berg', 'Vandenberg'), ('タナカ タロウ', 'タロウ タナカ'), ('田中太郎', '太郎田中'), ('田中太郎', '田中次郎'),
	('田中', '鈴木'), ('Smith', 'Jones'), ('Smith', ''), ('', ''), ('Smith', 'Smith'), ('Katherine Johnson', 'Catherine Jonson')) v (a, b);
SELECT lsce.name_similarity(NULL, 'a'), lsce.name_similarity('a', NULL), lsce.name_similarity('Agüero', 'Aguero', 'es');

-- keys of accounts
SET client_min_messages = warning;
CALL lsce.create_model('crm', false);
SET search_path = crm, lsce, public;
INSERT INTO country VALUES ('JP', 'Japan', 'Asia/Tokyo'), ('DE', 'Germany', 'Europe/Berlin');
INSERT INTO account (account_id, kind, name, lang, country_code) VALUES
	('00000000-0000-7000-8000-00000000000a', 'hcp', '田中 太郎', 'ja', 'JP'), ('00000000-0000-7000-8000-00000000000b', 'hcp', 'Dr. Jörg Müller', 'de', 'DE');
INSERT INTO hcp (account_id, given_name, family_name, given_name_reading, family_name_reading) VALUES
	('00000000-0000-7000-8000-00000000000a', '太郎', '田中', 'たろう', 'たなか'), ('00000000-0000-7000-8000-00000000000b', 'Jörg', 'Müller', NULL, NULL);
SELECT right(account_id::text, 1) AS account, form, key, search, key_version = lsce.name_key_version() AS current FROM account_name_key ORDER BY 1, 2;
UPDATE hcp SET family_name = 'Meier' WHERE family_name = 'Müller';
UPDATE account SET name = 'Jörg Meier', lang = 'sv' WHERE lang = 'de';
UPDATE hcp SET family_name_reading = NULL, given_name_reading = NULL;
SELECT right(account_id::text, 1) AS account, form, key FROM account_name_key ORDER BY 1, 2;
-- what does not touch a name writes no key
CREATE TEMP TABLE before AS SELECT ctid AS place, * FROM account_name_key;
UPDATE account SET prescriber = true;
UPDATE hcp SET no_contact = true;
SELECT count(*) AS written FROM account_name_key k JOIN before b USING (account_id, form) WHERE k.ctid <> b.place;
DELETE FROM hcp WHERE given_name = '太郎';
SELECT right(account_id::text, 1) AS account, form, key FROM account_name_key ORDER BY 1, 2;
\set SHOW_CONTEXT never
INSERT INTO account (kind, name, country_code) VALUES ('hco', repeat('x', 2000), 'DE');

-- keys by another ICU are found and made again
SELECT * FROM name_keys_stale();
UPDATE account_name_key SET key_version = 'icu 1.0, rules 0', key = 'old' WHERE form = 'name';
DELETE FROM account_name_key WHERE account_id = '00000000-0000-7000-8000-00000000000a';
SELECT check_code, ok, subject, replace(detail, lsce.name_key_version(), '<version>') AS detail FROM name_keys_stale();
SET client_min_messages = notice;
CALL rebuild_name_keys();
CALL rebuild_name_keys();
SET client_min_messages = warning;
SELECT * FROM name_keys_stale();
SELECT right(account_id::text, 1) AS account, form, key FROM account_name_key ORDER BY 1, 2;
DROP SCHEMA crm CASCADE;
RESET search_path;
