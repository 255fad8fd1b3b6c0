-- title: Market, lot, stock and alignment
-- Ana, the administrator, enters the launch; Michelle, of sample operations, the
-- lot. What remains are decisions: a policy, and a number, which the law does
-- not give. Each refusal says where it comes from and what cures it.
\ir people.psql

SET ROLE demo_ana;
INSERT INTO product_market (product_id, country_code, company_id, local_name, ma_number, authorised_on, first_marketed_on, first_supplied_on, smallest_pack, sampleable)
VALUES (:'cirrus', 'US', my_company(), 'Cirrus 200 mg/mL', 'BLA 761999', '2025-12-15', '2026-03-02', '2026-02-23', true, true);
INSERT INTO product_indication (product_id, indication, country_code, status, valid_from)
VALUES (:'cirrus_brand', 'severe eosinophilic asthma, 12 years and older', 'US', 'approved', '2025-12-15');
INSERT INTO product_guidance (guidance_id, product_id, type, name) VALUES (md5('once a month')::uuid, :'cirrus_brand', 'message', 'Once a month');
INSERT INTO guidance_text (guidance_id, country_code, lang, body, approval_no, valid_from, valid_to)
VALUES (md5('once a month')::uuid, 'US', 'en', 'One pre-filled pen a month.', 'US-CIR-0001', '2026-01-20', '2028-01-20');
INSERT INTO product_territory_alignment (product_id, territory_id, valid_from)
SELECT :'cirrus_brand', territory_id, '2026-03-01' FROM territory_node WHERE code = 'US-1';

-- fifty packs to the warehouse, five of them to Mark's bag
SET ROLE demo_michelle;
INSERT INTO product_batch (product_id, lot_no, manufactured_on, expires_on) VALUES (:'cirrus', 'CI-2601', '2026-01-12', '2027-12-31')
RETURNING batch_id AS cirrus_lot \gset
SELECT post_operation('receipt', jsonb_build_array(jsonb_build_object('batch_id', :'cirrus_lot', 'quantity', 50)), to_location_id => :'warehouse') IS NOT NULL AS received;
SELECT post_operation('transfer', jsonb_build_array(jsonb_build_object('batch_id', :'cirrus_lot', 'quantity', 5)), :'warehouse', :'bag') IS NOT NULL AS transferred;
RESET ROLE;

SELECT check_code, ok, detail FROM launch_readiness(:'cirrus', :'territory', :today) WHERE NOT ok;

SET ROLE demo_mark;
SELECT rule_code, reason_code, message, cure, legal_ref FROM why_cant_i(:'cirrus', :'chen', at => :at) \gx
RESET ROLE;
SELECT rule_code, outcome, reason_code FROM explain_eligibility(:'chen', :'cirrus', 1, user_id => :'mark', at => :at) WHERE outcome = 'fail';

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT array_agg(check_code) = '{limit,policy_detail,policy_message_send,policy_sample_drop}'
		FROM launch_readiness(product('CIRRUS-200-PEN'), at => '2026-03-02') WHERE NOT ok);
	ASSERT (SELECT array_agg(reason_code) @> '{POLICY_MISSING,LIMIT_NOT_CONFIGURED}' FROM explain_eligibility(account('npi', '2000000333'),
		product('CIRRUS-200-PEN'), 1, user_id => app_user('us.rep.1.0001'), at => '2026-03-02 10:15-08') WHERE outcome = 'fail');
END $$;
