-- System-time history, what the database knew when, end dates and the outbox
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_lsce_owner NOLOGIN;
CREATE ROLE regress_stu NOLOGIN;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_lsce_owner', current_database()); END $$;
SET ROLE regress_lsce_owner;
CALL lsce.create_model('regress_h', false);
CALL lsce.grant_persona('regress_h', 'data_steward', 'regress_stu');

-- every table that knows sys_from has a history, and nothing else
SELECT count(*) > 25 AS many, count(*) = count(h.oid) AS all_have_one
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'sys_from'
LEFT JOIN pg_class AS h ON h.relnamespace = c.relnamespace AND h.relname = c.relname || '_h'
WHERE c.relnamespace = 'regress_h'::regnamespace AND c.relkind = 'r' AND c.relname !~ '_h$';

SET search_path = regress_h;
INSERT INTO country VALUES ('US', 'United States', 'America/New_York');
INSERT INTO company (company_id, code, name, kind, country_code) VALUES ('00000000-0000-0000-0000-0000000000c1', 'OWN', 'Own', 'own', 'US');
INSERT INTO app_user (login, db_role, display_name, company_id) VALUES ('stu', 'regress_stu', 'Stu', '00000000-0000-0000-0000-0000000000c1');
INSERT INTO user_assignment (user_id, persona) SELECT user_id, 'data_steward' FROM app_user;
-- the owner may load rows with the time they were known from elsewhere
INSERT INTO account (account_id, kind, name, country_code, sys_from) VALUES
	('00000000-0000-0000-0000-00000000ac01', 'hcp', 'Dr One', 'US', '2025-01-01 00:00+00'),
	('00000000-0000-0000-0000-00000000ac02', 'hcp', 'Dr Two', 'US', '2025-01-01 00:00+00');
SELECT name, sys_from = '2025-01-01 00:00+00' AS loaded FROM account;
-- others know a row from now
RESET search_path;
SET ROLE regress_stu;
INSERT INTO regress_h.account (account_id, kind, name, country_code, sys_from) VALUES
	('00000000-0000-0000-0000-00000000ac03', 'hcp', 'Dr Three', 'US', '2025-01-01 00:00+00');
SELECT sys_from > '2026-01-01' AS now FROM regress_h.account WHERE name = 'Dr Three';
UPDATE regress_h.account SET sys_from = '2025-01-01 00:00+00' WHERE name = 'Dr Three';
SELECT sys_from > '2026-01-01' AS now FROM regress_h.account WHERE name = 'Dr Three';
UPDATE regress_h.account SET name = 'Dr Three Jr' WHERE name = 'Dr Three';
SELECT count(*) FROM regress_h.account_h;
SET ROLE regress_lsce_owner;
SET search_path = regress_h;
SELECT name, changed_by FROM account_h WHERE name LIKE 'Dr Three%' ORDER BY sys_from;

-- each version begins where the one before ends, also within a transaction
BEGIN;
UPDATE account SET name = 'Dr One b' WHERE name = 'Dr One';
UPDATE account SET name = 'Dr One c' WHERE name = 'Dr One b';
UPDATE account SET name = 'Dr One d' WHERE name = 'Dr One c';
COMMIT;
SELECT name, sys_from < sys_to AS lasted, sys_to = lead(sys_from) OVER (ORDER BY sys_from) AS joined FROM account_h WHERE name LIKE 'Dr One%' ORDER BY sys_from;
SELECT h.sys_to = a.sys_from AS joined FROM account AS a JOIN account_h AS h USING (account_id) WHERE a.name = 'Dr One d' AND h.name = 'Dr One c';
-- a clock that stands behind the row does not make an empty version
INSERT INTO account (account_id, kind, name, country_code, sys_from) VALUES ('00000000-0000-0000-0000-00000000ac05', 'hcp', 'Dr Future', 'US', '2099-01-01 00:00+00');
UPDATE account SET name = 'Dr Later' WHERE name = 'Dr Future';
SELECT name, sys_from, sys_to FROM account_h WHERE name = 'Dr Future';
DELETE FROM account WHERE name = 'Dr Later';
SELECT name, sys_to - sys_from AS known FROM account_h WHERE account_id = '00000000-0000-0000-0000-00000000ac05' ORDER BY sys_from;
-- what a rolled back transaction changed was never known
BEGIN;
UPDATE account SET name = 'Dr Nobody' WHERE name = 'Dr Two';
ROLLBACK;
SELECT count(*) FROM account_h WHERE name = 'Dr Nobody' OR sys_to IS NULL;

-- as the database knew it
SELECT r ->> 'name' AS name FROM as_of('account', '2025-06-01') AS r ORDER BY 1;
SELECT r ->> 'name' AS name FROM as_of('account', now()) AS r ORDER BY 1;
SELECT count(*) FROM as_of('account', '2024-12-31');

-- user columns: into extra until the history has them, and back out by as_of()
ALTER TABLE account ADD COLUMN mood text, ADD COLUMN "Odd ""name" jsonb;
UPDATE account SET mood = 'good', "Odd ""name" = '{"a": 1}' WHERE name = 'Dr Two';
UPDATE account SET mood = 'bad' WHERE name = 'Dr Two';
SELECT name, extra FROM account_h WHERE name = 'Dr Two' ORDER BY sys_from;
ALTER TABLE account_h ADD COLUMN mood text;
UPDATE account SET mood = 'fair' WHERE name = 'Dr Two';
SELECT name, mood, extra FROM account_h WHERE name = 'Dr Two' ORDER BY sys_from;
ALTER TABLE account DROP COLUMN mood;
UPDATE account SET lang = 'de' WHERE name = 'Dr Two';
SELECT name, lang, mood, extra FROM account_h WHERE name = 'Dr Two' ORDER BY sys_from;
ALTER TABLE account RENAME COLUMN "Odd ""name" TO odd;
UPDATE account SET lang = 'ja' WHERE name = 'Dr Two';
SELECT name, lang, mood, extra FROM account_h WHERE name = 'Dr Two' ORDER BY sys_from;
SELECT r ->> 'mood' AS mood, r ->> 'lang' AS lang FROM account_h AS h, as_of('account', h.sys_from) AS r
WHERE h.name = 'Dr Two' AND r ->> 'name' = 'Dr Two' ORDER BY h.sys_from;
-- a type that changes
ALTER TABLE account ALTER COLUMN lang TYPE varchar(5);
UPDATE account SET lang = 'en' WHERE name = 'Dr Two';
SELECT lang FROM account_h WHERE name = 'Dr Two' ORDER BY sys_from DESC LIMIT 1;

-- history itself does not change
UPDATE account_h SET name = 'x';
DELETE FROM account_h;
TRUNCATE account_h;

-- history goes with the renamed model, in the same session
RESET search_path;
CALL lsce.rename_model('regress_h', 'regress_h2');
UPDATE regress_h2.account SET name = 'Dr Two, renamed' WHERE name = 'Dr Two';
SELECT count(*) FROM regress_h2.account_h WHERE name = 'Dr Two';
SELECT count(*) FROM regress_h2.as_of('account', now());
SET search_path = regress_h2;

-- the last valid day
INSERT INTO license (license_id, account_id, number, jurisdiction) VALUES ('00000000-0000-0000-0000-00000000dd01', '00000000-0000-0000-0000-00000000ac01', 'A1', 'US');
SELECT end_date('license', '00000000-0000-0000-0000-00000000dd01', '2026-06-30');
SELECT valid_to, expires_on FROM license;
SELECT end_date('license', '00000000-0000-0000-0000-00000000dd01', '2026-06-30');
SELECT end_date('license', '00000000-0000-0000-0000-00000000dd01', '0001-01-01');
SELECT end_date('license', '00000000-0000-0000-0000-00000000dd01', '-infinity');
-- a row that something refers to stays
DELETE FROM account WHERE account_id = '00000000-0000-0000-0000-00000000ac01';

-- outbox: in the order of transactions, and nothing that could still be overtaken
-- (an autovacuum worker can be the oldest transaction for a moment)
CREATE PROCEDURE pg_temp.settle() LANGUAGE plpgsql AS $$
BEGIN
	WHILE EXISTS (SELECT FROM regress_h2.outbox
		WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()) AND xid < pg_snapshot_xmax(pg_current_snapshot())) LOOP
		PERFORM pg_sleep(0.01);
	END LOOP;
END
$$;
INSERT INTO outbox (topic, entity_id) VALUES ('first', '00000000-0000-0000-0000-000000000001');
INSERT INTO outbox (topic, entity_id) VALUES ('second', '00000000-0000-0000-0000-000000000002');
CALL pg_temp.settle();
SELECT topic FROM outbox_read();
SELECT topic FROM outbox_read(lim => 1);
SELECT next.topic FROM outbox_read(lim => 1) AS r, LATERAL outbox_read(r.xid, r.id) AS next;
BEGIN;
INSERT INTO outbox (topic, entity_id) VALUES ('of this transaction', '00000000-0000-0000-0000-000000000003');
SELECT topic FROM outbox_read();
COMMIT;
CALL pg_temp.settle();
SELECT topic FROM outbox_read();
-- restored from a cluster whose transaction ids were far ahead: readable, and before all others
INSERT INTO outbox (topic, entity_id, xid) VALUES ('restored', '00000000-0000-0000-0000-000000000004', '9000000000000000000');
SELECT topic, xid = '0' AS restored FROM outbox_read();
INSERT INTO outbox (topic, entity_id) VALUES ('after the restore', '00000000-0000-0000-0000-000000000005');
CALL pg_temp.settle();
SELECT next.topic FROM outbox AS last, LATERAL outbox_read(last.xid, last.id) AS next WHERE last.topic = 'second';

RESET search_path;
CALL lsce.drop_model('regress_h2', 'regress_h2');
RESET ROLE;
DROP OWNED BY regress_lsce_owner;
DROP ROLE regress_lsce_owner, regress_stu;
