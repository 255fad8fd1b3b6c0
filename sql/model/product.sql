-- Products, what each market allows of them, guidance, and the policies that
-- say to whom they may be presented, sampled or written about.

CREATE TABLE product (
	product_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	name text NOT NULL,
	type text NOT NULL CONSTRAINT product_type CHECK (type IN ('market', 'therapeutic_area', 'indication', 'brand', 'brand_indication', 'product')),
	spec_type text CONSTRAINT product_spec_type CHECK (spec_type IN ('sample', 'order_item', 'promo_item', 'device', 'consumable')),
	parent_id uuid,
	brand_id uuid,
	company_id uuid,
	distribution_method text CONSTRAINT product_distribution_method CHECK (distribution_method IN ('drop', 'ship', 'drop_and_ship')),
	signature_level text NOT NULL DEFAULT 'mandatory' CONSTRAINT product_signature_level CHECK (signature_level IN ('mandatory', 'optional', 'not_required')),
	strength_mg numeric CONSTRAINT product_strength CHECK (strength_mg > 0),
	dosage_form text,
	class_code text,
	pack_size int CONSTRAINT product_pack_size CHECK (pack_size > 0),
	unit_of_measure text NOT NULL DEFAULT 'each',
	competitor boolean NOT NULL DEFAULT false,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT product_pkey PRIMARY KEY (product_id),
	CONSTRAINT product_code_key UNIQUE (code),
	CONSTRAINT product_parent_fkey FOREIGN KEY (parent_id) REFERENCES product,
	CONSTRAINT product_brand_fkey FOREIGN KEY (brand_id) REFERENCES product,
	CONSTRAINT product_company_fkey FOREIGN KEY (company_id) REFERENCES company,
	CONSTRAINT product_not_own_parent CHECK (parent_id <> product_id),
	CONSTRAINT product_spec CHECK (type <> 'product' OR spec_type IS NOT NULL),
	CONSTRAINT product_distribution CHECK (type = 'product' OR distribution_method IS NULL),
	CONSTRAINT product_valid CHECK (valid_from < valid_to)
);
CREATE INDEX product_parent_idx ON product (parent_id);
CREATE INDEX product_brand_idx ON product (brand_id);
COMMENT ON TABLE product IS 'the product tree: market, therapeutic area, brand, indication, and the presentation (type product) that is sampled, ordered or presented';
COMMENT ON COLUMN product.product_id IS 'generated, time-ordered';
COMMENT ON COLUMN product.code IS 'unique key for people and imports; product(code) finds it';
COMMENT ON COLUMN product.name IS 'name shown to people';
COMMENT ON COLUMN product.type IS 'level in the tree; only type product is sampled, ordered or handed over';
COMMENT ON COLUMN product.spec_type IS 'what a presentation is used as; NULL above type product';
COMMENT ON COLUMN product.parent_id IS 'product it stands under, of a type that product_edge_rule allows; NULL: a root';
COMMENT ON COLUMN product.brand_id IS 'brand it belongs to, whose limits it shares; NULL: it stands alone';
COMMENT ON COLUMN product.company_id IS 'company that holds it where product_market says nothing else; NULL: unknown';
COMMENT ON COLUMN product.distribution_method IS 'how samples may reach a recipient: by a representative (drop), by carrier (ship), or both; NULL: not sampled';
COMMENT ON COLUMN product.signature_level IS 'whether a written request is asked for even where no law wants one; only mandatory asks';
COMMENT ON COLUMN product.strength_mg IS 'active substance in one dose, milligrams; NULL: not stated, limits that count strength refuse';
COMMENT ON COLUMN product.dosage_form IS 'form of the dose, such as tablet; part of the key of limits by form and strength';
COMMENT ON COLUMN product.class_code IS 'therapeutic class, such as an ATC code; NULL: not stated';
COMMENT ON COLUMN product.pack_size IS 'doses in one unit that is handed over, more than 0; NULL: not stated';
COMMENT ON COLUMN product.unit_of_measure IS 'unit in which quantities are given';
COMMENT ON COLUMN product.competitor IS 'true: another company''s product, known for ratings and notes; never sampled';
COMMENT ON CONSTRAINT product_spec ON product IS 'a presentation says what it is used as';

CREATE TABLE product_edge_rule (
	parent_type text NOT NULL,
	child_type text NOT NULL,
	CONSTRAINT product_edge_rule_pkey PRIMARY KEY (parent_type, child_type)
);
COMMENT ON TABLE product_edge_rule IS 'which type of product may stand under which; any other product is refused (LS521)';
COMMENT ON COLUMN product_edge_rule.parent_type IS 'product.type above';
COMMENT ON COLUMN product_edge_rule.child_type IS 'product.type allowed directly under it';

CREATE TABLE product_market (
	product_market_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	country_code text NOT NULL,
	company_id uuid NOT NULL,
	local_name text,
	ma_number text,
	authorised_on date,
	first_marketed_on date,
	first_supplied_on date,
	extended_on date,
	reclassified_on date,
	withdrawn_on date,
	rx_class text NOT NULL DEFAULT 'rx' CONSTRAINT product_market_rx_class CHECK (rx_class IN ('rx', 'rx_restricted', 'otc', 'special_prescription')),
	smallest_pack boolean,
	sampleable boolean NOT NULL DEFAULT false,
	controlled_schedule text CONSTRAINT product_market_schedule CHECK (controlled_schedule IN ('II', 'III', 'IV', 'V', 'VI', 'narcotic', 'psychotropic')),
	sample_class text CONSTRAINT product_market_sample_class CHECK (sample_class IN ('seizai_mihon', 'rinsho_shiyo')),
	reimbursed_pct numeric CONSTRAINT product_market_reimbursed CHECK (reimbursed_pct BETWEEN 0 AND 100),
	unit_value numeric CONSTRAINT product_market_unit_value CHECK (unit_value > 0),
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT product_market_pkey PRIMARY KEY (product_market_id),
	CONSTRAINT product_market_key UNIQUE (product_id, country_code, company_id),
	CONSTRAINT product_market_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT product_market_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT product_market_company_fkey FOREIGN KEY (company_id) REFERENCES company,
	CONSTRAINT product_market_order CHECK (withdrawn_on IS NULL OR first_marketed_on IS NULL OR first_marketed_on <= withdrawn_on)
);
COMMENT ON TABLE product_market IS 'a product in one country: authorisation, launch, classes. Windows of sampling law are anchored at these dates';
COMMENT ON COLUMN product_market.product_market_id IS 'generated, time-ordered';
COMMENT ON COLUMN product_market.product_id IS 'product that is marketed there';
COMMENT ON COLUMN product_market.country_code IS 'country of the market';
COMMENT ON COLUMN product_market.company_id IS 'holder of the authorisation, or who markets it there; the pool of limits by company';
COMMENT ON COLUMN product_market.local_name IS 'trade name there; NULL: product.name';
COMMENT ON COLUMN product_market.ma_number IS 'number of the marketing authorisation; NULL: unknown';
COMMENT ON COLUMN product_market.authorised_on IS 'day of the marketing authorisation; NULL: not authorised';
COMMENT ON COLUMN product_market.first_marketed_on IS 'day of launch; NULL: not launched, nothing may be sampled';
COMMENT ON COLUMN product_market.first_supplied_on IS 'day of the first supply to a pharmacy or wholesaler; NULL: none';
COMMENT ON COLUMN product_market.reclassified_on IS 'day on which the class of supply changed; restarts windows of rules that say so';
COMMENT ON COLUMN product_market.withdrawn_on IS 'first day on which it is no longer marketed; NULL: still marketed';
COMMENT ON COLUMN product_market.rx_class IS 'class of supply: prescription, restricted prescription, without prescription, special prescription';
COMMENT ON COLUMN product_market.sampleable IS 'true: the company gives samples of it there';
COMMENT ON COLUMN product_market.controlled_schedule IS 'schedule of a controlled substance there, DEA numerals or narcotic, psychotropic; NULL: not controlled';
COMMENT ON COLUMN product_market.reimbursed_pct IS 'share that public insurance pays, 0 to 100; NULL: unknown';
COMMENT ON COLUMN product_market.extended_on IS 'first marketing of a new strength or form that came with an extended indication; restarts the French window (CSP R5122-17 I 2)';
COMMENT ON COLUMN product_market.smallest_pack IS 'true when this is the smallest pack marketed; NULL is unknown, and unknown means no where a law wants the smallest pack';
COMMENT ON COLUMN product_market.unit_value IS 'what one sample unit is worth in the country''s currency; limits that count value need it';
COMMENT ON COLUMN product_market.sample_class IS 'Japan: appearance sample (seizai_mihon) or evaluation sample (rinsho_shiyo); one may not serve the purpose of the other';

CREATE TABLE co_promotion (
	product_id uuid NOT NULL,
	company_id uuid NOT NULL,
	country_code text NOT NULL,
	rights text[] NOT NULL DEFAULT '{detail}',
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	CONSTRAINT co_promotion_pkey PRIMARY KEY (product_id, company_id, country_code, valid_from),
	CONSTRAINT co_promotion_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT co_promotion_company_fkey FOREIGN KEY (company_id) REFERENCES company,
	CONSTRAINT co_promotion_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT co_promotion_rights CHECK (rights <@ '{sample_drop,sample_ship,detail,message_send,content_share,remote_session,gift,order}'::text[]),
	CONSTRAINT co_promotion_valid CHECK (valid_from < valid_to)
);
COMMENT ON TABLE co_promotion IS 'what a partner company may do with a product; partners share the recipient''s product limits, not consent';
COMMENT ON COLUMN co_promotion.product_id IS 'product, brand or class that the right is for';
COMMENT ON COLUMN co_promotion.company_id IS 'partner that holds the right';
COMMENT ON COLUMN co_promotion.country_code IS 'country it holds in';
COMMENT ON COLUMN co_promotion.rights IS 'kinds of action granted, as in decision.kind';

CREATE TABLE product_indication (
	product_id uuid NOT NULL,
	indication text NOT NULL,
	country_code text NOT NULL,
	status text NOT NULL CONSTRAINT product_indication_status CHECK (status IN ('approved', 'pending', 'refused', 'withdrawn')),
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT product_indication_pkey PRIMARY KEY (product_id, country_code, indication, valid_from),
	CONSTRAINT product_indication_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT product_indication_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT product_indication_valid CHECK (valid_from < valid_to)
);
COMMENT ON TABLE product_indication IS 'on-label is what has an approved row here for the country and day, and nothing else';
COMMENT ON COLUMN product_indication.product_id IS 'product the authority decided on';
COMMENT ON COLUMN product_indication.indication IS 'disease or use, as a code or text of the label';
COMMENT ON COLUMN product_indication.country_code IS 'country of the authority';
COMMENT ON COLUMN product_indication.status IS 'state of the authorisation for this use; only approved is on-label';

CREATE TABLE product_guidance (
	guidance_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	type text NOT NULL CONSTRAINT product_guidance_type CHECK (type IN ('message', 'objective', 'other')),
	name text NOT NULL,
	group_name text,
	group_seq int,
	priority int,
	reactions text[],
	label_status text NOT NULL DEFAULT 'on_label' CONSTRAINT product_guidance_label CHECK (label_status IN ('on_label', 'off_label', 'disease_state')),
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	CONSTRAINT product_guidance_pkey PRIMARY KEY (guidance_id),
	CONSTRAINT product_guidance_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT product_guidance_valid CHECK (valid_from < valid_to)
);
CREATE INDEX product_guidance_product_idx ON product_guidance (product_id);
COMMENT ON TABLE product_guidance IS 'key messages and objectives for a product; the wording approved for a country and language is in guidance_text';
COMMENT ON COLUMN product_guidance.guidance_id IS 'generated, time-ordered';
COMMENT ON COLUMN product_guidance.product_id IS 'product the guidance is about';
COMMENT ON COLUMN product_guidance.type IS 'message: to be said; objective: to be reached; other';
COMMENT ON COLUMN product_guidance.name IS 'internal title; what is said stands in guidance_text';
COMMENT ON COLUMN product_guidance.group_name IS 'heading under which it is listed; NULL: none';
COMMENT ON COLUMN product_guidance.group_seq IS 'place inside the group, ascending';
COMMENT ON COLUMN product_guidance.priority IS 'importance among guidance of the product, 1 first; NULL: not ranked';
COMMENT ON COLUMN product_guidance.reactions IS 'answers of the account that a representative may note; NULL: free text';
COMMENT ON COLUMN product_guidance.label_status IS 'whether it speaks of an approved use; off_label may not be said by sales';

CREATE TABLE guidance_text (
	guidance_id uuid NOT NULL,
	country_code text NOT NULL,
	lang text NOT NULL,
	body text NOT NULL,
	approval_no text NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	CONSTRAINT guidance_text_pkey PRIMARY KEY (guidance_id, country_code, lang, valid_from),
	CONSTRAINT guidance_text_guidance_fkey FOREIGN KEY (guidance_id) REFERENCES product_guidance,
	CONSTRAINT guidance_text_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT guidance_text_valid CHECK (valid_from < valid_to),
	CONSTRAINT guidance_text_no_overlap EXCLUDE USING gist
		(guidance_id WITH =, country_code WITH =, lang WITH =, daterange(valid_from, valid_to) WITH &&)
);
COMMENT ON TABLE guidance_text IS 'approved wording of a guidance, by country and language';
COMMENT ON COLUMN guidance_text.guidance_id IS 'guidance whose wording this is';
COMMENT ON COLUMN guidance_text.country_code IS 'country whose review approved it';
COMMENT ON COLUMN guidance_text.lang IS 'language of the text, as BCP 47 subtag';
COMMENT ON COLUMN guidance_text.body IS 'wording to be used as it stands';
COMMENT ON COLUMN guidance_text.approval_no IS 'number of the approval by medical, legal and regulatory review';
COMMENT ON CONSTRAINT guidance_text_no_overlap ON guidance_text IS 'one approved wording at a time for a country and language';

CREATE TABLE specialty_set (
	set_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	name text NOT NULL,
	CONSTRAINT specialty_set_pkey PRIMARY KEY (set_id),
	CONSTRAINT specialty_set_code_key UNIQUE (code)
);
COMMENT ON TABLE specialty_set IS 'a named set of specialties, such as allergists: subtrees that cut across the classification';
COMMENT ON COLUMN specialty_set.set_id IS 'generated, time-ordered';
COMMENT ON COLUMN specialty_set.code IS 'unique key for people and imports';
COMMENT ON COLUMN specialty_set.name IS 'name shown to people';

CREATE TABLE specialty_set_member (
	set_id uuid NOT NULL,
	path lsce.specialty NOT NULL,
	exclude boolean NOT NULL DEFAULT false,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT specialty_set_member_pkey PRIMARY KEY (set_id, path),
	CONSTRAINT specialty_set_member_set_fkey FOREIGN KEY (set_id) REFERENCES specialty_set
);
COMMENT ON TABLE specialty_set_member IS 'a subtree of the set; a specialty belongs to the set when its deepest matching member does not exclude';
COMMENT ON COLUMN specialty_set_member.set_id IS 'set that this subtree belongs to';
COMMENT ON COLUMN specialty_set_member.path IS 'root of the subtree in the classification';
COMMENT ON COLUMN specialty_set_member.exclude IS 'true: what stands under path is left out of the set, unless a deeper member takes it in again';

CREATE TABLE sampling_policy (
	policy_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	country_code text NOT NULL,
	region_code text,
	action text NOT NULL CONSTRAINT sampling_policy_action CHECK (action IN
		('sample_drop', 'sample_ship', 'detail', 'message_send', 'content_share', 'remote_session', 'gift', 'order')),
	persona text,
	specialty_set_id uuid,
	required_specialty lsce.specialty,
	required_profession text,
	required_board text,
	required_license_kind text,
	user_qualification_kind text,
	user_qualification_level int CONSTRAINT sampling_policy_level CHECK (user_qualification_level >= 1),
	allowed boolean NOT NULL DEFAULT true,
	law_based boolean NOT NULL DEFAULT false,
	legal_ref text,
	status text NOT NULL DEFAULT 'draft' CONSTRAINT sampling_policy_status CHECK (status IN ('draft', 'approved', 'retired')),
	authored_by text NOT NULL DEFAULT session_user,
	approved_by text,
	approved_at timestamptz,
	end_on date,
	end_asked_by text,
	end_approved_by text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT sampling_policy_pkey PRIMARY KEY (policy_id),
	CONSTRAINT sampling_policy_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT sampling_policy_country_fkey FOREIGN KEY (country_code) REFERENCES country,
	CONSTRAINT sampling_policy_region_fkey FOREIGN KEY (region_code) REFERENCES region,
	CONSTRAINT sampling_policy_set_fkey FOREIGN KEY (specialty_set_id) REFERENCES specialty_set,
	CONSTRAINT sampling_policy_qualification CHECK ((user_qualification_kind IS NULL) = (user_qualification_level IS NULL)),
	CONSTRAINT sampling_policy_ending CHECK ((end_on IS NULL) = (end_asked_by IS NULL)
		AND (end_approved_by IS NULL OR (end_asked_by IS NOT NULL AND end_approved_by <> end_asked_by))),
	CONSTRAINT sampling_policy_approval CHECK (status <> 'approved' OR (approved_by IS NOT NULL AND approved_at IS NOT NULL)),
	CONSTRAINT sampling_policy_four_eyes CHECK (status <> 'approved' OR NOT law_based OR approved_by <> authored_by),
	CONSTRAINT sampling_policy_law_ref CHECK (NOT law_based OR legal_ref IS NOT NULL),
	CONSTRAINT sampling_policy_valid CHECK (valid_from < valid_to)
);
CREATE INDEX sampling_policy_product_idx ON sampling_policy (product_id, action, country_code);
COMMENT ON TABLE sampling_policy IS 'to whom a product may be given, presented or written about. A matching row with allowed = false denies; else the most specific product level that has rows decides: OR between rows, AND within one; no row at all denies (POLICY_MISSING)';
COMMENT ON COLUMN sampling_policy.policy_id IS 'generated, time-ordered';
COMMENT ON COLUMN sampling_policy.product_id IS 'product, brand or class that the row is for; the most specific level that has rows decides';
COMMENT ON COLUMN sampling_policy.country_code IS 'country of the place of delivery or contact';
COMMENT ON COLUMN sampling_policy.region_code IS 'region of that place; NULL: the whole country';
COMMENT ON COLUMN sampling_policy.action IS 'kind of decision that the row is for';
COMMENT ON COLUMN sampling_policy.persona IS 'persona of the acting user; NULL: any';
COMMENT ON COLUMN sampling_policy.specialty_set_id IS 'set that one of the recipient''s specialties must be in; NULL: not asked';
COMMENT ON COLUMN sampling_policy.required_specialty IS 'subtree that one of the recipient''s specialties must be in; NULL: not asked';
COMMENT ON COLUMN sampling_policy.required_profession IS 'hcp.profession of the recipient; NULL: not asked';
COMMENT ON COLUMN sampling_policy.required_board IS 'board whose certification, for required_specialty where that is given, the recipient must hold; NULL: not asked';
COMMENT ON COLUMN sampling_policy.required_license_kind IS 'license.kind that the recipient must hold in force; NULL: not asked';
COMMENT ON COLUMN sampling_policy.user_qualification_kind IS 'user_qualification.kind that the acting user must hold; NULL: not asked';
COMMENT ON COLUMN sampling_policy.user_qualification_level IS 'least level of that qualification; given together with the kind';
COMMENT ON COLUMN sampling_policy.allowed IS 'false: a matching row denies, whatever other rows say';
COMMENT ON COLUMN sampling_policy.law_based IS 'true: law, stays law, and the four-eyes rule is enforced';
COMMENT ON COLUMN sampling_policy.legal_ref IS 'where the rule is written; required for law';
COMMENT ON COLUMN sampling_policy.status IS 'only approved rows are read; draft before, retired after';
COMMENT ON COLUMN sampling_policy.authored_by IS 'login or role of the last author; set by the server';
COMMENT ON COLUMN sampling_policy.approved_by IS 'login or role of the approver, never the last author; NULL: not approved';
COMMENT ON COLUMN sampling_policy.approved_at IS 'when it was approved; NULL: not approved';
COMMENT ON COLUMN sampling_policy.end_on IS 'first day on which it shall not hold any more, as one person has asked; another one then ends it: valid_to. NULL: nobody asks';
COMMENT ON COLUMN sampling_policy.end_asked_by IS 'login or role of who asked to end it; set by the server, NULL: nobody';
COMMENT ON COLUMN sampling_policy.end_approved_by IS 'login or role of who ended it, never who asked; NULL: it was not ended so';
COMMENT ON CONSTRAINT sampling_policy_four_eyes ON sampling_policy IS 'who wrote a law row does not approve it';

CREATE TABLE product_account_restriction (
	restriction_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	account_id uuid NOT NULL,
	product_id uuid NOT NULL,
	territory_id uuid,
	actions text[] NOT NULL DEFAULT '{sample_drop,sample_ship,detail,order}',
	reason text,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	expires_on date GENERATED ALWAYS AS (CASE WHEN valid_to < DATE '9999-12-31' THEN valid_to - 1 END) STORED,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT product_account_restriction_pkey PRIMARY KEY (restriction_id),
	CONSTRAINT restriction_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT restriction_actions CHECK (actions <@ '{sample_drop,sample_ship,detail,message_send,content_share,remote_session,gift,order}'::text[]),
	CONSTRAINT restriction_valid CHECK (valid_from < valid_to)
);
CREATE INDEX restriction_account_idx ON product_account_restriction (account_id, product_id);
COMMENT ON TABLE product_account_restriction IS 'a product (or anything under it in the tree) that may not be used with an account, for the named actions, in one territory or, when NULL, anywhere';
COMMENT ON COLUMN product_account_restriction.restriction_id IS 'generated, time-ordered';
COMMENT ON COLUMN product_account_restriction.account_id IS 'account the product is not used with';
COMMENT ON COLUMN product_account_restriction.product_id IS 'product, or what it stands under';
COMMENT ON COLUMN product_account_restriction.territory_id IS 'territory the ban holds for; NULL: every one';
COMMENT ON COLUMN product_account_restriction.actions IS 'kinds of decision that are banned';
COMMENT ON COLUMN product_account_restriction.reason IS 'why, in words; NULL: not stated';
COMMENT ON COLUMN product_account_restriction.expires_on IS 'last valid day, from valid_to; NULL: open';
