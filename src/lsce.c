/*-------------------------------------------------------------------------
 *
 * lsce.c
 *	  Module magic and start-up of the domains.
 *
 * src/lsce.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"

#include "compat.h"
#include "access/access.h"
#include "lsce.h"

LSCE_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	access_init();
	MarkGUCPrefixReserved("lsce");
}
