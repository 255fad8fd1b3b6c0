/* sources: src/demo/random_core.c */
/*-------------------------------------------------------------------------
 *
 * demo_random_test.c
 *	  Tests of the demo's generator outside the server.
 *
 * test/unit/demo_random_test.c
 *
 *-------------------------------------------------------------------------
 */
#include "demo/random_core.h"

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

static uint64_t
bits(int32_t seed, const char *stream, int64_t n)
{
	return demo_random_bits(seed, stream, strlen(stream), n);
}

/* The numbers are part of the contract: another machine must find these. */
static void
test_known_values(void)
{
	CHECK(bits(42, "account", 0) == UINT64_C(0x465cc6c0312c2de6));
	CHECK(bits(42, "account", 1) == UINT64_C(0xec98878bb52a13d5));
	CHECK(bits(7, "account", 0) == UINT64_C(0x6f34ac2ef0015253));
	CHECK(bits(42, "license", 0) == UINT64_C(0x9c6c1179b624d2ad));
	CHECK(bits(INT32_MIN, "", INT64_MAX) == UINT64_C(0xa28ee974985f2144));
}

/* Fractions lie in [0, 1), and a million of them are spread evenly. */
static void
test_fractions(void)
{
	int			bucket[16] = {0};
	double		sum = 0;

	CHECK(demo_random_fraction(0) == 0.0);
	CHECK(demo_random_fraction(UINT64_MAX) < 1.0);
	for (int64_t n = 0; n < 1000000; n++)
	{
		double		f = demo_random_fraction(bits(1, "fractions", n));

		CHECK(f >= 0.0 && f < 1.0);
		bucket[(int) (f * 16)]++;
		sum += f;
	}
	CHECK(sum > 499000 && sum < 501000);
	for (int i = 0; i < 16; i++)
		CHECK(bucket[i] > 61500 && bucket[i] < 63500);
}

/* Streams of one seed, and of seeds that follow each other, do not go together. */
static void
test_independence(void)
{
	int			together = 0;

	for (int64_t n = 0; n < 100000; n++)
	{
		together += (bits(1, "a", n) >> 63) == (bits(1, "b", n) >> 63);
		together += (bits(1, "a", n) >> 63) == (bits(2, "a", n) >> 63);
		together += (bits(1, "a", n) >> 63) == (bits(1, "a", n + 1) >> 63);
	}
	CHECK(together > 148500 && together < 151500);
}

/* Ids are of version 7 and rise with n. */
static void
test_uuids(void)
{
	uint8_t		last[DEMO_UUID_BYTES] = {0};
	uint8_t		next[DEMO_UUID_BYTES];

	for (int64_t n = 0; n < 100000; n++)
	{
		demo_random_uuid(next, 42, "account", 7, n);
		CHECK((next[6] & 0xf0) == 0x70);
		CHECK((next[8] & 0xc0) == 0x80);
		CHECK(memcmp(last, next, DEMO_UUID_BYTES) < 0);
		memcpy(last, next, DEMO_UUID_BYTES);
	}
	demo_random_uuid(last, 42, "license", 7, 99999);
	CHECK(memcmp(last, next, DEMO_UUID_BYTES) != 0);
	CHECK(memcmp(last, next, 6) == 0);
}

int
main(void)
{
	test_known_values();
	test_fractions();
	test_independence();
	test_uuids();
	return failures != 0;
}
