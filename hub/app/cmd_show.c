#include "hub/app/cmd.h"
#include "hub/app/config.h"
#include "hub/app/record_text.h"
#include "hub/io/store.h"

static const char usage[] =
    "usage: stridehub show ID|last [--config FILE | --database FILE] [--format table|json|csv]\n"
    "\n"
    "Prints the record of one walk. json is the object that the session topic carries.\n";

struct show {
    struct json_reader *reader;
    enum cmd_format format;
    bool ok;
};

static bool print_record(void *context, const struct store_session *session)
{
    struct show *show = context;
    if (show->format == FORMAT_JSON)
        show->ok = printf("%s\n", session->record) > 0;
    else if (show->format == FORMAT_CSV)
        show->ok = record_print_csv(show->reader, session->record, stdout);
    else
        show->ok = record_print_table(show->reader, session->record, stdout);
    return false;
}

static int show_one(struct store *store, const char *id, enum cmd_format format)
{
    struct show show = {.reader = json_reader_open(), .format = format};
    if (show.reader == NULL)
        return CMD_FAILED;
    const enum store_error error = store_find_session(store, id, print_record, &show);
    json_reader_close(show.reader);
    if (error == STORE_NOT_FOUND)
        fprintf(stderr, "stridehub: there is no walk %s: see stridehub sessions\n", id);
    else if (error != STORE_OK)
        fprintf(stderr, "stridehub: %s\n", store_error_text(error));
    else if (!show.ok)
        fprintf(stderr, "stridehub: the record cannot be read\n");
    return error == STORE_OK && show.ok ? CMD_OK : CMD_FAILED;
}

int cmd_show(int argc, char **argv)
{
    struct cmd_source source = {0};
    const char *id = NULL;
    const int usage_status = cmd_source_of_one(argc, argv, usage, &source, &id);
    if (id == NULL)
        return usage_status;
    struct store *store = cmd_open_database(&source);
    if (store == NULL)
        return CMD_FAILED;
    const int status = show_one(store, id, source.format);
    store_close(store);
    return status;
}
