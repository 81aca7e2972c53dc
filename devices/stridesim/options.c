#include "devices/stridesim/options.h"

#include <math.h>
#include <stddef.h>
#include <time.h>

#include "devices/play/recording.h"

enum value_kind { VALUE_TEXT, VALUE_NUMBER, VALUE_FLAG };

struct option_info {
    const char *name;
    unsigned commands; /* bits of enum command */
    enum value_kind kind;
    size_t offset;
    double min, max;
    const char *argument, *help;
};

#define BOTH (COMMAND_WALK | COMMAND_PLAY)
#define AT(field) offsetof(struct options, field)

static const struct option_info infos[] = {
    {"journal", BOTH, VALUE_TEXT, AT(journal), 0, 0, "FILE",
     "write a self-contained journal file instead of talking to a broker"},
    {"broker", BOTH, VALUE_TEXT, AT(broker), 0, 0, "URI",
     "play in real time to a broker, e.g. mqtt://127.0.0.1:1883"},
    {"user-prefix", BOTH, VALUE_TEXT, AT(user_prefix), 0, 0, "TEXT",
     "before each device id to make its user name"},
    {"password-file", BOTH, VALUE_TEXT, AT(password_file), 0, 0, "FILE",
     "lines user:password, in clear text"},
    {"site", BOTH, VALUE_TEXT, AT(site), 0, 0, "ID", "site in the topics (home)"},
    {"part", BOTH, VALUE_NUMBER, AT(part), 0, 65535, "N", "partition in the topics (0)"},
    {"speed", BOTH, VALUE_NUMBER, AT(speed), 0.1, 1000, "N",
     "N times faster than real time (1; broker only)"},
    {"seed", BOTH, VALUE_NUMBER, AT(seed), 0, 9e15, "N",
     "same seed, same bytes, boot ids included (1; with --broker a new one each run)"},
    {"wearers", COMMAND_WALK | COMMAND_CONFIG, VALUE_NUMBER, AT(wearers), 1, WEARERS_MAX, "N",
     "walkers w1 to wN, each with a seed of its own (1)"},
    {"first", COMMAND_WALK | COMMAND_CONFIG, VALUE_NUMBER, AT(first), 1, WEARERS_MAX, "N",
     "number of the first walker: wN to w(N + wearers - 1) (1)"},
    {"wearer", COMMAND_PLAY, VALUE_TEXT, AT(wearer), 0, 0, "ID",
     "who wears the recording (w1); devices are ID-left and ID-right, or ID-wrist"},
    {"stage", BOTH | COMMAND_CONFIG, VALUE_TEXT, AT(stage), 0, 0, "STAGE",
     "stage of the plan, M1 to K (the script's; P1)"},
    {"format", COMMAND_PLAY, VALUE_TEXT, AT(format), 0, 0, "NAME",
     "what the recording is; see below"},
    {"rate", COMMAND_PLAY, VALUE_NUMBER, AT(rate), 1, 10000, "HZ",
     "lower the rate to this, through a low-pass that delays nothing"},
    {"frame-samples", BOTH, VALUE_NUMBER, AT(frame_samples), 1, 100, "N",
     "samples in a frame of a 100 Hz stream (25)"},
    {"ring-kib", BOTH, VALUE_NUMBER, AT(ring_kib), 16, 1048576, "N",
     "memory of a device for frames without a receipt (256)"},
    {"latency-ms", BOTH, VALUE_NUMBER, AT(latency_ms), 0, 60000, "N",
     "journal: from the end of a frame to its arrival (20)"},
    {"jitter-ms", BOTH, VALUE_NUMBER, AT(jitter_ms), 0, 60000, "N",
     "journal: up to N more, at random (0)"},
    {"start-wall-ms", BOTH, VALUE_NUMBER, AT(start_wall_ms), 0, 9e15, "N",
     "journal: UTC at the start (2026-01-05 09:00, or that day at the script's clock)"},
    {"exit-when-stored", BOTH, VALUE_FLAG, AT(exit_when_stored), 0, 0, NULL,
     "at the end wait until the hub has receipted everything"},
    {"stored-timeout", BOTH, VALUE_NUMBER, AT(stored_timeout_s), 1, 86400, "S",
     "but not longer than S seconds (60)"},
    {"stats", BOTH, VALUE_TEXT, AT(stats), 0, 0, "FILE", "write counts per device as JSON"},
    {"receipts", BOTH, VALUE_TEXT, AT(receipts), 0, 0, "FILE",
     "append 'device boot through_seq' whenever a receipt grows"},
    {"truth", COMMAND_WALK, VALUE_TEXT, AT(truth), 0, 0, "FILE",
     "write what was walked, per stride, as CSV; per segment into FILE.segments"},
    {"quiet", BOTH, VALUE_FLAG, AT(quiet), 0, 0, NULL, "do not print prompts and requests"},
};

enum { INFOS_N = sizeof(infos) / sizeof(infos[0]) };

static const char *command_name(enum command command)
{
    return command == COMMAND_WALK ? "walk" : command == COMMAND_PLAY ? "play" : "config";
}

static void print_help(enum command command)
{
    static const char *const what[] = {
        [COMMAND_WALK] = "walk SCRIPT (--journal FILE | --broker URI) [options]\n\n"
                         "One simulated body per wearer walks a script (devices/sim/README.md) in\n"
                         "two insoles, a wrist and a treadmill.",
        [COMMAND_PLAY] = "play --format NAME FILE (--journal FILE | --broker URI) [options]\n\n"
                         "Insoles or a wrist wear a recording, gzipped or not.",
        [COMMAND_CONFIG] = "config [SCRIPT] [options]\n\n"
                           "Prints the sections of a hub's configuration file for the wearers,\n"
                           "devices and caregivers that `walk` and `play` simulate.",
    };
    printf("usage: stridesim %s\n\n", what[command]);
    for (size_t i = 0; i < INFOS_N; i++) {
        char left[40];
        if ((infos[i].commands & command) == 0)
            continue;
        snprintf(left, sizeof(left), "--%s %s", infos[i].name,
                 infos[i].argument != NULL ? infos[i].argument : "");
        printf("  %-22s %s\n", left, infos[i].help);
    }
    for (unsigned i = 0; command == COMMAND_PLAY && recording_format_at(i) != NULL; i++)
        printf("%s  --format %-11s FILE is %s\n", i == 0 ? "\n" : "", recording_format_at(i)->name,
               recording_format_at(i)->file);
    printf("\nExit status: 0 done, 1 failed, 2 wrong usage.\n");
}

static const struct option_info *find(enum command command, const char *name, size_t length)
{
    for (size_t i = 0; i < INFOS_N; i++)
        if ((infos[i].commands & command) != 0 && strlen(infos[i].name) == length &&
            strncmp(infos[i].name, name, length) == 0)
            return &infos[i];
    return NULL;
}

static bool set_number(const struct option_info *info, const char *text, struct options *out)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value) || value < info->min || value > info->max) {
        fprintf(stderr, "stridesim: --%s takes a number from %g to %g, not '%s'\n", info->name,
                info->min, info->max, text);
        return false;
    }
    *(double *)(void *)((char *)out + info->offset) = value;
    if (info->offset == AT(seed))
        out->seed_given = true;
    if (info->offset == AT(start_wall_ms))
        out->start_wall_given = true;
    return true;
}

/* Takes the option at argv[*i], and its value; advances `*i` to the last word taken. */
static bool take(enum command command, int argc, char **argv, int *i, struct options *out)
{
    const char *word = argv[*i] + 2, *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    const struct option_info *info = find(command, word, length);
    if (info == NULL) {
        fprintf(stderr, "stridesim: %s has no option '%s'; see stridesim %s --help\n",
                command_name(command), argv[*i], command_name(command));
        return false;
    }
    if (info->kind == VALUE_FLAG) {
        if (equals != NULL) {
            fprintf(stderr, "stridesim: --%s takes no value\n", info->name);
            return false;
        }
        *(bool *)((char *)out + info->offset) = true;
        return true;
    }
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (value == NULL && *i + 1 < argc)
        value = argv[++*i];
    if (value == NULL) {
        fprintf(stderr, "stridesim: --%s needs a value: %s\n", info->name, info->argument);
        return false;
    }
    if (info->kind == VALUE_NUMBER)
        return set_number(info, value, out);
    *(const char **)(void *)((char *)out + info->offset) = value;
    return true;
}

static int check(enum command command, const struct options *options)
{
    const char *missing = NULL;
    if (command == COMMAND_CONFIG)
        return -1;
    if (options->file == NULL)
        missing = command == COMMAND_WALK ? "name a SCRIPT, e.g. devices/sim/walks/demo.walk"
                                          : "name the recording's FILE";
    else if ((options->journal == NULL) == (options->broker == NULL))
        missing = "say either --journal FILE or --broker URI";
    else if (command == COMMAND_PLAY &&
             (options->format == NULL || recording_format_find(options->format) == NULL))
        missing = "say --format NAME; stridesim play --help lists the names";
    if (missing == NULL)
        return -1;
    fprintf(stderr, "stridesim %s: %s\n", command_name(command), missing);
    return EXIT_USAGE;
}

int options_read(enum command command, int argc, char **argv, struct options *out)
{
    *out = (struct options){.site = "home",
                            .user_prefix = "",
                            .wearer = "w1",
                            .speed = 1,
                            .seed = 1,
                            .wearers = 1,
                            .first = 1,
                            .latency_ms = 20,
                            .stored_timeout_s = 60,
                            .frame_samples = 25,
                            .ring_kib = 256,
                            .start_wall_ms = 1767603600000.0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(command);
            return 0;
        }
        if (strncmp(argv[i], "--", 2) == 0) {
            if (!take(command, argc, argv, &i, out))
                return EXIT_USAGE;
        } else if (out->file == NULL) {
            out->file = argv[i];
        } else {
            fprintf(stderr, "stridesim: one FILE only, but there is also '%s'\n", argv[i]);
            return EXIT_USAGE;
        }
    }
    if (out->broker != NULL && !out->seed_given) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        uint64_t now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
        out->seed = (double)now_ms;
    }
    return check(command, out);
}
