/*-------------------------------------------------------------------------
 *
 * random_core.h
 *	  Numbers that look random and are the same everywhere; needs no server.
 *
 * src/demo/random_core.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_DEMO_RANDOM_CORE_H
#define LSCE_DEMO_RANDOM_CORE_H

#include <stddef.h>
#include <stdint.h>

#define DEMO_UUID_BYTES 16

extern uint64_t demo_random_bits(int32_t seed, const char *stream, size_t stream_len, int64_t n);
extern double demo_random_fraction(uint64_t bits);
extern void demo_random_uuid(uint8_t uuid[DEMO_UUID_BYTES], int32_t seed,
							 const char *stream, size_t stream_len, int64_t n);

#endif							/* LSCE_DEMO_RANDOM_CORE_H */
