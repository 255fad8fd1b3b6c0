# Eight clients whose hand-overs want the same row, each in a transaction of its
# own: transactions per second against the same rules in PL/pgSQL, and against
# the same rows without rules, which is what this machine can do at best.
#   one bag    a rep in eight sessions: all want one row of stock
#   one limit  eight reps with a bag each share a limit of their territory: all
#              want one counter
# What they write stays; nothing is measured on these models after it.
. "$BENCH_LIB"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"
clients=8 runs=3
# hand-overs of a client: in each of the runs, which begin new sessions, and of
# these the first, which are not counted: there a session plans its statements
total=$((20000 * BENCH_SCALE / 100 / clients))
warm=$((total / 10 < 20 ? total / 10 : 20))
each=$(((total - warm) / runs))
[ "$warm" -gt 0 ] && [ $((each - warm)) -gt "$warm" ] || { echo "bench: BENCH_SCALE is too small for eight clients" >&2; exit 1; }
models="sample bare tuned proof plain"
bench_sql "INSERT INTO bench_tuned.given_facts SELECT facts FROM bench_sample.decision WHERE NOT EXISTS (SELECT FROM bench_tuned.given_facts) LIMIT 1" >/dev/null
postmaster=$(bench_sql "SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)")

# Client c hands over to each (8 m + c + 1)th doctor, who is visited by rep c. In a
# prepared statement pgbench takes :name for a variable in quotes, too.
script() {		# MODEL, REP, BAG, VISIT, MORE
	cat <<-SQL
		\if :first
		SELECT set_config('lsce.login', $2, false);
		\set first 0
		\endif
		\set n :n + 1
		\set i $clients * (:base + :n - 1) + :client_id + 1
	SQL
	if [ "$1" = sample ]; then
		cat <<-SQL
			INSERT INTO bench_sample.disbursement (account_id, product_id, quantity, visit_id, request_id, batch_id, captured_at)
				VALUES (public.id('hcp' || :i::text), public.id('p10'), 1, public.id($4 || 'hcp' || :i::text), public.id('request:' || 'hcp' || :i::text), public.id('lot:' || 'p10'), '20230201T120000Z');
		SQL
	else
		echo "SELECT bench_$1.disburse(lsce.uuid_v7(), 'hcp' || :i::text, (SELECT facts FROM bench_tuned.given_facts LIMIT 1), $2, $3, $4$5);"
	fi
}
for model in $models; do
	script $model "'rep'" "'bag'" "'visit:'" "" >"$dir/bag.$model"
	script $model "'rep' || :client_id::text" "'bag' || :client_id::text" "'own:'" "$([ $model != bare ] || echo ', true')" >"$dir/limit.$model"
done
chmod 644 "$dir"/*

server_ticks() {	# CPU of the server's ended processes
	local stat
	stat=$(<"/proc/$postmaster/stat")
	read -r -a stat <<<"${stat##*) }"
	echo $((stat[13] + stat[14]))
}
# the session of the script before is one of them, as soon as it has ended
while [ "$(bench_sql "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")" != 0 ]; do sleep 0.1; done
sleep 0.5
machine_ticks() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 + $9, $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9 }' /proc/stat; }

# Run a script, which must not fail, N times by every client, from the given
# doctor on: print the CPU ticks of the server and how many cores of the machine
# were busy. The log of transactions is left in $dir/log.
run_clients() {		# SCRIPT BASE N
	local out ticks busy all busy_after all_after children
	rm -rf "$dir/log" && mkdir "$dir/log" || exit 1
	children=$(wc -w <"/proc/$postmaster/task/$postmaster/children")
	ticks=$(server_ticks)
	read -r busy all < <(machine_ticks)
	out=$(PGOPTIONS="-c timezone=UTC -c jit=off" pgbench -n -M prepared -c $clients -j 2 -t "$3" -l --log-prefix="$dir/log/t" \
		-D first=1 -D n=0 -D base="$2" -f "$1" 2>&1) || { echo "$out" >&2; exit 1; }
	read -r busy_after all_after < <(machine_ticks)
	while [ "$(wc -w <"/proc/$postmaster/task/$postmaster/children")" -gt "$children" ]; do sleep 0.02; done
	awk -v ticks=$(($(server_ticks) - ticks)) -v busy=$((busy_after - busy)) -v all=$((all_after - all)) -v cores="$(nproc)" \
		'BEGIN { printf "%d %.2f\n", ticks, cores * busy / all }'
}

# Print transactions per second while all clients are at work and warm, CPU
# milliseconds of the server for each of them, and busy cores.
measure() {		# SCRIPT BASE WARM_TICKS
	local out ticks cores
	out=$(run_clients "$1" "$2" "$each") || exit 1
	read -r ticks cores <<<"$out"
	cat "$dir"/log/* | sort -k5,5n -k6,6n | awk -v clients=$clients -v warm="$warm" -v each="$each" \
		-v cpu="$(awk -v t=$((ticks - $3)) -v hertz="$(getconf CLK_TCK)" -v n=$((clients * (each - warm))) 'BEGIN { printf "%.2f", 1000 * t / hertz / n }')" -v cores="$cores" '
		{ at[NR] = $5 + $6 / 1e6; n = ++done[$1] }
		n == warm && ++ready == clients { first = NR }
		n == each && !last { last = NR }
		END {
			if (!first || last <= first) { print "bench: the clients were never at work together" >"/dev/stderr"; exit 1 }
			printf "%.0f %s %s\n", (last - first) / (at[last] - at[first]), cpu, cores
		}' || exit 1
}
column_median() { awk -v c="$2" '{ print $c }' <<<"$1" | sort -n | sed -n "$(((runs + 1) / 2))p"; }

declare -A tps
hot_key() {		# KEY TITLE
	local model run
	declare -A rows=() warm_ticks=()
	for model in $models; do
		warm_ticks[$model]=$(run_clients "$dir/$1.$model" $((runs * each)) "$warm") || exit 1
	done
	for ((run = 0; run < runs; run++)); do
		for model in $models; do
			rows[$model]+="$(measure "$dir/$1.$model" $((run * each)) "${warm_ticks[$model]% *}")"$'\n' || exit 1
		done
	done
	printf '\n%-40s | %14s | %19s | %10s of %s\n' "hot key, $clients clients, $2" transactions/s "server ms CPU each" "cores busy" "$(nproc)"
	for model in $models; do
		rows[$model]=${rows[$model]%$'\n'}
		tps[$model]=$(column_median "${rows[$model]}" 1)
		printf '%-40s | %14s | %19s | %15s\n' "${title[$model]}" "${tps[$model]}" "$(column_median "${rows[$model]}" 2)" "$(column_median "${rows[$model]}" 3)"
	done
	echo
	# at least three times as many: the sides are swapped
	bench_compare "hot key, $2: transactions/s of plain PL/pgSQL to ours" 0.3333 "${tps[plain]}" "${tps[sample]}"
	bench_compare "hot key, $2: tuned PL/pgSQL to ours" - "${tps[proof]}" "${tps[sample]}"
	bench_compare "hot key, $2: tuned PL/pgSQL, facts given, to ours" - "${tps[tuned]}" "${tps[sample]}"
	bench_compare "hot key, $2: the same rows without rules to ours" - "${tps[bare]}" "${tps[sample]}"
}
declare -A title=([sample]="lsce" [bare]="the same rows without rules" [tuned]="tuned PL/pgSQL, facts given" [proof]="tuned PL/pgSQL" [plain]="plain PL/pgSQL")

hot_key bag "one bag"

# a limit that no hand-over meets, but each is charged to
for model in $models; do
	bench_sql "INSERT INTO bench_$model.limit_template (template_id, code, label, country_code, authority, status, authored_by, approved_by, approved_at) VALUES
			(public.id('pooled'), 'CO-POOL', 'a million a year', 'XA', 'company', 'approved', 'author', 'approver', '2021-01-01 00:00+00');
		INSERT INTO bench_$model.limit_rule (rule_id, template_id, name, subject, quota, period) VALUES (public.id('pool'), public.id('pooled'), 'pool', 'territory', 1000000, 'calendar_year');
		INSERT INTO bench_$model.limit_assignment (template_id, product_id) VALUES (public.id('pooled'), public.id('brand'))" >/dev/null
done
hot_key limit "one limit"

# all are charged, everywhere
for model in $models; do
	left="SELECT subject_key = public.id('north')::text, count(*), sum(used) FROM %.limit_counter GROUP BY 1 ORDER BY 1"
	bench_same "hot key, $model" "${left//%/bench_sample}" "${left//%/bench_$model}"
done
