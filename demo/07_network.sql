-- title: Whom Dr. Singh reaches
-- Affiliations are a graph: who works where, who refers to whom. reach() walks
-- it; strengths multiply along the way. Dr. Singh is an allergist whom Mark
-- visits, too; he sees the part of her network that is his.
\ir people.psql

SELECT repeat('    ', r.hops) || a.name AS network, a.kind, r.hops, round(r.best_strength::numeric, 3) AS strength
  FROM reach(:'singh', 2, at => :today) AS r JOIN account AS a USING (account_id)
 ORDER BY (SELECT array_agg(v.name || v.account_id ORDER BY p.ord) FROM unnest(r.via) WITH ORDINALITY AS p (id, ord) JOIN account AS v ON v.account_id = p.id);
SELECT hops, count(*) FROM reach(:'singh', 4, at => :today) GROUP BY hops ORDER BY hops;

SET ROLE demo_mark;
SELECT hops, count(*) FROM reach(:'singh', 4, at => :today) GROUP BY hops ORDER BY hops;
RESET ROLE;

\set ECHO none
\set QUIET on
DO $$ BEGIN
	ASSERT (SELECT count(*) >= 2 AND max(hops) = 2 FROM reach(account('npi', '1612310346'), 2, at => '2026-03-02'));
END $$;
