/* The streaming median and MAD beside exact ones over 14 days, for walkers who drift, who walk
 * rarely, and who walk all day. Differences are in exact MADs, so that they hold for all metrics.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hub/core/baseline.h"

enum { DAY_VALUES_MAX = 20000, VALUES_MAX = DAY_VALUES_MAX * BASELINE_DAYS };
static const int64_t second_ns = 1000000000;

/* A walker's cadence at 1.25 m/s: median of a walk varies about a slowly moving one. */
struct habit {
    const char *name;
    int walk_each_days, walks_a_day, strides_a_walk;
    double level, drift_a_day, shift, walk_sd, stride_sd, tail; /* share of wild strides */
    int shift_day;
};

struct figures {
    double median_mean, median_worst, ratio_worst; /* in MADs; MAD over the exact one */
    int compared_n;
};

static float days_values[BASELINE_DAYS][DAY_VALUES_MAX];
static int days_n[BASELINE_DAYS];
static float sorted[VALUES_MAX];

static double uniform(uint64_t *random)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*random >> 11) / 9007199254740992.0;
}

static double normal(uint64_t *random)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += uniform(random);
    }
    return sum;
}

static int by_size(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static double exact_median(int n)
{
    qsort(sorted, (size_t)n, sizeof sorted[0], by_size);
    return n % 2 != 0 ? (double)sorted[n / 2]
                      : 0.5 * ((double)sorted[n / 2 - 1] + (double)sorted[n / 2]);
}

static int exact(double *median, double *mad)
{
    int n = 0;
    for (int day = 0; day < BASELINE_DAYS; day++) {
        for (int i = 0; i < days_n[day]; i++) {
            sorted[n++] = days_values[day][i];
        }
    }
    if (n == 0) {
        return 0;
    }
    *median = exact_median(n);
    for (int i = 0; i < n; i++) {
        sorted[i] = fabsf(sorted[i] - (float)*median);
    }
    *mad = exact_median(n);
    return n;
}

static void walk_day(struct baseline_state *state, const struct habit *habit, int day,
                     uint64_t *random, int64_t *at_ns)
{
    double usual = habit->level + habit->drift_a_day * day;
    usual += day >= habit->shift_day ? habit->shift : 0;
    int n = 0;
    for (int walk = 0; walk < habit->walks_a_day; walk++) {
        double level = usual + habit->walk_sd * normal(random);
        for (int i = 0; i < habit->strides_a_walk; i++) {
            double value = level + habit->stride_sd * normal(random);
            value += uniform(random) < habit->tail ? 15 * habit->stride_sd : 0;
            float values[BASELINE_METRICS];
            for (int metric = 0; metric < BASELINE_METRICS; metric++) {
                values[metric] = NAN;
            }
            values[BASELINE_CADENCE] = (float)value;
            days_values[day % BASELINE_DAYS][n++] = (float)value;
            baseline_learn(state, *at_ns, 1.25F, values, false);
            *at_ns += second_ns / 2;
        }
        *at_ns += 1800 * second_ns;
    }
    days_n[day % BASELINE_DAYS] = n;
    baseline_settle(state, *at_ns);
}

static struct figures follow(const struct habit *habit, int days, uint64_t seed)
{
    static struct baseline_state state;
    struct figures figures = {0, 0, 1, 0};
    int64_t at_ns = 0;
    baseline_init(&state);
    for (int i = 0; i < BASELINE_DAYS; i++) {
        days_n[i] = 0;
    }
    for (int day = 0; day < days; day++) {
        baseline_day(&state, day, false);
        days_n[day % BASELINE_DAYS] = 0;
        if (day % habit->walk_each_days == 0) {
            walk_day(&state, habit, day, &seed, &at_ns);
        }
        if (day < 2 * BASELINE_DAYS || day % 4 != 0) {
            continue;
        }
        double median = 0, mad = 0;
        struct baseline_value told = baseline_get(&state, BASELINE_CADENCE, 1.25F);
        int n = exact(&median, &mad);
        assert_true(n >= BASELINE_STRIDES_MIN);
        assert_int_equal(told.source, BASELINE_OWN);
        double off = fabs((double)told.value - median) / mad;
        double ratio = (double)told.mad / mad;
        figures.median_mean += off;
        figures.median_worst = fmax(figures.median_worst, off);
        figures.ratio_worst = fmax(figures.ratio_worst, fmax(ratio, 1 / ratio));
        figures.compared_n++;
    }
    figures.median_mean /= figures.compared_n;
    return figures;
}

/* Worst over seeds against the stated tolerance. */
static void check(const struct habit *habit, double mean_max, double worst_max, double ratio_max)
{
    struct figures all = {0, 0, 1, 0};
    const int seeds = 4, days = 84;
    for (int seed = 0; seed < seeds; seed++) {
        struct figures figures = follow(habit, days, (uint64_t)(seed + 1) * 7919);
        all.median_mean += figures.median_mean / seeds;
        all.median_worst = fmax(all.median_worst, figures.median_worst);
        all.ratio_worst = fmax(all.ratio_worst, figures.ratio_worst);
    }
    print_message("%s: median off by %.2f MAD (mean), %.2f (worst); MAD by a factor of %.2f\n",
                  habit->name, all.median_mean, all.median_worst, all.ratio_worst);
    assert_true(all.median_mean <= mean_max);
    assert_true(all.median_worst <= worst_max);
    assert_true(all.ratio_worst <= ratio_max);
}

static const struct habit daily = {.name = "daily",
                                   .walk_each_days = 1,
                                   .walks_a_day = 2,
                                   .strides_a_walk = 600,
                                   .level = 110,
                                   .walk_sd = 1,
                                   .stride_sd = 2,
                                   .shift_day = 1000};

static void test_a_daily_walker_is_known(void **unused)
{
    (void)unused;
    check(&daily, 0.1, 0.25, 1.1);
}

static void test_a_walker_who_slows_by_an_eighth_of_a_mad_a_day_is_followed(void **unused)
{
    (void)unused;
    struct habit habit = daily;
    habit.name = "drifting";
    habit.drift_a_day = -0.2;
    check(&habit, 0.15, 0.35, 1.25);
}

static void test_one_walk_a_week_is_enough(void **unused)
{
    (void)unused;
    struct habit habit = daily;
    habit.name = "weekly";
    habit.walk_each_days = 7;
    habit.walks_a_day = 1;
    check(&habit, 0.25, 0.75, 1.4);
}

static void test_ten_walks_a_day_still_rest_on_all_days(void **unused)
{
    (void)unused;
    struct habit habit = daily;
    habit.name = "ten a day";
    habit.walks_a_day = 10;
    habit.strides_a_walk = 500;
    check(&habit, 0.06, 0.15, 1.1);
    habit.name = "ten a day, drifting";
    habit.drift_a_day = 0.2;
    check(&habit, 0.15, 0.35, 1.25);
}

/* A block moves such a cell by a hundredth of what can be stored. */
static void test_steps_smaller_than_what_is_stored_add_up(void **unused)
{
    (void)unused;
    struct habit habit = daily;
    habit.name = "all day, even, drifting";
    habit.walks_a_day = 10;
    habit.strides_a_walk = 1500;
    habit.walk_sd = 0.05;
    habit.drift_a_day = 0.02;
    check(&habit, 0.05, 0.1, 1.1);
}

static void test_wild_strides_do_not_pull_the_median(void **unused)
{
    (void)unused;
    struct habit habit = daily;
    habit.name = "one wild stride in twenty";
    habit.tail = 0.05;
    check(&habit, 0.1, 0.25, 1.15);
}

static void test_a_lasting_change_is_the_new_usual_after_three_weeks(void **unused)
{
    (void)unused;
    struct habit habit = daily;
    static struct baseline_state state;
    int64_t at_ns = 0;
    uint64_t random = 5;
    habit.shift = 6;
    habit.shift_day = 42;
    baseline_init(&state);
    for (int day = 0; day < 42 + 28; day++) {
        baseline_day(&state, day, false);
        walk_day(&state, &habit, day, &random, &at_ns);
        struct baseline_value told = baseline_get(&state, BASELINE_CADENCE, 1.25F);
        if (day >= 42 && day % 7 == 6) {
            print_message("day %d after a shift of 6: %.2f (%.2f)\n", day - 41, (double)told.value,
                          (double)told.mad);
        }
        assert_true(day < 42 + 21 || fabsf(told.value - 116) < 1.5F);
    }
}

static void test_200_strides_tell_the_usual_at_once(void **unused)
{
    (void)unused;
    double worst = 0, sum = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct baseline_state state;
        struct habit habit = daily;
        uint64_t random = seed * 104729;
        int64_t at_ns = 0;
        double median = 0, mad = 0;
        habit.walks_a_day = 1;
        habit.strides_a_walk = 208;
        for (int i = 0; i < BASELINE_DAYS; i++) {
            days_n[i] = 0;
        }
        baseline_init(&state);
        baseline_day(&state, 0, false);
        walk_day(&state, &habit, 0, &random, &at_ns);
        struct baseline_value told = baseline_get(&state, BASELINE_CADENCE, 1.25F);
        assert_int_equal(told.source, BASELINE_OWN);
        assert_int_equal(exact(&median, &mad), 208);
        double off = fabs((double)told.value - median) / mad;
        worst = fmax(worst, off);
        sum += off;
    }
    print_message("208 strides: median off by %.2f MAD (mean), %.2f (worst of 200)\n", sum / 200,
                  worst);
    assert_true(sum / 200 <= 0.1 && worst <= 0.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_daily_walker_is_known),
        cmocka_unit_test(test_a_walker_who_slows_by_an_eighth_of_a_mad_a_day_is_followed),
        cmocka_unit_test(test_one_walk_a_week_is_enough),
        cmocka_unit_test(test_ten_walks_a_day_still_rest_on_all_days),
        cmocka_unit_test(test_steps_smaller_than_what_is_stored_add_up),
        cmocka_unit_test(test_wild_strides_do_not_pull_the_median),
        cmocka_unit_test(test_a_lasting_change_is_the_new_usual_after_three_weeks),
        cmocka_unit_test(test_200_strides_tell_the_usual_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
