/* The path of a swing, in points: what is asked of it is known only after the landing. */
#include <math.h>
#include <string.h>

#include "hub/core/foot_imu_private.h"

/* Between points: a swing of 0.6 s fits. */
static const float step_least_s = 0.02F;
/* The middle of a swing, as shares of foot-off to contact. The toe's lowest passage is at its half
 * (Winter 1992); scuffs are looked for where neither push-off nor contact shake the foot. */
static const float middle_from = 0.25F, middle_to = 0.75F;

void path_start(struct foot_imu *state)
{
    state->path_n = 0;
    state->step_s = step_least_s;
    state->path_due_s = -1.0F;
}

/* Every other point stays; a jerk is kept with the next one that does. */
static void thin(struct foot_imu *state)
{
    int n = 0;
    for (int i = 1; i < FOOT_IMU_PATH; i += 2) {
        struct foot_imu_point point = state->path[i];
        float jerk = state->path[i - 1].jerk;
        point.jerk = jerk > point.jerk ? jerk : point.jerk;
        state->path[n++] = point;
    }
    state->path_n = (uint8_t)n;
    state->step_s *= 2.0F;
}

static float since_start_s(const struct foot_imu *state, double at_us)
{
    return (float)((at_us - state->start_us) * 1e-6);
}

void path_step(struct foot_imu *state, float jerk)
{
    float at_s = since_start_s(state, state->last_us);
    if (at_s < state->path_due_s) {
        struct foot_imu_point *last = &state->path[state->path_n - 1];
        last->jerk = jerk > last->jerk ? jerk : last->jerk;
        return;
    }
    if (state->path_n == FOOT_IMU_PATH) {
        thin(state);
    }
    state->path[state->path_n++] =
        (struct foot_imu_point){.at_s = at_s,
                                .up_m = state->pose.way[2],
                                .pitch = motion_pitch(state, state->pose.q),
                                .jerk = jerk};
    /* Half a millisecond of grace: a step is a whole number of samples, whatever the rounding. */
    state->path_due_s = at_s + state->step_s - 0.0005F;
}

float path_pitch(const struct foot_imu *state, double at_us)
{
    float at_s = since_start_s(state, at_us);
    for (int i = state->path_n - 1; i > 0; i--) {
        const struct foot_imu_point *from = &state->path[i - 1], *to = &state->path[i];
        if (from->at_s <= at_s) {
            float share = (at_s - from->at_s) / (to->at_s - from->at_s);
            share = share > 1.0F ? 1.0F : share;
            return from->pitch + share * (to->pitch - from->pitch);
        }
    }
    return state->path_n > 0 ? state->path[0].pitch : NAN;
}

static void middle(const struct foot_imu *state, float *from_s, float *to_s)
{
    float off_s = since_start_s(state, state->foot_off_us);
    float span_s = since_start_s(state, state->contact_us) - off_s;
    *from_s = off_s + middle_from * span_s;
    *to_s = off_s + middle_to * span_s;
}

float path_jerk(const struct foot_imu *state)
{
    float from_s, to_s, most = NAN;
    middle(state, &from_s, &to_s);
    for (int i = 0; i < state->path_n; i++) {
        const struct foot_imu_point *point = &state->path[i];
        if (point->at_s >= from_s && point->at_s <= to_s && !(point->jerk <= most)) {
            most = point->jerk;
        }
    }
    return most;
}

float path_clearance_mm(const struct foot_imu *state, const struct foot_imu_place *place,
                        float drift_m_s2, float rise_m)
{
    float from_s, to_s, least = NAN;
    float span_s = since_start_s(state, state->rest.at_us);
    float rest_pitch = motion_pitch(state, state->rest.q);
    middle(state, &from_s, &to_s);
    for (int i = 0; i < state->path_n; i++) {
        const struct foot_imu_point *point = &state->path[i];
        float at_s = point->at_s;
        if (at_s < from_s || at_s > to_s) {
            continue;
        }
        float sine = sinf(point->pitch - rest_pitch * at_s / span_s);
        float height = point->up_m - 0.5F * drift_m_s2 * at_s * at_s - rise_m * at_s / span_s +
                       place->toe_forward_m * sine +
                       place->toe_down_m * (1.0F - sqrtf(1.0F - sine * sine));
        least = height >= least ? least : height;
    }
    return 1000.0F * least;
}
