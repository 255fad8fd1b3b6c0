/*-------------------------------------------------------------------------
 *
 * facts.h
 *	  Consent as a fact of the rule engine (EL14).
 *
 * src/consent/facts.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_CONSENT_FACTS_H
#define LSCE_CONSENT_FACTS_H

#include "access/access.h"
#include "rules/facts.h"

extern void consent_facts_load(AccessScope *scope, const RuleRequest *request,
							   ConsentFact *fact, MemoryContext context);

#endif							/* LSCE_CONSENT_FACTS_H */
