/*-------------------------------------------------------------------------
 *
 * name_func.c
 *	  SQL functions over names, and the trigger that keeps their keys.
 *
 * src/identity/name_func.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <unicode/uversion.h>

#include "commands/trigger.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "errors.h"
#include "identity/identity.h"

PG_FUNCTION_INFO_V1(lsce_name_key_sql);
PG_FUNCTION_INFO_V1(lsce_name_search_sql);
PG_FUNCTION_INFO_V1(lsce_name_similarity_sql);
PG_FUNCTION_INFO_V1(lsce_name_key_version);
PG_FUNCTION_INFO_V1(lsce_account_name_keys);

/*
 * Take a name apart, or raise the error that it cannot be.  Errors: 0A000
 * outside UTF8, 22001 for a name that is too long.
 */
void
identity_parse_name(const char *text, size_t len, const char *lang, LsceNameMode mode, LsceName *name)
{
	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("names need database encoding UTF8, not %s", GetDatabaseEncodingName())));
	switch (lsce_name_parse(text, len, lang, mode, name))
	{
		case LSCE_NAME_OK:
			return;
		case LSCE_NAME_BAD_ENCODING:
			ereport(ERROR,
					(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
					 errmsg("name is not valid UTF-8")));
			break;
		case LSCE_NAME_TOO_LONG:
			ereport(ERROR,
					(errcode(ERRCODE_STRING_DATA_RIGHT_TRUNCATION),
					 errmsg("name of %zu bytes is too long", len),
					 errdetail("A name has at most %d characters and %d words.",
							   LSCE_NAME_MAX_UNITS, LSCE_NAME_MAX_TOKENS)));
			break;
	}
}

/* The text argument's name, with the language of the next argument. */
static void
parse_argument(FunctionCallInfo fcinfo, int argument, int lang_argument, LsceName *name)
{
	text	   *value = PG_GETARG_TEXT_PP(argument);
	char	   *lang = PG_ARGISNULL(lang_argument) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(lang_argument));

	identity_parse_name(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), lang, LSCE_NAME_STRIP_TITLES, name);
}

/*
 * The words of a name in ASCII, a blank between all of them, for the trigram
 * index; palloc'd.
 */
char *
identity_search_text(const LsceName *name)
{
	char	   *result = palloc(LSCE_NAME_KEY_BYTES);
	char	   *key = palloc(LSCE_NAME_KEY_BYTES);
	size_t		n = 0;

	for (int t = 0; t < name->ntokens; t++)
	{
		const LsceNameToken *token = &name->tokens[t];
		size_t		len = 0;

		for (int i = 0; i < token->len; i++)
		{
			unicode_to_utf8(name->chars[token->start + i], (unsigned char *) key + len);
			len += pg_utf_mblen((unsigned char *) key + len);
		}
		if (t > 0 && n < LSCE_NAME_KEY_BYTES - 1)
			result[n++] = ' ';
		n += lsce_name_ascii(key, len, result + n, LSCE_NAME_KEY_BYTES - 1 - n);
	}
	result[n] = '\0';
	pfree(key);
	return result;
}

/* lsce.name_key(name, lang): the folded name; NULL for NULL. */
Datum
lsce_name_key_sql(PG_FUNCTION_ARGS)
{
	LsceName	name;
	char	   *key;
	size_t		len;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	parse_argument(fcinfo, 0, 1, &name);
	key = palloc(LSCE_NAME_KEY_BYTES);
	len = lsce_name_key(&name, key);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(key, (int) len));
}

/* lsce.name_search(name, lang): the folded words in ASCII; NULL for NULL. */
Datum
lsce_name_search_sql(PG_FUNCTION_ARGS)
{
	LsceName	name;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	parse_argument(fcinfo, 0, 1, &name);
	PG_RETURN_TEXT_P(cstring_to_text(identity_search_text(&name)));
}

/* lsce.name_similarity(a, b, lang): from 0 to 1; NULL when a name is NULL. */
Datum
lsce_name_similarity_sql(PG_FUNCTION_ARGS)
{
	LsceName	a;
	LsceName	b;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	parse_argument(fcinfo, 0, 2, &a);
	parse_argument(fcinfo, 1, 2, &b);
	PG_RETURN_FLOAT4((float4) lsce_name_similarity(&a, &b, NULL, NULL));
}

/*
 * lsce.name_key_version(): what keys made now depend on; keys with another
 * version may differ.
 */
Datum
lsce_name_key_version(PG_FUNCTION_ARGS)
{
	UVersionInfo version;
	char		text[U_MAX_VERSION_STRING_LENGTH];

	u_getVersion(version);
	u_versionToString(version, text);
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("icu %s, rules %d", text, IDENTITY_KEY_RULES)));
}

#define WRITE_KEYS(from) \
	"INSERT INTO @m.account_name_key AS k (account_id, form, key, search, key_version) " \
	"SELECT account_id, form, lsce.name_key(name, lang), lsce.name_search(name, lang), lsce.name_key_version() " \
	"FROM (" from ") AS f WHERE lsce.name_key(name, lang) <> '' " \
	"ON CONFLICT (account_id, form) DO UPDATE SET key = EXCLUDED.key, search = EXCLUDED.search, " \
	"key_version = EXCLUDED.key_version " \
	"WHERE (k.key, k.search, k.key_version) IS DISTINCT FROM (EXCLUDED.key, EXCLUDED.search, EXCLUDED.key_version)"

#define FORMS_OF_ACCOUNTS "SELECT n.account_id, 'name' AS form, n.name, n.lang FROM new_rows AS n "
#define FORMS_OF_HCPS \
	"SELECT n.account_id, v.form, v.name, a.lang FROM new_rows AS n JOIN @m.account AS a USING (account_id), " \
	"LATERAL (VALUES ('person', concat_ws(' ', n.given_name, n.family_name)), " \
	"('reading', concat_ws(' ', n.family_name_reading, n.given_name_reading))) AS v (form, name) "

/*
 * The statements of the trigger: by table, keys of inserted rows, of rows whose
 * names changed, and forms that are no longer there.
 */
static const AccessStatement account_inserted = {WRITE_KEYS(FORMS_OF_ACCOUNTS), 0};
static const AccessStatement account_updated = {
	WRITE_KEYS(FORMS_OF_ACCOUNTS
			   "JOIN old_rows AS o USING (account_id) WHERE (o.name, o.lang) IS DISTINCT FROM (n.name, n.lang) "
			   "UNION ALL "
			   "SELECT n.account_id, v.form, v.name, n.lang FROM new_rows AS n JOIN old_rows AS o USING (account_id) "
			   "JOIN @m.hcp AS h USING (account_id), "
			   "LATERAL (VALUES ('person', concat_ws(' ', h.given_name, h.family_name)), "
			   "('reading', concat_ws(' ', h.family_name_reading, h.given_name_reading))) AS v (form, name) "
			   "WHERE o.lang IS DISTINCT FROM n.lang"), 0
};
static const AccessStatement hcp_inserted = {WRITE_KEYS(FORMS_OF_HCPS), 0};
static const AccessStatement hcp_updated = {
	WRITE_KEYS(FORMS_OF_HCPS
			   "WHERE EXISTS (SELECT FROM old_rows AS o WHERE o.account_id = n.account_id AND "
			   "(o.given_name, o.family_name, o.given_name_reading, o.family_name_reading) IS DISTINCT FROM "
			   "(n.given_name, n.family_name, n.given_name_reading, n.family_name_reading))"), 0
};
static const AccessStatement hcp_forms_gone = {
	"DELETE FROM @m.account_name_key AS k USING old_rows AS o "
	"LEFT JOIN @m.hcp AS h USING (account_id) "
	"WHERE k.account_id = o.account_id AND "
	"((k.form = 'person' AND lsce.name_key(concat_ws(' ', h.given_name, h.family_name), NULL) = '') OR "
	"(k.form = 'reading' AND lsce.name_key(concat_ws(' ', h.given_name_reading, h.family_name_reading), NULL) = ''))", 0
};

/*
 * Trigger AFTER INSERT, UPDATE or DELETE FOR EACH STATEMENT on account and hcp,
 * with transition tables old_rows and new_rows: keeps account_name_key.
 */
Datum
lsce_account_name_keys(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool		account;
	bool		insert;
	LsceModel	model;
	AccessScope scope;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("lsce.account_name_keys() is a trigger AFTER … FOR EACH STATEMENT")));
	account = strcmp(RelationGetRelationName(trigger->tg_relation), "account") == 0;
	insert = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);

	access_model_of_relation(RelationGetRelid(trigger->tg_relation), &model);
	access_begin(&scope, &model, ACCESS_WRITE);
	if (SPI_register_trigger_data(trigger) < 0)
		elog(ERROR, "could not register the transition tables");
	if (insert)
		access_write(&scope, account ? &account_inserted : &hcp_inserted, NULL, NULL);
	else if (account)
		access_write(&scope, &account_updated, NULL, NULL);
	else
	{
		if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
			access_write(&scope, &hcp_updated, NULL, NULL);
		access_write(&scope, &hcp_forms_gone, NULL, NULL);
	}
	access_end(&scope);
	return PointerGetDatum(NULL);
}
