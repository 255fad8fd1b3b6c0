-- Which type of product may stand under which, and the company parameters with
-- their defaults.

INSERT INTO product_edge_rule (parent_type, child_type) VALUES
	('market', 'therapeutic_area'),
	('market', 'brand'),
	('therapeutic_area', 'indication'),
	('therapeutic_area', 'brand'),
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
	('request_valid_days', '180'),
	('inventory_count_max_age_days', '365'),
	('visit_submit_days', '7')
) AS s (name, value);
