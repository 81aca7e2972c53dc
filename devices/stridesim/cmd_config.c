#include <math.h>

#include "devices/stridesim/options.h"
#include "devices/stridesim/world.h"

/* What the configuration has no key for yet, as comments. */
static void print_homeless(const struct script *script)
{
    if (script->other_flags[0] != '\0')
        printf("; flags without a word: %s\n", script->other_flags);
    if (isfinite(script->hr_max_bpm))
        printf("; hr_max = %g\n", script->hr_max_bpm);
    if (script->shoe.type[0] != '\0')
        printf("; shoe type = %s\n", script->shoe.type);
    if (isfinite(script->shoe.age_days))
        printf("; shoe age_d = %g\n", script->shoe.age_days);
    if (isfinite(script->shoe.km))
        printf("; shoe km = %g\n", script->shoe.km);
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
    print_homeless(script);
    for (enum gear_kind kind = 0; kind < GEAR_KINDS; kind++) {
        if (!script->worn[kind])
            continue;
        printf("[device %s-%s]\nwearer = %s\n", wearer.id, gear_name(kind), wearer.id);
        if (kind == GEAR_LEFT || kind == GEAR_RIGHT)
            printf("side = %s\n", gear_name(kind));
        if (kind == GEAR_WRIST || kind == GEAR_WRIST2)
            printf("side = %s\n", left_wrist == (kind == GEAR_WRIST) ? "left" : "right");
    }
    printf("[caregiver %s]\nwearers = %s\nscope = emergency\norder = 1\n", wearer.caregiver,
           wearer.id);
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
        print_wearer(script, n);
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
        world_name_wearer(n, &wearer);
        for (enum gear_kind kind = 0; kind < GEAR_KINDS; kind++)
            if (script->worn[kind])
                printf("%s-%s\n", wearer.id, gear_name(kind));
        printf("%s\n", wearer.caregiver);
    }
    free(script);
    return 0;
}
