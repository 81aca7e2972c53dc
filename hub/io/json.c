#include "hub/io/json.h"

#include <assert.h>
#include <math.h>

static void append(struct json_writer *writer, const char *text, size_t length)
{
    if (writer->overflow || length >= writer->size - writer->used) {
        writer->overflow = true;
        return;
    }
    memcpy(writer->out + writer->used, text, length);
    writer->used += length;
    writer->out[writer->used] = '\0';
}

void json_begin(struct json_writer *writer, char *out, size_t size)
{
    assert(size > 0);
    *writer = (struct json_writer){.out = out, .size = size};
    out[0] = '\0';
}

size_t json_end(struct json_writer *writer)
{
    assert(writer->depth == 0);
    if (writer->overflow)
        writer->out[0] = '\0';
    return writer->overflow ? 0 : writer->used;
}

/* Bytes above 0x7f pass: texts are checked to be UTF-8 where they come in. */
static void quoted(struct json_writer *writer, const char *text)
{
    append(writer, "\"", 1);
    for (const char *c = text; *c != '\0'; c++) {
        char escaped[8];
        if (*c == '"' || *c == '\\')
            snprintf(escaped, sizeof(escaped), "\\%c", *c);
        else if ((unsigned char)*c < ' ' || *c == 0x7f)
            snprintf(escaped, sizeof(escaped), "\\u%04x", (unsigned char)*c);
        else
            snprintf(escaped, sizeof(escaped), "%c", *c);
        append(writer, escaped, strlen(escaped));
    }
    append(writer, "\"", 1);
}

static void member(struct json_writer *writer, const char *key)
{
    if (writer->filled[writer->depth])
        append(writer, ",", 1);
    writer->filled[writer->depth] = true;
    if (key != NULL) {
        quoted(writer, key);
        append(writer, ":", 1);
    }
}

static void open_level(struct json_writer *writer, const char *key, const char *bracket)
{
    member(writer, key);
    append(writer, bracket, 1);
    assert(writer->depth < JSON_DEPTH_MAX);
    writer->filled[++writer->depth] = false;
}

static void close_level(struct json_writer *writer, const char *bracket)
{
    assert(writer->depth > 0);
    writer->depth--;
    append(writer, bracket, 1);
}

void json_object(struct json_writer *writer, const char *key)
{
    open_level(writer, key, "{");
}

void json_object_end(struct json_writer *writer)
{
    close_level(writer, "}");
}

void json_array(struct json_writer *writer, const char *key)
{
    open_level(writer, key, "[");
}

void json_array_end(struct json_writer *writer)
{
    close_level(writer, "]");
}

void json_string(struct json_writer *writer, const char *key, const char *value)
{
    member(writer, key);
    quoted(writer, value);
}

void json_string_if(struct json_writer *writer, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0')
        json_string(writer, key, value);
}

void json_integer(struct json_writer *writer, const char *key, int64_t value)
{
    char text[24];
    const int length = snprintf(text, sizeof(text), "%lld", (long long)value);
    member(writer, key);
    append(writer, text, (size_t)length);
}

void json_bool(struct json_writer *writer, const char *key, bool value)
{
    member(writer, key);
    append(writer, value ? "true" : "false", value ? 4 : 5);
}

void json_number(struct json_writer *writer, const char *key, double value, int decimals)
{
    if (!isfinite(value))
        return;
    char text[400];
    const int length = snprintf(text, sizeof(text), "%.*f", decimals, value);
    if (length <= 0 || (size_t)length >= sizeof(text)) {
        writer->overflow = true;
        return;
    }
    /* -0.00 reads as a direction where there is none. */
    const bool negative_zero = text[0] == '-' && strspn(text + 1, "0.") == (size_t)length - 1;
    member(writer, key);
    append(writer, text + negative_zero, (size_t)length - negative_zero);
}
