/* The record of a walk as JSON, with the field names of rule book 6; also the live view. Absent
 * values are left out. Pure. */
#ifndef STRIDE_HUB_APP_RECORD_JSON_H
#define STRIDE_HUB_APP_RECORD_JSON_H

#include "hub/app/texts.h"
#include "hub/core/pain.h"
#include "hub/core/session.h"

enum {
    RECORD_SCHEMA_VERSION = 3, /* record.schema.json */
    RECORD_JSON_SIZE = 64 * 1024
};

struct record_context {
    const char *wearer_id;
    const char *emergency_number;
    double clock_speed;
    enum locale locale;                /* of the disclaimer */
    const struct wearer_state *wearer; /* for programme and shoe; NULL = the session alone */
    const struct pain_record *pain;    /* of this walk; NULL = only what the reports tell */
    bool published;       /* leaves the home: nothing of bowel, bladder, sex (5.8) or mood (C18) */
    const char *helpline; /* of the disclaimer; NULL or "" = none */
};

/* All return the length, or 0 when `size` is too small. */
size_t record_json(const struct session *session, const struct record_context *context, char *out,
                   size_t size);
size_t record_live_json(const struct effect_live *live, const char *wearer_id, enum locale locale,
                        int64_t at_wall_ms, char *out, size_t size);
const char *record_severity_name(int severity);

#endif
