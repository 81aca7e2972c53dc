/* What the core wants done about a journal, one effect a line: seconds, kind, what. For tests that
 * read it; times are seconds since the journal's first input.
 *
 * usage: effects_of JOURNAL [--ticks S] [--until S]
 * --ticks S: time is moved every S seconds between the inputs as well. How late the loop wakes up
 * must change nothing. --until S: time goes on for so long after the last input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/core/pipeline.h"

static struct wearer_state state;
static struct pipeline_scratch scratch;
static struct effects effects;
static int64_t zero_ns;
static uint64_t seq;

static double seconds(int64_t at_ns)
{
    return (double)(at_ns - zero_ns) * 1e-9;
}

static void print_prompt(const struct effect *effect)
{
    const struct effect_prompt *prompt = &effect->prompt;
    printf("%.3f prompt %s %s severity=%u%s%s%s%s\n", seconds(effect->at_ns),
           rule_name((enum rule)prompt->rule), text_name((enum text)prompt->text), prompt->severity,
           prompt->repeat ? " repeat" : "", prompt->alarm ? " alarm" : "",
           prompt->to_wrist ? " wrist" : "", prompt->to_treadmill ? " treadmill" : "");
}

static void print_notice(const struct effect *effect)
{
    const struct alert *alert = &effect->notice.alert;
    printf("%.3f notice %s %s %s found=%.3f severity=%u%s%s\n", seconds(effect->at_ns),
           effect->notice.account, rule_name((enum rule)alert->rule),
           alert_state_name((enum alert_state)alert->state), seconds(alert->found_ns),
           alert->severity, effect->notice.resend ? " resend" : "",
           effect->notice.late ? " late" : "");
}

static void print_effects(void)
{
    static const char *const kinds[] = {"?", "pause", "stop", "slow", "text"};
    static const char *const changes[] = {"?", "opened", "updated", "closed"};
    for (int i = 0; i < effects.n; i++) {
        const struct effect *effect = &effects.items[i];
        if (effect->kind == EFFECT_PROMPT)
            print_prompt(effect);
        if (effect->kind == EFFECT_NOTICE)
            print_notice(effect);
        if (effect->kind == EFFECT_BELT)
            printf("%.3f belt %s %.4f %s\n", seconds(effect->at_ns), kinds[effect->belt.kind],
                   (double)effect->belt.slow_by_mps, text_name((enum text)effect->belt.text));
        if (effect->kind == EFFECT_SESSION && effect->session.change != SESSION_UPDATED)
            printf("%.3f session %s %s\n", seconds(effect->at_ns), changes[effect->session.change],
                   end_reason_name((enum end_reason)state.session.end_reason));
    }
}

static void put(const struct input *input)
{
    enum wire_refusal refusal;
    struct input numbered = *input;
    numbered.seq = ++seq;
    if (pipeline_step(&state, &numbered, &scratch, &effects, &refusal) == STEP_APPLIED)
        print_effects();
}

static void tick(int64_t at_ns, int64_t wall_minus_mono_ms)
{
    const struct input input = {.at_mono_ns = at_ns,
                                .at_wall_ms = wall_minus_mono_ms + at_ns / 1000000,
                                .wearer = 1,
                                .slot = INPUT_SLOT_NONE,
                                .kind = INPUT_TICK};
    put(&input);
}

static unsigned char *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    long end = ftell(file);
    unsigned char *bytes = end > 0 ? malloc((size_t)end) : NULL;
    rewind(file);
    *size = bytes == NULL ? 0 : fread(bytes, 1, (size_t)end, file);
    (void)fclose(file);
    return bytes;
}

int main(int argc, char **argv)
{
    double ticks_s = 0, until_s = 0;
    for (int i = 2; i + 1 < argc; i += 2) {
        ticks_s = strcmp(argv[i], "--ticks") == 0 ? strtod(argv[i + 1], NULL) : ticks_s;
        until_s = strcmp(argv[i], "--until") == 0 ? strtod(argv[i + 1], NULL) : until_s;
    }
    size_t size = 0, used = 0;
    unsigned char *bytes = argc > 1 ? read_all(argv[1], &size) : NULL;
    if (bytes == NULL || journal_read_head(bytes, size) != JOURNAL_OK) {
        (void)fprintf(stderr, "usage: effects_of JOURNAL [--ticks S] [--until S]\n");
        return 2;
    }
    struct input input;
    int64_t last_ns = INT64_MIN, offset_ms = 0;
    pipeline_init(&state, 1);
    for (size_t at = JOURNAL_HEAD_SIZE; at < size; at += used) {
        if (journal_read_row(bytes + at, size - at, NULL, &input, &used) != JOURNAL_OK)
            break;
        if (input.wearer != 1)
            continue;
        zero_ns = last_ns == INT64_MIN ? input.at_mono_ns : zero_ns;
        int64_t step_ns = (int64_t)(ticks_s * 1e9);
        for (int64_t t = last_ns + step_ns;
             ticks_s > 0 && last_ns != INT64_MIN && t < input.at_mono_ns; t += step_ns)
            tick(t, offset_ms);
        last_ns = input.at_mono_ns;
        offset_ms = input.at_wall_ms - input.at_mono_ns / 1000000;
        put(&input);
    }
    if (until_s > 0)
        tick(last_ns + (int64_t)(until_s * 1e9), offset_ms);
    printf("%.3f end stumbles=%u rail_s=%.0f heart_max=%.0f\n", seconds(state.now_ns),
           state.session.stumbles_n, (double)state.session.rail_s,
           (double)state.session.pulse.most_bpm);
    free(bytes);
    return 0;
}
