# Subtrees: territory with its btree against ltree with GiST, against a range over
# text written by hand, and against a range of integers that holds the same rows:
# what the server itself needs to count them by an index, whatever the type.
. "$BENCH_LIB"
bench_sql 'SET search_path = bench_path, public, lsce' >/dev/null

# count_all OPERATOR-SQL NODES..: one count for each node; % stands for it
count_all() {
	local condition=$1 node
	shift
	for node; do
		echo "SELECT count(*) FROM ${condition//%/$node};"
	done
}

mapfile -t regions < <(bench_sql "SELECT DISTINCT subpath(path, 0, 2) FROM ours_area ORDER BY 1")
mapfile -t areas < <(bench_sql "SELECT path FROM ours_area ORDER BY 1")
mapfile -t districts < <(bench_sql "SELECT DISTINCT subpath(path, 0, 4) FROM ours WHERE path <@ 'us.r03' ORDER BY 1")
mapfile -t bounds < <(bench_sql "SELECT first, last FROM number_region ORDER BY region")
ours="ours WHERE path <@ '%'"
tree="tree WHERE path <@ '%'"
plain="plain WHERE path >= '%.' AND path < '%/'"

for level in regions areas districts; do
	declare -n nodes=$level
	bench_same "count of $level, ltree" "$(count_all "$ours" "${nodes[@]}")" "$(count_all "$tree" "${nodes[@]}")"
	bench_same "count of $level, text" "$(count_all "$ours" "${nodes[@]}")" "$(count_all "$plain" "${nodes[@]}")"
done
count_ours=$(count_all "$ours" "${regions[@]}")
count_tree=$(count_all "$tree" "${regions[@]}")
count_number=$(for range in "${bounds[@]}"; do
	echo "SELECT count(*) FROM number WHERE path >= ${range%|*} AND path <= ${range#*|};"
done)
bench_same "count of regions, integers" "$count_ours" "$count_number"

bench_ratio "subtree count, 125,000 rows, to ltree GiST" 0.1 "$count_ours" "$count_tree"
bench_ratio "subtree count, 10,400 rows, to ltree GiST" 0.1 "$(count_all "$ours" "${areas[@]}")" "$(count_all "$tree" "${areas[@]}")"
bench_ratio "subtree count, 870 rows, to ltree GiST" 0.1 "$(count_all "$ours" "${districts[@]}")" "$(count_all "$tree" "${districts[@]}")"
bench_ratio "subtree count, 125,000 rows, to text range" 1.2 "$count_ours" "$(count_all "$plain" "${regions[@]}")"
bench_ratio "subtree count, 10,400 rows, to text range" 1.2 "$(count_all "$ours" "${areas[@]}")" "$(count_all "$plain" "${areas[@]}")"
bench_ratio "subtree count, 870 rows, to text range" 1.2 "$(count_all "$ours" "${districts[@]}")" "$(count_all "$plain" "${districts[@]}")"
bench_ratio "subtree count, 125,000 rows, to integer range" 1.2 "$count_ours" "$count_number"

# count_each TABLE NODES: the counts of all nodes in one statement, so that the
# time of small ones is not that of parsing and planning
count_each() {
	echo "SELECT sum(found.n) FROM $2 node CROSS JOIN LATERAL
		(SELECT count(*) AS n FROM $1 item WHERE item.path <@ node.path OFFSET 0) found"
}

for kind in "area 10,400" "territory 58" "brick 12"; do
	table=${kind% *}
	bench_same "counts of each $table" "$(count_each ours "ours_$table")" "$(count_each tree "tree_$table")"
	bench_ratio "subtree probe, ${kind#* } rows, to ltree GiST" 0.1 "$(count_each ours "ours_$table")" "$(count_each tree "tree_$table")"
done

ours="SELECT count(*) FROM ours_area a JOIN ours o ON o.path <@ a.path"
tree="SELECT count(*) FROM tree_area a JOIN tree o ON o.path <@ a.path"
number="SELECT count(*) FROM number_area a JOIN number o ON o.path BETWEEN a.first AND a.last"
bench_same "96 areas with their rows" "$ours" "$tree"
bench_same "96 areas with their rows, integers" "$ours" "$number"
bench_ratio "join of 96 areas, to ltree GiST" 0.06 "$ours" "$tree"
bench_ratio "join of 96 areas, to integer ranges" 1.2 "$ours" "$number"

bench_compare "index size, to ltree GiST" 0.15 "$(bench_index_size ours_path)" "$(bench_index_size tree_path)"
bench_compare "index size, to ltree btree" 0.25 "$(bench_index_size ours_path)" "$(bench_index_size tree_path_btree)"
bench_compare "index size, to text" 1.05 "$(bench_index_size ours_path)" "$(bench_index_size plain_path)"

# the worst of up to 200 nodes of each level
for level in 1 2 3 4 5 6; do
	worst=$(bench_sql "SELECT round(max(error_factor(node))::numeric, 3)
		FROM (SELECT DISTINCT subpath(path, 0, $level) AS node FROM ours WHERE id % 97 = 0 ORDER BY 1 LIMIT 200) n")
	bench_compare "worst row estimate, level $level" 3 "$worst" 1
done
