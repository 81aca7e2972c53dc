/* What the hub says, in English, by text id: the rule book's words.
 *
 * In: enum text, {name} or {device}. Out: at most TEXT_LENGTH_MAX characters. Pure. */
#ifndef STRIDE_HUB_APP_TEXTS_H
#define STRIDE_HUB_APP_TEXTS_H

#include "hub/core/rules.h"

enum { TEXTS_NAME_LENGTH_MAX = 12 }; /* characters of {name}, rule book 5.6 */

/* With its placeholders; "" for TEXT_NONE. */
const char *texts_raw(enum text text);
/* Fills placeholders; `name` may be NULL or empty. Returns the length in bytes. */
size_t texts_fill(enum text text, const char *name, char *out, size_t size);
/* What a caregiver is told of an alert of this rule and state. */
size_t texts_notice(enum rule rule, int alert_state, bool late, const char *name, char *out,
                    size_t size);

/* Rule book 5.7, under every record. */
extern const char texts_disclaimer[];

#endif
