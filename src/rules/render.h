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
	bool		account_visible;	/* to the caller: recipient and practitioner */
} Render;

/* One step, ready to be shown to the caller; JSON as text. */
typedef struct RenderedStep
{
	char	   *expected;
	char	   *observed;
	char	   *evidence;
	char	   *message;
} RenderedStep;

extern void render_begin(Render *render, AccessScope *scope, const Facts *facts, const char *lang);
extern void render_step(Render *render, const RuleStep *step, RenderedStep *out);
extern const char *render_result(RuleResult result);

#endif							/* LSCE_RULES_RENDER_H */
