/* Parts of foot_imu: the pose (foot_imu_motion.c) and the phases (foot_imu_phase.c).
 *
 * Each sample goes through the pose first, then through the phases. Pure. */
#ifndef STRIDE_HUB_CORE_FOOT_IMU_PRIVATE_H
#define STRIDE_HUB_CORE_FOOT_IMU_PRIVATE_H

#include "hub/core/foot_imu.h"
#include "hub/core/vec.h"

/* What stays the same over one push. */
struct foot_imu_push {
    const struct slice *slice;
    const struct align *align;
    struct foot_imu_place place;
    float mean_share, felt_share, unrest_share; /* of a new sample in a running mean */
    struct foot_imu_output *out;
};

/* ---- vectors ---- */

/* Of the first three parts. */
static inline float dot(vec a, vec b)
{
    vec parts = a * b;
    return parts[0] + parts[1] + parts[2];
}

static inline vec cross(vec a, vec b)
{
    return __builtin_shufflevector(a, a, 1, 2, 0, 3) * __builtin_shufflevector(b, b, 2, 0, 1, 3) -
           __builtin_shufflevector(a, a, 2, 0, 1, 3) * __builtin_shufflevector(b, b, 1, 2, 0, 3);
}

/* ---- pose: foot_imu_motion.c ---- */

/* Starts from one sample: up is where the acceleration points. */
void motion_start(struct foot_imu *state, vec accel);
/* Moves the pose by one sample `dt_s` later. */
void motion_step(struct foot_imu *state, const struct foot_imu_push *push, vec accel, vec gyro,
                 float dt_s);
/* Is this moment the quietest of the stance so far? Then it becomes `rest`. */
void motion_look_for_rest(struct foot_imu *state);
/* Counts the pose from `rest` on: there the velocity was 0 and the acceleration gravity. */
void motion_restart(struct foot_imu *state);
/* Pitch of the levelled forward axis, toes up positive, rad. */
float motion_pitch(const struct foot_imu *state, const float q[4]);
/* The left side up positive, rad. */
float motion_roll(const struct foot_imu *state, const float q[4]);
float motion_speed(const struct foot_imu *state);
/* The stride that ends at `rest`. */
void motion_stride(const struct foot_imu *state, const struct foot_imu_place *place,
                   struct foot_imu_stride *out);

/* ---- path of a swing: foot_imu_path.c ---- */

void path_start(struct foot_imu *state);
void path_step(struct foot_imu *state, float jerk);
/* Pitch at a time, from the points around it. */
float path_pitch(const struct foot_imu *state, double at_us);
/* Of the middle of the swing; NAN without points. */
float path_jerk(const struct foot_imu *state);
/* `drift_m_s2`: vertical velocity that the rest ended with, per second; `rise_m`: height change. */
float path_clearance_mm(const struct foot_imu *state, const struct foot_imu_place *place,
                        float drift_m_s2, float rise_m);

/* ---- phases: foot_imu_phase.c ---- */

void phase_step(struct foot_imu *state, const struct foot_imu_push *push, float dt_s);

/* No larger value than this share of the range is believed. */
static const float clip_share = 0.995F;
/* Above this mean unrest, 0.8 rad/s, the foot was not flat: no velocity of 0 can be assumed. */
static const float rest_most = 0.64F;

#endif
