/* Strides and walks for the tests of the record. */
#ifndef STRIDE_TESTS_SESSION_FIXTURE_H
#define STRIDE_TESTS_SESSION_FIXTURE_H

#include <math.h>
#include <string.h>

#include "hub/core/session.h"

#define SECOND_NS INT64_C(1000000000)
static const int64_t WALL_MS = INT64_C(1780000000000);

static inline int64_t ns_of(double s)
{
    return 1000 * SECOND_NS + (int64_t)llround(s * 1e9);
}

static inline bool close_to(double a, double b)
{
    return fabs(a - b) < 1e-6 * (1 + fabs(b));
}

static inline void open_walk(struct session *session)
{
    session_init(session);
    session_open(session, 5, 2, ns_of(0), WALL_MS);
}

static inline struct stride stride_of(uint8_t foot, double start_s, double end_s)
{
    return (struct stride){.foot = foot,
                           .path = STRIDE_FINAL,
                           .valid = true,
                           .other_known = true,
                           .walking = true,
                           .steady = true,
                           .start_ns = ns_of(start_s),
                           .end_ns = ns_of(end_s),
                           .stride_s = (float)(end_s - start_s),
                           .stance_s = NAN,
                           .swing_s = NAN,
                           .stance_pct = 62,
                           .swing_pct = 38,
                           .double_support_pct = NAN,
                           .step_s = 0.5F,
                           .peak_force_n = NAN,
                           .belt_mps = NAN,
                           .incline = NAN,
                           .stride_length_m = NAN,
                           .speed_mps = NAN,
                           .flight_s = NAN,
                           .shape = {.length_m = NAN,
                                     .height_m = NAN,
                                     .turn_deg = NAN,
                                     .foot_angle_deg = NAN,
                                     .clearance_mm = NAN,
                                     .swing_jerk = NAN,
                                     .impact_g = NAN,
                                     .loading_n_s = NAN,
                                     .forefoot_share = NAN,
                                     .medial_index = NAN,
                                     .cpei_pct = NAN,
                                     .slap_s = NAN}};
}

static const struct stride_summary no_summary = {.stride_cv_pct = NAN,
                                                 .si_stance_pct = NAN,
                                                 .si_step_pct = NAN,
                                                 .si_load_pct = NAN,
                                                 .cadence_spm = NAN,
                                                 .speed_mps = NAN};

/* Both feet, 1 s a stride, half a second apart; contacts from `from_s` to `to_s`. */
static inline void walk(struct session *session, double from_s, double to_s, float belt_mps)
{
    for (double t = from_s; t + 1 <= to_s + 1e-9; t += 0.5) {
        struct stride stride =
            stride_of(fmod(t - from_s, 1) < 0.25 ? FOOT_LEFT : FOOT_RIGHT, t, t + 1);
        stride.belt_mps = belt_mps;
        session_stride(session, &stride, &no_summary);
    }
}

#endif
