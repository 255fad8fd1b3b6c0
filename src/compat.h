/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  The only file that asks for the server's version.
 *
 * src/compat.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_COMPAT_H
#define LSCE_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "lsce needs PostgreSQL 15 or newer"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif

/* soft errors came with 16; before, an input error is an error */
#if PG_VERSION_NUM < 160000
#define ereturn(context, dummy, ...) \
	do { ereport(ERROR, __VA_ARGS__); return dummy; } while (0)
#endif

#if PG_VERSION_NUM >= 180000
#define LSCE_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "lsce", .version = LSCE_VERSION)
#else
#define LSCE_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* does a btree scan for = ANY on a later column return rows in index order? */
#define LSCE_ARRAY_SCAN_KEEPS_ORDER (PG_VERSION_NUM >= 170000)

#endif							/* LSCE_COMPAT_H */
