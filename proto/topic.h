/* The topics of design section 4: the only place where a topic string is built or taken apart.
 *
 * In: ids and kinds, or a topic string from the broker (untrusted). Out: a topic string in caller's
 * memory, or a struct. Pure, any thread. */
#ifndef STRIDE_PROTO_TOPIC_H
#define STRIDE_PROTO_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/limits.h"

enum topic_kind {
    TOPIC_UNKNOWN = 0,
    /* device up: <root>d/<device>/... */
    TOPIC_HELLO,
    TOPIC_FRAME,
    TOPIC_REPORT,
    TOPIC_FEEDBACK,
    TOPIC_LINK,
    /* device down */
    TOPIC_STORED,
    TOPIC_PROMPT,
    TOPIC_REQUEST,
    /* people, from the hub: <root>w/<wearer>/... */
    TOPIC_WEARER_LIVE,
    TOPIC_WEARER_STATE,
    TOPIC_WEARER_SESSION,
    TOPIC_WEARER_ALERT, /* .../alert/<id> */
    /* accounts: <root>a/<account>/... */
    TOPIC_ACCOUNT_NOTICE,   /* .../notice/<alert> */
    TOPIC_ACCOUNT_DIGEST,   /* .../digest/<wearer> */
    TOPIC_ACCOUNT_REQUEST,  /* .../request/<what> */
    TOPIC_ACCOUNT_RESPONSE, /* .../response/<what> */
    TOPIC_HUB_STATE,        /* <root>hub/state */
    TOPIC_KINDS
};

/* `stride/1/<part>/<site>/`: one hub's tree. */
struct topic_root {
    unsigned part;
    char site[ID_SIZE];
};

struct topic {
    enum topic_kind kind;
    char owner[ID_SIZE]; /* device, wearer or account; empty for the hub's own */
    char item[ID_SIZE];  /* alert id or request name; empty where the kind has none */
};

/* Does `id` match ^[a-z0-9][a-z0-9-]{0,31}$ ? `id` may be NULL. */
bool topic_id_valid(const char *id);

/* Writes the topic and its NUL to `out` (size >= TOPIC_LENGTH_MAX + 1 always suffices).
 * Returns its length, or 0 and an empty string when an id is invalid, an item is missing or
 * superfluous, or `out` is too small. */
size_t topic_format(const struct topic_root *root, const struct topic *topic, char *out,
                    size_t size);

/* The subscription filter for all owners (and items) of a kind, e.g. <root>d/+/frame. */
size_t topic_filter(const struct topic_root *root, enum topic_kind kind, char *out, size_t size);

/* Takes `text` (length bytes, not necessarily NUL-terminated, untrusted) apart.
 * Returns false, and `*out` with TOPIC_UNKNOWN, unless it is exactly a topic of this root. */
bool topic_parse(const struct topic_root *root, const char *text, size_t length, struct topic *out);

#endif
