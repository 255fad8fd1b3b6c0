-- What users do to the tables of a model must not make a difference between
-- rows that are read and written directly and by statements, nor end the server.
\set model direct_attack
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture
\set ECHO none
\set VERBOSITY terse
RESET lsce.login;
UPDATE sample_request_line SET requested = 10000;
UPDATE limit_rule SET quota = 10000;
UPDATE inventory_stock SET on_hand = 10000;
SET lsce.login = 'rep';
CALL public.give('before', 'anna', 1, '2023-02-01');

CREATE TABLE public.heard (what text);
GRANT ALL ON public.heard TO PUBLIC;
CREATE FUNCTION public.state() RETURNS text LANGUAGE sql RETURN concat_ws(', ',
	(SELECT 'used ' || string_agg(used + excess || '', '+' ORDER BY used) FROM direct_attack.limit_counter),
	(SELECT 'fulfilled ' || sum(fulfilled) FROM direct_attack.sample_request_line),
	(SELECT 'in the bag ' || sum(on_hand) FROM direct_attack.inventory_stock),
	(SELECT 'decisions ' || count(*) FROM direct_attack.decision),
	(SELECT 'uses ' || count(*) FROM direct_attack.limit_use),
	(SELECT 'events ' || count(*) FROM direct_attack.outbox WHERE topic = 'sample.disbursed'),
	(SELECT 'heard ' || string_agg(DISTINCT what, ', ') || ' ' || count(*) FROM public.heard));

-- a command and what it leaves, directly and by statements; nothing of it stays
CREATE FUNCTION public.both(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	direct text;
	result text[];
BEGIN
	FOREACH direct IN ARRAY '{on,off}'::text[] LOOP
		BEGIN
			PERFORM set_config('lsce.direct_access', direct, true);
			EXECUTE command;
			SET CONSTRAINTS ALL IMMEDIATE;
			RAISE EXCEPTION '%', public.state() USING ERRCODE = 'P0099';
		EXCEPTION WHEN OTHERS THEN
			result := result || (CASE WHEN SQLSTATE = 'P0099' THEN SQLERRM ELSE concat(SQLSTATE, ': ', SQLERRM) END);
		END;
	END LOOP;
	RETURN CASE WHEN result[1] = result[2] THEN result[1] ELSE array_to_string(result, ' BUT ') END;
END
$$;
CREATE PROCEDURE public.give_many(n int, quantity numeric DEFAULT 1) LANGUAGE sql AS $$
	INSERT INTO direct_attack.disbursement (disbursement_id, kind, visit_id, request_id, product_id, batch_id, quantity, captured_at)
	SELECT gen_random_uuid(), 'sample_drop', public.id('visit:ben1'), public.request_of('ben', '2023-02-01'),
		public.id('p10'), public.id('lot:p10'), quantity, '2023-02-01 12:00+00' FROM generate_series(1, n) AS i
$$;
CREATE FUNCTION public.hear() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET work_mem = '1MB' AS $$
BEGIN
	INSERT INTO public.heard VALUES (concat_ws(' ', TG_WHEN, TG_TABLE_NAME));
	RETURN NEW;
END
$$;
CREATE FUNCTION public.drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION public.change_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW := jsonb_populate_record(NEW, TG_ARGV[0]::jsonb);
	RETURN NEW;
END
$$;
CREATE FUNCTION public.fine(quantity numeric) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	RETURN quantity < (SELECT 10 + count(*) FROM direct_attack.company);
END
$$;
-- one more hand-over from within a hand-over, after one that fails
CREATE FUNCTION public.give_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF pg_trigger_depth() > 2 THEN
		RETURN NULL;
	END IF;
	BEGIN
		CALL public.give_many(1, 20000);
	EXCEPTION WHEN OTHERS THEN
		INSERT INTO public.heard VALUES (SQLSTATE);
	END;
	CREATE SCHEMA direct_attack_other;
	DROP SCHEMA direct_attack_other;
	CALL public.give_many(1);
	RETURN NULL;
END
$$;
\set ECHO all

-- more rows than are judged at a time, from a file
SET work_mem = '64kB';
SELECT public.both('CALL public.give_many(600)');
RESET work_mem;

-- a trigger's function that keeps something between its calls
BEGIN;
CREATE TRIGGER a BEFORE INSERT ON inventory_entry FOR EACH ROW EXECUTE FUNCTION public.hear();
CREATE TRIGGER a BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION public.hear();
CREATE TRIGGER z AFTER INSERT ON limit_use FOR EACH ROW EXECUTE FUNCTION public.hear();
CREATE CONSTRAINT TRIGGER y AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.hear();
SELECT public.both('CALL public.give_many(30)');
ALTER TABLE decision DISABLE TRIGGER a;
ALTER TABLE outbox ENABLE REPLICA TRIGGER y;
SELECT public.both('CALL public.give_many(30)');
ROLLBACK;

-- rows that are left out and changed on the way
BEGIN;
CREATE TRIGGER a BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION public.drop_row();
SELECT public.both('CALL public.give_many(3)');
CREATE TRIGGER a BEFORE UPDATE ON limit_counter FOR EACH ROW EXECUTE FUNCTION public.drop_row();
SELECT public.both('CALL public.give_many(3)');
ROLLBACK;
BEGIN;
CREATE TRIGGER b BEFORE INSERT ON limit_use FOR EACH ROW EXECUTE FUNCTION public.change_row('{"pool_key": "none"}');
SELECT public.both('CALL public.give_many(3)');
ROLLBACK;
BEGIN;
ALTER TABLE disbursement ALTER decision_id DROP NOT NULL;
CREATE TRIGGER zzz BEFORE INSERT ON disbursement FOR EACH ROW EXECUTE FUNCTION public.change_row('{"decision_id": null}');
SELECT public.both('CALL public.give_many(2)');
ROLLBACK;

-- columns that come, go and are computed
BEGIN;
ALTER TABLE limit_counter ADD more text DEFAULT repeat('more', 1000), ADD gone int DEFAULT 7;
ALTER TABLE inventory_stock ADD more numeric NOT NULL DEFAULT 5;
ALTER TABLE sample_request_line ADD more text[] DEFAULT '{a,b}';
ALTER TABLE decision ADD gone text DEFAULT 'gone', ADD number int GENERATED ALWAYS AS IDENTITY;
ALTER TABLE disbursement ADD more text DEFAULT 'more';
ALTER TABLE limit_counter DROP gone;
ALTER TABLE decision DROP gone;
SELECT public.both('CALL public.give_many(3)');
CALL public.give_many(3);
SELECT DISTINCT length(c.more), s.more, l.more FROM limit_counter c, inventory_stock s, sample_request_line l;
SELECT count(*), count(number) FROM decision;
ALTER TABLE limit_counter ADD twice numeric GENERATED ALWAYS AS (used * 2) STORED;
ALTER TABLE limit_use ADD twice numeric GENERATED ALWAYS AS (quantity * 2) STORED;
SELECT public.both('CALL public.give(''more'', ''ben'', 3, ''2023-02-01'')');
ROLLBACK;

-- constraints and indexes
BEGIN;
ALTER TABLE limit_use ADD CONSTRAINT fine CHECK (public.fine(quantity)), ADD CONSTRAINT known CHECK (tableoid = 'limit_use'::regclass);
ALTER TABLE limit_counter ADD CONSTRAINT known CHECK (tableoid = 'limit_counter'::regclass);
CREATE INDEX ON limit_counter ((used * 2)) WHERE used > 0;
CREATE INDEX ON decision (lower(outcome));
ALTER TABLE inventory_operation ADD CONSTRAINT once UNIQUE (disbursement_id, from_location_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE limit_use ADD CONSTRAINT apart EXCLUDE USING btree (disbursement_id WITH =, rule_id WITH =);
SELECT public.both('CALL public.give_many(3)');
SELECT public.both('CALL public.give(''more'', ''ben'', 10, ''2023-02-01'')');
SELECT public.both('CALL public.give(''more'', ''ben'', 11, ''2023-02-01'')');
ROLLBACK;

-- what is missing where nothing may be
BEGIN;
ALTER TABLE limit_counter ALTER used DROP NOT NULL;
UPDATE limit_counter SET used = NULL;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;
BEGIN;
ALTER TABLE sample_request_line ALTER fulfilled DROP NOT NULL;
UPDATE sample_request_line SET fulfilled = NULL;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;
BEGIN;
ALTER TABLE inventory_stock ALTER on_hand DROP NOT NULL, ALTER may_go_negative DROP NOT NULL;
UPDATE inventory_stock SET may_go_negative = NULL;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
UPDATE inventory_stock SET on_hand = NULL;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;
BEGIN;
ALTER TABLE inventory_entry ALTER quantity DROP NOT NULL;
CREATE TRIGGER z BEFORE INSERT ON inventory_entry FOR EACH ROW EXECUTE FUNCTION public.change_row('{"quantity": null}');
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;

BEGIN;
SET LOCAL session_replication_role = replica;
ALTER TABLE limit_rule ALTER subject DROP NOT NULL;
UPDATE limit_rule SET subject = NULL;
SET LOCAL session_replication_role = origin;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;
BEGIN;
SET LOCAL session_replication_role = replica;
ALTER TABLE limit_rule ALTER applies_when DROP NOT NULL;
UPDATE limit_rule SET applies_when = NULL;
SET LOCAL session_replication_role = origin;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;
BEGIN;
SET LOCAL session_replication_role = replica;
ALTER TABLE user_assignment ALTER persona DROP NOT NULL;
UPDATE user_assignment SET persona = NULL;
SET LOCAL session_replication_role = origin;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;
BEGIN;
SET LOCAL session_replication_role = replica;
ALTER TABLE consent_event ALTER action DROP NOT NULL;
UPDATE consent_event SET action = NULL;
SET LOCAL session_replication_role = origin;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;
BEGIN;
SET LOCAL session_replication_role = replica;
ALTER TABLE limit_assignment ALTER sys_from DROP NOT NULL;
UPDATE limit_assignment SET sys_from = NULL;
SET LOCAL session_replication_role = origin;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;

-- foreign keys, and triggers that make, take away or alter what is referred to
BEGIN;
CREATE TABLE known (entity_id uuid PRIMARY KEY);
CREATE TABLE topic (topic text PRIMARY KEY);
CREATE FUNCTION public.know() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO direct_attack.known VALUES (NEW.entity_id);
	EXECUTE TG_ARGV[0];
	RETURN NEW;
END
$$;
ALTER TABLE outbox ADD CONSTRAINT known FOREIGN KEY (entity_id) REFERENCES known NOT VALID;
SAVEPOINT s;
-- before and after the server's check of the row
CREATE TRIGGER "A" AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION public.know('SELECT');
SELECT public.both('CALL public.give_many(2)');
ALTER TRIGGER "A" ON outbox RENAME TO z;
SELECT public.both('CALL public.give_many(2)');
ROLLBACK TO s;
CREATE TRIGGER z BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION public.know('ALTER TABLE direct_attack.known ADD IF NOT EXISTS more int DEFAULT 5');
SELECT public.both('CALL public.give_many(2)');
ROLLBACK TO s;
CREATE TRIGGER z BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION public.know('CREATE INDEX ON direct_attack.known ((entity_id::text))');
SELECT public.both('CALL public.give_many(2)');
ROLLBACK TO s;
CREATE TRIGGER z BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION public.know('REINDEX TABLE direct_attack.known');
SELECT public.both('CALL public.give_many(2)');
ROLLBACK TO s;
-- the first of two rows with a key that nothing has is taken away by the second
ALTER TABLE outbox DROP CONSTRAINT known, ADD CONSTRAINT known FOREIGN KEY (topic) REFERENCES topic NOT VALID;
SELECT public.both('CALL public.give_many(2)');
CREATE TRIGGER z BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION public.know('DELETE FROM direct_attack.outbox WHERE topic = ''sample.disbursed''');
SELECT public.both('CALL public.give_many(2)');
INSERT INTO topic VALUES ('sample.disbursed');
SELECT public.both('CALL public.give_many(2)');
ROLLBACK;

-- however many rows one answer asks for, few are kept for the next
BEGIN;
RESET lsce.login;
CREATE FUNCTION public.weigh() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	INSERT INTO public.heard SELECT CASE WHEN sum(total_bytes) < 1024 * 1024 THEN 'little' ELSE 'much ' || sum(total_bytes) END
		FROM pg_backend_memory_contexts WHERE name = 'lsce rows found';
	RETURN NULL;
END
$$;
CREATE TRIGGER z AFTER INSERT ON inventory_stock FOR EACH STATEMENT EXECUTE FUNCTION public.weigh();
INSERT INTO product_batch (batch_id, product_id, lot_no, expires_on)
	SELECT public.id('lot ' || i), public.id('p10'), 'L' || i, '2999-12-31' FROM generate_series(1, 5001) AS i;
INSERT INTO inventory_stock (location_id, batch_id) SELECT public.id('bag'), public.id('lot ' || i) FROM generate_series(1, 5000) AS i;
TRUNCATE public.heard;
INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id)
	VALUES (public.id('lots'), 'receipt', public.id('vendor'), public.id('bag'));
SELECT public.both($$
	INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
	SELECT public.id('lots'), public.id(place), public.id('lot ' || i), quantity
	FROM generate_series(1, 5001) AS i, (VALUES ('bag', 1), ('vendor', -1)) AS leg (place, quantity)
$$);
ROLLBACK;

-- what is referred to lies in a schema that the owner of both tables may not use
BEGIN;
CREATE ROLE regress_direct_attack;
CREATE SCHEMA direct_attack_other;
CREATE TABLE direct_attack_other.topic (topic text PRIMARY KEY);
INSERT INTO direct_attack_other.topic VALUES ('sample.disbursed');
ALTER TABLE outbox ADD CONSTRAINT known FOREIGN KEY (topic) REFERENCES direct_attack_other.topic NOT VALID;
ALTER SCHEMA direct_attack OWNER TO regress_direct_attack;
DO $$
DECLARE
	name regclass;
BEGIN
	FOR name IN SELECT oid FROM pg_class WHERE relnamespace::regnamespace IN ('direct_attack', 'direct_attack_other') AND relkind IN ('r', 'v') LOOP
		EXECUTE format('ALTER TABLE %s OWNER TO regress_direct_attack', name);
	END LOOP;
END
$$;
SELECT public.both('CALL public.give_many(2)');
GRANT USAGE ON SCHEMA direct_attack_other TO regress_direct_attack;
SELECT public.both('CALL public.give_many(2)');
ROLLBACK;

-- a rule that is approved for ever counts what was handed over before
BEGIN;
RESET lsce.login;
INSERT INTO limit_template (template_id, code, label, country_code, authority, status, authored_by, approved_by, approved_at)
	VALUES (public.id('ever'), 'EVER', 'two a year', 'XA', 'company', 'approved', 'author', 'approver', 'infinity');
INSERT INTO limit_rule (rule_id, template_id, name, quota, period) VALUES (public.id('ever'), public.id('ever'), 'ever', 2, 'calendar_year');
INSERT INTO limit_assignment (template_id, product_id) VALUES (public.id('ever'), public.id('p10'));
SET lsce.login = 'rep';
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
SELECT public.both('CALL public.give(''more'', ''anna'', 2, ''2023-02-01'')');
UPDATE limit_template SET approved_at = '-infinity' WHERE code = 'EVER';
SELECT public.both('CALL public.give(''more'', ''anna'', 2, ''2023-02-01'')');
ROLLBACK;

-- a column that had another type for a while
BEGIN;
SAVEPOINT s;
ALTER TABLE license RENAME TO license_before;
CREATE TABLE license AS SELECT * FROM license_before;
ALTER TABLE license ALTER license_id TYPE text;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK TO s;
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;

-- hand-overs within a hand-over, and rolled back between others
BEGIN;
CREATE TRIGGER z AFTER INSERT ON limit_use FOR EACH STATEMENT EXECUTE FUNCTION public.give_more();
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
CREATE TRIGGER a AFTER UPDATE ON limit_counter FOR EACH STATEMENT EXECUTE FUNCTION public.give_more();
SELECT public.both('CALL public.give(''more'', ''anna'', 1, ''2023-02-01'')');
ROLLBACK;
BEGIN;
CALL public.give('one', 'anna', 1, '2023-02-01');
SAVEPOINT s;
CALL public.give('two', 'anna', 2, '2023-02-01');
ROLLBACK TO s;
CALL public.give('three', 'anna', 3, '2023-02-01');
SELECT public.state();
SELECT check_code, subject, detail FROM lsce.verify('direct_attack') WHERE NOT ok AND check_code <> 'stock';
ROLLBACK;
SELECT public.state();
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA direct_attack CASCADE;
DROP FUNCTION public.id, public.request_of, public.attempt, public.both, public.hear, public.drop_row,
	public.change_row, public.fine, public.give_more;
DROP PROCEDURE public.give, public.give_many;
DROP TABLE public.heard;
