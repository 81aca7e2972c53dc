/* R13: what a walk's steps were in minutes 2 to 4, and what they are now. */
#include "hub/core/rule_parts.h"

#include <math.h>
#include <string.h>

/* Minutes 2 to 4 are what R13 compares with, and no parameter. */
#define EARLY_FROM_S 120
#define EARLY_UNTIL_S 240
#define MINUTE_S 60
/* Strides of which a mean is one (E). */
enum { EARLY_MIN = 30, LATE_MIN = 20, KNOWN_MIN = 3 };
/* "Same speed" of the heart rate; a speed that is back (E). */
static const double same_speed = 0.05;

bool rule_drift_apart(const struct rule_input *in)
{
    return rule_flag(in, CONTEXT_FLAG_SLOPE | CONTEXT_FLAG_CALL | CONTEXT_FLAG_CARRY |
                             CONTEXT_FLAG_VIEWING);
}

void rule_drift_init(struct rule_drift *drift)
{
    memset(drift, 0, sizeof(*drift));
    drift->minute_number = -1;
}

static void sums_add(struct drift_sums *sums, const float values[DRIFT_ITEMS])
{
    for (int item = 0; item < DRIFT_ITEMS; item++) {
        if (isnan(values[item]) || sums->n[item] == UINT16_MAX)
            continue;
        sums->sum[item] += values[item];
        sums->n[item]++;
    }
}

static double sums_mean(const struct drift_sums *sums, int item, unsigned least)
{
    return sums->n[item] < least ? (double)NAN : (double)sums->sum[item] / sums->n[item];
}

/* Of the last one to two minutes. */
static double late_mean(const struct rule_drift *drift, int item)
{
    unsigned n = drift->minute.n[item] + (unsigned)drift->minute_before.n[item];
    double sum = (double)drift->minute.sum[item] + (double)drift->minute_before.sum[item];
    return n < LATE_MIN ? (double)NAN : sum / n;
}

static double early_mean(const struct rule_drift *drift, int item)
{
    return sums_mean(&drift->early, item, EARLY_MIN);
}

/* Tiring comes little by little. A speed 10 % below the minute before was chosen: a planned
 * slow-down (3.6), until the early speed is back; what was walked meanwhile does not count. Falls
 * in cadence and a longer double support follow from the speed and would count as two more items.
 */
static void note_slowing(struct rule_drift *drift, const struct rule_input *in)
{
    double speed = (double)in->summary->speed_mps;
    double early = early_mean(drift, DRIFT_SPEED);
    double before = sums_mean(&drift->minute_before, DRIFT_SPEED, LATE_MIN);
    if (isnan(before))
        before = sums_mean(&drift->minute, DRIFT_SPEED, LATE_MIN);
    /* After a rest, or a call: nothing is known of how it came. */
    if (isnan(before))
        before = early;
    if (drift->slowed ? speed >= (1 - same_speed) * early
                      : speed < in->params->value[PARAM_R13_SPEED_SHARE] * before) {
        drift->slowed = !drift->slowed;
        memset(&drift->minute, 0, sizeof(drift->minute));
        memset(&drift->minute_before, 0, sizeof(drift->minute_before));
    }
}

void rule_drift_add(struct rule_drift *drift, const struct rule_input *in, double walked_s)
{
    const struct stride_summary *summary = in->summary;
    const float values[DRIFT_ITEMS] = {
        [DRIFT_SPEED] = summary->speed_mps,
        [DRIFT_CADENCE] = summary->cadence_spm,
        [DRIFT_SUPPORT] = summary->double_support_pct,
        [DRIFT_CV] = summary->stride_cv_pct,
        [DRIFT_SI_STANCE] = summary->si_stance_pct,
        [DRIFT_SI_STEP] = summary->si_step_pct,
        [DRIFT_SI_LOAD] = summary->si_load_pct,
        [DRIFT_CLEARANCE] = rule_mean(summary->clearance_mm),
        [DRIFT_FOREFOOT] = rule_mean(summary->forefoot_share),
        [DRIFT_HEART] = in->signals->heart_suspect ? NAN : in->signals->heart_bpm,
    };
    int32_t number = (int32_t)(walked_s / MINUTE_S);
    if (number != drift->minute_number) {
        drift->minute_before = drift->minute;
        if (number != drift->minute_number + 1)
            memset(&drift->minute_before, 0, sizeof(drift->minute_before));
        memset(&drift->minute, 0, sizeof(drift->minute));
        drift->minute_number = number;
    }
    note_slowing(drift, in);
    sums_add(&drift->minute, values);
    if (walked_s >= EARLY_FROM_S && walked_s < EARLY_UNTIL_S)
        sums_add(&drift->early, values);
}

int rule_drifted_n(const struct rule_drift *drift, const struct rule_input *in)
{
    const double *value = in->params->value;
    double early[DRIFT_ITEMS], late[DRIFT_ITEMS];
    for (int item = 0; item < DRIFT_ITEMS; item++) {
        early[item] = early_mean(drift, item);
        late[item] = late_mean(drift, item);
    }
    double si_rise = fmax(fmax(late[DRIFT_SI_STANCE] - early[DRIFT_SI_STANCE],
                               late[DRIFT_SI_STEP] - early[DRIFT_SI_STEP]),
                          late[DRIFT_SI_LOAD] - early[DRIFT_SI_LOAD]);
    bool same = fabs(late[DRIFT_SPEED] - early[DRIFT_SPEED]) <= same_speed * early[DRIFT_SPEED];
    double heart_rise = same ? late[DRIFT_HEART] - early[DRIFT_HEART] : (double)NAN;
    /* Over 0 = drifted; NAN = unknown. */
    const double over[] = {
        fmax(value[PARAM_R13_SPEED_SHARE] * early[DRIFT_SPEED] - late[DRIFT_SPEED],
             early[DRIFT_SPEED] - late[DRIFT_SPEED] - value[PARAM_R13_SPEED_DROP]),
        value[PARAM_R13_CADENCE_SHARE] * early[DRIFT_CADENCE] - late[DRIFT_CADENCE],
        late[DRIFT_SUPPORT] - early[DRIFT_SUPPORT] - value[PARAM_R13_SUPPORT_RISE],
        late[DRIFT_CV] - value[PARAM_R13_CV_FACTOR] * early[DRIFT_CV],
        si_rise - value[PARAM_R13_SI_RISE],
        value[PARAM_R13_CLEARANCE_SHARE] * early[DRIFT_CLEARANCE] - late[DRIFT_CLEARANCE],
        late[DRIFT_FOREFOOT] - early[DRIFT_FOREFOOT] - value[PARAM_R13_SHIFT],
        heart_rise - value[PARAM_R13_HEART_RISE],
    };
    int known_n = 0, drifted_n = 0;
    for (size_t i = 0; i < sizeof(over) / sizeof(over[0]); i++) {
        known_n += !isnan(over[i]);
        drifted_n += over[i] >= 0;
    }
    return known_n < KNOWN_MIN ? -1 : drifted_n;
}
