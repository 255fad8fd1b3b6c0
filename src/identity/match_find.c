/*-------------------------------------------------------------------------
 *
 * match_find.c
 *	  Duplicates among the accounts of a model, and weights fitted to them.
 *
 * src/identity/match_find.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "errors.h"
#include "identity/identity.h"

PG_FUNCTION_INFO_V1(lsce_find_duplicates);
PG_FUNCTION_INFO_V1(lsce_fit_match_weights);
PG_FUNCTION_INFO_V1(lsce_match_default_weights_sql);

/* a key shared by more records says little; see lsce_match_block_pairs() */
#define FIND_MAX_BLOCK		64
/* of a cluster up to this size all pairs are returned, not those found alone */
#define FIND_MAX_CLUSTER	50
/* pairs taken at random to see how often different accounts agree */
#define FIT_RANDOM_PAIRS	400000
#define FIT_MAX_ROUNDS		200
/* fewer expected matches say nothing about how matches look */
#define FIT_LEAST_MATCHES	10

/* Pairs of records, each once: the lower in the upper half of the number. */
typedef struct PairSet
{
	uint64	   *pairs;
	size_t		count;
	size_t		size;
} PairSet;

/* A pair taken for the same account. */
typedef struct FoundPair
{
	uint32		cluster;
	uint32		a;
	uint32		b;
} FoundPair;

typedef struct FindState
{
	IdentityRecords records;
	IdentityNicknames nicknames;
	LsceMatchWeights weights;
	PairSet		pairs;
	double		even;			/* see lsce_match_even() */
} FindState;

static int
compare_pairs(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

/* Sort the pairs and keep each once. */
static void
unique_pairs(PairSet *set)
{
	size_t		kept = 0;

	qsort(set->pairs, set->count, sizeof(uint64), compare_pairs);
	for (size_t i = 0; i < set->count; i++)
	{
		if (kept == 0 || set->pairs[kept - 1] != set->pairs[i])
			set->pairs[kept++] = set->pairs[i];
	}
	set->count = kept;
}

/* Sink of lsce_match_block_pairs(): collect, and make unique before growing. */
static void
collect_pair(uint32_t a, uint32_t b, void *arg)
{
	PairSet    *set = arg;

	if (set->count == set->size)
	{
		CHECK_FOR_INTERRUPTS();
		unique_pairs(set);
		if (set->count > set->size / 2)
		{
			set->size *= 2;
			set->pairs = repalloc_huge(set->pairs, sizeof(uint64) * set->size);
		}
	}
	set->pairs[set->count++] = (uint64) a << 32 | b;
}

/* Load what the caller may see and find the pairs worth comparing. */
static void
find_candidates(FindState *state, const LsceModel *model, const char *kind)
{
	MemoryContext context = CurrentMemoryContext;
	AccessScope scope;
	LsceMatchBlockEntry *entries;
	size_t		count = 0;

	access_begin(&scope, model, ACCESS_READ);
	MemoryContextSwitchTo(context);
	identity_load_weights(&scope, &state->weights);
	identity_load_nicknames(&scope, &state->nicknames);
	access_end(&scope);

	access_begin(&scope, model, ACCESS_READ_AS_CALLER);
	MemoryContextSwitchTo(context);
	identity_load_records(&scope, kind, &state->records);
	access_end(&scope);
	identity_count_frequencies(&state->records, &state->weights);

	entries = palloc_extended(sizeof(LsceMatchBlockEntry) * LSCE_MATCH_BLOCK_KEYS * (state->records.count + 1), MCXT_ALLOC_HUGE);
	for (int i = 0; i < state->records.count; i++)
	{
		uint64_t	keys[LSCE_MATCH_BLOCK_KEYS];
		int			nkeys = lsce_match_block_keys(&state->records.records[i], keys);

		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < nkeys; k++)
		{
			entries[count].hash = keys[k];
			entries[count++].record = i;
		}
	}
	state->pairs.count = 0;
	state->pairs.size = 1 << 16;
	state->pairs.pairs = palloc_extended(sizeof(uint64) * state->pairs.size, MCXT_ALLOC_HUGE);
	lsce_match_block_pairs(entries, count, FIND_MAX_BLOCK, collect_pair, &state->pairs);
	unique_pairs(&state->pairs);
	pfree(entries);
}

/* Compare two records of the state. */
static void
compare_records(FindState *state, uint32 a, uint32 b, LsceMatchEvidence *evidence)
{
	lsce_match_compare(&state->records.records[a], &state->records.records[b],
					   identity_is_nickname, &state->nicknames, evidence);
}

/* Output one pair with its evidence. */
static void
put_pair(ReturnSetInfo *rsinfo, FindState *state, const FoundPair *pair)
{
	LsceMatchEvidence evidence;
	Datum		values[5];
	bool		nulls[5] = {0};

	compare_records(state, pair->a, pair->b, &evidence);
	values[0] = UUIDPGetDatum(&state->records.accounts[pair->cluster]);
	values[1] = UUIDPGetDatum(&state->records.accounts[pair->a]);
	values[2] = UUIDPGetDatum(&state->records.accounts[pair->b]);
	values[3] = Float4GetDatum((float4) lsce_match_probability(lsce_match_bits(&state->weights, &evidence), state->even));
	values[4] = identity_evidence(&state->weights, &evidence);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static int
compare_found(const void *a, const void *b)
{
	const FoundPair *x = a;
	const FoundPair *y = b;

	if (x->cluster != y->cluster)
		return x->cluster < y->cluster ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

/*
 * Output the pairs of one cluster, given those found: all pairs among its
 * records while it is small.
 */
static void
put_cluster(ReturnSetInfo *rsinfo, FindState *state, const FoundPair *found, size_t count)
{
	uint32		members[FIND_MAX_CLUSTER + 1];
	int			nmembers = 0;

	for (size_t i = 0; i < count && nmembers <= FIND_MAX_CLUSTER; i++)
	{
		uint32		ends[2] = {found[i].a, found[i].b};

		for (int e = 0; e < 2 && nmembers <= FIND_MAX_CLUSTER; e++)
		{
			int			at = nmembers;

			while (at > 0 && members[at - 1] > ends[e])
				at--;
			if (at > 0 && members[at - 1] == ends[e])
				continue;
			memmove(members + at + 1, members + at, sizeof(uint32) * (nmembers - at));
			members[at] = ends[e];
			nmembers++;
		}
	}
	if (nmembers > FIND_MAX_CLUSTER)
	{
		for (size_t i = 0; i < count; i++)
			put_pair(rsinfo, state, &found[i]);
		return;
	}
	for (int i = 0; i < nmembers; i++)
	{
		for (int j = i + 1; j < nmembers; j++)
		{
			FoundPair	pair = {found[0].cluster, members[i], members[j]};

			put_pair(rsinfo, state, &pair);
		}
	}
}

/* Compare the candidates; returns the evidence of each in bits, and sets state->even. */
static float *
weigh_candidates(FindState *state)
{
	float	   *bits = palloc_extended(sizeof(float) * (state->pairs.count + 1), MCXT_ALLOC_HUGE);
	LsceMatchTally *tally = palloc0(sizeof(LsceMatchTally));

	for (size_t i = 0; i < state->pairs.count; i++)
	{
		LsceMatchEvidence evidence;

		CHECK_FOR_INTERRUPTS();
		compare_records(state, (uint32) (state->pairs.pairs[i] >> 32), (uint32) state->pairs.pairs[i], &evidence);
		bits[i] = (float) lsce_match_bits(&state->weights, &evidence);
		lsce_match_tally(tally, bits[i]);
	}
	state->even = lsce_match_even(tally, state->records.count);
	pfree(tally);
	return bits;
}

/* Output the clusters that the candidates of at least min_score make. */
static void
put_duplicates(ReturnSetInfo *rsinfo, FindState *state, double min_score)
{
	uint32	   *parent = palloc_extended(sizeof(uint32) * (state->records.count + 1), MCXT_ALLOC_HUGE);
	FoundPair  *found = palloc_extended(sizeof(FoundPair) * (state->pairs.count + 1), MCXT_ALLOC_HUGE);
	float	   *bits = weigh_candidates(state);
	size_t		count = 0;

	lsce_match_cluster_init(parent, state->records.count);
	for (size_t i = 0; i < state->pairs.count; i++)
	{
		uint32		a = (uint32) (state->pairs.pairs[i] >> 32);
		uint32		b = (uint32) state->pairs.pairs[i];

		CHECK_FOR_INTERRUPTS();
		if (lsce_match_probability(bits[i], state->even) < min_score)
			continue;
		found[count].a = a;
		found[count++].b = b;
		lsce_match_cluster_join(parent, a, b);
	}
	pfree(bits);
	for (size_t i = 0; i < count; i++)
		found[i].cluster = lsce_match_cluster_of(parent, found[i].a);
	qsort(found, count, sizeof(FoundPair), compare_found);
	for (size_t start = 0, end; start < count; start = end)
	{
		CHECK_FOR_INTERRUPTS();
		for (end = start + 1; end < count && found[end].cluster == found[start].cluster;)
			end++;
		put_cluster(rsinfo, state, &found[start], end - start);
	}
}

/*
 * lsce.find_duplicates(model, kind, min_score): accounts taken for the same, in
 * clusters, each pair with its evidence.  Sees what the caller may see.
 */
Datum
lsce_find_duplicates(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext context;
	MemoryContext old;
	LsceModel	model;
	FindState	state;
	double		min_score = PG_ARGISNULL(2) ? 0.5 : PG_GETARG_FLOAT4(2);

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("model must not be null")));
	if (!(min_score > 0 && min_score <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("min_score %g is not above 0 and at most 1", min_score)));
	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);

	InitMaterializedSRF(fcinfo, 0);
	context = AllocSetContextCreate(CurrentMemoryContext, "lsce duplicates", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	find_candidates(&state, &model, PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1)));
	put_duplicates(rsinfo, &state, min_score);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return (Datum) 0;
}

/* Estimate u: how often records taken at random agree.  The same records give the same. */
static void
fit_random(FindState *state)
{
	double		counts[LSCE_MATCH_FIELDS][LSCE_MATCH_LEVELS] = {{0}};
	uint64		random = UINT64CONST(0x9e3779b97f4a7c15);

	for (int i = 0; i < FIT_RANDOM_PAIRS; i++)
	{
		LsceMatchEvidence evidence;
		uint32		ends[2];

		CHECK_FOR_INTERRUPTS();
		for (int e = 0; e < 2; e++)
		{
			random = random * UINT64CONST(6364136223846793005) + UINT64CONST(1442695040888963407);
			ends[e] = (uint32) ((random >> 33) % (uint64) state->records.count);
		}
		if (ends[0] == ends[1] || state->records.records[ends[0]].kind != state->records.records[ends[1]].kind)
			continue;
		compare_records(state, ends[0], ends[1], &evidence);
		for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
			counts[f][evidence.levels[f]]++;
	}
	for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
	{
		double		total = 0;

		for (int l = LSCE_MATCH_DIFFERENT; l < LSCE_MATCH_LEVELS; l++)
			total += counts[f][l];
		if (total < FIT_RANDOM_PAIRS / 100)
			continue;			/* hardly ever there: keep what is believed */
		for (int l = LSCE_MATCH_DIFFERENT; l < LSCE_MATCH_LEVELS; l++)
			state->weights.u[f][l] = (counts[f][l] + state->weights.u[f][l] * 10) / (total + 10);
	}
}

/* Estimate m from the candidates.  Returns the expected number of matches. */
static double
fit_matches(FindState *state)
{
	uint8_t		(*patterns)[LSCE_MATCH_FIELDS];
	double	   *counts;
	float	   *contact_most;
	double		all_pairs = 0.5 * state->records.count * (state->records.count - 1.0);
	double		share = 1.0 / state->records.count;

	patterns = palloc_extended(sizeof(*patterns) * (state->pairs.count + 1), MCXT_ALLOC_HUGE);
	counts = palloc_extended(sizeof(double) * (state->pairs.count + 1), MCXT_ALLOC_HUGE);
	contact_most = palloc_extended(sizeof(float) * (state->pairs.count + 1), MCXT_ALLOC_HUGE);
	for (size_t i = 0; i < state->pairs.count; i++)
	{
		LsceMatchEvidence evidence;

		CHECK_FOR_INTERRUPTS();
		compare_records(state, (uint32) (state->pairs.pairs[i] >> 32), (uint32) state->pairs.pairs[i], &evidence);
		for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
			patterns[i][f] = evidence.levels[f];
		counts[i] = 1;
		contact_most[i] = (float) lsce_match_contact_most(&state->weights, &evidence);
	}
	lsce_match_fit((const uint8_t (*)[LSCE_MATCH_FIELDS]) patterns, counts, contact_most, state->pairs.count,
				   all_pairs, &share, &state->weights, FIT_MAX_ROUNDS);
	return share * all_pairs;
}

static const AccessStatement write_weight = {
	"INSERT INTO @m.match_weight AS w (field, level, m, u, fitted_at) VALUES ($1, $2, $3, $4, now()) "
	"ON CONFLICT (field, level) DO UPDATE SET m = EXCLUDED.m, u = EXCLUDED.u, fitted_at = EXCLUDED.fitted_at",
	4, {TEXTOID, TEXTOID, FLOAT8OID, FLOAT8OID}
};

/* Store the weights of the state. */
static void
store_weights(const LsceModel *model, const LsceMatchWeights *weights)
{
	AccessScope scope;

	access_begin(&scope, model, ACCESS_WRITE);
	for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
	{
		for (int l = LSCE_MATCH_DIFFERENT; l < LSCE_MATCH_LEVELS; l++)
		{
			Datum		args[4];

			args[0] = CStringGetTextDatum(lsce_match_field_name((LsceMatchField) f));
			args[1] = CStringGetTextDatum(lsce_match_level_name((LsceMatchLevel) l));
			args[2] = Float8GetDatum(weights->m[f][l]);
			args[3] = Float8GetDatum(weights->u[f][l]);
			access_write(&scope, &write_weight, args, NULL);
		}
	}
	access_end(&scope);
}

/* Refuse a caller who may not change the weights: the scope that writes may. */
static void
check_may_fit(const LsceModel *model)
{
	Oid			relid = get_relname_relid("match_weight", model->nspid);
	AclResult	result = pg_class_aclcheck(relid, GetUserId(), ACL_INSERT);

	if (result == ACLCHECK_OK)
		result = pg_class_aclcheck(relid, GetUserId(), ACL_UPDATE);
	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_TABLE, "match_weight");
}

/*
 * lsce.fit_match_weights(model): estimates the weights from the accounts that
 * the caller may see and stores them.  Returns the number of matches that they
 * expect; an error, and nothing stored, when that is too few to learn from.
 */
Datum
lsce_fit_match_weights(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	MemoryContext old;
	LsceModel	model;
	FindState	state;
	double		matches = 0;

	/* before all the work, of which nothing could be stored */
	PreventCommandIfReadOnly("fit_match_weights()");
	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	check_may_fit(&model);

	context = AllocSetContextCreate(CurrentMemoryContext, "lsce fit", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	find_candidates(&state, &model, NULL);
	if (state.records.count > 1)
	{
		fit_random(&state);
		matches = fit_matches(&state);
	}
	if (matches < FIT_LEAST_MATCHES)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("about %.0f pairs among %d accounts are duplicates: too few to fit weights to", matches, state.records.count),
				 errhint("Keep the weights as they are until there are at least %d.", FIT_LEAST_MATCHES)));
	store_weights(&model, &state.weights);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	PG_RETURN_FLOAT8(matches);
}

/* lsce.match_default_weights(): the weights that a model starts with. */
Datum
lsce_match_default_weights_sql(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LsceMatchWeights weights;

	lsce_match_default_weights(&weights);
	InitMaterializedSRF(fcinfo, 0);
	for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
	{
		for (int l = LSCE_MATCH_DIFFERENT; l < LSCE_MATCH_LEVELS; l++)
		{
			Datum		values[4];
			bool		nulls[4] = {0};

			values[0] = CStringGetTextDatum(lsce_match_field_name((LsceMatchField) f));
			values[1] = CStringGetTextDatum(lsce_match_level_name((LsceMatchLevel) l));
			values[2] = Float8GetDatum(weights.m[f][l]);
			values[3] = Float8GetDatum(weights.u[f][l]);
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}
