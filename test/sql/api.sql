-- doc/api.sql is what the catalog says; scripts/api.sh writes it anew.
-- A difference reads: - what doc/api.sql says, + what there is
SET client_min_messages = warning;
CALL lsce.create_model('regress_api_model', seed => false);
\getenv srcdir PG_ABS_SRCDIR
\getenv builddir PG_ABS_BUILDDIR
\set generator :srcdir '/../scripts/api.sql'
\set generated :builddir '/results/api.sql'
\set model regress_api_model
\set ECHO none
\o :generated
\i :generator
\o
\set ECHO all
\! diff -u --label doc/api.sql --label catalog "$PG_ABS_SRCDIR/../doc/api.sql" "$PG_ABS_BUILDDIR/results/api.sql" && echo "the same"
-- both are no empty pages
\! grep -c "^CREATE TABLE crm\." "$PG_ABS_BUILDDIR/results/api.sql" | awk '{ print ($1 > 80 ? "has tables" : "lacks tables") }'
\! grep -cE "^CREATE FUNCTION (lsce|crm)\." "$PG_ABS_BUILDDIR/results/api.sql" | awk '{ print ($1 > 80 ? "has functions" : "lacks functions") }'
CALL lsce.drop_model('regress_api_model', confirm => 'regress_api_model');
