/*-------------------------------------------------------------------------
 *
 * visible.c
 *	  What of the answers the caller may see.
 *
 * Questions are resolved with the rights of the model's owner, because events
 * that the caller may not read count as well.  What is shown of them follows
 * his own rights and row security.  Call these functions outside of any scope:
 * they read as the caller.
 *
 * src/consent/visible.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "consent/load.h"
#include "errors.h"

static const AccessStatement account_row = {
	"SELECT FROM @m.account a WHERE a.account_id = $1",
	1, {UUIDOID}
};

static const AccessStatement event_row = {
	"SELECT FROM @m.consent_event e WHERE e.event_id = $1",
	1, {UUIDOID}
};

static const AccessStatement company_events = {
	"SELECT FROM @m.consent_event e"
	" JOIN @m.account o ON o.account_id = e.account_id"
	" JOIN @m.account a ON coalesce(a.survivor_id, a.account_id) = coalesce(o.survivor_id, o.account_id)"
	" WHERE a.account_id = $1 AND e.controller_id = $2 LIMIT 1",
	2, {UUIDOID, UUIDOID}
};

/* Does the statement find a row with the caller's rights on "table"? */
static bool
caller_finds(const LsceModel *model, const char *table, const AccessStatement *stmt, Datum *args)
{
	Oid			relid = get_relname_relid(table, model->nspid);
	AccessScope scope;
	bool		found;

	if (!OidIsValid(relid) ||
		pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		return false;
	access_begin(&scope, model, ACCESS_READ_AS_CALLER);
	found = access_read(&scope, stmt, args, NULL, 1) > 0;
	access_end(&scope);
	return found;
}

/* Refuse an account that the caller may not see, as one that does not exist. */
void
consent_require_account(const LsceModel *model, const pg_uuid_t *account_id)
{
	Datum		arg = UUIDPGetDatum(account_id);

	if (!caller_finds(model, "account", &account_row, &arg))
		ereport(ERROR,
				(errcode(ERRCODE_LSCE_UNKNOWN_ACCOUNT),
				 errmsg("account %s is unknown", DatumGetCString(DirectFunctionCall1(uuid_out, arg))),
				 errhint("Check the id, and that the account is in one of your territories.")));
}

/* May the caller see any event of the account with this company? */
bool
consent_company_visible(const LsceModel *model, const pg_uuid_t *account_id,
						const pg_uuid_t *controller_id)
{
	Datum		args[2];

	args[0] = UUIDPGetDatum(account_id);
	args[1] = UUIDPGetDatum(controller_id);
	return caller_finds(model, "consent_event", &company_events, args);
}

/* Mark the events of an answer that the caller may not see. */
void
consent_redact(const LsceModel *model, ConsentAnswer *answer)
{
	const ConsentVerdict *verdict = &answer->verdict;
	const int	indexes[CONSENT_SHOWN_EVENTS] = {
		verdict->decided_by, verdict->beaten_opt_in, verdict->beaten_denial
	};

	for (int i = 0; i < CONSENT_SHOWN_EVENTS; i++)
	{
		Datum		arg;

		if (indexes[i] < 0)
			continue;
		arg = PointerGetDatum(&answer->facts.events[indexes[i]].id);
		answer->redacted[i] = !caller_finds(model, "consent_event", &event_row, &arg);
	}
}
