#!/bin/bash
# Every test of lsce, from nothing, on private clusters; nothing is installed
# into the system and nothing stays behind. See doc/testing.md.
#
# usage: scripts/check.sh [STAGE..]
#
# Stages, in their order: tree lint build symbols regress isolation plpgsql demo
# tap unit fuzz log. What a named stage needs (a build, a cluster) is made. They
# are done in pieces side by side, see queue.sh; told of in their order.
#
# Environment
#   LSCE_SHARED     directory of shared data (default: ../shared, if there)
#   PG_CONFIG       the server to test with (default: the newest)
#   REGRESS_ONLY, ISOLATION_ONLY, TAP_ONLY    names, instead of all tests
#   FUZZ_SECONDS    time of each fuzzer (default 5)
#   LSCE_JOBS       pieces of work to do at once (default: one a processor, 2 to 4)
#   LSCE_TIMEOUT    seconds after which a piece of work is given up (default 900)
#   LSCE_KEEP=1     keep the scratch directory
#
# The last line is "N passed, M failed" (", K skipped"), over all stages, also
# when something comes in between.

set -uo pipefail
# shellcheck source=scripts/cluster.sh
. "$(dirname "$0")/cluster.sh"
# shellcheck source=scripts/queue.sh
. "$ROOT/scripts/queue.sh"
exec </dev/null

ALL_STAGES="tree lint build symbols regress isolation plpgsql demo tap unit fuzz log"
PASSED=0 FAILED=0 SKIPPED=0

# --- counting --------------------------------------------------------------

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
end_checks() { count "$OK" "$BAD"; }

# as_server, but not for ever
as_limited() {
	local status
	as_server timeout -k 30 "$LSCE_TIMEOUT" "$@"
	status=$?
	[ $status != 124 ] || echo "given up after $LSCE_TIMEOUT seconds: $*"
	return $status
}

# --- what stages need --------------------------------------------------------

WARNINGS="-Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers"

# Build with assertions, which also a server built without them can run, and
# install below $DEST. Done once, before what needs it.
build_server() {
	tree_copy build &&
		ext_build build PG_CFLAGS="$WARNINGS -DUSE_ASSERT_CHECKING" >"$WORK/build.log" 2>&1 &&
		ext_install build >>"$WORK/build.log" 2>&1 && touch "$WORK/built"
}

need_build() { [ -e "$WORK/built" ]; }

# The servers' memory begins, and ends, with this byte or its complement instead
# of whatever is there, mostly zeros: what is read before it is written shows.
PERTURB=165

# A cluster for each slot, and a copy of the build for the files that pg_regress
# writes: pieces in different slots share nothing.
need_cluster() {
	need_build || return 1
	CLUSTER=$WORK/slot$SLOT BUILD=$WORK/slot$SLOT/build
	if [ ! -e "$CLUSTER/ready" ]; then
		[ ! -e "$CLUSTER" ] || return 1		# it did not start
		# compiling the tests' queries takes longer than running them
		MALLOC_PERTURB_=$PERTURB cluster_up "jit = off" && cp -a "$WORK/build" "$BUILD" && touch "$CLUSTER/ready" || return 1
	fi
	export PGHOST=$CLUSTER PGPORT=5432 PGUSER=postgres
}

# or_fail NEED: run NEED; count one failure if it can not be had
or_fail() {
	"$1" && return
	count 0 1 0 "$1 failed"
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

piece_tree() {
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
	end_checks
}

# The install script creates, it never takes over what a foreigner planted
# (CVE-2022-2625); function bodies and comments are no business of this check.
lint_sql() {
	local found
	found=$(awk -f "$ROOT/scripts/sql_skeleton.awk" "$1" | grep -niE "$2")
	[ -z "$found" ] || { echo "$1:"; echo "$found"; return 1; }
}

piece_lint() {
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
	end_checks
}

clang_builds() {
	# gcc's own flags, taken over from the server's build, mean nothing to clang;
	# its warnings do not depend on optimizing, which takes as long as the rest
	tree_copy clang && ext_build clang CC="$CLANG" COPT="-O0 -U_FORTIFY_SOURCE" lsce.so \
		PG_CFLAGS="$WARNINGS -Wno-unknown-warning-option -Wno-ignored-optimization-argument -Wno-ignored-attributes"
}

built() { need_build || { cat "$WORK/build.log"; return 1; }; }

piece_gcc() {
	begin_checks
	build_server
	check "gcc, warnings are errors, assertions on" built
	end_checks
}

piece_clang() {
	begin_checks
	check "$CLANG, warnings are errors" clang_builds
	end_checks
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

piece_symbols() {
	or_fail need_build || return
	begin_checks
	check "the module exports its magic block" grep -qx Pg_magic_func <(exported "$WORK/build/lsce.so")
	check "every exported symbol is accounted for" symbols_prefixed
	check "no exported symbol is the server's too" symbols_no_clash
	end_checks
}

# count_lines STAGE LOG STATUS [LINES]: add up the "STAGE: N passed, M failed"
# lines of a log; print its end, that many lines, if anything failed
count_lines() {
	local ok bad
	read -r ok bad < <(awk -v stage="$1:" '$1 == stage && /: [0-9]+ passed, [0-9]+ failed$/ { ok += $2; bad += $4 } END { print ok + 0, bad + 0 }' "$2")
	if [ "$3" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
	if [ "$ok" = 0 ] && [ "$bad" = 0 ]; then echo "$1 ran no test"; bad=1; fi
	[ "$bad" = 0 ] || tail -n "${4:-60}" "$2"
	count "$ok" "$bad"
}

# piece_make STAGE DIR ARGS..: a directory with a Makefile of its own
piece_make() {
	local stage=$1 dir=$2 log status
	shift 2
	log=$WORK/pieces/$stage.$BASHPID.out
	as_limited make -s -C "$WORK/pure/$dir" PG_CONFIG="$PG_CONFIG" "$@" >"$log" 2>&1
	status=$?
	count_lines "$stage" "$log" $status
}

# installcheck STAGE OUTPUTDIR LIST VARIABLES..: pg_regress or its isolation twin.
# A test without an expected file would abort the whole run, so it gets an empty one.
installcheck() {
	local stage=$1 output list=$3 name status ok bad log
	output=$BUILD/$2
	shift 3
	for name in $list; do
		[ -e "$BUILD/expected/$name.out" ] || as_server touch "$BUILD/expected/$name.out"
	done
	rm -f "$output/regression.diffs"
	log=$WORK/pieces/$stage.$BASHPID.out
	as_limited make -s -C "$BUILD" with_llvm=no installcheck "$@" >"$log" 2>&1
	status=$?
	# "test name ... ok 12 ms" up to 15, TAP from 16 on
	read -r ok bad < <(awk '/^(test |     )?.*\.\.\. +ok( |$)/ || /^ok [0-9]+ / { ok++ }
		/\.\.\. +FAILED/ || /^not ok [0-9]+ / { bad++ } END { print ok + 0, bad + 0 }' "$log")
	if [ $status != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
	if [ "$((ok + bad))" -lt "$(wc -w <<<"$list")" ]; then
		echo "$stage: $((ok + bad)) of $(wc -w <<<"$list") tests reported"
		bad=$((bad + 1))
	fi
	if [ "$bad" != 0 ]; then
		if [ -s "$output/regression.diffs" ]; then
			grep -E '\.\.\. +FAILED|^not ok |^given up ' "$log"
			cat "$output/regression.diffs"
		else
			cat "$log"
		fi
		# the outputs go where a developer looks for them
		for name in $list; do
			mkdir -p "$ROOT/results" && cp -f "$output/results/$name.out" "$ROOT/results/"
		done 2>/dev/null
	fi
	count "$ok" "$bad"
}

# piece_regress TEST..: some tests in their order, in a fresh database
piece_regress() {
	or_fail need_cluster || return
	installcheck regress . "$*" REGRESS="$*" ISOLATION=
}

piece_isolation() {
	or_fail need_cluster || return
	installcheck isolation output_iso "$*" REGRESS= ISOLATION="$*"
}

# One TAP file: prints "ok failed skipped"; its log is $2
tap_file() {
	local status
	as_limited env -u PGHOST -u PGPORT -u PGUSER TESTDIR="$WORK/tap" TESTDATADIR="$WORK/tap/tmp_check" TESTLOGDIR="$WORK/tap/tmp_check/log" \
		PG_TEST_PORT_DIR="$WORK/tap/ports" PG_REGRESS="$PGXS_TEST/regress/pg_regress" TEMP_CONFIG="$WORK/tap.conf" \
		LSCE_ROOT="$WORK/build" TMPDIR="$WORK" MALLOC_PERTURB_="$PERTURB" \
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

piece_tap() {
	local name=${1%.pl} ok bad skipped
	or_fail need_build || return
	read -r ok bad skipped < <(tap_file "$WORK/build/test/t/$name.pl" "$WORK/tap_$name.log")
	if [ "$bad" != 0 ]; then
		echo "--- test/t/$name.pl"
		tail -n 60 "$WORK/tap_$name.log"
		tail -n 40 "$WORK/tap/tmp_check/log/regress_log_$name" 2>/dev/null
	fi
	count "$ok" "$bad" "$skipped"
}

# plpgsql_check over every PL/pgSQL routine of the extension and of a model;
# trigger functions are checked once for each table they serve.
piece_plpgsql() {
	local ok bad
	or_fail need_cluster || return
	if ! ls "$("$PG_CONFIG" --sharedir)/extension/plpgsql_check.control" >/dev/null 2>&1; then
		count 0 0 1 "plpgsql_check is not installed"
		return
	fi
	as_server createdb -T template0 -E UTF8 lsce_plpgsql &&
		as_limited psql -Xq -v ON_ERROR_STOP=1 -d lsce_plpgsql -f "$BUILD/scripts/plpgsql_check.sql" >"$WORK/plpgsql.log" 2>&1
	if [ $? != 0 ] || ! grep -q '^checked: ' "$WORK/plpgsql.log"; then
		cat "$WORK/plpgsql.log"
		count 0 1
		return
	fi
	read -r ok bad < <(sed -n 's/^checked: //p' "$WORK/plpgsql.log")
	[ "$bad" = 0 ] || grep -v '^checked: ' "$WORK/plpgsql.log"
	count "$ok" "$bad"
}

piece_demo() {
	local status
	or_fail need_cluster || return
	as_limited env DEMO_DATABASE=lsce_demo "$BUILD/scripts/demo.sh" run >"$WORK/demo.log" 2>&1
	status=$?
	count_lines demo "$WORK/demo.log" $status +1
}

# The servers themselves must have come through all of it.
log_clean() {
	! grep -aHE 'terminated by signal|TRAP:|PANIC:|AddressSanitizer|runtime error:' "$WORK"/slot*/server.log
}
servers_stop() {
	local ready status=0
	for ready in "$WORK"/slot*/ready; do
		CLUSTER=${ready%/ready} cluster_down || status=1
	done
	return $status
}
piece_log() {
	if ! ls "$WORK"/slot*/ready >/dev/null 2>&1; then
		count 0 0 0 "no server was started"
		return
	fi
	begin_checks
	check "the server did not crash" log_clean
	check "the server stops when asked" servers_stop
	end_checks
	# what the test of duplicates measures, which its expected output cannot hold
	sed -n 's/.*LOG:  identity_linkage: /identity_linkage: /p' "$WORK"/slot*/server.log
}

# --- what there is to do ---------------------------------------------------------

# names VARIABLE-VALUE FILE..: the value, or the names of the files
names() {
	local file
	[ -z "$1" ] || { echo "$1"; return; }
	shift
	for file; do
		[ ! -e "$file" ] || basename "$file" | sed 's/\.[a-z]*$//'
	done
}

wanted() { [[ " $stages " == *" $1 "* ]]; }

# What is begun at once: the builds and what needs none.
add_first() {
	ADDED="tree lint build"
	if wanted build; then
		queue_add build piece_gcc
		queue_add build piece_clang
	fi
	! wanted tree || queue_add tree piece_tree
	! wanted lint || queue_add lint piece_lint
}

# The rest, when the server's build is there. What takes long is begun early,
# what is short fills up the end.
add_second() {
	local stage
	for stage in isolation tap regress demo plpgsql symbols unit fuzz; do
		! wanted "$stage" || "add_$stage"
	done
	ADDED="$ADDED symbols regress isolation plpgsql demo tap unit fuzz"
}

add_regress() {
	# shellcheck disable=SC2046	# lists of words
	set -- ${REGRESS_ONLY:-$(sed 's/#.*//' "$ROOT/test/sql/schedule")}
	while [ $# != 0 ]; do
		queue_add regress piece_regress "${@:1:REGRESS_PIECE}"
		shift $(($# < REGRESS_PIECE ? $# : REGRESS_PIECE))
	done
}

add_isolation() {
	local name
	for name in $(names "${ISOLATION_ONLY:-}" "$ROOT"/test/specs/*.spec); do
		queue_add isolation piece_isolation "$name"
	done
}

add_tap() {
	local name
	as_server mkdir -p "$WORK/tap"
	{ destdir_conf; echo "max_locks_per_transaction = 256"; echo "lc_messages = 'C'"; } >"$WORK/tap.conf"
	for name in $(names "${TAP_ONLY:-}" "$ROOT"/test/t/*.pl); do
		queue_add tap piece_tap "$name"
	done
}

add_demo() { queue_add demo piece_demo; }
add_plpgsql() { queue_add plpgsql piece_plpgsql; }
add_symbols() { queue_add symbols piece_symbols; }
add_unit() { queue_add unit piece_make unit test/unit; }
add_fuzz() {
	local name
	for name in $(names "" "$ROOT"/test/fuzz/*_fuzz.c); do
		queue_add fuzz piece_make fuzz test/fuzz TARGETS="$name" FUZZ_SECONDS="${FUZZ_SECONDS:-5}"
	done
}

# --- telling ---------------------------------------------------------------------

# Print what failed in a stage and its line, and add its counts up.
tell_stage() {
	local n seconds ok bad skipped remark
	for n in $(queue_pieces "$1"); do
		cat "$WORK/pieces/$n.log"
	done
	read -r seconds ok bad skipped remark < <(queue_sum "$1")
	[ -n "$(queue_pieces "$1")" ] || { bad=0 remark="there are none"; }
	PASSED=$((PASSED + ok)) FAILED=$((FAILED + bad)) SKIPPED=$((SKIPPED + skipped))
	printf '%-10s %4d ok %3d failed' "$1" "$ok" "$bad"
	[ "$skipped" = 0 ] || printf ' %3d skipped' "$skipped"
	printf '  [%ds]%s\n' "$seconds" "${remark:+  $remark}"
}

# Tell of the stages in their order, as soon as each is complete.
tell_complete() {
	local stage n
	for stage in $UNTOLD; do
		[[ " $ADDED " == *" $stage "* ]] || return
		for n in $(queue_pieces "$stage"); do
			[ "${PIECE_STATE[n]}" = done ] || return
		done
		tell_stage "$stage"
		UNTOLD=${UNTOLD#"$stage"}
		UNTOLD=${UNTOLD# }
	done
}
piece_done() {
	[ "${PIECE_COMMAND[$1]}" != "piece_gcc " ] || add_second
	tell_complete
}

# The last line, whatever happened. Stages that were begun but not told count as failed.
finish() {
	local status=$1 stage
	trap '' INT TERM HUP PIPE
	queue_stop
	if [ -n "$UNTOLD" ]; then
		echo "not finished: $UNTOLD"
		for stage in $UNTOLD; do
			FAILED=$((FAILED + 1))
		done
	fi
	work_remove
	printf '%d passed, %d failed' $PASSED $FAILED
	[ $SKIPPED = 0 ] || printf ', %d skipped' $SKIPPED
	echo
	if [ "$status" = 0 ] && [[ $FAILED != 0 || $PASSED = 0 ]]; then
		status=1
	fi
	exit "$status"
}

# --- main ----------------------------------------------------------------------

stages=
for stage in $ALL_STAGES; do	# in their order
	[[ " ${*:-$ALL_STAGES} " != *" $stage "* ]] || stages="$stages${stages:+ }$stage"
done
for stage; do
	case " $ALL_STAGES " in
	*" $stage "*) ;;
	*) echo "unknown stage $stage; there are: $ALL_STAGES" >&2; exit 2 ;;
	esac
done

processors=$(nproc 2>/dev/null || echo 2)
JOBS=${LSCE_JOBS:-$((processors < 2 ? 2 : processors > 4 ? 4 : processors))}
LSCE_TIMEOUT=${LSCE_TIMEOUT:-900}
REGRESS_PIECE=5		# tests in a piece of work

UNTOLD=$stages ADDED=
work_trap
trap 'finish $?' EXIT
"$ROOT/scripts/deps.sh" || exit 1
pg_setup || exit 1
CLANG=$(command -v clang-14 || command -v clang)
work_new || exit 1
shared_setup || exit 1
echo "lsce $(control_version) on $("$PGBIN/postgres" --version), shared data: ${LSCE_SHARED:-none}, $JOBS at once"

if wanted unit || wanted fuzz; then
	tree_copy pure || exit 1
fi
add_first
if ! wanted build; then
	case " $stages " in
	*" symbols "* | *" regress "* | *" isolation "* | *" plpgsql "* | *" demo "* | *" tap "*)
		build_server || cat "$WORK/build.log" ;;
	esac
	add_second
fi
queue_run
if wanted log; then
	ADDED="$ADDED log"
	queue_add log piece_log
	queue_run
fi
exit 0
