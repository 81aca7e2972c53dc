/* step(state, input) -> effects: the whole core as one call.
 *
 * One wearer's state is flat and of known size; a checkpoint is its bytes. Two wearers share
 * nothing. A step first moves time (everything due by the input's time, in deadline order, each at
 * its own time) and then applies the input: how late the loop woke up changes nothing. The same
 * code runs live, in `stridehub replay` and in the golden tests. Pure: no I/O, no clock, no malloc,
 * no globals. One thread per wearer at a time. */
#ifndef STRIDE_HUB_CORE_PIPELINE_H
#define STRIDE_HUB_CORE_PIPELINE_H

#include "hub/core/baseline.h"
#include "hub/core/context.h"
#include "hub/core/pain.h"
#include "hub/core/plan.h"
#include "hub/core/safety.h"
#include "hub/core/session.h"
#include "hub/core/signals.h"
#include "hub/core/sole_weight.h"
#include "proto/journal.h"
#include "proto/topic.h"

enum { PIPELINE_STATE_VERSION = 10 };

/* How far one lane of a device has been applied. Frames are applied strictly in order. The control
 * lane takes what comes within its window at once, each number once: a help press never waits for a
 * lost mood report. A boot that came before stays known: its echoes count as duplicates, and it
 * goes on where it was if it is the one that lives. */
struct lane {
    uint64_t boot_id;  /* 0 = nothing accepted yet */
    uint64_t next_seq; /* first sequence number not yet accepted */
    uint64_t former_boot_id, former_next_seq;
};

struct wearer_device {
    char id[ID_SIZE]; /* "" = free slot */
    uint8_t side;     /* configured; wins over the descriptor */
    /* The descriptor of the boot whose frames are being taken. A device that started anew may have
     * frames of its former life still on the way: its next boot waits. It mostly describes itself
     * with the same words; what differs is in `struct next_descriptor`. */
    bool described, next_described, next_differs;
    bool gap_pending; /* frames were set aside: the next one starts after a gap */
    struct lane frames, control;
    /* Of the control lane: bit i = next_seq + 1 + i was accepted already. */
    uint64_t control_ahead, control_former_ahead;
    struct wire_descriptor descriptor;
    uint64_t next_boot_id;
    uint64_t descriptor_digest, next_digest; /* of the hello's bytes */
    struct align align;
    int64_t jumped_ns; /* when its clock last jumped; INT64_MIN = never */
    uint64_t lost_frames_n, gaps_n;
};

/* One for all devices: two that were changed and started anew within the same seconds are too rare
 * to keep room for. The second one's hello holds at once. */
struct next_descriptor {
    uint8_t slot; /* whose; INPUT_SLOT_NONE = free */
    struct wire_descriptor descriptor;
};

/* How long the open walk was in which context, up to its last step. What follows that is part of
 * the walk if it goes on. */
struct walk_contexts {
    float s[CONTEXT_COUNT], pending_s[CONTEXT_COUNT];
    int64_t until_ns; /* `s` reaches to here, `pending_s` from here on */
    uint8_t last;     /* enum context: at `until_ns` */
};

/* What strides tell of balance, as of the last live one: it changes with strides only. */
struct walk_balance {
    int64_t at_ns; /* INT64_MIN = never */
    float si_load_pct, si_stance_pct, si_step_pct, forefoot_shift;
};

/* What stays of a configuration: parameters, flags and devices have their own places. */
struct wearer_setup {
    char wearer[ID_SIZE];
    uint32_t version;
    uint64_t digest; /* of its encoding, as if its version were 1: told apart from the next one */
    struct wire_caregiver caregivers[WEARER_CAREGIVERS_MAX];
    uint8_t caregivers_n;
    bool coaching_consent, caregiver_consent;
    int16_t tz_offset_min, birth_year; /* birth_year 0 = absent */
    float height_m, leg_m, mass_kg;    /* NAN = absent */
    char stage[8];
    char display_name[NAME_SIZE];
    uint16_t hr_max_bpm; /* a clinician's; 0 = absent */
    char locale[8];      /* "" = absent */
    uint8_t walk_times_n;
    uint16_t walk_min[WEARER_WALK_TIMES_MAX]; /* of the local day, rising */
    bool has_shoe;
    struct wire_shoe shoe;
};

/* Who gave a foot's samples last: from another device on they begin anew. */
struct foot_source {
    uint8_t force,
        imu; /* slot; INPUT_SLOT_NONE = none yet, WEARER_DEVICES_MAX = one that is gone */
};

/* What a walk shows for P05 and P06 while it goes on. The usual slap outlives the walk. */
struct walk_signs {
    int64_t told_ns;           /* when pain was last told of them; INT64_MIN = not in this walk */
    int64_t slap_low_ns[FEET]; /* the forefoot has come down too soon since; INT64_MIN = has not */
    float first_sum_mps;       /* of strides in minutes 1 and 2 */
    float slap_usual_s[FEET];  /* contact to forefoot; mean of `slap_n` strides */
    float slap_ratio[FEET];    /* to the usual, mean of the last strides; 0 = not known */
    uint16_t first_n, slap_n[FEET];
    bool slap_told;
    uint8_t ground; /* enum walk_ground of the newest stride */
};
enum walk_ground { GROUND_UNKNOWN = 0, GROUND_BELT, GROUND_FLOOR };

/* A running belt is slowed down after a STOP, step by step, if the wearer agrees. */
struct belt_ramp {
    int64_t due_ns;   /* next step; INT64_MAX = none */
    int64_t until_ns; /* of the offer, or of the steps; INT64_MIN = neither */
};

/* Walking that no foot tells of, seen by a wrist or a belt. */
struct unfooted_walk {
    int64_t last_ns;               /* newest sign of it; INT64_MIN = never */
    int64_t step_ns;               /* newest wrist step */
    int64_t bout_ns[SIGNALS_ARMS]; /* the arm's bout is open since; INT64_MIN = is not */
    uint8_t arm;                   /* whose steps are counted: two wrists see the same ones */
};

/* A message of the programme that can wait for its turn. */
struct programme_word {
    int64_t until_ns; /* tried for the last time then */
    uint8_t rule, text, severity;
    bool praise, breathe;
    float value, threshold; /* NAN = none */
    struct text_numbers numbers;
};

/* What was found in the open walk that the programme goes by. */
enum programme_heard {
    HEARD_AMBER = 1, /* P03 */
    HEARD_RED = 2,   /* P03 */
    HEARD_P02_STOP = 4,
    HEARD_P05 = 8,
    HEARD_TIRING = 16, /* R13 is on */
    HEARD_LEGS = 64,   /* P06, or T1's STOP */
    HEARD_STOP = 128   /* any STOP of the body: P02, P03, P06, T1, R11, S06 */
};

/* Where and how a walk is, as somebody said (C13, C14, S07, C05 and enum walk_told). Nothing
 * measures it but a belt. */
enum { AMBIENT_UNTOLD = INT8_MIN };
struct programme_ground {
    uint8_t surface;  /* enum plan_surface */
    uint8_t outdoors; /* Stride__V1__Answer */
    int8_t ambient_c; /* AMBIENT_UNTOLD = unknown */
    uint8_t told, is; /* enum walk_told, or'ed: what was said at all, and what was said to be so */
};

/* The open walk, or the last one, as the programme saw it; for the record. */
struct programme_walk {
    float target_min;     /* NAN = no programme */
    uint8_t stage, index; /* enum plan_stage; planned_index, 0 = beyond the plan */
    uint8_t mode;         /* enum plan_mode */
    uint8_t intervals_n;
    uint8_t direction; /* enum plan_direction: what the walk's end decided */
    uint8_t heard;     /* enum programme_heard, or'ed */
    bool interval_on, done;
    struct programme_ground ground; /* the last that was said of it */
};

/* The shoe that is worn: its way, and how it lands on a treadmill (R09). Belt speeds in steps of
 * 0.1 m/s from 0.6. */
enum { SHOE_SPEEDS = 14 };
struct shoe_wear {
    uint32_t tag;            /* of its id, as in struct plan_shoe; 0 = none is told of */
    float told_km, walked_m; /* as told; and walked since it was. NAN = not told */
    float first_bw_s[SHOE_SPEEDS],
        ratio;                    /* mean loading rate of its first 50 km; over that, lately */
    uint8_t first_n[SHOE_SPEEDS]; /* strides; stay at 255 */
    uint16_t ratio_n;
};

/* The walking programme, and what it has yet to say. Times are hub ns; INT64_MAX = never. */
enum { PROGRAMME_WORDS_MAX = 4 };
struct programme {
    struct plan plan;   /* stage 0 = no programme */
    int64_t due_ns;     /* plan_time is called then */
    int64_t moment_ns;  /* next look at the open walk */
    int64_t closing_ns; /* the walk that ended is summed up then, at the latest */
    int64_t closed_ns;  /* when it ended */
    int64_t word_ns;    /* the first word is tried then */
    int64_t clock_ms;   /* wall clock over hub time when due_ns was set */
    uint64_t told;      /* digest of what was told last of its state */
    int64_t ground_ns;  /* when `ground` was told */
    int32_t shoes_day;  /* local days of R10, S07; INT32_MIN = never */
    int32_t unwell_day, hot_day, icy_day, driving_day;
    struct programme_ground ground; /* told between walks, for the next */
    bool shoes_asked;               /* C06 */
    uint8_t words_n;
    struct programme_word words[PROGRAMME_WORDS_MAX];
    struct programme_walk walk;
    struct plan_decision decision; /* the last one */
    struct shoe_wear shoe;
};
_Static_assert(sizeof(struct programme) <= 1300, "budget of a wearer's 64 KiB");

struct wearer_state {
    uint32_t version; /* PIPELINE_STATE_VERSION */
    uint32_t size;    /* sizeof(struct wearer_state) */
    uint32_t wearer;  /* number within the hub */
    bool configured;
    uint8_t hub;     /* enum hub_condition */
    int64_t now_ns;  /* time moved to */
    int64_t back_ns; /* when the hub last started, or stored again; INT64_MIN = never */
    int64_t wall_minus_mono_ms;
    uint64_t last_input_seq;
    uint64_t digest;  /* of all effects so far */
    uint64_t id_salt; /* of prompt, alert and session ids; from the first configuration */
    uint64_t refused[WIRE_REFUSALS]; /* set-aside inputs by reason */
    struct wearer_setup config;
    struct params params;
    struct rules_profile profile;
    struct device_health health[WEARER_DEVICES_MAX];
    struct wearer_device devices[WEARER_DEVICES_MAX];
    struct next_descriptor next_descriptor;
    struct gait_foot feet[FEET];
    struct foot_imu imus[FEET];
    struct sole soles[FEET];
    struct sole_weight weight;
    struct foot_source sources[FEET];
    struct wrist wrists[SIGNALS_ARMS]; /* as signals.arms says whose */
    struct signals signals;
    struct unfooted_walk unfooted;
    struct stride_state strides;
    struct context_state context;
    struct context_now context_now; /* of the last update */
    int64_t second_ns; /* next whole second whose context is told; INT64_MAX = no device is fresh */
    struct walk_balance balance;
    struct walk_contexts contexts;
    struct baseline_state baseline;
    struct rules_state rules;
    struct pain pain;
    struct walk_signs signs;
    struct belt_ramp ramp;
    struct safety_state safety;
    struct alerting alerting;
    struct session session;
    struct programme programme;
    struct effect_live live;
    int64_t flare_ns;       /* when a flare-up was last told by button; INT64_MIN = never */
    int64_t stopped_ns;     /* when the wearer last ended a walk by button; INT64_MIN = never */
    int64_t walk_told_ns;   /* when a step of a walk last came in, however old; INT64_MIN = never */
    int64_t paused_ns;      /* the same of a pause */
    int64_t ruled_until_ns; /* walking up to here is in the rules' coverage */
    int64_t live_due_ns, record_due_ns; /* looked at when a frame comes, never waited for */
};
_Static_assert(sizeof(struct wearer_state) <= WEARER_STATE_BYTES_MAX, "a wearer fits in 64 KiB");

/* Scratch of one thread: nothing in it outlives a step. */
struct pipeline_scratch {
    struct wire_arena arena;
    union {
        struct wire_frame frame;
        struct wire_descriptor descriptor;
        struct wire_report report;
        struct wire_feedback feedback;
        struct wire_link link;
        struct wire_wearer_config config;
    };
    float force[FRAME_SAMPLES_MAX];
    struct gait_event events[GAIT_EVENTS_MAX];
    struct foot_imu_output imu;
    struct sole_output sole;
    struct wire_descriptor next; /* the present one with the next boot's id */
    struct wrist_event wrist[WRIST_EVENTS_MAX];
    /* Where a walk opened in the step: as it was before. The records of walks that effects before
     * that one (effects_walk_opened) speak of are written from here. */
    struct wearer_state before;
};

/* What became of an input. All but STEP_APPLIED leave the state exactly as it was. */
enum step_result {
    STEP_APPLIED = 0,
    STEP_DUPLICATE, /* this (boot, seq) was applied before */
    STEP_AHEAD,     /* frames before it are missing and the device still keeps them: ask again */
    STEP_UNKNOWN,   /* wearer not configured, slot not registered */
    STEP_REFUSED,   /* scratch says why: see the `refusal` argument */
};

void pipeline_init(struct wearer_state *state, uint32_t wearer);
/* Is a checkpoint's bytes one of this program's states? */
bool pipeline_valid(const struct wearer_state *state, size_t size);
/* Applies one input; its time must not be before the last one's (the inbox sees to it). INPUT_SKIP
 * carries boot, first and last sequence number as three little-endian u64 and, in `flags`, the
 * enum wire_refusal that made the hub give them up.
 * `effects` is emptied first. `refusal` is set when STEP_REFUSED. */
enum step_result pipeline_step(struct wearer_state *state, const struct input *input,
                               struct pipeline_scratch *scratch, struct effects *effects,
                               enum wire_refusal *refusal);
/* Tells a configuration from another one, whatever their versions. */
uint64_t wearer_config_digest(const struct wire_wearer_config *config);
/* When time alone makes something happen (hub's monotonic ns); INT64_MAX = never. */
int64_t pipeline_deadline_ns(const struct wearer_state *state);

/* enum coverage_device, or'ed: fresh at the present time, and worn as far as they say. */
unsigned pipeline_devices(const struct wearer_state *state);
/* How far the shoe that is worn was walked in, km: as told, and since. NAN = not told. */
float pipeline_shoe_km(const struct wearer_state *state);
/* Slot of a device id, or INPUT_SLOT_NONE. */
uint8_t pipeline_slot(const struct wearer_state *state, const char *device);
/* First number of that boot which the lane has not accepted yet. */
uint64_t lane_awaits(const struct lane *lane, uint64_t boot_id);
/* Peeks at where a frame or control message stands, without applying it. */
enum step_result pipeline_place(const struct wearer_state *state, uint8_t slot,
                                enum input_kind kind, const struct wire_place *place);
/* May this account speak for the wearer: the wearer's own, of the same id, or a caregiver with
 * scope `emergency`? */
bool pipeline_may_say(const struct wearer_state *state, const char *account);
enum ack_result pipeline_ack_check(const struct wearer_state *state, const char *alert,
                                   const char *account, enum ack_verb verb);

#endif
