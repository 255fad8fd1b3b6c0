-- Input, output, casts and the binary protocol of territory and specialty.
SET search_path = public, lsce;

-- canonical output
SELECT 'us'::territory, 'us.west.r03.t0412'::territory, 'medicine.internal.pulmonology'::specialty;
SELECT 'US.West.R-03.T_0412'::territory AS case_is_folded;
SELECT '日本.関東.東京'::territory AS japanese;
SELECT 'ﾎｯｶｲﾄﾞｳ.ｻｯﾎﾟﾛ'::territory AS half_width_kana, 'ﾎｯｶｲﾄﾞｳ.ｻｯﾎﾟﾛ'::territory = 'ホッカイドウ.サッポロ' AS same;
SELECT 'ＵＳ．Ｗｅｓｔ．０３'::territory AS full_width, 'ＵＳ．Ｗｅｓｔ．０３'::territory = 'us.west.03' AS same;
SELECT 'Deutschland.München.Maxvorstädter Straße'::territory;
SELECT 'Deutschland.München.Maxvorstädter-Straße'::territory AS german;
SELECT E'mu\u0308nchen'::territory AS decomposed, E'MU\u0308NCHEN'::territory = E'm\u00FCnchen' AS same_as_composed;
SELECT E'a\u0323\u0308'::territory = E'a\u0308\u0323' AS marks_in_any_order;
SELECT 'ﬁnance.x².Ⅳ'::specialty AS compatibility_characters;
SELECT E'\u1112\u1161\u11AB'::territory = '한' AS hangul_is_composed;
SELECT E'\u2488a'::territory AS digit_full_stop, E'a\u2024b'::territory AS one_dot_leader;
SELECT octet_length('Straße'::territory::text), length('日本'::territory::text);

-- output is input
SELECT t::territory::text::territory = t::territory AS stable
FROM unnest(ARRAY['us.West', 'ＵＳ．Ｗｅｓｔ', E'mu\u0308nchen', 'Straße', 'ﾎｯｶｲﾄﾞｳ']) t;

-- limits
SELECT nlevel((repeat('a.', 31) || 'a')::territory);
SELECT (repeat('a.', 32) || 'a')::territory;
SELECT octet_length(repeat('x', 255)::territory::text);
SELECT repeat('x', 256)::territory;
SELECT length(repeat('日', 85)::territory::text);
SELECT repeat('日', 86)::territory;
SELECT octet_length((repeat(repeat('x', 255) || '.', 7) || repeat('x', 254) || '.y')::territory::text);
SELECT (repeat(repeat('x', 255) || '.', 7) || repeat('x', 254) || '.yy')::territory;
SELECT length(repeat('ａ', 255)::territory::text);

-- malformed: where, in characters of the input
SELECT ''::territory;
SELECT '.'::territory;
SELECT '.a'::territory;
SELECT 'a.'::territory;
SELECT 'a..b'::territory;
SELECT 'ＵＳ．．Ｗｅｓｔ'::territory;
SELECT 'a b'::territory;
SELECT ' a'::territory;
SELECT 'a '::territory;
SELECT 'a/b'::territory;
SELECT 'a+b'::territory;
SELECT 'a,b'::territory;
SELECT 'a''b'::territory;
SELECT E'a\\b'::territory;
SELECT '東京。大阪'::territory;
SELECT 'アレルギー・免疫'::specialty;
SELECT E'a\tb'::territory;
SELECT E'a\u0001b'::territory;
SELECT E'ä\u0085'::territory;
SELECT E'a\u00A0b'::territory;
SELECT E'a\u00ADb'::territory;
SELECT E'日\u200B本'::territory;
SELECT E'a\u200Db'::territory;
SELECT E'\uFEFFa'::territory;
SELECT E'a\uFE0Fb'::territory;
SELECT E'a\u202Eb'::territory;
SELECT E'a.\u0378'::territory;
SELECT E'a.\uFFFF'::territory;
SELECT E'a.\uE000'::territory;
SELECT 'a.😀'::territory;
SELECT 'ﷺ'::territory;
SELECT 'ﬃx+'::territory;
SELECT E'u\u0308u\u0308+'::territory;
SELECT 'x.…'::territory;
SELECT ('a' || repeat(E'\u0308', 5000))::territory;
SELECT 'x y'::specialty;
SELECT (repeat('日', 70) || '!')::specialty;

-- soft errors, where the server has them
DO $$
DECLARE
	message text;
	detail text;
	code text;
	valid boolean;
BEGIN
	IF current_setting('server_version_num')::integer >= 160000 THEN
		EXECUTE $q$SELECT pg_input_is_valid('a..b', 'lsce.territory')$q$ INTO valid;
		ASSERT NOT valid;
		EXECUTE $q$SELECT pg_input_is_valid('a.b', 'lsce.specialty')$q$ INTO valid;
		ASSERT valid;
		EXECUTE $q$SELECT message, detail, sql_error_code FROM pg_input_error_info('a..b', 'lsce.territory')$q$
			INTO message, detail, code;
		ASSERT message = 'invalid input syntax for type territory: "a..b"', message;
		ASSERT detail = 'Empty label at character 3.', detail;
		ASSERT code = '22P02', code;
	END IF;
END
$$;
DO $$
BEGIN
	PERFORM 'a..b'::lsce.territory;
EXCEPTION WHEN invalid_text_representation THEN
	RAISE NOTICE 'sqlstate %', SQLSTATE;
END
$$;

-- casts: text becomes a path on assignment or when asked, and the reverse
CREATE TABLE path_cast (t territory, s specialty, label text);
INSERT INTO path_cast SELECT 'A.B'::text, 'X.Y'::text, 'C.D'::territory;
INSERT INTO path_cast SELECT 'E.F'::varchar, 'G.H'::varchar(3), 'C.D'::territory;
SELECT * FROM path_cast;
INSERT INTO path_cast (t) SELECT 'a b'::text;
SELECT ('A.B'::text)::territory, CAST('a.b'::territory AS text), CAST('a.b'::territory AS varchar);
SELECT 'a.b'::territory = 'a.b'::text;
SELECT 'a.b'::territory = 'a.b'::specialty;
SELECT castsource::regtype, casttarget::regtype, castcontext, castmethod
FROM pg_cast
WHERE castsource IN ('territory'::regtype, 'specialty'::regtype)
	OR casttarget IN ('territory'::regtype, 'specialty'::regtype)
ORDER BY 1, 2;

-- storage: one byte of header for short paths, and compression in place
SELECT pg_column_size(t), octet_length(t::text) FROM path_cast;
CREATE TABLE path_long (t territory, s specialty);
INSERT INTO path_long SELECT (repeat(repeat('x', 250) || '.', 7) || i)::territory, (repeat(repeat('y', 250) || '.', 7) || i)::specialty FROM generate_series(1, 3) i;
SELECT pg_column_size(t) + pg_column_size(s) < 2000 AS compressed, octet_length(t::text), octet_length(s::text) FROM path_long;
SELECT attname, attstorage FROM pg_attribute WHERE attrelid = 'path_long'::regclass AND attnum > 0 ORDER BY attnum;
SELECT count(*), count(DISTINCT t), max(nlevel(s)), min(t <-> t), count(DISTINCT parent(s)) FROM path_long WHERE t <@ repeat('x', 250)::territory;
CREATE INDEX ON path_long (t);
SET enable_seqscan = off;
SELECT count(*) FROM path_long WHERE t = (repeat(repeat('x', 250) || '.', 7) || '2')::territory;
RESET enable_seqscan;

-- out of line
CREATE TABLE path_far (i integer, t territory, s specialty);
ALTER TABLE path_far ALTER t SET STORAGE EXTERNAL, ALTER s SET STORAGE EXTERNAL;
INSERT INTO path_far SELECT i, (repeat(repeat('x', 250) || '.', 7) || i)::territory, (repeat(repeat('y', 250) || '.', 7) || i)::specialty FROM generate_series(1, 3) i;
SELECT pg_relation_size(reltoastrelid) > 0 AS out_of_line FROM pg_class WHERE oid = 'path_far'::regclass;
SELECT f.i, l.t = f.t AS t, l.s = f.s AS s, f.t > l.t OR f.t < l.t AS differs, l.t <@ f.t AS within, f.s @> l.s AS contains
FROM path_far f JOIN path_long l ON f.t = l.t
ORDER BY f.i;

-- binary round trip
CREATE TABLE path_binary (t territory, s specialty);
INSERT INTO path_binary VALUES
	('us.west', 'medicine'), ('日本.東京', 'münchen'), (NULL, NULL),
	((repeat(repeat('x', 255) || '.', 7) || 'y')::territory, (repeat('a.', 31) || 'b')::specialty);
\copy path_binary TO 'results/path_io.bin' (FORMAT binary)
CREATE TABLE path_binary_read (LIKE path_binary);
\copy path_binary_read FROM 'results/path_io.bin' (FORMAT binary)
SELECT count(*), count(r.t), bool_and((b.t, b.s) IS NOT DISTINCT FROM (r.t, r.s)) AS equal
FROM (SELECT *, row_number() OVER (ORDER BY t) FROM path_binary) b
	JOIN (SELECT *, row_number() OVER (ORDER BY t) FROM path_binary_read) r USING (row_number);
SELECT territory_send('us.west'), specialty_send('日本');

-- binary that send never makes; bytea as a carrier of any bytes
CREATE TABLE path_bytes (b bytea);
CREATE TABLE path_received (t territory);
INSERT INTO path_bytes VALUES ('\x01' || convert_to('us.west', 'UTF8'));
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
SELECT t FROM path_received;
\set VERBOSITY terse
UPDATE path_bytes SET b = '\x02' || convert_to('us', 'UTF8');
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '\x01';
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '';
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '\x01' || convert_to('US', 'UTF8');
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '\x01' || convert_to(E'mu\u0308', 'UTF8');
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '\x01' || convert_to('ｕｓ', 'UTF8');
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '\x0161016201'::bytea;
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '\x01' || convert_to('a..b', 'UTF8');
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '\x01c328';
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '\x01' || convert_to('a', 'UTF8') || '\x00';
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
UPDATE path_bytes SET b = '\x01' || convert_to(repeat('a.', 32) || 'a', 'UTF8');
\copy path_bytes TO 'results/path_io.bin' (FORMAT binary)
\copy path_received FROM 'results/path_io.bin' (FORMAT binary)
\set VERBOSITY default
SELECT count(*) FROM path_received;

DROP TABLE path_cast, path_long, path_far, path_binary, path_binary_read, path_bytes, path_received;
