-- Identity: records that are one and the same, where their fields come from,
-- and changes that wait for somebody's word.

CREATE TABLE merge_policy (
	table_name text NOT NULL,
	column_name text NOT NULL,
	action text NOT NULL CONSTRAINT merge_policy_action CHECK (action IN ('follow', 'stay', 'refuse')),
	same_key text[] NOT NULL DEFAULT '{}',
	note text,
	CONSTRAINT merge_policy_pkey PRIMARY KEY (table_name, column_name),
	CONSTRAINT merge_policy_key CHECK (same_key = '{}' OR (action = 'follow' AND column_name = ANY (same_key)))
);
COMMENT ON TABLE merge_policy IS 'what a merge does with the rows that refer to the merged record by a foreign key: follow (re-pointed to the survivor, with history), stay (facts: identity is resolved by account.survivor_id), refuse (no merge while there are such rows). Columns without a row here stay and are reported. A table outside the model is named with its schema';
COMMENT ON COLUMN merge_policy.table_name IS 'table of the model, or schema.table';
COMMENT ON COLUMN merge_policy.column_name IS 'its column with the foreign key to account';
COMMENT ON COLUMN merge_policy.action IS 'follow, stay or refuse';
COMMENT ON COLUMN merge_policy.note IS 'why it was decided so';
COMMENT ON COLUMN merge_policy.same_key IS 'columns in which two rows agree when they say the same of an account: a row that follows is then cut to the days on which no such row of the survivor holds, and dropped when nothing is left';

CREATE TABLE account_merge (
	merge_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	winner_id uuid NOT NULL,
	loser_id uuid NOT NULL,
	reason text NOT NULL CONSTRAINT account_merge_reason CHECK (reason ~ '\S'),
	merged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	merged_by text NOT NULL,
	unmerged_at timestamptz,
	unmerged_by text,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT account_merge_pkey PRIMARY KEY (merge_id),
	CONSTRAINT account_merge_winner_fkey FOREIGN KEY (winner_id) REFERENCES account,
	CONSTRAINT account_merge_loser_fkey FOREIGN KEY (loser_id) REFERENCES account,
	CONSTRAINT account_merge_two CHECK (winner_id <> loser_id),
	CONSTRAINT account_merge_undone CHECK ((unmerged_at IS NULL) = (unmerged_by IS NULL))
);
CREATE UNIQUE INDEX account_merge_standing ON account_merge (loser_id) WHERE unmerged_at IS NULL;
COMMENT ON INDEX account_merge_standing IS 'an account is merged into one other at a time';
CREATE INDEX account_merge_winner_idx ON account_merge (winner_id);
COMMENT ON TABLE account_merge IS 'merges of accounts, standing and undone; written by merge_account() and unmerge_account()';
COMMENT ON COLUMN account_merge.merge_id IS 'generated, time-ordered; unmerge_account() takes it';
COMMENT ON COLUMN account_merge.winner_id IS 'record that survives';
COMMENT ON COLUMN account_merge.loser_id IS 'record merged into it';
COMMENT ON COLUMN account_merge.reason IS 'why they are one, as the steward said';
COMMENT ON COLUMN account_merge.merged_at IS 'moment of the merge';
COMMENT ON COLUMN account_merge.merged_by IS 'login or role that merged';
COMMENT ON COLUMN account_merge.unmerged_at IS 'moment it was undone; NULL: it stands';
COMMENT ON COLUMN account_merge.unmerged_by IS 'login or role that undid it';
COMMENT ON COLUMN account_merge.sys_from IS 'version known to the database from this moment';

CREATE TABLE account_merge_row (
	merge_id uuid NOT NULL,
	n int NOT NULL,
	table_name text NOT NULL,
	column_name text NOT NULL,
	op text NOT NULL CONSTRAINT account_merge_row_op CHECK (op IN ('changed', 'dropped', 'added', 'kept')),
	old_row jsonb,
	new_row jsonb,
	CONSTRAINT account_merge_row_pkey PRIMARY KEY (merge_id, n),
	CONSTRAINT account_merge_row_merge_fkey FOREIGN KEY (merge_id) REFERENCES account_merge,
	CONSTRAINT account_merge_row_rows CHECK (CASE op WHEN 'changed' THEN num_nonnulls(old_row, new_row) = 2
		WHEN 'added' THEN old_row IS NULL AND new_row IS NOT NULL ELSE old_row IS NOT NULL AND new_row IS NULL END)
);
COMMENT ON TABLE account_merge_row IS 'every row of master data that a merge changed, dropped, added, or left with the merged record because the survivor has the same and facts refer to it (kept), in order: what unmerge_account() restores';
COMMENT ON COLUMN account_merge_row.merge_id IS 'merge that did it';
COMMENT ON COLUMN account_merge_row.n IS 'order in which it was done, from 1';
COMMENT ON COLUMN account_merge_row.table_name IS 'table of the row, as in merge_policy';
COMMENT ON COLUMN account_merge_row.column_name IS 'column that referred to the merged record';
COMMENT ON COLUMN account_merge_row.op IS 'changed: re-pointed, cut or given another value; dropped; added: the rest of a row that was cut in two; kept: left with the merged record';
COMMENT ON COLUMN account_merge_row.old_row IS 'the row before; NULL for an added one';
COMMENT ON COLUMN account_merge_row.new_row IS 'the row after; NULL for one dropped or kept';

ALTER TABLE limit_use ADD CONSTRAINT limit_use_merge_fkey FOREIGN KEY (merge_id) REFERENCES account_merge;

CREATE TABLE account_source_value (
	account_id uuid NOT NULL,
	source text NOT NULL,
	field text NOT NULL,
	value text NOT NULL,
	observed_at timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT account_source_value_pkey PRIMARY KEY (account_id, field, source, observed_at),
	CONSTRAINT account_source_value_account_fkey FOREIGN KEY (account_id) REFERENCES account,
	CONSTRAINT account_source_value_field CHECK (field ~ '^(account|hcp|hco)\.[a-z_][a-z0-9_]*$')
);
COMMENT ON TABLE account_source_value IS 'what each source says of a field (table.column of account, hcp or hco) of an account, and when it observed it: append-only, the latest of a source counts. It stays with the record it was said of';
COMMENT ON COLUMN account_source_value.account_id IS 'record it was said of';
COMMENT ON COLUMN account_source_value.source IS 'who says so: a registry, a vendor, a representative';
COMMENT ON COLUMN account_source_value.field IS 'table.column';
COMMENT ON COLUMN account_source_value.value IS 'the value as its type prints it';
COMMENT ON COLUMN account_source_value.observed_at IS 'when the source saw it';
COMMENT ON COLUMN account_source_value.recorded_at IS 'when it was stored';

CREATE TABLE survivorship_rule (
	field text NOT NULL,
	source text NOT NULL,
	priority int NOT NULL CONSTRAINT survivorship_rule_priority CHECK (priority >= 1),
	max_age interval CONSTRAINT survivorship_rule_max_age CHECK (max_age > '0'),
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT survivorship_rule_pkey PRIMARY KEY (field, source),
	CONSTRAINT survivorship_rule_field CHECK (field = '*' OR field ~ '^(account|hcp|hco)\.[a-z_][a-z0-9_]*$')
);
COMMENT ON TABLE survivorship_rule IS 'which source is believed about a field, or about every field (*) without a rule of its own for that source: the lowest priority wins, then the latest observation. A source without a rule is not believed';
COMMENT ON COLUMN survivorship_rule.field IS 'table.column, or * for every field';
COMMENT ON COLUMN survivorship_rule.source IS 'whom it is about';
COMMENT ON COLUMN survivorship_rule.priority IS '1 is believed first';
COMMENT ON COLUMN survivorship_rule.sys_from IS 'version known to the database from this moment';
COMMENT ON COLUMN survivorship_rule.max_age IS 'an observation older than this ranks behind every fresh one';

CREATE TABLE data_change_request (
	change_request_id uuid NOT NULL DEFAULT lsce.uuid_v7(),
	parent_id uuid,
	table_name text NOT NULL,
	row_key jsonb CONSTRAINT data_change_request_row_key CHECK (jsonb_typeof(row_key) = 'object'),
	op text NOT NULL CONSTRAINT data_change_request_op CHECK (op IN ('create', 'update', 'deactivate')),
	old_values jsonb NOT NULL DEFAULT '{}',
	new_values jsonb NOT NULL CONSTRAINT data_change_request_new CHECK (jsonb_typeof(new_values) = 'object'),
	validation text NOT NULL DEFAULT 'internal' CONSTRAINT data_change_request_validation CHECK (validation IN ('internal', 'external')),
	apply_now boolean NOT NULL DEFAULT false,
	status text NOT NULL DEFAULT 'pending' CONSTRAINT data_change_request_status CHECK (status IN
		('pending', 'processed', 'partially_approved', 'rejected')),
	reason text,
	requested_by_id uuid,
	requested_by text NOT NULL,
	requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	decided_by text,
	decided_at timestamptz,
	decision_note text,
	applied_values jsonb,
	sys_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT data_change_request_pkey PRIMARY KEY (change_request_id),
	CONSTRAINT data_change_request_parent_fkey FOREIGN KEY (parent_id) REFERENCES data_change_request,
	CONSTRAINT data_change_request_user_fkey FOREIGN KEY (requested_by_id) REFERENCES app_user,
	CONSTRAINT data_change_request_key CHECK ((op = 'create') = (row_key IS NULL)),
	CONSTRAINT data_change_request_decided CHECK ((status = 'pending') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX data_change_request_open_idx ON data_change_request (requested_at) WHERE status = 'pending';
COMMENT ON INDEX data_change_request_open_idx IS 'what waits for a decision, oldest first';
COMMENT ON TABLE data_change_request IS 'changes of master data that somebody asks for and a data steward decides: approve_change() applies one with the rights of the approver. Facts are never changed';
COMMENT ON COLUMN data_change_request.change_request_id IS 'generated, time-ordered';
COMMENT ON COLUMN data_change_request.parent_id IS 'request this one belongs to';
COMMENT ON COLUMN data_change_request.table_name IS 'table of master data';
COMMENT ON COLUMN data_change_request.row_key IS 'primary key of the row as an object; NULL for a row to be created';
COMMENT ON COLUMN data_change_request.op IS 'create, update or deactivate';
COMMENT ON COLUMN data_change_request.old_values IS 'what the columns held when it was asked for';
COMMENT ON COLUMN data_change_request.new_values IS 'what they are to hold';
COMMENT ON COLUMN data_change_request.validation IS 'internal: a data steward decides; external: he asks a registry or vendor first';
COMMENT ON COLUMN data_change_request.apply_now IS 'applied in the moment it was asked for, with the rights of who asked';
COMMENT ON COLUMN data_change_request.status IS 'pending, processed, partially_approved or rejected';
COMMENT ON COLUMN data_change_request.reason IS 'why, as the one who asked said';
COMMENT ON COLUMN data_change_request.requested_by_id IS 'user who asked; NULL when the role acts as nobody';
COMMENT ON COLUMN data_change_request.requested_by IS 'login or role that asked';
COMMENT ON COLUMN data_change_request.requested_at IS 'moment it was asked for';
COMMENT ON COLUMN data_change_request.decided_by IS 'login or role that decided';
COMMENT ON COLUMN data_change_request.decided_at IS 'moment of the decision';
COMMENT ON COLUMN data_change_request.decision_note IS 'what the one who decided said';
COMMENT ON COLUMN data_change_request.applied_values IS 'what was applied';
COMMENT ON COLUMN data_change_request.sys_from IS 'version known to the database from this moment';
