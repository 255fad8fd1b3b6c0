-- Identity: rules of identifiers, keys of names, weights of evidence.

ALTER TABLE account_identifier ADD CONSTRAINT account_identifier_value_valid CHECK (lsce.identifier_valid(system, value));
CREATE TRIGGER account_identifier_guard BEFORE INSERT OR UPDATE OF system, value ON account_identifier
	FOR EACH ROW EXECUTE FUNCTION lsce.account_identifier_guard();
COMMENT ON TRIGGER account_identifier_guard ON account_identifier IS 'stores identifiers in their canonical form and names the expected check digit of those it refuses';

ALTER TABLE hcp ADD COLUMN birth_date date;
COMMENT ON COLUMN hcp.birth_date IS 'tells apart people of one name; where a register issues no other key';

CREATE TABLE account_name_key (
	account_id uuid NOT NULL,
	form text NOT NULL CONSTRAINT account_name_key_form CHECK (form IN ('name', 'person', 'reading')),
	key text NOT NULL,
	search text NOT NULL,
	key_version text NOT NULL,
	CONSTRAINT account_name_key_pkey PRIMARY KEY (account_id, form),
	CONSTRAINT account_name_key_account_fkey FOREIGN KEY (account_id) REFERENCES account ON DELETE CASCADE
);
CREATE INDEX account_name_key_key_idx ON account_name_key (key);
CREATE INDEX account_name_key_version_idx ON account_name_key (key_version);
COMMENT ON TABLE account_name_key IS 'folded names of accounts, kept by triggers: the account''s name, an HCP''s given and family name, their reading. No fact: it can be rebuilt, and has no history';
COMMENT ON COLUMN account_name_key.account_id IS 'whose name it is';
COMMENT ON COLUMN account_name_key.form IS 'name: account.name; person: given and family name of an HCP; reading: their kana';
COMMENT ON COLUMN account_name_key.key IS 'the name folded by lsce.name_key(): equal keys are one name in other spellings';
COMMENT ON COLUMN account_name_key.search IS 'the words of the key in ASCII, for the trigram index';
COMMENT ON COLUMN account_name_key.key_version IS 'version of ICU and of the rules that made the key; CALL rebuild_name_keys() brings it up to lsce.name_key_version()';

CREATE TRIGGER account_name_keys_insert AFTER INSERT ON account REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION lsce.account_name_keys();
COMMENT ON TRIGGER account_name_keys_insert ON account IS 'keeps account_name_key';
CREATE TRIGGER account_name_keys_update AFTER UPDATE ON account REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION lsce.account_name_keys();
COMMENT ON TRIGGER account_name_keys_update ON account IS 'keeps account_name_key';
CREATE TRIGGER account_name_keys_insert AFTER INSERT ON hcp REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION lsce.account_name_keys();
COMMENT ON TRIGGER account_name_keys_insert ON hcp IS 'keeps account_name_key';
CREATE TRIGGER account_name_keys_update AFTER UPDATE ON hcp REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION lsce.account_name_keys();
COMMENT ON TRIGGER account_name_keys_update ON hcp IS 'keeps account_name_key';
CREATE TRIGGER account_name_keys_delete AFTER DELETE ON hcp REFERENCING OLD TABLE AS old_rows
	FOR EACH STATEMENT EXECUTE FUNCTION lsce.account_name_keys();
COMMENT ON TRIGGER account_name_keys_delete ON hcp IS 'keeps account_name_key';

CREATE TABLE nickname (
	name text NOT NULL CONSTRAINT nickname_name_folded CHECK (name <> '' AND name = lsce.name_key(name)),
	variant text NOT NULL CONSTRAINT nickname_variant_folded CHECK (variant <> '' AND variant = lsce.name_key(variant)),
	CONSTRAINT nickname_pkey PRIMARY KEY (name, variant),
	CONSTRAINT nickname_differs CHECK (name <> variant)
);
CREATE INDEX nickname_variant_idx ON nickname (variant);
COMMENT ON TABLE nickname IS 'given names and the short forms people go by, folded; two short forms of one name count as each other''s';
COMMENT ON COLUMN nickname.name IS 'given name in full, folded by lsce.name_key()';
COMMENT ON COLUMN nickname.variant IS 'short form of it, folded the same way';

CREATE TABLE match_weight (
	field text NOT NULL,
	level text NOT NULL CONSTRAINT match_weight_level CHECK (level IN ('different', 'similar', 'close', 'equal')),
	m double precision NOT NULL CONSTRAINT match_weight_m CHECK (m > 0 AND m < 1),
	u double precision NOT NULL CONSTRAINT match_weight_u CHECK (u > 0 AND u < 1),
	fitted_at timestamptz,
	CONSTRAINT match_weight_pkey PRIMARY KEY (field, level),
	CONSTRAINT match_weight_field CHECK (field IN ('name', 'given_name', 'family_name', 'birth_date', 'street',
		'house_number', 'postal_code', 'city', 'phone', 'email', 'identifier'))
);
COMMENT ON TABLE match_weight IS 'how often a field agrees to a level between records of the same account (m) and of different ones (u); the level weighs log2(m / u) bits. A missing row is as lsce.match_default_weights() has it';
COMMENT ON COLUMN match_weight.field IS 'what is compared';
COMMENT ON COLUMN match_weight.level IS 'how far two records agree in it, from different to equal';
COMMENT ON COLUMN match_weight.m IS 'share of pairs of one account that agree to this level, between 0 and 1';
COMMENT ON COLUMN match_weight.u IS 'share of pairs of different accounts that agree to this level, between 0 and 1';
COMMENT ON COLUMN match_weight.fitted_at IS 'when fit_match_weights() estimated the row; NULL for a row as a model starts with or as somebody wrote it';

-- The operators and the operator class belong to pg_trgm, whose schema is the
-- database's choice.  A body that is parsed now keeps pointing at them.
DO $do$
DECLARE
	trgm text := (SELECT quote_ident(n.nspname) FROM pg_catalog.pg_extension AS e
		JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm');
BEGIN
	EXECUTE format('CREATE INDEX account_name_key_search_idx ON account_name_key USING gin (search %s.gin_trgm_ops)', trgm);
	EXECUTE format($sql$
		CREATE FUNCTION name_candidates(query text, lim integer)
		RETURNS TABLE (account_id uuid, similarity real)
		LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
		BEGIN ATOMIC
			SELECT k.account_id, max(greatest(%1$s.similarity(k.search, query), 0.9 * %1$s.word_similarity(query, k.search)))::real
			FROM account_name_key AS k
			WHERE k.search OPERATOR(%1$s.%%) query OR query OPERATOR(%1$s.<%%) k.search
			GROUP BY k.account_id ORDER BY 2 DESC, 1 LIMIT lim;
		END
	$sql$, trgm);
END
$do$;
COMMENT ON FUNCTION name_candidates(text, integer) IS 'accounts whose name shares trigrams with a text that lsce.name_search() made; match_account() weighs them';

CREATE FUNCTION match_account(name text, postal_code text DEFAULT NULL, identifiers jsonb DEFAULT '{}', lim integer DEFAULT 10)
RETURNS TABLE (account_id uuid, score real, reasons jsonb)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 10000 ROWS 10
BEGIN ATOMIC
	SELECT r.account_id, r.score, r.reasons
	FROM lsce.match_account(@model_literal@::regnamespace, name, postal_code, identifiers, lim) AS r;
END;
COMMENT ON FUNCTION match_account(text, text, jsonb, integer) IS
'the accounts that a name in any spelling, a postal code and identifiers ({"npi": "…", "phone": "…", "email": "…", "birth_date": "…"}) may mean, best first: score from 0 to 1 is the share of the evidence asked for, reasons its parts in bits. Merged accounts answer as their survivor. Sees what the caller may see. Errors: 22023, ID_FORMAT, ID_CHECK_DIGIT, DEA_INVALID';

CREATE FUNCTION find_duplicates(kind text DEFAULT NULL, min_score real DEFAULT 0.5)
RETURNS TABLE (cluster_id uuid, account_a uuid, account_b uuid, score real, evidence jsonb)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
BEGIN ATOMIC
	SELECT r.cluster_id, r.account_a, r.account_b, r.score, r.evidence
	FROM lsce.find_duplicates(@model_literal@::regnamespace, kind, min_score) AS r;
END;
COMMENT ON FUNCTION find_duplicates(text, real) IS
'accounts taken for the same: clusters, named by their first account, and their pairs with the probability that both are one and the evidence for it in bits. Only accounts of the same kind are compared; kind: those of this one. Sees what the caller may see';

CREATE FUNCTION fit_match_weights()
RETURNS double precision
LANGUAGE sql VOLATILE
RETURN lsce.fit_match_weights(@model_literal@::regnamespace);
COMMENT ON FUNCTION fit_match_weights() IS
'estimates match_weight from the accounts: u from pairs at random, m by expectation and maximisation over pairs worth comparing. Returns the number of duplicate pairs expected; the same accounts give the same weights';

CREATE FUNCTION name_keys_stale()
RETURNS TABLE (check_code text, ok boolean, subject text, detail text)
LANGUAGE plpgsql STABLE
SET search_path = @model@, pg_catalog, pg_temp
AS $$
DECLARE
	model constant regnamespace := @model_literal@::regnamespace;
	versions text;
	stale bigint;
	missing bigint;
BEGIN
	SELECT count(*), string_agg(DISTINCT key_version, ' and ' ORDER BY key_version) INTO stale, versions
	FROM account_name_key WHERE key_version <> lsce.name_key_version();
	check_code := 'name_keys';
	ok := stale = 0;
	subject := 'account_name_key';
	detail := CASE WHEN ok THEN 'every key was made by this version of ICU and of the rules'
		ELSE format('%s keys were made by %s; this server makes %s: CALL %s.rebuild_name_keys();', stale, versions, lsce.name_key_version(), model) END;
	RETURN NEXT;

	SELECT count(*) INTO missing FROM account AS a
	WHERE NOT EXISTS (SELECT FROM account_name_key AS k WHERE k.account_id = a.account_id AND k.form = 'name')
		AND lsce.name_key(a.name, a.lang) <> '';
	check_code := 'name_keys_missing';
	ok := missing = 0;
	detail := CASE WHEN ok THEN 'every account has a key'
		ELSE format('%s accounts have no key: CALL %s.rebuild_name_keys();', missing, model) END;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION name_keys_stale() IS 'do the keys of names need a rebuild: made by another version of ICU or of the rules, or missing';

CREATE PROCEDURE rebuild_name_keys()
LANGUAGE plpgsql
SET search_path = @model@, pg_catalog, pg_temp
AS $$
DECLARE
	total bigint := (SELECT count(*) FROM account);
	done bigint := 0;
	changed bigint := 0;
	written bigint;
	batch uuid[];
	last uuid := '00000000-0000-0000-0000-000000000000'::uuid;
BEGIN
	LOOP
		batch := ARRAY(SELECT account_id FROM account WHERE account_id > last ORDER BY account_id LIMIT 10000);
		EXIT WHEN cardinality(batch) = 0;
		last := batch[cardinality(batch)];
		WITH form AS (
			SELECT a.account_id, v.form, lsce.name_key(v.name, a.lang) AS key, lsce.name_search(v.name, a.lang) AS search
			FROM account AS a LEFT JOIN hcp AS h USING (account_id),
				LATERAL (VALUES ('name', a.name), ('person', concat_ws(' ', h.given_name, h.family_name)),
					('reading', concat_ws(' ', h.family_name_reading, h.given_name_reading))) AS v (form, name)
			WHERE a.account_id = ANY (batch)
		), gone AS (
			DELETE FROM account_name_key AS k USING form AS f
			WHERE k.account_id = f.account_id AND k.form = f.form AND f.key = ''
		)
		INSERT INTO account_name_key AS k (account_id, form, key, search, key_version)
		SELECT f.account_id, f.form, f.key, f.search, lsce.name_key_version() FROM form AS f WHERE f.key <> ''
		ON CONFLICT ON CONSTRAINT account_name_key_pkey DO UPDATE
		SET key = EXCLUDED.key, search = EXCLUDED.search, key_version = EXCLUDED.key_version
		WHERE (k.key, k.search, k.key_version) IS DISTINCT FROM (EXCLUDED.key, EXCLUDED.search, EXCLUDED.key_version);
		GET DIAGNOSTICS written = ROW_COUNT;
		changed := changed + written;
		done := done + cardinality(batch);
		RAISE NOTICE '% of % accounts, % keys written', done, total, changed;
	END LOOP;
END
$$;
COMMENT ON PROCEDURE rebuild_name_keys() IS 'makes all keys of names again, with a NOTICE for every 10,000 accounts; writes only those that change';
