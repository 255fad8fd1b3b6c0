# Nodes with lsce for the TAP tests.
#
# scripts/check.sh runs every test/t/*.pl as an unprivileged user with
#   TEMP_CONFIG  settings that let a private server find the built extension;
#                PostgreSQL::Test::Cluster adds them to every node it makes
#   LSCE_ROOT    the built copy of the source tree
#   LSCE_SHARED  the shared data, if there is any
package LsceTest;

use strict;
use warnings;

use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(new_node make_database create_model error_of);

# new_node($name, %init): a running node with an UTF8 cluster. %init goes to
# PostgreSQL::Test::Cluster::init (allows_streaming and so on); "conf" is text
# for postgresql.conf. A node for streaming gets room for a model's locks and
# more than the tiny defaults of that module.
sub new_node
{
	my ($name, %init) = @_;
	my $conf = delete $init{conf} // '';
	my $node = PostgreSQL::Test::Cluster->new($name);

	$init{extra} = [ '--encoding=UTF8', '--locale=C.UTF-8', @{ $init{extra} // [] } ];
	$node->init(%init);
	$node->append_conf('postgresql.conf',
		"shared_buffers = 32MB\nmax_connections = 30\nmax_locks_per_transaction = 256\n$conf");
	$node->start;
	return $node;
}

# make_database($node, $name): a database with the extension and what it requires
sub make_database
{
	my ($node, $name) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8'");
	$node->safe_psql($name, 'CREATE EXTENSION lsce CASCADE');
	return;
}

# create_model($node, $database, $schema, $seed): a model owned by the superuser
sub create_model
{
	my ($node, $database, $schema, $seed) = @_;

	$node->safe_psql($database, sprintf(q{CALL lsce.create_model('%s', %s)},
			$schema, ($seed // 1) ? 'true' : 'false'));
	return;
}

# error_of($node, $database, $sql): the SQLSTATE of the first error of $sql, or
# '' when there was none
sub error_of
{
	my ($node, $database, $sql) = @_;
	my ($out, $err);

	$node->psql($database, "\\set VERBOSITY sqlstate\n$sql", stdout => \$out, stderr => \$err);
	return $err =~ /(?:ERROR|FATAL):\s+([0-9A-Z]{5})\b/ ? $1 : '';
}

1;
