/* Sets worn at the wrist: what the wrist wears is what the file says, at the file's own time. */
#include "tests/unit/devices/play_fixture.h"

#include <math.h>
#include <sys/stat.h>

static struct recording_error error;

static void write_rows(const char *path, const char *header, size_t rows_n, double rate_hz,
                       const char *(*row)(size_t i, double at_s))
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(header, file) >= 0);
    for (size_t i = 0; i < rows_n; i++) {
        /* Times of a phone: a third of a period early or late. */
        double at_s = ((double)i + (double)(i % 3) / 3) / rate_hz;
        assert_true(fputs(row(i, at_s), file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
}

static char line[512];

/* x rises by 1 m/s2 a second, y swings at 2 Hz, z rests. */
static const char *user_row(size_t i, double at_s)
{
    (void)i;
    snprintf(line, sizeof(line), "%.0f,%.6f,%.6f,9.8,%d,1,1\n", 5e12 + at_s * 1e9, at_s,
             3 * sin(2 * 3.14159265358979 * 2 * at_s), 0);
    return line;
}

static void irregular_times_move_what_was_measured(void **state)
{
    static const double rates[] = {100, 150, 406};
    char path[512];
    (void)state;
    temporary_path(path, sizeof(path), "user1.csv");
    for (int k = 0; k < 3; k++) {
        write_rows(path, "", (size_t)(10 * rates[k]), rates[k], user_row);
        struct recording *recording = recording_open_oxford(path, &error);
        assert_non_null(recording);
        assert_int_equal(recording->rate_hz, 100);
        assert_int_equal(recording->channels_n, 3);
        for (size_t i = 5; i + 5 < recording->samples_n; i++) {
            double at_s = (double)recording_time_us(recording, i) * 1e-6;
            const int32_t *counts = recording->counts[0] + i * 3;
            assert_true(fabs(counts[0] * 0.001 - at_s) < 0.0011);
            assert_true(fabs(counts[1] * 0.001 - 3 * sin(4 * 3.14159265358979 * at_s)) < 0.05);
            assert_int_equal(counts[2], 9800);
        }
        assert_true(fabs((double)recording->samples_n - 1000) < 3);
        recording_close(recording);
    }
    unlink(path);
}

static void a_phones_axes_are_not_those_of_the_forearm(void **state)
{
    static struct wire_descriptor described;
    static uint8_t bytes[HELLO_BYTES_MAX];
    char path[512];
    (void)state;
    temporary_path(path, sizeof(path), "user2.csv");
    write_rows(path, "", 100, 100, user_row);
    struct recording *recording = recording_open_oxford(path, &error);
    assert_non_null(recording);
    recording_describe(recording, 0, "w1-wrist", 9, &described);
    assert_int_equal(described.kind, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST);
    assert_int_equal(described.channels[0].axis, STRIDE__V1__AXIS__AXIS_LEFT);
    assert_true(described.channels[0].scale < 0);
    assert_int_equal(described.channels[1].axis, STRIDE__V1__AXIS__AXIS_FORWARD);
    assert_true(described.channels[1].scale > 0);
    assert_int_equal(described.channels[2].axis, STRIDE__V1__AXIS__AXIS_UP);
    assert_true(wire_encode_hello(&described, bytes, sizeof(bytes)) > 0);
    assert_int_equal(recording_devices(recording), 1);
    assert_string_equal(recording_device_name(recording, 0), "wrist");
    assert_true(recording_decimate(recording, 50, &error));
    assert_true(fabs((double)recording->samples_n - 50) < 2);
    recording_close(recording);
    unlink(path);
}

static void a_folder_is_not_read(void **state)
{
    char folder[512], path[600];
    (void)state;
    temporary_path(folder, sizeof(folder), "oxford");
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_null(recording_open_oxford(folder, &error));
    assert_non_null(strstr(error.text, "no accelerometer.csv"));
    snprintf(path, sizeof(path), "%s/accelerometer.csv", folder);
    write_file(path, "1000000000,2,1,2,3\n2000000000,2,1,2,3\n", 38);
    struct recording *recording = recording_open_oxford(folder, &error);
    assert_non_null(recording);
    assert_int_equal(recording->samples_n, 101);
    assert_int_equal(recording->counts[0][3 * 50 + 1], 2000);
    recording_close(recording);
    unlink(path);
    rmdir(folder);
}

static void umafall_goes_by_its_times_of_arrival(void **state)
{
    static const char text[] = "t_ms,sample,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps\n"
                               "111,0,1,0,-0.5,,,\n"
                               "845,1,2,0,0,180,0,0\n"
                               "846,2,3,0,0,,,\n";
    char path[512];
    (void)state;
    temporary_path(path, sizeof(path), "uma.csv");
    write_file(path, text, sizeof(text) - 1);
    struct recording *recording = recording_open_umafall(path, &error);
    assert_non_null(recording);
    assert_int_equal(recording->rate_hz, 20);
    assert_int_equal(recording->samples_n, 3);
    assert_int_equal(recording->counts[0][0], 9807);
    assert_int_equal(recording->counts[0][2], -4903);
    assert_int_equal(recording->counts[0][3], 0);
    assert_int_equal(recording->counts[0][6 + 3], 6283); /* pi in 0.0005 rad/s */
    assert_int_equal(recording->counts[0][12 + 3], 6283);
    recording_close(recording);
    unlink(path);
}

static void armswing_mixes_up_the_wrists(void **state)
{
    static const char text[] = "t_s,a,b,c,d,e,f\n0,1,2,3,-1,-2,-3\n0.005,1,2,3,4,5,6\n";
    static struct wire_descriptor described;
    char path[512];
    (void)state;
    temporary_path(path, sizeof(path), "arm.csv");
    write_file(path, text, sizeof(text) - 1);
    struct recording *recording = recording_open_armswing(path, &error);
    assert_non_null(recording);
    assert_int_equal(recording_devices(recording), 2);
    assert_string_equal(recording_device_name(recording, 1), "wrist-right");
    assert_int_equal(recording->counts[0][1], 4000);
    assert_int_equal(recording->counts[1][1], -4000);
    recording_describe(recording, 1, "w1-wrist-right", 9, &described);
    assert_int_equal(described.side, STRIDE__V1__SIDE__SIDE_RIGHT);
    assert_int_equal(described.channels[0].quantity, STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE);
    recording_close(recording);
    unlink(path);
}

static void broken_lines_are_refused_without_their_number(void **state)
{
    static const char good[] = "1,2,3,4,5,6,100,WALKING\n";
    static const struct {
        const char *text, *word;
    } broken[] = {{"1,2,3,4,5,6,90,WALKING\n", "time goes back"},
                  {"1,2,3,4,5\n", "no time"},
                  {"1,2,x,4,5,6,110,WALKING\n", "no number"},
                  {"1,2,,4,5,6,110,WALKING\n", "no number"},
                  {"1,2,1e9,4,5,6,110,WALKING\n", "no sensor shows"},
                  {"1,2,nan,4,5,6,110,WALKING\n", "no number"}};
    char path[512], text[512];
    (void)state;
    temporary_path(path, sizeof(path), "tug.csv");
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        int n = snprintf(text, sizeof(text), "header\n%s%s", good, broken[i].text);
        write_file(path, text, (size_t)n);
        assert_null(recording_open_tug(path, &error));
        assert_non_null(strstr(error.text, ":3: "));
        assert_non_null(strstr(error.text, broken[i].word));
    }
    write_file(path, "header\n", 7);
    assert_null(recording_open_tug(path, &error));
    unlink(path);
    assert_null(recording_open_tug(path, &error));
}

static void real_files_are_refused(void **state)
{
    static const struct {
        const char *format, *path;
        unsigned rate_hz;
        double seconds;
    } files[] = {
        {"oxford", "oxford_steps/Pixel_Jamie_Hard_SwingingArm_1", 100, 143.96},
        {"oxford", "oxford_steps/user1_hand_1506421989895.csv.gz", 100, 193.98},
        {"tug", "smartwatch_tug/s01_01_sw.csv.gz", 100, 13.2},
        {"umafall", "umafall_wrist/Subject_05_Fall_forwardFall_1_2016-06-15_21-21-48_wrist.csv.gz",
         20, 15.0},
        {"armswing", "arm_swing/kiel_example_wrist_gyro.csv.gz", 200, 86.66},
    };
    char path[512];
    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        recordings_path(files[i].path, path, sizeof(path));
        struct recording *recording = recording_format_find(files[i].format)->open(path, &error);
        assert_non_null(recording);
        assert_int_equal(recording->rate_hz, files[i].rate_hz);
        assert_true(fabs((double)recording->samples_n / files[i].rate_hz - files[i].seconds) < 0.1);
        recording_close(recording);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(irregular_times_move_what_was_measured),
        cmocka_unit_test(a_phones_axes_are_not_those_of_the_forearm),
        cmocka_unit_test(a_folder_is_not_read),
        cmocka_unit_test(umafall_goes_by_its_times_of_arrival),
        cmocka_unit_test(armswing_mixes_up_the_wrists),
        cmocka_unit_test(broken_lines_are_refused_without_their_number),
        cmocka_unit_test(real_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
