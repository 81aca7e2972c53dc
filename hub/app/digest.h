/* The caregivers' digest (rule book 5.1, 5.3, 5.4): once a day what is worth knowing and alarmed
 * nobody, once a week how the walks went (C10; of fall-risk wearers R12's trend).
 *
 * In: records of walks, rows of alerts, the plan's day. Out: JSON, and whether it is time for one.
 * What is the wearer's own matter (INFO, COACH, mood, notes), which of the red flags it was and
 * what was answered is never in it. Pure; times are UTC in ms unless they say local. One thread. */
#ifndef STRIDE_HUB_APP_DIGEST_H
#define STRIDE_HUB_APP_DIGEST_H

#include "hub/app/texts.h"
#include "hub/core/local_time.h"
#include "hub/core/params.h"
#include "hub/core/rule_table.h"
#include "hub/io/json.h"

#define DIGEST_NEVER INT64_MIN
enum { DIGEST_JSON_SIZE = 16384 };

/* When the last ones were made; DIGEST_NEVER = none yet. */
struct digest_last {
    int64_t day_ms, week_ms;
};
enum digest_due {
    DIGEST_NOT = 0,
    DIGEST_DAY = 1,
    DIGEST_WEEK = 2, /* with the day's */
    DIGEST_LATE = 4  /* of the day before: the plan's day is another */
};
/* What is due at `now_ms`: from digest.at on, outside quiet hours, once a day however late; the
 * week's on digest.weekday, or when the last one is a week old. Or'ed enum digest_due. */
unsigned digest_due(const struct digest_last *last, const struct params *params, int tz_offset_min,
                    int64_t now_ms);

/* Red flags whose rule stays home are one item: by which of them is missing, one could be told. */
#define DIGEST_RED_FLAG RULE_NONE

struct digest_walks {
    int n;
    double walk_min, metres; /* sums */
    double nrs_start, nrs_end, cv_pct;
    int nrs_n, cv_n; /* walks that knew both, and that knew it */
};

struct digest {
    int64_t from_ms, to_ms;
    bool week;      /* the week's sums are wanted */
    bool fall_risk; /* R12's trend goes with them */
    bool plan;      /* planned_n and done_n are of this day */
    uint16_t planned_n, done_n;
    struct digest_walks day, this_week, week_before;
    struct digest_item {
        uint16_t n;
        uint8_t severity; /* the highest */
        int64_t last_ms;
    } items[RULE_COUNT];
};

/* How far back walks have to be read. */
int64_t digest_reach_ms(const struct digest *digest);
/* A walk's record that `reader` has loaded; it counts when it ended in the time asked for. */
void digest_add_walk(struct digest *digest, struct json_reader *reader);
/* An alert raised at `at_ms`; what is below STOP comes with the walk's record. What the wearer took
 * back is no news: of a call for help nobody was told, of a fall that all is well. */
void digest_add_alert(struct digest *digest, enum rule rule, uint8_t severity,
                      enum alert_state state, int64_t at_ms);
/* Cautions that were said without a walk, the last at `last_ms`. */
void digest_add_cautions(struct digest *digest, enum rule rule, int n, int64_t last_ms);
/* Do caregivers read of this rule's cautions at all? */
bool digest_reads(enum rule rule);
/* Is there anything to say? */
bool digest_worth(const struct digest *digest);
/* `name` of the wearer, may be "". Length, or 0 when it does not fit. */
size_t digest_json(const struct digest *digest, const char *wearer_id, const char *name,
                   enum locale locale, char *out, size_t size);

#endif
