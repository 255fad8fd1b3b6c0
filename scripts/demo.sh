#!/bin/bash
# The story of demo/, told on a private cluster that stays up until it is stopped.
#
# usage: scripts/demo.sh start    build, start a cluster, run every step
#        scripts/demo.sh psql     a session in the demo's database
#        scripts/demo.sh stop     stop the cluster and remove it
#        scripts/demo.sh run      the steps only, on the server of PGHOST; the
#                                 last line is "demo: N passed, M failed"
#
# How a step is written: doc/testing.md. DEMO_UNTIL=12 stops
# after step 12.

set -uo pipefail
# PGHOST and so on are for "run" only; cluster.sh clears them
run_host=${PGHOST:-} run_port=${PGPORT:-} run_user=${PGUSER:-}
# shellcheck source=scripts/cluster.sh
. "$(dirname "$0")/cluster.sh"

DATABASE=${DEMO_DATABASE:-lsce_demo}
STATE=${XDG_RUNTIME_DIR:-/tmp}/lsce-demo-$(id -u)	# holds the path of the scratch directory

# --- telling the story -------------------------------------------------------

# header FILE KEY: the value of "-- KEY: value" among a step's leading comments
header() { sed -n '/^\(--\|#\)/!q; s/^\(--\|#\) '"$2"': *//p' "$1"; }

# narration FILE: the other leading comments
narration() {
	sed -n '/^#!/d; /^\(--\|#\)/!q; /^\(--\|#\) \(title\|expect\): /d; s/^\(--\|#\) \{0,1\}//p' "$1"
}

# run_sql FILE: run a step, show it, and compare the SQLSTATEs that occurred, in
# their order, with those that its header expects. psql names the file in front
# of its own messages only, so no output of a query can be taken for an error.
# psql -a shows the step as it is written, with the names of variables; its head
# has been told already, and "\set ECHO none" begins what is not to be shown.
run_sql() {
	local file=$1 status want got other head
	head=$(sed '/^--/!q' "$file" | grep -c '^--')
	(cd "$STEP_DIR" && psql -X -a -P pager=off -v VERBOSITY=verbose -d "$DATABASE" -f "$file" >"$OUTPUT" 2>&1 </dev/null)
	status=$?
	sed -e "1,${head}d" -e '/^\\set \(echo_before :ECHO\|ECHO none\)$/d' -e "s|^psql:$file:[0-9]*: ||" -e 's/^NOTICE:  00000: /NOTICE:  /' \
		-e '/^LOCATION:  /d' -e '/^SCHEMA NAME:  /d' -e 's/^\(DETAIL:  .\{560\}\).*/\1 .../' -e '/^R\{0,1\}E\{0,1\}SET$/d' "$OUTPUT" |
		awk '/^-- / && prev !~ /^(-- .*)?$/ {print ""} {print; prev = $0}'
	got=$(sed -n "s|^psql:$file:[0-9]*: ERROR:  \([0-9A-Z]\{5\}\): .*|\1|p" "$OUTPUT" | xargs)
	want=$(header "$file" expect | tr ',' ' ' | xargs)
	other=$(grep -E "^psql:($file:[0-9]+:)? *(error|FATAL|\\\\[a-z]+:)" "$OUTPUT")
	if [ "$status" != 0 ]; then echo "FAILED: psql ended with status $status"; return 1; fi
	if [ -n "$other" ]; then echo "FAILED: $other"; return 1; fi
	if [ "$got" != "$want" ]; then
		echo "FAILED: expected ${want:-no refusal}, got ${got:-none}"
		return 1
	fi
}

# run_sh FILE: a step that needs a shell; its exit status decides
run_sh() {
	local status
	(cd "$STEP_DIR" && PGDATABASE=$DATABASE bash "$1" </dev/null 2>&1)
	status=$?
	[ $status = 0 ] || { echo "FAILED: status $status"; return 1; }
}

run_steps() {
	local file name number passed=0 failed=0
	STEP_DIR=$(mktemp -d "${TMPDIR:-/tmp}/lsce-step.XXXXXX") || return 1
	OUTPUT=$STEP_DIR/output
	trap 'rm -rf "$STEP_DIR"' EXIT
	createdb -T template0 -E UTF8 "$DATABASE" || return 1
	for file in "$ROOT"/demo/[0-9][0-9]_*.sql "$ROOT"/demo/[0-9][0-9]_*.sh; do
		[ ! -e "$file" ] || echo "$file"
	done | sort >"$STEP_DIR/steps"
	while read -r file; do
		name=$(basename "$file")
		number=${name%%_*}
		[[ -n ${DEMO_UNTIL:-} && $number > $DEMO_UNTIL ]] && break
		printf '\n=== %s  %s\n' "$number" "$(header "$file" title)"
		narration "$file"
		echo
		if case $file in *.sql) run_sql "$file" ;; *) run_sh "$file" ;; esac; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
		fi
	done <"$STEP_DIR/steps"
	printf '\ndemo: %d passed, %d failed\n' $passed $failed
	[ $failed = 0 ] && [ $passed != 0 ]
}

# --- the cluster that stays ---------------------------------------------------

# Set WORK to the scratch directory of a running demo. The state file counts
# only if it is the caller's own: /tmp is everybody's.
state_read() {
	WORK=
	[ -f "$STATE" ] && [ ! -L "$STATE" ] && [ -O "$STATE" ] || return 1
	WORK=$(cat "$STATE")
	[[ $WORK == */lsce.?????? ]] && [ -d "$WORK/data" ] || { WORK=; return 1; }
	DEST=$WORK/inst
}

demo_stop() {
	if state_read; then
		LSCE_KEEP='' work_remove
		echo "demo: stopped, $WORK removed"
	else
		echo "demo: not running"
	fi
	[ ! -e "$STATE" ] || rm -f "$STATE"
}

demo_psql() {
	state_read || { echo "demo: not running; make demo" >&2; exit 1; }
	exec psql -X -h "$WORK" -U postgres -d "$DATABASE"
}

demo_start() {
	local status
	"$ROOT/scripts/deps.sh" build || exit 1
	pg_setup || exit 1
	! state_read || demo_stop
	work_trap
	work_new || exit 1
	shared_setup
	echo "demo: building"
	tree_copy build && ext_build build && ext_install build && cluster_up || exit 1
	as_server env DEMO_DATABASE="$DATABASE" DEMO_UNTIL="${DEMO_UNTIL:-}" "$WORK/build/scripts/demo.sh" run
	status=$?
	rm -f "$STATE"
	(umask 077 && set -o noclobber && echo "$WORK" >"$STATE") || exit 1
	trap - EXIT INT TERM HUP
	cat <<-END

		The server stays up; its socket is in $WORK.
		  make psql         a session (psql -h $WORK -U postgres $DATABASE); try
		                    \\i demo/people.psql, SET ROLE demo_mark
		  make demo-stop    stop it and remove everything
	END
	exit $status
}

case ${1:-} in
start) demo_start ;;
stop) pg_setup && demo_stop ;;
psql) pg_setup && demo_psql ;;
run)
	export PGHOST=$run_host PGPORT=$run_port PGUSER=$run_user
	run_steps
	;;
*) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
