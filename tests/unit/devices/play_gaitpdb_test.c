/* gaitpdb: what the insoles wear is what the file says, at the file's own time. */
#include "tests/unit/devices/play_fixture.h"

#include <math.h>

static struct recording_error error;

static void first_line_of_the_recording_becomes_the_first_sample(void **state)
{
    (void)state;
    char path[512];
    recordings_path("gaitpdb/GaCo01_01.txt.gz", path, sizeof(path));
    struct recording *recording = recording_open_gaitpdb(path, &error);
    assert_non_null(recording);
    /* 199.1 87.34 91.08 24.09 21.12 87.67 87.23 64.57 | 163.9 79.86 112.42 ... 79.53 */
    static const int32_t left[] = {19910, 8734, 9108, 2409, 2112, 8767, 8723, 6457};
    static const int32_t right[] = {16390, 7986, 11242, 5082, 1375, 10274, 14498, 7953};
    for (int c = 0; c < 8; c++) {
        assert_int_equal(recording->counts[0][c], left[c]);
        assert_int_equal(recording->counts[1][c], right[c]);
    }
    assert_int_equal(recording->rate_hz, 100);
    assert_int_equal(recording->channels_n, 8);
    assert_true(recording->samples_n > 10000);
    assert_int_equal(recording_time_us(recording, 12345), UINT64_C(123450000));
    recording_close(recording);
}

static void cells_lie_where_format_txt_draws_them_on_both_feet(void **state)
{
    (void)state;
    char path[512];
    static struct wire_descriptor described;
    static uint8_t bytes[HELLO_BYTES_MAX];
    temporary_path(path, sizeof(path), "one");
    const char line[] = "0.00\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13\t14\t15\t16\t36\t100\r\n";
    write_file(path, line, sizeof(line) - 1);
    struct recording *recording = recording_open_gaitpdb(path, &error);
    assert_non_null(recording);
    for (unsigned foot = 0; foot < 2; foot++) {
        recording_describe(recording, foot, "w1-x", 9, &described);
        assert_int_equal(described.side,
                         foot == 0 ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT);
        assert_int_equal(described.channels[0].forward_mm, 20);
        assert_int_equal(described.channels[7].forward_mm, 240);
        assert_int_equal(described.channels[1].lateral_mm, 30);
        assert_int_equal(described.channels[2].lateral_mm, -30);
        assert_true(wire_encode_hello(&described, bytes, sizeof(bytes)) > 0);
    }
    recording_close(recording);
    unlink(path);
}

static void broken_lines_are_refused_with_their_number(void **state)
{
    (void)state;
    static const char good[] =
        "0.00\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13\t14\t15\t16\t36\t100\r\n";
    static const struct {
        const char *line, *word;
    } bad[] = {
        {"0.01 1 2 3\n", ":2: not 19"},
        {"0.01 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 36 100 7\n", ":2: more than 19"},
        {"0.01 1 2 3 4 5 6 7 x 9 10 11 12 13 14 15 16 36 100\n", ":2: not 19"},
        {"0.01 nan 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 36 100\n", ":2: a number"},
        {"0.01 1e300 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 36 100\n", ":2: a number"},
    };
    char path[512], text[600];
    temporary_path(path, sizeof(path), "bad");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int size = snprintf(text, sizeof(text), "%s%s", good, bad[i].line);
        write_file(path, text, (size_t)size);
        assert_null(recording_open_gaitpdb(path, &error));
        if (strstr(error.text, bad[i].word) == NULL)
            fail_msg("%s", error.text);
    }
    write_file(path, "", 0);
    assert_null(recording_open_gaitpdb(path, &error));
    unlink(path);
    assert_null(recording_open_gaitpdb(path, &error));
    assert_non_null(strstr(error.text, "cannot be opened"));
}

static void cut_off_gzip_is_refused_and_not_half_played(void **state)
{
    (void)state;
    char path[512], cut[512];
    static unsigned char bytes[100000];
    recordings_path("gaitpdb/GaCo01_01.txt.gz", path, sizeof(path));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    assert_int_equal(fclose(file), 0);
    temporary_path(cut, sizeof(cut), "cut");
    write_file(cut, bytes, size);
    assert_null(recording_open_gaitpdb(cut, &error));
    unlink(cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_line_of_the_recording_becomes_the_first_sample),
        cmocka_unit_test(cells_lie_where_format_txt_draws_them_on_both_feet),
        cmocka_unit_test(broken_lines_are_refused_with_their_number),
        cmocka_unit_test(cut_off_gzip_is_refused_and_not_half_played),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
