/*-------------------------------------------------------------------------
 *
 * facts.h
 *	  What the rules look at and what they answer; needs no server.
 *
 * A decision is judged in three steps: the request says what is to be done,
 * the loader gathers the facts about it, and the evaluator (evaluate.c) turns
 * the facts into a verdict.  The evaluator reads nothing but this structure,
 * so a stored decision is recomputed from its stored facts.
 *
 * Dates are days since 2000-01-01, moments are microseconds since 2000-01-01
 * 00:00 UTC, both as the server has them.  Ranges are half-open.  Quantities
 * are whole millionths.  Texts and arrays live in the memory of whoever made
 * the facts.  A text that is NULL, a uuid of zeroes, DATE_NONE and TIME_NONE
 * stand for "not known" or "not given"; unknown never helps a request.
 *
 * Facts hold no names, no addresses, no telephone numbers, no e-mail
 * addresses; licence numbers are keyed hashes.
 *
 * src/rules/facts.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_FACTS_H
#define LSCE_RULES_FACTS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "errors_table.h"

#define DATE_NONE INT32_MIN
#define TIME_NONE INT64_MIN
#define DATE_OPEN_FROM (-730119)	/* 0001-01-01: no beginning */
#define DATE_OPEN_TO 2921939	/* 9999-12-31: no end */
#define QUANTITY_UNIT INT64_C(1000000)	/* one whole unit */
#define QUANTITY_MAX (INT64_MAX / 4)	/* so that sums of two do not overflow */

/* a uuid in network byte order, like pg_uuid_t */
typedef struct Uuid16
{
	unsigned char data[16];
} Uuid16;

/* the row that a fact was read from, as it was */
typedef struct FactRow
{
	Uuid16		id;				/* key of the row */
	int64_t		version;		/* its sys_from; TIME_NONE if the table has none */
} FactRow;

typedef struct TextList
{
	int			count;
	const char **items;
} TextList;

typedef enum Tristate
{
	TRI_UNKNOWN = 0,
	TRI_FALSE,
	TRI_TRUE
} Tristate;

/* kind = action, one vocabulary; rules_kind_name() has the names */
typedef enum FactKind
{
	KIND_NONE = 0,
	KIND_SAMPLE_DROP,
	KIND_SAMPLE_SHIP,
	KIND_DETAIL,
	KIND_MESSAGE_SEND,
	KIND_CONTENT_SHARE,
	KIND_REMOTE_SESSION,
	KIND_GIFT,
	KIND_ORDER
} FactKind;
#define KIND_COUNT (KIND_ORDER + 1)

/*
 * What is to be judged.  The first part is what the caller says; the second
 * is filled by rules_resolve(), which also fills what the caller left out of
 * the first.
 */
typedef struct RuleRequest
{
	FactKind	kind;
	Uuid16		fact_id;		/* the fact to be permitted; zero for advice */
	Uuid16		account_id;		/* who receives */
	Uuid16		product_id;
	int64_t		quantity;		/* millionths of a unit; 0 where none */
	Uuid16		user_id;		/* who acts */
	Uuid16		territory_id;
	Uuid16		visit_id;
	Uuid16		request_id;
	Uuid16		batch_id;
	Uuid16		location_id;	/* where the lot is taken from */
	Uuid16		delivery_point_id;	/* contact point of the delivery */
	Uuid16		practitioner_id;	/* who asked and signed */
	Uuid16		contact_point_id;	/* where a message goes */
	Uuid16		controller_id;	/* company in whose name data are used */
	const char *channel;		/* visit channel or message channel; NULL */
	const char *purpose;		/* data use purpose; NULL */
	int64_t		at;				/* when it happens; TIME_NONE: now */
	int64_t		known_at;		/* as known when; TIME_NONE: now */
	int64_t		received_at;	/* when the server got it; TIME_NONE: now */
	const char *justification;	/* reason given for taking a warning */
	bool		suggest;		/* advice: find a request, lot, visit not named */

	/* resolved */
	Uuid16		recipient_id;	/* account_id, or the survivor of its merge */
	Uuid16		prescriber_id;	/* practitioner_id, or the survivor of his merge */
	Uuid16		hco_id;			/* organisation of the delivery point */
	Uuid16		company_id;		/* company of the acting user */
	Uuid16		team_id;		/* team of the territory */
	const char *country;		/* place of delivery */
	const char *region;			/* same, ISO 3166-2; NULL */
	const char *tz;				/* zone of the business day */
	Uuid16		place_id;		/* point that delivery_point_id inherits from, or itself */
	bool		place_foreign;	/* nobody here is known to be at place_id */
	bool		can_ship;		/* samples may be sent to delivery_point_id */
	const char *domain;			/* commercial, medical, access */
	int32_t		local_day;		/* business day at the place of delivery */
	int32_t		received_day;	/* the same of received_at */
	int32_t		territory_candidates;	/* how many primary rosters, if not 1 */
} RuleRequest;

/* EL01-EL03: the recipient, and the practitioner who asked */
typedef struct AccountFact
{
	bool		found;
	FactRow		row;
	bool		merged;			/* row is the survivor of the account named */
	const char *kind;			/* hcp, hco, ... */
	const char *status;
	const char *country;
	bool		prescriber;
	bool		has_hcp;
	FactRow		hcp;
	const char *profession;
	bool		no_contact;
	bool		has_hco;
	FactRow		hco;
	const char *hco_type;
	bool		accepts_samples;
} AccountFact;

/* EL04 */
typedef struct PersonaFact
{
	FactRow		row;
	const char *persona;
	const char *country;		/* NULL: every country */
	Uuid16		team_id;		/* zero: every team */
} PersonaFact;

typedef struct RosterFact
{
	FactRow		row;
	const char *role;
	bool		may_sample;
} RosterFact;

typedef struct QualificationFact
{
	FactRow		row;
	const char *kind;
	int32_t		level;
	const char *jurisdiction;	/* country or region; NULL: all */
	bool		covers_product; /* for this product, one above it, or all */
} QualificationFact;

typedef struct UserFact
{
	bool		found;
	Uuid16		user_id;
	Uuid16		company_id;
	int			n_personas;		/* of the local day */
	PersonaFact *personas;
	int			n_rosters;		/* in the territory of the request, that day */
	RosterFact *rosters;
	int			n_qualifications;	/* of the local day */
	QualificationFact *qualifications;
} UserFact;

/* EL05 */
typedef struct TerritoryFact
{
	bool		found;
	Uuid16		territory_id;
	Uuid16		team_id;
	Uuid16		company_id;
	const char *domain;
	bool		placed;			/* in the tree of the active model */
	Uuid16		model_id;
	bool		account_aligned;
	FactRow		alignment;		/* id is the account */
	int32_t		alignment_from;
} TerritoryFact;

/* EL06 */
typedef struct ProductFact
{
	bool		found;
	FactRow		row;
	const char *type;
	const char *spec_type;
	const char *distribution_method;
	const char *signature_level;
	const char *class_code;
	const char *dosage_form;
	Uuid16		brand_id;
	Uuid16		company_id;
	int64_t		strength_mg;	/* millionths; 0: not known */
	int32_t		pack_size;		/* 0: not known */
	bool		competitor;
	int32_t		valid_from;
	int32_t		valid_to;
	int			n_path;			/* itself first, then what it stands under */
	Uuid16	   *path;
} ProductFact;

typedef struct MarketFact
{
	bool		found;
	FactRow		row;
	Uuid16		company_id;
	int32_t		authorised_on;
	int32_t		first_marketed_on;
	int32_t		first_supplied_on;
	int32_t		extended_on;
	int32_t		reclassified_on;
	int32_t		withdrawn_on;
	const char *rx_class;
	Tristate	smallest_pack;
	bool		sampleable;
	const char *controlled_schedule;	/* NULL: not controlled */
	const char *sample_class;
	int64_t		reimbursed_pct; /* millionths; -1: not known */
} MarketFact;

/* a limit template that covers product and country; also EL02, EL06, EL13 */
typedef struct TemplateFact
{
	FactRow		row;
	const char *code;
	const char *label;
	const char *legal_ref;
	const char *authority;
	bool		law_based;
	bool		warning;		/* enforcement: warning instead of error */
	TextList	recipients;
	TextList	preconditions;
	TextList	exclusions;
	TextList	obligations;
	const char *pack_rule;
	FactRow		assignment;		/* zero: applies by country */
	int64_t		quota_override; /* millionths; -1: none */
	int64_t		per_visit_override; /* same */
} TemplateFact;

/* EL07: one row of product alignment on the way up the tree */
typedef struct ProductAlignmentFact
{
	FactRow		row;
	int32_t		distance;		/* levels above the territory; 0: itself */
	const char *type;			/* include, include_subtree, exclude, exclude_subtree */
	TextList	purposes;
} ProductAlignmentFact;

/* EL08 */
typedef struct RestrictionFact
{
	FactRow		row;
	Uuid16		product_id;		/* the product, or one above it */
	Uuid16		territory_id;	/* zero: everywhere */
	TextList	actions;
	int32_t		valid_to;
} RestrictionFact;

/* EL09 */
typedef struct SpecialtyFact
{
	FactRow		row;			/* id is the account */
	const char *path;
	int32_t		rank;
} SpecialtyFact;

typedef struct CertificationFact
{
	FactRow		row;
	const char *board;
	const char *path;
	const char *status;
} CertificationFact;

typedef struct SetMemberFact
{
	const char *path;
	bool		exclude;
} SetMemberFact;

typedef struct PolicyFact
{
	FactRow		row;
	int32_t		level;			/* levels above the product; 0: itself */
	bool		allowed;
	bool		law_based;
	const char *legal_ref;
	const char *region;			/* NULL: whole country */
	const char *persona;
	Uuid16		set_id;			/* zero: no set required */
	const char *set_code;
	int			n_members;
	SetMemberFact *members;
	const char *specialty;
	const char *profession;
	const char *board;
	const char *license_kind;
	const char *qualification_kind;
	int32_t		qualification_level;
} PolicyFact;

/* EL10, EL11: licences of the practitioner, whatever their state */
typedef struct LicenseFact
{
	FactRow		row;
	const char *kind;
	const char *jurisdiction;
	const char *number_hash;
	const char *license_class;
	TextList	schedules;
	bool		sample_eligible;
	const char *status;
	int32_t		verified_on;
	int32_t		valid_from;
	int32_t		valid_to;
	bool		covers_product; /* no rows in license_product, or one fits */
} LicenseFact;

/* EL13 */
typedef struct SampleRequestFact
{
	bool		found;
	FactRow		row;
	const char *kind;			/* drop, ship */
	const char *status;
	Uuid16		account_id;		/* survivor */
	Uuid16		practitioner_id;	/* survivor */
	Uuid16		ship_to_id;
	bool		standing;
	int64_t		requested_at;
	int32_t		requested_day;	/* in the zone of the delivery */
	int32_t		longest_day;	/* last day of the longest arrangement allowed */
	int32_t		deliver_until;	/* last day; DATE_NONE: not said */
	bool		has_signature;	/* a signature row is there */
	FactRow		signature;
	Uuid16		signer_id;		/* survivor */
	int64_t		signed_at;
	int64_t		signature_expires_at;
	bool		has_line;		/* for the product */
	int64_t		requested;
	int64_t		fulfilled;
	const char *purpose;		/* what the samples are for, if the form says */
	TextList	fields;			/* names of the form's filled fields */
	TextList	required_fields;	/* by setting sample_request_fields */
	FactRow		required_by;	/* that setting */
} SampleRequestFact;

/* what comes with an action: code of code set obligation, and by when */
typedef struct ObligationFact
{
	const char *code;
	int32_t		due_day;		/* last day to do it; DATE_NONE: no day */
} ObligationFact;

/* EL14, filled by consent_facts_load() of src/consent */
typedef struct ConsentFact
{
	bool		evaluated;
	bool		allowed;
	LsceReason	reason;			/* when not allowed */
	const char *state;			/* opt_in, opt_out, withdrawn, ... */
	const char *purpose;
	const char *channel;
	const char *basis;
	const char *legal_ref;
	Uuid16		regime_id;
	int64_t		effective_from; /* of the deciding event */
	int64_t		until;			/* when it lapses; TIME_NONE: not */
	int			n_events;		/* the deciding events */
	Uuid16	   *events;
	TextList	missing;		/* evidence that is missing */
	int			n_obligations;
	ObligationFact *obligations;
	Uuid16		given_to;		/* CONSENT_CONTROLLER: to whom instead */
	const char *given;			/* CONSENT_PURPOSE: for what instead */
	const char *rule;			/* why it lapsed, or the permitted hours */
	int32_t		local_minute;	/* of the day at the contact point; -1 */
} ConsentFact;

/* where a message goes */
typedef struct ContactFact
{
	bool		found;
	FactRow		row;
	Uuid16		account_id;		/* survivor of its owner */
	const char *kind;			/* address, email, phone, social */
	const char *channel_kind;	/* kind that the channel needs; NULL: unknown channel */
	int32_t		valid_from;
	int32_t		valid_to;
} ContactFact;

/* EL16, EL17 */
typedef struct LotFact
{
	bool		found;
	FactRow		row;
	Uuid16		product_id;
	const char *lot_no;
	const char *status;
	int32_t		expires_on;		/* last usable day */
	bool		location_found;
	const char *location_kind;
	Uuid16		location_user;	/* whose bag; zero: no bag */
	int64_t		on_hand;
	bool		may_go_negative;
} LotFact;

/* EL19, filled by limits_load() of src/sample */
typedef enum LimitWindow
{
	LIMIT_WINDOW_OPEN = 0,
	LIMIT_WINDOW_NOT_YET,
	LIMIT_WINDOW_CLOSED,
	LIMIT_WINDOW_UNKNOWN		/* the anchor has no date: refused */
} LimitWindow;

typedef struct LimitFact
{
	FactRow		row;			/* limit_rule */
	int32_t		template_index; /* into Facts.templates */
	const char *name;
	const char *subject;
	const char *subject_key;
	const char *pool;
	const char *pool_key;
	const char *counting;
	const char *period;
	bool		applies;		/* false: its conditions do not hold here */
	bool		unknown_condition;	/* applies_when has a key we do not know */
	LimitWindow window;
	int32_t		opens_on;		/* of the lifecycle window; DATE_NONE */
	int32_t		closes_on;		/* its last day; DATE_NONE */
	int32_t		window_from;	/* of the counting period, half-open */
	int32_t		window_to;
	bool		has_quota;
	int64_t		quota;
	bool		has_per_visit;
	int64_t		per_visit;
	int64_t		charge;			/* what this hand-over counts */
	int64_t		used;			/* in the counting period */
	int64_t		excess;			/* admitted above the quota */
	int64_t		used_in_visit;	/* in this visit, for whatever request */
	int32_t		next_free_on;	/* DATE_NONE: not known or never */
} LimitFact;

/* EL15, EL20 */
typedef struct VisitFact
{
	bool		found;
	FactRow		row;
	Uuid16		place_id;		/* resolved as that of the request; zero: not said */
	Uuid16		account_id;		/* survivor */
	Uuid16		territory_id;
	Uuid16		owner_id;
	const char *status;
	const char *domain;
	const char *channel;
	int64_t		actual_from;	/* its begin */
	int64_t		ends_at;		/* its end; until it has one, that of the local day of its begin */
	bool		delay_reason;	/* one was given */
} VisitFact;

/* settings read, narrowest scope; a row of zeroes means not set */
typedef struct SettingFact
{
	FactRow		row;
	bool		set;
	int64_t		value;
} SettingFact;

typedef struct Facts
{
	RuleRequest request;
	AccountFact account;		/* the recipient */
	AccountFact practitioner;	/* who asked; the recipient himself if an HCP */
	UserFact	user;
	TerritoryFact territory;
	ProductFact product;
	MarketFact	market;
	int			n_templates;
	TemplateFact *templates;
	int			n_alignments;
	ProductAlignmentFact *alignments;
	int			n_restrictions;
	RestrictionFact *restrictions;
	int			n_policies;
	PolicyFact *policies;
	int			n_specialties;	/* of the practitioner */
	SpecialtyFact *specialties;
	int			n_certifications;
	CertificationFact *certifications;
	int			n_licenses;
	LicenseFact *licenses;
	SampleRequestFact sample_request;
	ConsentFact consent;
	ContactFact contact;
	LotFact		lot;
	int			n_limits;
	LimitFact  *limits;
	VisitFact	visit;
	SettingFact license_max_age_days;
	SettingFact back_date_days;
	SettingFact clock_tolerance_minutes;
	SettingFact visit_tolerance_minutes;
} Facts;

/* The answer. */

typedef enum RuleResult
{
	RULE_PASS,
	RULE_WARN,
	RULE_FAIL,
	RULE_SKIP					/* does not apply to this kind and channel */
} RuleResult;

typedef enum VerdictOutcome
{
	VERDICT_ALLOW,
	VERDICT_WARN,
	VERDICT_DENY
} VerdictOutcome;

typedef enum ValueType
{
	VALUE_TEXT,
	VALUE_TEXTS,
	VALUE_UUID,
	VALUE_DATE,					/* printed as it is: give last days, not ends */
	VALUE_TIME,
	VALUE_QUANTITY,
	VALUE_NUMBER,
	VALUE_BOOL
} ValueType;

/* one key of expected or observed; also the slots of the message */
typedef struct RuleValue
{
	const char *key;
	ValueType	type;
	union
	{
		const char *text;
		TextList	texts;
		Uuid16		id;
		int32_t		date;
		int64_t		time;
		int64_t		quantity;
		int64_t		number;
		bool		flag;
	}			v;
} RuleValue;

/* tables whose rows are evidence; names in table.c */
typedef enum EvidenceTable
{
	EVIDENCE_ACCOUNT,
	EVIDENCE_HCP,
	EVIDENCE_HCO,
	EVIDENCE_USER_ASSIGNMENT,
	EVIDENCE_TERRITORY_USER,
	EVIDENCE_USER_QUALIFICATION,
	EVIDENCE_ACCOUNT_TERRITORY,
	EVIDENCE_PRODUCT,
	EVIDENCE_PRODUCT_MARKET,
	EVIDENCE_LIMIT_TEMPLATE,
	EVIDENCE_PRODUCT_ALIGNMENT,
	EVIDENCE_RESTRICTION,
	EVIDENCE_SAMPLING_POLICY,
	EVIDENCE_ACCOUNT_SPECIALTY,
	EVIDENCE_CERTIFICATION,
	EVIDENCE_LICENSE,
	EVIDENCE_SAMPLE_REQUEST,
	EVIDENCE_SIGNATURE,
	EVIDENCE_CONSENT_EVENT,
	EVIDENCE_CONSENT_REGIME,
	EVIDENCE_CONTACT_POINT,
	EVIDENCE_BATCH,
	EVIDENCE_LIMIT_RULE,
	EVIDENCE_VISIT,
	EVIDENCE_SETTING,
	EVIDENCE_TABLE_COUNT
} EvidenceTable;

typedef struct RuleEvidence
{
	EvidenceTable table;
	FactRow		row;
} RuleEvidence;

#define STEP_MAX_EXPECTED 6
#define STEP_MAX_OBSERVED 10
#define STEP_MAX_EVIDENCE 8

/* what one rule says; a rule over several rows (limits) says it for each */
typedef struct RuleStep
{
	const struct Rule *rule;	/* table.c */
	RuleResult	result;
	LsceReason	reason;			/* of warn and fail */
	const char *legal_ref;
	int			n_expected;
	RuleValue	expected[STEP_MAX_EXPECTED];
	int			n_observed;
	RuleValue	observed[STEP_MAX_OBSERVED];
	int			n_evidence;
	RuleEvidence evidence[STEP_MAX_EVIDENCE];
} RuleStep;

#define VERDICT_MAX_OBLIGATIONS 32
#define VERDICT_MAX_LISTED 96

typedef struct Verdict
{
	VerdictOutcome outcome;
	LsceReason	primary;		/* first failure, else first warning, else none */
	int			n_steps;
	int			max_steps;		/* rules_max_steps() of the facts */
	RuleStep   *steps;			/* caller's memory */
	int			n_obligations;
	ObligationFact obligations[VERDICT_MAX_OBLIGATIONS];
	int			n_listed;
	const char *listed[VERDICT_MAX_LISTED];	/* items of lists that rules made */
} Verdict;

#endif							/* LSCE_RULES_FACTS_H */
