/* Which input made each prompt? Steps through a hub's own journal and prints a line per prompt:
 *
 *   prompt ID RULE WEARER SLOT KIND SEQ on_time|by_time
 *
 * WEARER and SLOT say whose input it was, KIND is enum input_kind, SEQ the frame's sequence number
 * (0 if the input is no frame). "by_time" means that a deadline before the input's own time made
 * it: no frame carried the last needed sample, so the latency of such a prompt is not a latency. */
#include <inttypes.h>

#include "hub/core/pipeline.h"
#include "tests/bench/journal_load.h"

enum { WEARERS_MAX = 4096 };

struct trigger {
    struct journal_load journal;
    struct wearer_state *states[WEARERS_MAX];
    struct pipeline_scratch scratch;
    struct effects effects;
};

static struct wearer_state *state_of(struct trigger *trigger, uint32_t wearer)
{
    if (wearer == 0 || wearer >= WEARERS_MAX)
        return NULL;
    if (!trigger->states[wearer]) {
        trigger->states[wearer] = calloc(1, sizeof(struct wearer_state));
        if (trigger->states[wearer])
            pipeline_init(trigger->states[wearer], wearer);
    }
    return trigger->states[wearer];
}

static void print_prompts(const struct trigger *trigger, const struct input *input)
{
    struct wire_place place = {0};
    if (input->kind == INPUT_FRAME && !wire_peek(input->bytes, input->size, &place))
        return;
    for (int i = 0; i < trigger->effects.n; i++) {
        const struct effect *effect = &trigger->effects.items[i];
        if (effect->kind != EFFECT_PROMPT)
            continue;
        printf("prompt %s %s %" PRIu32 " %u %u %" PRIu64 " %s\n", effect->prompt.id,
               rule_name((enum rule)effect->prompt.rule), input->wearer, input->slot, input->kind,
               place.seq, effect->at_ns < input->at_mono_ns ? "by_time" : "on_time");
    }
}

static void step(struct trigger *trigger, const struct input *input)
{
    enum wire_refusal refusal;
    /* A row of the hub itself (wearer 0) concerns every wearer. */
    uint32_t first = input->wearer ? input->wearer : 1;
    uint32_t last = input->wearer ? input->wearer : WEARERS_MAX - 1;
    for (uint32_t wearer = first; wearer <= last; wearer++) {
        struct wearer_state *state =
            input->wearer ? state_of(trigger, wearer) : trigger->states[wearer];
        if (!state)
            continue;
        struct input own = *input;
        own.wearer = wearer;
        (void)pipeline_step(state, &own, &trigger->scratch, &trigger->effects, &refusal);
        print_prompts(trigger, &own);
    }
}

int main(int argc, char **argv)
{
    struct trigger *trigger = calloc(1, sizeof *trigger);
    if (!trigger || argc != 2 || !journal_load_open(&trigger->journal, argv[1])) {
        fprintf(stderr, "usage: bench_trigger JOURNAL\n");
        free(trigger);
        return 2;
    }
    for (size_t i = 0; i < trigger->journal.inputs_n; i++)
        step(trigger, &trigger->journal.inputs[i]);
    for (uint32_t i = 0; i < WEARERS_MAX; i++)
        free(trigger->states[i]);
    journal_load_close(&trigger->journal);
    free(trigger);
    return 0;
}
