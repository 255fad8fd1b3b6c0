#!/bin/bash
# The measured ratios: lsce against what one would use otherwise, in one run.
#
# usage: scripts/bench.sh [NAME..]     names of files in test/bench, without suffix
#
# Builds as users do (no assertions), starts a private cluster tuned for quiet
# measuring, and runs test/bench/*.sql (set-up) and test/bench/*.sh (measuring,
# with the functions of test/bench/lib.sh) in the order of their names. Ends
# with a table and status 1 if a goal was missed or a script failed.
#
# Environment: PG_CONFIG, LSCE_SHARED, LSCE_KEEP as for scripts/check.sh;
#   BENCH_RUNS   runs per statement (default 5; the median counts)
#   BENCH_SCALE  per cent of the rows of the full size (default 100)

set -uo pipefail
# shellcheck source=scripts/cluster.sh
. "$(dirname "$0")/cluster.sh"

work_trap
"$ROOT/scripts/deps.sh" build || exit 1
pg_setup || exit 1
work_new || exit 1
shared_setup
echo "bench: building"
tree_copy build && ext_build build && ext_install build || exit 1

# a quarter of what is free, at most 1 GB
free_mb=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
buffers=$((free_mb / 4 < 1024 ? free_mb / 4 : 1024))
cluster_up "shared_buffers = ${buffers}MB" "work_mem = 64MB" "maintenance_work_mem = 256MB" \
	"max_parallel_workers_per_gather = 0" "max_parallel_maintenance_workers = 0" "jit = off" "autovacuum = off" \
	"max_wal_size = 8GB" "checkpoint_timeout = 1h" "track_activities = off" "wal_level = minimal" "max_wal_senders = 0" || exit 1

as_server psql -Xq -d postgres -v ON_ERROR_STOP=1 <<-'SQL' || exit 1
	CREATE DATABASE lsce_bench TEMPLATE template0 ENCODING 'UTF8';
	\c lsce_bench
	SET client_min_messages = warning;
	CREATE EXTENSION lsce CASCADE;
SQL

as_server touch "$WORK/results"
failed=0 ran=0
for file in "$WORK"/build/test/bench/*; do
	name=$(basename "$file")
	case $name in lib.sh) continue ;; *.sh | *.sql) ;; *) continue ;; esac
	[ $# = 0 ] || [[ " $* " == *" ${name%.*} "* ]] || continue
	echo "bench: $name"
	ran=$((ran + 1))
	case $name in
	*.sql) as_server psql -Xq -d lsce_bench -v ON_ERROR_STOP=1 -v scale="${BENCH_SCALE:-100}" -f "$file" ;;
	*.sh) as_server env PGDATABASE=lsce_bench BENCH_RESULTS="$WORK/results" BENCH_LIB="$WORK/build/test/bench/lib.sh" \
		BENCH_RUNS="${BENCH_RUNS:-5}" BENCH_SCALE="${BENCH_SCALE:-100}" bash "$file" ;;
	esac || { echo "bench: $name failed"; failed=$((failed + 1)); }
done

# NAME OURS OTHER RATIO GOAL OK, separated by tabs
{
	printf 'name\tours\tother\tratio\tgoal\tok\n'
	cat "$WORK/results"
} | awk -F '\t' '
	{ for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
	END {
		for (r = 1; r <= NR; r++) {
			for (i = 1; i <= 6; i++)
				printf(i == 1 ? "%-*s" : " | %*s", width[i], cell[r, i])
			print ""
		}
	}'
missed=$(awk -F '\t' '$6 != "yes" && $6 != "-"' "$WORK/results" | wc -l)
echo "bench: $(wc -l <"$WORK/results") measured, $missed missed their goal, $failed of $ran scripts failed"
[ "$missed" = 0 ] && [ "$failed" = 0 ]
