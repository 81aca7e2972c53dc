#include "devices/stridesim/options.h"
#include "devices/stridesim/world.h"

static void print_wearer(const struct script *script, unsigned n)
{
    struct wearer wearer;
    world_name_wearer(n, &wearer);
    printf("[wearer %s]\nname = %s\nheight_m = %g\nmass_kg = %g\nbirth_year = %d\nstage = %s\n"
           "coaching_consent = yes\ncaregiver_consent = yes\n",
           wearer.id, wearer.name, script->height_m, script->mass_kg, script->birth_year,
           script->stage);
    for (enum gear_kind kind = 0; kind < GEAR_KINDS; kind++) {
        if (!script->worn[kind])
            continue;
        printf("[device %s-%s]\nwearer = %s\n", wearer.id, gear_name(kind), wearer.id);
        if (kind == GEAR_LEFT || kind == GEAR_RIGHT)
            printf("side = %s\n", gear_name(kind));
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
