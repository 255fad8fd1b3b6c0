/*-------------------------------------------------------------------------
 *
 * facts_json.h
 *	  Facts to and from jsonb.
 *
 * src/rules/facts_json.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_RULES_FACTS_JSON_H
#define LSCE_RULES_FACTS_JSON_H

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "rules/facts.h"

extern Datum facts_to_jsonb(const Facts *facts);
extern Facts *facts_from_jsonb(Jsonb *json, MemoryContext context);

extern void rules_append_json_uuid(StringInfo out, const Uuid16 *id);
extern void rules_append_json_date(StringInfo out, int32_t date);
extern void rules_append_json_time(StringInfo out, int64_t at);
extern void rules_append_quantity(StringInfo out, int64_t quantity);

#endif							/* LSCE_RULES_FACTS_JSON_H */
