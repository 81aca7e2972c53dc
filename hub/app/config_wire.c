/* Relations between the sections, and what the core is told of a wearer. */
#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>

#include "hub/app/config_table.h"

struct place {
    const char *name;
    char *error;
};

__attribute__((format(printf, 3, 4))) static bool fail(const struct place *place, int line,
                                                       const char *format, ...)
{
    char text[CONFIG_ERROR_SIZE / 2 + 64];
    va_list arguments;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is started one line up */
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    snprintf(place->error, CONFIG_ERROR_SIZE, "%.80s:%d: %s", place->name, line, text);
    return false;
}

/* An id with its line, so that doubles are found by sorting: 4,096 wearers squared is too slow. */
struct named {
    const char *id;
    int line, index;
};

static int by_id(const void *a, const void *b)
{
    const struct named *one = a, *other = b;
    const int order = strcmp(one->id, other->id);
    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

static const struct named *find(const struct named *table, int n, const char *id)
{
    int low = 0, high = n;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        const int order = strcmp(table[middle].id, id);
        if (order == 0)
            return &table[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool no_doubles(const struct place *place, struct named *table, int n, const char *what)
{
    if (n > 0)
        qsort(table, (size_t)n, sizeof(*table), by_id);
    for (int i = 1; i < n; i++) {
        if (strcmp(table[i - 1].id, table[i].id) == 0)
            return fail(place, table[i].line, "[%s %s] is there twice, first in line %d", what,
                        table[i].id, table[i - 1].line);
    }
    return true;
}

static bool join_devices(struct config *config, const struct place *place,
                         const struct named *wearers)
{
    for (int i = 0; i < config->devices_n; i++) {
        const struct config_device *device = &config->devices[i];
        const struct named *named = find(wearers, config->wearers_n, device->wearer);
        if (named == NULL)
            return fail(place, device->line, "device %s: there is no [wearer %s]", device->id,
                        device->wearer);
        struct config_wearer *wearer = &config->wearers[named->index];
        if (wearer->devices_n == WEARER_DEVICES_MAX)
            return fail(place, device->line, "wearer %s has more than %d devices", wearer->id,
                        WEARER_DEVICES_MAX);
        wearer->devices[wearer->devices_n++] = i;
    }
    return true;
}

static bool join_caregivers(struct config *config, const struct place *place,
                            const struct named *wearers)
{
    for (int i = 0; i < config->caregivers_n; i++) {
        const struct config_caregiver *caregiver = &config->caregivers[i];
        const char *list = caregiver->wearers;
        char id[ID_SIZE];
        while (config_next_item(&list, id, sizeof(id))) {
            const struct named *named = find(wearers, config->wearers_n, id);
            if (named == NULL)
                return fail(place, caregiver->line, "caregiver %s: there is no [wearer %s]",
                            caregiver->id, id);
            struct config_wearer *wearer = &config->wearers[named->index];
            const int n = wearer->caregivers_n;
            if (n > 0 && wearer->caregivers[n - 1] == i)
                return fail(place, caregiver->line, "caregiver %s names wearer %s twice",
                            caregiver->id, id);
            if (n == WEARER_CAREGIVERS_MAX)
                return fail(place, caregiver->line, "wearer %s has more than %d caregivers",
                            wearer->id, WEARER_CAREGIVERS_MAX);
            wearer->caregivers[wearer->caregivers_n++] = i;
        }
    }
    return true;
}

/* ---------------------------------------------------------------- to the core */

static Stride__V1__Side side_of(const char *text)
{
    if (strcmp(text, "left") == 0)
        return STRIDE__V1__SIDE__SIDE_LEFT;
    if (strcmp(text, "right") == 0)
        return STRIDE__V1__SIDE__SIDE_RIGHT;
    return strcmp(text, "both") == 0 ? STRIDE__V1__SIDE__SIDE_BOTH : STRIDE__V1__SIDE__SIDE_UNKNOWN;
}

/* Devices known before keep their slots; new ones take the first that is free. */
static void fill_devices(const struct config *config, const struct config_wearer *wearer,
                         const struct wearer_state *before, struct wire_wearer_config *out)
{
    bool taken[WEARER_DEVICES_MAX] = {false};
    int slots[WEARER_DEVICES_MAX];
    for (int i = 0; i < wearer->devices_n; i++) {
        const char *id = config->devices[wearer->devices[i]].id;
        slots[i] = before == NULL ? INPUT_SLOT_NONE : pipeline_slot(before, id);
        if (slots[i] != INPUT_SLOT_NONE)
            taken[slots[i]] = true;
    }
    for (int i = 0; i < wearer->devices_n; i++) {
        const struct config_device *device = &config->devices[wearer->devices[i]];
        int slot = slots[i];
        for (int j = 0; slot == INPUT_SLOT_NONE && j < WEARER_DEVICES_MAX; j++)
            slot = taken[j] ? INPUT_SLOT_NONE : j;
        assert(slot != INPUT_SLOT_NONE);
        taken[slot] = true;
        memcpy(out->devices[i].device, device->id, ID_SIZE);
        out->devices[i].slot = (uint8_t)slot;
        out->devices[i].side = side_of(device->side);
    }
    out->devices_n = wearer->devices_n;
}

static void fill_caregivers(const struct config *config, const struct config_wearer *wearer,
                            struct wire_wearer_config *out)
{
    for (int i = 0; i < wearer->caregivers_n; i++) {
        const struct config_caregiver *from = &config->caregivers[wearer->caregivers[i]];
        struct wire_caregiver *to = &out->caregivers[i];
        memcpy(to->account, from->id, ID_SIZE);
        to->order = (uint32_t)from->order;
        to->monitoring = from->monitoring;
        (void)config_duties(from->duty, to); /* checked when it was read */
        const char *list = from->scope;
        char scope[32];
        while (config_next_item(&list, scope, sizeof(scope))) {
            to->emergency = to->emergency || strcmp(scope, "emergency") == 0;
            to->daily_digest = to->daily_digest || strcmp(scope, "daily_digest") == 0;
            to->live = to->live || strcmp(scope, "live") == 0;
        }
    }
    out->caregivers_n = wearer->caregivers_n;
}

/* A wearer's own go before those of [rules]; hours that begin when they end are none. */
static void set_quiet_hours(const struct config_wearer *wearer, struct params *params)
{
    uint16_t from_min, until_min;
    const bool none = strcmp(wearer->quiet_hours, "none") == 0;
    if (!none && !config_hours(wearer->quiet_hours, &from_min, &until_min))
        return;
    params->value[PARAM_QUIET_UNTIL_MIN] =
        none ? params->value[PARAM_QUIET_UNTIL_MIN] : until_min % DAY_MINUTES;
    params->value[PARAM_QUIET_FROM_MIN] = none ? params->value[PARAM_QUIET_UNTIL_MIN] : from_min;
}

static Stride__V1__Answer answer_of(const char *text)
{
    return text[0] == '\0'            ? STRIDE__V1__ANSWER__ANSWER_UNKNOWN
           : strcmp(text, "yes") == 0 ? STRIDE__V1__ANSWER__ANSWER_YES
                                      : STRIDE__V1__ANSWER__ANSWER_NO;
}

static Stride__V1__ShoeType shoe_of(const char *text)
{
    static const char *const types[] = {"",     "running",  "walking",      "trail",    "work",
                                        "boot", "flipflop", "flat_fashion", "barefoot", "heel"};
    for (int i = 0; i < (int)(sizeof(types) / sizeof(types[0])); i++) {
        if (strcmp(types[i], text) == 0)
            return (Stride__V1__ShoeType)i;
    }
    return STRIDE__V1__SHOE_TYPE__SHOE_TYPE_UNKNOWN;
}

static void fill_shoe(const struct config_wearer *wearer, struct wire_wearer_config *out)
{
    struct wire_shoe *shoe = &out->shoe;
    memcpy(shoe->id, wearer->shoe, ID_SIZE);
    shoe->type = shoe_of(wearer->shoe_type);
    shoe->has_bought_day = config_date(wearer->shoe_bought, &shoe->bought_day);
    shoe->distance_km = (float)wearer->shoe_km;
    shoe->days_per_week = (float)wearer->shoe_days;
    shoe->cushioning = answer_of(wearer->shoe_cushioning);
    shoe->support = answer_of(wearer->shoe_support);
    shoe->arch_support = answer_of(wearer->shoe_arch_support);
    out->has_shoe = shoe->id[0] != '\0' || shoe->type != 0 || shoe->has_bought_day ||
                    !isnan(wearer->shoe_km) || !isnan(wearer->shoe_days) || shoe->cushioning != 0 ||
                    shoe->support != 0 || shoe->arch_support != 0;
}

static void own_params(const struct config *config, const struct config_wearer *wearer,
                       struct params *params)
{
    *params = config->params;
    set_quiet_hours(wearer, params);
    (void)config_own_rules(wearer->rules, params); /* this and the like: checked when read */
}

void config_wearer_params(const struct config *config, int index, struct params *params)
{
    own_params(config, &config->wearers[index], params);
}

/* False when there are more than the journal has room for. */
static bool fill_params(const struct config *config, const struct config_wearer *wearer,
                        struct wire_wearer_config *out)
{
    struct params params;
    own_params(config, wearer, &params);
    for (int i = 0; i < PARAM_COUNT; i++) {
        const struct param_info *info = param_info((enum param)i);
        if (params.value[i] == info->def)
            continue;
        if (out->params_n == WEARER_PARAMS_MAX)
            return false;
        snprintf(out->params[out->params_n].name, NAME_SIZE, "%s", info->name);
        out->params[out->params_n++].value = params.value[i];
    }
    return true;
}

void config_wearer_wire(const struct config *config, int index, const struct wearer_state *before,
                        struct wire_wearer_config *out)
{
    const struct config_wearer *wearer = &config->wearers[index];
    memset(out, 0, sizeof(*out));
    memcpy(out->wearer, wearer->id, ID_SIZE);
    out->version = before == NULL ? 1 : before->config.version + 1;
    fill_devices(config, wearer, before, out);
    fill_caregivers(config, wearer, out);
    (void)fill_params(config, wearer, out);
    fill_shoe(wearer, out);
    (void)config_baselines(wearer->baseline, out);
    (void)config_walk_times(wearer->walk_times, out);
    memcpy(out->locale, wearer->locale, sizeof(out->locale));
    out->hr_max_bpm = (uint16_t)wearer->hr_max;
    const char *list = wearer->flags;
    while (out->flags_n < CONFIG_FLAGS_MAX &&
           config_next_item(&list, out->flags[out->flags_n], NAME_SIZE))
        out->flags_n++;
    out->height_m = (float)wearer->height_m;
    out->leg_m = (float)wearer->leg_m;
    out->mass_kg = (float)wearer->mass_kg;
    out->birth_year = (int16_t)wearer->birth_year;
    memcpy(out->stage, wearer->stage, sizeof(out->stage));
    out->coaching_consent = wearer->coaching_consent;
    out->caregiver_consent = wearer->caregiver_consent;
    memcpy(out->display_name, wearer->name, sizeof(out->display_name));
    out->tz_offset_min = (int16_t)wearer->tz_offset_min;
}

/* ---------------------------------------------------------------- of both */

/* The parameter of [rules] that is given last before this line; PARAM_COUNT = none is. */
static enum param given_before(const struct config *config, int line)
{
    int last = 0;
    enum param found = PARAM_COUNT;
    for (unsigned param = 0; param < PARAM_COUNT; param++) {
        if (config->rule_line[param] > last && config->rule_line[param] < line) {
            last = config->rule_line[param];
            found = (enum param)param;
        }
    }
    return found;
}

/* The line of [rules] from which on its values contradict each other: without it, and what comes
 * after it, they do not. */
static int conflict_line(const struct config *config)
{
    struct params params = config->params;
    int line = INT_MAX;
    while (params_conflict(&params) != NULL) {
        const enum param param = given_before(config, line);
        if (param == PARAM_COUNT)
            return 1;
        params.value[param] = param_info(param)->def;
        line = config->rule_line[param];
    }
    return line;
}

/* Values that are each within their range may still contradict each other. */
static bool check_params(const struct config *config, const struct place *place)
{
    const char *conflict = params_conflict(&config->params);
    if (conflict != NULL)
        return fail(place, conflict_line(config), "[rules] %s", conflict);
    for (int i = 0; i < config->wearers_n; i++) {
        const struct config_wearer *wearer = &config->wearers[i];
        struct params params;
        own_params(config, wearer, &params);
        conflict = params_conflict(&params);
        if (conflict != NULL)
            return fail(place, wearer->rules_line, "wearer %s: rules: %s", wearer->id, conflict);
    }
    return true;
}

/* Each wearer's configuration is one row of the journal. */
static bool check_sizes(const struct config *config, const struct place *place)
{
    enum { LONGEST_OFFSET_MIN = -840 }; /* the hub's own may come later */
    for (int i = 0; i < config->wearers_n; i++) {
        struct wire_wearer_config wire;
        uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
        const struct config_wearer *wearer = &config->wearers[i];
        config_wearer_wire(config, i, NULL, &wire);
        wire.version = UINT32_MAX;
        wire.tz_offset_min = LONGEST_OFFSET_MIN;
        struct wire_wearer_config probe = {0};
        if (!fill_params(config, wearer, &probe))
            return fail(place, wearer->line, "wearer %s: more than %d parameters are changed",
                        wearer->id, WEARER_PARAMS_MAX);
        if (wire_encode_wearer_config(&wire, bytes, sizeof(bytes)) == 0)
            return fail(place, wearer->line, "wearer %s: more than %d bytes of settings: %s",
                        wearer->id, WEARER_CONFIG_BYTES_MAX,
                        "change fewer parameters, baselines or duties");
    }
    return true;
}

bool config_cross_check(struct config *config, const char *name, char *error)
{
    const struct place place = {name, error};
    const int most = config->devices_n + config->wearers_n + config->caregivers_n;
    struct named *wearers = calloc((size_t)most + 1, sizeof(*wearers));
    if (wearers == NULL)
        return fail(&place, 1, "out of memory");
    struct named *devices = wearers + config->wearers_n;
    struct named *caregivers = devices + config->devices_n;
    for (int i = 0; i < config->wearers_n; i++)
        wearers[i] = (struct named){config->wearers[i].id, config->wearers[i].line, i};
    for (int i = 0; i < config->devices_n; i++)
        devices[i] = (struct named){config->devices[i].id, config->devices[i].line, i};
    for (int i = 0; i < config->caregivers_n; i++)
        caregivers[i] = (struct named){config->caregivers[i].id, config->caregivers[i].line, i};
    const bool ok = no_doubles(&place, wearers, config->wearers_n, "wearer") &&
                    no_doubles(&place, devices, config->devices_n, "device") &&
                    no_doubles(&place, caregivers, config->caregivers_n, "caregiver") &&
                    join_devices(config, &place, wearers) &&
                    join_caregivers(config, &place, wearers) && check_params(config, &place) &&
                    check_sizes(config, &place);
    free(wearers);
    return ok;
}
