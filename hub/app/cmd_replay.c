#include "hub/app/cmd.h"
#include "hub/app/record_json.h"
#include "hub/app/record_text.h"
#include "hub/app/replay.h"
#include "hub/app/replay_rows.h"

static const char usage[] =
    "usage: stridehub replay JOURNAL|DATABASE [--events | --strides | --wrist | --effects |\n"
    "                        --sessions] [--check] [--threshold 5pct|20N]\n"
    "                        [--format table|csv|json]\n"
    "\n"
    "Runs a journal file, or a hub's database, through the same code as live.\n"
    "\n"
    "  --events      one line per initial contact and foot-off\n"
    "  --strides     one line per stride, every feature with its unit\n"
    "  --wrist       one line per step, bout, posture and suspected fall at the wrist\n"
    "  --effects     one line per prompt, alert, notice and request to a belt, in words\n"
    "  --sessions    the records of the walks (this is the default)\n"
    "                (the others: csv, or with --format json one array of objects)\n"
    "  --check       compares with what the hub decided live; exit status 1 when it differs\n"
    "  --threshold   contact at 5 % of the plateau over the floor, or at 20 N over the floor\n";

enum output {
    OUTPUT_SESSIONS,
    OUTPUT_EVENTS,
    OUTPUT_STRIDES,
    OUTPUT_WRIST,
    OUTPUT_SAYS,
    OUTPUT_NONE
};

struct command {
    enum output output;
    enum cmd_format format;
    bool check;
    struct json_reader *reader;
    struct store *store;
    const struct replay *replay;
    char *record;
    bool any;
    struct rows rows;
    unsigned compared_n, different_n;
    struct closed_walk *walks; /* in the order in which they closed */
    int walks_n, printed_n;
};

/* A closed walk's record may still change, until the wearer's next walk: what is answered after it
 * belongs to it, and the programme counts it then. */
struct closed_walk {
    uint32_t wearer;
    char id[40];
    bool last;     /* of its wearer, as far as is known */
    char *record;  /* to be printed; NULL = is not, or was */
    bool compared; /* with the database */
    bool found, same;
};

static void print_session(struct command *command, const char *record)
{
    if (command->format == FORMAT_JSON)
        printf("%s\n", record);
    else if (command->format == FORMAT_CSV)
        (void)!record_print_csv(command->reader, record, stdout);
    else {
        fputs(command->any ? "\n\n" : "", stdout);
        (void)!record_print_table(command->reader, record, stdout);
    }
    command->any = true;
}

/* Those that nothing can change any more, in order; `all` at the journal's end. */
static void print_sessions(struct command *command, bool all)
{
    for (; command->printed_n < command->walks_n; command->printed_n++) {
        struct closed_walk *walk = &command->walks[command->printed_n];
        if (walk->last && !all)
            break;
        if (walk->record != NULL)
            print_session(command, walk->record);
        free(walk->record);
        walk->record = NULL;
    }
}

struct stored_record {
    const char *replayed;
    bool same;
};

/* Clock speed and emergency number come from outside of the journal: they are left out. */
static bool same_record(const char *one, const char *other)
{
    static const char speed[] = "\"clock_speed\":", disclaimer[] = "\"disclaimer\":";
    const char *ones[2] = {strstr(one, speed), strstr(one, disclaimer)};
    const char *others[2] = {strstr(other, speed), strstr(other, disclaimer)};
    if (ones[0] == NULL || ones[1] == NULL || others[0] == NULL || others[1] == NULL)
        return false;
    const char *tails[2] = {ones[0] + strcspn(ones[0], ","), others[0] + strcspn(others[0], ",")};
    return ones[0] - one == others[0] - other && memcmp(one, other, (size_t)(ones[0] - one)) == 0 &&
           ones[1] - tails[0] == others[1] - tails[1] &&
           memcmp(tails[0], tails[1], (size_t)(ones[1] - tails[0])) == 0;
}

/* Another version of the program may word a record differently; then only the core's digest counts.
 */
static bool compare_record(void *context, const struct store_session *session)
{
    struct stored_record *stored = context;
    stored->same = same_record(session->record, stored->replayed) ||
                   strstr(session->record, "\"hub_version\":\"" STRIDEHUB_VERSION "\"") == NULL;
    return false;
}

/* The wearer's last closed walk, or NULL. */
static struct closed_walk *last_walk(struct command *command, uint32_t wearer)
{
    for (int i = command->walks_n; i > 0; i--) {
        if (command->walks[i - 1].wearer == wearer)
            return &command->walks[i - 1];
    }
    return NULL;
}

static void no_longer_last(struct command *command, uint32_t wearer)
{
    struct closed_walk *before = last_walk(command, wearer);
    if (before != NULL)
        before->last = false;
}

/* The walk that closed last, known already or new; NULL = no memory. */
static struct closed_walk *walk_of(struct command *command, const struct replay_wearer *wearer)
{
    const char *id = wearer->state->session.id;
    struct closed_walk *walk = last_walk(command, wearer->number);
    if (walk != NULL && strcmp(walk->id, id) == 0)
        return walk;
    struct closed_walk *grown =
        realloc(command->walks, ((size_t)command->walks_n + 1) * sizeof(*command->walks));
    if (grown == NULL)
        return NULL;
    command->walks = grown;
    no_longer_last(command, wearer->number);
    walk = &grown[command->walks_n++];
    memset(walk, 0, sizeof(*walk));
    walk->wearer = wearer->number;
    walk->last = true;
    memcpy(walk->id, id, sizeof(walk->id));
    return walk;
}

static void compare_walk(struct command *command, struct closed_walk *walk)
{
    struct stored_record stored = {command->record, true};
    walk->compared = true;
    walk->found =
        store_find_session(command->store, walk->id, compare_record, &stored) != STORE_NOT_FOUND;
    walk->same = walk->found && stored.same;
}

static void tell_differences(struct command *command)
{
    for (int i = 0; i < command->walks_n; i++) {
        const struct closed_walk *walk = &command->walks[i];
        command->compared_n += walk->compared;
        if (!walk->compared || walk->same)
            continue;
        command->different_n++;
        fprintf(stderr, "stridehub: walk %s %s\n", walk->id,
                walk->found ? "differs from its record" : "is not in the database");
    }
}

static bool make_record(struct command *command, const struct replay_wearer *wearer)
{
    const struct record_context context = {
        .wearer_id = wearer->id,
        .emergency_number = "112",
        .clock_speed = replay_result(command->replay)->clock_speed,
        .locale = locale_or_english(wearer->state->config.locale),
        .wearer = wearer->state,
        .pain = &wearer->state->pain.record};
    return record_json(&wearer->state->session, &context, command->record, RECORD_JSON_SIZE) != 0;
}

static void session_changed(struct command *command, const struct replay_wearer *wearer)
{
    const bool compare = command->check && command->store != NULL;
    const bool print = command->output == OUTPUT_SESSIONS;
    if (wearer->state->session.open) {
        no_longer_last(command, wearer->number);
        print_sessions(command, false);
        return;
    }
    struct closed_walk *walk = compare || print ? walk_of(command, wearer) : NULL;
    if (walk == NULL || !make_record(command, wearer))
        return;
    if (compare)
        compare_walk(command, walk);
    if (!print)
        return;
    free(walk->record);
    walk->record = strdup(command->record);
}

static void on_effect(void *context, const struct replay_wearer *wearer,
                      const struct effect *effect)
{
    struct command *command = context;
    if (effect->kind == EFFECT_EVENT && command->output == OUTPUT_EVENTS)
        replay_event_row(&command->rows, wearer, effect);
    else if (effect->kind == EFFECT_STRIDE && command->output == OUTPUT_STRIDES)
        replay_stride_row(&command->rows, wearer, effect);
    else if (effect->kind == EFFECT_WRIST && command->output == OUTPUT_WRIST)
        replay_wrist_row(&command->rows, wearer->id,
                         effect->slot < WEARER_DEVICES_MAX ? wearer->state->devices[effect->slot].id
                                                           : "",
                         &effect->wrist);
    else if (command->output == OUTPUT_SAYS)
        replay_say_row(&command->rows, wearer, effect);
    if (effect->kind == EFFECT_SESSION)
        session_changed(command, wearer);
}

static bool compare_digest(void *context, uint32_t number, uint64_t seq, uint64_t digest)
{
    struct command *command = context;
    const struct replay_wearer *wearer = replay_find(command->replay, number);
    command->compared_n++;
    if (wearer != NULL && wearer->state->last_input_seq == seq && wearer->state->digest == digest)
        return true;
    command->different_n++;
    fprintf(stderr,
            "stridehub: wearer number %u: the replay decided otherwise than the hub did "
            "(by input %llu)\n",
            number, (unsigned long long)seq);
    return true;
}

/* A walk that is still open at the journal's end has no closing effect: print it as it stands. */
static void open_sessions(struct command *command)
{
    for (int i = 0; i < replay_wearers(command->replay); i++) {
        const struct replay_wearer *wearer = replay_wearer(command->replay, i);
        if (wearer->state->session.open && command->output == OUTPUT_SESSIONS &&
            make_record(command, wearer))
            print_session(command, command->record);
    }
}

static int run(struct command *command, struct replay *replay, const char *path)
{
    char error[REPLAY_ERROR_SIZE] = "";
    bool ok;
    const char *const *const heads[] = {[OUTPUT_SESSIONS] = NULL,
                                        [OUTPUT_EVENTS] = replay_event_head,
                                        [OUTPUT_STRIDES] = replay_stride_head,
                                        [OUTPUT_WRIST] = replay_wrist_head,
                                        [OUTPUT_SAYS] = replay_say_head,
                                        [OUTPUT_NONE] = NULL};
    const bool rows = heads[command->output] != NULL;
    command->rows =
        (struct rows){.head = heads[command->output], .json = command->format == FORMAT_JSON};
    if (command->store != NULL) {
        store_read_begin(command->store);
        ok = replay_store(replay, command->store, error);
        if (ok && command->check)
            ok = store_each_digest(command->store, compare_digest, command) == STORE_OK;
    } else {
        ok = replay_file(replay, path, error);
    }
    print_sessions(command, true);
    open_sessions(command);
    tell_differences(command);
    if (rows)
        rows_close(&command->rows, ok);
    if (command->store != NULL)
        store_read_end(command->store);
    const struct replay_result *result = replay_result(replay);
    if (!ok)
        fprintf(stderr, "stridehub: %s: %s\n", path, error);
    if (result->torn)
        fprintf(stderr, "stridehub: %s: the last row is torn and was left out\n", path);
    if (result->refused_n > 0)
        fprintf(stderr, "stridehub: %llu inputs were refused\n",
                (unsigned long long)result->refused_n);
    if (command->check)
        fprintf(stderr, "stridehub: %llu inputs replayed%s, %u things compared, %u differ\n",
                (unsigned long long)result->inputs_n, result->from_base ? " from a base" : "",
                command->compared_n, command->different_n);
    return ok && command->different_n == 0 ? CMD_OK : CMD_FAILED;
}

static bool parse_threshold(const char *value, int *out)
{
    *out = strcmp(value, "20N") == 0 ? 1 : 0;
    return *out == 1 || strcmp(value, "5pct") == 0;
}

static int replay_path(struct command *command, int threshold, const char *path)
{
    const struct replay_options options = {threshold, on_effect, command};
    const struct store_options store_options = {.path = path, .read_only = true};
    enum store_error error = STORE_OK;
    struct replay *replay = replay_open(&options);
    command->reader = json_reader_open();
    command->record = malloc(RECORD_JSON_SIZE);
    command->replay = replay;
    int status = CMD_FAILED;
    if (replay_is_store(path))
        command->store = store_open(&store_options, &error, NULL);
    if (error != STORE_OK)
        fprintf(stderr, "stridehub: %s: %s\n", path, store_error_text(error));
    else if (replay == NULL || command->reader == NULL || command->record == NULL)
        fprintf(stderr, "stridehub: out of memory\n");
    else
        status = run(command, replay, path);
    store_close(command->store);
    json_reader_close(command->reader);
    free(command->record);
    free(command->walks);
    replay_close(replay);
    return status;
}

static bool parse_output(const char *argument, enum output *out)
{
    static const char *const options[] = {[OUTPUT_SESSIONS] = "--sessions",
                                          [OUTPUT_EVENTS] = "--events",
                                          [OUTPUT_STRIDES] = "--strides",
                                          [OUTPUT_WRIST] = "--wrist",
                                          [OUTPUT_SAYS] = "--effects"};
    for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (strcmp(argument, options[i]) == 0) {
            *out = (enum output)i;
            return true;
        }
    }
    return false;
}

int cmd_replay(int argc, char **argv)
{
    struct command command = {.output = OUTPUT_SESSIONS};
    const char *path = NULL;
    int threshold = -1;
    bool chosen = false;
    for (int i = 1; i < argc; i++) {
        const char *value;
        if (strcmp(argv[i], "--help") == 0)
            return cmd_usage(usage, true);
        if (parse_output(argv[i], &command.output))
            chosen = true;
        else if (strcmp(argv[i], "--check") == 0)
            command.check = true;
        else if ((value = cmd_value(argc, argv, &i, "--threshold")) != NULL) {
            if (!parse_threshold(value, &threshold))
                return cmd_bad_value("--threshold", value, "5pct or 20N");
        } else if ((value = cmd_value(argc, argv, &i, "--format")) != NULL) {
            if (!cmd_format(value, &command.format))
                return CMD_USAGE;
        } else if (argv[i][0] == '-' || path != NULL)
            return cmd_bad_option(argv[i], usage);
        else
            path = argv[i];
    }
    if (path == NULL)
        return cmd_usage(usage, false);
    if (command.check && !chosen)
        command.output = OUTPUT_NONE;
    return replay_path(&command, threshold, path);
}
