-- Duplicates in public data sets with known answers, with the default weights
-- and the default threshold.  Needs the shared data.
\getenv shared LSCE_SHARED
\if :{?shared}
\else
\echo skipped: no shared data
\quit
\endif
SET client_min_messages = warning;
CALL lsce.create_model('linkage', false);
SET search_path = linkage, lsce, public;
INSERT INTO country VALUES ('AU', 'Australia', 'Australia/Sydney'), ('DE', 'Germany', 'Europe/Berlin'), ('US', 'United States', 'America/New_York');

CREATE TEMP TABLE truth (data_set text, a uuid, b uuid);
CREATE TEMP TABLE result (data_set text, found bigint, good bigint, true_pairs bigint);

CREATE FUNCTION pg_temp.account(data_set text, rec_id text) RETURNS uuid LANGUAGE sql RETURN md5(data_set || ':' || trim(rec_id))::uuid;
CREATE PROCEDURE pg_temp.load_people(which text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO account (account_id, kind, name, country_code)
	SELECT pg_temp.account(which, rec_id), 'hcp', coalesce(nullif(concat_ws(' ', trim(given_name), trim(surname)), ' '), '?'), 'AU' FROM person;
	INSERT INTO hcp (account_id, given_name, family_name, birth_date)
	SELECT pg_temp.account(which, rec_id), nullif(trim(given_name), ''), nullif(trim(surname), ''), birth_date FROM person;
	INSERT INTO contact_point (account_id, kind, line, city, postal_code, country_code)
	SELECT pg_temp.account(which, rec_id), 'address',
		nullif(concat_ws(', ', nullif(concat_ws(' ', nullif(trim(street_number), ''), nullif(trim(address_1), '')), ''), nullif(trim(address_2), '')), ''),
		nullif(trim(suburb), ''), nullif(trim(postcode), ''), 'AU'
	FROM person WHERE postcode IS NOT NULL;
END $$;
-- compares all pairs of the clusters with the truth, then forgets the accounts;
-- how long it took goes to the server's log, from where scripts/check.sh shows it
CREATE PROCEDURE pg_temp.judge(which text) LANGUAGE plpgsql AS $$
DECLARE
	began timestamptz := clock_timestamp();
	r record;
BEGIN
	INSERT INTO result
	SELECT which, count(*), count(*) FILTER (WHERE t.a IS NOT NULL), (SELECT count(*) FROM truth WHERE data_set = which)
	FROM find_duplicates() d
	LEFT JOIN truth t ON t.data_set = which AND t.a = least(d.account_a, d.account_b) AND t.b = greatest(d.account_a, d.account_b)
	RETURNING * INTO r;
	RAISE LOG 'identity_linkage: %: precision %, recall %, % s', which, round(r.good::numeric / r.found, 3),
		round(r.good::numeric / r.true_pairs, 3), round(extract(epoch FROM clock_timestamp() - began), 1);
	DELETE FROM contact_point; DELETE FROM hcp; DELETE FROM account;
END $$;
CREATE TEMP TABLE person (rec_id text, given_name text, surname text, street_number text, address_1 text, address_2 text,
	suburb text, postcode text, state text, date_of_birth text, soc_sec_id text);
ALTER TABLE person ADD birth_date date;
CREATE TEMP TABLE pair (id_a text, id_b text);

-- FEBRL: names and addresses; neither date of birth nor number are used
\set file :shared/data/linkage/febrl_dataset1.csv
COPY person (rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id) FROM :'file' CSV HEADER;
\set file :shared/data/linkage/expected/febrl_dataset1_true_pairs.csv
COPY pair FROM :'file' CSV HEADER;
INSERT INTO truth SELECT 'FEBRL 1', least(a, b), greatest(a, b) FROM pair, LATERAL (SELECT pg_temp.account('FEBRL 1', id_a) AS a, pg_temp.account('FEBRL 1', id_b) AS b) i;
CALL pg_temp.load_people('FEBRL 1');
CALL pg_temp.judge('FEBRL 1');
TRUNCATE person, pair;

\set file :shared/data/linkage/febrl_dataset2.csv
COPY person (rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id) FROM :'file' CSV HEADER;
\set file :shared/data/linkage/expected/febrl_dataset2_true_pairs.csv
COPY pair FROM :'file' CSV HEADER;
INSERT INTO truth SELECT 'FEBRL 2', least(a, b), greatest(a, b) FROM pair, LATERAL (SELECT pg_temp.account('FEBRL 2', id_a) AS a, pg_temp.account('FEBRL 2', id_b) AS b) i;
CALL pg_temp.load_people('FEBRL 2');
-- the same answer whatever the order of the rows in the table
CREATE TEMP TABLE once AS SELECT * FROM find_duplicates();
UPDATE account SET prescriber = true WHERE account_id::text < '8';
SELECT count(*) AS differ FROM (TABLE once EXCEPT SELECT * FROM find_duplicates()) d;
DROP TABLE once;
CALL pg_temp.judge('FEBRL 2');
TRUNCATE person, pair;

-- RLdata500: names and date of birth
CREATE TEMP TABLE rl (rec_id text, fname_c1 text, fname_c2 text, lname_c1 text, lname_c2 text, by int, bm int, bd int, true_id int);
\set file :shared/data/linkage/RLdata500.csv
COPY rl FROM :'file' CSV HEADER NULL 'NA';
INSERT INTO person (rec_id, given_name, surname, birth_date)
SELECT rec_id, concat_ws(' ', fname_c1, fname_c2), concat_ws(' ', lname_c1, lname_c2), make_date(by, bm, bd) FROM rl;
\set file :shared/data/linkage/expected/RLdata500_true_pairs.csv
COPY pair FROM :'file' CSV HEADER;
INSERT INTO truth SELECT 'RLdata500', least(a, b), greatest(a, b) FROM pair, LATERAL (SELECT pg_temp.account('RLdata500', id_a) AS a, pg_temp.account('RLdata500', id_b) AS b) i;
CALL pg_temp.load_people('RLdata500');
-- weights fitted to the accounts themselves, without the truth, find as much
BEGIN;
SELECT round(fit_match_weights()) BETWEEN 45 AND 55 AS about_fifty_expected;
SELECT count(*) FILTER (WHERE t.a IS NOT NULL) >= 47 AS found, count(*) FILTER (WHERE t.a IS NULL) <= 3 AS few_others
FROM find_duplicates() d LEFT JOIN truth t ON data_set = 'RLdata500' AND t.a = least(d.account_a, d.account_b) AND t.b = greatest(d.account_a, d.account_b);
ROLLBACK;
CALL pg_temp.judge('RLdata500');

-- Chicago: sites with an address and perhaps a telephone number; one site is
-- many agencies', so that the truth is a matter of opinion: no goal
\set file :shared/data/linkage/chicago_sites_with_true_ids.csv
CREATE TEMP TABLE raw (c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text, c11 text, c12 text, c13 text, c14 text, c15 text, c16 text, c17 text,
	c18 text, c19 text, c20 text, c21 text, c22 text, c23 text, c24 text, c25 text, c26 text, c27 text, c28 text, c29 text, c30 text, c31 text, c32 text, c33 text);
COPY raw FROM :'file' CSV HEADER;
INSERT INTO account (account_id, kind, name, country_code)
SELECT pg_temp.account('Chicago', c2), 'hco', c4, 'US' FROM raw;
INSERT INTO contact_point (account_id, kind, line, postal_code, country_code)
SELECT pg_temp.account('Chicago', c2), 'address', c5, c6, 'US' FROM raw WHERE c5 <> '';
INSERT INTO contact_point (account_id, kind, value) SELECT pg_temp.account('Chicago', c2), 'phone', c7 FROM raw WHERE c7 <> '';
TRUNCATE pair;
\set file :shared/data/linkage/expected/chicago_sites_true_pairs.csv
COPY pair FROM :'file' CSV HEADER;
INSERT INTO truth SELECT 'Chicago', least(a, b), greatest(a, b) FROM pair, LATERAL (SELECT pg_temp.account('Chicago', id_a) AS a, pg_temp.account('Chicago', id_b) AS b) i;
CALL pg_temp.judge('Chicago');

SELECT data_set, true_pairs, round(good::numeric / found, 3) AS precision, round(good::numeric / true_pairs, 3) AS recall,
	round(2.0 * good / (found + true_pairs), 3) AS f1, goal, 2.0 * good / (found + true_pairs) >= goal AS reached
FROM result JOIN (VALUES ('FEBRL 1', 0.97), ('FEBRL 2', 0.94), ('RLdata500', 0.97), ('Chicago', NULL)) g (data_set, goal) USING (data_set)
ORDER BY data_set;
DROP SCHEMA linkage CASCADE;
