/* 5.8: what is asked and answered of bladder, bowel, saddle and sex leaves the home by no topic
 * that a caregiver may read: live, alert, notice, session. The digest: digest_test.c. */
#include "tests/unit/core/pipeline_pain_fixture.h"

#include <string.h>

#include "hub/app/alert_json.h"
#include "hub/app/record_json.h"

static char json[RECORD_JSON_SIZE];

static void says_nothing(const char *topic)
{
    /* Of the texts in both languages, and of the ids of questions, texts and rules. */
    static const char *const words[] = {
        "bladder",  "bowel", "urin", "sex",  "saddle", "q_f01",           "f01_",
        "t1_bladd", "Blase", "Darm", "Harn", "Stuhl",  "between the legs"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strstr(json, words[i]) != NULL)
            fail_msg("%s says %s: %s", topic, words[i], json);
    }
    /* The coverage of a record names every rule, said or not. */
    if (strcmp(topic, "session") != 0 && strstr(json, "F01") != NULL)
        fail_msg("%s says F01: %s", topic, json);
}

static void check_record(const struct home *home, enum locale locale)
{
    const struct record_context context = {.wearer_id = "w1",
                                           .emergency_number = "112",
                                           .clock_speed = 1,
                                           .locale = locale,
                                           .wearer = &home->state,
                                           .pain = &home->state.pain.record,
                                           .published = true};
    if (home->state.session.id[0] == '\0')
        return;
    assert_true(record_json(&home->state.session, &context, json, sizeof(json)) > 0);
    says_nothing("session");
}

/* All that is retained at this moment. */
static void check(const struct home *home)
{
    const struct alert_about about = {
        .wearer_id = "w1", .name = "Walker", .emergency_number = "112", .state = &home->state};
    for (int locale = 0; locale < LOCALES; locale++) {
        assert_true(record_live_json(&home->state.live, "w1", (enum locale)locale, 1, json,
                                     sizeof(json)) > 0);
        says_nothing("live");
        check_record(home, (enum locale)locale);
    }
    for (int i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &home->state.alerting.alerts[i];
        if (alert->id[0] == '\0')
            continue;
        assert_true(alert_json(alert, &about, ALERT_FOR_OTHERS, json, sizeof(json)) > 0);
        says_nothing("alert");
        assert_true(notice_json(alert, &about, false, false, json, sizeof(json)) > 0);
        says_nothing("notice");
    }
}

static void live_on(struct home *home, double for_s, bool walks)
{
    const double until_s = home->now_s + for_s;
    while (home->now_s < until_s) {
        home_move(home, home->now_s + 0.5, walks);
        check(home);
    }
}

static void an_answer_to_a_private_question_leaves_the_home(void **unused)
{
    (void)unused;
    int private_n = 0;
    for (int question = QUESTION_NONE + 1; question < QUESTIONS; question++) {
        if (!question_private(question_info((enum question)question)->id))
            continue;
        private_n++;
        for (int yes = 0; yes < 2; yes++) {
            struct home *home = home_new();
            home_begin(home);
            live_on(home, 30, true);
            home_answer(home, (enum question)question, yes != 0);
            check(home);
            live_on(home, 40, false);
            home_end(home);
        }
    }
    assert_int_equal(private_n, 5);
}

/* T1 asks about the bladder whoever tells of heavy legs: that it was asked stays home as well. */
static void a_private_question_that_is_asked_leaves_the_home(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home_begin(home);
    live_on(home, 30, true);
    home_say(home, SAYS(HEAVY, LEG(BOTH)));
    live_on(home, 8, false);
    home_answer(home, QUESTION_T1_WEAK, false);
    live_on(home, 8, false);
    assert_true(home_asks(home, QUESTION_T1_BLADDER));
    assert_int_equal(home_asked_n(home, QUESTION_T1_BLADDER), 1); /* the wearer sees it */
    live_on(home, 200, false);                                    /* silence, and asked again */
    home_answer(home, QUESTION_T1_BLADDER, true);
    live_on(home, 8, false);
    assert_non_null(home_notice(home, "c1"));
    home_end(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_to_a_private_question_leaves_the_home),
        cmocka_unit_test(a_private_question_that_is_asked_leaves_the_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
