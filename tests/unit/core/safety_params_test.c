/* A figure of stage `safety` that was changed is what it then says by. Each case is lived twice:
 * with the rule book's figure and with the other. */
#include "safety_fixture.h"

/* A walk that began at second 0. */
static void begin(struct world *world)
{
    world_begin(world);
    world->now.since_step_s = 0;
    world->now.hr_max_bpm = 200;
    world->now.age_years = 45;
    world->now.devices |= COVERAGE_LEFT_INSOLE;
    world->now.gait = CONTEXT_WALK;
    world->now.session_open = true;
}

static void second(struct world *world, int s)
{
    world->out = (struct safety_out){0};
    world->now.at_ns = s * S;
    safety_second(&world->state, &world->now, &world->out);
}

/* ---- S06 ---- */

/* Seconds of a calm heart after which what was said of a busy one is over. */
static int calm_s(struct world *world, float heart_bpm)
{
    world->signals.heart_bpm = heart_bpm;
    for (int s = 0; s < 70; s++)
        second(world, s);
    assert_true(world->state.heart.raised > 0);
    world->signals.heart_bpm = 120;
    for (int s = 70; s < 400; s++) {
        second(world, s);
        for (int i = 0; i < world->out.found.n; i++) {
            if (world->out.found.items[i].cleared)
                return s - 70;
        }
    }
    return -1;
}

static int calm_after_a_tip_s(struct world *world)
{
    return calm_s(world, 170);
}

static int calm_after_a_stop_s(struct world *world)
{
    return calm_s(world, 190);
}

/* ---- S01 ---- */

static int cancelled_by_slow_steps(struct world *world)
{
    const struct wrist_event fell = {
        .kind = WRIST_FALL_SUSPECT,
        .at_session_ns = 90 * S,
        .fall = {.impact_g = 4.5F, .free_fall_ms = 200, .turned = true}};
    struct wrist_event still = fell;
    still.kind = WRIST_FALL_STILL;
    world->now.at_ns = 100 * S;
    safety_wrist(&world->state, &world->now, &fell, &world->out);
    safety_wrist(&world->state, &world->now, &still, &world->out);
    assert_int_equal(world->state.fall.phase, S01_ASKED);
    world->now.feet[FOOT_LEFT].load_share = world->now.feet[FOOT_RIGHT].load_share = 0.5F;
    for (int i = 0; i < 6; i++)
        safety_step(&world->state, &world->now, 105 * S + i * (22 * S / 10), &world->out);
    return world->state.fall.phase == S01_QUIET;
}

/* ---- S02 ---- */

/* One step that takes twice as long, a knock, and a step as usual after it. */
static int stumbles(struct world *world, double knocked_s, double next_s)
{
    const struct stride_summary summary = {.cadence_spm = 120};
    struct stride stride = {.step_s = 1, .end_ns = 100 * S, .valid = true, .walking = true};
    world->now.at_ns = stride.end_ns;
    safety_stride(&world->state, &world->now, &stride, &summary, (int64_t)(knocked_s * 1e9),
                  &world->out);
    stride.step_s = 0.5F;
    world->now.at_ns = stride.end_ns = (int64_t)(next_s * 1e9);
    safety_stride(&world->state, &world->now, &stride, &summary, SAFETY_NEVER, &world->out);
    return world->out.stumbled;
}

static int stumbled_with_a_late_jerk(struct world *world)
{
    return stumbles(world, 101.5, 102.5);
}

static int stumbled_as_soon_as_steps_follow(struct world *world)
{
    return stumbles(world, 100, 101.5);
}

/* ---- S05 ---- */

/* A rail that is held; the belt's speed changes by a fifth at 170 s. How often it is said, and
 * when first. */
static int rail_said(struct world *world, bool changes, int *first_s)
{
    int n = 0;
    world->signals.rail_share = 0.8F;
    for (int s = 0; s < 400; s++) {
        world->signals.belt_mps = changes && s >= 170 ? 1.2F : 1.0F;
        second(world, s);
        for (int i = 0; i < world->out.found.n; i++) {
            if (world->out.found.items[i].text == TEXT_S05_RAIL && n++ == 0)
                *first_s = s;
        }
    }
    return n;
}

static int rail_said_n(struct world *world)
{
    int first_s = 0;
    return rail_said(world, false, &first_s);
}

static int rail_first_s(struct world *world)
{
    int first_s = 0;
    (void)rail_said(world, true, &first_s);
    return first_s;
}

static void what_is_said_follows_each_figure(void **unused)
{
    (void)unused;
    static const struct {
        enum param param;
        double value;
        int (*live)(struct world *);
        int book, changed;
    } cases[] = {
        {PARAM_HOLD_COACH_S, 40, calm_after_a_tip_s, 20, 40},
        {PARAM_HOLD_CAUTION_S, 90, calm_after_a_stop_s, 60, 90},
        {PARAM_S01_STEP_APART_S, 2.5, cancelled_by_slow_steps, 0, 1},
        {PARAM_S02_JERK_S, 2, stumbled_with_a_late_jerk, 0, 1},
        {PARAM_S02_FOLLOWED_S, 1, stumbled_as_soon_as_steps_follow, 0, 1},
        {PARAM_S05_AGAIN_S, 30, rail_said_n, 4, 8},
        {PARAM_S05_STEADY_S, 100, rail_first_s, 200, 270},
        {PARAM_S05_SPEED_CHANGE, 0.3, rail_first_s, 200, 180},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int changed = 0; changed <= 1; changed++) {
            struct world world;
            begin(&world);
            if (changed)
                assert_true(params_set(&world.params, cases[i].param, cases[i].value));
            const int got = cases[i].live(&world);
            if (got != (changed ? cases[i].changed : cases[i].book))
                fail_msg("%s, %s: %d", param_info(cases[i].param)->name,
                         changed ? "changed" : "as in the book", got);
        }
    }
}

/* S04: by at most 0.5 km/h in 5 s, whatever is configured; and a stumble's steps follow before its
 * walk would have gone on. */
static void no_figure_slows_a_belt_faster_than_the_book(void **unused)
{
    (void)unused;
    const struct param_info *ramp = param_info(PARAM_BELT_RAMP_MPS);
    assert_true(ramp->min > 0 && (float)ramp->def == 0.5F / 3.6F && ramp->max * 3.6 < 0.50001);
    assert_true(param_info(PARAM_BELT_SLOW_S)->min >= 5);
    assert_true(param_info(PARAM_S02_FOLLOWED_S)->max <= param_info(PARAM_S02_RESUME_S)->min);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_follows_each_figure),
        cmocka_unit_test(no_figure_slows_a_belt_faster_than_the_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
