/*-------------------------------------------------------------------------
 *
 * errors.h
 *	  Errors of SQLSTATE class LS.
 *
 * src/errors.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_ERRORS_H
#define LSCE_ERRORS_H

#include "compat.h"
#include "errors_table.h"

/* ERRCODE_LSCE_<code> for errcode(), one for each row of errors_list.h */
enum
{
#define LSCE_REASON(name, a, b, c, text_en, text_ja, text_de, hint_en, hint_ja, hint_de) \
	ERRCODE_LSCE_##name = MAKE_SQLSTATE('L', 'S', a, b, c),
#include "errors_list.h"
#undef LSCE_REASON
};

/*
 * What lsce_ereport_reason() raises.  Fill it with designated initializers;
 * only reason and message are required.
 */
typedef struct LsceErrorReport
{
	LsceReason	reason;			/* primary reason: SQLSTATE and hint */
	const char *message;		/* lower case, with the deciding numbers */
	const char *detail;			/* JSON of all reasons */
	const char *hint;			/* instead of the hint of the reason */
	const char *lang;			/* language of the hint; NULL is English */
	const char *schema_name;
	const char *table_name;
	const char *constraint_name;
} LsceErrorReport;

extern int	lsce_reason_errcode(LsceReason reason);
extern char *lsce_reason_text(LsceReason reason, const char *lang,
							  LsceSlotGetter getter, void *arg);
pg_noreturn extern void lsce_ereport_reason(const LsceErrorReport *report);

#endif							/* LSCE_ERRORS_H */
