# title: Dump and restore
# A model is dumped and restored with the ordinary tools. Its rows are neither
# judged nor counted a second time, though today's rules would refuse some of
# them; lsce.verify() recomputes limits, permits, stock and consent from the facts.
set -euo pipefail

copy=${PGDATABASE}_copy
fingerprint() {
	psql -X -q -At -v ON_ERROR_STOP=1 -d "$1" <<-'SQL'
		SELECT format('SELECT %L, count(*), md5(coalesce(string_agg(md5(t::text), '''' ORDER BY md5(t::text) COLLATE "C"), '''')) FROM crm.%I AS t', c.relname, c.relname)
		  FROM pg_class AS c WHERE c.relnamespace = 'crm'::regnamespace AND c.relkind = 'r' ORDER BY c.relname COLLATE "C" \gexec
	SQL
}
trap 'dropdb --if-exists "$copy"' EXIT

createdb -T template0 -E UTF8 "$copy"
psql -X -q -d "$copy" -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION lsce CASCADE'
echo "pg_dump -n crm $PGDATABASE | psql $copy"
pg_dump -n crm "$PGDATABASE" | psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -d "$copy"

fingerprint "$PGDATABASE" >before
fingerprint "$copy" >after
cmp before after
awk -F'|' '{rows += $2} END {printf "%d tables with %d rows, identical\n\n", NR, rows}' after
psql -X -d "$copy" -c "SELECT check_code, ok, detail FROM lsce.check_model('crm')" -c "SELECT count(*) AS checks, count(*) FILTER (WHERE ok) AS passed FROM lsce.verify('crm')"
[ "$(psql -X -At -d "$copy" -c "SELECT bool_and(ok) FROM lsce.verify('crm')")" = t ]
[ "$(psql -X -At -d "$copy" -c "SELECT bool_and(ok) FROM lsce.check_model('crm')")" = t ]
