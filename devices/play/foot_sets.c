/* The sets worn on the foot: gyroscopes and accelerometers, no force. How a sensor sat is part of
 * what is known of a set, and stated here once, as the descriptor wants it. */
#include <math.h>
#include <zlib.h>

#include "devices/play/recording.h"

enum { AXES = 6, LINE_SIZE = 512, COLUMNS_MAX = 13, GROW = 8192 };

/* SI a count: finer than what the sensors' 16 bits show at 16 g and 2000 deg/s. */
static const float scales[AXES] = {0.002f, 0.002f, 0.002f, 0.0005f, 0.0005f, 0.0005f};

struct table {
    const char *path; /* for messages */
    struct recording_error *error;
    unsigned line, columns_n;
    size_t n, room;
    double *values; /* row after row, columns_n each */
};

static bool fail(const struct table *table, const char *why)
{
    snprintf(table->error->text, sizeof(table->error->text), "%.200s:%u: %s", table->path,
             table->line, why);
    return false;
}

static bool read_row(struct table *table, const char *text, const char *separators)
{
    if (table->n == table->room) {
        table->room += GROW;
        double *more =
            table->room <= RECORDING_SAMPLES_MAX
                ? realloc(table->values, table->room * table->columns_n * sizeof(*table->values))
                : NULL;
        if (more == NULL)
            return fail(table, "longer than a recording may be");
        table->values = more;
    }
    double *row = table->values + table->n * table->columns_n;
    for (unsigned i = 0; i < table->columns_n; i++) {
        char *end;
        row[i] = strtod(text, &end);
        if (end == text || !(fabs(row[i]) < 1e7))
            return fail(table, "not the numbers of this set");
        text = end + strspn(end, separators);
    }
    table->n++;
    return true;
}

/* Rows of the first `columns_n` columns, after two lines of header. */
static bool read_lines(struct table *table, gzFile file, const char *separators)
{
    char line[LINE_SIZE];
    while (gzgets(file, line, sizeof(line)) != NULL) {
        table->line++;
        if (strchr(line, '\n') == NULL && !gzeof(file))
            return fail(table, "line too long");
        if (table->line > 2 && line[strspn(line, " \t\r\n")] != '\0' &&
            !read_row(table, line, separators))
            return false;
    }
    int code = Z_OK;
    (void)gzerror(file, &code);
    if (code != Z_OK && code != Z_STREAM_END)
        return fail(table, "the gzip data is damaged or cut off");
    return table->n > 1 || fail(table, "empty");
}

static bool read_table(struct table *table, const char *base, const char *suffix,
                       const char *separators, struct recording_error *error)
{
    static const char *const endings[] = {"", ".gz"};
    char path[4096];
    table->path = base;
    table->error = error;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (snprintf(path, sizeof(path), "%s%s%s", base, suffix, endings[i]) >= (int)sizeof(path))
            return fail(table, "the path is too long");
        gzFile file = gzopen(path, "rb");
        if (file == NULL)
            continue;
        table->path = path;
        bool ok = read_lines(table, file, separators);
        table->path = base;
        (void)gzclose(file);
        return ok;
    }
    snprintf(error->text, sizeof(error->text), "%.200s%s: cannot be opened", base, suffix);
    return false;
}

/* `signs`: does the sensor's x, y, z grow along the foot's forward, left, up (1) or against (-1)?
 */
static void describe(struct recording *recording, unsigned foot, const int signs[3])
{
    for (unsigned i = 0; i < AXES; i++)
        recording->channels[foot][i] =
            (struct wire_channel){.quantity = i < 3 ? STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION
                                                    : STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE,
                                  .axis = (STRIDE__V1__AXIS__AXIS_FORWARD + i % 3) & 3U,
                                  .scale = scales[i] * (float)signs[i % 3],
                                  .range = i < 3 ? 156.9f : 34.9f};
}

/* ---- ipol */

/* Row after row to a grid of the packet counter; what never came is marked lost. */
static bool place_packets(struct recording *recording, unsigned foot, const struct table *table)
{
    double last = table->values[(table->n - 1) * table->columns_n];
    if (!(last >= 0 && last < RECORDING_SAMPLES_MAX))
        return fail(table, "a packet counter that no recording reaches");
    size_t n = (size_t)last + 1;
    int32_t *counts = calloc(n * AXES, sizeof(*counts));
    uint8_t *lost = malloc(n);
    recording->counts[foot] = counts;
    recording->lost[foot] = lost;
    if (counts == NULL || lost == NULL)
        return fail(table, "out of memory");
    memset(lost, 1, n);
    double before = -1;
    for (size_t i = 0; i < table->n; i++) {
        const double *row = table->values + i * table->columns_n;
        if (!(row[0] > before && row[0] <= last))
            return fail(table, "the packet counter does not grow");
        before = row[0];
        size_t at = (size_t)row[0];
        lost[at] = 0;
        for (unsigned k = 0; k < AXES; k++)
            counts[at * AXES + k] = (int32_t)lround(row[1 + k] / (double)scales[k]);
    }
    recording->samples_n =
        foot == 0 || n < recording->samples_n ? n : recording->samples_n; /* what both have */
    return true;
}

struct recording *recording_open_ipol(const char *path, struct recording_error *error)
{
    static const char *const suffixes[RECORDING_FEET] = {"_lf.txt", "_rf.txt"};
    /* On the back of the foot, x up the slope to the ankle (at rest it shows +0.5 g), z out of the
     * foot, y to the right: the set's paper has the sagittal rate in y, positive in swing, which is
     * toes rising, against the axis to the left. */
    static const int signs[3] = {-1, -1, 1};
    struct recording *recording = calloc(1, sizeof(*recording));
    bool ok = recording != NULL;
    for (unsigned foot = 0; ok && foot < RECORDING_FEET; foot++) {
        struct table table = {.columns_n = 1 + AXES};
        ok = read_table(&table, path, suffixes[foot], "\t ", error) &&
             place_packets(recording, foot, &table);
        free(table.values);
        describe(recording, foot, signs);
    }
    if (!ok) {
        if (recording == NULL)
            snprintf(error->text, sizeof(error->text), "out of memory");
        recording_close(recording);
        return NULL;
    }
    recording->rate_hz = 100;
    recording->channels_n = AXES;
    snprintf(recording->model, sizeof(recording->model), "ipol");
    return recording;
}

/* ---- gaitmap */

static const double gaitmap_hz = 204.8;
enum { GAITMAP_RATE_HZ = 200, SINC_HALF = 12 };

/* Value of a column between rows: a sinc that ends at 200 Hz's own Nyquist frequency, under a
 * raised cosine. */
static double between(const struct table *table, unsigned column, double at)
{
    const double pi = 3.14159265358979323846, cut = GAITMAP_RATE_HZ / gaitmap_hz;
    double sum = 0, weights = 0;
    for (long i = lround(floor(at)) - SINC_HALF + 1; i <= lround(floor(at)) + SINC_HALF; i++) {
        double x = at - (double)i, y = pi * cut * x;
        double weight = (fabs(y) < 1e-9 ? 1 : sin(y) / y) * (1 + cos(pi * x / (SINC_HALF + 1)));
        long row = i < 0 ? 0 : i >= (long)table->n ? (long)table->n - 1 : i;
        sum += weight * table->values[(size_t)row * table->columns_n + column];
        weights += weight;
    }
    return sum / weights;
}

static bool resample(struct recording *recording, unsigned foot, const struct table *table)
{
    const double degree = 3.14159265358979323846 / 180;
    int32_t *counts = calloc(recording->samples_n * AXES, sizeof(*counts));
    recording->counts[foot] = counts;
    if (counts == NULL)
        return fail(table, "out of memory");
    for (size_t i = 0; i < recording->samples_n; i++)
        for (unsigned k = 0; k < AXES; k++) {
            double value =
                between(table, 1 + 2 * k + foot, (double)i * gaitmap_hz / GAITMAP_RATE_HZ);
            value *= k < 3 ? 1 : degree;
            counts[i * AXES + k] = (int32_t)lround(value / (double)scales[k]);
        }
    return true;
}

struct recording *recording_open_gaitmap(const char *path, struct recording_error *error)
{
    /* The set is published turned into the foot's frame: x to the toes, y to the left, z up. */
    static const int signs[3] = {1, 1, 1};
    struct table table = {.columns_n = 1 + 2 * AXES};
    struct recording *recording = calloc(1, sizeof(*recording));
    bool ok = recording != NULL && read_table(&table, path, "", ",", error);
    if (ok) {
        recording->rate_hz = GAITMAP_RATE_HZ;
        recording->channels_n = AXES;
        recording->samples_n = (size_t)((double)(table.n - 1) * GAITMAP_RATE_HZ / gaitmap_hz) + 1;
        snprintf(recording->model, sizeof(recording->model), "gaitmap");
    }
    for (unsigned foot = 0; ok && foot < RECORDING_FEET; foot++) {
        describe(recording, foot, signs);
        ok = resample(recording, foot, &table);
    }
    free(table.values);
    if (ok)
        return recording;
    if (recording == NULL)
        snprintf(error->text, sizeof(error->text), "out of memory");
    recording_close(recording);
    return NULL;
}
