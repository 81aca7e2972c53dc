/* Rows of how long a red flag may take. The rule book's time is the longest that a step of the
 * ladder can have, so that nobody configures an alarm away: it can only come sooner. */
#include "hub/core/params_alert.h"

#include <stddef.h>

#define ROW(name) (PARAM_##name - PARAM_ALERT_FIRST)

const struct param_info params_alert[PARAM_ALERT_N] = {
    [ROW(LADDER_EMERGENCY_1_S)] = {"ladder.emergency_1", "s", 15, 60, 60, "rule book 5.2",
                                   "nobody accepted: contact 2 is told, contact 1 again"},
    [ROW(LADDER_EMERGENCY_2_S)] = {"ladder.emergency_2", "s", 30, 120, 120, "rule book 5.2",
                                   "all contacts are told, and the local alarm begins"},
    [ROW(LADDER_EMERGENCY_3_S)] = {"ladder.emergency_3", "s", 60, 300, 300, "rule book 5.2",
                                   "the monitoring service is told"},
    [ROW(LADDER_SAME_DAY_1_MIN)] = {"ladder.same_day_1", "min", 5, 15, 15, "rule book 5.2",
                                    "nobody accepted: contact 2 is told"},
    [ROW(LADDER_SAME_DAY_2_MIN)] = {"ladder.same_day_2", "min", 15, 60, 60, "rule book 5.2",
                                    "all contacts are told, and the local alarm begins"},
    [ROW(LADDER_SAME_DAY_3_MIN)] = {"ladder.same_day_3", "min", 60, 240, 240, "rule book 5.2",
                                    "all are told again, each time"},
    [ROW(LADDER_URGENT_1_MIN)] = {"ladder.urgent_1", "min", 15, 60, 60, "rule book 5.2",
                                  "nobody accepted: contact 2 is told; all at quiet.until"},
    [ROW(LADDER_URGENT_3_H)] = {"ladder.urgent_3", "h", 4, 24, 24, "rule book 5.2",
                                "all are told again, each time"},
    [ROW(RED_PATTERN_S)] = {"red.pattern", "s", 3, 10, 5, "rule book 5.1",
                            "a red flag's pattern, in which no other and no STOP is said"},
    [ROW(RED_CARE_MIN)] = {"red.care", "min", 30, 1440, 120, "rule book 3.3 (E)",
                           "no coaching after a red flag was accepted"},
    [ROW(RED_LATE_MIN)] = {"red.late", "min", 5, 60, 15, "rule book 5.2",
                           "an older one is told as an earlier alarm"},
    [ROW(STOP_REPEATS)] = {"stop.repeats", "", 3, 30, 3, "rule book 5.1",
                           "how often a STOP is said again"},
};
