#include "hub/app/replay.h"

#include "hub/app/config.h"

struct replay {
    struct replay_options options;
    struct replay_result result;
    struct replay_wearer *wearers;
    int wearers_n, wearers_room;
    struct pipeline_scratch *scratch;
    struct effects *effects;
    bool no_memory;
};

struct replay *replay_open(const struct replay_options *options)
{
    struct replay *replay = calloc(1, sizeof(*replay));
    if (replay == NULL)
        return NULL;
    replay->options = *options;
    replay->result.clock_speed = 1;
    replay->scratch = malloc(sizeof(*replay->scratch));
    replay->effects = malloc(sizeof(*replay->effects));
    if (replay->scratch != NULL && replay->effects != NULL)
        return replay;
    replay_close(replay);
    return NULL;
}

void replay_close(struct replay *replay)
{
    if (replay == NULL)
        return;
    for (int i = 0; i < replay->wearers_n; i++)
        free(replay->wearers[i].state);
    free(replay->wearers);
    free(replay->scratch);
    free(replay->effects);
    free(replay);
}

const struct replay_wearer *replay_find(const struct replay *replay, uint32_t number)
{
    for (int i = 0; i < replay->wearers_n; i++) {
        if (replay->wearers[i].number == number)
            return &replay->wearers[i];
    }
    return NULL;
}

static struct replay_wearer *get_wearer(struct replay *replay, uint32_t number)
{
    for (int i = 0; i < replay->wearers_n; i++) {
        if (replay->wearers[i].number == number)
            return &replay->wearers[i];
    }
    if (replay->wearers_n == replay->wearers_room) {
        const int room = replay->wearers_room == 0 ? 8 : 2 * replay->wearers_room;
        struct replay_wearer *larger =
            room > 2 * CONFIG_WEARERS_MAX
                ? NULL
                : realloc(replay->wearers, (size_t)room * sizeof(*larger));
        if (larger == NULL)
            return NULL;
        replay->wearers = larger;
        replay->wearers_room = room;
    }
    struct replay_wearer *wearer = &replay->wearers[replay->wearers_n];
    memset(wearer, 0, sizeof(*wearer));
    wearer->number = number;
    wearer->state = malloc(sizeof(*wearer->state));
    if (wearer->state == NULL)
        return NULL;
    pipeline_init(wearer->state, number);
    replay->wearers_n++;
    return wearer;
}

/* A WearerConfig with another contact threshold than the one recorded. */
static bool with_threshold(struct replay *replay, const struct input *input, uint8_t *bytes,
                           struct input *changed)
{
    struct wire_wearer_config config;
    const char *name = param_info(PARAM_CONTACT_THRESHOLD)->name;
    if (wire_decode_wearer_config(&replay->scratch->arena, input->bytes, input->size, &config) !=
        WIRE_OK)
        return false;
    int at = 0;
    while (at < config.params_n && strcmp(config.params[at].name, name) != 0)
        at++;
    if (at == WEARER_PARAMS_MAX)
        return false;
    if (at == config.params_n)
        config.params_n++;
    snprintf(config.params[at].name, NAME_SIZE, "%s", name);
    config.params[at].value = replay->options.threshold;
    *changed = *input;
    changed->size = (uint32_t)wire_encode_wearer_config(&config, bytes, INPUT_BYTES_MAX);
    changed->bytes = bytes;
    return changed->size > 0;
}

static bool step(void *context, const struct input *input)
{
    struct replay *replay = context;
    struct replay_wearer *wearer = get_wearer(replay, input->wearer);
    uint8_t bytes[INPUT_BYTES_MAX];
    struct input changed = *input;
    enum wire_refusal refusal;
    if (wearer == NULL) {
        replay->no_memory = true;
        return false;
    }
    if (input->seq <= wearer->state->last_input_seq)
        return true;
    if (input->kind == INPUT_CONFIG && replay->options.threshold >= 0)
        (void)!with_threshold(replay, input, bytes, &changed);
    const enum step_result result =
        pipeline_step(wearer->state, &changed, replay->scratch, replay->effects, &refusal);
    replay->result.inputs_n++;
    replay->result.duplicates_n += result == STEP_DUPLICATE;
    replay->result.refused_n += result != STEP_APPLIED && result != STEP_DUPLICATE;
    if (result != STEP_APPLIED)
        return true;
    if (input->kind == INPUT_CONFIG)
        memcpy(wearer->id, wearer->state->config.wearer, ID_SIZE);
    struct replay_wearer before = *wearer;
    before.state = &replay->scratch->before;
    const int opens_at = effects_walk_opened(replay->effects);
    for (int i = 0; replay->options.effect != NULL && i < replay->effects->n; i++) {
        const struct effect *effect = &replay->effects->items[i];
        const bool of_before = i < opens_at && effect->kind == EFFECT_SESSION;
        replay->options.effect(replay->options.context, of_before ? &before : wearer, effect);
    }
    return true;
}

/* ---------------------------------------------------------------- a journal file */

static bool read_rows(struct replay *replay, FILE *file, char *error)
{
    static const size_t size = 4 * JOURNAL_ROW_SIZE_MAX;
    uint8_t *buffer = malloc(size);
    size_t have = 0, at = 0;
    struct input input, previous;
    bool any = false, end = false, ok = buffer != NULL;
    snprintf(error, REPLAY_ERROR_SIZE, "out of memory");
    while (ok && !replay->no_memory) {
        if (!end && have - at < JOURNAL_ROW_SIZE_MAX) {
            memmove(buffer, buffer + at, have - at);
            have -= at;
            at = 0;
            const size_t got = fread(buffer + have, 1, size - have, file);
            end = got < size - have;
            have += got;
        }
        if (have == at)
            break;
        size_t used;
        const enum journal_error failed =
            journal_read_row(buffer + at, have - at, any ? &previous : NULL, &input, &used);
        if (failed == JOURNAL_SHORT && end) {
            replay->result.torn = true;
            break;
        }
        if (failed != JOURNAL_OK) {
            snprintf(error, REPLAY_ERROR_SIZE, "after input %llu: %s",
                     (unsigned long long)(any ? previous.seq : 0), journal_error_text(failed));
            ok = false;
            break;
        }
        (void)step(replay, &input);
        previous = input;
        any = true;
        at += used;
    }
    free(buffer);
    return ok && !replay->no_memory;
}

/* A recording ends where the recorder was switched off: time goes on until the walk closes, so that
 * its record is whole. */
static void end_walks(struct replay *replay)
{
    for (int i = 0; i < replay->wearers_n; i++) {
        const struct wearer_state *state = replay->wearers[i].state;
        const int64_t pause_ns = (int64_t)(state->params.value[PARAM_WALK_CLOSE_S] * 1e9);
        const int64_t at_ns = state->now_ns + pause_ns + 1;
        const struct input tick = {.seq = state->last_input_seq + 1,
                                   .at_mono_ns = at_ns,
                                   .at_wall_ms = at_ns / 1000000 + state->wall_minus_mono_ms,
                                   .wearer = replay->wearers[i].number,
                                   .slot = INPUT_SLOT_NONE,
                                   .kind = INPUT_TICK};
        if (state->session.open)
            (void)step(replay, &tick);
    }
}

bool replay_file(struct replay *replay, const char *path, char error[REPLAY_ERROR_SIZE])
{
    uint8_t head[JOURNAL_HEAD_SIZE];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        snprintf(error, REPLAY_ERROR_SIZE, "cannot be opened");
        return false;
    }
    bool ok = fread(head, 1, sizeof(head), file) == sizeof(head);
    const enum journal_error failed = ok ? journal_read_head(head, sizeof(head)) : JOURNAL_NOT_OURS;
    if (failed != JOURNAL_OK) {
        snprintf(error, REPLAY_ERROR_SIZE, "%s", journal_error_text(failed));
        ok = false;
    }
    ok = ok && read_rows(replay, file, error);
    fclose(file);
    if (ok)
        end_walks(replay);
    return ok;
}

/* ---------------------------------------------------------------- a database */

static bool load_base(void *context, const struct store_snapshot *snapshot)
{
    struct replay *replay = context;
    struct replay_wearer *wearer = get_wearer(replay, snapshot->wearer);
    if (wearer == NULL || snapshot->size != sizeof(*wearer->state))
        return false;
    memcpy(wearer->state, snapshot->state, sizeof(*wearer->state));
    if (!pipeline_valid(wearer->state, snapshot->size)) {
        pipeline_init(wearer->state, snapshot->wearer);
        return true;
    }
    memcpy(wearer->id, wearer->state->config.wearer, ID_SIZE);
    return true;
}

bool replay_store(struct replay *replay, struct store *store, char error[REPLAY_ERROR_SIZE])
{
    struct clock_mark mark;
    if (!store_get_clock(store, &mark, &replay->result.clock_speed))
        replay->result.clock_speed = 1;
    enum store_error failed = STORE_OK;
    /* A complete journal needs no base: one more thing that the replay proves. */
    replay->result.from_base = store_first_seq(store) > 1;
    if (replay->result.from_base)
        failed = store_each_base(store, load_base, replay);
    if (failed == STORE_OK)
        failed = store_each_input(store, 0, step, replay);
    if (replay->no_memory)
        snprintf(error, REPLAY_ERROR_SIZE, "out of memory");
    else if (failed != STORE_OK)
        snprintf(error, REPLAY_ERROR_SIZE, "%s: %.100s", store_error_text(failed),
                 store_last_error(store));
    return failed == STORE_OK && !replay->no_memory;
}

bool replay_is_store(const char *path)
{
    char head[16] = {0};
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    const bool is = fread(head, 1, sizeof(head), file) == sizeof(head) &&
                    memcmp(head, "SQLite format 3", sizeof(head)) == 0;
    fclose(file);
    return is;
}

const struct replay_result *replay_result(const struct replay *replay)
{
    return &replay->result;
}

int replay_wearers(const struct replay *replay)
{
    return replay->wearers_n;
}

const struct replay_wearer *replay_wearer(const struct replay *replay, int index)
{
    return &replay->wearers[index];
}
