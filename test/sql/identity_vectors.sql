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
