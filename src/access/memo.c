/*-------------------------------------------------------------------------
 *
 * memo.c
 *	  Answers of statements that were asked before under the same snapshot.
 *
 * The rows of one statement are judged under one snapshot and share most of
 * what they are judged by: product, policies, user, place, settings.  The same
 * statement with the same arguments under the same snapshot has the same
 * answer, so it is run once.  Answers are forgotten as soon as a scope asks
 * under another snapshot, and when the transaction or a subtransaction ends:
 * rolling back to a savepoint takes rows away from a snapshot that looks the
 * same.  Within a transaction now() does not move either.
 *
 * What is asked with other arguments every time is not kept: a statement that
 * was asked often and rarely knew the answer is no longer looked up.
 *
 * src/access/memo.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/uuid.h"

#include "access/memo.h"
#include "access/probe.h"

/* Answers kept take no more than this; then all are forgotten. */
#define MEMO_BYTES		(8 * 1024 * 1024)

/* A statement is given up when, after so many answers, most were not known. */
#define MEMO_PATIENCE	64

typedef struct MemoKey
{
	const AccessStatement *stmt;
	long		limit;
	int			length;
	uint32		hash;
	char	   *bytes;			/* the arguments, laid out by append_arg() */
} MemoKey;

typedef struct MemoEntry
{
	MemoKey		key;
	SPITupleTable *table;		/* NULL until memo_keep() */
	uint64		count;
} MemoEntry;

typedef struct StatementUse
{
	const AccessStatement *stmt;
	int			asked;
	int			known;
	uint64		generation;		/* of the answers that "last" is one of */
	MemoEntry  *last;			/* asked for; rows of a statement often ask the same */
} StatementUse;

/* What makes two snapshots of a transaction see the same rows, and for whom. */
static struct
{
	Oid			nspid;
	Oid			userid;
	TransactionId xmin;
	TransactionId xmax;
	CommandId	curcid;
	uint32		xcnt;
	TransactionId *xip;
}			mark;

static MemoryContext memo_context = NULL;	/* marked snapshot and answers */
static HTAB *answers = NULL;
static HTAB *uses = NULL;		/* lives as long as the session */
static uint64 generation = 1;	/* counts how often answers were forgotten */
static StringInfoData arguments;	/* room to lay them out, in the session */
static MemoEntry *asked = NULL; /* waits for its answer */

static uint32
memo_hash(const void *key, Size keysize)
{
	return ((const MemoKey *) key)->hash;
}

static int
memo_compare(const void *a, const void *b, Size keysize)
{
	const MemoKey *x = a;
	const MemoKey *y = b;

	if (x->stmt != y->stmt || x->limit != y->limit || x->length != y->length)
		return 1;
	return memcmp(x->bytes, y->bytes, x->length);
}

static void
memo_forget(void)
{
	asked = NULL;
	answers = NULL;
	generation++;
	mark.nspid = InvalidOid;
	mark.xip = NULL;
	if (memo_context)
		MemoryContextReset(memo_context);
}

static void
memo_xact_ended(XactEvent event, void *arg)
{
	memo_forget();
}

static void
memo_subxact_ended(SubXactEvent event, SubTransactionId mySubid,
				   SubTransactionId parentSubid, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		memo_forget();
}

/* Called once by access_init(). */
void
memo_init(void)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

	initStringInfo(&arguments);
	MemoryContextSwitchTo(old);
	RegisterXactCallback(memo_xact_ended, NULL);
	RegisterSubXactCallback(memo_subxact_ended, NULL);
}

/* Whether the answers kept are those of the snapshot. */
static bool
memo_holds(Oid nspid, Snapshot snapshot)
{
	return answers != NULL && mark.nspid == nspid && mark.userid == GetUserId() &&
		mark.xmin == snapshot->xmin && mark.xmax == snapshot->xmax &&
		mark.curcid == snapshot->curcid && mark.xcnt == snapshot->xcnt &&
		memcmp(mark.xip, snapshot->xip, sizeof(TransactionId) * snapshot->xcnt) == 0;
}

/* Begin anew for the snapshot. */
static void
memo_begin(Oid nspid, Snapshot snapshot)
{
	HASHCTL		ctl;

	memo_forget();
	if (memo_context == NULL)
		memo_context = AllocSetContextCreate(TopMemoryContext, "lsce answers", ALLOCSET_DEFAULT_SIZES);
	mark.xip = MemoryContextAlloc(memo_context, sizeof(TransactionId) * Max(snapshot->xcnt, 1));
	memcpy(mark.xip, snapshot->xip, sizeof(TransactionId) * snapshot->xcnt);
	mark.nspid = nspid;
	mark.userid = GetUserId();
	mark.xmin = snapshot->xmin;
	mark.xmax = snapshot->xmax;
	mark.curcid = snapshot->curcid;
	mark.xcnt = snapshot->xcnt;

	ctl.keysize = sizeof(MemoKey);
	ctl.entrysize = sizeof(MemoEntry);
	ctl.hash = memo_hash;
	ctl.match = memo_compare;
	ctl.hcxt = memo_context;
	answers = hash_create("lsce answers", 64, &ctl,
						  HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
}

/* How a type is stored; those of most arguments need no look into the catalog. */
static void
arg_storage(Oid type, int16 *typlen, bool *typbyval)
{
	switch (type)
	{
		case UUIDOID:
			*typlen = UUID_LEN;
			*typbyval = false;
			break;
		case TEXTOID:
		case UUIDARRAYOID:
			*typlen = -1;
			*typbyval = false;
			break;
		case DATEOID:
			*typlen = sizeof(DateADT);
			*typbyval = true;
			break;
		default:
			get_typlenbyval(type, typlen, typbyval);
			break;
	}
}

/* Append an argument so that equal bytes mean equal arguments. */
static void
append_arg(StringInfo out, Oid type, Datum value, bool isnull)
{
	int16		typlen;
	bool		typbyval;

	appendStringInfoCharMacro(out, isnull ? 'n' : ' ');
	if (isnull)
		return;
	arg_storage(type, &typlen, &typbyval);
	if (typbyval)
		appendBinaryStringInfo(out, (char *) &value, sizeof(value));
	else
		appendBinaryStringInfo(out, DatumGetPointer(value), datumGetSize(value, false, typlen));
}

/* The counts of a statement; NULL when it is not worth asking. */
static StatementUse *
memo_use(const AccessStatement *stmt)
{
	StatementUse *use;
	bool		found;

	if (uses == NULL)
	{
		HASHCTL		ctl;

		ctl.keysize = sizeof(AccessStatement *);
		ctl.entrysize = sizeof(StatementUse);
		uses = hash_create("lsce statements asked", 128, &ctl, HASH_ELEM | HASH_BLOBS);
	}
	use = hash_search(uses, &stmt, HASH_ENTER, &found);
	if (!found)
	{
		use->asked = use->known = 0;
		use->generation = 0;
	}
	if (use->asked >= MEMO_PATIENCE)
	{
		if (use->known < use->asked / 4)
		{
			/* circumstances change: try again after a while */
			if (use->asked++ < 100 * MEMO_PATIENCE)
				return NULL;
			use->asked = use->known = 0;
		}
		else if (use->asked >= 2 * MEMO_PATIENCE)
		{
			use->asked /= 2;
			use->known /= 2;
		}
	}
	return use;
}

/* The entry of a statement with these arguments, which may have no answer yet. */
static MemoEntry *
memo_entry(StatementUse *use, long limit, const StringInfoData *bytes)
{
	MemoKey		key;
	MemoEntry  *entry;
	bool		found;

	memset(&key, 0, sizeof(key));
	key.stmt = use->stmt;
	key.limit = limit;
	key.bytes = bytes->data;
	key.length = bytes->len;
	if (use->generation == generation && memo_compare(&use->last->key, &key, sizeof(key)) == 0)
		return use->last;
	key.hash = hash_combine(hash_bytes((unsigned char *) bytes->data, bytes->len),
							hash_bytes((unsigned char *) &use->stmt, sizeof(use->stmt)));
	entry = hash_search(answers, &key, HASH_ENTER, &found);
	if (!found)
	{
		entry->table = NULL;
		entry->key.bytes = MemoryContextAlloc(memo_context, Max(bytes->len, 1));
		memcpy(entry->key.bytes, bytes->data, bytes->len);
	}
	use->generation = generation;
	use->last = entry;
	return entry;
}

/*
 * Look a read up under the active snapshot.  True: SPI_tuptable and
 * SPI_processed hold the answer.  False: run it, and give the answer to
 * memo_keep().
 */
bool
memo_ask(const AccessScope *scope, const AccessStatement *stmt,
		 Datum *args, const char *nulls, long limit)
{
	Snapshot	snapshot = GetActiveSnapshot();
	StatementUse *use;
	MemoEntry  *entry;

	asked = NULL;
	if (snapshot->suboverflowed || snapshot->takenDuringRecovery || (use = memo_use(stmt)) == NULL)
		return false;
	if (!memo_holds(scope->model->nspid, snapshot) ||
		MemoryContextMemAllocated(memo_context, true) > MEMO_BYTES)
		memo_begin(scope->model->nspid, snapshot);

	resetStringInfo(&arguments);
	for (int i = 0; i < stmt->nargs; i++)
		append_arg(&arguments, stmt->argtypes[i], args[i], nulls != NULL && nulls[i] == 'n');
	entry = memo_entry(use, limit, &arguments);
	use->asked++;
	if (entry->table == NULL)
	{
		asked = entry;
		return false;
	}
	use->known++;
	SPI_tuptable = entry->table;
	SPI_processed = entry->count;
	return true;
}

/* Keep the answer to what memo_ask() did not know, if it is worth it. */
void
memo_keep(SPITupleTable *table, uint64 count)
{
	MemoEntry  *entry = asked;
	MemoryContext old;

	asked = NULL;
	if (entry == NULL)
		return;
	old = MemoryContextSwitchTo(memo_context);
	entry->count = count;
	entry->table = answer_copy(table, count);
	MemoryContextSwitchTo(old);
}
