# Hand-overs under all rules, against writing the same rows with no rules, and
# against the same rules in PL/pgSQL.
. "$BENCH_LIB"
bench_sql "SET lsce.login = 'rep'" >/dev/null
bench_sql "SET timezone = 'UTC'" >/dev/null
n=$((500 * BENCH_SCALE / 100))
BENCH_BEFORE=BEGIN
BENCH_AFTER=ROLLBACK

# facts as large as the ones that are really stored
facts=$(bench_sql "BEGIN; CALL bench_sample.ours(1); SELECT facts FROM bench_sample.decision LIMIT 1; ROLLBACK")
bench_sql "SELECT set_config('bench.facts', \$facts\$$facts\$facts\$, false)" >/dev/null
facts="current_setting('bench.facts')::jsonb"
now="SET CONSTRAINTS ALL IMMEDIATE"
single="CALL bench_sample.ours($n); $now"
bulk="CALL bench_sample.ours_bulk($n); $now"
bare="CALL bench_bare.record_all($n, $facts); $now"
hand="CALL bench_hand.disburse_all($n, $facts); $now"

# the three leave the same
left="SELECT (SELECT count(*) FROM %.disbursement), (SELECT count(*) FROM %.decision WHERE outcome = 'allow'), (SELECT sum(used) FROM %.limit_counter),
	(SELECT sum(quantity) FROM %.limit_use), (SELECT sum(fulfilled) FROM %.sample_request_line), (SELECT count(*) FROM %.inventory_entry),
	(SELECT on_hand FROM %.inventory_stock s JOIN %.product_batch b USING (batch_id) WHERE b.lot_no = 'L-p10'), (SELECT count(*) FROM %.outbox WHERE topic = 'sample.disbursed')"
bench_same "hand-overs, bare" "BEGIN; $single; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $bare; ${left//%/bench_bare}; ROLLBACK"
bench_same "hand-overs, PL/pgSQL" "BEGIN; $single; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $hand; ${left//%/bench_hand}; ROLLBACK"
bench_same "hand-overs, one statement" "BEGIN; $single; ${left//%/bench_sample}; ROLLBACK" "BEGIN; $bulk; ${left//%/bench_sample}; ROLLBACK"

bench_ratio "one-row hand-overs, to the same rows without rules" 2.2 "$single" "$bare"
bench_ratio "one-row hand-overs, to rules in PL/pgSQL" 0.6 "$single" "$hand"
bench_ratio "hand-overs in one statement, to the same rows without rules" 2.5 "$bulk" "$bare"
bench_ratio "hand-overs in one statement, to rules in PL/pgSQL" 0.35 "$bulk" "$hand"
