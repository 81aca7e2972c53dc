/* Alerts as other people read them: the wearer's alert topic and an account's notice.
 *
 * A notice says how urgent it is, of whom, since when, and one sentence; never a measurement, an
 * answer or a question (rule book 5.8). Of a private rule not even its name. Pure. */
#ifndef STRIDE_HUB_APP_ALERT_JSON_H
#define STRIDE_HUB_APP_ALERT_JSON_H

#include "hub/core/pipeline.h"

enum { ALERT_JSON_SIZE = 8192 };

/* The hub's own row has all, for `stridehub explain`; what leaves the home has nothing of a private
 * rule (rule book 5.8). */
enum alert_audience { ALERT_FOR_OTHERS = 0, ALERT_FOR_HUB };

struct alert_about {
    const char *wearer_id;
    const char *name; /* of the wearer; may be "" */
    const char *emergency_number;
    const struct wearer_state *state; /* names devices and accounts */
};

/* What a caregiver reads, in the walker's language; `late`: with the time it was raised. */
void notice_text(const struct alert *alert, const struct wearer_state *state, bool late, char *out,
                 size_t size);

/* Both return the length, or 0 when `size` is too small. */
size_t alert_json(const struct alert *alert, const struct alert_about *about,
                  enum alert_audience audience, char *out, size_t size);
size_t notice_json(const struct alert *alert, const struct alert_about *about, bool resend,
                   bool late, char *out, size_t size);
/* In somebody's hands, or over. */
bool alert_closed(const struct alert *alert);
const char *urgency_name(enum alert_urgency urgency);

#endif
