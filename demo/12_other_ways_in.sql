-- title: Other ways in
-- A plain INSERT is judged like any other hand-over, and so is COPY, which
-- PostgreSQL leaves to the owner where a table has row security. A permit cannot
-- be borrowed: the engine puts the hand-over's own in its place. When the owner
-- switches the triggers off, the foreign key remains: a hand-over without its own
-- permitting decision cannot be committed.
-- expect: LS160, LS160, 23503, 23505
\ir people.psql

SET ROLE demo_mark;
INSERT INTO disbursement (visit_id, request_id, product_id, batch_id, quantity, captured_at)
VALUES (:'chen_visit', :'chen_request', :'cirrus', :'cirrus_lot', 1, :at);

SET ROLE demo_owner;
\copy (SELECT visit_id, request_id, product_id, batch_id, 1, user_id, captured_at FROM disbursement WHERE product_id = product('CIRRUS-200-PEN')) TO 'tablet.tsv'
\copy disbursement (visit_id, request_id, product_id, batch_id, quantity, user_id, captured_at) FROM 'tablet.tsv'

-- Dr. Lee may have a pack; Mark sends Dr. Chen's permit along
SET ROLE demo_mark;
SELECT decision_id AS borrowed FROM disbursement WHERE disbursement_id = :'chen_drop' \gset
INSERT INTO disbursement (visit_id, request_id, product_id, batch_id, quantity, captured_at, decision_id)
VALUES (:'lee_visit', :'lee_request', :'cirrus', :'cirrus_lot', 1, :at, :'borrowed')
RETURNING decision_id = :'borrowed' AS borrowed, disbursement_id AS lee_drop \gset
SELECT :'borrowed' AS borrowed, d.outcome, d.fact_id = :'lee_drop' AS its_own FROM decision AS d JOIN disbursement AS b USING (decision_id) WHERE b.disbursement_id = :'lee_drop';

-- the owner, with the triggers off: under the refusal of step 11, then under a permit that is taken
SET ROLE demo_owner;
BEGIN;
ALTER TABLE disbursement DISABLE TRIGGER USER;
INSERT INTO disbursement (kind, account_id, product_id, quantity, decision_id, recipient_id, practitioner_id, delivery_point_id, country_code, local_day, batch_id, location_id, user_id, company_id)
SELECT kind, account_id, product_id, 1, (SELECT decision_id FROM decision WHERE outcome = 'deny' AND account_id = :'chen'), recipient_id, practitioner_id, delivery_point_id, country_code, local_day, batch_id, location_id, user_id, company_id
  FROM disbursement WHERE disbursement_id = :'chen_drop';
COMMIT;
BEGIN;
ALTER TABLE disbursement DISABLE TRIGGER USER;
INSERT INTO disbursement (kind, account_id, product_id, quantity, decision_id, recipient_id, practitioner_id, delivery_point_id, country_code, local_day, batch_id, location_id, user_id, company_id)
SELECT kind, account_id, product_id, quantity, decision_id, recipient_id, practitioner_id, delivery_point_id, country_code, local_day, batch_id, location_id, user_id, company_id
  FROM disbursement WHERE disbursement_id = :'chen_drop';
ROLLBACK;
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT count(*) = 2 AND sum(quantity) = 3 FROM disbursement WHERE product_id = product('CIRRUS-200-PEN'));
	ASSERT (SELECT bool_and(d.fact_id = b.disbursement_id AND d.outcome = 'allow') FROM disbursement AS b JOIN decision AS d USING (decision_id) WHERE b.product_id = product('CIRRUS-200-PEN'));
	ASSERT NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'disbursement'::regclass AND tgenabled = 'D');
END $$;
