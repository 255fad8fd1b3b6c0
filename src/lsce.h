/*-------------------------------------------------------------------------
 *
 * lsce.h
 *	  Declarations of the whole module.
 *
 * src/lsce.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_H
#define LSCE_H

#include "fmgr.h"

extern PGDLLEXPORT Datum lsce_uuid_v7(PG_FUNCTION_ARGS);

#endif							/* LSCE_H */
