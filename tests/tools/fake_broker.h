/* A server that speaks just enough MQTT 5 to misbehave on purpose, on a free loopback port.
 *
 * One connection at a time, on its own thread; the times of all accepts are kept. */
#ifndef STRIDE_TESTS_TOOLS_FAKE_BROKER_H
#define STRIDE_TESTS_TOOLS_FAKE_BROKER_H

#include <stddef.h>
#include <stdint.h>

enum fake_manner {
    FAKE_HANGS_UP,          /* accepts and closes */
    FAKE_REFUSES_CONNECT,   /* CONNACK 0x87 */
    FAKE_REFUSES_SUBSCRIBE, /* CONNACK, then SUBACK 0x87 */
    FAKE_DROPS_AFTER_SUBACK,
    FAKE_NEVER_ACKS, /* takes publishes and says nothing, until fake_broker_hang_up */
};

struct fake_broker;

struct fake_broker *fake_broker_start(enum fake_manner manner);
void fake_broker_stop(struct fake_broker *fake);
const char *fake_broker_uri(const struct fake_broker *fake);
void fake_broker_hang_up(struct fake_broker *fake); /* closes the present connection */
/* Copies the CLOCK_MONOTONIC times of the first accepts; returns how many there were so far. */
size_t fake_broker_accepts(struct fake_broker *fake, uint64_t *at_ns, size_t at_max);

#endif
