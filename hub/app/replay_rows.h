/* What a replay tells, one row at a time: events, strides, what a wrist saw, what was said.
 *
 * Column names end in their unit. A column is empty where nothing was measured. */
#ifndef STRIDE_HUB_APP_REPLAY_ROWS_H
#define STRIDE_HUB_APP_REPLAY_ROWS_H

#include "hub/app/replay.h"
#include "hub/app/rows.h"

extern const char *const replay_event_head[],
    *const replay_stride_head[], *const replay_wrist_head[], *const replay_say_head[];

void replay_event_row(struct rows *rows, const struct replay_wearer *wearer,
                      const struct effect *effect);
void replay_stride_row(struct rows *rows, const struct replay_wearer *wearer,
                       const struct effect *effect);

/* One event of a wrist, with what its summary said then. */
void replay_wrist_row(struct rows *rows, const char *wearer, const char *device,
                      const struct wrist_event *event);

/* Prompts, requests to a belt, alerts, notices, decisions of the programme, walks opened or closed;
 * nothing for others.
 * `note`: praise, repeat, silent, alarm of a prompt; resend, late, clear, alarm of the rest. */
void replay_say_row(struct rows *rows, const struct replay_wearer *wearer,
                    const struct effect *effect);

#endif
