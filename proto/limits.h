/* Every bound of the wire and of the core, in one place, with their relations asserted.
 *
 * A bound is a promise to a device maker as much as a defence: what is within it is accepted,
 * what is beyond it is refused with a reason and counted. */
#ifndef STRIDE_PROTO_LIMITS_H
#define STRIDE_PROTO_LIMITS_H

#include <stdint.h>

enum {
    ID_LENGTH_MAX = 32, /* ^[a-z0-9][a-z0-9-]{0,31}$, design 4 */
    ID_SIZE = ID_LENGTH_MAX + 1,
    NAME_LENGTH_MAX = 40, /* model, firmware, text ids */
    NAME_SIZE = NAME_LENGTH_MAX + 1,
    NOTE_LENGTH_MAX = 280, /* rule book 1, row 89 */
    TEXT_LENGTH_MAX = 80,  /* characters of a prompt, rule book 5.6 */
    TEXT_BYTES_MAX = 4 * TEXT_LENGTH_MAX,

    FRAME_BYTES_MAX = 4096,   /* refused before unpacking: protobuf-c amplifies */
    CONTROL_BYTES_MAX = 1024, /* report, feedback, link */
    HELLO_BYTES_MAX = 4096,
    REQUEST_BYTES_MAX = 4096, /* JSON of an account's request */
    WEARER_CONFIG_BYTES_MAX = 4096,
    INPUT_BYTES_MAX = 4096, /* largest payload of one journal row */
    TOPIC_LENGTH_MAX = 192,

    STREAMS_MAX = 4,          /* per device */
    CHANNELS_MAX = 32,        /* per stream */
    DEVICE_CHANNELS_MAX = 48, /* over all streams of a device */
    FRAME_SAMPLES_MAX = 512,  /* per channel */
    FRAME_VALUES_MAX = 4096,  /* channels x samples */
    WIRE_ARENA_BYTES =
        64 * 1024, /* all that one decode may take; 4 KiB of packed varints need 16 KiB */
    STORED_RANGES_MAX = 8,

    WEARER_DEVICES_MAX = 6,
    WEARER_CAREGIVERS_MAX = 8,
    CAREGIVER_DUTIES_MAX = 4,
    DAY_MINUTES = 1440,
    WEARER_PARAMS_MAX = 64,
    WEARER_FLAGS_MAX = 32,
    WEARER_BASELINES_MAX = 16,
    WEARER_WALK_TIMES_MAX = 3, /* C02 */
    WEARER_STATE_BYTES_MAX = 64 * 1024,

    PERIOD_US_MIN = 1000,     /* 1 kHz */
    PERIOD_US_MAX = 60000000, /* once a minute */
    SEQ_JUMP_MAX = 4000000,   /* frames a device may be ahead: over 10 days at 4 frames/s */
    FRAME_REFUSALS_MAX = 3,   /* same (boot, seq) refused that often: set aside as a marked gap */

    AMBIENT_C_MIN = -40, /* warmth that a person may tell, degrees C */
    AMBIENT_C_MAX = 60,
};
/* 2100: a wall clock that shows more is wrong. */
#define WALL_MS_MAX INT64_C(4102444800000)

_Static_assert(FRAME_BYTES_MAX <= INPUT_BYTES_MAX, "a frame is one journal row");
_Static_assert(HELLO_BYTES_MAX <= INPUT_BYTES_MAX, "a hello is one journal row");
_Static_assert(REQUEST_BYTES_MAX <= INPUT_BYTES_MAX, "a request is one journal row");
_Static_assert(WEARER_CONFIG_BYTES_MAX <= INPUT_BYTES_MAX, "a configuration is one journal row");
_Static_assert(FRAME_VALUES_MAX * 4 * 2 <= WIRE_ARENA_BYTES,
               "the arena holds the counts, grown twice");
_Static_assert(FRAME_VALUES_MAX <= FRAME_BYTES_MAX, "a value takes a byte at least");

#endif
