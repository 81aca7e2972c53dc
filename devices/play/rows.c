#include "devices/play/rows.h"

#include <math.h>
#include <zlib.h>

enum { LINE_SIZE = 1024, GROW = 16384 };

struct reader {
    const char *path;
    struct recording_error *error;
    const struct rows_layout *layout;
    struct rows *rows;
    unsigned line;
    size_t room;
    double start;
};

static bool fail(const struct reader *reader, const char *why)
{
    snprintf(reader->error->text, sizeof(reader->error->text), "%.200s:%u: %s", reader->path,
             reader->line, why);
    return false;
}

static bool grow(struct reader *reader)
{
    struct rows *rows = reader->rows;
    if (rows->n < reader->room)
        return true;
    if (reader->room >= RECORDING_SAMPLES_MAX)
        return fail(reader, "longer than a recording may be");
    reader->room += GROW;
    double *at_s = realloc(rows->at_s, reader->room * sizeof(*at_s));
    if (at_s != NULL)
        rows->at_s = at_s;
    float *values = realloc(rows->values, reader->room * rows->columns_n * sizeof(*values));
    if (values != NULL)
        rows->values = values;
    return (at_s != NULL && values != NULL) || fail(reader, "out of memory");
}

/* Start of column `column` of the line; NULL when there are not that many. */
static const char *column_at(const char *line, unsigned column)
{
    for (; column > 0; column--) {
        line = strchr(line, ',');
        if (line == NULL)
            return NULL;
        line++;
    }
    return line;
}

static bool read_number(const char *at, double *out)
{
    char *end;
    if (at == NULL)
        return false;
    *out = strtod(at, &end);
    end += strspn(end, " \t\r\n");
    return end != at && (*end == '\0' || *end == ',') && fabs(*out) < 1e18;
}

static bool is_empty(const char *at)
{
    return at != NULL && (at[0] == ',' || at[strspn(at, " \t\r\n")] == '\0');
}

static bool read_line(struct reader *reader, const char *line)
{
    const struct rows_layout *layout = reader->layout;
    struct rows *rows = reader->rows;
    double time, value;
    if (!read_number(column_at(line, layout->time_column), &time))
        return fail(reader, "no time in its column");
    if (!grow(reader))
        return false;
    if (rows->n == 0)
        reader->start = time;
    rows->at_s[rows->n] = (time - reader->start) * layout->time_scale;
    if (rows->n > 0 && rows->at_s[rows->n] < rows->at_s[rows->n - 1])
        return fail(reader, "time goes back");
    float *row = rows->values + rows->n * rows->columns_n;
    for (unsigned i = 0; i < rows->columns_n; i++) {
        const char *at = column_at(line, layout->columns[i]);
        if (i + layout->optional_n >= rows->columns_n && is_empty(at)) {
            row[i] = rows->n > 0 ? row[(ptrdiff_t)i - (ptrdiff_t)rows->columns_n] : 0;
            continue;
        }
        if (!read_number(at, &value) || !(fabs(value * layout->scales[i]) < 1e5))
            return fail(reader, "a column that is no number, or one that no sensor shows");
        row[i] = (float)(value * layout->scales[i]);
    }
    rows->n++;
    return true;
}

static bool read_all(struct reader *reader, gzFile file)
{
    char line[LINE_SIZE];
    while (gzgets(file, line, sizeof(line)) != NULL) {
        reader->line++;
        if (strchr(line, '\n') == NULL && !gzeof(file))
            return fail(reader, "line too long");
        if (reader->line > reader->layout->header_lines && line[strspn(line, " \t\r\n")] != '\0' &&
            !read_line(reader, line))
            return false;
    }
    int code = Z_OK;
    (void)gzerror(file, &code);
    if (code != Z_OK && code != Z_STREAM_END)
        return fail(reader, "the gzip data is damaged or cut off");
    return reader->rows->n > 1 || fail(reader, "less than two rows");
}

bool rows_read(const char *path, const struct rows_layout *layout, struct rows *out,
               struct recording_error *error)
{
    struct reader reader = {.path = path, .error = error, .layout = layout, .rows = out};
    *out = (struct rows){.columns_n = layout->columns_n};
    gzFile file = gzopen(path, "rb");
    if (file == NULL) {
        snprintf(error->text, sizeof(error->text), "%.280s: cannot be opened", path);
        return false;
    }
    bool ok = read_all(&reader, file);
    (void)gzclose(file);
    if (!ok)
        rows_close(out);
    return ok;
}

void rows_close(struct rows *rows)
{
    free(rows->at_s);
    free(rows->values);
    *rows = (struct rows){0};
}

/* ---- counts ---- */

/* Integral of the line through the rows of one column from the first row's time, walked forward. */
struct integral {
    const struct rows *rows;
    unsigned column;
    size_t row; /* the line goes from this row to the next */
    double sum; /* up to it */
};

static double value_at(const struct integral *integral, size_t row)
{
    return (double)integral->rows->values[row * integral->rows->columns_n + integral->column];
}

/* `at_s` does not fall from call to call; beyond the ends the first and last value go on. */
static double integral_to(struct integral *integral, double at_s)
{
    const double *times = integral->rows->at_s;
    if (at_s < times[0])
        return (at_s - times[0]) * value_at(integral, 0);
    while (integral->row + 1 < integral->rows->n && times[integral->row + 1] <= at_s) {
        double width = times[integral->row + 1] - times[integral->row];
        integral->sum +=
            width * 0.5 *
            (value_at(integral, integral->row) + value_at(integral, integral->row + 1));
        integral->row++;
    }
    double from = value_at(integral, integral->row), into_s = at_s - times[integral->row];
    if (integral->row + 1 == integral->rows->n)
        return integral->sum + into_s * from;
    double width = times[integral->row + 1] - times[integral->row];
    double to = from + (value_at(integral, integral->row + 1) - from) * into_s / width;
    return integral->sum + into_s * 0.5 * (from + to);
}

int32_t *rows_resample(const struct rows *rows, unsigned first, unsigned columns_n,
                       const float *scales, unsigned rate_hz, size_t *samples_n)
{
    size_t n = (size_t)floor(rows->at_s[rows->n - 1] * rate_hz) + 1;
    double half_s = 0.5 / rate_hz;
    int32_t *counts = n <= RECORDING_SAMPLES_MAX ? calloc(n * columns_n, sizeof(*counts)) : NULL;
    for (unsigned c = 0; counts != NULL && c < columns_n; c++) {
        struct integral integral = {.rows = rows, .column = first + c};
        double before = integral_to(&integral, -half_s);
        for (size_t i = 0; i < n; i++) {
            double behind = integral_to(&integral, (double)i / rate_hz + half_s);
            counts[i * columns_n + c] =
                (int32_t)lround((behind - before) * rate_hz / fabs((double)scales[c]));
            before = behind;
        }
    }
    *samples_n = n;
    return counts;
}

int32_t *rows_counts(const struct rows *rows, unsigned first, unsigned columns_n,
                     const float *scales)
{
    int32_t *counts = calloc(rows->n * columns_n, sizeof(*counts));
    for (size_t i = 0; counts != NULL && i < rows->n; i++)
        for (unsigned c = 0; c < columns_n; c++)
            counts[i * columns_n + c] =
                (int32_t)lroundf(rows->values[i * rows->columns_n + first + c] / fabsf(scales[c]));
    return counts;
}
