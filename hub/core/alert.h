/* Stage 7: findings, answers and time become prompts, belt requests, alerts and notices.
 *
 * Spacing, budgets, order and "no open STOP or RED" are decided here; deadlines are data, so they
 * survive a restart and fire late rather than never, in order and each once; of what only repeats
 * itself (resends, a prompt or local alarm again) no more than the last minute is made up for, and
 * only that counts as sent. A prompt that loses is never said late. An alert's ladder (rule
 * book 5.2) goes by the clock from its raise: neither resends nor what a client or a reader says
 * hold it up; only a person who accepts ends it. F07 is run here, not by the device: 5 s after the
 * press it goes out unless somebody pressed OK. The ladder's times are parameters that can only be
 * shorter than the rule book's (params_alert.c): nobody can configure an alarm away. Rules differ
 * by their rows in rule_table.c, never by name. Per wearer; outlives the walk. Pure.
 */
#ifndef STRIDE_HUB_CORE_ALERT_H
#define STRIDE_HUB_CORE_ALERT_H

#include "hub/core/effect.h"
#include "hub/core/rule_table.h"

struct alert_context {
    const struct params *params;
    const struct device_health *health; /* WEARER_DEVICES_MAX */
    const struct wire_caregiver *caregivers;
    uint8_t caregivers_n;
    bool caregiver_consent; /* without it nothing leaves the home */
    bool coaching_consent;
    bool session_open;
    int64_t session_start_ns;
    int64_t wall_minus_mono_ms; /* to stamp wall times */
    int16_t tz_offset_min;
    bool ok_taken;        /* another question waits for OK: it settles no told alert */
    bool ok_for_belt;     /* it is the belt's offer: nor does OK take a call for help back */
    uint8_t body_context; /* enum context: what the wearer is doing */
    uint8_t devices;      /* enum coverage_device, or'ed: fresh and worn */
    uint64_t id_salt;
    int64_t said_ago_ns; /* of what is said: it waited in its device for so long; 0 = it did not */
    int64_t until_ns; /* time goes on to here at once: repeats long before it are not made up for */
};

enum {
    ALERTS_MAX = 8,
    PROMPT_RING = 16, /* prompts whose feedback is still understood */
    PENDING_MAX = 4,  /* CAUTION and STOP that wait for their turn */
    BUDGET_10MIN_MAX = 12
};

/* What one rule said in this session. Times are hub time in hundredths of a second, which wrap
 * after 497 days. */
struct rule_voice {
    uint32_t said_cs, praised_cs;
    uint8_t said_n;       /* corrective prompts */
    uint8_t severity;     /* of the last one */
    uint8_t unimproved_n; /* in a row without the condition going away */
    uint8_t unanswered_n; /* in a row that nobody dismissed or answered */
    bool praised;
};
_Static_assert(sizeof(struct rule_voice) <= 16, "58 rules in a budget of 4 KiB");

struct prompt_said {
    char id[ID_SIZE]; /* "" = free */
    uint8_t rule;
    bool answered;
};

/* A CAUTION or STOP that waits: said under the id it was given when it was found. */
struct prompt_pending {
    bool used;
    char id[ID_SIZE];
    struct finding finding;
    int64_t due_ns;   /* when to look again whether it may be said */
    int64_t until_ns; /* then it is not said any more; INT64_MAX = never */
};

/* Flat: its bytes are its checkpoint. */
struct alerting {
    struct alert alerts[ALERTS_MAX];
    struct rule_voice voices[RULE_COUNT];
    struct prompt_said ring[PROMPT_RING];
    struct prompt_pending pending[PENDING_MAX];
    int64_t corrective_ns[BUDGET_10MIN_MAX]; /* when the last ones were said; INT64_MIN = free */
    int64_t last_prompt_ns, last_red_ns;     /* INT64_MIN = never */
    int64_t last_stop_ns;                    /* a STOP's first saying; INT64_MIN = never */
    int64_t asked_until_ns;    /* a question holds the wearer's attention up to here; INT64_MIN */
    int64_t day;               /* local day of `day_n`, in days since 1970 */
    int64_t quiet_day;         /* local day of "do not coach me today"; INT64_MIN = none */
    uint64_t ids_n;            /* ids given so far */
    uint32_t session_n, day_n; /* coaching prompts said */
    uint32_t praise_n, corrective_n; /* of them, in this session */
    uint32_t merged_n;               /* red flags that had to share a place because all were open */
    uint8_t ring_next;
    uint8_t told_devices; /* S08: bit per slot, once a session */
    bool last_was_praise;
    uint8_t clients; /* enum alert_clients, or'ed: as INPUT_CLIENTS said last */
    int64_t clients_ns;
};
_Static_assert(sizeof(struct alerting) <= 4096, "budget of a wearer's 64 KiB");

/* Why a prompt was not said (rule book 6, suppressed_reason). */
enum suppression {
    SUPPRESSED_NOT = 0,
    SUPPRESSED_GAP,
    SUPPRESSED_BUDGET_10MIN,
    SUPPRESSED_BUDGET_SESSION,
    SUPPRESSED_BUDGET_DAY,
    SUPPRESSED_REFRACTORY,
    SUPPRESSED_RULE_MAX,
    SUPPRESSED_MUTED,
    SUPPRESSED_OPEN_ALERT,
    SUPPRESSED_OUTRANKED,
    SUPPRESSED_CONSENT,
    SUPPRESSED_NO_DEVICE,
    SUPPRESSED_QUIET_HOURS,
    SUPPRESSED_PRAISE_FIRST,
    SUPPRESSIONS
};
const char *suppression_name(enum suppression why);

/* What was decided about one finding, for the record. */
struct decision {
    struct finding finding;
    uint8_t suppression; /* enum suppression */
    /* Id if said. With SUPPRESSED_GAP or _OUTRANKED it is the id under which a CAUTION or STOP may
     * still be said by alerting_time: hand every EFFECT_PROMPT to session_prompt. */
    char prompt[ID_SIZE];
    char alert[ID_SIZE];      /* id if it opened or belongs to an alert */
    uint8_t context, devices; /* enum context; enum coverage_device, or'ed: fresh and worn */
};
enum { DECISIONS_MAX = FINDINGS_MAX };
struct decisions {
    int n;
    struct decision items[DECISIONS_MAX];
};

/* ---- the life of an alert: one table, asked by everybody */

/* What may happen to an alert. */
enum alert_input {
    ALERT_TELL = 0, /* the first notice leaves */
    ALERT_DELIVER,  /* a client has it */
    ALERT_SEE,      /* somebody looked at it */
    ALERT_ACCEPT,   /* somebody said "I am on it" */
    ALERT_RESOLVE,  /* somebody said that it is over */
    ALERT_CANCEL,   /* the wearer takes it back */
    ALERT_CLEAR,    /* its condition went away */
    ALERT_EXPIRE,   /* nobody answered for long */
    ALERT_INPUTS
};
enum alert_trait {
    TRAIT_RED = 1,
    TRAIT_TOLD = 2,        /* caregivers hear of it */
    TRAIT_CANCELLABLE = 4, /* at present, by the wearer */
    TRAIT_CLEARS = 8       /* ends by itself when its condition does */
};
unsigned alert_traits(const struct alert *alert);
/* The state that follows, or ALERT_NONE when the input means nothing there. */
enum alert_state alert_next(enum alert_state from, enum alert_input input, unsigned traits);
/* May an alert with these traits go from one state to the other at all? */
bool alert_may(enum alert_state from, enum alert_state to, unsigned traits);
/* Waits for a person: RAISED to SEEN. */
bool alert_is_open(const struct alert *alert);

/* ---- the stage */

void alerting_init(struct alerting *state);
void alerting_new_session(struct alerting *state);
/* The caregivers or their rights changed from `before` to the context's: open alerts follow. Who is
 * no longer told has the notice taken back; who now comes next is told. */
struct caregivers_before {
    uint8_t n;
    struct wire_caregiver caregivers[WEARER_CAREGIVERS_MAX];
};
void alerting_configured(struct alerting *state, const struct alert_context *context,
                         const struct caregivers_before *before, int64_t now_ns,
                         struct effects *out);
/* All findings of one step together: arbitration picks at most one prompt (rule book 5.3). */
void alerting_findings(struct alerting *state, const struct alert_context *context,
                       const struct findings *findings, int64_t now_ns, struct decisions *decided,
                       struct effects *out);
/* ---- questions: no prompts of 5.3, they take nothing from any budget */

/* First moment from `now_ns` on at which one may be put; INT64_MAX = not at all as things are.
 * Those of the ordinary course wait for a device that is heard of, and keep the gaps, the quiet
 * hours, consent and "do not coach me today"; urgent ones only let what was just said be read. */
int64_t alerting_ask_ns(const struct alerting *state, const struct alert_context *context,
                        bool urgent, int64_t now_ns);
struct question_put {
    uint8_t question; /* enum question */
    uint8_t rule, severity, text, pattern;
    uint16_t expiry_s;
};
/* Puts it on every way that is there; the prompt's id to `id`, "" when there is none. */
void alerting_ask(struct alerting *state, const struct alert_context *context,
                  const struct question_put *put, int64_t now_ns, char id[ID_SIZE],
                  struct effects *out);
/* Nothing below STOP is said up to then, unless it answers; INT64_MIN = no question is open. */
void alerting_asked_until(struct alerting *state, int64_t until_ns);

/* Buttons that answer an alert: OK takes back what may be taken back, and is an answer otherwise.
 */
void alerting_report(struct alerting *state, const struct alert_context *context,
                     const struct wire_report *report, uint8_t slot, int64_t now_ns,
                     struct effects *out);
/* The wearer spoke after all of what alerts of this rule are about: who is told again hears so. */
void alerting_by_wearer(struct alerting *state, const struct alert_context *context, enum rule rule,
                        int64_t now_ns, struct effects *out);
/* The wearer answered that all is well, as with OK: what of this rule may be taken back is. */
void alerting_fine(struct alerting *state, const struct alert_context *context, enum rule rule,
                   uint8_t slot, int64_t now_ns, struct effects *out);
void alerting_feedback(struct alerting *state, const struct alert_context *context,
                       const struct wire_feedback *feedback, int64_t now_ns, struct effects *out);

/* What an account says of an alert. */
enum ack_verb { VERB_ACCEPT = 0, VERB_SEEN, VERB_DELIVERED, VERB_RESOLVE, VERBS };
const char *ack_verb_name(enum ack_verb verb);
/* VERBS when there is none of this name. */
enum ack_verb ack_verb_find(const char *name);
enum ack_result { ACK_ACCEPTED = 0, ACK_UNKNOWN_ALERT, ACK_NOT_ENTITLED, ACK_ALREADY, ACK_OVER };
const char *ack_result_name(enum ack_result result);
/* What an acknowledgement would do; asked by the app to answer the account, and by alerting_ack. */
enum ack_result alerting_ack_check(const struct alerting *state,
                                   const struct alert_context *context, const char *alert_id,
                                   const char *account, enum ack_verb verb);
enum ack_result alerting_ack(struct alerting *state, const struct alert_context *context,
                             const char *alert_id, const char *account, enum ack_verb verb,
                             int64_t now_ns, struct effects *out);

/* What the hub knows of the ways to the caregivers, for S09. */
enum alert_clients {
    CLIENTS_KNOWN = 1,    /* the others mean something */
    CLIENTS_REACHED = 2,  /* a caregiver's client was alive in the last 10 min */
    CLIENTS_PATH_DOWN = 4 /* the self-test of the way through the broker failed */
};
void alerting_clients(struct alerting *state, uint8_t clients, int64_t now_ns);

/* Everything due at or before `now_ns`, in deadline order, each at its own time. */
void alerting_time(struct alerting *state, const struct alert_context *context, int64_t now_ns,
                   struct effects *out);
int64_t alerting_deadline_ns(const struct alerting *state);
/* When the level after the alert's begins (5.2), of its urgency, level and raise alone; INT64_MAX =
 * there is none. Of `context` it takes parameters and the wearer's local time. */
int64_t alerting_level_due_ns(const struct alert_context *context, const struct alert *alert);
/* What all devices show while its local alarm sounds; `nobody`: there is no contact to wait for. */
enum text alerting_alarm_text(const struct alert *alert, bool nobody);
int alerting_open_n(const struct alerting *state);
/* 5.3: how many positive prompts the walk is behind its corrective ones (tips about how the wearer
 * walks, RULE_CORRECTS). While this is above 0 no gait rule corrects (COACH): the record
 * says "praise_first". */
int alerting_praise_owed(const struct alerting *state);
/* The praise that is owed, true once it is time for it: as soon as what was corrected last went
 * away, else PARAM_PRAISE_OWED_S after the last prompt by the minutes walked. */
bool alerting_praise(const struct alerting *state, const struct params *params, int64_t now_ns,
                     double walked_s, struct finding *praise);
/* What would keep a finding from being said now; SUPPRESSED_NOT or _GAP: nothing but its turn. */
enum suppression alerting_would(struct alerting *state, const struct alert_context *context,
                                const struct finding *finding, int64_t now_ns);
/* When the gap before `finding` may be said is over; INT64_MIN = there is none. */
int64_t alerting_ready_ns(struct alerting *state, const struct alert_context *context,
                          const struct finding *finding, int64_t now_ns);
/* A STOP or RED is open: coaching and programme are silent. */
bool alerting_locked(struct alerting *state, const struct alert_context *context, int64_t now_ns);
/* Is this the id of an alert's own prompt? */
bool alerting_has_prompt(const struct alerting *state, const char *prompt);
/* The rule whose prompt has this id; RULE_NONE = none that is still known. */
enum rule alerting_rule_of(const struct alerting *state, const char *prompt);
/* 5.4, at the wearer's local time. */
bool alerting_quiet(const struct alert_context *context, int64_t at_ns);

#endif
