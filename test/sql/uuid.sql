-- UUID version 7

-- strictly rising within a backend
SELECT count(*) AS made, count(DISTINCT id) AS different,
       count(*) FILTER (WHERE id <= previous) AS not_rising,
       bool_and(id::text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$') AS version_7
  FROM (SELECT id, lag(id) OVER (ORDER BY n) AS previous
          FROM (SELECT n, lsce.uuid_v7() AS id FROM generate_series(1, 100000) AS n) AS made) AS pairs;

-- the next statement goes on from there
CREATE TEMPORARY TABLE uuid_made (n integer, id uuid DEFAULT lsce.uuid_v7() PRIMARY KEY);
INSERT INTO uuid_made SELECT n FROM generate_series(1, 1000) AS n;
INSERT INTO uuid_made SELECT n FROM generate_series(1001, 2000) AS n;
SELECT array_agg(n ORDER BY id) = array_agg(n ORDER BY n) AS ordered FROM uuid_made;

-- all 62 random bits vary: the chance that one of them is constant over 2000
-- values is below 2^-1990
SELECT bit_and(('x' || substr(replace(id::text, '-', ''), 17))::bit(64)) AS always_one,
       bit_or(('x' || substr(replace(id::text, '-', ''), 17))::bit(64)) AS ever_one
  FROM uuid_made;

-- the time in a value is the server's, in whole milliseconds
SELECT lsce.uuid_v7_time(id) BETWEEN date_trunc('milliseconds', before) AND clock_timestamp() AS now,
       lsce.uuid_v7_time(id) = date_trunc('milliseconds', lsce.uuid_v7_time(id)) AS whole
  FROM (SELECT clock_timestamp() AS before, lsce.uuid_v7() AS id) AS made;

-- the example of RFC 9562
SELECT lsce.uuid_v7_time('017f22e2-79b0-7cc3-98c4-dc0c0c07398f') AT TIME ZONE 'UTC' AS rfc_example;
-- the ends of the range
SELECT lsce.uuid_v7_time('00000000-0000-7000-8000-000000000000') AT TIME ZONE 'UTC' AS first_time,
       lsce.uuid_v7_time('ffffffff-ffff-7fff-bfff-ffffffffffff') AT TIME ZONE 'UTC' AS last_time;
-- what is not of version 7 has no time: nil, versions 4 and 6, other variants
SELECT id, lsce.uuid_v7_time(id)
  FROM unnest(ARRAY['00000000-0000-0000-0000-000000000000',
                    'ffffffff-ffff-ffff-ffff-ffffffffffff',
                    '919108f7-52d1-4320-9bac-f847db4148a8',
                    '1ec9414c-232a-6b00-b3c8-9f6bdeced846',
                    '017f22e2-79b0-7cc3-18c4-dc0c0c07398f',
                    '017f22e2-79b0-7cc3-c8c4-dc0c0c07398f']::uuid[]) AS id;
SELECT lsce.uuid_v7_time(NULL) IS NULL AS null_in;

SELECT proname, provolatile, proparallel, proisstrict
  FROM pg_proc
 WHERE pronamespace = 'lsce'::regnamespace AND proname IN ('uuid_v7', 'uuid_v7_time')
 ORDER BY proname COLLATE "C";
