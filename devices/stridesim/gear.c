#include "devices/stridesim/gear.h"

#include <math.h>

/* ---- memory and life */

static bool allocate(struct gear *gear, const struct gear_options *options)
{
    struct device_options *wanted = &gear->options;
    device_defaults(wanted);
    wanted->descriptor = &gear->descriptor;
    wanted->seed = gear->seed;
    wanted->late_after_ms = options->late_after_ms;
    wanted->frame_ring_size = options->ring_size;
    wanted->control_ring_size = GEAR_CONTROL_BYTES;
    wanted->scratch_size = GEAR_SCRATCH_BYTES;
    wanted->frame_ring = malloc(wanted->frame_ring_size);
    wanted->control_ring = malloc(wanted->control_ring_size);
    wanted->scratch = malloc(wanted->scratch_size);
    bool ok = wanted->frame_ring != NULL && wanted->control_ring != NULL && wanted->scratch != NULL;
    for (unsigned i = 0; i < gear->descriptor.streams_n; i++) {
        const struct wire_stream *stream = &gear->descriptor.streams[i];
        /* Slow streams send about once a second, fast ones as told. */
        unsigned samples_n =
            stream->period_us > 50000 ? 1000000 / stream->period_us : options->frame_samples;
        samples_n = samples_n > 0 ? samples_n : 1;
        wanted->streams[i].frame_samples = (uint16_t)samples_n;
        wanted->streams[i].counts = calloc((size_t)samples_n * stream->channels_n, sizeof(int32_t));
        ok = ok && wanted->streams[i].counts != NULL;
    }
    return ok && device_init(&gear->device, wanted) == DEVICE_OK;
}

void gear_release(struct gear *gear)
{
    free(gear->options.frame_ring);
    free(gear->options.control_ring);
    free(gear->options.scratch);
    for (unsigned i = 0; i < STREAMS_MAX; i++)
        free(gear->options.streams[i].counts);
    memset(gear, 0, sizeof(*gear));
}

/* Samples fall on whole periods of the device's clock. */
static void align_samples(struct gear *gear, double from_s)
{
    for (unsigned i = 0; i < gear->descriptor.streams_n; i++) {
        uint64_t period_us = gear->descriptor.streams[i].period_us;
        double at_us = fmax(0, wearable_device_us(&gear->wearable, from_s));
        gear->origin_us[i] = ((uint64_t)at_us / period_us + 1) * period_us;
        gear->sample_at[i] = 0;
    }
}

bool gear_init_walk(struct gear *gear, enum gear_kind kind, const char *id, unsigned wearer,
                    const struct script *script, const struct body *body, uint64_t seed,
                    const struct gear_options *options)
{
    memset(gear, 0, sizeof(*gear));
    snprintf(gear->id, sizeof(gear->id), "%s", id);
    gear->wearer = wearer;
    gear->slot = (uint8_t)kind;
    gear->seed = seed;
    gear->script = script;
    gear->end_s = script->end_s;
    wearable_init(&gear->wearable, kind, id, script->wrist_side, body, seed);
    random_init(&gear->chance, seed, 300 + (uint64_t)kind);
    gear->descriptor = gear->wearable.descriptor;
    gear->side = gear->descriptor.side;
    if (!allocate(gear, options))
        return false;
    align_samples(gear, 0);
    for (unsigned i = 0; i < SCRIPT_REPLIES_MAX; i++)
        gear->reply_at_s[i] = (double)INFINITY;
    device_set_wear(&gear->device, STRIDE__V1__WEAR__WEAR_WORN);
    device_set_battery(&gear->device, 90);
    return true;
}

bool gear_init_play(struct gear *gear, unsigned foot, const char *id,
                    const struct recording *recording, uint64_t seed,
                    const struct gear_options *options)
{
    memset(gear, 0, sizeof(*gear));
    snprintf(gear->id, sizeof(gear->id), "%s", id);
    gear->slot = (uint8_t)foot;
    gear->seed = seed;
    gear->recording = recording;
    gear->foot = foot;
    random_init(&gear->chance, seed, 400 + foot);
    recording_describe(recording, foot, id, (random_u64(&gear->chance) >> 1) | 1,
                       &gear->descriptor);
    gear->side = gear->descriptor.side;
    gear->end_s = (double)recording->samples_n / recording->rate_hz;
    if (!allocate(gear, options))
        return false;
    device_set_wear(&gear->device, STRIDE__V1__WEAR__WEAR_WORN);
    return true;
}

/* ---- when */

static double sample_s(const struct gear *gear, unsigned stream)
{
    uint64_t at = gear->sample_at[stream];
    if (gear->recording != NULL)
        return at < gear->recording->samples_n
                   ? (double)recording_time_us(gear->recording, at) * 1e-6
                   : (double)INFINITY;
    uint64_t us = gear->origin_us[stream] + at * gear->descriptor.streams[stream].period_us;
    double t_s = wearable_true_s(&gear->wearable, (double)us);
    return t_s < gear->end_s ? t_s : (double)INFINITY;
}

static bool concerns(const struct gear *gear, const struct script_event *event)
{
    if (event->verb == SCRIPT_REPORT)
        return gear->speaks;
    if (event->verb == SCRIPT_BELT)
        return gear->slot == GEAR_TREADMILL;
    return event->verb == SCRIPT_FAULT && (uint8_t)event->gear == gear->slot;
}

static const struct script_event *next_event(const struct gear *gear, unsigned *at)
{
    if (gear->script == NULL)
        return NULL;
    for (*at = gear->event_at; *at < gear->script->events_n; (*at)++)
        if (concerns(gear, &gear->script->events[*at]))
            return &gear->script->events[*at];
    return NULL;
}

static double next_sample_s(const struct gear *gear, unsigned *stream)
{
    double soonest_s = (double)INFINITY;
    for (unsigned i = 0; i < gear->descriptor.streams_n; i++) {
        double t_s = sample_s(gear, i);
        if (t_s < soonest_s) {
            soonest_s = t_s;
            *stream = i;
        }
    }
    return soonest_s;
}

double gear_next_s(const struct gear *gear)
{
    unsigned stream = 0, at;
    double soonest_s = next_sample_s(gear, &stream);
    const struct script_event *event = next_event(gear, &at);
    if (event != NULL)
        soonest_s = fmin(soonest_s, event->at_s);
    if (gear->offline_until_s > 0)
        soonest_s = fmin(soonest_s, gear->offline_until_s);
    if (isfinite(soonest_s))
        return soonest_s;
    return gear->ended ? (double)INFINITY : gear->end_s;
}

/* ---- what */

static void note(struct gear *gear, enum device_error error)
{
    if (error != DEVICE_OK)
        gear->failures++;
}

static void take_sample(struct gear *gear, unsigned stream, double t_s, uint64_t now_ms)
{
    float values[CHANNELS_MAX];
    uint64_t at = gear->sample_at[stream]++;
    if (gear->recording != NULL) {
        const struct recording *recording = gear->recording;
        const uint8_t *lost = recording->lost[gear->foot];
        if (lost != NULL && lost[at] != 0)
            return;
        note(gear,
             device_add_counts(&gear->device, 0, recording_time_us(recording, at),
                               recording->counts[gear->foot] + at * recording->channels_n, now_ms));
        return;
    }
    wearable_sample(&gear->wearable, stream, t_s, values);
    uint64_t us = gear->origin_us[stream] + at * gear->descriptor.streams[stream].period_us;
    if (!gear->silent && !gear->dead)
        note(gear, device_add_values(&gear->device, stream, us, values, now_ms));
}

static void flush(struct gear *gear, uint64_t now_ms)
{
    for (unsigned i = 0; i < gear->descriptor.streams_n; i++)
        if (!gear->dead)
            note(gear, device_flush(&gear->device, i, now_ms));
}

static enum gear_change start_anew(struct gear *gear, double now_s)
{
    Stride__V1__Wear wear = gear->device.wear;
    int8_t battery_pct = gear->device.battery_pct;
    wearable_reboot(&gear->wearable, gear->seed, ++gear->boots_n, now_s);
    gear->descriptor = gear->wearable.descriptor;
    gear->dead = gear->silent = false;
    note(gear, device_init(&gear->device, &gear->options));
    device_set_wear(&gear->device, wear);
    device_set_battery(&gear->device, battery_pct);
    align_samples(gear, now_s);
    return GEAR_STARTED;
}

static enum gear_change befall(struct gear *gear, const struct script_event *event, uint64_t now_ms)
{
    switch (event->fault) {
    case FAULT_SILENT:
        flush(gear, now_ms);
        gear->silent = true;
        break;
    case FAULT_DEAD:
        gear->dead = true;
        return GEAR_DIED;
    case FAULT_BACK:
        gear->silent = false;
        return gear->dead ? start_anew(gear, event->at_s) : GEAR_SAME;
    case FAULT_REBOOT:
        return start_anew(gear, event->at_s);
    case FAULT_CELL:
        gear->wearable.dead_cells |= 1u << (unsigned)event->amount;
        break;
    case FAULT_STUCK:
        wearable_stick(&gear->wearable, (unsigned)event->amount);
        break;
    case FAULT_CLOCK:
        flush(gear, now_ms);
        wearable_jump(&gear->wearable, event->amount);
        align_samples(gear, event->at_s);
        break;
    case FAULT_BATTERY:
        device_set_battery(&gear->device, (int)event->amount);
        break;
    case FAULT_NOT_WORN:
        device_set_wear(&gear->device, event->amount >= 0.5 ? STRIDE__V1__WEAR__WEAR_NOT_WORN
                                                            : STRIDE__V1__WEAR__WEAR_WORN);
        break;
    case FAULT_OFFLINE:
        gear->offline_until_s = event->at_s + event->amount;
        return GEAR_WENT_OFFLINE;
    case FAULT_LOSS:
        gear->faults.loss_pct = event->amount;
        break;
    case FAULT_DUPLICATE:
        gear->faults.duplicate_pct = event->amount;
        break;
    case FAULT_REORDER:
        gear->faults.reorder_pct = event->amount;
        break;
    case FAULT_DELAY:
        gear->faults.delay_ms = event->amount;
        break;
    }
    return GEAR_SAME;
}

/* What is pressed on the treadmill wins over what the hub asked for. */
static void set_belt(struct gear *gear, const struct script_event *event)
{
    gear->wearable.belt_obeys = event->second >= 0.5;
    gear->wearable.belt_most_mps = (double)INFINITY;
}

static void say(struct gear *gear, const struct script_event *event, uint64_t now_ms)
{
    struct wire_report report = event->report;
    report.t_us = (int64_t)wearable_device_us(&gear->wearable, event->at_s);
    if (!gear->dead && !gear->silent)
        note(gear, device_report(&gear->device, &report, now_ms));
}

static enum gear_change happen(struct gear *gear, const struct script_event *event, uint64_t now_ms)
{
    const bool belt = event->verb == SCRIPT_BELT;
    if (event->verb == SCRIPT_FAULT)
        return befall(gear, event, now_ms);
    if (belt)
        set_belt(gear, event);
    if (!belt || event->report.belt_status != STRIDE__V1__BELT_STATUS__BELT_STATUS_UNKNOWN)
        say(gear, event, now_ms);
    return GEAR_SAME;
}

enum gear_change gear_step(struct gear *gear, uint64_t now_ms)
{
    unsigned stream = 0, at;
    double sampled_s = next_sample_s(gear, &stream);
    const struct script_event *event = next_event(gear, &at);
    double happens_s = event != NULL ? event->at_s : (double)INFINITY;
    if (gear->offline_until_s > 0 && gear->offline_until_s <= fmin(sampled_s, happens_s)) {
        gear->offline_until_s = 0;
        return GEAR_SAME;
    }
    if (happens_s <= sampled_s && event != NULL) {
        gear->event_at = at + 1;
        return happen(gear, event, now_ms);
    }
    if (isfinite(sampled_s)) {
        take_sample(gear, stream, sampled_s, now_ms);
    } else if (!gear->ended) {
        flush(gear, now_ms);
        gear->ended = true;
    }
    return GEAR_SAME;
}
