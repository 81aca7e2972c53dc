#include <math.h>
#include <time.h>

#include "devices/stridesim/options.h"
#include "devices/stridesim/world.h"

static void print_answer(const char *key, Stride__V1__Answer answer)
{
    if (answer != STRIDE__V1__ANSWER__ANSWER_UNKNOWN)
        printf("%s = %s\n", key, answer == STRIDE__V1__ANSWER__ANSWER_YES ? "yes" : "no");
}

static void print_shoe(const struct wire_shoe *shoe)
{
    if (shoe->id[0] != '\0')
        printf("shoe = %s\n", shoe->id);
    if (shoe->type != STRIDE__V1__SHOE_TYPE__SHOE_TYPE_UNKNOWN)
        printf("shoe_type = %s\n", script_shoe_name(shoe->type));
    if (shoe->has_bought_day) {
        const time_t bought_s = (time_t)shoe->bought_day * 86400;
        struct tm day;
        char text[16];
        strftime(text, sizeof(text), "%Y-%m-%d", gmtime_r(&bought_s, &day));
        printf("shoe_bought = %s\n", text);
    }
    if (isfinite(shoe->distance_km))
        printf("shoe_km = %g\n", (double)shoe->distance_km);
    if (isfinite(shoe->days_per_week))
        printf("shoe_days = %g\n", (double)shoe->days_per_week);
    print_answer("shoe_cushioning", shoe->cushioning);
    print_answer("shoe_support", shoe->support);
    print_answer("shoe_arch_support", shoe->arch_support);
}

/* What is a list in the configuration. */
static void print_lists(const struct wire_wearer_config *wire)
{
    for (unsigned i = 0; i < wire->baselines_n; i++)
        printf("%s%s=%g", i == 0 ? "baseline = " : ", ", wire->baselines[i].name,
               (double)wire->baselines[i].value);
    if (wire->baselines_n > 0 && isfinite(wire->baselines[0].speed_mps))
        printf(", speed=%g", (double)wire->baselines[0].speed_mps);
    printf("%s", wire->baselines_n > 0 ? "\n" : "");
    for (unsigned i = 0; i < wire->walk_times_n; i++)
        printf("%s%02d:%02d", i == 0 ? "walk_times = " : ", ", wire->walk_min[i] / 60,
               wire->walk_min[i] % 60);
    printf("%s", wire->walk_times_n > 0 ? "\n" : "");
    for (unsigned i = 0; i < wire->params_n; i++)
        printf("%s%s=%g", i == 0 ? "rules = " : ", ", wire->params[i].name, wire->params[i].value);
    printf("%s", wire->params_n > 0 ? "\n" : "");
}

static void print_more(const struct script *script)
{
    static struct wire_wearer_config wire; /* 10 KiB: not for the stack */
    memset(&wire, 0, sizeof(wire));
    world_describe(script, (double)time(NULL), &wire);
    if (wire.hr_max_bpm > 0)
        printf("hr_max = %d\n", wire.hr_max_bpm);
    if (wire.locale[0] != '\0')
        printf("locale = %s\n", wire.locale);
    if (wire.has_shoe)
        print_shoe(&wire.shoe);
    print_lists(&wire);
}

static void print_chain(const struct script *script, const struct wearer *wearer)
{
    char account[ID_SIZE];
    for (unsigned i = 0; i < script->caregivers_n; i++) {
        world_name_caregiver(wearer, i, account);
        printf("[caregiver %s]\nwearers = %s\nscope = emergency\norder = %u\n", account, wearer->id,
               i + 1);
    }
    if (!script->monitoring)
        return;
    world_name_service(wearer, account);
    printf("[caregiver %s]\nwearers = %s\nscope = emergency\norder = %u\nmonitoring = yes\n",
           account, wearer->id, script->caregivers_n + 1);
}

static void print_wearer(const struct script *script, unsigned n)
{
    struct wearer wearer;
    bool left_wrist = script->wrist_side == STRIDE__V1__SIDE__SIDE_LEFT;
    world_name_wearer(n, &wearer);
    printf("[wearer %s]\nname = %s\nheight_m = %g\nmass_kg = %g\nbirth_year = %d\nstage = %s\n"
           "coaching_consent = yes\ncaregiver_consent = yes\n"
           /* A simulated day goes on at any hour of the real one. */
           "quiet_hours = none\n",
           wearer.id, wearer.name, script->height_m, script->mass_kg, script->birth_year,
           script->stage);
    if (isfinite(script->leg_m))
        printf("leg_m = %g\n", script->leg_m);
    if (script->flags[0] != '\0')
        printf("flags = %s\n", script->flags);
    print_more(script);
    for (enum gear_kind kind = 0; kind < GEAR_KINDS; kind++) {
        if (!script->worn[kind])
            continue;
        printf("[device %s-%s]\nwearer = %s\n", wearer.id, gear_name(kind), wearer.id);
        if (kind == GEAR_LEFT || kind == GEAR_RIGHT)
            printf("side = %s\n", gear_name(kind));
        if (kind == GEAR_WRIST || kind == GEAR_WRIST2)
            printf("side = %s\n", left_wrist == (kind == GEAR_WRIST) ? "left" : "right");
    }
    print_chain(script, &wearer);
}

/* The script named, or a plain one with everything worn. */
static struct script *read_or_default(const struct options *options)
{
    struct script_error error;
    const char plain[] = "at 0:01 end\n";
    if (options->file != NULL)
        return world_read_script(options->file);
    struct script *script = calloc(1, sizeof(*script));
    if (script != NULL && !script_parse(plain, sizeof(plain) - 1, script, &error)) {
        free(script);
        script = NULL;
    }
    return script;
}

int cmd_config(int argc, char **argv)
{
    struct options options;
    int code = options_read(COMMAND_CONFIG, argc, argv, &options);
    if (code >= 0)
        return code;
    struct script *script = read_or_default(&options);
    if (script == NULL)
        return 1;
    if (options.stage != NULL)
        snprintf(script->stage, sizeof(script->stage), "%s", options.stage);
    for (unsigned n = 0; n < (unsigned)options.wearers; n++)
        print_wearer(script, (unsigned)options.first - 1 + n);
    free(script);
    return 0;
}

int cmd_users(int argc, char **argv)
{
    struct options options;
    int code = options_read(COMMAND_CONFIG, argc, argv, &options);
    if (code >= 0)
        return code;
    struct script *script = read_or_default(&options);
    if (script == NULL)
        return 1;
    for (unsigned n = 0; n < (unsigned)options.wearers; n++) {
        struct wearer wearer;
        world_name_wearer((unsigned)options.first - 1 + n, &wearer);
        for (enum gear_kind kind = 0; kind < GEAR_KINDS; kind++)
            if (script->worn[kind])
                printf("%s-%s\n", wearer.id, gear_name(kind));
        for (unsigned i = 0; i < script->caregivers_n; i++) {
            char account[ID_SIZE];
            world_name_caregiver(&wearer, i, account);
            printf("%s\n", account);
        }
        if (script->monitoring) {
            char account[ID_SIZE];
            world_name_service(&wearer, account);
            printf("%s\n", account);
        }
    }
    free(script);
    return 0;
}
