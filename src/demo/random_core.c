/*-------------------------------------------------------------------------
 *
 * random_core.c
 *	  Numbers that look random and are the same everywhere; needs no server.
 *
 * The n-th number of a stream is a function of seed, stream and n alone, so
 * that set-based SQL can ask for it in any order.  Integers only, of fixed
 * width: byte order, C library and compiler do not matter.
 *
 * src/demo/random_core.c
 *
 *-------------------------------------------------------------------------
 */
#include "demo/random_core.h"

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x00000100000001b3)
#define GOLDEN_GAMMA UINT64_C(0x9e3779b97f4a7c15)

/* 2026-01-01 00:00 UTC in milliseconds since 1970 */
#define UUID_BASE_MS INT64_C(1767225600000)

/* The finalizer of SplitMix64: every bit of the result depends on every bit of x. */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/*
 * The n-th 64 bits of the stream of that name (FNV-1a of its bytes).
 */
uint64_t
demo_random_bits(int32_t seed, const char *stream, size_t stream_len, int64_t n)
{
	uint64_t	key = FNV_OFFSET;

	for (size_t i = 0; i < stream_len; i++)
		key = (key ^ (unsigned char) stream[i]) * FNV_PRIME;
	key = mix(key + GOLDEN_GAMMA * (uint64_t) (uint32_t) seed);
	return mix(key + GOLDEN_GAMMA * ((uint64_t) n + 1));
}

/*
 * A number of [0, 1) from the upper 53 bits, exact in a double.
 */
double
demo_random_fraction(uint64_t bits)
{
	return (double) (bits >> 11) * (1.0 / 9007199254740992.0);
}

/*
 * A UUID of version 7 whose time part is n milliseconds after a fixed day:
 * the ids of one stream rise with n, as ids made one after the other do.
 */
void
demo_random_uuid(uint8_t uuid[DEMO_UUID_BYTES], int32_t seed,
				 const char *stream, size_t stream_len, int64_t n)
{
	uint64_t	ms = (uint64_t) UUID_BASE_MS + (uint64_t) n;
	uint64_t	high = demo_random_bits(seed, stream, stream_len, n);
	uint64_t	low = mix(high + GOLDEN_GAMMA);

	for (int i = 0; i < 6; i++)
		uuid[i] = (uint8_t) (ms >> (8 * (5 - i)));
	uuid[6] = (uint8_t) (0x70 | ((high >> 8) & 0x0f));
	uuid[7] = (uint8_t) high;
	for (int i = 0; i < 8; i++)
		uuid[8 + i] = (uint8_t) (low >> (8 * (7 - i)));
	uuid[8] = (uint8_t) (0x80 | (uuid[8] & 0x3f));
}
