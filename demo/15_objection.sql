-- title: An objection, and what reopens
-- In the United States marketing by e-mail is allowed until somebody objects. An
-- objection beats every earlier opt-in; a later, narrow opt-in reopens its own
-- scope and no more. Samples have a consent of their own, until it is withdrawn.
-- expect: LS209, LS209, LS201
\ir people.psql

SET ROLE demo_mark;
SELECT outcome, reason_code, obligations FROM can_contact(:'lee', 'email', 'marketing');
SELECT record_consent(:'lee', 'marketing', NULL, 'object', '2026-03-02 11:00') IS NOT NULL AS objected;
SELECT queue_message(:'lee', 'email');

SELECT record_consent(:'lee', 'newsletter', 'email', 'opt_in', '2026-03-02 11:30',
	proof => '{"text_version": "v3", "method": "tablet_signature"}') IS NOT NULL AS opted_in;
SELECT queue_message(:'lee', 'email', purpose => 'newsletter') IS NOT NULL AS queued;
SELECT queue_message(:'lee', 'email', purpose => 'marketing');
SELECT purpose, channel, state, reason_code, because #>> '{decided_by,action}' AS decided_by FROM consent_status(:'lee');

-- samples are another purpose; now she withdraws that, too
SELECT outcome FROM can_contact(:'singh', NULL, 'sample_receipt');
SELECT record_consent(:'singh', 'sample_receipt', NULL, 'withdraw', '2026-03-02 12:00') IS NOT NULL AS withdrawn;
SELECT * FROM disburse(:'singh_visit', :'singh_request', :'cirrus', :'cirrus_lot', 1, at => '2026-03-02 12:30');
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT array_agg(m.purpose) = '{newsletter}' FROM outbound_message AS m);
	ASSERT (SELECT array_agg(s.state ORDER BY s.purpose) = '{objection,opt_in,opt_in}' FROM consent_status(account('npi', '1908641479')) AS s);
END $$;
