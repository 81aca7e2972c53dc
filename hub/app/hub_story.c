/* What the hub says, to whom and when, as lines that people read while it happens (--story).
 * Printed as it is decided: a look at the hub, not a record of it. */
#include "hub/app/alert_json.h"
#include "hub/app/hub.h"
#include "hub/app/page.h"
#include "hub/app/record_json.h"
#include "hub/app/record_rules.h"
#include "hub/app/texts.h"

enum { INDENT = 26, LABEL_SIZE = 64, LINE_SIZE = 512 };

static void line(const struct hub_wearer *wearer, int64_t at_ns, const char *who, const char *text)
{
    const struct wearer_state *state = wearer->state;
    char at[16], label[LABEL_SIZE];
    page_clock(at_ns / 1000000 + state->wall_minus_mono_ms, state->config.tz_offset_min, at,
               sizeof(at));
    snprintf(label, sizeof(label), "%s  %-15.32s ", at, who);
    page_paragraph(stdout, label, INDENT, text);
    fflush(stdout);
}

static void prompt(const struct hub *hub, const struct hub_wearer *wearer,
                   const struct effect *effect)
{
    const struct effect_prompt *prompt = &effect->prompt;
    const enum locale locale = locale_or_english(wearer->state->config.locale);
    char said[TEXT_BYTES_MAX + 1], text[LINE_SIZE];
    if (prompt->repeat && !prompt->alarm)
        return;
    texts_prompt(prompt, locale, config_caregiver_name(hub->config, prompt->name),
                 hub->config->hub.emergency_number, said, sizeof(said));
    snprintf(text, sizeof(text), "\"%s\"  (%s%s%s, %s)", said, prompt->praise ? "praise, " : "",
             prompt->question != 0 ? "a question, " : "", rule_name((enum rule)prompt->rule),
             record_severity_name(prompt->severity));
    line(wearer, effect->at_ns,
         prompt->alarm                              ? "every device"
         : prompt->to_wrist && prompt->to_treadmill ? "wrist, treadmill"
         : prompt->to_treadmill                     ? "treadmill"
                                                    : "wrist",
         text);
}

static void belt(const struct hub_wearer *wearer, const struct effect *effect)
{
    static const char *const asks[] = {[STRIDE__V1__REQUEST_KIND__REQUEST_PAUSE] = "to pause",
                                       [STRIDE__V1__REQUEST_KIND__REQUEST_STOP] = "to stop",
                                       [STRIDE__V1__REQUEST_KIND__REQUEST_SLOW] = "to slow down",
                                       [STRIDE__V1__REQUEST_KIND__REQUEST_TEXT] = "to show a text"};
    char text[LINE_SIZE];
    const unsigned kind = effect->belt.kind;
    snprintf(text, sizeof(text), "is asked %s",
             kind < sizeof(asks) / sizeof(asks[0]) && asks[kind] != NULL ? asks[kind]
                                                                         : "something");
    line(wearer, effect->at_ns, "belt", text);
}

/* Raised, taken, over; what lies between is told by the notices. */
static void alert(const struct hub_wearer *wearer, const struct effect *effect)
{
    const struct alert *alert = &effect->alert;
    const bool raised = alert->state == ALERT_RAISED && alert->raised_ns == effect->at_ns &&
                        alert->level == 0 && alert->evidence.shown == 0;
    char text[LINE_SIZE];
    if (!raised && alert->state < ALERT_ACCEPTED)
        return;
    snprintf(text, sizeof(text), "%s: %s %s, %s%s",
             alert_state_name((enum alert_state)alert->state), rule_name((enum rule)alert->rule),
             record_rule_title(rule_name((enum rule)alert->rule)),
             record_severity_name(alert->severity),
             alert->urgency == URGENCY_EMERGENCY ? ", an emergency" : "");
    line(wearer, effect->at_ns, "alert", text);
}

static void notice(const struct hub_wearer *wearer, const struct effect *effect)
{
    const struct alert *alert = &effect->notice.alert;
    char said[TEXT_BYTES_MAX + 1], text[LINE_SIZE];
    if (effect->notice.resend || effect->notice.clear)
        return;
    notice_text(alert, wearer->state, effect->notice.late, said, sizeof(said));
    snprintf(text, sizeof(text), "\"%s\"  (level %d)", said, alert->level);
    line(wearer, effect->at_ns, effect->notice.account, text);
}

static void walk(const struct hub_wearer *wearer, const struct effect *effect)
{
    const struct session *session = &wearer->state->session;
    char text[LINE_SIZE];
    if (effect->session.change == SESSION_OPENED) {
        line(wearer, effect->at_ns, "record", "a walk is open");
    } else if (effect->session.change == SESSION_CLOSED) {
        snprintf(text, sizeof(text), "the walk is closed: %s",
                 end_reason_name((enum end_reason)session->end_reason));
        line(wearer, effect->at_ns, "record", text);
    }
}

void hub_story(const struct hub *hub, const struct hub_wearer *wearer, const struct effect *effect)
{
    switch ((int)effect->kind) { /* most kinds say nothing to anybody */
    case EFFECT_PROMPT:
        prompt(hub, wearer, effect);
        break;
    case EFFECT_BELT:
        belt(wearer, effect);
        break;
    case EFFECT_ALERT:
        alert(wearer, effect);
        break;
    case EFFECT_NOTICE:
        notice(wearer, effect);
        break;
    case EFFECT_SESSION:
        walk(wearer, effect);
        break;
    default:
        break;
    }
}
