/* Pain that waited in a device, or was said between walks: it counts where it would have counted
 * had it come in time, and nothing is said of it that is of the present.
 */
#include "hub/core/pain_private.h"

/* Of the walk that closed: its record alone, for what it would have led to is over. */
static void of_last_walk(const struct pain_step *step, int nrs, int loc, uint8_t side)
{
    struct pain_record *record = &step->state->record;
    if (nrs >= 0) {
        bool last = pain_said_ns(step) >= step->state->nrs_ns;
        record->start = record->start < 0 ? (int8_t)nrs : record->start;
        record->end = record->end < 0 || last ? (int8_t)nrs : record->end;
        record->peak = record->peak < nrs ? (int8_t)nrs : record->peak;
    }
    if (loc > record->loc_most_distal) {
        record->loc_most_distal = (int8_t)loc;
        record->side = side;
    }
    if ((nrs >= 0 && nrs - record->start >= 2) ||
        (record->loc_start >= 0 && loc > record->loc_start))
        pain_rise(step);
}

void pain_late_between(const struct pain_step *step, int nrs, int loc, uint8_t side)
{
    struct pain *state = step->state;
    const int64_t said_ns = pain_said_ns(step);
    if (said_ns <= state->end_until_ns && said_ns >= state->start_ns) {
        of_last_walk(step, nrs, loc, side);
        return;
    }
    /* Kept for a walk that begins with it. */
    if (nrs >= 0 && said_ns >= state->nrs_ns) {
        state->nrs = (int8_t)nrs;
        state->nrs_ns = said_ns;
    }
    if (loc >= 0 && said_ns >= state->place_ns) {
        state->loc = (int8_t)loc;
        state->place_ns = said_ns;
    }
}

/* The walk's start if it is fresh enough, unless something was said since. */
void pain_late_start(const struct pain_step *step, int nrs, int loc, uint8_t side)
{
    struct pain *state = step->state;
    struct pain_record *record = &state->record;
    const int64_t said_ns = pain_said_ns(step);
    if (pain_after(step, said_ns, PARAM_P01_GAP_S) < state->start_ns)
        return;
    if (nrs >= 0 && said_ns >= state->nrs_ns) {
        state->nrs_ns = said_ns;
        record->start = record->peak = -1;
        state->band = BAND_NONE;
        pain_p03_report(step, nrs, false);
    }
    if (loc >= 0 && (record->loc_start < 0 || said_ns >= state->place_ns)) {
        record->loc_start = record->loc_most_distal = -1;
        pain_place(step, loc, side);
    }
}
