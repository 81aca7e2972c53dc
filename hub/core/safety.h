/* Stage `safety`: falls, stumbles, stillness, an unattended belt, the heart and the way to the
 * caregivers become findings and requests to the belt: S01 to S06, S09, and S08 where falls cannot
 * be seen (rule book 3.4).
 *
 * In: what is known of feet, wrists, belt and heart (struct safety_now) at each whole second of
 * session time, and while something is going on more often; falls that a wrist suspects; contacts;
 * live strides; buttons and answers. Out: findings, requests to the belt, the end of a walk.
 * Guards here do not wait for strides or sessions: a fall counts outside a walk too. What is not
 * known never counts as still, unloaded or away.
 *
 * The hub may show text, pause, stop or slow a belt; it never starts one or makes it faster (S04).
 * A hard stop asks for two feet that are seen in the air: the wrist alone never stops the belt.
 *
 * Times are hub ns. Deadlines are reported by safety_deadline_ns and served by safety_look. Per
 * wearer; outlives the walk. Pure; every threshold is a row of params.h. */
#ifndef STRIDE_HUB_CORE_SAFETY_H
#define STRIDE_HUB_CORE_SAFETY_H

#include "hub/core/rules.h"
#include "proto/journal.h"

#define SAFETY_NEVER INT64_MIN

struct safety_foot {
    float load_share; /* of body weight, mean of the last second; NAN = unknown */
    float light_s;    /* under 3 % for so long; NAN = unknown */
    float unrest;     /* mean angular rate of its last moment, rad/s; NAN = no sensor */
    float felt[3];    /* acceleration in the sensor's axes, m/s2; only if `unrest` is known */
    float up[3];      /* the sole's normal in them, as its last mid-stances taught it */
    bool levelled;    /* `up` is known */
};

/* Everything known at `at_ns`. NAN = unknown. No pointer is NULL. */
struct safety_now {
    const struct params *params;
    const struct rules_profile *profile;
    const struct signals_now *signals;
    int64_t at_ns;
    int64_t session_start_ns;
    int64_t walk_ns; /* newest step of a walk by the feet; SAFETY_NEVER = none */
    struct safety_foot feet[FEET];
    unsigned devices;    /* enum coverage_device, or'ed: fresh, and worn as far as they say */
    unsigned silent;     /* the same, registered and heard in this walk, but not fresh now */
    float since_step_s;  /* of any foot or wrist */
    float wrist_still_s; /* the shortest of the fresh wrists */
    float worn_still_s;  /* the same of those that are on the body, as far as they say */
    int64_t said_ago_ns; /* of what is said: it waited in its device for so long; 0 = it did not */
    float hr_max_bpm;    /* the clinician's; NAN = none */
    int16_t age_years;   /* -1 unknown */
    uint8_t gait;        /* enum context: what the feet do */
    uint8_t wrist_away;  /* enum wrist_answer: no fresh wrist walks, or holds on to anything */
    bool session_open;
    bool dropped;         /* a wrist that fell is not on the body */
    bool unsteady;        /* R12 or R15 is on */
    bool planned_rest;    /* asked for, or the wearer's pause: sitting is meant */
    bool sport;           /* steps and jerks of a game (S02) */
    bool by_other;        /* of a report: not the wearer's own word */
    bool caregivers_away; /* somebody is to be told, and nobody can be */
};

/* A request to every treadmill; never more than to slow or stop. */
struct safety_belt {
    uint8_t kind; /* Stride__V1__RequestKind */
    uint8_t text; /* enum text */
    float slow_by_mps;
};
enum { SAFETY_BELTS_MAX = 4 };

struct safety_out {
    struct findings found;
    int belts_n;
    struct safety_belt belts[SAFETY_BELTS_MAX];
    bool fell;      /* the walk ends: END_FALL */
    bool recovered; /* a fall that ended well: F05 is asked later */
    bool stumbled;  /* for the record */
    bool wants;     /* the wearer asked for help once a fall's alarm had gone out */
    uint8_t fine;   /* enum rule: answered that all is well, of whichever time; RULE_NONE */
};
static inline void safety_out_none(struct safety_out *out)
{
    findings_none(&out->found);
    out->belts_n = 0;
    out->fell = out->recovered = out->stumbled = out->wants = false;
    out->fine = RULE_NONE;
}

/* S01, 3.4. */
enum s01_phase {
    S01_QUIET = 0,
    S01_SUSPECTED,  /* an impact and a new posture, or feet in the air in the middle of a walk */
    S01_HEARD_LATE, /* still, but told late: what came after may still arrive */
    S01_ASKED,
    S01_ASKED_AGAIN, /* moves, and says nothing */
    S01_ALARMED,
    S01_PHASES
};
/* What may happen to it. */
enum s01_input {
    S01_INPUT_SUSPECT = 0, /* with evidence that holds */
    S01_INPUT_STILL,
    S01_INPUT_STILL_LATE,
    S01_INPUT_DUE_STILL,  /* its deadline, and nothing moves, or nobody knows */
    S01_INPUT_DUE_MOVING, /* its deadline, and the wearer moves */
    S01_INPUT_FINE,       /* OK, or the answer yes */
    S01_INPUT_STEPS,      /* walks again */
    S01_INPUT_HELP,       /* any press of the help button, or the answer no */
    S01_INPUTS
};
/* The phase that follows; `from` when the input means nothing there. Pure table. */
enum s01_phase s01_next(enum s01_phase from, enum s01_input input);

struct safety_fall {
    int64_t fell_ns;  /* the impact; SAFETY_NEVER = none yet */
    int64_t asked_ns; /* first */
    int64_t due_ns;   /* INT64_MAX = nothing is due */
    int64_t step_ns;  /* newest step since */
    int64_t ramp_ns;  /* the belt is slowed next; INT64_MAX = it is not */
    int64_t moved_ns; /* newest second in which a foot turned; SAFETY_NEVER = no foot can tell */
    int64_t second;   /* number of the newest second in `light` */
    uint32_t light;   /* bit per second, newest lowest: all feet that are known bore nothing */
    float level[FEET][3]; /* a sole's normal while it last bore weight */
    float impact_g;       /* NAN = seen by the feet alone */
    uint8_t phase;        /* enum s01_phase */
    uint8_t steps_n;      /* in a row */
    bool by_feet;         /* no wrist: asks, and tells a contact without an alarm */
    bool belt_stopped;
    bool tilted;      /* a sole points elsewhere, as of the newest second */
    uint8_t levelled; /* bit per foot: `level` is known */
    uint8_t least_dg; /* tenths of g that counted as an impact; 0 = none was seen */
};

/* True for D in 70 % of the seconds (2.5). */
struct safety_hold {
    int64_t since_ns; /* SAFETY_NEVER = is not */
    uint16_t seconds_n, true_n;
};
enum { SAFETY_HEART_LEVELS = 3 }; /* COACH, CAUTION, STOP */

struct safety_heart {
    struct safety_hold levels[SAFETY_HEART_LEVELS];
    int64_t raised_ns, off_since_ns;
    int64_t start_since_ns; /* rests before a walk with a heart that is busy */
    uint8_t raised;         /* levels that are on */
    bool told_rest, told_start;
};

struct safety_state {
    int64_t look_ns; /* not looked at again before */
    struct safety_fall fall;
    struct safety_heart heart;
    /* S02 */
    int64_t odd_ns;     /* an odd step that waits for what follows; SAFETY_NEVER = none */
    int64_t stumble_ns; /* the last that counted */
    uint16_t stumbles_n;
    /* S03 */
    uint16_t still_asked_n;
    int64_t still_due_ns; /* the answer; INT64_MAX = not asked */
    /* S04 */
    int64_t belt_away_since_ns; /* the wrist alone says away */
    uint8_t belt_steps_n;       /* 1 said, 2 stop asked for, 3 a contact told */
    bool belt_text_sent;
    bool still_over; /* asked and not answered: not again before something moves */
    /* S05 */
    float rail_mps;          /* belt speed that was last taken for steady */
    int64_t rail_changed_ns; /* it changed */
    int64_t rail_raised_ns;
    /* S08: no fall could be seen since; S09 */
    int64_t blind_due_ns; /* INT64_MAX = it could */
    int64_t put_off_ns;   /* what was due was put off until then as the hub came back */
    uint8_t blind_slot;   /* it is said as this device's S08; INPUT_SLOT_NONE = not chosen yet */
    bool away_said;
};
_Static_assert(sizeof(struct safety_state) <= 400, "budget of a wearer's 64 KiB");

void safety_init(struct safety_state *state);
/* Falls go on over the beginning and the end of a walk; all else begins anew. */
void safety_new_session(struct safety_state *state);

/* Each whole second of session time, in order. */
void safety_second(struct safety_state *state, const struct safety_now *now,
                   struct safety_out *out);
/* When safety_deadline_ns is due, and after frames while safety_watches(). */
void safety_look(struct safety_state *state, const struct safety_now *now, struct safety_out *out);
/* Is something going on that does not wait for the next second? */
bool safety_watches(const struct safety_state *state, const struct signals *signals,
                    int64_t now_ns);
int64_t safety_deadline_ns(const struct safety_state *state);
/* The hub was away until `back_ns`: answers may have waited in the devices, and have a moment to
 * come; once, or a hub that keeps falling over would never alarm. Call it before time moves over
 * the outage. */
void safety_hub_started(struct safety_state *state, int64_t back_ns);

/* WRIST_FALL_SUSPECT and WRIST_FALL_STILL; others are ignored. */
void safety_wrist(struct safety_state *state, const struct safety_now *now,
                  const struct wrist_event *event, struct safety_out *out);
/* A contact of a foot, or a step at the wrist where no foot can tell; `late` ones too. */
void safety_step(struct safety_state *state, const struct safety_now *now, int64_t step_ns,
                 struct safety_out *out);
/* Are steps of any interest at present? */
bool safety_counts_steps(const struct safety_state *state);
/* S02. `knocked_ns`: when a wrist was last jerked by 2 g; SAFETY_NEVER = never. */
void safety_stride(struct safety_state *state, const struct safety_now *now,
                   const struct stride *stride, const struct stride_summary *summary,
                   int64_t knocked_ns, struct safety_out *out);
/* Buttons, and answers to questions named as texts are ("s01_ask"). */
void safety_report(struct safety_state *state, const struct safety_now *now,
                   const struct wire_report *report, struct safety_out *out);
/* Is the wearer asked whether all is well? */
bool safety_asks(const struct safety_state *state);
/* An answer by the prompt itself, of rule S01 or S03. */
void safety_answer(struct safety_state *state, const struct safety_now *now, enum rule rule,
                   Stride__V1__Answer answer, struct safety_out *out);

/* S06: the wearer's maximum, beats/min; NAN = S06 is off, for the reason `*why`. */
float safety_heart_max(const struct rules_profile *profile, int16_t age_years, float hr_max_bpm,
                       enum rule_absence *why);
/* Why a rule of this stage says nothing at present. */
enum rule_absence safety_absence(const struct safety_now *now, enum rule rule);

#endif
