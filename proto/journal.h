/* A journal: inputs in the order in which they happened, self-contained (a WearerConfig and the
 * hellos come first). The database's journal table holds the same rows; this is the file form.
 *
 * In / out: rows and bytes. File layout: 16-byte head ("STRIDEJ1", u32 version 1, u32 0), then per
 * row a 40-byte little-endian head {u32 size of bytes, u32 crc32 of all that follows in the row,
 * u64 seq, i64 at_mono_ns, i64 at_wall_ms, u32 wearer, u8 slot, u8 kind, u16 flags} and the bytes.
 * Pure, any thread, no I/O. */
#ifndef STRIDE_PROTO_JOURNAL_H
#define STRIDE_PROTO_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/limits.h"

/* One input of the hub: design section 1, stage 1. */
enum input_kind {
    INPUT_UNKNOWN = 0,
    INPUT_CONFIG,   /* WearerConfig */
    INPUT_HELLO,    /* Descriptor of slot */
    INPUT_FRAME,    /* Frame of slot */
    INPUT_REPORT,   /* Report of slot */
    INPUT_FEEDBACK, /* Feedback of slot */
    INPUT_LINK,     /* Link of slot */
    INPUT_ACK,      /* an account's word on an alert: "<alert id> <account>[ <verb>]" */
    INPUT_TICK,     /* nothing but time; a deadline is due */
    INPUT_SKIP,     /* frames set aside as a gap: boot, first, last sequence number, u64 each */
    INPUT_HUB,      /* one byte: enum hub_condition */
    INPUT_CLIENTS,  /* one byte: enum alert_clients, what is known of the caregivers' clients */
    INPUT_SAID,     /* an account's report of the wearer: its id in ID_SIZE bytes, then a Report */
    INPUT_PLAN, /* what an account asks of the programme: its id in ID_SIZE bytes, enum plan_asks,
                   and a number, u16 little-endian */
    INPUT_KINDS
};

enum hub_condition {
    HUB_NORMAL = 0,
    HUB_NOT_STORING = 1, /* disk full: frames wait in the devices, silence is not their fault */
    HUB_STARTED = 2,     /* first input after a start, or after it stood still: streams get time to
                            come back */
};

enum plan_asks {
    PLAN_ASKS_STAGE = 1,         /* enum plan_stage */
    PLAN_ASKS_REST = 2,          /* days without a planned walk, today the first; 0 = walk again */
    PLAN_ASKS_LIMIT_GROUND = 3,  /* minutes of a walk at most; 0 = what is learnt */
    PLAN_ASKS_LIMIT_BELT = 4,    /* the same, of a walk on the treadmill */
    PLAN_ASKS_SIZE = ID_SIZE + 3 /* bytes of such an input */
};

enum { INPUT_SLOT_NONE = 255 };

/* The latest that a hub's clock can show: 200 years after its first start. Far from what 64 bits
 * hold, so that a deadline can be reckoned from any time. */
#define JOURNAL_MONO_NS_MAX (INT64_C(200) * 31557600 * 1000000000)

struct input {
    uint64_t seq;         /* from 1, +1 each, over all wearers of a journal */
    int64_t at_mono_ns;   /* hub's clock, 0 to JOURNAL_MONO_NS_MAX, never goes back within a
                             journal; all durations */
    int64_t at_wall_ms;   /* UTC, display only */
    uint32_t wearer;      /* number within the hub, from 1; 0 = the hub itself */
    uint8_t slot;         /* device within the wearer, or INPUT_SLOT_NONE */
    uint8_t kind;         /* enum input_kind */
    uint16_t flags;       /* INPUT_SKIP: enum wire_refusal that made the hub give up; else 0 */
    uint32_t size;        /* <= INPUT_BYTES_MAX */
    const uint8_t *bytes; /* borrowed */
};

enum {
    JOURNAL_HEAD_SIZE = 16,
    JOURNAL_ROW_HEAD_SIZE = 40,
    JOURNAL_ROW_SIZE_MAX = JOURNAL_ROW_HEAD_SIZE + INPUT_BYTES_MAX
};

enum journal_error {
    JOURNAL_OK = 0,
    JOURNAL_SHORT,    /* the row goes on past the bytes given: read more, or the end is torn */
    JOURNAL_NOT_OURS, /* head is not a journal's */
    JOURNAL_VERSION,  /* a later version of the format */
    JOURNAL_CORRUPT,  /* checksum or a bound is wrong */
    JOURNAL_ORDER,    /* seq does not rise by 1, or time goes back */
    JOURNAL_TIME,     /* its time is none that a hub's clock can show */
};
const char *journal_error_text(enum journal_error error);
/* Is it a time that a hub's clock can show? */
bool journal_time_valid(int64_t at_mono_ns);

/* Writes the file head; returns JOURNAL_HEAD_SIZE, or 0 if `size` is too small. */
size_t journal_write_head(uint8_t *out, size_t size);
/* Writes one row; returns its size, or 0 if `size` is too small or input->size too large. */
size_t journal_write_row(const struct input *input, uint8_t *out, size_t size);

/* Checks the head at `bytes`. */
enum journal_error journal_read_head(const uint8_t *bytes, size_t size);
/* Reads the row at `bytes`; `out->bytes` points into them; `*used` is the row's size.
 * `previous` (or NULL) is the row before, for JOURNAL_ORDER. Nothing changed on error. */
__attribute__((warn_unused_result)) enum journal_error
journal_read_row(const uint8_t *bytes, size_t size, const struct input *previous, struct input *out,
                 size_t *used);

#endif
