/* The record's part that people make: reports, and what they were told. */
#include "hub/core/ident.h"
#include "hub/core/session_parts.h"

#include <math.h>
#include <string.h>

/* A report this long before a walk says how it began. */
#define EARLY_NS (15 * 60 * INT64_C(1000000000))
#define LATE_NS (10 * INT64_C(1000000000)) /* as pipeline_people.c has it */

/* ---------------------------------------------------------------- decisions */

/* The prompt an alert was first told with bears the alert's number: p<number>, a<number>. */
static struct session_alert *find(struct session *session, const char *id)
{
    uint64_t word;
    if (!ident_short_word(id, &word))
        return NULL;
    for (unsigned i = 0; i < session->alerts_n; i++) {
        struct session_alert *alert = &session->alerts[i];
        if (alert->id_kind != '\0' && alert->id == word)
            return alert;
    }
    return NULL;
}

/* Held back before for the same reason, and nothing else came of this rule since. */
static struct session_alert *same_run(struct session *session, const struct decision *decision)
{
    const struct finding *finding = &decision->finding;
    for (unsigned i = session->alerts_n; i > 0; i--) {
        struct session_alert *alert = &session->alerts[i - 1];
        if (alert->rule != finding->rule || alert->text != finding->text)
            continue;
        return alert->suppression == decision->suppression ? alert : NULL;
    }
    return NULL;
}

static void fill(struct session_alert *alert, const struct decision *decision,
                 int64_t wall_minus_mono_ms)
{
    const struct finding *finding = &decision->finding;
    memset(alert, 0, sizeof(*alert));
    const char *id = decision->alert[0] != '\0' ? decision->alert : decision->prompt;
    if (ident_short_word(id, &alert->id))
        alert->id_kind = id[0];
    alert->rule = finding->rule;
    alert->severity = finding->severity;
    alert->text = finding->text;
    alert->suppression = decision->suppression;
    alert->ack = decision->alert[0] != '\0' ? ALERT_RAISED : ALERT_NONE;
    alert->at_utc_ms = finding->at_ns / 1000000 + wall_minus_mono_ms;
    alert->value = finding->value;
    alert->threshold = finding->threshold;
    alert->baseline = finding->baseline;
    alert->context = decision->context;
    alert->devices = decision->devices;
    alert->ack_after_ms = alert->shown_after_ms = -1;
    alert->duration_s = finding->duration_s;
    alert->praise = finding->praise;
    alert->dropped_gates = finding->dropped_gates;
}

/* Praise and what is only told ask for no change. */
static void note_said(struct session *session, uint8_t rule, uint8_t severity, bool praise)
{
    if (!praise && severity >= STRIDE__V1__SEVERITY__SEVERITY_COACH)
        session->prompted |= UINT64_C(1) << rule;
}

void session_decision(struct session *session, const struct decision *decision,
                      int64_t wall_minus_mono_ms)
{
    const struct finding *finding = &decision->finding;
    bool held_back = decision->suppression != SUPPRESSED_NOT;
    if (!session->open)
        return;
    if (finding->cleared) {
        session->improved |= session->prompted & UINT64_C(1) << finding->rule;
        return;
    }
    /* A praise that is not due is no prompt that was missed. */
    if (held_back && finding->praise)
        return;
    if (held_back && decision->prompt[0] == '\0') {
        struct session_alert *before = same_run(session, decision);
        if (before != NULL) {
            before->duration_s = finding->duration_s;
            return;
        }
    }
    session->prompts_suppressed += held_back;
    session->prompts_sent += !held_back && decision->prompt[0] != '\0';
    session->praise_n += !held_back && finding->praise;
    if (!held_back && decision->prompt[0] != '\0')
        note_said(session, finding->rule, finding->severity, finding->praise);
    if (session->alerts_n == SESSION_ALERTS_MAX) {
        session->alerts_dropped_n++;
        return;
    }
    fill(&session->alerts[session->alerts_n++], decision, wall_minus_mono_ms);
}

static int32_t after_ms(const struct session_alert *entry, int64_t at_utc_ms)
{
    int64_t after = at_utc_ms - entry->at_utc_ms;
    return (int32_t)(after < 0 ? 0 : after > INT32_MAX ? INT32_MAX : after);
}

bool session_prompt(struct session *session, const struct effect_prompt *prompt)
{
    struct session_alert *alert = find(session, prompt->id);
    if (alert == NULL)
        return false;
    const unsigned before = alert->channels;
    unsigned channels =
        (prompt->to_wrist ? CHANNEL_WRIST : 0U) | (prompt->to_treadmill ? CHANNEL_TREADMILL : 0U);
    alert->channels |= (uint8_t)channels;
    if (alert->suppression == SUPPRESSED_NOT)
        return alert->channels != before;
    alert->suppression = SUPPRESSED_NOT;
    note_said(session, alert->rule, alert->severity, alert->praise);
    session->prompts_sent++;
    session->prompts_suppressed--;
    return true;
}

static bool follow(struct session_alert *entry, const struct alert *alert)
{
    if (alert->told != 0)
        entry->channels |= CHANNEL_CAREGIVER;
    if (entry->ack == alert->state)
        return false;
    entry->ack = alert->state;
    if (alert->state == ALERT_ACCEPTED || alert->state == ALERT_CANCELLED)
        entry->ack_after_ms = after_ms(entry, alert->changed_wall_ms);
    return true;
}

/* Of what it was raised for, and of what shares its place. */
bool session_alert_change(struct session *session, const struct alert *alert)
{
    const struct session_alert *first = find(session, alert->id);
    bool changed = false;
    for (unsigned i = 0; first != NULL && i < session->alerts_n; i++) {
        struct session_alert *entry = &session->alerts[i];
        bool of_it = entry->id_kind != '\0' && entry->id == first->id;
        if (entry == first || (of_it && entry->suppression != SUPPRESSED_OPEN_ALERT))
            changed |= follow(entry, alert);
    }
    return changed;
}

void session_feedback(struct session *session, const struct wire_feedback *feedback,
                      int64_t now_utc_ms)
{
    struct session_alert *entry = find(session, feedback->prompt);
    if (entry == NULL || (uint8_t)feedback->kind <= entry->shown)
        return;
    entry->shown = (uint8_t)feedback->kind;
    if (entry->shown_after_ms < 0)
        entry->shown_after_ms = after_ms(entry, now_utc_ms);
}

/* ---------------------------------------------------------------- reports */

/* A report as it is kept until a walk opens; the walk's own are taken in by the same path. */
static struct session_early early_of(const struct wire_report *report, uint8_t slot, int64_t at_ns)
{
    struct session_early early;
    memset(&early, 0, sizeof(early));
    early.at_ns = at_ns;
    early.nrs = report->pain_nrs;
    early.mood = (int8_t)report->mood;
    early.place = (uint8_t)report->pain_place;
    early.side = (uint8_t)report->pain_side;
    early.quality = (uint8_t)report->pain_quality;
    early.button = (uint8_t)report->button;
    early.symptom = (uint8_t)report->symptom;
    early.slot = slot;
    return early;
}

/* Has the walk had a word of its own on pain? */
static bool spoke(const struct session *session)
{
    for (unsigned i = 0; i < session->reports_n; i++) {
        const struct session_report *report = &session->reports[i];
        if (report->t_s > 0 && (report->nrs >= 0 || report->place != 0))
            return true;
    }
    return false;
}

/* What was said before the walk gives way to what was said last before it (P01: at the start). Told
 * late, it is too old for a walk that has had its own. */
static void note_pain(struct session *session, const struct session_early *report)
{
    bool before = report->at_ns < session->start_ns;
    if (before && spoke(session))
        return;
    if (report->nrs >= 0) {
        if (session->pain_start < 0 || before)
            session->pain_start = session->pain_peak = report->nrs;
        session->pain_end = report->nrs;
        if (report->nrs > session->pain_peak)
            session->pain_peak = report->nrs;
    }
    if (report->place == STRIDE__V1__PAIN_PLACE__PAIN_PLACE_UNKNOWN)
        return;
    if (session->place_start == STRIDE__V1__PAIN_PLACE__PAIN_PLACE_UNKNOWN || before)
        session->place_start = session->place_most_distal = report->place;
    session->place_end = report->place;
    /* The enum's order is P02's scale: none, back, ... foot. */
    if (report->place > session->place_most_distal)
        session->place_most_distal = report->place;
}

static void note_mood(struct session *session, const struct session_early *report)
{
    if (report->mood < 0)
        return;
    if (session->mood_pre == 0 || report->at_ns < session->start_ns)
        session->mood_pre = (uint8_t)report->mood;
    else
        session->mood_post = (uint8_t)report->mood;
}

static bool says_something(const struct session_early *report)
{
    return report->nrs >= 0 || report->place != STRIDE__V1__PAIN_PLACE__PAIN_PLACE_UNKNOWN ||
           report->quality != STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_UNKNOWN ||
           report->symptom != STRIDE__V1__SYMPTOM__SYMPTOM_UNKNOWN ||
           report->button != STRIDE__V1__BUTTON__BUTTON_UNKNOWN;
}

static void take_in(struct session *session, const struct session_early *report)
{
    note_pain(session, report);
    note_mood(session, report);
    if (!says_something(report))
        return;
    if (session->reports_n == SESSION_REPORTS_MAX) {
        session->reports_dropped_n++;
        return;
    }
    struct session_report *entry = &session->reports[session->reports_n++];
    memset(entry, 0, sizeof(*entry));
    entry->t_s = (float)fmax(0, (double)(report->at_ns - session->start_ns) / 1e9);
    /* Where it was said is not known of what was told after further steps. */
    bool late =
        session->last_step_ns != INT64_MIN && report->at_ns < session->last_step_ns - LATE_NS;
    entry->dist_m = late ? NAN : (float)session->distance_m;
    entry->nrs = report->nrs;
    entry->place = report->place;
    entry->side = report->side;
    entry->quality = report->quality;
    entry->button = report->button;
    entry->symptom = report->symptom;
    entry->slot = report->slot;
}

void session_early_reports(struct session *session, const struct session_early *early, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (session->start_ns - early[i].at_ns <= EARLY_NS)
            take_in(session, &early[i]);
    }
}

/* ---------------------------------------------------------------- what is of no moment */

/* Cut at the end of a character. */
static void keep_note(struct session *session, const char *note)
{
    size_t length = strlen(note);
    if (length >= sizeof(session->note)) {
        length = sizeof(session->note) - 1;
        while (length > 0 && ((unsigned char)note[length] & 0xc0U) == 0x80U)
            length--;
    }
    memset(session->note, 0, sizeof(session->note));
    memcpy(session->note, note, length);
}

/* Is it still of this walk: while it is open, and shortly after? */
static bool concerns(const struct session *session, int64_t now_ns)
{
    return session->open || (session->end_ns != 0 && now_ns - session->end_ns <= EARLY_NS);
}

bool session_posture_answer(struct session *session, enum text question, Stride__V1__Answer answer,
                            int64_t now_ns)
{
    uint8_t *to = question == TEXT_C07_HEAD        ? &session->head_forward
                  : question == TEXT_C07_SHOULDERS ? &session->shoulders_hunched
                                                   : NULL;
    if (to == NULL || answer == STRIDE__V1__ANSWER__ANSWER_UNKNOWN || !concerns(session, now_ns))
        return false;
    *to = (uint8_t)answer;
    return !session->open;
}

static enum text posture_question(const char *question)
{
    if (strcmp(question, text_name(TEXT_C07_HEAD)) == 0)
        return TEXT_C07_HEAD;
    return strcmp(question, text_name(TEXT_C07_SHOULDERS)) == 0 ? TEXT_C07_SHOULDERS : TEXT_NONE;
}

/* 2.4, STAND: no step for 3 s. */
static bool rests(const struct session *session, int64_t now_ns)
{
    return session->last_step_ns != INT64_MIN &&
           session_seconds(session->last_step_ns, now_ns) >= 3;
}

/* Words, mood and posture of a walk, in it or after it. */
static bool add_words(struct session *session, const struct wire_report *report, int64_t now_ns)
{
    bool changed =
        session_posture_answer(session, posture_question(report->question), report->answer, now_ns);
    if (report->note[0] != '\0' && session->id[0] != '\0') {
        keep_note(session, report->note);
        changed = true;
    }
    if (report->mood >= 0 && !session->open && concerns(session, now_ns) &&
        now_ns >= session->end_ns) {
        session->mood_post = (uint8_t)report->mood;
        changed = true;
    }
    return changed && !session->open;
}

bool session_report(struct session *session, const struct wire_report *report, uint8_t slot,
                    int64_t said_ns)
{
    struct session_early said = early_of(report, slot, said_ns);
    bool changed = add_words(session, report, said_ns);
    if (session->open) {
        session->pause.leaned |=
            report->relief == STRIDE__V1__RELIEF__RELIEF_BENDING && rests(session, said_ns);
        if (session->start_ns - said_ns <= EARLY_NS)
            take_in(session, &said);
        return false;
    }
    if (!says_something(&said) && said.mood < 0)
        return changed;
    /* Told late of the walk before, it is no word of the next. */
    if (session->id[0] != '\0' && said_ns < session->end_ns) {
        if (said_ns >= session->start_ns)
            take_in(session, &said);
        return changed || said_ns >= session->start_ns;
    }
    if (session->early_n == SESSION_EARLY_MAX) {
        session->early_n--;
        memmove(&session->early[0], &session->early[1], session->early_n * sizeof(said));
    }
    session->early[session->early_n++] = said;
    return changed;
}
