-- Re-checking set-wise what triggers and constraints keep row by row.  Triggers
-- can be disabled, rows restored or replicated past them: this finds it.

CREATE FUNCTION lsce._verifications(OUT check_code text, OUT description text, OUT query text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$
VALUES
	('limit_used', 'counters equal the sum of their uses', $q$
		SELECT format('limit_counter %s %s %s %s', c.rule_id, c.subject_key, c.pool_key, c.window_from),
			format('used is %s, uses sum to %s', c.used, coalesce(u.used, 0))
		FROM @m.limit_counter AS c
		LEFT JOIN (SELECT rule_id, subject_key, pool_key, window_from, sum(quantity) AS used
			FROM @m.limit_use GROUP BY rule_id, subject_key, pool_key, window_from) AS u
			ON u.rule_id = c.rule_id AND u.subject_key = c.subject_key AND u.pool_key = c.pool_key AND u.window_from = c.window_from
		WHERE c.used <> coalesce(u.used, 0)$q$),
	('limit_within', 'counters stay within quota and excess', $q$
		SELECT format('limit_counter %s %s %s %s', c.rule_id, c.subject_key, c.pool_key, c.window_from),
			format('used is %s, quota %s, excess %s', c.used, c.quota, c.excess)
		FROM @m.limit_counter AS c WHERE c.used > c.quota + c.excess$q$),
	-- their counter has no quota; the quota of a use is in the facts of its decision, the order of uses in their ids
	('limit_moving', 'limits whose window moves had room for every use', $q$
		SELECT format('limit_counter %s %s %s %s', u.rule_id, u.subject_key, u.pool_key, u.window_from),
			format('use %s of disbursement %s brought its window to %s, quota %s', u.use_id, u.disbursement_id, s.used, u.quota)
		FROM (
			SELECT l.*, r.every, r.period = 'sliding' AS sliding, (f.fact ->> 'quota')::numeric AS quota,
				(f.fact ->> 'window_from')::date AS from_day, (f.fact ->> 'window_to')::date AS to_day
			FROM @m.limit_use AS l
			JOIN @m.limit_rule AS r ON r.rule_id = l.rule_id AND r.period IN ('sliding', 'rolling_start', 'since_launch', 'since_first_request')
			JOIN @m.disbursement AS d ON d.disbursement_id = l.disbursement_id
			JOIN @m.decision AS c ON c.decision_id = d.decision_id AND c.outcome = 'allow'
			CROSS JOIN LATERAL jsonb_array_elements(c.facts -> 'limits') AS f(fact)
			WHERE l.reversal_id IS NULL AND l.merge_id IS NULL AND f.fact #>> '{row,id}' = l.rule_id::text AND f.fact ->> 'quota' IS NOT NULL
		) AS u
		CROSS JOIN LATERAL (
			SELECT max(w.used) AS used
			FROM (
				SELECT e.local_day, sum(x.quantity) AS used
				FROM (SELECT DISTINCT i.local_day FROM @m.limit_use AS i
					WHERE i.rule_id = u.rule_id AND i.subject_key = u.subject_key AND i.pool_key = u.pool_key AND i.use_id <= u.use_id
						AND i.local_day >= u.local_day AND (NOT u.sliding OR i.local_day - u.every < u.local_day)) AS e
				JOIN @m.limit_use AS x ON x.rule_id = u.rule_id AND x.subject_key = u.subject_key AND x.pool_key = u.pool_key AND x.use_id <= u.use_id
					AND CASE WHEN u.sliding THEN x.local_day > e.local_day - u.every AND x.local_day <= e.local_day
						ELSE x.local_day >= coalesce(u.from_day, '0001-01-01') AND x.local_day < coalesce(u.to_day, '9999-12-31') END
				GROUP BY e.local_day
			) AS w
		) AS s
		WHERE s.used > u.quota$q$),
	('limit_excess', 'every excess has a discrepancy', $q$
		SELECT format('limit_counter %s %s %s %s', c.rule_id, c.subject_key, c.pool_key, c.window_from),
			format('excess is %s without a discrepancy', c.excess)
		FROM @m.limit_counter AS c
		WHERE c.excess > 0 AND NOT EXISTS (SELECT FROM @m.discrepancy AS d
			WHERE d.rule_id = c.rule_id AND d.subject_key = c.subject_key AND d.pool_key = c.pool_key AND d.window_from = c.window_from)$q$),
	('identity', 'merged records lead to their survivor in one step, and limits count facts there', $q$
		SELECT format('account %s', a.account_id), format('its survivor %s was itself merged into %s', s.account_id, s.survivor_id)
		FROM @m.account AS a JOIN @m.account AS s ON s.account_id = a.survivor_id WHERE s.survivor_id IS NOT NULL
		UNION ALL
		SELECT format('limit_counter %s %s %s %s', u.rule_id, u.subject_key, u.pool_key, u.window_from),
			format('counts disbursement %s of account %s', u.disbursement_id, a.account_id)
		FROM @m.limit_use AS u
		JOIN @m.limit_rule AS r ON r.rule_id = u.rule_id AND r.subject IN ('account', 'account_user', 'hco')
		JOIN @m.disbursement AS d ON d.disbursement_id = u.disbursement_id
		JOIN @m.account AS a ON a.account_id = CASE r.subject WHEN 'hco' THEN d.hco_id ELSE d.practitioner_id END
		WHERE left(u.subject_key, 36) <> coalesce(a.survivor_id, a.account_id)::text
		GROUP BY u.rule_id, u.subject_key, u.pool_key, u.window_from, u.disbursement_id, a.account_id
		HAVING sum(u.quantity) <> 0$q$),
	('permit', 'every fact has its own decision that admits it', $q$
		SELECT format('%s %s', f.fact, f.id),
			CASE WHEN d.decision_id IS NULL THEN format('decision %s does not exist', f.decision_id)
				ELSE format('decision %s has admission %s for fact %s, %s of %s by %s', d.decision_id, d.admission, d.fact_id, d.quantity, d.product_id, d.account_id) END
		FROM (
			SELECT 'disbursement' AS fact, disbursement_id AS id, decision_id, kind, account_id, product_id, quantity, admission FROM @m.disbursement
			UNION ALL
			SELECT 'outbound_message', message_id, decision_id, kind, account_id, product_id, quantity, admission FROM @m.outbound_message
			UNION ALL
			SELECT 'outbound_message', message_id, send_decision_id, kind, account_id, product_id, quantity, admission FROM @m.outbound_message
			WHERE send_decision_id IS NOT NULL OR state NOT IN ('queued', 'held', 'suppressed')
		) AS f
		LEFT JOIN @m.decision AS d ON d.decision_id = f.decision_id
		WHERE (d.fact_id = f.id AND d.kind = f.kind AND d.account_id = f.account_id AND d.product_id = f.product_id
			AND d.quantity = f.quantity AND d.admission = f.admission AND d.admission IN ('permit', 'record')) IS NOT TRUE$q$),
	('permit_unique', 'no decision admits two facts', $q$
		SELECT format('decision %s', f.decision_id), format('used %s times', count(*))
		FROM (
			SELECT decision_id FROM @m.disbursement
			UNION ALL SELECT decision_id FROM @m.outbound_message
			UNION ALL SELECT send_decision_id FROM @m.outbound_message WHERE send_decision_id IS NOT NULL
		) AS f
		GROUP BY f.decision_id HAVING count(*) > 1$q$),
	('permit_used', 'every admitting decision has its fact', $q$
		SELECT format('decision %s', d.decision_id), format('admits %s %s, which does not exist', d.kind, d.fact_id)
		FROM @m.decision AS d
		WHERE d.admission IN ('permit', 'record') AND d.kind IN ('sample_drop', 'sample_ship', 'message_send')
			AND NOT EXISTS (SELECT FROM @m.disbursement AS f WHERE f.disbursement_id = d.fact_id)
			AND NOT EXISTS (SELECT FROM @m.outbound_message AS f WHERE f.message_id = d.fact_id)$q$),
	('recorded', 'every recorded fact has a discrepancy', $q$
		SELECT format('disbursement %s', f.disbursement_id), 'recorded against a rule, without a discrepancy'
		FROM @m.disbursement AS f
		WHERE f.admission = 'record' AND NOT EXISTS (SELECT FROM @m.discrepancy AS d WHERE d.fact_id = f.disbursement_id)$q$),
	('posted', 'every hand-over took its units from stock', $q$
		SELECT format('disbursement %s', f.disbursement_id),
			CASE WHEN o.operation_id IS NULL THEN 'has no movement of stock: it went past the triggers'
				ELSE format('handed over %s, stock moved %s', f.quantity, coalesce(-e.moved, 0)) END
		FROM @m.disbursement AS f
		LEFT JOIN @m.inventory_operation AS o ON o.disbursement_id = f.disbursement_id AND o.type = 'disbursement'
		LEFT JOIN LATERAL (SELECT sum(x.quantity) AS moved FROM @m.inventory_entry AS x
			WHERE x.operation_id = o.operation_id AND x.location_id = f.location_id AND x.batch_id = f.batch_id) AS e ON true
		WHERE e.moved IS DISTINCT FROM -f.quantity$q$),
	('reversed', 'no hand-over is reversed beyond its quantity', $q$
		SELECT format('disbursement %s', f.disbursement_id), format('handed over %s, reversed %s', f.quantity, sum(r.quantity))
		FROM @m.disbursement AS f JOIN @m.disbursement_reversal AS r ON r.disbursement_id = f.disbursement_id
		GROUP BY f.disbursement_id HAVING sum(r.quantity) > f.quantity$q$),
	('received', 'no hand-over is acknowledged beyond its quantity', $q$
		SELECT format('disbursement %s', f.disbursement_id), format('handed over %s, acknowledged %s', f.quantity, sum(r.quantity))
		FROM @m.disbursement AS f JOIN @m.sample_receipt AS r ON r.disbursement_id = f.disbursement_id
		GROUP BY f.disbursement_id HAVING sum(r.quantity) > f.quantity$q$),
	('stock', 'stock of the places that hold goods equals the sum of the ledger', $q$
		SELECT format('location %s lot %s', location_id, batch_id), format('on hand %s, ledger %s', coalesce(s.on_hand, 0), coalesce(e.on_hand, 0))
		FROM @m.inventory_stock AS s
		FULL JOIN (SELECT x.location_id, x.batch_id, sum(x.quantity) AS on_hand FROM @m.inventory_entry AS x
			JOIN @m.inventory_location AS l ON l.location_id = x.location_id
			WHERE l.kind IN ('warehouse', 'rep', 'in_transit', 'quarantine') GROUP BY x.location_id, x.batch_id) AS e
			USING (location_id, batch_id)
		WHERE coalesce(s.on_hand, 0) <> coalesce(e.on_hand, 0)$q$),
	('ledger', 'the legs of every movement sum to zero per lot', $q$
		SELECT format('inventory_operation %s lot %s', e.operation_id, e.batch_id), format('legs sum to %s', sum(e.quantity))
		FROM @m.inventory_entry AS e GROUP BY e.operation_id, e.batch_id HAVING sum(e.quantity) <> 0$q$),
	('request', 'requests are fulfilled by what was given', $q$
		SELECT format('sample_request %s product %s', request_id, product_id),
			format('fulfilled is %s, given %s', coalesce(l.fulfilled, 0), coalesce(f.given, 0))
		FROM @m.sample_request_line AS l
		FULL JOIN (
			SELECT d.request_id, d.product_id, sum(d.quantity - coalesce(r.back, 0)) AS given
			FROM @m.disbursement AS d
			LEFT JOIN (SELECT disbursement_id, sum(quantity) AS back FROM @m.disbursement_reversal GROUP BY disbursement_id) AS r
				ON r.disbursement_id = d.disbursement_id
			WHERE d.request_id IS NOT NULL GROUP BY d.request_id, d.product_id
		) AS f USING (request_id, product_id)
		WHERE coalesce(l.fulfilled, 0) <> coalesce(f.given, 0)$q$),
	('consent', 'no fact is later than a withdrawal that covers it', $q$
		WITH RECURSIVE purpose AS (
			SELECT p.purpose, p.purpose AS covered_by, p.parent FROM @m.data_use_purpose AS p
			UNION
			SELECT p.purpose, above.purpose, above.parent FROM purpose AS p JOIN @m.data_use_purpose AS above ON above.purpose = p.parent
		), fact AS (
			SELECT format('outbound_message %s', m.message_id) AS subject, m.account_id, m.controller_id, m.purpose, m.channel,
				m.product_id, m.contact_point_id, m.sent_at AS at
			FROM @m.outbound_message AS m WHERE m.sent_at IS NOT NULL
			UNION ALL
			SELECT format('disbursement %s', d.disbursement_id), who.account_id, d.company_id, p.purpose, NULL, d.product_id, NULL, d.captured_at
			FROM @m.disbursement AS d
			CROSS JOIN LATERAL (SELECT d.practitioner_id UNION SELECT d.account_id) AS who (account_id)
			JOIN @m.data_use_purpose AS p ON NOT p.has_channel
		), merged AS MATERIALIZED (
			-- whom records were merged into, as it was known when a fact happened
			SELECT a.account_id, a.survivor_id, a.sys_from, timestamptz 'infinity' AS sys_to FROM @m.account AS a WHERE a.survivor_id IS NOT NULL
			UNION ALL
			SELECT h.account_id, h.survivor_id, h.sys_from, h.sys_to FROM @m.account_h AS h WHERE h.survivor_id IS NOT NULL
		), covering AS (
			SELECT f.subject, f.purpose, e.action, e.event_id, e.effective_from
			FROM fact AS f
			JOIN purpose AS p ON p.purpose = f.purpose
			CROSS JOIN LATERAL (SELECT coalesce((SELECT m.survivor_id FROM merged AS m
				WHERE m.account_id = f.account_id AND m.sys_from <= f.at AND f.at < m.sys_to LIMIT 1), f.account_id) AS account_id) AS survivor
			CROSS JOIN LATERAL (SELECT f.account_id UNION SELECT survivor.account_id
				UNION SELECT m.account_id FROM merged AS m
				WHERE m.survivor_id = survivor.account_id AND m.sys_from <= f.at AND f.at < m.sys_to) AS same
			JOIN @m.consent_event AS e ON e.account_id = same.account_id AND e.controller_id = f.controller_id AND e.purpose = p.covered_by
				AND (e.channel IS NULL OR e.channel = f.channel)
				AND (e.product_id IS NULL OR e.product_id = f.product_id)
				AND (e.contact_point_id IS NULL OR e.contact_point_id = f.contact_point_id)
				AND e.effective_from <= f.at AND f.at < e.effective_to
		)
		SELECT denial.subject, format('%s %s was effective from %s', denial.action, denial.event_id, denial.effective_from)
		FROM covering AS denial
		WHERE denial.action IN ('withdraw', 'object')
			AND NOT EXISTS (SELECT FROM covering AS later
				WHERE later.subject = denial.subject AND later.action IN ('opt_in', 'confirm') AND later.effective_from > denial.effective_from)
			AND NOT EXISTS (SELECT FROM covering AS later
				WHERE later.subject = denial.subject AND later.action IN ('withdraw', 'object')
					AND (later.effective_from, later.event_id) > (denial.effective_from, denial.event_id))$q$),
	('licence', 'the licence of every hand-over was valid on its day', $q$
		SELECT format('disbursement %s', f.disbursement_id),
			CASE WHEN named.license_id IS NOT NULL
				THEN format('licence %s is %s, valid from %s to %s', named.license_id, named.status, named.valid_from, named.valid_to - 1)
				ELSE format('no verified licence of practitioner %s was valid on %s', f.practitioner_id, f.local_day) END
		FROM @m.disbursement AS f
		JOIN @m.account AS who ON who.account_id = f.practitioner_id
		LEFT JOIN @m.sample_request AS r ON r.request_id = f.request_id
		LEFT JOIN @m.license AS named ON named.license_id = r.license_id
		WHERE CASE WHEN named.license_id IS NOT NULL
			THEN NOT (named.status = 'verified' AND named.valid_from <= f.local_day AND f.local_day < named.valid_to)
			ELSE EXISTS (SELECT FROM @m.license AS l WHERE l.account_id IN (f.practitioner_id, who.survivor_id))
				AND NOT EXISTS (SELECT FROM @m.license AS l WHERE l.account_id IN (f.practitioner_id, who.survivor_id) AND l.status = 'verified'
					AND l.valid_from <= f.local_day AND f.local_day < l.valid_to) END$q$),
	('law', 'law rows are errors and were approved by a second person', $q$
		SELECT format('limit_template %s', t.code), format('law_based %s, enforcement %s, authored by %s, approved by %s', t.law_based, t.enforcement, t.authored_by, t.approved_by)
		FROM @m.limit_template AS t
		WHERE t.law_based AND t.status = 'approved' AND (t.enforcement <> 'error' OR t.approved_by IS NULL OR t.approved_by = t.authored_by)$q$)
$$;
COMMENT ON FUNCTION lsce._verifications() IS 'the checks of lsce.verify(): a query returns (subject, detail) of every offence; @m. stands for the schema of the model';

CREATE FUNCTION lsce.verify(schema name DEFAULT 'crm', OUT check_code text, OUT ok boolean, OUT subject text, OUT detail text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	verification record;
	offences bigint;
BEGIN
	PERFORM lsce._require_model_owner(schema, 'verifying');
	FOR verification IN SELECT v.check_code, v.description, v.query FROM lsce._verifications() AS v
	LOOP
		offences := 0;
		check_code := verification.check_code;
		ok := false;
		FOR subject, detail IN
			SELECT r.subject, r.detail
			FROM lsce._as_owner(schema, format('SELECT q.subject, q.detail FROM (%s) AS q (subject, detail) ORDER BY 1, 2',
				replace(verification.query, '@m.', quote_ident(schema::text) || '.'))) AS r (subject text, detail text)
		LOOP
			offences := offences + 1;
			RETURN NEXT;
		END LOOP;
		IF offences = 0 THEN
			ok := true;
			subject := schema;
			detail := verification.description;
			RETURN NEXT;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION lsce.verify(name) IS 'recomputes limits, permits, stock, requests, consent and licences of a model from its facts; rows with ok = false are offences. For the owner of the model: others see only their rows';
