/*-------------------------------------------------------------------------
 *
 * access.h
 *	  The one layer through which C reaches the tables of a model.
 *
 * A model is an ordinary schema.  Callers name it by the oid of its namespace
 * and describe statements with "@m." in front of every table; the layer fills
 * in the quoted schema, prepares each statement once per model and backend,
 * and drops the plans when any namespace changes (so that a renamed schema is
 * never looked up under its old name).
 *
 * Work on a model happens inside a scope.  A scope runs as the owner of the
 * model, as ri_triggers.c does for referential integrity, so that a caller
 * needs rights on what he writes and not on counters or ledgers.  The outer
 * user stays known to GetOuterUserId().  When a scope is left by an error, the
 * transaction machinery restores the user.  A scope that reads as the caller
 * keeps his rights and row security, unless he has the owner's rights anyway:
 * then he sees every row, and it runs as the owner too.  The search path is
 * pg_catalog only, whatever the caller has set: operators of schema lsce are
 * written OPERATOR(lsce.<@).
 *
 * The owner of a model is not trusted by who calls a function about it: what he
 * put in place of a table, into an index or a trigger could run with the
 * caller's rights later.  So a scope is a security-restricted operation, as
 * maintenance of somebody else's table is: it leaves no deferred trigger, no
 * temporary table, no prepared statement and no setting behind.  Only a trigger
 * that writes is none, because whoever wrote to its table has run its triggers
 * already, and some of them may be deferred.
 *
 * Snapshots: a read scope sees what the calling query sees.  A write scope
 * sees everything committed when it was opened or last refreshed, and the
 * effects of its own transaction.
 *
 * src/access/access.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_ACCESS_H
#define LSCE_ACCESS_H

#include "executor/spi.h"
#include "utils/rel.h"
#include "utils/uuid.h"

#define ACCESS_MAX_ARGS 24

/* A model, looked up and checked by access_model(). */
typedef struct LsceModel
{
	Oid			nspid;			/* namespace of the model */
	Oid			owner;			/* owner of the namespace and its tables */
	char	   *name;			/* its name, quoted where needed */
	bool		in_trigger;		/* of one of its tables, which called us */
} LsceModel;

/* The same answer from index probes, or failure; see probe.h. */
typedef struct Answer Answer;
typedef void (*DirectAnswer) (Answer *answer, const Datum *args, const char *nulls);

/* A statement of the code; must be static, its address is the cache key. */
typedef struct AccessStatement
{
	const char *sql;			/* "@m." stands for the schema */
	int			nargs;
	Oid			argtypes[ACCESS_MAX_ARGS];
	DirectAnswer direct;		/* see access_probe(); NULL for none */
} AccessStatement;

typedef enum AccessMode
{
	ACCESS_READ,				/* the active snapshot, nothing is written */
	ACCESS_READ_AS_CALLER,		/* the same with the caller's rights and rows */
	ACCESS_WRITE				/* a fresh snapshot; see access_refresh() */
} AccessMode;

typedef struct AccessScope
{
	const LsceModel *model;
	AccessMode	mode;
	Oid			save_userid;
	int			save_sec_context;
	bool		pushed_snapshot;
	SPITupleTable **shared;		/* the last result; see access_share() */
	struct ProbeScans *probes;	/* see access_probe() */
	int			path_level;		/* for the compat.h functions */
	int			guc_level;		/* settings made inside end with it; 0: they stay */
} AccessScope;

extern void access_init(void);
extern int	access_column(TupleDesc desc, const char *name, Oid type);

extern void access_model(Oid nspid, LsceModel *model);
extern void access_model_of_relation(Oid relid, LsceModel *model);
extern void access_check_caller(const LsceModel *model);
extern void access_check_execute(const LsceModel *model, const char *function);
extern bool access_is_owner(const LsceModel *model);

extern void access_begin(AccessScope *scope, const LsceModel *model, AccessMode mode);
extern void access_share(AccessScope *scope);
extern void access_probe(AccessScope *scope);
extern void access_refresh(AccessScope *scope);
extern void access_refresh_latest(AccessScope *scope);
extern void access_end(AccessScope *scope);

extern uint64 access_read(const AccessScope *scope, const AccessStatement *stmt,
						  Datum *args, const char *nulls, long limit);
extern uint64 access_write(const AccessScope *scope, const AccessStatement *stmt,
						   Datum *args, const char *nulls);

/* Large results, a batch at a time. */
extern Portal access_open(const AccessScope *scope, const AccessStatement *stmt,
						  Datum *args, const char *nulls);
extern uint64 access_fetch(Portal portal, long limit);
extern void access_close(Portal portal);

extern Datum access_array(Datum *values, bool *nulls, int count, Oid type);

/* Fields of row "row" of the last result, column numbers from 1. */
extern Datum access_datum(uint64 row, int column, bool *isnull);
extern Datum access_value(uint64 row, int column, Oid type, bool *isnull);
extern Datum access_required(uint64 row, int column, Oid type);
extern char *access_required_text(uint64 row, int column, MemoryContext context);
extern bool access_null(uint64 row, int column);
extern bool access_bool(uint64 row, int column);
extern int32 access_int32(uint64 row, int column);
extern int64 access_int64(uint64 row, int column);
extern char *access_text(uint64 row, int column, MemoryContext context);
extern bool access_uuid(uint64 row, int column, pg_uuid_t *uuid);

#endif							/* LSCE_ACCESS_H */
