-- Attacks on what clients write themselves: times and numbers that are none,
-- signed requests, signatures used twice, who did it and when.
\set model attack_facts
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/attack_fixture.sql
\i :fixture
SET SESSION AUTHORIZATION regress_att_rep;

-- no time and no number
CREATE FUNCTION pg_temp.drop_sql(quantity text DEFAULT '1', captured_at text DEFAULT 'now', more_columns text DEFAULT '', more_values text DEFAULT '', who text DEFAULT 'anna')
RETURNS text LANGUAGE sql AS $$
SELECT format('INSERT INTO disbursement (product_id, quantity, captured_at, visit_id, request_id, batch_id%s)
	VALUES (public.id(''p10''), %L, %L, public.id(''vn:%s1''), public.id(''rn:%s''), public.id(''lot:p10'')%s)',
	more_columns, quantity, captured_at, who, who, more_values)
$$;
SELECT left(public.attempt(pg_temp.drop_sql(captured_at => '-infinity')), 25);
SELECT left(public.attempt(pg_temp.drop_sql(captured_at => 'infinity')), 25);
SELECT left(public.attempt(pg_temp.drop_sql(captured_at => '0044-03-15 BC')), 25);
SELECT public.attempt(pg_temp.drop_sql('NaN'));
SELECT left(public.attempt(pg_temp.drop_sql('Infinity')), 5);
SELECT public.attempt($$INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at, effective_from)
	VALUES (public.id('anna'), public.id('acme'), 'sample_receipt', 'opt_in', '-infinity', '-infinity')$$);
SELECT public.attempt($$INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at, effective_from)
	VALUES (public.id('anna'), public.id('acme'), 'sample_receipt', 'withdraw', now(), '-infinity')$$);
SELECT public.attempt($$INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at, effective_from, effective_to)
	VALUES (public.id('anna'), public.id('acme'), 'sample_receipt', 'opt_in', now(), now(), 'infinity')$$);

-- a signed request is what was signed
SELECT public.attempt($$INSERT INTO sample_request_line (request_id, product_id, requested) VALUES (public.id('rn:anna'), public.id('p20'), 50)$$);
SELECT public.attempt($$UPDATE sample_request SET account_id = public.id('ben'), practitioner_id = public.id('ben') WHERE request_id = public.id('rn:anna')$$);
SELECT public.attempt($$UPDATE sample_request SET status = 'draft' WHERE request_id = public.id('rn:anna')$$);
SELECT public.attempt($$UPDATE sample_request SET requested_at = '2020-01-01' WHERE request_id = public.id('rn:anna')$$);
-- neither is touching it a way to look new
UPDATE sample_request SET status = status WHERE request_id = public.id('rn:anna');
SELECT public.attempt($$INSERT INTO sample_request_line (request_id, product_id, requested) VALUES (public.id('rn:anna'), public.id('p20'), 50)$$);
-- one signature, one request
SELECT public.attempt($$INSERT INTO sample_request (account_id, practitioner_id, signature_id, requested_at, status)
	VALUES (public.id('ben'), public.id('ben'), public.id('sn:ben'), now(), 'signed')$$);
-- the way it is done: with the request, or as a draft
BEGIN;
SELECT sign_request(public.id('anna'), public.id('vn:anna1'), 'drop', jsonb_build_array(jsonb_build_object('product_id', public.id('p20'), 'quantity', 5)),
	'{"printed_name": "Anna"}') IS NOT NULL AS signed;
COMMIT;
INSERT INTO sample_request (request_id, account_id, practitioner_id, requested_at) VALUES (public.id('draft'), public.id('anna'), public.id('anna'), now());
INSERT INTO sample_request_line (request_id, product_id, requested, fulfilled, excess) VALUES (public.id('draft'), public.id('p20'), 5, 4, 1000000)
	RETURNING requested, fulfilled, excess;
SELECT public.attempt($$INSERT INTO sample_request_line (request_id, product_id, requested) VALUES (public.id('draft'), public.id('other'), 'Infinity')$$);
SELECT public.attempt($$INSERT INTO sample_request_line (request_id, product_id, requested) VALUES (public.id('draft'), public.id('other'), 'NaN')$$);
SELECT public.attempt($$UPDATE sample_request_line SET requested = 100$$);
UPDATE sample_request SET status = 'cancelled' WHERE request_id = public.id('draft') RETURNING status;

-- a visit stays in territories and domains of its owner
SELECT public.attempt($$UPDATE visit SET territory_id = public.id('south') WHERE visit_id = public.id('vn:anna1')$$);
SELECT public.attempt($$UPDATE visit SET domain = 'medical' WHERE visit_id = public.id('vn:anna1')$$);
SELECT public.attempt($$UPDATE visit SET owner_id = public.id('rep2') WHERE visit_id = public.id('vn:anna1')$$);
UPDATE visit SET status = 'completed' WHERE visit_id = public.id('vn:anna1') RETURNING status;

-- somebody else's name, bag and account
SELECT public.attempt(pg_temp.drop_sql(more_columns => ', user_id', more_values => ', public.id(''rep2'')'));
SELECT public.attempt(pg_temp.drop_sql(more_columns => ', location_id', more_values => ', public.id(''bag2'')'));
SELECT public.attempt(pg_temp.drop_sql(who => 'zoe'));

-- a place that is nobody's here: who could name any place would choose the law
RESET SESSION AUTHORIZATION;
INSERT INTO region VALUES ('XA-S', 'XA', 'South', 'UTC');
INSERT INTO account (account_id, kind, name, country_code) VALUES (public.id('elsewhere'), 'hco', 'Elsewhere', 'XA');
INSERT INTO hco (account_id, hco_type, accepts_samples) VALUES (public.id('elsewhere'), 'clinic', true);
INSERT INTO contact_point (contact_point_id, account_id, kind, line, region_code, country_code, can_ship)
	VALUES (public.id('elsewhere:address'), public.id('elsewhere'), 'address', '9 Other Street', 'XA-S', 'XA', true);
SET SESSION AUTHORIZATION regress_att_rep;
INSERT INTO visit (visit_id, account_id, territory_id, owner_id, status, actual_from)
	VALUES (public.id('vn:anna1:nowhere'), public.id('anna'), public.id('north'), public.id('rep'), 'in_progress', now());
\set elsewhere 'INSERT INTO disbursement (product_id, quantity, visit_id, request_id, batch_id, delivery_point_id) VALUES (public.id(''p10''), 1, public.id(''vn:anna1:nowhere''), public.id(''rn:anna''), public.id(''lot:p10''), public.id(''elsewhere:address''))'
SELECT public.attempt(:'elsewhere');
UPDATE visit SET place_id = public.id('elsewhere:address') WHERE visit_id = public.id('vn:anna1:nowhere');
SELECT public.attempt(:'elsewhere');
-- with an affiliation it is hers
RESET SESSION AUTHORIZATION;
INSERT INTO affiliation (from_account_id, to_account_id, kind) VALUES (public.id('anna'), public.id('elsewhere'), 'employment');
SET SESSION AUTHORIZATION regress_att_rep;
BEGIN;
SELECT public.attempt(:'elsewhere');
ROLLBACK;

-- who reversed and when is not the client's to say
SELECT disbursement_id AS given FROM disburse(public.id('vn:anna1'), public.id('rn:anna'), public.id('p10'), public.id('lot:p10'), 2) \gset
INSERT INTO disbursement_reversal (disbursement_id, kind, quantity, reversed_at, recorded_by)
	VALUES (:'given', 'entry_error', 1, '1999-01-01', 'somebody') RETURNING reversed_at > now() - interval '1 hour' AS now, recorded_by;
SELECT public.attempt(format($$INSERT INTO disbursement_reversal (disbursement_id, kind, quantity) VALUES (%L, 'entry_error', 'NaN')$$, :'given'));
INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at)
	VALUES (public.id('receipt:anna'), 'sample_receipt', public.id('anna'), 'Anna', 'I have received', 'pad', sha256('receipt'), now());
SELECT public.attempt(format($$INSERT INTO sample_receipt (disbursement_id, signature_id, quantity, received_at) VALUES (%L, public.id('receipt:anna'), %L, now())$$, :'given', q.quantity)) FROM unnest('{NaN,Infinity,1}'::text[]) AS q (quantity);
SET SESSION AUTHORIZATION regress_att_ops;
INSERT INTO inventory_operation (operation_id, type, recorded_by) VALUES (public.id('moved'), 'transfer', 'somebody') RETURNING recorded_by;
INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity, posted_at)
	SELECT public.id('moved'), l.location_id, public.id('lot:p10'), l.quantity, '1999-01-01'
	FROM (VALUES (public.id('bag2'), -1), (public.id('bag'), 1)) AS l (location_id, quantity)
	RETURNING posted_at > now() - interval '1 hour' AS now;
SELECT left(public.attempt($$INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity) VALUES (public.id('moved'), public.id('vendor'), public.id('lot:p10'), 'NaN')$$), 5);

-- what limits and stock rely on: a merge would lose what was used, a lot of
-- another product or a bag that is a warehouse what is in stock
SELECT public.attempt($$UPDATE product_batch SET product_id = public.id('p20') WHERE batch_id = public.id('lot:other')$$);
SELECT public.attempt($$UPDATE inventory_location SET kind = 'warehouse', user_id = NULL WHERE location_id = public.id('bag2')$$);
SET SESSION AUTHORIZATION regress_att_stew;
SELECT public.attempt($$UPDATE account SET status = 'merged', survivor_id = public.id('ben') WHERE account_id = public.id('anna')$$);
-- a signature for something else, or of somebody else
SET SESSION AUTHORIZATION regress_att_rep;
INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at)
	SELECT public.id('consent:' || a.code), 'consent', public.id(a.code), a.code, 'I agree', 'pad', sha256('consent'), now() FROM unnest('{anna,ben}'::text[]) AS a (code);
SELECT public.attempt(format($$INSERT INTO sample_receipt (disbursement_id, signature_id, quantity, received_at) VALUES (%L, public.id('sn:anna'), 1, now())$$, :'given'));
SELECT public.attempt(format($$INSERT INTO consent_event (account_id, controller_id, purpose, action, captured_at, effective_from, signature_id)
	VALUES (public.id('anna'), public.id('acme'), 'sample_receipt', 'opt_in', now(), now(), public.id(%L))$$, s.code)) FROM unnest('{sn:anna,consent:ben,consent:anna}'::text[]) AS s (code);

-- a discrepancy is about what it is about
RESET SESSION AUTHORIZATION;
INSERT INTO discrepancy (discrepancy_id, severity, reason_code, rule_id, over_by) VALUES (public.id('gap'), 'error', 'QTY_LIMIT_EXCEEDED', public.id('rule'), 3);
SET SESSION AUTHORIZATION regress_att_comp;
SELECT public.attempt($$UPDATE discrepancy SET rule_id = NULL, over_by = 0.1$$) = 'LS500: of discrepancy ' || public.id('gap') || ' only status and justification change' AS refused;
UPDATE discrepancy SET status = 'closed', closed_by = 'somebody', closed_at = '1999-01-01', justification = 'counted twice'
	RETURNING status, closed_by, closed_at > now() - interval '1 hour' AS now, justification;
UPDATE discrepancy SET closed_by = 'somebody' RETURNING closed_by;
UPDATE discrepancy SET status = 'open' RETURNING status, closed_by;
-- a quota is a number
INSERT INTO limit_template (template_id, code, label, authority) VALUES (public.id('draft'), 'DRAFT', 'Draft', 'company');
SELECT left(public.attempt($$INSERT INTO limit_assignment (template_id, product_id, quota_override) VALUES (public.id('draft'), public.id('p10'), 'NaN')$$), 5);

RESET SESSION AUTHORIZATION;
SELECT check_code, subject, detail FROM lsce.verify('attack_facts') WHERE NOT ok;
\set cleanup :abs_srcdir /data/attack_cleanup.sql
\i :cleanup
