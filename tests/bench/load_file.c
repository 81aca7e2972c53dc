#include "tests/bench/load_file.h"

#include "proto/topic.h"

static const char magic[8] = "STRIDEL1";

struct reader {
    const uint8_t *at, *end;
    bool failed;
};

static const uint8_t *take(struct reader *reader, size_t size)
{
    if (reader->failed || (size_t)(reader->end - reader->at) < size) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *start = reader->at;
    reader->at += size;
    return start;
}

static uint32_t take_number(struct reader *reader, size_t size)
{
    const uint8_t *bytes = take(reader, size);
    uint32_t value = 0;
    for (size_t i = 0; bytes && i < size; i++)
        value |= (uint32_t)bytes[i] << (8 * i);
    return value;
}

static struct load_bytes take_bytes(struct reader *reader)
{
    struct load_bytes out = {.size = (uint16_t)take_number(reader, 2)};
    out.bytes = take(reader, out.size);
    return out;
}

/* An array of `n` things, each of which takes at least one byte of the file. */
static void *take_array(struct reader *reader, uint32_t n, size_t size)
{
    if (reader->failed || n > (size_t)(reader->end - reader->at)) {
        reader->failed = true;
        return NULL;
    }
    void *array = calloc(n ? n : 1, size);
    reader->failed = !array;
    return array;
}

static void take_walk(struct reader *reader, struct load_walk *walk)
{
    walk->frames_n = take_number(reader, 4);
    walk->frames = take_array(reader, walk->frames_n, sizeof *walk->frames);
    for (uint32_t i = 0; !reader->failed && i < walk->frames_n; i++)
        walk->frames[i] = take_bytes(reader);
}

static void take_device(struct reader *reader, struct load_device *device, uint32_t walks_n)
{
    uint32_t size = take_number(reader, 1);
    const uint8_t *id = take(reader, size);
    if (!id || size > ID_LENGTH_MAX) {
        reader->failed = true;
        return;
    }
    memcpy(device->id, id, size);
    device->hello = take_bytes(reader);
    device->walk = take_number(reader, 4);
    device->start_round = take_number(reader, 4);
    device->wearer = take_number(reader, 4);
    if (device->walk >= walks_n || !topic_id_valid(device->id))
        reader->failed = true;
}

static bool parse(struct load_file *file)
{
    struct reader reader = {file->text, file->text + file->text_size, false};
    const uint8_t *head = take(&reader, sizeof magic);
    if (!head || memcmp(head, magic, sizeof magic) != 0)
        return false;
    file->walks_n = take_number(&reader, 4);
    file->walks = take_array(&reader, file->walks_n, sizeof *file->walks);
    for (uint32_t i = 0; !reader.failed && i < file->walks_n; i++)
        take_walk(&reader, &file->walks[i]);
    file->devices_n = take_number(&reader, 4);
    file->devices = take_array(&reader, file->devices_n, sizeof *file->devices);
    for (uint32_t i = 0; !reader.failed && i < file->devices_n; i++)
        take_device(&reader, &file->devices[i], file->walks_n);
    return !reader.failed && reader.at == reader.end;
}

static bool read_all(struct load_file *file, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return false;
    long size = -1;
    if (fseek(in, 0, SEEK_END) == 0 && (size = ftell(in)) > 0 && fseek(in, 0, SEEK_SET) == 0) {
        file->text_size = (size_t)size;
        file->text = malloc(file->text_size);
    }
    bool read = file->text && fread(file->text, 1, file->text_size, in) == file->text_size;
    (void)fclose(in);
    return read;
}

bool load_file_open(struct load_file *file, const char *path)
{
    *file = (struct load_file){0};
    if (read_all(file, path) && parse(file))
        return true;
    fprintf(stderr, "%s: cannot be read, or is not a load file\n", path);
    load_file_close(file);
    return false;
}

void load_file_close(struct load_file *file)
{
    for (uint32_t i = 0; file->walks && i < file->walks_n; i++)
        free(file->walks[i].frames);
    free(file->walks);
    free(file->devices);
    free(file->text);
    *file = (struct load_file){0};
}
