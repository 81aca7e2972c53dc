#include "hub/app/record_rules.h"

#include <stddef.h>
#include <string.h>

/* clang-format off */
const struct record_rule record_rules[] = {
    {"R01", "Long steps", "needs an insole, or a wrist sensor and a treadmill"},
    {"R02", "Shuffling", "needs an insole"},
    {"R03", "Brisk pace", "needs an insole or a wrist sensor"},
    {"R04", "Leaning forward", "needs an insole"},
    {"R05", "Phone in hand", "needs a wrist sensor, and an insole or a treadmill"},
    {"R06", "Standing tall", ""},
    {"R07", "Feet rolling inward", "needs an insole"},
    {"R08", "Hard landing", "needs an insole"},
    {"R09", "Worn shoes", "needs the shoes in the profile"},
    {"R10", "Unsuitable shoe", "needs the shoes in the profile"},
    {"R11", "Limp", "needs both insoles"},
    {"R12", "Uneven rhythm", "needs an insole"},
    {"R13", "Tiring", "needs an insole"},
    {"R14", "Arm swing", "needs a wrist sensor"},
    {"R15", "Uneven ground", "needs both insoles"},
    {"P01", "Pain check-in", "needs the walker's report"},
    {"P02", "Where it hurts", "needs the walker's report"},
    {"P03", "How much it hurts", "needs the walker's report"},
    {"P04", "Good pain", "needs the walker's report"},
    {"P05", "Leg pain pattern", "needs the walker's report"},
    {"P06", "New numbness or weakness", "needs the walker's report"},
    {"P07", "Distance limit", "needs the walker's report, and an insole or a treadmill"},
    {"P08", "Flare", "needs the walker's report"},
    {"T1", "Heavy legs, questions", "needs the walker's report"},
    {"F01", "Red flag: saddle, bladder", "needs the walker's report"},
    {"F02", "Red flag: growing weakness", "needs the walker's report"},
    {"F03", "Red flag: fever", "needs the walker's report"},
    {"F04", "Red flag: weight loss", "needs the walker's report"},
    {"F05", "Red flag: hard fall", "needs the walker's report"},
    {"F06", "Red flag: heart, fainting", "needs the walker's report"},
    {"F07", "Help button", "needs a device with a help button"},
    {"S01", "Fall", "needs a wrist sensor or both insoles"},
    {"S02", "Stumble", "needs an insole and a wrist sensor"},
    {"S03", "Unexpected stillness", "needs any sensor"},
    {"S04", "Belt unattended", "needs a treadmill and both insoles"},
    {"S05", "Handrail hold", "needs a treadmill that feels its handrail"},
    {"S06", "High heart rate", "needs a heart rate sensor"},
    {"S07", "Heat", "needs the walker's report"},
    {"S08", "Device health", "needs any sensor"},
    {"S09", "Caregiver link", "needs a caregiver"},
    {"C01", "Programme", "needs a plan"},
    {"C02", "Schedule", ""},
    {"C03", "Intervals", ""},
    {"C04", "Stand tall and breathe", "needs an insole"},
    {"C05", "Drinking", ""},
    {"C06", "Footwear questions", "needs the walker's report"},
    {"C07", "Shop window look", "needs the walker's report"},
    {"C08", "Days in a row", ""},
    {"C09", "Days without a flare", ""},
    {"C10", "Summary", ""},
    {"C11", "Encouragement", "needs the walker's report"},
    {"C12", "Sitting long", "needs an insole or a wrist sensor"},
    {"C13", "Best surface", "needs the walker's report"},
    {"C14", "Daylight", "needs the walker's report"},
    {"C15", "Thirty minutes", ""},
    {"C16", "Overdoing it", "needs the walker's report"},
    {"C17", "Way of walking", ""},
    {"C18", "Mood", "needs the walker's report"},
    {NULL, NULL, NULL}};
/* clang-format on */

const struct record_rule *record_rule_find(const char *id)
{
    const struct record_rule *rule = record_rules;
    while (rule->id != NULL && strcmp(rule->id, id) != 0)
        rule++;
    return rule;
}

const char *record_rule_title(const char *id)
{
    const struct record_rule *rule = record_rule_find(id);
    return rule->id != NULL ? rule->name : "";
}

const char *record_rule_needs(const char *id)
{
    const struct record_rule *rule = record_rule_find(id);
    return rule->id != NULL && rule->needs[0] != '\0' ? rule->needs
                                                      : "the devices it needs are not registered";
}
