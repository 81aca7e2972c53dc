/* ipol and gaitmap: packets that never came are no samples, and axes point where the foot does. */
#include "tests/unit/devices/play_fixture.h"

#include <math.h>

static struct recording_error error;

static const char header[] = "Acquisition frequency: 100 Hz\nPacketCounter\tAcc_X\t...\n";

static void write_feet(const char *record, const char *rows)
{
    static const char *const suffixes[] = {"_lf.txt", "_rf.txt"};
    char path[600], text[2000];
    for (int foot = 0; foot < 2; foot++) {
        snprintf(path, sizeof(path), "%s%s", record, suffixes[foot]);
        int n = snprintf(text, sizeof(text), "%s%s", header, rows);
        write_file(path, (const uint8_t *)text, (size_t)n);
    }
}

static void remove_feet(const char *record)
{
    char path[600];
    snprintf(path, sizeof(path), "%s_lf.txt", record);
    unlink(path);
    snprintf(path, sizeof(path), "%s_rf.txt", record);
    unlink(path);
}

static void packets_that_never_came_are_marked_and_keep_time(void **state)
{
    (void)state;
    char record[512];
    temporary_path(record, sizeof(record), "ipol");
    write_feet(record, "0.0\t1\t2\t9.8\t0.1\t0.2\t0.3\t7\t7\t7\n"
                       "1.0\t1\t2\t9.8\t0.1\t0.2\t0.3\t7\t7\t7\n"
                       "4.0\t-1\t-2\t9.9\t0.4\t0.5\t-0.6\t7\t7\t7\n");
    struct recording *recording = recording_open_ipol(record, &error);
    assert_non_null(recording);
    assert_int_equal(recording->samples_n, 5);
    static const uint8_t lost[] = {0, 0, 1, 1, 0};
    assert_memory_equal(recording->lost[1], lost, sizeof(lost));
    assert_int_equal(recording_time_us(recording, 4), 40000);
    assert_int_equal(recording->counts[0][4 * 6], -500);
    assert_int_equal(recording->counts[0][4 * 6 + 5], -1200);
    /* x points to the ankle and y to the right: against forward and left. */
    assert_true(recording->channels[0][0].scale < 0 && recording->channels[0][1].scale < 0);
    assert_true(recording->channels[0][2].scale > 0 && recording->channels[1][4].scale < 0);
    assert_int_equal(recording->channels[1][4].axis, STRIDE__V1__AXIS__AXIS_LEFT);
    assert_false(recording_decimate(recording, 50, &error));
    assert_non_null(strstr(error.text, "lost"));
    recording_close(recording);
    remove_feet(record);
}

static void damaged_tables_are_refused_whole(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "0.0\t1\t2\t9.8\t0.1\t0.2\n", /* too few */
        "0.0\t1\t2\t9.8\t0.1\t0.2\t0.3\n0.0\t1\t2\t9.8\t0.1\t0.2\t0.3\n",
        "5.0\t1\t2\t9.8\t0.1\t0.2\t0.3\n3.0\t1\t2\t9.8\t0.1\t0.2\t0.3\n",
        "-1.0\t1\t2\t9.8\t0.1\t0.2\t0.3\n-0.5\t1\t2\t9.8\t0.1\t0.2\t0.3\n",
        "0.0\t1\tnan\t9.8\t0.1\t0.2\t0.3\n",
        "0.0\t1\t2\t9.8\t0.1\t0.2\t0.3\n9e6\t1\t2\t9.8\t0.1\t0.2\t0.3\n",
        "",
    };
    char record[512];
    temporary_path(record, sizeof(record), "ipol");
    assert_null(recording_open_ipol(record, &error));
    assert_non_null(strstr(error.text, "cannot be opened"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        write_feet(record, rows[i]);
        assert_null(recording_open_ipol(record, &error));
        assert_true(strlen(error.text) > 0);
        assert_null(recording_open_gaitmap(record, &error));
    }
    remove_feet(record);
}

/* Of a walker's swing: forward speed means that the toes rose, rates about left negative. */
static double lowest_rate_about_left(const struct recording *recording, unsigned foot)
{
    double lowest = 0;
    for (size_t i = 0; i < recording->samples_n; i++)
        lowest = fmin(lowest, recording->counts[foot][i * recording->channels_n + 4] *
                                  (double)recording->channels[foot][4].scale);
    return lowest;
}

static double mean_up(const struct recording *recording, unsigned foot)
{
    double sum = 0;
    for (size_t i = 0; i < 50; i++)
        sum += recording->counts[foot][i * recording->channels_n + 2] *
               (double)recording->channels[foot][2].scale / 50;
    return sum;
}

static void ipol_record_is_read_as_its_events_count(void **state)
{
    (void)state;
    char path[512];
    recordings_path("ipol_foot_imu/7-2_lf.txt.gz", path, sizeof(path));
    *strstr(path, "_lf") = '\0';
    struct recording *recording = recording_open_ipol(path, &error);
    assert_non_null(recording);
    size_t lost_n = 0;
    for (size_t i = 0; i < recording->samples_n; i++)
        lost_n += recording->lost[0][i];
    assert_int_equal(recording->rate_hz, 100);
    assert_in_range(lost_n, 505, 511);
    for (unsigned foot = 0; foot < 2; foot++) {
        assert_true(lowest_rate_about_left(recording, foot) < -4);
        assert_true(mean_up(recording, foot) > 6 && mean_up(recording, foot) < 10);
    }
    recording_close(recording);
}

static void gaitmap_walk_keeps_its_time_at_200_hz(void **state)
{
    (void)state;
    char path[512];
    recordings_path("gaitmap_foot_mocap/imu_sample.csv.gz", path, sizeof(path));
    struct recording *recording = recording_open_gaitmap(path, &error);
    assert_non_null(recording);
    assert_int_equal(recording->rate_hz, 200);
    /* 7928 rows at 204.8 Hz are 38.7 s. */
    assert_int_equal(recording->samples_n, 7742);
    assert_null(recording->lost[0]);
    for (unsigned foot = 0; foot < 2; foot++) {
        assert_true(lowest_rate_about_left(recording, foot) < -4);
        assert_true(fabs(mean_up(recording, foot) - 9.45) < 0.3);
    }
    assert_true(recording_decimate(recording, 100, &error));
    assert_int_equal(recording->samples_n, 3871);
    recording_close(recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_that_never_came_are_marked_and_keep_time),
        cmocka_unit_test(damaged_tables_are_refused_whole),
        cmocka_unit_test(ipol_record_is_read_as_its_events_count),
        cmocka_unit_test(gaitmap_walk_keeps_its_time_at_200_hz),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
