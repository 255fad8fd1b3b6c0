#!/bin/bash
# Write doc/api.sql: every public signature, table and view, as the catalog of a
# fresh database with lsce and a model has them. See scripts/api.sql.
#
# usage: scripts/api.sh
#
# Builds and runs on a private cluster; nothing stays behind but doc/api.sql.
# Environment: PG_CONFIG, LSCE_KEEP as for scripts/check.sh.

set -uo pipefail
# shellcheck source=scripts/cluster.sh
. "$(dirname "$0")/cluster.sh"

work_trap
"$ROOT/scripts/deps.sh" build || exit 1
pg_setup || exit 1
work_new || exit 1
tree_copy build && ext_build build && ext_install build && cluster_up || exit 1

as_server psql -Xq -d postgres -v ON_ERROR_STOP=1 <<-'SQL' || exit 1
	CREATE DATABASE lsce_api TEMPLATE template0 ENCODING 'UTF8';
	\c lsce_api
	SET client_min_messages = warning;
	CREATE EXTENSION lsce CASCADE;
	CALL lsce.create_model('lsce_api_model', seed => false);
SQL
as_server psql -Xq -d lsce_api -v ON_ERROR_STOP=1 -v model=lsce_api_model -f "$WORK/build/scripts/api.sql" >"$WORK/api.sql" || exit 1
cat "$WORK/api.sql" >"$ROOT/doc/api.sql"
