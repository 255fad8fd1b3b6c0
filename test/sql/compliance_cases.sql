-- The decision cases of compliance_cases.json: each situation is built from the
-- fields of its case, judged, compared, and undone.  Without the shared data
-- the test is skipped.
--
-- One line a case: what is expected, what came out, and ok, WRONG or "not yet"
-- with the module it waits for.  "not compared" names details of which the
-- answer says nothing comparable.
\getenv shared LSCE_SHARED
\if :{?shared}
\set have `test -r "$LSCE_SHARED/data/compliance_cases.json" && echo true || echo false`
\else
\set have false
\endif
\if :have
\else
\echo skipped: no shared data
\quit
\endif
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/compliance_fixture.sql
\set adapter :dir /data/compliance_adapter.sql
\set model compliance_cases
\i :fixture
\i :adapter
\set cases `cat "$LSCE_SHARED/data/compliance_cases.json"`
CREATE TEMPORARY TABLE result AS
	SELECT c ->> 'id' AS id, r.* FROM jsonb_array_elements(moved_back(:'cases') -> 'cases') WITH ORDINALITY AS x (c, n), run_case(c) AS r ORDER BY x.n;
\set ECHO all
SELECT id, expected, got, verdict FROM result ORDER BY id COLLATE "C";
SELECT count(*) AS cases, count(*) FILTER (WHERE verdict LIKE 'ok%') AS ok, count(*) FILTER (WHERE verdict LIKE 'not yet%') AS not_yet,
	count(*) FILTER (WHERE verdict LIKE 'WRONG%') AS wrong
FROM result;
-- no situation is left behind
SELECT (SELECT count(*) FROM decision) AS decisions, (SELECT count(*) FROM account) AS accounts;
\set ECHO none
CALL lsce.drop_model('compliance_cases', 'compliance_cases');
