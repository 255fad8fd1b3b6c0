/*-------------------------------------------------------------------------
 *
 * match_input.c
 *	  The arguments of match_account(): a name, a postal code, identifiers.
 *
 * src/identity/match_input.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

#include "identity/identifier.h"
#include "identity/match_query.h"

/* Take one value for a key of the identifiers: a field of the record or an identifier. */
static void
add_value(MatchQuery *query, const char *key, const char *value)
{
	if (strcmp(key, "phone") == 0)
	{
		query->phone.text = identity_phone(value);
		query->record.phones = &query->phone;
		query->record.nphones = query->phone.text.len > 0;
	}
	else if (strcmp(key, "email") == 0)
	{
		query->email.text = identity_email(value);
		query->record.emails = &query->email;
		query->record.nemails = query->email.text.len > 0;
	}
	else if (strcmp(key, "birth_date") == 0)
	{
		DateADT		date = DatumGetDateADT(DirectFunctionCall1(date_in, CStringGetDatum(value)));

		if (!DATE_NOT_FINITE(date))
			j2date(date + POSTGRES_EPOCH_JDATE, &query->record.birth_year,
				   &query->record.birth_month, &query->record.birth_day);
	}
	else
	{
		LsceMatchIdentifier *identifier;
		const LsceIdentifierSystem *system = lsce_identifier_system(key, strlen(key));
		text	   *stored;

		if (query->record.nidentifiers == QUERY_VALUES)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a query may name at most %d identifiers", QUERY_VALUES)));
		/* a typo is refused here, not searched for */
		stored = DatumGetTextPP(DirectFunctionCall2(lsce_identifier_require, CStringGetTextDatum(key),
													CStringGetTextDatum(value)));
		identifier = &query->identifiers[query->record.nidentifiers++];
		identifier->system.data = system ? system->name : pstrdup(key);
		identifier->system.len = (int) strlen(identifier->system.data);
		identifier->value.data = text_to_cstring(stored);
		identifier->value.len = (int) strlen(identifier->value.data);
		query->record.identifiers = query->identifiers;
	}
}

/* A scalar of the identifiers as a string; NULL for null. */
static char *
scalar_text(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		case jbvNull:
			return NULL;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a value of the identifiers is neither a string nor a number")));
	}
}

/* Take the identifiers of a query from {"system": "value" or ["value", …]}. */
static void
add_identifiers(MatchQuery *query, Jsonb *identifiers)
{
	JsonbIterator *iterator = JsonbIteratorInit(&identifiers->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *key = NULL;

	if (!JB_ROOT_IS_OBJECT(identifiers))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("identifiers are not a JSON object"),
				 errhint("Write them as {\"npi\": \"1234567893\"}.")));
	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			key = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE || token == WJB_ELEM)
		{
			char	   *text = scalar_text(&value);

			if (text && text[0] != '\0')
				add_value(query, key, text);
		}
		else if (token == WJB_BEGIN_OBJECT && key != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("identifier \"%s\" is an object, not a value", key)));
	}
}

/*
 * Fill in a zeroed query from the arguments.  Errors: 22023 when nothing is
 * asked for and for identifiers of another shape, 54000 for more than
 * QUERY_VALUES of them, ID_FORMAT, ID_CHECK_DIGIT and DEA_INVALID for one that
 * cannot be, those of date_in() for a date of birth.
 */
void
identity_read_query(FunctionCallInfo fcinfo, MatchQuery *query)
{
	if (!PG_ARGISNULL(1))
	{
		text	   *name = PG_GETARG_TEXT_PP(1);

		identity_parse_name(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), NULL, LSCE_NAME_STRIP_TITLES, &query->name);
		query->has_name = query->name.ntokens > 0;
	}
	if (!PG_ARGISNULL(2))
		query->place.postal = identity_postal(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	query->record.places = &query->place;
	query->record.nplaces = query->place.postal.len > 0;
	if (!PG_ARGISNULL(3))
		add_identifiers(query, PG_GETARG_JSONB_P(3));
	if (!query->has_name && query->record.nidentifiers == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("neither a name nor an identifier to look for"),
				 errhint("A postal code, telephone number or date of birth tells candidates apart, but finds none.")));
}
