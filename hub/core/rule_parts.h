/* What the files of stage 6 share: windows, episodes, and a row for each rule of gait and posture.
 * Private to rule*.c. Pure. */
#ifndef STRIDE_HUB_CORE_RULE_PARTS_H
#define STRIDE_HUB_CORE_RULE_PARTS_H

#include "hub/core/rules.h"

#define RULE_NEVER INT64_MIN
#define RULE_SECOND_NS INT64_C(1000000000)

/* One stride, or one second, with all that a gait rule may look at. */
struct rule_input {
    const struct params *params;
    const struct rules_profile *profile;
    const struct device_health *health;
    const struct stride *stride; /* NULL: a second */
    const struct stride_summary *summary;
    const struct signals_now *signals;
    const struct context_now *context;
    const struct baseline_state *baseline;
    float weight_n;           /* body weight in the insoles' own newtons; NAN unknown */
    uint8_t weight_source;    /* enum sole_weight_source */
    uint8_t stuck_cells_feet; /* bit per enum foot */
    unsigned devices;         /* enum coverage_device, or'ed: fresh, and worn as far as they say */
    unsigned registered;      /* the same, fresh or not */
    float height_m;           /* NAN unknown */
    int16_t age_years;        /* -1 unknown */
    bool counts;              /* valid, and the feet's context is WALK_STEADY: the strides of G0 */
    bool may_speak;           /* G0's session time is over */
    bool p05_open, stumbled, heeled, new_shoe, calibrated;
    uint8_t told;      /* enum walk_told, or'ed */
    uint8_t p05_score; /* as in struct rules_now, as are the next */
    int8_t nrs, nrs_start;
    bool nrs_rising, pain_caution, weak_new, flare;
    int64_t prompted_ns; /* RULE_NEVER = none */
    int64_t end_ns;      /* of the stride or second */
    int64_t now_ns;
};

/* What a rule's condition says of a stride or second. Filled with the row's values before; NAN and
 * false where they say nothing. */
struct rule_look {
    uint8_t why;     /* enum rule_absence */
    uint8_t dropped; /* enum rule_gate, or'ed */
    bool counts;     /* goes into the windows; as in->counts */
    bool off;        /* beyond T_off */
    bool ready;      /* may be raised now, if it held */
    uint8_t on;      /* T_on, bit per level */
    uint8_t severity, text, prompts_max;
    double d_s, refractory_s, hold_s; /* hold_s: beyond T_off for so long; 0 = by severity */
    float value, threshold;
};

typedef void rule_condition(const struct rules_state *state, const struct rule_input *in,
                            struct rule_look *look);
/* `held`: levels that held for D. Sets severity (0 = none), text and evidence. */
typedef void rule_choice(const struct rules_state *state, const struct rule_input *in,
                         unsigned held, struct rule_look *look);

enum rule_row_flag {
    ROW_SECOND = 1,   /* looked at each second, not each stride */
    ROW_FOOTLESS = 2, /* looked at each second as well while no foot is known */
    ROW_KEEPS = 4,    /* paused while not evaluated: what was found stays found */
    ROW_PRAISE = 8,
    ROW_SUMMARY = 16, /* said by rules_end only */
    ROW_FELT = 32,
    ROW_USUAL = 64 /* says nothing of how the wearer walks: its strides are learnt */
};

/* One rule of gait and posture. A new rule is a row and a condition. */
struct rule_row {
    uint8_t rule, track, family; /* enum rule, rule_track, coverage_family */
    uint8_t levels, flags;
    uint8_t severity, text;
    enum param d, refractory, max; /* PARAM_COUNT = 0 */
    rule_condition *condition;
    rule_choice *choice; /* NULL: level 0 is enough */
};

double seconds_between(int64_t from_ns, int64_t to_ns);

/* ---- rule_window.c */

void rule_window_clear(struct rule_window *window);
/* Adds a stride; true when the condition held in >= 70 % of the strides of a full D. */
bool rule_window_add(struct rule_window *window, int64_t end_ns, double d_s, bool condition);

void episode_init(struct rule_episode *episode);
/* Over; when it was raised last is kept. */
void episode_end(struct rule_episode *episode);
/* An episode at `severity` is true: is a finding due (higher than before, or another D passed)? */
bool episode_raise(struct rule_episode *episode, uint8_t severity, int64_t now_ns, double d_s);
/* One look at the way out; true when it was beyond T_off for `hold_s`: the episode just ended. */
bool episode_clear(struct rule_episode *episode, bool beyond_off, int64_t end_ns, double hold_s);

/* Next free finding, zeroed, with rule, severity, text and time set and value NAN. */
struct finding *finding_add(struct findings *out, enum rule rule, uint8_t severity, enum text text,
                            int64_t at_ns);
void finding_cleared(struct findings *out, enum rule rule, uint8_t severity, uint8_t slot,
                     int64_t at_ns);

/* ---- rule_row.c */

extern const struct rule_row rule_rows[];
extern const int rule_rows_n;
/* 2.2 and 3.6: what is missing removes the rule. */
enum rule_absence rule_row_absence(const struct rule_row *row, const struct rule_input *in);
/* Puts a stride or second to a row's condition, and what comes of it into state and `out`. */
void rule_row_look(struct rules_state *state, const struct rule_row *row,
                   const struct rule_input *in, struct findings *out);

/* ---- rule_facts.c: what conditions ask */

/* NRS now minus the session's first; 0 when there is no second report. */
int rule_nrs_rise(const struct rule_input *in);
bool rule_open(const struct rules_state *state, enum rule_track track);
bool rule_flag(const struct rule_input *in, unsigned flags);
/* P08: a flare-up is open, or was told today where no plan keeps it. R01, R03 and R04 rest. */
bool rule_flare(const struct rule_input *in);
/* Bending forward is this wearer's relief: a narrow canal, P05's pattern, or a score that comes
 * near it (R04). Nobody tells such a wearer to stand tall. */
bool rule_bends(const struct rule_input *in);
/* The wearer's own, learnt or given, at this speed; given for any speed, else. NAN = none: a
 * population's default is nobody's own. */
float rule_base(const struct rule_input *in, enum baseline_metric metric);
/* The wearer's own as such, at any speed; NAN = none. */
float rule_usual(const struct rule_input *in, enum baseline_metric metric);
/* Mean of the feet that are known; the larger one. NAN = none. */
float rule_mean(const float feet[FEET]);
float rule_larger(const float feet[FEET]);
/* Loading rate over the wearer's own at this speed; NAN unknown. */
float rule_loading_ratio(const struct rule_input *in);
/* M17 over the wearer's own; NAN unknown. */
float rule_forefoot_shift(const struct rule_input *in);
/* M22; NAN unknown or suspect. */
float rule_heart_pct(const struct rule_input *in);
/* Why `value`, `measured` over a baseline, is not known, if it is not. */
enum rule_absence rule_known(float value, float measured);
/* M23 is a crowd's: stops and starts. */
bool rule_crowd(const struct rules_state *state, const struct rule_input *in);
/* Seconds of the run of steady strides until `end_ns`; 0 = there is none. */
double rule_steady_s(const struct rules_state *state, int64_t end_ns);
/* Last seen `s` seconds ago or less. */
bool rule_within(int64_t at_ns, int64_t now_ns, double s);

/* ---- rule_drift.c: R13's sums */

/* Ground or hands make steps that cannot be compared with free ones. */
bool rule_drift_apart(const struct rule_input *in);
void rule_drift_init(struct rule_drift *drift);
void rule_drift_add(struct rule_drift *drift, const struct rule_input *in, double walked_s);
/* Items that have drifted; fewer than three known: -1. */
int rule_drifted_n(const struct rule_drift *drift, const struct rule_input *in);

rule_condition r01_condition, r02_condition, r03_condition, r03_praise_condition, r04_condition,
    r05_condition, r06_condition, r07_left_condition, r07_right_condition, r08_condition,
    r11_condition, r12_condition, r13_condition, r14_condition, r15_condition;
rule_choice r11_choice;
/* A steady stride's CPEI into what is usual for its foot, and the day's fading. */
void r07_learn(struct rules_state *state, const struct rule_input *in);
/* Both feet know nothing. */
void r07_forget(struct rules_state *state);
/* The percentile, or NAN before 200 strides. */
float rule_low_value(const struct rule_low *low);
void rule_low_add(struct rule_low *low, float value, float share);
/* R06 by time. */
void r06_second(struct rules_state *state, const struct rule_input *in, struct findings *out);

#endif
