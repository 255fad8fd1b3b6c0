/*-------------------------------------------------------------------------
 *
 * table.c
 *	  The rules, in the order of evaluation; pure.
 *
 * src/rules/table.c
 *
 *-------------------------------------------------------------------------
 */
#include "rules/step.h"

#define SAMPLES (KIND_BIT(KIND_SAMPLE_DROP) | KIND_BIT(KIND_SAMPLE_SHIP))
#define MESSAGES (KIND_BIT(KIND_MESSAGE_SEND) | KIND_BIT(KIND_CONTENT_SHARE))
#define MEETINGS (KIND_BIT(KIND_DETAIL) | KIND_BIT(KIND_REMOTE_SESSION))
#define EVERY (SAMPLES | MESSAGES | MEETINGS | KIND_BIT(KIND_GIFT) | KIND_BIT(KIND_ORDER))
#define WITH_PRODUCT (EVERY & ~KIND_BIT(KIND_GIFT))
#define R(name) LSCE_REASON_##name

/*
 * Order matters for explanation: identity, who may act, where, what, licence,
 * paper, goods, quantity.  Columns: code, name, the stage whose facts it needs
 * last, kinds, asked only where a territory acts, asked only when a product is
 * named, telling of the account, about the practitioner rather than the
 * recipient, function, reasons.
 * doc/adding-a-rule.md says how to add one.
 */
const Rule	rule_table[] = {
	{"EL01", {"account is active", "アカウントが有効", "Account ist aktiv"},
	STAGE_WHO, EVERY, false, false, true, false, rule_account_active,
	{R(ACCOUNT_NOT_ACTIVE), R(UNKNOWN_ACCOUNT), R(UNKNOWN_RECORD)}},
	{"EL02", {"recipient may receive samples", "受領者はサンプルを受け取れる", "Empfänger darf Muster erhalten"},
	STAGE_PAPER, SAMPLES, false, false, true, false, rule_recipient_kind,
	{R(RECIPIENT_NOT_ELIGIBLE)}},
	{"EL03", {"practitioner prescribes and may be contacted", "医療者は処方でき、連絡できる", "Fachperson verschreibt und darf kontaktiert werden"},
	STAGE_WHO, EVERY, false, false, true, true, rule_prescriber,
	{R(ACCOUNT_RESTRICTED), R(PRESCRIBING_SCOPE), R(ACCOUNT_NOT_ACTIVE), R(UNKNOWN_ACCOUNT)}},
	{"EL04", {"user may act in the territory", "ユーザーはテリトリーで行動できる", "Benutzer darf im Gebiet handeln"},
	STAGE_WHO, EVERY, false, false, false, false, rule_user_may_act,
	{R(MSL_FIREWALL), R(REP_NOT_AUTHORISED), R(TERRITORY_AMBIGUOUS), R(USER_MISSING), R(UNKNOWN_USER), R(UNKNOWN_RECORD)}},
	{"EL05", {"account is aligned to the territory", "アカウントはテリトリーに割り当てられている", "Account ist dem Gebiet zugeordnet"},
	STAGE_WHO, EVERY, true, false, false, false, rule_account_aligned,
	{R(TERRITORY_NOT_ALIGNED)}},
	{"EL06", {"product may be sampled or presented here", "製品はここで提供・紹介できる", "Produkt darf hier bemustert oder vorgestellt werden"},
	STAGE_LIMITS, WITH_PRODUCT, false, false, false, false, rule_product_sampleable,
	{R(SAMPLING_PROHIBITED), R(PRODUCT_CONTROLLED), R(PRODUCT_NOT_SAMPLEABLE), R(PACK_SIZE), R(OFF_LABEL), R(UNKNOWN_PRODUCT)}},
	{"EL07", {"product is aligned to the territory", "製品はテリトリーに割り当てられている", "Produkt ist dem Gebiet zugeordnet"},
	STAGE_WHAT, WITH_PRODUCT, true, true, false, false, rule_product_aligned,
	{R(PRODUCT_NOT_ALIGNED)}},
	{"EL08", {"no restriction of account and product", "アカウントと製品に制限がない", "keine Sperre von Account und Produkt"},
	STAGE_WHAT, EVERY, false, true, true, false, rule_no_restriction,
	{R(ACCOUNT_RESTRICTED)}},
	{"EL09", {"policy allows specialty, board and user", "ポリシーが専門科・認定・ユーザーを認める", "Richtlinie lässt Fachrichtung, Zertifikat und Benutzer zu"},
	STAGE_WHAT, EVERY, false, false, true, true, rule_policy,
	{R(POLICY_MISSING), R(SPECIALTY_NOT_ELIGIBLE), R(RECIPIENT_NOT_ELIGIBLE), R(LICENSE_MISSING),
	R(LICENSE_EXPIRED), R(LICENSE_NOT_ACTIVE), R(REP_NOT_AUTHORISED), R(USER_NOT_QUALIFIED)}},
	{"EL10", {"licence for the place of delivery", "提供先の免許", "Zulassung für den Lieferort"},
	STAGE_WHAT, SAMPLES, false, false, true, true, rule_license,
	{R(LICENSE_MISSING), R(LICENSE_EXPIRED), R(LICENSE_NOT_ACTIVE), R(LICENSE_WRONG_JURISDICTION),
	R(LICENSE_UNVERIFIED), R(PRESCRIBING_SCOPE)}},
	{"EL11", {"registration for the controlled schedule", "規制スケジュールの登録", "Registrierung für den Betäubungsmittel-Schedule"},
	STAGE_WHAT, SAMPLES, false, true, true, true, rule_controlled,
	{R(DEA_MISSING), R(DEA_SCHEDULE)}},
	{"EL13", {"signed written request", "署名された書面の請求", "unterschriebene schriftliche Anforderung"},
	STAGE_PAPER, SAMPLES, false, true, true, false, rule_request,
	{R(REQUEST_MISSING), R(REQUEST_UNSIGNED), R(REQUEST_FIELD_MISSING), R(REQUEST_AFTER_DELIVERY),
	R(REQUEST_STANDING), R(REQUEST_EXHAUSTED), R(UNKNOWN_RECORD)}},
	{"EL14", {"consent", "同意", "Einwilligung"},
	STAGE_PAPER, SAMPLES | MESSAGES, false, false, true, false, rule_consent,
	{R(CHANNEL_NOT_ALLOWED), R(CONSENT_MISSING), R(CONSENT_WITHDRAWN), R(CONSENT_EXPIRED),
	R(CONSENT_UNCONFIRMED), R(CONSENT_CONTROLLER), R(CONSENT_PURPOSE), R(CONSENT_EVIDENCE),
	R(LEGAL_BASIS_NOT_ALLOWED), R(CONTACT_WINDOW), R(OBJECTION), R(UNKNOWN_RECORD)}},
	{"EL15", {"delivery is where the visit is", "提供先は訪問の場所", "Abgabe erfolgt am Ort des Besuchs"},
	STAGE_WHO, SAMPLES, false, false, true, false, rule_place,
	{R(VISIT_STATE), R(CHANNEL_NOT_ALLOWED), R(UNKNOWN_RECORD)}},
	{"EL16", {"lot may be handed out", "ロットは提供できる", "Charge darf abgegeben werden"},
	STAGE_PAPER, SAMPLES, false, true, false, false, rule_lot,
	{R(LOT_MISSING), R(LOT_UNUSABLE), R(UNKNOWN_RECORD)}},
	{"EL17", {"enough of the lot in stock", "ロットの在庫が足りる", "genug Bestand der Charge"},
	STAGE_PAPER, SAMPLES, false, true, false, false, rule_stock,
	{R(INVENTORY_SHORT), R(UNKNOWN_RECORD)}},
	{"EL19", {"quantity limits", "数量上限", "Mengengrenzen"},
	STAGE_LIMITS, SAMPLES, false, true, true, false, rule_quantity,
	{R(QTY_LIMIT_EXCEEDED), R(LIMIT_NOT_CONFIGURED), R(WINDOW_CLOSED), R(WINDOW_NOT_OPEN)}},
	{"EL20", {"visit and time of capture", "訪問と取得時刻", "Besuch und Erfassungszeit"},
	STAGE_WHO, SAMPLES | MEETINGS, false, false, true, false, rule_visit,
	{R(VISIT_MISSING), R(VISIT_STATE), R(DEVICE_CLOCK), R(UNKNOWN_RECORD)}},
};

const int	rule_table_size = sizeof(rule_table) / sizeof(rule_table[0]);

/* The tables that evidence comes from. */
static const char *const evidence_tables[EVIDENCE_TABLE_COUNT] = {
	[EVIDENCE_ACCOUNT] = "account",
	[EVIDENCE_HCP] = "hcp",
	[EVIDENCE_HCO] = "hco",
	[EVIDENCE_USER_ASSIGNMENT] = "user_assignment",
	[EVIDENCE_TERRITORY_USER] = "territory_user",
	[EVIDENCE_USER_QUALIFICATION] = "user_qualification",
	[EVIDENCE_ACCOUNT_TERRITORY] = "account_territory",
	[EVIDENCE_PRODUCT] = "product",
	[EVIDENCE_PRODUCT_MARKET] = "product_market",
	[EVIDENCE_LIMIT_TEMPLATE] = "limit_template",
	[EVIDENCE_PRODUCT_ALIGNMENT] = "product_territory_alignment",
	[EVIDENCE_RESTRICTION] = "product_account_restriction",
	[EVIDENCE_SAMPLING_POLICY] = "sampling_policy",
	[EVIDENCE_ACCOUNT_SPECIALTY] = "account_specialty",
	[EVIDENCE_CERTIFICATION] = "account_certification",
	[EVIDENCE_LICENSE] = "license",
	[EVIDENCE_SAMPLE_REQUEST] = "sample_request",
	[EVIDENCE_SIGNATURE] = "signature",
	[EVIDENCE_CONSENT_EVENT] = "consent_event",
	[EVIDENCE_CONSENT_REGIME] = "consent_regime",
	[EVIDENCE_CONTACT_POINT] = "contact_point",
	[EVIDENCE_BATCH] = "product_batch",
	[EVIDENCE_LIMIT_RULE] = "limit_rule",
	[EVIDENCE_VISIT] = "visit",
	[EVIDENCE_SETTING] = "setting",
};

const char *
rules_evidence_table_name(EvidenceTable table)
{
	return evidence_tables[table];
}
