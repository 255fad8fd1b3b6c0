/*-------------------------------------------------------------------------
 *
 * limit_fact.h
 *	  Reading a LimitFact; needs no server.
 *
 * src/sample/limit_fact.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_SAMPLE_LIMIT_FACT_H
#define LSCE_SAMPLE_LIMIT_FACT_H

#include "rules/facts.h"

extern bool limits_prohibits(const Facts *facts, const LimitFact *limit);
extern int64_t limits_remaining(const LimitFact *limit);

#endif							/* LSCE_SAMPLE_LIMIT_FACT_H */
