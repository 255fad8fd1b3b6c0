/*-------------------------------------------------------------------------
 *
 * signature_purpose.c
 *	  A signature stands under what it was given for, and under nothing else.
 *
 * src/audit/signature_purpose.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/rel.h"

#include "access/probe.h"

PG_FUNCTION_INFO_V1(lsce_signature_purpose);

static const Probe signature_probe = {
	"signature", 1, {{"signature_id", UUIDOID}}, 2, {{"purpose", TEXTOID}, {"signer_account_id", UUIDOID}}
};

static const Probe account_probe = {
	"account", 1, {{"account_id", UUIDOID}}, 2, {{"survivor_id", UUIDOID}, {"account_id", UUIDOID}}
};

/* The account that a record stands for; NULL when there is none. */
static ProbeKey
survivor_of(Answer *answer, ProbeKey account)
{
	ProbeRow	row;

	probe_one(answer, &account_probe, &account, &row);
	return probe_key_either(&row, 0, 1);
}

/* Answers the statement below. */
static void
direct_signature(Answer *answer, const Datum *args, const char *nulls)
{
	ProbeKey	key = probe_key(args[0]);
	ProbeKey	given = {args[1], nulls != NULL && nulls[1] == 'n'};
	ProbeRow	signature;
	ProbeKey	signer;
	ProbeKey	account;
	bool		same;

	if (!probe_one(answer, &signature_probe, &key, &signature))
		return;
	signer = survivor_of(answer, probe_key_of(&signature, 1));
	account = survivor_of(answer, given);
	same = signer.isnull == account.isnull &&
		(signer.isnull || memcmp(DatumGetUUIDP(signer.value), DatumGetUUIDP(account.value), UUID_LEN) == 0);
	answer_columns(answer, &signature, 0, 1);
	answer_value(answer, BoolGetDatum(same), false);
	answer_end_row(answer);
}

/* $1 signature, $2 account; merged records are one person. */
static const AccessStatement signature_row = {
	"SELECT g.purpose, (SELECT coalesce(s.survivor_id, s.account_id) FROM @m.account s WHERE s.account_id = g.signer_account_id)"
	" IS NOT DISTINCT FROM (SELECT coalesce(a.survivor_id, a.account_id) FROM @m.account a WHERE a.account_id = $2)"
	" FROM @m.signature g WHERE g.signature_id = $1",
	2, {UUIDOID, UUIDOID}, direct_signature
};

static void
refuse_signature(Relation rel, const char *message)
{
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("%s", message),
			 errhint("Store the signature that was given for this."),
			 errtableconstraint(rel, psprintf("%s_signature", RelationGetRelationName(rel)))));
}

/*
 * lsce.signature_purpose(purpose [, account column]): BEFORE INSERT FOR EACH
 * ROW on a table with signature_id.  A signature that does not exist is left
 * to the foreign key.
 */
Datum
lsce_signature_purpose(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	MemoryContext context = CurrentMemoryContext;
	Relation	rel;
	TupleDesc	desc;
	LsceModel	model;
	AccessScope scope;
	Datum		args[2] = {0};
	char		nulls[2] = {' ', 'n'};
	char	  **texts;
	bool		isnull;
	bool		found;
	bool		same_account = true;
	char	   *purpose = NULL;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) || !TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ||
		trigdata->tg_trigger->tgnargs < 1)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function lsce.signature_purpose() must be fired before insert for each row, with a purpose")));
	rel = trigdata->tg_relation;
	desc = RelationGetDescr(rel);
	texts = trigdata->tg_trigger->tgargs;
	args[0] = SPI_getbinval(trigdata->tg_trigtuple, desc, access_column(desc, "signature_id", UUIDOID), &isnull);
	if (isnull)
		return PointerGetDatum(trigdata->tg_trigtuple);
	if (trigdata->tg_trigger->tgnargs > 1)
	{
		args[1] = SPI_getbinval(trigdata->tg_trigtuple, desc, access_column(desc, texts[1], UUIDOID), &isnull);
		nulls[1] = isnull ? 'n' : ' ';
	}

	access_model_of_relation(RelationGetRelid(rel), &model);
	access_begin(&scope, &model, ACCESS_READ);
	access_share(&scope);
	found = access_read(&scope, &signature_row, args, nulls, 1) > 0;
	if (found)
	{
		purpose = access_text(0, 1, context);
		same_account = trigdata->tg_trigger->tgnargs < 2 || access_bool(0, 2);
	}
	access_end(&scope);
	if (found && strcmp(purpose, texts[0]) != 0)
		refuse_signature(rel, psprintf("the signature was given for %s, not for %s", purpose, texts[0]));
	if (!same_account)
		refuse_signature(rel, "the signature is of another account");
	return PointerGetDatum(trigdata->tg_trigtuple);
}
