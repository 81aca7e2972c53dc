#include "hub/app/record_names.h"

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

const char *record_button_name(int button)
{
    static const char *const names[] = {
        "", "ok", "help", "stop", "pain_moved_down", "leg_heavy", "unwell", "flare", "no_coaching"};
    return NAME_OF(names, button);
}

const char *record_symptom_name(int symptom)
{
    static const char *const names[] = {"", "numb", "weak", "heavy", "tingling"};
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

const char *record_absence_name(int absence)
{
    static const char *const names[] = {
        [RULE_EVALUATED] = "",
        [RULE_NO_DEVICE] = "no_device",
        [RULE_STALE] = "device_silent",
        [RULE_NO_DATA] = "not_enough_steady_strides",
        [RULE_CONTRAINDICATED] = "contraindicated",
        [RULE_NO_CONSENT] = "no_consent",
        [RULE_NO_PLAN] = "no_plan_stage",
    };
    return NAME_OF(names, absence);
}

const char *record_severity_name(int severity)
{
    static const char *const names[] = {"unknown", "info", "coach", "caution", "stop", "red"};
    return NAME_OF(names, severity);
}
