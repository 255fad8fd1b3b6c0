/*-------------------------------------------------------------------------
 *
 * uuid_core.h
 *	  Layout and order of UUID version 7; needs no server.
 *
 * src/uuid_core.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_UUID_CORE_H
#define LSCE_UUID_CORE_H

#include <stdbool.h>
#include <stdint.h>

#define LSCE_UUID_BYTES			16
#define LSCE_UUID_RANDOM_BYTES	8

extern bool lsce_uuid_v7_next_tick(uint64_t *tick, int64_t unix_us);
extern void lsce_uuid_v7_build(uint8_t uuid[LSCE_UUID_BYTES], uint64_t tick,
							   const uint8_t random_bytes[LSCE_UUID_RANDOM_BYTES]);
extern bool lsce_uuid_v7_unix_ms(const uint8_t uuid[LSCE_UUID_BYTES], int64_t *unix_ms);

#endif							/* LSCE_UUID_CORE_H */
