/* R09: how far a shoe was walked in, and whether it lands harder than when it was new. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hub/core/pipeline_private.h"

static struct wearer_state *wears(const char *id, float km)
{
    struct wearer_state *state = calloc(1, sizeof(*state));
    assert_non_null(state);
    pipeline_init(state, 1);
    state->config.has_shoe = true;
    memcpy(state->config.shoe.id, id, strlen(id) + 1);
    state->config.shoe.distance_km = km;
    state->config.shoe.days_per_week = NAN;
    shoe_configured(state);
    return state;
}

static void walks(struct wearer_state *state, double km)
{
    state->session.distance_m = 1000 * km;
    shoe_walked(state);
}

static void strides(struct wearer_state *state, int n, float belt_mps, float loading_bw_s)
{
    const struct stride stride = {.belt_mps = belt_mps};
    for (int i = 0; i < n; i++)
        shoe_stride(state, &stride, loading_bw_s + 0.02F * (float)(i % 3 - 1));
}

static bool near(float value, double wanted)
{
    return fabs((double)value - wanted) < 0.002;
}

static void what_is_walked_does_not_wear_the_shoe(void **unused)
{
    (void)unused;
    struct wearer_state *state = wears("blue", 10);
    walks(state, 2.5);
    walks(state, (double)NAN); /* nobody measured it */
    shoe_configured(state);
    assert_true(near(pipeline_shoe_km(state), 12.5));
    state->config.shoe.distance_km = 40; /* told anew */
    shoe_configured(state);
    assert_true(near(pipeline_shoe_km(state), 40));
    state->config.shoe.distance_km = NAN;
    shoe_configured(state);
    walks(state, 3);
    assert_true(isnan((double)pipeline_shoe_km(state)));
    state->config.has_shoe = false;
    shoe_configured(state);
    assert_int_equal(state->programme.shoe.tag, 0);
    free(state);
}

static void a_worn_shoe_is_compared_with_another_speed_or_another_shoe(void **unused)
{
    (void)unused;
    struct wearer_state *state = wears("blue", 0);
    strides(state, 250, 1.11F, 8);
    strides(state, 199, 1.31F, 9);
    strides(state, 250, NAN, 20); /* on the ground */
    walks(state, 60);
    strides(state, 300, 1.31F, 20); /* too few then */
    assert_true(isnan((double)shoe_known(state, 0).loading_ratio));
    strides(state, 199, 1.12F, 9.6F);
    assert_true(isnan((double)shoe_known(state, 0).loading_ratio));
    strides(state, 200, 1.12F, 9.6F);
    assert_true(near(shoe_known(state, 0).loading_ratio, 1.2));
    strides(state, 300, 1.12F, NAN);
    strides(state, 300, 0.4F, 9);
    strides(state, 300, 2.4F, 9);
    assert_true(near(shoe_known(state, 0).loading_ratio, 1.2));
    memcpy(state->config.shoe.id, "red", 4);
    shoe_configured(state);
    assert_true(isnan((double)shoe_known(state, 0).loading_ratio));
    strides(state, 300, 1.12F, 9.6F);
    assert_true(isnan((double)shoe_known(state, 0).loading_ratio));
    free(state);
}

static void a_shoe_of_which_nothing_is_told_has_a_way(void **unused)
{
    (void)unused;
    struct wearer_state *state = calloc(1, sizeof(*state));
    assert_non_null(state);
    pipeline_init(state, 1);
    shoe_configured(state);
    walks(state, 3);
    strides(state, 500, 1.1F, 8);
    assert_true(isnan((double)pipeline_shoe_km(state)));
    assert_true(isnan((double)shoe_known(state, 0).distance_km));
    free(state);
}

/* R07: three sessions with the same shoe. */
static void another_shoe_without_a_name_is_taken_for_the_same(void **unused)
{
    (void)unused;
    struct wearer_state *state = wears("", 10);
    struct effects *effects = calloc(1, sizeof(*effects));
    assert_non_null(effects);
    struct step step = {.state = state, .effects = effects};
    state->config.shoe.has_bought_day = true;
    for (int32_t bought_day = 20000; bought_day < 20002; bought_day++) {
        state->config.shoe.bought_day = bought_day;
        shoe_configured(state);
        state->rules.former[TRACK_R07_LEFT] = 1;
        judge_end(&step);
        assert_int_equal(state->rules.former[TRACK_R07_LEFT], 0);
        state->rules.former[TRACK_R07_LEFT] = 1;
        judge_end(&step); /* the same */
        assert_int_equal(state->rules.former[TRACK_R07_LEFT], 1);
    }
    free(effects);
    free(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_walked_does_not_wear_the_shoe),
        cmocka_unit_test(a_worn_shoe_is_compared_with_another_speed_or_another_shoe),
        cmocka_unit_test(a_shoe_of_which_nothing_is_told_has_a_way),
        cmocka_unit_test(another_shoe_without_a_name_is_taken_for_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
