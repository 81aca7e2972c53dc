#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

#include "hub/core/ident.h"

/* P02, S04: after a STOP a running belt may be slowed down, if the wearer says so; by at most
 * 0.5 km/h in 5 s. It is never started and never made faster. */
static const float stands_mps = 0.3F / 3.6F;
/* A ramp from there to a standstill is the longest: a belt that still runs then does not obey. */
static const float fastest_mps = 18.0F / 3.6F; /* no walk */

void ramp_begin(struct belt_ramp *ramp)
{
    ramp->due_ns = INT64_MAX;
    ramp->until_ns = INT64_MIN;
}

static float step_mps(const struct wearer_state *state)
{
    return (float)state->params.value[PARAM_BELT_RAMP_MPS];
}

static int64_t longest_ns(const struct wearer_state *state)
{
    return lroundf(fastest_mps / step_mps(state)) * param_ns(&state->params, PARAM_BELT_SLOW_S);
}

/* Newest speed of the last 3 s; NAN = nobody knows. */
static float belt_mps(const struct wearer_state *state)
{
    struct signals_now now;
    signals_known(state, state->now_ns, &now);
    return now.belt_mps;
}

static void request(struct step *step, Stride__V1__RequestKind kind, enum text text)
{
    struct wearer_state *state = step->state;
    struct effect *effect = effects_add(step->effects, EFFECT_BELT, state->now_ns);
    ident_short(effect->belt.id, 'b', ident_word(state->id_salt, state->alerting.ids_n++));
    effect->belt.kind = (uint8_t)kind;
    effect->belt.slow_by_mps = kind == STRIDE__V1__REQUEST_KIND__REQUEST_SLOW ? step_mps(state) : 0;
    effect->belt.text = (uint8_t)text;
}

void ramp_offer(struct step *step)
{
    struct belt_ramp *ramp = &step->state->ramp;
    bool runs = belt_mps(step->state) > stands_mps; /* false for NAN */
    if (!runs || ramp->due_ns != INT64_MAX)
        return;
    ramp->until_ns = step->state->now_ns + param_ns(&step->state->params, PARAM_BELT_OFFER_S);
    request(step, STRIDE__V1__REQUEST_KIND__REQUEST_TEXT, TEXT_BELT_OFFER);
}

/* Of a belt that stands there is nothing to slow down: OK is not said to it. */
bool ramp_offered(const struct wearer_state *state)
{
    return state->ramp.due_ns == INT64_MAX && state->now_ns < state->ramp.until_ns &&
           !(belt_mps(state) <= stands_mps);
}

void ramp_report(struct step *step, const struct wire_report *report)
{
    struct belt_ramp *ramp = &step->state->ramp;
    const int64_t now_ns = step->state->now_ns;
    bool yes = report->answer == STRIDE__V1__ANSWER__ANSWER_YES &&
               strcmp(report->question, text_name(TEXT_BELT_OFFER)) == 0;
    bool agreed = yes || report->button == STRIDE__V1__BUTTON__BUTTON_OK;
    if (!agreed || ramp->due_ns != INT64_MAX || now_ns >= ramp->until_ns)
        return;
    ramp->due_ns = now_ns;
    ramp->until_ns = now_ns + longest_ns(step->state);
    ramp_time(step);
}

void ramp_time(struct step *step)
{
    struct belt_ramp *ramp = &step->state->ramp;
    const int64_t now_ns = step->state->now_ns;
    if (ramp->due_ns > now_ns)
        return;
    const float mps = belt_mps(step->state);
    bool runs = mps > stands_mps;
    if (!runs || now_ns >= ramp->until_ns) {
        ramp_begin(ramp);
        return;
    }
    bool last = mps <= stands_mps + step_mps(step->state);
    request(step,
            last ? STRIDE__V1__REQUEST_KIND__REQUEST_STOP : STRIDE__V1__REQUEST_KIND__REQUEST_SLOW,
            TEXT_BELT_SLOWING);
    ramp->due_ns = now_ns + param_ns(&step->state->params, PARAM_BELT_SLOW_S);
}

int64_t ramp_due_ns(const struct wearer_state *state)
{
    return state->ramp.due_ns;
}
