-- What a merge does with rows that refer to the merged record: master data that
-- follows, is cut, dropped or kept, tables of users, and what is restored.
\set ECHO none
SET client_min_messages = warning;
SET TIME ZONE 'UTC';
CREATE SCHEMA help_rows;
CREATE FUNCTION help_rows.id(code text) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5(code)::uuid;
CREATE FUNCTION help_rows.attempt(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END
$$;
DROP ROLE IF EXISTS rows_steward, rows_other;
CREATE ROLE rows_steward;
CREATE ROLE rows_other;
CALL lsce.create_model('merge_rows');
CALL lsce.grant_persona('merge_rows', 'data_steward', 'rows_steward');
SET search_path = merge_rows, help_rows, public, pg_catalog;
INSERT INTO company (company_id, code, name, kind, country_code) VALUES (id('acme'), 'ACME', 'Acme', 'own', 'US');
INSERT INTO product (product_id, code, name, type, company_id) VALUES (id('brand'), 'BRAND', 'Brand', 'brand', id('acme'));
INSERT INTO account (account_id, kind, name, country_code)
	SELECT id(a), 'hcp', a, 'US' FROM unnest('{winner,loser,early,peer}'::text[]) AS a;
INSERT INTO hcp (account_id, given_name, family_name) VALUES (id('winner'), 'Maya', 'Chen'), (id('loser'), 'M.', 'Chen');
INSERT INTO account (account_id, kind, name, country_code)
	SELECT id(a), 'hco', a, 'US' FROM unnest('{clinic,clinic2,child}'::text[]) AS a;
INSERT INTO hco (account_id, hco_type, parent_id) VALUES (id('clinic'), 'clinic', id('clinic2')), (id('clinic2'), 'clinic', NULL), (id('child'), 'clinic', id('clinic2'));
-- a day's affiliation in common, one cut on both sides, one to each other
INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, role, kind, valid_from, valid_to) VALUES
	(id('w-clinic'), id('winner'), id('clinic'), 'member', 'employment', '2020-01-01', '2022-01-01'),
	(id('l-clinic'), id('loser'), id('clinic'), 'member', 'employment', '2018-01-01', '2024-01-01'),
	(id('l-same'), id('loser'), id('clinic'), 'head', 'employment', '2020-01-01', '2021-01-01'),
	(id('w-same'), id('winner'), id('clinic'), 'head', 'employment', '2019-01-01', '2022-01-01'),
	(id('l-peer'), id('loser'), id('peer'), 'member', 'referral', '0001-01-01', '9999-12-31'),
	(id('peer-l'), id('peer'), id('loser'), 'member', 'referral', '0001-01-01', '9999-12-31'),
	(id('w-l'), id('winner'), id('loser'), 'member', 'influence', '0001-01-01', '9999-12-31');
INSERT INTO affiliation_product (affiliation_id, product_id, strength) VALUES (id('w-l'), id('brand'), 0.5);
INSERT INTO account_specialty (account_id, code, rank, valid_from) VALUES
	(id('winner'), 'physician.allergy_immunology', 1, '2020-01-01'),
	(id('loser'), 'physician.allergy_immunology', 1, '2015-01-01'),
	(id('loser'), 'physician.internal_medicine', 2, '2015-01-01');
-- the same licence twice, one of them named by a request
INSERT INTO license (license_id, account_id, number, jurisdiction) VALUES
	(id('w-licence'), id('winner'), 'A1', 'US-CA'), (id('l-licence'), id('loser'), 'A1', 'US-CA'),
	(id('w-other'), id('winner'), 'A2', 'US-NV'), (id('l-other'), id('loser'), 'A2', 'US-NV');
INSERT INTO sample_request (request_id, account_id, practitioner_id, license_id, requested_at) VALUES (id('request'), id('loser'), id('loser'), id('l-licence'), '2026-01-01 00:00+00');
INSERT INTO account_identifier (account_id, system, value) VALUES (id('loser'), 'npi', '1234567893');
INSERT INTO external_key (entity, id, system, value) VALUES ('account', id('loser'), 'erp', '77');
INSERT INTO contact_point (contact_point_id, account_id, kind, value, is_primary) VALUES
	(id('w-mail'), id('winner'), 'email', 'maya@example.com', true), (id('l-mail'), id('loser'), 'email', 'm@example.com', true),
	(id('l-phone'), id('loser'), 'phone', '+1', true);
-- tables of users: one follows, one refuses, one of which nobody has said anything
CREATE TABLE public.fan (account_id uuid PRIMARY KEY REFERENCES account, since date);
CREATE TABLE public.trial (trial text, account_id uuid REFERENCES account, PRIMARY KEY (trial, account_id));
CREATE TABLE public.note (note_id int PRIMARY KEY, account_id uuid REFERENCES account, body text);
CREATE TABLE public.keyless (account_id uuid REFERENCES account);
CREATE FUNCTION help_rows.people(id uuid) RETURNS text LANGUAGE sql STABLE RETURN (SELECT name FROM merge_rows.account WHERE account_id = $1);
CREATE VIEW help_rows.edges AS SELECT help_rows.people(from_account_id) AS "from", help_rows.people(to_account_id) AS "to", role, kind, valid_from, valid_to FROM merge_rows.affiliation;
CREATE FUNCTION help_rows.everything() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	t text;
	part text;
	result text := '';
BEGIN
	-- every row of master data, without the moments it was stored at
	FOREACH t IN ARRAY '{account,hcp,hco,affiliation,affiliation_product,account_specialty,license,account_identifier,contact_point,public.fan,public.trial,public.note}'::text[] LOOP
		EXECUTE format('SELECT coalesce(string_agg((to_jsonb(t) - ''sys_from'')::text, '';'' ORDER BY (to_jsonb(t) - ''sys_from'')::text COLLATE "C"), '''') FROM %s AS t', t) INTO part;
		result := result || t || part;
	END LOOP;
	RETURN md5(result);
END
$$;
RESET client_min_messages;
\set ECHO all
-- what nobody registered, and what cannot be
INSERT INTO merge_policy VALUES ('public.fan', 'since', 'follow');
INSERT INTO merge_policy VALUES ('fan', 'account_id', 'follow');
INSERT INTO merge_policy VALUES ('public.trial', 'account_id', 'move');
INSERT INTO merge_policy VALUES ('public.trial', 'account_id', 'stay', '{account_id}');
INSERT INTO merge_policy VALUES ('public.trial', 'account_id', 'follow', '{trial}');
INSERT INTO merge_policy VALUES ('public.trial', 'account_id', 'follow', '{account_id,nothing}');
INSERT INTO merge_policy VALUES ('public.trial', 'account_id', 'refuse');
-- every reference of the model is registered
SELECT r.table_name, r.column_name FROM lsce._account_references('merge_rows') AS r
	WHERE NOT EXISTS (SELECT FROM merge_policy AS p WHERE p.table_name = r.table_name AND p.column_name = r.column_name)
	ORDER BY 1, 2;
-- only the owner decides
GRANT USAGE ON SCHEMA help_rows TO rows_steward;
SET ROLE rows_steward;
SELECT help_rows.attempt($$UPDATE merge_policy SET action = 'follow' WHERE table_name = 'visit'$$);
SELECT help_rows.attempt($$INSERT INTO merge_policy VALUES ('public.note', 'account_id', 'follow')$$);
RESET ROLE;
INSERT INTO public.trial VALUES ('T1', id('loser'));
SELECT help_rows.attempt($$SELECT merge_account(id('winner'), id('loser'), 'x')$$) = format('LS420: account %s has rows in public.trial, whose owner refuses merges', id('loser')) AS refused;
-- two of a kind that cannot both follow, until their owner says what makes them the same
INSERT INTO public.trial VALUES ('T1', id('winner'));
INSERT INTO public.fan VALUES (id('winner'), '2020-01-01'), (id('loser'), '2019-01-01');
UPDATE merge_policy SET action = 'follow' WHERE table_name = 'public.trial';
SELECT replace(help_rows.attempt($$SELECT merge_account(id('winner'), id('loser'), 'x')$$), id('winner')::text, 'WINNER');
UPDATE merge_policy SET same_key = '{trial,account_id}' WHERE table_name = 'public.trial';
INSERT INTO merge_policy VALUES ('public.keyless', 'account_id', 'follow');
SELECT help_rows.attempt($$SELECT merge_account(id('winner'), id('loser'), 'x')$$);
DELETE FROM merge_policy WHERE table_name = 'public.keyless';
INSERT INTO merge_policy VALUES ('public.fan', 'account_id', 'follow', '{account_id}');
INSERT INTO public.note VALUES (1, id('loser'), 'likes tea');
-- nothing of what was refused is left
SELECT count(*) FROM account_merge;
SELECT merge_account(id('loser'), id('early'), 'an early one') AS first \gset
SELECT help_rows.everything() AS before \gset
SELECT merge_account(id('winner'), id('loser'), 'the same person') AS merge \gset
SELECT "from", "to", role, kind, valid_from, valid_to FROM help_rows.edges ORDER BY 1, 2, 3, 4, 5;
SELECT count(*) AS parts_left FROM affiliation_product;
SELECT people(account_id) AS account, code, rank, valid_from, valid_to FROM account_specialty ORDER BY 2, 4;
SELECT people(account_id) AS account, number FROM license ORDER BY number, 1;
SELECT people(account_id) AS account, kind, value, is_primary FROM contact_point ORDER BY kind, value;
SELECT people(account('npi', '1234567893')) AS by_npi, people(account('erp', '77')) AS by_other_key;
SELECT people(account_id) AS account, since FROM public.fan;
SELECT trial, people(account_id) AS account FROM public.trial;
SELECT body, people(account_id) AS account FROM public.note;
SELECT name, people(survivor_id) AS survivor FROM account WHERE survivor_id IS NOT NULL ORDER BY name;
SELECT n, table_name, column_name, op FROM account_merge_row WHERE merge_id = :'merge' AND table_name NOT IN ('affiliation', 'affiliation_product') ORDER BY n;
SELECT op, count(*) FROM account_merge_row WHERE merge_id = :'merge' AND table_name IN ('affiliation', 'affiliation_product') GROUP BY op ORDER BY op;
SELECT count(*) FROM affiliation_h;
SELECT payload - '{merge_id,loser_id,members}'::text[] AS payload, jsonb_array_length(payload -> 'members') AS members FROM outbox WHERE entity_id = id('winner');
SELECT help_rows.attempt('UPDATE account_merge_row SET n = n');
SELECT * FROM lsce.verify('merge_rows') WHERE NOT ok;
-- master data that comes later for the merged record is refused, in every table that follows, whole statements at once; what stays may be changed
SELECT command, regexp_replace(replace(replace(help_rows.attempt(command), id('loser')::text, 'LOSER'), id('winner')::text, 'WINNER'), '[0-9a-f]{8}-[-0-9a-f]*', '<id>', 'g') AS says
FROM unnest(ARRAY[
	$$INSERT INTO contact_point (account_id, kind, value) VALUES (id('winner'), 'phone', '+2'), (id('loser'), 'phone', '+3')$$,
	$$INSERT INTO license (account_id, number, jurisdiction) VALUES (id('loser'), 'B1', 'US-AZ')$$,
	$$INSERT INTO account_specialty (account_id, code, rank) VALUES (id('loser'), 'physician', 3)$$,
	$$INSERT INTO affiliation (from_account_id, to_account_id, role, kind) VALUES (id('peer'), id('loser'), 'member', 'influence')$$,
	$$INSERT INTO account_identifier (account_id, system, value) VALUES (id('loser'), 'other', '1')$$,
	$$UPDATE contact_point SET account_id = id('loser') WHERE contact_point_id = id('w-mail')$$,
	$$UPDATE license SET valid_to = '2030-01-01' WHERE account_id = id('loser')$$,
	$$UPDATE contact_point SET value = 'maya.chen@example.com' WHERE contact_point_id = id('w-mail')$$]) AS command;
SELECT count(*) FROM contact_point WHERE value IN ('+2', '+3');
UPDATE contact_point SET value = 'maya@example.com' WHERE contact_point_id = id('w-mail');
UPDATE license SET valid_to = '9999-12-31' WHERE account_id = id('loser');
SELECT unmerge_account(:'merge') AS restored;
-- then it takes rows again
BEGIN; INSERT INTO contact_point (account_id, kind, value) VALUES (id('loser'), 'phone', '+3'); ROLLBACK;
SELECT help_rows.everything() = :'before' AS as_before;
SELECT name, people(survivor_id) AS survivor FROM account WHERE survivor_id IS NOT NULL ORDER BY name;

-- what was changed since stays changed, and is told
SELECT merge_account(id('winner'), id('loser'), 'the same person') AS merge \gset
UPDATE contact_point SET value = 'new@example.com' WHERE contact_point_id = id('l-mail');
DELETE FROM contact_point WHERE contact_point_id = id('l-phone');
INSERT INTO affiliation (from_account_id, to_account_id, role, kind) VALUES (id('winner'), id('clinic'), 'owner', 'governance');
SET client_min_messages = error;
SELECT unmerge_account(:'merge') > 0 AS restored;
RESET client_min_messages;
SELECT payload -> 'left' AS left_alone FROM outbox WHERE topic = 'account.unmerged' ORDER BY xid DESC, id DESC LIMIT 1;
SELECT people(account_id) AS account, kind, value, is_primary FROM contact_point ORDER BY kind, value;
SELECT "from" FROM help_rows.edges WHERE role = 'owner';
-- a dropped row whose place was taken: refused, nothing happens
SELECT merge_account(id('winner'), id('loser'), 'the same person') AS merge \gset
-- a place that was taken past the triggers
BEGIN; SET LOCAL session_replication_role = replica;
INSERT INTO affiliation (from_account_id, to_account_id, role, kind) VALUES (id('loser'), id('clinic'), 'head', 'employment');
COMMIT;
SELECT regexp_replace(help_rows.attempt(format('SELECT unmerge_account(%L)', :'merge')), '[0-9a-f]{8}-[0-9a-f-]{27}', 'MERGE');
DELETE FROM affiliation WHERE from_account_id = id('loser') AND role = 'head';
SELECT unmerge_account(:'merge') > 0 AS restored;
-- order: a later merge into the same survivor that was fitted to this one
SELECT merge_account(id('winner'), id('loser'), 'one') AS one \gset
INSERT INTO affiliation (from_account_id, to_account_id, role, kind) VALUES (id('peer'), id('clinic'), 'head', 'employment');
SELECT merge_account(id('winner'), id('peer'), 'two') AS two \gset
SELECT help_rows.attempt(format('SELECT unmerge_account(%L)', :'one')) ~ 'LS420: .*undo it first' AS refused;
SELECT unmerge_account(:'two') > 0 AS restored, unmerge_account(:'one') > 0 AS restored_too;

-- somebody else's table of which nothing is said is told of and not read
ALTER TABLE public.note OWNER TO rows_other;
DELETE FROM public.note;
SELECT merge_account(id('winner'), id('loser'), 'one') AS one \gset
SELECT unmerge_account(:'one') > 0 AS restored;
DROP TABLE public.note;
-- organisations: children follow, no organisation becomes its own parent
SELECT merge_account(id('clinic'), id('clinic2'), 'the same clinic') AS merge \gset
SELECT people(account_id) AS hco, people(parent_id) AS parent FROM hco ORDER BY 1;
SELECT unmerge_account(:'merge') > 0 AS restored;
SELECT people(account_id) AS hco, people(parent_id) AS parent FROM hco ORDER BY 1;
SELECT * FROM lsce.verify('merge_rows') WHERE NOT ok;
\set ECHO none
SET client_min_messages = error;
DROP TABLE public.fan, public.trial, public.keyless;
DROP SCHEMA merge_rows, help_rows CASCADE;
DROP OWNED BY rows_steward, rows_other;
DROP ROLE rows_steward, rows_other;
