-- Identity: identifiers, names, matching.

CREATE FUNCTION lsce.identifier_valid(system text, value text)
RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_identifier_valid';
COMMENT ON FUNCTION lsce.identifier_valid(text, text) IS 'is a value, as stored, a valid identifier of a system (npi, dea, lanr, …)? NULL for a system without a rule';

CREATE FUNCTION lsce.identifier_check(system text, value text)
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_identifier_check';
COMMENT ON FUNCTION lsce.identifier_check(text, text) IS 'NULL when a value is a valid identifier of a system, else why not, with the expected check digit';

CREATE FUNCTION lsce.identifier_normalize(system text, value text)
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_identifier_normalize_sql';
COMMENT ON FUNCTION lsce.identifier_normalize(text, text) IS 'the form in which an identifier is stored: narrow, upper case, without separators; unchanged for a system without a rule';

CREATE FUNCTION lsce.identifier_require(system text, value text)
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_identifier_require';
COMMENT ON FUNCTION lsce.identifier_require(text, text) IS 'the normalised identifier; errors ID_FORMAT, ID_CHECK_DIGIT and DEA_INVALID when it is not valid';

CREATE FUNCTION lsce.identifier_systems(OUT system text, OUT issuer text, OUT form text, OUT has_check_digit boolean)
RETURNS SETOF record
LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 25
AS 'MODULE_PATHNAME', 'lsce_identifier_systems';
COMMENT ON FUNCTION lsce.identifier_systems() IS 'the identifier systems for which a rule is known; country-prefixed names such as US-NPI are accepted for them too';

CREATE FUNCTION lsce.license_hint(jurisdiction text, number text)
RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_license_hint_sql';
COMMENT ON FUNCTION lsce.license_hint(text, text) IS 'what is unusual about a licence number of a state, else NULL: a hint for the person who types it, never a rule';

CREATE FUNCTION lsce.account_identifier_guard()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_account_identifier_guard';
COMMENT ON FUNCTION lsce.account_identifier_guard() IS 'trigger of account_identifier: stores the canonical form, refuses an invalid identifier with ID_FORMAT, ID_CHECK_DIGIT or DEA_INVALID';

CREATE FUNCTION lsce.name_key(name text, lang text DEFAULT NULL)
RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_name_key_sql';
COMMENT ON FUNCTION lsce.name_key(text, text) IS 'a name folded for comparison: width, case, marks, umlauts, kana, titles and punctuation; kanji stay kanji. Depends on the version of ICU: see lsce.name_key_version()';

CREATE FUNCTION lsce.name_search(name text, lang text DEFAULT NULL)
RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_name_search_sql';
COMMENT ON FUNCTION lsce.name_search(text, text) IS 'the folded words of a name in ASCII, other characters as four digits of base 36: what trigram indexes hold, the same in every locale';

CREATE FUNCTION lsce.name_similarity(a text, b text, lang text DEFAULT NULL)
RETURNS real
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_name_similarity_sql';
COMMENT ON FUNCTION lsce.name_similarity(text, text, text) IS 'how alike two names are, from 0 to 1, whatever the order of their words; initials and umlauts without e count for nearly the whole';

CREATE FUNCTION lsce.name_key_version()
RETURNS text
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_name_key_version';
COMMENT ON FUNCTION lsce.name_key_version() IS 'version of ICU and of the rules of folding that keys made now depend on';

CREATE FUNCTION lsce.account_name_keys()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_account_name_keys';
COMMENT ON FUNCTION lsce.account_name_keys() IS 'statement trigger of account and hcp: keeps account_name_key';

CREATE FUNCTION lsce.match_default_weights(OUT field text, OUT level text, OUT m double precision, OUT u double precision)
RETURNS SETOF record
LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 44
AS 'MODULE_PATHNAME', 'lsce_match_default_weights_sql';
COMMENT ON FUNCTION lsce.match_default_weights() IS 'the weights of evidence that a model starts with';

CREATE FUNCTION lsce.match_account(model regnamespace, name text, postal_code text, identifiers jsonb, lim integer,
	OUT account_id uuid, OUT score real, OUT reasons jsonb)
RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000 ROWS 10
AS 'MODULE_PATHNAME', 'lsce_match_account';
COMMENT ON FUNCTION lsce.match_account(regnamespace, text, text, jsonb, integer) IS 'the accounts of a model that a name, a postal code and identifiers may mean; models have a function match_account() of their own over it';

CREATE FUNCTION lsce.find_duplicates(model regnamespace, kind text, min_score real,
	OUT cluster_id uuid, OUT account_a uuid, OUT account_b uuid, OUT score real, OUT evidence jsonb)
RETURNS SETOF record LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
AS 'MODULE_PATHNAME', 'lsce_find_duplicates';
COMMENT ON FUNCTION lsce.find_duplicates(regnamespace, text, real) IS 'accounts of a model that are taken for the same; models have a function find_duplicates() of their own over it';

CREATE FUNCTION lsce.fit_match_weights(model regnamespace)
RETURNS double precision LANGUAGE c VOLATILE STRICT COST 1000000
AS 'MODULE_PATHNAME', 'lsce_fit_match_weights';
COMMENT ON FUNCTION lsce.fit_match_weights(regnamespace) IS 'estimates the weights of evidence from the accounts of a model; models have a function fit_match_weights() of their own over it';
