-- What imports made of a model, without ids and times: one row for each kind of
-- row with a digest, in the temporary table :state.  Two imports are the same when
-- these are.
\set ECHO none
CREATE TEMPORARY TABLE :state AS
SELECT 'account' AS what, count(*), md5(string_agg(q.said, E'\n' ORDER BY q.said COLLATE "C")) AS digest FROM (
	SELECT format('%s %s %s', k.system, k.value, jsonb_build_array(to_jsonb(a) - '{account_id,sys_from}'::text[], to_jsonb(h) - '{account_id,sys_from}'::text[],
		to_jsonb(o) - '{account_id,sys_from,parent_id}'::text[], (SELECT p.value FROM external_key AS p WHERE p.id = o.parent_id AND p.system = k.system),
		(SELECT jsonb_agg(s.code ORDER BY s.rank, s.code::text) FROM account_specialty AS s WHERE s.account_id = a.account_id),
		(SELECT jsonb_agg(i.system || '|' || i.value ORDER BY i.system, i.value) FROM account_identifier AS i WHERE i.account_id = a.account_id))) AS said
	FROM account AS a JOIN external_key AS k ON k.entity = 'account' AND k.id = a.account_id
	LEFT JOIN hcp AS h USING (account_id) LEFT JOIN hco AS o USING (account_id)) AS q
UNION ALL
SELECT 'contact_point', count(*), md5(string_agg(q.said, E'\n' ORDER BY q.said COLLATE "C")) FROM (
	SELECT format('%s %s %s', k.system, k.value, to_jsonb(p) - '{contact_point_id,account_id,sys_from}'::text[]) AS said
	FROM contact_point AS p JOIN external_key AS k ON k.entity = 'account' AND k.id = p.account_id AND k.system NOT LIKE '%/SourceSystemIdentifier') AS q
UNION ALL
SELECT 'affiliation', count(*), md5(string_agg(q.said, E'\n' ORDER BY q.said COLLATE "C")) FROM (
	SELECT format('%s %s %s %s', k.value, f.value, t.value, to_jsonb(a) - '{affiliation_id,from_account_id,to_account_id,sys_from}'::text[]) AS said
	FROM affiliation AS a JOIN external_key AS k ON k.entity = 'affiliation' AND k.id = a.affiliation_id
	JOIN external_key AS f ON f.entity = 'account' AND f.id = a.from_account_id AND f.system = k.system
	JOIN external_key AS t ON t.entity = 'account' AND t.id = a.to_account_id AND t.system = k.system) AS q
UNION ALL
SELECT 'affiliation_product', count(*), md5(string_agg(q.said, E'\n' ORDER BY q.said COLLATE "C")) FROM (
	SELECT format('%s %s %s', k.value, p.code, a.strength) AS said
	FROM affiliation_product AS a JOIN external_key AS k ON k.id = a.affiliation_id JOIN product AS p USING (product_id)) AS q
UNION ALL
SELECT 'product', count(*), md5(string_agg(q.said, E'\n' ORDER BY q.said COLLATE "C")) FROM (
	SELECT format('%s %s %s', u.code, b.code, to_jsonb(p) - '{product_id,parent_id,brand_id,sys_from}'::text[]) AS said
	FROM product AS p LEFT JOIN product AS u ON u.product_id = p.parent_id LEFT JOIN product AS b ON b.product_id = p.brand_id) AS q
UNION ALL
SELECT 'product_guidance', count(*), md5(string_agg(q.said, E'\n' ORDER BY q.said COLLATE "C")) FROM (
	SELECT format('%s %s %s', p.code, g.type, g.name) AS said FROM product_guidance AS g JOIN product AS p USING (product_id)) AS q
UNION ALL
SELECT 'territory_place', count(*), md5(string_agg(q.said, E'\n' ORDER BY q.said COLLATE "C")) FROM (
	SELECT format('%s %s %s', n.code, n.name, p.path) AS said FROM territory_node AS n JOIN territory_place AS p USING (territory_id)) AS q
UNION ALL
SELECT 'import_record', count(*), md5(string_agg(q.said, E'\n' ORDER BY q.said COLLATE "C")) FROM (
	SELECT format('%s %s %s %s %s', r.key, r.object, r.status, r.reason, r.code) AS said FROM import_record AS r) AS q
UNION ALL
SELECT 'external_key', count(*), md5(string_agg(q.said, E'\n' ORDER BY q.said COLLATE "C")) FROM (
	SELECT format('%s %s %s', e.entity, e.system, e.value) AS said FROM external_key AS e) AS q;
\set ECHO all
