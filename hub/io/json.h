/* JSON: a small writer into caller's memory, and a reader for untrusted text.
 *
 * The writer escapes, keeps track of commas, and leaves absent values out: NAN and infinity write
 * nothing, since absence is not a zero (rule book 6). Pure, any thread.
 * The reader lets SQLite's JSON functions do the parsing, on a private connection without a file;
 * text and path are bound, never pasted. One reader per thread. */
#ifndef STRIDE_HUB_IO_JSON_H
#define STRIDE_HUB_IO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 12 };

struct json_writer {
    char *out;
    size_t size, used;
    bool overflow;
    uint8_t depth;
    bool filled[JSON_DEPTH_MAX + 1]; /* this level has a member already: a comma comes first */
};

/* `out` has `size` bytes and stays the caller's. */
void json_begin(struct json_writer *writer, char *out, size_t size);
/* Length of the NUL-terminated text, or 0 when it did not fit. */
size_t json_end(struct json_writer *writer);

/* `key` NULL inside arrays and at the top. */
void json_object(struct json_writer *writer, const char *key);
void json_object_end(struct json_writer *writer);
void json_array(struct json_writer *writer, const char *key);
void json_array_end(struct json_writer *writer);
void json_string(struct json_writer *writer, const char *key, const char *value);
/* Nothing when `value` is NULL or empty. */
void json_string_if(struct json_writer *writer, const char *key, const char *value);
void json_integer(struct json_writer *writer, const char *key, int64_t value);
void json_bool(struct json_writer *writer, const char *key, bool value);
/* Rounded to `decimals`; nothing when not finite. */
void json_number(struct json_writer *writer, const char *key, double value, int decimals);

struct json_reader;
struct json_reader *json_reader_open(void); /* NULL: no memory */
void json_reader_close(struct json_reader *reader);
/* Parses nothing yet; false unless `text` is valid JSON. The text is borrowed until the next load.
 */
bool json_load(struct json_reader *reader, const char *text, size_t size);
/* `path` as in "$.alert"; false unless it is a string without NUL that fits. */
bool json_get_string(struct json_reader *reader, const char *path, char *out, size_t size);
/* NAN when absent or not a number. */
double json_get_number(struct json_reader *reader, const char *path);
/* Members of the array at `path`; 0 when there is none. */
int json_get_length(struct json_reader *reader, const char *path);
/* Every leaf with its full path, in document order. */
void json_each_leaf(struct json_reader *reader,
                    void (*leaf)(void *context, const char *path, const char *value),
                    void *context);

#endif
