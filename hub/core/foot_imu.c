#include "hub/core/foot_imu.h"

#include <math.h>
#include <string.h>

#include "hub/core/foot_imu_private.h"

/* Time constants of the running means. Unrest: short enough for a mid-stance of 0.15 s. Felt: two
 * of them span a foot-flat phase. Rate: long, a sensor's bias is what stays. */
static const float unrest_s = 0.03F, felt_s = 0.05F, mean_s = 0.3F;
/* Nine samples of 100 Hz in a row are lost in the worst of the ipol recordings: 0.1 s. A foot-off
 * or contact inside such a gap is still placed by the samples around it. */
static const double bridge_us = 120e3;
/* Before any device time. */
static const double never_us = -1e300;
static const float gravity = 9.80665F;
/* Below 40 Hz an impact falls between samples: not evaluated. It also bounds events in a frame. */
static const double period_most_us = 25e3;
static const float accel_most = 400.0F, gyro_most = 40.0F;

void foot_imu_init(struct foot_imu *state, enum foot foot)
{
    memset(state, 0, sizeof *state);
    state->foot = (uint8_t)foot;
    state->last_us = state->settled_us = state->push_us = state->start_us = never_us;
    state->turn_us = state->landing_us = state->gap_us = (double)NAN;
    state->foot_off_us = state->contact_us = state->former_us = (double)NAN;
    state->forward[0] = state->left[1] = state->up[2] = 1.0F;
    state->gravity = gravity;
    state->pose.q[0] = 1.0F;
}

static void forget(struct foot_imu *state)
{
    struct foot_imu fresh;
    foot_imu_init(&fresh, (enum foot)state->foot);
    fresh.after_gap = true;
    /* What belongs to the sensor and how it is worn outlasts a gap. */
    fresh.levelled = state->levelled;
    fresh.gravity = state->gravity;
    memcpy(fresh.forward, state->forward, sizeof fresh.forward);
    memcpy(fresh.left, state->left, sizeof fresh.left);
    memcpy(fresh.up, state->up, sizeof fresh.up);
    memcpy(fresh.bias, state->bias, sizeof fresh.bias);
    *state = fresh;
}

static void remember(struct foot_imu *state, float dt_s)
{
    struct foot_imu_sample *sample = &state->ring[state->ring_at];
    sample->dt_s = dt_s;
    sample->forward = dot(vec_load(state->forward), vec_load(state->accel));
    sample->strength = state->strength;
    state->ring_at = (uint8_t)(state->ring_at + 1 < FOOT_IMU_RING ? state->ring_at + 1 : 0);
    state->ring_n = (uint8_t)(state->ring_n < FOOT_IMU_RING ? state->ring_n + 1 : FOOT_IMU_RING);
}

/* What no foot does: keeps garbage finite. */
static vec within(vec value, float most)
{
    value = vec_select(value > vec_of(most), vec_of(most), value);
    return vec_select(value < vec_of(-most), vec_of(-most), value);
}

/* One sample as the sensor tells it. */
struct reading {
    vec accel, gyro;
};

/* What is taken off a reading. What the accelerometer shows at rest over or under gravity is its
 * bias along up. Along the ground a bias cannot be told from a sensor that is tilted. */
static struct reading bias_of(const struct foot_imu *state)
{
    return (struct reading){vec_of(state->gravity - gravity) * vec_load(state->up),
                            vec_load(state->bias)};
}

static void take(struct foot_imu *state, const struct foot_imu_push *push, double at_us,
                 const struct reading *raw)
{
    struct reading bias = bias_of(state);
    vec accel = raw->accel - bias.accel, gyro = raw->gyro - bias.gyro;
    float toe_down = dot(vec_load(state->left), gyro);
    if (state->ring_n == 0) {
        vec_store(state->accel, accel);
        vec_store(state->gyro, gyro);
        state->last_us = at_us;
        motion_start(state, accel);
        state->toe_down = toe_down;
        remember(state, 0.0F);
        return;
    }
    float dt_s = (float)((at_us - state->last_us) * 1e-6);
    motion_step(state, push, accel, gyro, dt_s);
    state->toe_down_before = state->toe_down;
    state->toe_down = toe_down;
    state->last_us = at_us;
    remember(state, dt_s);
    phase_step(state, push, dt_s);
}

/* Straight lines over a short gap, so that what follows sees an even rate. */
static void bridge(struct foot_imu *state, const struct foot_imu_push *push, double at_us,
                   const struct reading *to)
{
    double period_us = push->slice->period_us, from_us = state->last_us;
    int missing_n = (int)lround((at_us - from_us) / period_us) - 1;
    struct reading bias = bias_of(state);
    vec accel = vec_load(state->accel) + bias.accel, gyro = vec_load(state->gyro) + bias.gyro;
    for (int i = 1; i <= missing_n; i++) {
        float share = (float)i / (float)(missing_n + 1);
        struct reading between = {accel + vec_of(share) * (to->accel - accel),
                                  gyro + vec_of(share) * (to->gyro - gyro)};
        take(state, push, from_us + (at_us - from_us) * (double)share, &between);
    }
}

static void over_gap(struct foot_imu *state, const struct foot_imu_push *push, double at_us,
                     const struct reading *raw)
{
    double step_us = at_us - state->last_us;
    if (push->slice->clock_jump || state->ring_n == 0 || !(step_us > 0.0) || step_us > bridge_us) {
        forget(state);
        return;
    }
    state->after_gap = state->after_gap || !push->slice->short_gap;
    state->last_gap_us = at_us;
    if (isnan(state->gap_us)) {
        state->gap_us = at_us;
    }
    bridge(state, push, at_us, raw);
}

static float share_of(double period_us, float constant_s)
{
    float period_s = (float)(period_us * 1e-6);
    return period_s / (period_s + constant_s);
}

/* Is any value of the three axes at `most` or beyond? NAN bounds nothing. */
static bool reaches(const float *const axes[3], int samples_n, float most)
{
    int any = 0;
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < samples_n; i++) {
            any |= fabsf(axes[k][i]) >= most;
        }
    }
    return any != 0;
}

/* The readings of one push. */
struct readings {
    const struct foot_imu_input *input;
    float accel_clips, gyro_clips; /* from here on a sensor is at its end; NAN: not stated */
    bool plain;                    /* all are far from any end: nothing is looked at one by one */
};

static struct readings readings_of(const struct foot_imu_input *input, int samples_n)
{
    struct readings all = {.input = input,
                           .accel_clips = clip_share * input->accel_range,
                           .gyro_clips = clip_share * input->gyro_range};
    float accel_end = all.accel_clips < accel_most ? all.accel_clips : accel_most;
    float gyro_end = all.gyro_clips < gyro_most ? all.gyro_clips : gyro_most;
    all.plain =
        !reaches(input->accel, samples_n, accel_end) && !reaches(input->gyro, samples_n, gyro_end);
    return all;
}

static bool clips(vec value, float most)
{
    return fabsf(value[0]) >= most || fabsf(value[1]) >= most || fabsf(value[2]) >= most;
}

/* `*clipped` is set if a sensor was at its end. */
static struct reading reading_at(const struct readings *all, int i, bool *clipped)
{
    const float *const *accel = all->input->accel, *const *gyro = all->input->gyro;
    struct reading raw = {{accel[0][i], accel[1][i], accel[2][i], 0.0F},
                          {gyro[0][i], gyro[1][i], gyro[2][i], 0.0F}};
    if (!all->plain) {
        raw.accel = within(raw.accel, accel_most);
        raw.gyro = within(raw.gyro, gyro_most);
        *clipped =
            *clipped || clips(raw.accel, all->accel_clips) || clips(raw.gyro, all->gyro_clips);
    }
    return raw;
}

/* Do these samples go on where the last ones ended? A stamp may be off by a period. */
static bool follows(const struct foot_imu *state, const struct slice *slice)
{
    double step_us = slice->t0_us - state->last_us;
    return state->ring_n == 0 ||
           (!slice->gap_before && step_us > 0.0 && step_us <= 2.5 * slice->period_us);
}

void foot_imu_push(struct foot_imu *state, const struct slice *slice, const struct align *align,
                   const struct foot_imu_input *input, struct foot_imu_output *out)
{
    struct foot_imu_push push = {.slice = slice,
                                 .align = align,
                                 .place = input->place,
                                 .mean_share = share_of(slice->period_us, mean_s),
                                 .felt_share = share_of(slice->period_us, felt_s),
                                 .unrest_share = share_of(slice->period_us, unrest_s),
                                 .out = out};
    out->events_n = out->strides_n = 0;
    if (slice->period_us > period_most_us) {
        return;
    }
    struct readings all = readings_of(input, slice->samples_n);
    for (int i = 0; i < slice->samples_n; i++) {
        double at_us = slice->t0_us + i * slice->period_us;
        bool clipped = false;
        struct reading raw = reading_at(&all, i, &clipped);
        if (i == 0 && !follows(state, slice)) {
            over_gap(state, &push, at_us, &raw);
        }
        state->clipped = state->clipped || clipped;
        take(state, &push, at_us, &raw);
    }
}

bool foot_imu_find(const struct wire_descriptor *descriptor, const struct wire_frame *frame,
                   struct foot_imu_input *out)
{
    const struct wire_stream *stream = &descriptor->streams[frame->stream];
    memset(out, 0, sizeof *out);
    out->accel_range = out->gyro_range = NAN;
    out->place = foot_imu_insole;
    for (unsigned i = 0; i < stream->channels_n; i++) {
        const struct wire_channel *channel = &descriptor->channels[stream->first_channel + i];
        bool accel = channel->quantity == STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION;
        bool gyro = channel->quantity == STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE;
        if ((!accel && !gyro) || channel->axis == STRIDE__V1__AXIS__AXIS_UNKNOWN) {
            continue;
        }
        int axis = channel->axis - STRIDE__V1__AXIS__AXIS_FORWARD;
        const float *values = frame->values + (size_t)i * frame->samples_n;
        (accel ? out->accel : out->gyro)[axis] = values;
        *(accel ? &out->accel_range : &out->gyro_range) = channel->range;
    }
    bool found = true;
    for (int k = 0; k < 3; k++) {
        found = found && out->accel[k] != NULL && out->gyro[k] != NULL;
    }
    return found;
}

double foot_imu_settled_us(const struct foot_imu *state)
{
    return state->settled_us;
}

bool foot_imu_stride_of(const struct foot_imu_stride *stride, double foot_off_us, double contact_us)
{
    double middle_us = 0.5 * (foot_off_us + contact_us);
    return middle_us > stride->foot_off_us && middle_us < stride->contact_us;
}
