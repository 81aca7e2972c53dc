#include <stdlib.h>
#include <unistd.h>

#include "hub/app/cmd.h"
#include "hub/app/config.h"
#include "hub/app/explain.h"
#include "hub/io/store.h"

static const char usage[] =
    "usage: stridehub explain ID|last [--config FILE | --database FILE] [--format table|json]\n"
    "\n"
    "Tells why an alert or a prompt was raised: what was measured and the threshold, what was\n"
    "silent, who was told when, and what they did. IDs are in stridehub show --format json and in\n"
    "the alert topics; last is the alert that was raised last, or the last prompt of the last\n"
    "walk when there was no alert.\n";

struct asked {
    const char *id;
    struct json_reader *reader;
    struct explain explain;
    struct config *config; /* NULL = the tables' own values */
    struct params params;
    char number[16];
    char *row; /* of the alert; NULL = a prompt */
    uint32_t wearer;
    bool found;
};

/* What is configured for this walker alone names its thresholds, and times its ladder. */
static void own_params(struct asked *asked)
{
    for (int i = 0; asked->config != NULL && i < asked->config->wearers_n; i++) {
        if (strcmp(asked->config->wearers[i].id, asked->explain.wearer) == 0)
            config_wearer_params(asked->config, i, &asked->params);
    }
}

static bool take_alert(void *context, const struct store_alert *alert)
{
    struct asked *asked = context;
    asked->row = strdup(alert->record);
    asked->wearer = alert->wearer;
    asked->found = asked->row != NULL && explain_alert(&asked->explain, asked->reader, asked->row);
    if (!asked->found)
        return false;
    /* Only the row knows whose it is. */
    own_params(asked);
    asked->found = explain_alert(&asked->explain, asked->reader, asked->row);
    return false;
}

static bool take_prompt(void *context, const struct store_session *session)
{
    struct asked *asked = context;
    asked->wearer = session->wearer;
    asked->found = explain_prompt(&asked->explain, asked->reader, session->record, asked->id);
    if (asked->found)
        own_params(asked);
    return !asked->found;
}

/* Walks begin at most a day before what is asked for; the newest come first. */
static bool take_around(void *context, const struct store_session *session)
{
    struct asked *asked = context;
    enum { DAY_MS = 24 * 3600 * 1000 };
    if (session->start_utc_ms > asked->explain.at_utc_ms + EXPLAIN_AROUND_MS)
        return true;
    explain_around(&asked->explain, asked->reader, session->record);
    return session->start_utc_ms > asked->explain.at_utc_ms - DAY_MS;
}

static enum store_error look_up(struct asked *asked, struct store *store)
{
    enum store_error error = store_find_alert(store, asked->id, take_alert, asked);
    if (error == STORE_NOT_FOUND)
        error = store_each_session(store, 0, take_prompt, asked);
    if (error == STORE_OK && asked->found)
        error = store_each_session(store, asked->wearer, take_around, asked);
    return error;
}

static int explain_one(struct asked *asked, struct store *store, enum cmd_format format)
{
    store_read_begin(store);
    const enum store_error error = look_up(asked, store);
    store_read_end(store);
    if (error != STORE_OK) {
        fprintf(stderr, "stridehub: %s\n", store_error_text(error));
        return CMD_FAILED;
    }
    if (!asked->found) {
        fprintf(stderr, "stridehub: there is no alert or prompt %s\n", asked->id);
        return CMD_FAILED;
    }
    if (format == FORMAT_JSON)
        return explain_print_json(&asked->explain, asked->row, stdout) ? CMD_OK : CMD_FAILED;
    explain_print(&asked->explain, stdout);
    return CMD_OK;
}

/* The configured values name the threshold; without a file the tables' own do. */
static void read_config(struct asked *asked, const char *config_path)
{
    const char *path = config_path != NULL ? config_path : CMD_CONFIG;
    char error[CONFIG_ERROR_SIZE];
    params_defaults(&asked->params);
    snprintf(asked->number, sizeof(asked->number), "112");
    asked->config = access(path, R_OK) == 0 ? config_load(path, error) : NULL;
    if (asked->config != NULL) {
        asked->params = asked->config->params;
        snprintf(asked->number, sizeof(asked->number), "%s", asked->config->hub.emergency_number);
    }
    asked->explain.params = &asked->params;
    asked->explain.emergency_number = asked->number;
}

static int run(const char *id, const struct cmd_source *source)
{
    struct store *store = cmd_open_database(source);
    if (store == NULL)
        return CMD_FAILED;
    struct asked *asked = calloc(1, sizeof(*asked));
    int status = CMD_FAILED;
    if (asked != NULL && (asked->reader = json_reader_open()) != NULL) {
        asked->id = id;
        read_config(asked, source->config);
        status = explain_one(asked, store, source->format);
        json_reader_close(asked->reader);
        config_free(asked->config);
        free(asked->row);
    }
    free(asked);
    store_close(store);
    return status;
}

int cmd_explain(int argc, char **argv)
{
    struct cmd_source source = {0};
    const char *id = NULL;
    const int status = cmd_source_of_one(argc, argv, usage, &source, &id);
    return id == NULL ? status : run(id, &source);
}
