-- shortest_path(), influence_rank(), components, communities, peers, pictures
SET client_min_messages = warning;
CALL lsce.create_model('crm', false);
SET search_path = crm, lsce, public;
INSERT INTO country VALUES ('US', 'United States', 'America/New_York');

-- accounts whose ids end in the code of their letter: a..m professionals, P..S organisations
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql
RETURN ('00000000-0000-7000-8000-0000000000' || to_hex(ascii(name)))::uuid;
CREATE FUNCTION pg_temp.name(id uuid) RETURNS text LANGUAGE sql
RETURN chr(('x' || right(id::text, 2))::bit(8)::int);
CREATE FUNCTION pg_temp.names(ids uuid[]) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(pg_temp.name(v), '' ORDER BY o) FROM unnest(ids) WITH ORDINALITY u(v, o));

-- an empty model
SELECT count(*) FROM influence_rank(at => '2026-03-02');
SELECT count(*) FROM affiliation_components(at => '2026-03-02');
SELECT count(*) FROM communities(at => '2026-03-02');
SELECT count(*) FROM communities(at => '2026-03-02', method => 'label_propagation');

INSERT INTO account (account_id, kind, name, country_code)
SELECT pg_temp.id(n), CASE WHEN n < 'a' COLLATE "C" THEN 'hco' ELSE 'hcp' END, n, 'US'
FROM unnest('{a,b,c,d,e,f,g,h,i,j,k,l,m,P,Q,R,S}'::text[]) n;
-- accounts without affiliations: everybody alone, all equal
SELECT count(*), min(score) = max(score) AS equal, round(sum(score)::numeric, 9) AS sum FROM influence_rank(at => '2026-03-02');
SELECT count(DISTINCT component) FROM affiliation_components(at => '2026-03-02');
SELECT count(*) FROM reach(pg_temp.id('a'), NULL, at => '2026-03-02', direction => 'any');
SELECT count(*) FROM shortest_path(pg_temp.id('a'), pg_temp.id('b'), NULL, '2026-03-02');

INSERT INTO affiliation (affiliation_id, from_account_id, to_account_id, kind, strength, direction, valid_from, valid_to)
SELECT ('00000000-0000-7000-9000-0000000000' || lpad(row_number() OVER ()::text, 2, '0'))::uuid,
	pg_temp.id(f), pg_temp.id(t), k, s, d, vf, vt
FROM (VALUES
	('a', 'b', 'referral',   0.5, 'unidirectional', DATE '2020-01-01', DATE '9999-12-31'),
	('b', 'c', 'referral',   0.5, 'unidirectional', '2020-01-01', '9999-12-31'),
	('a', 'd', 'referral',   0.9, 'unidirectional', '2020-01-01', '9999-12-31'),
	('d', 'c', 'referral',   0.9, 'unidirectional', '2020-01-01', '9999-12-31'),
	('c', 'e', 'influence',  0.8, 'bidirectional',  '2020-01-01', '9999-12-31'),
	('a', 'e', 'referral',   0.1, 'unidirectional', '2020-01-01', '9999-12-31'),
	('f', 'e', 'membership', 0.7, 'neutral',        '2020-01-01', '9999-12-31'),
	('f', 'g', 'referral',   1.0, 'unidirectional', '2020-01-01', '2025-01-01'),
	('a', 'P', 'employment', 1.0, 'unidirectional', '2020-01-01', '9999-12-31'),
	('b', 'P', 'employment', 0.6, 'unidirectional', '2020-01-01', '9999-12-31'),
	('b', 'Q', 'admitting',  0.5, 'unidirectional', '2020-01-01', '9999-12-31'),
	('a', 'Q', 'admitting',  0.5, 'unidirectional', '2020-01-01', '9999-12-31'),
	('h', 'P', 'employment', 0.8, 'unidirectional', '2020-01-01', '9999-12-31'),
	('P', 'R', 'governance', 1.0, 'unidirectional', '2020-01-01', '9999-12-31'),
	('i', 'j', 'referral',   1.0, 'unidirectional', '2020-01-01', '9999-12-31'),
	('j', 'k', 'referral',   1.0, 'unidirectional', '2020-01-01', '9999-12-31'),
	('k', 'i', 'referral',   1.0, 'unidirectional', '2020-01-01', '9999-12-31')) v(f, t, k, s, d, vf, vt);

-- by hops: a-e is one edge, however weak
SELECT step, pg_temp.name(account_id), right(affiliation_id::text, 2) AS affiliation, strength
FROM shortest_path(pg_temp.id('a'), pg_temp.id('e'), at => '2026-03-02');
-- by strength: over d and c
SELECT step, pg_temp.name(account_id), right(affiliation_id::text, 2) AS affiliation, strength
FROM shortest_path(pg_temp.id('a'), pg_temp.id('e'), at => '2026-03-02', by => 'strength');
-- with two edges at most, d-c-e is too long
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step)
FROM shortest_path(pg_temp.id('a'), pg_temp.id('e'), 2, '2026-03-02', by => 'strength');
-- two ways of two hops to c: the stronger one
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step)
FROM shortest_path(pg_temp.id('a'), pg_temp.id('c'), at => '2026-03-02');
-- bounds: two hops are needed
SELECT count(*) FROM shortest_path(pg_temp.id('a'), pg_temp.id('c'), 1, '2026-03-02');
SELECT count(*) FROM shortest_path(pg_temp.id('a'), pg_temp.id('c'), 2, '2026-03-02');
SELECT count(*) FROM shortest_path(pg_temp.id('a'), pg_temp.id('c'), NULL, '2026-03-02');
SELECT count(*) FROM shortest_path(pg_temp.id('a'), pg_temp.id('c'), 2147483647, '2026-03-02');
-- to itself: one step, even with no hop allowed
SELECT step, pg_temp.name(account_id), affiliation_id, strength
FROM shortest_path(pg_temp.id('a'), pg_temp.id('a'), 0, '2026-03-02');
-- directions
SELECT count(*) FROM shortest_path(pg_temp.id('e'), pg_temp.id('a'), at => '2026-03-02');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step)
FROM shortest_path(pg_temp.id('e'), pg_temp.id('a'), at => '2026-03-02', direction => 'in');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step)
FROM shortest_path(pg_temp.id('f'), pg_temp.id('h'), at => '2026-03-02', direction => 'any');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step)
FROM shortest_path(pg_temp.id('f'), pg_temp.id('h'), at => '2026-03-02', direction => 'any', by => 'strength');
SELECT count(*) FROM shortest_path(pg_temp.id('f'), pg_temp.id('e'), at => '2026-03-02');
-- the bidirectional edge c-e both ways
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step) FROM shortest_path(pg_temp.id('e'), pg_temp.id('c'), at => '2026-03-02');
-- kinds and days
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step)
FROM shortest_path(pg_temp.id('a'), pg_temp.id('R'), at => '2026-03-02', kinds => '{employment,governance}');
SELECT count(*) FROM shortest_path(pg_temp.id('a'), pg_temp.id('R'), at => '2026-03-02', kinds => '{employment,NULL}');
SELECT count(*) FROM shortest_path(pg_temp.id('f'), pg_temp.id('g'), at => '2024-12-31');
SELECT count(*) FROM shortest_path(pg_temp.id('f'), pg_temp.id('g'), at => '2025-01-01');
-- another component: no path
SELECT count(*) FROM shortest_path(pg_temp.id('a'), pg_temp.id('i'), NULL, '2026-03-02', direction => 'any');
-- a product's strengths
INSERT INTO product (product_id, code, name, type) VALUES (pg_temp.id('p'), 'CUMULUS', 'Cumulus', 'brand');
INSERT INTO affiliation_product (affiliation_id, product_id, strength)
SELECT affiliation_id, pg_temp.id('p'), 1 FROM affiliation WHERE from_account_id = pg_temp.id('b') OR to_account_id = pg_temp.id('b');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step)
FROM shortest_path(pg_temp.id('a'), pg_temp.id('c'), at => '2026-03-02', product_id => pg_temp.id('p'));

-- the walker of PageRank, worked out by a plain query over all accounts
CREATE FUNCTION pg_temp.rank(rounds int) RETURNS TABLE (account_id uuid, score float8) LANGUAGE plpgsql AS $$
DECLARE
	n int;
BEGIN
	DROP TABLE IF EXISTS pg_temp.score, pg_temp.arc;
	CREATE TEMP TABLE arc AS
		SELECT f, t, w::float8 AS w, sum(w::float8) OVER (PARTITION BY f) AS out FROM (
			SELECT from_account_id, to_account_id, strength FROM crm.affiliation WHERE direction <> 'neutral' AND valid_to > '2026-03-02'
			UNION ALL
			SELECT to_account_id, from_account_id, strength FROM crm.affiliation WHERE direction = 'bidirectional') a(f, t, w);
	SELECT count(*) INTO n FROM crm.account;
	CREATE TEMP TABLE score AS SELECT a.account_id AS id, 1.0::float8 / n AS s FROM crm.account a;
	FOR i IN 1..rounds LOOP
		CREATE TEMP TABLE next AS
			SELECT id, 0.15 / n + 0.85 / n * (SELECT coalesce(sum(s), 0) FROM score WHERE id NOT IN (SELECT f FROM arc))
				+ 0.85 * coalesce((SELECT sum(p.s * a.w / a.out) FROM arc a JOIN score p ON p.id = a.f WHERE a.t = score.id), 0) AS s
			FROM score;
		DROP TABLE score;
		ALTER TABLE next RENAME TO score;
	END LOOP;
	RETURN QUERY SELECT id, s FROM score;
END $$;
SELECT count(*) AS accounts, count(*) FILTER (WHERE abs(r.score - q.score) > 1e-12) AS differ
FROM influence_rank(at => '2026-03-02') r FULL JOIN pg_temp.rank(100) q USING (account_id);
SELECT count(*) AS accounts, count(*) FILTER (WHERE abs(r.score - q.score) > 1e-14) AS differ
FROM influence_rank(at => '2026-03-02', max_rounds => 3) r FULL JOIN pg_temp.rank(3) q USING (account_id);
SELECT rank, pg_temp.name(account_id), round(score::numeric, 6) AS score FROM influence_rank(at => '2026-03-02') ORDER BY rank LIMIT 6;
-- equal scores stand in the order of the ids
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY rank) FROM influence_rank(at => '2026-03-02', damping => 0);
-- in reverse, over some kinds, for a product
SELECT pg_temp.name(account_id) FROM influence_rank(at => '2026-03-02', direction => 'in') WHERE rank = 1;
SELECT pg_temp.name(account_id) FROM influence_rank(at => '2026-03-02', kinds => '{employment}') WHERE rank = 1;
SELECT rank, pg_temp.name(account_id) FROM influence_rank(pg_temp.id('p'), at => '2026-03-02') WHERE account_id IN (pg_temp.id('b'), pg_temp.id('d')) ORDER BY rank;
-- lists of a specialty and of a territory; the score is that of the whole network
INSERT INTO account_specialty (account_id, code) VALUES
	(pg_temp.id('a'), 'medicine.internal.pulmonology'), (pg_temp.id('b'), 'medicine.internal.pulmonology'),
	(pg_temp.id('h'), 'medicine.internal.pulmonology'), (pg_temp.id('e'), 'medicine.internal'),
	(pg_temp.id('c'), 'medicine.allergy'), (pg_temp.id('k'), 'medicine.internal.pulmonology');
INSERT INTO company (company_id, code, name, kind, country_code) VALUES (pg_temp.id('o'), 'OWN', 'Own', 'own', 'US');
INSERT INTO sales_team (team_id, code, name, company_id, country_code) VALUES (pg_temp.id('t'), 'T', 'Team', pg_temp.id('o'), 'US');
INSERT INTO territory_node (territory_id, team_id, code, name) VALUES (pg_temp.id('w'), pg_temp.id('t'), 'W', 'West');
INSERT INTO account_territory (account_id, territory_id, valid_to) VALUES
	(pg_temp.id('a'), pg_temp.id('w'), '9999-12-31'), (pg_temp.id('b'), pg_temp.id('w'), '2026-03-02'), (pg_temp.id('e'), pg_temp.id('w'), '9999-12-31');
SELECT rank, pg_temp.name(account_id) FROM influence_rank(specialty_code => 'medicine.internal', at => '2026-03-02');
SELECT rank, pg_temp.name(l.account_id), l.score = w.score AS same_score
FROM influence_rank(specialty_code => 'medicine.internal', territory_id => pg_temp.id('w'), at => '2026-03-02') l
JOIN influence_rank(at => '2026-03-02') w (account_id, score, whole_rank) USING (account_id) ORDER BY rank;

-- components: the largest is 1; a, by neutral and directed edges alike
SELECT component, string_agg(pg_temp.name(account_id), '' ORDER BY account_id) FROM affiliation_components(at => '2026-03-02') GROUP BY 1 ORDER BY 1;
SELECT component, count(*) FROM affiliation_components('{referral}', '2024-12-31') GROUP BY 1 HAVING count(*) > 1 ORDER BY 1;
-- communities
SELECT community, string_agg(pg_temp.name(account_id), '' ORDER BY account_id) FROM communities(at => '2026-03-02') GROUP BY 1 HAVING count(*) > 1 ORDER BY 1;
SELECT community, string_agg(pg_temp.name(account_id), '' ORDER BY account_id)
FROM communities(at => '2026-03-02', method => 'label_propagation') GROUP BY 1 HAVING count(*) > 1 ORDER BY 1;
-- labels that swap for ever swap quickly
SELECT count(*) AS accounts, count(*) FILTER (WHERE a.community <> b.community) AS differ
FROM communities('{employment}', '2026-03-02', method => 'label_propagation', max_rounds => 100) a
JOIN communities('{employment}', '2026-03-02', method => 'label_propagation', max_rounds => 2147483646) b USING (account_id);

-- common affiliations, and peers of the same field
SELECT pg_temp.name(account_id), cardinality(a_affiliations) AS of_a, cardinality(b_affiliations) AS of_b, round(strength::numeric, 4) AS strength
FROM common_affiliations(pg_temp.id('a'), pg_temp.id('b'), '2026-03-02');
SELECT pg_temp.name(account_id) FROM common_affiliations(pg_temp.id('a'), pg_temp.id('b'), '2026-03-02', '{admitting}');
SELECT pg_temp.name(account_id), hops, pg_temp.names(common_hcos) FROM peers(pg_temp.id('a'), at => '2026-03-02');
SELECT pg_temp.name(account_id), hops, pg_temp.names(common_hcos) FROM peers(pg_temp.id('a'), 'medicine', at => '2026-03-02');
SELECT pg_temp.name(account_id), hops FROM peers(pg_temp.id('a'), 'medicine', 1, at => '2026-03-02');
-- columns of a user's own change nothing
ALTER TABLE account ADD COLUMN own uuid, ADD COLUMN near uuid[], ADD COLUMN day date, ADD COLUMN one uuid, ADD COLUMN other uuid;
SELECT pg_temp.name(account_id), hops, pg_temp.names(common_hcos) FROM peers(pg_temp.id('a'), at => '2026-03-02');
ALTER TABLE account DROP COLUMN own, DROP COLUMN near, DROP COLUMN day, DROP COLUMN one, DROP COLUMN other;
-- without a specialty nobody is of the same field
SELECT count(*) FROM peers(pg_temp.id('d'), at => '2026-03-02');

-- a merged account stands for its survivor, in whole-graph answers too
UPDATE account SET status = 'merged', survivor_id = pg_temp.id('a') WHERE account_id = pg_temp.id('l');
SELECT count(*) FROM influence_rank(at => '2026-03-02');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step) FROM shortest_path(pg_temp.id('l'), pg_temp.id('c'), at => '2026-03-02');
SELECT count(*) FROM peers(pg_temp.id('l'), at => '2026-03-02');
SELECT count(*) FROM ((SELECT * FROM peers(pg_temp.id('l'), at => '2026-03-02') EXCEPT SELECT * FROM peers(pg_temp.id('a'), at => '2026-03-02'))
	UNION ALL (SELECT * FROM peers(pg_temp.id('a'), at => '2026-03-02') EXCEPT SELECT * FROM peers(pg_temp.id('l'), at => '2026-03-02'))) AS differ;
SELECT pg_temp.name(account_id), cardinality(a_affiliations) AS of_l, cardinality(b_affiliations) AS of_b
FROM common_affiliations(pg_temp.id('l'), pg_temp.id('b'), '2026-03-02');

-- as it was known then: edges of d, j and k are deleted, their history counts
SELECT clock_timestamp() AS before \gset
DELETE FROM affiliation_product;
DELETE FROM affiliation WHERE from_account_id IN (pg_temp.id('d'), pg_temp.id('j'), pg_temp.id('k'));
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step) FROM shortest_path(pg_temp.id('a'), pg_temp.id('c'), at => '2026-03-02');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step) FROM shortest_path(pg_temp.id('a'), pg_temp.id('c'), at => '2026-03-02', known_at => :'before');
SELECT component, string_agg(pg_temp.name(account_id), '' ORDER BY account_id)
FROM affiliation_components('{referral}', '2026-03-02') GROUP BY 1 HAVING count(*) > 1 ORDER BY 1;
SELECT component, string_agg(pg_temp.name(account_id), '' ORDER BY account_id)
FROM affiliation_components('{referral}', '2026-03-02', :'before') GROUP BY 1 HAVING count(*) > 1 ORDER BY 1;
SELECT count(*) AS accounts, count(*) FILTER (WHERE a.score <> b.score) > 0 AS differ
FROM influence_rank(at => '2026-03-02') a JOIN influence_rank(at => '2026-03-02', known_at => :'before') b USING (account_id);
DELETE FROM affiliation WHERE to_account_id = pg_temp.id('Q');
SELECT count(*) FROM common_affiliations(pg_temp.id('a'), pg_temp.id('b'), '2026-03-02');
SELECT count(*) FROM common_affiliations(pg_temp.id('a'), pg_temp.id('b'), '2026-03-02', NULL, :'before');

-- a picture; names are escaped
UPDATE account SET name = E'A "quoted" \\ name\nin two lines' WHERE account_id = pg_temp.id('a');
SELECT affiliation_dot(pg_temp.id('h'), 2, '2026-03-02') AS dot \gset
\echo :dot
SELECT regexp_count(affiliation_dot(pg_temp.id('h'), 2, '2026-03-02', lim => 1), 'shape=') AS nodes;
SELECT affiliation_dot(pg_temp.id('m'), 2, '2026-03-02') AS dot \gset
\echo :dot

-- whoever may not read the history sees the network as it is all the same, as far as row security lets him
SELECT pg_temp.id('a') AS a_id, pg_temp.id('b') AS b_id, pg_temp.id('h') AS h_id \gset
INSERT INTO hco (account_id, hco_type) VALUES (pg_temp.id('P'), 'hospital');
\set SHOW_CONTEXT never
CREATE ROLE regress_graph_rep;
CALL lsce.grant_persona('crm', 'field_rep', 'regress_graph_rep');
CREATE POLICY all_of_it ON account FOR SELECT TO regress_graph_rep USING (true);
CREATE POLICY all_of_it ON affiliation FOR SELECT TO regress_graph_rep USING (true);
CREATE POLICY all_of_it ON account_specialty FOR SELECT TO regress_graph_rep USING (true);
CREATE POLICY all_of_it ON hco FOR SELECT TO regress_graph_rep USING (true);
SET ROLE regress_graph_rep;
SELECT count(*) FROM common_affiliations(:'a_id', :'b_id', '2026-03-02');
SELECT count(*) FROM peers(:'a_id', at => '2026-03-02');
SELECT regexp_count(affiliation_dot(:'h_id', 2, '2026-03-02'), 'shape=') AS nodes;
SELECT count(*) AS organisations, sum(own) AS professionals FROM hco_rollup(at => '2026-03-02');
SELECT count(*) FROM common_affiliations(:'a_id', :'b_id', '2026-03-02', known_at => now());
SELECT count(*) FROM hco_rollup(at => '2026-03-02', known_at => now());
RESET ROLE;
DROP POLICY all_of_it ON account;
DROP POLICY all_of_it ON affiliation;
DROP POLICY all_of_it ON account_specialty;
DROP POLICY all_of_it ON hco;
CALL lsce.revoke_persona('crm', 'field_rep', 'regress_graph_rep');
DROP ROLE regress_graph_rep;

-- specialties and alignments known then: changed, deleted, entered since, and those of an account that is merged since (b into m)
CREATE FUNCTION pg_temp.lists(known_at timestamptz) RETURNS TABLE (specialty text, territory text, both_of_them text, peers text, peers_below text) LANGUAGE sql
RETURN ROW(
	(SELECT string_agg(pg_temp.name(account_id), '' ORDER BY account_id) FROM influence_rank(specialty_code => 'medicine.internal', at => '2026-03-01', known_at => $1)),
	(SELECT string_agg(pg_temp.name(account_id), '' ORDER BY account_id) FROM influence_rank(territory_id => pg_temp.id('w'), at => '2026-03-01', known_at => $1)),
	(SELECT string_agg(pg_temp.name(account_id), '' ORDER BY account_id)
	FROM influence_rank(specialty_code => 'medicine.internal', territory_id => pg_temp.id('w'), at => '2026-03-01', known_at => $1)),
	(SELECT string_agg(pg_temp.name(account_id), '' ORDER BY account_id) FROM peers(pg_temp.id('a'), at => '2026-03-01', known_at => $1)),
	(SELECT string_agg(pg_temp.name(account_id), '' ORDER BY account_id) FROM peers(pg_temp.id('a'), 'medicine.internal', at => '2026-03-01', known_at => $1)));
SELECT * FROM pg_temp.lists(NULL);
SELECT clock_timestamp() AS before \gset
UPDATE account_specialty SET code = 'medicine.allergy' WHERE account_id = pg_temp.id('h');
DELETE FROM account_specialty WHERE account_id = pg_temp.id('e');
INSERT INTO account_specialty (account_id, code) VALUES (pg_temp.id('f'), 'medicine.internal.pulmonology');
DELETE FROM account_territory WHERE account_id = pg_temp.id('a');
INSERT INTO account_territory (account_id, territory_id) VALUES (pg_temp.id('h'), pg_temp.id('w'));
SELECT merge_account(pg_temp.id('m'), pg_temp.id('b'), 'one person') IS NOT NULL AS merged;
SELECT * FROM pg_temp.lists(NULL);
SELECT * FROM pg_temp.lists(clock_timestamp());
SELECT * FROM pg_temp.lists(:'before');
-- nothing was known at the beginning
SELECT * FROM pg_temp.lists('2000-01-01');
-- the peers of somebody by what his specialty was
UPDATE account_specialty SET code = 'medicine.allergy' WHERE account_id = pg_temp.id('a');
SELECT peers FROM pg_temp.lists(NULL);
SELECT peers FROM pg_temp.lists(:'before');
-- walks, too, take an account that is merged since for its survivor
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY account_id) FROM reach(pg_temp.id('m'), 1, at => '2026-03-01', known_at => :'before', direction => 'any');
SELECT pg_temp.name(account_id), hops, pg_temp.names(via) FROM reach(pg_temp.id('a'), 2, at => '2026-03-01', known_at => :'before') WHERE account_id IN (pg_temp.id('b'), pg_temp.id('c'), pg_temp.id('m')) ORDER BY 1;
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step) FROM shortest_path(pg_temp.id('a'), pg_temp.id('c'), at => '2026-03-01', known_at => :'before', kinds => '{referral}');
SELECT string_agg(pg_temp.name(account_id), '' ORDER BY step) FROM shortest_path(pg_temp.id('c'), pg_temp.id('b'), at => '2026-03-01', known_at => :'before', direction => 'in');
SELECT pg_temp.name(account_id), cardinality(a_affiliations) AS of_a, cardinality(b_affiliations) AS of_b
FROM common_affiliations(pg_temp.id('a'), pg_temp.id('m'), '2026-03-01', known_at => :'before');
SELECT regexp_count(affiliation_dot(pg_temp.id('h'), 2, '2026-03-01'), '->') AS edges_now,
	regexp_count(affiliation_dot(pg_temp.id('h'), 2, '2026-03-01', known_at => :'before'), '->') AS edges_before;
DROP FUNCTION pg_temp.lists(timestamptz);

-- what means nothing is refused
\set VERBOSITY sqlstate
SELECT * FROM shortest_path(NULL, pg_temp.id('a'));
SELECT * FROM shortest_path(pg_temp.id('a'), NULL);
SELECT * FROM shortest_path(pg_temp.id('a'), pg_temp.id('z'));
SELECT * FROM shortest_path(pg_temp.id('z'), pg_temp.id('a'));
SELECT * FROM shortest_path(pg_temp.id('a'), pg_temp.id('b'), -1);
SELECT * FROM shortest_path(pg_temp.id('a'), pg_temp.id('b'), by => 'price');
SELECT * FROM shortest_path(pg_temp.id('a'), pg_temp.id('b'), direction => 'up');
SELECT * FROM influence_rank(damping => 1);
SELECT * FROM influence_rank(damping => -0.1);
SELECT * FROM influence_rank(damping => 'NaN');
SELECT * FROM influence_rank(max_rounds => 0);
SELECT * FROM influence_rank(direction => 'up');
SELECT * FROM communities(method => 'magic');
SELECT * FROM communities(max_rounds => -1);
SELECT * FROM peers(pg_temp.id('z'));
SELECT * FROM peers(pg_temp.id('a'), max_hops => -1);
-- also of one who has no specialty, so that nothing can be found
SELECT * FROM peers(pg_temp.id('d'), max_hops => -1);
SELECT * FROM peers(pg_temp.id('z'), 'no.such.specialty');
SELECT * FROM common_affiliations(pg_temp.id('z'), pg_temp.id('a'));
SELECT * FROM common_affiliations(pg_temp.id('a'), pg_temp.id('z'));
SELECT * FROM common_affiliations(NULL, pg_temp.id('a'));
SELECT * FROM affiliation_dot(pg_temp.id('z'));
SELECT * FROM affiliation_dot(pg_temp.id('a'), -1);
SELECT * FROM lsce.influence('public', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT * FROM lsce.components(NULL, NULL, NULL, NULL);
INSERT INTO affiliation (from_account_id, to_account_id, kind) VALUES (pg_temp.id('a'), pg_temp.id('a'), 'referral');
-- rounds without end over a few accounts
SET statement_timeout = '200ms';
SELECT count(*) FROM influence_rank(at => '2026-03-02', damping => 0.999999999, max_rounds => 2147483647);
RESET statement_timeout;
\set VERBOSITY default

-- a random graph: the strongest of the paths with the fewest hops, against all walks
INSERT INTO account (account_id, kind, name, country_code)
SELECT md5('n' || i)::uuid, 'hcp', 'n' || i, 'US' FROM generate_series(0, 199) i;
INSERT INTO affiliation (from_account_id, to_account_id, kind, strength, direction)
SELECT DISTINCT ON (f, t) md5('n' || f)::uuid, md5('n' || t)::uuid, 'referral', 0.05 + 0.9 * w, (ARRAY['unidirectional', 'bidirectional'])[1 + (f % 5 = 0)::int]
FROM (SELECT ('x' || left(md5('f' || i), 7))::bit(28)::int % 200 AS f, ('x' || left(md5('t' || i), 7))::bit(28)::int % 200 AS t,
	(('x' || left(md5('w' || (i % 50)), 7))::bit(28)::int % 100) / 100.0 AS w FROM generate_series(1, 500) i) v WHERE f <> t
ORDER BY f, t;
WITH RECURSIVE arc AS (
	SELECT from_account_id AS f, to_account_id AS t, strength FROM affiliation
	UNION ALL SELECT to_account_id, from_account_id, strength FROM affiliation WHERE direction = 'bidirectional'
), walk AS (
	SELECT md5('n' || i)::uuid AS a, md5('n' || i)::uuid AS id, 0 AS hops, 1::float8 AS strength FROM generate_series(0, 4) i
	UNION ALL
	SELECT w.a, arc.t, hops + 1, w.strength * arc.strength::float8 FROM walk w JOIN arc ON arc.f = w.id WHERE hops < 5
), best AS (
	SELECT DISTINCT ON (a, id) a, id, hops, strength FROM walk ORDER BY a, id, hops, strength DESC
), strongest AS (
	SELECT a, id, max(strength) AS strength FROM walk GROUP BY a, id
), path AS (
	SELECT a.id AS a, b.id AS b, count(p.step) - 1 AS hops, exp(sum(ln(p.strength::float8))) AS strength
	FROM (SELECT md5('n' || i)::uuid AS id FROM generate_series(0, 4) i) a, (SELECT md5('n' || i)::uuid AS id FROM generate_series(0, 199) i) b,
		LATERAL shortest_path(a.id, b.id, 5, '2026-03-02') p
	GROUP BY a.id, b.id
), strong_path AS (
	SELECT a.id AS a, b.id AS b, exp(sum(ln(p.strength::float8))) AS strength
	FROM (SELECT md5('n' || i)::uuid AS id FROM generate_series(0, 4) i) a, (SELECT md5('n' || i)::uuid AS id FROM generate_series(0, 199) i) b,
		LATERAL shortest_path(a.id, b.id, 5, '2026-03-02', by => 'strength') p
	GROUP BY a.id, b.id
)
SELECT count(*) > 300 AS many, count(*) FILTER (WHERE p.a IS NULL OR best.a IS NULL) AS missing,
	count(*) FILTER (WHERE p.hops <> best.hops) AS hops_differ,
	count(*) FILTER (WHERE abs(p.strength - best.strength) > 1e-6) AS strength_differs,
	count(*) FILTER (WHERE abs(s.strength - strongest.strength) > 1e-6) AS strongest_differs
FROM best FULL JOIN path p ON p.a = best.a AND p.b = best.id
LEFT JOIN strong_path s ON s.a = best.a AND s.b = best.id LEFT JOIN strongest ON strongest.a = best.a AND strongest.id = best.id;
-- steps are joined by their affiliations
SELECT count(*) AS broken
FROM (SELECT p.*, lag(account_id) OVER (PARTITION BY b.id ORDER BY step) AS previous
	FROM (SELECT md5('n' || i)::uuid AS id FROM generate_series(0, 199) i) b, LATERAL shortest_path(md5('n1')::uuid, b.id, NULL, '2026-03-02') p) p
LEFT JOIN affiliation a USING (affiliation_id)
WHERE step > 0 AND NOT coalesce((a.from_account_id, a.to_account_id) = (previous, p.account_id)
	OR (a.direction = 'bidirectional' AND (a.to_account_id, a.from_account_id) = (previous, p.account_id)), false);
-- components against a recursive query
WITH RECURSIVE arc AS (
	SELECT from_account_id AS f, to_account_id AS t FROM affiliation WHERE valid_to > '2026-03-02'
	UNION SELECT to_account_id, from_account_id FROM affiliation WHERE valid_to > '2026-03-02'
), reached AS (
	SELECT account_id AS a, account_id AS id FROM account WHERE survivor_id IS NULL
	UNION
	SELECT r.a, arc.t FROM reached r JOIN arc ON arc.f = r.id
)
SELECT count(*) AS pairs_differ
FROM (SELECT a, id FROM reached) r
FULL JOIN (SELECT x.account_id AS a, y.account_id AS id FROM affiliation_components(at => '2026-03-02') x JOIN affiliation_components(at => '2026-03-02') y USING (component)) c USING (a, id)
WHERE r.a IS NULL OR c.a IS NULL;
CALL lsce.drop_model('crm', 'crm');
