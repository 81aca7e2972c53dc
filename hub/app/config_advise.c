/* Configurations that are allowed but hardly meant. */
#include "hub/app/config.h"
#include "hub/app/config_table.h"

/* Without a scope of their own, caregivers have "emergency" from the table of keys. */
static bool hears_emergencies(const struct config_caregiver *caregiver)
{
    const char *list = caregiver->scope;
    char scope[32];
    while (config_next_item(&list, scope, sizeof(scope))) {
        if (strcmp(scope, "emergency") == 0)
            return true;
    }
    return false;
}

static void advise_help(const struct config *config, const struct config_wearer *wearer,
                        config_advise_fn *say, void *context)
{
    char text[CONFIG_ERROR_SIZE];
    bool heard = false;
    for (int i = 0; i < wearer->caregivers_n; i++)
        heard = heard || hears_emergencies(&config->caregivers[wearer->caregivers[i]]);
    if (heard && wearer->caregiver_consent)
        return;
    snprintf(text, sizeof(text), "wearer %s: nobody is told when the help button is pressed: %s",
             wearer->id,
             heard ? "caregiver_consent is no"
                   : "no caregiver has this wearer and scope emergency");
    say(context, text);
}

/* An insole and a wrist may share a side; three devices cannot all be meant. */
static void advise_sides(const struct config *config, const struct config_wearer *wearer,
                         config_advise_fn *say, void *context)
{
    static const char *const sides[] = {"left", "right"};
    char text[CONFIG_ERROR_SIZE];
    for (int side = 0; side < 2; side++) {
        int n = 0;
        for (int i = 0; i < wearer->devices_n; i++)
            n += strcmp(config->devices[wearer->devices[i]].side, sides[side]) == 0;
        if (n < 3)
            continue;
        snprintf(text, sizeof(text), "wearer %s: %d devices are on the %s side: correct `side`",
                 wearer->id, n, sides[side]);
        say(context, text);
    }
}

void config_advise(const struct config *config, config_advise_fn *say, void *context)
{
    for (int i = 0; i < config->wearers_n; i++) {
        advise_help(config, &config->wearers[i], say, context);
        advise_sides(config, &config->wearers[i], say, context);
    }
}
