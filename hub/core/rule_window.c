/* What every rule of strides goes through: "true in >= 70 % of strides during D", episodes with
 * their way out (rule book 2.5), findings. */
#include "hub/core/rule_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

double seconds_between(int64_t from_ns, int64_t to_ns)
{
    /* From never (INT64_MIN) it comes out below every limit: nothing has lasted. */
    return (double)(int64_t)((uint64_t)to_ns - (uint64_t)from_ns) / 1e9;
}

/* ---------------------------------------------------------------- windows */

void rule_window_clear(struct rule_window *window)
{
    memset(window, 0, sizeof(*window));
}

static bool rule_window_true(const struct rule_window *window, int64_t end_ns, double d_s)
{
    if (seconds_between(window->since_ns, end_ns) < d_s)
        return false;
    unsigned strides_n = 0, true_n = 0;
    for (unsigned i = 0; i < RULE_BUCKETS; i++) {
        strides_n += window->strides_n[i];
        true_n += window->true_n[i];
    }
    /* One foot alone makes about 0.9 strides/s; half of that must have been looked at (E). */
    return strides_n >= d_s * 0.45 && true_n * 10 >= strides_n * 7;
}

static void rule_window_begin(struct rule_window *window, int64_t end_ns, uint32_t width_us)
{
    rule_window_clear(window);
    window->width_us = width_us;
    window->since_ns = end_ns;
}

bool rule_window_add(struct rule_window *window, int64_t end_ns, double d_s, bool condition)
{
    /* The newest slice is not full: all of them hold D at least. */
    uint32_t width_us = (uint32_t)(d_s * 1e6) / (RULE_BUCKETS - 1);
    assert(width_us > 0);
    if (window->width_us != width_us)
        rule_window_begin(window, end_ns, width_us);
    if (end_ns < window->since_ns)
        return false;
    uint32_t number = (uint32_t)((end_ns - window->since_ns) / (width_us * INT64_C(1000)));
    if (number + RULE_BUCKETS <= window->newest)
        return false;
    if (number >= window->newest + RULE_BUCKETS) {
        /* Nothing was looked at for a whole D: it begins anew. */
        rule_window_begin(window, end_ns, width_us);
        number = 0;
    }
    for (; window->newest < number; window->newest++) {
        uint32_t next = (window->newest + 1) % RULE_BUCKETS;
        window->strides_n[next] = window->true_n[next] = 0;
    }
    uint32_t slice = number % RULE_BUCKETS;
    if (window->strides_n[slice] < UINT8_MAX) {
        window->strides_n[slice]++;
        window->true_n[slice] = (uint8_t)(window->true_n[slice] + (condition ? 1 : 0));
    }
    return rule_window_true(window, end_ns, d_s);
}

/* ---------------------------------------------------------------- episodes */

void episode_init(struct rule_episode *episode)
{
    memset(episode, 0, sizeof(*episode));
    episode->raised_ns = episode->off_since_ns = RULE_NEVER;
}

void episode_end(struct rule_episode *episode)
{
    episode->severity = 0;
    episode->off_since_ns = RULE_NEVER;
}

bool episode_raise(struct rule_episode *episode, uint8_t severity, int64_t now_ns, double d_s)
{
    if (episode->severity == 0)
        episode->since_ns = now_ns - (int64_t)(d_s * 1e9);
    else if (severity <= episode->severity && seconds_between(episode->raised_ns, now_ns) < d_s)
        return false;
    if (severity > episode->severity)
        episode->severity = severity;
    episode->raised_ns = now_ns;
    return true;
}

bool episode_clear(struct rule_episode *episode, bool beyond_off, int64_t end_ns, double hold_s)
{
    if (episode->severity == 0)
        return false;
    if (!beyond_off) {
        episode->off_since_ns = RULE_NEVER;
        return false;
    }
    if (episode->off_since_ns == RULE_NEVER)
        episode->off_since_ns = end_ns;
    return seconds_between(episode->off_since_ns, end_ns) >= hold_s;
}

/* ---------------------------------------------------------------- findings */

struct finding *finding_add(struct findings *out, enum rule rule, uint8_t severity, enum text text,
                            int64_t at_ns)
{
    assert(out->n < FINDINGS_MAX);
    struct finding *finding = &out->items[out->n++];
    memset(finding, 0, sizeof(*finding));
    finding->rule = (uint8_t)rule;
    finding->severity = severity;
    finding->text = (uint8_t)text;
    finding->slot = UINT8_MAX;
    finding->at_ns = at_ns;
    finding->value = finding->threshold = finding->baseline = NAN;
    return finding;
}

void finding_cleared(struct findings *out, enum rule rule, uint8_t severity, uint8_t slot,
                     int64_t at_ns)
{
    struct finding *finding = finding_add(out, rule, severity, TEXT_NONE, at_ns);
    finding->cleared = true;
    finding->slot = slot;
}
