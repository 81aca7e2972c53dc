/* What an account says of a wearer, as JSON: a/<account>/request/report.
 *
 * In: untrusted JSON in a reader. Out: a report as a device would send it, or one sentence that
 * says what to correct. Keys that are not known are refused, so that nobody believes something was
 * heard that was not. No help call and no OK: these are the wearer's own buttons. Any thread. */
#ifndef STRIDE_HUB_APP_SAID_JSON_H
#define STRIDE_HUB_APP_SAID_JSON_H

#include "hub/io/json.h"
#include "proto/wire.h"

enum { SAID_ERROR_SIZE = 96 };

struct said {
    char wearer[ID_SIZE]; /* "" = the account's own */
    struct wire_report report;
};

/* `reader` holds the text already. False with a sentence in `error`; `out` is then undefined. */
bool said_parse(struct json_reader *reader, struct said *out, char error[SAID_ERROR_SIZE]);

#endif
