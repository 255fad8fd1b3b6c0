-- title: Two packs are handed over
-- One call judges, charges and stores. The tablet chose the id, so that it may
-- send the same hand-over again when it got no answer: the answer is the same
-- and nothing is counted twice. Another content under that id is refused.
-- expect: LS507
\ir people.psql

SELECT lsce.uuid_v7() AS chen_drop \gset
SET ROLE demo_mark;
SELECT on_hand AS in_the_bag FROM inventory_stock WHERE location_id = :'bag' AND batch_id = :'cirrus_lot';
SELECT * FROM disburse(:'chen_visit', :'chen_request', :'cirrus', :'cirrus_lot', 2, id => :'chen_drop', at => :at) \gx
SELECT * FROM disburse(:'chen_visit', :'chen_request', :'cirrus', :'cirrus_lot', 2, id => :'chen_drop', at => :at) \gx
SELECT * FROM disburse(:'chen_visit', :'chen_request', :'cirrus', :'cirrus_lot', 1, id => :'chen_drop', at => :at);

SELECT on_hand AS in_the_bag FROM inventory_stock WHERE location_id = :'bag' AND batch_id = :'cirrus_lot';
SELECT template, quota, used, remaining, frees_on FROM sample_headroom(:'chen', :'cirrus', :today);
SELECT requested, fulfilled, outstanding, status FROM v_request_fulfilment WHERE request_id = :'chen_request' AND product_id = :'cirrus';

-- what the fact froze, and what its decision rests on: ids, codes and dates
SELECT quantity, admission, country_code, region_code, local_day, captured_at FROM disbursement WHERE disbursement_id = :'chen_drop';
SELECT kind, outcome, obligations, rule_set, evaluator_version FROM decision WHERE fact_id = :'chen_drop' \gx
RESET ROLE;
SELECT p.name AS place, l.quantity FROM inventory_entry AS l JOIN inventory_operation AS o USING (operation_id) JOIN inventory_location AS p USING (location_id)
 WHERE o.disbursement_id = :'chen_drop' ORDER BY l.quantity;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT count(*) = 1 AND sum(quantity) = 2 FROM disbursement WHERE product_id = product('CIRRUS-200-PEN'));
	ASSERT (SELECT sum(quantity) = 2 FROM limit_use AS u JOIN limit_rule AS r USING (rule_id) JOIN limit_template AS t USING (template_id) WHERE t.code = 'CIRRUS-2-IN-12');
	ASSERT (SELECT s.on_hand = 3 FROM inventory_stock AS s JOIN inventory_location AS l USING (location_id)
		WHERE l.user_id = app_user('us.rep.1.0001') AND s.batch_id = lot('CIRRUS-200-PEN', 'CI-2601'));
END $$;
