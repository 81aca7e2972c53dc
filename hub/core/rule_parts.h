/* What the files of stage 6 share: windows, episodes, and one function per rule. Private to
 * rule*.c. Pure. */
#ifndef STRIDE_HUB_CORE_RULE_PARTS_H
#define STRIDE_HUB_CORE_RULE_PARTS_H

#include "hub/core/rules.h"

#define RULE_NEVER INT64_MIN
#define RULE_SECOND_NS INT64_C(1000000000)

/* One stride with all that a gait rule may look at. */
struct rule_input {
    const struct params *params;
    const struct rules_profile *profile;
    const struct device_health *health;
    const struct stride *stride;
    const struct stride_summary *summary;
    const struct signals_now *signals;
    const struct context_now *context;
    const struct baseline_state *baseline;
    float weight_n;           /* body weight in the insoles' own newtons; NAN unknown */
    uint8_t weight_source;    /* enum sole_weight_source */
    uint8_t stuck_cells_feet; /* bit per enum foot */
    unsigned devices;         /* enum coverage_device, or'ed: fresh, and worn as far as they say */
    float height_m;           /* NAN unknown */
    int16_t age_years;        /* -1 unknown */
    bool counts;              /* valid, and the feet's context is WALK_STEADY: the strides of G0 */
    bool may_speak;           /* G0's session time is over */
    int64_t now_ns;
};

int64_t param_ns(const struct params *params, enum param param);
double seconds_between(int64_t from_ns, int64_t to_ns);

void rule_window_clear(struct rule_window *window);
/* Adds a stride; true when the condition held in >= 70 % of the strides of a full D. */
bool rule_window_add(struct rule_window *window, int64_t end_ns, double d_s, bool condition);

/* An episode at `severity` is true: is a finding due (higher than before, or another D passed)? */
bool episode_raise(struct rule_episode *episode, uint8_t severity, int64_t now_ns, double d_s);
/* One look at the way out; true when the episode just ended (rule book 2.5). */
bool episode_clear(struct rule_episode *episode, bool beyond_off, int64_t end_ns);

/* Next free finding, zeroed, with rule, severity, text and time set and value NAN. */
struct finding *finding_add(struct findings *out, enum rule rule, uint8_t severity, enum text text,
                            int64_t at_ns);
void finding_cleared(struct findings *out, enum rule rule, uint8_t severity, uint8_t slot,
                     int64_t at_ns);

/* NRS now minus the session's first; 0 when there is no second report. */
int rules_nrs_rise(const struct rules_state *state);

/* Each sets state->absence of its rule. */
void r03_stride(struct rules_state *state, const struct rule_input *in, struct findings *out);
void r11_stride(struct rules_state *state, const struct rule_input *in, struct findings *out);
void r12_stride(struct rules_state *state, const struct rule_input *in, struct findings *out);

#endif
