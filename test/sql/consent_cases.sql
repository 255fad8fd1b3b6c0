--
-- The compliance cases D01 to D18 against stored events and the seeded regimes.
-- Cases of jurisdiction "EU" run in Austria.
--
\getenv dir PG_ABS_SRCDIR
\set fixture :dir /data/consent_fixture.sql
\set model consent_cases
\i :fixture

-- an event with the evidence that most cases have, by plain INSERT
CREATE PROCEDURE pg_temp.event(code text, action text, effective timestamptz, channel text DEFAULT 'email', product text DEFAULT NULL,
	purpose text DEFAULT 'marketing', basis text DEFAULT 'consent',
	evidence jsonb DEFAULT '{"text_version": "v3", "method": "tablet_signature", "captured_by": "R7"}')
LANGUAGE sql AS $$
	INSERT INTO consent_event (account_id, controller_id, purpose, channel, product_id, action, basis, evidence, captured_at)
	VALUES (pg_temp.id(code), 'c0000000-0000-0000-0000-000000000001', purpose, channel,
		(SELECT p.product_id FROM product AS p WHERE p.code = event.product), action, basis, evidence, effective);
$$;
CREATE FUNCTION pg_temp.ask(code text, at timestamptz, channel text DEFAULT 'email', product text DEFAULT NULL, purpose text DEFAULT 'marketing',
	OUT outcome text, OUT reason_code text, OUT obligations jsonb, OUT details jsonb)
LANGUAGE sql AS $$
	SELECT c.outcome, c.reason_code, c.obligations,
		jsonb_strip_nulls(jsonb_build_object('basis', c.because -> 'basis', 'missing', c.because -> 'missing',
			'last_day', c.because -> 'last_day', 'rule', c.because -> 'expiry_rule', 'at', c.because #> '{decided_by,effective_from}',
			'given', CASE WHEN c.reason_code = 'CONSENT_PURPOSE' THEN c.because #> '{decided_by,purpose}' END,
			'local_time', c.because -> 'local_time', 'allowed', c.because #> '{regime,allowed}', 'earliest', CASE c.outcome WHEN 'deny' THEN c.earliest END))
	FROM can_contact(pg_temp.id(code), channel, purpose, at,
		product_id => (SELECT p.product_id FROM product AS p WHERE p.code = ask.product)) AS c;
$$;
CALL pg_temp.add_account('D01', 'DE');
CALL pg_temp.add_account('D02', 'DE');
CALL pg_temp.add_account('D04', 'AT');
CALL pg_temp.add_account('D05', 'AT');
CALL pg_temp.add_account('D06', 'AT');
CALL pg_temp.add_account('D08', 'AT');
CALL pg_temp.add_account('D09', 'AT');
CALL pg_temp.add_account('D11', 'CA');
CALL pg_temp.add_account('D12', 'CA');
CALL pg_temp.add_account('D13', 'US');
CALL pg_temp.add_account('D14', 'US');
CALL pg_temp.add_account('D15', 'US', 'America/New_York');
CALL pg_temp.add_account('D16', 'FR');
CALL pg_temp.add_account('D16-DE', 'DE');
CALL pg_temp.add_account('D18', 'JP');

-- D01: opt-in on the spot, then e-mail
CALL pg_temp.event('D01', 'opt_in', '2026-01-15 10:00Z');
SELECT * FROM pg_temp.ask('D01', '2026-03-02');

-- D02: no record, marketing e-mail in Germany
SELECT * FROM pg_temp.ask('D02', '2026-03-02');

-- D04: withdrawal one minute before the send
CALL pg_temp.event('D04', 'opt_in', '2026-01-15 10:00Z');
CALL pg_temp.event('D04', 'withdraw', '2026-03-02 10:00Z');
SELECT * FROM pg_temp.ask('D04', '2026-03-02 10:01Z');
-- one microsecond before it, the send was right; at that instant it is not
SELECT outcome FROM pg_temp.ask('D04', '2026-03-02 09:59:59.999999Z');
SELECT outcome, reason_code FROM pg_temp.ask('D04', '2026-03-02 10:00Z');

-- D05: a general objection beats an older narrower opt-in
CALL pg_temp.event('D05', 'opt_in', '2025-05-01', product => 'X');
CALL pg_temp.event('D05', 'object', '2026-02-01', channel => NULL, evidence => '{}');
SELECT * FROM pg_temp.ask('D05', '2026-03-02', product => 'X');

-- D06: a later narrow opt-in re-opens only its own scope, what is under the brand included
CALL pg_temp.event('D06', 'object', '2026-02-01', channel => NULL, evidence => '{}');
CALL pg_temp.event('D06', 'opt_in', '2026-03-15', product => 'X');
SELECT * FROM pg_temp.ask('D06', '2026-04-01', product => 'X');
SELECT outcome, reason_code FROM pg_temp.ask('D06', '2026-04-01', product => 'X10');
SELECT outcome, reason_code FROM pg_temp.ask('D06', '2026-04-01', channel => 'sms', product => 'X');
SELECT outcome, reason_code FROM pg_temp.ask('D06', '2026-04-01', product => 'Y');
SELECT outcome, reason_code FROM pg_temp.ask('D06', '2026-04-01');
SELECT outcome, reason_code FROM pg_temp.ask('D06', '2026-03-14', product => 'X');

-- D08: consent to samples used for marketing
CALL pg_temp.event('D08', 'opt_in', '2026-01-15', channel => NULL, purpose => 'sample_receipt');
SELECT * FROM pg_temp.ask('D08', '2026-03-02');
SELECT outcome, reason_code FROM pg_temp.ask('D08', '2026-03-02', channel => NULL, purpose => 'sample_receipt');

-- D09: opt-in without text version and method; the column captured_at is always there
CALL pg_temp.event('D09', 'opt_in', '2026-01-15', evidence => '{"captured_by": "R7"}');
SELECT * FROM pg_temp.ask('D09', '2026-03-02');

-- D11: Canada, two years after a purchase, and one day later
CALL pg_temp.event('D11', 'opt_in', '2024-03-10', basis => 'implied_existing_business',
	evidence => '{"event": "purchase", "event_date": "2024-03-10"}');
SELECT * FROM pg_temp.ask('D11', '2026-03-10 23:59 America/Toronto');
SELECT * FROM pg_temp.ask('D11', '2026-03-11 00:00 America/Toronto');

-- D12: Canada, an enquiry at the end of August lasts to the end of February
CALL pg_temp.event('D12', 'opt_in', '2025-08-31', basis => 'implied_existing_business',
	evidence => '{"event": "inquiry", "event_date": "2025-08-31"}');
SELECT * FROM pg_temp.ask('D12', '2026-02-28 12:00 America/Toronto');
SELECT * FROM pg_temp.ask('D12', '2026-03-01 12:00 America/Toronto');

-- D13: opt-out in the United States, applied at once, the legal deadline computed
CALL pg_temp.event('D13', 'withdraw', '2026-03-02 09:00-05', evidence => '{}');
SELECT * FROM pg_temp.ask('D13', '2026-03-02 12:00-05');

-- D14: e-mail in the United States without any record
SELECT * FROM pg_temp.ask('D14', '2026-03-02');

-- D15: a text at 21:30 local time; the morning after it may go
CALL pg_temp.event('D15', 'opt_in', '2026-01-15', channel => 'sms', basis => 'prior_express_written');
SELECT * FROM pg_temp.ask('D15', '2026-03-02 21:30-05', channel => 'sms');
SELECT outcome, reason_code FROM pg_temp.ask('D15', '2026-03-03 07:59:59-05', channel => 'sms');
SELECT outcome, reason_code FROM pg_temp.ask('D15', '2026-03-03 08:00-05', channel => 'sms');
SELECT outcome, reason_code FROM pg_temp.ask('D15', '2026-03-03 21:00-05', channel => 'sms');
-- on 8 March 2026 the clocks go forward: eight in the morning is an hour earlier
SELECT outcome, details -> 'earliest' AS earliest FROM pg_temp.ask('D15', '2026-03-07 22:00-05', channel => 'sms');

-- D16: France, professional address, informed; the same facts in Germany
CALL pg_temp.event('D16', 'opt_in', '2026-01-10', basis => 'legitimate_interest',
	evidence => '{"informed_at": "2026-01-10", "related_to_profession": true}');
CALL pg_temp.event('D16-DE', 'opt_in', '2026-01-10', basis => 'legitimate_interest',
	evidence => '{"informed_at": "2026-01-10", "related_to_profession": true}');
SELECT * FROM pg_temp.ask('D16', '2026-03-02');
SELECT * FROM pg_temp.ask('D16-DE', '2026-03-02');

-- D18: Japan, after a business card; a later refusal overrides every basis
CALL pg_temp.event('D18', 'opt_in', '2026-02-01', basis => 'address_notified_in_writing', evidence => '{"kind": "business_card"}');
SELECT * FROM pg_temp.ask('D18', '2026-03-02');
CALL pg_temp.event('D18', 'object', '2026-03-05', evidence => '{}');
SELECT outcome, reason_code FROM pg_temp.ask('D18', '2026-03-06');

RESET search_path;
SET client_min_messages = warning;
CALL lsce.drop_model('consent_cases', 'consent_cases');
