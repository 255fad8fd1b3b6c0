-- title: A policy and a limit, seen by two pairs of eyes
-- expect: LS601, LS161
-- Olivia, of compliance, writes: Cirrus is presented, and written about, to board-
-- certified specialists only; samples go to allergists and pulmonologists in
-- California and Nevada. She cannot approve that herself; her colleague Ayşe can.
-- What is a draft, the engine does not read.
\ir people.psql

SET ROLE demo_olivia;
INSERT INTO sampling_policy (product_id, country_code, region_code, action, specialty_set_id, required_board, valid_from)
SELECT :'cirrus_brand'::uuid, 'US', NULL, a.action, s.set_id, b.board, '2026-03-01'::date
  FROM specialty_set AS s, (VALUES ('detail'), ('message_send')) AS a (action), (VALUES ('ABAI'), ('ABIM'), ('ABP')) AS b (board)
 WHERE s.code = 'ASTHMA-SPECIALISTS'
UNION ALL
SELECT :'cirrus_brand'::uuid, 'US', r.region, 'sample_drop', s.set_id, NULL, '2026-03-01'
  FROM specialty_set AS s, (VALUES ('US-CA'), ('US-NV')) AS r (region)
 WHERE s.code IN ('ALLERGISTS', 'PULMONOLOGISTS');
UPDATE sampling_policy SET status = 'approved' WHERE product_id = :'cirrus_brand';
SET ROLE demo_ayse;
UPDATE sampling_policy SET status = 'approved' WHERE product_id = :'cirrus_brand';
RESET ROLE;
SELECT action, region_code, s.code AS specialties, required_board AS board, authored_by, approved_by
  FROM sampling_policy LEFT JOIN specialty_set AS s ON s.set_id = specialty_set_id WHERE product_id = :'cirrus_brand' ORDER BY 1, 2, 3, 4;

-- Dr. Lee has consented long ago and now asks for four packs in writing.  Still nobody has
-- said how many he may have: the law wants a limit and leaves it to the company.
SET ROLE demo_mark;
INSERT INTO visit (account_id, territory_id, owner_id, status, actual_from)
VALUES (:'lee', :'territory', acting_user(), 'in_progress', '2026-03-02 09:00') RETURNING visit_id AS lee_visit \gset
SELECT sign_request(:'lee', :'lee_visit', 'drop', jsonb_build_array(jsonb_build_object('product_id', :'cirrus', 'quantity', 4)),
	'{"printed_name": "Robert Lee", "signed_at": "2026-03-02 09:06", "fields": {"name": "Robert Lee", "address": "San Francisco", "title": "MD",
	  "licence_no": "as on file", "signature": "pad", "product_name": "Cirrus", "strength": "200 mg", "qty": "4", "manufacturer": "Cumulus Pharma", "date": "2026-03-02"}}') AS lee_request \gset
SELECT * FROM disburse(:'lee_visit', :'lee_request', :'cirrus', :'cirrus_lot', 1, at => :at);

-- two packs in any twelve months
SET ROLE demo_olivia;
INSERT INTO limit_template (code, label, company_id, authority, legal_ref, valid_from)
VALUES ('CIRRUS-2-IN-12', 'Cirrus: two in any twelve months', my_company(), 'company', 'Sample policy SOP-121', '2026-03-01')
RETURNING template_id \gset
INSERT INTO limit_rule (template_id, name, subject, pool, quota, period, every) VALUES (:'template_id', 'in twelve months', 'account', 'brand', 2, 'sliding', '12 months');
INSERT INTO limit_assignment (template_id, product_id, valid_from) VALUES (:'template_id', :'cirrus_brand', '2026-03-01');
SET ROLE demo_ayse;
UPDATE limit_template SET status = 'approved' WHERE template_id = :'template_id' RETURNING code, authored_by, approved_by;
RESET ROLE;

SELECT count(*) FILTER (WHERE ok) AS met, count(*) FILTER (WHERE NOT ok) AS gaps FROM launch_readiness(:'cirrus', :'territory', :today);
\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT NOT EXISTS (SELECT FROM launch_readiness(product('CIRRUS-200-PEN'), at => '2026-03-02') WHERE ok IS NOT TRUE);
	ASSERT NOT EXISTS (SELECT FROM disbursement WHERE product_id = product('CIRRUS-200-PEN'));
END $$;
