/* What the files of the session share; nobody else includes this. */
#ifndef STRIDE_HUB_CORE_SESSION_PARTS_H
#define STRIDE_HUB_CORE_SESSION_PARTS_H

#include "hub/core/session.h"

double session_seconds(int64_t from_ns, int64_t to_ns);
/* A walk has just opened: takes in what was reported shortly before. */
void session_early_reports(struct session *session, const struct session_early *early, unsigned n);

/* ---- amounts */

/* May `source` count? A better one that comes begins anew. */
bool session_counts(struct session *session, enum session_source source);
/* Walking time is the union of all pieces. Returns what this one adds, in seconds. */
double session_cover(struct session *session, int64_t start_ns, int64_t end_ns);

/* ---- session_speed.c */

void session_speeds_clear(struct session_speeds *speeds);
/* The speed of a stride, or of a second of a belt; after its time is in walk_s. */
void session_add_speed(struct session *session, double mps);
/* Metres more, at that incline of a belt (ratio); NAN = not on a belt, or not known. */
void session_add_way(struct session *session, double metres, double incline);

/* ---- session_motion.c */

void session_ways_clear(struct session_way ways[FEET]);
/* What foot IMU and cells saw of a walking stride. */
void session_note_shape(struct session *session, const struct stride *stride);

/* ---- session_heart.c */

void session_pulse_clear(struct session_pulse *pulse);
/* A walk opens: what was read shortly before is the heart at rest. */
void session_pulse_open(struct session_pulse *pulse, const struct session_pulse *before,
                        int64_t start_ns);

#endif
