# A model is ordinary: a dump restored elsewhere with the usual tools gives the
# same model, rows, rights, user columns and disabled triggers included, and
# its rows are neither judged nor counted a second time.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use LsceTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('dump');
my $inventory = slurp_file("$ENV{LSCE_ROOT}/test/inventory.sql");
my $dir = PostgreSQL::Test::Utils::tempdir();

sub inventory
{
	my ($database, $schema) = @_;
	return $node->safe_psql($database, "SET search_path = pg_catalog; SET inventory.schema = '$schema'; SET jit = off; $inventory");
}

# the lines that only one side has, for the log of a failure
sub same_inventory
{
	my ($got, $expected, $name) = @_;
	my %got = map { $_ => 1 } split /\n/, $got;
	my %expected = map { $_ => 1 } split /\n/, $expected;

	ok($got eq $expected, $name) and return;
	diag("lost: $_") for grep { !$got{$_} } sort keys %expected;
	diag("new: $_") for grep { !$expected{$_} } sort keys %got;
	return;
}

make_database($node, 'source');
$node->safe_psql('postgres', q{
	CREATE ROLE model_owner NOLOGIN;
	CREATE ROLE reps NOLOGIN;
	CREATE ROLE auditors NOLOGIN;
	GRANT CREATE ON DATABASE source TO model_owner;
});
$node->safe_psql('source', q{
	SET ROLE model_owner;
	CALL lsce.create_model('crm');
	CALL lsce.create_model('Crm "two"');
	CALL lsce.grant_persona('crm', 'field_rep', 'reps');
	CALL lsce.grant_persona('crm', 'auditor', 'auditors');
	SET search_path = crm;

	-- rows of both kinds: master data with history, and facts
	INSERT INTO country VALUES ('US', 'United States', 'America/New_York') ON CONFLICT DO NOTHING;
	INSERT INTO country VALUES ('JP', 'Japan', 'Asia/Tokyo') ON CONFLICT DO NOTHING;
	INSERT INTO company (company_id, code, name, kind, country_code) VALUES ('00000000-0000-0000-0000-0000000000c1', 'OWN', 'Own', 'own', 'US');
	INSERT INTO account (account_id, kind, name, lang, country_code)
		SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'hcp', 'Dr ' || n || ' 田中', 'ja', 'JP' FROM generate_series(1, 50) AS n;
	UPDATE account SET name = name || ' b';
	INSERT INTO account_specialty (account_id, code) SELECT account_id, 'medicine.internal.pulmonology' FROM account;
	INSERT INTO sales_team (team_id, code, name, company_id, country_code) VALUES ('00000000-0000-0000-0000-000000000e01', 'T', 'T', '00000000-0000-0000-0000-0000000000c1', 'US');
	INSERT INTO territory_node (territory_id, team_id, code, name) VALUES ('00000000-0000-0000-0000-00000000aa01', '00000000-0000-0000-0000-000000000e01', 't1', 't1');
	INSERT INTO territory_model (model_id, team_id, name, valid_from) VALUES ('00000000-0000-0000-0000-0000000bb001', '00000000-0000-0000-0000-000000000e01', 'm', '2020-01-01');
	INSERT INTO territory_place (model_id, territory_id, path) VALUES ('00000000-0000-0000-0000-0000000bb001', '00000000-0000-0000-0000-00000000aa01', '日本.関東.東京');
	INSERT INTO outbox (topic, entity_id) VALUES ('account.merged', '00000000-0000-0000-0000-000000000001');

	-- what users made: columns, an index, a view, a trigger of their own, statistics
	ALTER TABLE account ADD COLUMN loyalty text DEFAULT 'none', ADD COLUMN "Odd ""name" jsonb;
	UPDATE account SET loyalty = 'gold', "Odd ""name" = '{"a": 1}' WHERE account_id <= '00000000-0000-0000-0000-000000000009';
	CREATE INDEX account_loyalty_idx ON account (loyalty) WHERE loyalty <> 'none';
	CREATE STATISTICS account_stats ON kind, country_code FROM account;
	CREATE VIEW gold WITH (security_invoker = true) AS SELECT account_id, name FROM account WHERE loyalty = 'gold';
	GRANT SELECT ON gold TO reps;
	ALTER TABLE visit DISABLE TRIGGER no_truncate;
});

# history that the rules of today would refuse: loaded past the triggers, as
# years ago it was stored under other rules
$node->safe_psql('source', q{
	SET session_replication_role = replica;
	SET search_path = crm;
	INSERT INTO license (account_id, number, jurisdiction, status, valid_from, valid_to)
		SELECT account_id, 'A' || account_id, 'US-CA', 'revoked', '2020-01-01', '2021-01-01' FROM account;
	INSERT INTO product (product_id, code, name, type, spec_type) VALUES ('00000000-0000-0000-0000-0000000a0001', 'SKU', 'Sample', 'product', 'sample');
	INSERT INTO product_batch (batch_id, product_id, lot_no, expires_on) VALUES ('00000000-0000-0000-0000-00000000ba01', '00000000-0000-0000-0000-0000000a0001', 'L1', '2021-01-01');
	INSERT INTO app_user (user_id, login, display_name, company_id) VALUES ('00000000-0000-0000-0000-000000000a01', 'gone', 'Gone', '00000000-0000-0000-0000-0000000000c1');
	INSERT INTO inventory_location (location_id, kind, user_id, name) VALUES ('00000000-0000-0000-0000-00000000f101', 'rep', '00000000-0000-0000-0000-000000000a01', 'Bag');
	INSERT INTO inventory_location (location_id, kind, name) VALUES ('00000000-0000-0000-0000-00000000f102', 'disbursed', 'Given');
	INSERT INTO inventory_stock (location_id, batch_id, on_hand, may_go_negative) VALUES ('00000000-0000-0000-0000-00000000f101', '00000000-0000-0000-0000-00000000ba01', -50, true),
		('00000000-0000-0000-0000-00000000f102', '00000000-0000-0000-0000-00000000ba01', 50, false);
	INSERT INTO contact_point (contact_point_id, account_id, kind, country_code) SELECT account_id, account_id, 'address', 'US' FROM account;
	INSERT INTO decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission, outcome, facts, rule_set, evaluator_version, valid_at, known_at)
		SELECT account_id, account_id, 'sample_drop', account_id, '00000000-0000-0000-0000-0000000a0001', 1, 'permit', 'allow', '{"old": true}', 'long ago', 1, '2020-06-01', '2020-06-01' FROM account;
	INSERT INTO disbursement (disbursement_id, account_id, product_id, quantity, decision_id, recipient_id, practitioner_id, delivery_point_id,
		country_code, local_day, batch_id, location_id, user_id, company_id, captured_at, recorded_at)
		SELECT account_id, account_id, '00000000-0000-0000-0000-0000000a0001', 1, account_id, account_id, account_id, account_id, 'US', '2020-06-01',
			'00000000-0000-0000-0000-00000000ba01', '00000000-0000-0000-0000-00000000f101', '00000000-0000-0000-0000-000000000a01', '00000000-0000-0000-0000-0000000000c1', '2020-06-01', '2020-06-01' FROM account;
	INSERT INTO inventory_operation (operation_id, type, disbursement_id) SELECT account_id, 'disbursement', account_id FROM account;
	INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
		SELECT account_id, '00000000-0000-0000-0000-00000000f101'::uuid, '00000000-0000-0000-0000-00000000ba01'::uuid, -1 FROM account
		UNION ALL SELECT account_id, '00000000-0000-0000-0000-00000000f102', '00000000-0000-0000-0000-00000000ba01', 1 FROM account;
	INSERT INTO limit_template (template_id, code, label, authority) VALUES ('00000000-0000-0000-0000-000000001101', 'CO', 'One for all', 'company');
	INSERT INTO limit_rule (rule_id, template_id, quota, period) VALUES ('00000000-0000-0000-0000-000000001102', '00000000-0000-0000-0000-000000001101', 50, 'calendar_year');
	INSERT INTO limit_counter VALUES ('00000000-0000-0000-0000-000000001102', 'company', 'all', '2020-01-01', '2021-01-01', 50, 50, 0);
	INSERT INTO limit_use (rule_id, subject_key, pool_key, window_from, disbursement_id, local_day, quantity)
		SELECT '00000000-0000-0000-0000-000000001102', 'company', 'all', '2020-01-01', account_id, '2020-06-01', 1 FROM account;
});

my $before = inventory('source', 'crm');
my $before_two = inventory('source', 'Crm "two"');
like($before, qr/^rows of disbursement: 50 /m, 'there are facts to dump');
like($before, qr/^rows of account_h: 59 /m, 'and history');
my $verify = $node->safe_psql('source', q{SELECT * FROM lsce.verify('crm')});
my $check = q{SELECT check_code, ok, subject FROM lsce.check_model('crm') WHERE check_code <> 'collation version'};
my $checked = $node->safe_psql('source', $check);
is($checked, "version|t|crm\nobjects|f|trigger visit no_truncate\nname_keys|t|account_name_key\nname_keys_missing|t|account_name_key\nowner|t|model_owner", 'the trigger that was disabled is drift');

my %dump = (
	plain => [ '-f', "$dir/plain.sql" ],
	custom => [ '-Fc', '-f', "$dir/custom" ],
	directory => [ '-Fd', '-j2', '-f', "$dir/directory" ],
	inserts => [ '--inserts', '-f', "$dir/inserts.sql" ],
);
my %restore = (
	plain => [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/plain.sql" ],
	custom => [ 'pg_restore', '-e', "$dir/custom" ],
	directory => [ 'pg_restore', '-e', '-j2', "$dir/directory" ],
	inserts => [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/inserts.sql" ],
);

for my $way (sort keys %dump)
{
	my $target = "target_$way";

	$node->command_ok([ 'pg_dump', '-p', $node->port, @{ $dump{$way} }, 'source' ], "$way: dump");
	$node->safe_psql('postgres', "CREATE DATABASE $target TEMPLATE template0 ENCODING 'UTF8'");
	$node->command_ok([ @{ $restore{$way} }, '-p', $node->port, '-d', $target ], "$way: restore");
	same_inventory(inventory($target, 'crm'), $before, "$way: the model is the same");
	same_inventory(inventory($target, 'Crm "two"'), $before_two, "$way: so is the second one");
	is($node->safe_psql($target, q{SELECT * FROM lsce.verify('crm')}), $verify, "$way: verify says the same");
	is($node->safe_psql($target, $check), $checked, "$way: check_model says the same");
}

# the restored model goes on working
my $target = 'target_custom';
is(error_of($node, $target, q{SET ROLE model_owner; UPDATE crm.decision SET outcome = 'deny'}), 'LS500', 'facts stay immutable');
is($node->safe_psql($target, q{
	SET ROLE model_owner;
	UPDATE crm.account SET loyalty = 'silver' WHERE account_id = '00000000-0000-0000-0000-000000000001';
	SELECT extra ->> 'loyalty', changed_by FROM crm.account_h WHERE account_id = '00000000-0000-0000-0000-000000000001' ORDER BY sys_from DESC LIMIT 1}),
	'gold|model_owner', 'history goes on, user columns included');
is($node->safe_psql($target, q{SET ROLE reps; SELECT count(*) FROM crm.account}), '0', 'row security holds');
is(error_of($node, $target, q{SET ROLE model_owner; CALL lsce.upgrade_model('crm')}), '42501', 'an upgrade builds its reference');
$node->safe_psql($target, qq{GRANT CREATE ON DATABASE $target TO model_owner; SET ROLE model_owner; CALL lsce.upgrade_model('crm')});
is($node->safe_psql($target, q{SELECT count(*) FROM lsce.check_model('crm') WHERE NOT ok}), '0', 'an upgrade enables what was disabled');

# an outbox of a busy cluster, restored into a young one
$node->safe_psql($target, q{INSERT INTO crm.outbox (topic, entity_id, xid) VALUES ('old', '00000000-0000-0000-0000-000000000002', '8999999999999999999')});
is($node->safe_psql($target, q{SELECT string_agg(topic, ',') FROM crm.outbox_read()}), 'old,account.merged', 'events of another cluster are read');

# rows only, into a model that was created there, as data-only dumps do
make_database($node, 'rows_only');
$node->safe_psql('rows_only', q{GRANT CREATE ON DATABASE rows_only TO model_owner; SET ROLE model_owner; CALL lsce.create_model('crm', false);
	ALTER TABLE crm.account ADD COLUMN loyalty text DEFAULT 'none', ADD COLUMN "Odd ""name" jsonb;
	DELETE FROM crm.model_version; DELETE FROM crm.model_secret; DELETE FROM crm.merge_policy});
$node->command_ok([ 'pg_dump', '-p', $node->port, '-Fc', '-a', '--disable-triggers', '-n', 'crm', '-f', "$dir/rows", 'source' ], 'rows only: dump');
$node->command_ok([ 'pg_restore', '-e', '-a', '--disable-triggers', '-p', $node->port, '-d', 'rows_only', "$dir/rows" ], 'rows only: restore');
is(join("\n", grep { /^rows of / } split /\n/, inventory('rows_only', 'crm')),
	join("\n", grep { /^rows of / } split /\n/, $before), 'rows only: the rows are the same');

$node->stop;
done_testing();
