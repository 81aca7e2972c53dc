/* S01's machine: every phase with every input, and what each deadline does. */
#include "safety_fixture.h"

static void begin(struct world *world)
{
    world_begin(world);
    world->now.at_ns = 1000 * S;
    world->now.wrist_still_s = 20;
}

static void told(struct world *world, enum wrist_event_kind kind, bool late)
{
    const struct wrist_event event = {
        .kind = (uint8_t)kind,
        .late = late,
        .at_session_ns = 990 * S,
        .fall = {.impact_g = 4.5F, .free_fall_ms = 200, .turned = true}};
    world->out = (struct safety_out){0};
    safety_wrist(&world->state, &world->now, &event, &world->out);
}

static void look_at(struct world *world, int64_t at_ns)
{
    world->out = (struct safety_out){0};
    world->now.at_ns = at_ns;
    safety_look(&world->state, &world->now, &world->out);
}

static void asked(struct world *world)
{
    begin(world);
    told(world, WRIST_FALL_SUSPECT, false);
    told(world, WRIST_FALL_STILL, false);
    assert_int_equal(world->state.fall.phase, S01_ASKED);
    assert_int_equal(world->out.found.n, 1);
    assert_int_equal(world->out.found.items[0].text, TEXT_S01_ASK);
    assert_true(world->out.found.items[0].value == 4.5F);
    assert_true(world->out.found.items[0].threshold == 3); /* after free fall */
}

static void press(struct world *world, Stride__V1__Button button, const char *question,
                  Stride__V1__Answer answer)
{
    struct wire_report report;
    memset(&report, 0, sizeof(report));
    report.button = button;
    report.answer = answer;
    memcpy(report.question, question, strlen(question) + 1);
    world->out = (struct safety_out){0};
    safety_report(&world->state, &world->now, &report, &world->out);
}

static bool alarmed(const struct world *world)
{
    for (int i = 0; i < world->out.found.n; i++) {
        const struct finding *finding = &world->out.found.items[i];
        if (finding->severity == STRIDE__V1__SEVERITY__SEVERITY_RED)
            return finding->rule == RULE_S01 && finding->at_ns == 990 * S && world->out.fell &&
                   isnan(finding->baseline); /* a fall has no usual, not a usual of 0 */
    }
    return false;
}

/* Who was asked is told to nobody without a deadline, a call for help or an answer no; an alarm
 * never goes back to asking; help is an alarm whenever the wearer was asked. */
static void every_phase_takes_every_input_and_no_alarm_is_lost(void **unused)
{
    (void)unused;
    for (unsigned from = 0; from < S01_PHASES; from++) {
        for (unsigned input = 0; input < S01_INPUTS; input++) {
            enum s01_phase to = s01_next((enum s01_phase)from, (enum s01_input)input);
            assert_true(to < S01_PHASES);
            bool due = input == S01_INPUT_DUE_STILL || input == S01_INPUT_DUE_MOVING;
            if (to == S01_ALARMED && from != S01_ALARMED)
                assert_true(from >= S01_HEARD_LATE && (due || input == S01_INPUT_HELP));
            if (from == S01_ALARMED)
                assert_true(to == S01_ALARMED || to == S01_QUIET);
            if (input == S01_INPUT_HELP && from >= S01_HEARD_LATE)
                assert_int_equal(to, S01_ALARMED);
            if (input == S01_INPUT_FINE)
                assert_int_equal(to, S01_QUIET);
            if (input == S01_INPUT_STEPS)
                assert_int_equal(to, from == S01_ALARMED ? S01_ALARMED : S01_QUIET);
            if (from == S01_QUIET)
                assert_true(to == S01_QUIET || input == S01_INPUT_SUSPECT);
        }
    }
}

static void silence_and_stillness_alarm_after_thirty_seconds(void **unused)
{
    (void)unused;
    static struct world world;
    asked(&world);
    assert_true(safety_deadline_ns(&world.state) == 1030 * S);
    look_at(&world, 1030 * S - 1);
    assert_false(alarmed(&world));
    look_at(&world, 1030 * S);
    assert_true(alarmed(&world));
    assert_true(safety_deadline_ns(&world.state) > 1030 * S);
}

static void who_moves_is_asked_again_and_alarmed_after_ninety(void **unused)
{
    (void)unused;
    static struct world world;
    asked(&world);
    world.now.wrist_still_s = 3;
    look_at(&world, 1030 * S);
    assert_false(alarmed(&world));
    assert_int_equal(world.out.found.items[0].text, TEXT_S01_ASK);
    assert_true(safety_deadline_ns(&world.state) == 1090 * S);
    look_at(&world, 1090 * S);
    assert_true(alarmed(&world));
}

static void nobody_who_can_tell_counts_as_still(void **unused)
{
    (void)unused;
    static struct world world;
    asked(&world);
    world.now.wrist_still_s = NAN;
    look_at(&world, 1030 * S);
    assert_true(alarmed(&world));
}

static void ok_and_yes_cancel_help_and_no_alarm(void **unused)
{
    (void)unused;
    static struct world world;
    asked(&world);
    press(&world, STRIDE__V1__BUTTON__BUTTON_OK, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_int_equal(world.state.fall.phase, S01_QUIET);
    assert_true(world.out.recovered);
    assert_true(safety_deadline_ns(&world.state) == INT64_MAX);
    asked(&world);
    press(&world, STRIDE__V1__BUTTON__BUTTON_UNKNOWN, "s01_ask", STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_equal(world.state.fall.phase, S01_QUIET);
    asked(&world);
    press(&world, STRIDE__V1__BUTTON__BUTTON_UNKNOWN, "s01_ask", STRIDE__V1__ANSWER__ANSWER_NO);
    assert_true(alarmed(&world));
    assert_true(world.out.found.items[0].reply); /* "no answer" would not be true */
    asked(&world);
    look_at(&world, 1030 * S);
    assert_true(alarmed(&world));
    assert_false(world.out.found.items[0].reply);
    assert_false(world.out.wants);
    press(&world, STRIDE__V1__BUTTON__BUTTON_UNKNOWN, "s01_ask", STRIDE__V1__ANSWER__ANSWER_NO);
    assert_true(world.out.wants && world.out.found.n == 0); /* late, but an answer */
    asked(&world);
    press(&world, STRIDE__V1__BUTTON__BUTTON_HELP, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_true(alarmed(&world));
    asked(&world);
    press(&world, STRIDE__V1__BUTTON__BUTTON_UNKNOWN, "p01_nrs", STRIDE__V1__ANSWER__ANSWER_NO);
    assert_int_equal(world.state.fall.phase, S01_ASKED);
}

static void four_loaded_steps_cancel_and_three_do_not(void **unused)
{
    (void)unused;
    static struct world world;
    asked(&world);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(world.state.fall.phase, S01_ASKED);
        world.now.feet[FOOT_LEFT].load_share = world.now.feet[FOOT_RIGHT].load_share = 0.5F;
        safety_step(&world.state, &world.now, (1005 + i) * S, &world.out);
    }
    assert_int_equal(world.state.fall.phase, S01_QUIET);
    asked(&world);
    world.now.feet[FOOT_LEFT].load_share = world.now.feet[FOOT_RIGHT].load_share = 0.1F;
    for (int i = 0; i < 9; i++)
        safety_step(&world.state, &world.now, (1005 + i) * S, &world.out);
    assert_int_equal(world.state.fall.phase, S01_ASKED);
}

/* A hand that pushes, or drags its wearer over the floor, makes no steps. */
static void the_hands_of_a_wheelchair_user_cancel(void **unused)
{
    (void)unused;
    for (int wheels = 0; wheels < 2; wheels++) {
        static struct world world;
        asked(&world);
        world.profile.wheelchair = wheels;
        for (int i = 0; i < 6; i++)
            safety_step(&world.state, &world.now, 1001 * S + i * S / 2, &world.out);
        assert_int_equal(world.state.fall.phase, wheels ? S01_ASKED : S01_QUIET);
    }
}

/* What came after it may follow in the same rush of frames (scenario 53). */
static void a_fall_told_late_waits_before_it_asks(void **unused)
{
    (void)unused;
    static struct world world;
    begin(&world);
    told(&world, WRIST_FALL_SUSPECT, true);
    told(&world, WRIST_FALL_STILL, true);
    assert_int_equal(world.out.found.n, 0);
    look_at(&world, 1005 * S);
    assert_int_equal(world.out.found.items[0].text, TEXT_S01_ASK);
}

static void feet_that_bear_weight_or_a_bare_wrist_refuse_a_fall(void **unused)
{
    (void)unused;
    static struct world world;
    begin(&world);
    world.now.feet[FOOT_LEFT].load_share = world.now.feet[FOOT_RIGHT].load_share = 0.15F;
    told(&world, WRIST_FALL_SUSPECT, false);
    told(&world, WRIST_FALL_STILL, false);
    assert_int_equal(world.state.fall.phase, S01_QUIET);
    begin(&world);
    world.now.dropped = true;
    told(&world, WRIST_FALL_SUSPECT, false);
    assert_int_equal(world.state.fall.phase, S01_QUIET);
}

static void a_wrist_alone_never_stops_a_belt(void **unused)
{
    (void)unused;
    static struct world world;
    begin(&world);
    world.signals.belt_mps = 1.0F;
    world.signals.fall = FALL_SUSPECT;
    told(&world, WRIST_FALL_SUSPECT, false);
    for (int i = 0; i < 6; i++) {
        look_at(&world, (1000 + i * 5) * S);
        assert_int_equal(world.out.belts_n, 1);
        assert_int_equal(world.out.belts[0].kind, STRIDE__V1__REQUEST_KIND__REQUEST_SLOW);
        assert_true(world.out.belts[0].slow_by_mps <= 0.139F);
        look_at(&world, (1000 + i * 5) * S + S);
        assert_int_equal(world.out.belts_n, 0);
    }
}

static unsigned asked_of_belt(const struct world *world)
{
    unsigned kinds = 0;
    for (int i = 0; i < world->out.belts_n; i++)
        kinds |= 1U << world->out.belts[i].kind;
    return kinds;
}

/* S01: "or the rail/safety-key status confirms it". The wrist alone slows, the key alone does
 * nothing.
 */
static void a_key_pulled_in_a_fall_only_slows_a_belt_that_runs_on(void **unused)
{
    (void)unused;
    static struct world world;
    const struct {
        bool wrist, pulled;
        float ago_s; /* at second 996; the impact was at 990 */
        unsigned wanted;
    } cases[] = {{true, false, 0, 1U << STRIDE__V1__REQUEST_KIND__REQUEST_SLOW},
                 {true, true, 5, 1U << STRIDE__V1__REQUEST_KIND__REQUEST_STOP},
                 {true, true, 8.5F, 1U << STRIDE__V1__REQUEST_KIND__REQUEST_STOP},
                 {true, true, 10, 1U << STRIDE__V1__REQUEST_KIND__REQUEST_SLOW},
                 {false, true, 5, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(&world);
        world.signals.belt_mps = 1;
        world.now.at_ns = 995 * S;
        if (cases[i].wrist)
            told(&world, WRIST_FALL_SUSPECT, false);
        world.signals.key_pulled = cases[i].pulled;
        world.signals.key_pulled_s = cases[i].ago_s;
        look_at(&world, 996 * S);
        assert_int_equal(asked_of_belt(&world), cases[i].wanted);
        world.signals.key_pulled_s += 1;
        look_at(&world, 997 * S); /* once */
        assert_int_equal(asked_of_belt(&world) & 1U << STRIDE__V1__REQUEST_KIND__REQUEST_STOP, 0);
    }
    /* The impact is felt 5 s before it is a suspicion. */
    begin(&world);
    world.signals.belt_mps = 1;
    world.signals.fall = FALL_IMPACT;
    world.signals.key_pulled = true;
    world.signals.key_pulled_s = 1;
    look_at(&world, 996 * S);
    assert_int_equal(asked_of_belt(&world), 1U << STRIDE__V1__REQUEST_KIND__REQUEST_STOP);
}

/* Both insoles are worn; the wrist felt the fall, and the wearer is asked. */
static void fell_on_a_belt(struct world *world, float load_share)
{
    begin(world);
    world->now.devices |= COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE;
    for (int foot = 0; foot < FEET; foot++)
        world->now.feet[foot].load_share = load_share;
    world->signals.belt_mps = 1;
    world->signals.fall = FALL_STILL;
    world->state.fall.tilted = true;
    told(world, WRIST_FALL_SUSPECT, false);
    told(world, WRIST_FALL_STILL, false);
    assert_int_equal(world->state.fall.phase, S01_ASKED);
}

/* A request that was lost, or a foot that is wedged and bears something: no belt runs on under who
 * fell. Whoever is up again is left alone. */
static void a_belt_runs_on_under_who_fell(void **unused)
{
    (void)unused;
    static const unsigned stop = 1U << STRIDE__V1__REQUEST_KIND__REQUEST_STOP,
                          slow = 1U << STRIDE__V1__REQUEST_KIND__REQUEST_SLOW;
    for (int loaded = 0; loaded < 2; loaded++) {
        static struct world world;
        const unsigned wanted = loaded ? slow : stop;
        fell_on_a_belt(&world, loaded ? 0.3F : 0.02F);
        for (int i = 0; i < 4; i++) {
            look_at(&world, (1001 + i * 5) * S);
            assert_int_equal(asked_of_belt(&world), wanted);
            look_at(&world, (1003 + i * 5) * S);
            assert_int_equal(asked_of_belt(&world), 0);
        }
        world.signals.belt_mps = 0;
        look_at(&world, 1021 * S);
        assert_int_equal(asked_of_belt(&world), 0);
        assert_true(safety_deadline_ns(&world.state) == 1030 * S);
        world.signals.belt_mps = 1; /* somebody started it */
        look_at(&world, 1022 * S);
        assert_int_equal(asked_of_belt(&world), wanted);
        press(&world, STRIDE__V1__BUTTON__BUTTON_OK, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
        for (int foot = 0; foot < FEET; foot++)
            world.now.feet[foot].load_share = 0.5F;
        look_at(&world, 1028 * S);
        assert_int_equal(asked_of_belt(&world), 0);
    }
}

/* A foot touched something for a moment, and the request to stop was lost before anybody was asked.
 */
static void a_belt_runs_on_under_who_is_in_the_air_again(void **unused)
{
    (void)unused;
    static const unsigned stop = 1U << STRIDE__V1__REQUEST_KIND__REQUEST_STOP;
    static const float load_share[] = {0.02F, 0.3F, 0.02F};
    static struct world world;
    begin(&world);
    world.now.devices |= COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE;
    for (int foot = 0; foot < FEET; foot++)
        world.now.feet[foot].load_share = load_share[0];
    world.signals.belt_mps = 1;
    told(&world, WRIST_FALL_SUSPECT, false);
    for (int i = 0; i < 3; i++) {
        for (int foot = 0; foot < FEET; foot++)
            world.now.feet[foot].load_share = load_share[i];
        look_at(&world, (1001 + 6 * i) * S);
        assert_int_equal(world.state.fall.phase, S01_SUSPECTED);
        assert_int_equal(asked_of_belt(&world), i == 1 ? 0 : stop);
    }
}

static void an_answer_that_waited_for_the_hub_is_heard_before_the_alarm(void **unused)
{
    (void)unused;
    static struct world world;
    asked(&world);
    safety_hub_started(&world.state, 1100 * S);
    assert_true(safety_deadline_ns(&world.state) > 1100 * S);
    look_at(&world, 1101 * S);
    assert_false(alarmed(&world));
    look_at(&world, safety_deadline_ns(&world.state));
    assert_true(alarmed(&world));
}

/* A hub that falls over again and again does not put the alarm off for ever. */
static void a_hub_that_keeps_starting_waits_for_an_answer_once(void **unused)
{
    (void)unused;
    static struct world world;
    asked(&world);
    safety_hub_started(&world.state, 1100 * S);
    const int64_t due_ns = safety_deadline_ns(&world.state);
    for (int64_t at_s = 1101; at_s < 1104; at_s++)
        safety_hub_started(&world.state, at_s * S);
    assert_true(safety_deadline_ns(&world.state) == due_ns);
    safety_hub_started(&world.state, 1200 * S); /* off for longer: it is overdue by then */
    assert_true(safety_deadline_ns(&world.state) == due_ns);
    look_at(&world, 1200 * S);
    assert_true(alarmed(&world));
}

/* An OK that waited in a device: of before the impact it says nothing of the fall, a call for help
 * is heard all the same; of after it, it is the answer. */
static void an_ok_of_before_the_fall_takes_it_back(void **unused)
{
    (void)unused;
    struct world world;
    asked(&world); /* fell at 990 s, it is 1000 s */
    world.now.said_ago_ns = 11 * S;
    press(&world, STRIDE__V1__BUTTON__BUTTON_OK, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    press(&world, STRIDE__V1__BUTTON__BUTTON_UNKNOWN, "s01_ask", STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_equal(world.state.fall.phase, S01_ASKED);
    world.now.said_ago_ns = 9 * S;
    press(&world, STRIDE__V1__BUTTON__BUTTON_OK, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_int_equal(world.state.fall.phase, S01_QUIET);
    asked(&world);
    world.now.said_ago_ns = 11 * S;
    press(&world, STRIDE__V1__BUTTON__BUTTON_HELP, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_int_equal(world.state.fall.phase, S01_ALARMED);
}

/* Asked whether all is well: what was pressed while the wearer still walked, or by somebody else,
 * is no answer. */
static void a_press_of_before_the_stillness_answers_it(void **unused)
{
    (void)unused;
    struct world world;
    begin(&world);
    world.state.still_due_ns = 1060 * S;
    world.now.since_step_s = 130;
    world.now.said_ago_ns = 131 * S;
    press(&world, STRIDE__V1__BUTTON__BUTTON_OK, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    world.now.said_ago_ns = 0;
    world.now.by_other = true;
    press(&world, STRIDE__V1__BUTTON__BUTTON_PAUSE, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_true(world.state.still_due_ns == 1060 * S);
    world.now.by_other = false;
    world.now.said_ago_ns = 129 * S;
    press(&world, STRIDE__V1__BUTTON__BUTTON_OK, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_true(world.state.still_due_ns == INT64_MAX);
}

/* Asked after 120 s without motion: only motion or an answer ends the wait. What falls silent
 * meanwhile tells of neither. */
static void what_falls_silent_answers_for_who_lies_still(void **unused)
{
    (void)unused;
    static const struct {
        float wrist_s;
        unsigned silent;
        bool told;
    } cases[] = {
        {NAN, COVERAGE_WRIST, true},
        {140, COVERAGE_LEFT_INSOLE, true},
        {2, COVERAGE_LEFT_INSOLE, false},
        {2, 0, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world world;
        begin(&world);
        world.profile.lone_walker = world.now.session_open = true;
        world.now.wrist_still_s = world.now.worn_still_s = world.now.since_step_s = 120;
        world.out = (struct safety_out){0};
        safety_second(&world.state, &world.now, &world.out);
        assert_int_equal(world.out.found.n, 1);
        assert_int_equal(world.out.found.items[0].text, TEXT_S03_OK);
        world.now.at_ns += 20 * S;
        world.now.wrist_still_s = world.now.worn_still_s = cases[i].wrist_s;
        world.now.silent = cases[i].silent;
        world.now.devices = COVERAGE_WRIST & ~cases[i].silent;
        safety_second(&world.state, &world.now, &world.out);
        look_at(&world, 1060 * S);
        assert_int_equal(world.out.found.n, cases[i].told);
        if (cases[i].told)
            assert_int_equal(world.out.found.items[0].urgency, URGENCY_URGENT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_phase_takes_every_input_and_no_alarm_is_lost),
        cmocka_unit_test(silence_and_stillness_alarm_after_thirty_seconds),
        cmocka_unit_test(who_moves_is_asked_again_and_alarmed_after_ninety),
        cmocka_unit_test(nobody_who_can_tell_counts_as_still),
        cmocka_unit_test(ok_and_yes_cancel_help_and_no_alarm),
        cmocka_unit_test(four_loaded_steps_cancel_and_three_do_not),
        cmocka_unit_test(the_hands_of_a_wheelchair_user_cancel),
        cmocka_unit_test(a_fall_told_late_waits_before_it_asks),
        cmocka_unit_test(feet_that_bear_weight_or_a_bare_wrist_refuse_a_fall),
        cmocka_unit_test(a_wrist_alone_never_stops_a_belt),
        cmocka_unit_test(a_key_pulled_in_a_fall_only_slows_a_belt_that_runs_on),
        cmocka_unit_test(a_belt_runs_on_under_who_fell),
        cmocka_unit_test(a_belt_runs_on_under_who_is_in_the_air_again),
        cmocka_unit_test(an_answer_that_waited_for_the_hub_is_heard_before_the_alarm),
        cmocka_unit_test(a_hub_that_keeps_starting_waits_for_an_answer_once),
        cmocka_unit_test(an_ok_of_before_the_fall_takes_it_back),
        cmocka_unit_test(a_press_of_before_the_stillness_answers_it),
        cmocka_unit_test(what_falls_silent_answers_for_who_lies_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
