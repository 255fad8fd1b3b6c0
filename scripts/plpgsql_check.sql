-- Every PL/pgSQL routine of schema lsce, and of a model if the extension makes
-- one, through plpgsql_check. Prints the findings, then "checked: GOOD BAD".
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
CREATE EXTENSION plpgsql_check;
CREATE EXTENSION lsce CASCADE;

SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'create_model' AND pronamespace = 'lsce'::regnamespace) AS has_model \gset
\if :has_model
CALL lsce.create_model('crm');
\endif

-- a trigger function is checked once for each relation it fires on, and needs one
CREATE TEMPORARY TABLE routine AS
SELECT p.oid::regprocedure AS routine, COALESCE(t.tgrelid, 0)::regclass AS relation,
       t.tgoldtable, t.tgnewtable
  FROM pg_proc p
  JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
  LEFT JOIN (SELECT DISTINCT tgfoid, tgrelid, tgoldtable, tgnewtable
               FROM pg_trigger WHERE NOT tgisinternal) t
    ON t.tgfoid = p.oid AND p.prorettype = 'trigger'::regtype
 WHERE p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('lsce', 'crm'))
   AND (p.prorettype <> 'trigger'::regtype OR t.tgrelid IS NOT NULL);

CREATE TEMPORARY TABLE finding AS
SELECT r.routine, r.relation, f.lineno, f.level, f.sqlstate, f.message, f.detail, f.hint
  FROM routine r,
       LATERAL plpgsql_check_function_tb(r.routine::oid, r.relation, extra_warnings => false,
                                         oldtable => r.tgoldtable, newtable => r.tgnewtable) f
       -- functions that raise an error are VOLATILE, so that none is called early
 WHERE f.message IS DISTINCT FROM 'routine is marked as STABLE, but expression is VOLATILE';

SELECT concat_ws(' ', routine::text, NULLIF(relation::text, '-'), 'line ' || lineno, level, sqlstate, message, detail, hint)
  FROM finding ORDER BY 1;

SELECT format('checked: %s %s', count(*) FILTER (WHERE NOT bad), count(*) FILTER (WHERE bad))
  FROM (SELECT EXISTS (SELECT FROM finding f WHERE f.routine = r.routine AND f.relation = r.relation) AS bad
          FROM routine r) s;
