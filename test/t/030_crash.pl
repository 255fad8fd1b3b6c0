# The server dies in the middle of a stream of hand-overs: what was answered is
# there after recovery, nothing is there by half, and everything adds up.
use strict;
use warnings;

use FindBin;
use IPC::Run;
use lib $FindBin::RealBin;
use LsceTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

# fsync on, as in production; the log of the server is checked at the end
my $node = new_node('crash', conf => "fsync = on\nfull_page_writes = on\nwal_level = replica\nrestart_after_crash = on\nmax_prepared_transactions = 5\ncheckpoint_timeout = 30s\n");
make_database($node, 'sales');
$node->command_ok([ 'psql', '-Xq', '-d', $node->connstr('sales'), '-v', 'ON_ERROR_STOP=1', '-v', 'model=crm',
		'-f', "$FindBin::RealBin/../data/sample_fixture.sql" ], 'a model in which hand-overs pass');
$node->safe_psql('sales', q{
	SET search_path = crm, lsce, public, pg_catalog;
	UPDATE limit_rule SET quota = 100000, period = 'lifetime', pool = 'brand';
	SELECT post_operation('receipt', jsonb_build_array(jsonb_build_object('batch_id', public.id('lot:p10'), 'quantity', 50000),
		jsonb_build_object('batch_id', public.id('lot:p20'), 'quantity', 50000)), to_location_id => public.id('bag'));
	UPDATE sample_request_line SET requested = 100000;
	CREATE EXTENSION amcheck;
});

# one to three units of two products for anna or ben, now and then a return; what
# the server acknowledged is printed after its COMMIT, by a process of its own
# because psql keeps its output in a buffer
my $dir = PostgreSQL::Test::Utils::tempdir();
my $client = q{
for n in $(seq 1 100000); do
	echo "BEGIN;
	INSERT INTO crm.disbursement (disbursement_id, account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	SELECT public.id('$0 $n ' || p.code), public.id('$1'), public.id(p.code), $(( n % 3 + 1 )), public.id('visit:$11'), public.id('request:$1'),
		public.id('lot:' || p.code), '2023-02-01 12:00+00' FROM unnest('{p10,p20}'::text[]) AS p (code);
	$( [ $(( n % 5 )) != 0 ] || echo "SELECT crm.reverse_disbursement(public.id('$0 $n p10'), 'returned', 1);" )
	COMMIT;
	\\! echo acknowledged $0 $n" || exit
done | psql -XAtq -v ON_ERROR_STOP=1 -d "$2"
};
my @clients;

sub start_clients
{
	my ($round) = @_;
	local $ENV{PGOPTIONS} = '-c lsce.login=rep';

	for my $number (1 .. 4)
	{
		push @clients, { file => "$dir/$round.$number", handle => IPC::Run::start([ 'bash', '-c', $client, "$round.$number", $number % 2 ? 'anna' : 'ben', $node->connstr('sales') ],
				'<', \undef, '>', "$dir/$round.$number", '2>', "$dir/$round.$number.err") };
	}
	# until every client has got somewhere
	for my $client (@clients)
	{
		for (1 .. 1800)
		{
			last if -s $client->{file};
			usleep(100_000);
		}
	}
	usleep(300_000);
	return;
}

# the names of the hand-overs that were acknowledged
sub end_clients
{
	my @names;

	for my $client (splice @clients)
	{
		$client->{handle}->finish;
		push @names, map { /^acknowledged (\S+ \d+)$/ ? $1 : () } split /\n/, slurp_file($client->{file});
	}
	return @names;
}

# every postmaster's child must be gone before its lock file may be taken away
sub start_after_kill
{
	my $data = $node->data_dir;

	for (1 .. 600)
	{
		last unless grep { (readlink("$_/cwd") // '') eq $data } glob('/proc/[0-9]*');
		usleep(100_000);
	}
	# killed processes may stay as zombies, which the next start takes for a live server
	unlink "$data/postmaster.pid", glob($node->host . '/.s.PGSQL.' . $node->port . '*');
	$node->start;
	return;
}

# A psql that is refused leaves before it reads, which IPC::Run takes for an error
# of its own: poll_query_until() does not outlast a recovery.
sub wait_until_ready
{
	for (1 .. 1800)
	{
		return if run_log([ 'pg_isready', '-q', '-h', $node->host, '-p', $node->port ]);
		usleep(100_000);
	}
	die 'the server does not recover';
}

sub check_all
{
	my ($name, @acknowledged) = @_;
	my $list = join ',', map { "'$_'" } @acknowledged;

	cmp_ok(scalar(@acknowledged), '>', 0, "$name: " . 'hand-overs were acknowledged');
	is($node->safe_psql('sales', qq{SELECT count(*) FROM unnest(ARRAY[$list]) AS n, unnest('{p10,p20}'::text[]) AS p
		WHERE NOT EXISTS (SELECT FROM crm.disbursement WHERE disbursement_id = public.id(n || ' ' || p))}),
		'0', "$name: every one of them is there");
	is($node->safe_psql('sales', q{SELECT count(*) FROM (SELECT FROM crm.disbursement
		WHERE disbursement_id NOT IN (public.id('kept'), public.id('one')) GROUP BY xmin::text HAVING count(*) <> 2) AS half}), '0', "$name: none is there by half");
	is($node->safe_psql('sales', q{SELECT string_agg(check_code, ', ') FROM lsce.verify('crm') WHERE NOT ok}), '', "$name: everything adds up");
	is($node->safe_psql('sales', q{
		SELECT (SELECT sum(used) FROM crm.limit_counter) = (SELECT sum(quantity) FROM crm.limit_use),
			(SELECT sum(used) FROM crm.limit_counter) = (SELECT sum(quantity) FROM crm.disbursement) - (SELECT coalesce(sum(quantity), 0) FROM crm.disbursement_reversal),
			(SELECT sum(quantity) FROM crm.inventory_entry),
			(SELECT count(*) FROM crm.disbursement AS f LEFT JOIN crm.decision AS d ON d.decision_id = f.decision_id AND d.fact_id = f.disbursement_id AND d.admission = 'permit' WHERE d.decision_id IS NULL)}),
		't|t|0|0', "$name: counters, ledger and permits by themselves");
	return;
}

# --- a backend is killed: the others are thrown out, the server recovers -------
start_clients(1);
my $victim = $node->safe_psql('sales', q{SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%INSERT INTO crm.disbursement%' AND pid <> pg_backend_pid() LIMIT 1})
	|| $node->safe_psql('sales', q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1});
kill 'KILL', $victim;
my @acknowledged = end_clients();
wait_until_ready();
check_all('backend killed', @acknowledged);

# --- the postmaster is killed, and a prepared transaction waits ----------------
my $prepared = q{SET search_path = crm, lsce, public; SET lsce.login = 'rep'; BEGIN; CALL give('%1$s', 'anna', 1, '2023-02-01'); PREPARE TRANSACTION '%1$s'};
$node->safe_psql('sales', sprintf $prepared, 'kept');
$node->safe_psql('sales', q{COMMIT PREPARED 'kept'});
start_clients(2);
$node->safe_psql('sales', 'CHECKPOINT');
usleep(300_000);
$node->kill9;
push @acknowledged, end_clients();
start_after_kill();
check_all('postmaster killed', @acknowledged);

# --- stopped without a checkpoint, between preparing and committing ------------
start_clients(3);
$node->stop('immediate');
push @acknowledged, end_clients();
$node->start;
$node->safe_psql('sales', sprintf $prepared, 'one');
$node->stop('immediate');
$node->start;
is($node->safe_psql('sales', 'SELECT gid FROM pg_prepared_xacts'), 'one', 'the prepared transaction is still there');
$node->safe_psql('sales', q{COMMIT PREPARED 'one'});
is($node->safe_psql('sales', q{SELECT count(*) FROM crm.disbursement WHERE disbursement_id = public.id('one')}), '1', 'and is committed');
check_all('stopped', @acknowledged);

# --- what lies on disk ---------------------------------------------------------
$node->command_ok([ 'pg_amcheck', '--heapallindexed', '--parent-check', '-s', 'crm', $node->connstr('sales') ], 'heaps and indexes agree');
is(error_of($node, 'sales', q{SET search_path = crm, lsce, public; SET lsce.login = 'rep'; CALL give('last', 'ben', 1, '2023-02-01')}), '', 'and it goes on');
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|terminated by signal (?!9)/, 'nothing else went wrong');

$node->stop;
done_testing();
