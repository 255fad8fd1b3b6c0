-- The model of sample_fixture.sql with people in it: two reps in two territories,
-- who each see their own accounts only, and a role of each other persona.  What
-- they attack is theirs alone to try: the tests act as them.  Roles are
-- regress_att_<login>; drop them with attack_cleanup.sql.
\ir sample_fixture.sql
\set ECHO none
SET client_min_messages = warning;
RESET lsce.login;
UPDATE setting SET value = '14' WHERE name='back_date_days';
UPDATE app_user SET db_role='regress_att_rep' where login='rep';
INSERT INTO app_user (user_id, login, db_role, display_name, company_id)
 SELECT public.id(x), x, 'regress_att_'||x, x, public.id('acme') FROM unnest('{rep2,ops,aud,comp,comp2,mops,stew,ingest,msl,admin,mgr,pool1}'::text[]) x;
INSERT INTO user_assignment (user_id, persona) SELECT public.id(v.login), v.persona FROM (VALUES ('rep2','field_rep'),('ops','sample_ops'),('aud','auditor'),('comp','compliance'),('comp2','compliance'),('mops','mops'),('stew','data_steward'),('ingest','ingest'),('msl','msl'),('admin','admin'),('mgr','manager')) AS v (login, persona);
INSERT INTO territory_node (territory_id, team_id, code, name) VALUES (public.id('south'), public.id('team'), 'SOUTH', 'South');
INSERT INTO territory_place (model_id, territory_id, path) VALUES (public.id('model'), public.id('south'), 'xa.south');
INSERT INTO territory_user (territory_id, user_id) VALUES (public.id('south'), public.id('rep2'));
INSERT INTO account (account_id, kind, name, country_code, prescriber) VALUES (public.id('zoe'), 'hcp', 'Zoe Secret', 'XA', true);
INSERT INTO hcp (account_id, profession) VALUES (public.id('zoe'), 'physician');
INSERT INTO contact_point (contact_point_id, account_id, kind, line, region_code, country_code, is_primary, can_ship, inherits_from) VALUES
 (public.id('zoe:address'), public.id('zoe'), 'address', NULL, NULL, NULL, true, true, public.id('clinic:address'));
INSERT INTO license (account_id, kind, number, jurisdiction, verified_on) values (public.id('zoe'),'national','ZOE','XA',current_date);
update license set verified_on=current_date;
INSERT INTO account_territory (account_id, territory_id) values (public.id('zoe'), public.id('south'));
INSERT INTO product_territory_alignment (product_id, territory_id) SELECT public.id(p.code), public.id('south') FROM unnest('{brand,other}'::text[]) AS p (code);
INSERT INTO consent_event (account_id, controller_id, purpose, action, evidence, captured_at, effective_from)
	SELECT public.id('zoe'), public.id('acme'), 'sample_receipt', 'opt_in','{"text_version": "v1", "method": "paper_signature", "captured_at": "2021-01-01"}', '2021-01-01 00:00+00', '2021-01-01 00:00+00';
INSERT INTO inventory_location (location_id, kind, user_id, company_id, name) VALUES (public.id('bag2'), 'rep', public.id('rep2'), NULL, 'bag of rep2');
INSERT INTO inventory_operation (operation_id, type, from_location_id, to_location_id) VALUES (public.id('receipt2'), 'receipt', public.id('vendor'), public.id('bag2'));
INSERT INTO inventory_entry (operation_id, location_id, batch_id, quantity)
	SELECT public.id('receipt2'), l.location_id, public.id('lot:' || p.code), l.quantity
	FROM unnest('{p10,p20,other}'::text[]) AS p (code), (VALUES (public.id('vendor'), -100), (public.id('bag2'), 100)) AS l (location_id, quantity);
INSERT INTO visit (visit_id, account_id, territory_id, owner_id, place_id, status, actual_from)
	SELECT public.id('vn:' || a||n), public.id(a), public.id(t), public.id(u), public.id(a || ':address'), 'in_progress', now()
	FROM (values ('anna','north','rep'),('ben','north','rep'),('zoe','south','rep2')) v(a,t,u), generate_series(1,3) n;
INSERT INTO signature (signature_id, purpose, signer_account_id, printed_name, meaning, method, payload_sha256, signed_at)
	SELECT public.id('sn:' || a), 'sample_request', public.id(a), a, 'I request these samples', 'pad', sha256('request'), now() - interval '1 hour'
	FROM unnest('{anna,ben,zoe}'::text[]) AS a;
INSERT INTO sample_request (request_id, kind, account_id, practitioner_id, signature_id, requested_at, status)
	SELECT public.id('rn:'||a), 'drop', public.id(a), public.id(a), public.id('sn:' || a), now() - interval '1 hour', 'signed' FROM unnest('{anna,ben,zoe}'::text[]) AS a;
INSERT INTO sample_request_line (request_id, product_id, requested) SELECT public.id('rn:'||a), public.id('p10'), 3 FROM unnest('{anna,ben,zoe}'::text[]) a;
SELECT format('CREATE ROLE regress_att_%s LOGIN', login) FROM app_user \gexec
SELECT format('CALL lsce.grant_persona(%L, %L, %L)', :'model', coalesce(a.persona, 'pool'), u.db_role)
FROM app_user AS u LEFT JOIN user_assignment AS a USING (user_id) ORDER BY u.login \gexec
RESET client_min_messages;
\set ECHO all
