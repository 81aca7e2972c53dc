/* Ids out of numbers: same numbers, same id, so that a replay names everything as the hub did.
 *
 * In: a salt of the wearer and a counter. Out: ids of the grammar ^[a-z0-9][a-z0-9-]{0,31}$. Pure.
 */
#ifndef STRIDE_HUB_CORE_IDENT_H
#define STRIDE_HUB_CORE_IDENT_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/limits.h"

enum { UUID_SIZE = 37 };

/* Word number `counter` of the splitmix64 sequence that starts at `salt`. */
uint64_t ident_word(uint64_t salt, uint64_t counter);
/* `prefix` and 16 hex digits. */
void ident_short(char out[ID_SIZE], char prefix, uint64_t word);
/* The word of such an id; false when it is none. */
bool ident_short_word(const char *id, uint64_t *word);
/* Text of a version 8 UUID (RFC 9562: bits of our own choice). */
void ident_uuid(char out[UUID_SIZE], uint64_t high, uint64_t low);

#endif
