-- title: A licence has a place and a last day
-- Dr. Johnson has a second office in Phoenix. Cirrus is not for Arizona at all;
-- Cumulus is for the whole country, but her licence is for California. When that
-- licence ends, its last day still counts.
-- expect: LS136, LS113, LS111
\ir people.psql

SET ROLE demo_steward;
INSERT INTO contact_point (account_id, kind, line, city, postal_code, region_code, country_code)
VALUES (:'johnson', 'address', '12 Desert Rd', 'Phoenix', '85012', 'US-AZ', 'US') RETURNING contact_point_id AS phoenix \gset

SET ROLE demo_mark;
SELECT * FROM disburse(:'johnson_visit', :'johnson_request', :'cirrus', :'cirrus_lot', 1, at => :at, delivery_point_id => :'phoenix');
SELECT * FROM disburse(:'johnson_visit', :'johnson_request', :'cumulus', :'cumulus_lot', 1, at => :at, delivery_point_id => :'phoenix');

-- the licence is valid until 2 March: that day a pack is given, the next day not
SET ROLE demo_steward;
SELECT end_date('license', license_id, :today) FROM license WHERE account_id = :'johnson' AND kind = 'state' \gset
SELECT jurisdiction, status, expires_on FROM license WHERE account_id = :'johnson';
SET ROLE demo_mark;
SELECT outcome, reason_codes FROM disburse(:'johnson_visit', :'johnson_request', :'cirrus', :'cirrus_lot', 1, at => :at);
SELECT * FROM disburse(:'johnson_visit', :'johnson_request', :'cirrus', :'cirrus_lot', 1, at => '2026-03-03 10:15');
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT count(*) >= 1 AND bool_and(local_day = '2026-03-02' AND region_code = 'US-CA') FROM disbursement
		WHERE account_id = account('npi', '1649333709'));
END $$;
