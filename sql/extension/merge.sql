-- Merging accounts: what the functions of a model need of the catalog.

CREATE FUNCTION lsce.exists_now(query text, ids uuid[]) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'lsce_exists_now';
COMMENT ON FUNCTION lsce.exists_now(text, uuid[]) IS 'whether a query, with ids as $1, yields a row by what is committed now, whatever the snapshot of the transaction; with the caller''s rights. A transaction at REPEATABLE READ finds out what it waited for and cannot see';

CREATE FUNCTION lsce._account_references(model regnamespace, OUT rel regclass, OUT table_name text, OUT column_name name)
RETURNS SETOF record
LANGUAGE sql STABLE ROWS 30
SET search_path = pg_catalog, pg_temp
AS $$
SELECT c.oid::regclass, CASE WHEN c.relnamespace = model THEN c.relname::text ELSE format('%I.%I', n.nspname, c.relname) END, a.attname
FROM pg_class AS referenced
JOIN pg_attribute AS key ON key.attrelid = referenced.oid AND key.attname = 'account_id'
JOIN pg_constraint AS f ON f.contype = 'f' AND f.confrelid = referenced.oid AND f.conparentid = 0 AND key.attnum = ANY (f.confkey)
JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[array_position(f.confkey, key.attnum)]
JOIN pg_class AS c ON c.oid = f.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE referenced.relnamespace = model AND referenced.relname = 'account'
GROUP BY c.oid, c.relname, c.relnamespace, n.nspname, a.attname
ORDER BY c.relnamespace <> model, n.nspname, c.relname, a.attname
$$;
COMMENT ON FUNCTION lsce._account_references(regnamespace) IS 'every column with a foreign key to the accounts of a model, tables of its users included';

CREATE FUNCTION lsce._row_filter(rel regclass, row_values jsonb) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- types of pg_catalog are compared as such, so that an index serves; others by
	-- their text, because their operators are in no search path
	RETURN (SELECT string_agg(CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace
			THEN format('%I = %L::%s', a.attname, row_values ->> a.attname, format_type(a.atttypid, a.atttypmod))
			ELSE format('%I::text = %L', a.attname, row_values ->> a.attname) END, ' AND ' ORDER BY k.n)
		FROM pg_index AS i
		CROSS JOIN unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, n)
		JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
		JOIN pg_type AS t ON t.oid = a.atttypid
		WHERE i.indrelid = rel AND i.indisprimary);
END
$$;
COMMENT ON FUNCTION lsce._row_filter(regclass, jsonb) IS 'the condition that finds a row again by its primary key; NULL when the table has none';

CREATE FUNCTION lsce._row_columns(rel regclass) RETURNS name[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute AS a
WHERE a.attrelid = rel AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a' AND a.attname <> 'sys_from'
$$;
COMMENT ON FUNCTION lsce._row_columns(regclass) IS 'columns of a table that can be written: neither generated nor stamped';

CREATE FUNCTION lsce._row_read(rel regclass, row_values jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_row jsonb;
BEGIN
	EXECUTE format('SELECT to_jsonb(t) FROM %s AS t WHERE %s', rel, lsce._row_filter(rel, row_values)) INTO found_row;
	RETURN found_row;
END
$$;
COMMENT ON FUNCTION lsce._row_read(regclass, jsonb) IS 'the row with the same primary key as the one given, NULL when there is none; with the caller''s rights';

CREATE FUNCTION lsce._row_update(rel regclass, row_values jsonb, changes jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns text := (SELECT string_agg(quote_ident(c), ', ' ORDER BY c) FROM jsonb_object_keys(changes) AS c);
	changed jsonb;
BEGIN
	EXECUTE format('UPDATE %s AS t SET (%s) = (SELECT %s FROM jsonb_populate_record(NULL::%s, $1)) WHERE %s RETURNING to_jsonb(t)',
		rel, columns, columns, rel, lsce._row_filter(rel, row_values)) INTO changed USING changes;
	RETURN changed;
END
$$;
COMMENT ON FUNCTION lsce._row_update(regclass, jsonb, jsonb) IS 'changes columns of the row with that primary key and returns it, NULL when there is none; with the caller''s rights';

CREATE FUNCTION lsce._row_insert(rel regclass, row_values jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns text := (SELECT string_agg(quote_ident(c), ', ') FROM unnest(lsce._row_columns(rel)) AS c WHERE row_values ? c);
	stored jsonb;
BEGIN
	EXECUTE format('INSERT INTO %s AS t (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, $1) RETURNING to_jsonb(t)',
		rel, columns, columns, rel) INTO stored USING row_values;
	RETURN stored;
END
$$;
COMMENT ON FUNCTION lsce._row_insert(regclass, jsonb) IS 'stores a row given as an object of its columns and returns it; with the caller''s rights';

CREATE FUNCTION lsce._row_delete(rel regclass, row_values jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	deleted bigint;
BEGIN
	EXECUTE format('DELETE FROM %s WHERE %s', rel, lsce._row_filter(rel, row_values));
	GET DIAGNOSTICS deleted = ROW_COUNT;
	RETURN deleted > 0;
END
$$;
COMMENT ON FUNCTION lsce._row_delete(regclass, jsonb) IS 'deletes the row with that primary key; with the caller''s rights';
