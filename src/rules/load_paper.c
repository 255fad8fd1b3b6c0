/*-------------------------------------------------------------------------
 *
 * load_paper.c
 *	  Facts about papers and goods: specialties, certifications and licences
 *	  of the practitioner, the written request, the lot, the contact point,
 *	  settings.
 *
 * src/rules/load_paper.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "rules/direct.h"
#include "rules/load.h"
#include "rules/rules.h"
#include "rules/step.h"

#define SPECIALTY_SQL(T) \
	"SELECT account_id, sys_from, code::text, rank " \
	"FROM " T("account_specialty", "account_id, sys_from, code, rank, valid_from, valid_to") " AS s " \
	"WHERE account_id = $2 AND valid_from <= $3 AND $3 < valid_to ORDER BY rank, code::text COLLATE \"C\""
static const AccessStatement specialty_statement[] = KNOWN_PAIR_DIRECT(SPECIALTY_SQL, direct_specialty, 3, TIMESTAMPTZOID, UUIDOID, DATEOID);

#define CERTIFICATION_SQL(T) \
	"SELECT certification_id, sys_from, board, specialty::text, status " \
	"FROM " T("account_certification", "certification_id, sys_from, account_id, board, specialty, status, valid_from, valid_to") " AS c " \
	"WHERE account_id = $2 AND valid_from <= $3 AND $3 < valid_to ORDER BY board, specialty::text COLLATE \"C\", certification_id"
static const AccessStatement certification_statement[] =
KNOWN_PAIR_DIRECT(CERTIFICATION_SQL, direct_certification, 3, TIMESTAMPTZOID, UUIDOID, DATEOID);

/*
 * The number goes in as a digest keyed by the model's secret: two decisions
 * about the same licence can be told to be so, the number cannot be guessed.
 */
#define LICENSE_SQL(T) \
	"SELECT l.license_id, l.sys_from, l.kind, l.jurisdiction, " \
	"encode(sha256(k.key || sha256(k.key || convert_to(l.number, 'UTF8'))), 'hex'), " \
	"l.license_class, l.schedules, l.sample_eligible, l.status, l.verified_on, l.valid_from, l.valid_to, " \
	"NOT EXISTS (SELECT FROM @m.license_product AS s WHERE s.license_id = l.license_id) " \
	"OR EXISTS (SELECT FROM @m.license_product AS s WHERE s.license_id = l.license_id AND s.product_id = ANY ($3)) " \
	"FROM " T("license", "license_id, sys_from, account_id, kind, jurisdiction, number, license_class, schedules, sample_eligible, status, " \
	"verified_on, valid_from, valid_to") " AS l " \
	"CROSS JOIN (SELECT (SELECT value FROM @m.model_secret WHERE name = 'facts_key')) AS k (key) " \
	"WHERE l.account_id = ANY (ARRAY(SELECT a.account_id FROM " T("account", "account_id, survivor_id") " AS a " \
	"WHERE a.account_id = $2 OR a.survivor_id = $2)) ORDER BY l.kind, l.jurisdiction, l.valid_from, l.license_id"
static const AccessStatement license_statement[] = KNOWN_PAIR_DIRECT(LICENSE_SQL, direct_license, 3, TIMESTAMPTZOID, UUIDOID, UUIDARRAYOID);

static void
load_licenses(const Load *load)
{
	Facts	   *facts = load->facts;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->prescriber_id),
	load_uuids(facts->product.path, facts->product.n_path)};
	uint64		count = load_read(load, license_statement, args, NULL);

	facts->licenses = load_array(load, count, sizeof(LicenseFact));
	facts->n_licenses = count;
	for (uint64 i = 0; i < count; i++)
	{
		LicenseFact *l = &facts->licenses[i];

		l->row = load_row(i, 1, 2);
		l->kind = load_text(load, i, 3);
		l->jurisdiction = load_text(load, i, 4);
		l->number_hash = load_text(load, i, 5);
		l->license_class = load_text(load, i, 6);
		l->schedules = load_texts(load, i, 7);
		l->sample_eligible = access_bool(i, 8);
		l->status = load_text(load, i, 9);
		l->verified_on = load_date(i, 10);
		l->valid_from = load_date(i, 11);
		l->valid_to = load_date(i, 12);
		l->covers_product = access_bool(i, 13);
	}
}

/* What the practitioner is and holds. */
void
load_practitioner(const Load *load)
{
	Facts	   *facts = load->facts;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->prescriber_id),
	DateADTGetDatum(load->request->local_day)};
	uint64		count;

	if (!uuid_given(&load->request->prescriber_id))
		return;
	count = load_read(load, specialty_statement, args, NULL);
	facts->specialties = load_array(load, count, sizeof(SpecialtyFact));
	facts->n_specialties = count;
	for (uint64 i = 0; i < count; i++)
	{
		facts->specialties[i].row = load_row(i, 1, 2);
		facts->specialties[i].path = load_text(load, i, 3);
		facts->specialties[i].rank = access_int32(i, 4);
	}
	count = load_read(load, certification_statement, args, NULL);
	facts->certifications = load_array(load, count, sizeof(CertificationFact));
	facts->n_certifications = count;
	for (uint64 i = 0; i < count; i++)
	{
		facts->certifications[i].row = load_row(i, 1, 2);
		facts->certifications[i].board = load_text(load, i, 3);
		facts->certifications[i].path = load_text(load, i, 4);
		facts->certifications[i].status = load_text(load, i, 5);
	}
	load_licenses(load);
}

/*
 * An arrangement runs six months at most, to the end of a shorter month (21
 * CFR 203.35).  Fields of the form count when they hold something; what the
 * request has as rows of its own need not stand in them again.
 */
#define REQUEST_SQL(T) \
	"SELECT r.request_id, r.sys_from, r.kind, r.status, coalesce(a.survivor_id, a.account_id), " \
	"coalesce(p.survivor_id, p.account_id), r.ship_to_id, r.standing, r.requested_at, " \
	"(r.requested_at AT TIME ZONE $4)::date, ((r.requested_at AT TIME ZONE $4)::date + interval '6 months')::date, " \
	"r.deliver_until, g.signature_id, coalesce(s.survivor_id, s.account_id), g.signed_at, g.expires_at, " \
	"l.request_id IS NOT NULL, (l.requested * 1000000)::bigint, (l.fulfilled * 1000000)::bigint, " \
	"ARRAY(SELECT f.key FROM (SELECT o.key FROM jsonb_each_text(CASE WHEN jsonb_typeof(r.fields) = 'object' THEN r.fields ELSE '{}' END) AS o " \
	"WHERE o.value <> '' UNION SELECT d.name FROM (VALUES ('date', true), ('licence_no', r.license_id IS NOT NULL), " \
	"('signature', g.signature_id IS NOT NULL), ('product_name', l.request_id IS NOT NULL), ('qty', l.request_id IS NOT NULL)) " \
	"AS d (name, there) WHERE d.there) AS f (key) ORDER BY f.key COLLATE \"C\"), nullif(r.fields ->> 'purpose', '') " \
	"FROM " T("sample_request", "request_id, sys_from, kind, status, account_id, practitioner_id, ship_to_id, standing, requested_at, " \
	"deliver_until, signature_id, license_id, fields") " AS r " \
	"JOIN " T##_BY("account", "account_id, survivor_id", "a", "account_id", "r.account_id") " " \
	"JOIN " T##_BY("account", "account_id, survivor_id", "p", "account_id", "r.practitioner_id") " " \
	"LEFT JOIN @m.signature AS g ON g.signature_id = r.signature_id AND g.purpose = 'sample_request' " \
	"LEFT JOIN " T##_BY("account", "account_id, survivor_id", "s", "account_id", "g.signer_account_id") " " \
	"LEFT JOIN @m.sample_request_line AS l ON l.request_id = r.request_id AND l.product_id = $3 " \
	"WHERE r.request_id = $2"
static const AccessStatement request_statement[] = KNOWN_PAIR_DIRECT(REQUEST_SQL, direct_request, 4, TIMESTAMPTZOID, UUIDOID, UUIDOID, TEXTOID);

void
load_sample_request(const Load *load)
{
	SampleRequestFact *fact = &load->facts->sample_request;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->request_id),
		PointerGetDatum(&load->request->product_id),
	CStringGetTextDatum(load->request->tz)};

	if (!uuid_given(&load->request->request_id) || load_read(load, request_statement, args, NULL) == 0)
		return;
	fact->found = true;
	fact->row = load_row(0, 1, 2);
	fact->kind = load_text(load, 0, 3);
	fact->status = load_text(load, 0, 4);
	fact->account_id = load_uuid(0, 5);
	fact->practitioner_id = load_uuid(0, 6);
	fact->ship_to_id = load_uuid(0, 7);
	fact->standing = access_bool(0, 8);
	fact->requested_at = load_time(0, 9);
	fact->requested_day = load_date(0, 10);
	fact->longest_day = load_date(0, 11);
	fact->deliver_until = load_date(0, 12);
	fact->has_signature = !access_null(0, 13);
	fact->signature = load_row(0, 13, 0);
	fact->signer_id = load_uuid(0, 14);
	fact->signed_at = load_time(0, 15);
	fact->signature_expires_at = load_time(0, 16);
	fact->has_line = access_bool(0, 17);
	fact->requested = access_int64(0, 18);
	fact->fulfilled = access_int64(0, 19);
	fact->fields = load_texts(load, 0, 20);
	fact->purpose = load_text(load, 0, 21);
}

#define LOT_SQL(T) \
	"SELECT b.batch_id, b.sys_from, b.product_id, b.lot_no, b.status, b.expires_on, " \
	"i.kind, i.user_id, (s.on_hand * 1000000)::bigint, s.may_go_negative " \
	"FROM " T("product_batch", "batch_id, sys_from, product_id, lot_no, status, expires_on") " AS b " \
	"LEFT JOIN @m.inventory_location AS i ON i.location_id = $3 " \
	"LEFT JOIN @m.inventory_stock AS s ON s.location_id = $3 AND s.batch_id = b.batch_id WHERE b.batch_id = $2"
static const AccessStatement lot_statement[] = KNOWN_PAIR_DIRECT(LOT_SQL, direct_lot, 3, TIMESTAMPTZOID, UUIDOID, UUIDOID);

/* The lot, and how much of it lies where it is taken from. */
void
load_lot(const Load *load)
{
	LotFact    *lot = &load->facts->lot;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->batch_id),
	PointerGetDatum(&load->request->location_id)};

	if (!uuid_given(&load->request->batch_id) || load_read(load, lot_statement, args, NULL) == 0)
		return;
	lot->found = true;
	lot->row = load_row(0, 1, 2);
	lot->product_id = load_uuid(0, 3);
	lot->lot_no = load_text(load, 0, 4);
	lot->status = load_text(load, 0, 5);
	lot->expires_on = load_date(0, 6);
	lot->location_found = !access_null(0, 7);
	lot->location_kind = load_text(load, 0, 7);
	lot->location_user = load_uuid(0, 8);
	lot->on_hand = access_int64(0, 9);
	lot->may_go_negative = access_bool(0, 10);
}

#define CONTACT_SQL(T) \
	"SELECT c.contact_point_id, c.sys_from, coalesce(a.survivor_id, a.account_id), c.kind, c.valid_from, c.valid_to " \
	"FROM " T("contact_point", "contact_point_id, sys_from, account_id, kind, valid_from, valid_to") " AS c " \
	"JOIN " T##_BY("account", "account_id, survivor_id", "a", "account_id", "c.account_id") " WHERE c.contact_point_id = $2"
static const AccessStatement contact_statement[] = KNOWN_PAIR_DIRECT(CONTACT_SQL, direct_contact, 2, TIMESTAMPTZOID, UUIDOID);

static const AccessStatement channel_statement =
{"SELECT contact_kind FROM @m.channel_type WHERE channel = $1", 1, {TEXTOID}, direct_channel};

/* Where a message goes, and what its channel needs. */
void
load_contact(const Load *load)
{
	ContactFact *contact = &load->facts->contact;
	Datum		args[] = {load_known_at(load->request), PointerGetDatum(&load->request->contact_point_id)};
	Datum		channel;

	if (load->request->channel != NULL)
	{
		channel = CStringGetTextDatum(load->request->channel);
		if (access_read(load->scope, &channel_statement, &channel, NULL, 1) > 0)
			contact->channel_kind = load_text(load, 0, 1);
	}
	if (!uuid_given(&load->request->contact_point_id) || load_read(load, contact_statement, args, NULL) == 0)
		return;
	contact->found = true;
	contact->row = load_row(0, 1, 2);
	contact->account_id = load_uuid(0, 3);
	contact->kind = load_text(load, 0, 4);
	contact->valid_from = load_date(0, 5);
	contact->valid_to = load_date(0, 6);
}

/*
 * The settings the rules know, the narrowest scope of each.  A value of the
 * wrong type reads as zero, which is the strictest.
 */
#define SETTING_SQL(T) \
	"SELECT DISTINCT ON (name) name, setting_id, sys_from, " \
	"CASE WHEN jsonb_typeof(value) = 'number' THEN least(greatest(value::numeric, 0), 1000000)::bigint ELSE 0 END, " \
	"CASE WHEN jsonb_typeof(value) = 'array' THEN ARRAY(SELECT f FROM jsonb_array_elements_text(value) AS f) END " \
	"FROM " T("setting", "setting_id, sys_from, name, scope, scope_key, value, valid_from, valid_to") " AS s " \
	"WHERE name IN ('license_verification_max_age_days', 'back_date_days', 'device_clock_tolerance_minutes', 'visit_tolerance_minutes', " \
	"'sample_request_fields') " \
	"AND valid_from <= $2 AND $2 < valid_to " \
	"AND (scope = 'org' OR (scope = 'country' AND scope_key = $3) OR (scope = 'persona' AND scope_key = ANY ($4)) " \
	"OR (scope = 'user' AND scope_key = $5)) " \
	"ORDER BY name, array_position('{user,persona,country,org}'::text[], scope), setting_id"
static const AccessStatement setting_statement[] =
KNOWN_PAIR_DIRECT(SETTING_SQL, direct_setting, 5, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, TEXTARRAYOID, TEXTOID);

/* Take one row of settings to where its rule looks for it. */
static void
take_setting(const Load *load, uint64 row)
{
	Facts	   *facts = load->facts;
	const char *name = load_text(load, row, 1);
	SettingFact *fact;

	if (strcmp(name, "sample_request_fields") == 0)
	{
		facts->sample_request.required_by = load_row(row, 2, 3);
		facts->sample_request.required_fields = load_texts(load, row, 5);
		return;
	}
	if (strcmp(name, "back_date_days") == 0)
		fact = &facts->back_date_days;
	else if (strcmp(name, "device_clock_tolerance_minutes") == 0)
		fact = &facts->clock_tolerance_minutes;
	else if (strcmp(name, "visit_tolerance_minutes") == 0)
		fact = &facts->visit_tolerance_minutes;
	else
		fact = &facts->license_max_age_days;
	fact->row = load_row(row, 2, 3);
	fact->set = true;
	fact->value = access_int64(row, 4);
}

void
load_settings(const Load *load)
{
	const UserFact *user = &load->facts->user;
	Datum	   *personas = palloc(sizeof(Datum) * Max(user->n_personas, 1));
	Datum		args[5];
	uint64		count;

	for (int i = 0; i < user->n_personas; i++)
		personas[i] = CStringGetTextDatum(user->personas[i].persona);
	args[0] = load_known_at(load->request);
	args[1] = TimestampTzGetDatum(load->request->at);
	args[2] = CStringGetTextDatum(load->request->country ? load->request->country : "");
	args[3] = PointerGetDatum(construct_array(personas, user->n_personas, TEXTOID, -1, false, TYPALIGN_INT));
	args[4] = DirectFunctionCall1(uuid_out, PointerGetDatum(&user->user_id));
	args[4] = CStringGetTextDatum(DatumGetCString(args[4]));
	count = load_read(load, setting_statement, args, NULL);
	for (uint64 i = 0; i < count; i++)
		take_setting(load, i);
}
