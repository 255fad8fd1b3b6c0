-- title: One doctor, two records
-- M. Chen, allergist, with the licence number of Maya Chen: the record came from
-- another list, without an NPI. As long as it is a doctor of its own it may have
-- two packs of its own. A data steward merges it: no fact moves, both records
-- count together, and what was decided before still replays. Undone, everything
-- is as it was.
-- expect: 42501, LS420
\ir people.psql
SELECT l.account_id AS double FROM license AS l JOIN account AS a USING (account_id)
 WHERE l.number = (SELECT number FROM license WHERE account_id = :'chen') AND l.account_id <> :'chen' \gset

SELECT a.name, h.used, h.remaining FROM (VALUES (1, :'chen'::uuid), (2, :'double')) AS x (n, account_id) JOIN account AS a USING (account_id),
  sample_headroom(x.account_id, :'cirrus', :today, :'mark') AS h WHERE h.template = 'CIRRUS-2-IN-12' ORDER BY x.n;

SET ROLE demo_mark;
SELECT merge_account(:'chen', :'double', 'same person: same licence');
SET ROLE demo_steward;
SELECT merge_account(:'chen', :'double', 'same person: same licence') AS merge \gset

SELECT table_name, op, count(*) FROM account_merge_row WHERE merge_id = :'merge' GROUP BY 1, 2 ORDER BY 1, 2;
RESET ROLE;
SELECT a.name, h.used, h.remaining FROM (VALUES (1, :'chen'::uuid), (2, :'double')) AS x (n, account_id) JOIN account AS a USING (account_id),
  sample_headroom(x.account_id, :'cirrus', :today, :'mark') AS h WHERE h.template = 'CIRRUS-2-IN-12' ORDER BY x.n;
SELECT d.outcome, count(*) AS steps, count(*) FILTER (WHERE s.outcome = 'fail') AS failed
  FROM decision AS d, decision_steps(d.decision_id) AS s WHERE d.fact_id = :'chen_drop' GROUP BY d.outcome;
SELECT check_code, detail FROM lsce.verify('crm') WHERE NOT ok;

SET ROLE demo_steward;
-- not twice, and not the other way round
SELECT merge_account(:'double', :'chen', 'same person');
SELECT unmerge_account(:'merge') AS rows_restored;
RESET ROLE;
SELECT a.name, h.used, h.remaining FROM (VALUES (1, :'chen'::uuid), (2, :'double')) AS x (n, account_id) JOIN account AS a USING (account_id),
  sample_headroom(x.account_id, :'cirrus', :today, :'mark') AS h WHERE h.template = 'CIRRUS-2-IN-12' ORDER BY x.n;
SELECT topic, payload ->> 'rows' AS rows, payload ->> 'restored' AS restored, payload ->> 'left' AS left_alone
  FROM outbox WHERE entity_id = :'chen' AND topic LIKE 'account.%' ORDER BY id;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT count(*) = 0 FROM account WHERE survivor_id IS NOT NULL);
	ASSERT (SELECT count(*) = 1 FROM account_merge WHERE unmerged_at IS NOT NULL);
	ASSERT (SELECT bool_and(ok) FROM lsce.verify('crm'));
END $$;
