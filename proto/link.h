/* One MQTT 5 connection that heals itself: the only file that knows Paho (and, by our own choice,
 * the bench's counting subscriber).
 *
 * In: publishes and subscriptions from any thread. Out: callbacks on Paho's thread, which copy and
 * return; a callback must not call into the link except link_publish.
 * Caveats, all measured (reliability.md 0): the broker's PUBACK is not a receipt; after a broker
 * crash session and subscriptions are gone, so every connect subscribes again; a half-open link is
 * noticed after about 2.4 x keepalive; Paho never sets TCP_NODELAY, so what is urgent leaves on a
 * link that receives nothing.
 * Threads: functions may be called from any thread; link_close waits for callbacks to end. Paho's
 * thread brings `received` and `published`, one thread of the link's own `connected` and `lost`.
 * Do not call in here with a lock held that a callback takes: Paho holds its own meanwhile. */
#ifndef STRIDE_PROTO_LINK_H
#define STRIDE_PROTO_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link;

enum link_error {
    LINK_OK = 0,
    LINK_BAD_OPTIONS, /* a URI, name or topic that cannot be used */
    LINK_NOT_CONNECTED,
    LINK_QUEUE_FULL, /* more than inflight_max publishes wait for their PUBACK */
    LINK_MEMORY,
    LINK_FAILED, /* anything else Paho says; see link_stats.last_error */
};
const char *link_error_text(enum link_error error);

/* One received message; everything is borrowed for the call. */
struct link_message {
    const char *topic;
    size_t topic_size;
    const uint8_t *payload;
    size_t payload_size;
    bool retained, duplicate;
    const char *response_topic; /* MQTT 5, NUL-terminated, or NULL */
    const uint8_t *correlation; /* or NULL */
    size_t correlation_size;
};

/* Reason of `published` when the connection went before the PUBACK came. */
enum { LINK_REASON_LOST = 0xff };

struct link_callbacks {
    void *context;
    void (*received)(void *context, const struct link_message *message);
    /* After CONNACK and SUBACK of every (re)connect. */
    void (*connected)(void *context, bool session_present);
    void (*lost)(void *context, const char *why);
    /* The broker answered a QoS 1 publish that had a non-zero token: reason < 0x80 means it took
     * it; 0xFF: the connection went before the PUBACK. Exactly once per publish that returned OK.
     */
    void (*published)(void *context, uint64_t token, int reason);
};

struct link_tls {
    const char *ca_file, *certificate_file, *key_file; /* NULL = none */
    bool verify;                                       /* default true through link_defaults */
};

struct link_options {
    const char *uri; /* mqtt://host:port or mqtts://host:port; tcp:// and ssl:// are taken too */
    const char *client_id, *user, *password; /* user and password may be NULL */
    uint32_t session_expiry_s;               /* 0 = a clean session */
    uint16_t receive_max;                    /* QoS 1 messages in flight towards us; default 200 */
    uint16_t keepalive_s;                    /* default 5 */
    uint32_t backoff_min_ms, backoff_max_ms; /* default 200, 5,000; jittered */
    uint32_t stable_ms;         /* only a link that held this long resets the back-off; 10,000 */
    uint32_t inflight_max;      /* publishes waiting for PUBACK before LINK_QUEUE_FULL; 4,096. The
                                 * broker's receive maximum (mosquitto: max_inflight_messages, 20
                                 * unless set) lowers it: see link_paho.c */
    const char *const *filters; /* subscribed (QoS 1) on every connect */
    size_t filters_n;
    const char *will_topic; /* NULL = none; QoS 1, retained */
    const uint8_t *will_payload;
    size_t will_size;
    uint32_t will_delay_s;
    struct link_tls tls;
    uint64_t jitter_seed; /* 0 = from the client id and the clock */
};
/* Fills in the defaults above; the caller sets the rest. */
void link_defaults(struct link_options *options);
/* Simulated time that runs `speed` times faster than life has waits that much shorter: back-off and
 * what counts as stable. 1 or less changes nothing. */
void link_hasten(struct link_options *options, double speed);

struct link_publish {
    const char *topic;
    const uint8_t *payload;
    size_t size;
    int qos; /* 0 or 1 */
    bool retain;
    uint32_t expiry_s;          /* MQTT 5 message expiry; 0 = never */
    uint64_t token;             /* given back in `published`; 0 = not asked for */
    const char *response_topic; /* or NULL */
    const uint8_t *correlation;
    size_t correlation_size;
    const char *user_key, *user_value; /* one user property, or NULL */
};

struct link_stats {
    uint64_t connects, losses, received, published, refused; /* refused: PUBACK reason >= 0x80 */
    uint32_t inflight;
    bool connected;
    char last_error[96];
};

/* Starts connecting in the background and returns at once; keeps copies of all options.
 * NULL with `*error` set when the options cannot work. */
struct link *link_open(const struct link_options *options, const struct link_callbacks *callbacks,
                       enum link_error *error);
/* Disconnects in good order (the will is not sent) after at most `wait_ms` for what is in flight.
 */
void link_close(struct link *link, uint32_t wait_ms);
/* Drops the connection as a crash would: the broker sends the will (in truth DISCONNECT with reason
 * 0x04, Paho has no silent way). The link then heals itself; link_close is still due. Tests. */
void link_abort(struct link *link);

__attribute__((warn_unused_result)) enum link_error
link_publish(struct link *link, const struct link_publish *publish);
void link_stats(struct link *link, struct link_stats *out);
bool link_wait_connected(struct link *link, uint32_t wait_ms);

#endif
