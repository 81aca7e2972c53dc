/* The sets worn at the wrist, or carried as if. How a sensor sat is part of what is known of a set,
 * and stated here once, as the descriptor wants it: `forward` = elbow to hand, `up` = out of the
 * watch face. */
#include <math.h>
#include <sys/stat.h>

#include "devices/play/rows.h"

#define DEGREES (3.14159265358979 / 180)
#define GRAVITY 9.80665

static const float acceleration_scale = 0.001f, rate_scale = 0.0005f; /* SI a count */

enum { FORWARD = STRIDE__V1__AXIS__AXIS_FORWARD, LEFT = STRIDE__V1__AXIS__AXIS_LEFT };
enum { UP = STRIDE__V1__AXIS__AXIS_UP };

/* Which axis of the forearm x, y and z of a sensor lie along, and the sign. */
struct seat {
    int axis[3], sign[3];
};

/* A phone held before the wearer or on the arm: y to its upper end, z out of the screen. */
static const struct seat phone_seat = {{LEFT, FORWARD, UP}, {-1, 1, 1}};
/* A watch on the left wrist, crown to the hand: x to 3 o'clock, y to 12, z out of the face. (The
 * set turns the watch in some people; its `orientation` is not read.) The wrist sensors of UMAFall
 * and of the arm swing set are called the same; how they sat is not known, so only lengths, turns
 * and the range of swing mean something. */
static const struct seat watch_seat = {{FORWARD, LEFT, UP}, {1, 1, 1}};

static struct recording *start(struct rows *rows, struct recording_error *error, const char *model,
                               enum recording_worn worn, unsigned channels_n)
{
    struct recording *recording = calloc(1, sizeof(*recording));
    if (recording == NULL) {
        snprintf(error->text, sizeof(error->text), "out of memory");
        rows_close(rows);
        return NULL;
    }
    recording->worn = worn;
    recording->channels_n = channels_n;
    snprintf(recording->model, sizeof(recording->model), "%s", model);
    return recording;
}

static void describe(struct recording *recording, unsigned device, unsigned first,
                     Stride__V1__Quantity quantity, const struct seat *seat)
{
    bool rate = quantity == STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE;
    float scale = rate ? rate_scale : acceleration_scale;
    for (unsigned i = 0; i < 3; i++)
        recording->channels[device][first + i] =
            (struct wire_channel){.quantity = (unsigned)quantity & 31U,
                                  .axis = (unsigned)seat->axis[i] & 3U,
                                  .scale = (float)seat->sign[i] * scale,
                                  .range = NAN};
}

static void scales_of(const struct recording *recording, float out[RECORDING_CHANNELS_MAX])
{
    for (unsigned i = 0; i < recording->channels_n; i++)
        out[i] = recording->channels[0][i].scale;
}

static struct recording *finish(struct recording *recording, struct rows *rows,
                                struct recording_error *error)
{
    rows_close(rows);
    for (unsigned i = 0; i < recording_devices(recording); i++)
        if (recording->counts[i] == NULL) {
            snprintf(error->text, sizeof(error->text), "out of memory");
            recording_close(recording);
            return NULL;
        }
    return recording;
}

/* One device at 100 Hz, whatever the times of its rows. */
static struct recording *at_100_hz(struct rows *rows, const char *model, const struct seat *seat,
                                   bool with_rate, struct recording_error *error)
{
    float scales[RECORDING_CHANNELS_MAX];
    struct recording *recording = start(rows, error, model, RECORDING_WRIST, with_rate ? 6 : 3);
    if (recording == NULL)
        return NULL;
    describe(recording, 0, 0, STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION, seat);
    if (with_rate)
        describe(recording, 0, 3, STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE, seat);
    scales_of(recording, scales);
    recording->rate_hz = 100;
    recording->counts[0] =
        rows_resample(rows, 0, recording->channels_n, scales, 100, &recording->samples_n);
    return finish(recording, rows, error);
}

struct recording *recording_open_oxford(const char *path, struct recording_error *error)
{
    static const char *const files[] = {"/accelerometer.csv.gz", "/accelerometer.csv"};
    static const struct rows_layout folder = {
        .time_scale = 1e-9, .columns_n = 3, .columns = {2, 3, 4}, .scales = {1, 1, 1}};
    static const struct rows_layout user = {
        .time_scale = 1e-9, .columns_n = 3, .columns = {1, 2, 3}, .scales = {1, 1, 1}};
    struct rows rows;
    char inside[4096];
    for (unsigned i = 0; i < 2; i++) {
        FILE *file;
        if (snprintf(inside, sizeof(inside), "%s%s", path, files[i]) >= (int)sizeof(inside) ||
            (file = fopen(inside, "rb")) == NULL)
            continue;
        (void)fclose(file);
        return rows_read(inside, &folder, &rows, error)
                   ? at_100_hz(&rows, "oxford", &phone_seat, false, error)
                   : NULL;
    }
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        snprintf(error->text, sizeof(error->text), "%.250s: no accelerometer.csv in it", path);
        return NULL;
    }
    return rows_read(path, &user, &rows, error)
               ? at_100_hz(&rows, "oxford", &phone_seat, false, error)
               : NULL;
}

struct recording *recording_open_tug(const char *path, struct recording_error *error)
{
    static const struct rows_layout layout = {.header_lines = 1,
                                              .time_column = 6,
                                              .time_scale = 1e-3,
                                              .columns_n = 6,
                                              .columns = {0, 1, 2, 3, 4, 5},
                                              .scales = {1, 1, 1, 1, 1, 1}};
    struct rows rows;
    return rows_read(path, &layout, &rows, error)
               ? at_100_hz(&rows, "tug", &watch_seat, true, error)
               : NULL;
}

/* The times of UMAFall are those of arrival at a phone, in bursts; the sensor sampled at 20 Hz, and
 * the number of a row is its clock. */
struct recording *recording_open_umafall(const char *path, struct recording_error *error)
{
    static const struct rows_layout layout = {
        .header_lines = 1,
        .time_column = 1,
        .time_scale = 0.05,
        .columns_n = 6,
        .columns = {2, 3, 4, 5, 6, 7},
        .scales = {GRAVITY, GRAVITY, GRAVITY, DEGREES, DEGREES, DEGREES},
        .optional_n = 3};
    float scales[RECORDING_CHANNELS_MAX];
    struct rows rows;
    if (!rows_read(path, &layout, &rows, error))
        return NULL;
    struct recording *recording = start(&rows, error, "umafall", RECORDING_WRIST, 6);
    if (recording == NULL)
        return NULL;
    describe(recording, 0, 0, STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION, &watch_seat);
    describe(recording, 0, 3, STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE, &watch_seat);
    scales_of(recording, scales);
    recording->rate_hz = 20;
    recording->samples_n = rows.n;
    recording->counts[0] = rows_counts(&rows, 0, 6, scales);
    return finish(recording, &rows, error);
}

struct recording *recording_open_armswing(const char *path, struct recording_error *error)
{
    static const struct rows_layout layout = {.header_lines = 1,
                                              .time_scale = 1,
                                              .columns_n = 6,
                                              .columns = {1, 2, 3, 4, 5, 6},
                                              .scales = {1, 1, 1, 1, 1, 1}};
    float scales[RECORDING_CHANNELS_MAX];
    struct rows rows;
    if (!rows_read(path, &layout, &rows, error))
        return NULL;
    struct recording *recording = start(&rows, error, "armswing", RECORDING_WRISTS, 3);
    if (recording == NULL)
        return NULL;
    recording->rate_hz = 200;
    recording->samples_n = rows.n;
    for (unsigned i = 0; i < 2; i++) {
        describe(recording, i, 0, STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE, &watch_seat);
        scales_of(recording, scales);
        recording->counts[i] = rows_counts(&rows, 3 * i, 3, scales);
    }
    return finish(recording, &rows, error);
}
