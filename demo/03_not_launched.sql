-- title: A product that is not launched
-- expect: LS151
-- Cirrus stands in the product tree, and that is all. launch_readiness() names
-- every gap; rules do not wait for that list, they refuse. An error's DETAIL holds
-- all that stands in the way, as JSON; here it is cut short.
\ir people.psql

SELECT check_code, ok, detail FROM launch_readiness(:'cirrus', :'territory', :today);

-- Mark visits Dr. Chen and offers a pack; lacking a lot he names one of Cumulus
SET ROLE demo_mark;
INSERT INTO visit (account_id, territory_id, owner_id, status, actual_from)
VALUES (:'chen', :'territory', acting_user(), 'in_progress', '2026-03-02 10:00')
RETURNING visit_id AS chen_visit \gset
SELECT * FROM disburse(:'chen_visit', NULL, :'cirrus', lot('CUMULUS-150-PEN', 'US-A1021'), 1, at => :at);
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT count(*) FROM launch_readiness(product('CIRRUS-200-PEN'), at => '2026-03-02') WHERE ok IS NOT TRUE) >= 10;
	ASSERT NOT EXISTS (SELECT FROM disbursement WHERE product_id = product('CIRRUS-200-PEN'));
END $$;
