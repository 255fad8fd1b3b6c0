#!/bin/bash
# Every test of lsce, from nothing, on private clusters; nothing is installed
# into the system and nothing stays behind. See doc/testing.md.
#
# usage: scripts/check.sh [STAGE..]
#
# Stages, in their order: tree lint build symbols unit fuzz regress isolation
# tap plpgsql demo log. What a named stage needs (a build, a cluster) is made.
#
# Environment
#   LSCE_SHARED     directory of shared data (default: ../shared, if there)
#   PG_CONFIG       the server to test with (default: the newest)
#   REGRESS_ONLY, ISOLATION_ONLY, TAP_ONLY    names, instead of all tests
#   FUZZ_SECONDS    time of each fuzzer (default 5)
#   LSCE_KEEP=1     keep the scratch directory
#
# The last line is "N passed, M failed" (", K skipped"), over all stages.

set -uo pipefail
# shellcheck source=scripts/cluster.sh
. "$(dirname "$0")/cluster.sh"

ALL_STAGES="tree lint build symbols unit fuzz regress isolation tap plpgsql demo log"
PASSED=0 FAILED=0 SKIPPED=0

# --- counting --------------------------------------------------------------

# count STAGE PASSED FAILED [SKIPPED [REMARK]]: print the stage's line, add it up
count() {
	PASSED=$((PASSED + $2)) FAILED=$((FAILED + $3)) SKIPPED=$((SKIPPED + ${4:-0}))
	printf '%-10s %4d ok %3d failed' "$1" "$2" "$3"
	[ "${4:-0}" = 0 ] || printf ' %3d skipped' "$4"
	printf '  [%ds]%s\n' $((SECONDS - STAGE_START)) "${5:+  $5}"
}

# A stage of single checks: begin_checks; check WHAT CMD..; end_checks STAGE
begin_checks() { OK=0 BAD=0; }
check() {
	local what=$1 output
	shift
	if output=$("$@" 2>&1); then
		OK=$((OK + 1))
	else
		BAD=$((BAD + 1))
		printf 'FAILED: %s\n%s\n' "$what" "$output"
	fi
}
end_checks() { count "$1" "$OK" "$BAD" "${2:-0}" "${3:-}"; }

# --- what stages need --------------------------------------------------------

WARNINGS="-Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers"

# Build with assertions, which also a server built without them can run, and
# install below $DEST. The outcome is remembered; a failure fails every user.
need_build() {
	if [ -z "${BUILT:-}" ]; then
		BUILT=no
		tree_copy build &&
			ext_build build PG_CFLAGS="$WARNINGS -DUSE_ASSERT_CHECKING" >"$WORK/build.log" 2>&1 &&
			ext_install build >>"$WORK/build.log" 2>&1 && BUILT=yes
	fi
	[ $BUILT = yes ]
}

need_cluster() {
	need_build || return 1
	if [ -z "${CLUSTER:-}" ]; then
		CLUSTER=no
		cluster_up && CLUSTER=yes
	fi
	[ $CLUSTER = yes ]
}

# or_fail STAGE NEED: run NEED; count one failure of STAGE if it can not be had
or_fail() {
	"$2" && return
	[[ $BUILT = yes || " $stages " == *" build "* ]] || cat "$WORK/build.log"
	count "$1" 0 1 0 "$2 failed"
	return 1
}

# --- the stages ----------------------------------------------------------------

control_version() { sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$ROOT/lsce.control"; }

meta_valid() {
	perl -MJSON::PP -e '
		my ($file, $version) = @ARGV;
		open my $in, "<", $file or die "$file: $!\n";
		my $meta = decode_json(join "", <$in>);
		for (qw(name version abstract maintainer license provides meta-spec)) {
			die "META.json: no $_\n" unless $meta->{$_};
		}
		$meta->{"meta-spec"}{version} eq "1.0.0" or die "META.json: wrong meta-spec\n";
		for ($meta->{version}, $meta->{provides}{lsce}{version}) {
			/^\d+\.\d+\.\d+$/ or die "META.json: $_ is no semantic version\n";
			$_ eq $version or die "META.json has version $_, lsce.control $version\n";
		}' "$ROOT/META.json" "$(control_version)"
}

no_sql_in_sql() { ! ls "$ROOT"/sql/*.sql 2>/dev/null; }	# pg_regress would run it instead of a test
in_changelog() { grep -q '^## \[Unreleased\]' "$ROOT/CHANGELOG.md" || grep -q "^## \[$(control_version)\]" "$ROOT/CHANGELOG.md"; }
schedule_complete() {	# every test file is scheduled and the other way round
	diff <(sed 's/#.*//' "$ROOT/test/sql/schedule" | xargs -rn1 | sort) <(cd "$ROOT/test/sql" && ls -- *.sql | sed 's/\.sql$//' | sort)
}
expected_used() {	# no expected file without its test (NAME_1.out is an alternative)
	local file name bad=0
	for file in "$ROOT"/expected/*.out; do
		[ -e "$file" ] || continue
		name=$(basename "$file" .out)
		[ -e "$ROOT/test/sql/$name.sql" ] || [ -e "$ROOT/test/specs/$name.spec" ] ||
			[ -e "$ROOT/test/sql/${name%_[0-9]}.sql" ] || [ -e "$ROOT/test/specs/${name%_[0-9]}.spec" ] ||
			{ echo "$file has no test"; bad=1; }
	done
	return $bad
}

manual_listed() {	# the table of pages has every page of the manual once, and no other
	diff <(cd "$ROOT/doc" && ls -- *.md | grep -vx index.md) <(sed -n 's/^| \[[^]]*\](\([^)]*\.md\)).*/\1/p' "$ROOT/doc/index.md" | sort)
}

tables_listed() {	# every table of a model is in the list of tables by module
	local table bad=0
	for table in $(sed -n 's/^CREATE TABLE \([a-z_]*\) (.*/\1/p' "$ROOT"/sql/model/*.sql); do
		grep -qE "^\|.*\`$table\`" "$ROOT/doc/model.md" || { echo "doc/model.md lacks table $table"; bad=1; }
	done
	return $bad
}

stage_tree() {
	local script
	begin_checks
	check "META.json" meta_valid
	check "no SQL file directly in sql/" no_sql_in_sql
	check "CHANGELOG.md knows this version" in_changelog
	check "test/sql/schedule lists every test once" schedule_complete
	check "expected/ holds no orphans" expected_used
	check "doc/index.md lists every page once" manual_listed
	check "doc/model.md lists every table" tables_listed
	for script in "$ROOT"/.ci/run "$ROOT"/scripts/*.sh "$ROOT"/demo/*.sh "$ROOT"/test/bench/*.sh; do
		[ ! -e "$script" ] || check "$script: syntax" bash -n "$script"
	done
	end_checks tree
}

# The install script creates, it never takes over what a foreigner planted
# (CVE-2022-2625); function bodies and comments are no business of this check.
lint_sql() {
	local found
	found=$(awk -f "$ROOT/scripts/sql_skeleton.awk" "$1" | grep -niE "$2")
	[ -z "$found" ] || { echo "$1:"; echo "$found"; return 1; }
}

stage_lint() {
	local file
	begin_checks
	for file in "$ROOT"/sql/extension/*.sql "$ROOT"/sql/model/*.sql "$ROOT"/sql/seed/*.sql; do
		[ -e "$file" ] || continue
		check "no OR REPLACE, no IF NOT EXISTS" lint_sql "$file" '\bor +replace\b|\bif +not +exists\b'
	done
	for file in "$ROOT"/sql/extension/*.sql; do
		check "nothing runs as its definer" lint_sql "$file" '\bsecurity +definer\b'
		check "no catalog is written by hand" lint_sql "$file" '\b(update|insert +into|delete +from) +pg_catalog\b'
	done
	end_checks lint
}

clang_builds() {
	# gcc's own flags, taken over from the server's build, mean nothing to clang
	tree_copy clang && ext_build clang CC="$CLANG" lsce.so \
		PG_CFLAGS="$WARNINGS -Wno-unknown-warning-option -Wno-ignored-optimization-argument -Wno-ignored-attributes"
}

built() { [ "$BUILT" = yes ] || { cat "$WORK/build.log"; return 1; }; }

stage_build() {
	begin_checks
	need_build	# here, because a check runs in a subshell
	check "gcc, warnings are errors, assertions on" built
	check "$CLANG, warnings are errors" clang_builds
	end_checks build
}

# One symbol per line of what a file exports; R etc. are data.
exported() { nm -D --defined-only "$1" | awk '$2 ~ /^[A-Z]$/ { sub(/@.*/, "", $3); print $3 }' | sort -u; }

# A directory in the plural also lends its singular: rule_ in rules/.
symbols_prefixed() {
	local prefixes bad
	prefixes=$(cd "$ROOT/src" && { echo lsce; ls -d -- */ | tr -d /; ls -- *.c */*.c | sed 's,.*/,,; s,\.c$,,'; } 2>/dev/null | sed 'p; s,s$,,' | sort -u | paste -sd'|')
	bad=$(exported "$WORK/build/lsce.so" | grep -vE "^(Pg_magic_func|_PG_init|pg_finfo_.*|($prefixes)(_.*)?)\$" |
		grep -vxFf <(exported "$WORK/build/lsce.so" | sed -n 's/^pg_finfo_//p'))
	[ -z "$bad" ] || { echo "neither callable from SQL nor prefixed by its directory or file:"; echo "$bad"; return 1; }
}

# A name that the server has too would be bound to the server's function.
symbols_no_clash() {
	local bad
	bad=$(comm -12 <(exported "$WORK/build/lsce.so") <(exported "$PGBIN/postgres"))
	[ -z "$bad" ] || { echo "the server exports these names too:"; echo "$bad"; return 1; }
}

stage_symbols() {
	or_fail symbols need_build || return
	begin_checks
	check "the module exports its magic block" grep -qx Pg_magic_func <(exported "$WORK/build/lsce.so")
	check "every exported symbol is accounted for" symbols_prefixed
	check "no exported symbol is the server's too" symbols_no_clash
	end_checks symbols
}

# count_lines STAGE LOG STATUS [LINES]: add up the "STAGE: N passed, M failed"
# lines of a log; print its end, that many lines, if anything failed
count_lines() {
	local ok bad
	read -r ok bad < <(awk -v stage="$1:" '$1 == stage && /: [0-9]+ passed, [0-9]+ failed$/ { ok += $2; bad += $4 } END { print ok + 0, bad + 0 }' "$2")
	if [ "$3" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
	if [ "$ok" = 0 ] && [ "$bad" = 0 ]; then echo "$1 ran no test"; bad=1; fi
	[ "$bad" = 0 ] || tail -n "${4:-60}" "$2"
	count "$1" "$ok" "$bad"
}

# stage_make STAGE DIR ARGS..: a directory with a Makefile of its own
stage_make() {
	local stage=$1 dir=$2 status
	shift 2
	if [ ! -e "$ROOT/$dir/Makefile" ]; then
		count "$stage" 0 0 0 "there are none"
		return
	fi
	[ -d "$WORK/pure" ] || tree_copy pure
	as_server make -s -C "$WORK/pure/$dir" PG_CONFIG="$PG_CONFIG" "$@" >"$WORK/$stage.log" 2>&1
	status=$?
	count_lines "$stage" "$WORK/$stage.log" $status
}

stage_unit() { stage_make unit test/unit; }
stage_fuzz() { stage_make fuzz test/fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-5}"; }

# installcheck STAGE OUTPUTDIR LIST-VARIABLES..: pg_regress or its isolation twin.
# A test without an expected file would abort the whole run, so it gets an empty one.
installcheck() {
	local stage=$1 output=$WORK/build/$2 list=$3 name status ok bad
	shift 3
	for name in $list; do
		[ -e "$WORK/build/expected/$name.out" ] || as_server touch "$WORK/build/expected/$name.out"
	done
	as_server make -s -C "$WORK/build" with_llvm=no installcheck "$@" >"$WORK/$stage.log" 2>&1
	status=$?
	# "test name ... ok 12 ms" up to 15, TAP from 16 on
	read -r ok bad < <(awk '/^(test |     )?.*\.\.\. +ok( |$)/ || /^ok [0-9]+ / { ok++ }
		/\.\.\. +FAILED/ || /^not ok [0-9]+ / { bad++ } END { print ok + 0, bad + 0 }' "$WORK/$stage.log")
	if [ $status != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
	if [ "$((ok + bad))" -lt "$(wc -w <<<"$list")" ]; then
		echo "$stage: $((ok + bad)) of $(wc -w <<<"$list") tests reported"
		bad=$((bad + 1))
	fi
	if [ "$bad" != 0 ]; then
		if [ -s "$output/regression.diffs" ]; then
			grep -E '\.\.\. +FAILED|^not ok ' "$WORK/$stage.log"
			cat "$output/regression.diffs"
		else
			cat "$WORK/$stage.log"
		fi
		# the outputs go where a developer looks for them
		mkdir -p "$ROOT/results" && cp -f "$output"/results/*.out "$ROOT/results/" 2>/dev/null
	fi
	count "$stage" "$ok" "$bad"
}

stage_regress() {
	local list=${REGRESS_ONLY:-$(sed 's/#.*//' "$ROOT/test/sql/schedule" | xargs)}
	[ -n "$list" ] || { count regress 0 0 0 "there are none"; return; }
	or_fail regress need_cluster || return
	installcheck regress . "$list" REGRESS="$list" ISOLATION=
}

stage_isolation() {
	local list=${ISOLATION_ONLY:-$(cd "$ROOT/test/specs" 2>/dev/null && ls -- *.spec 2>/dev/null | sed 's/\.spec$//' | xargs)}
	[ -n "$list" ] || { count isolation 0 0 0 "there are none"; return; }
	or_fail isolation need_cluster || return
	installcheck isolation output_iso "$list" REGRESS= ISOLATION="$list"
}

# One TAP file: prints "ok failed skipped"; its log is $2
tap_file() {
	local status
	as_server env -u PGHOST -u PGPORT -u PGUSER TESTDIR="$WORK/tap" TESTDATADIR="$WORK/tap/tmp_check" TESTLOGDIR="$WORK/tap/tmp_check/log" \
		PG_TEST_PORT_DIR="$WORK/tap/ports" PG_REGRESS="$PGXS_TEST/regress/pg_regress" TEMP_CONFIG="$WORK/tap.conf" \
		LSCE_ROOT="$WORK/build" TMPDIR="$WORK" \
		perl -I "$PGXS_TEST/perl" -I "$WORK/build/test/t" "$1" >"$2" 2>&1 </dev/null
	status=$?
	awk -v status=$status '
		/^(not )?ok [0-9]+/ { run++ }
		/^ok [0-9]+.*# skip/ || /^ok [0-9]+.*# SKIP/ { skipped++; next }
		/^ok [0-9]+/ { ok++ }
		/^not ok [0-9]+.*# TODO/ { next }
		/^not ok [0-9]+/ { bad++ }
		/^1\.\.0 # (SKIP|skip)/ { skipped++; none = 1 }
		/^1\.\.[0-9]+/ { sub(/^1\.\./, ""); plan = $1; planned = 1 }
		END {
			if (bad == 0 && !none && (status != 0 || !planned || plan != run))
				bad++
			print ok + 0, bad + 0, skipped + 0
		}' "$2"
}

stage_tap() {
	local list=${TAP_ONLY:-$(cd "$ROOT/test/t" 2>/dev/null && ls -- *.pl 2>/dev/null)} name ok bad skipped
	local all_ok=0 all_bad=0 all_skipped=0
	[ -n "$list" ] || { count tap 0 0 0 "there are none"; return; }
	or_fail tap need_build || return
	as_server mkdir -p "$WORK/tap"
	{ destdir_conf; echo "max_locks_per_transaction = 256"; echo "lc_messages = 'C'"; } >"$WORK/tap.conf"
	for name in $list; do
		name=${name%.pl}
		read -r ok bad skipped < <(tap_file "$WORK/build/test/t/$name.pl" "$WORK/tap_$name.log")
		if [ "$bad" != 0 ]; then
			echo "--- test/t/$name.pl"
			tail -n 60 "$WORK/tap_$name.log"
			tail -n 40 "$WORK/tap/tmp_check/log/regress_log_$name" 2>/dev/null
		fi
		all_ok=$((all_ok + ok)) all_bad=$((all_bad + bad)) all_skipped=$((all_skipped + skipped))
	done
	count tap $all_ok $all_bad $all_skipped
}

# plpgsql_check over every PL/pgSQL routine of the extension and of a model;
# trigger functions are checked once for each table they serve.
stage_plpgsql() {
	local ok bad
	or_fail plpgsql need_cluster || return
	if ! ls "$("$PG_CONFIG" --sharedir)/extension/plpgsql_check.control" >/dev/null 2>&1; then
		count plpgsql 0 0 1 "plpgsql_check is not installed"
		return
	fi
	as_server createdb -T template0 -E UTF8 lsce_plpgsql &&
		as_server psql -Xq -v ON_ERROR_STOP=1 -d lsce_plpgsql -f "$WORK/build/scripts/plpgsql_check.sql" >"$WORK/plpgsql.log" 2>&1
	if [ $? != 0 ] || ! grep -q '^checked: ' "$WORK/plpgsql.log"; then
		cat "$WORK/plpgsql.log"
		count plpgsql 0 1
		return
	fi
	read -r ok bad < <(sed -n 's/^checked: //p' "$WORK/plpgsql.log")
	[ "$bad" = 0 ] || grep -v '^checked: ' "$WORK/plpgsql.log"
	count plpgsql "$ok" "$bad"
}

stage_demo() {
	local status
	or_fail demo need_cluster || return
	as_server env DEMO_DATABASE=lsce_demo "$WORK/build/scripts/demo.sh" run >"$WORK/demo.log" 2>&1
	status=$?
	count_lines demo "$WORK/demo.log" $status +1
}

# The server itself must have come through all of it.
log_clean() {
	! grep -aE 'terminated by signal|TRAP:|PANIC:|AddressSanitizer|runtime error:' "$WORK/server.log"
}
stage_log() {
	[ "${CLUSTER:-}" = yes ] || { count log 0 0 0 "no server was started"; return; }
	begin_checks
	check "the server did not crash" log_clean
	check "the server stops when asked" cluster_down
	end_checks log
}

# --- main ----------------------------------------------------------------------

stages=${*:-$ALL_STAGES}
for stage in $stages; do
	case " $ALL_STAGES " in
	*" $stage "*) ;;
	*) echo "unknown stage $stage; there are: $ALL_STAGES" >&2; exit 2 ;;
	esac
done

work_trap
"$ROOT/scripts/deps.sh" || exit 1
pg_setup || exit 1
CLANG=$(command -v clang-14 || command -v clang)
work_new || exit 1
shared_setup
echo "lsce $(control_version) on $("$PGBIN/postgres" --version), shared data: ${LSCE_SHARED:-none}"

run_stages() {
	local stage
	for stage; do
		STAGE_START=$SECONDS
		"stage_$stage"
	done
}

# Stages that do without the shared cluster run beside those that use it.
run_beside() {
	PASSED=0 FAILED=0 SKIPPED=0
	run_stages "$@"
	echo "$PASSED $FAILED $SKIPPED" >"$WORK/beside.counts"
}

first="" second="" beside=""
for stage in $stages; do
	case $stage in
	unit | fuzz | tap) beside="$beside $stage" ;;
	tree | lint | build | symbols) first="$first $stage" ;;
	*) second="$second $stage" ;;
	esac
done
# shellcheck disable=SC2086
{
	run_stages $first
	if [ -n "$beside" ]; then
		[[ "$beside" != *tap* ]] || need_build
		run_beside $beside >"$WORK/beside.log" 2>&1 &
	fi
	run_stages $second
	if [ -n "$beside" ]; then
		wait
		cat "$WORK/beside.log"
		read -r passed failed skipped <"$WORK/beside.counts" || { passed=0 failed=1 skipped=0; }
		PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
	fi
}

if [ $SKIPPED = 0 ]; then
	echo "$PASSED passed, $FAILED failed"
else
	echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
fi
[ $FAILED = 0 ] && [ $PASSED != 0 ]
