-- title: A licence has a place and a last day
-- Dr. Chen has a second office in Phoenix. Cirrus is not for Arizona at all;
-- Cumulus is for the whole country, but her licence is for California. Dr.
-- Raman's licence expires on the day of the story: that day still counts.
-- expect: LS136, LS113, LS111
\ir people.psql

SET ROLE demo_mark;
INSERT INTO visit (account_id, territory_id, owner_id, place_id, status, actual_from)
VALUES (:'chen', :'territory', acting_user(), :'phoenix', 'in_progress', '2026-03-02 15:00') RETURNING visit_id AS phoenix_visit \gset
SELECT * FROM disburse(:'phoenix_visit', :'chen_request', :'cirrus', :'cirrus_lot', 1, at => '2026-03-02 15:15');
SELECT * FROM disburse(:'phoenix_visit', :'chen_request', :'cumulus', :'cumulus_lot', 1, at => '2026-03-02 15:15');

SELECT jurisdiction, status, expires_on FROM license WHERE account_id = :'raman';
SELECT outcome, reason_codes FROM disburse(:'raman_visit', :'raman_request', :'cirrus', :'cirrus_lot', 1, at => :at);
SELECT * FROM disburse(:'raman_visit', :'raman_request', :'cirrus', :'cirrus_lot', 1, at => '2026-03-03 10:15');
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT count(*) >= 1 AND bool_and(local_day = '2026-03-02' AND region_code = 'US-CA') FROM disbursement
		WHERE account_id = account('npi', '2000000416'));
END $$;
