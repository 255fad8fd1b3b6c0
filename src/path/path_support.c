/*-------------------------------------------------------------------------
 *
 * path_support.c
 *	  Index conditions for <@ and @>.
 *
 * A btree index on a path column answers
 *
 *	  column within x:		column >= x AND column < subtree_end(x)
 *	  column contains x:	column = ANY (ancestors(x))
 *
 * exactly.  x may be a constant, a parameter or a column of another table, so
 * the bounds are calls of functions; with a constant they are evaluated here.
 *
 * src/path/path_support.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/nbtree.h"
#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "path/path.h"

PG_FUNCTION_INFO_V1(lsce_path_within_support);
PG_FUNCTION_INFO_V1(lsce_path_contains_support);

/*
 * Does the index column sort paths as we do?  Asks for the comparison function
 * itself, because anyone may define another operator family for the type.
 */
static bool
is_pre_order_index(SupportRequestIndexCondition *request, Oid type)
{
	Oid			compare;
	FmgrInfo	function;

	if (request->index->relam != BTREE_AM_OID)
		return false;
	compare = get_opfamily_proc(request->opfamily, type, type, BTORDER_PROC);
	if (!OidIsValid(compare))
		return false;
	fmgr_info(compare, &function);
	return function.fn_addr == lsce_path_cmp;
}

/*
 * A call of a function of one path, from the schema of the function that we
 * support.  Folded if the argument is a constant.  Returns NULL if there is no
 * such function.
 */
static Expr *
call_on_path(SupportRequestIndexCondition *request, const char *name,
			 Oid type, Node *arg)
{
	Oid			namespace = get_func_namespace(request->funcid);
	Oid			function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid,
										   CStringGetDatum(name),
										   PointerGetDatum(buildoidvector(&type, 1)),
										   ObjectIdGetDatum(namespace));
	FuncExpr   *call;

	if (!OidIsValid(function))
		return NULL;
	call = makeFuncExpr(function, get_func_rettype(function), list_make1(arg),
						InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
	return (Expr *) eval_const_expressions(request->root, (Node *) call);
}

/* column OPERATOR(strategy) value; NULL if the operator family has no such */
static Expr *
compare_column(SupportRequestIndexCondition *request, Oid type, Node *column,
			   StrategyNumber strategy, Expr *value)
{
	Oid			operator = get_opfamily_member(request->opfamily, type, type, strategy);

	if (!OidIsValid(operator))
		return NULL;
	return make_opclause(operator, BOOLOID, false, (Expr *) column, value,
						 InvalidOid, InvalidOid);
}

/* column within outer; returns a list of conditions, or NIL */
static List *
subtree_condition(SupportRequestIndexCondition *request, Oid type,
				  Node *column, Node *outer)
{
	Expr	   *end = call_on_path(request, "subtree_end", type, outer);
	Expr	   *from;
	Expr	   *to;

	if (end == NULL)
		return NIL;
	from = compare_column(request, type, column, BTGreaterEqualStrategyNumber,
						  (Expr *) outer);
	to = compare_column(request, type, column, BTLessStrategyNumber, end);
	if (from == NULL || to == NULL)
		return NIL;
	return list_make2(from, to);
}

/* column contains inner; returns a list of conditions, or NIL */
static List *
ancestors_condition(SupportRequestIndexCondition *request, Oid type,
					Node *column, Node *inner)
{
	Expr	   *ancestors = call_on_path(request, "ancestors", type, inner);
	Oid			operator = get_opfamily_member(request->opfamily, type, type,
											   BTEqualStrategyNumber);
	ScalarArrayOpExpr *any;

	/*
	 * The planner cannot know that we put an array condition on the index.
	 * Where arrays on other than the first column return rows out of the
	 * index's order, it would rely on an order that there is not.
	 */
	if (!LSCE_ARRAY_SCAN_KEEPS_ORDER && request->indexcol > 0)
		return NIL;
	if (ancestors == NULL || !OidIsValid(operator))
		return NIL;

	any = makeNode(ScalarArrayOpExpr);
	any->opno = operator;
	any->opfuncid = get_opcode(operator);
	any->useOr = true;
	any->args = list_make2(column, ancestors);
	any->location = -1;
	return list_make1(any);
}

/*
 * Answer a request for the call of a function of two paths; argument "inner"
 * (0 or 1) is within the other one.
 */
static Node *
support(Node *raw_request, int inner)
{
	SupportRequestIndexCondition *request;
	List	   *args;
	Node	   *column;
	Node	   *other;
	Oid			type;
	List	   *conditions;

	if (!IsA(raw_request, SupportRequestIndexCondition))
		return NULL;
	request = (SupportRequestIndexCondition *) raw_request;

	if (is_opclause(request->node))
		args = ((OpExpr *) request->node)->args;
	else if (is_funcclause(request->node))
		args = ((FuncExpr *) request->node)->args;
	else
		return NULL;

	column = (Node *) list_nth(args, request->indexarg);
	other = (Node *) list_nth(args, 1 - request->indexarg);
	type = exprType(column);
	if (!is_pseudo_constant_for_index(request->root, other, request->index) ||
		!is_pre_order_index(request, type))
		return NULL;

	if (request->indexarg == inner)
		conditions = subtree_condition(request, type, column, other);
	else
		conditions = ancestors_condition(request, type, column, other);
	request->lossy = false;
	return (Node *) conditions;
}

/* SUPPORT of the function of <@ */
Datum
lsce_path_within_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(support((Node *) PG_GETARG_POINTER(0), 0));
}

/* SUPPORT of the function of @> */
Datum
lsce_path_contains_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(support((Node *) PG_GETARG_POINTER(0), 1));
}
