/* Where an insole's cells lie; for wearable.c and wearable_sense.c. */
#ifndef STRIDE_DEVICES_SIM_WEARABLE_PRIVATE_H
#define STRIDE_DEVICES_SIM_WEARABLE_PRIVATE_H

#include "devices/sim/wearable.h"

#define FOOT_LENGTH_MM 260

struct wearable_cell {
    double forward; /* share of the insole from its heel end */
    int lateral_mm;
};
extern const struct wearable_cell wearable_cells[INSOLE_CELLS];

#endif
