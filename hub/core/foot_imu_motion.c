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

/* Turns of b, then of a. */
static inline vec product(vec a, vec b)
{
    vec by_x = __builtin_shufflevector(b, b, 1, 0, 3, 2) * (vec){-1.0F, 1.0F, -1.0F, 1.0F};
    vec by_y = __builtin_shufflevector(b, b, 2, 3, 0, 1) * (vec){-1.0F, 1.0F, 1.0F, -1.0F};
    vec by_z = __builtin_shufflevector(b, b, 3, 2, 1, 0) * (vec){-1.0F, -1.0F, 1.0F, 1.0F};
    return vec_of(a[0]) * b + vec_of(a[1]) * by_x + vec_of(a[2]) * by_y + vec_of(a[3]) * by_z;
}

static inline vec turned(vec q, vec v)
{
    vec axis = __builtin_shufflevector(q, q, 1, 2, 3, 0);
    vec t = cross(axis, v) * vec_of(2.0F);
    return v + vec_of(q[0]) * t + cross(axis, t);
}

static vec turned_back(vec q, vec v)
{
    return turned(q * (vec){1.0F, -1.0F, -1.0F, -1.0F}, v);
}

/* One step of Newton's method: the length of a quaternion leaves 1 by rounding only. */
static inline vec normalised(vec q)
{
    vec parts = q * q;
    return q * vec_of(1.5F - 0.5F * (parts[0] + parts[1] + parts[2] + parts[3]));
}

/* The shortest turn that makes `v` point up. */
static vec upright(vec v)
{
    float length = sqrtf(dot(v, v));
    vec q = {length + v[2], v[1], -v[0], 0.0F};
    float norm = sqrtf(dot(q, q));
    if (!(norm > 1e-6F)) {
        return (vec){0.0F, 1.0F, 0.0F, 0.0F}; /* upside down, or nothing felt at all */
    }
    return q / vec_of(norm);
}

static float heading(const struct foot_imu *state, vec q)
{
    vec forward = turned(q, vec_load(state->forward));
    return atan2f(forward[1], forward[0]);
}

void motion_start(struct foot_imu *state, vec accel)
{
    struct foot_imu_pose *pose = &state->pose;
    vec q = upright(accel), force = turned(q, accel);
    memset(pose, 0, sizeof *pose);
    vec_store(pose->q, q);
    pose->at_us = state->start_us = state->last_us;
    vec_store(state->force, force);
    vec_store(pose->felt, force);
    state->heading = heading(state, q);
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

/* `q` after the turn of one sample, from the mean of the rates at its ends. */
static inline vec turned_by(vec q, vec was, vec now, float dt_s)
{
    vec half = vec_of(0.25F * dt_s) * (now + was);
    float angle2 = dot(half, half);
    /* Series of sine and cosine: 2000 deg/s at 50 Hz turn 0.7 rad, half of it 0.35: good to 1e-5.
     */
    float sine = 1.0F - angle2 * (1.0F / 6.0F - angle2 * (1.0F / 120.0F));
    float cosine = 1.0F - angle2 * (0.5F - angle2 * (1.0F / 24.0F));
    vec by = __builtin_shufflevector(vec_of(sine) * half, vec_of(cosine), 4, 0, 1, 2);
    vec turn = product(q, by);
    return angle2 > fast_angle2 ? normalised(turn) : turn;
}

static void learn_unrest(struct foot_imu *state, const struct foot_imu_push *push, vec accel,
                         vec gyro)
{
    state->strength = sqrtf(dot(accel, accel));
    float off = state->strength - gravity_m_s2;
    float unrest = dot(gyro, gyro) + accel_weight * off * off;
    state->unrest += push->unrest_share * (unrest - state->unrest);
}

void motion_step(struct foot_imu *state, const struct foot_imu_push *push, vec accel, vec gyro,
                 float dt_s)
{
    struct foot_imu_pose *pose = &state->pose;
    vec q = turned_by(vec_load(pose->q), vec_load(state->gyro), gyro, dt_s);
    vec force = turned(q, accel), by = accel - vec_load(state->accel);
    vec was = vec_load(pose->velocity), way = vec_load(pose->way), felt = vec_load(pose->felt);
    vec moves =
        vec_of(0.5F) * (force + vec_load(state->force)) - (vec){0.0F, 0.0F, gravity_m_s2, 0.0F};
    vec now = was + moves * vec_of(dt_s);
    vec_store(pose->q, q);
    vec_store(pose->velocity, now);
    vec_store(pose->way, way + vec_of(0.5F * dt_s) * (was + now));
    vec_store(pose->felt, felt + vec_of(push->felt_share) * (force - felt));
    pose->at_us = state->last_us + (double)dt_s * 1e6;
    vec_store(state->force, force);
    vec_store(state->accel, accel);
    vec_store(state->gyro, gyro);
    state->change = dot(by, by);
    learn_unrest(state, push, accel, gyro);
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

static void learn_level(struct foot_imu *state, vec felt, float strength)
{
    float share = state->levelled ? level_share : 1.0F;
    vec up = vec_load(state->up);
    up += vec_of(share) * (felt / vec_of(strength) - up);
    float length = sqrtf(dot(up, up));
    float left2 = 1.0F - up[1] * up[1] / (length * length);
    if (!(length > 0.5F) || !(left2 > 0.25F) || !(up[2] > 0.0F)) {
        return; /* lying on its side: no foot stands like that */
    }
    up /= vec_of(length);
    vec left = ((vec){0.0F, 1.0F, 0.0F, 0.0F} - vec_of(up[1]) * up) / vec_of(sqrtf(left2));
    vec_store(state->up, up);
    vec_store(state->left, left);
    vec_store(state->forward, cross(left, up));
    state->levelled = true;
}

void motion_restart(struct foot_imu *state)
{
    struct foot_imu_pose *pose = &state->pose, *rest = &state->rest;
    vec felt = vec_load(rest->felt), rest_q = vec_load(rest->q), fix = upright(felt);
    float strength = sqrtf(dot(felt, felt));
    learn_level(state, turned_back(rest_q, felt), strength);
    float wanted = state->gravity + gravity_share * (strength - gravity_m_s2);
    /* No accelerometer is wrong by 10 %: the foot was moving. */
    state->gravity = fabsf(wanted - gravity_m_s2) < 1.0F ? wanted : state->gravity;
    float span_s = (float)((pose->at_us - rest->at_us) * 1e-6);
    vec span = vec_of(span_s), fallen = {0.0F, 0.0F, gravity_m_s2 * span_s, 0.0F};
    vec half_fallen = vec_of(0.5F) * fallen * span, from = vec_load(rest->velocity);
    vec gained = vec_load(pose->velocity) - from + fallen;
    vec way = vec_load(pose->way) - vec_load(rest->way) - from * span;
    vec_store(pose->velocity, turned(fix, gained) - fallen);
    vec_store(pose->way, turned(fix, way + half_fallen) - half_fallen);
    rest_q = product(fix, rest_q);
    vec_store(rest->q, rest_q);
    state->heading = heading(state, rest_q);
    vec_store(pose->q, normalised(product(fix, vec_load(pose->q))));
    vec_store(pose->felt, turned(fix, vec_load(pose->felt)));
    vec_store(state->force, turned(fix, vec_load(state->force)));
    state->start_us = rest->at_us;
    state->gap_us = state->last_gap_us > rest->at_us ? state->last_gap_us : (double)NAN;
    state->started = true;
    state->rested = false;
}

/* How far an axis of the foot points up in the pose `q`, rad. */
static float rise_of(const float axis[4], const float q[4])
{
    float sine = turned(vec_load(q), vec_load(axis))[2];
    return asinf(sine > 1.0F ? 1.0F : sine < -1.0F ? -1.0F : sine);
}

float motion_pitch(const struct foot_imu *state, const float q[4])
{
    return rise_of(state->forward, q);
}

float motion_roll(const struct foot_imu *state, const float q[4])
{
    return rise_of(state->left, q);
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
    out->turn_deg = degrees(heading(state, vec_load(state->rest.q)) - state->heading);
    double stride_us = state->contact_us - state->former_us;
    bool follows = stride_us > 0.0 && stride_us < span_most_us;
    out->speed_mps = out->length_m / (follows ? (float)(stride_us * 1e-6) : span_s);
    out->foot_angle_deg = degrees(state->contact_pitch - motion_pitch(state, state->rest.q));
    out->roll_deg = degrees(state->contact_roll - motion_roll(state, state->rest.q));
    out->clearance_mm =
        path_clearance_mm(state, place, even_share * state->rest.velocity[2] / span_s, way[2]);
    out->peak_speed_mps = state->peak_speed;
}
