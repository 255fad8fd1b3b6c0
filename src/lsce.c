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
#include "access/direct.h"
#include "audit/history.h"
#include "lsce.h"
#include "security/acting_user.h"

LSCE_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	access_init();
	direct_init();
	history_init();
	security_init();
	MarkGUCPrefixReserved("lsce");
}
