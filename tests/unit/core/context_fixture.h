/* A person whose feet, arms and belt are known, second by second and stride by stride. */
#ifndef STRIDE_TESTS_CONTEXT_FIXTURE_H
#define STRIDE_TESTS_CONTEXT_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/context.h"

static const int64_t fixture_second_ns = 1000000000;

struct person {
    struct context_state state;
    struct context_now now;
    struct context_input sense; /* as it is between strides; the fixture sets its times */
    struct context_stride stride;
    struct context_path path; /* with each stride, when `imu` */
    bool imu;
    int64_t at_ns, step_ns, next_second_ns; /* step_ns: newest contact */
    int strides_n;
    double seconds[CONTEXT_COUNT];
    bool seen[CONTEXT_COUNT], seen_gait[CONTEXT_COUNT];
    uint8_t seen_flags;
};

/* Both insoles and a swinging arm; stands. */
static inline void person_init(struct person *person)
{
    memset(person, 0, sizeof *person);
    context_init(&person->state);
    context_input_init(&person->sense, 0);
    person->stride = person->sense.stride;
    person->path = person->sense.path;
    person->step_ns = INT64_MIN;
    for (int foot = 0; foot < FEET; foot++) {
        person->sense.feet[foot] = (struct context_foot){true, 0.5F, 0, 0};
    }
    person->sense.arms[0] = (struct context_arm){true, WRIST_NO, WRIST_NO, WRIST_NO, 40, 0, -60};
    person->stride.stride_s = 1.1F;
    person->stride.double_support_pct = 22;
    person->stride.flight_s = 0;
    person->stride.peak_bw = 1.1F;
    person->stride.forefoot_first = 0;
    person->stride.walking = person->stride.steady = true;
    person->path.height_m = 0;
    person->path.length_m = 1.3F;
    person->path.turn_deg = 0;
    person->imu = true;
}

static inline void person_tell(struct person *person, struct context_input *input)
{
    bool feet = input->feet[0].fresh || input->feet[1].fresh;
    bool stepped = person->step_ns != INT64_MIN;
    if (feet && isnan(person->sense.since_step_s)) {
        int64_t since_ns = stepped ? input->at_ns - person->step_ns : 60 * fixture_second_ns;
        input->since_step_s = (float)((double)since_ns / 1e9);
    }
    assert_true(context_update(&person->state, input, &person->now));
    person->seconds[person->now.passed_context] += (double)person->now.passed_s;
    person->seen[person->now.context] = person->seen_gait[person->now.gait] = true;
    person->seen_flags |= person->now.flags;
}

static inline void person_second(struct person *person)
{
    struct context_input input = person->sense;
    input.at_ns = person->next_second_ns;
    person_tell(person, &input);
    person->next_second_ns += fixture_second_ns;
}

static inline void person_forget_seen(struct person *person)
{
    memset(person->seen, 0, sizeof person->seen);
    memset(person->seen_gait, 0, sizeof person->seen_gait);
    person->seen_flags = 0;
}

/* Without a step, for so many seconds. */
static inline void person_wait(struct person *person, double seconds)
{
    int64_t until_ns = person->at_ns + (int64_t)(seconds * 1e9);
    while (person->next_second_ns <= until_ns) {
        person_second(person);
    }
    person->at_ns = until_ns;
}

/* `n` steps: strides of both feet in turn, each half a stride after the one before; of one foot
 * where only one is fresh. */
static inline void person_walk(struct person *person, int n)
{
    for (int i = 0; i < n; i++) {
        person_wait(person, (double)person->stride.stride_s / 2);
        person->step_ns = person->at_ns;
        int foot = person->strides_n++ % 2;
        if (!person->sense.feet[foot].fresh) {
            continue;
        }
        struct context_input input = person->sense;
        input.at_ns = person->at_ns;
        input.stride = person->stride;
        input.stride.present = true;
        input.stride.foot = (uint8_t)foot;
        if (person->imu) {
            input.path = person->path;
            input.path.present = true;
            input.path.foot = (uint8_t)foot;
        }
        person_tell(person, &input);
    }
}

#endif
