/*-------------------------------------------------------------------------
 *
 * identity.h
 *	  What the server side of identity shares: folded texts and records.
 *
 * src/identity/identity.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_IDENTITY_IDENTITY_H
#define LSCE_IDENTITY_IDENTITY_H

#include "fmgr.h"
#include "utils/array.h"

#include "access/access.h"
#include "identity/match.h"
#include "identity/name.h"

/* one number for the rules of folding in this directory */
#define IDENTITY_KEY_RULES 1

/* Nicknames of a model: hashes of pairs of names, both ways, sorted. */
typedef struct IdentityNicknames
{
	uint64	   *pairs;
	int			count;
	int			size;
} IdentityNicknames;

/* places, telephone numbers and addresses of one account that are compared */
#define IDENTITY_VALUES		4

/* All records of a model, or some of them. */
typedef struct IdentityRecords
{
	MemoryContext context;		/* holds the records' texts and arrays */
	int			count;
	int			size;
	pg_uuid_t  *accounts;		/* in their order */
	LsceMatchRecord *records;
} IdentityRecords;

/* name_func.c */
extern void identity_parse_name(const char *text, size_t len, const char *lang, LsceNameMode mode, LsceName *name);
extern char *identity_search_text(const LsceName *name);

/* match_load.c */
extern uint64 identity_read(const AccessScope *scope, const AccessStatement *statement, Datum *args, const char *nulls);
extern LsceMatchText identity_key(const char *text, const char *lang, LsceNameMode mode);
extern LsceMatchText identity_postal(const char *text);
extern LsceMatchText identity_phone(const char *text);
extern LsceMatchText identity_email(const char *text);
extern void identity_load_weights(const AccessScope *scope, LsceMatchWeights *weights);
extern void identity_load_nicknames(const AccessScope *scope, IdentityNicknames *nicknames);
extern bool identity_is_nickname(const uint32_t *a, int a_len, const uint32_t *b, int b_len, void *arg);
extern void identity_load_records(const AccessScope *scope, const char *kind, IdentityRecords *records);
extern void identity_load_some(const AccessScope *scope, ArrayType *accounts, IdentityRecords *records);
extern int	identity_find_record(const IdentityRecords *records, int from, const pg_uuid_t *account);

/* match_count.c */
extern void identity_count_frequencies(IdentityRecords *records, const LsceMatchWeights *weights);

/* identifier_func.c */
extern Datum lsce_identifier_require(PG_FUNCTION_ARGS);

/* match_query.c */
extern Datum identity_evidence(const LsceMatchWeights *weights, const LsceMatchEvidence *evidence);

#endif							/* LSCE_IDENTITY_IDENTITY_H */
