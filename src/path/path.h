/*-------------------------------------------------------------------------
 *
 * path.h
 *	  lsce.territory and lsce.specialty inside the server.
 *
 * Both SQL types share every C function; a function that has to know which
 * type it works for asks its call.  Values are varlenas, mostly with a header
 * of one byte, so the payload is never assumed to be aligned.
 *
 * src/path/path.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_PATH_H
#define LSCE_PATH_H

#include "fmgr.h"

#include "compat.h"
#include "path/path_core.h"

/* a detoasted, possibly short varlena; see path_core.h for its payload */
typedef struct varlena LscePath;

#define PG_GETARG_PATH_PP(n)	DatumGetPathPP(PG_GETARG_DATUM(n))
#define PATH_DATA(path)			VARDATA_ANY(path)
#define PATH_LEN(path)			((size_t) VARSIZE_ANY_EXHDR(path))

/*
 * Can the value be read where it is?  All can but long ones that are compressed
 * or stored elsewhere.
 */
static inline bool
lsce_path_is_plain(const LscePath *path)
{
	return !VARATT_IS_COMPRESSED(path) && !VARATT_IS_EXTERNAL(path);
}

/* PG_DETOAST_DATUM_PACKED() that calls the server only if it must */
static inline LscePath *
DatumGetPathPP(Datum datum)
{
	LscePath   *path = (LscePath *) DatumGetPointer(datum);

	return likely(lsce_path_is_plain(path)) ? path : (LscePath *) PG_DETOAST_DATUM_PACKED(datum);
}

/* path_io.c */
extern LscePath *lsce_path_make(const char *bytes, size_t len);
extern LscePath *lsce_path_from_text(const char *text, size_t len,
									 Oid type, Node *escontext);

/* path_op.c */
extern PGDLLEXPORT Datum lsce_path_cmp(PG_FUNCTION_ARGS);

#endif							/* LSCE_PATH_H */
