/* sources: src/uuid_core.c */
/*-------------------------------------------------------------------------
 *
 * uuid_test.c
 *	  Tests of UUID version 7 outside the server.
 *
 * test/unit/uuid_test.c
 *
 *-------------------------------------------------------------------------
 */
#include "uuid_core.h"

#include <stdio.h>
#include <string.h>

static int	failures = 0;

#define CHECK(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
			failures++; \
		} \
	} while (0)

static const uint8_t zeros[LSCE_UUID_RANDOM_BYTES] = {0};
static const uint8_t ones[LSCE_UUID_RANDOM_BYTES] = {255, 255, 255, 255, 255, 255, 255, 255};

/* Ticks rise whatever the clock does. */
static void
test_ticks(void)
{
	const int64_t start = INT64_C(1645557742000000);
	uint64_t	tick = 0;
	uint64_t	previous;

	CHECK(lsce_uuid_v7_next_tick(&tick, start) && tick == (uint64_t) (start / 1000) << 12);

	/* a clock that stands still gives successors, over the millisecond's end */
	for (int i = 0; i < 10000; i++)
	{
		previous = tick;
		CHECK(lsce_uuid_v7_next_tick(&tick, start) && tick == previous + 1);
	}
	CHECK(tick >> 12 == (uint64_t) (start / 1000) + 2);

	/* one that is set back by an hour too */
	previous = tick;
	CHECK(lsce_uuid_v7_next_tick(&tick, start - INT64_C(3600000000)) && tick == previous + 1);
	/* and once it has caught up, the clock counts again */
	CHECK(lsce_uuid_v7_next_tick(&tick, start + 10500) &&
		  tick == (((uint64_t) (start / 1000) + 10) << 12) + 2048);

	/* each microsecond is a tick of its own, the last below the next ms */
	tick = 0;
	for (int us = 0; us < 1000; us++)
	{
		previous = tick;
		CHECK(lsce_uuid_v7_next_tick(&tick, start + us));
		CHECK(us == 0 || tick - previous >= 4);
		CHECK(tick >> 12 == (uint64_t) (start / 1000));
	}
}

/* What version 7 cannot hold is refused and changes nothing. */
static void
test_range(void)
{
	const uint64_t last = (UINT64_C(1) << 60) - 1;
	const int64_t last_us = (INT64_C(1) << 48) * 1000 - 1;
	uint64_t	tick = 7;

	CHECK(!lsce_uuid_v7_next_tick(&tick, -1) && tick == 7);
	CHECK(!lsce_uuid_v7_next_tick(&tick, INT64_MIN) && tick == 7);
	CHECK(!lsce_uuid_v7_next_tick(&tick, last_us + 1) && tick == 7);
	CHECK(!lsce_uuid_v7_next_tick(&tick, INT64_MAX) && tick == 7);
	CHECK(lsce_uuid_v7_next_tick(&tick, 0) && tick == 8);
	CHECK(lsce_uuid_v7_next_tick(&tick, last_us) && tick >> 12 == last >> 12);
	tick = last - 1;
	CHECK(lsce_uuid_v7_next_tick(&tick, 0) && tick == last);
	CHECK(!lsce_uuid_v7_next_tick(&tick, last_us) && tick == last);
}

/* Bits are where RFC 9562 wants them, and byte order is tick order. */
static void
test_layout(void)
{
	static const uint8_t rfc_random[] = {0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F};
	static const uint8_t rfc_example[] = {
		0x01, 0x7F, 0x22, 0xE2, 0x79, 0xB0, 0x7C, 0xC3,
		0x98, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F
	};
	uint8_t		uuid[LSCE_UUID_BYTES];
	uint8_t		next[LSCE_UUID_BYTES];
	int64_t		unix_ms = -1;

	lsce_uuid_v7_build(uuid, (UINT64_C(1645557742000) << 12) | 0xCC3, rfc_random);
	CHECK(memcmp(uuid, rfc_example, sizeof(uuid)) == 0);
	CHECK(lsce_uuid_v7_unix_ms(uuid, &unix_ms) && unix_ms == INT64_C(1645557742000));

	for (int bit = 0; bit < 60; bit++)
	{
		uint64_t	tick = UINT64_C(1) << bit;

		lsce_uuid_v7_build(uuid, tick - 1, ones);
		lsce_uuid_v7_build(next, tick, zeros);
		CHECK(memcmp(uuid, next, sizeof(uuid)) < 0);
		CHECK(uuid[6] >> 4 == 7 && next[6] >> 4 == 7);
		CHECK(uuid[8] >> 6 == 2 && next[8] >> 6 == 2);
		CHECK(lsce_uuid_v7_unix_ms(next, &unix_ms) && unix_ms == (int64_t) (tick >> 12));
	}

	/* another version or variant has no time */
	unix_ms = 42;
	for (int high = 0; high < 16; high++)
	{
		memcpy(uuid, rfc_example, sizeof(uuid));
		uuid[6] = (uint8_t) (high << 4 | 0x0C);
		CHECK(high == 7 || !lsce_uuid_v7_unix_ms(uuid, &unix_ms));
		memcpy(uuid, rfc_example, sizeof(uuid));
		uuid[8] = (uint8_t) (high << 4 | 0x08);
		CHECK(high >> 2 == 2 || !lsce_uuid_v7_unix_ms(uuid, &unix_ms));
	}
	CHECK(unix_ms == 42);
}

int
main(void)
{
	test_ticks();
	test_range();
	test_layout();
	if (failures == 0)
		printf("uuid: ok\n");
	return failures == 0 ? 0 : 1;
}
