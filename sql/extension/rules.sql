-- The rule engine: entry points that the functions of a model wrap.

CREATE FUNCTION lsce.check_eligibility(model regnamespace, account_id uuid, product_id uuid, qty numeric, action text,
	territory_id uuid, user_id uuid, batch_id uuid, at timestamptz, known_at timestamptz, visit_id uuid, request_id uuid)
RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED COST 2000
AS 'MODULE_PATHNAME', 'lsce_check_eligibility';
COMMENT ON FUNCTION lsce.check_eligibility(regnamespace, uuid, uuid, numeric, text, uuid, uuid, uuid, timestamptz, timestamptz, uuid, uuid) IS
	'allow, warn or deny; see check_eligibility() of the model';

CREATE FUNCTION lsce.explain_eligibility(model regnamespace, account_id uuid, product_id uuid, qty numeric, action text,
	territory_id uuid, user_id uuid, batch_id uuid, at timestamptz, known_at timestamptz, visit_id uuid, request_id uuid, lang text,
	OUT seq integer, OUT rule_code text, OUT outcome text, OUT reason_code text, OUT expected jsonb, OUT observed jsonb,
	OUT evidence jsonb, OUT legal_ref text, OUT message text)
RETURNS SETOF record
LANGUAGE c STABLE PARALLEL RESTRICTED COST 5000 ROWS 20
AS 'MODULE_PATHNAME', 'lsce_explain_eligibility';
COMMENT ON FUNCTION lsce.explain_eligibility(regnamespace, uuid, uuid, numeric, text, uuid, uuid, uuid, timestamptz, timestamptz, uuid, uuid, text) IS
	'every rule with what it expected and saw; see explain_eligibility() of the model';

CREATE FUNCTION lsce.decide(model regnamespace, kind text, account_id uuid, product_id uuid, qty numeric, args jsonb)
RETURNS uuid
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 5000
AS 'MODULE_PATHNAME', 'lsce_decide';
COMMENT ON FUNCTION lsce.decide(regnamespace, text, uuid, uuid, numeric, jsonb) IS
	'judges and stores the decision as advice; see decide() of the model';

CREATE FUNCTION lsce.decision_steps(model regnamespace, decision_id uuid, lang text,
	OUT seq integer, OUT rule_code text, OUT outcome text, OUT reason_code text, OUT expected jsonb, OUT observed jsonb,
	OUT evidence jsonb, OUT legal_ref text, OUT message text)
RETURNS SETOF record
LANGUAGE c STABLE PARALLEL RESTRICTED COST 2000 ROWS 20
AS 'MODULE_PATHNAME', 'lsce_decision_steps';
COMMENT ON FUNCTION lsce.decision_steps(regnamespace, uuid, text) IS
	'every rule of a stored decision, recomputed from its facts; see decision_steps() of the model';

CREATE FUNCTION lsce.why_cant_i(model regnamespace, product uuid, account uuid, action text, lang text, at timestamptz,
	OUT rule_code text, OUT reason_code text, OUT message text, OUT cure text, OUT legal_ref text)
RETURNS SETOF record
LANGUAGE c STABLE PARALLEL RESTRICTED COST 5000 ROWS 5
AS 'MODULE_PATHNAME', 'lsce_why_cant_i';
COMMENT ON FUNCTION lsce.why_cant_i(regnamespace, uuid, uuid, text, text, timestamptz) IS
	'what stands in the way and what cures it; see why_cant_i() of the model';

CREATE FUNCTION lsce.rule_set(model regnamespace)
RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000
AS 'MODULE_PATHNAME', 'lsce_rule_set';
COMMENT ON FUNCTION lsce.rule_set(regnamespace) IS 'SHA-256 over the approved rules of a model, hexadecimal: what a decision stores as rule_set';
