/* Simulated faults between a device and the broker: loss, duplicates, delay, reordering.
 *
 * In: what the script wants, chance. Out: what becomes of a message; held ones are let go later.
 * The device library does not know: to it a lost message was sent. */
#ifndef STRIDE_DEVICES_STRIDESIM_SINK_FAULTS_H
#define STRIDE_DEVICES_STRIDESIM_SINK_FAULTS_H

#include "devices/lib/device_link.h"
#include "devices/stridesim/gear.h"

enum { HELD_MAX = 256 }; /* messages that delay holds, a device; beyond that they go at once */

struct fault_counts {
    uint64_t dropped, doubled, held;
};

struct held {
    uint64_t due_ms;
    enum topic_kind kind;
    size_t size;
    uint8_t *bytes;
};

struct faults {
    const struct gear_faults *wanted; /* all of these are kept, not owned */
    struct random *chance;
    struct fault_counts *counts;
    const uint64_t *now_ms; /* real time */
    double speed;           /* delays are told in simulated time */
    struct held held[HELD_MAX];
    unsigned held_n;
};

/* For device_link_options.fate; `context` is a struct faults. */
enum device_link_fate faults_fate(void *context, const struct device_message *message);
/* Sends what is due; `link` may be NULL, then it is lost. */
void faults_let_go(struct faults *faults, struct device_link *link, uint64_t now_ms);
void faults_release(struct faults *faults);

#endif
