# The affiliation graph against recursive queries, set SQL, pgRouting (when it is
# installed) and a plain C program. shellcheck shell=bash
#
# BENCH_ACCOUNTS   accounts at a scale of 100 (default 1,000,000, for which the
#                  goals are; with 5.25 affiliations each)
#
# What takes long is run seldom: what compares the answers has read the same
# pages, so it counts as the run that warms the caches.
. "$BENCH_LIB"

accounts=$((${BENCH_ACCOUNTS:-1000000} * BENCH_SCALE / 100))
[ "$accounts" -ge 2000 ] || accounts=2000
seeds=100
network=$(mktemp)
trap 'rm -f "$network"' EXIT
gcc -O2 -o "$network" "${BENCH_LIB%/*}/graph_network.c" -lm || exit 1

# --- the network, in a model of its own ---------------------------------------
# The keys and the constraint that forbids overlaps make loading slow and play no
# part in reading.
psql -Xq -v ON_ERROR_STOP=1 >/dev/null <<SQL || exit 1
	SET client_min_messages = warning;
	DROP SCHEMA IF EXISTS graph_bench CASCADE;
	CALL lsce.create_model('graph_bench', false);
	SET search_path = graph_bench;
	INSERT INTO country VALUES ('US', 'United States', 'America/New_York');
	ALTER TABLE affiliation DROP CONSTRAINT affiliation_no_overlap;
	ALTER TABLE affiliation DISABLE TRIGGER ALL;
	ALTER TABLE account DISABLE TRIGGER ALL;
	CREATE TEMP TABLE definition AS SELECT indexname, indexdef FROM pg_catalog.pg_indexes
		WHERE schemaname = 'graph_bench' AND tablename = 'affiliation' AND indexname <> 'affiliation_pkey';
	SELECT format('DROP INDEX %I', indexname) FROM definition \gexec
	CREATE TEMP TABLE account_in (id uuid, kind text);
	\copy account_in FROM PROGRAM '$network accounts $accounts'
	INSERT INTO account (account_id, kind, name, country_code) SELECT id, kind, 'account', 'US' FROM account_in;
	\copy affiliation (from_account_id, to_account_id, kind, strength, valid_from, valid_to) FROM PROGRAM '$network affiliations $accounts'
	SELECT indexdef FROM definition \gexec
	CREATE TABLE seed AS SELECT id FROM (SELECT account_id AS id, row_number() OVER (ORDER BY account_id) AS n FROM account) a
		WHERE n % ($accounts / $seeds) = 0;
	CREATE TABLE pair AS SELECT a.id AS a, b.id AS b FROM (SELECT id, row_number() OVER () AS n FROM seed) a
		JOIN (SELECT id, row_number() OVER () AS n FROM seed) b ON b.n = a.n + 1 WHERE a.n % 20 = 1;
	VACUUM ANALYZE account;
	VACUUM ANALYZE affiliation;
SQL
bench_sql "SET search_path = graph_bench, pg_catalog" >/dev/null
edges=$(bench_sql "SELECT count(*) FROM affiliation WHERE valid_from <= '2025-06-30' AND valid_to > '2025-06-30'")
echo "graph: $accounts accounts, $(bench_sql 'SELECT count(*) FROM affiliation') affiliations, $edges of them on the day"

# --- reach --------------------------------------------------------------------
# The recursive query gives the same answer: fewest hops and best strength, over
# bidirectional affiliations both ways. One that knows neither strengths nor
# bidirectional affiliations is measured for comparison, without a goal.
reach() {	# HOPS
	echo "SELECT r.account_id, r.hops, r.best_strength FROM seed s, LATERAL reach(s.id, $1, at => '2025-06-30') r"
}
recursive() {	# HOPS
	echo "SELECT w.* FROM seed s, LATERAL (
		WITH RECURSIVE walk AS (
			SELECT s.id, 0 AS hops, 1::float8 AS strength
			UNION
			SELECT a.far, w.hops + 1, w.strength * a.strength FROM walk w CROSS JOIN LATERAL (
				SELECT to_account_id AS far, strength::float8 AS strength FROM affiliation
				WHERE from_account_id = w.id AND direction IN ('unidirectional', 'bidirectional')
					AND valid_from <= '2025-06-30' AND valid_to > '2025-06-30'
				UNION ALL
				SELECT from_account_id, strength::float8 FROM affiliation
				WHERE to_account_id = w.id AND direction = 'bidirectional'
					AND valid_from <= '2025-06-30' AND valid_to > '2025-06-30') a
			WHERE w.hops < $1)
		SELECT id, min(hops) AS hops, max(strength) AS best_strength FROM walk WHERE id <> s.id GROUP BY id) w"
}
hops_only() {	# HOPS
	echo "SELECT w.* FROM seed s, LATERAL (
		WITH RECURSIVE walk AS (
			SELECT s.id, 0 AS hops
			UNION
			SELECT a.to_account_id, w.hops + 1 FROM walk w JOIN affiliation a ON a.from_account_id = w.id
			WHERE w.hops < $1 AND a.valid_from <= '2025-06-30' AND a.valid_to > '2025-06-30')
		SELECT id, min(hops) AS hops FROM walk WHERE id <> s.id GROUP BY id) w"
}
# The same with the way to every account, which reach() always finds and returns.
reach_via() { echo "SELECT r.* FROM seed s, LATERAL reach(s.id, $1, at => '2025-06-30') r"; }
recursive_via() {	# HOPS
	recursive "$1" | sed -e "s/1::float8 AS strength/&, ARRAY[s.id] AS via/" -e 's/w.strength \* a.strength FROM/w.strength * a.strength, w.via || a.far FROM/' \
		-e 's/SELECT id, min(hops) .*/SELECT DISTINCT ON (id) id, min(hops) OVER (PARTITION BY id) AS hops, strength AS best_strength, via FROM walk WHERE id <> s.id ORDER BY id, strength DESC) w/'
}
answer() { echo "SELECT count(*), sum(hops), sum(round(best_strength::numeric, 9)) FROM ($1) q"; }
# Rows that the query around uses; and rows that the client gets, where both sides
# write the same columns as text (or in binary) and send them.
used() { echo "SELECT count(*), sum(hops), sum(best_strength) FROM ($1) q"; }
binary() { echo "COPY ($1) TO STDOUT (FORMAT binary)"; }
beside() {	# WHAT OURS OTHER RUNS
	local run ours other our_runs=() other_runs=()
	for ((run = 0; run < $4; run++)); do
		our_runs+=("$(bench_once "$2")") || exit 1
		other_runs+=("$(bench_once "$3")") || exit 1
	done
	ours=$(printf '%s\n' "${our_runs[@]}" | bench_median)
	other=$(printf '%s\n' "${other_runs[@]}" | bench_median)
	echo "graph: $1: $(bench_divide "$ours" "$other") of the recursive query ($ours, $other ms)"
}
for hops in 2 3 4; do
	[ $hops = 2 ] && goal=0.3 || goal=0.5
	case $hops in
	2) runs=${BENCH_RUNS:-5} ;;
	3) runs=3 ;;
	4) runs=1 ;;
	esac
	bench_same "reach, $hops hops" "$(answer "$(reach $hops)")" "$(answer "$(recursive $hops)")"
	BENCH_WARM=1
	bench_ratio "reach, $hops hops, rows / recursive query" "$goal" "$(used "$(reach $hops)")" "$(used "$(recursive $hops)")" "$runs"
	beside "$hops hops, the client gets the rows as text" "$(reach $hops)" "$(recursive $hops)" $runs
	beside "$hops hops, the client gets the rows in binary" "$(binary "$(reach $hops)")" "$(binary "$(recursive $hops)")" $runs
	BENCH_WARM=0
	if [ $hops -lt 4 ]; then
		bench_same "reach, $hops hops, ways" "$(answer "$(reach_via $hops)")" "$(answer "$(recursive_via $hops)")"
		beside "$hops hops and the way to each, the client gets the rows as text" "$(reach_via $hops)" "$(recursive_via $hops)" $runs
	fi
	ours=$(bench_sql "SELECT count(*) FROM ($(reach $hops)) q")
	read -r ms reached scanned < <("$network" reach "$accounts" $hops $((accounts / seeds)))
	[ "$ours" = "$reached" ] || { echo "graph: $hops hops: $ours accounts, plain C reaches $reached" >&2; exit 1; }
	echo "graph: $hops hops: $(bench_cpu "$(used "$(hops_only $hops | sed 's/ AS hops FROM walk/ AS hops, 1 AS best_strength FROM walk/')")" $runs) ms for hops alone by a recursive query over one direction;" \
		"$ms ms for plain C on prepared arrays ($reached accounts over $scanned affiliations)"
done
bench_sql "SET lsce.direct_access = off" >/dev/null
bench_ratio "reach, 3 hops, through SPI / recursive query" 1 "$(used "$(reach 3)")" "$(used "$(recursive 3)")" 3
bench_sql "RESET lsce.direct_access" >/dev/null

# --- shortest path ------------------------------------------------------------
ours="SELECT p.a, (SELECT nullif(count(*), 0) - 1 FROM shortest_path(p.a, p.b, 6, '2025-06-30')) FROM pair p"
recursive="SELECT p.a, (WITH RECURSIVE walk AS (
		SELECT p.a AS id, 0 AS hops
		UNION
		SELECT a.to_account_id, w.hops + 1 FROM walk w JOIN affiliation a ON a.from_account_id = w.id
		WHERE w.hops < 6 AND a.valid_from <= '2025-06-30' AND a.valid_to > '2025-06-30')
	SELECT hops FROM walk WHERE id = p.b LIMIT 1) FROM pair p"
bench_same "shortest path" "$ours ORDER BY 1" "$recursive ORDER BY 1"
found=$(bench_sql "SELECT count(hops), sum(hops) FROM ($ours) q (a, hops)")
read -r ms paths sum < <("$network" path "$accounts" $((accounts / seeds)) 20)
[ "$found" = "$paths|$sum" ] || { echo "graph: paths and their hops: $found, plain C finds $paths|$sum" >&2; exit 1; }
echo "graph: shortest path: $ms ms for plain C on prepared arrays, from both ends ($paths paths, $sum hops)"
# what a search from both ends saves grows with the network
[ "$accounts" -ge 1000000 ] && goal=0.002 || goal=0.006
BENCH_WARM=1
bench_ratio "shortest path / recursive query, first hit" $goal "$ours" "$recursive" 3
BENCH_WARM=0

# --- PageRank and the building of the graph -------------------------------------
influence_of="lsce.influence('graph_bench', NULL, '2025-06-30', 0.85, NULL, NULL, 'out', ROUNDS)"
influence() { echo "SELECT count(*) FROM ${influence_of/ROUNDS/$1}"; }
read_all="SET enable_indexonlyscan = off; SELECT count(*) FROM affiliation; RESET enable_indexonlyscan"
ones=() rounds=() counts=()
bench_once "$(influence 1)" >/dev/null
bench_once "$read_all" >/dev/null
for ((run = 0; run < 5; run++)); do
	ones+=("$(bench_once "$(influence 1)")") || exit 1
	rounds+=($((($(bench_once "$(influence 21)") - ones[run]) / 20)))
	counts+=("$(bench_once "$read_all")") || exit 1
done
one=$(printf '%s\n' "${ones[@]}" | bench_median)
round=$(printf '%s\n' "${rounds[@]}" | bench_median)
count=$(printf '%s\n' "${counts[@]}" | bench_median)
# it ends early when the scores do not change any more, which would look fast
changed=$(bench_sql "SELECT count(*) FROM ${influence_of/ROUNDS/20} a JOIN ${influence_of/ROUNDS/21} b USING (account_id) WHERE a.score <> b.score")
[ "$changed" -gt 0 ] || { echo "graph: fewer than 21 rounds were done" >&2; exit 1; }
bench_sql "CREATE TEMP TABLE arc AS SELECT from_account_id AS f, to_account_id AS t, strength::float8 / sum(strength::float8) OVER (PARTITION BY from_account_id) AS w
	FROM affiliation WHERE valid_from <= '2025-06-30' AND valid_to > '2025-06-30';
	CREATE TEMP TABLE score AS SELECT account_id AS id, 1.0::float8 / $accounts AS s FROM account;
	CREATE TEMP TABLE next (id uuid, s float8);
	ANALYZE arc; ANALYZE score; SET work_mem = '1GB'" >/dev/null
BENCH_BEFORE="TRUNCATE next"
set_sql=$(bench_cpu "INSERT INTO next SELECT i.id, 0.15 / $accounts
	+ 0.85 / $accounts * (SELECT sum(s) FROM score d WHERE NOT EXISTS (SELECT FROM arc WHERE f = d.id)) + 0.85 * coalesce(m.s, 0)
	FROM score i LEFT JOIN (SELECT a.t AS id, sum(p.s * a.w) AS s FROM arc a JOIN score p ON p.id = a.f GROUP BY a.t) m USING (id)" 3) || exit 1
BENCH_BEFORE=
bench_sql "RESET work_mem" >/dev/null
wrong=$(bench_sql "SELECT count(*) FROM ${influence_of/ROUNDS/1} i
	FULL JOIN next n ON n.id = i.account_id WHERE (abs(i.score - n.s) < 1e-12 * i.score) IS NOT TRUE")
[ "$wrong" = 0 ] || { echo "graph: $wrong scores differ from those of set SQL" >&2; exit 1; }
bench_compare "PageRank, one round / set SQL" 0.008 "$round" "$set_sql"
read -r ms largest < <("$network" rank "$accounts" 21)
ours=$(bench_sql "SELECT round(max(score)::numeric, 9) FROM ${influence_of/ROUNDS/21}")
[ "$ours" = "$largest" ] || { echo "graph: the largest score is $ours, that of plain C $largest" >&2; exit 1; }
echo "graph: PageRank: $ms ms a round for plain C on prepared arrays"
bench_compare "graph built and one round, scores returned / count(*) of affiliations" 6 "$one" "$count"

# The most memory of its own that a fresh backend takes while the graph is built
# and ranked, over what it has before; the result's rows go to a file.
out=$(mktemp)
{ echo "SELECT pg_backend_pid();"; sleep 1; echo "$(influence 21);"; } |
	psql -XAtq -c "SET search_path = graph_bench, pg_catalog; SET work_mem = '64kB'" -f - >"$out" &
worker=$!
sleep 0.7
pid=$(head -n 1 "$out")
private() { awk '/^RssAnon:/ { print $2 }' "/proc/$pid/status" 2>/dev/null; }
before=$(private) most=0
while now=$(private) && [ -n "$now" ]; do
	[ "$now" -le "$most" ] || most=$now
	sleep 0.01
done
wait $worker
rm -f "$out"
per_edge=$(awk "BEGIN { printf \"%.1f\", ($most - $before) * 1024 / $edges }")
echo "graph: $(((most - before) / 1024)) MB for $edges affiliations and $accounts accounts at most"
bench_compare "memory of the graph, bytes an affiliation" 24 "$per_edge" 1

# --- others -------------------------------------------------------------------
# pgRouting knows numbers only, reads all edges on every call, and looks up its own
# functions by the search path.
if [ "$(bench_sql "SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'")" = 1 ]; then
	bench_sql "SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS pgrouting SCHEMA public CASCADE;
		SET search_path = graph_bench, pg_catalog, public;
		CREATE TEMP TABLE number AS SELECT account_id AS id, row_number() OVER (ORDER BY account_id) AS n FROM account;
		CREATE TEMP TABLE road AS SELECT row_number() OVER () AS id, f.n AS source, t.n AS target, 1::float8 AS cost
			FROM affiliation a JOIN number f ON f.id = a.from_account_id JOIN number t ON t.id = a.to_account_id
			WHERE valid_from <= '2025-06-30' AND valid_to > '2025-06-30'; ANALYZE road" >/dev/null
	# a call takes up to a minute: one is enough, its rows are kept to be compared
	one="(SELECT min(id::text)::uuid AS id FROM seed)"
	ours="SELECT r.account_id, r.hops FROM $one s, LATERAL reach(s.id, 3, at => '2025-06-30') r"
	ms=$(BENCH_WARM=1 bench_cpu "CREATE TEMP TABLE driven AS SELECT n.id, d.agg_cost::integer FROM pgr_drivingDistance('SELECT id, source, target, cost FROM pg_temp.road',
		(SELECT n FROM number JOIN $one s USING (id)), 3) d JOIN number n ON n.n = d.node WHERE d.agg_cost > 0" 1) || exit 1
	bench_same "reach and pgRouting" "$ours ORDER BY 1" "SELECT * FROM driven ORDER BY 1"
	bench_compare "reach, 3 hops, one account / pgRouting" 0.1 "$(bench_cpu "$ours" 3)" "$ms"
	# a pair that has a path, if there is one
	pair="(SELECT a, b, a.n AS source, b.n AS target FROM pair JOIN number a ON a.id = pair.a JOIN number b ON b.id = pair.b
		ORDER BY (SELECT count(*) FROM shortest_path(pair.a, pair.b, 6, '2025-06-30')) DESC, a LIMIT 1)"
	bench_sql "CREATE TEMP TABLE one_pair AS SELECT * FROM $pair p" >/dev/null
	ours="SELECT (SELECT nullif(count(*), 0) - 1 FROM shortest_path(p.a, p.b, NULL, '2025-06-30')) FROM one_pair p"
	ms=$(BENCH_WARM=1 bench_cpu "CREATE TEMP TABLE dijkstra AS SELECT max(agg_cost)::bigint AS hops FROM one_pair p, pgr_dijkstra('SELECT id, source, target, cost FROM pg_temp.road', p.source, p.target)" 1) || exit 1
	bench_same "shortest path and pgRouting" "$ours" "SELECT hops FROM dijkstra"
	bench_compare "shortest path, one pair / pgRouting" 0.1 "$(bench_cpu "$ours" 3)" "$ms"
else
	echo "graph: pgRouting is not installed, not compared"
fi
psql -Xq -c "SET client_min_messages = warning" -c "DROP SCHEMA graph_bench CASCADE"
