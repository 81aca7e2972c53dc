/* Stage 5c: what is usual for this wearer, by speed (rule book 2.3): median and MAD of 14 days.
 *
 * In: steady strides' values with their speed, local days, and what rules raised. Out: for a metric
 * and a speed the wearer's own median and MAD, or what may stand in, and which of them it is. Pure;
 * the same calls give the same bytes.
 *
 * Bins: 0.1 m/s from 0.3 to 2.2 m/s, and one bin "any speed" in which every stride counts that is
 * not outside that range, its speed known or not. It answers where speed is unknown, and where a
 * rule wants what is usual as such (R01's foot angle). A stride outside the range is not learnt.
 *
 * Memory: no day is kept. Each cell moves towards the strides by how many of them lie above its
 * median and beyond its MAD, by a gain of one over the strides it rests on (Robbins and Monro 1951,
 * with the density that a normal distribution has there). These count 13/15 of themselves a day
 * later: their mean age is then 6.5 days, as that of a window of 14 days. What was not learnt for
 * 14 days is forgotten at once. Measured against exact windows in baseline_track_test, see README.
 *
 * What raised a rule is not learnt: strides wait in blocks of 300 s, the longest time after which a
 * rule speaks (3.6: R08, D = 300 s), and are learnt when 300 s more have passed. baseline_raised()
 * drops what waits from the start of an episode on. A rule with a longer D needs longer blocks. */
#ifndef STRIDE_HUB_CORE_BASELINE_H
#define STRIDE_HUB_CORE_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

/* Order is storage order: a change changes the state. */
enum baseline_metric {
    BASELINE_CADENCE = 0,    /* M01, steps/min */
    BASELINE_SLH,            /* M07, step length over height */
    BASELINE_FSA,            /* M13, deg */
    BASELINE_DOUBLE_SUPPORT, /* M04, % */
    BASELINE_STRIDE_CV,      /* M09, % */
    BASELINE_SI_STANCE,      /* M10, % */
    BASELINE_SI_STEP,        /* M11, % */
    BASELINE_SI_LOAD,        /* M12, % */
    BASELINE_LOADING_RATE,   /* M15, BW/s */
    BASELINE_FOREFOOT,       /* M17, 0 to 1 */
    BASELINE_MEDIAL,         /* M18, -1 to 1 */
    BASELINE_ARM_SWING,      /* M20, deg */
    BASELINE_CLEARANCE,      /* M14, mm */
    BASELINE_PEAK_FORCE,     /* share of body weight */
    BASELINE_ROLL,           /* R15: SD of the foot's roll at contact, deg */
    BASELINE_IMPACT,         /* M16, g */
    BASELINE_METRICS
};
const char *baseline_metric_name(enum baseline_metric metric); /* "cadence" */
/* The metric of that name, or BASELINE_METRICS. */
enum baseline_metric baseline_metric_find(const char *name);

enum baseline_source {
    BASELINE_NONE = 0,  /* nothing is known: value and MAD are NAN */
    BASELINE_DEFAULT,   /* of the population (section 4); MAD is NAN */
    BASELINE_NEIGHBOUR, /* own, of the bin 0.1 m/s beside it, or the mean of both beside it */
    BASELINE_OWN,       /* rests on 200 steady strides */
    BASELINE_SET        /* given by configuration: neither learnt nor forgotten */
};

struct baseline_value {
    float value, mad;
    uint8_t source; /* enum baseline_source */
};

enum {
    BASELINE_SPEEDS = 19,
    BASELINE_ANY_SPEED = BASELINE_SPEEDS,
    BASELINE_BINS,
    BASELINE_DAYS = 14,
    BASELINE_STRIDES_MIN = 200,
    BASELINE_BLOCK_S = 300,
    BASELINE_PENDING_BINS = 4 /* of a block: three speeds and any; strides of a fourth are not
                                 learnt, and counted */
};

/* Values in the metric's quantum. Strides it rests on, faded, in fours. MAD 0 = empty. */
struct baseline_cell {
    int16_t median, mad;
    uint16_t fours;
};

/* What a block's strides say of a bin, not learnt yet. */
struct baseline_pending {
    uint16_t bin_plus_1; /* 0 = free */
    uint16_t n[BASELINE_METRICS];
    int16_t lean[BASELINE_METRICS];   /* strides above the median, minus below */
    int16_t spread[BASELINE_METRICS]; /* strides beyond the MAD, minus within */
};

enum { BASELINE_FILLING = 0, BASELINE_WAITING = 1, BASELINE_BLOCKS = 2 };

/* Flat. */
struct baseline_state {
    int64_t block;      /* number of the one being filled: session time / 300 s; INT64_MIN = none */
    int32_t day;        /* INT32_MIN = none */
    uint32_t rounded_n; /* roundings so far: each takes the next word of a fixed sequence */
    uint32_t left_out_n; /* strides that found no place in their block */
    struct baseline_cell cells[BASELINE_BINS][BASELINE_METRICS];
    struct baseline_pending pending[BASELINE_BLOCKS][BASELINE_PENDING_BINS];
    uint16_t own[BASELINE_BINS], set[BASELINE_BINS];                        /* by bit: metric */
    uint8_t bin_age_days[BASELINE_BINS], metric_age_days[BASELINE_METRICS]; /* since learnt */
};
_Static_assert(sizeof(struct baseline_state) <= 2848, "budget of a wearer's 64 KiB");
_Static_assert(BASELINE_METRICS <= 16, "bits of `own` and `set`");

void baseline_init(struct baseline_state *state);
/* It is this local day now: days that passed since the last call fade what is known. `frozen`, a
 * flare is open: those days do not count. A day before the last one corrects a wrong clock and
 * brings nothing back; by one day less (travel) nothing happens. */
void baseline_day(struct baseline_state *state, int32_t day, bool frozen);
/* One live stride of WALK_STEADY. Unknown speed and values: NAN. `frozen`: a flare is open; nothing
 * is learnt, and what waits is dropped. Do not call it for strides of an open episode of a rule. */
void baseline_learn(struct baseline_state *state, int64_t at_session_ns, float speed_mps,
                    const float values[BASELINE_METRICS], bool frozen);
/* Session time has come to here: learns what waited long enough. Call at least when a walk ends and
 * before the state is looked at; baseline_learn() does it too. */
void baseline_settle(struct baseline_state *state, int64_t at_session_ns);
/* A rule was raised, of an episode that began at `since_session_ns`: what was walked since then,
 * and up to 300 s before (its block), is not learnt. */
void baseline_raised(struct baseline_state *state, int64_t since_session_ns);
/* The hub's monotonic clock began anew: what waits cannot be dated any more and is dropped. */
void baseline_restart(struct baseline_state *state);
/* A given value (a clinician's, a test's) that is neither learnt over nor forgotten. Value NAN
 * takes it back: the cell is empty then. NAN speed: for any speed. False, and nothing changed,
 * where speed or value is out of range. */
bool baseline_set(struct baseline_state *state, enum baseline_metric metric, float speed_mps,
                  float value, float mad);
/* Takes back all that was given. */
void baseline_unset(struct baseline_state *state);
/* What is usual at this speed, best source first: SET, OWN, NEIGHBOUR, DEFAULT, NONE. NAN speed:
 * the bin "any speed", which never stands in for a known one. A default is a healthy adult's at the
 * speeds it was measured at: a rule that compares with a share of its base must look at `source`.
 */
struct baseline_value baseline_get(const struct baseline_state *state, enum baseline_metric metric,
                                   float speed_mps);

#endif
