#include <stdlib.h>
#include <unistd.h>

#include "hub/app/cmd.h"
#include "hub/app/config.h"
#include "hub/app/peek.h"
#include "hub/app/rule_page.h"

static const char usage[] =
    "usage: stridehub rules [--config FILE] [--format table|csv|json]\n"
    "       stridehub rules --why RULE [--wearer ID] [--config FILE | --database FILE]\n"
    "                       [--format table|json]\n"
    "\n"
    "Prints every rule with its thresholds: unit, range, default, source, and the value as\n"
    "configured. --why says on what evidence a rule speaks and when it is silent; with --wearer\n"
    "also what is usual for a walker and whether the rule could be judged now.\n";
static const char standard[] = "/etc/stridehub/stridehub.conf";

struct rules_options {
    const char *config, *database, *wearer;
    enum cmd_format format;
    enum rule why; /* RULE_NONE: all */
};

/* The values of the file; of the tables when none was named and the standard one is absent. */
static bool read_params(const struct rules_options *options, struct params *out)
{
    char error[CONFIG_ERROR_SIZE];
    params_defaults(out);
    if (options->config == NULL && access(standard, R_OK) != 0)
        return true;
    struct config *config =
        config_load(options->config != NULL ? options->config : standard, error);
    if (config == NULL) {
        fprintf(stderr, "stridehub: %s\n", error);
        return false;
    }
    *out = config->params;
    config_free(config);
    return true;
}

static struct wearer_state *read_wearer(const struct rules_options *options)
{
    char error[PEEK_ERROR_SIZE];
    struct store *store =
        cmd_open_database(options->database, options->config != NULL ? options->config : standard);
    if (store == NULL)
        return NULL;
    struct wearer_state *wearer = peek_wearer(store, options->wearer, error);
    if (wearer == NULL)
        fprintf(stderr, "stridehub: %s\n", error);
    store_close(store);
    return wearer;
}

static int print_why(const struct rules_options *options, const struct params *params)
{
    struct wearer_state *wearer = NULL;
    if (options->wearer != NULL && (wearer = read_wearer(options)) == NULL)
        return CMD_FAILED;
    /* The values that decide are the wearer's. */
    const struct params *used = wearer != NULL ? &wearer->params : params;
    bool ok = true;
    if (options->format == FORMAT_JSON) {
        ok = rule_page_why_json(used, options->why, wearer, stdout);
    } else {
        rule_page_why(used, options->why, stdout);
        if (wearer != NULL)
            rule_page_wearer(wearer, options->why, stdout);
    }
    free(wearer);
    return ok ? CMD_OK : CMD_FAILED;
}

static int print_rules(const struct rules_options *options)
{
    struct params params;
    if (!read_params(options, &params))
        return CMD_FAILED;
    if (options->why != RULE_NONE)
        return print_why(options, &params);
    if (options->format == FORMAT_JSON)
        return rule_page_json(&params, stdout) ? CMD_OK : CMD_FAILED;
    if (options->format == FORMAT_CSV)
        rule_page_csv(&params, stdout);
    else
        rule_page_table(&params, stdout);
    return CMD_OK;
}

int cmd_rules(int argc, char **argv)
{
    struct rules_options options = {.format = FORMAT_TABLE, .why = RULE_NONE};
    for (int i = 1; i < argc; i++) {
        const char *value;
        if (strcmp(argv[i], "--help") == 0)
            return cmd_usage(usage, true);
        if ((value = cmd_value(argc, argv, &i, "--config")) != NULL)
            options.config = value;
        else if ((value = cmd_value(argc, argv, &i, "--database")) != NULL)
            options.database = value;
        else if ((value = cmd_value(argc, argv, &i, "--wearer")) != NULL)
            options.wearer = value;
        else if ((value = cmd_value(argc, argv, &i, "--why")) != NULL) {
            options.why = rule_page_find(value);
            if (options.why == RULE_NONE)
                return cmd_bad_value("--why", value, "a rule such as R11, see stridehub rules");
        } else if ((value = cmd_value(argc, argv, &i, "--format")) != NULL) {
            if (!cmd_format(value, &options.format))
                return CMD_USAGE;
        } else
            return cmd_bad_option(argv[i], usage);
    }
    if (options.wearer != NULL && options.why == RULE_NONE)
        return cmd_bad_value("--wearer", options.wearer, "together with --why");
    return print_rules(&options);
}
