/* Insoles with pressure cells through the whole core: what cells, weight, context and the wearer's
 * own normal make of a walk, and what restarts and losses may not break. */
#include <time.h>

#include "tests/unit/core/cells_fixture.h"

/* ---------------------------------------------------------------- what reaches what */

static void what_cells_see_is_missing_in_strides_and_summary(void **unused)
{
    (void)unused;
    struct world *world = walked(&plain, 60, 25);
    for (int foot = 0; foot < FEET; foot++) {
        const struct told *told = &world->told[foot];
        assert_true(told->n > 45);
        for (int i = 4; i < told->n; i++) {
            const struct stride_shape *shape = &told->strides[i].shape;
            assert_true(!isnan(shape->loading_n_s) || isnan(shape->forefoot_share));
            assert_true(!isnan(shape->medial_index) || isnan(shape->slap_s));
            assert_int_equal(shape->scuff, STRIDE_NO);
            assert_int_equal(shape->forefoot_first, STRIDE_NO);
        }
    }
    struct stride_summary summary;
    stride_summary(&world->state.strides, world->state.now_ns, &summary);
    for (int foot = 0; foot < FEET; foot++) {
        assert_true(!isnan(summary.loading_n_s[foot]) || isnan(summary.forefoot_share[foot]));
        assert_float_equal(summary.scuffs_per_20[foot], 0, 1e-6);
    }
    free(world);
}

static void a_swing_that_scuffs_is_told_of_another_stride(void **unused)
{
    (void)unused;
    const int from = (int)((20 * STRIDE_S + STANCE_S + 0.15) * RATE);
    const double at_us = 5e6 + (double)from * 1e6 / RATE;
    int n = prepare(&plain, 40, 0, 0), scuffs_n = 0;
    for (int k = from; k < from + 6; k++)
        counts_of[FOOT_LEFT][CELLS - 2][k] += (int32_t)lrint(0.05 * WEIGHT_N / (double)scale_n);
    struct world *world = begin(NULL);
    feed_both(world, 0, n, n, 25);
    for (int i = 0; i < world->told[FOOT_LEFT].n; i++) {
        const struct stride *stride = &world->told[FOOT_LEFT].strides[i];
        if (stride->shape.scuff != STRIDE_YES)
            continue;
        scuffs_n++;
        assert_true(stride->start_device_us < at_us && stride->end_device_us > at_us);
    }
    assert_int_equal(scuffs_n, 1);
    struct stride_summary summary;
    stride_summary(&world->state.strides, world->state.now_ns, &summary);
    assert_float_equal(summary.scuffs_per_20[FOOT_LEFT], 1, 0.2);
    free(world);
}

static void weight_context_and_normal_stay_unknown(void **unused)
{
    (void)unused;
    struct world *world = walked(&plain, 60, 25);
    const struct wearer_state *state = &world->state;
    enum sole_weight_source source;
    float weight_n = sole_weight_n(&state->weight, &source);
    assert_int_equal(source, SOLE_WEIGHT_WALKING);
    assert_true(weight_n > 400 && weight_n < 800);
    assert_int_equal(state->context_now.gait, CONTEXT_WALK_STEADY);
    unsigned learnt_n = 0;
    for (int bin = 0; bin < BASELINE_PENDING_BINS; bin++)
        learnt_n += state->baseline.pending[BASELINE_FILLING][bin].n[BASELINE_PEAK_FORCE];
    assert_in_range(learnt_n, 50, 200);
    assert_true(state->baseline.day == 1700000000 / 86400);
    free(world);
}

static void a_stuck_cell_is_not_told_to_the_rules(void **unused)
{
    (void)unused;
    struct walker walker = plain;
    walker.stuck = 9;
    walker.stuck_n = 5;
    struct world *world = walked(&walker, 90, 25);
    assert_int_equal(world->state.health[FOOT_LEFT].stuck_cells, 1U << 9);
    assert_true(isnan(world->told[FOOT_LEFT].strides[world->told[FOOT_LEFT].n - 1].shape.cpei_pct));
    free(world);
}

static void another_insole_keeps_the_gain_of_the_one_before(void **unused)
{
    (void)unused;
    struct world *world = walked(&plain, 40, 25);
    enum sole_weight_source source;
    assert_true(!isnan(sole_weight_n(&world->state.weight, &source)));
    configure(world, 2, names[2], NULL);
    hello(world, world->state.now_ns, FOOT_LEFT, names[2], 9, CELLS);
    assert_int_equal(send(world, FOOT_LEFT, 9, 1, 4000 - 25, 25, CELLS), STEP_APPLIED);
    (void)sole_weight_n(&world->state.weight, &source);
    assert_int_equal(source, SOLE_WEIGHT_NONE);
    assert_false(world->state.soles[FOOT_LEFT].floors_known);
    free(world);
}

static void any_cut_into_frames_changes_what_cells_saw(void **unused)
{
    (void)unused;
    static const int lengths[] = {1, 7, 33, 80};
    struct walker walker = plain;
    walker.scuff_n = 0.05 * WEIGHT_N;
    walker.scuff_s = 0.06;
    walker.floor_drift = 0.05;
    struct world *whole = walked(&walker, 30, 25);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct world *cut = walked(&walker, 30, lengths[i]);
        for (int foot = 0; foot < FEET; foot++) {
            int n =
                cut->told[foot].n < whole->told[foot].n ? cut->told[foot].n : whole->told[foot].n;
            assert_true(n > 20);
            for (int k = 0; k < n; k++)
                assert_memory_equal(&cut->told[foot].strides[k].shape,
                                    &whole->told[foot].strides[k].shape,
                                    sizeof(struct stride_shape));
        }
        assert_memory_equal(&cut->state.weight.stride_n, &whole->state.weight.stride_n,
                            sizeof whole->state.weight.stride_n);
        free(cut);
    }
    free(whole);
}

/* ---------------------------------------------------------------- foot slap (P06) */

/* The usual is `left` and `right` times as long as what this walker shows now. */
static bool slap_told_with(float left, float right, enum param param, double value)
{
    const float factors[FEET] = {left, right};
    int n = prepare(&plain, 120, 0, 0), known = 30 * RATE;
    struct world *world = begin(NULL);
    if (param != PARAM_COUNT)
        assert_true(params_set(&world->state.params, param, value));
    feed_both(world, 0, known, n, 25);
    struct walk_signs *signs = &world->state.signs;
    for (int foot = 0; foot < FEET; foot++) {
        assert_true(signs->slap_n[foot] > 10);
        signs->slap_n[foot] = 300;
        signs->slap_usual_s[foot] *= factors[foot];
    }
    feed_both(world, known, n, n, 25);
    bool told = signs->slap_told;
    free(world);
    return told;
}

static bool slap_told(float left, float right)
{
    return slap_told_with(left, right, PARAM_COUNT, 0);
}

static void figures_of_a_foot_that_slaps_change_nothing(void **unused)
{
    (void)unused;
    assert_false(slap_told(2.2F, 1)); /* 45 % of the usual time */
    assert_true(slap_told_with(2.2F, 1, PARAM_P06_SLAP_SHARE, 0.5));
    assert_true(slap_told(3, 1.2F)); /* the other one at 83 % */
    assert_false(slap_told_with(3, 1.2F, PARAM_P06_SLAP_OTHER, 0.9));
    assert_false(slap_told_with(3, 1, PARAM_P06_SLAP_D_S, 110)); /* of 90 s */
}

static void a_slope_that_changes_both_feet_is_taken_for_a_weak_foot(void **unused)
{
    (void)unused;
    assert_true(slap_told(3, 1));
    assert_true(slap_told(1, 3));
    assert_false(slap_told(3, 3));
    assert_false(slap_told(3, 1.6F));
    assert_false(slap_told(1, 1));
}

/* ---------------------------------------------------------------- contexts and time */

static void seconds_of_a_walk_are_lost_or_counted_twice(void **unused)
{
    (void)unused;
    int n = prepare(&plain, 90, 40, 65);
    struct world *world = begin(NULL);
    feed_both(world, 0, n, n, 25);
    assert_true(world->state.session.open);
    tick(world, arrival_ns(n) + 700 * S);
    assert_int_equal(world->closed_n, 1);
    const struct wearer_state *state = &world->state;
    check_sum(state);
    /* Strides of the walk, and the standing after some seconds. */
    assert_true((double)state->contexts.s[CONTEXT_STAND] > 10);
    assert_true((double)state->contexts.s[CONTEXT_WALK_STEADY] > 25);
    free(world);
}

static void a_wheelchair_s_walk_is_called_steady(void **unused)
{
    (void)unused;
    int n = prepare(&plain, 30, 0, 0);
    struct world *world = begin("wheelchair");
    feed_both(world, 0, n, n, 25);
    assert_int_equal(world->state.context_now.gait, CONTEXT_WHEELS);
    for (int bin = 0; bin < BASELINE_PENDING_BINS; bin++)
        assert_int_equal(world->state.baseline.pending[BASELINE_FILLING][bin].bin_plus_1, 0);
    free(world);
}

/* As the loop does that is always in time. */
static void wake_until(struct world *world, int64_t until_ns)
{
    for (int64_t due_ns = pipeline_deadline_ns(&world->state); due_ns < until_ns;
         due_ns = pipeline_deadline_ns(&world->state))
        tick(world, due_ns);
}

static void a_late_wake_up_changes_contexts_or_the_normal(void **unused)
{
    (void)unused;
    int n = prepare(&plain, 60, 20, 40);
    struct world *punctual = begin(NULL), *late = begin(NULL);
    for (int i = 0; i < n; i += 25) {
        wake_until(punctual, arrival_ns(i + 24));
        feed_both(punctual, i, i + 25, n, 25);
        feed_both(late, i, i + 25, n, 25);
    }
    int64_t end_ns = arrival_ns(n) + 650 * S;
    wake_until(punctual, end_ns);
    tick(punctual, end_ns);
    tick(late, end_ns);
    assert_true(punctual->inputs_n > late->inputs_n + 40);
    assert_int_equal(punctual->closed_n, 1);
    const struct wearer_state *a = &punctual->state, *b = &late->state;
    assert_memory_equal(&a->context, &b->context, sizeof a->context);
    assert_memory_equal(&a->context_now, &b->context_now, sizeof a->context_now);
    assert_memory_equal(&a->contexts, &b->contexts, sizeof a->contexts);
    assert_memory_equal(&a->baseline, &b->baseline, sizeof a->baseline);
    assert_memory_equal(&a->rules, &b->rules, sizeof a->rules);
    assert_true(a->digest == b->digest);
    free(punctual);
    free(late);
}

static void an_idle_home_wakes_the_hub_for_ever(void **unused)
{
    (void)unused;
    struct world *world = walked(&plain, 30, 25);
    int64_t last_ns = world->state.now_ns;
    tick(world, last_ns + 20 * S);
    assert_int_equal(world->state.second_ns, INT64_MAX);
    /* After the last device fell silent nothing is known. */
    assert_int_equal(world->state.context_now.gait, CONTEXT_IDLE_UNKNOWN);
    tick(world, last_ns + 700 * S);
    /* Nothing is left but the programme's clock. */
    assert_true(world->state.programme.due_ns > world->state.now_ns + 60 * S);
    check_sum(&world->state);
    free(world);
}

static void an_outage_of_a_year_costs_no_second_by_second(void **unused)
{
    (void)unused;
    struct world *world = walked(&plain, 30, 25);
    const uint8_t started = HUB_NORMAL;
    int64_t back_ns = world->state.now_ns + 365 * 86400 * S;
    const clock_t begin_clock = clock();
    assert_int_equal(put(world, back_ns, INPUT_HUB, INPUT_SLOT_NONE, &started, 1), STEP_APPLIED);
    assert_true(world->state.second_ns > back_ns);
    /* Some 10 ms; 30 million seconds looked at one by one take minutes. */
    assert_true(clock() - begin_clock < 5 * CLOCKS_PER_SEC);
    tick(world, back_ns + 120 * S);
    assert_int_equal(world->closed_n, 1);
    check_sum(&world->state);
    free(world);
}

static void an_insole_lost_in_a_walk_stops_the_other_s_strides(void **unused)
{
    (void)unused;
    int n = prepare(&plain, 140, 0, 0);
    struct world *world = begin(NULL);
    feed_both(world, 0, n, 3000, 25);
    /* It waited a minute for the other foot, and no longer. */
    assert_true(world->told[FOOT_LEFT].n > 115);
    const struct stride *last = &world->told[FOOT_LEFT].strides[world->told[FOOT_LEFT].n - 1];
    assert_true(!isnan(last->shape.forefoot_share));
    assert_int_equal(world->state.context_now.gait, CONTEXT_WALK_STEADY);
    tick(world, arrival_ns(n) + 700 * S);
    assert_int_equal(world->closed_n, 1);
    check_sum(&world->state);
    free(world);
}

/* ---------------------------------------------------------------- lives of devices */

static void a_restart_with_the_same_words_takes_the_only_place(void **unused)
{
    (void)unused;
    prepare(&plain, 10, 0, 0);
    struct world *world = begin(NULL);
    feed_both(world, 0, 100, 100, 25);
    for (unsigned slot = 0; slot < FEET; slot++)
        hello(world, world->state.now_ns, slot, names[slot], 9, CELLS);
    assert_int_equal(world->state.next_descriptor.slot, INPUT_SLOT_NONE);
    for (unsigned slot = 0; slot < FEET; slot++) {
        assert_int_equal(send(world, slot, 7, 5, 100, 25, CELLS), STEP_APPLIED);
        assert_int_equal(send(world, slot, 9, 1, 125, 25, CELLS), STEP_APPLIED);
        assert_int_equal(world->state.devices[slot].descriptor.boot_id, 9);
        assert_int_equal(send(world, slot, 7, 6, 150, 25, CELLS), STEP_REFUSED);
    }
    free(world);
}

static void two_that_changed_at_once_are_mixed_up(void **unused)
{
    (void)unused;
    prepare(&plain, 10, 0, 0);
    struct world *world = begin(NULL);
    feed_both(world, 0, 100, 100, 25);
    hello(world, world->state.now_ns, FOOT_LEFT, names[0], 9, CELLS - 1);
    hello(world, world->state.now_ns, FOOT_RIGHT, names[1], 9, CELLS - 2);
    const struct wearer_state *state = &world->state;
    assert_int_equal(state->next_descriptor.slot, FOOT_LEFT);
    assert_int_equal(state->devices[FOOT_LEFT].descriptor.boot_id, 7);
    assert_int_equal(state->devices[FOOT_RIGHT].descriptor.boot_id, 9);
    assert_true(state->devices[FOOT_RIGHT].gap_pending);
    /* The first one's former life goes on; the second one's frames of it are lost, and said so. */
    assert_int_equal(send(world, FOOT_LEFT, 7, 5, 100, 25, CELLS), STEP_APPLIED);
    assert_int_equal(send(world, FOOT_RIGHT, 7, 5, 100, 25, CELLS), STEP_REFUSED);
    assert_int_equal(world->refusal, WIRE_BOOT);
    assert_int_equal(send(world, FOOT_LEFT, 9, 1, 125, 25, CELLS - 1), STEP_APPLIED);
    assert_int_equal(send(world, FOOT_RIGHT, 9, 1, 125, 25, CELLS - 2), STEP_APPLIED);
    assert_int_equal(state->next_descriptor.slot, INPUT_SLOT_NONE);
    assert_int_equal(state->devices[FOOT_LEFT].descriptor.streams[0].channels_n, CELLS - 1);
    free(world);
}

static void a_place_is_kept_for_a_device_that_is_gone(void **unused)
{
    (void)unused;
    prepare(&plain, 10, 0, 0);
    struct world *world = begin(NULL);
    feed_both(world, 0, 100, 100, 25);
    hello(world, world->state.now_ns, FOOT_LEFT, names[0], 9, CELLS - 1);
    configure(world, 2, names[2], NULL);
    assert_int_equal(world->state.next_descriptor.slot, INPUT_SLOT_NONE);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cells_see_is_missing_in_strides_and_summary),
        cmocka_unit_test(a_swing_that_scuffs_is_told_of_another_stride),
        cmocka_unit_test(weight_context_and_normal_stay_unknown),
        cmocka_unit_test(a_stuck_cell_is_not_told_to_the_rules),
        cmocka_unit_test(another_insole_keeps_the_gain_of_the_one_before),
        cmocka_unit_test(any_cut_into_frames_changes_what_cells_saw),
        cmocka_unit_test(seconds_of_a_walk_are_lost_or_counted_twice),
        cmocka_unit_test(a_wheelchair_s_walk_is_called_steady),
        cmocka_unit_test(a_late_wake_up_changes_contexts_or_the_normal),
        cmocka_unit_test(an_idle_home_wakes_the_hub_for_ever),
        cmocka_unit_test(an_outage_of_a_year_costs_no_second_by_second),
        cmocka_unit_test(an_insole_lost_in_a_walk_stops_the_other_s_strides),
        cmocka_unit_test(a_restart_with_the_same_words_takes_the_only_place),
        cmocka_unit_test(two_that_changed_at_once_are_mixed_up),
        cmocka_unit_test(a_place_is_kept_for_a_device_that_is_gone),
        cmocka_unit_test(a_slope_that_changes_both_feet_is_taken_for_a_weak_foot),
        cmocka_unit_test(figures_of_a_foot_that_slaps_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
