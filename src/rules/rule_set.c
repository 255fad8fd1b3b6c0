/*-------------------------------------------------------------------------
 *
 * rule_set.c
 *	  The digest of the approved rules, stored with every decision.
 *
 * The digest is kept twice.  As long as the snapshot it was computed under
 * holds, nothing is read: the same snapshot of the same transaction sees the
 * same rows, so a statement that stores a million facts computes it once.
 * Rolling back to a savepoint can take rows away from a snapshot that looks
 * the same, so that forgets it.  Beyond that, the digest is kept with the
 * places and inserting transactions of all rows it was made of: a row that is
 * changed stands elsewhere or was written by another transaction, so the same
 * list means the same rows.
 *
 * src/rules/rule_set.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "access/direct.h"
#include "rules/rules.h"

#define DIGEST_LENGTH 64

/* what makes two snapshots of a transaction see the same rows */
static struct
{
	bool		valid;
	Oid			nspid;
	TransactionId xmin;
	TransactionId xmax;
	CommandId	curcid;
	uint32		xcnt;
	TransactionId *xip;
	char		digest[DIGEST_LENGTH + 1];
}			kept;

/* the digest of the rows in the list, across transactions; the list in TopMemoryContext */
static struct
{
	Oid			nspid;
	int			length;
	char	   *rows;
	char		digest[DIGEST_LENGTH + 1];
}			known;

static bool callbacks_registered = false;

/* Which versions of rows are visible, drafts included. */
#define ROWS_OF(table) "(SELECT string_agg(ctid::text || xmin::text, '') FROM @m." table ")"
static const AccessStatement rows_statement =
{"SELECT concat_ws('|', " ROWS_OF("sampling_policy") ", " ROWS_OF("specialty_set_member") ", " ROWS_OF("limit_template") ", "
	ROWS_OF("limit_rule") ", " ROWS_OF("limit_assignment") ", " ROWS_OF("consent_regime") ", "
	ROWS_OF("association_membership") ", " ROWS_OF("setting") ")",
0, {0}};

/* columns that say nothing about what the rules allow; to end a row changes its valid_to */
#define NO_RULE "sys_from,approved_at,end_on,end_asked_by,end_approved_by"

/* The same without SPI; which of both made a list can be seen in it. */
static const char *const rule_tables[] = {
	"sampling_policy", "specialty_set_member", "limit_template", "limit_rule", "limit_assignment", "consent_regime",
	"association_membership", "setting"
};

/* Rows as jsonb: the keys in order, whatever the order of the columns. */
static const AccessStatement digest_statement =
{"SELECT encode(sha256(convert_to(coalesce(string_agg(r.kind || r.body, E'\\n' ORDER BY r.kind, r.body COLLATE \"C\"), ''), 'UTF8')), 'hex') FROM ("
	"SELECT 'policy' COLLATE \"C\", (to_jsonb(p) - '{" NO_RULE "}'::text[])::text FROM @m.sampling_policy AS p WHERE p.status = 'approved' "
	"UNION ALL SELECT 'member', (to_jsonb(m) - 'sys_from')::text FROM @m.specialty_set_member AS m "
	"UNION ALL SELECT 'template', (to_jsonb(t) - '{" NO_RULE "}'::text[])::text FROM @m.limit_template AS t WHERE t.status = 'approved' "
	"UNION ALL SELECT 'limit', (to_jsonb(l) - 'sys_from')::text FROM @m.limit_rule AS l "
	"JOIN @m.limit_template AS t ON t.template_id = l.template_id AND t.status = 'approved' "
	"UNION ALL SELECT 'assignment', (to_jsonb(a) - '{" NO_RULE "}'::text[])::text FROM @m.limit_assignment AS a "
	"JOIN @m.limit_template AS t ON t.template_id = a.template_id AND t.status = 'approved' "
	"UNION ALL SELECT 'regime', (to_jsonb(c) - '{" NO_RULE "}'::text[])::text FROM @m.consent_regime AS c WHERE c.status = 'approved' "
	"UNION ALL SELECT 'membership', (to_jsonb(b) - 'sys_from')::text FROM @m.association_membership AS b "
	"UNION ALL SELECT 'setting', (to_jsonb(s) - '{sys_from,set_by}'::text[])::text FROM @m.setting AS s"
	") AS r (kind, body)",
0, {0}};

static void
forget(void)
{
	kept.valid = false;
	if (kept.xip)
		pfree(kept.xip);
	kept.xip = NULL;
}

static void
forget_at_xact_end(XactEvent event, void *arg)
{
	forget();
}

static void
forget_at_subxact_end(SubXactEvent event, SubTransactionId mySubid,
					  SubTransactionId parentSubid, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		forget();
}

/* Whether the active snapshot sees what the kept digest was made of. */
static bool
kept_holds(Oid nspid, Snapshot snapshot)
{
	return kept.valid && kept.nspid == nspid && !snapshot->suboverflowed && !snapshot->takenDuringRecovery &&
		kept.xmin == snapshot->xmin && kept.xmax == snapshot->xmax && kept.curcid == snapshot->curcid &&
		kept.xcnt == snapshot->xcnt &&
		memcmp(kept.xip, snapshot->xip, sizeof(TransactionId) * snapshot->xcnt) == 0;
}

/* Keep the digest for the active snapshot. */
static void
keep(Oid nspid, Snapshot snapshot, const char *digest)
{
	forget();
	if (snapshot->suboverflowed || snapshot->takenDuringRecovery || strlen(digest) != DIGEST_LENGTH)
		return;
	kept.nspid = nspid;
	kept.xmin = snapshot->xmin;
	kept.xmax = snapshot->xmax;
	kept.curcid = snapshot->curcid;
	kept.xcnt = snapshot->xcnt;
	kept.xip = MemoryContextAlloc(TopMemoryContext, sizeof(TransactionId) * Max(snapshot->xcnt, 1));
	memcpy(kept.xip, snapshot->xip, sizeof(TransactionId) * snapshot->xcnt);
	strlcpy(kept.digest, digest, sizeof(kept.digest));
	kept.valid = true;
}

/* Set a parameter until the nest level ends. */
static void
pin(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

/*
 * Compute the digest.  Moments and intervals print as the session likes them,
 * so the settings they depend on are pinned meanwhile.
 */
static char *
compute(AccessScope *scope, MemoryContext context)
{
	int			level = NewGUCNestLevel();
	char	   *digest;

	pin("timezone", "UTC");
	pin("intervalstyle", "iso_8601");
	access_read(scope, &digest_statement, NULL, NULL, 1);
	digest = access_text(0, 1, context);
	AtEOXact_GUC(true, level);
	return digest;
}

/* A version of a row; two with the same contents are the same. */
typedef struct RowVersion
{
	ItemPointerData place;
	TransactionId inserted_by;
} RowVersion;

/* Append the versions of a table's rows; false when it must not be scanned. */
static bool
append_versions(AccessScope *scope, const char *table, StringInfo list)
{
	DirectScan *scan = direct_open_table(scope, table, NULL, 0);
	RowVersion	version;

	if (scan == NULL)
		return false;
	memset(&version, 0, sizeof(version));
	while (direct_next_row(scan, NULL, NULL))
	{
		CHECK_FOR_INTERRUPTS();
		direct_row_version(scan, &version.place, &version.inserted_by);
		appendBinaryStringInfo(list, (const char *) &version, sizeof(version));
	}
	direct_close(scan);

	/* no row stands at such a place: the next table begins */
	memset(&version, 0, sizeof(version));
	appendBinaryStringInfo(list, (const char *) &version, sizeof(version));
	return true;
}

/* The list of rows that the digest is made of, as a key. */
static StringInfo
visible_rows(AccessScope *scope)
{
	StringInfo	list = makeStringInfo();

	for (int i = 0; i < lengthof(rule_tables); i++)
	{
		if (append_versions(scope, rule_tables[i], list))
			continue;
		resetStringInfo(list);
		access_read(scope, &rows_statement, NULL, NULL, 1);
		appendStringInfoString(list, access_text(0, 1, CurrentMemoryContext));
		break;
	}
	return list;
}

/* Are these the rows that the digest is known of? */
static bool
rows_known(const AccessScope *scope, const StringInfoData *rows)
{
	return known.rows != NULL && known.nspid == scope->model->nspid &&
		known.length == rows->len && memcmp(known.rows, rows->data, rows->len) == 0;
}

/* The digest of the rows that are visible, computed unless they are known. */
static char *
look_up(AccessScope *scope, MemoryContext context)
{
	StringInfo	rows = visible_rows(scope);
	char	   *digest;

	if (rows_known(scope, rows))
		return MemoryContextStrdup(context, known.digest);

	digest = compute(scope, context);
	if (known.rows != NULL)
		pfree(known.rows);
	known.rows = NULL;
	if (strlen(digest) == DIGEST_LENGTH)
	{
		char	   *copy = MemoryContextAlloc(TopMemoryContext, rows->len);

		memcpy(copy, rows->data, rows->len);
		known.nspid = scope->model->nspid;
		known.length = rows->len;
		known.rows = copy;
		strlcpy(known.digest, digest, sizeof(known.digest));
	}
	return digest;
}

/* See rules.h. */
char *
rules_rule_set(AccessScope *scope, MemoryContext context)
{
	Snapshot	snapshot = GetActiveSnapshot();
	char	   *digest;

	if (!callbacks_registered)
	{
		RegisterXactCallback(forget_at_xact_end, NULL);
		RegisterSubXactCallback(forget_at_subxact_end, NULL);
		callbacks_registered = true;
	}
	if (kept_holds(scope->model->nspid, snapshot))
		return MemoryContextStrdup(context, kept.digest);
	digest = look_up(scope, context);
	keep(scope->model->nspid, snapshot, digest);
	return digest;
}
