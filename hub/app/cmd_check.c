#include <time.h>
#include <unistd.h>

#include "hub/app/cmd.h"
#include "hub/app/links.h"
#include "hub/io/log.h"
#include "hub/io/store.h"

enum { BROKER_WAIT_MS = 5000 };

static const char usage[] =
    "usage: stridehub check [--config FILE] [--print-config] [--help-config] [--no-broker]\n"
    "\n"
    "Checks the configuration file, the broker (connect and subscribe) and the whole database, "
    "and\n"
    "says what to do about what is wrong. Not while a hub runs with the same accounts: the broker\n"
    "would throw it off for a moment.\n"
    "\n"
    "  --print-config   prints every key with its value, defaults included\n"
    "  --help-config    prints every key with its unit, range, default and meaning\n"
    "  --no-broker      leaves the broker out\n";

static bool report(const char *what, bool ok, const char *detail)
{
    printf("%-4s %-14s %s\n", ok ? "ok" : "FAIL", what, detail);
    return ok;
}

/* What the running hub found last; a hub that never ran a test says nothing. */
static bool check_self_test(struct store *store)
{
    int64_t ok, wall_ms;
    char text[120];
    if (!store_get_figure(store, "self_test_ok", &ok) ||
        !store_get_figure(store, "self_test_utc_ms", &wall_ms))
        return true;
    const time_t seconds = (time_t)(wall_ms / 1000);
    struct tm utc;
    char when[32] = "";
    if (gmtime_r(&seconds, &utc) != NULL)
        (void)strftime(when, sizeof(when), "%Y-%m-%d %H:%M UTC", &utc);
    snprintf(text, sizeof(text), "%s: an alert %s", when,
             ok ? "gets through the broker"
                : "does not get through: look at the broker and the hub's accounts");
    return report("self-test", ok != 0, text);
}

static bool check_database(const struct config *config)
{
    char text[CONFIG_ERROR_SIZE];
    if (access(config->hub.database, F_OK) != 0) {
        char folder[CONFIG_PATH_SIZE];
        snprintf(folder, sizeof(folder), "%s", config->hub.database);
        char *slash = strrchr(folder, '/');
        if (slash != NULL)
            slash[slash == folder] = '\0';
        const char *in = slash == NULL ? "." : folder;
        if (access(in, W_OK | X_OK) != 0) {
            snprintf(text, sizeof(text), "%.200s cannot be made: folder %s", config->hub.database,
                     access(in, F_OK) != 0 ? "is missing: make it"
                                           : "may not be written by this account");
            return report("database", false, text);
        }
        snprintf(text, sizeof(text), "%.200s is not there yet: the hub will make it",
                 config->hub.database);
        return report("database", true, text);
    }
    const struct store_options options = {.path = config->hub.database, .read_only = true};
    enum store_error error;
    struct store *store = store_open(&options, &error, NULL);
    if (store == NULL)
        return report("database", false, store_error_text(error));
    char complaint[200];
    error = store_check(store, complaint, sizeof(complaint));
    if (error == STORE_OK)
        snprintf(text, sizeof(text), "schema %d, inputs %llu to %llu, every page is sound",
                 store_schema_version(store), (unsigned long long)store_first_seq(store),
                 (unsigned long long)store_last_seq(store));
    else
        snprintf(text, sizeof(text), "damaged: %.180s: stop the hub and restore a backup",
                 complaint);
    const bool sound = report("database", error == STORE_OK, text);
    const bool open = error != STORE_OK || check_self_test(store);
    store_close(store);
    return sound && open;
}

static void warn(void *context, const char *text)
{
    (void)context;
    printf("%-4s %-14s %s\n", "warn", "configuration", text);
}

static void link_detail(struct links *links, enum links_which which, bool connected, char *out,
                        size_t size)
{
    struct link_stats stats;
    links_stats(links, which, &stats);
    if (connected)
        snprintf(out, size, "connected and subscribed");
    else
        snprintf(out, size, "not within %d s: %s; check address, account and password",
                 BROKER_WAIT_MS / 1000,
                 stats.last_error[0] == '\0' ? "no answer" : stats.last_error);
}

static bool check_broker(const struct config *config)
{
    struct topic_root root = {.part = (unsigned)config->hub.part};
    char error[CONFIG_ERROR_SIZE];
    snprintf(root.site, ID_SIZE, "%s", config->hub.site);
    struct inbox *inbox = inbox_open(INBOX_CONTROL_BYTES, INBOX_DATA_BYTES);
    struct links *links = inbox == NULL ? NULL : links_new(&root, inbox);
    bool ok = links != NULL && links_start(links, &config->hub, 1, NULL, error);
    if (!ok) {
        report("broker", false, links == NULL ? "out of memory" : error);
    } else {
        for (int waited_ms = 0; waited_ms < BROKER_WAIT_MS && !links_all_connected(links);
             waited_ms += 20)
            usleep(20000);
        for (int i = 0; i < LINKS_N; i++) {
            char label[24], detail[CONFIG_ERROR_SIZE];
            const bool connected = links_connects(links, (enum links_which)i) > 0;
            link_detail(links, (enum links_which)i, connected, detail, sizeof(detail));
            snprintf(label, sizeof(label), "broker %s", links_name((enum links_which)i));
            ok = report(label, connected, detail) && ok;
        }
    }
    if (inbox != NULL)
        inbox_shut(inbox);
    links_close(links);
    inbox_close(inbox);
    return ok;
}

int cmd_check(int argc, char **argv)
{
    const char *path = CMD_CONFIG;
    bool print = false, broker = true;
    char error[CONFIG_ERROR_SIZE];
    for (int i = 1; i < argc; i++) {
        const char *value;
        if (strcmp(argv[i], "--help") == 0)
            return cmd_usage(usage, true);
        if (strcmp(argv[i], "--help-config") == 0) {
            config_help(stdout);
            return CMD_OK;
        }
        if (strcmp(argv[i], "--print-config") == 0)
            print = true;
        else if (strcmp(argv[i], "--no-broker") == 0)
            broker = false;
        else if ((value = cmd_value(argc, argv, &i, "--config")) != NULL)
            path = value;
        else
            return cmd_bad_option(argv[i], usage);
    }
    struct config *config = config_load(path, error);
    if (config == NULL) {
        report("configuration", false, error);
        return CMD_FAILED;
    }
    if (print) {
        config_print(config, stdout);
        config_free(config);
        return CMD_OK;
    }
    char text[80];
    snprintf(text, sizeof(text), "%d wearers, %d devices, %d caregivers", config->wearers_n,
             config->devices_n, config->caregivers_n);
    bool ok = report("configuration", true, text);
    config_advise(config, warn, NULL);
    log_set_level(LOG_ERROR);
    ok = check_database(config) && ok;
    ok = (!broker || check_broker(config)) && ok;
    config_free(config);
    return ok ? CMD_OK : CMD_FAILED;
}
