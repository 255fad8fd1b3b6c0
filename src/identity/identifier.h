/*-------------------------------------------------------------------------
 *
 * identifier.h
 *	  Identifiers issued by registries: their forms and check digits.
 *
 * Pure: no server, no allocation.
 *
 * src/identity/identifier.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_IDENTITY_IDENTIFIER_H
#define LSCE_IDENTITY_IDENTIFIER_H

#include <stdbool.h>
#include <stddef.h>

/* Longest value, in bytes, that any of the systems here issues, and room. */
#define LSCE_IDENTIFIER_MAX 64

typedef enum LsceIdentifierStatus
{
	LSCE_IDENTIFIER_VALID,
	LSCE_IDENTIFIER_FORM,		/* not of the form that the system issues */
	LSCE_IDENTIFIER_CHECK,		/* of the form, but the check digit differs */
	LSCE_IDENTIFIER_NO_RULE		/* no such system is known here */
} LsceIdentifierStatus;

typedef struct LsceIdentifierSystem
{
	const char *name;			/* as stored: npi, dea, lanr, … */
	const char *issuer;			/* who issues it, for people */
	const char *form;			/* what a value looks like, for people */
	bool		has_check;		/* has a check digit */
} LsceIdentifierSystem;

typedef struct LsceIdentifierVerdict
{
	LsceIdentifierStatus status;
	const LsceIdentifierSystem *system; /* NULL with LSCE_IDENTIFIER_NO_RULE */
	char		expected[4];	/* check digits, with LSCE_IDENTIFIER_CHECK */
} LsceIdentifierVerdict;

extern size_t lsce_identifier_system_count(void);
extern const LsceIdentifierSystem *lsce_identifier_system_at(size_t index);
extern const LsceIdentifierSystem *lsce_identifier_system(const char *name, size_t len);
extern LsceIdentifierVerdict lsce_identifier_verdict(const char *name, size_t name_len,
													 const char *value, size_t len);
extern size_t lsce_identifier_normalize(const LsceIdentifierSystem *system,
										const char *value, size_t len, char *out);
extern const char *lsce_license_hint(const char *jurisdiction, size_t jurisdiction_len,
									 const char *number, size_t len);

#endif							/* LSCE_IDENTITY_IDENTIFIER_H */
