/* What wearers and their people say to the whole core: calls for help, answers, who is reached. */
#include "tests/unit/core/pipeline_fixture.h"

static void a_help_press_does_not_wait_for_a_lost_report(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(help(world, SECOND_NS, 7, 3, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_RAISED);
    assert_int_equal(world->state.devices[WRIST].control.next_seq, 1);
    assert_int_equal(help(world, SECOND_NS, 7, 3, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_DUPLICATE);
    assert_int_equal(help(world, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_LEG_HEAVY),
                     STEP_APPLIED);
    assert_int_equal(help(world, SECOND_NS, 7, 2, 1, STRIDE__V1__BUTTON__BUTTON_LEG_HEAVY),
                     STEP_APPLIED);
    assert_int_equal(world->state.devices[WRIST].control.next_seq, 4);
    /* 5 s later it goes out, though no input came from anybody. */
    assert_int_equal(put_at(world, 7 * SECOND_NS, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                     STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_SENT);
    assert_int_equal(world->notices_n, 1);
    free(world);
}

static void who_calls_for_help_before_the_hello_is_told_that_it_was_heard(void **unused)
{
    (void)unused;
    struct world *world = calloc(1, sizeof(*world));
    assert_non_null(world);
    pipeline_init(&world->state, 1);
    configure(world);
    assert_int_equal(help(world, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_RAISED);
    assert_int_equal(world->prompts_n, 1);
    assert_int_equal(hello(world, 2 * SECOND_NS, WRIST, 7), STEP_APPLIED);
    free(world);
}

static void reports_are_taken_once_whatever_their_order(void **unused)
{
    (void)unused;
    struct world *world = setup();
    static const uint64_t order[] = {5, 2, 2, 9, 1, 5, 70, 3, 4, 6, 8, 7, 69, 10};
    int applied = 0;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        applied += help(world, SECOND_NS, 7, order[i], 1, STRIDE__V1__BUTTON__BUTTON_UNWELL) ==
                   STEP_APPLIED;
    /* 70 moves the window to 6: 3 and 4 are given up, all others are taken once. */
    assert_int_equal(applied, 10);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        assert_int_equal(help(world, SECOND_NS, 7, order[i], 1, STRIDE__V1__BUTTON__BUTTON_UNWELL),
                         STEP_DUPLICATE);
    free(world);
}

/* One report of a former life was late: the one that lives goes on with its window. */
static void a_late_report_of_a_former_life_loses_none_of_this_one(void **unused)
{
    (void)unused;
    static const uint64_t order[][2] = {{7, 1}, {9, 1}, {7, 3}, {7, 2}, {7, 4}};
    struct world *world = setup();
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        assert_int_equal(
            help(world, SECOND_NS, order[i][0], order[i][1], 1, STRIDE__V1__BUTTON__BUTTON_UNWELL),
            STEP_APPLIED);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        assert_int_equal(
            help(world, SECOND_NS, order[i][0], order[i][1], 1, STRIDE__V1__BUTTON__BUTTON_UNWELL),
            STEP_DUPLICATE);
    assert_int_equal(lane_awaits(&world->state.devices[WRIST].control, 7), 5);
    free(world);
}

static enum step_result word(struct world *world, double at_s, const char *text)
{
    return put_at(world, (int64_t)(at_s * 1e9), INPUT_ACK, INPUT_SLOT_NONE, (const uint8_t *)text,
                  strlen(text));
}

static void words_on_an_alert_are_taken_and_garbage_means_nothing(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(help(world, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    char text[200], id[ID_SIZE];
    memcpy(id, world->last_alert.id, ID_SIZE);
    static const char *const garbage[] = {"",           " ",      "%s",          "%s ",
                                          "%s  c1",     "%s c1 ", "%s c1 shrug", "%s nobody seen",
                                          "%s c1 SEEN", " %s c1", "%s/c1 ack",   "a0 c1 ack"};
    for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
        const char *hole = strstr(garbage[i], "%s");
        snprintf(text, sizeof(text), "%.*s%s%s",
                 (int)(hole == NULL ? strlen(garbage[i]) : (size_t)(hole - garbage[i])), garbage[i],
                 hole == NULL ? "" : id, hole == NULL ? "" : hole + 2);
        assert_int_equal(word(world, 7, text), STEP_APPLIED);
        assert_int_equal(world->state.alerting.alerts[0].state, ALERT_SENT);
    }
    snprintf(text, sizeof(text), "%s c1 seen", id);
    assert_int_equal(word(world, 8, text), STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_SEEN);
    snprintf(text, sizeof(text), "%s c1 ack", id);
    assert_int_equal(word(world, 9, text), STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_ACCEPTED);
    free(world);
}

static void what_is_known_of_the_clients_is_kept_for_the_rules(void **unused)
{
    (void)unused;
    struct world *world = setup();
    const uint8_t clients = CLIENTS_PATH_DOWN;
    assert_int_equal(world->state.alerting.clients, 0);
    assert_int_equal(put_at(world, SECOND_NS, INPUT_CLIENTS, INPUT_SLOT_NONE, &clients, 1),
                     STEP_APPLIED);
    assert_int_equal(world->state.alerting.clients, CLIENTS_KNOWN | CLIENTS_PATH_DOWN);
    assert_true(world->state.alerting.clients_ns == world->state.now_ns);
    assert_int_equal(put_at(world, 2 * SECOND_NS, INPUT_CLIENTS, INPUT_SLOT_NONE, &clients, 0),
                     STEP_REFUSED);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_help_press_does_not_wait_for_a_lost_report),
        cmocka_unit_test(who_calls_for_help_before_the_hello_is_told_that_it_was_heard),
        cmocka_unit_test(reports_are_taken_once_whatever_their_order),
        cmocka_unit_test(a_late_report_of_a_former_life_loses_none_of_this_one),
        cmocka_unit_test(words_on_an_alert_are_taken_and_garbage_means_nothing),
        cmocka_unit_test(what_is_known_of_the_clients_is_kept_for_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
