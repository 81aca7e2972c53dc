#include "hub/app/cmd.h"
#include "hub/app/config.h"
#include "hub/app/record_text.h"
#include "hub/io/store.h"

static const char usage[] =
    "usage: stridehub sessions [--config FILE | --database FILE] [--wearer ID]\n"
    "                          [--format table|csv|json]\n"
    "\n"
    "Lists the walks in the database, newest first.\n";

struct list {
    struct json_reader *reader;
    enum cmd_format format;
    bool any;
};

static bool print_one(void *context, const struct store_session *session)
{
    struct list *list = context;
    bool ok = true;
    if (list->format == FORMAT_JSON) {
        printf("%s%s", list->any ? ",\n" : "", session->record);
    } else if (list->format == FORMAT_CSV) {
        ok = record_print_csv_line(list->reader, session->record, stdout);
    } else {
        ok = record_print_line(list->reader, session->record, stdout);
    }
    if (!ok)
        fprintf(stderr, "stridehub: the record of walk %s cannot be read\n", session->id);
    list->any = true;
    return true;
}

static int print_all(struct store *store, const char *wearer, enum cmd_format format)
{
    struct list list = {.reader = json_reader_open(), .format = format};
    const uint32_t number = wearer == NULL ? 0 : store_wearer_number(store, wearer);
    if (list.reader == NULL)
        return CMD_FAILED;
    if (wearer != NULL && number == 0) {
        fprintf(stderr, "stridehub: the database knows no wearer %s\n", wearer);
        json_reader_close(list.reader);
        return CMD_FAILED;
    }
    if (format == FORMAT_JSON)
        printf("[");
    else if (format == FORMAT_CSV)
        (void)!record_print_csv_line(list.reader, NULL, stdout);
    else
        (void)!record_print_line(list.reader, NULL, stdout);
    const enum store_error error = store_each_session(store, number, print_one, &list);
    if (format == FORMAT_JSON)
        printf("]\n");
    if (!list.any && format == FORMAT_TABLE)
        printf("no walk yet\n");
    if (error != STORE_OK)
        fprintf(stderr, "stridehub: %s\n", store_error_text(error));
    json_reader_close(list.reader);
    return error == STORE_OK ? CMD_OK : CMD_FAILED;
}

int cmd_sessions(int argc, char **argv)
{
    struct cmd_source source = {0};
    const char *wearer = NULL;
    for (int i = 1; i < argc; i++) {
        const char *value;
        if (strcmp(argv[i], "--help") == 0)
            return cmd_usage(usage, true);
        if (cmd_source(argc, argv, &i, &source))
            continue;
        if ((value = cmd_value(argc, argv, &i, "--wearer")) == NULL)
            return cmd_bad_option(argv[i], usage);
        wearer = value;
    }
    struct store *store = cmd_open_database(&source);
    if (store == NULL)
        return CMD_FAILED;
    const int status = print_all(store, wearer, source.format);
    store_close(store);
    return status;
}
