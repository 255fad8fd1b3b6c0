/*-------------------------------------------------------------------------
 *
 * history.h
 *	  System-time history of the rule-bearing tables.
 *
 * src/audit/history.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_HISTORY_H
#define LSCE_HISTORY_H

extern void history_init(void);

#endif							/* LSCE_HISTORY_H */
