# Searching by name, and finding all duplicates.
# shellcheck source=lib.sh
. "$BENCH_LIB"

bench_sql "SET search_path = bench_identity, lsce, public" >/dev/null
queries="(VALUES ('Müller'), ('tinmarka stanpek'), ('J. $(bench_sql "SELECT family FROM people WHERE i = 777")'),
	('$(bench_sql "SELECT slip(family, 1) || ' ' || given FROM people WHERE i = 12345")')) AS q (name)"

# CPU of four queries; what one would write otherwise gives one list by one measure
bench_limit "match_account, 4 names" 400 "SELECT * FROM $queries, match_account(q.name)"
bench_ratio "match_account / pg_trgm alone" 4 "SELECT * FROM $queries, match_account(q.name)" \
	"SELECT * FROM $queries, LATERAL (SELECT account_id, similarity(k.key, q.name) FROM account_name_key AS k WHERE k.search % q.name ORDER BY 2 DESC, 1 LIMIT 10) AS found"

# a minute for all pairs of a hundred thousand accounts
bench_limit "find_duplicates, all accounts" 60000 "SELECT * FROM find_duplicates()" 1
bench_sql "SELECT 'duplicates entered ' || count(*) FROM people WHERE again"
bench_sql "SELECT format('found %s pairs, %s of them entered twice', count(*), count(p.i)) FROM find_duplicates() AS d
	LEFT JOIN people AS p ON p.again AND least(p.account_id, p.original_id) = d.account_a AND greatest(p.account_id, p.original_id) = d.account_b"
bench_sql "DROP SCHEMA bench_identity CASCADE" >/dev/null
