/* What a run leaves behind besides its messages: statistics, receipts, lines for people. */
#ifndef STRIDE_DEVICES_STRIDESIM_SINK_REPORTS_H
#define STRIDE_DEVICES_STRIDESIM_SINK_REPORTS_H

#include "devices/stridesim/sink_faults.h"

enum { HEARD_MAX = 64 };

/* A prompt or a request that a device got. */
struct heard {
    bool request;
    double at_s; /* simulated */
    char id[NAME_SIZE], text_id[NAME_SIZE], rule[8], text[TEXT_BYTES_MAX + 1];
    const char *severity; /* requests: their kind */
};

/* What became of one device over all of its boots. */
struct gear_report {
    struct lane_counts frames, control; /* of earlier boots; the present one's are in the device */
    uint64_t connects, losses, queue_full, hub_dropped;
    struct fault_counts faults;
    unsigned heard_n; /* may exceed HEARD_MAX; only the first are kept */
    struct heard *heard;
};

void report_add_counts(struct lane_counts *sum, const struct lane_counts *counts);
/* False when out of memory. */
bool report_heard(struct gear_report *report, const struct heard *heard);
void report_print_heard(const struct gear *gear, const struct heard *heard);
/* False with errno set. */
bool report_write_stats(const char *path, const struct gear *gears,
                        const struct gear_report *reports, unsigned n);

const char *report_severity(Stride__V1__Severity severity);
const char *report_request(Stride__V1__RequestKind kind);

#endif
