#include "hub/app/texts.h"

#include "hub/core/effect.h"

const char texts_disclaimer[] =
    "This helps you walk comfortably. It is not a medical device, does not diagnose or treat, and "
    "cannot replace care. In an emergency call %s.";

static const char *const catalogue[TEXT_COUNT] = {
    [TEXT_NONE] = "",
    [TEXT_R03_BRISK] = "If it feels fine, pick up the pace a touch: quick, light steps.",
    [TEXT_R03_PRAISE] = "Nice rhythm. This pace is just right.",
    [TEXT_R11_COACH] = "Your steps are a bit uneven. Ease off and find an even rhythm.",
    [TEXT_R11_CAUTION] = "One side is working harder. Take a one-minute rest.",
    [TEXT_R11_STOP] = "You are favouring one leg. Please finish here and rest.",
    [TEXT_R12_CAUTION] = "Your rhythm is a little unsteady. Slow down or take a short rest.",
    [TEXT_F07_ALERTING] = "Alerting your contact now. Stay where you are if you can.",
    [TEXT_F07_CANCELLED] = "Help call cancelled. You can press again at any time.",
    [TEXT_F07_ACCEPTED] = "{name} is on it. Stay where you are if you can.",
    [TEXT_S08_SILENT_LEFT_INSOLE] = "Left insole is not responding. Step-balance tips are paused.",
    [TEXT_S08_SILENT_RIGHT_INSOLE] =
        "Right insole is not responding. Step-balance tips are paused.",
    [TEXT_S08_SILENT_WRIST] = "Your wrist device is not responding. Its tips are paused.",
    [TEXT_S08_SILENT_TREADMILL] = "The treadmill is not responding. Speed tips are paused.",
    [TEXT_S08_BATTERY] = "{name} battery is low. Charge it after this walk.",
    [TEXT_S08_SKEW] = "The insole clocks differ. Step-balance tips are paused.",
    [TEXT_S08_CELL] = "Part of an insole is not responding. Some tips are paused.",
};

const char *texts_raw(enum text text)
{
    return text < TEXT_COUNT && catalogue[text] != NULL ? catalogue[text] : "";
}

/* Bytes of the first `characters` characters. */
static size_t cut_length(const char *text, size_t characters)
{
    size_t bytes = 0;
    while (text[bytes] != '\0') {
        if (((unsigned char)text[bytes] & 0xc0) != 0x80 && characters-- == 0)
            break;
        bytes++;
    }
    return bytes;
}

static size_t fill(const char *raw, const char *name, char *out, size_t size)
{
    static const char placeholder[] = "{name}";
    const char *at = strstr(raw, placeholder);
    if (at == NULL)
        return (size_t)snprintf(out, size, "%s", raw);
    const size_t cut = cut_length(name, TEXTS_NAME_LENGTH_MAX);
    return (size_t)snprintf(out, size, "%.*s%.*s%s", (int)(at - raw), raw, (int)cut, name,
                            at + sizeof(placeholder) - 1);
}

size_t texts_fill(enum text text, const char *name, char *out, size_t size)
{
    const char *fallback = text == TEXT_S08_BATTERY ? "A device" : "Somebody";
    return fill(texts_raw(text), name == NULL || name[0] == '\0' ? fallback : name, out, size);
}

size_t texts_notice(enum rule rule, int alert_state, bool late, const char *name, char *out,
                    size_t size)
{
    const char *who = name == NULL || name[0] == '\0' ? "Your walker" : name;
    const char *raw = "A message about {name} is waiting.";
    if (rule == RULE_F07) {
        switch (alert_state) {
        case ALERT_ACCEPTED:
            raw = "Somebody is on the way to {name}. Thank you.";
            break;
        case ALERT_RESOLVED:
            raw = "The help call of {name} is over. No action needed.";
            break;
        case ALERT_CANCELLED:
            raw = "{name} pressed OK after a help call. No action needed.";
            break;
        default:
            raw = late ? "Earlier alarm: {name} pressed the help button. Please call now."
                       : "Call now: {name} pressed the help button.";
            break;
        }
    }
    return fill(raw, who, out, size);
}
