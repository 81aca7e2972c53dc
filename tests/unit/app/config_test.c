/* The configuration file: what is written is what is read, and no text breaks the reader. */
#include "hub/app/config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char good[] = "; a home\n"
                           "[hub]\n"
                           "site = home\n"
                           "broker = mqtt://127.0.0.1:1883\n"
                           "user = hub-0\n"
                           "database = /var/lib/stridehub/stridehub.db\n"
                           "\n"
                           "[rules]\n"
                           "walk.close = 60\n"
                           "[wearer w1]\n"
                           "name = Åse\n"
                           "height_m = 1.72\n"
                           "stage = P1\n"
                           "coaching_consent = yes\n"
                           "flags = disc, lone_walker\n"
                           "tz_offset_min = 60\n"
                           "[wearer w2]\n"
                           "[device w1-left]\n"
                           "wearer = w1\n"
                           "side = left\n"
                           "[device w1-right]\n"
                           "wearer = w1\n"
                           "side = right\r\n"
                           "[caregiver c1]\n"
                           "wearers = w1, w2\n"
                           "scope = emergency, live\n";

static const char person[] = "[hub]\n"
                             "database = /a\n"
                             "[rules]\n"
                             "walk.close = 60\n"
                             "[wearer w1]\n"
                             "hr_max = 160\n"
                             "baseline = cadence=110, slh=0.41/0.01, speed=1.3\n"
                             "rules = walk.close=90, r11.max = 0\n"
                             "walk_times = 08:30, 13:00\n"
                             "locale = de\n"
                             "shoe = blue\n"
                             "shoe_type = trail\n"
                             "shoe_bought = 2024-03-01\n"
                             "shoe_days = 6.5\n"
                             "shoe_support = no\n"
                             "[wearer w2]\n";

static struct config *parse(const char *text, char *error)
{
    return config_parse(text, strlen(text), "test.conf", error);
}

static void refused(const char *text, const char *place, const char *words)
{
    char error[CONFIG_ERROR_SIZE] = "";
    struct config *config = parse(text, error);
    assert_null(config);
    if (strncmp(error, place, strlen(place)) != 0 || strstr(error, words) == NULL)
        fail_msg("expected %s ... %s, got: %s", place, words, error);
}

static void a_good_file_is_read_as_written(void **unused)
{
    (void)unused;
    char error[CONFIG_ERROR_SIZE];
    struct config *config = parse(good, error);
    assert_non_null(config);
    assert_string_equal(config->hub.site, "home");
    assert_int_equal(config->wearers_n, 2);
    assert_string_equal(config->wearers[0].name, "Åse");
    assert_true(config->wearers[0].coaching_consent);
    assert_false(config->wearers[1].coaching_consent);
    assert_true(isnan(config->wearers[1].height_m));
    assert_int_equal(config->wearers[0].devices_n, 2);
    assert_int_equal(config->wearers[1].caregivers_n, 1);
    assert_true(config->params.value[PARAM_WALK_CLOSE_S] == 60);
    config_free(config);
}

static void the_core_is_told_what_the_file_says_of_a_wearer(void **unused)
{
    (void)unused;
    char error[CONFIG_ERROR_SIZE];
    static struct wire_wearer_config wire;
    struct config *config = parse(person, error);
    assert_non_null(config);
    config_wearer_wire(config, 0, NULL, &wire);
    assert_int_equal(wire.hr_max_bpm, 160);
    assert_string_equal(wire.locale, "de");
    assert_int_equal(wire.baselines_n, 2);
    assert_string_equal(wire.baselines[1].name, "slh");
    assert_true(wire.baselines[1].value == 0.41F && wire.baselines[1].mad == 0.01F);
    assert_true(isnan(wire.baselines[0].mad) && wire.baselines[0].speed_mps == 1.3F);
    assert_int_equal(wire.walk_times_n, 2);
    assert_int_equal(wire.walk_min[0], 510);
    assert_true(wire.has_shoe && wire.shoe.has_bought_day);
    assert_string_equal(wire.shoe.id, "blue");
    assert_int_equal(wire.shoe.bought_day, 19783);
    assert_int_equal(wire.shoe.type, STRIDE__V1__SHOE_TYPE__SHOE_TYPE_TRAIL);
    assert_true(wire.shoe.days_per_week == 6.5F && isnan(wire.shoe.distance_km));
    assert_int_equal(wire.shoe.support, STRIDE__V1__ANSWER__ANSWER_NO);
    assert_int_equal(wire.params_n, 2); /* the wearer's own wins over [rules] */
    for (int i = 0; i < 2; i++) {
        const bool close = strcmp(wire.params[i].name, "walk.close") == 0;
        assert_true(close ? wire.params[i].value == 90 : wire.params[i].value == 0);
    }
    config_wearer_wire(config, 1, NULL, &wire);
    assert_true(wire.hr_max_bpm == 0 && wire.baselines_n == 0 && wire.walk_times_n == 0);
    assert_false(wire.has_shoe);
    assert_string_equal(wire.locale, "en");
    assert_true(wire.params_n == 1 && wire.params[0].value == 60);
    config_free(config);
}

static void what_a_line_says_of_a_person_is_checked(void **unused)
{
    (void)unused;
    static const char *const bad[][2] = {
        {"hr_max = 400", "from 80 to 230"},
        {"baseline = pace=3", "metrics"},
        {"baseline = cadence", "metrics"},
        {"baseline = cadence=1e9", "metrics"},
        {"baseline = speed=1.3", "metrics"},
        {"baseline = slh=0.4, slh=0.5", "metrics"},
        {"baseline = slh=0.4/-1", "metrics"},
        {"baseline = slh=0.4, speed=9", "metrics"},
        {"rules = no.such=1", "parameters"},
        {"rules = walk.close=-1", "parameters"},
        {"rules = walk.close", "parameters"},
        {"walk_times = 8:30", "3 times"},
        {"walk_times = 13:00, 08:30", "3 times"},
        {"walk_times = 24:00", "3 times"},
        {"walk_times = 01:00, 02:00, 03:00, 04:00", "3 times"},
        {"locale = fr", "one of en|de"},
        {"shoe_bought = 2025-02-29", "a date"},
        {"shoe_bought = 2025-13-01", "a date"},
        {"shoe_bought = 1.5.2025", "a date"},
        {"shoe_type = skates", "one of"},
        {"shoe_days = 8", "from 0 to 7"},
        {"shoe = Blue Shoe", "an id"},
        {"flags = vertigo, bad_back", "some of"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char text[160];
        snprintf(text, sizeof(text), "[hub]\ndatabase = /a\n[wearer w1]\n%s\n", bad[i][0]);
        refused(text, "test.conf:4:", bad[i][1]);
    }
}

static void errors_name_the_line_and_what_to_do(void **unused)
{
    (void)unused;
    refused("[hub]\ndatabase = /a\nsite = Not An Id\n", "test.conf:3:", "must be an id");
    refused("[hub]\nsite = home\n", "test.conf:1:", "needs a line: database");
    refused("[hub]\ndatabase = /a\ncolour = red\n", "test.conf:3:", "knows no key");
    refused("database = /a\n", "test.conf:1:", "before the first section");
    refused("[hub]\ndatabase = /a\ndatabase = /b\n", "test.conf:3:", "twice");
    refused("[hub]\ndatabase = /a\n[hub]\n", "test.conf:3:", "twice");
    refused("[hub]\ndatabase = /a\npart = 1.5\n", "test.conf:3:", "whole");
    refused("[hub]\ndatabase = /a\npart = 10000\n", "test.conf:3:", "from 0 to 9999");
    refused("[hub]\ndatabase = /a\npart = nan\n", "test.conf:3:", "number");
    refused("[hub]\ndatabase = /a\nbroker = http://x\n", "test.conf:3:", "mqtt://");
    refused("[hub]\ndatabase = /a\n[rules]\nno.such = 1\n", "test.conf:4:", "no rule parameter");
    refused("[hub]\ndatabase = /a\n[rules]\nwalk.close = -1\n", "test.conf:4:", "must be from");
    refused("[hub]\ndatabase = /a\n[rules]\nladder.emergency_1 = 61\n",
            "test.conf:4:", "must be from 15 to 60 s");
    refused("[hub]\ndatabase = /a\n[rules]\nladder.emergency_2 = 45\n",
            "test.conf:4:", "[rules] ladder.emergency_1 must not be above");
    /* Of several lines it is the one with which the contradiction begins. */
    refused("[hub]\ndatabase = /a\n[rules]\nladder.emergency_1 = 50\nladder.emergency_2 = 45\n"
            "ladder.same_day_1 = 5\n",
            "test.conf:5:", "[rules] ladder.emergency_1 must not be above");
    refused("[hub]\ndatabase = /a\n[rules]\nladder.same_day_3 = 60\nladder.same_day_1 = 15\n"
            "ladder.emergency_3 = 110\n[rules]\nladder.emergency_1 = 20\n",
            "test.conf:6:", "[rules] ladder.emergency_2 must not be above");
    refused("[hub]\ndatabase = /a\n[wearer w1]\nrules = ladder.same_day_3=60, "
            "ladder.same_day_2=60, ladder.emergency_3=100\n",
            "test.conf:4:", "wearer w1: rules: ladder.emergency_2");
    refused("[hub]\ndatabase = /a\n[wearer A]\n", "test.conf:3:", "needs an id");
    refused("[hub]\ndatabase = /a\n[wearer w1]\nflags = disc, xyz\n", "test.conf:4:", "some of");
    refused("[hub]\ndatabase = /a\n[wearer w1]\nname = \xff\xfe\n", "test.conf:4:", "UTF-8");
    refused("[hub]\ndatabase = /a\n[garden g]\n", "test.conf:3:", "is no section");
    refused("[hub\n", "test.conf:1:", "a section is written");
    refused("[hub]\ndatabase\n", "test.conf:2:", "key = value");
    refused("[hub]\ndatabase = a\x1b[2J\n", "test.conf:2:", "control character");
    refused("", "test.conf:1:", "no [hub] section");
}

static void sections_that_do_not_fit_together_are_refused(void **unused)
{
    (void)unused;
    refused("[hub]\ndatabase=/a\n[device d1]\nwearer=w9\n", "test.conf:3:", "no [wearer w9]");
    refused("[hub]\ndatabase=/a\n[wearer w1]\n[wearer w1]\n", "test.conf:4:", "twice");
    refused("[hub]\ndatabase=/a\n[wearer w1]\n[device d1]\nwearer=w1\n[device d1]\nwearer=w1\n",
            "test.conf:6:", "twice");
    refused("[hub]\ndatabase=/a\n[caregiver c1]\nwearers=w1\n", "test.conf:3:", "no [wearer w1]");
    refused("[hub]\ndatabase=/a\n[wearer w1]\n[caregiver c1]\nwearers=w1,w1\n",
            "test.conf:4:", "twice");
    char text[1024] = "[hub]\ndatabase=/a\n[wearer w1]\n";
    size_t used = strlen(text);
    for (int i = 0; i <= WEARER_DEVICES_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "[device d%d]\nwearer=w1\n", i);
    refused(text, "test.conf:", "more than 6 devices");
}

static void what_is_printed_reads_back_the_same(void **unused)
{
    (void)unused;
    static const char *const files[] = {good, person};
    for (int file = 0; file < 2; file++) {
        char error[CONFIG_ERROR_SIZE], *texts[2] = {NULL, NULL};
        size_t sizes[2];
        struct config *config = parse(files[file], error);
        for (int i = 0; i < 2; i++) {
            assert_non_null(config);
            FILE *out = open_memstream(&texts[i], &sizes[i]);
            config_print(config, out);
            fclose(out);
            config_free(config);
            config = config_parse(texts[i], sizes[i], "printed", error);
        }
        assert_non_null(config);
        assert_string_equal(texts[0], texts[1]);
        config_free(config);
        free(texts[0]);
        free(texts[1]);
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* F32: 2,000 files with bytes changed, cut out, doubled. Each is read or refused with a line. */
static void no_mutated_file_crashes_the_reader_or_fails_without_a_line(void **unused)
{
    (void)unused;
    uint64_t seed = 0x5eed;
    int accepted = 0;
    for (int round = 0; round < 2000; round++) {
        char text[2 * sizeof(good)], error[CONFIG_ERROR_SIZE] = "";
        size_t size = sizeof(good) - 1;
        memcpy(text, good, size);
        for (uint64_t n = next_random(&seed) % 4 + 1; n > 0; n--) {
            const size_t at = (size_t)(next_random(&seed) % size);
            const size_t length = (size_t)(next_random(&seed) % 12);
            switch (next_random(&seed) % 3) {
            case 0:
                text[at] = (char)next_random(&seed);
                break;
            case 1:
                if (at + length < size && size - length > 1) {
                    memmove(text + at, text + at + length, size - at - length);
                    size -= length;
                }
                break;
            default:
                if (size + length < sizeof(text) && at + length < size) {
                    memmove(text + at + length, text + at, size - at);
                    size += length;
                }
                break;
            }
        }
        struct config *config = config_parse(text, size, "mutated", error);
        accepted += config != NULL;
        if (config == NULL)
            assert_true(strncmp(error, "mutated:", 8) == 0 && error[8] >= '1' && error[8] <= '9');
        config_free(config);
    }
    assert_in_range(accepted, 1, 1999);
}

static void devices_keep_their_slots_when_others_come_and_go(void **unused)
{
    (void)unused;
    char error[CONFIG_ERROR_SIZE];
    struct wire_wearer_config before, after;
    struct config *config = parse(good, error);
    config_wearer_wire(config, 0, NULL, &before);
    config_free(config);
    assert_int_equal(before.devices_n, 2);
    assert_int_equal(before.devices[1].slot, 1);
    config = parse("[hub]\ndatabase=/a\n[wearer w1]\n[device w1-wrist]\nwearer=w1\n"
                   "[device w1-right]\nwearer=w1\nside=right\n",
                   error);
    /* What the core knows of the devices is their slots. */
    static struct wearer_state state;
    for (unsigned i = 0; i < before.devices_n; i++)
        memcpy(state.devices[before.devices[i].slot].id, before.devices[i].device, ID_SIZE);
    state.config.version = before.version;
    config_wearer_wire(config, 0, &state, &after);
    assert_int_equal(after.devices[0].slot, 0);
    assert_string_equal(after.devices[1].device, "w1-right");
    assert_int_equal(after.devices[1].slot, 1);
    assert_int_equal(after.version, before.version + 1);
    assert_true(wearer_config_digest(&before) != wearer_config_digest(&after));
    const uint64_t digest = wearer_config_digest(&before);
    before.version++;
    assert_true(wearer_config_digest(&before) == digest);
    config_free(config);
}

static void a_configuration_survives_the_wire(void **unused)
{
    (void)unused;
    static struct wire_arena arena;
    char error[CONFIG_ERROR_SIZE];
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    struct wire_wearer_config wire, read;
    struct config *config = parse(good, error);
    config_wearer_wire(config, 0, NULL, &wire);
    const size_t size = wire_encode_wearer_config(&wire, bytes, sizeof(bytes));
    assert_true(size > 0);
    assert_int_equal(wire_decode_wearer_config(&arena, bytes, size, &read), WIRE_OK);
    assert_true(wearer_config_digest(&wire) == wearer_config_digest(&read));
    config_free(config);
}

static void a_password_file_that_others_can_read_is_refused(void **unused)
{
    (void)unused;
    char path[] = "/tmp/stridehub-passwords-XXXXXX", error[CONFIG_ERROR_SIZE], password[64];
    const int file = mkstemp(path);
    static const char text[] = "hub-0-out:second\nhub-0:first:with colon\n";
    assert_int_equal(write(file, text, sizeof(text) - 1), sizeof(text) - 1);
    close(file);
    chmod(path, 0644);
    assert_false(config_password(path, "hub-0", password, sizeof(password), error));
    assert_non_null(strstr(error, "chmod 600"));
    chmod(path, 0600);
    assert_true(config_password(path, "hub-0", password, sizeof(password), error));
    assert_string_equal(password, "first:with colon");
    assert_false(config_password(path, "hub", password, sizeof(password), error));
    unlink(path);
    assert_false(config_password(path, "hub-0", password, sizeof(password), error));
}

static void a_caregiver_has_no_name_or_a_stranger_has_one(void **unused)
{
    (void)unused;
    char error[CONFIG_ERROR_SIZE], text[2048];
    snprintf(text, sizeof(text), "%sname = Cleo\n[caregiver c2]\nwearers = w1\n", good);
    struct config *config = parse(text, error);
    assert_non_null(config);
    assert_string_equal(config_caregiver_name(config, "c1"), "Cleo");
    assert_string_equal(config_caregiver_name(config, "c2"), "c2");
    assert_string_equal(config_caregiver_name(config, "c3"), "c3");
    assert_string_equal(config_caregiver_name(config, ""), "");
    config_free(config);
}

static void caregivers_have_duties_and_wearers_quiet_hours(void **unused)
{
    (void)unused;
    char error[CONFIG_ERROR_SIZE], text[2048];
    snprintf(text, sizeof(text),
             "%sorder = 2\nmonitoring = yes\nduty = mon-fri 08:00-18:00, sat 22:30-06:15, daily "
             "00:00-24:00, sun-mon 01:00-02:00\n[wearer w3]\nquiet_hours = 22:00-06:30\n"
             "tz_follow = yes\n[wearer w4]\nquiet_hours = none\n",
             good);
    struct config *config = parse(text, error);
    assert_non_null(config);
    struct wire_wearer_config wire;
    config_wearer_wire(config, 0, NULL, &wire);
    const struct wire_caregiver *carer = &wire.caregivers[0];
    assert_true(carer->monitoring);
    assert_int_equal(carer->duties_n, 4);
    assert_int_equal(carer->duties[0].days, 0x1f);
    assert_int_equal(carer->duties[0].from_min, 480);
    assert_int_equal(carer->duties[0].until_min, 1080);
    assert_int_equal(carer->duties[1].days, 1 << 5);
    assert_int_equal(carer->duties[1].until_min, 375);
    assert_int_equal(carer->duties[2].days, 0x7f);
    assert_int_equal(carer->duties[2].until_min, 1440);
    assert_int_equal(carer->duties[3].days, 1 << 6 | 1 << 0);
    assert_int_equal(wire.params_n, 1); /* walk.close; quiet hours as in the rule book */
    assert_true(config->wearers[2].tz_follow && !config->wearers[0].tz_follow);
    config_wearer_wire(config, 2, NULL, &wire);
    assert_int_equal(wire.params_n, 3);
    assert_string_equal(wire.params[1].name, "quiet.from");
    assert_true(wire.params[1].value == 1320 && wire.params[2].value == 390);
    config_wearer_wire(config, 3, NULL, &wire);
    assert_int_equal(wire.params_n, 2); /* begin where they end */
    assert_true(wire.params[1].value == 450);
    config_free(config);
}

static void duties_and_hours_that_are_none_are_refused(void **unused)
{
    (void)unused;
    static const char *const duties[] = {
        "mon",
        "08:00-18:00",
        "mon 8:00-18:00",
        "mon 08:00-25:00",
        "mon 24:00-01:00",
        "mon-fre 08:00-18:00",
        "mon 08:60-18:00",
        "mon 08:00",
        "mon 08:00-18:00 x",
        "mon 08:00-18:00, , tue",
        "monday 08:00-18:00",
        "mon 08:00-09:00, tue 08:00-09:00, wed 08:00-09:00, thu 08:00-09:00, fri 08:00-09:00"};
    static const char *const hours[] = {"21:30", "2130-0730", "21:30-07:30x", "24:00-07:00",
                                        "always"};
    char text[2048];
    for (size_t i = 0; i < sizeof(duties) / sizeof(duties[0]); i++) {
        snprintf(text, sizeof(text), "%sduty = %s\n", good, duties[i]);
        refused(text, "test.conf:27", "duty");
    }
    for (size_t i = 0; i < sizeof(hours) / sizeof(hours[0]); i++) {
        snprintf(text, sizeof(text), "%s[wearer w3]\nquiet_hours = %s\n", good, hours[i]);
        refused(text, "test.conf:28", "quiet_hours");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_is_read_as_written),
        cmocka_unit_test(the_core_is_told_what_the_file_says_of_a_wearer),
        cmocka_unit_test(what_a_line_says_of_a_person_is_checked),
        cmocka_unit_test(errors_name_the_line_and_what_to_do),
        cmocka_unit_test(sections_that_do_not_fit_together_are_refused),
        cmocka_unit_test(what_is_printed_reads_back_the_same),
        cmocka_unit_test(no_mutated_file_crashes_the_reader_or_fails_without_a_line),
        cmocka_unit_test(devices_keep_their_slots_when_others_come_and_go),
        cmocka_unit_test(a_configuration_survives_the_wire),
        cmocka_unit_test(a_caregiver_has_no_name_or_a_stranger_has_one),
        cmocka_unit_test(caregivers_have_duties_and_wearers_quiet_hours),
        cmocka_unit_test(duties_and_hours_that_are_none_are_refused),
        cmocka_unit_test(a_password_file_that_others_can_read_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
