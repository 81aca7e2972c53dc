/* Shared by the parts of the context; see context.h. */
#ifndef STRIDE_HUB_CORE_CONTEXT_PRIVATE_H
#define STRIDE_HUB_CORE_CONTEXT_PRIVATE_H

#include "hub/core/context.h"

#define CONTEXT_SECOND_NS INT64_C(1000000000)
/* WALK, 2.4: the longest step; from one foot a stride is two of them. */
#define CONTEXT_STEP_NS INT64_C(1200000000)
#define CONTEXT_ONE_FOOT_NS (2 * CONTEXT_STEP_NS)
/* WALK_STEADY, 2.4: ten strides after the first three. */
enum { CONTEXT_STEADY_STRIDES = 13 };

/* `then` came, and not longer than `span` before `now`. INT64_MIN = it never came. */
static inline bool context_within(int64_t then_ns, int64_t now_ns, int64_t span_ns)
{
    return then_ns != INT64_MIN && now_ns - then_ns <= span_ns;
}

/* A test and when it was last true: it holds over `hold_ns`; unknown ends it at once. */
bool context_held(int64_t *true_ns, bool known, bool yes, int64_t now_ns, int64_t hold_ns);
void context_take_stride(struct context_state *state, int64_t at_ns,
                         const struct context_stride *stride);
void context_take_path(struct context_state *state, int64_t at_ns, const struct context_path *path);
/* Each test at `now_ns`: what made it true, or CONTEXT_WHY_NOTHING. */
enum context_why context_run(struct context_state *state, int64_t now_ns);
enum context_why context_stairs(const struct context_state *state, int64_t now_ns);
/* SLOPE by the feet. */
bool context_trend(const struct context_state *state, int64_t now_ns, float forefoot_shift);
/* More than 45 deg within 2 s, by either foot. */
bool context_turned(const struct context_state *state, int64_t now_ns);
/* enum context_flag, or'ed, at input->at_ns. */
uint8_t context_flags(struct context_state *state, const struct context_input *input,
                      enum context gait);

#endif
