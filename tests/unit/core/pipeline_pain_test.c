/* Pain through the whole core: scenarios of rule book 7 as journals of inputs, what has to be said
 * and what must not. */
#include "tests/unit/core/pipeline_pain_fixture.h"

#define STOP STRIDE__V1__SEVERITY__SEVERITY_STOP
#define CAUTION STRIDE__V1__SEVERITY__SEVERITY_CAUTION
#define RED STRIDE__V1__SEVERITY__SEVERITY_RED
#define COACH STRIDE__V1__SEVERITY__SEVERITY_COACH
#define INFO STRIDE__V1__SEVERITY__SEVERITY_INFO

static void pain_to_the_thigh_does_not_stop_the_walk(void **unused)
{
    (void)unused; /* 24 */
    struct home *home = walking(home_new(), PAIN(3, PLACE(BACK)));
    home_walk(home, 420);
    home_say(home, PAIN(3, PLACE(THIGH), SIDE(LEFT)));
    const struct said *stop = home_prompt(home, TEXT_P02_STOP);
    assert_non_null(stop);
    assert_true(stop->at_s == 420 && stop->severity == STOP);
    assert_false(home->state.session.open);
    assert_int_equal(home->state.session.end_reason, END_PAIN_STOP);
    assert_null(home_notice(home, "c1"));
    home_walk(home, 500); /* steps that follow open no walk */
    assert_false(home->state.session.open);
    for (enum rule rule = RULE_R03; rule <= RULE_R12; rule++)
        assert_int_equal(home_rule_n(home, rule, COACH), 0);
    home_end(home);
}

static void a_belt_slows_down_unasked_or_faster_than_allowed(void **unused)
{
    (void)unused; /* 24, on a treadmill */
    struct home *home = home_new();
    home->belt = true;
    home->belt_cm = 110;
    walking(home, PAIN(3, PLACE(BACK)));
    home_walk(home, 420);
    home_say(home, PAIN(3, PLACE(THIGH), SIDE(LEFT)));
    assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_TEXT), 1);
    home_walk(home, 430);
    assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_SLOW), 0);
    home_say(home, SAYS(BUTTON(OK)));
    assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_SLOW), 1);
    double slowed_s = home->said[home->said_n - 1].at_s;
    for (int i = 0; i < 7; i++) {
        home->belt_cm -= 14;
        home_walk(home, slowed_s + 5 * (i + 1));
    }
    assert_in_range(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_SLOW), 6, 7);
    home->belt_cm = 0;
    home_walk(home, 500);
    assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_STOP), 1);
    home_end(home);
}

static void a_belt_is_slowed_without_the_wearers_word(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home->belt = true;
    home->belt_cm = 110;
    walking(home, PAIN(3, PLACE(BACK)));
    home_walk(home, 420);
    home_say(home, PAIN(3, PLACE(THIGH), SIDE(LEFT)));
    home_walk(home, 481);
    home_say(home, SAYS(BUTTON(OK))); /* too late: the offer is over */
    home_walk(home, 490);
    assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_SLOW), 0);
    assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_STOP), 0);
    home_end(home);
}

static void pain_that_moves_back_is_not_praised(void **unused)
{
    (void)unused; /* 25 */
    struct home *home = walking(home_new(), PAIN(3, PLACE(CALF), SIDE(LEFT)));
    home_walk(home, 420);
    home_say(home, PAIN(4, PLACE(BACK)));
    assert_int_equal(home_texts_n(home, TEXT_P02_GOOD), 1);
    assert_true(home->state.session.open);
    assert_true(home->state.pain.record.centralising);
    home_walk(home, 440);
    assert_int_equal(home_rule_n(home, RULE_P02, CAUTION), 0);
    assert_int_equal(home_rule_n(home, RULE_P03, COACH), 0);
    home_end(home);
}

static void pain_that_rises_by_two_is_not_amber(void **unused)
{
    (void)unused; /* 26, asked at 10 min */
    struct home *home = walking(home_new(), PAIN(2, PLACE(BACK)));
    home_walk(home, 660);
    assert_int_equal(home_asked_n(home, QUESTION_NRS), 2);
    assert_true(home_asks(home, QUESTION_NRS));
    home_say(home, PAIN(4, PLACE(BACK)));
    const struct said *amber = home_prompt(home, TEXT_P03_AMBER);
    assert_non_null(amber);
    assert_true(amber->at_s == 660);
    home_walk(home, 670);
    assert_true(home->state.session.open);
    assert_true(pain_effects(&home->state.pain).amber);
    assert_int_equal(home_rule_n(home, RULE_P03, STOP), 0);
    home_end(home);
}

static void red_pain_does_not_stop_the_walk(void **unused)
{
    (void)unused; /* 27 */
    struct home *home = walking(home_new(), PAIN(3, PLACE(BACK)));
    home_walk(home, 300);
    home_say(home, PAIN(6, PLACE(BACK)));
    const struct said *red = home_prompt(home, TEXT_P03_RED);
    assert_non_null(red);
    assert_true(red->at_s == 300 && red->severity == STOP);
    assert_false(home->state.session.open);
    assert_int_equal(home->state.session.end_reason, END_PAIN_STOP);
    home_end(home);
}

static bool puts_record_anew(const struct home *home)
{
    bool anew = false;
    for (int i = 0; i < home->effects.n; i++) {
        const struct effect *effect = &home->effects.items[i];
        anew |= effect->kind == EFFECT_SESSION && effect->session.change == SESSION_UPDATED;
    }
    return anew;
}

static const struct session_alert *record_of(const struct home *home, enum rule rule)
{
    const struct session *session = &home->state.session;
    for (int i = 0; i < session->alerts_n; i++) {
        if (session->alerts[i].rule == rule && session->alerts[i].severity == STOP)
            return &session->alerts[i];
    }
    fail_msg("no STOP of %s in the record", rule_name(rule));
    return NULL;
}

/* 5.3: one prompt at a time, STOP until it is read: pain that is strong and moved down are two. */
static void the_second_stop_of_a_moment_is_never_seen_or_recorded_as_held_back(void **unused)
{
    (void)unused;
    struct home *home = walking(home_new(), PAIN(3, PLACE(BACK)));
    home_walk(home, 420);
    home_say(home, PAIN(8, PLACE(CALF), SIDE(LEFT)));
    const struct said *red = home_prompt(home, TEXT_P03_RED);
    assert_non_null(red);
    assert_null(home_prompt(home, TEXT_P02_STOP)); /* until the first was read */
    assert_false(home->state.session.open);
    assert_int_equal(record_of(home, RULE_P02)->suppression, SUPPRESSED_GAP);
    home_wait(home, 426);
    const struct said *stop = home_prompt(home, TEXT_P02_STOP);
    assert_non_null(stop);
    assert_true(fabs(stop->at_s - red->at_s - 5) < 1e-6);
    assert_int_equal(record_of(home, RULE_P02)->suppression, SUPPRESSED_NOT);
    assert_true((record_of(home, RULE_P02)->channels & CHANNEL_WRIST) != 0);
    assert_true(puts_record_anew(home));
    home_wait(home, 440); /* both wait for OK, and are said again */
    assert_false(puts_record_anew(home));
    home_end(home);
}

static void a_warm_ache_is_not_reassured_once(void **unused)
{
    (void)unused; /* 28 */
    struct home *home = walking(home_new(), PAIN(2, PLACE(BACK)));
    home_walk(home, 300);
    home_say(home, PAIN(3, PLACE(BACK), QUALITY(WARM)));
    home_walk(home, 400);
    home_say(home, PAIN(3, PLACE(BACK), QUALITY(TIRED)));
    home_walk(home, 440);
    assert_int_equal(home_texts_n(home, TEXT_P04_ACHE), 1);
    assert_int_equal(home_rule_n(home, RULE_P03, COACH), 0);
    home_end(home);
}

/* 29: 74 years, known for months. */
static struct home *old_walker(void)
{
    struct home *home = home_new();
    home->config.birth_year = 1952;
    memcpy(home->config.flags[home->config.flags_n++], "stenosis", 9);
    home->belt = true;
    home->belt_cm = 100;
    return home;
}

static void heavy_legs_that_ease_are_no_pattern(void **unused)
{
    (void)unused; /* 29 */
    struct home *home = walking(old_walker(), PAIN(1, PLACE(BACK)));
    home_walk(home, 300);
    home->belt_cm = 80;
    home_walk(home, 360);
    home_say(home, SAYS(HEAVY, LEG(BOTH)));
    assert_non_null(home_prompt(home, TEXT_T1_REST));
    assert_true(home_prompt(home, TEXT_T1_REST)->at_s == 360);
    home->belt_cm = 0;
    home_stand(home, 366);
    assert_true(home_asks(home, QUESTION_T1_WEAK)); /* which legs was said */
    home_answer(home, QUESTION_T1_WEAK, false);
    home_stand(home, 372);
    assert_true(home_asks(home, QUESTION_T1_BLADDER));
    home_answer(home, QUESTION_T1_BLADDER, false);
    home_stand(home, 480);
    home_say(home, SAYS(RELIEF(SITTING)));
    const struct said *rest = home_prompt(home, TEXT_P05_REST);
    assert_non_null(rest);
    assert_true(rest->at_s == 480);
    assert_true(pain_effects(&home->state.pain).p05_open);
    assert_true(home->state.pain.record.p05_score >= 8);
    home_stand(home, 490);
    assert_int_equal(home_rule_n(home, RULE_F01, INFO), 0);
    assert_int_equal(home_rule_n(home, RULE_R03, COACH), 0);
    assert_null(home_notice(home, "c1"));
    home_end(home);
}

/* P08: a flare that was told by mistake; the walk after it is coached like any other. */
static void rules_rest_on_after_a_flare_is_over(void **unused)
{
    (void)unused;
    for (int over = 0; over < 2; over++) {
        struct home *home = home_new();
        home_begin(home);
        home_say(home, SAYS(BUTTON(FLARE)));
        home_wait(home, 8);
        if (over)
            home_say(home, SAYS(BUTTON(FLARE_OVER)));
        memcpy(home->config.stage, "P2", 3); /* the clinician's word, instead of the flare's M1 */
        home_configure(home);
        home_walk(home, 300);
        assert_int_equal(home_texts_n(home, TEXT_R03_PRAISE), over);
        home_end(home);
    }
}

/* Heavy legs at two in the morning, known for months, and then no answer to "is it easing?". */
static void what_follows_silence_about_a_symptom_of_the_night_is_held_back(void **unused)
{
    (void)unused;
    struct home *home = old_walker();
    home_begin(home);
    home_wait(home, 12 * HOUR_S);
    home_say(home, SAYS(HEAVY, LEG(BOTH)));
    home_wait(home, home->now_s + 10);
    home_answer(home, QUESTION_T1_WEAK, false);
    home_wait(home, home->now_s + 10);
    home_answer(home, QUESTION_T1_BLADDER, false);
    home_wait(home, home->now_s + 1800);
    const struct said *stop = home_prompt(home, TEXT_T1_CLINICIAN);
    assert_non_null(stop);
    assert_int_equal(stop->severity, STRIDE__V1__SEVERITY__SEVERITY_STOP);
    assert_true(stop->silent);
    home_end(home);
}

static void sensors_alone_make_a_pattern(void **unused)
{
    (void)unused; /* 30 */
    struct home *home = walking(old_walker(), PAIN(1, PLACE(BACK)));
    home_walk(home, 300);
    home->belt_cm = 80;
    home_walk(home, 600);
    assert_int_equal(home_rule_n(home, RULE_P05, INFO), 0);
    assert_false(pain_effects(&home->state.pain).p05_open);
    assert_true((home->state.pain.p05_items & P05_SPEED) != 0);
    assert_int_equal(home->state.pain.record.p05_score, 2);
    home_end(home);
}

/* Wrist and belt send, the insoles do not. */
static void walk_on_the_belt_alone(struct home *home, int seconds)
{
    const double from_s = home->now_s;
    home->belt_cm = 110;
    for (int quarter = 0; quarter < 4 * seconds; quarter++) {
        home_frame(home, from_s + quarter * 0.25, WRIST, true);
        home_frame(home, from_s + quarter * 0.25, BELT, true);
    }
}

/* R10: "or walking without the paired shoe's insole". What feet wear instead nobody knows. */
static void who_walks_without_the_insoles_hears_of_shoes_once_a_day(void **unused)
{
    (void)unused;
    for (int low = 0; low < 2; low++) {
        struct home *home = home_new();
        home->belt = true;
        home_begin(home);
        home_walk(home, 90);
        home_wait(home, 800);
        assert_false(home->state.session.open);
        assert_int_equal(home_texts_n(home, TEXT_R10_SHOES), 0);
        for (int foot = LEFT; low != 0 && foot <= RIGHT; foot++)
            home->state.health[foot].battery_pct = 5; /* flat, not left at home */
        walk_on_the_belt_alone(home, 100);
        assert_true(home->state.session.open);
        assert_int_equal(home_texts_n(home, TEXT_R10_SHOES), low == 0);
        free(home);
    }
}

/* 3.6: "off = not evaluated and noted in coverage_pct", in walks that no foot tells of as well. */
static void a_walk_without_insoles_has_its_coverage(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home->belt = true;
    home_begin(home);
    home_walk(home, 90);
    home_wait(home, 800);
    walk_on_the_belt_alone(home, 180);
    const struct session *session = &home->state.session;
    assert_true(session->open);
    assert_true(session_rule_evaluated_s(session, RULE_F07) >= 60);
    assert_true(session_rule_evaluated_s(session, RULE_S06) >= 60);
    assert_int_equal(session_rule_evaluated_s(session, RULE_R02), 0);
    assert_int_equal(session_rule_absence(session, RULE_R02), RULE_STALE);
    assert_int_equal(session_rule_absence(session, RULE_R11), RULE_STALE);
    assert_int_equal(session_rule_absence(session, RULE_R03), RULE_NO_DATA); /* its wrist is one */
    free(home);
}

/* S04: "all other STOPs ramp down after the wearer agrees", whatever found them. */
static void a_stop_of_the_heart_offers_to_slow_the_belt(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home->config.hr_max_bpm = 94; /* its 90 beats are over 95 % */
    home->belt = true;
    home->belt_cm = 110;
    home_begin(home);
    home_walk(home, 200);
    assert_true(home_rule_n(home, RULE_S06, STOP) > 0);
    assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_TEXT), 1);
    assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_SLOW), 0);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pain_to_the_thigh_does_not_stop_the_walk),
        cmocka_unit_test(a_belt_slows_down_unasked_or_faster_than_allowed),
        cmocka_unit_test(a_belt_is_slowed_without_the_wearers_word),
        cmocka_unit_test(pain_that_moves_back_is_not_praised),
        cmocka_unit_test(pain_that_rises_by_two_is_not_amber),
        cmocka_unit_test(red_pain_does_not_stop_the_walk),
        cmocka_unit_test(the_second_stop_of_a_moment_is_never_seen_or_recorded_as_held_back),
        cmocka_unit_test(a_warm_ache_is_not_reassured_once),
        cmocka_unit_test(heavy_legs_that_ease_are_no_pattern),
        cmocka_unit_test(what_follows_silence_about_a_symptom_of_the_night_is_held_back),
        cmocka_unit_test(rules_rest_on_after_a_flare_is_over),
        cmocka_unit_test(sensors_alone_make_a_pattern),
        cmocka_unit_test(who_walks_without_the_insoles_hears_of_shoes_once_a_day),
        cmocka_unit_test(a_walk_without_insoles_has_its_coverage),
        cmocka_unit_test(a_stop_of_the_heart_offers_to_slow_the_belt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
