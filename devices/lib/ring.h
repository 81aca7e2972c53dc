/* Encoded messages in a piece of caller's memory, numbered without gaps, oldest first.
 *
 * In: bytes. Out: the same bytes, until they are released or pushed out by newer ones.
 * Invariants: the messages kept are first_seq, first_seq + 1, ... first_seq + count - 1; each lies
 * in one piece, so that it can be sent from where it lies; 16 bytes of overhead each.
 * No malloc, no OS, no clock. One thread at a time. */
#ifndef STRIDE_DEVICES_LIB_RING_H
#define STRIDE_DEVICES_LIB_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RING_OVERHEAD = 16 };

struct ring {
    uint8_t *bytes; /* caller's, kept */
    size_t size;
    size_t head, tail; /* oldest message, first free byte */
    size_t wrap_at;    /* where the upper part ends while `wrapped` */
    bool wrapped;
    uint32_t count;
    uint64_t first_seq; /* of the oldest kept, or the next to be appended when empty */
    /* Where a message was found last: sending walks upward, so the next is right behind. */
    uint64_t hint_seq;
    size_t hint_at;
};

struct ring_entry {
    uint64_t seq;
    const uint8_t *bytes; /* borrowed until the next append or release */
    uint32_t size;
    uint32_t made_ms, sent_ms; /* low 32 bits of the caller's clock */
    uint16_t sends;            /* times sent; stays at 65,535 */
    uint8_t kind;              /* the caller's */
};

/* Keeps `memory`. The first message gets number `first_seq`. */
void ring_init(struct ring *ring, uint8_t *memory, size_t size, uint64_t first_seq);

/* Appends a copy; pushes out as many of the oldest as need be and adds them to `*dropped`.
 * False, and nothing changed, when it could never fit. */
bool ring_append(struct ring *ring, uint8_t kind, uint32_t made_ms, const uint8_t *bytes,
                 uint32_t size, uint64_t *dropped);

/* Forgets every message up to and including `through_seq`; returns how many. */
uint32_t ring_release(struct ring *ring, uint64_t through_seq);

/* False when `seq` is not kept. */
bool ring_find(struct ring *ring, uint64_t seq, struct ring_entry *out);
/* Notes that `seq` was sent. */
void ring_mark_sent(struct ring *ring, uint64_t seq, uint32_t sent_ms);

/* Number that the next message will get. */
uint64_t ring_next_seq(const struct ring *ring);

#endif
