-- Paths need a database in UTF8; others are refused with a clear error.
SELECT current_database() AS home \gset
CREATE DATABASE lsce_path_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0;
\c lsce_path_latin1
SET client_min_messages = warning;
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION lsce;
SELECT 'us.west'::lsce.territory;
SELECT 'medicine'::lsce.specialty;
SELECT 'us.west'::text::lsce.territory;
CREATE TABLE path_bytes (b bytea);
CREATE TABLE path_received (t lsce.territory);
INSERT INTO path_bytes VALUES ('\x017573');
\copy path_bytes TO 'results/path_encoding.bin' (FORMAT binary)
\copy path_received FROM 'results/path_encoding.bin' (FORMAT binary)
\c :home
DROP DATABASE lsce_path_latin1;
