/* Stage 4: one foot's force becomes initial contacts and foot-offs, as the samples stream by.
 *
 * In: samples of one foot in device time, in order, gaps marked. Out: events in device time, and
 * what was measured over each stance. The floor (force in the air) and the plateau (force in
 * stance) are tracked per foot and drift with it; a crossing is interpolated between two samples,
 * so an event's time is a fraction of a sample. Depends on nothing but the samples: how they were
 * cut into frames, when they arrived and whether they came twice makes no difference to a bit of an
 * event. Pure. */
#ifndef STRIDE_HUB_CORE_GAIT_H
#define STRIDE_HUB_CORE_GAIT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "hub/core/align.h"
#include "proto/limits.h"

enum foot { FOOT_LEFT = 0, FOOT_RIGHT = 1, FEET = 2 };
enum gait_event_kind { GAIT_INITIAL_CONTACT = 1, GAIT_FOOT_OFF = 2 };

struct gait_event {
    uint8_t foot;          /* enum foot */
    uint8_t kind;          /* enum gait_event_kind */
    bool after_gap;        /* samples are missing between this event and the one before */
    bool late;             /* its frame came late: no live decision may rest on it */
    double at_device_us;   /* recording's or device's own time */
    int64_t at_session_ns; /* hub's monotonic clock, through align */
    /* Foot-off only: the stance that ended. NAN where unknown. Force is relative to the floor. */
    float peak_force_n; /* largest force of the stance */
    float impulse_ns;   /* force x time over the stance, N s */
};

/* Nothing is known of its stance. Padding is set too: what is kept of an event must be the same
 * bytes in each run. */
static inline void gait_event_init(struct gait_event *event, uint8_t foot,
                                   enum gait_event_kind kind, const struct align *align,
                                   double at_device_us)
{
    memset(event, 0, sizeof *event);
    event->foot = foot;
    event->kind = (uint8_t)kind;
    event->at_device_us = at_device_us;
    event->at_session_ns = align_session_ns(align, at_device_us);
    event->peak_force_n = event->impulse_ns = NAN;
}

struct gait_params {
    bool threshold_20n; /* else 5 % of (plateau - floor) */
};

/* Samples kept to look back from a step to where its force crossed the threshold: 1.9 s at 100 Hz,
 * 0.6 s at 300 Hz. */
enum { GAIT_RING = 192, GAIT_SWINGS = 3, GAIT_STANCES = 5, GAIT_LOWS = 5, LEVEL_BUCKETS = 6 };

/* Finds floor and plateau from nothing: the range of the last 3 s, and the swings seen in it.
 * Runs beside the tracked levels all the time, and takes over when those no longer see steps. */
struct level_finder {
    double bucket_end_us;
    float low[LEVEL_BUCKETS], high[LEVEL_BUCKETS];
    float bottom, top; /* of all buckets */
    uint8_t bucket, buckets_n;
    bool up, phase_known; /* in the upper part of the range; since a crossing that was seen */
    uint8_t swings_n;     /* swings in a row that look alike: 0 to 2 */
    double phase_us;      /* when the present part began */
    double swing_us;      /* when the last swing began */
    double since_us;      /* when the one before it began */
    double low_us;        /* the last sample in the lowest part of the range */
    double sum;           /* of the part's samples */
    uint32_t sum_n;
    float swing_floor, stance_mean; /* of the last swing and stance */
};

enum gait_phase {
    GAIT_LOST = 0, /* levels unknown, or nothing known since a gap */
    GAIT_SWING,    /* force below, foot-off told */
    GAIT_LOADING,  /* force rose, held for less than the hold time */
    GAIT_STANCE,   /* initial contact told */
    GAIT_UNLOADING /* force fell; where exactly is told once the swing's own floor is known */
};

struct force_ring {
    double newest_us;         /* device time of the newest sample */
    uint32_t tick[GAIT_RING]; /* device time, wrapped: differences count */
    float force[GAIT_RING];
    uint16_t n, at; /* samples in it, and where the next one goes */
};

/* State of one foot; flat. */
struct gait_foot {
    uint8_t foot;
    uint8_t phase;     /* enum gait_phase */
    bool after_gap;    /* the next event follows a gap */
    bool stance_whole; /* the present stance began with a contact that was seen */
    bool levels_known;
    uint8_t swings_n, swing_at, stances_n, stance_at, lows_n, low_at;
    float floor, plateau; /* medians of the lists below */
    float rise, fall;     /* levels between which the foot is neither up nor down */
    float swing_floor[GAIT_SWINGS];
    float stance_plateau[GAIT_STANCES];
    float swing_low[GAIT_LOWS]; /* the least of each swing */
    float zero;                 /* where the sensor rests, if it always rests there; else NAN */
    float low;                  /* the least of the present swing */
    double event_us;            /* device time of the last event */
    double contact_us;          /* of the contact that began the present stance */
    double settled_us;          /* no event before this can come any more */
    double high_us;             /* the last sample above `rise` of this stance */
    double phase_us;            /* when the present phase began */
    double upper_sum;           /* of the stance's samples above `rise` */
    uint32_t upper_n;
    float stance_peak;
    float loading_threshold;
    double stance_sum; /* force x time from the contact to the newest sample, N us */
    struct level_finder finder;
    struct force_ring ring;
};
_Static_assert(sizeof(struct gait_foot) <= 1984, "two feet are a small part of a wearer's state");

/* The longest sample period from which steps are read: 40 Hz. Rule book 2.1 asks for 50 Hz and
 * more; below that a swing of 0.1 s is a sample or two, and an event's time a guess. A bit of slack
 * is for sensors that run slow. */
enum { GAIT_PERIOD_US_MAX = 25000 };
/* An event is looked for that far behind the sample that shows it. */
enum { GAIT_LOADING_US = 300000 };
/* Of one push. Contacts are told 0.1 s apart at least: each follows a foot-off by the shortest
 * swing, or two whole swings that were seen anew. Between two contacts lies one foot-off at most.
 */
enum {
    GAIT_CONTACT_GAP_US = 100000,
    GAIT_CONTACTS_MAX = FRAME_SAMPLES_MAX * GAIT_PERIOD_US_MAX / GAIT_CONTACT_GAP_US + 1,
    GAIT_EVENTS_MAX = 2 * GAIT_CONTACTS_MAX + 2
};

void gait_foot_init(struct gait_foot *state, enum foot foot);
/* Feeds `slice->samples_n` force values (N over anything, raw counts times scale; drifting floor
 * and gain are expected) of one foot, at most FRAME_SAMPLES_MAX of them and GAIT_PERIOD_US_MAX
 * apart. Returns how many events it wrote to `out`. On
 * slice->gap_before nothing is carried over the gap: a stance or swing that spans it is not one;
 * but over a short gap goes a straight line. */
int gait_foot_push(struct gait_foot *state, const struct gait_params *params,
                   const struct slice *slice, const struct align *align, const float *force,
                   struct gait_event out[GAIT_EVENTS_MAX]);
/* Session time up to which this foot's events are all told, after a push: what stride_watermark()
 * wants. It lags the samples, as a foot-off waits for its swing's floor: by 0.35 s at most, by
 * nothing while the foot stands. */
int64_t gait_foot_settled_ns(const struct gait_foot *state, const struct align *align);

#endif
