# Statements of a hand-over find every row by its key, also when they were
# planned while the tables were empty, or analyzed so: what the nodes of all
# their plans bring forth and throw away grows with the number of hand-overs,
# not with its square.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use LsceTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $people = 1000;
my $most = 100;		# rows of all nodes of a statement for each hand-over

my $node = new_node('handover_plans');
plan skip_all => 'auto_explain is not installed' if $node->psql('postgres', q{LOAD 'auto_explain'}) != 0;
make_database($node, 'plans');
$node->command_ok([ 'psql', '-Xq', '-d', $node->connstr('plans'), '-v', 'ON_ERROR_STOP=1', '-v', 'model=crm',
		'-f', "$FindBin::RealBin/../data/sample_fixture.sql" ], 'a model in which hand-overs pass');

# more doctors like anna; one limit has a past to be looked for, one has none
$node->safe_psql('plans', qq{
	SET search_path = crm, lsce, public, pg_catalog;
	SET timezone = 'UTC';
	INSERT INTO limit_rule (rule_id, template_id, name, quota, period, pool) VALUES (id('forever'), id('template'), 'forever', 1000, 'lifetime', 'brand');
	INSERT INTO account (account_id, kind, name, country_code, prescriber) SELECT id('hcp' || i), 'hcp', 'hcp' || i, 'XA', true FROM generate_series(1, $people) i;
	INSERT INTO hcp (account_id, profession) SELECT id('hcp' || i), 'physician' FROM generate_series(1, $people) i;
	INSERT INTO contact_point (contact_point_id, account_id, kind, is_primary, inherits_from)
		SELECT id('hcp' || i || ':address'), id('hcp' || i), 'address', true, id('clinic:address') FROM generate_series(1, $people) i;
	INSERT INTO license (account_id, kind, number, jurisdiction, verified_on) SELECT id('hcp' || i), 'national', 'hcp' || i, 'XA', '2021-01-01' FROM generate_series(1, $people) i;
	INSERT INTO consent_event (account_id, controller_id, purpose, action, evidence, captured_at, effective_from)
		SELECT id('hcp' || i), id('acme'), 'sample_receipt', 'opt_in', '{"text_version": "v1", "method": "paper_signature", "captured_at": "2021-01-01"}',
			'2021-01-01 00:00+00', '2021-01-01 00:00+00' FROM generate_series(1, $people) i;
	INSERT INTO account_territory (account_id, territory_id) SELECT id('hcp' || i), id('north') FROM generate_series(1, $people) i;
	INSERT INTO visit (visit_id, account_id, territory_id, owner_id, place_id, status, actual_from)
		SELECT id('visit:hcp' || i), id('hcp' || i), id('north'), id('rep'), id('hcp' || i || ':address'), 'in_progress', '2023-01-01 08:00+00' FROM generate_series(1, $people) i;
	INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at)
		SELECT id('signature:hcp' || i), 'sample_request', id('hcp' || i), 'hcp' || i, 'I request these samples', 'pad', sha256('request'), '2023-01-01 08:00+00' FROM generate_series(1, $people) i;
	INSERT INTO sample_request (request_id, kind, account_id, practitioner_id, signature_id, requested_at, status)
		SELECT id('request:hcp' || i), 'drop', id('hcp' || i), id('hcp' || i), id('signature:hcp' || i), '2023-01-01 08:00+00', 'signed' FROM generate_series(1, $people) i;
	INSERT INTO sample_request_line (request_id, product_id, requested) SELECT id('request:hcp' || i), id('p10'), 100 FROM generate_series(1, $people) i;
	SELECT post_operation('receipt', jsonb_build_array(jsonb_build_object('batch_id', id('lot:p10'), 'quantity', 10000)), to_location_id => id('bag'));
	ANALYZE;
});

# rows of all plan nodes, by statement; lists of countries are small however one reads them
sub rows_of_plans
{
	my ($log) = @_;
	my %rows;
	my $statement = '';

	foreach my $line (split /\n/, $log)
	{
		$statement = substr($1, 0, 100) if $line =~ /Query Text: (.*)/;
		$rows{$statement} += $1 * $2 if $line =~ /\(actual rows=([\d.]+) loops=(\d+)\)/;	# with decimals since 18
		$rows{$statement} += $1 if $line =~ /Rows Removed by (?:Join )?Filter: (\d+)/;
	}
	delete @rows{ grep { /^SELECT 1 FROM ONLY "crm"."(?:country|region)" x/ } keys %rows };
	return %rows;
}

foreach my $access ('on', 'off')
{
	my $offset = -s $node->logfile;

	$node->safe_psql('plans', qq{
		LOAD 'auto_explain';
		SET lsce.login = 'rep';
		SET lsce.direct_access = $access;
		BEGIN;
		-- plans are made, and used for a while
		DO \$do\$ BEGIN FOR i IN 1 .. 9 LOOP
			INSERT INTO crm.disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
				VALUES (id('hcp' || i), id('p10'), 1, id('visit:hcp' || i), id('request:hcp' || i), id('lot:p10'), '2023-02-01 11:00+00');
		END LOOP; END \$do\$;
		SET auto_explain.log_analyze = on; SET auto_explain.log_timing = off; SET auto_explain.log_nested_statements = on;
		SET auto_explain.log_min_duration = 0;
		INSERT INTO crm.disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
			SELECT id('hcp' || i), id('p10'), 1, id('visit:hcp' || i), id('request:hcp' || i), id('lot:p10'), '2023-02-01 12:00+00' FROM generate_series(1, $people) AS i;
		SET auto_explain.log_min_duration = -1;
		ROLLBACK;
	});
	my %rows = rows_of_plans(slurp_file($node->logfile, $offset));
	cmp_ok(scalar(keys %rows), '>', $access eq 'on' ? 5 : 20, "direct_access $access: plans were logged");
	my @bad = grep { $rows{$_} > $most * $people } sort keys %rows;
	is(join("\n", map { "$rows{$_} rows: $_" } @bad), '', "direct_access $access: every statement finds its rows by key");
}

done_testing();
