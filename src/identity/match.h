/*-------------------------------------------------------------------------
 *
 * match.h
 *	  Do two records stand for the same person or organisation?
 *
 * Two records are compared field by field; each field gives a level of
 * agreement.  After Fellegi and Sunter, a level weighs log2(m / u): how much
 * likelier it is among records of the same (m) than of different accounts (u).
 * The sum of the weights is the evidence in bits; with the odds before any
 * evidence it gives a probability.  Weights are data; lsce_match_fit()
 * estimates them.
 *
 * Pure: ICU only, no server, no allocation but what callers hand over.
 *
 * src/identity/match.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_IDENTITY_MATCH_H
#define LSCE_IDENTITY_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "identity/name.h"

typedef enum LsceMatchField
{
	LSCE_MATCH_NAME,			/* organisations, and names not taken apart */
	LSCE_MATCH_GIVEN,
	LSCE_MATCH_FAMILY,
	LSCE_MATCH_BIRTH_DATE,
	LSCE_MATCH_STREET,
	LSCE_MATCH_HOUSE,			/* number of the house */
	LSCE_MATCH_POSTAL,
	LSCE_MATCH_CITY,
	LSCE_MATCH_PHONE,
	LSCE_MATCH_EMAIL,
	LSCE_MATCH_IDENTIFIER,
	LSCE_MATCH_FIELDS
} LsceMatchField;

typedef enum LsceMatchLevel
{
	LSCE_MATCH_MISSING,			/* on one side or both: no evidence */
	LSCE_MATCH_DIFFERENT,
	LSCE_MATCH_SIMILAR,
	LSCE_MATCH_CLOSE,
	LSCE_MATCH_EQUAL,
	LSCE_MATCH_LEVELS
} LsceMatchLevel;

/* a model of fewer records is judged as one of so many */
#define LSCE_MATCH_LEAST_RECORDS	500

/* A folded text; frequency is its share of all records, 0 when not counted. */
typedef struct LsceMatchText
{
	const char *data;
	int			len;
	float		frequency;
} LsceMatchText;

/*
 * A telephone number or e-mail address.  share makes it weigh what it proves,
 * see match_count.c; 0 when not counted.
 */
typedef struct LsceMatchContact
{
	LsceMatchText text;
	float		share;
} LsceMatchContact;

typedef struct LsceMatchPlace
{
	LsceMatchText house;
	LsceMatchText street;
	LsceMatchText postal;
	LsceMatchText city;
	float		share;			/* like that of a number */
} LsceMatchPlace;

typedef struct LsceMatchIdentifier
{
	LsceMatchText system;
	LsceMatchText value;
} LsceMatchIdentifier;

typedef struct LsceMatchRecord
{
	uint32_t	kind;			/* only records of the same kind share block keys */
	LsceMatchText name;
	LsceMatchText given;
	LsceMatchText family;
	LsceMatchText given_reading;
	LsceMatchText family_reading;
	int			birth_year;		/* 0 for unknown */
	int			birth_month;
	int			birth_day;
	int			nplaces;
	int			nphones;
	int			nemails;
	int			nidentifiers;
	const LsceMatchPlace *places;
	const LsceMatchContact *phones;
	const LsceMatchContact *emails;
	const LsceMatchIdentifier *identifiers;
} LsceMatchRecord;

typedef struct LsceMatchWeights
{
	double		m[LSCE_MATCH_FIELDS][LSCE_MATCH_LEVELS];
	double		u[LSCE_MATCH_FIELDS][LSCE_MATCH_LEVELS];
} LsceMatchWeights;

/*
 * Pairs of records by their evidence, in steps from -LSCE_MATCH_TALLY_LEAST bits
 * on, so that rounds over all of them take the same time however many they are.
 */
#define LSCE_MATCH_TALLY_LEAST		32.0
#define LSCE_MATCH_TALLY_PER_BIT	16.0
#define LSCE_MATCH_TALLY_STEPS		2048
typedef struct LsceMatchTally
{
	double		pairs[LSCE_MATCH_TALLY_STEPS];
} LsceMatchTally;

/* What a comparison found: per field its level and its weight in bits. */
typedef struct LsceMatchEvidence
{
	LsceMatchLevel levels[LSCE_MATCH_FIELDS];
	float		frequency[LSCE_MATCH_FIELDS];	/* of what is equal, 0 unknown */
	float		share[LSCE_MATCH_FIELDS];	/* of place (at LSCE_MATCH_STREET), phone and
										 * e-mail, 0 unknown */
	bool		swapped;		/* given for family name */
} LsceMatchEvidence;

/* names of the fields and levels in tables and answers */
extern const char *lsce_match_field_name(LsceMatchField field);
extern const char *lsce_match_level_name(LsceMatchLevel level);

/* match_compare.c */
extern void lsce_match_compare(const LsceMatchRecord *a, const LsceMatchRecord *b,
							   LsceNicknameTest nickname, void *arg, LsceMatchEvidence *evidence);
extern void lsce_match_address(const char *line, size_t len, char *house, size_t *house_len,
							   char *street, size_t *street_len);

/* match_score.c */
extern void lsce_match_default_weights(LsceMatchWeights *weights);
extern double lsce_match_weight(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence,
								LsceMatchField field);
extern double lsce_match_contact_most(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence);
extern double lsce_match_contact_excess(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence);
extern double lsce_match_bits(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence);
extern void lsce_match_tally(LsceMatchTally *tally, double bits);
extern double lsce_match_even(const LsceMatchTally *tally, double records);
extern double lsce_match_probability(double bits, double even);
extern int	lsce_match_fit(const uint8_t (*patterns)[LSCE_MATCH_FIELDS], const double *counts, const float *contact_most,
						   size_t npatterns, double all_pairs, double *share, LsceMatchWeights *weights, int max_rounds);

/* match_block.c */
#define LSCE_MATCH_BLOCK_KEYS	48
typedef struct LsceMatchBlockEntry
{
	uint64_t	hash;
	uint32_t	record;
} LsceMatchBlockEntry;

typedef void (*LsceMatchPairSink) (uint32_t a, uint32_t b, void *arg);

extern int	lsce_match_block_keys(const LsceMatchRecord *record, uint64_t *keys);
extern size_t lsce_match_block_pairs(LsceMatchBlockEntry *entries, size_t count, int max_block,
									 LsceMatchPairSink sink, void *arg);
extern uint64_t lsce_match_hash(uint64_t seed, const char *data, int len);

/* match_cluster.c */
extern void lsce_match_cluster_init(uint32_t *parent, uint32_t count);
extern uint32_t lsce_match_cluster_of(uint32_t *parent, uint32_t record);
extern bool lsce_match_cluster_join(uint32_t *parent, uint32_t a, uint32_t b);

#endif							/* LSCE_IDENTITY_MATCH_H */
