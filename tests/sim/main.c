/* Plays homes, several at once, and says what was exercised and what did not hold. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/sim/sim.h"

struct options {
    int homes, days, jobs;
    uint64_t seed;
    bool trace;
};

enum { FAILURES_TOLD = 20 };

/* Shared by the processes; each writes its own row. */
struct job {
    int passed_n, failed_n;
    uint64_t counts[SIM_COUNT_N];
    uint64_t hash; /* of all its homes, in any order */
    double cpu_s, worst_s;
    uint64_t worst_seed;
    char failures[FAILURES_TOLD][640];
};

static void usage(FILE *out)
{
    fprintf(
        out,
        "Usage: tests/sim/run.sh [--homes N] [--days N] [--seed N] [--jobs N] [--trace]\n\n"
        "Plays whole homes on a simulated clock with all kinds of faults, and checks what must\n"
        "hold. Home n of a run has seed --seed + n; the same seed gives the same hash.\n\n"
        "  --homes N  how many (default 10)\n"
        "  --days N   of each (default 1)\n"
        "  --seed N   of the first (default 1)\n"
        "  --jobs N   processes (default 1)\n"
        "  --trace    tell what happens; for one home\n");
}

static bool number(const char *text, long long low, long long high, long long *out)
{
    char *end;
    *out = strtoll(text, &end, 10);
    return *text != '\0' && *end == '\0' && *out >= low && *out <= high;
}

/* An exit code, or -1 to go on. */
static int read_options(int argc, char **argv, struct options *out)
{
    *out = (struct options){.homes = 10, .days = 1, .jobs = 1, .seed = 1};
    for (int i = 1; i < argc; i++) {
        long long value = 0;
        const bool has = i + 1 < argc;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            usage(stdout);
            return 0;
        }
        if (strcmp(argv[i], "--trace") == 0) {
            out->trace = true;
            continue;
        }
        if (has && strcmp(argv[i], "--homes") == 0 && number(argv[i + 1], 1, 1000000, &value))
            out->homes = (int)value;
        else if (has && strcmp(argv[i], "--days") == 0 && number(argv[i + 1], 1, 30, &value))
            out->days = (int)value;
        else if (has && strcmp(argv[i], "--jobs") == 0 && number(argv[i + 1], 1, 64, &value))
            out->jobs = (int)value;
        else if (has && strcmp(argv[i], "--seed") == 0 && number(argv[i + 1], 0, INT64_MAX, &value))
            out->seed = (uint64_t)value;
        else {
            fprintf(stderr, "stride_sim_home: cannot use '%s'; see --help\n", argv[i]);
            return 2;
        }
        i++;
    }
    return -1;
}

/* A home that ends the program is told as well: a bound that broke is an assert in the core. */
static char last_words[200];
static size_t last_words_size;

static void died(int number_of_signal)
{
    (void)number_of_signal;
    _exit(write(STDERR_FILENO, last_words, last_words_size) > 0 ? 1 : 2);
}

static void prepare_last_words(const struct options *options, uint64_t seed)
{
    last_words_size =
        (size_t)snprintf(last_words, sizeof(last_words),
                         "FAILED seed %llu ended the program\n"
                         "    tests/sim/run.sh --homes 1 --days %d --seed %llu "
                         "--trace\n",
                         (unsigned long long)seed, options->days, (unsigned long long)seed);
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void play_one(const struct options *options, uint64_t seed, struct job *job)
{
    struct world *world = malloc(sizeof(*world));
    const double start_s = cpu_s();
    if (world == NULL)
        exit(2);
    prepare_last_words(options, seed);
    world_play(world, seed, options->days, options->trace);
    const double took_s = cpu_s() - start_s;
    job->cpu_s += took_s;
    if (took_s > job->worst_s) {
        job->worst_s = took_s;
        job->worst_seed = seed;
    }
    job->hash += world->hash;
    for (int i = 0; i < SIM_COUNT_N; i++)
        job->counts[i] += world->counts[i];
    if (world->failures > 0 && job->failed_n < FAILURES_TOLD)
        snprintf(job->failures[job->failed_n], sizeof(job->failures[0]),
                 "seed %llu: %s%s\n    tests/sim/run.sh --homes 1 --days %d --seed %llu --trace",
                 (unsigned long long)seed, world->first_failure,
                 world->failures > 1 ? " (and more)" : "", options->days, (unsigned long long)seed);
    if (world->failures > 0)
        job->failed_n++;
    else
        job->passed_n++;
    world_free(world);
    free(world);
}

static void work(const struct options *options, int number_of_job, struct job *job)
{
    for (int i = number_of_job; i < options->homes; i += options->jobs)
        play_one(options, options->seed + (uint64_t)i, job);
}

static void wait_for(const struct options *options, const struct job *jobs)
{
    int running = options->jobs, told = 0, bad = 0;
    while (running > 0) {
        int status, done = 0;
        const pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid > 0) {
            running--;
            bad += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
            continue;
        }
        usleep(200000);
        for (int i = 0; i < options->jobs; i++)
            done += jobs[i].passed_n + jobs[i].failed_n;
        if (done - told >= 100) {
            told = done;
            fprintf(stderr, "%d of %d homes\n", done, options->homes);
        }
    }
    if (bad > 0) {
        fprintf(stderr, "stride_sim_home: %d of %d processes died; their homes are not counted\n",
                bad, options->jobs);
        exit(1);
    }
}

static int report(const struct options *options, const struct job *jobs)
{
    static const char *const names[SIM_COUNT_N] = {
#define SIM_COUNT_NAME(name, text) text,
        SIM_COUNTS(SIM_COUNT_NAME)
#undef SIM_COUNT_NAME
    };
    struct job sum = {0};
    for (int i = 0; i < options->jobs; i++) {
        sum.passed_n += jobs[i].passed_n;
        sum.failed_n += jobs[i].failed_n;
        sum.cpu_s += jobs[i].cpu_s;
        sum.hash += jobs[i].hash;
        if (jobs[i].worst_s > sum.worst_s) {
            sum.worst_s = jobs[i].worst_s;
            sum.worst_seed = jobs[i].worst_seed;
        }
        for (int j = 0; j < SIM_COUNT_N; j++)
            sum.counts[j] += jobs[i].counts[j];
        for (int j = 0; j < jobs[i].failed_n && j < FAILURES_TOLD; j++)
            printf("FAILED %s\n", jobs[i].failures[j]);
    }
    for (int j = 0; j < SIM_COUNT_N; j++)
        printf("%12llu %s\n", (unsigned long long)sum.counts[j], names[j]);
    printf("%d home-days, %.3f s of one core a home-day (worst home: %.3f s, seed %llu), "
           "hash %016llx\n",
           options->homes * options->days, sum.cpu_s / (options->homes * options->days),
           sum.worst_s, (unsigned long long)sum.worst_seed, (unsigned long long)sum.hash);
    printf("%d passed, %d failed\n", sum.passed_n, sum.failed_n);
    return sum.failed_n > 0;
}

int main(int argc, char **argv)
{
    struct options options;
    const int code = read_options(argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.jobs > options.homes)
        options.jobs = options.homes;
    static const int signals[] = {SIGABRT, SIGSEGV, SIGFPE, SIGBUS};
    for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        (void)signal(signals[i], died);
    walks_prepare();
    struct job *jobs = mmap(NULL, (size_t)options.jobs * sizeof(*jobs), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (jobs == MAP_FAILED)
        return 2;
    fflush(stdout);
    for (int i = 0; i < options.jobs; i++) {
        if (options.jobs == 1) {
            work(&options, 0, &jobs[0]);
            continue;
        }
        const pid_t pid = fork();
        if (pid == 0) {
            work(&options, i, &jobs[i]);
            exit(0);
        }
        if (pid < 0)
            return 2;
    }
    if (options.jobs > 1)
        wait_for(&options, jobs);
    return report(&options, jobs);
}
