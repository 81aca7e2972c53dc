#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <time.h>

#include "devices/lib/device_link.h"
#include "devices/stridesim/replies.h"
#include "devices/stridesim/sink_faults.h"
#include "devices/stridesim/sink_reports.h"
#include "devices/stridesim/world.h"

enum {
    CONNECT_WAIT_MS = 5000, /* the walk starts when all are there, or after this */
    LINGER_MS = 2000,       /* without --exit-when-stored: time for the last messages to leave */
    CLOSE_WAIT_MS = 500,
    LINE_SIZE = 512
};

struct run;
struct live {
    struct run *run;
    struct gear *gear;
    struct gear_report *report;
    struct device_link *link; /* NULL while dead or out of range */
    char user[2 * ID_SIZE], password[128];
    bool has_password, online_before;
    struct faults faults;
};

struct run {
    struct world *world;
    struct live *lives;
    struct gear_report *reports;
    struct wire_arena *arena;
    FILE *receipts;
    uint64_t now_ms; /* real, monotonic */
    double now_s;    /* simulated */
};

static volatile sig_atomic_t stop_wanted;

static void on_signal(int number)
{
    (void)number;
    stop_wanted = 1;
}

static uint64_t clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t clock_ms(void)
{
    return clock_us() / 1000;
}

static void nap(long us)
{
    struct timespec wait = {.tv_nsec = us * 1000};
    (void)nanosleep(&wait, NULL);
}

/* ---- links */

static bool open_link(struct live *live)
{
    const struct options *options = live->run->world->options;
    enum link_error error;
    struct device_link_options wanted = {.uri = options->broker,
                                         .user = live->user,
                                         .password = live->has_password ? live->password : NULL,
                                         .root = {.part = (unsigned)options->part},
                                         .device = &live->gear->device,
                                         .arena = live->run->arena,
                                         .seed = live->gear->seed + live->gear->slot + 1,
                                         .speed = options->speed,
                                         .context = &live->faults,
                                         .fate = faults_fate};
    snprintf(wanted.root.site, sizeof(wanted.root.site), "%s", options->site);
    live->link = device_link_open(&wanted, &error);
    if (live->link == NULL)
        fprintf(stderr, "stridesim: %s: %s (broker %s, site %s)\n", live->gear->id,
                link_error_text(error), options->broker, options->site);
    return live->link != NULL;
}

static void add_up(struct live *live)
{
    struct device_link_counts counts;
    device_link_counts(live->link, &counts);
    live->report->connects += counts.connects;
    live->report->losses += counts.losses;
    live->report->queue_full += counts.queue_full;
    for (unsigned i = 0; i < WIRE_REFUSALS; i++)
        live->report->hub_dropped += counts.dropped[i];
}

static void drop_link(struct live *live)
{
    if (live->link == NULL)
        return;
    add_up(live);
    live->report->losses++;
    device_link_abort(live->link);
    live->link = NULL;
}

/* `before`: the counts of the boot that just ended. */
static bool follow(struct live *live, enum gear_change change, const struct lane_counts before[2])
{
    if (change == GEAR_SAME)
        return true;
    drop_link(live);
    if (change != GEAR_STARTED)
        return true;
    report_add_counts(&live->report->frames, &before[0]);
    report_add_counts(&live->report->control, &before[1]);
    return open_link(live);
}

/* ---- what the hub says */

static void answer(struct live *live, const struct wire_prompt *prompt)
{
    static const Stride__V1__FeedbackKind kinds[] = {STRIDE__V1__FEEDBACK_KIND__FEEDBACK_SHOWN,
                                                     STRIDE__V1__FEEDBACK_KIND__FEEDBACK_FELT};
    struct gear *gear = live->gear;
    if (gear->recording != NULL)
        return;
    struct wire_feedback feedback = {
        .t_us = (int64_t)wearable_device_us(&gear->wearable, live->run->now_s)};
    memcpy(feedback.prompt, prompt->id, sizeof(feedback.prompt));
    /* What has a screen shows it; only the wrist is felt. */
    for (unsigned i = 0; i < (gear->slot == GEAR_WRIST ? 2 : 1); i++) {
        feedback.kind = kinds[i];
        if (device_feedback(&gear->device, &feedback, live->run->now_ms) != DEVICE_OK)
            gear->failures++;
    }
}

static void hear(struct live *live, const struct heard *heard)
{
    (void)report_heard(live->report, heard);
    if (!live->run->world->options->quiet)
        report_print_heard(live->gear, heard);
}

static void listen(struct live *live)
{
    struct wire_prompt prompt;
    struct wire_request request;
    while (device_link_prompt(live->link, &prompt)) {
        struct heard heard = {.at_s = live->run->now_s,
                              .severity = report_severity(prompt.severity)};
        memcpy(heard.id, prompt.id, sizeof(heard.id));
        memcpy(heard.text_id, prompt.text_id, sizeof(heard.text_id));
        memcpy(heard.rule, prompt.rule, sizeof(heard.rule));
        memcpy(heard.text, prompt.text, sizeof(heard.text));
        hear(live, &heard);
        answer(live, &prompt);
        replies_hear(live->gear, &prompt, live->run->now_s);
    }
    while (device_link_request(live->link, &request)) {
        struct heard heard = {
            .request = true, .at_s = live->run->now_s, .severity = report_request(request.kind)};
        memcpy(heard.id, request.id, sizeof(heard.id));
        memcpy(heard.text, request.text, sizeof(heard.text));
        hear(live, &heard);
        if (live->gear->recording == NULL && wearable_request(&live->gear->wearable, &request))
            live->gear->obeyed_n++;
    }
}

static void note_receipt(const struct live *live)
{
    const struct run *run = live->run;
    if (run->receipts == NULL)
        return;
    fprintf(run->receipts, "%s %" PRIu64 " %" PRIu64 "\n", live->gear->id,
            live->gear->descriptor.boot_id, live->gear->device.frames.through);
    (void)fflush(run->receipts);
}

/* ---- the loop */

static void exchange(struct live *live)
{
    if (live->link == NULL)
        return;
    uint64_t before = live->gear->device.frames.through;
    (void)device_link_step(live->link, live->run->now_ms);
    if (live->gear->device.frames.through != before)
        note_receipt(live);
    listen(live);
    replies_say(live->gear, live->run->now_s, live->run->now_ms);
    faults_let_go(&live->faults, live->link, live->run->now_ms);
}

/* Everything up to the present of this device, then its link. */
static bool advance(struct live *live)
{
    struct gear *gear = live->gear;
    while (gear_next_s(gear) <= live->run->now_s) {
        struct lane_counts before[2] = {gear->device.frames.counts, gear->device.control.counts};
        if (!follow(live, gear_step(gear, live->run->now_ms), before))
            return false;
        if (live->link == NULL && !gear->dead && gear->offline_until_s <= 0 && !open_link(live))
            return false;
    }
    exchange(live);
    return true;
}

static bool all_online(const struct run *run)
{
    for (unsigned i = 0; i < run->world->gears_n; i++)
        if (!device_link_online(run->lives[i].link))
            return false;
    return true;
}

static void wait_for_links(struct run *run)
{
    uint64_t until_ms = clock_ms() + CONNECT_WAIT_MS;
    do {
        run->now_ms = clock_ms();
        for (unsigned i = 0; i < run->world->gears_n; i++)
            exchange(&run->lives[i]);
        nap(2000);
    } while (!all_online(run) && run->now_ms < until_ms && !stop_wanted);
    if (!all_online(run))
        fprintf(stderr,
                "stridesim: not all devices could connect to %s yet; they walk on and keep "
                "their frames\n",
                run->world->options->broker);
}

static bool is_over(const struct run *run)
{
    for (unsigned i = 0; i < run->world->gears_n; i++)
        if (isfinite(gear_next_s(run->lives[i].gear)))
            return false;
    return true;
}

static bool walk(struct run *run)
{
    double speed = run->world->options->speed;
    uint64_t start_us = clock_us();
    /* A frame leaves up to a nap too late, and that is what the hub sees of the clocks: about 4 ms
     * of simulated time. Shorter naps than 0.4 ms cost more than they give. */
    long nap_us = lround(fmin(4000, fmax(400, 4000 / speed)));
    while (!is_over(run) && !stop_wanted) {
        uint64_t now_us = clock_us();
        run->now_ms = now_us / 1000;
        run->now_s = (double)(now_us - start_us) * 1e-6 * speed;
        for (unsigned i = 0; i < run->world->gears_n; i++)
            if (!advance(&run->lives[i]))
                return false;
        nap(nap_us);
    }
    return true;
}

static unsigned count_waiting(const struct run *run, const char **first)
{
    unsigned n = 0;
    for (unsigned i = 0; i < run->world->gears_n; i++) {
        const struct gear *gear = run->lives[i].gear;
        if (!gear->dead && !device_all_stored(&gear->device) && n++ == 0)
            *first = gear->id;
    }
    return n;
}

/* The frames are all made; stay until they are on the hub's disk. */
static bool wait_for_receipts(struct run *run)
{
    const struct options *options = run->world->options;
    double wait_ms = options->exit_when_stored ? options->stored_timeout_s * 1000 : LINGER_MS;
    uint64_t until_ms = clock_ms() + (uint64_t)wait_ms;
    const char *first = "";
    unsigned waiting;
    while ((waiting = count_waiting(run, &first)) > 0 && clock_ms() < until_ms && !stop_wanted) {
        run->now_ms = clock_ms();
        for (unsigned i = 0; i < run->world->gears_n; i++)
            exchange(&run->lives[i]);
        nap(4000);
    }
    if (waiting == 0 || !options->exit_when_stored || stop_wanted)
        return true;
    fprintf(stderr,
            "stridesim: after %g s the hub has not receipted everything of %u device%s (first: "
            "%s). Is the hub running on %s, and does its configuration name these devices "
            "(stridesim config)?\n",
            options->stored_timeout_s, waiting, waiting == 1 ? "" : "s", first, options->broker);
    return false;
}

/* ---- set-up and end */

/* Finds "user:" in the password file; true when there is no file. */
static bool find_password(struct live *live, FILE *file)
{
    char line[LINE_SIZE];
    size_t user = strlen(live->user);
    if (file == NULL)
        return true;
    rewind(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (strncmp(line, live->user, user) == 0 && line[user] == ':') {
            live->has_password = true;
            return snprintf(live->password, sizeof(live->password), "%s", line + user + 1) <
                   (int)sizeof(live->password);
        }
    }
    return false;
}

static bool read_passwords(struct run *run)
{
    const char *path = run->world->options->password_file;
    FILE *file = path != NULL ? fopen(path, "r") : NULL;
    bool ok = path == NULL || file != NULL;
    if (!ok)
        fprintf(stderr, "stridesim: %s: %s\n", path, strerror(errno));
    for (unsigned i = 0; ok && i < run->world->gears_n; i++) {
        struct live *live = &run->lives[i];
        snprintf(live->user, sizeof(live->user), "%.32s%s", run->world->options->user_prefix,
                 live->gear->id);
        ok = find_password(live, file);
        if (!ok)
            fprintf(stderr, "stridesim: %s: no usable line '%s:<password>'\n", path, live->user);
    }
    if (file != NULL)
        (void)fclose(file);
    return ok;
}

static bool set_up(struct run *run)
{
    const struct options *options = run->world->options;
    unsigned n = run->world->gears_n;
    run->lives = calloc(n, sizeof(*run->lives));
    run->reports = calloc(n, sizeof(*run->reports));
    run->arena = malloc(sizeof(*run->arena));
    if (run->lives == NULL || run->reports == NULL || run->arena == NULL) {
        fprintf(stderr, "stridesim: out of memory\n");
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        run->lives[i].run = run;
        run->lives[i].gear = &run->world->gears[i];
        run->lives[i].report = &run->reports[i];
        run->lives[i].faults = (struct faults){.wanted = &run->world->gears[i].faults,
                                               .chance = &run->world->gears[i].chance,
                                               .counts = &run->reports[i].faults,
                                               .now_ms = &run->now_ms,
                                               .speed = options->speed};
    }
    if (options->receipts != NULL && (run->receipts = fopen(options->receipts, "a")) == NULL) {
        fprintf(stderr, "stridesim: %s: %s\n", options->receipts, strerror(errno));
        return false;
    }
    if (!read_passwords(run))
        return false;
    for (unsigned i = 0; i < n; i++)
        if (!open_link(&run->lives[i]))
            return false;
    return true;
}

static void close_links(struct run *run)
{
    for (unsigned i = 0; run->lives != NULL && i < run->world->gears_n; i++) {
        struct live *live = &run->lives[i];
        faults_release(&live->faults);
        if (live->link == NULL)
            continue;
        add_up(live);
        device_link_close(live->link, CLOSE_WAIT_MS);
    }
}

/* After close_links: did any device ever reach the broker? */
static bool was_connected(const struct run *run)
{
    uint64_t connects = 0;
    for (unsigned i = 0; i < run->world->gears_n; i++)
        connects += run->reports[i].connects;
    if (connects == 0)
        fprintf(stderr,
                "stridesim: no device ever connected to %s: nothing was delivered. Is the broker "
                "running there, and are names and passwords right?\n",
                run->world->options->broker);
    return connects > 0;
}

static void tear_down(struct run *run)
{
    for (unsigned i = 0; run->reports != NULL && i < run->world->gears_n; i++)
        free(run->reports[i].heard);
    if (run->receipts != NULL)
        (void)fclose(run->receipts);
    free(run->reports);
    free(run->lives);
    free(run->arena);
}

int sink_broker(struct world *world)
{
    struct run run = {.world = world};
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    bool ok = set_up(&run);
    if (ok) {
        wait_for_links(&run);
        ok = walk(&run) && wait_for_receipts(&run);
    }
    close_links(&run);
    ok = ok && was_connected(&run);
    const char *stats = world->options->stats;
    if (stats != NULL && run.reports != NULL &&
        !report_write_stats(stats, world->gears, run.reports, world->gears_n)) {
        fprintf(stderr, "stridesim: %s: %s\n", stats, strerror(errno));
        ok = false;
    }
    tear_down(&run);
    return ok && !stop_wanted ? 0 : 1;
}
