/*-------------------------------------------------------------------------
 *
 * match_query.c
 *	  The accounts that a name, a postal code and identifiers may mean.
 *
 * Candidates come from the trigram index over all forms of all names, and from
 * identifiers.  They are looked up with the rights of the model's owner, for
 * row security would keep the index from being used; what is returned, and even
 * compared, is what the caller may see.
 *
 * src/identity/match_query.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "identity/match_query.h"

PG_FUNCTION_INFO_V1(lsce_match_account);

#define QUERY_FIRST_BATCH	200		/* candidates looked up at first, */
#define QUERY_LAST_BATCH	20000	/* and at most, when few are visible */
#define QUERY_MAX_LIMIT		1000

/* a query has fewer words than a name: "tanaka" is close to "tanaka taro" */
#define QUERY_CLOSE			0.85
#define QUERY_SIMILAR		0.60

/*
 * pg_trgm's thresholds for candidates, of a name and of words of it.  One word
 * alone has few trigrams, so that one letter less is half of them; and where
 * nobody is found, two letters may have changed places.
 */
typedef struct QueryThresholds
{
	const char *name;
	const char *word;
} QueryThresholds;

static const QueryThresholds several_words = {"0.3", "0.6"};
static const QueryThresholds one_word = {"0.3", "0.5"};
static const QueryThresholds far_off = {"0.2", "0.35"};

#define QUERY_PASSES	2		/* the second with far_off */

/* The form of a candidate's name that is most like the query. */
typedef struct BestForm
{
	double		similarity;
	bool		same_words;
	char	   *form;
} BestForm;

typedef struct Candidate
{
	int			record;
	LsceMatchEvidence evidence;
	BestForm	name;
	double		bits;
	double		score;
} Candidate;

static const AccessStatement by_name = {
	"SELECT DISTINCT coalesce(a.survivor_id, a.account_id) "
	"FROM @m.name_candidates($1, $2) AS c JOIN @m.account AS a USING (account_id)", 2, {TEXTOID, INT4OID}
};
static const AccessStatement by_name_and_postal = {
	"SELECT DISTINCT coalesce(a.survivor_id, a.account_id) "
	"FROM @m.name_candidates($1, $2) AS c JOIN @m.account AS a USING (account_id) "
	"JOIN @m.contact_point AS p ON p.account_id = a.account_id "
	"LEFT JOIN @m.contact_point AS q ON q.contact_point_id = p.inherits_from "
	"WHERE starts_with(lower(regexp_replace(coalesce(p.postal_code, q.postal_code), '[^0-9A-Za-z]', '', 'g')), $3)",
	3, {TEXTOID, INT4OID, TEXTOID}
};
static const AccessStatement by_identifier = {
	"SELECT DISTINCT coalesce(a.survivor_id, a.account_id) "
	"FROM @m.account_identifier AS i JOIN @m.account AS a USING (account_id) WHERE i.system = $1 AND i.value = $2",
	2, {TEXTOID, TEXTOID}
};
static const AccessStatement select_forms = {
	"SELECT coalesce(a.survivor_id, a.account_id), k.form, k.key "
	"FROM @m.account AS a JOIN @m.account_name_key AS k USING (account_id) "
	"WHERE a.account_id = ANY ($1) OR a.survivor_id = ANY ($1) ORDER BY 1, 2, 3", 1, {UUIDARRAYOID}
};
static const AccessStatement select_variants = {
	"SELECT variant FROM @m.nickname WHERE name = $1 UNION SELECT name FROM @m.nickname WHERE variant = $1 ORDER BY 1",
	1, {TEXTOID}
};

/* Append a JSON number with a few digits. */
static void
append_number(StringInfo json, const char *name, double value)
{
	appendStringInfo(json, "\"%s\": %.*f", name, 2, value);
}

/*
 * Evidence as jsonb: all bits, level and bits of each field that is there, and
 * what address, telephone and e-mail say too much together.
 */
static void
append_evidence(StringInfo json, const LsceMatchWeights *weights, const LsceMatchEvidence *evidence, const BestForm *name)
{
	double		excess = lsce_match_contact_excess(weights, evidence);

	appendStringInfoChar(json, '{');
	append_number(json, "bits", lsce_match_bits(weights, evidence));
	if (evidence->swapped)
		appendStringInfoString(json, ", \"names_swapped\": true");
	for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
	{
		if (evidence->levels[f] == LSCE_MATCH_MISSING)
			continue;
		appendStringInfo(json, ", \"%s\": {\"level\": \"%s\", ", lsce_match_field_name((LsceMatchField) f),
						 lsce_match_level_name(evidence->levels[f]));
		append_number(json, "bits", lsce_match_weight(weights, evidence, (LsceMatchField) f));
		if (f == LSCE_MATCH_NAME && name)
		{
			appendStringInfo(json, ", \"form\": \"%s\", ", name->form);
			append_number(json, "similarity", name->similarity);
		}
		appendStringInfoChar(json, '}');
	}
	if (excess > 0)
	{
		appendStringInfoString(json, ", \"contact\": {\"level\": \"shared\", ");
		append_number(json, "bits", -excess);
		appendStringInfoChar(json, '}');
	}
	appendStringInfoChar(json, '}');
}

/* The same as a jsonb datum. */
Datum
identity_evidence(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence)
{
	StringInfoData json;

	initStringInfo(&json);
	append_evidence(&json, weights, evidence, NULL);
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

/* Spellings to look up: the name as it is, and with a nickname for one of its words. */
static void
add_searches(MatchQuery *query, const AccessScope *scope, MemoryContext context)
{
	query->searches[query->nsearches++] = identity_search_text(&query->name);
	for (int t = 0; t < query->name.ntokens; t++)
	{
		LsceName	one = query->name;
		char		key[LSCE_NAME_KEY_BYTES];
		Datum		args[1];
		uint64		rows;

		one.tokens[0] = query->name.tokens[t];
		one.ntokens = 1;
		args[0] = PointerGetDatum(cstring_to_text_with_len(key, (int) lsce_name_key(&one, key)));
		rows = identity_read(scope, &select_variants, args, NULL);
		for (uint64 row = 0; row < rows && query->nsearches < QUERY_VALUES; row++)
		{
			char	   *variant = access_text(row, 1, context);
			StringInfoData text;

			/* the other words are what they were */
			lsce_name_of_key(variant, strlen(variant), &one);
			initStringInfo(&text);
			appendStringInfoString(&text, identity_search_text(&one));
			one = query->name;
			one.ntokens = 1;
			for (int other = 0; other < query->name.ntokens; other++)
			{
				if (other == t)
					continue;
				one.tokens[0] = query->name.tokens[other];
				appendStringInfo(&text, " %s", identity_search_text(&one));
			}
			query->searches[query->nsearches++] = text.data;
		}
		SPI_freetuptable(SPI_tuptable);
	}
}

/* Add the uuids of a statement's rows to an array under construction. */
static void
add_accounts(ArrayBuildState **accounts, uint64 rows, MemoryContext context)
{
	for (uint64 row = 0; row < rows; row++)
	{
		bool		isnull;
		Datum		account = access_value(row, 1, UUIDOID, &isnull);

		if (!isnull)
			*accounts = accumArrayResult(*accounts, account, false, UUIDOID, context);
	}
	SPI_freetuptable(SPI_tuptable);
}

static void
set_thresholds(const QueryThresholds *thresholds)
{
	(void) set_config_option("pg_trgm.similarity_threshold", thresholds->name, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	(void) set_config_option("pg_trgm.word_similarity_threshold", thresholds->word, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

/*
 * The ids of up to "batch" candidates per spelling, and of all holders of the
 * identifiers.  NULL when there are none.  pass: see QUERY_PASSES.  *full: there
 * may be more.
 */
static ArrayType *
find_accounts(MatchQuery *query, const LsceModel *model, int pass, int batch, bool *full)
{
	MemoryContext context = CurrentMemoryContext;
	ArrayBuildState *accounts = NULL;
	AccessScope scope;
	int			nest_level;

	*full = false;
	access_begin(&scope, model, ACCESS_READ);
	MemoryContextSwitchTo(context);
	if (query->has_name && query->nsearches == 0)
		add_searches(query, &scope, context);

	/* the same candidates whatever the session has set */
	nest_level = NewGUCNestLevel();
	for (int s = 0; s < query->nsearches; s++)
	{
		Datum		args[2] = {CStringGetTextDatum(query->searches[s]), Int32GetDatum(batch)};
		uint64		rows;

		set_thresholds(pass > 0 ? &far_off : strchr(query->searches[s], ' ') ? &several_words : &one_word);
		rows = identity_read(&scope, &by_name, args, NULL);
		add_accounts(&accounts, rows, context);
		if (rows < (uint64) batch / 2)
			continue;
		*full = true;
		/* of many namesakes those with the postal code must be among the candidates */
		if (query->place.postal.len > 0)
		{
			Datum		place_args[3] = {args[0], Int32GetDatum(QUERY_LAST_BATCH),
			PointerGetDatum(cstring_to_text_with_len(query->place.postal.data, query->place.postal.len))};

			add_accounts(&accounts, identity_read(&scope, &by_name_and_postal, place_args, NULL), context);
		}
	}
	AtEOXact_GUC(true, nest_level);
	for (int i = 0; i < query->record.nidentifiers; i++)
	{
		Datum		args[2];

		args[0] = CStringGetTextDatum(query->identifiers[i].system.data);
		args[1] = CStringGetTextDatum(query->identifiers[i].value.data);
		add_accounts(&accounts, identity_read(&scope, &by_identifier, args, NULL), context);
	}
	access_end(&scope);
	return accounts ? DatumGetArrayTypeP(makeArrayResult(accounts, context)) : NULL;
}

/* Find for each record the form of its names that is most like the query. */
static void
compare_forms(MatchQuery *query, const LsceModel *model, IdentityRecords *records, Candidate *candidates,
			  IdentityNicknames *nicknames)
{
	MemoryContext context = CurrentMemoryContext;
	AccessScope scope;
	ArrayBuildState *accounts = NULL;
	Datum		args[1];
	uint64		rows;

	for (int i = 0; i < records->count; i++)
		accounts = accumArrayResult(accounts, UUIDPGetDatum(&records->accounts[i]), false, UUIDOID, context);
	if (accounts == NULL)
		return;
	access_begin(&scope, model, ACCESS_READ);
	MemoryContextSwitchTo(context);
	args[0] = makeArrayResult(accounts, context);
	rows = identity_read(&scope, &select_forms, args, NULL);
	for (uint64 row = 0; row < rows; row++)
	{
		pg_uuid_t	account;
		LsceName	form;
		char	   *key = access_text(row, 3, context);
		double		similarity;
		int			at;

		CHECK_FOR_INTERRUPTS();
		access_uuid(row, 1, &account);
		at = identity_find_record(records, 0, &account);
		if (at < 0)
			continue;
		lsce_name_of_key(key, strlen(key), &form);
		similarity = lsce_name_similarity(&query->name, &form, identity_is_nickname, nicknames);
		candidates[at].name.same_words = candidates[at].name.same_words || lsce_name_same_words(&query->name, &form);
		if (similarity > candidates[at].name.similarity)
		{
			candidates[at].name.similarity = similarity;
			candidates[at].name.form = access_text(row, 2, context);
		}
		pfree(key);
	}
	access_end(&scope);
}

/* The level of agreement between a query and a name. */
static LsceMatchLevel
name_level(const BestForm *name)
{
	return name->same_words ? LSCE_MATCH_EQUAL :
		name->similarity >= QUERY_CLOSE ? LSCE_MATCH_CLOSE :
		name->similarity >= QUERY_SIMILAR ? LSCE_MATCH_SIMILAR : LSCE_MATCH_DIFFERENT;
}

/* Weigh a candidate. */
static void
weigh(MatchQuery *query, const LsceMatchWeights *weights, const LsceMatchRecord *record, Candidate *candidate)
{
	lsce_match_compare(&query->record, record, NULL, NULL, &candidate->evidence);
	if (query->has_name)
		candidate->evidence.levels[LSCE_MATCH_NAME] = name_level(&candidate->name);
	candidate->bits = lsce_match_bits(weights, &candidate->evidence);
	candidate->score = candidate->bits / query->full_bits;
	candidate->score = Min(Max(candidate->score, 0.0), 1.0);
}

/* Evidence that the query would find in its exact counterpart. */
static double
full_bits(const MatchQuery *query, const LsceMatchWeights *weights)
{
	LsceMatchEvidence evidence;

	lsce_match_compare(&query->record, &query->record, NULL, NULL, &evidence);
	if (query->has_name)
		evidence.levels[LSCE_MATCH_NAME] = LSCE_MATCH_EQUAL;
	return Max(lsce_match_bits(weights, &evidence), 1e-6);
}

/* Best first; among equals the more alike name, then the lower id. */
static int
compare_candidates(const void *a, const void *b)
{
	const Candidate *x = a;
	const Candidate *y = b;

	if (x->bits != y->bits)
		return x->bits > y->bits ? -1 : 1;
	if (x->name.similarity != y->name.similarity)
		return x->name.similarity > y->name.similarity ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

/* Has a candidate a name or an identifier to show for it? */
static bool
is_match(const Candidate *candidate)
{
	return candidate->evidence.levels[LSCE_MATCH_NAME] >= LSCE_MATCH_SIMILAR ||
		candidate->evidence.levels[LSCE_MATCH_IDENTIFIER] >= LSCE_MATCH_EQUAL;
}

/* Output the best candidates that match. */
static void
put_candidates(ReturnSetInfo *rsinfo, const LsceMatchWeights *weights, const IdentityRecords *records,
			   const Candidate *candidates, int limit)
{
	for (int i = 0; i < records->count && limit > 0; i++)
	{
		const Candidate *candidate = &candidates[i];
		const BestForm *name = &candidate->name;
		StringInfoData json;
		Datum		values[3];
		bool		nulls[3] = {0};

		if (!is_match(candidate))
			continue;
		initStringInfo(&json);
		append_evidence(&json, weights, &candidate->evidence, name->form ? name : NULL);
		values[0] = UUIDPGetDatum(&records->accounts[candidate->record]);
		values[1] = Float4GetDatum((float4) candidate->score);
		values[2] = DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		limit--;
	}
}

/*
 * Load the candidates that the caller may see; look for more of them while too
 * few are visible.
 */
static void
load_visible(MatchQuery *query, const LsceModel *model, int pass, int limit, IdentityRecords *records)
{
	MemoryContext context = CurrentMemoryContext;

	memset(records, 0, sizeof(*records));
	for (int batch = QUERY_FIRST_BATCH; batch <= QUERY_LAST_BATCH; batch *= 10)
	{
		AccessScope scope;
		bool		full;
		ArrayType  *accounts = find_accounts(query, model, pass, batch, &full);

		if (accounts == NULL)
			return;
		access_begin(&scope, model, ACCESS_READ_AS_CALLER);
		MemoryContextSwitchTo(context);
		identity_load_some(&scope, accounts, records);
		access_end(&scope);
		if (!full || records->count >= limit)
			return;
	}
}

/*
 * Find and weigh candidates with the thresholds of a pass, the best first.
 * Returns whether one of them matches.
 */
static bool
find_candidates(MatchQuery *query, const LsceModel *model, const LsceMatchWeights *weights, IdentityNicknames *nicknames,
				int pass, int limit, IdentityRecords *records, Candidate **candidates)
{
	bool		any = false;
	Candidate  *list;

	load_visible(query, model, pass, limit, records);
	list = palloc0(sizeof(Candidate) * (records->count + 1));
	if (query->has_name)
		compare_forms(query, model, records, list, nicknames);
	for (int i = 0; i < records->count; i++)
	{
		list[i].record = i;
		weigh(query, weights, &records->records[i], &list[i]);
		any = any || is_match(&list[i]);
	}
	qsort(list, records->count, sizeof(Candidate), compare_candidates);
	*candidates = list;
	return any;
}

/*
 * lsce.match_account(model, name, postal_code, identifiers, lim): the accounts
 * that these may mean, best first, with reasons.
 */
Datum
lsce_match_account(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int			limit = PG_ARGISNULL(4) ? 10 : PG_GETARG_INT32(4);
	MemoryContext context;
	MemoryContext old;
	LsceModel	model;
	AccessScope scope;
	LsceMatchWeights weights;
	IdentityNicknames nicknames;
	IdentityRecords records;
	Candidate  *candidates;
	MatchQuery *query;

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("model must not be null")));
	if (limit < 1 || limit > QUERY_MAX_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lim %d is not between 1 and %d", limit, QUERY_MAX_LIMIT)));
	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	InitMaterializedSRF(fcinfo, 0);

	context = AllocSetContextCreate(CurrentMemoryContext, "lsce match", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	query = palloc0(sizeof(MatchQuery));
	identity_read_query(fcinfo, query);

	access_begin(&scope, &model, ACCESS_READ);
	MemoryContextSwitchTo(context);
	identity_load_weights(&scope, &weights);
	identity_load_nicknames(&scope, &nicknames);
	access_end(&scope);
	query->full_bits = full_bits(query, &weights);

	for (int pass = 0; pass < (query->has_name ? QUERY_PASSES : 1); pass++)
	{
		if (find_candidates(query, &model, &weights, &nicknames, pass, limit, &records, &candidates))
			break;
	}
	put_candidates(rsinfo, &weights, &records, candidates, limit);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return (Datum) 0;
}
