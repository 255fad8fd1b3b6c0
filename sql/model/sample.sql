-- Samples: where they are, who asked for them, who may have how many, who got
-- them, and every correction.

CREATE TABLE inventory_location (
	location_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL CONSTRAINT inventory_location_kind CHECK (kind IN
		('warehouse', 'rep', 'in_transit', 'vendor', 'quarantine', 'disbursed', 'lost', 'destroyed', 'adjustment')),
	user_id uuid,
	company_id uuid,
	name text NOT NULL,
	CONSTRAINT inventory_location_pkey PRIMARY KEY (location_id),
	CONSTRAINT inventory_location_user_fkey FOREIGN KEY (user_id) REFERENCES app_user,
	CONSTRAINT inventory_location_company_fkey FOREIGN KEY (company_id) REFERENCES company,
	CONSTRAINT inventory_location_bag CHECK ((kind = 'rep') = (user_id IS NOT NULL))
);
CREATE UNIQUE INDEX inventory_location_one_bag ON inventory_location (user_id) WHERE kind = 'rep';
CREATE UNIQUE INDEX inventory_location_one_virtual ON inventory_location (kind, company_id) NULLS NOT DISTINCT
	WHERE kind IN ('in_transit', 'vendor', 'quarantine', 'disbursed', 'lost', 'destroyed', 'adjustment');
COMMENT ON TABLE inventory_location IS 'places of stock: warehouses, one bag per user (rep), and the virtual places that make every movement a double entry';
COMMENT ON COLUMN inventory_location.location_id IS 'generated, time-ordered';
COMMENT ON COLUMN inventory_location.kind IS 'warehouse, rep (a bag), in_transit and quarantine hold goods; the others are where goods come from or go to';
COMMENT ON COLUMN inventory_location.user_id IS 'whose bag it is; given exactly for kind rep';
COMMENT ON COLUMN inventory_location.company_id IS 'company whose goods lie there; NULL: any';
COMMENT ON COLUMN inventory_location.name IS 'name shown to people';
COMMENT ON INDEX inventory_location_one_bag IS 'a user has one bag';
COMMENT ON INDEX inventory_location_one_virtual IS 'one virtual place of a kind for a company, and one for all';

CREATE TABLE product_batch (
	batch_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	lot_no text NOT NULL,
	manufactured_on date,
	expires_on date NOT NULL,
	status text NOT NULL DEFAULT 'released' CONSTRAINT product_batch_status CHECK (status IN ('released', 'blocked', 'recalled', 'expired')),
	company_id uuid,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT product_batch_pkey PRIMARY KEY (batch_id),
	CONSTRAINT product_batch_lot_key UNIQUE (product_id, lot_no),
	CONSTRAINT product_batch_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT product_batch_company_fkey FOREIGN KEY (company_id) REFERENCES company,
	CONSTRAINT product_batch_dates CHECK (manufactured_on < expires_on)
);
COMMENT ON TABLE product_batch IS 'lots; expires_on is the last day a unit may be handed out';
COMMENT ON COLUMN product_batch.batch_id IS 'generated, time-ordered';
COMMENT ON COLUMN product_batch.product_id IS 'product that was made';
COMMENT ON COLUMN product_batch.lot_no IS 'number printed on the pack, unique for the product';
COMMENT ON COLUMN product_batch.manufactured_on IS 'day of manufacture, before expires_on; NULL: unknown';
COMMENT ON COLUMN product_batch.expires_on IS 'last day a unit may be handed out; a lot always has one';
COMMENT ON COLUMN product_batch.status IS 'only released lots are handed out';
COMMENT ON COLUMN product_batch.company_id IS 'company that owns the lot; NULL: the product''s';

CREATE TABLE inventory_stock (
	location_id uuid NOT NULL,
	batch_id uuid NOT NULL,
	on_hand numeric NOT NULL DEFAULT 0,
	may_go_negative boolean NOT NULL DEFAULT false,
	CONSTRAINT inventory_stock_pkey PRIMARY KEY (location_id, batch_id),
	CONSTRAINT inventory_stock_location_fkey FOREIGN KEY (location_id) REFERENCES inventory_location,
	CONSTRAINT inventory_stock_batch_fkey FOREIGN KEY (batch_id) REFERENCES product_batch,
	CONSTRAINT inventory_stock_not_negative CHECK (may_go_negative OR on_hand >= 0)
);
COMMENT ON TABLE inventory_stock IS 'units on hand by place and lot: the running sum of inventory_entry, kept by its trigger for the places that hold goods (warehouse, rep, in_transit, quarantine); the others have no row, their sum is the ledger''s';
COMMENT ON COLUMN inventory_stock.location_id IS 'place that holds goods';
COMMENT ON COLUMN inventory_stock.batch_id IS 'lot that lies there';
COMMENT ON COLUMN inventory_stock.on_hand IS 'units there now';
COMMENT ON COLUMN inventory_stock.may_go_negative IS 'true: stock below 0 is let pass instead of LS172';

CREATE TABLE limit_template (
	template_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	label text NOT NULL,
	country_code text,
	company_id uuid,
	authority text NOT NULL CONSTRAINT limit_template_authority CHECK (authority IN ('statute', 'regulation', 'industry_code', 'company')),
	law_based boolean NOT NULL DEFAULT false,
	legal_ref text,
	certainty text CONSTRAINT limit_template_certainty CHECK (certainty IN ('A', 'B', 'C')),
	source text,
	association text,
	enforcement text NOT NULL DEFAULT 'error' CONSTRAINT limit_template_enforcement CHECK (enforcement IN ('error', 'warning')),
	priority int NOT NULL DEFAULT 100,
	recipients text[] NOT NULL DEFAULT '{}',
	preconditions text[] NOT NULL DEFAULT '{}',
	exclusions text[] NOT NULL DEFAULT '{}',
	obligations text[] NOT NULL DEFAULT '{}',
	pack_rule text,
	retention text,
	note text,
	status text NOT NULL DEFAULT 'draft' CONSTRAINT limit_template_status CHECK (status IN ('draft', 'approved', 'retired')),
	authored_by text NOT NULL DEFAULT session_user,
	approved_by text,
	approved_at timestamptz,
	end_on date,
	end_asked_by text,
	end_approved_by text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT limit_template_pkey PRIMARY KEY (template_id),
	CONSTRAINT limit_template_code_key UNIQUE (code),
	CONSTRAINT limit_template_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT limit_template_company_fkey FOREIGN KEY (company_id) REFERENCES company,
	CONSTRAINT limit_template_association CHECK (association IS NULL OR authority = 'industry_code'),
	CONSTRAINT limit_template_law_is_error CHECK (NOT law_based OR enforcement = 'error'),
	CONSTRAINT limit_template_law_ref CHECK (NOT law_based OR legal_ref IS NOT NULL),
	CONSTRAINT limit_template_approval CHECK (status <> 'approved' OR (approved_by IS NOT NULL AND approved_at IS NOT NULL)),
	CONSTRAINT limit_template_four_eyes CHECK (status <> 'approved' OR approved_by <> authored_by),
	CONSTRAINT limit_template_ending CHECK ((end_on IS NULL) = (end_asked_by IS NULL)
		AND (end_approved_by IS NULL OR (end_asked_by IS NOT NULL AND end_approved_by <> end_asked_by))),
	CONSTRAINT limit_template_valid CHECK (valid_from < valid_to)
);
CREATE INDEX limit_template_country_idx ON limit_template (country_code);
COMMENT ON TABLE limit_template IS 'a rule on sample quantities as its source has it. A template of a country applies to every product sampled there, one without a country or with authority company to the products assigned to it; every applicable template must pass';
COMMENT ON INDEX limit_template_country_idx IS 'templates that hold in a country, asked by every decision about samples';
COMMENT ON COLUMN limit_template.template_id IS 'generated; seeded rows have theirs from the code';
COMMENT ON COLUMN limit_template.code IS 'unique key, such as DE-AMG47-4';
COMMENT ON COLUMN limit_template.label IS 'name shown to people';
COMMENT ON COLUMN limit_template.country_code IS 'country whose products it limits by itself; NULL: only products assigned to it';
COMMENT ON COLUMN limit_template.company_id IS 'company whose policy it is; NULL: a law, a code, or any company';
COMMENT ON COLUMN limit_template.authority IS 'who made the rule; what is statute or regulation is seeded as law';
COMMENT ON COLUMN limit_template.law_based IS 'true: stays law and an error, needs a second pair of eyes';
COMMENT ON COLUMN limit_template.legal_ref IS 'where the rule is written; required for law';
COMMENT ON COLUMN limit_template.certainty IS 'A: primary text read, B: secondary source, C: from memory; NULL: company''s own';
COMMENT ON COLUMN limit_template.source IS 'where the text was read; NULL: company''s own';
COMMENT ON COLUMN limit_template.association IS 'association whose members alone the code binds, see association_membership; NULL: it binds every company';
COMMENT ON COLUMN limit_template.enforcement IS 'error: refuses; warning: asks for a justification';
COMMENT ON COLUMN limit_template.priority IS 'order of evaluation and explanation after law, lower first';
COMMENT ON COLUMN limit_template.recipients IS 'whom the text names, code set limit_recipient; {}: everybody';
COMMENT ON COLUMN limit_template.preconditions IS 'what it asks for, code set limit_precondition; {}: nothing';
COMMENT ON COLUMN limit_template.exclusions IS 'what it forbids, code set limit_exclusion; {}: nothing';
COMMENT ON COLUMN limit_template.obligations IS 'what comes with a hand-over, code set obligation; {}: nothing';
COMMENT ON COLUMN limit_template.pack_rule IS 'pack that may be given, such as smallest_pack or patient_courses_at_most:3; NULL: any';
COMMENT ON COLUMN limit_template.retention IS 'how long records are kept, in the words of the text; NULL: not stated';
COMMENT ON COLUMN limit_template.note IS 'remarks on the reading of the text; NULL: none';
COMMENT ON COLUMN limit_template.status IS 'only approved templates are read; draft before, retired after';
COMMENT ON COLUMN limit_template.authored_by IS 'login or role of the last author; set by the server';
COMMENT ON COLUMN limit_template.approved_by IS 'login or role of the approver, never the last author; NULL: not approved';
COMMENT ON COLUMN limit_template.approved_at IS 'when it was approved; what was handed over before is counted once, later; NULL: not approved';
COMMENT ON COLUMN limit_template.end_on IS 'first day on which it shall not hold any more, as one person has asked; another one then ends it: valid_to. NULL: nobody asks';
COMMENT ON COLUMN limit_template.end_asked_by IS 'login or role of who asked to end it; set by the server, NULL: nobody';
COMMENT ON COLUMN limit_template.end_approved_by IS 'login or role of who ended it, never who asked; NULL: it was not ended so';
COMMENT ON CONSTRAINT limit_template_law_is_error ON limit_template IS 'law never merely warns';
COMMENT ON CONSTRAINT limit_template_four_eyes ON limit_template IS 'who wrote a template does not approve it';

CREATE TABLE association_membership (
	membership_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	company_id uuid NOT NULL,
	association text NOT NULL,
	member boolean NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT association_membership_pkey PRIMARY KEY (membership_id),
	CONSTRAINT association_membership_company_fkey FOREIGN KEY (company_id) REFERENCES company,
	CONSTRAINT association_membership_valid CHECK (valid_from < valid_to),
	CONSTRAINT association_membership_overlap EXCLUDE USING gist
		(company_id WITH =, association WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX association_membership_company_idx ON association_membership (company_id, association);
COMMENT ON TABLE association_membership IS 'which companies are members of an industry association and which are known not to be. A code that binds members only (limit_template.association) binds, too, a company of which nothing is known';
COMMENT ON COLUMN association_membership.membership_id IS 'generated, time-ordered';
COMMENT ON COLUMN association_membership.company_id IS 'company it is said of';
COMMENT ON COLUMN association_membership.association IS 'short name of the association, such as EFPIA';
COMMENT ON COLUMN association_membership.member IS 'false: known not to be a member; its code does not bind the company';
COMMENT ON INDEX association_membership_company_idx IS 'whose codes bind a company, asked by every decision about samples';
COMMENT ON CONSTRAINT association_membership_overlap ON association_membership IS 'a company is a member or not on a day';

CREATE TABLE limit_rule (
	rule_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	template_id uuid NOT NULL,
	name text NOT NULL DEFAULT 'limit',
	subject text NOT NULL DEFAULT 'account' CONSTRAINT limit_rule_subject CHECK (subject IN ('account', 'hco', 'user', 'account_user', 'territory', 'company')),
	counting text NOT NULL DEFAULT 'units' CONSTRAINT limit_rule_counting CHECK (counting IN ('units', 'visits', 'value', 'strength_mg')),
	pool text NOT NULL DEFAULT 'product' CONSTRAINT limit_rule_pool CHECK (pool IN ('sku', 'form_strength', 'product', 'brand', 'company', 'all')),
	per_visit numeric CONSTRAINT limit_rule_per_visit CHECK (per_visit >= 0 AND per_visit < 'Infinity'),
	quota numeric CONSTRAINT limit_rule_quota CHECK (quota >= 0 AND quota < 'Infinity'),
	period text NOT NULL CONSTRAINT limit_rule_period CHECK (period IN
		('none', 'calendar_year', 'calendar_month', 'fiscal_year', 'date_range', 'fixed_start', 'rolling_start', 'sliding',
		 'since_launch', 'since_first_request', 'per_request', 'arrangement', 'lifetime')),
	starts date,
	ends date,
	every interval,
	offset_by interval NOT NULL DEFAULT '0',
	year_starts_month int NOT NULL DEFAULT 1 CONSTRAINT limit_rule_year_start CHECK (year_starts_month BETWEEN 1 AND 12),
	window_anchor text CONSTRAINT limit_rule_anchor CHECK (window_anchor IN
		('authorised_on', 'first_marketed_on', 'first_supplied_on', 'first_request')),
	window_after interval,
	window_for interval,
	window_until text CONSTRAINT limit_rule_until CHECK (window_until IN ('end_of_following_year')),
	window_restarts text[] NOT NULL DEFAULT '{}' CONSTRAINT limit_rule_restarts CHECK (window_restarts <@ '{extended_on,reclassified_on}'::text[]),
	outside_window text NOT NULL DEFAULT 'deny' CONSTRAINT limit_rule_outside CHECK (outside_window IN ('deny', 'not_applicable')),
	applies_when jsonb NOT NULL DEFAULT '{}',
	external_attested numeric CONSTRAINT limit_rule_attested CHECK (external_attested >= 0 AND external_attested < 'Infinity'),
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT limit_rule_pkey PRIMARY KEY (rule_id),
	CONSTRAINT limit_rule_name_key UNIQUE (template_id, name),
	CONSTRAINT limit_rule_template_fkey FOREIGN KEY (template_id) REFERENCES limit_template,
	CONSTRAINT limit_rule_every CHECK (period NOT IN ('fixed_start', 'rolling_start', 'sliding') OR every IS NOT NULL),
	CONSTRAINT limit_rule_dates CHECK (CASE period
		WHEN 'date_range' THEN starts < ends
		WHEN 'fixed_start' THEN starts IS NOT NULL
		ELSE true END),
	CONSTRAINT limit_rule_window CHECK ((window_anchor IS NULL) = (window_after IS NULL AND window_for IS NULL AND window_until IS NULL))
);
COMMENT ON TABLE limit_rule IS 'one counted limit of a template: whose use is counted (subject), over which products (pool), in which period. Neither quota nor per_visit: the law gives no number, and LIMIT_NOT_CONFIGURED unless another applicable rule has one';
COMMENT ON COLUMN limit_rule.rule_id IS 'generated; seeded rows have theirs from code and name';
COMMENT ON COLUMN limit_rule.template_id IS 'template it is a limit of';
COMMENT ON COLUMN limit_rule.name IS 'unique inside the template';
COMMENT ON COLUMN limit_rule.subject IS 'whose use is counted together';
COMMENT ON COLUMN limit_rule.counting IS 'what is added up: units, visits, value in the country''s currency, or milligrams';
COMMENT ON COLUMN limit_rule.pool IS 'products counted together';
COMMENT ON COLUMN limit_rule.per_visit IS 'most at one visit; NULL: no such figure';
COMMENT ON COLUMN limit_rule.quota IS 'most in the period; 0 bans; NULL: no such figure';
COMMENT ON COLUMN limit_rule.period IS 'days counted together; doc/samples.md has a line for each';
COMMENT ON COLUMN limit_rule.starts IS 'first day of date_range, origin of fixed_start; NULL otherwise';
COMMENT ON COLUMN limit_rule.ends IS 'first day after date_range; NULL otherwise';
COMMENT ON COLUMN limit_rule.every IS 'length of a slice or of the sliding window; NULL: the period has its own';
COMMENT ON COLUMN limit_rule.offset_by IS 'moves the origin of slices, and of windows since an event, by this much';
COMMENT ON COLUMN limit_rule.year_starts_month IS 'first month of the year of calendar_year and fiscal_year, 1 to 12';
COMMENT ON COLUMN limit_rule.window_after IS 'time after the anchor before the rule begins to hold; NULL: from the anchor on';
COMMENT ON COLUMN limit_rule.window_for IS 'how long the rule holds after that; NULL: to window_until, or without end';
COMMENT ON COLUMN limit_rule.window_until IS 'end_of_following_year: 31 December of the year after the anchor''s; NULL: by window_for';
COMMENT ON COLUMN limit_rule.window_restarts IS 'columns of product_market whose day starts the window anew; {}: none';
COMMENT ON COLUMN limit_rule.outside_window IS 'deny: a day outside is refused (WINDOW_CLOSED, WINDOW_NOT_OPEN); not_applicable: it is none of this rule''s business';
COMMENT ON COLUMN limit_rule.external_attested IS 'use elsewhere, in what counting adds up, added to what is counted here; NULL: none is known';
COMMENT ON COLUMN limit_rule.window_anchor IS 'the rule holds in a window of the product''s life: from anchor + window_after, for window_for. outside_window says whether a day outside is refused or merely none of this rule''s business';
COMMENT ON COLUMN limit_rule.applies_when IS 'conditions, all of which must hold: {"kind": [...], "country": [...], "region": [...], "profession": [...], "hco_type": [...], "rx_class": [...], "controlled": bool, "reimbursed": bool}; a key the engine does not know refuses';

CREATE TABLE limit_assignment (
	assignment_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	template_id uuid NOT NULL,
	product_id uuid NOT NULL,
	account_kind text,
	quota_override numeric CONSTRAINT limit_assignment_quota CHECK (quota_override >= 0 AND quota_override < 'Infinity'),
	per_visit_override numeric CONSTRAINT limit_assignment_per_visit CHECK (per_visit_override >= 0 AND per_visit_override < 'Infinity'),
	end_on date,
	end_asked_by text,
	end_approved_by text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT limit_assignment_pkey PRIMARY KEY (assignment_id),
	CONSTRAINT limit_assignment_template_fkey FOREIGN KEY (template_id) REFERENCES limit_template,
	CONSTRAINT limit_assignment_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT limit_assignment_ending CHECK ((end_on IS NULL) = (end_asked_by IS NULL)
		AND (end_approved_by IS NULL OR (end_asked_by IS NOT NULL AND end_approved_by <> end_asked_by))),
	CONSTRAINT limit_assignment_valid CHECK (valid_from < valid_to),
	CONSTRAINT limit_assignment_no_overlap EXCLUDE USING gist
		(template_id WITH =, product_id WITH =, (coalesce(account_kind, '')) WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX limit_assignment_product_idx ON limit_assignment (product_id);
COMMENT ON TABLE limit_assignment IS 'products (and what stands under them) that a company template limits; an override may only lower the figure of a law';
COMMENT ON INDEX limit_assignment_product_idx IS 'templates assigned to a product, asked by every decision about samples';
COMMENT ON COLUMN limit_assignment.assignment_id IS 'generated, time-ordered';
COMMENT ON COLUMN limit_assignment.template_id IS 'template that is assigned';
COMMENT ON COLUMN limit_assignment.product_id IS 'product, brand or class it is assigned to';
COMMENT ON COLUMN limit_assignment.account_kind IS 'account.kind of the recipients meant; NULL: every one';
COMMENT ON COLUMN limit_assignment.quota_override IS 'figure in place of limit_rule.quota, never above a law''s; NULL: the rule''s own';
COMMENT ON COLUMN limit_assignment.per_visit_override IS 'figure in place of limit_rule.per_visit, never above a law''s; NULL: the rule''s own';
COMMENT ON COLUMN limit_assignment.end_on IS 'first day on which it shall not hold any more, as one person has asked; another one then ends it: valid_to. NULL: nobody asks';
COMMENT ON COLUMN limit_assignment.end_asked_by IS 'login or role of who asked to end it; set by the server, NULL: nobody';
COMMENT ON COLUMN limit_assignment.end_approved_by IS 'login or role of who ended it, never who asked; NULL: it was not ended so';
COMMENT ON CONSTRAINT limit_assignment_no_overlap ON limit_assignment IS 'one assignment at a time of a template to a product and kind of account; every kind counts as one';

CREATE TABLE limit_counter (
	rule_id uuid NOT NULL,
	subject_key text NOT NULL,
	pool_key text NOT NULL,
	window_from date NOT NULL,
	window_to date NOT NULL,
	quota numeric,
	used numeric NOT NULL DEFAULT 0,
	excess numeric NOT NULL DEFAULT 0,
	CONSTRAINT limit_counter_pkey PRIMARY KEY (rule_id, subject_key, pool_key, window_from),
	CONSTRAINT limit_counter_rule_fkey FOREIGN KEY (rule_id) REFERENCES limit_rule,
	CONSTRAINT limit_counter_used CHECK (used >= 0),
	CONSTRAINT limit_counter_excess CHECK (excess >= 0),
	CONSTRAINT limit_counter_within CHECK (used <= quota + excess)
) WITH (fillfactor = 80);
COMMENT ON TABLE limit_counter IS 'units used by (rule, subject, pool, window); made on first use, locked by every hand-over that counts against it. quota is a copy: a lowered quota raises excess, with a discrepancy. Sliding windows keep one row per key and sum limit_use under its lock';
COMMENT ON COLUMN limit_counter.rule_id IS 'limit that is counted';
COMMENT ON COLUMN limit_counter.subject_key IS 'whose use: an id by limit_rule.subject, account/user for account_user, with @request where the period is a request';
COMMENT ON COLUMN limit_counter.pool_key IS 'what is counted together: a product, brand or company id, brand/form/strength, or all';
COMMENT ON COLUMN limit_counter.window_from IS 'first day of the window; for sliding windows 0001-01-01, one row for the key';
COMMENT ON COLUMN limit_counter.window_to IS 'first day after the window';
COMMENT ON COLUMN limit_counter.quota IS 'figure in force, a copy of the rule''s, NULL for sliding windows';
COMMENT ON COLUMN limit_counter.used IS 'sum of limit_use; 0 or more';
COMMENT ON COLUMN limit_counter.excess IS 'how much of used lies above quota (a lowered quota, a warning that was taken, uses found later), each with a discrepancy; falls as units are given back';
COMMENT ON CONSTRAINT limit_counter_within ON limit_counter IS 'the last line of defence of a limit: no path stores more';

CREATE TABLE sample_request (
	request_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL DEFAULT 'drop' CONSTRAINT sample_request_kind CHECK (kind IN ('drop', 'ship')),
	account_id uuid NOT NULL,
	practitioner_id uuid NOT NULL,
	visit_id uuid,
	signature_id uuid,
	license_id uuid,
	ship_to_id uuid,
	standing boolean NOT NULL DEFAULT false,
	fields jsonb NOT NULL DEFAULT '{}',
	requested_at timestamptz NOT NULL,
	deliver_until date,
	status text NOT NULL DEFAULT 'draft' CONSTRAINT sample_request_status CHECK (status IN ('draft', 'signed', 'approved', 'rejected', 'cancelled')),
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT sample_request_pkey PRIMARY KEY (request_id),
	CONSTRAINT sample_request_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT sample_request_practitioner_fkey FOREIGN KEY (practitioner_id) REFERENCES account,
	CONSTRAINT sample_request_visit_fkey FOREIGN KEY (visit_id) REFERENCES visit,
	CONSTRAINT sample_request_signature_fkey FOREIGN KEY (signature_id) REFERENCES signature,
	CONSTRAINT sample_request_license_fkey FOREIGN KEY (license_id) REFERENCES license,
	CONSTRAINT sample_request_ship_to_fkey FOREIGN KEY (ship_to_id) REFERENCES contact_point,
	CONSTRAINT sample_request_ship CHECK (kind <> 'ship' OR ship_to_id IS NOT NULL),
	CONSTRAINT sample_request_signed CHECK (status NOT IN ('signed', 'approved') OR signature_id IS NOT NULL)
);
CREATE INDEX sample_request_account_idx ON sample_request (account_id, requested_at);
CREATE UNIQUE INDEX sample_request_signature_key ON sample_request (signature_id);
CREATE INDEX sample_request_practitioner_idx ON sample_request (practitioner_id, requested_at);
COMMENT ON TABLE sample_request IS 'written requests: account_id is to receive, practitioner_id asked and signed, once for each request. Fulfilment is a view over facts';
COMMENT ON COLUMN sample_request.request_id IS 'generated, time-ordered, or the device''s own';
COMMENT ON COLUMN sample_request.kind IS 'drop: handed over by a representative; ship: by carrier';
COMMENT ON COLUMN sample_request.account_id IS 'who is to receive';
COMMENT ON COLUMN sample_request.practitioner_id IS 'prescriber who asks and signs; the same as account_id or of its organisation';
COMMENT ON COLUMN sample_request.visit_id IS 'visit in which it was written; NULL: none';
COMMENT ON COLUMN sample_request.signature_id IS 'signature of the practitioner; required from signed on';
COMMENT ON COLUMN sample_request.license_id IS 'licence the request names; NULL: none';
COMMENT ON COLUMN sample_request.ship_to_id IS 'address of a shipment, required for it';
COMMENT ON COLUMN sample_request.standing IS 'true: without a fixed quantity or end; refused where law bars it (21 CFR 203.35)';
COMMENT ON COLUMN sample_request.requested_at IS 'date of the form; a hand-over may not be before it';
COMMENT ON COLUMN sample_request.deliver_until IS 'last day of delivery; NULL: by law or company rule';
COMMENT ON COLUMN sample_request.status IS 'draft, signed by the practitioner, approved or rejected by the company, cancelled';
COMMENT ON COLUMN sample_request.created_at IS 'when the row was stored';
COMMENT ON COLUMN sample_request.fields IS 'what the form says, by the names of the fields that setting sample_request_fields wants; purpose, when it is there, is held against the purpose that a law gives for samples of the kind';

CREATE TABLE sample_request_line (
	request_id uuid NOT NULL,
	product_id uuid NOT NULL,
	requested numeric NOT NULL CONSTRAINT sample_request_line_whole CHECK (requested > 0 AND requested < 'Infinity' AND requested = trunc(requested)),
	fulfilled numeric NOT NULL DEFAULT 0,
	excess numeric NOT NULL DEFAULT 0 CONSTRAINT sample_request_line_excess CHECK (excess >= 0),
	CONSTRAINT sample_request_line_pkey PRIMARY KEY (request_id, product_id),
	CONSTRAINT sample_request_line_request_fkey FOREIGN KEY (request_id) REFERENCES sample_request,
	CONSTRAINT sample_request_line_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT sample_request_line_fulfilled CHECK (fulfilled >= 0 AND fulfilled <= requested + excess)
);
COMMENT ON TABLE sample_request_line IS 'what was asked for and how much of it has been given; fulfilled is kept by the hand-over';
COMMENT ON COLUMN sample_request_line.request_id IS 'request the line belongs to';
COMMENT ON COLUMN sample_request_line.product_id IS 'presentation that was asked for';
COMMENT ON COLUMN sample_request_line.requested IS 'units asked for, whole';
COMMENT ON COLUMN sample_request_line.fulfilled IS 'units given so far, net of reversals';
COMMENT ON COLUMN sample_request_line.excess IS 'how much of fulfilled may lie above requested; falls as units are given back';

CREATE TABLE disbursement (
	disbursement_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	kind text NOT NULL DEFAULT 'sample_drop' CONSTRAINT disbursement_kind CHECK (kind IN ('sample_drop', 'sample_ship')),
	account_id uuid NOT NULL,
	product_id uuid NOT NULL,
	quantity numeric NOT NULL CONSTRAINT disbursement_quantity CHECK (quantity > 0 AND quantity < 'Infinity' AND quantity = trunc(quantity)),
	admission text NOT NULL DEFAULT 'permit' CONSTRAINT disbursement_admission CHECK (admission IN ('permit', 'record')),
	decision_id uuid NOT NULL,
	recipient_id uuid NOT NULL,
	practitioner_id uuid NOT NULL,
	delivery_point_id uuid NOT NULL,
	hco_id uuid,
	country_code text NOT NULL,
	region_code text,
	local_day date NOT NULL,
	visit_id uuid,
	request_id uuid,
	batch_id uuid NOT NULL,
	location_id uuid NOT NULL,
	user_id uuid NOT NULL,
	territory_id uuid,
	company_id uuid NOT NULL,
	captured_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	justification text,
	CONSTRAINT disbursement_pkey PRIMARY KEY (disbursement_id),
	CONSTRAINT disbursement_decision_key UNIQUE (decision_id),
	CONSTRAINT disbursement_permit FOREIGN KEY (decision_id, disbursement_id, kind, account_id, product_id, quantity, admission)
		REFERENCES decision (decision_id, fact_id, kind, account_id, product_id, quantity, admission) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT disbursement_recipient CHECK (recipient_id = account_id),
	CONSTRAINT disbursement_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT disbursement_practitioner_fkey FOREIGN KEY (practitioner_id) REFERENCES account,
	CONSTRAINT disbursement_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT disbursement_point_fkey FOREIGN KEY (delivery_point_id) REFERENCES contact_point,
	CONSTRAINT disbursement_hco_fkey FOREIGN KEY (hco_id) REFERENCES account,
	CONSTRAINT disbursement_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT disbursement_region_fkey FOREIGN KEY (region_code) REFERENCES region,
	CONSTRAINT disbursement_visit_fkey FOREIGN KEY (visit_id) REFERENCES visit,
	CONSTRAINT disbursement_request_fkey FOREIGN KEY (request_id) REFERENCES sample_request,
	CONSTRAINT disbursement_batch_fkey FOREIGN KEY (batch_id) REFERENCES product_batch,
	CONSTRAINT disbursement_location_fkey FOREIGN KEY (location_id) REFERENCES inventory_location,
	CONSTRAINT disbursement_user_fkey FOREIGN KEY (user_id) REFERENCES app_user,
	CONSTRAINT disbursement_territory_fkey FOREIGN KEY (territory_id) REFERENCES territory_node,
	CONSTRAINT disbursement_company_fkey FOREIGN KEY (company_id) REFERENCES company,
	CONSTRAINT disbursement_clock CHECK (captured_at > '-infinity' AND captured_at <= recorded_at + interval '1 day')
);
CREATE INDEX disbursement_account_idx ON disbursement (account_id, product_id, local_day);
CREATE INDEX disbursement_practitioner_idx ON disbursement (practitioner_id, product_id, local_day);
CREATE INDEX disbursement_visit_idx ON disbursement (visit_id);
CREATE INDEX disbursement_request_idx ON disbursement (request_id);
COMMENT ON TABLE disbursement IS 'samples handed over or shipped: the fact. It exists only with its own permitting decision (disbursement_permit); never updated, corrected by disbursement_reversal';
COMMENT ON COLUMN disbursement.disbursement_id IS 'generated, time-ordered, or the device''s own; decision.fact_id of its permit';
COMMENT ON COLUMN disbursement.kind IS 'handed over, or shipped; part of the permit key';
COMMENT ON COLUMN disbursement.account_id IS 'recipient; part of the permit key';
COMMENT ON COLUMN disbursement.product_id IS 'presentation that was given; part of the permit key';
COMMENT ON COLUMN disbursement.quantity IS 'units that were given, whole; part of the permit key';
COMMENT ON COLUMN disbursement.admission IS 'permit, or record for one that happened against the rules; part of the permit key';
COMMENT ON COLUMN disbursement.decision_id IS 'decision that permits it, made by the server';
COMMENT ON COLUMN disbursement.recipient_id IS 'always account_id';
COMMENT ON COLUMN disbursement.practitioner_id IS 'prescriber who asked for it; limits per account count him';
COMMENT ON COLUMN disbursement.delivery_point_id IS 'address where it was delivered';
COMMENT ON COLUMN disbursement.country_code IS 'country of that address, frozen; its law was applied';
COMMENT ON COLUMN disbursement.region_code IS 'region of that address, frozen; NULL: unknown';
COMMENT ON COLUMN disbursement.visit_id IS 'visit in which it was handed over; NULL: a shipment, or without one';
COMMENT ON COLUMN disbursement.request_id IS 'written request it fulfils; NULL: none was needed';
COMMENT ON COLUMN disbursement.batch_id IS 'lot that was given';
COMMENT ON COLUMN disbursement.location_id IS 'bag or warehouse it came from';
COMMENT ON COLUMN disbursement.user_id IS 'who handed it over';
COMMENT ON COLUMN disbursement.territory_id IS 'territory that acted; NULL: none';
COMMENT ON COLUMN disbursement.company_id IS 'company of the user';
COMMENT ON COLUMN disbursement.captured_at IS 'when it happened, by the device';
COMMENT ON COLUMN disbursement.recorded_at IS 'when the database stored it';
COMMENT ON COLUMN disbursement.justification IS 'why a warning was taken; NULL: there was none';
COMMENT ON COLUMN disbursement.hco_id IS 'organisation of the delivery point, frozen when the fact was stored; limits per HCO count it';
COMMENT ON COLUMN disbursement.local_day IS 'business day at the place of delivery; limits count by it';
COMMENT ON CONSTRAINT disbursement_permit ON disbursement IS 'a hand-over exists only with the decision that permits this very one';
COMMENT ON CONSTRAINT disbursement_decision_key ON disbursement IS 'a permit is used once';

CREATE TABLE disbursement_reversal (
	reversal_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	disbursement_id uuid NOT NULL,
	kind text NOT NULL CONSTRAINT disbursement_reversal_kind CHECK (kind IN ('entry_error', 'refused', 'returned', 'not_received')),
	quantity numeric NOT NULL CONSTRAINT disbursement_reversal_quantity CHECK (quantity > 0 AND quantity < 'Infinity' AND quantity = trunc(quantity)),
	to_location_id uuid NOT NULL,
	reason text,
	user_id uuid,
	reversed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	recorded_by name NOT NULL DEFAULT session_user,
	CONSTRAINT disbursement_reversal_pkey PRIMARY KEY (reversal_id),
	CONSTRAINT disbursement_reversal_fact_fkey FOREIGN KEY (disbursement_id) REFERENCES disbursement,
	CONSTRAINT disbursement_reversal_to_fkey FOREIGN KEY (to_location_id) REFERENCES inventory_location,
	CONSTRAINT disbursement_reversal_user_fkey FOREIGN KEY (user_id) REFERENCES app_user
);
CREATE INDEX disbursement_reversal_fact_idx ON disbursement_reversal (disbursement_id);
COMMENT ON TABLE disbursement_reversal IS 'corrections of hand-overs, in whole or in part, never more than was given. entry_error and refused go back to the bag, returned to quarantine, not_received to where the caller says, but to no bag; all give back limit and request quantity, entry_error and not_received also the first-drop anchor';
COMMENT ON COLUMN disbursement_reversal.reversal_id IS 'generated, time-ordered, or the device''s own';
COMMENT ON COLUMN disbursement_reversal.disbursement_id IS 'hand-over that is corrected';
COMMENT ON COLUMN disbursement_reversal.kind IS 'why; doc/samples.md says what each gives back';
COMMENT ON COLUMN disbursement_reversal.quantity IS 'units that are corrected, whole; all reversals together at most what was given';
COMMENT ON COLUMN disbursement_reversal.to_location_id IS 'where the units go; follows from kind except for not_received';
COMMENT ON COLUMN disbursement_reversal.reason IS 'why, in words; NULL: not stated';
COMMENT ON COLUMN disbursement_reversal.user_id IS 'who corrects; NULL: no user acted';
COMMENT ON COLUMN disbursement_reversal.reversed_at IS 'when it was corrected';
COMMENT ON COLUMN disbursement_reversal.recorded_by IS 'database role of the session';

CREATE TABLE limit_use (
	use_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	rule_id uuid NOT NULL,
	subject_key text NOT NULL,
	pool_key text NOT NULL,
	window_from date NOT NULL,
	disbursement_id uuid NOT NULL,
	reversal_id uuid,
	local_day date NOT NULL,
	quantity numeric NOT NULL,
	merge_id uuid,
	CONSTRAINT limit_use_pkey PRIMARY KEY (use_id),
	CONSTRAINT limit_use_sign CHECK (CASE WHEN merge_id IS NOT NULL THEN quantity <> 0 WHEN reversal_id IS NULL THEN quantity > 0 ELSE quantity < 0 END),
	CONSTRAINT limit_use_counter_fkey FOREIGN KEY (rule_id, subject_key, pool_key, window_from) REFERENCES limit_counter,
	CONSTRAINT limit_use_disbursement_fkey FOREIGN KEY (disbursement_id) REFERENCES disbursement,
	CONSTRAINT limit_use_reversal_fkey FOREIGN KEY (reversal_id) REFERENCES disbursement_reversal
);
CREATE INDEX limit_use_counter_idx ON limit_use (rule_id, subject_key, pool_key, local_day);
CREATE INDEX limit_use_disbursement_idx ON limit_use (disbursement_id);
COMMENT ON TABLE limit_use IS 'every charge against a counter and every giving back; the counter is their sum';
COMMENT ON COLUMN limit_use.merge_id IS 'the merge of accounts that moved this charge from the counter of one record to that of the other, by a row that cancels and one that repeats it; undoing the merge moves it back in the same way';
COMMENT ON COLUMN limit_use.use_id IS 'generated, time-ordered';
COMMENT ON COLUMN limit_use.rule_id IS 'counter that was charged, with the next three';
COMMENT ON COLUMN limit_use.subject_key IS 'see limit_counter';
COMMENT ON COLUMN limit_use.pool_key IS 'see limit_counter';
COMMENT ON COLUMN limit_use.window_from IS 'see limit_counter';
COMMENT ON COLUMN limit_use.disbursement_id IS 'hand-over that used it';
COMMENT ON COLUMN limit_use.reversal_id IS 'correction that gives back; NULL: the use itself';
COMMENT ON COLUMN limit_use.local_day IS 'business day of the hand-over';
COMMENT ON COLUMN limit_use.quantity IS 'more than 0 for use, less than 0 for giving back; in what limit_rule.counting adds up';

CREATE TABLE inventory_operation (
	operation_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	type text NOT NULL CONSTRAINT inventory_operation_type CHECK (type IN
		('receipt', 'transfer', 'return', 'disbursement', 'reversal', 'adjustment', 'loss', 'theft', 'destruction', 'recall')),
	from_location_id uuid,
	to_location_id uuid,
	disbursement_id uuid,
	reversal_id uuid,
	reason text,
	user_id uuid,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	recorded_by name NOT NULL DEFAULT session_user,
	CONSTRAINT inventory_operation_pkey PRIMARY KEY (operation_id),
	CONSTRAINT inventory_operation_from_fkey FOREIGN KEY (from_location_id) REFERENCES inventory_location,
	CONSTRAINT inventory_operation_to_fkey FOREIGN KEY (to_location_id) REFERENCES inventory_location,
	CONSTRAINT inventory_operation_fact_fkey FOREIGN KEY (disbursement_id) REFERENCES disbursement,
	CONSTRAINT inventory_operation_reversal_fkey FOREIGN KEY (reversal_id) REFERENCES disbursement_reversal,
	CONSTRAINT inventory_operation_user_fkey FOREIGN KEY (user_id) REFERENCES app_user,
	CONSTRAINT inventory_operation_fact CHECK ((type = 'disbursement') = (disbursement_id IS NOT NULL AND reversal_id IS NULL)),
	CONSTRAINT inventory_operation_back CHECK ((type = 'reversal') = (reversal_id IS NOT NULL))
);
CREATE UNIQUE INDEX inventory_operation_fact_once ON inventory_operation (disbursement_id) WHERE type = 'disbursement';
CREATE UNIQUE INDEX inventory_operation_back_once ON inventory_operation (reversal_id) WHERE reversal_id IS NOT NULL;
COMMENT ON TABLE inventory_operation IS 'one movement of stock; its legs are inventory_entry rows that sum to zero per lot';
COMMENT ON COLUMN inventory_operation.operation_id IS 'generated, time-ordered, or the device''s own';
COMMENT ON COLUMN inventory_operation.type IS 'why stock moved';
COMMENT ON COLUMN inventory_operation.from_location_id IS 'place it left; NULL: several, see the entries';
COMMENT ON COLUMN inventory_operation.to_location_id IS 'place it went to; NULL: several, see the entries';
COMMENT ON COLUMN inventory_operation.disbursement_id IS 'hand-over that moved it; NULL: another type';
COMMENT ON COLUMN inventory_operation.reversal_id IS 'correction that moved it back; NULL: another type';
COMMENT ON COLUMN inventory_operation.reason IS 'why, in words; NULL: not stated';
COMMENT ON COLUMN inventory_operation.user_id IS 'who moved it; NULL: no user acted';
COMMENT ON COLUMN inventory_operation.at IS 'when it was moved';
COMMENT ON COLUMN inventory_operation.recorded_by IS 'database role of the session';
COMMENT ON INDEX inventory_operation_fact_once IS 'a hand-over moves stock once';
COMMENT ON INDEX inventory_operation_back_once IS 'a correction moves stock back once';

CREATE TABLE inventory_entry (
	entry_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	operation_id uuid NOT NULL,
	location_id uuid NOT NULL,
	batch_id uuid NOT NULL,
	quantity numeric NOT NULL CONSTRAINT inventory_entry_moves CHECK (quantity <> 0 AND quantity > '-Infinity' AND quantity < 'Infinity' AND quantity = trunc(quantity)),
	posted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT inventory_entry_pkey PRIMARY KEY (entry_id),
	CONSTRAINT inventory_entry_operation_fkey FOREIGN KEY (operation_id) REFERENCES inventory_operation,
	CONSTRAINT inventory_entry_location_fkey FOREIGN KEY (location_id) REFERENCES inventory_location,
	CONSTRAINT inventory_entry_batch_fkey FOREIGN KEY (batch_id) REFERENCES product_batch
);
CREATE INDEX inventory_entry_operation_idx ON inventory_entry (operation_id);
CREATE INDEX inventory_entry_stock_idx ON inventory_entry (location_id, batch_id, posted_at);
COMMENT ON TABLE inventory_entry IS 'the ledger, append-only: all legs of an operation come in one statement and sum to zero per lot';
COMMENT ON COLUMN inventory_entry.entry_id IS 'generated, time-ordered';
COMMENT ON COLUMN inventory_entry.operation_id IS 'movement it is a leg of';
COMMENT ON COLUMN inventory_entry.location_id IS 'place whose stock changes';
COMMENT ON COLUMN inventory_entry.batch_id IS 'lot that is moved';
COMMENT ON COLUMN inventory_entry.quantity IS 'units, whole, more than 0 in, less than 0 out';
COMMENT ON COLUMN inventory_entry.posted_at IS 'when it was written';

CREATE TABLE sample_receipt (
	receipt_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	disbursement_id uuid NOT NULL,
	signature_id uuid NOT NULL,
	quantity numeric NOT NULL CONSTRAINT sample_receipt_quantity CHECK (quantity > 0 AND quantity < 'Infinity' AND quantity = trunc(quantity)),
	received_at timestamptz NOT NULL CONSTRAINT sample_receipt_when CHECK (isfinite(received_at)),
	CONSTRAINT sample_receipt_pkey PRIMARY KEY (receipt_id),
	CONSTRAINT sample_receipt_fact_fkey FOREIGN KEY (disbursement_id) REFERENCES disbursement,
	CONSTRAINT sample_receipt_signature_fkey FOREIGN KEY (signature_id) REFERENCES signature
);
CREATE INDEX sample_receipt_fact_idx ON sample_receipt (disbursement_id);
COMMENT ON TABLE sample_receipt IS 'signed acknowledgements of delivery; a designee may sign the receipt, never the request (21 CFR 203.31(c))';
COMMENT ON COLUMN sample_receipt.receipt_id IS 'generated, time-ordered';
COMMENT ON COLUMN sample_receipt.disbursement_id IS 'hand-over that is acknowledged';
COMMENT ON COLUMN sample_receipt.signature_id IS 'signature of the recipient or designee';
COMMENT ON COLUMN sample_receipt.quantity IS 'units that arrived, whole; all receipts of a hand-over together at most what was given and not taken back as entry_error, refused or not_received';
COMMENT ON COLUMN sample_receipt.received_at IS 'when they arrived';

CREATE TABLE discrepancy (
	discrepancy_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	decision_id uuid,
	fact_id uuid,
	rule_id uuid,
	subject_key text,
	pool_key text,
	window_from date,
	severity text NOT NULL CONSTRAINT discrepancy_severity CHECK (severity IN ('error', 'warning')),
	reason_code text NOT NULL,
	over_by numeric CONSTRAINT discrepancy_over_by CHECK (over_by > 0),
	justification text,
	status text NOT NULL DEFAULT 'open' CONSTRAINT discrepancy_status CHECK (status IN ('open', 'in_review', 'justified', 'closed')),
	opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	closed_at timestamptz,
	closed_by text,
	CONSTRAINT discrepancy_pkey PRIMARY KEY (discrepancy_id),
	CONSTRAINT discrepancy_decision_fkey FOREIGN KEY (decision_id) REFERENCES decision,
	CONSTRAINT discrepancy_rule_fkey FOREIGN KEY (rule_id) REFERENCES limit_rule,
	CONSTRAINT discrepancy_closed CHECK ((status = 'closed') = (closed_at IS NOT NULL AND closed_by IS NOT NULL))
);
CREATE INDEX discrepancy_fact_idx ON discrepancy (fact_id);
CREATE INDEX discrepancy_open_idx ON discrepancy (opened_at) WHERE status IN ('open', 'in_review');
COMMENT ON TABLE discrepancy IS 'what needs a person''s look: every recorded fact, every warning taken with a justification, every counter in excess';
COMMENT ON COLUMN discrepancy.discrepancy_id IS 'generated, time-ordered';
COMMENT ON COLUMN discrepancy.decision_id IS 'decision that led to it; NULL: a changed limit did';
COMMENT ON COLUMN discrepancy.fact_id IS 'row it is about, by its own id; NULL: no single one';
COMMENT ON COLUMN discrepancy.rule_id IS 'limit that is exceeded, with the next three; NULL: another rule';
COMMENT ON COLUMN discrepancy.subject_key IS 'see limit_counter; NULL: no limit';
COMMENT ON COLUMN discrepancy.pool_key IS 'see limit_counter; NULL: no limit';
COMMENT ON COLUMN discrepancy.window_from IS 'see limit_counter; NULL: no limit';
COMMENT ON COLUMN discrepancy.severity IS 'error: against the rules; warning: taken with a justification';
COMMENT ON COLUMN discrepancy.reason_code IS 'reason as lsce.reasons() lists it';
COMMENT ON COLUMN discrepancy.over_by IS 'how much is above the quota, in what the limit counts; NULL: nothing is counted';
COMMENT ON COLUMN discrepancy.justification IS 'why it was done all the same; NULL: nothing was said';
COMMENT ON COLUMN discrepancy.status IS 'open and in_review wait for a person; justified and closed do not';
COMMENT ON COLUMN discrepancy.opened_at IS 'when it was stored';
COMMENT ON COLUMN discrepancy.closed_at IS 'when it was closed; NULL: it is not';
COMMENT ON COLUMN discrepancy.closed_by IS 'who closed it; NULL: it is not';
COMMENT ON INDEX discrepancy_open_idx IS 'what still waits for a person, oldest first';
