-- title: An objection, and what reopens
-- In the United States marketing by e-mail is allowed until somebody objects. An
-- objection beats every earlier opt-in; a later, narrow opt-in reopens its own
-- scope and no more. Samples have a consent of their own, until it is withdrawn.
-- expect: LS209, LS209, LS201
\ir people.psql

SET ROLE demo_mark;
SELECT outcome, reason_code, obligations FROM can_contact(:'chen', 'email', 'marketing');
SELECT record_consent(:'chen', 'marketing', NULL, 'object', '2026-03-02 11:00') IS NOT NULL AS objected;
SELECT queue_message(:'chen', 'email');

SELECT record_consent(:'chen', 'newsletter', 'email', 'opt_in', '2026-03-02 11:30',
	proof => '{"text_version": "v3", "method": "tablet_signature"}') IS NOT NULL AS opted_in;
SELECT queue_message(:'chen', 'email', purpose => 'newsletter') IS NOT NULL AS queued;
SELECT queue_message(:'chen', 'email', purpose => 'marketing');
SELECT purpose, channel, state, reason_code, because #>> '{decided_by,action}' AS decided_by FROM consent_status(:'chen');

-- samples are another purpose; she withdraws that, too
SELECT outcome FROM can_contact(:'chen', NULL, 'sample_receipt');
SELECT record_consent(:'chen', 'sample_receipt', NULL, 'withdraw', '2026-03-02 12:00') IS NOT NULL AS withdrawn;
SELECT * FROM disburse(:'chen_visit', :'chen_request', :'cirrus', :'cirrus_lot', 1, at => '2026-03-02 12:30');
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT array_agg(m.purpose) = '{newsletter}' FROM outbound_message AS m WHERE m.account_id = account('npi', '2000000333'));
	ASSERT (SELECT array_agg(s.state ORDER BY s.purpose) = '{objection,opt_in,withdrawn}' FROM consent_status(account('npi', '2000000333')) AS s);
END $$;
