#include "hub/app/cmd.h"

#include "hub/app/config.h"
#include "hub/io/store.h"

static char complained[] = "-"; /* an option that no command has */

const char *cmd_value(int argc, char **argv, int *i, const char *name)
{
    const size_t length = strlen(name);
    if (strncmp(argv[*i], name, length) != 0)
        return NULL;
    if (argv[*i][length] != '=' && argv[*i][length] != '\0')
        return NULL;
    const char *value = argv[*i][length] == '=' ? argv[*i] + length + 1
                        : *i + 1 < argc         ? argv[++*i]
                                                : "";
    if (value[0] != '\0')
        return value;
    fprintf(stderr, "stridehub: %s needs a value\n", name);
    argv[*i] = complained;
    return NULL;
}

int cmd_bad_option(const char *option, const char *usage)
{
    if (option != complained)
        fprintf(stderr, "stridehub: %s is not understood here\n", option);
    return cmd_usage(usage, false);
}

int cmd_bad_value(const char *option, const char *value, const char *expected)
{
    fprintf(stderr, "stridehub: %s %s: must be %s\n", option, value, expected);
    return CMD_USAGE;
}

bool cmd_format(const char *text, enum cmd_format *out)
{
    static const char *const names[] = {"table", "csv", "json"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (enum cmd_format)i;
            return true;
        }
    }
    (void)cmd_bad_value("--format", text, "table, csv or json");
    return false;
}

bool cmd_source(int argc, char **argv, int *i, struct cmd_source *source)
{
    const char *value;
    if ((value = cmd_value(argc, argv, i, "--config")) != NULL)
        source->config = value;
    else if ((value = cmd_value(argc, argv, i, "--database")) != NULL)
        source->database = value;
    else if ((value = cmd_value(argc, argv, i, "--format")) == NULL)
        return false;
    else if (!cmd_format(value, &source->format)) {
        argv[*i] = complained;
        return false;
    }
    return true;
}

int cmd_usage(const char *usage, bool asked)
{
    fputs(usage, asked ? stdout : stderr);
    return asked ? CMD_OK : CMD_USAGE;
}

int cmd_source_of_one(int argc, char **argv, const char *usage, struct cmd_source *source,
                      const char **id)
{
    const char *found = NULL;
    *id = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return cmd_usage(usage, true);
        if (cmd_source(argc, argv, &i, source))
            continue;
        if (argv[i][0] == '-' || found != NULL)
            return cmd_bad_option(argv[i], usage);
        found = argv[i];
    }
    *id = found;
    return found == NULL ? cmd_usage(usage, false) : CMD_OK;
}

bool cmd_database(const char *database, const char *config, char *out, int size)
{
    char error[CONFIG_ERROR_SIZE];
    if (database != NULL) {
        snprintf(out, (size_t)size, "%s", database);
        return true;
    }
    struct config *read = config_load(config != NULL ? config : CMD_CONFIG, error);
    if (read == NULL) {
        fprintf(stderr, "stridehub: %s\n", error);
        return false;
    }
    snprintf(out, (size_t)size, "%s", read->hub.database);
    config_free(read);
    return true;
}

struct store *cmd_open_database(const struct cmd_source *source)
{
    char path[CONFIG_PATH_SIZE];
    if (!cmd_database(source->database, source->config, path, sizeof(path)))
        return NULL;
    const struct store_options options = {.path = path, .read_only = true};
    enum store_error error;
    struct store *store = store_open(&options, &error, NULL);
    if (store == NULL)
        fprintf(stderr, "stridehub: %s: %s\n", path, store_error_text(error));
    return store;
}
