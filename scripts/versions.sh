#!/bin/bash
# "make check" with the PostgreSQL of other Debian suites, each in a chroot, and
# pg_upgrade from this machine's PostgreSQL to each (test/pg_upgrade.sh).
#
# usage: scripts/versions.sh [SUITE..]     default: trixie forky (17 and 18)
#
# VERSIONS_STAGES: check, upgrade or both (default)
# Needs root and debootstrap (installed if missing) and the archive that this
# machine's apt uses. The chroots are made below $LSCE_CHROOTS, default
# /var/cache/lsce-chroots, and kept: about a minute and 1.5 GB each the first
# time. The last line sums up the suites: "N passed, M failed".

set -uo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd -P)
CHROOTS=${LSCE_CHROOTS:-/var/cache/lsce-chroots}
STAGES=${VERSIONS_STAGES:-check upgrade}
[ "$(id -u)" = 0 ] || { echo "versions: needs root" >&2; exit 1; }
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

# The archive of this machine: the first address that apt knows for its suite's main part.
mirror() {
	apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Component: main' 'Origin: Debian' 2>/dev/null | head -n 1
}

# make_chroot SUITE: a minimal system that can run make deps
make_chroot() {
	local dir=$CHROOTS/$1 archive script=
	[ ! -e "$dir/.ready" ] || return 0
	command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap >/dev/null 2>&1 || return 1
	archive=$(mirror)
	[ -n "$archive" ] || { echo "versions: apt knows no Debian archive; run apt-get update" >&2; return 1; }
	# an older debootstrap does not know a newer suite, but they are all made alike
	[ -e "/usr/share/debootstrap/scripts/$1" ] || script=sid
	rm -rf --one-file-system "$dir"
	mkdir -p "$dir"
	debootstrap --variant=minbase "$1" "$dir" "$archive" $script >"$dir.log" 2>&1 || { tail -n 5 "$dir.log"; return 1; }
	cp /etc/apt/apt.conf.d/*proxy* "$dir/etc/apt/apt.conf.d/" 2>/dev/null
	# a mirror of a suite in development may lag behind its own expiry
	echo 'Acquire::Check-Valid-Until "false";' >"$dir/etc/apt/apt.conf.d/99lsce"
	printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
	chmod +x "$dir/usr/sbin/policy-rc.d"
	# security updates, where the suite has them
	cp "$dir/etc/apt/sources.list" "$dir/etc/apt/sources.list.main"
	echo "deb $archive-security $1-security main" >>"$dir/etc/apt/sources.list"
	chroot "$dir" apt-get update -qq >/dev/null 2>&1 || mv "$dir/etc/apt/sources.list.main" "$dir/etc/apt/sources.list"
	chroot "$dir" bash -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends make' >>"$dir.log" 2>&1 ||
		{ tail -n 5 "$dir.log"; return 1; }
	touch "$dir/.ready"
}

# Unmount what check_suite mounted in the chroot of the suite under way, also when
# it was interrupted; another run may be using other chroots.
suite=
release() {
	local mounted
	[ -n "$suite" ] || return 0
	for mounted in "$CHROOTS/$suite/proc" "$CHROOTS/$suite/dev/shm"; do
		if mountpoint -q "$mounted"; then umount "$mounted"; fi
	done
}
trap release EXIT
trap 'exit 130' INT TERM

# The newest server below the root directory $1: its major version
newest_server() {
	local server
	for server in "$1"/usr/lib/postgresql/*/bin/postgres; do
		if [ -x "$server" ]; then server=${server%/bin/postgres}; echo "${server##*/}"; fi
	done | sort -n | tail -n 1
}

# install_old DIR MAJOR: this machine's server beside the chroot's own, from this
# machine's suite, and lsce for it, built here; prints the files of lsce
install_old() {
	local dir=$1 major=$2 archive codename
	if [ ! -x "$dir/usr/lib/postgresql/$major/bin/postgres" ]; then
		archive=$(mirror) codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
		printf 'deb %s %s main\ndeb %s-security %s-security main\n' "$archive" "$codename" "$archive" "$codename" >"$dir/etc/apt/sources.list.d/old.list"
		printf 'Package: *\nPin: release n=%s*\nPin-Priority: 50\n' "$codename" >"$dir/etc/apt/preferences.d/old"
		mkdir -p "$dir/etc/postgresql-common/createcluster.d"
		echo 'create_main_cluster = false' >"$dir/etc/postgresql-common/createcluster.d/lsce.conf"
		chroot "$dir" bash -c "apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-$major" >>"$dir.log" 2>&1 ||
			{ tail -n 5 "$dir.log" >&2; return 1; }
	fi
	(
		. "$ROOT/scripts/cluster.sh"
		PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config
		pg_setup && work_new || exit 1
		work_trap
		tree_copy build && ext_build build && ext_install build && cp -a "$DEST/usr" "$dir/" && cd "$DEST" && find usr -type f
	)
}

# check_upgrade DIR: pg_upgrade from this machine's server to that of the chroot
check_upgrade() {
	local dir=$1 old new files status
	old=$(newest_server /) new=$(newest_server "$dir")
	if [ -z "$old" ] || [ "$old" -ge "$new" ]; then
		echo "pg_upgrade: skipped, from ${old:-none} to $new"
		return 0
	fi
	files=$(install_old "$dir" "$old") || return 1
	chroot "$dir" make -s -C /srv/lsce with_llvm=no PG_CONFIG="/usr/lib/postgresql/$new/bin/pg_config" install >/dev/null || return 1
	chroot "$dir" runuser -u postgres -- /srv/lsce/test/pg_upgrade.sh "/usr/lib/postgresql/$old/bin" "/usr/lib/postgresql/$new/bin"
	status=$?
	chroot "$dir" make -s -C /srv/lsce with_llvm=no PG_CONFIG="/usr/lib/postgresql/$new/bin/pg_config" uninstall >/dev/null
	(cd "$dir" && xargs -r rm -f <<<"$files")
	return $status
}

# check_suite SUITE: the checkout, copied into the chroot, through make check and pg_upgrade
check_suite() {
	local dir=$CHROOTS/$1 status
	make_chroot "$1" || return 1
	mkdir -p "$dir/dev/shm"
	mountpoint -q "$dir/proc" || mount -t proc proc "$dir/proc" || return 1
	mountpoint -q "$dir/dev/shm" || mount -t tmpfs tmpfs "$dir/dev/shm" || return 1
	rm -rf "$dir/srv/lsce" "$dir/srv/shared"
	mkdir -p "$dir/srv/lsce"
	tar -C "$ROOT" -cf - --exclude=./.git --exclude='*.o' --exclude='*.so' --exclude='*.bc' --exclude='*.d' . | tar -C "$dir/srv/lsce" -xf -
	if [ -d "${LSCE_SHARED:-$ROOT/../shared}/data" ]; then
		mkdir "$dir/srv/shared" && cp -a "${LSCE_SHARED:-$ROOT/../shared}/data" "$dir/srv/shared/"
	fi
	status=0
	if [[ " $STAGES " == *" check "* ]]; then
		env -u LSCE_SHARED -u PG_CONFIG chroot "$dir" make -s -C /srv/lsce check || status=1
	else
		chroot "$dir" make -s -C /srv/lsce deps || status=1
	fi
	if [ $status = 0 ] && [[ " $STAGES " == *" upgrade "* ]]; then
		check_upgrade "$dir" || status=1
	fi
	release
	return $status
}

passed=0 failed=0
for suite in ${*:-trixie forky}; do
	echo "=== $suite"
	if check_suite "$suite" | sed '/^[0-9]* passed, /s/^/check: /'; then
		passed=$((passed + 1))
	else
		echo "FAILED: $suite"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed != 0 ]
