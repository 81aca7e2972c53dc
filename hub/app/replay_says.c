/* What the hub told people and belts, as rows: of a replay it is what it would have told. */
#include <math.h>

#include "hub/app/alert_json.h"
#include "hub/app/plan_json.h"
#include "hub/app/record_json.h"
#include "hub/app/replay_rows.h"

const char *const replay_say_head[] = {"wearer", "t_session_s", "utc_ms",  "what", "id",
                                       "rule",   "severity",    "text_id", "text", "to",
                                       "state",  "level",       "urgency", "note", NULL};

struct say {
    const char *what, *id, *rule, *severity, *text_id, *text, *to, *state, *urgency;
    double level; /* NAN = none */
    char note[64];
};

static void print_say(struct rows *rows, const struct replay_wearer *wearer, int64_t at_ns,
                      const struct say *say)
{
    const char *const words[] = {say->what,    say->id,   say->rule, say->severity,
                                 say->text_id, say->text, say->to,   say->state};
    const int64_t wall_ms = at_ns / 1000000 + wearer->state->wall_minus_mono_ms;
    rows_begin(rows);
    rows_text(rows, wearer->id);
    rows_ns(rows, at_ns);
    rows_number(rows, (double)wall_ms, 17);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        rows_text(rows, words[i] == NULL ? "" : words[i]);
    rows_number(rows, say->level, 9);
    rows_text(rows, say->urgency == NULL ? "" : say->urgency);
    rows_text(rows, say->note);
    rows_end(rows);
}

static void note(struct say *say, bool holds, const char *word)
{
    const size_t used = strlen(say->note);
    if (holds)
        snprintf(say->note + used, sizeof(say->note) - used, "%s%s", used > 0 ? " " : "", word);
}

static void prompt_row(struct rows *rows, const struct replay_wearer *wearer,
                       const struct effect *effect)
{
    const struct effect_prompt *prompt = &effect->prompt;
    const enum locale locale = locale_or_english(wearer->state->config.locale);
    char text[TEXT_BYTES_MAX + 1];
    texts_prompt(prompt, locale, prompt->name, "112", text, sizeof(text));
    struct say say = {.what = "prompt",
                      .id = prompt->id,
                      .rule = rule_name((enum rule)prompt->rule),
                      .severity = record_severity_name(prompt->severity),
                      .text_id = text_name((enum text)prompt->text),
                      .text = text,
                      .to = prompt->to_wrist ? prompt->to_treadmill ? "wrist+treadmill" : "wrist"
                                             : "treadmill",
                      .level = (double)NAN};
    note(&say, prompt->praise, "praise");
    note(&say, prompt->repeat, "repeat");
    note(&say, prompt->silent, "silent");
    note(&say, prompt->alarm, "alarm");
    print_say(rows, wearer, effect->at_ns, &say);
}

static void belt_row(struct rows *rows, const struct replay_wearer *wearer,
                     const struct effect *effect)
{
    static const char *const kinds[] = {"", "pause", "stop", "slow", "text"};
    const unsigned kind = effect->belt.kind;
    struct say say = {.what = "belt",
                      .id = effect->belt.id,
                      .text_id = text_name((enum text)effect->belt.text),
                      .to = "treadmill",
                      .state = kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[kind] : "",
                      .level = (double)NAN};
    print_say(rows, wearer, effect->at_ns, &say);
}

static void alert_row(struct rows *rows, const struct replay_wearer *wearer,
                      const struct effect *effect)
{
    const bool notice = effect->kind == EFFECT_NOTICE;
    const struct alert *alert = notice ? &effect->notice.alert : &effect->alert;
    char text[TEXT_BYTES_MAX + 1] = "";
    if (notice && !effect->notice.clear)
        notice_text(alert, wearer->state, effect->notice.late, text, sizeof(text));
    struct say say = {.what = notice ? "notice" : "alert",
                      .id = alert->id,
                      .rule = rule_name((enum rule)alert->rule),
                      .severity = record_severity_name(alert->severity),
                      .text_id = text_name((enum text)alert->text),
                      .text = text,
                      .to = notice ? effect->notice.account : "",
                      .state = alert_state_name((enum alert_state)alert->state),
                      .level = alert->level,
                      .urgency = urgency_name((enum alert_urgency)alert->urgency)};
    note(&say, notice && effect->notice.resend, "resend");
    note(&say, notice && effect->notice.late, "late");
    note(&say, notice && effect->notice.clear, "clear");
    note(&say, alert->alarm, "alarm");
    print_say(rows, wearer, effect->at_ns, &say);
}

static void session_row(struct rows *rows, const struct replay_wearer *wearer,
                        const struct effect *effect)
{
    const uint8_t change = effect->session.change;
    if (change == SESSION_UPDATED)
        return;
    struct say say = {.what = "walk",
                      .id = wearer->state->session.id,
                      .state = change == SESSION_OPENED ? "opened" : "closed",
                      .level = (double)NAN};
    print_say(rows, wearer, effect->at_ns, &say);
}

static void plan_row(struct rows *rows, const struct replay_wearer *wearer,
                     const struct effect *effect)
{
    char sentence[PLAN_SENTENCE_SIZE];
    if (!effect->plan.decided)
        return;
    plan_sentence(&effect->plan.decision, sentence, sizeof(sentence));
    struct say say = {.what = "plan", .rule = "C01", .text = sentence, .level = (double)NAN};
    print_say(rows, wearer, effect->at_ns, &say);
}

void replay_say_row(struct rows *rows, const struct replay_wearer *wearer,
                    const struct effect *effect)
{
    switch ((enum effect_kind)effect->kind) {
    case EFFECT_PROMPT:
        prompt_row(rows, wearer, effect);
        break;
    case EFFECT_BELT:
        belt_row(rows, wearer, effect);
        break;
    case EFFECT_ALERT:
    case EFFECT_NOTICE:
        alert_row(rows, wearer, effect);
        break;
    case EFFECT_SESSION:
        session_row(rows, wearer, effect);
        break;
    case EFFECT_PLAN:
        plan_row(rows, wearer, effect);
        break;
    case EFFECT_NONE:
    case EFFECT_EVENT:
    case EFFECT_STRIDE:
    case EFFECT_LIVE:
    case EFFECT_WRIST:
    case EFFECT_KINDS:
        break;
    }
}
