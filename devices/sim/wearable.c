#include "devices/sim/wearable_private.h"

#include <math.h>

#define GRAVITY 9.81
#define PI 3.14159265358979323846
/* Forward share of the insole, mm to the lateral side. */
const struct wearable_cell wearable_cells[INSOLE_CELLS] = {
    {0.07, -12}, {0.07, 12}, {0.18, -16}, {0.18, 16}, {0.35, -16}, {0.35, 16},
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
        descriptor->channels[i].forward_mm =
            (int16_t)lround(wearable_cells[i].forward * FOOT_LENGTH_MM);
        descriptor->channels[i].lateral_mm = (int8_t)wearable_cells[i].lateral_mm;
    }
    add_imu(descriptor);
}

static void describe_others(struct wire_descriptor *descriptor, enum gear_kind kind,
                            enum body_foot_side arm)
{
    const Stride__V1__Axis none = STRIDE__V1__AXIS__AXIS_UNKNOWN;
    if (kind == GEAR_WRIST || kind == GEAR_WRIST2) {
        descriptor->kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST;
        descriptor->side =
            arm == BODY_LEFT ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT;
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

/* Signs at random: a bias has one, a draw around 0 would often be none. */
static double biased(struct random *random, double low, double high)
{
    double size = random_between(random, low, high);
    return random_unit(random) < 0.5 ? -size : size;
}

/* Bias of 0.2 to 1 deg/s after warming up, 5 to 20 mg, noise of 20 to 40 mg with the shoe's and the
 * skin's own shaking; 1.5 deg of tilt in a shoe. Orders of size from data sheets of such sensors.
 */
static void init_imu(struct wearable *wearable, uint64_t seed)
{
    struct wearable_imu *imu = &wearable->imu;
    struct random random;
    random_init(&random, seed, 600 + (uint64_t)wearable->kind);
    for (int i = 0; i < 3; i++) {
        imu->gyro_bias[i] = biased(&random, 0.2, 1) * PI / 180;
        imu->accel_bias[i] = biased(&random, 0.005, 0.02) * GRAVITY;
    }
    imu->accel_sd = random_between(&random, 0.02, 0.04) * GRAVITY;
    imu->gyro_sd = 0.01;
    for (int i = 0; i < 2; i++)
        imu->tilt[i] = random_between(&random, -1.5, 1.5) * PI / 180;
}

static enum body_foot_side side_of(enum gear_kind kind, Stride__V1__Side wrist_side)
{
    bool left = kind == GEAR_WRIST || kind == GEAR_WRIST2
                    ? (kind == GEAR_WRIST) == (wrist_side == STRIDE__V1__SIDE__SIDE_LEFT)
                    : kind != GEAR_RIGHT;
    return left ? BODY_LEFT : BODY_RIGHT;
}

void wearable_init(struct wearable *wearable, enum gear_kind kind, const char *id,
                   Stride__V1__Side wrist_side, const struct body *body, uint64_t seed)
{
    const double three_years_us = 3 * 365.25 * 86400e6;
    struct random random;
    memset(wearable, 0, sizeof(*wearable));
    random_init(&random, seed, 100 + (uint64_t)kind);
    random_init(&wearable->noise, seed, 200 + (uint64_t)kind);
    wearable->kind = kind;
    wearable->side = side_of(kind, wrist_side);
    wearable->body = body;
    wearable->cell_at_s = SCRIPT_NONE;
    wearable->belt_most_mps = (double)INFINITY;
    wearable->belt_obeys = true;
    init_imu(wearable, seed);
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
        describe_others(descriptor, kind, wearable->side);
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

void wearable_jump(struct wearable *wearable, double by_s)
{
    wearable->clock.offset_us += floor(by_s * 1e6);
}

void wearable_stick(struct wearable *wearable, unsigned cell)
{
    wearable->stuck_cells |= 1u << cell;
    wearable->cell_stuck_n[cell] = wearable->cell_last_n[cell];
}
