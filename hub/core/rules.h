/* Stage 6: strides, reports and device health become findings. Hysteresis, duration and steadiness
 * are decided here; whether anybody is told is the next stage's business.
 *
 * In: live strides with their summary and what else is known at that moment (struct rules_now),
 * reports, device health, time. Out: findings.
 * A missing or stale input removes its rule and says so; it never reads as zero. Pure. */
#ifndef STRIDE_HUB_CORE_RULES_H
#define STRIDE_HUB_CORE_RULES_H

#include "hub/core/baseline.h"
#include "hub/core/context.h"
#include "hub/core/coverage.h"
#include "hub/core/signals.h"
#include "hub/core/sole_weight.h"
#include "hub/core/stride.h"
#include "hub/core/text.h"
#include "proto/wire.h"

/* Order is storage order: append only. */
enum rule {
    RULE_NONE = 0,
    RULE_R03,
    RULE_R11,
    RULE_R12,
    RULE_F07,
    RULE_S08,
    RULE_R01,
    RULE_R02,
    RULE_R04,
    RULE_R05,
    RULE_R06,
    RULE_R07,
    RULE_R08,
    RULE_R09,
    RULE_R10,
    RULE_R13,
    RULE_R14,
    RULE_R15,
    RULE_P01,
    RULE_P02,
    RULE_P03,
    RULE_P04,
    RULE_P05,
    RULE_P06,
    RULE_P07,
    RULE_P08,
    RULE_T1,
    RULE_F01,
    RULE_F02,
    RULE_F03,
    RULE_F04,
    RULE_F05,
    RULE_F06,
    RULE_S01,
    RULE_S02,
    RULE_S03,
    RULE_S04,
    RULE_S05,
    RULE_S06,
    RULE_S07,
    RULE_S09,
    RULE_C01,
    RULE_C02,
    RULE_C03,
    RULE_C04,
    RULE_C05,
    RULE_C06,
    RULE_C07,
    RULE_C08,
    RULE_C09,
    RULE_C10,
    RULE_C11,
    RULE_C12,
    RULE_C13,
    RULE_C14,
    RULE_C15,
    RULE_C16,
    RULE_C17,
    RULE_C18,
    RULE_COUNT
};
const char *rule_name(enum rule rule); /* "R11" */
enum rule rule_find(const char *name); /* RULE_NONE = there is none of that name */

/* How soon a person has to know (rule book 5.2). */
enum alert_urgency {
    URGENCY_NONE = 0,  /* the wearer's own matter */
    URGENCY_EMERGENCY, /* seconds to minutes */
    URGENCY_SAME_DAY,
    URGENCY_URGENT, /* within 24 to 72 h */
    URGENCIES
};

/* Why a rule was not evaluated, for coverage. */
enum rule_absence {
    RULE_EVALUATED = 0,
    RULE_NO_DEVICE,       /* the devices it needs are not registered */
    RULE_STALE,           /* registered but silent */
    RULE_NO_DATA,         /* not enough steady strides yet */
    RULE_CONTRAINDICATED, /* profile, stage or context */
    RULE_NO_CONSENT,
    RULE_NO_PLAN,    /* R03 without a plan stage */
    RULE_NO_BASELINE /* the wearer's own normal is not known yet */
};
enum { RULE_ABSENCES = RULE_NO_BASELINE + 1 };

struct finding {
    uint8_t rule;     /* enum rule */
    uint8_t severity; /* Stride__V1__Severity */
    uint8_t text;     /* enum text */
    uint8_t slot;     /* device concerned (S08, F07), or INPUT_SLOT_NONE */
    uint8_t urgency; /* enum alert_urgency: other than the rule's own; 0 = as the rule table says */
    bool praise;     /* positive: outside the corrective budget */
    bool cleared;    /* the condition went away; nothing is said */
    bool reply;      /* to what the wearer just said: no gap before it but the time to read */
    bool breathe;    /* C04: the wrist paces the breath meanwhile */
    bool felt_only;  /* R05: a text would make the wearer look down */
    bool after_alert; /* goes with an open STOP or RED (C10: "short safe text only"): no coaching */
    uint8_t question; /* enum question whose answer it comes of (3.3: stored with it); 0 = none */
    uint8_t answer;   /* enum pain_answer to it */
    int64_t at_ns;
    float value, threshold; /* in the rule's unit; NAN = none */
    float baseline;         /* what is usual for this wearer, if that was compared; NAN = none */
    float duration_s;       /* how long it has been true */
    float refractory_s;     /* before the same rule may speak again at this severity; 0 = none */
    uint8_t prompts_max;    /* prompts of this rule in a session; 0 = no limit */
    uint8_t dropped_gates;  /* enum rule_gate, or'ed: inputs that were unknown */
    struct text_numbers numbers; /* of its text */
};

/* Gates that an unknown input drops (design 1, stage 6). */
enum rule_gate {
    RULE_GATE_SPEED = 1, /* R12: v >= 0.8 m/s and "no speed change > 10 %" */
    RULE_GATE_PAIN = 2,  /* R03: NRS <= 3 and not rising; R11: NRS rise */
    RULE_GATE_PRESS = 4  /* F07: the device does not say how long the button was held */
};

/* What the rules know of the wearer. Filled by the pipeline. */
struct rules_profile {
    char stage[8]; /* "" = no plan yet */
    /* Flags of the configuration, by these names (rule book 6). */
    bool disc, stenosis, osteoporosis, fluid_restriction, fall_risk, wheelchair, walking_aid,
        prosthesis, lone_walker, beta_blocker, pacemaker, af, heart_disease, hemiparesis,
        leg_difference, orthotic, vertigo, arm_injury, steroids, weak_immunity, drug_injection,
        cancer_history, spine_surgery, pt_plan;
    bool coaching_consent;
    bool flare;          /* P08 is open: stage M1, R01, R03 and R04 rest */
    int16_t birth_year;  /* 0 = not told */
    uint16_t hr_max_bpm; /* a clinician's, M22; 0 = not told */
    float height_m;      /* NAN = not told */
};

/* What the rules know of the devices, by slot. Filled by the pipeline from align and frames. */
struct device_health {
    bool registered;
    uint8_t kind;         /* Stride__V1__DeviceKind; UNKNOWN before the first hello */
    uint8_t side;         /* Stride__V1__Side */
    bool seen;            /* sent a frame since the hub knows it */
    uint32_t stuck_cells; /* an insole's; bit i = i-th force channel (S08, R07) */
    int64_t last_ns;      /* arrival of the newest frame, session ns */
    int64_t nominal_ns;   /* nominal time between its frames; 0 unknown */
    int8_t battery_pct;   /* -1 unknown */
    uint8_t wear;         /* Stride__V1__Wear */
    bool clock_jumped;    /* by more than PARAM_S08_SKEW_MS, and not yet realigned */
    bool closed;          /* said goodbye: its silence is meant */
    bool lost;            /* its link said LOST or CLOSED */
};

/* What only the wearer knows of a walk, and may have said: bits. */
enum walk_told {
    TOLD_LONG_OK = 1,  /* a long walk is meant (C16) */
    TOLD_BACKPACK = 2, /* R04 */
    TOLD_ICY = 4,      /* R02, C14 */
    TOLD_CAMBER = 8,   /* R07, R11 */
    TOLD_SPORT = 16,   /* S02 */
    TOLD_HYDRATED = 32 /* the record */
};

/* All that is known when a live stride is judged. Filled by the pipeline; no pointer is NULL. */
struct rules_now {
    const struct params *params;
    const struct rules_profile *profile;
    const struct device_health *health; /* WEARER_DEVICES_MAX */
    const struct signals_now *signals;
    const struct context_now
        *context; /* as of this stride's end; of an older one if that is past */
    const struct baseline_state *baseline;
    float weight_n;           /* body weight in the insoles' own newtons; NAN unknown */
    uint8_t weight_source;    /* enum sole_weight_source */
    uint8_t stuck_cells_feet; /* bit per enum foot: a cell of its insole is stuck */
    unsigned devices;         /* enum coverage_device, or'ed: fresh, and worn as far as they say */
    int16_t age_years;        /* -1 unknown */
    bool session_open;        /* coaching rules are silent outside a session */
    bool p05_open;            /* leg pain that sitting relieves: bending forward is the relief */
    uint8_t p05_score;        /* highest of this walk */
    bool stumbled;            /* S02 in the last 5 min */
    int8_t nrs, nrs_start;    /* pain now and at this walk's begin; -1 = not told in it */
    bool nrs_rising;          /* more than it was said to be before, in this walk */
    bool pain_caution;        /* a CAUTION of pain is open: P02, P03 amber, T1 */
    bool weak_new;            /* a weak leg was told in this walk */
    bool flare;               /* a flare-up was told in the last day (P08) */
    bool heeled, new_shoe;    /* the shoe of this walk: high heels; under PARAM_R08_NEW_KM */
    bool calibrated;          /* an insole was, less than PARAM_R08_CALIBRATED_H ago */
    bool planned_rest;        /* a rest is meant: no stop of M23 */
    uint8_t told;             /* enum walk_told, or'ed */
    uint32_t shoe_tag;        /* as struct plan_shoe's: another number is another shoe */
    int64_t prompted_ns;      /* last prompt of ours; INT64_MIN = never */
    int64_t now_ns;
};

enum { FINDINGS_MAX = 24 };
struct findings {
    int n;
    struct finding items[FINDINGS_MAX]; /* the first `n` are set, the others are not read */
};
/* Each step looks for findings in a dozen places and mostly finds none: only the count is written.
 */
static inline void findings_none(struct findings *findings)
{
    findings->n = 0;
}

/* "True in >= 70 % of strides during D" (rule book 2.5), as counts in slices that begin with the
 * first stride and together hold D to 8/7 D. */
enum { RULE_BUCKETS = 8 };
struct rule_window {
    int64_t since_ns;  /* end of the first stride since the window was emptied */
    uint32_t width_us; /* of a slice; 0 = empty */
    uint32_t newest;   /* number of the newest slice */
    uint8_t strides_n[RULE_BUCKETS], true_n[RULE_BUCKETS];
};

/* A rule that is on, until it was beyond T_off for 20 s (coach) or 60 s (caution and above). */
struct rule_episode {
    uint8_t severity;  /* highest raised; 0 = off */
    int64_t since_ns;  /* when it became true */
    int64_t raised_ns; /* last finding in this walk, INT64_MIN = none; again every D while true */
    int64_t off_since_ns; /* beyond T_off since; INT64_MIN = is not */
};

/* What is followed: a rule, or a foot or a side of one. Order is storage order. */
enum rule_track {
    TRACK_R01 = 0,
    TRACK_R02,
    TRACK_R03,
    TRACK_R03_PRAISE,
    TRACK_R04,
    TRACK_R05,
    TRACK_R06,
    TRACK_R07_LEFT,
    TRACK_R07_RIGHT,
    TRACK_R08,
    TRACK_R11,
    TRACK_R12,
    TRACK_R13,
    TRACK_R14,
    TRACK_R15,
    TRACKS
};
/* R11 has three levels, each with a window of its own; the others have one. */
enum { RULE_LEVELS_MAX = 3, RULE_WINDOWS = TRACKS + 2 };

/* R13: what is compared, as sums. */
enum drift_item {
    DRIFT_SPEED = 0,
    DRIFT_CADENCE,
    DRIFT_SUPPORT,
    DRIFT_CV,
    DRIFT_SI_STANCE,
    DRIFT_SI_STEP,
    DRIFT_SI_LOAD,
    DRIFT_CLEARANCE,
    DRIFT_FOREFOOT,
    DRIFT_HEART,
    DRIFT_ITEMS
};
struct drift_sums {
    float sum[DRIFT_ITEMS];
    uint16_t n[DRIFT_ITEMS];
};
struct rule_drift {
    struct drift_sums early, minute, minute_before; /* minutes 2 to 4; this and the last minute */
    int32_t minute_number;                          /* of the walk; -1 = none */
    bool slowed; /* at once, not little by little: the wearer's choice */
};

/* S08 of one device. */
struct device_watch {
    uint8_t fault; /* enum text of what was raised; 0 = nothing */
    int64_t raised_ns;
    int64_t last_ns;        /* newest frame at the last look */
    int64_t fresh_since_ns; /* INT64_MIN = stale at the last look */
};

/* Mean and mean square of what a foot's last strides showed, older ones fading. */
struct rule_spread {
    float mean, square;
    uint8_t n; /* up to 20 */
};

/* R07: a low percentile of what a foot's strides showed in the last 14 days or so. It moves by how
 * many lie below it, by a gain of one over the strides it rests on (as baseline.h); these count
 * 13/15 of themselves a day later. */
struct rule_low {
    float value;          /* the percentile */
    float mean, variance; /* of the same strides: the scale of a move */
    uint16_t n;           /* strides it rests on, faded */
    uint8_t lately;       /* how many of the last ones lay below it, of 255 */
};

/* Flat; reset by rules_new_session but for `quiet_until_ns`, what is kept of former
 * walks and the devices' freshness. */
struct rules_state {
    int64_t session_start_ns;
    int64_t quiet_until_ns; /* S08 says nothing before: the hub itself was not there */
    int64_t steady_since_ns, steady_last_ns; /* run of steady strides; INT64_MIN = none */
    int64_t speed_changed_ns;                /* INT64_MIN = never */
    float speed_reference_mps;
    struct rule_window windows[RULE_WINDOWS];
    struct rule_episode episodes[TRACKS];
    struct rule_drift drift;
    struct rule_spread roll_deg[FEET], height_m[FEET]; /* R15 */
    int64_t r06_due_ns;                                /* the next one by time */
    int64_t r07_told_ns;                               /* INT64_MIN = never */
    uint16_t seconds_n, stopped_n;                     /* of this walk; M23 */
    uint32_t r07_shoe_tag;                             /* of the last walk */
    struct rule_low cpei[FEET];                        /* R07; outlives the walk */
    int32_t cpei_day;        /* local day they were faded to; INT32_MIN = none */
    uint16_t judged, raised; /* in this walk, bit per enum rule_track */
    uint8_t former[TRACKS];  /* raised in the last walks that judged it; the newest lowest */
    struct device_watch devices[WEARER_DEVICES_MAX];
    uint8_t absence[RULE_COUNT];
};
_Static_assert(sizeof(struct rules_state) <= 3072, "budget of a wearer's 64 KiB");
_Static_assert(TRACKS <= 16, "bits of `judged` and `raised`");

void rules_init(struct rules_state *state);
void rules_new_session(struct rules_state *state, int64_t start_ns);
/* After each live stride. */
void rules_stride(struct rules_state *state, const struct rules_now *now,
                  const struct stride *stride, const struct stride_summary *summary,
                  struct findings *out);
/* Each whole second of session time at `second_ns`, after the strides that ended by then: what
 * rests on arms and belt, and what is said by time. `now` is as of that second, but for `now_ns`.
 */
void rules_second(struct rules_state *state, const struct rules_now *now, int64_t second_ns,
                  struct findings *out);
/* A swing as the foot's motion told it: roll at contact and height change; NAN = not measured. */
void rules_swing(struct rules_state *state, enum foot foot, float roll_deg, float height_m);
/* SD of the roll of the foot's last 20 strides or so, deg; NAN = fewer than 10. */
float rules_roll_sd_deg(const struct rules_state *state, enum foot foot);
/* The walk ends: what only a summary says. Once, before rules_new_session. */
void rules_end(struct rules_state *state, const struct rules_now *now, struct findings *out);
/* S02 is more careful on such ground. */
bool rules_uneven_ground(const struct rules_state *state);
/* Is a gait rule's episode open? Its strides are not this wearer's normal. */
bool rules_gait_open(const struct rules_state *state);
/* Red flags do not wait for strides or sessions. */
void rules_report(const struct params *params, const struct wire_report *report, uint8_t slot,
                  int64_t now_ns, struct findings *out);
/* Time passed: device health. Call when rules_deadline_ns is due, and after each frame. */
void rules_time(struct rules_state *state, const struct params *params,
                const struct device_health health[WEARER_DEVICES_MAX], bool session_open,
                bool hub_storing, int64_t now_ns, struct findings *out);
/* The hub starts at `now_ns`: no device is called silent for PARAM_S08_GRACE_S. Call it before time
 * is moved over the outage, or the outage itself reads as silence of every device. */
void rules_hub_started(struct rules_state *state, const struct params *params, int64_t now_ns);
int64_t rules_deadline_ns(const struct rules_state *state, const struct params *params,
                          const struct device_health health[WEARER_DEVICES_MAX], bool session_open);
/* Why `rule` says nothing at present, for the record's coverage. */
enum rule_absence rules_absence(const struct rules_state *state, enum rule rule);
/* A rule of a later stage says why it is silent: the record's coverage is kept here. */
void rules_note_absence(struct rules_state *state, enum rule rule, enum rule_absence why);
/* Silent for longer than max(3 nominal periods, PARAM_FRESH_S), or gone, or never there (2.2). */
bool device_stale(const struct params *params, const struct device_health *health, int64_t now_ns);

#endif
