-- title: Why may I not?
-- Dr. Chen has neither consented nor asked. Every rule is listed, also after the
-- first failure, with what it expected, what it saw and the rows behind it.
\ir people.psql

SET ROLE demo_mark;
SELECT seq, rule_code AS rule, outcome, reason_code, message
  FROM explain_eligibility(:'chen', :'cirrus', 2, at => :at, visit_id => :'chen_visit');
SELECT rule_code AS rule, outcome, message
  FROM explain_eligibility(:'chen', :'cirrus', 2, at => :at, visit_id => :'chen_visit', lang => 'ja');
SELECT rule_code, expected, observed, evidence, legal_ref
  FROM explain_eligibility(:'chen', :'cirrus', 2, at => :at, visit_id => :'chen_visit') WHERE rule_code IN ('EL10', 'EL13') \gx
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT array_agg(reason_code ORDER BY seq) = '{REQUEST_MISSING,CONSENT_MISSING}'
		FROM explain_eligibility(account('npi', '2000000333'), product('CIRRUS-200-PEN'), 2, user_id => app_user('us.rep.1.0001'),
			at => '2026-03-02 10:15-08', visit_id => (SELECT visit_id FROM visit WHERE account_id = account('npi', '2000000333')))
		WHERE outcome NOT IN ('pass', 'skip'));
END $$;
