# Calls of every function of a model that only reads, for comparing the answers
# of two servers.  The functions come from the catalog, so that a new one is
# called without being named here; only a parameter with a new name needs a value.
package LsceCalls;

use strict;
use warnings;

use Exporter 'import';
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(read_calls answers);

# Values of parameters, as expressions over the rows of lsce.load_demo(); a key
# is the name of a parameter, or FUNCTION.PARAMETER where that name means
# something else there.  {at} is the day of the demo as the type needs it.
my %value = (
	account_id => '(SELECT account_id FROM handover)',
	account => '(SELECT account_id FROM handover)',
	'account_lineage.account_id' => q{account('npi', '2000000333')},
	'fhir_telecoms.account_id' => q{(SELECT min(account_id::text) FROM contact_point WHERE kind = 'email')},
	accounts => '(SELECT array_agg(from_account_id) FROM edge)',
	day => q{'2026-03-02'},
	point => '(SELECT min(contact_point_id::text) FROM contact_point WHERE region_code IS NULL)',
	address => q{'{"state": "Nowhere"}'},
	start => '(SELECT from_account_id FROM edge)',
	a => '(SELECT from_account_id FROM edge)',
	b => '(SELECT to_account_id FROM edge)',
	product_id => '(SELECT product_id FROM handover)',
	product => '(SELECT product_id FROM handover)',
	qty => '1',
	action => q{'sample_drop'},
	territory_id => '(SELECT visit.territory_id FROM visit JOIN handover USING (visit_id))',
	user_id => '(SELECT user_id FROM handover)',
	batch_id => '(SELECT batch_id FROM handover)',
	visit_id => '(SELECT visit_id FROM handover)',
	request_id => '(SELECT request_id FROM handover)',
	decision_id => '(SELECT decision_id FROM handover)',
	contact_point_id => '(SELECT min(contact_point_id::text) FROM contact_point JOIN handover USING (account_id))',
	controller_id => '(SELECT company_id FROM handover)',
	affiliation_id => '(SELECT affiliation_id FROM edge)',
	scheme => q{(SELECT min(scheme) FROM account_rating WHERE product_id IS NULL)},
	root => q{(SELECT min(parent_id::text) FROM hco)},
	specialty_code => q{'physician'},
	kinds => '(SELECT array_agg(DISTINCT kind) FROM affiliation)',
	purpose => q{'marketing'},
	for_purpose => q{'marketing'},
	channel => q{'email'},
	on_channel => q{'email'},
	lang => q{'de'},
	known_at => 'date_trunc(\'second\', now())',
	at => '{at}',
	'account.system' => q{'npi'},
	'account.value' => q{'2000000333'},
	'product.code' => q{'CUMULUS-150-PEN'},
	login => q{'us.rep.1.0001'},
	product_code => q{'CUMULUS-150-PEN'},
	lot_no => q{'US-A1021'},
	name => '(SELECT name FROM account JOIN handover USING (account_id))',
	'import_fhir_extension.name' => q{'rank'},
	'import_fhir_syllabic.name' => q{'{"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation", "valueCode": "SYL"}]}'},
	query => q{'chen'},
	postal_code => '(SELECT min(postal_code) FROM contact_point JOIN handover USING (account_id))',
	identifiers => q{'{"npi": "2000000333"}'},
	lim => '5',
	kind => q{'hcp'},
	min_score => '0.3',
	table_name => q{'license'},
	op => q{'update'},
	new_values => q{'{"status": "active"}'},
	field => q{'account.name'},
	value => q{'Dr Maya Chen'},
	system => q{'npi'},
	code => q{'1234'},
	pairs => q{'{"rank": {"valueInteger": 1}}'},
	valid_from => q{'2020-01-01'},
	valid_to => q{'2021-01-01'},
	period => q{'{"end": "2021-01-01"}'},
	element => q{'{"extension": [{"url": "urn:lsce:rank", "valuePositiveInt": 2}]}'},
	reference => q{'Practitioner/1/_history/2'},
	words => q{'["a", "b"]'},
	concepts => q{'[{"coding": [{"code": "207K00000X", "display": "Allergy"}]}]'},
	key => q{'fhir Organization/1'},
	above => '(SELECT account_id FROM handover)',
	raw => q{'{"EndDate": "2021-01-01"}'},
	'import_lsc_end.field' => q{'EndDate'},
	'import_country.value' => q{'Germany'},
	'import_day.value' => q{'2021-01-01'},
	'import_region.country' => q{'US'},
	'import_region.value' => q{'California'},
	source => q{'nucc'},
	'import_specialty.value' => q{'207K00000X'},
	metric => q{'professionals'},
);

# read_calls($node, $database, $schema): for every function of the model that is
# not volatile two statements, one with the values it must have and one with all;
# dies when a function has a parameter without a value here
sub read_calls
{
	my ($node, $database, $schema) = @_;
	my $functions = decode_json($node->safe_psql($database, qq{
		SELECT coalesce(json_agg(json_build_object('name', p.proname, 'defaults', p.pronargdefaults,
			'parameters', (SELECT json_agg(json_build_array(p.proargnames[n], format_type(p.proargtypes[n - 1], NULL)) ORDER BY n) FROM generate_series(1, p.pronargs) AS n))
			ORDER BY p.proname, p.oid), '[]')
		FROM pg_proc AS p
		WHERE p.pronamespace = '$schema'::regnamespace AND p.prokind = 'f' AND p.provolatile <> 'v' AND p.prorettype <> 'trigger'::regtype}));
	my @expressions;

	for my $function (@$functions)
	{
		my @parameters = @{ $function->{parameters} // [] };
		my $required = @parameters - $function->{defaults};

		for my $all (0, 1)
		{
			my @arguments;
			for my $n (0 .. $#parameters)
			{
				my ($name, $type) = @{ $parameters[$n] };
				my $value = $value{"$function->{name}.$name"} // $value{$name};

				# without a time the answer would depend on the clock
				next unless $all || $n < $required || $name eq 'at';
				if (!defined $value)
				{
					die "no value for parameter $name of function $function->{name}\n" if $n < $required;
					next;
				}
				$value = $type eq 'date' ? q{'2026-03-02'} : q{'2026-03-02 18:00+00'} if $value eq '{at}';
				push @arguments, "'$name => ' || quote_nullable(($value)::text)";
			}
			next if $all && @arguments == $required;
			push @expressions, sprintf q{concat('SELECT t::text FROM %s.%s(', concat_ws(', ', %s), ') AS t ORDER BY 1;')},
				$schema, $function->{name}, join(', ', "NULL", @arguments);
		}
	}
	die "schema $schema has no functions that read\n" unless @expressions;
	return split /\n/, $node->safe_psql($database, qq{
		SET search_path = "$schema", pg_catalog;
		WITH handover AS (SELECT * FROM disbursement WHERE user_id = app_user('us.rep.1.0001') ORDER BY local_day, disbursement_id LIMIT 1),
			-- the first of the professionals with most affiliations
			edge AS (SELECT f.* FROM affiliation AS f JOIN account AS p ON p.account_id = f.from_account_id AND p.kind = 'hcp'
				ORDER BY (SELECT count(*) FROM affiliation AS g WHERE g.from_account_id = f.from_account_id) DESC, f.affiliation_id LIMIT 1)
		SELECT call FROM unnest(ARRAY[@{[ join ",\n", @expressions ]}]) WITH ORDINALITY AS c (call, n) ORDER BY n});
}

# answers($node, $database, $settings, @calls): what each call gives, by call;
# an error is an answer too
sub answers
{
	my ($node, $database, $settings, @calls) = @_;
	my ($out, %answer);
	my $script = "\\set VERBOSITY sqlstate\nSET TIME ZONE 'UTC';\n$settings;\n";

	# one session for all; psql's errors go where its output goes
	$script .= join '', map { "\\echo === $_\n$calls[$_]\n" } 0 .. $#calls;
	IPC::Run::run([ 'bash', '-c', 'exec psql -XAtq -d "$0" 2>&1', $node->connstr($database) ], '<', \$script, '>', \$out);
	for my $part (split /^=== /m, $out)
	{
		$answer{ $calls[$1] } = $2 if $part =~ /\A(\d+)\n(.*)\z/s;
	}
	return \%answer;
}

1;
