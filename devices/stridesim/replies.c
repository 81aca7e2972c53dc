#include "devices/stridesim/replies.h"

#include <math.h>

void replies_hear(struct gear *gear, const struct wire_prompt *prompt, double now_s)
{
    const struct script *script = gear->script;
    if (script == NULL)
        return;
    /* The newest that is in force: a later line replaces an earlier one. */
    for (unsigned i = script->replies_n; i > 0; i--) {
        const struct script_reply *reply = &script->replies[i - 1];
        const bool asked =
            prompt->question[0] != '\0' && strcmp(reply->report.question, prompt->question) == 0;
        if (reply->from_s <= now_s &&
            (asked || strcmp(reply->report.question, prompt->text_id) == 0)) {
            gear->reply_at_s[i - 1] = now_s + reply->delay_s;
            return;
        }
    }
}

void replies_say(struct gear *gear, double now_s, uint64_t now_ms)
{
    const struct script *script = gear->script;
    if (script == NULL || gear->dead || gear->silent)
        return;
    for (unsigned i = 0; i < script->replies_n; i++) {
        if (gear->reply_at_s[i] > now_s)
            continue;
        struct wire_report report = script->replies[i].report;
        report.t_us = (int64_t)wearable_device_us(&gear->wearable, now_s);
        gear->reply_at_s[i] = (double)INFINITY;
        if (device_report(&gear->device, &report, now_ms) != DEVICE_OK)
            gear->failures++;
    }
}
