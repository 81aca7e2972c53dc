/* Precedence, time, and whatever may come in. */
#include "context_fixture.h"

static uint64_t next_word(uint64_t *random)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *random >> 33;
}

/* Gaits that a person can be brought into, and all flags of contexts. */
static void into_gait(struct person *person, enum context gait)
{
    person_init(person);
    person->sense.arms[1] = (struct context_arm){true, WRIST_NO, WRIST_NO, WRIST_NO, 40, 0, -60};
    person->sense.si_load_pct = 5;
    person->sense.si_stance_pct = person->sense.si_step_pct = 3;
    person->stride.steady = gait != CONTEXT_WALK;
    person->sense.wheelchair = gait == CONTEXT_WHEELS;
    if (gait == CONTEXT_STAIRS || gait == CONTEXT_RUN) {
        person->stride.forefoot_first = 1; /* a runner's too */
    }
    if (gait == CONTEXT_RUN) {
        person->stride.flight_s = 0.1F;
        person->stride.peak_bw = 2.2F;
    }
    for (int foot = 0; foot < FEET; foot++) {
        struct context_foot *at = &person->sense.feet[foot];
        if (gait == CONTEXT_OFF_FEET) {
            *at = (struct context_foot){true, 0, 60, 60};
        }
        at->load_share = gait == CONTEXT_SIT            ? 0.15F
                         : gait == CONTEXT_IDLE_UNKNOWN ? 0.35F
                                                        : at->load_share;
    }
}

static void with_flags(struct person *person, unsigned flags)
{
    bool belt_on = (flags & (CONTEXT_FLAG_TREADMILL | CONTEXT_FLAG_SLOPE)) != 0;
    float incline = (flags & CONTEXT_FLAG_SLOPE) != 0 ? 0.08F : 0;
    person->sense.belt = (struct context_belt){true, belt_on ? 1.1F : 0, incline, 0};
    struct context_arm *arms = person->sense.arms;
    arms[0].hands_fixed = (flags & CONTEXT_FLAG_HANDS_FIXED) != 0 ? WRIST_YES : WRIST_NO;
    arms[0].call = (flags & CONTEXT_FLAG_CALL) != 0 ? WRIST_YES : WRIST_NO;
    if ((flags & CONTEXT_FLAG_CARRY) != 0) {
        arms[1].pitch_deg = -80;
        arms[1].swing_deg = 3;
        person->sense.si_load_pct = 17;
    }
}

static void do_gait(struct person *person, enum context gait)
{
    bool moves = gait == CONTEXT_WALK || gait == CONTEXT_WALK_STEADY || gait == CONTEXT_STAIRS ||
                 gait == CONTEXT_RUN;
    if (moves) {
        person_walk(person, 60);
    } else {
        person_wait(person, 30);
    }
}

static void test_precedence_of_all_gaits_with_all_flags(void **unused)
{
    (void)unused;
    static const enum context gaits[] = {
        CONTEXT_IDLE_UNKNOWN, CONTEXT_OFF_FEET, CONTEXT_SIT, CONTEXT_STAND, CONTEXT_WALK,
        CONTEXT_WALK_STEADY,  CONTEXT_STAIRS,   CONTEXT_RUN, CONTEXT_WHEELS};
    static const struct {
        enum context_flag flag;
        enum context context;
    } order[] = {{CONTEXT_FLAG_CALL, CONTEXT_CALL},
                 {CONTEXT_FLAG_CARRY, CONTEXT_CARRY},
                 {CONTEXT_FLAG_HANDS_FIXED, CONTEXT_HANDS_FIXED},
                 {CONTEXT_FLAG_SLOPE, CONTEXT_SLOPE},
                 {CONTEXT_FLAG_TREADMILL, CONTEXT_TREADMILL}};
    for (size_t i = 0; i < sizeof gaits / sizeof gaits[0]; i++) {
        for (unsigned flags = 0; flags < 32; flags++) {
            struct person person;
            into_gait(&person, gaits[i]);
            with_flags(&person, flags);
            do_gait(&person, gaits[i]);
            assert_int_equal(person.now.gait, gaits[i]);
            bool walks = gaits[i] == CONTEXT_WALK || gaits[i] == CONTEXT_WALK_STEADY;
            enum context expected = gaits[i];
            for (int at = 4; at >= 0 && (walks || gaits[i] == CONTEXT_IDLE_UNKNOWN); at--) {
                expected = (person.now.flags & order[at].flag) != 0 ? order[at].context : expected;
            }
            assert_int_equal(person.now.context, expected);
            if (walks) { /* a tilted belt is a belt */
                unsigned belt = (flags & CONTEXT_FLAG_SLOPE) != 0 ? CONTEXT_FLAG_TREADMILL : 0;
                assert_int_equal(person.now.flags, flags | belt);
            }
        }
    }
}

static void test_an_older_input_is_refused_and_leaves_every_bit(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 40);
    struct context_state before = person.state;
    struct context_now now, before_now;
    memset(&now, 0x5a, sizeof now);
    memcpy(&before_now, &now, sizeof now);
    struct context_input input = person.sense;
    input.at_ns = person.state.now_ns - 1;
    input.stride = person.stride;
    input.stride.present = true;
    assert_false(context_update(&person.state, &input, &now));
    assert_memory_equal(&person.state, &before, sizeof before);
    assert_memory_equal(&now, &before_now, sizeof now);
}

static void test_seconds_add_up_and_a_silent_pipeline_is_unknown_time(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 100);
    person_wait(&person, 30);
    double sum = 0;
    for (int i = 0; i < CONTEXT_COUNT; i++) {
        sum += person.seconds[i];
    }
    assert_true(fabs(sum - (double)person.state.now_ns / 1e9) < 0.01);
    struct context_input input = person.sense;
    input.at_ns = person.state.now_ns + 600 * fixture_second_ns;
    input.since_step_s = 600;
    assert_true(context_update(&person.state, &input, &person.now));
    assert_int_equal(person.now.passed_context, CONTEXT_IDLE_UNKNOWN);
    assert_true(person.now.passed_s == 600);
}

static void test_more_looks_between_change_nothing_at_the_seconds(void **unused)
{
    (void)unused;
    struct person once, often;
    person_init(&once);
    person_init(&often);
    for (int i = 0; i < 400; i++) {
        bool walks = i % 100 < 60;
        person_walk(&once, walks ? 1 : 0);
        person_wait(&once, walks ? 0 : 0.5);
        person_walk(&often, walks ? 1 : 0);
        person_wait(&often, walks ? 0 : 0.5);
        struct context_input input = often.sense; /* a look at the same moment, once more */
        input.at_ns = often.state.now_ns;
        input.since_step_s = (float)((double)(input.at_ns - often.step_ns) / 1e9);
        struct context_now now;
        assert_true(context_update(&often.state, &input, &now));
        assert_int_equal(once.now.context, now.context);
        assert_int_equal(once.now.since_ns, now.since_ns);
        assert_int_equal(once.now.flags, now.flags);
    }
}

static void test_a_checkpoint_is_its_bytes(void **unused)
{
    (void)unused;
    struct person person, copy;
    memset(&copy, 0xa5, sizeof copy);
    person_init(&person);
    person_walk(&person, 33);
    memcpy(&copy, &person, sizeof copy);
    person_walk(&person, 200);
    person_walk(&copy, 200);
    assert_memory_equal(&person.state, &copy.state, sizeof copy.state);
    assert_memory_equal(&person.now, &copy.now, sizeof copy.now);
}

/* ---- anything ---- */

static float any_float(uint64_t *random)
{
    static const float odd[] = {NAN,  INFINITY, -INFINITY, 0,  -1,  1e30F, -1e30F, 0.03F,
                                0.5F, 1,        10,        45, 100, 0.05F, 0.8F,   1e-30F};
    return odd[next_word(random) % 16] * (next_word(random) % 4 == 0 ? 0.37F : 1);
}

static void any_input(struct context_input *input, uint64_t *random)
{
    float *const floats[] = {&input->stride.stride_s,       &input->stride.double_support_pct,
                             &input->stride.flight_s,       &input->stride.peak_bw,
                             &input->path.height_m,         &input->path.length_m,
                             &input->path.turn_deg,         &input->feet[0].load_share,
                             &input->feet[0].unloaded_s,    &input->feet[0].still_s,
                             &input->feet[1].load_share,    &input->feet[1].unloaded_s,
                             &input->feet[1].still_s,       &input->arms[0].swing_deg,
                             &input->arms[0].viewing_share, &input->arms[0].pitch_deg,
                             &input->arms[1].swing_deg,     &input->arms[1].viewing_share,
                             &input->arms[1].pitch_deg,     &input->belt.speed_mps,
                             &input->belt.incline,          &input->since_step_s,
                             &input->si_load_pct,           &input->si_stance_pct,
                             &input->si_step_pct,           &input->forefoot_shift};
    for (size_t i = 0; i < sizeof floats / sizeof floats[0]; i++) {
        *floats[i] = any_float(random);
    }
    bool *const bools[] = {&input->stride.present,   &input->stride.walking, &input->stride.steady,
                           &input->stride.after_gap, &input->path.present,   &input->feet[0].fresh,
                           &input->feet[1].fresh,    &input->arms[0].fresh,  &input->arms[1].fresh,
                           &input->belt.fresh};
    for (size_t i = 0; i < sizeof bools / sizeof bools[0]; i++) {
        *bools[i] = next_word(random) % 4 != 0;
    }
    input->stride.foot = (uint8_t)(next_word(random) % FEET);
    input->path.foot = (uint8_t)(next_word(random) % FEET);
    input->stride.forefoot_first = (int8_t)((int)(next_word(random) % 3) - 1);
    for (int i = 0; i < CONTEXT_ARMS; i++) {
        input->arms[i].hands_fixed = (uint8_t)(next_word(random) % 3);
        input->arms[i].call = (uint8_t)(next_word(random) % 3);
        input->arms[i].walking = (uint8_t)(next_word(random) % 3);
    }
    input->belt.rail = (int8_t)((int)(next_word(random) % 3) - 1);
    input->wheelchair = next_word(random) % 64 == 0;
}

/* What is said needs somebody who could have said it. */
static void check_known(const struct context_input *input, const struct context_now *now)
{
    bool left = input->feet[0].fresh, right = input->feet[1].fresh, belt = input->belt.fresh;
    bool arm = input->arms[0].fresh || input->arms[1].fresh;
    bool known[CONTEXT_COUNT];
    for (int i = 0; i < CONTEXT_COUNT; i++) {
        known[i] = left || right;
    }
    known[CONTEXT_IDLE_UNKNOWN] = true;
    known[CONTEXT_WHEELS] = input->wheelchair;
    known[CONTEXT_OFF_FEET] = known[CONTEXT_SIT] = known[CONTEXT_STAND] = left && right;
    known[CONTEXT_WALK] = known[CONTEXT_WALK_STEADY] = left || right || arm;
    assert_true(known[now->gait]);
    const bool flags[CONTEXT_FLAGS] = {
        belt, belt || left || right,  belt || (arm && (left || right)),
        arm,  arm && (left && right), arm,
        belt};
    for (int i = 0; i < CONTEXT_FLAGS; i++) {
        assert_true(flags[i] || (now->flags >> i & 1) == 0);
    }
    assert_true(now->context == now->gait || now->flags != 0);
    assert_true(now->dropped == 0 || now->gait == CONTEXT_WALK_STEADY);
    assert_true(now->since_ns <= input->at_ns && now->gait_since_ns <= input->at_ns);
    assert_true(now->why != CONTEXT_WHY_NOTHING || now->context == CONTEXT_IDLE_UNKNOWN);
}

static void test_anything_may_come_in_and_unknown_makes_nothing_true(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct context_state state, again;
        memset(&state, 0xff, sizeof state);
        context_init(&state);
        context_init(&again);
        uint64_t random = seed;
        int64_t at_ns = (int64_t)(seed - 20) * 1000000000000;
        for (int i = 0; i < 5000; i++) {
            struct context_input input;
            struct context_now now, same;
            context_input_init(&input, 0);
            any_input(&input, &random);
            at_ns += (int64_t)(next_word(&random) % (i % 50 == 0 ? 9000000000 : 700000000));
            input.at_ns = at_ns;
            assert_true(context_update(&state, &input, &now));
            assert_true(context_update(&again, &input, &same));
            assert_memory_equal(&now, &same, sizeof now);
            assert_true(now.context < CONTEXT_COUNT && now.gait < CONTEXT_COUNT);
            check_known(&input, &now);
        }
        assert_memory_equal(&state, &again, sizeof state);
    }
}

static void test_every_context_has_a_name_of_its_own(void **unused)
{
    (void)unused;
    assert_string_equal(context_name(CONTEXT_IDLE_UNKNOWN), "idle_unknown");
    assert_string_equal(context_name(CONTEXT_WHEELS), "wheels");
    for (int i = 0; i < CONTEXT_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(context_name((enum context)i), context_name((enum context)j));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_precedence_of_all_gaits_with_all_flags),
        cmocka_unit_test(test_an_older_input_is_refused_and_leaves_every_bit),
        cmocka_unit_test(test_seconds_add_up_and_a_silent_pipeline_is_unknown_time),
        cmocka_unit_test(test_more_looks_between_change_nothing_at_the_seconds),
        cmocka_unit_test(test_a_checkpoint_is_its_bytes),
        cmocka_unit_test(test_anything_may_come_in_and_unknown_makes_nothing_true),
        cmocka_unit_test(test_every_context_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
