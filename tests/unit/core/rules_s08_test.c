#include "rules_fixture.h"

/* All devices send until `until_s`, a look every quarter second; `dead` stays silent. */
static void live(struct walker *walker, double until_s, int dead)
{
    for (; walker->now_s < until_s; walker->now_s += 0.25) {
        for (int slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
            if (slot != dead && walker->health[slot].registered)
                walker->health[slot].last_ns = ns_of(walker->now_s);
        }
        walker_time(walker, true);
    }
}

/* Serves every deadline up to `until_s` as the pipeline does; fails when one does not move. */
static void serve(struct walker *walker, double until_s)
{
    int64_t last_ns = INT64_MIN;
    for (;;) {
        int64_t due_ns =
            rules_deadline_ns(&walker->rules, &walker->params, walker->health, walker->open);
        if (due_ns > ns_of(until_s))
            break;
        assert_true(due_ns > last_ns);
        last_ns = due_ns;
        double due_s = (double)(due_ns - ns_of(0)) / 1e9;
        if (due_s > walker->now_s)
            walker->now_s = due_s;
        walker_time(walker, true);
    }
    walker->now_s = until_s;
}

static int s08_n(const struct walker *walker)
{
    int n = 0;
    for (int text = TEXT_S08_SILENT_LEFT_INSOLE; text <= TEXT_S08_CELL; text++)
        n += walker->raised_n[text];
    return n;
}

static void test_insole_silent_for_10_s_is_told_by_its_deadline(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    live(&walker, 20, SLOT_RIGHT); /* dead from the start of the walk, last heard at 0 */
    assert_int_equal(walker.raised_n[TEXT_S08_SILENT_RIGHT_INSOLE], 1);
    assert_true(walker.first_s[TEXT_S08_SILENT_RIGHT_INSOLE] == 10);
    assert_int_equal(s08_n(&walker), 1);
    assert_int_equal(walker.found.items[0].slot, SLOT_RIGHT);
    assert_int_equal(walker.found.items[0].severity, STRIDE__V1__SEVERITY__SEVERITY_INFO);

    walker_init(&walker);
    serve(&walker, 9.9);
    assert_int_equal(s08_n(&walker), 0);
    serve(&walker, 10);
    assert_int_equal(s08_n(&walker), 3);
}

static void test_slow_stream_gets_three_of_its_periods(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walker.health[SLOT_LEFT].nominal_ns = 5 * SECOND_NS;
    walker.health[SLOT_RIGHT].registered = walker.health[SLOT_WRIST].registered = false;
    serve(&walker, 14.9);
    assert_int_equal(s08_n(&walker), 0);
    serve(&walker, 15.1);
    assert_int_equal(s08_n(&walker), 1);
}

static void test_a_device_that_is_not_in_this_walk_is_not_missed(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walker.health[SLOT_TREADMILL] = healthy(STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL, 0);
    walker.health[SLOT_TREADMILL].last_ns = ns_of(-3600);
    walker.health[SLOT_WRIST].seen = false;
    walker.health[5] = (struct device_health){.registered = true, .battery_pct = -1};
    for (; walker.now_s < 100; walker.now_s++) {
        walker.health[SLOT_LEFT].last_ns = walker.health[SLOT_RIGHT].last_ns = ns_of(walker.now_s);
        walker_time(&walker, true);
    }
    assert_int_equal(s08_n(&walker), 0);
}

static void test_outside_a_walk_silence_is_nothing(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walker.open = false;
    walker.now_s = 1000;
    walker_time(&walker, true);
    assert_int_equal(s08_n(&walker), 0);
    assert_true(rules_deadline_ns(&walker.rules, &walker.params, walker.health, false) ==
                INT64_MAX);
}

static void test_no_device_is_blamed_while_the_hub_does_not_store(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    for (; walker.now_s < 60; walker.now_s++)
        walker_time(&walker, false);
    assert_int_equal(s08_n(&walker), 0);
    /* 59 + 15: not earlier, and the deadline knows it. */
    serve(&walker, 73.9);
    assert_int_equal(s08_n(&walker), 0);
    serve(&walker, 74.1);
    assert_int_equal(s08_n(&walker), 3);
}

static void test_no_device_is_blamed_for_the_hubs_own_outage(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    live(&walker, 5, -1);
    /* The hub starts again at 300 s; time is moved over the outage after it was told so. */
    rules_hub_started(&walker.rules, &walker.params, ns_of(300));
    serve(&walker, 314.9);
    assert_int_equal(s08_n(&walker), 0);
    walker.health[SLOT_LEFT].last_ns = walker.health[SLOT_WRIST].last_ns = ns_of(314.9);
    serve(&walker, 316);
    assert_int_equal(s08_n(&walker), 1);
    assert_int_equal(walker.raised_n[TEXT_S08_SILENT_RIGHT_INSOLE], 1);
}

static void test_insole_of_unknown_side_is_not_called_the_left_one(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walker.health[SLOT_LEFT].side = STRIDE__V1__SIDE__SIDE_UNKNOWN;
    walker.health[SLOT_RIGHT].registered = walker.health[SLOT_WRIST].registered = false;
    serve(&walker, 100);
    assert_int_equal(s08_n(&walker), 0);
}

static void test_low_battery_and_skew_are_told_with_their_numbers(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walker.health[SLOT_LEFT].battery_pct = 10;
    walker.health[SLOT_WRIST].battery_pct = -1;
    live(&walker, 5, -1);
    assert_int_equal(s08_n(&walker), 0);
    walker.health[SLOT_LEFT].battery_pct = 9;
    walker.health[SLOT_RIGHT].clock_jumped = true;
    live(&walker, 10, -1);
    assert_int_equal(walker.raised_n[TEXT_S08_BATTERY], 1);
    assert_int_equal(walker.raised_n[TEXT_S08_SKEW], 1);
    assert_true(walker.found.items[0].value == 9 && walker.found.items[0].threshold == 10);
    assert_true(walker.found.items[1].threshold == 250);
}

static void test_a_stuck_cell_is_told_once_a_minute_with_how_many(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    live(&walker, 5, -1);
    assert_int_equal(s08_n(&walker), 0);
    walker.health[SLOT_RIGHT].stuck_cells = 1U << 2 | 1U << 31;
    live(&walker, 10, -1);
    assert_int_equal(walker.raised_n[TEXT_S08_CELL], 1);
    assert_int_equal(s08_n(&walker), 1);
    const struct finding *finding = &walker.found.items[walker.found.n - 1];
    assert_int_equal(finding->slot, SLOT_RIGHT);
    assert_true(finding->value == 2);
    live(&walker, 70, -1);
    assert_int_equal(walker.raised_n[TEXT_S08_CELL], 2);
}

static void test_low_battery_waits_while_the_hub_does_not_store(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walker.health[SLOT_LEFT].battery_pct = 3;
    walker_time(&walker, false);
    assert_int_equal(s08_n(&walker), 0);
    live(&walker, 14.9, -1);
    assert_int_equal(s08_n(&walker), 0);
    live(&walker, 15.5, -1);
    assert_int_equal(walker.raised_n[TEXT_S08_BATTERY], 1);
}

static void test_it_clears_after_30_s_with_data_and_not_after_a_flicker(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    live(&walker, 15, SLOT_RIGHT);
    live(&walker, 40, -1);
    live(&walker, 48, SLOT_RIGHT); /* stale again before the 30 s were over */
    live(&walker, 77, -1);
    assert_int_equal(walker.cleared_n[RULE_S08], 0);
    live(&walker, 80, -1);
    assert_int_equal(walker.cleared_n[RULE_S08], 1);
    assert_int_equal(s08_n(&walker), 1);
}

static void test_a_lasting_fault_is_raised_once_a_minute_and_not_more(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    live(&walker, 309, SLOT_LEFT);
    assert_int_equal(walker.raised_n[TEXT_S08_SILENT_LEFT_INSOLE], 5); /* 10, 70 ... 250 */
}

static void test_the_fault_of_a_device_that_is_taken_away_stays(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walker.health[SLOT_LEFT].battery_pct = 9;
    live(&walker, 10, -1);
    assert_int_equal(walker.raised_n[TEXT_S08_BATTERY], 1);
    walker.health[SLOT_LEFT] = (struct device_health){.battery_pct = -1};
    live(&walker, 100, -1);
    assert_int_equal(walker.cleared_n[RULE_S08], 1);
}

static void test_a_new_walk_begins_with_clean_devices(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    live(&walker, 20, SLOT_LEFT);
    rules_new_session(&walker.rules, ns_of(20));
    live(&walker, 29, SLOT_LEFT);
    assert_int_equal(s08_n(&walker), 1);
    live(&walker, 31, SLOT_LEFT);
    assert_int_equal(s08_n(&walker), 2);
}

static void test_every_deadline_moves_whatever_the_devices_do(void **unused)
{
    (void)unused;
    uint64_t random = 42;
    for (int run = 0; run < 200; run++) {
        struct walker walker;
        walker_init(&walker);
        for (int i = 0; i < 60; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            unsigned slot = random >> 40 & 3, what = random >> 44 & 7;
            struct device_health *health = &walker.health[slot];
            if (what < 4)
                health->last_ns = ns_of(walker.now_s);
            else if (what == 4)
                health->battery_pct = (int8_t)(random >> 50 & 15);
            else if (what == 5)
                health->clock_jumped = !health->clock_jumped;
            else if (what == 6)
                health->lost = !health->lost;
            else
                rules_hub_started(&walker.rules, &walker.params, ns_of(walker.now_s));
            walker_time(&walker, (random >> 56 & 7) != 0);
            serve(&walker, walker.now_s + (double)(random >> 57 & 31));
        }
    }
}

static void test_a_short_press_is_no_call_for_help_and_a_long_one_is(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    struct wire_report press = {.button = STRIDE__V1__BUTTON__BUTTON_HELP, .pain_nrs = -1};
    press.press_ms = 1999;
    walker_report(&walker, &press);
    assert_int_equal(walker.found.n, 0);
    press.press_ms = 2000;
    walker_report(&walker, &press);
    assert_int_equal(walker.raised_n[TEXT_F07_ALERTING], 1);
    assert_int_equal(walker.found.items[0].severity, STRIDE__V1__SEVERITY__SEVERITY_RED);
    press.press_ms = 0; /* a device that does not measure it */
    walker_report(&walker, &press);
    assert_int_equal(walker.raised_n[TEXT_F07_ALERTING], 2);
    assert_int_equal(walker.found.items[1].dropped_gates, RULE_GATE_PRESS);
    press.button = STRIDE__V1__BUTTON__BUTTON_OK;
    press.press_ms = 9000;
    walker_report(&walker, &press);
    assert_int_equal(walker.found.n, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_insole_silent_for_10_s_is_told_by_its_deadline),
        cmocka_unit_test(test_slow_stream_gets_three_of_its_periods),
        cmocka_unit_test(test_a_device_that_is_not_in_this_walk_is_not_missed),
        cmocka_unit_test(test_outside_a_walk_silence_is_nothing),
        cmocka_unit_test(test_no_device_is_blamed_while_the_hub_does_not_store),
        cmocka_unit_test(test_no_device_is_blamed_for_the_hubs_own_outage),
        cmocka_unit_test(test_insole_of_unknown_side_is_not_called_the_left_one),
        cmocka_unit_test(test_low_battery_and_skew_are_told_with_their_numbers),
        cmocka_unit_test(test_a_stuck_cell_is_told_once_a_minute_with_how_many),
        cmocka_unit_test(test_low_battery_waits_while_the_hub_does_not_store),
        cmocka_unit_test(test_it_clears_after_30_s_with_data_and_not_after_a_flicker),
        cmocka_unit_test(test_a_lasting_fault_is_raised_once_a_minute_and_not_more),
        cmocka_unit_test(test_the_fault_of_a_device_that_is_taken_away_stays),
        cmocka_unit_test(test_a_new_walk_begins_with_clean_devices),
        cmocka_unit_test(test_every_deadline_moves_whatever_the_devices_do),
        cmocka_unit_test(test_a_short_press_is_no_call_for_help_and_a_long_one_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
