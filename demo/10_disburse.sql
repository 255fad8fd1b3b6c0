-- title: Two packs are handed over
-- One call judges, charges and stores. The tablet chose the id, so that it may
-- send the same hand-over again when it got no answer: the answer is the same
-- and nothing is counted twice. Another content under that id is refused.
-- expect: LS507
\ir people.psql

SELECT lsce.uuid_v7() AS singh_drop \gset
SET ROLE demo_mark;
SELECT on_hand AS in_the_bag FROM inventory_stock WHERE location_id = :'bag' AND batch_id = :'cirrus_lot';
SELECT * FROM disburse(:'singh_visit', :'singh_request', :'cirrus', :'cirrus_lot', 2, id => :'singh_drop', at => :at) \gx
SELECT * FROM disburse(:'singh_visit', :'singh_request', :'cirrus', :'cirrus_lot', 2, id => :'singh_drop', at => :at) \gx
SELECT * FROM disburse(:'singh_visit', :'singh_request', :'cirrus', :'cirrus_lot', 1, id => :'singh_drop', at => :at);

SELECT on_hand AS in_the_bag FROM inventory_stock WHERE location_id = :'bag' AND batch_id = :'cirrus_lot';
SELECT template, quota, used, remaining, frees_on FROM sample_headroom(:'singh', :'cirrus', :today);
SELECT requested, fulfilled, outstanding, status FROM v_request_fulfilment WHERE request_id = :'singh_request';

-- what the fact froze, and what its decision rests on: ids, codes and dates
SELECT quantity, admission, country_code, region_code, local_day, captured_at FROM disbursement;
SELECT kind, outcome, obligations, rule_set, evaluator_version FROM decision WHERE fact_id = :'singh_drop' \gx
RESET ROLE;
SELECT p.name AS place, l.quantity FROM inventory_entry AS l JOIN inventory_operation AS o USING (operation_id) JOIN inventory_location AS p USING (location_id)
 WHERE o.disbursement_id = :'singh_drop' ORDER BY l.quantity;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT count(*) = 1 AND sum(quantity) = 2 FROM disbursement);
	ASSERT (SELECT sum(quantity) = 2 FROM limit_use AS u JOIN limit_rule AS r USING (rule_id) WHERE r.quota IS NOT NULL);
	ASSERT (SELECT s.on_hand = 3 FROM inventory_stock AS s JOIN inventory_location AS l USING (location_id)
		WHERE l.user_id = app_user('us.rep.1.0001') AND s.batch_id = lot('CIRRUS-200-PEN', 'CI-2601'));
END $$;
