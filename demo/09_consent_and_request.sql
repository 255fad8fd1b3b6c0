-- title: Consent and request on the spot
-- Dr. Chen signs on Mark's tablet: that she agrees to receive samples, and a
-- request for four packs, and one of Cumulus. The request is bound to its
-- signature by a digest.
\ir people.psql

SET ROLE demo_mark;
SELECT record_consent(:'chen', 'sample_receipt', NULL, 'opt_in', '2026-03-02 10:05',
	proof => '{"text_version": "v3", "method": "tablet_signature"}') IS NOT NULL AS consented;
SELECT sign_request(:'chen', :'chen_visit', 'drop', jsonb_build_array(
		jsonb_build_object('product_id', :'cirrus', 'quantity', 4), jsonb_build_object('product_id', :'cumulus', 'quantity', 1)),
	'{"printed_name": "Maya Chen", "signed_at": "2026-03-02 10:08", "fields": {"name": "Maya Chen", "address": "as on file", "title": "MD",
	  "licence_no": "as on file", "signature": "pad", "product_name": "Cirrus, Cumulus", "strength": "200 mg, 150 mg", "qty": "4, 1", "manufacturer": "Cumulus Pharma", "date": "2026-03-02"}}') AS chen_request \gset

SELECT outcome, count(*), array_agg(DISTINCT rule_code) AS rules
  FROM explain_eligibility(:'chen', :'cirrus', 2, at => :at, visit_id => :'chen_visit') GROUP BY outcome;
SELECT check_eligibility(:'chen', :'cirrus', 2, at => :at, visit_id => :'chen_visit');
SELECT template, window_from, window_to, quota, used, remaining FROM sample_headroom(:'chen', :'cirrus', :today);
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT check_eligibility(account('npi', '2000000333'), product('CIRRUS-200-PEN'), 2, user_id => app_user('us.rep.1.0001'), at => '2026-03-02 10:15-08',
		visit_id => (SELECT visit_id FROM visit WHERE account_id = account('npi', '2000000333')))) = 'allow';
	ASSERT (SELECT min(remaining) FROM sample_headroom(account('npi', '2000000333'), product('CIRRUS-200-PEN'), '2026-03-02', app_user('us.rep.1.0001'))) = 2;
END $$;
