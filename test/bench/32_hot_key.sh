# Eight clients hand over from one bag, so that all of them want the same row of
# stock: transactions per second against the same rules in PL/pgSQL. What they
# write stays; nothing is measured on these models after it.
. "$BENCH_LIB"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"
each=$((20000 * BENCH_SCALE / 100 / 8 / 3))		# hand-overs of a client in each of three runs, which begin new sessions
[ "$each" -gt 0 ] || { echo "bench: BENCH_SCALE is too small for eight clients" >&2; exit 1; }
bench_sql "DROP SEQUENCE IF EXISTS bench_bare.ours, bench_bare.hand; CREATE SEQUENCE bench_bare.ours; CREATE SEQUENCE bench_bare.hand;
	INSERT INTO bench_hand.given_facts SELECT facts FROM bench_sample.decision WHERE NOT EXISTS (SELECT FROM bench_hand.given_facts) LIMIT 1" >/dev/null

cat >"$dir/ours" <<'SQL'
SELECT nextval('bench_bare.ours') AS i \gset
INSERT INTO bench_sample.disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
	VALUES (public.id('hcp' || :i), public.id('p10'), 1, public.id('visit:hcp' || :i), public.id('request:hcp' || :i), public.id('lot:p10'), '2023-02-01 12:00+00');
SQL
cat >"$dir/hand" <<'SQL'
SELECT nextval('bench_bare.hand') AS i \gset
SELECT bench_hand.disburse(lsce.uuid_v7(), 'hcp' || :i, (SELECT facts FROM bench_hand.given_facts LIMIT 1));
SQL
chmod 644 "$dir"/*

tps() {		# transactions per second of a script, which must not fail
	local out
	out=$(PGOPTIONS="-c lsce.login=rep -c timezone=UTC -c jit=off" pgbench -n -c 8 -j 2 -t "$each" -f "$1" 2>&1) ||
		{ echo "$out" >&2; exit 1; }
	sed -n 's/^tps = \([0-9.]*\).*/\1/p' <<<"$out"
}
median() { sort -n | sed -n "$((($1 + 1) / 2))p"; }
ours=() hand=()
for run in 1 2 3; do
	ours+=("$(tps "$dir/ours")") || exit 1
	hand+=("$(tps "$dir/hand")") || exit 1
done
# at least three times as many: the sides are swapped
bench_compare "hot key, 8 clients: transactions/s of PL/pgSQL to ours" 0.3333 \
	"$(printf '%s\n' "${hand[@]}" | median 3)" "$(printf '%s\n' "${ours[@]}" | median 3)"
