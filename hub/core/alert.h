/* Stage 7: findings, answers and time become prompts, belt requests, alerts and notices.
 *
 * Spacing, budgets, order and "no open STOP or RED" are decided here; deadlines are data, so they
 * survive a restart and fire late rather than never. A prompt that loses is never said late.
 * F07 is run here, not by the device: 5 s after the press it goes out unless somebody pressed OK.
 * Per wearer; outlives the walk. Pure. */
#ifndef STRIDE_HUB_CORE_ALERT_H
#define STRIDE_HUB_CORE_ALERT_H

#include "hub/core/effect.h"

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
    uint64_t id_salt;
};

enum {
    ALERTS_MAX = 8,
    PROMPT_RING = 16, /* prompts whose feedback is still understood */
    PENDING_MAX = 4,  /* CAUTION and STOP that wait for their turn */
    BUDGET_10MIN_MAX = 12
};

/* What one rule said in this session. */
struct rule_voice {
    uint8_t said_n;              /* corrective prompts */
    uint8_t severity;            /* of the last one */
    uint8_t unimproved_n;        /* in a row without the condition going away */
    uint8_t unanswered_n;        /* in a row that nobody dismissed or answered */
    int64_t said_ns, praised_ns; /* INT64_MIN = not in this session */
};

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
    int64_t day;                             /* local day of `day_n`, in days since 1970 */
    int64_t quiet_day;         /* local day of "do not coach me today"; INT64_MIN = none */
    uint64_t ids_n;            /* ids given so far */
    uint32_t session_n, day_n; /* coaching prompts said */
    uint32_t merged_n;         /* red flags that had to share an alert because all were open */
    uint8_t ring_next;
    uint8_t told_devices; /* S08: bit per slot, once a session */
    bool last_was_praise;
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
    char alert[ID_SIZE]; /* id if it opened or belongs to an alert */
};
enum { DECISIONS_MAX = FINDINGS_MAX };
struct decisions {
    int n;
    struct decision items[DECISIONS_MAX];
};

void alerting_init(struct alerting *state);
void alerting_new_session(struct alerting *state);
/* All findings of one step together: arbitration picks at most one prompt (rule book 5.3). */
void alerting_findings(struct alerting *state, const struct alert_context *context,
                       const struct findings *findings, int64_t now_ns, struct decisions *decided,
                       struct effects *out);
/* Buttons that answer an alert: OK within the cancel window cancels F07. */
void alerting_report(struct alerting *state, const struct alert_context *context,
                     const struct wire_report *report, int64_t now_ns, struct effects *out);
void alerting_feedback(struct alerting *state, const struct alert_context *context,
                       const struct wire_feedback *feedback, int64_t now_ns, struct effects *out);

enum ack_result { ACK_ACCEPTED = 0, ACK_UNKNOWN_ALERT, ACK_NOT_ENTITLED, ACK_ALREADY, ACK_OVER };
const char *ack_result_name(enum ack_result result);
/* What an acknowledgement would do; asked by the app to answer the account, and by alerting_ack. */
enum ack_result alerting_ack_check(const struct alerting *state,
                                   const struct alert_context *context, const char *alert_id,
                                   const char *account);
enum ack_result alerting_ack(struct alerting *state, const struct alert_context *context,
                             const char *alert_id, const char *account, int64_t now_ns,
                             struct effects *out);
/* Everything due at or before `now_ns`, in deadline order, each at its own time. */
void alerting_time(struct alerting *state, const struct alert_context *context, int64_t now_ns,
                   struct effects *out);
int64_t alerting_deadline_ns(const struct alerting *state);
int alerting_open_n(const struct alerting *state);

#endif
