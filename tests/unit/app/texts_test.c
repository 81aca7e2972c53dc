/* What the hub says: short, calm, and never a word that the rule book forbids. */
#include "hub/app/texts.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hub/core/plan.h"

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* Rule book 5.6: what nobody who is in pain should read. */
static const char *const never[LOCALES][40] = {
    [LOCALE_EN] = {"damage",    "degenerat", "crumbl",  "slipped",      "wrong",   "bad form",
                   "failed",    "lazy",      "must",    "push through", "no pain", "try to avoid",
                   "!",         "{",         "shear",   "pelvi",        "pound",   "bad posture",
                   "no gain",   "herniat",   "sciatic", "stenosis",     "cauda",   "arthrit",
                   "claudicat", "tumor",     "tumour",  "fracture"},
    [LOCALE_DE] = {"geschädigt",
                   "degenerat",
                   "bröckel",
                   "verrutscht",
                   "falsch",
                   "versagt",
                   "faul",
                   "müssen",
                   "durchhalten",
                   "vermeiden sie",
                   "!",
                   "{",
                   "scherkr",
                   "zähne zusammen",
                   "verschleiß",
                   "kaputte",
                   "sie müssen",
                   "zwingen",
                   "bandscheibenvorfall",
                   "ischias",
                   "stenose",
                   "arthrose",
                   "tumor",
                   "bruch",
                   "pfund"},
};

static void check_tone(const char *text, enum locale locale)
{
    char lower[256];
    size_t i = 0;
    for (; text[i] != '\0' && i < sizeof(lower) - 1; i++)
        lower[i] = (char)tolower((unsigned char)text[i]);
    lower[i] = '\0';
    for (size_t j = 0; never[locale][j] != NULL; j++) {
        if (strstr(lower, never[locale][j]) != NULL)
            fail_msg("\"%s\" says %s", text, never[locale][j]);
    }
    if (!isupper((unsigned char)text[0]) && (text[0] & 0x80) == 0 &&
        !isdigit((unsigned char)text[0]))
        fail_msg("\"%s\" does not begin like a sentence", text);
    if (text[i - 1] != '.' && text[i - 1] != '?')
        fail_msg("\"%s\" does not end like a sentence", text);
}

static const struct text_values longest = {
    .name = "Åsa-Margareta Öhrström-Wåhlberg the Third",
    .device = "Åsa-Margareta Öhrström-Wåhlberg the Third",
    .distance = "12.34 km",
    .n = "36500",
    .minutes = "120",
    .minutes_next = "120",
    .nrs = "10",
    .nrs_start = "10",
    .nrs_end = "10",
    .surface = "artificial grass",
    .time = "23:59",
    .emergency_number = "112",
};

static void check_words(int text, enum locale locale, const char *out, size_t length)
{
    const char *name =
        text < TEXT_COUNT ? text_name((enum text)text) : texts_words(text, LOCALE_EN);
    if (length == 0 || characters(out) > TEXT_LENGTH_MAX)
        fail_msg("%s: %zu characters in locale %d: %s", name, characters(out), locale, out);
    if (locale != LOCALE_EN && length > 100)
        fail_msg("%s: %zu bytes in locale %d: %s", name, length, locale, out);
    check_tone(out, locale);
}

static void every_text_is_there_short_and_calm_after_filling(void **unused)
{
    (void)unused;
    struct text_values nameless = longest;
    nameless.name = "";
    nameless.device = NULL;
    for (unsigned locale = 0; locale < LOCALES; locale++) {
        for (int text = TEXT_NONE + 1; text < TEXT_COUNT; text++) {
            const struct text_values *values[] = {&longest, &nameless};
            for (int i = 0; i < 2; i++) {
                char out[TEXT_BYTES_MAX + 1];
                const size_t length =
                    texts_fill((enum text)text, (enum locale)locale, values[i], out, sizeof(out));
                assert_true(length < sizeof(out));
                check_words(text, (enum locale)locale, out, length);
            }
        }
        assert_string_equal(texts_raw(TEXT_NONE, (enum locale)locale), "");
        assert_string_equal(texts_raw((enum text)TEXT_COUNT, (enum locale)locale), "");
    }
}

static void check_says(enum text text, const char *const words[LOCALES])
{
    for (unsigned locale = 0; locale < LOCALES; locale++) {
        if (strstr(texts_raw(text, (enum locale)locale), words[locale]) == NULL)
            fail_msg("%s does not say %s", text_name(text), words[locale]);
    }
}

/* Rule book 9, decision 1, and row 74: weight loss and night pain included. */
static void every_red_flag_sends_who_is_very_unwell_to_the_er(void **unused)
{
    (void)unused;
    static const enum text flags[] = {TEXT_F01_EMERGENCY, TEXT_F02_WEAKNESS, TEXT_F03_FEVER,
                                      TEXT_F04_WEIGHT,    TEXT_F04_NIGHT,    TEXT_F04_CANCER,
                                      TEXT_F05_BONE};
    static const char *const er[LOCALES] = {
        [LOCALE_EN] = "o to the ER", [LOCALE_DE] = "Notaufnahme"};
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        check_says(flags[i], er);
}

/* "Call" alone helps nobody: whom? */
static void what_asks_to_call_says_whom(void **unused)
{
    (void)unused;
    static const enum text calls[] = {TEXT_P02_SUMMARY,       TEXT_P06_CHECK,    TEXT_T1_CLINICIAN,
                                      TEXT_T1_FIRST_EPISODE,  TEXT_F02_WEAKNESS, TEXT_F04_WEIGHT,
                                      TEXT_F04_NIGHT,         TEXT_F04_CANCER,   TEXT_F05_BONE,
                                      TEXT_ALARM_NOBODY_TODAY};
    static const char *const whom[LOCALES] = {[LOCALE_EN] = "all ", [LOCALE_DE] = "Praxis"};
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        check_says(calls[i], whom);
}

/* Marks in order of the alphabet, as one string. */
static void placeholders_of(const char *text, char *out, size_t size)
{
    unsigned counts[128] = {0};
    for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at + 1, '{')) {
        const char *end = strchr(at, '}');
        assert_non_null(end);
        unsigned sum = 0;
        for (const char *c = at; c < end; c++)
            sum = (sum * 31 + (unsigned char)*c) % 128;
        counts[sum]++;
    }
    size_t used = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < 128; i++) {
        if (counts[i] > 0 && used < size)
            used += (size_t)snprintf(out + used, size - used, "%u:%u ", i, counts[i]);
    }
}

static void no_language_lacks_a_text_or_a_placeholder(void **unused)
{
    (void)unused;
    for (int words = TEXT_NONE + 1; words < PHRASE_COUNT; words++) {
        char first[256], other[256];
        if (words == PHRASE_BEFORE_FIRST && words >= TEXT_COUNT)
            continue;
        assert_non_null(texts_words(words, LOCALE_EN));
        placeholders_of(texts_words(words, LOCALE_EN), first, sizeof(first));
        for (unsigned locale = 1; locale < LOCALES; locale++) {
            if (texts_words(words, (enum locale)locale) == NULL)
                fail_msg("locale %u lacks \"%s\"", locale, texts_words(words, LOCALE_EN));
            placeholders_of(texts_words(words, (enum locale)locale), other, sizeof(other));
            assert_string_equal(first, other);
        }
    }
}

static void red_flags_begin_with_what_to_do(void **unused)
{
    (void)unused;
    static const enum text emergencies[] = {TEXT_F01_EMERGENCY, TEXT_F06_HEART, TEXT_F05_ACCIDENT};
    char out[TEXT_BYTES_MAX + 1];
    texts_fill(TEXT_F01_EMERGENCY, LOCALE_EN, &longest, out, sizeof(out));
    assert_int_equal(strncmp(out, "Stop now.", 9), 0);
    assert_non_null(strstr(out, "112"));
    texts_fill(TEXT_F06_HEART, LOCALE_EN, &longest, out, sizeof(out));
    assert_int_equal(strncmp(out, "Stop and sit down.", 18), 0);
    for (size_t i = 0; i < sizeof(emergencies) / sizeof(emergencies[0]); i++)
        assert_non_null(texts_words((int)emergencies[i], LOCALE_DE));
}

/* 5.6: "action first in RED" where it is an emergency; a verb of doing in every red flag. */
static void every_red_flag_says_what_to_do(void **unused)
{
    (void)unused;
    static const char *const verbs[LOCALES][8] = {
        [LOCALE_EN] = {"stop", "call", "get ", "press", "stay", "sit "},
        [LOCALE_DE] = {"halten", "anhalten", "ruf", "holen", "drücken", "bleiben"},
    };
    static const char *const first[LOCALES][3] = {
        [LOCALE_EN] = {"Stop "}, [LOCALE_DE] = {"Halten ", "Anhalten "}};
    for (unsigned locale = 0; locale < LOCALES; locale++) {
        for (int text = TEXT_NONE + 1; text < TEXT_COUNT; text++) {
            const char *name = text_name((enum text)text);
            const char *words = texts_raw((enum text)text, (enum locale)locale);
            if (name[0] != 'f' || strcmp(name, "f07_cancelled") == 0 ||
                strcmp(name, "f07_accepted") == 0)
                continue;
            char lower[256];
            size_t i = 0, verb = 0, begins = 0;
            for (; words[i] != '\0' && i < sizeof(lower) - 1; i++)
                lower[i] = (char)tolower((unsigned char)words[i]);
            lower[i] = '\0';
            while (verbs[locale][verb] != NULL && strstr(lower, verbs[locale][verb]) == NULL)
                verb++;
            if (verbs[locale][verb] == NULL)
                fail_msg("\"%s\" says nothing to do", words);
            if (text != TEXT_F01_EMERGENCY && text != TEXT_F06_HEART)
                continue;
            while (first[locale][begins] != NULL &&
                   strncmp(words, first[locale][begins], strlen(first[locale][begins])) != 0)
                begins++;
            if (first[locale][begins] == NULL)
                fail_msg("\"%s\" does not begin with what to do", words);
        }
    }
}

/* One action, and why: nobody reads four sentences on a wrist. */
static void no_text_has_more_than_three_sentences(void **unused)
{
    (void)unused;
    for (unsigned locale = 0; locale < LOCALES; locale++) {
        for (int text = TEXT_NONE + 1; text < TEXT_COUNT; text++) {
            const char *words = texts_raw((enum text)text, (enum locale)locale);
            int ends = 0;
            for (const char *c = words; *c != '\0'; c++)
                ends += (*c == '.' || *c == '?') && (c[1] == ' ' || c[1] == '\0');
            if (ends > 3)
                fail_msg("\"%s\" has %d sentences", words, ends);
        }
    }
}

static void a_distance_is_cut_and_an_unknown_placeholder_stays_empty(void **unused)
{
    (void)unused;
    char out[TEXT_BYTES_MAX + 1];
    const struct text_values values = {.distance = "123456789", .nrs = "3"};
    texts_fill(TEXT_C10_STEADY, LOCALE_EN, &values, out, sizeof(out));
    assert_string_equal(out, "You walked 1234567 and your pain stayed at 3/10. Well done.");
    assert_int_equal(texts_fill(TEXT_C10_STEADY, LOCALE_EN, &values, out, 8),
                     strlen("You walked 1234567 and your pain stayed at 3/10. Well done."));
    assert_string_equal(out, "You wal");
}

static void numbers_become_words_of_the_language(void **unused)
{
    (void)unused;
    struct text_words words;
    struct text_values values = {0};
    char out[TEXT_BYTES_MAX + 1];
    struct text_numbers numbers = {.metres = 849.6F, .nrs = 3, .known = NUMBER_METRES | NUMBER_NRS};
    texts_numbers(&numbers, LOCALE_EN, &words, &values);
    texts_fill(TEXT_C10_STEADY, LOCALE_EN, &values, out, sizeof(out));
    assert_string_equal(out, "You walked 850 m and your pain stayed at 3/10. Well done.");
    numbers.metres = 12345;
    texts_numbers(&numbers, LOCALE_DE, &words, &values);
    assert_string_equal(values.distance, "12,3 km");
    numbers =
        (struct text_numbers){.min = 20, .min_next = 10, .known = NUMBER_MIN | NUMBER_MIN_NEXT};
    values = (struct text_values){0};
    texts_numbers(&numbers, LOCALE_EN, &words, &values);
    assert_null(values.distance);
    texts_fill(TEXT_C01_UP_TWO, LOCALE_EN, &values, out, sizeof(out));
    assert_string_equal(out, "Ready for a little more? Next walks: 20 and 10 minutes.");
    numbers = (struct text_numbers){.surface = PLAN_BELT, .known = NUMBER_SURFACE};
    texts_numbers(&numbers, LOCALE_EN, &words, &values);
    texts_fill(TEXT_C13_SURFACE, LOCALE_EN, &values, out, sizeof(out));
    assert_string_equal(out, "Your back liked the treadmill best. Try it again this week.");
}

/* One is no number of minutes, and two sore walks of one day are not "more than a day". */
static void no_text_says_more_than_the_hub_knows(void **unused)
{
    (void)unused;
    static const enum text counted[] = {TEXT_C10_WALKED_TIME, TEXT_C10_STEADY_TIME,
                                        TEXT_C10_RISE_TIME, TEXT_C10_EASED_TIME};
    static const enum phrase told[] = {PHRASE_DIGEST_DAY, PHRASE_DIGEST_WEEK};
    static const char *const plural[] = {"minutes", "Minuten"};
    static const char *const day[] = {"day", "Tag"};
    static const char *const rested[] = {"You have rested", "Sie ruhen"};
    const struct text_values one = {
        .name = "Ann", .minutes = "1", .nrs = "2", .nrs_start = "2", .nrs_end = "2"};
    char out[TEXT_BYTES_MAX + 1];
    for (int locale = 0; locale < 2; locale++) {
        const enum locale in = locale == 0 ? LOCALE_EN : LOCALE_DE;
        for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
            texts_fill(counted[i], in, &one, out, sizeof(out));
            assert_null(strstr(out, plural[locale]));
        }
        for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
            texts_phrase((int)told[i], in, &one, out, sizeof(out));
            assert_null(strstr(out, plural[locale]));
        }
        texts_fill(TEXT_P02_SUMMARY, in, NULL, out, sizeof(out));
        assert_null(strstr(out, day[locale]));
        texts_fill(TEXT_T1_EASING, in, NULL, out, sizeof(out)); /* who walks on is asked as well */
        assert_null(strstr(out, rested[locale]));
    }
}

static void names_are_cut_between_characters(void **unused)
{
    (void)unused;
    char out[TEXT_BYTES_MAX + 1];
    const struct text_values values = {.name = "ÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅ"};
    texts_fill(TEXT_F07_ACCEPTED, LOCALE_EN, &values, out, sizeof(out));
    assert_int_equal(strncmp(out, "ÅÅÅÅÅÅÅÅÅÅÅÅ is", strlen("ÅÅÅÅÅÅÅÅÅÅÅÅ is")), 0);
    texts_fill(TEXT_F07_ACCEPTED, LOCALE_EN, NULL, out, sizeof(out));
    assert_int_equal(strncmp(out, "Somebody is", 11), 0);
}

static void languages_are_found_by_their_names(void **unused)
{
    (void)unused;
    assert_int_equal(locale_find("en"), LOCALE_EN);
    assert_int_equal(locale_find("de"), LOCALE_DE);
    assert_int_equal(locale_find("xx"), LOCALES);
    assert_int_equal(locale_find(""), LOCALES);
}

/* Rule book 5.8: whatever was answered, a caregiver reads urgency and a generic text. */
static void no_notice_speaks_of_bladder_bowel_or_sexual_function(void **unused)
{
    (void)unused;
    static const char *const private_words[] = {"bladder", "bowel", "urin", "sex",  "saddle",
                                                "genital", "blase", "darm", "stuhl"};
    for (int words = TEXT_COUNT; words < PHRASE_COUNT; words++) {
        for (unsigned locale = 0; locale < LOCALES; locale++) {
            char lower[256];
            size_t i = 0;
            for (const char *c = texts_words(words, (enum locale)locale); *c != '\0' && i < 255;
                 c++)
                lower[i++] = (char)tolower((unsigned char)*c);
            lower[i] = '\0';
            for (size_t j = 0; j < sizeof(private_words) / sizeof(private_words[0]); j++)
                assert_null(strstr(lower, private_words[j]));
        }
    }
}

/* C18: the footer lists a helpline, once somebody says which. */
static void the_footer_lacks_a_helpline_or_invents_one(void **unused)
{
    (void)unused;
    char out[TEXTS_DISCLAIMER_SIZE], plain[TEXTS_DISCLAIMER_SIZE];
    for (unsigned locale = 0; locale < LOCALES; locale++) {
        const size_t n = texts_disclaimer((enum locale)locale, "112", NULL, plain, sizeof(plain));
        assert_int_equal(texts_disclaimer((enum locale)locale, "112", "", out, sizeof(out)), n);
        assert_string_equal(out, plain);
        const size_t longer = texts_disclaimer(
            (enum locale)locale, "112", "0800 111 0 111 and 0800 111 0 222", out, sizeof(out));
        assert_int_equal(longer, strlen(out));
        assert_int_equal(strncmp(out, plain, n), 0);
        assert_non_null(strstr(out, "112. "));
        assert_non_null(strstr(out, ": 0800 111 0 111 and 0800 111 0 2."));
    }
}

static void caregivers_are_told_what_happened_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned locale = 0; locale < LOCALES; locale++) {
        for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
            for (int state = ALERT_RAISED; state < ALERT_STATES; state++) {
                for (int late = 0; late < 2; late++) {
                    char out[256];
                    const struct alert alert = {.rule = (uint8_t)rule,
                                                .state = (uint8_t)state,
                                                .urgency = (uint8_t)(rule % URGENCIES)};
                    const size_t length = texts_notice(&alert, late != 0, (enum locale)locale,
                                                       &longest, out, sizeof(out));
                    check_words(TEXT_COUNT, (enum locale)locale, out, length);
                }
            }
        }
    }
    char out[256];
    const struct text_values values = {.name = "Walker 1", .time = "14:05"};
    struct alert alert = {.rule = RULE_F07, .state = ALERT_SENT, .urgency = URGENCY_EMERGENCY};
    texts_notice(&alert, true, LOCALE_EN, &values, out, sizeof(out));
    assert_string_equal(out,
                        "Earlier alarm, 14:05: Walker 1 pressed the help button. Please call now.");
    alert.state = ALERT_CANCELLED;
    texts_notice(&alert, false, LOCALE_EN, NULL, out, sizeof(out));
    assert_string_equal(out, "Your walker pressed OK after a help call. No action needed.");
    alert = (struct alert){.rule = RULE_F01, .state = ALERT_SENT, .urgency = URGENCY_EMERGENCY};
    texts_notice(&alert, false, LOCALE_EN, &values, out, sizeof(out));
    assert_string_equal(out, "Walker 1 needs urgent help. Please call now.");
}

/* A fall's "no answer" is for who gave none. */
static void who_asked_for_help_after_a_fall_gave_no_answer(void **unused)
{
    (void)unused;
    static const char *const none[LOCALES] = {[LOCALE_EN] = "answer", [LOCALE_DE] = "Antwort"};
    static const char *const asks[LOCALES] = {[LOCALE_EN] = "help", [LOCALE_DE] = "Hilfe"};
    const struct text_values values = {.name = "Anna", .time = "14:05"};
    char out[256];
    struct alert alert = {.rule = RULE_S01, .state = ALERT_SENT, .urgency = URGENCY_EMERGENCY};
    for (unsigned locale = 0; locale < LOCALES; locale++) {
        alert.evidence.by_wearer = false;
        texts_notice(&alert, false, (enum locale)locale, &values, out, sizeof(out));
        assert_non_null(strstr(out, none[locale]));
        alert.evidence.by_wearer = true;
        for (int late = 0; late < 2; late++) {
            const size_t n =
                texts_notice(&alert, late != 0, (enum locale)locale, &longest, out, sizeof(out));
            check_words(TEXT_COUNT, (enum locale)locale, out, n);
            assert_null(strstr(out, none[locale]));
            assert_non_null(strstr(out, asks[locale]));
        }
    }
}

/* No word of English in a German text: devices begin a sentence, within {device}'s 12 characters.
 */
static void a_device_is_called_in_another_language(void **unused)
{
    (void)unused;
    char out[TEXT_BYTES_MAX + 1];
    struct effect_prompt prompt = {.text = TEXT_S08_BATTERY};
    for (unsigned locale = 0; locale < LOCALES; locale++) {
        assert_string_equal(texts_device(DEVICE_WORD_NONE, (enum locale)locale), "");
        for (int i = DEVICE_WORD_NONE + 1; i < DEVICE_WORDS; i++) {
            const uint8_t word = (uint8_t)i;
            const char *words = texts_device(word, (enum locale)locale);
            assert_in_range(characters(words), 1, TEXTS_NAME_LENGTH_MAX);
            assert_true(locale == LOCALE_EN || strcmp(words, texts_device(word, LOCALE_EN)) != 0);
        }
    }
    prompt.device = DEVICE_WORD_RIGHT_INSOLE;
    texts_prompt(&prompt, LOCALE_DE, "", "112", out, sizeof(out));
    assert_string_equal(out, "Rechte Sohle: Akku fast leer. Laden Sie nach diesem Weg.");
    texts_prompt(&prompt, LOCALE_EN, "", "112", out, sizeof(out));
    assert_string_equal(out, "Right insole battery is low. Charge it after this walk.");
    prompt.device = DEVICE_WORD_NONE;
    texts_prompt(&prompt, LOCALE_DE, "", "112", out, sizeof(out));
    assert_string_equal(out, "Ein Gerät: Akku fast leer. Laden Sie nach diesem Weg.");
    prompt.text = TEXT_F07_ACCEPTED;
    texts_prompt(&prompt, LOCALE_DE, "Cleo", "112", out, sizeof(out));
    assert_int_equal(strncmp(out, "Cleo kümmert sich.", strlen("Cleo kümmert sich.")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_is_there_short_and_calm_after_filling),
        cmocka_unit_test(every_red_flag_sends_who_is_very_unwell_to_the_er),
        cmocka_unit_test(what_asks_to_call_says_whom),
        cmocka_unit_test(no_language_lacks_a_text_or_a_placeholder),
        cmocka_unit_test(red_flags_begin_with_what_to_do),
        cmocka_unit_test(every_red_flag_says_what_to_do),
        cmocka_unit_test(no_text_has_more_than_three_sentences),
        cmocka_unit_test(a_distance_is_cut_and_an_unknown_placeholder_stays_empty),
        cmocka_unit_test(numbers_become_words_of_the_language),
        cmocka_unit_test(no_text_says_more_than_the_hub_knows),
        cmocka_unit_test(names_are_cut_between_characters),
        cmocka_unit_test(languages_are_found_by_their_names),
        cmocka_unit_test(no_notice_speaks_of_bladder_bowel_or_sexual_function),
        cmocka_unit_test(the_footer_lacks_a_helpline_or_invents_one),
        cmocka_unit_test(caregivers_are_told_what_happened_in_every_state),
        cmocka_unit_test(who_asked_for_help_after_a_fall_gave_no_answer),
        cmocka_unit_test(a_device_is_called_in_another_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
