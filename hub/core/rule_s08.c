/* S08 DEVICE HEALTH: a device that went silent in a walk, a low battery, a clock that jumped, cells
 * that are stuck.
 *
 * A fault is raised again every minute while it lasts: a message that lost against another prompt
 * is not said late, but it is still true a minute later. The next stage lets one through per device
 * and session. */
#include <math.h>

#include "hub/core/rule_parts.h"

#define RAISE_AGAIN_NS (60 * RULE_SECOND_NS)

/* Silence after which a stream is stale (rule book 2.2): max(3 nominal periods, 3 s). */
static int64_t fresh_limit_ns(const struct params *params, const struct device_health *health)
{
    int64_t limit_ns = param_ns(params, PARAM_FRESH_S);
    return 3 * health->nominal_ns > limit_ns ? 3 * health->nominal_ns : limit_ns;
}

bool device_stale(const struct params *params, const struct device_health *health, int64_t now_ns)
{
    return !health->registered || !health->seen || health->lost ||
           now_ns - health->last_ns > fresh_limit_ns(params, health);
}

static int64_t silence_limit_ns(const struct params *params, const struct device_health *health)
{
    int64_t limit_ns = param_ns(params, PARAM_STALE_S);
    return 3 * health->nominal_ns > limit_ns ? 3 * health->nominal_ns : limit_ns;
}

static int64_t later(int64_t a_ns, int64_t b_ns)
{
    return a_ns > b_ns ? a_ns : b_ns;
}

/* When this device's silence is due to be told; INT64_MAX = never. An insole belongs to every walk;
 * a wrist or a treadmill only to a walk in which it was heard: one walks without them too. */
static int64_t silence_due_ns(const struct rules_state *state, const struct params *params,
                              const struct device_health *health)
{
    bool insole = health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    if (!health->registered || !health->seen || health->closed ||
        health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_UNKNOWN)
        return INT64_MAX;
    /* Of which foot it speaks is not known: nothing rests on it, and it has no name. */
    if (insole && health->side != STRIDE__V1__SIDE__SIDE_LEFT &&
        health->side != STRIDE__V1__SIDE__SIDE_RIGHT)
        return INT64_MAX;
    if (!insole && health->last_ns < state->session_start_ns)
        return INT64_MAX;
    int64_t since_ns = later(health->last_ns, state->session_start_ns);
    return later(since_ns + silence_limit_ns(params, health), state->quiet_until_ns);
}

static enum text silence_text(const struct device_health *health)
{
    switch ((Stride__V1__DeviceKind)health->kind) {
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE:
        return health->side == STRIDE__V1__SIDE__SIDE_RIGHT ? TEXT_S08_SILENT_RIGHT_INSOLE
                                                            : TEXT_S08_SILENT_LEFT_INSOLE;
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST:
        return TEXT_S08_SILENT_WRIST;
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL:
        return TEXT_S08_SILENT_TREADMILL;
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_UNKNOWN:
    case _STRIDE__V1__DEVICE_KIND_IS_INT_SIZE:
        break;
    }
    return TEXT_NONE;
}

/* What is wrong with the device now, most serious first; TEXT_NONE = nothing. */
static enum text fault_of(const struct rules_state *state, const struct params *params,
                          const struct device_health *health, int64_t now_ns)
{
    if (now_ns >= silence_due_ns(state, params, health))
        return silence_text(health);
    if (device_stale(params, health, now_ns))
        return TEXT_NONE; /* what it last said of itself is old */
    if (health->clock_jumped)
        return TEXT_S08_SKEW;
    if (health->battery_pct >= 0 && health->battery_pct < params->value[PARAM_S08_BATTERY_PCT])
        return TEXT_S08_BATTERY;
    return health->stuck_cells != 0 ? TEXT_S08_CELL : TEXT_NONE;
}

static void set_evidence(const struct params *params, const struct device_health *health,
                         int64_t now_ns, struct finding *finding)
{
    if (finding->text == TEXT_S08_CELL) {
        for (uint32_t left = health->stuck_cells; left != 0; left &= left - 1)
            finding->value = isnan(finding->value) ? 1.0F : finding->value + 1.0F;
    } else if (finding->text == TEXT_S08_BATTERY) {
        finding->value = (float)health->battery_pct;
        finding->threshold = (float)params->value[PARAM_S08_BATTERY_PCT];
    } else if (finding->text == TEXT_S08_SKEW) {
        finding->threshold = (float)params->value[PARAM_S08_SKEW_MS];
    } else {
        finding->value = finding->duration_s = (float)seconds_between(health->last_ns, now_ns);
        finding->threshold = (float)seconds_between(0, silence_limit_ns(params, health));
    }
}

/* Since when frames come without a stale pause, as far as looks and frame times tell. */
static void note_fresh(struct device_watch *watch, const struct params *params,
                       const struct device_health *health, int64_t now_ns)
{
    if (!health->seen)
        return;
    if (device_stale(params, health, now_ns))
        watch->fresh_since_ns = RULE_NEVER;
    else if (watch->fresh_since_ns == RULE_NEVER ||
             health->last_ns - watch->last_ns > fresh_limit_ns(params, health))
        watch->fresh_since_ns = health->last_ns;
    watch->last_ns = health->last_ns;
}

static void look(struct rules_state *state, const struct params *params,
                 const struct device_health *health, uint8_t slot, int64_t now_ns,
                 struct findings *out)
{
    struct device_watch *watch = &state->devices[slot];
    enum text fault = fault_of(state, params, health, now_ns);
    if (fault != TEXT_NONE) {
        if (watch->fault == (uint8_t)fault && now_ns - watch->raised_ns < RAISE_AGAIN_NS)
            return;
        watch->fault = (uint8_t)fault;
        watch->raised_ns = now_ns;
        struct finding *finding =
            finding_add(out, RULE_S08, STRIDE__V1__SEVERITY__SEVERITY_INFO, fault, now_ns);
        finding->slot = slot;
        set_evidence(params, health, now_ns, finding);
        return;
    }
    if (watch->fault == TEXT_NONE || watch->fresh_since_ns == RULE_NEVER ||
        now_ns - watch->fresh_since_ns < param_ns(params, PARAM_S08_FRESH_S))
        return;
    finding_cleared(out, RULE_S08, STRIDE__V1__SEVERITY__SEVERITY_INFO, slot, now_ns);
    watch->fault = TEXT_NONE;
}

/* No stride comes to say so when insoles are missing: coverage learns it from the clock. */
static void note_absence(struct rules_state *state, const struct params *params,
                         const struct device_health *health, int64_t now_ns)
{
    unsigned insoles_n = 0, fresh_n = 0, devices_n = 0;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        if (!health[slot].registered)
            continue;
        devices_n++;
        if (health[slot].kind != STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
            continue;
        insoles_n++;
        if (!device_stale(params, &health[slot], now_ns))
            fresh_n++;
    }
    state->absence[RULE_S08] = devices_n == 0 ? RULE_NO_DEVICE : RULE_EVALUATED;
    state->absence[RULE_F07] = devices_n == 0 ? RULE_NO_DEVICE : RULE_EVALUATED;
    if (insoles_n == 0)
        state->absence[RULE_R12] = RULE_NO_DEVICE;
    else if (fresh_n == 0)
        state->absence[RULE_R12] = RULE_STALE;
    if (insoles_n < FEET)
        state->absence[RULE_R11] = RULE_NO_DEVICE;
    else if (fresh_n < insoles_n)
        state->absence[RULE_R11] = RULE_STALE;
}

void rules_time(struct rules_state *state, const struct params *params,
                const struct device_health health[WEARER_DEVICES_MAX], bool session_open,
                bool hub_storing, int64_t now_ns, struct findings *out)
{
    if (!hub_storing)
        rules_hub_started(state, params, now_ns);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        /* No device, and nothing to take back of the one that was there. */
        if (!health[slot].registered && !health[slot].seen &&
            state->devices[slot].fault == TEXT_NONE)
            continue;
        note_fresh(&state->devices[slot], params, &health[slot], now_ns);
        if (session_open && now_ns >= state->quiet_until_ns)
            look(state, params, &health[slot], (uint8_t)slot, now_ns, out);
    }
    if (session_open)
        note_absence(state, params, health, now_ns);
}

void rules_hub_started(struct rules_state *state, const struct params *params, int64_t now_ns)
{
    int64_t until_ns = now_ns + param_ns(params, PARAM_S08_GRACE_S);
    /* A grace of 0 still ends after this moment: a deadline that is served must move. */
    state->quiet_until_ns = until_ns > now_ns ? until_ns : now_ns + 1;
}

static int64_t slot_deadline_ns(const struct rules_state *state, const struct params *params,
                                const struct device_health *health, unsigned slot)
{
    const struct device_watch *watch = &state->devices[slot];
    int64_t silence_ns = silence_due_ns(state, params, health);
    /* Battery, clock and recovery are seen when frames come; only silence needs the clock. */
    if (watch->fault == TEXT_NONE || watch->fault != (uint8_t)silence_text(health))
        return silence_ns;
    return later(silence_ns, watch->raised_ns + RAISE_AGAIN_NS);
}

int64_t rules_deadline_ns(const struct rules_state *state, const struct params *params,
                          const struct device_health health[WEARER_DEVICES_MAX], bool session_open)
{
    int64_t first_ns = INT64_MAX;
    if (!session_open)
        return first_ns;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        int64_t due_ns = slot_deadline_ns(state, params, &health[slot], slot);
        if (due_ns < first_ns)
            first_ns = due_ns;
    }
    return first_ns;
}
