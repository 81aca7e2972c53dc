/* The body's weight from two scripted feet. */
#include "sole_walker.h"

enum { RATE_HZ = 100 };

static struct run feet[FEET];
static struct sole_weight weight;
static int64_t now_ns;

/* What both feet did, each with its own script; they meet in session time. */
struct body {
    struct walker foot[FEET];
    bool missing[FEET];
};

static struct body body_of(double stand_to_s)
{
    struct body body = {.foot = {plain, plain}};
    body.foot[FOOT_RIGHT].phase_s = STRIDE_S / 2;
    body.foot[FOOT_LEFT].stand_to_s = body.foot[FOOT_RIGHT].stand_to_s = stand_to_s;
    return body;
}

static void start(void)
{
    for (int foot = 0; foot < FEET; foot++)
        run_start(&feet[foot], (enum foot)foot, RATE_HZ);
    sole_weight_init(&weight);
}

/* Goes on for `seconds` from `from_s` on, in seconds that alternate between the feet as frames do.
 */
static void go(const struct body *body, double from_s, double seconds)
{
    for (int foot = 0; foot < FEET; foot++) {
        if (body->missing[foot])
            continue;
        struct run *run = &feet[foot];
        run->stances_n = run->loads_n = 0;
        (void)make(&body->foot[foot], RATE_HZ, from_s + seconds);
        for (int i = (int)(from_s * RATE_HZ); i < (int)((from_s + seconds) * RATE_HZ); i += 25)
            push(run, i, i + 25, i == 0);
    }
    int stance[FEET] = {0}, load[FEET] = {0};
    for (bool any = true; any;) {
        any = false;
        for (int foot = 0; foot < FEET; foot++) {
            struct run *run = &feet[foot];
            memset(&output, 0, sizeof output);
            if (load[foot] < run->loads_n) {
                output.loads[output.loads_n++] = run->loads[load[foot]++];
                now_ns = output.loads[0].end_ns;
                any = true;
            }
            while (stance[foot] < run->stances_n &&
                   (run->stances[stance[foot]].foot_off_us - 3e6) * 1e3 <= (double)now_ns + 1e9)
                output.stances[output.stances_n++] = run->stances[stance[foot]++];
            sole_weight_push(&weight, &output);
        }
    }
}

static double weighs(enum sole_weight_source expected)
{
    enum sole_weight_source source;
    float n = sole_weight_n(&weight, &source);
    assert_int_equal(source, expected);
    return (double)n;
}

static double true_n(void)
{
    double sum = 0;
    for (int i = 0; i < (int)(STANCE_S * 1e4); i++)
        sum += stance_force(i * 1e-4) * 1e-4;
    return 2 * sum / STRIDE_S;
}

static void a_walker_weighs_more_or_less_than_the_mean_of_both_feet(void **state)
{
    (void)state;
    struct body body = body_of(0);
    start();
    assert_true(isnan(weighs(SOLE_WEIGHT_NONE)));
    go(&body, 0, 60);
    assert_true(fabs(weighs(SOLE_WEIGHT_WALKING) / true_n() - 1) < 0.03);
    const float both = sole_weight_share(&weight, FOOT_LEFT, now_ns) +
                       sole_weight_share(&weight, FOOT_RIGHT, now_ns);
    assert_true(fabs((double)both - 1.0) < 0.15);
}

static void a_limp_changes_the_weight(void **state)
{
    (void)state;
    struct body body = body_of(0);
    body.foot[FOOT_LEFT].load = 0.8;
    body.foot[FOOT_RIGHT].load = 1.2;
    start();
    go(&body, 0, 60);
    assert_true(fabs(weighs(SOLE_WEIGHT_WALKING) / true_n() - 1) < 0.03);
}

static void quiet_standing_before_a_walk_is_lost(void **state)
{
    (void)state;
    struct body body = body_of(15);
    body.foot[FOOT_LEFT].floor_n = body.foot[FOOT_RIGHT].floor_n = 5.0;
    start();
    go(&body, 0, 15);
    assert_true(isnan(weighs(SOLE_WEIGHT_NONE))); /* it might be sitting */
    go(&body, 15, 45);
    assert_true(fabs(weighs(SOLE_WEIGHT_STANDING) / WEIGHT_N - 1) < 0.02);
}

static void sitting_quietly_makes_a_light_body(void **state)
{
    (void)state;
    struct body body = body_of(15);
    body.foot[FOOT_LEFT].load = body.foot[FOOT_RIGHT].load = 2.5; /* of what it stands on */
    start();
    go(&body, 0, 60);
    assert_true(fabs(weighs(SOLE_WEIGHT_WALKING) / (2.5 * true_n()) - 1) < 0.03);
}

static void a_new_gain_leaves_the_standing_of_the_old(void **state)
{
    (void)state;
    struct body body = body_of(15);
    start();
    go(&body, 0, 60);
    (void)weighs(SOLE_WEIGHT_STANDING);
    body.foot[FOOT_LEFT].gain = body.foot[FOOT_RIGHT].gain = 1.5;
    body.foot[FOOT_LEFT].stand_to_s = body.foot[FOOT_RIGHT].stand_to_s = 0;
    go(&body, 60, 60);
    assert_true(fabs(weighs(SOLE_WEIGHT_WALKING) / (1.5 * true_n()) - 1) < 0.03);
}

static void one_insole_alone_is_taken_for_two(void **state)
{
    (void)state;
    struct body body = body_of(0);
    body.missing[FOOT_RIGHT] = true;
    start();
    go(&body, 0, 60);
    assert_true(fabs(weighs(SOLE_WEIGHT_ONE_FOOT) / true_n() - 1) < 0.03);
    assert_true(isnan(sole_weight_share(&weight, FOOT_RIGHT, now_ns)));
    assert_true(isnan(sole_weight_light_s(&weight, FOOT_RIGHT, now_ns)));
    assert_true(fabs((double)sole_weight_share(&weight, FOOT_LEFT, now_ns) - 0.5) < 0.15);
}

static void a_mass_wins_over_what_was_measured(void **state)
{
    (void)state;
    struct body body = body_of(0);
    start();
    sole_weight_profile(&weight, 90.0F);
    assert_true(fabs(weighs(SOLE_WEIGHT_PROFILE) - 882.6) < 0.1);
    go(&body, 0, 60);
    assert_true(fabs(weighs(SOLE_WEIGHT_WALKING) / true_n() - 1) < 0.03);
    sole_weight_forget(&weight);
    assert_true(fabs(weighs(SOLE_WEIGHT_PROFILE) - 882.6) < 0.1);
    sole_weight_profile(&weight, NAN);
    assert_true(isnan(weighs(SOLE_WEIGHT_NONE)));
}

static void a_foot_off_the_ground_counts_as_borne_or_as_unknown(void **state)
{
    (void)state;
    struct body body = body_of(0);
    start();
    go(&body, 0, 60);
    assert_true(sole_weight_light_s(&weight, FOOT_LEFT, now_ns) == 0.0F);
    body.foot[FOOT_LEFT].load = 0.0; /* in the air */
    go(&body, 60, 20);
    float light_s = sole_weight_light_s(&weight, FOOT_LEFT, now_ns);
    assert_true(light_s >= 18.0F && light_s <= 20.5F);
    assert_true(fabsf(sole_weight_share(&weight, FOOT_LEFT, now_ns)) < 0.03F);
    assert_true(sole_weight_light_s(&weight, FOOT_RIGHT, now_ns) == 0.0F);
    int64_t later_ns = now_ns + 4 * INT64_C(1000000000); /* no second came since */
    assert_true(isnan(sole_weight_light_s(&weight, FOOT_LEFT, later_ns)));
    assert_true(isnan(sole_weight_share(&weight, FOOT_LEFT, later_ns)));
    assert_true(isnan(sole_weight_share(&weight, FOOT_RIGHT, later_ns)));
}

static void feed_seconds(int64_t apart_ns, float raw_n)
{
    int64_t start_ns = now_ns + 100 * INT64_C(1000000000);
    for (int i = 0; i < 30; i++) {
        for (int foot = 0; foot < FEET; foot++) {
            memset(&output, 0, sizeof output);
            output.loads_n = 1;
            output.loads[0].foot = (uint8_t)foot;
            output.loads[0].end_ns = start_ns + i * INT64_C(1000000000) + foot * apart_ns;
            output.loads[0].raw_n = raw_n;
            sole_weight_push(&weight, &output);
        }
    }
}

static void seconds_of_other_times_make_a_standing_body(void **state)
{
    (void)state;
    struct body body = body_of(0);
    start();
    go(&body, 0, 60);
    float half_n = (float)weighs(SOLE_WEIGHT_WALKING) / 2;
    feed_seconds(INT64_C(-5000000000), half_n); /* a backlog */
    (void)weighs(SOLE_WEIGHT_WALKING);
    feed_seconds(INT64_C(300000000), half_n);
    assert_true(fabs(weighs(SOLE_WEIGHT_STANDING) / (2.0 * (double)half_n) - 1) < 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walker_weighs_more_or_less_than_the_mean_of_both_feet),
        cmocka_unit_test(a_limp_changes_the_weight),
        cmocka_unit_test(quiet_standing_before_a_walk_is_lost),
        cmocka_unit_test(sitting_quietly_makes_a_light_body),
        cmocka_unit_test(a_new_gain_leaves_the_standing_of_the_old),
        cmocka_unit_test(one_insole_alone_is_taken_for_two),
        cmocka_unit_test(a_mass_wins_over_what_was_measured),
        cmocka_unit_test(a_foot_off_the_ground_counts_as_borne_or_as_unknown),
        cmocka_unit_test(seconds_of_other_times_make_a_standing_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
