/*-------------------------------------------------------------------------
 *
 * acting_user.c
 *	  Who is acting: the user of the application behind a database session.
 *
 * A session acts as the application user whose db_role is the outer user of
 * the session (SET ROLE counts, a SECURITY DEFINER function does not).  A
 * connection pool, which serves many users under one role, names the user in
 * lsce.login.  That setting takes a superuser or a role that was given it by
 * GRANT SET ON PARAMETER, and is read here only: what current_setting() shows
 * in a session that has not loaded the library yet is anybody's text.
 *
 * src/security/acting_user.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "access/probe.h"
#include "errors.h"
#include "security/acting_user.h"

PG_FUNCTION_INFO_V1(lsce_acting_user);
PG_FUNCTION_INFO_V1(lsce_acting_name);

static char *acting_login = NULL;

static const Probe login_probe = {
	"app_user", 1, {{"login", TEXTOID}},
	3, {{"user_id", UUIDOID}, {"company_id", UUIDOID}, {"tz", TEXTOID}}
};

static const Probe role_probe = {
	"app_user", 1, {{"db_role", NAMEOID}},
	3, {{"user_id", UUIDOID}, {"company_id", UUIDOID}, {"tz", TEXTOID}}
};

/* The user with this key, and the day of the transaction where he is. */
static void
answer_user(Answer *answer, const Probe *probe, ProbeKey key)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	ProbeRow	user;

	if (!probe_one(answer, probe, &key, &user))
		return;
	answer_columns(answer, &user, 0, 2);
	answer_value(answer, user.nulls[2] ? (Datum) 0 : answer_day_in(user.values[2], TimestampTzGetDatum(now)), user.nulls[2]);
	answer_end_row(answer);
}

/* $1: the login */
static void
direct_user_by_login(Answer *answer, const Datum *args, const char *nulls)
{
	answer_user(answer, &login_probe, probe_key(args[0]));
}

/* $1: the role */
static void
direct_user_by_role(Answer *answer, const Datum *args, const char *nulls)
{
	answer_user(answer, &role_probe, probe_key(args[0]));
}

static const AccessStatement user_by_login = {
	"SELECT user_id, company_id, (now() AT TIME ZONE tz)::date FROM @m.app_user WHERE login = $1",
	1, {TEXTOID}, direct_user_by_login
};

static const AccessStatement login_of_user = {
	"SELECT login FROM @m.app_user WHERE user_id = $1",
	1, {UUIDOID}
};

static const AccessStatement user_by_role = {
	"SELECT user_id, company_id, (now() AT TIME ZONE tz)::date FROM @m.app_user WHERE db_role = $1",
	1, {NAMEOID}, direct_user_by_role
};

/* Called once by _PG_init: defines lsce.login. */
void
security_init(void)
{
	DefineCustomStringVariable("lsce.login",
							   "Login of the application user that this session acts for.",
							   "Set by connection pools, with SET LOCAL. Empty: the user whose database role is the current role.",
							   &acting_login,
							   "",
							   PGC_SUSET,
							   0,
							   NULL, NULL, NULL);
}

/*
 * Find the acting user in the scope's model.  False when the role acts as no
 * user.  Error LS412 when lsce.login names a user that does not exist: a pool
 * that sends a wrong login must not go on as nobody.
 */
bool
security_acting_user(AccessScope *scope, ActingUser *user)
{
	const AccessStatement *stmt;
	Datum		arg;

	if (acting_login != NULL && acting_login[0] != '\0')
	{
		stmt = &user_by_login;
		arg = CStringGetTextDatum(acting_login);
	}
	else
	{
		char	   *role = GetUserNameFromId(GetOuterUserId(), false);

		stmt = &user_by_role;
		arg = DirectFunctionCall1(namein, CStringGetDatum(role));
	}
	if (access_read(scope, stmt, &arg, NULL, 1) == 0)
	{
		if (stmt == &user_by_login)
			ereport(ERROR,
					(errcode(ERRCODE_LSCE_UNKNOWN_USER),
					 errmsg("user \"%s\" named by lsce.login does not exist in model %s",
							acting_login, scope->model->name),
					 errhint("Correct lsce.login, or add the user to app_user.")));
		return false;
	}
	access_uuid(0, 1, &user->user_id);
	access_uuid(0, 2, &user->company_id);
	user->day = access_int32(0, 3);
	return true;
}

/* lsce.acting_user(model): id of the acting user, NULL when there is none. */
Datum
lsce_acting_user(PG_FUNCTION_ARGS)
{
	LsceModel	model;
	AccessScope scope;
	ActingUser	user;
	bool		found;
	pg_uuid_t  *result;

	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	found = security_acting_user(&scope, &user);
	access_end(&scope);
	if (!found)
		PG_RETURN_NULL();
	result = palloc(sizeof(*result));
	*result = user.user_id;
	PG_RETURN_UUID_P(result);
}

/*
 * lsce.acting_name(model): login of the acting user, and the name of the role
 * when it acts as nobody.
 */
Datum
lsce_acting_name(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	LsceModel	model;
	AccessScope scope;
	ActingUser	user;
	char	   *name;

	access_model(PG_GETARG_OID(0), &model);
	access_check_caller(&model);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	if (security_acting_user(&scope, &user))
	{
		Datum		arg = UUIDPGetDatum(&user.user_id);

		access_read(&scope, &login_of_user, &arg, NULL, 1);
		name = access_text(0, 1, caller);
	}
	else
		name = MemoryContextStrdup(caller, GetUserNameFromId(GetOuterUserId(), false));
	access_end(&scope);
	PG_RETURN_TEXT_P(cstring_to_text(name));
}
