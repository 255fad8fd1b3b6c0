-- Rows that are written without SPI are written as statements would write them:
-- with the triggers, defaults and constraints that users add to the tables.
\set model sample_direct
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/sample_fixture.sql
\i :fixture
\set ECHO none
RESET lsce.login;
CREATE TABLE public.heard (n int GENERATED ALWAYS AS IDENTITY, what text);
GRANT ALL ON public.heard TO PUBLIC;
CREATE FUNCTION public.hear_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.heard (what) VALUES (concat_ws(' ', TG_WHEN, TG_OP, TG_TABLE_NAME));
	RETURN NEW;
END
$$;
CREATE FUNCTION public.hear_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.heard (what) SELECT concat_ws(' ', TG_WHEN, TG_OP, TG_TABLE_NAME, count(*), 'new rows') FROM new_rows;
	RETURN NULL;
END
$$;
ALTER TABLE limit_use ADD noted text DEFAULT 'noted by ' || 'default';
CREATE TRIGGER hear_row BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION public.hear_row();
CREATE TRIGGER hear_row AFTER UPDATE ON limit_counter FOR EACH ROW EXECUTE FUNCTION public.hear_row();
CREATE TRIGGER hear_rows AFTER INSERT ON inventory_entry REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.hear_rows();
CREATE TRIGGER hear_rows AFTER UPDATE ON sample_request_line REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.hear_rows();
SET lsce.login = 'rep';
\set ECHO all

SET lsce.direct_access = on;
CALL public.give('one', 'anna', 1, '2023-02-01');
SELECT what FROM public.heard ORDER BY n;
SELECT quantity, noted FROM limit_use;
TRUNCATE public.heard;

SET lsce.direct_access = off;
CALL public.give('two', 'ben', 1, '2023-02-01');
SELECT what FROM public.heard ORDER BY n;
SELECT DISTINCT quantity, noted FROM limit_use;

-- a constraint that a user adds is checked, also after the session has written
SET lsce.direct_access = on;
ALTER TABLE outbox ADD CONSTRAINT no_event CHECK (topic <> 'sample.disbursed') NOT VALID;
\set VERBOSITY terse
CALL public.give('three', 'ben', 1, '2023-02-02');
SET lsce.direct_access = off;
CALL public.give('three', 'ben', 1, '2023-02-02');
RESET lsce.direct_access;
ALTER TABLE outbox DROP CONSTRAINT no_event;
CALL public.give('three', 'ben', 1, '2023-02-02');

-- a foreign key that a user adds is checked, whatever it refers to, as often as it fails
\set ECHO none
RESET lsce.login;
CREATE TABLE public.known (entity_id uuid PRIMARY KEY, topic text DEFAULT 'sample.disbursed', UNIQUE (topic, entity_id));
CREATE TABLE public.parted (entity_id uuid PRIMARY KEY) PARTITION BY HASH (entity_id);
CREATE TABLE public.part PARTITION OF public.parted FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE public.figure (amount numeric PRIMARY KEY);
CREATE PROCEDURE public.refer(foreign_key text, on_or_off text, name text DEFAULT 'outbox') LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('ALTER TABLE %I ADD CONSTRAINT known %s NOT VALID', name, foreign_key);
	PERFORM set_config('lsce.direct_access', on_or_off, true);
	FOR known IN 0 .. 1 LOOP
		BEGIN
			IF known = 1 THEN
				INSERT INTO public.known VALUES (public.id('known'));
				INSERT INTO public.parted VALUES (public.id('known'));
				INSERT INTO public.figure SELECT generate_series(0, 100);
			END IF;
			PERFORM set_config('lsce.login', 'rep', true);
			CALL public.give('known', 'anna', 1, '2023-02-03');
			SET CONSTRAINTS ALL IMMEDIATE;
			RAISE 'stored';
		EXCEPTION WHEN others THEN
			RAISE NOTICE '%: %', SQLSTATE, SQLERRM;
		END;
		PERFORM set_config('lsce.login', '', true);
	END LOOP;
	EXECUTE format('ALTER TABLE %I DROP CONSTRAINT known', name);
	RAISE NOTICE '-';
END
$$;
\set ECHO all
CALL public.refer('FOREIGN KEY (entity_id) REFERENCES public.known', 'on');
CALL public.refer('FOREIGN KEY (entity_id) REFERENCES public.known', 'off');
CALL public.refer('FOREIGN KEY (used) REFERENCES public.figure', 'on', 'limit_counter');
CALL public.refer('FOREIGN KEY (fulfilled) REFERENCES public.figure', 'on', 'sample_request_line');
CALL public.refer('FOREIGN KEY (on_hand) REFERENCES public.figure', 'on', 'inventory_stock');
CALL public.refer('FOREIGN KEY (on_hand) REFERENCES public.figure', 'off', 'inventory_stock');
CALL public.refer('FOREIGN KEY (topic, entity_id) REFERENCES public.known (topic, entity_id)', 'on');
CALL public.refer('FOREIGN KEY (entity_id, topic) REFERENCES public.known (entity_id, topic) MATCH FULL', 'on');
CALL public.refer('FOREIGN KEY (entity_id) REFERENCES public.known DEFERRABLE INITIALLY DEFERRED', 'on');
CALL public.refer('FOREIGN KEY (entity_id) REFERENCES public.parted', 'on');
ALTER TABLE public.known OWNER TO pg_database_owner;
CALL public.refer('FOREIGN KEY (entity_id) REFERENCES public.known', 'on');
ALTER TABLE public.known ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CALL public.refer('FOREIGN KEY (entity_id) REFERENCES public.known', 'on');

-- since 18 a column may be computed when it is read, and a constraint not be enforced
SELECT current_setting('server_version_num')::integer >= 180000 AS has_virtual \gset
\set ECHO none
RESET lsce.login;
\if :has_virtual
	ALTER TABLE outbox ADD title text GENERATED ALWAYS AS (upper(topic)) VIRTUAL;
	ALTER TABLE outbox ADD CONSTRAINT no_title CHECK (title <> 'SAMPLE.DISBURSED') NOT VALID;
\else
	ALTER TABLE outbox ADD CONSTRAINT no_title CHECK (upper(topic) <> 'SAMPLE.DISBURSED') NOT VALID;
\endif
SET lsce.login = 'rep';
\set ECHO all
SET lsce.direct_access = on;
CALL public.give('four', 'anna', 1, '2023-02-03');
\set ECHO none
RESET lsce.login;
ALTER TABLE outbox DROP CONSTRAINT no_title;
\if :has_virtual
	ALTER TABLE outbox DROP title, ADD CONSTRAINT no_event CHECK (topic <> 'sample.disbursed') NOT ENFORCED;
\endif
SET lsce.login = 'rep';
\set ECHO all
CALL public.give('four', 'anna', 1, '2023-02-03');
RESET lsce.direct_access;
SELECT used, excess FROM limit_counter ORDER BY used;
SELECT check_code, subject, detail FROM lsce.verify('sample_direct') WHERE NOT ok;
\set ECHO none
SET client_min_messages = error;
DROP SCHEMA sample_direct CASCADE;
DROP FUNCTION public.id, public.request_of, public.attempt, public.hear_row, public.hear_rows;
DROP PROCEDURE public.give;
DROP TABLE public.heard;
