#!/bin/bash
# Install what building and testing lsce needs and this machine lacks.
# Needs Debian's apt only when something is missing; says what it installs.
#
# usage: scripts/deps.sh [build|all]     build: enough for make and make demo

set -euo pipefail
what=${1:-all}

have_server() {		# a server together with its headers
	local config
	for config in /usr/lib/postgresql/*/bin/pg_config; do
		if [ -x "$config" ] && [ -x "${config%/*}/postgres" ] &&
			[ "$("$config" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')" -ge 15 ]; then
			return 0
		fi
	done
	[ -n "${PG_CONFIG:-}" ] && [ -e "$("$PG_CONFIG" --pgxs 2>/dev/null)" ]
}

have_icu() { [ -e /usr/include/unicode/unorm2.h ]; }
have_fuzzer() {
	local clang file
	clang=$(command -v clang-14 || command -v clang) || return 1
	file=$("$clang" -print-file-name="libclang_rt.fuzzer-$(uname -m).a")
	[ -e "$file" ]
}
have_contrib() {
	local control
	control=$(find /usr/share/postgresql -path '*/extension/btree_gist.control' 2>/dev/null | head -n 1)
	[ -n "$control" ] || [ -n "${PG_CONFIG:-}" ]
}
have_plpgsql_check() { [ -n "$(find /usr/share/postgresql -path '*/extension/plpgsql_check.control' 2>/dev/null)" ]; }

# newest major version of the packages this system's archive offers
newest_server() {
	apt-cache pkgnames postgresql-server-dev- 2>/dev/null |
		sed -n 's/^postgresql-server-dev-\([0-9]\{2,\}\)$/\1/p' | sort -n | tail -n 1
}

installed_server() {
	local config
	for config in /usr/lib/postgresql/*/bin/pg_config /usr/lib/postgresql/*/bin/postgres; do
		if [ -x "$config" ]; then echo "$config" | cut -d/ -f5; fi
	done | sort -n | tail -n 1
}

wanted() {			# prints the packages that are missing; the server's as @server
	command -v gcc >/dev/null || echo gcc libc6-dev
	command -v make >/dev/null || echo make
	have_icu || echo libicu-dev
	have_server || echo @server
	have_contrib || echo @server
	[ "$what" = build ] && return
	command -v clang-14 >/dev/null || command -v clang >/dev/null || echo clang
	have_fuzzer || echo @fuzzer
	command -v prove >/dev/null || echo perl
	perl -MIPC::Run -e 1 2>/dev/null || echo libipc-run-perl
	have_plpgsql_check || echo @plpgsql_check
}

missing=$(wanted | tr '\n' ' ')
[ -n "${missing// /}" ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "deps: this script knows Debian's packages only; install the equivalents of: ${missing//@/}" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" != 0 ]; then
	sudo=sudo
	command -v sudo >/dev/null || { echo "deps: not root and no sudo; missing: ${missing//@/}" >&2; exit 1; }
fi

export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq || $sudo apt-get update -qq

version=$(installed_server)
version=${version:-$(newest_server)}
version=${version:-15}
packages=
for one in $missing; do
	case $one in
	@server) packages+=" postgresql-$version postgresql-server-dev-$version" ;;
	@fuzzer) if command -v clang-14 >/dev/null; then packages+=" libclang-rt-14-dev"; else packages+=" libclang-rt-dev"; fi ;;
	@plpgsql_check)	# optional: the stage that uses it is skipped without
		if [ -n "$(apt-cache pkgnames "postgresql-$version-plpgsql-check")" ]; then
			packages+=" postgresql-$version-plpgsql-check"
		fi ;;
	*) packages+=" $one" ;;
	esac
done
packages=$(echo "$packages" | tr ' ' '\n' | sort -u | tr '\n' ' ')
[ -n "${packages// /}" ] || exit 0

# installing a server must not start one: the tests bring their own clusters
dropin=/etc/postgresql-common/createcluster.d/lsce-deps.conf
log=$(mktemp)
trap '$sudo rm -f "$dropin"; rm -f "$log"' EXIT
$sudo mkdir -p "${dropin%/*}"
echo "create_main_cluster = false" | $sudo tee "$dropin" >/dev/null

echo "deps: installing $(xargs <<<"$packages")"
# shellcheck disable=SC2086	# a list of words
if ! $sudo apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends $packages >"$log" 2>&1; then
	tail -n 40 "$log" >&2
	exit 1
fi
