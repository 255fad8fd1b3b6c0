-- reason codes: the list, its texts, and errors raised from it

-- the public contract: a line of this output never changes, only new ones come
SELECT sqlstate, code, reason_group FROM lsce.reasons();

-- unique, in order, of class LS
SELECT count(*) = count(DISTINCT code) AS codes_unique,
       count(*) = count(DISTINCT sqlstate) AS sqlstates_unique,
       bool_and(sqlstate ~ '^LS[1-6][0-9A-Z]{2}$') AS class_ls,
       bool_and(code ~ '^[A-Z][A-Z_]+[A-Z]$') AS code_form,
       array_agg(sqlstate ORDER BY ordinality) = array_agg(sqlstate ORDER BY sqlstate COLLATE "C") AS in_order
  FROM lsce.reasons() WITH ORDINALITY;

-- every text and hint is there, is a sentence, and is of its language
SELECT r.code, t.what, t.body
  FROM lsce.reasons() AS r,
       LATERAL (VALUES ('text_en', text_en, '^[ -~]+[.]$'),
                       ('text_ja', text_ja, '^.*[ぁ-んァ-ヶ一-龠].*。$'),
                       ('text_de', text_de, '^[ -~ÄÖÜäöüß]+[.]$'),
                       ('hint_en', hint_en, '^[A-Z][ -~]+[.]$'),
                       ('hint_ja', hint_ja, '^.*[ぁ-んァ-ヶ一-龠].*。$'),
                       ('hint_de', hint_de, '^[A-ZÄÖÜ][ -~ÄÖÜäöüß]+[.]$')) AS t(what, body, pattern)
 WHERE t.body IS NULL OR t.body !~ t.pattern;
SELECT code FROM lsce.reasons()
 WHERE text_en IN (text_ja, text_de) OR hint_en IN (hint_ja, hint_de);

-- the three languages of a text have the same slots; hints have none
CREATE FUNCTION pg_temp.slots(body text) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$SELECT array_agg(m[1] ORDER BY m[1] COLLATE "C") FROM regexp_matches($1, '\{([^{}]*)\}', 'g') AS m$$;
SELECT code, pg_temp.slots(text_en) AS en, pg_temp.slots(text_ja) AS ja, pg_temp.slots(text_de) AS de
  FROM lsce.reasons()
 WHERE pg_temp.slots(text_en) IS DISTINCT FROM pg_temp.slots(text_ja)
    OR pg_temp.slots(text_en) IS DISTINCT FROM pg_temp.slots(text_de);
SELECT code FROM lsce.reasons()
 WHERE hint_en || hint_ja || hint_de ~ '[{}]'
    OR regexp_replace(text_en || text_ja || text_de, '\{[a-z_]+\}', '', 'g') ~ '[{}]';

-- labels of the functions
SELECT proname, provolatile, proparallel, proisstrict, prorows
  FROM pg_proc
 WHERE pronamespace = 'lsce'::regnamespace
   AND proname IN ('reasons', 'reason_text', 'raise_reason')
 ORDER BY proname COLLATE "C";

-- texts with their slots filled, in the reader's language
SELECT lang, lsce.reason_text('QTY_LIMIT_EXCEEDED', lang,
       '{"template": "US", "used": 2, "limit": 2, "period": "12 months", "requested": 1, "remaining": 0}')
  FROM unnest(ARRAY['en', 'ja', 'de', 'ja-JP', 'DE_at', 'fr', 'deu', 'd', '', NULL]) AS lang;
SELECT lsce.reason_text('LICENSE_EXPIRED', 'de', '{"number": "A1", "jurisdiction": "US-AZ", "valid_to": "2026-03-31"}');
-- a slot without a value
SELECT lsce.reason_text('LICENSE_EXPIRED', 'ja');
SELECT lsce.reason_text('LICENSE_EXPIRED', 'en', '{"number": null, "valid_to": "2026-03-31", "other": 1}');
SELECT lsce.reason_text('LICENSE_EXPIRED', 'en', NULL);
-- values that are no strings
SELECT lsce.reason_text('REQUEST_FIELD_MISSING', 'en', '{"request": 12.50, "fields": ["signature", "date"]}');
SELECT lsce.reason_text('REQUEST_FIELD_MISSING', 'en', '{"request": true, "fields": {"a": 1}}');
SELECT lsce.reason_text('REQUEST_FIELD_MISSING', 'en', '{"request": [], "fields": ["a", 1, null, false, ["b", "c"]]}');
-- a value is not searched for slots
SELECT lsce.reason_text('REPORT_OVERDUE', 'en', '{"report": "{due}", "due": "{report}"}');
-- a text without slots; a long value
SELECT lsce.reason_text('LOT_MISSING', 'ja', '{"lot": "x"}');
SELECT length(lsce.reason_text('LOT_UNUSABLE', 'ja', jsonb_build_object('lot', repeat('ロ', 100000), 'state', 'x')));
SELECT lsce.reason_text(NULL, 'en') IS NULL AS null_code;
SELECT lsce.reason_text('NO_SUCH_CODE', 'en');
SELECT lsce.reason_text('lot_missing', 'en');
SELECT lsce.reason_text('LOT_MISSIN', 'en');
SELECT lsce.reason_text('', 'en');
SELECT lsce.reason_text('LOT_MISSING', 'en', '[1]');

-- raised errors carry SQLSTATE, detail, hint and object names
CREATE TABLE errors_visit (id integer CONSTRAINT errors_visit_positive CHECK (id > 0));
DO $$
DECLARE
	l_lang text;
	l_sqlstate text;
	l_message text;
	l_detail text;
	l_hint text;
	l_schema text;
	l_table text;
	l_constraint text;
BEGIN
	FOREACH l_lang IN ARRAY ARRAY[NULL, 'ja', 'de']
	LOOP
		BEGIN
			PERFORM lsce.raise_reason('QTY_LIMIT_EXCEEDED', 'limit of 2 in 12 months is used up: 2 used, 1 requested, 100% done',
				'[{"code": "QTY_LIMIT_EXCEEDED", "used": 2}]', 'errors_visit', 'errors_visit_positive', l_lang);
		EXCEPTION WHEN SQLSTATE 'LS160' THEN
			GET STACKED DIAGNOSTICS l_sqlstate = RETURNED_SQLSTATE, l_message = MESSAGE_TEXT,
				l_detail = PG_EXCEPTION_DETAIL, l_hint = PG_EXCEPTION_HINT, l_schema = SCHEMA_NAME,
				l_table = TABLE_NAME, l_constraint = CONSTRAINT_NAME;
			RAISE NOTICE '% | % | % | % | % | % | %', l_sqlstate, l_message, l_detail, l_hint, l_schema, l_table, l_constraint;
		END;
	END LOOP;
END
$$;
DROP TABLE errors_visit;

-- every code raises its own SQLSTATE with its own hint
DO $$
DECLARE
	l_row record;
	l_hint text;
	l_raised integer := 0;
BEGIN
	FOR l_row IN SELECT * FROM lsce.reasons()
	LOOP
		BEGIN
			PERFORM lsce.raise_reason(l_row.code, 'refused', lang => 'de');
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS l_hint = PG_EXCEPTION_HINT;
			IF SQLSTATE = l_row.sqlstate AND l_hint = l_row.hint_de THEN
				l_raised := l_raised + 1;
			ELSE
				RAISE NOTICE 'wrong: % % %', l_row.code, SQLSTATE, l_hint;
			END IF;
		END;
	END LOOP;
	RAISE NOTICE 'all raised: %', l_raised = (SELECT count(*) FROM lsce.reasons());
END
$$;

-- a name that ends with a full stop ends the sentence
SELECT lsce.reason_text('CONSENT_MISSING', l, '{"purpose": "newsletter", "channel": "email", "controller": "Acme Inc."}') FROM unnest('{en,ja,de}'::text[]) AS l;
-- only what is required
SELECT lsce.raise_reason('LOT_MISSING', 'no lot is named');
-- a relation that does not exist any more leaves its fields empty
SELECT lsce.raise_reason('LOT_MISSING', 'no lot is named', relation => 4294967295::oid::regclass);
SELECT lsce.raise_reason('NO_SUCH_CODE', 'refused');
SELECT lsce.raise_reason(NULL, 'refused');
SELECT lsce.raise_reason('LOT_MISSING', NULL);
