#include "devices/sim/wearable.h"

#include <math.h>

#define GRAVITY 9.81
#define FOOT_LENGTH_MM 260

/* Where the cells lie: forward share of the insole, mm to the lateral side. */
static const struct {
    double forward;
    int lateral_mm;
} cells[INSOLE_CELLS] = {{0.07, -12}, {0.07, 12}, {0.18, -16}, {0.18, 16}, {0.35, -16}, {0.35, 16},
                         {0.50, -20}, {0.50, 20}, {0.64, -28}, {0.64, 0},  {0.64, 28},  {0.75, -28},
                         {0.75, 0},   {0.75, 28}, {0.91, -20}, {0.91, 8}};

static void add_channel(struct wire_descriptor *descriptor, Stride__V1__Quantity quantity,
                        Stride__V1__Axis axis, float scale, float range)
{
    struct wire_stream *stream = &descriptor->streams[descriptor->streams_n - 1];
    unsigned at = stream->first_channel + stream->channels_n++;
    descriptor->channels[at] = (struct wire_channel){.quantity = (unsigned)quantity & 31U,
                                                     .axis = (unsigned)axis & 3U,
                                                     .scale = scale,
                                                     .range = range};
}

static void add_stream(struct wire_descriptor *descriptor, uint32_t period_us)
{
    unsigned first = 0;
    for (unsigned i = 0; i < descriptor->streams_n; i++)
        first += descriptor->streams[i].channels_n;
    descriptor->streams[descriptor->streams_n++] =
        (struct wire_stream){.period_us = period_us, .first_channel = (uint8_t)first};
}

/* +-16 g at 2048 counts a g, +-2000 deg/s at 16.4 counts a deg/s: rule book 2.1. */
static void add_imu(struct wire_descriptor *descriptor)
{
    static const Stride__V1__Axis axes[] = {STRIDE__V1__AXIS__AXIS_FORWARD,
                                            STRIDE__V1__AXIS__AXIS_LEFT, STRIDE__V1__AXIS__AXIS_UP};
    for (int i = 0; i < 3; i++)
        add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION, axes[i],
                    9.80665f / 2048, 156.9f);
    for (int i = 0; i < 3; i++)
        add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE, axes[i],
                    0.0174532925f / 16.4f, 34.9f);
}

static void describe_insole(struct wire_descriptor *descriptor, enum gear_kind kind)
{
    descriptor->kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    descriptor->side =
        kind == GEAR_LEFT ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT;
    add_stream(descriptor, 10000);
    for (int i = 0; i < INSOLE_CELLS; i++) {
        add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE,
                    STRIDE__V1__AXIS__AXIS_UNKNOWN, 0.1f, 2000);
        descriptor->channels[i].has_place = true;
        descriptor->channels[i].forward_mm = (int16_t)lround(cells[i].forward * FOOT_LENGTH_MM);
        descriptor->channels[i].lateral_mm = (int8_t)cells[i].lateral_mm;
    }
    add_imu(descriptor);
}

static void describe_others(struct wire_descriptor *descriptor, enum gear_kind kind)
{
    const Stride__V1__Axis none = STRIDE__V1__AXIS__AXIS_UNKNOWN;
    if (kind == GEAR_WRIST) {
        descriptor->kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST;
        descriptor->side = STRIDE__V1__SIDE__SIDE_LEFT;
        add_stream(descriptor, 10000);
        add_imu(descriptor);
        add_stream(descriptor, 1000000);
        add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_HEART_RATE, none, 1, 240);
        return;
    }
    descriptor->kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL;
    add_stream(descriptor, 250000);
    /* 0.01 km/h, as treadmills say it [FTMS]. */
    add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_BELT_SPEED, none, 0.01f / 3.6f, 6);
    add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_INCLINE, none, 0.001f, 0.4f);
    add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_HANDRAIL, none, 1, 1);
}

static uint64_t boot_of(uint64_t seed, enum gear_kind kind, unsigned boots_n)
{
    struct random random;
    random_init(&random, seed, 1000 + 16 * (uint64_t)boots_n + kind);
    return (random_u64(&random) >> 1) | 1;
}

void wearable_init(struct wearable *wearable, enum gear_kind kind, const char *id,
                   const struct body *body, uint64_t seed)
{
    const double three_years_us = 3 * 365.25 * 86400e6;
    struct random random;
    memset(wearable, 0, sizeof(*wearable));
    random_init(&random, seed, 100 + (uint64_t)kind);
    random_init(&wearable->noise, seed, 200 + (uint64_t)kind);
    wearable->kind = kind;
    wearable->body = body;
    wearable->clock.offset_us = floor(random_between(&random, 0, three_years_us));
    wearable->clock.rate = 1 + random_between(&random, -1e-4, 1e-4);
    for (int i = 0; i < INSOLE_CELLS; i++) {
        wearable->cell_floor_n[i] = (float)random_between(&random, 0, 3);
        wearable->cell_gain[i] = (float)random_between(&random, 0.97, 1.03);
    }
    struct wire_descriptor *descriptor = &wearable->descriptor;
    snprintf(descriptor->device, sizeof(descriptor->device), "%s", id);
    snprintf(descriptor->model, sizeof(descriptor->model), "sim-%s", gear_name(kind));
    snprintf(descriptor->firmware, sizeof(descriptor->firmware), "%s", STRIDEHUB_VERSION);
    descriptor->boot_id = boot_of(seed, kind, 0);
    if (kind == GEAR_LEFT || kind == GEAR_RIGHT)
        describe_insole(descriptor, kind);
    else
        describe_others(descriptor, kind);
}

void wearable_reboot(struct wearable *wearable, uint64_t seed, unsigned boots_n, double now_s)
{
    wearable->descriptor.boot_id = boot_of(seed, wearable->kind, boots_n);
    wearable->clock.offset_us = -floor(now_s * 1e6 * wearable->clock.rate);
}

double wearable_true_s(const struct wearable *wearable, double device_us)
{
    return (device_us - wearable->clock.offset_us) / (1e6 * wearable->clock.rate);
}

double wearable_device_us(const struct wearable *wearable, double true_s)
{
    return wearable->clock.offset_us + true_s * 1e6 * wearable->clock.rate;
}

static float noisy(struct wearable *wearable, double value, double sd)
{
    return (float)(value + sd * random_normal(&wearable->noise));
}

/* The force, spread around the centre of pressure by a bell of 40 mm forward and 22 mm sideways. */
static void sample_cells(struct wearable *wearable, const struct body_foot *foot, float *out)
{
    double weight[INSOLE_CELLS], sum = 0;
    for (int i = 0; i < INSOLE_CELLS; i++) {
        double forward = (cells[i].forward - foot->cop_forward) * FOOT_LENGTH_MM / 40;
        double lateral = (cells[i].lateral_mm - 20 * foot->cop_lateral) / 22;
        weight[i] = exp(-0.5 * (forward * forward + lateral * lateral));
        sum += weight[i];
    }
    for (int i = 0; i < INSOLE_CELLS; i++) {
        bool dead = (wearable->dead_cells >> i & 1) != 0;
        double force = dead ? 0 : foot->force_n * weight[i] / sum * (double)wearable->cell_gain[i];
        double floor_n = (double)wearable->cell_floor_n[i];
        out[i] = dead ? (float)floor_n : noisy(wearable, force + floor_n, 0.4);
    }
}

/* Accelerometers feel the push of the ground: at rest +1 g along up. */
static void sample_foot_imu(struct wearable *wearable, const struct body_foot *foot, float *out)
{
    double c = cos(foot->pitch_rad), s = sin(foot->pitch_rad);
    double up = foot->up_m_s2 + GRAVITY;
    out[0] = noisy(wearable, foot->forward_m_s2 * c - up * s, 0.05);
    out[1] = noisy(wearable, 0, 0.05);
    out[2] = noisy(wearable, foot->forward_m_s2 * s + up * c, 0.05);
    out[3] = noisy(wearable, 0, 0.01);
    out[4] = noisy(wearable, foot->pitch_rad_s, 0.01);
    out[5] = noisy(wearable, 0, 0.01);
}

/* The left forearm hangs with the watch facing outward: forward points down, up to the left; the
 * third axis then points backward. The wrist is 0.45 m below the shoulder it swings about. */
static void sample_wrist(struct wearable *wearable, double t_s, float *out)
{
    const double arm_m = 0.45;
    struct body_wrist wrist;
    body_wrist(wearable->body, t_s, &wrist);
    double c = cos(wrist.swing_rad), s = sin(wrist.swing_rad), up = GRAVITY + wrist.up_m_s2;
    out[0] = noisy(wearable, -up * c - arm_m * wrist.swing_rad_s * wrist.swing_rad_s, 0.05);
    out[1] = noisy(wearable, -up * s - arm_m * wrist.swing_rad_s2, 0.05);
    out[2] = noisy(wearable, 0, 0.05);
    out[3] = noisy(wearable, 0, 0.01);
    out[4] = noisy(wearable, 0, 0.01);
    out[5] = noisy(wearable, -wrist.swing_rad_s, 0.01);
}

void wearable_sample(struct wearable *wearable, unsigned stream, double t_s,
                     float out[CHANNELS_MAX])
{
    struct body_foot foot;
    struct body_state state;
    switch (wearable->kind) {
    case GEAR_LEFT:
    case GEAR_RIGHT:
        body_foot(wearable->body, wearable->kind == GEAR_LEFT ? BODY_LEFT : BODY_RIGHT, t_s, &foot);
        sample_cells(wearable, &foot, out);
        sample_foot_imu(wearable, &foot, out + INSOLE_CELLS);
        break;
    case GEAR_WRIST:
        if (stream == 0) {
            sample_wrist(wearable, t_s, out);
            break;
        }
        body_state(wearable->body, t_s, &state);
        out[0] = noisy(wearable, state.heart_bpm, 0.8);
        break;
    case GEAR_TREADMILL:
        body_state(wearable->body, t_s, &state);
        out[0] = (float)state.speed_mps;
        out[1] = (float)state.incline;
        out[2] = state.rail ? 1 : 0;
        break;
    case GEAR_KINDS:
        break;
    }
}
