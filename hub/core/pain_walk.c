/* P02 place, P03 intensity, P04 good pain: a walk's reports against its first one. */
#include "hub/core/pain_private.h"

#include <math.h>

enum pain_band pain_band(const struct params *params, int start, int nrs)
{
    const double *value = params->value;
    int rise = nrs - start;
    bool red = nrs >= value[PARAM_P03_RED_NRS] || rise >= value[PARAM_P03_RED_RISE];
    /* The band of 6 and more holds for them as well: of two readings the one that stops. */
    if (start >= value[PARAM_P03_MODERATE_NRS])
        red = red || rise >= value[PARAM_P03_AMBER_RISE];
    /* Such a walk is five easy minutes at most: there is no room for more pain (E). */
    if (start >= value[PARAM_P03_SEVERE_NRS])
        red = rise >= 1;
    if (red)
        return BAND_RED;
    return nrs >= value[PARAM_P03_AMBER_NRS] || rise >= value[PARAM_P03_AMBER_RISE] ? BAND_AMBER
                                                                                    : BAND_GREEN;
}

/* Of a report that waited only the time is known: so is its share of the way (E). */
void pain_rise(const struct pain_step *step)
{
    struct pain_record *record = &step->state->record;
    float at_s = (float)seconds_between(step->state->start_ns, pain_said_ns(step));
    if (record->rise_at_s <= at_s) /* of NAN it is not */
        return;
    record->rise_at_s = at_s;
    record->rise_at_m = step->context->walked_m;
    if (step->ago_ns > 0)
        record->rise_at_m *= at_s / (float)seconds_between(step->state->start_ns, step->now_ns);
}

static void summary(const struct pain_step *step, int rule, enum text text)
{
    pain_raise(step, rule, SEVERITY_INFO, text, URGENCY_NONE);
}

/* ---------------------------------------------------------------- P03 */

static void p03_start(const struct pain_step *step, int nrs)
{
    const double least = step->context->params->value[PARAM_P03_MICRO_NRS];
    if (nrs < least)
        return;
    struct finding *finding =
        pain_raise(step, RULE_P03, SEVERITY_CAUTION, TEXT_P03_MICRO_WALK, URGENCY_NONE);
    finding->value = (float)nrs;
    finding->threshold = (float)least;
    /* It says all that amber would. */
    step->state->amber_ns = step->now_ns;
}

/* The second red walk in a week is named when the walk is over. */
static void note_red(const struct pain_step *step)
{
    struct pain *state = step->state;
    int32_t day = pain_day(step->context, pain_said_ns(step));
    if (state->red_seen)
        return;
    state->red_seen = true;
    const double within_d = step->context->params->value[PARAM_P03_RED_AGAIN_D];
    state->red_again = state->red_day != PAIN_DAY_NEVER && day - state->red_day < within_d;
    state->red_day = day;
    if (state->red_again && !state->session_open)
        summary(step, RULE_P03, TEXT_P03_SUMMARY);
}

static void p03_say(const struct pain_step *step, enum pain_band band)
{
    struct pain *state = step->state;
    const struct params *params = step->context->params;
    int rise = state->nrs - state->record.start;
    if (band == BAND_RED) {
        state->stops |= STOP_P03;
        note_red(step);
        pain_raise(step, RULE_P03, SEVERITY_STOP, TEXT_P03_RED, URGENCY_NONE)->value =
            (float)state->nrs;
        return;
    }
    /* "Still a good walk" would take a stop back, and a walk that is over has no pace to ease. */
    if (state->red_seen || !state->session_open)
        return;
    double refractory_s = params->value[PARAM_P03_REFRACTORY_S];
    if (state->amber_ns != RULE_NEVER &&
        seconds_between(state->amber_ns, step->now_ns) < refractory_s)
        return;
    state->amber_ns = step->now_ns;
    bool rising = rise >= params->value[PARAM_P03_AMBER_RISE];
    struct finding *finding = pain_raise(step, RULE_P03, rising ? SEVERITY_CAUTION : SEVERITY_COACH,
                                         TEXT_P03_AMBER, URGENCY_NONE);
    finding->value = (float)state->nrs;
    finding->refractory_s = (float)refractory_s;
}

/* A band is left downward after some reports below it (3.6). */
static void p03_lower(const struct pain_step *step, enum pain_band band)
{
    struct pain *state = step->state;
    if (++state->lower_n < step->context->params->value[PARAM_P03_LOWER_N])
        return;
    pain_cleared(step, RULE_P03, state->band == BAND_RED ? SEVERITY_STOP : SEVERITY_CAUTION);
    state->band = (uint8_t)band;
    state->lower_n = 0;
    if (band != BAND_RED)
        state->stops &= (uint8_t)~STOP_P03;
}

void pain_p03_report(const struct pain_step *step, int nrs, bool nearer)
{
    struct pain *state = step->state;
    struct pain_record *record = &state->record;
    state->nrs_before = record->start < 0 ? (int8_t)nrs : record->end;
    state->nrs = record->end = (int8_t)nrs;
    if (nrs > record->peak)
        record->peak = (int8_t)nrs;
    if (record->start < 0) {
        record->start = (int8_t)nrs;
        p03_start(step, nrs);
    }
    if (nrs - record->start >= 2)
        pain_rise(step);
    enum pain_band band = pain_band(step->context->params, record->start, nrs);
    if (band == BAND_AMBER && nearer && nrs - record->start <= 1)
        band = BAND_GREEN;
    if (band < state->band) {
        p03_lower(step, band);
    } else {
        state->band = (uint8_t)band;
        state->lower_n = 0;
    }
    state->amber_seen = state->amber_seen || band >= BAND_AMBER;
    if (band >= BAND_AMBER)
        p03_say(step, band);
}

/* ---------------------------------------------------------------- P02 */

/* How much more distal than at the start; a button without a place before it counts as one down. */
static int distal_by(const struct pain *state, int loc)
{
    if (state->record.loc_start >= 0)
        return loc - state->record.loc_start;
    return state->moved_down && loc >= LOC_BUTTOCK ? 1 : 0;
}

static struct finding *p02_raise(const struct pain_step *step, int severity, enum text text)
{
    struct finding *finding = pain_raise(step, RULE_P02, severity, text, URGENCY_NONE);
    if (step->state->loc >= 0)
        finding->value = (float)step->state->loc;
    return finding;
}

static void p02_quiet(const struct pain_step *step)
{
    struct pain *state = step->state;
    if (state->p02 != P02_QUIET)
        pain_cleared(step, RULE_P02, state->p02 == P02_STOPPED ? SEVERITY_STOP : SEVERITY_CAUTION);
    state->p02 = P02_QUIET;
    state->p02_due_ns = PAIN_NEVER;
    state->moved_down = false;
    state->stops &= (uint8_t)~STOP_P02;
}

static void p02_stop(const struct pain_step *step)
{
    struct pain *state = step->state;
    state->p02_due_ns = PAIN_NEVER;
    if (state->p02 == P02_STOPPED)
        return;
    state->p02 = P02_STOPPED;
    state->stops |= STOP_P02;
    p02_raise(step, SEVERITY_STOP, TEXT_P02_STOP);
    screen_add(&state->screen, SCREEN_FULL, step->now_ns);
}

static void p02_pause(const struct pain_step *step)
{
    struct pain *state = step->state;
    if (state->p02 != P02_QUIET)
        return;
    state->p02 = P02_PAUSED;
    state->p02_rest_ns = state->p02_due_ns = pain_after(step, step->now_ns, PARAM_P02_REST_S);
    p02_raise(step, SEVERITY_CAUTION, TEXT_P02_CAUTION);
}

/* After the pause it is still there. Pain that only appeared in the back has not moved down a leg:
 * to say so would be untrue, and its strength is P03's. */
static void p02_still(const struct pain_step *step)
{
    if (step->state->loc == LOC_BACK && !step->state->moved_down)
        p02_quiet(step);
    else
        p02_stop(step);
}

void pain_p02_silent(const struct pain_step *step)
{
    if (step->state->p02 == P02_PAUSED)
        p02_still(step);
}

static void p02_nearer(const struct pain_step *step, int loc)
{
    struct pain *state = step->state;
    struct pain_record *record = &state->record;
    if (record->loc_start <= LOC_BACK)
        return; /* nothing was away from the spine */
    record->centralising = true;
    bool worse = record->start >= 0 && state->nrs - record->start > 1;
    if (worse || (state->loc_praised >= 0 && loc >= state->loc_praised))
        return;
    state->loc_praised = (int8_t)loc;
    p02_raise(step, SEVERITY_INFO, TEXT_P02_GOOD)->praise = true;
}

void pain_place(const struct pain_step *step, int loc, uint8_t side)
{
    struct pain *state = step->state;
    struct pain_record *record = &state->record;
    state->loc = record->loc_end = (int8_t)loc;
    if (state->place_ns < pain_said_ns(step))
        state->place_ns = pain_said_ns(step);
    state->place_due_ns = PAIN_NEVER;
    if (record->loc_start >= 0)
        state->moved_down = false;
    else if (!state->moved_down)
        record->loc_start = (int8_t)loc;
    if (loc > record->loc_most_distal) {
        record->loc_most_distal = (int8_t)loc;
        record->side = side;
    } else if (loc == record->loc_most_distal) {
        record->side |= side;
    }
    if (loc < LOC_THIGH)
        state->distal_since_ms = RULE_NEVER;
    else if (state->distal_since_ms == RULE_NEVER)
        state->distal_since_ms = pain_utc_ms(step->context, pain_said_ns(step));
}

static void p02_place(const struct pain_step *step, int loc, bool electric)
{
    struct pain *state = step->state;
    int d = distal_by(state, loc);
    state->record.centralising = false;
    if (d >= 1)
        pain_rise(step);
    if (d >= 1 && (loc >= LOC_THIGH || electric))
        p02_stop(step);
    else if (d >= 1 && state->p02 == P02_PAUSED && step->now_ns >= state->p02_rest_ns)
        p02_still(step);
    else if (d >= 1)
        p02_pause(step);
    else
        p02_quiet(step);
    if (d < 0)
        p02_nearer(step, loc);
}

/* "Pain moved down", by button and without a place. */
static void p02_button(const struct pain_step *step, bool electric)
{
    struct pain *state = step->state;
    state->moved_down = true;
    state->record.centralising = false;
    pain_rise(step);
    if (electric || state->loc + 1 >= LOC_THIGH)
        p02_stop(step);
    else
        p02_pause(step);
}

/* Both legs where it was not both before: cauda equina is asked about. */
static void note_legs(const struct pain_step *step, uint8_t side, int loc)
{
    struct pain *state = step->state;
    if (loc >= 0 && loc < LOC_THIGH)
        return;
    uint8_t *legs = state->session_open ? &state->record.legs : &state->legs_before;
    bool known = *legs == BOTH_LEGS || state->legs_before == BOTH_LEGS;
    *legs = (uint8_t)(*legs | side);
    if (*legs == BOTH_LEGS && !known)
        screen_add(&state->screen, SCREEN_F01, step->now_ns);
}

/* ---------------------------------------------------------------- P04 */

static void p04_report(const struct pain_step *step, uint8_t quality)
{
    struct pain *state = step->state;
    bool good = quality == STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_WARM ||
                quality == STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_TIRED ||
                quality == STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_ACHE;
    if (!good || state->p04_said || state->amber_seen || state->stops != 0)
        return;
    if (state->loc != LOC_BACK || state->nrs < 0 || state->band != BAND_GREEN ||
        state->p02 != P02_QUIET)
        return;
    state->p04_said = true;
    pain_raise(step, RULE_P04, SEVERITY_INFO, TEXT_P04_ACHE, URGENCY_NONE)->praise = true;
}

/* ---------------------------------------------------------------- a report */

static void note_said(struct pain *state, const struct wire_report *report)
{
    struct pain_record *record = &state->record;
    if (report->pain_quality != 0)
        record->qualities |= (uint8_t)(1U << report->pain_quality);
    if (report->aggravator != 0)
        record->aggravators |= (uint8_t)(1U << report->aggravator);
    if (report->has_fear)
        record->fear = (int8_t)report->fear;
    if (report->has_effort)
        record->effort = (int8_t)report->effort;
}

/* One question NRS, one question place. */
static void want_place(const struct pain_step *step)
{
    struct pain *state = step->state;
    if (state->place_ns == RULE_NEVER ||
        step->now_ns >= pain_after(step, state->place_ns, PARAM_P01_GAP_S))
        state->place_due_ns = step->now_ns;
}

static void walk_place(const struct pain_step *step, int loc, uint8_t side, bool down,
                       bool electric)
{
    struct pain *state = step->state;
    if (loc >= 0) {
        state->moved_down = state->moved_down || (down && state->record.loc_start < 0);
        pain_place(step, loc, side);
        p02_place(step, loc, electric);
    } else if (down) {
        p02_button(step, electric);
    } else if (electric && state->loc >= 0 && distal_by(state, state->loc) >= 1) {
        p02_stop(step);
    }
}

void pain_walk_report(const struct pain_step *step, const struct wire_report *report)
{
    struct pain *state = step->state;
    const int64_t said_ns = pain_said_ns(step);
    bool electric = report->pain_quality == STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_ELECTRIC;
    int loc = (int)report->pain_place - STRIDE__V1__PAIN_PLACE__PAIN_PLACE_NONE;
    uint8_t side = (uint8_t)(report->pain_side & BOTH_LEGS);
    if (side != 0)
        note_legs(step, side, loc >= 0 ? loc : state->loc);
    if (!state->session_open && step->now_ns > state->end_until_ns) {
        pain_late_between(step, report->pain_nrs, loc, side);
        return;
    }
    if (state->session_open && said_ns < state->start_ns) {
        pain_late_start(step, report->pain_nrs, loc, side);
        return;
    }
    if (report->pain_nrs >= 0 && said_ns > state->nrs_ns)
        state->nrs_ns = said_ns;
    note_said(state, report);
    /* Without a place it is where it was said to be last. */
    bool down = report->button == STRIDE__V1__BUTTON__BUTTON_PAIN_MOVED_DOWN;
    bool nearer = loc >= 0 ? distal_by(state, loc) < 0 : state->record.centralising && !down;
    if (report->pain_nrs >= 0)
        pain_p03_report(step, report->pain_nrs, nearer);
    walk_place(step, loc, side, down, electric);
    p04_report(step, (uint8_t)report->pain_quality);
    if (report->pain_nrs > 0 && loc < 0)
        want_place(step);
}

void pain_walk_started(const struct pain_step *step, int nrs, int loc)
{
    if (nrs >= 0)
        pain_p03_report(step, nrs, false);
    if (loc >= 0)
        pain_place(step, loc, 0);
}

void pain_walk_summary(const struct pain_step *step)
{
    struct pain *state = step->state;
    int32_t day = pain_day(step->context, step->now_ns);
    const double *value = step->context->params->value;
    /* "Distal": at the thigh or below, as for P02's STOP (E). */
    if (state->record.loc_end >= LOC_THIGH)
        pain_count(&state->distal_sessions_n);
    else if (state->record.loc_end >= 0)
        state->distal_sessions_n = 0;
    bool long_ago =
        state->distal_since_ms != RULE_NEVER &&
        (double)(pain_utc_ms(step->context, step->now_ns) - state->distal_since_ms) / 1000 >
            value[PARAM_P02_DISTAL_S];
    bool due = state->p02_summary_day == PAIN_DAY_NEVER ||
               day - state->p02_summary_day >= value[PARAM_P02_SUMMARY_D];
    if (due && (long_ago || state->distal_sessions_n >= value[PARAM_P02_DISTAL_SESSIONS])) {
        state->p02_summary_day = day;
        summary(step, RULE_P02, TEXT_P02_SUMMARY);
    }
    if (state->red_again)
        summary(step, RULE_P03, TEXT_P03_SUMMARY);
}
