-- Sales teams, the territories that outlive every territory model, the tree of
-- each model, rosters, and the accounts and products aligned to a territory.

CREATE TABLE sales_team (
	team_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	code text NOT NULL,
	name text NOT NULL,
	company_id uuid NOT NULL,
	country_code text NOT NULL,
	domain text NOT NULL DEFAULT 'commercial' CONSTRAINT sales_team_domain CHECK (domain IN ('commercial', 'medical', 'access')),
	CONSTRAINT sales_team_pkey PRIMARY KEY (team_id),
	CONSTRAINT sales_team_code_key UNIQUE (code),
	CONSTRAINT sales_team_company_fkey FOREIGN KEY (company_id) REFERENCES company,
	CONSTRAINT sales_team_country_fkey FOREIGN KEY (country_code) REFERENCES country
);
COMMENT ON TABLE sales_team IS 'a field force of one company in one country. Teams never compete for accounts';
COMMENT ON COLUMN sales_team.team_id IS 'generated, time-ordered';
COMMENT ON COLUMN sales_team.code IS 'unique key for people and imports';
COMMENT ON COLUMN sales_team.name IS 'name shown to people';
COMMENT ON COLUMN sales_team.company_id IS 'company the team works for';
COMMENT ON COLUMN sales_team.country_code IS 'country it works in';
COMMENT ON COLUMN sales_team.domain IS 'side of the firewall between sales and medicine: commercial, medical or access';

ALTER TABLE user_assignment ADD CONSTRAINT user_assignment_team_fkey FOREIGN KEY (team_id) REFERENCES sales_team;

CREATE TABLE territory_node (
	territory_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	team_id uuid NOT NULL,
	code text NOT NULL,
	name text NOT NULL,
	type text NOT NULL DEFAULT 'territory' CONSTRAINT territory_node_type CHECK (type IN ('country', 'region', 'district', 'territory', 'medical', 'kam')),
	CONSTRAINT territory_node_pkey PRIMARY KEY (territory_id),
	CONSTRAINT territory_node_code_key UNIQUE (team_id, code),
	CONSTRAINT territory_node_team_fkey FOREIGN KEY (team_id) REFERENCES sales_team
);
COMMENT ON TABLE territory_node IS 'the permanent identity of a territory: rosters, visits and counters refer to it, whichever model places it in a tree';
COMMENT ON COLUMN territory_node.territory_id IS 'generated, time-ordered';
COMMENT ON COLUMN territory_node.team_id IS 'team that works the territory';
COMMENT ON COLUMN territory_node.code IS 'key inside the team, for people and imports';
COMMENT ON COLUMN territory_node.name IS 'name shown to people';
COMMENT ON COLUMN territory_node.type IS 'level or kind of territory; says nothing about its place, which territory_place gives';

CREATE TABLE territory_model (
	model_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	team_id uuid NOT NULL,
	name text NOT NULL,
	state text NOT NULL DEFAULT 'planning' CONSTRAINT territory_model_state CHECK (state IN ('planning', 'feedback', 'review', 'published', 'discarded')),
	based_on uuid,
	published_at timestamptz,
	published_by text,
	valid_from date NOT NULL,
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT territory_model_pkey PRIMARY KEY (model_id),
	CONSTRAINT territory_model_name_key UNIQUE (team_id, name),
	CONSTRAINT territory_model_team_fkey FOREIGN KEY (team_id) REFERENCES sales_team,
	CONSTRAINT territory_model_based_on_fkey FOREIGN KEY (based_on) REFERENCES territory_model,
	CONSTRAINT territory_model_valid CHECK (valid_from < valid_to),
	CONSTRAINT territory_model_one_active EXCLUDE USING gist
		(team_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (state = 'published')
);
COMMENT ON TABLE territory_model IS 'one way to cut a team''s country into territories; the published model whose range holds a day is the active one of that day';
COMMENT ON COLUMN territory_model.model_id IS 'generated, time-ordered';
COMMENT ON COLUMN territory_model.team_id IS 'team whose territories are placed';
COMMENT ON COLUMN territory_model.name IS 'unique inside the team';
COMMENT ON COLUMN territory_model.state IS 'planning, feedback and review prepare it; published is in force on the days of its range; discarded is kept for the record';
COMMENT ON COLUMN territory_model.based_on IS 'model it was copied from; NULL: made from nothing';
COMMENT ON COLUMN territory_model.published_at IS 'when it became published; NULL: never was';
COMMENT ON COLUMN territory_model.published_by IS 'login or role that published it; NULL: never was';
COMMENT ON CONSTRAINT territory_model_one_active ON territory_model IS 'a team has one published model on a day';

CREATE TABLE territory_place (
	model_id uuid NOT NULL,
	territory_id uuid NOT NULL,
	parent_id uuid,
	path lsce.territory NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT territory_place_pkey PRIMARY KEY (model_id, territory_id, valid_from),
	CONSTRAINT territory_place_model_fkey FOREIGN KEY (model_id) REFERENCES territory_model,
	CONSTRAINT territory_place_territory_fkey FOREIGN KEY (territory_id) REFERENCES territory_node,
	CONSTRAINT territory_place_parent_fkey FOREIGN KEY (parent_id) REFERENCES territory_node,
	CONSTRAINT territory_place_valid CHECK (valid_from < valid_to),
	CONSTRAINT territory_place_no_overlap EXCLUDE USING gist
		(model_id WITH =, territory_id WITH =, daterange(valid_from, valid_to) WITH &&),
	CONSTRAINT territory_place_path_free EXCLUDE USING gist
		(model_id WITH =, (path::text) WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX territory_place_path_idx ON territory_place (path);
CREATE INDEX territory_place_territory_idx ON territory_place (territory_id);
COMMENT ON TABLE territory_place IS 'where a territory stands in the tree of one model';
COMMENT ON COLUMN territory_place.model_id IS 'model whose tree this is';
COMMENT ON COLUMN territory_place.territory_id IS 'territory that is placed';
COMMENT ON COLUMN territory_place.parent_id IS 'territory directly above; NULL: the root of the tree';
COMMENT ON COLUMN territory_place.path IS 'labels from the root to the territory; subtree questions ask it with <@';
COMMENT ON CONSTRAINT territory_place_no_overlap ON territory_place IS 'a territory stands at one place of a model at a time';
COMMENT ON CONSTRAINT territory_place_path_free ON territory_place IS 'a place of a model is taken once at a time';

CREATE TABLE territory_user (
	roster_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	territory_id uuid NOT NULL,
	user_id uuid NOT NULL,
	role text NOT NULL DEFAULT 'rep' CONSTRAINT territory_user_role CHECK (role IN ('rep', 'manager', 'msl', 'kam', 'vacancy_cover')),
	is_primary boolean NOT NULL DEFAULT true,
	may_sample boolean NOT NULL DEFAULT true,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT territory_user_pkey PRIMARY KEY (roster_id),
	CONSTRAINT territory_user_territory_fkey FOREIGN KEY (territory_id) REFERENCES territory_node,
	CONSTRAINT territory_user_user_fkey FOREIGN KEY (user_id) REFERENCES app_user,
	CONSTRAINT territory_user_valid CHECK (valid_from < valid_to),
	CONSTRAINT territory_user_no_overlap EXCLUDE USING gist
		(territory_id WITH =, user_id WITH =, role WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX territory_user_user_idx ON territory_user (user_id, territory_id);
COMMENT ON TABLE territory_user IS 'the roster: who works a territory, as what, from when to when. may_sample = false lets vacancy cover see the accounts but not their samples';
COMMENT ON COLUMN territory_user.roster_id IS 'generated, time-ordered';
COMMENT ON COLUMN territory_user.territory_id IS 'territory that is worked';
COMMENT ON COLUMN territory_user.user_id IS 'who works it';
COMMENT ON COLUMN territory_user.role IS 'as what; vacancy_cover stands in for an empty post';
COMMENT ON COLUMN territory_user.is_primary IS 'true: his own territory, taken when an action names none; two of them on a day are TERRITORY_AMBIGUOUS';
COMMENT ON COLUMN territory_user.may_sample IS 'false: sees the accounts, but hands out nothing there (REP_NOT_AUTHORISED)';
COMMENT ON CONSTRAINT territory_user_no_overlap ON territory_user IS 'a user is on a roster in a role once at a time';

CREATE TABLE account_territory (
	account_id uuid NOT NULL,
	territory_id uuid NOT NULL,
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT account_territory_pkey PRIMARY KEY (account_id, territory_id, valid_from),
	CONSTRAINT account_territory_territory_fkey FOREIGN KEY (territory_id) REFERENCES territory_node,
	CONSTRAINT account_territory_valid CHECK (valid_from < valid_to),
	CONSTRAINT account_territory_no_overlap EXCLUDE USING gist
		(account_id WITH =, territory_id WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX account_territory_territory_idx ON account_territory (territory_id, account_id, valid_from, valid_to);
COMMENT ON TABLE account_territory IS 'which accounts a territory works, from when to when: derived by alignment, holds nothing that people typed in';
COMMENT ON COLUMN account_territory.account_id IS 'account that is worked';
COMMENT ON COLUMN account_territory.territory_id IS 'territory that works it';
COMMENT ON CONSTRAINT account_territory_no_overlap ON account_territory IS 'an account is aligned to a territory once at a time';
COMMENT ON INDEX account_territory_territory_idx IS 'accounts of a territory on a day, from the index alone';

CREATE TABLE product_territory_alignment (
	pta_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	product_id uuid NOT NULL,
	territory_id uuid NOT NULL,
	alignment_type text NOT NULL DEFAULT 'include_subtree' CONSTRAINT product_alignment_type CHECK (alignment_type IN ('include', 'include_subtree', 'exclude', 'exclude_subtree')),
	purposes text[] NOT NULL DEFAULT '{detail,sample,message}' CONSTRAINT product_alignment_purposes CHECK (purposes <@ '{detail,sample,message,order}'::text[]),
	valid_from date NOT NULL DEFAULT '0001-01-01',
	valid_to date NOT NULL DEFAULT '9999-12-31',
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT product_alignment_pkey PRIMARY KEY (pta_id),
	CONSTRAINT product_alignment_product_fkey FOREIGN KEY (product_id) REFERENCES product,
	CONSTRAINT product_alignment_territory_fkey FOREIGN KEY (territory_id) REFERENCES territory_node,
	CONSTRAINT product_alignment_valid CHECK (valid_from < valid_to),
	CONSTRAINT product_alignment_no_overlap EXCLUDE USING gist
		(product_id WITH =, territory_id WITH =, alignment_type WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX product_alignment_territory_idx ON product_territory_alignment (territory_id, product_id);
COMMENT ON TABLE product_territory_alignment IS 'which products a territory carries: the nearest row up the tree decides, and at equal distance exclude beats include';
COMMENT ON COLUMN product_territory_alignment.pta_id IS 'generated, time-ordered';
COMMENT ON COLUMN product_territory_alignment.product_id IS 'product, or what it stands under';
COMMENT ON COLUMN product_territory_alignment.territory_id IS 'territory the row is at';
COMMENT ON COLUMN product_territory_alignment.alignment_type IS 'include or exclude, for this territory alone or with everything under it (_subtree)';
COMMENT ON COLUMN product_territory_alignment.purposes IS 'what the row speaks of: detail, sample, message, order';
COMMENT ON CONSTRAINT product_alignment_no_overlap ON product_territory_alignment IS 'one row of a type at a time for a product and territory';
