/* Stage `pain`: what a person says of pain, legs and red flags becomes findings and questions:
 * P01 to P06, T1, F01 to F06 (rule book 3.2 and 3.3).
 *
 * In: reports, answers, sessions, a few features of the walk, time. Out: findings, at most one
 * question at a time, and what other rules have to respect (pain_effects). The stage asks instead
 * of guessing; silence is `no answer`, never 0 and never "no". Sides matter: what was said of one
 * leg is never taken as said of the other.
 *
 * Every call first serves what is due by its time, in order and each at its own time: how late the
 * caller woke up changes nothing. A context holds until the next call with another one. `out` is
 * added to; the caller empties it. Times are hub ns. Per wearer; outlives the walk. Pure. */
#ifndef STRIDE_HUB_CORE_PAIN_H
#define STRIDE_HUB_CORE_PAIN_H

#include "hub/core/screen.h"
#include "hub/core/triage.h"

enum { PAIN_DAY_NEVER = SCREEN_NEVER };

struct pain_context {
    const struct params *params;
    int64_t wall_minus_mono_ms;
    int64_t seated_since_ns; /* INT64_MIN = not seated, or nobody knows */
    int16_t tz_offset_min;
    int16_t age_years;    /* -1 = unknown */
    uint8_t legs_known;   /* Stride__V1__Side: leg symptoms known for longer than t1.new (profile:
                             stenosis = both) */
    bool posture_known;   /* something can tell sitting from standing */
    bool early_stage;     /* M1 or M2 */
    bool flare;           /* P08 is open */
    bool red_open;        /* a red flag waits for a person */
    int64_t ended_ago_ns; /* of a walk that closes: its last step */
    bool goes_on;   /* of a walk that opens: a fall that was taken back cut it off from the last */
    float walked_m; /* in this session; NAN = unknown */
    /* Of a report. What is done about it is of the present; when it was is its own time. */
    int64_t said_ago_ns; /* it waited in its device for so long; 0 = it did not */
    bool by_other;       /* not the wearer's own word: a caregiver's */
    /* Questions wait for these: INT64_MAX = none may be asked in this call; in the past = now. */
    int64_t ask_ns;        /* of pain in the ordinary course, and when a weekly screen begins */
    int64_t ask_urgent_ns; /* of legs, places after a pause, and red flags */
};

/* Of the walk so far; NAN = unknown. */
struct pain_features {
    float speed_first_mps; /* minutes 1 and 2 */
    float speed_mps;       /* now */
    float ff_rise;         /* forefoot share over baseline (M17) */
    bool hands_fixed_leaning;
    bool easier; /* goes on uphill or with a trolley where it stopped before */
};

/* A question put to the wearer, to be sent as a prompt on every way that is there. */
struct ask {
    uint8_t question;           /* enum question; 0 = nothing is asked */
    uint8_t text;               /* enum text */
    uint8_t repeat_n;           /* how often it was asked before */
    const char *id;             /* constant: Report.question of its answer */
    int64_t at_ns, deadline_ns; /* not to be shown later */
};

struct pain_out {
    struct findings found;
    struct ask ask; /* the one that is open after the call, if it was asked in it */
};
static inline void pain_out_none(struct pain_out *out)
{
    findings_none(&out->found);
    out->ask = (struct ask){0};
}

struct red_flag {
    int64_t t_utc_ms;
    uint8_t rule, question, urgency; /* enum rule, question, alert_urgency */
    bool from_table;                 /* T1's table, not a "yes": `question` decided it */
};

/* Bits of P05's score. */
enum p05_item {
    P05_REPORT = 1,
    P05_BOTH = 2,
    P05_RELIEF = 4,
    P05_SEATED = 8,
    P05_SPEED = 16,
    P05_LEAN = 32,
    P05_EASIER_SEEN = 64,
    P05_EASIER_SAID = 128,
    P05_STANDING_UP = 256
};

/* An answer may come after many other questions: a device that was offline tells it later. */
enum { RED_FLAGS_MAX = 8, PAIN_PROMPTS = 16 };

/* For the session's record (rule book 6); -1, NAN and UNKNOWN are absent. */
struct pain_record {
    int8_t start, end, peak;                    /* NRS */
    int8_t loc_start, loc_end, loc_most_distal; /* 0 none .. 5 foot */
    uint8_t side;                               /* Stride__V1__Side of the most distal place */
    uint8_t legs;                               /* sides that were reported at the thigh or below */
    uint8_t qualities;                          /* bit per Stride__V1__PainQuality */
    uint8_t aggravators;                        /* bit per Stride__V1__Aggravator */
    uint8_t relief_posture;                     /* Stride__V1__Relief, the first that was said */
    bool centralising;
    int8_t fear, effort;
    int8_t next_morning; /* NRS; kept until the next session opens */
    uint8_t p05_score;
    uint8_t asked_n, no_answer_n; /* P01 */
    uint8_t red_flags_n;
    uint8_t red_flags_dropped_n;
    float rise_at_s, rise_at_m; /* first NRS >= start + 2 or place more distal; NAN = censored */
    struct red_flag red_flags[RED_FLAGS_MAX];
};

enum pain_band { BAND_NONE = 0, BAND_GREEN, BAND_AMBER, BAND_RED };
enum p02_phase { P02_QUIET = 0, P02_PAUSED, P02_STOPPED };
/* Why the wearer was stopped in this session. */
enum pain_stop { STOP_P02 = 1, STOP_P03 = 2, STOP_P06 = 4, STOP_T1 = 8, STOP_RED = 16 };
enum pain_answer { ANSWERED_NOT = 0, ANSWERED_YES, ANSWERED_NO, ANSWERED_SILENT };

/* Flat. */
struct pain {
    int64_t now_ns; /* served up to here */
    /* the question that is open */
    int64_t asked_ns, until_ns;
    uint8_t question, repeat_n;
    uint8_t prompts_next;
    bool session_open;
    uint64_t prompts[PAIN_PROMPTS]; /* words of the last questions' prompt ids; 0 = free */
    uint8_t prompted[PAIN_PROMPTS]; /* enum question of each */
    /* P01 */
    int64_t start_ns; /* of the session */
    int64_t check_ns; /* last scheduled check */
    int64_t nrs_ns;   /* last NRS said; INT64_MIN = never */
    int64_t extra_ns; /* a check out of turn: start, surface, end; INT64_MAX = none */
    int64_t place_due_ns, place_ns;
    int64_t end_until_ns; /* what is said up to here still belongs to the walk that closed */
    int32_t closed_day;   /* local day of the last session's end; PAIN_DAY_NEVER */
    int32_t morning_day;  /* local day whose morning is asked about; PAIN_DAY_NEVER */
    uint8_t morning_asked_n;
    bool extra_exempt; /* start and end are asked whatever was said in the last five minutes */
    /* P02, P03, P04 */
    int64_t p02_due_ns;      /* ask again; INT64_MAX = not */
    int64_t p02_rest_ns;     /* end of the pause */
    int64_t distal_since_ms; /* wall; INT64_MIN = not distal */
    int64_t amber_ns;
    int8_t nrs, loc;       /* last said; -1 = not in this session */
    int8_t nrs_before;     /* said before `nrs` in this session, else the same */
    int8_t loc_praised;    /* most proximal that was praised; -1 */
    uint8_t p02;           /* enum p02_phase */
    uint8_t band, lower_n; /* enum pain_band; reports in a row in a lower one */
    uint8_t distal_sessions_n;
    uint8_t legs_before; /* record.legs of the session before */
    bool moved_down;     /* said by button, place not yet */
    bool amber_seen, p04_said;
    int32_t red_day, p02_summary_day; /* local days; PAIN_DAY_NEVER */
    uint8_t stops;                    /* enum pain_stop, or'ed */
    bool red_seen, red_again;         /* P03: in this session; and in the seven days before */
    /* legs: index 0 left, 1 right */
    int64_t leg_ns[2]; /* last symptom */
    int32_t leg_first_day[2], leg_last_day[2];
    int64_t weak_ns; /* first report of weakness in its run; INT64_MIN = never */
    int64_t weak_last_ns;
    struct triage triage;
    /* P05 */
    int64_t p05_ns; /* last said */
    uint16_t p05_items;
    uint8_t p05_said_n, p05_low_n; /* sessions in a row below 3 */
    bool p05_path, p05_open, p05_flagged, circulation;
    bool p05_quiet; /* first episode: told to call today, so nobody says "go on" */
    /* red flags */
    struct screen screen;
    int64_t flag_ns[6]; /* last raised, F01 to F06; INT64_MIN = never */
    uint8_t flag_urgency[6];
    uint8_t answers[QUESTIONS]; /* enum pain_answer, the last */
    int64_t answered_utc_ms[QUESTIONS];
    int64_t p06_ns;
    uint32_t unknown_n; /* answers to questions that nobody here knows */
    struct pain_record record;
};
_Static_assert(PAIN_PROMPTS >= QUESTIONS - QUESTION_FLAGS_FIRST, "a whole screen");
_Static_assert(sizeof(struct pain) <= 1024, "budget of a wearer's 64 KiB");

void pain_init(struct pain *state);
/* `start_ns` may be before now: a walk is back-dated. Reports of the last five minutes before it
 * are the start's. */
void pain_session_opened(struct pain *state, const struct pain_context *context, int64_t start_ns,
                         int64_t now_ns, struct pain_out *out);
void pain_session_closed(struct pain *state, const struct pain_context *context, int64_t now_ns,
                         struct pain_out *out);
void pain_report(struct pain *state, const struct pain_context *context,
                 const struct wire_report *report, int64_t now_ns, struct pain_out *out);
/* The prompt under which a question was sent; its feedback answers it. `known`: it is another
 * prompt that the hub remembers. A yes to what nobody knows may be a red flag's: all are asked
 * again. */
void pain_prompted(struct pain *state, enum question question, const char *prompt);
void pain_feedback(struct pain *state, const struct pain_context *context,
                   const struct wire_feedback *feedback, bool known, int64_t now_ns,
                   struct pain_out *out);
void pain_features(struct pain *state, const struct pain_context *context,
                   const struct pain_features *features, int64_t now_ns, struct pain_out *out);
void pain_surface_changed(struct pain *state, const struct pain_context *context, int64_t now_ns,
                          struct pain_out *out);
/* P06's sensor hint, and a fall that ended well: each adds a question, never a finding. */
void pain_foot_slap(struct pain *state, const struct pain_context *context, int64_t now_ns,
                    struct pain_out *out);
void pain_fell(struct pain *state, const struct pain_context *context, int64_t now_ns,
               struct pain_out *out);
/* The hub was away until `now_ns`: what was open is asked again, since nobody could answer. Call it
 * instead of moving time over the outage. */
void pain_hub_started(struct pain *state, const struct pain_context *context, int64_t now_ns,
                      struct pain_out *out);
/* Everything due at or before `now_ns`. */
void pain_time(struct pain *state, const struct pain_context *context, int64_t now_ns,
               struct pain_out *out);
/* When pain_time has something to do with this context; INT64_MAX = never. */
int64_t pain_deadline_ns(const struct pain *state, const struct pain_context *context);

/* What other rules respect. */
struct pain_effects {
    bool p05_open; /* R03, R04, R06 and C04 are silent; a rest is sit or lean (C03) */
    bool amber;    /* C03 is offered; shorter */
    bool red;      /* band, in this session */
    bool stop_open;
    bool unsettled; /* what stopped the walk: until its end is told, or the pain leaves the leg */
    bool triage_running;
    bool triage_unanswered; /* and its last question met silence */
    bool caution_open;      /* P02's pause, P03 amber, T1: nobody is invited to walk faster (R03) */
};
struct pain_effects pain_effects(const struct pain *state);
/* P03 of an NRS in a session that began with `start`; both 0 to 10. */
enum pain_band pain_band(const struct params *params, int start, int nrs);
/* P05's score at present. */
uint8_t pain_p05_score(const struct pain *state, const struct pain_context *context);

#endif
