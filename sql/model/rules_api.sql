-- Asking the rules.

CREATE FUNCTION check_eligibility(account_id uuid, product_id uuid, qty numeric, action text DEFAULT 'sample_drop',
	territory_id uuid DEFAULT NULL, user_id uuid DEFAULT NULL, batch_id uuid DEFAULT NULL, at timestamptz DEFAULT NULL,
	known_at timestamptz DEFAULT NULL, visit_id uuid DEFAULT NULL, request_id uuid DEFAULT NULL)
RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 2000
RETURN lsce.check_eligibility(@model_literal@::regnamespace, account_id, product_id, qty, action, territory_id, user_id, batch_id, at, known_at, visit_id, request_id);
COMMENT ON FUNCTION check_eligibility(uuid, uuid, numeric, text, uuid, uuid, uuid, timestamptz, timestamptz, uuid, uuid) IS
	'allow, warn or deny for an action on an account; writes nothing. What is not given follows from the rest: the acting user, his visit or primary territory, the lot in his bag, the open request; at NULL is now. An account that the caller may not see is unknown: denied';

CREATE FUNCTION explain_eligibility(account_id uuid, product_id uuid, qty numeric, action text DEFAULT 'sample_drop',
	territory_id uuid DEFAULT NULL, user_id uuid DEFAULT NULL, batch_id uuid DEFAULT NULL, at timestamptz DEFAULT NULL,
	known_at timestamptz DEFAULT NULL, lang text DEFAULT 'en', visit_id uuid DEFAULT NULL, request_id uuid DEFAULT NULL)
RETURNS TABLE (seq integer, rule_code text, outcome text, reason_code text, expected jsonb, observed jsonb, evidence jsonb, legal_ref text, message text)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 5000 ROWS 20
BEGIN ATOMIC
	SELECT e.seq, e.rule_code, e.outcome, e.reason_code, e.expected, e.observed, e.evidence, e.legal_ref, e.message
	FROM lsce.explain_eligibility(@model_literal@::regnamespace, account_id, product_id, qty, action, territory_id, user_id, batch_id, at,
		known_at, visit_id, request_id, lang) AS e;
END;
COMMENT ON FUNCTION explain_eligibility(uuid, uuid, numeric, text, uuid, uuid, uuid, timestamptz, timestamptz, text, uuid, uuid) IS
	'every rule in order, also after a failure: pass, warn, fail or skip, what it expected and saw, the rows behind it (redacted where the caller may not see them) and a sentence in lang; an account that the caller may not see is unknown';

CREATE FUNCTION decide(kind text, account_id uuid, product_id uuid DEFAULT NULL, qty numeric DEFAULT NULL, args jsonb DEFAULT '{}')
RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 5000
RETURN lsce.decide(@model_literal@::regnamespace, kind, account_id, product_id, qty, args);
COMMENT ON FUNCTION decide(text, uuid, uuid, numeric, jsonb) IS
	'judges and stores the decision, also a refusal, as advice that permits nothing; returns its id. Keys of args: territory_id, user_id, visit_id, request_id, batch_id, location_id, delivery_point_id, practitioner_id, contact_point_id, controller_id, channel, purpose, at, known_at, received_at';

CREATE FUNCTION decision_steps(decision_id uuid, lang text DEFAULT 'en')
RETURNS TABLE (seq integer, rule_code text, outcome text, reason_code text, expected jsonb, observed jsonb, evidence jsonb, legal_ref text, message text)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 2000 ROWS 20
BEGIN ATOMIC
	SELECT s.seq, s.rule_code, s.outcome, s.reason_code, s.expected, s.observed, s.evidence, s.legal_ref, s.message
	FROM lsce.decision_steps(@model_literal@::regnamespace, decision_id, lang) AS s;
END;
COMMENT ON FUNCTION decision_steps(uuid, text) IS
	'every rule of a stored decision, recomputed from the facts it stored; no rows for a decision that the caller may not see';

CREATE FUNCTION why_cant_i(product uuid, account uuid, action text DEFAULT 'sample_drop', lang text DEFAULT 'en', at timestamptz DEFAULT NULL)
RETURNS TABLE (rule_code text, reason_code text, message text, cure text, legal_ref text)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 5000 ROWS 5
BEGIN ATOMIC
	SELECT w.rule_code, w.reason_code, w.message, w.cure, w.legal_ref
	FROM lsce.why_cant_i(@model_literal@::regnamespace, product, account, action, lang, at) AS w;
END;
COMMENT ON FUNCTION why_cant_i(uuid, uuid, text, text, timestamptz) IS
	'what stands in the way of one unit for the acting user, and the cure of each; no rows when nothing does';

CREATE FUNCTION rule_set()
RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 10000
RETURN lsce.rule_set(@model_literal@::regnamespace);
COMMENT ON FUNCTION rule_set() IS 'SHA-256 over the approved rules, hexadecimal: what a decision stores as rule_set';
