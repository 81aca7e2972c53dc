/* Hub time goes on over restarts, never back, and at its own speed. */
#include "hub/io/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/journal.h"

#define SECOND_NS INT64_C(1000000000)

static const struct machine_time first = {.mono_ns = 50 * SECOND_NS, .wall_ms = 1000000};

static struct machine_time later(int64_t s)
{
    return (struct machine_time){first.mono_ns + s * SECOND_NS, first.wall_ms + s * 1000};
}

static struct clock_mark mark_after(double speed, int64_t s)
{
    struct hub_clock clock;
    struct clock_mark mark;
    const struct machine_time now = later(s);
    clock_start(&clock, NULL, speed, &first, "boot-a");
    clock_make_mark(&clock, &now, &mark);
    return mark;
}

static int64_t restarted_at(const struct clock_mark *mark, double speed, struct machine_time now,
                            const char *boot)
{
    struct hub_clock clock;
    struct hub_time time;
    clock_start(&clock, mark, speed, &now, boot);
    clock_hub_time(&clock, &now, &time);
    return time.mono_ns - CLOCK_EPOCH_NS;
}

static void time_away_counts_on_the_same_boot(void **unused)
{
    (void)unused;
    const struct clock_mark mark = mark_after(1, 10);
    assert_int_equal(restarted_at(&mark, 1, later(25), "boot-a"), 25 * SECOND_NS);
}

static void a_wall_clock_that_was_set_means_nothing_on_the_same_boot(void **unused)
{
    (void)unused;
    const struct clock_mark mark = mark_after(1, 10);
    struct machine_time now = later(25);
    now.wall_ms -= 3600000;
    assert_int_equal(restarted_at(&mark, 1, now, "boot-a"), 25 * SECOND_NS);
}

static void a_wall_clock_that_is_set_while_the_hub_runs_moves_no_deadline(void **unused)
{
    (void)unused;
    static const int64_t jumps_ms[] = {3600000, -3600000, INT64_C(380000000000), -1000000};
    struct hub_clock clock;
    clock_start(&clock, NULL, 1, &first, "boot-a");
    for (size_t i = 0; i < sizeof(jumps_ms) / sizeof(jumps_ms[0]); i++) {
        struct machine_time now = later(10);
        struct hub_time time;
        now.wall_ms += jumps_ms[i];
        clock_hub_time(&clock, &now, &time);
        assert_int_equal(time.mono_ns - CLOCK_EPOCH_NS, 10 * SECOND_NS);
        assert_int_equal(time.wall_ms, now.wall_ms);
        assert_int_equal(clock_wait_ns(&clock, &now, time.mono_ns + SECOND_NS), SECOND_NS + 1);
    }
}

static void after_a_reboot_the_wall_clock_tells_the_time_away(void **unused)
{
    (void)unused;
    const struct clock_mark mark = mark_after(1, 10);
    struct machine_time now = {.mono_ns = 3 * SECOND_NS, .wall_ms = first.wall_ms + 70000};
    assert_int_equal(restarted_at(&mark, 1, now, "boot-b"), 70 * SECOND_NS);
    assert_int_equal(restarted_at(&mark, 1, now, ""), 70 * SECOND_NS);
}

static void a_wall_clock_set_back_or_years_off_never_turns_hub_time_back_or_far_ahead(void **unused)
{
    (void)unused;
    const struct clock_mark mark = mark_after(1, 10);
    struct machine_time now = {.mono_ns = 3 * SECOND_NS, .wall_ms = 0};
    assert_int_equal(restarted_at(&mark, 1, now, "boot-b"), 10 * SECOND_NS);
    now.wall_ms = INT64_C(4102444800000);
    assert_int_equal(restarted_at(&mark, 1, now, "boot-b"), 10 * SECOND_NS);
}

/* A machine without a battery for its clock is ten years off at every second start. */
static void no_number_of_starts_brings_hub_time_out_of_a_journal(void **unused)
{
    (void)unused;
    const int64_t nine_years_ms = INT64_C(9) * 31557600 * 1000;
    static const double speeds[] = {1, 20, CLOCK_SPEED_MAX};
    for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++) {
        struct clock_mark mark = mark_after(speeds[i], 10);
        int64_t before_ns = mark.hub.mono_ns;
        for (int start = 0; start < 100; start++) {
            const struct machine_time now = {1, mark.machine.wall_ms + nine_years_ms};
            struct hub_clock clock;
            clock_start(&clock, &mark, speeds[i], &now, "boot-b");
            clock_make_mark(&clock, &now, &mark);
            mark.boot[0] = '\0';
            assert_true(mark.hub.mono_ns >= before_ns && journal_time_valid(mark.hub.mono_ns));
            before_ns = mark.hub.mono_ns;
        }
    }
}

static void a_fast_clock_runs_faster_on_both_its_faces_and_over_restarts(void **unused)
{
    (void)unused;
    struct hub_clock clock;
    struct hub_time time;
    const struct machine_time now = later(10);
    clock_start(&clock, NULL, 20, &first, "boot-a");
    clock_hub_time(&clock, &now, &time);
    assert_int_equal(time.mono_ns - CLOCK_EPOCH_NS, 200 * SECOND_NS);
    assert_int_equal(time.wall_ms - first.wall_ms, 200000);
    const struct clock_mark mark = mark_after(20, 10);
    assert_int_equal(restarted_at(&mark, 20, later(11), "boot-a"), 220 * SECOND_NS);
}

static void at_normal_speed_the_wall_face_is_the_machines(void **unused)
{
    (void)unused;
    struct hub_clock clock;
    struct hub_time time;
    struct machine_time now = later(10);
    now.wall_ms += 5000; /* corrected by five seconds */
    clock_start(&clock, NULL, 1, &first, "boot-a");
    clock_hub_time(&clock, &now, &time);
    assert_int_equal(time.wall_ms, now.wall_ms);
}

static void the_wait_for_a_deadline_is_in_machine_time(void **unused)
{
    (void)unused;
    struct hub_clock clock;
    clock_start(&clock, NULL, 10, &first, "boot-a");
    const int64_t wait_ns = clock_wait_ns(&clock, &first, CLOCK_EPOCH_NS + 10 * SECOND_NS);
    assert_in_range(wait_ns, SECOND_NS, SECOND_NS + 2);
    assert_int_equal(clock_wait_ns(&clock, &first, 0), 0);
    assert_true(clock_wait_ns(&clock, &first, INT64_MAX) > 1000 * SECOND_NS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_away_counts_on_the_same_boot),
        cmocka_unit_test(a_wall_clock_that_was_set_means_nothing_on_the_same_boot),
        cmocka_unit_test(a_wall_clock_that_is_set_while_the_hub_runs_moves_no_deadline),
        cmocka_unit_test(after_a_reboot_the_wall_clock_tells_the_time_away),
        cmocka_unit_test(a_wall_clock_set_back_or_years_off_never_turns_hub_time_back_or_far_ahead),
        cmocka_unit_test(no_number_of_starts_brings_hub_time_out_of_a_journal),
        cmocka_unit_test(a_fast_clock_runs_faster_on_both_its_faces_and_over_restarts),
        cmocka_unit_test(at_normal_speed_the_wall_face_is_the_machines),
        cmocka_unit_test(the_wait_for_a_deadline_is_in_machine_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
