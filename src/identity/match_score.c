/*-------------------------------------------------------------------------
 *
 * match_score.c
 *	  Evidence in bits, probabilities, and weights from data.
 *
 * src/identity/match_score.c
 *
 *-------------------------------------------------------------------------
 */
#include "identity/match.h"

#include <math.h>
#include <string.h>

/* what agreement of the city still says when the postal code agrees */
#define CITY_BESIDE_POSTAL	0.25

/* how many matches the weights to begin with are worth */
#define PRIOR_PAIRS		10.0

/*
 * Before counting, each record is believed to have one other that is the same.
 * That is worth as much as so many records, or as this share of them all if
 * that is more.
 */
#define PRIOR_RECORDS	100.0
#define PRIOR_SHARE		0.1
#define EVEN_MAX_ROUNDS	100
#define EVEN_PRECISION	1e-4

/* fewer matches than this, in pairs, are not expected */
#define LEAST_MATCHES	1.0

/* equality of a value this rare proves no more than this */
#define LEAST_FREQUENCY_FACTOR	0.1

/*
 * Weights to begin with, for fields: m and u of the levels different, similar,
 * close, equal.
 */
static const double defaults[LSCE_MATCH_FIELDS][2][4] = {
	[LSCE_MATCH_NAME] = {{0.10, 0.15, 0.15, 0.60}, {0.98, 0.015, 0.003, 0.002}},
	[LSCE_MATCH_GIVEN] = {{0.06, 0.03, 0.16, 0.75}, {0.95, 0.03, 0.01, 0.01}},
	[LSCE_MATCH_FAMILY] = {{0.06, 0.03, 0.16, 0.75}, {0.97, 0.02, 0.005, 0.005}},
	[LSCE_MATCH_BIRTH_DATE] = {{0.02, 0.06, 0.12, 0.80}, {0.996, 0.003, 0.0009, 0.0001}},
	[LSCE_MATCH_STREET] = {{0.10, 0.12, 0.23, 0.55}, {0.96, 0.036, 0.003, 0.001}},
	[LSCE_MATCH_HOUSE] = {{0.10, 0.02, 0.13, 0.75}, {0.85, 0.02, 0.12, 0.01}},
	[LSCE_MATCH_POSTAL] = {{0.10, 0.01, 0.09, 0.80}, {0.98, 0.005, 0.012, 0.003}},
	[LSCE_MATCH_CITY] = {{0.08, 0.06, 0.16, 0.70}, {0.96, 0.028, 0.004, 0.008}},
	[LSCE_MATCH_PHONE] = {{0.25, 0.02, 0.05, 0.68}, {0.9985, 0.0003, 0.0002, 0.001}},
	[LSCE_MATCH_EMAIL] = {{0.35, 0.02, 0.05, 0.58}, {0.9994, 0.0002, 0.0002, 0.0002}},
	[LSCE_MATCH_IDENTIFIER] = {{0.03, 0.01, 0.02, 0.94}, {0.99989, 0.00005, 0.00005, 0.00001}},
};

/* Fill in the weights that a model starts with. */
void
lsce_match_default_weights(LsceMatchWeights *weights)
{
	memset(weights, 0, sizeof(*weights));
	for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
	{
		for (int l = LSCE_MATCH_DIFFERENT; l < LSCE_MATCH_LEVELS; l++)
		{
			weights->m[f][l] = defaults[f][0][l - 1];
			weights->u[f][l] = defaults[f][1][l - 1];
		}
	}
}

/*
 * Weight of one field in bits.  Equality of a value weighs by how frequent it
 * is among all records, where that was counted: Müller proves less than
 * Wieczorek.  A postal code says which city, so that of the two agreeing the
 * city adds little.
 */
double
lsce_match_weight(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence, LsceMatchField field)
{
	LsceMatchLevel level = evidence->levels[field];
	double		u = weights->u[field][level];
	double		bits;

	if (level == LSCE_MATCH_MISSING || weights->m[field][level] <= 0 || u <= 0)
		return 0.0;
	if (evidence->frequency[field] > 0)
	{
		u = evidence->frequency[field];
		if (u < weights->u[field][level] * LEAST_FREQUENCY_FACTOR)
			u = weights->u[field][level] * LEAST_FREQUENCY_FACTOR;
	}
	bits = log2(weights->m[field][level] / u);
	if (field == LSCE_MATCH_CITY && bits > 0 && evidence->levels[LSCE_MATCH_POSTAL] == LSCE_MATCH_EQUAL)
		bits *= CITY_BESIDE_POSTAL;
	return bits;
}

/* Fields that say where somebody is found, and not who it is. */
static inline bool
is_contact(int field)
{
	return field >= LSCE_MATCH_STREET && field <= LSCE_MATCH_EMAIL;
}

/* Weight of the fields from "first" to "last" in bits. */
static double
weight_of(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence, int first, int last)
{
	double		bits = 0;

	for (int f = first; f <= last; f++)
		bits += lsce_match_weight(weights, evidence, (LsceMatchField) f);
	return bits;
}

/*
 * What address, telephone and e-mail may prove together, in bits.  They are not
 * independent: whoever works in a house has its street, its postal code and
 * mostly its telephone, and so have his colleagues.  So all of them prove no
 * more than how rare the rarest of them is; without shares there is no bound.
 */
double
lsce_match_contact_most(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence)
{
	static const int groups[][2] = {
		{LSCE_MATCH_STREET, LSCE_MATCH_CITY}, {LSCE_MATCH_PHONE, LSCE_MATCH_PHONE}, {LSCE_MATCH_EMAIL, LSCE_MATCH_EMAIL}
	};
	double		most = 0;

	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
	{
		float		share = evidence->share[groups[g][0]];

		if (weight_of(weights, evidence, groups[g][0], groups[g][1]) > 0)
			most = fmax(most, share > 0 ? -log2(share) : INFINITY);
	}
	return most;
}

/* By how many bits address, telephone and e-mail say more than they may prove. */
double
lsce_match_contact_excess(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence)
{
	return fmax(weight_of(weights, evidence, LSCE_MATCH_STREET, LSCE_MATCH_EMAIL) - lsce_match_contact_most(weights, evidence), 0);
}

/* All evidence in bits. */
double
lsce_match_bits(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence)
{
	return weight_of(weights, evidence, 0, LSCE_MATCH_FIELDS - 1) - lsce_match_contact_excess(weights, evidence);
}

/* Probability that two records stand for the same account; even: see lsce_match_even(). */
double
lsce_match_probability(double bits, double even)
{
	return 1.0 / (1.0 + exp2(even - bits));
}

/* Evidence for even odds when a record is expected to have so many others that are the same. */
static double
even_bits(double records, double others)
{
	return log2(fmax(records, LSCE_MATCH_LEAST_RECORDS) / others);
}

/* Count a pair of records with so much evidence. */
void
lsce_match_tally(LsceMatchTally *tally, double bits)
{
	double		step = (bits + LSCE_MATCH_TALLY_LEAST) * LSCE_MATCH_TALLY_PER_BIT;

	tally->pairs[(int) fmin(fmax(step, 0), LSCE_MATCH_TALLY_STEPS - 1)]++;
}

/* How many of the pairs are expected to stand for the same account each? */
static double
expected_matches(const LsceMatchTally *tally, double even)
{
	double		matches = 0;

	for (int i = 0; i < LSCE_MATCH_TALLY_STEPS; i++)
	{
		if (tally->pairs[i] > 0)
			matches += tally->pairs[i] * lsce_match_probability((i + 0.5) / LSCE_MATCH_TALLY_PER_BIT - LSCE_MATCH_TALLY_LEAST, even);
	}
	return matches;
}

/*
 * Evidence in bits that makes it even odds whether two of "records" records
 * stand for the same account.  To begin with, one other record is believed to be
 * the same as a given one.  Where the pairs that were compared, tallied by their
 * evidence, tell of fewer, fewer are expected: among accounts with few
 * duplicates the same evidence proves less.  Found by expectation and
 * maximisation.  What is believed before counts enough that one in eleven records
 * is expected to have another at least, for fields are not as independent as
 * their sum takes them to be.  Few records are a sample of the many that there
 * are, not all people.
 */
double
lsce_match_even(const LsceMatchTally *tally, double records)
{
	double		prior = fmax(PRIOR_RECORDS, PRIOR_SHARE * records);
	double		others = 1;

	for (int round = 0; round < EVEN_MAX_ROUNDS; round++)
	{
		double		matches = expected_matches(tally, even_bits(records, others));
		double		before = others;

		others = fmin((2 * matches + prior) / (records + prior), 1);
		if (fabs(others - before) <= EVEN_PRECISION * others)
			break;
	}
	return even_bits(records, others);
}

/*
 * One field's level shares among matches, from weighted counts of pairs and
 * what was believed before, which counts as PRIOR_PAIRS pairs.
 */
static void
shares(const double *counts, const double *before, double *out)
{
	double		total = 0;

	for (int l = LSCE_MATCH_DIFFERENT; l < LSCE_MATCH_LEVELS; l++)
		total += counts[l] + PRIOR_PAIRS * before[l];
	for (int l = LSCE_MATCH_DIFFERENT; l < LSCE_MATCH_LEVELS; l++)
		out[l] = (counts[l] + PRIOR_PAIRS * before[l]) / total;
}

/*
 * Estimate m and the share of matches among all pairs of records by expectation
 * and maximisation; u stays as given, from pairs taken at random.  patterns[i]
 * are the levels of the fields of counts[i] compared pairs, whose address,
 * telephone and e-mail prove contact_most[i] bits at most; the others of
 * all_pairs pairs are taken for different accounts.  The m given is what is
 * believed before; a field without evidence keeps it, and so do identifiers:
 * where namesakes work in one town, two numbers are what tells them apart, and
 * must not be learnt to be the same person's.  Returns the number of rounds.
 */
int
lsce_match_fit(const uint8_t (*patterns)[LSCE_MATCH_FIELDS], const double *counts, const float *contact_most,
			   size_t npatterns, double all_pairs, double *share, LsceMatchWeights *weights, int max_rounds)
{
	LsceMatchWeights before = *weights;

	for (int round = 1; round <= max_rounds; round++)
	{
		double		sums[LSCE_MATCH_FIELDS][LSCE_MATCH_LEVELS] = {{0}};
		double		matched = 0;
		double		new_share;
		double		moved;

		for (size_t i = 0; i < npatterns; i++)
		{
			double		bits = log2(*share / (1 - *share));
			double		contact = 0;
			double		probability;

			for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
			{
				int			level = patterns[i][f];
				double		weight = level == LSCE_MATCH_MISSING ? 0 : log2(weights->m[f][level] / weights->u[f][level]);

				if (is_contact(f))
					contact += weight;
				else
					bits += weight;
			}
			bits += fmin(contact, contact_most[i]);
			probability = counts[i] / (1 + exp2(-bits));
			matched += probability;
			for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
				sums[f][patterns[i][f]] += probability;
		}
		for (int f = 0; f < LSCE_MATCH_IDENTIFIER; f++)
			shares(sums[f], before.m[f], weights->m[f]);
		new_share = fmin(fmax(matched / all_pairs, LEAST_MATCHES / all_pairs), 0.5);
		moved = fabs(new_share - *share);
		*share = new_share;
		if (moved <= 1e-6 * new_share)
			return round;
	}
	return max_rounds;
}
