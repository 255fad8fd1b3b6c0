-- Attacks on limits by one person of compliance: what is in force is loosened or
-- ended by two.
\set model attack_four_eyes
\getenv abs_srcdir PG_ABS_SRCDIR
\set fixture :abs_srcdir /data/attack_fixture.sql
\i :fixture
CREATE VIEW public.attack_remaining AS SELECT t.code, h.quota, h.remaining
	FROM sample_headroom(public.id('anna'), public.id('p10'), user_id => public.id('rep')) AS h JOIN limit_rule USING (rule_id) JOIN limit_template AS t USING (template_id);
GRANT SELECT ON public.attack_remaining TO regress_att_comp;
SELECT t.code, t.status, r.quota, r.period, a.product_id = public.id('brand') AS of_brand, a.quota_override
FROM limit_template AS t JOIN limit_rule AS r USING (template_id) LEFT JOIN limit_assignment AS a USING (template_id) WHERE t.template_id = public.id('template') ORDER BY 5;
TABLE public.attack_remaining;

SET SESSION AUTHORIZATION regress_att_comp;
-- the template
SELECT public.attempt($$UPDATE limit_template SET status = 'retired' WHERE template_id = public.id('template')$$);
SELECT public.attempt($$UPDATE limit_template SET valid_to = '2021-01-01' WHERE template_id = public.id('template')$$);
SELECT public.attempt($$UPDATE limit_template SET end_on = '2021-01-01', end_asked_by = 'comp2', end_approved_by = 'comp', valid_to = '2021-01-01' WHERE template_id = public.id('template')$$);
SELECT end_date('limit_template', public.id('template'), '2020-12-31');
SELECT end_date('limit_template', public.id('template'), '2020-12-31');
SELECT end_on, end_asked_by, end_approved_by, valid_to FROM limit_template WHERE template_id = public.id('template');
-- its rules
SELECT public.attempt($$UPDATE limit_rule SET quota = 1000 WHERE template_id = public.id('template')$$);
SELECT public.attempt($$INSERT INTO limit_rule (template_id, name, quota, period) VALUES (public.id('template'), 'another', 1000, 'lifetime')$$);
-- nor by giving them to a draft
INSERT INTO limit_template (template_id, code, label, authority) VALUES (public.id('draft'), 'DRAFT', 'Draft', 'company');
SELECT public.attempt($$UPDATE limit_rule SET template_id = public.id('draft') WHERE template_id = public.id('template')$$);
SELECT public.attempt($$UPDATE limit_assignment SET template_id = public.id('draft') WHERE template_id = public.id('template')$$);
-- what it is assigned to
SELECT public.attempt($$UPDATE limit_assignment SET quota_override = 1000$$);
SELECT public.attempt($$UPDATE limit_assignment SET valid_to = '2021-01-01'$$);
SELECT public.attempt($$UPDATE limit_assignment SET valid_from = '2099-01-01'$$);
SELECT public.attempt($$UPDATE limit_assignment SET product_id = public.id('p20') WHERE product_id = public.id('brand')$$);
SELECT public.attempt($$UPDATE limit_assignment SET account_kind = 'hco'$$);
SELECT public.attempt($$INSERT INTO limit_assignment (template_id, product_id, quota_override) VALUES (public.id('template'), public.id('p10'), 1000)$$);
SELECT public.attempt($$DELETE FROM limit_assignment$$);
SELECT end_date('limit_assignment', assignment_id, '2020-12-31') FROM limit_assignment WHERE product_id = public.id('brand');
SELECT end_on, end_asked_by, end_approved_by, valid_to FROM limit_assignment WHERE product_id = public.id('brand');
-- tightening takes one: a lower figure, also for one product; but what is lower somewhere is not undone beside it
INSERT INTO limit_assignment (assignment_id, template_id, product_id, quota_override) VALUES (public.id('lower'), public.id('template'), public.id('p10'), 1);
TABLE public.attack_remaining;
SELECT public.attempt($$UPDATE limit_assignment SET quota_override = NULL WHERE assignment_id = public.id('lower')$$);
SELECT public.attempt($$UPDATE limit_assignment SET quota_override = 2 WHERE assignment_id = public.id('lower')$$);
SELECT public.attempt($$INSERT INTO limit_assignment (template_id, product_id, account_kind) VALUES (public.id('template'), public.id('p10'), 'hcp')$$);
UPDATE limit_assignment SET quota_override = 0 WHERE assignment_id = public.id('lower');
TABLE public.attack_remaining;
-- a rule without a number is given one by a template of its own, which somebody else approves
SELECT public.attempt($$INSERT INTO limit_assignment (template_id, product_id, quota_override)
	SELECT template_id, public.id('p10'), 1000 FROM limit_template JOIN limit_rule AS r USING (template_id)
	WHERE status = 'approved' AND r.quota IS NULL AND r.per_visit IS NULL AND NOT law_based ORDER BY code LIMIT 1$$);
-- a draft is its author's
INSERT INTO limit_rule (template_id, quota, period) VALUES (public.id('draft'), 5, 'calendar_year');
INSERT INTO limit_assignment (template_id, product_id, quota_override) VALUES (public.id('draft'), public.id('p10'), 10);
UPDATE limit_assignment SET quota_override = 20, valid_to = '2099-01-01' WHERE template_id = public.id('draft') RETURNING quota_override, valid_to;

-- the second person
SET SESSION AUTHORIZATION regress_att_comp2;
SELECT public.attempt($$UPDATE limit_assignment SET valid_to = '2020-12-31' WHERE product_id = public.id('brand')$$);
SELECT end_date('limit_assignment', assignment_id, '2020-12-31') FROM limit_assignment WHERE product_id = public.id('brand');
SELECT end_on, end_asked_by, end_approved_by, valid_to FROM limit_assignment WHERE product_id = public.id('brand');
SELECT end_date('limit_template', public.id('template'), '2020-12-31');
SELECT end_on, end_asked_by, end_approved_by, valid_to FROM limit_template WHERE template_id = public.id('template');
-- a wish is taken back
UPDATE limit_assignment SET end_on = '2024-01-01' WHERE assignment_id = public.id('lower') RETURNING end_on, end_asked_by;
UPDATE limit_assignment SET end_on = NULL WHERE assignment_id = public.id('lower') RETURNING end_on, end_asked_by;

-- policies and consent regimes the same
SET SESSION AUTHORIZATION regress_att_comp;
SELECT left(public.attempt($$UPDATE sampling_policy SET status = 'retired' WHERE product_id = public.id('brand')$$), 5);
SELECT left(public.attempt(format('UPDATE consent_regime SET valid_to = %L WHERE regime_id = %L', '2021-01-01', (SELECT regime_id FROM consent_regime WHERE status = 'approved' ORDER BY country_code, purpose, channel LIMIT 1))), 5);

-- the owner is not stopped; a row still says who it was
RESET SESSION AUTHORIZATION;
UPDATE limit_template SET status = 'retired' WHERE template_id = public.id('draft') RETURNING status, end_asked_by;
SELECT public.attempt($$UPDATE limit_template SET end_on = '2020-01-01', end_asked_by = 'a', end_approved_by = 'a' WHERE template_id = public.id('draft')$$);
DROP VIEW public.attack_remaining;
\set cleanup :abs_srcdir /data/attack_cleanup.sql
\i :cleanup
