/* A simulated device on the body: an insole, a wrist, a treadmill. One struct, one sampling
 * function; what differs is the descriptor and which part of the body it reads.
 *
 * In: the body, a time. Out: a descriptor and samples in SI units, with sensor noise and floors.
 * The device's clock has its own offset and drift; the period is nominal on that clock. */
#ifndef STRIDE_DEVICES_SIM_WEARABLE_H
#define STRIDE_DEVICES_SIM_WEARABLE_H

#include "devices/sim/body.h"
#include "devices/sim/random.h"

enum { INSOLE_CELLS = 16, INSOLE_CHANNELS = INSOLE_CELLS + 6 };

struct wearable_clock {
    double offset_us; /* device clock at simulated time 0 */
    double rate;      /* device us per true us: 1 +- 1e-4 */
};

/* What its motion sensor adds to the truth; fixed for the device's life. */
struct wearable_imu {
    double accel_bias[3], accel_sd; /* m/s2 */
    double gyro_bias[3], gyro_sd;   /* rad/s */
    double tilt[2];                 /* of the sensor on the foot: toes up, left side up; rad */
};

struct wearable {
    enum gear_kind kind;
    enum body_foot_side side; /* foot, or arm */
    const struct body *body;
    struct random noise;
    struct wearable_clock clock;
    float cell_floor_n[INSOLE_CELLS], cell_gain[INSOLE_CELLS];
    float cell_left_n[INSOLE_CELLS];  /* what the last load left behind */
    float cell_stuck_n[INSOLE_CELLS]; /* of stuck cells */
    float cell_last_n[INSOLE_CELLS];
    double cell_at_s;                 /* of the last sample; NAN */
    uint32_t dead_cells, stuck_cells; /* bit per cell */
    struct wearable_imu imu;
    /* Treadmill: what the hub asked for. */
    double belt_most_mps; /* INFINITY = as the wearer wants it */
    double belt_shown_mps;
    bool belt_obeys, belt_stops;
    struct wire_descriptor descriptor;
};

/* `start_s`: when it is switched on; a device started anew keeps its sensors, not its clock. */
void wearable_init(struct wearable *wearable, enum gear_kind kind, const char *id,
                   Stride__V1__Side wrist_side, const struct body *body, uint64_t seed);
void wearable_reboot(struct wearable *wearable, uint64_t seed, unsigned boots_n, double now_s);

/* Simulated time at which the device's clock shows `device_us`, and back. */
double wearable_true_s(const struct wearable *wearable, double device_us);
double wearable_device_us(const struct wearable *wearable, double true_s);

/* Its clock leaps ahead; sticks a cell at what it shows now. */
void wearable_jump(struct wearable *wearable, double by_s);
void wearable_stick(struct wearable *wearable, unsigned cell);
/* A treadmill hears the hub: pause and stop bring the belt down to 0, slow lowers it; it never goes
 * faster for a request. True when the belt changes for it. */
bool wearable_request(struct wearable *wearable, const struct wire_request *request);

/* How the force spreads over the cells: shares that add up to 1. */
void wearable_spread(const struct body_foot *foot, double out[INSOLE_CELLS]);
/* Does the cell lie under the forefoot (M17)? On which side (M18): -1 medial, 0 between, 1 lateral.
 */
bool wearable_cell_is_fore(unsigned cell);
int wearable_cell_side(unsigned cell);

/* All channels of a stream at `t_s`. */
void wearable_sample(struct wearable *wearable, unsigned stream, double t_s,
                     float out[CHANNELS_MAX]);

#endif
