/* R11 LIMP / ASYMMETRY: COACH, CAUTION or STOP, from both insoles or not at all. */
#include "hub/core/rule_parts.h"

#include <math.h>

/* Strides a foot over which M10 to M12 are medians. */
enum { SYMMETRY_STRIDES = 40 };
/* Bits of the row's levels. */
enum level { COACH = 0, CAUTION, STOP };

static const struct device_health *insole(const struct rule_input *in, uint8_t side)
{
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &in->health[slot];
        if (health->registered && health->side == side &&
            health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
            return health;
    }
    return NULL;
}

/* With these a walk is uneven by nature: only the wearer's own normal can be compared with. */
static bool uneven_by_nature(const struct rules_profile *profile)
{
    return profile->prosthesis || profile->leg_difference;
}

enum index { STANCE = 0, STEP, LOAD, INDICES };

/* The three indices with their thresholds. */
struct evidence {
    double value[INDICES], coach[INDICES]; /* NAN = not known */
    double caution[INDICES], stop[INDICES];
};

/* Of the wearer's own asymmetry at this speed, else at any: it hardly changes with speed. */
static double own_index(const struct rule_input *in, enum index index)
{
    static const uint8_t metrics[INDICES] = {BASELINE_SI_STANCE, BASELINE_SI_STEP,
                                             BASELINE_SI_LOAD};
    enum baseline_metric metric = (enum baseline_metric)metrics[index];
    float own = rule_base(in, metric);
    return (double)(isnan(own) ? rule_usual(in, metric) : own);
}

static struct evidence evidence(const struct rule_input *in)
{
    const double *value = in->params->value;
    const struct stride_summary *summary = in->summary;
    const bool nature = uneven_by_nature(in->profile);
    const double fixed[INDICES] = {value[PARAM_R11_SI_STANCE_COACH], value[PARAM_R11_SI_STEP_COACH],
                                   value[PARAM_R11_SI_LOAD_COACH]};
    struct evidence e = {.value = {(double)summary->si_stance_pct, (double)summary->si_step_pct,
                                   (double)summary->si_load_pct}};
    for (int i = 0; i < INDICES; i++) {
        double own = own_index(in, (enum index)i) + value[PARAM_R11_BASE_RISE];
        /* fmin leaves out what is NAN; where only the own counts, nothing is over NAN. */
        e.coach[i] = nature ? own : fmin(fixed[i], own);
        /* By nature uneven: as far over COACH as else (E). */
        double over = nature ? own - fixed[STANCE] : 0;
        e.caution[i] = value[PARAM_R11_SI_CAUTION] + over;
        e.stop[i] = value[PARAM_R11_SI_STOP] + over;
    }
    return e;
}

/* Comparisons with NAN are false: an index that is not known counts for nothing. */
static bool timing(const struct evidence *e, const double threshold[INDICES], double ratio)
{
    return e->value[STANCE] >= ratio * threshold[STANCE] ||
           e->value[STEP] >= ratio * threshold[STEP];
}

/* 2 of 3 at `ratio` of the thresholds. Two of three holds a timing index: load alone never does. */
static bool uneven(const struct evidence *e, double ratio)
{
    int n = 0;
    for (int i = 0; i < INDICES; i++)
        n += e->value[i] >= ratio * e->coach[i];
    return n >= 2;
}

static enum rule_absence absence(const struct rule_input *in)
{
    const struct device_health *feet[FEET] = {insole(in, STRIDE__V1__SIDE__SIDE_LEFT),
                                              insole(in, STRIDE__V1__SIDE__SIDE_RIGHT)};
    if (in->profile->hemiparesis)
        return RULE_CONTRAINDICATED;
    if (uneven_by_nature(in->profile) && isnan(own_index(in, STANCE)) && isnan(own_index(in, STEP)))
        return RULE_CONTRAINDICATED;
    for (unsigned foot = 0; foot < FEET; foot++) {
        if (feet[foot] == NULL)
            return RULE_NO_DEVICE;
        if (device_stale(in->params, feet[foot], in->now_ns) || feet[foot]->clock_jumped)
            return RULE_STALE;
    }
    if (in->summary->strides_n[FOOT_LEFT] < SYMMETRY_STRIDES ||
        in->summary->strides_n[FOOT_RIGHT] < SYMMETRY_STRIDES)
        return RULE_NO_DATA;
    if (isnan(in->summary->si_stance_pct) && isnan(in->summary->si_step_pct))
        return RULE_NO_DATA;
    return RULE_EVALUATED;
}

void r11_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    (void)state;
    const double off = in->params->value[PARAM_R11_OFF_RATIO];
    struct evidence e = evidence(in);
    look->why = (uint8_t)absence(in);
    look->dropped = (uint8_t)(in->nrs < 0 ? RULE_GATE_PAIN : 0);
    look->on = (uint8_t)((uneven(&e, 1) ? 1U << COACH : 0U) |
                         (timing(&e, e.caution, 1) ? 1U << CAUTION : 0U) |
                         (timing(&e, e.stop, 1) ? 1U << STOP : 0U));
    look->off = !uneven(&e, off) && !timing(&e, e.caution, off);
}

/* What the record names as the reason: the index that is most over its threshold. */
static void name_reason(const double threshold[INDICES], int indices_n, const struct evidence *e,
                        struct rule_look *look)
{
    double most = -1;
    for (int i = 0; i < indices_n; i++) {
        if (e->value[i] / threshold[i] > most) {
            most = e->value[i] / threshold[i];
            look->value = (float)e->value[i];
            look->threshold = (float)threshold[i];
        }
    }
}

/* Pain decides at once, gait after D. */
void r11_choice(const struct rules_state *state, const struct rule_input *in, unsigned held,
                struct rule_look *look)
{
    (void)state;
    struct evidence e = evidence(in);
    int rise = rule_nrs_rise(in);
    bool coach = (held >> COACH & 1) != 0, caution = (held >> CAUTION & 1) != 0;
    if ((held >> STOP & 1) != 0 && (rise >= 2 || in->weak_new)) {
        look->severity = STRIDE__V1__SEVERITY__SEVERITY_STOP;
        look->text = TEXT_R11_STOP;
        name_reason(e.stop, LOAD, &e, look);
    } else if (caution || (coach && rise >= 1)) {
        look->severity = STRIDE__V1__SEVERITY__SEVERITY_CAUTION;
        look->text = TEXT_R11_CAUTION;
        name_reason(e.caution, LOAD, &e, look);
    } else {
        look->severity = (uint8_t)(coach ? STRIDE__V1__SEVERITY__SEVERITY_COACH : 0);
        name_reason(e.coach, INDICES, &e, look);
    }
}
