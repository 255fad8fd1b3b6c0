# Functions for private, throw-away clusters; to be sourced by bash.
#
#   work_new                 make the scratch directory $WORK, owned by the server's user
#   work_remove              stop what runs in it and remove it (also on exit, see work_trap)
#   tree_copy NAME           copy the checkout to $WORK/NAME, without build products
#   ext_build NAME [ARGS..]  make the copy NAME; ARGS go to make
#   ext_install NAME         install the copy NAME into $DEST
#   cluster_up [CONF..]      initdb and start in $CLUSTER/data, socket in $CLUSTER, which
#                            is $WORK unless set; CONF are settings
#   cluster_down             stop it
#   as_server CMD..          run CMD as the server's user in $WORK
#
# Nothing is installed into the system: the server finds the extension below
# $DEST through extension_destdir (Debian) or extension_control_path (18 on).
# A server listens on a socket in its own directory only, so that any number of
# copies may run at once. As root everything runs as "postgres", since initdb
# refuses root; else as the caller.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# the caller's settings must not reach the private server
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
unset PGDATABASE PGHOST PGHOSTADDR PGPORT PGUSER PGSERVICE PGPASSWORD PGPASSFILE PGOPTIONS PGDATA PGCLIENTENCODING PGTZ PGDATESTYLE PGAPPNAME PGCONNECT_TIMEOUT PGSSLMODE PSQLRC
unset LANGUAGE CDPATH GREP_OPTIONS BASH_ENV ENV
export LC_ALL=C.UTF-8
# a machine may be slow: seconds until a server, a TAP or an isolation test is given up
export PGCTLTIMEOUT=${PGCTLTIMEOUT:-300} PG_TEST_TIMEOUT_DEFAULT=${PG_TEST_TIMEOUT_DEFAULT:-600} PGISOLATIONTIMEOUT=${PGISOLATIONTIMEOUT:-600}
# the server's user must read what root writes
umask 022
# a closed descriptor would be given to the next file that is opened
{ : <&0; } 2>/dev/null || exec </dev/null
{ : >&1; } 2>/dev/null || exec >/dev/null
{ : >&2; } 2>/dev/null || exec 2>/dev/null

# Print the newest server's pg_config that has a server beside it.
find_pg_config() {
	local config
	for config in $(printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -t/ -k5,5nr); do
		if [ -x "$config" ] && [ -x "${config%/*}/postgres" ]; then
			echo "$config"
			return
		fi
	done
	command -v pg_config || { echo "no pg_config: run make deps" >&2; return 1; }
}

# Set the variables that depend on the server; to be called when deps.sh has run.
pg_setup() {
	PG_CONFIG=${PG_CONFIG:-$(find_pg_config)} || return 1
	PGBIN=$("$PG_CONFIG" --bindir) && [ -x "$PGBIN/postgres" ] || { echo "no server beside $PG_CONFIG" >&2; return 1; }
	PGXS_TEST=$(dirname "$("$PG_CONFIG" --pgxs)")/../test
	PG_MAJOR=$("$PG_CONFIG" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
	export PG_CONFIG PG_MAJOR PATH="$PGBIN:$PATH"
	if [ "$(id -u)" = 0 ]; then
		SERVER_USER=${LSCE_SERVER_USER:-postgres}
		id "$SERVER_USER" >/dev/null || return 1
	else
		SERVER_USER=$(id -un)
	fi
}

as_server() {
	if [ "$(id -u)" = 0 ]; then
		runuser -u "$SERVER_USER" -- env -C "$WORK" HOME="$WORK" "$@"
	else
		env -C "$WORK" HOME="$WORK" "$@"
	fi
}

# Whether a program can be run from directory $1, by the server's user; the name
# of a socket in it must fit into 107 bytes.
work_usable() {
	[ "${#1}" -le 70 ] || return 1
	[ "$(id -u)" != 0 ] || chown "$SERVER_USER": "$1"
	printf '#!/bin/sh\n' >"$1/run" && chmod 755 "$1/run" && (WORK=$1 && as_server "$1/run") 2>/dev/null && rm "$1/run"
}

# Make $WORK below $TMPDIR, /tmp or /var/tmp, whichever will do first.
work_new() {
	local parent
	for parent in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
		WORK=$(mktemp -d "$parent/lsce.XXXXXX" 2>/dev/null) && WORK=$(cd "$WORK" && pwd -P) || continue
		if work_usable "$WORK"; then
			DEST=$WORK/inst
			return 0
		fi
		rm -rf "$WORK"
	done
	WORK=
	echo "no directory for scratch files: \$TMPDIR, /tmp and /var/tmp are not writable, forbid programs or have long names" >&2
	return 1
}

# Stop every server whose data directory is below $WORK: ours and those of the
# TAP tests, should one have been interrupted.
work_stop() {
	local pidfile pid
	for pidfile in $(find "$WORK" -name postmaster.pid 2>/dev/null); do
		pid=$(head -n 1 "$pidfile" 2>/dev/null)
		case $(readlink "/proc/$pid/cwd" 2>/dev/null) in
		"$WORK"/*) as_server pg_ctl -s -w -t 20 -m immediate -D "$(dirname "$pidfile")" stop >/dev/null 2>&1 ;;
		esac
	done
	return 0
}

work_remove() {
	[ -n "${WORK:-}" ] && [ -d "$WORK" ] || return 0
	work_stop
	if [ -n "${LSCE_KEEP:-}" ]; then
		echo "kept $WORK"
	else
		rm -rf "$WORK"
	fi
}

work_trap() {
	trap 'status=$?; work_remove; exit $status' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	trap 'exit 141' PIPE
}

tree_copy() {
	mkdir -p "$WORK/$1"
	tar -C "$ROOT" -cf - --exclude=./.git --exclude='*.o' --exclude='*.bc' --exclude='*.so' --exclude='*.d' \
		--exclude='./lsce--*.sql' --exclude=./results --exclude=./output_iso --exclude=./tmp_check \
		--exclude=./test/unit/build --exclude=./test/fuzz/build . | tar -C "$WORK/$1" -xf - --no-same-owner || return 1
	[ "$(id -u)" != 0 ] || chown -R "$SERVER_USER": "$WORK/$1"
}

ext_build() {
	local copy=$1
	shift
	as_server make -s -j2 -C "$WORK/$copy" with_llvm=no PG_CONFIG="$PG_CONFIG" "$@"
}

ext_install() {
	as_server make -s -C "$WORK/$1" with_llvm=no PG_CONFIG="$PG_CONFIG" DESTDIR="$DEST" install >/dev/null
}

# Print the settings by which this server finds an extension below $DEST.
destdir_conf() {
	local known
	known=$(as_server postgres --describe-config | cut -f1)
	if grep -qx extension_destdir <<<"$known"; then
		echo "extension_destdir = '$DEST'"
	elif grep -qx extension_control_path <<<"$known"; then
		echo "extension_control_path = '$DEST$("$PG_CONFIG" --sharedir):\$system'"
		echo "dynamic_library_path = '$DEST$("$PG_CONFIG" --pkglibdir):\$libdir'"
	else
		echo "this server can not load an extension from outside its own directories" >&2
		return 1
	fi
}

cluster_up() {
	local setting at=${CLUSTER:-$WORK}
	as_server mkdir -p "$at" || return 1
	as_server initdb -D "$at/data" -U postgres -A trust -N -E UTF8 --locale=C.UTF-8 >"$at/initdb.log" 2>&1 ||
		{ cat "$at/initdb.log"; return 1; }
	{
		destdir_conf || return 1
		cat <<-CONF
			listen_addresses = ''
			unix_socket_directories = '$at'
			port = 5432
			fsync = off
			full_page_writes = off
			max_connections = 60
			shared_buffers = 128MB
			max_wal_size = 256MB
			max_locks_per_transaction = 256
			max_prepared_transactions = 10
			lc_messages = 'C'
			logging_collector = off
		CONF
		for setting; do
			echo "$setting"
		done
	} >"$at/extra.conf" || return 1
	cat "$at/extra.conf" >>"$at/data/postgresql.conf"
	as_server pg_ctl -s -w -D "$at/data" -l "$at/server.log" start || { tail -n 20 "$at/server.log"; return 1; }
	export PGHOST=$at PGPORT=5432 PGUSER=postgres
}

cluster_down() {
	as_server pg_ctl -s -w -m "${1:-fast}" -D "${CLUSTER:-$WORK}/data" stop
}

# Export LSCE_SHARED, the directory of shared data, if there is one: the tests
# reach it through \getenv. Data that the server's user may not read is copied.
shared_setup() {
	LSCE_SHARED=${LSCE_SHARED:-$ROOT/../shared}
	if [ ! -d "$LSCE_SHARED/data" ]; then
		unset LSCE_SHARED
		return 0
	fi
	LSCE_SHARED=$(cd "$LSCE_SHARED" && pwd -P)
	if [ -n "$(as_server find "$LSCE_SHARED/data" \( ! -readable -o -type d ! -executable \) -print -quit 2>&1)" ]; then
		mkdir "$WORK/shared" && cp -a "$LSCE_SHARED/data" "$WORK/shared/" && chown -R "$SERVER_USER": "$WORK/shared"
		LSCE_SHARED=$WORK/shared
	fi
	export LSCE_SHARED
}
