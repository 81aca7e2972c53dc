#include "hub/app/outbox_parts.h"

struct outbox *outbox_open(outbox_publish_fn *publish, void *context)
{
    struct outbox *outbox = calloc(1, sizeof(*outbox));
    if (outbox == NULL)
        return NULL;
    outbox->publish = publish;
    outbox->context = context;
    outbox->inflight = calloc(OUTBOX_INFLIGHT_MAX, sizeof(*outbox->inflight));
    pthread_mutex_init(&outbox->mutex, NULL);
    if (outbox->inflight != NULL)
        return outbox;
    outbox_close(outbox);
    return NULL;
}

static void free_payload(struct pending *pending)
{
    free((void *)(uintptr_t)pending->message.payload);
}

void outbox_discard(struct outbox *outbox)
{
    for (int i = 0; i < outbox->pending_n; i++)
        free_payload(&outbox->pending[i]);
    outbox->pending_n = 0;
    outbox->resend_due = true;
}

void outbox_close(struct outbox *outbox)
{
    if (outbox == NULL)
        return;
    outbox_discard(outbox);
    free(outbox->pending);
    free(outbox->inflight);
    pthread_mutex_destroy(&outbox->mutex);
    free(outbox);
}

static struct pending *add_pending(struct outbox *outbox)
{
    if (outbox->pending_n == outbox->pending_room) {
        const int room = outbox->pending_room == 0 ? 32 : 2 * outbox->pending_room;
        if (room > OUTBOX_PENDING_MAX)
            return NULL;
        struct pending *larger = realloc(outbox->pending, (size_t)room * sizeof(*larger));
        if (larger == NULL)
            return NULL;
        outbox->pending = larger;
        outbox->pending_room = room;
    }
    struct pending *pending = &outbox->pending[outbox->pending_n++];
    memset(pending, 0, sizeof(*pending));
    return pending;
}

/* NULL when there is no memory; a byte is allocated for nothing, so that NULL means only that. */
static uint8_t *copy_of(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    if (copy != NULL && size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

void outbox_post(struct outbox *outbox, struct store *store, struct store_message *message)
{
    store_put_message(store, message);
    uint8_t *copy = copy_of(message->payload, message->size);
    struct pending *pending = copy == NULL ? NULL : add_pending(outbox);
    if (pending == NULL) {
        free(copy);
        outbox->resend_due = true; /* the row is there and will be read back */
        return;
    }
    pending->posted = true;
    pending->qos = 1;
    pending->message = *message;
    pending->message.payload = copy;
}

void outbox_say(struct outbox *outbox, const struct outbox_say *message)
{
    uint8_t *copy = copy_of(message->payload, message->size);
    struct pending *pending = copy == NULL ? NULL : add_pending(outbox);
    if (pending == NULL || message->correlation_size > OUTBOX_CORRELATION_MAX) {
        outbox->stats.overflowed++;
        if (pending != NULL)
            outbox->pending_n--;
        free(copy);
        return;
    }
    pending->qos = message->qos;
    pending->expiry_s = message->expiry_s;
    snprintf(pending->message.topic, sizeof(pending->message.topic), "%s", message->topic);
    pending->message.payload = copy;
    pending->message.size = message->size;
    pending->message.retain = message->retain;
    pending->message.urgent = message->urgent;
    pending->correlation_size = message->correlation_size;
    if (message->correlation_size > 0)
        memcpy(pending->correlation, message->correlation, message->correlation_size);
}

static void say_now(struct outbox *outbox, const struct pending *pending)
{
    const struct link_publish publish = {
        .topic = pending->message.topic,
        .payload = pending->message.payload,
        .size = pending->message.size,
        .qos = pending->qos,
        .retain = pending->message.retain,
        .expiry_s = pending->expiry_s,
        .correlation = pending->correlation_size > 0 ? pending->correlation : NULL,
        .correlation_size = pending->correlation_size};
    if (outbox->publish(outbox->context, pending->message.urgent, &publish) == LINK_OK)
        outbox->stats.sent++;
}

int outbox_cry(struct outbox *outbox)
{
    int taken = 0;
    for (int i = 0; i < outbox->pending_n; i++) {
        const struct pending *pending = &outbox->pending[i];
        const struct store_message *message = &pending->message;
        if (!pending->posted || !message->urgent || message->expires_mono_ns != 0)
            continue;
        const uint64_t sent = outbox->stats.sent;
        say_now(outbox, pending);
        taken += outbox->stats.sent > sent;
    }
    return taken;
}

void outbox_send(struct outbox *outbox, int64_t now_mono_ns, double speed)
{
    for (int urgent = 1; urgent >= 0; urgent--) {
        for (int i = 0; i < outbox->pending_n; i++) {
            struct pending *pending = &outbox->pending[i];
            uint32_t expiry_s;
            if (pending->message.urgent != urgent)
                continue;
            if (!pending->posted)
                say_now(outbox, pending);
            else if (!outbox_time_left(&pending->message, now_mono_ns, speed, &expiry_s) ||
                     !outbox_send_posted(outbox, &pending->message, expiry_s))
                outbox->resend_due = true; /* what is too late is counted and dropped there */
        }
    }
    for (int i = 0; i < outbox->pending_n; i++)
        free_payload(&outbox->pending[i]);
    outbox->pending_n = 0;
}

void outbox_stats(struct outbox *outbox, struct outbox_stats *out)
{
    *out = outbox->stats;
    out->inflight = outbox->inflight_n;
}
