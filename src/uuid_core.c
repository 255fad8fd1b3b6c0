/*-------------------------------------------------------------------------
 *
 * uuid_core.c
 *	  Layout and order of UUID version 7 (RFC 9562, 5.7 and 6.2 method 3).
 *
 *	byte  0-5	milliseconds since 1970, big-endian
 *	byte  6		version 7 in the high half
 *	byte  6-7	12 bits: fraction of the millisecond in 1/4096
 *	byte  8		variant binary 10 in the two high bits
 *	byte  8-15	62 random bits
 *
 * Milliseconds and fraction together are one number of 60 bits, the tick
 * (1/4096 ms, 244 ns).
 *
 * src/uuid_core.c
 *
 *-------------------------------------------------------------------------
 */
#include "uuid_core.h"

#include <string.h>

#define TICK_BITS		60
#define FRACTION_BITS	12
#define US_PER_MS		1000
#define LAST_TICK		((UINT64_C(1) << TICK_BITS) - 1)

/*
 * Advance *tick, the tick of the value made last (0 at first), to that of the
 * next value: the one of the clock, unix_us microseconds since 1970, or the
 * successor of the last when the clock has not moved past it.  So ticks rise
 * strictly whatever the clock does; a caller that makes more than 4.096
 * million values a second runs ahead of the clock.
 *
 * Returns false and leaves *tick alone when the clock is before 1970 or the
 * tick would not fit its 60 bits (year 10889).
 */
bool
lsce_uuid_v7_next_tick(uint64_t *tick, int64_t unix_us)
{
	uint64_t	ms;
	uint64_t	fraction;
	uint64_t	next;

	if (unix_us < 0)
		return false;
	ms = (uint64_t) unix_us / US_PER_MS;
	if (ms > (LAST_TICK >> FRACTION_BITS))
		return false;
	fraction = (((uint64_t) unix_us % US_PER_MS) << FRACTION_BITS) / US_PER_MS;
	next = (ms << FRACTION_BITS) | fraction;
	if (next <= *tick)
	{
		if (*tick >= LAST_TICK)
			return false;
		next = *tick + 1;
	}
	*tick = next;
	return true;
}

/*
 * Write the value of a tick (below 2^60) and 62 of the 64 random bits.
 */
void
lsce_uuid_v7_build(uint8_t uuid[LSCE_UUID_BYTES], uint64_t tick,
				   const uint8_t random_bytes[LSCE_UUID_RANDOM_BYTES])
{
	uint64_t	ms = tick >> FRACTION_BITS;

	for (int i = 0; i < 6; i++)
		uuid[i] = (uint8_t) (ms >> (8 * (5 - i)));
	uuid[6] = (uint8_t) (0x70 | ((tick >> 8) & 0x0F));
	uuid[7] = (uint8_t) (tick & 0xFF);
	memcpy(uuid + 8, random_bytes, LSCE_UUID_RANDOM_BYTES);
	uuid[8] = (uint8_t) (0x80 | (uuid[8] & 0x3F));
}

/*
 * The milliseconds since 1970 in a value.  Returns false when it is not of
 * version 7 and the variant of RFC 9562.  The 12 bits after the version are
 * not read: other makers put a counter or random bits there.
 */
bool
lsce_uuid_v7_unix_ms(const uint8_t uuid[LSCE_UUID_BYTES], int64_t *unix_ms)
{
	uint64_t	ms = 0;

	if ((uuid[6] & 0xF0) != 0x70 || (uuid[8] & 0xC0) != 0x80)
		return false;
	for (int i = 0; i < 6; i++)
		ms = (ms << 8) | uuid[i];
	*unix_ms = (int64_t) ms;
	return true;
}
