/*-------------------------------------------------------------------------
 *
 * memo.h
 *	  Answers of statements that were asked before under the same snapshot.
 *
 * src/access/memo.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_ACCESS_MEMO_H
#define LSCE_ACCESS_MEMO_H

#include "access/access.h"

extern void memo_init(void);
extern bool memo_ask(const AccessScope *scope, const AccessStatement *stmt,
					 Datum *args, const char *nulls, long limit);
extern void memo_keep(SPITupleTable *table, uint64 count);

#endif							/* LSCE_ACCESS_MEMO_H */
