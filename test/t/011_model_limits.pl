# What a database and a server must have for a model: encoding UTF8 and a lock
# table with room.  What is missing is named, and nothing is left behind.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use LsceTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('limits');

for my $encoding ('LATIN1', 'SQL_ASCII')
{
	my $database = lc $encoding;

	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0 ENCODING '$encoding' LC_COLLATE 'C' LC_CTYPE 'C'");
	$node->safe_psql($database, 'CREATE EXTENSION lsce CASCADE');
	my ($out, $err);
	isnt($node->psql($database, q{CALL lsce.create_model()}, stdout => \$out, stderr => \$err), 0, "$encoding: no model");
	like($err, qr/a model needs a database with encoding UTF8, not $encoding/, "$encoding: the error says why");
	is(error_of($node, $database, 'CALL lsce.create_model()'), '0A000', "$encoding: SQLSTATE");
	is($node->safe_psql($database, q{SELECT count(*) FROM pg_namespace WHERE nspname = 'crm'}), '0', "$encoding: nothing is left behind");
}

# a lock table of the least size: the HINT names a setting with which it works
make_database($node, 'small');
$node->append_conf('postgresql.conf', "max_locks_per_transaction = 10\nmax_connections = 20\n");
$node->restart;
my ($out, $err);
$node->psql('small', q{CALL lsce.create_model()}, stdout => \$out, stderr => \$err);
like($err, qr/creating a model needs \d+ entries of the lock table/, 'a small lock table is found before it overflows');
like($err, qr/HINT:  Set max_locks_per_transaction to (\d+) or more/, 'and the HINT names the setting');
my ($locks) = $err =~ /max_locks_per_transaction to (\d+)/;
is($node->safe_psql('small', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'crm'}), '0', 'nothing is left behind');
$node->append_conf('postgresql.conf', "max_locks_per_transaction = $locks\n");
$node->restart;
is(error_of($node, 'small', q{CALL lsce.create_model()}), '', 'with that setting it works');
$node->psql('small', q{CALL lsce.drop_model('crm', 'crm')}, stdout => \$out, stderr => \$err);
if ($err =~ /dropping a model needs .*max_locks_per_transaction to (\d+)/s)
{
	$node->append_conf('postgresql.conf', "max_locks_per_transaction = $1\n");
	$node->restart;
	$node->safe_psql('small', q{CALL lsce.drop_model('crm', 'crm')});
}
is($node->safe_psql('small', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'crm'}), '0', 'dropping works or names a setting with which it does');

# a member of the owner's role may create a model after SET ROLE, and no other way
$node->safe_psql('small', q{CREATE ROLE model_owner NOLOGIN; CREATE ROLE dba LOGIN; GRANT model_owner TO dba; GRANT CREATE ON DATABASE small TO model_owner});
is(error_of($node, 'small', q{SET SESSION AUTHORIZATION dba; SET ROLE model_owner; CALL lsce.create_model('by_owner', false)}), '', 'the owner needs no superuser');
is($node->safe_psql('small', q{SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'by_owner'::regnamespace}), 'model_owner', 'and owns everything');

# reading works on a standby and in a read-only transaction; check_model says what it needs
is(error_of($node, 'small', q{SET default_transaction_read_only = on; SELECT * FROM lsce.verify('by_owner')}), '', 'verify only reads');
is(error_of($node, 'small', q{SET default_transaction_read_only = on; SELECT * FROM lsce.check_model('by_owner')}), '25006', 'check_model builds its reference');

$node->stop;
done_testing();
