/* One simulated or played device: where its samples come from, and the struct device they go into.
 *
 * In: time. Out: the device's messages (through struct device), and what befell it.
 * Time here is simulated seconds from the start of the walk. */
#ifndef STRIDE_DEVICES_STRIDESIM_GEAR_H
#define STRIDE_DEVICES_STRIDESIM_GEAR_H

#include "devices/lib/device.h"
#include "devices/play/recording.h"
#include "devices/sim/wearable.h"

enum { GEAR_CONTROL_BYTES = 32 * 1024, GEAR_SCRATCH_BYTES = FRAME_BYTES_MAX + 64 };

/* What a step did to the device as a whole. */
enum gear_change { GEAR_SAME = 0, GEAR_DIED, GEAR_STARTED, GEAR_WENT_OFFLINE };

struct gear_faults {
    double loss_pct, duplicate_pct, reorder_pct, delay_ms;
};

struct gear_options {
    unsigned frame_samples;
    size_t ring_size;
    uint32_t late_after_ms;
};

struct gear {
    char id[ID_SIZE];
    unsigned wearer; /* index */
    uint8_t slot;
    Stride__V1__Side side; /* as configured */
    uint64_t seed;
    unsigned boots_n;
    double end_s;
    /* samples: a script's (recording NULL) or a recording's */
    struct wearable wearable;
    const struct script *script;
    bool speaks; /* the reports of the script are said here */
    unsigned event_at;
    const struct recording *recording;
    unsigned foot;
    struct wire_descriptor descriptor;
    uint64_t sample_at[STREAMS_MAX]; /* index of the stream's next sample */
    uint64_t origin_us[STREAMS_MAX]; /* device clock of sample 0 */
    /* state */
    bool silent, dead, ended;
    double offline_until_s; /* 0 = in range */
    struct gear_faults faults;
    struct random chance;
    struct device device;
    struct device_options options;
    /* answers that wait for their time */
    double reply_at_s[SCRIPT_REPLIES_MAX]; /* by index of the script's; INFINITY = not asked */
    uint32_t obeyed_n;                     /* requests that moved the belt */
    uint32_t failures; /* samples or reports that the device refused; 0 unless a bound is wrong */
};

/* The body and the script are kept. False when out of memory. */
bool gear_init_walk(struct gear *gear, enum gear_kind kind, const char *id, unsigned wearer,
                    const struct script *script, const struct body *body, uint64_t seed,
                    const struct gear_options *options);
bool gear_init_play(struct gear *gear, unsigned foot, const char *id,
                    const struct recording *recording, uint64_t seed,
                    const struct gear_options *options);
void gear_release(struct gear *gear);

/* When something happens next; infinite when it is over. */
double gear_next_s(const struct gear *gear);
/* Lets it happen. `now_ms` is the clock that struct device sees. */
enum gear_change gear_step(struct gear *gear, uint64_t now_ms);

#endif
