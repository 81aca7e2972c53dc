#include <math.h>
#include <zlib.h>

#include "devices/play/recording.h"

enum { CELLS = 8, COLUMNS = 19, LINE_SIZE = 512, GROW = 16384, RATE_HZ = 100 };

/* format.txt of the set: x 300 medial to 700 lateral, y -800 heel to 800 toes, in arbitrary units;
 * drawn here on an insole of 260 mm. */
static const struct {
    int x, y;
} cells[CELLS] = {{500, -800}, {700, -400}, {300, -400}, {700, 0},
                  {300, 0},    {700, 400},  {300, 400},  {500, 800}};

struct reader {
    const char *path;
    struct recording_error *error;
    unsigned line;
    size_t room;
    struct recording *recording;
};

static bool fail(const struct reader *reader, const char *why)
{
    snprintf(reader->error->text, sizeof(reader->error->text), "%s:%u: %s", reader->path,
             reader->line, why);
    return false;
}

static void describe_cells(struct recording *recording)
{
    for (unsigned foot = 0; foot < RECORDING_FEET; foot++)
        for (unsigned c = 0; c < CELLS; c++)
            recording->channels[foot][c] =
                (struct wire_channel){.quantity = STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE,
                                      .has_place = true,
                                      .scale = 0.01f,
                                      .range = NAN,
                                      .forward_mm = (int16_t)(130 + cells[c].y * 110 / 800),
                                      .lateral_mm = (int8_t)((cells[c].x - 500) * 30 / 200)};
}

static bool grow(struct reader *reader)
{
    struct recording *recording = reader->recording;
    if (recording->samples_n < reader->room)
        return true;
    if (reader->room >= RECORDING_SAMPLES_MAX)
        return fail(reader, "longer than a recording may be");
    reader->room += GROW;
    for (unsigned foot = 0; foot < RECORDING_FEET; foot++) {
        int32_t *more = realloc(recording->counts[foot], reader->room * CELLS * sizeof(*more));
        if (more == NULL)
            return fail(reader, "out of memory");
        recording->counts[foot] = more;
    }
    return true;
}

/* Time, 8 cells left, 8 right, two totals. */
static bool read_line(struct reader *reader, const char *line)
{
    double columns[COLUMNS];
    const char *at = line;
    for (unsigned i = 0; i < COLUMNS; i++) {
        char *end;
        columns[i] = strtod(at, &end);
        if (end == at)
            return fail(reader, "not 19 numbers");
        if (!(fabs(columns[i]) < 1e6))
            return fail(reader, "a number that no insole shows");
        at = end;
    }
    if (at[strspn(at, " \t\r\n")] != '\0')
        return fail(reader, "more than 19 columns");
    if (!grow(reader))
        return false;
    struct recording *recording = reader->recording;
    for (unsigned foot = 0; foot < RECORDING_FEET; foot++)
        for (unsigned c = 0; c < CELLS; c++)
            recording->counts[foot][recording->samples_n * CELLS + c] =
                (int32_t)lround(columns[1 + foot * CELLS + c] * 100);
    recording->samples_n++;
    return true;
}

static bool read_all(struct reader *reader, gzFile file)
{
    char line[LINE_SIZE];
    while (gzgets(file, line, sizeof(line)) != NULL) {
        reader->line++;
        if (strchr(line, '\n') == NULL && !gzeof(file))
            return fail(reader, "line too long");
        if (line[strspn(line, " \t\r\n\x1a")] != '\0' && !read_line(reader, line))
            return false;
    }
    int code = Z_OK;
    (void)gzerror(file, &code);
    if (code != Z_OK && code != Z_STREAM_END)
        return fail(reader, "the gzip data is damaged or cut off");
    return reader->recording->samples_n > 0 || fail(reader, "empty");
}

struct recording *recording_open_gaitpdb(const char *path, struct recording_error *error)
{
    struct reader reader = {.path = path, .error = error};
    gzFile file = gzopen(path, "rb");
    if (file == NULL) {
        snprintf(error->text, sizeof(error->text), "%s: cannot be opened", path);
        return NULL;
    }
    struct recording *recording = calloc(1, sizeof(*recording));
    reader.recording = recording;
    bool ok = recording != NULL && read_all(&reader, file);
    (void)gzclose(file);
    if (!ok) {
        if (recording == NULL)
            fail(&reader, "out of memory");
        recording_close(recording);
        return NULL;
    }
    recording->rate_hz = RATE_HZ;
    recording->channels_n = CELLS;
    snprintf(recording->model, sizeof(recording->model), "gaitpdb");
    describe_cells(recording);
    return recording;
}
