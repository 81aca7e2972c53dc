#include "devices/stridesim/sink_reports.h"

#include <inttypes.h>

void report_add_counts(struct lane_counts *sum, const struct lane_counts *counts)
{
    sum->made += counts->made;
    sum->sent += counts->sent;
    sum->resent += counts->resent;
    sum->receipted += counts->receipted;
    sum->overflowed += counts->overflowed;
    sum->refused += counts->refused;
}

bool report_heard(struct gear_report *report, const struct heard *heard)
{
    if (report->heard == NULL)
        report->heard = calloc(HEARD_MAX, sizeof(*report->heard));
    if (report->heard == NULL)
        return false;
    if (report->heard_n < HEARD_MAX)
        report->heard[report->heard_n] = *heard;
    report->heard_n++;
    return true;
}

const char *report_severity(Stride__V1__Severity severity)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&stride__v1__severity__descriptor, (int)severity);
    return value != NULL ? value->name + strlen("SEVERITY_") : "UNKNOWN";
}

const char *report_request(Stride__V1__RequestKind kind)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&stride__v1__request_kind__descriptor, (int)kind);
    return value != NULL ? value->name + strlen("REQUEST_") : "UNKNOWN";
}

void report_print_heard(const struct gear *gear, const struct heard *heard)
{
    unsigned minutes = (unsigned)(heard->at_s / 60);
    printf("%3u:%04.1f  %-13s %-7s %-4s %s\n", minutes, heard->at_s - 60 * minutes, gear->id,
           heard->severity, heard->rule, heard->text);
    (void)fflush(stdout);
}

/* Texts come from the hub: checked UTF-8 without control characters, so two escapes suffice. */
static void print_json_text(FILE *file, const char *text)
{
    (void)fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            (void)fputc('\\', file);
        (void)fputc(*text, file);
    }
    (void)fputc('"', file);
}

static void print_lane(FILE *file, const char *name, const struct lane_counts *counts)
{
    fprintf(file,
            "\"%s\":{\"made\":%" PRIu64 ",\"sent\":%" PRIu64 ",\"resent\":%" PRIu64
            ",\"receipted\":%" PRIu64 ",\"overflowed\":%" PRIu64 ",\"refused\":%" PRIu64 "}",
            name, counts->made, counts->sent, counts->resent, counts->receipted, counts->overflowed,
            counts->refused);
}

static void print_heard(FILE *file, const struct heard *heard)
{
    fprintf(file, "{\"what\":\"%s\",\"at_s\":%.3f,\"id\":", heard->request ? "request" : "prompt",
            heard->at_s);
    print_json_text(file, heard->id);
    fprintf(file, ",\"severity\":\"%s\",\"rule\":", heard->severity);
    print_json_text(file, heard->rule);
    fprintf(file, ",\"text_id\":");
    print_json_text(file, heard->text_id);
    fprintf(file, ",\"text\":");
    print_json_text(file, heard->text);
    fprintf(file, "}");
}

static void print_gear(FILE *file, const struct gear *gear, const struct gear_report *report)
{
    struct lane_counts frames = report->frames, control = report->control;
    report_add_counts(&frames, &gear->device.frames.counts);
    report_add_counts(&control, &gear->device.control.counts);
    fprintf(file, "{\"device\":\"%s\",\"boot\":%" PRIu64 ",\"boots\":%u,", gear->id,
            gear->descriptor.boot_id, gear->boots_n + 1);
    print_lane(file, "frames", &frames);
    (void)fputc(',', file);
    print_lane(file, "control", &control);
    fprintf(file,
            ",\"kept\":%" PRIu32 ",\"connects\":%" PRIu64 ",\"link_losses\":%" PRIu64
            ",\"queue_full\":%" PRIu64 ",\"hub_dropped\":%" PRIu64 ",\"samples_refused\":%" PRIu32
            ",\"obeyed\":%" PRIu32 ",\"faults\":{\"dropped\":%" PRIu64 ",\"doubled\":%" PRIu64
            ",\"held\":%" PRIu64 "},\"heard_n\":%u,\"heard\":[",
            gear->device.frames.ring.count, report->connects, report->losses, report->queue_full,
            report->hub_dropped, gear->failures, gear->obeyed_n, report->faults.dropped,
            report->faults.doubled, report->faults.held, report->heard_n);
    for (unsigned i = 0; i < report->heard_n && i < HEARD_MAX; i++) {
        if (i > 0)
            (void)fputc(',', file);
        print_heard(file, &report->heard[i]);
    }
    fprintf(file, "]}");
}

bool report_write_stats(const char *path, const struct gear *gears,
                        const struct gear_report *reports, unsigned n)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    fprintf(file, "{\"devices\":[");
    for (unsigned i = 0; i < n; i++) {
        fprintf(file, i > 0 ? ",\n" : "\n");
        print_gear(file, &gears[i], &reports[i]);
    }
    fprintf(file, "\n]}\n");
    bool ok = ferror(file) == 0;
    return fclose(file) == 0 && ok;
}
