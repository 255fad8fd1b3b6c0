-- The stock ledger: operations balance in one statement, stock follows.
\set model sample_ledger
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture
\set ECHO none
CREATE VIEW public.stock AS
	SELECT l.kind, b.lot_no, s.on_hand FROM sample_ledger.inventory_stock s
	JOIN sample_ledger.inventory_location l USING (location_id) JOIN sample_ledger.product_batch b USING (batch_id);
CREATE FUNCTION public.lines(VARIADIC lots text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('batch_id', public.id('lot:' || split_part(l, ' ', 1)), 'quantity', split_part(l, ' ', 2)::numeric)) FROM unnest(lots) AS l $$;
\set ECHO all
SELECT * FROM public.stock ORDER BY 1, 2;
-- a receipt, a transfer of two lots, a loss, an adjustment each way, a recall
SELECT post_operation('receipt', public.lines('p10 50', 'p20 10'), to_location_id => public.id('warehouse'), id => public.id('o1')) = public.id('o1') AS posted;
SELECT post_operation('transfer', public.lines('p10 5', 'p20 5'), public.id('warehouse'), public.id('bag')) IS NOT NULL AS posted;
SELECT post_operation('loss', public.lines('p10 1'), public.id('bag'), reason => 'fell into a river') IS NOT NULL AS posted;
SELECT post_operation('adjustment', public.lines('p10 2'), public.id('bag')) IS NOT NULL AS posted;
SELECT post_operation('adjustment', public.lines('p10 3'), NULL, public.id('bag')) IS NOT NULL AS posted;
SELECT post_operation('recall', public.lines('p20 4'), public.id('warehouse')) IS NOT NULL AS posted;
SELECT * FROM public.stock ORDER BY 1, 2;
SELECT l.kind, b.lot_no, sum(e.quantity) FROM inventory_entry e JOIN inventory_location l USING (location_id) JOIN product_batch b USING (batch_id) GROUP BY 1, 2 ORDER BY 1, 2;
-- the same id again counts nothing; other lines are refused
SELECT post_operation('receipt', public.lines('p10 50', 'p20 10'), to_location_id => public.id('warehouse'), id => public.id('o1')) = public.id('o1') AS posted;
SELECT public.attempt($$SELECT post_operation('receipt', public.lines('p10 50', 'p20 11'), to_location_id => public.id('warehouse'), id => public.id('o1'))$$)
	= 'LS507: operation ' || public.id('o1') || ' already exists with other values' AS differs;
SELECT on_hand FROM public.stock WHERE kind = 'warehouse' AND lot_no = 'L-p10';
-- what makes no movement
SELECT public.attempt($$SELECT post_operation('transfer', public.lines('p10 1'), public.id('warehouse'))$$);
SELECT public.attempt($$SELECT post_operation('transfer', public.lines('p10 -1'), public.id('warehouse'), public.id('bag'))$$);
SELECT public.attempt($$SELECT post_operation('transfer', public.lines('p10 1.5'), public.id('warehouse'), public.id('bag'))$$);
SELECT public.attempt($$SELECT post_operation('transfer', '[]', public.id('warehouse'), public.id('bag'))$$);
SELECT public.attempt($$SELECT post_operation('disbursement', public.lines('p10 1'), public.id('bag'), public.id('disbursed'))$$);
SELECT public.attempt($$SELECT post_operation('gift', public.lines('p10 1'), public.id('bag'), public.id('disbursed'))$$);
-- more than there is
SELECT public.attempt($$SELECT post_operation('transfer', public.lines('p10 46'), public.id('warehouse'), public.id('bag'))$$);
SELECT public.attempt($$SELECT post_operation('transfer', public.lines('other 1'), public.id('warehouse'), public.id('bag'))$$);
-- unless a person said that this stock may: goods handed out before they were acknowledged
UPDATE inventory_stock SET may_go_negative = true WHERE location_id = public.id('bag') AND batch_id = public.id('lot:other');
SELECT post_operation('transfer', public.lines('other 101'), public.id('bag'), public.id('warehouse')) IS NOT NULL AS posted;
SELECT * FROM public.stock WHERE lot_no = 'L-other' ORDER BY 1;

-- entries by hand: one leg is not enough, nor legs of two lots, nor a third leg later
INSERT INTO inventory_operation (operation_id, type) VALUES (public.id('o2'), 'transfer');
SELECT replace(public.attempt($$INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES (public.id('o2'), public.id('bag'), public.id('lot:p10'), 5)$$),
	public.id('lot:p10')::text, '<lot>') = 'LS513: operation ' || public.id('o2') || ', lot <lot>: entries sum to 5, not 0' AS unbalanced;
SELECT public.attempt($$INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES
	(public.id('o2'), public.id('bag'), public.id('lot:p10'), 5), (public.id('o2'), public.id('bag'), public.id('lot:p20'), -5)$$) LIKE 'LS513%' AS unbalanced;
INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES
	(public.id('o2'), public.id('bag'), public.id('lot:p10'), 5), (public.id('o2'), public.id('warehouse'), public.id('lot:p10'), -5);
SELECT public.attempt($$INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES
	(public.id('o2'), public.id('bag'), public.id('lot:p10'), -5), (public.id('o2'), public.id('warehouse'), public.id('lot:p10'), 5)$$)
	= 'LS513: operation ' || public.id('o2') || ' has 4 entries, more than this statement brings' AS later;
SELECT public.attempt($$UPDATE inventory_entry SET quantity = 1$$);
SELECT public.attempt($$DELETE FROM inventory_entry$$);
SELECT public.attempt($$TRUNCATE inventory_entry$$);
SELECT * FROM public.stock ORDER BY 1, 2;
SELECT check_code, subject, detail FROM lsce.verify('sample_ledger') WHERE NOT ok;
-- the owner can write past the ledger, and is found
UPDATE inventory_stock SET on_hand = 77 WHERE location_id = public.id('bag') AND batch_id = public.id('lot:p20');
SELECT check_code, detail FROM lsce.verify('sample_ledger') WHERE NOT ok;

-- a signed request: digest over what was signed
SELECT sign_request(public.id('anna'), public.id('visit:anna1'), 'drop', jsonb_build_array(jsonb_build_object('product_id', public.id('p10'), 'quantity', 2)),
	'{"printed_name": "Anna", "signed_at": "2023-02-01 08:00+00", "method": "paper", "paper_form_no": "F1"}') AS request_id \gset
SELECT r.kind, r.status, r.requested_at, s.purpose, s.method, s.paper_form_no, octet_length(s.payload_sha256), l.requested, l.fulfilled
FROM sample_request r JOIN signature s USING (signature_id) JOIN sample_request_line l USING (request_id) WHERE r.request_id = :'request_id';
SELECT public.attempt($$SELECT sign_request(public.id('anna'), NULL, 'drop', '[]', '{}')$$);
SELECT public.attempt($$SELECT sign_request(public.id('anna'), NULL, 'ship', jsonb_build_array(jsonb_build_object('product_id', public.id('p10'), 'quantity', 2)), '{"printed_name": "Anna"}')$$);
-- nothing has been that is yet to come, whoever says so; a clock may be minutes ahead
SELECT split_part(public.attempt(format($$SELECT sign_request(public.id('anna'), NULL, 'drop', jsonb_build_array(jsonb_build_object('product_id', public.id('p10'), 'quantity', 2)),
	'{"printed_name": "Anna", "signed_at": %s}')$$, to_jsonb(t.at))), ' is ', 1) AS signed
FROM (VALUES (now() + interval '1 hour'), ('infinity'), ('-infinity')) AS t (at);
SELECT sign_request(public.id('anna'), NULL, 'drop', jsonb_build_array(jsonb_build_object('product_id', public.id('p10'), 'quantity', 2)),
	jsonb_build_object('printed_name', 'Anna', 'signed_at', now() + interval '2 minutes')) IS NOT NULL AS signed;
SELECT split_part(public.attempt($$INSERT INTO signature (purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at, captured_at)
	VALUES ('sample_receipt', public.id('anna'), 'Anna', 'received', 'pad', sha256(''), now(), now() + interval '1 day')$$), ' is ', 1) AS refused;
SELECT split_part(public.attempt(format($$UPDATE sample_request SET requested_at = 'infinity' WHERE request_id = %L$$, :'request_id')), ' is ', 1) AS refused;
SELECT split_part(public.attempt($$INSERT INTO inventory_operation (type, at) VALUES ('transfer', now() + interval '1 day')$$), ' is ', 1) AS refused;
SELECT split_part(public.attempt(format($$INSERT INTO sample_receipt (disbursement_id, signature_id, quantity, received_at) VALUES (%L, %L, 1, now() + interval '1 day')$$,
	lsce.uuid_v7(), lsce.uuid_v7())), ' is ', 1) AS refused;
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA sample_ledger CASCADE;
DROP VIEW IF EXISTS public.stock;
DROP FUNCTION public.id, public.request_of, public.attempt, public.lines;
DROP PROCEDURE public.give;
