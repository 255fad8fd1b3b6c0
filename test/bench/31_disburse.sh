# Hand-overs under all rules, against writing the same rows with no rules, and
# against the same rules in PL/pgSQL: as questions, one row at a time, by COPY.
# Goals are set against PL/pgSQL as it is commonly written; the other ways, and
# what of it the rows alone take, are measured for comparison.
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

# facts as large as the ones that are really stored, where they are given
facts=$(bench_sql "BEGIN; CALL bench_sample.ours(1); SELECT facts FROM bench_sample.decision ORDER BY decided_at DESC LIMIT 1; ROLLBACK")
bench_sql "SELECT set_config('bench.facts', \$facts\$$facts\$facts\$, false)" >/dev/null
facts="current_setting('bench.facts')::jsonb"
bench_sql "TRUNCATE bench_tuned.given_facts; INSERT INTO bench_tuned.given_facts SELECT $facts" >/dev/null

# a decision that is not stored
bench_ratio "one decision, all rules, to rules in PL/pgSQL" 0.6 "CALL bench_sample.ask_all($n)" "CALL bench_tuned.ask_all($n)"

# one row at a time
single="CALL bench_sample.ours($n); $now"
by_hand() { echo "CALL bench_$1.disburse_all($n, $facts); $now"; }

# all ways leave the same
left="SELECT (SELECT count(*) FROM %.disbursement), (SELECT count(*) FROM %.decision WHERE outcome = 'allow'), (SELECT sum(used) FROM %.limit_counter),
	(SELECT sum(quantity) FROM %.limit_use), (SELECT sum(fulfilled) FROM %.sample_request_line), (SELECT count(*) FROM %.inventory_entry),
	(SELECT sum(quantity) FROM %.inventory_entry WHERE location_id = public.id('bag')), (SELECT count(*) FROM %.inventory_operation),
	(SELECT on_hand FROM %.inventory_stock WHERE location_id = public.id('bag') AND batch_id = public.id('lot:p10')), (SELECT count(*) FROM %.outbox WHERE topic = 'sample.disbursed')"
for other in bare tuned proof plain; do
	bench_same "hand-overs, $other" "BEGIN; $single; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $(by_hand $other); ${left//%/bench_$other}; ROLLBACK"
done

# how much each stores as proof
proof() {		# MODEL, how to store one there: bytes of text and number of values of the newest facts
	bench_sql "BEGIN; $2; SELECT length(facts::text), (SELECT count(*) FROM jsonb_path_query(facts, '\$.**') AS value WHERE jsonb_typeof(value) NOT IN ('object', 'array'))
		FROM $1.decision ORDER BY decided_at DESC LIMIT 1; ROLLBACK"
}
ours=$(proof bench_sample "CALL bench_sample.ours(1)") || exit 1
plain=$(proof bench_plain "CALL bench_plain.disburse_all(1, NULL)") || exit 1
bench_compare "bytes of the facts of a decision, to gathered in PL/pgSQL" - "${ours%|*}" "${plain%|*}"
bench_compare "values in the facts of a decision, to gathered in PL/pgSQL" - "${ours#*|}" "${plain#*|}"

medians=$(bench_turns "$BENCH_RUNS" "$single" "$(by_hand bare)" "$(by_hand plain)" "$(by_hand proof)" "$(by_hand tuned)") || exit 1
read -r ours bare plain proof tuned <<<"${medians//$'\n'/ }"
bench_compare "one-row hand-overs, to the same rows without rules" 2.2 "$ours" "$bare"
bench_compare "one-row hand-overs, to plain PL/pgSQL" 0.6 "$ours" "$plain"
bench_compare "one-row, the rows without rules, to plain PL/pgSQL" - "$bare" "$plain"
bench_compare "one-row hand-overs, to tuned PL/pgSQL" - "$ours" "$proof"
bench_compare "one-row hand-overs, to tuned PL/pgSQL, facts given" - "$ours" "$tuned"

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
	$now"
by_hand() { echo "COPY bench_$1.disbursement ($hand_columns) FROM '$dir/disbursement'; $now"; }
bench_sql "SET bench.judge = on" >/dev/null

bench_same "COPY, bare" "BEGIN; $copy; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $bare_copy; ${left//%/bench_bare}; ROLLBACK"
for other in tuned proof plain set; do
	bench_same "COPY, $other" "BEGIN; $copy; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $(by_hand $other); ${left//%/bench_$other}; ROLLBACK"
done
runs=$((BENCH_RUNS < 3 ? BENCH_RUNS : 3))
medians=$(bench_turns "$runs" "$copy" "$bare_copy" "$(by_hand plain)" "$(by_hand set)" "$(by_hand proof)" "$(by_hand tuned)") || exit 1
read -r ours bare plain set proof tuned <<<"${medians//$'\n'/ }"
bench_compare "COPY of $copied hand-overs, to COPY of the same rows without rules" 2.5 "$ours" "$bare"
bench_compare "COPY of $copied hand-overs, to plain row triggers in PL/pgSQL" 0.35 "$ours" "$plain"
bench_compare "COPY of $copied hand-overs, to a statement trigger in PL/pgSQL" - "$ours" "$set"
bench_compare "COPY, the rows without rules, to plain row triggers in PL/pgSQL" - "$bare" "$plain"
bench_compare "COPY, the rows without rules, to a statement trigger in PL/pgSQL" - "$bare" "$set"
bench_compare "COPY of $copied hand-overs, to tuned row triggers in PL/pgSQL" - "$ours" "$proof"
bench_compare "COPY of $copied hand-overs, to tuned row triggers in PL/pgSQL, facts given" - "$ours" "$tuned"
