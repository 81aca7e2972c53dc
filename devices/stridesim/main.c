#include "devices/stridesim/options.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"walk", cmd_walk, "simulated bodies walk a script"},
    {"play", cmd_play, "insoles wear a recording"},
    {"config", cmd_config, "print a hub configuration for the simulated wearers"},
    {"users", cmd_users, "print the user names that devices and caregivers log in with"},
};

static void print_help(FILE *out)
{
    fprintf(out, "usage: stridesim COMMAND ...\n\n");
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
    fprintf(out, "\nstridesim COMMAND --help says more. stridesim --version names the version.\n");
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("stridesim %s\n", STRIDEHUB_VERSION);
        return 0;
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "stridesim: no command '%s'; see stridesim --help\n", argv[1]);
    return EXIT_USAGE;
}
