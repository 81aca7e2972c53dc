/* What a step wants done in the world. Effects leave after commit; nothing in the core waits for
 * them. Flat structs; texts are ids that the app fills from its catalogue.
 *
 * Out of every stage, into hub/app. Pure. */
#ifndef STRIDE_HUB_CORE_EFFECT_H
#define STRIDE_HUB_CORE_EFFECT_H

#include "hub/core/plan.h"
#include "hub/core/rules.h"
#include "hub/core/screen.h"
#include "hub/core/wrist.h"

enum effect_kind {
    EFFECT_NONE = 0,
    EFFECT_EVENT,   /* initial contact or foot-off */
    EFFECT_STRIDE,  /* a final stride of an open session */
    EFFECT_SESSION, /* the session record changed: opened, updated, closed */
    EFFECT_PROMPT,  /* say something to the wearer */
    EFFECT_BELT,    /* ask a treadmill to pause, stop or slow; never more */
    EFFECT_ALERT,   /* an alert changed state: its retained topic follows */
    EFFECT_NOTICE,  /* tell one caregiver */
    EFFECT_LIVE,    /* the 1 Hz live view */
    EFFECT_WRIST,   /* a step, bout, posture or the first states of a fall, seen at a wrist */
    EFFECT_PLAN,    /* the programme decided, or what is told of it changed */
    EFFECT_KINDS
};

enum session_change { SESSION_OPENED = 1, SESSION_UPDATED, SESSION_CLOSED };

/* Rule book 5.2. A red flag never becomes EXPIRED. Order is storage order: append only. */
enum alert_state {
    ALERT_NONE = 0,
    ALERT_RAISED,    /* F07: within its cancel window; or nobody can be told */
    ALERT_SENT,      /* notices left */
    ALERT_DELIVERED, /* a caregiver's client has it */
    ALERT_SEEN,
    ALERT_ACCEPTED, /* a person said "I am on it" */
    ALERT_RESOLVED,
    ALERT_CANCELLED, /* taken back by the wearer */
    ALERT_EXPIRED,   /* the wearer's own matter, and nobody answered */
    ALERT_STATES
};
const char *alert_state_name(enum alert_state state);

/* Who made a transition. */
enum actor_kind {
    ACTOR_HUB = 0,
    ACTOR_DEVICE,  /* index: slot */
    ACTOR_ACCOUNT, /* index: caregiver in the wearer's chain */
    ACTOR_FORMER   /* an account that has left the configuration since */
};
struct actor {
    uint8_t kind, index;
};

/* The transition into a state of an alert; one for all that end it. */
enum alert_stamped {
    STAMP_SENT = 0,
    STAMP_DELIVERED,
    STAMP_SEEN,
    STAMP_ACCEPTED,
    STAMP_ENDED,
    ALERT_STAMPS
};
/* Two bytes less than its members' alignment asks for: the alerts have to fit a wearer's state. */
struct __attribute__((packed, aligned(2))) alert_stamp {
    int32_t after_ms; /* since the raise, at most 24 days; -1 = did not happen */
    struct actor actor;
};

/* When something of it is due, session time; INT64_MAX = never. Data, so that a restart keeps it.
 */
enum alert_timer {
    TIMER_WINDOW = 0, /* end of the cancel window; of a STOP that nobody answers */
    TIMER_LADDER,     /* next step of rule book 5.2, by the clock from the raise */
    TIMER_RESEND,     /* same step again: no progress */
    TIMER_SAY,        /* prompt or local alarm again */
    ALERT_TIMERS
};

/* What was known when it was raised, and what the wearer's device did with it: why it spoke can be
 * told from the alert alone. Seconds are since the first raise: an alert that a more urgent finding
 * took over still tells who heard of what it carries, and when. */
enum { ALERT_TOLD_NOT = UINT16_MAX, ALERT_TOLD_LAST = UINT16_MAX - 1 };
struct alert_evidence {
    float baseline;                               /* the finding's; NAN = none was compared */
    float duration_s;                             /* how long the condition had been true */
    uint32_t first_before_s;                      /* first raise before this one; 0 = is the same */
    uint16_t told_after_s[WEARER_CAREGIVERS_MAX]; /* ALERT_TOLD_LAST = 18 h and more,
                                                     ALERT_TOLD_NOT = was not */
    uint16_t shown_after_s;                       /* first feedback; ALERT_TOLD_NOT = none */
    uint16_t alarm_after_s;                       /* the local alarm began; ALERT_TOLD_NOT */
    uint8_t shown;         /* Stride__V1__FeedbackKind, the furthest so far */
    uint8_t context;       /* enum context */
    uint8_t devices;       /* enum coverage_device, or'ed: fresh and worn */
    uint8_t stale;         /* bit per slot: registered, and silent */
    uint8_t dropped_gates; /* enum rule_gate, or'ed */
    uint8_t question;      /* enum question whose answer raised it; 0 = no answer did */
    uint8_t answer;        /* enum pain_answer to it */
    bool by_wearer;        /* the wearer's own word, as the finding's reply */
};

struct alert {
    char id[ID_SIZE]; /* "" = free */
    uint8_t rule, severity, state;
    uint8_t urgency;               /* enum alert_urgency; NONE = no caregiver hears of it */
    uint8_t slot;                  /* device that raised it */
    uint8_t text;                  /* of its prompt, said again until answered */
    uint8_t told, delivered, seen; /* bit per caregiver in the wearer's chain */
    uint8_t said_n;                /* times that its prompt was said again */
    bool alarm;                    /* the local alarm sounds */
    bool answered;                 /* the wearer answered its prompt; that it was accepted, then */
    char accepted_by[ID_SIZE];     /* account; "" = nobody, or the wearer */
    uint16_t level;                /* of the ladder */
    struct alert_stamp stamps[ALERT_STAMPS];
    int64_t found_ns; /* when it happened; before the raise if that was told late */
    int64_t raised_ns, changed_ns;
    int64_t raised_wall_ms, changed_wall_ms; /* of found_ns and changed_ns */
    int64_t due_ns[ALERT_TIMERS];
    uint32_t sends_n; /* rounds of notices so far, 1 = the first; a resend is no progress */
    float value, threshold;
    struct alert_evidence evidence;
    /* rule_told_bit, or'ed: red flags that found no place of their own. They are told, escalated
     * and accepted with this one, which is as urgent as each of them. */
    uint32_t carried;
};
/* The first of its timers. */
int64_t alert_due_ns(const struct alert *alert);

/* {device} of a text: words are the catalogue's. */
enum device_word {
    DEVICE_WORD_NONE = 0,
    DEVICE_WORD_INSOLE,
    DEVICE_WORD_LEFT_INSOLE,
    DEVICE_WORD_RIGHT_INSOLE,
    DEVICE_WORD_WRIST,
    DEVICE_WORD_TREADMILL,
    DEVICE_WORDS
};

struct effect_prompt {
    char id[ID_SIZE];
    uint8_t rule, severity, text, pattern; /* Stride__V1__Pattern */
    uint8_t question;                      /* enum question: it asks, and says nothing else */
    bool praise;
    bool to_wrist, to_treadmill;
    bool alarm;           /* to every device of its kind, whether it is heard of or not */
    bool repeat;          /* said before: an old one is left out, a newer one follows */
    bool silent;          /* quiet hours: felt only */
    uint16_t expiry_s;    /* 0 = never */
    uint8_t device;       /* enum device_word: {device} of the text */
    char name[NAME_SIZE]; /* account that {name} of the text is, or "" */
    struct text_numbers numbers;
};

struct effect_live {
    bool session_open, walking;
    float session_s, walk_s, distance_m;
    float cadence_spm, si_stance_pct, stride_cv_pct, speed_mps;
    uint32_t steps_n;
    int8_t pain_nrs;   /* -1 = never reported */
    uint8_t last_text; /* last prompt's enum text */
    struct text_numbers last_numbers;
    uint8_t alerts_open;
};

struct effect {
    uint8_t kind; /* enum effect_kind */
    uint8_t slot; /* device, or INPUT_SLOT_NONE */
    int64_t at_ns;
    union {
        struct gait_event event;
        struct stride stride;
        struct {
            uint8_t change; /* enum session_change; the record itself is in the wearer's state */
        } session;
        struct effect_prompt prompt;
        struct {
            char id[ID_SIZE];
            uint8_t kind; /* Stride__V1__RequestKind */
            float slow_by_mps;
            uint8_t text;
        } belt;
        struct alert alert;
        struct {
            struct alert alert;
            char account[ID_SIZE];
            bool resend;
            bool late;  /* older than 15 min when sent (rule book 5.2) */
            bool clear; /* the account is no longer told: empty its retained place */
        } notice;
        struct effect_live live;
        struct wrist_event wrist;
        struct {
            bool decided; /* else only its state changed */
            struct plan_decision decision;
        } plan;
    };
};

enum { EFFECTS_MAX = 768 };
/* Its events, its strides, what waits of both feet, and a few words about them. */
_Static_assert(WRIST_EVENTS_MAX + FEET * STRIDE_STEPS + 64 <= EFFECTS_MAX, "of a wrist as well");
_Static_assert(GAIT_EVENTS_MAX + GAIT_CONTACTS_MAX + FEET * STRIDE_STEPS + 64 <= EFFECTS_MAX,
               "a frame's effects fit");
struct effects {
    int n;
    struct effect items[EFFECTS_MAX];
};

/* Index of the effect with which a walk last opened; -1 = none did. */
int effects_walk_opened(const struct effects *list);
/* Next free effect, zeroed, with kind and time set. Running out is a bug (assert): the bound covers
 * the largest frame plus the flush of all waiting strides. */
struct effect *effects_add(struct effects *list, enum effect_kind kind, int64_t at_ns);
/* FNV-1a over bytes, for what is compared and never undone. */
#define DIGEST_SEED UINT64_C(0xcbf29ce484222325)
uint64_t bytes_digest(uint64_t digest, const void *bytes, size_t size);
/* Folds all fields of an effect into a running FNV-1a digest: replay equals live when these agree.
 */
uint64_t effect_digest(uint64_t digest, const struct effect *effect);

#endif
