#include <stdio.h>
#include <string.h>

#include "hub/app/cmd.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"serve", cmd_serve, "run the hub"},
    {"sessions", cmd_sessions, "list the walks"},
    {"show", cmd_show, "print one walk"},
    {"alerts", cmd_alerts, "count each rule's alerts, and how many were right"},
    {"explain", cmd_explain, "tell why an alert or a prompt was raised"},
    {"replay", cmd_replay, "run a journal through the same code again"},
    {"rules", cmd_rules, "print the rules, or one and why"},
    {"check", cmd_check, "check configuration, broker and database"},
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void usage(FILE *out)
{
    fprintf(out, "usage: stridehub COMMAND [options]\n\n");
    for (int i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
    fprintf(out, "\nstridehub COMMAND --help says more. stridehub --version prints the version.\n");
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        usage(stderr);
        return CMD_USAGE;
    }
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("stridehub %s\n", STRIDEHUB_VERSION);
        return CMD_OK;
    }
    const int asked = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0;
    if (!asked)
        fprintf(stderr, "stridehub: there is no command %s\n", argv[1]);
    usage(asked ? stdout : stderr);
    return asked ? CMD_OK : CMD_USAGE;
}
