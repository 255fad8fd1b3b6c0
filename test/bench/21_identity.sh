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
bench_sql "WITH found AS (SELECT count(*) AS n, count(*) FILTER (WHERE p.i IS NOT NULL) AS good
		FROM find_duplicates() AS d
		LEFT JOIN people AS p ON p.again AND d.account_a IN (md5('person' || p.i)::uuid, md5('person' || p.original)::uuid)
			AND d.account_b IN (md5('person' || p.i)::uuid, md5('person' || p.original)::uuid))
	SELECT format('found %s pairs, %s of them entered twice', n, good) FROM found"
bench_sql "DROP SCHEMA bench_identity CASCADE" >/dev/null
