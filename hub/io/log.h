/* The hub's log: one line to stderr per thing worth knowing, with a short stable id to search for.
 *
 * In: level, id, text. Out: "2026-01-31T12:00:00.000Z warn store-full text". A line's id is limited
 * in rate, so that a flood of bad frames cannot fill a disk (F38); what was held back is counted
 * and said with the next line of that id. Lines carry no health data and no names: ids, counts,
 * reasons (S8). Any thread. */
#ifndef STRIDE_HUB_IO_LOG_H
#define STRIDE_HUB_IO_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_ERROR = 0, LOG_WARN, LOG_INFO, LOG_DEBUG };

enum {
    LOG_LINES_PER_WINDOW = 5, /* of one id */
    LOG_WINDOW_S = 10,
    LOG_IDS_MAX = 64
};

/* Process-wide, as stderr is. Default LOG_INFO. */
void log_set_level(enum log_level level);
__attribute__((format(printf, 3, 4))) void log_line(enum log_level level, const char *id,
                                                    const char *format, ...);

#endif
