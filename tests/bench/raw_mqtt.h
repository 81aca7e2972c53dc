/* A bare MQTT 5 client for the load generator: non-blocking, QoS 1, one socket, no library.
 *
 * It exists because the generator shares two cores with what it measures: a publish costs it one
 * memcpy and a share of one send(). Not a client for anything else: it does not reconnect, and on
 * any surprise from the broker it says so and fails.
 * One thread. All memory is taken in raw_mqtt_open. */
#ifndef STRIDE_TESTS_BENCH_RAW_MQTT_H
#define STRIDE_TESTS_BENCH_RAW_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RAW_OUT_BYTES = 1 << 20, RAW_IN_BYTES = 1 << 18 };

struct raw_mqtt {
    int fd;
    uint16_t next_id, inflight_n, inflight_max; /* inflight_max: the broker's receive maximum */
    size_t out_head, out_tail, in_n;
    uint64_t acked_n, refused_n;
    uint8_t out[RAW_OUT_BYTES], in[RAW_IN_BYTES];
};

struct raw_message {
    const char *topic;
    size_t topic_size;
    const uint8_t *payload;
    size_t payload_size;
};
/* Borrowed for the call. */
typedef void raw_received(void *context, const struct raw_message *message);

/* Connects and waits for the CONNACK. NULL, with a line on stderr, when that fails. */
struct raw_mqtt *raw_mqtt_open(uint16_t port, const char *user, const char *password);
void raw_mqtt_close(struct raw_mqtt *mqtt);

/* Queues a SUBSCRIBE at QoS 1; a refusal shows up in raw_mqtt_read. */
bool raw_mqtt_subscribe(struct raw_mqtt *mqtt, const char *filter);
/* Queues a QoS 1 publish; false, and nothing changed, when the broker's receive maximum or the
 * buffer is used up. */
bool raw_mqtt_publish(struct raw_mqtt *mqtt, const char *topic, bool retain, const uint8_t *payload,
                      size_t size);
/* Sends what is queued as far as the socket takes it. False when the connection is gone. */
bool raw_mqtt_flush(struct raw_mqtt *mqtt);
/* Reads what has come, answers QoS 1, calls `received` (may be NULL). False when it is gone. */
bool raw_mqtt_read(struct raw_mqtt *mqtt, raw_received *received, void *context);
bool raw_mqtt_pending(const struct raw_mqtt *mqtt);

#endif
