-- A hundred thousand professionals with addresses, telephone numbers and NPIs;
-- every tenth is entered twice, the second time with a slip in each of two
-- fields.  Names and places are made of syllables, few of them frequent.
SET client_min_messages = warning;
CALL lsce.create_model('bench_identity');
SET search_path = bench_identity, lsce, public;

CREATE FUNCTION pick(what text, i bigint, n int) RETURNS int LANGUAGE sql IMMUTABLE
RETURN floor(n * power((('x' || left(md5(what || i), 7))::bit(28)::int) / 268435456.0, 2))::int;
CREATE FUNCTION word(what text, i int) RETURNS text LANGUAGE sql IMMUTABLE
RETURN (SELECT string_agg((ARRAY['ba','ne','ri','to','mu','ka','les','win','dor','fan','gel','har','sen','mar','tin','jo','vel','cor','stan','pek'])
	[1 + ('x' || substr(md5(what || i), s * 4, 4))::bit(16)::int % 20], '') FROM generate_series(1, 2 + i % 2) s);
CREATE FUNCTION slip(w text, i bigint) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE i % 4 WHEN 0 THEN overlay(w PLACING 'x' FROM 1 + length(w) / 2 FOR 1) WHEN 1 THEN left(w, length(w) / 2) || substr(w, length(w) / 2 + 2)
	WHEN 2 THEN overlay(w PLACING reverse(substr(w, length(w) / 2, 2)) FROM length(w) / 2 FOR 2) ELSE w || 'e' END;

CREATE TABLE people AS
SELECT i, md5('person' || i)::uuid AS account_id, NULL::uuid AS original_id, false AS again, word('given', pick('given', i, 800)) AS given, word('family', pick('family', i, 12000)) AS family,
	1 + pick('house', i, 300) AS house, word('street', pick('street', i, 4000)) AS street,
	pick('city', i, 1500) AS city, lpad((600000000 + (i * 7919) % 399999999)::text, 9, '0') AS phone
FROM generate_series(1, 1000 * :scale * 10 / 11) i;
INSERT INTO people (i, account_id, original_id, again, given, family, house, street, city, phone)
SELECT 10000000 + i, md5('person' || (10000000 + i))::uuid, account_id, true, CASE WHEN i % 3 = 0 THEN slip(given, i) ELSE given END, CASE WHEN i % 3 = 1 THEN slip(family, i) ELSE family END,
	house, CASE WHEN i % 3 <> 2 THEN slip(street, i / 3) ELSE street END, city, CASE WHEN i % 3 = 2 THEN '' ELSE phone END
FROM people WHERE i % 10 = 0;

INSERT INTO account (account_id, kind, name, country_code) SELECT account_id, 'hcp', given || ' ' || family, 'US' FROM people;
INSERT INTO hcp (account_id, given_name, family_name) SELECT account_id, given, family FROM people;
INSERT INTO contact_point (account_id, kind, line, city, postal_code, country_code)
SELECT account_id, 'address', house || ' ' || street || ' Street', word('city', city), lpad((10000 + city * 7)::text, 5, '0'), 'US' FROM people;
INSERT INTO contact_point (account_id, kind, value) SELECT account_id, 'phone', phone FROM people WHERE phone <> '';
INSERT INTO account_identifier (account_id, system, value)
SELECT account_id, 'npi', n || substring(lsce.identifier_check('luhn', '80840' || n || '0') FROM '\(expected (\d)\)')
FROM (SELECT account_id, (100000000 + i)::text AS n FROM people WHERE NOT again) p
WHERE lsce.identifier_check('luhn', '80840' || n || '0') IS NOT NULL;
VACUUM ANALYZE;
