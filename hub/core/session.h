/* Stage 8: the record of one walk (rule book 6), a fold: reads all, steers nothing.
 *
 * In: final strides; what wrist, belt and heart saw; decisions, alert changes, reports, device
 * health, time. Out: the record. Absent stays absent: a mean without samples is NAN, never 0. What
 * is told while no walk is open is ignored, unless its function says otherwise. Pure. */
#ifndef STRIDE_HUB_CORE_SESSION_H
#define STRIDE_HUB_CORE_SESSION_H

#include "hub/core/alert.h"
#include "hub/core/context.h"

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

/* Running mean and spread (Welford), 12 bytes: a wearer keeps 42 of them. Computed in double, kept
 * in float: over 20,000 strides mean and sd stay within 2e-5 and 2e-4 of the doubles'
 * (session_gait_test). */
struct moments {
    uint32_t n;
    float mean, m2;
};
void moments_add(struct moments *moments, double value); /* NAN and infinity are ignored */
double moments_mean(const struct moments *moments);      /* NAN if n == 0 */
double moments_sd(const struct moments *moments);        /* n - 1; NAN if n < 2 */

/* Of a note: two bytes a character hold Latin, Greek, Cyrillic and more; of longer ones the rest is
 * left out, at the end of a character. */
enum { SESSION_NOTE_SIZE = 2 * NOTE_LENGTH_MAX + 1 };

enum { SESSION_REPORTS_MAX = 24, SESSION_ALERTS_MAX = 48, SESSION_RESTS_MAX = 24 };

struct session_device {
    char id[ID_SIZE]; /* "" = none in this slot */
    uint8_t kind, side;
    char firmware[16];
    int8_t battery_start_pct, battery_end_pct; /* -1 = absent */
    uint32_t gaps_n, lost_frames_n;
    uint32_t dead_cells;       /* bit i: the i-th cell was stuck at some time of the walk */
    uint32_t calibrated_utc_s; /* as it said of itself; 0 = it did not */
    double fresh_s;            /* time with data, from the walk's start to its last step so far */
    float fresh_pct;           /* of that span; NAN before it is known */
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

/* Where something was told. */
enum session_channel { CHANNEL_WRIST = 1, CHANNEL_TREADMILL = 2, CHANNEL_CAREGIVER = 4 };
struct session_alert {
    int64_t at_utc_ms;
    int32_t ack_after_ms, shown_after_ms; /* since at_utc_ms, at most 24 days; -1 = absent */
    float value, threshold, baseline, duration_s;
    uint64_t id;  /* of alert or prompt, as ident_short has it */
    char id_kind; /* its letter; '\0' = it has none */
    uint8_t rule, severity, text, suppression;
    uint8_t ack;              /* enum alert_state as far as it came; 0 for prompts */
    uint8_t shown;            /* Stride__V1__FeedbackKind of the last feedback */
    uint8_t channels;         /* enum session_channel, or'ed: where it was told */
    uint8_t context, devices; /* enum context; enum coverage_device, or'ed: fresh and worn */
    bool praise;
    uint8_t dropped_gates; /* enum rule_gate, or'ed */
};
_Static_assert(sizeof(struct session_alert) == 56, "48 of them are most of a session");

/* Whose count the amounts are. Feet alone as soon as a foot has told a stride of this walk: the
 * wrist misses steps of hands that hold on to something (rule book 2.4), a belt runs without
 * anyone.
 */
enum session_source { SESSION_NO_SOURCE = 0, SESSION_BELT, SESSION_WRIST, SESSION_FEET };
enum session_threshold { SESSION_THRESHOLD_UNKNOWN = 0, SESSION_5PCT, SESSION_20N };
enum session_weight_source {
    SESSION_WEIGHT_NONE = 0,
    SESSION_WEIGHT_STANDING,
    SESSION_WEIGHT_WALKING
};

/* Seconds in which a rule was evaluated, of the walking time, and not, by reason: the four that
 * came first; a fifth takes the place of the one that held shortest, and its seconds with it. */
enum { SESSION_REASONS = 4 };
struct session_rule {
    uint16_t evaluated_s, absent_s[SESSION_REASONS]; /* stays at 65,535 (18 h) */
    uint8_t why[SESSION_REASONS / 2];                /* enum rule_absence, four bits each */
};
_Static_assert(sizeof(struct session_rule) <= 12, "there will be 60 of them");
_Static_assert(RULE_COUNT <= 64, "prompted and improved have a bit for each rule");
_Static_assert(RULE_ABSENCES <= 16, "a reason takes four bits");

/* Speeds of strides as counts, for percentiles: 1/32 m/s wide, the last takes all above. When a
 * count is full, all are halved. */
enum { SPEED_BINS = 128, SPEED_BINS_PER_MPS = 32, SPEED_SLOTS = 18, SPEED_SLOT_S = 10 };
struct session_speeds {
    struct moments first; /* of the first 3 min of walking */
    float least, most;    /* m/s; NAN = none */
    uint16_t bins[SPEED_BINS];
    uint16_t slot; /* number of the newest 10 s of walking; the ring holds the last 3 min */
    uint8_t slot_n[SPEED_SLOTS];
    float slot_sum[SPEED_SLOTS];
    float belt_m, belt_s; /* of a belt without feet: less than a second that is not told yet */
};

/* What one foot's way tells beyond a stride: turns and stairs. */
struct session_way {
    float turned_deg; /* of the stride before, where it was no part of a turn that counted */
    float climbed_m;  /* of a run of steps up that is too short to be stairs */
    float ascent_m;   /* on stairs; NAN = height never measured */
    int64_t end_ns;   /* of the stride before */
    uint16_t turns_n;
    uint8_t climbs_n; /* length of that run */
    bool turning;     /* the turn that was counted still goes on, to the left or not */
    bool turns_left;
    bool turn_known; /* a turn was measured at all */
};

/* The heart. Smoothed values are of readings without suspicion. */
enum { HEART_RECENT = 16, HEART_RECENT_S = 5 };
struct session_pulse {
    struct moments bpm;
    float most_bpm, most_pct; /* NAN = none; share of the wearer's maximum, percent */
    float recovery_bpm;       /* 60 s after the last stop; NAN = not seen */
    float rest_bpm;           /* lowest 30 s mean of the 15 min before the walk; NAN = not seen */
    float suspect_s, moderate_s, vigorous_s; /* NAN = cannot be told */
    float quiet_bpm, calm_bpm;               /* between walks: 30 s mean, and the lowest of these */
    int64_t last_ns, quiet_since_ns, calm_ns, stop_ns; /* INT64_MIN = never */
    int64_t recent_to;                                 /* newest 5 s in `recent`, by number */
    uint8_t recent[HEART_RECENT];                      /* bpm by 5 s; 0 = none */
};

/* Order of hub/core/context.h (rule book 2.4). */
enum { SESSION_CONTEXTS = CONTEXT_COUNT };

/* The pause that goes on or was last: what the wearer did in it. */
enum session_rest { REST_UNKNOWN = 0, REST_STAND, REST_SIT, REST_LEAN };
struct session_pause {
    float stand_s, sit_s;
    bool ended;
    bool leaned; /* said that bending forward eases */
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
    uint8_t amounts_source;    /* enum session_source: of walk_s, steps_n, distance_m, rests */
    uint8_t contact_threshold; /* enum session_threshold */
    uint8_t weight_source;     /* enum session_weight_source */
    float weight_n;            /* body weight; NAN = not known */
    float height_m;            /* of the wearer's profile; NAN = not known */
    double distance_m;         /* NAN until a belt or a foot measures it */
    uint32_t belt_strides_n, imu_strides_n; /* whose speed was the belt's, the foot's */
    struct moments stride_time[FEET], stance_pct[FEET], swing_pct[FEET], step_time[FEET];
    struct moments double_support_pct, cadence, speed, stride_length, peak_force[FEET], incline,
        belt_speed, walk_ratio, wrist_cadence;
    struct moments step_length[FEET];                               /* M06: speed x step time */
    struct moments foot_angle[FEET], clearance[FEET], impact[FEET]; /* M13, M14, M16 */
    struct moments loading[FEET];                                   /* M15, N/s */
    struct moments forefoot[FEET], medial[FEET], cpei[FEET];        /* M17 to M19 */
    struct moments arm_swing[2];                                    /* M20, left and right */
    struct moments stride_cv, si_stance, si_step,
        si_load; /* of summaries, once per steady stride */
    struct session_speeds speeds;
    struct session_way ways[FEET];
    struct session_pulse pulse;
    uint32_t scuff_known_n;            /* swings that could have told a scuff */
    uint16_t scuffs_n, stumbles_n;     /* S02 */
    float belt_ascent_m;               /* of an inclined belt; NAN = no belt */
    float phone_s, rail_s;             /* NAN = nothing there to see it */
    float stand_s, longest_stand_s;    /* the present standing, and the longest; NAN = no context */
    float context_s[SESSION_CONTEXTS]; /* all 0 = nobody told the context */
    uint32_t cv_outliers_n;
    uint16_t reports_n, alerts_n, rests_n, reports_dropped_n, alerts_dropped_n, rests_dropped_n;
    struct session_report reports[SESSION_REPORTS_MAX];
    struct session_alert alerts[SESSION_ALERTS_MAX];
    struct {
        float t_s, duration_s;
    } rests[SESSION_RESTS_MAX];
    uint8_t rest_kinds[SESSION_RESTS_MAX]; /* enum session_rest */
    struct session_pause pause;
    int8_t pain_start, pain_end, pain_peak; /* -1 = absent */
    uint8_t place_start, place_end, place_most_distal;
    uint32_t prompts_sent, prompts_suppressed, praise_n;
    uint64_t prompted,
        improved; /* bit per rule: corrective prompt said; its condition ended then */
    uint8_t mood_pre, mood_post;             /* 0 = absent */
    uint8_t head_forward, shoulders_hunched; /* Stride__V1__Answer: C07 */
    float planned_rest_s;                    /* of the time without walking: meant (M23) */
    char note[SESSION_NOTE_SIZE];            /* "" = none; the last that was told */
    float clock_skew_max_ms;                 /* between insoles; NAN = not known */
    struct session_device devices[WEARER_DEVICES_MAX];
    double rule_rest_s; /* walking time that is no whole second yet: rules are told whole ones */
    struct session_rule rules[RULE_COUNT];
    struct session_pieces covered[WEARER_DEVICES_MAX];
    uint8_t early_n;
    struct session_early early[SESSION_EARLY_MAX];
};
_Static_assert(sizeof(struct session) <= 7480 + 12 * RULE_COUNT + SESSION_NOTE_SIZE,
               "budget of a wearer's 64 KiB");

void session_init(struct session *session);
/* Opens a walk back-dated to `start_ns`. Who the devices are (id, kind, side, firmware), stage,
 * time zone, clock speed, height, weight and threshold stay as they are set, what came before and
 * belongs to the walk is taken in: the devices' data since the start, the reports of the last 15
 * minutes. All else begins anew.
 */
void session_open(struct session *session, uint64_t id_salt, uint32_t wearer, int64_t start_ns,
                  int64_t wall_minus_mono_ms);
/* At any time: what the record divides by, and how contacts were found. `height_m` NAN = unknown.
 */
void session_setup(struct session *session, float height_m, bool threshold_20n);
/* At any time: newest estimate of body weight; of what source, enum session_weight_source. */
void session_weight(struct session *session, float newton, uint8_t source);
void session_stride(struct session *session, const struct stride *stride,
                    const struct stride_summary *summary);
/* Part of it on a belt and part not; a few steps to the belt and from it make no walk mixed. */
bool session_mixed(const struct session *session);
/* Was the way measured nearly all the time, so that its metres are those of the walk? */
bool session_way_whole(const struct session *session);
/* ---- wearers without feet: told always, counted until a foot tells a stride of this walk, when
 * all that they counted is forgotten */

/* A step at the wrist, in order of time. `cadence_spm` NAN = not known yet. */
void session_wrist_step(struct session *session, int64_t at_ns, float cadence_spm);
/* The belt ran at `mps` in between; pieces in order of time. NAN incline = unknown. */
void session_belt(struct session *session, int64_t from_ns, int64_t until_ns, float mps,
                  float incline);

/* ---- what else is seen of the body */

/* At a step: the range of the arm's last swings (M20): 0 = left, 1 = right. NAN adds nothing. */
void session_arm(struct session *session, int arm, float arm_swing_deg);
/* More seconds in viewing posture, and with a hand on the rail; NAN = nothing there to see it, 0 =
 * seen, and not so. */
void session_posture(struct session *session, double phone_s, double rail_s);
/* That many seconds more in `context` (number below SESSION_CONTEXTS; others are ignored). */
void session_context(struct session *session, uint8_t context, double seconds);
/* One reading, in order of time; between walks too, for the heart rate at rest. `suspect`: counts
 * as time only. `hr_max` of the wearer, bpm; NAN = not known. */
void session_heart(struct session *session, int64_t at_ns, float bpm, bool suspect, float hr_max);

/* ---- people and devices */

/* A condition that is held back again and again for the same reason is one entry and counts once.
 */
void session_decision(struct session *session, const struct decision *decision,
                      int64_t wall_minus_mono_ms);
/* True if the record changed: a closed walk's has to be written again then. */
bool session_alert_change(struct session *session, const struct alert *alert);
/* What is told between walks may be the next one's beginning. A note is of the open walk, else of
 * the last one, whenever it comes; mood and C07's answers in the 15 minutes after a walk are its
 * own too, and what waited in a device (`said_ns`) is of the time at which it was said. True if a
 * closed walk's record changed: it has to be written again. */
bool session_report(struct session *session, const struct wire_report *report, uint8_t slot,
                    int64_t said_ns);
/* C07's answer by the prompt itself. The same holds. */
bool session_posture_answer(struct session *session, enum text question, Stride__V1__Answer answer,
                            int64_t now_ns);
/* More seconds without a step that were meant to be. */
void session_planned_rest(struct session *session, double seconds);
/* A prompt was said, now or after it had waited: call for every EFFECT_PROMPT. True if the record
 * changed, as above: a STOP that ends a walk may be said after it. */
bool session_prompt(struct session *session, const struct effect_prompt *prompt);
void session_feedback(struct session *session, const struct wire_feedback *feedback,
                      int64_t now_utc_ms);
/* `slot` has data from `from_ns` to `until_ns`, walk or not; pieces of a slot in order. */
void session_covered(struct session *session, uint8_t slot, int64_t from_ns, int64_t until_ns);
/* Another device from now on. */
void session_forget_device(struct session *session, uint8_t slot);
/* A frame of `slot` came; `gap_frames` were missing before it. */
void session_device(struct session *session, uint8_t slot, uint32_t gap_frames, int8_t battery_pct);
/* Cells of `slot` that are stuck at present, by bit; kept for the walk. */
void session_cells(struct session *session, uint8_t slot, uint32_t stuck);
/* The devices' fresh_s and fresh_pct up to `until_ns`, the last step so far: before the record of
 * an open walk is looked at. */
void session_update_fresh(struct session *session, int64_t until_ns);
void session_rule_time(struct session *session, const struct rules_state *rules, double seconds);
void session_close(struct session *session, int64_t end_ns, enum end_reason reason,
                   int64_t wall_minus_mono_ms);

/* ---- what the record says of it; NAN = not measured */

/* Speed below which `share` of the strides were. Off by 1/32 m/s at most; NAN beyond 4 m/s. */
double session_speed_percentile(const struct session *session, double share);
/* Mean speed of the first and of the last 3 min of walking (the last 170 to 180 s); NAN while there
 * were no 3 min. */
double session_speed_first(const struct session *session);
double session_speed_last(const struct session *session);
/* On stairs by foot IMU, or on an inclined belt. */
double session_ascent_m(const struct session *session);
/* Turns of more than 45 deg in about 2 s; -1 = not measured. */
int session_turns(const struct session *session);
uint32_t session_rule_evaluated_s(const struct session *session, enum rule rule);
/* Why not, for the longest time; RULE_EVALUATED = always was. */
enum rule_absence session_rule_absence(const struct session *session, enum rule rule);

#endif
