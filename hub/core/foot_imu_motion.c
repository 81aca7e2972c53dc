/* Where the foot went: strap-down integration between moments at which it stood still. */
#include <math.h>
#include <string.h>

#include "hub/core/foot_imu_private.h"

/* Unrest of a sample: rate squared, and the acceleration's distance from gravity squared, weighed
 * so that 0.3 m/s2 counts as much as 0.1 rad/s: both are what a foot flat in walking shows. */
static const float accel_weight = 0.11F;
/* Below this rate, 0.1 rad/s, each moment is as good as the last: the newest is taken, so that the
 * pose of one who stands is not minutes old. */
static const float rest_sure = 0.01F;
/* A sensor's bias is the rate that stays the same for half a second, within 0.03 rad/s, and is no
 * more than 0.15 rad/s. In walking no mid-stance is that still. */
static const float still_unrest = 0.1F, still_rate = 0.03F, bias_most = 0.15F, still_min_s = 0.5F,
                   bias_share = 0.02F;
/* Share of a new mid-stance in what is level. Accelerations of a mid-stance blur it by a degree. */
static const float level_share = 0.3F, gravity_share = 0.2F;
static const float gravity_m_s2 = 9.80665F;
/* Half a turn's angle squared of one sample, from which the series leave a length of 1 by more than
 * rounding does; slower ones are set right at each rest. */
static const float fast_angle2 = 0.01F;
/* Of the error of velocity, see way_between(). Measured on gaitmap (one walker, two feet, 56
 * strides): all even 2.3 cm mean error of length, half 1.5, a quarter 1.4. */
static const float even_share = 0.5F;
static const double strike_after_us = 30e3;
/* Beyond 3 s the drift of a good sensor (0.5 deg/s) is 10 cm. */
static const double span_most_us = 3e6;

/* out = turns of b, then of a */
static inline void multiply(const float a[4], const float b[4], float out[4])
{
    float w = a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3];
    float x = a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2];
    float y = a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1];
    float z = a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0];
    out[0] = w;
    out[1] = x;
    out[2] = y;
    out[3] = z;
}

static inline void turn(const float q[4], const float v[3], float out[3])
{
    float t[3], u[3];
    cross(q + 1, v, t);
    for (int k = 0; k < 3; k++) {
        t[k] *= 2.0F;
    }
    cross(q + 1, t, u);
    for (int k = 0; k < 3; k++) {
        out[k] = v[k] + q[0] * t[k] + u[k];
    }
}

static void turn_back(const float q[4], const float v[3], float out[3])
{
    float back[4] = {q[0], -q[1], -q[2], -q[3]};
    turn(back, v, out);
}

/* One step of Newton's method: the length of a quaternion leaves 1 by rounding only. */
static inline void normalise(float q[4])
{
    float scale = 1.5F - 0.5F * (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    for (int k = 0; k < 4; k++) {
        q[k] *= scale;
    }
}

/* The shortest turn that makes `v` point up. */
static void upright(const float v[3], float q[4])
{
    float length = sqrtf(dot(v, v));
    q[0] = length + v[2];
    q[1] = v[1];
    q[2] = -v[0];
    q[3] = 0.0F;
    float norm = sqrtf(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
    if (!(norm > 1e-6F)) {
        q[0] = 0.0F; /* upside down, or nothing felt at all */
        q[1] = norm = 1.0F;
        q[2] = 0.0F;
    }
    for (int k = 0; k < 3; k++) {
        q[k] /= norm;
    }
}

static float heading(const struct foot_imu *state, const float q[4])
{
    float forward[3];
    turn(q, state->forward, forward);
    return atan2f(forward[1], forward[0]);
}

void motion_start(struct foot_imu *state, const float accel[3])
{
    struct foot_imu_pose *pose = &state->pose;
    memset(pose, 0, sizeof *pose);
    upright(accel, pose->q);
    pose->at_us = state->start_us = state->last_us;
    turn(pose->q, accel, state->force);
    memcpy(pose->felt, state->force, sizeof pose->felt);
    state->heading = heading(state, pose->q);
    state->unrest = state->least_unrest = rest_most;
}

static void learn_bias(struct foot_imu *state, const struct foot_imu_push *push, float dt_s)
{
    bool still = true;
    if (state->unrest > still_unrest) {
        state->still_s = 0.0F;
        return;
    }
    for (int k = 0; k < 3; k++) {
        float off = state->gyro[k] - state->gyro_mean[k];
        state->gyro_mean[k] += push->mean_share * off;
        still = still && fabsf(off) < still_rate &&
                fabsf(state->gyro_mean[k] + state->bias[k]) < bias_most;
    }
    state->still_s = still ? state->still_s + dt_s : 0.0F;
    if (state->still_s < still_min_s) {
        return;
    }
    for (int k = 0; k < 3; k++) {
        float part = bias_share * state->gyro_mean[k];
        state->bias[k] += part;
        state->gyro_mean[k] -= part;
    }
}

/* The turn of one sample, from the mean of the rates at its ends. */
static inline void turn_by(const float was[3], const float now[3], float dt_s, float q[4])
{
    float half[3], dq[4], h = 0.25F * dt_s;
    for (int k = 0; k < 3; k++) {
        half[k] = h * (now[k] + was[k]);
    }
    float angle2 = dot(half, half);
    /* Series of sine and cosine: 2000 deg/s at 50 Hz turn 0.7 rad, half of it 0.35: good to 1e-5.
     */
    float sine = 1.0F - angle2 * (1.0F / 6.0F - angle2 * (1.0F / 120.0F));
    dq[0] = 1.0F - angle2 * (0.5F - angle2 * (1.0F / 24.0F));
    for (int k = 0; k < 3; k++) {
        dq[k + 1] = sine * half[k];
    }
    multiply(q, dq, q);
    if (angle2 > fast_angle2) {
        normalise(q);
    }
}

static void learn_unrest(struct foot_imu *state, const struct foot_imu_push *push)
{
    state->strength = sqrtf(dot(state->accel, state->accel));
    float off = state->strength - gravity_m_s2;
    float unrest = dot(state->gyro, state->gyro) + accel_weight * off * off;
    state->unrest += push->unrest_share * (unrest - state->unrest);
}

void motion_step(struct foot_imu *state, const struct foot_imu_push *push, const float accel[3],
                 const float gyro[3], float dt_s)
{
    struct foot_imu_pose *pose = &state->pose;
    float q[4] = {pose->q[0], pose->q[1], pose->q[2], pose->q[3]}, force[3];
    turn_by(state->gyro, gyro, dt_s, q);
    turn(q, accel, force);
    memcpy(pose->q, q, sizeof q);
    float step = 0.5F * dt_s, change = 0.0F;
    for (int k = 0; k < 3; k++) {
        float was = pose->velocity[k], by = accel[k] - state->accel[k];
        float felt = 0.5F * (force[k] + state->force[k]) - (k == 2 ? gravity_m_s2 : 0.0F);
        float now = was + felt * dt_s;
        pose->velocity[k] = now;
        pose->way[k] += step * (was + now);
        pose->felt[k] += push->felt_share * (force[k] - pose->felt[k]);
        change += by * by;
        state->force[k] = force[k];
        state->accel[k] = accel[k];
        state->gyro[k] = gyro[k];
    }
    pose->at_us = state->last_us + (double)dt_s * 1e6;
    state->change = change;
    learn_unrest(state, push);
    learn_bias(state, push, dt_s);
}

void motion_look_for_rest(struct foot_imu *state)
{
    if (state->unrest <= state->least_unrest || state->unrest < rest_sure) {
        state->least_unrest =
            state->unrest < state->least_unrest ? state->unrest : state->least_unrest;
        state->rest = state->pose;
        state->rested = true;
    }
}

static void learn_level(struct foot_imu *state, const float felt[3], float strength)
{
    float up[3], share = state->levelled ? level_share : 1.0F;
    for (int k = 0; k < 3; k++) {
        up[k] = state->up[k] + share * (felt[k] / strength - state->up[k]);
    }
    float length = sqrtf(dot(up, up));
    float left2 = 1.0F - up[1] * up[1] / (length * length);
    if (!(length > 0.5F) || !(left2 > 0.25F) || !(up[2] > 0.0F)) {
        return; /* lying on its side: no foot stands like that */
    }
    for (int k = 0; k < 3; k++) {
        state->up[k] = up[k] / length;
    }
    for (int k = 0; k < 3; k++) {
        state->left[k] = ((k == 1 ? 1.0F : 0.0F) - state->up[1] * state->up[k]) / sqrtf(left2);
    }
    cross(state->left, state->up, state->forward);
    state->levelled = true;
}

void motion_restart(struct foot_imu *state)
{
    struct foot_imu_pose *pose = &state->pose, *rest = &state->rest;
    float strength = sqrtf(dot(rest->felt, rest->felt)), fix[4], felt[3], sum[3];
    upright(rest->felt, fix);
    turn_back(rest->q, rest->felt, felt);
    learn_level(state, felt, strength);
    float wanted = state->gravity + gravity_share * (strength - gravity_m_s2);
    /* No accelerometer is wrong by 10 %: the foot was moving. */
    state->gravity = fabsf(wanted - gravity_m_s2) < 1.0F ? wanted : state->gravity;
    float span_s = (float)((pose->at_us - rest->at_us) * 1e-6);
    float fallen[3] = {0.0F, 0.0F, gravity_m_s2 * span_s};
    for (int k = 0; k < 3; k++) {
        sum[k] = pose->velocity[k] - rest->velocity[k] + fallen[k];
    }
    turn(fix, sum, sum);
    for (int k = 0; k < 3; k++) {
        float way = pose->way[k] - rest->way[k] - rest->velocity[k] * span_s;
        pose->velocity[k] = sum[k] - fallen[k];
        sum[k] = way + 0.5F * fallen[k] * span_s;
    }
    turn(fix, sum, sum);
    for (int k = 0; k < 3; k++) {
        pose->way[k] = sum[k] - 0.5F * fallen[k] * span_s;
    }
    multiply(fix, rest->q, rest->q);
    state->heading = heading(state, rest->q);
    multiply(fix, pose->q, pose->q);
    normalise(pose->q);
    turn(fix, pose->felt, pose->felt);
    turn(fix, state->force, state->force);
    state->start_us = rest->at_us;
    state->gap_us = state->last_gap_us > rest->at_us ? state->last_gap_us : (double)NAN;
    state->started = true;
    state->rested = false;
}

float motion_pitch(const struct foot_imu *state, const float q[4])
{
    float forward[3];
    turn(q, state->forward, forward);
    float sine = forward[2] > 1.0F ? 1.0F : forward[2] < -1.0F ? -1.0F : forward[2];
    return asinf(sine);
}

float motion_roll(const struct foot_imu *state, const float q[4])
{
    float left[3];
    turn(q, state->left, left);
    float sine = left[2] > 1.0F ? 1.0F : left[2] < -1.0F ? -1.0F : left[2];
    return asinf(sine);
}

float motion_speed(const struct foot_imu *state)
{
    const float *velocity = state->pose.velocity;
    return sqrtf(velocity[0] * velocity[0] + velocity[1] * velocity[1]);
}

static float degrees(float rad)
{
    const float pi = 3.14159265F;
    rad = rad > pi ? rad - 2.0F * pi : rad < -pi ? rad + 2.0F * pi : rad;
    return rad * (180.0F / pi);
}

static enum foot_imu_lack lack(const struct foot_imu *state)
{
    if (state->gap_us <= state->rest.at_us) {
        return FOOT_IMU_GAP;
    }
    if (!state->started || !state->rested) {
        return FOOT_IMU_NO_REST;
    }
    return state->rest.at_us - state->start_us > span_most_us ? FOOT_IMU_TOO_LONG : FOOT_IMU_WHOLE;
}

/* Both ends stood still, so what velocity there is at the end is error. Half of it is taken to have
 * grown evenly (bias, tilt), half to have come with the strike, which no sensor of 16 g and 100 Hz
 * follows. */
static void way_between(const struct foot_imu *state, float span_s, float way[3])
{
    float since_s = (float)((state->rest.at_us - state->contact_us - strike_after_us) * 1e-6);
    float lever_s = even_share * 0.5F * span_s + (1.0F - even_share) * since_s;
    for (int k = 0; k < 3; k++) {
        way[k] = state->rest.way[k] - lever_s * state->rest.velocity[k];
    }
}

/* Velocity that grew evenly along the ground is gravity on a pose that leans: the way leans too.
 * That ground is level is assumed nowhere. */
static float leaning_m(const struct foot_imu *state, float span_s, const float way[3])
{
    const float *velocity = state->rest.velocity;
    return even_share * (velocity[0] * way[0] + velocity[1] * way[1]) / (gravity_m_s2 * span_s);
}

void motion_stride(const struct foot_imu *state, const struct foot_imu_place *place,
                   struct foot_imu_stride *out)
{
    memset(out, 0, sizeof *out);
    out->foot = state->foot;
    out->lack = (uint8_t)lack(state);
    out->clipped = state->clipped;
    out->start_us = state->started ? state->start_us : (double)NAN;
    out->end_us = state->rested ? state->rest.at_us : (double)NAN;
    out->foot_off_us = state->foot_off_us;
    out->contact_us = state->contact_us;
    out->former_us = state->former_us;
    out->impact_g = state->impact / gravity_m_s2;
    out->swing_jerk = path_jerk(state);
    out->length_m = out->height_m = out->turn_deg = out->speed_mps = NAN;
    out->roll_deg = NAN;
    out->foot_angle_deg = out->clearance_mm = out->peak_speed_mps = NAN;
    if (out->lack != FOOT_IMU_WHOLE) {
        return;
    }
    float way[3], span_s = (float)((out->end_us - out->start_us) * 1e-6);
    way_between(state, span_s, way);
    out->length_m = sqrtf(way[0] * way[0] + way[1] * way[1]);
    out->height_m = way[2] + leaning_m(state, span_s, way);
    out->turn_deg = degrees(heading(state, state->rest.q) - state->heading);
    double stride_us = state->contact_us - state->former_us;
    bool follows = stride_us > 0.0 && stride_us < span_most_us;
    out->speed_mps = out->length_m / (follows ? (float)(stride_us * 1e-6) : span_s);
    out->foot_angle_deg = degrees(state->contact_pitch - motion_pitch(state, state->rest.q));
    out->roll_deg = degrees(state->contact_roll - motion_roll(state, state->rest.q));
    out->clearance_mm =
        path_clearance_mm(state, place, even_share * state->rest.velocity[2] / span_s, way[2]);
    out->peak_speed_mps = state->peak_speed;
}
