/* One line a walker on the terminal: in place on a terminal, every ten seconds elsewhere. */
#include <math.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "hub/app/hub.h"
#include "hub/app/texts.h"

enum { LINE_SIZE = 512 };

static void number(char *out, size_t size, double value, int decimals)
{
    if (isfinite(value))
        snprintf(out, size, "%.*f", decimals, value);
    else
        snprintf(out, size, "-");
}

/* A line that wraps would spoil the next round's way up. Between characters, not inside one. */
static void cut(char *line, size_t columns)
{
    size_t characters = 0, keep = 0;
    for (size_t i = 0; line[i] != '\0'; i++) {
        if (((unsigned char)line[i] & 0xc0) == 0x80)
            continue;
        if (characters++ == columns - 3)
            keep = i;
    }
    if (columns > 3 && characters > columns)
        snprintf(line + keep, 4, "...");
}

static void show_wearer(const struct hub_wearer *wearer, size_t columns)
{
    const struct effect_live *live = &wearer->live;
    char cadence[16], symmetry[16], pain[8] = "-";
    number(cadence, sizeof(cadence), wearer->has_live ? (double)live->cadence_spm : (double)NAN, 0);
    number(symmetry, sizeof(symmetry), wearer->has_live ? (double)live->si_stance_pct : (double)NAN,
           1);
    if (wearer->has_live && live->pain_nrs >= 0)
        snprintf(pain, sizeof(pain), "%d", live->pain_nrs);
    const double session_s =
        wearer->has_live && live->session_open ? (double)live->session_s : (double)NAN;
    char time[16] = "--:--";
    if (isfinite(session_s))
        snprintf(time, sizeof(time), "%02d:%02d", (int)(session_s / 60), (int)session_s % 60);
    char line[LINE_SIZE], text[TEXT_BYTES_MAX + 1] = "";
    struct text_values values = {0};
    struct text_words words;
    const enum locale locale = locale_or_english(wearer->state->config.locale);
    texts_numbers(&live->last_numbers, locale, &words, &values);
    if (isfinite(session_s))
        texts_fill((enum text)live->last_text, locale, &values, text, sizeof(text));
    snprintf(line, sizeof(line), "%-12.12s %s %s steps/min %4s  asymmetry %5s %%  pain %2s  %s",
             wearer->id, wearer->has_live && live->walking ? "walking" : "       ", cadence, time,
             symmetry, pain, text);
    cut(line, columns);
    fputs(line, stdout);
}

/* 0 = as long as it is */
static size_t columns_of(int terminal)
{
    struct winsize size;
    return ioctl(terminal, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void hub_show(struct hub *hub, const struct machine_time *now)
{
    if (!hub->show || now->mono_ns < hub->show_ns)
        return;
    const bool terminal = isatty(STDOUT_FILENO) != 0;
    static const int64_t second_ns = 1000000000;
    if (terminal && hub->show_ns != 0)
        printf("\x1b[%dA", hub->wearers_n);
    for (int i = 0; i < hub->wearers_n; i++) {
        show_wearer(&hub->wearers[i], terminal ? columns_of(STDOUT_FILENO) : 0);
        fputs(terminal ? "\x1b[K\n" : "\n", stdout);
    }
    fflush(stdout);
    hub->show_ns = now->mono_ns + (terminal ? 1 : 10) * second_ns;
}
