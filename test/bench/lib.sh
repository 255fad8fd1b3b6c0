# Functions for test/bench/*.sh; source it with: . "$BENCH_LIB"
#
# The measure is CPU time of the server's backend, which on a busy machine is
# steadier than elapsed time. Statements run in one psql session whose output is
# thrown away; sending rows is part of the backend's work and counts.
#
#   bench_sql SQL
#       Run SQL, uncounted, in the measured session; print its output (rows as
#       "a|b"). Settings and prepared statements last.
#   bench_cpu SQL [RUNS]
#       Print the median CPU time of SQL in milliseconds over RUNS runs
#       (default $BENCH_RUNS), after one run that is not counted; with BENCH_WARM=1
#       something else has warmed the caches, and every run counts.
#   bench_ratio NAME GOAL SQL_OURS SQL_OTHER [RUNS]
#       Measure both, turn about, and record the ratio of the medians. The goal
#       is met when ours / other <= GOAL.
#   bench_turns RUNS SQL..
#       Print the median CPU time of each SQL in milliseconds, one a line,
#       measured turn about: for one side against several, with bench_compare.
#   bench_limit NAME GOAL SQL [RUNS]
#       Record the median CPU time of SQL in milliseconds against GOAL.
#   bench_compare NAME GOAL OURS OTHER
#       Record two numbers measured in another way (bytes, transactions). For
#       "at least" goals swap them. A GOAL of - records them for comparison only.
#   bench_same NAME SQL_OURS SQL_OTHER
#       Refuse to go on unless both return the same rows in the same order: a
#       ratio of two different answers means nothing. Aggregate large answers.
#   bench_index_size INDEX
#       Print the size of an index in bytes.
#
# BENCH_BEFORE and BENCH_AFTER, if set, are SQL run around each measured run,
# uncounted: BENCH_BEFORE=BEGIN BENCH_AFTER=ROLLBACK measures writes on the
# same state each time. What a commit would do (deferred constraints) must then
# be asked for in the statement: SET CONSTRAINTS ALL IMMEDIATE.

set -uo pipefail

BENCH_MARK=--bench-end-of-statement--

# Start the session; the backend's pid is in BENCH_PID. An error in a statement
# ends the session, and with it the script.
bench_start() {
	coproc BENCH { psql -XAtq -v ON_ERROR_STOP=1 2>&1; }
	# a coprocess's own descriptors are closed in subshells, copies are not
	exec {BENCH_FROM}<&"${BENCH[0]}" {BENCH_TO}>&"${BENCH[1]}"
	BENCH_PID=$(bench_sql 'SELECT pg_backend_pid()')
	# nanoseconds where the kernel keeps them, else ticks of 10 ms
	BENCH_TICK=$((1000000000 / $(getconf CLK_TCK)))
}

bench_send() {		# run SQL and print its output
	local line
	printf '%s\n;\n\\echo %s\n' "$1" "$BENCH_MARK" >&"$BENCH_TO"
	while :; do
		IFS= read -r line <&"$BENCH_FROM" || { echo "bench: the session ended" >&2; exit 1; }
		[ "$line" != "$BENCH_MARK" ] || return 0
		case $line in
		*"ERROR:  "*) echo "bench: $line" >&2; echo "bench: in $1" >&2; exit 1 ;;
		esac
		printf '%s\n' "$line"
	done
}

bench_sql() { bench_send "$1"; }

bench_discard() {	# run SQL; psql throws its rows away
	bench_send "\\o /dev/null
$1
;
\\o" >/dev/null
}

bench_cpu_now() {	# CPU time of the backend so far, in nanoseconds
	local ns stat
	read -r ns _ <"/proc/$BENCH_PID/schedstat" 2>/dev/null
	if [ "${ns:-0}" -gt 0 ]; then
		echo "$ns"
		return
	fi
	stat=$(<"/proc/$BENCH_PID/stat")
	# fields 14 and 15; the command name before may hold blanks
	read -r -a stat <<<"${stat##*) }"
	echo $(((stat[11] + stat[12]) * BENCH_TICK))
}

bench_once() {		# CPU nanoseconds of one run of SQL
	local before
	[ -z "${BENCH_BEFORE:-}" ] || bench_send "$BENCH_BEFORE" >/dev/null
	before=$(bench_cpu_now)
	bench_discard "$1"
	echo $(($(bench_cpu_now) - before))
	[ -z "${BENCH_AFTER:-}" ] || bench_send "$BENCH_AFTER" >/dev/null
}

bench_median() {	# of the numbers on standard input, in milliseconds
	sort -n | awk '{ v[NR] = $1 } END { printf "%.3f\n", (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) / 1e6 }'
}

bench_cpu() {
	local run runs=${2:-${BENCH_RUNS:-5}}
	[ "${BENCH_WARM:-0}" = 1 ] || bench_once "$1" >/dev/null
	for ((run = 0; run < runs; run++)); do
		bench_once "$1"
	done | bench_median
}

bench_record() {	# NAME OURS OTHER RATIO GOAL
	awk -v OFS='\t' -v name="$1" -v ours="$2" -v other="$3" -v ratio="$4" -v goal="$5" \
		'BEGIN { print name, ours, other, ratio, goal, (goal == "-" ? "-" : ratio + 0 <= goal + 0 ? "yes" : "NO") }' |
		tee -a "$BENCH_RESULTS"
}

bench_divide() {
	awk -v a="$1" -v b="$2" 'BEGIN { if (b + 0 == 0) exit 1; printf "%.4f\n", a / b }' ||
		{ echo "bench: the other side took no measurable time" >&2; exit 1; }
}

bench_compare() {
	local ratio
	ratio=$(bench_divide "$3" "$4") || exit 1
	bench_record "$1" "$3" "$4" "$ratio" "$2"
}

bench_turns() {
	local run sql i runs=$1 times=()
	shift
	for sql; do
		[ "${BENCH_WARM:-0}" = 1 ] || bench_once "$sql" >/dev/null
	done
	for ((run = 0; run < runs; run++)); do
		i=0
		for sql; do
			times[i]+="$(bench_once "$sql")"$'\n' || exit 1
			i=$((i + 1))
		done
	done
	for ((i = 0; i < $#; i++)); do
		printf '%s' "${times[i]}" | bench_median
	done
}

bench_ratio() {
	local medians
	medians=$(bench_turns "${5:-${BENCH_RUNS:-5}}" "$3" "$4") || exit 1
	# shellcheck disable=SC2086
	bench_compare "$1" "$2" $medians
}

bench_limit() {
	local ms
	ms=$(bench_cpu "$3" "${4:-}") || exit 1
	bench_record "$1" "$ms" - "$ms" "$2"
}

bench_same() {
	local ours other
	ours=$(bench_send "$2" | md5sum) || exit 1
	other=$(bench_send "$3" | md5sum) || exit 1
	[ "$ours" = "$other" ] || { echo "bench: $1: the two sides return different rows" >&2; exit 1; }
}

bench_index_size() { bench_sql "SELECT pg_relation_size('$1'::regclass)"; }

bench_start
