# Sixteen clients want more than a limit and a bag have: what is given is
# exactly what there is, at every isolation level, and everything adds up.
#
# That the test can fail was checked by hand: without the locks of
# handover_lock() and the condition in charge_counters, and with the constraint
# limit_counter_within dropped, counters go beyond the quota.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use LsceTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('limit_load');
make_database($node, 'load');
$node->command_ok([ 'psql', '-Xq', '-d', $node->connstr('load'), '-v', 'ON_ERROR_STOP=1', '-v', 'model=crm',
		'-f', "$FindBin::RealBin/../data/sample_fixture.sql" ], 'a model in which hand-overs pass');
$node->safe_psql('load', q{
	SET search_path = crm, lsce, public, pg_catalog;
	UPDATE limit_rule SET quota = 0, period = 'lifetime', pool = 'brand';
	SELECT post_operation('receipt', jsonb_build_array(jsonb_build_object('batch_id', public.id('lot:p10'), 'quantity', 900),
		jsonb_build_object('batch_id', public.id('lot:p20'), 'quantity', 900)), to_location_id => public.id('bag'));
	UPDATE sample_request_line SET requested = 10000;
});

# one to three units for anna or ben, of one product or two, in either order
my $script = PostgreSQL::Test::Utils::tempdir() . '/drop.sql';
PostgreSQL::Test::Utils::append_to_file($script, q{
\set units random(1, 3)
\set ben random(0, 1)
\set both random(0, 1)
INSERT INTO crm.disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
SELECT public.id(w.who), public.id(p.product), :units, public.id('visit:' || w.who || '1'), public.id('request:' || w.who),
	public.id('lot:' || p.product), '2023-02-01 12:00+00'
FROM (SELECT CASE :ben WHEN 1 THEN 'ben' ELSE 'anna' END AS who) AS w,
	(VALUES (1, 'p10'), (2, 'p20')) AS p (n, product)
WHERE p.n <= 1 + :both ORDER BY CASE WHEN random() < 0.5 THEN p.n ELSE -p.n END;
});

# run the script by 16 clients at an isolation level; refusals are answers
sub run_load
{
	my ($level) = @_;
	local $ENV{PGOPTIONS} = "-c lsce.login=rep -c default_transaction_isolation=$level";
	my $errors = '';

	# a client stops at its first refusal: start again until nobody gets anything
	for my $round (1 .. 4)
	{
		my ($out, $err);
		IPC::Run::run([ 'pgbench', '-n', '-c', '16', '-j', '2', '-t', '25', '-f', $script, $node->connstr('load') ],
			'>', \$out, '2>', \$err);
		$errors .= $err;
	}
	return $errors;
}

my $quota = 0;
for my $level ('read\ committed', 'repeatable\ read', 'serializable')
{
	$quota += 50;
	$node->safe_psql('load', "UPDATE crm.limit_rule SET quota = $quota");
	my $errors = run_load($level);
	my $unexpected = join '', grep { /ERROR/ && !/used of $quota|could not serialize|could not lock|limit rules changed/ } split /^/, $errors;
	is($unexpected, '', "nothing but refusals and retries at $level");
	unlike($errors, qr/deadlock/, "no deadlock at $level");
	is($node->safe_psql('load', qq{SELECT count(*) FROM crm.limit_counter WHERE used > $quota}), '0', "no limit exceeded at $level");
	is($node->safe_psql('load', q{SELECT count(*) FROM lsce.verify('crm') WHERE NOT ok}), '0', "everything adds up at $level");
}
# singles fill what the last pairs left
$node->psql('load', q{
	SET search_path = crm, lsce, public, pg_catalog;
	SET lsce.login = 'rep';
	DO $$
	DECLARE who text;
	BEGIN
		FOR i IN 1 .. 150 LOOP
			FOREACH who IN ARRAY '{anna,ben}'::text[] LOOP
				BEGIN
					CALL public.give(format('single %s %s', i, who), who, 1, '2023-02-01');
				EXCEPTION WHEN SQLSTATE 'LS160' THEN NULL;
				END;
			END LOOP;
		END LOOP;
	END $$;
});
is($node->safe_psql('load', q{SELECT string_agg(used::text, ' ' ORDER BY subject_key) FROM crm.limit_counter}),
	'150 150', 'both limits are used to the last unit');
is($node->safe_psql('load', q{SELECT sum(quantity) FROM crm.disbursement}), '300', 'as many units were given');
is($node->safe_psql('load', q{SELECT count(*) FROM lsce.verify('crm') WHERE NOT ok}), '0', 'and everything adds up');

# a dump restores without judging or charging again
my $dump = PostgreSQL::Test::Utils::tempdir() . '/load.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, $node->connstr('load') ], 'dump');
$node->safe_psql('postgres', q{CREATE DATABASE restored TEMPLATE template0 ENCODING 'UTF8'});
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('restored'), $dump ], 'restore');
is($node->safe_psql('restored', q{SELECT sum(quantity), (SELECT sum(used) FROM crm.limit_counter) FROM crm.disbursement}),
	'300|300', 'the same facts and counters');
is($node->safe_psql('restored', q{SELECT count(*) FROM lsce.verify('crm') WHERE NOT ok}), '0', 'verified');

done_testing();
