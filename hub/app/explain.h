/* Why an alert or a prompt was said, who heard of it and what they did, as a story.
 *
 * In: the alert's row, or an entry of a walk's record, and the records of walks around it. Out: a
 * page for people, or JSON. It invents nothing: what the rows do not have is not told. Reads only.
 * Pure but for the stream. One thread. */
#ifndef STRIDE_HUB_APP_EXPLAIN_H
#define STRIDE_HUB_APP_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "hub/core/params.h"
#include "hub/io/json.h"

enum {
    EXPLAIN_EVENTS_MAX = 64,
    EXPLAIN_TEXT_SIZE = 256,
    EXPLAIN_NAME_SIZE = 64,
    EXPLAIN_LIST_SIZE = 256,
    EXPLAIN_AROUND_MS =
        10 * 60 * 1000 /* what was held back so long before and after belongs to it */
};

struct explain_event {
    int64_t utc_ms;
    char text[EXPLAIN_TEXT_SIZE];
};

struct explain {
    const struct params *params; /* to name the threshold; borrowed */
    const char *emergency_number;
    /* of the row */
    char id[EXPLAIN_NAME_SIZE], wearer[EXPLAIN_NAME_SIZE], rule[8], severity[16], urgency[16];
    char state[16], text_id[EXPLAIN_NAME_SIZE], context[EXPLAIN_NAME_SIZE], rules[32];
    char devices[EXPLAIN_LIST_SIZE], stale[EXPLAIN_LIST_SIZE];
    char held_back[EXPLAIN_NAME_SIZE]; /* a prompt that was not said, and why; "" = it was said */
    double value, threshold, baseline, duration_s; /* NAN = none */
    int tz_offset_min, dropped_gates, level, sends_n, said_again_n;
    int64_t at_utc_ms;
    bool alert; /* else a prompt of a walk's record */
    /* what it carries: red flags that found no place of their own */
    char also[EXPLAIN_LIST_SIZE];
    int also_n; /* more than `also` names where some are private */
    /* the answer that raised it; "" = none did */
    char question[EXPLAIN_NAME_SIZE], answer[16], raised_by[EXPLAIN_NAME_SIZE];
    int64_t raised_utc_ms;
    int events_n, around_n;
    struct explain_event events[EXPLAIN_EVENTS_MAX]; /* in order of time */
    struct explain_event around[EXPLAIN_EVENTS_MAX]; /* other prompts, held back */
};

/* Empties all but the two pointers. False when the text is no alert's row. */
bool explain_alert(struct explain *explain, struct json_reader *reader, const char *row);
/* Entry `id` of a walk's record, "last" for its last one; false when it has none. */
bool explain_prompt(struct explain *explain, struct json_reader *reader, const char *record,
                    const char *id);
/* What else a walk's record says of that time. Call it for every record that may hold it. */
void explain_around(struct explain *explain, struct json_reader *reader, const char *record);
void explain_print(const struct explain *explain, FILE *out);
bool explain_print_json(const struct explain *explain, const char *row, FILE *out);

#endif
