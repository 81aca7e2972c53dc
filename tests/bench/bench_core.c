/* Benchmark (a): the core alone, decode included, on one core.
 *
 * bench_core JOURNAL [--passes N] [--wearers N] [--check]
 * Steps the insole frames of the journal's first wearer (22 channels x 25 samples, as the simulated
 * body walks) through pipeline_step, for N wearers in turn so that their states share the caches as
 * they do in a hub. --check ends with 1 unless no memory was asked for and a state fits its bound.
 */
#include <getopt.h>
#include <time.h>

#include "hub/core/pipeline.h"
#include "tests/bench/journal_load.h"
#include "tests/bench/malloc_count.h"

enum { FRAME_CHANNELS = 22, FRAME_SAMPLES = 25, WEARERS_MAX = 1000 };

struct options {
    const char *journal;
    unsigned passes, wearers_n;
    bool check;
};

struct bench {
    struct options options;
    struct journal_load journal;
    struct input *inputs; /* what is stepped: the first wearer's registry, hellos, insole frames */
    size_t inputs_n;
    bool insole[INPUT_SLOT_NONE + 1];
    struct wire_descriptor descriptors[INPUT_SLOT_NONE + 1];
    struct wearer_state *states;
    struct pipeline_scratch scratch;
    struct effects effects;
    uint64_t frames_n, refused_n, effects_n[EFFECT_KINDS];
};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool learn_hello(struct bench *bench, const struct input *input, const char *device)
{
    struct wire_descriptor *descriptor = &bench->descriptors[input->slot];
    if (wire_decode_hello(&bench->scratch.arena, input->bytes, input->size, device, descriptor) !=
        WIRE_OK)
        return false;
    bench->insole[input->slot] = descriptor->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    return bench->insole[input->slot];
}

/* Device id of a slot, from the wearer's registry. */
static const char *slot_device(const struct wire_wearer_config *config, uint8_t slot)
{
    for (uint8_t i = 0; i < config->devices_n; i++)
        if (config->devices[i].slot == slot)
            return config->devices[i].device;
    return "";
}

/* Keeps what belongs to the measurement and drops other devices' frames, reports and ticks. */
static bool choose_inputs(struct bench *bench)
{
    bench->inputs = calloc(bench->journal.inputs_n, sizeof *bench->inputs);
    struct wire_wearer_config *config = calloc(1, sizeof *config);
    uint32_t wearer = 0;
    for (size_t i = 0; bench->inputs && config && i < bench->journal.inputs_n; i++) {
        const struct input *input = &bench->journal.inputs[i];
        if (input->wearer == 0 || (wearer && input->wearer != wearer))
            continue;
        wearer = input->wearer;
        bool keep = input->kind == INPUT_CONFIG &&
                    wire_decode_wearer_config(&bench->scratch.arena, input->bytes, input->size,
                                              config) == WIRE_OK;
        keep |= input->kind == INPUT_HELLO &&
                learn_hello(bench, input, slot_device(config, input->slot));
        keep |= input->kind == INPUT_FRAME && bench->insole[input->slot];
        if (keep)
            bench->inputs[bench->inputs_n++] = *input;
    }
    free(config);
    return bench->inputs_n > 0;
}

static void count_effects(struct bench *bench)
{
    for (int i = 0; i < bench->effects.n; i++)
        bench->effects_n[bench->effects.items[i].kind]++;
}

static void step(struct bench *bench, struct wearer_state *state, const struct input *input)
{
    enum wire_refusal refusal = WIRE_OK;
    enum step_result result =
        pipeline_step(state, input, &bench->scratch, &bench->effects, &refusal);
    bench->frames_n += input->kind == INPUT_FRAME;
    bench->refused_n += result != STEP_APPLIED;
    count_effects(bench);
}

struct figures {
    double seconds;
    int64_t mallocs;
};

/* One pass: every wearer walks the whole journal; only the frames are timed. */
static struct figures pass(struct bench *bench)
{
    size_t first = 0;
    for (unsigned w = 0; w < bench->options.wearers_n; w++)
        pipeline_init(&bench->states[w], bench->inputs[0].wearer);
    for (; first < bench->inputs_n && bench->inputs[first].kind != INPUT_FRAME; first++)
        for (unsigned w = 0; w < bench->options.wearers_n; w++)
            step(bench, &bench->states[w], &bench->inputs[first]);
    int64_t mallocs = malloc_count();
    double start = now_s();
    for (size_t i = first; i < bench->inputs_n; i++)
        for (unsigned w = 0; w < bench->options.wearers_n; w++)
            step(bench, &bench->states[w], &bench->inputs[i]);
    return (struct figures){now_s() - start, malloc_count() - mallocs};
}

/* The share of decoding: the same frames through wire_decode_frame alone. */
static double decode_ns(struct bench *bench)
{
    size_t n = 0;
    double start = now_s();
    for (unsigned p = 0; p < bench->options.passes; p++)
        for (size_t i = 0; i < bench->inputs_n; i++) {
            const struct input *input = &bench->inputs[i];
            if (input->kind != INPUT_FRAME)
                continue;
            enum wire_refusal refusal =
                wire_decode_frame(&bench->scratch.arena, input->bytes, input->size,
                                  &bench->descriptors[input->slot], &bench->scratch.frame);
            bench->refused_n += refusal != WIRE_OK;
            n++;
        }
    return n ? (now_s() - start) * 1e9 / (double)n : 0;
}

/* The frames must be what the figure says they are; a device's last one may be cut short. */
static bool frames_are_as_said(struct bench *bench)
{
    size_t bytes = 0, n = 0, cut_n = 0;
    for (size_t i = 0; i < bench->inputs_n; i++) {
        const struct input *input = &bench->inputs[i];
        if (input->kind != INPUT_FRAME)
            continue;
        if (wire_decode_frame(&bench->scratch.arena, input->bytes, input->size,
                              &bench->descriptors[input->slot], &bench->scratch.frame) != WIRE_OK ||
            bench->scratch.frame.channels_n != FRAME_CHANNELS)
            return false;
        cut_n += bench->scratch.frame.samples_n != FRAME_SAMPLES;
        bytes += input->size;
        n++;
    }
    if (n == 0 || cut_n > 2)
        return false;
    printf("frames               %zu of %d channels x %d samples, %zu bytes each on average\n", n,
           FRAME_CHANNELS, FRAME_SAMPLES, bytes / n);
    return true;
}

static void print_goal(const char *name, const char *value, const char *goal, bool reached)
{
    printf("%-20s %-14s goal %-14s %s\n", name, value, goal, reached ? "reached" : "NOT reached");
}

static bool report(const struct bench *bench, double best_s, double frames, int64_t mallocs,
                   double decode)
{
    char text[32];
    double rate = frames / best_s;
    (void)snprintf(text, sizeof text, "%.0f/s", rate);
    print_goal("frames", text, ">= 150000/s", rate >= 150000);
    printf("%-20s %.0f, of which decoding %.0f\n", "ns per frame", 1e9 / rate, decode);
    (void)snprintf(text, sizeof text, "%zu", sizeof(struct wearer_state));
    print_goal("state bytes/wearer", text, "<= 65536",
               sizeof(struct wearer_state) <= WEARER_STATE_BYTES_MAX);
    bool free_of_malloc = mallocs <= 0;
    if (mallocs < 0)
        (void)snprintf(text, sizeof text, "not counted");
    else
        (void)snprintf(text, sizeof text, "%.6f", (double)mallocs / frames);
    print_goal("mallocs per frame", text, "0", mallocs == 0);
    printf("%-20s %llu events, %llu strides, %llu prompts, %llu refused inputs\n", "work done",
           (unsigned long long)bench->effects_n[EFFECT_EVENT],
           (unsigned long long)bench->effects_n[EFFECT_STRIDE],
           (unsigned long long)bench->effects_n[EFFECT_PROMPT],
           (unsigned long long)bench->refused_n);
    return free_of_malloc && sizeof(struct wearer_state) <= WEARER_STATE_BYTES_MAX &&
           bench->refused_n == 0 && bench->effects_n[EFFECT_STRIDE] > 0;
}

static bool parse_options(int argc, char **argv, struct options *out)
{
    static const struct option names[] = {{"passes", required_argument, NULL, 'p'},
                                          {"wearers", required_argument, NULL, 'w'},
                                          {"check", no_argument, NULL, 'c'},
                                          {NULL, 0, NULL, 0}};
    *out = (struct options){.passes = 5, .wearers_n = 1};
    for (int key; (key = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (key == 'p')
            out->passes = (unsigned)strtoul(optarg, NULL, 10);
        else if (key == 'w')
            out->wearers_n = (unsigned)strtoul(optarg, NULL, 10);
        else if (key == 'c')
            out->check = true;
        else
            return false;
    }
    out->journal = optind < argc ? argv[optind] : NULL;
    return out->journal && out->passes > 0 && out->wearers_n > 0 && out->wearers_n <= WEARERS_MAX;
}

static bool run(struct bench *bench)
{
    bench->states = calloc(bench->options.wearers_n, sizeof *bench->states);
    if (!bench->states || !frames_are_as_said(bench)) {
        fprintf(stderr, "bench_core: the journal's frames are not 22 channels x 25 samples\n");
        return false;
    }
    double decode = decode_ns(bench), best_s = 1e9;
    int64_t mallocs = 0;
    uint64_t frames_n = 0;
    for (unsigned p = 0; p < bench->options.passes; p++) {
        uint64_t before = bench->frames_n;
        struct figures figures = pass(bench);
        frames_n = bench->frames_n - before;
        best_s = figures.seconds < best_s ? figures.seconds : best_s;
        mallocs += figures.mallocs;
    }
    printf("wearers in turn      %u, best of %u passes\n", bench->options.wearers_n,
           bench->options.passes);
    if (malloc_count() < 0)
        mallocs = -1;
    return report(bench, best_s, (double)frames_n, mallocs, decode) || !bench->options.check;
}

int main(int argc, char **argv)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (!bench)
        return 1;
    if (!parse_options(argc, argv, &bench->options)) {
        fprintf(stderr, "usage: bench_core JOURNAL [--passes N] [--wearers N] [--check]\n");
        free(bench);
        return 2;
    }
    bool ok = journal_load_open(&bench->journal, bench->options.journal) && choose_inputs(bench) &&
              run(bench);
    free(bench->inputs);
    free(bench->states);
    journal_load_close(&bench->journal);
    free(bench);
    return ok ? 0 : 1;
}
