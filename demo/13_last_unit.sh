# title: Two sessions want the last unit
# Mark's tablet and his office computer hand out the same last pack of a lot at the
# same moment, to two doctors. One of them waits for the other, and is refused.
set -euo pipefail

people="$(dirname "$0")/people.psql"
query() { psql -X -q -At -v ON_ERROR_STOP=1 -f "$people" -f - | grep -v '^\\' ; }

query <<'SQL'
\set ECHO none
\set QUIET on
SET ROLE demo_michelle;
INSERT INTO product_batch (product_id, lot_no, manufactured_on, expires_on) VALUES (:'cirrus', 'CI-2602', '2026-02-09', '2028-01-31') RETURNING batch_id AS last_lot \gset
SELECT 'bag: ' || (post_operation('receipt', jsonb_build_array(jsonb_build_object('batch_id', :'last_lot', 'quantity', 1)), to_location_id => :'bag') IS NOT NULL)::int || ' pack of lot CI-2602';
SET ROLE demo_mark;
INSERT INTO visit (account_id, territory_id, owner_id, status, actual_from)
VALUES (:'raman', :'territory', acting_user(), 'in_progress', '2026-03-02 11:00') RETURNING visit_id AS raman_visit \gset
SELECT record_consent(:'raman', 'sample_receipt', NULL, 'opt_in', '2026-03-02 10:10', proof => '{"text_version": "v3", "method": "tablet_signature"}') AS consent \gset
SELECT sign_request(:'raman', :'raman_visit', 'drop',
	jsonb_build_array(jsonb_build_object('product_id', :'cirrus', 'quantity', 3)),
	'{"printed_name": "Priya Raman", "signed_at": "2026-03-02 10:12", "fields": {"name": "Priya Raman", "address": "as on file", "title": "MD",
	  "licence_no": "as on file", "signature": "pad", "product_name": "Cirrus", "strength": "200 mg", "qty": "3", "manufacturer": "Cumulus Pharma", "date": "2026-03-02"}}') AS request \gset
SQL

# session NAME DOCTOR: hand over the pack and keep the transaction open for a while
session() {
	psql -X -q -At -v VERBOSITY=verbose -v ON_ERROR_STOP=1 -f "$people" -f - 2>&1 <<-SQL |
		\set ECHO none
		\set QUIET on
		SET ROLE demo_mark;
		BEGIN;
		SELECT format('handed over, %s', outcome)
		  FROM disburse(:'$2_visit', :'$2_request', :'cirrus', :'last_lot', 1, at => :at);
		SELECT FROM pg_sleep(1);
		COMMIT;
	SQL
		sed -n "s/^handed over/$1: &/p; s/^psql:.*ERROR:  /$1: refused, /p" >"$1" || true
}

session tablet lee &
session office raman &
wait
cat tablet office

[ "$(cat tablet office | grep -c 'handed over, allow')" = 1 ]
[ "$(cat tablet office | grep -c 'refused, LS172')" = 1 ]
query <<'SQL'
\set ECHO none
\set QUIET on
SELECT 'left in the bag: ' || on_hand FROM inventory_stock WHERE location_id = :'bag' AND batch_id = :'last_lot';
SQL
