/* What the files of stage `safety` share: one function per rule. Private to safety*.c. Pure. */
#ifndef STRIDE_HUB_CORE_SAFETY_PARTS_H
#define STRIDE_HUB_CORE_SAFETY_PARTS_H

#include "hub/core/rule_parts.h"
#include "hub/core/safety.h"

#define SAFETY_SECOND_NS INT64_C(1000000000)
enum { SAFETY_BOTH_FEET = COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE };

static inline double safety_value(const struct safety_now *now, enum param param)
{
    return now->params->value[param];
}
static inline int64_t safety_ns(const struct safety_now *now, enum param param)
{
    return (int64_t)(now->params->value[param] * 1e9);
}
static inline bool safety_both_feet(const struct safety_now *now)
{
    return (now->devices & SAFETY_BOTH_FEET) == SAFETY_BOTH_FEET;
}

struct finding *safety_find(struct safety_out *out, enum rule rule, uint8_t severity,
                            enum text text, int64_t at_ns);
void safety_cleared(struct safety_out *out, enum rule rule, uint8_t severity, int64_t at_ns);
void safety_ask_belt(struct safety_out *out, Stride__V1__RequestKind kind, float slow_by_mps,
                     enum text text);

void safety_fall_init(struct safety_fall *fall);
void safety_fall_second(struct safety_fall *fall, const struct safety_now *now,
                        struct safety_out *out);
void safety_fall_look(struct safety_fall *fall, const struct safety_now *now,
                      struct safety_out *out);
void safety_fall_happens(struct safety_fall *fall, const struct safety_now *now,
                         enum s01_input input, struct safety_out *out);
int64_t safety_fall_deadline_ns(const struct safety_fall *fall);
/* For how long no foot has turned; NAN = no foot can tell. */
float safety_feet_still_s(const struct safety_fall *fall, int64_t at_ns);
/* Is the wearer asked, or an alarm out? Then no other rule speaks here. */
bool safety_fall_open(const struct safety_fall *fall);

void safety_heart_second(struct safety_heart *heart, const struct safety_now *now,
                         struct safety_out *out);
void safety_belt_look(struct safety_state *state, const struct safety_now *now,
                      struct safety_out *out);
void safety_belt_second(struct safety_state *state, const struct safety_now *now,
                        struct safety_out *out);
void safety_rail_second(struct safety_state *state, const struct safety_now *now,
                        struct safety_out *out);
void safety_still_second(struct safety_state *state, const struct safety_now *now,
                         struct safety_out *out);
void safety_still_look(struct safety_state *state, const struct safety_now *now,
                       struct safety_out *out);
void safety_still_answered(struct safety_state *state, const struct safety_now *now, bool fine,
                           struct safety_out *out);
/* S08 and S09. */
void safety_watch_second(struct safety_state *state, const struct safety_now *now,
                         struct safety_out *out);
void safety_watch_look(struct safety_state *state, const struct safety_now *now,
                       struct safety_out *out);

#endif
