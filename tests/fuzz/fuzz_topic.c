/* Any bytes as a topic: what parses must be exactly what the same ids format to. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "proto/topic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct topic_root root = {.part = 0, .site = "home"};
    char text[TOPIC_LENGTH_MAX + 1];
    struct topic topic;
    if (topic_parse(&root, (const char *)data, size, &topic)) {
        assert(topic.kind > TOPIC_UNKNOWN && topic.kind < TOPIC_KINDS);
        assert(topic_format(&root, &topic, text, sizeof text) == size);
        assert(memcmp(text, data, size) == 0);
    } else {
        assert(topic.kind == TOPIC_UNKNOWN);
    }
    /* The same bytes as a whole struct: ids that no NUL ends, kinds out of range. */
    if (size >= sizeof topic) {
        memcpy(&topic, data, sizeof topic);
        topic.owner[ID_SIZE - 1] = '\0';
        topic.item[ID_SIZE - 1] = '\0';
        size_t length = topic_format(&root, &topic, text, sizeof text);
        assert(length == strlen(text));
        struct topic back;
        assert(length == 0 || topic_parse(&root, text, length, &back));
    }
    return 0;
}
