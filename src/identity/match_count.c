/*-------------------------------------------------------------------------
 *
 * match_count.c
 *	  How frequent the values of records are among them all, and what it proves
 *	  to be found at one place.
 *
 * src/identity/match_count.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <unicode/utf8.h>

#include "miscadmin.h"

#include "identity/identity.h"

/* how many records the weights' own u is worth when frequencies are counted */
#define PRIOR_RECORDS	50.0
/* of so many at one place the names are not compared */
#define TOGETHER_CLASSES 6
#define MOST_TOGETHER	(1 << TOGETHER_CLASSES)
/* so many pairs of records found together are believed before counting, and of them the same */
#define PRIOR_PAIRS		5.0
#define PRIOR_SAME		0.5
/* share of records whose account is there twice at one place, at least and at most */
#define LEAST_SAME		0.02
#define MOST_SAME		0.95
/* an account is there so many times more at most, as a rule */
#define MOST_TWINS		3.0
/* a word of an organisation's name that is not just an article, in bytes */
#define LONG_WORD		5

static int
compare_text_pointers(const void *a, const void *b)
{
	const LsceMatchText *x = *(LsceMatchText *const *) a;
	const LsceMatchText *y = *(LsceMatchText *const *) b;
	int			order = memcmp(x->data, y->data, Min(x->len, y->len));

	return order != 0 ? order : x->len - y->len;
}

/*
 * Give each of the texts its share of them all: how likely another record
 * has it too.  Of few records the share says little, so that
 * what is believed of the field counts as PRIOR_RECORDS more.
 */
static void
count_texts(LsceMatchText **texts, int count, double believed)
{
	int			start = 0;

	qsort(texts, count, sizeof(*texts), compare_text_pointers);
	while (start < count)
	{
		int			end = start + 1;

		while (end < count && compare_text_pointers(&texts[start], &texts[end]) == 0)
			end++;
		for (int i = start; i < end; i++)
			texts[i]->frequency = (float) ((Max(end - start - 1, 1) + PRIOR_RECORDS * believed) / (count + PRIOR_RECORDS));
		start = end;
	}
}

/* The texts of a record whose frequency counts, by field. */
static const LsceMatchField counted_fields[] = {
	LSCE_MATCH_NAME, LSCE_MATCH_GIVEN, LSCE_MATCH_FAMILY, LSCE_MATCH_GIVEN, LSCE_MATCH_FAMILY,
	LSCE_MATCH_HOUSE, LSCE_MATCH_STREET, LSCE_MATCH_POSTAL, LSCE_MATCH_CITY, LSCE_MATCH_PHONE
};

/* The text of a record for an index of counted_fields, or NULL when it has none. */
static LsceMatchText *
text_of(LsceMatchRecord *record, int kind)
{
	LsceMatchPlace *place = record->nplaces > 0 ? unconstify(LsceMatchPlace *, record->places) : NULL;

	switch (kind)
	{
		case 0:
			return &record->name;
		case 1:
			return &record->given;
		case 2:
			return &record->family;
		case 3:
			return &record->given_reading;
		case 4:
			return &record->family_reading;
		case 5:
			return place ? &place->house : NULL;
		case 6:
			return place ? &place->street : NULL;
		case 7:
			return place ? &place->postal : NULL;
		case 8:
			return place ? &place->city : NULL;
		case 9:
			return record->nphones > 0 ? &unconstify(LsceMatchContact *, record->phones)->text : NULL;
		default:
			return NULL;
	}
}

/* Somewhere a record is found: a place, a telephone or an e-mail address. */
typedef struct Contact
{
	const LsceMatchText *parts[3];	/* of a place, or the number alone */
	int			nparts;
	int			record;
	const LsceMatchRecord *of;
	float	   *share;			/* to be filled in */
} Contact;

static int
compare_contacts(const Contact *a, const Contact *b)
{
	if (a->of->kind != b->of->kind)
		return a->of->kind < b->of->kind ? -1 : 1;
	for (int i = 0; i < a->nparts; i++)
	{
		int			order = compare_text_pointers(&a->parts[i], &b->parts[i]);

		if (order != 0)
			return order;
	}
	return 0;
}

static int
compare_contacts_and_records(const void *a, const void *b)
{
	const Contact *x = a;
	const Contact *y = b;
	int			order = compare_contacts(x, y);

	return order != 0 ? order : x->record - y->record;
}

/* Keep one contact of each record at a place; the others get its share later. */
static int
one_of_each_record(const Contact *contacts, int start, int end, const LsceMatchRecord **records, int size)
{
	int			count = 0;

	for (int i = start; i < end; i++)
	{
		if (i > start && contacts[i].record == contacts[i - 1].record)
			continue;
		if (count < size)
			records[count] = contacts[i].of;
		count++;
	}
	return count;
}

static inline bool
same_text(const LsceMatchText *a, const LsceMatchText *b)
{
	return a->len > 0 && a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

/* Do two texts begin with the same letter? */
static inline bool
same_letter(const LsceMatchText *a, const LsceMatchText *b)
{
	int32_t		len = 0;

	if (a->len > 0)
		U8_FWD_1(a->data, len, a->len);
	return len > 0 && len <= b->len && memcmp(a->data, b->data, len) == 0;
}

/* Have two names a longer word in common? */
static bool
word_in_common(const LsceMatchText *a, const LsceMatchText *b)
{
	for (int i = 0, end; i < a->len; i = end + 1)
	{
		for (end = i; end < a->len && a->data[end] != ' ';)
			end++;
		for (int j = 0, last; end - i >= LONG_WORD && j < b->len; j = last + 1)
		{
			for (last = j; last < b->len && b->data[last] != ' ';)
				last++;
			if (last - j == end - i && memcmp(a->data + i, b->data + j, end - i) == 0)
				return true;
		}
	}
	return false;
}

/* At first sight, could the names be those of one account? */
static bool
names_agree(const LsceMatchRecord *a, const LsceMatchRecord *b)
{
	if (a->given.len == 0 && a->family.len == 0)
		return same_text(&a->name, &b->name) || word_in_common(&a->name, &b->name);
	return (same_text(&a->family, &b->family) && same_letter(&a->given, &b->given)) ||
		(same_text(&a->given, &b->given) && same_letter(&a->family, &b->family)) ||
		(same_text(&a->given, &b->family) && same_letter(&a->family, &b->given));
}

/* Pairs of records found together, by how many there are: 2, up to 4, up to 8 ... MOST_TOGETHER. */
typedef struct Together
{
	double		pairs[TOGETHER_CLASSES];
	double		agree[TOGETHER_CLASSES];
} Together;

static int
together_class(int count)
{
	int			class = 0;

	while (class < TOGETHER_CLASSES && (2 << class) < count)
		class++;
	return class;
}

/* Count the pairs of records at one place, and those whose names agree. */
static void
count_together(Together *together, const LsceMatchRecord **records, int count)
{
	int			class = together_class(count);

	for (int i = 0; i < count; i++)
	{
		for (int j = i + 1; j < count; j++)
			together->agree[class] += names_agree(records[i], records[j]);
	}
	together->pairs[class] += 0.5 * count * (count - 1);
}

/* How likely are two of so many records at one place the same? */
static double
same_together(const Together *together, int count)
{
	double		others = Max(count - 1, 1);
	int			class = together_class(count);
	double		same = 0;

	if (class < TOGETHER_CLASSES)
		same = (together->agree[class] + PRIOR_PAIRS * PRIOR_SAME / others) / (together->pairs[class] + PRIOR_PAIRS);
	return Min(Max(same, LEAST_SAME / others), Min(MOST_TWINS / others, MOST_SAME));
}

/*
 * Give each contact of records of one kind the share that makes it weigh what
 * it proves: of two records at one place how likely are they the same?  That is
 * seen from the names of those who are found together: where they are mostly
 * the same, a place tells who it is; where colleagues work side by side it
 * tells little.
 */
static void
weigh_kind(Contact *contacts, int count, int records)
{
	Together	together = {{0}, {0}};

	for (int pass = 0; pass < 2; pass++)
	{
		for (int start = 0, end; start < count; start = end)
		{
			const LsceMatchRecord *found[MOST_TOGETHER];
			int			nfound;
			double		same;

			CHECK_FOR_INTERRUPTS();
			for (end = start + 1; end < count && compare_contacts(&contacts[start], &contacts[end]) == 0;)
				end++;
			nfound = one_of_each_record(contacts, start, end, found, MOST_TOGETHER);
			if (pass == 0)
			{
				if (nfound > 1 && nfound <= MOST_TOGETHER)
					count_together(&together, found, nfound);
				continue;
			}
			same = same_together(&together, nfound);
			for (int i = start; i < end; i++)
				*contacts[i].share = (float) ((1 - same) / same / Max(records, LSCE_MATCH_LEAST_RECORDS));
		}
	}
}

/* Sort the contacts and weigh those of each kind of account. */
static void
weigh_kinds(Contact *contacts, int count, int records)
{
	qsort(contacts, count, sizeof(*contacts), compare_contacts_and_records);
	for (int start = 0, end; start < count; start = end)
	{
		for (end = start + 1; end < count && contacts[end].of->kind == contacts[start].of->kind;)
			end++;
		weigh_kind(contacts + start, end - start, records);
	}
}

/* Add a contact to the list when it says something. */
static void
add_contact(Contact *contacts, int *count, const LsceMatchRecord *of, int record, float *share,
			int nparts, const LsceMatchText *const *parts)
{
	Contact    *contact = &contacts[*count];
	int			len = 0;

	for (int i = 0; i < nparts; i++)
	{
		contact->parts[i] = parts[i];
		len += parts[i]->len;
	}
	contact->nparts = nparts;
	contact->record = record;
	contact->of = of;
	contact->share = share;
	*count += len > 0;
}

/* Weigh each place, telephone and e-mail address. */
static void
weigh_contacts(IdentityRecords *records)
{
	Contact    *contacts = palloc_extended(sizeof(Contact) * (IDENTITY_VALUES * (Size) records->count + 1), MCXT_ALLOC_HUGE);

	for (int kind = 0; kind < 3; kind++)
	{
		int			count = 0;

		for (int r = 0; r < records->count; r++)
		{
			LsceMatchRecord *record = &records->records[r];
			LsceMatchContact *numbers = unconstify(LsceMatchContact *, kind == 1 ? record->phones : record->emails);
			int			nnumbers = kind == 0 ? 0 : kind == 1 ? record->nphones : record->nemails;

			for (int i = 0; kind == 0 && i < record->nplaces; i++)
			{
				LsceMatchPlace *place = &unconstify(LsceMatchPlace *, record->places)[i];
				const LsceMatchText *parts[] = {place->postal.len > 0 ? &place->postal : &place->city, &place->street, &place->house};

				add_contact(contacts, &count, record, r, &place->share, lengthof(parts), parts);
			}
			for (int i = 0; i < nnumbers; i++)
			{
				const LsceMatchText *parts[] = {&numbers[i].text};

				add_contact(contacts, &count, record, r, &numbers[i].share, lengthof(parts), parts);
			}
		}
		weigh_kinds(contacts, count, records->count);
	}
	pfree(contacts);
}

/* Count how frequent the values of the records are among them. */
void
identity_count_frequencies(IdentityRecords *records, const LsceMatchWeights *weights)
{
	LsceMatchText **texts = palloc_extended(sizeof(LsceMatchText *) * (records->count + 1), MCXT_ALLOC_HUGE);

	for (int kind = 0; kind < (int) lengthof(counted_fields); kind++)
	{
		int			count = 0;

		for (int i = 0; i < records->count; i++)
		{
			LsceMatchText *text = text_of(&records->records[i], kind);

			if (text && text->len > 0)
				texts[count++] = text;
		}
		count_texts(texts, count, weights->u[counted_fields[kind]][LSCE_MATCH_EQUAL]);
	}
	pfree(texts);
	weigh_contacts(records);
}
