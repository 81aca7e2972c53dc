/* One line a walker on the terminal: in place on a terminal, every ten seconds elsewhere. */
#include <math.h>
#include <unistd.h>

#include "hub/app/hub.h"
#include "hub/app/texts.h"

static void number(char *out, size_t size, double value, int decimals)
{
    if (isfinite(value))
        snprintf(out, size, "%.*f", decimals, value);
    else
        snprintf(out, size, "-");
}

static void show_wearer(const struct hub_wearer *wearer)
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
    printf("%-12.12s %s %s steps/min %4s  asymmetry %5s %%  pain %2s  %.60s", wearer->id,
           wearer->has_live && live->walking ? "walking" : "       ", cadence, time, symmetry, pain,
           wearer->has_live ? texts_raw((enum text)live->last_text) : "");
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
        show_wearer(&hub->wearers[i]);
        fputs(terminal ? "\x1b[K\n" : "\n", stdout);
    }
    fflush(stdout);
    hub->show_ns = now->mono_ns + (terminal ? 1 : 10) * second_ns;
}
