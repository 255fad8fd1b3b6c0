-- Corrections of hand-overs: goods, limits and requests get back what was
-- taken, never more.
\set model sample_reversal
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture
\set ECHO none
CREATE VIEW public.state AS
	SELECT (SELECT used FROM sample_reversal.limit_counter WHERE rule_id = public.id('rule') AND subject_key = public.id('anna')::text) AS used,
		(SELECT fulfilled FROM sample_reversal.sample_request_line WHERE request_id = public.id('request:anna') AND product_id = public.id('p10')) AS fulfilled,
		(SELECT on_hand FROM sample_reversal.inventory_stock WHERE location_id = public.id('bag') AND batch_id = public.id('lot:p10')) AS bag,
		(SELECT on_hand FROM sample_reversal.inventory_stock WHERE location_id = public.id('quarantine') AND batch_id = public.id('lot:p10')) AS quarantine;
\set ECHO all
CALL public.give('d1', 'anna', 2, '2023-02-01');
SELECT * FROM public.state;

-- returned goods go to quarantine; the limit has room again
SELECT reverse_disbursement(public.id('d1'), 'returned', 1, reason => 'not needed') IS NOT NULL AS reversed;
SELECT * FROM public.state;
SELECT quantity, reversed, net_quantity, status FROM v_disbursement;
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d1'), 'returned', 2)$$)
	= 'LS514: hand-over ' || public.id('d1') || ': 2 given, 1 already reversed; 2 more requested' AS never_more;
CALL public.give('d2', 'anna', 1, '2023-02-02');
SELECT * FROM public.state;
-- what is left of it, back to the bag
SELECT reverse_disbursement(public.id('d1'), 'entry_error') IS NOT NULL AS reversed;
SELECT * FROM public.state;
SELECT quantity, reversed, net_quantity, status FROM v_disbursement ORDER BY captured_at;
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d1'), 'entry_error')$$)
	= 'LS514: hand-over ' || public.id('d1') || ': 2 given, 2 already reversed; nothing is left' AS nothing_left;

-- places: the kind says where; what never arrived goes where the caller says
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d2'), 'refused', 1, public.id('warehouse'))$$);
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d2'), 'returned', 1, public.id('bag'))$$);
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d2'), 'not_received', 1)$$);
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d2'), 'not_received', 1, public.id('disbursed'))$$);
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d2'), 'not_received', 1, public.id('vendor'))$$);
INSERT INTO app_user (user_id, login, display_name, company_id) VALUES (public.id('colleague'), 'colleague', 'Colleague', public.id('acme'));
INSERT INTO inventory_location (location_id, kind, user_id, name) VALUES (public.id('bag of colleague'), 'rep', public.id('colleague'), 'bag of colleague');
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d2'), 'not_received', 1, public.id('bag of colleague'))$$);
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d2'), 'not_received', 1, public.id('bag'))$$);
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d2'), 'lost', 1)$$);
SELECT public.attempt($$SELECT reverse_disbursement(public.id('d2'), 'refused', 0.5)$$);
SELECT public.attempt($$SELECT reverse_disbursement(public.id('nothing'), 'refused', 1)$$) = 'P0002: hand-over ' || public.id('nothing') || ' does not exist or is not visible' AS unknown;
SELECT reverse_disbursement(public.id('d2'), 'not_received', 1, public.id('warehouse')) IS NOT NULL AS reversed;
SELECT * FROM public.state;
SELECT l.kind, s.on_hand FROM inventory_stock s JOIN inventory_location l USING (location_id) WHERE s.batch_id = public.id('lot:p10') ORDER BY l.kind;

-- plain INSERT, several rows: the same rules
CALL public.give('d3', 'anna', 2, '2023-02-03');
SELECT public.attempt($$INSERT INTO disbursement_reversal (disbursement_id, kind, quantity)
	SELECT public.id('d3'), 'refused', 1 FROM generate_series(1, 3)$$) LIKE 'LS514:%' AS never_more;
INSERT INTO disbursement_reversal (disbursement_id, kind, quantity) SELECT public.id('d3'), 'refused', 1 FROM generate_series(1, 2);
SELECT * FROM public.state;
SELECT kind, quantity, to_location_id = public.id('bag') AS to_bag, user_id = public.id('rep') AS by_rep FROM disbursement_reversal WHERE disbursement_id = public.id('d3');
SELECT public.attempt($$UPDATE disbursement_reversal SET quantity = 1$$);
SELECT public.attempt($$DELETE FROM disbursement_reversal$$);

-- receipts: at most what was given and not taken back, in one statement, in several, in one more
CREATE FUNCTION public.acknowledge(what text, VARIADIC quantities numeric[]) RETURNS void LANGUAGE sql AS $$
	WITH s AS (INSERT INTO signature (purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at)
		SELECT 'sample_receipt', d.account_id, 'Anna', 'I have received these samples', 'pad', sha256('receipt'), d.captured_at
		FROM disbursement AS d WHERE d.disbursement_id = public.id(what) RETURNING signature_id)
	INSERT INTO sample_receipt (disbursement_id, signature_id, quantity, received_at)
	SELECT public.id(what), s.signature_id, q.quantity, '2023-02-05 12:00+00' FROM s, unnest(quantities) AS q (quantity)
$$;
CALL public.give('d4', 'anna', 2, '2023-02-05', 'p20');
SELECT public.attempt($$SELECT public.acknowledge('d4', 3)$$) = 'LS515: hand-over ' || public.id('d4') || ': 2 given, 0 already acknowledged; 3 more signed for' AS more;
SELECT public.attempt($$SELECT public.acknowledge('d4', 1, 2)$$) LIKE 'LS515: %: 2 given, 0 already acknowledged; 3 more signed for' AS together;
SELECT public.attempt($$SELECT public.acknowledge('d4', 1)$$), public.attempt($$SELECT public.acknowledge('d4', 1)$$);
SELECT public.attempt($$SELECT public.acknowledge('d4', 1)$$) LIKE 'LS515: %: 2 given, 2 already acknowledged; 1 more signed for' AS one_more;
-- of what was given back before, only what had arrived is acknowledged
CALL public.give('d5', 'ben', 2, '2023-02-05', 'p20');
SELECT reverse_disbursement(public.id('d5'), 'refused', 1) IS NOT NULL AS refused;
SELECT public.attempt($$SELECT public.acknowledge('d5', 2)$$) LIKE 'LS515: %: 1 given, 0 already acknowledged; 2 more signed for' AS refused;
SELECT reverse_disbursement(public.id('d5'), 'returned', 1) IS NOT NULL AS returned;
SELECT public.attempt($$SELECT public.acknowledge('d5', 1)$$);
SELECT sum(quantity) FROM sample_receipt;
DROP FUNCTION public.acknowledge;

-- visits come back when nothing given in them is left
UPDATE limit_template SET status = 'retired' WHERE code = 'CO-2Y';
INSERT INTO limit_template (template_id, code, label, country_code, authority, status, authored_by, approved_by, approved_at) VALUES
	(public.id('visits'), 'CO-VISITS', 'visits', 'XA', 'company', 'approved', 'author', 'approver', '2021-01-01 00:00+00');
INSERT INTO limit_rule (rule_id, template_id, counting, pool, quota, period) VALUES (public.id('visits'), public.id('visits'), 'visits', 'all', 1, 'calendar_year');
INSERT INTO limit_assignment (template_id, product_id) VALUES (public.id('visits'), public.id('brand'));
CALL public.give('v1', 'anna', 1, '2023-02-04', 'p10', 2);
CALL public.give('v2', 'anna', 1, '2023-02-04', 'p20', 2);
SELECT used FROM limit_counter WHERE rule_id = public.id('visits');
SELECT reverse_disbursement(public.id('v1'), 'entry_error') IS NOT NULL AS reversed;
SELECT used FROM limit_counter WHERE rule_id = public.id('visits');
SELECT reverse_disbursement(public.id('v2'), 'entry_error') IS NOT NULL AS reversed;
SELECT used FROM limit_counter WHERE rule_id = public.id('visits');

-- the first drop of a rolling period: an entry error gives the anchor back, a return does not
UPDATE limit_template SET status = 'retired' WHERE code = 'CO-VISITS';
INSERT INTO limit_template (template_id, code, label, country_code, authority, status, authored_by, approved_by, approved_at) VALUES
	(public.id('rolling'), 'CO-ROLLING', 'rolling', 'XA', 'company', 'approved', 'author', 'approver', '2021-01-01 00:00+00');
INSERT INTO limit_rule (rule_id, template_id, quota, period, every) VALUES (public.id('rolling'), public.id('rolling'), 5, 'rolling_start', '6 months');
INSERT INTO limit_assignment (template_id, product_id) VALUES (public.id('rolling'), public.id('brand'));
CALL public.give('r1', 'anna', 1, '2023-02-10');
CALL public.give('r2', 'anna', 1, '2023-03-10');
SELECT window_from, used FROM sample_headroom(public.id('anna'), public.id('p10'), '2023-04-01');
SELECT reverse_disbursement(public.id('r1'), 'entry_error') IS NOT NULL AS reversed;
SELECT window_from, used FROM sample_headroom(public.id('anna'), public.id('p10'), '2023-04-01');
SELECT reverse_disbursement(public.id('r2'), 'returned') IS NOT NULL AS reversed;
SELECT window_from, used FROM sample_headroom(public.id('anna'), public.id('p10'), '2023-04-01');
SELECT check_code, subject, detail FROM lsce.verify('sample_reversal') WHERE NOT ok;
BEGIN; SET LOCAL session_replication_role = replica;
UPDATE sample_receipt SET quantity = 3 WHERE disbursement_id = public.id('d5');
SELECT check_code, subject = 'disbursement ' || public.id('d5') AS d5, detail FROM lsce.verify('sample_reversal') WHERE NOT ok; ROLLBACK;
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA sample_reversal CASCADE;
DROP VIEW IF EXISTS public.state;
DROP FUNCTION public.id, public.request_of, public.attempt;
DROP PROCEDURE public.give;
