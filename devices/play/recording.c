#include "devices/play/recording.h"

#include <math.h>

#include "devices/play/decimate.h"

static const struct recording_format formats[] = {
    {"gaitpdb", "a file", recording_open_gaitpdb},
    {"gaitndd", "a record's path without .let.gz", recording_open_gaitndd},
    {"oxford", "a folder with accelerometer.csv, or a user*.csv", recording_open_oxford},
    {"tug", "a *_sw.csv", recording_open_tug},
    {"umafall", "a *_wrist.csv", recording_open_umafall},
    {"ipol", "a record's path without _lf.txt.gz", recording_open_ipol},
    {"gaitmap", "imu_sample.csv", recording_open_gaitmap},
    {"armswing", "a *_wrist_gyro.csv", recording_open_armswing},
};

enum { FORMATS_N = sizeof(formats) / sizeof(formats[0]) };

const struct recording_format *recording_format_at(unsigned n)
{
    return n < FORMATS_N ? &formats[n] : NULL;
}

const struct recording_format *recording_format_find(const char *name)
{
    for (unsigned i = 0; i < FORMATS_N; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

unsigned recording_devices(const struct recording *recording)
{
    return recording->worn == RECORDING_WRIST ? 1 : RECORDING_FEET;
}

const char *recording_device_name(const struct recording *recording, unsigned device)
{
    static const char *const names[][RECORDING_FEET] = {
        [RECORDING_INSOLES] = {"left", "right"},
        [RECORDING_WRIST] = {"wrist", "wrist"},
        [RECORDING_WRISTS] = {"wrist-left", "wrist-right"},
    };
    return names[recording->worn][device];
}

void recording_close(struct recording *recording)
{
    if (recording == NULL)
        return;
    for (unsigned foot = 0; foot < RECORDING_FEET; foot++) {
        free(recording->counts[foot]);
        free(recording->lost[foot]);
    }
    free(recording);
}

/* The low-pass rounds to a 16th of a count: rounding to whole ones would move crossings. */
static int32_t *decimate_foot(const struct recording *recording, unsigned foot,
                              const struct decimator *decimator, size_t samples_n)
{
    unsigned channels_n = recording->channels_n;
    int32_t *out = calloc(samples_n * channels_n, sizeof(*out));
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < samples_n; i++)
        for (unsigned c = 0; c < channels_n; c++)
            out[i * channels_n + c] = (int32_t)lround(
                16 * decimator_at(decimator, recording->counts[foot] + c, recording->samples_n,
                                  channels_n, i * decimator->factor));
    return out;
}

bool recording_decimate(struct recording *recording, unsigned rate_hz,
                        struct recording_error *error)
{
    if (rate_hz == recording->rate_hz)
        return true;
    if (recording->lost[0] != NULL) {
        snprintf(error->text, sizeof(error->text),
                 "--rate %u: samples of this recording were lost, and what lay there is not known",
                 rate_hz);
        return false;
    }
    unsigned factor = rate_hz > 0 ? recording->rate_hz / rate_hz : 0;
    if (rate_hz == 0 || recording->rate_hz % rate_hz != 0 || factor > DECIMATE_FACTOR_MAX) {
        snprintf(error->text, sizeof(error->text),
                 "--rate %u: this recording has %u Hz, which can be divided by 2 to %d only",
                 rate_hz, recording->rate_hz, DECIMATE_FACTOR_MAX);
        return false;
    }
    struct decimator decimator;
    decimator_init(&decimator, factor);
    size_t samples_n = (recording->samples_n + factor - 1) / factor;
    unsigned devices_n = recording_devices(recording);
    int32_t *lowered[RECORDING_FEET];
    bool enough = true;
    for (unsigned foot = 0; foot < devices_n; foot++) {
        lowered[foot] = decimate_foot(recording, foot, &decimator, samples_n);
        enough = enough && lowered[foot] != NULL;
    }
    if (!enough) {
        for (unsigned foot = 0; foot < devices_n; foot++)
            free(lowered[foot]);
        snprintf(error->text, sizeof(error->text), "out of memory");
        return false;
    }
    for (unsigned foot = 0; foot < devices_n; foot++) {
        free(recording->counts[foot]);
        recording->counts[foot] = lowered[foot];
        for (unsigned c = 0; c < recording->channels_n; c++)
            recording->channels[foot][c].scale /= 16;
    }
    recording->samples_n = samples_n;
    recording->rate_hz = rate_hz;
    return true;
}

void recording_describe(const struct recording *recording, unsigned foot, const char *device,
                        uint64_t boot_id, struct wire_descriptor *out)
{
    memset(out, 0, sizeof(*out));
    snprintf(out->device, sizeof(out->device), "%s", device);
    snprintf(out->model, sizeof(out->model), "%s", recording->model);
    snprintf(out->firmware, sizeof(out->firmware), "%s", STRIDEHUB_VERSION);
    out->kind = recording->worn == RECORDING_INSOLES ? STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE
                                                     : STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST;
    /* Which arm a single one was on is not known, and no metric asks. */
    out->side = recording_devices(recording) == 1 ? STRIDE__V1__SIDE__SIDE_UNKNOWN
                : foot == 0                       ? STRIDE__V1__SIDE__SIDE_LEFT
                                                  : STRIDE__V1__SIDE__SIDE_RIGHT;
    out->boot_id = boot_id;
    out->streams_n = 1;
    out->streams[0] = (struct wire_stream){.period_us = 1000000 / recording->rate_hz,
                                           .channels_n = (uint8_t)recording->channels_n};
    memcpy(out->channels, recording->channels[foot],
           recording->channels_n * sizeof(out->channels[0]));
}

uint64_t recording_time_us(const struct recording *recording, size_t sample)
{
    return ((uint64_t)sample * 1000000 + recording->rate_hz / 2) / recording->rate_hz;
}
