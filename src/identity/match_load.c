/*-------------------------------------------------------------------------
 *
 * match_load.c
 *	  Records to compare, weights and nicknames from the tables of a model.
 *
 * src/identity/match_load.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#include "identity/identity.h"

/* accounts read by one statement */
#define LOAD_BATCH		10000

#define RECORD_COLUMNS \
	"SELECT a.account_id, a.name, a.lang, h.given_name, h.family_name, h.given_name_reading, h.family_name_reading, " \
	"h.birth_date, a.kind FROM @m.account AS a LEFT JOIN @m.hcp AS h USING (account_id) WHERE a.status <> 'merged' "
#define CONTACT_COLUMNS \
	"SELECT c.account_id, c.kind, c.value, coalesce(c.line, p.line), coalesce(c.city, p.city), " \
	"coalesce(c.postal_code, p.postal_code) " \
	"FROM @m.contact_point AS c LEFT JOIN @m.contact_point AS p ON p.contact_point_id = c.inherits_from " \
	"WHERE c.kind IN ('address', 'phone', 'email') "
#define CONTACT_ORDER "ORDER BY c.account_id, c.is_primary DESC, c.valid_to DESC, c.contact_point_id"
#define IDENTIFIER_COLUMNS "SELECT i.account_id, i.system, i.value FROM @m.account_identifier AS i WHERE "
#define IDENTIFIER_ORDER "ORDER BY i.account_id, i.valid_to DESC, i.system, i.value"

static const AccessStatement all_records = {
	RECORD_COLUMNS "AND a.account_id > $1 AND ($2 IS NULL OR a.kind = $2) ORDER BY a.account_id LIMIT 10000",
	2, {UUIDOID, TEXTOID}
};
static const AccessStatement all_contacts = {
	CONTACT_COLUMNS "AND c.account_id BETWEEN $1 AND $2 " CONTACT_ORDER, 2, {UUIDOID, UUIDOID}
};
static const AccessStatement all_identifiers = {
	IDENTIFIER_COLUMNS "i.account_id BETWEEN $1 AND $2 " IDENTIFIER_ORDER, 2, {UUIDOID, UUIDOID}
};
static const AccessStatement some_records = {
	RECORD_COLUMNS "AND a.account_id = ANY ($1) ORDER BY a.account_id", 1, {UUIDARRAYOID}
};
static const AccessStatement some_contacts = {
	CONTACT_COLUMNS "AND c.account_id = ANY ($1) " CONTACT_ORDER, 1, {UUIDARRAYOID}
};
static const AccessStatement some_identifiers = {
	IDENTIFIER_COLUMNS "i.account_id = ANY ($1) " IDENTIFIER_ORDER, 1, {UUIDARRAYOID}
};
static const AccessStatement select_weights = {
	"SELECT field, level, m, u FROM @m.match_weight", 0
};
static const AccessStatement select_nicknames = {
	"SELECT name, variant FROM @m.nickname UNION "
	"SELECT a.variant, b.variant FROM @m.nickname AS a JOIN @m.nickname AS b USING (name) WHERE a.variant < b.variant", 0
};

/*
 * access_read() without a limit, in the current memory context: after a call of
 * SPI another is the current one, which ends with the scope.
 */
uint64
identity_read(const AccessScope *scope, const AccessStatement *statement, Datum *args, const char *nulls)
{
	MemoryContext context = CurrentMemoryContext;
	uint64		rows = access_read(scope, statement, args, nulls, 0);

	MemoryContextSwitchTo(context);
	return rows;
}

/* Copy a text into the current context. */
static LsceMatchText
make_text(const char *data, size_t len)
{
	LsceMatchText result = {"", 0, 0};

	if (len > 0)
	{
		char	   *copy = palloc(len);

		memcpy(copy, data, len);
		result.data = copy;
		result.len = (int) len;
	}
	return result;
}

/* The key of a text; NULL has none. */
LsceMatchText
identity_key(const char *text, const char *lang, LsceNameMode mode)
{
	LsceName	name;
	char		key[LSCE_NAME_KEY_BYTES];

	if (text == NULL || text[0] == '\0')
		return make_text("", 0);
	identity_parse_name(text, strlen(text), lang, mode, &name);
	return make_text(key, lsce_name_key(&name, key));
}

/* A postal code without blanks and hyphens; of nine digits (ZIP+4) the first five. */
LsceMatchText
identity_postal(const char *text)
{
	LsceMatchText key = identity_key(text, NULL, LSCE_NAME_KEEP_ALL);
	char	   *joined = palloc(key.len + 1);
	int			n = 0;
	int			digits = 0;

	for (int i = 0; i < key.len; i++)
	{
		if (key.data[i] == ' ')
			continue;
		digits += key.data[i] >= '0' && key.data[i] <= '9';
		joined[n++] = key.data[i];
	}
	key.data = joined;
	key.len = n == 9 && digits == 9 ? 5 : n;
	return key;
}

/* The last nine digits of a telephone number; none of fewer than six. */
LsceMatchText
identity_phone(const char *text)
{
	LsceMatchText key = identity_key(text, NULL, LSCE_NAME_KEEP_ALL);
	char	   *digits = palloc(key.len + 1);
	int			n = 0;

	for (int i = 0; i < key.len; i++)
	{
		if (key.data[i] >= '0' && key.data[i] <= '9')
			digits[n++] = key.data[i];
	}
	if (n < 6)
		return make_text("", 0);
	return make_text(digits + Max(n - 9, 0), Min(n, 9));
}

/* An e-mail address in lower case. */
LsceMatchText
identity_email(const char *text)
{
	LsceMatchText result = make_text(text, strlen(text));
	char	   *data = unconstify(char *, result.data);

	for (int i = 0; i < result.len; i++)
		data[i] = pg_ascii_tolower((unsigned char) data[i]);
	return result;
}

/* Weights of the model; a row that is missing leaves the default. */
void
identity_load_weights(const AccessScope *scope, LsceMatchWeights *weights)
{
	uint64		rows;

	lsce_match_default_weights(weights);
	rows = identity_read(scope, &select_weights, NULL, NULL);
	for (uint64 row = 0; row < rows; row++)
	{
		char	   *field = access_text(row, 1, CurrentMemoryContext);
		char	   *level = access_text(row, 2, CurrentMemoryContext);
		bool		isnull;

		for (int f = 0; f < LSCE_MATCH_FIELDS; f++)
		{
			for (int l = LSCE_MATCH_DIFFERENT; l < LSCE_MATCH_LEVELS; l++)
			{
				if (strcmp(field, lsce_match_field_name((LsceMatchField) f)) != 0 ||
					strcmp(level, lsce_match_level_name((LsceMatchLevel) l)) != 0)
					continue;
				weights->m[f][l] = DatumGetFloat8(access_datum(row, 3, &isnull));
				weights->u[f][l] = DatumGetFloat8(access_datum(row, 4, &isnull));
			}
		}
	}
	SPI_freetuptable(SPI_tuptable);
}

static int
compare_uint64(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

/* The hash of a pair of words. */
static uint64
pair_hash(const uint32_t *a, int a_len, const uint32_t *b, int b_len)
{
	uint64		hash = lsce_match_hash(UINT64CONST(0xcbf29ce484222325), (const char *) a, a_len * (int) sizeof(uint32_t));

	return lsce_match_hash(hash, (const char *) b, b_len * (int) sizeof(uint32_t));
}

/* Are two words a name and its short form?  "arg" is an IdentityNicknames. */
bool
identity_is_nickname(const uint32_t *a, int a_len, const uint32_t *b, int b_len, void *arg)
{
	const IdentityNicknames *nicknames = arg;
	uint64		hash;

	if (nicknames->count == 0)
		return false;
	hash = pair_hash(a, a_len, b, b_len);
	return bsearch(&hash, nicknames->pairs, nicknames->count, sizeof(uint64), compare_uint64) != NULL;
}

/* Load the nicknames of the model into the current context. */
void
identity_load_nicknames(const AccessScope *scope, IdentityNicknames *nicknames)
{
	uint64		rows = identity_read(scope, &select_nicknames, NULL, NULL);

	nicknames->count = 0;
	nicknames->pairs = palloc(sizeof(uint64) * (2 * rows + 1));
	for (uint64 row = 0; row < rows; row++)
	{
		LsceName	a;
		LsceName	b;
		char	   *name = access_text(row, 1, CurrentMemoryContext);
		char	   *variant = access_text(row, 2, CurrentMemoryContext);

		lsce_name_of_key(name, strlen(name), &a);
		lsce_name_of_key(variant, strlen(variant), &b);
		nicknames->pairs[nicknames->count++] = pair_hash(a.chars, a.nchars, b.chars, b.nchars);
		nicknames->pairs[nicknames->count++] = pair_hash(b.chars, b.nchars, a.chars, a.nchars);
	}
	SPI_freetuptable(SPI_tuptable);
	qsort(nicknames->pairs, nicknames->count, sizeof(uint64), compare_uint64);
}

/* Append the rows of a record statement; returns how many. */
static uint64
add_records(IdentityRecords *records, uint64 rows)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lsce record", ALLOCSET_DEFAULT_SIZES);

	if (records->count + rows > (uint64) records->size)
	{
		records->size = Max(records->size * 2, records->count + (int) rows);
		records->accounts = repalloc_huge(records->accounts, sizeof(pg_uuid_t) * records->size);
		records->records = repalloc_huge(records->records, sizeof(LsceMatchRecord) * records->size);
	}
	for (uint64 row = 0; row < rows; row++)
	{
		LsceMatchRecord *record = &records->records[records->count];
		MemoryContext old;
		char	   *texts[6];
		char	   *kind;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(scratch);
		for (int i = 0; i < 6; i++)
			texts[i] = access_text(row, 2 + i, scratch);
		kind = access_text(row, 9, scratch);
		memset(record, 0, sizeof(*record));
		record->kind = (uint32_t) lsce_match_hash(0, kind, (int) strlen(kind));
		access_uuid(row, 1, &records->accounts[records->count]);
		old = MemoryContextSwitchTo(records->context);
		record->name = identity_key(texts[0], texts[1], LSCE_NAME_STRIP_TITLES);
		record->given = identity_key(texts[2], texts[1], LSCE_NAME_STRIP_TITLES);
		record->family = identity_key(texts[3], texts[1], LSCE_NAME_STRIP_TITLES);
		record->given_reading = identity_key(texts[4], texts[1], LSCE_NAME_STRIP_TITLES);
		record->family_reading = identity_key(texts[5], texts[1], LSCE_NAME_STRIP_TITLES);
		MemoryContextSwitchTo(old);
		if (!access_null(row, 8))
			j2date(access_int32(row, 8) + POSTGRES_EPOCH_JDATE,
				   &record->birth_year, &record->birth_month, &record->birth_day);
		records->count++;
	}
	MemoryContextDelete(scratch);
	return rows;
}

/* Position of an account among the records from "from" on, or -1. */
int
identity_find_record(const IdentityRecords *records, int from, const pg_uuid_t *account)
{
	int			low = from;
	int			high = records->count - 1;

	while (low <= high)
	{
		int			middle = low + (high - low) / 2;
		int			order = memcmp(account, &records->accounts[middle], UUID_LEN);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}

/* A place of contact from columns 4 to 6 of a row. */
static LsceMatchPlace
make_place(uint64 row, MemoryContext scratch)
{
	LsceMatchPlace place = {.share = 0};
	char	   *line = access_text(row, 4, scratch);
	char	   *house = MemoryContextAlloc(scratch, LSCE_NAME_KEY_BYTES);
	char	   *street = MemoryContextAlloc(scratch, LSCE_NAME_KEY_BYTES);
	size_t		house_len = 0;
	size_t		street_len = 0;

	if (line)
		lsce_match_address(line, strlen(line), house, &house_len, street, &street_len);
	place.house = make_text(house, house_len);
	place.street = make_text(street, street_len);
	place.city = identity_key(access_text(row, 5, scratch), NULL, LSCE_NAME_KEEP_ALL);
	place.postal = identity_postal(access_text(row, 6, scratch));
	return place;
}

/* Give the contact points of a statement's rows to the records from "from" on. */
static void
add_contacts(IdentityRecords *records, int from, uint64 rows)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lsce contact", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(records->context);

	for (uint64 row = 0; row < rows; row++)
	{
		pg_uuid_t	account;
		LsceMatchRecord *record;
		char	   *kind;
		int			position;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(scratch);
		access_uuid(row, 1, &account);
		position = identity_find_record(records, from, &account);
		if (position < 0)
			continue;
		record = &records->records[position];
		kind = access_text(row, 2, scratch);
		if (strcmp(kind, "address") == 0 && record->nplaces < IDENTITY_VALUES)
		{
			if (record->nplaces == 0)
				record->places = palloc(sizeof(LsceMatchPlace) * IDENTITY_VALUES);
			unconstify(LsceMatchPlace *, record->places)[record->nplaces++] = make_place(row, scratch);
		}
		else if (strcmp(kind, "phone") == 0 && record->nphones < IDENTITY_VALUES)
		{
			if (record->nphones == 0)
				record->phones = palloc0(sizeof(LsceMatchContact) * IDENTITY_VALUES);
			unconstify(LsceMatchContact *, record->phones)[record->nphones++].text = identity_phone(access_text(row, 3, scratch));
		}
		else if (strcmp(kind, "email") == 0 && record->nemails < IDENTITY_VALUES)
		{
			if (record->nemails == 0)
				record->emails = palloc0(sizeof(LsceMatchContact) * IDENTITY_VALUES);
			unconstify(LsceMatchContact *, record->emails)[record->nemails++].text = identity_email(access_text(row, 3, scratch));
		}
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
}

/* Give the identifiers of a statement's rows to the records from "from" on. */
static void
add_identifiers(IdentityRecords *records, int from, uint64 rows)
{
	MemoryContext old = MemoryContextSwitchTo(records->context);

	for (uint64 row = 0; row < rows; row++)
	{
		pg_uuid_t	account;
		LsceMatchRecord *record;
		LsceMatchIdentifier *identifier;
		int			position;
		char	   *text;

		CHECK_FOR_INTERRUPTS();
		access_uuid(row, 1, &account);
		position = identity_find_record(records, from, &account);
		if (position < 0 || records->records[position].nidentifiers == IDENTITY_VALUES)
			continue;
		record = &records->records[position];
		if (record->nidentifiers == 0)
			record->identifiers = palloc(sizeof(LsceMatchIdentifier) * IDENTITY_VALUES);
		identifier = &unconstify(LsceMatchIdentifier *, record->identifiers)[record->nidentifiers++];
		text = access_text(row, 2, records->context);
		identifier->system = make_text(text, strlen(text));
		text = access_text(row, 3, records->context);
		identifier->value = make_text(text, strlen(text));
	}
	MemoryContextSwitchTo(old);
}

/* Begin with no records; they live in the current context. */
static void
init_records(IdentityRecords *records)
{
	records->context = CurrentMemoryContext;
	records->count = 0;
	records->size = 1024;
	records->accounts = palloc(sizeof(pg_uuid_t) * records->size);
	records->records = palloc(sizeof(LsceMatchRecord) * records->size);
}

/* Run a statement and hand its rows on; frees them. */
static uint64
load(const AccessScope *scope, const AccessStatement *statement, Datum *args, const char *nulls,
	 IdentityRecords *records, int from, void (*add) (IdentityRecords *, int, uint64))
{
	uint64		rows = identity_read(scope, statement, args, nulls);

	if (add)
		add(records, from, rows);
	else
		add_records(records, rows);
	SPI_freetuptable(SPI_tuptable);
	return rows;
}

/*
 * Load all accounts that the scope may see, merged ones excepted, ordered by
 * id; of one kind unless that is NULL.
 */
void
identity_load_records(const AccessScope *scope, const char *kind, IdentityRecords *records)
{
	pg_uuid_t	last = {{0}};
	Datum		args[2];
	char		nulls[2] = {' ', kind ? ' ' : 'n'};
	uint64		rows;

	init_records(records);
	do
	{
		int			from = records->count;

		args[0] = UUIDPGetDatum(&last);
		args[1] = kind ? CStringGetTextDatum(kind) : (Datum) 0;
		rows = load(scope, &all_records, args, nulls, records, from, NULL);
		if (rows == 0)
			break;
		args[0] = UUIDPGetDatum(&records->accounts[from]);
		last = records->accounts[records->count - 1];
		args[1] = UUIDPGetDatum(&last);
		load(scope, &all_contacts, args, NULL, records, from, add_contacts);
		load(scope, &all_identifiers, args, NULL, records, from, add_identifiers);
	} while (rows == LOAD_BATCH);
}

/* Load those of the accounts of a uuid[] that the scope may see. */
void
identity_load_some(const AccessScope *scope, ArrayType *accounts, IdentityRecords *records)
{
	Datum		args[1] = {PointerGetDatum(accounts)};

	init_records(records);
	load(scope, &some_records, args, NULL, records, 0, NULL);
	load(scope, &some_contacts, args, NULL, records, 0, add_contacts);
	load(scope, &some_identifiers, args, NULL, records, 0, add_identifiers);
}
