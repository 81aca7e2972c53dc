/* gaitndd: 12-bit samples as they are, and a decimator that moves no event. */
#include "tests/unit/devices/play_fixture.h"

#include <math.h>

#include "devices/play/decimate.h"

#define PI 3.14159265358979323846

static struct recording_error error;

static void samples_of_format_212_are_sign_extended_pairs(void **state)
{
    (void)state;
    char record[512], path[520];
    static const uint8_t bytes[] = {0x01, 0xa5, 0x02, 0xff, 0xff, 0xff,
                                    0x00, 0x88, 0x00, 0xff, 0x77, 0xff};
    static const int32_t expected[] = {0x501, 0xa02 - 0x1000, -1, -1, -2048, -2048, 2047, 2047};
    temporary_path(record, sizeof(record), "ndd");
    snprintf(path, sizeof(path), "%s.let", record);
    write_file(path, bytes, sizeof(bytes));
    assert_null(recording_open_gaitndd(record, &error));
    assert_non_null(strstr(error.text, "without .let.gz"));
    snprintf(path, sizeof(path), "%s.rit", record);
    write_file(path, bytes, sizeof(bytes));
    struct recording *recording = recording_open_gaitndd(record, &error);
    assert_non_null(recording);
    assert_int_equal(recording->samples_n, 8);
    for (int i = 0; i < 8; i++)
        assert_int_equal(recording->counts[1][i], expected[i]);
    recording_close(recording);
    write_file(path, bytes, 4);
    assert_null(recording_open_gaitndd(record, &error));
    unlink(path);
    snprintf(path, sizeof(path), "%s.let", record);
    unlink(path);
}

static void recording_has_its_90000_samples_and_its_own_time(void **state)
{
    (void)state;
    char path[512];
    recordings_path("gaitndd/control2.let.gz", path, sizeof(path));
    *strstr(path, ".let") = '\0';
    struct recording *recording = recording_open_gaitndd(path, &error);
    assert_non_null(recording);
    assert_int_equal(recording->samples_n, 90000);
    assert_int_equal(recording->rate_hz, 300);
    /* First bytes 9e cc 9e: 0xc9e is -866; the second nibble is the high one. */
    assert_int_equal(recording->counts[0][0], 0xc9e - 0x1000);
    assert_int_equal(recording->counts[0][1], 0xc9e - 0x1000);
    assert_int_equal(recording_time_us(recording, 1), 3333);
    assert_int_equal(recording_time_us(recording, 89999), 299996667);
    assert_true(recording_decimate(recording, 100, &error));
    assert_int_equal(recording->samples_n, 30000);
    assert_true(recording->channels[0][0].scale == 1.0f / 16);
    assert_int_equal(recording_time_us(recording, 29999), 299990000);
    assert_false(recording_decimate(recording, 33, &error));
    assert_int_equal(recording->samples_n, 30000);
    recording_close(recording);
}

/* Amplitude that comes out of a sine of 1,000 counts at `hz`, fed at 300 Hz and taken at 100 Hz. */
static double response(const struct decimator *decimator, double hz)
{
    enum { N = 3000 };
    static int32_t in[N];
    double peak = 0;
    for (int i = 0; i < N; i++)
        in[i] = (int32_t)lround(100000 * sin(2 * PI * hz * i / 300 + 0.3));
    for (size_t i = 600; i < 2400; i++)
        peak = fmax(peak, fabs(decimator_at(decimator, in, N, 1, i)));
    return peak / 100000;
}

static void decimator_passes_what_feet_do_and_stops_what_would_fold(void **state)
{
    (void)state;
    static struct decimator decimator;
    decimator_init(&decimator, 3);
    static const double passed_hz[] = {0.5, 1, 5, 10, 20, 30, 38, 40};
    static const double stopped_hz[] = {60, 65, 80, 100, 120, 149};
    for (size_t i = 0; i < sizeof(passed_hz) / sizeof(passed_hz[0]); i++)
        assert_true(fabs(response(&decimator, passed_hz[i]) - 1) < 2e-3);
    for (size_t i = 0; i < sizeof(stopped_hz) / sizeof(stopped_hz[0]); i++)
        assert_true(response(&decimator, stopped_hz[i]) < 2e-3);
    assert_true(response(&decimator, 50) > 0.4 && response(&decimator, 50) < 0.6);
}

static void decimator_delays_nothing_and_keeps_a_level_to_the_edges(void **state)
{
    (void)state;
    enum { N = 900 };
    static int32_t in[N];
    static struct decimator decimator;
    decimator_init(&decimator, 3);
    /* A ramp through zero at sample 450.5 stays there. */
    for (int i = 0; i < N; i++)
        in[i] = 1000 * (i < 300 ? -301 : i > 600 ? 299 : 2 * i - 901) / 2;
    double before = decimator_at(&decimator, in, N, 1, 450);
    double after = decimator_at(&decimator, in, N, 1, 451);
    assert_true(before < 0 && after > 0);
    assert_true(fabs(450 + before / (before - after) - 450.5) < 1e-3);
    for (int i = 0; i < N; i++)
        in[i] = 777;
    for (size_t i = 0; i < N; i++)
        assert_true(fabs(decimator_at(&decimator, in, N, 1, i) - 777) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_of_format_212_are_sign_extended_pairs),
        cmocka_unit_test(recording_has_its_90000_samples_and_its_own_time),
        cmocka_unit_test(decimator_passes_what_feet_do_and_stops_what_would_fold),
        cmocka_unit_test(decimator_delays_nothing_and_keeps_a_level_to_the_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
