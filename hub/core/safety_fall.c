/* S01 FALL, NO MOVEMENT: suspected, still, asked, alarmed (rule book 3.4). */
#include "hub/core/safety_parts.h"

#include <math.h>
#include <string.h>

/* As long as the wrist's own engine waits for stillness (fall.c), and as a second wrist may tell of
 * the same fall. */
#define OVER_NS (150 * SAFETY_SECOND_NS)
/* What came after a fall that was told late follows in the same rush of frames. */
#define LATE_WAIT_NS (5 * SAFETY_SECOND_NS)
/* The mean of a second ends up to so long before it is told, and lies on the device's own grid. */
enum { LOAD_LAG_S = 2 };
/* S01, and as fall.c: below 40 Hz free fall shows in a sample or two. */
static const float free_fall_min_ms = 80.0F;

/* ---------------------------------------------------------------- the machine */

enum s01_phase s01_next(enum s01_phase from, enum s01_input input)
{
    static const uint8_t table[S01_PHASES][S01_INPUTS] = {
        /* SUSPECT, STILL, STILL_LATE, DUE_STILL, DUE_MOVING, FINE, STEPS, HELP */
        [S01_QUIET] = {S01_SUSPECTED, S01_QUIET, S01_QUIET, S01_QUIET, S01_QUIET, S01_QUIET,
                       S01_QUIET, S01_QUIET},
        [S01_SUSPECTED] = {S01_SUSPECTED, S01_ASKED, S01_HEARD_LATE, S01_QUIET, S01_QUIET,
                           S01_QUIET, S01_QUIET, S01_SUSPECTED},
        [S01_HEARD_LATE] = {S01_HEARD_LATE, S01_HEARD_LATE, S01_HEARD_LATE, S01_ASKED, S01_ASKED,
                            S01_QUIET, S01_QUIET, S01_ALARMED},
        [S01_ASKED] = {S01_ASKED, S01_ASKED, S01_ASKED, S01_ALARMED, S01_ASKED_AGAIN, S01_QUIET,
                       S01_QUIET, S01_ALARMED},
        [S01_ASKED_AGAIN] = {S01_ASKED_AGAIN, S01_ASKED_AGAIN, S01_ASKED_AGAIN, S01_ALARMED,
                             S01_ALARMED, S01_QUIET, S01_QUIET, S01_ALARMED},
        /* An alarm ends by a person: the wearer's OK, or who accepts it (the alert's business). */
        [S01_ALARMED] = {S01_ALARMED, S01_ALARMED, S01_ALARMED, S01_QUIET, S01_QUIET, S01_QUIET,
                         S01_ALARMED, S01_ALARMED},
    };
    return (enum s01_phase)table[from][input];
}

void safety_fall_init(struct safety_fall *fall)
{
    memset(fall, 0, sizeof(*fall));
    fall->fell_ns = fall->asked_ns = fall->step_ns = fall->second = fall->moved_ns = SAFETY_NEVER;
    fall->due_ns = fall->ramp_ns = INT64_MAX;
    fall->impact_g = NAN;
}

bool safety_fall_open(const struct safety_fall *fall)
{
    return fall->phase >= S01_ASKED;
}

static void measured(const struct safety_fall *fall, struct finding *finding)
{
    finding->value = fall->impact_g;
    finding->threshold = fall->least_dg != 0 ? (float)fall->least_dg / 10 : NAN;
}

static void ask(const struct safety_fall *fall, const struct safety_now *now,
                struct safety_out *out)
{
    struct finding *finding = safety_find(out, RULE_S01, STRIDE__V1__SEVERITY__SEVERITY_CAUTION,
                                          TEXT_S01_ASK, now->at_ns);
    measured(fall, finding);
}

/* By the feet alone there is no impact: a contact is told, no alarm sounds (3.4, insoles only). */
static void alarm(const struct safety_fall *fall, const struct safety_now *now, bool wanted,
                  struct safety_out *out)
{
    struct finding *finding = safety_find(out, RULE_S01,
                                          fall->by_feet ? STRIDE__V1__SEVERITY__SEVERITY_CAUTION
                                                        : STRIDE__V1__SEVERITY__SEVERITY_RED,
                                          TEXT_S01_ALARM, fall->fell_ns);
    measured(fall, finding);
    finding->reply = wanted; /* who hears of it reads no "no answer" then */
    finding->urgency = fall->by_feet ? URGENCY_URGENT : URGENCY_NONE;
    finding->duration_s = (float)((double)(now->at_ns - fall->fell_ns) * 1e-9);
    out->fell = true;
}

static void end(struct safety_fall *fall, const struct safety_now *now, enum s01_phase from,
                enum s01_input input, struct safety_out *out)
{
    fall->due_ns = fall->ramp_ns = INT64_MAX;
    fall->belt_stopped = false;
    if (from < S01_ASKED || input == S01_INPUT_DUE_STILL || input == S01_INPUT_DUE_MOVING)
        return;
    out->recovered = true;
    if (from == S01_ALARMED)
        return; /* the alert says that it was cancelled */
    safety_cleared(out, RULE_S01, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, now->at_ns);
    if (input == S01_INPUT_FINE)
        safety_find(out, RULE_S01, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_S01_CANCELLED,
                    now->at_ns);
}

void safety_fall_happens(struct safety_fall *fall, const struct safety_now *now,
                         enum s01_input input, struct safety_out *out)
{
    enum s01_phase from = (enum s01_phase)fall->phase, to = s01_next(from, input);
    out->wants |= from == S01_ALARMED && input == S01_INPUT_HELP;
    if (to == from)
        return;
    fall->phase = (uint8_t)to;
    switch (to) {
    case S01_QUIET:
        end(fall, now, from, input, out);
        break;
    case S01_SUSPECTED:
        fall->steps_n = 0;
        fall->step_ns = SAFETY_NEVER;
        fall->due_ns = now->at_ns + OVER_NS;
        break;
    case S01_HEARD_LATE:
        fall->due_ns = now->at_ns + LATE_WAIT_NS;
        break;
    case S01_ASKED:
        fall->asked_ns = now->at_ns;
        fall->due_ns = now->at_ns + safety_ns(now, PARAM_S01_ASK_S);
        ask(fall, now, out);
        break;
    case S01_ASKED_AGAIN:
        fall->due_ns = fall->asked_ns + safety_ns(now, PARAM_S01_MOVING_S);
        /* A second limit below the first one still lies ahead. */
        fall->due_ns = fall->due_ns > now->at_ns ? fall->due_ns : now->at_ns + 1;
        ask(fall, now, out);
        break;
    case S01_ALARMED:
        fall->due_ns = now->at_ns + OVER_NS;
        alarm(fall, now, input == S01_INPUT_HELP, out);
        break;
    case S01_PHASES:
        break;
    }
}

/* ---------------------------------------------------------------- what a fall rests on */

/* Load on all feet that are known; `*known_n` of them. */
static double load_on_feet(const struct safety_now *now, int *known_n)
{
    double load = 0;
    *known_n = 0;
    for (int foot = 0; foot < FEET; foot++) {
        if (isnan(now->feet[foot].load_share))
            continue;
        load += (double)now->feet[foot].load_share;
        ++*known_n;
    }
    return load;
}

static bool unloaded(const struct safety_now *now)
{
    int known_n;
    double load = load_on_feet(now, &known_n);
    return known_n > 0 && load < safety_value(now, PARAM_S01_UNLOADED);
}

/* Did the feet bear nothing within S01's 3 s of the impact? */
static bool was_unloaded(const struct safety_fall *fall, const struct safety_now *now)
{
    if (fall->second == SAFETY_NEVER)
        return false;
    int64_t within_s = (int64_t)safety_value(now, PARAM_S01_WITHIN_S) + LOAD_LAG_S;
    int64_t fell = fall->fell_ns / SAFETY_SECOND_NS;
    for (int i = 0; i < 32; i++) {
        int64_t second = fall->second - i;
        if ((fall->light >> i & 1) != 0 && second >= fell && second <= fell + within_s)
            return true;
    }
    return false;
}

/* Feet that are known decide: who drops into a chair, claps or slaps a rail still bears weight. */
static bool feet_agree(const struct safety_fall *fall, const struct safety_now *now)
{
    int known_n;
    (void)load_on_feet(now, &known_n);
    return known_n == 0 || was_unloaded(fall, now) || unloaded(now) || fall->tilted;
}

/* 3.4, wrist only: free fall, impact and stillness. Where samples are too far apart for free fall
 * to show, a new posture that was held stands for it: of 32 recorded falls at 20 Hz 24 are asked
 * about then and 17 without, of 92 daily activities none (tests/safety/fall_prolonged.py). */
static bool wrist_alone(const struct fall_evidence *evidence)
{
    if (evidence->slow_sampling)
        return evidence->free_fall_ms > 0 || evidence->turned;
    return evidence->free_fall_ms >= free_fall_min_ms;
}

static bool belt_runs(const struct safety_now *now)
{
    return (double)now->signals->belt_mps > 0.0;
}

void safety_wrist(struct safety_state *state, const struct safety_now *now,
                  const struct wrist_event *event, struct safety_out *out)
{
    struct safety_fall *fall = &state->fall;
    int known_n;
    (void)load_on_feet(now, &known_n);
    if (now->dropped)
        return;
    if (event->kind == WRIST_FALL_SUSPECT && fall->phase == S01_QUIET) {
        fall->fell_ns = event->at_session_ns;
        fall->impact_g = event->fall.impact_g;
        fall->least_dg = (uint8_t)lroundf(10 * fall_least_g(&event->fall));
        fall->by_feet = false;
        if (feet_agree(fall, now))
            safety_fall_happens(fall, now, S01_INPUT_SUSPECT, out);
        /* Without two feet the belt is slowed, never stopped at once. */
        if (fall->phase == S01_SUSPECTED && known_n < FEET && belt_runs(now))
            fall->ramp_ns = now->at_ns;
    }
    if (event->kind != WRIST_FALL_STILL || (known_n < FEET && !wrist_alone(&event->fall)))
        return;
    safety_fall_happens(fall, now, event->late ? S01_INPUT_STILL_LATE : S01_INPUT_STILL, out);
}

/* ---------------------------------------------------------------- seconds */

/* Faster is a foot that moves (E); a gyroscope at rest shows 0.02 rad/s. */
static const float foot_moves_rad_s = 0.25F;
/* What a foot feels is where down is while it is close to gravity alone. */
static const float gravity_m_s2 = 9.80665F, gravity_share = 0.15F;
/* A foot on the ground bears so much (E: a stander's half, and less of it in a step). */
static const float on_ground_share = 0.25F;

float safety_feet_still_s(const struct safety_fall *fall, int64_t at_ns)
{
    return fall->moved_ns == SAFETY_NEVER ? NAN : (float)((double)(at_ns - fall->moved_ns) * 1e-9);
}

static void see_motion(struct safety_fall *fall, const struct safety_now *now)
{
    float left = now->feet[FOOT_LEFT].unrest, right = now->feet[FOOT_RIGHT].unrest;
    if (isnan(left) && isnan(right))
        fall->moved_ns = SAFETY_NEVER;
    else if (fall->moved_ns == SAFETY_NEVER || left > foot_moves_rad_s || right > foot_moves_rad_s)
        fall->moved_ns = now->at_ns;
}

static double length_of(const float v[3])
{
    return sqrt((double)v[0] * (double)v[0] + (double)v[1] * (double)v[1] +
                (double)v[2] * (double)v[2]);
}

/* Degrees between a sole's normal as it last stood and as it is; NAN = cannot be told now. */
static double tilt_deg(const struct safety_fall *fall, const struct safety_foot *foot, int side)
{
    double felt = length_of(foot->felt), dot = 0;
    if ((fall->levelled >> side & 1) == 0 || isnan(foot->unrest) ||
        fabs(felt / (double)gravity_m_s2 - 1) > (double)gravity_share)
        return (double)NAN;
    for (int k = 0; k < 3; k++)
        dot += (double)foot->felt[k] * (double)fall->level[side][k];
    return acos(fmax(-1, fmin(1, dot / felt))) * 57.29578;
}

/* The foot's own engine learns anew what is level from each rest, a fallen foot's too: so it is
 * kept from when the foot bore weight. */
static void see_tilt(struct safety_fall *fall, const struct safety_now *now)
{
    bool tilted = false;
    for (int side = 0; side < FEET; side++) {
        const struct safety_foot *foot = &now->feet[side];
        if (!isnan(foot->unrest) && foot->levelled && foot->load_share >= on_ground_share) {
            memcpy(fall->level[side], foot->up, sizeof(fall->level[side]));
            fall->levelled = (uint8_t)(fall->levelled | 1U << side);
        }
        tilted |= tilt_deg(fall, foot, side) >= safety_value(now, PARAM_S01_TILT_DEG);
    }
    fall->tilted = tilted;
}

static void shift_light(struct safety_fall *fall, const struct safety_now *now)
{
    int64_t second = now->at_ns / SAFETY_SECOND_NS;
    int64_t by = fall->second == SAFETY_NEVER ? 32 : second - fall->second;
    if (by <= 0)
        return;
    fall->light = by >= 32 ? 0 : fall->light << by;
    fall->light |= unloaded(now) ? 1U : 0U;
    fall->second = second;
}

/* Since when both feet have been in the air, if that ended a walk within S01's 3 s: nobody who sits
 * down has the feet up so soon. SAFETY_NEVER = they are not, or it did not. */
static int64_t taken_off_feet_ns(const struct safety_now *now)
{
    const float light_s = fminf(now->feet[FOOT_LEFT].light_s, now->feet[FOOT_RIGHT].light_s);
    if (!safety_both_feet(now) || isnan(now->feet[FOOT_LEFT].light_s) ||
        isnan(now->feet[FOOT_RIGHT].light_s) || !(light_s > 0) || now->walk_ns == SAFETY_NEVER)
        return SAFETY_NEVER;
    int64_t since_ns = now->at_ns - (int64_t)((double)light_s * 1e9);
    int64_t within_ns = safety_ns(now, PARAM_S01_WITHIN_S);
    return since_ns - now->walk_ns <= within_ns ? since_ns : SAFETY_NEVER;
}

/* Feet that went into the air in the middle of a walk, and a sole that points elsewhere: with a
 * wrist that lies still for 10 s, or without one after 30 s. */
static void see_feet(struct safety_fall *fall, const struct safety_now *now, struct safety_out *out)
{
    int64_t since_ns = taken_off_feet_ns(now);
    if (fall->phase != S01_QUIET || since_ns == SAFETY_NEVER || !fall->tilted)
        return;
    /* The same feet in the air are asked about once. */
    if (fall->fell_ns != SAFETY_NEVER && fall->fell_ns >= now->walk_ns)
        return;
    bool wrist = (now->devices & COVERAGE_WRIST) != 0;
    double off_s = (double)(now->at_ns - since_ns) * 1e-9;
    double least_s = safety_value(now, wrist ? PARAM_S01_STILL_S : PARAM_S01_OFF_FEET_S);
    if (off_s < least_s || (wrist && !((double)now->wrist_still_s >= least_s)))
        return;
    fall->fell_ns = since_ns;
    fall->impact_g = NAN;
    fall->least_dg = 0;
    fall->by_feet = !wrist;
    safety_fall_happens(fall, now, S01_INPUT_SUSPECT, out);
    safety_fall_happens(fall, now, S01_INPUT_STILL, out);
}

void safety_fall_second(struct safety_fall *fall, const struct safety_now *now,
                        struct safety_out *out)
{
    shift_light(fall, now);
    see_motion(fall, now);
    see_tilt(fall, now);
    see_feet(fall, now, out);
}

/* ---------------------------------------------------------------- steps */

bool safety_counts_steps(const struct safety_state *state)
{
    return state->fall.phase > S01_QUIET && state->fall.phase < S01_ALARMED;
}

/* Steps that bear weight; where no foot tells, a wrist's bout is enough, but of one who walks. */
static bool bears_weight(const struct safety_now *now)
{
    int known_n;
    double load = load_on_feet(now, &known_n);
    if (known_n == 0)
        return !now->profile->wheelchair;
    return load >= safety_value(now, PARAM_S01_STEP_LOAD) * known_n / FEET;
}

void safety_step(struct safety_state *state, const struct safety_now *now, int64_t step_ns,
                 struct safety_out *out)
{
    struct safety_fall *fall = &state->fall;
    if (!safety_counts_steps(state) || step_ns <= fall->fell_ns || step_ns <= fall->step_ns)
        return;
    bool next = fall->step_ns != SAFETY_NEVER &&
                step_ns - fall->step_ns <= safety_ns(now, PARAM_S01_STEP_APART_S);
    fall->steps_n = (uint8_t)(next && fall->steps_n < UINT8_MAX ? fall->steps_n + 1 : 1);
    fall->step_ns = step_ns;
    if (fall->steps_n >= safety_value(now, PARAM_S01_STEPS) && bears_weight(now))
        safety_fall_happens(fall, now, S01_INPUT_STEPS, out);
}

/* ---------------------------------------------------------------- deadlines and the belt */

/* The wearer moves: a wrist, or without one a foot, was not still for S01's 10 s. Where nobody can
 * tell, nobody moves. */
static bool moves(const struct safety_fall *fall, const struct safety_now *now)
{
    float still_s = now->wrist_still_s;
    if (isnan(still_s))
        still_s = safety_feet_still_s(fall, now->at_ns);
    return (double)still_s < safety_value(now, PARAM_S01_STILL_S);
}

/* An impact is looked at for so long before it is a suspicion (fall.c: the new posture is held). */
static const double impact_told_s = 5;

/* The key was pulled with the impact that a wrist felt, or after it: who is dragged off the belt
 * takes it along. A belt that its key stopped is stopped by the machine; this is for one that runs
 * on. */
static bool key_confirms(const struct safety_fall *fall, const struct safety_now *now)
{
    const bool suspected = fall->phase == S01_SUSPECTED && !fall->by_feet;
    const double since_s = (double)now->signals->key_pulled_s;
    const double fell_s = suspected ? (double)(now->at_ns - fall->fell_ns) * 1e-9 : impact_told_s;
    return (suspected || now->signals->fall >= FALL_IMPACT) && now->signals->key_pulled &&
           since_s <= fell_s + safety_value(now, PARAM_S01_WITHIN_S);
}

/* In the air at once after an impact, on a running belt: both feet, seen by fresh insoles. The
 * impact is the wrist's, or the landing of a walk that ended in the air; a hand on the rail says
 * that somebody lifts themselves. */
static bool thrown(const struct safety_fall *fall, const struct safety_now *now)
{
    int known_n;
    (void)load_on_feet(now, &known_n);
    if (key_confirms(fall, now))
        return true;
    if (!safety_both_feet(now) || known_n < FEET || !unloaded(now) ||
        now->signals->rail == SIGNAL_YES)
        return false;
    bool wrist = now->signals->fall >= FALL_IMPACT || fall->phase == S01_SUSPECTED;
    int64_t off_ns = taken_off_feet_ns(now);
    double off_s = off_ns == SAFETY_NEVER ? 0 : (double)(now->at_ns - off_ns) * 1e-9;
    return wrist || (off_s >= safety_value(now, PARAM_S01_BELT_S) && fall->tilted);
}

/* A belt that still runs some seconds after it was asked: the request was lost, or somebody started
 * it again. Who is thrown still has it stopped; of others it is slowed while the fall is open. */
static void slow_belt(struct safety_fall *fall, const struct safety_now *now,
                      struct safety_out *out)
{
    if (fall->ramp_ns > now->at_ns)
        return;
    const bool stops = fall->belt_stopped && thrown(fall, now);
    if (!belt_runs(now) || (fall->belt_stopped && !stops && !safety_fall_open(fall))) {
        fall->ramp_ns = INT64_MAX;
        return;
    }
    double most_mps = safety_value(now, PARAM_BELT_SLOW_MPS);
    double by_mps = stops ? 0 : fmin(most_mps, (double)now->signals->belt_mps);
    safety_ask_belt(out,
                    stops ? STRIDE__V1__REQUEST_KIND__REQUEST_STOP
                          : STRIDE__V1__REQUEST_KIND__REQUEST_SLOW,
                    (float)by_mps, TEXT_S01_ASK);
    fall->ramp_ns = now->at_ns + safety_ns(now, PARAM_BELT_SLOW_S);
}

void safety_fall_look(struct safety_fall *fall, const struct safety_now *now,
                      struct safety_out *out)
{
    const bool idle = fall->ramp_ns == INT64_MAX, runs = belt_runs(now);
    const bool thrown_now = runs && thrown(fall, now);
    if ((thrown_now && !fall->belt_stopped) ||
        (idle && runs && (thrown_now || safety_fall_open(fall))))
        fall->ramp_ns = now->at_ns;
    fall->belt_stopped |= thrown_now;
    if (!belt_runs(now) && fall->phase == S01_QUIET)
        fall->belt_stopped = false;
    slow_belt(fall, now, out);
    if (fall->due_ns <= now->at_ns)
        safety_fall_happens(fall, now,
                            moves(fall, now) ? S01_INPUT_DUE_MOVING : S01_INPUT_DUE_STILL, out);
}

int64_t safety_fall_deadline_ns(const struct safety_fall *fall)
{
    return fall->due_ns < fall->ramp_ns ? fall->due_ns : fall->ramp_ns;
}
