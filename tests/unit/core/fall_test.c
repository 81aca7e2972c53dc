/* Falls and what looks like one, made of a few phases of acceleration. */
#include "wrist_arm.h"

static struct arm_data data;
static struct arm_run run_a, run_b;

/* For `s` seconds: length of acceleration in g along a direction, 0 = forward to 90 = up deg, with
 * noise. */
struct phase {
    double s, g, direction_deg, noise_g;
};

static uint64_t noise_state;

static void append(const struct phase *phase)
{
    double a = phase->direction_deg * ARM_PI / 180;
    int n = (int)lround(phase->s * data.rate_hz);
    for (int i = 0; i < n; i++, data.n++) {
        double g = phase->g + phase->noise_g * arm_noise(&noise_state);
        assert_true(data.n < ARM_SAMPLES_MAX);
        data.values[0][data.n] = (float)(g * ARM_GRAVITY * cos(a));
        data.values[1][data.n] = 0;
        data.values[2][data.n] = (float)(g * ARM_GRAVITY * sin(a));
    }
}

static void play_into(struct arm_run *run, double rate_hz, const struct phase *phases, int n,
                      int frame_n)
{
    noise_state = 3;
    data.n = 0;
    data.rate_hz = rate_hz;
    for (int i = 0; i < n; i++)
        append(&phases[i]);
    arm_start(run);
    run->no_rate = true;
    arm_feed(run, &data, frame_n);
}

static void play(double rate_hz, const struct phase *phases, int n)
{
    play_into(&run_a, rate_hz, phases, n, 25);
}

static int suspects(void)
{
    return arm_count(&run_a, WRIST_FALL_SUSPECT);
}

static int stills(void)
{
    return arm_count(&run_a, WRIST_FALL_STILL);
}

#define REST            \
    {                   \
        4, 1, 180, 0.02 \
    }
#define FREE                \
    {                       \
        0.3, 0.3, 180, 0.02 \
    }
#define HIT             \
    {                   \
        0.03, 5, 150, 0 \
    }
#define LIE             \
    {                   \
        15, 1, 90, 0.02 \
    }

static const struct phase plain_fall[] = {REST, FREE, HIT, {0.4, 1.2, 110, 0.3}, LIE};

static void a_fall_is_missed(void **state)
{
    static const double rates[] = {25, 50, 100, 200, 400};
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct phase phases[5];
        memcpy(phases, plain_fall, sizeof(phases));
        phases[2].s = fmax(0.03, 1 / rates[i]);
        play(rates[i], phases, 5);
        assert_int_equal(suspects(), 1);
        assert_int_equal(stills(), 1);
        assert_true(fabs(arm_first_s(&run_a, WRIST_FALL_SUSPECT) - 4.3) < 0.1);
        assert_int_equal(arm_summary(&run_a).fall, FALL_STILL);
    }
}

static void evidence_is_wrong(void **state)
{
    (void)state;
    assert_true(fall_least_g(&(struct fall_evidence){.free_fall_ms = 79}) == 4);
    assert_true(fall_least_g(&(struct fall_evidence){.slow_sampling = true}) == 2.8F);
    play(100, plain_fall, 5);
    for (int i = 0; i < run_a.n; i++) {
        const struct fall_evidence *e = &run_a.events[i].fall;
        if (run_a.events[i].kind != WRIST_FALL_SUSPECT)
            continue;
        assert_true(fabs((double)e->impact_g - 5) < 0.01);
        assert_true(fabs((double)e->free_fall_ms - 300) < 15);
        assert_true(fabs((double)e->turn_deg - 90) < 3);
        assert_true(e->turned && !e->slow_sampling);
        assert_true(fall_least_g(e) == 3);
    }
    assert_int_equal(suspects(), 1);
}

/* Told 5 s after the arm came to rest, still 10 s after. */
static void suspicion_is_told_at_another_time(void **state)
{
    (void)state;
    play_into(&run_b, 100, plain_fall, 5, 25);
    arm_start(&run_a);
    run_a.no_rate = true;
    double suspect_s = 0, still_s = 0;
    for (int i = 0; i < data.n; i += 5) {
        arm_push(&run_a, &data, i, 5, i * 1e4, false);
        suspect_s = suspect_s == 0 && suspects() > 0 ? i * 0.01 : suspect_s;
        still_s = still_s == 0 && stills() > 0 ? i * 0.01 : still_s;
    }
    assert_true(suspect_s > 9.3 && suspect_s < 11);
    assert_true(still_s > 14.3 && still_s < 16);
}

static void splitting_into_frames_changes_a_fall(void **state)
{
    (void)state;
    play_into(&run_a, 100, plain_fall, 5, 25);
    play_into(&run_b, 100, plain_fall, 5, 3);
    assert_memory_equal(&run_a.wrist, &run_b.wrist, sizeof(run_a.wrist));
    assert_memory_equal(run_a.events, run_b.events, sizeof(run_a.events));
}

static void free_fall_and_3_g_are_not_enough(void **state)
{
    (void)state;
    struct phase phases[] = {REST, FREE, {0.03, 3.2, 150, 0}, {0.4, 1, 110, 0.2}, LIE};
    play(100, phases, 5);
    assert_int_equal(suspects(), 1);
    phases[1].s = 0.05; /* a jerk, not a fall */
    play(100, phases, 5);
    assert_int_equal(suspects(), 0);
    phases[1].s = 0.3;
    phases[2].g = 2.8;
    play(100, phases, 5);
    assert_int_equal(suspects(), 0);
}

static void an_arm_that_turns_back_is_a_fall(void **state)
{
    static const struct phase phases[] = {REST, HIT, {2, 1, 90, 0.05}, {15, 1, 175, 0.12}};
    (void)state;
    play(100, phases, 4);
    assert_int_equal(suspects(), 0);
    assert_int_equal(arm_summary(&run_a).fall, FALL_NONE);
}

/* Sitting down hard, a slap on the table: the arm lies as before, and moves. */
static void a_knock_without_a_turn_is_a_fall(void **state)
{
    static const struct phase phases[] = {REST, HIT, {3, 1, 180, 1}, {15, 1, 180, 0.02}};
    (void)state;
    play(100, phases, 4);
    assert_int_equal(suspects(), 0);
}

static void a_slow_turn_without_a_knock_is_a_fall(void **state)
{
    static const struct phase phases[] = {REST, {1, 1.2, 140, 0.2}, LIE};
    (void)state;
    play(100, phases, 3);
    assert_int_equal(suspects(), 0);
}

/* Clapping for 10 s, then the hands go into the lap. */
static void clapping_is_a_fall(void **state)
{
    struct phase phases[45];
    int n = 0;
    (void)state;
    phases[n++] = (struct phase)REST;
    for (int i = 0; i < 20; i++) {
        phases[n++] = (struct phase){0.03, 6, 100, 0};
        phases[n++] = (struct phase){0.47, 1, 100, 0.3};
    }
    phases[n++] = (struct phase){15, 1, 0, 0.02};
    play(100, phases, n);
    assert_int_equal(suspects(), 0);
}

static void lying_without_a_twitch_is_needed(void **state)
{
    static const struct phase phases[] = {REST, FREE, HIT, {5, 1, 90, 0.05}, {0.3, 1, 90, 0.3},
                                          LIE};
    (void)state;
    play(100, phases, 6);
    assert_int_equal(suspects(), 1);
    assert_int_equal(stills(), 1);
}

static void a_hand_that_moves_on_is_still(void **state)
{
    struct phase phases[33] = {REST, FREE, HIT};
    (void)state;
    for (int i = 0; i < 30; i++)
        phases[3 + i] = (struct phase){1, 1, i % 2 == 0 ? 80 : 115, 0.05};
    play(100, phases, 33);
    assert_int_equal(suspects(), 1);
    assert_int_equal(stills(), 0);
    assert_int_equal(arm_summary(&run_a).fall, FALL_SUSPECT);
}

/* Gets up and walks after the fall was suspected. */
static void walking_on_leaves_the_suspicion(void **state)
{
    struct arm arm = arm_walker;
    (void)state;
    play(100, plain_fall, 5);
    assert_int_equal(arm_summary(&run_a).fall, FALL_STILL);
    double from_us = data.n * 1e4;
    arm.walk_from_s = 2;
    arm_make(&arm, 100, 20, &data);
    for (int i = 0; i < data.n; i += 25)
        arm_push(&run_a, &data, i, 25, from_us + i * 1e4, false);
    assert_int_equal(arm_summary(&run_a).fall, FALL_NONE);
}

static void suspicion_lasts_for_ever(void **state)
{
    static const struct phase phases[] = {REST, FREE, HIT, {30, 1, 90, 0.05}, {150, 1, 90, 0.05}};
    (void)state;
    play(100, phases, 5);
    assert_int_equal(suspects(), 1);
    assert_int_equal(arm_summary(&run_a).fall, FALL_NONE);
}

static void a_fall_right_after_the_start_has_a_posture_before(void **state)
{
    static const struct phase phases[] = {{0.2, 1, 180, 0}, HIT, LIE};
    (void)state;
    play(100, phases, 3);
    assert_int_equal(suspects(), 0);
}

/* The arm leaves its posture 0.8 s before the impact. */
static void the_descent_counts_as_the_posture_before(void **state)
{
    static const struct phase phases[] = {REST, {0.8, 1, 90, 0.02}, HIT, LIE};
    (void)state;
    play(100, phases, 4);
    assert_int_equal(suspects(), 1);
    assert_true(run_a.events[0].fall.turn_deg > 86);
}

/* 20 Hz sees an impact of 4 g as 3. */
static void slow_sampling_is_not_allowed_for(void **state)
{
    static const struct phase phases[] = {REST, {0.05, 3, 150, 0}, {0.4, 1, 110, 0.2}, LIE};
    (void)state;
    play(20, phases, 4);
    assert_int_equal(suspects(), 1);
    assert_true(run_a.events[0].fall.slow_sampling);
    play(100, phases, 4);
    assert_int_equal(suspects(), 0);
}

static void lost_frames_in_the_fall_hide_it(void **state)
{
    (void)state;
    play_into(&run_b, 100, plain_fall, 5, 25);
    arm_start(&run_a);
    run_a.no_rate = true;
    for (int i = 0; i < data.n; i += 25)
        if (i < 750 || i >= 800)
            arm_push(&run_a, &data, i, 25, i * 1e4, i == 800);
    assert_int_equal(suspects(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fall_is_missed),
        cmocka_unit_test(evidence_is_wrong),
        cmocka_unit_test(suspicion_is_told_at_another_time),
        cmocka_unit_test(splitting_into_frames_changes_a_fall),
        cmocka_unit_test(free_fall_and_3_g_are_not_enough),
        cmocka_unit_test(an_arm_that_turns_back_is_a_fall),
        cmocka_unit_test(a_knock_without_a_turn_is_a_fall),
        cmocka_unit_test(a_slow_turn_without_a_knock_is_a_fall),
        cmocka_unit_test(clapping_is_a_fall),
        cmocka_unit_test(lying_without_a_twitch_is_needed),
        cmocka_unit_test(a_hand_that_moves_on_is_still),
        cmocka_unit_test(walking_on_leaves_the_suspicion),
        cmocka_unit_test(suspicion_lasts_for_ever),
        cmocka_unit_test(a_fall_right_after_the_start_has_a_posture_before),
        cmocka_unit_test(the_descent_counts_as_the_posture_before),
        cmocka_unit_test(slow_sampling_is_not_allowed_for),
        cmocka_unit_test(lost_frames_in_the_fall_hide_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
