#include <math.h>
#include <zlib.h>

#include "devices/play/recording.h"

enum { RATE_HZ = 300, CHUNK = 3 * 8192 };

/* WFDB format 212: two 12-bit two's complement samples in three bytes. */
static int32_t sign_extend(unsigned twelve)
{
    return (int32_t)twelve - ((twelve & 0x800) != 0 ? 0x1000 : 0);
}

static bool decode(const uint8_t *bytes, size_t size, int32_t *out, size_t *n)
{
    for (size_t i = 0; i + 3 <= size; i += 3) {
        if (*n + 2 > RECORDING_SAMPLES_MAX)
            return false;
        out[(*n)++] = sign_extend(bytes[i] | (bytes[i + 1] & 0x0fu) << 8);
        out[(*n)++] = sign_extend(bytes[i + 2] | (bytes[i + 1] & 0xf0u) << 4);
    }
    return true;
}

static bool fail(struct recording_error *error, const char *path, const char *why)
{
    snprintf(error->text, sizeof(error->text), "%.200s: %s", path, why);
    return false;
}

static bool read_signal(gzFile file, const char *path, int32_t **out, size_t *n,
                        struct recording_error *error)
{
    uint8_t chunk[CHUNK];
    size_t room = 0;
    int got;
    *n = 0;
    while ((got = gzread(file, chunk, sizeof(chunk))) > 0) {
        room += CHUNK / 3 * 2;
        int32_t *more = realloc(*out, room * sizeof(*more));
        if (more == NULL)
            return fail(error, path, "out of memory");
        *out = more;
        if (!decode(chunk, (size_t)got, *out, n))
            return fail(error, path, "longer than a recording may be");
        if (got % 3 == 1)
            return fail(error, path, "cut off: 12-bit samples come in threes of bytes");
    }
    if (got < 0)
        return fail(error, path, "the gzip data is damaged or cut off");
    return *n > 0 || fail(error, path, "empty");
}

static bool read_foot(const char *record, const char *suffix, int32_t **out, size_t *n,
                      struct recording_error *error)
{
    static const char *const endings[] = {"", ".gz"};
    char path[4096];
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (snprintf(path, sizeof(path), "%s%s%s", record, suffix, endings[i]) >= (int)sizeof(path))
            return fail(error, suffix, "the path is too long");
        gzFile file = gzopen(path, "rb");
        if (file == NULL)
            continue;
        bool ok = read_signal(file, path, out, n, error);
        (void)gzclose(file);
        return ok;
    }
    return fail(error, path, "cannot be opened; FILE is the record's path without .let.gz");
}

struct recording *recording_open_gaitndd(const char *path, struct recording_error *error)
{
    static const char *const suffixes[RECORDING_FEET] = {".let", ".rit"};
    struct recording *recording = calloc(1, sizeof(*recording));
    size_t n[RECORDING_FEET] = {0, 0};
    if (recording == NULL) {
        fail(error, path, "out of memory");
        return NULL;
    }
    for (unsigned foot = 0; foot < RECORDING_FEET; foot++) {
        if (!read_foot(path, suffixes[foot], &recording->counts[foot], &n[foot], error)) {
            recording_close(recording);
            return NULL;
        }
        recording->channels[foot][0] = (struct wire_channel){
            .quantity = STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE, .scale = 1, .range = NAN};
    }
    recording->samples_n = n[0] < n[1] ? n[0] : n[1];
    recording->rate_hz = RATE_HZ;
    recording->channels_n = 1;
    snprintf(recording->model, sizeof(recording->model), "gaitndd");
    return recording;
}
