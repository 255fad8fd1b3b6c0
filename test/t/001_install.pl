# Who may install lsce, and that a dump of a database with it can be restored.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use LsceTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('install');

# not trusted: the owner of a database can not install it, a superuser can
$node->safe_psql('postgres',
	q{CREATE ROLE market LOGIN; CREATE DATABASE market OWNER market TEMPLATE template0 ENCODING 'UTF8'});
$node->safe_psql('market', 'CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm');
is(error_of($node, 'market', 'SET ROLE market; CREATE EXTENSION lsce'),
	'42501', 'the owner of a database may not create the extension');
is($node->safe_psql('market', q{SELECT count(*) FROM pg_extension WHERE extname = 'lsce'}),
	'0', 'and nothing is left of the attempt');
is(error_of($node, 'market', 'CREATE EXTENSION lsce'), '', 'a superuser may');

# what it requires comes along only when asked for
$node->safe_psql('postgres', 'CREATE DATABASE bare TEMPLATE template0');
is(error_of($node, 'bare', 'CREATE EXTENSION lsce'),
	'42704', 'btree_gist is required');
is(error_of($node, 'bare', 'CREATE EXTENSION lsce CASCADE'), '', 'CASCADE brings it');

# the schema of an earlier installation, which DROP EXTENSION leaves, is used again
$node->safe_psql('postgres', 'CREATE DATABASE squat');
$node->safe_psql('squat', q{CREATE ROLE squatter; CREATE SCHEMA lsce AUTHORIZATION squatter});
is(error_of($node, 'squat', 'CREATE EXTENSION lsce CASCADE'),
	'', 'the schema may exist');
is($node->safe_psql('squat',
		q{SELECT count(*) FROM pg_depend WHERE classid = 'pg_namespace'::regclass
		  AND objid = 'lsce'::regnamespace AND deptype = 'e'}),
	'0', 'but does not become a member');

# dump and restore
my $dump = $node->basedir . '/market.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'market' ], 'pg_dump');
$node->safe_psql('postgres', q{CREATE DATABASE copy TEMPLATE template0 ENCODING 'UTF8'});
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'copy', $dump ], 'pg_restore');
my $versions = q{SELECT string_agg(extname || ' ' || extversion, ',' ORDER BY extname) FROM pg_extension};
is($node->safe_psql('copy', $versions), $node->safe_psql('market', $versions),
	'the copy has the same extensions');

# the script is no psql script
my $script = glob($ENV{LSCE_ROOT} . '/lsce--*.sql');
my ($out, $err);
$node->psql('bare', "\\i $script", stdout => \$out, stderr => \$err);
like($out, qr/Use "CREATE EXTENSION lsce" to load this file\./,
	'the install script refuses to run in psql');

done_testing();
