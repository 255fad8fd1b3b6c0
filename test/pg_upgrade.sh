#!/bin/bash
# A database with a model through pg_upgrade: the model is the same afterwards,
# goes on judging, and is what the newer server's lsce would create.
#
# usage: test/pg_upgrade.sh OLDBIN NEWBIN
#
# Both servers must find lsce, of the same version, without further settings.
# Runs as the user that owns the servers, in a scratch directory. The last line
# is "pg_upgrade: N passed, M failed", or says that it was skipped and why. scripts/versions.sh calls this in a chroot.

set -uo pipefail
old=$1 new=$2
root=$(cd "$(dirname "$0")/.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/lsce-upgrade.XXXXXX") || exit 1
unset PGDATABASE PGHOST PGPORT PGUSER PGOPTIONS PGDATA PSQLRC
export LC_ALL=C.UTF-8 PGHOST=$work PGPORT=5432 PGUSER=postgres
cd "$work" || exit 1
stop() {
	"$old/pg_ctl" -s -D "$work/old" -m immediate stop 2>/dev/null
	"$new/pg_ctl" -s -D "$work/new" -m immediate stop 2>/dev/null
	rm -rf "$work"
}
trap stop EXIT

passed=0 failed=0
check() {	# check WHAT CMD..
	local what=$1 output
	shift
	if output=$("$@" 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED: %s\n%s\n' "$what" "$output"
	fi
}
same() { [ "$1" = "$2" ] || { diff <(echo "$1") <(echo "$2"); return 1; }; }
begin() {	# begin BIN CLUSTER
	"$1/pg_ctl" -s -w -D "$work/$2" -l "$work/$2.log" \
		-o "-c listen_addresses='' -c unix_socket_directories='$work' -c max_locks_per_transaction=256 -c fsync=off" start
}
sql() { "$1/psql" -XAtq -v ON_ERROR_STOP=1 -d sales -c "$2" 2>&1; }
# the digests of all rows; how definitions are printed depends on the server
rows() {
	"$1/psql" -XAtq -v ON_ERROR_STOP=1 -d sales -c "SET search_path = pg_catalog" -c "SET inventory.schema = '$2'" -f "$root/test/inventory.sql" | grep '^rows of '
}
give="SET search_path = samples, lsce, public; SET lsce.login = 'rep'; CALL give"

# Security releases of 2026 write an attribute option, which an older server of a
# later major version cannot read back.
if grep -q pg_attver "$old/postgres" && ! grep -q pg_attver "$new/postgres"; then
	echo "pg_upgrade: skipped, $("$new/postgres" --version) is older than the source's option pg_attver"
	exit 0
fi

"$old/initdb" -D old -U postgres -A trust -N -E UTF8 --locale=C.UTF-8 >old.init 2>&1 || { cat old.init; exit 1; }
# 18 turns checksums on, and pg_upgrade wants both clusters alike
checksums=
"$new/initdb" --help | grep -q -- --no-data-checksums && checksums=--no-data-checksums
# shellcheck disable=SC2086
"$new/initdb" -D new -U postgres -A trust -N -E UTF8 --locale=C.UTF-8 $checksums >new.init 2>&1 || { cat new.init; exit 1; }
begin "$old" old || { cat old.log; exit 1; }
"$old/createdb" -T template0 sales
check "a model with the demo's rows" sql "$old" "SET client_min_messages = warning; CREATE EXTENSION lsce CASCADE; CREATE ROLE reps;
	CALL lsce.create_model('crm'); CALL lsce.load_demo('crm', accounts => 100); CALL lsce.grant_persona('crm', 'field_rep', 'reps')"
check "a model in which hand-overs pass" "$old/psql" -XAtq -v ON_ERROR_STOP=1 -v model=samples -d sales -f "$root/test/data/sample_fixture.sql"
check "a hand-over" sql "$old" "$give('first', 'anna', 1, '2023-02-01')"
before=$(rows "$old" crm; rows "$old" samples)
explained="SET TIME ZONE 'UTC'; SELECT d.decision_id, s.* FROM crm.decision AS d, crm.decision_steps(d.decision_id) AS s ORDER BY 1, 2"
steps_before=$(sql "$old" "$explained")
headroom="SELECT h.* FROM samples.sample_headroom(id('anna'), id('p10'), '2023-02-02') AS h"
headroom_before=$(sql "$old" "$headroom")
"$old/pg_ctl" -s -w -D old -m fast stop

check "pg_upgrade" "$new/pg_upgrade" -b "$old" -B "$new" -d "$work/old" -D "$work/new" -s "$work" -U postgres -p 5432 -P 5433 \
	-o "-c max_locks_per_transaction=256" -O "-c max_locks_per_transaction=256"
if [ $failed = 0 ]; then
	begin "$new" new || { cat new.log; exit 1; }
	check "every row is the same" same "$before" "$(rows "$new" crm; rows "$new" samples)"
	check "decisions are explained the same" same "$steps_before" "$(sql "$new" "$explained")"
	check "limits leave the same" same "$headroom_before" "$(sql "$new" "$headroom")"
	check "everything adds up" same "" "$(sql "$new" "SELECT check_code, subject, detail FROM lsce.verify('crm') WHERE NOT ok
		UNION ALL SELECT check_code, subject, detail FROM lsce.verify('samples') WHERE NOT ok")"
	# another ICU may fold names otherwise, which is told and not an error here
	check "the model is as the code makes it" same "" "$(sql "$new" "SELECT check_code, subject, detail FROM lsce.check_model('crm')
		WHERE NOT ok AND check_code NOT IN ('owner', 'collation version', 'name_keys')")"
	check "the last unit is handed over" sql "$new" "$give('second', 'anna', 1, '2023-02-02')"
	check "and no more" grep -q "2 used of 2" <(sql "$new" "$give('third', 'anna', 1, '2023-02-03')")
	check "an upgrade of the model finds nothing to do that fails" sql "$new" "CALL lsce.upgrade_model('crm')"
	check "what names were folded by is told" sql "$new" "SELECT check_code, ok, detail FROM lsce.check_model('crm') WHERE check_code = 'name_keys'"
	"$new/pg_ctl" -s -w -D new -m fast stop
fi
echo "pg_upgrade: $passed passed, $failed failed"
[ $failed = 0 ] && [ $passed != 0 ]
