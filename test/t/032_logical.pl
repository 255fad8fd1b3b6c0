# Logical replication carries a model to another server: rows arrive as they
# are, are not judged, charged or numbered a second time, and add up there.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use LsceCalls;
use LsceTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $publisher = new_node('publisher', allows_streaming => 'logical');
my $subscriber = new_node('subscriber');
make_database($publisher, 'sales');
make_database($subscriber, 'sales');
$publisher->command_ok([ 'psql', '-Xq', '-d', $publisher->connstr('sales'), '-v', 'ON_ERROR_STOP=1', '-v', 'model=crm',
		'-f', "$FindBin::RealBin/../data/sample_fixture.sql" ], 'a model in which hand-overs pass');
my $as_rep = q{SET search_path = crm, lsce, public; SET lsce.login = 'rep';};
$publisher->safe_psql('sales', "$as_rep CALL give('before', 'anna', 1, '2023-02-01')");

# --- the subscriber's model: made there, without rows ------------------------
# what create_model() writes even without seed comes from the publisher
$subscriber->safe_psql('sales', q{
	CALL lsce.create_model('crm', false);
	DELETE FROM crm.model_version; DELETE FROM crm.model_secret; DELETE FROM crm.merge_policy;
});
# ... and one whose objects were restored from a dump of the publisher
$subscriber->safe_psql('postgres', q{CREATE DATABASE restored TEMPLATE template0 ENCODING 'UTF8'});
$publisher->command_ok([ 'bash', '-c', 'pg_dump -s -d "$0" | psql -Xq -v ON_ERROR_STOP=1 -d "$1"',
		$publisher->connstr('sales'), $subscriber->connstr('restored') ], 'a model restored without rows');
my @subscribers = ('sales', 'restored');

my $tables = q{SELECT relname FROM pg_class WHERE relnamespace = 'crm'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname};
is($publisher->safe_psql('sales', q{SELECT string_agg(c.relname, ', ') FROM pg_class AS c
		WHERE c.relnamespace = 'crm'::regnamespace AND c.relkind = 'r'
		AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary)
		AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgfoid = 'lsce.append_only()'::regprocedure)}),
	'', 'what is not append-only has a key by which UPDATE and DELETE are replicated');
$publisher->safe_psql('sales', 'CREATE PUBLICATION crm FOR TABLES IN SCHEMA crm');
my $connection = $publisher->connstr('sales') =~ s/'/''/gr;
$subscriber->safe_psql($_, "CREATE SUBSCRIPTION $_ CONNECTION '$connection' PUBLICATION crm") for @subscribers;

# whether all that was committed so far is on the other side
sub arrived
{
	my $done = 1;

	for my $database (@subscribers)
	{
		$publisher->wait_for_catchup($database);
		$done &&= $subscriber->poll_query_until($database, q{SELECT count(*) = 0 FROM pg_subscription_rel WHERE srsubstate NOT IN ('r', 's')});
	}
	return $done;
}

# the rows of every table, as digests
sub same_rows
{
	my ($name) = @_;
	my @digests = map { "SELECT count(*), md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM crm.$_ AS t;" } split /\n/, $publisher->safe_psql('sales', $tables);
	my $expected = answers($publisher, 'sales', '', @digests);
	my $verify = q{SELECT * FROM lsce.verify('crm')};
	my $verified = $publisher->safe_psql('sales', $verify);

	for my $database (@subscribers)
	{
		my $got = answers($subscriber, $database, '', @digests);
		my @different = grep { $got->{$_} ne $expected->{$_} } @digests;

		is(scalar(@different), 0, "$name, $database: " . @digests . ' tables have the same rows');
		diag("$_\npublisher: $expected->{$_}subscriber: $got->{$_}") for @different;
		is($subscriber->safe_psql($database, $verify), $verified, "$name, $database: verify says the same");
	}
	return;
}

ok(arrived(), 'the rows that were there are copied');
same_rows('copied');
is($subscriber->safe_psql($_, q{SELECT sum(used) FROM crm.limit_counter}), '1', "$_: nothing was charged twice") for @subscribers;

# --- changes -------------------------------------------------------------------
$publisher->safe_psql('sales', "$as_rep CALL give('ben', 'ben', 2, '2023-02-01')");
is(error_of($publisher, 'sales', "$as_rep CALL give('too much', 'ben', 1, '2023-02-02')"), 'LS160', 'the publisher judges');
$publisher->safe_psql('sales', q{
	SET search_path = crm, lsce, public; SET lsce.login = 'rep';
	SELECT reverse_disbursement(id('before'), 'returned', 1);
	CALL give('again', 'anna', 2, '2023-02-03');
	SELECT decide('sample_drop', id('anna'), id('p10'), 5);
	SELECT record_consent(id('anna'), 'sample_receipt', NULL, 'withdraw', '2023-03-01 12:00+00');
	UPDATE account SET name = 'Anna B.' WHERE account_id = id('anna');
	UPDATE license SET verified_on = '2023-02-01' WHERE account_id = id('ben');
	DELETE FROM account_territory WHERE account_id = id('ben');
	SELECT post_operation('receipt', jsonb_build_array(jsonb_build_object('batch_id', id('lot:p10'), 'quantity', 9)), to_location_id => id('bag'));
});
$publisher->safe_psql('sales', q{
	SET search_path = crm, lsce, public;
	INSERT INTO account (account_id, kind, name, country_code) VALUES (id('annie'), 'hcp', 'Annie', 'XA');
	SELECT merge_account(id('anna'), id('annie'), 'one person');
});
ok(arrived(), 'changes are applied');
same_rows('changed');
is($subscriber->safe_psql('sales', q{SELECT count(*) FROM pg_stat_subscription_stats WHERE apply_error_count + sync_error_count > 0}), '0', 'without a conflict');
unlike(slurp_file($subscriber->logfile), qr/ERROR:(?!.*(?:terminating|canceling))/, 'or any other error');

# --- the subscriber takes over ---------------------------------------------------
$subscriber->safe_psql($_, "DROP SUBSCRIPTION $_") for @subscribers;
is($subscriber->safe_psql($_, q{SELECT string_agg(subject, ', ') FROM lsce.check_model('crm') WHERE NOT ok AND check_code <> 'owner'}), '', "$_: the model is as the code makes it") for @subscribers;
my $there = "$as_rep SELECT disburse(id('visit:anna2'), id('request:anna'), id('p10'), id('lot:p10'), 1, id('there'), '2023-03-04 12:00+00')";
is(error_of($subscriber, 'restored', $there), 'LS201', 'from now on it judges: consent was withdrawn');
$subscriber->safe_psql('restored', qq{$as_rep SELECT record_consent(id('anna'), 'sample_receipt', NULL, 'opt_in', '2023-03-02 12:00+00',
	proof => '{"text_version": "v1", "method": "paper_signature"}')});
is(error_of($subscriber, 'restored', $there), 'LS160', 'the limit is used up');
$subscriber->safe_psql('restored', "$as_rep SELECT reverse_disbursement(id('again'), 'returned', 1)");
is(error_of($subscriber, 'restored', $there), '', 'and hands over when nothing is in the way');
is($subscriber->safe_psql('restored', q{SELECT string_agg(check_code, ', ') FROM lsce.verify('crm') WHERE NOT ok}), '', 'everything adds up');

$publisher->stop;
$subscriber->stop;
done_testing();
