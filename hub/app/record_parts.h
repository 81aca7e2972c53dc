/* What the files that write records as JSON share; nobody else includes this. Absent values write
 * nothing. */
#ifndef STRIDE_HUB_APP_RECORD_PARTS_H
#define STRIDE_HUB_APP_RECORD_PARTS_H

#include "hub/app/record_json.h"
#include "hub/io/json.h"

void record_seconds(struct json_writer *writer, const char *key, double value);
void record_count(struct json_writer *writer, const char *key, int value);       /* < 0: absent */
void record_utc(struct json_writer *writer, const char *key, int64_t at_utc_ms); /* 0: absent */

/* Kinds of devices, enum coverage_device or'ed; none: absent. */
void record_devices(struct json_writer *writer, const char *key, unsigned devices);

/* ---- record_alerts_json.c */
void record_alerts(struct json_writer *writer, const struct session *session,
                   const struct record_context *context);

/* ---- record_pain_json.c */
void record_pain(struct json_writer *writer, const struct session *session,
                 const struct record_context *context);

/* ---- record_gait_json.c */
void record_speed(struct json_writer *writer, const struct session *session);
void record_gait(struct json_writer *writer, const struct session *session);
void record_heart(struct json_writer *writer, const struct session *session);

/* ---- record_metrics.c */
/* Which groups of metrics were measured, by what, over how much of the walk, and why not. */
void record_metrics(struct json_writer *writer, const struct session *session);
/* Whose speed distance and step length rest on; "" = nobody's. */
const char *record_speed_source(const struct session *session);

#endif
