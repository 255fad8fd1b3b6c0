-- Check digits against vectors nobody here made.  Needs the shared data.
\getenv shared LSCE_SHARED
\if :{?shared}
\else
\echo skipped: no shared data
\quit
\endif
-- 942 real NPIs, the same with a digit changed, and with neighbours swapped: of
-- the swapped, those that Luhn cannot tell are valid
CREATE TEMP TABLE npi (npi text, kind text, valid boolean);
\set file :shared/data/npi/npi_validity.csv
COPY npi FROM :'file' CSV HEADER;
SELECT kind, valid, count(*), count(*) FILTER (WHERE lsce.identifier_valid('npi', npi) IS DISTINCT FROM valid) AS wrong
FROM npi GROUP BY 1, 2 ORDER BY 1, 2;
-- the digit that is expected makes a valid number
SELECT count(*) AS changed, count(*) FILTER (WHERE NOT lsce.identifier_valid('npi', left(npi, 9) || substring(lsce.identifier_check('npi', npi) FROM '\(expected (\d)\)'))) AS wrong
FROM npi WHERE NOT valid;
-- the tests of other projects
CREATE TEMP TABLE peer (kind text, value text, peer_says_valid text, oracle_valid boolean, agree text, source text, note text);
\set file :shared/data/npi/peer_vectors.csv
COPY peer FROM :'file' CSV HEADER;
SELECT kind, oracle_valid, count(*), count(*) FILTER (WHERE lsce.identifier_valid(kind, value) IS DISTINCT FROM oracle_valid) AS wrong
FROM peer GROUP BY 1, 2 ORDER BY 1, 2;
-- names and places as ICU rewrites them have one key: width, normal forms, kana
CREATE TEMP TABLE icu (input text, hiragana_katakana text, katakana_hiragana text, fullwidth_halfwidth text, halfwidth_fullwidth text,
	nfc text, nfd text, nfkc text, nfkd text, latin_ascii text, stripped text, any_latin text);
\set file :shared/data/names_ja/expected/icu_transforms.csv
COPY icu FROM :'file' CSV HEADER;
SELECT v.what, count(*), count(*) FILTER (WHERE lsce.name_key(input) IS DISTINCT FROM lsce.name_key(v.written)) AS wrong
FROM icu, LATERAL (VALUES ('Hiragana-Katakana', hiragana_katakana), ('Katakana-Hiragana', katakana_hiragana), ('Fullwidth-Halfwidth', fullwidth_halfwidth),
	('Halfwidth-Fullwidth', halfwidth_fullwidth), ('NFC', nfc), ('NFD', nfd), ('NFKC', nfkc), ('NFKD', nfkd)) v (what, written)
GROUP BY 1 ORDER BY 1;
-- where the two dots are a mark, keys of names in Latin letters are what ICU makes ASCII
SELECT count(*) AS latin, count(*) FILTER (WHERE lsce.name_key(input, 'sv') <> lsce.name_key(latin_ascii, 'sv')) AS wrong
FROM icu WHERE latin_ascii ~ '^[ -~]*$';
-- a folded name folds to itself, and no kanji becomes a Latin letter
CREATE TEMP TABLE name_ja (written text, kana text, types text, romaji text);
\set file :shared/data/names_ja/enamdict_share.csv
COPY name_ja FROM :'file' CSV HEADER;
SELECT count(*), count(*) FILTER (WHERE lsce.name_key(lsce.name_key(written)) <> lsce.name_key(written)) AS not_stable,
	count(*) FILTER (WHERE lsce.name_key(written) ~ '[a-z]' AND written !~ '[A-Za-zＡ-Ｚａ-ｚ]') AS romanised,
	count(*) FILTER (WHERE lsce.name_key(kana) = '') AS lost
FROM name_ja;
