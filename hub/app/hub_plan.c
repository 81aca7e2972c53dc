/* The walking programme: its decisions in the log, its state in the wearer's retained topic. */
#include "hub/app/hub.h"
#include "hub/app/plan_json.h"
#include "hub/io/log.h"

enum { STATE_SIZE = 2048 };

void hub_say_plan(struct hub *hub, struct hub_wearer *wearer, const struct effect *effect)
{
    char text[STATE_SIZE], key[STORE_KEY_SIZE], sentence[PLAN_SENTENCE_SIZE];
    if (effect->plan.decided) {
        plan_sentence(&effect->plan.decision, sentence, sizeof(sentence));
        log_line(LOG_INFO, "programme", "%s: %s", wearer->id, sentence);
    }
    const int64_t wall_ms = effect->at_ns / 1000000 + wearer->state->wall_minus_mono_ms;
    const size_t size = plan_json_state(wearer->state, wearer->id, wall_ms, text, sizeof(text));
    if (size == 0) {
        log_line(LOG_ERROR, "state-size", "the state of wearer %s does not fit", wearer->id);
        return;
    }
    snprintf(key, sizeof(key), "state %s", wearer->id);
    hub_post(hub, &(struct hub_post){.kind = TOPIC_WEARER_STATE,
                                     .owner = wearer->id,
                                     .item = "",
                                     .key = key,
                                     .payload = text,
                                     .size = size,
                                     .retain = true});
}
