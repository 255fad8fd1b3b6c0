-- the reference rows that lsce.create_model() brings
SET client_min_messages = warning;
CALL lsce.create_model('seeds');
CALL lsce.create_model('seeds_again');
RESET client_min_messages;
SET search_path = seeds, lsce, public;

SELECT count(*) FROM country;
SELECT country_code, count(*) FROM region GROUP BY country_code ORDER BY country_code COLLATE "C";

-- every zone is known to the server, and no zone is an offset or an abbreviation
SELECT country_code, tz FROM country WHERE tz NOT IN (SELECT name FROM pg_timezone_names) OR tz !~ '^[A-Z][A-Za-z_]+/';
SELECT region_code, tz FROM region WHERE tz NOT IN (SELECT name FROM pg_timezone_names) OR tz !~ '^[A-Z][A-Za-z_]+/';
SELECT region_code, tz FROM region
WHERE region_code IN ('US-AZ', 'US-HI', 'US-PR', 'US-IN', 'US-NV', 'CA-SK', 'CA-NL', 'AU-QLD', 'AU-SA', 'JP-13', 'DE-BY')
ORDER BY region_code COLLATE "C";

-- members of the European Union and the Economic Area, the G20, all there
SELECT code FROM unnest('{AT,BE,BG,CY,CZ,DE,DK,EE,ES,FI,FR,GR,HR,HU,IE,IT,LT,LU,LV,MT,NL,PL,PT,RO,SE,SI,SK,IS,LI,NO,CH,GB,AR,AU,BR,CA,CN,IN,ID,JP,KR,MX,RU,SA,ZA,TR,US}'::text[]) AS code
WHERE code NOT IN (SELECT country_code FROM country);

-- every code has a label in every language (aliases have one)
SELECT code_set, count(DISTINCT code) AS codes, count(*) FILTER (WHERE lang = 'en') AS en, count(*) FILTER (WHERE lang = 'ja') AS ja, count(*) FILTER (WHERE lang = 'de') AS de
FROM code_value GROUP BY code_set ORDER BY code_set COLLATE "C";

-- specialties are a tree, and every alias leads into it
SELECT s.code FROM code_value AS s WHERE s.code_set = 'specialty' AND s.parent_code IS NOT NULL
AND NOT EXISTS (SELECT FROM code_value AS p WHERE p.code_set = 'specialty' AND p.code = s.parent_code);
SELECT a.code FROM code_value AS a WHERE a.code_set = 'specialty_alias'
AND NOT EXISTS (SELECT FROM code_value AS s WHERE s.code_set = 'specialty' AND s.code = a.parent_code);

-- limit templates: certainty C is a draft, the rest is approved by another person
SELECT certainty, status, authored_by, approved_by, approved_at AT TIME ZONE 'UTC' AS approved_at, count(*)
FROM limit_template GROUP BY 1, 2, 3, 4, 5 ORDER BY 1;
SELECT authority, law_based, enforcement, count(*) FROM limit_template GROUP BY authority, law_based, enforcement ORDER BY authority COLLATE "C";
SELECT code FROM limit_template AS t WHERE NOT EXISTS (SELECT FROM limit_rule AS r WHERE r.template_id = t.template_id) ORDER BY code COLLATE "C";

-- no word in a template that the code lists do not have
SELECT t.code, w.code_set, w.word
FROM limit_template AS t CROSS JOIN LATERAL (
	SELECT 'limit_recipient' AS code_set, unnest(t.recipients) AS word UNION ALL
	SELECT 'limit_precondition', unnest(t.preconditions) UNION ALL
	SELECT 'limit_exclusion', unnest(t.exclusions) UNION ALL
	SELECT 'obligation', unnest(t.obligations)) AS w
WHERE NOT EXISTS (SELECT FROM code_value AS c WHERE c.code_set = w.code_set AND c.code = w.word);
SELECT k, count(*) FROM limit_rule, jsonb_object_keys(applies_when) AS k GROUP BY k ORDER BY k COLLATE "C";
SELECT pack_rule, count(*) FROM limit_template WHERE pack_rule IS NOT NULL GROUP BY pack_rule ORDER BY pack_rule COLLATE "C";

-- where simple tables of limits break: two levels, phases, windows, bans
SELECT t.code, r.name, r.pool, r.per_visit, r.quota, r.period, r.every, r.year_starts_month AS month,
	r.window_anchor AS anchor, r.window_after AS after, r.window_for AS "for", r.window_until AS until, r.window_restarts AS restarts, r.outside_window AS outside, r.applies_when
FROM limit_template AS t JOIN limit_rule AS r USING (template_id)
WHERE t.code ~ '^(AT|IT|FR|PT|HU|ZA|RU|IN|JP|BE)-|^US-OH|ABPI|^CA-' ORDER BY t.code COLLATE "C", r.name COLLATE "C";

-- every template against the shared data, when it is there
\getenv shared LSCE_SHARED
\if :{?shared}
\set have `test -r "$LSCE_SHARED/data/limit_templates.json" && echo true || echo false`
\else
\set have false
\endif
\if :have
\set research `cat "$LSCE_SHARED/data/limit_templates.json"`
CREATE TEMPORARY TABLE research AS SELECT j FROM jsonb_array_elements((:'research'::jsonb) -> 'templates') AS j;
SELECT count(*) AS templates FROM research;
-- text and status
SELECT coalesce(t.code, j ->> 'code') AS differs
FROM research FULL JOIN limit_template AS t ON t.code = j ->> 'code'
WHERE (t.certainty, t.legal_ref, t.authority, t.status, coalesce(t.country_code, ''))
	IS DISTINCT FROM (j ->> 'certainty', j ->> 'legal_ref', j ->> 'authority', CASE WHEN (j ->> 'active_by_default')::boolean THEN 'approved' ELSE 'draft' END,
		CASE WHEN j ->> 'jurisdiction' IN ('EU', 'EFPIA') THEN '' ELSE left(j ->> 'jurisdiction', 2) END);
-- figures: of units in a rule, of anything else in the pack rule or the rule's name
SELECT j ->> 'code' AS differs, j ->> 'max_qty' AS max_qty, r.quota, r.per_visit
FROM research JOIN limit_template AS t ON t.code = j ->> 'code' LEFT JOIN limit_rule AS r USING (template_id)
WHERE CASE WHEN j ->> 'unit' IN ('sample_pack', 'sample_unit') THEN coalesce(r.quota, r.per_visit) IS DISTINCT FROM (j ->> 'max_qty')::numeric
	OR (j -> 'period' ->> 'kind' = 'per_visit') IS DISTINCT FROM (r.per_visit IS NOT NULL)
	ELSE r.quota IS NOT NULL OR (j ->> 'max_qty' IS NOT NULL
		AND coalesce(t.pack_rule, r.name) !~ ('(^|:)' || (j ->> 'max_qty') || '($| )')) END;
-- subjects, and lifecycle windows where the research has one
SELECT j ->> 'code' AS differs FROM research JOIN limit_template AS t ON t.code = j ->> 'code' JOIN limit_rule AS r USING (template_id)
WHERE r.subject <> CASE j ->> 'count_subject' WHEN 'hcp' THEN 'account' ELSE j ->> 'count_subject' END;
SELECT j ->> 'code' AS differs
FROM research JOIN limit_template AS t ON t.code = j ->> 'code' JOIN limit_rule AS r USING (template_id)
GROUP BY j
HAVING bool_or(r.window_anchor IS NOT NULL) <> (jsonb_typeof(j -> 'lifecycle_window') = 'object')
	OR max(r.window_for) IS DISTINCT FROM (j -> 'lifecycle_window' ->> 'length')::interval
	OR max(r.window_after) IS DISTINCT FROM (j -> 'lifecycle_window' ->> 'from_offset')::interval;
\else
\echo skipped: no shared data
\endif

-- two installations agree on every id
SELECT (SELECT md5(string_agg(template_id || code, ',' ORDER BY template_id)) FROM seeds.limit_template)
	= (SELECT md5(string_agg(template_id || code, ',' ORDER BY template_id)) FROM seeds_again.limit_template) AS templates_agree,
	(SELECT md5(string_agg(rule_id || name, ',' ORDER BY rule_id)) FROM seeds.limit_rule)
	= (SELECT md5(string_agg(rule_id || name, ',' ORDER BY rule_id)) FROM seeds_again.limit_rule) AS rules_agree,
	(SELECT md5(string_agg(setting_id || name || value, ',' ORDER BY setting_id)) FROM seeds.setting)
	= (SELECT md5(string_agg(setting_id || name || value, ',' ORDER BY setting_id)) FROM seeds_again.setting) AS settings_agree;

-- settings and the product tree's rule
SELECT name, scope, scope_key, value FROM setting ORDER BY name COLLATE "C", scope_key COLLATE "C";
SELECT parent_type, child_type FROM product_edge_rule ORDER BY 1, 2;

-- a model can do without them
SET client_min_messages = warning;
CALL lsce.create_model('no_seeds', seed => false);
SELECT (SELECT count(*) FROM no_seeds.country) AS countries, (SELECT count(*) FROM no_seeds.limit_template) AS templates;
CALL lsce.drop_model('no_seeds', 'no_seeds');
CALL lsce.drop_model('seeds_again', 'seeds_again');
CALL lsce.drop_model('seeds', 'seeds');
RESET search_path;
