/* Writes a small corpus for the fuzz targets: seeds DIRECTORY, which must hold wire, topic, journal
 * and config. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/journal.h"
#include "proto/topic.h"
#include "tests/unit/proto/wire_fixture.h"

/* One file of `first` (the byte that picks, or -1) and the bytes. */
static void save(const char *directory, const char *name, int first, const void *bytes, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || (first >= 0 && fputc(first, file) == EOF) ||
        fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void save_wire(const char *directory)
{
    static int32_t counts[FIXTURE_CHANNELS * 5];
    static uint8_t bytes[FRAME_BYTES_MAX];
    struct wire_counts frame = fixture_counts(counts, 5);
    struct wire_descriptor hello = fixture_descriptor();
    struct wire_report report = {
        .place = {1, 2, 1}, .t_us = 5, .pain_nrs = 4, .mood = 3, .note = "ok"};
    struct wire_feedback feedback = {.place = {1, 2, 1}, .t_us = 5, .prompt = "p", .kind = 1};
    struct wire_link link = {.boot_id = 1, .state = 1};
    struct wire_stored stored = {
        .boot_id = 1, .through_seq = 9, .resend_n = 1, .resend = {{10, 12}}};
    struct wire_prompt prompt = {.id = "p", .text_id = "t", .rule = "R11", .text = "go"};
    struct wire_request request = {.id = "r", .kind = 3, .slow_by_mps = 0.1};
    struct wire_wearer_config config = {
        .wearer = "ann",
        .height_m = 1.7F,
        .leg_m = 0.9F,
        .mass_kg = 70,
        .devices_n = 1,
        .params_n = 1,
        .hr_max_bpm = 160,
        .baselines_n = 1,
        .baselines = {{.name = "cadence", .value = 110, .mad = 2, .speed_mps = 1.3F}},
        .has_shoe = true,
        .shoe = {.id = "s", .type = 1, .distance_km = 12, .days_per_week = 5},
        .walk_times_n = 2,
        .walk_min = {480, 780},
        .locale = "de"};
    memcpy(config.devices[0].device, "d", 2);
    memcpy(config.params[0].name, "x", 2);
    save(directory, "frame", 0, bytes, wire_encode_frame(&frame, bytes, sizeof bytes));
    save(directory, "hello", 1, bytes, wire_encode_hello(&hello, bytes, sizeof bytes));
    save(directory, "report", 2, bytes, wire_encode_report(&report, bytes, sizeof bytes));
    save(directory, "feedback", 2, bytes, wire_encode_feedback(&feedback, bytes, sizeof bytes));
    save(directory, "link", 2, bytes, wire_encode_link(&link, bytes, sizeof bytes));
    save(directory, "stored", 3, bytes, wire_encode_stored(&stored, bytes, sizeof bytes));
    save(directory, "prompt", 3, bytes, wire_encode_prompt(&prompt, bytes, sizeof bytes));
    save(directory, "request", 3, bytes, wire_encode_request(&request, bytes, sizeof bytes));
    save(directory, "config", 4, bytes, wire_encode_wearer_config(&config, bytes, sizeof bytes));
}

static void save_topics(const char *directory)
{
    static const struct topic_root root = {.part = 0, .site = "home"};
    for (unsigned kind = TOPIC_UNKNOWN + 1; kind < TOPIC_KINDS; kind++) {
        char text[TOPIC_LENGTH_MAX + 1], name[16];
        struct topic topic = {.kind = (enum topic_kind)kind, .owner = "ann"};
        if (kind >= TOPIC_WEARER_ALERT && kind <= TOPIC_ACCOUNT_RESPONSE) {
            topic.item[0] = 'x';
        } else if (kind == TOPIC_HUB_STATE) {
            topic.owner[0] = '\0';
        }
        snprintf(name, sizeof name, "kind-%u", kind);
        save(directory, name, -1, text, topic_format(&root, &topic, text, sizeof text));
    }
}

static void save_journal(const char *directory)
{
    uint8_t bytes[512];
    size_t size = 0;
    for (uint64_t seq = 1; seq <= 3; seq++) {
        struct input row = {.seq = seq,
                            .wearer = 1,
                            .slot = INPUT_SLOT_NONE,
                            .kind = (uint8_t)(seq + INPUT_LINK),
                            .size = (uint32_t)seq,
                            .bytes = (const uint8_t *)"abc"};
        size += journal_write_row(&row, bytes + size, sizeof bytes - size);
    }
    save(directory, "rows", 1, bytes, size);
    save(directory, "rows-as-they-are", 0, bytes, size);
    save(directory, "head", -1, bytes, journal_write_head(bytes, sizeof bytes));
}

int main(int argc, char **argv)
{
    static const char config[] =
        "# a home\n[wearer ann]\nstage = P1\nhr_max = 160\nlocale = de\n"
        "baseline = cadence=110/2, speed=1.3\nrules = r11.max=0\nwalk_times = 08:30, 13:00\n"
        "shoe = s\nshoe_bought = 2026-05-01\nshoe_km = 12\n[device d]\nwearer = ann\nside = left\n"
        "[caregiver bob]\nwearers = ann\norder = 1\n";
    static const char *const names[] = {"wire", "topic", "journal", "config"};
    char directory[4][400];
    if (argc != 2) {
        fprintf(stderr, "usage: fuzz_seeds DIRECTORY\n");
        return 2;
    }
    for (int i = 0; i < 4; i++) {
        snprintf(directory[i], sizeof directory[i], "%s/%s", argv[1], names[i]);
    }
    save_wire(directory[0]);
    save_topics(directory[1]);
    save_journal(directory[2]);
    save(directory[3], "home", -1, config, sizeof config - 1);
    return 0;
}
