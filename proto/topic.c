#include "proto/topic.h"

#include <string.h>

/* How the topics of one kind look behind the root: branch, owner, leaf, item. */
struct topic_shape {
    const char *branch; /* NULL for TOPIC_UNKNOWN */
    const char *leaf;
    bool has_owner, has_item;
};

static const struct topic_shape shapes[TOPIC_KINDS] = {
    [TOPIC_HELLO] = {"d", "hello", true, false},
    [TOPIC_FRAME] = {"d", "frame", true, false},
    [TOPIC_REPORT] = {"d", "report", true, false},
    [TOPIC_FEEDBACK] = {"d", "feedback", true, false},
    [TOPIC_LINK] = {"d", "link", true, false},
    [TOPIC_STORED] = {"d", "stored", true, false},
    [TOPIC_PROMPT] = {"d", "prompt", true, false},
    [TOPIC_REQUEST] = {"d", "request", true, false},
    [TOPIC_WEARER_LIVE] = {"w", "live", true, false},
    [TOPIC_WEARER_STATE] = {"w", "state", true, false},
    [TOPIC_WEARER_SESSION] = {"w", "session", true, false},
    [TOPIC_WEARER_ALERT] = {"w", "alert", true, true},
    [TOPIC_ACCOUNT_NOTICE] = {"a", "notice", true, true},
    [TOPIC_ACCOUNT_DIGEST] = {"a", "digest", true, true},
    [TOPIC_ACCOUNT_REQUEST] = {"a", "request", true, true},
    [TOPIC_ACCOUNT_RESPONSE] = {"a", "response", true, true},
    [TOPIC_HUB_STATE] = {"hub", "state", false, false},
};

enum {
    ROOT_LENGTH_MAX = sizeof "stride/1/4294967295/" - 1 + ID_LENGTH_MAX + sizeof "/" - 1,
    REST_LENGTH_MAX = sizeof "a/" - 1 + ID_LENGTH_MAX + sizeof "/response/" - 1 + ID_LENGTH_MAX,
    PARTS_MAX = 4
};
_Static_assert(ROOT_LENGTH_MAX + REST_LENGTH_MAX <= TOPIC_LENGTH_MAX, "every topic fits");

static bool id_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* As topic_id_valid, of bytes that no NUL ends. */
static bool id_valid(const char *id, size_t length)
{
    if (length == 0 || length > ID_LENGTH_MAX || id[0] == '-') {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (!id_character(id[i])) {
            return false;
        }
    }
    return true;
}

bool topic_id_valid(const char *id)
{
    return id != NULL && id_valid(id, strnlen(id, ID_SIZE));
}

static const struct topic_shape *shape_of(enum topic_kind kind)
{
    unsigned index = (unsigned)kind;
    return index < TOPIC_KINDS && shapes[index].branch != NULL ? &shapes[index] : NULL;
}

static size_t format_root(const struct topic_root *root, char *out, size_t size)
{
    if (!topic_id_valid(root->site)) {
        return 0;
    }
    int length = snprintf(out, size, "stride/1/%u/%s/", root->part, root->site);
    return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

/* Root, branch, owner, leaf and item; nothing is checked any more. */
static size_t join(const struct topic_root *root, const struct topic_shape *shape,
                   const char *owner, const char *item, char *out, size_t size)
{
    char text[TOPIC_LENGTH_MAX + 1];
    size_t at = format_root(root, text, sizeof text);
    if (at == 0) {
        return 0;
    }
    int rest = snprintf(text + at, sizeof text - at, "%s%s%s/%s%s%s", shape->branch,
                        shape->has_owner ? "/" : "", shape->has_owner ? owner : "", shape->leaf,
                        shape->has_item ? "/" : "", shape->has_item ? item : "");
    if (rest <= 0 || at + (size_t)rest >= sizeof text || at + (size_t)rest >= size) {
        return 0;
    }
    memcpy(out, text, at + (size_t)rest + 1);
    return at + (size_t)rest;
}

/* An id where the kind has one, an empty string where it has none. */
static bool part_fits(bool wanted, const char *id)
{
    return wanted ? topic_id_valid(id) : id[0] == '\0';
}

size_t topic_format(const struct topic_root *root, const struct topic *topic, char *out,
                    size_t size)
{
    const struct topic_shape *shape = shape_of(topic->kind);
    if (size > 0) {
        out[0] = '\0';
    }
    if (shape == NULL || !part_fits(shape->has_owner, topic->owner) ||
        !part_fits(shape->has_item, topic->item)) {
        return 0;
    }
    return join(root, shape, topic->owner, topic->item, out, size);
}

size_t topic_filter(const struct topic_root *root, enum topic_kind kind, char *out, size_t size)
{
    const struct topic_shape *shape = shape_of(kind);
    if (size > 0) {
        out[0] = '\0';
    }
    return shape != NULL ? join(root, shape, "+", "+", out, size) : 0;
}

/* One piece between slashes. */
struct part {
    const char *text;
    size_t length;
};

/* Returns the number of parts, or 0 when there are more than PARTS_MAX. */
static size_t split(const char *text, size_t length, struct part parts[PARTS_MAX])
{
    size_t parts_n = 0;
    for (size_t start = 0, at = 0; at <= length; at++) {
        if (at < length && text[at] != '/') {
            continue;
        }
        if (parts_n == PARTS_MAX) {
            return 0;
        }
        parts[parts_n].text = text + start;
        parts[parts_n].length = at - start;
        parts_n++;
        start = at + 1;
    }
    return parts_n;
}

static bool part_is(const struct part *part, const char *word)
{
    return part->length == strlen(word) && memcmp(part->text, word, part->length) == 0;
}

static bool take_id(const struct part *part, char out[ID_SIZE])
{
    if (!id_valid(part->text, part->length)) {
        return false;
    }
    memcpy(out, part->text, part->length);
    out[part->length] = '\0';
    return true;
}

static bool parts_match(const struct topic_shape *shape, const struct part *parts, size_t parts_n,
                        struct topic *out)
{
    size_t wanted_n = 2U + (shape->has_owner ? 1U : 0U) + (shape->has_item ? 1U : 0U);
    size_t leaf = shape->has_owner ? 2 : 1;
    if (parts_n != wanted_n || !part_is(&parts[0], shape->branch) ||
        !part_is(&parts[leaf], shape->leaf)) {
        return false;
    }
    return (!shape->has_owner || take_id(&parts[1], out->owner)) &&
           (!shape->has_item || take_id(&parts[leaf + 1], out->item));
}

bool topic_parse(const struct topic_root *root, const char *text, size_t length, struct topic *out)
{
    char prefix[ROOT_LENGTH_MAX + 1];
    size_t prefix_n = format_root(root, prefix, sizeof prefix);
    struct part parts[PARTS_MAX];
    memset(out, 0, sizeof *out);
    if (prefix_n == 0 || length <= prefix_n || length > TOPIC_LENGTH_MAX ||
        memcmp(text, prefix, prefix_n) != 0) {
        return false;
    }
    size_t parts_n = split(text + prefix_n, length - prefix_n, parts);
    for (unsigned kind = TOPIC_UNKNOWN + 1; kind < TOPIC_KINDS; kind++) {
        struct topic found = {.kind = (enum topic_kind)kind};
        if (parts_match(&shapes[kind], parts, parts_n, &found)) {
            *out = found;
            return true;
        }
    }
    return false;
}
