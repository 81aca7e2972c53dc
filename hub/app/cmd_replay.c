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
    struct verdict *verdicts; /* of the walks that closed, in order */
    int verdicts_n;
};

/* A closed walk's record may still change: what was answered after it belongs to it. */
struct verdict {
    uint32_t wearer;
    char walk[40];
    bool found, same;
};

static void print_session(struct command *command)
{
    if (command->format == FORMAT_JSON)
        printf("%s\n", command->record);
    else if (command->format == FORMAT_CSV)
        (void)!record_print_csv(command->reader, command->record, stdout);
    else {
        fputs(command->any ? "\n\n" : "", stdout);
        (void)!record_print_table(command->reader, command->record, stdout);
    }
    command->any = true;
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

/* The walk's verdict so far, or a new one; NULL = no memory. */
static struct verdict *verdict_of(struct command *command, const struct replay_wearer *wearer)
{
    const char *walk = wearer->state->session.id;
    for (int i = command->verdicts_n; i > 0; i--) {
        struct verdict *verdict = &command->verdicts[i - 1];
        if (verdict->wearer == wearer->number && strcmp(verdict->walk, walk) == 0)
            return verdict;
        if (verdict->wearer == wearer->number)
            break;
    }
    struct verdict *grown =
        realloc(command->verdicts, ((size_t)command->verdicts_n + 1) * sizeof(*command->verdicts));
    if (grown == NULL)
        return NULL;
    command->verdicts = grown;
    struct verdict *verdict = &grown[command->verdicts_n++];
    memset(verdict, 0, sizeof(*verdict));
    verdict->wearer = wearer->number;
    memcpy(verdict->walk, walk, sizeof(verdict->walk));
    return verdict;
}

static void compare_walk(struct command *command, const struct replay_wearer *wearer)
{
    struct stored_record stored = {command->record, true};
    struct verdict *verdict = verdict_of(command, wearer);
    if (verdict == NULL)
        return;
    verdict->found = store_find_session(command->store, verdict->walk, compare_record, &stored) !=
                     STORE_NOT_FOUND;
    verdict->same = verdict->found && stored.same;
}

static void tell_verdicts(struct command *command)
{
    for (int i = 0; i < command->verdicts_n; i++) {
        const struct verdict *verdict = &command->verdicts[i];
        command->compared_n++;
        if (verdict->same)
            continue;
        command->different_n++;
        fprintf(stderr, "stridehub: walk %s %s\n", verdict->walk,
                verdict->found ? "differs from its record" : "is not in the database");
    }
    free(command->verdicts);
    command->verdicts = NULL;
    command->verdicts_n = 0;
}

static void session_changed(struct command *command, const struct replay_wearer *wearer,
                            bool closed)
{
    const struct record_context context = {
        .wearer_id = wearer->id,
        .emergency_number = "112",
        .clock_speed = replay_result(command->replay)->clock_speed,
        .locale = locale_or_english(wearer->state->config.locale),
        .wearer = wearer->state,
        .pain = &wearer->state->pain.record};
    const struct session *session = &wearer->state->session;
    const bool compare = command->check && command->store != NULL && !session->open;
    if ((!closed && !compare) ||
        record_json(session, &context, command->record, RECORD_JSON_SIZE) == 0)
        return;
    if (compare)
        compare_walk(command, wearer);
    if (closed && command->output == OUTPUT_SESSIONS)
        print_session(command);
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
        session_changed(command, wearer, effect->session.change == SESSION_CLOSED);
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
        const bool check = command->check;
        command->check = false;
        if (wearer->state->session.open)
            session_changed(command, wearer, true);
        command->check = check;
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
    open_sessions(command);
    tell_verdicts(command);
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
