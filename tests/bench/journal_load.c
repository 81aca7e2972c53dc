#include "tests/bench/journal_load.h"

#include <errno.h>

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    uint8_t *bytes = NULL;
    long length = -1;
    if (fseek(file, 0, SEEK_END) == 0 && (length = ftell(file)) > 0 &&
        fseek(file, 0, SEEK_SET) == 0)
        bytes = malloc((size_t)length);
    if (bytes && fread(bytes, 1, (size_t)length, file) != (size_t)length) {
        free(bytes);
        bytes = NULL;
    }
    (void)fclose(file);
    *size = bytes ? (size_t)length : 0;
    return bytes;
}

static bool grow(struct journal_load *journal, size_t *room)
{
    if (journal->inputs_n < *room)
        return true;
    size_t more = *room ? 2 * *room : 4096;
    struct input *inputs = realloc(journal->inputs, more * sizeof *inputs);
    if (!inputs)
        return false;
    journal->inputs = inputs;
    *room = more;
    return true;
}

static enum journal_error read_rows(struct journal_load *journal, size_t size)
{
    enum journal_error error = journal_read_head(journal->bytes, size);
    size_t room = 0;
    for (size_t at = JOURNAL_HEAD_SIZE; error == JOURNAL_OK && at < size;) {
        if (!grow(journal, &room))
            return JOURNAL_SHORT;
        size_t used = 0;
        const struct input *previous =
            journal->inputs_n ? &journal->inputs[journal->inputs_n - 1] : NULL;
        error = journal_read_row(journal->bytes + at, size - at, previous,
                                 &journal->inputs[journal->inputs_n], &used);
        journal->inputs_n += error == JOURNAL_OK;
        at += used;
    }
    return error;
}

bool journal_load_open(struct journal_load *journal, const char *path)
{
    *journal = (struct journal_load){0};
    size_t size;
    journal->bytes = read_file(path, &size);
    if (!journal->bytes) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    enum journal_error error = read_rows(journal, size);
    if (error == JOURNAL_OK)
        return true;
    fprintf(stderr, "%s: row %zu: %s\n", path, journal->inputs_n + 1, journal_error_text(error));
    journal_load_close(journal);
    return false;
}

void journal_load_close(struct journal_load *journal)
{
    free(journal->inputs);
    free(journal->bytes);
    *journal = (struct journal_load){0};
}
