/* The record's part about devices and rules: how much of the walk was seen, and by what. */
#include "hub/core/session_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Between one frame's end and the next one's start, as the map of a device's clock moves. */
#define CRACK_NS INT64_C(50000000)
/* A walk is told within the steps that are kept, 80 a foot: 200 s of the slowest strides. */
#define BACK_DATED_MAX_S 240

/* ---------------------------------------------------------------- devices */

/* How much of a piece's data lies between the two. */
static double data_s(const struct session_pieces *covered, unsigned i, int64_t from_ns,
                     int64_t until_ns)
{
    int64_t first_ns = covered->pieces[i].from_ns, last_ns = covered->pieces[i].until_ns;
    int64_t span_ns = last_ns - first_ns;
    first_ns = first_ns > from_ns ? first_ns : from_ns;
    last_ns = last_ns < until_ns ? last_ns : until_ns;
    if (last_ns <= first_ns)
        return 0;
    return session_seconds(first_ns, last_ns) * (double)covered->pieces[i].data_ns /
           (double)span_ns;
}

static void drop_piece(struct session_pieces *covered, unsigned i)
{
    covered->n--;
    memmove(&covered->pieces[i], &covered->pieces[i + 1],
            (covered->n - i) * sizeof(covered->pieces[0]));
    memset(&covered->pieces[covered->n], 0, sizeof(covered->pieces[0]));
}

static void merge_closest(struct session_pieces *covered)
{
    unsigned at = 0;
    int64_t least_ns = INT64_MAX;
    for (unsigned i = 0; i + 1 < covered->n; i++) {
        int64_t gap_ns = covered->pieces[i + 1].from_ns - covered->pieces[i].until_ns;
        if (gap_ns < least_ns) {
            least_ns = gap_ns;
            at = i;
        }
    }
    covered->pieces[at].until_ns = covered->pieces[at + 1].until_ns;
    covered->pieces[at].data_ns += covered->pieces[at + 1].data_ns;
    drop_piece(covered, at + 1);
}

/* What lies before the walk, or surely within it, need not be kept as a piece. */
static void make_room(struct session *session, struct session_pieces *covered)
{
    int64_t until_ns = covered->pieces[0].until_ns;
    if (session->open && until_ns <= session->last_step_ns) {
        covered->before_s += data_s(covered, 0, session->start_ns, INT64_MAX);
        drop_piece(covered, 0);
    } else if (!session->open &&
               session_seconds(until_ns, covered->pieces[covered->n - 1].until_ns) >
                   BACK_DATED_MAX_S) {
        drop_piece(covered, 0);
    } else {
        merge_closest(covered);
    }
}

void session_covered(struct session *session, uint8_t slot, int64_t from_ns, int64_t until_ns)
{
    assert(slot < WEARER_DEVICES_MAX);
    struct session_pieces *covered = &session->covered[slot];
    int64_t last_ns = covered->n > 0 ? covered->pieces[covered->n - 1].until_ns : INT64_MIN;
    /* The map moves a little: overlaps and cracks are its, not the device's. */
    if (covered->n > 0 && from_ns < last_ns + CRACK_NS)
        from_ns = last_ns;
    if (until_ns <= from_ns)
        return;
    if (covered->n > 0 && from_ns == last_ns) {
        covered->pieces[covered->n - 1].until_ns = until_ns;
        covered->pieces[covered->n - 1].data_ns += until_ns - from_ns;
        return;
    }
    if (covered->n == SESSION_PIECES_MAX)
        make_room(session, covered);
    covered->pieces[covered->n].from_ns = from_ns;
    covered->pieces[covered->n].until_ns = until_ns;
    covered->pieces[covered->n].data_ns = until_ns - from_ns;
    covered->n++;
}

void session_update_fresh(struct session *session, int64_t until_ns)
{
    double duration_s = session_seconds(session->start_ns, until_ns);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        struct session_device *device = &session->devices[slot];
        const struct session_pieces *covered = &session->covered[slot];
        if (device->id[0] == '\0' || duration_s <= 0)
            continue;
        device->fresh_s = covered->before_s;
        for (unsigned i = 0; i < covered->n; i++)
            device->fresh_s += data_s(covered, i, session->start_ns, until_ns);
        device->fresh_s = fmin(device->fresh_s, duration_s);
        device->fresh_pct = (float)(100 * device->fresh_s / duration_s);
    }
}

void session_device(struct session *session, uint8_t slot, uint32_t gap_frames, int8_t battery_pct)
{
    assert(slot < WEARER_DEVICES_MAX);
    if (!session->open)
        return;
    struct session_device *device = &session->devices[slot];
    device->gaps_n += gap_frames > 0;
    device->lost_frames_n += gap_frames;
    if (battery_pct < 0)
        return;
    if (device->battery_start_pct < 0)
        device->battery_start_pct = battery_pct;
    device->battery_end_pct = battery_pct;
}

void session_cells(struct session *session, uint8_t slot, uint32_t stuck)
{
    assert(slot < WEARER_DEVICES_MAX);
    if (session->open)
        session->devices[slot].dead_cells |= stuck;
}

/* ---------------------------------------------------------------- rules */

static unsigned reason_at(const struct session_rule *rule, unsigned i)
{
    return rule->why[i / 2] >> (i % 2 * 4) & 15;
}

static void set_reason(struct session_rule *rule, unsigned i, unsigned why)
{
    unsigned shift = i % 2 * 4;
    rule->why[i / 2] = (uint8_t)((rule->why[i / 2] & ~(15U << shift)) | why << shift);
}

/* The place of a reason; a free one, or the one that held shortest, if it has none yet. */
static unsigned place_of(struct session_rule *rule, unsigned why)
{
    unsigned least = 0;
    for (unsigned i = 0; i < SESSION_REASONS; i++) {
        if (reason_at(rule, i) == why)
            return i;
        if (rule->absent_s[i] < rule->absent_s[least])
            least = i;
    }
    set_reason(rule, least, why);
    return least;
}

static void add_seconds(uint16_t *to, unsigned whole_s)
{
    *to = (uint16_t)(whole_s > (unsigned)(UINT16_MAX - *to) ? UINT16_MAX : *to + whole_s);
}

void session_rule_time(struct session *session, const struct rules_state *rules, double time_s)
{
    if (!session->open || !(time_s > 0) || time_s > UINT16_MAX)
        return;
    session->rule_rest_s += time_s;
    unsigned whole_s = (unsigned)session->rule_rest_s;
    session->rule_rest_s -= whole_s;
    if (whole_s == 0)
        return;
    for (unsigned i = RULE_NONE + 1; i < RULE_COUNT; i++) {
        struct session_rule *rule = &session->rules[i];
        enum rule_absence why = rules_absence(rules, (enum rule)i);
        if (why == RULE_EVALUATED)
            add_seconds(&rule->evaluated_s, whole_s);
        else
            add_seconds(&rule->absent_s[place_of(rule, why)], whole_s);
    }
}

uint32_t session_rule_evaluated_s(const struct session *session, enum rule rule)
{
    return session->rules[rule].evaluated_s;
}

enum rule_absence session_rule_absence(const struct session *session, enum rule rule)
{
    const struct session_rule *entry = &session->rules[rule];
    unsigned most = 0;
    for (unsigned i = 1; i < SESSION_REASONS; i++) {
        if (entry->absent_s[i] > entry->absent_s[most])
            most = i;
    }
    if (entry->absent_s[most] > 0)
        return (enum rule_absence)reason_at(entry, most);
    return entry->evaluated_s > 0 ? RULE_EVALUATED : RULE_NO_DATA;
}
