-- Joins, grouping and parallel query over territory and specialty.
SET search_path = public, lsce;

CREATE TABLE path_account (id integer, t territory, s specialty);
INSERT INTO path_account
SELECT i, format('us.r%s.t%s', i % 10, i % 100)::territory, format('m.s%s', i % 7)::specialty
FROM generate_series(1, 5000) i;
CREATE TABLE path_territory (t territory PRIMARY KEY, name text);
INSERT INTO path_territory SELECT format('us.r%s.t%s', i % 10, i)::territory, 'Territory ' || i FROM generate_series(0, 99) i;
ANALYZE path_account;
ANALYZE path_territory;
SET max_parallel_workers_per_gather = 0;

SET enable_mergejoin = off;
SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_account JOIN path_territory USING (t);
SELECT count(*), count(DISTINCT name) FROM path_account JOIN path_territory USING (t);
RESET enable_mergejoin;

SET enable_hashjoin = off;
SET enable_seqscan = off;
CREATE INDEX path_account_t ON path_account (t);
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_account JOIN path_territory USING (t);
SELECT count(*), count(DISTINCT name) FROM path_account JOIN path_territory USING (t);
RESET enable_hashjoin;
RESET enable_nestloop;
RESET enable_seqscan;
DROP INDEX path_account_t;

SET enable_sort = off;
EXPLAIN (COSTS OFF) SELECT s, count(*) FROM path_account GROUP BY s;
SELECT s, count(*) FROM path_account GROUP BY s ORDER BY s;
RESET enable_sort;
SET enable_hashagg = off;
SELECT count(*) FROM (SELECT t, count(*) FROM path_account GROUP BY t) g;
RESET enable_hashagg;

-- sorting, in memory and on disk, with long common prefixes
SELECT count(*) FROM (SELECT t, lag(t) OVER (ORDER BY t) AS previous FROM path_account) o WHERE t < previous;
SET work_mem = '64kB';
CREATE TABLE path_long (t territory);
INSERT INTO path_long SELECT (repeat('x', 200) || '.' || md5(i::text))::territory FROM generate_series(1, 3000) i;
SELECT count(*) FROM (SELECT t, lag(t) OVER (ORDER BY t) AS previous FROM path_long) o WHERE t < previous;
SELECT count(DISTINCT t) FROM path_long;
RESET work_mem;

-- foreign keys and uniqueness
ALTER TABLE path_account ADD CONSTRAINT path_account_territory FOREIGN KEY (t) REFERENCES path_territory;
INSERT INTO path_account VALUES (0, 'US.R1.T1', 'm');
INSERT INTO path_account VALUES (0, 'us.r1', 'm');
INSERT INTO path_territory VALUES ('US.R0.T0', 'again');

-- parallel
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT count(*), min(t), max(t), sum(nlevel(t)) FROM path_account WHERE t <@ 'us.r3' AND s @> 'm.s2.x';
SELECT count(*), min(t), max(t), sum(nlevel(t)) FROM path_account WHERE t <@ 'us.r3' AND s @> 'm.s2.x';
EXPLAIN (COSTS OFF) SELECT count(*) FROM path_account JOIN path_territory USING (t) WHERE path_account.t <@ 'us.r3';
SELECT count(*) FROM path_account JOIN path_territory USING (t) WHERE path_account.t <@ 'us.r3';

DROP TABLE path_account, path_territory, path_long;
