# Hand-overs under all rules, against writing the same rows with no rules, and
# against the same rules in PL/pgSQL: as questions, one row at a time, by COPY.
. "$BENCH_LIB"
bench_sql "SET lsce.login = 'rep'" >/dev/null
bench_sql "SET timezone = 'UTC'" >/dev/null
n=$((500 * BENCH_SCALE / 100))
copied=$((20000 * BENCH_SCALE / 100))
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
chmod 777 "$dir"
BENCH_BEFORE=BEGIN
BENCH_AFTER=ROLLBACK
now="SET CONSTRAINTS ALL IMMEDIATE"

# facts as large as the ones that are really stored
facts=$(bench_sql "BEGIN; CALL bench_sample.ours(1); SELECT facts FROM bench_sample.decision LIMIT 1; ROLLBACK")
bench_sql "SELECT set_config('bench.facts', \$facts\$$facts\$facts\$, false)" >/dev/null
facts="current_setting('bench.facts')::jsonb"
bench_sql "TRUNCATE bench_hand.given_facts; INSERT INTO bench_hand.given_facts SELECT $facts" >/dev/null

# a decision that is not stored
bench_ratio "one decision, all rules, to rules in PL/pgSQL" 0.6 "CALL bench_sample.ask_all($n)" "CALL bench_hand.ask_all($n)"

# one row at a time
single="CALL bench_sample.ours($n); $now"
bare="CALL bench_bare.record_all($n, $facts); $now"
hand="CALL bench_hand.disburse_all($n, $facts); $now"

# all ways leave the same
left="SELECT (SELECT count(*) FROM %.disbursement), (SELECT count(*) FROM %.decision WHERE outcome = 'allow'), (SELECT sum(used) FROM %.limit_counter),
	(SELECT sum(quantity) FROM %.limit_use), (SELECT sum(fulfilled) FROM %.sample_request_line), (SELECT count(*) FROM %.inventory_entry),
	(SELECT on_hand FROM %.inventory_stock s JOIN %.product_batch b USING (batch_id) WHERE b.lot_no = 'L-p10'), (SELECT count(*) FROM %.outbox WHERE topic = 'sample.disbursed')"
bench_same "hand-overs, bare" "BEGIN; $single; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $bare; ${left//%/bench_bare}; ROLLBACK"
bench_same "hand-overs, PL/pgSQL" "BEGIN; $single; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $hand; ${left//%/bench_hand}; ROLLBACK"
bench_ratio "one-row hand-overs, to the same rows without rules" 2.2 "$single" "$bare"
bench_ratio "one-row hand-overs, to rules in PL/pgSQL" 0.6 "$single" "$hand"

# COPY: a file of what a client knows, and files of all rows that it leaves
columns="account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at"
copy="COPY bench_sample.disbursement ($columns) FROM '$dir/given'; $now"
bench_sql "COPY (SELECT public.id('hcp' || i), public.id('p10'), 1, public.id('visit:hcp' || i), public.id('request:hcp' || i), public.id('lot:p10'),
	timestamptz '2023-02-01 12:00+00' + i * interval '1 second' FROM generate_series(1, $copied) AS i) TO '$dir/given'" >/dev/null
tables="disbursement decision limit_counter limit_use inventory_operation inventory_entry outbox"
names() {		# the columns of a table that can be written
	bench_sql "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = 'bench_sample.$1'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
}
bare_copy=
bench_sql "BEGIN" >/dev/null
for table in $tables; do
	bench_sql "CREATE TEMP TABLE before_$table AS SELECT ctid AS place FROM bench_sample.$table" >/dev/null
done
bench_sql "$copy" >/dev/null
for table in $tables; do
	names=$(names "$table")
	bench_sql "COPY (SELECT $names FROM bench_sample.$table WHERE ctid NOT IN (SELECT place FROM before_$table)) TO '$dir/$table'" >/dev/null
	bare_copy="$bare_copy COPY bench_bare.$table ($names) FROM '$dir/$table';"
done
hand_columns=$(names disbursement)
bench_sql "ROLLBACK" >/dev/null
# what is changed, not added, is written set-wise
bare_copy="$bare_copy
	UPDATE bench_bare.sample_request_line AS l SET fulfilled = l.fulfilled + d.quantity FROM bench_bare.disbursement AS d
		WHERE l.request_id = d.request_id AND l.product_id = d.product_id AND d.captured_at >= '2023-02-01 12:00+00';
	UPDATE bench_bare.inventory_stock SET on_hand = on_hand - $copied WHERE location_id = public.id('bag') AND batch_id = public.id('lot:p10');
	UPDATE bench_bare.inventory_stock SET on_hand = on_hand + $copied WHERE location_id = public.id('disbursed') AND batch_id = public.id('lot:p10');
	$now"
hand_copy="COPY bench_hand.disbursement ($hand_columns) FROM '$dir/disbursement'; $now"
bench_sql "SET bench.judge_rows = on" >/dev/null

bench_same "COPY, bare" "BEGIN; $copy; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $bare_copy; ${left//%/bench_bare}; ROLLBACK"
bench_same "COPY, PL/pgSQL" "BEGIN; $copy; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $hand_copy; ${left//%/bench_hand}; ROLLBACK"
runs=$((BENCH_RUNS < 3 ? BENCH_RUNS : 3))
bench_ratio "COPY of $copied hand-overs, to COPY of the same rows without rules" 2.5 "$copy" "$bare_copy" $runs
bench_ratio "COPY of $copied hand-overs, to row triggers in PL/pgSQL" 0.35 "$copy" "$hand_copy" $runs
