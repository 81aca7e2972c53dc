#include "hub/io/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <time.h>

static const char *const level_names[] = {"error", "warn", "info", "debug"};

struct log_id {
    char id[24];
    time_t window_start;
    unsigned lines_n;
    uint64_t held_n;
};

static struct {
    pthread_mutex_t mutex;
    enum log_level level;
    unsigned ids_n;
    struct log_id ids[LOG_IDS_MAX];
} state = {.mutex = PTHREAD_MUTEX_INITIALIZER, .level = LOG_INFO};

void log_set_level(enum log_level level)
{
    pthread_mutex_lock(&state.mutex);
    state.level = level;
    pthread_mutex_unlock(&state.mutex);
}

/* More ids than places share the last place. */
static struct log_id *find_id(const char *id)
{
    for (unsigned i = 0; i < state.ids_n; i++) {
        if (strcmp(state.ids[i].id, id) == 0)
            return &state.ids[i];
    }
    if (state.ids_n < LOG_IDS_MAX)
        state.ids_n++;
    struct log_id *entry = &state.ids[state.ids_n - 1];
    if (entry->id[0] == '\0')
        snprintf(entry->id, sizeof(entry->id), "%s", id);
    return entry;
}

/* May a line of this id be written now? Sets how many were held back before it. */
static bool admit(struct log_id *entry, time_t now, uint64_t *held)
{
    if (now - entry->window_start >= LOG_WINDOW_S || now < entry->window_start) {
        entry->window_start = now;
        entry->lines_n = 0;
    }
    if (entry->lines_n >= LOG_LINES_PER_WINDOW) {
        entry->held_n++;
        return false;
    }
    entry->lines_n++;
    *held = entry->held_n;
    entry->held_n = 0;
    return true;
}

static void print_line(enum log_level level, const char *id, const char *text, uint64_t held)
{
    struct timespec now;
    struct tm utc;
    char stamp[32];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
    fprintf(stderr, "%s.%03ldZ %s %s %s", stamp, now.tv_nsec / 1000000, level_names[level], id,
            text);
    if (held > 0)
        fprintf(stderr, " (%llu more like this were held back)", (unsigned long long)held);
    fputc('\n', stderr);
}

void log_line(enum log_level level, const char *id, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is started one line up */
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?'; /* a line stays one line, and no escape code reaches a terminal (F29) */
    }
    uint64_t held = 0;
    pthread_mutex_lock(&state.mutex);
    if (level <= state.level && admit(find_id(id), time(NULL), &held))
        print_line(level, id, text, held);
    pthread_mutex_unlock(&state.mutex);
}
