/* What is on its way to a broker: sent with a token, kept until it is acknowledged, and sent again
 * from the database after a reconnect. */
#include "hub/app/outbox_parts.h"
#include "hub/io/log.h"

static struct inflight *take_inflight(struct outbox *outbox, uint64_t *token)
{
    if (outbox->inflight_n == OUTBOX_INFLIGHT_MAX)
        return NULL;
    while (outbox->inflight[outbox->inflight_next].used)
        outbox->inflight_next = (outbox->inflight_next + 1) % OUTBOX_INFLIGHT_MAX;
    const int index = outbox->inflight_next;
    struct inflight *entry = &outbox->inflight[index];
    outbox->inflight_next = (index + 1) % OUTBOX_INFLIGHT_MAX;
    outbox->inflight_n++;
    entry->used = true;
    entry->generation++;
    *token = (uint64_t)entry->generation << 16 | (uint64_t)(index + 1);
    return entry;
}

static void drop_inflight(struct outbox *outbox, struct inflight *entry)
{
    entry->used = false;
    outbox->inflight_n--;
}

bool outbox_send_posted(struct outbox *outbox, const struct store_message *message,
                        uint32_t expiry_s)
{
    uint64_t token;
    struct inflight *entry = take_inflight(outbox, &token);
    if (entry == NULL)
        return false;
    entry->urgent = message->urgent;
    entry->version = message->version;
    snprintf(entry->key, sizeof(entry->key), "%s", message->key);
    const struct link_publish publish = {.topic = message->topic,
                                         .payload = message->payload,
                                         .size = message->size,
                                         .qos = 1,
                                         .retain = message->retain,
                                         .expiry_s = expiry_s,
                                         .token = token};
    if (outbox->publish(outbox->context, message->urgent, &publish) == LINK_OK) {
        outbox->stats.sent++;
        return true;
    }
    drop_inflight(outbox, entry);
    return false;
}

bool outbox_time_left(const struct store_message *message, int64_t now_mono_ns, double speed,
                      uint32_t *expiry_s)
{
    *expiry_s = 0;
    if (message->expires_mono_ns == 0)
        return true;
    const double left_s = (double)(message->expires_mono_ns - now_mono_ns) / 1e9 / speed;
    if (left_s <= 0)
        return false;
    *expiry_s = left_s < 1 ? 1 : (uint32_t)left_s;
    return true;
}

/* ---------------------------------------------------------------- acknowledgements */

void outbox_acknowledged(struct outbox *outbox, uint64_t token, int reason)
{
    pthread_mutex_lock(&outbox->mutex);
    if (outbox->acknowledgements_n < OUTBOX_INFLIGHT_MAX)
        outbox->acknowledgements[outbox->acknowledgements_n++] =
            (struct acknowledgement){token, reason};
    pthread_mutex_unlock(&outbox->mutex);
}

void outbox_link_changed(struct outbox *outbox, bool urgent, bool connected)
{
    pthread_mutex_lock(&outbox->mutex);
    if (connected)
        outbox->link_connected[urgent] = true;
    outbox->link_lost[urgent] = true;
    pthread_mutex_unlock(&outbox->mutex);
}

bool outbox_has_acknowledgements(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->mutex);
    const bool any = outbox->acknowledgements_n > 0;
    pthread_mutex_unlock(&outbox->mutex);
    return any;
}

static void settle_one(struct outbox *outbox, struct store *store, uint64_t token, int reason)
{
    const uint64_t index = (token & 0xffff) - 1;
    if (index >= OUTBOX_INFLIGHT_MAX)
        return;
    struct inflight *entry = &outbox->inflight[index];
    if (!entry->used || entry->generation != (uint32_t)(token >> 16))
        return; /* of a connection that is gone; the message was sent again since */
    drop_inflight(outbox, entry);
    if (reason < 0) { /* never reached the broker: the link was lost meanwhile */
        outbox->resend_due = true;
        return;
    }
    if (reason >= 0x80) {
        outbox->stats.refused++;
        log_line(LOG_WARN, "publish-refused",
                 "the broker refused a message, reason 0x%02x: check "
                 "the rights of the hub's accounts",
                 (unsigned)reason);
        if (entry->urgent)
            return; /* the row stays and is tried again after the next connect */
    } else {
        outbox->stats.acknowledged++;
    }
    store_drop_message(store, entry->key, entry->version);
}

bool outbox_settle(struct outbox *outbox, struct store *store)
{
    pthread_mutex_lock(&outbox->mutex);
    const int n = outbox->acknowledgements_n;
    struct acknowledgement some[256];
    const int taken = n < 256 ? n : 256;
    memcpy(some, outbox->acknowledgements, (size_t)taken * sizeof(some[0]));
    memmove(outbox->acknowledgements, outbox->acknowledgements + taken,
            (size_t)(n - taken) * sizeof(some[0]));
    outbox->acknowledgements_n = n - taken;
    pthread_mutex_unlock(&outbox->mutex);
    for (int i = 0; i < taken; i++)
        settle_one(outbox, store, some[i].token, some[i].reason);
    return taken > 0;
}

/* ---------------------------------------------------------------- after a reconnect */

struct resend {
    struct outbox *outbox;
    int64_t now_mono_ns;
    double speed;
    bool stuck;
    int expired_n;
    struct {
        char key[STORE_KEY_SIZE];
        uint64_t version;
    } expired[16];
};

static bool is_inflight(const struct outbox *outbox, const struct store_message *message)
{
    for (int i = 0; outbox->inflight_n > 0 && i < OUTBOX_INFLIGHT_MAX; i++) {
        const struct inflight *entry = &outbox->inflight[i];
        if (entry->used && entry->version == message->version &&
            strcmp(entry->key, message->key) == 0)
            return true;
    }
    return false;
}

static bool resend_one(void *context, const struct store_message *message)
{
    struct resend *resend = context;
    uint32_t expiry_s;
    if (!outbox_time_left(message, resend->now_mono_ns, resend->speed, &expiry_s)) {
        const size_t n = sizeof(resend->expired) / sizeof(resend->expired[0]);
        if ((size_t)resend->expired_n < n) {
            memcpy(resend->expired[resend->expired_n].key, message->key, STORE_KEY_SIZE);
            resend->expired[resend->expired_n++].version = message->version;
        }
        return true;
    }
    if (is_inflight(resend->outbox, message))
        return true;
    if (outbox_send_posted(resend->outbox, message, expiry_s))
        resend->outbox->stats.resent++;
    else
        resend->stuck = true;
    return true;
}

static void note_links(struct outbox *outbox)
{
    bool lost[2];
    pthread_mutex_lock(&outbox->mutex);
    for (int urgent = 0; urgent < 2; urgent++) {
        lost[urgent] = outbox->link_lost[urgent];
        outbox->resend_due = outbox->resend_due || outbox->link_connected[urgent];
        outbox->link_lost[urgent] = outbox->link_connected[urgent] = false;
    }
    pthread_mutex_unlock(&outbox->mutex);
    for (int i = 0; (lost[0] || lost[1]) && i < OUTBOX_INFLIGHT_MAX; i++) {
        struct inflight *entry = &outbox->inflight[i];
        if (entry->used && lost[entry->urgent])
            drop_inflight(outbox, entry);
    }
}

bool outbox_resend(struct outbox *outbox, struct store *store, int64_t now_mono_ns, double speed)
{
    note_links(outbox);
    if (!outbox->resend_due)
        return false;
    struct resend resend = {.outbox = outbox, .now_mono_ns = now_mono_ns, .speed = speed};
    outbox->resend_due = false;
    (void)store_each_message(store, resend_one, &resend);
    if (resend.expired_n > 0) {
        store_begin(store);
        for (int i = 0; i < resend.expired_n; i++)
            store_drop_message(store, resend.expired[i].key, resend.expired[i].version);
        if (store_commit(store, 0) == STORE_COMMITTED)
            outbox->stats.expired += (uint64_t)resend.expired_n;
    }
    outbox->resend_due = resend.stuck;
    return true;
}
