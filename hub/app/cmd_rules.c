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

struct rules_options {
    struct cmd_source source;
    const char *wearer;
    enum rule why; /* RULE_NONE: all */
};

/* The values of the file; of the tables when none was named and the standard one is absent. */
static bool read_params(const struct rules_options *options, struct params *out)
{
    char error[CONFIG_ERROR_SIZE];
    params_defaults(out);
    const char *path = options->source.config != NULL ? options->source.config : CMD_CONFIG;
    if (options->source.config == NULL && access(path, R_OK) != 0)
        return true;
    struct config *config = config_load(path, error);
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
    struct store *store = cmd_open_database(&options->source);
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
    if (options->source.format == FORMAT_JSON) {
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
    if (options->source.format == FORMAT_JSON)
        return rule_page_json(&params, stdout) ? CMD_OK : CMD_FAILED;
    if (options->source.format == FORMAT_CSV)
        rule_page_csv(&params, stdout);
    else
        rule_page_table(&params, stdout);
    return CMD_OK;
}

int cmd_rules(int argc, char **argv)
{
    struct rules_options options = {.why = RULE_NONE};
    for (int i = 1; i < argc; i++) {
        const char *value;
        if (strcmp(argv[i], "--help") == 0)
            return cmd_usage(usage, true);
        if (cmd_source(argc, argv, &i, &options.source))
            continue;
        if ((value = cmd_value(argc, argv, &i, "--wearer")) != NULL)
            options.wearer = value;
        else if ((value = cmd_value(argc, argv, &i, "--why")) != NULL) {
            options.why = rule_page_find(value);
            if (options.why == RULE_NONE)
                return cmd_bad_value("--why", value, "a rule such as R11, see stridehub rules");
        } else
            return cmd_bad_option(argv[i], usage);
    }
    if (options.wearer != NULL && options.why == RULE_NONE)
        return cmd_bad_value("--wearer", options.wearer, "together with --why");
    return print_rules(&options);
}
