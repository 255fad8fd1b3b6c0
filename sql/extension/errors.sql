CREATE FUNCTION lsce.reasons(OUT code text, OUT sqlstate text, OUT reason_group text,
	OUT text_en text, OUT text_ja text, OUT text_de text,
	OUT hint_en text, OUT hint_ja text, OUT hint_de text)
RETURNS SETOF record
LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 90
AS 'MODULE_PATHNAME', 'lsce_reasons';
COMMENT ON FUNCTION lsce.reasons() IS 'every reason code with its SQLSTATE, group, texts with {slots} and hints in English, Japanese and German';

CREATE FUNCTION lsce.reason_text(code text, lang text DEFAULT 'en', slots jsonb DEFAULT '{}')
RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_reason_text_sql';
COMMENT ON FUNCTION lsce.reason_text(text, text, jsonb) IS 'text of a reason code in a language (English if there is none), slots filled from a JSON object; a slot without a value prints as ?';

CREATE FUNCTION lsce.raise_reason(code text, message text, detail jsonb DEFAULT NULL,
	relation regclass DEFAULT NULL, constraint_name text DEFAULT NULL, lang text DEFAULT NULL)
RETURNS void
LANGUAGE c VOLATILE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'lsce_raise_reason';
COMMENT ON FUNCTION lsce.raise_reason(text, text, jsonb, regclass, text, text) IS 'raises an error with the SQLSTATE and hint of a reason code, for PL/pgSQL; never returns';
