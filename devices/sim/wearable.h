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

struct wearable {
    enum gear_kind kind;
    const struct body *body;
    struct random noise;
    struct wearable_clock clock;
    float cell_floor_n[INSOLE_CELLS], cell_gain[INSOLE_CELLS];
    uint32_t dead_cells; /* bit per cell */
    struct wire_descriptor descriptor;
};

/* `start_s`: when it is switched on; a device started anew keeps its sensors, not its clock. */
void wearable_init(struct wearable *wearable, enum gear_kind kind, const char *id,
                   const struct body *body, uint64_t seed);
void wearable_reboot(struct wearable *wearable, uint64_t seed, unsigned boots_n, double now_s);

/* Simulated time at which the device's clock shows `device_us`, and back. */
double wearable_true_s(const struct wearable *wearable, double device_us);
double wearable_device_us(const struct wearable *wearable, double true_s);

/* All channels of a stream at `t_s`. */
void wearable_sample(struct wearable *wearable, unsigned stream, double t_s,
                     float out[CHANNELS_MAX]);

#endif
