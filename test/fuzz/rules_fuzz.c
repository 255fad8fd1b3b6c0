/*-------------------------------------------------------------------------
 *
 * rules_fuzz.c
 *	  Fuzzing of the pure evaluator.
 *
 * The input changes facts for which every rule passes: each step of it names a
 * field, by walking the layout, and gives it another value.  Whatever the
 * facts, the verdict must agree with its steps, going stage by stage must
 * answer the same, and a rule must only give the reasons it names.
 *
 * sources: src/errors_table.c src/rules/account.c src/rules/consent.c
 * sources: src/rules/evaluate.c src/rules/layout.c src/rules/licence.c src/rules/lot.c
 * sources: src/rules/policy.c src/rules/product.c src/rules/quantity.c
 * sources: src/rules/recipient.c src/rules/request.c src/rules/step.c
 * sources: src/rules/table.c src/rules/territory.c src/rules/user.c
 * sources: src/rules/visit.c
 *
 * test/fuzz/rules_fuzz.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/rules_fixture.h"

#include "rules/layout.h"

/* Abort, naming what does not hold. */
#define HOLDS(condition) \
	((condition) ? (void) 0 : (fprintf(stderr, "line %d: %s\n", __LINE__, #condition), abort()))

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Input
{
	const uint8_t *data;
	size_t		left;
} Input;

static const char *const words[] = {
	NULL, "", "active", "merged", "hcp", "hco", "physician", "pharmacist", "retail_pharmacy", "hospital_pharmacy", "prescriber", "medical_staff", "purpose_appearance_check", "otc",
	"field_rep", "msl", "sample_ops", "mops", "US", "US-CA", "DE", "web", "email", "in_person", "medical", "product", "sample",
	"drop", "ship", "drop_and_ship", "optional", "controlled", "prescription_only", "rx", "otc", "special_prescription", "IV",
	"seizai_mihon", "purpose_appearance_check", "written_request", "smallest_pack", "supply_hours_at_most:72", "include",
	"exclude", "exclude_subtree", "sample_drop", "detail", "medicine", "medicine.allergy", "medicine.allergy.veterinary",
	"ABAI", "certified", "kam", "state", "national", "dea", "verified", "draft", "suspended", "signed", "cancelled", "released",
	"recalled", "rep", "lifetime", "none", "per_request", "in_progress", "submitted",
};

static uint8_t
next_byte(Input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->data++;
}

/* A number near zero, near the fixture's, or at the edge of the type. */
static int64_t
next_number(Input *in, int64_t about, int64_t lowest, int64_t highest)
{
	uint8_t		how = next_byte(in);

	switch (how % 4)
	{
		case 0:
			return (int8_t) next_byte(in);
		case 1:
			return about + (int8_t) next_byte(in);
		case 2:
			return lowest;
		default:
			return highest;
	}
}

static const char *
next_word(Input *in)
{
	return words[next_byte(in) % (sizeof(words) / sizeof(words[0]))];
}

/* Change the plain field at "value". */
static void
change_value(Input *in, FieldType type, void *value)
{
	static const char *list[4];
	TextList   *texts = value;

	switch (type)
	{
		case FIELD_UUID:
			*(Uuid16 *) value = ID(next_byte(in) % (ROWS + 1));
			break;
		case FIELD_DATE:
		case FIELD_INT:
			*(int32_t *) value = (int32_t) next_number(in, DAY, INT32_MIN, INT32_MAX);
			break;
		case FIELD_TIME:
			*(int64_t *) value = next_number(in, AT, INT64_MIN, INT64_MAX);
			break;
		case FIELD_QUANTITY:
		case FIELD_INT64:
			*(int64_t *) value = next_number(in, ONE, INT64_MIN, INT64_MAX);
			break;
		case FIELD_BOOL:
			*(bool *) value = next_byte(in) & 1;
			break;
		case FIELD_TRISTATE:
			*(Tristate *) value = (Tristate) (next_byte(in) % 3);
			break;
		case FIELD_TEXT:
			*(const char **) value = next_word(in);
			break;
		case FIELD_TEXTS:
			for (int i = 0; i < 4; i++)
			{
				const char *word = next_word(in);

				list[i] = word ? word : "";
			}
			texts->count = next_byte(in) % 5;
			texts->items = list;
			break;
		case FIELD_KIND:
			*(FactKind *) value = (FactKind) (1 + next_byte(in) % (KIND_COUNT - 1));
			break;
		case FIELD_REASON:
			*(LsceReason *) value = (LsceReason) (next_byte(in) % LSCE_REASON_COUNT);
			break;
		case FIELD_WINDOW:
			*(LimitWindow *) value = (LimitWindow) (next_byte(in) % 4);
			break;
		default:
			break;
	}
}

/* Walk down from a structure to a field and change it; lists may grow to their room. */
static void
change_field(Input *in, char *base, const Layout *layout)
{
	const Field *field = &layout->fields[next_byte(in) % layout->n_fields];
	void	   *value = base + field->offset;
	int		   *count = (int *) (base + field->count_offset);
	uint8_t		which;

	switch (field->type)
	{
		case FIELD_STRUCT:
			change_field(in, value, field->layout);
			break;
		case FIELD_ARRAY:
		case FIELD_UUIDS:
			which = next_byte(in);
			if (*(char **) value == NULL)
				break;
			if (which & 0x80)
				*count = which % (MANY + 1);
			else if (*count > 0 && field->type == FIELD_ARRAY)
				change_field(in, *(char **) value + (which % *count) * field->layout->size, field->layout);
			break;
		default:
			change_value(in, field->type, value);
			break;
	}
}

/* The reason is one that the rule names; consent passes on those of src/consent. */
static bool
names(const Rule *rule, LsceReason reason)
{
	for (int i = 0; i < RULE_MAX_REASONS; i++)
	{
		if (rule->reasons[i] == reason)
			return true;
	}
	return strcmp(rule->code, "EL14") == 0;
}

/* The outcome follows from the steps. */
static void
check_verdict(const Verdict *v)
{
	bool		fails = false;
	bool		warns = false;
	bool		primary = false;

	HOLDS(v->n_steps < v->max_steps);
	for (int i = 0; i < v->n_steps; i++)
	{
		const RuleStep *step = &v->steps[i];

		HOLDS(step->n_evidence <= STEP_MAX_EVIDENCE);
		if (step->result != RULE_FAIL && step->result != RULE_WARN)
			continue;
		HOLDS(step->reason > LSCE_REASON_NONE && step->reason < LSCE_REASON_COUNT);
		HOLDS(names(step->rule, step->reason));
		fails = fails || step->result == RULE_FAIL;
		warns = warns || step->result == RULE_WARN;
		primary = primary || step->reason == v->primary;
	}
	HOLDS(v->outcome == (fails ? VERDICT_DENY : warns ? VERDICT_WARN : VERDICT_ALLOW));
	HOLDS(primary == (fails || warns));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		in = {data, size};
	Facts	   *facts = good_facts();
	static RuleStep first_steps[64];
	Verdict		all = {.steps = room.steps};
	Verdict		first = {.steps = first_steps};
	bool		fails = false;

	while (in.left > 0)
		change_field(&in, (char *) facts, &facts_layout);
	for (int i = 0; i < MANY; i++)
		room.limits[i].template_index = 0;
	if (facts->n_templates == 0)
		facts->n_limits = 0;

	all.max_steps = first.max_steps = rules_max_steps(facts);
	HOLDS(all.max_steps <= 64);
	rules_evaluate(facts, &all);
	check_verdict(&all);
	for (int stage = 0; stage < STAGE_COUNT && !fails; stage++)
	{
		fails = rules_stage_fails(facts, (FactStage) stage, &first);
		check_verdict(&first);
	}
	HOLDS((all.outcome == VERDICT_DENY) == fails);
	return 0;
}
