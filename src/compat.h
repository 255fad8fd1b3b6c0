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

/* since 18 a prefix of this name replaces pg_attribute_noreturn() */
#ifndef pg_noreturn
#define pg_noreturn _Noreturn
#endif

/* one function for the privileges on all kinds of objects came with 16 */
#if PG_VERSION_NUM >= 160000
#define pg_namespace_aclcheck(oid, role, mode) \
	object_aclcheck(NamespaceRelationId, oid, role, mode)
#define pg_proc_aclcheck(oid, role, mode) \
	object_aclcheck(ProcedureRelationId, oid, role, mode)
#endif

/* membership that inherits may exclude SET ROLE since 16 */
#if PG_VERSION_NUM >= 160000
#define lsce_may_act_as(role, owner) \
	(has_privs_of_role(role, owner) && member_can_set_role(role, owner))
#else
#define lsce_may_act_as(role, owner)	has_privs_of_role(role, owner)
#endif

#if PG_VERSION_NUM >= 180000
#define LSCE_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "lsce", .version = LSCE_VERSION)
#else
#define LSCE_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* does a btree scan for = ANY on a later column return rows in index order? */
#define LSCE_ARRAY_SCAN_KEEPS_ORDER (PG_VERSION_NUM >= 170000)

/* since 18 a scan of an index can count what it does */
#if PG_VERSION_NUM >= 180000
#define lsce_index_beginscan(table, index, snapshot, nkeys) \
	index_beginscan(table, index, snapshot, NULL, nkeys, 0)
#else
#define lsce_index_beginscan(table, index, snapshot, nkeys) \
	index_beginscan(table, index, snapshot, nkeys, 0)
#endif

/*
 * What the executor wants to know of a table that rows are written to.  16 has
 * permissions apart, and says which of an update's indexes summarise.
 */
#include "executor/executor.h"
#include "parser/parse_relation.h"
#include "utils/rel.h"

static inline void
lsce_init_range_table(EState *estate, Relation rel)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);
#if PG_VERSION_NUM >= 160000
	List	   *permissions = NIL;
#endif

	rte->rtekind = RTE_RELATION;
	rte->relid = RelationGetRelid(rel);
	rte->relkind = rel->rd_rel->relkind;
	rte->rellockmode = RowExclusiveLock;
#if PG_VERSION_NUM >= 160000
	addRTEPermissionInfo(&permissions, rte);
#endif
#if PG_VERSION_NUM >= 180000
	ExecInitRangeTable(estate, list_make1(rte), permissions, bms_make_singleton(1));
#elif PG_VERSION_NUM >= 160000
	ExecInitRangeTable(estate, list_make1(rte), permissions);
#else
	ExecInitRangeTable(estate, list_make1(rte));
#endif
}

/* With "conflict", a unique index that has the key already is told there, not raised. */
#if PG_VERSION_NUM >= 160000
#define lsce_insert_index_tuples(info, slot, estate, conflict) \
	ExecInsertIndexTuples(info, slot, estate, false, (conflict) != NULL, conflict, NIL, false)
#else
#define lsce_insert_index_tuples(info, slot, estate, conflict) \
	ExecInsertIndexTuples(info, slot, estate, false, (conflict) != NULL, conflict, NIL)
#endif

/* Has no unique index another row with a key of this one? */
#if PG_VERSION_NUM >= 180000
#define lsce_check_indexes(info, slot, estate, other) \
	ExecCheckIndexConstraints(info, slot, estate, other, &(slot)->tts_tid, NIL)
#else
#define lsce_check_indexes(info, slot, estate, other) \
	ExecCheckIndexConstraints(info, slot, estate, other, NIL)
#endif

/* since 18 a minimal tuple may have room before it */
#if PG_VERSION_NUM >= 180000
#define lsce_form_minimal_tuple(desc, values, nulls) heap_form_minimal_tuple(desc, values, nulls, 0)
#else
#define lsce_form_minimal_tuple(desc, values, nulls) heap_form_minimal_tuple(desc, values, nulls)
#endif

/* CHECK constraints that are ready to run, in a ResultRelInfo */
#if PG_VERSION_NUM >= 180000
#define lsce_ri_checks ri_CheckConstraintExprs
#else
#define lsce_ri_checks ri_ConstraintExprs
#endif

/* since 18 a CHECK constraint may be one that is not enforced */
#if PG_VERSION_NUM >= 180000
#define lsce_check_enforced(check)	((check)->ccenforced)
#else
#define lsce_check_enforced(check)	true
#endif

/*
 * Pin the search path to pg_catalog until it is unpinned or the
 * (sub)transaction aborts; returns what to unpin with.  17 dropped the
 * override stack and restricts the setting instead.
 */
#if PG_VERSION_NUM >= 170000
#include "utils/guc.h"

static inline int
lsce_pin_search_path(void)
{
	int			level = NewGUCNestLevel();

	RestrictSearchPath();
	return level;
}

static inline void
lsce_unpin_search_path(int level)
{
	AtEOXact_GUC(false, level);
}
#else
#include "catalog/namespace.h"

static inline int
lsce_pin_search_path(void)
{
	OverrideSearchPath path = {.schemas = NIL, .addCatalog = true, .addTemp = false};

	PushOverrideSearchPath(&path);
	return 0;
}

static inline void
lsce_unpin_search_path(int level)
{
	PopOverrideSearchPath();
}
#endif

#endif							/* LSCE_COMPAT_H */
