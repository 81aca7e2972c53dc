#include "hub/app/cmd.h"

#include "hub/app/config.h"

const char *cmd_value(int argc, char **argv, int *i, const char *name)
{
    const size_t length = strlen(name);
    if (strncmp(argv[*i], name, length) != 0)
        return NULL;
    if (argv[*i][length] == '=')
        return argv[*i] + length + 1;
    if (argv[*i][length] != '\0')
        return NULL;
    if (*i + 1 < argc)
        return argv[++*i];
    fprintf(stderr, "stridehub: %s needs a value\n", name);
    return "";
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
    fprintf(stderr, "stridehub: --format is table, csv or json\n");
    return false;
}

int cmd_usage(const char *usage, bool asked)
{
    fputs(usage, asked ? stdout : stderr);
    return asked ? CMD_OK : CMD_USAGE;
}

bool cmd_database(const char *database, const char *config, char *out, int size)
{
    char error[CONFIG_ERROR_SIZE];
    if (database != NULL) {
        snprintf(out, (size_t)size, "%s", database);
        return true;
    }
    struct config *read = config_load(config, error);
    if (read == NULL) {
        fprintf(stderr, "stridehub: %s\n", error);
        return false;
    }
    snprintf(out, (size_t)size, "%s", read->hub.database);
    config_free(read);
    return true;
}
