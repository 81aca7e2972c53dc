/* The subcommands: each gets its own arguments and returns the exit status. */
#ifndef STRIDE_HUB_APP_CMD_H
#define STRIDE_HUB_APP_CMD_H

#include <stdbool.h>

struct store;

#define CMD_CONFIG "/etc/stridehub/stridehub.conf" /* where none is named */
enum cmd_status { CMD_OK = 0, CMD_FAILED = 1, CMD_USAGE = 2 };
enum cmd_format { FORMAT_TABLE = 0, FORMAT_CSV, FORMAT_JSON };

int cmd_serve(int argc, char **argv);
int cmd_sessions(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_rules(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_alerts(int argc, char **argv);

/* Takes `--name VALUE` or `--name=VALUE` at argv[*i]; NULL when it is not that option. Moves *i. A
 * missing value prints a complaint, and argv[*i] becomes an option that cmd_bad_option passes over
 * in silence. */
const char *cmd_value(int argc, char **argv, int *i, const char *name);
bool cmd_format(const char *text, enum cmd_format *out);
/* What every command that prints from a database has: --config, --database and --format. */
struct cmd_source {
    const char *config, *database; /* NULL: the standard one; the one of the configuration */
    enum cmd_format format;
};
/* Takes one of these options at argv[*i] as cmd_value does; false when it is none of them. */
bool cmd_source(int argc, char **argv, int *i, struct cmd_source *source);
/* The arguments of a command that prints one thing by its id. `id` stays NULL when there is nothing
 * to print, help was asked for or an argument is wrong: then that was said, and this is the status.
 */
int cmd_source_of_one(int argc, char **argv, const char *usage, struct cmd_source *source,
                      const char **id);
/* Both name what is wrong and return CMD_USAGE. */
int cmd_bad_option(const char *option, const char *usage);
int cmd_bad_value(const char *option, const char *value, const char *expected);
/* Prints usage: to stdout with CMD_OK when it was asked for, else to stderr. */
int cmd_usage(const char *usage, bool asked);
/* The database of --database, or of the --config file; false with a complaint on stderr. */
bool cmd_database(const char *database, const char *config, char *out, int size);
/* The same, opened for reading; NULL with a complaint on stderr. The caller closes it. */
struct store *cmd_open_database(const struct cmd_source *source);

#endif
