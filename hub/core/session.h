/* Stage 8: the record of one walk (rule book 6), a fold: reads all, steers nothing.
 *
 * In: final strides, decisions, alert changes, reports, device health, time. Out: the record.
 * Absent stays absent: a mean without samples is NAN, never 0. Pure. */
#ifndef STRIDE_HUB_CORE_SESSION_H
#define STRIDE_HUB_CORE_SESSION_H

#include "hub/core/alert.h"

enum end_reason {
    END_UNKNOWN = 0,
    END_USER,
    END_PLAN_DONE,
    END_PAIN_STOP,
    END_RED_FLAG,
    END_FALL,
    END_IDLE_TIMEOUT,
    END_DEVICE_LOSS,
    END_BATTERY
};
const char *end_reason_name(enum end_reason reason);

/* Running mean and spread (Welford), and a coarse histogram for percentiles where asked for. */
struct moments {
    uint32_t n;
    double mean, m2;
};
void moments_add(struct moments *moments, double value); /* NAN is ignored */
double moments_mean(const struct moments *moments);      /* NAN if n == 0 */
double moments_sd(const struct moments *moments);        /* n - 1; NAN if n < 2 */

enum { SESSION_REPORTS_MAX = 24, SESSION_ALERTS_MAX = 48, SESSION_RESTS_MAX = 24 };

struct session_device {
    char id[ID_SIZE]; /* "" = none in this slot */
    uint8_t kind, side;
    char firmware[16];
    int8_t battery_start_pct, battery_end_pct; /* -1 = absent */
    uint32_t gaps_n, lost_frames_n;
    double fresh_s;  /* time with data, from the walk's start to its last step so far */
    float fresh_pct; /* of that span; NAN before it is known */
};

/* When a device's data reach from where to where. More pieces than fit are merged across the
 * smallest gap between them: their data then counts as spread evenly over the piece. Outlives the
 * walk, as a walk's start is told after it happened. */
enum { SESSION_PIECES_MAX = 4 };
struct session_pieces {
    double before_s; /* of this walk, in pieces that are no longer kept */
    uint8_t n;
    struct {
        int64_t from_ns, until_ns, data_ns; /* session time */
    } pieces[SESSION_PIECES_MAX];
};

struct session_report {
    float t_s; /* since the walk's start; 0 = then or shortly before */
    float dist_m;
    int8_t nrs; /* -1 = not part of the report */
    uint8_t place, side, quality, button, symptom;
    uint8_t slot;
};

/* What was reported before a walk, which opens some steps after it began. */
enum { SESSION_EARLY_MAX = 4 };
struct session_early {
    int64_t at_ns;
    int8_t nrs, mood; /* -1 = not part of the report */
    uint8_t place, side, quality, button, symptom;
    uint8_t slot;
};

struct session_alert {
    char id[ID_SIZE]; /* alert or prompt id */
    uint8_t rule, severity, text, suppression;
    uint8_t ack;   /* enum alert_state as far as it came; 0 for prompts */
    uint8_t shown; /* Stride__V1__FeedbackKind of the last feedback */
    int64_t at_utc_ms, ack_utc_ms, shown_utc_ms; /* 0 = absent */
    float value, threshold, duration_s;
    bool praise;
    uint8_t dropped_gates; /* enum rule_gate, or'ed */
};

struct session {
    bool open;
    char id[40];                      /* uuid */
    int64_t start_ns, end_ns;         /* session time; end 0 while open */
    int64_t start_utc_ms, end_utc_ms; /* end 0 while open */
    uint8_t end_reason;
    int16_t tz_offset_min;
    char stage[8];
    float clock_speed; /* 1; else the hub ran its clock faster (tests, demo) */
    double walk_s, longest_bout_s;
    int64_t bout_start_ns, covered_until_ns, last_step_ns;
    int64_t contact_ns[FEET]; /* newest contact counted in steps_n; INT64_MIN = none */
    uint32_t steps_n, strides_n[FEET], steady_strides_n, loading_cycles_n;
    double distance_m; /* NAN until a belt or a foot measures it */
    struct moments stride_time[FEET], stance_pct[FEET], swing_pct[FEET], step_time[FEET];
    struct moments double_support_pct, cadence, speed, stride_length, peak_force[FEET], incline,
        belt_speed, walk_ratio;
    struct moments stride_cv, si_stance, si_step,
        si_load; /* of summaries, once per steady stride */
    uint32_t cv_outliers_n;
    uint16_t reports_n, alerts_n, rests_n, reports_dropped_n, alerts_dropped_n, rests_dropped_n;
    struct session_report reports[SESSION_REPORTS_MAX];
    struct session_alert alerts[SESSION_ALERTS_MAX];
    struct {
        float t_s, duration_s;
    } rests[SESSION_RESTS_MAX];
    int8_t pain_start, pain_end, pain_peak; /* -1 = absent */
    uint8_t place_start, place_end, place_most_distal;
    uint32_t prompts_sent, prompts_suppressed, praise_n;
    uint8_t mood_pre, mood_post; /* 0 = absent */
    float clock_skew_max_ms;     /* between insoles; NAN = not known */
    struct session_device devices[WEARER_DEVICES_MAX];
    /* seconds in which each rule was evaluated, of the session's walking time */
    float rule_evaluated_s[RULE_COUNT];
    float rule_absent_s[RULE_COUNT][RULE_ABSENCES]; /* and not, by reason */
    uint8_t rule_absence[RULE_COUNT]; /* why not, for the longest time; RULE_EVALUATED = always */
    struct session_pieces covered[WEARER_DEVICES_MAX];
    uint8_t early_n;
    struct session_early early[SESSION_EARLY_MAX];
};

void session_init(struct session *session);
/* Opens a walk back-dated to `start_ns`. Who the devices are (id, kind, side, firmware), stage,
 * time zone and clock speed stay as they are set, what came before and belongs to the walk is taken
 * in: the devices' data since the start, the reports of the last 15 minutes. All else begins anew.
 */
void session_open(struct session *session, uint64_t id_salt, uint32_t wearer, int64_t start_ns,
                  int64_t wall_minus_mono_ms);
void session_stride(struct session *session, const struct stride *stride,
                    const struct stride_summary *summary);
/* A condition that is held back again and again for the same reason is one entry and counts once.
 */
void session_decision(struct session *session, const struct decision *decision,
                      int64_t wall_minus_mono_ms);
/* True if the record changed: a closed walk's has to be written again then. */
bool session_alert_change(struct session *session, const struct alert *alert);
void session_report(struct session *session, const struct wire_report *report, uint8_t slot,
                    int64_t now_ns);
/* A prompt was said, now or after it had waited: call for every EFFECT_PROMPT. */
void session_prompt(struct session *session, const struct effect_prompt *prompt);
void session_feedback(struct session *session, const struct wire_feedback *feedback,
                      int64_t now_utc_ms);
/* `slot` has data from `from_ns` to `until_ns`, walk or not; pieces of a slot in order. */
void session_covered(struct session *session, uint8_t slot, int64_t from_ns, int64_t until_ns);
/* Another device from now on. */
void session_forget_device(struct session *session, uint8_t slot);
/* A frame of `slot` came; `gap_frames` were missing before it. */
void session_device(struct session *session, uint8_t slot, uint32_t gap_frames, int8_t battery_pct);
/* The devices' fresh_s and fresh_pct up to `until_ns`, the last step so far: before the record of
 * an open walk is looked at. */
void session_update_fresh(struct session *session, int64_t until_ns);
void session_rule_time(struct session *session, const struct rules_state *rules, double seconds);
void session_close(struct session *session, int64_t end_ns, enum end_reason reason,
                   int64_t wall_minus_mono_ms);

#endif
