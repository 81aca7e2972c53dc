/* What devices other than the feet tell, kept for whoever judges: heart, handrail, belt, wrists.
 *
 * In: samples in session time, in each device's own order. Out: struct signals_now, what is known
 * at a moment. Nothing is judged here beyond "known or not": what is too old, or was never
 * measured, is NAN or SIGNAL_UNKNOWN. Pure, flat. */
#ifndef STRIDE_HUB_CORE_SIGNALS_H
#define STRIDE_HUB_CORE_SIGNALS_H

#include "hub/core/stride.h"
#include "hub/core/wrist.h"

enum {
    SIGNALS_ARMS = 2,    /* wrist devices a wearer may have */
    SIGNALS_RAIL = 36,   /* slices of 5 s: the 180 s of S05 */
    SIGNALS_RATIOS = 24, /* strides of both feet in 10 s, at a run */
    SIGNALS_NO_SLOT = 0xff
};
enum signal_answer { SIGNAL_NO = 0, SIGNAL_YES = 1, SIGNAL_UNKNOWN = 2 };
/* 2.4: cadence comes from feet when feet are known. */
enum cadence_source { CADENCE_NONE = 0, CADENCE_FEET, CADENCE_WRIST };

struct signals_arm {
    uint8_t slot;  /* SIGNALS_NO_SLOT = free */
    uint8_t side;  /* Stride__V1__Side */
    int64_t at_ns; /* newest sample; INT64_MIN = none */
    struct wrist_summary summary;
};

struct signals {
    /* Heart: the newest value of any device that measures one. */
    float heart_bpm;  /* NAN = never, or not on the skin */
    int64_t heart_ns; /* INT64_MIN = never */
    uint8_t heart_slot;
    bool heart_suspect; /* S06: follows the cadence */
    struct heart_lock lock;
    /* Handrail (S05). */
    uint8_t rail;          /* enum signal_answer */
    int64_t rail_ns;       /* newest sample; INT64_MIN = none */
    int64_t rail_since_ns; /* it has been as it is */
    int64_t rail_slice;    /* number of the newest slice */
    uint16_t rail_known_ms[SIGNALS_RAIL], rail_held_ms[SIGNALS_RAIL];
    /* Belt. */
    float belt_mps, incline;
    int64_t belt_ns;         /* newest sample; INT64_MIN = none */
    int64_t belt_running_ns; /* has run since; INT64_MIN = stands */
    int64_t
        belt_ended_ns; /* the user stopped or paused it, or pulled its key; INT64_MIN = did not */
    bool key_pulled;   /* it was the key */
    /* Belt over foot IMU, by stride. */
    uint8_t ratio_at;
    float ratios[SIGNALS_RATIOS];
    int64_t ratios_ns[SIGNALS_RATIOS]; /* INT64_MIN = empty */
    /* Feet. */
    float feet_cadence_spm;
    int64_t feet_ns;               /* of that cadence; INT64_MIN = never */
    int64_t contact_ns;            /* newest contact of any foot; INT64_MIN = none */
    int64_t samples_ns[FEET];      /* samples reach to here; INT64_MIN = none */
    int64_t samples_from_ns[FEET]; /* and have come without a pause since */
    struct signals_arm arms[SIGNALS_ARMS];
};

/* What is known at one moment. */
struct signals_now {
    float heart_bpm; /* of the last 10 s */
    bool heart_suspect;
    uint8_t rail;         /* enum signal_answer, of the last 5 s */
    float rail_share;     /* of the last 180 s; NAN unless half of them are known */
    float belt_mps;       /* of the last 3 s (2.2) */
    float incline;        /* ratio */
    float belt_running_s; /* over 0.3 km/h for so long; 0 = stands; NAN = not known */
    float belt_per_foot; /* belt speed over foot-IMU speed: median of the last 10 s, of 5 strides at
                            least; 1 = they agree */
    bool key_pulled;     /* the belt's safety key is, and the belt was not started since */
    float key_pulled_s;  /* so long ago */
    float no_contact_s;  /* samples of all feet that can come are fresh, and show no contact for so
                            long (S04); NAN = not known */
    float cadence_spm;   /* of the last 10 s */
    uint8_t cadence_source;       /* enum cadence_source */
    float arm_swing_deg;          /* M20: the larger of both arms */
    float viewing_share;          /* M21: the larger of both arms */
    uint8_t fall;                 /* enum fall_state: the gravest of both arms */
    bool arm_fresh[SIGNALS_ARMS]; /* what signals.arms says is of the last 3 s */
    float arm_swings_deg[SIGNALS_ARMS], viewing_shares[SIGNALS_ARMS]; /* of each arm */
};

void signals_init(struct signals *signals);
/* Another device is in the slot from now on: nothing of the old one stays. */
void signals_forget(struct signals *signals, uint8_t slot);

/* A heart rate, with the best cadence known then. `worn`: false when the device says it is not on
 * the body. Below 25 and over 240 is no heart. Older than what is known: ignored. */
void signals_heart(struct signals *signals, uint8_t slot, int64_t at_ns, float heart_bpm, bool worn,
                   float cadence_spm);
/* Handrail sample: held or not. */
void signals_rail(struct signals *signals, int64_t at_ns, bool held);
void signals_belt(struct signals *signals, int64_t at_ns, float mps, float incline);
/* What the treadmill says of it beside; UNKNOWN changes nothing. */
void signals_belt_status(struct signals *signals, int64_t at_ns, Stride__V1__BeltStatus status);
/* A live stride: cadence of the feet (NAN = not known), and belt against foot IMU. */
void signals_stride(struct signals *signals, const struct stride *stride, float cadence_spm);
void signals_contact(struct signals *signals, int64_t at_ns);
/* This foot's samples have come up to `until_ns`, from `from_ns` on without a gap in this frame. */
void signals_samples(struct signals *signals, enum foot foot, int64_t from_ns, int64_t until_ns);
/* Place of the wrist device in `arms`, taking a free one; SIGNALS_ARMS = there is none. */
int signals_arm(struct signals *signals, uint8_t slot);
void signals_wrist(struct signals *signals, int arm, uint8_t side, int64_t at_ns,
                   const struct wrist_summary *summary);

/* Best cadence known: feet, else a wrist (only while `feet_known` is false); NAN = none. */
float signals_cadence(const struct signals *signals, int64_t now_ns, bool feet_known,
                      enum cadence_source *source);
/* `feet_expected`: feet whose samples can come, see stride_expect(). */
void signals_at(const struct signals *signals, int64_t now_ns, const bool feet_expected[FEET],
                struct signals_now *out);

#endif
