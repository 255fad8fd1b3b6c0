CREATE FUNCTION reach(start uuid, max_hops integer DEFAULT 3, kinds text[] DEFAULT NULL, product_id uuid DEFAULT NULL,
	at date DEFAULT NULL, min_strength real DEFAULT 0, known_at timestamptz DEFAULT NULL, direction text DEFAULT 'out')
RETURNS TABLE (account_id uuid, hops integer, best_strength double precision, via uuid[])
LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 1000
BEGIN ATOMIC
	SELECT r.account_id, r.hops, r.best_strength, r.via
	FROM lsce.reach(@model_literal@::regnamespace, start, max_hops, kinds, product_id, at, min_strength, known_at, direction) AS r;
END;
COMMENT ON FUNCTION reach(uuid, integer, text[], uuid, date, real, timestamptz, text) IS
'accounts within max_hops of start over affiliations valid on a day (default: today in the session''s zone): fewest hops, best product of strengths over any such walk, and that walk. kinds NULL: every kind; product_id: use affiliation_product where it has a row; direction: out, in or any. Sees what the caller may see. Errors: 22023, UNKNOWN_ACCOUNT';
