-- Which type of product may stand under which, and the company parameters with
-- their defaults.

INSERT INTO product_edge_rule (parent_type, child_type) VALUES
	('market', 'therapeutic_area'),
	('market', 'brand'),
	('therapeutic_area', 'indication'),
	('therapeutic_area', 'brand'),
	('market', 'brand_indication'),
	('brand', 'indication'),
	('indication', 'brand'),
	('brand', 'brand_indication'),
	('brand', 'product'),
	('brand_indication', 'product'),
	('indication', 'brand_indication');

INSERT INTO setting (setting_id, name, value, set_by)
SELECT md5('setting:' || s.name)::uuid, s.name, s.value::jsonb, 'seed'
FROM (VALUES
	('license_verification_max_age_days', '365'),
	('back_date_days', '14'),
	('device_clock_tolerance_minutes', '5'),
	('visit_tolerance_minutes', '60')
) AS s (name, value);

-- what a written request must hold (21 CFR 203.30(b)(1), 203.31(b)(1))
INSERT INTO setting (setting_id, name, scope, scope_key, value, set_by) VALUES
	(md5('setting:sample_request_fields:US')::uuid, 'sample_request_fields', 'country', 'US',
		'["name", "address", "title", "licence_no", "signature", "product_name", "strength", "qty", "manufacturer", "date"]', 'seed');
