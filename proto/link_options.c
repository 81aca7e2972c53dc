/* The options of a link: defaults, what can work, and our own copies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/link_private.h"

enum { INFLIGHT_LIMIT = 65535 /* packet identifiers */ };

void link_defaults(struct link_options *options)
{
    *options = (struct link_options){
        .receive_max = 200,
        .keepalive_s = 5,
        .backoff_min_ms = 200,
        .backoff_max_ms = 5000,
        .stable_ms = 10000,
        .inflight_max = 4096,
        .tls.verify = true,
    };
}

static uint32_t hastened(uint32_t ms, double speed)
{
    double shorter = ms / speed;
    return shorter < 1 ? 1 : (uint32_t)shorter;
}

void link_hasten(struct link_options *options, double speed)
{
    if (!(speed > 1)) {
        return;
    }
    options->backoff_min_ms = hastened(options->backoff_min_ms, speed);
    options->backoff_max_ms = hastened(options->backoff_max_ms, speed);
    options->stable_ms = hastened(options->stable_ms, speed);
}

static bool text_fits(const char *text)
{
    return text && *text && strnlen(text, LINK_TEXT_MAX + 1) <= LINK_TEXT_MAX;
}

bool link_topic_fits(const char *topic)
{
    return text_fits(topic) && !strpbrk(topic, "+#");
}

/* host:port after the scheme; what lies between is the resolver's business. */
static const char *uri_address(const char *uri, bool *tls)
{
    static const struct {
        const char *scheme;
        bool tls;
    } known[] = {{"mqtt://", false}, {"tcp://", false}, {"mqtts://", true}, {"ssl://", true}};
    for (size_t i = 0; uri && i < sizeof known / sizeof *known; i++) {
        size_t length = strlen(known[i].scheme);
        if (strncmp(uri, known[i].scheme, length) == 0) {
            *tls = known[i].tls;
            return uri + length;
        }
    }
    return NULL;
}

static bool uri_fits(const char *uri)
{
    bool tls = false;
    const char *address = uri_address(uri, &tls);
    const char *colon = address ? strrchr(address, ':') : NULL;
    if (!colon || colon == address || strpbrk(address, "/ \t\r\n")) {
        return false;
    }
    char *end = NULL;
    unsigned long port = strtoul(colon + 1, &end, 10);
    return colon[1] >= '0' && colon[1] <= '9' && *end == '\0' && port >= 1 && port <= 65535;
}

bool link_options_fit(const struct link_options *options)
{
    if (!uri_fits(options->uri) || !text_fits(options->client_id) || options->keepalive_s == 0 ||
        options->receive_max == 0 || options->backoff_min_ms == 0 ||
        options->backoff_max_ms < options->backoff_min_ms || options->inflight_max == 0 ||
        options->inflight_max > INFLIGHT_LIMIT) {
        return false;
    }
    for (size_t i = 0; i < options->filters_n; i++) {
        if (!text_fits(options->filters[i])) {
            return false;
        }
    }
    return !options->will_topic ||
           (link_topic_fits(options->will_topic) && options->will_size <= LINK_TEXT_MAX);
}

/* Copies `*text` in place; NULL stays NULL. */
static bool keep_text(const char **text)
{
    if (*text) {
        *text = strdup(*text);
        return *text != NULL;
    }
    return true;
}

static bool keep_uri(struct link_options *options)
{
    bool tls = false;
    const char *address = uri_address(options->uri, &tls);
    char *uri = NULL;
    if (asprintf(&uri, "%s%s", tls ? "ssl://" : "tcp://", address) < 0) {
        uri = NULL;
    }
    options->uri = uri;
    return uri != NULL;
}

static bool keep_filters(struct link *link, const struct link_options *options)
{
    link->filters = calloc(options->filters_n + 1, sizeof *link->filters);
    for (size_t i = 0; link->filters && i < options->filters_n; i++) {
        link->filters[i].link = link;
        link->filters[i].name = strdup(options->filters[i]);
        if (!link->filters[i].name) {
            return false;
        }
    }
    return link->filters != NULL;
}

/* Every pointer is replaced before the first failure can be seen, so that free is always right. */
bool link_options_keep(struct link *link, const struct link_options *options)
{
    struct link_options *own = &link->options;
    *own = *options;
    own->filters = NULL;
    bool ok = keep_uri(own);
    ok = keep_text(&own->client_id) && ok;
    ok = keep_text(&own->user) && ok;
    ok = keep_text(&own->password) && ok;
    ok = keep_text(&own->will_topic) && ok;
    ok = keep_text(&own->tls.ca_file) && ok;
    ok = keep_text(&own->tls.certificate_file) && ok;
    ok = keep_text(&own->tls.key_file) && ok;
    uint8_t *payload = malloc(own->will_size + 1);
    if (payload && own->will_size > 0) {
        memcpy(payload, options->will_payload, own->will_size);
    }
    own->will_payload = payload;
    return keep_filters(link, options) && payload && ok;
}

static void drop(const void *text)
{
    free((void *)(uintptr_t)text); /* the options' pointers are const, their copies are ours */
}

void link_options_free(struct link *link)
{
    struct link_options *own = &link->options;
    drop(own->uri);
    drop(own->client_id);
    drop(own->user);
    drop(own->password);
    drop(own->will_topic);
    drop(own->will_payload);
    drop(own->tls.ca_file);
    drop(own->tls.certificate_file);
    drop(own->tls.key_file);
    for (size_t i = 0; link->filters && i < own->filters_n; i++) {
        free(link->filters[i].name);
    }
    free(link->filters);
}
