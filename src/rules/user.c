/*-------------------------------------------------------------------------
 *
 * user.c
 *	  EL04 the user is on the roster of the territory that day and what he is
 *	  may do this; pure.
 *
 * src/rules/user.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "rules/evaluate.h"
#include "rules/step.h"

/* personas that work from the centre, without a territory */
static const char *const central_personas[] = {"sample_ops", "mops", "system", "pool", "ingest"};

/* personas of the medical side of the firewall */
static const char *const medical_personas[] = {"msl", "medinfo"};

/* what each persona may do in the field or from the centre */
static const struct
{
	const char *persona;
	unsigned	kinds;
}			permitted[] =
{
#define FIELD (KIND_BIT(KIND_SAMPLE_DROP) | KIND_BIT(KIND_SAMPLE_SHIP) | KIND_BIT(KIND_DETAIL) | \
	KIND_BIT(KIND_MESSAGE_SEND) | KIND_BIT(KIND_CONTENT_SHARE) | KIND_BIT(KIND_REMOTE_SESSION) | \
	KIND_BIT(KIND_GIFT) | KIND_BIT(KIND_ORDER))
#define MEDICAL (KIND_BIT(KIND_MESSAGE_SEND) | KIND_BIT(KIND_CONTENT_SHARE) | KIND_BIT(KIND_REMOTE_SESSION))
	{"field_rep", FIELD},
	{"partner_rep", FIELD},
	{"manager", FIELD},
	{"kam", FIELD},
	{"inside_rep", FIELD & ~KIND_BIT(KIND_SAMPLE_DROP)},
	{"msl", MEDICAL},
	{"medinfo", MEDICAL},
	{"sample_ops", KIND_BIT(KIND_SAMPLE_SHIP)},
	{"mops", KIND_BIT(KIND_MESSAGE_SEND) | KIND_BIT(KIND_CONTENT_SHARE)},
	{"system", KIND_BIT(KIND_SAMPLE_SHIP) | KIND_BIT(KIND_MESSAGE_SEND) | KIND_BIT(KIND_CONTENT_SHARE)},
	{"pool", KIND_BIT(KIND_MESSAGE_SEND) | KIND_BIT(KIND_CONTENT_SHARE)},
	{"ingest", KIND_BIT(KIND_MESSAGE_SEND) | KIND_BIT(KIND_CONTENT_SHARE)},
};

/* Where no territory acts: kind, and channel (NULL: any). */
static const struct
{
	FactKind	kind;
	const char *channel;
}			without_territory[] =
{
	{KIND_SAMPLE_SHIP, NULL},
	{KIND_MESSAGE_SEND, NULL},
	{KIND_CONTENT_SHARE, NULL},
	{KIND_ORDER, "direct"},
	{KIND_ORDER, "web"},
	{KIND_ORDER, "system"},
	{KIND_REMOTE_SESSION, "web"},
};

/* Whether the persona holds for the country and team of the request. */
static bool
persona_holds(const PersonaFact *persona, const Facts *facts)
{
	if (persona->country != NULL && !rules_text_is(persona->country, facts->request.country))
		return false;
	return !uuid_given(&persona->team_id) || !uuid_given(&facts->request.team_id) ||
		uuid_same(&persona->team_id, &facts->request.team_id);
}

/* Whether the user is, that day, one of the personas named. */
static bool
user_is_one_of(const Facts *facts, const char *const *personas, size_t count)
{
	for (int i = 0; i < facts->user.n_personas; i++)
	{
		if (!persona_holds(&facts->user.personas[i], facts))
			continue;
		for (size_t j = 0; j < count; j++)
		{
			if (rules_text_is(facts->user.personas[i].persona, personas[j]))
				return true;
		}
	}
	return false;
}

/* Whether the user works from the centre. */
bool
user_is_central(const Facts *facts)
{
	return user_is_one_of(facts, central_personas,
						  sizeof(central_personas) / sizeof(central_personas[0]));
}

/*
 * Whether the rules about territories are asked.  They are not for kinds and
 * channels that need no territory, when somebody from the centre acts: a
 * channel alone, which a client may claim, frees nobody.
 */
bool
rules_acts_from_territory(const Facts *facts)
{
	for (size_t i = 0; i < sizeof(without_territory) / sizeof(without_territory[0]); i++)
	{
		if (without_territory[i].kind == facts->request.kind &&
			(without_territory[i].channel == NULL ||
			 rules_text_is(facts->request.channel, without_territory[i].channel)))
			return !user_is_central(facts);
	}
	return true;
}

/* The first persona that may do this, or NULL. */
static const PersonaFact *
permitting_persona(const Facts *facts)
{
	for (int i = 0; i < facts->user.n_personas; i++)
	{
		const PersonaFact *persona = &facts->user.personas[i];

		for (size_t j = 0; persona_holds(persona, facts) && j < sizeof(permitted) / sizeof(permitted[0]); j++)
		{
			if (rules_text_is(persona->persona, permitted[j].persona) &&
				(permitted[j].kinds & KIND_BIT(facts->request.kind)) != 0)
				return persona;
		}
	}
	return NULL;
}

/* Whether the firewall between medical and commercial work stands in the way. */
static bool
behind_firewall(const Facts *facts)
{
	FactKind	kind = facts->request.kind;

	if (kind == KIND_MESSAGE_SEND || kind == KIND_CONTENT_SHARE || kind == KIND_REMOTE_SESSION)
		return false;
	return user_is_one_of(facts, medical_personas,
						  sizeof(medical_personas) / sizeof(medical_personas[0])) ||
		rules_text_is(facts->request.domain, "medical");
}

/* The roster entry that lets the user act in the territory, or NULL. */
static const RosterFact *
usable_roster(const Facts *facts)
{
	bool		sample = rules_is_sample(facts->request.kind);

	for (int i = 0; i < facts->user.n_rosters; i++)
	{
		if (!sample || facts->user.rosters[i].may_sample)
			return &facts->user.rosters[i];
	}
	return NULL;
}

/*
 * EL04: the user is known, his persona may do this, he is not on the other
 * side of the medical firewall, and he is on the roster of the territory on
 * the business day.
 */
void
rule_user_may_act(const Facts *facts, Verdict *verdict, const Rule *rule)
{
	const UserFact *user = &facts->user;
	const PersonaFact *persona = permitting_persona(facts);
	const RosterFact *roster = usable_roster(facts);
	RuleStep   *step = step_new(verdict, rule);

	step_expect_text(step, "action", rules_kind_name(facts->request.kind));
	if (persona == NULL && user->n_personas > 0)
	{
		step_observe_text(step, "role", user->personas[0].persona);
		step_evidence(step, EVIDENCE_USER_ASSIGNMENT, &user->personas[0].row);
	}
	else if (persona != NULL)
	{
		step_observe_text(step, "role", persona->persona);
		step_evidence(step, EVIDENCE_USER_ASSIGNMENT, &persona->row);
	}
	if (behind_firewall(facts))
		step_fail(step, LSCE_REASON_MSL_FIREWALL);
	if (!uuid_given(&facts->request.user_id))
		step_fail(step, LSCE_REASON_USER_MISSING);
	else if (!user->found)
		step_unknown(step, LSCE_REASON_UNKNOWN_USER, "app_user", facts->request.user_id);
	else if (persona == NULL)
		step_fail(step, LSCE_REASON_REP_NOT_AUTHORISED);
	if (uuid_given(&facts->request.territory_id) && !facts->territory.found)
		step_unknown(step, LSCE_REASON_UNKNOWN_RECORD, "territory_node", facts->request.territory_id);
	if (!rules_acts_from_territory(facts))
		return;

	step_expect_bool(step, "on_roster", true);
	step_observe_bool(step, "on_roster", user->n_rosters > 0);
	if (roster != NULL)
		step_evidence(step, EVIDENCE_TERRITORY_USER, &roster->row);
	else if (user->n_rosters > 0)
	{
		step_observe_bool(step, "may_sample", false);
		step_evidence(step, EVIDENCE_TERRITORY_USER, &user->rosters[0].row);
	}
	if (!uuid_given(&facts->request.territory_id))
	{
		step_observe_number(step, "count", facts->request.territory_candidates);
		step_observe_date(step, "date", facts->request.local_day);
		step_fail(step, LSCE_REASON_TERRITORY_AMBIGUOUS);
	}
	else if (roster == NULL)
		step_fail(step, LSCE_REASON_REP_NOT_AUTHORISED);
}
