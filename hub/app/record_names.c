#include "hub/app/record_names.h"

#include <string.h>

#include "hub/app/record_json.h"
#include "proto/wire.h"

static const char *name_of(const char *const *names, int n, int value)
{
    return value >= 0 && value < n && names[value] != NULL ? names[value] : "";
}
#define NAME_OF(names, value) name_of(names, (int)(sizeof(names) / sizeof((names)[0])), value)

const char *record_place_name(int place)
{
    static const char *const names[] = {"", "none", "back", "buttock", "thigh", "calf", "foot"};
    return NAME_OF(names, place);
}

const char *record_side_name(int side)
{
    static const char *const names[] = {"", "L", "R", "both"};
    return NAME_OF(names, side);
}

const char *record_quality_name(int quality)
{
    static const char *const names[] = {"", "dull", "sharp", "electric", "warm", "tired", "ache"};
    return NAME_OF(names, quality);
}

const char *record_relief_name(int relief)
{
    static const char *const names[] = {"", "sitting", "bending", "standing", "uphill", "trolley"};
    return NAME_OF(names, relief);
}

const char *record_aggravator_name(int aggravator)
{
    static const char *const names[] = {"",        "standing_up", "sitting",
                                        "walking", "bending",     "downhill"};
    return NAME_OF(names, aggravator);
}

const char *record_surface_name(int surface)
{
    static const char *const names[] = {"",         "track", "trail", "treadmill",
                                        "concrete", "grass", "indoor"};
    return NAME_OF(names, surface);
}

const char *record_button_name(int button)
{
    static const char *const names[] = {
        "",          "ok",     "help",  "stop",        "pain_moved_down",
        "leg_heavy", "unwell", "flare", "no_coaching", "flare_over",
        "low",       "pause"};
    return NAME_OF(names, button);
}

const char *record_symptom_name(int symptom)
{
    static const char *const names[] = {"", "numb", "weak", "heavy", "tingling", "cold"};
    return NAME_OF(names, symptom);
}

const char *record_feedback_name(int kind)
{
    static const char *const names[] = {"", "shown", "felt", "dismissed", "answered"};
    return NAME_OF(names, kind);
}

const char *record_kind_name(int kind)
{
    static const char *const names[] = {"", "insole", "wrist", "treadmill"};
    return NAME_OF(names, kind);
}

const char *record_absence_words(int absence)
{
    static const char *const words[] = {
        [RULE_EVALUATED] = "",
        [RULE_NO_DEVICE] = "the devices it needs are not registered",
        [RULE_STALE] = "a device it needs was silent",
        [RULE_NO_DATA] = "there were not enough steady strides",
        [RULE_CONTRAINDICATED] = "profile, plan, pain or a change of pace spoke against it",
        [RULE_NO_CONSENT] = "the walker did not agree to coaching",
        [RULE_NO_PLAN] = "no plan stage is set",
        [RULE_NO_BASELINE] = "what is usual for the walker was not known yet",
    };
    const char *said = NAME_OF(words, absence);
    return said[0] == '\0' && absence != RULE_EVALUATED ? "it could not be evaluated" : said;
}

const char *record_source_name(int source)
{
    static const char *const names[] = {
        [SESSION_BELT] = "belt", [SESSION_WRIST] = "wrist", [SESSION_FEET] = "feet"};
    return NAME_OF(names, source);
}

const char *record_threshold_name(int threshold)
{
    static const char *const names[] = {[SESSION_5PCT] = "5pct", [SESSION_20N] = "20N"};
    return NAME_OF(names, threshold);
}

const char *record_weight_name(int source)
{
    static const char *const names[] = {"none", "standing", "walking"};
    return NAME_OF(names, source);
}

const char *record_context_name(int context)
{
    return context_name((enum context)context);
}

const char *record_severity_name(int severity)
{
    static const char *const names[] = {"unknown", "info", "coach", "caution", "stop", "red"};
    return NAME_OF(names, severity);
}

const char *record_held_back_words(const char *reason)
{
    static const struct {
        const char *name, *words;
    } all[] = {
        {"gap", "too soon after another"},
        {"budget_10min", "enough was said in ten minutes"},
        {"budget_session", "enough was said in this walk"},
        {"budget_day", "enough was said today"},
        {"refractory", "it was said a short while before"},
        {"rule_max", "it had been said often enough"},
        {"muted", "it had not helped before"},
        {"open_alert", "something more serious was open"},
        {"outranked", "something else was more important"},
        {"consent", "the walker did not agree to coaching"},
        {"no_device", "no device to say it on"},
        {"quiet_hours", "quiet hours"},
        {"praise_first", "praise was owed before another correction"},
    };
    for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (strcmp(all[i].name, reason) == 0)
            return all[i].words;
    }
    return reason;
}
