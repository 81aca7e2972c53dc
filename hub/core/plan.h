/* The walking programme of one wearer: stage, schedule, intervals, habits, flares, comfort limits.
 *
 * In: walks opened and closed, what the wearer reports, other walking, time. Out: things to say
 * (all INFO or COACH: whether and when they are said is the alert stage's business) and decisions
 * on the stage, each with its reason.
 * Time: the core knows no time zone, so the caller gives wall time, the local day and the local
 * minute with each call. A local day is closed once, in order, however long the hub was away;
 * minutes may jump (daylight saving), wall time and days may step back: nothing is done twice.
 * Absent is NAN, -1 or UNKNOWN. What is not known drops its condition and the decision says so
 * (`dropped`); without any pain answer in the days looked at there is no step up (C01 needs R).
 * Refused inputs change nothing but `dropped_n`. Pure.
 *
 * Rules: C01-C05, C07-C09, C11-C18, P07, P08, R09 of the rule book. */
#ifndef STRIDE_HUB_CORE_PLAN_H
#define STRIDE_HUB_CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/core/params.h"
#include "hub/core/plan_book.h"
#include "hub/core/text.h"

/* ---- in ---- */

struct plan_now {
    int64_t wall_ms;
    int32_t day;    /* local, in days since 1970 */
    int16_t minute; /* local, 0..1439 */
    bool quiet;     /* quiet hours, or asleep */
    bool stop_open; /* a STOP or RED is open: nothing here is said */
    bool hurts;     /* what stopped a walk is not settled: C11 waits */
    bool unheard;   /* nobody would hear it (hub away, no device, no consent): nothing is said */
    bool driving;
    bool unwell;  /* today, by S07 or T1: nobody is reminded of a walk */
    bool stay_in; /* heat or ice: C14 does not send anybody out */
};

struct plan_profile {
    bool disc, stenosis, vertigo, fluid_restriction, wheelchair;
    bool p05; /* pattern flag of neurogenic claudication, from earlier walks */
};

enum plan_mode { PLAN_MODE_UNKNOWN = 0, PLAN_OVERGROUND, PLAN_TREADMILL, PLAN_INDOOR, PLAN_MIXED };
enum plan_surface {
    PLAN_SURFACE_UNKNOWN = 0,
    PLAN_TRACK,
    PLAN_TRAIL,
    PLAN_BELT,
    PLAN_CONCRETE,
    PLAN_GRASS,
    PLAN_FLOOR,
    PLAN_SURFACES
};
enum plan_end {
    PLAN_END_OTHER = 0,
    PLAN_END_USER,
    PLAN_END_DONE,
    PLAN_END_PAIN,
    PLAN_END_RED,
    PLAN_END_IDLE /* nobody walked on */
};
enum plan_actor { PLAN_BY_WEARER = 0, PLAN_BY_CLINICIAN };

/* The shoe of the walk, R09. */
struct plan_shoe {
    uint32_t tag;             /* of its id; another number is another shoe; 0 = unknown */
    int16_t age_d;            /* -1 unknown */
    float worn_days_per_week; /* NAN unknown, as below */
    float distance_km;
    float loading_ratio; /* loading rate at one treadmill speed, over that of its first 50 km */
};

struct plan_opening {
    uint8_t mode;  /* enum plan_mode */
    int8_t nrs;    /* pain at the start, -1 not yet known */
    float ambient; /* degrees C, NAN unknown */
    struct plan_shoe shoe;
};

/* What a walk came to. Its day may be up to 13 days back: late frames close it late. */
struct plan_facts {
    int32_t day; /* local, of its start */
    uint8_t mode, surface, end;
    bool amber;    /* the amber range was reached, P03; at its end or before */
    bool red;      /* P03 red */
    bool red_flag; /* a red flag that was not taken back: nothing to praise, no reason to go back */
    bool p02_stop; /* P02 STOP */
    bool leg_stop; /* P06, or T1's "stop for today" */
    bool stopped;  /* any STOP of the body: there is nothing to praise */
    bool outing;   /* it was out of the house */
    bool long_ok;  /* the wearer said that a long walk is fine */
    int16_t nrs_start, nrs_end, nrs_peak; /* -1 no answer */
    float walk_min;                       /* walking only; 0..1440 */
    float longest_bout_min;               /* NAN unknown, as below */
    float metres;
    float outdoor_min;
    float rise_min, rise_m; /* walking time and distance of the P07 event; NAN = there was none */
    uint32_t steps;
};

enum plan_motion { PLAN_MOTION_UNKNOWN = 0, PLAN_WALKING, PLAN_STANDING, PLAN_SITTING };
/* The open walk as it is now. */
struct plan_moment {
    int64_t at_ns;  /* session time; never goes back in a walk */
    uint8_t motion; /* enum plan_motion, from now on */
    uint8_t mode;
    bool paused;
    bool amber;  /* P03 amber now */
    bool tiring; /* R13 on */
    bool p05;    /* P05 pattern, or T1 on its way */
    bool long_ok;
    int8_t nrs, nrs_start;  /* -1 unknown */
    float walk_min, metres; /* so far; metres NAN unknown */
    float ambient;
};

/* `value` where one is named; a value out of range is refused. */
enum plan_report {
    PLAN_REPORT_NONE = 0,
    PLAN_REPORT_MORNING, /* 0..10, P01 of the morning */
    PLAN_REPORT_NRS,     /* 0..10, any other pain answer */
    PLAN_REPORT_FLARE,
    PLAN_REPORT_FLARE_OVER,
    PLAN_REPORT_LOW,       /* "feeling low" */
    PLAN_REPORT_FEAR,      /* 0..10 */
    PLAN_REPORT_MOOD_WEEK, /* 1..5 */
    PLAN_REPORT_POSTURE,   /* C07 answer: 1 head forward or shoulders hunched, 0 neither */
    PLAN_REPORT_SNOOZE,    /* R09 */
    PLAN_REPORTS
};

/* ---- out ---- */

enum plan_level { PLAN_INFO = 0, PLAN_COACH };
struct plan_say {
    char rule[4]; /* "C01", with its end */
    uint8_t text; /* enum text */
    uint8_t level;
    uint8_t surface;  /* C13: enum plan_surface */
    bool wearer_only; /* C18: never to a caregiver */
    bool praise;
    bool breathe;           /* C04: pace the breath, 4 s in, 6 s out */
    int16_t n;              /* {n}; -1 = none */
    int16_t min;            /* {min}; -1 = none */
    int16_t min_next;       /* C01: minutes of the day's second walk where it differs; -1 = none */
    float value, threshold; /* P07, C16: minutes of walking, and what they are over; NAN = none */
    int64_t at_wall_ms;
};

/* Conditions of a step up that were not known. */
enum plan_dropped { PLAN_DROPPED_MORNING = 1, PLAN_DROPPED_RISE = 2 };
struct plan_decision {
    uint8_t direction, why, from, to;  /* plan_direction, plan_why, plan_stage */
    uint8_t dropped;                   /* enum plan_dropped, or'ed */
    uint8_t days_n, done_n, planned_n; /* days at the stage; walks of the days looked at */
    int32_t day;                       /* local day it is for */
};

enum { PLAN_SAYS_MAX = 8, PLAN_DECISIONS_MAX = 8 };
/* Appended to; what does not fit is counted. */
struct plan_out {
    uint8_t says_n, decisions_n, lost_n;
    struct plan_say says[PLAN_SAYS_MAX];
    struct plan_decision decisions[PLAN_DECISIONS_MAX];
};

/* ---- state ---- */

enum { PLAN_RING = 14, PLAN_SLOTS = 3, PLAN_LIMIT_SESSIONS = 10 };
enum { PLAN_UNKNOWN_MIN = UINT16_MAX };

enum plan_mark {
    PLAN_MARK_AMBER = 1,
    PLAN_MARK_RED = 2,
    PLAN_MARK_P02 = 4,
    PLAN_MARK_FLARE = 8,   /* open on that day: neutral */
    PLAN_MARK_REST = 16,   /* a clinician's rest day: neutral */
    PLAN_MARK_GRACE = 32,  /* bridged in the streak */
    PLAN_MARK_WALKED = 64, /* a minute or more: not a missed day */
    PLAN_MARK_SEEN = 128,  /* a device worn outside walks told of its movement */
    PLAN_MARK_ABORTED = 256,
    PLAN_MARK_OVERDO = 512,
    PLAN_MARK_LEGS = 2048,   /* P06, or T1's STOP */
    PLAN_MARK_M1_ONLY = 1024 /* pain 6 or more at the start: five minutes are the target, P03 */
};
struct plan_day {
    float walk_min;
    uint32_t steps;
    uint16_t outdoor_min, longest_still_min; /* PLAN_UNKNOWN_MIN */
    uint16_t marks;                          /* enum plan_mark */
    uint8_t planned_n, done_n, outings_n;
    uint8_t aborted_n;                             /* below half, without pain: C11 */
    int16_t start_nrs, rise_max, morning, nrs_max; /* -1 unknown; lowest start of the day */
};

enum plan_limit_source {
    PLAN_LIMIT_UNKNOWN = 0,
    PLAN_LIMIT_EVENTS,
    PLAN_LIMIT_STABLE,
    PLAN_LIMIT_CLINICIAN
};
/* One learnt figure, of minutes or metres. */
struct plan_bound {
    float limit, working; /* NAN = none */
    float week_base;      /* working limit when the week began */
    int16_t week_day;     /* plan day of that */
};
/* P07 of one kind of ground. Newest session first. */
struct plan_limit {
    float minutes[PLAN_LIMIT_SESSIONS], metres[PLAN_LIMIT_SESSIONS]; /* of event or end */
    uint16_t events;                                                 /* bit per session */
    uint8_t n;
    uint8_t source; /* enum plan_limit_source */
    struct plan_bound time, distance;
};

enum plan_interval { PLAN_INTERVAL_OFF = 0, PLAN_INTERVAL_WALK, PLAN_INTERVAL_REST };
/* The open walk. */
struct plan_walk {
    bool open, paused, began; /* `began`: at_ns is known */
    uint8_t motion, mode;
    uint8_t index; /* planned_index, 1..3; 0 = beyond the plan */
    uint8_t interval, pieces_n;
    uint8_t offered; /* C03: bit 0 at the start, bit 1 for amber or tiring */
    uint8_t breathed_n, drank_n;
    bool limit_said, enough_said;
    float target_min;
    int64_t at_ns, left_ns, skipped_ns; /* left of the piece or rest; walked through the rest */
    int64_t standing_ns, breathed_ns, drank_ns; /* INT64_MIN = not */
};

/* Flat, no pointers: its bytes are its checkpoint. Days are plan days: one more with each local day
 * that was closed, so that a corrected clock moves nothing. */
struct plan {
    int32_t today; /* local day of day[0] */
    int16_t day_n; /* plan day of today; the first is 0 */
    uint8_t stage, days_done;
    int16_t stage_from; /* first whole day at this stage */
    int16_t decided_day, down_day;
    int16_t rest_until;       /* last rest day a clinician asked for */
    uint8_t resume, gap_back; /* stage after a flare, 0 = none; stages taken back in this gap */
    bool came_down, up_unsure, flare, red_unsettled, sessions_any, thirty_said;
    bool unsaid_low, unsaid_down, unsaid_up; /* C18, C01: wait for a better moment */
    uint8_t hold_said;                       /* enum plan_why */
    uint8_t calm_n, painfree_n;
    int16_t flare_day, calm_since; /* opened; first day after the last */
    int16_t flare_said_day;        /* P08, once a day; -1 = never */
    int16_t best_calm, calm_said;  /* longest row of flare-free days; C09 */
    int16_t streak, streak_said;
    float usual;           /* NRS, NAN unknown */
    int64_t high_since_ms; /* P08: at or over usual + 2 since; INT64_MIN = not */
    int16_t overdo_day;    /* a long walk that is watched; -1 none */
    int16_t overdone_day;  /* last overdo found; -1 never */
    uint8_t overdo_mode, treadmill_aborts;
    int64_t overdo_ms;
    float overdo_usual_steps;
    /* clocks and habits; days are -1 for never */
    int16_t slots[PLAN_SLOTS]; /* minute of the day; -1 not chosen */
    uint8_t slots_said;        /* two bits a slot, of today */
    uint8_t still_said;        /* C12, of today */
    bool still_by_said;
    uint8_t encourage_next, mood_week;
    int64_t still_since_ms, seen_ms, still_said_ms; /* INT64_MIN = none */
    int16_t encouraged_day, drank_day, windowed_day, posture_day, surface_day, daylight_day;
    int16_t mode_day, mood_day, mood_said_day, shoe_day;
    bool mood_low;
    uint8_t shoe_snoozes;
    uint32_t shoe_tag;
    float surface_rise[PLAN_SURFACES];
    uint8_t surface_n[PLAN_SURFACES];
    uint32_t dropped_n;          /* inputs refused */
    struct plan_limit limits[2]; /* overground and indoor; treadmill */
    struct plan_walk walk;
    struct plan_day day[PLAN_RING]; /* 0 = today */
};
_Static_assert(sizeof(struct plan) <= 1536, "budget of a wearer's 64 KiB");

/* Starts the programme today at `stage`. */
void plan_init(struct plan *plan, enum plan_stage stage, const struct plan_now *now);

/* ---- calls in; each closes the days before `now` first ---- */

/* The wearer's times, minutes of the day; -1 = none. False, nothing changed: out of range. */
bool plan_schedule(struct plan *plan, const int16_t slots[PLAN_SLOTS]);
void plan_session_opened(struct plan *plan, const struct params *params,
                         const struct plan_profile *profile, const struct plan_now *now,
                         const struct plan_opening *opening, struct plan_out *out);
/* Facts that cannot be are refused: false. */
bool plan_session_closed(struct plan *plan, const struct params *params,
                         const struct plan_profile *profile, const struct plan_now *now,
                         const struct plan_facts *facts, struct plan_out *out);
/* In a walk: on every change of motion or pain, and when plan_walk_deadline_ns is due. */
void plan_moment(struct plan *plan, const struct params *params, const struct plan_profile *profile,
                 const struct plan_now *now, const struct plan_moment *moment,
                 struct plan_out *out);
/* The wearer wants the walk in pieces, or no more. */
void plan_pieces(struct plan *plan, const struct params *params, bool on);
/* Session time of the next cue; INT64_MAX = none. */
int64_t plan_walk_deadline_ns(const struct plan *plan, const struct params *params);
bool plan_report(struct plan *plan, const struct params *params, const struct plan_profile *profile,
                 const struct plan_now *now, enum plan_report kind, int value,
                 struct plan_out *out);
/* Worn outside a walk since the last such call at most 15 minutes ago: `walk_s` of walking ending
 * now, 0 for none. Steps of walks are not among `steps`. */
void plan_seen(struct plan *plan, const struct params *params, const struct plan_profile *profile,
               const struct plan_now *now, uint32_t steps, uint32_t walk_s, struct plan_out *out);
/* Reminders and whatever is due by the clock. */
void plan_time(struct plan *plan, const struct params *params, const struct plan_profile *profile,
               const struct plan_now *now, struct plan_out *out);
/* Wall time at which plan_time wants to be called: later than now, at most half an hour away. */
int64_t plan_deadline_ms(const struct plan *plan, const struct params *params,
                         const struct plan_now *now);
/* In a flare the stage is kept for when it is over: the cap stays. False: no such stage. */
bool plan_override(struct plan *plan, const struct params *params, const struct plan_now *now,
                   enum plan_stage stage, enum plan_actor actor, struct plan_out *out);
enum { PLAN_REST_DAYS_MAX = 60 };
/* A clinician's rest: today and `days_n` - 1 more; 0 ends it. False: over 60. */
bool plan_rest(struct plan *plan, const struct params *params, const struct plan_now *now,
               int days_n, struct plan_out *out);
enum { PLAN_LIMIT_MIN_MAX = 1440 };
/* A clinician's limit of a walk in minutes; NAN gives it back to learning. False: not 1..1440. */
bool plan_limit_set(struct plan *plan, const struct params *params, bool treadmill, float minutes);

/* Is the cue of this rule turned off? Then it is not said, and not taken as said. */
bool plan_cue_off(const struct params *params, const char *rule);
/* Do its words speak of shoes, steps or a walk? Then they are not for whose profile is a wheelchair
 * (rule book 7, scenario 19), and not taken as said. */
bool plan_afoot(const char *rule);

/* ---- questions ---- */

struct plan_next {
    uint8_t stage;   /* in force: M1 in a flare */
    uint8_t walks_n; /* of today; 0 on a rest day */
    uint8_t index;   /* 1..walks_n; 0 = today's are done */
    float target_min;
    bool flare;
};
void plan_next(const struct plan *plan, const struct params *params, struct plan_next *next);

/* Rule book 6, daily and weekly aggregates. */
struct plan_sums {
    uint8_t planned_n, done_n, streak_days, outings_week_n, mood_week; /* streak 0: show none */
    bool flare, overdo, recovered;
    uint32_t steps;
    float walk_min, longest_still_min, consistency; /* NAN unknown; consistency 0..1 of 7 days */
    float usual_nrs;
    int16_t days_since_flare, best_flare_free_days; /* -1 while it is open */
    struct {
        float working_min, working_m;
        uint8_t source;
    } limits[2];
};
void plan_sums(const struct plan *plan, const struct params *params, struct plan_sums *sums);

#endif
