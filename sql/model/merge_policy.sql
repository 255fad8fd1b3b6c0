-- What a merge does with every table of the model that refers to accounts: no
-- seed, a model without these rows would merge nothing.

INSERT INTO merge_policy (table_name, column_name, action, same_key, note) VALUES
	('account', 'survivor_id', 'follow', '{}', 'records merged earlier: the path stays one step long'),
	('account_identifier', 'account_id', 'follow', '{}', NULL),
	('contact_point', 'account_id', 'follow', '{}', NULL),
	('account_specialty', 'account_id', 'follow', '{account_id,code}', NULL),
	('account_certification', 'account_id', 'follow', '{account_id,board,specialty}', NULL),
	('license', 'account_id', 'follow', '{account_id,kind,jurisdiction,number}', NULL),
	('affiliation', 'from_account_id', 'follow', '{from_account_id,to_account_id,role,kind}', NULL),
	('affiliation', 'to_account_id', 'follow', '{from_account_id,to_account_id,role,kind}', NULL),
	('account_rating', 'account_id', 'follow', '{account_id,scheme,product_id,territory_id}', NULL),
	('account_territory', 'account_id', 'follow', '{account_id,territory_id}', NULL),
	('product_account_restriction', 'account_id', 'follow', '{}', NULL),
	('hco', 'parent_id', 'follow', '{}', NULL),
	('hcp', 'account_id', 'stay', '{}', 'own fields of the record; apply_golden_record() chooses between them'),
	('hco', 'account_id', 'stay', '{}', 'own fields of the record; apply_golden_record() chooses between them'),
	('account_name_key', 'account_id', 'stay', '{}', 'derived from the names of the record'),
	('account_source_value', 'account_id', 'stay', '{}', 'account_lineage() reads those of all records of an identity'),
	('account_merge', 'winner_id', 'stay', '{}', NULL),
	('account_merge', 'loser_id', 'stay', '{}', NULL),
	('consent_event', 'account_id', 'stay', '{}', 'fact'),
	('decision', 'account_id', 'stay', '{}', 'fact'),
	('disbursement', 'account_id', 'stay', '{}', 'fact'),
	('disbursement', 'practitioner_id', 'stay', '{}', 'fact'),
	('disbursement', 'hco_id', 'stay', '{}', 'fact'),
	('outbound_message', 'account_id', 'stay', '{}', 'fact'),
	('sample_request', 'account_id', 'stay', '{}', 'fact'),
	('sample_request', 'practitioner_id', 'stay', '{}', 'fact'),
	('signature', 'signer_account_id', 'stay', '{}', 'fact'),
	('visit', 'account_id', 'stay', '{}', 'fact');

-- what follows a merge would stay behind if it came later
DO $refuse_merged$
DECLARE
	tab record;
	col text;
BEGIN
	FOR tab IN
		SELECT p.table_name, array_agg(p.column_name ORDER BY p.column_name) AS columns
		FROM merge_policy AS p WHERE p.action = 'follow' AND p.table_name <> 'account' AND position('.' IN p.table_name) = 0
		GROUP BY p.table_name ORDER BY p.table_name
	LOOP
		EXECUTE format('CREATE TRIGGER t20_survivor_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows'
			' FOR EACH STATEMENT EXECUTE FUNCTION refuse_merged(%s)', tab.table_name,
			(SELECT string_agg(quote_literal(c), ', ') FROM unnest(tab.columns) AS c));
		EXECUTE format('COMMENT ON TRIGGER t20_survivor_insert ON %I IS %L', tab.table_name, 'what is said of an account that was merged goes to its survivor');
		FOREACH col IN ARRAY tab.columns
		LOOP
			EXECUTE format('CREATE TRIGGER %I AFTER UPDATE OF %I ON %I FOR EACH ROW WHEN (NEW.%2$I IS DISTINCT FROM OLD.%2$I)'
				' EXECUTE FUNCTION refuse_merged(%4$L)', 't20_survivor_' || col, col, tab.table_name, col);
			EXECUTE format('COMMENT ON TRIGGER %I ON %I IS %L', 't20_survivor_' || col, tab.table_name,
				'no row is moved to an account that was merged');
		END LOOP;
	END LOOP;
END
$refuse_merged$;
