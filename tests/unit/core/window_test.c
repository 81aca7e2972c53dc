/* Sliding windows against what they are: the last values, sorted. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/window.h"

enum { VALUES = 600, SMALL = 7 };
struct small WINDOW_OF(SMALL);

static float values[VALUES];

/* In steps, so that many are equal; now and then far off, or absent. */
static void draw_values(uint64_t seed)
{
    for (int i = 0; i < VALUES; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        unsigned word = (unsigned)(seed >> 40);
        values[i] = 1.1F + 0.01F * (float)(word % 12) + (word % 23 == 0 ? 0.9F : 0.0F);
        values[i] = word % 19 == 0 ? NAN : values[i];
    }
}

static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float middle(const float *sorted, int n)
{
    return 0.5F * (sorted[(n - 1) / 2] + sorted[n / 2]);
}

/* The last `most` values before number `until`, sorted; how many there are. */
static int last_sorted(int until, int most, float *out)
{
    int n = 0;
    for (int i = until - 1; i >= 0 && n < most; i--) {
        if (!isnan(values[i]))
            out[n++] = values[i];
    }
    qsort(out, (size_t)n, sizeof *out, by_size);
    return n;
}

static void check_window(const float *sorted, int n, int until, int most)
{
    float wanted[WINDOW_MAX];
    assert_int_equal(n, last_sorted(until, most, wanted));
    assert_memory_equal(sorted, wanted, (size_t)n * sizeof *sorted);
    if (n == 0)
        assert_true(isnan(window_median(sorted, n)));
    else
        assert_true(window_median(sorted, n) == middle(wanted, n));
}

static void test_a_window_keeps_an_old_value_or_loses_a_new_one(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct window large = {0};
        struct small small = {0};
        draw_values(seed);
        for (int i = 0; i < VALUES; i++) {
            window_add(window_view(&large), values[i]);
            window_add(window_view(&small), values[i]);
            check_window(large.sorted, large.n, i + 1, WINDOW_MAX);
            check_window(small.sorted, small.n, i + 1, SMALL);
        }
    }
}

/* M09 as it is written. */
static float plain_cv_pct(const float *sorted, int n, int *outliers_n)
{
    float away[WINDOW_MAX];
    double sum = 0, squares = 0;
    int kept_n = 0;
    for (int i = 0; i < n; i++)
        away[i] = fabsf(sorted[i] - middle(sorted, n));
    qsort(away, (size_t)n, sizeof *away, by_size);
    float limit = 3 * (1.4826F * middle(away, n));
    for (int i = 0; i < n; i++) {
        if (fabsf(sorted[i] - middle(sorted, n)) > limit)
            continue;
        sum += (double)sorted[i];
        kept_n++;
    }
    for (int i = 0; i < n; i++) {
        double apart = (double)sorted[i] - sum / kept_n;
        if (fabsf(sorted[i] - middle(sorted, n)) <= limit)
            squares += apart * apart;
    }
    *outliers_n = n - kept_n;
    return kept_n < 2 ? NAN : (float)(100 * sqrt(squares / (kept_n - 1)) / (sum / kept_n));
}

static void test_variability_is_not_that_of_the_values_within_three_deviations(void **unused)
{
    (void)unused;
    int outliers_seen = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct window window = {0};
        draw_values(seed);
        for (int i = 0; i < VALUES; i++) {
            uint16_t outliers_n = 0;
            int wanted_n = 0;
            window_add(window_view(&window), values[i]);
            float seen = window_cv_pct(&window, &outliers_n);
            if (window.n < 2) {
                assert_true(isnan(seen));
                continue;
            }
            float wanted = plain_cv_pct(window.sorted, window.n, &wanted_n);
            assert_int_equal(outliers_n, wanted_n);
            assert_true(isnan(wanted) ? isnan(seen) : fabsf(seen - wanted) <= 1e-4F);
            outliers_seen += wanted_n;
        }
    }
    assert_true(outliers_seen > 1000);
}

static void test_a_sorted_copy_leaves_values_where_they_are(void **unused)
{
    (void)unused;
    static const float given[] = {3, -1, 2, 2, 7, 0}, wanted[] = {-1, 0, 2, 2, 3, 7};
    float kept[6], sorted[6];
    memcpy(kept, given, sizeof kept);
    window_sort(kept, 6, sorted);
    assert_memory_equal(kept, given, sizeof kept);
    for (int i = 0; i < 6; i++) {
        assert_true(sorted[i] == wanted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sorted_copy_leaves_values_where_they_are),
        cmocka_unit_test(test_a_window_keeps_an_old_value_or_loses_a_new_one),
        cmocka_unit_test(test_variability_is_not_that_of_the_values_within_three_deviations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
