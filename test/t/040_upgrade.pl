# A database made by an earlier version of the extension, brought to this one:
# its model goes on working with the newer library, and after upgrade_model()
# nothing tells it from one that this version made.
#
# The earlier version is made here, out of the same modules: it lacks objects of
# schema lsce and of the model, and has others in an older shape.  The version of
# the model is one higher in the newer.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use LsceTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $dir = PostgreSQL::Test::Utils::tempdir();
my ($version) = slurp_file("$ENV{LSCE_ROOT}/lsce.control") =~ /^default_version\s*=\s*'(.*)'/m;
my $inventory = slurp_file("$ENV{LSCE_ROOT}/test/inventory.sql");

sub edit
{
	my ($file, $from, $to) = @_;
	my $text = slurp_file($file);

	$text =~ s/$from/$to/ or die "$file: no $from\n";
	unlink $file;
	append_to_file($file, $text);
	return;
}

# one definition of an extension's module, with its comment
sub definition
{
	my ($module, $function) = @_;

	slurp_file("$ENV{LSCE_ROOT}/sql/extension/$module.sql") =~ /^(CREATE FUNCTION lsce\.\Q$function\E\(.*?^COMMENT ON FUNCTION .*?;\n)/ms
		or die "$module.sql: no $function\n";
	return $1;
}

# --- the scripts of both versions, in an installation of their own ------------
my $conf = slurp_file($ENV{TEMP_CONFIG});
my ($installed) = $conf =~ m{^extension\w+ = '(.*?)(?:/usr/share/[^']*)?'}m;
system_or_bail('cp', '-r', $installed, "$dir/inst");
$conf =~ s/\Q$installed\E/$dir\/inst/g;
my $scripts = dirname_of("$dir/inst", 'lsce.control');

sub dirname_of
{
	my ($below, $file) = @_;
	my ($found) = split /\n/, `find '$below' -name '$file' -printf '%h\\n'`;

	return $found // die "no $file below $below\n";
}

system_or_bail('bash', '-c', "mkdir $dir/tree && cd '$ENV{LSCE_ROOT}' && cp -r Makefile lsce.control sql test src $dir/tree/ && find $dir/tree -name '*.[od]' -delete");
mkdir "$dir/tree/sql/upgrade";
my ($model_version) = definition('model', '_model_version') =~ /^RETURN (\d+);/m;
my $next_version = $model_version + 1;
append_to_file("$dir/tree/sql/upgrade/lsce--0.0.1--$version.sql",
	definition('identity', 'license_hint') . "CREATE OR REPLACE FUNCTION lsce._model_version() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN $next_version;\n"
	. q{COMMENT ON FUNCTION lsce.uuid_v7() IS } . (slurp_file("$ENV{LSCE_ROOT}/sql/extension/uuid.sql") =~ /^COMMENT ON FUNCTION lsce\.uuid_v7\(\) IS (.*?;\n)/m)[0]);
my @make = ('make', '-s', '-C', "$dir/tree", 'with_llvm=no', "PG_CONFIG=$ENV{PG_CONFIG}");
edit("$dir/tree/sql/extension/model.sql", qr/^RETURN $model_version;/m, "RETURN $next_version;");
system_or_bail(@make, "lsce--$version.sql", "lsce--0.0.1--$version.sql");

edit("$dir/tree/lsce.control", qr/^default_version.*$/m, "default_version = '0.0.1'");
edit("$dir/tree/sql/extension/model.sql", qr/^RETURN $next_version;/m, "RETURN $model_version;");
append_to_file("$dir/tree/sql/extension/older.sql", q{
DROP FUNCTION lsce.license_hint(text, text);
COMMENT ON FUNCTION lsce.uuid_v7() IS 'an earlier comment';
});
append_to_file("$dir/tree/sql/model/older.sql", q{
-- what came later
DROP TABLE currency_rate;
ALTER TABLE account_rating DROP COLUMN method;
ALTER TABLE account_rating_h DROP COLUMN method;
ALTER TABLE affiliation DROP CONSTRAINT affiliation_not_self;
DROP INDEX affiliation_to_idx;
DROP TRIGGER history_keep ON account_rating;
DROP POLICY own_view ON account_rating;
DROP FUNCTION launch_readiness(uuid, uuid, date);
-- what looked different
ALTER TABLE affiliation DROP CONSTRAINT affiliation_strength, ADD CONSTRAINT affiliation_strength CHECK (strength BETWEEN 0 AND 2);
DROP INDEX outbox_xid_idx;
CREATE INDEX outbox_xid_idx ON outbox (xid);
DROP TRIGGER no_truncate ON visit;
CREATE TRIGGER no_truncate AFTER TRUNCATE ON visit FOR EACH STATEMENT EXECUTE FUNCTION lsce.no_truncate();
DROP POLICY own_view ON visit;
CREATE POLICY own_view ON visit FOR SELECT USING (owner_id = acting_user());
ALTER TABLE discrepancy DISABLE ROW LEVEL SECURITY;
COMMENT ON TABLE visit IS 'an earlier comment';
CREATE OR REPLACE FUNCTION product(code text) RETURNS uuid LANGUAGE sql STABLE RETURN (SELECT p.product_id FROM product AS p WHERE p.code = product.code);
-- a view and a function with other columns cannot be replaced
DROP VIEW v_request_fulfilment;
CREATE VIEW v_request_fulfilment WITH (security_invoker = true) AS SELECT r.account_id, r.request_id FROM sample_request AS r;
DROP FUNCTION sample_headroom(uuid, uuid, date, uuid);
CREATE FUNCTION sample_headroom(account_id uuid, product_id uuid, at date DEFAULT NULL, user_id uuid DEFAULT NULL)
RETURNS TABLE (rule_id uuid, remaining numeric) LANGUAGE sql STABLE
RETURN (SELECT (h.rule_id, h.remaining) FROM lsce.sample_headroom(@model_literal@::regnamespace, account_id, product_id, at, user_id) AS h LIMIT 1);
});
edit("$dir/tree/sql/MANIFEST", qr{^model/core}m, "extension/older.sql\nmodel/core");
edit("$dir/tree/sql/MANIFEST", qr{^seed/places}m, "model/older.sql\nseed/places");
system_or_bail(@make, 'lsce--0.0.1.sql');
system_or_bail('cp', map({ "$dir/tree/lsce--$_.sql" } '0.0.1', "0.0.1--$version", $version), $scripts);
edit("$scripts/lsce.control", qr/^default_version.*$/m, "default_version = '0.0.1'");

# --- a model of the earlier version -------------------------------------------
my $node = new_node('upgrade', conf => $conf);
my $fixture = "$FindBin::RealBin/../data/sample_fixture.sql";
$node->safe_psql('postgres', q{CREATE ROLE reps NOLOGIN; CREATE DATABASE old TEMPLATE template0 ENCODING 'UTF8'});
$node->safe_psql('old', 'CREATE EXTENSION lsce CASCADE');
$node->command_ok([ 'psql', '-Xq', '-d', $node->connstr('old'), '-v', 'ON_ERROR_STOP=1', '-v', 'model=crm', '-f', $fixture ], 'a model of an earlier version');
is($node->safe_psql('old', 'SELECT version, extension_version FROM lsce.models()'), "$model_version|0.0.1", 'says which');
my $as_rep = q{SET search_path = crm, lsce, public; SET lsce.login = 'rep';};
my $give = "$as_rep CALL give('%s', 'anna', 1, '2023-02-0%d')";
$node->safe_psql('old', sprintf $give, 'first', 1);
$node->safe_psql('old', q{CALL lsce.grant_persona('crm', 'field_rep', 'reps')});

# --- the newer version ----------------------------------------------------------
edit("$scripts/lsce.control", qr/^default_version.*$/m, "default_version = '$version'");
is(error_of($node, 'old', 'ALTER EXTENSION lsce UPDATE'), '', 'the extension is updated');
is($node->safe_psql('old', q{SELECT extversion FROM pg_extension WHERE extname = 'lsce'}), $version, 'to this version');
is($node->safe_psql('old', q{SELECT lsce.license_hint('US-PA', 'MD12345') IS NOT NULL}), 't', 'and has what it lacked');

# the model is still the earlier one, and works
is(error_of($node, 'old', sprintf $give, 'second', 2), '', 'the model of the earlier version goes on');
is(error_of($node, 'old', sprintf $give, 'third', 3), 'LS160', 'and judges');
is($node->safe_psql('old', q{SELECT string_agg(check_code, ', ') FROM lsce.verify('crm') WHERE NOT ok}), '', 'everything adds up');
is($node->safe_psql('old', q{SELECT detail FROM lsce.check_model('crm') WHERE check_code = 'version'}),
	"the model has version $model_version, the code $next_version; CALL lsce.upgrade_model('crm');", 'check_model says what to do');
cmp_ok($node->safe_psql('old', q{SELECT count(*) FROM lsce.check_model('crm') WHERE check_code = 'objects' AND NOT ok}), '>=', 16, 'and what differs');

sub inventory
{
	my ($database, $schema) = @_;
	my @lines = split /\n/, $node->safe_psql($database, "SET search_path = pg_catalog; SET inventory.schema = '$schema'; SET jit = off; $inventory");

	return join("\n", grep { !/^rows of / } @lines), join("\n", grep { /^rows of (?!model_version|currency_rate|account_rating)/ } @lines);
}

my (undef, $rows) = inventory('old', 'crm');
is(error_of($node, 'old', q{CALL lsce.upgrade_model('crm')}), '', 'the model is upgraded');
is($node->safe_psql('old', 'SELECT version, extension_version FROM lsce.models()'), "$next_version|$version", 'says so');
is($node->safe_psql('old', q{SELECT string_agg(check_code || ' ' || subject || ' ' || detail, ', ') FROM lsce.check_model('crm') WHERE NOT ok AND check_code <> 'owner'}), '', 'is as the code makes it');

# --- against one that is made now -------------------------------------------------
make_database($node, 'fresh');
$node->command_ok([ 'psql', '-Xq', '-d', $node->connstr('fresh'), '-v', 'ON_ERROR_STOP=1', '-v', 'model=crm', '-f', $fixture ], 'a model of this version');
$node->safe_psql('fresh', q{CALL lsce.grant_persona('crm', 'field_rep', 'reps')});
my $members = q{SELECT pg_describe_object(classid, objid, objsubid) FROM pg_depend
	WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'lsce') AND deptype = 'e' ORDER BY 1};
is($node->safe_psql('old', $members), $node->safe_psql('fresh', $members), 'the extension has the same members');
for my $schema ('lsce', 'crm')
{
	my ($upgraded, $kept) = inventory('old', $schema);
	my ($fresh) = inventory('fresh', $schema);
	my %upgraded = map { $_ => 1 } split /\n/, $upgraded;
	my %fresh = map { $_ => 1 } split /\n/, $fresh;
	my @lost = grep { !$upgraded{$_} } sort keys %fresh;
	my @new = grep { !$fresh{$_} } sort keys %upgraded;

	cmp_ok(scalar(keys %fresh), '>', 400, "schema $schema is compared");
	is(@lost + @new, 0, "schema $schema is the same as a fresh one");
	diag(map { "lost: $_\n" } @lost);
	diag(map { "new: $_\n" } @new);
	is($kept, $rows, 'rows stay as they were') if $schema eq 'crm';
}
is(error_of($node, 'old', "$as_rep SELECT reverse_disbursement(id('second'), 'returned', 1)"), '', 'hand-overs of before are taken back');
is(error_of($node, 'old', sprintf $give, 'fourth', 4), '', 'and made anew');
is($node->safe_psql('old', q{SELECT string_agg(check_code, ', ') FROM lsce.verify('crm') WHERE NOT ok}), '', 'everything adds up');

$node->stop;
done_testing();
