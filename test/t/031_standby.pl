# A hot standby answers every question of a model as the primary does, refuses
# what writes with SQLSTATE 25006, and goes on as the primary when promoted.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use LsceCalls;
use LsceTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = new_node('primary', allows_streaming => 1, conf => "max_prepared_transactions = 5\n");
make_database($primary, 'sales');
$primary->safe_psql('sales', q{
	CREATE ROLE reps NOLOGIN;
	CALL lsce.create_model('crm');
	SET client_min_messages = warning;
	CALL lsce.load_demo('crm', accounts => 200);
	CALL lsce.grant_persona('crm', 'field_rep', 'reps');
	SELECT crm.merge_account(crm.account('npi', '2000000333'), (SELECT account_id FROM crm.account WHERE name = 'M. Chen'), 'one person');
	INSERT INTO crm.account_source_value (account_id, field, value, source, observed_at) VALUES (crm.account('npi', '2000000333'), 'account.name', 'Maya Chen', 'nppes', '2026-01-01');
	INSERT INTO crm.account_rating (account_id, scheme, value) SELECT account_id, 'beds', 250 FROM crm.hco ORDER BY account_id LIMIT 1;
	-- for find_duplicates()
	WITH twice AS (INSERT INTO crm.account (kind, name, country_code) VALUES ('hcp', 'Philippa Quill', 'US'), ('hcp', 'Philippa Quill', 'US') RETURNING account_id)
	INSERT INTO crm.hcp (account_id, given_name, family_name) SELECT account_id, 'Philippa', 'Quill' FROM twice;
});
$primary->command_ok([ 'psql', '-Xq', '-d', $primary->connstr('sales'), '-v', 'ON_ERROR_STOP=1', '-v', 'model=samples',
		'-f', "$FindBin::RealBin/../data/sample_fixture.sql" ], 'a model in which hand-overs pass');
$primary->safe_psql('sales', q{SET search_path = samples, lsce, public; SET lsce.login = 'rep'; CALL give('first', 'anna', 1, '2023-02-01')});

$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
sub replayed { $primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert')) }
replayed();
is($standby->safe_psql('sales', 'SELECT pg_is_in_recovery()'), 't', 'there is a standby');

# --- reading ---------------------------------------------------------------
my @calls = read_calls($primary, 'sales', 'crm');
my @wholes = (
	q{SELECT * FROM lsce.verify('crm');}, q{SELECT * FROM lsce.verify('samples');}, q{SELECT * FROM lsce.models();},
	map { "SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM crm.$_ AS t;" } split /\n/, $primary->safe_psql('sales',
		q{SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'crm'::regnamespace AND relkind IN ('r', 'v') ORDER BY relname}));
my %nothing = map { $_ => 1 } qw(check_changes fhir_healthcare_service_resource import_id import_unresolved);

sub same_answers
{
	my ($name, $settings, @statements) = @_;
	my $expected = answers($primary, 'sales', $settings, @statements);
	my $got = answers($standby, 'sales', $settings, @statements);
	my @different = grep { !defined $expected->{$_} || !defined $got->{$_} || $got->{$_} ne $expected->{$_} } @statements;

	is(scalar(@different), 0, "$name: the same answers to " . @statements . ' statements');
	diag("$_\nprimary: $expected->{$_}standby: $got->{$_}") for @different;
	return $expected;
}

my $login = "SET lsce.login = 'us.rep.1.0001'";
my $expected = same_answers('owner', $login, @calls, @wholes);
# that both know nothing would prove nothing
is(join(', ', grep { my ($function) = /FROM crm\.(\w+)\(/; $expected->{$_} =~ /\A\s*\z|ERROR/ && !$nothing{ $function // '' } } @calls, @wholes[ 0 .. 2 ]),
	'', 'and there are answers');
same_answers('without direct access', "$login; SET lsce.direct_access = off", @calls);
same_answers('repeatable read', "$login; SET default_transaction_isolation = 'repeatable read'", @calls);
my $rep = same_answers('representative', "$login; SET ROLE reps", @calls, @wholes[ 3 .. $#wholes ]);
cmp_ok(scalar(grep { $rep->{$_} !~ /ERROR/ } @calls), '>', 40, 'a representative may ask most of it');

# --- the outbox ------------------------------------------------------------
# an event is not read before those of transactions still running on the primary
my $events = q{SELECT coalesce(string_agg(topic, ',' ORDER BY xid, id), '') FROM samples.outbox_read(lim => 1000) WHERE topic LIKE 'test.%'};
$primary->safe_psql('sales', q{BEGIN; INSERT INTO samples.outbox (topic, entity_id) VALUES ('test.early', lsce.uuid_v7()); PREPARE TRANSACTION 'early'});
$primary->safe_psql('sales', q{INSERT INTO samples.outbox (topic, entity_id) VALUES ('test.late', lsce.uuid_v7())});
replayed();
is($standby->safe_psql('sales', $events), '', 'the standby waits for an earlier transaction');
$primary->safe_psql('sales', q{COMMIT PREPARED 'early'});
replayed();
is($standby->safe_psql('sales', $events), 'test.early,test.late', 'and then reads both in order');

# --- writing ---------------------------------------------------------------
# what the primary does (and takes back), the standby refuses as a read-only server
my %writes = (
	samples => {
		'disburse' => q{SELECT disburse(id('visit:anna1'), id('request:anna'), id('p10'), id('lot:p10'), 1, id('second'), '2023-02-02 12:00+00')},
		'disburse, refusals stored' => q{SELECT disburse(id('visit:anna1'), id('request:anna'), id('p10'), id('lot:p10'), 9, id('third'), '2023-02-02 12:00+00', on_deny => 'record_refusal')},
		'INSERT of a hand-over' => q{INSERT INTO disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
			VALUES (id('anna'), id('p10'), 1, id('visit:anna1'), id('request:anna'), id('lot:p10'), '2023-02-02 12:00+00')},
		'COPY' => qq{COPY code_value (code_set, code, lang, label) FROM STDIN;\nspecialty\tx\ten\tx\n\\.\n},
		'reverse_disbursement' => q{SELECT reverse_disbursement(id('first'), 'returned', 1)},
		'decide' => q{SELECT decide('sample_drop', id('anna'), id('p10'), 1)},
		'post_operation' => q{SELECT post_operation('receipt', jsonb_build_array(jsonb_build_object('batch_id', id('lot:p10'), 'quantity', 9)), to_location_id => id('bag'))},
		'record_consent' => q{SELECT record_consent(id('anna'), 'sample_receipt', NULL, 'withdraw', '2023-02-02 12:00+00')},
		'sign_request' => q{SELECT sign_request(id('anna'), id('visit:anna1'), 'drop', jsonb_build_array(jsonb_build_object('product_id', id('p10'), 'quantity', 1)),
			'{"printed_name": "Anna", "signed_at": "2023-01-15 08:00+00"}')},
		'end_date' => q{SELECT end_date('license', (SELECT license_id FROM license WHERE account_id = id('anna')), '2030-01-01')},
		'merge_account' => q{SELECT merge_account(id('anna'), id('ben'), 'one person')},
		'request_change' => q{SELECT request_change('license', (SELECT jsonb_build_object('license_id', license_id) FROM license WHERE account_id = id('anna')), '{"number": "B"}')},
		'INSERT into account_source_value' => q{INSERT INTO account_source_value (account_id, field, value, source, observed_at)
			VALUES (id('anna'), 'account.name', 'Anne', 'registry', '2023-02-01')},
		'UPDATE' => q{UPDATE license SET number = 'B'},
		'DELETE' => q{DELETE FROM limit_assignment},
	},
	crm => {
		'unmerge_account' => q{SELECT unmerge_account(merge_id) FROM account_merge},
		'queue_message' => q{SELECT queue_message(a.account_id, 'email') FROM account AS a, can_contact(a.account_id, 'email', 'marketing') AS c
			WHERE a.country_code = 'US' AND EXISTS (SELECT FROM contact_point AS p WHERE p.account_id = a.account_id AND p.kind = 'email') AND c.outcome = 'allow' LIMIT 1},
		'import_fhir' => q{SELECT lsce.import_fhir('crm', '{"resourceType": "Practitioner", "id": "example", "name": [{"family": "Careful", "given": ["Adam"]}]}', country_code => 'US')},
		'grant_persona' => q{CALL lsce.grant_persona('crm', 'manager', 'reps')},
	});
for my $schema (sort keys %writes)
{
	for my $what (sort keys %{ $writes{$schema} })
	{
		my $settings = "SET search_path = $schema, lsce, public; SET lsce.login = '" . ($schema eq 'crm' ? 'us.rep.1.0001' : 'rep') . "';";
		is(error_of($primary, 'sales', "$settings BEGIN; $writes{$schema}{$what}; ROLLBACK"), '', "$what: the primary can");
		is(error_of($standby, 'sales', "$settings $writes{$schema}{$what}"), '25006', "$what: the standby is read-only");
	}
}
# these take long on the primary, which need not do them here
for my $statement (q{SELECT crm.fit_match_weights()}, q{CALL lsce.rename_model('crm', 'crm_us')}, q{SELECT lsce.check_model('crm')}, q{CALL lsce.create_model('other', false)}, q{CALL lsce.upgrade_model('crm')}, q{CALL lsce.drop_model('crm', 'crm')})
{
	is(error_of($standby, 'sales', $statement), '25006', "$statement: the standby is read-only");
}

# --- taking over -----------------------------------------------------------
replayed();
$primary->stop('immediate');
$standby->promote;
my $give = q{SET search_path = samples, lsce, public; SET lsce.login = 'rep'; CALL give('%s', 'anna', 1, '2023-02-02')};
is(error_of($standby, 'sales', sprintf($give, 'second')), '', 'the promoted standby hands over what is left of a limit');
is(error_of($standby, 'sales', sprintf($give, 'third')), 'LS160', 'and no more');
is($standby->safe_psql('sales', q{SELECT count(*) FROM lsce.verify('samples') WHERE NOT ok}), '0', 'everything adds up');

$standby->stop;
done_testing();
