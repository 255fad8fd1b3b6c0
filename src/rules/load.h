/*-------------------------------------------------------------------------
 *
 * load.h
 *	  What the files of the loader share.
 *
 * Statements on tables with history come in pairs: [0] reads the table,
 * [1] reads it as it was known at a moment.  Both take that moment as $1, so
 * that the arguments are the same.  KNOWN_PAIR() makes the pair out of a macro
 * that is given the way to name a table:
 *
 *		#define LICENSE_SQL(T) "SELECT ... FROM " T("license", "license_id, ...") " AS l"
 *
 * The condition of a join does not reach into the union of a table and its
 * history, which would be read from end to end: what is joined by its key is
 * named by T##_BY.
 *
 * src/rules/load.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_LOAD_H
#define LSCE_RULES_LOAD_H

#include "access/access.h"
#include "rules/facts.h"

#define LIVE(table, columns) "@m." table
#define KNOWN(table, columns) \
	"(SELECT " columns " FROM @m." table " WHERE sys_from <= $1 UNION ALL " \
	"SELECT " columns " FROM @m." table "_h WHERE sys_from <= $1 AND $1 < sys_to)"
#define LIVE_BY(table, columns, alias, key, value) "@m." table " AS " alias " ON " alias "." key " = " value
#define KNOWN_BY(table, columns, alias, key, value) \
	"LATERAL (SELECT " columns " FROM @m." table " AS t WHERE t." key " = " value " AND t.sys_from <= $1 UNION ALL " \
	"SELECT " columns " FROM @m." table "_h AS t WHERE t." key " = " value " AND t.sys_from <= $1 AND $1 < t.sys_to) AS " alias " ON true"
#define KNOWN_PAIR(SQL, nargs, ...) \
	{ {SQL(LIVE), nargs, {__VA_ARGS__}}, {SQL(KNOWN), nargs, {__VA_ARGS__}} }
/* the same, and the present is also answered by a function of direct.h */
#define KNOWN_PAIR_DIRECT(SQL, answer, nargs, ...) \
	{ {SQL(LIVE), nargs, {__VA_ARGS__}, answer}, {SQL(KNOWN), nargs, {__VA_ARGS__}} }

/* One load: where from, what, where to. */
typedef struct Load
{
	AccessScope *scope;
	Facts	   *facts;
	const RuleRequest *request;
	MemoryContext context;
	int			known;			/* which of a pair of statements */
} Load;

extern uint64 load_read(const Load *load, const AccessStatement *pair, Datum *args, const char *nulls);
extern Datum load_known_at(const RuleRequest *request);
extern Datum load_uuids(const Uuid16 *ids, int count);
extern void *load_array(const Load *load, uint64 count, size_t size);
extern const char *load_text(const Load *load, uint64 row, int column);
extern TextList load_texts(const Load *load, uint64 row, int column);
extern Uuid16 load_uuid(uint64 row, int column);
extern int32_t load_date(uint64 row, int column);
extern int64_t load_time(uint64 row, int column);
extern FactRow load_row(uint64 row, int id_column, int version_column);

extern void load_account(const Load *load, const Uuid16 *asked, const Uuid16 *survivor, AccountFact *fact);
extern void load_user(const Load *load);
extern void load_territory(const Load *load);
extern void load_product(const Load *load);
extern void load_templates(const Load *load);
extern void load_alignments(const Load *load);
extern void load_restrictions(const Load *load);
extern void load_policies(const Load *load);
extern void load_practitioner(const Load *load);
extern void load_sample_request(const Load *load);
extern void load_lot(const Load *load);
extern void load_visit(const Load *load);
extern void load_contact(const Load *load);
extern void load_settings(const Load *load);

#endif							/* LSCE_RULES_LOAD_H */
