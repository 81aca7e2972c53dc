/* Bytes from outside become plain structs in SI units here, and only here.
 *
 * In: bytes (untrusted). Out: structs without pointers into protobuf's memory.
 * What is trusted: nothing; the length is checked before unpacking, unpacking runs in a bounded
 * arena in caller's memory (no malloc), every value is range-checked.
 * What holds after OK: every field marked "checked" is within the bounds written beside it; strings
 * are NUL-terminated, valid UTF-8 without control characters; absent values are NAN, 0 where 0 is
 * UNKNOWN, or have a `has_` flag.
 * Pure, any thread, one arena per thread. On a refusal `*out` is unspecified. */
#ifndef STRIDE_PROTO_WIRE_H
#define STRIDE_PROTO_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/limits.h"
#include "proto/stridehub.pb-c.h" /* enums only; no unpacked message leaves wire.c */

/* Why bytes were refused. Counted per reason by whoever calls; names by wire_refusal_name(). */
enum wire_refusal {
    WIRE_OK = 0,
    WIRE_TOO_LARGE,    /* longer than the kind's bound, before unpacking */
    WIRE_MALFORMED,    /* not protobuf of this message */
    WIRE_ARENA,        /* would need more memory than one decode may take */
    WIRE_VERSION,      /* version absent or not 1 */
    WIRE_MISSING,      /* a field that must be there is not */
    WIRE_RANGE,        /* a number outside its range */
    WIRE_TEXT,         /* not UTF-8, control characters, too long, not an id */
    WIRE_CHANNELS,     /* value count is not channels x samples, or the stream is not described */
    WIRE_WRONG_DEVICE, /* payload names another device than the topic */
    WIRE_BOOT,         /* no descriptor with this boot id */
    WIRE_ABSURD,       /* a value no body or sensor can produce, or a sequence too far ahead */
    WIRE_REFUSALS
};
const char *wire_refusal_name(enum wire_refusal refusal);

/* Bump allocator for one decode; reset by every decode. About 64 KiB: keep one, not one a frame. */
struct wire_arena {
    size_t used;
    bool exhausted;
    union {
        _Alignas(16) unsigned char bytes[WIRE_ARENA_BYTES]; /* what protobuf-c unpacks */
        int32_t counts[FRAME_VALUES_MAX];                   /* a frame's, which needs no more */
    };
};

/* 16 bytes: every wearer keeps two descriptors a device. */
struct wire_channel {
    float scale;        /* SI per count, sign included; checked: finite, not 0, |scale| <= 1e6 */
    float offset;       /* SI; checked: finite, |offset| <= 1e9 */
    float range;        /* SI, largest magnitude that the sensor shows, in both directions where the
                           quantity has two; NAN if absent */
    int16_t forward_mm; /* cells; checked: 0..350 */
    int8_t lateral_mm;  /* cells; checked: -120..120 */
    uint8_t
        quantity : 5, /* Stride__V1__Quantity; unknown ones are kept as UNKNOWN, not evaluated */
        axis : 2,     /* Stride__V1__Axis */
        has_place : 1;
};
_Static_assert(sizeof(struct wire_channel) == 16, "twelve descriptors fit in a wearer's state");

struct wire_stream {
    uint32_t period_us;    /* checked: PERIOD_US_MIN..MAX */
    uint8_t channels_n;    /* checked: 1..CHANNELS_MAX */
    uint8_t first_channel; /* index into the descriptor's channels */
};

struct wire_descriptor {
    char device[ID_SIZE];
    Stride__V1__DeviceKind kind; /* checked: not UNKNOWN */
    Stride__V1__Side side;
    char model[NAME_SIZE], firmware[NAME_SIZE];
    uint8_t streams_n; /* checked: 1..STREAMS_MAX */
    uint64_t boot_id;  /* checked: > 0 */
    uint32_t ring_frames;
    int64_t calibrated_utc_ms; /* 0 = absent; checked: 0..WALL_MS_MAX */
    struct wire_stream streams[STREAMS_MAX];
    struct wire_channel channels[DEVICE_CHANNELS_MAX]; /* of all streams, one after the other */
};

/* Where a message stands in its lane; readable without unpacking. */
struct wire_place {
    uint64_t boot_id, seq, oldest_kept_seq; /* oldest_kept_seq 0 = absent */
};

struct wire_frame {
    struct wire_place place; /* checked: boot > 0, seq > 0, oldest_kept <= seq */
    uint32_t stream;
    int64_t t0_us;      /* checked: 0..2^53 */
    uint32_t period_us; /* checked: within a factor 2 of the descriptor's */
    uint16_t samples_n; /* checked: 1..FRAME_SAMPLES_MAX */
    uint8_t channels_n;
    Stride__V1__Wear wear;
    int8_t battery_pct; /* -1 = absent */
    bool late;
    float values[FRAME_VALUES_MAX]; /* SI, channel-major; checked: within the quantity's absurd
                                       bound */
};

struct wire_report {
    struct wire_place place;
    int64_t t_us; /* -1 = absent */
    Stride__V1__Button button;
    uint32_t press_ms;
    int8_t pain_nrs; /* -1 = absent, else 0..10 */
    Stride__V1__PainPlace pain_place;
    Stride__V1__Side pain_side;
    Stride__V1__PainQuality pain_quality;
    Stride__V1__Symptom symptom;
    Stride__V1__Side symptom_side;
    char question[NAME_SIZE];
    Stride__V1__Answer answer;
    int8_t mood; /* -1 = absent, else 1..5 */
    Stride__V1__Relief relief;
    Stride__V1__Aggravator aggravator;
    bool has_fear, has_effort;
    uint8_t fear, effort; /* checked: 0..10; 0 if absent */
    uint8_t mood_week;    /* 0 = absent, else 1..5 */
    Stride__V1__Surface surface;
    Stride__V1__Answer outdoors;
    bool has_ambient;
    int16_t ambient_c; /* checked: AMBIENT_C_MIN..AMBIENT_C_MAX; 0 if absent */
    Stride__V1__Answer long_ok, backpack, icy, camber, sport, hydrated, driving;
    Stride__V1__BeltStatus belt_status;
    char note[4 * NOTE_LENGTH_MAX + 1];
};

struct wire_feedback {
    struct wire_place place;
    int64_t t_us;
    char prompt[NAME_SIZE];
    Stride__V1__FeedbackKind kind; /* checked: not UNKNOWN */
    Stride__V1__Answer answer;
};

struct wire_link {
    uint64_t boot_id;
    Stride__V1__LinkState state;
};

/* Minutes of the local day; over midnight when until <= from. */
struct wire_duty {
    uint8_t days; /* bit 0 = Monday, of the day on which it begins; checked: not 0 */
    uint16_t from_min, until_min; /* checked: < DAY_MINUTES, <= DAY_MINUTES */
};

struct wire_caregiver {
    char account[ID_SIZE];
    uint32_t order;
    bool emergency, daily_digest, live;
    bool monitoring;
    uint8_t duties_n; /* 0 = always on duty */
    struct wire_duty duties[CAREGIVER_DUTIES_MAX];
};

struct wire_baseline {
    char name[NAME_SIZE]; /* checked: not empty */
    float value;          /* checked: finite */
    float mad, speed_mps; /* checked: >= 0, > 0; NAN = absent */
};

struct wire_shoe {
    char id[ID_SIZE]; /* "" = absent */
    Stride__V1__ShoeType type;
    bool has_bought_day;
    int32_t bought_day;               /* days since 1970; checked: 1900 to 2200 */
    float distance_km, days_per_week; /* checked: 0 to 100,000, 0 to 7; NAN = absent */
    Stride__V1__Answer cushioning, support, arch_support;
};

struct wire_wearer_config {
    char wearer[ID_SIZE];
    uint32_t version;
    uint8_t devices_n, caregivers_n, params_n, flags_n, baselines_n, walk_times_n;
    struct {
        char device[ID_SIZE];
        uint8_t slot; /* checked: < WEARER_DEVICES_MAX, unique */
        Stride__V1__Side side;
    } devices[WEARER_DEVICES_MAX];
    struct wire_caregiver caregivers[WEARER_CAREGIVERS_MAX];
    struct {
        char name[NAME_SIZE];
        double value; /* checked: finite */
    } params[WEARER_PARAMS_MAX];
    char flags[WEARER_FLAGS_MAX][NAME_SIZE];
    struct wire_baseline baselines[WEARER_BASELINES_MAX];
    float height_m, leg_m, mass_kg; /* NAN = absent */
    int16_t birth_year;             /* 0 = absent */
    uint16_t hr_max_bpm;            /* 0 = absent; checked: 60 to 250 */
    bool has_shoe;
    struct wire_shoe shoe;
    uint16_t walk_min[WEARER_WALK_TIMES_MAX]; /* checked: < DAY_MINUTES, rising */
    char locale[8];                           /* "" = absent */
    char stage[8];
    bool coaching_consent, caregiver_consent;
    char display_name[NAME_SIZE];
    int16_t tz_offset_min;
};

/* ---- from outside */

/* Reads boot, seq and oldest_kept of a frame, report or feedback without unpacking (they share
 * field numbers 2 to 4). False when the bytes do not parse as fields or boot or seq is absent or 0.
 */
bool wire_peek(const uint8_t *bytes, size_t size, struct wire_place *out);

/* `topic_device` is the id that the topic names. */
enum wire_refusal wire_decode_hello(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                    const char *topic_device, struct wire_descriptor *out);
/* The descriptor must be that of the frame's boot (WIRE_BOOT otherwise). */
enum wire_refusal wire_decode_frame(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                    const struct wire_descriptor *descriptor,
                                    struct wire_frame *out);
enum wire_refusal wire_decode_report(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                     struct wire_report *out);
enum wire_refusal wire_decode_feedback(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                       struct wire_feedback *out);
enum wire_refusal wire_decode_link(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                   struct wire_link *out);
enum wire_refusal wire_decode_wearer_config(struct wire_arena *arena, const uint8_t *bytes,
                                            size_t size, struct wire_wearer_config *out);

/* ---- hub to device; decoders are for devices, who trust the hub no more than it trusts them */

struct wire_range {
    uint64_t first, last;
};

struct wire_stored {
    uint64_t boot_id, through_seq, control_through_seq;
    uint8_t resend_n;
    struct wire_range resend[STORED_RANGES_MAX];
};

struct wire_prompt {
    char id[NAME_SIZE], text_id[NAME_SIZE], rule[8];
    char text[TEXT_BYTES_MAX + 1];
    Stride__V1__Pattern pattern;
    Stride__V1__Severity severity;
    bool silent;
    char question[NAME_SIZE]; /* "" = asks nothing */
    Stride__V1__Expects expects;
};

struct wire_request {
    char id[NAME_SIZE];
    Stride__V1__RequestKind kind;
    double slow_by_mps;
    char text[TEXT_BYTES_MAX + 1];
};

enum wire_refusal wire_decode_stored(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                     struct wire_stored *out);
enum wire_refusal wire_decode_prompt(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                     struct wire_prompt *out);
enum wire_refusal wire_decode_request(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                      struct wire_request *out);

/* ---- encoders: no malloc; return the bytes written, or 0 if `out` is too small */

size_t wire_encode_hello(const struct wire_descriptor *in, uint8_t *out, size_t size);

/* Counts are channel-major, absolute (the encoder differences them). */
struct wire_counts {
    struct wire_place place;
    uint32_t stream;
    uint64_t t0_us;
    uint32_t period_us;
    uint16_t samples_n;
    uint8_t channels_n;
    const int32_t *counts;
    Stride__V1__Wear wear;
    int8_t battery_pct; /* -1 = absent */
    bool late;
};
size_t wire_encode_frame(const struct wire_counts *in, uint8_t *out, size_t size);

/* Sets `late` and `oldest_kept_seq` of an encoded frame, report or feedback that is sent again, in
 * place of the values it carries. `out` may not overlap `in`. Returns the new size or 0. */
size_t wire_restamp(const uint8_t *in, size_t in_size, uint64_t oldest_kept_seq, bool late,
                    uint8_t *out, size_t size);

size_t wire_encode_report(const struct wire_report *in, uint8_t *out, size_t size);
size_t wire_encode_feedback(const struct wire_feedback *in, uint8_t *out, size_t size);
size_t wire_encode_link(const struct wire_link *in, uint8_t *out, size_t size);
size_t wire_encode_wearer_config(const struct wire_wearer_config *in, uint8_t *out, size_t size);
size_t wire_encode_stored(const struct wire_stored *in, uint8_t *out, size_t size);
size_t wire_encode_prompt(const struct wire_prompt *in, uint8_t *out, size_t size);
size_t wire_encode_request(const struct wire_request *in, uint8_t *out, size_t size);

#endif
