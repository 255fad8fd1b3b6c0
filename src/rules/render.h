/*-------------------------------------------------------------------------
 *
 * render.h
 *	  Steps of a verdict as jsonb and as sentences.
 *
 * src/rules/render.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_RENDER_H
#define LSCE_RULES_RENDER_H

#include "access/access.h"
#include "lib/stringinfo.h"

#include "rules/facts.h"

/* Names for the sentences; NULL where the caller may not see the row. */
typedef struct RuleNames
{
	const char *account;
	const char *practitioner;
	const char *product;
	const char *user;
	const char *territory;
	const char *controller;
	const char *given_to;
} RuleNames;

typedef struct Render
{
	AccessScope *scope;			/* open, as owner */
	const Facts *facts;
	const char *lang;
	RuleNames	names;
} Render;

extern void render_begin(Render *render, AccessScope *scope, const Facts *facts, const char *lang);
extern bool render_visible(Render *render, EvidenceTable table, const Uuid16 *id);
extern char *render_message(Render *render, const RuleStep *step);
extern void render_values(StringInfo out, const RuleValue *values, int count);
extern void render_evidence(Render *render, StringInfo out, const RuleStep *step);
extern const char *render_result(RuleResult result);

#endif							/* LSCE_RULES_RENDER_H */
