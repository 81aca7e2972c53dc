/* Stage 5b: what the wearer is doing now (rule book 2.4), which decides what rules run.
 *
 * In: live strides, and the state of feet, arms and belt, as features in order of session time.
 * Out: one context, what the feet do, what else holds at once, since when and why. Nothing here
 * looks at a clock: every test and every hold is in the session time of its events. Pure.
 *
 * Three answers, because one is not enough:
 *   gait    what the feet do: WHEELS, OFF_FEET, RUN, STAIRS, WALK_STEADY, WALK, STAND, SIT or
 *           IDLE_UNKNOWN. The gate of coaching (2.5, "context WALK_STEADY") asks this one, or a
 *           treadmill would silence every rule.
 *   flags   what may hold at once: treadmill, slope, hands fixed, call, carry, viewing, rail. The
 *           contraindications of single rules ask these.
 *   context "one at a time", for the record (context_s) and for people. Precedence, first wins:
 *           WHEELS OFF_FEET RUN STAIRS | CALL CARRY HANDS_FIXED SLOPE TREADMILL | WALK_STEADY WALK
 *           STAND SIT IDLE_UNKNOWN, where the five in the middle are left out while the feet are
 *           known to STAND or SIT (then they are flags only). Why: profile and empty shoes make all
 *           else meaningless; a runner lands on the forefoot, so RUN before STAIRS; an arm at the
 *           head, and one that hangs with a load, is static too, so CALL and CARRY before
 *           HANDS_FIXED; a tilted belt is a belt, so SLOPE before TREADMILL.
 *
 * An unknown input makes nothing true, and what it held ends at once. Where it is only a condition
 * against ("no turn"), that condition is dropped and said (`dropped`).
 * Limits: WHEELS is the profile's: the wrist knows no push cycles (steps of the arm without steps
 * of the feet are as well tooth-brushing). "Not the last 3 strides" needs to look ahead: live,
 * WALK_STEADY ends with the walk; the record's final path knows better. CARRY sees the arm that
 * wears the sensor only; a bag in the other hand stays unseen. A walker who always lands on the
 * forefoot is on STAIRS by the rule book's test. */
#ifndef STRIDE_HUB_CORE_CONTEXT_H
#define STRIDE_HUB_CORE_CONTEXT_H

#include "hub/core/gait.h"
#include "hub/core/wrist.h"

/* Order is storage order: append only. */
enum context {
    CONTEXT_IDLE_UNKNOWN = 0, /* anything else */
    CONTEXT_OFF_FEET,         /* both insoles < 3 % BW and still > 10 s */
    CONTEXT_SIT,              /* no step 10 s, total load 5 to 50 % BW */
    CONTEXT_STAND,            /* no step 3 s, total load >= 80 % BW */
    CONTEXT_WALK,
    CONTEXT_WALK_STEADY,
    CONTEXT_STAIRS,
    CONTEXT_SLOPE,
    CONTEXT_RUN,
    CONTEXT_HANDS_FIXED, /* pram, rail, trolley */
    CONTEXT_CALL,
    CONTEXT_CARRY,
    CONTEXT_TREADMILL,
    CONTEXT_WHEELS,
    CONTEXT_COUNT
};
const char *context_name(enum context context); /* "walk_steady": key of the record's context_s */

enum context_flag {
    CONTEXT_FLAG_TREADMILL = 1,   /* paired and moving > 0.3 km/h */
    CONTEXT_FLAG_SLOPE = 2,       /* belt incline, or the feet's height trend */
    CONTEXT_FLAG_HANDS_FIXED = 4, /* an arm is static at steps of the feet, or holds the rail */
    CONTEXT_FLAG_CALL = 8,
    CONTEXT_FLAG_CARRY = 16,
    CONTEXT_FLAG_VIEWING = 32, /* M21 of R05: no context of its own */
    CONTEXT_FLAG_RAIL = 64     /* the treadmill says so: the record's rail_hold */
};
enum { CONTEXT_FLAGS = 7 };

/* Which test made it so. */
enum context_why {
    CONTEXT_WHY_NOTHING = 0,
    CONTEXT_WHY_PROFILE,
    CONTEXT_WHY_UNLOADED,
    CONTEXT_WHY_LOAD, /* of both feet, without a step */
    CONTEXT_WHY_STEPS,
    CONTEXT_WHY_STEADY,
    CONTEXT_WHY_WRIST_STEPS, /* no foot is known */
    CONTEXT_WHY_FOREFOOT,
    CONTEXT_WHY_HEIGHT,
    CONTEXT_WHY_FLIGHT,
    CONTEXT_WHY_CADENCE, /* > 140 steps/min, double support < 5 % */
    CONTEXT_WHY_INCLINE,
    CONTEXT_WHY_HEIGHT_TREND,
    CONTEXT_WHY_BELT,
    CONTEXT_WHY_RAIL,
    CONTEXT_WHY_STILL_ARM,
    CONTEXT_WHY_ARM_AT_HEAD,
    CONTEXT_WHY_LOADED_ARM
};

/* Conditions of WALK_STEADY that were dropped, their input being unknown. */
enum context_gate {
    CONTEXT_GATE_TURN = 1,   /* no foot measures turns */
    CONTEXT_GATE_STRIDES = 2 /* steadiness of strides: steps come from the wrist */
};

/* One live stride, both as stage 5 tells it and as the foot's motion adds. At its end contact. */
struct context_stride {
    bool present;
    uint8_t foot;             /* enum foot */
    bool walking, steady;     /* struct stride's */
    bool after_gap;           /* samples are missing inside, or between it and the one before */
    float stride_s;           /* M02 */
    float double_support_pct; /* M04 */
    float flight_s;           /* no foot down before the end contact; 0 = never; NAN unknown */
    float peak_bw;            /* of the stance, share of body weight */
    int8_t forefoot_first;    /* of the end contact: 1 yes, 0 no, -1 unknown */
};

/* One swing of the foot's motion, told when its stance has come: struct foot_imu_stride's. */
struct context_path {
    bool present;
    uint8_t foot;
    float height_m, length_m, turn_deg;
};

struct context_foot {
    bool fresh;       /* else all of it counts as unknown */
    float load_share; /* mean of the last second, share of body weight */
    float unloaded_s; /* time since the load was last >= 3 % BW */
    float still_s;    /* time since the foot last moved (IMU) */
};

struct context_arm {
    bool fresh;
    uint8_t hands_fixed, call, walking; /* enum wrist_answer, of struct wrist_summary */
    float swing_deg;                    /* M20 */
    float viewing_share;                /* M21 */
    float pitch_deg;                    /* forearm over the horizon */
};

struct context_belt {
    bool fresh;
    float speed_mps, incline; /* incline: ratio */
    int8_t rail;              /* 1 held, 0 not, -1 unknown */
};

enum { CONTEXT_ARMS = 2 };

/* Everything known at `at_ns`. Unknown: NAN, -1, WRIST_UNKNOWN; context_input_init() sets all so.
 */
struct context_input {
    int64_t at_ns; /* session time of what it tells, never of its arrival */
    struct context_stride stride;
    struct context_path path;
    struct context_foot feet[FEET];
    struct context_arm arms[CONTEXT_ARMS];
    struct context_belt belt;
    float since_step_s;                            /* since the last contact of any fresh foot */
    float si_load_pct, si_stance_pct, si_step_pct; /* M12, M10, M11 */
    float forefoot_shift; /* M17, median of the last strides, minus base of this speed */
    bool wheelchair;      /* profile */
};

struct context_now {
    uint8_t context, gait; /* enum context */
    uint8_t why, gait_why; /* enum context_why */
    uint8_t flags;         /* enum context_flag, or'ed */
    uint8_t dropped;       /* enum context_gate, or'ed; of WALK_STEADY */
    int64_t since_ns, gait_since_ns;
    /* For context_s: the seconds since the input before belong to this context. After 3 s without
     * an input nothing is known of them: IDLE_UNKNOWN. */
    uint8_t passed_context;
    float passed_s;
};

enum { CONTEXT_STEPS = 8, CONTEXT_CONTACTS = 6, CONTEXT_PATHS = 6, CONTEXT_TURNS = 8 };

struct context_turn {
    int64_t at_ns;
    float turn_deg;
    uint8_t foot;
};

/* Flat. Times are INT64_MIN for "never". */
struct context_state {
    int64_t now_ns;
    int64_t stride_ns, walk_ns, steady_ns; /* ends of the newest stride, in a walk, steady */
    int64_t contact_ns, path_ns;           /* newest contact with known forefoot, newest path */
    int64_t turn_known_ns;
    int64_t stairs_ns;              /* test last true */
    int64_t rest_ns[3];             /* OFF_FEET, SIT, STAND: test last true */
    int64_t sit_since_ns;           /* load has been that of a sitter since */
    int64_t wrist_since_ns;         /* walking by wrist, without feet */
    int64_t flag_ns[CONTEXT_FLAGS]; /* test last true */
    int64_t since_ns, gait_since_ns;
    struct context_turn turns[CONTEXT_TURNS];
    float stride_s[CONTEXT_STEPS], double_support_pct[CONTEXT_STEPS];
    float height_m[CONTEXT_PATHS], length_m[CONTEXT_PATHS];
    uint8_t strides_n, stride_at, flights_n, flights; /* bits: newest lowest */
    uint8_t contacts_n, forefoot;                     /* bits: newest lowest */
    uint8_t paths_n, path_at, turn_at;
    uint8_t walk_strides_n; /* of this walk, up to 255 */
    bool run;
    uint8_t stairs_why, flag_why[CONTEXT_FLAGS];
    uint8_t context, gait, why, gait_why, flags;
};
_Static_assert(sizeof(struct context_state) <= 512, "budget of a wearer's 64 KiB");

void context_init(struct context_state *state);
void context_input_init(struct context_input *input, int64_t at_ns);
/* Takes what is known at input->at_ns and tells the context then. Call for each live stride, at its
 * end, and at each whole second of session time, in that order where they coincide: a second comes
 * after all strides up to it were handed out on the live path, however late the caller wakes.
 * False, with nothing changed in `state` and `now`, when the input is older than the one before (a
 * live stride that came late decides nothing). */
bool context_update(struct context_state *state, const struct context_input *input,
                    struct context_now *now);

#endif
