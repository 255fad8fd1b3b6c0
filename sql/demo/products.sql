-- Products: Cumulus, the launched antibody against severe asthma; Stratus, an
-- inhaler that has been on the market for years; Cirrus, not launched yet and
-- with nothing but its place in the tree; and what competes with them.

INSERT INTO product (product_id, code, name, type, spec_type, parent_id, brand_id, company_id, distribution_method, signature_level,
	strength_mg, dosage_form, class_code, pack_size, unit_of_measure, competitor)
SELECT lsce._demo_uuid(p.seed, 'product', t.no), t.code, t.name, t.type, t.spec_type,
	lsce._demo_uuid(p.seed, 'product', t.parent_no), lsce._demo_uuid(p.seed, 'product', t.brand_no),
	CASE WHEN NOT t.competitor THEN lsce._demo_uuid(p.seed, 'company', 1) END, t.distribution_method,
	CASE WHEN t.spec_type = 'promo_item' THEN 'optional' ELSE 'mandatory' END,
	t.strength_mg, t.dosage_form, t.class_code, t.pack_size, 'each', t.competitor
FROM demo_parameter AS p, (VALUES
	(1, 'RESPIRATORY-MARKET', 'Respiratory market', 'market', NULL, NULL::int, NULL::int, NULL, NULL::numeric, NULL, NULL, NULL::int, false),
	(2, 'RESPIRATORY', 'Respiratory', 'therapeutic_area', NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, false),
	(3, 'SEVERE-ASTHMA', 'Severe asthma', 'indication', NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL, false),
	(4, 'CUMULUS', 'Cumulus (cumulizumab)', 'brand', NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL, false),
	(5, 'CUMULUS-SEVERE-ASTHMA', 'Cumulus in severe asthma', 'brand_indication', NULL, 4, 4, NULL, NULL, NULL, NULL, NULL, false),
	(6, 'CUMULUS-150-PEN', 'Cumulus 150 mg, one pre-filled pen, sample', 'product', 'sample', 4, 4, 'drop', 150, 'pen', 'monoclonal_antibody', 1, false),
	(7, 'CUMULUS-300-PEN', 'Cumulus 300 mg, one pre-filled pen, sample', 'product', 'sample', 4, 4, 'drop_and_ship', 300, 'pen', 'monoclonal_antibody', 1, false),
	(8, 'CUMULUS-150-PEN-2', 'Cumulus 150 mg, two pre-filled pens', 'product', 'order_item', 4, 4, NULL, 150, 'pen', 'monoclonal_antibody', 2, false),
	(9, 'CUMULUS-TRAINER', 'Cumulus trainer pen without needle', 'product', 'device', 4, 4, 'drop', NULL, 'device', NULL, 1, false),
	(10, 'CUMULUS-GUIDE', 'Cumulus injection guide', 'product', 'promo_item', 4, 4, 'drop', NULL, NULL, NULL, 1, false),
	(11, 'STRATUS', 'Stratus (fluticasone/vilanterol)', 'brand', NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL, false),
	(12, 'STRATUS-100-INH', 'Stratus 100 micrograms, 14 doses, sample', 'product', 'sample', 11, 11, 'drop_and_ship', 0.1, 'inhaler', 'inhaled_corticosteroid', 14, false),
	(13, 'STRATUS-200-INH', 'Stratus 200 micrograms, 14 doses, sample', 'product', 'sample', 11, 11, 'drop', 0.2, 'inhaler', 'inhaled_corticosteroid', 14, false),
	(14, 'CIRRUS', 'Cirrus (cirrulimab)', 'brand', NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL, false),
	(15, 'CIRRUS-200-PEN', 'Cirrus 200 mg, one pre-filled pen, sample', 'product', 'sample', 14, 14, 'drop', 200, 'pen', 'monoclonal_antibody', 1, false),
	(16, 'ALTO', 'Alto (altolizumab)', 'brand', NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL, true)
) AS t (no, code, name, type, spec_type, parent_no, brand_no, distribution_method, strength_mg, dosage_form, class_code, pack_size, competitor)
ORDER BY t.no;
SELECT lsce._demo_progress('product', (SELECT count(*) FROM product));

INSERT INTO product_market (product_market_id, product_id, country_code, company_id, local_name, ma_number,
	authorised_on, first_marketed_on, first_supplied_on, rx_class, smallest_pack, sampleable, sample_class, reimbursed_pct)
SELECT lsce._demo_uuid(p.seed, 'product market', t.no), d.product_id, t.country_code, c.company_id, t.local_name, t.ma_number,
	t.authorised_on::date, t.first_marketed_on::date, t.first_supplied_on::date, 'rx', d.spec_type = 'sample', d.spec_type = 'sample',
	CASE WHEN t.country_code = 'JP' AND d.spec_type = 'sample' THEN 'rinsho_shiyo' END, t.reimbursed_pct
FROM demo_parameter AS p, (VALUES
	(1, 'CUMULUS-150-PEN', 'US', 'Cumulus 150 mg/mL', 'BLA 761901', '2025-06-10', '2025-09-02', '2025-08-25', NULL::numeric),
	(2, 'CUMULUS-300-PEN', 'US', 'Cumulus 300 mg/2 mL', 'BLA 761901', '2025-06-10', '2025-09-02', '2025-08-25', NULL),
	(3, 'CUMULUS-150-PEN-2', 'US', 'Cumulus 150 mg/mL', 'BLA 761901', '2025-06-10', '2025-09-02', '2025-08-25', NULL),
	(4, 'CUMULUS-150-PEN', 'JP', 'キュムラス皮下注150mgペン', '30700AMX00101000', '2025-09-25', '2025-11-20', '2025-11-20', NULL),
	(5, 'CUMULUS-300-PEN', 'JP', 'キュムラス皮下注300mgペン', '30700AMX00102000', '2025-09-25', '2025-11-20', '2025-11-20', NULL),
	(6, 'CUMULUS-150-PEN', 'DE', 'Cumulus 150 mg Fertigpen', 'EU/1/25/1901/001', '2025-08-14', '2025-10-01', '2025-10-01', 100),
	(7, 'CUMULUS-300-PEN', 'DE', 'Cumulus 300 mg Fertigpen', 'EU/1/25/1901/003', '2025-08-14', '2025-10-01', '2025-10-01', 100),
	(8, 'STRATUS-100-INH', 'US', 'Stratus 100', 'NDA 204275', '2014-05-12', '2014-10-06', '2014-10-01', NULL),
	(9, 'STRATUS-200-INH', 'US', 'Stratus 200', 'NDA 204275', '2014-05-12', '2014-10-06', '2014-10-01', NULL),
	(10, 'STRATUS-100-INH', 'DE', 'Stratus 100', 'EU/1/13/886/001', '2013-11-13', '2014-01-15', '2014-01-15', 100)
) AS t (no, code, country_code, local_name, ma_number, authorised_on, first_marketed_on, first_supplied_on, reimbursed_pct)
JOIN product AS d ON d.code = t.code
JOIN company AS c ON c.code = 'CUMULUS-' || t.country_code
ORDER BY t.no;

INSERT INTO co_promotion (product_id, company_id, country_code, rights, valid_from)
SELECT d.product_id, c.company_id, 'US', '{detail,message_send}', DATE '2025-10-01'
FROM product AS d, company AS c WHERE d.code = 'CUMULUS' AND c.code = 'NIMBUS';

INSERT INTO product_indication (product_id, indication, country_code, status, valid_from)
SELECT d.product_id, t.indication, t.country_code, t.status, t.valid_from::date
FROM (VALUES
	('CUMULUS', 'severe eosinophilic asthma, 12 years and older', 'US', 'approved', '2025-06-10'),
	('CUMULUS', 'severe eosinophilic asthma, 12 years and older', 'JP', 'approved', '2025-09-25'),
	('CUMULUS', 'severe eosinophilic asthma, 12 years and older', 'DE', 'approved', '2025-08-14'),
	('CUMULUS', 'chronic obstructive pulmonary disease', 'US', 'pending', '2025-12-01'),
	('CUMULUS', 'chronic obstructive pulmonary disease', 'DE', 'refused', '2025-12-15'),
	('STRATUS', 'asthma, 12 years and older', 'US', 'approved', '2014-05-12'),
	('STRATUS', 'asthma, 12 years and older', 'DE', 'approved', '2013-11-13')
) AS t (code, indication, country_code, status, valid_from)
JOIN product AS d ON d.code = t.code;

INSERT INTO product_guidance (guidance_id, product_id, type, name, group_name, group_seq, priority, reactions, label_status)
SELECT lsce._demo_uuid(p.seed, 'guidance', t.no), d.product_id, t.type, t.name, t.group_name, t.group_seq, t.priority,
	CASE WHEN t.type = 'message' THEN '{positive,neutral,negative}'::text[] END, t.label_status
FROM demo_parameter AS p, (VALUES
	(1, 'CUMULUS', 'message', 'Fewer exacerbations', 'Efficacy', 1, 1, 'on_label'),
	(2, 'CUMULUS', 'message', 'Lung function from week 4', 'Efficacy', 2, 2, 'on_label'),
	(3, 'CUMULUS', 'message', 'One pen every eight weeks', 'Use', 1, 3, 'on_label'),
	(4, 'CUMULUS', 'message', 'Eosinophils and severe asthma', 'Disease', 1, 4, 'disease_state'),
	(5, 'CUMULUS', 'message', 'Data in COPD', 'Research', 1, 9, 'off_label'),
	(6, 'CUMULUS', 'objective', 'First patient on treatment', NULL, NULL, NULL, 'on_label')
) AS t (no, code, type, name, group_name, group_seq, priority, label_status)
JOIN product AS d ON d.code = t.code
ORDER BY t.no;

INSERT INTO guidance_text (guidance_id, country_code, lang, body, approval_no, valid_from, valid_to)
SELECT lsce._demo_uuid(p.seed, 'guidance', t.no), t.country_code, t.lang, t.body, t.approval_no, DATE '2025-11-20', DATE '2027-11-20'
FROM demo_parameter AS p, (VALUES
	(1, 'US', 'en', 'Cumulus reduced the yearly rate of severe exacerbations against placebo.', 'US-CUM-0001'),
	(1, 'JP', 'ja', 'キュムラスは、プラセボに比べて重度の増悪の年間発現率を低下させました。', 'JP-CUM-0001'),
	(1, 'DE', 'de', 'Cumulus senkte die jährliche Rate schwerer Exazerbationen gegenüber Placebo.', 'DE-CUM-0001'),
	(2, 'US', 'en', 'Lung function improved from week 4.', 'US-CUM-0002'),
	(2, 'JP', 'ja', '投与4週目から呼吸機能の改善が認められました。', 'JP-CUM-0002'),
	(2, 'DE', 'de', 'Die Lungenfunktion verbesserte sich ab Woche 4.', 'DE-CUM-0002'),
	(3, 'US', 'en', 'One pre-filled pen every eight weeks.', 'US-CUM-0003'),
	(3, 'JP', 'ja', '8週ごとに1本を投与します。', 'JP-CUM-0003'),
	(3, 'DE', 'de', 'Ein Fertigpen alle acht Wochen.', 'DE-CUM-0003'),
	(4, 'US', 'en', 'Eosinophils drive about half of severe asthma.', 'US-CUM-0004'),
	(4, 'JP', 'ja', '重症喘息の約半数に好酸球が関与しています。', 'JP-CUM-0004'),
	(4, 'DE', 'de', 'Eosinophile treiben etwa die Hälfte des schweren Asthmas.', 'DE-CUM-0004')
) AS t (no, country_code, lang, body, approval_no);

INSERT INTO specialty_set (set_id, code, name)
SELECT lsce._demo_uuid(p.seed, 'specialty set', t.no), t.code, t.name
FROM demo_parameter AS p, (VALUES
	(1, 'ALLERGISTS', 'Allergists, whatever they came from'),
	(2, 'PULMONOLOGISTS', 'Pulmonologists of adults and children'),
	(3, 'ASTHMA-SPECIALISTS', 'Who treats severe asthma'),
	(4, 'PRIMARY-CARE', 'Primary care, without the subspecialties')
) AS t (no, code, name);

INSERT INTO specialty_set_member (set_id, path, exclude)
SELECT lsce._demo_uuid(p.seed, 'specialty set', t.no), t.path::lsce.specialty, t.exclude
FROM demo_parameter AS p, (VALUES
	(1, 'physician.allergy_immunology', false),
	(1, 'physician.internal_medicine.allergy_immunology', false),
	(1, 'physician.pediatrics.pediatric_allergy_immunology', false),
	(1, 'physician.otolaryngology.otolaryngic_allergy', false),
	(2, 'physician.internal_medicine.pulmonary_disease', false),
	(2, 'physician.pediatrics.pediatric_pulmonology', false),
	(3, 'physician.allergy_immunology', false),
	(3, 'physician.allergy_immunology.clinical_laboratory_immunology', true),
	(3, 'physician.internal_medicine.allergy_immunology', false),
	(3, 'physician.internal_medicine.pulmonary_disease', false),
	(3, 'physician.pediatrics.pediatric_allergy_immunology', false),
	(3, 'physician.pediatrics.pediatric_pulmonology', false),
	(4, 'physician.family_medicine', false),
	(4, 'physician.general_practice', false),
	(4, 'physician.internal_medicine', false),
	(4, 'physician.internal_medicine.pulmonary_disease', true),
	(4, 'physician.internal_medicine.allergy_immunology', true),
	(4, 'physician.pediatrics', false)
) AS t (no, path, exclude);

-- To whom Cumulus may be presented, given and written about.  Samples: allergists
-- and pulmonologists.  Messages: only with the certificate of a board that
-- certifies the specialty.  Stratus also goes to primary care.
INSERT INTO sampling_policy (policy_id, product_id, country_code, region_code, action, specialty_set_id, required_profession, required_board,
	required_license_kind, user_qualification_kind, user_qualification_level, allowed, law_based, legal_ref,
	status, authored_by, approved_by, approved_at, valid_from)
SELECT lsce._demo_uuid(p.seed, 'sampling policy', t.no), d.product_id, t.country_code, t.region_code, t.action, s.set_id, t.profession, t.board,
	CASE WHEN t.action IN ('sample_drop', 'sample_ship') AND t.allowed THEN CASE t.country_code WHEN 'US' THEN 'state' ELSE 'national' END END,
	t.qualification, CASE WHEN t.qualification IS NOT NULL THEN 1 END, t.allowed, t.legal_ref IS NOT NULL, t.legal_ref,
	'approved', 'brand.cumulus', 'compliance.' || lower(t.country_code), TIMESTAMPTZ '2025-08-20 09:00+00', DATE '2025-08-20'
FROM demo_parameter AS p, (
	SELECT row_number() OVER (ORDER BY x.product_code COLLATE "C", x.country_code COLLATE "C", x.action COLLATE "C", x.set_code COLLATE "C", x.board COLLATE "C") AS no, x.*
	FROM (
		SELECT 'CUMULUS' AS product_code, c.country_code, NULL AS region_code, a.action, a.set_code, NULL AS profession, NULL AS board,
			CASE WHEN a.action LIKE 'sample%' THEN 'sample_training' ELSE 'product_training' END AS qualification, true AS allowed, NULL AS legal_ref
		FROM (VALUES ('US'), ('JP'), ('DE')) AS c (country_code), (VALUES
			('sample_drop', 'ALLERGISTS'), ('sample_drop', 'PULMONOLOGISTS'), ('sample_ship', 'ALLERGISTS'), ('sample_ship', 'PULMONOLOGISTS'),
			('detail', 'ASTHMA-SPECIALISTS'), ('remote_session', 'ASTHMA-SPECIALISTS'), ('content_share', 'ASTHMA-SPECIALISTS')) AS a (action, set_code)
		UNION ALL
		SELECT 'CUMULUS', b.country_code, NULL, 'message_send', b.set_code, NULL, b.board, 'messaging_license', true, NULL
		FROM (VALUES ('US', 'ALLERGISTS', 'ABAI'), ('US', 'PULMONOLOGISTS', 'ABIM'), ('US', 'PULMONOLOGISTS', 'ABP'),
			('JP', 'ALLERGISTS', 'JSA'), ('JP', 'PULMONOLOGISTS', 'JRS'),
			('DE', 'ALLERGISTS', 'LAEK'), ('DE', 'PULMONOLOGISTS', 'LAEK')) AS b (country_code, set_code, board)
		UNION ALL
		SELECT 'CUMULUS', 'DE', NULL, a.action, NULL, 'pharmacist', NULL, NULL, false, 'Directive 2001/83/EC Art. 96; CJEU C-786/18'
		FROM (VALUES ('sample_drop'), ('sample_ship')) AS a (action)
		UNION ALL
		SELECT 'STRATUS', c.country_code, NULL, a.action, s.set_code, NULL, NULL, 'sample_training', true, NULL
		FROM (VALUES ('US'), ('DE')) AS c (country_code), (VALUES ('sample_drop'), ('sample_ship'), ('detail')) AS a (action),
			(VALUES ('ALLERGISTS'), ('PULMONOLOGISTS'), ('PRIMARY-CARE')) AS s (set_code)
	) AS x
) AS t
JOIN product AS d ON d.code = t.product_code
LEFT JOIN specialty_set AS s ON s.code = t.set_code
ORDER BY t.no;
SELECT lsce._demo_progress('sampling_policy', (SELECT count(*) FROM sampling_policy));

-- The group's own limits, for all its companies; they supply the number where the
-- law has none.
INSERT INTO limit_template (template_id, code, label, authority, legal_ref, enforcement, note,
	status, authored_by, approved_by, approved_at, valid_from)
SELECT lsce._demo_uuid(p.seed, 'limit template', 1), 'CUMULUS-2-IN-12', 'Cumulus: two in any twelve months', 'company',
	'Sample policy SOP-114', 'error', 'Two packs of a brand to a recipient in any twelve months.',
	'approved', 'brand.cumulus', 'compliance.us', TIMESTAMPTZ '2025-08-20 09:00+00', DATE '2025-08-20'
FROM demo_parameter AS p;
INSERT INTO limit_rule (rule_id, template_id, name, subject, counting, pool, quota, period, every)
SELECT lsce._demo_uuid(p.seed, 'limit rule', 1), lsce._demo_uuid(p.seed, 'limit template', 1), 'in twelve months', 'account', 'units', 'brand', 2, 'sliding', '12 months'
FROM demo_parameter AS p;
INSERT INTO limit_template (template_id, code, label, authority, legal_ref, enforcement, note,
	status, authored_by, approved_by, approved_at, valid_from)
SELECT lsce._demo_uuid(p.seed, 'limit template', 2), 'STRATUS-12-YEAR', 'Stratus: twelve a year, four a visit', 'company',
	'Sample policy SOP-114', 'error', 'Twelve packs of a brand to a recipient in a calendar year, four on one visit.',
	'approved', 'brand.stratus', 'compliance.us', TIMESTAMPTZ '2024-12-02 09:00+00', DATE '2025-01-01'
FROM demo_parameter AS p;
INSERT INTO limit_rule (rule_id, template_id, name, subject, counting, pool, per_visit, quota, period)
SELECT lsce._demo_uuid(p.seed, 'limit rule', 2), lsce._demo_uuid(p.seed, 'limit template', 2), 'per year', 'account', 'units', 'brand', 4, 12, 'calendar_year'
FROM demo_parameter AS p;
INSERT INTO limit_assignment (assignment_id, template_id, product_id, valid_from)
SELECT lsce._demo_uuid(p.seed, 'limit assignment', t.no), lsce._demo_uuid(p.seed, 'limit template', t.no), d.product_id, DATE '2025-01-01'
FROM demo_parameter AS p, (VALUES (1, 'CUMULUS'), (2, 'STRATUS')) AS t (no, code)
JOIN product AS d ON d.code = t.code;

-- Every team carries both brands; the German teams of the west do not carry Stratus.
INSERT INTO product_territory_alignment (pta_id, product_id, territory_id, alignment_type, purposes, valid_from)
SELECT lsce._demo_uuid(p.seed, 'product alignment', row_number() OVER (ORDER BY n.code COLLATE "C", d.code COLLATE "C")), d.product_id, n.territory_id,
	CASE n.type WHEN 'country' THEN 'include_subtree' ELSE 'exclude_subtree' END, '{detail,sample,message,order}', DATE '2025-01-01'
FROM demo_parameter AS p, territory_node AS n, product AS d
WHERE (n.type = 'country' AND d.code IN ('CUMULUS', 'STRATUS') AND (n.code <> 'JP' OR d.code = 'CUMULUS'))
	OR (n.code = 'DE-2' AND d.code = 'STRATUS');
